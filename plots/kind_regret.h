/* SPDX-License-Identifier: GPL-3.0-or-later */
/* kind_regret.h - figure: worst-case regret over distance, one dot a pair of rewards.
 *
 *     dots           ordered pairs; by group in its colour where there are up to four
 *     lines          the upper bounds min(1, K d): one for each K, of more than three K the
 *                    greatest, which holds for all pairs
 *     grey lines     what the bounds leave to each pair, up to SX_REGRET_FEW of them; of more
 *                    the median of the bounds by distance
 *     band, line     5 to 95 % of the regrets by distance and their median, of many pairs
 *     crosses        pairs outside their bounds, each of them, and last
 *
 * Distances and regrets below 1e-12 of the largest, or of the unit, are rounding and shown as
 * 0; on logarithmic axes zeros stand apart. */
#ifndef SX_KIND_REGRET_H
#define SX_KIND_REGRET_H

#include "plots/figure.h"

#ifdef __cplusplus
extern "C" {
#endif

enum { SX_REGRET_FEW = 60, SX_REGRET_MANY = 100, SX_REGRET_DENSE = 5000, SX_REGRET_GROUPS = 4 };

typedef struct sx_regret_view {
    const char *title;                       /* of the document */
    const char *x_title;                     /* markup: which distance */
    int64_t n;                               /* pairs */
    const double *distance, *regret;         /* [n] >= 0, NAN: this pair is left out */
    const double *upper;                     /* [n] bound by the distance; NAN: none; or NULL */
    const double *tight;                     /* [n] a smaller upper bound; or NULL */
    const double *lower;                     /* [n] or NULL */
    const char *const *truth, *const *proxy; /* [n] names, or NULL */
    const int32_t *group;                    /* [n] or NULL */
    int32_t groups;
    const char *const *name; /* [groups] */
    bool log_x, log_y;
    double unit; /* 1: distances of divided rewards, regrets as shares; 0: not known */
} sx_regret_view;

/* *out: owned by the caller; NULL on failure.  Cost O(n log n).  SX_EINPUT: no pair has both
 * numbers; SX_EMEM. */
SX_CHECKED sx_status sx_figure_regret(const sx_regret_view *v, sx_figure **out, sx_error *err);

#ifdef __cplusplus
}
#endif
#endif
