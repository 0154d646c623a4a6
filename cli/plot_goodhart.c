/* SPDX-License-Identifier: GPL-3.0-or-later */
/* plot_goodhart.c - plot: the true return while a proxy is optimised. */
#include <string.h>

#include "cli/verb_frontier.h"
#include "cli/verb_plot.h"
#include "plots/kind_goodhart.h"

typedef struct work {
    int32_t truth, count;
    int32_t proxy[SX_GOODHART_MOST];
    sx_frontier_answer answer[SX_GOODHART_MOST];
} work;

/* --true, and without --proxy all other rewards if a figure has room for them. */
static sx_status choose(sx_cli *c, work *w, sx_error *err)
{
    const char *truth = c->o.text[SX_OPT_TRUE];
    int32_t others = c->spec->rewards - 1;
    sx_status st = SX_OK;
    if (c->o.text[SX_OPT_PROXY] || others < 2 || others > SX_GOODHART_MOST) {
        w->count = 1;
        return sx_plot_pair(c, &w->truth, &w->proxy[0], err);
    }
    w->truth = sx_cli_usual_truth(c->spec);
    if (truth)
        st = sx_cli_reward(c, "--true", truth, &w->truth, err);
    for (int32_t i = 0; !st && i < c->spec->rewards; i++)
        if (i != w->truth)
            w->proxy[w->count++] = i;
    return st;
}

static sx_status compute(sx_cli *c, work *w, sx_error *err)
{
    sx_status st = SX_OK;
    for (int32_t i = 0; i < w->count && !st; i++) {
        w->answer[i].truth = w->truth;
        w->answer[i].proxy = w->proxy[i];
        st = sx_frontier_prepare(c, &w->answer[i], err);
        if (!st)
            st = sx_frontier_compute(c, &w->answer[i], err);
    }
    return st;
}

static sx_status fill(sx_cli *c, const work *w, sx_figure **figure, sx_error *err)
{
    const char *x = c->o.text[SX_OPT_X];
    const char *name[SX_GOODHART_MOST];
    const sx_frontier *frontier[SX_GOODHART_MOST];
    bool pressure = x && !strcmp(x, "pressure");
    if (x && !pressure && strcmp(x, "level") != 0)
        return sx_cli_fail(c, "E505", err, "goodhart goes by --x level or --x pressure, not %s",
                           x);
    for (int32_t i = 0; i < w->count; i++) {
        name[i] = c->spec->reward[w->proxy[i]].id;
        frontier[i] = w->answer[i].frontier;
    }
    const sx_goodhart_view v = {
        sx_cli_title(c), c->spec->reward[w->truth].id, w->count, name, frontier, pressure};
    return sx_figure_goodhart(&v, figure, err);
}

sx_status sx_plot_goodhart(sx_cli *c, sx_figure **figure, sx_error *err)
{
    work w = {0};
    sx_status st = sx_cli_read(c, err);
    if (!st)
        st = choose(c, &w, err);
    if (!st)
        st = compute(c, &w, err);
    if (!st)
        st = fill(c, &w, figure, err);
    for (int32_t i = 0; i < w.count; i++)
        sx_frontier_clear(&w.answer[i]);
    return st;
}
