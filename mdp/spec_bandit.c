/* SPDX-License-Identifier: GPL-3.0-or-later */
/* spec_bandit.c - <bandit>: contexts and responses, and one step from the former by the latter.
 *
 * Contexts are the first states, in the order of the file, `end` is the last; responses are the
 * actions.  Every response leads from every context to the end, which is absorbing. */
#include "mdp/spec_world_int.h"

/* The arrays of a bandit. */
static void fill(sx_mdp *m)
{
    int32_t end = m->states - 1;
    for (int32_t s = 0; s <= end; s++) {
        m->pair[s + 1] = (s + 1) * m->actions;
        m->initial[s] = s < end ? 1 : 0;
    }
    for (int32_t k = 0; k < m->pairs; k++) {
        m->action[k] = k % m->actions;
        m->first[k + 1] = k + 1;
        m->next[k] = end;
        m->prob[k] = 1;
    }
    m->absorbing[end] = 1;
}

static sx_status build(sx_i_reading *rd)
{
    sx_world *w = rd->spec->world;
    int32_t states = sx_names_count(w->states), actions = sx_names_count(w->actions);
    sx_status st = sx_mdp_new(states, actions, states * actions, (int64_t)states * actions,
                              &w->mdp, rd->err);
    if (!st)
        fill(w->mdp);
    return st;
}

static sx_status read_weights(sx_i_reading *rd, const sx_node *n)
{
    const sx_world *w = rd->spec->world;
    sx_status st = SX_OK;
    const sx_node *context = sx_i_first(n, "context");
    sx_place place = context ? sx_i_attr_where(context, "weight") : n->place;
    for (; context; context = sx_i_next(context, "context")) {
        const char *id = sx_node_value(context, "id");
        int32_t s = id ? sx_names_find(w->states, id) : -1;
        double weight = 1;
        st = sx_i_worse(st, sx_i_attr_number(context, "weight", &weight));
        if (s >= 0 && s < w->mdp->states - 1)
            w->mdp->initial[s] = weight;
    }
    return st ? st : sx_i_initial_check(rd, place);
}

static sx_status read_responses(sx_i_reading *rd, const sx_node *n)
{
    sx_i_bearers b = {0};
    sx_status st = sx_i_bearers_find(rd, n, "response", rd->spec->world->actions, &b);
    if (!st)
        st = sx_i_attributes_read(rd, &b, SX_I_OF_ACTIONS);
    sx_release(b.bearer);
    return st;
}

sx_status sx_i_bandit_read(sx_i_reading *rd, const sx_node *n)
{
    sx_world *w = rd->spec->world;
    sx_status st = sx_i_bandit_names_read(rd, n);
    if (sx_i_stops(st) || !w->states || !w->actions || sx_names_count(w->states) < 2 ||
        !sx_names_count(w->actions))
        return st;
    w->contexts = sx_names_count(w->states) - 1;
    st = sx_i_worse(st, build(rd));
    if (!w->mdp)
        return st;
    st = sx_i_worse(st, read_weights(rd, n));
    if (!sx_i_stops(st))
        st = sx_i_worse(st, sx_i_about_states_read(rd, n, "context"));
    if (!sx_i_stops(st))
        st = sx_i_worse(st, read_responses(rd, n));
    if (!sx_i_stops(st))
        st = sx_i_worse(st, sx_i_base_read(rd, n, "policy", "context", "response"));
    return st;
}
