/* SPDX-License-Identifier: GPL-3.0-or-later */
/* bounds_fixture.h - two rewards on a random world, their regret and their bounds. */
#ifndef BOUNDS_FIXTURE_H
#define BOUNDS_FIXTURE_H

#include "tests/check.h"

#include "metrics/bounds_int.h"
#include "tests/oracle_distance.h"
#include "tests/oracle_mdp.h"

#include <stdlib.h>

static uint64_t now; /* the seed under work, for the message of a failure */

static inline int tell_seed(void **state)
{
    (void)state;
    print_message("last seed %llu\n", (unsigned long long)now);
    return 0;
}

/* Two rewards on one world, with everything known of them. */
typedef struct fixture {
    sx_mdp *m;
    double *table[2]; /* [K*S] */
    double *r[2];     /* [K] */
    sx_reward *reward[2];
    sx_regret_world *w;
    sx_bounds_world *b;
} fixture;

static inline double largest(const double *r, int32_t n)
{
    double max = 0;
    for (int32_t i = 0; i < n; i++)
        max = fmax(max, fabs(r[i]));
    return max;
}

static inline void solve(fixture *f, const sx_bounds_options *o)
{
    sx_error err = SX_NO_ERROR;
    sx_regret_options ro = sx_regret_defaults();
    double possible[2];
    for (int i = 0; i < 2; i++) {
        f->r[i] = oracle_mean(f->m, f->table[i]);
        f->reward[i] = oracle_dense_reward(f->m, f->table[i]);
        possible[i] = largest(f->r[i], f->m->pairs);
    }
    const double *const r[2] = {f->r[0], f->r[1]};
    CHECK_OK(sx_regret_world_new(f->m, r, possible, 2, &ro, &f->w, &err));
    CHECK_OK(sx_bounds_world_new(f->w, o, &f->b, &err));
}

static inline fixture draw(uint64_t seed)
{
    fixture f = {.m = oracle_world(seed)};
    f.table[0] = oracle_table(f.m, seed, 0);
    f.table[1] = oracle_table(f.m, seed, 1);
    return f;
}

static inline void fixture_end(fixture *f)
{
    sx_bounds_world_free(f->b);
    sx_regret_world_free(f->w);
    for (int i = 0; i < 2; i++) {
        sx_reward_free(f->reward[i]);
        free(f->table[i]);
        free(f->r[i]);
    }
    oracle_world_free(f->m);
}

#endif
