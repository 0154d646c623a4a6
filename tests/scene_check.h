/* SPDX-License-Identifier: GPL-3.0-or-later */
/* scene_check.h - marks of the display list of a figure: where they are, what they stand for.
 */
#ifndef SCENE_CHECK_H
#define SCENE_CHECK_H

#include "tests/figure_check.h"

/* Rectangles, triangles and lines stay on the page. */
static inline void check_shapes(const sx_i_scene *s)
{
    for (int32_t i = 0; i < s->marks; i++) {
        const sx_i_mark *m = &s->mark[i];
        if (m->kind != SX_I_RECT && m->kind != SX_I_SEGMENT && m->kind != SX_I_TRIANGLE)
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
