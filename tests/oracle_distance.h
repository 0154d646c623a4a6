/* SPDX-License-Identifier: GPL-3.0-or-later */
/* oracle_distance.h - every canonical form, norm and distance written down once more, for
 * tables of all triples [K*S] in long double, each sum a loop over everything. */
#ifndef ORACLE_DISTANCE_H
#define ORACLE_DISTANCE_H

#include "metrics/distance.h"

/* Where distances are taken; all distributions are given. */
typedef struct oracle_setting {
    const sx_mdp *m;
    const double *policy;      /* [K] */
    const double *state_dist;  /* [S] */
    const double *action_dist; /* [K] */
} oracle_setting;

/* form [K*S] = c(R); false where the form does not exist. */
bool oracle_canon(const oracle_setting *o, const double *table, sx_canon canon, sx_norm norm,
                  long double *form);

/* n(x) of a table. */
long double oracle_norm(const sx_mdp *m, const long double *x, sx_norm norm);

/* d [SX_NORMS] = the STARC distance in each metric; NAN where it has none. */
void oracle_starc(const oracle_setting *o, const double *a, const double *b, sx_canon canon,
                  sx_norm norm, double *d);

/* The classical EPIC distance. */
double oracle_epic(const oracle_setting *o, const double *a, const double *b);

/* Weighted mean and deviation under left [K] and right [S]. */
void oracle_moments(const sx_mdp *m, const long double *x, const double *left,
                    const double *right, long double *mean, long double *deviation);

/* A reward in the dense form / with nothing but its possible triples and exceptions, whose
 * values are the table's.  The caller frees it. */
sx_reward *oracle_dense_reward(const sx_mdp *m, const double *table);
sx_reward *oracle_listed_reward(const sx_mdp *m, const double *table);

#endif
