/* SPDX-License-Identifier: GPL-3.0-or-later */
/* mdp.h - the world: a finite discounted Markov decision process without a reward.
 *
 *     state s -> pairs   pair[s]  .. pair[s+1]-1     the (s,a) that are available
 *     pair  k -> entries first[k] .. first[k+1]-1    the (s,a,s') that are possible
 *     entry t -> next[t], prob[t]                    tau(s'|s,a)
 *
 * All indices are zero-based; S, A, K, T name the numbers of states, actions, pairs and
 * entries.  A world is filled once, checked, and from then on only read.  A policy is a
 * vector pi [K], pi[k] = pi(a|s), that sums to 1 over the pairs of each state; a
 * deterministic one is choice [S], choice[s] = the pair taken in s. */
#ifndef SX_MDP_H
#define SX_MDP_H

#include "mdp/base.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct sx_mdp {
    int32_t states;           /* S >= 1 */
    int32_t actions;          /* A >= 1 */
    int32_t pairs;            /* K >= S */
    int64_t entries;          /* T >= K */
    double discount;          /* gamma in [0,1) */
    int32_t *pair;            /* [S+1] ascending; every state has a pair */
    int32_t *action;          /* [K] in 0..A-1, ascending within a state */
    int64_t *first;           /* [K+1] ascending; every pair has an entry */
    int32_t *next;            /* [T] in 0..S-1, ascending within a pair */
    double *prob;             /* [T] in (0,1], sums to 1 within a pair */
    double *initial;          /* [S] mu >= 0, sums to 1 */
    unsigned char *absorbing; /* [S] 1 where every pair is a loop with probability 1 and
                                 the input said so */
} sx_mdp;

/* A world of these sizes with all arrays zero, for the caller to fill.
 * *out: owned by the caller; NULL on failure.  SX_EARG, SX_EMEM. */
SX_CHECKED sx_status sx_mdp_new(int32_t states, int32_t actions, int32_t pairs, int64_t entries,
                                sx_mdp **out, sx_error *err);

/* Release m (NULL allowed).  Returns NULL. */
sx_mdp *sx_mdp_free(sx_mdp *m);

typedef struct sx_triple {
    int32_t state, action, next;
    double prob;
} sx_triple;

/* A world from a list of n transitions in any order (which is sorted in place); the same
 * triple twice adds up.  Zero probabilities are dropped.  initial and absorbing stay zero,
 * discount 0.  SX_EINPUT when a state has no action.  O(n log n). */
SX_CHECKED sx_status sx_mdp_from_triples(int32_t states, int32_t actions, sx_triple *triple,
                                         int64_t n, sx_mdp **out, sx_error *err);

/* Check every statement that the struct above makes of m; probabilities must sum to 1
 * within 1e-9.  SX_EINPUT says which state and action, by index.  O(T). */
SX_CHECKED sx_status sx_mdp_check(const sx_mdp *m, sx_error *err);

/* Divide the probabilities of each pair and the initial distribution by their sums. */
void sx_mdp_normalise(sx_mdp *m);

/* The pair of (s,a), or -1 when a is not available in s.  O(log A). */
int32_t sx_mdp_pair(const sx_mdp *m, int32_t s, int32_t a);

/* The entry of pair k that leads to s, or -1 when that is impossible.  O(log support). */
int64_t sx_mdp_entry(const sx_mdp *m, int32_t k, int32_t s);

/* The state that pair k leaves / the pair that entry t belongs to.  O(log S), O(log K). */
int32_t sx_mdp_pair_state(const sx_mdp *m, int32_t k);
int32_t sx_mdp_entry_pair(const sx_mdp *m, int64_t t);

/* Mark in reached [S] (0 or 1) the states with positive occupancy under some policy from
 * the initial distribution (with discount 0: its support).  *count: how many.  O(T). */
SX_CHECKED sx_status sx_mdp_reachable(const sx_mdp *m, unsigned char *reached, int32_t *count,
                                      sx_error *err);

/* A part of a world and where its states and pairs come from. */
typedef struct sx_part {
    sx_mdp *mdp;
    int32_t *state; /* [mdp->states] index in the whole */
    int32_t *pair;  /* [mdp->pairs] index in the whole */
} sx_part;

/* The world restricted to the states with keep[s] != 0, which no pair of theirs may leave
 * (SX_EARG).  Its initial distribution is what is kept of that of m, divided by its sum if that
 * is not 0.  *out: owned by the caller. */
SX_CHECKED sx_status sx_mdp_restrict(const sx_mdp *m, const unsigned char *keep, sx_part **out,
                                     sx_error *err);
sx_part *sx_part_free(sx_part *p);

/* pi [K] = 1/|A(s)|. */
void sx_policy_uniform(const sx_mdp *m, double *pi);

/* Divide pi [K] in each state by its sum. */
void sx_policy_normalise(const sx_mdp *m, double *pi);

#ifdef __cplusplus
}
#endif
#endif
