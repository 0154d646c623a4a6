/* SPDX-License-Identifier: GPL-3.0-or-later */
/* script_int.h - a figure laid out for scripts, which write the data and axes of charts in the
 * words of another program, and whatever else is on the page as it stands there. */
#ifndef SX_SCRIPT_INT_H
#define SX_SCRIPT_INT_H

#include "plots/chart_int.h"

/* A chart that is not drawn: its data and axes belong between marks at - 1 and at of the
 * scene.  Names inside it, its legend and note are marks of the scene. */
typedef struct sx_i_view {
    int32_t at;
    sx_i_box area;
    sx_i_chart *chart; /* owned */
} sx_i_view;

typedef struct sx_i_views {
    int32_t views, room;
    sx_i_view *view;
    sx_i_pen pen; /* of all charts */
} sx_i_views;

/* Takes c, also when it fails. */
SX_CHECKED sx_status sx_i_views_add(sx_i_views *v, sx_i_chart *c, sx_i_box area, int32_t at,
                                    sx_error *err);

typedef struct sx_i_script {
    const sx_figure *figure;
    sx_i_fonts *fonts;
    sx_i_scene scene;
    sx_i_views views;
    sx_plot_notes notes;
} sx_i_script;

/* To be cleared in any case. */
SX_CHECKED sx_status sx_i_script_plan(const sx_figure *f, const sx_plot_style *style,
                                      sx_i_script *s, sx_error *err);
void sx_i_script_clear(sx_i_script *s);

/* The layers of a chart in the order of drawing: order [layers] of their numbers. */
void sx_i_script_order(const sx_chart *c, int32_t *order);

/* Whether numbers of an axis can stand as they are in a script: no zeros beside logarithms, no
 * symmetric logarithm.  Else they stand beside their places on the page. */
bool sx_i_axis_plain(const sx_i_axis *a);
/* What a number is on the axis of a script: itself, or its place from the lower or left end of
 * the area, in points; NAN where the axis cannot show it. */
double sx_i_axis_number(const sx_i_axis *a, double value);
/* The ends of the axis of a script. */
void sx_i_axis_ends(const sx_i_axis *a, double *low, double *high);
/* The number (of an axis of a script) at a place of the page, for linear axes and places. */
double sx_i_axis_back(const sx_i_axis *a, double place);
/* It counts from the top down. */
bool sx_i_axis_reversed(const sx_i_axis *a);

/* A marker or line is drawn once for each of these rows of a layer: how many are left out
 * between two, so that at most `most` remain. */
int64_t sx_i_script_step(int64_t n, int64_t most);

/* The colours of the palette that a script names, "ink", "series2", and which one has that
 * colour, NULL for none. */
enum { SX_I_NAMED = SX_COLOURS + 5 };
extern const char *const sx_i_colour_names[SX_I_NAMED];
sx_i_rgb sx_i_colour_named(const sx_i_palette *p, int32_t i);
const char *sx_i_colour_name(const sx_i_palette *p, sx_i_rgb colour);

/* "# " or "% ", and the words of the text in lines of 90 characters. */
void sx_i_script_comment(sx_i_bytes *out, const char *mark, const char *text);

#endif
