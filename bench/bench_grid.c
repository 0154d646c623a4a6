/* SPDX-License-Identifier: GPL-3.0-or-later */
/* bench_grid.c - gridworlds: what reading and holding a million states costs, and the main
 * job on ten thousand. */
#include "bench/bench.h"
#include "mdp/spec.h"
#include "metrics/distance.h"
#include "metrics/regret.h"

#include <string.h>
#include <sys/resource.h>

static const char head[] = "<mdp version=\"1\" discount=\"0.95\">\n"
                           "  <gridworld slip=\"0.2\">\n    <map>\n";
static const char tail[] = "\n    </map>\n"
                           "    <cell symbol=\"G\" label=\"goal\" absorbing=\"true\"/>\n"
                           "    <cell symbol=\"C\" label=\"pit\" absorbing=\"true\"/>\n"
                           "    <cell symbol=\"#\" wall=\"true\"/>\n"
                           "  </gridworld>\n"
                           "  <reward id=\"true\">\n"
                           "    <add value=\"-0.01\"/>\n"
                           "    <add enter=\"goal\" value=\"1\"/>\n"
                           "    <add enter=\"pit\" value=\"-1\"/>\n"
                           "  </reward>\n"
                           "  <reward id=\"proxy\">\n"
                           "    <add value=\"-0.01\"/>\n"
                           "    <add enter=\"goal\" value=\"1\"/>\n"
                           "    <shape potential=\"-0.001 * (row + col)\"/>\n"
                           "  </reward>\n"
                           "</mdp>\n";

/* A side by side map with scattered walls and pits and one goal, as a specification. */
static char *specification(int side, size_t *size)
{
    size_t length = sizeof head + sizeof tail + (size_t)side * ((size_t)side + 7);
    char *text = malloc(length);
    if (!text)
        exit(1);
    char *p = text + sprintf(text, "%s", head);
    unsigned noise = 12345;
    for (int row = 0; row < side; row++) {
        p += sprintf(p, "      ");
        for (int column = 0; column < side; column++) {
            noise = noise * 1664525u + 1013904223u;
            *p++ = noise >> 24 < 20 ? '#' : noise >> 24 < 23 ? 'C' : '.';
        }
        *p++ = '\n';
    }
    p[-2] = 'G';
    p += sprintf(p, "%s", tail + 1);
    *size = (size_t)(p - text);
    return text;
}

static sx_spec *read_grid(int side)
{
    size_t size = 0;
    sx_error err = SX_NO_ERROR;
    sx_diags *d = NULL;
    sx_spec *spec = NULL;
    char *text = specification(side, &size);
    BENCH_DO(sx_diags_new(&d, &err));
    if (sx_spec_parse("grid.xml", text, size, d, &spec, &err))
        fprintf(stderr, "bench: %s\n", err.msg);
    sx_diags_free(d);
    free(text);
    if (!spec)
        exit(1);
    return spec;
}

static double peak_gigabytes(void)
{
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    return (double)usage.ru_maxrss * 1024 / 1e9;
}

static void reading_a_million(double unit)
{
    double start = bench_now();
    sx_spec *spec = read_grid(1000);
    double seconds = bench_now() - start;
    bench_row("read a 1000x1000 gridworld with two rewards (to a pass over 64 MiB)", seconds,
              "s", seconds / unit);
    bench_row("its states", spec->world->mdp->states, "states", NAN);
    bench_row("peak memory while reading and holding it (to the limit, 1.2 GB)",
              peak_gigabytes(), "GB", peak_gigabytes() / 1.2);
    sx_spec_free(spec);
}

static void distance(const sx_spec *spec, double unit)
{
    sx_error err = SX_NO_ERROR;
    const sx_reward *reward[] = {spec->reward[0].reward, spec->reward[1].reward};
    sx_measure measure = sx_measure_default();
    sx_canon_options o = sx_canon_defaults();
    sx_canoniser *c = NULL;
    sx_number value;
    double start = bench_now();
    BENCH_DO(sx_canoniser_new(spec->world->mdp, &o, &c, &err));
    BENCH_DO(sx_distances(c, reward, 2, &measure, 1, &value, &err));
    double seconds = bench_now() - start;
    sx_canoniser_free(c);
    bench_row("val l2 l2 distance on a 100x100 slippery gridworld (to a pass)", seconds, "s",
              seconds / unit);
}

static void regret(const sx_spec *spec, double unit)
{
    sx_error err = SX_NO_ERROR;
    const sx_mdp *m = spec->world->mdp;
    double *mean[2];
    double possible[2];
    sx_regret_world *w = NULL;
    sx_regret *answer = NULL;
    sx_regret_options o = sx_regret_defaults();
    double start = bench_now();
    for (int i = 0; i < 2; i++) {
        mean[i] = malloc((size_t)m->pairs * sizeof *mean[i]);
        if (!mean[i])
            exit(1);
        sx_reward_mean(m, spec->reward[i].reward, mean[i]);
        possible[i] = sx_reward_max_possible(m, spec->reward[i].reward);
    }
    const double *r[2] = {mean[0], mean[1]};
    BENCH_DO(sx_regret_world_new(m, r, possible, 2, &o, &w, &err));
    BENCH_DO(sx_regret_pair(w, 0, 1, &answer, &err));
    double seconds = bench_now() - start;
    bench_row("regrets on a 100x100 slippery gridworld (to a pass)", seconds, "s",
              seconds / unit);
    bench_row("gap of its certificate (to the tolerance)", answer->gap, "of the range",
              answer->gap / o.tolerance);
    sx_regret_free(answer);
    sx_regret_world_free(w);
    free(mean[0]);
    free(mean[1]);
}

int main(void)
{
    double unit = bench_unit();
    bench_row("one pass a <- a + b / 2 over 64 MiB", unit, "s", 1);
    reading_a_million(unit);
    sx_spec *spec = read_grid(100);
    distance(spec, unit);
    regret(spec, unit);
    sx_spec_free(spec);
    return 0;
}
