/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_plot_regret.c - the figure of regrets: every pair is one mark, every violation one of
 * its own; bounds are the lines that were asked for; quantiles against a count. */
#include "plots/kind_distances.h"
#include "plots/kind_regret.h"
#include "tests/figure_check.h"
#include "tests/figure_find.h"

enum { MOST = 20000 };

static double x[MOST], y[MOST], upper[MOST], lower[MOST];
static int32_t group[MOST];
static const char *names[MOST];

static sx_figure *figure_of(const sx_regret_view *v)
{
    sx_error err = SX_NO_ERROR;
    sx_figure *f = NULL;
    CHECK_OK(sx_figure_regret(v, &f, &err));
    return f;
}

static sx_regret_view view_of(int64_t n)
{
    return (sx_regret_view){.title = "Title",
                            .x_title = "VAL L_2/L_2 distance",
                            .n = n,
                            .distance = x,
                            .regret = y};
}

/* Numbers in [0,1) that look random; the same each time. */
static double draw(uint64_t *s)
{
    *s = *s * 6364136223846793005U + 1442695040888963407U;
    return (double)(*s >> 11) / 9007199254740992.0;
}

/* n pairs below min(1, slope x) and above a tenth of it. */
static void fill(int64_t n, double slope)
{
    uint64_t s = 7;
    for (int64_t i = 0; i < n; i++) {
        x[i] = 2 * draw(&s);
        upper[i] = slope * x[i];
        lower[i] = 0.1 * fmin(1, upper[i]);
        y[i] = lower[i] + draw(&s) * (fmin(1, upper[i]) - lower[i]);
    }
}

static int64_t marks(const sx_figure *f, const char *role)
{
    int64_t n = 0;
    const sx_layer *l;
    for (int i = 0; (l = layer_of(f, 0, SX_LAYER_POINTS, role, i)); i++)
        n += l->n;
    return n;
}

static void violations_are_marks_of_their_own(void **state)
{
    (void)state;
    fill(500, 0.75);
    y[17] = upper[17] = 0.3;
    y[17] += 0.01;
    y[40] = lower[40] / 2;
    y[41] = lower[41] * (1 - 1e-12); /* rounding */
    sx_regret_view v = view_of(500);
    v.upper = upper;
    v.lower = lower;
    sx_figure *f = figure_of(&v);
    const sx_layer *l = need_layer(f, 0, SX_LAYER_POINTS, "violation", 0);
    assert_int_equal(l->n, 2);
    assert_int_equal(marks(f, "pair"), 498);
    assert_true(l->always);
    assert_true(l->x[0] == x[17] && l->y[0] == y[17]);
    assert_true(l->x[1] == x[40] && l->y[1] == y[40]);
    assert_ptr_equal(f->panel[0]->chart->layer[f->panel[0]->chart->layers - 1], l);
    check_part(f->panel[0]->chart->note, "500 pairs\n2 outside the bounds");
    check_part(f->description, "1 lie above their upper bound and 1 below");
    check_part(f->description, "VAL L2/L2 distance");
    sx_figure_free(f);
}

static void one_slope_is_one_line(void **state)
{
    (void)state;
    fill(40, 0.75);
    sx_regret_view v = view_of(40);
    v.upper = upper;
    sx_figure *f = figure_of(&v);
    const sx_layer *l = need_layer(f, 0, SX_LAYER_LINE, "bound", 0);
    bool corner = false;
    assert_null(layer_of(f, 0, SX_LAYER_LINE, "bound", 1));
    assert_string_equal(l->name, "upper bound");
    for (int64_t i = 0; i < l->n; i++) {
        CHECK_NEAR(l->y[i], fmin(1, 0.75 * l->x[i]), 1e-12);
        corner = corner || fabs(l->x[i] - 4.0 / 3) < 1e-12;
        assert_true(i == 0 || l->x[i] >= l->x[i - 1]);
    }
    assert_true(corner);
    assert_true(l->x[0] == 0);
    check_part(f->panel[0]->chart->note, "none outside the bounds");
    sx_figure_free(f);
}

static void slopes_of_groups_have_their_colours(void **state)
{
    static const char *const worlds[] = {"one", "two"};
    (void)state;
    fill(80, 1);
    for (int i = 0; i < 80; i++) {
        group[i] = i % 2;
        upper[i] = (i % 2 ? 3 : 1.5) * x[i];
    }
    sx_regret_view v = view_of(80);
    v.upper = upper;
    v.group = group;
    v.groups = 2;
    v.name = worlds;
    sx_figure *f = figure_of(&v);
    for (int i = 0; i < 2; i++) {
        const sx_layer *bound = need_layer(f, 0, SX_LAYER_LINE, "bound", i);
        const sx_layer *dots = need_layer(f, 0, SX_LAYER_POINTS, "pair", i);
        check_part(bound->name, worlds[i]);
        assert_string_equal(dots->name, worlds[i]);
        assert_int_equal(bound->colour, dots->colour);
        assert_int_equal(dots->n, 40);
        assert_true(dots->colour != 1); /* that of violations */
    }
    sx_figure_free(f);
}

static void many_slopes_are_the_steepest(void **state)
{
    (void)state;
    fill(40, 1);
    for (int i = 0; i < 40; i++)
        upper[i] = (8 - i % 8) * x[i];
    sx_regret_view v = view_of(40);
    v.upper = upper;
    v.lower = lower;
    sx_figure *f = figure_of(&v);
    const sx_layer *l = need_layer(f, 0, SX_LAYER_LINE, "bound", 0);
    for (int64_t i = 0; i < l->n; i++)
        CHECK_NEAR(l->y[i], fmin(1, 8 * l->x[i]), 1e-9);
    l = need_layer(f, 0, SX_LAYER_LINE, "interval", 0);
    assert_int_equal(l->n, 120);
    for (int64_t i = 0; i < 40; i++) {
        CHECK_NEAR(l->y[3 * i], lower[i], 0);
        CHECK_NEAR(l->y[3 * i + 1], fmin(1, upper[i]), 0);
        assert_true(isnan(l->y[3 * i + 2]) && l->x[3 * i] == x[i]);
    }
    sx_figure_free(f);
}

static int64_t count_between(int64_t n, double from, double to, double least)
{
    int64_t count = 0;
    for (int64_t i = 0; i < n; i++)
        count += x[i] >= from && x[i] < to && y[i] <= least;
    return count;
}

/* In each bin a twentieth of the pairs is below the band, and half of them below the median. */
static void bands_are_quantiles(void **state)
{
    (void)state;
    fill(3000, 0.75);
    sx_regret_view v = view_of(3000);
    sx_figure *f = figure_of(&v);
    const sx_layer *band = need_layer(f, 0, SX_LAYER_BAND, "band", 0);
    const sx_layer *line = need_layer(f, 0, SX_LAYER_LINE, "median", 0);
    double low = INFINITY, high = 0;
    for (int i = 0; i < 3000; i++) {
        low = fmin(low, x[i]);
        high = fmax(high, x[i]);
    }
    double half = (high - low) / 40;
    for (int64_t i = 0; i < 20; i++) {
        double from = line->x[i] - half, to = line->x[i] + half;
        double all = (double)count_between(3000, from, to, 9);
        assert_true(all > 90);
        assert_true(fabs((double)count_between(3000, from, to, line->y[i]) - all / 2) <= 1.5);
        assert_true(fabs((double)count_between(3000, from, to, band->low[i]) - all / 20) <=
                    1.5);
        assert_true(fabs((double)count_between(3000, from, to, band->high[i]) - all * 0.95) <=
                    1.5);
    }
    sx_figure_free(f);
}

static void few_and_dense(void **state)
{
    (void)state;
    fill(MOST, 0.75);
    sx_regret_view v = view_of(99);
    sx_figure *f = figure_of(&v);
    assert_null(layer_of(f, 0, SX_LAYER_LINE, "median", 0));
    sx_figure_free(f);
    v = view_of(MOST);
    f = figure_of(&v);
    assert_null(layer_of(f, 0, SX_LAYER_BAND, "band", 0)); /* a density would hide it */
    need_layer(f, 0, SX_LAYER_LINE, "band", 1);
    check_part(f->panel[0]->chart->note, "20\xe2\x80\x89"
                                         "000 pairs");
    sx_figure_free(f);
}

static void zeros_and_missing_numbers(void **state)
{
    (void)state;
    fill(10, 0.75);
    x[0] = y[0] = 0;
    x[1] = 3e-16;
    y[1] = 1e-15;
    x[2] = NAN;
    y[3] = NAN;
    sx_regret_view v = view_of(10);
    v.log_x = v.log_y = true;
    sx_figure *f = figure_of(&v);
    const sx_layer *l = need_layer(f, 0, SX_LAYER_POINTS, "pair", 0);
    assert_int_equal(l->n, 8);
    assert_true(l->x[0] == 0 && l->y[0] == 0 && l->x[1] == 0 && l->y[1] == 0);
    assert_int_equal(f->panel[0]->chart->x.scale, SX_SCALE_LOG);
    assert_int_equal(f->notes.count, 2);
    check_part(f->notes.text[0], "2 pairs");
    check_part(f->description, "2 at distance 0");
    assert_null(strstr(f->panel[0]->chart->note, "bounds"));
    figure_check_styles(f);
    sx_figure_free(f);
}

static void nothing_is_an_error(void **state)
{
    sx_error err = SX_NO_ERROR;
    sx_figure *f = NULL;
    (void)state;
    x[0] = y[1] = NAN;
    sx_regret_view v = view_of(0);
    assert_int_equal(sx_figure_regret(&v, &f, &err), SX_EINPUT);
    assert_null(f);
    v = view_of(2);
    assert_int_equal(sx_figure_regret(&v, &f, &err), SX_EINPUT);
    assert_null(f);
    check_part(err.msg, "nothing to draw");
}

/* Sizes, names and numbers of all kinds: no text upon another. */
static void looks(void **state)
{
    static char longest[3 * 60 + 1];
    static const double scale[] = {1e-290, 1, 1e290};
    (void)state;
    for (size_t i = 0; i < 60; i++)
        memcpy(longest + 3 * i, "\xe2\x82\xac", 4);
    for (int64_t n = 1; n < 400; n = 3 * n + 1)
        for (int k = 0; k < 3; k++)
            for (int axes = 0; axes < 4; axes += 3) {
                fill(n, 0.75);
                for (int64_t i = 0; i < n; i++) {
                    x[i] *= scale[k];
                    upper[i] = 0.75 * x[i];
                    names[i] = i % 2 ? longest : "<a_{b}&^c\\>";
                }
                sx_regret_view v = view_of(n);
                v.upper = upper;
                v.lower = lower;
                v.truth = v.proxy = names;
                v.log_x = v.log_y = axes;
                sx_figure *f = figure_of(&v);
                sx_plot_style style = sx_plot_style_defaults();
                assert_true(figure_check(f, &style));
                sx_figure_free(f);
            }
}

static void constant_numbers(void **state)
{
    (void)state;
    for (int zero = 0; zero < 2; zero++)
        for (int axes = 0; axes < 2; axes++) {
            for (int i = 0; i < 150; i++) {
                x[i] = 0.5;
                y[i] = zero ? 0 : 0.25;
                upper[i] = 0.6;
            }
            sx_regret_view v = view_of(150);
            v.upper = upper;
            v.log_x = v.log_y = axes;
            sx_figure *f = figure_of(&v);
            sx_plot_style style = sx_plot_style_defaults();
            assert_true(figure_check(f, &style));
            sx_figure_free(f);
        }
}

/* What no measure can tell from 0 is drawn as 0, where the size of what is measured is known; a
 * violation stays one. */
static void rounding_is_no_distance(void **state)
{
    (void)state;
    static const double high[] = {1e-14, 2e-14, 5e-10}, low[] = {0, 0, 0};
    static const double last[] = {0, 1e-15, 1e-10, 1e-9};
    static const char *const says[] = {
        "distances up to 3e-16", "distances up to 0, regrets up to 0; 3 at",
        "regrets up to 1e-10; 3 at distance 0. 0 lie above", "1 lie above their upper bound"};
    sx_regret_view v = view_of(3);
    v.upper = high;
    v.lower = low;
    for (int turn = 0; turn < 4; turn++) {
        for (int i = 0; i < 3; i++) {
            x[i] = (i + 1) * 1e-16;
            y[i] = i == 2 ? last[turn] : 0;
        }
        v.unit = turn == 0 ? 0 : 1;
        sx_figure *f = figure_of(&v);
        const sx_layer *dots = layer_of(f, 0, SX_LAYER_POINTS, "pair", 0);
        check_part(f->description, says[turn]);
        assert_non_null(dots);
        assert_true(dots->x[0] == (turn ? 0 : 1e-16));
        assert_int_equal(f->notes.count, turn != 0);
        sx_figure_free(f);
    }
}

/* A density does not hide the bounds, and a few pairs far away have no line of their own. */
static void bounds_lie_on_a_density(void **state)
{
    (void)state;
    const int64_t n = SX_REGRET_DENSE + 1000;
    fill(n, 1);
    for (int64_t i = 0; i < 8; i++)
        x[i] = 20;
    sx_regret_view v = view_of(n);
    v.upper = upper;
    v.lower = lower;
    sx_figure *f = figure_of(&v);
    const sx_chart *c = f->panel[0]->chart;
    bool dots = false;
    int lines = 0;
    for (int32_t k = 0; k < c->layers; k++) {
        const sx_layer *l = c->layer[k];
        dots = dots || l->kind == SX_LAYER_POINTS;
        assert_true(dots || l->kind != SX_LAYER_LINE);
        lines += l->kind == SX_LAYER_LINE;
        for (int64_t i = 0; l->kind == SX_LAYER_LINE && l->n == 20 && i < l->n; i++)
            assert_true(l->x[i] < 19 || isnan(l->y[i]));
    }
    assert_true(dots && lines >= 5);
    sx_figure_free(f);
}

/* --- the matrix of distances --- */

static void distances_say_the_ends(void **state)
{
    static const char *const name[] = {"a", "b", "c"};
    static const double value[] = {0, 0.25, 1.5, 0.25, 0, NAN, 1.5, NAN, 0};
    const sx_distances_view v = {"World", "distance", 3, name, value, 1};
    sx_error err = SX_NO_ERROR;
    sx_figure *f = NULL;
    (void)state;
    CHECK_OK(sx_figure_distances(&v, &f, &err));
    check_part(f->description, "3 rewards of World");
    check_part(f->description, "Nearest: a and b, 0.25. Farthest apart: a and c, 1.5.");
    check_part(f->description, "1 pair has no distance");
    assert_true(f->panel[0]->heat->value[2] == 1.5 && isnan(f->panel[0]->heat->value[5]));
    assert_string_equal(f->panel[0]->heat->row[1], "b");
    assert_string_equal(f->panel[0]->heat->column[2], "c");
    sx_figure_free(f);
    static const double tiny[] = {0, 2e-16, 3e-16, 2e-16, 0, NAN, 3e-16, NAN, 0};
    for (int unit = 0; unit < 2; unit++) {
        const sx_distances_view w = {"World", "distance", 3, name, tiny, unit};
        CHECK_OK(sx_figure_distances(&w, &f, &err));
        check_part(f->description, unit ? "All distances are 0 within rounding. 1 pair has no"
                                        : "Farthest apart: a and c, 3e-16");
        assert_true(f->panel[0]->heat->value[2] == (unit ? 0 : 3e-16));
        assert_true(isnan(f->panel[0]->heat->value[5]));
        assert_int_equal(f->notes.count, unit);
        sx_figure_free(f);
    }
    const sx_distances_view two = {"World", "distance", 2, name, (double[]){0, 2, 2, 0}, 1};
    CHECK_OK(sx_figure_distances(&two, &f, &err));
    check_part(f->description, "2 rewards of World. Distance of a and b, 2.");
    sx_figure_free(f);
    const sx_distances_view one = {"World", "distance", 1, name, value, 0};
    assert_int_equal(sx_figure_distances(&one, &f, &err), SX_EARG);
    assert_null(f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(violations_are_marks_of_their_own),
        cmocka_unit_test(one_slope_is_one_line),
        cmocka_unit_test(slopes_of_groups_have_their_colours),
        cmocka_unit_test(many_slopes_are_the_steepest),
        cmocka_unit_test(bands_are_quantiles),
        cmocka_unit_test(few_and_dense),
        cmocka_unit_test(zeros_and_missing_numbers),
        cmocka_unit_test(nothing_is_an_error),
        cmocka_unit_test(looks),
        cmocka_unit_test(constant_numbers),
        cmocka_unit_test(rounding_is_no_distance),
        cmocka_unit_test(bounds_lie_on_a_density),
        cmocka_unit_test(distances_say_the_ends),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
