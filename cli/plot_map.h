/* SPDX-License-Identifier: GPL-3.0-or-later */
/* plot_map.h - the gridworld of a specification as a panel of a figure, and numbers on it. */
#ifndef SX_PLOT_MAP_H
#define SX_PLOT_MAP_H

#include "cli/cli.h"
#include "plots/figure.h"

/* *out: one more panel of f with the gridworld: walls, names of cells, where it begins and
 * ends.  title, bar: markup.  E530: the world is no gridworld, or a larger one than a figure
 * has room for. */
SX_CHECKED sx_status sx_plot_map(sx_cli *c, sx_figure *f, const char *title, const char *bar,
                                 sx_gridmap **out, sx_error *err);

/* The numbers of pairs [K] as its wedges; of states [S] as its cells. */
void sx_plot_map_pairs(const sx_cli *c, sx_gridmap *g, const double *pair);
void sx_plot_map_states(const sx_cli *c, sx_gridmap *g, const double *state);

/* The shares of pairs [K] as its arrows; states that end have none. */
void sx_plot_map_arrows(const sx_cli *c, sx_gridmap *g, const double *share);

#endif
