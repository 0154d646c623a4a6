/* SPDX-License-Identifier: GPL-3.0-or-later */
/* frontier_soft.c - the soft-optimal path.
 *
 * At temperature T the best policy for J2 - T KL is the fixed point of the soft operator
 *
 *     (T v)(s) = T log mean_a exp(Q(s,a)/T),   Q = r + gamma P v,   pi ~ exp(Q/T)
 *
 * which is monotone and adds gamma c when v grows by the constant c, so with d = T v - v
 *
 *     T v + gamma/(1-gamma) min d  <=  V*  <=  T v + gamma/(1-gamma) max d
 *
 * as for the hard one.  Soft policy iteration (each pi evaluated with its own KL, which is
 * Newton's method for the fixed point) until that interval is narrow against T, so that pi is
 * sharp as well, or rounding keeps it from shrinking; the interval is what is certified.
 *
 * The temperatures fall evenly in their logarithm from 10 spans of the proxy, where the policy
 * is nearly uniform, to a thousandth of (1 - gamma) spans, what one step is worth.  For T -> 0
 * the limit is the policy of least KL among the optimal ones: the same operator with T = 1, no
 * reward, and only actions that are optimal for the proxy. */
#include "metrics/frontier_int.h"

#include <float.h>
#include <math.h>
#include <string.h>

#include "solvers/evaluate.h"

enum { ROUNDS = 100, PATIENCE = 3 };

static const double HOTTEST = 10, COLDEST = 1e-3;

/* What tied actions may differ by, relative to the largest reward. */
static const double TIE = 1e-9;

/* One path under work. */
typedef struct soft {
    const sx_i_plane *p;
    const sx_mdp *m;
    const double *r;              /* [K] */
    const unsigned char *allowed; /* [K] or NULL */
    double temperature;
    double *v, *pi, *pay; /* [S] values, [K] policy, [K] reward less temperature * log ratio */
} soft;

static double action_value(const soft *w, int32_t k)
{
    const sx_mdp *m = w->m;
    long double sum = 0;
    for (int64_t t = m->first[k]; t < m->first[k + 1]; t++)
        sum += (long double)m->prob[t] * w->v[m->next[t]];
    return (double)(w->r[k] + m->discount * sum);
}

/* The operator in one state; fills pi and pay there. */
static double soften_state(soft *w, int32_t s)
{
    int32_t from = w->m->pair[s], to = w->m->pair[s + 1];
    double best = -INFINITY, sum = 0, t = w->temperature;
    for (int32_t k = from; k < to; k++) {
        bool may = !w->allowed || w->allowed[k];
        w->pay[k] = may ? action_value(w, k) : -INFINITY;
        best = fmax(best, w->pay[k]);
    }
    for (int32_t k = from; k < to; k++)
        sum += w->pi[k] = exp((w->pay[k] - best) / t);
    double mean = t * log(sum / (to - from));
    for (int32_t k = from; k < to; k++) {
        w->pi[k] /= sum;
        w->pay[k] = w->pi[k] > 0 ? w->r[k] - (w->pay[k] - best - mean) : 0;
    }
    return best + mean;
}

/* The operator everywhere; the width of the interval on V*. */
static double soften(soft *w)
{
    double lo = INFINITY, hi = -INFINITY, gamma = w->m->discount;
    for (int32_t s = 0; s < w->m->states; s++) {
        double d = soften_state(w, s) - w->v[s];
        lo = fmin(lo, d);
        hi = fmax(hi, d);
    }
    return gamma / (1 - gamma) * (hi - lo);
}

/* v <- the values of pi with its pay. */
static sx_status evaluate(soft *w, sx_error *err)
{
    sx_evaluator *e = NULL;
    double bound;
    sx_status st = sx_evaluator_new(w->m, w->pi, &e, err);
    if (!st)
        st = sx_evaluator_values(e, w->pay, w->v, &bound, err);
    sx_evaluator_free(e);
    return st;
}

/* The soft optimum from the values at hand.  *width: of the interval on V*. */
static sx_status soft_solve(soft *w, double *width, sx_error *err)
{
    double best = INFINITY, goal = 1e-11 * w->temperature;
    double near = fmax(1e-6 * w->temperature, 1e-13 / (1 - w->m->discount));
    int idle = 0;
    sx_status st = SX_OK;
    *width = soften(w);
    for (int i = 0; !st && i < ROUNDS && idle < PATIENCE && !(*width <= goal); i++) {
        st = evaluate(w, err);
        if (st)
            break;
        *width = soften(w);
        idle = *width < 0.5 * best || !(*width <= near) ? 0 : idle + 1;
        best = fmin(best, *width);
    }
    return st;
}

/* The returns of w->pi as a point. */
static sx_status put_point(const soft *w, double temperature, sx_frontier *f, sx_error *err)
{
    double j[2] = {0, 0};
    sx_status st = sx_i_plane_returns(w->p, w->pi, j, err);
    f->point[f->points++] = (sx_soft_point){temperature, sx_i_given(&w->p->proxy, j[0]),
                                            sx_i_given(&w->p->truth, j[1])};
    return st;
}

/* The optimum of the proxy that is nearest to uniform; allowed [K] is workspace,
 * zero [K] is 0. */
static sx_status limit(soft *w, unsigned char *allowed, const double *zero, sx_frontier *f,
                       sx_error *err)
{
    const sx_i_range *g = w->p->proxy.range;
    sx_solve_options o = sx_solve_defaults();
    double width = 0;
    sx_policy_uniform(w->m, w->pi);
    if (!g->trivial) {
        double slack = TIE * g->scale + 2 * w->m->discount * g->best.s->value_error;
        sx_solution_ties(w->m, g->r, &o, g->best.s, slack, allowed);
        w->allowed = allowed;
        w->r = zero;
        w->temperature = 1;
        memset(w->v, 0, (size_t)w->m->states * sizeof *w->v);
        sx_status st = soft_solve(w, &width, err);
        if (st)
            return st;
    }
    if (!(width <= SX_I_NEAR))
        f->outcome = sx_i_worse_outcome(f->outcome, SX_ROUNDING);
    return put_point(w, 0, f, err);
}

static sx_status walk(soft *w, int32_t temperatures, unsigned char *allowed, const double *zero,
                      sx_frontier *f, sx_error *err)
{
    double cold = COLDEST * (1 - w->m->discount), span = w->p->proxy.unit;
    int32_t n = w->p->proxy.range->trivial ? 0 : temperatures;
    sx_policy_uniform(w->m, w->pi);
    sx_status st = put_point(w, INFINITY, f, err);
    for (int32_t i = 0; !st && i < n; i++) {
        double width = 0;
        w->temperature = HOTTEST * pow(cold / HOTTEST, (double)i / (n - 1));
        st = soft_solve(w, &width, err);
        f->path_error = fmax(f->path_error, width);
        if (!st)
            st = put_point(w, w->temperature * span, f, err);
    }
    if (!(f->path_error <= SX_I_NEAR))
        f->outcome = sx_i_worse_outcome(f->outcome, SX_ROUNDING);
    return st ? st : limit(w, allowed, zero, f, err);
}

static sx_number drop(const sx_i_plane *p, const sx_frontier *f)
{
    double most = -INFINITY;
    if (p->truth.range->trivial)
        return (sx_number){NAN, "all policies return the same true reward"};
    for (int32_t i = 0; i < f->points; i++)
        most = fmax(most, f->point[i].truth);
    return (sx_number){(most - f->point[f->points - 1].truth) /
                           (p->truth.range->range[1] - p->truth.range->range[0]),
                       NULL};
}

sx_status sx_i_soft_path(const sx_i_plane *p, int32_t temperatures, sx_frontier *f,
                         sx_error *err)
{
    soft w = {.p = p, .m = p->m, .r = p->proxy.r};
    size_t n = (size_t)p->m->states, pairs = (size_t)p->m->pairs;
    f->drop_height = (sx_number){NAN, "the soft path was not computed"};
    if (temperatures == 0)
        return SX_OK;
    unsigned char *allowed = sx_alloc(pairs, sizeof *allowed);
    double *zero = sx_alloc(pairs, sizeof *zero);
    w.v = sx_alloc(n, sizeof *w.v);
    w.pi = sx_alloc(pairs, sizeof *w.pi);
    w.pay = sx_alloc(pairs, sizeof *w.pay);
    f->point = sx_alloc((size_t)temperatures + 2, sizeof *f->point);
    bool ok = allowed && zero && w.v && w.pi && w.pay && f->point;
    sx_status st = ok ? walk(&w, temperatures, allowed, zero, f, err) : sx_nomem(err);
    if (!st)
        f->drop_height = drop(p, f);
    sx_release(allowed);
    sx_release(zero);
    sx_release(w.v);
    sx_release(w.pi);
    sx_release(w.pay);
    return st;
}
