/* SPDX-License-Identifier: GPL-3.0-or-later */
/* shaping_square.c - the least squares of a shaping over all triples, possible or not.
 *
 * With |.| the l2 norm and x~ what the best potential leaves of x (minimal.c, in closed form),
 *
 *     min |alpha R + gamma Phi(s') - Phi(s) - T|  at  alpha = max(0, <R~, T~> / <R~, R~>)
 *
 * and Phi = Phi_{-T} + alpha Phi_R.  Products are taken from norms of sums, so that nothing is
 * looked at triple by triple where the norms have a closed form; a second round on what is
 * left repairs what that loses. */
#include "metrics/shaping_int.h"

#include <math.h>

static sx_status norm_of(const sx_mdp *m, const sx_reward *r, double *out, const char **reason,
                         sx_error *err)
{
    sx_number norm[SX_NORMS];
    sx_status st = sx_norms(m, r, 1U << SX_L2, norm, err);
    *out = st ? (double)NAN : norm[SX_L2].value;
    if (!st && norm[SX_L2].reason)
        *reason = norm[SX_L2].reason;
    return st;
}

/* A quotient of products. */
typedef struct quotient {
    double size;        /* beside which a may be nothing */
    double value;       /* <a, b> / <a, a> */
    bool none;          /* a is nothing: value is 0 */
    const char *reason; /* static: why it is not known */
} quotient;

/* |a + times b| with sum = a + ... on the way; sum is changed. */
static sx_status norm_with(const sx_mdp *m, sx_reward *sum, double times, const sx_reward *b,
                           double *out, quotient *q, sx_error *err)
{
    sx_status st = sx_reward_add(m, sum, times, b, err);
    return st ? st : norm_of(m, sum, out, &q->reason, err);
}

static sx_status divide(const sx_mdp *m, const sx_reward *a, const sx_reward *b, quotient *q,
                        sx_error *err)
{
    sx_reward *sum = NULL;
    double own = 0, other = 0, plus = 0, minus = 0, scale = 1;
    sx_status st = norm_of(m, a, &own, &q->reason, err);
    if (!st)
        st = norm_of(m, b, &other, &q->reason, err);
    q->value = 0;
    q->none = st || !(own > 1e-11 * q->size);
    if (st || q->reason || q->none || !(other > 0))
        return st;
    scale = own / other; /* of the same size, or rounding of the larger would hide the other */
    st = sx_reward_copy(m, a, &sum, err);
    if (!st)
        st = norm_with(m, sum, scale, b, &plus, q, err);
    if (!st)
        st = norm_with(m, sum, -2 * scale, b, &minus, q, err);
    if (!st)
        q->value = (plus - minus) * (plus + minus) / (4 * scale * own * own);
    sx_reward_free(sum);
    return st;
}

typedef struct parts {
    sx_reward *e, *r; /* what is left of all, and of R alone */
    double *phi;      /* [S] of R */
} parts;

static sx_status parts_init(const sx_mdp *m, const sx_shape_task *task, parts *w,
                            sx_shaping *out, sx_error *err)
{
    sx_status st = SX_OK;
    w->phi = sx_alloc((size_t)m->states, sizeof *w->phi);
    if (!w->phi)
        return sx_nomem(err);
    if (!task->to) {
        st = sx_reward_copy(m, task->from, &w->e, err);
    } else {
        st = sx_reward_copy(m, task->to, &w->e, err);
        if (!st)
            sx_reward_scale(m, w->e, -1);
        if (!st)
            st = sx_reward_copy(m, task->from, &w->r, err);
    }
    if (!st)
        st = sx_i_least_everywhere(m, w->e, out->potential, err);
    if (!st && w->r)
        st = sx_i_least_everywhere(m, w->r, w->phi, err);
    return st;
}

/* Move alpha by the best step that keeps it >= 0. */
static sx_status step(const sx_mdp *m, double size, parts *w, sx_shaping *out,
                      const char **reason, sx_error *err)
{
    quotient q = {.size = size};
    sx_status st = divide(m, w->r, w->e, &q, err);
    out->unique = !q.none;
    *reason = q.reason;
    if (st || *reason)
        return st;
    double by = fmax(-q.value, -out->scale);
    out->scale += by;
    for (int32_t s = 0; s < m->states; s++)
        out->potential[s] += by * w->phi[s];
    return sx_reward_add(m, w->e, by, w->r, err);
}

sx_status sx_i_shape_least(const sx_mdp *m, const sx_shape_task *task, sx_shaping *out,
                           const char **reason, sx_error *err)
{
    parts w = {0};
    double size = 0;
    *reason = task->from->unknown;
    if (task->to && !*reason)
        *reason = task->to->unknown;
    if (*reason)
        return SX_OK;
    out->scale = task->to ? 0 : 1;
    out->unique = true;
    sx_status st = parts_init(m, task, &w, out, err);
    if (!st && w.r)
        st = norm_of(m, task->from, &size, reason, err);
    for (int pass = 0; !st && w.r && !*reason && pass < 2; pass++)
        st = step(m, size, &w, out, reason, err);
    if (!st && !*reason) /* rounding of the sums */
        st = sx_i_least_everywhere(m, w.e, out->potential, err);
    sx_reward_free(w.e);
    sx_reward_free(w.r);
    sx_release(w.phi);
    return st;
}
