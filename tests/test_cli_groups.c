/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_cli_groups.c - groups of rewards and distance --explain as the command prints them. */
#include "tests/cli_json.h"
#include "tests/cli_run.h"

#include "mdp/npy.h"

/* The small world with a group of nine files and one of two rewards. */
static int make_groups(void **state)
{
    if (make_folder(state))
        return -1;
    char text[4096];
    const char *end = strstr(small_world, "<edit");
    mkdir(in_folder("runs"), 0777);
    for (int i = 0; i < 9; i++) {
        double value[] = {0.1 * i, 1, 0, 0.5 - i % 4};
        sx_array a = {.dims = 1, .shape = {4, 1, 1}, .value = value};
        unsigned char *bytes;
        size_t size;
        char name[32];
        sx_error err = SX_NO_ERROR;
        CHECK_OK(sx_npy_format(&a, &bytes, &size, &err));
        snprintf(name, sizeof name, "runs/seed%d.npy", i);
        write_file(in_folder(name), bytes, size);
        sx_release(bytes);
    }
    int n =
        snprintf(text, sizeof text,
                 "%.*s<reward id=\"airl\" href=\"runs/seed*.npy\"/>\n"
                 "<reward id=\"h1\" group=\"hand\"><add from=\"a\" value=\"1\"/></reward>\n"
                 "<reward id=\"h2\" group=\"hand\"><add to=\"a\" value=\"0\"/></reward></mdp>",
                 (int)(end - small_world), small_world);
    write_file(in_folder("groups.xml"), text, (size_t)n);
    return 0;
}

#define DISTANCE(...) RUN("distance", in_folder("groups.xml"), "--format", "json", __VA_ARGS__)
#define REGRET(...)   RUN("regret", in_folder("groups.xml"), "--format", "json", __VA_ARGS__)

static double number(json_t *v, const char *path)
{
    assert_true(json_is_number(at(v, path)));
    return json_number_value(at(v, path));
}

static const char *text(json_t *v, const char *path)
{
    assert_true(json_is_string(at(v, path)));
    return json_string_value(at(v, path));
}

/* Whether id is the side, or a member of it. */
static bool belongs(const char *id, const char *side)
{
    size_t n = strlen(side);
    if (strcmp(side, "hand") == 0)
        return id[0] == 'h';
    return strcmp(id, side) == 0 || (strncmp(id, side, n) == 0 && id[n] == '/');
}

/* Mean of `name` over the entries of list whose sides are x and y, in this order or, unless
 * ordered, in any. */
static double mean_of(json_t *list, const char *a, const char *b, const char *name,
                      const char *x, const char *y, bool ordered)
{
    double sum = 0;
    int n = 0;
    for (size_t i = 0; i < json_array_size(list); i++) {
        json_t *p = json_array_get(list, i);
        const char *u = text(p, a), *v = text(p, b);
        if ((belongs(u, x) && belongs(v, y)) || (!ordered && belongs(u, y) && belongs(v, x))) {
            sum += number(p, name);
            n++;
        }
    }
    assert_true(n > 0);
    return sum / n;
}

static void distances_have_means(void **state)
{
    (void)state;
    json_t *v = result(DISTANCE("--seed", "7"));
    json_t *list = at(v, "groups");
    /* airl against true proxy shaped hand, hand against three: */
    assert_int_equal(json_array_size(list), 7);
    for (size_t i = 0; i < 7; i++) {
        json_t *p = json_array_get(list, i);
        const char *g = text(p, "group"), *o = text(p, "other");
        bool hand = strcmp(g, "hand") == 0;
        CHECK_NEAR(number(p, "mean"),
                   mean_of(at(v, "distances"), "a", "b", "value", g, o, false), 1e-12);
        assert_true(number(p, "lo") <= number(p, "mean") &&
                    number(p, "mean") <= number(p, "hi"));
        assert_int_equal((int)number(p, "n"), hand ? 2 : 9);
        assert_true(json_is_null(at(p, "other_n")) == (strcmp(o, "hand") != 0));
        assert_true(json_is_null(at(p, "reason")));
        assert_string_equal(text(p, "canon"), "val");
    }
    assert_int_equal((int)number(v, "seed"), 7);
    json_decref(v);
}

static void regrets_have_means(void **state)
{
    static const char *const names[] = {"optimal_pessimistic", "optimal_optimistic",
                                        "worst_case"};
    (void)state;
    json_t *v = result(REGRET("--quiet"));
    json_t *list = at(v, "groups");
    assert_int_equal(json_array_size(list), 14); /* both ways */
    for (size_t i = 0; i < 14; i++)
        for (int k = 0; k < 3; k++) {
            json_t *p = json_array_get(list, i), *q = at(p, names[k]);
            bool proxy = strcmp(text(p, "as"), "proxy") == 0;
            const char *g = text(p, "group"), *o = text(p, "other");
            char name[64];
            snprintf(name, sizeof name, "regret/%s", names[k]);
            double mean = mean_of(at(v, "pairs"), "true", "proxy", name, proxy ? o : g,
                                  proxy ? g : o, true);
            CHECK_NEAR(number(q, "mean"), mean, 1e-12);
            assert_true(number(q, "lo") <= mean + 1e-12 && mean <= number(q, "hi") + 1e-12);
            /* the members of hand differ, one of them being 0 everywhere */
            assert_true(k == 1 || strcmp(o, "true") != 0 || strcmp(g, "hand") != 0 || !proxy ||
                        number(q, "hi") > number(q, "lo"));
        }
    json_decref(v);
}

/* The seed moves intervals, and neither means nor members. */
static void seeds_move_intervals(void **state)
{
    (void)state;
    json_t *a = result(DISTANCE("true", "airl", "hand", "--seed", "1"));
    json_t *b = result(DISTANCE("true", "airl", "hand", "--seed", "1", "--threads", "1"));
    json_t *c = result(DISTANCE("true", "airl", "hand", "--seed", "2"));
    assert_true(json_equal(at(a, "groups"), at(b, "groups")));
    assert_true(json_equal(at(a, "distances"), at(c, "distances")));
    assert_int_equal(json_array_size(at(a, "distances")), 66);
    assert_int_equal(json_array_size(at(a, "groups")), 3);
    CHECK_NEAR(number(a, "groups/0/mean"), number(c, "groups/0/mean"), 0);
    assert_false(json_equal(at(a, "groups/0/lo"), at(c, "groups/0/lo")));
    json_decref(a);
    json_decref(b);
    json_decref(c);
}

static void groups_are_named(void **state)
{
    (void)state;
    json_t *v = result(REGRET("--true", "true", "--proxy", "airl"));
    assert_int_equal(json_array_size(at(v, "pairs")), 9);
    assert_int_equal(json_array_size(at(v, "groups")), 1);
    assert_string_equal(text(v, "groups/0/as"), "proxy");
    json_decref(v);
    v = result(REGRET("--true", "hand", "--proxy", "hand")); /* no group against itself */
    assert_int_equal(json_array_size(at(v, "pairs")), 2);
    assert_int_equal(json_array_size(at(v, "groups")), 0);
    json_decref(v);
    v = result(DISTANCE("true", "airl/seed0", "airl/seed1")); /* not all: no group */
    assert_int_equal(json_array_size(at(v, "groups")), 0);
    json_decref(v);
    run r = RUN("distance", in_folder("groups.xml"), "airl", "airl/seed1");
    CHECK_EXIT(r, 2);
    CHECK_SAYS(r.err, "E504");
    run_free(r);
    r = RUN("distance", in_folder("groups.xml"), "true", "airl");
    CHECK_EXIT(r, 0);
    CHECK_SAYS(r.out, "airl   true   9 ");
    run_free(r);
    r = RUN("regret", in_folder("groups.xml"), "--true", "true", "--proxy", "airl");
    CHECK_EXIT(r, 0);
    CHECK_SAYS(r.out, "true  airl   9        worst case");
    run_free(r);
    r = RUN("check", in_folder("groups.xml"));
    CHECK_SAYS(r.out, "groups     airl (9), hand (2)");
    run_free(r);
}

/* A member without a number leaves the mean out, with the reason. */
static void missing_numbers(void **state)
{
    (void)state;
    json_t *v = result(DISTANCE("true", "hand", "--canon", "dard"));
    assert_true(json_is_null(at(v, "groups/0/mean")) && json_is_null(at(v, "groups/0/lo")));
    CHECK_SAYS(text(v, "groups/0/reason"), "dard");
    json_decref(v);
}

/* --- explain --- */

static void explains_small_worlds(void **state)
{
    (void)state;
    json_t *v =
        result(RUN("distance", "examples/two-state.xml", "--explain", "--format", "json"));
    json_t *s = at(v, "steps/0");
    assert_int_equal(json_array_size(at(v, "steps")), 1);
    assert_int_equal(json_array_size(at(s, "triples")), 8);
    assert_null(json_object_get(s, "rho"));
    CHECK_NEAR(number(s, "of_a/potential/a"), 0.5, 1e-12); /* V under the uniform policy */
    CHECK_NEAR(number(s, "of_a/potential/b"), 1.5, 1e-12);
    CHECK_NEAR(number(s, "of_b/norm"), sqrt(2), 1e-12);
    CHECK_NEAR(number(s, "triples/7/canonical/0"), -0.25, 1e-12);
    CHECK_NEAR(number(s, "triples/7/canonical/1"), 0.5, 1e-12);
    CHECK_NEAR(number(s, "value"), sqrt(2), 1e-12);
    assert_int_equal(json_array_size(at(v, "shares")), 2);
    assert_string_equal(text(v, "shares/0/to"), "*");
    CHECK_NEAR(number(v, "shares/0/share"), 0.5, 1e-12);
    assert_true(json_is_true(at(v, "arguments/explain")));
    json_decref(v);
    v = result(RUN("distance", "examples/two-state.xml", "--explain", "--format", "json",
                   "--distance", "epic"));
    CHECK_NEAR(number(v, "steps/0/of_a/deviation"), 0.25, 1e-12);
    CHECK_NEAR(number(v, "steps/0/of_a/average"), 0.5, 1e-12);
    CHECK_NEAR(number(v, "steps/0/rho"), 0, 1e-12);
    CHECK_NEAR(number(v, "steps/0/triples/0/weight"), 0.125, 1e-12);
    json_decref(v);
}

static void explains_every_form(void **state)
{
    static const char *const canons[] = {
        "none", "epic", "dard", "val", "minimal", "minimal-potential", "val-potential"};
    (void)state;
    for (int i = 0; i < 7; i++) {
        run r = RUN("distance", "examples/two-state.xml", "--explain", "--canon", canons[i],
                    "--metric", "weighted-l1");
        CHECK_EXIT(r, 0);
        CHECK_SAYS(r.out, "the rewards R");
        CHECK_SAYS(r.out, "p |d| / sum of p |d|");
        run_free(r);
    }
    run r = RUN("distance", in_folder("groups.xml"), "true", "proxy", "--explain", "--canon",
                "dard");
    CHECK_EXIT(r, 0);
    CHECK_SAYS(r.out, "no distance: dard takes one action in several states");
    run_free(r);
}

static void explains_large_worlds(void **state)
{
    (void)state;
    run r = RUN("distance", "examples/cliff.xml", "true", "hasty", "--explain");
    CHECK_EXIT(r, 0);
    CHECK_SAYS(r.out, "No tables: the world has more than 64 triples");
    CHECK_SAYS(r.out, "so far");
    run_free(r);
    r = RUN("distance", "examples/cliff.xml", "true", "hasty", "--explain", "--format", "csv");
    CHECK_EXIT(r, 0);
    assert_int_equal(strncmp(r.out, "a,b,from,action,to,p,", 21), 0);
    int lines = 0;
    for (const char *c = r.out; *c; c++)
        lines += *c == '\n';
    assert_int_equal(lines, 1 + 10 + 10 + 23); /* shares, what is left, states */
    CHECK_SAYS(r.out, ",difference,share,section,");
    run_free(r);
    r = RUN("distance", "examples/cliff.xml", "--explain", "--all");
    CHECK_EXIT(r, 2);
    CHECK_SAYS(r.err, "E506");
    run_free(r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(distances_have_means), cmocka_unit_test(regrets_have_means),
        cmocka_unit_test(seeds_move_intervals), cmocka_unit_test(groups_are_named),
        cmocka_unit_test(missing_numbers),      cmocka_unit_test(explains_small_worlds),
        cmocka_unit_test(explains_every_form),  cmocka_unit_test(explains_large_worlds),
    };
    return cmocka_run_group_tests(tests, make_groups, remove_folder);
}
