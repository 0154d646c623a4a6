/* SPDX-License-Identifier: GPL-3.0-or-later */
/* regret_dual.c - the worst case by its one-dimensional dual.
 *
 *     W = min_{lambda >= 0} F(lambda),   F(lambda) = span(R1 - lambda R2)
 *
 * F is convex and piecewise linear, and every pair of policies (high, low) gives a line
 * below it:  J1(high) - J1(low) - lambda (J2(high) - J2(low)).  A bracket is two pairs, one
 * whose line falls and one whose line rises.  Where their lines meet they give the lower
 * bound, which is attained: mixed with the same weight on both sides so that the J2-gap is 0,
 * the two pairs are feasible for the primal and their J1-gap is the height of that point.  F is
 * evaluated there (two solves); its certified upper end is the upper bound, and its
 * optimal pair replaces one side of the bracket.  The search starts from the best pair at
 * lambda = 0 (ties broken by the least J2-gap) and the one at infinity (ties by the largest
 * J1-gap), and is finite because F has finitely many pieces.  The solves are no finer than a
 * twentieth of the present gap, and start from values interpolated between the bracket's
 * ends. */
#include "metrics/regret_int.h"

#include "solvers/evaluate.h"

#include <math.h>
#include <string.h>

enum { STEPS = 1000 };

/* Slopes this flat count as falling, so that the rising side always can restore J2. */
static const double FLAT = 1e-13;

/* Gaps of a tie, relative to the largest reward. */
static const double TIE = 1e-9;

sx_outcome sx_i_worse_outcome(sx_outcome a, sx_outcome b)
{
    return a > b ? a : b;
}

sx_status sx_i_point_set(const sx_i_task *t, const int32_t *choice, sx_i_point *p,
                         sx_error *err)
{
    sx_evaluator *e = NULL;
    double residual;
    sx_status st = sx_evaluator_choice(t->mdp, choice, &e, err);
    if (!st)
        st = sx_evaluator_occupancy(e, NULL, p->x, &residual, err);
    if (!st) {
        p->j1 = sx_dot(t->truth->r, p->x, t->mdp->pairs);
        p->j2 = sx_dot(t->proxy->r, p->x, t->mdp->pairs);
    }
    sx_evaluator_free(e);
    return st;
}

sx_status sx_i_point_tied(sx_i_task *t, const sx_i_range *first, sx_direction d_first,
                          const sx_i_range *then, sx_direction d, sx_i_point *p, sx_error *err)
{
    const sx_solution *s = d_first == SX_MAXIMISE ? first->best : first->worst;
    sx_solve_options o = t->solve;
    o.direction = d_first;
    double slack = TIE * first->scale + 2 * t->mdp->discount * s->value_error;
    int32_t tied = sx_solution_ties(t->mdp, first->r, &o, s, slack, t->allowed);
    p->outcome = SX_SOLVED;
    if (tied == t->mdp->states)
        return sx_i_point_set(t, s->choice, p, err);
    sx_solution *best = NULL;
    o.direction = d;
    o.tolerance = t->tolerance / 2;
    o.allowed = t->allowed;
    sx_status st = sx_solve(t->mdp, then->r, &o, &best, err);
    if (!st)
        st = sx_i_point_set(t, best->choice, p, err);
    if (!st && !(best->hi - best->lo <= t->tolerance))
        p->outcome = best->outcome;
    sx_solution_free(best);
    return st;
}

static void pair_gaps(sx_i_pair *p)
{
    p->gap1 = p->high.j1 - p->low.j1;
    p->gap2 = p->high.j2 - p->low.j2;
}

/* The pair at lambda = 0: optimal for the truth, then of least J2-gap. */
static sx_status start_left(sx_i_task *t, sx_error *err)
{
    sx_i_pair *p = t->left;
    const sx_i_range *a = t->truth, *b = t->proxy;
    size_t size = (size_t)t->mdp->states * sizeof *a->best->value;
    sx_status st = sx_i_point_tied(t, a, SX_MAXIMISE, b, SX_MINIMISE, &p->high, err);
    if (!st)
        st = sx_i_point_tied(t, a, SX_MINIMISE, b, SX_MAXIMISE, &p->low, err);
    pair_gaps(p);
    /* what counted as tied need not be: then without the second wish */
    if (!st && !(p->gap1 >= a->upper - t->tolerance / 2)) {
        st = sx_i_point_set(t, a->best->choice, &p->high, err);
        if (!st)
            st = sx_i_point_set(t, a->worst->choice, &p->low, err);
        pair_gaps(p);
    }
    p->lambda = 0;
    memcpy(p->value_high, a->best->value, size);
    memcpy(p->value_low, a->worst->value, size);
    return st;
}

/* The pair at infinity: optimal for the proxy the other way, then of largest J1-gap.  The
 * low side is known already: the worst of the R2-optimal policies. */
static sx_status start_right(sx_i_task *t, sx_error *err)
{
    sx_i_pair *p = t->right;
    sx_status st =
        sx_i_point_tied(t, t->proxy, SX_MINIMISE, t->truth, SX_MAXIMISE, &p->high, err);
    pair_gaps(p);
    p->lambda = INFINITY;
    return st;
}

/* Where the bracket's lines meet, how high, and the left pair's weight for a J2-gap of 0. */
static double meet(sx_i_task *t)
{
    const sx_i_pair *a = t->left, *b = t->right;
    double w = a->gap2 <= 0 ? 1 : b->gap2 / (b->gap2 - a->gap2);
    t->weight = w;
    t->lower = w * a->gap1 + (1 - w) * b->gap1;
    return a->gap2 > b->gap2 ? fmax(0, (a->gap1 - b->gap1) / (a->gap2 - b->gap2)) : 0;
}

/* Values at lambda between those of the bracket's ends; NULL when only one end has any and
 * it is far away. */
static const double *interpolate(sx_i_task *t, double lambda, bool high)
{
    const sx_i_pair *a = t->left, *b = t->right;
    if (!isfinite(b->lambda) || !(b->lambda > a->lambda))
        return NULL;
    double w = (b->lambda - lambda) / (b->lambda - a->lambda);
    const double *va = high ? a->value_high : a->value_low;
    const double *vb = high ? b->value_high : b->value_low;
    for (int32_t s = 0; s < t->mdp->states; s++)
        t->warm[s] = w * va[s] + (1 - w) * vb[s];
    return t->warm;
}

/* One side of F(lambda): its point and values; *bound: the certified outer end. */
static sx_status side(sx_i_task *t, double lambda, double tolerance, bool high, double *bound,
                      sx_error *err)
{
    sx_solve_options o = t->solve;
    sx_solution *s = NULL;
    o.direction = high ? SX_MAXIMISE : SX_MINIMISE;
    o.tolerance = tolerance;
    o.warm = interpolate(t, lambda, high);
    sx_status st = sx_solve(t->mdp, t->r, &o, &s, err);
    if (!st)
        st = sx_i_point_set(t, s->choice, high ? &t->spare->high : &t->spare->low, err);
    if (!st) {
        *bound = high ? s->hi : s->lo;
        memcpy(high ? t->spare->value_high : t->spare->value_low, s->value,
               (size_t)t->mdp->states * sizeof *s->value);
    }
    sx_solution_free(s);
    return st;
}

/* F at lambda: the spare pair, and a better dual if it is one. */
static sx_status evaluate(sx_i_task *t, double lambda, double tolerance, sx_error *err)
{
    double above = 0, below = 0;
    for (int32_t k = 0; k < t->mdp->pairs; k++)
        t->r[k] = t->truth->r[k] - lambda * t->proxy->r[k];
    sx_status st = side(t, lambda, tolerance, true, &above, err);
    if (!st)
        st = side(t, lambda, tolerance, false, &below, err);
    if (st)
        return st;
    t->spare->lambda = lambda;
    pair_gaps(t->spare);
    if (above - below < t->upper) {
        t->upper = above - below;
        t->lambda = lambda;
    }
    return st;
}

static void swap(sx_i_pair **a, sx_i_pair **b)
{
    sx_i_pair *c = *a;
    *a = *b;
    *b = c;
}

/* Let the spare pair take its side of the bracket if its line is higher at lambda than the
 * point where the bracket's lines meet.  Whether it was. */
static bool advance(sx_i_task *t, double lambda)
{
    const sx_i_pair *n = t->spare;
    if (!(n->gap1 - lambda * n->gap2 > t->left->gap1 - lambda * t->left->gap2 + FLAT))
        return false;
    swap(n->gap2 > -FLAT ? &t->left : &t->right, &t->spare);
    return true;
}

/* Two policies that are one and the same lose nothing: the lower bound is never below 0. */
static double gap(const sx_i_task *t)
{
    return t->upper - fmax(t->lower, 0);
}

static sx_status bracket(sx_i_task *t, sx_error *err)
{
    double before = INFINITY;
    sx_status st = SX_OK;
    for (int step = 0; step < STEPS; step++) {
        double lambda = meet(t), open = gap(t);
        if (open <= t->tolerance / 2)
            return st;
        double fine = fmax(t->tolerance / 16, 0.05 * open);
        st = evaluate(t, lambda, fine, err);
        if (st)
            return st;
        if (!advance(t, lambda) && !(gap(t) < 0.9 * before))
            return st; /* as close as rounding allows */
        before = gap(t);
    }
    t->outcome = SX_STOPPED;
    return st;
}

sx_status sx_i_dual_search(sx_i_task *t, sx_error *err)
{
    t->lambda = 0;
    t->upper = t->truth->upper;
    sx_status st = start_left(t, err);
    if (!st)
        st = start_right(t, err);
    return st ? st : bracket(t, err);
}
