/* SPDX-License-Identifier: GPL-3.0-or-later */
/* equivalence.c - the advantages of two rewards side by side.
 *
 * The scale is read off at the pair where |A_a| is largest: with errors e_a and e_b of the
 * advantages, rewards that are equivalent then differ nowhere by more than 2 (e_b + alpha e_a),
 * so a larger difference refutes equivalence. */
#include "metrics/equivalence_int.h"

#include "metrics/canon_int.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>

const char *sx_transformation_name(int32_t i)
{
    static const char *const names[] = {"scale", "potential-shaping", "s-prime-redistribution",
                                        "shift"}; /* order of the bits */
    return i >= 0 && i < 4 ? names[i] : NULL;
}

sx_equivalence_options sx_equivalence_defaults(void)
{
    return (sx_equivalence_options){.tolerance = 1e-9, .trivial = 1e-9, .method = NULL};
}

sx_equivalence *sx_equivalence_free(sx_equivalence *x)
{
    if (!x)
        return NULL;
    sx_i_exactly_free(x->exactly);
    sx_release(x->potential);
    sx_release(x->first);
    sx_release(x->second);
    return sx_release(x);
}

/* --- one side --- */

static double largest(const double *x, int32_t n)
{
    double most = 0;
    for (int32_t i = 0; i < n; i++)
        most = fmax(most, fabs(x[i]));
    return most;
}

/* Under the true values the advantages have mean 0 in each state; what they have instead bounds
 * how far the values are from the true ones.  Rewards themselves are rounded when they are read
 * or computed: a few units in their last place. */
static void set_errors(const sx_mdp *m, double gain, sx_i_side *x)
{
    double most = 0, slack = 1 - m->discount, units = 8 * DBL_EPSILON * x->size;
    double flat = 4 * DBL_EPSILON * largest(x->value, m->states);
    for (int32_t s = 0; s < m->states; s++) {
        long double sum = 0;
        for (int32_t k = m->pair[s]; k < m->pair[s + 1]; k++)
            sum += x->advantage[k];
        most = fmax(most, fabs((double)sum) / (m->pair[s + 1] - m->pair[s]));
    }
    x->error = (2 * most + units) / slack + flat;
    double usual = 2 * most + units + flat + DBL_EPSILON * fabs(x->common);
    x->rounding = fmin(x->error, fmax(gain, 1) * usual);
}

static sx_status fill(const sx_mdp *m, sx_evaluator *e, const sx_reward *r, double gain,
                      sx_i_side *x, sx_error *err)
{
    size_t pairs = (size_t)m->pairs;
    x->reward = r;
    x->size = sx_reward_max_possible(m, r);
    x->mean = sx_alloc(pairs, sizeof *x->mean);
    x->advantage = sx_alloc(pairs, sizeof *x->advantage);
    x->value = sx_alloc((size_t)m->states, sizeof *x->value);
    if (!x->mean || !x->advantage || !x->value)
        return sx_nomem(err);
    sx_reward_mean(m, r, x->mean);
    sx_status st = sx_evaluator_relative(e, x->mean, x->value, &x->common, err);
    if (st)
        return st;
    for (int32_t k = 0; k < m->pairs; k++)
        x->advantage[k] = x->mean[k] - (1 - m->discount) * x->common;
    sx_i_shape_rows(m, x->advantage, x->value, x->advantage);
    set_errors(m, gain, x);
    return SX_OK;
}

static void side_release(sx_i_side *x)
{
    sx_release(x->mean);
    sx_release(x->advantage);
    sx_release(x->value);
}

void sx_i_comparison_release(sx_i_comparison *x)
{
    side_release(&x->a);
    side_release(&x->b);
    sx_release(x->reached);
}

sx_status sx_i_comparison_make(sx_i_comparison *x, const sx_mdp *m, const sx_reward *a,
                               const sx_reward *b, sx_error *err)
{
    sx_evaluator *e = NULL;
    double gain = 0, *pi = sx_alloc((size_t)m->pairs, sizeof *pi);
    sx_status st = pi ? SX_OK : sx_nomem(err);
    x->m = m;
    if (!st) {
        sx_policy_uniform(m, pi);
        st = sx_evaluator_new(m, pi, &e, err);
    }
    if (!st)
        st = sx_i_noise_gain(m, e, &gain, err);
    if (!st)
        st = fill(m, e, a, gain, &x->a, err);
    if (!st)
        st = fill(m, e, b, gain, &x->b, err);
    sx_evaluator_free(e);
    sx_release(pi);
    return st;
}

/* --- both --- */

/* Is pair k of state s looked at? */
static bool looked_at(const unsigned char *states, int32_t s)
{
    return !states || states[s];
}

/* max |A| over the states; *where: a pair that has it. */
static double peak(const sx_mdp *m, const double *a, const unsigned char *states,
                   int32_t *where)
{
    double most = -1;
    for (int32_t s = 0; s < m->states; s++)
        for (int32_t k = m->pair[s]; looked_at(states, s) && k < m->pair[s + 1]; k++)
            if (fabs(a[k]) > most) {
                most = fabs(a[k]);
                *where = k;
            }
    return most;
}

static sx_answer trivial(const sx_i_side *x, double most, double threshold)
{
    if (most <= x->rounding)
        return SX_ANSWER_YES;
    return most > fmax(threshold * x->size, x->error) ? SX_ANSWER_NO : SX_ANSWER_OPEN;
}

/* max |A_b - alpha A_a| over the states. */
static double deviation(const sx_i_comparison *x, double alpha, const unsigned char *states)
{
    const sx_mdp *m = x->m;
    double most = 0;
    for (int32_t s = 0; s < m->states; s++)
        for (int32_t k = m->pair[s]; looked_at(states, s) && k < m->pair[s + 1]; k++)
            most = fmax(most, fabs(x->b.advantage[k] - alpha * x->a.advantage[k]));
    return most;
}

/* usual: is the difference one that rounding makes as a rule? */
static sx_answer judge(const double interval[2], bool usual, double tolerance)
{
    if (interval[0] > tolerance)
        return SX_ANSWER_NO;
    return usual && interval[1] <= tolerance ? SX_ANSWER_YES : SX_ANSWER_OPEN;
}

void sx_i_compare(const sx_i_comparison *x, const unsigned char *states, sx_i_verdict *v)
{
    int32_t at_a = 0, at_b = 0;
    double most_a = peak(x->m, x->a.advantage, states, &at_a);
    double most_b = peak(x->m, x->b.advantage, states, &at_b);
    *v = (sx_i_verdict){trivial(&x->a, most_a, x->o->trivial),
                        trivial(&x->b, most_b, x->o->trivial),
                        SX_ANSWER_OPEN,
                        NAN,
                        {NAN, NAN},
                        false};
    if (v->trivial_a == SX_ANSWER_OPEN || v->trivial_b == SX_ANSWER_OPEN)
        return;
    if (v->trivial_a == SX_ANSWER_YES || v->trivial_b == SX_ANSWER_YES) {
        v->same = v->trivial_a == v->trivial_b ? SX_ANSWER_YES : SX_ANSWER_NO;
        return;
    }
    v->scale = x->b.advantage[at_a] / x->a.advantage[at_a];
    double apart = deviation(x, v->scale, states);
    double error = 2 * (x->b.error + fabs(v->scale) * x->a.error);
    v->interval[0] = fmax(0, apart - error) / most_b;
    v->interval[1] = (apart + error) / most_b;
    bool usual = apart <= 2 * (x->b.rounding + fabs(v->scale) * x->a.rounding);
    v->same = judge(v->interval, usual, x->o->tolerance);
    v->opposite = v->same == SX_ANSWER_YES && !(v->scale > 0);
    if (v->opposite)
        v->same = SX_ANSWER_NO;
}

/* --- the answer --- */

/* A refusal stands only when two policies show it. */
static sx_status show(const sx_i_comparison *x, const sx_i_verdict *all,
                      const sx_i_verdict *start, sx_equivalence *out, sx_error *err)
{
    bool shown = false;
    sx_status st = SX_OK;
    if (out->same_order_from_start == SX_ANSWER_NO) {
        st = sx_i_equivalence_show(x, start, true, out, &shown, err);
        if (!st && !shown)
            out->same_order_from_start = SX_ANSWER_OPEN;
    }
    if (!st && !shown && out->equivalent == SX_ANSWER_NO) {
        st = sx_i_equivalence_show(x, all, false, out, &shown, err);
        if (!st && !shown)
            out->equivalent = SX_ANSWER_OPEN;
    }
    return st;
}

static sx_status answer(sx_i_comparison *x, sx_equivalence *out, sx_error *err)
{
    sx_i_verdict all, start;
    int32_t count;
    x->reached = sx_alloc((size_t)x->m->states, 1);
    sx_status st = x->reached ? sx_mdp_reachable(x->m, x->reached, &count, err) : sx_nomem(err);
    if (st)
        return st;
    sx_i_compare(x, NULL, &all);
    sx_i_compare(x, x->reached, &start);
    out->unreachable = x->m->states - count;
    out->equivalent = all.same;
    out->same_order_from_start = all.same == SX_ANSWER_YES ? SX_ANSWER_YES : start.same;
    out->trivial_a = all.trivial_a;
    out->trivial_b = all.trivial_b;
    out->interval[0] = all.interval[0];
    out->interval[1] = all.interval[1];
    out->opposite = all.opposite;
    st = show(x, &all, &start, out, err);
    if (!st && out->equivalent == SX_ANSWER_YES)
        st = sx_i_equivalence_form(x, &all, out, err);
    return st;
}

sx_status sx_equivalence_find(const sx_mdp *m, const sx_reward *a, const sx_reward *b,
                              const sx_equivalence_options *o, sx_equivalence **out,
                              sx_error *err)
{
    sx_i_comparison x = {.o = o};
    *out = NULL;
    if (!(o->tolerance > 0) || !(o->trivial >= 0))
        return sx_fail(err, SX_EARG, "equivalence: a tolerance is above 0");
    sx_equivalence *e = sx_alloc(1, sizeof *e);
    sx_status st = e ? SX_OK : sx_nomem(err);
    if (!st) {
        e->scale = e->residual = NAN;
        st = sx_i_comparison_make(&x, m, a, b, err);
    }
    if (!st)
        st = answer(&x, e, err);
    if (st)
        e = sx_equivalence_free(e);
    sx_i_comparison_release(&x);
    *out = e;
    return st;
}

/* --- where they differ --- */

static double gap_of(const sx_difference *d)
{
    return fabs(d->b - d->a);
}

static int by_gap(const void *p, const void *q)
{
    const sx_difference *x = p, *y = q;
    double a = gap_of(x), b = gap_of(y);
    if (a != b)
        return a < b ? 1 : -1;
    return (x->pair > y->pair) - (x->pair < y->pair);
}

/* All pairs, the largest difference first. */
static int32_t list(const sx_i_comparison *x, double alpha, sx_difference *all)
{
    int32_t n = 0;
    double error = 2 * (x->b.error + fabs(alpha) * x->a.error);
    for (int32_t k = 0; k < x->m->pairs; k++) {
        all[n] = (sx_difference){k, alpha * x->a.advantage[k], x->b.advantage[k]};
        n += gap_of(&all[n]) > error;
    }
    qsort(all, (size_t)n, sizeof *all, by_gap);
    return n;
}

sx_status sx_rewards_align(const sx_mdp *m, const sx_reward *a, const sx_reward *b,
                           sx_alignment *out, sx_error *err)
{
    sx_i_comparison x = {0};
    sx_difference *all = sx_alloc((size_t)m->pairs, sizeof *all);
    *out = (sx_alignment){0};
    sx_status st = all ? sx_i_comparison_make(&x, m, a, b, err) : sx_nomem(err);
    if (!st) {
        double length = sx_dot(x.a.advantage, x.a.advantage, m->pairs);
        double along = sx_dot(x.a.advantage, x.b.advantage, m->pairs);
        out->scale = length > 0 && along > 0 ? along / length : 0;
        out->differ = list(&x, out->scale, all);
        out->count = out->differ < SX_DIFFERENCES ? out->differ : SX_DIFFERENCES;
        for (int32_t i = 0; i < out->count; i++)
            out->largest[i] = all[i];
    }
    sx_i_comparison_release(&x);
    sx_release(all);
    return st;
}
