/* SPDX-License-Identifier: GPL-3.0-or-later */
/* chart.h - a panel with axes as data: layers of marks, one upon the other. */
#ifndef SX_CHART_H
#define SX_CHART_H

#include "plots/scale.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct sx_figure sx_figure; /* figure.h, which also says what markup is */

typedef enum sx_layer_kind {
    SX_LAYER_POINTS, /* marks at (x, y), with whiskers from low to high where these are given;
                        many of them are drawn as a density */
    SX_LAYER_LINE,   /* from point to point in their order, interrupted where y is NAN */
    SX_LAYER_BAND,   /* between low and high over x, interrupted likewise */
    SX_LAYER_AREA,   /* the closed outline through the points, filled lightly */
    SX_LAYER_BARS,   /* from 0 (or the axis' lower end) to y at the category x, whiskers
                        likewise; layers of bars of one chart stand beside each other */
    SX_LAYER_STRIP,  /* points at the category x, spread sideways so that all can be seen, and
                        a short line at their median */
    SX_LAYER_ARROWS, /* from (x, y) to (low, high) */
    SX_LAYER_RULES,  /* lines across the panel: at y, or at x where y is NAN */
    SX_LAYER_WORDS   /* label[i] at (x, y) */
} sx_layer_kind;

enum { SX_COLOURS = 6, SX_COLOUR_INK = -1, SX_COLOUR_GREY = -2 };
typedef enum sx_marker {
    SX_MARKER_DISC,
    SX_MARKER_SQUARE,
    SX_MARKER_TRIANGLE,
    SX_MARKER_DIAMOND,
    SX_MARKER_CROSS,
    SX_MARKER_PLUS,
    SX_MARKER_DOWN, /* a triangle on its head */
    SX_MARKER_RING,
    SX_MARKERS
} sx_marker;
typedef enum sx_dash { SX_DASH_SOLID, SX_DASH_DASHED, SX_DASH_DOTTED, SX_DASH_MIXED } sx_dash;

typedef struct sx_layer {
    sx_layer_kind kind;
    char *name;       /* in a legend, at the line, in the table; "" for none */
    const char *role; /* static: its class in SVG, e.g. "bound", "violation"; never NULL */
    int64_t n;
    double *x, *y;      /* [n] */
    double *low, *high; /* [n] or NULL */
    char **label;       /* [n] of words, or beside points, or NULL */
    int32_t colour;     /* 0..SX_COLOURS-1 in order of use, or SX_COLOUR_... */
    sx_marker marker;
    sx_dash dash;
    double size;  /* points: of markers, thickness of lines; 0: usual */
    bool unnamed; /* no entry in the legend */
    bool always;  /* on top, and never as a density; more than 5000 as small dots */
    bool light;   /* in the background: thin and pale, e.g. single runs beside their mean */
} sx_layer;

typedef struct sx_axis {
    char *title; /* markup; "" for none */
    sx_scale_kind scale;
    double threshold;   /* of symlog */
    double low, high;   /* both NAN: from the data; one NAN: that end */
    int32_t categories; /* > 0: the axis counts 0, 1, ... and shows these names */
    char **category;
    bool upwards; /* y of categories: the first at the bottom, else on top */
} sx_axis;

typedef struct sx_chart {
    sx_figure *figure;
    sx_axis x, y;
    int32_t layers;
    sx_layer **layer; /* in the order of drawing */
    bool square;      /* one unit is as long in x as in y */
    char *note;       /* in a corner of the panel, markup; lines split by \n; "" none */
} sx_chart;

/* A layer of n marks of a chart, x and y allocated (0), colour by the number of layers so
 * far; low and high with `limits`, label with `labels`. */
sx_layer *sx_chart_layer(sx_chart *c, sx_layer_kind kind, int64_t n, const char *name);
void sx_layer_limits(sx_chart *c, sx_layer *l);
void sx_layer_label(sx_chart *c, sx_layer *l, int64_t i, const char *text);
void sx_axis_category(sx_chart *c, sx_axis *a, const char *name); /* one more */

#ifdef __cplusplus
}
#endif
#endif
