/* SPDX-License-Identifier: GPL-3.0-or-later */
/* quad_check.h - whether texts and lines of a display list, turned as they are, touch. */
#ifndef QUAD_CHECK_H
#define QUAD_CHECK_H

#include <math.h>

#include "plots/panel_int.h"

/* Corners of a text's ink or of a line, in order round it. */
typedef struct check_quad {
    double x[4], y[4];
} check_quad;

static inline check_quad check_quad_of(sx_i_fonts *fonts, const sx_i_mark *m)
{
    const double pi = 3.14159265358979323846;
    sx_i_ink ink = sx_i_text_ink(fonts, m->text, m->markup, m->size);
    double width = m->markup ? sx_i_markup_width(fonts, m->text, m->size)
                             : sx_i_text_width(fonts, m->text, m->size);
    double start = -0.5 * (double)m->anchor * width;
    double c = cos(m->angle * pi / 180);
    double s = sin(m->angle * pi / 180);
    const double along[] = {start + ink.left, start + ink.right, start + ink.right,
                            start + ink.left};
    const double up[] = {-ink.down, -ink.down, ink.up, ink.up};
    check_quad q;
    for (int i = 0; i < 4; i++) {
        q.x[i] = m->x + along[i] * c - up[i] * s;
        q.y[i] = m->y - along[i] * s - up[i] * c;
    }
    return q;
}

static inline check_quad check_quad_line(const sx_i_mark *m)
{
    return (check_quad){{m->x, m->x + m->w, m->x + m->w, m->x},
                        {m->y, m->y + m->h, m->y + m->h, m->y}};
}

/* How far apart the two are along the normal of side i of a; negative: they overlap there. */
static inline double check_gap(const check_quad *a, const check_quad *b, int i)
{
    double u = -(a->y[(i + 1) % 4] - a->y[i]);
    double v = a->x[(i + 1) % 4] - a->x[i];
    double length = hypot(u, v);
    double low[2] = {INFINITY, INFINITY};
    double high[2] = {-INFINITY, -INFINITY};
    if (!(length > 1e-9))
        return -INFINITY;
    for (int k = 0; k < 4; k++) {
        double p = (a->x[k] * u + a->y[k] * v) / length;
        double q = (b->x[k] * u + b->y[k] * v) / length;
        low[0] = fmin(low[0], p);
        high[0] = fmax(high[0], p);
        low[1] = fmin(low[1], q);
        high[1] = fmax(high[1], q);
    }
    return fmax(low[0] - high[1], low[1] - high[0]);
}

/* They share more than a hair: no line separates them. */
static inline bool check_touch(const check_quad *a, const check_quad *b)
{
    double apart = -INFINITY;
    for (int i = 0; i < 4; i++)
        apart = fmax(apart, fmax(check_gap(a, b, i), check_gap(b, a, i)));
    return apart < -0.1;
}

#endif
