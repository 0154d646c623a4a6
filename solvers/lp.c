/* SPDX-License-Identifier: GPL-3.0-or-later */
/* lp.c - linear programs: the struct, and the check that every answer must pass.
 *
 * As a minimisation, multipliers y and reduced costs z = c - A'y prove the lower bound
 *
 *     sum_i y_i (row_lo_i where y_i > 0, row_hi_i where y_i < 0)  +  the same for z, col
 *
 * on the objective; a multiplier that leans on an infinite bound counts as violation. */
#include "solvers/lp.h"

#include <math.h>

sx_status sx_lp_new(int32_t rows, int32_t cols, int64_t entries, sx_lp **out, sx_error *err)
{
    *out = NULL;
    if (rows < 0 || cols < 1 || entries < 0)
        return sx_fail(err, SX_EARG, "a linear program cannot have %d rows and %d columns",
                       rows, cols);
    sx_lp *lp = sx_alloc(1, sizeof *lp);
    if (!lp)
        return sx_nomem(err);
    lp->rows = rows;
    lp->cols = cols;
    lp->cost = sx_alloc((size_t)cols, sizeof *lp->cost);
    lp->col_lo = sx_alloc((size_t)cols, sizeof *lp->col_lo);
    lp->col_hi = sx_alloc((size_t)cols, sizeof *lp->col_hi);
    lp->row_lo = sx_alloc((size_t)rows, sizeof *lp->row_lo);
    lp->row_hi = sx_alloc((size_t)rows, sizeof *lp->row_hi);
    lp->start = sx_alloc((size_t)rows + 1, sizeof *lp->start);
    lp->col = sx_alloc((size_t)entries, sizeof *lp->col);
    lp->coef = sx_alloc((size_t)entries, sizeof *lp->coef);
    if (!lp->cost || !lp->col_lo || !lp->col_hi || !lp->row_lo || !lp->row_hi || !lp->start ||
        !lp->col || !lp->coef) {
        sx_lp_free(lp);
        return sx_nomem(err);
    }
    for (int32_t j = 0; j < cols; j++)
        lp->col_hi[j] = INFINITY;
    for (int32_t i = 0; i < rows; i++) {
        lp->row_lo[i] = -INFINITY;
        lp->row_hi[i] = INFINITY;
    }
    *out = lp;
    return SX_OK;
}

sx_lp *sx_lp_free(sx_lp *lp)
{
    if (lp) {
        sx_release(lp->cost);
        sx_release(lp->col_lo);
        sx_release(lp->col_hi);
        sx_release(lp->row_lo);
        sx_release(lp->row_hi);
        sx_release(lp->start);
        sx_release(lp->col);
        sx_release(lp->coef);
    }
    return sx_release(lp);
}

sx_lp_solution *sx_lp_solution_free(sx_lp_solution *s)
{
    if (s) {
        sx_release(s->x);
        sx_release(s->dual);
    }
    return sx_release(s);
}

/* max, but a NAN is never forgotten. */
static void raise_to(double *most, double x)
{
    if (!(x <= *most))
        *most = isnan(x) ? INFINITY : x;
}

/* By how much a number is outside lo..hi. */
static void count_outside(double *violation, double x, double lo, double hi)
{
    raise_to(violation, x < lo ? lo - x : x > hi ? x - hi : x - x);
}

/* What multiplier y of something in lo..hi adds to the bound on a minimum. */
static long double lean(double *violation, double y, double lo, double hi)
{
    double bound = y > 0 ? lo : hi;
    if (y == 0)
        return 0;
    if (!(fabs(bound) < INFINITY)) {
        raise_to(violation, fabs(y));
        return 0;
    }
    return (long double)y * bound;
}

/* z [cols] is workspace for the reduced costs, which are summed row by row. */
static void measure(const sx_lp *lp, sx_lp_solution *s, long double *z)
{
    double sign = lp->maximise ? -1 : 1;
    long double primal = 0, dual = 0;
    for (int32_t j = 0; j < lp->cols; j++) {
        z[j] = sign * lp->cost[j];
        primal += (long double)sign * lp->cost[j] * s->x[j];
        count_outside(&s->primal_violation, s->x[j], lp->col_lo[j], lp->col_hi[j]);
    }
    for (int32_t i = 0; i < lp->rows; i++) {
        long double sum = 0, y = sign * s->dual[i];
        for (int64_t t = lp->start[i]; t < lp->start[i + 1]; t++) {
            sum += (long double)lp->coef[t] * s->x[lp->col[t]];
            z[lp->col[t]] -= y * lp->coef[t];
        }
        count_outside(&s->primal_violation, (double)sum, lp->row_lo[i], lp->row_hi[i]);
        dual += lean(&s->dual_violation, (double)y, lp->row_lo[i], lp->row_hi[i]);
    }
    for (int32_t j = 0; j < lp->cols; j++)
        dual += lean(&s->dual_violation, (double)z[j], lp->col_lo[j], lp->col_hi[j]);
    s->gap = 0;
    raise_to(&s->gap, (double)fabsl(primal - dual));
    s->objective = (double)(sign * primal);
}

sx_status sx_lp_measure(const sx_lp *lp, sx_lp_solution *s, sx_error *err)
{
    long double *z = sx_alloc((size_t)lp->cols, sizeof *z);
    s->primal_violation = s->dual_violation = 0;
    if (!z)
        return sx_nomem(err);
    measure(lp, s, z);
    sx_release(z);
    return SX_OK;
}
