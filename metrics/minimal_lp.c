/* SPDX-License-Identifier: GPL-3.0-or-later */
/* minimal_lp.c - the linear programs of the minimal forms in l1 and linf, in their dual form.
 *
 *     sum:      max sum_i w_i c_i z_i         sum_i w_i z_i row_i = 0,  |z_i| <= 1
 *               with the unknowns w_i z_i, whose reduced costs are the e_i
 *     maximum:  max sum_i w_i c_i (p_i - q_i)   the same with z = p - q,
 *               sum_i p_i + q_i <= 1,  p, q >= 0
 *
 * with as many rows as there are unknowns, by the dual simplex method with bound flipping:
 * all its variables are boxed.  By complementary slackness with one optimal z, x is optimal
 * exactly if
 *
 *     sum:      e_i = 0 where |z_i| < 1,  e_i z_i >= 0 elsewhere
 *     maximum:  w_i e_i = M where z_i > 0,  -M where z_i < 0,  |w_i e_i| <= M elsewhere.
 *
 * Which vertices z there are does not depend on the reward, so that rounding in a reward does
 * not move the face. */
#include "metrics/minimal_int.h"
#include "solvers/lp.h"

#include <math.h>

static double total(const sx_i_goal *t)
{
    return t->largest && t->total > 0 ? t->total : 1;
}

/* What a program is made of. */
typedef struct frame {
    const sx_i_goal *t;
    const sx_i_limits *limits; /* or NULL */
    const sx_i_part *part;     /* NULL: all terms */
    double blur;
} frame;

/* Columns of the program for term i: one, two, or none when it is hidden or held. */
static int32_t columns(const frame *f, int32_t i)
{
    if (f->part && !f->part->in[i])
        return 0;
    if (!f->t->largest)
        return 1;
    return f->t->hidden[i] ? 0 : 2;
}

static int32_t count_columns(const frame *f)
{
    int32_t count = f->limits ? f->limits->count : 0;
    for (int32_t i = 0; i < f->t->terms; i++)
        count += columns(f, i);
    return count;
}

static int64_t count_entries(const frame *f)
{
    const sx_i_goal *t = f->t;
    int64_t count = f->limits ? f->limits->start[f->limits->count] : 0;
    for (int32_t i = 0; i < t->terms; i++)
        count += columns(f, i) * (2 + t->start[i + 1] - t->start[i]);
    return count;
}

static void count_rows(const frame *f, sx_lp *lp)
{
    const sx_i_goal *t = f->t;
    const sx_i_limits *l = f->limits;
    for (int32_t i = 0; i < t->terms; i++) {
        int32_t times = columns(f, i);
        if (times == 0)
            continue;
        lp->start[1] += t->loose ? 0 : times;
        for (int64_t p = t->start[i]; p < t->start[i + 1]; p++)
            lp->start[t->col[p] + 1] += times;
        if (t->largest)
            lp->start[t->unknowns + 1] += times;
    }
    for (int64_t p = 0; l && p < l->start[l->count]; p++)
        lp->start[l->col[p] + 1]++;
    for (int32_t j = 0; j < lp->rows; j++)
        lp->start[j + 1] += lp->start[j];
}

static void put(sx_lp *lp, int64_t *at, int32_t row, int32_t column, double x)
{
    lp->col[at[row]] = column;
    lp->coef[at[row]++] = x;
}

double sx_i_goal_scatter(int32_t i)
{
    uint32_t bits = (uint32_t)(i + 1) * UINT32_C(2654435769);
    bits ^= bits >> 15;
    return (double)(bits * UINT32_C(2246822519)) * 0x1p-31 - 1;
}

/* Column j: term i times sign; at [rows] are the next free places of the rows. */
static void put_column(const sx_i_goal *t, int32_t i, double sign, double blur, int32_t j,
                       int64_t *at, sx_lp *lp)
{
    double scale = t->largest ? sign * t->weight[i] : 1;
    if (!t->loose)
        put(lp, at, 0, j, -scale);
    for (int64_t p = t->start[i]; p < t->start[i + 1]; p++)
        put(lp, at, t->col[p], j, scale * t->coef[p]);
    if (t->largest)
        put(lp, at, t->unknowns, j, 1);
    lp->cost[j] = scale * (t->value[i] + blur * sx_i_goal_scatter(i));
    lp->col_lo[j] = t->largest ? 0 : -t->weight[i];
    lp->col_hi[j] = t->largest ? total(t) : t->weight[i];
}

static void put_limits(const sx_i_limits *l, int32_t j, int64_t *at, sx_lp *lp)
{
    for (int32_t i = 0; i < l->count; i++, j++) {
        for (int64_t p = l->start[i]; p < l->start[i + 1]; p++)
            put(lp, at, l->col[p], j, l->coef[p]);
        lp->cost[j] = -l->most[i];
        lp->col_hi[j] = INFINITY;
    }
}

/* at [rows] is workspace. */
static void fill(const frame *f, int64_t *at, sx_lp *lp)
{
    const sx_i_goal *t = f->t;
    int32_t j = 0;
    lp->maximise = true;
    count_rows(f, lp);
    for (int32_t row = 0; row < lp->rows; row++) {
        bool equation = row < t->unknowns;
        at[row] = lp->start[row];
        lp->row_hi[row] = !equation ? total(t) : f->part ? -f->part->held[row] : 0;
        lp->row_lo[row] = equation ? lp->row_hi[row] : -INFINITY;
    }
    for (int32_t i = 0; i < t->terms; i++)
        for (int32_t c = 0; c < columns(f, i); c++)
            put_column(t, i, c ? -1 : 1, f->blur, j++, at, lp);
    if (f->limits)
        put_limits(f->limits, j, at, lp);
}

static sx_status build(const frame *f, sx_lp **out, sx_error *err)
{
    int32_t rows = f->t->unknowns + f->t->largest;
    sx_lp *lp = NULL;
    int64_t *at = sx_alloc((size_t)rows, sizeof *at);
    sx_status st =
        at ? sx_lp_new(rows, count_columns(f), count_entries(f), &lp, err) : sx_nomem(err);
    if (!st)
        fill(f, at, lp);
    sx_release(at);
    *out = lp;
    return st;
}

/* What the optimal z says about e. */
static void read_sum(const sx_i_goal *t, const double *z, double *lo, double *hi)
{
    for (int32_t i = 0; i < t->terms; i++) {
        lo[i] = z[i] <= SX_I_LP_SLACK - 1 ? -INFINITY : 0;
        hi[i] = z[i] >= 1 - SX_I_LP_SLACK ? INFINITY : 0;
    }
}

/* One of the equations follows from the others, as sum z w row = 0: that of the largest z is
 * left out, so that rounding of the others is not magnified. */
static void read_largest(const sx_i_goal *t, const double *z, double most, double *lo,
                         double *hi)
{
    int32_t top = 0;
    double largest = 0;
    for (int32_t i = 0; i < t->terms; i++) {
        double at = most / t->weight[i];
        lo[i] = z[i] > SX_I_LP_NOTHING ? at : -at;
        hi[i] = z[i] < -SX_I_LP_NOTHING ? -at : at;
        if (fabs(z[i]) > largest) {
            largest = fabs(z[i]);
            top = i;
        }
    }
    hi[top] = most / t->weight[top];
    lo[top] = -hi[top];
}

void sx_i_goal_sides(const sx_i_goal *t, const double *z, double least, double *lo, double *hi)
{
    if (t->largest)
        read_largest(t, z, least, lo, hi);
    else
        read_sum(t, z, lo, hi);
}

/* GLPK giving up is an answer that did not pass. */
static sx_status solve(const sx_lp *lp, sx_lp_solution **s, sx_error *err)
{
    sx_error own = SX_NO_ERROR;
    sx_status st = sx_lp_solve(lp, SX_LP_DUAL_FLIP, 1e-9, s, &own);
    if (st == SX_ELIB)
        return SX_OK;
    return st ? sx_fail(err, st, "%s", own.msg) : SX_OK;
}

/* A vertex has at most one variable off its bounds for each row; with as many the rows of
 * the terms they belong to fix x. */
static bool is_regular(const sx_i_goal *t, const sx_lp *lp, const double *z)
{
    int32_t inside = 0;
    for (int32_t j = 0; j < lp->cols; j++) {
        double slack = SX_I_LP_SLACK * fmin(1, lp->col_hi[j]);
        inside += z[j] > lp->col_lo[j] + slack && z[j] < lp->col_hi[j] - slack;
    }
    return inside == lp->rows - t->loose;
}

/* z of the terms from the columns of the program; that of held terms stays. */
static void read_terms(const frame *f, const double *column, double *z)
{
    const sx_i_goal *t = f->t;
    int32_t j = 0;
    for (int32_t i = 0; i < t->terms; i++) {
        if (f->part && !f->part->in[i])
            continue;
        z[i] = columns(f, i) ? column[j] : 0;
        if (columns(f, i) == 2)
            z[i] -= column[j + 1];
        z[i] /= t->largest ? total(t) : t->weight[i];
        j += columns(f, i);
    }
}

static sx_status solve_frame(const frame *f, sx_i_optimum *o, sx_error *err)
{
    sx_lp *lp = NULL;
    sx_lp_solution *s = NULL;
    sx_status st = build(f, &lp, err);
    if (!st)
        st = solve(lp, &s, err);
    o->solved = !st && s && s->outcome == SX_LP_OPTIMAL;
    o->unique = false;
    if (o->solved) {
        o->unique = is_regular(f->t, lp, s->x);
        read_terms(f, s->x, o->z);
        for (int32_t j = 0; j < f->t->unknowns; j++)
            o->x[j] = -s->dual[j];
    }
    sx_lp_solution_free(s);
    sx_lp_free(lp);
    return st;
}

sx_status sx_i_goal_solve(const sx_i_goal *t, const sx_i_limits *limits, double blur,
                          sx_i_optimum *o, sx_error *err)
{
    const frame f = {.t = t, .limits = limits, .blur = blur};
    return solve_frame(&f, o, err);
}

sx_status sx_i_goal_solve_part(const sx_i_goal *t, const sx_i_part *part, double blur,
                               sx_i_optimum *o, sx_error *err)
{
    const frame f = {.t = t, .part = part, .blur = blur};
    return solve_frame(&f, o, err);
}

/* The bound on the minimum that z proves, from the values themselves. */
static double bound(const sx_i_goal *t, const double *z)
{
    long double sum = 0, total = 0;
    for (int32_t i = 0; i < t->terms; i++) {
        sum += (long double)z[i] * t->weight[i] * t->value[i];
        total += fabs(z[i]);
    }
    return (double)(t->largest ? sum / total : sum);
}

sx_status sx_i_goal_optimum(const sx_i_goal *t, double blur, sx_i_side *side, sx_error *err)
{
    sx_i_optimum o = {.x = sx_alloc((size_t)t->unknowns, sizeof(double)), .z = side->dual};
    bool many = sx_i_goal_has_many(t);
    sx_status st = o.x ? SX_OK : sx_nomem(err);
    if (!st && many)
        st = sx_i_goal_sift(t, blur, &o, err);
    if (!st && !(many && o.solved))
        st = sx_i_goal_solve(t, NULL, blur, &o, err);
    side->solved = !st && o.solved && (side->least = bound(t, o.z)) > 0;
    if (side->solved)
        sx_i_goal_sides(t, o.z, side->least, side->lo, side->hi);
    for (int32_t i = 0; side->solved && i < t->terms; i++)
        side->dual[i] *= t->weight[i];
    sx_release(o.x);
    return st;
}
