/* SPDX-License-Identifier: GPL-3.0-or-later */
/* chart_int.h - a panel with axes, laid out for an area whose top left corner is (0, 0). */
#ifndef SX_CHART_INT_H
#define SX_CHART_INT_H

#include "plots/space_int.h"

/* Sizes in points, or of the size of the type. */
#define SX_I_TICK    3.0  /* length of a tick */
#define SX_I_GAP     3.0  /* between a tick and its label, a mark and its name */
#define SX_I_CAPITAL 0.36 /* half the height of a capital, of the type */
#define SX_I_UP      0.86 /* what a text reaches above its baseline */
#define SX_I_DOWN    0.30 /* and below it */
#define SX_I_LINE    1.25 /* from one line to the next */
#define SX_I_AXIS    0.6  /* thickness of axes */
#define SX_I_DATA    1.1  /* thickness of lines of data */
#define SX_I_MARKER  4.0  /* size of markers */

/* Markup in lines that fit. */
enum { SX_I_LINES = 2 };
typedef struct sx_i_lines {
    int32_t lines;
    char line[SX_I_LINES][SX_I_LABEL];
    double width; /* of the widest */
} sx_i_lines;

/* An axis of an area. */
typedef struct sx_i_axis {
    const sx_axis *axis;
    bool vertical, names;
    sx_scale scale; /* x: 0 to the width; y: the height to 0 */
    double length;
    sx_ticks ticks;
    char **label;  /* [axis->categories] names as they are shown, owned; NULL without */
    int32_t every; /* category that has a label; 0: none */
    double angle;  /* of the labels */
    double depth;  /* from the axis to the far end of the labels */
    double low_over, high_over; /* of labels beyond the low and the high end of the area */
    sx_i_lines title;
} sx_i_axis;

/* A text at its place. */
typedef struct sx_i_word {
    double x, y, angle, size;
    sx_i_anchor anchor;
    sx_i_rgb colour;
    bool markup;
    const char *class;
    char *text; /* owned */
} sx_i_word;

/* A sample of a series in a legend. */
typedef struct sx_i_key {
    double x, y, width;                   /* the middle of its left end */
    const sx_layer *line, *marker, *fill; /* what it shows; NULL: not */
} sx_i_key;

typedef struct sx_i_chart {
    sx_i_pen *pen;
    const sx_chart *chart;
    sx_i_axis x, y;
    double w, h;
    bool turned; /* bars and whiskers lie */
    sx_i_space space;
    int32_t words, word_room;
    sx_i_word *word;
    int32_t keys;
    sx_i_key *key;
    double key_width;
    bool apart, direct; /* names of series are not, are at the ends of their lines */
    sx_i_room room;
    int64_t hidden; /* marks that are not shown */
    int64_t most;   /* of clouds: the greatest count */
    sx_i_box cloud_key;
    bool failed; /* memory ran out */
} sx_i_chart;

SX_CHECKED sx_status sx_i_chart_plan(sx_i_pen *pen, const sx_panel *p,
                                     const sx_i_panel_frame *frame, double w, double h,
                                     sx_i_chart *c, sx_error *err);
void sx_i_chart_clear(sx_i_chart *c);
/* Its keys and texts, moved by (dx, dy). */
void sx_i_chart_put(const sx_i_chart *c, sx_i_scene *s, double dx, double dy);

/* axes.c */
SX_CHECKED sx_status sx_i_axis_plan(sx_i_pen *pen, sx_i_axis *a, double across, sx_error *err);
void sx_i_axis_clear(sx_i_axis *a);
/* The room that both axes need. */
void sx_i_axes_room(const sx_i_pen *pen, const sx_i_axis *x, const sx_i_axis *y,
                    sx_i_room *room);
void sx_i_axes_draw(sx_i_pen *pen, const sx_i_axis *x, const sx_i_axis *y, sx_i_scene *s);

/* chart_words.c: texts inside a panel. */
/* One more text at its place, copied. */
void sx_i_chart_word(sx_i_chart *c, sx_i_word word);
void sx_i_chart_words(sx_i_chart *c);
void sx_i_chart_note(sx_i_chart *c);

/* legend.c: names of series, at their lines or in a legend. */
void sx_i_chart_legend(sx_i_chart *c);
void sx_i_legend_draw(const sx_i_chart *c, sx_i_scene *s);

/* Tell the space where marks are, and count those that are not shown. */
void sx_i_marks_survey(sx_i_chart *c);
SX_CHECKED sx_status sx_i_marks_draw(sx_i_chart *c, sx_i_scene *s, sx_error *err);

#endif
