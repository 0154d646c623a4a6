/* SPDX-License-Identifier: GPL-3.0-or-later */
/* kind_training.c - distances over training as a figure. */
#include "plots/kind_training.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "plots/curve_int.h"

enum { NAMED = 24 }; /* more lines than this cannot be told apart */

/* What a figure is being made of. */
typedef struct work {
    const sx_training_view *v;
    sx_figure *f;
    sx_i_row *row; /* [rows] of the numbers at hand */
    char words[1100], band[120];
    sx_i_bands bands;
} work;

static double at(const double *x, int64_t i)
{
    return x ? x[i] : (double)NAN;
}

/* Returns how many rows have a number. */
static int64_t fill_rows(work *w, const sx_training_numbers *n)
{
    const sx_training_view *v = w->v;
    int64_t count = 0;
    for (int64_t i = 0; i < v->rows; i++) {
        w->row[i] = (sx_i_row){v->series ? v->series[i] : 0,
                               v->run ? v->run[i] : 0,
                               v->x[i],
                               at(n->value, i),
                               at(n->low, i),
                               at(n->high, i)};
        count += isfinite(v->x[i]) && isfinite(w->row[i].y);
    }
    return count;
}

static const char *name_of(const sx_training_view *v, int32_t i)
{
    return v->name ? v->name[i] : "";
}

/* From where to where a line goes, for the first few. */
static void say(work *w, const sx_i_curve *c, int32_t series)
{
    size_t used = strlen(w->words);
    char who[64];
    if (series < 6 && c->n && used + 1 < sizeof w->words)
        snprintf(w->words + used, sizeof w->words - used,
                 " %s%sfrom %.4g at %.6g to %.4g at %.6g.",
                 sx_i_kind_short(name_of(w->v, series), who, sizeof who),
                 *name_of(w->v, series) ? ": " : "", c->mean[0], c->x[0], c->mean[c->n - 1],
                 c->x[c->n - 1]);
}

static sx_i_curve_style style_of(const work *w, int32_t series)
{
    bool many = w->v->count > NAMED;
    return (sx_i_curve_style){name_of(w->v, series), "series", w->v->run_name,
                              many ? SX_COLOUR_GREY : series % SX_COLOURS};
}

static void draw_curves(work *w, sx_chart *c, const sx_i_curve *curve, bool named)
{
    for (int32_t i = 0; i < w->v->count; i++) {
        sx_i_curve_style z = style_of(w, i);
        sx_i_bands_count(&w->bands, &curve[i]);
        sx_i_curve_back(c, &curve[i], &z);
    }
    for (int32_t i = 0; i < w->v->count; i++) {
        sx_i_curve_style z = style_of(w, i);
        sx_layer *l = sx_i_curve_line(c, &curve[i], &z);
        if (named)
            say(w, &curve[i], i);
        if (!l)
            continue;
        l->unnamed = !named || w->v->count > NAMED;
        l->light = w->v->count > NAMED;
        l->dash = l->light ? SX_DASH_SOLID : (sx_dash)(i / SX_COLOURS % 4);
        l->marker = (sx_marker)(i % SX_MARKERS);
    }
}

static sx_status add_curves(work *w, sx_chart *c, bool named, sx_error *err)
{
    int32_t count = w->v->count;
    sx_i_curve *curve = sx_alloc((size_t)count, sizeof *curve);
    sx_status st = curve ? SX_OK : sx_nomem(err);
    for (int32_t i = 0; !st && i < count; i++)
        st = sx_i_curve_find(w->row, w->v->rows, i, w->v->draws, &curve[i], err);
    if (!st)
        draw_curves(w, c, curve, named);
    for (int32_t i = 0; curve && i < count; i++)
        sx_i_curve_clear(&curve[i]);
    sx_release(curve);
    return st;
}

static bool any_above(const work *w)
{
    for (int64_t i = 0; i < w->v->rows; i++)
        if (w->row[i].y > 0 || w->row[i].high > 0)
            return true;
    return false;
}

static sx_status add_panel(work *w, const sx_training_numbers *n, bool first, sx_error *err)
{
    sx_chart *c = sx_figure_chart(w->f, "");
    sx_status st = c ? add_curves(w, c, first, err) : sx_nomem(err);
    if (st)
        return st;
    sx_i_bands_text(&w->bands, w->band, sizeof w->band);
    sx_figure_text(w->f, &c->x.title, "%s", w->v->x_title);
    sx_figure_text(w->f, &c->y.title, "%s", n->title);
    c->y.low = 0;
    if (!any_above(w)) { /* a line at 0 stands apart from the axis */
        c->y.low = -0.05;
        c->y.high = 1;
    }
    return SX_OK;
}

static sx_status fill(work *w, sx_error *err)
{
    const sx_training_view *v = w->v;
    int64_t count = fill_rows(w, &v->distance);
    if (!count)
        return sx_fail(err, SX_EINPUT,
                       "no row has a step and a distance: there is nothing to draw");
    if (count < v->rows)
        sx_figure_note(w->f, "%lld row%s without a number left out",
                       (long long)(v->rows - count), v->rows - count == 1 ? "" : "s");
    sx_status st = add_panel(w, &v->distance, true, err);
    bool regret = v->regret.value && fill_rows(w, &v->regret);
    if (!st && regret)
        st = add_panel(w, &v->regret, false, err);
    if (st)
        return st;
    if (*w->band) /* below all panels, for it holds for all */
        sx_figure_text(w->f, &w->f->panel[w->f->panels - 1]->chart->note, "%s", w->band);
    if (v->count > NAMED)
        sx_figure_note(w->f, "%d lines cannot be told apart: they have no names",
                       (int)v->count);
    w->f->columns = 1;
    w->f->share_x = regret;
    sx_figure_text(w->f, &w->f->description, "Curves over %s, %d %s: %s%s%s%s.%s", v->x_title,
                   (int)v->count, v->count == 1 ? "line" : "lines", v->distance.title,
                   regret ? " above, regret below" : "", *w->band ? "; " : "", w->band,
                   w->words);
    return SX_OK;
}

sx_status sx_figure_training(const sx_training_view *v, sx_figure **out, sx_error *err)
{
    work w = {.v = v, .f = sx_figure_new(v->title)};
    *out = NULL;
    w.row = sx_alloc((size_t)v->rows, sizeof *w.row);
    sx_status st = w.f && w.row ? fill(&w, err) : sx_nomem(err);
    sx_release(w.row);
    if (!st)
        return sx_i_kind_done(w.f, out, err);
    sx_figure_free(w.f);
    return st;
}
