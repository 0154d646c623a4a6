/* SPDX-License-Identifier: GPL-3.0-or-later */
/* worlds.h - worlds and rewards that several benches use. */
#ifndef BENCH_WORLDS_H
#define BENCH_WORLDS_H

#include "bench/bench.h"

#include "mdp/random.h"
#include "metrics/norm.h"

static inline double *numbers(int64_t n, uint64_t seed)
{
    sx_random *g = NULL;
    double *x = sx_alloc((size_t)n, sizeof *x);
    BENCH_DO(!x || sx_random_new(seed, 0, &g, NULL));
    for (int64_t i = 0; i < n; i++)
        x[i] = sx_random_normal(g);
    sx_random_free(g);
    return x;
}

/* A number for every triple. */
static inline sx_reward *dense_reward(const sx_mdp *m, uint64_t seed)
{
    sx_reward *r = NULL;
    BENCH_DO(sx_reward_new(m, &r, NULL));
    r->dense = numbers((int64_t)m->pairs * m->states, seed);
    for (int32_t k = 0; k < m->pairs; k++)
        for (int64_t t = m->first[k]; t < m->first[k + 1]; t++)
            r->on[t] = r->dense[(int64_t)k * m->states + m->next[t]];
    return r;
}

/* R(s,a) + R(s'), as a gridworld has it. */
static inline sx_reward *sum_reward(const sx_mdp *m, uint64_t seed)
{
    sx_reward *r = NULL;
    double *left = numbers(m->pairs, seed), *right = numbers(m->states, seed + 1);
    BENCH_DO(sx_reward_new(m, &r, NULL));
    BENCH_DO(sx_reward_add_left(m, r, left, NULL));
    BENCH_DO(sx_reward_add_right(m, r, right, NULL));
    sx_release(left);
    sx_release(right);
    return r;
}

/* The cell next to s, or s where the border is. */
static inline int32_t neighbour(int32_t side, int32_t s, int32_t direction)
{
    static const int32_t down[] = {-1, 0, 1, 0}, right[] = {0, 1, 0, -1};
    int32_t y = s / side + down[direction], x = s % side + right[direction];
    bool out = y < 0 || x < 0 || y >= side || x >= side;
    return out ? s : y * side + x;
}

/* side x side cells, four moves that slip sideways. */
static inline sx_mdp *slippery_grid(int32_t side)
{
    static const double chance[] = {0.8, 0.1, 0.1};
    static const int32_t turn[] = {0, 1, 3};
    sx_mdp *m = NULL;
    int64_t n = 0;
    sx_triple *t = sx_alloc((size_t)side * (size_t)side * 12, sizeof *t);
    BENCH_DO(!t);
    for (int32_t s = 0; s < side * side; s++)
        for (int32_t a = 0; a < 4; a++)
            for (int i = 0; i < 3; i++)
                t[n++] = (sx_triple){s, a, neighbour(side, s, (a + turn[i]) % 4), chance[i]};
    BENCH_DO(sx_mdp_from_triples(side * side, 4, t, n, &m, NULL));
    m->discount = 0.99;
    m->initial[0] = 1;
    sx_release(t);
    return m;
}

#endif
