/* SPDX-License-Identifier: GPL-3.0-or-later */
/* gnuplot_chart.c - charts for gnuplot: for each layer a style of lines and a block of data,
 * then axes and one plot.
 *
 * Data stand as they are.  Where an axis cannot show them as gnuplot would (zeros beside
 * logarithms, symmetric logarithms), the same columns follow once more as places in points,
 * and these are drawn. */
#include "plots/gnuplot_int.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "plots/marks_int.h"

enum { MOST = 50000, COLUMNS = 4 };

/* One layer of a view. */
typedef struct part {
    const sx_i_gnuplot *g;
    sx_i_chart *c;
    const sx_layer *l;
    int32_t view, layer; /* from 1 */
    int32_t style;
    bool plain; /* both axes */
} part;

static part part_of(const sx_i_gnuplot *g, int32_t view, int32_t layer)
{
    sx_i_chart *c = g->script->views.view[view].chart;
    part p = {
        .g = g, .c = c, .l = c->chart->layer[layer], .view = view + 1, .layer = layer + 1};
    p.style = layer + 1;
    for (int32_t v = 0; v < view; v++)
        p.style += g->script->views.view[v].chart->chart->layers;
    p.plain = sx_i_axis_plain(&c->x) && sx_i_axis_plain(&c->y);
    return p;
}

/* --- styles --- */

static void put_style(const part *p)
{
    static const char *const dash[] = {"1", "'-'", "'.'", "'-.'"};
    static const int point[SX_MARKERS] = {7, 5, 9, 13, 2, 1, 11, 6};
    sx_i_bytes *out = p->g->out;
    sx_i_bytes_format(out, "set style line %d linecolor rgb %s", p->style,
                      sx_i_layer_opacity(p->l) < 1 ? "pale(" : "");
    sx_i_gnuplot_colour(p->g, sx_i_layer_colour(p->c->pen, p->l));
    sx_i_bytes_text(out, sx_i_layer_opacity(p->l) < 1 ? ") linewidth " : " linewidth ");
    bool ring = p->l->marker == SX_MARKER_RING && p->l->kind == SX_LAYER_POINTS;
    sx_i_bytes_fixed(out, ring ? 0.7 : sx_i_line_size(p->l), 2);
    sx_i_bytes_format(out, " dashtype %s pointtype %d pointsize ", dash[p->l->dash],
                      point[p->l->marker]);
    sx_i_bytes_fixed(out, sx_i_marker_size(p->l) / 10, 2);
    sx_i_bytes_text(out, "\n");
}

/* --- data --- */

/* A number of a column, and the axis that it belongs to. */
typedef struct field {
    const char *name;
    const sx_i_axis *axis; /* NULL: none */
    double value;
} field;

static void put_value(sx_i_bytes *out, double x, bool first)
{
    if (!first)
        sx_i_bytes_text(out, " ");
    if (isfinite(x))
        sx_i_bytes_number(out, x);
    else
        sx_i_bytes_text(out, "NaN");
}

static void put_fields(const part *p, const field *f, int n)
{
    for (int i = 0; i < n; i++)
        put_value(p->g->out, f[i].value, i == 0);
    for (int i = 0; i < n && !p->plain; i++)
        put_value(p->g->out, f[i].axis ? sx_i_axis_number(f[i].axis, f[i].value) : f[i].value,
                  false);
    sx_i_bytes_text(p->g->out, "\n");
}

static double clamped(const sx_i_axis *a, double x)
{
    return isnan(x) ? x : fmin(fmax(x, a->scale.low), a->scale.high);
}

/* whiskers end at the ends of the axis */
static double end_of(const sx_i_axis *a, double x)
{
    bool zero = a->scale.kind == SX_SCALE_LOG && a->scale.zeros && !(x > 0);
    return zero && !isnan(x) ? 0 : clamped(a, x);
}

/* The columns of row i; returns how many. */
static int fields_of(const part *p, int64_t i, field f[COLUMNS])
{
    const sx_layer *l = p->l;
    const sx_i_axis *value = p->c->turned ? &p->c->x : &p->c->y;
    const double none = (double)NAN;
    f[0] = (field){"x", &p->c->x, l->x[i]};
    if (l->kind == SX_LAYER_BAND) {
        f[1] = (field){"low", &p->c->y, end_of(&p->c->y, l->low[i])};
        f[2] = (field){"high", &p->c->y, end_of(&p->c->y, l->high[i])};
        return 3;
    }
    f[1] = (field){"y", &p->c->y, l->y[i]};
    if (l->kind == SX_LAYER_ARROWS) {
        f[2] = (field){"to-x", &p->c->x, l->low[i]};
        f[3] = (field){"to-y", &p->c->y, l->high[i]};
        return 4;
    }
    if (l->kind != SX_LAYER_POINTS && l->kind != SX_LAYER_BARS)
        return 2;
    f[2] = (field){"low", value, l->low ? end_of(value, l->low[i]) : none};
    f[3] = (field){"high", value, l->high ? end_of(value, l->high[i]) : none};
    return l->low ? 4 : 2;
}

static bool is_gap(const sx_layer *l, int64_t i)
{
    if (l->kind == SX_LAYER_BAND)
        return !isfinite(l->x[i]) || !isfinite(l->low[i]) || !isfinite(l->high[i]);
    return !isfinite(l->x[i]) || !isfinite(l->y[i]);
}

static void put_columns(const part *p)
{
    field f[COLUMNS];
    sx_i_bytes *out = p->g->out;
    int n = p->l->n ? fields_of(p, 0, f) : 0;
    sx_i_bytes_text(out, "#");
    for (int i = 0; i < n; i++)
        sx_i_bytes_format(out, " %s", f[i].name);
    if (p->l->kind == SX_LAYER_BARS)
        sx_i_bytes_text(out, " middle left right bottom top");
    if (p->l->kind == SX_LAYER_STRIP)
        sx_i_bytes_text(out, " aside");
    sx_i_bytes_text(out, p->plain ? "\n" : ", and these as places in points\n");
}

static void put_rows(const part *p)
{
    int64_t step = sx_i_script_step(p->l->n, MOST);
    bool broken = true;
    field f[COLUMNS];
    if (step > 1)
        sx_i_bytes_format(p->g->out, "# one of %lld rows\n", (long long)step);
    for (int64_t i = 0; i < p->l->n && !p->g->out->failed; i += step) {
        bool gap = is_gap(p->l, i);
        if (gap && !broken)
            sx_i_bytes_text(p->g->out, "\n");
        broken = gap;
        if (!gap)
            put_fields(p, f, fields_of(p, i, f));
    }
    if (p->l->kind == SX_LAYER_AREA && p->l->n > 0 && !is_gap(p->l, 0))
        put_fields(p, f, fields_of(p, 0, f));
}

/* the box of a bar as places of the axes */
static void put_bars(const part *p)
{
    for (int64_t i = 0; i < p->l->n; i++) {
        sx_i_box b;
        field f[COLUMNS];
        if (!sx_i_bar_box(p->c, p->l, i, &b))
            continue;
        const double x[] = {sx_i_axis_back(&p->c->x, b.x), sx_i_axis_back(&p->c->x, b.x + b.w)};
        const double y[] = {sx_i_axis_back(&p->c->y, b.y + b.h), sx_i_axis_back(&p->c->y, b.y)};
        const double middle = sx_i_axis_back(p->c->turned ? &p->c->y : &p->c->x,
                                             p->c->turned ? b.y + b.h / 2 : b.x + b.w / 2);
        const double box[] = {middle, x[0], x[1], y[0], y[1]};
        int n = fields_of(p, i, f);
        for (int k = 0; k < n; k++)
            put_value(p->g->out,
                      p->plain || k < 2 ? f[k].value : sx_i_axis_number(f[k].axis, f[k].value),
                      k == 0);
        for (int k = 0; k < 5; k++)
            put_value(p->g->out, box[k], false);
        sx_i_bytes_text(p->g->out, "\n");
    }
}

static void put_dots(const part *p, const sx_i_strips *s)
{
    const sx_scale *along = &s->along->scale;
    double unit = (along->high - along->low) / (along->to - along->from);
    for (int64_t i = 0; i < s->dots; i++) {
        const sx_i_dot *d = &s->dot[i];
        if (d->layer != p->l)
            continue;
        field f[COLUMNS];
        (void)fields_of(p, d->index, f);
        f[2] = (field){"aside", NULL, d->offset * unit};
        put_fields(p, f, 3);
    }
}

static sx_status put_block(const part *p, const sx_i_strips *strips)
{
    sx_i_bytes *out = p->g->out;
    if (p->l->kind == SX_LAYER_RULES || p->l->kind == SX_LAYER_WORDS)
        return SX_OK;
    sx_i_script_comment(out, "# ", p->l->name);
    sx_i_bytes_format(out, "$p%d_%d << EOD\n", p->view, p->layer);
    put_columns(p);
    if (p->l->kind == SX_LAYER_BARS)
        put_bars(p);
    else if (p->l->kind == SX_LAYER_STRIP)
        put_dots(p, strips);
    else
        put_rows(p);
    sx_i_bytes_text(out, "EOD\n");
    return SX_OK;
}

/* the medians of strips: a line over the width of each */
static void put_medians(const sx_i_gnuplot *g, int32_t view, const sx_i_strips *s)
{
    const sx_scale *along = &s->along->scale;
    double reach = s->half * fabs((along->high - along->low) / (along->to - along->from));
    sx_i_median m;
    if (!s->dots)
        return;
    sx_i_bytes_format(g->out, "$p%d_medians << EOD\n# x y dx dy\n", view + 1);
    for (int64_t i = 0; sx_i_strips_median(s, &i, &m);) {
        double at = sx_i_axis_number(s->value, m.value);
        bool turned = s->c->turned;
        put_value(g->out, turned ? at : m.category - reach, true);
        put_value(g->out, turned ? m.category - reach : at, false);
        put_value(g->out, turned ? 0 : 2 * reach, false);
        put_value(g->out, turned ? 2 * reach : 0, false);
        sx_i_bytes_text(g->out, "\n");
    }
    sx_i_bytes_text(g->out, "EOD\n");
}

sx_status sx_i_gnuplot_data(const sx_i_gnuplot *g, sx_error *err)
{
    const sx_i_views *v = &g->script->views;
    sx_status st = SX_OK;
    for (int32_t i = 0; i < v->views; i++) {
        for (int32_t k = 0; k < v->view[i].chart->chart->layers; k++) {
            part p = part_of(g, i, k);
            sx_i_script_comment(g->out, "# ", p.l->name);
            put_style(&p);
        }
    }
    for (int32_t i = 0; !st && i < v->views; i++) {
        sx_i_strips strips;
        st = sx_i_strips_find(v->view[i].chart, &strips, err);
        sx_i_bytes_format(g->out, "\n# --- data of chart %d ---\n", i + 1);
        for (int32_t k = 0; !st && k < v->view[i].chart->chart->layers; k++) {
            part p = part_of(g, i, k);
            st = put_block(&p, &strips);
        }
        if (!st)
            put_medians(g, i, &strips);
        sx_i_strips_clear(&strips);
    }
    return st;
}

/* --- axes --- */

static void put_numbers(sx_i_bytes *out, const sx_i_axis *a)
{
    bool first = true;
    for (int32_t i = 0; i < a->ticks.ticks; i++, first = false) {
        sx_i_bytes_text(out, first ? "" : ", ");
        sx_i_gnuplot_text(out, a->names ? a->ticks.label[i] : "", false, true);
        put_value(out, sx_i_axis_number(a, a->ticks.value[i]), false);
    }
    for (int32_t i = 0; i < a->ticks.minors; i++, first = false) {
        sx_i_bytes_text(out, first ? "''" : ", ''");
        put_value(out, sx_i_axis_number(a, a->ticks.minor[i]), false);
        sx_i_bytes_text(out, " 1");
    }
}

static void put_names(sx_i_bytes *out, const sx_i_axis *a)
{
    bool first = true;
    for (int32_t i = 0; a->names && a->every > 0 && i < a->axis->categories; i += a->every) {
        sx_i_bytes_text(out, first ? "" : ", ");
        sx_i_gnuplot_text(out, a->label[i], false, true);
        put_value(out, i, false);
        first = false;
    }
}

static void put_axis(sx_i_bytes *out, const sx_i_axis *a, char name)
{
    double low;
    double high;
    sx_i_axis_ends(a, &low, &high);
    bool down = sx_i_axis_reversed(a);
    sx_i_bytes_format(out, "set %crange [", name);
    put_value(out, down ? high : low, true);
    sx_i_bytes_text(out, ":");
    put_value(out, down ? low : high, true);
    sx_i_bytes_text(out, "]\n");
    if (a->scale.kind == SX_SCALE_LOG && sx_i_axis_plain(a))
        sx_i_bytes_format(out, "set logscale %c\n", name);
    sx_i_bytes_format(out, "set %ctics (", name);
    if (a->axis->categories)
        put_names(out, a);
    else
        put_numbers(out, a);
    sx_i_bytes_text(out, ") out nomirror textcolor rgb ink");
    sx_i_bytes_text(out, a->axis->categories ? " scale 0" : " scale 0.7, 0.4");
    if (a->angle > 0)
        sx_i_bytes_format(out, " rotate by %d right", (int)a->angle);
    sx_i_bytes_text(out, a->vertical ? " offset 0.6, 0" : " offset 0, 0.5");
    sx_i_bytes_text(out, "\n");
}

/* a title where the layout has room for it; gnuplot sets the middle of lines at the place */
static void put_title(const sx_i_gnuplot *g, const sx_i_view *v, const sx_i_axis *a)
{
    const sx_i_scene *s = &g->script->scene;
    double text = v->chart->pen->text;
    const sx_i_lines *t = &a->title;
    for (int32_t i = 0; i < t->lines; i++) {
        double below = a->depth + SX_I_GAP + (i * SX_I_LINE + SX_I_UP - 0.33) * text;
        double beside =
            a->depth + SX_I_GAP + ((t->lines - 1 - i) * SX_I_LINE + SX_I_DOWN + 0.33) * text;
        sx_i_bytes_text(g->out, "set label ");
        sx_i_gnuplot_text(g->out, t->line[i], true, false);
        sx_i_bytes_text(g->out, a->vertical ? " at screen " : " at graph 0.5, screen ");
        sx_i_bytes_fixed(g->out,
                         a->vertical ? (v->area.x - beside) / s->width
                                     : 1 - (v->area.y + v->area.h + below) / s->height,
                         5);
        sx_i_bytes_text(g->out, a->vertical ? ", graph 0.5 center rotate by 90" : " center");
        sx_i_bytes_text(g->out, " textcolor rgb ink\n");
    }
}

/* --- layers --- */

static void put_rules(const part *p)
{
    sx_i_bytes *out = p->g->out;
    for (int64_t i = 0; i < p->l->n; i++) {
        double x;
        double y;
        if (!sx_i_rule_place(p->c, p->l, i, &x, &y))
            continue;
        bool level = isnan(x);
        double at = level ? sx_i_axis_number(&p->c->y, p->l->y[i])
                          : sx_i_axis_number(&p->c->x, p->l->x[i]);
        sx_i_bytes_text(out, level ? "set arrow from graph 0, first" : "set arrow from first");
        put_value(out, at, false);
        sx_i_bytes_text(out, level ? " to graph 1, first" : ", graph 0 to first");
        put_value(out, at, false);
        sx_i_bytes_format(out, "%s nohead linestyle %d\n", level ? "" : ", graph 1", p->style);
    }
}

/* " using a:b:c" of columns from 1, or of the places that follow them */
static void put_using(const part *p, int fields, const int *column, int n)
{
    for (int i = 0; i < n; i++)
        sx_i_bytes_format(p->g->out, "%s%d", i ? ":" : " using ",
                          column[i] + (p->plain ? 0 : fields));
}

static void put_element(const part *p, bool *first)
{
    sx_i_bytes_format(p->g->out, "%s$p%d_%d", *first ? "plot " : ", \\\n    ", p->view,
                      p->layer);
    *first = false;
}

/* from low to high with a cap at both ends, over the middle of the mark; columns from 1 */
static void plot_whiskers(const part *p, int middle, int low, const char *look, bool *first)
{
    put_element(p, first);
    sx_i_bytes_format(
        p->g->out, p->c->turned ? " using %d:%d:($%d-$%d):(0)" : " using %d:%d:(0):($%d-$%d)",
        p->c->turned ? low : middle, p->c->turned ? middle : low, low + 1, low);
    sx_i_bytes_format(p->g->out, " with vectors heads size screen 0.008, 90 %s", look);
}

static void plot_points(const part *p, bool *first)
{
    static const int xy[] = {1, 2};
    char look[32];
    int fields = p->l->low ? 4 : 2;
    int shift = p->plain ? 0 : fields;
    snprintf(look, sizeof look, "linestyle %d", p->style);
    if (p->l->low)
        plot_whiskers(p, shift + (p->c->turned ? 2 : 1), shift + 3, look, first);
    put_element(p, first);
    put_using(p, fields, xy, 2);
    sx_i_bytes_format(p->g->out, " with points linestyle %d", p->style);
}

static void plot_bars(const part *p, bool *first)
{
    int n = p->l->low ? 4 : 2;
    put_element(p, first);
    sx_i_bytes_format(
        p->g->out,
        " using (($%d+$%d)/2):(($%d+$%d)/2):%d:%d:%d:%d with boxxyerror linestyle "
        "%d fillstyle transparent solid %s noborder",
        n + 2, n + 3, n + 4, n + 5, n + 2, n + 3, n + 4, n + 5, p->style,
        p->l->light ? "0.35" : "0.75");
    if (p->l->low)
        plot_whiskers(p, n + 1, 3, "linecolor rgb ink linewidth 0.8", first);
}

static void plot_strip(const part *p, bool *first)
{
    int shift = p->plain ? 0 : 3;
    bool turned = p->c->turned;
    put_element(p, first);
    sx_i_bytes_format(p->g->out, turned ? " using %d:($%d+$3)" : " using ($%d+$3):%d",
                      shift + 1, shift + 2);
    sx_i_bytes_format(p->g->out, " with points linestyle %d", p->style);
}

static void plot_arrows(const part *p, bool *first)
{
    int k = p->plain ? 0 : 4;
    put_element(p, first);
    sx_i_bytes_format(p->g->out,
                      " using %d:%d:($%d-$%d):($%d-$%d) with vectors head filled size screen "
                      "0.015, 20 linestyle %d",
                      k + 1, k + 2, k + 3, k + 1, k + 4, k + 2, p->style);
}

static void plot_filled(const part *p, bool *first)
{
    static const int columns[] = {1, 2, 3};
    bool band = p->l->kind == SX_LAYER_BAND;
    int n = band ? 3 : 2;
    put_element(p, first);
    put_using(p, n, columns, n);
    sx_i_bytes_format(
        p->g->out, " with filledcurves%s linestyle %d fillstyle transparent solid %s noborder",
        band ? "" : " closed", p->style,
        !band         ? "0.12"
        : p->l->light ? "0.1"
                      : "0.2");
    if (band)
        return;
    put_element(p, first);
    put_using(p, n, columns, n);
    sx_i_bytes_format(p->g->out, " with lines linestyle %d", p->style);
}

static void plot_line(const part *p, bool *first)
{
    static const int xy[] = {1, 2};
    put_element(p, first);
    put_using(p, 2, xy, 2);
    sx_i_bytes_format(p->g->out, " with lines linestyle %d", p->style);
}

static bool has_rows(const part *p)
{
    for (int64_t i = 0; i < p->l->n; i++) {
        if (!is_gap(p->l, i))
            return true;
    }
    return false;
}

static void plot_layer(const part *p, bool *first)
{
    if (!has_rows(p))
        return;
    switch (p->l->kind) {
    case SX_LAYER_POINTS: plot_points(p, first); break;
    case SX_LAYER_LINE: plot_line(p, first); break;
    case SX_LAYER_BAND:
    case SX_LAYER_AREA: plot_filled(p, first); break;
    case SX_LAYER_BARS: plot_bars(p, first); break;
    case SX_LAYER_STRIP: plot_strip(p, first); break;
    case SX_LAYER_ARROWS: plot_arrows(p, first); break;
    default: break;
    }
}

static bool has_strips(const sx_chart *c)
{
    for (int32_t k = 0; k < c->layers; k++) {
        if (c->layer[k]->kind == SX_LAYER_STRIP && c->layer[k]->n)
            return true;
    }
    return false;
}

static void put_area(const sx_i_gnuplot *g, const sx_i_view *v)
{
    const sx_i_scene *s = &g->script->scene;
    const double side[] = {v->area.x / s->width, (v->area.x + v->area.w) / s->width,
                           1 - (v->area.y + v->area.h) / s->height, 1 - v->area.y / s->height};
    sx_i_bytes_text(g->out, "set margins");
    for (int i = 0; i < 4; i++) {
        sx_i_bytes_text(g->out, i ? ", screen " : " screen ");
        sx_i_bytes_fixed(g->out, side[i], 5);
    }
    sx_i_bytes_text(g->out, "\nset border 3 linecolor rgb axis linewidth 0.6\n"
                            "unset logscale\n");
}

sx_status sx_i_gnuplot_chart(const sx_i_gnuplot *g, int32_t view, sx_error *err)
{
    const sx_i_view *v = &g->script->views.view[view];
    const sx_chart *chart = v->chart->chart;
    int32_t *order = sx_alloc((size_t)chart->layers + 1, sizeof *order);
    bool first = true;
    if (!order)
        return sx_nomem(err);
    sx_i_bytes_format(g->out, "\n# --- chart %d ---\n", view + 1);
    put_area(g, v);
    put_axis(g->out, &v->chart->x, 'x');
    put_axis(g->out, &v->chart->y, 'y');
    put_title(g, v, &v->chart->x);
    put_title(g, v, &v->chart->y);
    sx_i_script_order(chart, order);
    for (int32_t i = 0; i < chart->layers; i++) {
        part p = part_of(g, view, order[i]);
        if (p.l->kind == SX_LAYER_RULES)
            put_rules(&p);
    }
    for (int32_t i = 0; i < chart->layers; i++) {
        part p = part_of(g, view, order[i]);
        plot_layer(&p, &first);
    }
    if (has_strips(chart)) {
        sx_i_bytes_format(g->out, "%s$p%d_medians", first ? "plot " : ", \\\n    ", view + 1);
        sx_i_bytes_text(g->out, " with vectors nohead linecolor rgb ink linewidth 1.4");
        first = false;
    }
    sx_i_bytes_text(g->out, first ? "plot NaN\nunset arrow\nunset label\n"
                                  : "\nunset arrow\nunset label\n");
    sx_release(order);
    return SX_OK;
}
