/* SPDX-License-Identifier: GPL-3.0-or-later */
/* scale.h - from numbers to places on a page, and back to the ticks that say so. */
#ifndef SX_SCALE_H
#define SX_SCALE_H

#include "plots/ticks.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef enum sx_scale_kind { SX_SCALE_LINEAR, SX_SCALE_LOG, SX_SCALE_SYMLOG } sx_scale_kind;

/* A scale reaches from `from` to `to` on the page; to < from where the page counts downwards.
 *   linear   evenly
 *   log      by log10; numbers that are exactly 0 stand apart in a slot of their own at the
 *            start, before a break, so that none is lost and none is moved to a small number
 *   symlog   x / threshold up to the threshold, log10(|x| / threshold) + 1 with x's sign beyond
 */
typedef struct sx_scale {
    sx_scale_kind kind;
    double low, high; /* numbers at the ends; of log: > 0 */
    double threshold; /* of symlog */
    bool zeros;       /* of log: there is a slot */
    double slot;      /* its length on the page, >= 0 */
    double from, to;
} sx_scale;

/* A scale for n finite numbers, on the page from 0 to 1 until somebody says otherwise: their
 * range, and 3 % more at either end that is not 0.  log: numbers below 0, or between 0 and
 * SX_LOG_LEAST, are refused; all zero is shown as 0 beside an axis from 0.1 to 1.  threshold is
 * of symlog, else 0.  n = 0: from 0 to 1, log from 0.1 to 1.  SX_EARG. */
SX_CHECKED sx_status sx_scale_fit(sx_scale_kind kind, const double *x, int64_t n,
                                  double threshold, sx_scale *s, sx_error *err);

/* Place of x; NAN for what the scale cannot show: below 0 of log, 0 without a slot. */
double sx_scale_place(const sx_scale *s, double x);

/* The ticks of s, about `wanted` of them, all between low and high; the 0 of a slot first. */
SX_CHECKED sx_status sx_scale_ticks(const sx_scale *s, int32_t wanted, sx_ticks *t,
                                    sx_error *err);

#ifdef __cplusplus
}
#endif
#endif
