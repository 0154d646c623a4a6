/* SPDX-License-Identifier: GPL-3.0-or-later */
/* chart.c - a panel with axes: its ranges, its plan, the room it needs, its picture. */
#include "plots/marks_int.h"
#include "plots/script_int.h"

#include <math.h>
#include <string.h>

bool sx_i_chart_turned(const sx_chart *c)
{
    return c->y.categories > 0 && c->x.categories == 0;
}

/* --- ranges --- */

/* What an axis must show: the ends of the numbers, and whether one is 0. */
typedef struct range {
    sx_scale_kind kind;
    double low, high;
    bool zero;
} range;

static void see(range *r, double x)
{
    if (!isfinite(x) || (r->kind == SX_SCALE_LOG && !(x >= SX_LOG_LEAST)))
        return;
    r->low = fmin(r->low, x);
    r->high = fmax(r->high, x);
}

/* a number that a mark stands at */
static void see_mark(range *r, double x)
{
    r->zero = r->zero || x == 0;
    see(r, x);
}

static bool shows_value(const sx_layer *l)
{
    return l->kind != SX_LAYER_BAND;
}

/* limits are whiskers or bands along the values' axis, or ends of arrows */
static void see_limits(const sx_layer *l, bool across, bool valued, range *r, int64_t i)
{
    if (!l->low || !l->high)
        return;
    if (l->kind == SX_LAYER_ARROWS) {
        see_mark(r, across ? l->low[i] : l->high[i]);
        return;
    }
    if (valued) {
        see(r, l->low[i]);
        see(r, l->high[i]);
    }
}

static void see_layer(const sx_chart *c, const sx_layer *l, bool across, range *r)
{
    bool valued = across == sx_i_chart_turned(c);
    const double *own = across ? l->x : l->y;
    const double *other = across ? l->y : l->x;
    for (int64_t i = 0; i < l->n; i++) {
        bool rule = l->kind == SX_LAYER_RULES;
        bool alone = l->kind == SX_LAYER_BAND && !across;
        if (rule && across && isfinite(l->y[i]))
            continue;
        if ((shows_value(l) || across) &&
            (rule || alone || isfinite(other[i]) || !shows_value(l)))
            see_mark(r, own[i]);
        see_limits(l, across, valued, r, i);
    }
    if (l->kind == SX_LAYER_BARS && valued && l->n)
        see_mark(r, 0);
}

static sx_status fit_range(const range *r, double threshold, sx_scale *s, sx_error *err)
{
    double numbers[3];
    int64_t n = 0;
    if (r->low <= r->high) {
        numbers[n++] = r->low;
        numbers[n++] = r->high;
    }
    if (r->zero && r->kind == SX_SCALE_LOG)
        numbers[n++] = 0;
    return sx_scale_fit(r->kind, numbers, n, threshold, s, err);
}

/* the ends are so near that their difference is rounding */
static bool constant(const sx_scale *s)
{
    double low = s->low;
    double high = s->high;
    if (!(low < high))
        return true;
    if (s->kind == SX_SCALE_LOG)
        sx_range_widen_log(&low, &high);
    else
        sx_range_widen(&low, &high);
    return low < s->low || high > s->high;
}

/* the ends that the axis says; where these are one number, there is room beside it */
static void take_ends(const sx_axis *a, sx_scale *s)
{
    if (isfinite(a->low))
        s->low = a->low;
    if (isfinite(a->high))
        s->high = a->high;
    if (!constant(s))
        return;
    if (isfinite(a->low))
        s->high = s->kind == SX_SCALE_LOG ? s->low * 10 : s->low + fmax(1, fabs(s->low));
    else
        s->low = s->kind == SX_SCALE_LOG ? s->high / 10 : s->high - fmax(1, fabs(s->high));
}

sx_status sx_i_chart_scale(const sx_chart *const *chart, int32_t charts, char axis, sx_scale *s,
                           sx_error *err)
{
    bool across = axis == 'x';
    const sx_axis *first = across ? &chart[0]->x : &chart[0]->y;
    range r = {first->scale, INFINITY, -INFINITY, false};
    int32_t categories = 0;
    for (int32_t i = 0; i < charts; i++) {
        const sx_axis *a = across ? &chart[i]->x : &chart[i]->y;
        categories = a->categories > categories ? a->categories : categories;
        for (int32_t k = 0; k < chart[i]->layers; k++)
            see_layer(chart[i], chart[i]->layer[k], across, &r);
    }
    if (categories) {
        memset(s, 0, sizeof *s);
        s->low = -0.5;
        s->high = categories - 0.5;
        s->to = 1;
        return SX_OK;
    }
    sx_status st = fit_range(&r, first->threshold, s, err);
    if (!st)
        take_ends(first, s);
    return st;
}

/* units are to be equally long, and both axes have units */
static bool has_units(const sx_chart *c)
{
    return c->square && !c->x.categories && !c->y.categories;
}

/* the ranges, widened so that units are as long in x as in y */
static void make_square(sx_scale *x, sx_scale *y, double w, double h)
{
    double unit_x = (x->high - x->low) / w;
    double unit_y = (y->high - y->low) / h;
    sx_scale *s = unit_x < unit_y ? x : y;
    double length = unit_x < unit_y ? unit_y * w : unit_x * h;
    double more = (length - (s->high - s->low)) / 2;
    if (!isfinite(more) || !(more > 0) || s->kind != SX_SCALE_LINEAR)
        return;
    s->low -= more;
    s->high += more;
}

double sx_i_chart_shape(const sx_chart *c, const sx_scale *x, const sx_scale *y)
{
    double shape = (y->high - y->low) / (x->high - x->low);
    if (!has_units(c) || !isfinite(shape))
        return 0;
    return fmin(fmax(shape, 0.25), 4);
}

/* --- the plan --- */

static void place_axes(sx_i_chart *c, const sx_i_panel_frame *frame)
{
    double slot = 1.8 * c->pen->text;
    c->x.scale = frame->x;
    c->y.scale = frame->y;
    if (has_units(c->chart))
        make_square(&c->x.scale, &c->y.scale, c->w, c->h);
    c->x.scale.from = 0;
    c->x.scale.to = c->x.length = c->w;
    c->y.scale.from = c->y.length = c->h;
    c->y.scale.to = 0;
    if (c->chart->y.categories && !c->chart->y.upwards) {
        c->y.scale.from = 0;
        c->y.scale.to = c->h;
    }
    c->x.scale.slot = fmin(slot, 0.2 * c->w);
    c->y.scale.slot = fmin(slot, 0.2 * c->h);
    c->x.axis = &c->chart->x;
    c->y.axis = &c->chart->y;
    c->y.vertical = true;
    c->x.names = frame->x_names;
    c->y.names = frame->y_names;
}

static sx_status own_ranges(const sx_chart *chart, const sx_i_panel_frame *frame,
                            sx_i_panel_frame *out, sx_error *err)
{
    *out = *frame;
    if (frame->ranges)
        return SX_OK;
    out->ranges = true;
    sx_status st = sx_i_chart_scale(&chart, 1, 'x', &out->x, err);
    return st ? st : sx_i_chart_scale(&chart, 1, 'y', &out->y, err);
}

sx_status sx_i_chart_plan(sx_i_pen *pen, const sx_panel *p, const sx_i_panel_frame *frame,
                          double w, double h, sx_i_chart *c, sx_error *err)
{
    sx_i_panel_frame ranged;
    memset(c, 0, sizeof *c);
    c->pen = pen;
    c->chart = p->chart;
    c->w = c->space.w = w;
    c->h = c->space.h = h;
    c->turned = sx_i_chart_turned(p->chart);
    sx_status st = own_ranges(p->chart, frame, &ranged, err);
    if (st)
        return st;
    place_axes(c, &ranged);
    st = sx_i_axis_plan(pen, &c->x, h, err);
    if (!st)
        st = sx_i_axis_plan(pen, &c->y, w, err);
    if (st)
        return st;
    sx_i_axes_room(pen, &c->x, &c->y, &c->room);
    sx_i_marks_survey(c);
    sx_i_chart_words(c);
    c->apart = frame->apart;
    if (!frame->unnamed)
        sx_i_chart_legend(c);
    sx_i_chart_note(c);
    sx_i_cloud_key(c);
    return c->failed || c->space.failed ? sx_nomem(err) : SX_OK;
}

void sx_i_chart_clear(sx_i_chart *c)
{
    sx_i_axis_clear(&c->x);
    sx_i_axis_clear(&c->y);
    sx_i_space_clear(&c->space);
    for (int32_t i = 0; i < c->words; i++)
        sx_release(c->word[i].text);
    c->word = sx_release(c->word);
    c->key = sx_release(c->key);
}

sx_status sx_i_chart_room(sx_i_pen *pen, const sx_panel *p, sx_i_panel_frame *frame, double w,
                          double h, sx_i_room *room, sx_error *err)
{
    sx_i_chart *c = sx_alloc(1, sizeof *c);
    if (!c)
        return sx_nomem(err);
    sx_status st = sx_i_chart_plan(pen, p, frame, w, h, c, err);
    *room = c->room;
    frame->direct = c->direct;
    sx_i_chart_clear(c);
    sx_release(c);
    return st;
}

static void draw_words(const sx_i_chart *c, sx_i_scene *s)
{
    for (int32_t i = 0; i < c->words; i++) {
        const sx_i_word *w = &c->word[i];
        s->class = w->class;
        sx_i_mark *m = w->markup ? sx_i_scene_markup(s, w->x, w->y, w->size, w->text)
                                 : sx_i_scene_text(s, w->x, w->y, w->size, w->text);
        if (!m)
            return;
        m->anchor = w->anchor;
        m->angle = w->angle;
        m->colour = w->colour;
    }
}

static void shift(sx_i_scene *s, int32_t first, double dx, double dy)
{
    for (int32_t i = first; i < s->marks; i++) {
        sx_i_mark *m = &s->mark[i];
        m->x += dx;
        m->y += dy;
        for (size_t k = 0; k < (size_t)m->points; k++) {
            m->xy[2 * k] += dx;
            m->xy[2 * k + 1] += dy;
        }
    }
}

void sx_i_chart_put(const sx_i_chart *c, sx_i_scene *s, double dx, double dy)
{
    int32_t first = s->marks;
    sx_i_legend_draw(c, s);
    draw_words(c, s);
    shift(s, first, dx, dy);
    s->class = NULL;
}

sx_status sx_i_chart_draw(sx_i_pen *pen, const sx_panel *p, const sx_i_panel_frame *frame,
                          sx_i_box area, sx_i_scene *s, sx_error *err)
{
    int32_t first = s->marks;
    const char *class = s->class;
    sx_i_chart *c = sx_alloc(1, sizeof *c);
    if (!c)
        return sx_nomem(err);
    sx_status st = sx_i_chart_plan(pen, p, frame, area.w, area.h, c, err);
    if (!st && s->views) {
        sx_i_chart_put(c, s, area.x, area.y);
        return sx_i_views_add(s->views, c, area, first, err);
    }
    if (!st)
        st = sx_i_marks_draw(c, s, err);
    if (!st) {
        sx_i_axes_draw(pen, &c->x, &c->y, s);
        sx_i_cloud_key_draw(c, s);
        shift(s, first, area.x, area.y);
        sx_i_chart_put(c, s, area.x, area.y);
    }
    s->class = class;
    sx_i_chart_clear(c);
    sx_release(c);
    return st ? st : s->failed ? sx_nomem(err) : SX_OK;
}
