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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(few_values_become_terms),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
