/* SPDX-License-Identifier: GPL-3.0-or-later */
/* figure_check.h - what every figure must be, checked on its display list: no text upon
 * another, on an axis or off the page; tick labels different and in order; a marker for each
 * datum. */
#ifndef FIGURE_CHECK_H
#define FIGURE_CHECK_H

#include <stdlib.h>

#include "tests/check.h"
#include "tests/quad_check.h"

static inline bool check_class(const sx_i_mark *m, const char *class)
{
    return m->class && strcmp(m->class, class) == 0;
}

static inline void check_pair(const sx_i_mark *a, const check_quad *p, const sx_i_mark *b,
                              const check_quad *q)
{
    if (!check_touch(p, q))
        return;
    print_error("\"%s\" (%s) is upon \"%s\" (%s)\n", a->text, a->class ? a->class : "-",
                b->text, b->class ? b->class : "-");
    fail();
}

static inline void check_on_page(const sx_i_scene *s, const sx_i_mark *m, const check_quad *q)
{
    for (int i = 0; i < 4; i++) {
        bool on = q->x[i] >= -0.05 && q->x[i] <= s->width + 0.05 && q->y[i] >= -0.05 &&
                  q->y[i] <= s->height + 0.05;
        if (!on)
            print_error("\"%s\" leaves the page: (%g, %g) of (%g, %g)\n", m->text, q->x[i],
                        q->y[i], s->width, s->height);
        assert_true(on);
    }
}

/* The lines of the axes have no thickness here; two points of a level or upright one. */
static inline bool check_crosses(const check_quad *text, const sx_i_mark *line)
{
    check_quad q = check_quad_line(line);
    double left = fmin(q.x[0], q.x[1]);
    double right = fmax(q.x[0], q.x[1]);
    double top = fmin(q.y[0], q.y[1]);
    double bottom = fmax(q.y[0], q.y[1]);
    q = (check_quad){{left - 0.2, right + 0.2, right + 0.2, left - 0.2},
                     {top - 0.2, top - 0.2, bottom + 0.2, bottom + 0.2}};
    return check_touch(text, &q);
}

static inline void check_texts(sx_i_fonts *fonts, const sx_i_scene *s)
{
    check_quad *q = calloc((size_t)s->marks + 1, sizeof *q);
    assert_non_null(q);
    for (int32_t i = 0; i < s->marks; i++) {
        const sx_i_mark *m = &s->mark[i];
        if (m->kind != SX_I_TEXT)
            continue;
        if (!m->markup)
            assert_true(sx_i_label_valid(m->text));
        q[i] = check_quad_of(fonts, m);
        if (!*m->text || !(q[i].x[0] != q[i].x[1] || q[i].y[0] != q[i].y[1]))
            continue;
        check_on_page(s, m, &q[i]);
        for (int32_t k = 0; k < i; k++) {
            if (s->mark[k].kind == SX_I_TEXT && *s->mark[k].text)
                check_pair(m, &q[i], &s->mark[k], &q[k]);
        }
    }
    for (int32_t i = 0; i < s->marks; i++) {
        const sx_i_mark *line = &s->mark[i];
        if (!check_class(line, "axis") && !check_class(line, "tick"))
            continue;
        for (int32_t k = 0; k < s->marks; k++) {
            if (s->mark[k].kind == SX_I_TEXT && check_crosses(&q[k], line)) {
                print_error("\"%s\" is on an axis\n", s->mark[k].text);
                fail();
            }
        }
    }
    free(q);
}

/* The number of a tick label: a true minus sign, raised digits after 10. */
static inline double check_number(const char *label)
{
    static const char *const raised[] = {
        "\xe2\x81\xb0", "\xc2\xb9",     "\xc2\xb2",     "\xc2\xb3",     "\xe2\x81\xb4",
        "\xe2\x81\xb5", "\xe2\x81\xb6", "\xe2\x81\xb7", "\xe2\x81\xb8", "\xe2\x81\xb9"};
    double sign = strncmp(label, "\xe2\x88\x92", 3) == 0 ? -1 : 1;
    char *end;
    const char *p = sign < 0 ? label + 3 : label;
    double value = strtod(p, &end);
    double power = 0;
    bool down = strncmp(end, "\xe2\x81\xbb", 3) == 0;
    p = end + (down ? 3 : 0);
    for (int d = 0; *p && d < 10;) {
        size_t n = strlen(raised[d]);
        bool is = strncmp(p, raised[d], n) == 0;
        power = is ? 10 * power + d : power;
        p += is ? n : 0;
        d = is ? 0 : d + 1;
    }
    if (*p)
        print_error("\"%s\" is no number\n", label);
    assert_true(*p == '\0');
    return sign * (power > 0 ? pow(10, down ? -power : power) : value);
}

/* The labels of one axis come one after another: their numbers ascend, and so do places. */
static inline void check_labels(const sx_i_scene *s, const char *class, double forward)
{
    const sx_i_mark *last = NULL;
    for (int32_t i = 0; i < s->marks; i++) {
        const sx_i_mark *m = &s->mark[i];
        bool tick = check_class(m, "tick") || check_class(m, "minor");
        if (!check_class(m, class)) {
            last = tick ? last : NULL;
            continue;
        }
        if (last) {
            double step = forward > 0 ? m->x - last->x : last->y - m->y;
            if (!(check_number(last->text) < check_number(m->text)) || !(step > 0))
                print_error("labels \"%s\" and \"%s\" in a row\n", last->text, m->text);
            assert_true(check_number(last->text) < check_number(m->text));
            assert_true(step > 0);
        }
        last = m;
    }
}

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

static inline bool check_as_marks(const sx_layer *l, const sx_plot_style *style)
{
    bool image =
        style->raster == SX_RASTER_ALWAYS || (style->raster == SX_RASTER_AUTO && l->n > 5000);
    return l->kind == SX_LAYER_STRIP || (l->kind == SX_LAYER_POINTS && (l->always || !image));
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

static inline void check_markers(const sx_i_scene *s, const sx_figure *f,
                                 const sx_plot_style *style)
{
    int64_t markers = 0;
    int64_t data = check_data(f, style);
    for (int32_t i = 0; i < s->marks; i++)
        markers += s->mark[i].kind == SX_I_SIGN && !check_class(&s->mark[i], "key");
    if (data >= 0)
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
