/* SPDX-License-Identifier: GPL-3.0-or-later */
/* bench_frontier.c - the return polygon on random worlds: CPU seconds of one thread against the
 * solves of the two rewards, and how many vertices it has. */
#include "bench/cold.h"

#include "mdp/random.h"
#include "solvers/polygon.h"

#include <omp.h>

static double *uniform(const sx_mdp *m, uint64_t seed)
{
    sx_random *g = NULL;
    double *r = sx_alloc((size_t)m->pairs, sizeof *r);
    BENCH_DO(!r || sx_random_new(seed, 0, &g, NULL));
    for (int32_t k = 0; k < m->pairs; k++)
        r[k] = sx_random_uniform(g);
    sx_random_free(g);
    return r;
}

static void measure(int32_t states, double tolerance)
{
    char row[128];
    sx_mdp *m = NULL;
    sx_polygon *p = NULL;
    sx_polygon_options o = sx_polygon_defaults();
    BENCH_DO(sx_random_dirichlet(states, 4, 6, 7, &m, NULL));
    m->discount = 0.95;
    o.tolerance = tolerance;
    double *x = uniform(m, 1), *y = uniform(m, 2), one = cold_solve(m, x, 20),
           start = bench_cpu();
    BENCH_DO(sx_polygon_find(m, x, y, &o, &p, NULL));
    double seconds = bench_cpu() - start;
    snprintf(row, sizeof row, "polygon random %d at %g / cold solve", (int)states, tolerance);
    bench_row(row, seconds, "s", seconds / one);
    snprintf(row, sizeof row, "polygon random %d at %g: vertices / states", (int)states,
             tolerance);
    bench_row(row, p->vertices, "1", (double)p->vertices / states);
    sx_polygon_free(p);
    sx_release(x);
    sx_release(y);
    sx_mdp_free(m);
}

int main(void)
{
    omp_set_num_threads(1);
    measure(100, 1e-9);
    measure(100, 1e-4);
    measure(1000, 1e-4);
    return 0;
}
