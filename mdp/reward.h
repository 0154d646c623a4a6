/* SPDX-License-Identifier: GPL-3.0-or-later */
/* reward.h - a reward R(s,a,s') on every triple of a world, possible or not.
 *
 *     possible    (entry t)            R = on[t]
 *     impossible  (pair k, state s')   R = the exception listed for (k,s'), else
 *                                          left[k] + right[s'] + sum_i u_i[k] w_i[s']
 *
 * The sum is closed under adding, scaling, selectors and potential shaping, so K*S numbers
 * are never stored because a formula ranges over them.  What is truly dense (a table of
 * shape S x A x S, an expression that mixes s and s', DARD) is stored as dense [K*S], up to
 * SX_DENSE_LIMIT triples; above it the impossible triples have no value, `unknown` says
 * why, and whatever looks at them answers null with that reason.  Exactly one of the three
 * forms (sum, dense, unknown) is in use. */
#ifndef SX_REWARD_H
#define SX_REWARD_H

#include "mdp/mdp.h"

#ifdef __cplusplus
extern "C" {
#endif

#define SX_DENSE_LIMIT ((int64_t)1 << 26) /* triples: 512 MiB of doubles */

typedef struct sx_product {
    double *left;  /* [K] u */
    double *right; /* [S] w */
} sx_product;

typedef struct sx_exception {
    int32_t pair, state; /* an impossible triple */
    double value;        /* its whole value */
} sx_exception;

typedef struct sx_reward {
    double *on;    /* [T] */
    double *left;  /* [K], NULL for zeros */
    double *right; /* [S], NULL for zeros */
    int32_t products;
    sx_product *product; /* [products] */
    int64_t exceptions;
    sx_exception *exception; /* [exceptions] ascending by pair, then state; distinct */
    double *dense;           /* [K*S] by pair, NULL in the sum form; its values on possible
                                triples are meaningless: on[] holds those */
    const char *unknown; /* NULL, or the static reason why impossible triples have no value */
} sx_reward;

/* The zero reward of m.  *out: owned by the caller; NULL on failure.  SX_EMEM. */
SX_CHECKED sx_status sx_reward_new(const sx_mdp *m, sx_reward **out, sx_error *err);
SX_CHECKED sx_status sx_reward_copy(const sx_mdp *m, const sx_reward *r, sx_reward **out,
                                    sx_error *err);
sx_reward *sx_reward_free(sx_reward *r);

/* to += scale * r.  Products with the same right side are merged.  to is unchanged on failure.
 * O(K + S + T), with a dense side O(K S). */
SX_CHECKED sx_status sx_reward_add(const sx_mdp *m, sx_reward *to, double scale,
                                   const sx_reward *r, sx_error *err);

/* r *= scale. */
void sx_reward_scale(const sx_mdp *m, sx_reward *r, double scale);

/* r += gamma phi(s') - phi(s) on every triple, loops of absorbing states included.
 * phi: [S]. */
SX_CHECKED sx_status sx_reward_shape(const sx_mdp *m, sx_reward *r, const double *phi,
                                     sx_error *err);

/* r(s,a,s') += value[k] on every triple / += value[s'] on every triple. */
SX_CHECKED sx_status sx_reward_add_left(const sx_mdp *m, sx_reward *r, const double *value,
                                        sx_error *err);
SX_CHECKED sx_status sx_reward_add_right(const sx_mdp *m, sx_reward *r, const double *value,
                                         sx_error *err);

/* Turn the sum form into the dense one; above SX_DENSE_LIMIT into the unknown one. */
SX_CHECKED sx_status sx_reward_densify(const sx_mdp *m, sx_reward *r, sx_error *err);

/* row [S] = R(k, .), possible and impossible; r->unknown must be NULL.  O(S * products). */
void sx_reward_row(const sx_mdp *m, const sx_reward *r, int32_t k, double *row);

/* R of one triple; NAN where it is unknown. */
double sx_reward_at(const sx_mdp *m, const sx_reward *r, int32_t k, int32_t state);

/* The value that an impossible triple (k, state) has or would have without its exception:
 * the sum form alone. */
double sx_reward_sum_at(const sx_reward *r, int32_t k, int32_t state);

/* mean [K] = E_{s'~tau}[R(s,a,s')]. */
void sx_reward_mean(const sx_mdp *m, const sx_reward *r, double *mean);

/* max |R| over the possible triples. */
double sx_reward_max_possible(const sx_mdp *m, const sx_reward *r);

/* The same over the triples that leave states with reached[s] != 0. */
double sx_reward_max_reached(const sx_mdp *m, const sx_reward *r, const unsigned char *reached);

/* Check sizes that can be checked, order of exceptions and that every number is finite.
 * SX_EINPUT says where. */
SX_CHECKED sx_status sx_reward_check(const sx_mdp *m, const sx_reward *r, sx_error *err);

#ifdef __cplusplus
}
#endif
#endif
