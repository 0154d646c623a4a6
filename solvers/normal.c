/* SPDX-License-Identifier: GPL-3.0-or-later */
/* normal.c - the normal equations A'A x = g by preconditioned conjugate gradients
 * (Hestenes and Stiefel 1952).
 *
 * Preconditioner: multigrid where A'A is sparse, which grids and their like need; else the
 * diagonal, which is enough for worlds that mix, whose A'A is not sparse.  The caller
 * measures what was reached, and repeats. */
#include "solvers/solvers_int.h"

#include <math.h>
#include <string.h>

static const int64_t most_entries = 50000000; /* of A'A: 0.6 GB */

static sx_status assemble(sx_normal *q, sx_error *err)
{
    int64_t limit = 3 * q->a->start[q->a->rows]; /* above, the products do not fall together */
    sx_status st = sx_i_transpose(q->a, &q->transposed, err);
    if (!st)
        st = sx_i_product(q->transposed, q->a, limit < most_entries ? limit : most_entries,
                          &q->h, err);
    if (!st && q->h)
        st = sx_i_multigrid_new(q->h, &q->multigrid, err);
    if (q->h)
        q->transposed = sx_matrix_free(q->transposed);
    return st;
}

/* h without what joins unknowns that are not in the face. */
static sx_status restrict_to(const sx_matrix *h, const unsigned char *face, sx_matrix **out,
                             sx_error *err)
{
    int64_t at = 0;
    sx_status st = sx_matrix_new(h->rows, h->cols, h->start[h->rows], out, err);
    for (int32_t i = 0; !st && i < h->rows; i++) {
        for (int64_t t = h->start[i]; t < h->start[i + 1]; t++)
            if (h->col[t] == i || (face[i] && face[h->col[t]])) {
                (*out)->col[at] = h->col[t];
                (*out)->value[at++] = h->value[t];
            }
        (*out)->start[i + 1] = at;
    }
    return st;
}

sx_status sx_normal_restrict(sx_normal *q, const unsigned char *face, sx_error *err)
{
    if (!q->h)
        return SX_OK;
    q->multigrid = sx_i_multigrid_free(q->multigrid);
    q->part = sx_matrix_free(q->part);
    sx_status st = restrict_to(q->h, face, &q->part, err);
    return st ? st : sx_i_multigrid_new(q->part, &q->multigrid, err);
}

static sx_status room(sx_normal *q, sx_error *err)
{
    size_t n = (size_t)q->a->cols;
    q->inverse = sx_alloc(n, sizeof *q->inverse);
    q->work = sx_alloc(4 * n, sizeof *q->work);
    q->row = q->h ? NULL : sx_alloc((size_t)q->a->rows, sizeof *q->row);
    if (!q->inverse || !q->work || (!q->h && !q->row))
        return sx_nomem(err);
    for (int64_t t = 0; t < q->a->start[q->a->rows]; t++)
        q->inverse[q->a->col[t]] += q->a->value[t] * q->a->value[t];
    for (size_t j = 0; j < n; j++)
        q->inverse[j] = q->inverse[j] > 0 ? 1 / q->inverse[j] : 0;
    return SX_OK;
}

sx_status sx_normal_new(const sx_matrix *a, sx_normal **out, sx_error *err)
{
    sx_normal *q = sx_alloc(1, sizeof *q);
    *out = NULL;
    if (!q)
        return sx_nomem(err);
    q->a = a;
    sx_status st = assemble(q, err);
    if (!st)
        st = room(q, err);
    if (st)
        q = sx_normal_free(q);
    *out = q;
    return st;
}

sx_normal *sx_normal_free(sx_normal *q)
{
    if (q) {
        sx_i_multigrid_free(q->multigrid);
        sx_matrix_free(q->transposed);
        sx_matrix_free(q->h);
        sx_matrix_free(q->part);
        sx_release(q->inverse);
        sx_release(q->work);
        sx_release(q->row);
    }
    return sx_release(q);
}

void sx_normal_times(sx_normal *q, const double *x, double *y)
{
    if (q->h) {
        sx_matrix_times(q->h, x, y);
        return;
    }
    sx_matrix_times(q->a, x, q->row);
    sx_matrix_times(q->transposed, q->row, y);
}

sx_status sx_normal_precondition(sx_normal *q, const double *r, double *z, sx_error *err)
{
    if (q->multigrid)
        return sx_i_multigrid_cycle(q->multigrid, r, z, err);
    for (int32_t j = 0; j < q->a->cols; j++)
        z[j] = q->inverse[j] * r[j];
    return SX_OK;
}

sx_status sx_normal_solve(sx_normal *q, const double *g, double *x, double reduction,
                          int64_t limit, sx_error *err)
{
    int32_t n = q->a->cols;
    double *r = q->work, *z = r + n, *p = z + n, *hp = p + n;
    memset(x, 0, (size_t)n * sizeof *x);
    memcpy(r, g, (size_t)n * sizeof *r);
    sx_status st = sx_normal_precondition(q, r, z, err);
    memcpy(p, z, (size_t)n * sizeof *p);
    double rho = sx_i_dot(r, z, n), first = rho;
    for (int64_t i = 0; !st && i < limit && rho > reduction * reduction * first; i++) {
        sx_normal_times(q, p, hp);
        double curve = sx_i_dot(p, hp, n), step = rho / curve;
        if (!(curve > 0) || !(step < INFINITY))
            break;
        for (int32_t j = 0; j < n; j++) {
            x[j] += step * p[j];
            r[j] -= step * hp[j];
        }
        st = sx_normal_precondition(q, r, z, err);
        double last = rho;
        rho = sx_i_dot(r, z, n);
        for (int32_t j = 0; j < n; j++)
            p[j] = z[j] + rho / last * p[j];
    }
    return st;
}
