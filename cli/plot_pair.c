/* SPDX-License-Identifier: GPL-3.0-or-later */
/* plot_pair.c - plot: the two rewards that a figure compares. */
#include "cli/verb_frontier.h"
#include "cli/verb_plot.h"

sx_status sx_plot_pair(sx_cli *c, int32_t *truth, int32_t *proxy, sx_error *err)
{
    sx_frontier_answer a = {0};
    sx_status st = sx_frontier_choose(c, &a, err);
    *truth = a.truth;
    *proxy = a.proxy;
    return st;
}
