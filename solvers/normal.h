/* SPDX-License-Identifier: GPL-3.0-or-later */
/* normal.h - normal equations that are too large to factor, and least squares in a box. */
#ifndef SX_NORMAL_H
#define SX_NORMAL_H

#include "solvers/sparse.h"

#ifdef __cplusplus
extern "C" {
#endif

/* A'A and a preconditioner. */
typedef struct sx_normal {
    const sx_matrix *a;
    sx_matrix *h;                     /* A'A where that is sparse, */
    sx_matrix *transposed;            /* else A' */
    sx_matrix *part;                  /* of h, that the preconditioner was restricted to */
    struct sx_i_multigrid *multigrid; /* where there is h */
    double *inverse;                  /* [cols] of the diagonal */
    double *work;                     /* [4 cols] */
    double *row;                      /* [rows] */
} sx_normal;

/* a is borrowed and must outlive it. */
SX_CHECKED sx_status sx_normal_new(const sx_matrix *a, sx_normal **out, sx_error *err);
sx_normal *sx_normal_free(sx_normal *q);
/* y = A'A x;  z ~ (A'A)^-1 r. */
void sx_normal_times(sx_normal *q, const double *x, double *y);
SX_CHECKED sx_status sx_normal_precondition(sx_normal *q, const double *r, double *z,
                                            sx_error *err);
/* From now on the preconditioner is for unknowns with face [cols] 1 alone, the others being 0.
 */
SX_CHECKED sx_status sx_normal_restrict(sx_normal *q, const unsigned char *face, sx_error *err);
/* x ~ (A'A)^-1 g, from 0 until the preconditioned residual fell by `reduction`, or `limit`
 * steps. */
SX_CHECKED sx_status sx_normal_solve(sx_normal *q, const double *g, double *x, double reduction,
                                     int64_t limit, sx_error *err);

/* A quadratic form H, positive semidefinite, with a positive diagonal. */
typedef struct sx_form {
    int32_t n;
    const double *diagonal;                              /* [n] */
    void *of;                                            /* what the calls get */
    void (*times)(void *of, const double *x, double *y); /* y = H x */
    /* the preconditioner is about unknowns with face [n] 1 alone, the others being 0 */
    sx_status (*restrict_to)(void *of, const unsigned char *face, sx_error *err);
    /* z ~ H^-1 r: linear, symmetric, positive definite */
    sx_status (*precondition)(void *of, const double *r, double *z, sx_error *err);
} sx_form;

/* x [n]: near the least g.x + x.Hx/2 over lo <= x <= hi, where lo <= 0 <= hi: until what is
 * left of the gradient, in the directions that are free, has fallen to 1e-9 of its sum of
 * absolute values, or nothing falls any more.  g [n] <- g + H x. */
SX_CHECKED sx_status sx_box_solve(const sx_form *q, double *g, const double *lo,
                                  const double *hi, double *x, sx_error *err);

#ifdef __cplusplus
}
#endif
#endif
