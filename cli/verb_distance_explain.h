/* SPDX-License-Identifier: GPL-3.0-or-later */
/* verb_distance_explain.h - what the files of `distance --explain` share. */
#ifndef SX_VERB_DISTANCE_EXPLAIN_H
#define SX_VERB_DISTANCE_EXPLAIN_H

#include "cli/verb_distance.h"
#include "metrics/steps.h"

enum {
    SX_EXPLAIN_TRIPLES = 64, /* worlds with at most so many: tables */
    SX_EXPLAIN_SHARES = 10
};

/* One pair of rewards. */
typedef struct sx_cli_explained {
    const char *id[2];
    const sx_reward *reward[2];
    const sx_steps *steps;
    bool tables; /* the world is small */
    bool given_policy;
    sx_share share[SX_EXPLAIN_SHARES];
    int32_t shares;
    bool partial;
} sx_cli_explained;

/* The state that is left, and one of the next states that are meant. */
int32_t sx_cli_share_from(const sx_mdp *m, const sx_share *q);
int32_t sx_cli_share_state(const sx_mdp *m, const sx_share *q);

/* Into the lists "steps" and "shares". */
void sx_cli_put_explained(sx_cli *c, sx_value *steps, sx_value *shares,
                          const sx_cli_explained *e);

void sx_cli_text_explained(sx_cli *c, const sx_cli_explained *e);

#endif
