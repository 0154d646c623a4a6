/* SPDX-License-Identifier: GPL-3.0-or-later */
/* kind_regret_bounds.c - bounds on regret as lines over the distance, or pair by pair. */
#include "plots/kind_regret_int.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LINE_POINTS = 65 };

static const double ALIKE = 1e-4; /* tables have as few as six digits */

/* --- slopes --- */

/* Slopes that differ by rounding alone are one. */
static bool is_new(const sx_i_cloud *w, double slope)
{
    for (int32_t i = 0; i < w->slopes; i++)
        if (fabs(w->slope[i] - slope) <= ALIKE * slope)
            return false;
    return true;
}

void sx_i_regret_slopes(sx_i_cloud *w)
{
    const double *upper = w->v->upper;
    w->slopes = 0;
    for (int64_t i = 0; upper && i < w->n; i++) {
        const sx_i_dot *d = &w->dot[i];
        double slope = upper[d->row] / d->x;
        if (!(d->x > 0) || !isfinite(slope) || !(slope > 0))
            continue;
        w->steepest = fmax(w->steepest, slope);
        if (w->slopes >= 0 && is_new(w, slope)) {
            if (w->slopes == SX_I_SLOPES)
                w->slopes = -1;
            else
                w->slope[w->slopes++] = slope;
        }
    }
    if (w->slopes > 1)
        qsort(w->slope, (size_t)w->slopes, sizeof *w->slope, sx_i_by_value);
}

/* --- lines --- */

static double least_positive(const sx_i_cloud *w)
{
    double least = w->x_most;
    for (int64_t i = 0; i < w->n; i++)
        if (w->dot[i].x > 0)
            least = fmin(least, w->dot[i].x);
    return least;
}

static bool has_slope(const sx_i_cloud *w, const sx_i_dot *d, double slope)
{
    return d->x > 0 && fabs(w->v->upper[d->row] / d->x - slope) <= ALIKE * slope;
}

/* Of all pairs of that slope: the group in *group, or -1; returns the truth, or "". */
static const char *owner_of(const sx_i_cloud *w, double slope, int32_t *group)
{
    const sx_regret_view *v = w->v;
    bool grouped = sx_i_regret_coloured(w), named = v->truth != NULL;
    int64_t first = -1;
    for (int64_t i = 0; i < w->n; i++) {
        int64_t row = w->dot[i].row;
        if (!has_slope(w, &w->dot[i], slope))
            continue;
        first = first < 0 ? row : first;
        grouped = grouped && v->group[row] == v->group[first];
        named = named && strcmp(v->truth[row], v->truth[first]) == 0;
    }
    *group = grouped && first >= 0 ? v->group[first] : -1;
    return named && first >= 0 ? v->truth[first] : "";
}

/* min(cap, slope x) from the first to the last distance, with a point at the corner. */
static void trace(const sx_i_cloud *w, double slope, sx_layer *l)
{
    double from = w->v->log_x ? least_positive(w) : 0, corner = w->cap / slope;
    for (int i = 0; l && i < LINE_POINTS; i++) {
        double t = (double)i / (LINE_POINTS - 2);
        double x =
            w->v->log_x ? from * pow(w->x_most / from, t) : from + t * (w->x_most - from);
        l->x[i] = i == LINE_POINTS - 1 ? w->x_most : x;
    }
    if (l && corner > from && corner < w->x_most)
        l->x[LINE_POINTS - 1] = corner;
    if (l)
        qsort(l->x, LINE_POINTS, sizeof *l->x, sx_i_by_value);
    for (int i = 0; l && i < LINE_POINTS; i++) {
        l->y[i] = fmin(w->cap, slope * l->x[i]);
        if (w->v->log_y && !(l->y[i] > 0))
            l->y[i] = (double)NAN;
    }
}

static void add_line(sx_i_cloud *w, double slope, const char *name, sx_dash dash,
                     int32_t colour)
{
    sx_layer *l = sx_i_kind_layer(w->c, SX_LAYER_LINE, LINE_POINTS, name, "bound", colour);
    if (l)
        l->dash = dash;
    trace(w, slope, l);
}

void sx_i_regret_lines(sx_i_cloud *w)
{
    char name[200], owner[120];
    if (w->slopes < 0)
        add_line(w, w->steepest, "upper bound of all", SX_DASH_DASHED, SX_COLOUR_INK);
    for (int32_t i = 0; i < w->slopes && w->x_most > 0; i++) {
        int32_t group;
        const char *truth = owner_of(w, w->slope[i], &group);
        const char *of = w->slopes > 1 ? group >= 0 ? w->v->name[group] : truth : "";
        snprintf(name, sizeof name, "upper bound%s%s", *of ? ", " : "",
                 sx_i_kind_short(of, owner, sizeof owner));
        add_line(w, w->slope[i], name, (sx_dash)(i + 1),
                 group >= 0 ? sx_i_regret_colour(group) : SX_COLOUR_INK);
    }
}

/* --- intervals --- */

static double high_of(const sx_i_dot *d)
{
    return d->high;
}

static double low_of(const sx_i_dot *d)
{
    return d->low;
}

/* A line through the medians of one side; "": no entry in the legend. */
static void median_line(sx_i_cloud *w, sx_i_part part, const char *name)
{
    double x[SX_I_BINS], y[SX_I_BINS];
    sx_i_regret_quantile(w, part, 0.5, x, y);
    bool any = false;
    for (int i = 0; i < SX_I_BINS; i++)
        any = any || !isnan(y[i]);
    sx_layer *l =
        any ? sx_i_kind_layer(w->c, SX_LAYER_LINE, SX_I_BINS, name, "bound", SX_COLOUR_GREY)
            : NULL;
    if (l) {
        l->dash = SX_DASH_DASHED;
        l->unnamed = !*name;
    }
    for (int i = 0; l && i < SX_I_BINS; i++) {
        l->x[i] = x[i];
        l->y[i] = fmin(y[i], w->cap);
        if (isnan(y[i]))
            l->y[i] = y[i];
    }
}

/* One line for each pair, from its lower to its upper bound. */
static void pair_lines(sx_i_cloud *w)
{
    sx_layer *l = sx_i_kind_layer(w->c, SX_LAYER_LINE, 3 * w->n, "bounds of each pair",
                                  "interval", SX_COLOUR_GREY);
    if (l)
        l->light = true;
    for (int64_t i = 0; l && i < w->n; i++) {
        const sx_i_dot *d = &w->dot[i];
        bool both = !isnan(d->low) && !isnan(d->high);
        double low = w->v->log_y && !(d->low > 0) ? d->y : d->low;
        for (int64_t j = 3 * i; j < 3 * i + 3; j++) {
            l->x[j] = d->x;
            l->y[j] = (double)NAN;
        }
        if (!both || (w->v->log_y && !(low > 0)))
            continue;
        l->y[3 * i] = low;
        l->y[3 * i + 1] = fmin(d->high, w->cap);
    }
}

void sx_i_regret_intervals(sx_i_cloud *w)
{
    if (!w->bounded || (!w->v->lower && w->slopes > 0 && !w->v->tight))
        return;
    if (w->n <= SX_REGRET_FEW) {
        pair_lines(w);
        return;
    }
    bool upper = w->v->tight || w->slopes < 0;
    if (upper)
        median_line(w, high_of, w->v->lower ? "both bounds, median" : "upper bound, median");
    if (w->v->lower)
        median_line(w, low_of, upper ? "" : "lower bound, median");
}
