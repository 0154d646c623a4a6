/* SPDX-License-Identifier: GPL-3.0-or-later */
/* leftover.h - what is left of a reward when another one, scaled and shaped, is taken from it.
 *
 *     d(s,a,s') = T(s,a,s') - (alpha R(s,a,s') + gamma Phi(s') - Phi(s))      on possible
 * triples
 *
 * with alpha >= 0 and Phi of the least sum of squares of E[d(s,a,S')] over the pairs (s,a) of
 * all states, reachable or not.  What is left adds up in squares weighted by probability,
 *
 *     sum p(s'|s,a) d^2 = sum E[d]^2 + sum p(s'|s,a) (d - E[d])^2,
 *
 * and the last sum is S'-redistribution, which changes no return (Skalse et al. 2024). */
#ifndef SX_LEFTOVER_H
#define SX_LEFTOVER_H

#include "metrics/norm.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct sx_leftover {
    const sx_mdp *m;   /* borrowed */
    double scale;      /* alpha */
    bool trivial;      /* T is itself a shaping of 0 on average over s': alpha is 0 */
    bool any_scale;    /* R is itself a shaping of 0: alpha is 0, and any other does as well */
    double *potential; /* [S] Phi */
    double size;       /* square root of the sum of E[T]^2 over pairs */
    double residual;   /* of E[d]^2 */
    sx_number explained;       /* 1 - (residual / size)^2, in [0,1] */
    sx_number potential_alone; /* the same with alpha = 0 */
    double *left;              /* [entries] d; 0 what is rounding beside the rewards */
    double *mean;              /* [K] E[d(s,a,S')], likewise */
    double *share;             /* [entries] p d^2 / sum of p d^2; zeros where nothing is left */
    double *state;             /* [S] the sum of the shares of its triples */
    bool none;                 /* nothing is left */
    bool mean_none;            /* E[d] is 0 everywhere: what is left changes no return */
    double redistributed;      /* share that is S'-redistribution */
} sx_leftover;

/* Align `from` with `to`.  *out: owned by the caller; NULL on failure, and with a static
 * *reason where the world is too large.  Two sparse least squares, else O(K + T). */
SX_CHECKED sx_status sx_leftover_find(const sx_mdp *m, const sx_reward *from,
                                      const sx_reward *to, sx_leftover **out,
                                      const char **reason, sx_error *err);
sx_leftover *sx_leftover_free(sx_leftover *x);

/* A transition, or with pair and entry -1 a state, and its share. */
typedef struct sx_left {
    int32_t state, pair;
    int64_t entry;
    double share;
} sx_left;

/* The `most` largest shares above 0, descending, those that are equal up to rounding in the
 * order of the world, to out [most].  Returns how many there are. */
int32_t sx_leftover_transitions(const sx_leftover *x, int32_t most, sx_left *out);
int32_t sx_leftover_states(const sx_leftover *x, int32_t most, sx_left *out);

#ifdef __cplusplus
}
#endif
#endif
