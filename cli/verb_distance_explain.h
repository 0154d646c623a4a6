/* SPDX-License-Identifier: GPL-3.0-or-later */
/* verb_distance_explain.h - what the files of `distance --explain` share. */
#ifndef SX_VERB_DISTANCE_EXPLAIN_H
#define SX_VERB_DISTANCE_EXPLAIN_H

#include "cli/verb_distance.h"
#include "metrics/leftover.h"
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

/* "from", "action", "to", "p" of triple (k, y) of state s; y -1: every next state. */
void sx_cli_put_triple(sx_cli *c, sx_value *v, int32_t s, int32_t k, int32_t y);

/* {state: number} of x [S]; null without x. */
void sx_cli_put_states(sx_cli *c, sx_value *parent, const char *name, const double *x);

/* Into the lists "steps" and "shares", and the rows of CSV. */
void sx_cli_put_explained(sx_cli *c, sx_value *steps, sx_value *shares,
                          const sx_cli_explained *e);

void sx_cli_text_explained(sx_cli *c, const sx_cli_explained *e);

/* Two rewards after their best alignment: what is left of the second. */
typedef struct sx_cli_leftover {
    const char *id[2];
    const sx_reward *reward[2];
    const sx_leftover *left; /* NULL: */
    const char *reason;      /* why there is no alignment */
    sx_left transition[SX_EXPLAIN_SHARES], state[SX_EXPLAIN_SHARES];
    int32_t transitions, states;
} sx_cli_leftover;

/* The mean over the actions of s of what is left of them on average. */
double sx_cli_left_mean(const sx_leftover *x, int32_t s);

/* "alignment" and the rows of CSV; as tables and a map. */
void sx_cli_put_leftover(sx_cli *c, const sx_cli_leftover *e);
void sx_cli_text_leftover(sx_cli *c, const sx_cli_leftover *e);

#endif
