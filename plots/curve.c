/* SPDX-License-Identifier: GPL-3.0-or-later */
/* curve.c - numbers over steps, of several runs, as lines with bands. */
#include "plots/curve_int.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "metrics/statistics.h"

static int order(double a, double b)
{
    return (a > b) - (a < b);
}

static int by_place(const void *a, const void *b)
{
    const sx_i_row *p = a, *q = b;
    int place = order(p->x, q->x);
    return place ? place : (p->run > q->run) - (p->run < q->run);
}

static int by_run(const void *a, const void *b)
{
    const sx_i_row *p = a, *q = b;
    int run = (p->run > q->run) - (p->run < q->run);
    return run ? run : order(p->x, q->x);
}

void sx_i_curve_clear(sx_i_curve *c)
{
    sx_release(c->x);
    sx_release(c->mean);
    sx_release(c->band_x);
    sx_release(c->low);
    sx_release(c->high);
    sx_release(c->row);
    *c = (sx_i_curve){0};
}

/* --- rows --- */

static bool is_shown(const sx_i_row *r, int32_t series)
{
    return r->series == series && isfinite(r->x) && isfinite(r->y);
}

static sx_status take_rows(const sx_i_row *row, int64_t rows, int32_t series, sx_i_curve *c,
                           sx_error *err)
{
    int64_t count = 0;
    for (int64_t i = 0; i < rows; i++)
        count += is_shown(&row[i], series);
    c->row = sx_alloc((size_t)count, sizeof *c->row);
    if (count > INT32_MAX || !c->row)
        return sx_nomem(err);
    for (int64_t i = 0; i < rows; i++)
        if (is_shown(&row[i], series))
            c->row[c->rows++] = row[i];
    qsort(c->row, (size_t)c->rows, sizeof *c->row, by_place);
    return SX_OK;
}

/* The end of the rows from i on that have its x. */
static int32_t end_of(const sx_i_curve *c, int32_t i)
{
    int32_t end = i + 1;
    while (end < c->rows && c->row[end].x == c->row[i].x)
        end++;
    return end;
}

static sx_status average(sx_i_curve *c, sx_error *err)
{
    c->x = sx_alloc((size_t)c->rows, sizeof *c->x);
    c->mean = sx_alloc((size_t)c->rows, sizeof *c->mean);
    if (!c->x || !c->mean)
        return sx_nomem(err);
    for (int32_t i = 0, end; i < c->rows; i = end) {
        double mean = 0;
        end = end_of(c, i);
        for (int32_t j = i; j < end; j++) {
            if (j > i && c->row[j].run == c->row[j - 1].run)
                return sx_fail(err, SX_EINPUT,
                               "two rows are for the same place, %g: rows of different runs "
                               "need a column seed",
                               c->row[i].x);
            mean += (c->row[j].y - mean) / (j - i + 1);
        }
        c->x[c->n] = c->row[i].x;
        c->mean[c->n++] = mean;
        c->most = end - i > c->most ? end - i : c->most;
        c->least = i == 0 || end - i < c->least ? end - i : c->least;
    }
    return SX_OK;
}

/* --- the band --- */

/* The interval of the rows from i to end. */
static sx_status interval(const sx_i_curve *c, int32_t i, int32_t end, uint64_t seed,
                          double *value, double limit[2], sx_error *err)
{
    sx_interval mean;
    limit[0] = limit[1] = (double)NAN;
    if (end - i == 1 && c->most == 1) {
        limit[0] = c->row[i].low;
        limit[1] = c->row[i].high;
    }
    if (end - i == 1)
        return SX_OK;
    for (int32_t j = i; j < end; j++)
        value[j - i] = c->row[j].y;
    sx_status st =
        sx_bootstrap_mean(value, (sx_sample){end - i, 0}, (sx_sample){1, -1}, seed, &mean, err);
    if (!st && !mean.reason) {
        limit[0] = mean.lo;
        limit[1] = mean.hi;
    }
    return st;
}

static bool has_band(const sx_i_curve *c)
{
    bool any = c->most > 1;
    for (int32_t i = 0; i < c->rows && !any; i++)
        any = isfinite(c->row[i].low) && isfinite(c->row[i].high);
    return any;
}

/* Whether place i of n is one that the band has: all, or evenly spread ones with both ends. */
static bool is_chosen(const sx_i_curve *c, int32_t i)
{
    if (c->most == 1 || c->n <= SX_I_BAND_PLACES)
        return true;
    int64_t n = c->n - 1, places = SX_I_BAND_PLACES - 1;
    return i == n || (int64_t)i * places / n != ((int64_t)i - 1) * places / n || i == 0;
}

static sx_status fill_band(sx_i_curve *c, uint64_t seed, double *value, sx_error *err)
{
    sx_status st = SX_OK;
    for (int32_t i = 0, end, place = 0; i < c->rows && !st; i = end, place++) {
        double limit[2];
        end = end_of(c, i);
        if (!is_chosen(c, place))
            continue;
        st = interval(c, i, end, seed, value, limit, err);
        bool known = isfinite(limit[0]) && isfinite(limit[1]);
        c->band_x[c->bands] = c->row[i].x;
        c->low[c->bands] = known ? fmin(limit[0], limit[1]) : (double)NAN;
        c->high[c->bands++] = known ? fmax(limit[0], limit[1]) : (double)NAN;
    }
    return st;
}

static sx_status make_band(sx_i_curve *c, uint64_t seed, sx_error *err)
{
    if (!has_band(c))
        return SX_OK;
    double *value = sx_alloc((size_t)c->most, sizeof *value);
    c->band_x = sx_alloc((size_t)c->n, sizeof *c->band_x);
    c->low = sx_alloc((size_t)c->n, sizeof *c->low);
    c->high = sx_alloc((size_t)c->n, sizeof *c->high);
    c->drawn = c->most > 1;
    sx_status st = value && c->band_x && c->low && c->high ? fill_band(c, seed, value, err)
                                                           : sx_nomem(err);
    sx_release(value);
    return st;
}

sx_status sx_i_curve_find(const sx_i_row *row, int64_t rows, int32_t series, uint64_t seed,
                          sx_i_curve *c, sx_error *err)
{
    *c = (sx_i_curve){0};
    sx_status st = take_rows(row, rows, series, c, err);
    if (!st)
        st = average(c, err);
    if (!st)
        st = make_band(c, seed, err);
    if (st)
        return st;
    qsort(c->row, (size_t)c->rows, sizeof *c->row, by_run);
    for (int32_t i = 0; i < c->rows; i++)
        c->runs += i == 0 || c->row[i].run != c->row[i - 1].run;
    return SX_OK;
}

/* --- layers --- */

static void draw_band(sx_chart *chart, const sx_i_curve *c, const sx_i_curve_style *z)
{
    sx_layer *l = sx_i_kind_layer(chart, SX_LAYER_BAND, c->bands, z->name, z->role, z->colour);
    sx_layer_limits(chart, l);
    for (int32_t i = 0; l && l->low && l->high && i < c->bands; i++) {
        l->x[i] = c->band_x[i];
        l->low[i] = c->low[i];
        l->high[i] = c->high[i];
        l->y[i] = c->low[i] + (c->high[i] - c->low[i]) / 2;
    }
    if (l)
        l->unnamed = true;
}

static void draw_run(sx_chart *chart, const sx_i_row *row, int32_t n, const sx_i_curve_style *z)
{
    char name[200], series[96], run[96];
    snprintf(name, sizeof name, "%s%s%s", sx_i_kind_short(z->name, series, sizeof series),
             z->run && *z->name ? ", " : "",
             sx_i_kind_short(z->run ? z->run[row->run] : "", run, sizeof run));
    sx_layer *l = sx_i_kind_layer(chart, n > 1 ? SX_LAYER_LINE : SX_LAYER_POINTS, n, name,
                                  z->role, z->colour);
    for (int32_t i = 0; l && i < n; i++) {
        l->x[i] = row[i].x;
        l->y[i] = row[i].y;
    }
    if (l)
        l->light = l->unnamed = true;
}

static void draw_runs(sx_chart *chart, const sx_i_curve *c, const sx_i_curve_style *z)
{
    for (int32_t i = 0, end; i < c->rows; i = end) {
        for (end = i + 1; end < c->rows && c->row[end].run == c->row[i].run;)
            end++;
        draw_run(chart, &c->row[i], end - i, z);
    }
}

void sx_i_curve_back(sx_chart *chart, const sx_i_curve *c, const sx_i_curve_style *z)
{
    if (c->bands > 1)
        draw_band(chart, c, z);
    if (c->n > 1 && c->runs > 1 && c->runs <= SX_I_RUNS_SHOWN)
        draw_runs(chart, c, z);
}

sx_layer *sx_i_curve_line(sx_chart *chart, const sx_i_curve *c, const sx_i_curve_style *z)
{
    sx_layer_kind kind = c->n > 1 ? SX_LAYER_LINE : SX_LAYER_POINTS;
    sx_layer *l = c->n ? sx_i_kind_layer(chart, kind, c->n, z->name, z->role, z->colour) : NULL;
    for (int32_t i = 0; l && i < c->n; i++) {
        l->x[i] = c->x[i];
        l->y[i] = c->mean[i];
    }
    if (l && c->n == 1 && c->bands == 1 && isfinite(c->low[0])) {
        sx_layer_limits(chart, l);
        if (l->low && l->high) {
            l->low[0] = c->low[0];
            l->high[0] = c->high[0];
        }
    }
    return l;
}

void sx_i_bands_count(sx_i_bands *b, const sx_i_curve *c)
{
    b->given |= c->bands && !c->drawn;
    if (!c->drawn)
        return;
    b->least = b->most && b->least < c->least ? b->least : c->least;
    b->most = b->most > c->most ? b->most : c->most;
}

void sx_i_bands_text(const sx_i_bands *b, char *text, size_t size)
{
    char runs[32];
    snprintf(runs, sizeof runs, b->least < b->most ? "%d to %d" : "%d",
             (int)(b->least < b->most ? b->least : b->most), (int)b->most);
    if (b->most)
        snprintf(text, size, "mean of %s runs and its 95 %% interval", runs);
    else
        snprintf(text, size, "%s", b->given ? "band: the interval that the table gives" : "");
}
