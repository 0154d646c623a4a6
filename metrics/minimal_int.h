/* SPDX-License-Identifier: GPL-3.0-or-later */
/* minimal_int.h - fits of a potential in sums and maxima of absolute values.
 *
 * The unknown x [n], n = S, is the potential phi(s) = psi(s) + t / (1-gamma) with x[0] = t,
 * x[s] = psi(s), psi(0) = 0: shaping by phi is shaping by psi less the constant t.  Near
 * gamma = 1 potentials that hardly change the reward are large; here they are not.
 *
 *     e_i(x) = value_i + row_i . x,       the coefficient of x[0] in each row is -1
 *
 *     minimise   sum_i weight_i |e_i|   or   max_i weight_i |e_i|
 *
 * and among the minimisers sum_i square_i e_i^2, which makes x unique. */
#ifndef SX_MINIMAL_INT_H
#define SX_MINIMAL_INT_H

#include "metrics/canon_int.h"

typedef struct sx_i_goal {
    int32_t unknowns;      /* n */
    int32_t terms;         /* N */
    bool largest;          /* the maximum, else the sum */
    bool loose;            /* x[0] is in no row */
    double total;          /* sum |z_i| while the maximum is solved, 0 for 1: more digits of z
                              where there are many */
    int64_t *start;        /* [N+1] */
    int32_t *col;          /* [start[N]] in 1..n-1, distinct within a row */
    double *coef;          /* [start[N]] */
    double *value;         /* [N] */
    double *weight;        /* [N] > 0 */
    double *square;        /* [N] > 0 */
    unsigned char *hidden; /* [N] 1: another term is at least as large for every x */
} sx_i_goal;

/* A goal without terms, and room for that many with that many coefficients.  *out: owned by the
 * caller. */
SX_CHECKED sx_status sx_i_goal_new(int64_t terms, int64_t entries, int32_t unknowns,
                                   bool largest, sx_i_goal **out, sx_error *err);
/* End the term whose coefficients are those up to `at`. */
void sx_i_goal_close(sx_i_goal *t, int64_t at, double value, double weight, double square);

/* Rows (s,a) with shaped averages x [K], possible triples, or all triples.  norm: l1, linf,
 * weighted-l1 or weighted-linf.  *out: owned by the caller. */
SX_CHECKED sx_status sx_i_goal_rows(const sx_mdp *m, const double *x, sx_norm norm,
                                    sx_i_goal **out, sx_error *err);
SX_CHECKED sx_status sx_i_goal_possible(const sx_mdp *m, const sx_reward *r, sx_norm norm,
                                        sx_i_goal **out, sx_error *err);
SX_CHECKED sx_status sx_i_goal_every(const sx_mdp *m, const sx_reward *r, sx_norm norm,
                                     sx_i_goal **out, sx_error *err);
sx_i_goal *sx_i_goal_free(sx_i_goal *t);

/* row_i . x in extended precision. */
long double sx_i_goal_change(const sx_i_goal *t, int32_t i, const double *x);

/* g [n] = sum_i square_i e_i row_i, half the gradient of the sum of squares at e [N]. */
void sx_i_goal_slope(const sx_i_goal *t, const double *e, double *g);

/* sum_i weight_i |e_i| or max_i weight_i |e_i|. */
double sx_i_goal_size(const sx_i_goal *t, const double *e);

/* Slack in |dual_i| <= weight_i that counts as zero; and dual_i / weight_i in a maximum that
 * does, above what the simplex method tolerates on the wrong side of zero.  A multiplier that
 * is left out costs digits alone: weight_i |e_i| <= M everywhere is the face already. */
#define SX_I_LP_SLACK   1e-10
#define SX_I_LP_NOTHING 2e-9

/* An optimum of the linear program: x is a minimiser exactly if lo_i <= e_i(x) <= hi_i for all
 * i (complementary slackness with the dual vector). */
typedef struct sx_i_side {
    double *dual;    /* [N] */
    double *lo, *hi; /* [N] */
    double least;    /* what the dual proves to be the minimum */
    bool solved;     /* the answer passed its check */
} sx_i_side;

/* Fill o, whose arrays are the caller's.  blur: the values are moved by up to that much, to
 * break ties; lo, hi may then be a face without a point. */
SX_CHECKED sx_status sx_i_goal_optimum(const sx_i_goal *t, double blur, sx_i_side *o,
                                       sx_error *err);

/* Conditions on x: row_i . x <= most_i. */
typedef struct sx_i_limits {
    int32_t count;
    int64_t *start; /* [count+1] */
    int32_t *col;   /* [start[count]] in 0..n-1 */
    double *coef;   /* [start[count]] */
    double *most;   /* [count] */
} sx_i_limits;

/* A vertex of the linear program and its dual: sum_i z_i w_i row_i + (conditions) = 0 with
 * |z_i| <= 1, in the maximum sum_i |z_i| <= 1. */
typedef struct sx_i_optimum {
    double *x;   /* [n] */
    double *z;   /* [N] */
    bool solved; /* the answer passed its check */
    bool unique; /* x is the only minimiser */
} sx_i_optimum;

/* Fill o, whose arrays are the caller's; limits may be NULL. */
SX_CHECKED sx_status sx_i_goal_solve(const sx_i_goal *t, const sx_i_limits *limits, double blur,
                                     sx_i_optimum *o, sx_error *err);

/* Some terms of a program; the z of the others are held where they are. */
typedef struct sx_i_part {
    const unsigned char *in; /* [N] 1: not held */
    const double *held;      /* [n] sum of z_i w_i row_i over what is held */
} sx_i_part;

/* The same with z of the held terms as they are in o->z. */
SX_CHECKED sx_status sx_i_goal_solve_part(const sx_i_goal *t, const sx_i_part *part,
                                          double blur, sx_i_optimum *o, sx_error *err);

/* Whether sx_i_goal_sift is worth while. */
bool sx_i_goal_has_many(const sx_i_goal *t);

/* As sx_i_goal_solve, by parts: fast where the terms are many and their values those of least
 * squares.  o->solved is false where it gave up, too. */
SX_CHECKED sx_status sx_i_goal_sift(const sx_i_goal *t, double blur, sx_i_optimum *o,
                                    sx_error *err);

/* The k-th largest, from 0, of x [n], which is put in another order (Hoare 1961). */
double sx_i_select_largest(double *x, int32_t n, int32_t k);

/* A number in [-1,1) that belongs to term i: the value that is solved for is value_i + blur
 * times it. */
double sx_i_goal_scatter(int32_t i);

/* The face of minimisers that z says: lo, hi [N] as below.  least: the minimum. */
void sx_i_goal_sides(const sx_i_goal *t, const double *z, double least, double *lo, double *hi);

/* h [n*n] by rows += the lower triangle of sum_i weight_i row_i row_i'. */
void sx_i_goal_normal(const sx_i_goal *t, const double *weight, double *h);

/* h [n*n] <- L with h = L L', of both the lower triangle; false when h is singular to working
 * precision. */
bool sx_i_cholesky(double *h, int32_t n);

/* The quadratic form sum_i square_i (row_i . x)^2 and a working set of constraints. */
typedef struct sx_i_face sx_i_face;

/* *out is NULL, without an error, where the form is singular to working precision.  t is
 * borrowed; its values may change between calls. */
SX_CHECKED sx_status sx_i_face_new(const sx_i_goal *t, sx_i_face **out, sx_error *err);
sx_i_face *sx_i_face_free(sx_i_face *f);

/* x [n] += the step to the least sum of squares, e [N] are the terms at x. */
void sx_i_face_centre(sx_i_face *f, const double *e, double *x);

/* x [n]: of all points with lo <= e(x) <= hi the one of least sum of squares, given that
 * x = 0 is the least without constraints; e [N] the terms there.  *unique: the equations
 * lo_i = hi_i alone fix it.  false when the answer did not pass its check: feasible to 1e-10,
 * and within 1e-9 of the minimiser in the norm of the squares, by its multipliers. */
bool sx_i_face_nearest(sx_i_face *f, const double *lo, const double *hi, double *x, double *e,
                       bool *unique);

/* pull [N]: the multipliers of the last point that sx_i_face_nearest found, each along its
 * term:  sum_i (square_i e_i - pull_i) row_i = 0. */
void sx_i_face_pull(const sx_i_face *f, double *pull);

/* What shows that e(x) is the one minimiser of least squares, up to rounding. */
typedef struct sx_i_goal_proof {
    double *dual; /* [N] sum_i dual_i row_i = 0 and sum_i dual_i e_i is the minimum; |dual_i| <=
                     weight_i, or sum_i |dual_i| / weight_i <= 1; owned */
    double *pull; /* [N] as above; owned */
    bool given;   /* false: nothing was left of the terms, or nothing was found */
} sx_i_goal_proof;

void sx_i_goal_proof_release(sx_i_goal_proof *p);

/* x [n] of the least L2 among the minimisers, or *reason (static).  value [N] becomes e(x).
 * *unique: the minimiser is the only one.  proof: to be released by the caller, or NULL. */
SX_CHECKED sx_status sx_i_goal_fit(sx_i_goal *t, double *x, bool *unique, const char **reason,
                                   sx_i_goal_proof *proof, sx_error *err);

/* Above these sizes there is no fit, which is decided before any work: states, terms, and
 * transitions that the terms are made of. */
enum { SX_I_FIT_STATES = 400, SX_I_FIT_TERMS = 120000, SX_I_FIT_ENTRIES = 1000000 };

/* The forms in l1, linf, weighted-l1, weighted-linf: as in canon_int.h; *unique as above. */
SX_CHECKED sx_status sx_i_minimal_lp(const sx_mdp *m, const sx_reward *r, sx_norm norm,
                                     sx_reward **out, bool *unique, const char **reason,
                                     sx_error *err);
SX_CHECKED sx_status sx_i_minimal_potential_lp(const sx_mdp *m, const sx_reward *r,
                                               sx_norm norm, sx_reward **out, bool *unique,
                                               const char **reason, sx_error *err);

#endif
