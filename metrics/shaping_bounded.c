/* SPDX-License-Identifier: GPL-3.0-or-later */
/* shaping_bounded.c - bounded potentials in l2: a quadratic programme in a box.
 *
 *     min |c + alpha R + B Phi|^2   over   |Phi| <= bound, alpha >= 0
 *
 * The form is bordered: over Phi it is N = B'B, of which over triples
 *
 *     N = gamma^2 K + S diag(a) - gamma (a 1' + 1 a'),    a(s) = |A(s)|
 *
 * and alpha adds B'R and <R,R>.  The gradient is taken anew from the rewards after each
 * solution (box.c), until what is left of it no longer falls.  The proof is e itself
 * (shaping_check.c): g.Phi >= -bound |g|_1 holds with equality where the conditions of
 * optimality do. */
#include "metrics/norm_int.h"
#include "metrics/shaping_int.h"
#include "solvers/normal.h"

#include <math.h>
#include <string.h>

enum { ROUNDS = 6 };
static const double enough = 1e-14; /* what the gap may be, relative to the squares */

typedef struct bounded {
    const sx_mdp *m;
    const sx_shape_task *task;
    sx_shaping *x;
    int32_t n;                  /* unknowns: S, and alpha */
    double *border;             /* [S] B'R */
    double corner;              /* <R,R> */
    double *diagonal;           /* [n] */
    double *g, *lo, *hi, *step; /* [n] */
    double *r, *t;              /* [K] means, over rows */
    sx_i_fit fit;               /* over rows */
    sx_normal *normal;
} bounded;

static void bounded_clear(bounded *w)
{
    double *vector[] = {w->border, w->diagonal, w->g, w->lo, w->hi, w->step, w->r, w->t};
    for (size_t i = 0; i < sizeof vector / sizeof *vector; i++)
        sx_release(vector[i]);
    sx_normal_free(w->normal);
    sx_least_squares_free(w->fit.solver);
    sx_matrix_free(w->fit.matrix);
}

static sx_status bounded_room(bounded *w, sx_error *err)
{
    double **vector[] = {&w->diagonal, &w->g, &w->lo, &w->hi, &w->step};
    size_t states = (size_t)w->m->states, pairs = (size_t)w->m->pairs;
    bool room = true, rows = w->task->on == SX_SHAPE_ROWS;
    w->n = w->m->states + (w->task->to != NULL);
    for (size_t i = 0; i < sizeof vector / sizeof *vector; i++) {
        *vector[i] = sx_alloc((size_t)w->n, sizeof(double));
        room = room && *vector[i];
    }
    w->border = sx_alloc(states, sizeof *w->border);
    w->r = rows ? sx_alloc(pairs, sizeof *w->r) : NULL;
    w->t = rows ? sx_alloc(pairs, sizeof *w->t) : NULL;
    return room && w->border && (!rows || (w->r && w->t)) ? SX_OK : sx_nomem(err);
}

/* --- the form --- */

static void times_rows(bounded *w, const double *x, double *y)
{
    sx_normal_times(w->normal, x, y);
}

static void times_triples(const bounded *w, const double *x, double *y)
{
    const sx_mdp *m = w->m;
    double g = m->discount, sum = 0, weighted = 0;
    for (int32_t s = 0; s < m->states; s++) {
        sum += x[s];
        weighted += (m->pair[s + 1] - m->pair[s]) * x[s];
    }
    for (int32_t s = 0; s < m->states; s++) {
        double a = m->pair[s + 1] - m->pair[s];
        y[s] = (g * g * m->pairs + a * m->states) * x[s] - g * (a * sum + weighted);
    }
}

static void times(void *of, const double *x, double *y)
{
    bounded *w = of;
    int32_t states = w->m->states;
    if (w->normal)
        times_rows(w, x, y);
    else
        times_triples(w, x, y);
    if (w->n == states)
        return;
    double alpha = x[states];
    y[states] = w->corner * alpha + sx_dot(w->border, x, states);
    for (int32_t s = 0; s < states; s++)
        y[s] += alpha * w->border[s];
}

static sx_status restrict_to(void *of, const unsigned char *face, sx_error *err)
{
    bounded *w = of;
    return w->normal ? sx_normal_restrict(w->normal, face, err) : SX_OK;
}

static sx_status precondition(void *of, const double *r, double *z, sx_error *err)
{
    bounded *w = of;
    for (int32_t i = w->normal ? w->m->states : 0; i < w->n; i++)
        z[i] = r[i] / w->diagonal[i];
    return w->normal ? sx_normal_precondition(w->normal, r, z, err) : SX_OK;
}

/* to [S] = B' of what has these marginal sums: pairs row [K], next states column [S]. */
static void gather(const sx_mdp *m, const double *row, const double *column, double *to)
{
    for (int32_t s = 0; s < m->states; s++) {
        to[s] = m->discount * column[s];
        for (int32_t k = m->pair[s]; k < m->pair[s + 1]; k++)
            to[s] -= row[k];
    }
}

static sx_status gather_reward(const sx_mdp *m, const sx_reward *r, double *to, sx_error *err)
{
    double *row = sx_alloc((size_t)m->pairs, sizeof *row);
    double *column = sx_alloc((size_t)m->states, sizeof *column);
    sx_status st = row && column ? sx_i_marginals(m, r, &(sx_i_weights){0}, row, column, err)
                                 : sx_nomem(err);
    if (!st)
        gather(m, row, column, to);
    sx_release(row);
    sx_release(column);
    return st;
}

/* to [S] = B'e, e [K]: the matrix is -B. */
static void gather_rows(const bounded *w, const double *e, double *to)
{
    sx_matrix_transposed_times(w->fit.matrix, e, to);
    for (int32_t s = 0; s < w->m->states; s++)
        to[s] = -to[s];
}

static sx_status square_of(const sx_mdp *m, const sx_reward *r, double *out,
                           const char **reason, sx_error *err)
{
    sx_number norm[SX_NORMS];
    sx_status st = sx_norms(m, r, 1U << SX_L2, norm, err);
    *out = st ? 0 : norm[SX_L2].value * norm[SX_L2].value;
    if (!st && norm[SX_L2].reason)
        *reason = norm[SX_L2].reason;
    return st;
}

static sx_status form_rows(bounded *w, sx_error *err)
{
    const sx_mdp *m = w->m;
    sx_status st = sx_i_fit_matrix(m, SX_I_FIT_WEIGHTED, &w->fit, err);
    if (!st)
        st = sx_normal_new(w->fit.matrix, &w->normal, err);
    if (st)
        return st;
    sx_reward_mean(m, w->task->from, w->r);
    if (w->task->to)
        sx_reward_mean(m, w->task->to, w->t);
    gather_rows(w, w->r, w->border);
    w->corner = sx_dot(w->r, w->r, m->pairs);
    for (int32_t s = 0; s < m->states; s++)
        w->diagonal[s] = 1 / w->normal->inverse[s];
    return SX_OK;
}

static sx_status form_triples(bounded *w, const char **reason, sx_error *err)
{
    const sx_mdp *m = w->m;
    double g = m->discount;
    sx_status st = gather_reward(m, w->task->from, w->border, err);
    if (!st)
        st = square_of(m, w->task->from, &w->corner, reason, err);
    for (int32_t s = 0; s < m->states; s++) {
        double a = m->pair[s + 1] - m->pair[s];
        w->diagonal[s] = g * g * m->pairs + a * m->states - 2 * g * a;
    }
    return st;
}

/* --- the gradient at x --- */

/* Over rows: g, <e,R> and |e|^2. */
static sx_status slope_rows(bounded *w, double *product, double *square, sx_error *err)
{
    const sx_mdp *m = w->m;
    bool target = w->task->to != NULL;
    double *e = sx_alloc((size_t)m->pairs, sizeof *e);
    if (!e)
        return sx_nomem(err);
    for (int32_t k = 0; k < m->pairs; k++)
        e[k] = w->x->scale * w->r[k] - (target ? w->t[k] : 0);
    sx_i_shape_rows(m, e, w->x->potential, e);
    gather_rows(w, e, w->g);
    *product = sx_dot(e, w->r, m->pairs);
    *square = sx_dot(e, e, m->pairs);
    sx_release(e);
    return SX_OK;
}

/* The same over triples, <e, R> by <e + R, e + R> - <e - R, e - R>. */
static sx_status slope_triples(bounded *w, double *product, double *square, const char **reason,
                               sx_error *err)
{
    const sx_mdp *m = w->m;
    sx_reward *e = NULL;
    double plus = 0, minus = 0;
    sx_status st = sx_shaping_apply(m, w->task->from, w->x->scale, w->x->potential, &e, err);
    if (!st && w->task->to)
        st = sx_reward_add(m, e, -1, w->task->to, err);
    if (!st)
        st = gather_reward(m, e, w->g, err);
    if (!st)
        st = square_of(m, e, square, reason, err);
    if (!st)
        st = sx_reward_add(m, e, 1, w->task->from, err);
    if (!st)
        st = square_of(m, e, &plus, reason, err);
    if (!st)
        st = sx_reward_add(m, e, -2, w->task->from, err);
    if (!st)
        st = square_of(m, e, &minus, reason, err);
    *product = (plus - minus) / 4;
    sx_reward_free(e);
    return st;
}

/* g at x, the box around it; *left: what of g is not held, as a part of the least square. */
static sx_status look(bounded *w, double *left, const char **reason, sx_error *err)
{
    int32_t states = w->m->states;
    double product = 0, square = 0, bound = w->task->bound;
    sx_status st = w->normal ? slope_rows(w, &product, &square, err)
                             : slope_triples(w, &product, &square, reason, err);
    *left = 0;
    for (int32_t s = 0; s < states; s++) {
        double phi = w->x->potential[s];
        w->lo[s] = -bound - phi;
        w->hi[s] = bound - phi;
        /* bound |g| + g phi: 0 where g holds phi at its bound */
        *left += bound * fabs(w->g[s]) + w->g[s] * phi;
    }
    if (w->n > states) {
        w->g[states] = product;
        w->lo[states] = -w->x->scale;
        w->hi[states] = INFINITY;
        *left += fabs(product) * (product < 0 ? 1 : w->x->scale);
    }
    *left /= square > 0 ? square : 1;
    return st;
}

/* Rounding must not part a potential from the bound that it was put at. */
static void take_step(bounded *w)
{
    double bound = w->task->bound, *phi = w->x->potential;
    for (int32_t s = 0; s < w->m->states; s++) {
        phi[s] += w->step[s];
        if (w->step[s] >= w->hi[s] || phi[s] > bound)
            phi[s] = bound;
        else if (w->step[s] <= w->lo[s] || phi[s] < -bound)
            phi[s] = -bound;
    }
    if (w->n > w->m->states)
        w->x->scale = fmax(w->x->scale + w->step[w->m->states], 0);
}

static sx_status descend(bounded *w, const char **reason, sx_error *err)
{
    sx_form q = {w->n, w->diagonal, w, times, restrict_to, precondition};
    double before = INFINITY, left = 0;
    sx_status st = look(w, &left, reason, err);
    for (int i = 0; !st && !*reason && i < ROUNDS && left > enough && left < 0.5 * before;
         i++) {
        st = sx_box_solve(&q, w->g, w->lo, w->hi, w->step, err);
        if (st)
            break;
        take_step(w);
        before = left;
        st = look(w, &left, reason, err);
    }
    return st;
}

sx_status sx_i_shape_bounded(const sx_mdp *m, const sx_shape_task *task, sx_shaping *out,
                             const char **reason, sx_error *err)
{
    bounded w = {.m = m, .task = task, .x = out};
    double bound = task->bound;
    sx_status st = bounded_room(&w, err);
    for (int32_t s = 0; s < m->states; s++)
        out->potential[s] = fmin(fmax(out->potential[s], -bound), bound);
    if (!st)
        st = task->on == SX_SHAPE_ROWS ? form_rows(&w, err) : form_triples(&w, reason, err);
    if (!st && w.n > m->states)
        w.diagonal[m->states] = w.corner > 0 ? w.corner : 1;
    if (!st && !*reason)
        st = descend(&w, reason, err);
    bounded_clear(&w);
    return st;
}
