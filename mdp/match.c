/* SPDX-License-Identifier: GPL-3.0-or-later */
/* match.c - what corresponds to what in two worlds, by name or by given maps. */
#include "mdp/match.h"

sx_match *sx_match_free(sx_match *x)
{
    if (!x)
        return NULL;
    sx_release(x->state);
    sx_release(x->action);
    sx_release(x->pair);
    sx_release(x->state_back);
    sx_release(x->pair_back);
    sx_release(x->lost_state);
    sx_release(x->lost_action);
    return sx_release(x);
}

bool sx_match_is_total(const sx_match *x)
{
    return !x->new_states && !x->new_pairs;
}

/* The places of `from` names that nothing in map [n] refers to: *lost [*count], ascending.
 * back [names]: the inverse of map, -1 for those. */
static sx_status find_lost(const int32_t *map, int32_t n, int32_t names, int32_t *back,
                           int32_t **lost, int32_t *count, sx_error *err)
{
    int32_t *list = *lost = sx_alloc((size_t)names, sizeof *list);
    int32_t found = 0;
    if (!list)
        return sx_nomem(err);
    for (int32_t i = 0; i < names; i++)
        back[i] = -1;
    for (int32_t i = 0; i < n; i++)
        if (map[i] >= 0)
            back[map[i]] = i;
    for (int32_t i = 0; i < names; i++)
        if (back[i] < 0)
            list[found++] = i;
    *count = found;
    return SX_OK;
}

static void match_pairs(sx_match *x, const sx_mdp *from, const sx_mdp *to)
{
    for (int32_t k = 0; k < from->pairs; k++)
        x->pair_back[k] = -1;
    for (int32_t s = 0; s < to->states; s++)
        for (int32_t k = to->pair[s]; k < to->pair[s + 1]; k++) {
            int32_t state = x->state[s], action = x->action[to->action[k]];
            int32_t pair = state < 0 || action < 0 ? -1 : sx_mdp_pair(from, state, action);
            x->pair[k] = pair;
            x->new_pairs += pair < 0;
            if (pair >= 0)
                x->pair_back[pair] = k;
        }
}

static sx_status new_match(const sx_mdp *from, const sx_mdp *to, sx_match **out, sx_error *err)
{
    sx_match *x = sx_alloc(1, sizeof *x);
    *out = NULL;
    if (!x)
        return sx_nomem(err);
    x->state = sx_alloc((size_t)to->states, sizeof *x->state);
    x->action = sx_alloc((size_t)to->actions, sizeof *x->action);
    x->pair = sx_alloc((size_t)to->pairs, sizeof *x->pair);
    x->state_back = sx_alloc((size_t)from->states, sizeof *x->state_back);
    x->pair_back = sx_alloc((size_t)from->pairs, sizeof *x->pair_back);
    if (!x->state || !x->action || !x->pair || !x->state_back || !x->pair_back) {
        sx_match_free(x);
        return sx_nomem(err);
    }
    *out = x;
    return SX_OK;
}

/* All that follows from state and action. */
static sx_status complete(sx_match *x, const sx_mdp *from, const sx_mdp *to, sx_error *err)
{
    int32_t *back = sx_alloc((size_t)from->actions, sizeof *back);
    sx_status st = back ? SX_OK : sx_nomem(err);
    if (!st)
        st = find_lost(x->state, to->states, from->states, x->state_back, &x->lost_state,
                       &x->lost_states, err);
    if (!st)
        st = find_lost(x->action, to->actions, from->actions, back, &x->lost_action,
                       &x->lost_actions, err);
    sx_release(back);
    for (int32_t s = 0; !st && s < to->states; s++)
        x->new_states += x->state[s] < 0;
    for (int32_t a = 0; !st && a < to->actions; a++)
        x->new_actions += x->action[a] < 0;
    if (!st)
        match_pairs(x, from, to);
    return st;
}

/* map [n]: the place in from of each name of to. */
static void match_names(const sx_names *from, const sx_names *to, int32_t n, int32_t *map)
{
    char buffer[SX_NAME_BUFFER];
    for (int32_t i = 0; i < n; i++)
        map[i] = sx_names_find(from, sx_names_get(to, i, buffer));
}

sx_status sx_match_new(const sx_world *from, const sx_world *to, sx_match **out, sx_error *err)
{
    sx_status st = new_match(from->mdp, to->mdp, out, err);
    if (st)
        return st;
    match_names(from->states, to->states, to->mdp->states, (*out)->state);
    match_names(from->actions, to->actions, to->mdp->actions, (*out)->action);
    st = complete(*out, from->mdp, to->mdp, err);
    if (st)
        *out = sx_match_free(*out);
    return st;
}

sx_status sx_match_maps(const sx_mdp *from, const sx_mdp *to, const int32_t *state,
                        const int32_t *action, sx_match **out, sx_error *err)
{
    sx_status st = new_match(from, to, out, err);
    if (st)
        return st;
    for (int32_t s = 0; s < to->states; s++)
        (*out)->state[s] = state[s];
    for (int32_t a = 0; a < to->actions; a++)
        (*out)->action[a] = action[a];
    st = complete(*out, from, to, err);
    if (st)
        *out = sx_match_free(*out);
    return st;
}
