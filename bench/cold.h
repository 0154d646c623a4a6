/* SPDX-License-Identifier: GPL-3.0-or-later */
/* cold.h - what one solve costs, which others are compared with. */
#ifndef BENCH_COLD_H
#define BENCH_COLD_H

#include "bench/bench.h"

#include "solvers/control.h"

/* Seconds of a solve from nothing: the best of `times`. */
static inline double cold_solve(const sx_mdp *m, const double *r, int times)
{
    double best = INFINITY;
    sx_solve_options o = sx_solve_defaults();
    for (int pass = 0; pass < times; pass++) {
        sx_solution *s = NULL;
        double start = bench_cpu();
        BENCH_DO(sx_solve(m, r, &o, &s, NULL));
        best = fmin(best, bench_cpu() - start);
        sx_solution_free(s);
    }
    return best;
}

#endif
