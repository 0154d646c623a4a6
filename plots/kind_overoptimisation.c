/* SPDX-License-Identifier: GPL-3.0-or-later */
/* kind_overoptimisation.c - over-optimisation as a figure. */
#include "plots/kind_overoptimisation.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>

#include "plots/curve_int.h"

enum { PROXY, TRUTH };

double sx_best_of_n_kl(double n)
{
    return fmax(0, log(n) - (n - 1) / n);
}

/* What a figure is being made of. */
typedef struct work {
    const sx_overoptimisation_view *v;
    sx_figure *f;
    sx_i_row *row[2]; /* [rows] of proxy and truth */
    int64_t left_out;
    char peak[900]; /* in words */
    sx_i_bands bands;
} work;

/* --- rows --- */

static double place(const sx_overoptimisation_view *v, double x)
{
    double kl = v->kl || v->axis == SX_PRESSURE_N ? x : sx_best_of_n_kl(x);
    return v->axis == SX_PRESSURE_SQRT_KL ? sqrt(kl) : kl;
}

static double at(const double *x, int64_t i)
{
    return x ? x[i] : (double)NAN;
}

static bool is_missing(const sx_overoptimisation_view *v, int64_t i)
{
    return !isfinite(v->x[i]) || !isfinite(v->proxy[i]) || !isfinite(v->truth[i]);
}

static sx_i_row row_of(const sx_overoptimisation_view *v, int64_t i)
{
    return (sx_i_row){.series = v->model ? v->model[i] : 0,
                      .run = v->seed ? v->seed[i] : 0,
                      .x = place(v, v->x[i])};
}

static sx_status fill_rows(work *w, sx_error *err)
{
    const sx_overoptimisation_view *v = w->v;
    int least = v->kl ? 0 : 1;
    for (int64_t i = 0; i < v->rows; i++) {
        if (v->x[i] < least)
            return sx_fail(err, SX_EINPUT, "%s is %g: it begins at %d", v->kl ? "KL" : "n",
                           v->x[i], least);
        sx_i_row r = row_of(v, i);
        r.y = v->proxy[i];
        r.low = at(v->proxy_low, i);
        r.high = at(v->proxy_high, i);
        w->row[PROXY][i] = r;
        r.y = v->truth[i];
        r.low = at(v->truth_low, i);
        r.high = at(v->truth_high, i);
        w->row[TRUTH][i] = r;
        w->left_out += is_missing(v, i);
    }
    return SX_OK;
}

/* --- the peak --- */

static void say(work *w, const char *format, ...) SX_FORMAT(2, 3);

static void say(work *w, const char *format, ...)
{
    va_list args;
    size_t used = 0;
    while (w->peak[used])
        used++;
    va_start(args, format);
    vsnprintf(w->peak + used, sizeof w->peak - used, format, args);
    va_end(args);
}

static void add_peak(work *w, sx_chart *c, const sx_i_curve *truth, const char *model)
{
    static const char *const name[] = {"n", "KL", "\xe2\x88\x9aKL"};
    const char *what = name[w->v->axis];
    int32_t best = 0, last = truth->n - 1;
    char text[80], who[64];
    model = sx_i_kind_short(model, who, sizeof who);
    if (truth->n < 2)
        return;
    for (int32_t i = 1; i <= last; i++)
        if (truth->mean[i] > truth->mean[best])
            best = i;
    if (best == last) {
        say(w, " %s%s true value is greatest at the end, %s = %.4g.", model,
            *model ? ": the" : "The", what, truth->x[last]);
        return;
    }
    say(w, " %s%s true value is greatest, %.4g, at %s = %.4g and ends at %.4g.", model,
        *model ? ": the" : "The", truth->mean[best], what, truth->x[best], truth->mean[last]);
    sx_layer *rule = sx_i_kind_layer(c, SX_LAYER_RULES, 1, "peak", "peak", SX_COLOUR_GREY);
    sx_layer *ring = sx_i_kind_layer(c, SX_LAYER_POINTS, 1, "peak", "peak", 0);
    if (!rule || !ring)
        return;
    rule->x[0] = ring->x[0] = truth->x[best];
    rule->y[0] = (double)NAN;
    ring->y[0] = truth->mean[best];
    rule->dash = SX_DASH_DOTTED;
    ring->marker = SX_MARKER_RING;
    ring->always = ring->unnamed = rule->unnamed = true;
    snprintf(text, sizeof text, "%s%s = %.3g", *model ? "" : "true value peaks, ", what,
             truth->x[best]);
    sx_layer_label(c, rule, 0, text);
}

/* --- panels --- */

static void title_axes(const work *w, sx_chart *c)
{
    static const char *const titles[] = {"best of n", "KL from the start (nats)",
                                         "\xe2\x88\x9aKL from the start (nats^{1/2})"};
    sx_figure_text(w->f, &c->x.title, "%s%s", titles[w->v->axis],
                   w->v->axis != SX_PRESSURE_N && !w->v->kl ? ", of n" : "");
    sx_figure_text(w->f, &c->y.title, "value");
    if (w->v->axis == SX_PRESSURE_N)
        c->x.scale = SX_SCALE_LOG;
}

static void draw_curves(work *w, sx_chart *c, const sx_i_curve curve[2])
{
    static const char *const role[] = {"proxy", "true"};
    for (int i = 0; i < 4; i++) { /* what is behind first */
        int k = i % 2;
        const sx_i_curve_style z = {role[k], role[k], w->v->seed_name, k == PROXY};
        sx_layer *l = NULL;
        if (i < 2)
            sx_i_curve_back(c, &curve[k], &z);
        else
            l = sx_i_curve_line(c, &curve[k], &z);
        if (l && k == PROXY)
            l->dash = SX_DASH_DASHED;
    }
}

static sx_status add_curves(work *w, sx_chart *c, int32_t model, const char *name,
                            sx_error *err)
{
    sx_i_curve curve[2] = {{0}, {0}};
    sx_status st = SX_OK;
    for (int k = 0; k < 2 && !st; k++)
        st = sx_i_curve_find(w->row[k], w->v->rows, model, w->v->draws, &curve[k], err);
    if (!st) {
        draw_curves(w, c, curve);
        add_peak(w, c, &curve[TRUTH], name);
        sx_i_bands_count(&w->bands, &curve[PROXY]);
        sx_i_bands_count(&w->bands, &curve[TRUTH]);
    }
    for (int k = 0; k < 2; k++)
        sx_i_curve_clear(&curve[k]);
    return st;
}

static sx_status add_panels(work *w, sx_error *err)
{
    const sx_overoptimisation_view *v = w->v;
    sx_status st = SX_OK;
    for (int32_t i = 0; i < v->models && !st; i++) {
        char title[SX_I_MARKUP] = "";
        if (v->models > 1)
            sx_markup_escape(v->name[i], title, sizeof title);
        sx_chart *c = sx_figure_chart(w->f, title);
        if (!c)
            return sx_nomem(err);
        title_axes(w, c);
        st = add_curves(w, c, i, v->models > 1 ? v->name[i] : "", err);
    }
    return st;
}

static sx_status fill(work *w, sx_error *err)
{
    const sx_overoptimisation_view *v = w->v;
    sx_status st = fill_rows(w, err);
    if (!st && w->left_out == v->rows)
        st = sx_fail(err, SX_EINPUT,
                     "no row has a number for x, proxy and true: there is "
                     "nothing to draw");
    if (!st)
        st = add_panels(w, err);
    if (st)
        return st;
    char band[120];
    sx_i_bands_text(&w->bands, band, sizeof band);
    sx_figure_text(w->f, &w->f->panel[0]->chart->note, "%s", band);
    w->f->share_x = w->f->share_y = v->models > 1;
    if (w->left_out)
        sx_figure_note(w->f, "%lld row%s without a number left out", (long long)w->left_out,
                       w->left_out == 1 ? "" : "s");
    if (v->axis != SX_PRESSURE_N && !v->kl)
        sx_figure_note(w->f, "KL = ln n - (n-1)/n, which is an upper bound where scores tie");
    sx_figure_text(w->f, &w->f->description,
                   "Proxy and true value against %s, %lld row%s%s%s.%s",
                   v->axis == SX_PRESSURE_N    ? "n of best-of-n"
                   : v->axis == SX_PRESSURE_KL ? "the divergence KL from the start, in nats"
                                               : "the square root of the divergence KL",
                   (long long)(v->rows - w->left_out), v->rows - w->left_out == 1 ? "" : "s",
                   *band ? "; " : "", band, w->peak);
    return SX_OK;
}

sx_status sx_figure_overoptimisation(const sx_overoptimisation_view *v, sx_figure **out,
                                     sx_error *err)
{
    work w = {.v = v, .f = sx_figure_new(v->title)};
    *out = NULL;
    for (int k = 0; k < 2; k++)
        w.row[k] = sx_alloc((size_t)v->rows, sizeof *w.row[k]);
    sx_status st = w.f && w.row[PROXY] && w.row[TRUTH] ? SX_OK : sx_nomem(err);
    if (!st && (v->models < 1 || v->models > SX_OVEROPTIMISATION_MODELS))
        st = sx_fail(err, SX_EINPUT, "a figure has panels for up to %d models, not %d",
                     SX_OVEROPTIMISATION_MODELS, (int)v->models);
    if (!st)
        st = fill(&w, err);
    sx_release(w.row[PROXY]);
    sx_release(w.row[TRUTH]);
    if (!st)
        return sx_i_kind_done(w.f, out, err);
    sx_figure_free(w.f);
    return st;
}
