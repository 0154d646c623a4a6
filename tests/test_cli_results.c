/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_cli_results.c - results have the documented names in every form, say what the library
 * says, and are the same bytes on every run. */
#include "tests/cli_json.h"

#include "mdp/csv.h"

static void check_common(json_t *v, const char *mdp)
{
    assert_string_equal(json_string_value(at(v, "mdp")), mdp);
    assert_string_equal(json_string_value(at(v, "spec")), "small.xml");
    assert_string_equal(json_string_value(at(v, "version")), SX_VERSION);
    assert_int_equal(json_integer_value(at(v, "seed")), 7);
    assert_string_equal(json_string_value(at(v, "inputs/0/name")), "small.xml");
    assert_int_equal(strlen(json_string_value(at(v, "inputs/0/sha256"))), 64);
    assert_int_equal(json_integer_value(at(v, "unreachable")), 1);
}

#define JSON(...) RUN(__VA_ARGS__, in_folder("small.xml"), "--seed", "7", "--format", "json")

static void distance_has_its_names(void **state)
{
    json_t *v = result(JSON("distance", "--norm", "weighted-l1"));
    (void)state;
    check_common(v, "small");
    CHECK_NEAR(json_number_value(at(v, "discount")), 0.9, 0);
    assert_int_equal(json_integer_value(at(v, "states")), 4);
    assert_int_equal(json_integer_value(at(v, "actions")), 2);
    assert_int_equal(json_integer_value(at(v, "pairs")), 7);
    assert_int_equal(json_integer_value(at(v, "transitions")), 9);
    assert_int_equal(json_array_size(at(v, "distances")), 3);
    assert_string_equal(json_string_value(at(v, "distances/1/a")), "true");
    assert_string_equal(json_string_value(at(v, "distances/1/b")), "shaped");
    assert_string_equal(json_string_value(at(v, "distances/1/distance")), "starc");
    assert_string_equal(json_string_value(at(v, "distances/1/canon")), "val");
    assert_string_equal(json_string_value(at(v, "distances/1/norm")), "weighted-l1");
    assert_string_equal(json_string_value(at(v, "distances/1/metric")), "l2");
    assert_true(json_is_null(at(v, "distances/1/reason")));
    CHECK_NEAR(json_number_value(at(v, "distances/1/value")), 0, 1e-12);
    assert_true(json_number_value(at(v, "distances/0/value")) > 0.1);
    assert_string_equal(json_string_value(at(v, "arguments/canon")), "val");
    CHECK_NEAR(json_number_value(at(v, "arguments/trivial")), 1e-9, 0);
    json_decref(v);
}

static void distance_takes_rewards_and_all(void **state)
{
    json_t *v = result(RUN("distance", in_folder("small.xml"), "--all", "shaped", "proxy",
                           "--format", "json"));
    (void)state;
    assert_int_equal(json_array_size(at(v, "distances")), 7 * 7 * 6 - 2 * 6);
    assert_string_equal(json_string_value(at(v, "distances/0/a")), "shaped");
    assert_string_equal(json_string_value(at(v, "distances/0/b")), "proxy");
    assert_true(json_is_true(at(v, "arguments/all")));
    json_decref(v);
    v = result(JSON("distance", "--distance", "epic"));
    assert_string_equal(json_string_value(at(v, "distances/0/canon")), "epic");
    assert_true(json_is_null(at(v, "distances/0/norm")));
    assert_true(json_is_null(at(v, "distances/0/metric")));
    json_decref(v);
}

static void regret_has_its_names(void **state)
{
    static const char *const numbers[] = {"range/true/0",
                                          "range/true/1",
                                          "range/proxy/0",
                                          "range/proxy/1",
                                          "certificate/primal",
                                          "regret/optimal_pessimistic",
                                          "regret/optimal_optimistic",
                                          "regret/worst_case",
                                          "certificate/lambda",
                                          "certificate/dual",
                                          "certificate/gap"};
    json_t *v = result(JSON("regret"));
    (void)state;
    check_common(v, "small");
    assert_int_equal(json_array_size(at(v, "pairs")), 6);
    for (size_t i = 0; i < 6; i++) {
        json_t *p = json_array_get(at(v, "pairs"), i);
        assert_string_not_equal(json_string_value(at(p, "true")),
                                json_string_value(at(p, "proxy")));
        for (size_t k = 0; k < sizeof numbers / sizeof *numbers; k++)
            assert_true(json_is_number(at(p, numbers[k])));
        CHECK_NEAR(json_number_value(at(p, "certificate/dual")) -
                       json_number_value(at(p, "certificate/primal")),
                   json_number_value(at(p, "certificate/gap")), 1e-12);
        assert_true(json_is_object(at(p, "bounds")) && json_is_object(at(p, "witness/high")));
    }
    json_decref(v);
    v = result(JSON("regret", "--true", "true", "--proxy", "shaped"));
    assert_int_equal(json_array_size(at(v, "pairs")), 1);
    CHECK_NEAR(json_number_value(at(v, "pairs/0/regret/worst_case")), 0, 1e-8);
    json_decref(v);
    v = result(JSON("regret", "--proxy", "shaped"));
    assert_int_equal(json_array_size(at(v, "pairs")), 2);
    json_decref(v);
}

/* V(a) = max(0.3 / (1-g), 0.25 + 0.75 g V(b)), V(b) = g V(a) / 2 + 1/2 and V(c) = 0. */
static void solve_has_its_names(void **state)
{
    json_t *v = result(JSON("solve"));
    double stay = 0.3 / 0.1, b = 0.9 * stay / 2 + 0.5;
    (void)state;
    check_common(v, "small");
    assert_string_equal(json_string_value(at(v, "reward")), "true");
    assert_true(json_number_value(at(v, "return/0")) <= stay + 1e-9);
    assert_true(json_number_value(at(v, "return/1")) >= stay - 1e-9);
    CHECK_NEAR(json_number_value(at(v, "values/a")), stay, 1e-8);
    CHECK_NEAR(json_number_value(at(v, "values/b")), b, 1e-8);
    CHECK_NEAR(json_number_value(at(v, "values/c")), 0, 1e-12);
    assert_string_equal(json_string_value(at(v, "policy/a")), "stay");
    assert_string_equal(json_string_value(at(v, "optimal_actions/b/0")), "go");
    assert_int_equal(json_array_size(at(v, "optimal_actions/c")), 2);
    CHECK_NEAR(json_number_value(at(v, "occupancy/a")), 10, 1e-8);
    CHECK_NEAR(json_number_value(at(v, "occupancy/d")), 0, 1e-12);
    assert_true(json_number_value(at(v, "certificate/gap")) < 1e-8);
    json_decref(v);
    v = result(JSON("solve", "--minimise", "--reward", "proxy"));
    assert_string_equal(json_string_value(at(v, "reward")), "proxy");
    assert_string_equal(json_string_value(at(v, "policy/a")), "stay");
    CHECK_NEAR(json_number_value(at(v, "values/a")), 0, 1e-8);
    json_decref(v);
}

/* Above 10,000 states the JSON leaves values and policy out and says so; CSV has them. */
static void large_worlds_are_not_inlined(void **state)
{
    static const char world[] =
        "<mdp version=\"1\" discount=\"0.5\"><random states=\"10001\" actions=\"1\" "
        "successors=\"1\" seed=\"1\"/><reward id=\"r\"><add value=\"1\"/></reward></mdp>";
    json_t *v;
    run r;
    (void)state;
    write_file(in_folder("large.xml"), world, sizeof world - 1);
    v = result(RUN("solve", in_folder("large.xml"), "--format", "json"));
    assert_null(json_object_get(v, "values"));
    assert_non_null(strstr(json_string_value(at(v, "note")), "csv"));
    CHECK_NEAR(json_number_value(at(v, "return/0")), 2, 1e-8);
    json_decref(v);
    r = RUN("solve", in_folder("large.xml"), "--format", "csv");
    CHECK_EXIT(r, 0);
    CHECK_SAYS(r.out, "\n10000,");
    run_free(r);
}

static void check_has_its_names(void **state)
{
    json_t *v = result(JSON("check"));
    (void)state;
    check_common(v, "small");
    assert_string_equal(json_string_value(at(v, "title")), "A small world");
    assert_string_equal(json_string_value(at(v, "labels/0/label")), "start");
    assert_int_equal(json_integer_value(at(v, "labels/0/states")), 1);
    assert_string_equal(json_string_value(at(v, "rewards/2/reward")), "shaped");
    CHECK_NEAR(json_number_value(at(v, "rewards/0/greatest")), 1, 0);
    assert_string_equal(json_string_value(at(v, "warnings/0/code")), "W601");
    assert_non_null(strstr(json_string_value(at(v, "warnings/0/message")), "d"));
    json_decref(v);
}

/* --- CSV --- */

static sx_csv *table(run r)
{
    sx_error err = SX_NO_ERROR;
    sx_diags *d = NULL;
    sx_csv *t = NULL;
    CHECK_EXIT(r, 0);
    CHECK_OK(sx_diags_new(&d, &err));
    CHECK_OK(sx_csv_parse("out.csv", r.out, r.out_size, d, &t, &err));
    sx_diags_free(d);
    run_free(r);
    return t;
}

static void csv_has_one_row_an_entry(void **state)
{
    static const struct {
        const char *verb;
        int64_t rows;
        const char *columns[16];
    } cases[] = {
        {"distance", 3, {"a", "b", "distance", "canon", "norm", "metric", "value", "reason"}},
        {"regret",
         6,
         {"true", "proxy", "range_true_lo", "range_true_hi", "range_proxy_lo",
          "regret_optimal_pessimistic", "regret_optimal_optimistic", "regret_worst_case",
          "certificate_lambda", "certificate_primal", "certificate_dual", "certificate_gap"}},
        {"solve",
         4,
         {"state", "values", "policy", "optimal_actions", "occupancy", "return_lo", "return_hi",
          "certificate_gap", "reward"}},
        {"check", 3, {"reward", "least", "greatest"}},
    };
    static const char *const common[] = {"mdp",  "spec",   "version",
                                         "seed", "inputs", "unreachable"};
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        sx_csv *t = table(RUN(cases[i].verb, in_folder("small.xml"), "--format", "csv"));
        assert_int_equal(sx_csv_rows(t), cases[i].rows);
        for (size_t k = 0; cases[i].columns[k]; k++)
            assert_true(sx_csv_column(t, cases[i].columns[k]) >= 0);
        for (size_t k = 0; k < sizeof common / sizeof *common; k++)
            assert_true(sx_csv_column(t, common[k]) >= 0);
        assert_string_equal(sx_csv_field(t, 0, sx_csv_column(t, "spec")), "small.xml");
        sx_csv_free(t);
    }
}

/* --- the same bytes, in every form --- */

static void same_bytes_on_every_run(void **state)
{
    static const char *const verbs[] = {"check", "solve", "distance", "regret"};
    static const char *const formats[] = {"text", "json", "csv"};
    (void)state;
    for (size_t v = 0; v < 4; v++)
        for (size_t f = 0; f < 3; f++) {
            const char *spec = in_folder("small.xml");
            run a = RUN(verbs[v], spec, "--format", formats[f], "--threads", "1");
            run b = RUN(verbs[v], spec, "--format", formats[f], "--threads", "2");
            run c = RUN(verbs[v], spec, "--format", formats[f], "--threads", "2");
            CHECK_EXIT(a, 0);
            assert_string_equal(a.out, b.out);
            assert_string_equal(b.out, c.out);
            run_free(a);
            run_free(b);
            run_free(c);
        }
}

static void verbose_tells_on_standard_error(void **state)
{
    run a = RUN("regret", in_folder("small.xml"));
    run b = RUN("regret", in_folder("small.xml"), "--threads", "3", "--verbose");
    (void)state;
    CHECK_EXIT(b, 0);
    assert_string_equal(a.out, b.out);
    CHECK_SAYS(b.err, "read small.xml");
    CHECK_SAYS(b.err, "3 threads");
    run_free(a);
    run_free(b);
}

static void quiet_says_nothing(void **state)
{
    run a = RUN("check", in_folder("small.xml"));
    run b = RUN("check", in_folder("small.xml"), "--quiet");
    (void)state;
    CHECK_SAYS(a.err, "warning[W601]");
    assert_int_equal(b.err_size, 0);
    assert_string_equal(a.out, b.out);
    run_free(a);
    run_free(b);
}

static void text_names_the_rewards(void **state)
{
    static const char *const verbs[] = {"check", "distance", "regret"};
    (void)state;
    for (size_t v = 0; v < 3; v++) {
        run r = RUN(verbs[v], in_folder("small.xml"));
        CHECK_EXIT(r, 0);
        CHECK_SAYS(r.out, "A small world");
        CHECK_SAYS(r.out, "4 states (1 unreachable)");
        CHECK_SAYS(r.out, "shaped");
        CHECK_SAYS(r.out, "proxy");
        for (const char *line = r.out; *line; line += strcspn(line, "\n") + 1)
            assert_true(strcspn(line, "\n") <= 100);
        run_free(r);
    }
}

/* A tolerance below double precision: the numbers are printed, the exit status says so. */
static void uncertified_is_told(void **state)
{
    run r = RUN("regret", "examples/epic-gridworld.xml", "--tolerance", "1e-15");
    (void)state;
    CHECK_EXIT(r, 3);
    CHECK_SAYS(r.out, "NOT all certified");
    CHECK_SAYS(r.out, "antidense");
    run_free(r);
}

/* --- many errors --- */

static void errors_are_counted(void **state)
{
    sx_text t = {0};
    int shown = 0;
    run r;
    (void)state;
    sx_text_put(&t, "<mdp version=\"1\" discount=\"0.9\"><explicit><state id=\"a\"/>"
                    "<action id=\"go\"/><transition from=\"a\" action=\"go\" to=\"a\" p=\"1\"/>"
                    "</explicit>\n<reward id=\"r\">");
    for (int i = 0; i < 27; i++)
        sx_text_format(&t, "<add value=\"1\" from=\"nowhere%d\"/>\n", i);
    sx_text_put(&t, "</reward></mdp>");
    write_file(in_folder("many.xml"), t.bytes, t.size);
    sx_text_clear(&t);
    r = RUN("check", in_folder("many.xml"));
    CHECK_EXIT(r, 2);
    assert_int_equal(r.out_size, 0);
    for (const char *p = r.err; (p = strstr(p, ": error[E")); p++)
        shown++;
    assert_int_equal(shown, 20);
    CHECK_SAYS(r.err, "and 7 more errors");
    run_free(r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(distance_has_its_names),
        cmocka_unit_test(distance_takes_rewards_and_all),
        cmocka_unit_test(regret_has_its_names),
        cmocka_unit_test(solve_has_its_names),
        cmocka_unit_test(large_worlds_are_not_inlined),
        cmocka_unit_test(check_has_its_names),
        cmocka_unit_test(csv_has_one_row_an_entry),
        cmocka_unit_test(same_bytes_on_every_run),
        cmocka_unit_test(verbose_tells_on_standard_error),
        cmocka_unit_test(quiet_says_nothing),
        cmocka_unit_test(text_names_the_rewards),
        cmocka_unit_test(uncertified_is_told),
        cmocka_unit_test(errors_are_counted),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
