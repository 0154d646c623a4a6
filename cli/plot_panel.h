/* SPDX-License-Identifier: GPL-3.0-or-later */
/* plot_panel.h - numbers of pairs and states as panels: on the map of a gridworld, else as
 * matrices. */
#ifndef SX_PLOT_PANEL_H
#define SX_PLOT_PANEL_H

#include "cli/plot_map.h"
#include "plots/kind_pairs.h"

typedef struct sx_plot_panels {
    sx_figure *figure;
    bool map;           /* on a gridworld */
    sx_state_rows rows; /* else */
} sx_plot_panels;

/* What the panels of f have in common, for the numbers pair [n] each [K] that will be on them:
 * in worlds of more than 200 states the 40 whose numbers are largest become rows, with a note.
 * Clear it in any case. */
SX_CHECKED sx_status sx_plot_panels_start(sx_cli *c, sx_figure *f, const double *const *pair,
                                          int32_t n, sx_plot_panels *out, sx_error *err);
void sx_plot_panels_clear(sx_plot_panels *p);

/* What is rounding beside the largest number, or beside `of`, becomes 0. */
void sx_plot_panel_clean(double *x, int32_t n, double of);

/* One more panel with numbers of pairs [K] / of states [S].  title, bar: markup. */
SX_CHECKED sx_status sx_plot_panel_pairs(sx_cli *c, sx_plot_panels *p, const char *title,
                                         const char *bar, const double *pair, sx_error *err);
SX_CHECKED sx_status sx_plot_panel_states(sx_cli *c, sx_plot_panels *p, const char *title,
                                          const char *bar, const double *state, sx_error *err);

#endif
