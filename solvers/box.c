/* SPDX-License-Identifier: GPL-3.0-or-later */
/* box.c - quadratic programmes in a box, by gradient projection and conjugate gradients on
 * faces (More and Toraldo 1991), preconditioned.
 *
 *     1. x <- P(x - a D^-1 g)          a along the scaled gradient, halved until it descends
 *     2. H_FF d_F = -g_F               by conjugate gradients on the free unknowns F
 *        x <- P(x + b d), b = 1, 1/2, ...
 *
 * Step 1 alone converges, step 2 ends it once the face stays.  Descents are measured as
 * g.s + s.Hs/2 of a step s, so that rounding of the value does not matter. */
#include "solvers/solvers_int.h"

#include <math.h>
#include <string.h>

enum { HALVINGS = 12, STEPS = 400, FACES = 200 };
static const double reduction = 1e-9; /* of the gradient */

typedef struct box {
    const sx_form *q;
    const double *lo, *hi;
    double *x, *g;          /* [n] the caller's */
    double *d, *step, *hs;  /* [n] a direction, a step and H of it */
    double *r, *z, *p, *hp; /* [n] of conjugate gradients */
    unsigned char *face;    /* [n] 1: free */
    bool changed;           /* the face did, since that was reset */
} box;

static sx_status box_init(box *w, sx_error *err)
{
    double **vector[] = {&w->d, &w->step, &w->hs, &w->r, &w->z, &w->p, &w->hp};
    size_t n = (size_t)w->q->n;
    bool room = true;
    for (size_t i = 0; i < sizeof vector / sizeof *vector; i++) {
        *vector[i] = sx_alloc(n, sizeof(double));
        room = room && *vector[i];
    }
    w->face = sx_alloc(n, sizeof *w->face);
    return room && w->face ? SX_OK : sx_nomem(err);
}

static void box_clear(box *w)
{
    double *vector[] = {w->d, w->step, w->hs, w->r, w->z, w->p, w->hp};
    for (size_t i = 0; i < sizeof vector / sizeof *vector; i++)
        sx_release(vector[i]);
    sx_release(w->face);
}

/* What of the gradient is not held by a bound; the face of what is free to move. */
static double look(box *w)
{
    double sum = 0;
    for (int32_t i = 0; i < w->q->n; i++) {
        bool held =
            (w->x[i] <= w->lo[i] && w->g[i] >= 0) || (w->x[i] >= w->hi[i] && w->g[i] <= 0);
        w->changed = w->changed || w->face[i] == held;
        w->face[i] = !held;
        sum += held ? 0 : fabs(w->g[i]);
    }
    return sum;
}

/* x <- P(x + a d) for the first a = from, from/2, ... that descends; false where none does. */
static bool move(box *w, double from)
{
    int32_t n = w->q->n;
    for (int i = 0; i < HALVINGS; i++, from /= 2) {
        for (int32_t j = 0; j < n; j++)
            w->step[j] = fmin(fmax(w->x[j] + from * w->d[j], w->lo[j]), w->hi[j]) - w->x[j];
        double slope = sx_i_dot(w->g, w->step, n);
        if (!(slope < 0))
            continue;
        w->q->times(w->q->of, w->step, w->hs);
        if (slope + 0.5 * sx_i_dot(w->step, w->hs, n) > 0.01 * slope)
            continue;
        for (int32_t j = 0; j < n; j++) {
            w->x[j] = fmin(fmax(w->x[j] + from * w->d[j], w->lo[j]), w->hi[j]);
            w->g[j] += w->hs[j];
        }
        return true;
    }
    return false;
}

/* Step 1. */
static bool project(box *w)
{
    int32_t n = w->q->n;
    for (int32_t i = 0; i < n; i++)
        w->d[i] = w->face[i] ? -w->g[i] / w->q->diagonal[i] : 0;
    w->q->times(w->q->of, w->d, w->hs);
    double slope = sx_i_dot(w->g, w->d, n), curve = sx_i_dot(w->d, w->hs, n);
    return slope < 0 && curve > 0 && move(w, -slope / curve);
}

static sx_status precondition(box *w, sx_error *err)
{
    sx_status st = w->q->precondition(w->q->of, w->r, w->z, err);
    for (int32_t i = 0; i < w->q->n; i++)
        w->z[i] = w->face[i] ? w->z[i] : 0;
    return st;
}

/* One step of conjugate gradients; *rho is r.z, 0 where there are no more. */
static sx_status conjugate(box *w, double *rho, sx_error *err)
{
    int32_t n = w->q->n;
    w->q->times(w->q->of, w->p, w->hp);
    double curve = sx_i_dot(w->p, w->hp, n), length = *rho / curve, last = *rho;
    *rho = 0;
    if (!(curve > 0) || !(length < INFINITY))
        return SX_OK;
    for (int32_t j = 0; j < n; j++) {
        w->d[j] += length * w->p[j];
        w->r[j] -= w->face[j] ? length * w->hp[j] : 0;
    }
    sx_status st = precondition(w, err);
    *rho = sx_i_dot(w->r, w->z, n);
    for (int32_t j = 0; j < n; j++)
        w->p[j] = w->z[j] + *rho / last * w->p[j];
    return st;
}

/* d of step 2. */
static sx_status solve_face(box *w, double fall, sx_error *err)
{
    int32_t n = w->q->n;
    for (int32_t i = 0; i < n; i++) {
        w->r[i] = w->face[i] ? -w->g[i] : 0;
        w->d[i] = 0;
    }
    sx_status st = w->q->restrict_to(w->q->of, w->face, err);
    if (!st)
        st = precondition(w, err);
    memcpy(w->p, w->z, (size_t)n * sizeof *w->p);
    double rho = sx_i_dot(w->r, w->z, n), first = rho;
    for (int i = 0; !st && i < STEPS && rho > fall * fall * first; i++)
        st = conjugate(w, &rho, err);
    return st;
}

static sx_status solve(box *w, sx_error *err)
{
    double first = look(w), left = first;
    sx_status st = SX_OK;
    bool going = true;
    for (int i = 0; !st && going && i < FACES && left > reduction * first; i++) {
        going = project(w);
        (void)look(w);
        st = solve_face(w, w->changed ? 1e-2 : 1e-8, err);
        w->changed = false;
        going = (!st && move(w, 1)) || going;
        left = look(w);
    }
    return st;
}

sx_status sx_box_solve(const sx_form *q, double *g, const double *lo, const double *hi,
                       double *x, sx_error *err)
{
    box w = {.q = q, .lo = lo, .hi = hi, .x = x, .g = g};
    sx_status st = box_init(&w, err);
    memset(x, 0, (size_t)q->n * sizeof *x);
    if (!st)
        st = solve(&w, err);
    box_clear(&w);
    return st;
}
