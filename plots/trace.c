/* SPDX-License-Identifier: GPL-3.0-or-later */
/* trace.c - lines, bands and outlines as paths, without what nobody can see.
 *
 * A figure of few points has them all.  Of more than MOST, those of a line that follow each
 * other in one narrow column of the page (or row, where the line runs down it) are four: the
 * first, the lowest, the highest and the last; then a point is left out where the straight line
 * between its neighbours passes within 0.02 points of it.  The ends of a line stay.  Columns
 * begin at 1/600 inch and get wider until the line has its share of MOST points; what needs
 * columns of more than 2 points is a scrawl, and drawn as an image (scrawl.c).
 *
 * The second step is the sleeve of Zhao and Saalfeld, "Linear-Time Sleeve-Fitting Polyline
 * Simplification Algorithms" (1997). */
#include "plots/marks_int.h"

#include <math.h>

enum { MOST = 12000, OVERHEAD = 6 };
static const double finest = 0.12;
static const double coarsest = 2;
static const double straight = 0.02;

typedef struct point {
    double x, y;
} point;

typedef struct tracer {
    sx_i_chart *c;
    const sx_layer *l;
    sx_i_rgb colour;
    double pitch; /* of columns; 0: nothing is left out */
    bool down;    /* they are rows */
    double *xy;   /* [2*room] of the path so far */
    int64_t room;
    int32_t points;
    point skipped; /* the last one, where it was too near to the one before */
    bool skips;
    /* the column that is open: its extremes in the order of the line */
    bool open;
    double key;
    point first, low, high, last;
    int64_t at, low_at, high_at;
    /* the sleeve: the point that may be left out, and directions that pass all before it */
    bool pending;
    point held;
    double base, left, right, reach;
} tracer;

/* --- simplification --- */

static void emit(tracer *t, point p)
{
    t->xy[2 * (size_t)t->points] = p.x;
    t->xy[2 * (size_t)t->points + 1] = p.y;
    t->points++;
}

static point anchor(const tracer *t)
{
    const double *end = t->xy + 2 * (size_t)t->points;
    return (point){end[-2], end[-1]};
}

/* the sleeve from the last point that stays to p */
static void aim(tracer *t, point p)
{
    point a = anchor(t);
    t->reach = hypot(p.x - a.x, p.y - a.y);
    t->pending = t->reach > 0;
    t->held = p;
    t->base = atan2(p.y - a.y, p.x - a.x);
    t->right = asin(fmin(1, straight / fmax(t->reach, straight)));
    t->left = -t->right;
}

static void sleeve(tracer *t, point p)
{
    if (!t->points) {
        emit(t, p);
        return;
    }
    if (!t->pending) {
        aim(t, p);
        return;
    }
    point a = anchor(t);
    double reach = hypot(p.x - a.x, p.y - a.y);
    double turn = remainder(atan2(p.y - a.y, p.x - a.x) - t->base, 2 * 3.14159265358979323846);
    if (reach < t->reach || turn < t->left || turn > t->right) {
        emit(t, t->held);
        aim(t, p);
        return;
    }
    double half = asin(fmin(1, straight / fmax(reach, straight)));
    t->left = fmax(t->left, turn - half);
    t->right = fmin(t->right, turn + half);
    t->reach = reach;
    t->held = p;
}

static void close_column(tracer *t)
{
    if (!t->open)
        return;
    bool low_first = t->low_at < t->high_at;
    sleeve(t, t->first);
    sleeve(t, low_first ? t->low : t->high);
    sleeve(t, low_first ? t->high : t->low);
    sleeve(t, t->last);
    t->open = false;
}

static void thin(tracer *t, point p)
{
    double along = t->down ? p.y : p.x;
    double across = t->down ? p.x : p.y;
    double key = floor(along / t->pitch);
    if (!t->open || key < t->key || key > t->key) {
        close_column(t);
        t->open = true;
        t->key = key;
        t->first = t->low = t->high = t->last = p;
        t->at = t->low_at = t->high_at = 0;
        return;
    }
    t->at++;
    t->last = p;
    if (across < (t->down ? t->low.x : t->low.y)) {
        t->low = p;
        t->low_at = t->at;
    }
    if (across > (t->down ? t->high.x : t->high.y)) {
        t->high = p;
        t->high_at = t->at;
    }
}

static void add_point(tracer *t, double x, double y)
{
    point p = {x, y};
    if (t->pitch > 0) {
        thin(t, p);
        return;
    }
    point a = t->points ? anchor(t) : p;
    t->skips = t->points && hypot(x - a.x, y - a.y) < 0.05;
    t->skipped = p;
    if (!t->skips)
        emit(t, p);
}

/* all points are in: the last one stays */
static void end_points(tracer *t)
{
    close_column(t);
    if (t->pending)
        emit(t, t->held);
    if (t->skips && t->points > 1)
        t->points--;
    if (t->skips && t->points)
        emit(t, t->skipped);
    t->pending = t->skips = false;
}

/* --- paths --- */

static bool place(const tracer *t, int64_t i, point *p)
{
    const sx_layer *l = t->l;
    if (!isfinite(l->x[i]) || !isfinite(l->y[i]))
        return false;
    p->x = sx_i_near_place(&t->c->x, l->x[i]);
    p->y = sx_i_near_place(&t->c->y, l->y[i]);
    return !isnan(p->x) && !isnan(p->y);
}

static void flush_line(tracer *t, sx_i_scene *s)
{
    end_points(t);
    if (t->points > 1) {
        sx_i_mark *m = sx_i_scene_path(s, t->xy, t->points, sx_i_line_size(t->l), t->colour);
        if (m) {
            m->dash = t->l->dash;
            m->opacity = sx_i_layer_opacity(t->l);
        }
    } else if (t->points == 1) {
        sx_i_scene_disc(s, t->xy[0], t->xy[1], sx_i_line_size(t->l), t->colour);
    }
    t->points = 0;
}

static void draw_line(tracer *t, sx_i_scene *s)
{
    point p;
    for (int64_t i = 0; i < t->l->n && !s->failed; i++) {
        if (place(t, i, &p))
            add_point(t, p.x, p.y);
        else
            flush_line(t, s);
    }
    flush_line(t, s);
}

static void fill(const tracer *t, double opacity, sx_i_scene *s)
{
    if (t->points < 3)
        return;
    sx_i_mark *m = sx_i_scene_path(s, t->xy, t->points, 0, t->colour);
    if (!m)
        return;
    m->closed = m->filled = true;
    m->opacity = opacity;
}

static void draw_area(tracer *t, sx_i_scene *s)
{
    point p;
    for (int64_t i = 0; i < t->l->n; i++) {
        if (place(t, i, &p))
            add_point(t, p.x, p.y);
    }
    end_points(t);
    fill(t, 0.12, s);
    if (t->points > 2) {
        sx_i_mark *m = sx_i_scene_path(s, t->xy, t->points, 0.8 * SX_I_DATA, t->colour);
        if (m)
            m->closed = true;
        t->points = 0;
    }
    flush_line(t, s);
}

static bool in_band(const tracer *t, int64_t i)
{
    const sx_layer *l = t->l;
    return isfinite(l->x[i]) && isfinite(l->low[i]) && isfinite(l->high[i]) &&
           !isnan(sx_i_near_place(&t->c->x, l->x[i]));
}

static point edge(const tracer *t, int64_t i, const double *value)
{
    return (point){sx_i_near_place(&t->c->x, t->l->x[i]), sx_i_end_place(&t->c->y, value[i])};
}

/* the part [from, to) of a band: along the upper edge and back along the lower one; an upright
 * line where it is one place alone */
static void band_part(tracer *t, int64_t from, int64_t to, sx_i_scene *s)
{
    double opacity = t->l->light ? 0.1 : 0.2;
    for (int64_t i = from; i < to; i++) {
        point p = edge(t, i, t->l->high);
        add_point(t, p.x, p.y);
    }
    end_points(t);
    for (int64_t i = to; i-- > from;) {
        point p = edge(t, i, t->l->low);
        add_point(t, p.x, p.y);
    }
    end_points(t);
    fill(t, opacity, s);
    sx_i_mark *m =
        t->points == 2 ? sx_i_scene_path(s, t->xy, 2, 2 * SX_I_DATA, t->colour) : NULL;
    if (m)
        m->opacity = opacity;
    t->points = 0;
}

static void draw_band(tracer *t, sx_i_scene *s)
{
    int64_t from = 0;
    for (int64_t i = 0; i <= t->l->n && !s->failed; i++) {
        if (i < t->l->n && in_band(t, i))
            continue;
        if (i > from)
            band_part(t, from, i, s);
        from = i + 1;
    }
}

/* --- how much of it --- */

static bool is_traced(const sx_layer *l)
{
    return l->kind == SX_LAYER_LINE || l->kind == SX_LAYER_BAND || l->kind == SX_LAYER_AREA;
}

/* the points of the figure's lines, bands and areas */
static double all_points(const sx_figure *f)
{
    double all = 0;
    for (int32_t p = 0; p < f->panels; p++) {
        const sx_chart *c = f->panel[p]->chart;
        for (int32_t k = 0; c && k < c->layers; k++) {
            if (is_traced(c->layer[k]))
                all += (double)c->layer[k]->n * (c->layer[k]->kind == SX_LAYER_BAND ? 2 : 1);
        }
    }
    return all;
}

/* whether the line has fewer turns from row to row than from column to column */
static bool runs_down(const tracer *t)
{
    double last[2] = {0, 0};
    int64_t turns[2] = {0, 0};
    point p;
    for (int64_t i = 0; i < t->l->n; i++) {
        if (!place(t, i, &p))
            continue;
        const double key[2] = {floor(p.x / coarsest), floor(p.y / coarsest)};
        for (int k = 0; k < 2; k++) {
            turns[k] += key[k] < last[k] || key[k] > last[k];
            last[k] = key[k];
        }
    }
    return t->l->kind != SX_LAYER_BAND && turns[1] < turns[0];
}

static void draw_once(tracer *t, sx_i_scene *s)
{
    if (t->l->kind == SX_LAYER_LINE)
        draw_line(t, s);
    else if (t->l->kind == SX_LAYER_AREA)
        draw_area(t, s);
    else
        draw_band(t, s);
}

static double cost_of(const sx_i_scene *s, int32_t first)
{
    double cost = 0;
    for (int32_t i = first; i < s->marks; i++)
        cost += s->mark[i].points + OVERHEAD;
    return cost;
}

static void draw_share(tracer *t, double share, sx_i_scrawl *scrawl, sx_i_scene *s)
{
    bool image = t->c->pen->style->raster != SX_RASTER_NEVER;
    int32_t first = s->marks;
    t->down = runs_down(t);
    for (t->pitch = finest; t->pitch <= coarsest && !s->failed; t->pitch *= 2) {
        sx_i_scene_cut(s, first);
        draw_once(t, s);
        if (cost_of(s, first) <= share)
            return;
    }
    if (!image)
        return;
    sx_i_scene_cut(s, first);
    sx_i_scrawl_layer(scrawl, t->c, t->l, s);
}

sx_status sx_i_trace_draw(sx_i_chart *c, const sx_layer *l, sx_i_scrawl *scrawl, sx_i_scene *s,
                          sx_error *err)
{
    tracer t = {.c = c, .l = l, .colour = sx_i_layer_colour(c->pen, l)};
    double all = all_points(c->pen->figure);
    t.room = l->n + 1;
    t.xy = sx_alloc((size_t)t.room, 4 * sizeof *t.xy);
    if (!t.xy)
        return sx_nomem(err);
    double own = (double)l->n * (l->kind == SX_LAYER_BAND ? 2 : 1);
    if (all <= MOST)
        draw_once(&t, s);
    else
        draw_share(&t, fmax(60, MOST * own / all), scrawl, s);
    sx_release(t.xy);
    return SX_OK;
}
