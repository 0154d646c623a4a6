/* SPDX-License-Identifier: GPL-3.0-or-later */
/* exact_world.c - discount, start and transitions in rational numbers.
 *
 * The probabilities of a map are affine in its slip, p = (1 - slip) p_0 + slip p_1, where p_0
 * and p_1 are those of the maps that never slip and always do: multiples of 1/8, which doubles
 * hold exactly. */
#include "mdp/exact_int.h"

#include <math.h>
#include <string.h>

/* Divide n numbers by their sum. */
static void divide(mpq_ptr x, int64_t n)
{
    mpq_t sum;
    mpq_init(sum);
    for (int64_t i = 0; i < n; i++)
        mpq_add(sum, sum, x + i);
    for (int64_t i = 0; mpq_sgn(sum) > 0 && i < n; i++)
        mpq_div(x + i, x + i, sum);
    mpq_clear(sum);
}

static mpq_ptr prob_of(const sx_i_exact_reading *x, int64_t t)
{
    return (mpq_ptr)x->out->prob + t;
}

sx_status sx_i_exact_vanished(sx_i_exact_reading *x, sx_place place)
{
    return sx_diag_report(x->rd->diags, place, "E471", "write 0, or a larger number",
                          "a probability above 0 that no double tells from 0");
}

/* --- lists of transitions --------------------------------------------------------------------
 */

/* p more for the next states of pair k (-1: none) from range[0] to range[1]; false where that
 * is above 0 and impossible. */
static bool add_to_pair(const sx_i_exact_reading *x, int32_t k, const int32_t range[2],
                        mpq_srcptr p)
{
    bool all = true;
    for (int32_t to = range[0]; to <= range[1]; to++) {
        int64_t t = k < 0 ? -1 : sx_mdp_entry(x->m, k, to);
        if (t >= 0)
            mpq_add(prob_of(x, t), prob_of(x, t), p);
        else
            all = all && mpq_sgn(p) == 0;
    }
    return all;
}

/* p more for each triple that the names stand for. */
static sx_status add_step(sx_i_exact_reading *x, const char *const name[3], mpq_srcptr p,
                          sx_place place)
{
    const sx_names *const names[3] = {x->world->states, x->world->actions, x->world->states};
    int32_t range[3][2];
    for (int i = 0; i < 3; i++) {
        bool all = strcmp(name[i], "*") == 0;
        range[i][0] = all ? 0 : sx_names_find(names[i], name[i]);
        range[i][1] = all ? sx_names_count(names[i]) - 1 : range[i][0];
    }
    sx_status st = SX_OK;
    for (int32_t s = range[0][0]; s <= range[0][1]; s++)
        for (int32_t a = range[1][0]; !x->m->absorbing[s] && a <= range[1][1]; a++)
            if (!st && !add_to_pair(x, sx_mdp_pair(x->m, s, a), range[2], p))
                st = sx_i_exact_vanished(x, place);
    return st;
}

static void loop_absorbing(const sx_i_exact_reading *x)
{
    const sx_mdp *m = x->m;
    for (int32_t s = 0; s < m->states; s++)
        for (int64_t t = m->first[m->pair[s]]; m->absorbing[s] && t < m->first[m->pair[s + 1]];
             t++)
            mpq_set_ui(prob_of(x, t), 1, 1);
}

static sx_status read_elements(sx_i_exact_reading *x)
{
    mpq_t p;
    sx_status st = SX_OK;
    mpq_init(p);
    for (const sx_node *n = sx_i_first(x->node, "transition"); n && !sx_i_stops(st);
         n = sx_i_next(n, "transition")) {
        const char *name[3] = {sx_node_value(n, "from"), sx_node_value(n, "action"),
                               sx_node_value(n, "to")};
        sx_status one = sx_i_exact_attr(x, n, "p", p);
        st = sx_i_worse(st, one ? one : add_step(x, name, p, sx_i_attr_where(n, "p")));
    }
    loop_absorbing(x);
    mpq_clear(p);
    return st;
}

static sx_status read_rows(sx_i_exact_reading *x)
{
    static const char *const columns[4] = {"from", "action", "to", "p"};
    int32_t column[4] = {0};
    mpq_t p;
    sx_csv *csv = NULL;
    sx_status st = sx_i_read_csv(x->rd, x->node, "href", &csv);
    if (!st)
        st = sx_i_exact_hold(x, SX_I_HELD_CSV, csv);
    if (st)
        return st;
    mpq_init(p);
    for (int i = 0; i < 4; i++)
        column[i] = sx_csv_column(csv, columns[i]);
    for (int64_t i = 0; i < sx_csv_rows(csv) && !sx_i_stops(st); i++) {
        const char *name[3], *text = sx_csv_field(csv, i, column[3]);
        sx_place place = sx_csv_place(csv, i, column[3]);
        for (int j = 0; j < 3; j++)
            name[j] = sx_csv_field(csv, i, column[j]);
        const char *why = sx_i_rational_read(text, strlen(text), p);
        st = sx_i_worse(st, why ? sx_i_exact_refuse(x, place, text, why)
                                : add_step(x, name, p, place));
    }
    loop_absorbing(x);
    mpq_clear(p);
    return st;
}

/* --- maps ------------------------------------------------------------------------------------
 */

/* The probability of (k,next) in another world of the same pairs. */
static double prob_in(const sx_mdp *m, int32_t k, int32_t next)
{
    int64_t t = sx_mdp_entry(m, k, next);
    return t < 0 ? 0 : m->prob[t];
}

/* The part of it that passes through the label: a multiple of 1/8, but for rounding. */
static double through_in(const sx_world *w, int32_t k, int32_t next, int32_t label)
{
    int64_t t = sx_mdp_entry(w->mdp, k, next);
    for (int64_t i = 0; t >= 0 && i < w->throughs; i++)
        if (w->through[i].entry == t && w->through[i].label == label)
            return round(8 * w->through[i].share * w->mdp->prob[t]) / 8;
    return 0;
}

/* to = (1 - slip) a + slip b */
static void between(mpq_ptr to, mpq_srcptr slip, double a, double b)
{
    mpq_t x;
    mpq_init(x);
    mpq_set_d(to, a);
    mpq_set_d(x, b - a);
    mpq_mul(x, x, slip);
    mpq_add(to, to, x);
    mpq_clear(x);
}

static void fill_map(sx_i_exact_reading *x, mpq_srcptr slip, sx_world *const w[2])
{
    const sx_mdp *m = x->m;
    x->share = sx_rationals_new(x->world->throughs);
    for (int32_t k = 0; k < m->pairs; k++)
        for (int64_t t = m->first[k]; t < m->first[k + 1]; t++)
            between(prob_of(x, t), slip, prob_in(w[0]->mdp, k, m->next[t]),
                    prob_in(w[1]->mdp, k, m->next[t]));
    for (int64_t i = 0; i < x->world->throughs; i++) {
        const sx_through *y = &x->world->through[i];
        int32_t k = 0, next = m->next[y->entry];
        while (m->first[k + 1] <= y->entry)
            k++;
        between(x->share + i, slip, through_in(w[0], k, next, y->label),
                through_in(w[1], k, next, y->label));
        mpq_div(x->share + i, x->share + i, prob_of(x, y->entry));
    }
}

/* The weights of the cells, where the map says where to start. */
static sx_status start_on_cells(sx_i_exact_reading *x, const int32_t *kind)
{
    mpq_ptr mu = x->out->initial;
    sx_status st = SX_OK;
    for (int32_t s = 0; s < x->m->states && !sx_i_stops(st); s++) {
        const sx_node *cell = kind[s] < 0 ? NULL : sx_i_first(x->node, "cell");
        for (int32_t i = 0; cell && i < kind[s]; i++)
            cell = sx_i_next(cell, "cell");
        if (cell && sx_node_value(cell, "initial"))
            st = sx_i_worse(st, sx_i_exact_attr(x, cell, "initial", mu + s));
    }
    return st;
}

static sx_status read_map(sx_i_exact_reading *x)
{
    mpq_t slip;
    sx_world *w[2] = {NULL, NULL};
    int32_t *kind[2] = {NULL, NULL};
    mpq_init(slip);
    sx_status st = sx_i_exact_attr(x, x->node, "slip", slip);
    for (int i = 0; i < 2 && !st; i++) {
        st = sx_i_gridworld_slip(x->rd, x->node, i, &w[i], &kind[i]);
        st = sx_i_worse(st, sx_i_exact_hold(x, SX_I_HELD_WORLD, w[i]));
        st = sx_i_worse(st, sx_i_exact_hold(x, SX_I_HELD_BYTES, kind[i]));
    }
    if (!st)
        fill_map(x, slip, w);
    if (!st && sx_i_initial_given(x->node))
        st = start_on_cells(x, kind[0]);
    mpq_clear(slip);
    return st;
}

/* --- the other kinds -------------------------------------------------------------------------
 */

static sx_status read_weights(sx_i_exact_reading *x)
{
    mpq_ptr mu = x->out->initial;
    sx_status st = SX_OK;
    for (int32_t s = 0; s + 1 < x->m->states; s++)
        mpq_set_ui(mu + s, 1, 1);
    for (const sx_node *n = sx_i_first(x->node, "context"); n && !sx_i_stops(st);
         n = sx_i_next(n, "context")) {
        const char *id = sx_node_value(n, "id");
        int32_t s = id ? sx_names_find(x->world->states, id) : -1;
        if (s >= 0 && sx_i_attr(n, "weight"))
            st = sx_i_worse(st, sx_i_exact_attr(x, n, "weight", mu + s));
    }
    return st;
}

/* The numbers of the reader as they are: what is certain, and what was drawn. */
static sx_status take_doubles(sx_i_exact_reading *x)
{
    for (int64_t t = 0; t < x->m->entries; t++)
        mpq_set_d(prob_of(x, t), x->m->prob[t]);
    return strcmp(x->node->name, "bandit") == 0 ? read_weights(x) : SX_OK;
}

static sx_status read_mu(sx_i_exact_reading *x)
{
    sx_array *mu = NULL;
    if (!sx_node_value(x->node, "initial"))
        return SX_OK;
    sx_status st = sx_i_read_array(x->rd, x->node, "initial", &mu);
    if (!st)
        st = sx_i_exact_hold(x, SX_I_HELD_ARRAY, mu);
    for (int32_t s = 0; !st && s < x->m->states; s++)
        mpq_set_d((mpq_ptr)x->out->initial + s, mu->value[s]);
    return st;
}

static sx_status read_arrays(sx_i_exact_reading *x)
{
    const sx_mdp *m = x->m;
    sx_array *p = NULL;
    const char *order = sx_i_attr_sound(x->node, "order");
    sx_status st = sx_i_read_array(x->rd, x->node, "transitions", &p);
    if (!st)
        st = sx_i_exact_hold(x, SX_I_HELD_ARRAY, p);
    bool ass = !st && (order ? strcmp(order, "ass") == 0 : p->shape[0] != p->shape[2]);
    for (int32_t k = 0; !st && k < m->pairs; k++) {
        int64_t s = sx_mdp_pair_state(m, k), a = m->action[k];
        int64_t row = ass ? a * m->states + s : s * m->actions + a;
        for (int64_t t = m->first[k]; t < m->first[k + 1]; t++)
            mpq_set_d(prob_of(x, t), fmin(1, p->value[row * m->states + m->next[t]]));
    }
    loop_absorbing(x);
    return st ? st : read_mu(x);
}

static const struct {
    const char *name;
    sx_status (*read)(sx_i_exact_reading *x);
} kinds[] = {{"explicit", read_elements}, {"transitions", read_rows},
             {"gridworld", read_map},     {"bandit", take_doubles},
             {"tree", take_doubles},      {"random", take_doubles},
             {"arrays", read_arrays},     {"factored", sx_i_exact_factored}};

static sx_status read_transitions(sx_i_exact_reading *x)
{
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (strcmp(kinds[i].name, x->node->name) == 0)
            return kinds[i].read(x);
    return SX_EINPUT; /* the reader knows no other */
}

/* --- the start -------------------------------------------------------------------------------
 */

/* The world alike over the states where the reader starts, unless something says otherwise. */
static sx_status read_start(sx_i_exact_reading *x)
{
    mpq_ptr mu = x->out->initial;
    const sx_node *initial = sx_i_first(x->root, "initial");
    sx_status st = SX_OK;
    if (sx_i_initial_given(x->node) && strcmp(x->node->name, "tree") != 0)
        return SX_OK;
    if (initial && x->factored.world)
        return sx_i_exact_factored_starts(x);
    for (int32_t s = 0; !initial && s < x->m->states; s++)
        mpq_set_ui(mu + s, x->m->initial[s] > 0, 1);
    const sx_node *n = initial ? sx_i_first(initial, "start") : NULL;
    for (; n && !sx_i_stops(st); n = sx_i_next(n, "start")) {
        int32_t s = sx_names_find(x->world->states, sx_node_value(n, "state"));
        st = sx_i_worse(st, s < 0 ? SX_EINPUT : sx_i_exact_attr(x, n, "p", mu + s));
    }
    return st;
}

sx_status sx_i_exact_world(sx_i_exact_reading *x)
{
    const sx_mdp *m = x->m;
    sx_exact *out = x->out;
    out->discount = sx_rationals_new(1);
    out->initial = sx_rationals_new(m->states);
    out->prob = sx_rationals_new(m->entries);
    sx_status st = sx_i_exact_attr(x, x->root, "discount", out->discount);
    if (!sx_i_stops(st))
        st = sx_i_worse(st, read_transitions(x));
    if (!st)
        st = read_start(x);
    for (int32_t k = 0; !st && k < m->pairs; k++)
        divide(prob_of(x, m->first[k]), m->first[k + 1] - m->first[k]);
    if (!st)
        divide(out->initial, m->states);
    for (int64_t t = 0; !st && t < m->entries; t++)
        if (mpq_sgn(prob_of(x, t)) <= 0)
            st = sx_diag_report(x->rd->diags, x->node->place, "E472", NULL,
                                "a transition is possible in floating point and impossible "
                                "exactly");
    return st;
}
