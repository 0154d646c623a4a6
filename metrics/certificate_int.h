/* SPDX-License-Identifier: GPL-3.0-or-later */
/* certificate_int.h - what making and checking certificates share: the states that count,
 * shaped rewards, sweeps.  Nothing in here solves anything. */
#ifndef SX_CERTIFICATE_INT_H
#define SX_CERTIFICATE_INT_H

#include "metrics/verify.h"

#include <math.h>

/* The states and pairs that a certificate looks at.  With discount 0 successors do not
 * count, and may lie outside. */
typedef struct sx_i_scope {
    const sx_mdp *m;
    int32_t n, k;
    int32_t *state; /* [n] ascending places in m */
    int32_t *place; /* [S] the inverse; -1 outside */
    int32_t *first; /* [n+1] pairs of a state within the scope */
    int32_t *pair;  /* [k] places in m */
    double rho[2];  /* least and greatest sum of probabilities of a pair */
    double longest; /* successors of a pair */
} sx_i_scope;

SX_CHECKED sx_status sx_i_scope_make(const sx_mdp *m, bool all, sx_i_scope *w, sx_error *err);
void sx_i_scope_release(sx_i_scope *w);

/* r [k] = E_tau[R] + gamma P phi - phi;  phi NULL for 0.  Returns a bound on rounding. */
double sx_i_scope_shape(const sx_i_scope *w, const sx_reward *reward, const double *phi,
                        long double *r);

/* high + low += x, to twice the digits of a long double (Neumaier 1974). */
static inline void sx_i_twice_add(long double *high, long double *low, long double x)
{
    long double sum = *high + x;
    *low += fabsl(*high) < fabsl(x) ? (x - sum) + *high : (*high - sum) + x;
    *high = sum;
}

/* high + low += gamma p y, likewise. */
static inline void sx_i_twice_add_product(long double *high, long double *low,
                                          long double gamma, long double p, long double y)
{
    long double a = gamma * p, x = a * y;
    sx_i_twice_add(high, low, x);
    *low += fmal(a, y, -x) + fmal(gamma, p, -a) * y;
}

/* max |R| over the possible triples of the scope. */
double sx_i_scope_largest(const sx_i_scope *w, const sx_reward *reward);

/* r_i + gamma P_i v for pair i of the scope. */
long double sx_i_scope_value(const sx_i_scope *w, const long double *r, const double *v,
                             int32_t i);

/* What one sweep over v proves. */
typedef struct sx_i_proof {
    double lo, hi;       /* of mu . V */
    double below, above; /* V - v, in every state */
} sx_i_proof;

typedef struct sx_i_sweep {
    const long double *r;         /* [k] */
    double noise;                 /* of r */
    const double *v;              /* [n] */
    int sign;                     /* +1: greatest values, -1: least, 0: those of `policy` */
    const unsigned char *allowed; /* [k] or NULL; with a sign */
    const double *policy;         /* [k] with sign 0; sums are divided out */
} sx_i_sweep;

sx_i_proof sx_i_scope_sweep(const sx_i_scope *w, const sx_i_sweep *a);

/* mu . v over the scope. */
long double sx_i_scope_start(const sx_i_scope *w, const double *v);

/* tied [k]: the pairs that are optimal for r [k], whose greatest and least values are `most`
 * and `least` [n]: an advantage within `share` of 1e-9 of the largest reward, the reward shaped
 * by the middle of the two, and within what the values leave open. */
void sx_i_scope_tied(const sx_i_scope *w, const long double *r, const double *most,
                     const double *least, double share, unsigned char *tied);

/* Whether p [k] is a policy. */
bool sx_i_scope_policy(const sx_i_scope *w, const double *p);

/* Bring the potential of a least-squares form (minimal or minimal-potential, l2 or weighted-l2)
 * nearer to the minimum, to more digits than a double has. */
SX_CHECKED sx_status sx_i_fit_refine(const sx_mdp *m, const sx_reward *reward,
                                     sx_certified_form *f, sx_error *err);

/* The dual vectors of a minimal form in l1, linf, weighted-l1 or weighted-linf, whose canon and
 * norm are set; none where nothing is left of the reward. */
SX_CHECKED sx_status sx_i_certify_dual(const sx_mdp *m, const sx_reward *reward,
                                       sx_certified_form *f, sx_error *err);

/* Parts of the largest term of a minimal form: smaller ones count as 0, and in a maximum those
 * that are so near as equal to it. */
#define SX_I_SAME 1e-11

/* --- checking, by kind --- */

typedef struct sx_i_checking {
    const sx_certificate *c;
    const sx_reward *const *reward; /* of the specification */
    sx_i_scope scope;
    sx_claims *claims;
    bool failed;         /* out of memory */
    long double *r, *r2; /* [k] workspace */
} sx_i_checking;

/* Add a claim: proved when [lo, hi] is within `slack` of what is stated. */
void sx_i_claim(sx_i_checking *g, const char *what, int32_t a, int32_t b, double stated,
                sx_i_proof proof, double slack);

/* Add a claim that says yes or no. */
void sx_i_claim_that(sx_i_checking *g, const char *what, int32_t a, int32_t b, bool holds,
                     const char *reason);

SX_CHECKED sx_status sx_i_verify_regret(sx_i_checking *g, sx_error *err);
SX_CHECKED sx_status sx_i_verify_solution(sx_i_checking *g, sx_error *err);
SX_CHECKED sx_status sx_i_verify_distances(sx_i_checking *g, sx_error *err);

#endif
