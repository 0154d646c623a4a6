/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_factors.c - combinations of values, their codes and their names belong together. */
#include "tests/check.h"

#include "mdp/factors.h"

/* --- names --------------------------------------------------------------------------- */

static sx_factors *some_factors(const char *prefix, int count)
{
    sx_error err = SX_NO_ERROR;
    sx_factors *f = NULL;
    sx_names *names = NULL;
    char name[300];
    int32_t index;
    CHECK_OK(sx_factors_new(&f, &err));
    CHECK_OK(sx_names_new(&names, &err));
    CHECK_OK(sx_names_add(names, "open", &index, &err));
    CHECK_OK(sx_names_add(names, "o=p", &index, &err));
    for (int i = 0; i < count; i++) {
        snprintf(name, sizeof name, "%s%d", prefix, i);
        if (i % 2)
            CHECK_OK(sx_factors_add_list(f, name, names, &err));
        else
            CHECK_OK(sx_factors_add_range(f, name, -2, 12, &err));
    }
    sx_names_free(names);
    return f;
}

static void names_are_found_again(void **state)
{
    (void)state;
    static const char *const unknown[] = {"",
                                          "x0",
                                          "x0=1",
                                          "x0=1,x1=open",
                                          "x0=1,x1=open,x2=3,x3=open,",
                                          "x0=1,x1=open,x2=3,x3=open,x4=0",
                                          "x1=open,x0=1,x2=3,x3=open",
                                          "x0=01,x1=open,x2=3,x3=open",
                                          "x0=1.0,x1=open,x2=3,x3=open",
                                          "x0=10,x1=open,x2=3,x3=open",
                                          "x0=1,x1=shut,x2=3,x3=open",
                                          "x0=1,x1=open,x2=,x3=open"};
    sx_error err = SX_NO_ERROR;
    char buffer[SX_NAME_BUFFER];
    for (int sparse = 0; sparse < 2; sparse++) {
        sx_names *names = NULL;
        int64_t *code = sparse ? sx_alloc(100, sizeof *code) : NULL;
        for (int i = 0; sparse && i < 100; i++)
            code[i] = 5 * i + 3;
        CHECK_OK(
            sx_names_factored(some_factors("x", 4), code, sparse ? 100 : 576, &names, &err));
        for (int i = 0; i < sx_names_count(names); i++) {
            char expected[80];
            int c = sparse ? 5 * i + 3 : i;
            snprintf(expected, sizeof expected, "x0=%d,x1=%s,x2=%d,x3=%s", c / 48 - 2,
                     c / 24 % 2 ? "o=p" : "open", c / 2 % 12 - 2, c % 2 ? "o=p" : "open");
            assert_string_equal(sx_names_get(names, i, buffer), expected);
            assert_int_equal(sx_names_find(names, expected), i);
        }
        for (size_t i = 0; i < sizeof unknown / sizeof *unknown; i++)
            assert_int_equal(sx_names_find(names, unknown[i]), -1);
        if (sparse)
            assert_int_equal(sx_names_find(names, "x0=-2,x1=open,x2=-2,x3=open"), -1);
        sx_names_free(names);
    }
}

static void long_names_are_written_out(void **state)
{
    (void)state;
    sx_error err = SX_NO_ERROR;
    char buffer[SX_NAME_BUFFER], prefix[] = "a_variable_with_a_long_name_that_goes_on_and_on_";
    sx_names *names = NULL;
    CHECK_OK(sx_names_factored(some_factors(prefix, 8), NULL, 500, &names, &err));
    for (int i = 0; i < 500; i++) {
        const char *text = sx_names_get(names, i, buffer);
        assert_true(strlen(text) > 8 * strlen(prefix));
        assert_int_equal(sx_names_find(names, text), i);
    }
    names = sx_names_free(names);
    assert_int_equal(sx_names_factored(some_factors(prefix, 12), NULL, 2000000, &names, &err),
                     SX_ELIMIT);
    assert_null(names);
}

/* --- values -------------------------------------------------------------------------- */

static void values_have_places(void **state)
{
    (void)state;
    sx_error err = SX_NO_ERROR;
    sx_factors *f = some_factors("x", 1);
    sx_names *names = NULL;
    static const char *const numbers[] = {"3", "-1", "1/2", "1e6"};
    static const double value[] = {3, -1, 0.5, 1e6};
    int32_t index;
    CHECK_OK(sx_names_new(&names, &err));
    for (int i = 0; i < 4; i++)
        CHECK_OK(sx_names_add(names, numbers[i], &index, &err));
    CHECK_OK(sx_factors_add_list(f, "list", names, &err));
    sx_names_free(names);
    const sx_factor *range = &f->factor[0], *list = &f->factor[1];
    for (int i = 0; i < 12; i++) {
        assert_int_equal(sx_factor_place(range, i - 2), i);
        assert_int_equal(sx_factor_place(range, (i - 2) * (1 + 1e-12)), i);
    }
    static const double none[] = {-3, 10, 0.5, 1e300, -1e300, NAN, INFINITY, 1 + 1e-6};
    for (size_t i = 0; i < sizeof none / sizeof *none; i++) {
        assert_int_equal(sx_factor_place(range, none[i]), -1);
        assert_int_equal(sx_factor_place(list, none[i]), i == 2 ? 2 : -1);
    }
    for (int i = 0; i < 4; i++) {
        assert_int_equal(sx_factor_place(list, value[i]), i);
        assert_int_equal(sx_factor_place(list, value[i] * (1 + 1e-13)), i);
        assert_int_equal(sx_factor_place(list, value[i] * (1 - 1e-13)), i);
        assert_int_equal(sx_factor_find(list, numbers[i], strlen(numbers[i])), i);
    }
    sx_factors_free(f);
}

/* Values that begin like others. */
static void no_value_is_mistaken_for_another(void **state)
{
    (void)state;
    sx_error err = SX_NO_ERROR;
    sx_factors *f = NULL;
    sx_names *names = NULL;
    char text[16];
    int32_t index;
    CHECK_OK(sx_factors_new(&f, &err));
    CHECK_OK(sx_names_new(&names, &err));
    for (int i = 0; i < 3000; i++) {
        snprintf(text, sizeof text, "v%d", i);
        CHECK_OK(sx_names_add(names, text, &index, &err));
        assert_int_equal(index, i);
    }
    CHECK_OK(sx_factors_add_list(f, "x", names, &err));
    for (int i = 0; i < 4000; i++) {
        int n = snprintf(text, sizeof text, "v%d", i);
        assert_int_equal(sx_factor_find(&f->factor[0], text, (size_t)n), i < 3000 ? i : -1);
    }
    sx_names_free(names);
    sx_factors_free(f);
    for (int i = 0; i < 200; i++) { /* some of them share a slot of the table */
        CHECK_OK(sx_names_new(&names, &err));
        snprintf(text, sizeof text, "v%d", i);
        CHECK_OK(sx_names_add(names, text, &index, &err));
        CHECK_OK(sx_names_add(names, "v", &index, &err));
        assert_int_equal(index, 1);
        sx_names_free(names);
    }
}

static void combinations_are_limited(void **state)
{
    (void)state;
    sx_error err = SX_NO_ERROR;
    sx_factors *f = NULL;
    char name[16];
    CHECK_OK(sx_factors_new(&f, &err));
    for (int i = 0; i < 62; i++) {
        snprintf(name, sizeof name, "b%d", i);
        CHECK_OK(sx_factors_add_range(f, name, 0, 2, &err));
    }
    assert_true(f->size == SX_FACTORS_SIZE && f->factor[0].weight == SX_FACTORS_SIZE / 2);
    assert_int_equal(sx_factors_find(f, "b0=1"), -1);
    assert_int_equal(sx_factors_add_range(f, "more", 0, 2, &err), SX_ELIMIT);
    err = (sx_error)SX_NO_ERROR;
    CHECK_OK(sx_factors_add_range(f, "one", 7, 1, &err));
    assert_int_equal(sx_factors_add_range(f, "one", 0, 1, &err), SX_EINPUT);
    assert_int_equal(f->count, 63);
    sx_factors_free(f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_are_found_again),
        cmocka_unit_test(long_names_are_written_out),
        cmocka_unit_test(values_have_places),
        cmocka_unit_test(no_value_is_mistaken_for_another),
        cmocka_unit_test(combinations_are_limited),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
