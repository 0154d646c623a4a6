/* SPDX-License-Identifier: GPL-3.0-or-later */
/* bench_solvers.c - what control and evaluation cost, on two kinds of worlds.
 *
 *     r   random: 4 actions, 3 to 10 successors each, mixes in a few steps
 *     g   slippery grid with an absorbing corner and random step costs, mixes slowly
 *
 *     bench_solvers [KIND:STATES:DISCOUNT...]     e.g. r:1000000:0.99 g:100000:0.99
 *
 * CPU seconds (wall seconds for two threads) to an interval on J of 2e-8 have as ratio the
 * number of backups of the same world that would take as long.  A backup is compared with a
 * triad a = b + c x over as many bytes (bandwidth) in the same run. */
#include "bench/bench.h"

#include "solvers/solvers_int.h"

#include <omp.h>
#include <string.h>

static uint64_t stream = 1;

static double uniform(void)
{
    uint64_t z = stream += UINT64_C(0x9E3779B97F4A7C15);
    z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
    return ((double)((z ^ (z >> 31)) >> 11) + 0.5) * 0x1p-53;
}

static int32_t below(int32_t n)
{
    return (int32_t)(uniform() * n);
}

static int ascending(const void *a, const void *b)
{
    int32_t x = *(const int32_t *)a, y = *(const int32_t *)b;
    return (x > y) - (x < y);
}

/* Append a pair with `count` successors of equal columns merged. */
static void append(sx_mdp *m, int32_t *to, const double *p, int32_t count)
{
    int32_t order[16];
    int64_t first = m->entries;
    memcpy(order, to, (size_t)count * sizeof *to);
    qsort(order, (size_t)count, sizeof *order, ascending);
    for (int32_t i = 0; i < count; i++) {
        if (m->entries == first || m->next[m->entries - 1] != order[i])
            m->next[m->entries++] = order[i];
        for (int32_t j = 0; j < count; j++)
            if (to[j] == order[i] && (i == 0 || order[i] != order[i - 1]))
                m->prob[m->entries - 1] += p[j];
    }
    m->first[++m->pairs] = m->entries;
}

static sx_mdp *room(int32_t states, int64_t entries)
{
    sx_mdp *m = NULL;
    BENCH_DO(sx_mdp_new(states, 4, 4 * states, entries, &m, NULL));
    m->pairs = 0;
    m->entries = 0;
    for (int32_t s = 0; s < states; s++) {
        m->pair[s + 1] = 4 * (s + 1);
        m->initial[s] = 1.0 / states;
        for (int32_t a = 0; a < 4; a++)
            m->action[4 * s + a] = a;
    }
    return m;
}

static sx_mdp *expander(int32_t states, double *r)
{
    sx_mdp *m = room(states, (int64_t)states * 40);
    for (int32_t k = 0; k < 4 * states; k++) {
        int32_t to[16], count = 3 + below(8);
        double p[16], sum = 0;
        for (int32_t i = 0; i < count; i++) {
            to[i] = below(states);
            sum += p[i] = -log(uniform());
        }
        for (int32_t i = 0; i < count; i++)
            p[i] /= sum;
        append(m, to, p, count);
        r[k] = uniform();
    }
    return m;
}

static int32_t moved(int32_t side, int32_t s, int32_t a)
{
    static const int32_t down[] = {-1, 0, 1, 0}, right[] = {0, 1, 0, -1};
    int32_t i = s / side + down[a % 4], j = s % side + right[a % 4];
    return i < 0 || j < 0 || i >= side || j >= side ? s : i * side + j;
}

static sx_mdp *grid(int32_t states, double *r)
{
    static const double p[] = {0.8, 0.1, 0.1};
    int32_t side = (int32_t)sqrt(states);
    sx_mdp *m = room(side * side, (int64_t)side * side * 12);
    for (int32_t s = 0; s < side * side; s++) {
        bool goal = s == side * side - 1;
        double cost = goal ? 0 : -(1 + 2 * uniform()) / 3;
        for (int32_t a = 0; a < 4; a++) {
            int32_t to[] = {moved(side, s, a), moved(side, s, a + 1), moved(side, s, a + 3)};
            if (goal)
                to[0] = to[1] = to[2] = s;
            append(m, to, p, 3);
            r[4 * s + a] = cost;
        }
        m->absorbing[s] = goal;
    }
    return m;
}

/* Seconds: of CPU for one thread, which others on the machine disturb least, else wall. */
static double now(int threads)
{
    struct timespec t;
    clock_gettime(threads == 1 ? CLOCK_THREAD_CPUTIME_ID : CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static void row(const char *what, const char *name, int threads, double value, const char *unit,
                double ratio)
{
    char text[160];
    snprintf(text, sizeof text, "%s %s, %d thread%s", what, name, threads,
             threads > 1 ? "s" : "");
    bench_row(text, value, unit, ratio);
}

/* Bytes a second of a = b + c x over n doubles each, best of five. */
static double triad(int64_t n, int threads)
{
    double best = 0, *a = sx_alloc((size_t)n, sizeof *a), *b = sx_alloc((size_t)n, sizeof *b);
    double *c = sx_alloc((size_t)n, sizeof *c);
    for (int pass = 0; a && b && c && pass < 6; pass++) {
        double start = now(threads);
#pragma omp parallel for schedule(static)
        for (int64_t i = 0; i < n; i++)
            a[i] = b[i] + 0.5 * c[i] + pass;
        best = fmax(best, 24.0 * (double)n / (now(threads) - start));
    }
    sx_release(a);
    sx_release(b);
    sx_release(c);
    return best;
}

/* Seconds of one backup; prints nanoseconds an entry and its bandwidth over the triad's. */
static double backup(const sx_mdp *m, const double *r, const char *name, int threads)
{
    double *v = sx_alloc((size_t)m->states, sizeof *v), best = INFINITY;
    double *w = sx_alloc((size_t)m->states, sizeof *w);
    int32_t *choice = sx_alloc((size_t)m->states, sizeof *choice);
    sx_i_task t = sx_i_task_measure(m, r, NULL);
    for (int pass = 0; pass < 8; pass++) {
        double start = now(threads);
        sx_i_backup(&t, v, w, choice);
        best = fmin(best, now(threads) - start);
        double *swap = v;
        v = w;
        w = swap;
    }
    double bytes = 12.0 * (double)m->entries + 16.0 * m->pairs + 24.0 * m->states;
    row("backup", name, threads, 1e9 * best / (double)m->entries, "ns/entry",
        bytes / best / triad((int64_t)(bytes / 24), threads));
    sx_release(v);
    sx_release(w);
    sx_release(choice);
    return best;
}

static double timed_solve(const sx_mdp *m, const double *r, const sx_method *method,
                          int threads, int64_t *sweeps, double *width)
{
    sx_solve_options o = sx_solve_defaults();
    sx_solution *s = NULL;
    double best = INFINITY, spent = 0;
    o.method = method;
    o.tolerance = 2e-8; /* half-width 1e-8 */
    for (int pass = 0; pass < 20 && spent < 1; pass++) {
        double start = now(threads);
        BENCH_DO(sx_solve(m, r, &o, &s, NULL));
        double seconds = now(threads) - start;
        best = fmin(best, seconds);
        spent += seconds;
        *sweeps = s->sweeps;
        *width = s->hi - s->lo;
        s = sx_solution_free(s);
    }
    return best;
}

static void methods(const sx_mdp *m, const double *r, const char *name, int threads)
{
    double unit = backup(m, r, name, threads);
    for (int i = 0; sx_methods[i]; i++) {
        char text[120];
        int64_t sweeps = 0;
        double width = 0;
        if (m->states > sx_methods[i]->largest || (i > 0 && threads > 1))
            continue;
        if (i > 0 && m->states > 2000 && name[0] == 'r')
            continue; /* factors of an expander fill in */
        double seconds = timed_solve(m, r, sx_methods[i], threads, &sweeps, &width);
        snprintf(text, sizeof text, "%s (%lld sweeps, width %.1e)", sx_methods[i]->name,
                 (long long)sweeps, width);
        row(text, name, threads, seconds, threads > 1 ? "s" : "cpu s", seconds / unit);
    }
}

/* Values of the uniform policy. */
static void evaluation(const sx_mdp *m, const double *r, const char *name, int threads)
{
    double *pi = sx_alloc((size_t)m->pairs, sizeof *pi), bound = 0;
    double *v = sx_alloc((size_t)m->states, sizeof *v);
    sx_evaluator *e = NULL;
    sx_policy_uniform(m, pi);
    double start = now(threads);
    BENCH_DO(sx_evaluator_new(m, pi, &e, NULL));
    BENCH_DO(sx_evaluator_values(e, r, v, &bound, NULL));
    row("evaluation", name, threads, now(threads) - start, threads > 1 ? "s" : "cpu s", NAN);
    sx_evaluator_free(e);
    sx_release(pi);
    sx_release(v);
}

static void instance(const char *text)
{
    char *end = NULL;
    int32_t states = text[0] && text[1] == ':' ? (int32_t)strtol(text + 2, &end, 10) : 0;
    double discount = end && *end == ':' ? strtod(end + 1, &end) : -1;
    if (states < 2 || !(discount >= 0 && discount < 1)) {
        fprintf(stderr, "bench: %s is not KIND:STATES:DISCOUNT\n", text);
        exit(2);
    }
    double *r = sx_alloc(4 * (size_t)states, sizeof *r);
    sx_mdp *m = text[0] == 'r' ? expander(states, r) : grid(states, r);
    m->discount = discount;
    for (int threads = 1; threads <= (states >= SX_I_PARALLEL ? 2 : 1); threads++) {
        omp_set_num_threads(threads);
        methods(m, r, text, threads);
        if (states <= 100000)
            evaluation(m, r, text, threads);
    }
    sx_mdp_free(m);
    sx_release(r);
}

int main(int argc, char **argv)
{
    static const char *const usual[] = {"r:200:0.99",   "r:1000:0.99",  "g:1024:0.99",
                                        "r:10000:0.99", "g:10000:0.99", "r:100000:0.99",
                                        "g:100000:0.99"};
    if (argc > 1)
        for (int i = 1; i < argc; i++)
            instance(argv[i]);
    else
        for (size_t i = 0; i < sizeof usual / sizeof *usual; i++)
            instance(usual[i]);
    return 0;
}
