/* SPDX-License-Identifier: GPL-3.0-or-later */
/* sparse.c - sparse factorisations: the only file that knows SuiteSparse.
 *
 * LU: KLU on the columns of A', which are the rows of A.  The fill-in is known from the
 * symbolic analysis, exactly while pivots stay on the diagonal, which they do for
 * diagonally dominant matrices; it is compared with the limit before any number is touched.
 *
 * Least squares: corrected seminormal equations (Bjorck 1987).  With A'A = LL',
 *
 *     x <- x + (LL')^-1 A'(b - A x)     residual in long double, until it stops falling
 *
 * which brings the error to the order of rounding while cond(A)^2 eps < 1.  Where L would be
 * large, conjugate gradients (normal.c) take the place of (LL')^-1; where A'A is singular to
 * working precision, LSMR on A does. */
#include "solvers/solvers_int.h"

#include <cholmod.h>
#include <float.h>
#include <klu.h>
#include <math.h>
#include <string.h>

enum { REFINEMENTS = 12, FACTOR_COLUMNS = 30000, STEPS = 10000 };
static const double least_squares_fill = 6e7; /* entries of L: 0.7 GB */
static const double enough = 1e-8;            /* of the data's size, for a gradient */

struct sx_lu {
    int32_t n;
    klu_common common;
    klu_symbolic *symbolic;
    klu_numeric *numeric;
};

/* start as 32-bit numbers, which is what both libraries index with here. */
static sx_status short_start(const sx_matrix *a, int32_t **out, sx_error *err)
{
    *out = NULL;
    if (a->start[a->rows] > INT32_MAX)
        return sx_fail(err, SX_ELIMIT, "a matrix of %lld entries is too large to factor",
                       (long long)a->start[a->rows]);
    int32_t *start = sx_alloc((size_t)a->rows + 1, sizeof *start);
    if (!start)
        return sx_nomem(err);
    for (int32_t i = 0; i <= a->rows; i++)
        start[i] = (int32_t)a->start[i];
    *out = start;
    return SX_OK;
}

static sx_status klu_failed(const klu_common *c, sx_error *err)
{
    if (c->status == KLU_OUT_OF_MEMORY)
        return sx_nomem(err);
    if (c->status == KLU_TOO_LARGE)
        return sx_fail(err, SX_ELIMIT, "the factors would be too large to index");
    return sx_fail(err, SX_ELIB,
                   c->status == KLU_SINGULAR ? "the matrix is singular"
                                             : "KLU refused the matrix");
}

static sx_status lu_factor(sx_lu *f, const sx_matrix *a, int32_t *start, int64_t limit,
                           sx_error *err)
{
    f->symbolic = klu_analyze(a->rows, start, a->col, &f->common);
    if (!f->symbolic)
        return klu_failed(&f->common, err);
    double fill = f->symbolic->lnz + f->symbolic->unz;
    if (!(fill <= (double)limit))
        return sx_fail(err, SX_ELIMIT, "the factors would have %.3g entries, above %lld", fill,
                       (long long)limit);
    f->numeric = klu_factor(start, a->col, a->value, f->symbolic, &f->common);
    return f->numeric ? SX_OK : klu_failed(&f->common, err);
}

sx_status sx_lu_new(const sx_matrix *a, int64_t limit, sx_lu **out, sx_error *err)
{
    int32_t *start = NULL;
    *out = NULL;
    if (a->rows != a->cols || a->rows < 1)
        return sx_fail(err, SX_EARG, "a matrix of %d by %d has no LU factors", a->rows,
                       a->cols);
    sx_lu *f = sx_alloc(1, sizeof *f);
    sx_status st = f ? short_start(a, &start, err) : sx_nomem(err);
    if (!st) {
        f->n = a->rows;
        klu_defaults(&f->common);
        st = lu_factor(f, a, start, limit, err);
    }
    sx_release(start);
    if (st)
        f = sx_lu_free(f);
    *out = f;
    return st;
}

sx_lu *sx_lu_free(sx_lu *f)
{
    if (f) {
        klu_free_numeric(&f->numeric, &f->common);
        klu_free_symbolic(&f->symbolic, &f->common);
    }
    return sx_release(f);
}

sx_status sx_lu_solve(sx_lu *f, double *x, sx_error *err)
{
    bool done = klu_tsolve(f->symbolic, f->numeric, f->n, 1, x, &f->common);
    return done ? SX_OK : klu_failed(&f->common, err);
}

sx_status sx_lu_solve_transposed(sx_lu *f, double *x, sx_error *err)
{
    bool done = klu_solve(f->symbolic, f->numeric, f->n, 1, x, &f->common);
    return done ? SX_OK : klu_failed(&f->common, err);
}

struct sx_least_squares {
    const sx_matrix *a;
    cholmod_common common;
    cholmod_factor *factor; /* of A'A, or NULL, */
    sx_normal *normal;      /* and this, or NULL, LSMR if neither */
    cholmod_dense *rhs, *solution, *work[2];
    double *residual; /* [rows] b - A x */
    double *gradient; /* [cols] A' residual */
    double *step;     /* [cols] */
    double *lsmr;     /* workspace, or NULL */
    long double *sum; /* [cols] */
};

/* Factor A'A if its factor is small enough, else *large; that it is not positive is no error.
 */
static sx_status cholesky(sx_least_squares *f, int32_t *start, bool *large, sx_error *err)
{
    const sx_matrix *a = f->a;
    cholmod_sparse t = {0}; /* A' by columns = A by rows */
    t.nrow = (size_t)a->cols;
    t.ncol = (size_t)a->rows;
    t.nzmax = (size_t)a->start[a->rows];
    t.p = start;
    t.i = a->col;
    t.x = a->value;
    t.itype = CHOLMOD_INT;
    t.xtype = CHOLMOD_REAL;
    t.dtype = CHOLMOD_DOUBLE;
    t.sorted = 1;
    t.packed = 1;
    f->factor = cholmod_analyze(&t, &f->common);
    if (f->factor && f->common.lnz <= least_squares_fill)
        cholmod_factorize(&t, f->factor, &f->common);
    if (f->common.status == CHOLMOD_OUT_OF_MEMORY)
        return sx_nomem(err);
    *large = f->factor && f->common.lnz > least_squares_fill;
    bool good = f->factor && !*large && f->common.status == CHOLMOD_OK &&
                f->factor->minor == f->factor->n;
    if (!good)
        cholmod_free_factor(&f->factor, &f->common);
    return SX_OK;
}

/* By factor, by conjugate gradients, or by neither. */
static sx_status prepare(sx_least_squares *f, sx_error *err)
{
    int32_t *start = NULL;
    bool large = f->a->cols > FACTOR_COLUMNS;
    sx_status st = large ? SX_OK : short_start(f->a, &start, err);
    if (!st && !large)
        st = cholesky(f, start, &large, err);
    if (!st && large)
        st = sx_normal_new(f->a, &f->normal, err);
    sx_release(start);
    return st;
}

static sx_status lsmr_room(sx_least_squares *f, sx_error *err)
{
    f->lsmr = sx_alloc(2 * (size_t)f->a->rows + 4 * (size_t)f->a->cols, sizeof *f->lsmr);
    return f->lsmr ? SX_OK : sx_nomem(err);
}

static sx_status least_squares_room(sx_least_squares *f, sx_error *err)
{
    size_t rows = (size_t)f->a->rows, cols = (size_t)f->a->cols;
    f->residual = sx_alloc(rows, sizeof *f->residual);
    f->gradient = sx_alloc(cols, sizeof *f->gradient);
    f->step = sx_alloc(cols, sizeof *f->step);
    f->sum = sx_alloc(cols, sizeof *f->sum);
    bool good = f->residual && f->gradient && f->step && f->sum;
    if (f->factor) {
        f->rhs = cholmod_zeros(cols, 1, CHOLMOD_REAL, &f->common);
        good = good && f->rhs;
    }
    if (!good)
        return sx_nomem(err);
    return f->factor || f->normal ? SX_OK : lsmr_room(f, err);
}

sx_status sx_least_squares_new(const sx_matrix *a, sx_least_squares **out, sx_error *err)
{
    *out = NULL;
    if (a->rows < a->cols || a->cols < 1)
        return sx_fail(err, SX_EARG, "%d rows do not determine %d unknowns", a->rows, a->cols);
    sx_least_squares *f = sx_alloc(1, sizeof *f);
    if (!f)
        return sx_nomem(err);
    f->a = a;
    cholmod_start(&f->common);
    f->common.print = 0;
    f->common.error_handler = NULL;
    f->common.supernodal = CHOLMOD_SIMPLICIAL; /* the same bits whatever BLAS is installed */
    f->common.quick_return_if_not_posdef = 1;
    sx_status st = prepare(f, err);
    if (!st)
        st = least_squares_room(f, err);
    if (st)
        f = sx_least_squares_free(f);
    *out = f;
    return st;
}

sx_least_squares *sx_least_squares_free(sx_least_squares *f)
{
    if (!f)
        return NULL;
    cholmod_free_factor(&f->factor, &f->common);
    cholmod_free_dense(&f->rhs, &f->common);
    cholmod_free_dense(&f->solution, &f->common);
    cholmod_free_dense(&f->work[0], &f->common);
    cholmod_free_dense(&f->work[1], &f->common);
    cholmod_finish(&f->common);
    sx_normal_free(f->normal);
    sx_release(f->residual);
    sx_release(f->gradient);
    sx_release(f->step);
    sx_release(f->sum);
    sx_release(f->lsmr);
    return sx_release(f);
}

/* residual = b - A x and gradient = A' residual, both accumulated in long double.  Returns
 * the largest gradient, INFINITY at the first NAN; *size: |A'| (|b| + |A x|). */
static double measure(sx_least_squares *f, const double *b, const double *x, double *size)
{
    const sx_matrix *a = f->a;
    double largest = 0;
    memset(f->sum, 0, (size_t)a->cols * sizeof *f->sum);
    *size = 0;
    for (int32_t i = 0; i < a->rows; i++) {
        long double r = b[i], terms = fabsl(r), column = 0;
        for (int64_t t = a->start[i]; t < a->start[i + 1]; t++) {
            long double product = (long double)a->value[t] * x[a->col[t]];
            r -= product;
            terms += fabsl(product);
            column = fmaxl(column, fabsl((long double)a->value[t]));
        }
        f->residual[i] = (double)r;
        *size = fmax(*size, (double)(column * terms));
        for (int64_t t = a->start[i]; t < a->start[i + 1]; t++)
            f->sum[a->col[t]] += a->value[t] * r;
    }
    for (int32_t j = 0; j < a->cols; j++) {
        f->gradient[j] = (double)f->sum[j];
        if (!(fabs(f->gradient[j]) < INFINITY))
            return INFINITY;
        largest = fmax(largest, fabs(f->gradient[j]));
    }
    return largest;
}

/* step ~ the minimiser for the present residual. */
static sx_status find_step(sx_least_squares *f, sx_error *err)
{
    size_t cols = (size_t)f->a->cols;
    if (f->normal)
        return sx_normal_solve(f->normal, f->gradient, f->step, 1e-8, STEPS, err);
    if (!f->factor) {
        sx_i_lsmr(f->a, f->residual, f->step, 10 * (int64_t)cols + 1000, f->lsmr);
        return SX_OK;
    }
    memcpy(f->rhs->x, f->gradient, cols * sizeof *f->gradient);
    if (!cholmod_solve2(CHOLMOD_A, f->factor, f->rhs, NULL, &f->solution, NULL, &f->work[0],
                        &f->work[1], &f->common))
        return f->common.status == CHOLMOD_OUT_OF_MEMORY
                   ? sx_nomem(err)
                   : sx_fail(err, SX_ELIB, "CHOLMOD could not solve");
    memcpy(f->step, f->solution->x, cols * sizeof *f->step);
    return SX_OK;
}

/* x += step; whether that changed x by more than rounding. */
static bool take_step(double *x, const double *step, int32_t n)
{
    double change = 0, scale = 0;
    for (int32_t j = 0; j < n; j++) {
        x[j] += step[j];
        change = fmax(change, fabs(step[j]));
        scale = fmax(scale, fabs(x[j]));
    }
    return change > DBL_EPSILON * scale;
}

/* x [cols] from 0; *now: the largest gradient that is left. */
static sx_status refine(sx_least_squares *f, const double *b, double *x, double *now,
                        double *size, sx_error *err)
{
    sx_status st = SX_OK;
    memset(x, 0, (size_t)f->a->cols * sizeof *x);
    *now = measure(f, b, x, size);
    double least = f->normal ? 4 * DBL_EPSILON : 0;
    bool going = *now > least * *size;
    for (int i = 0; !st && going && i < REFINEMENTS; i++) {
        double before = *now;
        st = find_step(f, err);
        going = !st && take_step(x, f->step, f->a->cols);
        *now = measure(f, b, x, size);
        going = going && *now<0.5 * before && * now> least * *size;
    }
    return st;
}

sx_status sx_least_squares_solve(sx_least_squares *f, const double *b, double *x,
                                 double *residual, sx_error *err)
{
    double size = 0, now = 0;
    sx_status st = refine(f, b, x, &now, &size, err);
    if (!st && f->normal && !(now <= enough * size)) { /* A'A has too few digits */
        f->normal = sx_normal_free(f->normal);
        st = lsmr_room(f, err);
        if (!st)
            st = refine(f, b, x, &now, &size, err);
    }
    *residual = now;
    if (!st && !(now <= enough * size))
        st = sx_fail(err, SX_EFAULT, "least squares: the normal equations hold to %.3g only",
                     now);
    return st;
}
