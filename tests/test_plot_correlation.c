/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_plot_correlation.c - the strips of correlations: families sorted by medians counted by
 * hand, one in colour, every number a dot. */
#include "plots/kind_correlation.h"
#include "tests/figure_check.h"
#include "tests/figure_find.h"

/* Medians in the first panel: a 0.3, b 0.7 (mean of 0.6 and 0.8), c -0.2; d has none there. */
static const double value[] = {0.1, 0.8, 0.3, -0.2, 0.6, 0.9, 0.5, NAN, 0.4, 0.2};
static const int32_t family[] = {0, 1, 0, 2, 1, 0, 3, 3, 1, 2};
static const int32_t panel[] = {0, 0, 0, 0, 0, 0, 1, 0, 1, 1};
static const char *const name[] = {"a", "b", "c", "d"};
static const char *const title[] = {"first", "second"};

static sx_correlation_view view_of(int32_t highlight)
{
    return (sx_correlation_view){
        "Title", "Pearson correlation", 10, value, family, panel, 4, 2, name, title, highlight};
}

static sx_figure *figure_of(const sx_correlation_view *v)
{
    sx_error err = SX_NO_ERROR;
    sx_figure *f = NULL;
    CHECK_OK(sx_figure_correlation(v, &f, &err));
    return f;
}

static void families_are_sorted_by_medians(void **state)
{
    static const char *const sorted[] = {"b", "a", "c", "d"};
    (void)state;
    sx_correlation_view v = view_of(-1);
    sx_figure *f = figure_of(&v);
    assert_int_equal(f->panels, 2);
    for (int p = 0; p < 2; p++)
        for (int i = 0; i < 4; i++)
            assert_string_equal(f->panel[p]->chart->y.category[i], sorted[i]);
    check_part(f->description, "9 measures in 4 families");
    check_part(f->description, "b 0.7, a 0.3, c -0.2. In colour: b.");
    check_part(f->notes.text[0], "1 measure");
    figure_check_styles(f);
    sx_figure_free(f);
}

static void dots_stand_at_their_family(void **state)
{
    (void)state;
    sx_correlation_view v = view_of(-1);
    sx_figure *f = figure_of(&v);
    const sx_layer *best = need_layer(f, 0, SX_LAYER_STRIP, "highlight", 0);
    const sx_layer *others = need_layer(f, 0, SX_LAYER_STRIP, "measure", 0);
    assert_int_equal(best->n, 2);
    assert_true(best->x[0] == 0.8 && best->y[0] == 0 && best->x[1] == 0.6 && best->y[1] == 0);
    assert_int_equal(others->n, 4);
    assert_true(others->x[0] == 0.1 && others->y[0] == 1);
    assert_true(others->x[2] == -0.2 && others->y[2] == 2);
    assert_true(best->colour != others->colour);
    need_layer(f, 0, SX_LAYER_RULES, "zero", 0);
    others = need_layer(f, 1, SX_LAYER_STRIP, "measure", 0);
    assert_int_equal(others->n, 2);
    assert_true(others->x[0] == 0.5 && others->y[0] == 3);
    sx_figure_free(f);
}

static void another_family_in_colour(void **state)
{
    (void)state;
    sx_correlation_view v = view_of(2);
    sx_figure *f = figure_of(&v);
    const sx_layer *l = need_layer(f, 0, SX_LAYER_STRIP, "highlight", 0);
    assert_int_equal(l->n, 1);
    assert_true(l->x[0] == -0.2 && l->y[0] == 2);
    assert_string_equal(f->panel[0]->chart->y.category[0], "b");
    sx_figure_free(f);
}

static void no_number_is_an_error(void **state)
{
    static const double none[10] = {NAN, NAN, NAN, NAN, NAN, NAN, NAN, NAN, NAN, NAN};
    sx_error err = SX_NO_ERROR;
    sx_figure *f = NULL;
    sx_correlation_view v = view_of(-1);
    (void)state;
    v.value = none;
    assert_int_equal(sx_figure_correlation(&v, &f, &err), SX_EINPUT);
    assert_null(f);
    v.n = v.families = 0;
    assert_int_equal(sx_figure_correlation(&v, &f, &err), SX_EINPUT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(families_are_sorted_by_medians),
        cmocka_unit_test(dots_stand_at_their_family),
        cmocka_unit_test(another_family_in_colour),
        cmocka_unit_test(no_number_is_an_error),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
