/* SPDX-License-Identifier: GPL-3.0-or-later */
/* shaping_int.h - shaping as a program of absolute values.
 *
 * The unknowns are those of minimal_int.h, x = (t, psi(1), ..., psi(S-1)), or for potentials
 * linear in attributes (t, theta); then alpha, where there is a target.  */
#ifndef SX_SHAPING_INT_H
#define SX_SHAPING_INT_H

#include "metrics/minimal_int.h"
#include "metrics/shaping.h"

typedef struct sx_i_shape {
    const sx_mdp *m;
    const sx_shape_task *task;
    sx_i_goal *goal;
    sx_i_limits limits;
    bool bounds;      /* |Phi| <= B is among the conditions */
    int32_t alpha;    /* the unknown that is the scale, or -1 where it is 1 */
    bool any_scale;   /* R is itself a shaping of 0, as the least squares found */
    int64_t triples;  /* places of a proof */
    int32_t *term_of; /* [triples] the term of each; NULL: term i is place i */
    double *basis;    /* [attributes*S] of linear: attribute j less its value in state 0,
                         divided by scale[j]; NULL for free potentials */
    double *scale;    /* [attributes] 0: the attribute depends on those before it */
} sx_i_shape;

/* The terms of a task, and with `bounds` the conditions of bounded.  *reason: NULL, or why
 * there are too many. */
SX_CHECKED sx_status sx_i_shape_make(const sx_mdp *m, const sx_shape_task *task, bool bounds,
                                     sx_i_shape *p, const char **reason, sx_error *err);
void sx_i_shape_clear(sx_i_shape *p);

/* Scale, potential and coefficients of out from the unknowns x. */
SX_CHECKED sx_status sx_i_shape_read(const sx_i_shape *p, const double *x, sx_shaping *out,
                                     sx_error *err);

/* Solve it: x [n], z [terms]; unique and nearest of out; *reason where that failed. */
SX_CHECKED sx_status sx_i_shape_program(sx_i_shape *p, double *x, double *z, sx_shaping *out,
                                        const char **reason, sx_error *err);

/* Bring the dual z [terms] of the answer x nearer to what it should be; e [terms] is what the
 * terms are there, in any unit. */
SX_CHECKED sx_status sx_i_shape_polish(const sx_i_shape *p, const double *x, const double *e,
                                       double *z, sx_error *err);

/* x [n]: the least squares over all but conditions, with alpha >= 0. */
SX_CHECKED sx_status sx_i_shape_squares(sx_i_shape *p, double *x, sx_error *err);

/* The l2 fit of free potentials: scale and potential of out. */
SX_CHECKED sx_status sx_i_shape_least(const sx_mdp *m, const sx_shape_task *task,
                                      sx_shaping *out, const char **reason, sx_error *err);

/* The same over rows, with the proof. */
SX_CHECKED sx_status sx_i_shape_rows_least(const sx_mdp *m, const sx_shape_task *task,
                                           sx_shaping *out, sx_error *err);

/* Bounded potentials in l2, from the best without bounds in out. */
SX_CHECKED sx_status sx_i_shape_bounded(const sx_mdp *m, const sx_shape_task *task,
                                        sx_shaping *out, const char **reason, sx_error *err);

/* What is left of the rows: |e|^2, <e, R>, and what e says of shaping by each state. */
typedef struct sx_i_rows_left {
    long double square, product;
    const long double *g; /* [S] */
} sx_i_rows_left;

/* *lower: no scale and potential leave a smaller l2 norm over rows; 0 where nothing follows. */
SX_CHECKED sx_status sx_i_shape_rows_bound(const sx_mdp *m, const sx_shape_task *task,
                                           const sx_shaping *x, const sx_i_rows_left *e,
                                           long double *lower, sx_error *err);

/* Potential and proof of goal optimal. */
SX_CHECKED sx_status sx_i_shape_optimal(const sx_mdp *m, const sx_shape_task *task,
                                        sx_shaping *out, sx_error *err);

/* residual, lower, gap and certified, for goal optimal and for the others. */
SX_CHECKED sx_status sx_i_shape_check_optimal(const sx_mdp *m, const sx_shape_task *task,
                                              sx_shaping *x, sx_error *err);
SX_CHECKED sx_status sx_i_shape_check(const sx_mdp *m, const sx_shape_task *task, sx_shaping *x,
                                      const char **reason, sx_error *err);

/* How many terms smooth has, the differences of a pair and itself included. */
int64_t sx_i_smooth_terms(const sx_mdp *m, sx_shape_on on);

#endif
