/* SPDX-License-Identifier: GPL-3.0-or-later */
/* spec_label.c - labels of states; attributes of states, responses and pairs as variables for
 * expressions.
 *
 * Both are collected first and added label by label, variable by variable, so that 10^5
 * states cost no quadratic work. */
#include "mdp/expr.h"
#include "mdp/spec_world_int.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A state (action, pair) below a label or variable, by index in a list of names. */
typedef struct member {
    int32_t name, index;
    const sx_node *node; /* state or attribute element */
} member;

typedef struct members {
    sx_names *names;
    int64_t count, room;
    member *member;
} members;

static sx_status members_add(members *m, const char *name, int32_t index, const sx_node *node,
                             sx_error *err)
{
    if (m->count == m->room) {
        int64_t room = m->room + m->room / 2 + 64;
        member *grown = sx_realloc(m->member, (size_t)room, sizeof *grown);
        if (!grown)
            return sx_nomem(err);
        m->member = grown;
        m->room = room;
    }
    member new = {0, index, node};
    sx_status st = sx_names_add(m->names, name, &new.name, err);
    if (!st)
        m->member[m->count++] = new;
    return st;
}

static int by_name(const void *left, const void *right)
{
    const member *a = left, *b = right;
    if (a->name != b->name)
        return a->name < b->name ? -1 : 1;
    return (a->index > b->index) - (a->index < b->index);
}

/* Sort and count those of the name at member i. */
static int64_t run_of(const members *m, int64_t i)
{
    int64_t n = 1;
    while (i + n < m->count && m->member[i + n].name == m->member[i].name)
        n++;
    return n;
}

static void members_free(members *m)
{
    sx_names_free(m->names);
    sx_release(m->member);
}

sx_status sx_i_bearers_find(sx_i_reading *rd, const sx_node *n, const char *name,
                            const sx_names *names, sx_i_bearers *out)
{
    int64_t room = 0;
    for (const sx_node *node = sx_i_first(n, name); node; node = sx_i_next(node, name))
        room++;
    *out = (sx_i_bearers){0, sx_alloc((size_t)room, sizeof *out->bearer)};
    if (!out->bearer)
        return sx_nomem(rd->err);
    for (const sx_node *node = sx_i_first(n, name); node; node = sx_i_next(node, name)) {
        const char *id = sx_node_value(node, "id");
        int32_t index = id ? sx_names_find(names, id) : -1;
        if (index >= 0)
            out->bearer[out->count++] = (sx_i_bearer){node, index};
    }
    return SX_OK;
}

/* --- labels ----------------------------------------------------------------------------- */

sx_status sx_i_label_check(sx_i_reading *rd, const char *label, sx_place place)
{
    const sx_world *w = rd->spec->world;
    int32_t s = sx_names_find(w->states, label), i = sx_world_label(w, label);
    if (s < 0 || i < 0 || (w->label[i].count == 1 && w->label[i].state[0] == s))
        return SX_OK;
    return sx_diag_report(rd->diags, place, "E122", "rename one of them",
                          "the label \"%.60s\" is also the name of a state, but means others",
                          label);
}

/* Split the labels of one state. */
static sx_status split_labels(sx_i_reading *rd, const sx_i_bearer *b, const char *attr,
                              members *m)
{
    sx_status st = SX_OK;
    const char *p = sx_node_value(b->node, attr);
    while (p && !st && sx_names_count(m->names) <= SX_I_LABELS &&
           *(p += strspn(p, " \t\r\n"))) {
        size_t size = strcspn(p, " \t\r\n");
        char *label = sx_alloc(size + 1, 1);
        if (!label)
            return sx_nomem(rd->err);
        memcpy(label, p, size);
        st = members_add(m, label, b->index, b->node, rd->err);
        sx_release(label);
        p += size;
    }
    return st;
}

/* Add the label of the members m->member[i] .. [i+n-1], which attr gives. */
static sx_status add_label(sx_i_reading *rd, const members *m, const char *attr, int64_t i,
                           int64_t n)
{
    char buffer[SX_NAME_BUFFER];
    const char *name = sx_names_get(m->names, m->member[i].name, buffer);
    int32_t index, *state = sx_alloc((size_t)n, sizeof *state);
    if (!state)
        return sx_nomem(rd->err);
    for (int64_t k = 0; k < n; k++)
        state[k] = m->member[i + k].index;
    sx_status st =
        sx_world_add_label(rd->spec->world, name, state, (int32_t)n, &index, rd->err);
    sx_release(state);
    if (!st)
        st = sx_i_label_check(rd, name, sx_i_attr_where(m->member[i].node, attr));
    return st;
}

sx_status sx_i_labels_read(sx_i_reading *rd, const sx_i_bearers *b, const char *attr)
{
    members m = {0};
    sx_status st = sx_names_new(&m.names, rd->err);
    for (int64_t i = 0; i < b->count && !st; i++)
        st = split_labels(rd, &b->bearer[i], attr, &m);
    if (!st && sx_names_count(m.names) > SX_I_LABELS)
        st = sx_diag_report(rd->diags, b->bearer[0].node->parent->place, "E105", NULL,
                            "the world has more than %d labels", SX_I_LABELS);
    if (!st && m.count)
        qsort(m.member, (size_t)m.count, sizeof *m.member, by_name);
    for (int64_t i = 0, k; i < m.count && !sx_i_stops(st); i += k) {
        k = run_of(&m, i);
        st = sx_i_worse(st, add_label(rd, &m, attr, i, k));
    }
    members_free(&m);
    return st;
}

/* --- attributes --------------------------------------------------------------------------- */

/* Words that expressions use themselves. */
bool sx_i_word_reserved(const char *name)
{
    static const char *const words[] = {"and", "or",  "not", "if",    "min",  "max",
                                        "abs", "exp", "log", "log1p", "sqrt", "action"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strcmp(words[i], name) == 0)
            return true;
    return strncmp(name, "next_", 5) == 0;
}

/* How many numbers the variables of w hold. */
static int64_t numbers_held(const sx_world *w)
{
    int64_t n = 0;
    for (int32_t i = 0; i < w->variables; i++)
        n += w->variable[i].of_pairs ? w->mdp->pairs : w->mdp->states;
    return n;
}

/* Report what is wrong with the id of an attribute: once per id. */
sx_status sx_i_variable_check(sx_i_reading *rd, const char *name, const sx_node *node,
                              sx_i_bearer_kind kind)
{
    const sx_world *w = rd->spec->world;
    sx_place place = sx_i_attr_where(node, "id");
    int32_t more = kind == SX_I_OF_STATES ? w->mdp->states : w->mdp->pairs;
    if (w->variables >= SX_I_VARIABLES || numbers_held(w) + more > (int64_t)1 << 28)
        return sx_diag_report(rd->diags, place, "E105", NULL,
                              "the world has too many different attributes");
    if (sx_i_word_reserved(name))
        return sx_diag_report(rd->diags, place, "E118", "choose another id",
                              "the attribute \"%.60s\" has a name that expressions use "
                              "otherwise",
                              name);
    if (sx_world_variable(w, name) >= 0)
        return sx_diag_report(
            rd->diags, place, "E118",
            kind == SX_I_OF_ACTIONS
                ? "contexts and responses share one list of attributes: choose another id"
                : "choose another id",
            "the attribute \"%.60s\" has the name of a variable that the "
            "world has already",
            name);
    return SX_OK;
}

/* Is every value of the n members a number?  *mixed: the first that differs from the first. */
static bool all_numbers(const member *m, int64_t n, int64_t *mixed)
{
    double x = 0;
    bool first = false;
    *mixed = -1;
    for (int64_t i = 0; i < n; i++) {
        bool number = sx_number_read(sx_node_value(m[i].node, "value"), &x);
        if (i == 0)
            first = number;
        else if (number != first && *mixed < 0)
            *mixed = i;
    }
    return first;
}

static sx_status tell(sx_i_reading *rd, const sx_variable *v, const member *m,
                      sx_i_bearer_kind kind)
{
    const sx_i_listener *l = rd->listener;
    int32_t variable = (int32_t)(v - rd->spec->world->variable);
    return l ? l->number(l->context, variable, (int)kind, m->index, m->node) : SX_OK;
}

/* The value of one member, read from its attribute. */
static sx_status set_value(sx_i_reading *rd, sx_variable *v, const member *m,
                           sx_i_bearer_kind kind, double *value)
{
    const char *text = sx_node_value(m->node, "value");
    int32_t index = 0;
    if (!v->symbols)
        return sx_number_read(text, &value[m->index]) ? tell(rd, v, m, kind) : SX_EINPUT;
    sx_status st = sx_names_add(v->symbols, text, &index, rd->err);
    value[m->index] = index;
    return st;
}

static sx_status report_twice(sx_i_reading *rd, const char *name, const member *m,
                              sx_i_bearer_kind kind)
{
    char buffer[SX_NAME_BUFFER], pair[200];
    const sx_world *w = rd->spec->world;
    const char *what = kind == SX_I_OF_ACTIONS ? "response" : "state", *who = pair;
    if (kind == SX_I_OF_PAIRS) {
        int32_t s = sx_i_source(w->mdp, m->index);
        what = "pair";
        sx_world_pair_text(w, s, w->mdp->action[m->index], pair, sizeof pair);
    } else {
        who = sx_names_get(kind == SX_I_OF_ACTIONS ? w->actions : w->states, m->index, buffer);
    }
    return sx_diag_report(rd->diags, sx_i_attr_where(m->node, "id"), "E129", NULL,
                          "the %s %.120s has the attribute %.60s twice", what, who, name);
}

/* value [things]: NAN where no member gives one. */
static sx_status fill_values(sx_i_reading *rd, sx_variable *v, const member *m, int64_t n,
                             sx_i_bearer_kind kind, double *value, int32_t things)
{
    sx_status st = SX_OK;
    for (int32_t i = 0; i < things; i++)
        value[i] = NAN;
    for (int64_t i = 0; i < n && !sx_i_stops(st); i++) {
        if (i > 0 && m[i].index == m[i - 1].index && m[i].node != m[i - 1].node)
            st = report_twice(rd, v->name, &m[i], kind);
        else
            st = sx_i_worse(st, set_value(rd, v, &m[i], kind, value));
    }
    return st;
}

/* Values of actions [A] on the pairs of the states that are not absorbing. */
static void spread(const sx_mdp *m, const double *of_action, double *of_pair)
{
    for (int32_t s = 0; s < m->states; s++)
        for (int32_t k = m->pair[s]; k < m->pair[s + 1]; k++)
            of_pair[k] = m->absorbing[s] ? (double)NAN : of_action[m->action[k]];
}

static sx_status fill_variable(sx_i_reading *rd, sx_variable *v, const member *m, int64_t n,
                               sx_i_bearer_kind kind)
{
    const sx_mdp *mdp = rd->spec->world->mdp;
    if (kind == SX_I_OF_STATES)
        return fill_values(rd, v, m, n, kind, v->value, mdp->states);
    if (kind == SX_I_OF_PAIRS)
        return fill_values(rd, v, m, n, kind, v->value, mdp->pairs);
    double *value = sx_alloc((size_t)mdp->actions, sizeof *value);
    if (!value)
        return sx_nomem(rd->err);
    sx_status st = fill_values(rd, v, m, n, kind, value, mdp->actions);
    spread(mdp, value, v->value);
    sx_release(value);
    return st;
}

/* Add the variable of the n members at m. */
static sx_status add_variable(sx_i_reading *rd, const char *name, const member *m, int64_t n,
                              sx_i_bearer_kind kind)
{
    sx_world *w = rd->spec->world;
    int32_t index = 0;
    int64_t mixed;
    sx_status st = sx_i_variable_check(rd, name, m[0].node, kind);
    bool number = all_numbers(m, n, &mixed);
    if (!st && mixed >= 0) {
        const sx_node *odd = m[mixed].node;
        char hint[100];
        snprintf(hint, sizeof hint, "line %ld has a %s",
                 (long)sx_i_attr_where(m[0].node, "value").line, number ? "number" : "name");
        st = sx_diag_report(rd->diags, sx_i_attr_where(odd, "value"), "E129", hint,
                            "the attribute %.60s is a %s here, a %s elsewhere", name,
                            number ? "name" : "number", number ? "number" : "name");
    }
    if (!st && kind == SX_I_OF_STATES)
        st = sx_world_add_variable(w, name, &index, rd->err);
    else if (!st)
        st = sx_world_add_pair_variable(w, name, &index, rd->err);
    if (!st && !number)
        st = sx_names_new(&w->variable[index].symbols, rd->err);
    return st ? st : fill_variable(rd, &w->variable[index], m, n, kind);
}

static sx_status add_variables(sx_i_reading *rd, members *m, sx_i_bearer_kind kind)
{
    sx_status st = SX_OK;
    if (m->count)
        qsort(m->member, (size_t)m->count, sizeof *m->member, by_name);
    for (int64_t i = 0, k; i < m->count && !sx_i_stops(st); i += k) {
        char buffer[SX_NAME_BUFFER];
        const char *name = sx_names_get(m->names, m->member[i].name, buffer);
        k = run_of(m, i);
        st = sx_i_worse(st, add_variable(rd, name, &m->member[i], k, kind));
    }
    return st;
}

/* The attributes below the element of b. */
static sx_status collect(sx_i_reading *rd, members *m, const sx_i_bearer *b)
{
    sx_status st = SX_OK;
    const sx_node *a = sx_i_first(b->node, "attribute");
    for (; a && !st; a = sx_i_next(a, "attribute"))
        if (sx_node_value(a, "id") && sx_node_value(a, "value"))
            st = members_add(m, sx_node_value(a, "id"), b->index, a, rd->err);
    return st;
}

sx_status sx_i_attributes_read(sx_i_reading *rd, const sx_i_bearers *b, sx_i_bearer_kind kind)
{
    members m = {0};
    sx_status st = sx_names_new(&m.names, rd->err);
    for (int64_t i = 0; i < b->count && !st; i++)
        st = collect(rd, &m, &b->bearer[i]);
    if (!st)
        st = add_variables(rd, &m, kind);
    members_free(&m);
    return st;
}

sx_status sx_i_about_states_read(sx_i_reading *rd, const sx_node *n, const char *name)
{
    sx_i_bearers b = {0};
    sx_status st = sx_i_bearers_find(rd, n, name, rd->spec->world->states, &b);
    if (!st)
        st = sx_i_labels_read(rd, &b, "labels");
    if (!sx_i_stops(st))
        st = sx_i_worse(st, sx_i_attributes_read(rd, &b, SX_I_OF_STATES));
    sx_release(b.bearer);
    return st;
}

sx_status sx_i_cell_attributes_read(sx_i_reading *rd, const sx_node *const *cell, int32_t cells,
                                    const int32_t *kind)
{
    bool any = false;
    for (int32_t i = 0; i < cells; i++)
        any = any || sx_i_first(cell[i], "attribute");
    int32_t states = any ? rd->spec->world->mdp->states : 0;
    sx_i_bearers b = {0, sx_alloc((size_t)states, sizeof *b.bearer)};
    if (!b.bearer)
        return sx_nomem(rd->err);
    for (int32_t s = 0; s < states; s++)
        if (kind[s] >= 0)
            b.bearer[b.count++] = (sx_i_bearer){cell[kind[s]], s};
    sx_status st = sx_i_attributes_read(rd, &b, SX_I_OF_STATES);
    sx_release(b.bearer);
    return st;
}
