/* SPDX-License-Identifier: GPL-3.0-or-later */
/* panel_int.h - what the layout of a figure asks of its panels.
 *
 * A panel has an area for its data and needs room round it: for names, ticks, a colour bar.
 * The layout asks for the room, lines the areas of a column and of a row up, and has them
 * drawn. */
#ifndef SX_PANEL_INT_H
#define SX_PANEL_INT_H

#include "plots/figure.h"
#include "plots/plots_int.h"

typedef struct sx_i_box {
    double x, y, w, h;
} sx_i_box;

/* Room beside a panel's area. */
typedef struct sx_i_room {
    double left, right, top, bottom;
} sx_i_room;

/* What all panels of a figure share. */
typedef struct sx_i_pen {
    const sx_figure *figure;
    const sx_plot_style *style;
    sx_i_fonts *fonts;
    sx_i_palette palette;
    sx_plot_notes *notes; /* never NULL */
    double text;          /* size of the type */
} sx_i_pen;

/* Which of its surroundings a panel draws, and in which ranges. */
typedef struct sx_i_panel_frame {
    bool x_names, y_names; /* ticks with labels, and titles */
    bool bar;              /* a colour bar of its own */
    bool unnamed;          /* no names of series, no key of a map: the figure has them */
    bool apart;            /* names of series are never at the ends of their lines */
    bool direct;           /* answer: they are */
    bool ranges;           /* the ranges below hold, not those of the panel's data */
    sx_scale x, y;
    double colour_low, colour_high;
    double width;       /* of the page, a panel's share */
    double least_angle; /* of the names of columns, so that matrices in a row are alike */
    double angle;       /* answer: the one that the matrix alone would have */
} sx_i_panel_frame;

/* Height of the area divided by its width, between 1/25 and 25; 0: free. */
double sx_i_heat_shape(const sx_heat *m);
double sx_i_gridmap_shape(const sx_gridmap *g);

/* The greatest width of the area that makes it easier to read. */
double sx_i_heat_most(const sx_heat *m, double text);
double sx_i_gridmap_most(const sx_gridmap *g, double text);

/* The room that is needed about an area of w * h; drawing with the same area later fits. */
SX_CHECKED sx_status sx_i_chart_room(sx_i_pen *pen, const sx_panel *p, sx_i_panel_frame *frame,
                                     double w, double h, sx_i_room *room, sx_error *err);
SX_CHECKED sx_status sx_i_heat_room(sx_i_pen *pen, const sx_panel *p, sx_i_panel_frame *frame,
                                    double w, double h, sx_i_room *room, sx_error *err);
SX_CHECKED sx_status sx_i_gridmap_room(sx_i_pen *pen, const sx_panel *p,
                                       const sx_i_panel_frame *frame, double w, double h,
                                       sx_i_room *room, sx_error *err);

/* Draw the panel with its data in the area. */
SX_CHECKED sx_status sx_i_chart_draw(sx_i_pen *pen, const sx_panel *p,
                                     const sx_i_panel_frame *frame, sx_i_box area,
                                     sx_i_scene *s, sx_error *err);
SX_CHECKED sx_status sx_i_heat_draw(sx_i_pen *pen, const sx_panel *p,
                                    const sx_i_panel_frame *frame, sx_i_box area, sx_i_scene *s,
                                    sx_error *err);
SX_CHECKED sx_status sx_i_gridmap_draw(sx_i_pen *pen, const sx_panel *p,
                                       const sx_i_panel_frame *frame, sx_i_box area,
                                       sx_i_scene *s, sx_error *err);

/* Least and greatest value that a matrix or gridworld gives a colour; false without any. */
bool sx_i_heat_range(const sx_heat *m, double *low, double *high);
bool sx_i_gridmap_range(const sx_gridmap *g, double *low, double *high);

/* Height of the area divided by its width where one unit is as long in x as in y, between 1/4
 * and 4; 0: free. */
double sx_i_chart_shape(const sx_chart *c, const sx_scale *x, const sx_scale *y);

/* Bars and whiskers lie: categories are counted in y. */
bool sx_i_chart_turned(const sx_chart *c);

/* Whether the figure and the style can be drawn.  SX_EARG: why not. */
SX_CHECKED sx_status sx_i_figure_valid(const sx_figure *f, const sx_plot_style *style,
                                       sx_error *err);

/* The range of the data of one axis; 'x' or 'y'. */
SX_CHECKED sx_status sx_i_chart_scale(const sx_chart *const *chart, int32_t charts, char axis,
                                      sx_scale *s, sx_error *err);

/* Markup in lines of that width: returns how many, at most `most`; what does not fit the last
 * one is cut with an ellipsis. */
enum { SX_I_LABEL = 512 };
int32_t sx_i_markup_wrap(sx_i_fonts *f, const char *markup, double size, double width,
                         int32_t most, char (*line)[SX_I_LABEL]);
/* A line of those that was cut. */
bool sx_i_markup_cut(const char *line);

/* Add a note, once. */
void sx_i_note(sx_plot_notes *notes, const char *format, ...) SX_FORMAT(2, 3);

/* The whole figure as a display list; its size is chosen here. */
SX_CHECKED sx_status sx_i_figure_scene(const sx_figure *f, const sx_plot_style *style,
                                       sx_i_fonts *fonts, sx_i_scene *s, sx_plot_notes *notes,
                                       sx_error *err);

/* Files other than pictures.  data.c, gnuplot.c, tikz.c. */
SX_CHECKED sx_status sx_i_figure_csv(const sx_figure *f, sx_i_bytes *out, sx_error *err);
SX_CHECKED sx_status sx_i_figure_gnuplot(const sx_figure *f, const sx_plot_style *style,
                                         sx_i_bytes *out, sx_error *err);
/* notes: what is thinned, added. */
SX_CHECKED sx_status sx_i_figure_tikz(const sx_figure *f, const sx_plot_style *style,
                                      sx_i_bytes *out, sx_plot_notes *notes, sx_error *err);

#endif
