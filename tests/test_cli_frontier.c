/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_cli_frontier.c - the verb frontier: names, numbers known by hand, refusals, the same
 * bytes for any number of threads. */
#include "mdp/csv.h"
#include "tests/cli_json.h"

/* One state, three actions, discount 1/2: returns are twice the rewards.  The triangle (0,0),
 * (2,0), (2,2) in the plane of proxy and truth. */
static const char triangle[] =
    "<mdp version=\"1\" id=\"triangle\" discount=\"0.5\">\n"
    "<explicit><state id=\"s\"/><action id=\"a\"/><action id=\"b\"/><action id=\"c\"/>\n"
    "<transition from=\"s\" action=\"*\" to=\"s\" p=\"1\"/></explicit>\n"
    "<reward id=\"learned\"><add action=\"b\" value=\"1\"/><add action=\"c\" value=\"1\"/>"
    "</reward>\n"
    "<reward id=\"true\"><add action=\"c\" value=\"1\"/></reward></mdp>\n";

static const char policies[] = "state,action,p\ns,b,0.75\ns,c,0.25\n";
static const char other[] = "state,action,p\ns,a,0.5\ns,c,0.5\n";

static int make_files(void **state)
{
    int bad = make_folder(state);
    write_file(in_folder("triangle.xml"), triangle, sizeof triangle - 1);
    write_file(in_folder("one.csv"), policies, sizeof policies - 1);
    write_file(in_folder("two.csv"), other, sizeof other - 1);
    return bad;
}

static double number(json_t *v, const char *path)
{
    return json_number_value(at(v, path));
}

static const char *text(json_t *v, const char *path)
{
    return json_string_value(at(v, path));
}

static void check_policy(json_t *v, const char *path)
{
    const char *action;
    json_t *p;
    double sum = 0;
    json_object_foreach(at(v, path), action, p) sum += json_number_value(p);
    CHECK_NEAR(sum, 1, 1e-12);
}

static void json_says_it_all(void **state)
{
    static const double corner[3][2] = {{0, 0}, {2, 0}, {2, 2}};
    (void)state;
    json_t *v =
        result(RUN("frontier", in_folder("triangle.xml"), "--levels", "3", "--format", "json"));
    assert_string_equal(text(v, "true"), "true"); /* not the first, but the one called so */
    assert_string_equal(text(v, "proxy"), "learned");
    assert_int_equal(json_array_size(at(v, "vertices")), 3);
    for (int i = 0; i < 3; i++)
        for (int k = 0; k < 2; k++) {
            char path[40];
            snprintf(path, sizeof path, "vertices/%d/%d", i, k);
            CHECK_NEAR(number(v, path), corner[i][k], 1e-12);
        }
    assert_true(number(v, "gap") <= 1e-9 && number(v, "tolerance") == 1e-9);
    assert_true(json_is_true(at(v, "hackable")));
    assert_true(json_is_false(at(v, "hackable_deterministic")));
    assert_true(json_is_null(at(v, "hackable_listed")));
    assert_true(number(v, "hackability/all/returns/low/proxy") >
                number(v, "hackability/all/returns/high/proxy"));
    assert_true(number(v, "hackability/all/returns/low/true") <
                number(v, "hackability/all/returns/high/true"));
    check_policy(v, "hackability/all/witness/high/s");
    check_policy(v, "hackability/all/witness/low/s");
    assert_int_equal(json_array_size(at(v, "goodhart")), 3);
    CHECK_NEAR(number(v, "goodhart/1/level"), 0.5, 1e-15);
    CHECK_NEAR(number(v, "goodhart/1/true_min"), 0, 1e-12);
    CHECK_NEAR(number(v, "goodhart/1/true_max"), 2, 1e-12);
    /* uniform: 2/3 of actions pay the proxy; at 0 b and c are tied and the half of them c */
    assert_true(json_is_null(at(v, "path/0/temperature")));
    CHECK_NEAR(number(v, "path/0/proxy"), 4.0 / 3, 1e-12);
    CHECK_NEAR(number(v, "path/0/true"), 2.0 / 3, 1e-12);
    json_t *last = json_array_get(at(v, "path"), json_array_size(at(v, "path")) - 1);
    assert_true(number(last, "temperature") == 0);
    CHECK_NEAR(number(last, "proxy"), 2, 1e-9);
    CHECK_NEAR(number(last, "true"), 1, 1e-9);
    CHECK_NEAR(number(v, "drop_height"), 0, 1e-9);
    json_decref(v);
}

static void policies_are_tried(void **state)
{
    (void)state;
    json_t *v = result(RUN("frontier", in_folder("triangle.xml"), in_folder("one.csv"),
                           in_folder("two.csv"), "--format", "json"));
    assert_string_equal(text(v, "policies/0/policy"), "one.csv");
    CHECK_NEAR(number(v, "policies/0/proxy"), 2, 1e-12);
    CHECK_NEAR(number(v, "policies/0/true"), 0.5, 1e-12);
    CHECK_NEAR(number(v, "policies/1/proxy"), 1, 1e-12);
    CHECK_NEAR(number(v, "policies/1/true"), 1, 1e-12);
    assert_true(json_is_true(at(v, "hackable_listed")));
    assert_string_equal(text(v, "hackability/listed/witness/high"), "two.csv");
    assert_string_equal(text(v, "hackability/listed/witness/low"), "one.csv");
    assert_int_equal(json_array_size(at(v, "inputs")), 3);
    json_decref(v);
    run r =
        RUN("frontier", in_folder("triangle.xml"), in_folder("one.csv"), in_folder("two.csv"));
    CHECK_EXIT(r, 0);
    CHECK_SAYS(r.out, "among the 2 policies given: yes");
    CHECK_SAYS(r.out, "among deterministic policies: no");
    CHECK_SAYS(r.out, "two.csv");
    run_free(r);
}

static void rows_have_one_kind_each(void **state)
{
    static const char *const columns[] = {
        "kind",        "policy",   "level",    "temperature", "return_proxy",
        "return_true", "true_min", "true_max", "hackable",    "gap",
        "mdp",         "true",     "proxy",    "unreachable", "drop_height"};
    sx_error err = SX_NO_ERROR;
    sx_csv *t = NULL;
    (void)state;
    run r = RUN("frontier", in_folder("small.xml"), "--proxy", "proxy", "--format", "csv",
                "--levels", "4", "--tolerance", "0.01");
    CHECK_EXIT(r, 0);
    CHECK_OK(sx_csv_parse("out.csv", r.out, r.out_size, NULL, &t, &err));
    for (size_t i = 0; i < sizeof columns / sizeof *columns; i++)
        assert_true(sx_csv_column(t, columns[i]) >= 0);
    int32_t kind = sx_csv_column(t, "kind"), levels = 0;
    for (int64_t i = 0; i < sx_csv_rows(t); i++)
        levels += !strcmp(sx_csv_field(t, i, kind), "level");
    assert_int_equal(levels, 4);
    assert_true(sx_csv_rows(t) > 4 + 41);
    sx_csv_free(t);
    run_free(r);
}

static void shapes_have_names(void **state)
{
    static const struct {
        const char *truth, *proxy, *says;
    } cases[] = {{"true", "shaped", "a rising segment"},
                 {"proxy", "proxy", "a rising segment"}};
    (void)state;
    for (size_t i = 0; i < 2; i++) {
        run r = RUN("frontier", in_folder("small.xml"), "--true", cases[i].truth, "--proxy",
                    cases[i].proxy);
        CHECK_EXIT(r, 0);
        CHECK_SAYS(r.out, cases[i].says);
        CHECK_SAYS(r.out, "among all policies: no");
        CHECK_SAYS(r.out, "4 states (1 unreachable)");
        for (const char *line = r.out; *line; line += strcspn(line, "\n") + 1)
            assert_true(strcspn(line, "\n") <= 100);
        run_free(r);
    }
}

static void refusals_say_what_to_do(void **state)
{
    (void)state;
    run r = RUN("frontier", in_folder("small.xml"));
    CHECK_EXIT(r, 2);
    CHECK_SAYS(r.err, "error[E513]");
    CHECK_SAYS(r.err, "proxy, shaped");
    run_free(r);
    r = RUN("frontier", in_folder("small.xml"), "--proxy", "shaped", "proxy");
    CHECK_EXIT(r, 2);
    CHECK_SAYS(r.err, "error[E505]");
    CHECK_SAYS(r.err, "is a reward");
    run_free(r);
    r = RUN("frontier", in_folder("small.xml"), "--proxy", "proxi");
    CHECK_EXIT(r, 2);
    CHECK_SAYS(r.err, "error[E507]");
    run_free(r);
    r = RUN("frontier", in_folder("triangle.xml"), in_folder("absent.npy"));
    CHECK_EXIT(r, 2);
    CHECK_SAYS(r.err, "absent.npy");
    run_free(r);
    r = RUN("frontier", in_folder("triangle.xml"), "--levels", "1");
    CHECK_EXIT(r, 2);
    CHECK_SAYS(r.err, "error[E503]");
    run_free(r);
}

/* More states than are searched for every vertex. */
static void large_worlds_are_searched_coarsely(void **state)
{
    static const char large[] =
        "<mdp version=\"1\" id=\"large\" discount=\"0.5\"><explicit><states count=\"2001\"/>"
        "<actions count=\"2\"/><transition from=\"*\" action=\"*\" to=\"0\" p=\"1\"/>"
        "</explicit><reward id=\"true\"><add from=\"0\" action=\"1\" value=\"1\"/></reward>"
        "<reward id=\"proxy\"><add from=\"7\" action=\"1\" value=\"1\"/></reward></mdp>";
    (void)state;
    write_file(in_folder("large.xml"), large, sizeof large - 1);
    run r = RUN("frontier", in_folder("large.xml"));
    CHECK_EXIT(r, 0);
    CHECK_SAYS(r.out, "--tolerance 1e-9 finds all");
    run_free(r);
    json_t *v = result(RUN("frontier", in_folder("large.xml"), "--format", "json"));
    assert_true(number(v, "tolerance") == 1e-4);
    json_decref(v);
    v = result(
        RUN("frontier", in_folder("large.xml"), "--format", "json", "--tolerance", "1e-8"));
    assert_true(number(v, "tolerance") == 1e-8);
    assert_int_equal(json_array_size(at(v, "vertices")), 4);
    json_decref(v);
}

static void same_bytes(void **state)
{
    static const char *const formats[] = {"text", "json", "csv"};
    (void)state;
    for (int f = 0; f < 3; f++) {
        run a = RUN("frontier", "examples/cliff.xml", "--proxy", "hasty", "--format",
                    formats[f], "--threads", "1");
        run b = RUN("frontier", "examples/cliff.xml", "--proxy", "hasty", "--format",
                    formats[f], "--threads", "2");
        CHECK_EXIT(a, 0);
        assert_string_equal(a.out, b.out);
        run_free(a);
        run_free(b);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(json_says_it_all),
        cmocka_unit_test(policies_are_tried),
        cmocka_unit_test(rows_have_one_kind_each),
        cmocka_unit_test(shapes_have_names),
        cmocka_unit_test(refusals_say_what_to_do),
        cmocka_unit_test(large_worlds_are_searched_coarsely),
        cmocka_unit_test(same_bytes),
    };
    return cmocka_run_group_tests(tests, make_files, remove_folder);
}
