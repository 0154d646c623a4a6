/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_cli_consistency.c - the verb consistency: numbers known by hand, expectations, what has
 * no counterpart, forms of the result, refusals. */
#include "tests/cli_edits.h"

/* --- numbers --- */

/* Advantages of truth and blind in q1: (-1,2,-1)/3 and (3,0,-3)/6; in q2 (2,-1,-1)/3 and the
 * same.  Lengths sqrt(4/3) and 1, their product 1/2. */
static void numbers_of_two_questions_are_known(void **state)
{
    (void)state;
    json_t *v = result(RUN("consistency", in_folder("swap.xml"), "--format", "json"));
    json_t *e = at(v, "edits/0"), *blind = at(e, "rewards/0"), *truth = at(e, "rewards/1");
    double cosine = 0.5 / sqrt(4.0 / 3);
    assert_string_equal(text(v, "true"), "true"); /* the one called so, not the first */
    assert_string_equal(text(blind, "reward"), "blind");
    assert_string_equal(text(e, "kind"), "causal");
    assert_true(json_is_true(at(e, "order/changes")));
    CHECK_NEAR(number(truth, "invariance_error"), sqrt(3), 1e-12);
    assert_float_equal(number(truth, "distance_to_true"), 0, 0);
    assert_float_equal(number(truth, "agreement"), 1, 0);
    assert_float_equal(number(truth, "regret"), 0, 0);
    assert_float_equal(number(blind, "invariance_error"), 0, 0);
    CHECK_NEAR(number(blind, "distance_to_true"), sqrt(2 - 2 * cosine), 1e-12);
    CHECK_NEAR(number(blind, "agreement"), 1 - acos(cosine) / acos(-1), 1e-12);
    CHECK_NEAR(number(blind, "regret"), 0.5, 1e-12);
    /* r1 was best of the truth in q1, of the blind one in both */
    CHECK_NEAR(number(truth, "satisfied"), 1, 0);
    assert_int_equal(number(truth, "looked_at"), 1);
    CHECK_NEAR(number(blind, "satisfied"), 0, 0);
    assert_int_equal(number(blind, "looked_at"), 2);
    assert_string_equal(text(blind, "worst/state"), "q1");
    assert_string_equal(text(blind, "worst/action"), "r1");
    CHECK_NEAR(number(blind, "worst/is"), 0.5, 1e-12);
    assert_string_equal(text(e, "touched/by"), "true");
    assert_int_equal(number(e, "touched/triples"), 4);
    CHECK_NEAR(number(v, "summary/0/sensitivity/share"), 0, 0);
    CHECK_NEAR(number(v, "summary/1/sensitivity/share"), 1, 0);
    assert_int_equal(number(v, "summary/0/sensitivity/pairs"), 4);
    assert_true(is_null(v, "summary/0/invariance/share"));
    assert_int_equal(json_array_size(at(v, "contrast")), 0);
    assert_true(json_is_array(at(v, "orbit")));
    json_decref(v);
}

/* What other verbs say of the edited world. */
static void other_verbs_agree(void **state)
{
    (void)state;
    const char *path = in_folder("walk.xml");
    json_t *v = result(RUN("consistency", path, "--format", "json"));
    json_t *d = result(RUN("distance", path, "--edit", "move", "--format", "json"));
    json_t *g = result(RUN("regret", path, "--edit", "move", "--true", "true", "--format",
                           "json")); /* pairs true against shaped, place, flat */
    json_t *rewards = at(edit(v, "move", 0), "rewards");
    for (int i = 1; i < 4; i++) {
        char name[2][64];
        snprintf(name[0], sizeof name[0], "%d/distance_to_true", i);
        snprintf(name[1], sizeof name[1], "distances/%d/value", i - 1);
        CHECK_NEAR(number(rewards, name[0]), number(d, name[1]), 1e-12);
        snprintf(name[0], sizeof name[0], "%d/regret", i);
        snprintf(name[1], sizeof name[1], "pairs/%d/regret/optimal_pessimistic", i - 1);
        CHECK_NEAR(number(rewards, name[0]), number(g, name[1]), 1e-12);
    }
    json_decref(v);
    json_decref(d);
    json_decref(g);
}

/* Shaping changes no number; a reward without a preference has no angle, and may lose all. */
static void shaped_and_flat_rewards_are_what_they_are(void **state)
{
    (void)state;
    json_t *v = result(RUN("consistency", in_folder("walk.xml"), "--format", "json"));
    json_t *rewards = at(edit(v, "move", 0), "rewards");
    static const char *const same[] = {"invariance_error", "regret", "agreement", "satisfied"};
    for (int i = 0; i < 4; i++) {
        char truth[40], shaped[40];
        snprintf(truth, sizeof truth, "0/%s", same[i]);
        snprintf(shaped, sizeof shaped, "1/%s", same[i]);
        CHECK_NEAR(number(rewards, truth), number(rewards, shaped), 1e-9);
    }
    assert_true(number(rewards, "2/regret") > 0.01);
    assert_true(number(rewards, "2/agreement") < 1);
    assert_true(is_null(rewards, "3/agreement"));
    CHECK_SAYS(text(rewards, "3/reason"), "agreement: the reward ranks no policies");
    CHECK_NEAR(number(rewards, "3/regret"), 1, 0);
    CHECK_NEAR(number(rewards, "3/invariance_error"), 0, 0);
    json_decref(v);
}

/* A truth without a preference has no angle, and nothing to lose; no edit is causal to it. */
static void a_flat_truth_ranks_nothing(void **state)
{
    (void)state;
    static const char spec[] = WALK("0.9", MAP("move", "", "...G\n.##.\nSCC.\n"));
    static const char causal[] =
        WALK("0.9", MAP("move", " kind=\"causal\"", "...G\n.##.\nSCC.\n"));
    write_file(in_folder("flat.xml"), spec, sizeof spec - 1);
    write_file(in_folder("causal.xml"), causal, sizeof causal - 1);
    json_t *v =
        result(RUN("consistency", in_folder("flat.xml"), "--true", "flat", "--format", "json"));
    for (int i = 0; i < 4; i++) {
        json_t *row = json_array_get(at(v, "edits/0/rewards"), (size_t)i);
        assert_true(is_null(row, "agreement"));
        CHECK_SAYS(text(row, "reason"), "agreement: the true reward ranks no policies");
        assert_float_equal(number(row, "regret"), 0, 0);
    }
    assert_string_equal(text(v, "edits/0/kind"), "either");
    json_decref(v);
    run r = RUN("consistency", in_folder("causal.xml"), "--true", "flat");
    CHECK_EXIT(r, 0); /* its values stay, the transitions change */
    run_free(r);
}

/* At discount 0 only the first step from the start counts; 1 more on every action is neutral.
 */
static void discount_zero_is_a_world_of_one_step(void **state)
{
    (void)state;
    json_t *v = on(WALK("0", "<edit id=\"up\"><add sel=\"mdp/reward[@id='true']\">"
                             "<add value=\"1\"/></add></edit>\n"));
    json_t *e = at(v, "edits/0");
    assert_string_equal(text(e, "kind"), "neutral");
    assert_true(is_null(e, "declared"));
    CHECK_NEAR(number(e, "rewards/0/invariance_error"), 0, 1e-9);
    CHECK_NEAR(number(e, "rewards/1/regret"), 0, 1e-9);
    assert_int_equal(number(e, "unreachable"), 9);
    json_decref(v);
}

/* --- expectations --- */

#define EXPECT(what) \
    ANSWERS("<edit id=\"e\" expect=\"" what "\"><add sel=\"mdp/reward[@id='true']\">" \
            "<add from=\"q1\" value=\"0.25\"/><add from=\"q1\" action=\"r2\" value=\"-0.5\"/>" \
            "</add></edit>\n")

/* In q1 the truth is (1,0,0) before and (1.25,-0.25,0.25) after; nothing else is touched. */
static void expectations_are_shares_with_a_worst_case(void **state)
{
    (void)state;
    static const struct {
        const char *spec;
        double share, was, is;
        const char *action;
    } cases[] = {{EXPECT("increase"), 2.0 / 3, 0, -0.25, "r2"},
                 {EXPECT("decrease"), 1.0 / 3, 1, 1.25, "r1"},
                 {EXPECT("tie"), 0, 1, 1.25, "r1"},
                 {EXPECT("level\" level=\"0.25"), 1.0 / 3, 1, 1.25, "r1"},
                 {EXPECT("flips-best"), 0, 0, 1, "r1"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        json_t *v = on(cases[i].spec), *row = at(v, "edits/0/rewards/1");
        CHECK_NEAR(number(row, "satisfied"), cases[i].share, 1e-12);
        assert_int_equal(number(row, "looked_at"), i == 4 ? 1 : 3);
        assert_string_equal(text(row, "worst/state"), "q1");
        assert_string_equal(text(row, "worst/action"), cases[i].action);
        if (i < 4) {
            assert_string_equal(text(row, "worst/next"), "end");
            CHECK_NEAR(number(row, "worst/was"), cases[i].was, 1e-12);
        }
        CHECK_NEAR(number(row, "worst/is"), cases[i].is, 1e-9);
        json_decref(v);
    }
    json_t *v = on(EXPECT("invariant"));
    /* the advantages of all three in q1 change; 9 pairs */
    CHECK_NEAR(number(v, "edits/0/rewards/1/satisfied"), 6.0 / 9, 1e-12);
    CHECK_NEAR(number(v, "edits/0/rewards/0/satisfied"), 1, 0);
    json_decref(v);
}

/* Who steps right in the second cell passes a cell that is no state; its label changes. */
static void a_cell_that_is_no_state_touches_what_leads_through_it(void **state)
{
    (void)state;
    json_t *v = on("<mdp version=\"1\" discount=\"0.5\"><gridworld><map>S.C</map>"
                   "<cell symbol=\"S\" initial=\"1\"/>"
                   "<cell symbol=\"C\" label=\"pit\" sends-to=\"S\"/></gridworld>\n"
                   "<reward id=\"r\"><add enter=\"pit\" value=\"-1\"/></reward>\n"
                   "<edit id=\"away\" expect=\"level\" level=\"0\">"
                   "<replace sel=\"mdp/gridworld/cell[2]/@label\">hole</replace>"
                   "<replace sel=\"mdp/reward/add/@enter\">hole</replace></edit>\n"
                   "<edit id=\"same\" expect=\"level\" level=\"0\">"
                   "<replace sel=\"mdp/gridworld/cell[2]/@label\">pit</replace></edit>\n"
                   "</mdp>\n");
    assert_string_equal(text(v, "edits/0/touched/by"), "world");
    assert_int_equal(number(v, "edits/0/touched/triples"), 1);
    assert_string_equal(text(v, "edits/0/rewards/0/worst/state"), "r0c1");
    assert_string_equal(text(v, "edits/0/rewards/0/worst/action"), "right");
    CHECK_NEAR(number(v, "edits/0/rewards/0/satisfied"), 0, 0);
    assert_string_equal(text(v, "edits/1/touched/by"), "all");
    json_decref(v);
}

/* Pure shaping is no preference, however its potential changes. */
static void a_reward_of_shaping_alone_is_invariant(void **state)
{
    (void)state;
    json_t *v =
        on("<mdp version=\"1\" discount=\"0.97\"><gridworld slip=\"0.3\"><map>\n...\n...\n"
           "</map></gridworld>\n"
           "<reward id=\"true\"><add to=\"r0c0\" value=\"1\"/></reward>\n"
           "<reward id=\"shaping\"><shape potential=\"7 * row * col\"/></reward>\n"
           "<edit id=\"e\" kind=\"neutral\" expect=\"invariant\">"
           "<replace sel=\"mdp/reward[2]/shape/@potential\">exp(row + 2 * col)</replace>"
           "</edit></mdp>\n");
    CHECK_NEAR(number(v, "edits/0/rewards/1/satisfied"), 1, 0);
    CHECK_NEAR(number(v, "edits/0/rewards/1/invariance_error"), 0, 0);
    CHECK_NEAR(number(v, "summary/1/invariance/share"), 1, 0);
    assert_true(is_null(v, "edits/0/rewards/1/agreement"));
    assert_false(is_null(v, "edits/0/rewards/0/agreement"));
    json_decref(v);
}

/* --- what has no counterpart --- */

static void what_cannot_be_matched_is_listed_not_guessed(void **state)
{
    (void)state;
    json_t *v = result(RUN("consistency", in_folder("walk.xml"), "--format", "json"));
    json_t *fewer = edit(v, "fewer", 0), *open = edit(v, "open", 0);
    assert_int_equal(number(fewer, "unmatched/removed_states/count"), 4);
    assert_string_equal(text(fewer, "unmatched/removed_states/first/3"), "r1c0");
    assert_false(is_null(fewer, "rewards/0/invariance_error")); /* removed alone is no harm */
    assert_int_equal(number(open, "unmatched/new_states/count"), 1);
    assert_string_equal(text(open, "unmatched/new_states/first/0"), "r1c2");
    assert_int_equal(number(open, "unmatched/new_pairs"), 4);
    assert_true(is_null(open, "kind"));
    assert_true(is_null(open, "order/changes"));
    CHECK_SAYS(text(open, "order/reason"), "the original one lacks");
    assert_true(is_null(open, "rewards/0/invariance_error"));
    assert_false(is_null(open, "rewards/2/regret"));
    CHECK_SAYS(text(open, "rewards/0/reason"), "invariance_error: the edited world has");
    json_t *shorter = edit(v, "short", 0);
    assert_true(is_null(shorter, "rewards/3/regret"));
    CHECK_SAYS(text(shorter, "rewards/3/reason"), "regret: the edit removes this reward");
    json_decref(v);
    run r = RUN("consistency", in_folder("walk.xml"));
    CHECK_SAYS(r.out, "\n  fewer: 4 removed states: r0c0, r0c1, r0c2, r1c0\n");
    CHECK_SAYS(r.out, "\n  open: 1 new state: r1c2\n");
    CHECK_SAYS(r.out, "\n  open, every reward, invariance error: the edited world has a state");
    CHECK_SAYS(r.out, "\n  open, kind not verified: ");
    run_free(r);
}

/* Ten of them are named. */
static void long_lists_are_cut(void **state)
{
    (void)state;
    static const char spec[] =
        "<mdp version=\"1\" discount=\"0.5\"><gridworld><map>............</map></gridworld>\n"
        "<reward id=\"r\"><add to=\"r0c0\" value=\"1\"/></reward>\n"
        "<edit id=\"cut\"><replace sel=\"mdp/gridworld/map/text()\">.</replace></edit></mdp>\n";
    json_t *v = on(spec), *lost = at(v, "edits/0/unmatched/removed_states");
    assert_int_equal(number(lost, "count"), 11);
    assert_int_equal(json_array_size(at(lost, "first")), 10);
    json_decref(v);
    run r = RUN("consistency", in_folder("one.xml"));
    CHECK_SAYS(r.out, "cut: 11 removed states: r0c1, ");
    CHECK_SAYS(r.out, ", r0c10, ...\n");
    run_free(r);
}

/* --- forms --- */

static void csv_has_a_row_a_world_and_reward(void **state)
{
    (void)state;
    run r = RUN("consistency", in_folder("walk.xml"), "--format", "csv");
    CHECK_EXIT(r, 0);
    int lines = 0;
    for (const char *p = r.out; *p; p++)
        lines += *p == '\n';
    assert_int_equal(lines, 1 + 10 * 4); /* eight edits, one of them with three steps */
    CHECK_SAYS(r.out, "edit,step,kind,declared,expect,reward,invariance_error,distance_to_true,"
                      "agreement,regret,satisfied,looked_at,worst_state,");
    CHECK_SAYS(r.out, "\nslip,0.25,neutral,neutral,,true,0,0,1,0,");
    run_free(r);
}

static void threads_change_no_byte(void **state)
{
    (void)state;
    run a = RUN("consistency", in_folder("walk.xml"), "--format", "json", "--threads", "1");
    run b = RUN("consistency", in_folder("walk.xml"), "--format", "json", "--threads", "4");
    assert_string_equal(a.out, b.out);
    run_free(a);
    run_free(b);
}

static void the_measure_is_a_choice(void **state)
{
    (void)state;
    json_t *v = result(RUN("consistency", in_folder("swap.xml"), "--canon", "none", "--norm",
                           "linf", "--metric", "l1", "--format", "json"));
    /* R itself, divided by its largest value; differences 1,-1,0,-1,1,0 on 3 next states */
    CHECK_NEAR(number(v, "edits/0/rewards/1/invariance_error"), 12, 1e-12);
    assert_string_equal(text(v, "arguments/canon"), "none");
    json_decref(v);
    run r = RUN("consistency", in_folder("swap.xml"), "--canon", "minimal", "--norm", "none");
    CHECK_EXIT(r, 2);
    CHECK_SAYS(r.err, "E506");
    run_free(r);
}

static void text_names_what_is_shown(void **state)
{
    (void)state;
    run r = RUN("consistency", in_folder("swap.xml"));
    CHECK_EXIT(r, 0);
    CHECK_SAYS(r.out, "True reward: true.");
    CHECK_SAYS(r.out, "  swap  blind   causal                 0  1.064882   0.642549  0.500000"
                      "          0\n");
    CHECK_SAYS(r.out, "swap  transports r1 to r2  blind           0  2 states  q1, r1 ahead by "
                      "0.500000\n");
    CHECK_SAYS(r.out, "\n  blind             0         4           -\n");
    assert_null(strstr(r.out, "NOT all certified"));
    run_free(r);
}

/* --- refusals --- */

static void refuses(const char *spec, const char *code, const char *what)
{
    write_file(in_folder("one.xml"), spec, strlen(spec));
    run r = RUN("consistency", in_folder("one.xml"));
    CHECK_EXIT(r, 2);
    assert_int_equal(r.out_size, 0);
    CHECK_SAYS(r.err, code);
    CHECK_SAYS(r.err, what);
    run_free(r);
}

static void bad_questions_are_refused(void **state)
{
    (void)state;
    refuses(ANSWERS(""), "E430", "has no edits");
    refuses("<mdp version=\"1\" discount=\"0.5\"><random states=\"2\" actions=\"2\"/></mdp>",
            "", "has none");
    refuses(ANSWERS("<edit id=\"e\"><remove sel=\"mdp/reward[@id='true']\"/></edit>"), "E433",
            "removes the true reward 'true'");
    refuses(ANSWERS("<edit id=\"a\"><remove sel=\"mdp/none\"/></edit>\n"
                    "<edit id=\"b\"><replace sel=\"mdp/@discount\">7</replace></edit>"),
            "E165", "E116"); /* both are told */
    /* of an edit with steps the first is told */
    static const char steps[] =
        ANSWERS("<edit id=\"s\" steps=\"7 8\"><replace sel=\"mdp/@discount\">{step}</replace>"
                "</edit>");
    write_file(in_folder("one.xml"), steps, sizeof steps - 1);
    run r = RUN("consistency", in_folder("one.xml"));
    CHECK_EXIT(r, 2);
    CHECK_SAYS(r.err, "discount=\"7\"");
    assert_null(strstr(r.err, "discount=\"8\""));
    run_free(r);
    r = RUN("consistency", in_folder("swap.xml"), "--true", "ture");
    CHECK_EXIT(r, 2);
    CHECK_SAYS(r.err, "E507");
    run_free(r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_of_two_questions_are_known),
        cmocka_unit_test(other_verbs_agree),
        cmocka_unit_test(shaped_and_flat_rewards_are_what_they_are),
        cmocka_unit_test(a_flat_truth_ranks_nothing),
        cmocka_unit_test(discount_zero_is_a_world_of_one_step),
        cmocka_unit_test(expectations_are_shares_with_a_worst_case),
        cmocka_unit_test(a_cell_that_is_no_state_touches_what_leads_through_it),
        cmocka_unit_test(a_reward_of_shaping_alone_is_invariant),
        cmocka_unit_test(what_cannot_be_matched_is_listed_not_guessed),
        cmocka_unit_test(long_lists_are_cut),
        cmocka_unit_test(csv_has_a_row_a_world_and_reward),
        cmocka_unit_test(threads_change_no_byte),
        cmocka_unit_test(the_measure_is_a_choice),
        cmocka_unit_test(text_names_what_is_shown),
        cmocka_unit_test(bad_questions_are_refused),
    };
    return cmocka_run_group_tests(tests, write_files, remove_folder);
}
