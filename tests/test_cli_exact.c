/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_cli_exact.c - equivalent --exact tells razor edges apart, and refuses what is not
 * rational at its place. */
#include "tests/cli_json.h"

/* Three states; r1 is near r0 in one way or another. */
static const char head[] =
    "<mdp version=\"1\" id=\"w\" discount=\"%s\">\n"
    "<explicit><state id=\"s\"/><state id=\"t\"/><state id=\"u\"/><action id=\"a\"/>"
    "<action id=\"b\"/>\n"
    "<transition from=\"s\" action=\"a\" to=\"t\" p=\"1/3\"/>"
    "<transition from=\"s\" action=\"a\" to=\"u\" p=\"2/3\"/>\n"
    "<transition from=\"s\" action=\"b\" to=\"s\" p=\"1\"/>"
    "<transition from=\"t\" action=\"*\" to=\"s\" p=\"1\"/>\n"
    "<transition from=\"u\" action=\"a\" to=\"u\" p=\"0.1\"/>"
    "<transition from=\"u\" action=\"a\" to=\"s\" p=\"0.9\"/>"
    "<transition from=\"u\" action=\"b\" to=\"t\" p=\"1\"/></explicit>\n"
    "<initial><start state=\"s\"/></initial>\n"
    "<reward id=\"r0\">%s</reward>\n<reward id=\"r1\">%s</reward></mdp>\n";

#define BASE \
    "<add from=\"s\" action=\"a\" value=\"1/3\"/><add from=\"u\" to=\"t\" value=\"0.7\"/>"

static void write_world(const char *discount, const char *r0, const char *r1)
{
    static char text[8192];
    int n = snprintf(text, sizeof text, head, discount, r0, r1);
    assert_in_range(n, 1, sizeof text - 1);
    write_file(in_folder("w.xml"), text, (size_t)n);
}

static json_t *ask(int status)
{
    run r = RUN("equivalent", in_folder("w.xml"), "r0", "r1", "--exact", "--format", "json");
    CHECK_EXIT(r, status);
    json_t *v = parse(r);
    run_free(r);
    assert_true(json_is_true(at(v, "exact")));
    return v;
}

static const char *string(json_t *v, const char *path)
{
    return json_string_value(at(v, path));
}

static void razor_edges(void **state)
{
    static const struct {
        const char *discount, *a, *b;
        int status;
    } known[] = {
        {"0.9", "<add action=\"a\" value=\"1/3\"/>",
         "<add action=\"a\" value=\"0.333333333333333333\"/>", 0},
        {"0.9", BASE,
         "<add from=\"s\" action=\"a\" value=\"0.333333333333333333\"/><add from=\"u\" "
         "to=\"t\" value=\"0.7\"/>",
         1},
        {"0.9", BASE,
         "<add from=\"s\" action=\"a\" value=\"1 - 2/3\"/><add from=\"u\" to=\"t\" value=\"0.1 "
         "+ 0.6\"/>",
         0},
        {"0.9", "<add from=\"s\" action=\"a\" value=\"0.1 + 0.2\"/>",
         "<add from=\"s\" action=\"a\" value=\"0.3\"/>", 0},
        {"0.9", BASE,
         "<use reward=\"r0\" scale=\"1/7\"/><shape><at state=\"t\" potential=\"1/3\"/></shape>",
         0},
        {"0.9", BASE,
         "<use reward=\"r0\"/><add from=\"u\" action=\"b\" to=\"t\" value=\"1e-30\"/>", 1},
        {"0.9", BASE,
         "<use reward=\"r0\"/><add from=\"s\" action=\"b\" to=\"s\" value=\"1e-300\"/>", 1},
        {"0.999999", BASE, "<use reward=\"r0\"/><add value=\"1/3\"/>", 0},
        {"0.999999", BASE,
         "<use reward=\"r0\"/><add from=\"s\" value=\"1e-12\"/><add from=\"u\" "
         "value=\"1e-12\"/>",
         1},
        {"0.9", BASE, "<use reward=\"r0\" scale=\"1e20\"/>", 0},
        {"0.9", BASE,
         "<use reward=\"r0\" scale=\"1e20\"/><add from=\"s\" action=\"b\" value=\"1e-20\"/>",
         1},
        {"0.9", BASE, "<use reward=\"r0\" scale=\"-1e-20\"/>", 1},
        {"0", BASE, "<use reward=\"r0\"/><add from=\"t\" value=\"5\"/>", 0},
        {"0.9", BASE, "<add value=\"0.1 + 0.2 - 0.3\"/>", 1},
        {"0.9", "<add value=\"1e-40\"/>", "<add value=\"5\"/>", 0},
        /* the mean over next states is moved by nothing, or by a hair */
        {"0.9", BASE,
         "<use reward=\"r0\"/><add from=\"s\" action=\"a\" to=\"t\" value=\"2/10\"/><add "
         "from=\"s\" action=\"a\" to=\"u\" value=\"-0.1\"/>",
         0},
        {"0.9", BASE,
         "<use reward=\"r0\"/><add from=\"s\" action=\"a\" to=\"t\" value=\"2/10\"/><add "
         "from=\"s\" action=\"a\" to=\"u\" value=\"-0.10000000000000000000000001\"/>",
         1},
    };
    (void)state;
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        write_world(known[i].discount, known[i].a, known[i].b);
        json_t *v = ask(known[i].status);
        assert_int_equal(json_is_true(at(v, "equivalent")), known[i].status == 0);
        if (known[i].status) {
            assert_true(strcmp(string(v, "witness/first/return_exact/a"),
                               string(v, "witness/second/return_exact/a")) != 0);
            assert_true(json_array_size(at(v, "proof")) >= 1);
        }
        json_decref(v);
    }
}

static void fractions_are_written(void **state)
{
    (void)state;
    write_world("0.9", BASE,
                "<use reward=\"r0\" scale=\"2/3\"/><shape><at state=\"t\" potential=\"-1/7\"/>"
                "</shape>");
    json_t *v = ask(0);
    assert_string_equal(string(v, "scale_exact"), "2/3");
    assert_string_equal(string(v, "potential_exact/s"), "0");
    assert_string_equal(string(v, "potential_exact/t"), "-1/7");
    assert_true(json_number_value(at(v, "residual")) == 0);
    assert_true(json_number_value(at(v, "interval/1")) == 0);
    assert_true(json_is_null(at(v, "proof")));
    json_decref(v);
    write_world("0.9", BASE, "<use reward=\"r0\"/><add value=\"1/3\"/>");
    v = ask(0);
    assert_int_equal(json_array_size(at(v, "transformations")), 1);
    assert_string_equal(string(v, "transformations/0"), "shift");
    assert_string_equal(string(v, "potential_exact/s"), "-10/3");
    json_decref(v);
    write_world("0.9", BASE, "<use reward=\"r0\" scale=\"2/3\"/>");
    run r = RUN("equivalent", in_folder("w.xml"), "r0", "r1", "--exact");
    CHECK_EXIT(r, 0);
    CHECK_SAYS(r.out, "exactly");
    CHECK_SAYS(r.out, "scale 2/3");
    run_free(r);
}

/* In a world of one step the advantages are the rewards but for their means:
 * A_a = (1/2, -1/2), A_b = (0.1, -0.1 - ...). */
static void proofs_are_fractions(void **state)
{
    static const char world[] =
        "<mdp version=\"1\" discount=\"0\"><bandit><context id=\"c\" weight=\"1/3\"/>"
        "<context id=\"d\" weight=\"2/3\"/><response id=\"x\"/><response id=\"y\"/></bandit>"
        "<reward id=\"r0\"><add action=\"x\" value=\"1\"/></reward>"
        "<reward id=\"r1\"><add from=\"c\" action=\"x\" value=\"1/5\"/>"
        "<add from=\"d\" action=\"x\" value=\"0.2000000000000000000001\"/></reward></mdp>";
    (void)state;
    write_file(in_folder("w.xml"), world, sizeof world - 1);
    json_t *v = ask(1);
    assert_string_equal(string(v, "proof/0/advantage_a"), "1/2");
    assert_string_equal(string(v, "proof/0/advantage_b"), "1/10");
    assert_string_equal(string(v, "proof/1/state"), "d");
    assert_string_equal(string(v, "proof/1/advantage_b"),
                        "2000000000000000000001/20000000000000000000000");
    /* the first is uniform but for x in c, which has a third of the weight */
    assert_string_equal(string(v, "witness/first/return_exact/a"), "2/3");
    json_decref(v);
}

static void check_refused(const char *code, const char *part)
{
    run r = RUN("equivalent", in_folder("w.xml"), "r0", "r1", "--exact");
    CHECK_EXIT(r, 2);
    CHECK_SAYS(r.err, code);
    CHECK_SAYS(r.err, part);
    run_free(r);
}

static void what_is_not_rational_is_refused(void **state)
{
    static const struct {
        const char *b, *code, *part;
    } known[] = {
        {"<add value=\"exp(1)\"/>", "E472", "rational"},
        {"<add value=\"2^(1/2)\"/>", "E472", "(s, a, s)"},
        {"<add value=\"2^1000^2\" when=\"1 == 2\"/><add value=\"3^(2^0.5)\"/>", "E472",
         "on (s"},
        {"<add value=\"1\" when=\"sqrt(4) == 2\"/>", "E472", "rational"},
        {"<add value=\"1e-999999999\"/>", "E471", "exponent"},
        {"<add value=\"2 * 1e-999999999\"/>", "E471", "exponent"},
        {"<shape potential=\"log(2)\"/>", "E472", "rational"},
        {"<add value=\"if(0.1 + 0.2 == 0.3, 1 / (0.1 + 0.2 - 0.3), 1)\"/>", "E472", "number"}};
    (void)state;
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        write_world("0.5", BASE, known[i].b);
        check_refused(known[i].code, known[i].part);
    }
}

/* A yes of floating point says what it is worth, and names --exact where that would work. */
static void yes_is_up_to_rounding(void **state)
{
    static const char large[] =
        "<mdp version=\"1\" discount=\"0.5\"><random states=\"101\" actions=\"2\" seed=\"1\"/>"
        "<reward id=\"r0\"><noise sd=\"1\" seed=\"1\"/></reward><reward id=\"r1\"><use "
        "reward=\"r0\" scale=\"2\"/></reward></mdp>";
    (void)state;
    write_world("0.9", BASE, "<use reward=\"r0\" scale=\"2/3\"/>");
    run r = RUN("equivalent", in_folder("w.xml"), "r0", "r1");
    CHECK_EXIT(r, 0);
    CHECK_SAYS(r.out, "alike, up to rounding (--exact settles it)\n");
    run_free(r);
    r = RUN("equivalent", in_folder("w.xml"), "r0", "r1", "--exact");
    CHECK_EXIT(r, 0);
    CHECK_SAYS(r.out, "alike\n");
    run_free(r);
    write_file(in_folder("w.xml"), large, sizeof large - 1);
    r = RUN("equivalent", in_folder("w.xml"), "r0", "r1");
    CHECK_EXIT(r, 0);
    CHECK_SAYS(r.out, "alike, up to rounding\n");
    run_free(r);
}

/* Returns that differ by less than any double: the fractions and six digits say it. */
static void differences_below_doubles_are_shown(void **state)
{
    (void)state;
    write_world("0.9", BASE,
                "<use reward=\"r0\"/><add from=\"u\" action=\"b\" to=\"t\" value=\"1e-900\"/>");
    json_t *v = ask(1);
    assert_true(json_number_value(at(v, "witness/difference/a")) == 0);
    assert_true(string(v, "witness/difference_exact/a")[0] != '-');
    assert_true(string(v, "witness/difference_exact/b")[0] == '-');
    json_decref(v);
    run r = RUN("equivalent", in_folder("w.xml"), "r0", "r1", "--exact");
    CHECK_EXIT(r, 1);
    CHECK_SAYS(r.out, "e-90");
    run_free(r);
}

static void what_is_too_large_is_refused(void **state)
{
    (void)state;
    static const char large[] =
        "<mdp version=\"1\" discount=\"0.5\"><random states=\"101\" actions=\"2\" seed=\"1\"/>"
        "<reward id=\"r0\"><add value=\"1\"/></reward><reward id=\"r1\"><add value=\"2\"/>"
        "</reward></mdp>";
    write_file(in_folder("w.xml"), large, sizeof large - 1);
    check_refused("E474", "101 states");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(razor_edges),
        cmocka_unit_test(fractions_are_written),
        cmocka_unit_test(proofs_are_fractions),
        cmocka_unit_test(what_is_not_rational_is_refused),
        cmocka_unit_test(yes_is_up_to_rounding),
        cmocka_unit_test(differences_below_doubles_are_shown),
        cmocka_unit_test(what_is_too_large_is_refused),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
