/* SPDX-License-Identifier: GPL-3.0-or-later */
/* kind_regret_int.h - what the files of the figure of regrets share. */
#ifndef SX_KIND_REGRET_INT_H
#define SX_KIND_REGRET_INT_H

#include "plots/kind_int.h"
#include "plots/kind_regret.h"

/* A pair that is shown. */
typedef struct sx_i_dot {
    double x, y;
    double high, low; /* its bounds; NAN: none */
    int64_t row;
} sx_i_dot;

enum { SX_I_SLOPES = 3 };

typedef struct sx_i_cloud {
    const sx_regret_view *v;
    sx_figure *f;
    sx_chart *c;
    sx_i_dot *dot; /* [n] by row */
    int64_t n;
    double *sorted; /* [n] workspace */
    double x_most, y_most, cap;
    int64_t zeros, above, below,
        bounded;               /* pairs at distance 0; violations; pairs with a bound */
    int32_t slopes;            /* -1: more than SX_I_SLOPES */
    double slope[SX_I_SLOPES]; /* of the upper bound over the distance, ascending */
    double steepest;           /* of all slopes; 0: none */
} sx_i_cloud;

/* Whether groups have colours, and which. */
bool sx_i_regret_coloured(const sx_i_cloud *w);
int32_t sx_i_regret_colour(int32_t group);

/* kind_regret_bounds.c: lines and intervals. */
void sx_i_regret_slopes(sx_i_cloud *w);
void sx_i_regret_lines(sx_i_cloud *w);
void sx_i_regret_intervals(sx_i_cloud *w);

/* kind_regret_bins.c: quantiles by distance. */
typedef double (*sx_i_part)(const sx_i_dot *d);
enum { SX_I_BINS = 20, SX_I_BIN_LEAST = 5 };
/* x [SX_I_BINS] = middles of the bins, out [SX_I_BINS] = the q-quantile of part in each, NAN in
 * those of fewer than SX_I_BIN_LEAST. */
void sx_i_regret_quantile(sx_i_cloud *w, sx_i_part part, double q, double *x, double *out);
void sx_i_regret_bands(sx_i_cloud *w);

/* The q-quantile of sorted x [n], n > 0, by linear interpolation. */
double sx_i_quantile(const double *x, int64_t n, double q);
int sx_i_by_value(const void *a, const void *b);

#endif
