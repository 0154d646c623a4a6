/* SPDX-License-Identifier: GPL-3.0-or-later */
/* scrawl.c - lines that cross the panel so often that paths would show nothing more: an image
 * of where they are, three dots a point, one for all layers that follow each other. */
#include "plots/marks_int.h"

#include <math.h>
#include <string.h>

static const double dots = 3; /* a point */
enum { LARGEST = 4000 };

static bool begin(sx_i_scrawl *w, const sx_i_chart *c, sx_i_scene *s)
{
    if (w->pixel)
        return true;
    w->columns = (int32_t)fmin(fmax(ceil(c->w * dots), 1), LARGEST);
    w->rows = (int32_t)fmin(fmax(ceil(c->h * dots), 1), LARGEST);
    w->pixel = sx_alloc((size_t)w->columns * (size_t)w->rows, sizeof *w->pixel);
    s->failed = s->failed || !w->pixel;
    return w->pixel != NULL;
}

static void dot(sx_i_scrawl *w, double x, double y, uint32_t pixel)
{
    if (x >= 0 && y >= 0 && x < w->columns && y < w->rows)
        w->pixel[(int64_t)y * w->columns + (int64_t)x] = pixel;
}

/* The part of [0, 1] in which a + t b is inside 0..length. */
static void clip(double a, double b, double length, double *from, double *to)
{
    if (!(fabs(b) > 0)) {
        *to = a >= 0 && a <= length ? *to : -1;
        return;
    }
    double t0 = -a / b;
    double t1 = (length - a) / b;
    *from = fmax(*from, fmin(t0, t1));
    *to = fmin(*to, fmax(t0, t1));
}

/* from a to b, `thick` dots across the longer side */
static void segment(sx_i_scrawl *w, const double a[2], const double b[2], int thick,
                    uint32_t pixel)
{
    double dx = b[0] - a[0];
    double dy = b[1] - a[1];
    double from = 0;
    double to = 1;
    clip(a[0], dx, w->columns, &from, &to);
    clip(a[1], dy, w->rows, &from, &to);
    if (!(from <= to))
        return;
    bool level = fabs(dx) >= fabs(dy);
    int64_t steps = (int64_t)ceil(fmax(fabs(dx), fabs(dy)) * (to - from)) + 1;
    for (int64_t i = 0; i <= steps; i++) {
        double t = from + (to - from) * (double)i / (double)steps;
        for (int k = 0; k < thick; k++) {
            double off = k - (thick - 1) / 2.0;
            dot(w, a[0] + t * dx + (level ? 0 : off), a[1] + t * dy + (level ? off : 0), pixel);
        }
    }
}

static void to_dots(const sx_i_scrawl *w, const sx_i_chart *c, double p[2])
{
    p[0] *= w->columns / c->w;
    p[1] *= w->rows / c->h;
}

/* Mark i from q to p: the ends of an arrow, of a band at one place, or one place; false where
 * it has no numbers. */
static bool mark(const sx_i_scrawl *w, const sx_i_chart *c, const sx_layer *l, int64_t i,
                 double q[2], double p[2])
{
    bool band = l->kind == SX_LAYER_BAND;
    double y = band ? l->low[i] : l->y[i];
    q[0] = p[0] = sx_i_near_place(&c->x, l->x[i]);
    q[1] = p[1] = sx_i_near_place(&c->y, y);
    if (!isfinite(l->x[i]) || !isfinite(y))
        return false;
    if (l->kind == SX_LAYER_ARROWS)
        p[0] = sx_i_near_place(&c->x, l->low[i]);
    if (l->kind == SX_LAYER_ARROWS || band)
        p[1] = sx_i_near_place(&c->y, l->high[i]);
    to_dots(w, c, p);
    to_dots(w, c, q);
    return isfinite(p[0]) && isfinite(p[1]) && isfinite(q[0]) && isfinite(q[1]);
}

/* a place of a line is joined to the last one */
static void layer(sx_i_scrawl *w, const sx_i_chart *c, const sx_layer *l, int thick,
                  uint32_t pixel)
{
    bool joins = l->kind == SX_LAYER_LINE || l->kind == SX_LAYER_AREA;
    bool before = false;
    double last[2] = {0, 0};
    for (int64_t i = 0; i < l->n; i++) {
        double p[2];
        double q[2];
        bool there = mark(w, c, l, i, q, p);
        if (there)
            segment(w, joins && before ? last : q, p, thick, pixel);
        before = there;
        memcpy(last, p, sizeof last);
    }
}

void sx_i_scrawl_layer(sx_i_scrawl *w, const sx_i_chart *c, const sx_layer *l, sx_i_scene *s)
{
    double opacity = l->kind == SX_LAYER_BAND ? 0.2 : sx_i_layer_opacity(l);
    uint32_t pixel = (uint32_t)lround(255 * opacity) << 24 |
                     sx_i_palette_fixed(sx_i_layer_colour(c->pen, l), c->pen->style->theme);
    if (!begin(w, c, s))
        return;
    w->class = l->role;
    layer(w, c, l, (int)fmax(1, round(dots * sx_i_line_size(l))), pixel);
    sx_i_note(c->pen->notes, "lines with more turns than can be seen are drawn as an image");
}

void sx_i_scrawl_put(sx_i_scrawl *w, const sx_i_chart *c, sx_i_scene *s)
{
    const char *before = s->class;
    s->class = w->class;
    if (w->pixel)
        sx_i_scene_image(s, 0, 0, c->w, c->h, (sx_i_pixels){w->rows, w->columns, w->pixel});
    s->class = before;
    w->pixel = sx_release(w->pixel);
}
