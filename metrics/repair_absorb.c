/* SPDX-License-Identifier: GPL-3.0-or-later */
/* repair_absorb.c - free unknowns that ride on others.
 *
 * Where all rows of the free unknown f contain the free unknown g, always r times as much, f +
 * r g is as free as f: g is left out of these rows.  So the contexts of a bandit, which all
 * lead to one end, are tied together no more.  Multipliers stay what they are: those of the
 * rows of f already balance f, and with it g. */
#include "metrics/repair_absorb_int.h"

#include <math.h>
#include <string.h>

void sx_i_absorb_clear(sx_i_absorb *a)
{
    sx_release(a->p.coef);
    sx_release(a->ride);
    sx_release(a->first);
    sx_release(a->row);
}

/* The rows of every free unknown. */
static sx_status list_rows(sx_i_absorb *a, sx_error *err)
{
    const sx_i_near *p = &a->p;
    int64_t n = p->rows ? p->start[p->rows] : 0;
    a->first = sx_alloc((size_t)p->unknowns + 2, sizeof *a->first);
    a->row = sx_alloc((size_t)n, sizeof *a->row);
    if (!a->first || !a->row)
        return sx_nomem(err);
    for (int64_t i = 0; i < n; i++)
        if (!p->priced[p->col[i]])
            a->first[p->col[i] + 2]++;
    for (int32_t u = 0; u < p->unknowns; u++)
        a->first[u + 2] += a->first[u + 1];
    for (int32_t r = 0; r < p->rows; r++)
        for (int64_t i = p->start[r]; i < p->start[r + 1]; i++)
            if (!p->priced[p->col[i]])
                a->row[a->first[p->col[i] + 1]++] = r;
    return SX_OK;
}

/* Where unknown u stands in a row, or -1. */
static int64_t find(const sx_i_near *p, int32_t row, int32_t u)
{
    for (int64_t i = p->start[row]; i < p->start[row + 1]; i++)
        if (p->col[i] == u)
            return p->coef[i] != 0 ? i : -1;
    return -1;
}

/* Whether g is r times f in all rows of f. */
static bool rides(const sx_i_absorb *a, int32_t f, int32_t g, double r)
{
    for (int64_t k = a->first[f]; k < a->first[f + 1]; k++) {
        int64_t i = find(&a->p, a->row[k], f), j = find(&a->p, a->row[k], g);
        if ((i < 0) != (j < 0))
            return false;
        if (i >= 0 && !(fabs(a->p.coef[j] - r * a->p.coef[i]) <= 1e-12 * fabs(a->p.coef[j])))
            return false;
    }
    return true;
}

static sx_status absorb(sx_i_absorb *a, int32_t f, int32_t g, double r, sx_error *err)
{
    if (a->rides == a->room) {
        size_t n = 2 * (size_t)a->room + 64;
        sx_i_ride *ride = sx_realloc(a->ride, n, sizeof *ride);
        if (!ride)
            return sx_nomem(err);
        a->ride = ride;
        a->room = (int32_t)n;
    }
    a->ride[a->rides++] = (sx_i_ride){f, g, r};
    for (int64_t k = a->first[f]; k < a->first[f + 1]; k++) {
        int64_t j = find(&a->p, a->row[k], g);
        if (j >= 0 && find(&a->p, a->row[k], f) >= 0)
            a->p.coef[j] = 0;
    }
    return SX_OK;
}

/* The first row of f says which unknowns may ride on it. */
static sx_status absorb_all(sx_i_absorb *a, int32_t f, sx_error *err)
{
    const sx_i_near *p = &a->p;
    int64_t at = -1;
    sx_status st = SX_OK;
    for (int64_t k = a->first[f]; k < a->first[f + 1] && at < 0; k++)
        at = find(p, a->row[k], f);
    for (int64_t k = a->first[f]; k < a->first[f + 1]; k++) {
        int32_t row = a->row[k];
        if (at < p->start[row] || at >= p->start[row + 1])
            continue;
        for (int64_t j = p->start[row]; j < p->start[row + 1] && !st; j++) {
            int32_t g = p->col[j];
            double r = p->coef[j] / p->coef[at];
            if (g != f && !p->priced[g] && r != 0 && rides(a, f, g, r))
                st = absorb(a, f, g, r, err);
        }
    }
    return st;
}

sx_status sx_i_absorb_make(const sx_i_near *p, sx_i_absorb *a, sx_error *err)
{
    size_t n = p->rows ? (size_t)p->start[p->rows] : 0;
    *a = (sx_i_absorb){.p = *p};
    a->p.coef = sx_alloc(n, sizeof *p->coef);
    sx_status st = a->p.coef ? SX_OK : sx_nomem(err);
    if (!st && n)
        memcpy(a->p.coef, p->coef, n * sizeof *p->coef);
    if (!st)
        st = list_rows(a, err);
    for (int32_t u = 0; u < p->unknowns && !st; u++)
        if (!p->priced[u])
            st = absorb_all(a, u, err);
    return st;
}

void sx_i_absorb_undo(const sx_i_absorb *a, double *x)
{
    for (int32_t i = a->rides - 1; i >= 0; i--)
        x[a->ride[i].f] -= a->ride[i].ratio * x[a->ride[i].g];
}
