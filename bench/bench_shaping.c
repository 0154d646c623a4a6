/* SPDX-License-Identifier: GPL-3.0-or-later */
/* bench_shaping.c - what potentials cost: l1 and linf fits by linear programs over 10^5 triples
 * and pairs, l2 fits over 10^5 to 10^6 states, on one core. */
#include "bench/bench.h"

#include "mdp/random.h"
#include "metrics/shaping.h"

#include <omp.h>

static double *numbers(int64_t n, uint64_t seed)
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
static sx_reward *dense_reward(const sx_mdp *m, uint64_t seed)
{
    sx_reward *r = NULL;
    BENCH_DO(sx_reward_new(m, &r, NULL));
    r->dense = numbers((int64_t)m->pairs * m->states, seed);
    for (int32_t k = 0; k < m->pairs; k++)
        for (int64_t t = m->first[k]; t < m->first[k + 1]; t++)
            r->on[t] = r->dense[(int64_t)k * m->states + m->next[t]];
    return r;
}

/* R(s,a) + R(s'). */
static sx_reward *sum_reward(const sx_mdp *m, uint64_t seed)
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

static void row(const sx_mdp *m, const sx_shape_task *task, const char *world,
                const char *limit)
{
    char name[128];
    const char *reason = NULL;
    sx_shaping *x = NULL;
    double start = bench_now();
    BENCH_DO(sx_shape(m, task, &x, &reason, NULL));
    double seconds = bench_now() - start;
    BENCH_DO(!x || !x->certified);
    snprintf(name, sizeof name, "shape %s %s on %s, %s (limit %s)",
             sx_shape_goal_name((int32_t)task->goal), sx_norm_name(task->norm),
             sx_shape_on_name((int32_t)task->on), world, limit);
    bench_row(name, 1e3 * seconds, "ms", seconds / bench_unit());
    sx_shaping_free(x);
}

static void over_triples(int32_t states, int32_t actions, const char *world)
{
    sx_mdp *m = NULL;
    BENCH_DO(sx_random_starc(states, actions, 1, &m, NULL));
    m->discount = 0.9;
    sx_reward *from = dense_reward(m, 2), *to = dense_reward(m, 3);
    sx_shape_task task = sx_shape_defaults();
    task.from = from;
    row(m, &task, world, "5000");
    task.goal = SX_SHAPE_FLAT;
    task.norm = SX_LINF;
    row(m, &task, world, "5000");
    task.goal = SX_SHAPE_FIT;
    task.to = to;
    row(m, &task, world, "5000");
    task.norm = SX_L1;
    row(m, &task, world, "5000");
    task.norm = SX_L2;
    row(m, &task, world, "1000");
    sx_reward_free(from);
    sx_reward_free(to);
    sx_mdp_free(m);
}

/* The cell next to s, or s where the border is. */
static int32_t neighbour(int32_t side, int32_t s, int32_t direction)
{
    static const int32_t down[] = {-1, 0, 1, 0}, right[] = {0, 1, 0, -1};
    int32_t y = s / side + down[direction], x = s % side + right[direction];
    bool out = y < 0 || x < 0 || y >= side || x >= side;
    return out ? s : y * side + x;
}

/* side x side cells, four moves that slip sideways. */
static sx_mdp *slippery_grid(int32_t side)
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

static void on_grid(int32_t side, sx_norm norm, sx_shape_on on, const char *limit)
{
    char world[64];
    sx_mdp *m = slippery_grid(side);
    sx_reward *from = sum_reward(m, 2), *to = sum_reward(m, 4);
    sx_shape_task task = sx_shape_defaults();
    task.goal = SX_SHAPE_FIT;
    task.norm = norm;
    task.on = on;
    task.from = from;
    task.to = to;
    snprintf(world, sizeof world, "slippery grid %d x %d", (int)side, (int)side);
    row(m, &task, world, limit);
    sx_reward_free(from);
    sx_reward_free(to);
    sx_mdp_free(m);
}

int main(void)
{
    omp_set_num_threads(1);
    over_triples(100, 10, "100 x 10 x 100");
    over_triples(160, 4, "160 x 4 x 160");
    on_grid(20, SX_L1, SX_SHAPE_ROWS, "5000");
    on_grid(20, SX_LINF, SX_SHAPE_ROWS, "5000");
    on_grid(316, SX_L2, SX_SHAPE_ROWS, "20000");
    on_grid(316, SX_L2, SX_SHAPE_TRIPLES, "5000");
    on_grid(1000, SX_L2, SX_SHAPE_TRIPLES, "50000");
    return 0;
}
