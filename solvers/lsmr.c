/* SPDX-License-Identifier: GPL-3.0-or-later */
/* lsmr.c - least squares by Golub-Kahan bidiagonalisation.
 *
 *     min || A x - b ||_2, with A'(b - A x) falling from step to step
 *
 * (LSMR, Fong and Saunders 2011.)  Stops when the estimate of || A'r || is below
 * 1e-14 || A || || r ||, or at the limit of steps; the caller measures what was reached. */
#include "solvers/solvers_int.h"

#include <math.h>
#include <string.h>

/* x /= |x|_2, returned. */
static double normalise(double *x, int32_t n)
{
    double sum = 0;
    for (int32_t i = 0; i < n; i++)
        sum += x[i] * x[i];
    double norm = sqrt(sum);
    for (int32_t i = 0; norm > 0 && i < n; i++)
        x[i] /= norm;
    return norm;
}

/* y = y_new - scale * y_old where the old y is in `old`. */
static void subtract(double *y, double scale, const double *old, int32_t n)
{
    for (int32_t i = 0; i < n; i++)
        y[i] -= scale * old[i];
}

typedef struct lsmr {
    const sx_matrix *a;
    double *u, *u_new;        /* [rows] */
    double *v, *v_new;        /* [cols] */
    double *h, *hbar;         /* [cols] */
    double alpha, beta;       /* of the bidiagonal matrix */
    double alphabar, zetabar; /* |zetabar| = || A'r || */
    double rho, rhobar, cbar, sbar;
} lsmr;

/* One more column of the bidiagonal matrix. */
static void bidiagonalise(lsmr *w)
{
    sx_matrix_times(w->a, w->v, w->u_new);
    subtract(w->u_new, w->alpha, w->u, w->a->rows);
    w->beta = normalise(w->u_new, w->a->rows);
    double *swap = w->u;
    w->u = w->u_new;
    w->u_new = swap;
    sx_matrix_transposed_times(w->a, w->u, w->v_new);
    subtract(w->v_new, w->beta, w->v, w->a->cols);
    w->alpha = normalise(w->v_new, w->a->cols);
    swap = w->v;
    w->v = w->v_new;
    w->v_new = swap;
}

/* The two plane rotations of a step and the update of x along h. */
static void rotate(lsmr *w, double *x)
{
    double rho_old = w->rho, rhobar_old = w->rhobar;
    w->rho = hypot(w->alphabar, w->beta);
    double c = w->alphabar / w->rho, s = w->beta / w->rho;
    double theta = s * w->alpha;
    w->alphabar = c * w->alpha;
    double thetabar = w->sbar * w->rho;
    double before = w->cbar * w->rho;
    w->rhobar = hypot(before, theta);
    w->cbar = before / w->rhobar;
    w->sbar = theta / w->rhobar;
    double zeta = w->cbar * w->zetabar;
    w->zetabar *= -w->sbar;
    double back = thetabar * w->rho / (rho_old * rhobar_old);
    double along = zeta / (w->rho * w->rhobar), turn = theta / w->rho;
    for (int32_t j = 0; j < w->a->cols; j++) {
        w->hbar[j] = w->h[j] - back * w->hbar[j];
        x[j] += along * w->hbar[j];
        w->h[j] = w->v[j] - turn * w->h[j];
    }
}

void sx_i_lsmr(const sx_matrix *a, const double *b, double *x, int64_t limit, double *work)
{
    size_t rows = (size_t)a->rows, cols = (size_t)a->cols;
    lsmr w = {.a = a, .rho = 1, .rhobar = 1, .cbar = 1};
    w.u = work;
    w.u_new = w.u + rows;
    w.v = w.u_new + rows;
    w.v_new = w.v + cols;
    w.h = w.v_new + cols;
    w.hbar = w.h + cols;
    memset(x, 0, cols * sizeof *x);
    memset(w.hbar, 0, cols * sizeof *x);
    memcpy(w.u, b, rows * sizeof *b);
    w.beta = normalise(w.u, a->rows);
    sx_matrix_transposed_times(a, w.u, w.v);
    w.alpha = normalise(w.v, a->cols);
    memcpy(w.h, w.v, cols * sizeof *x);
    w.alphabar = w.alpha;
    w.zetabar = w.alpha * w.beta;
    double first = fabs(w.zetabar);
    for (int64_t i = 0; i < limit && fabs(w.zetabar) > 1e-14 * first; i++) {
        bidiagonalise(&w);
        rotate(&w, x);
    }
}
