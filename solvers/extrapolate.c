/* SPDX-License-Identifier: GPL-3.0-or-later */
/* extrapolate.c - reduced rank extrapolation (Eddy 1979; Mesina 1977) of sweeps.
 *
 *     u_i = x_{i+1} - x_i;   x* = sum_i c_i x_{i+1},  c the minimiser of | sum_i c_i u_i |_2
 *                                                     among those with sum_i c_i = 1
 *
 * For x <- d + gamma P x the u_i are residuals and x* has the least residual of the Krylov
 * space they span, so what sweeps leave behind, a few slow modes, goes at once.  In exact
 * arithmetic the residual of x* is never larger than that of the newest iterate. */
#include "solvers/solvers_int.h"

#include <math.h>

enum { SIZE = SX_I_DEPTH + 1, TRAIL = SX_I_DEPTH + 2, GROUP = 128 };

sx_status sx_i_trail_new(int32_t n, sx_i_trail *t, sx_error *err)
{
    bool good = true;
    *t = (sx_i_trail){.n = n};
    for (int i = 0; i < TRAIL; i++) {
        t->x[i] = sx_alloc((size_t)n, sizeof **t->x);
        good = good && t->x[i];
    }
    return good ? SX_OK : sx_nomem(err);
}

void sx_i_trail_free(sx_i_trail *t)
{
    for (int i = 0; i < TRAIL; i++)
        t->x[i] = sx_release(t->x[i]);
}

double *sx_i_trail_at(const sx_i_trail *t, int64_t iterate)
{
    return t->x[iterate % TRAIL];
}

typedef struct gram {
    double at[SIZE][SIZE]; /* lower triangle: u_i . u_j, newest first */
} gram;

/* The Gram matrix of one block of elements. */
static void block_gram(const sx_i_trail *t, int32_t block, gram *g)
{
    int32_t from = block * SX_I_BLOCK;
    int32_t count = t->n - from < SX_I_BLOCK ? t->n - from : SX_I_BLOCK;
    const double *x[TRAIL];
    *g = (gram){.at = {{0}}};
    for (int i = 0; i < TRAIL; i++)
        x[i] = sx_i_trail_at(t, t->newest - i) + from;
    for (int32_t s = 0; s < count; s++) {
        double u[SIZE];
        for (int i = 0; i < SIZE; i++)
            u[i] = x[i][s] - x[i + 1][s];
        for (int i = 0; i < SIZE; i++)
            for (int j = 0; j <= i; j++)
                g->at[i][j] += u[i] * u[j];
    }
}

static void add_gram(const gram *part, gram *total)
{
    for (int i = 0; i < SIZE; i++)
        for (int j = 0; j <= i; j++)
            total->at[i][j] += part->at[i][j];
}

/* Block after block, a group of them at a time. */
static void whole_gram(const sx_i_trail *t, gram *total)
{
    gram part[GROUP];
    int32_t blocks = t->n / SX_I_BLOCK + (t->n % SX_I_BLOCK > 0);
    *total = (gram){.at = {{0}}};
    for (int32_t at = 0; at < blocks; at += GROUP) {
        int32_t count = blocks - at < GROUP ? blocks - at : GROUP;
#pragma omp parallel for schedule(static) if (t->n >= SX_I_PARALLEL)
        for (int32_t b = 0; b < count; b++)
            block_gram(t, at + b, &part[b]);
        for (int32_t b = 0; b < count; b++)
            add_gram(&part[b], total);
    }
}

/* G <- its Cholesky factor, in the lower triangle; false when it is not positive. */
static bool cholesky(gram *g)
{
    for (int i = 0; i < SIZE; i++)
        for (int j = 0; j <= i; j++) {
            double x = g->at[i][j];
            for (int l = 0; l < j; l++)
                x -= g->at[i][l] * g->at[j][l];
            if (j == i && !(x > 0 && x < INFINITY))
                return false;
            g->at[i][j] = j == i ? sqrt(x) : x / g->at[j][j];
        }
    return true;
}

/* c <- (L L')^-1 c. */
static void solve_factored(const gram *g, double c[SIZE])
{
    for (int i = 0; i < SIZE; i++) {
        for (int j = 0; j < i; j++)
            c[i] -= g->at[i][j] * c[j];
        c[i] /= g->at[i][i];
    }
    for (int i = SIZE - 1; i >= 0; i--) {
        for (int j = i + 1; j < SIZE; j++)
            c[i] -= g->at[j][i] * c[j];
        c[i] /= g->at[i][i];
    }
}

/* c = G^-1 (1,..,1) scaled to sum 1. */
static bool coefficients(gram *g, double c[SIZE])
{
    double trace = 0, sum = 0;
    for (int i = 0; i < SIZE; i++)
        trace += g->at[i][i];
    for (int i = 0; i < SIZE; i++) {
        g->at[i][i] += 1e-14 * trace; /* the u_i are nearly dependent */
        c[i] = trace;
    }
    if (!cholesky(g))
        return false;
    solve_factored(g, c);
    for (int i = 0; i < SIZE; i++)
        sum += c[i];
    for (int i = 0; i < SIZE; i++)
        c[i] /= sum;
    return fabs(sum) > 0 && fabs(sum) < INFINITY;
}

bool sx_i_extrapolate(const sx_i_trail *t, double *out)
{
    gram g;
    double c[SIZE];
    whole_gram(t, &g);
    if (!coefficients(&g, c))
        return false;
    const double *x[SIZE];
    for (int i = 0; i < SIZE; i++)
        x[i] = sx_i_trail_at(t, t->newest - i);
#pragma omp parallel for schedule(static) if (t->n >= SX_I_PARALLEL)
    for (int32_t s = 0; s < t->n; s++) {
        double sum = 0;
        for (int i = 0; i < SIZE; i++)
            sum += c[i] * x[i][s];
        out[s] = sum;
    }
    return true;
}
