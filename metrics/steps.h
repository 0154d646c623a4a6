/* SPDX-License-Identifier: GPL-3.0-or-later */
/* steps.h - one distance step by step, and the transitions that carry it.
 *
 *     R, its potential, c(R), n(c(R)), s(R), d = s(R1) - s(R2), m(d)
 *
 * For SX_DISTANCE_EPIC s(R) are standard scores, (c(R) - mean) / deviation under the weights
 * w = D_S(s) D_A(a|s) D_S(s'), and the distance is sqrt(sum w d^2) / 2, unless one of them is
 * flat.  The share of a triple
 * is what it adds to the sum under the root or the sum of absolute values; with linf the
 * triples that attain the maximum have equal shares, the others none. */
#ifndef SX_STEPS_H
#define SX_STEPS_H

#include "metrics/distance.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct sx_step_side {
    sx_reward *canonical; /* c(R), NULL where it does not exist */
    double *potential;    /* [S] phi or V: what shapes R; NULL: not asked for, or none */
    double average;       /* E_{D_S}[phi] of epic */
    double *ahead;        /* [S*S] dard: E[R(S',A,S'')] by s and s'; NULL */
    sx_number length;     /* n(c(R)), 0 where s(R) = 0; EPIC: the deviation */
    double mean;          /* EPIC */
    bool flat;            /* EPIC: it does not deviate; its scores are 0, and so is rho */
    sx_reward *standard;  /* s(R), NULL where it does not exist */
} sx_step_side;

typedef struct sx_steps {
    const sx_mdp *m; /* borrowed */
    sx_measure measure;
    sx_step_side side[2];
    sx_reward *difference; /* d, NULL where there is no distance */
    sx_number distance;
    double *left;        /* [K] EPIC: D_S(s) D_A(a|s), else NULL */
    const double *right; /* [S] EPIC: D_S, borrowed from the canoniser */
} sx_steps;

/* The steps from a and b to their distance under q, which equals that of sx_distances.
 * potentials: what canonicalisation adds is wanted, too (O(S^2 T^2) for dard).  The canoniser
 * outlives the result. */
SX_CHECKED sx_status sx_steps_new(sx_canoniser *c, const sx_reward *a, const sx_reward *b,
                                  const sx_measure *q, bool potentials, sx_steps **out,
                                  sx_error *err);
sx_steps *sx_steps_free(sx_steps *x);

/* Where the next state makes no difference to d, as with val, all of a pair are one entry,
 * except under weighted-linf. */
typedef struct sx_share {
    int32_t pair, state; /* state -1: every next state */
    double difference;   /* d */
    double share;        /* of the whole sum, in (0,1] */
} sx_share;

/* The `most` largest shares, descending, equal ones in the order of their triples, to share
 * [most]; *count: how many there are, none for a distance of at most 1e-12 (rounding).
 * *partial: not all impossible triples were looked at, because that would take more than
 * SX_NORM_WORK steps and the difference depends on the next state. */
SX_CHECKED sx_status sx_steps_shares(const sx_steps *x, int32_t most, sx_share *share,
                                     int32_t *count, bool *partial, sx_error *err);

/* state [S]: the sum of the shares of the triples that leave it, in the same sense; zeros for
 * a distance of at most 1e-12. */
SX_CHECKED sx_status sx_steps_state_shares(const sx_steps *x, double *state, bool *partial,
                                           sx_error *err);

#ifdef __cplusplus
}
#endif
#endif
