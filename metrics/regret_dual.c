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
 * J1-gap), and is finite because F has finitely many pieces.
 *
 * While the bracket spans many pieces F looks smooth, and the place where its slope would be 0
 * by interpolation is much nearer to the minimum than the place where the lines meet: such
 * steps are tried for as long as they pay.
 *
 * The solves are only so fine as the present gap asks for, and start from values interpolated
 * between the bracket's ends; the lines on the way are as near as that.  When the gap is
 * closed the bracket is evaluated exactly, and should that open the gap again, the search goes
 * on with exact lines. */
#include "metrics/regret_int.h"

#include "solvers/evaluate.h"

#include <float.h>
#include <math.h>
#include <string.h>

enum { STEPS = 1000 };

/* Slopes this flat count as falling, so that the rising side always can restore J2. */
static const double FLAT = 1e-13;

/* Width of the intervals asked for, relative to the present gap. */
static const double FINE = 0.005;

/* Gaps of a tie at first, relative to the largest reward, and what they are divided by. */
static const double TIE = 1e-9, TIGHTER = 20;

sx_outcome sx_i_worse_outcome(sx_outcome a, sx_outcome b)
{
    return a > b ? a : b;
}

/* Returns from the occupancy. */
static void point_returns(const sx_i_task *t, sx_i_point *p)
{
    p->j1 = sx_dot(t->truth->r, p->x, t->mdp->pairs);
    p->j2 = sx_dot(t->proxy->r, p->x, t->mdp->pairs);
    p->exact = true;
}

void sx_i_point_end(const sx_i_task *t, const sx_i_end *end, sx_i_point *p)
{
    memcpy(p->choice, end->s->choice, (size_t)t->mdp->states * sizeof *p->choice);
    memcpy(p->x, end->x, (size_t)t->mdp->pairs * sizeof *p->x);
    point_returns(t, p);
    p->outcome = SX_SOLVED;
}

/* Occupancy and exact returns of a deterministic policy, choice [S]. */
static sx_status point_set(const sx_i_task *t, const int32_t *choice, sx_i_point *p,
                           sx_error *err)
{
    sx_evaluator *e = NULL;
    double residual;
    if (choice != p->choice)
        memcpy(p->choice, choice, (size_t)t->mdp->states * sizeof *choice);
    sx_status st = sx_evaluator_choice(t->mdp, p->choice, &e, err);
    if (!st)
        st = sx_evaluator_occupancy(e, NULL, p->x, &residual, err);
    if (!st)
        point_returns(t, p);
    sx_evaluator_free(e);
    return st;
}

/* Whether the pairs k and c lead to the same states and pay the same. */
static bool same_pair(const sx_mdp *m, const double *r, int32_t k, int32_t c)
{
    int64_t n = m->first[k + 1] - m->first[k], i = 0;
    if (r[k] != r[c] || n != m->first[c + 1] - m->first[c])
        return false;
    while (i < n && m->next[m->first[k] + i] == m->next[m->first[c] + i] &&
           m->prob[m->first[k] + i] == m->prob[m->first[c] + i])
        i++;
    return i == n;
}

/* Whether the allowed pairs leave a choice that changes a return of r. */
static bool ties_matter(const sx_i_task *t, const int32_t *choice, const double *r)
{
    const sx_mdp *m = t->mdp;
    for (int32_t s = 0; s < m->states; s++)
        for (int32_t k = m->pair[s]; k < m->pair[s + 1]; k++)
            if (t->allowed[k] && !same_pair(m, r, k, choice[s]))
                return true;
    return false;
}

/* The best of the policies of allowed actions by `then`. */
static sx_status point_among(sx_i_task *t, const sx_i_range *then, sx_direction d,
                             sx_i_point *p, sx_error *err)
{
    sx_solution *best = NULL;
    sx_solve_options o = t->solve;
    o.direction = d;
    o.tolerance = t->tolerance / 2;
    o.allowed = t->allowed;
    sx_status st = sx_solve(t->mdp, then->r, &o, &best, err);
    if (!st)
        st = point_set(t, best->choice, p, err);
    if (!st && !(best->hi - best->lo <= t->tolerance))
        p->outcome = best->outcome;
    sx_solution_free(best);
    return st;
}

/* What a single action may lose and count as tied costs up to 1/(1-gamma) times as much when it
 * is taken for ever.  So the policy found is held against the optimum, and where it falls short
 * fewer actions are ties; of true ones nothing is lost. */
sx_status sx_i_point_tied(sx_i_task *t, const sx_i_range *first, sx_direction d_first,
                          const sx_i_range *then, sx_direction d, sx_i_point *p, sx_error *err)
{
    const sx_i_end *end = d_first == SX_MAXIMISE ? &first->best : &first->worst;
    sx_solve_options o = t->solve;
    o.direction = d_first;
    double slack = TIE * first->scale + 2 * t->mdp->discount * end->s->value_error;
    while (slack > DBL_EPSILON * first->scale) {
        sx_solution_ties(t->mdp, first->r, &o, end->s, slack, t->allowed);
        sx_i_point_end(t, end, p);
        if (!ties_matter(t, end->s->choice, then->r))
            return SX_OK;
        sx_status st = point_among(t, then, d, p, err);
        double loss = sx_dot(first->r, p->x, t->mdp->pairs) - end->j;
        if (st || (d_first == SX_MAXIMISE ? -loss : loss) <= t->tolerance / 4)
            return st;
        slack /= TIGHTER;
    }
    sx_i_point_end(t, end, p);
    return SX_OK;
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
    size_t size = (size_t)t->mdp->states * sizeof *a->best.s->value;
    sx_status st = sx_i_point_tied(t, a, SX_MAXIMISE, b, SX_MINIMISE, &p->high, err);
    if (!st)
        st = sx_i_point_tied(t, a, SX_MINIMISE, b, SX_MAXIMISE, &p->low, err);
    pair_gaps(p);
    p->lambda = 0;
    memcpy(p->high.value, a->best.s->value, size);
    memcpy(p->low.value, a->worst.s->value, size);
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
    const double *va = high ? a->high.value : a->low.value;
    const double *vb = high ? b->high.value : b->low.value;
    for (int32_t s = 0; s < t->mdp->states; s++)
        t->warm[s] = w * va[s] + (1 - w) * vb[s];
    return t->warm;
}

/* How near a return of the proxy must be for lines that are good to `tolerance` in the whole
 * bracket. */
static double slope_tolerance(const sx_i_task *t, double tolerance)
{
    return tolerance / fmin(1, fabs(t->right->lambda - t->left->lambda));
}

/* The returns of p's policy nearly: that of the proxy by a coarse solve in which each state has
 * one action, that of the truth from it and `j`, the return of R1 - lambda R2. */
static sx_status point_near(sx_i_task *t, double lambda, double j, double tolerance, bool high,
                            sx_i_point *p, sx_error *err)
{
    sx_solve_options o = t->solve;
    sx_solution *s = NULL;
    size_t states = (size_t)t->mdp->states;
    double *follow = t->follow[high ? 0 : 1];
    memset(t->allowed, 0, (size_t)t->mdp->pairs);
    for (size_t i = 0; i < states; i++)
        t->allowed[p->choice[i]] = 1;
    o.allowed = t->allowed;
    o.tolerance = slope_tolerance(t, tolerance);
    o.warm = follow;
    sx_status st = sx_solve(t->mdp, t->proxy->r, &o, &s, err);
    if (!st) {
        memcpy(follow, s->value, states * sizeof *follow);
        p->j2 = (s->lo + s->hi) / 2;
        p->j1 = j + lambda * p->j2;
        p->exact = false;
    }
    sx_solution_free(s);
    return st;
}

/* One side of F(lambda): its point, near, and values; *bound: the certified outer end. */
static sx_status side(sx_i_task *t, double lambda, double tolerance, bool high, double *bound,
                      sx_error *err)
{
    sx_solve_options o = t->solve;
    sx_solution *s = NULL;
    sx_i_point *p = high ? &t->spare->high : &t->spare->low;
    size_t states = (size_t)t->mdp->states;
    double j = 0;
    o.direction = high ? SX_MAXIMISE : SX_MINIMISE;
    o.tolerance = tolerance;
    o.warm = interpolate(t, lambda, high);
    sx_status st = sx_solve(t->mdp, t->r, &o, &s, err);
    if (!st) {
        *bound = high ? s->hi : s->lo;
        j = high ? s->lo : s->hi;
        memcpy(p->value, s->value, states * sizeof *p->value);
        memcpy(p->choice, s->choice, states * sizeof *p->choice);
    }
    sx_solution_free(s);
    return st ? st : point_near(t, lambda, j, tolerance, high, p, err);
}

/* Make the returns of a pair exact. */
static sx_status pair_settle(const sx_i_task *t, sx_i_pair *p, sx_error *err)
{
    sx_status st = p->high.exact ? SX_OK : point_set(t, p->high.choice, &p->high, err);
    if (!st && !p->low.exact)
        st = point_set(t, p->low.choice, &p->low, err);
    pair_gaps(p);
    return st;
}

/* F at lambda: the spare pair, and a better dual if it is one.  The pair is exact where it was
 * asked for or where the sign of its slope is in doubt. */
static sx_status evaluate(sx_i_task *t, double lambda, double tolerance, bool exact,
                          sx_error *err)
{
    double above = 0, below = 0, doubt = 4 * slope_tolerance(t, tolerance);
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
    if (exact || fabs(t->spare->gap2) <= doubt)
        st = pair_settle(t, t->spare, err);
    return st;
}

static void swap(sx_i_pair **a, sx_i_pair **b)
{
    sx_i_pair *c = *a;
    *a = *b;
    *b = c;
}

static double line(const sx_i_pair *p, double lambda)
{
    return p->gap1 - lambda * p->gap2;
}

/* Let the spare pair take its side of the bracket if its line is higher at lambda than those
 * of the bracket.  Whether it was. */
static bool advance(sx_i_task *t, double lambda)
{
    const sx_i_pair *n = t->spare;
    if (!(line(n, lambda) > fmax(line(t->left, lambda), line(t->right, lambda)) + FLAT))
        return false;
    swap(n->gap2 > -FLAT ? &t->left : &t->right, &t->spare);
    return true;
}

/* Where the slope would be 0 if it changed evenly between the bracket's ends: far nearer to the
 * minimum than where the lines meet, as long as the bracket spans many pieces of F.  Next to
 * one end a little further than that, so that the other end comes near too. */
static double level(const sx_i_task *t, double meeting)
{
    double a = t->left->lambda, b = t->right->lambda;
    double share = t->left->gap2 / (t->left->gap2 - t->right->gap2);
    if (share < 0.1)
        share *= 3;
    else if (share > 0.9)
        share = 1 - 3 * (1 - share);
    double lambda = a + (b - a) * share;
    return lambda > a && lambda < b ? lambda : meeting;
}

/* Two policies that are one and the same lose nothing: the lower bound is never below 0. */
static double gap(const sx_i_task *t)
{
    return t->upper - fmax(t->lower, 0);
}

/* Make the bracket exact. */
static sx_status settle(sx_i_task *t, sx_error *err)
{
    sx_status st = pair_settle(t, t->left, err);
    if (!st)
        st = pair_settle(t, t->right, err);
    meet(t);
    return st;
}

/* Close the bracket; its lines are exact where `exact` says so, the pairs at the start are
 * anyhow.  Ends settled, with the gap as small as tolerance and rounding allow. */
static sx_status close_bracket(sx_i_task *t, bool exact, sx_error *err)
{
    double before = INFINITY;
    bool fast = false;
    for (int step = 0; step < STEPS; step++) {
        double lambda = meet(t), open = gap(t);
        if (open <= t->tolerance / 2)
            return settle(t, err);
        if (fast)
            lambda = level(t, lambda);
        double fine = fmax(t->tolerance / 16, FINE * open);
        sx_status st = evaluate(t, lambda, fine, exact, err);
        if (st)
            return st;
        bool advanced = advance(t, lambda);
        meet(t);
        if (!advanced && !fast && !(gap(t) < 0.9 * before))
            return settle(t, err); /* as close as rounding allows */
        fast = !fast || (advanced && gap(t) < 0.25 * open);
        before = gap(t);
    }
    t->outcome = SX_STOPPED;
    return settle(t, err);
}

sx_status sx_i_dual_search(sx_i_task *t, sx_error *err)
{
    t->lambda = 0;
    t->upper = t->truth->upper;
    sx_status st = start_left(t, err);
    if (!st)
        st = start_right(t, err);
    if (!st)
        st = close_bracket(t, false, err);
    if (!st && gap(t) > t->tolerance / 2)
        st = close_bracket(t, true, err);
    return st;
}
