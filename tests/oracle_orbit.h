/* SPDX-License-Identifier: GPL-3.0-or-later */
/* oracle_orbit.h - random groups with worlds that have them as symmetries, and averages over a
 * group by adding up all of its elements. */
#ifndef ORACLE_ORBIT_H
#define ORACLE_ORBIT_H

#include "metrics/orbit.h"
#include "tests/oracle_distance.h"
#include "tests/oracle_reward.h"

enum { ORACLE_GROUP = 240, ORACLE_GENERATORS = 3 };

/* All elements of a group; the generators are its elements 1 to `generators`, the first is the
 * identity. */
typedef struct oracle_group {
    int32_t states, actions;
    int32_t generators, order;
    int32_t *state;  /* [order * states] */
    int32_t *action; /* [order * actions] */
} oracle_group;

/* The group of n generators; order 0 when it has more than `most` elements. */
oracle_group oracle_close(int32_t states, int32_t actions, const sx_symmetry *g, int32_t n,
                          int32_t most);
void oracle_group_free(oracle_group *x);

/* A random group of up to ORACLE_GROUP elements and a world that it leaves as it is: any
 * transitions averaged over it, its actions available on whole orbits; every third time a
 * bandit.  The initial distribution has no symmetry. */
sx_mdp *oracle_symmetric_world(oracle_rng *g, oracle_group *x);

/* The generators of x as the library takes them. */
void oracle_generators(const oracle_group *x, sx_symmetry g[ORACLE_GENERATORS]);

/* mean [K*S] of table.g over the group. */
void oracle_group_mean(const sx_mdp *m, const oracle_group *x, const long double *table,
                       long double *mean);

/* Does (state, action) keep the transitions of m within 1e-12, by trying all triples? */
bool oracle_is_symmetry(const sx_mdp *m, const sx_symmetry *g);

#endif
