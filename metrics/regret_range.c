/* SPDX-License-Identifier: GPL-3.0-or-later */
/* regret_range.c - the range of returns of one reward.
 *
 * The tolerance is relative to the span, which is not known beforehand: solve coarsely in
 * both directions, shape the reward by the mean of its best and worst values (which leaves
 * every difference of returns alone and the values small), and again more finely, until the
 * span is known to a twentieth or certified to be trivial.  Then divide by it and solve to
 * the tolerance asked for.  The ends of the range are the returns of the two policies found,
 * and the certified intervals of the solves say how far from the optimum they can be. */
#include "metrics/regret_int.h"

#include "solvers/evaluate.h"

#include <math.h>
#include <string.h>

enum { PASSES = 8 };

/* One reward under work. */
typedef struct ranging {
    const sx_mdp *m;
    const double *given; /* [K] */
    double *phi;         /* [S] the potential so far */
    double *warm;        /* [2*S] values to start from: maximise, minimise */
    bool started;        /* warm holds values */
    sx_solve_options solve;
} ranging;

static double largest(const double *r, int32_t n)
{
    double max = 0;
    for (int32_t i = 0; i < n; i++)
        max = fmax(max, fabs(r[i]));
    return max;
}

/* r = given + gamma P phi - phi */
static void shape(const ranging *a, double *r)
{
    const sx_mdp *m = a->m;
    for (int32_t s = 0; s < m->states; s++)
        for (int32_t k = m->pair[s]; k < m->pair[s + 1]; k++) {
            double ahead = 0;
            for (int64_t t = m->first[k]; t < m->first[k + 1]; t++)
                ahead += m->prob[t] * a->phi[m->next[t]];
            r[k] = a->given[k] + (m->discount * ahead - a->phi[s]);
        }
}

/* Solve g->r in both directions. */
static sx_status both(ranging *a, double tolerance, sx_i_range *g, sx_error *err)
{
    sx_solve_options o = a->solve;
    o.tolerance = tolerance;
    o.direction = SX_MAXIMISE;
    o.warm = a->started ? a->warm : NULL;
    g->best.s = sx_solution_free(g->best.s);
    g->worst.s = sx_solution_free(g->worst.s);
    sx_status st = sx_solve(a->m, g->r, &o, &g->best.s, err);
    o.direction = SX_MINIMISE;
    o.warm = a->started ? a->warm + a->m->states : NULL;
    if (!st)
        st = sx_solve(a->m, g->r, &o, &g->worst.s, err);
    if (!st)
        g->outcome = sx_i_worse_outcome(g->best.s->outcome, g->worst.s->outcome);
    return st;
}

/* Add the middle of the values to the potential, and reshape. */
static void recentre(ranging *a, sx_i_range *g)
{
    int32_t n = a->m->states;
    for (int32_t s = 0; s < n; s++) {
        double half = (g->best.s->value[s] - g->worst.s->value[s]) / 2;
        a->phi[s] += (g->best.s->value[s] + g->worst.s->value[s]) / 2;
        a->warm[s] = half;
        a->warm[n + s] = -half;
    }
    a->started = true;
    shape(a, g->r);
}

/* What the last two solves say of the span.  False when another pass would tell more. */
static bool settled(double trivial, const sx_i_range *g, double *span)
{
    double above = g->best.s->hi - g->worst.s->lo, below = g->best.s->lo - g->worst.s->hi;
    *span = fmax((above + below) / 2, 0);
    return above <= trivial || above - below <= 0.05 * below || g->outcome != SX_SOLVED;
}

/* Narrow the span down until it is known to a twentieth, is below `trivial` for certain, or
 * cannot be known better. */
static sx_status narrow(ranging *a, double trivial, sx_i_range *g, double *span, sx_error *err)
{
    double tolerance = INFINITY;
    bool done = false;
    sx_status st = SX_OK;
    for (int pass = 0; !st && !done; pass++) {
        double size = largest(g->r, a->m->pairs);
        *span = 0;
        g->trivial = size == 0;
        if (size == 0)
            break;
        tolerance = fmin(1e-3 * size / (1 - a->m->discount), 1e-2 * tolerance);
        st = both(a, tolerance, g, err);
        if (st)
            break;
        done = settled(trivial, g, span) || pass == PASSES - 1;
        g->trivial = done && *span <= trivial;
        if (!g->trivial)
            recentre(a, g);
    }
    return st;
}

/* The returns of the policy at one end: of r, and of the reward as it was given. */
static sx_status end_returns(const ranging *a, const double *r, sx_i_end *end, double *given,
                             sx_error *err)
{
    sx_evaluator *e = NULL;
    double residual;
    sx_status st = sx_evaluator_choice(a->m, end->s->choice, &e, err);
    if (!st)
        st = sx_evaluator_occupancy(e, NULL, end->x, &residual, err);
    if (!st) {
        end->j = sx_dot(r, end->x, a->m->pairs);
        *given = sx_dot(a->given, end->x, a->m->pairs);
    }
    sx_evaluator_free(e);
    return st;
}

static sx_status ends(const ranging *a, sx_i_range *g, sx_error *err)
{
    sx_status st = end_returns(a, g->r, &g->best, &g->range[1], err);
    if (!st)
        st = end_returns(a, g->r, &g->worst, &g->range[0], err);
    return st;
}

/* Divide by the span and solve to the tolerance. */
static sx_status tighten(ranging *a, double tolerance, sx_i_range *g, sx_error *err)
{
    for (int32_t k = 0; k < a->m->pairs; k++)
        g->r[k] /= g->unit;
    for (int32_t s = 0; s < 2 * a->m->states; s++)
        a->warm[s] /= g->unit;
    g->scale = largest(g->r, a->m->pairs);
    sx_status st = both(a, tolerance / 8, g, err);
    if (!st)
        st = ends(a, g, err);
    if (st)
        return st;
    g->upper = fmax(g->best.s->hi - g->worst.s->lo, g->best.j - g->worst.j);
    if (g->best.s->hi - g->best.s->lo + (g->worst.s->hi - g->worst.s->lo) <= tolerance)
        g->outcome = SX_SOLVED;
    return SX_OK;
}

/* A range too narrow to matter; nothing was solved only where the reward is 0. */
static sx_status flat(ranging *a, sx_i_range *g, sx_error *err)
{
    sx_status st = SX_OK;
    g->unit = 1;
    g->outcome = SX_SOLVED;
    if (g->best.s && g->worst.s)
        st = ends(a, g, err);
    g->range[0] = fmin(g->range[0], g->range[1]);
    return st;
}

static sx_status find(ranging *a, double trivial, double tolerance, sx_i_range *g,
                      sx_error *err)
{
    memcpy(g->r, a->given, (size_t)a->m->pairs * sizeof *g->r);
    sx_status st = narrow(a, trivial, g, &g->unit, err);
    if (st)
        return st;
    return g->trivial ? flat(a, g, err) : tighten(a, tolerance, g, err);
}

sx_status sx_i_range_find(const sx_mdp *m, const double *given, double possible,
                          const sx_regret_options *o, sx_i_range *g, sx_error *err)
{
    size_t n = (size_t)m->states, pairs = (size_t)m->pairs;
    ranging a = {.m = m, .given = given, .solve = sx_solve_defaults()};
    a.solve.method = o->method;
    a.phi = sx_alloc(n, sizeof *a.phi);
    a.warm = sx_alloc(2 * n, sizeof *a.warm);
    g->r = sx_alloc(pairs, sizeof *g->r);
    g->best.x = sx_alloc(pairs, sizeof *g->best.x);
    g->worst.x = sx_alloc(pairs, sizeof *g->worst.x);
    bool ok = a.phi && a.warm && g->r && g->best.x && g->worst.x;
    sx_status st = ok ? SX_OK : sx_nomem(err);
    if (!st)
        st = find(&a, o->trivial * possible / (1 - m->discount), o->tolerance, g, err);
    sx_release(a.phi);
    sx_release(a.warm);
    return st;
}

void sx_i_range_release(sx_i_range *g)
{
    sx_release(g->r);
    sx_release(g->best.x);
    sx_release(g->worst.x);
    sx_solution_free(g->best.s);
    sx_solution_free(g->worst.s);
}
