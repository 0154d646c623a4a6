/* SPDX-License-Identifier: GPL-3.0-or-later */
/* certify_int.h - the terms of a minimal form as those who check it see them. */
#ifndef SX_CERTIFY_INT_H
#define SX_CERTIFY_INT_H

#include "metrics/certificate_int.h"
#include "metrics/minimal_int.h"

/* Terms e = value + B phi, where phi is the potential of a certificate: sums and products are
 * those of the check, to the last digits of long double. */
typedef struct sx_i_terms {
    const sx_mdp *m;
    const sx_reward *reward;
    enum { SX_I_ROWS, SX_I_POSSIBLE, SX_I_ALL } kind;
    sx_i_goal *t;      /* the program; its values may change */
    double *least;     /* [N] its first values: of all triples, the least of each class */
    int64_t *start;    /* [N+1] */
    int32_t *col;      /* [start[N]] states */
    long double *coef; /* [start[N]] rows of B */
    long double *e;    /* [N] */
    double *row;       /* [S] workspace */
} sx_i_terms;

/* Those of a form with this canon and norm.  On failure to be released all the same. */
SX_CHECKED sx_status sx_i_terms_make(const sx_mdp *m, const sx_reward *reward, sx_canon canon,
                                     sx_norm norm, sx_i_terms *w, sx_error *err);
void sx_i_terms_release(sx_i_terms *w);

/* Fill e from the potential of f. */
void sx_i_terms_value(sx_i_terms *w, const sx_certified_form *f);

/* *out [terms of the form] from y + low [N], owned by the caller; *rest: what *out rounds off.
 * low and rest may be NULL. */
SX_CHECKED sx_status sx_i_terms_spread(const sx_i_terms *w, const double *y, const double *low,
                                       double **out, double **rest, sx_error *err);

#endif
