/* SPDX-License-Identifier: GPL-3.0-or-later */
/* kind_pairs.h - numbers of a world's states and actions where there is no map. */
#ifndef SX_KIND_PAIRS_H
#define SX_KIND_PAIRS_H

#include "mdp/reward.h"
#include "mdp/world.h"
#include "plots/figure.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The states that become rows. */
typedef struct sx_state_rows {
    int32_t count;
    int32_t *state; /* [count] ascending; owned by the caller */
} sx_state_rows;

/* The name of a state without the names of its variables where that is all it is made of: of
 * "x=0,door=open" the values "0,open".  Borrowed, or in the buffer. */
const char *sx_state_short_name(const sx_world *w, int32_t s, char buffer[SX_NAME_BUFFER]);

/* All states of up to `most`, else those whose numbers are largest: pair [n] each [K], in
 * absolute value beside the largest of their own.  SX_EMEM. */
SX_CHECKED sx_status sx_state_rows_choose(const sx_mdp *m, const double *const *pair, int32_t n,
                                          int32_t most, sx_state_rows *out, sx_error *err);

/* One more panel of f: states by actions, the numbers of pairs [K]; without a value where an
 * action is not available.  title, bar: markup.  SX_ELIMIT: above 200 actions. */
SX_CHECKED sx_status sx_figure_pairs(sx_figure *f, const sx_world *w, const sx_state_rows *rows,
                                     const char *title, const char *bar, const double *pair,
                                     sx_error *err);

/* The numbers of states [S] as horizontal bars; title, axis: markup. */
SX_CHECKED sx_status sx_figure_states(sx_figure *f, const sx_world *w,
                                      const sx_state_rows *rows, const char *title,
                                      const char *axis, const double *state, sx_error *err);

/* Share of the squares of a reward that its expectations over the next states do not show:
 * sum p (R - E[R])^2 / sum p R^2 over the possible triples; 0 for a reward without values. */
double sx_reward_unseen(const sx_mdp *m, const sx_reward *r);

#ifdef __cplusplus
}
#endif
#endif
