/* SPDX-License-Identifier: GPL-3.0-or-later */
/* random.h - reproducible random numbers and random worlds.
 *
 * One stream per task: a stream is given by a seed and the task's index, so the numbers do
 * not depend on the order or the number of threads. */
#ifndef SX_RANDOM_H
#define SX_RANDOM_H

#include "mdp/mdp.h"

#ifdef __cplusplus
extern "C" {
#endif

#define SX_RANDOM_LIMIT ((int64_t)1 << 28) /* transitions of a random world: 3 GiB */

typedef struct sx_random sx_random;

SX_CHECKED sx_status sx_random_new(uint64_t seed, uint64_t task, sx_random **out,
                                   sx_error *err);
sx_random *sx_random_free(sx_random *g);

double sx_random_uniform(sx_random *g);           /* in (0,1) */
double sx_random_normal(sx_random *g);            /* N(0,1) */
double sx_random_exponential(sx_random *g);       /* mean 1 */
int32_t sx_random_below(sx_random *g, int32_t n); /* 0..n-1 */

/* A world whose pairs each reach `successors` distinct states drawn uniformly, with
 * Dirichlet(1,...,1) probabilities; initial uniform, discount 0.  SX_EARG,
 * SX_ELIMIT. */
SX_CHECKED sx_status sx_random_dirichlet(int32_t states, int32_t actions, int32_t successors,
                                         uint64_t seed, sx_mdp **out, sx_error *err);

/* The generator of the STARC experiment (Skalse et al. 2024, appendix): logits N(0,1),
 * those at or below 1 replaced by -20, softmax over the successors. */
SX_CHECKED sx_status sx_random_starc(int32_t states, int32_t actions, uint64_t seed,
                                     sx_mdp **out, sx_error *err);

#ifdef __cplusplus
}
#endif
#endif
