/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_cli_leftover.c - the part of distance --explain about the best alignment: the map is
 * that of the states, CSV and JSON say the same, and what is the same is called so. */
#include "tests/cli_json.h"

static double number(json_t *v, const char *path)
{
    return json_number_value(at(v, path));
}

static const char *text(json_t *v, const char *path)
{
    return json_string_value(at(v, path));
}

/* The share of the state of a cell in the list of states, or -1. */
static double listed(json_t *v, size_t row, size_t column)
{
    char name[32];
    json_t *states = at(v, "alignment/states");
    snprintf(name, sizeof name, "r%zuc%zu", row, column);
    for (size_t i = 0; i < json_array_size(states); i++)
        if (!strcmp(text(json_array_get(states, i), "state"), name))
            return number(json_array_get(states, i), "share");
    return -1;
}

static void map_agrees_with_states(void **state)
{
    (void)state;
    json_t *v = result(RUN("distance", "examples/cliff.xml", "true", "hasty", "--explain",
                           "--format", "json"));
    json_t *map = at(v, "alignment/map");
    double sum = 0;
    int found = 0, walls = 0;
    assert_int_equal(json_array_size(map), 4);
    for (size_t i = 0; i < 4; i++) {
        json_t *row = json_array_get(map, i);
        assert_int_equal(json_array_size(row), 6);
        for (size_t j = 0; j < 6; j++) {
            json_t *cell = json_array_get(row, j);
            walls += json_is_null(cell);
            if (json_is_null(cell)) {
                assert_true(i == 2 && j == 1);
                continue;
            }
            sum += json_number_value(cell);
            if (listed(v, i, j) >= 0) {
                CHECK_NEAR(listed(v, i, j), json_number_value(cell), 0);
                found++;
            }
        }
    }
    assert_int_equal(found, 10);
    assert_int_equal(walls, 1);
    CHECK_NEAR(sum, 1, 1e-12);
    assert_int_equal(json_array_size(at(v, "alignment/transitions")), 10);
    assert_int_equal(json_object_size(at(v, "alignment/potential")), 23);
    assert_true(json_is_null(at(v, "alignment/reason")));
    json_decref(v);
    run r = RUN("distance", "examples/cliff.xml", "true", "hasty", "--explain");
    CHECK_EXIT(r, 0);
    CHECK_SAYS(r.out, "\n  11   #  18  18  17   42\n");
    run_free(r);
}

/* What is left of T in one triple is T less what JSON says about it. */
static void left_follows_from_the_rest(void **state)
{
    (void)state;
    json_t *v = result(RUN("distance", in_folder("small.xml"), "true", "proxy", "--explain",
                           "--format", "json"));
    json_t *a = at(v, "alignment");
    json_t *list = at(a, "transitions");
    double scale = number(a, "scale"), share = 0;
    assert_string_equal(text(a, "a"), "true");
    assert_string_equal(text(a, "b"), "proxy");
    assert_int_equal(json_array_size(list), 9); /* both loops of c */
    for (size_t i = 0; i < json_array_size(list); i++) {
        json_t *q = json_array_get(list, i), *phi = at(a, "potential");
        const char *from = text(q, "state"), *to = text(q, "next");
        bool go = !strcmp(text(q, "action"), "go");
        bool enters = *to == 'c' && *from != 'c';
        double t = (*from == 'b' ? 0.7 : 0) + (go && *from != 'c' ? 0.1 : 0);
        double r = (*from == 'a' && !go ? 0.3 : 0) + enters;
        double d = t - (scale * r + 0.9 * number(phi, to) - number(phi, from));
        CHECK_NEAR(number(q, "left"), d, 1e-12);
        share += number(q, "share");
    }
    CHECK_NEAR(share, 1, 1e-12);
    for (size_t i = 0; i < json_array_size(at(a, "states")); i++) {
        json_t *s = json_array_get(at(a, "states"), i);
        double left = 0, part = 0;
        for (size_t j = 0; j < json_array_size(list); j++) {
            json_t *q = json_array_get(list, j);
            bool here = !strcmp(text(q, "state"), text(s, "state"));
            left += here ? number(q, "p") * number(q, "left") : 0;
            part += here ? number(q, "share") : 0;
        }
        CHECK_NEAR(number(s, "left"), *text(s, "state") == 'b' ? left : left / 2, 1e-12);
        CHECK_NEAR(number(s, "share"), part, 1e-12);
    }
    assert_true(json_is_null(at(a, "map")));
    json_decref(v);
}

static void says_what_is_the_same(void **state)
{
    (void)state;
    run r = RUN("distance", in_folder("small.xml"), "true", "shaped", "--explain");
    CHECK_EXIT(r, 0);
    CHECK_SAYS(r.out, "nothing is left beyond rounding: scale and potential turn the one into");
    assert_null(strstr(r.out, "by transition"));
    run_free(r);
    json_t *v = result(RUN("distance", in_folder("small.xml"), "true", "shaped", "--explain",
                           "--format", "json"));
    CHECK_NEAR(number(v, "alignment/scale"), 1, 1e-9);
    CHECK_NEAR(number(v, "alignment/potential/b"), 2.5, 1e-9);
    assert_int_equal(json_array_size(at(v, "alignment/transitions")), 0);
    assert_int_equal(json_array_size(at(v, "alignment/states")), 0);
    json_decref(v);
    r = RUN("distance", "examples/cliff.xml", "true", "negated", "--explain");
    CHECK_EXIT(r, 0);
    CHECK_SAYS(r.out, "no alpha above 0 brings true nearer");
    run_free(r);
    r = RUN("distance", "examples/epic-gridworld.xml", "dense", "zero", "--explain");
    CHECK_EXIT(r, 0);
    CHECK_SAYS(r.out, "there is nothing to explain");
    CHECK_SAYS(r.out, "under it all policies are alike\n   nothing is left beyond rounding\n");
    assert_null(strstr(r.out, "no alpha"));
    run_free(r);
    r = RUN("distance", "examples/epic-gridworld.xml", "zero", "dense", "--explain");
    CHECK_EXIT(r, 0);
    CHECK_SAYS(r.out, "alpha = 0, and any other does as well");
    run_free(r);
}

static void several_have_none(void **state)
{
    (void)state;
    json_t *v =
        result(RUN("distance", in_folder("small.xml"), "--explain", "--format", "json"));
    assert_true(json_is_null(at(v, "alignment")));
    assert_int_equal(json_array_size(at(v, "steps")), 3);
    assert_null(json_object_get(at(v, "shares/0"), "section"));
    json_decref(v);
    run r = RUN("distance", in_folder("small.xml"), "--explain");
    assert_null(strstr(r.out, "After the best alignment"));
    run_free(r);
    r = RUN("distance", in_folder("small.xml"), "--explain", "--format", "csv");
    CHECK_SAYS(r.out, ",distance,");
    assert_null(strstr(r.out, ",state,"));
    run_free(r);
}

/* Rows by section; every row has as many fields as the first. */
static void csv_has_sections(void **state)
{
    static const char *const sections[] = {",distance,cliff,", ",left,cliff,", ",state,cliff,"};
    static const int expected[] = {10, 10, 23};
    (void)state;
    run r =
        RUN("distance", "examples/cliff.xml", "true", "hasty", "--explain", "--format", "csv");
    CHECK_EXIT(r, 0);
    for (int i = 0; i < 3; i++) {
        int count = 0;
        for (const char *c = r.out; (c = strstr(c, sections[i])); c++)
            count++;
        assert_int_equal(count, expected[i]);
    }
    int commas = -1, here = 0;
    for (const char *c = r.out; *c; c++) {
        here += *c == ',';
        if (*c == '\n') {
            assert_true(commas < 0 || here == commas);
            commas = here;
            here = 0;
        }
    }
    run_free(r);
}

static void wide_grids_have_no_map(void **state)
{
    (void)state;
    for (int columns = 24; columns <= 25; columns++) {
        char xml[1024], row[32];
        memset(row, '.', sizeof row);
        row[columns] = '\0';
        int n =
            snprintf(xml, sizeof xml,
                     "<mdp version=\"1\" id=\"wide\" discount=\"0.9\"><gridworld>"
                     "<map>.%s\n%s.</map></gridworld>"
                     "<reward id=\"a\"><add from=\"r0c0\" value=\"1\"/></reward>"
                     "<reward id=\"b\"><add from=\"r1c1\" action=\"up\" value=\"1\"/></reward>"
                     "</mdp>",
                     row + 1, row + 1);
        write_file(in_folder("wide.xml"), xml, (size_t)n);
        run r = RUN("distance", in_folder("wide.xml"), "--explain");
        CHECK_EXIT(r, 0);
        CHECK_SAYS(r.out, columns > 24 ? "no map: it has more than 24 columns or 48 rows"
                                       : "map: shares in thousandths");
        run_free(r);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(map_agrees_with_states), cmocka_unit_test(left_follows_from_the_rest),
        cmocka_unit_test(says_what_is_the_same),  cmocka_unit_test(several_have_none),
        cmocka_unit_test(csv_has_sections),       cmocka_unit_test(wide_grids_have_no_map),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
