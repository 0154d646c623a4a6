/* SPDX-License-Identifier: GPL-3.0-or-later */
/* shaping.h - potentials by linear programs and least squares.
 *
 *     e(s,a,s') = alpha R(s,a,s') + gamma Phi(s') - Phi(s) - T(s,a,s')
 *
 *     fit        least |e| over Phi and alpha >= 0, in l1, l2 or linf
 *     sparse     least sum of |R'|, R' = R + gamma Phi(s') - Phi(s): T = 0, alpha = 1
 *     flat       least largest |R'|
 *     smooth     least sum of tau(s'|s,a) |r'(s,a) - r'(s',a')| over successors s' and all of
 *                their actions a', r' = E_tau[R'] (Jenner and Gleave 2022); over triples of
 *                tau tau |R'(s,a,s') - R'(s',a',s'')| over two possible ones in a row
 *     optimal    Phi = V*: least sum of V over V >= r + gamma P V, so that the greedy policy
 *                of R' is optimal without looking ahead (Ng, Harada and Russell 1999)
 *     bounded    fit (or sparse, without T) with |Phi| <= B
 *     linear     the same with Phi a linear function of given attributes
 *
 * over all triples, possible or not, or over the row values E_tau[e(s,a,S')] of pairs (s,a).
 * Phi is free: with discount < 1 shaping by a constant changes the reward, so that no state
 * is pinned to 0.  Every answer carries a bound from below on the least size, proved by a dual
 * vector that sx_shaping_check evaluates from the world and the rewards alone. */
#ifndef SX_SHAPING_H
#define SX_SHAPING_H

#include "metrics/norm.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef enum sx_shape_goal {
    SX_SHAPE_FIT,
    SX_SHAPE_SPARSE,
    SX_SHAPE_FLAT,
    SX_SHAPE_SMOOTH,
    SX_SHAPE_OPTIMAL,
    SX_SHAPE_BOUNDED,
    SX_SHAPE_LINEAR
} sx_shape_goal;

enum { SX_SHAPE_GOALS = 7 };

/* States times terms (distinct triples, pairs) of a linear program; more is null. */
#define SX_SHAPE_PROGRAM ((int64_t)250000000)

typedef enum sx_shape_on { SX_SHAPE_TRIPLES, SX_SHAPE_ROWS } sx_shape_on;

/* "fit" ... "linear" / "triples" "rows"; NULL after the last. */
const char *sx_shape_goal_name(int32_t i);
const char *sx_shape_on_name(int32_t i);

/* What is asked. */
typedef struct sx_shape_task {
    const sx_reward *from; /* R */
    const sx_reward *to;   /* T, NULL for none: fit has it, bounded and linear may */
    sx_shape_goal goal;
    sx_norm norm;   /* l1, l2 or linf; sparse and smooth are l1, flat is linf, optimal none */
    sx_shape_on on; /* optimal: rows */
    double bound;   /* B > 0 of bounded */
    int32_t attributes;
    const double *const *attribute; /* [attributes] each [S], of linear */
    double tolerance;               /* of the gap, relative to the size of T (of R): 1e-9 */
} sx_shape_task;

sx_shape_task sx_shape_defaults(void);

/* What proves that nothing is smaller.  y has one number a triple [K*S], a pair [K], or for
 * smooth one for each possible (s,a,s') and action of s', over triples each possible
 * (s',a',s''), in this order; it is NULL in l2,
 * where the answer proves itself, but for free potentials over rows towards a T: there it is
 * the potential [S] that leaves the least of R alone, without which the proof has fewer digits.
 */
typedef struct sx_shape_proof {
    int64_t count;
    double *y; /* [count] */
} sx_shape_proof;

typedef struct sx_shaping {
    double scale;        /* alpha */
    double *potential;   /* [S] Phi */
    int32_t attributes;  /* of linear, else 0 */
    double *coefficient; /* [attributes + 1] of each attribute, and what is added; or NULL */
    bool unique;     /* the potential was shown to be the only one; else there may be more */
    bool nearest;    /* of several potentials the one that leaves the least l2 norm */
    double size;     /* of T (of R) in the same sense; NAN for optimal */
    double residual; /* the size that was made least, of e with this potential and scale */
    double lower;    /* no potential and scale have a smaller one */
    double gap;      /* residual - lower, divided by the size of T (of R) unless that is 0 */
    bool certified;  /* gap <= tolerance */
    sx_shape_proof proof;
} sx_shaping;

/* *out: owned by the caller; NULL on failure, and with a static *reason where there is no
 * answer: above a limit of size, no values on impossible triples.  SX_EARG: the task. */
SX_CHECKED sx_status sx_shape(const sx_mdp *m, const sx_shape_task *task, sx_shaping **out,
                              const char **reason, sx_error *err);
sx_shaping *sx_shaping_free(sx_shaping *x);

/* Fill residual, lower, gap and certified from the world, the task, and scale, potential and
 * proof of x, which may be anything: plain sums, no solver. */
SX_CHECKED sx_status sx_shaping_check(const sx_mdp *m, const sx_shape_task *task, sx_shaping *x,
                                      const char **reason, sx_error *err);

/* *out = scale R + gamma potential(s') - potential(s), owned by the caller. */
SX_CHECKED sx_status sx_shaping_apply(const sx_mdp *m, const sx_reward *from, double scale,
                                      const double *potential, sx_reward **out, sx_error *err);

/* How fast an agent that trusts `reward` finds the optimal policies of `truth`.  Among ties the
 * agent is unlucky: it counts as optimal when all that looks best to it is. */
typedef struct sx_shape_quality {
    sx_number sweeps; /* of value iteration from 0, until it is optimal in every state */
    sx_number depth;  /* of look-ahead, until it is optimal wherever it gets to */
    double
        look_ahead[2]; /* what depth 1 and 2 return, in units of truth, among ties the least */
    sx_number gap;     /* least best minus second-best action value over the states where
                          an action is not optimal, divided by max |R| */
    double optimal;    /* return of truth */
} sx_shape_quality;

/* truth, reward: [K] row values; limit: sweeps that may be taken. */
SX_CHECKED sx_status sx_shape_measure(const sx_mdp *m, const double *truth,
                                      const double *reward, int64_t limit,
                                      sx_shape_quality *out, sx_error *err);

#ifdef __cplusplus
}
#endif
#endif
