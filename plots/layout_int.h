/* SPDX-License-Identifier: GPL-3.0-or-later */
/* layout_int.h - panels in rows and columns on a page. */
#ifndef SX_LAYOUT_INT_H
#define SX_LAYOUT_INT_H

#include "plots/chart_int.h"

enum { SX_I_PANELS = 64 };

/* One panel and what is round it. */
typedef struct sx_i_cell {
    const sx_panel *panel;
    sx_i_panel_frame frame;
    sx_i_room room;
    sx_i_box area;
    double shape; /* height of the area divided by its width; 0: free */
    sx_i_lines title;
    bool direct; /* names stood at the ends of lines in the round before */
} sx_i_cell;

typedef struct sx_i_layout {
    sx_i_pen *pen;
    const sx_figure *figure;
    int32_t cells, rows, columns;
    sx_i_cell *cell;          /* [cells] in rows */
    double left[SX_I_PANELS]; /* room of a column */
    double right[SX_I_PANELS];
    double top[SX_I_PANELS]; /* room of a row */
    double bottom[SX_I_PANELS];
    double over[SX_I_PANELS]; /* of the top: what panels need, and titles above */
    double titles[SX_I_PANELS];
    double width, height;  /* of the page */
    double tallest;        /* it can be, unless the style says how high it is */
    double w;              /* of the areas */
    double h[SX_I_PANELS]; /* of the areas of a row */
    bool legend;           /* one for all, below the panels */
    bool key;              /* the same, of maps */
    double legend_height;
} sx_i_layout;

/* page.c: rows, columns and width of the page, from what is to be shown. */
void sx_i_page_choose(sx_i_layout *l);
/* What area's height a row would have by itself. */
double sx_i_page_height(const sx_i_layout *l, const sx_i_cell *cell, double w);

/* legend.c: the names of the series of a chart in rows of at->w, drawn at (at->x, at->y) unless
 * s is NULL; sets at->h. */
SX_CHECKED sx_status sx_i_legend_row(sx_i_pen *pen, const sx_chart *chart, sx_i_scene *s,
                                     sx_i_box *at, sx_error *err);
/* gridmap_legend.c: the key of all maps likewise, and whether they are of one world. */
SX_CHECKED sx_status sx_i_map_legend(const sx_i_layout *l, sx_i_scene *s, sx_i_box *at,
                                     sx_error *err);
bool sx_i_map_legend_common(const sx_figure *f);
/* All charts have the same names for the same marks, and there is more than one chart. */
bool sx_i_legend_common(const sx_figure *f);

#endif
