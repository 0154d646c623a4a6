/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_cli_repair.c - consistency --repair writes a specification whose repaired reward does
 * what every edit expects, leaves the rest of the file as it was, and names edits in conflict.
 */
#include "tests/cli_json.h"
#include "tests/cli_run.h"

/* Two meanings with three paraphrases each; the learned reward is nearly blind for contexts. */
#define CONTEXTS \
    "<mdp version=\"1\" id=\"para\" discount=\"0.5\">\n" \
    "  <bandit>\n" \
    "    <context id=\"a1\"/><context id=\"a2\"/><context id=\"a3\"/>\n" \
    "    <context id=\"b1\"/><context id=\"b2\"/><context id=\"b3\"/>\n" \
    "    <response id=\"r1\"/><response id=\"r2\"/><response id=\"x\"/>\n" \
    "  </bandit>\n"
#define TRUTH \
    "  <reward id=\"true\">\n" \
    "    <set from=\"a1\" action=\"r1\" value=\"1\"/><set from=\"a2\" action=\"r1\" " \
    "value=\"1\"/>\n" \
    "    <set from=\"a3\" action=\"r1\" value=\"1\"/><set from=\"b1\" action=\"r2\" " \
    "value=\"1\"/>\n" \
    "    <set from=\"b2\" action=\"r2\" value=\"1\"/><set from=\"b3\" action=\"r2\" " \
    "value=\"1\"/>\n" \
    "  </reward>\n"
#define BLIND \
    "  <reward id=\"blind\"><add action=\"r1\" value=\"1\"/><add action=\"r2\" " \
    "value=\"0.9\"/>\n" \
    "    <add from=\"a2\" action=\"r1\" value=\"-0.05\"/></reward>\n"
#define SAY  "  <edit id=\"say\" expect=\"invariant\"><permute contexts=\"a1 a2 a3\"/></edit>\n"
#define SWAP "  <edit id=\"swap\" expect=\"flips-best\"><permute contexts=\"a1 b1\"/></edit>\n"
#define LOWER_ \
    "<add sel=\"mdp/reward[@id='true']\"><add action=\"x\" value=\"0.1\"/></add></edit>\n"
#define LEVEL "  <edit id=\"lower\" expect=\"level\" level=\"0.25\">" LOWER_
#define END   "</mdp>\n"

static void put_spec(const char *name, const char *text)
{
    write_file(in_folder(name), text, strlen(text));
}

/* Every expectation of that reward is met in that specification. */
static void check_satisfied(const char *spec, const char *reward, int edits)
{
    int met = 0;
    run r = RUN("consistency", spec, "--format", "json");
    CHECK_EXIT(r, SX_EXIT_DONE);
    json_t *root = json_loads(r.out, 0, NULL), *edit, *row;
    size_t i, k;
    assert_non_null(root);
    json_array_foreach(json_object_get(root, "edits"), i, edit)
        json_array_foreach(json_object_get(edit, "rewards"), k, row)
    {
        if (strcmp(json_string_value(json_object_get(row, "reward")), reward) != 0)
            continue;
        met++;
        CHECK_NEAR(json_number_value(json_object_get(row, "satisfied")), 1, 0);
    }
    assert_int_equal(met, edits);
    json_decref(root);
    run_free(r);
}

static void few_values_become_terms(void **state)
{
    (void)state;
    const char text[] = CONTEXTS TRUTH BLIND SAY SWAP LEVEL END;
    put_spec("para.xml", text);
    run r = RUN("consistency", in_folder("para.xml"), "--repair", in_folder("fixed.xml"));
    CHECK_EXIT(r, SX_EXIT_DONE);
    CHECK_SAYS(r.out, "distance 1.660000");
    check_satisfied(in_folder("fixed.xml"), "blind-repaired", 3);
    run_free(r);
}

/* What is not inserted is the file as it was. */
static void the_rest_is_kept(void **state)
{
    (void)state;
    static const char text[] = CONTEXTS TRUTH BLIND SAY SWAP LEVEL "<!-- the end -->" END;
    const char *rest = text;
    size_t size;
    put_spec("kept.xml", text);
    run r = RUN("consistency", in_folder("kept.xml"), "--repair", in_folder("kept2.xml"));
    CHECK_EXIT(r, SX_EXIT_DONE);
    char *fixed = read_file(in_folder("kept2.xml"), &size);
    for (const char *p = fixed; *p; p++)
        rest += *rest == *p;
    assert_int_equal(*rest, 0);
    assert_ptr_equal(strstr(fixed, "  <reward id=\"blind-repaired\">"),
                     fixed + (strstr(text, "  <edit id=\"say\"") - text));
    CHECK_SAYS(fixed, "<!-- the end --></mdp>");
    sx_release(fixed);
    run_free(r);
}

/* A number that depends on the step cannot be a term: tables beside the specification. */
static void steps_become_tables(void **state)
{
    (void)state;
    const char text[] = CONTEXTS TRUTH BLIND SAY
        "  <edit id=\"wet&amp;cold\" steps=\"0.1 0.25\" expect=\"increase\">"
        "<add sel=\"mdp/reward[@id='true']\"><add action=\"x\" value=\"{step}\"/></add>"
        "</edit>\n" END;
    size_t size;
    put_spec("steps.xml", text);
    run r = RUN("consistency", in_folder("steps.xml"), "--repair", in_folder("steps2.xml"),
                "--norm", "linf", "--margin", "0.125");
    CHECK_EXIT(r, SX_EXIT_DONE);
    char *table = read_file(in_folder("steps2.wet_cold_2.0.25.csv"), &size);
    CHECK_SAYS(table, "from,action,to,reward\n");
    CHECK_SAYS(table, "b3,x,end,0.0625\n");
    sx_release(table);
    table = read_file(in_folder("steps2.repaired.csv"), &size);
    CHECK_SAYS(table, "b3,x,end,-0.0625\n");
    check_satisfied(in_folder("steps2.xml"), "blind-repaired", 3);
    sx_release(table);
    run_free(r);
}

/* The array is a reward that a table reads. */
static void arrays_are_tables(void **state)
{
    (void)state;
    const char text[] = CONTEXTS TRUTH BLIND SAY LEVEL END;
    const char again[] = CONTEXTS TRUTH
        "  <reward id=\"fixed\"><table href=\"array.npy\"/></reward>\n" SAY
        "  <edit id=\"lower\" expect=\"level\" level=\"0.25\">"
        "<replace sel=\"mdp/reward[@id='fixed']/table/@href\">array.lower.npy</replace>" LOWER_
            END;
    put_spec("array.xml", text);
    put_spec("again.xml", again);
    run r = RUN("consistency", in_folder("array.xml"), "--repair", in_folder("array.npy"));
    CHECK_EXIT(r, SX_EXIT_DONE);
    check_satisfied(in_folder("again.xml"), "fixed", 2);
    run_free(r);
}

/* A second repair takes another id; a repaired reward needs no repair. */
static void repairs_can_be_repaired(void **state)
{
    (void)state;
    const char text[] = CONTEXTS TRUTH BLIND SAY SWAP LEVEL END;
    put_spec("one.xml", text);
    run r = RUN("consistency", in_folder("one.xml"), "--repair", in_folder("two.xml"));
    CHECK_EXIT(r, SX_EXIT_DONE);
    run_free(r);
    r = RUN("consistency", in_folder("two.xml"), "--repair", in_folder("three.xml"), "--reward",
            "blind", "--format", "json");
    CHECK_EXIT(r, SX_EXIT_DONE);
    json_t *v = parse(r);
    CHECK_NEAR(json_number_value(at(v, "repair/distance")), 1.66, 1e-9);
    CHECK_NEAR(json_number_value(at(v, "repair/certificate/dual")), 1.66, 1e-9);
    assert_string_equal(json_string_value(at(v, "repair/norm")), "l1");
    double price = 0;
    for (size_t i = 0; i < 3; i++)
        price += json_number_value(
            json_object_get(json_array_get(at(v, "repair/edits"), i), "price"));
    CHECK_NEAR(price, 1.66, 1e-9);
    assert_int_equal(json_array_size(at(v, "repair/conflict")), 0);
    json_decref(v);
    run_free(r);
    check_satisfied(in_folder("three.xml"), "blind-repaired-2", 3);
    r = RUN("consistency", in_folder("three.xml"), "--repair", in_folder("four.xml"),
            "--reward", "blind-repaired");
    CHECK_SAYS(r.out, "distance 0,");
    run_free(r);
}

/* Nothing is written, the edits are named, and the answer is no. */
static void conflicts_are_named(void **state)
{
    (void)state;
    const char text[] = CONTEXTS TRUTH BLIND SAY
        "  <edit id=\"same\" expect=\"tie\"><permute contexts=\"a1 b1\"/></edit>\n"
        "  <edit id=\"more\" expect=\"increase\"><permute contexts=\"a1 b1\"/></edit>\n" END;
    put_spec("clash.xml", text);
    run r = RUN("consistency", in_folder("clash.xml"), "--repair", in_folder("never.xml"));
    CHECK_EXIT(r, SX_EXIT_NO);
    CHECK_SAYS(r.out, "in conflict are more");
    CHECK_SAYS(r.out, "more (increase): (a1, r1, end)");
    assert_int_not_equal(access(in_folder("never.xml"), F_OK), 0);
    run_free(r);
}

static void check_refused(const char *code, const char *says, const char *const *argv)
{
    run r = run_(argv);
    CHECK_EXIT(r, SX_EXIT_INPUT);
    CHECK_SAYS(r.err, code);
    CHECK_SAYS(r.err, says);
    run_free(r);
}

#define REFUSED(code, says, name, ...) \
    check_refused(code, says, \
                  (const char *const[]){"sextant", "consistency", in_folder(name), "--repair", \
                                        __VA_ARGS__, NULL})

/* The id of the new reward stands in selectors, whatever quotes the old one has. */
static void ids_are_quoted(void **state)
{
    static const char *const ids[] = {"it's", "the&quot;one", "it's&quot;odd"};
    static const char *const made[] = {"it's-repaired", "the\"one-repaired",
                                       "it's_odd-repaired"};
    (void)state;
    for (int i = 0; i < 3; i++) {
        char text[2000];
        snprintf(text, sizeof text,
                 CONTEXTS TRUTH
                 "  <reward id=\"%s\"><add action=\"x\" value=\"1\"/></reward>\n" SAY LEVEL END,
                 ids[i]);
        put_spec("quote.xml", text);
        run r = RUN("consistency", in_folder("quote.xml"), "--repair", in_folder("quote2.xml"));
        CHECK_EXIT(r, SX_EXIT_DONE);
        check_satisfied(in_folder("quote2.xml"), made[i], 2);
        run_free(r);
    }
}

static void wrong_use_is_refused(void **state)
{
    (void)state;
    const char two[] =
        CONTEXTS TRUTH BLIND "<reward id=\"z\"><add value=\"1\"/></reward>\n" SAY END;
    const char none[] = CONTEXTS TRUTH SAY END;
    const char table[] = CONTEXTS TRUTH "<reward id=\"z\"><table href=\"z.csv\" "
                                        "missing=\"zero\"/></reward>\n" SAY END;
    const char third[] = CONTEXTS TRUTH BLIND
        "  <edit id=\"wet\" steps=\"1/4\" expect=\"increase\">"
        "<add sel=\"mdp/reward[@id='true']\"><add action=\"x\" value=\"{step}\"/></add>"
        "</edit>\n" END;
    put_spec("z.csv", "from,action,to,reward\n");
    put_spec("ref.xml", two);
    put_spec("none.xml", none);
    put_spec("table.xml", table);
    put_spec("third.xml", third);
    REFUSED("E450", "blind, z", "ref.xml", in_folder("o.xml"));
    REFUSED("E450", "but the true one", "none.xml", in_folder("o.xml"));
    REFUSED("E451", "l1 and linf, not l2", "ref.xml", in_folder("o.xml"), "--reward", "z",
            "--norm", "l2");
    run r = RUN("consistency", in_folder("ref.xml"), "--margin", "0.1");
    CHECK_EXIT(r, SX_EXIT_INPUT);
    CHECK_SAYS(r.err, "E506");
    run_free(r);
    REFUSED("E452", ".xml or .npy", "ref.xml", in_folder("o.csv"), "--reward", "z");
    REFUSED("E452", "same folder", "table.xml", "/tmp/o.xml");
    REFUSED("E453", "decimal", "third.xml", in_folder("o.xml"));
    REFUSED("E453", "decimal", "third.xml", in_folder("o.npy"));
    REFUSED("E512", "", "ref.xml", in_folder("ref.xml"), "--reward", "z");
    assert_int_not_equal(access(in_folder("o.xml"), F_OK), 0);
}

/* What a repair cannot ask for is said. */
static void what_is_left_out_is_said(void **state)
{
    (void)state;
    const char text[] = CONTEXTS TRUTH BLIND SAY
        "  <edit id=\"quiet\"><permute contexts=\"a1 b1\"/></edit>\n"
        "  <edit id=\"both\" expect=\"tie\"><add sel=\"mdp/reward[@id='true']\">"
        "<add action=\"x\" value=\"0.1\"/></add><permute contexts=\"a1 b1\"/></edit>\n" END;
    put_spec("left.xml", text);
    run r = RUN("consistency", in_folder("left.xml"), "--repair", in_folder("left2.xml"));
    CHECK_EXIT(r, SX_EXIT_DONE);
    CHECK_SAYS(r.out, "left out: quiet: it has no expectation");
    CHECK_SAYS(r.out, "left out: both: it permutes and changes something else");
    run_free(r);
    r = RUN("check", in_folder("left2.xml"));
    CHECK_EXIT(r, SX_EXIT_DONE);
    run_free(r);
}

static void without_demands_nothing_is_written(void **state)
{
    (void)state;
    const char text[] =
        CONTEXTS TRUTH BLIND "  <edit id=\"quiet\"><permute contexts=\"a1 b1\"/></edit>\n" END;
    put_spec("quiet.xml", text);
    run r = RUN("consistency", in_folder("quiet.xml"), "--repair", in_folder("quiet2.xml"));
    CHECK_EXIT(r, SX_EXIT_INPUT);
    CHECK_SAYS(r.err, "E454");
    assert_int_not_equal(access(in_folder("quiet2.xml"), F_OK), 0);
    run_free(r);
    r = RUN("consistency", in_folder("quiet.xml"), "--format", "csv");
    CHECK_EXIT(r, SX_EXIT_DONE);
    assert_null(strstr(r.out, "symmetry")); /* which no row has */
    run_free(r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(few_values_become_terms),
        cmocka_unit_test(the_rest_is_kept),
        cmocka_unit_test(steps_become_tables),
        cmocka_unit_test(arrays_are_tables),
        cmocka_unit_test(repairs_can_be_repaired),
        cmocka_unit_test(conflicts_are_named),
        cmocka_unit_test(ids_are_quoted),
        cmocka_unit_test(wrong_use_is_refused),
        cmocka_unit_test(what_is_left_out_is_said),
        cmocka_unit_test(without_demands_nothing_is_written),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
