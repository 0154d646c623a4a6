/* SPDX-License-Identifier: GPL-3.0-or-later */
/* kind_goodhart.c - the Goodhart curve as a figure.
 *
 * The greatest true return at a level or above is the upper chain of the polygon right of its
 * top and constant left of it; the least one likewise below.  Both are linear between
 * vertices, so that the band is exact. */
#include "plots/kind_goodhart.h"

#include <math.h>
#include <stdio.h>

#include "plots/kind_int.h"

enum { PROXY, TRUTH };

/* How returns become shares. */
typedef struct frame {
    double low[2], span[2]; /* of proxy and truth; span 0: trivial */
} frame;

static frame frame_of(const sx_frontier *f)
{
    frame z = {{INFINITY, INFINITY}, {0, 0}};
    double high[2] = {-INFINITY, -INFINITY};
    for (int32_t i = 0; i < f->vertices; i++)
        for (int k = 0; k < 2; k++) {
            z.low[k] = fmin(z.low[k], f->vertex[i][k]);
            high[k] = fmax(high[k], f->vertex[i][k]);
        }
    z.span[PROXY] = f->trivial_proxy ? 0 : high[PROXY] - z.low[PROXY];
    z.span[TRUTH] = f->trivial_true ? 0 : high[TRUTH] - z.low[TRUTH];
    return z;
}

static double share(const frame *z, int k, double j)
{
    return z->span[k] > 0 ? fmin(1, fmax(0, (j - z->low[k]) / z->span[k])) : 0;
}

/* --- the band --- */

/* One chain of the polygon, from the least proxy to the greatest. */
typedef struct chain {
    int32_t n, at;
    double *x, *y; /* [n] shares; y: the most, or least, from there on */
} chain;

static void chain_add(chain *c, const sx_frontier *f, const frame *z, int32_t i)
{
    c->x[c->n] = share(z, PROXY, f->vertex[i][PROXY]);
    c->y[c->n++] = share(z, TRUTH, f->vertex[i][TRUTH]);
}

/* Vertices are counter-clockwise from the leftmost, so that the lower chain comes first. */
static void chains_of(const sx_frontier *f, const frame *z, chain *lower, chain *upper)
{
    int32_t n = f->vertices, most = 0;
    for (int32_t i = 1; i < n; i++)
        if (f->vertex[i][PROXY] > f->vertex[most][PROXY])
            most = i;
    for (int32_t i = 0; i <= most; i++)
        chain_add(lower, f, z, i);
    bool upright = most + 1 < n && f->vertex[most + 1][PROXY] >= f->vertex[most][PROXY];
    chain_add(upper, f, z, 0);
    for (int32_t i = n - 1; i >= most + upright; i--)
        chain_add(upper, f, z, i);
    for (int32_t i = lower->n - 2; i >= 0; i--)
        lower->y[i] = fmin(lower->y[i], lower->y[i + 1]);
    for (int32_t i = upper->n - 2; i >= 0; i--)
        upper->y[i] = fmax(upper->y[i], upper->y[i + 1]);
}

/* The chain at a level; levels are asked for in rising order. */
static double chain_at(chain *c, double level)
{
    while (c->at + 1 < c->n && c->x[c->at + 1] <= level)
        c->at++;
    int32_t i = c->at;
    if (i + 1 == c->n || !(c->x[i + 1] > c->x[i]))
        return c->y[i];
    double t = (level - c->x[i]) / (c->x[i + 1] - c->x[i]);
    return c->y[i] + fmax(0, fmin(1, t)) * (c->y[i + 1] - c->y[i]);
}

/* The next place of either chain above level, 1 beyond the last. */
static double next_level(const chain *lower, const chain *upper, double level)
{
    const chain *both[] = {lower, upper};
    double next = 1;
    for (int k = 0; k < 2; k++)
        for (int32_t i = both[k]->at; i < both[k]->n && both[k]->x[i] < next; i++)
            if (both[k]->x[i] > level)
                next = both[k]->x[i];
    return next;
}

static void walk(chain *lower, chain *upper, sx_goodhart_band *b)
{
    for (double level = 0;; level = next_level(lower, upper, level)) {
        b->level[b->count] = level;
        b->least[b->count] = chain_at(lower, level);
        b->greatest[b->count++] = chain_at(upper, level);
        if (level >= 1)
            return;
    }
}

void sx_goodhart_band_clear(sx_goodhart_band *b)
{
    sx_release(b->level);
    sx_release(b->least);
    sx_release(b->greatest);
    *b = (sx_goodhart_band){0};
}

sx_status sx_goodhart_band_find(const sx_frontier *f, sx_goodhart_band *b, sx_error *err)
{
    size_t n = (size_t)f->vertices + 1, room = 2 * n + 2;
    frame z = frame_of(f);
    double *place = sx_alloc(4 * n, sizeof *place);
    chain lower = {0}, upper = {0};
    *b = (sx_goodhart_band){0, sx_alloc(room, sizeof(double)), sx_alloc(room, sizeof(double)),
                            sx_alloc(room, sizeof(double))};
    sx_status st = place && b->level && b->least && b->greatest ? SX_OK : sx_nomem(err);
    if (!st && !(z.span[PROXY] > 0)) { /* every level holds all policies */
        b->count = 2;
        b->level[1] = 1;
        b->greatest[0] = b->greatest[1] = z.span[TRUTH] > 0;
    } else if (!st) {
        lower.x = place;
        lower.y = place + n;
        upper.x = place + 2 * n;
        upper.y = place + 3 * n;
        chains_of(f, &z, &lower, &upper);
        walk(&lower, &upper, b);
    }
    sx_release(place);
    if (st)
        sx_goodhart_band_clear(b);
    return st;
}

/* --- layers --- */

/* The place of the greatest true return on a path. */
static int32_t peak_of(const sx_frontier *f)
{
    int32_t peak = 0;
    for (int32_t i = 1; i < f->points; i++)
        if (f->point[i].truth > f->point[peak].truth)
            peak = i;
    return peak;
}

/* What a figure is being made of. */
typedef struct work {
    const sx_goodhart_view *v;
    sx_figure *f;
    sx_chart *c;
    const sx_frontier *frontier; /* the one at hand */
    frame z;
    int32_t colour;
} work;

/* Smaller drops are rounding. */
static double drop_of(const sx_frontier *f)
{
    return f->drop_height.reason || f->drop_height.value <= 1e-9 ? 0 : f->drop_height.value;
}

/* Where point i of the path stands; NAN where the axis has no place for it. */
static double place_of(const work *w, int32_t i)
{
    const sx_soft_point *p = &w->frontier->point[i];
    if (!w->v->pressure)
        return share(&w->z, PROXY, p->proxy);
    if (!(p->temperature > 0) || !(w->z.span[PROXY] > 0))
        return (double)NAN;
    return isfinite(p->temperature) ? w->z.span[PROXY] / p->temperature : 0;
}

/* How many points of the path have a place: by pressure not the limit. */
static int32_t shown(const work *w)
{
    return w->frontier->points - w->v->pressure;
}

static sx_status add_band(const work *w, sx_error *err)
{
    sx_goodhart_band b;
    sx_status st = sx_goodhart_band_find(w->frontier, &b, err);
    sx_layer *band =
        st ? NULL
           : sx_i_kind_layer(w->c, SX_LAYER_BAND, b.count, "policies with that return or more",
                             "frontier", w->colour);
    sx_layer_limits(w->c, band);
    for (int32_t i = 0; band && band->low && band->high && i < b.count; i++) {
        band->x[i] = b.level[i];
        band->low[i] = b.least[i];
        band->high[i] = b.greatest[i];
        band->y[i] = b.least[i] + (b.greatest[i] - b.least[i]) / 2;
    }
    for (int upper = 0; !st && upper < 2; upper++) {
        sx_layer *l = sx_i_kind_layer(w->c, SX_LAYER_LINE, b.count, upper ? "most" : "least",
                                      "frontier", w->colour);
        for (int32_t i = 0; l && i < b.count; i++) {
            l->x[i] = b.level[i];
            l->y[i] = upper ? b.greatest[i] : b.least[i];
        }
        if (l) {
            l->size = 0.6;
            l->unnamed = true;
        }
    }
    sx_goodhart_band_clear(&b);
    return st;
}

/* One return along the path. */
static void add_path(const work *w, int axis, const char *name, int32_t colour)
{
    sx_layer *l = sx_i_kind_layer(w->c, SX_LAYER_LINE, shown(w), name, "path", colour);
    for (int32_t i = 0; l && i < l->n; i++) {
        const sx_soft_point *p = &w->frontier->point[i];
        l->x[i] = place_of(w, i);
        l->y[i] = share(&w->z, axis, axis == PROXY ? p->proxy : p->truth);
    }
}

/* The ring at the peak, and the arrow from its height down to the limit. */
static void add_drop(const work *w, int32_t colour)
{
    const sx_frontier *f = w->frontier;
    int32_t peak = peak_of(f), last = shown(w) - 1;
    if (!(drop_of(w->frontier) > 0))
        return;
    double top = share(&w->z, TRUTH, f->point[peak].truth);
    double end = share(&w->z, TRUTH, f->point[f->points - 1].truth);
    sx_layer *ring = sx_i_kind_layer(w->c, SX_LAYER_POINTS, 1, "peak", "peak", colour);
    sx_layer *level = sx_i_kind_layer(w->c, SX_LAYER_LINE, 2, "peak", "peak", colour);
    sx_layer *arrow = sx_i_kind_layer(w->c, SX_LAYER_ARROWS, 1, "drop height", "drop", colour);
    sx_layer_limits(w->c, arrow);
    if (!ring || !level || !arrow || !arrow->low || !arrow->high)
        return;
    ring->x[0] = level->x[0] = place_of(w, peak < last ? peak : last);
    ring->y[0] = level->y[0] = level->y[1] = arrow->y[0] = top;
    ring->marker = SX_MARKER_RING;
    level->x[1] = arrow->x[0] = arrow->low[0] = place_of(w, last);
    level->dash = SX_DASH_DOTTED;
    level->size = 0.6;
    arrow->high[0] = end;
    ring->always = arrow->always = true;
    ring->unnamed = level->unnamed = arrow->unnamed = true;
    if (w->v->proxies == 1) {
        char text[64];
        snprintf(text, sizeof text, "drop %.3g", drop_of(w->frontier));
        sx_layer_label(w->c, ring, 0, text);
    }
}

/* --- in words --- */

/* "drop height 0.12" or why there is none. */
static void say_drop(const sx_frontier *f, char *text, size_t size)
{
    if (f->drop_height.reason)
        snprintf(text, size, "no drop height: %s", f->drop_height.reason);
    else
        snprintf(text, size, "drop height %.3g", drop_of(f));
}

static void add_words(const work *w)
{
    const sx_goodhart_view *v = w->v;
    char truth[SX_I_MARKUP], proxy[SX_I_MARKUP], drop[160];
    sx_markup_escape(v->truth, truth, sizeof truth);
    sx_markup_escape(v->proxy[0], proxy, sizeof proxy);
    if (v->pressure)
        sx_figure_text(w->f, &w->c->x.title, "optimisation pressure, range / temperature");
    else if (v->proxies == 1)
        sx_figure_text(w->f, &w->c->x.title, "return of the proxy, %s (share of range)", proxy);
    else
        sx_figure_text(w->f, &w->c->x.title, "return of the proxy (share of range)");
    sx_figure_text(w->f, &w->c->y.title,
                   v->pressure && v->proxies == 1 ? "return (share of range)"
                                                  : "true return, %s (share of range)",
                   truth);
    if (v->proxies > 1)
        return;
    say_drop(v->frontier[0], drop, sizeof drop);
    sx_figure_text(w->f, &w->c->note, "%s%s", drop,
                   v->frontier[0]->drop_height.reason ? ""
                   : v->frontier[0]->drop_height.value > 0
                       ? " (peak \xe2\x88\x92 end, \xe2\x89\xa5 0)"
                       : ": nothing is lost at the end");
}

static void describe(const work *w)
{
    const sx_goodhart_view *v = w->v;
    char text[1400] = "", drop[160], name[124];
    size_t used = 0;
    for (int32_t i = 0; i < v->proxies; i++) {
        const sx_frontier *f = v->frontier[i];
        frame z = frame_of(f);
        say_drop(f, drop, sizeof drop);
        int n = snprintf(text + used, sizeof text - used,
                         " Proxy %s: true return %.4g at the uniform policy, at most %.4g on "
                         "the path, %.4g in the limit; %s.",
                         v->proxy[i], share(&z, TRUTH, f->point[0].truth),
                         share(&z, TRUTH, f->point[peak_of(f)].truth),
                         share(&z, TRUTH, f->point[f->points - 1].truth), drop);
        used += n > 0 && (size_t)n < sizeof text - used ? (size_t)n : 0;
    }
    sx_figure_text(w->f, &w->f->description,
                   "The true return %s, from 0 to 1 of its range, while a proxy is optimised "
                   "ever harder, along the soft-optimal path%s. Drop height is the peak less "
                   "the end, as a share of the range, never negative.%s",
                   sx_i_kind_short(v->truth, name, sizeof name),
                   v->pressure ? ", by pressure"
                   : v->proxies == 1
                       ? ", and the least and greatest among all policies with as "
                         "high a return of the proxy"
                       : "",
                   text);
}

static void tell_trivial(const work *w, const char *proxy)
{
    char name[64];
    if (w->frontier->trivial_true)
        sx_figure_note(w->f, "the true reward is trivial: all policies are drawn at 0");
    if (w->frontier->trivial_proxy)
        sx_figure_note(w->f, "the proxy %s is trivial: all levels hold all policies",
                       sx_i_kind_short(proxy, name, sizeof name));
}

/* --- all together --- */

static sx_status add_proxy(work *w, int32_t i, sx_error *err)
{
    const sx_goodhart_view *v = w->v;
    bool alone = v->proxies == 1;
    char name[SX_I_MARKUP], who[200];
    sx_status st = SX_OK;
    w->frontier = v->frontier[i];
    w->z = frame_of(w->frontier);
    w->colour = alone ? 0 : i;
    tell_trivial(w, v->proxy[i]);
    if (alone && !v->pressure)
        st = add_band(w, err);
    if (alone && v->pressure)
        add_path(w, PROXY, "proxy", 0);
    if (alone)
        snprintf(name, sizeof name, v->pressure ? "true" : "soft-optimal path");
    else
        snprintf(name, sizeof name, "%s (drop %.3g)",
                 sx_i_kind_short(v->proxy[i], who, sizeof who), drop_of(w->frontier));
    add_path(w, TRUTH, name, alone ? 1 : i);
    add_drop(w, alone ? 1 : i);
    return st;
}

static sx_status check(const sx_goodhart_view *v, sx_error *err)
{
    bool any = !v->pressure;
    if (v->proxies < 1 || v->proxies > SX_GOODHART_MOST)
        return sx_fail(err, SX_EARG, "a Goodhart curve shows 1 to %d proxies, not %d",
                       SX_GOODHART_MOST, (int)v->proxies);
    for (int32_t i = 0; i < v->proxies; i++) {
        if (v->frontier[i]->points < 2)
            return sx_fail(err, SX_EARG, "a Goodhart curve needs the soft-optimal path");
        any |= !v->frontier[i]->trivial_proxy;
    }
    return any ? SX_OK
               : sx_fail(err, SX_EARG, "a trivial proxy has no pressure: every policy is best");
}

sx_status sx_figure_goodhart(const sx_goodhart_view *v, sx_figure **out, sx_error *err)
{
    work w = {.v = v};
    *out = NULL;
    sx_status st = check(v, err);
    if (st)
        return st;
    w.f = sx_figure_new(v->title);
    w.c = w.f ? sx_figure_chart(w.f, "") : NULL;
    if (!w.c) {
        sx_figure_free(w.f);
        return sx_nomem(err);
    }
    w.c->y.low = 0;
    w.c->y.high = 1;
    if (v->pressure) {
        w.c->x.scale = SX_SCALE_LOG;
    } else {
        w.c->x.low = 0;
        w.c->x.high = 1.02; /* the arrow of the drop stands at 1 */
    }
    for (int32_t i = 0; i < v->proxies && !st; i++)
        st = add_proxy(&w, i, err);
    if (!st) {
        add_words(&w);
        describe(&w);
        return sx_i_kind_done(w.f, out, err);
    }
    sx_figure_free(w.f);
    return st;
}
