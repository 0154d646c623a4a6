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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_command_knows_the_base_policy),
        cmocka_unit_test(no_base_policy_is_uniform),
        cmocka_unit_test(the_template_is_sound),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
