/* SPDX-License-Identifier: GPL-3.0-or-later */
/* linear.c - iterative methods for (I - gamma P) e = d, P stochastic.
 *
 * Sweeps:    e <- d + gamma P e.  With residuals w - e in [lo, hi] the error of w lies in
 *            gamma/(1-gamma) [lo, hi] (MacQueen 1966), so what must shrink is hi - lo, which
 *            falls as fast as P mixes, not as slowly as gamma.
 * BiCGStab:  van der Vorst 1992, unguarded here: the residual it returns is recomputed. */
#include "solvers/solvers_int.h"

#include <math.h>
#include <string.h>

double sx_i_range_size(sx_i_range r)
{
    return fmax(fabs(r.lo), fabs(r.hi));
}

sx_i_range sx_i_sweep(const sx_i_system *y, const double *e, double *w)
{
    const sx_matrix *p = y->p;
    double lo = INFINITY, hi = -INFINITY;
    int bad = 0;
#pragma omp parallel for schedule(static) reduction(min \
                                                    : lo) reduction(max \
                                                                    : hi) \
    reduction(| \
              : bad) if (p->rows >= SX_I_PARALLEL)
    for (int32_t s = 0; s < p->rows; s++) {
        double sum = 0;
        for (int64_t t = p->start[s]; t < p->start[s + 1]; t++)
            sum += p->value[t] * e[p->col[t]];
        double x = y->d[s] + y->gamma * sum, change = x - e[s];
        w[s] = x;
        lo = change < lo ? change : lo;
        hi = change > hi ? change : hi;
        bad |= !(fabs(change) < INFINITY);
    }
    return bad ? (sx_i_range){-INFINITY, INFINITY} : (sx_i_range){lo, hi};
}

static void shift(double *e, double by, int32_t n)
{
    for (int32_t s = 0; s < n; s++)
        e[s] += by;
}

double sx_i_sweeps(const sx_i_system *y, double *e, double *w, double target, int64_t limit,
                   int64_t *sweeps)
{
    int32_t n = y->p->rows;
    double *from = e, *to = w, span = INFINITY, middle = 0;
    for (int64_t i = 0; i < limit && !(span <= target); i++) {
        sx_i_range range = sx_i_sweep(y, from, to);
        span = range.hi - range.lo;
        middle = 0.5 * (range.lo + range.hi);
        double *swap = from;
        from = to;
        to = swap;
        ++*sweeps;
        if (!(span < INFINITY))
            return INFINITY;
    }
    if (from != e)
        memcpy(e, from, (size_t)n * sizeof *e);
    shift(e, y->gamma / (1 - y->gamma) * middle, n);
    return span;
}

double sx_i_sweeps_mass(const sx_i_system *y, double *e, double *w, double target,
                        int64_t limit, int64_t *sweeps)
{
    int32_t n = y->p->rows;
    double *from = e, *to = w, size = INFINITY;
    for (int32_t s = 0; s < n; s++)
        e[s] = y->d[s] / (1 - y->gamma);
    for (int64_t i = 0; i < limit && !(size <= target); i++) {
        size = sx_i_range_size(sx_i_sweep(y, from, to));
        double *swap = from;
        from = to;
        to = swap;
        ++*sweeps;
        if (!(size < INFINITY))
            return INFINITY;
    }
    if (from != e)
        memcpy(e, from, (size_t)n * sizeof *e);
    return size;
}

/* out = (I - gamma P) x. */
static void apply(const sx_i_system *y, const double *x, double *out)
{
    const sx_matrix *p = y->p;
#pragma omp parallel for schedule(static) if (p->rows >= SX_I_PARALLEL)
    for (int32_t s = 0; s < p->rows; s++) {
        double sum = 0;
        for (int64_t t = p->start[s]; t < p->start[s + 1]; t++)
            sum += p->value[t] * x[p->col[t]];
        out[s] = x[s] - y->gamma * sum;
    }
}

/* y += a x. */
static void add(double *y, double a, const double *x, int32_t n)
{
#pragma omp parallel for schedule(static) if (n >= SX_I_PARALLEL)
    for (int32_t s = 0; s < n; s++)
        y[s] += a * x[s];
}

typedef struct krylov {
    double *r, *shadow, *q, *aq, *s, *as;
} krylov;

/* One step; false when it broke down. */
static bool krylov_step(const sx_i_system *y, krylov *k, double *rho, double *e)
{
    int32_t n = y->p->rows;
    apply(y, k->q, k->aq);
    double alpha = *rho / sx_i_dot(k->shadow, k->aq, n);
    memcpy(k->s, k->r, (size_t)n * sizeof *k->s);
    add(k->s, -alpha, k->aq, n);
    apply(y, k->s, k->as);
    double ss = sx_i_dot(k->as, k->as, n);
    double omega = ss > 0 ? sx_i_dot(k->as, k->s, n) / ss : 0;
    add(e, alpha, k->q, n);
    add(e, omega, k->s, n);
    memcpy(k->r, k->s, (size_t)n * sizeof *k->r);
    add(k->r, -omega, k->as, n);
    double rho_new = sx_i_dot(k->shadow, k->r, n);
    double beta = rho_new / *rho * (alpha / omega);
    if (!(fabs(beta) < INFINITY) || !(fabs(alpha) < INFINITY))
        return false;
    *rho = rho_new;
    for (int32_t i = 0; i < n; i++)
        k->q[i] = k->r[i] + beta * (k->q[i] - omega * k->aq[i]);
    return true;
}

double sx_i_krylov(const sx_i_system *y, double *e, double *work, double target, int64_t limit,
                   int64_t *sweeps)
{
    int32_t rows = y->p->rows;
    size_t n = (size_t)rows;
    const double *d = y->d;
    krylov k = {work, work + n, work + 2 * n, work + 3 * n, work + 4 * n, work + 5 * n};
    memset(e, 0, n * sizeof *e);
    memcpy(k.r, d, n * sizeof *d);
    memcpy(k.shadow, d, n * sizeof *d);
    memcpy(k.q, d, n * sizeof *d);
    double rho = sx_i_dot(d, d, rows);
    double first = rho, goal = target * target * first, now = first;
    bool going = first > 0;
    for (int64_t i = 0; going && i < limit && now > goal; i++) {
        going = krylov_step(y, &k, &rho, e);
        now = sx_i_dot(k.r, k.r, rows);
        going = going && now < 1e12 * first;
        *sweeps += 2;
    }
    ++*sweeps;
    return sx_i_range_size(sx_i_sweep(y, e, work + 6 * n));
}
