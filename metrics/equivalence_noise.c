/* SPDX-License-Identifier: GPL-3.0-or-later */
/* equivalence_noise.c - what rounding does to advantages as a rule.
 *
 * The bound of the errors of advantages holds whatever the signs of the single errors are, and
 * is by a factor of 1/(1-gamma) larger than what one meets: errors of different states cancel,
 * and a mean error of all states shifts all values alike.  In a world with several ends, whose
 * errors are repeated for ever, they do not.  So the world is asked: with xi(s,a) = +1 or -1 at
 * random in place of rewards,
 *
 *     gain = max |A_xi| over a few draws. */
#include "metrics/equivalence_int.h"

#include "mdp/random.h"
#include "metrics/canon_int.h"

#include <math.h>

enum { DRAWS = 4, SEED = 20 };

/* max |A| of the rewards r [K]; value: [S]. */
static sx_status largest_advantage(const sx_mdp *m, sx_evaluator *e, double *r, double *value,
                                   double *most, sx_error *err)
{
    double common = 0;
    sx_status st = sx_evaluator_relative(e, r, value, &common, err);
    if (st)
        return st;
    for (int32_t k = 0; k < m->pairs; k++)
        r[k] -= (1 - m->discount) * common;
    sx_i_shape_rows(m, r, value, r);
    for (int32_t k = 0; k < m->pairs; k++)
        *most = fmax(*most, fabs(r[k]));
    return SX_OK;
}

sx_status sx_i_noise_gain(const sx_mdp *m, sx_evaluator *e, double *gain, sx_error *err)
{
    sx_random *g = NULL;
    double *r = sx_alloc((size_t)m->pairs, sizeof *r);
    double *value = sx_alloc((size_t)m->states, sizeof *value);
    sx_status st = r && value ? sx_random_new(SEED, 0, &g, err) : sx_nomem(err);
    *gain = 0;
    for (int i = 0; i < DRAWS && !st; i++) {
        for (int32_t k = 0; k < m->pairs; k++)
            r[k] = sx_random_below(g, 2) ? 1 : -1;
        st = largest_advantage(m, e, r, value, gain, err);
    }
    sx_random_free(g);
    sx_release(r);
    sx_release(value);
    return st;
}
