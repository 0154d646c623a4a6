/* SPDX-License-Identifier: GPL-3.0-or-later */
/* progress.c - one line on a terminal while something takes long. */
#include "cli/cli.h"

#include <inttypes.h>
#include <time.h>
#include <unistd.h>

#define PATIENCE 0.7 /* seconds before the first line */
#define PERIOD   0.1 /* seconds between two */

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

void sx_progress_start(sx_progress *p, const sx_cli *c, const char *what, int64_t all)
{
    bool shown = !c->o.given[SX_OPT_QUIET] && fileno(c->err) >= 0 && isatty(fileno(c->err));
    *p = (sx_progress){shown ? c->err : NULL, now(), 0, what, all, 0};
}

void sx_progress_step(sx_progress *p)
{
    double t;
    p->done++;
    if (!p->err)
        return;
    t = now();
    if (t - p->from < PATIENCE || t - p->last < PERIOD)
        return;
    p->last = t;
    fprintf(p->err, "\r%" PRId64 " of %" PRId64 " %s", p->done, p->all, p->what);
    fflush(p->err);
}

void sx_progress_end(sx_progress *p)
{
    if (p->err && p->last > 0) {
        fputs("\r\033[K", p->err);
        fflush(p->err);
    }
    p->err = NULL;
}
