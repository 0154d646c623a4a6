/* SPDX-License-Identifier: GPL-3.0-or-later */
/* spec_names.c - states and actions of a world: their names, and which states absorb. */
#include "mdp/spec_world_int.h"

#include <string.h>

/* One of the two lists: <states> and <state>, or <actions> and <action>. */
typedef struct kind {
    const char *many, *one, *code; /* of an unknown name */
} kind;

static const kind state_kind = {"states", "state", "E120"};
static const kind action_kind = {"actions", "action", "E121"};
static const kind context_kind = {"contexts", "context", "E120"};
static const kind response_kind = {"responses", "response", "E121"};

/* Names as the elements list them. */
static sx_status listed(sx_i_reading *rd, const sx_node *n, const kind *k, sx_names **out)
{
    sx_status st = sx_names_new(out, rd->err);
    const sx_node *one = sx_i_first(n, k->one);
    for (; one && !sx_i_stops(st); one = sx_i_next(one, k->one)) {
        const char *id = sx_node_value(one, "id");
        int32_t index = 0, before = sx_names_count(*out);
        if (!id || !sx_i_attr_sound(one, "id")) { /* reported */
            rd->doubtful = true;
            continue;
        }
        st = sx_i_worse(st, sx_names_add(*out, id, &index, rd->err));
        if (!sx_i_stops(st) && index < before)
            st = sx_diag_report(rd->diags, sx_i_attr_where(one, "id"), "E117", NULL,
                                "the %s \"%.60s\" is listed twice", k->one, id);
    }
    return st;
}

/* Elements after <states count=> or beside an array say more about numbered ones. */
static sx_status check_numbered(sx_i_reading *rd, const sx_node *n, const kind *k,
                                const sx_names *names)
{
    sx_status st = SX_OK;
    const sx_node *one = sx_i_first(n, k->one);
    for (; one; one = sx_i_next(one, k->one)) {
        const char *id = sx_node_value(one, "id");
        if (id && sx_names_find(names, id) < 0)
            st = sx_i_no_name(rd, sx_i_attr_where(one, "id"), k->code, id, names);
    }
    return st;
}

static sx_status read_kind(sx_i_reading *rd, const sx_node *n, const kind *k, int32_t expected,
                           sx_names **out)
{
    const sx_node *many = sx_i_first(n, k->many), *one = sx_i_first(n, k->one);
    int64_t count = expected;
    if (many && sx_i_attr_integer(many, "count", &count))
        return SX_EINPUT;
    if (many && expected >= 0 && count != expected)
        return sx_diag_report(rd->diags, sx_i_attr_where(many, "count"), "E119", NULL,
                              "%ld %s are declared, the data has %d", (long)count, k->many,
                              expected);
    if (many || (!one && expected >= 0)) {
        sx_status st = sx_names_numbered((int32_t)count, out, rd->err);
        return st ? st : check_numbered(rd, n, k, *out);
    }
    sx_status st = listed(rd, n, k, out);
    if (st)
        return st;
    int32_t found = sx_names_count(*out);
    if (found == 0 && rd->doubtful)
        return SX_EINPUT;
    if (found == 0)
        return sx_diag_report(rd->diags, n->place, "E127", NULL, "the world has no %s",
                              k->many);
    if (expected >= 0 && found != expected)
        return sx_diag_report(rd->diags, one->place, "E119",
                              "list all of them in the order of the indices, or none",
                              "%d %s are listed, the data has %d", found, k->many, expected);
    return SX_OK;
}

/* A child that the grammar does not know may have been meant as a state or an action. */
static bool has_strangers(const sx_node *n)
{
    bool found = false;
    for (const sx_node *child = n->child; child; child = child->next)
        found = found || !child->rule;
    return found;
}

sx_status sx_i_names_read(sx_i_reading *rd, const sx_node *n, int32_t states, int32_t actions)
{
    sx_world *w = rd->spec->world;
    rd->doubtful = has_strangers(n);
    sx_status st = read_kind(rd, n, &state_kind, states, &w->states);
    if (!sx_i_stops(st))
        st = sx_i_worse(st, read_kind(rd, n, &action_kind, actions, &w->actions));
    return st;
}

/* Numbered names as written ones, to which another can be added. */
static sx_status write_out(sx_names **names, sx_error *err)
{
    char buffer[SX_NAME_BUFFER];
    sx_names *written = NULL;
    int32_t index;
    sx_status st = sx_names_new(&written, err);
    for (int32_t i = 0; i < sx_names_count(*names) && !st; i++)
        st = sx_names_add(written, sx_names_get(*names, i, buffer), &index, err);
    sx_names_free(*names);
    *names = written;
    return st;
}

sx_status sx_i_bandit_names_read(sx_i_reading *rd, const sx_node *n)
{
    sx_world *w = rd->spec->world;
    int32_t index;
    rd->doubtful = has_strangers(n);
    sx_status st = read_kind(rd, n, &context_kind, -1, &w->states);
    if (!sx_i_stops(st))
        st = sx_i_worse(st, read_kind(rd, n, &response_kind, -1, &w->actions));
    if (!sx_i_stops(st) && w->states && w->actions &&
        ((int64_t)sx_names_count(w->states) + 1) * sx_names_count(w->actions) > SX_I_TRIPLES) {
        w->states = sx_names_free(w->states);
        return sx_diag_report(rd->diags, n->place, "E105", NULL,
                              "the bandit has more than %ld pairs of context and response",
                              (long)SX_I_TRIPLES);
    }
    if (!sx_i_stops(st) && w->states && sx_i_first(n, context_kind.many))
        st = sx_i_worse(st, write_out(&w->states, rd->err));
    if (!sx_i_stops(st) && w->states && sx_names_count(w->states)) {
        const sx_node *context = sx_i_first(n, context_kind.one);
        for (; context; context = sx_i_next(context, context_kind.one))
            if (sx_i_attr_is(context, "id", SX_I_END_STATE))
                st = sx_diag_report(
                    rd->diags, sx_i_attr_where(context, "id"), "E170", "choose another id",
                    "\"%s\" is the state after every response, not a context", SX_I_END_STATE);
        st = sx_i_worse(st, sx_names_add(w->states, SX_I_END_STATE, &index, rd->err));
    }
    return st;
}

sx_status sx_i_absorbing_read(sx_i_reading *rd, const sx_node *n, unsigned char **absorbing)
{
    const sx_names *names = rd->spec->world->states;
    unsigned char *marks = *absorbing = sx_alloc((size_t)sx_names_count(names), 1);
    if (!marks)
        return sx_nomem(rd->err);
    const sx_node *one = sx_i_first(n, "state");
    for (; one; one = sx_i_next(one, "state")) {
        const char *id = sx_node_value(one, "id");
        int32_t s = id ? sx_names_find(names, id) : -1;
        if (s >= 0 && sx_i_attr_is(one, "absorbing", "true"))
            marks[s] = 1;
    }
    return SX_OK;
}
