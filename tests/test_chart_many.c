/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_chart_many.c - charts of very many marks: files stay small, ends and extremes stay where
 * they are, gaps stay gaps, and few marks are all drawn. */
#include <time.h>

#include "tests/figure_check.h"
#include "tests/oracle_reward.h"

enum { MANY = 200000 };

static double uniform(oracle_rng *r)
{
    return oracle_reward_uniform(r);
}

static void draw_scene(const sx_figure *f, sx_i_scene *s)
{
    sx_plot_style style = sx_plot_style_defaults();
    sx_error err = SX_NO_ERROR;
    sx_plot_notes notes = {0};
    sx_i_fonts *fonts = sx_i_fonts_new(false);
    *s = (sx_i_scene){0};
    CHECK_OK(sx_i_figure_scene(f, &style, fonts, s, &notes, &err));
    sx_i_fonts_free(fonts);
}

static const sx_i_mark *path_of(const sx_i_scene *s, int which)
{
    for (int32_t i = 0; i < s->marks; i++)
        if (s->mark[i].kind == SX_I_PATH && check_class(&s->mark[i], "series") && which-- == 0)
            return &s->mark[i];
    return NULL;
}

static sx_layer *one_layer(sx_figure **f, sx_layer_kind kind, int64_t n)
{
    *f = sx_figure_new("many");
    sx_chart *c = sx_figure_chart(*f, "");
    sx_layer *l = sx_chart_layer(c, kind, n, "");
    if (kind == SX_LAYER_BAND || kind == SX_LAYER_ARROWS)
        sx_layer_limits(c, l);
    return l;
}

/* --- what must stay --- */

static double px(const sx_i_mark *m, int32_t k)
{
    return m->xy[(size_t)k * 2];
}

static double py(const sx_i_mark *m, int32_t k)
{
    return m->xy[(size_t)k * 2 + 1];
}

/* In every half point of the page the path reaches as high and as low as the data do. */
static void extremes_and_ends_stay(void **state)
{
    (void)state;
    enum { COLUMNS = 300 };
    oracle_rng r = {11};
    sx_figure *f;
    sx_i_scene s;
    sx_layer *l = one_layer(&f, SX_LAYER_LINE, MANY);
    double data[COLUMNS][2], drawn[COLUMNS][2];
    for (int64_t i = 0; i < l->n; i++) {
        l->x[i] = (double)i;
        l->y[i] = sin((double)i / 2e4) + 0.2 * uniform(&r);
    }
    l->y[77777] = 3;
    l->y[123456] = -2;
    draw_scene(f, &s);
    const sx_i_mark *m = path_of(&s, 0);
    assert_non_null(m);
    assert_true(m->points < 20000);
    const double last[] = {px(m, m->points - 1), py(m, m->points - 1)};
    double top = INFINITY, bottom = -INFINITY;
    for (int32_t k = 0; k < m->points; k++) {
        top = fmin(top, py(m, k));
        bottom = fmax(bottom, py(m, k));
    }
    double scale = (top - bottom) / 5;
    CHECK_NEAR(m->xy[1], top + (l->y[0] - 3) * scale, 0.03);
    CHECK_NEAR(last[1], top + (l->y[MANY - 1] - 3) * scale, 0.03);
    for (int j = 0; j < COLUMNS; j++)
        data[j][0] = drawn[j][0] = INFINITY, data[j][1] = drawn[j][1] = -INFINITY;
    for (int64_t i = 0; i < l->n; i++) {
        int j = (int)(i * COLUMNS / MANY);
        double y = top + (l->y[i] - 3) * scale;
        data[j][0] = fmin(data[j][0], y);
        data[j][1] = fmax(data[j][1], y);
    }
    for (int32_t k = 0; k < m->points; k++) {
        double at = (px(m, k) - m->xy[0]) / (last[0] - m->xy[0]);
        int j = (int)fmin(fmax(at * COLUMNS, 0), COLUMNS - 1);
        drawn[j][0] = fmin(drawn[j][0], py(m, k));
        drawn[j][1] = fmax(drawn[j][1], py(m, k));
    }
    for (int j = 1; j < COLUMNS - 1; j++) { /* a column of the page is in one of these or two */
        assert_true(fmin(drawn[j - 1][0], fmin(drawn[j][0], drawn[j + 1][0])) <=
                    data[j][0] + 0.05);
        assert_true(fmax(drawn[j - 1][1], fmax(drawn[j][1], drawn[j + 1][1])) >=
                    data[j][1] - 0.05);
    }
    sx_i_scene_clear(&s);
    sx_figure_free(f);
}

/* A smooth line of many points is the same line to 0.05 points. */
static void smooth_lines_stay(void **state)
{
    (void)state;
    sx_figure *f;
    sx_i_scene s;
    sx_layer *l = one_layer(&f, SX_LAYER_LINE, MANY);
    for (int64_t i = 0; i < l->n; i++) {
        l->x[i] = (double)i;
        l->y[i] = sin((double)i / 2e4);
    }
    draw_scene(f, &s);
    const sx_i_mark *m = path_of(&s, 0);
    const double end[] = {px(m, m->points - 1), py(m, m->points - 1)};
    assert_true(m->points > 50 && m->points < 3000);
    double high = INFINITY, low = -INFINITY;
    for (int32_t k = 0; k < m->points; k++) {
        high = fmin(high, py(m, k));
        low = fmax(low, py(m, k));
    }
    int32_t k = 0;
    for (int64_t i = 0; i < l->n; i += 97) {
        double x = m->xy[0] + (end[0] - m->xy[0]) * (double)i / (MANY - 1);
        while (k + 2 < m->points && px(m, k + 1) < x)
            k++;
        double width = px(m, k + 1) - px(m, k);
        double t = width > 0 ? (x - px(m, k)) / width : 0;
        double y = py(m, k) + t * (py(m, k + 1) - py(m, k));
        CHECK_NEAR(y, (high + low) / 2 + l->y[i] * (high - low) / 2, 0.06);
    }
    sx_i_scene_clear(&s);
    sx_figure_free(f);
}

static void few_points_are_all_drawn(void **state)
{
    (void)state;
    sx_figure *f;
    sx_i_scene s;
    sx_layer *l = one_layer(&f, SX_LAYER_LINE, 1500);
    oracle_rng r = {3};
    for (int64_t i = 0; i < l->n; i++) {
        l->x[i] = (double)i;
        l->y[i] = uniform(&r);
    }
    draw_scene(f, &s);
    assert_true(path_of(&s, 0)->points > 1490); /* but those that are one upon the other */
    sx_i_scene_clear(&s);
    sx_figure_free(f);
}

static void check_gaps(sx_layer_kind kind, int64_t n)
{
    sx_figure *f;
    sx_i_scene s;
    bool band = kind == SX_LAYER_BAND;
    sx_layer *l = one_layer(&f, kind, n);
    for (int64_t i = 0; i < n; i++) {
        l->x[i] = (double)i;
        l->y[i] = (double)(i % 7);
        if (band) {
            l->low[i] = (double)(i % 7) - 1;
            l->high[i] = (double)(i % 7);
        }
    }
    (band ? l->low : l->y)[8] = (double)NAN;
    (band ? l->low : l->y)[10] = INFINITY;
    draw_scene(f, &s);
    int paths = 0;
    int discs = 0;
    while (path_of(&s, paths))
        paths++;
    for (int32_t i = 0; i < s.marks; i++)
        discs += s.mark[i].kind == SX_I_DISC;
    assert_int_equal(paths, band ? 3 : 2);
    assert_int_equal(discs, band ? 0 : 1);
    sx_i_scene_clear(&s);
    sx_figure_free(f);
}

/* Two gaps make three parts, in a line as in a band; the part of one place is seen. */
static void gaps_stay(void **state)
{
    (void)state;
    check_gaps(SX_LAYER_LINE, 20);
    check_gaps(SX_LAYER_LINE, MANY);
    check_gaps(SX_LAYER_BAND, 20);
    check_gaps(SX_LAYER_BAND, MANY);
}

/* --- files --- */

static void fill(sx_chart *c, sx_layer *l, int how, oracle_rng *r)
{
    double walk = 0;
    for (int64_t i = 0; i < l->n; i++) {
        l->x[i] = c->x.categories ? (double)(i % 5) : how == 1 ? uniform(r) : (double)i;
        walk += uniform(r) - 0.5;
        l->y[i] = how == 2 ? walk : uniform(r);
        if (how == 3 && i % 2)
            l->y[i] = (double)NAN;
        if (l->low) {
            l->low[i] = l->y[i] - uniform(r);
            l->high[i] = l->y[i] + uniform(r);
        }
    }
}

/* SVG is the larger one. */
static void check_files(const sx_figure *f, const char *what)
{
    static const char *const formats[] = {"svg", "pdf"};
    sx_plot_style s = sx_plot_style_defaults();
    for (int k = 0; k < (f->panel[0]->chart->layers == 1 ? 1 : 2); k++) {
        sx_error err = SX_NO_ERROR;
        unsigned char *bytes;
        size_t size;
        clock_t start = clock();
        CHECK_OK(sx_figure_draw(f, &s, formats[k], &bytes, &size, NULL, &err));
        double seconds = (double)(clock() - start) / CLOCKS_PER_SEC;
        if (size >= 200000 || seconds > 8)
            print_error("%s: %zu bytes of %s in %g s\n", what, size, formats[k], seconds);
        assert_true(size < 200000);
        assert_true(seconds < 8); /* with sanitizers; else below 1 */
        sx_release(bytes);
    }
}

static void files_are_small(void **state)
{
    (void)state;
    static const struct {
        const char *what;
        sx_layer_kind kind;
        int layers, how;
    } cases[] = {{"noise", SX_LAYER_LINE, 1, 0},   {"scrawl", SX_LAYER_LINE, 1, 1},
                 {"walk", SX_LAYER_LINE, 1, 2},    {"holes", SX_LAYER_LINE, 1, 3},
                 {"runs", SX_LAYER_LINE, 40, 0},   {"walks", SX_LAYER_LINE, 200, 2},
                 {"band", SX_LAYER_BAND, 1, 0},    {"band with holes", SX_LAYER_BAND, 1, 3},
                 {"outline", SX_LAYER_AREA, 1, 1}, {"points", SX_LAYER_POINTS, 1, 1},
                 {"strips", SX_LAYER_STRIP, 2, 0}, {"arrows", SX_LAYER_ARROWS, 1, 1},
                 {"rules", SX_LAYER_RULES, 1, 0}};
    oracle_rng r = {17};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        sx_figure *f = sx_figure_new(cases[i].what);
        sx_chart *c = sx_figure_chart(f, "");
        for (int k = 0; cases[i].kind == SX_LAYER_STRIP && k < 5; k++)
            sx_axis_category(c, &c->x, "c");
        for (int k = 0; k < cases[i].layers; k++) {
            sx_layer *l = sx_chart_layer(c, cases[i].kind, MANY / cases[i].layers, "");
            if (l->kind == SX_LAYER_BAND || l->kind == SX_LAYER_ARROWS)
                sx_layer_limits(c, l);
            fill(c, l, cases[i].how, &r);
        }
        check_files(f, cases[i].what);
        sx_figure_free(f);
    }
}

/* What must be seen is on top of the cloud as dots of its colour, and is named. */
static void crowds_on_top(void **state)
{
    (void)state;
    sx_figure *f = sx_figure_new("crowd");
    sx_chart *c = sx_figure_chart(f, "");
    oracle_rng r = {19};
    for (int k = 0; k < 2; k++) {
        sx_layer *l = sx_chart_layer(c, SX_LAYER_POINTS, 20000, k ? "pairs" : "violations");
        l->always = k == 0;
        fill(c, l, 1, &r);
    }
    sx_i_scene s;
    draw_scene(f, &s);
    const sx_i_mark *image[2] = {NULL, NULL};
    bool named = false;
    for (int32_t i = 0; i < s.marks; i++) {
        if (s.mark[i].kind == SX_I_IMAGE)
            image[image[0] != NULL] = &s.mark[i];
        named = named || (s.mark[i].text && strcmp(s.mark[i].text, "violations") == 0);
    }
    assert_true(named);
    assert_non_null(image[1]);
    sx_i_rgb blue = sx_i_palette_of(SX_THEME_LIGHT).series[0];
    for (int32_t i = 0; i < image[1]->rows * image[1]->columns; i++)
        assert_true(!image[1]->pixel[i] || (image[1]->pixel[i] & 0xffffff) == blue);
    sx_i_scene_clear(&s);
    sx_figure_free(f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(extremes_and_ends_stay),   cmocka_unit_test(smooth_lines_stay),
        cmocka_unit_test(few_points_are_all_drawn), cmocka_unit_test(gaps_stay),
        cmocka_unit_test(files_are_small),          cmocka_unit_test(crowds_on_top)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
