/* SPDX-License-Identifier: GPL-3.0-or-later */
/* consistency.h - does a reward follow a change of the world that it is asked about.
 *
 * An edit makes a counterfactual world.  There every reward R has two versions: R carried, its
 * old values under the same names, and R edited, what its definition says in the new world.
 * Both are compared in the edited world, with its transitions:
 *
 *     invariance error   d(R carried, R edited)
 *     distance to true   d(true edited, R edited)
 *     agreement          1 - theta/pi, theta the angle between r(s,a) of true edited and of R
 *                        edited, projected on the directions of the reachable occupancies (the
 *                        projected angle of Karwowski et al. 2024; the minimal form in
 *                        weighted-l2 of Skalse et al. 2024).  Two policies whose occupancies
 *                        differ in a direction drawn uniformly from those are ordered alike by
 *                        the two rewards with this probability: 1 same, 1/2 unrelated, 0
 *                        opposite.
 *     regret             of the worst policy that is optimal for R edited, where true edited is
 *                        what counts, as a share of its range
 *
 * An edit is neutral when it leaves the order that the true reward gives to the policies as it
 * is, causal when it changes it: decided by the worst-case regrets of true carried and true
 * edited against each other, which are both 0 exactly when the orders are the same. */
#ifndef SX_CONSISTENCY_H
#define SX_CONSISTENCY_H

#include "metrics/distance.h"
#include "metrics/regret.h"

#ifdef __cplusplus
extern "C" {
#endif

/* One reward in the edited world. */
typedef struct sx_versions {
    const sx_reward *carried; /* NULL: reason (static) says why */
    const sx_reward *edited;  /* NULL: reason says why; of the true reward never */
    const char *reason;
} sx_versions;

/* In place of the true reward where nobody knows it: what needs one is missing. */
#define SX_NO_TRUTH        (-1)
#define SX_NO_TRUTH_REASON "no true reward"

typedef struct sx_consistency_options {
    sx_measure measure; /* of the two distances: val, l2, l2 */
    double tolerance; /* values and regrets are equal within this share of the largest: 1e-9 */
    double trivial;   /* 1e-9, as in canon.h and regret.h */
    const sx_method *method; /* of control; NULL: by size */
} sx_consistency_options;

sx_consistency_options sx_consistency_defaults(void);

/* One reward under one edit.  A trivial reward has no angle. */
typedef struct sx_consistency {
    sx_number invariance_error, distance_to_true, agreement, regret;
    sx_outcome outcome; /* SX_SOLVED when the regret is within tolerance */
} sx_consistency;

typedef struct sx_order_returns {
    double high, low;
} sx_order_returns;

/* What the true reward says about the edit. */
typedef struct sx_order {
    const char *reason;   /* NULL, or static: why it is not known */
    bool same;            /* the policies are ordered alike before and after */
    double worst_case[2]; /* regret of carried where edited counts, and the other way round */
    double *high, *low;   /* [K] two policies: with another order those that show it (if they do
                             the   best ones before and after), else best and worst; NULL with a
                             reason */
    sx_order_returns carried, edited; /* their returns of the two versions */
    sx_outcome outcome;
} sx_order;

sx_order *sx_order_free(sx_order *x);

/* The rewards of one edited world, prepared: canonical forms are made at their first use.  To
 * be used by one thread at a time. */
typedef struct sx_counterfactual sx_counterfactual;

/* m and the rewards [n] are borrowed.  truth: which of them is the true one, or SX_NO_TRUTH.
 * *out: owned by the caller.  SX_EARG, SX_EMEM. */
SX_CHECKED sx_status sx_counterfactual_new(const sx_mdp *m, const sx_versions *reward,
                                           int32_t n, int32_t truth,
                                           const sx_consistency_options *o,
                                           sx_counterfactual **out, sx_error *err);
sx_counterfactual *sx_counterfactual_free(sx_counterfactual *x);

int32_t sx_counterfactual_unreachable(const sx_counterfactual *x);

/* The four numbers of every reward: out [n]. */
SX_CHECKED sx_status sx_counterfactual_measure(sx_counterfactual *x, sx_consistency *out,
                                               sx_error *err);

/* *out: owned by the caller. */
SX_CHECKED sx_status sx_counterfactual_order(const sx_counterfactual *x, sx_order **out,
                                             sx_error *err);

/* a [K]: advantages c_val of a version of reward i under the uniform policy, zeros where the
 * reward is trivial; *a is NULL where there is no such version.  Borrowed. */
SX_CHECKED sx_status sx_counterfactual_advantage(sx_counterfactual *x, int32_t i, bool edited,
                                                 const double **a, sx_error *err);

/* The angle between u and v [n], from 0 to pi, as exact for near and opposite vectors as for
 * others; NAN when one is zero. */
double sx_vector_angle(const double *u, const double *v, int32_t n);

#ifdef __cplusplus
}
#endif
#endif
