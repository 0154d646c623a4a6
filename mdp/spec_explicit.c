/* SPDX-License-Identifier: GPL-3.0-or-later */
/* spec_explicit.c - worlds whose transitions are listed: <explicit>, <transitions>. */
#include "mdp/expr.h"
#include "mdp/spec_world_int.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define NUMBERED_MOST 10000000 /* states of a table that numbers them */

/* What all such worlds do once the list is filled. */
static sx_status finish(sx_i_steps *list, const sx_node *n, sx_status st)
{
    if (!sx_i_stops(st))
        st = sx_i_worse(st, sx_i_steps_build(list));
    if (!sx_i_stops(st) && list->rd->spec->world->mdp) {
        st = sx_i_worse(st, sx_i_about_states_read(list->rd, n, "state"));
        if (!sx_i_stops(st))
            st = sx_i_worse(st, sx_i_pairs_read(list->rd, n));
    }
    sx_release(list->step);
    return st;
}

/* --- <explicit> -------------------------------------------------------------------------- */

/* The <transition> elements in order, and the world they are in. */
typedef struct elements {
    const sx_i_reading *rd;
    const sx_node *world;
    const sx_node **node;
} elements;

/* The element of state s, or the world when there is none. */
static const sx_node *state_element(const elements *e, int32_t s)
{
    const sx_node *node = sx_i_first(e->world, "state");
    for (; node; node = sx_i_next(node, "state")) {
        const char *id = sx_node_value(node, "id");
        if (id && sx_names_find(e->rd->spec->world->states, id) == s)
            return node;
    }
    return e->world;
}

static sx_place element_place(const void *context, int64_t origin, const char *part)
{
    const elements *e = context;
    if (origin >= 0)
        return sx_i_attr_where(e->node[origin], part);
    const sx_node *node = state_element(e, (int32_t)(-1 - origin));
    return node == e->world ? node->place : sx_i_attr_where(node, "id");
}

static sx_status add_element(sx_i_steps *list, const sx_node *node, int64_t origin)
{
    const char *name[3] = {sx_node_value(node, "from"), sx_node_value(node, "action"),
                           sx_node_value(node, "to")};
    double p = NAN;
    bool sum = sx_i_attr_is(node, "sum", "true");
    sx_status bad = sx_i_attr_number(node, "p", &p);
    return sx_i_worse(bad, sx_i_steps_add(list, name, p, sum, origin));
}

static sx_status add_elements(sx_i_steps *list, const sx_node *n, elements *e)
{
    int64_t count = 0;
    for (const sx_node *t = sx_i_first(n, "transition"); t; t = sx_i_next(t, "transition"))
        count++;
    e->node = sx_alloc((size_t)count, sizeof(void *));
    if (!e->node)
        return sx_nomem(list->rd->err);
    sx_status st = SX_OK;
    const sx_node *t = sx_i_first(n, "transition");
    for (int64_t i = 0; t && !sx_i_stops(st); t = sx_i_next(t, "transition"), i++) {
        e->node[i] = t;
        st = sx_i_worse(st, add_element(list, t, i));
    }
    return st;
}

sx_status sx_i_explicit_read(sx_i_reading *rd, const sx_node *n)
{
    elements e = {rd, n, NULL};
    unsigned char *absorbing = NULL;
    sx_status names = sx_i_names_read(rd, n, -1, -1);
    const sx_world *w = rd->spec->world;
    if (sx_i_stops(names) || !w->states || !w->actions || !sx_names_count(w->states) ||
        !sx_names_count(w->actions))
        return names;
    sx_status st = sx_i_absorbing_read(rd, n, &absorbing);
    sx_i_steps list = {.rd = rd,
                       .absorbing = absorbing,
                       .lost = rd->doubtful,
                       .place = element_place,
                       .context = &e};
    if (!st)
        st = add_elements(&list, n, &e);
    st = finish(&list, n, sx_i_worse(names, st));
    sx_release(e.node);
    sx_release(absorbing);
    return st;
}

/* --- <transitions> ------------------------------------------------------------------------ */

enum { FROM, ACTION, TO, PROBABILITY, COLUMNS };
static const char *const column_name[COLUMNS] = {"from", "action", "to", "p"};

typedef struct rows {
    const sx_i_reading *rd;
    const sx_csv *csv;
    const sx_node *world;
    int32_t column[COLUMNS];
} rows;

/* Where the table first enters state s. */
static sx_place state_place(const rows *r, int32_t s)
{
    char buffer[SX_NAME_BUFFER];
    const char *name = sx_names_get(r->rd->spec->world->states, s, buffer);
    for (int64_t i = 0; i < sx_csv_rows(r->csv); i++)
        if (strcmp(sx_csv_field(r->csv, i, r->column[TO]), name) == 0)
            return sx_csv_place(r->csv, i, r->column[TO]);
    return sx_i_attr_where(r->world, "href");
}

static sx_place row_place(const void *context, int64_t origin, const char *part)
{
    const rows *r = context;
    if (origin < 0)
        return state_place(r, (int32_t)(-1 - origin));
    for (int i = 0; i < COLUMNS; i++)
        if (strcmp(part, column_name[i]) == 0)
            return sx_csv_place(r->csv, origin, r->column[i]);
    return sx_csv_place(r->csv, origin, -1);
}

/* Exactly the four columns, in any order. */
static sx_status find_columns(sx_i_reading *rd, rows *r)
{
    sx_status st = SX_OK;
    for (int i = 0; i < COLUMNS; i++) {
        r->column[i] = sx_csv_column(r->csv, column_name[i]);
        if (r->column[i] < 0)
            st = sx_diag_report(rd->diags, sx_csv_place(r->csv, -1, -1), "E144",
                                "the columns are from, action, to, p",
                                "the table has no column %s", column_name[i]);
    }
    for (int32_t c = 0; c < sx_csv_columns(r->csv) && !st; c++) {
        bool known = false;
        for (int i = 0; i < COLUMNS; i++)
            known = known || r->column[i] == c;
        if (!known)
            st = sx_diag_report(rd->diags, sx_csv_place(r->csv, -1, c), "E144",
                                "the columns are from, action, to, p",
                                "the table has an unknown column \"%.60s\"",
                                sx_csv_header(r->csv, c));
    }
    return st;
}

/* The number that text writes without sign or leading zeros, or -1. */
static int64_t index_of(const char *text)
{
    size_t n = strlen(text);
    if (n == 0 || n > 9 || strspn(text, "0123456789") != n || (n > 1 && *text == '0'))
        return -1;
    int64_t value = 0;
    for (; *text; text++)
        value = 10 * value + (*text - '0');
    return value;
}

/* One past the largest number in two columns, or 0 when something else stands there. */
static int32_t numbers_in(const rows *r, const int32_t column[2])
{
    int64_t most = -1;
    for (int64_t i = 0; i < 2 * sx_csv_rows(r->csv); i++) {
        const char *text = sx_csv_field(r->csv, i / 2, column[i % 2]);
        int64_t value = index_of(text);
        if (value < 0 && strcmp(text, "*") != 0)
            return 0;
        most = value > most ? value : most;
    }
    return most < NUMBERED_MOST ? (int32_t)most + 1 : 0;
}

/* Names from two columns (the same one twice is one): numbers when all are, else in order of
 * appearance. */
static sx_status names_from(sx_i_reading *rd, const rows *r, int first, int second,
                            sx_names **out)
{
    const int32_t column[2] = {r->column[first], r->column[second]};
    int32_t numbers = numbers_in(r, column);
    if (numbers)
        return sx_names_numbered(numbers, out, rd->err);
    sx_status st = sx_names_new(out, rd->err);
    for (int64_t i = 0; i < 2 * sx_csv_rows(r->csv) && !st; i++) {
        const char *text = sx_csv_field(r->csv, i / 2, column[i % 2]);
        int32_t index;
        if (*text && strcmp(text, "*") != 0)
            st = sx_names_add(*out, text, &index, rd->err);
    }
    return st;
}

/* The names that the elements did not list come from the table. */
static sx_status complete_names(sx_i_reading *rd, const rows *r)
{
    const sx_node *n = r->world;
    sx_world *w = rd->spec->world;
    sx_names *states = NULL, *actions = NULL;
    bool listed_states = sx_i_first(n, "states") || sx_i_first(n, "state");
    bool listed_actions = sx_i_first(n, "actions") || sx_i_first(n, "action");
    sx_status st = listed_states ? SX_OK : names_from(rd, r, FROM, TO, &states);
    if (!st && !listed_actions)
        st = names_from(rd, r, ACTION, ACTION, &actions);
    if (!st)
        st = sx_i_names_read(rd, n, states ? 0 : -1, actions ? 0 : -1);
    if (states) {
        sx_names_free(w->states);
        w->states = states;
    }
    if (actions) {
        sx_names_free(w->actions);
        w->actions = actions;
    }
    return st;
}

static sx_status add_row(sx_i_steps *list, const rows *r, int64_t row)
{
    const char *name[3];
    const char *text = sx_csv_field(r->csv, row, r->column[PROBABILITY]);
    sx_place place = row_place(r, row, "p");
    double p = NAN;
    sx_status st = SX_OK;
    for (int i = 0; i < 3; i++)
        name[i] = sx_csv_field(r->csv, row, r->column[i]);
    if (!sx_number_read(text, &p))
        st = sx_diag_report(list->rd->diags, place, "E109", NULL,
                            "p \"%.60s\" is not a probability: a number from 0 to 1, also 1/3",
                            text);
    else if (!(p >= 0 && p <= 1))
        st = sx_diag_report(list->rd->diags, place, "E104", NULL, "p \"%.60s\" is %s", text,
                            p < 0 ? "less than 0" : "greater than 1");
    return sx_i_worse(st, sx_i_steps_add(list, name, st ? NAN : p, false, row));
}

static sx_status read_rows(sx_i_reading *rd, rows *r)
{
    unsigned char *absorbing = NULL;
    const sx_world *w = rd->spec->world;
    sx_status st = find_columns(rd, r);
    if (st)
        return st;
    st = complete_names(rd, r);
    if (!st && (!sx_names_count(w->states) || !sx_names_count(w->actions)))
        st = sx_diag_report(rd->diags, sx_i_attr_where(r->world, "href"), "E127", NULL,
                            "the table has no transitions");
    if (sx_i_stops(st) || !w->states || !w->actions || !sx_names_count(w->states) ||
        !sx_names_count(w->actions))
        return st;
    sx_i_steps list = {.rd = rd, .place = row_place, .context = r};
    st = sx_i_worse(st, sx_i_absorbing_read(rd, r->world, &absorbing));
    list.absorbing = absorbing;
    for (int64_t i = 0; i < sx_csv_rows(r->csv) && !sx_i_stops(st); i++)
        st = sx_i_worse(st, add_row(&list, r, i));
    st = finish(&list, r->world, st);
    sx_release(absorbing);
    return st;
}

sx_status sx_i_transitions_read(sx_i_reading *rd, const sx_node *n)
{
    sx_csv *csv = NULL;
    sx_status st = sx_i_read_csv(rd, n, "href", &csv);
    rows r = {.rd = rd, .csv = csv, .world = n};
    if (!st)
        st = read_rows(rd, &r);
    sx_csv_free(csv);
    return st;
}
