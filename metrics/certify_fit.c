/* SPDX-License-Identifier: GPL-3.0-or-later */
/* certify_fit.c - the last digits of a least-squares potential.
 *
 * A fit is proved by its gradient, which must be smaller than the error that is allowed by a
 * factor of 1 - gamma: conjugate gradients (Hestenes and Stiefel 1952) in long double from
 * the potential that is known, of
 *
 *     minimal             sum_k w_k (r_k + gamma P_k phi - phi(s))^2,  w = 1/|tau|^2 or 1
 *     minimal-potential   sum over triples (by tau, or all) of (R + gamma phi(s') - phi(s))^2
 */
#include "metrics/certificate_int.h"

#include <float.h>
#include <math.h>

enum { WORK = 1 << 30 }; /* entries that the iterations may visit */

typedef struct fit {
    const sx_mdp *m;
    bool rows;        /* minimal */
    bool all;         /* l2 */
    long double *fix; /* [T] rewards of possible triples, or [K] rows */
    long double *own; /* [S] sums over all triples: of R by state less gamma by successor */
    long double *g;   /* [S] gradient */
    long double *p;   /* [S] direction */
    long double *ap;  /* [S] */
    long double *phi; /* [S] */
} fit;

/* Add the gradient of row k's square. */
static void row_gradient(const fit *f, int32_t s, int32_t k, long double fix,
                         const long double *phi, long double *g)
{
    const sx_mdp *m = f->m;
    long double x = fix - phi[s], square = 0;
    for (int64_t t = m->first[k]; t < m->first[k + 1]; t++) {
        x += (long double)m->discount * m->prob[t] * phi[m->next[t]];
        square += (long double)m->prob[t] * m->prob[t];
    }
    x = f->all ? x / square : x;
    g[s] -= x;
    for (int64_t t = m->first[k]; t < m->first[k + 1]; t++)
        g[m->next[t]] += m->discount * m->prob[t] * x;
}

static void entry_gradient(const fit *f, int32_t s, int64_t t, long double fix,
                           const long double *phi, long double *g)
{
    const sx_mdp *m = f->m;
    int32_t next = m->next[t];
    long double x = m->prob[t] * (fix + (long double)m->discount * phi[next] - phi[s]);
    g[s] -= x;
    g[next] += m->discount * x;
}

/* All triples at once: their sums are those of R and of the potential. */
static void triple_gradient(const fit *f, bool fixed, const long double *phi, long double *g)
{
    const sx_mdp *m = f->m;
    long double gamma = m->discount, sum = 0, by_pair = 0;
    for (int32_t s = 0; s < m->states; s++) {
        sum += phi[s];
        by_pair += (m->pair[s + 1] - m->pair[s]) * phi[s];
    }
    for (int32_t s = 0; s < m->states; s++) {
        long double n = m->pair[s + 1] - m->pair[s];
        g[s] = (fixed ? -f->own[s] : 0) + gamma * (gamma * m->pairs * phi[s] - by_pair) -
               n * (gamma * sum - m->states * phi[s]);
    }
}

/* Add what pair k does to the gradient. */
static void pair_gradient(const fit *f, bool fixed, int32_t s, int32_t k,
                          const long double *phi, long double *g)
{
    const sx_mdp *m = f->m;
    if (f->rows) {
        row_gradient(f, s, k, fixed ? f->fix[k] : 0, phi, g);
        return;
    }
    for (int64_t t = m->first[k]; t < m->first[k + 1]; t++)
        entry_gradient(f, s, t, fixed ? f->fix[t] : 0, phi, g);
}

/* g [S] = gradient at phi; without the rewards unless fixed. */
static void gradient(const fit *f, bool fixed, const long double *phi, long double *g)
{
    const sx_mdp *m = f->m;
    if (!f->rows && f->all) {
        triple_gradient(f, fixed, phi, g);
        return;
    }
    for (int32_t s = 0; s < m->states; s++)
        g[s] = 0;
    for (int32_t s = 0; s < m->states; s++)
        for (int32_t k = m->pair[s]; k < m->pair[s + 1]; k++)
            pair_gradient(f, fixed, s, k, phi, g);
}

static long double dot(const fit *f, const long double *a, const long double *b)
{
    long double sum = 0;
    for (int32_t s = 0; s < f->m->states; s++)
        sum += a[s] * b[s];
    return sum;
}

static void iterate(const fit *f)
{
    int32_t n = f->m->states;
    int64_t rounds =
        WORK / f->m->entries < 2 * (int64_t)n + 50 ? WORK / f->m->entries : 2 * (int64_t)n + 50;
    gradient(f, true, f->phi, f->g);
    for (int32_t s = 0; s < n; s++)
        f->p[s] = -f->g[s];
    long double square = dot(f, f->g, f->g), first = square;
    for (int64_t i = 0; i < rounds && square > 1e-12L * first; i++) {
        gradient(f, false, f->p, f->ap);
        long double step = square / dot(f, f->p, f->ap), before = square;
        if (!(step > 0 && step < INFINITY))
            return;
        for (int32_t s = 0; s < n; s++) {
            f->phi[s] += step * f->p[s];
            f->g[s] += step * f->ap[s];
        }
        square = dot(f, f->g, f->g);
        for (int32_t s = 0; s < n; s++)
            f->p[s] = square / before * f->p[s] - f->g[s];
    }
}

/* What pair k adds to what does not depend on the potential. */
static void fix_pair(const fit *f, const sx_reward *reward, double constant, int32_t s,
                     int32_t k, double *row)
{
    const sx_mdp *m = f->m;
    for (int64_t t = m->first[k]; t < m->first[k + 1]; t++) {
        long double x = (long double)reward->on[t] - constant;
        f->fix[f->rows ? k : t] += f->rows ? m->prob[t] * x : x;
    }
    if (f->rows || !f->all)
        return;
    sx_reward_row(m, reward, k, row);
    for (int32_t next = 0; next < m->states; next++) {
        long double x = (long double)row[next] - constant;
        f->own[s] += x;
        f->own[next] -= m->discount * x;
    }
}

static sx_status fix_rewards(const fit *f, const sx_reward *reward, double constant,
                             sx_error *err)
{
    const sx_mdp *m = f->m;
    double *row = sx_alloc((size_t)m->states, sizeof *row);
    if (!row)
        return sx_nomem(err);
    for (int32_t s = 0; s < m->states; s++)
        for (int32_t k = m->pair[s]; k < m->pair[s + 1]; k++)
            fix_pair(f, reward, constant, s, k, row);
    sx_release(row);
    return SX_OK;
}

static void fit_release(fit *f)
{
    sx_release(f->fix);
    sx_release(f->own);
    sx_release(f->g);
    sx_release(f->p);
    sx_release(f->ap);
    sx_release(f->phi);
}

static bool fit_start(fit *f)
{
    size_t n = (size_t)f->m->states;
    f->fix = sx_alloc(f->rows ? (size_t)f->m->pairs : (size_t)f->m->entries, sizeof *f->fix);
    f->own = sx_alloc(n, sizeof *f->own);
    f->g = sx_alloc(n, sizeof *f->g);
    f->p = sx_alloc(n, sizeof *f->p);
    f->ap = sx_alloc(n, sizeof *f->ap);
    f->phi = sx_alloc(n, sizeof *f->phi);
    return f->fix && f->own && f->g && f->p && f->ap && f->phi;
}

sx_status sx_i_fit_refine(const sx_mdp *m, const sx_reward *reward, sx_certified_form *x,
                          sx_error *err)
{
    fit f = {.m = m, .rows = x->canon == SX_MINIMAL, .all = x->norm == SX_L2};
    if ((int64_t)m->pairs * m->states > SX_CERTIFICATE_TRIPLES)
        return SX_OK;
    x->potential_rest = sx_alloc((size_t)m->states, sizeof *x->potential_rest);
    sx_status st = fit_start(&f) && x->potential_rest
                       ? fix_rewards(&f, reward, x->constant, err)
                       : sx_nomem(err);
    if (!st) {
        for (int32_t s = 0; s < m->states; s++)
            f.phi[s] = x->potential[s];
        iterate(&f);
        for (int32_t s = 0; s < m->states; s++) {
            x->potential[s] = (double)f.phi[s];
            x->potential_rest[s] = (double)(f.phi[s] - x->potential[s]);
        }
    }
    fit_release(&f);
    return st;
}
