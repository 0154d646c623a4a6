/* SPDX-License-Identifier: GPL-3.0-or-later */
/* permute.h - a world with its states and actions exchanged.
 *
 * e sends state s to state[s] and action a to action[a].  What was at (es,ea,es') is
 * afterwards at (s,a,s'): probabilities, start, labels, variables.  Names keep their places. */
#ifndef SX_PERMUTE_H
#define SX_PERMUTE_H

#include "mdp/match.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The transitions and the start alone.  state: [S], action: [A], permutations (SX_EARG
 * otherwise).  *out: owned by the caller; NULL on failure.  O(T log T). */
SX_CHECKED sx_status sx_mdp_permute(const sx_mdp *m, const int32_t *state,
                                    const int32_t *action, sx_mdp **out, sx_error *err);

/* All of w, in place; w is unchanged on failure. */
SX_CHECKED sx_status sx_world_permute(sx_world *w, const int32_t *state, const int32_t *action,
                                      sx_error *err);

/* R(es,ea,es') on the triples of `to`, which is m permuted by e (or m itself for an
 * automorphism).  *out: owned by the caller; NULL on failure. */
SX_CHECKED sx_status sx_reward_permute(const sx_mdp *m, const int32_t *state,
                                       const int32_t *action, const sx_reward *r,
                                       const sx_mdp *to, sx_reward **out, sx_error *err);

#ifdef __cplusplus
}
#endif
#endif
