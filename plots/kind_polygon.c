/* SPDX-License-Identifier: GPL-3.0-or-later */
/* kind_polygon.c - the return polygon as a figure. */
#include "plots/kind_polygon.h"

#include <math.h>
#include <stdio.h>

#include "plots/kind_int.h"

/* Vertices within this share of a range of its end are optimal. */
static const double OPTIMAL = 1e-9;

enum { PROXY, TRUTH };

/* Range of the returns of one reward. */
static void range_of(const sx_frontier *f, int axis, double range[2])
{
    range[0] = INFINITY;
    range[1] = -INFINITY;
    for (int32_t i = 0; i < f->vertices; i++) {
        range[0] = fmin(range[0], f->vertex[i][axis]);
        range[1] = fmax(range[1], f->vertex[i][axis]);
    }
}

/* --- the polygon --- */

static void add_area(sx_chart *c, const sx_frontier *f)
{
    sx_layer_kind kind = f->vertices > 2    ? SX_LAYER_AREA
                         : f->vertices == 2 ? SX_LAYER_LINE
                                            : SX_LAYER_POINTS;
    sx_layer *l = sx_i_kind_layer(c, kind, f->vertices, "all policies", "polygon", 0);
    for (int32_t i = 0; l && i < f->vertices; i++) {
        l->x[i] = f->vertex[i][PROXY];
        l->y[i] = f->vertex[i][TRUTH];
    }
    if (l)
        l->unnamed = true;
}

/* The vertices that return the most of one reward: a mark each, a line where it is an edge. */
static void add_optimal(sx_chart *c, const sx_frontier *f, int axis, const char *name,
                        sx_marker marker, int32_t colour)
{
    double range[2], best[2][2];
    int32_t count = 0;
    range_of(f, axis, range);
    for (int32_t i = 0; i < f->vertices; i++)
        if (f->vertex[i][axis] >= range[1] - OPTIMAL * (range[1] - range[0]) && count < 2) {
            best[count][PROXY] = f->vertex[i][PROXY];
            best[count++][TRUTH] = f->vertex[i][TRUTH];
        }
    if (count == 2) {
        sx_layer *edge = sx_i_kind_layer(c, SX_LAYER_LINE, 2, name, "optimal", colour);
        for (int32_t i = 0; edge && i < 2; i++) {
            edge->x[i] = best[i][PROXY];
            edge->y[i] = best[i][TRUTH];
        }
        if (edge) {
            edge->size = 2.4;
            edge->unnamed = true;
        }
    }
    sx_layer *l = sx_i_kind_layer(c, SX_LAYER_POINTS, count, name, "optimal", colour);
    for (int32_t i = 0; l && i < count; i++) {
        l->x[i] = best[i][PROXY];
        l->y[i] = best[i][TRUTH];
    }
    if (l) {
        l->marker = marker;
        l->always = l->unnamed = true;
        sx_layer_label(c, l, 0, name);
    }
}

/* --- what lies on it --- */

static void add_path(sx_chart *c, const sx_frontier *f)
{
    sx_layer *l = sx_i_kind_layer(c, SX_LAYER_LINE, f->points, "soft-optimal path", "path", 2);
    for (int32_t i = 0; l && i < f->points; i++) {
        l->x[i] = f->point[i].proxy;
        l->y[i] = f->point[i].truth;
    }
}

/* Which way the proxy prefers; and, where there is a worst case, what it holds equal to the
 * better policy of the pair. */
static void add_level(sx_chart *c, const sx_polygon_view *v)
{
    double x[2], y[2], level = v->witness->high.proxy;
    bool pair = v->regret->worst_case > 0;
    range_of(v->frontier, PROXY, x);
    range_of(v->frontier, TRUTH, y);
    sx_layer *rule = !pair ? NULL
                           : sx_i_kind_layer(c, SX_LAYER_RULES, 1, "held equal by the proxy",
                                             "level", SX_COLOUR_GREY);
    sx_layer *arrow = sx_i_kind_layer(c, SX_LAYER_ARROWS, 1, "the proxy prefers", "direction",
                                      SX_COLOUR_GREY);
    sx_layer *words = sx_i_kind_layer(c, SX_LAYER_WORDS, 1, "", "direction", SX_COLOUR_GREY);
    sx_layer_limits(c, arrow);
    if (!arrow || !words || !arrow->low || !arrow->high)
        return;
    if (rule) {
        rule->x[0] = level;
        rule->y[0] = (double)NAN;
        rule->dash = SX_DASH_DASHED;
        rule->unnamed = true;
    }
    double from = pair ? level : x[0] + 0.3 * (x[1] - x[0]);
    arrow->unnamed = true;
    arrow->x[0] = from;
    arrow->y[0] = arrow->high[0] = y[0] - 0.09 * (y[1] - y[0]);
    arrow->low[0] = from + 0.18 * (x[1] - x[0]);
    words->x[0] = from + 0.2 * (x[1] - x[0]);
    words->y[0] = y[0] - 0.19 * (y[1] - y[0]);
    sx_layer_label(c, words, 0, "proxy prefers");
}

static void add_worst_case(sx_chart *c, const sx_polygon_view *v)
{
    const sx_witness *w = v->witness;
    sx_layer *l = sx_i_kind_layer(c, SX_LAYER_ARROWS, 1, "worst case", "worst-case", 1);
    sx_layer *ends = sx_i_kind_layer(c, SX_LAYER_POINTS, 2, "worst case", "worst-case", 1);
    sx_layer_limits(c, l);
    if (!l || !l->low || !l->high || !ends)
        return;
    l->x[0] = ends->x[0] = w->high.proxy;
    l->y[0] = ends->y[0] = w->high.truth;
    l->low[0] = ends->x[1] = w->low.proxy;
    l->high[0] = ends->y[1] = w->low.truth;
    l->always = ends->always = ends->unnamed = true;
    l->unnamed = true;
    ends->marker = SX_MARKER_RING;
    ends->size = 7;
    sx_layer_label(c, ends, 1, "worst case");
}

static void add_mark(sx_chart *c, const sx_polygon_mark *m)
{
    sx_layer *l = sx_i_kind_layer(c, SX_LAYER_POINTS, 1, m->name, "policy", SX_COLOUR_INK);
    if (!l)
        return;
    l->x[0] = m->proxy;
    l->y[0] = m->truth;
    l->marker = SX_MARKER_RING;
    l->always = l->unnamed = true;
    sx_layer_label(c, l, 0, m->name);
}

/* Room for names right of the polygon and above it, and for the arrow below. */
static void make_room(sx_chart *c, const sx_frontier *f)
{
    double x[2], y[2];
    range_of(f, PROXY, x);
    range_of(f, TRUTH, y);
    if (!(x[1] > x[0]) || !(y[1] > y[0]))
        return;
    c->x.low = x[0] - 0.04 * (x[1] - x[0]);
    c->x.high = x[1] + 0.38 * (x[1] - x[0]);
    c->y.low = y[0] - 0.26 * (y[1] - y[0]);
    c->y.high = y[1] + 0.12 * (y[1] - y[0]);
}

/* --- in words --- */

static const char *verdict(const sx_hacking *h)
{
    static const char *const words[] = {"not hackable", "hackable",
                                        "not decided whether hackable"};
    return words[h->verdict];
}

static const char *shape(const sx_frontier *f)
{
    if (f->vertices == 1)
        return "a point: both rewards are trivial";
    if (f->vertices > 2)
        return "a polygon";
    if (f->trivial_true)
        return "a horizontal segment: the true reward is trivial";
    if (f->trivial_proxy)
        return "a vertical segment: the proxy is trivial";
    return f->vertex[0][TRUTH] < f->vertex[1][TRUTH]
               ? "a rising segment: both rewards order all policies alike"
               : "a falling segment: the rewards order all policies in opposite ways";
}

/* An end that is rounding beside the other one is 0. */
static void drop_rounding(double range[2])
{
    double most = fmax(fabs(range[0]), fabs(range[1]));
    for (int i = 0; i < 2; i++)
        range[i] = fabs(range[i]) <= 1e-12 * most ? 0 : range[i];
}

static void add_words(sx_figure *f, sx_chart *c, const sx_polygon_view *v)
{
    char proxy[SX_I_MARKUP], truth[SX_I_MARKUP], worst[240] = "", corners[40] = "";
    double x[2], y[2];
    range_of(v->frontier, PROXY, x);
    range_of(v->frontier, TRUTH, y);
    drop_rounding(x);
    drop_rounding(y);
    sx_markup_escape(v->proxy, proxy, sizeof proxy);
    sx_markup_escape(v->truth, truth, sizeof truth);
    sx_figure_text(f, &c->x.title, "return of the proxy, %s", proxy);
    sx_figure_text(f, &c->y.title, "true return, %s", truth);
    if (v->frontier->vertices > 2)
        snprintf(corners, sizeof corners, " with %d vertices", (int)v->frontier->vertices);
    if (v->regret) {
        sx_figure_text(f, &c->note, "worst-case regret %.3g of the range\n%s",
                       v->regret->worst_case, verdict(&v->frontier->all));
        if (v->regret->worst_case > 0)
            snprintf(worst, sizeof worst,
                     "Worst case: the proxy does not prefer the policy of true return %.6g to "
                     "the one of %.6g, a regret of %.6g of the range. ",
                     v->witness->high.truth, v->witness->low.truth, v->regret->worst_case);
        else
            snprintf(worst, sizeof worst, "The worst-case regret is 0. ");
    }
    sx_figure_text(f, &f->description,
                   "The returns of all policies, of the proxy %s (across, from %.6g to %.6g) "
                   "and of the true reward %s (up, from %.6g to %.6g), fill %s%s. %sAmong all "
                   "policies: %s; among deterministic ones: %s.",
                   sx_i_kind_short(v->proxy, proxy, 124), x[0], x[1],
                   sx_i_kind_short(v->truth, truth, 124), y[0], y[1], shape(v->frontier),
                   corners, worst, verdict(&v->frontier->all),
                   verdict(&v->frontier->deterministic));
    if (v->frontier->vertices <= 2)
        sx_figure_note(f, "the polygon is %s", shape(v->frontier));
}

sx_status sx_figure_polygon(const sx_polygon_view *v, sx_figure **out, sx_error *err)
{
    const sx_frontier *r = v->frontier;
    sx_figure *f = sx_figure_new(v->title);
    sx_chart *c = sx_figure_chart(f, "");
    *out = NULL;
    if (!c) {
        sx_figure_free(f);
        return sx_nomem(err);
    }
    add_area(c, r);
    if (v->regret && !r->trivial_proxy)
        add_level(c, v);
    if (v->path && r->points > 1)
        add_path(c, r);
    if (!r->trivial_proxy)
        add_optimal(c, r, PROXY, "best for the proxy", SX_MARKER_SQUARE, SX_COLOUR_INK);
    if (!r->trivial_true)
        add_optimal(c, r, TRUTH, "best in truth", SX_MARKER_DIAMOND, 0);
    if (v->regret && v->regret->worst_case > 0)
        add_worst_case(c, v);
    for (int32_t i = 0; i < v->marks; i++)
        add_mark(c, &v->mark[i]);
    make_room(c, r);
    add_words(f, c, v);
    return sx_i_kind_done(f, out, err);
}
