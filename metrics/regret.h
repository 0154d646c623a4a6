/* SPDX-License-Identifier: GPL-3.0-or-later */
/* regret.h - what optimising one reward can cost in another, exactly.
 *
 *     optimal-policy regret   max J1 - J1(pi), pi optimal for R2: the worst such pi
 *                             (pessimistic) and the best one (optimistic)
 *     worst-case regret       W = max J1(pi1) - J1(pi2)  over  J2(pi2) >= J2(pi1)
 *                               = min_{lambda >= 0} span(R1 - lambda R2)
 *
 * (Skalse et al. 2024 for the definition; the dual is one-dimensional, convex and piecewise
 * linear.)  All are divided by span(R1) = max J1 - min J1.  Only reachable states matter:
 * everything is computed on the reachable part of the world.  A policy counts as optimal for R2
 * when it returns the optimum up to a quarter of the tolerance, relative to span(R2), and all
 * of its actions are within 1e-9 of optimal, relative to the largest reward. */
#ifndef SX_REGRET_H
#define SX_REGRET_H

#include "mdp/mdp.h"
#include "solvers/control.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct sx_regret_options {
    double tolerance; /* of every number, relative to span(R1): 1e-9 */
    double trivial;   /* (1-gamma) span(R) <= trivial max_{tau>0} |R| makes R trivial: 1e-9 */
    const sx_method *method; /* of control; NULL: by size */
} sx_regret_options;

sx_regret_options sx_regret_defaults(void);

typedef struct sx_regret {
    sx_outcome outcome;    /* SX_SOLVED when every number is within tolerance */
    double range_true[2];  /* [min J1, max J1], not divided */
    double range_proxy[2]; /* [min J2, max J2], not divided */
    bool trivial_true, trivial_proxy;
    double pessimistic, optimistic; /* in [0,1] */
    double worst_case;              /* = primal */
    double lambda;                  /* of the dual, in units of R1 / R2 */
    double primal, dual, gap;       /* divided by span(R1); gap = dual - primal */
    double *high;                   /* [K] pi1: truth high */
    double *low;                    /* [K] pi2: the proxy prefers it, truth low */
} sx_regret;

/* What the reachable part of a world and its rewards need once for all pairs. */
typedef struct sx_regret_world sx_regret_world;

/* rewards: n vectors r [K] of expected rewards r(s,a) = E_tau[R], possible[i] =
 * max_{tau>0} |R_i| over the reachable states; all copied.  m is borrowed.  Computes the
 * ranges of all rewards. */
SX_CHECKED sx_status sx_regret_world_new(const sx_mdp *m, const double *const *r,
                                         const double *possible, int32_t n,
                                         const sx_regret_options *o, sx_regret_world **out,
                                         sx_error *err);
sx_regret_world *sx_regret_world_free(sx_regret_world *w);

int32_t sx_regret_world_unreachable(const sx_regret_world *w);

/* Regret of optimising reward `proxy` where reward `truth` is what counts.
 * *out: owned by the caller; NULL on failure. */
SX_CHECKED sx_status sx_regret_pair(const sx_regret_world *w, int32_t truth, int32_t proxy,
                                    sx_regret **out, sx_error *err);
sx_regret *sx_regret_free(sx_regret *r);

#ifdef __cplusplus
}
#endif
#endif
