/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_cli_shape.c - sextant shape: what it prints in each form, what --apply and --certificate
 * write, and what it refuses. */
#include "mdp/npy.h"
#include "tests/cli_json.h"

#include <math.h>

/* Four cells, one of them the goal; a slip would blur what is known by hand. */
static const char row_world[] =
    "<mdp version=\"1\" id=\"row\" discount=\"0.5\">\n"
    "<gridworld><map>\nS..G\n</map>\n"
    "<cell symbol=\"S\" initial=\"1\"/><cell symbol=\"G\" label=\"goal\" absorbing=\"true\"/>"
    "</gridworld>\n"
    "<!-- </reward> in a comment -->\n"
    "<reward id=\"true\"><add enter=\"goal\" value=\"1\"/></reward>\n"
    "<reward id=\"bent\"><use reward=\"true\" scale=\"3\"/><shape potential=\"col * col\"/>"
    "<!-- </reward> --></reward>\n"
    "<!-- the end -->\n"
    "</mdp>\n";

static int start(void **state)
{
    int failed = make_folder(state);
    write_file(in_folder("row.xml"), row_world, sizeof row_world - 1);
    return failed;
}

static double number(json_t *v, const char *path)
{
    json_t *x = at(v, path);
    assert_true(json_is_number(x));
    return json_number_value(x);
}

static void a_fit_has_scale_and_potential(void **state)
{
    static const char *const norms[] = {"l1", "l2", "linf"}, *const ons[] = {"triples", "rows"};
    (void)state;
    for (int i = 0; i < 6; i++) {
        json_t *v = result(RUN("shape", in_folder("row.xml"), "--to", "bent", "--norm",
                               norms[i % 3], "--on", ons[i / 3], "--format", "json"));
        assert_string_equal(json_string_value(at(v, "from")), "true");
        assert_string_equal(json_string_value(at(v, "to")), "bent");
        assert_string_equal(json_string_value(at(v, "goal")), "fit");
        assert_string_equal(json_string_value(at(v, "norm")), norms[i % 3]);
        assert_string_equal(json_string_value(at(v, "on")), ons[i / 3]);
        CHECK_NEAR(number(v, "scale"), 3, 1e-9);
        CHECK_NEAR(number(v, "residual"), 0, 1e-9);
        CHECK_NEAR(number(v, "potential/r0c2"), 4, 1e-9);
        CHECK_NEAR(number(v, "potential/r0c3"), 9, 1e-9);
        assert_true(number(v, "certificate/gap") <= 1e-9);
        assert_true(json_is_true(at(v, "unique")));
        json_decref(v);
    }
}

/* By hand: three steps, so the optimum is 1/4; from the start nothing is seen before depth 3,
 * and by value iteration all cells know after two sweeps. */
static void quality_is_known_by_hand(void **state)
{
    (void)state;
    json_t *v =
        result(RUN("shape", in_folder("row.xml"), "--goal", "optimal", "--format", "json"));
    CHECK_NEAR(number(v, "before/sweeps"), 2, 0);
    CHECK_NEAR(number(v, "before/depth"), 3, 0);
    CHECK_NEAR(number(v, "before/return_2"), 0, 0);
    CHECK_NEAR(number(v, "after/sweeps"), 0, 0);
    CHECK_NEAR(number(v, "after/depth"), 1, 0);
    CHECK_NEAR(number(v, "after/return_1"), 0.25, 1e-12);
    CHECK_NEAR(number(v, "residual"), 0.25 + 0.5 + 1, 1e-12);
    CHECK_NEAR(number(v, "potential/r0c0"), 0.25, 1e-12);
    assert_true(json_is_null(at(v, "norm")) && json_is_null(at(v, "size")));
    json_decref(v);
}

static void linear_potentials_name_their_attributes(void **state)
{
    (void)state;
    json_t *v =
        result(RUN("shape", in_folder("row.xml"), "--goal", "linear", "--attributes", "col row",
                   "--from", "bent", "--to", "true", "--norm", "l2", "--format", "json"));
    CHECK_NEAR(number(v, "coefficients/row"), 0, 0);
    double slope = number(v, "coefficients/col"), at0 = number(v, "intercept");
    CHECK_NEAR(number(v, "potential/r0c3"), 3 * slope + at0, 1e-12);
    json_decref(v);
}

/* A reward that is mostly a potential, so that rounding of it hides what matters: the bound is
 * as near as on others. */
static void large_potentials_are_no_doubt(void **state)
{
    (void)state;
    enum { SIDE = 60 };
    static char map[SIDE * (SIDE + 1) + 1], text[2 * sizeof map + 1000];
    memset(map, '.', sizeof map - 1);
    for (int i = 1; i <= SIDE; i++)
        map[i * (SIDE + 1) - 1] = '\n';
    map[0] = 'S';
    map[SIDE * (SIDE + 1) - 2] = 'G';
    int n = snprintf(text, sizeof text,
                     "<mdp version=\"1\" discount=\"0.99\"><gridworld slip=\"0.2\"><map>\n%s"
                     "</map><cell symbol=\"S\" initial=\"1\"/><cell symbol=\"G\" "
                     "label=\"goal\" absorbing=\"true\"/></gridworld><reward id=\"true\"><add "
                     "value=\"-0.01\"/><add enter=\"goal\" value=\"1\"/></reward><reward "
                     "id=\"proxy\"><add value=\"0.01*(row'+col'-row-col)\"/><add "
                     "enter=\"goal\" value=\"0.2\"/></reward></mdp>",
                     map);
    write_file(in_folder("large.xml"), text, (size_t)n);
    run r = RUN("shape", in_folder("large.xml"), "--from", "proxy", "--to", "true", "--norm",
                "l2", "--tolerance", "2e-10");
    CHECK_EXIT(r, SX_EXIT_DONE);
    run_free(r);
}

static void csv_has_a_row_a_state(void **state)
{
    (void)state;
    run r = RUN("shape", in_folder("row.xml"), "--goal", "flat", "--format", "csv");
    int lines = 0;
    CHECK_EXIT(r, 0);
    CHECK_SAYS(r.out, "state,potential");
    CHECK_SAYS(r.out, "r0c3,");
    CHECK_SAYS(r.out, "certificate_gap");
    for (const char *p = r.out; *p; p++)
        lines += *p == '\n';
    assert_int_equal(lines, 5);
    run_free(r);
}

/* Many terms of the same size, more than join the program at once. */
static void ties_come_to_an_end(void **state)
{
    (void)state;
    json_t *v = result(RUN("shape", "examples/cliff.xml", "--from", "hasty", "--to", "true",
                           "--norm", "linf", "--format", "json"));
    CHECK_NEAR(number(v, "residual"), number(v, "lower"), 1e-9);
    json_decref(v);
}

/* The corridor that is shipped: its comment says what must come out. */
static void a_correct_potential_misleads_the_short_sighted(void **state)
{
    static const struct {
        const char *to;
        double sweeps, depth, two;
    } promised[] = {{"sparse", 8, 5, 0}, {"helpful", 0, 1, 0.6561}, {"misleading", 13, 10, 0}};
    (void)state;
    for (size_t i = 0; i < 3; i++) {
        json_t *v = result(RUN("shape", "examples/corridor.xml", "--from", "sparse", "--to",
                               promised[i].to, "--format", "json"));
        CHECK_NEAR(number(v, "residual"), 0, 1e-9);
        CHECK_NEAR(number(v, "after/sweeps"), promised[i].sweeps, 0);
        CHECK_NEAR(number(v, "after/depth"), promised[i].depth, 0);
        CHECK_NEAR(number(v, "after/return_2"), promised[i].two, 1e-12);
        CHECK_NEAR(number(v, "before/sweeps"), 8, 0);
        json_decref(v);
    }
    json_t *v = result(RUN("distance", "examples/corridor.xml", "--format", "json"));
    for (size_t i = 0; i < json_array_size(at(v, "distances")); i++)
        assert_true(json_number_value(at(json_array_get(at(v, "distances"), i), "value")) <
                    1e-12);
    json_decref(v);
}

/* --- --apply --- */

/* Where part begins in text, from a place on. */
static size_t place_of(const char *text, size_t from, const char *part)
{
    size_t n = strlen(part);
    while (text[from] && strncmp(text + from, part, n) != 0)
        from++;
    assert_true(text[from] != '\0');
    return from;
}

static void apply_writes_one_reward_more(void **state)
{
    (void)state;
    size_t size;
    run r = RUN("shape", in_folder("row.xml"), "--from", "bent", "--to", "true", "--apply",
                in_folder("more.xml"));
    CHECK_EXIT(r, 0);
    run_free(r);
    char *text = read_file(in_folder("more.xml"), &size);
    size_t before = place_of(text, 0, "\n\n  <reward id=\"bent-shaped\">");
    size_t after = place_of(text, before, "</reward>") + strlen("</reward>");
    assert_memory_equal(text, row_world, before);
    assert_string_equal(text + after, row_world + before);
    sx_release(text);
    json_t *v = result(RUN("shape", in_folder("more.xml"), "--from", "bent-shaped", "--to",
                           "true", "--format", "json"));
    CHECK_NEAR(number(v, "scale"), 1, 1e-9);
    CHECK_NEAR(number(v, "potential/r0c2"), 0, 1e-9);
    json_decref(v);
    r = RUN("shape", in_folder("more.xml"), "--from", "bent", "--apply", in_folder("2.xml"));
    CHECK_EXIT(r, 0);
    run_free(r);
    text = read_file(in_folder("2.xml"), &size);
    (void)place_of(text, 0, "id=\"bent-shaped-2\"");
    sx_release(text);
}

static void apply_writes_tables(void **state)
{
    (void)state;
    sx_error err = SX_NO_ERROR;
    sx_array *a = NULL;
    size_t size;
    run r = RUN("shape", in_folder("row.xml"), "--apply", in_folder("one.npy"));
    CHECK_EXIT(r, 0);
    run_free(r);
    r = RUN("shape", in_folder("row.xml"), "--apply", in_folder("one.csv"));
    CHECK_EXIT(r, 0);
    run_free(r);
    char *text = read_file(in_folder("one.npy"), &size);
    CHECK_OK(sx_npy_parse("one.npy", (unsigned char *)text, size, &a, &err));
    assert_int_equal(a->dims, 3);
    assert_int_equal(a->shape[0], 4);
    assert_int_equal(a->shape[1], 4);
    assert_int_equal(a->shape[2], 4);
    sx_array_free(a);
    sx_release(text);
    text = read_file(in_folder("one.csv"), &size);
    assert_memory_equal(text, "from,action,to,reward\n", 22);
    sx_release(text);
}

static void nothing_is_written_on_failure(void **state)
{
    (void)state;
    int before = entries_of(cli_folder);
    static const struct {
        const char *args[6];
        const char *code, *says;
    } bad[] = {
        {{"--apply", "FILE/x.txt"}, "E510", "--apply"},
        {{"--apply", "FILE/row.xml"}, "E512", "overwrite"},
        {{"--apply", "FILE/no/x.xml"}, NULL, "cannot"},
        {{"--apply", "FILE/x.xml", "--output", "FILE/x.xml"}, "E506", "--apply"},
        {{"--goal", "fit"}, "E462", "--to"},
        {{"--goal", "bounded"}, "E462", "--bound"},
        {{"--goal", "linear"}, "E462", "--attributes"},
        {{"--goal", "sparse", "--to", "bent"}, "E506", "--to"},
        {{"--goal", "flat", "--norm", "l1"}, "E506", "--norm"},
        {{"--goal", "optimal", "--on", "triples"}, "E506", "rows"},
        {{"--bound", "1"}, "E506", "--bound"},
        {{"--attributes", "row"}, "E506", "--attributes"},
        {{"--goal", "linear", "--attributes", "row colour"}, "E461", "'colour'"},
        {{"--goal", "linear", "--attributes", " "}, "E461", "nothing"},
        {{"--goal", "bounded", "--bound", "-1"}, "E503", "--bound"},
        {{"--goal", "bounded", "--bound", "0"}, "E503", "--bound"},
        {{"--from", "bend"}, "E507", "bend"},
        {{"--to", "bend"}, "E507", "bend"},
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        const char *args[6] = {0};
        for (int j = 0; j < 6 && bad[i].args[j]; j++)
            args[j] = strncmp(bad[i].args[j], "FILE/", 5) ? bad[i].args[j]
                                                          : in_folder(bad[i].args[j] + 5);
        run r = RUN("shape", in_folder("row.xml"), args[0], args[1], args[2], args[3]);
        CHECK_EXIT(r, 2);
        assert_int_equal(r.out_size, 0);
        CHECK_SAYS(r.err, bad[i].says);
        if (bad[i].code)
            CHECK_SAYS(r.err, bad[i].code);
        run_free(r);
    }
    assert_int_equal(entries_of(cli_folder), before);
}

static void apply_needs_the_text_and_its_folder(void **state)
{
    static const char table[] = "from,action,to,reward\na,go,b,1\n";
    static const char world[] =
        "<mdp version=\"1\" discount=\"0.5\"><explicit><state id=\"a\"/>"
        "<state id=\"b\" absorbing=\"true\"/><action id=\"go\"/>"
        "<transition from=\"a\" action=\"go\" to=\"b\" p=\"1\"/></explicit>"
        "<reward id=\"r\"><table href=\"t.csv\" missing=\"zero\"/></reward></mdp>";
    char folder[128], moved[160];
    (void)state;
    snprintf(folder, sizeof folder, "%s/sub", cli_folder);
    assert_int_equal(mkdir(folder, 0700), 0);
    snprintf(moved, sizeof moved, "%s/x.xml", folder);
    write_file(in_folder("t.csv"), table, sizeof table - 1);
    write_file(in_folder("t.xml"), world, sizeof world - 1);
    run r = RUN("shape", in_folder("t.xml"), "--apply", moved);
    CHECK_EXIT(r, 2);
    CHECK_SAYS(r.err, "E463");
    CHECK_SAYS(r.err, "beside");
    run_free(r);
    assert_int_equal(entries_of(folder), 0);
    r = RUN("shape", in_folder("t.xml"), "--apply", in_folder("x.xml"));
    CHECK_EXIT(r, 0);
    run_free(r);
    r = RUN("shape", "-", "--apply", in_folder("y.xml"));
    CHECK_EXIT(r, 2);
    CHECK_SAYS(r.err, "E463");
    run_free(r);
}

/* --- certificates --- */

static run certified(const char *a, const char *b, const char *c, const char *d)
{
    run r = RUN("shape", in_folder("row.xml"), "--certificate", in_folder("proof.json"), a, b,
                c, d);
    CHECK_EXIT(r, 0);
    run_free(r);
    return RUN("verify", in_folder("row.xml"), in_folder("proof.json"));
}

static void certificates_are_proved(void **state)
{
    static const char *const asked[][4] = {
        {"--goal=bounded", "--bound=0.3", "--norm=l2", "--on=rows"},
        {"--goal=bounded", "--bound=2", "--norm=l2", "--to=bent"},
        {"--goal", "sparse", NULL, NULL},
        {"--goal", "flat", "--on", "rows"},
        {"--goal", "smooth", NULL, NULL},
        {"--goal", "smooth", "--on", "triples"},
        {"--goal", "optimal", NULL, NULL},
        {"--goal=bounded", "--bound", "0.1", NULL},
        {"--goal=linear", "--attributes", "col", NULL},
        {"--to", "bent", "--norm", "l2"},
        {"--to", "bent", "--norm", "linf"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof asked / sizeof *asked; i++) {
        run r = certified(asked[i][0], asked[i][1], asked[i][2], asked[i][3]);
        CHECK_EXIT(r, 0);
        CHECK_SAYS(r.out, "2 claims: 2 proved");
        run_free(r);
    }
}

/* The proof with one number set to another value; its verdict. */
static int altered(json_t *proof, const char *key, int place, double value)
{
    json_t *copy = json_deep_copy(proof), *v = json_object_get(copy, key);
    if (place >= 0)
        json_array_set_new(v, (size_t)place, json_real(value));
    else
        json_object_set_new(copy, key, json_real(value));
    json_dump_file(copy, in_folder("forged.json"), 0);
    run r = RUN("verify", in_folder("row.xml"), in_folder("forged.json"));
    int exit = r.exit;
    run_free(r);
    json_decref(copy);
    return exit;
}

static void altered_certificates_are_not(void **state)
{
    (void)state;
    run r = certified("--goal", "sparse", "--from", "bent");
    run_free(r);
    json_t *proof = json_load_file(in_folder("proof.json"), 0, NULL);
    assert_non_null(proof);
    assert_int_equal(altered(proof, "residual", -1, 0.5), 1);
    assert_int_equal(altered(proof, "lower", -1, 1e3), 1);
    assert_int_equal(altered(proof, "scale", -1, 2), 1);
    assert_int_equal(altered(proof, "potential", 1, 7), 1);
    assert_int_equal(altered(proof, "dual", 5, 3), 1);
    assert_int_equal(altered(proof, "tolerance", -1, 0.5), 1);
    assert_int_equal(altered(proof, "tolerance", -1, -1), 2);
    assert_int_equal(altered(proof, "more", -1, 1), 2);
    json_object_set_new(at(proof, "world"), "sha256", json_string("0"));
    json_dump_file(proof, in_folder("forged.json"), 0);
    r = RUN("verify", in_folder("row.xml"), in_folder("forged.json"));
    CHECK_EXIT(r, 1);
    CHECK_SAYS(r.out, "another world");
    run_free(r);
    json_array_remove(at(proof, "dual"), 0);
    json_object_del(proof, "world");
    json_dump_file(proof, in_folder("forged.json"), 0);
    r = RUN("verify", in_folder("row.xml"), in_folder("forged.json"));
    CHECK_EXIT(r, 2);
    CHECK_SAYS(r.err, "E520");
    run_free(r);
    json_decref(proof);
}

/* 520 cells make 1,081,600 triples, each with a number. */
static void certificates_may_be_long(void **state)
{
    static char world[2048];
    int n = snprintf(world, sizeof world,
                     "<mdp version=\"1\" discount=\"0.9\"><gridworld><map>\nS");
    (void)state;
    for (int i = 1; i < 520; i++)
        n += snprintf(world + n, sizeof world - (size_t)n, i % 26 ? "." : "\n.");
    n += snprintf(world + n, sizeof world - (size_t)n,
                  "\n</map><cell symbol=\"S\" initial=\"1\" label=\"start\"/></gridworld>"
                  "<reward id=\"true\"><add enter=\"start\" value=\"1\"/></reward>"
                  "<reward id=\"bent\"><use reward=\"true\" scale=\"3\"/>"
                  "<shape potential=\"col\"/></reward></mdp>");
    write_file(in_folder("wide.xml"), world, (size_t)n);
    run r = RUN("shape", in_folder("wide.xml"), "--to", "bent", "--certificate",
                in_folder("long.json"));
    CHECK_EXIT(r, 0);
    run_free(r);
    r = RUN("verify", in_folder("wide.xml"), in_folder("long.json"));
    CHECK_EXIT(r, 0);
    CHECK_SAYS(r.out, "2 claims: 2 proved");
    run_free(r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_fit_has_scale_and_potential),
        cmocka_unit_test(quality_is_known_by_hand),
        cmocka_unit_test(linear_potentials_name_their_attributes),
        cmocka_unit_test(large_potentials_are_no_doubt),
        cmocka_unit_test(csv_has_a_row_a_state),
        cmocka_unit_test(ties_come_to_an_end),
        cmocka_unit_test(a_correct_potential_misleads_the_short_sighted),
        cmocka_unit_test(apply_writes_one_reward_more),
        cmocka_unit_test(apply_writes_tables),
        cmocka_unit_test(nothing_is_written_on_failure),
        cmocka_unit_test(apply_needs_the_text_and_its_folder),
        cmocka_unit_test(certificates_are_proved),
        cmocka_unit_test(altered_certificates_are_not),
        cmocka_unit_test(certificates_may_be_long),
    };
    return cmocka_run_group_tests(tests, start, remove_folder);
}
