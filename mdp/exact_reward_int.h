/* SPDX-License-Identifier: GPL-3.0-or-later */
/* exact_reward_int.h - what the files that read rewards in rational numbers share. */
#ifndef SX_EXACT_REWARD_INT_H
#define SX_EXACT_REWARD_INT_H

#include "mdp/exact_int.h"
#include "mdp/spec_reward_int.h"

/* One reward and the term at hand. */
typedef struct sx_i_filling {
    sx_i_exact_reading *x;
    const sx_mdp *m;
    const sx_node *node;
    mpq_ptr r; /* [K*S] */
    sx_i_rewarding c;
} sx_i_filling;

mpq_ptr sx_i_exact_at(const sx_i_filling *f, int32_t k, int32_t next);

sx_status sx_i_exact_table(sx_i_filling *f, const sx_node *n);
sx_status sx_i_exact_noise(sx_i_filling *f, const sx_node *n);
sx_status sx_i_exact_redistribute(sx_i_filling *f, const sx_node *n);

#endif
