/* SPDX-License-Identifier: GPL-3.0-or-later */
/* kind_regret_bins.c - quantiles of regrets and bounds over bins of distance that are equally
 * wide on the page. */
#include "plots/kind_regret_int.h"

#include <math.h>
#include <stdlib.h>

int sx_i_by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

double sx_i_quantile(const double *x, int64_t n, double q)
{
    double at = q * (double)(n - 1);
    int64_t i = (int64_t)at;
    if (i >= n - 1)
        return x[n - 1];
    return x[i] + (at - (double)i) * (x[i + 1] - x[i]);
}

/* Where x is on the page; NAN: in no bin. */
static double place(const sx_i_cloud *w, double x)
{
    if (!w->v->log_x)
        return x;
    return x > 0 ? log10(x) : (double)NAN;
}

static void range(const sx_i_cloud *w, double *low, double *high)
{
    *low = HUGE_VAL;
    *high = -HUGE_VAL;
    for (int64_t i = 0; i < w->n; i++) {
        double p = place(w, w->dot[i].x);
        if (!isnan(p)) {
            *low = fmin(*low, p);
            *high = fmax(*high, p);
        }
    }
}

/* The bin of x, or -1. */
static int bin_of(const sx_i_cloud *w, double x, double low, double high)
{
    double p = place(w, x);
    if (isnan(p) || !(high > low))
        return -1;
    int bin = (int)(SX_I_BINS * ((p - low) / (high - low)));
    return bin < SX_I_BINS ? bin : SX_I_BINS - 1;
}

void sx_i_regret_quantile(sx_i_cloud *w, sx_i_part part, double q, double *x, double *out)
{
    double low, high;
    range(w, &low, &high);
    for (int bin = 0; bin < SX_I_BINS; bin++) {
        int64_t n = 0;
        double middle = low + (high - low) * (bin + 0.5) / SX_I_BINS;
        for (int64_t i = 0; i < w->n; i++) {
            double y = part(&w->dot[i]);
            if (bin_of(w, w->dot[i].x, low, high) == bin && !isnan(y))
                w->sorted[n++] = y;
        }
        x[bin] = w->v->log_x ? pow(10, middle) : middle;
        out[bin] = (double)NAN;
        if (n < SX_I_BIN_LEAST)
            continue;
        qsort(w->sorted, (size_t)n, sizeof *w->sorted, sx_i_by_value);
        out[bin] = sx_i_quantile(w->sorted, n, q);
        if (w->v->log_y && !(out[bin] > 0))
            out[bin] = (double)NAN;
    }
}

static double regret_of(const sx_i_dot *d)
{
    return d->y;
}

/* Lines at the quantiles, and a band between them where no density hides it. */
void sx_i_regret_bands(sx_i_cloud *w)
{
    double x[SX_I_BINS], y[3][SX_I_BINS];
    static const double q[3] = {0.05, 0.5, 0.95};
    if (w->n < SX_REGRET_MANY || !(w->x_most > 0))
        return;
    for (int k = 0; k < 3; k++)
        sx_i_regret_quantile(w, regret_of, q[k], x, y[k]);
    sx_layer *band =
        sx_i_kind_layer(w->c, SX_LAYER_BAND, SX_I_BINS, "5 to 95 %", "band", SX_COLOUR_GREY);
    sx_layer *line =
        sx_i_kind_layer(w->c, SX_LAYER_LINE, SX_I_BINS, "median", "median", SX_COLOUR_INK);
    sx_layer_limits(w->c, band);
    if (!band || !line || !band->low || !band->high)
        return;
    for (int i = 0; i < SX_I_BINS; i++) {
        band->x[i] = line->x[i] = x[i];
        band->low[i] = y[0][i];
        band->y[i] = line->y[i] = y[1][i];
        band->high[i] = y[2][i];
    }
}
