/* SPDX-License-Identifier: GPL-3.0-or-later */
/* ramp_int.h - what numbers look like in cells: as a colour, as digits, and the bar beside the
 * cells that says which colour is which number.
 *
 * Numbers are shown with three digits of the largest one, or with fewer where fewer say it
 * exactly; when the largest is below 0.1 or above 999 a power of ten is taken out and named at
 * the bar.  Exactly 0 is white and written "0"; below 1e-12
 * of the largest one a number is white, too, and the smallest other number has a colour that
 * can be told from white. */
#ifndef SX_RAMP_INT_H
#define SX_RAMP_INT_H

#include "plots/panel_int.h"

typedef struct sx_i_ramp {
    bool diverging;   /* colours symmetric about 0: as asked, or below 0 */
    double low, high; /* limits, in units of 10^exponent; 0 is between them */
    int exponent;     /* the power of ten that is taken out */
    int decimals;     /* of numbers in cells */
} sx_i_ramp;

/* Limits from the least and the greatest number, with 0 between them, and the digits of
 * value [n], where NAN is left out. */
void sx_i_ramp_init(sx_i_ramp *r, bool diverging, double low, double high, const double *value,
                    size_t n);

/* value / 10^exponent, also where that power is no double. */
double sx_i_ramp_scaled(const sx_i_ramp *r, double value);

/* The colour of a value, which is not NAN, and its digits. */
sx_i_rgb sx_i_ramp_colour(const sx_i_ramp *r, double value);
void sx_i_ramp_digits(const sx_i_ramp *r, double value, char text[32]);

/* Width of the widest of the numbers at type size 1. */
double sx_i_ramp_widest(const sx_i_ramp *r, sx_i_fonts *f, const double *value, size_t n);

/* The bar beside an area: ticks, and a label beside it or, where it is too long, in lines
 * below. */
enum { SX_I_BAR_LINES = 3 };
typedef struct sx_i_bar_plan {
    double text;   /* size of the type */
    double height; /* of the bar: that of the area, or more where this is low */
    sx_ticks ticks;
    double tick_width;                      /* of the widest tick label */
    int32_t lines;                          /* of the label below; 0: it stands beside */
    char label[SX_I_BAR_LINES][SX_I_LABEL]; /* markup */
} sx_i_bar_plan;

/* label: markup. */
SX_CHECKED sx_status sx_i_bar_plan_make(sx_i_bar_plan *b, const sx_i_ramp *r, sx_i_pen *pen,
                                        const char *label, sx_i_box area, sx_error *err);
/* Room right of the area, and below it for the label. */
double sx_i_bar_right(const sx_i_bar_plan *b);
double sx_i_bar_below(const sx_i_bar_plan *b);
/* below: where the lines of the label begin, under the area and what else is there. */
void sx_i_bar_put(const sx_i_bar_plan *b, const sx_i_ramp *r, const sx_i_pen *pen,
                  sx_i_scene *s, sx_i_box area, double below);

#endif
