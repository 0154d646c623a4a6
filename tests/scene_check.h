/* SPDX-License-Identifier: GPL-3.0-or-later */
/* scene_check.h - the display list of a figure: no text lies on a text or leaves the page, and
 * how many marks stand for what. */
#ifndef SCENE_CHECK_H
#define SCENE_CHECK_H

#include <math.h>

#include "plots/panel_int.h"
#include "tests/check.h"

/* Corners of the ink of a text, turned; x, y each. */
static inline void text_corners(sx_i_fonts *f, const sx_i_mark *m, double corner[8])
{
    sx_i_ink ink = sx_i_text_ink(f, m->text, m->markup, m->size);
    double width = m->markup ? sx_i_markup_width(f, m->text, m->size)
                             : sx_i_text_width(f, m->text, m->size);
    double turn = m->angle * acos(-1) / 180;
    double x[] = {ink.left, ink.right, ink.right, ink.left};
    double y[] = {-ink.up, -ink.up, ink.down, ink.down};
    for (int i = 0; i < 4; i++) {
        double along = x[i] - 0.5 * (double)m->anchor * width;
        corner[2 * i] = m->x + along * cos(turn) + y[i] * sin(turn);
        corner[2 * i + 1] = m->y - along * sin(turn) + y[i] * cos(turn);
    }
}

static inline void extent(const double c[8], double dx, double dy, double *low, double *high)
{
    *low = INFINITY;
    *high = -INFINITY;
    for (int i = 0; i < 4; i++) {
        double d = c[2 * i] * dx + c[2 * i + 1] * dy;
        *low = fmin(*low, d);
        *high = fmax(*high, d);
    }
}

/* Two rectangles are apart when they are along a side of one of them. */
static inline bool corners_meet(const double a[8], const double b[8])
{
    const double *side[] = {a, b};
    for (int i = 0; i < 4; i++) {
        const double *c = side[i / 2];
        int k = i % 2 ? 6 : 2;
        double dx = c[k] - c[0], dy = c[k + 1] - c[1];
        double norm = hypot(dx, dy);
        double al, ah, bl, bh;
        if (!(norm > 0))
            return false;
        extent(a, dx / norm, dy / norm, &al, &ah);
        extent(b, dx / norm, dy / norm, &bl, &bh);
        if (ah <= bl + 0.05 || bh <= al + 0.05)
            return false;
    }
    return true;
}

static inline void check_texts(sx_i_fonts *f, const sx_i_scene *s)
{
    double(*corner)[8] = calloc((size_t)s->marks + 1, sizeof *corner);
    const char **text = calloc((size_t)s->marks + 1, sizeof *text);
    int32_t n = 0;
    assert_non_null(corner);
    assert_non_null(text);
    for (int32_t i = 0; i < s->marks; i++) {
        double *c = corner[n];
        if (s->mark[i].kind != SX_I_TEXT)
            continue;
        text_corners(f, &s->mark[i], c);
        for (int k = 0; k < 4; k++)
            if (!(c[2 * k] >= 0 && c[2 * k] <= s->width && c[2 * k + 1] >= 0 &&
                  c[2 * k + 1] <= s->height))
                fail_msg("'%s' leaves the page of %g x %g at (%g, %g)", s->mark[i].text,
                         s->width, s->height, c[2 * k], c[2 * k + 1]);
        for (int32_t j = 0; j < n; j++)
            if (corners_meet(corner[j], c))
                fail_msg("'%s' on '%s'", s->mark[i].text, text[j]);
        text[n++] = s->mark[i].text;
    }
    free(corner);
    free(text);
}

/* Rectangles, triangles and lines stay on the page. */
static inline void check_shapes(const sx_i_scene *s)
{
    for (int32_t i = 0; i < s->marks; i++) {
        const sx_i_mark *m = &s->mark[i];
        if (m->kind != SX_I_RECT && m->kind != SX_I_LINE && m->kind != SX_I_TRIANGLE)
            continue;
        double x[] = {m->x, m->x + m->w, m->kind == SX_I_TRIANGLE ? m->x + m->u : m->x};
        double y[] = {m->y, m->y + m->h, m->kind == SX_I_TRIANGLE ? m->y + m->v : m->y};
        for (int k = 0; k < 3; k++)
            assert_true(x[k] > -0.01 && x[k] < s->width + 0.01 && y[k] > -0.01 &&
                        y[k] < s->height + 0.01);
    }
}

static inline int32_t count_marks(const sx_i_scene *s, const char *class)
{
    int32_t n = 0;
    for (int32_t i = 0; i < s->marks; i++)
        n += s->mark[i].class && strcmp(s->mark[i].class, class) == 0;
    return n;
}

static inline int32_t count_text(const sx_i_scene *s, const char *text)
{
    int32_t n = 0;
    for (int32_t i = 0; i < s->marks; i++)
        n += s->mark[i].kind == SX_I_TEXT && strcmp(s->mark[i].text, text) == 0;
    return n;
}

/* The i-th mark of that class; it is there. */
static inline const sx_i_mark *mark_of(const sx_i_scene *s, const char *class, int32_t i)
{
    for (int32_t k = 0; k < s->marks; k++)
        if (s->mark[k].class && strcmp(s->mark[k].class, class) == 0 && i-- == 0)
            return &s->mark[k];
    fail_msg("no mark '%s'", class);
    return NULL;
}

/* The scene of a figure on a page of that width (0: chosen), checked; the caller clears it. */
static inline sx_i_scene scene_of(const sx_figure *f, double width, sx_plot_notes *notes)
{
    sx_plot_style style = sx_plot_style_defaults();
    sx_plot_notes unread = {0};
    sx_i_scene s = {0};
    sx_error err = SX_NO_ERROR;
    sx_i_fonts *fonts = sx_i_fonts_new(false);
    assert_non_null(f);
    assert_false(f->failed);
    assert_non_null(fonts);
    style.width = width;
    CHECK_OK(sx_i_figure_scene(f, &style, fonts, &s, notes ? notes : &unread, &err));
    check_texts(fonts, &s);
    check_shapes(&s);
    if (width > 0)
        CHECK_NEAR(s.width, width, 1e-9);
    sx_i_fonts_free(fonts);
    return s;
}

#endif
