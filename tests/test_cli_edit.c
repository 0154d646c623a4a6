/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_cli_edit.c - `check` lists the edits of a specification and tries all of them; with
 * --edit every verb answers about the edited world as it does about a copy changed by hand,
 * and says so; nothing of an edit is carried over by `convert`. */
#include "tests/cli_run.h"
#include "tests/same_spec.h"

#define WORLD(slip, discount) \
    "<mdp version=\"1\" id=\"w\" discount=\"" discount "\"><title>A grid</title>" \
    "<gridworld slip=\"" slip "\"><map>\nS..\n.CG\n</map>" \
    "<cell symbol=\"S\" initial=\"1\"/><cell symbol=\"C\" label=\"cliff\" " \
    "absorbing=\"true\"/>" \
    "<cell symbol=\"G\" label=\"goal\" absorbing=\"true\"/></gridworld>" \
    "<reward id=\"true\"><add enter=\"goal\" value=\"1\"/><add enter=\"cliff\" value=\"-1\"/>" \
    "</reward><reward id=\"proxy\"><add value=\"row + col\"/></reward>"

static const char edits[] =
    "<edit id=\"wet\" kind=\"causal\" expect=\"level\" level=\"0.5\" steps=\"0.25 0.5\">"
    "<replace sel=\"mdp/gridworld/@slip\">{step}</replace></edit>"
    "<edit id=\"swap\" kind=\"neutral\"><permute actions=\"up down\"/></edit></mdp>";

static char world[2000], bad[2000];
static const char hand[] = WORLD("0.25", "0.9") "</mdp>";

static int make_files(void **state)
{
    int failed = make_folder(state);
    snprintf(world, sizeof world, "%s%s", WORLD("0", "0.9"), edits);
    snprintf(
        bad, sizeof bad, "%s%s", WORLD("0", "0.9"),
        "<edit id=\"a\" steps=\"1 2\"><replace sel=\"mdp/@discount\">{step}</replace></edit>"
        "<edit id=\"b\"><remove sel=\"mdp/none\"/></edit></mdp>");
    write_file(in_folder("world.xml"), world, strlen(world));
    write_file(in_folder("bad.xml"), bad, strlen(bad));
    write_file(in_folder("hand.xml"), hand, sizeof hand - 1);
    return failed;
}

static void check_lists_the_edits(void **state)
{
    (void)state;
    run r = RUN("check", in_folder("world.xml"));
    CHECK_EXIT(r, 0);
    CHECK_SAYS(r.out, "A grid: sound");
    CHECK_SAYS(r.out, "wet   causal   level 0.5  0.25 0.5");
    CHECK_SAYS(r.out, "swap  neutral");
    run_free(r);
    r = RUN("check", in_folder("world.xml"), "--format", "json");
    CHECK_EXIT(r, 0);
    CHECK_SAYS(r.out, "\"edit\": \"wet\"");
    CHECK_SAYS(r.out, "\"kind\": \"causal\"");
    CHECK_SAYS(r.out, "\"expect\": null");
    run_free(r);
}

static void check_tries_every_edit(void **state)
{
    (void)state;
    run r = RUN("check", in_folder("bad.xml"));
    CHECK_EXIT(r, 2);
    CHECK_SAYS(r.err, "error[E167]");
    CHECK_SAYS(r.err, "bad.xml (edit a@1):");
    CHECK_SAYS(r.err, "error[E165]");
    assert_null(strstr(r.err, "a@2")); /* the first step says it all */
    assert_int_equal(r.out_size, 0);
    run_free(r);
    r = RUN("solve", in_folder("bad.xml")); /* the world itself is sound */
    CHECK_EXIT(r, 0);
    run_free(r);
    r = RUN("solve", in_folder("bad.xml"), "--edit", "b");
    CHECK_EXIT(r, 2);
    CHECK_SAYS(r.err, "selects nothing");
    run_free(r);
}

/* text without the lines that name the file, the edit and its bytes. */
static void drop_names(char *text)
{
    char *to = text;
    for (char *line = text, *end; *line; line = end) {
        end = line + strcspn(line, "\n");
        end += *end == '\n';
        size_t n = (size_t)(end - line);
        char kept = *end;
        *end = '\0';
        bool skip =
            strstr(line, "\"spec\"") || strstr(line, "\"edit\"") || strstr(line, "sha256");
        *end = kept;
        if (!skip) {
            memmove(to, line, n);
            to += n;
        }
    }
    *to = '\0';
}

static void verbs_answer_as_about_a_copy(void **state)
{
    (void)state;
    static const char *const verbs[][4] = {{"solve", "--reward", "proxy", NULL},
                                           {"distance", "--canon", "val", NULL},
                                           {"regret", "--true", "true", NULL},
                                           {"frontier", "--levels", "5", NULL}};
    for (size_t i = 0; i < sizeof verbs / sizeof *verbs; i++) {
        run e = RUN(verbs[i][0], in_folder("world.xml"), verbs[i][1], verbs[i][2], "--format",
                    "json", "--edit", "wet@.25");
        run h = RUN(verbs[i][0], in_folder("hand.xml"), verbs[i][1], verbs[i][2], "--format",
                    "json");
        CHECK_EXIT(e, 0);
        CHECK_EXIT(h, 0);
        CHECK_SAYS(e.out, "\"edit\": \"wet@0.25\"");
        CHECK_SAYS(e.out, "\"spec\": \"world.xml\"");
        assert_null(strstr(h.out, "\"edit\""));
        drop_names(e.out);
        drop_names(h.out);
        assert_string_equal(e.out, h.out);
        run_free(e);
        run_free(h);
    }
    run r = RUN("solve", in_folder("world.xml"), "--edit", "swap");
    CHECK_EXIT(r, 0);
    CHECK_SAYS(r.out, "A grid (edit swap)");
    run_free(r);
    r = RUN("plot", in_folder("world.xml"), "distances", "--edit", "swap", "--output",
            in_folder("d.svg"));
    CHECK_EXIT(r, 0);
    run_free(r);
}

static void convert_writes_the_edited_world(void **state)
{
    (void)state;
    sx_error err = SX_NO_ERROR;
    sx_spec *edited = NULL, *by_hand = NULL;
    run e = RUN("convert", in_folder("world.xml"), "--edit", "wet@0.25", "--output",
                in_folder("e.xml"));
    run h = RUN("convert", in_folder("hand.xml"), "--output", in_folder("h.xml"));
    CHECK_EXIT(e, 0);
    CHECK_EXIT(h, 0);
    CHECK_OK(sx_spec_read(in_folder("e.xml"), NULL, &edited, &err));
    CHECK_OK(sx_spec_read(in_folder("h.xml"), NULL, &by_hand, &err));
    same_spec(by_hand, edited);
    assert_int_equal(edited->edits, 0);
    sx_spec_free(edited);
    sx_spec_free(by_hand);
    run_free(e);
    run_free(h);
    e = RUN("convert", in_folder("world.xml"), "--edit", "swap", "--output",
            in_folder("world.xml"));
    CHECK_EXIT(e, 2);
    CHECK_SAYS(e.err, "E512");
    run_free(e);
}

/* Also a file that the specification names and the edited world does not. */
static void inputs_of_both_are_safe(void **state)
{
    (void)state;
    static const char table[] = "from,action,to,reward\nr0c0,up,r0c0,1\n";
    static const char spec[] =
        WORLD("0", "0.9") "<reward id=\"t\"><table href=\"t.csv\" missing=\"zero\"/></reward>"
                          "<edit id=\"e\"><remove sel=\"mdp/reward[@id='t']\"/></edit></mdp>";
    write_file(in_folder("t.csv"), table, sizeof table - 1);
    write_file(in_folder("s.xml"), spec, sizeof spec - 1);
    run r = RUN("check", in_folder("s.xml"), "--edit", "e", "--output", in_folder("t.csv"));
    CHECK_EXIT(r, 2);
    CHECK_SAYS(r.err, "error[E512]");
    run_free(r);
    r = RUN("check", in_folder("s.xml"), "--edit", "e", "--output", in_folder("free.txt"));
    CHECK_EXIT(r, 0);
    run_free(r);
}

static void unknown_edits_are_refused(void **state)
{
    (void)state;
    static const char *const cases[][2] = {{"dry", "is no edit of"},
                                           {"wet", "needs a step: wet@0.25, wet@0.5"},
                                           {"wet@1", "needs a step"},
                                           {"swap@1", "it has wet, swap"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        run r = RUN("check", in_folder("world.xml"), "--edit", cases[i][0]);
        CHECK_EXIT(r, 2);
        CHECK_SAYS(r.err, "error[E514]");
        CHECK_SAYS(r.err, cases[i][1]);
        run_free(r);
    }
    run r = RUN("check", in_folder("hand.xml"), "--edit", "wet");
    CHECK_SAYS(r.err, "it has none");
    run_free(r);
    r = RUN("regret", in_folder("world.xml"), "--edit", "swap", "--certificate",
            in_folder("c.json"));
    CHECK_EXIT(r, 2);
    CHECK_SAYS(r.err, "error[E506]");
    run_free(r);
}

/* Also where a patch makes another world of it; by states= its end is a state like any other.
 */
static void contexts_and_responses_are_those_of_a_bandit(void **state)
{
    (void)state;
    static const char spec[] =
        "<mdp version=\"1\" discount=\"0.9\"><bandit><context id=\"q\"/><context id=\"p\"/>"
        "<response id=\"a\"/><response id=\"b\"/></bandit><reward id=\"r\"/>\n"
        "<edit id=\"good\"><permute contexts=\"q p\" responses=\"a b\"/></edit>\n"
        "<edit id=\"also\"><permute states=\"q end\" actions=\"a b\"/></edit>\n"
        "<edit id=\"bad\"><permute contexts=\"q end\"/></edit>\n"
        "<edit id=\"grid\"><replace sel=\"mdp/bandit\"><gridworld><map>...</map></gridworld>"
        "</replace>\n<permute contexts=\"r0c0 r0c1\" responses=\"left right\"/></edit></mdp>";
    write_file(in_folder("end.xml"), spec, sizeof spec - 1);
    run r = RUN("check", in_folder("end.xml"));
    assert_int_equal(r.exit, SX_EXIT_INPUT);
    assert_non_null(strstr(r.err, "4:35: error[E169]: the state \"end\" is no context"));
    assert_non_null(strstr(r.err, "6:20: error[E169]: contexts= is for a bandit"));
    assert_non_null(strstr(r.err, "6:42: error[E169]: responses= is for a bandit"));
    assert_null(strstr(r.err, "end.xml:2:"));
    assert_null(strstr(r.err, "end.xml:3:"));
    run_free(r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(contexts_and_responses_are_those_of_a_bandit),
        cmocka_unit_test(check_lists_the_edits),
        cmocka_unit_test(check_tries_every_edit),
        cmocka_unit_test(verbs_answer_as_about_a_copy),
        cmocka_unit_test(convert_writes_the_edited_world),
        cmocka_unit_test(inputs_of_both_are_safe),
        cmocka_unit_test(unknown_edits_are_refused),
    };
    return cmocka_run_group_tests(tests, make_files, remove_folder);
}
