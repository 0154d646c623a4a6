/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tikz_axis_int.h - axes of pgfplots, and numbers on them. */
#ifndef SX_TIKZ_AXIS_INT_H
#define SX_TIKZ_AXIS_INT_H

#include "plots/script_int.h"
#include "plots/tikz_int.h"

/* An environment `axis` over the area; named: with its lines, ticks, labels and titles. */
void sx_i_tikz_axis_begin(const sx_i_tikz *t, const sx_i_view *v, bool named);
void sx_i_tikz_axis_end(const sx_i_tikz *t);
/* The strokes where a slot of zeros is apart. */
void sx_i_tikz_breaks(const sx_i_tikz *t, const sx_i_view *v);

/* Whether TeX can do with the numbers of an axis as they are: there are five digits to tell two
 * places apart. */
bool sx_i_tikz_plain(const sx_i_axis *a);
/* The number at a place; that of a value, which may be far beyond the axis. */
double sx_i_tikz_back(const sx_i_axis *a, double place);
double sx_i_tikz_value(const sx_i_axis *a, double value);
/* The end of a bar or limit: within the axis. */
double sx_i_tikz_end(const sx_i_axis *a, double value);
/* A number of that axis as text. */
void sx_i_tikz_put(sx_i_bytes *out, const sx_i_axis *a, double number);

#endif
