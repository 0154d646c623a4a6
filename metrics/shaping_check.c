/* SPDX-License-Identifier: GPL-3.0-or-later */
/* shaping_check.c - the size of a shaped difference and a bound from below on the least one,
 * from the world and the rewards alone.
 *
 * e = c + alpha R + gamma Phi(s') - Phi(s), c = -T; without a target alpha = 1 is fixed and
 * c = R.  For any y, in the inner product of the terms,
 *
 *     |e| |y|_dual  >=  <y, e>  =  <y, c> + alpha <y, R> + g.Phi
 *
 * with g(s) what y says of shaping by the indicator of s.  alpha >= 0, so <y, R> >= 0 may be
 * left out; in bounded |g.Phi| <= B sum |g|; in linear only the part of g within the span of
 * the attributes counts.  Else g should be 0 and is a rounding error.  With
 * Phi = Phi(0) + d and b = max |alpha R - T| + |e|, an optimal Phi has
 *
 *     (1-gamma) |Phi(0)| <= 2 b    |d| <= 2 b over triples,  2 b / (1-gamma) over rows
 *
 * (follow Phi(s) = gamma Phi(s') + ... - e to its end).  Over triples all states have one to
 * each s', and some s' is no worse than the mean: there b may be a mean over s', in l1 with
 * |e| / S and in l2 with (|alpha R - T| + |e|) / sqrt(S).  So the error is 2 b |sum y| +
 * max |d| sum |g|, with an allowance of a factor of 4 for the scale of the optimal one, whose
 * |R| is at most as much more.  In l2 the best y is e itself; over rows shaping_rows.c has
 * another bound, and the larger one counts.
 *
 * Potentials are doubles: a rounding of each, which g sees through 1 / (1-gamma), is allowed
 * for beside the tolerance. */
#include "metrics/norm_int.h"
#include "metrics/shaping_int.h"

#include <float.h>
#include <math.h>
#include <string.h>

typedef struct checking {
    const sx_mdp *m;
    const sx_shape_task *task;
    const sx_shaping *x;
    long double *g;          /* [S] */
    long double sum, square; /* of |e| and e^2 */
    long double most;        /* of |e| */
    long double size[3];     /* of c: l1, l2 squared, linf */
    long double yc, yr, y1;  /* <y, c>, <y, R>, <y, 1> */
    long double ysum, ymost; /* of |y| */
    long double part;        /* max |alpha R - T| */
    long double own;         /* max |R| */
    long double count;       /* terms, by weight */
    long double below;       /* another bound from below, or 0 */
    const double *y;         /* NULL: e */
} checking;

/* One term: weight, R and T there, what shaping adds, its y. */
static void add_term(checking *w, double weight, long double r, long double t,
                     long double change, long double y)
{
    bool target = w->task->to != NULL;
    long double c = target ? -t : r;
    long double e = (target ? w->x->scale * r - t : r) + change;
    w->sum += weight * fabsl(e);
    w->square += weight * e * e;
    w->most = !(fabsl(e) <= w->most) ? fabsl(e) : w->most;
    w->size[0] += weight * fabsl(c);
    w->size[1] += weight * c * c;
    w->size[2] = fmaxl(w->size[2], fabsl(c));
    w->yc += weight * y * c;
    w->yr += weight * y * r;
    w->y1 += w->task->goal == SX_SHAPE_SMOOTH ? 0 : weight * y;
    w->ysum += weight * fabsl(y);
    w->ymost = fmaxl(w->ymost, fabsl(y));
    w->part = fmaxl(w->part, fabsl(e - change));
    w->own = fmaxl(w->own, fabsl(r));
    w->count += weight;
}

static void push_row(checking *w, int32_t s, int32_t k, long double y)
{
    const sx_mdp *m = w->m;
    for (int64_t t = m->first[k]; t < m->first[k + 1]; t++)
        w->g[m->next[t]] += y * m->discount * m->prob[t];
    w->g[s] -= y;
}

static long double row_change(const checking *w, int32_t s, int32_t k)
{
    const sx_mdp *m = w->m;
    long double sum = 0;
    for (int64_t t = m->first[k]; t < m->first[k + 1]; t++)
        sum += (long double)m->prob[t] * w->x->potential[m->next[t]];
    return m->discount * sum - w->x->potential[s];
}

/* y of a term whose e is known. */
static long double dual_of(const checking *w, int64_t place, long double e)
{
    return w->y ? w->y[place] : e;
}

static void check_rows(checking *w, const double *r, const double *t)
{
    const sx_mdp *m = w->m;
    for (int32_t s = 0; s < m->states; s++)
        for (int32_t k = m->pair[s]; k < m->pair[s + 1]; k++) {
            long double change = row_change(w, s, k);
            long double e = (w->task->to ? w->x->scale * (long double)r[k] - t[k] : r[k]);
            long double y = dual_of(w, k, e + change);
            add_term(w, 1, r[k], t[k], change, y);
            push_row(w, s, k, y);
        }
}

/* gamma P Phi - Phi of all pairs in change [K]. */
static void check_smooth(checking *w, const double *r, long double *change)
{
    const sx_mdp *m = w->m;
    int64_t place = 0;
    for (int32_t s = 0; s < m->states; s++)
        for (int32_t k = m->pair[s]; k < m->pair[s + 1]; k++)
            change[k] = row_change(w, s, k);
    for (int32_t s = 0; s < m->states; s++)
        for (int32_t k = m->pair[s]; k < m->pair[s + 1]; k++)
            for (int64_t t = m->first[k]; t < m->first[k + 1]; t++)
                for (int32_t l = m->pair[m->next[t]]; l < m->pair[m->next[t] + 1]; l++) {
                    long double y = w->y[place++];
                    add_term(w, m->prob[t], (long double)r[k] - r[l], 0, change[k] - change[l],
                             y);
                    push_row(w, s, k, m->prob[t] * y);
                    push_row(w, m->next[t], l, -m->prob[t] * y);
                }
}

/* The possible triple t of state s and those behind it. */
static void check_two_steps(checking *w, int32_t s, int64_t t, int64_t *place)
{
    const sx_mdp *m = w->m;
    const double *on = w->task->from->on, *phi = w->x->potential;
    int32_t next = m->next[t];
    for (int64_t u = m->first[m->pair[next]]; u < m->first[m->pair[next + 1]]; u++) {
        int32_t last = m->next[u];
        double weight = m->prob[t] * m->prob[u];
        long double y = w->y[(*place)++], pull = weight * y;
        long double change =
            m->discount * ((long double)phi[next] - phi[last]) + phi[next] - phi[s];
        add_term(w, weight, (long double)on[t] - on[u], 0, change, y);
        w->g[next] += pull * m->discount;
        w->g[last] -= pull * m->discount;
        w->g[next] += pull;
        w->g[s] -= pull;
    }
}

static void check_steps(checking *w)
{
    const sx_mdp *m = w->m;
    int64_t place = 0;
    for (int32_t s = 0; s < m->states; s++)
        for (int64_t t = m->first[m->pair[s]]; t < m->first[m->pair[s + 1]]; t++)
            check_two_steps(w, s, t, &place);
}

static sx_status check_by_row(checking *w, sx_error *err)
{
    const sx_mdp *m = w->m;
    size_t n = (size_t)m->pairs;
    double *r = sx_alloc(n, sizeof *r), *t = sx_alloc(n, sizeof *t);
    long double *change = sx_alloc(n, sizeof *change);
    bool room = r && t && change;
    if (room) {
        sx_reward_mean(m, w->task->from, r);
        if (w->task->to)
            sx_reward_mean(m, w->task->to, t);
        if (w->task->goal == SX_SHAPE_SMOOTH)
            check_smooth(w, r, change);
        else
            check_rows(w, r, t);
    }
    sx_release(r);
    sx_release(t);
    sx_release(change);
    return room ? SX_OK : sx_nomem(err);
}

static void check_row_of_triples(checking *w, int32_t s, int32_t k, const double *r,
                                 const double *t)
{
    const sx_mdp *m = w->m;
    const double *phi = w->x->potential;
    for (int32_t next = 0; next < m->states; next++) {
        long double change = (long double)m->discount * phi[next] - phi[s];
        long double y = w->y[(int64_t)k * m->states + next];
        add_term(w, 1, r[next], t[next], change, y);
        w->g[next] += m->discount * y;
        w->g[s] -= y;
    }
}

static sx_status check_by_triple(checking *w, sx_error *err)
{
    const sx_mdp *m = w->m;
    size_t n = (size_t)m->states;
    double *r = sx_alloc(n, sizeof *r), *t = sx_alloc(n, sizeof *t);
    bool room = r && t;
    for (int32_t s = 0; room && s < m->states; s++)
        for (int32_t k = m->pair[s]; k < m->pair[s + 1]; k++) {
            sx_reward_row(m, w->task->from, k, r);
            if (w->task->to)
                sx_reward_row(m, w->task->to, k, t);
            check_row_of_triples(w, s, k, r, t);
        }
    sx_release(r);
    sx_release(t);
    return room ? SX_OK : sx_nomem(err);
}

/* --- l2 over all triples: by norms and marginal sums, which have closed forms --- */

static sx_status square_of(const sx_mdp *m, const sx_reward *r, long double *out,
                           long double *most, const char **reason, sx_error *err)
{
    sx_number norm[SX_NORMS];
    sx_status st = sx_norms(m, r, 1U << SX_L2, norm, err);
    *out = st ? 0 : (long double)norm[SX_L2].value * norm[SX_L2].value;
    *most = st ? 0 : norm[SX_L2].value;
    if (!st && norm[SX_L2].reason)
        *reason = norm[SX_L2].reason;
    return st;
}

/* <e, R> = (|e + R|^2 - |e - R|^2) / 4; e is destroyed. */
static sx_status product(const sx_mdp *m, sx_reward *e, const sx_reward *r, long double *out,
                         const char **reason, sx_error *err)
{
    long double plus = 0, minus = 0, unused;
    sx_status st = sx_reward_add(m, e, 1, r, err);
    if (!st)
        st = square_of(m, e, &plus, &unused, reason, err);
    if (!st)
        st = sx_reward_add(m, e, -2, r, err);
    if (!st)
        st = square_of(m, e, &minus, &unused, reason, err);
    *out = (plus - minus) / 4;
    return st;
}

static sx_status push_marginals(checking *w, const sx_reward *e, sx_error *err)
{
    const sx_mdp *m = w->m;
    double *row = sx_alloc((size_t)m->pairs, sizeof *row);
    double *column = sx_alloc((size_t)m->states, sizeof *column);
    sx_status st = row && column ? sx_i_marginals(m, e, &(sx_i_weights){0}, row, column, err)
                                 : sx_nomem(err);
    for (int32_t s = 0; !st && s < m->states; s++) {
        w->g[s] = (long double)m->discount * column[s];
        for (int32_t k = m->pair[s]; k < m->pair[s + 1]; k++)
            w->g[s] -= row[k];
    }
    for (int32_t k = 0; !st && k < m->pairs; k++)
        w->y1 += row[k];
    sx_release(row);
    sx_release(column);
    return st;
}

/* <e, R>, and |R| for the scale.  Where R is not a shaping alone, R' = R + gamma Psi(s') -
 * Psi(s) of least norm takes its place, and Phi - alpha Psi that of Phi: the same e, but no
 * rounding of what shaping makes large; alpha |R'| <= |T| + |e| then.  psi [S]: 0 or Psi. */
static sx_status product_with_from(checking *w, sx_reward *e, double *psi, const char **reason,
                                   sx_error *err)
{
    const sx_mdp *m = w->m;
    const sx_reward *from = w->task->from;
    sx_reward *least = NULL;
    long double square = 0, all = 0, length = 0;
    sx_status st = square_of(m, from, &square, &all, reason, err);
    if (!st)
        st = sx_reward_copy(m, from, &least, err);
    if (!st)
        st = sx_i_least_everywhere(m, least, psi, err);
    if (!st)
        st = square_of(m, least, &square, &length, reason, err);
    bool free = w->task->goal == SX_SHAPE_FIT; /* any potential is allowed */
    if (!st && free && length > 1e-6L * all) {
        w->own = length;
        from = least;
    } else if (!st) {
        memset(psi, 0, (size_t)m->states * sizeof *psi);
    }
    if (!st)
        st = product(m, e, from, &w->yr, reason, err);
    sx_reward_free(least);
    return st;
}

static sx_status check_by_norm(checking *w, const char **reason, sx_error *err)
{
    const sx_mdp *m = w->m;
    const sx_shape_task *task = w->task;
    sx_reward *e = NULL;
    long double shift = 0, size = 0;
    double *psi = sx_alloc((size_t)m->states, sizeof *psi);
    sx_status st = psi ? sx_shaping_apply(m, task->from, task->to ? w->x->scale : 1,
                                          w->x->potential, &e, err)
                       : sx_nomem(err);
    w->own = sx_reward_max_possible(m, task->from);
    if (!st && task->to)
        st = sx_reward_add(m, e, -1, task->to, err);
    if (!st)
        st = push_marginals(w, e, err);
    if (!st)
        st = square_of(m, e, &w->square, &w->most, reason, err);
    if (!st)
        st = square_of(m, task->to ? task->to : task->from, &w->size[1], &size, reason, err);
    if (!st && task->to)
        st = product_with_from(w, e, psi, reason, err);
    for (int32_t s = 0; !st && s < m->states; s++)
        shift += w->g[s] * (w->x->potential[s] - (long double)w->x->scale * psi[s]);
    w->yc = w->square - shift - (task->to ? w->x->scale * w->yr : 0);
    w->part = size + w->most;
    w->count = (long double)m->pairs * m->states;
    sx_reward_free(e);
    sx_release(psi);
    return st;
}

/* --- the bound --- */

static long double product_of(const long double *a, const long double *b, size_t n)
{
    long double sum = 0;
    for (size_t s = 0; s < n; s++)
        sum += a[s] * b[s];
    return sum;
}

static void subtract(long double *x, long double times, const long double *y, size_t n)
{
    for (size_t s = 0; s < n; s++)
        x[s] -= times * y[s];
}

/* own [n] <- a unit vector along what the j unit vectors before it leave of it, or 0. */
static void turn(const long double *before, size_t j, size_t n, long double *own)
{
    long double whole = product_of(own, own, n), left;
    for (size_t pass = 0; pass < 2 * j; pass++) {
        const long double *other = before + pass % j * n;
        subtract(own, product_of(other, own, n), other, n);
    }
    left = product_of(own, own, n);
    for (size_t s = 0; s < n; s++)
        own[s] = left > 1e-24L * whole ? own[s] / sqrtl(left) : 0;
}

static long double largest(const long double *x, size_t n)
{
    long double most = 0;
    for (size_t s = 0; s < n; s++)
        most = fmaxl(most, fabsl(x[s]));
    return most;
}

/* g <- its part within the span of 1 and the attributes; off: how far Phi is outside,
 * relative to its size. */
static sx_status restrict_to_span(checking *w, double *off, sx_error *err)
{
    size_t n = (size_t)w->m->states, count = (size_t)w->task->attributes + 1;
    long double *basis = sx_alloc(n * count + 2 * n, sizeof *basis);
    if (!basis)
        return sx_nomem(err);
    long double *inside = basis + n * count, *rest = inside + n;
    for (size_t s = 0; s < n; s++)
        rest[s] = w->x->potential[s];
    long double most = largest(rest, n);
    for (size_t j = 0; j < count; j++) {
        long double *own = basis + j * n;
        for (size_t s = 0; s < n; s++)
            own[s] = j ? w->task->attribute[j - 1][s] : 1;
        turn(basis, j, n, own);
        subtract(inside, -product_of(own, w->g, n), own, n);
        subtract(rest, product_of(own, rest, n), own, n);
    }
    for (size_t s = 0; s < n; s++)
        w->g[s] = inside[s];
    *off = most > 0 ? (double)(largest(rest, n) / most) : 0;
    sx_release(basis);
    return SX_OK;
}

/* The size that the norm is about, of (sum, sum of squares, maximum). */
static long double pick(sx_norm norm, long double sum, long double square, long double most)
{
    return norm == SX_L1 ? sum : norm == SX_L2 ? sqrtl(square) : most;
}

/* Whether scale and potential may be what they are. */
static bool is_allowed(const checking *w, double off)
{
    double most = 0;
    for (int32_t s = 0; s < w->m->states; s++)
        most = !(fabs(w->x->potential[s]) <= most) ? fabs(w->x->potential[s]) : most;
    bool scale = w->task->to ? w->x->scale >= 0 && w->x->scale < INFINITY : w->x->scale == 1;
    bool small = w->task->goal != SX_SHAPE_BOUNDED || most <= w->task->bound * (1 + 1e-12);
    return scale && small && most < INFINITY && off <= 1e-9;
}

/* Over all triples, possible or not. */
static bool is_everywhere(const sx_shape_task *task)
{
    return task->on == SX_SHAPE_TRIPLES && task->goal != SX_SHAPE_SMOOTH;
}

/* b, and max |d| for it. */
static long double height(const checking *w, long double residual)
{
    long double states = is_everywhere(w->task) ? w->m->states : 1;
    if (w->task->norm == SX_L1)
        return 4 * (w->part + residual / states);
    if (w->task->norm == SX_L2)
        return 4 * (w->part + residual) / sqrtl(states);
    return 4 * (w->part + residual);
}

static long double reach(const checking *w, long double residual)
{
    long double apart = 2 * height(w, residual);
    return is_everywhere(w->task) ? apart : apart / (1 - w->m->discount);
}

/* What g.Phi may be for an optimal Phi. */
static long double error_of(const checking *w, long double residual)
{
    long double sum = 0;
    for (int32_t s = 0; s < w->m->states; s++)
        sum += fabsl(w->g[s]);
    long double error = 2 * height(w, residual) * fabsl(w->y1) + reach(w, residual) * sum;
    if (w->task->goal == SX_SHAPE_BOUNDED)
        error = fminl(w->task->bound * sum, error);
    return error;
}

/* What doubles cannot do better, relative to the size: each term is off by a rounding of Phi,
 * and in l2 so is y. */
static double rounding(const checking *w, long double residual, long double size)
{
    long double most = 0, terms = pick(w->task->norm, w->count, w->count, 1);
    for (int32_t s = 0; s < w->m->states; s++)
        most = fmaxl(most, fabsl(w->x->potential[s]));
    most *= 2 * DBL_EPSILON;
    if (w->below > 0)
        terms += w->count / (1 - w->m->discount);
    else if (w->task->norm == SX_L2 && residual > 0)
        terms += w->count * reach(w, residual) / residual;
    return size > 0 ? (double)(most * terms / size) : 0;
}

static void conclude(checking *w, double off, sx_shaping *x)
{
    sx_norm norm = w->task->norm;
    long double size = pick(norm, w->size[0], w->size[1], w->size[2]);
    long double residual = pick(norm, w->sum, w->square, w->most);
    long double dual = pick(norm, w->ymost, w->square, w->ysum);
    long double error = error_of(w, residual);
    if (w->task->to && w->yr < 0 && w->own > 0)
        error -= 4 * (w->part + residual) / w->own * w->yr;
    long double lower = fmaxl(dual > 0 ? (w->yc - error) / dual : 0, w->below);
    x->size = (double)size;
    x->residual = (double)residual;
    x->lower = (double)(lower > 0 ? lower : 0);
    x->gap = (double)((residual - x->lower) / (size > 0 ? size : 1));
    x->gap = x->gap < 0 ? 0 : x->gap;
    if (!is_allowed(w, off))
        x->gap = INFINITY;
    x->certified = x->gap <= w->task->tolerance + rounding(w, residual, size);
}

sx_status sx_i_shape_check(const sx_mdp *m, const sx_shape_task *task, sx_shaping *x,
                           const char **reason, sx_error *err)
{
    bool l2 = task->norm == SX_L2, squares = l2 && task->on == SX_SHAPE_TRIPLES;
    checking w = {.m = m, .task = task, .x = x, .y = l2 ? NULL : x->proof.y};
    double off = 0;
    sx_status st = SX_OK;
    w.g = sx_alloc((size_t)m->states, sizeof *w.g);
    if (!w.g)
        return sx_nomem(err);
    if (task->on == SX_SHAPE_ROWS)
        st = check_by_row(&w, err);
    else if (task->goal == SX_SHAPE_SMOOTH)
        check_steps(&w);
    else
        st = squares ? check_by_norm(&w, reason, err) : check_by_triple(&w, err);
    if (!st && l2 && !squares && task->goal != SX_SHAPE_LINEAR) {
        sx_i_rows_left left = {w.square, w.yr, w.g};
        st = sx_i_shape_rows_bound(m, task, x, &left, &w.below, err);
    }
    if (!st && task->goal == SX_SHAPE_LINEAR)
        st = restrict_to_span(&w, &off, err);
    if (!st && !*reason)
        conclude(&w, off, x);
    sx_release(w.g);
    return st;
}
