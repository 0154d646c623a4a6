/* SPDX-License-Identifier: GPL-3.0-or-later */
/* minimal_face.c - the point of least squares under bounds on every term: a strictly convex
 * quadratic program by the dual active-set method of Goldfarb and Idnani (1983).
 *
 *     minimise 1/2 x'Hx,   lo_i <= value_i + row_i . x <= hi_i,   H = sum_i square_i row_i
 * row_i'
 *
 * x starts at the free minimum 0 and constraints are added one at a time, the worst first,
 * while the multipliers of the working set stay >= 0; those of equations are free.  With J
 * (J J' = H^-1) turned so that J'N = (R, 0)' for the normals N of the working set,
 *
 *     d = J'n,   z = J_2 d_2 (the step in x),   r = R^-1 d_1 (the step in -multipliers).
 *
 * Then one Newton step on the optimality conditions, twice, and the check: with a feasible x,
 * multipliers of the right sign and the residual g of stationarity, || J'g || bounds the
 * distance to the minimiser in the norm of H, as projections do not stretch. */
#include "metrics/minimal_int.h"

#include <math.h>
#include <string.h>

static const double feasible = 1e-12;  /* violations below are none */
static const double accepted = 1e-10;  /* violations that pass the check */
static const double near = 1e-9;       /* distance to the minimiser that passes the check */
static const double dependent = 1e-18; /* squared sine to the span of the working set */

struct sx_i_face {
    const sx_i_goal *t;
    int32_t n;
    double *inverse;     /* [n*n] by rows: L^-1, H = L L' */
    double *j;           /* [n*n] row i is column i of J */
    double *r;           /* [n*n] by columns: R */
    int32_t active;      /* size of the working set */
    int32_t equations;   /* the first of them are equations */
    int32_t *term;       /* [n] of each constraint */
    double *sense;       /* [n] 1: e >= lo, -1: e <= hi */
    double *u;           /* [n] multipliers */
    double *d, *z, *w;   /* [n] work */
    unsigned char *used; /* [N] 1: in the working set, or implied by it */
};

sx_i_face *sx_i_face_free(sx_i_face *f)
{
    if (f) {
        sx_release(f->inverse);
        sx_release(f->j);
        sx_release(f->r);
        sx_release(f->term);
        sx_release(f->sense);
        sx_release(f->u);
        sx_release(f->d);
        sx_release(f->z);
        sx_release(f->w);
        sx_release(f->used);
    }
    return sx_release(f);
}

void sx_i_goal_normal(const sx_i_goal *t, const double *weight, double *h)
{
    int32_t n = t->unknowns;
    for (int32_t i = 0; i < t->terms; i++) {
        double q = weight[i];
        h[0] += q;
        for (int64_t p = t->start[i]; p < t->start[i + 1]; p++) {
            double pull = q * t->coef[p];
            double *row = h + (size_t)t->col[p] * (size_t)n;
            row[0] -= pull;
            for (int64_t o = t->start[i]; o < t->start[i + 1]; o++)
                if (t->col[o] <= t->col[p])
                    row[t->col[o]] += pull * t->coef[o];
        }
    }
}

static double dot(const double *a, const double *b, int32_t n)
{
    double sum = 0;
    for (int32_t i = 0; i < n; i++)
        sum += a[i] * b[i];
    return sum;
}

static void axpy(double s, const double *x, double *y, int32_t n)
{
    for (int32_t i = 0; i < n; i++)
        y[i] += s * x[i];
}

bool sx_i_cholesky(double *h, int32_t n)
{
    for (int32_t i = 0; i < n; i++) {
        double *row = h + (size_t)i * (size_t)n, diagonal = row[i];
        for (int32_t j = 0; j < i; j++) {
            const double *other = h + (size_t)j * (size_t)n;
            row[j] = (row[j] - dot(row, other, j)) / other[j];
        }
        row[i] = sqrt(diagonal - dot(row, row, i));
        if (!(row[i] * row[i] > 1e-14 * diagonal))
            return false;
    }
    return true;
}

/* inverse <- L^-1, row by row from what is above. */
static void invert(const double *l, int32_t n, double *inverse)
{
    for (int32_t i = 0; i < n; i++) {
        const double *row = l + (size_t)i * (size_t)n;
        double *to = inverse + (size_t)i * (size_t)n;
        for (int32_t j = 0; j < i; j++)
            axpy(-row[j] / row[i], inverse + (size_t)j * (size_t)n, to, j + 1);
        to[i] = 1 / row[i];
    }
}

static bool face_alloc(sx_i_face *f)
{
    size_t n = (size_t)f->n;
    f->inverse = sx_alloc(n * n, sizeof *f->inverse);
    f->j = sx_alloc(n * n, sizeof *f->j);
    f->r = sx_alloc(n * n, sizeof *f->r);
    f->term = sx_alloc(n, sizeof *f->term);
    f->sense = sx_alloc(n, sizeof *f->sense);
    f->u = sx_alloc(n, sizeof *f->u);
    f->d = sx_alloc(n, sizeof *f->d);
    f->z = sx_alloc(n, sizeof *f->z);
    f->w = sx_alloc(n, sizeof *f->w);
    f->used = sx_alloc((size_t)f->t->terms, sizeof *f->used);
    return f->inverse && f->j && f->r && f->term && f->sense && f->u && f->d && f->z && f->w &&
           f->used;
}

sx_status sx_i_face_new(const sx_i_goal *t, sx_i_face **out, sx_error *err)
{
    *out = NULL;
    sx_i_face *f = sx_alloc(1, sizeof *f);
    if (!f)
        return sx_nomem(err);
    f->t = t;
    f->n = t->unknowns;
    bool room = face_alloc(f), good = false;
    if (room) {
        sx_i_goal_normal(t, t->square, f->r);
        good = sx_i_cholesky(f->r, f->n);
    }
    if (good)
        invert(f->r, f->n, f->inverse);
    else
        f = sx_i_face_free(f);
    *out = f;
    return room ? SX_OK : sx_nomem(err);
}

void sx_i_face_centre(sx_i_face *f, const double *e, double *x)
{
    int32_t n = f->n;
    sx_i_goal_slope(f->t, e, f->w);
    for (int32_t i = 0; i < n; i++) {
        const double *row = f->inverse + (size_t)i * (size_t)n;
        axpy(-dot(row, f->w, i + 1), row, x, i + 1);
    }
}

/* d = J'n for the normal of term i. */
static void project(sx_i_face *f, int32_t i, double sense)
{
    const sx_i_goal *t = f->t;
    for (int32_t j = 0; j < f->n; j++) {
        const double *row = f->j + (size_t)j * (size_t)f->n;
        double sum = -row[0];
        for (int64_t p = t->start[i]; p < t->start[i + 1]; p++)
            sum += t->coef[p] * row[t->col[p]];
        f->d[j] = sense * sum;
    }
}

/* x <- R^-1 x on the working set. */
static void solve_right(const sx_i_face *f, double *x)
{
    for (int32_t j = f->active; j-- > 0;) {
        const double *column = f->r + (size_t)j * (size_t)f->n;
        x[j] /= column[j];
        axpy(-x[j], column, x, j);
    }
}

/* x <- R^-T x. */
static void solve_left(const sx_i_face *f, double *x)
{
    for (int32_t j = 0; j < f->active; j++) {
        const double *column = f->r + (size_t)j * (size_t)f->n;
        x[j] = (x[j] - dot(column, x, j)) / column[j];
    }
}

/* Take the constraint with d = J'n into the working set: a reflection turns d_2 into its
 * first coordinate. */
static void append(sx_i_face *f, int32_t i, double sense, double multiplier)
{
    int32_t n = f->n, q = f->active++;
    double *d = f->d, *column = f->r + (size_t)q * (size_t)n;
    double length = sqrt(dot(d + q, d + q, n - q));
    memcpy(column, d, (size_t)q * sizeof *d);
    column[q] = d[q] > 0 ? -length : length;
    d[q] -= column[q];
    double half = dot(d + q, d + q, n - q) / 2;
    memset(f->w, 0, (size_t)n * sizeof *f->w);
    for (int32_t j = q; j < n; j++)
        if (d[j] != 0)
            axpy(d[j], f->j + (size_t)j * (size_t)n, f->w, n);
    for (int32_t j = q; j < n; j++)
        if (d[j] != 0)
            axpy(-d[j] / half, f->w, f->j + (size_t)j * (size_t)n, n);
    f->term[q] = i;
    f->sense[q] = sense;
    f->u[q] = multiplier;
    f->used[i] = 1;
}

static void rotate(double *a, double *b, double c, double s, int32_t n)
{
    for (int32_t i = 0; i < n; i++) {
        double x = a[i], y = b[i];
        a[i] = c * x + s * y;
        b[i] = c * y - s * x;
    }
}

/* Take constraint l out of the working set; rotations make R triangular again. */
static void drop(sx_i_face *f, int32_t l)
{
    size_t n = (size_t)f->n;
    int32_t q = --f->active;
    f->used[f->term[l]] = 0;
    for (int32_t j = l; j < q; j++) {
        double *column = f->r + (size_t)j * n;
        memcpy(column, column + n, ((size_t)j + 2) * sizeof *column);
        f->term[j] = f->term[j + 1];
        f->sense[j] = f->sense[j + 1];
        f->u[j] = f->u[j + 1];
    }
    for (int32_t j = l; j < q; j++) {
        double *column = f->r + (size_t)j * n;
        double length = hypot(column[j], column[j + 1]);
        double c = column[j] / length, s = column[j + 1] / length;
        for (int32_t k = j; k < q; k++)
            rotate(f->r + (size_t)k * n + j, f->r + (size_t)k * n + j + 1, c, s, 1);
        rotate(f->j + (size_t)j * n, f->j + ((size_t)j + 1) * n, c, s, f->n);
    }
}

/* How far the multipliers of inequalities let a step go; *which: the one that blocks. */
static double blocking(const sx_i_face *f, const double *r, int32_t *which)
{
    double most = INFINITY;
    for (int32_t j = f->equations; j < f->active; j++)
        if (r[j] > 0 && f->u[j] < most * r[j]) {
            most = f->u[j] / r[j];
            *which = j;
        }
    return most;
}

/* Make constraint i, violated by `by` >= 0, hold.  false when it cannot. */
static bool add(sx_i_face *f, int32_t i, double sense, double by, double *x)
{
    int32_t n = f->n, which = 0;
    double multiplier = 0;
    for (;;) {
        int32_t q = f->active;
        project(f, i, sense);
        double curve = dot(f->d + q, f->d + q, n - q);
        bool moves = curve > dependent * dot(f->d, f->d, n);
        memcpy(f->z, f->d, (size_t)q * sizeof *f->z);
        solve_right(f, f->z);
        double block = blocking(f, f->z, &which), full = moves ? by / curve : INFINITY;
        double step = fmin(block, full);
        if (!(step < INFINITY)) {
            f->used[i] = by <= accepted;
            return by <= accepted;
        }
        axpy(-step, f->z, f->u, q);
        multiplier += step;
        for (int32_t j = q; moves && j < n; j++)
            axpy(step * f->d[j], f->j + (size_t)j * (size_t)n, x, n);
        if (full <= block) {
            append(f, i, sense, multiplier);
            return true;
        }
        by -= moves ? step * curve : 0;
        drop(f, which);
    }
}

static double term_at(const sx_i_face *f, int32_t i, const double *x)
{
    return (double)(f->t->value[i] + sx_i_goal_change(f->t, i, x));
}

/* The equations, in their order. */
static bool add_equations(sx_i_face *f, const double *lo, const double *hi, double *x)
{
    for (int32_t i = 0; i < f->t->terms; i++) {
        if (!(lo[i] == hi[i]))
            continue;
        double miss = lo[i] - term_at(f, i, x);
        f->equations = f->active;
        if (!add(f, i, miss < 0 ? -1 : 1, fabs(miss), x))
            return false;
    }
    f->equations = f->active;
    return true;
}

/* The worst violated constraint outside the working set, and by how much. */
static double worst(const sx_i_face *f, const double *lo, const double *hi, const double *x,
                    int32_t *which, double *sense)
{
    double most = 0;
    for (int32_t i = 0; i < f->t->terms; i++) {
        if (f->used[i])
            continue;
        double e = term_at(f, i, x), below = lo[i] - e, above = e - hi[i];
        if (fmax(below, above) > most) {
            most = fmax(below, above);
            *which = i;
            *sense = below > above ? 1 : -1;
        }
    }
    return most;
}

static bool add_bounds(sx_i_face *f, const double *lo, const double *hi, double *x)
{
    int32_t which = 0;
    double sense = 1;
    for (int64_t round = 0; round < 100 + 20 * (int64_t)f->n; round++) {
        double by = worst(f, lo, hi, x, &which, &sense);
        if (by <= feasible)
            return true;
        if (!add(f, which, sense, by, x))
            return false;
    }
    return false;
}

/* w <- J'(gradient - multipliers . normals) at e. */
static void stationarity(sx_i_face *f, const double *e)
{
    const sx_i_goal *t = f->t;
    sx_i_goal_slope(t, e, f->z);
    for (int32_t a = 0; a < f->active; a++) {
        double pull = f->u[a] * f->sense[a];
        int32_t i = f->term[a];
        f->z[0] += pull;
        for (int64_t p = t->start[i]; p < t->start[i + 1]; p++)
            f->z[t->col[p]] -= pull * t->coef[p];
    }
    for (int32_t j = 0; j < f->n; j++)
        f->w[j] = dot(f->j + (size_t)j * (size_t)f->n, f->z, f->n);
}

/* The bound that constraint a of the working set holds at. */
static double bound(const sx_i_face *f, int32_t a, const double *lo, const double *hi)
{
    return f->sense[a] > 0 ? lo[f->term[a]] : hi[f->term[a]];
}

/* One Newton step on the optimality conditions of the working set, e being the terms at x. */
static void refine(sx_i_face *f, const double *lo, const double *hi, const double *e, double *x)
{
    int32_t n = f->n, q = f->active;
    stationarity(f, e);
    for (int32_t a = 0; a < q; a++)
        f->d[a] = f->sense[a] * (bound(f, a, lo, hi) - e[f->term[a]]);
    solve_left(f, f->d);
    for (int32_t j = q; j < n; j++)
        f->d[j] = -f->w[j];
    for (int32_t j = 0; j < n; j++)
        axpy(f->d[j], f->j + (size_t)j * (size_t)n, x, n);
    for (int32_t a = 0; a < q; a++)
        f->z[a] = f->d[a] + f->w[a];
    solve_right(f, f->z);
    axpy(1, f->z, f->u, q);
}

static void evaluate(const sx_i_face *f, const double *x, double *e)
{
    for (int32_t i = 0; i < f->t->terms; i++)
        e[i] = term_at(f, i, x);
}

/* Feasible, multipliers of the right sign, and near the minimiser. */
static bool passes(sx_i_face *f, const double *lo, const double *hi, const double *e)
{
    double total = 0;
    for (int32_t i = 0; i < f->t->terms; i++) {
        if (!(e[i] >= lo[i] - accepted && e[i] <= hi[i] + accepted))
            return false;
        total += f->t->square[i] * e[i] * e[i];
    }
    stationarity(f, e);
    for (int32_t a = f->equations; a < f->active; a++)
        if (!(f->u[a] >= -accepted * (1 + total)))
            return false;
    return sqrt(dot(f->w, f->w, f->n)) <= near * sqrt(total);
}

void sx_i_face_pull(const sx_i_face *f, double *pull)
{
    for (int32_t i = 0; i < f->t->terms; i++)
        pull[i] = 0;
    for (int32_t a = 0; a < f->active; a++)
        pull[f->term[a]] += f->u[a] * f->sense[a];
}

bool sx_i_face_nearest(sx_i_face *f, const double *lo, const double *hi, double *x, double *e,
                       bool *unique)
{
    size_t n = (size_t)f->n;
    memcpy(f->j, f->inverse, n * n * sizeof *f->j);
    memset(f->r, 0, n * n * sizeof *f->r);
    memset(f->used, 0, (size_t)f->t->terms);
    memset(x, 0, n * sizeof *x);
    f->active = f->equations = 0;
    bool found = add_equations(f, lo, hi, x);
    *unique = f->active == f->n;
    found = found && add_bounds(f, lo, hi, x);
    evaluate(f, x, e);
    for (int pass = 0; found && pass < 2; pass++) {
        refine(f, lo, hi, e, x);
        evaluate(f, x, e);
    }
    return found && passes(f, lo, hi, e);
}
