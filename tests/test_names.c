/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_names.c - names and indices are each other's inverse; worlds keep what they are told. */
#include "mdp/names.h"
#include "mdp/world.h"
#include "tests/check.h"

static void written_names_come_back(void **unused)
{
    (void)unused;
    sx_error err = SX_NO_ERROR;
    sx_names *names = NULL;
    char text[32], buffer[SX_NAME_BUFFER];
    int32_t index = -1;
    CHECK_OK(sx_names_new(&names, &err));
    assert_int_equal(sx_names_find(names, "x"), -1);
    for (int32_t i = 0; i < 5000; i++) {
        snprintf(text, sizeof text, "n%d", i * 7919 % 5003);
        CHECK_OK(sx_names_add(names, text, &index, &err));
        assert_int_equal(index, i);
    }
    for (int32_t i = 0; i < 5000; i++) {
        snprintf(text, sizeof text, "n%d", i * 7919 % 5003);
        assert_int_equal(sx_names_find(names, text), i);
        assert_string_equal(sx_names_get(names, i, buffer), text);
        CHECK_OK(sx_names_add(names, text, &index, &err));
        assert_int_equal(index, i);
    }
    assert_int_equal(sx_names_count(names), 5000);
    assert_int_equal(sx_names_find(names, "n5003"), -1);
    assert_int_equal(sx_names_find(names, ""), -1);
    CHECK_OK(sx_names_add(names, "", &index, &err));
    assert_int_equal(sx_names_find(names, ""), 5000);
    assert_null(sx_names_free(names));
    assert_null(sx_names_free(NULL));
}

static void numbers_are_names(void **unused)
{
    (void)unused;
    static const char *const wrong[] = {"10", "-1", "01", "", "1x", "99999999999999",
                                        "+1", " 1"};
    sx_error err = SX_NO_ERROR;
    sx_names *names = NULL;
    char buffer[SX_NAME_BUFFER];
    int32_t index = 0;
    CHECK_OK(sx_names_numbered(10, &names, &err));
    for (int32_t i = 0; i < 10; i++)
        assert_int_equal(sx_names_find(names, sx_names_get(names, i, buffer)), i);
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        assert_int_equal(sx_names_find(names, wrong[i]), -1);
    assert_int_equal(sx_names_add(names, "11", &index, &err), SX_EARG);
    sx_names_free(names);
}

static void cells_are_names(void **unused)
{
    (void)unused;
    static const int32_t cell[] = {0, 2, 3, 5, 11};
    static const char *const text[] = {"r0c0", "r0c2", "r0c3", "r1c1", "r2c3"};
    static const char *const wrong[] = {"r0c1", "r0c4",  "r3c0", "r00c0", "r0",
                                        "0c0",  "r0c0x", "rc",   "r0c-1", "r4294967296c0"};
    sx_error err = SX_NO_ERROR;
    sx_names *names = NULL;
    char buffer[SX_NAME_BUFFER];
    CHECK_OK(sx_names_grid(4, cell, 5, &names, &err));
    for (int32_t i = 0; i < 5; i++) {
        assert_string_equal(sx_names_get(names, i, buffer), text[i]);
        assert_int_equal(sx_names_find(names, text[i]), i);
    }
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        assert_int_equal(sx_names_find(names, wrong[i]), -1);
    sx_names_free(names);
}

static void nearest_is_what_was_meant(void **unused)
{
    (void)unused;
    static const char *const known[] = {"up", "down", "stay", "transition", "up-left"};
    static const char *const asked[][2] = {{"dwon", "down"},
                                           {"Down", "down"},
                                           {"trasition", "transition"},
                                           {"stya", "stay"},
                                           {"upleft", "up-left"},
                                           {"xyzzy", NULL},
                                           {"", NULL},
                                           {"u", "up"}};
    sx_error err = SX_NO_ERROR;
    sx_names *names = NULL;
    char buffer[SX_NAME_BUFFER];
    int32_t index;
    CHECK_OK(sx_names_new(&names, &err));
    for (size_t i = 0; i < 5; i++)
        CHECK_OK(sx_names_add(names, known[i], &index, &err));
    for (size_t i = 0; i < sizeof asked / sizeof *asked; i++) {
        const char *found = sx_names_nearest(names, asked[i][0], buffer);
        if (asked[i][1])
            assert_string_equal(found ? found : "(none)", asked[i][1]);
        else
            assert_null(found);
    }
    sx_names_free(names);
    assert_int_equal(sx_text_distance("abcdef", "abcdef"), 0);
    assert_int_equal(sx_text_distance("abcdef", "abdcef"), 1);
    assert_int_equal(sx_text_distance("abcdef", "abXdefY"), 2);
    assert_int_equal(sx_text_distance("abcdef", "uvwxyz"), INT32_MAX);
}

static void labels_are_sets(void **unused)
{
    (void)unused;
    static const int32_t first[] = {5, 1, 5, 3}, second[] = {2, 3};
    static const int32_t all[] = {1, 2, 3, 5};
    sx_error err = SX_NO_ERROR;
    sx_world *w = NULL;
    int32_t index = -1;
    CHECK_OK(sx_world_new(&w, &err));
    CHECK_OK(sx_world_add_label(w, "goal", first, 4, &index, &err));
    assert_int_equal(index, 0);
    assert_int_equal(w->label[0].count, 3);
    CHECK_OK(sx_world_add_label(w, "none", NULL, 0, &index, &err));
    assert_int_equal(index, 1);
    CHECK_OK(sx_world_add_label(w, "goal", second, 2, &index, &err));
    assert_int_equal(index, 0);
    assert_int_equal(w->label[0].count, 4);
    assert_memory_equal(w->label[0].state, all, sizeof all);
    assert_int_equal(sx_world_label(w, "none"), 1);
    assert_int_equal(sx_world_label(w, "other"), -1);
    assert_null(sx_world_free(w));
    assert_null(sx_world_free(NULL));
}

static void variables_and_pairs_have_names(void **unused)
{
    (void)unused;
    sx_error err = SX_NO_ERROR;
    sx_world *w = NULL;
    int32_t index = -1;
    char text[64], little[6];
    CHECK_OK(sx_world_new(&w, &err));
    CHECK_OK(sx_mdp_new(3, 2, 3, 3, &w->mdp, &err));
    CHECK_OK(sx_names_numbered(3, &w->states, &err));
    CHECK_OK(sx_names_new(&w->actions, &err));
    CHECK_OK(sx_names_add(w->actions, "stay", &index, &err));
    CHECK_OK(sx_world_add_variable(w, "row", &index, &err));
    assert_int_equal(index, 0);
    assert_true(w->variable[0].value[2] == 0);
    assert_int_equal(sx_world_variable(w, "row"), 0);
    assert_int_equal(sx_world_variable(w, "col"), -1);
    sx_world_pair_text(w, 2, 0, text, sizeof text);
    assert_string_equal(text, "(2, stay)");
    sx_world_pair_text(w, 2, 0, little, sizeof little);
    assert_string_equal(little, "(2, s");
    sx_world_free(w);
}

static void start_is_where_something_can_happen(void **unused)
{
    (void)unused;
    sx_error err = SX_NO_ERROR;
    sx_mdp *m = NULL;
    CHECK_OK(sx_mdp_new(4, 1, 4, 4, &m, &err));
    m->absorbing[1] = m->absorbing[3] = 1;
    sx_mdp_initial_default(m);
    CHECK_NEAR(m->initial[0], 0.5, 0);
    CHECK_NEAR(m->initial[1], 0, 0);
    CHECK_NEAR(m->initial[2], 0.5, 0);
    memset(m->absorbing, 1, 4);
    sx_mdp_initial_default(m);
    for (int32_t s = 0; s < 4; s++)
        CHECK_NEAR(m->initial[s], 0.25, 0);
    sx_mdp_free(m);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(written_names_come_back),
        cmocka_unit_test(numbers_are_names),
        cmocka_unit_test(cells_are_names),
        cmocka_unit_test(nearest_is_what_was_meant),
        cmocka_unit_test(labels_are_sets),
        cmocka_unit_test(variables_and_pairs_have_names),
        cmocka_unit_test(start_is_where_something_can_happen),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
