/* SPDX-License-Identifier: GPL-3.0-or-later */
/* bar_int.h - the colour bar beside the cells of a figure, and what its colours mean.
 *
 * Numbers are shown with three digits of the largest one; when that is below 0.1 or above 999
 * a power of ten is taken out and named in the label. */
#ifndef SX_BAR_INT_H
#define SX_BAR_INT_H

#include "plots/plots_int.h"

typedef struct sx_i_bar {
    bool diverging;   /* colours symmetric about 0; else from low to high */
    double low, high; /* limits, in units of 10^exponent; 0 is between them */
    int exponent;     /* the power of ten that is taken out */
    int decimals;     /* of numbers in cells */
    double tick;      /* between ticks */
    int tick_decimals;
    double tick_width; /* of the widest tick label */
    char label[256];
    double label_width;
    bool label_below; /* it is too long to stand beside the bar */
} sx_i_bar;

/* Where a bar stands: beside cells that end at x, from y on, and the width of the page. */
typedef struct sx_i_bar_place {
    double x, y, height, page;
} sx_i_bar_place;

/* Limits from the least and the greatest value, with 0 between them; sets exponent and
 * decimals. */
void sx_i_bar_range(sx_i_bar *b, double low, double high);

/* value / 10^exponent, also where that power is no double. */
double sx_i_bar_scaled(const sx_i_bar *b, double value);

/* The colour of a value that is scaled. */
sx_i_rgb sx_i_bar_colour(const sx_i_bar *b, double value);

/* The label, with the power of ten in raised digits; text is shorter than 224 bytes. */
void sx_i_bar_label(sx_i_bar *b, sx_i_fonts *f, const char *text);

/* Ticks for a bar of that height. */
void sx_i_bar_ticks(sx_i_bar *b, sx_i_fonts *f, double height);

/* Width of all that stands right of the cells. */
double sx_i_bar_space(const sx_i_bar *b);

void sx_i_bar_draw(const sx_i_bar *b, sx_i_fonts *f, sx_i_scene *s, sx_i_bar_place at);

#endif
