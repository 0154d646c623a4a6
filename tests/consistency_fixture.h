/* SPDX-License-Identifier: GPL-3.0-or-later */
/* consistency_fixture.h - two rewards in two versions on a random world, measured. */
#ifndef CONSISTENCY_FIXTURE_H
#define CONSISTENCY_FIXTURE_H

#include "tests/check.h"

#include "metrics/consistency.h"
#include "tests/oracle_distance.h"
#include "tests/oracle_mdp.h"
#include "tests/oracle_regret.h"

#include <stdlib.h>

enum { WORLDS = 100, REWARDS = 2, TRUTH = 0, OTHER = 1 };

static uint64_t now; /* the seed under work */

static inline int tell_seed(void **state)
{
    (void)state;
    print_message("last seed %llu\n", (unsigned long long)now);
    return 0;
}

/* A world with two rewards in two versions. */
typedef struct fixture {
    sx_mdp *m;
    double *table[REWARDS][2]; /* [K*S] carried, edited */
    double *r[REWARDS][2];     /* [K] */
    sx_reward *reward[REWARDS][2];
    sx_versions versions[REWARDS];
    sx_counterfactual *x;
    sx_consistency out[REWARDS];
} fixture;

static inline void fixture_end(fixture *f)
{
    sx_counterfactual_free(f->x);
    for (int i = 0; i < REWARDS; i++)
        for (int k = 0; k < 2; k++) {
            free(f->table[i][k]);
            free(f->r[i][k]);
            sx_reward_free(f->reward[i][k]);
        }
    oracle_world_free(f->m);
}

static inline void measure_with(fixture *f, const sx_measure *measure)
{
    sx_error err = SX_NO_ERROR;
    sx_consistency_options o = sx_consistency_defaults();
    if (measure)
        o.measure = *measure;
    for (int i = 0; i < REWARDS; i++) {
        for (int k = 0; k < 2; k++) {
            f->r[i][k] = oracle_mean(f->m, f->table[i][k]);
            f->reward[i][k] = oracle_dense_reward(f->m, f->table[i][k]);
        }
        f->versions[i] = (sx_versions){f->reward[i][0], f->reward[i][1], NULL};
    }
    CHECK_OK(sx_counterfactual_new(f->m, f->versions, REWARDS, TRUTH, &o, &f->x, &err));
    CHECK_OK(sx_counterfactual_measure(f->x, f->out, &err));
}

static inline void measure(fixture *f)
{
    measure_with(f, NULL);
}

static inline fixture draw(uint64_t seed)
{
    fixture f = {.m = oracle_world(seed)};
    now = seed;
    for (int i = 0; i < REWARDS; i++)
        for (int k = 0; k < 2; k++)
            f.table[i][k] = oracle_table(f.m, seed, 2 * (uint64_t)i + (uint64_t)k);
    return f;
}

static inline double range_of(const oracle_returns *p)
{
    double range[2];
    oracle_range(p, 0, range);
    return range[1] - range[0];
}

static inline double range_of_reward(const sx_mdp *m, const double *r)
{
    oracle_returns *p = oracle_returns_new(m, r, r);
    double range = range_of(p);
    oracle_returns_free(p);
    return range;
}

static inline bool is_trivial(const sx_mdp *m, const double *r)
{
    return range_of_reward(m, r) < 1e-7;
}

static inline void set_table(fixture *f, int i, int k, double scale, const double *from)
{
    for (int64_t t = 0; t < (int64_t)f->m->pairs * f->m->states; t++)
        f->table[i][k][t] = scale * from[t];
}

/* R <- scale R + gamma Phi(s') - Phi(s). */
static inline void shape(const fixture *f, double *table, double scale, oracle_stream *g)
{
    const sx_mdp *m = f->m;
    double *phi = oracle_vector(m->states);
    for (int32_t s = 0; s < m->states; s++)
        phi[s] = 3 * oracle_normal(g);
    for (int32_t s = 0; s < m->states; s++)
        for (int32_t k = m->pair[s]; k < m->pair[s + 1]; k++)
            for (int32_t z = 0; z < m->states; z++) {
                double *x = &table[(int64_t)k * m->states + z];
                *x = scale * *x + m->discount * phi[z] - phi[s];
            }
    free(phi);
}

#endif
