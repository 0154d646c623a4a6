/* SPDX-License-Identifier: GPL-3.0-or-later */
/* certificate_scope.c - the states that a certificate looks at, and sweeps over them.
 *
 * With e = V - v and d = T v - v:  sup e <= max d + gamma rho sup e and likewise below, rho
 * the sums of the rows, which are 1 up to rounding only.  Sums are in long double, and every
 * interval is widened by a bound on what they round. */
#include "metrics/certificate_int.h"

#include <float.h>
#include <math.h>

void sx_i_scope_release(sx_i_scope *w)
{
    sx_release(w->state);
    sx_release(w->place);
    sx_release(w->first);
    sx_release(w->pair);
    *w = (sx_i_scope){0};
}

/* Places of the states that are kept. */
static sx_status keep_states(sx_i_scope *w, const unsigned char *keep, sx_error *err)
{
    const sx_mdp *m = w->m;
    w->state = sx_alloc((size_t)w->n, sizeof *w->state);
    w->place = sx_alloc((size_t)m->states, sizeof *w->place);
    w->first = sx_alloc((size_t)w->n + 1, sizeof *w->first);
    if (!w->state || !w->place || !w->first)
        return sx_nomem(err);
    int32_t n = 0;
    for (int32_t s = 0; s < m->states; s++) {
        w->place[s] = keep[s] ? n : -1;
        if (!keep[s])
            continue;
        w->state[n++] = s;
        w->first[n] = w->first[n - 1] + (m->pair[s + 1] - m->pair[s]);
    }
    w->k = w->first[n];
    return SX_OK;
}

static sx_status keep_pairs(sx_i_scope *w, sx_error *err)
{
    const sx_mdp *m = w->m;
    double lo = INFINITY, hi = 0;
    int64_t longest = 0;
    w->pair = sx_alloc((size_t)w->k, sizeof *w->pair);
    if (!w->pair)
        return sx_nomem(err);
    for (int32_t i = 0, at = 0; i < w->n; i++)
        for (int32_t k = m->pair[w->state[i]]; k < m->pair[w->state[i] + 1]; k++) {
            long double sum = 0;
            w->pair[at++] = k;
            for (int64_t t = m->first[k]; t < m->first[k + 1]; t++)
                sum += m->prob[t];
            lo = fmin(lo, (double)sum);
            hi = fmax(hi, (double)sum);
            longest = m->first[k + 1] - m->first[k] > longest ? m->first[k + 1] - m->first[k]
                                                              : longest;
        }
    w->rho[0] = lo * (1 - DBL_EPSILON);
    w->rho[1] = hi * (1 + DBL_EPSILON);
    w->longest = (double)longest;
    return SX_OK;
}

sx_status sx_i_scope_make(const sx_mdp *m, bool all, sx_i_scope *w, sx_error *err)
{
    unsigned char *keep = sx_alloc((size_t)m->states, 1);
    *w = (sx_i_scope){.m = m, .n = m->states};
    sx_status st = keep ? SX_OK : sx_nomem(err);
    for (int32_t s = 0; !st && s < m->states; s++)
        keep[s] = 1;
    if (!st && !all)
        st = sx_mdp_reachable(m, keep, &w->n, err);
    if (!st)
        st = keep_states(w, keep, err);
    if (!st)
        st = keep_pairs(w, err);
    sx_release(keep);
    if (st)
        sx_i_scope_release(w);
    return st;
}

/* gamma P_i v */
static long double ahead(const sx_i_scope *w, const double *v, int32_t i)
{
    const sx_mdp *m = w->m;
    int32_t k = w->pair[i];
    long double sum = 0;
    if (m->discount <= 0)
        return 0;
    for (int64_t t = m->first[k]; t < m->first[k + 1]; t++)
        sum += (long double)m->prob[t] * v[w->place[m->next[t]]];
    return m->discount * sum;
}

long double sx_i_scope_value(const sx_i_scope *w, const long double *r, const double *v,
                             int32_t i)
{
    return r[i] + ahead(w, v, i);
}

static double most(const double *v, int32_t n)
{
    double size = 0;
    for (int32_t i = 0; v && i < n; i++)
        if (!(fabs(v[i]) <= size))
            size = fabs(v[i]);
    return size;
}

double sx_i_scope_largest(const sx_i_scope *w, const sx_reward *reward)
{
    const sx_mdp *m = w->m;
    double size = 0;
    for (int32_t i = 0; i < w->k; i++)
        for (int64_t t = m->first[w->pair[i]]; t < m->first[w->pair[i] + 1]; t++)
            size = fmax(size, fabs(reward->on[t]));
    return size;
}

double sx_i_scope_shape(const sx_i_scope *w, const sx_reward *reward, const double *phi,
                        long double *r)
{
    const sx_mdp *m = w->m;
    for (int32_t s = 0; s < w->n; s++)
        for (int32_t i = w->first[s]; i < w->first[s + 1]; i++) {
            long double sum = 0;
            for (int64_t t = m->first[w->pair[i]]; t < m->first[w->pair[i] + 1]; t++)
                sum += (long double)m->prob[t] * reward->on[t];
            r[i] = phi ? sum + (ahead(w, phi, i) - phi[s]) : sum;
        }
    return (double)LDBL_EPSILON * (w->longest + 4) *
           (sx_i_scope_largest(w, reward) + 2 * most(phi, w->n));
}

long double sx_i_scope_start(const sx_i_scope *w, const double *v)
{
    long double sum = 0;
    for (int32_t s = 0; s < w->n; s++)
        sum += (long double)w->m->initial[w->state[s]] * v[s];
    return sum;
}

/* (T v)(s) of a greatest or a least value. */
static long double best(const sx_i_scope *w, const sx_i_sweep *a, int32_t s)
{
    long double top = -INFINITY;
    for (int32_t i = w->first[s]; i < w->first[s + 1]; i++) {
        if (a->allowed && !a->allowed[i])
            continue;
        long double q = a->sign * sx_i_scope_value(w, a->r, a->v, i);
        if (!(q <= top))
            top = q;
    }
    return a->sign * top;
}

/* (T v)(s) of a policy. */
static long double mean(const sx_i_scope *w, const sx_i_sweep *a, int32_t s)
{
    long double sum = 0, mass = 0;
    for (int32_t i = w->first[s]; i < w->first[s + 1]; i++) {
        mass += a->policy[i];
        if (a->policy[i] > 0)
            sum += a->policy[i] * sx_i_scope_value(w, a->r, a->v, i);
    }
    return sum / mass;
}

/* x that solves x = d + gamma rho x, with the rho that makes it larger (up) or smaller. */
static double settle(const sx_i_scope *w, double d, bool up)
{
    double slack = 1 - w->m->discount * w->rho[(d > 0) == up];
    if (!(slack > 0) || !(fabs(d) < INFINITY))
        return up ? INFINITY : -INFINITY;
    return d / slack * ((d > 0) == up ? 1 + 4 * DBL_EPSILON : 1 - 4 * DBL_EPSILON);
}

sx_i_proof sx_i_scope_sweep(const sx_i_scope *w, const sx_i_sweep *a)
{
    long double lo = INFINITY, hi = -INFINITY, size = 0, mass = 0;
    bool bad = false;
    for (int32_t s = 0; s < w->n; s++) {
        long double d = (a->sign ? best(w, a, s) : mean(w, a, s)) - a->v[s];
        bad |= !(fabsl(d) < INFINITY);
        lo = d < lo ? d : lo;
        hi = d > hi ? d : hi;
        mass += w->m->initial[w->state[s]];
    }
    for (int32_t i = 0; i < w->k; i++)
        size = fabsl(a->r[i]) > size ? fabsl(a->r[i]) : size;
    double large = most(a->v, w->n), eps = (double)LDBL_EPSILON;
    double noise = a->noise + eps * (w->longest + 8) * ((double)size + 2 * large);
    sx_i_proof p = {-INFINITY, INFINITY, -INFINITY, INFINITY};
    if (bad || !(large < INFINITY))
        return p;
    p.below = settle(w, (double)lo * (1 - copysign(DBL_EPSILON, (double)lo)) - noise, false);
    p.above = settle(w, (double)hi * (1 + copysign(DBL_EPSILON, (double)hi)) + noise, true);
    long double start = sx_i_scope_start(w, a->v);
    double slip = eps * (w->n + 4) * large + DBL_EPSILON * (double)fabsl(start);
    p.lo = (double)(start + mass * p.below) - slip;
    p.hi = (double)(start + mass * p.above) + slip;
    return p;
}

/* Largest |r + gamma P mid - mid|, mid the middle of most and least. */
static double size_at_middle(const sx_i_scope *w, const long double *r, const double *up,
                             const double *down)
{
    long double size = 0;
    for (int32_t s = 0; s < w->n; s++)
        for (int32_t i = w->first[s]; i < w->first[s + 1]; i++) {
            long double two = ahead(w, up, i) + ahead(w, down, i) - up[s] - down[s];
            size = fmaxl(size, fabsl(r[i] + two / 2));
        }
    return (double)size;
}

void sx_i_scope_tied(const sx_i_scope *w, const long double *r, const double *up,
                     const double *down, double share, unsigned char *tied)
{
    sx_i_proof p = sx_i_scope_sweep(w, &(sx_i_sweep){.r = r, .v = up, .sign = 1});
    double open = w->m->discount * (p.above - p.below);
    long double slack = share * 1e-9 * size_at_middle(w, r, up, down) + open;
    for (int32_t s = 0; s < w->n; s++) {
        long double top = best(w, &(sx_i_sweep){.r = r, .v = up, .sign = 1}, s);
        for (int32_t i = w->first[s]; i < w->first[s + 1]; i++)
            tied[i] = !(sx_i_scope_value(w, r, up, i) < top - slack);
    }
}

bool sx_i_scope_policy(const sx_i_scope *w, const double *p)
{
    for (int32_t s = 0; s < w->n; s++) {
        long double sum = 0;
        for (int32_t i = w->first[s]; i < w->first[s + 1]; i++) {
            if (!(p[i] >= 0))
                return false;
            sum += p[i];
        }
        if (!(fabsl(sum - 1) <= 1e-9))
            return false;
    }
    return true;
}
