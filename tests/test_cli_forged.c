/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_cli_forged.c - certificates whose numbers fit together, but prove nothing. */
#include "tests/cli_json.h"
#include "tests/cli_study.h"

static int verify_tree(json_t *v)
{
    char *text = json_dumps(v, JSON_REAL_PRECISION(17));
    write_file(in_folder("c.json"), text, strlen(text));
    free(text);
    run r = RUN("verify", in_folder("w.xml"), in_folder("c.json"));
    int exit = r.exit;
    run_free(r);
    return exit;
}

/* Another potential, and the distance that follows from it: it is no canonical form. */
static void a_false_form_is_refused(void **state)
{
    (void)state;
    for (uint64_t seed = 800; seed < 802; seed++) {
        study w = study_new(seed);
        run made = RUN("distance", in_folder("w.xml"), "--certificate", in_folder("c.json"));
        CHECK_EXIT(made, 0);
        run_free(made);
        json_t *v = json_load_file(in_folder("c.json"), 0, NULL), *claim;
        json_t *form = at(v, "forms/2");
        assert_string_equal(json_string_value(at(form, "canon")), "val");
        json_array_set_new(at(form, "potential"), 0,
                           json_real(1e-4 + json_number_value(at(form, "potential/0"))));
        assert_int_equal(verify_tree(v), 1);
        run r = RUN("verify", in_folder("w.xml"), in_folder("c.json"), "--format", "json");
        json_t *told = parse(r);
        run_free(r);
        claim = at(told, "claims/0/proved");
        double lo = json_number_value(json_array_get(claim, 0));
        double hi = json_number_value(json_array_get(claim, 1));
        json_object_set_new(at(v, "distances/0"), "value", json_real((lo + hi) / 2));
        assert_int_equal(verify_tree(v), 1);
        json_decref(told);
        json_decref(v);
        study_end(&w);
    }
}

/* The certificate of `one` against two = scale one. */
static json_t *against(double scale)
{
    char text[512];
    int n = snprintf(text, sizeof text,
                     "<mdp version=\"1\" discount=\"0.9\"><random states=\"5\" actions=\"3\" "
                     "successors=\"3\" seed=\"4\"/><reward id=\"one\"><noise sd=\"1\" "
                     "seed=\"3\"/></reward><reward id=\"two\"><use reward=\"one\" "
                     "scale=\"%g\"/></reward></mdp>",
                     scale);
    write_file(in_folder("w.xml"), text, (size_t)n);
    run r = RUN("regret", in_folder("w.xml"), "--true", "one", "--proxy", "two",
                "--certificate", in_folder("c.json"));
    CHECK_EXIT(r, 0);
    run_free(r);
    return json_load_file(in_folder("c.json"), 0, NULL);
}

/* Two policies that lose everything, but the proxy prefers the better one. */
static void a_witness_that_the_proxy_rejects_is_refused(void **state)
{
    static const char *const sides[] = {"high", "low"};
    (void)state;
    json_t *bad = against(-1), *v = against(1), *pair = at(v, "pairs/0");
    json_object_set(at(pair, "regret"), "worst_case", at(bad, "pairs/0/regret/worst_case"));
    json_object_set(pair, "certificate", at(bad, "pairs/0/certificate"));
    json_object_set(pair, "witness", at(bad, "pairs/0/witness"));
    for (int i = 0; i < 2; i++)
        json_object_set_new(at(at(pair, "witness"), sides[i]), "proxy",
                            json_deep_copy(at(at(at(pair, "witness"), sides[i]), "true")));
    CHECK_NEAR(json_number_value(at(pair, "regret/worst_case")), 1, 1e-9);
    assert_true(json_number_value(at(pair, "certificate/lambda")) == 0);
    assert_int_equal(verify_tree(v), 1);
    json_decref(bad);
    json_decref(v);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_false_form_is_refused),
        cmocka_unit_test(a_witness_that_the_proxy_rejects_is_refused),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
