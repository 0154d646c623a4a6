/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_chart_ranges.c - charts of numbers that are nearly or exactly one, zero, tiny or huge
 * are as figure_check.h demands on pages of usual size; names that leave the ends of lines give
 * their room back; bars of height 0 are seen. */
#include "tests/figure_check.h"

/* Pairs of numbers that an axis may have to show. */
static const double spans[][2] = {
    {1, 1},      {1, 1 + 2.3e-16},  {0, 0},          {0, 4e-16},     {-4e-16, 4e-16},
    {0, 1e-300}, {1e-300, 2e-300},  {-1e300, 1e300}, {1e300, 1e300}, {1e3, 1e3 + 1e-12},
    {0, 1e3},    {5e-324, 1.7e308}, {-7, -7 - 1e-15}};
enum { SPANS = sizeof spans / sizeof *spans };

static sx_figure *pair(const double *x, const double *y, sx_layer_kind kind, bool square)
{
    sx_figure *f = sx_figure_new("pair");
    sx_chart *c = sx_figure_chart(f, "");
    sx_layer *l = sx_chart_layer(c, kind, 2, "two");
    c->square = square;
    if (kind == SX_LAYER_BAND || kind == SX_LAYER_ARROWS)
        sx_layer_limits(c, l);
    for (int i = 0; i < 2; i++) {
        l->x[i] = x[i];
        l->y[i] = y[i];
        if (l->low) {
            l->low[i] = kind == SX_LAYER_BAND ? y[0] : x[1];
            l->high[i] = y[1];
        }
    }
    return f;
}

static double page_height(const sx_figure *f)
{
    sx_plot_style style = sx_plot_style_defaults();
    sx_error err = SX_NO_ERROR;
    sx_plot_notes notes = {0};
    sx_i_scene s = {0};
    sx_i_fonts *fonts = sx_i_fonts_new(false);
    CHECK_OK(sx_i_figure_scene(f, &style, fonts, &s, &notes, &err));
    double height = s.height;
    sx_i_scene_clear(&s);
    sx_i_fonts_free(fonts);
    return height;
}

static void all_spans_have_pages_of_usual_size(void **state)
{
    (void)state;
    static const sx_layer_kind kinds[] = {SX_LAYER_POINTS, SX_LAYER_LINE, SX_LAYER_ARROWS,
                                          SX_LAYER_BAND, SX_LAYER_AREA};
    sx_plot_style style = sx_plot_style_defaults();
    for (int i = 0; i < SPANS * SPANS; i++) {
        sx_figure *f = pair(spans[i / SPANS], spans[i % SPANS], kinds[i % 5], i % 2);
        sx_chart *c = f->panel[0]->chart;
        c->y.scale = spans[i % SPANS][0] >= 0 && i % 3 == 0 ? SX_SCALE_LOG : SX_SCALE_LINEAR;
        if (c->y.scale == SX_SCALE_LOG && spans[i % SPANS][1] < SX_LOG_LEAST)
            c->y.scale = SX_SCALE_SYMLOG;
        c->y.threshold = 1e-3;
        if (!figure_check(f, &style) || page_height(f) > 700)
            print_error("x %g to %g, y %g to %g\n", spans[i / SPANS][0], spans[i / SPANS][1],
                        spans[i % SPANS][0], spans[i % SPANS][1]);
        assert_true(page_height(f) <= 700);
        sx_figure_free(f);
    }
}

/* end: the low one, the high one, or (2) both, next to each other. */
static void check_end(double end, int which, bool across, sx_scale_kind scale)
{
    static const double ones[] = {1, 1 + 2.3e-16};
    sx_plot_style style = sx_plot_style_defaults();
    sx_figure *f = pair(ones, ones, SX_LAYER_POINTS, false);
    sx_axis *a = across ? &f->panel[0]->chart->x : &f->panel[0]->chart->y;
    a->scale = scale;
    if (which != 1)
        a->low = end;
    if (which != 0)
        a->high = which == 2 ? nextafter(end, 3) : end;
    if (which != 2) /* no axis can show those two: it shows more */
        assert_true(figure_check(f, &style));
    assert_true(page_height(f) <= 700);
    sx_figure_free(f);
}

/* One end of an axis is said, and the data are beside it by rounding, or on the wrong side. */
static void ends_beside_the_data(void **state)
{
    (void)state;
    static const double ends[] = {1, 1 - 1e-16, 1 + 3e-16, 0.5, 2};
    for (int i = 0; i < 60; i++)
        check_end(ends[i % 5], i / 5 % 3, i / 15 % 2, i / 30 ? SX_SCALE_LOG : SX_SCALE_LINEAR);
}

/* Panels with few and with many categories on one axis. */
static void categories_are_shared(void **state)
{
    (void)state;
    sx_plot_style style = sx_plot_style_defaults();
    for (int32_t many = 2; many < 40; many += 6) {
        sx_figure *f = sx_figure_new("shared");
        f->share_x = true;
        for (int p = 0; p < 2; p++) {
            sx_chart *c = sx_figure_chart(f, "");
            int32_t n = p ? many : 2;
            sx_layer *l = sx_chart_layer(c, SX_LAYER_BARS, n, "");
            for (int32_t i = 0; i < n; i++) {
                sx_axis_category(c, &c->x, "a category");
                l->x[i] = l->y[i] = i;
            }
        }
        assert_true(figure_check(f, &style));
        f->columns = 1;
        f->share_y = true;
        assert_true(figure_check(f, &style));
        sx_figure_free(f);
    }
}

static bool has_power(const sx_figure *f, double width)
{
    sx_plot_style style = sx_plot_style_defaults();
    sx_error err = SX_NO_ERROR;
    sx_plot_notes notes = {0};
    sx_i_scene s = {0};
    sx_i_fonts *fonts = sx_i_fonts_new(false);
    bool found = false;
    style.width = width;
    CHECK_OK(sx_i_figure_scene(f, &style, fonts, &s, &notes, &err));
    for (int32_t i = 0; i < s.marks; i++)
        found =
            found || (s.mark[i].kind == SX_I_TEXT && strstr(s.mark[i].text, "10^{\xe2\x88\x92"
                                                                            "9}"));
    sx_i_scene_clear(&s);
    sx_i_fonts_free(fonts);
    assert_true(figure_check(f, &style));
    return found;
}

/* However long a title is, the power of ten that was taken out of the numbers is told. */
static void powers_are_never_cut(void **state)
{
    (void)state;
    for (int words = 0; words < 50; words += 3) {
        static const double y[] = {0, 4e-9};
        static const double x[] = {0, 1};
        char title[512] = "";
        for (int i = 0; i < words; i++)
            strcat(title, "word_1 ");
        sx_figure *f = pair(x, y, SX_LAYER_LINE, false);
        sx_figure_text(f, &f->panel[0]->chart->y.title, "%s", title);
        assert_true(has_power(f, 0));
        assert_true(has_power(f, 140));
        sx_figure_free(f);
        f = sx_figure_new("matrix");
        sx_figure_heat(f, "", 1, 2, title)->value[0] = 4e-9;
        assert_true(has_power(f, 0));
        sx_figure_free(f);
    }
}

/* Lines whose names do not fit beside them: the panel has the page for itself. */
static void names_give_their_room_back(void **state)
{
    (void)state;
    for (int length = 4; length < 40; length++) {
        sx_figure *f = sx_figure_new("names");
        sx_chart *c = sx_figure_chart(f, "");
        for (int k = 0; k < 2; k++) {
            char name[64];
            snprintf(name, sizeof name, "%.*s %d", length,
                     "mmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmm", k);
            sx_layer *l = sx_chart_layer(c, SX_LAYER_LINE, 2, name);
            for (int i = 0; i < 2; i++) {
                l->x[i] = i;
                l->y[i] = i * (0.2 + 0.8 * k);
            }
        }
        sx_plot_style style = sx_plot_style_defaults();
        sx_error err = SX_NO_ERROR;
        sx_plot_notes notes = {0};
        sx_i_scene s = {0};
        sx_i_fonts *fonts = sx_i_fonts_new(false);
        double right = 0;
        CHECK_OK(sx_i_figure_scene(f, &style, fonts, &s, &notes, &err));
        for (int32_t i = 0; i < s.marks; i++) {
            const sx_i_mark *m = &s.mark[i];
            double width = m->kind == SX_I_TEXT ? sx_i_text_width(fonts, m->text, m->size) : 0;
            right = fmax(right, m->anchor == SX_I_START ? m->x + width : 0);
            if (check_class(m, "axis"))
                right = fmax(right, m->x + m->w);
        }
        if (right < s.width - 20)
            print_error("names of %d letters: %g of %g are used\n", length, right, s.width);
        assert_true(right >= s.width - 20);
        sx_i_scene_clear(&s);
        sx_i_fonts_free(fonts);
        sx_figure_free(f);
    }
}

/* A bar can be seen, and is between the ends of the axes; false: the mark is none. */
static bool check_bar(const sx_i_scene *s, const sx_i_mark *m)
{
    double low[2] = {INFINITY, INFINITY};
    double high[2] = {-INFINITY, -INFINITY};
    if (m->kind != SX_I_PATH || !m->filled)
        return false;
    for (int32_t k = 0; k < s->marks; k++) {
        const sx_i_mark *a = &s->mark[k];
        if (!check_class(a, "axis"))
            continue;
        low[0] = fmin(low[0], fmin(a->x, a->x + a->w));
        low[1] = fmin(low[1], fmin(a->y, a->y + a->h));
        high[0] = fmax(high[0], fmax(a->x, a->x + a->w));
        high[1] = fmax(high[1], fmax(a->y, a->y + a->h));
    }
    for (int k = 0; k < 8; k++) {
        assert_true(m->xy[k] >= low[k % 2] - 0.4);
        assert_true(m->xy[k] <= high[k % 2] + 0.4);
    }
    assert_true(fmin(fabs(m->xy[4] - m->xy[0]), fabs(m->xy[5] - m->xy[1])) > 1.1);
    return true;
}

/* Bars of 0, beside others of either sign, lying or standing: a mark at their foot, inside. */
static void bars_of_nothing_are_seen(void **state)
{
    (void)state;
    static const double values[][3] = {
        {0, 1, 2}, {0, -1, -2}, {0, 0, 0}, {0, -1, 1}, {-0.0, 0, 1}};
    for (int i = 0; i < 10; i++) {
        bool lying = i % 2;
        sx_figure *f = sx_figure_new("bars");
        sx_chart *c = sx_figure_chart(f, "");
        sx_layer *l = sx_chart_layer(c, SX_LAYER_BARS, 3, "");
        for (int k = 0; k < 3; k++) {
            sx_axis_category(c, lying ? &c->y : &c->x, "bar");
            (lying ? l->y : l->x)[k] = k;
            (lying ? l->x : l->y)[k] = values[i / 2][k];
        }
        sx_plot_style style = sx_plot_style_defaults();
        sx_error err = SX_NO_ERROR;
        sx_plot_notes notes = {0};
        sx_i_scene s = {0};
        sx_i_fonts *fonts = sx_i_fonts_new(false);
        int bars = 0;
        CHECK_OK(sx_i_figure_scene(f, &style, fonts, &s, &notes, &err));
        for (int32_t k = 0; k < s.marks; k++)
            bars += check_bar(&s, &s.mark[k]);
        assert_int_equal(bars, 3);
        sx_i_scene_clear(&s);
        sx_i_fonts_free(fonts);
        assert_true(figure_check(f, &style));
        sx_figure_free(f);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(all_spans_have_pages_of_usual_size),
                                       cmocka_unit_test(ends_beside_the_data),
                                       cmocka_unit_test(categories_are_shared),
                                       cmocka_unit_test(powers_are_never_cut),
                                       cmocka_unit_test(names_give_their_room_back),
                                       cmocka_unit_test(bars_of_nothing_are_seen)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
