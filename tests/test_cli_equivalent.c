/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_cli_equivalent.c - the verb equivalent: names, exit statuses, numbers known by hand. */
#include "tests/cli_json.h"

/* One state with two actions and a slippery third, discount 1/2.  `twice` is 2 true + 3, and
 * `moved` has the same means. */
static const char disguises[] =
    "<mdp version=\"1\" id=\"d\" discount=\"0.5\">\n"
    "<explicit><state id=\"s\"/><state id=\"t\"/><action id=\"a\"/><action id=\"b\"/>\n"
    "<transition from=\"s\" action=\"a\" to=\"s\" p=\"1/2\"/>\n"
    "<transition from=\"s\" action=\"a\" to=\"t\" p=\"1/2\"/>\n"
    "<transition from=\"s\" action=\"b\" to=\"s\" p=\"1\"/>\n"
    "<transition from=\"t\" action=\"*\" to=\"s\" p=\"1\"/></explicit>\n"
    "<initial><start state=\"s\"/></initial>\n"
    "<reward id=\"true\"><add from=\"s\" action=\"a\" value=\"1\"/>"
    "<add from=\"t\" action=\"b\" value=\"1\"/></reward>\n"
    "<reward id=\"twice\"><use reward=\"true\" scale=\"2\"/><add value=\"3\"/></reward>\n"
    "<reward id=\"moved\"><use reward=\"true\"/><add from=\"s\" action=\"a\" to=\"s\" "
    "value=\"1\"/><add from=\"s\" action=\"a\" to=\"t\" value=\"-1\"/></reward>\n"
    "<reward id=\"shaped\"><use reward=\"true\"/><shape><at state=\"t\" potential=\"4\"/>"
    "</shape></reward>\n"
    "<reward id=\"near\"><use reward=\"true\"/><add from=\"s\" action=\"a\" value=\"3e-11\"/>"
    "</reward>\n"
    "<reward id=\"against\"><use reward=\"true\" scale=\"-1\"/></reward>\n"
    "<reward id=\"flat\"><add value=\"7\"/></reward>\n"
    "<reward id=\"other\"><add from=\"s\" action=\"b\" value=\"1\"/></reward></mdp>\n";

static int make_files(void **state)
{
    int bad = make_folder(state);
    write_file(in_folder("d.xml"), disguises, sizeof disguises - 1);
    return bad;
}

static double number(json_t *v, const char *path)
{
    return json_number_value(at(v, path));
}

/* The answer of `equivalent d.xml a b` as JSON, with that exit status. */
static json_t *ask(const char *a, const char *b, int status)
{
    json_error_t where;
    run r = RUN("equivalent", in_folder("d.xml"), a, b, "--format", "json");
    CHECK_EXIT(r, status);
    json_t *v = json_loads(r.out, 0, &where);
    assert_non_null(v);
    run_free(r);
    return v;
}

/* The transformations are just these, separated by blanks. */
static void check_set(json_t *v, const char *names)
{
    char text[160] = "";
    json_t *list = at(v, "transformations");
    for (size_t i = 0; i < json_array_size(list); i++)
        snprintf(text + strlen(text), sizeof text - strlen(text), "%s%s", i ? " " : "",
                 json_string_value(json_array_get(list, i)));
    assert_string_equal(text, names);
}

static void disguises_are_named(void **state)
{
    static const struct {
        const char *b, *names;
    } known[] = {{"true", ""},
                 {"twice", "scale shift"},
                 {"moved", "s-prime-redistribution"},
                 {"shaped", "potential-shaping"}};
    (void)state;
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        json_t *v = ask("true", known[i].b, 0);
        assert_true(json_is_true(at(v, "equivalent")));
        assert_true(json_is_true(at(v, "same_order_from_start")));
        check_set(v, known[i].names);
        CHECK_NEAR(number(v, "scale"), i == 1 ? 2 : 1, 1e-12);
        /* a shift by 3 is the potential -3 / (1 - 1/2) */
        CHECK_NEAR(number(v, "potential/s"), i == 1 ? -6 : 0, 1e-12);
        CHECK_NEAR(number(v, "potential/t"), i == 1 ? -6 : i == 3 ? 4 : 0, 1e-12);
        assert_true(number(v, "residual") <= 1e-12);
        assert_true(json_is_null(at(v, "witness")));
        json_decref(v);
    }
}

static void policies_tell_apart(void **state)
{
    (void)state;
    json_t *v = ask("true", "other", 1);
    assert_true(json_is_false(at(v, "equivalent")));
    assert_true(json_is_null(at(v, "potential")));
    assert_true(json_is_null(at(v, "scale")));
    assert_string_equal(json_string_value(at(v, "witness/from")), "start");
    assert_true(number(v, "witness/first/return/a") > number(v, "witness/second/return/a"));
    assert_true(number(v, "witness/first/return/b") < number(v, "witness/second/return/b"));
    const char *action;
    json_t *p;
    double sum = 0;
    json_object_foreach(at(v, "witness/first/policy/s"), action, p) sum += json_number_value(p);
    CHECK_NEAR(sum, 1, 1e-12);
    json_decref(v);
    v = ask("against", "true", 1);
    assert_true(json_is_true(at(v, "opposite")));
    json_decref(v);
    v = ask("true", "flat", 1);
    assert_true(json_is_true(at(v, "trivial_b")));
    assert_true(json_is_null(at(v, "interval")));
    json_decref(v);
    v = ask("flat", "true", 1);
    assert_true(number(v, "witness/first/return/b") < number(v, "witness/second/return/b"));
    json_decref(v);
}

static void nothing_is_claimed_in_between(void **state)
{
    (void)state;
    json_t *v = ask("true", "near", 3);
    assert_true(json_is_null(at(v, "equivalent")));
    assert_true(number(v, "interval/0") > 0 && number(v, "interval/1") < 1e-9);
    json_decref(v);
    run r = RUN("equivalent", in_folder("d.xml"), "true", "near");
    CHECK_EXIT(r, 3);
    CHECK_SAYS(r.out, "undecided");
    run_free(r);
    r = RUN("equivalent", in_folder("d.xml"), "true", "near", "--tolerance", "1e-12");
    CHECK_EXIT(r, 1);
    CHECK_SAYS(r.out, "no: true and near");
    run_free(r);
}

static void text_and_csv(void **state)
{
    (void)state;
    run r = RUN("equivalent", in_folder("d.xml"), "true", "twice", "--explain");
    CHECK_EXIT(r, 0);
    CHECK_SAYS(r.out, "twice = 2.000000 true + 3.000000\nby scale, shift\n");
    CHECK_SAYS(r.out, "0 of 4 pairs");
    run_free(r);
    r = RUN("equivalent", in_folder("d.xml"), "true", "other", "--explain", "--format", "csv");
    CHECK_EXIT(r, 1);
    CHECK_SAYS(r.out, "state,action,scaled_a,b,difference");
    run_free(r);
    r = RUN("equivalent", in_folder("d.xml"), "true", "moved", "--format", "csv");
    CHECK_EXIT(r, 0);
    CHECK_SAYS(r.out, "\ntrue,moved,true,true,");
    run_free(r);
}

static void refusals(void **state)
{
    (void)state;
    run r = RUN("equivalent", in_folder("d.xml"), "true");
    CHECK_EXIT(r, 2);
    run_free(r);
    r = RUN("equivalent", in_folder("d.xml"), "true", "twise");
    CHECK_EXIT(r, 2);
    CHECK_SAYS(r.err, "E507");
    run_free(r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(disguises_are_named),
        cmocka_unit_test(policies_tell_apart),
        cmocka_unit_test(nothing_is_claimed_in_between),
        cmocka_unit_test(text_and_csv),
        cmocka_unit_test(refusals),
    };
    return cmocka_run_group_tests(tests, make_files, remove_folder);
}
