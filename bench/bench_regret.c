/* SPDX-License-Identifier: GPL-3.0-or-later */
/* bench_regret.c - all regrets of one pair of rewards against one cold solve, 10^4 states: CPU
 * seconds of one thread, the best of some runs. */
#include "bench/cold.h"

#include "mdp/grid.h"
#include "mdp/random.h"
#include "metrics/regret.h"

#include <omp.h>
#include <string.h>

enum { SIDE = 100, STATES = SIDE * SIDE };

static void ignore(void *context, const sx_grid_problem *p)
{
    (void)context;
    fprintf(stderr, "bench: %s\n", p->message);
}

/* 100x100 cells, slip 0.2 to the sides, the last one absorbing. */
static sx_world *slippery_grid(double discount)
{
    static char map[SIDE * (SIDE + 1) + 1];
    static const sx_cell goal = {"G", NULL, false, true, 0, NULL};
    sx_world *w = NULL;
    memset(map, '.', sizeof map - 1);
    for (int i = 0; i < SIDE; i++)
        map[i * (SIDE + 1) + SIDE] = '\n';
    map[sizeof map - 3] = 'G';
    const sx_gridworld g = {map, discount, 0.2, SX_SLIP_SIDES, SX_MOVES_4, 1, &goal};
    BENCH_DO(sx_grid_world(&g, ignore, NULL, &w, NULL, NULL));
    sx_mdp_initial_default(w->mdp);
    return w;
}

/* Two rewards that are partly alike: step costs, drawn apart and mixed. */
static double *costs(const sx_mdp *m, uint64_t seed, const double *alike)
{
    sx_random *g = NULL;
    double *r = sx_alloc((size_t)m->pairs, sizeof *r);
    BENCH_DO(!r || sx_random_new(seed, 0, &g, NULL));
    for (int32_t s = 0; s < m->states; s++)
        for (int32_t k = m->pair[s]; k < m->pair[s + 1]; k++) {
            double draw = sx_random_uniform(g);
            r[k] = m->absorbing[s] ? 0 : alike ? (alike[k] - draw) / 2 : -draw;
        }
    sx_random_free(g);
    return r;
}

/* seconds[0]: the ranges of both rewards, seconds[1]: the pair. */
static double regrets(const sx_mdp *m, const double *const r[2], double seconds[2])
{
    const double possible[2] = {1, 1};
    sx_regret_options o = sx_regret_defaults();
    double gap = NAN;
    seconds[0] = seconds[1] = INFINITY;
    for (int pass = 0; pass < 2; pass++) {
        sx_regret_world *w = NULL;
        sx_regret *g = NULL;
        double start = bench_cpu();
        BENCH_DO(sx_regret_world_new(m, r, possible, 2, &o, &w, NULL));
        double middle = bench_cpu();
        BENCH_DO(sx_regret_pair(w, 0, 1, &g, NULL));
        seconds[0] = fmin(seconds[0], middle - start);
        seconds[1] = fmin(seconds[1], bench_cpu() - middle);
        gap = g->gap;
        sx_regret_free(g);
        sx_regret_world_free(w);
    }
    return gap;
}

static void measure(const char *name, const sx_mdp *m)
{
    char row[128];
    double seconds[2], *truth = costs(m, 1, NULL), *proxy = costs(m, 2, truth);
    const double *const r[2] = {truth, proxy};
    double one = cold_solve(m, truth, 5), gap = regrets(m, r, seconds);
    snprintf(row, sizeof row, "regret %s: ranges of two rewards / cold solve", name);
    bench_row(row, seconds[0], "s", seconds[0] / one);
    snprintf(row, sizeof row, "regret %s: one pair / cold solve", name);
    bench_row(row, seconds[1], "s", seconds[1] / one);
    snprintf(row, sizeof row, "regret %s: gap, relative to the range", name);
    bench_row(row, gap, "1", NAN);
    sx_release(truth);
    sx_release(proxy);
}

int main(void)
{
    static const double discounts[] = {0.95, 0.99};
    omp_set_num_threads(1);
    for (int i = 0; i < 2; i++) {
        char name[64];
        sx_world *w = slippery_grid(discounts[i]);
        snprintf(name, sizeof name, "grid 100x100 discount %g", discounts[i]);
        measure(name, w->mdp);
        sx_world_free(w);
        sx_mdp *m = NULL;
        BENCH_DO(sx_random_dirichlet(STATES, 4, 6, 7, &m, NULL));
        m->discount = discounts[i];
        snprintf(name, sizeof name, "random 10^4 discount %g", discounts[i]);
        measure(name, m);
        sx_mdp_free(m);
    }
    return 0;
}
