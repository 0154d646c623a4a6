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
/* The place of a value that may lie beyond the area, but not by much. */
double sx_i_near_place(const sx_i_axis *a, double value);
/* A rule: x NAN where it is level, y NAN where it is upright. */
bool sx_i_rule_place(const sx_i_chart *c, const sx_layer *l, int64_t i, double *x, double *y);
bool sx_i_bar_box(const sx_i_chart *c, const sx_layer *l, int64_t i, sx_i_box *b);
/* Layers of bars of a chart; *which: how many of them come before l. */
int32_t sx_i_bars_layers(const sx_chart *c, const sx_layer *l, int32_t *which);

/* strip.c: all strips of the chart. */
typedef struct sx_i_dot {
    const sx_layer *layer;
    int64_t index;
    int32_t which, category; /* of the layer; of the axis */
    double place;            /* along the values' axis */
    double offset;           /* from the middle of the category */
} sx_i_dot;

typedef struct sx_i_strips {
    sx_i_chart *c;
    const sx_i_axis *along, *value;
    sx_i_dot *dot; /* [dots] by category, then by value */
    int64_t dots;
    double half; /* of a category's width */
    double size; /* of markers */
} sx_i_strips;

typedef struct sx_i_median {
    int32_t category;
    double middle, place; /* of the category; of the median along the values' axis */
    double value;
} sx_i_median;

/* To be cleared in any case. */
SX_CHECKED sx_status sx_i_strips_find(sx_i_chart *c, sx_i_strips *s, sx_error *err);
void sx_i_strips_clear(sx_i_strips *s);
double sx_i_dot_value(const sx_i_strips *s, const sx_i_dot *d);
/* The median of the next category with more than two dots, from dot *i on; false: no more. */
bool sx_i_strips_median(const sx_i_strips *s, int64_t *i, sx_i_median *m);
SX_CHECKED sx_status sx_i_strips_draw(sx_i_chart *c, sx_i_scene *scene, sx_error *err);

/* Layers are drawn in three passes: what is in the background, then the rest and all strips,
 * then what must be seen. */
int sx_i_layer_pass(const sx_layer *l);

/* scrawl.c: lines as an image; starts as {0}, is put upon the scene and emptied at the end. */
typedef struct sx_i_scrawl {
    int32_t rows, columns;
    uint32_t *pixel; /* [rows*columns] */
    const char *class;
} sx_i_scrawl;
void sx_i_scrawl_layer(sx_i_scrawl *w, const sx_i_chart *c, const sx_layer *l, sx_i_scene *s);
void sx_i_scrawl_put(sx_i_scrawl *w, const sx_i_chart *c, sx_i_scene *s);

/* trace.c: a line, band or area. */
SX_CHECKED sx_status sx_i_trace_draw(sx_i_chart *c, const sx_layer *l, sx_i_scrawl *scrawl,
                                     sx_i_scene *s, sx_error *err);

/* cloud.c: so many marks that each by itself says nothing, and the style allows images. */
bool sx_i_is_crowd(const sx_i_pen *pen, int64_t marks);
/* Marks at xy [2*n] as small dots of the layer's colour. */
void sx_i_spray_draw(sx_i_chart *c, const sx_layer *l, const double *xy, int64_t n,
                     sx_i_scene *s);
/* The same with all points of a layer. */
SX_CHECKED sx_status sx_i_crowd_draw(sx_i_chart *c, const sx_layer *l, sx_i_scene *s,
                                     sx_error *err);
/* Whether a layer of points is shown as an image of their density. */
bool sx_i_layer_is_cloud(const sx_i_pen *pen, const sx_layer *l);
SX_CHECKED sx_status sx_i_cloud_draw(sx_i_chart *c, const sx_layer *l, sx_i_scene *s,
                                     sx_error *err);
/* What the colours of clouds mean, beside the panel: its room, then its picture. */
void sx_i_cloud_key(sx_i_chart *c);
void sx_i_cloud_key_draw(const sx_i_chart *c, sx_i_scene *s);

sx_i_rgb sx_i_layer_colour(const sx_i_pen *pen, const sx_layer *l);
double sx_i_layer_opacity(const sx_layer *l);
double sx_i_marker_size(const sx_layer *l);
double sx_i_line_size(const sx_layer *l);

#endif
