/* SPDX-License-Identifier: GPL-3.0-or-later */
/* shaping_lp.c - shaping in l1 and linf: linear programs in their dual form (minimal_lp.c).
 *
 * First least squares: what is a shaping up to rounding leaves nothing, and there is no
 * program to solve.  What is left is scaled to 1.
 *
 * sum:      all terms at once.
 * maximum:  some terms at first; then those that are larger at the answer than the largest of
 *           them join, until none is.  The dual of the last program, with 0 for the others,
 *           is optimal for all.
 *
 * Where the minimiser is not shown to be unique and there is neither a target nor a condition,
 * the one of least l2 norm is taken up to the sizes of minimal_int.h, as the minimal forms do.
 */
#include "metrics/shaping_int.h"

#include <math.h>
#include <stdlib.h>

static const double exact = 1e-13;  /* of the size of the rewards: nothing is left */
static const double blur = 1e-7;    /* breaks ties, for an answer that is made exact later */
static const double beyond = 1e-11; /* a term above the maximum */

static const char *const unsolved =
    "the linear program could not be certified in double precision";

/* --- least squares --- */

typedef struct squares {
    int32_t *column; /* [n] of the matrix, -1 for unknowns that are not in it */
    int32_t columns;
    sx_matrix *a;
    double *right;     /* [terms] */
    double *root;      /* [terms] of the squares' weights */
    double *e[2];      /* [terms] what is left of the values and of R */
    double *x[2], *at; /* [n] */
} squares;

static void squares_clear(squares *w)
{
    sx_release(w->column);
    sx_matrix_free(w->a);
    sx_release(w->right);
    sx_release(w->root);
    for (int i = 0; i < 2; i++) {
        sx_release(w->e[i]);
        sx_release(w->x[i]);
    }
    sx_release(w->at);
}

static sx_status squares_init(const sx_i_shape *p, squares *w, sx_error *err)
{
    const sx_i_goal *g = p->goal;
    size_t n = (size_t)g->unknowns, terms = (size_t)g->terms;
    w->column = sx_alloc(n, sizeof *w->column);
    w->right = sx_alloc(terms, sizeof *w->right);
    w->root = sx_alloc(terms, sizeof *w->root);
    w->at = sx_alloc(n, sizeof *w->at);
    bool room = w->column && w->right && w->root && w->at;
    for (int i = 0; i < 2; i++) {
        w->e[i] = sx_alloc(terms, sizeof *w->e[i]);
        w->x[i] = sx_alloc(n, sizeof *w->x[i]);
        room = room && w->e[i] && w->x[i];
    }
    if (!room)
        return sx_nomem(err);
    for (int32_t j = 0; j < g->unknowns; j++) {
        bool none = (j == 0 && g->loose) || j == p->alpha ||
                    (p->basis && j > 0 && j <= p->task->attributes && !(p->scale[j - 1] > 0));
        w->column[j] = none ? -1 : w->columns++;
    }
    for (int32_t i = 0; i < g->terms; i++)
        w->root[i] = sqrt(g->square[i]);
    return SX_OK;
}

/* One more entry of row i, columns ascending. */
static void insert(sx_matrix *a, int64_t begin, int64_t *at, int32_t col, double value)
{
    int64_t i = (*at)++;
    for (; i > begin && a->col[i - 1] > col; i--) {
        a->col[i] = a->col[i - 1];
        a->value[i] = a->value[i - 1];
    }
    a->col[i] = col;
    a->value[i] = value;
}

static sx_status fill_matrix(const sx_i_goal *g, squares *w, sx_error *err)
{
    int64_t at = 0;
    sx_status st =
        sx_matrix_new(g->terms, w->columns, g->start[g->terms] + g->terms, &w->a, err);
    for (int32_t i = 0; !st && i < g->terms; i++) {
        int64_t begin = at;
        if (!g->loose)
            insert(w->a, begin, &at, 0, -w->root[i]);
        for (int64_t q = g->start[i]; q < g->start[i + 1]; q++)
            if (w->column[g->col[q]] >= 0)
                insert(w->a, begin, &at, w->column[g->col[q]], w->root[i] * g->coef[q]);
        w->a->start[i + 1] = at;
    }
    return st;
}

/* The coefficient of alpha in term i. */
static double scaled(const sx_i_shape *p, int32_t i)
{
    const sx_i_goal *g = p->goal;
    for (int64_t q = g->start[i]; q < g->start[i + 1]; q++)
        if (g->col[q] == p->alpha)
            return g->coef[q];
    return 0;
}

/* e[which], x[which] from values in e[which]. */
static sx_status fit_one(const sx_i_shape *p, sx_least_squares *f, squares *w, int which,
                         sx_error *err)
{
    const sx_i_goal *g = p->goal;
    double residual;
    sx_status st = SX_OK;
    for (int pass = 0; !st && pass < 2; pass++) {
        for (int32_t i = 0; i < g->terms; i++)
            w->right[i] = -w->root[i] * w->e[which][i];
        st = sx_least_squares_solve(f, w->right, w->at, &residual, err);
        if (st)
            break;
        for (int32_t j = g->unknowns; j-- > 0;) /* spread out in place */
            w->at[j] = w->column[j] >= 0 ? w->at[w->column[j]] : 0;
        for (int32_t j = 0; j < g->unknowns; j++)
            w->x[which][j] += w->at[j];
        for (int32_t i = 0; i < g->terms; i++)
            w->e[which][i] += (double)sx_i_goal_change(g, i, w->at);
    }
    return st;
}

/* alpha >= 0 of the least sum of squares of e[0] + alpha e[1]; 0 where nothing is left of R,
 * whose size was `size`. */
static double best_scale(sx_i_shape *p, const squares *w, double size)
{
    const sx_i_goal *g = p->goal;
    long double both = 0, own = 0;
    for (int32_t i = 0; i < g->terms; i++) {
        both += (long double)g->square[i] * w->e[0][i] * w->e[1][i];
        own += (long double)g->square[i] * w->e[1][i] * w->e[1][i];
    }
    p->any_scale = !(own > 1e-22L * size);
    return !p->any_scale && both < 0 ? (double)(-both / own) : 0;
}

static sx_status fit_both(sx_i_shape *p, sx_least_squares *f, squares *w, double *x,
                          sx_error *err)
{
    const sx_i_goal *g = p->goal;
    double size = 0, alpha = 0;
    for (int32_t i = 0; i < g->terms; i++) {
        w->e[0][i] = g->value[i];
        w->e[1][i] = p->alpha >= 0 ? scaled(p, i) : 0;
        size += g->square[i] * w->e[1][i] * w->e[1][i];
    }
    sx_status st = fit_one(p, f, w, 0, err);
    if (!st && p->alpha >= 0)
        st = fit_one(p, f, w, 1, err);
    if (st)
        return st;
    if (p->alpha >= 0)
        alpha = best_scale(p, w, size);
    for (int32_t j = 0; j < g->unknowns; j++)
        x[j] = w->x[0][j] + alpha * w->x[1][j];
    if (p->alpha >= 0)
        x[p->alpha] = alpha;
    return SX_OK;
}

sx_status sx_i_shape_squares(sx_i_shape *p, double *x, sx_error *err)
{
    squares w = {0};
    sx_least_squares *f = NULL;
    sx_status st = squares_init(p, &w, err);
    for (int32_t j = 0; j < p->goal->unknowns; j++)
        x[j] = 0;
    if (!st)
        st = fill_matrix(p->goal, &w, err);
    if (!st)
        st = sx_least_squares_new(w.a, &f, err);
    if (!st)
        st = fit_both(p, f, &w, x, err);
    sx_least_squares_free(f);
    squares_clear(&w);
    return st;
}

/* --- linear programs --- */

typedef struct program {
    sx_i_shape *p;
    sx_i_optimum o; /* of the program in units of `unit` */
    double *e;      /* [terms] at o.x */
    double *order;  /* [terms] room to sort */
    double unit;
    bool nearest; /* o.x is the point of the face of minimisers that has the least l2 norm */
} program;

static double largest(const double *x, int32_t n)
{
    double most = 0;
    for (int32_t i = 0; i < n; i++)
        most = fmax(most, fabs(x[i]));
    return most;
}

static void evaluate(const sx_i_goal *g, const double *x, double *e)
{
    for (int32_t i = 0; i < g->terms; i++)
        e[i] = (double)(g->value[i] + sx_i_goal_change(g, i, x));
}

static int descending(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x < y) - (x > y);
}

/* Show the terms above `most`, some `count` of the largest and those that equal the last of
 * them; whether there were any. */
static bool show(program *w, double most, int32_t count)
{
    sx_i_goal *g = w->p->goal;
    int32_t above = 0;
    for (int32_t i = 0; i < g->terms; i++)
        if (g->hidden[i] && fabs(w->e[i]) > most)
            w->order[above++] = fabs(w->e[i]);
    if (above == 0)
        return false;
    qsort(w->order, (size_t)above, sizeof *w->order, descending);
    most = w->order[above < count ? above - 1 : count - 1];
    for (int32_t i = 0; i < g->terms; i++)
        if (g->hidden[i] && fabs(w->e[i]) >= most)
            g->hidden[i] = 0;
    return true;
}

/* Terms join until none is above the maximum of those that are in. */
static sx_status solve_largest(program *w, sx_error *err)
{
    sx_i_goal *g = w->p->goal;
    sx_status st = SX_OK;
    int32_t step = 4 * g->unknowns + 100;
    g->total = 100.0 * g->unknowns;
    for (int32_t i = 0; i < g->terms; i++)
        g->hidden[i] = 1;
    evaluate(g, w->o.x, w->e);
    (void)show(w, -1, 2 * step);
    while (!st) {
        double most = 0;
        st = sx_i_goal_solve(g, &w->p->limits, 0, &w->o, err);
        if (st || !w->o.solved)
            break;
        evaluate(g, w->o.x, w->e);
        for (int32_t i = 0; i < g->terms; i++)
            most = g->hidden[i] ? most : fmax(most, fabs(w->e[i]));
        if (!show(w, most * (1 + beyond), step))
            break;
    }
    return st;
}

static double bound(const sx_i_goal *g, const double *z)
{
    long double sum = 0, total = 0;
    for (int32_t i = 0; i < g->terms; i++) {
        sum += (long double)z[i] * g->weight[i] * g->value[i];
        total += fabs(z[i]);
    }
    return (double)(g->largest && total > 0 ? sum / total : sum);
}

/* Whether the point of least l2 norm among the minimisers is affordable and defined. */
static bool has_nearest(const sx_i_shape *p)
{
    return p->alpha < 0 && !p->basis && !p->goal->loose && p->limits.count == 0 &&
           p->goal->unknowns <= SX_I_FIT_STATES && p->goal->terms <= SX_I_FIT_TERMS;
}

/* o.x <- the nearest point of the face, where that is found. */
static sx_status take_nearest(program *w, sx_i_face *f, bool *found, sx_error *err)
{
    const sx_i_goal *g = w->p->goal;
    size_t n = (size_t)g->terms;
    double *lo = sx_alloc(n, sizeof *lo), *hi = sx_alloc(n, sizeof *hi);
    double *x = sx_alloc((size_t)g->unknowns, sizeof *x), least = bound(g, w->o.z);
    bool unique = false;
    *found = false;
    if (lo && hi && x) {
        sx_i_goal_sides(g, w->o.z, least, lo, hi);
        *found = sx_i_face_nearest(f, lo, hi, x, w->e, &unique) &&
                 fabs(sx_i_goal_size(g, w->e) - least) <= 1e-9 * least;
    }
    for (int32_t j = 0; *found && j < g->unknowns; j++)
        w->o.x[j] = x[j];
    w->o.unique = *found ? unique : w->o.unique;
    w->nearest = w->nearest || *found;
    bool room = lo && hi && x;
    sx_release(lo);
    sx_release(hi);
    sx_release(x);
    return room ? SX_OK : sx_nomem(err);
}

/* Ties slow the simplex method: they are broken where the answer is made exact by the face. */
static sx_status solve_sum(program *w, sx_error *err)
{
    sx_i_goal *g = w->p->goal;
    sx_i_face *f = NULL;
    bool found = false;
    sx_status st = has_nearest(w->p) ? sx_i_face_new(g, &f, err) : SX_OK;
    if (!st && f) {
        st = sx_i_goal_solve(g, &w->p->limits, blur, &w->o, err);
        if (!st && w->o.solved)
            st = take_nearest(w, f, &found, err);
    }
    if (!st && !found)
        st = sx_i_goal_solve(g, &w->p->limits, 0, &w->o, err);
    if (!st && !found && f && w->o.solved)
        st = take_nearest(w, f, &found, err);
    sx_i_face_free(f);
    return st;
}

static sx_status solve_maximum(program *w, sx_error *err)
{
    sx_i_goal *g = w->p->goal;
    sx_i_face *f = NULL;
    bool found;
    sx_status st = solve_largest(w, err);
    for (int32_t i = 0; i < g->terms; i++)
        g->hidden[i] = 0;
    if (!st && w->o.solved && !w->o.unique && has_nearest(w->p))
        st = sx_i_face_new(g, &f, err);
    if (!st && f)
        st = take_nearest(w, f, &found, err);
    sx_i_face_free(f);
    return st;
}

/* The values and conditions seen from x, in units of what is left. */
static void recentre(program *w, const double *x)
{
    sx_i_goal *g = w->p->goal;
    sx_i_limits *l = &w->p->limits;
    evaluate(g, x, g->value);
    w->unit = largest(g->value, g->terms);
    w->unit = w->unit > 0 ? w->unit : 1;
    for (int32_t i = 0; i < g->terms; i++)
        g->value[i] /= w->unit;
    for (int32_t i = 0; i < l->count; i++) {
        for (int64_t q = l->start[i]; q < l->start[i + 1]; q++)
            l->most[i] -= l->coef[q] * x[l->col[q]];
        l->most[i] /= w->unit;
    }
}

static sx_status program_init(program *w, sx_error *err)
{
    size_t n = (size_t)w->p->goal->terms, unknowns = (size_t)w->p->goal->unknowns;
    w->o.x = sx_alloc(unknowns, sizeof *w->o.x);
    w->o.z = sx_alloc(n, sizeof *w->o.z);
    w->e = sx_alloc(n, sizeof *w->e);
    w->order = sx_alloc(n, sizeof *w->order);
    return w->o.x && w->o.z && w->e && w->order ? SX_OK : sx_nomem(err);
}

static void program_clear(program *w)
{
    sx_release(w->o.x);
    sx_release(w->o.z);
    sx_release(w->e);
    sx_release(w->order);
}

static sx_status solve(program *w, double *x, double *z, sx_shaping *out, const char **reason,
                       sx_error *err)
{
    const sx_i_goal *g = w->p->goal;
    recentre(w, x);
    sx_status st = g->largest ? solve_maximum(w, err) : solve_sum(w, err);
    *reason = st || w->o.solved ? NULL : unsolved;
    if (st || *reason)
        return st;
    for (int32_t j = 0; j < g->unknowns; j++)
        x[j] += w->unit * w->o.x[j];
    for (int32_t i = 0; i < g->terms; i++)
        z[i] = w->o.z[i];
    out->unique = w->o.unique;
    out->nearest = w->nearest;
    evaluate(g, w->o.x, w->e);
    return w->p->bounds ? SX_OK : sx_i_shape_polish(w->p, x, w->e, z, err);
}

/* The size of what there was to fit. */
static double size_of(const sx_i_shape *p, const double *x)
{
    double most = 0;
    for (int32_t i = 0; i < p->goal->terms; i++)
        most = fmax(most, fabs(p->alpha >= 0 ? x[p->alpha] * scaled(p, i) : 0));
    return fmax(most, largest(p->goal->value, p->goal->terms));
}

/* Without conditions, what is a shaping is done. */
static bool is_exact(program *w, const double *x)
{
    const sx_i_goal *g = w->p->goal;
    if (w->p->bounds || g->loose)
        return false;
    evaluate(g, x, w->e);
    return largest(w->e, g->terms) <= exact * size_of(w->p, x);
}

sx_status sx_i_shape_program(sx_i_shape *p, double *x, double *z, sx_shaping *out,
                             const char **reason, sx_error *err)
{
    program w = {.p = p};
    sx_error own = SX_NO_ERROR;
    *reason = NULL;
    sx_status st = program_init(&w, err);
    for (int32_t j = 0; j < p->goal->unknowns; j++)
        x[j] = 0;
    bool square = !p->bounds && !p->goal->loose;
    if (!st && square && sx_i_shape_squares(p, x, &own))
        st = own.status == SX_EMEM ? sx_nomem(err) : SX_OK;
    if (!st && is_exact(&w, x))
        out->unique = !p->any_scale;
    else if (!st)
        st = solve(&w, x, z, out, reason, err);
    program_clear(&w);
    return st;
}
