/* SPDX-License-Identifier: GPL-3.0-or-later */
/* equivalence_show.c - two policies that two rewards order differently.
 *
 * Let (h, l) be the policies of the worst case where a counts and b is the proxy: a prefers h
 * to l, b does not; and (h', l') those of the other way round.  In occupancies
 *
 *     first = (h + l') / 2,   second = (l + h') / 2
 *
 * a prefers the first strictly, and b the second.  Where one reward is trivial there is one
 * such pair only: the best and the worst policy of the other. */
#include "metrics/equivalence_int.h"

#include "solvers/evaluate.h"

#include <math.h>
#include <string.h>

/* --- policies from occupancies --- */

static sx_status occupancy(const sx_mdp *m, const double *pi, double *x, sx_error *err)
{
    sx_evaluator *e = NULL;
    double residual;
    sx_status st = sx_evaluator_new(m, pi, &e, err);
    if (!st)
        st = sx_evaluator_occupancy(e, NULL, x, &residual, err);
    sx_evaluator_free(e);
    return st;
}

/* pi [K] of the occupancy x [K]; uniform where nothing gets. */
static void policy_of(const sx_mdp *m, const double *x, double *pi)
{
    sx_policy_uniform(m, pi);
    for (int32_t s = 0; s < m->states; s++) {
        double sum = 0;
        for (int32_t k = m->pair[s]; k < m->pair[s + 1]; k++)
            sum += fmax(x[k], 0);
        for (int32_t k = m->pair[s]; sum > 0 && k < m->pair[s + 1]; k++)
            pi[k] = fmax(x[k], 0) / sum;
    }
}

/* pi [K]: half of the occupancy of p, half of that of q. */
static sx_status mix(const sx_mdp *m, const double *p, const double *q, double *pi,
                     sx_error *err)
{
    double *x = sx_alloc(2 * (size_t)m->pairs, sizeof *x), *y = x ? x + m->pairs : NULL;
    sx_status st = x ? occupancy(m, p, x, err) : sx_nomem(err);
    if (!st)
        st = occupancy(m, q, y, err);
    for (int32_t k = 0; k < m->pairs && !st; k++)
        x[k] = (x[k] + y[k]) / 2;
    if (!st)
        policy_of(m, x, pi);
    sx_release(x);
    return st;
}

/* --- returns --- */

static sx_status returns_of(const sx_mdp *m, const sx_i_comparison *x, const double *pi,
                            sx_both_returns *out, sx_error *err)
{
    sx_evaluator *e = NULL;
    double *v = sx_alloc((size_t)m->states, sizeof *v);
    sx_status st = v ? sx_evaluator_new(m, pi, &e, err) : sx_nomem(err);
    if (!st)
        st = sx_evaluator_values(e, x->a.mean, v, &out->error_a, err);
    if (!st) {
        out->a = sx_dot(m->initial, v, m->states);
        st = sx_evaluator_values(e, x->b.mean, v, &out->error_b, err);
    }
    if (!st)
        out->b = sx_dot(m->initial, v, m->states);
    sx_evaluator_free(e);
    sx_release(v);
    return st;
}

/* Do the returns show, errors and all, that a prefers the first and b does not, or b the second
 * and a does not? */
static bool shows(const sx_both_returns j[2], const sx_i_verdict *v)
{
    double a = j[0].a - j[1].a, b = j[1].b - j[0].b;
    bool strict_a = a > j[0].error_a + j[1].error_a, strict_b = b > j[0].error_b + j[1].error_b;
    return (strict_a || v->trivial_a == SX_ANSWER_YES) &&
           (strict_b || v->trivial_b == SX_ANSWER_YES);
}

/* --- the two worst cases --- */

static sx_status regrets(const sx_mdp *m, const sx_i_comparison *x, sx_regret *g[2],
                         sx_error *err)
{
    sx_regret_world *w = NULL;
    sx_regret_options o = sx_regret_defaults();
    const double *const r[2] = {x->a.mean, x->b.mean};
    const double possible[2] = {sx_reward_max_reached(m, x->a.reward, x->reached),
                                sx_reward_max_reached(m, x->b.reward, x->reached)};
    o.method = x->o->method;
    o.trivial = fmin(x->o->trivial, o.trivial);
    sx_status st = sx_regret_world_new(m, r, possible, 2, &o, &w, err);
    for (int i = 0; i < 2 && !st; i++)
        st = sx_regret_pair(w, i, 1 - i, &g[i], err);
    sx_regret_world_free(w);
    return st;
}

static sx_status choose(const sx_mdp *m, const sx_i_verdict *v, sx_regret *const g[2],
                        sx_equivalence *out, sx_error *err)
{
    size_t bytes = (size_t)m->pairs * sizeof *out->first;
    bool swap = v->trivial_a == SX_ANSWER_YES;
    if (swap || v->trivial_b == SX_ANSWER_YES) {
        const sx_regret *h = g[swap];
        memcpy(out->first, swap ? h->low : h->high, bytes);
        memcpy(out->second, swap ? h->high : h->low, bytes);
        return SX_OK;
    }
    sx_status st = mix(m, g[0]->high, g[1]->low, out->first, err);
    return st ? st : mix(m, g[0]->low, g[1]->high, out->second, err);
}

static sx_status find(const sx_mdp *m, const sx_i_comparison *x, const sx_i_verdict *v,
                      sx_equivalence *out, bool *shown, sx_error *err)
{
    sx_regret *g[2] = {NULL, NULL};
    sx_status st = regrets(m, x, g, err);
    if (!st)
        st = choose(m, v, g, out, err);
    if (!st)
        st = returns_of(m, x, out->first, &out->returns[0], err);
    if (!st)
        st = returns_of(m, x, out->second, &out->returns[1], err);
    *shown = !st && shows(out->returns, v);
    sx_regret_free(g[0]);
    sx_regret_free(g[1]);
    return st;
}

/* The same world, starting in all states alike. */
static sx_status find_anywhere(const sx_i_comparison *x, const sx_i_verdict *v,
                               sx_equivalence *out, bool *shown, sx_error *err)
{
    const sx_mdp *m = x->m;
    sx_mdp all = *m;
    sx_i_comparison y = *x;
    all.initial = sx_alloc((size_t)m->states, sizeof *all.initial);
    y.reached = sx_alloc((size_t)m->states, 1);
    sx_status st = all.initial && y.reached ? SX_OK : sx_nomem(err);
    for (int32_t s = 0; s < m->states && !st; s++) {
        all.initial[s] = 1.0 / m->states;
        y.reached[s] = 1;
    }
    if (!st)
        st = find(&all, &y, v, out, shown, err);
    sx_release(all.initial);
    sx_release(y.reached);
    return st;
}

sx_status sx_i_equivalence_show(const sx_i_comparison *x, const sx_i_verdict *v,
                                bool from_start, sx_equivalence *out, bool *shown,
                                sx_error *err)
{
    size_t pairs = (size_t)x->m->pairs;
    *shown = false;
    out->from_start = from_start;
    if (!out->first)
        out->first = sx_alloc(pairs, sizeof *out->first);
    if (!out->second)
        out->second = sx_alloc(pairs, sizeof *out->second);
    if (!out->first || !out->second)
        return sx_nomem(err);
    sx_status st =
        from_start ? find(x->m, x, v, out, shown, err) : find_anywhere(x, v, out, shown, err);
    if (st || !*shown) {
        out->first = sx_release(out->first);
        out->second = sx_release(out->second);
    }
    return st;
}
