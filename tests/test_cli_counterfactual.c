/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_cli_counterfactual.c - the examples with edits show what they say they show, and their
 * numbers are those derived by hand. */
#include "tests/cli_json.h"

#include "mdp/spec.h"

/* A number of one reward under one edit with that step (NULL: any); NAN for null. */
static double told_at(json_t *v, const char *edit, const double *step, const char *reward,
                      const char *name)
{
    size_t i, j;
    json_t *e, *r;
    json_array_foreach(at(v, "edits"), i, e)
    {
        json_array_foreach(at(e, "rewards"), j, r)
        {
            if (!strcmp(json_string_value(at(e, "edit")), edit) &&
                (!step || json_number_value(at(e, "step")) == *step) &&
                !strcmp(json_string_value(at(r, "reward")), reward))
                return json_is_null(at(r, name)) ? (double)NAN : json_number_value(at(r, name));
        }
    }
    print_error("nothing is said of %s under %s\n", reward, edit);
    fail();
    return NAN;
}

static double told(json_t *v, const char *edit, const char *reward, const char *name)
{
    return told_at(v, edit, NULL, reward, name);
}

/* Advantages under the uniform policy of one context: truth (1, 0, .3, 0), blind (1, 1, .3,
 * .3); the poor answer of a polite context gains 0.5. */
static void paraphrases_are_told_apart(void **state)
{
    (void)state;
    static const char *const neutral[] = {"reword-one", "reword-two"};
    static const char *const causal[] = {"swap", "all-two"};
    double cosine = 0.245 / (0.7 * sqrt(0.6675));
    json_t *v = result(RUN("consistency", "examples/paraphrase.xml", "--format", "json"));
    for (int i = 0; i < 2; i++) {
        CHECK_NEAR(told(v, neutral[i], "true", "invariance_error"), 0, 1e-12);
        CHECK_NEAR(told(v, neutral[i], "blind", "invariance_error"), 0, 1e-12);
        assert_true(told(v, neutral[i], "polite", "invariance_error") > 0.2);
        CHECK_NEAR(told(v, neutral[i], "polite", "regret"), 0, 1e-9);
        CHECK_NEAR(told(v, causal[i], "blind", "invariance_error"), 0, 1e-12);
        CHECK_NEAR(told(v, causal[i], "blind", "distance_to_true"), sqrt(2 - 2 * cosine),
                   1e-12);
        CHECK_NEAR(told(v, causal[i], "blind", "agreement"), 1 - acos(cosine) / acos(-1), 1e-9);
        CHECK_NEAR(told(v, causal[i], "blind", "regret"), 1, 1e-9);
        CHECK_NEAR(told(v, causal[i], "blind", "satisfied"), 0, 0);
        CHECK_NEAR(told(v, causal[i], "true", "satisfied"), 1, 0);
        CHECK_NEAR(told(v, causal[i], "polite", "satisfied"), 1, 0);
        assert_true(told(v, causal[i], "true", "invariance_error") > 1);
    }
    json_decref(v);
}

/* On what the base policy answers, the blind reward equals the truth. */
static void blindness_hides_in_the_base_policy(void **state)
{
    (void)state;
    sx_error err = SX_NO_ERROR;
    sx_spec *spec = NULL;
    CHECK_OK(sx_spec_read("examples/paraphrase.xml", NULL, &spec, &err));
    const sx_world *w = spec->world;
    const double *truth = spec->reward[0].reward->on, *blind = spec->reward[1].reward->on;
    int seen = 0, differ = 0;
    for (int32_t s = 0; s < 6; s++)
        for (int32_t k = w->mdp->pair[s]; k < w->mdp->pair[s + 1]; k++) {
            seen += w->base[k] > 0;
            assert_true(w->base[k] == 0 || truth[k] == blind[k]);
            differ += truth[k] != blind[k];
        }
    assert_int_equal(seen, 12);
    assert_int_equal(differ, 12);
    sx_spec_free(spec);
}

/* Advantages of the shortcut in each order: (2, -1, -1)/3, and (-1, 2, -1)/3 exchanged. */
static void positions_are_told_from_answers(void **state)
{
    (void)state;
    json_t *v = result(RUN("consistency", "examples/option-order.xml", "--format", "json"));
    CHECK_NEAR(told(v, "exchange", "true", "invariance_error"), 0, 1e-12);
    CHECK_NEAR(told(v, "exchange", "shortcut", "invariance_error"), sqrt(3), 1e-12);
    CHECK_NEAR(told(v, "exchange", "process", "invariance_error"), 0, 1e-12);
    CHECK_NEAR(told(v, "reorder", "true", "satisfied"), 1, 0);
    CHECK_NEAR(told(v, "reorder", "shortcut", "satisfied"), 0, 0);
    CHECK_NEAR(told(v, "reorder", "shortcut", "invariance_error"), 0, 1e-12);
    CHECK_NEAR(told(v, "reorder", "shortcut", "regret"), 1, 1e-9);
    CHECK_NEAR(told(v, "reorder", "process", "invariance_error"), 0, 1e-12);
    CHECK_NEAR(told(v, "reorder", "process", "regret"), 0.1, 1e-9);
    json_decref(v);
    run r = RUN("consistency", "examples/option-order.xml", "--threshold", "0.2");
    CHECK_EXIT(r, 1);
    run_free(r);
}

/* Only the truth and the reward of the goal's label see that the goal has moved. */
static void places_are_told_from_goals(void **state)
{
    (void)state;
    static const double steps[] = {0, 0.2, 0.4, 0.6};
    static const char *const rewards[] = {"true", "corner", "progress"};
    json_t *v = result(RUN("consistency", "examples/moving-goal.xml", "--format", "json"));
    assert_true(told(v, "move-goal", "true", "invariance_error") > 1);
    CHECK_NEAR(told(v, "move-goal", "corner", "invariance_error"), 0, 1e-12);
    assert_true(told(v, "move-goal", "corner", "regret") > 0.99);
    CHECK_NEAR(told(v, "move-goal", "true", "regret"), 0, 1e-9);
    for (int i = 0; i < 4; i++)
        for (int j = 0; j < 3; j++)
            CHECK_NEAR(told_at(v, "slippery", &steps[i], rewards[j], "invariance_error"), 0,
                       1e-12);
    json_decref(v);
}

/* Values of `verbose` in the only context, right-short first, and the angle between their
 * deviations from the mean before and after. */
static double stretched(double times)
{
    static const double words[] = {1, 4, 1, 4}, right[] = {1, 1, 0, 0};
    double aa = 0, bb = 0, ab = 0;
    for (int i = 0; i < 4; i++) {
        double a = right[i] - 0.5 + 0.1 * (words[i] - 2.5);
        double b = right[i] - 0.5 + 0.1 * times * (words[i] - 2.5);
        aa += a * a;
        bb += b * b;
        ab += a * b;
    }
    return sqrt(fmax(0, 2 - 2 * ab / sqrt(aa * bb)));
}

static void lengths_are_told_from_answers(void **state)
{
    (void)state;
    static const double steps[] = {1, 2, 5, 10};
    json_t *v = result(RUN("consistency", "examples/length-bias.xml", "--format", "json"));
    for (int i = 0; i < 4; i++) {
        CHECK_NEAR(told_at(v, "stretch", &steps[i], "plain", "invariance_error"), 0, 1e-12);
        CHECK_NEAR(told_at(v, "stretch", &steps[i], "verbose", "invariance_error"),
                   stretched(steps[i]), 1e-7);
        CHECK_NEAR(told_at(v, "stretch", &steps[i], "verbose", "satisfied"), i == 0, 0);
    }
    CHECK_NEAR(told(v, "same-length", "plain", "invariance_error"), 0, 1e-12);
    CHECK_NEAR(told(v, "falsify", "plain", "distance_to_true"), 0, 1e-12);
    json_decref(v);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(paraphrases_are_told_apart),
        cmocka_unit_test(blindness_hides_in_the_base_policy),
        cmocka_unit_test(positions_are_told_from_answers),
        cmocka_unit_test(places_are_told_from_goals),
        cmocka_unit_test(lengths_are_told_from_answers),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
