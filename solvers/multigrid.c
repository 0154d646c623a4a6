/* SPDX-License-Identifier: GPL-3.0-or-later */
/* multigrid.c - smoothed aggregation for a symmetric positive definite matrix whose smooth
 * vectors are near-constant (Vanek, Mandel and Brezina 1996).
 *
 *     P = (I - w D^-1 H) P0,  w = (4/3) / max_i sum_j |h_ij| / h_ii,    coarse H = P' H P
 *
 * with P0 constant on aggregates of strong neighbours, |h_ij| > t sqrt(h_ii h_jj).  A V-cycle
 * with one sweep of Gauss-Seidel forwards before and one backwards after is symmetric, and
 * positive definite: a preconditioner for conjugate gradients.  The sweeps are sequential:
 * the bits do not depend on threads. */
#include "solvers/solvers_int.h"

#include <math.h>
#include <string.h>

enum { LEVELS = 24, COARSEST = 400 };
static const double strong = 0.08; /* on the finest level, half on each next one */

typedef struct level {
    const sx_matrix *h; /* borrowed on the finest, else own */
    sx_matrix *own;
    sx_matrix *up;    /* [n][coarse] P, NULL on the coarsest */
    sx_matrix *down;  /* P' */
    double *diagonal; /* [n] */
    double *x, *r;    /* [n] of this level's system; x of the finest is the caller's */
    double *rest;     /* [n] */
} level;

struct sx_i_multigrid {
    int levels;
    level level[LEVELS + 1];
    sx_lu *lu; /* of the coarsest, NULL where it is large: sweeps */
};

/* --- products --- */

/* Row i of a b: columns into col and, unless value is NULL, numbers into value. */
static int64_t product_row(const sx_matrix *a, const sx_matrix *b, int32_t i, int64_t *where,
                           int64_t begin, int32_t *col, double *value)
{
    int64_t at = begin;
    for (int64_t t = a->start[i]; t < a->start[i + 1]; t++)
        for (int64_t u = b->start[a->col[t]]; u < b->start[a->col[t] + 1]; u++) {
            int32_t j = b->col[u];
            if (where[j] <= begin) { /* places count from 1 */
                where[j] = ++at;
                if (value) {
                    col[at - 1] = j;
                    value[at - 1] = 0;
                }
            }
            if (value)
                value[where[j] - 1] += a->value[t] * b->value[u];
        }
    return at;
}

sx_status sx_i_product(const sx_matrix *a, const sx_matrix *b, int64_t limit, sx_matrix **out,
                       sx_error *err)
{
    int64_t at = 0, *where = sx_alloc((size_t)b->cols, sizeof *where);
    sx_matrix *c = NULL;
    *out = NULL;
    if (!where)
        return sx_nomem(err);
    for (int32_t i = 0; i < a->rows && at <= limit; i++)
        at = product_row(a, b, i, where, at, NULL, NULL);
    sx_status st = at <= limit ? sx_matrix_new(a->rows, b->cols, at, &c, err) : SX_OK;
    memset(where, 0, (size_t)b->cols * sizeof *where);
    for (int32_t i = 0; c && i < a->rows; i++)
        c->start[i + 1] = product_row(a, b, i, where, c->start[i], c->col, c->value);
    sx_release(where);
    *out = c;
    return st;
}

/* --- aggregates --- */

static bool is_strong(const level *l, int32_t i, int64_t t, double least)
{
    int32_t j = l->h->col[t];
    return j != i && fabs(l->h->value[t]) > least * sqrt(l->diagonal[i] * l->diagonal[j]);
}

/* The aggregate of i's neighbourhood, if none of it is taken. */
static bool found_aggregate(const level *l, int32_t i, double least, int32_t *of,
                            int32_t number)
{
    const sx_matrix *h = l->h;
    bool is_free = of[i] < 0, any = false;
    for (int64_t t = h->start[i]; is_free && t < h->start[i + 1]; t++)
        if (is_strong(l, i, t, least)) {
            any = true;
            is_free = of[h->col[t]] < 0;
        }
    if (!is_free || !any)
        return false;
    of[i] = number;
    for (int64_t t = h->start[i]; t < h->start[i + 1]; t++)
        if (is_strong(l, i, t, least))
            of[h->col[t]] = number;
    return true;
}

/* Those left over join the aggregate of their strongest neighbour. */
static void join_aggregates(const level *l, double least, const int32_t *first, int32_t *of)
{
    const sx_matrix *h = l->h;
    for (int32_t i = 0; i < h->rows; i++) {
        double best = 0;
        for (int64_t t = h->start[i]; first[i] < 0 && t < h->start[i + 1]; t++)
            if (first[h->col[t]] >= 0 && is_strong(l, i, t, least) &&
                fabs(h->value[t]) > best) {
                best = fabs(h->value[t]);
                of[i] = first[h->col[t]];
            }
    }
}

/* of [n]: the aggregate of each, -1 for those without a strong neighbour, which the sweeps
 * settle.  Returns their number. */
static int32_t aggregate(const level *l, double least, int32_t *first, int32_t *of)
{
    int32_t n = l->h->rows, count = 0;
    for (int32_t i = 0; i < n; i++)
        of[i] = -1;
    for (int32_t i = 0; i < n; i++)
        count += found_aggregate(l, i, least, of, count);
    memcpy(first, of, (size_t)n * sizeof *of);
    join_aggregates(l, least, first, of);
    for (int32_t i = 0; i < n; i++) {
        bool any = false;
        for (int64_t t = l->h->start[i]; of[i] < 0 && t < l->h->start[i + 1]; t++)
            if (of[l->h->col[t]] < 0 && is_strong(l, i, t, least)) {
                of[l->h->col[t]] = count;
                any = true;
            }
        if (any)
            of[i] = count++;
    }
    return count;
}

/* (I - w D^-1 H) with columns renamed by aggregates: several of a row may name one. */
static double damping(const level *l)
{
    double most = 0;
    for (int32_t i = 0; i < l->h->rows; i++) {
        double sum = 0;
        for (int64_t t = l->h->start[i]; t < l->h->start[i + 1]; t++)
            sum += fabs(l->h->value[t]);
        most = fmax(most, sum / l->diagonal[i]);
    }
    return 4 / (3 * most);
}

/* P of the aggregates; none where it would have many more entries than H. */
static sx_status prolong(level *l, const int32_t *of, int32_t count, sx_error *err)
{
    const sx_matrix *h = l->h;
    sx_matrix *plain = NULL;
    double w = damping(l);
    sx_status st = sx_matrix_new(h->rows, count, h->rows, &plain, err);
    for (int32_t i = 0; !st && i < h->rows; i++) {
        int64_t at = plain->start[i];
        if (of[i] >= 0) {
            plain->col[at] = of[i];
            plain->value[at++] = 1;
        }
        plain->start[i + 1] = at;
    }
    if (!st)
        st = sx_i_product(h, plain, h->start[h->rows], &l->up, err);
    for (int32_t i = 0; l->up && i < h->rows; i++)
        for (int64_t t = l->up->start[i]; t < l->up->start[i + 1]; t++)
            l->up->value[t] = (l->up->col[t] == of[i]) - w / l->diagonal[i] * l->up->value[t];
    if (l->up)
        st = sx_i_transpose(l->up, &l->down, err);
    sx_matrix_free(plain);
    return st;
}

static sx_status coarsen(const level *l, sx_matrix **out, sx_error *err)
{
    sx_matrix *half = NULL;
    int64_t limit = l->h->start[l->h->rows];
    sx_status st = sx_i_product(l->h, l->up, 2 * limit, &half, err);
    if (half)
        st = sx_i_product(l->down, half, limit, out, err);
    sx_matrix_free(half);
    return st;
}

/* --- levels --- */

static sx_status open_level(level *l, sx_error *err)
{
    size_t n = (size_t)l->h->rows;
    l->diagonal = sx_alloc(n, sizeof *l->diagonal);
    l->x = sx_alloc(n, sizeof *l->x);
    l->r = sx_alloc(n, sizeof *l->r);
    l->rest = sx_alloc(n, sizeof *l->rest);
    if (!l->diagonal || !l->x || !l->r || !l->rest)
        return sx_nomem(err);
    for (int32_t i = 0; i < l->h->rows; i++)
        for (int64_t t = l->h->start[i]; t < l->h->start[i + 1]; t++)
            if (l->h->col[t] == i)
                l->diagonal[i] = l->h->value[t];
    return SX_OK;
}

/* The next level, or none where that would hardly be smaller, or full. */
static sx_status add_level(sx_i_multigrid *g, double least, bool *done, sx_error *err)
{
    level *l = &g->level[g->levels - 1];
    size_t n = (size_t)l->h->rows;
    int32_t *of = sx_alloc(2 * n, sizeof *of);
    sx_status st = of ? SX_OK : sx_nomem(err);
    int32_t count = st ? 0 : aggregate(l, least, of + n, of);
    *done = st || count < 1 || count > l->h->rows / 2 || g->levels == LEVELS;
    level *next = l + 1;
    if (!*done)
        st = prolong(l, of, count, err);
    if (l->up)
        st = coarsen(l, &next->own, err);
    if (next->own) {
        next->h = next->own;
        g->levels++;
        st = open_level(next, err);
    }
    *done = *done || !next->own;
    sx_release(of);
    return st;
}

sx_status sx_i_multigrid_new(const sx_matrix *h, sx_i_multigrid **out, sx_error *err)
{
    sx_i_multigrid *g = sx_alloc(1, sizeof *g);
    sx_error own = SX_NO_ERROR;
    bool done = false;
    *out = NULL;
    if (!g)
        return sx_nomem(err);
    g->levels = 1;
    g->level[0].h = h;
    sx_status st = open_level(&g->level[0], err);
    double least = strong;
    while (!st && !done && g->level[g->levels - 1].h->rows > COARSEST) {
        st = add_level(g, least, &done, err);
        least /= 2;
    }
    if (!st && !done &&
        sx_lu_new(g->level[g->levels - 1].h, (int64_t)4 * COARSEST * COARSEST, &g->lu, &own) ==
            SX_EMEM)
        st = sx_nomem(err);
    if (st)
        g = sx_i_multigrid_free(g);
    *out = g;
    return st;
}

sx_i_multigrid *sx_i_multigrid_free(sx_i_multigrid *g)
{
    for (int i = 0; g && i < LEVELS; i++) {
        level *l = &g->level[i];
        sx_matrix_free(l->own);
        sx_matrix_free(l->up);
        sx_matrix_free(l->down);
        sx_release(l->diagonal);
        sx_release(l->x);
        sx_release(l->r);
        sx_release(l->rest);
    }
    if (g)
        sx_lu_free(g->lu);
    return sx_release(g);
}

/* --- the cycle --- */

/* One sweep of Gauss-Seidel over x, forwards or backwards. */
static void sweep(const level *l, const double *r, double *x, bool forwards)
{
    const sx_matrix *h = l->h;
    for (int32_t c = 0; c < h->rows; c++) {
        int32_t i = forwards ? c : h->rows - 1 - c;
        double sum = r[i];
        for (int64_t t = h->start[i]; t < h->start[i + 1]; t++)
            sum -= h->value[t] * x[h->col[t]];
        x[i] += sum / l->diagonal[i];
    }
}

static sx_status cycle(sx_i_multigrid *g, int at, const double *r, double *x, sx_error *err)
{
    level *l = &g->level[at], *next = l + 1;
    int32_t n = l->h->rows;
    sx_status st = SX_OK;
    if (at == g->levels - 1 && g->lu) {
        memcpy(x, r, (size_t)n * sizeof *x);
        return sx_lu_solve(g->lu, x, err);
    }
    memset(x, 0, (size_t)n * sizeof *x);
    sweep(l, r, x, /*forwards=*/true);
    if (at < g->levels - 1) {
        sx_matrix_times(l->h, x, l->rest);
        for (int32_t i = 0; i < n; i++)
            l->rest[i] = r[i] - l->rest[i];
        sx_matrix_times(l->down, l->rest, next->r);
        st = cycle(g, at + 1, next->r, next->x, err);
        sx_matrix_times(l->up, next->x, l->rest);
        for (int32_t i = 0; i < n; i++)
            x[i] += l->rest[i];
    }
    sweep(l, r, x, /*forwards=*/false);
    return st;
}

sx_status sx_i_multigrid_cycle(sx_i_multigrid *g, const double *r, double *x, sx_error *err)
{
    return cycle(g, 0, r, x, err);
}
