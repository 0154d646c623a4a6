/* SPDX-License-Identifier: GPL-3.0-or-later */
/* marks_int.h - places and looks of the marks of a chart's layers. */
#ifndef SX_MARKS_INT_H
#define SX_MARKS_INT_H

#include "plots/chart_int.h"

/* The place of mark i of l; false where it is not shown. */
bool sx_i_mark_place(const sx_i_chart *c, const sx_layer *l, int64_t i, double *x, double *y);
/* The place of a number as the end of a bar, whisker or band: at the end of the axis where it
 * lies beyond. */
double sx_i_end_place(const sx_i_axis *a, double value);
/* A rule: x NAN where it is level, y NAN where it is upright. */
bool sx_i_rule_place(const sx_i_chart *c, const sx_layer *l, int64_t i, double *x, double *y);
bool sx_i_bar_box(const sx_i_chart *c, const sx_layer *l, int64_t i, sx_i_box *b);
/* Layers of bars of a chart; *which: how many of them come before l. */
int32_t sx_i_bars_layers(const sx_chart *c, const sx_layer *l, int32_t *which);

sx_i_rgb sx_i_layer_colour(const sx_i_pen *pen, const sx_layer *l);
double sx_i_layer_opacity(const sx_layer *l);
double sx_i_marker_size(const sx_layer *l);
double sx_i_line_size(const sx_layer *l);

#endif
