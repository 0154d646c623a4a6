/* SPDX-License-Identifier: GPL-3.0-or-later */
/* bench_figures.c - each figure of the gallery as PDF, from the start of the command to its
 * end: wall seconds, the best of three.  Nobody waits for a figure: half a second is the limit.
 */
#include "bench/bench.h"

#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { WORDS = 40, RUNS = 3 };

/* Wall seconds of the command, NAN when it fails. */
static double seconds_of(char *const *word)
{
    int status = 1;
    double start = bench_now();
    pid_t child = fork();
    if (child == 0) {
        execv(word[0], word);
        _exit(127);
    }
    if (child < 0 || waitpid(child, &status, 0) < 0 || status != 0)
        return NAN;
    return bench_now() - start;
}

/* line: NAME INPUT KIND OPTIONS..., as tools/figures.sh lists them. */
static int measure(char *line, char *program, char *output, double unit)
{
    static char plot[] = "plot", to[] = "--output", none[] = "none", alt[] = "--alt",
                quiet[] = "--quiet";
    char *word[WORDS + 8] = {program, plot};
    char *name = strtok(line, " \n"), *w = NULL, row[100];
    double best = INFINITY;
    int n = 2;
    while (n < WORDS && (w = strtok(NULL, " \n")))
        word[n++] = w;
    word[n++] = to;
    word[n++] = output;
    word[n++] = alt;
    word[n++] = none;
    word[n] = quiet;
    for (int run = 0; name && run < RUNS; run++) {
        double seconds = seconds_of(word);
        if (!(seconds > 0))
            return 1;
        best = fmin(best, seconds);
    }
    snprintf(row, sizeof row, "figure %.80s", name ? name : "");
    bench_row(row, best, "s", best / unit);
    return !(best < 0.5);
}

int main(void)
{
    const char *build = getenv("BUILD") ? getenv("BUILD") : "build";
    char program[1000], output[1000], line[2000];
    int failed = 0;
    double unit = bench_unit();
    snprintf(program, sizeof program, "%.900s/sextant", build);
    snprintf(output, sizeof output, "%.900s/bench/figure.pdf", build);
    FILE *list = popen("tools/figures.sh list", "r");
    if (!list)
        return 1;
    while (fgets(line, sizeof line, list))
        if (measure(line, program, output, unit)) {
            fprintf(stderr, "bench: %s fails or takes 0.5 s or more\n", line);
            failed = 1;
        }
    return pclose(list) || failed;
}
