/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_cli_regret.c - bounds and witnesses as the command prints them. */
#include "tests/cli_json.h"
#include "tests/cli_run.h"

#define JSON(...) RUN("regret", in_folder("small.xml"), "--format", "json", __VA_ARGS__)

static double number(json_t *v, const char *path)
{
    assert_true(json_is_number(at(v, path)));
    return json_number_value(at(v, path));
}

static void check_bounds(json_t *b, double worst, const char *canon)
{
    assert_string_equal(json_string_value(at(b, "canon")), canon);
    assert_true(json_is_null(at(b, "reason")));
    assert_true(number(b, "lower") >= 0 && number(b, "lower") <= worst);
    assert_true(number(b, "span_upper") >= worst);
    assert_true(number(b, "starc_upper") >= number(b, "span_upper"));
}

static void bounds_stand_beside(void **state)
{
    (void)state;
    json_t *v = result(JSON("--canon", "minimal", "--norm", "weighted-l2"));
    assert_string_equal(json_string_value(at(v, "arguments/canon")), "minimal");
    for (size_t i = 0; i < json_array_size(at(v, "pairs")); i++) {
        json_t *p = json_array_get(at(v, "pairs"), i);
        check_bounds(at(p, "bounds"), number(p, "regret/worst_case"), "minimal");
        assert_string_equal(json_string_value(at(p, "bounds/norm")), "weighted-l2");
        assert_string_equal(json_string_value(at(p, "bounds/metric")), "l2");
    }
    CHECK_NEAR(number(v, "constants/linf/value"), 20, 1e-12);
    assert_true(json_is_false(at(v, "constants/linf/exact"))); /* b has one action */
    assert_true(json_is_true(at(v, "constants/weighted-l1/exact")));
    assert_true(json_is_false(at(v, "constants/l2/exact")));
    assert_true(number(v, "ball/radius") > 0);
    json_decref(v);
}

/* dard has a lower bound and no upper one. */
static void dard_says_why(void **state)
{
    (void)state;
    /* every state of this world has both actions */
    json_t *v =
        result(RUN("regret", "examples/two-state.xml", "--canon", "dard", "--format", "json"));
    json_t *b = at(v, "pairs/0/bounds");
    assert_true(json_is_null(at(b, "span_upper")) && json_is_null(at(b, "starc_upper")));
    assert_true(number(b, "lower") > 0 && number(b, "distance") > 0);
    CHECK_SAYS(json_string_value(at(b, "reason")), "dard");
    json_decref(v);
    run r = RUN("regret", "examples/two-state.xml", "--canon", "dard");
    CHECK_EXIT(r, 0);
    CHECK_SAYS(r.out, "-: no upper bound for dard");
    run_free(r);
}

static void all_has_every_measure(void **state)
{
    (void)state;
    json_t *v = result(JSON("--all", "--true", "true", "--proxy", "proxy"));
    json_t *list = at(v, "pairs/0/bounds");
    assert_int_equal(json_array_size(list), 282);
    assert_null(json_object_get(at(v, "arguments"), "canon"));
    double least = INFINITY;
    for (size_t i = 0; i < 282; i++) {
        json_t *b = json_array_get(list, i), *x = at(b, "span_upper");
        if (json_is_number(x))
            least = fmin(least, json_number_value(x));
        else
            assert_true(json_is_string(at(b, "reason")));
    }
    json_decref(v);
    run r =
        RUN("regret", in_folder("small.xml"), "--all", "--true", "true", "--proxy", "proxy");
    char best[64], text[32];
    sx_human_number(least, text);
    snprintf(best, sizeof best, "span bound   %s  --canon", text);
    CHECK_SAYS(r.out, "Tightest on this world (mean of 1 pair)");
    CHECK_SAYS(r.out, best);
    run_free(r);
    r = RUN("regret", in_folder("small.xml"), "--all", "--true", "true", "--proxy", "proxy",
            "--format", "csv");
    int lines = 0;
    for (const char *c = r.out; *c; c++)
        lines += *c == '\n';
    assert_int_equal(lines, 283);
    CHECK_SAYS(r.out, ",bounds_canon,bounds_norm,bounds_metric,bounds_distance,"
                      "bounds_starc_upper,bounds_span_upper,bounds_lower,bounds_reason,");
    CHECK_SAYS(r.out, ",returns_high_true,returns_high_proxy,returns_low_true,");
    assert_null(strstr(r.out, "witness"));
    run_free(r);
    r = RUN("regret", in_folder("small.xml"), "--all", "--norm", "l1");
    CHECK_EXIT(r, 2);
    CHECK_SAYS(r.err, "error[E506]: --all takes every combination: leave out --norm");
    run_free(r);
}

/* The true return of a policy of the small world, by hand: it starts in a, where staying pays
 * .3, and c pays 1 on arrival. */
static double true_return(json_t *policy)
{
    double p = json_number_value(json_object_get(at(policy, "a"), "stay"));
    double q = json_number_value(json_object_get(at(policy, "a"), "go"));
    CHECK_NEAR(p + q, 1, 1e-12);
    /* a = p (.3 + .9 a) + q (.25 + .9 .75 b),  b = .5 + .9 .5 a */
    return (0.3 * p + q * (0.25 + 0.675 * 0.5)) / (1 - 0.9 * p - q * 0.675 * 0.45);
}

static void check_returns(json_t *p, const char *which)
{
    char path[32];
    snprintf(path, sizeof path, "witness/%s", which);
    json_t *policy = at(p, path);
    assert_true(json_number_value(at(policy, "b/go")) == 1);
    double truth = true_return(policy);
    snprintf(path, sizeof path, "returns/%s/true", which);
    CHECK_NEAR(number(p, path), truth, 1e-12);
}

static void witness_returns_what_it_says(void **state)
{
    (void)state;
    json_t *v = result(JSON("--true", "true", "--proxy", "proxy"));
    json_t *p = at(v, "pairs/0");
    check_returns(p, "high");
    check_returns(p, "low");
    double lost = number(p, "returns/high/true") - number(p, "returns/low/true");
    double span = number(p, "range/true/1") - number(p, "range/true/0");
    CHECK_NEAR(lost / span, number(p, "regret/worst_case"), 1e-9);
    assert_true(number(p, "regret/worst_case") > 0.01);
    assert_true(number(p, "returns/low/proxy") >= number(p, "returns/high/proxy") - 1e-12);
    json_decref(v);
}

static void witness_goes_to_a_file(void **state)
{
    (void)state;
    const char *path = in_folder("witness.json");
    json_error_t e;
    size_t size;
    json_t *v = result(JSON("--witness", path));
    char *text = read_file(path, &size);
    json_t *w = json_loads(text, JSON_REJECT_DUPLICATES, &e);
    assert_non_null(w);
    assert_int_equal(json_array_size(at(w, "pairs")), 6);
    assert_string_equal(json_string_value(at(w, "spec")), "small.xml");
    for (size_t i = 0; i < 6; i++) {
        json_t *a = json_array_get(at(v, "pairs"), i), *b = json_array_get(at(w, "pairs"), i);
        assert_true(json_equal(at(a, "witness"), at(b, "witness")));
        assert_true(json_equal(at(a, "returns"), at(b, "returns")));
        assert_true(json_equal(at(a, "regret/worst_case"), at(b, "worst_case")));
        assert_int_equal(json_object_size(at(b, "witness/low")), 4);
    }
    assert_null(json_object_get(at(v, "arguments"), "witness"));
    json_decref(v);
    json_decref(w);
    sx_release(text);
}

#define CHECK_REFUSED(r, part) check_refused((r), (part))

static void check_refused(run r, const char *part)
{
    CHECK_EXIT(r, 2);
    assert_string_equal(r.out, "");
    CHECK_SAYS(r.err, part);
    run_free(r);
}

static void witness_overwrites_nothing(void **state)
{
    (void)state;
    const char *path = in_folder("refused.json"), *spec = in_folder("small.xml");
    size_t before, after;
    char *was = read_file(spec, &before), *is;
    CHECK_REFUSED(RUN("regret", spec, "--witness", "-"), "E506");
    CHECK_REFUSED(RUN("regret", spec, "--witness", path, "--output", path), "E506");
    CHECK_REFUSED(RUN("regret", spec, "--witness", spec), "E512");
    CHECK_REFUSED(RUN("regret", spec, "--witness", path, "--output", spec), "E512");
    CHECK_REFUSED(RUN("regret", spec, "--witness", path, "--true", "nobody"), "E507");
    CHECK_REFUSED(RUN("regret", spec, "--witness", "/nowhere/at/all.json"), "/nowhere");
    assert_int_not_equal(access(path, F_OK), 0);
    is = read_file(spec, &after);
    assert_true(before == after && !memcmp(was, is, before));
    sx_release(was);
    sx_release(is);
}

/* A reward that all policies earn alike, on either side, and one against itself. */
static void trivial_rewards_have_bounds(void **state)
{
    (void)state;
    static const char world[] =
        "<mdp version=\"1\" discount=\"0.5\"><explicit><state id=\"s\"/>"
        "<action id=\"x\"/><action id=\"y\"/>"
        "<transition from=\"s\" action=\"*\" to=\"s\" p=\"1\"/></explicit>"
        "<reward id=\"r\"><add action=\"x\" value=\"1\"/></reward>"
        "<reward id=\"same\"><add value=\"3\"/></reward></mdp>";
    const char *path = in_folder("one.xml");
    write_file(path, world, sizeof world - 1);
    json_t *v = result(RUN("regret", path, "--format", "json"));
    check_bounds(at(v, "pairs/0/bounds"), 1, "val"); /* true r, proxy same */
    check_bounds(at(v, "pairs/1/bounds"), 0, "val");
    CHECK_NEAR(number(v, "pairs/0/bounds/lower"), 1, 1e-9);
    assert_true(number(v, "pairs/1/bounds/starc_upper") == 0);
    json_decref(v);
    v = result(RUN("regret", path, "--true", "r", "--proxy", "r", "--format", "json"));
    check_bounds(at(v, "pairs/0/bounds"), 0, "val");
    assert_true(number(v, "pairs/0/bounds/distance") == 0);
    CHECK_NEAR(number(v, "pairs/0/bounds/starc_upper"), 0, 1e-9);
    json_decref(v);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bounds_stand_beside),
        cmocka_unit_test(dard_says_why),
        cmocka_unit_test(all_has_every_measure),
        cmocka_unit_test(witness_returns_what_it_says),
        cmocka_unit_test(witness_goes_to_a_file),
        cmocka_unit_test(witness_overwrites_nothing),
        cmocka_unit_test(trivial_rewards_have_bounds),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
