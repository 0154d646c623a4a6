/* SPDX-License-Identifier: GPL-3.0-or-later */
/* frontier_fixture.h - random worlds with two rewards and their frontier. */
#ifndef FRONTIER_FIXTURE_H
#define FRONTIER_FIXTURE_H

#include "tests/check.h"

#include "metrics/frontier.h"
#include "tests/oracle_mdp.h"

#include <stdlib.h>

enum { WORLDS = 320, LEVELS = 6, TEMPERATURES = 5 };

static uint64_t now; /* the seed under work, for the message of a failure */

static inline int tell_seed(void **state)
{
    (void)state;
    print_message("last seed %llu\n", (unsigned long long)now);
    return 0;
}

/* Two rewards on one world and their frontier; r[0] is the truth, r[1] the proxy. */
typedef struct fixture {
    sx_mdp *m;
    double *r[2]; /* [K] */
    sx_regret_world *w;
    sx_frontier *f;
} fixture;

static inline double largest(const double *r, int32_t n)
{
    double max = 0;
    for (int32_t i = 0; i < n; i++)
        max = fmax(max, fabs(r[i]));
    return max;
}

static inline sx_regret_world *world_of(const sx_mdp *m, double *const r[2])
{
    sx_error err = SX_NO_ERROR;
    sx_regret_options o = sx_regret_defaults();
    const double *const rewards[2] = {r[0], r[1]};
    double possible[2] = {largest(r[0], m->pairs), largest(r[1], m->pairs)};
    sx_regret_world *w = NULL;
    CHECK_OK(sx_regret_world_new(m, rewards, possible, 2, &o, &w, &err));
    return w;
}

static inline sx_frontier *frontier_of(const sx_regret_world *w, int32_t temperatures)
{
    sx_error err = SX_NO_ERROR;
    sx_frontier_options o = sx_frontier_defaults();
    sx_frontier *f = NULL;
    o.levels = LEVELS;
    o.temperatures = temperatures;
    CHECK_OK(sx_frontier_find(w, 0, 1, &o, &f, &err));
    return f;
}

static inline void solve(fixture *f, int32_t temperatures)
{
    f->w = world_of(f->m, f->r);
    f->f = frontier_of(f->w, temperatures);
}

static inline fixture draw(uint64_t seed)
{
    fixture f = {.m = oracle_world(seed)};
    if (seed % 6 == 1)
        f.m->discount = 0.9999;
    if (seed % 6 == 2)
        f.m->discount = 0;
    f.r[0] = oracle_rewards(f.m, seed, 0);
    f.r[1] = oracle_rewards(f.m, seed, 1);
    return f;
}

static inline void fixture_end(fixture *f)
{
    sx_frontier_free(f->f);
    sx_regret_world_free(f->w);
    free(f->r[0]);
    free(f->r[1]);
    oracle_world_free(f->m);
}

#endif
