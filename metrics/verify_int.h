/* SPDX-License-Identifier: GPL-3.0-or-later */
/* verify_int.h - what the files that check distances share. */
#ifndef SX_VERIFY_INT_H
#define SX_VERIFY_INT_H

#include "metrics/certificate_int.h"

typedef enum sx_i_shape {
    SX_I_TABLE,  /* R(k,s') + left[k] + gamma potential(s') */
    SX_I_VALUE,  /* left[k] for every s' */
    SX_I_SPREAD, /* left[k] tau / |tau|^2 */
    SX_I_TOP,    /* left[k] / tau on the first of the largest tau */
    SX_I_EVEN    /* left[k] / (successors tau) on what is possible */
} sx_i_shape;

/* The canonical form of a reward. */
typedef struct sx_i_form {
    const sx_reward *reward;
    const char *reason;  /* static; not NULL: it is not looked at */
    const char *lacking; /* static; not NULL: the evidence is missing or not enough */
    sx_i_shape shape;
    long double *left;            /* [K] */
    const long double *potential; /* [S] or NULL */
    long double *own;             /* [S] room for it */
    bool dard;
    long double *ahead;       /* [S] of dard: what is ahead of the present state */
    bool zero;                /* it is trivial, and the form has no right to tell it from 0 */
    double error;             /* of every entry, and beside it one with */
    double fit[SX_NORMS + 1]; /* these norms; the last is 0 */
} sx_i_form;

/* Where distances are checked. */
typedef struct sx_i_distances {
    const sx_mdp *m;
    const sx_certificate *c;
    const sx_reward *const *reward; /* of the specification */
    const sx_i_scope *scope;
    double *row;        /* [S] workspace */
    double *mean;       /* [K] */
    long double *ahead; /* [S] */
    long double *left;  /* [S] */
    long double *right; /* [S] */
} sx_i_distances;

/* f: the form of reward i of the certificate. */
void sx_i_form_fill(const sx_i_distances *g, int32_t reward, sx_canon canon, sx_norm norm,
                    sx_i_form *f);

/* out [S] = row of pair k of state s; pairs of a state in ascending order. */
void sx_i_form_row(const sx_i_distances *g, const sx_i_form *f, int32_t s, int32_t k,
                   long double *out);

/* How far potentials x of states can be from that of state 0 when the root of the sum of
 * squares of B x is 1: the squares of rows (s,a), of all triples, or of possible ones by
 * probability. */
typedef enum sx_i_squares { SX_I_BY_ROW, SX_I_BY_TRIPLE, SX_I_BY_POSSIBLE } sx_i_squares;
double sx_i_potential_reach(const sx_i_distances *g, sx_i_squares of);

/* The largest x.residual over them, residual [S] + lost [S] (or NULL), and `vague` as large an
 * error of each state's. */
double sx_i_potential_pull(const sx_i_distances *g, double reach, const long double *residual,
                           const long double *lost, double vague);

/* Whether f, filled from x, has the least norm, or f->lacking; *off: how far it may be from the
 * one of least squares among those, in the root of the sum of squares. */
void sx_i_form_least(const sx_i_distances *g, const sx_certified_form *x, sx_i_form *f,
                     double *off);

/* D_S(s) D_A(a|s) D_S(s') */
double sx_i_triple_weight(const sx_i_distances *g, int32_t s, int32_t k, int32_t next);

#endif
