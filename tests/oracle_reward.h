/* SPDX-License-Identifier: GPL-3.0-or-later */
/* oracle_reward.h - small random worlds, and rewards kept the plain way: one number for
 * every triple, [K*S]. */
#ifndef ORACLE_REWARD_H
#define ORACLE_REWARD_H

#include "mdp/reward.h"

typedef struct oracle_rng {
    uint64_t state;
} oracle_rng;

double oracle_reward_uniform(oracle_rng *g);                  /* in (0,1) */
int32_t oracle_int(oracle_rng *g, int32_t low, int32_t high); /* low..high, both included */
double oracle_value(oracle_rng *g);                           /* in (-2,2), full of bits */

/* A world of up to 7 states and 4 actions: some actions unavailable, some states absorbing,
 * initial distribution not uniform, some successors impossible.  The caller frees it. */
sx_mdp *oracle_reward_world(oracle_rng *g);

/* A reward drawn in the form `form` (0 sum, 1 dense, 2 unknown), its values in plain [K*S]
 * (NAN where unknown).  The caller frees it. */
sx_reward *oracle_draw(const sx_mdp *m, oracle_rng *g, int form, double *plain);

/* The state that pair k leaves. */
int32_t oracle_state(const sx_mdp *m, int32_t k);

/* r has exactly the values of plain on every triple, within tol; NAN equals NAN. */
void oracle_same(const sx_mdp *m, const sx_reward *r, const double *plain, double tol);

#endif
