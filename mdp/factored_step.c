/* SPDX-License-Identifier: GPL-3.0-or-later */
/* factored_step.c - what happens in a block of combinations.
 *
 *     where no condition for absorbing holds, and the guard of the action does:
 *     p_o, their sum, and where p_o > 0:   next_o = code + sum_v (d'_v - d_v) weight_v */
#include "mdp/factored_int.h"
#include "mdp/spec_int.h"

#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SUM_TOLERANCE 1e-9
#define NAME          200 /* bytes of a state in a message */

/* --- the block ----------------------------------------------------------------------- */

static void load(sx_i_program *p, const int64_t *code, int32_t lanes)
{
    const sx_factors *factors = p->f->factors;
    p->lanes = lanes;
    memcpy(p->code, code, (size_t)lanes * sizeof *code);
    memset(p->absorbs, 0, (size_t)lanes);
    for (int32_t v = 0; v < factors->count; v++) {
        const sx_factor *x = &factors->factor[v];
        int32_t *place = p->place + (size_t)v * (size_t)p->block;
        double *value = p->w->variable[v].value;
        for (int32_t i = 0; i < lanes; i++) {
            place[i] = sx_factors_place(factors, v, code[i]);
            value[i] = sx_factor_value(x, place[i]);
        }
    }
}

/* rule in the lanes lane [n] into p->value [n]. */
static sx_status evaluate(sx_i_program *p, const sx_i_rule *rule, const int32_t *lane,
                          int32_t n)
{
    return sx_expr_eval(rule->e, lane, NULL, NULL, (size_t)n, p->value, p->err);
}

static void state_text(const sx_i_program *p, int32_t lane, char text[NAME])
{
    (void)sx_factors_text(p->f->factors, p->code[lane], text, NAME);
}

/* --- absorbing, guards --------------------------------------------------------------- */

static sx_status find_absorbing(sx_i_program *p)
{
    sx_status st = SX_OK;
    for (int32_t i = 0; i < p->lanes; i++)
        p->lane[i] = i;
    for (int32_t c = 0; c < p->f->absorbings && !st; c++) {
        st = evaluate(p, &p->absorbing[c], p->lane, p->lanes);
        for (int32_t i = 0; !st && i < p->lanes; i++)
            p->absorbs[i] |= p->value[i] > 0;
    }
    return st;
}

/* The lanes in which action a is available into p->lane; *count: how many. */
static sx_status find_lanes(sx_i_program *p, int32_t a, int32_t *count)
{
    unsigned char *available = p->available + (size_t)a * (size_t)p->block;
    int32_t n = 0, kept = 0;
    for (int32_t i = 0; i < p->lanes; i++) {
        available[i] = !p->absorbs[i];
        if (available[i])
            p->lane[n++] = i;
    }
    *count = n;
    if (!p->action[a].when.e)
        return SX_OK;
    sx_status st = evaluate(p, &p->action[a].when, p->lane, n);
    for (int32_t i = 0; !st && i < n; i++) {
        available[p->lane[i]] = p->value[i] > 0;
        if (p->value[i] > 0)
            p->lane[kept++] = p->lane[i];
    }
    *count = kept;
    return st;
}

/* --- probabilities ------------------------------------------------------------------- */

static sx_status refuse_probability(sx_i_program *p, sx_i_rule *rule, sx_i_spot spot,
                                    int32_t lane, double value)
{
    char state[NAME];
    if (rule->reported)
        return SX_EINPUT;
    rule->reported = true;
    state_text(p, lane, state);
    return sx_i_program_problem(p, spot, "E181", NULL,
                                "in %s the probability of this outcome of %.60s is %.10g",
                                state, p->action[spot.index].given->id, value);
}

/* What the others leave to 1; what only rounding leaves is nothing. */
static double rest_of(double sum, int32_t outcomes)
{
    return 1 - sum <= outcomes * DBL_EPSILON ? 0 : 1 - sum;
}

/* The probabilities of an outcome in p->lane [n] into its row, added to p->sum. */
static sx_status add_probabilities(sx_i_program *p, sx_i_spot spot, sx_i_step_outcome *o,
                                   double *row, int32_t n)
{
    sx_status st = o->p.e ? evaluate(p, &o->p, p->lane, n) : SX_OK;
    int32_t outcomes = p->action[spot.index].given->outcomes;
    for (int32_t i = 0; !st && i < n; i++) {
        double x = o->p.e ? p->value[i] : rest_of(p->sum[i], outcomes);
        if (!(x >= -SUM_TOLERANCE && x <= 1 + SUM_TOLERANCE))
            st = refuse_probability(p, &o->p, spot, p->lane[i], x);
        row[p->lane[i]] = fmin(fmax(x, 0), 1);
        p->sum[i] += x;
    }
    return st;
}

static sx_status refuse_sum(sx_i_program *p, int32_t a, int32_t lane, double sum, bool rest)
{
    char state[NAME];
    sx_i_spot spot = {.part = SX_FACTORED_SUM, .index = a};
    if (p->action[a].sum.reported)
        return SX_EINPUT;
    p->action[a].sum.reported = true;
    state_text(p, lane, state);
    return sx_i_program_problem(
        p, spot, "E125", rest ? NULL : "the last outcome without p= is the rest",
        "in %s the probabilities of the outcomes of %.60s sum to %.10g%s", state,
        p->action[a].given->id, sum, rest ? " before the last one" : "");
}

static sx_status find_probabilities(sx_i_program *p, int32_t a, int32_t n)
{
    sx_i_step_action *action = &p->action[a];
    int32_t outcomes = action->given->outcomes;
    bool rest = !action->outcome[outcomes - 1].p.e;
    sx_i_spot spot = {.part = SX_FACTORED_P, .index = a};
    sx_status st = SX_OK;
    memset(p->sum, 0, (size_t)n * sizeof *p->sum);
    for (; spot.outcome < outcomes && !st; spot.outcome++) {
        double *row = p->prob + (size_t)(action->row + spot.outcome) * (size_t)p->block;
        memset(row, 0, (size_t)p->lanes * sizeof *row);
        if (rest && spot.outcome == outcomes - 1)
            for (int32_t i = 0; i < n && !st; i++)
                if (!(p->sum[i] <= 1 + SUM_TOLERANCE))
                    st = refuse_sum(p, a, p->lane[i], p->sum[i], true);
        if (!st)
            st = add_probabilities(p, spot, &action->outcome[spot.outcome], row, n);
    }
    for (int32_t i = 0; i < n && !st; i++)
        if (!(fabs(p->sum[i] - 1) <= SUM_TOLERANCE))
            st = refuse_sum(p, a, p->lane[i], p->sum[i], false);
    return st;
}

/* --- assignments --------------------------------------------------------------------- */

static sx_status refuse_value(sx_i_program *p, sx_i_spot spot, sx_i_rule *rule,
                              const sx_factor *x, int32_t lane, double value)
{
    char state[NAME], domain[120], hint[256];
    const char *action = p->action[spot.index].given->id;
    if (rule->reported)
        return SX_EINPUT;
    rule->reported = true;
    state_text(p, lane, state);
    sx_factor_domain(x, domain, sizeof domain);
    snprintf(hint, sizeof hint,
             "%.60s is %s; a guard (when=) keeps the action from such states", x->name, domain);
    if (sx_factor_is_named(x))
        return sx_i_program_problem(
            p, spot, "E180", hint,
            "in %s the action %.60s assigns a name to %.60s that is none "
            "of its values",
            state, action, x->name);
    return sx_i_program_problem(p, spot, "E180", hint,
                                "in %s the action %.60s assigns %.10g to %.60s", state, action,
                                value, x->name);
}

/* Carry out one assignment in p->some [n]. */
static sx_status run_assign(sx_i_program *p, sx_i_spot spot, sx_i_rule *rule,
                            const sx_assign *given, int64_t *next, int32_t n)
{
    const sx_factor *x = &p->f->factors->factor[given->variable];
    const int32_t *old = p->place + (size_t)given->variable * (size_t)p->block;
    sx_status st = evaluate(p, rule, p->some, n);
    for (int32_t i = 0; i < n && !st; i++) {
        int32_t lane = p->some[i], place = sx_factor_place(x, p->value[i]);
        if (place < 0)
            st = refuse_value(p, spot, rule, x, lane, p->value[i]);
        else
            next[lane] += (place - old[lane]) * x->weight;
    }
    return st;
}

/* The successors of an outcome in those of the lanes p->lane [n] where it is possible. */
static sx_status run_outcome(sx_i_program *p, sx_i_spot spot, int32_t n)
{
    const sx_i_step_action *action = &p->action[spot.index];
    sx_i_step_outcome *o = &action->outcome[spot.outcome];
    size_t row = (size_t)(action->row + spot.outcome) * (size_t)p->block;
    int32_t some = 0;
    sx_status st = SX_OK;
    for (int32_t i = 0; i < n; i++)
        if (p->prob[row + (size_t)p->lane[i]] > 0) {
            p->next[row + (size_t)p->lane[i]] = p->code[p->lane[i]];
            p->some[some++] = p->lane[i];
        }
    for (; spot.assign < o->given->assigns && !sx_i_stops(st); spot.assign++) {
        sx_i_rule *rule = &o->assign[spot.assign];
        const sx_assign *given = &o->given->assign[spot.assign];
        if (rule->e)
            st = sx_i_worse(st, run_assign(p, spot, rule, given, p->next + row, some));
    }
    return st;
}

static sx_status run_action(sx_i_program *p, int32_t a)
{
    sx_i_spot spot = {.part = SX_FACTORED_VALUE, .index = a};
    int32_t n = 0;
    sx_status st = find_lanes(p, a, &n);
    if (!st)
        st = find_probabilities(p, a, n);
    if (st)
        return st;
    for (; spot.outcome < p->action[a].given->outcomes && !sx_i_stops(st); spot.outcome++)
        st = sx_i_worse(st, run_outcome(p, spot, n));
    return st;
}

/* --- all ----------------------------------------------------------------------------- */

static bool has_action(const sx_i_program *p, int32_t lane)
{
    bool any = p->absorbs[lane];
    for (int32_t a = 0; a < p->f->actions && !any; a++)
        any = p->available[(size_t)a * (size_t)p->block + (size_t)lane];
    return any;
}

static sx_status check_stuck(sx_i_program *p)
{
    sx_i_spot spot = {.part = SX_FACTORED_WORLD};
    int32_t lane = 0;
    char state[NAME];
    while (lane < p->lanes && has_action(p, lane))
        lane++;
    if (lane == p->lanes)
        return SX_OK;
    state_text(p, lane, state);
    return sx_i_program_problem(
        p, spot, "E126", "widen a guard, or say <absorbing when=\"...\"/> of where it ends",
        "in %s no action is available", state);
}

sx_status sx_i_program_run(sx_i_program *p, const int64_t *code, int32_t lanes)
{
    load(p, code, lanes);
    sx_status st = find_absorbing(p);
    for (int32_t a = 0; a < p->f->actions && !sx_i_stops(st); a++)
        st = sx_i_worse(st, run_action(p, a));
    if (!st)
        st = check_stuck(p);
    return st;
}

/* --- rows ---------------------------------------------------------------------------- */

static int by_successor(const void *left, const void *right)
{
    const sx_i_successor *a = left, *b = right;
    if (a->code != b->code)
        return a->code < b->code ? -1 : 1;
    return (a->outcome > b->outcome) - (a->outcome < b->outcome);
}

/* Sort row [n] and add up equal codes; how many are left. */
static int32_t merge(sx_i_successor *row, int32_t n)
{
    bool ascending = true;
    int32_t kept = 0;
    for (int32_t i = 1; i < n; i++)
        ascending = ascending && row[i - 1].code < row[i].code;
    if (ascending)
        return n;
    qsort(row, (size_t)n, sizeof *row, by_successor);
    for (int32_t i = 0; i < n; i++) {
        if (kept && row[kept - 1].code == row[i].code)
            row[kept - 1].prob += row[i].prob;
        else
            row[kept++] = row[i];
    }
    return kept;
}

int32_t sx_i_program_row(sx_i_program *p, int32_t lane, int32_t a)
{
    const sx_i_step_action *action = &p->action[a];
    int32_t n = 0;
    if (p->absorbs[lane]) {
        p->row[0] = (sx_i_successor){p->code[lane], 1, 0};
        return 1;
    }
    if (!p->available[(size_t)a * (size_t)p->block + (size_t)lane])
        return 0;
    for (int32_t i = 0; i < action->given->outcomes; i++) {
        size_t at = (size_t)(action->row + i) * (size_t)p->block + (size_t)lane;
        if (p->prob[at] > 0)
            p->row[n++] = (sx_i_successor){p->next[at], p->prob[at], i};
    }
    return merge(p->row, n);
}
