/* SPDX-License-Identifier: GPL-3.0-or-later */
/* reward_int.h - what the files that work on rewards share. */
#ifndef SX_REWARD_INT_H
#define SX_REWARD_INT_H

#include "mdp/reward.h"

/* Loops over entries below this many are not worth threads. */
#define SX_I_PARALLEL 65536

/* K*S. */
int64_t sx_i_triples(const sx_mdp *m);

/* The place of the first exception at or after (pair, state). */
int64_t sx_i_exception_from(const sx_reward *r, int32_t pair, int32_t state);

/* The exception of (pair, state), or NULL. */
const sx_exception *sx_i_exception(const sx_reward *r, int32_t pair, int32_t state);

/* row [S] = the sum form of pair k alone. */
void sx_i_reward_sum_row(const sx_mdp *m, const sx_reward *r, int32_t k, double *row);

/* Give up left, right, products and exceptions. */
void sx_i_reward_drop_sum(sx_reward *r);

/* Make the impossible triples unknown for this static reason; on[] stays. */
void sx_i_reward_forget(sx_reward *r, const char *reason);

/* r->left [K] or r->right [S] exists afterwards, zero if it is new. */
sx_status sx_i_reward_need_left(const sx_mdp *m, sx_reward *r, sx_error *err);
sx_status sx_i_reward_need_right(const sx_mdp *m, sx_reward *r, sx_error *err);

/* The sum form += scale left[k] right[s'] on impossible triples, exceptions included.
 * left [K] and right [S] are taken over on success, and only then.  Not for other forms. */
sx_status sx_i_reward_add_product(const sx_mdp *m, sx_reward *r, double *left, double *right,
                                  sx_error *err);

/* *out [n] = value[index[i]], NULL for NULL. */
SX_CHECKED sx_status sx_i_pick(const double *value, const int32_t *index, int32_t n,
                               double **out, sx_error *err);

#endif
