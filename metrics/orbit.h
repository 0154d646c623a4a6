/* SPDX-License-Identifier: GPL-3.0-or-later */
/* orbit.h - symmetries of a world, and what they say about a reward without the truth.
 *
 * A symmetry g permutes states and actions such that tau(gs'|gs,ga) = tau(s'|s,a); then (gs,ga)
 * is available exactly where (s,a) is.  Some of them generate a finite group G, and
 *
 *     (R.g)(s,a,s') = R(gs,ga,gs'),      P R = mean of R.g over G
 *     I = ||(1-P) c(R)||_2 / ||c(R)||_2,      c = val under the uniform policy
 *
 * A truth is invariant when no R.g orders policies otherwise than R: then P c(R) = c(R).  For
 * every invariant truth that is not trivial, whatever it is,
 *
 *     d_{val,l2,l2}(R, truth) >= 2 sin(arcsin(I) / 2),
 *
 * with equality at truth = P R.  The mean over a group is the mean over an orbit, so that the
 * group is never enumerated: everything is linear in the size of the world.  Neither the
 * initial distribution nor reachability matters to the statement: both sides look at the
 * advantages in all states. */
#ifndef SX_ORBIT_H
#define SX_ORBIT_H

#include "metrics/canon.h"

#ifdef __cplusplus
extern "C" {
#endif

#define SX_SYMMETRY_TOLERANCE 1e-12   /* between probabilities that should be equal */
#define SX_GROUP_LIMIT        1000000 /* elements that are counted */

/* What may be a symmetry: s goes to state[s], a to action[a]. */
typedef struct sx_symmetry {
    const int32_t *state;  /* [S] */
    const int32_t *action; /* [A] */
} sx_symmetry;

/* The first pair (s,a) at which it is none. */
typedef struct sx_symmetry_fault {
    bool found;
    int32_t state, action;
    int32_t next;       /* s', or -1: (gs,ga) is not available */
    double prob, image; /* tau(s'|s,a) and tau(gs'|gs,ga), one of which may be 0 */
} sx_symmetry_fault;

/* Does g keep tau, within SX_SYMMETRY_TOLERANCE and with the same zeros?  O(T log T).
 * SX_EARG: a map is no permutation. */
SX_CHECKED sx_status sx_symmetry_check(const sx_mdp *m, const sx_symmetry *g,
                                       sx_symmetry_fault *fault, sx_error *err);

/* The orbits of the group that some symmetries generate. */
typedef struct sx_orbits {
    const sx_mdp *m; /* borrowed */
    int32_t generators;
    int32_t *state; /* [generators * S] where each sends a state */
    int32_t *pair;  /* [generators * K] and a pair */
    int32_t state_orbits, pair_orbits;
    int32_t dimension; /* of the canonical forms of invariant rewards: pair_orbits -
                          state_orbits; 0 where every invariant reward is trivial */
    sx_number order;   /* |G|, null above SX_GROUP_LIMIT */
} sx_orbits;

/* The orbits under n >= 0 symmetries g [n], which are copied.  *out: owned by the caller.
 * SX_EARG: one of them is no symmetry of m. */
SX_CHECKED sx_status sx_orbits_new(const sx_mdp *m, const sx_symmetry *g, int32_t n,
                                   sx_orbits **out, sx_error *err);
sx_orbits *sx_orbits_free(sx_orbits *o);

typedef struct sx_inconsistency {
    sx_number share;    /* I in [0,1]; null for a trivial reward */
    sx_number distance; /* 2 sin(arcsin(I)/2) in [0,sqrt 2]; null where share is, and where no
                           truth but a trivial one is invariant */
} sx_inconsistency;

/* I and the bound.  Both are 0 where no |(1-P) c(R)| exceeds 1e-12 max |R|, which is rounding.
 * c decides what is trivial.  SX_EARG: c is of another world or has a policy of its own.
 * O(T) and three evaluations of the uniform policy. */
SX_CHECKED sx_status sx_orbit_inconsistency(const sx_orbits *o, sx_canoniser *c,
                                            const sx_reward *r, sx_inconsistency *out,
                                            sx_error *err);

/* P R on all triples, possible or not.  Impossible triples stay in the sum form where each
 * product has a side that is the same within orbits, and no exception is there; otherwise they
 * become dense, and above SX_DENSE_LIMIT triples unknown.  *out: owned by the caller. */
SX_CHECKED sx_status sx_orbit_average(const sx_orbits *o, const sx_reward *r, sx_reward **out,
                                      sx_error *err);

#ifdef __cplusplus
}
#endif
#endif
