/* SPDX-License-Identifier: GPL-3.0-or-later */
/* bench.h - rows of `make bench`: name, value, unit, ratio, separated by tabs.
 *
 * Seconds differ from machine to machine and from hour to hour; what may be compared is the
 * ratio, which is taken within one run: against another way to do the same (say which in the
 * name), or, for a row of seconds, against bench_unit(), one pass over 64 MiB of doubles.
 * A row without anything to compare with has the ratio "-". */
#ifndef BENCH_H
#define BENCH_H

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

/* Wall seconds since some moment. */
static inline double bench_now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/* Seconds of this thread on its core. */
static inline double bench_cpu(void)
{
    struct timespec t;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/* Seconds of one pass a <- a + 0.5 b over 2^22 doubles each, on one core: the best of five,
 * measured at every call. */
static inline double bench_unit(void)
{
    size_t n = (size_t)1 << 22;
    double best = INFINITY;
    double *a = calloc(n, sizeof *a);
    double *b = calloc(n, sizeof *b);
    for (int pass = 0; a && b && pass < 5; pass++) {
        double start = bench_now();
        for (size_t i = 0; i < n; i++)
            a[i] += 0.5 * b[i] + 1;
        double seconds = bench_now() - start;
        best = pass > 0 && seconds < best ? seconds : best;
        b[0] = a[n - 1];
    }
    free(a);
    free(b);
    return best;
}

static inline void bench_row(const char *name, double value, const char *unit, double ratio)
{
    printf("%s\t%.6g\t%s\t", name, value, unit);
    if (isnan(ratio))
        puts("-");
    else
        printf("%.3g\n", ratio);
    fflush(stdout);
}

/* A call that must succeed. */
#define BENCH_DO(call) \
    do { \
        if ((call) != 0) { \
            fprintf(stderr, "bench: %s failed\n", #call); \
            exit(1); \
        } \
    } while (0)

#endif
