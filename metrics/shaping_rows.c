/* SPDX-License-Identifier: GPL-3.0-or-later */
/* shaping_rows.c - the least squares of a shaping over pairs (s,a), and what proves them.
 *
 * With B = gamma P - E and x~ = x + B Phi_x what the best potential leaves of x,
 *
 *     min |alpha r + B Phi - t|  at  alpha = max(0, <r~, t~> / <r~, r~>)
 *
 * and Phi = alpha Phi_r - Phi_t.  The proof is Phi_r.  For any e = alpha r + B Phi - t with
 * g = B'e, and d the step to the best potential for that alpha,
 *
 *     |B d|^2 = -g.d <= |g|_1 |d|_inf,   |d|_inf <= |B d|_inf / (1-gamma)
 *
 * (follow B d from a state where |d| is largest), so that |B d| <= |g|_1 / (1-gamma) =: delta
 * and min over Phi of |.|^2 >= |e|^2 - delta^2: the error of g counts squared.  Over alpha this
 * is a parabola of curvature |r~|^2 >= |r^|^2 - (|B'r^|_1 / (1-gamma))^2 for r^ = r + B Phi_r,
 * and half its slope <e + B d, r^> is off <e, r^> = <e, r> + g.Phi_r by |d . B'r^| at most. */
#include "metrics/shaping_int.h"

#include <math.h>

typedef struct least {
    double *e, *r; /* [K] what is left of all, and of R */
    double *xi;    /* [S] the potential that leaves r */
    sx_i_fit fit;
} least;

static void least_clear(least *w)
{
    sx_least_squares_free(w->fit.solver);
    sx_matrix_free(w->fit.matrix);
    sx_release(w->e);
    sx_release(w->r);
    sx_release(w->xi);
}

static sx_status least_init(const sx_mdp *m, const sx_shape_task *task, least *w, sx_error *err)
{
    size_t n = (size_t)m->pairs;
    bool target = task->to != NULL;
    w->e = sx_alloc(n, sizeof *w->e);
    w->r = target ? sx_alloc(n, sizeof *w->r) : NULL;
    w->xi = target ? sx_alloc((size_t)m->states, sizeof *w->xi) : NULL;
    if (!w->e || (target && (!w->r || !w->xi)))
        return sx_nomem(err);
    sx_reward_mean(m, target ? task->to : task->from, w->e);
    for (size_t k = 0; target && k < n; k++)
        w->e[k] = -w->e[k];
    if (target)
        sx_reward_mean(m, task->from, w->r);
    return SX_OK;
}

/* e += alpha r for the best alpha >= 0; 0 where nothing is left of R, which was `size`. */
static void add_scaled(const sx_mdp *m, double size, least *w, sx_shaping *out)
{
    double own = sx_dot(w->r, w->r, m->pairs), both = sx_dot(w->r, w->e, m->pairs);
    out->unique = own > 1e-22 * size;
    out->scale = out->unique && both < 0 ? -both / own : 0;
    for (int32_t k = 0; k < m->pairs; k++)
        w->e[k] += out->scale * w->r[k];
    for (int32_t s = 0; s < m->states; s++)
        out->potential[s] += out->scale * w->xi[s];
}

sx_status sx_i_shape_rows_least(const sx_mdp *m, const sx_shape_task *task, sx_shaping *out,
                                sx_error *err)
{
    least w = {0};
    double size = 0;
    sx_status st = least_init(m, task, &w, err);
    out->scale = 1;
    out->unique = true;
    if (!st)
        st = sx_i_fit_rows(m, SX_I_FIT_WEIGHTED, &w.fit, w.e, out->potential, err);
    if (!st && task->to) {
        size = sx_dot(w.r, w.r, m->pairs);
        st = sx_i_fit_rows(m, SX_I_FIT_WEIGHTED, &w.fit, w.r, w.xi, err);
    }
    if (!st && task->to) {
        add_scaled(m, size, &w, out);
        out->proof.count = m->states;
        out->proof.y = w.xi;
        w.xi = NULL;
    }
    least_clear(&w);
    return st;
}

/* --- the bound --- */

/* r^ = r + B xi: its square, and |B'r^|_1. */
typedef struct own_part {
    long double square, slope;
} own_part;

static void push_pair(const sx_mdp *m, const double *xi, int32_t s, int32_t k, long double r,
                      long double *square, long double *g)
{
    long double ahead = 0;
    for (int64_t t = m->first[k]; t < m->first[k + 1]; t++)
        ahead += (long double)m->prob[t] * xi[m->next[t]];
    r += m->discount * ahead - xi[s];
    *square += r * r;
    for (int64_t t = m->first[k]; t < m->first[k + 1]; t++)
        g[m->next[t]] += r * m->discount * m->prob[t];
    g[s] -= r;
}

static long double sum_of(const long double *g, int32_t n)
{
    long double sum = 0;
    for (int32_t s = 0; s < n; s++)
        sum += fabsl(g[s]);
    return sum;
}

static sx_status own(const sx_mdp *m, const sx_reward *from, const double *xi, own_part *out,
                     sx_error *err)
{
    double *r = sx_alloc((size_t)m->pairs, sizeof *r);
    long double *g = sx_alloc((size_t)m->states, sizeof *g);
    bool room = r && g;
    *out = (own_part){0};
    if (room) {
        sx_reward_mean(m, from, r);
        for (int32_t s = 0; s < m->states; s++)
            for (int32_t k = m->pair[s]; k < m->pair[s + 1]; k++)
                push_pair(m, xi, s, k, r[k], &out->square, g);
        out->slope = sum_of(g, m->states);
    }
    sx_release(r);
    sx_release(g);
    return room ? SX_OK : sx_nomem(err);
}

/* 1 - gamma times the largest sum of probabilities, which rounding may put above 1. */
static long double shrinking(const sx_mdp *m)
{
    long double most = 1;
    for (int32_t k = 0; k < m->pairs; k++) {
        long double sum = 0;
        for (int64_t t = m->first[k]; t < m->first[k + 1]; t++)
            sum += m->prob[t];
        most = fmaxl(most, sum);
    }
    return 1 - m->discount * most;
}

sx_status sx_i_shape_rows_bound(const sx_mdp *m, const sx_shape_task *task, const sx_shaping *x,
                                const sx_i_rows_left *e, long double *lower, sx_error *err)
{
    long double shrink = shrinking(m), delta, slope, under;
    own_part r;
    *lower = 0;
    if (!(shrink > 0) || (task->to && !x->proof.y))
        return SX_OK;
    delta = sum_of(e->g, m->states) / shrink;
    under = e->square - delta * delta;
    if (task->to) {
        sx_status st = own(m, task->from, x->proof.y, &r, err);
        if (st)
            return st;
        long double curve = r.square - powl(r.slope / shrink, 2);
        slope = e->product;
        for (int32_t s = 0; s < m->states; s++)
            slope += e->g[s] * x->proof.y[s];
        slope = (x->scale > 0 ? fabsl(slope) : fmaxl(-slope, 0)) + delta * r.slope / shrink;
        under -= curve > 0 ? slope * slope / curve : INFINITY;
    }
    *lower = under > 0 ? sqrtl(under) : 0;
    return SX_OK;
}
