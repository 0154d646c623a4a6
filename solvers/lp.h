/* SPDX-License-Identifier: GPL-3.0-or-later */
/* lp.h - linear programs in our own terms.
 *
 *     min or max  c.x   subject to   row_lo <= A x <= row_hi,   col_lo <= x <= col_hi
 *
 * A by rows, zero-based; infinite bounds are +-INFINITY.  An answer is accepted only after
 * our own check of primal feasibility, dual feasibility and gap, from the data of the
 * problem. */
#ifndef SX_LP_H
#define SX_LP_H

#include "mdp/base.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct sx_lp {
    bool maximise;
    int32_t rows, cols;
    double *cost;            /* [cols] */
    double *col_lo, *col_hi; /* [cols] */
    double *row_lo, *row_hi; /* [rows] */
    int64_t *start;          /* [rows+1] */
    int32_t *col;            /* [start[rows]] distinct within a row */
    double *coef;            /* [start[rows]] */
} sx_lp;

typedef enum sx_lp_outcome {
    SX_LP_OPTIMAL,
    SX_LP_INFEASIBLE,
    SX_LP_UNBOUNDED,
    SX_LP_FAILED /* no answer that passes the check */
} sx_lp_outcome;

typedef enum sx_lp_algorithm {
    SX_LP_PRIMAL,   /* primal simplex from the standard basis */
    SX_LP_DUAL_FLIP /* dual simplex with bound flipping: for boxed problems */
} sx_lp_algorithm;

typedef struct sx_lp_solution {
    sx_lp_outcome outcome;
    double objective;        /* of x; NAN unless optimal, as everything below */
    double *x;               /* [cols] */
    double *dual;            /* [rows] multipliers of the rows */
    double primal_violation; /* largest violation of a bound by x */
    double dual_violation;   /* largest reduced cost of the wrong sign */
    double gap;              /* |primal objective - dual objective| */
} sx_lp_solution;

/* An empty problem with room for these sizes; bounds are 0 <= x and free rows.
 * *out: owned by the caller. */
SX_CHECKED sx_status sx_lp_new(int32_t rows, int32_t cols, int64_t entries, sx_lp **out,
                               sx_error *err);
sx_lp *sx_lp_free(sx_lp *lp);

/* Solve by GLPK.  *out: owned by the caller; NULL on failure.  Violations and gap above
 * tolerance (relative to the largest number of the problem) make the outcome FAILED.
 * SX_ELIB: GLPK gave up, with its words. */
SX_CHECKED sx_status sx_lp_solve(const sx_lp *lp, sx_lp_algorithm algorithm, double tolerance,
                                 sx_lp_solution **out, sx_error *err);
sx_lp_solution *sx_lp_solution_free(sx_lp_solution *s);

/* Fill the three measures of s from lp, s->x and s->dual alone.  SX_EMEM. */
SX_CHECKED sx_status sx_lp_measure(const sx_lp *lp, sx_lp_solution *s, sx_error *err);

#ifdef __cplusplus
}
#endif
#endif
