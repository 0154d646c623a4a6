/* SPDX-License-Identifier: GPL-3.0-or-later */
/* match.h - what corresponds to what in two worlds, and rewards carried from one to the other.
 *
 * `from` is the original, `to` the edited world.  Names decide: a state corresponds to the
 * state of the same id, an action likewise, a pair (s,a) to the pair of both, a triple
 * (s,a,s') to the triple of all three, possible or not.  Nothing is guessed: what has no
 * counterpart is -1. */
#ifndef SX_MATCH_H
#define SX_MATCH_H

#include "mdp/reward.h"
#include "mdp/world.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct sx_match {
    int32_t *state;      /* [S of to] index in from, or -1 */
    int32_t *action;     /* [A of to] index in from, or -1 */
    int32_t *pair;       /* [K of to] index in from, or -1: also where from lacks the action */
    int32_t *state_back; /* [S of from] index in to, or -1 */
    int32_t *pair_back;  /* [K of from] index in to, or -1 */
    int32_t new_states, new_actions, new_pairs; /* -1 in state, action, pair */
    int32_t lost_states, lost_actions;          /* of from, without counterpart in to */
    int32_t *lost_state,
        *lost_action; /* [lost_states], [lost_actions] their indices, ascending */
} sx_match;

/* By ids.  *out: owned by the caller; NULL on failure.  O(S + K log A).  SX_EMEM. */
SX_CHECKED sx_status sx_match_new(const sx_world *from, const sx_world *to, sx_match **out,
                                  sx_error *err);

/* By the maps state [S of to] and action [A of to] into from, -1 for none; no two places may
 * have the same image.  For a permutation e of one world: R carried by it is R(es,ea,es'). */
SX_CHECKED sx_status sx_match_maps(const sx_mdp *from, const sx_mdp *to, const int32_t *state,
                                   const int32_t *action, sx_match **out, sx_error *err);

sx_match *sx_match_free(sx_match *x);

/* Does every triple of `to`, possible or not, have a counterpart? */
bool sx_match_is_total(const sx_match *x);

/* The reward r of `from` on the triples of `to`: each has the value of its counterpart,
 * possible there or not.  The sum form stays one.  *out: owned by the caller; NULL on failure,
 * and with a static *reason (else NULL) where a triple of `to` has no counterpart or a possible
 * one has a counterpart of unknown value.  O(T log T) of both worlds, with a dense side O(K S).
 * SX_EMEM. */
SX_CHECKED sx_status sx_reward_carry(const sx_match *x, const sx_mdp *from, const sx_reward *r,
                                     const sx_mdp *to, sx_reward **out, const char **reason,
                                     sx_error *err);

#ifdef __cplusplus
}
#endif
#endif
