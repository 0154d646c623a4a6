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

/* As many bins as have 30 pairs each, on average. */
static int bins_of(const sx_i_cloud *w)
{
    int64_t bins = w->n / 30;
    return bins > SX_I_BINS ? SX_I_BINS : bins < 5 ? 5 : (int)bins;
}

/* The bin of x, or -1. */
static int bin_of(const sx_i_cloud *w, double x, double low, double high)
{
    int bins = bins_of(w);
    double p = place(w, x);
    if (isnan(p) || !(high > low))
        return -1;
    int bin = (int)(bins * ((p - low) / (high - low)));
    return bin < bins ? bin : bins - 1;
}

/* Sort the numbers of the pairs in a bin into w->sorted; returns how many there are. */
static int64_t collect(sx_i_cloud *w, sx_i_part part, int bin, double low, double high)
{
    int64_t n = 0;
    for (int64_t i = 0; i < w->n; i++) {
        double y = part(&w->dot[i]);
        if (!isnan(y) && bin_of(w, w->dot[i].x, low, high) == bin)
            w->sorted[n++] = y;
    }
    qsort(w->sorted, (size_t)n, sizeof *w->sorted, sx_i_by_value);
    return n;
}

/* A number without a neighbour would be a dot, which looks like a pair. */
static void drop_lonely(double *y)
{
    bool before = false;
    for (int i = 0; i < SX_I_BINS; i++) {
        bool here = !isnan(y[i]), after = i + 1 < SX_I_BINS && !isnan(y[i + 1]);
        if (here && !before && !after)
            y[i] = (double)NAN;
        before = here;
    }
}

void sx_i_regret_quantile(sx_i_cloud *w, sx_i_part part, double q, double *x, double *out)
{
    double low, high;
    int bins = bins_of(w);
    range(w, &low, &high);
    for (int i = 0; i < SX_I_BINS; i++) {
        int bin = i < bins ? i : bins - 1; /* the others are empty, in the place of the last */
        double middle = low + (high - low) * (bin + 0.5) / bins;
        int64_t n = i < bins ? collect(w, part, bin, low, high) : 0;
        x[i] = w->v->log_x ? pow(10, middle) : middle;
        out[i] = n < SX_I_BIN_LEAST ? (double)NAN : sx_i_quantile(w->sorted, n, q);
        if (w->v->log_y && !(out[i] > 0))
            out[i] = (double)NAN;
    }
    drop_lonely(out);
}

static double regret_of(const sx_i_dot *d)
{
    return d->y;
}

static void fill_line(sx_layer *l, const double *x, const double *y)
{
    for (int i = 0; l && i < SX_I_BINS; i++) {
        l->x[i] = x[i];
        l->y[i] = y[i];
    }
}

/* The outer quantiles as a band. */
static void add_area(sx_i_cloud *w, const double *x, const double *low, const double *high)
{
    sx_layer *l = sx_i_kind_layer(w->c, SX_LAYER_BAND, SX_I_BINS, "", "band", SX_COLOUR_GREY);
    sx_layer_limits(w->c, l);
    if (!l || !l->low || !l->high)
        return;
    l->unnamed = true;
    fill_line(l, x, low);
    for (int i = 0; i < SX_I_BINS; i++) {
        l->low[i] = low[i];
        l->high[i] = high[i];
    }
}

/* One of them as a line, where a density would hide the band. */
static void add_edge(sx_i_cloud *w, const double *x, const double *y)
{
    sx_layer *l = sx_i_kind_layer(w->c, SX_LAYER_LINE, SX_I_BINS, "", "band", SX_COLOUR_INK);
    if (!l)
        return;
    l->unnamed = true;
    l->dash = SX_DASH_DOTTED;
    fill_line(l, x, y);
}

void sx_i_regret_bands(sx_i_cloud *w)
{
    double x[SX_I_BINS], y[3][SX_I_BINS];
    static const double q[3] = {0.05, 0.5, 0.95};
    if (w->n < SX_REGRET_MANY || !(w->x_most > 0))
        return;
    for (int k = 0; k < 3; k++)
        sx_i_regret_quantile(w, regret_of, q[k], x, y[k]);
    if (w->n <= SX_REGRET_DENSE) {
        add_area(w, x, y[0], y[2]);
    } else {
        add_edge(w, x, y[0]);
        add_edge(w, x, y[2]);
    }
    fill_line(sx_i_kind_layer(w->c, SX_LAYER_LINE, SX_I_BINS, "median, 5 to 95 %", "median",
                              SX_COLOUR_INK),
              x, y[1]);
}
