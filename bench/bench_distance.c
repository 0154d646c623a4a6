/* SPDX-License-Identifier: GPL-3.0-or-later */
/* bench_distance.c - what distances cost: every combination of canonicalisation,
 * normalisation and metric on a small dense world, minimal forms by linear programs, the
 * default one on a slippery grid, and norms by classes of equal products against norms row by
 * row. */
#include "bench/worlds.h"

#include "metrics/distance.h"

#include <omp.h>

/* Seconds of the measures on one pair with a fresh canoniser: the best of `times`. */
static double time_distances(const sx_mdp *m, sx_reward *const *r, const sx_measure *measure,
                             int32_t n, int times)
{
    sx_number value[SX_MEASURES];
    double best = INFINITY;
    for (int i = 0; i < times; i++) {
        sx_canon_options o = sx_canon_defaults();
        sx_canoniser *c = NULL;
        double start = bench_now();
        BENCH_DO(sx_canoniser_new(m, &o, &c, NULL));
        BENCH_DO(sx_distances(c, (const sx_reward *const *)r, 2, measure, n, value, NULL));
        best = fmin(best, bench_now() - start);
        sx_canoniser_free(c);
    }
    return best;
}

static void every_combination(void)
{
    sx_measure measure[SX_MEASURES];
    sx_mdp *m = NULL;
    int threads = omp_get_max_threads();
    BENCH_DO(sx_random_starc(32, 4, 1, &m, NULL));
    m->discount = 0.9;
    sx_reward *r[2] = {dense_reward(m, 2), dense_reward(m, 3)};
    omp_set_num_threads(1);
    double seconds = time_distances(m, r, measure, sx_measures_all(measure), 5);
    omp_set_num_threads(threads);
    bench_row("every combination, 32 states x 4 actions, one core (limit 50)", 1e3 * seconds,
              "ms", seconds / bench_unit());
    sx_reward_free(r[0]);
    sx_reward_free(r[1]);
    sx_mdp_free(m);
}

/* Forms that are linear programs, of one reward (and zero), on one core: all triples and
 * the possible ones of a dense world. */
static void by_program(int32_t states, int32_t actions, const char *limit)
{
    static const sx_norm norm[] = {SX_L1, SX_LINF, SX_WEIGHTED_L1, SX_WEIGHTED_LINF};
    int threads = omp_get_max_threads();
    sx_mdp *m = NULL;
    BENCH_DO(sx_random_starc(states, actions, 1, &m, NULL));
    m->discount = 0.9;
    sx_reward *r[2] = {dense_reward(m, 2), NULL};
    BENCH_DO(sx_reward_new(m, &r[1], NULL));
    omp_set_num_threads(1);
    for (int i = 0; i < 4; i++) {
        char name[96];
        sx_measure q = {SX_DISTANCE_STARC, SX_MINIMAL_POTENTIAL, norm[i], SX_WEIGHTED_L1};
        double seconds = time_distances(m, r, &q, 1, states > 50 ? 1 : 5);
        snprintf(name, sizeof name, "minimal-potential %s, %d x %d x %d, one core (limit %s)",
                 sx_norm_name(norm[i]), states, actions, states, limit);
        bench_row(name, 1e3 * seconds, "ms", seconds / bench_unit());
    }
    omp_set_num_threads(threads);
    sx_reward_free(r[0]);
    sx_reward_free(r[1]);
    sx_mdp_free(m);
}

static void on_grid(void)
{
    static const sx_canon canon[] = {SX_VAL, SX_EPIC, SX_VAL_POTENTIAL, SX_MINIMAL,
                                     SX_MINIMAL_POTENTIAL};
    sx_mdp *m = slippery_grid(100);
    sx_reward *r[2] = {sum_reward(m, 2), sum_reward(m, 4)};
    for (size_t i = 0; i < sizeof canon / sizeof *canon; i++) {
        char name[96];
        sx_measure q = {SX_DISTANCE_STARC, canon[i], SX_L2, SX_L2};
        double seconds = time_distances(m, r, &q, 1, 2);
        snprintf(name, sizeof name, "%s l2 l2, slippery grid 100 x 100",
                 sx_canon_name(canon[i]));
        bench_row(name, 1e3 * seconds, "ms", seconds / bench_unit());
    }
    sx_reward_free(r[0]);
    sx_reward_free(r[1]);
    sx_mdp_free(m);
}

static double time_norms(const sx_mdp *m, const sx_reward *r)
{
    double best = INFINITY;
    for (int i = 0; i < 3; i++) {
        sx_number norm[SX_NORMS];
        double start = bench_now();
        BENCH_DO(sx_norms(m, r, 63, norm, NULL));
        best = fmin(best, bench_now() - start);
    }
    return best;
}

static void two_ways(void)
{
    sx_mdp *m = slippery_grid(50);
    sx_reward *r = sum_reward(m, 2);
    double classes = time_norms(m, r);
    BENCH_DO(sx_reward_densify(m, r, NULL));
    double rows = time_norms(m, r);
    bench_row("all norms by classes / by rows, grid 50 x 50", 1e3 * classes, "ms",
              classes / rows);
    sx_reward_free(r);
    sx_mdp_free(m);
}

int main(void)
{
    every_combination();
    by_program(32, 4, "20");
    by_program(100, 10, "5000");
    on_grid();
    two_ways();
    return 0;
}
