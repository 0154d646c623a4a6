/* SPDX-License-Identifier: GPL-3.0-or-later */
/* evaluate.h - values and occupancies of one policy.
 *
 *     values      v = r_pi + gamma P_pi v             i.e. (I - gamma P_pi) v = r_pi
 *     occupancy   x(s,a) = pi(a|s) d(s),  d = mu + gamma P_pi' d
 *
 * with r_pi(s) = sum_a pi(a|s) r(s,a).  The policy's matrix is built once (and factored
 * when the fill-in allows it), then used for any number of rewards.  Every answer is checked
 * by its residual, whoever computed it. */
#ifndef SX_EVALUATE_H
#define SX_EVALUATE_H

#include "mdp/mdp.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct sx_evaluator sx_evaluator;

/* Prepare policy pi [K] (copied) of m (borrowed: m outlives the evaluator).
 * SX_EARG: pi is not a policy.  SX_EMEM. */
SX_CHECKED sx_status sx_evaluator_new(const sx_mdp *m, const double *pi, sx_evaluator **out,
                                      sx_error *err);

/* The same for a deterministic policy, choice [S]. */
SX_CHECKED sx_status sx_evaluator_choice(const sx_mdp *m, const int32_t *choice,
                                         sx_evaluator **out, sx_error *err);
sx_evaluator *sx_evaluator_free(sx_evaluator *e);

/* v [S] for rewards r [K].  *bound: |v - V^pi| <= *bound everywhere, from the residual d of v:
 * max |d| / (1-gamma) and a term for rounding.  May be called by one thread at a time.
 * SX_EFAULT when no method brings the bound below 1e-6 max |r| / (1-gamma). */
SX_CHECKED sx_status sx_evaluator_values(sx_evaluator *e, const double *r, double *v,
                                         double *bound, sx_error *err);

/* The same as V^pi = *mean + v with v of mean 0, nearly.  A constant reward has values
 * 1/(1-gamma) times as large, and in their rounding the differences of values would drown,
 * which are all that advantages see. */
SX_CHECKED sx_status sx_evaluator_relative(sx_evaluator *e, const double *r, double *v,
                                           double *mean, sx_error *err);

/* x [K] of the policy from start [S] (NULL: the initial distribution).  *residual: largest
 * violation of flow balance. */
SX_CHECKED sx_status sx_evaluator_occupancy(sx_evaluator *e, const double *start, double *x,
                                            double *residual, sx_error *err);

/* sum_i a_i b_i, compensated. */
double sx_dot(const double *a, const double *b, int64_t n);

#ifdef __cplusplus
}
#endif
#endif
