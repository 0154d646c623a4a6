/* SPDX-License-Identifier: GPL-3.0-or-later */
/* bench_shaping.c - what potentials cost: l1 and linf fits by linear programs over 10^5 triples
 * and pairs, l2 fits over 10^5 to 10^6 states, on one core. */
#include "bench/worlds.h"

#include "metrics/shaping.h"

#include <omp.h>

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

static void fit(sx_mdp *m, const char *world, sx_norm norm, sx_shape_on on, const char *limit)
{
    sx_reward *from = sum_reward(m, 2), *to = sum_reward(m, 4);
    sx_shape_task task = sx_shape_defaults();
    task.goal = SX_SHAPE_FIT;
    task.norm = norm;
    task.on = on;
    task.from = from;
    task.to = to;
    row(m, &task, world, limit);
    sx_reward_free(from);
    sx_reward_free(to);
    sx_mdp_free(m);
}

static void on_grid(int32_t side, sx_norm norm, sx_shape_on on, const char *limit)
{
    char world[64];
    snprintf(world, sizeof world, "slippery grid %d x %d", (int)side, (int)side);
    fit(slippery_grid(side), world, norm, on, limit);
}

/* Four actions with six successors each. */
static void on_random(int32_t states, sx_norm norm, sx_shape_on on, const char *limit)
{
    char world[64];
    sx_mdp *m = NULL;
    BENCH_DO(sx_random_dirichlet(states, 4, 6, 1, &m, NULL));
    m->discount = 0.99;
    snprintf(world, sizeof world, "%d random states", (int)states);
    fit(m, world, norm, on, limit);
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
    on_grid(1000, SX_L2, SX_SHAPE_ROWS, "60000");
    on_random(100000, SX_L2, SX_SHAPE_ROWS, "20000");
    on_random(1000000, SX_L2, SX_SHAPE_ROWS, "60000");
    return 0;
}
