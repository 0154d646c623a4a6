/* SPDX-License-Identifier: GPL-3.0-or-later */
/* ticks.h - which numbers an axis shows, and how they are written. */
#ifndef SX_TICKS_H
#define SX_TICKS_H

#include "mdp/base.h"

#ifdef __cplusplus
extern "C" {
#endif

enum { SX_TICKS_MOST = 24, SX_MINORS_MOST = 256 };

/* The labels are different from each other, in ascending order, UTF-8, with a true minus sign.
 * A number is its label times 10^exponent. */
typedef struct sx_ticks {
    int32_t ticks;
    double value[SX_TICKS_MOST];   /* ascending, finite */
    char label[SX_TICKS_MOST][32]; /* "" for a tick without one */
    int exponent;                  /* taken out of all labels; 0: none was */
    int32_t minors;
    double minor[SX_MINORS_MOST]; /* ticks without labels, ascending */
} sx_ticks;

/* low <= high become a range that an axis can show: a constant c is shown from c - |c|/2 to
 * c + |c|/2, and 0 from -1 to 1.  A range counts as constant below 1e-12 of its larger end, or
 * below 1e-300. */
void sx_range_widen(double *low, double *high);

/* The same for a logarithmic axis, SX_LOG_LEAST <= low <= high: a constant c, to 1e-9, is shown
 * from c / 2 to 3 c / 2. */
#define SX_LOG_LEAST 1e-290
void sx_range_widen_log(double *low, double *high);

/* About `wanted` (2 to 12) round numbers for low..high, finite, low <= high: the sequence
 * start, start + step, ... of the greatest
 *     0.25 simplicity + 0.2 coverage + 0.5 density + 0.05 legibility
 * (Talbot, Lin and Hanrahan 2010; every format is equally legible).  The first and last number
 * may lie beyond the range.  SX_EARG. */
SX_CHECKED sx_status sx_ticks_linear(double low, double high, int32_t wanted, sx_ticks *t,
                                     sx_error *err);

/* The same without those beyond the range: more are asked for until two are left, so that there
 * can be more than wanted.  A constant range is widened first. */
SX_CHECKED sx_status sx_ticks_inside(double low, double high, int32_t wanted, sx_ticks *t,
                                     sx_error *err);

/* Ticks of a logarithmic axis, SX_LOG_LEAST <= low <= high: powers of ten inside the range,
 * every second, third ... one where there are too many; 1, 2, 5 times a power of ten where
 * there is less than two of them, and round numbers where even these are too far apart.
 * SX_EARG. */
SX_CHECKED sx_status sx_ticks_log(double low, double high, int32_t wanted, sx_ticks *t,
                                  sx_error *err);

/* Ticks of a symmetric logarithmic axis, linear between -threshold and threshold, at
 * least SX_LOG_LEAST: 0 and powers
 * of ten of both signs that are at least the threshold, inside low..high; round numbers where
 * that gives fewer than three.  SX_EARG. */
SX_CHECKED sx_status sx_ticks_symlog(double low, double high, double threshold, int32_t wanted,
                                     sx_ticks *t, sx_error *err);

#ifdef __cplusplus
}
#endif
#endif
