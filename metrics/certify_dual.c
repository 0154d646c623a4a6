/* SPDX-License-Identifier: GPL-3.0-or-later */
/* certify_dual.c - the evidence for minimal forms in l1, linf, weighted-l1 and weighted-linf.
 *
 *     N(e) = sum_i w_i |e_i|  or  max_i w_i |e_i|,   Q(e) = sum_i q_i e_i^2,   e = value + B x
 *
 *     dual     y with B'y = 0, in the unit ball of the dual norm of N: N >= y . value
 *     centre   g, a subgradient of N at e, and a weight c > 0 with B'(g + c q e) = 0: then e
 *              is the one minimiser of N + c Q / 2, thus that of Q among all with no larger
 *              N.  With p the multipliers of the least squares on the optimal face,
 *              B'(q e - p) = 0 and g = y - c p, for any c that keeps g a subgradient
 *              (Mangasarian and Meyer 1979).
 *
 * What rounding and the tolerance of the simplex method leave of B'y is taken off inside the
 * ball: y <- y + D B z, D the squares of what y_i may move by, by conjugate gradients in long
 * double. */
#include "metrics/certificate_int.h"
#include "metrics/minimal_int.h"

#include <math.h>
#include <string.h>

/* Parts of a weight: nearer to the bound counts as on it. */
static const double on_bound = 1e-12;

typedef struct projection {
    const sx_i_goal *t;
    double *room;               /* [N] squares of what each may move by */
    double *moved;              /* [N] */
    long double *z, *g, *p, *q; /* [n] */
} projection;

static bool projection_start(const sx_i_goal *t, projection *w)
{
    size_t n = (size_t)t->unknowns;
    *w = (projection){.t = t};
    w->room = sx_alloc((size_t)t->terms, sizeof *w->room);
    w->moved = sx_alloc((size_t)t->terms, sizeof *w->moved);
    w->z = sx_alloc(n, sizeof *w->z);
    w->g = sx_alloc(n, sizeof *w->g);
    w->p = sx_alloc(n, sizeof *w->p);
    w->q = sx_alloc(n, sizeof *w->q);
    return w->room && w->moved && w->z && w->g && w->p && w->q;
}

static void projection_end(projection *w)
{
    sx_release(w->room);
    sx_release(w->moved);
    sx_release(w->z);
    sx_release(w->g);
    sx_release(w->p);
    sx_release(w->q);
}

/* to [n] += y row_i */
static void add_row(const sx_i_goal *t, int32_t i, long double y, long double *to)
{
    to[0] -= y;
    for (int64_t p = t->start[i]; p < t->start[i + 1]; p++)
        to[t->col[p]] += t->coef[p] * y;
}

static long double row_times(const sx_i_goal *t, int32_t i, const long double *z)
{
    long double sum = -z[0];
    for (int64_t p = t->start[i]; p < t->start[i + 1]; p++)
        sum += t->coef[p] * z[t->col[p]];
    return sum;
}

/* g [n] = -B'(y + c q e) */
static void residual(const sx_i_goal *t, const double *y, double c, long double *g)
{
    for (int32_t j = 0; j < t->unknowns; j++)
        g[j] = 0;
    for (int32_t i = 0; i < t->terms; i++)
        add_row(t, i, -(y[i] + (long double)c * t->square[i] * t->value[i]), g);
}

static long double dot(const long double *a, const long double *b, int32_t n)
{
    long double sum = 0;
    for (int32_t j = 0; j < n; j++)
        sum += a[j] * b[j];
    return sum;
}

/* q = B' D B p */
static void apply(const projection *w)
{
    const sx_i_goal *t = w->t;
    for (int32_t j = 0; j < t->unknowns; j++)
        w->q[j] = 0;
    for (int32_t i = 0; i < t->terms; i++)
        if (w->room[i] > 0)
            add_row(t, i, w->room[i] * row_times(t, i, w->p), w->q);
}

/* z with B' D B z = g, as near as it comes; directions that nothing in D can move are left. */
static void conjugate_gradients(const projection *w)
{
    int32_t n = w->t->unknowns;
    long double square = dot(w->g, w->g, n), first = square;
    for (int32_t j = 0; j < n; j++) {
        w->z[j] = 0;
        w->p[j] = w->g[j];
    }
    long double most = 0;
    for (int32_t round = 0; round < 3 * n + 20 && square > 1e-16L * first; round++) {
        apply(w);
        long double bend = dot(w->p, w->q, n), step = square / bend, before = square;
        most = fmaxl(most, bend / dot(w->p, w->p, n));
        if (!(bend > 1e-14L * most * dot(w->p, w->p, n)))
            return;
        for (int32_t j = 0; j < n; j++) {
            w->z[j] += step * w->p[j];
            w->g[j] -= step * w->q[j];
        }
        square = dot(w->g, w->g, n);
        for (int32_t j = 0; j < n; j++)
            w->p[j] = w->g[j] + square / before * w->p[j];
    }
}

/* What y_i may move by, squared; what is on its bound, or nothing in a maximum, stays. */
static double room_of(const sx_i_goal *t, int32_t i, double y)
{
    double part = fabs(y) / t->weight[i], free = t->largest ? part : 1 - part;
    return free > on_bound ? free * free * t->weight[i] * t->weight[i] : 0;
}

/* y [N] nearer to B'(y + c q e) = 0. */
static void project(const projection *w, double c, double *y)
{
    const sx_i_goal *t = w->t;
    for (int32_t i = 0; i < t->terms; i++)
        w->room[i] = room_of(t, i, y[i]);
    for (int pass = 0; pass < 3; pass++) {
        residual(t, y, c, w->g);
        long double before = dot(w->g, w->g, t->unknowns);
        conjugate_gradients(w);
        for (int32_t i = 0; i < t->terms; i++)
            w->moved[i] =
                w->room[i] > 0 ? (double)(y[i] + w->room[i] * row_times(t, i, w->z)) : y[i];
        residual(t, w->moved, c, w->g);
        if (!(dot(w->g, w->g, t->unknowns) < before))
            return;
        memcpy(y, w->moved, (size_t)t->terms * sizeof *y);
    }
}

/* What the face took for a bound is one. */
static void onto_bound(const sx_i_goal *t, double *y)
{
    for (int32_t i = 0; i < t->terms; i++) {
        double part = fabs(y[i]) / t->weight[i];
        if (t->largest && part <= SX_I_LP_NOTHING)
            y[i] = 0;
        if (!t->largest && part >= 1 - SX_I_LP_SLACK)
            y[i] = copysign(t->weight[i], y[i]);
    }
}

/* Half of the largest c for which y - c pull has the signs and sizes of a subgradient. */
static double find_weight(const sx_i_goal *t, const double *y, const double *pull)
{
    double most = INFINITY, scale = 0;
    for (int32_t i = 0; i < t->terms; i++) {
        double room = t->weight[i] - copysign(1, -pull[i]) * y[i];
        if (t->largest)
            room = y[i] * pull[i] > 0 ? fabs(y[i]) : INFINITY;
        if (pull[i] != 0)
            most = fmin(most, room / fabs(pull[i]));
        scale = fmax(scale, t->square[i] * fabs(t->value[i]) / t->weight[i]);
    }
    return fmin(most / 2, 1 / scale);
}

/* A maximum: divide by the dual norm. */
static void normalise(const sx_i_goal *t, double *y, double *c)
{
    long double sum = 0;
    for (int32_t i = 0; i < t->terms; i++)
        sum += fabsl((long double)y[i]) / t->weight[i];
    if (!t->largest || !(sum > 0))
        return;
    for (int32_t i = 0; i < t->terms; i++)
        y[i] = (double)(y[i] / sum);
    *c = (double)(*c / sum);
}

/* From multipliers to the two vectors: dual as it should be, pull becomes the centre. */
static sx_status settle(const sx_i_goal *t, sx_i_goal_proof *p, double *weight, sx_error *err)
{
    projection w;
    double one = 1;
    sx_status st = projection_start(t, &w) ? SX_OK : sx_nomem(err);
    if (!st) {
        onto_bound(t, p->dual);
        project(&w, 0, p->dual);
        normalise(t, p->dual, &one);
        *weight = find_weight(t, p->dual, p->pull);
        for (int32_t i = 0; i < t->terms; i++)
            p->pull[i] = p->dual[i] - *weight * p->pull[i];
        project(&w, *weight, p->pull);
        normalise(t, p->pull, weight);
    }
    projection_end(&w);
    return st;
}

/* The class of a triple with this reward, of those from i on that share its states: `count`
 * triples in classes by ascending reward, value [N] the least of each.  *end: behind the last.
 */
static int32_t find_class(const sx_i_goal *t, const double *value, int32_t i, int32_t count,
                          double reward, int32_t *end)
{
    int32_t found = i;
    while (count > 0) {
        if (reward >= value[i])
            found = i;
        count -= (int32_t)t->square[i++];
    }
    *end = i;
    return found;
}

/* out [K*S] from y [N], classes of triples (s,a,y) whose rewards are alike. */
static void spread(const sx_mdp *m, const sx_reward *r, const sx_i_goal *t, const double *value,
                   const double *y, double *row, double *out)
{
    int32_t block = 0, end = 0;
    for (int32_t s = 0; s < m->states; s++, block = end)
        for (int32_t k = m->pair[s]; k < m->pair[s + 1]; k++) {
            end = block;
            sx_reward_row(m, r, k, row);
            for (int32_t next = 0; next < m->states; next++) {
                int32_t i =
                    find_class(t, value, end, m->pair[s + 1] - m->pair[s], row[next], &end);
                *out++ = y[i] / t->square[i];
            }
        }
}

static sx_status vectors(const sx_mdp *m, const sx_reward *r, const sx_i_goal *t,
                         const double *value, sx_i_goal_proof *p, sx_certified_form *f,
                         sx_error *err)
{
    bool all = f->canon == SX_MINIMAL_POTENTIAL && (f->norm == SX_L1 || f->norm == SX_LINF);
    if (!all) {
        f->dual = p->dual;
        f->centre = p->pull;
        p->dual = p->pull = NULL;
        return SX_OK;
    }
    size_t n = (size_t)m->pairs * (size_t)m->states;
    double *row = sx_alloc((size_t)m->states, sizeof *row);
    f->dual = sx_alloc(n, sizeof *f->dual);
    f->centre = sx_alloc(n, sizeof *f->centre);
    bool room = row && f->dual && f->centre;
    if (room) {
        spread(m, r, t, value, p->dual, row, f->dual);
        spread(m, r, t, value, p->pull, row, f->centre);
    }
    sx_release(row);
    return room ? SX_OK : sx_nomem(err);
}

static sx_status make_goal(const sx_mdp *m, const sx_reward *r, const sx_certified_form *f,
                           sx_i_goal **out, sx_error *err)
{
    if (f->canon == SX_MINIMAL_POTENTIAL)
        return f->norm == SX_L1 || f->norm == SX_LINF
                   ? sx_i_goal_every(m, r, f->norm, out, err)
                   : sx_i_goal_possible(m, r, f->norm, out, err);
    double *row = sx_alloc((size_t)m->pairs, sizeof *row);
    if (!row)
        return sx_nomem(err);
    sx_reward_mean(m, r, row);
    sx_status st = sx_i_goal_rows(m, row, f->norm, out, err);
    sx_release(row);
    return st;
}

sx_status sx_i_certify_dual(const sx_mdp *m, const sx_reward *reward, sx_certified_form *f,
                            sx_error *err)
{
    sx_i_goal *t = NULL;
    sx_i_goal_proof p = {0};
    bool unique;
    const char *reason = NULL;
    double *x = sx_alloc((size_t)m->states, sizeof *x), *value = NULL;
    sx_status st = x ? make_goal(m, reward, f, &t, err) : sx_nomem(err);
    if (!st) {
        value = sx_alloc((size_t)t->terms + 1, sizeof *value);
        if (value)
            memcpy(value, t->value, (size_t)t->terms * sizeof *value);
        st = value ? sx_i_goal_fit(t, x, &unique, &reason, &p, err) : sx_nomem(err);
    }
    if (!st && p.given)
        st = settle(t, &p, &f->weight, err);
    if (!st && p.given)
        st = vectors(m, reward, t, value, &p, f, err);
    sx_i_goal_proof_release(&p);
    sx_i_goal_free(t);
    sx_release(x);
    sx_release(value);
    return st;
}
