/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_cli_bandit.c - the command knows the base policy of a world, and its template of a
 * bandit is sound. */
#include "tests/cli_json.h"

#include "mdp/spec.h"

static const char lines[] =
    "<mdp version='1' discount='0.5'><bandit><context id='a' weight='3'/><context id='b'/>"
    "<response id='yes'/><response id='no'/>"
    "<policy context='a' response='yes' p='0.9'/><policy context='a' response='no' p='0.1'/>"
    "<policy context='b' response='yes' p='1/4'/><policy context='b' response='no' p='3/4'/>"
    "</bandit><reward id='true'><add from='a' action='yes' value='1'/>"
    "<add from='b' action='no' value='2'/></reward>"
    "<reward id='other'><add action='yes' value='1'/><add from='b' value='0.5'/></reward>"
    "</mdp>";
static const char policy[] = "state,action,p\na,yes,0.9\na,no,0.1\nb,yes,0.25\nb,no,0.75\n"
                             "end,yes,0.5\nend,no,0.5\n";

static void the_command_knows_the_base_policy(void **state)
{
    (void)state;
    char spec[160], file[160];
    snprintf(spec, sizeof spec, "%s", in_folder("lines.xml"));
    snprintf(file, sizeof file, "%s", in_folder("pi.csv"));
    write_file(spec, lines, sizeof lines - 1);
    write_file(file, policy, sizeof policy - 1);
    json_t *v = result(RUN("solve", spec, "--format", "json"));
    CHECK_NEAR(json_number_value(at(v, "base/return")), 0.75 * 0.9 + 0.25 * 0.75 * 2, 1e-14);
    CHECK_NEAR(json_number_value(at(v, "return/0")), 0.75 + 0.5, 1e-8);
    json_decref(v);
    v = result(RUN("check", spec, "--format", "json"));
    assert_true(json_is_true(at(v, "base_policy")));
    json_decref(v);
    json_t *x = result(RUN("distance", spec, "--policy", "base", "--format", "json"));
    json_t *y = result(RUN("distance", spec, "--policy", file, "--format", "json"));
    json_t *z = result(RUN("distance", spec, "--format", "json"));
    double by_name = json_number_value(at(x, "distances/0/value"));
    assert_true(by_name == json_number_value(at(y, "distances/0/value")));
    assert_true(by_name != json_number_value(at(z, "distances/0/value")));
    json_decref(x);
    json_decref(y);
    json_decref(z);
    run r = RUN("frontier", spec, "base");
    CHECK_EXIT(r, 0);
    CHECK_SAYS(r.out, "base");
    run_free(r);
}

/* A world without one: it is uniform, and solve says nothing about it. */
static void no_base_policy_is_uniform(void **state)
{
    (void)state;
    char spec[160];
    snprintf(spec, sizeof spec, "%s", in_folder("small.xml"));
    json_t *v = result(RUN("solve", spec, "--format", "json"));
    assert_null(json_object_get(v, "base"));
    json_decref(v);
    json_t *x = result(RUN("distance", spec, "--policy", "base", "--format", "json"));
    json_t *y = result(RUN("distance", spec, "--format", "json"));
    assert_true(json_number_value(at(x, "distances/0/value")) ==
                json_number_value(at(y, "distances/0/value")));
    json_decref(x);
    json_decref(y);
}

static void the_template_is_sound(void **state)
{
    (void)state;
    char spec[160];
    snprintf(spec, sizeof spec, "%s", in_folder("new.xml"));
    run r = RUN("new", "bandit");
    CHECK_EXIT(r, 0);
    write_file(spec, r.out, r.out_size);
    run_free(r);
    r = RUN("check", spec);
    CHECK_EXIT(r, 0);
    CHECK_SAYS(r.out, "variables  asks\nof actions answers, words\n");
    CHECK_SAYS(r.out, "base       the world gives a base policy\n");
    assert_string_equal(r.err, "");
    run_free(r);
}

/* --- examples
 * ---------------------------------------------------------------------------------- */

/* A number of one reward under one edit; NAN for null. */
static double told(json_t *v, const char *edit, const char *reward, const char *name)
{
    size_t i, j;
    json_t *e, *r;
    json_array_foreach(at(v, "edits"), i, e)
    {
        json_array_foreach(at(e, "rewards"), j, r)
        {
            if (!strcmp(json_string_value(at(e, "edit")), edit) &&
                !strcmp(json_string_value(at(r, "reward")), reward))
                return json_is_null(at(r, name)) ? (double)NAN : json_number_value(at(r, name));
        }
    }
    print_error("nothing is said of %s under %s\n", reward, edit);
    fail();
    return NAN;
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_command_knows_the_base_policy),
        cmocka_unit_test(no_base_policy_is_uniform),
        cmocka_unit_test(the_template_is_sound),
        cmocka_unit_test(paraphrases_are_told_apart),
        cmocka_unit_test(blindness_hides_in_the_base_policy),
        cmocka_unit_test(positions_are_told_from_answers),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
