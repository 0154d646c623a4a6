/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tikz_chart.c - the layers of a chart as plots of pgfplots, in the numbers of the data.
 *
 * Where an axis cannot have these, tables hold places and, beside them, the numbers. */
#include <math.h>
#include <string.h>

#include "plots/marks_int.h"
#include "plots/tikz_axis_int.h"

/* A layer that is being written. */
typedef struct writer {
    const sx_i_tikz *t;
    sx_i_bytes *out;
    sx_i_chart *c;
    const sx_layer *l;
    int64_t step; /* every so many marks */
} writer;

/* --- looks --- */

static void put_series(const writer *w)
{
    int32_t colour = w->l->colour;
    if (colour >= 0)
        sx_i_bytes_format(w->out, "/tikz/sextant/series %d", (int)(colour % SX_COLOURS) + 1);
    else
        sx_i_bytes_text(w->out,
                        colour == SX_COLOUR_GREY ? "/tikz/sextant/grey" : "/tikz/sextant/ink");
}

static void put_role(const writer *w)
{
    sx_i_bytes_format(w->out, ", /tikz/sextant/%s", w->l->role);
}

static void put_amount(const writer *w, const char *name, double amount, const char *unit)
{
    sx_i_bytes_format(w->out, ", %s=", name);
    sx_i_tikz_number(w->out, amount);
    sx_i_bytes_text(w->out, unit);
}

static void put_opacity(const writer *w)
{
    if (w->l->light)
        put_amount(w, "opacity", sx_i_layer_opacity(w->l), "");
}

static void put_line(const writer *w, double size)
{
    put_amount(w, "line width", size, "bp");
    sx_i_tikz_dash(w->t, w->l->dash, size);
}

/* Crowds are small dots. */
static void put_marker(const writer *w)
{
    bool crowd = sx_i_is_crowd(w->c->pen, w->l->n) && !w->l->always;
    sx_i_bytes_text(w->out, "\\addplot[only marks, ");
    put_series(w);
    sx_i_bytes_format(w->out, ", mark=%s", sx_i_tikz_marker(w->l->marker));
    put_amount(w, "mark size", crowd ? 0.4 : sx_i_marker_size(w->l) / 2, "bp");
    put_opacity(w);
    put_role(w);
}

/* --- tables --- */

static bool both_plain(const writer *w)
{
    return sx_i_tikz_plain(&w->c->x) && sx_i_tikz_plain(&w->c->y);
}

static void put_table(const writer *w)
{
    sx_i_bytes_text(w->out, "] table[row sep=\\\\] {");
    sx_i_bytes_text(w->out, both_plain(w) ? "x y\\\\\n" : "x y datax datay\\\\\n");
}

static void put_number(const writer *w, double value)
{
    sx_i_bytes_text(w->out, " ");
    if (isfinite(value))
        sx_i_bytes_number(w->out, value);
    else
        sx_i_bytes_text(w->out, "nan");
}

/* One row of a table; (x, y) on the axes, of those numbers. */
static void put_row(const writer *w, double x, double y, double x_data, double y_data)
{
    sx_i_tikz_put(w->out, &w->c->x, x);
    sx_i_bytes_text(w->out, " ");
    sx_i_tikz_put(w->out, &w->c->y, y);
    if (!both_plain(w)) {
        put_number(w, x_data);
        put_number(w, y_data);
    }
    sx_i_bytes_text(w->out, "\\\\\n");
}

static void put_at(const writer *w, double x, double y)
{
    sx_i_bytes_text(w->out, "(axis cs:");
    sx_i_tikz_put(w->out, &w->c->x, x);
    sx_i_bytes_text(w->out, ",");
    sx_i_tikz_put(w->out, &w->c->y, y);
    sx_i_bytes_text(w->out, ")");
}

/* The numbers beside what is drawn at places. */
static void put_data(const writer *w, double x, double y)
{
    if (!both_plain(w)) {
        sx_i_bytes_text(w->out, " %");
        put_number(w, x);
        put_number(w, y);
    }
    sx_i_bytes_text(w->out, "\n");
}

/* --- points --- */

static void whisker(const writer *w, int64_t i, double x, double y, bool ink)
{
    const sx_layer *l = w->l;
    bool turned = w->c->turned;
    if (!l->low || !isfinite(l->low[i]) || !isfinite(l->high[i]))
        return;
    double low = sx_i_tikz_end(turned ? &w->c->x : &w->c->y, l->low[i]);
    double high = sx_i_tikz_end(turned ? &w->c->x : &w->c->y, l->high[i]);
    sx_i_bytes_text(w->out, "\\draw[");
    if (ink)
        sx_i_bytes_text(w->out, "sextant/ink");
    else
        put_series(w);
    sx_i_bytes_text(w->out, ", sextant/error limits] ");
    put_at(w, turned ? low : x, turned ? y : low);
    sx_i_bytes_text(w->out, " -- ");
    put_at(w, turned ? high : x, turned ? y : high);
    sx_i_bytes_text(w->out, ";");
    put_data(w, l->low[i], l->high[i]);
}

static void put_points(const writer *w)
{
    const sx_layer *l = w->l;
    double x;
    double y;
    for (int64_t i = 0; i < l->n && l->low; i += w->step) {
        if (sx_i_mark_place(w->c, l, i, &x, &y))
            whisker(w, i, sx_i_tikz_value(&w->c->x, l->x[i]),
                    sx_i_tikz_value(&w->c->y, l->y[i]), false);
    }
    put_marker(w);
    put_table(w);
    for (int64_t i = 0; i < l->n; i += w->step) {
        if (sx_i_mark_place(w->c, l, i, &x, &y))
            put_row(w, sx_i_tikz_value(&w->c->x, l->x[i]), sx_i_tikz_value(&w->c->y, l->y[i]),
                    l->x[i], l->y[i]);
    }
    sx_i_bytes_text(w->out, "};\n");
}

/* --- lines and areas --- */

static bool on_line(const writer *w, int64_t i)
{
    return i >= 0 && i < w->l->n && !isnan(sx_i_tikz_value(&w->c->x, w->l->x[i])) &&
           !isnan(sx_i_tikz_value(&w->c->y, w->l->y[i]));
}

static void put_point_row(const writer *w, int64_t i)
{
    put_row(w, sx_i_tikz_value(&w->c->x, w->l->x[i]), sx_i_tikz_value(&w->c->y, w->l->y[i]),
            w->l->x[i], w->l->y[i]);
}

/* Parts of one point are dots; parts are apart by a row of nan. */
static void put_polyline(const writer *w)
{
    const sx_layer *l = w->l;
    double size = sx_i_line_size(l);
    for (int64_t i = 0; i < l->n; i++) {
        if (!on_line(w, i) || on_line(w, i - 1) || on_line(w, i + 1))
            continue;
        sx_i_bytes_text(w->out, "\\fill[");
        put_series(w);
        put_role(w);
        sx_i_bytes_text(w->out, "] ");
        put_at(w, sx_i_tikz_value(&w->c->x, l->x[i]), sx_i_tikz_value(&w->c->y, l->y[i]));
        sx_i_bytes_text(w->out, " circle[radius=");
        sx_i_tikz_number(w->out, size);
        sx_i_bytes_text(w->out, "bp];");
        put_data(w, l->x[i], l->y[i]);
    }
    sx_i_bytes_text(w->out, "\\addplot[");
    put_series(w);
    put_line(w, size);
    sx_i_bytes_text(w->out, ", line join=round, unbounded coords=jump");
    put_opacity(w);
    put_role(w);
    put_table(w);
    for (int64_t i = 0; i < l->n; i++) {
        bool ends = !on_line(w, i - 1) || !on_line(w, i + 1);
        if (on_line(w, i) && (ends || i % w->step == 0))
            put_point_row(w, i);
        else if (!on_line(w, i) && on_line(w, i - 1) && i + 1 < l->n)
            put_row(w, (double)NAN, (double)NAN, (double)NAN, (double)NAN);
    }
    sx_i_bytes_text(w->out, "};\n");
}

static void put_area(const writer *w)
{
    sx_i_bytes_text(w->out, "\\addplot[");
    put_series(w);
    sx_i_bytes_text(w->out, ", fill, fill opacity=0.12, line join=round");
    put_line(w, 0.8 * SX_I_DATA);
    put_role(w);
    put_table(w);
    for (int64_t i = 0; i < w->l->n; i += w->step) {
        if (on_line(w, i))
            put_point_row(w, i);
    }
    sx_i_bytes_text(w->out, "} -- cycle;\n");
}

static bool in_band(const writer *w, int64_t i)
{
    const sx_layer *l = w->l;
    return i < l->n && isfinite(l->low[i]) && isfinite(l->high[i]) &&
           !isnan(sx_i_tikz_value(&w->c->x, l->x[i]));
}

static void put_edge(const writer *w, int64_t i, double value)
{
    put_row(w, sx_i_tikz_value(&w->c->x, w->l->x[i]), sx_i_tikz_end(&w->c->y, value),
            w->l->x[i], value);
}

/* The part [from, to) of a band: along the upper edge and back along the lower one. */
static void put_part(const writer *w, int64_t from, int64_t to)
{
    sx_i_bytes_text(w->out, "\\addplot[");
    put_series(w);
    sx_i_bytes_text(w->out, ", draw=none, fill");
    put_amount(w, "fill opacity", w->l->light ? 0.1 : 0.2, "");
    put_role(w);
    put_table(w);
    for (int64_t i = from; i < to; i++) {
        if (i == to - 1 || (i - from) % w->step == 0)
            put_edge(w, i, w->l->high[i]);
    }
    for (int64_t i = to; i-- > from;) {
        if (i == to - 1 || (i - from) % w->step == 0)
            put_edge(w, i, w->l->low[i]);
    }
    sx_i_bytes_text(w->out, "} -- cycle;\n");
}

static void put_band(const writer *w)
{
    int64_t from = 0;
    for (int64_t i = 0; i <= w->l->n; i++) {
        if (in_band(w, i))
            continue;
        if (i > from + 1)
            put_part(w, from, i);
        from = i + 1;
    }
}

/* --- bars, arrows, rules --- */

static void put_bar(const writer *w, int64_t i)
{
    const sx_i_chart *c = w->c;
    const sx_i_axis *value = c->turned ? &c->x : &c->y;
    sx_i_box b;
    if (!sx_i_bar_box(c, w->l, i, &b))
        return;
    double number = c->turned ? w->l->x[i] : w->l->y[i];
    double base = sx_i_tikz_end(value, 0);
    double end = sx_i_tikz_end(value, number);
    double x0 = sx_i_tikz_back(&c->x, b.x);
    double x1 = sx_i_tikz_back(&c->x, b.x + b.w);
    double y0 = sx_i_tikz_back(&c->y, b.y);
    double y1 = sx_i_tikz_back(&c->y, b.y + b.h);
    sx_i_bytes_text(w->out, "\\fill[");
    put_series(w);
    put_amount(w, "opacity", w->l->light ? 0.35 : 0.75, "");
    put_role(w);
    sx_i_bytes_text(w->out, "] ");
    put_at(w, c->turned ? base : x0, c->turned ? y0 : base);
    sx_i_bytes_text(w->out, " rectangle ");
    put_at(w, c->turned ? end : x1, c->turned ? y1 : end);
    sx_i_bytes_text(w->out, ";");
    put_data(w, w->l->x[i], w->l->y[i]);
    whisker(w, i, c->turned ? end : (x0 + x1) / 2, c->turned ? (y0 + y1) / 2 : end, true);
}

/* How long an arrow is on the page; NAN where an end is none. */
static double arrow_length(const writer *w, int64_t i)
{
    const sx_scale *x = &w->c->x.scale;
    const sx_scale *y = &w->c->y.scale;
    const double ends[] = {w->l->x[i], w->l->y[i], w->l->low[i], w->l->high[i]};
    for (int k = 0; k < 4;
         k++) { /* hypot() takes an infinite side for more than a missing one */
        if (!isfinite(ends[k]))
            return (double)NAN;
    }
    return hypot(sx_scale_place(x, w->l->low[i]) - sx_scale_place(x, w->l->x[i]),
                 sx_scale_place(y, w->l->high[i]) - sx_scale_place(y, w->l->y[i]));
}

/* Those that are shorter than their heads have none. */
static void put_arrow(const writer *w, int64_t i)
{
    const sx_layer *l = w->l;
    double length = arrow_length(w, i);
    if (!(length > 1e-6))
        return;
    sx_i_bytes_text(w->out, "\\draw[");
    put_series(w);
    put_line(w, sx_i_line_size(l));
    sx_i_bytes_text(w->out, length > 4 ? ", -latex" : "");
    put_role(w);
    sx_i_bytes_text(w->out, "] ");
    put_at(w, sx_i_tikz_value(&w->c->x, l->x[i]), sx_i_tikz_value(&w->c->y, l->y[i]));
    sx_i_bytes_text(w->out, " -- ");
    put_at(w, sx_i_tikz_value(&w->c->x, l->low[i]), sx_i_tikz_value(&w->c->y, l->high[i]));
    sx_i_bytes_text(w->out, ";");
    put_data(w, l->low[i], l->high[i]);
}

static void put_rule(const writer *w, int64_t i)
{
    const sx_i_chart *c = w->c;
    double x;
    double y;
    if (!sx_i_rule_place(c, w->l, i, &x, &y))
        return;
    bool level = isnan(x);
    double x0 = level ? sx_i_tikz_back(&c->x, 0) : sx_i_tikz_value(&c->x, w->l->x[i]);
    double y0 = level ? sx_i_tikz_value(&c->y, w->l->y[i]) : sx_i_tikz_back(&c->y, c->h);
    sx_i_bytes_text(w->out, "\\draw[");
    put_series(w);
    put_line(w, w->l->size > 0 ? w->l->size : 0.8);
    put_role(w);
    sx_i_bytes_text(w->out, "] ");
    put_at(w, x0, y0);
    sx_i_bytes_text(w->out, " -- ");
    put_at(w, level ? sx_i_tikz_back(&c->x, c->w) : x0, level ? y0 : sx_i_tikz_back(&c->y, 0));
    sx_i_bytes_text(w->out, ";");
    put_data(w, w->l->x[i], w->l->y[i]);
}

static void put_each(const writer *w, void (*put)(const writer *w, int64_t i))
{
    for (int64_t i = 0; i < w->l->n; i += w->step)
        put(w, i);
}

/* --- strips --- */

static void put_dots(const writer *w, const sx_i_strips *s)
{
    bool turned = w->c->turned;
    int64_t seen = 0;
    put_marker(w);
    put_table(w);
    for (int64_t k = 0; k < s->dots; k++) {
        const sx_i_dot *d = &s->dot[k];
        if (d->layer != w->l || seen++ % w->step != 0)
            continue;
        double along =
            sx_i_tikz_back(s->along, sx_scale_place(&s->along->scale, d->category) + d->offset);
        double value = sx_i_tikz_value(s->value, sx_i_dot_value(s, d));
        along = round(1e4 * along) / 1e4;
        put_row(w, turned ? value : along, turned ? along : value, w->l->x[d->index],
                w->l->y[d->index]);
    }
    sx_i_bytes_text(w->out, "};\n");
}

static void put_medians(const writer *w, const sx_i_strips *s)
{
    sx_i_median m;
    for (int64_t i = 0; sx_i_strips_median(s, &i, &m);) {
        double from = sx_i_tikz_back(s->along, m.middle - s->half);
        double to = sx_i_tikz_back(s->along, m.middle + s->half);
        double at = sx_i_tikz_back(s->value, m.place);
        sx_i_bytes_text(w->out, "\\draw[sextant/strip median] ");
        put_at(w, w->c->turned ? at : from, w->c->turned ? from : at);
        sx_i_bytes_text(w->out, " -- ");
        put_at(w, w->c->turned ? at : to, w->c->turned ? to : at);
        sx_i_bytes_text(w->out, ";\n");
    }
}

/* --- clouds --- */

static void put_scene(const writer *w, sx_i_scene *s, sx_i_box area)
{
    for (int32_t i = 0; i < s->marks; i++) {
        sx_i_mark *m = &s->mark[i];
        m->x += area.x;
        m->y += area.y;
        sx_i_tikz_mark(w->t, m);
    }
}

/* On the page, between two axes. */
static sx_status put_cloud(const writer *w, const sx_i_view *v, sx_error *err)
{
    sx_i_scene s = {.theme = w->c->pen->style->theme};
    sx_i_tikz_axis_end(w->t);
    sx_status st = sx_i_cloud_draw(w->c, w->l, &s, err);
    sx_i_bytes_format(w->out, "%% %lld points as the image of their density\n",
                      (long long)w->l->n);
    if (!st && !s.failed)
        put_scene(w, &s, v->area);
    if (!st && s.failed)
        st = sx_nomem(err);
    sx_i_scene_clear(&s);
    sx_i_tikz_axis_begin(w->t, v, false);
    return st;
}

static sx_status put_cloud_key(const writer *w, const sx_i_view *v, sx_error *err)
{
    sx_i_scene s = {.theme = w->c->pen->style->theme};
    sx_i_cloud_key_draw(w->c, &s);
    sx_status st = s.failed ? sx_nomem(err) : SX_OK;
    if (!st)
        put_scene(w, &s, v->area);
    sx_i_scene_clear(&s);
    return st;
}

/* --- the chart --- */

static void put_layer(const writer *w, const sx_i_strips *s)
{
    switch (w->l->kind) {
    case SX_LAYER_POINTS: put_points(w); break;
    case SX_LAYER_LINE: put_polyline(w); break;
    case SX_LAYER_AREA: put_area(w); break;
    case SX_LAYER_BAND: put_band(w); break;
    case SX_LAYER_BARS: put_each(w, put_bar); break;
    case SX_LAYER_ARROWS: put_each(w, put_arrow); break;
    case SX_LAYER_RULES: put_each(w, put_rule); break;
    case SX_LAYER_STRIP: put_dots(w, s); break;
    default: break;
    }
}

static void put_layer_name(const writer *w)
{
    if (*w->l->name)
        sx_i_script_comment(w->out, "% ", w->l->name);
    if (w->step <= 1)
        return;
    sx_i_bytes_format(w->out, "%% %lld marks, here one of %lld: TeX's memory is small\n",
                      (long long)w->l->n, (long long)w->step);
    sx_i_note(w->t->notes, "TikZ has one of %lld of %lld marks: TeX's memory is small",
              (long long)w->step, (long long)w->l->n);
}

static sx_status put_layers(writer *w, const sx_i_view *v, const sx_i_strips *s,
                            const int32_t *order, sx_error *err)
{
    sx_status st = SX_OK;
    for (int32_t k = 0; k < w->c->chart->layers && !st; k++) {
        w->l = w->c->chart->layer[order[k]];
        w->step = sx_i_script_step(w->l->n, w->t->most);
        if (!w->l->n)
            continue;
        if (sx_i_layer_is_cloud(w->c->pen, w->l)) {
            st = put_cloud(w, v, err);
            continue;
        }
        put_layer_name(w);
        put_layer(w, s);
    }
    return st;
}

sx_status sx_i_tikz_chart(const sx_i_tikz *t, const sx_i_view *v, sx_error *err)
{
    sx_i_strips strips = {0};
    writer w = {t, t->out, v->chart, NULL, 1};
    int32_t *order = sx_alloc((size_t)v->chart->chart->layers + 1, sizeof *order);
    sx_status st = order ? sx_i_strips_find(v->chart, &strips, err) : sx_nomem(err);
    if (!st) {
        sx_i_script_order(v->chart->chart, order);
        sx_i_tikz_axis_begin(t, v, true);
        st = put_layers(&w, v, &strips, order, err);
        put_medians(&w, &strips);
        sx_i_tikz_axis_end(t);
        sx_i_tikz_breaks(t, v);
    }
    if (!st)
        st = put_cloud_key(&w, v, err);
    sx_i_strips_clear(&strips);
    sx_release(order);
    return st;
}
