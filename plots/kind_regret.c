/* SPDX-License-Identifier: GPL-3.0-or-later */
/* kind_regret.c - worst-case regret over distance. */
#include "plots/kind_regret_int.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LABELLED = 6, VIOLATIONS_NAMED = 5, GROUPS = SX_REGRET_GROUPS };

static const double ROUNDING = 1e-12, SLACK = 1e-9;

/* --- which pairs, and their bounds --- */

static double smaller(double a, double b)
{
    return isnan(a) ? b : isnan(b) ? a : fmin(a, b);
}

static double entry(const double *x, int64_t row)
{
    return x && isfinite(x[row]) ? x[row] : (double)NAN;
}

static sx_status take_dots(sx_i_cloud *w, sx_error *err)
{
    const sx_regret_view *v = w->v;
    for (int64_t i = 0; i < v->n; i++) {
        if (!isfinite(v->distance[i]) || !isfinite(v->regret[i]))
            continue;
        w->dot[w->n++] =
            (sx_i_dot){v->distance[i], v->regret[i],
                       smaller(entry(v->upper, i), entry(v->tight, i)), entry(v->lower, i), i};
        w->x_most = fmax(w->x_most, v->distance[i]);
        w->y_most = fmax(w->y_most, v->regret[i]);
    }
    if (!w->n)
        return sx_fail(err, SX_EINPUT,
                       "no pair has a distance and a regret: there is nothing to draw");
    if (w->n < v->n)
        sx_figure_note(w->f, "%lld pair%s without a distance or a regret %s left out",
                       (long long)(v->n - w->n), v->n - w->n == 1 ? "" : "s",
                       v->n - w->n == 1 ? "is" : "are");
    return SX_OK;
}

/* 0 in place of a number below least; returns whether it was another one. */
static bool drop(double *x, double least)
{
    bool moved = *x != 0 && *x < least;
    if (moved)
        *x = 0;
    return moved;
}

/* Where all distances are rounding, so are the bounds that are a constant times them; but
 * of pairs without a regret alone: no other may be outside because of it. */
static void drop_bounds(sx_i_cloud *w, double least)
{
    for (int64_t i = 0; i < w->n; i++) {
        sx_i_dot *d = &w->dot[i];
        if (d->y != 0)
            continue;
        d->high = d->high < 1e-9 * w->v->unit ? 0 : d->high;
        d->low = fabs(d->low) < least ? 0 : d->low;
    }
}

/* What is rounding becomes 0. */
static void drop_rounding(sx_i_cloud *w)
{
    int64_t moved = 0;
    double x_least = ROUNDING * fmax(w->x_most, w->v->unit);
    double y_least = ROUNDING * fmax(w->y_most, w->v->unit);
    for (int64_t i = 0; i < w->n; i++) {
        bool x = drop(&w->dot[i].x, x_least), y = drop(&w->dot[i].y, y_least);
        moved += x || y;
        w->zeros += w->dot[i].x == 0;
    }
    drop(&w->x_most, x_least);
    drop(&w->y_most, y_least);
    if (!(w->x_most > 0))
        drop_bounds(w, y_least);
    if (moved)
        sx_figure_note(
            w->f, "numbers below 1e-12 of the largest%s are shown as 0 (%lld pair%s)",
            w->x_most > 0 ? "" : ", or of 1,", (long long)moved, moved == 1 ? "" : "s");
}

/* 1: above its upper bound, -1: below its lower one. */
static int violates(const sx_i_cloud *w, const sx_i_dot *d)
{
    double slack = SLACK * fmax(w->y_most, fabs(d->y));
    if (d->y > d->high + slack)
        return 1;
    return d->y < d->low - slack ? -1 : 0;
}

static void count_bounds(sx_i_cloud *w)
{
    for (int64_t i = 0; i < w->n; i++) {
        const sx_i_dot *d = &w->dot[i];
        int side = violates(w, d);
        w->above += side > 0;
        w->below += side < 0;
        w->bounded += !isnan(d->high) || !isnan(d->low);
    }
    w->cap = w->y_most <= 1 + SLACK ? fmax(1, w->y_most) : HUGE_VAL;
}

/* --- dots --- */

bool sx_i_regret_coloured(const sx_i_cloud *w)
{
    return w->v->group && w->v->groups > 1 && w->v->groups <= GROUPS;
}

int32_t sx_i_regret_colour(int32_t group)
{
    static const int32_t colours[GROUPS] = {0, 2, 3, 4}; /* that of violations is not here */
    return colours[group];
}

/* Whether d is a dot of the group (-1: all); what violates has a mark of its own. */
static bool in_group(const sx_i_cloud *w, const sx_i_dot *d, int32_t g)
{
    return !violates(w, d) && (g < 0 || w->v->group[d->row] == g);
}

static void name_dot(sx_i_cloud *w, sx_layer *l, int64_t at, const sx_i_dot *d)
{
    char text[200], truth[80], proxy[80];
    if (!w->v->truth || !w->v->proxy)
        return;
    snprintf(text, sizeof text, "%s \xe2\x86\x92 %s",
             sx_i_kind_short(w->v->proxy[d->row], proxy, sizeof proxy),
             sx_i_kind_short(w->v->truth[d->row], truth, sizeof truth));
    sx_layer_label(w->c, l, at, text);
}

/* The pairs of one group (-1: all) as one layer. */
static void add_dots(sx_i_cloud *w, int32_t g)
{
    static const sx_marker markers[GROUPS] = {SX_MARKER_DISC, SX_MARKER_SQUARE,
                                              SX_MARKER_TRIANGLE, SX_MARKER_DIAMOND};
    int64_t n = 0;
    for (int64_t i = 0; i < w->n; i++)
        n += in_group(w, &w->dot[i], g);
    if (!n)
        return;
    sx_layer *l = sx_i_kind_layer(w->c, SX_LAYER_POINTS, n, g < 0 ? "" : w->v->name[g], "pair",
                                  g < 0 ? 0 : sx_i_regret_colour(g));
    if (l)
        l->marker = g < 0 ? SX_MARKER_DISC : markers[g];
    for (int64_t i = 0, at = 0; l && i < w->n; i++) {
        const sx_i_dot *d = &w->dot[i];
        if (!in_group(w, d, g))
            continue;
        l->x[at] = d->x;
        l->y[at++] = d->y;
        if (w->n <= LABELLED)
            name_dot(w, l, at - 1, d);
    }
}

static void add_groups(sx_i_cloud *w)
{
    bool coloured = sx_i_regret_coloured(w);
    if (!coloured)
        add_dots(w, -1);
    for (int32_t g = 0; coloured && g < w->v->groups; g++)
        add_dots(w, g);
    if (w->v->group && w->v->groups > GROUPS)
        sx_figure_note(w->f, "%d groups are too many for colours of their own",
                       (int)w->v->groups);
}

static void add_violations(sx_i_cloud *w)
{
    int64_t n = w->above + w->below, at = 0;
    sx_layer *l =
        n ? sx_i_kind_layer(w->c, SX_LAYER_POINTS, n, "outside the bounds", "violation", 1)
          : NULL;
    if (!l)
        return;
    l->marker = SX_MARKER_CROSS;
    l->always = true;
    for (int64_t i = 0; i < w->n; i++) {
        const sx_i_dot *d = &w->dot[i];
        if (!violates(w, d))
            continue;
        l->x[at] = d->x;
        l->y[at++] = d->y;
        if (n <= VIOLATIONS_NAMED)
            name_dot(w, l, at - 1, d);
    }
}

/* --- words --- */

/* "12 345": thin spaces between thousands. */
static void count_text(int64_t n, char text[64])
{
    char digits[32];
    size_t used = 0;
    int size = snprintf(digits, sizeof digits, "%lld", (long long)n);
    for (int i = 0; i < size; i++) {
        if (i && (size - i) % 3 == 0 && size > 4)
            used += (size_t)snprintf(text + used, 64 - used, "\xe2\x80\x89");
        text[used++] = digits[i];
    }
    text[used] = '\0';
}

static void write_note(sx_i_cloud *w)
{
    char pairs[64], bad[64];
    int64_t violations = w->above + w->below;
    count_text(w->n, pairs);
    count_text(violations, bad);
    sx_figure_text(w->f, &w->c->note, "%s pair%s%s%s%s", pairs, w->n == 1 ? "" : "s",
                   w->bounded ? "\n" : "",
                   !w->bounded  ? ""
                   : violations ? bad
                                : "none",
                   !w->bounded ? "" : " outside the bounds");
}

/* The median regret of the quarter of the pairs that is nearest, or farthest. */
static double quarter(sx_i_cloud *w, bool far)
{
    int64_t n = w->n, kept = 0;
    for (int64_t i = 0; i < n; i++)
        w->sorted[i] = w->dot[i].x;
    qsort(w->sorted, (size_t)n, sizeof *w->sorted, sx_i_by_value);
    double limit = w->sorted[far ? n - 1 - (n - 1) / 4 : (n - 1) / 4];
    for (int64_t i = 0; i < n; i++)
        if (far ? w->dot[i].x >= limit : w->dot[i].x <= limit)
            w->sorted[kept++] = w->dot[i].y;
    qsort(w->sorted, (size_t)kept, sizeof *w->sorted, sx_i_by_value);
    return sx_i_quantile(w->sorted, kept, 0.5);
}

static void describe(sx_i_cloud *w)
{
    char bounds[200] = "", trend[160] = "", distance[200];
    sx_i_kind_plain(w->f, w->v->x_title, distance, sizeof distance);
    if (w->bounded)
        snprintf(bounds, sizeof bounds,
                 " %lld lie above their upper bound and %lld below their lower one.",
                 (long long)w->above, (long long)w->below);
    if (w->n >= 8)
        snprintf(trend, sizeof trend,
                 " The median regret is %.4g of the nearest quarter of the pairs and %.4g of "
                 "the farthest.",
                 quarter(w, false), quarter(w, true));
    sx_figure_text(w->f, &w->f->description,
                   "Worst-case regret over %s of %lld ordered pair%s of rewards%s%s: "
                   "distances up to %.4g, regrets up to %.4g; %lld at distance 0.%s%s",
                   distance, (long long)w->n, w->n == 1 ? "" : "s", *w->v->title ? ", " : "",
                   w->v->title, w->x_most, w->y_most, (long long)w->zeros, trend, bounds);
}

static void set_axes(sx_i_cloud *w)
{
    sx_chart *c = w->c;
    c->x.scale = w->v->log_x ? SX_SCALE_LOG : SX_SCALE_LINEAR;
    c->y.scale = w->v->log_y ? SX_SCALE_LOG : SX_SCALE_LINEAR;
    if (!w->v->log_x)
        c->x.low = 0;
    if (!w->v->log_y)
        c->y.low = 0;
    sx_figure_text(w->f, &c->x.title, "%s", w->v->x_title);
    sx_figure_text(w->f, &c->y.title, "worst-case regret");
}

static sx_status fill(sx_i_cloud *w, sx_error *err)
{
    sx_status st = take_dots(w, err);
    if (st)
        return st;
    w->c = sx_figure_chart(w->f, "");
    if (!w->c)
        return sx_nomem(err);
    drop_rounding(w);
    count_bounds(w);
    sx_i_regret_slopes(w);
    set_axes(w);
    if (w->n <= SX_REGRET_DENSE) {
        sx_i_regret_intervals(w);
        sx_i_regret_lines(w);
    }
    add_groups(w);
    if (w->n > SX_REGRET_DENSE) { /* an image of the density would hide them */
        sx_i_regret_intervals(w);
        sx_i_regret_lines(w);
    }
    sx_i_regret_bands(w);
    add_violations(w);
    write_note(w);
    describe(w);
    return SX_OK;
}

sx_status sx_figure_regret(const sx_regret_view *v, sx_figure **out, sx_error *err)
{
    sx_i_cloud w = {.v = v, .f = sx_figure_new(v->title)};
    *out = NULL;
    w.dot = sx_alloc((size_t)v->n, sizeof *w.dot);
    w.sorted = sx_alloc((size_t)v->n, sizeof *w.sorted);
    sx_status st = w.f && w.dot && w.sorted ? fill(&w, err) : sx_nomem(err);
    sx_release(w.dot);
    sx_release(w.sorted);
    if (!st)
        return sx_i_kind_done(w.f, out, err);
    sx_figure_free(w.f);
    return st;
}
