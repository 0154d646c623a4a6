/* SPDX-License-Identifier: GPL-3.0-or-later */
/* figure_check.h - what every figure must be, checked on its display list: no text upon
 * another, on an axis or off the page; tick labels different and in order; a marker for each
 * datum. */
#ifndef FIGURE_CHECK_H
#define FIGURE_CHECK_H

#include "tests/text_check.h"

/* categories: of the axis, or the most of all that share it */
static inline bool check_shown(const sx_axis *a, int32_t categories, double x)
{
    if (!isfinite(x))
        return false;
    if (categories)
        return x >= -0.5 && x <= categories - 0.5;
    if (a->scale == SX_SCALE_LOG && !(x >= SX_LOG_LEAST))
        return x == 0;
    return !(x < a->low) && !(x > a->high);
}

/* Drawn mark by mark. */
static inline bool check_as_marks(const sx_layer *l, const sx_plot_style *style)
{
    bool crowd = style->raster != SX_RASTER_NEVER && l->n > 5000;
    bool cloud = style->raster == SX_RASTER_ALWAYS || crowd;
    return (l->kind == SX_LAYER_STRIP && !crowd) ||
           (l->kind == SX_LAYER_POINTS && (l->always ? !crowd : !cloud));
}

/* Whether a number of c is shown: by the ends of the first chart where the axis is shared. */
static inline bool check_number_shown(const sx_figure *f, const sx_chart *c, bool across,
                                      double x)
{
    bool shared = across ? f->share_x : f->share_y;
    const sx_axis *first = NULL;
    int32_t categories = 0;
    for (int32_t p = 0; p < f->panels; p++) {
        const sx_chart *other = f->panel[p]->chart;
        if (!other || (!shared && other != c))
            continue;
        const sx_axis *a = across ? &other->x : &other->y;
        first = first ? first : a;
        categories = a->categories > categories ? a->categories : categories;
    }
    return check_shown(first, categories, x);
}

static inline int64_t check_data(const sx_figure *f, const sx_plot_style *style)
{
    int64_t data = 0;
    for (int32_t p = 0; p < f->panels; p++) {
        const sx_chart *c = f->panel[p]->chart;
        if (!c)
            return -1;
        for (int32_t k = 0; k < c->layers; k++) {
            const sx_layer *l = c->layer[k];
            for (int64_t i = 0; check_as_marks(l, style) && i < l->n; i++)
                data += check_number_shown(f, c, true, l->x[i]) &&
                        check_number_shown(f, c, false, l->y[i]);
        }
    }
    return data;
}

/* Ends that are said are not those that are shown: the other axis needs more. */
static inline bool check_widened(const sx_figure *f)
{
    bool widened = false;
    for (int32_t p = 0; p < f->panels; p++) {
        const sx_chart *c = f->panel[p]->chart;
        bool ends = c && (isfinite(c->x.low) || isfinite(c->x.high) || isfinite(c->y.low) ||
                          isfinite(c->y.high));
        widened = widened || (ends && c->square);
    }
    return widened;
}

static inline void check_markers(const sx_i_scene *s, const sx_figure *f,
                                 const sx_plot_style *style)
{
    int64_t markers = 0;
    int64_t data = check_data(f, style);
    for (int32_t i = 0; i < s->marks; i++)
        markers += s->mark[i].kind == SX_I_SIGN && !check_class(&s->mark[i], "key");
    bool more = check_widened(f) && markers > data;
    if (data >= 0 && !more)
        assert_int_equal(markers, data);
}

/* Every number of the display list is finite. */
static inline void check_finite(const sx_i_scene *s)
{
    for (int32_t i = 0; i < s->marks; i++) {
        const sx_i_mark *m = &s->mark[i];
        assert_true(isfinite(m->x) && isfinite(m->y) && isfinite(m->w) && isfinite(m->h));
        for (int32_t k = 0; k < 2 * m->points; k++) {
            if (!isfinite(m->xy[k]))
                print_error("point %d of a path (%s) is at %g\n", (int)k / 2,
                            m->class ? m->class : "-", m->xy[k]);
            assert_true(isfinite(m->xy[k]));
        }
    }
}

/* f in that style is as it must be; false: it says that the page is too small. */
static inline bool figure_check(const sx_figure *f, const sx_plot_style *style)
{
    sx_error err = SX_NO_ERROR;
    sx_plot_notes notes = {0};
    sx_i_scene scene = {0};
    sx_i_fonts *fonts = sx_i_fonts_new(style->serif);
    CHECK_OK(sx_i_figure_valid(f, style, &err));
    sx_status st = sx_i_figure_scene(f, style, fonts, &scene, &notes, &err);
    bool small = st == SX_EARG && strstr(err.msg, "the figure needs a ") != NULL &&
                 (style->width > 0 || style->height > 0);
    if (!small)
        CHECK_OK(st);
    if (!st) {
        if (style->width > 0)
            CHECK_NEAR(scene.width, style->width, 1e-9);
        if (style->height > 0)
            CHECK_NEAR(scene.height, style->height, 1e-9);
        check_finite(&scene);
        check_texts(fonts, &scene);
        check_labels(&scene, "label-x", 1);
        check_labels(&scene, "label-y", -1);
        check_markers(&scene, f, style);
    }
    sx_i_scene_clear(&scene);
    sx_i_fonts_free(fonts);
    return st == SX_OK;
}

/* f in the styles that a paper or a talk may ask for. */
static inline void figure_check_styles(const sx_figure *f)
{
    sx_plot_style s = sx_plot_style_defaults();
    assert_true(figure_check(f, &s));
    s.theme = SX_THEME_DARK;
    s.legend = SX_LEGEND_OUTSIDE;
    assert_true(figure_check(f, &s));
    s = sx_plot_style_defaults();
    s.width = 486;
    s.text = 10;
    s.serif = true;
    (void)figure_check(f, &s);
    s.width = 234;
    s.text = 8;
    s.serif = false;
    (void)figure_check(f, &s);
    s.width = 115.2;
    (void)figure_check(f, &s);
    s.height = 200;
    s.legend = SX_LEGEND_NONE;
    (void)figure_check(f, &s);
}

#endif
