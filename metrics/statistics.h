/* SPDX-License-Identifier: GPL-3.0-or-later */
/* statistics.h - the mean of a number over groups, and how far it can be trusted.
 *
 * Percentile bootstrap (Efron 1979): the members of a group are drawn with replacement, as
 * many as it has, SX_RESAMPLES times; the interval lies between the 2.5 % and the 97.5 %
 * quantile of the means.  Of two groups both are drawn, independently, and a member brings
 * all its numbers along: the numbers of one member are not independent of each other. */
#ifndef SX_STATISTICS_H
#define SX_STATISTICS_H

#include "mdp/base.h"

#ifdef __cplusplus
extern "C" {
#endif

enum { SX_RESAMPLES = 10000 };

/* One side of a comparison: so many members, drawn from that stream of random numbers; a
 * negative stream: not drawn, every member counts once. */
typedef struct sx_sample {
    int32_t members;
    int64_t stream;
} sx_sample;

typedef struct sx_interval {
    double mean;
    double lo, hi;      /* lo <= mean <= hi; NAN with a reason */
    const char *reason; /* NULL, or static: why there is no interval */
} sx_interval;

/* value [rows.members * columns.members], row by row, all finite.  A group of one member has
 * a mean and no interval.  The draws depend on seed and stream only: not on the number of
 * threads, nor on the other side.  SX_EARG, SX_EMEM. */
SX_CHECKED sx_status sx_bootstrap_mean(const double *value, sx_sample rows, sx_sample columns,
                                       uint64_t seed, sx_interval *out, sx_error *err);

#ifdef __cplusplus
}
#endif
#endif
