/* SPDX-License-Identifier: GPL-3.0-or-later */
/* curve_int.h - numbers over steps, of several runs, as lines with bands.
 *
 * Rows of one series and one x are runs (seeds): the line is their mean, the band its 95 %
 * bootstrap interval (metrics/statistics.h), the pale lines are the runs.  Where each x has
 * one row, the band is the interval of the row. */
#ifndef SX_CURVE_INT_H
#define SX_CURVE_INT_H

#include "plots/kind_int.h"

/* The band of very many steps has this many places; nobody sees more of them. */
enum { SX_I_BAND_PLACES = 400, SX_I_RUNS_SHOWN = 40 };

typedef struct sx_i_row {
    int32_t series, run;
    double x, y;      /* not finite: left out */
    double low, high; /* NAN: none */
} sx_i_row;

typedef struct sx_i_curve {
    int32_t n;                   /* places of x */
    double *x, *mean;            /* [n], x rising */
    int32_t bands;               /* 0: no band */
    double *band_x, *low, *high; /* [bands]; NAN: a gap */
    bool drawn;                  /* the band is of the bootstrap, not of the rows */
    int32_t runs, least, most;   /* different runs; fewest and most runs at one x */
    int32_t rows;
    sx_i_row *row; /* [rows] its finite ones by run, then x */
} sx_i_curve;

/* The curve of one series of row [rows]; without a finite row n is 0.  seed: of the bootstrap.
 * To be cleared in any case.  SX_EINPUT: two rows of one run at one x. */
SX_CHECKED sx_status sx_i_curve_find(const sx_i_row *row, int64_t rows, int32_t series,
                                     uint64_t seed, sx_i_curve *c, sx_error *err);
void sx_i_curve_clear(sx_i_curve *c);

/* How a curve looks, and what it is called. */
typedef struct sx_i_curve_style {
    const char *name, *role;
    const char *const *run; /* names of the runs by number, or NULL */
    int32_t colour;
} sx_i_curve_style;

/* Add it to a chart: band and pale runs, which all curves of a chart have first, then the line,
 * which is NULL where there is nothing, or memory ran out. */
void sx_i_curve_back(sx_chart *chart, const sx_i_curve *c, const sx_i_curve_style *z);
sx_layer *sx_i_curve_line(sx_chart *chart, const sx_i_curve *c, const sx_i_curve_style *z);

/* What bands of several curves are; starts as {0}. */
typedef struct sx_i_bands {
    int32_t least, most; /* runs at one x of those that are of the bootstrap */
    bool given;          /* some are of the rows */
} sx_i_bands;
void sx_i_bands_count(sx_i_bands *b, const sx_i_curve *c);

/* "mean of 3 to 5 runs and its 95 % interval", "" where there is no band. */
void sx_i_bands_text(const sx_i_bands *b, char *text, size_t size);

#endif
