/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_cli_kinds.c - the verb consistency: kinds of edits that are verified and contradicted,
 * steps, the threshold. */
#include "tests/cli_edits.h"

/* Lines 6, 8 and 9 are wrong, 7 says nothing. */
static const char wrong_kinds[] = ANSWERS(
    "<edit id=\"swap\" kind=\"neutral\"><permute contexts=\"q1 q2\"/></edit>\n"
    "<edit id=\"found\"><permute contexts=\"q1 q2\"/></edit>\n"
    "<edit id=\"same\" kind=\"causal\"><replace sel=\"mdp/bandit/context[1]/@id\">q1</replace>"
    "</edit>\n"
    "<edit id=\"bonus\" kind=\"neutral\" steps=\"0 0.5\"><add sel=\"mdp/reward[2]\">"
    "<add action=\"b1\" value=\"{step}\"/></add></edit>\n");

static void wrong_kinds_are_all_refused_with_two_policies(void **state)
{
    (void)state;
    write_file(in_folder("kinds.xml"), wrong_kinds, sizeof wrong_kinds - 1);
    run r = RUN("consistency", in_folder("kinds.xml"));
    CHECK_EXIT(r, 2);
    assert_int_equal(r.out_size, 0);
    CHECK_SAYS(r.err, "kinds.xml:6:11: error[E431]: edit 'swap' is declared neutral");
    CHECK_SAYS(r.err, "kinds.xml:8:11: error[E432]: edit 'same' is declared causal");
    CHECK_SAYS(r.err, "kinds.xml:9:11: error[E431]: edit 'bonus' is declared neutral, but "
                      "bonus@0.5 changes");
    assert_null(strstr(r.err, "found"));
    /* the best policy before is the worst after, and the other way round */
    CHECK_SAYS(r.err, "policy A returns 0 by the old values and 1 by the new ones, policy B "
                      "returns 1 by the old values and 0 by the new ones; they differ in q1 (A "
                      "r2, B r1), q2 (A r1, B r2)");
    CHECK_SAYS(r.err, "policy A returns 1 by the old values and 1 by the new ones, policy B "
                      "returns 0 by the old values and 0 by the new ones");
    run_free(r);
}

/* slip changes transitions alone: neutral, causal and neither, all fit. */
static void transitions_alone_are_of_either_kind(void **state)
{
    (void)state;
    json_t *v = result(RUN("consistency", in_folder("walk.xml"), "--format", "json"));
    assert_string_equal(text(edit(v, "slip", 1), "kind"), "neutral");
    assert_string_equal(text(edit(v, "slip-too", 0), "kind"), "causal");
    assert_string_equal(text(edit(v, "slip-any", 0), "kind"), "either");
    assert_true(is_null(edit(v, "slip-any", 0), "declared"));
    assert_true(json_is_false(at(edit(v, "slip-any", 0), "order/changes")));
    assert_string_equal(text(edit(v, "repaint", 0), "kind"), "neutral");
    CHECK_NEAR(number(edit(v, "repaint", 0), "rewards/2/satisfied"), 1, 0);
    json_decref(v);
}

/* Other transitions and other values, but the same order: neutral, and not causal. */
static void changed_values_of_the_same_order_are_neutral(void **state)
{
    (void)state;
    static const char spec[] =
        WALK("0.9", "<edit id=\"both\" kind=\"causal\"><replace "
                    "sel=\"mdp/gridworld/@slip\">0.5</replace><add "
                    "sel=\"mdp/reward[@id='true']\"><shape potential=\"row\"/></add></edit>");
    write_file(in_folder("both.xml"), spec, sizeof spec - 1);
    run r = RUN("consistency", in_folder("both.xml"));
    CHECK_EXIT(r, 2);
    CHECK_SAYS(r.err, "E432");
    run_free(r);
}

static void steps_make_a_curve(void **state)
{
    (void)state;
    static const double step[] = {0, 0.25, 1};
    json_t *v = result(RUN("consistency", in_folder("walk.xml"), "--format", "json"));
    for (int i = 0; i < 3; i++) {
        json_t *e = edit(v, "slip", i);
        CHECK_NEAR(number(e, "step"), step[i], 0);
        assert_string_equal(text(e, "touched/by"), "world");
        CHECK_NEAR(number(e, "rewards/0/invariance_error"), 0, 0);
        CHECK_NEAR(number(e, "rewards/1/distance_to_true"), 0, 1e-9);
    }
    /* without slip every step has one outcome, with certain slip two */
    assert_int_equal(number(edit(v, "slip", 0), "touched/triples"), 28);
    assert_true(number(edit(v, "slip", 0), "rewards/2/distance_to_true") !=
                number(edit(v, "slip", 2), "rewards/2/distance_to_true"));
    json_decref(v);
    run r = RUN("consistency", in_folder("walk.xml"));
    CHECK_EXIT(r, 0);
    CHECK_SAYS(r.out, " step ");
    CHECK_SAYS(r.out, "\n  slip      true       0  neutral ");
    CHECK_SAYS(r.out, "\n                    0.25  neutral ");
    run_free(r);
}

/* A causal edit may do nothing at some of its steps, not at all of them. */
static void one_step_makes_an_edit_causal(void **state)
{
    (void)state;
    json_t *v = on(ANSWERS("<edit id=\"bonus\" kind=\"causal\" steps=\"0 0.5 2\">"
                           "<add sel=\"mdp/reward[@id='true']\"><add action=\"b1\" "
                           "value=\"{step}\"/></add></edit>\n"));
    assert_true(json_is_false(at(v, "edits/0/order/changes")));
    assert_true(json_is_true(at(v, "edits/1/order/changes")));
    CHECK_NEAR(number(v, "edits/0/order/worst_case/0"), 0, 0);
    CHECK_NEAR(number(v, "edits/2/rewards/0/regret"), 0.75, 1e-12); /* 1/2 instead of 2 */
    json_decref(v);
}

/* --- threshold --- */

static int exit_of(const char *file, const char *threshold)
{
    run r = RUN("consistency", in_folder(file), "--threshold", threshold);
    int code = r.exit;
    run_free(r);
    return code;
}

static void a_missed_threshold_is_a_no(void **state)
{
    (void)state;
    static const char neutral[] =
        ANSWERS("<edit id=\"e\" kind=\"neutral\"><add sel=\"mdp/reward[@id='blind']\">"
                "<add from=\"q1\" action=\"b1\" value=\"3\"/></add></edit>\n");
    static const char truth_moves[] =
        ANSWERS("<edit id=\"e\" kind=\"neutral\"><add sel=\"mdp/reward[@id='true']\">"
                "<add from=\"q1\" action=\"r1\" value=\"1e-11\"/></add></edit>\n");
    write_file(in_folder("neutral.xml"), neutral, sizeof neutral - 1);
    write_file(in_folder("truth.xml"), truth_moves, sizeof truth_moves - 1);
    assert_int_equal(exit_of("swap.xml", "0.49"), 1); /* a regret of 0.5 */
    assert_int_equal(exit_of("swap.xml", "0.51"), 0);
    assert_int_equal(exit_of("neutral.xml", "0.1"), 1); /* an invariance error */
    assert_int_equal(exit_of("neutral.xml", "2"), 0);
    assert_int_equal(exit_of("truth.xml", "0"), 0); /* the true reward is not asked */
    run r = RUN("consistency", in_folder("swap.xml"), "--threshold", "-1");
    CHECK_EXIT(r, 2);
    run_free(r);
}

/* --- no truth --- */

static const char nobody_knows[] =
    ANSWERS("<edit id=\"same\" kind=\"neutral\" expect=\"invariant\"><permute contexts=\"q1 "
            "q2\"/></edit>\n<edit id=\"other\" kind=\"causal\"><permute responses=\"r1 "
            "r2\"/></edit>\n<edit id=\"any\"><permute responses=\"r1 b1\"/></edit>\n");

static int exit_without_truth(const char *threshold)
{
    run r =
        RUN("consistency", in_folder("nobody.xml"), "--true", "none", "--threshold", threshold);
    int code = r.exit;
    run_free(r);
    return code;
}

/* The truth would call the neutral edit causal.  The other reward is sqrt(3) from itself. */
static void without_a_truth_kinds_are_taken_at_their_word(void **state)
{
    (void)state;
    write_file(in_folder("nobody.xml"), nobody_knows, sizeof nobody_knows - 1);
    json_t *v = result(
        RUN("consistency", in_folder("nobody.xml"), "--true", "none", "--format", "json"));
    json_t *e = edit(v, "same", 0);
    assert_true(is_null(v, "true"));
    assert_string_equal(text(e, "kind"), "neutral");
    assert_true(is_null(edit(v, "any", 0), "kind"));
    assert_true(is_null(e, "order/changes"));
    assert_string_equal(text(e, "order/reason"), "no true reward");
    CHECK_NEAR(number(e, "rewards/0/invariance_error"), 0, 0);
    CHECK_NEAR(number(e, "rewards/1/invariance_error"), sqrt(3), 1e-12);
    assert_true(is_null(e, "rewards/0/distance_to_true"));
    assert_true(is_null(e, "rewards/0/agreement"));
    assert_true(is_null(e, "rewards/0/regret"));
    CHECK_NEAR(number(e, "rewards/0/satisfied"), 1, 0);
    assert_non_null(strstr(text(e, "rewards/0/reason"), "regret: no true reward"));
    assert_true(is_null(v, "summary/0/sensitivity/share"));
    CHECK_NEAR(number(v, "summary/0/invariance/share"), 1, 0);
    assert_int_equal(json_array_size(at(v, "orbit")), 2);
    json_decref(v);
    assert_int_equal(exit_without_truth("1.7"), SX_EXIT_NO); /* also the one called true */
    assert_int_equal(exit_without_truth("1.8"),
                     SX_EXIT_DONE); /* whatever the causal one does */
}

/* A reward of that name is a reward; repairs have to be told which one. */
static void none_is_a_name_like_any_other(void **state)
{
    (void)state;
    static const char spec[] =
        "<mdp version=\"1\" discount=\"0.5\"><bandit><context id=\"q\"/><response id=\"a\"/>"
        "<response id=\"b\"/></bandit><reward id=\"none\"><add action=\"a\" value=\"1\"/>"
        "</reward><edit id=\"e\" expect=\"tie\"><permute actions=\"a b\"/></edit></mdp>\n";
    write_file(in_folder("none.xml"), spec, sizeof spec - 1);
    json_t *v =
        result(RUN("consistency", in_folder("none.xml"), "--true", "none", "--format", "json"));
    assert_string_equal(text(v, "true"), "none");
    json_decref(v);
    run r = RUN("consistency", in_folder("nobody.xml"), "--true", "none", "--repair",
                in_folder("repaired.xml"));
    assert_int_equal(r.exit, SX_EXIT_INPUT);
    assert_non_null(strstr(r.err, "E450"));
    run_free(r);
    r = RUN("consistency", in_folder("nobody.xml"), "--true", "none", "--reward", "true",
            "--repair", in_folder("repaired.xml"));
    assert_int_equal(r.exit, SX_EXIT_DONE);
    assert_non_null(strstr(r.out, "proved"));
    run_free(r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(wrong_kinds_are_all_refused_with_two_policies),
        cmocka_unit_test(transitions_alone_are_of_either_kind),
        cmocka_unit_test(changed_values_of_the_same_order_are_neutral),
        cmocka_unit_test(steps_make_a_curve),
        cmocka_unit_test(one_step_makes_an_edit_causal),
        cmocka_unit_test(a_missed_threshold_is_a_no),
        cmocka_unit_test(without_a_truth_kinds_are_taken_at_their_word),
        cmocka_unit_test(none_is_a_name_like_any_other),
    };
    return cmocka_run_group_tests(tests, write_files, remove_folder);
}
