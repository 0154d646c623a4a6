/* SPDX-License-Identifier: GPL-3.0-or-later */
/* shaping_terms.c - the terms of a shaping as a program.
 *
 *     triples   one term for the actions of a state that have the same R and T towards one
 *               successor, weighing as many as they are
 *     rows      one term a pair
 *     smooth    one term for each possible (s,a,s') and action of s', weight tau, or over
 *               triples for each possible (s,a,s') and (s',a',s''), weight tau tau; shaping by
 *               a constant is in none of them
 *
 * value = -T, or R where there is no T; with a T the column of alpha has R. */
#include "metrics/shaping_int.h"

#include <math.h>
#include <string.h>

enum { TERMS = 4000000, SMOOTH_ENTRIES = 20000000 };

static const char *const too_many =
    "shaping over all triples by linear programs is computed up to 4000000 of them; --on rows "
    "looks at pairs of state and action";
static const char *const too_smooth =
    "smooth is computed up to 4000000 pairs of a transition and an action (with --on triples: "
    "a transition) after it";

void sx_i_shape_clear(sx_i_shape *p)
{
    sx_i_goal_free(p->goal);
    sx_release(p->limits.start);
    sx_release(p->limits.col);
    sx_release(p->limits.coef);
    sx_release(p->limits.most);
    sx_release(p->term_of);
    sx_release(p->basis);
    sx_release(p->scale);
    *p = (sx_i_shape){0};
}

int64_t sx_i_smooth_terms(const sx_mdp *m, sx_shape_on on)
{
    int64_t count = 0;
    for (int64_t t = 0; t < m->entries; t++) {
        int32_t from = m->pair[m->next[t]], to = m->pair[m->next[t] + 1];
        count += on == SX_SHAPE_ROWS ? to - from : m->first[to] - m->first[from];
    }
    return count;
}

static sx_status goal_new(const sx_i_shape *p, int64_t terms, int64_t entries, int32_t unknowns,
                          sx_i_goal **out, sx_error *err)
{
    return sx_i_goal_new(terms, entries, unknowns, p->task->norm == SX_LINF, out, err);
}

/* One more coefficient of the term that is being written; zeros are left out. */
static void put(sx_i_goal *t, int64_t *at, int32_t col, double c)
{
    if (col == 0 || c == 0)
        return;
    t->col[*at] = col;
    t->coef[(*at)++] = c;
}

static void close_term(sx_i_goal *t, int64_t at, double value, double weight)
{
    sx_i_goal_close(t, at, value, t->largest ? 1 : weight, weight);
}

/* --- rows --- */

/* gamma P psi - psi of pair k of state s times c, added to dense [S]. */
static void add_row(const sx_mdp *m, int32_t s, int32_t k, double c, double *dense)
{
    for (int64_t t = m->first[k]; t < m->first[k + 1]; t++)
        dense[m->next[t]] += c * m->discount * m->prob[t];
    dense[s] -= c;
}

/* Move what add_row put at the states of pair k into the term. */
static void take_row(const sx_mdp *m, int32_t s, int32_t k, double *dense, sx_i_goal *g,
                     int64_t *at)
{
    for (int64_t t = m->first[k]; t < m->first[k + 1]; t++) {
        put(g, at, m->next[t], dense[m->next[t]]);
        dense[m->next[t]] = 0;
    }
    put(g, at, s, dense[s]);
    dense[s] = 0;
}

/* r, target [K]: row values; target NULL for none. */
static void fill_rows(sx_i_shape *p, const double *r, const double *target, double *dense)
{
    const sx_mdp *m = p->m;
    int64_t at = 0;
    for (int32_t s = 0; s < m->states; s++)
        for (int32_t k = m->pair[s]; k < m->pair[s + 1]; k++) {
            add_row(m, s, k, 1, dense);
            take_row(m, s, k, dense, p->goal, &at);
            if (target)
                put(p->goal, &at, p->alpha, r[k]);
            close_term(p->goal, at, target ? -target[k] : r[k], 1);
        }
}

/* What all terms of smooth share. */
typedef struct smoothing {
    sx_i_shape *p;
    const double *r; /* [K] */
    double *dense;   /* [S] zeros */
    int64_t at;
} smoothing;

/* The terms of pair k of s and the pairs of its successor t. */
static void put_step(smoothing *w, int32_t s, int32_t k, int64_t t)
{
    const sx_mdp *m = w->p->m;
    int32_t next = m->next[t];
    for (int32_t l = m->pair[next]; l < m->pair[next + 1]; l++) {
        if (k != l) {
            add_row(m, s, k, 1, w->dense);
            add_row(m, next, l, -1, w->dense);
            take_row(m, s, k, w->dense, w->p->goal, &w->at);
            take_row(m, next, l, w->dense, w->p->goal, &w->at);
        }
        close_term(w->p->goal, w->at, w->r[k] - w->r[l], m->prob[t]);
    }
}

/* c (psi(y) - psi(z)) on dense. */
static void add_difference(double *dense, int32_t y, int32_t z, double c)
{
    if (y == z) /* nothing, which rounding might not leave of it */
        return;
    dense[y] += c;
    dense[z] -= c;
}

/* The terms of the possible triple t of state s and those behind it: shaping adds
 * gamma (psi(s') - psi(s'')) + psi(s') - psi(s). */
static void put_two_steps(smoothing *w, int32_t s, int64_t t)
{
    const sx_mdp *m = w->p->m;
    const double *on = w->p->task->from->on;
    sx_i_goal *g = w->p->goal;
    int32_t next = m->next[t];
    for (int64_t u = m->first[m->pair[next]]; u < m->first[m->pair[next + 1]]; u++) {
        int32_t place[] = {s, next, m->next[u]};
        add_difference(w->dense, next, s, 1);
        add_difference(w->dense, next, m->next[u], m->discount);
        for (int i = 0; i < 3; i++) {
            put(g, &w->at, place[i], w->dense[place[i]]);
            w->dense[place[i]] = 0;
        }
        close_term(g, w->at, on[t] - on[u], m->prob[t] * m->prob[u]);
    }
}

static void fill_smooth(sx_i_shape *p, const double *r, double *dense)
{
    const sx_mdp *m = p->m;
    smoothing w = {p, r, dense, 0};
    p->goal->loose = true;
    for (int32_t s = 0; s < m->states; s++)
        for (int32_t k = m->pair[s]; k < m->pair[s + 1]; k++)
            for (int64_t t = m->first[k]; t < m->first[k + 1]; t++)
                if (p->task->on == SX_SHAPE_ROWS)
                    put_step(&w, s, k, t);
                else
                    put_two_steps(&w, s, t);
}

static int64_t smooth_entries(const sx_mdp *m)
{
    int64_t count = 0;
    for (int32_t k = 0; k < m->pairs; k++)
        for (int64_t t = m->first[k]; t < m->first[k + 1]; t++)
            for (int32_t l = m->pair[m->next[t]]; l < m->pair[m->next[t] + 1]; l++)
                count += m->first[k + 1] - m->first[k] + m->first[l + 1] - m->first[l] + 2;
    return count;
}

/* How many terms and coefficients there will be; false for too many. */
static bool count_rows(const sx_i_shape *p, int64_t *terms, int64_t *entries)
{
    const sx_mdp *m = p->m;
    bool smooth = p->task->goal == SX_SHAPE_SMOOTH;
    *terms = smooth ? sx_i_smooth_terms(m, p->task->on) : m->pairs;
    *entries = m->entries + 2 * (int64_t)m->pairs;
    if (smooth && *terms <= TERMS)
        *entries = p->task->on == SX_SHAPE_ROWS ? smooth_entries(m) : 3 * *terms;
    return *terms <= TERMS && (!smooth || *entries <= SMOOTH_ENTRIES);
}

static sx_status make_rows(sx_i_shape *p, const char **reason, sx_error *err)
{
    const sx_mdp *m = p->m;
    size_t n = (size_t)m->pairs;
    bool smooth = p->task->goal == SX_SHAPE_SMOOTH;
    int64_t entries;
    if (!count_rows(p, &p->triples, &entries)) {
        *reason = smooth ? too_smooth : too_many;
        return SX_OK;
    }
    double *r = sx_alloc(2 * n, sizeof *r), *target = r ? r + n : NULL;
    double *dense = sx_alloc((size_t)m->states, sizeof *dense);
    sx_status st = r && dense ? goal_new(p, p->triples, entries, m->states + (p->alpha >= 0),
                                         &p->goal, err)
                              : sx_nomem(err);
    if (!st) {
        sx_reward_mean(m, p->task->from, r);
        if (p->task->to)
            sx_reward_mean(m, p->task->to, target);
        if (smooth)
            fill_smooth(p, r, dense);
        else
            fill_rows(p, r, p->task->to ? target : NULL, dense);
    }
    sx_release(r);
    sx_release(dense);
    return st;
}

/* --- triples --- */

/* The rows of all pairs of one state. */
typedef struct block {
    double *r, *target; /* [actions * S] */
    double *seen;       /* [actions] R of the terms of the present successor */
} block;

/* The term among those from begin on with these values, or the next one. */
static int32_t find_term(const sx_i_shape *p, const block *b, int32_t begin, double r,
                         double value)
{
    const sx_i_goal *g = p->goal;
    int32_t i = begin;
    while (i < g->terms && !(g->value[i] == value && b->seen[i - begin] == r))
        i++;
    return i;
}

/* Terms of the triples (s, ., y); those of a pair that equal an earlier one join it. */
static void put_successor(sx_i_shape *p, const block *b, int32_t s, int32_t y, int64_t *at)
{
    const sx_mdp *m = p->m;
    sx_i_goal *g = p->goal;
    size_t n = (size_t)m->states, first = (size_t)m->pair[s];
    int32_t begin = g->terms;
    for (size_t k = first; k < (size_t)m->pair[s + 1]; k++) {
        size_t place = (k - first) * n + (size_t)y;
        double r = b->r[place], value = p->task->to ? -b->target[place] : r;
        int32_t i = find_term(p, b, begin, r, value);
        p->term_of[k * n + (size_t)y] = i;
        if (i < g->terms) {
            g->square[i]++;
            g->weight[i] += !g->largest;
            continue;
        }
        b->seen[i - begin] = r;
        put(g, at, y, y == s ? m->discount - 1 : m->discount);
        if (y != s)
            put(g, at, s, -1);
        if (p->alpha >= 0)
            put(g, at, p->alpha, r);
        close_term(g, *at, value, 1);
    }
}

static void fill_triples(sx_i_shape *p, const block *b)
{
    const sx_mdp *m = p->m;
    size_t n = (size_t)m->states;
    int64_t at = 0;
    for (int32_t s = 0; s < m->states; s++) {
        for (int32_t k = m->pair[s]; k < m->pair[s + 1]; k++) {
            size_t place = (size_t)(k - m->pair[s]) * n;
            sx_reward_row(m, p->task->from, k, b->r + place);
            if (p->task->to)
                sx_reward_row(m, p->task->to, k, b->target + place);
        }
        for (int32_t y = 0; y < m->states; y++)
            put_successor(p, b, s, y, &at);
    }
}

static sx_status make_triples(sx_i_shape *p, const char **reason, sx_error *err)
{
    const sx_mdp *m = p->m;
    size_t n = (size_t)m->states * (size_t)m->actions;
    p->triples = (int64_t)m->pairs * m->states;
    *reason = p->triples > TERMS ? too_many : NULL;
    if (*reason)
        return SX_OK;
    block b = {sx_alloc(n, sizeof(double)), sx_alloc(n, sizeof(double)),
               sx_alloc((size_t)m->actions, sizeof(double))};
    p->term_of = sx_alloc((size_t)p->triples, sizeof *p->term_of);
    sx_status st = b.r && b.target && b.seen && p->term_of
                       ? goal_new(p, p->triples, 3 * p->triples, m->states + (p->alpha >= 0),
                                  &p->goal, err)
                       : sx_nomem(err);
    if (!st)
        fill_triples(p, &b);
    sx_release(b.r);
    sx_release(b.target);
    sx_release(b.seen);
    return st;
}

/* --- potentials linear in attributes --- */

/* to [n] = x less its first value, divided by its largest; that, or 0 for a constant. */
static double normalise(const double *x, size_t n, double *to)
{
    double most = 0;
    for (size_t s = 0; s < n; s++)
        most = fmax(most, fabs(x[s] - x[0]));
    for (size_t s = 0; s < n; s++)
        to[s] = most > 0 ? (x[s] - x[0]) / most : 0;
    return most;
}

/* own [n] <- its part across the j unit vectors (or zeros) before it, made a unit vector unless
 * that is nothing (Gram-Schmidt, twice).  Whether it is something. */
static bool turn(const double *before, size_t j, size_t n, double *own)
{
    double length = 0;
    for (size_t pass = 0; pass < 2 * j; pass++) {
        const double *other = before + pass % j * n;
        double along = 0;
        for (size_t s = 0; s < n; s++)
            along += other[s] * own[s];
        for (size_t s = 0; s < n; s++)
            own[s] -= along * other[s];
    }
    for (size_t s = 0; s < n; s++)
        length += own[s] * own[s];
    for (size_t s = 0; s < n; s++)
        own[s] = length > 1e-16 ? own[s] / sqrt(length) : 0;
    return length > 1e-16;
}

/* basis: the attributes less their values in state 0, divided by their largest value;
 * scale 0 for those that depend on the earlier ones. */
static sx_status make_basis(sx_i_shape *p, sx_error *err)
{
    size_t n = (size_t)p->m->states, count = (size_t)p->task->attributes;
    double *turned = sx_alloc(n * count, sizeof *turned);
    p->basis = sx_alloc(n * count, sizeof *p->basis);
    p->scale = sx_alloc(count, sizeof *p->scale);
    bool room = turned && p->basis && p->scale;
    for (size_t j = 0; room && j < count; j++) {
        double *to = p->basis + j * n, *own = turned + j * n;
        double most = normalise(p->task->attribute[j], n, to);
        memcpy(own, to, n * sizeof *own);
        p->scale[j] = turn(turned, j, n, own) ? most : 0;
    }
    sx_release(turned);
    return room ? SX_OK : sx_nomem(err);
}

/* The coefficients of term i: those of psi become those of theta, alpha moves along. */
static void project_term(const sx_i_shape *p, const sx_i_goal *from, int32_t i, sx_i_goal *to,
                         int64_t *at)
{
    size_t n = (size_t)p->m->states;
    for (int32_t j = 0; j < p->task->attributes; j++) {
        double sum = 0;
        for (int64_t q = from->start[i]; q < from->start[i + 1]; q++)
            if (from->col[q] < p->m->states)
                sum += from->coef[q] * p->basis[(size_t)j * n + (size_t)from->col[q]];
        put(to, at, j + 1, p->scale[j] > 0 ? sum : 0);
    }
    for (int64_t q = from->start[i]; q < from->start[i + 1]; q++)
        if (from->col[q] >= p->m->states)
            put(to, at, p->task->attributes + 1, from->coef[q]);
}

static sx_status project(sx_i_shape *p, sx_error *err)
{
    sx_i_goal *from = p->goal, *to = NULL;
    int32_t unknowns = p->task->attributes + 1 + (p->alpha >= 0);
    int64_t at = 0;
    sx_status st = make_basis(p, err);
    if (!st)
        st = goal_new(p, from->terms, (int64_t)from->terms * unknowns, unknowns, &to, err);
    for (int32_t i = 0; !st && i < from->terms; i++) {
        project_term(p, from, i, to, &at);
        close_term(to, at, from->value[i], from->square[i]);
    }
    if (st)
        return st;
    sx_i_goal_free(from);
    p->goal = to;
    p->alpha = p->alpha >= 0 ? unknowns - 1 : -1;
    return SX_OK;
}

/* --- conditions --- */

static void put_limit(sx_i_limits *l, int32_t col, double coef)
{
    l->col[l->start[l->count + 1]] = col;
    l->coef[l->start[l->count + 1]++] = coef;
}

/* sign Phi(s) <= most,  Phi(s) = psi(s) + t / (1-gamma). */
static void limit_state(sx_i_shape *p, int32_t s, double sign)
{
    sx_i_limits *l = &p->limits;
    l->start[l->count + 1] = l->start[l->count];
    put_limit(l, 0, sign / (1 - p->m->discount));
    if (s > 0)
        put_limit(l, s, sign);
    l->most[l->count++] = p->task->bound;
}

static sx_status make_limits(sx_i_shape *p, sx_error *err)
{
    sx_i_limits *l = &p->limits;
    bool bounded = p->bounds;
    size_t n = 1 + (bounded ? 2 * (size_t)p->m->states : 0);
    l->start = sx_alloc(n + 1, sizeof *l->start);
    l->col = sx_alloc(2 * n, sizeof *l->col);
    l->coef = sx_alloc(2 * n, sizeof *l->coef);
    l->most = sx_alloc(n, sizeof *l->most);
    if (!l->start || !l->col || !l->coef || !l->most)
        return sx_nomem(err);
    if (p->alpha >= 0) { /* -alpha <= 0 */
        put_limit(l, p->alpha, -1);
        l->count = 1;
    }
    for (int32_t s = 0; bounded && s < p->m->states; s++) {
        limit_state(p, s, 1);
        limit_state(p, s, -1);
    }
    return SX_OK;
}

sx_status sx_i_shape_make(const sx_mdp *m, const sx_shape_task *task, bool bounds,
                          sx_i_shape *p, const char **reason, sx_error *err)
{
    *reason = NULL;
    *p = (sx_i_shape){
        .m = m, .task = task, .bounds = bounds, .alpha = task->to ? m->states : -1};
    bool everywhere = task->on == SX_SHAPE_TRIPLES && task->goal != SX_SHAPE_SMOOTH;
    sx_status st = everywhere ? make_triples(p, reason, err) : make_rows(p, reason, err);
    if (!st && !*reason && task->goal == SX_SHAPE_LINEAR)
        st = project(p, err);
    if (!st && !*reason)
        st = make_limits(p, err);
    if (st)
        sx_i_shape_clear(p);
    return st;
}

sx_status sx_i_shape_read(const sx_i_shape *p, const double *x, sx_shaping *out, sx_error *err)
{
    const sx_mdp *m = p->m;
    size_t n = (size_t)m->states;
    double constant = p->goal->loose ? 0 : x[0] / (1 - m->discount);
    int32_t count = p->basis ? p->task->attributes : 0;
    out->scale = p->alpha >= 0 ? fmax(x[p->alpha], 0) : 1;
    for (size_t s = 0; s < n; s++) {
        double psi = !p->basis && s > 0 ? x[s] : 0;
        for (int32_t j = 0; j < count; j++)
            psi += x[j + 1] * p->basis[(size_t)j * n + s];
        out->potential[s] = psi + constant;
    }
    if (!count)
        return SX_OK;
    out->attributes = count;
    out->coefficient = sx_alloc((size_t)count + 1, sizeof *out->coefficient);
    if (!out->coefficient)
        return sx_nomem(err);
    for (int32_t j = 0; j < count; j++) {
        double c = p->scale[j] > 0 ? x[j + 1] / p->scale[j] : 0;
        out->coefficient[j] = c;
        constant -= c * p->task->attribute[j][0];
    }
    out->coefficient[count] = constant;
    return SX_OK;
}
