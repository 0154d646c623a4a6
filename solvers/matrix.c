/* SPDX-License-Identifier: GPL-3.0-or-later */
/* matrix.c - matrices by rows. */
#include "solvers/solvers_int.h"

#include <math.h>
#include <string.h>

sx_status sx_matrix_new(int32_t rows, int32_t cols, int64_t entries, sx_matrix **out,
                        sx_error *err)
{
    *out = NULL;
    if (rows < 0 || cols < 0 || entries < 0)
        return sx_fail(err, SX_EARG, "a matrix cannot have %d rows, %d columns, %lld entries",
                       rows, cols, (long long)entries);
    sx_matrix *a = sx_alloc(1, sizeof *a);
    if (!a)
        return sx_nomem(err);
    a->rows = rows;
    a->cols = cols;
    a->start = sx_alloc((size_t)rows + 1, sizeof *a->start);
    a->col = sx_alloc((size_t)entries, sizeof *a->col);
    a->value = sx_alloc((size_t)entries, sizeof *a->value);
    if (!a->start || !a->col || !a->value) {
        sx_matrix_free(a);
        return sx_nomem(err);
    }
    *out = a;
    return SX_OK;
}

sx_matrix *sx_matrix_free(sx_matrix *a)
{
    if (a) {
        sx_release(a->start);
        sx_release(a->col);
        sx_release(a->value);
    }
    return sx_release(a);
}

void sx_matrix_times(const sx_matrix *a, const double *x, double *y)
{
#pragma omp parallel for schedule(static) if (a->rows >= SX_I_PARALLEL)
    for (int32_t i = 0; i < a->rows; i++) {
        double sum = 0;
        for (int64_t t = a->start[i]; t < a->start[i + 1]; t++)
            sum += a->value[t] * x[a->col[t]];
        y[i] = sum;
    }
}

void sx_matrix_transposed_times(const sx_matrix *a, const double *x, double *y)
{
    memset(y, 0, (size_t)a->cols * sizeof *y);
    for (int32_t i = 0; i < a->rows; i++)
        for (int64_t t = a->start[i]; t < a->start[i + 1]; t++)
            y[a->col[t]] += a->value[t] * x[i];
}

sx_status sx_i_transpose(const sx_matrix *a, sx_matrix **out, sx_error *err)
{
    sx_matrix *b = NULL;
    *out = NULL;
    sx_status st = sx_matrix_new(a->cols, a->rows, a->start[a->rows], &b, err);
    if (st)
        return st;
    for (int64_t t = 0; t < a->start[a->rows]; t++)
        b->start[a->col[t] + 1]++;
    for (int32_t j = 0; j < b->rows; j++)
        b->start[j + 1] += b->start[j];
    for (int32_t i = 0; i < a->rows; i++)
        for (int64_t t = a->start[i]; t < a->start[i + 1]; t++) {
            int64_t u = b->start[a->col[t]]++;
            b->col[u] = i;
            b->value[u] = a->value[t];
        }
    memmove(b->start + 1, b->start, (size_t)b->rows * sizeof *b->start);
    b->start[0] = 0;
    *out = b;
    return SX_OK;
}

/* One block of a dot product. */
static double block_dot(const double *a, const double *b, int32_t n)
{
    double sum = 0;
    for (int32_t i = 0; i < n; i++)
        sum += a[i] * b[i];
    return sum;
}

enum { GROUP = 1024 }; /* blocks whose sums are held at a time */

double sx_i_dot(const double *a, const double *b, int32_t n)
{
    double total = 0, part[GROUP];
    int32_t blocks = n / SX_I_BLOCK + (n % SX_I_BLOCK > 0);
    for (int32_t at = 0; at < blocks; at += GROUP) {
        int32_t count = blocks - at < GROUP ? blocks - at : GROUP;
#pragma omp parallel for schedule(static) if (n >= SX_I_PARALLEL)
        for (int32_t i = 0; i < count; i++) {
            int32_t from = (at + i) * SX_I_BLOCK;
            int32_t length = n - from < SX_I_BLOCK ? n - from : SX_I_BLOCK;
            part[i] = block_dot(a + from, b + from, length);
        }
        for (int32_t i = 0; i < count; i++)
            total += part[i];
    }
    return total;
}

double sx_dot(const double *a, const double *b, int64_t n)
{
    double sum = 0, lost = 0;
    for (int64_t i = 0; i < n; i++) {
        double product = a[i] * b[i], low = fma(a[i], b[i], -product);
        double next = sum + product, back = next - sum;
        lost += low + ((sum - (next - back)) + (product - back));
        sum = next;
    }
    return sum + lost;
}
