/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_cli_orbit.c - consistency names the symmetries of a world, what they say about each
 * reward, and writes averaged rewards that every other verb takes. */
#include "tests/cli_json.h"

#include <math.h>

/* a and b are alike, p and q are not: swap is a symmetry, turn is none although it leaves the
 * true reward as it is; stay does more than permute, mixed is causal. */
static const char world[] =
    "<mdp version=\"1\" id=\"pair\" discount=\"0.5\">\n"
    "<explicit><state id=\"a\"/><state id=\"b\"/><state id=\"p\"/><state id=\"q\"/>\n"
    "<state id=\"end\" absorbing=\"true\"/><action id=\"x\"/><action id=\"y\"/>\n"
    "<transition from=\"a\" action=\"*\" to=\"end\" p=\"1\"/>\n"
    "<transition from=\"b\" action=\"*\" to=\"end\" p=\"1\"/>\n"
    "<transition from=\"p\" action=\"*\" to=\"end\" p=\"0.5\"/>\n"
    "<transition from=\"p\" action=\"*\" to=\"a\" p=\"0.25\"/>\n"
    "<transition from=\"p\" action=\"*\" to=\"b\" p=\"0.25\"/>\n"
    "<transition from=\"q\" action=\"*\" to=\"end\" p=\"1\"/></explicit>\n"
    "<reward id=\"true\"><add from=\"a\" action=\"x\" value=\"1\"/>"
    "<add from=\"b\" action=\"x\" value=\"1\"/></reward>\n"
    "<reward id=\"blind\"><add from=\"a\" action=\"x\" value=\"1\"/></reward>\n"
    "<reward id=\"flat\"><add value=\"3\"/></reward>\n"
    "<edit id=\"swap\" kind=\"neutral\"><permute states=\"a b\"/></edit>\n"
    "<edit id=\"turn\" kind=\"neutral\"><permute states=\"p q\"/></edit>\n"
    "<edit id=\"mixed\" kind=\"causal\"><permute actions=\"x y\"/></edit>\n"
    "</mdp>\n";

/* The same with the edits of this text. */
static const char *world_with(const char *name, const char *edits)
{
    static char text[8192];
    const char *path = in_folder(name);
    size_t n = (size_t)(strstr(world, "<edit id=\"swap\"") - world);
    memcpy(text, world, n);
    snprintf(text + n, sizeof text - n, "%s</mdp>\n", edits);
    write_file(path, text, strlen(text));
    return path;
}

static int set_up(void **state)
{
    int bad = make_folder(state);
    if (!bad)
        write_file(in_folder("pair.xml"), world, sizeof world - 1);
    return bad;
}

static double number(json_t *v, const char *path)
{
    return json_number_value(at(v, path));
}

static void symmetries_and_bounds_are_told(void **state)
{
    (void)state;
    run r = RUN("consistency", in_folder("pair.xml"), "--format", "json");
    CHECK_SAYS(r.err, "pair.xml:14:11: warning[W640]: the edit 'turn' is no symmetry");
    CHECK_SAYS(r.err,
               "(p, x) leads to a with probability 0.25, and what it becomes, (q, x), to a "
               "with 0");
    CHECK_SAYS(r.err, "\n   14 | <edit id=\"turn\" kind");
    json_t *v = result(r);
    assert_int_equal(json_array_size(at(v, "symmetry/edits")), 1);
    assert_string_equal(json_string_value(at(v, "symmetry/edits/0")), "swap");
    assert_string_equal(json_string_value(at(v, "symmetry/left_out/0/edit")), "turn");
    assert_string_equal(json_string_value(at(v, "symmetry/left_out/0/state")), "p");
    assert_true(number(v, "symmetry/elements") == 2);
    assert_true(number(v, "symmetry/state_orbits") == 4);
    assert_true(number(v, "symmetry/pair_orbits") == 8);
    assert_true(number(v, "symmetry/dimension") == 4);
    assert_int_equal(json_array_size(at(v, "orbit")), 3);
    assert_string_equal(json_string_value(at(v, "orbit/1/reward")), "blind");
    assert_true(number(v, "orbit/0/inconsistency") == 0);
    assert_true(number(v, "orbit/0/distance_lower_bound") == 0);
    /* by hand, with p, from where a and b come with 1/4 each: c(blind) = (1,-1)/2 in a, 0 else,
     * for both actions of p lead alike; its mean is half of that in a and b */
    CHECK_NEAR(number(v, "orbit/1/inconsistency"), sqrt(0.5), 1e-15);
    CHECK_NEAR(number(v, "orbit/1/distance_lower_bound"), 2 * sin(acos(-1) / 8), 1e-15);
    assert_true(json_is_null(at(v, "orbit/2/inconsistency")));
    CHECK_SAYS(json_string_value(at(v, "orbit/2/reason")), "trivial");
    json_decref(v);
}

static void the_text_has_a_section(void **state)
{
    (void)state;
    run r = RUN("consistency", in_folder("pair.xml"), "--quiet");
    CHECK_EXIT(r, 0);
    CHECK_SAYS(r.out, "Symmetries: swap\nThey generate a group of 2 elements, with 4 orbits of "
                      "states and 8 of pairs.\n");
    CHECK_SAYS(r.out, "blind        0.707107           0.765367");
    assert_string_equal(r.err, "");
    run_free(r);
}

static void without_symmetries_there_is_no_section(void **state)
{
    (void)state;
    const char *path = world_with(
        "none.xml", "<edit id=\"mixed\" kind=\"causal\"><permute actions=\"x y\"/></edit>\n");
    run r = RUN("consistency", path);
    CHECK_EXIT(r, 0);
    assert_null(strstr(r.out, "Symmetries"));
    run_free(r);
    json_t *v = result(RUN("consistency", path, "--format", "json"));
    assert_true(json_is_null(at(v, "symmetry")));
    assert_int_equal(json_array_size(at(v, "orbit")), 0);
    json_decref(v);
    r = RUN("consistency", path, "--average", in_folder("mean.xml"));
    CHECK_EXIT(r, 2);
    CHECK_SAYS(r.err, "error[E440]");
    assert_int_not_equal(access(in_folder("mean.xml"), F_OK), 0);
    run_free(r);
}

/* An edit that does more than permute is no candidate; one that is no symmetry is left out, and
 * alone it makes no group. */
static void other_neutral_edits_make_no_group(void **state)
{
    (void)state;
    const char *path = world_with(
        "other.xml",
        "<edit id=\"same\" kind=\"neutral\"><replace sel=\"mdp/@id\">other</replace></edit>\n"
        "<edit id=\"turn\" kind=\"neutral\"><permute states=\"p q\"/></edit>\n");
    run r = RUN("consistency", path, "--average", in_folder("mean.xml"));
    CHECK_EXIT(r, 2);
    CHECK_SAYS(r.err, "error[E440]");
    CHECK_SAYS(r.err, "warning[W640]");
    run_free(r);
    json_t *v = result(RUN("consistency", path, "--format", "json"));
    assert_int_equal(json_array_size(at(v, "symmetry/edits")), 0);
    assert_int_equal(json_array_size(at(v, "symmetry/left_out")), 1);
    assert_int_equal(json_array_size(at(v, "orbit")), 0);
    json_decref(v);
}

/* Distances between blind, its average and the truth, from the file that was written. */
static void check_written(const char *path)
{
    json_t *v =
        result(RUN("distance", path, "blind", "blind-average", "true", "--format", "json"));
    CHECK_NEAR(number(v, "distances/0/value"), 2 * sin(acos(-1) / 8), 1e-15);
    CHECK_NEAR(number(v, "distances/1/value"), 2 * sin(acos(-1) / 8), 1e-15);
    assert_true(number(v, "distances/2/value") < 1e-15);
    json_decref(v);
}

static void averages_are_rewards_for_every_other_verb(void **state)
{
    (void)state;
    run_free(RUN("consistency", in_folder("pair.xml"), "--average", in_folder("one.xml"),
                 "--reward", "blind"));
    check_written(in_folder("one.xml"));
    json_t *v = result(RUN("check", in_folder("one.xml"), "--format", "json"));
    assert_int_equal(json_array_size(at(v, "rewards")), 4);
    json_decref(v);
    run r = RUN("consistency", in_folder("pair.xml"), "--average", in_folder("all.npy"));
    CHECK_EXIT(r, 0);
    run_free(r);
    check_written(in_folder("all.xml"));
    v = result(RUN("check", in_folder("all.xml"), "--format", "json"));
    assert_int_equal(json_array_size(at(v, "rewards")), 6);
    json_decref(v);
    r = RUN("consistency", in_folder("pair.xml"), "--average", in_folder("table.csv"),
            "--reward", "blind");
    CHECK_EXIT(r, 0);
    run_free(r);
    check_written(in_folder("table.xml"));
}

static void names_of_averages_are_new(void **state)
{
    (void)state;
    const char *path = world_with(
        "taken.xml", "<reward id=\"blind-average\"><add value=\"1\"/></reward>\n"
                     "<edit id=\"swap\" kind=\"neutral\"><permute states=\"a b\"/></edit>\n");
    run r = RUN("consistency", path, "--average", in_folder("new.xml"), "--reward", "blind");
    CHECK_EXIT(r, 0);
    run_free(r);
    json_t *v = result(RUN("check", in_folder("new.xml"), "--format", "json"));
    assert_string_equal(json_string_value(at(v, "rewards/4/reward")), "blind-average-2");
    json_decref(v);
}

static void wrong_uses_are_refused(void **state)
{
    (void)state;
    run r = RUN("consistency", in_folder("pair.xml"), "--average", in_folder("mean.txt"));
    CHECK_EXIT(r, 2);
    CHECK_SAYS(r.err, "error[E510]");
    run_free(r);
    r = RUN("consistency", in_folder("pair.xml"), "--reward", "blind");
    CHECK_EXIT(r, 2);
    CHECK_SAYS(r.err, "error[E506]");
    run_free(r);
    r = RUN("consistency", in_folder("pair.xml"), "--reward", "blond", "--average",
            in_folder("mean.xml"));
    CHECK_EXIT(r, 2);
    CHECK_SAYS(r.err, "error[E507]: --reward 'blond' is no reward");
    run_free(r);
    r = RUN("consistency", in_folder("pair.xml"), "--average", in_folder("pair.xml"));
    CHECK_EXIT(r, 2);
    CHECK_SAYS(r.err, "error[E512]");
    run_free(r);
    assert_int_not_equal(access(in_folder("mean.xml"), F_OK), 0);
}

/* A symmetry of each step of an edit, and an action that one of the states lacks. */
static void steps_and_missing_actions(void **state)
{
    (void)state;
    const char *path =
        world_with("steps.xml", "<edit id=\"swap\" kind=\"neutral\" steps=\"0 1\">"
                                "<permute states=\"a b\"/><permute states=\"a {step}\"/>"
                                "</edit>\n");
    run r = RUN("consistency", path); /* no state is called 0 */
    CHECK_EXIT(r, 2);
    run_free(r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(symmetries_and_bounds_are_told),
        cmocka_unit_test(the_text_has_a_section),
        cmocka_unit_test(without_symmetries_there_is_no_section),
        cmocka_unit_test(other_neutral_edits_make_no_group),
        cmocka_unit_test(averages_are_rewards_for_every_other_verb),
        cmocka_unit_test(names_of_averages_are_new),
        cmocka_unit_test(wrong_uses_are_refused),
        cmocka_unit_test(steps_and_missing_actions),
    };
    return cmocka_run_group_tests(tests, set_up, remove_folder);
}
