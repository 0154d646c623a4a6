/* SPDX-License-Identifier: GPL-3.0-or-later */
/* repair_near.c - the arrays of a nearest-point problem, row by row. */
#include "metrics/repair_int.h"

#include <math.h>

sx_i_near *sx_i_near_free(sx_i_near *p)
{
    if (!p)
        return NULL;
    sx_release(p->value);
    sx_release(p->priced);
    sx_release(p->lo);
    sx_release(p->hi);
    sx_release(p->start);
    sx_release(p->col);
    sx_release(p->coef);
    sx_release(p->tag);
    return sx_release(p);
}

/* *array to n elements of that size; false without memory. */
static bool grow(void *array, size_t n, size_t size)
{
    void **a = array, *grown = sx_realloc(*a, n, size);
    if (grown)
        *a = grown;
    return grown;
}

static sx_status grow_unknowns(sx_i_near *p, sx_error *err)
{
    if (p->unknowns >= SX_REPAIR_LIMIT)
        return sx_fail(err, SX_ELIMIT, "a repair is limited to %d unknown rewards",
                       SX_REPAIR_LIMIT);
    size_t n = 2 * (size_t)p->unknown_room + 64;
    if (!grow(&p->value, n, sizeof *p->value) || !grow(&p->priced, n, sizeof *p->priced))
        return sx_nomem(err);
    p->unknown_room = (int32_t)n;
    return SX_OK;
}

sx_status sx_i_near_unknown(sx_i_near *p, bool priced, double value, int32_t *index,
                            sx_error *err)
{
    sx_status st = p->unknowns < p->unknown_room ? SX_OK : grow_unknowns(p, err);
    if (st)
        return st;
    *index = p->unknowns;
    p->priced[p->unknowns] = priced;
    p->value[p->unknowns++] = priced ? value : 0;
    return SX_OK;
}

static sx_status grow_rows(sx_i_near *p, sx_error *err)
{
    if (p->rows >= SX_REPAIR_LIMIT)
        return sx_fail(err, SX_ELIMIT, "a repair is limited to %d demands", SX_REPAIR_LIMIT);
    size_t n = 2 * (size_t)p->row_room + 64;
    if (!grow(&p->lo, n, sizeof *p->lo) || !grow(&p->hi, n, sizeof *p->hi) ||
        !grow(&p->tag, n, sizeof *p->tag) || !grow(&p->start, n + 1, sizeof *p->start))
        return sx_nomem(err);
    p->row_room = (int32_t)n;
    p->start[0] = 0;
    return SX_OK;
}

sx_status sx_i_near_row(sx_i_near *p, int32_t tag, double lo, double hi, sx_error *err)
{
    sx_status st = p->rows < p->row_room ? SX_OK : grow_rows(p, err);
    if (st)
        return st;
    p->lo[p->rows] = lo;
    p->hi[p->rows] = hi;
    p->tag[p->rows] = tag;
    p->start[p->rows + 1] = p->start[p->rows];
    p->rows++;
    return SX_OK;
}

sx_status sx_i_near_term(sx_i_near *p, int32_t unknown, double coef, sx_error *err)
{
    int64_t *end = &p->start[p->rows], i = p->start[p->rows - 1];
    while (i < *end && p->col[i] != unknown)
        i++;
    if (i < *end) {
        p->coef[i] += coef;
        return SX_OK;
    }
    if (*end == p->entry_room) {
        size_t n = 2 * (size_t)p->entry_room + 256;
        if (!grow(&p->col, n, sizeof *p->col) || !grow(&p->coef, n, sizeof *p->coef))
            return sx_nomem(err);
        p->entry_room = (int64_t)n;
    }
    p->col[*end] = unknown;
    p->coef[(*end)++] = coef;
    return SX_OK;
}

double sx_i_near_at(const sx_i_near *p, int32_t row, const double *v)
{
    long double sum = 0;
    for (int64_t i = p->start[row]; i < p->start[row + 1]; i++)
        sum += (long double)p->coef[i] * v[p->col[i]];
    return (double)sum;
}
