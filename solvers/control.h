/* SPDX-License-Identifier: GPL-3.0-or-later */
/* control.h - optimal values and policies of one reward, with a certificate.
 *
 * For any v with d = Tv - v (T the Bellman optimality operator),
 *
 *     Tv + gamma/(1-gamma) min d  <=  V*  <=  Tv + gamma/(1-gamma) max d
 *
 * (MacQueen 1966, Porteus 1971).  The interval on J = mu.V* that follows, widened by a bound
 * on rounding, is the certificate: sx_solve computes it itself from the v that a method
 * returns, so a method cannot claim to have converged. */
#ifndef SX_CONTROL_H
#define SX_CONTROL_H

#include "mdp/mdp.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef enum sx_direction { SX_MAXIMISE, SX_MINIMISE } sx_direction;

typedef enum sx_outcome {
    SX_SOLVED,   /* the interval is as narrow as was asked for */
    SX_ROUNDING, /* as narrow as double precision allows, but wider than asked */
    SX_STOPPED   /* the limit on iterations came first: bounds hold, but are wide */
} sx_outcome;

struct sx_method;

typedef struct sx_solve_options {
    sx_direction direction;
    double tolerance;               /* width of the interval on J, absolute, > 0 */
    int64_t max_sweeps;             /* >= 1 */
    const struct sx_method *method; /* NULL: chosen by size */
    const unsigned char *allowed; /* [K] or NULL: pairs that may be used; each state has one */
    const double *warm;           /* [S] or NULL: values to start from */
} sx_solve_options;

/* maximise, tolerance 1e-9, 10^7 sweeps, method by size, everything allowed, cold start. */
sx_solve_options sx_solve_defaults(void);

typedef struct sx_solution {
    sx_outcome outcome;
    double lo, hi;      /* lo <= J* <= hi, J* = mu . V* */
    double *value;      /* [S] */
    double value_error; /* |value - V*| <= value_error in every state */
    int32_t *choice;    /* [S] a pair that is optimal for `value` in each state */
    int64_t sweeps;     /* passes over the entries */
    const char *method; /* its name */
} sx_solution;

/* Solve for the row rewards r [K] (r(s,a) = E_tau[R]).
 * *out: owned by the caller; NULL on failure.  SX_EARG: an option, or r not finite. */
SX_CHECKED sx_status sx_solve(const sx_mdp *m, const double *r, const sx_solve_options *o,
                              sx_solution **out, sx_error *err);
sx_solution *sx_solution_free(sx_solution *s);

/* optimal [K] = 1 where Q(s,a) is within `slack` of the best of its state (in the direction
 * of o, under o->allowed), computed from the values of s.  An action whose optimality the
 * values cannot decide counts as optimal: slack should be at least 2 gamma value_error.
 * Returns how many are marked. */
int32_t sx_solution_ties(const sx_mdp *m, const double *r, const sx_solve_options *o,
                         const sx_solution *s, double slack, unsigned char *optimal);

/* A method: fills v [S] and *sweeps, and may stop early; sx_solve certifies.  It sees
 * rewards for maximisation only. */
typedef struct sx_method {
    const char *name;    /* as typed by users */
    const char *summary; /* one line for --help */
    int32_t largest;     /* states it is meant for */
    sx_status (*solve)(const sx_mdp *m, const double *r, const sx_solve_options *o, double *v,
                       int64_t *sweeps, sx_error *err);
} sx_method;

extern const sx_method *const sx_methods[]; /* ends with NULL */

/* The method of that name, or NULL. */
const sx_method *sx_method_find(const char *name);

#ifdef __cplusplus
}
#endif
#endif
