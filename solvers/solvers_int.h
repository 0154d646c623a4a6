/* SPDX-License-Identifier: GPL-3.0-or-later */
/* solvers_int.h - what the files of this folder share.
 *
 * Loops over states run in parallel without touching each other's results; sums are formed
 * per fixed block and then in the order of the blocks, minima and maxima do not depend on
 * any order: the bits do not depend on the number of threads. */
#ifndef SX_SOLVERS_INT_H
#define SX_SOLVERS_INT_H

#include "solvers/control.h"
#include "solvers/evaluate.h"
#include "solvers/normal.h"

enum {
    SX_I_BLOCK = 2048,      /* elements a block of a sum */
    SX_I_PARALLEL = 131072, /* states from which threads pay: below, a sweep is so short that
                               waiting for a thread that was interrupted costs far more */
    SX_I_SMALL = 300        /* states up to which direct solves are the first choice */
};

/* Smallest and largest of something; lo = -INFINITY, hi = INFINITY when a NAN was met. */
typedef struct sx_i_range {
    double lo, hi;
} sx_i_range;

/* max(|lo|, |hi|) */
double sx_i_range_size(sx_i_range r);

/* ---- matrices (matrix.c, lsmr.c) ---- */

/* The transposed matrix.  *out: owned by the caller. */
SX_CHECKED sx_status sx_i_transpose(const sx_matrix *a, sx_matrix **out, sx_error *err);

/* x [cols] for min || A x - b ||_2 from x = 0 by LSMR (Fong and Saunders 2011).
 * work: [2 rows + 4 cols]. */
void sx_i_lsmr(const sx_matrix *a, const double *b, double *x, int64_t limit, double *work);

/* a b, columns in no order; NULL where that has more than `limit` entries.  *out: owned by the
 * caller. */
SX_CHECKED sx_status sx_i_product(const sx_matrix *a, const sx_matrix *b, int64_t limit,
                                  sx_matrix **out, sx_error *err);

/* sum_i a_i b_i by blocks. */
double sx_i_dot(const double *a, const double *b, int32_t n);

/* ---- positive definite systems (multigrid.c) ---- */

/* x ~ h^-1 r, linear in r, symmetric and positive definite. */
typedef struct sx_i_multigrid sx_i_multigrid;

/* h is borrowed and must outlive it; columns in any order. */
SX_CHECKED sx_status sx_i_multigrid_new(const sx_matrix *h, sx_i_multigrid **out,
                                        sx_error *err);
sx_i_multigrid *sx_i_multigrid_free(sx_i_multigrid *g);
SX_CHECKED sx_status sx_i_multigrid_cycle(sx_i_multigrid *g, const double *r, double *x,
                                          sx_error *err);

/* ---- one policy as a matrix P (chain.c) ---- */

/* P_pi for pi [K]; rows ascending. */
SX_CHECKED sx_status sx_i_chain_mixed(const sx_mdp *m, const double *pi, sx_matrix **out,
                                      sx_error *err);
/* Room for P of any deterministic policy, and filling it. */
SX_CHECKED sx_status sx_i_chain_room(const sx_mdp *m, sx_matrix **out, sx_error *err);
void sx_i_chain_choice(const sx_mdp *m, const int32_t *choice, sx_matrix *p);

/* ---- linear systems (I - gamma P) e = d (linear.c) ---- */

typedef struct sx_i_system {
    const sx_matrix *p; /* rows sum to 1, or columns do */
    double gamma;
    const double *d; /* [n] */
} sx_i_system;

/* w = d + gamma P e; returns the range of w - e, the residual of e. */
sx_i_range sx_i_sweep(const sx_i_system *y, const double *e, double *w);

/* Sweep from e in place until max residual - min residual <= target or `limit` sweeps, then
 * shift e by the constant that centres the error.  w: [n] workspace.  Returns that span;
 * *sweeps grows by the number done. */
double sx_i_sweeps(const sx_i_system *y, double *e, double *w, double target, int64_t limit,
                   int64_t *sweeps);

/* The same where columns sum to 1: from e = d/(1-gamma), the residuals sum to 0.
 * Returns the largest absolute residual. */
double sx_i_sweeps_mass(const sx_i_system *y, double *e, double *w, double target,
                        int64_t limit, int64_t *sweeps);

enum { SX_I_KRYLOV_ROOM = 7 }; /* vectors of workspace */

/* BiCGStab from e = 0 until || residual ||_2 <= target * || d ||_2 or `limit` steps.
 * work: [SX_I_KRYLOV_ROOM n].  Returns the achieved sup-norm residual, recomputed; the
 * caller accepts e or not (breakdown and divergence are possible). */
double sx_i_krylov(const sx_i_system *y, double *e, double *work, double target, int64_t limit,
                   int64_t *sweeps);

/* ---- extrapolation of sweeps (extrapolate.c) ---- */

enum { SX_I_DEPTH = 5 }; /* unknowns of an extrapolation */

/* The last iterates of x <- d + gamma P x. */
typedef struct sx_i_trail {
    int32_t n;
    int64_t newest;            /* counts iterates from 0 */
    double *x[SX_I_DEPTH + 2]; /* [n] each: iterate i is x[i % (SX_I_DEPTH + 2)] */
} sx_i_trail;

SX_CHECKED sx_status sx_i_trail_new(int32_t n, sx_i_trail *t, sx_error *err);
void sx_i_trail_free(sx_i_trail *t);
double *sx_i_trail_at(const sx_i_trail *t, int64_t iterate);

/* out [n] = the combination of the newest iterates whose residual is least; false (and out
 * untouched) when there is none.  newest >= SX_I_DEPTH + 1. */
bool sx_i_extrapolate(const sx_i_trail *t, double *out);

/* ---- evaluation with long double values (evaluate.c) ---- */

/* x [S] with |x - V^pi| <= *bound; as sx_evaluator_values. */
SX_CHECKED sx_status sx_i_evaluator_long(sx_evaluator *e, const double *r, long double *x,
                                         double *bound, sx_error *err);
/* Replace the deterministic policy of e, made by sx_evaluator_choice. */
void sx_i_evaluator_renew(sx_evaluator *e, const int32_t *choice);

/* ---- control, always maximising (backup.c, pi.c) ---- */

/* A world with rewards, and what bounds need to know of it. */
typedef struct sx_i_task {
    const sx_mdp *m;
    const double *r;              /* [K] */
    const unsigned char *allowed; /* [K] or NULL */
    double largest;               /* max |r| over the allowed pairs */
    double longest;               /* most entries of a pair */
    double rho_lo, rho_hi;        /* smallest and largest sum of a row */
} sx_i_task;

/* All but the sums of rows.  O(K). */
sx_i_task sx_i_task_begin(const sx_mdp *m, const double *r, const unsigned char *allowed);
/* All.  O(T). */
sx_i_task sx_i_task_measure(const sx_mdp *m, const double *r, const unsigned char *allowed);

/* w = T v, choice [S] the first best pair of each state; returns the range of T v - v. */
sx_i_range sx_i_backup(const sx_i_task *t, const double *v, double *w, int32_t *choice);

/* How far T v - v may be from what sx_i_backup computes, |v| <= size. */
double sx_i_backup_noise(const sx_i_task *t, double size);

/* V* - v lies in this range when T v - v lies in d. */
sx_i_range sx_i_value_range(const sx_i_task *t, sx_i_range d);

/* What exact policy iteration ends with. */
typedef struct sx_i_exact {
    long double *x;  /* [S] values of choice */
    int32_t *choice; /* [S] */
    double below;    /* V* >= x - below */
    double above;    /* V* <= x + above */
    int64_t rounds;  /* evaluations */
} sx_i_exact;

/* Policy iteration in long double from `exact->choice` for at most `limit` rounds. */
SX_CHECKED sx_status sx_i_policy_iteration(const sx_i_task *t, int64_t limit, sx_i_exact *exact,
                                           sx_error *err);

extern const sx_method sx_i_modified_policy_iteration, sx_i_policy_iteration_method,
    sx_i_linear_programming;

#endif
