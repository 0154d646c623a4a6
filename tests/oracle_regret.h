/* SPDX-License-Identifier: GPL-3.0-or-later */
/* oracle_regret.h - regrets from their definitions: the linear program over pairs of
 * occupancies, and all deterministic policies one by one. */
#ifndef ORACLE_REGRET_H
#define ORACLE_REGRET_H

#include "mdp/mdp.h"

/* The returns of all deterministic policies under two rewards. */
typedef struct oracle_returns {
    int32_t count;
    double *j1, *j2; /* [count] */
} oracle_returns;

oracle_returns *oracle_returns_new(const sx_mdp *m, const double *r1, const double *r2);
oracle_returns *oracle_returns_free(oracle_returns *p);

/* min and max over the policies of j1 - lambda j2. */
void oracle_range(const oracle_returns *p, double lambda, double range[2]);

/* min and max of j1 over the policies whose j2 is within `slack` of the largest. */
void oracle_range_of_optimal(const oracle_returns *p, double slack, double range[2]);

/* max J1(x) - J1(y) over occupancies x, y with J2(y) >= J2(x): the definition, as a linear
 * program with a flow balance for every state (unreachable ones too) for x and for y and one
 * row that couples them.  NAN when it was not solved. */
double oracle_worst_case(const sx_mdp *m, const double *r1, const double *r2);

#endif
