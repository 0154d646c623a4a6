/* SPDX-License-Identifier: GPL-3.0-or-later */
/* chart_marks.c - the layers of a chart as marks. */
#include "plots/marks_int.h"

#include <math.h>

sx_i_rgb sx_i_layer_colour(const sx_i_pen *pen, const sx_layer *l)
{
    if (l->colour >= 0)
        return pen->palette.series[l->colour % SX_COLOURS];
    return l->colour == SX_COLOUR_GREY ? pen->palette.grey : pen->palette.ink;
}

double sx_i_layer_opacity(const sx_layer *l)
{
    return l->light ? 0.4 : 1;
}

double sx_i_marker_size(const sx_layer *l)
{
    double usual = l->light ? 0.75 * SX_I_MARKER : SX_I_MARKER;
    if (l->n > 300 && l->kind == SX_LAYER_POINTS && !l->always)
        usual *= 0.6;
    return l->size > 0 ? l->size : usual;
}

double sx_i_line_size(const sx_layer *l)
{
    if (l->kind != SX_LAYER_LINE && l->kind != SX_LAYER_RULES && l->kind != SX_LAYER_ARROWS)
        return SX_I_DATA;
    return l->size > 0 ? l->size : l->light ? 0.6 * SX_I_DATA : SX_I_DATA;
}

/* --- places --- */

/* the axis shows this number: by itself, not by its place, which rounding may move */
static bool shown(const sx_scale *s, double value)
{
    if (s->kind == SX_SCALE_LOG && value == 0)
        return s->zeros;
    return value >= s->low && value <= s->high;
}

bool sx_i_mark_place(const sx_i_chart *c, const sx_layer *l, int64_t i, double *x, double *y)
{
    if (!shown(&c->x.scale, l->x[i]) || !shown(&c->y.scale, l->y[i]))
        return false;
    *x = sx_scale_place(&c->x.scale, l->x[i]);
    *y = sx_scale_place(&c->y.scale, l->y[i]);
    return isfinite(*x) && isfinite(*y);
}

double sx_i_end_place(const sx_i_axis *a, double value)
{
    const sx_scale *s = &a->scale;
    if (isnan(value))
        return (double)NAN;
    if (s->kind == SX_SCALE_LOG && !(value > 0))
        return s->from;
    if (value <= s->low)
        return sx_scale_place(s, s->low);
    return sx_scale_place(s, fmin(value, s->high));
}

double sx_i_near_place(const sx_i_axis *a, double value)
{
    double at = sx_scale_place(&a->scale, value);
    return isnan(at) ? at : fmin(fmax(at, -10 * a->length), 11 * a->length);
}

int32_t sx_i_bars_layers(const sx_chart *c, const sx_layer *l, int32_t *which)
{
    int32_t bars = 0;
    for (int32_t k = 0; k < c->layers; k++) {
        if (c->layer[k] == l)
            *which = bars;
        bars += c->layer[k]->kind == SX_LAYER_BARS;
    }
    return bars;
}

/* the end of a bar that can be seen, also where it has no height: a thin mark at its foot,
 * inside the area */
static double visible_end(const sx_i_axis *a, double base, double number)
{
    const double least = 1.2;
    double end = sx_i_end_place(a, number);
    double forward = a->scale.to > a->scale.from ? least : -least;
    if (fabs(end - base) >= least || isnan(end))
        return end;
    end = number < 0 ? base - forward : base + forward;
    return end >= 0 && end <= a->length ? end : 2 * base - end;
}

bool sx_i_bar_box(const sx_i_chart *c, const sx_layer *l, int64_t i, sx_i_box *b)
{
    const sx_i_axis *along = c->turned ? &c->y : &c->x;
    const sx_i_axis *value = c->turned ? &c->x : &c->y;
    double category = c->turned ? l->y[i] : l->x[i];
    double number = c->turned ? l->x[i] : l->y[i];
    int32_t which = 0;
    int32_t layers = sx_i_bars_layers(c->chart, l, &which);
    if (!isfinite(number) || (value->scale.kind == SX_SCALE_LOG && number < 0))
        return false;
    double width = 0.76 / layers;
    double from = sx_scale_place(&along->scale, category - 0.38 + which * width);
    double to = sx_scale_place(&along->scale, category - 0.38 + (which + 1) * width);
    double base = sx_i_end_place(value, 0);
    double end = visible_end(value, base, number);
    double thin = fmin(fabs(to - from), 30.0);
    double start = (from + to) / 2 - thin / 2;
    double low = fmin(base, end);
    double length = fabs(end - base);
    *b =
        c->turned ? (sx_i_box){low, start, length, thin} : (sx_i_box){start, low, thin, length};
    return true;
}

/* --- what is where --- */

enum { CROWD = 5000, RULES = 4096 };

static void survey_line(sx_i_chart *c, const sx_layer *l)
{
    double x0 = (double)NAN;
    double y0 = (double)NAN;
    int64_t step = l->n / CROWD + 1; /* of very many, some tell where they are */
    for (int64_t i = 0; i < l->n; i++) {
        bool drawn = isfinite(l->x[i]) && isfinite(l->y[i]);
        double x = drawn ? sx_i_near_place(&c->x, l->x[i]) : (double)NAN;
        double y = drawn ? sx_i_near_place(&c->y, l->y[i]) : (double)NAN;
        if (!isnan(x0) && !isnan(x) && i % step == 0)
            sx_i_space_line(&c->space, x0, y0, x, y);
        else if (!isnan(x))
            sx_i_space_dot(&c->space, x, y);
        x0 = x;
        y0 = y;
    }
}

static void survey_band(sx_i_chart *c, const sx_layer *l)
{
    for (int64_t i = 0; i < l->n; i += l->n / CROWD + 1) {
        double x = sx_i_near_place(&c->x, l->x[i]);
        double low = sx_i_near_place(&c->y, l->low[i]);
        double high = sx_i_near_place(&c->y, l->high[i]);
        if (isfinite(x) && isfinite(low) && isfinite(high))
            sx_i_space_line(&c->space, x, low, x, high);
    }
}

static void survey_whisker(sx_i_chart *c, const sx_layer *l, int64_t i, double x, double y)
{
    if (!l->low)
        return;
    double low = sx_i_end_place(c->turned ? &c->x : &c->y, l->low[i]);
    double high = sx_i_end_place(c->turned ? &c->x : &c->y, l->high[i]);
    if (c->turned)
        sx_i_space_line(&c->space, low, y, high, y);
    else
        sx_i_space_line(&c->space, x, low, x, high);
}

static void survey_points(sx_i_chart *c, const sx_layer *l)
{
    int64_t step = l->n / CROWD + 1;
    for (int64_t i = 0; i < l->n; i++) {
        double x;
        double y;
        if (!sx_i_mark_place(c, l, i, &x, &y)) {
            c->hidden++;
        } else if (i % step == 0) {
            double r = sx_i_marker_size(l) / 2;
            sx_i_space_fill(&c->space, (sx_i_box){x - r, y - r, 2 * r, 2 * r});
            survey_whisker(c, l, i, x, y);
        }
    }
}

static void survey_bars(sx_i_chart *c, const sx_layer *l)
{
    for (int64_t i = 0; i < l->n; i++) {
        sx_i_box b;
        if (!sx_i_bar_box(c, l, i, &b)) {
            c->hidden++;
            continue;
        }
        sx_i_space_fill(&c->space, b);
        survey_whisker(c, l, i, b.x + b.w / 2, b.y + b.h / 2);
    }
}

static void survey_arrows(sx_i_chart *c, const sx_layer *l)
{
    for (int64_t i = 0; i < l->n; i += l->n / CROWD + 1) {
        double x0 = sx_i_near_place(&c->x, l->x[i]);
        double y0 = sx_i_near_place(&c->y, l->y[i]);
        double x1 = sx_i_near_place(&c->x, l->low[i]);
        double y1 = sx_i_near_place(&c->y, l->high[i]);
        if (isfinite(x0) && isfinite(y0) && isfinite(x1) && isfinite(y1))
            sx_i_space_line(&c->space, x0, y0, x1, y1);
    }
}

static void survey_rules(sx_i_chart *c, const sx_layer *l)
{
    for (int64_t i = 0; i < l->n; i += l->n / CROWD + 1) {
        double x;
        double y;
        if (sx_i_rule_place(c, l, i, &x, &y))
            sx_i_space_line(&c->space, isnan(x) ? 0 : x, isnan(y) ? 0 : y, isnan(x) ? c->w : x,
                            isnan(y) ? c->h : y);
    }
}

bool sx_i_rule_place(const sx_i_chart *c, const sx_layer *l, int64_t i, double *x, double *y)
{
    bool level = isfinite(l->y[i]);
    *x = level ? (double)NAN : sx_scale_place(&c->x.scale, l->x[i]);
    *y = level ? sx_scale_place(&c->y.scale, l->y[i]) : (double)NAN;
    return level ? shown(&c->y.scale, l->y[i]) : shown(&c->x.scale, l->x[i]);
}

void sx_i_marks_survey(sx_i_chart *c)
{
    for (int32_t k = 0; k < c->chart->layers; k++) {
        const sx_layer *l = c->chart->layer[k];
        switch (l->kind) {
        case SX_LAYER_POINTS:
        case SX_LAYER_STRIP: survey_points(c, l); break;
        case SX_LAYER_LINE:
        case SX_LAYER_AREA: survey_line(c, l); break;
        case SX_LAYER_BAND: survey_band(c, l); break;
        case SX_LAYER_BARS: survey_bars(c, l); break;
        case SX_LAYER_ARROWS: survey_arrows(c, l); break;
        case SX_LAYER_RULES: survey_rules(c, l); break;
        default: break;
        }
    }
}

/* --- drawing --- */

static void whisker(sx_i_chart *c, const sx_layer *l, int64_t i, double x, double y,
                    sx_i_rgb colour, sx_i_scene *s)
{
    const double cap = 1.8;
    if (!l->low || !isfinite(l->low[i]) || !isfinite(l->high[i]))
        return;
    double low = sx_i_end_place(c->turned ? &c->x : &c->y, l->low[i]);
    double high = sx_i_end_place(c->turned ? &c->x : &c->y, l->high[i]);
    s->class = "whisker";
    if (c->turned) {
        sx_i_scene_line(s, low, y, high - low, 0, 0.8, colour);
        sx_i_scene_line(s, low, y - cap, 0, 2 * cap, 0.8, colour);
        sx_i_scene_line(s, high, y - cap, 0, 2 * cap, 0.8, colour);
    } else {
        sx_i_scene_line(s, x, low, 0, high - low, 0.8, colour);
        sx_i_scene_line(s, x - cap, low, 2 * cap, 0, 0.8, colour);
        sx_i_scene_line(s, x - cap, high, 2 * cap, 0, 0.8, colour);
    }
    s->class = l->role;
}

static void draw_points(sx_i_chart *c, const sx_layer *l, sx_i_scene *s)
{
    sx_i_rgb colour = sx_i_layer_colour(c->pen, l);
    double size = sx_i_marker_size(l);
    for (int64_t i = 0; i < l->n && !s->failed; i++) {
        double x;
        double y;
        if (!sx_i_mark_place(c, l, i, &x, &y))
            continue;
        whisker(c, l, i, x, y, colour, s);
        sx_i_mark *m = sx_i_scene_marker(s, x, y, size, l->marker, colour);
        if (m)
            m->opacity = sx_i_layer_opacity(l);
    }
}

static void draw_bars(sx_i_chart *c, const sx_layer *l, sx_i_scene *s)
{
    sx_i_rgb colour = sx_i_layer_colour(c->pen, l);
    for (int64_t i = 0; i < l->n && !s->failed; i++) {
        sx_i_box b;
        if (!sx_i_bar_box(c, l, i, &b))
            continue;
        const double corner[] = {b.x,       b.y,       b.x + b.w, b.y,
                                 b.x + b.w, b.y + b.h, b.x,       b.y + b.h};
        sx_i_mark *m = sx_i_scene_path(s, corner, 4, 0, colour);
        if (m) {
            m->closed = m->filled = true;
            m->opacity = l->light ? 0.35 : 0.75;
        }
        whisker(c, l, i, b.x + b.w / 2, b.y + b.h / 2, c->pen->palette.ink, s);
    }
}

static void draw_arrows(sx_i_chart *c, const sx_layer *l, sx_i_scene *s)
{
    const double head = 5;
    const double spread = 1.8;
    sx_i_rgb colour = sx_i_layer_colour(c->pen, l);
    for (int64_t i = 0; i < l->n; i++) {
        double x0 = sx_i_near_place(&c->x, l->x[i]);
        double y0 = sx_i_near_place(&c->y, l->y[i]);
        double x1 = sx_i_near_place(&c->x, l->low[i]);
        double y1 = sx_i_near_place(&c->y, l->high[i]);
        double length = hypot(x1 - x0, y1 - y0);
        if (!(length > 1e-6))
            continue;
        double u = (x1 - x0) / length;
        double v = (y1 - y0) / length;
        double back = fmin(head, 0.7 * length);
        double side = spread * back / head;
        const double shaft[] = {x0, y0, x1 - 0.8 * back * u, y1 - 0.8 * back * v};
        sx_i_mark *m = sx_i_scene_path(s, shaft, 2, sx_i_line_size(l), colour);
        if (m)
            m->dash = l->dash;
        const double tip[] = {x1,
                              y1,
                              x1 - back * u + side * v,
                              y1 - back * v - side * u,
                              x1 - back * u - side * v,
                              y1 - back * v + side * u};
        sx_i_scene_triangle(s, tip, colour);
    }
}

/* whether a rule is upon another one, or so near that both look like one */
static bool drawn_already(unsigned char *seen, double place, double length)
{
    double step = fmax(0.1, length / (RULES - 1));
    int k = (int)fmin(fmax(place / step, 0), RULES - 1);
    bool already = seen[k];
    seen[k] = 1;
    return already;
}

static void draw_rule(sx_i_chart *c, const sx_layer *l, const double ends[4], sx_i_scene *s)
{
    sx_i_mark *m =
        sx_i_scene_path(s, ends, 2, l->size > 0 ? l->size : 0.8, sx_i_layer_colour(c->pen, l));
    if (m)
        m->dash = l->dash;
}

static void draw_rules(sx_i_chart *c, const sx_layer *l, sx_i_scene *s)
{
    unsigned char level[RULES] = {0};
    unsigned char upright[RULES] = {0};
    bool crowd = l->n > CROWD;
    for (int64_t i = 0; i < l->n; i++) {
        double x;
        double y;
        if (!sx_i_rule_place(c, l, i, &x, &y))
            continue;
        const double across[] = {0, y, c->w, y};
        const double down[] = {x, c->h, x, 0};
        bool already = crowd && (isnan(x) ? drawn_already(level, y, c->h)
                                          : drawn_already(upright, x, c->w));
        if (!already)
            draw_rule(c, l, isnan(x) ? across : down, s);
    }
}

static sx_status draw_layer(sx_i_chart *c, const sx_layer *l, sx_i_scrawl *scrawl,
                            sx_i_scene *s, sx_error *err)
{
    s->class = l->role;
    switch (l->kind) {
    case SX_LAYER_POINTS:
        if (sx_i_layer_is_cloud(c->pen, l))
            return sx_i_cloud_draw(c, l, s, err);
        if (sx_i_is_crowd(c->pen, l->n))
            return sx_i_crowd_draw(c, l, s, err);
        draw_points(c, l, s);
        return SX_OK;
    case SX_LAYER_BARS: draw_bars(c, l, s); return SX_OK;
    case SX_LAYER_RULES: draw_rules(c, l, s); return SX_OK;
    case SX_LAYER_STRIP: /* all of them together */
    case SX_LAYER_WORDS: return SX_OK;
    default: break;
    }
    sx_status st = SX_OK;
    sx_i_scene_clip(s, 0, 0, c->w, c->h);
    if (l->kind != SX_LAYER_ARROWS)
        st = sx_i_trace_draw(c, l, scrawl, s, err);
    else if (sx_i_is_crowd(c->pen, l->n))
        sx_i_scrawl_layer(scrawl, c, l, s);
    else
        draw_arrows(c, l, s);
    sx_i_scene_unclip(s);
    return st;
}

int sx_i_layer_pass(const sx_layer *l)
{
    return l->always ? 2 : l->light ? 0 : 1;
}

sx_status sx_i_marks_draw(sx_i_chart *c, sx_i_scene *s, sx_error *err)
{
    sx_status st = SX_OK;
    for (int pass = 0; pass < 3; pass++) {
        sx_i_scrawl scrawl = {0};
        for (int32_t k = 0; !st && k < c->chart->layers; k++) {
            if (sx_i_layer_pass(c->chart->layer[k]) == pass)
                st = draw_layer(c, c->chart->layer[k], &scrawl, s, err);
        }
        sx_i_scrawl_put(&scrawl, c, s);
        if (!st && pass == 1)
            st = sx_i_strips_draw(c, s, err);
    }
    s->class = NULL;
    return st;
}
