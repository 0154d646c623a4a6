/* SPDX-License-Identifier: GPL-3.0-or-later */
/* spec_bulk.c - worlds from numpy arrays, and random ones. */
#include "mdp/random.h"
#include "mdp/spec_world_int.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#define SUM_TOLERANCE 1e-9

/* --- <arrays> ------------------------------------------------------------------------------
 */

/* The transition array of a world, seen as tau[s][a][s']. */
typedef struct table {
    sx_i_reading *rd;
    const sx_node *node;
    const sx_array *array;
    bool actions_first; /* stored as [a][s][s'] */
    int32_t states, actions;
    unsigned char *absorbing; /* [S] */
} table;

static const double *row_of(const table *t, int32_t s, int32_t a)
{
    int64_t row = t->actions_first ? (int64_t)a * t->states + s : (int64_t)s * t->actions + a;
    return t->array->value + row * t->states;
}

static void shape_text(const sx_array *a, char text[80])
{
    snprintf(text, 80,
             a->dims == 1   ? "(%" PRId64 ",)"
             : a->dims == 2 ? "(%" PRId64 ", %" PRId64 ")"
                            : "(%" PRId64 ", %" PRId64 ", %" PRId64 ")",
             a->shape[0], a->shape[1], a->shape[2]);
}

/* Which order the array has, from order= or from the shape. */
static sx_status choose_order(table *t, bool sas, bool ass, const char *shape)
{
    sx_diags *d = t->rd->diags;
    sx_place where = sx_i_attr_where(t->node, "transitions");
    const char *order = sx_i_attr_sound(t->node, "order");
    if (!sas && !ass)
        return sx_diag_report(d, where, "E140",
                              "(S, A, S) or (A, S, S) for S states and A actions",
                              "the shape %s fits neither order", shape);
    if (!order && sas && ass)
        return sx_diag_report(d, where, "E141",
                              "add order=\"sas\" for P[s, a, t], order=\"ass\" for P[a, s, t]",
                              "the shape %s fits both orders", shape);
    t->actions_first = order ? strcmp(order, "ass") == 0 : !sas;
    if (t->actions_first ? ass : sas)
        return SX_OK;
    return sx_diag_report(d, sx_i_attr_where(t->node, "order"), "E140",
                          sas ? "it is sas" : "it is ass",
                          "the shape %s does not fit order=\"%s\"", shape, order);
}

/* The sizes of the world from the shape of the array. */
static sx_status find_order(table *t)
{
    const sx_array *a = t->array;
    const int64_t *n = a->shape;
    sx_place where = sx_i_attr_where(t->node, "transitions");
    char shape[80];
    shape_text(a, shape);
    if (a->dims != 3)
        return sx_diag_report(t->rd->diags, where, "E140",
                              "it has the axes state, action, next state",
                              "the transitions have the shape %s, not three axes", shape);
    sx_status st = choose_order(t, n[0] == n[2], n[1] == n[2], shape);
    if (!st && n[0] * n[1] > INT32_MAX / 4)
        st = sx_diag_report(t->rd->diags, where, "E105", NULL, "the shape %s is too large",
                            shape);
    if (!st) {
        t->states = (int32_t)n[2];
        t->actions = (int32_t)(t->actions_first ? n[0] : n[1]);
    }
    return st;
}

/* Report element (s, a, next) of the array, in its own order. */
static sx_status bad_element(const table *t, int32_t s, int32_t a, int32_t next, double value)
{
    return sx_diag_report(t->rd->diags, sx_i_attr_where(t->node, "transitions"), "E142", NULL,
                          "element [%d, %d, %d] of the transitions is %g, not a probability",
                          t->actions_first ? a : s, t->actions_first ? s : a, next, value);
}

/* Check the row of (s, a); *support: how many of its elements are positive. */
static sx_status check_row(const table *t, int32_t s, int32_t a, int32_t *support)
{
    const double *p = row_of(t, s, a);
    double sum = 0;
    *support = 0;
    for (int32_t n = 0; n < t->states; n++) {
        if (!(p[n] >= 0 && p[n] <= 1 + SUM_TOLERANCE))
            return bad_element(t, s, a, n, p[n]);
        sum += p[n];
        *support += p[n] > 0;
    }
    if (*support == 0)
        return SX_OK;
    char pair[80];
    sx_world_pair_text(t->rd->spec->world, s, a, pair, sizeof pair);
    bool loop = *support == 1 && p[s] > 0;
    if (t->absorbing[s] && !loop)
        return sx_diag_report(t->rd->diags, sx_i_attr_where(t->node, "transitions"), "E123",
                              "an absorbing state loops to itself under every action",
                              "%s leaves a state that is declared absorbing", pair);
    double rounding = t->array->single ? (*support + 1) * 0x1p-24 : 0;
    if (fabs(sum - 1) <= SUM_TOLERANCE + rounding)
        return SX_OK;
    return sx_diag_report(t->rd->diags, sx_i_attr_where(t->node, "transitions"), "E125",
                          "each row sums to 1, or is all zero where the action is unavailable",
                          "the probabilities of %s sum to %.12g, not 1", pair, sum);
}

/* Check everything and count the pairs and entries of the world. */
static sx_status measure(const table *t, int64_t *pairs, int64_t *entries)
{
    sx_status st = SX_OK;
    int64_t before = sx_diags_errors(t->rd->diags);
    *pairs = *entries = 0;
    for (int32_t s = 0; s < t->states; s++) {
        int64_t first = *pairs;
        for (int32_t a = 0; a < t->actions; a++) {
            int32_t support = 0;
            st = sx_i_worse(st, check_row(t, s, a, &support));
            support = t->absorbing[s] ? 1 : support;
            *pairs += support > 0;
            *entries += support;
        }
        char name[SX_NAME_BUFFER];
        if (*pairs == first && sx_diags_errors(t->rd->diags) == before)
            st =
                sx_diag_report(t->rd->diags, sx_i_attr_where(t->node, "transitions"), "E126",
                               "give it a row that sums to 1, or declare it: <state id=\"...\" "
                               "absorbing=\"true\"/>",
                               "the state %.60s has no action: its rows are all zero",
                               sx_names_get(t->rd->spec->world->states, s, name));
        if (sx_diags_errors(t->rd->diags) > before + SX_DIAG_LIMIT)
            return st;
    }
    return st;
}

/* Append the row of (s, a) at entry *e of m; how many entries it has. */
static int32_t fill_row(const table *t, int32_t s, int32_t a, sx_mdp *m, int64_t *e)
{
    const double *p = row_of(t, s, a);
    int64_t first = *e;
    for (int32_t n = 0; n < t->states; n++) {
        double value = t->absorbing[s] ? n == s : p[n];
        if (value > 0) {
            m->next[*e] = n;
            m->prob[(*e)++] = value < 1 ? value : 1;
        }
    }
    return (int32_t)(*e - first);
}

/* The arrays of m from the rows. */
static void fill(const table *t, sx_mdp *m)
{
    int32_t k = 0;
    int64_t e = 0;
    for (int32_t s = 0; s < t->states; s++) {
        m->pair[s] = k;
        m->absorbing[s] = t->absorbing[s];
        for (int32_t a = 0; a < t->actions; a++) {
            int64_t first = e;
            if (fill_row(t, s, a, m, &e) > 0) {
                m->first[k] = first;
                m->action[k++] = a;
            }
        }
    }
    m->pair[t->states] = k;
    m->first[k] = e;
    sx_mdp_normalise(m);
}

static sx_status read_mu(const table *t)
{
    sx_array *mu = NULL;
    sx_i_reading *rd = t->rd;
    if (!sx_node_value(t->node, "initial"))
        return SX_OK;
    sx_status st = sx_i_read_array(rd, t->node, "initial", &mu);
    sx_place where = sx_i_attr_where(t->node, "initial");
    char shape[80];
    if (!st) {
        shape_text(mu, shape);
        if (mu->shape[0] != t->states || mu->dims != 1)
            st = sx_diag_report(rd->diags, where, "E140", NULL,
                                "the initial distribution has the shape %s, not (%d,)", shape,
                                t->states);
    }
    for (int32_t s = 0; s < t->states && !st; s++) {
        double x = mu->value[s];
        rd->spec->world->mdp->initial[s] = x;
        if (!(x >= 0) || isinf(x))
            st = sx_diag_report(rd->diags, where, "E142", NULL,
                                "element [%d] of the initial distribution is %g, not a weight",
                                s, x);
    }
    sx_array_free(mu);
    return st ? st : sx_i_initial_check(rd, where);
}

static sx_status read_table(table *t)
{
    sx_i_reading *rd = t->rd;
    sx_world *w = rd->spec->world;
    int64_t pairs = 0, entries = 0;
    sx_status st = find_order(t);
    if (!st)
        st = sx_i_names_read(rd, t->node, t->states, t->actions);
    if (!st)
        st = sx_i_absorbing_read(rd, t->node, &t->absorbing);
    if (!st)
        st = measure(t, &pairs, &entries);
    if (!st)
        st = sx_mdp_new(t->states, t->actions, (int32_t)pairs, entries, &w->mdp, rd->err);
    if (!st) {
        fill(t, w->mdp);
        st = read_mu(t);
        if (!sx_i_stops(st))
            st = sx_i_worse(st, sx_i_about_states_read(rd, t->node, "state"));
        if (!sx_i_stops(st))
            st = sx_i_worse(st, sx_i_pairs_read(rd, t->node));
    }
    sx_release(t->absorbing);
    return st;
}

sx_status sx_i_arrays_read(sx_i_reading *rd, const sx_node *n)
{
    sx_array *array = NULL;
    sx_status st = sx_i_read_array(rd, n, "transitions", &array);
    table t = {.rd = rd, .node = n, .array = array};
    if (!st)
        st = read_table(&t);
    sx_array_free(array);
    return st;
}

/* --- <random> -------------------------------------------------------------------------------
 */

sx_status sx_i_random_read(sx_i_reading *rd, const sx_node *n)
{
    sx_world *w = rd->spec->world;
    int64_t states = 0, actions = 0, successors = 0, seed = 0;
    bool starc = sx_i_attr_is(n, "kind", "starc");
    sx_status st = sx_i_attr_integer(n, "states", &states);
    st = sx_i_worse(st, sx_i_attr_integer(n, "actions", &actions));
    st = sx_i_worse(st, sx_i_attr_integer(n, "seed", &seed));
    if (st)
        return st;
    sx_place where = sx_i_attr_where(n, "successors");
    if (!sx_node_value(n, "successors"))
        successors = states;
    else if (sx_i_attr_integer(n, "successors", &successors))
        return SX_EINPUT;
    else if (starc)
        return sx_diag_report(rd->diags, where, "E134", NULL,
                              "kind=\"starc\" takes no successors: every state is one");
    if (successors > states)
        return sx_diag_report(rd->diags, where, "E134", NULL,
                              "%ld successors are more than the %ld states", (long)successors,
                              (long)states);
    if ((double)states * (double)actions * (double)successors > (double)SX_RANDOM_LIMIT)
        return sx_diag_report(rd->diags, n->place, "E105",
                              "lower states, actions or successors",
                              "the world has more than %ld transitions", (long)SX_RANDOM_LIMIT);
    if (starc)
        st = sx_random_starc((int32_t)states, (int32_t)actions, (uint64_t)seed, &w->mdp,
                             rd->err);
    else
        st = sx_random_dirichlet((int32_t)states, (int32_t)actions, (int32_t)successors,
                                 (uint64_t)seed, &w->mdp, rd->err);
    if (!st)
        st = sx_names_numbered((int32_t)states, &w->states, rd->err);
    if (!st)
        st = sx_names_numbered((int32_t)actions, &w->actions, rd->err);
    return st;
}
