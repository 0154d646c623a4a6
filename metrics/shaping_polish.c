/* SPDX-License-Identifier: GPL-3.0-or-later */
/* shaping_polish.c - the dual of a shaping program, orthogonal to shapings up to rounding.
 *
 * The simplex method leaves sum_i z_i w_i row_i at its tolerance, which near gamma = 1 counts
 * much.  The z_i that may move take it up: those off their bounds and those whose terms are 0,
 * in the maximum those whose terms are the largest.  Their rows may depend on each other: the
 * least squares are damped, and repeated.  In the maximum one row more keeps sum |z_i|. */
#include "metrics/shaping_int.h"
#include "solvers/sparse.h"

#include <math.h>

typedef struct polish {
    const sx_i_shape *p;
    int32_t *term; /* [columns] whose z may move */
    int32_t columns;
    sx_matrix *a;      /* [rows][columns] */
    double *g, *delta; /* [rows] [columns] */
    bool zero;         /* alpha is 0 */
} polish;

static const double damping = 1e-5;

/* Whether z_i may move; e is the term, `most` the largest of all. */
static bool is_loose(const sx_i_goal *g, double z, double e, double most)
{
    if (g->largest)
        return fabs(z) > 1e-11 || fabs(e) >= most * (1 - 1e-9);
    return fabs(z) < 1 - 1e-10 || fabs(e) <= most * 1e-10;
}

static void count_entries(const sx_i_goal *g, const polish *w, int64_t *start)
{
    for (int32_t c = 0; c < w->columns; c++) {
        int32_t i = w->term[c];
        start[1] += !g->loose;
        for (int64_t q = g->start[i]; q < g->start[i + 1]; q++)
            start[g->col[q] + 1]++;
    }
    if (g->largest)
        start[g->unknowns + 1] = w->columns;
    for (int32_t c = 0; c < w->columns; c++)
        start[g->unknowns + g->largest + c + 1] = 1;
    for (int32_t j = 0; j < w->a->rows; j++)
        start[j + 1] += start[j];
}

static void put(const polish *w, int64_t *at, int32_t row, int32_t column, double value)
{
    w->a->col[at[row]] = column;
    w->a->value[at[row]++] = value;
}

static void fill_matrix(const sx_i_goal *g, const polish *w, const double *e, int64_t *at)
{
    for (int32_t c = 0; c < w->columns; c++) {
        int32_t i = w->term[c];
        if (!g->loose)
            put(w, at, 0, c, -g->weight[i]);
        for (int64_t q = g->start[i]; q < g->start[i + 1]; q++)
            put(w, at, g->col[q], c, g->weight[i] * g->coef[q]);
        if (g->largest)
            put(w, at, g->unknowns, c, e[i] < 0 ? -1 : 1);
        put(w, at, g->unknowns + g->largest + c, c, damping);
    }
}

static sx_status prepare(polish *w, const double *e, const double *z, sx_error *err)
{
    const sx_i_goal *g = w->p->goal;
    double most = 0;
    int64_t entries = 0, *at = NULL;
    for (int32_t i = 0; i < g->terms; i++)
        most = fmax(most, fabs(e[i]));
    w->term = sx_alloc((size_t)g->terms, sizeof *w->term);
    if (!w->term)
        return sx_nomem(err);
    for (int32_t i = 0; i < g->terms; i++)
        if (is_loose(g, z[i], e[i], most)) {
            w->term[w->columns++] = i;
            entries += 3 + g->start[i + 1] - g->start[i];
        }
    int32_t rows = g->unknowns + g->largest + w->columns;
    w->g = sx_alloc((size_t)rows, sizeof *w->g);
    w->delta = sx_alloc((size_t)w->columns, sizeof *w->delta);
    at = sx_alloc((size_t)rows, sizeof *at);
    sx_status st = w->g && w->delta && at ? SX_OK : sx_nomem(err);
    if (!st && w->columns > 0)
        st = sx_matrix_new(rows, w->columns, entries, &w->a, err);
    if (!st && w->columns > 0) {
        count_entries(g, w, w->a->start);
        for (int32_t j = 0; j < w->a->rows; j++)
            at[j] = w->a->start[j];
        fill_matrix(g, w, e, at);
    }
    sx_release(at);
    return st;
}

/* g <- -sum_i z_i w_i row_i. */
static sx_status imbalance(const polish *w, const double *z, sx_error *err)
{
    const sx_i_goal *g = w->p->goal;
    long double *sum = sx_alloc((size_t)g->unknowns, sizeof *sum);
    if (!sum)
        return sx_nomem(err);
    for (int32_t i = 0; i < g->terms; i++) {
        long double pull = (long double)z[i] * g->weight[i];
        sum[0] += g->loose ? 0 : pull;
        for (int64_t q = g->start[i]; q < g->start[i + 1]; q++)
            sum[g->col[q]] -= pull * g->coef[q];
    }
    for (int32_t j = 0; j < g->unknowns; j++)
        w->g[j] = (double)sum[j];
    sx_release(sum);
    return SX_OK;
}

/* Where alpha is 0, or z says so, its row is only >= 0: it is none of the equations. */
static bool skips(const polish *w, const double *x, int32_t j)
{
    return j == w->p->alpha && (!(x[j] > 0) || w->zero);
}

/* Whether sum_i z_i w_i R_i is more than rounding; g is the imbalance at z. */
static bool is_slack(const polish *w)
{
    const sx_i_goal *g = w->p->goal;
    double most = 0;
    for (int64_t q = 0; q < g->start[g->terms]; q++)
        most = g->col[q] == w->p->alpha ? fmax(most, fabs(g->coef[q])) : most;
    return w->p->alpha >= 0 && fabs(w->g[w->p->alpha]) > 1e-7 * most;
}

static void drop_rows(const polish *w, const double *x)
{
    for (int32_t j = 0; j < w->p->goal->unknowns; j++)
        for (int64_t q = w->a->start[j]; skips(w, x, j) && q < w->a->start[j + 1]; q++)
            w->a->value[q] = 0;
}

/* g at z, and its size. */
static sx_status measure(const polish *w, const double *x, const double *z, double *size,
                         sx_error *err)
{
    sx_status st = imbalance(w, z, err);
    *size = 0;
    for (int32_t j = 0; j < w->p->goal->unknowns; j++) {
        w->g[j] = skips(w, x, j) ? 0 : w->g[j];
        *size += fabs(w->g[j]);
    }
    return st;
}

static sx_status improve(polish *w, const double *x, double *z, sx_error *err)
{
    sx_least_squares *f = NULL;
    double residual, before = 0, after = 0;
    sx_status st = imbalance(w, z, err);
    w->zero = is_slack(w);
    drop_rows(w, x);
    if (!st)
        st = sx_least_squares_new(w->a, &f, err);
    if (!st)
        st = measure(w, x, z, &before, err);
    for (int pass = 0; !st && pass < 4 && before > 0; pass++, before = after) {
        st = sx_least_squares_solve(f, w->g, w->delta, &residual, err);
        for (int32_t c = 0; !st && c < w->columns; c++)
            z[w->term[c]] += w->delta[c];
        if (!st)
            st = measure(w, x, z, &after, err);
        if (st || after < before)
            continue;
        for (int32_t c = 0; c < w->columns; c++)
            z[w->term[c]] -= w->delta[c];
        break;
    }
    sx_least_squares_free(f);
    return st;
}

sx_status sx_i_shape_polish(const sx_i_shape *p, const double *x, const double *e, double *z,
                            sx_error *err)
{
    polish w = {.p = p};
    sx_error own = SX_NO_ERROR; /* z is as good as it was where this fails */
    sx_status st = prepare(&w, e, z, &own);
    if (!st && w.columns > 0)
        st = improve(&w, x, z, &own);
    sx_release(w.term);
    sx_matrix_free(w.a);
    sx_release(w.g);
    sx_release(w.delta);
    return st == SX_EMEM ? sx_nomem(err) : SX_OK;
}
