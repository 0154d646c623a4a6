/* SPDX-License-Identifier: GPL-3.0-or-later */
/* sparse.h - square systems and least squares with sparse matrices.
 *
 * SuiteSparse (KLU, CHOLMOD) stays behind this header. */
#ifndef SX_SPARSE_H
#define SX_SPARSE_H

#include "mdp/base.h"

#ifdef __cplusplus
extern "C" {
#endif

/* A matrix by rows. */
typedef struct sx_matrix {
    int32_t rows, cols;
    int64_t *start; /* [rows+1] */
    int32_t *col;   /* [start[rows]] ascending within a row */
    double *value;  /* [start[rows]] */
} sx_matrix;

SX_CHECKED sx_status sx_matrix_new(int32_t rows, int32_t cols, int64_t entries, sx_matrix **out,
                                   sx_error *err);
sx_matrix *sx_matrix_free(sx_matrix *a);

/* y [rows] = A x;  y [cols] = A' x. */
void sx_matrix_times(const sx_matrix *a, const double *x, double *y);
void sx_matrix_transposed_times(const sx_matrix *a, const double *x, double *y);

/* LU factors of a square matrix. */
typedef struct sx_lu sx_lu;

/* Factor A (borrowed only for the call).  SX_ELIMIT when the factors would hold more than
 * `limit` entries, SX_ELIB when A is singular. */
SX_CHECKED sx_status sx_lu_new(const sx_matrix *a, int64_t limit, sx_lu **out, sx_error *err);
/* x [n] <- A^-1 x  /  A^-T x. */
SX_CHECKED sx_status sx_lu_solve(sx_lu *f, double *x, sx_error *err);
SX_CHECKED sx_status sx_lu_solve_transposed(sx_lu *f, double *x, sx_error *err);
sx_lu *sx_lu_free(sx_lu *f);

/* min_x || A x - b ||_2 for a matrix of full column rank, prepared once for many b: sparse
 * Cholesky of A'A with refinement while the fill-in allows it, else conjugate gradients with a
 * multigrid preconditioner; LSMR where A'A is singular to working precision. */
typedef struct sx_least_squares sx_least_squares;

/* A is borrowed and must outlive the solver. */
SX_CHECKED sx_status sx_least_squares_new(const sx_matrix *a, sx_least_squares **out,
                                          sx_error *err);
/* x [cols] for b [rows].  *residual: || A'(b - A x) ||_inf, which 0 would make exact.
 * SX_EFAULT when it stays above 1e-8 of the data's size. */
SX_CHECKED sx_status sx_least_squares_solve(sx_least_squares *f, const double *b, double *x,
                                            double *residual, sx_error *err);
sx_least_squares *sx_least_squares_free(sx_least_squares *f);

#ifdef __cplusplus
}
#endif
#endif
