/* SPDX-License-Identifier: GPL-3.0-or-later */
/* verb_distance_explain.c - distance --explain: the steps of each pair of rewards. */
#include "cli/verb_distance_explain.h"

typedef struct lists {
    sx_value *steps, *shares;
} lists;

/* The steps of rewards i and j. */
static sx_status explain_pair(sx_cli *c, const sx_cli_distance *a, sx_canoniser *canoniser,
                              int32_t i, int32_t j, const lists *to, sx_error *err)
{
    const sx_mdp *m = c->spec->world->mdp;
    const sx_named_reward *r = c->spec->reward;
    sx_cli_explained e = {
        .id = {sx_cli_distance_id(c, a, i), sx_cli_distance_id(c, a, j)},
        .reward = {r[a->which[i]].reward, r[a->which[j]].reward},
        .tables = (int64_t)m->pairs * m->states <= SX_EXPLAIN_TRIPLES,
        .given_policy = c->o.text[SX_OPT_POLICY] != NULL,
    };
    sx_steps *x = NULL;
    sx_status st =
        sx_steps_new(canoniser, e.reward[0], e.reward[1], a->measure, e.tables, &x, err);
    if (!st)
        st = sx_steps_shares(x, SX_EXPLAIN_SHARES, e.share, &e.shares, &e.partial, err);
    e.steps = x;
    if (!st) {
        sx_cli_put_explained(c, to->steps, to->shares, &e);
        sx_cli_text_explained(c, &e);
    }
    sx_steps_free(x);
    return st;
}

/* What is left of the second of two rewards. */
static sx_status explain_leftover(sx_cli *c, const sx_cli_distance *a, sx_error *err)
{
    const sx_named_reward *r = c->spec->reward;
    sx_leftover *x = NULL;
    sx_cli_leftover e = {
        .id = {sx_cli_distance_id(c, a, 0), sx_cli_distance_id(c, a, 1)},
        .reward = {r[a->which[0]].reward, r[a->which[1]].reward},
    };
    sx_progress_phase("alignment", 0);
    sx_status st =
        sx_leftover_find(c->spec->world->mdp, e.reward[0], e.reward[1], &x, &e.reason, err);
    if (st)
        return st;
    e.left = x;
    if (x) {
        e.transitions = sx_leftover_transitions(x, SX_EXPLAIN_SHARES, e.transition);
        e.states = sx_leftover_states(x, SX_EXPLAIN_SHARES, e.state);
    }
    sx_cli_put_leftover(c, &e);
    sx_cli_text_leftover(c, &e);
    sx_leftover_free(x);
    return SX_OK;
}

sx_status sx_cli_distance_explain(sx_cli *c, const sx_cli_distance *a, sx_error *err)
{
    sx_report *r = &c->report;
    sx_canoniser *canoniser = NULL;
    sx_status st = sx_cli_canoniser(c, &canoniser, err);
    lists to;
    sx_progress_phase("steps", 0);
    to.steps = sx_put_list(r, r->root, "steps");
    to.shares = sx_put_list(r, r->root, "shares");
    sx_report_own_rows(r);
    for (int32_t i = 0; i < a->count && !st; i++)
        for (int32_t j = i + 1; j < a->count && !st; j++)
            st = explain_pair(c, a, canoniser, i, j, &to, err);
    if (!st && a->count == 2)
        st = explain_leftover(c, a, err);
    else if (!st)
        sx_put_null(r, r->root, "alignment");
    sx_canoniser_free(canoniser);
    return st;
}
