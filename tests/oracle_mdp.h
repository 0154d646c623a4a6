/* SPDX-License-Identifier: GPL-3.0-or-later */
/* oracle_mdp.h - small random worlds and slow, obvious answers about them.
 *
 * Uses the structs of the library and none of its code: dense matrices, long double
 * elimination with pivoting, every deterministic policy tried.  Use it so:
 *
 *     sx_mdp *m = oracle_world(seed);               2..12 states, checked properties below
 *     double *r = oracle_rewards(m, seed, 0);       [K] row rewards, free()
 *     double *v = oracle_vector(m->states);         [S] zeros, free()
 *     double j = oracle_optimal(m, r, +1, v);       max J; v = V*  (-1: min J)
 *     oracle_world_free(m);
 *
 * oracle_world(seed): 1 in 8 has discount 0, the others .3 to .999; some pairs are
 * unavailable; a third have absorbing states, a third have states no other state leads to
 * (with no initial weight); at most ORACLE_POLICIES deterministic policies, so that all can
 * be tried.  oracle_rewards(m, seed, index): a third of the seeds give integers in -2..2
 * (ties), others normal numbers; `index` makes another reward of the same kind.  A test may
 * change m->discount and m->initial. */
#ifndef ORACLE_MDP_H
#define ORACLE_MDP_H

#include "mdp/mdp.h"

enum { ORACLE_POLICIES = 768 };

/* Random numbers (splitmix64); a stream is its state. */
typedef struct oracle_stream {
    uint64_t state;
} oracle_stream;

oracle_stream oracle_start(uint64_t seed);
uint64_t oracle_bits(oracle_stream *g);
double oracle_uniform(oracle_stream *g); /* in [0,1) */
double oracle_normal(oracle_stream *g);
int32_t oracle_below(oracle_stream *g, int32_t n); /* 0..n-1 */

/* n zeros, release with free(). */
double *oracle_vector(int64_t n);

sx_mdp *oracle_world(uint64_t seed);
sx_mdp *oracle_world_free(sx_mdp *m);

/* Larger ones, in the form of tests of scale: `successors` distinct next states a pair with
 * random probabilities / side x side cells, slip to the sides 0.1 each, last cell absorbing.
 * Four actions.  Initial uniform. */
sx_mdp *oracle_expander(int32_t states, int32_t successors, double discount, uint64_t seed);
sx_mdp *oracle_grid(int32_t side, double discount);

/* r [K] / a table R(s,a,s') [K*S] by pair, possible or not; and its r = E_tau[R] [K].
 * Release with free(). */
double *oracle_rewards(const sx_mdp *m, uint64_t seed, uint64_t index);
double *oracle_table(const sx_mdp *m, uint64_t seed, uint64_t index);
double *oracle_mean(const sx_mdp *m, const double *table);

/* A random policy [K] (some actions with probability 0), free(). */
double *oracle_policy(const sx_mdp *m, uint64_t seed);

/* b [n] <- A^-1 b by elimination with row pivoting, a [n*n] by rows is destroyed.
 * false when a pivot is 0. */
bool oracle_solve(int32_t n, long double *a, long double *b);

/* tau(s'|pair). */
double oracle_prob(const sx_mdp *m, int32_t pair, int32_t state);

/* v [S] = V^pi;  x [K] the occupancy of pi from start [S] (NULL: the initial distribution);
 * J = mu . V^pi. */
void oracle_values(const sx_mdp *m, const double *pi, const double *r, double *v);
void oracle_occupancy(const sx_mdp *m, const double *pi, const double *start, double *x);
double oracle_return(const sx_mdp *m, const double *pi, const double *r);

/* Step through all deterministic policies: choice [S] starts as pair[s]; false when the
 * last was reached (choice is then the first again). */
void oracle_first(const sx_mdp *m, int32_t *choice);
bool oracle_next(const sx_mdp *m, int32_t *choice);

/* pi [K] of a choice. */
void oracle_pure(const sx_mdp *m, const int32_t *choice, double *pi);

/* Best over all deterministic policies of sign * V, in every state; v [S] = that V* (in the
 * units of r), the value returned = mu . V*. */
double oracle_optimal(const sx_mdp *m, const double *r, int sign, double *v);

/* The same over policies that use pairs with allowed [K] != 0 only. */
double oracle_optimal_among(const sx_mdp *m, const double *r, int sign,
                            const unsigned char *allowed, double *v);

#endif
