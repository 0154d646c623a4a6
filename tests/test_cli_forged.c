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

/* --- near ties --- */

/* A world whose proxy prefers one of two actions by d alone; its certificate. */
static json_t *certify_near_tie(double discount, double d)
{
    char text[2048];
    int n = snprintf(
        text, sizeof text,
        "<mdp version=\"1\" discount=\"%g\"><explicit><states count=\"3\"/><actions "
        "count=\"2\"/>"
        "<transition from=\"0\" action=\"0\" to=\"1\" p=\"0.5\"/>"
        "<transition from=\"0\" action=\"0\" to=\"2\" p=\"0.5\"/>"
        "<transition from=\"0\" action=\"1\" to=\"1\" p=\"0.4\"/>"
        "<transition from=\"0\" action=\"1\" to=\"2\" p=\"0.6\"/>"
        "<transition from=\"1\" action=\"0\" to=\"0\" p=\"1\"/>"
        "<transition from=\"1\" action=\"1\" to=\"1\" p=\"1\"/>"
        "<transition from=\"2\" action=\"0\" to=\"0\" p=\"1\"/>"
        "<transition from=\"2\" action=\"1\" to=\"2\" p=\"1\"/></explicit>"
        "<reward id=\"one\"><add from=\"0\" action=\"1\" value=\"-1\"/>"
        "<add from=\"1\" action=\"1\" value=\"0.3\"/><add from=\"2\" action=\"1\" "
        "value=\"-0.7\"/></reward>"
        "<reward id=\"two\"><add value=\"0.2\"/><add from=\"0\" action=\"0\" value=\"%g\"/>"
        "<add from=\"1\" action=\"1\" value=\"-1\"/>"
        "<add from=\"2\" action=\"1\" value=\"-%g\"/></reward></mdp>",
        discount, d, d);
    write_file(in_folder("w.xml"), text, (size_t)n);
    run r = RUN("regret", in_folder("w.xml"), "--true", "one", "--proxy", "two",
                "--certificate", in_folder("c.json"));
    CHECK_EXIT(r, 0);
    run_free(r);
    json_t *v = json_load_file(in_folder("c.json"), 0, NULL);
    assert_int_equal(verify_tree(v), 0);
    return v;
}

static void near_ties_are_proved(void **state)
{
    static const double discounts[] = {0, 0.5, 0.9, 0.99, 0.999};
    static const double apart[] = {0,     1e-13, 1e-12, 1e-11, 1e-10, 3e-10,
                                   5e-10, 1e-9,  2e-9,  1e-8,  1e-7};
    int fewer = 0;
    (void)state;
    for (int i = 0; i < 5; i++)
        for (int k = 0; k < 11; k++) {
            json_t *v = certify_near_tie(discounts[i], apart[k]);
            fewer += json_number_value(at(v, "pairs/0/optimal/worst_share")) < 1;
            json_decref(v);
        }
    assert_true(fewer >= 4);
}

/* Ties that are called none, and others that are called ties. */
static void false_ties_are_refused(void **state)
{
    (void)state;
    json_t *few = certify_near_tie(0.9, 5e-10), *pair = at(few, "pairs/0/optimal");
    json_t *many = certify_near_tie(0.9, 1e-10), *other = at(many, "pairs/0/optimal");
    assert_true(json_number_value(at(pair, "worst_share")) < 1);
    assert_true(json_number_value(at(other, "worst_share")) == 1);
    /* the world is that of `many` now */
    json_object_set(other, "worst_share", at(pair, "worst_share"));
    assert_int_equal(verify_tree(many), 1);
    json_object_set(other, "worst_short", at(pair, "worst_short"));
    assert_int_equal(verify_tree(many), 1);
    json_object_set(other, "worst", at(other, "best"));
    json_object_set(at(many, "pairs/0/regret"), "optimal_pessimistic",
                    at(many, "pairs/0/regret/optimal_optimistic"));
    assert_int_equal(verify_tree(many), 1);
    json_object_set_new(other, "worst_share", json_real(1e-6));
    assert_int_equal(verify_tree(many), 1);
    /* any policy that falls short, though it takes what nobody calls a tie */
    static const char *const sides[] = {"high", "low"};
    json_object_set_new(other, "worst_share", json_real(0.05));
    for (int i = 0; i < 2; i++) {
        json_t *w = at(at(many, "pairs/0/witness"), sides[i]);
        json_object_set(at(other, "worst_short"), "policy", at(w, "policy"));
        json_object_set(at(other, "worst_short"), "proxy", at(w, "proxy"));
        assert_int_equal(verify_tree(many), 1);
    }
    json_decref(few);
    few = certify_near_tie(0.9, 5e-10);
    pair = at(few, "pairs/0/optimal");
    json_object_set_new(pair, "worst_share", json_real(1));
    assert_int_equal(verify_tree(few), 1);
    json_object_set_new(pair, "worst_share", json_real(0));
    assert_int_equal(verify_tree(few), 1);
    json_decref(few);
    json_decref(many);
}

/* --- minimal forms --- */

/* Two states that never meet; nothing but the first holds the largest row. */
static const char two_islands[] =
    "<mdp version=\"1\" discount=\"0.5\"><explicit><states count=\"2\"/><actions count=\"2\"/>"
    "<transition from=\"0\" action=\"0\" to=\"0\" p=\"1\"/>"
    "<transition from=\"0\" action=\"1\" to=\"0\" p=\"1\"/>"
    "<transition from=\"1\" action=\"0\" to=\"1\" p=\"1\"/>"
    "<transition from=\"1\" action=\"1\" to=\"1\" p=\"1\"/></explicit>"
    "<reward id=\"one\"><add from=\"0\" action=\"0\" value=\"2\"/>"
    "<add from=\"1\" action=\"0\" value=\"1\"/></reward>"
    "<reward id=\"two\"><add from=\"0\" action=\"0\" value=\"2\"/>"
    "<add from=\"1\" action=\"1\" value=\"0.5\"/></reward></mdp>";

/* Its certificate in this canonicalisation and norm. */
static json_t *certify_islands(const char *canon, const char *norm)
{
    write_file(in_folder("w.xml"), two_islands, sizeof two_islands - 1);
    run r = RUN("distance", in_folder("w.xml"), "--canon", canon, "--norm", norm, "--metric",
                norm, "--certificate", in_folder("c.json"));
    CHECK_EXIT(r, 0);
    run_free(r);
    json_t *v = json_load_file(in_folder("c.json"), 0, NULL);
    assert_int_equal(verify_tree(v), 0);
    return v;
}

/* The minimal form `i` of the certificate. */
static json_t *minimal_form(json_t *v, int i)
{
    size_t k;
    json_t *form;
    json_array_foreach(at(v, "forms"), k,
                       form) if (json_object_get(form, "dual") && i-- == 0) return form;
    fail();
    return NULL;
}

static void set(json_t *form, const char *list, size_t i, double x)
{
    json_array_set_new(at(form, list), i, json_real(x));
}

/* Any potential of the second island with rows in [-1, 1] has the least norm; the distance that
 * follows from it is not the distance. */
static void another_least_form_is_refused(void **state)
{
    (void)state;
    json_t *v = certify_islands("minimal", "linf");
    json_t *form = minimal_form(v, 0);
    double phi = json_number_value(at(form, "potential/1"));
    double value = json_number_value(at(v, "distances/0/value"));
    for (int i = 1; i < 8; i++) {
        /* rows 1/2 + x, -1/2 + x against -1/2, 1/2 */
        double x = 0.05 * i, off = phi - 2 * x;
        set(form, "potential", 1, off);
        json_object_set_new(at(v, "distances/0"), "value", json_real(value + x));
        assert_int_equal(verify_tree(v), 1);
        /* a weight that lets the squares count for nothing */
        for (double c = 1e-3; c > 1e-300; c *= 1e-60) {
            json_object_set_new(form, "weight", json_real(c));
            assert_int_equal(verify_tree(v), 1);
        }
        json_object_set_new(form, "weight", json_real(0));
        assert_int_equal(verify_tree(v), 1);
        json_object_set_new(form, "weight", json_real(-1));
        assert_int_equal(verify_tree(v), 1);
        json_object_set(form, "centre", at(form, "dual"));
        assert_int_equal(verify_tree(v), 1);
    }
    json_decref(v);
}

/* Let the distance be what the rest of v would prove. */
static void set_value(json_t *v)
{
    (void)verify_tree(v);
    run r = RUN("verify", in_folder("w.xml"), in_folder("c.json"), "--format", "json");
    json_t *told = parse(r), *proved = at(told, "claims/0/proved");
    run_free(r);
    double lo = json_number_value(json_array_get(proved, 0));
    double hi = json_number_value(json_array_get(proved, 1));
    json_object_set_new(at(v, "distances/0"), "value", json_real((lo + hi) / 2));
    json_decref(told);
}

/* Other rows of the second island, with the least norm, and a centre that balances their
 * squares but is no subgradient: on rows that are not 0, beyond the weight where one is, off
 * the largest, of the wrong sign. The forms are those of least squares alone. */
static void false_subgradients_are_refused(void **state)
{
    static const struct {
        const char *norm;
        double rows[2];
        int given; /* the row whose part of the centre balances: 0 or 1 */
        double square;
    } cases[] = {{"l1", {0.7, -0.3}, 0, 1},   {"l1", {0.7, -0.3}, 1, 1},
                 {"l1", {1, 0}, 1, 1},        {"linf", {0.7, -0.3}, 0, 2},
                 {"linf", {0.3, -0.7}, 1, 2}, {"linf", {1, 0}, 0, 2}};
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        json_t *v = certify_islands("minimal", cases[i].norm), *form = minimal_form(v, 0);
        double phi = json_number_value(at(form, "potential/1"));
        double c = json_number_value(at(form, "weight")),
               sum = cases[i].rows[0] + cases[i].rows[1];
        size_t given = (size_t)cases[i].given, other = 1 - given;
        double g = cases[i].norm[1] == '1' ? copysign(1, cases[i].rows[other]) : 0;
        set(form, "potential", 1, phi - sum); /* rows r - phi / 2, (1/2, -1/2) as they were */
        set(form, "centre", 2 + other, g);
        set(form, "centre", 2 + given, -g - c * cases[i].square * sum);
        set(form, "centre_rest", 2, 0);
        set(form, "centre_rest", 3, 0);
        set_value(v);
        assert_int_equal(verify_tree(v), 1);
        json_decref(v);
    }
}

/* Rows of the second island beyond those of the first: the form of least squares, of a larger
 * norm, with what proves that. */
static void a_form_of_larger_norm_is_refused(void **state)
{
    static const double scales[] = {1, 1e3, 1e9, 1e100};
    (void)state;
    json_t *v = certify_islands("minimal", "linf");
    json_t *form = minimal_form(v, 0);
    double phi = json_number_value(at(form, "potential/1"));
    set(form, "potential", 1, phi - 6);
    for (int i = 0; i < 4; i++) {
        for (size_t k = 0; k < 4; k++) {
            set(form, "dual", k, k == 2 ? scales[i] : 0);
            set(form, "centre", k, k == 2 ? scales[i] : 0);
        }
        json_object_set_new(form, "weight", json_real(scales[i]));
        assert_int_equal(verify_tree(v), 1);
    }
    json_decref(v);
}

/* The form of least squares in l1, which a large weight proves to be that, with a dual vector
 * that is none: out of balance, or outside the ball. */
static void a_dual_vector_that_is_none_is_refused(void **state)
{
    static const char three_actions[] =
        "<mdp version=\"1\" discount=\"0.5\"><explicit><states count=\"1\"/><actions "
        "count=\"3\"/><transition from=\"0\" action=\"0\" to=\"0\" p=\"1\"/>"
        "<transition from=\"0\" action=\"1\" to=\"0\" p=\"1\"/>"
        "<transition from=\"0\" action=\"2\" to=\"0\" p=\"1\"/></explicit><reward id=\"one\">"
        "<add action=\"0\" value=\"1\"/></reward><reward id=\"two\"><add action=\"1\" "
        "value=\"1\"/></reward></mdp>";
    static const double duals[2][3] = {{1, -1, -1}, {4.0 / 3, -2.0 / 3, -2.0 / 3}};
    (void)state;
    write_file(in_folder("w.xml"), three_actions, sizeof three_actions - 1);
    for (int i = 0; i < 2; i++) {
        run r = RUN("distance", in_folder("w.xml"), "--canon", "minimal", "--norm", "l1",
                    "--metric", "l1", "--certificate", in_folder("c.json"));
        CHECK_EXIT(r, 0);
        run_free(r);
        json_t *v = json_load_file(in_folder("c.json"), 0, NULL), *form = minimal_form(v, 0);
        double phi = json_number_value(at(form, "potential/0"));
        set(form, "potential", 0, phi + 2.0 / 3);
        for (size_t k = 0; k < 3; k++)
            set(form, "dual", k, duals[i][k]);
        json_object_set_new(form, "weight", json_real(1e30));
        set_value(v);
        assert_int_equal(verify_tree(v), 1);
        json_decref(v);
    }
}

static void without_its_vectors_nothing_is_proved(void **state)
{
    static const char *const canons[] = {"minimal", "minimal-potential"};
    static const char *const norms[] = {"l1", "linf", "weighted-l1", "weighted-linf"};
    static const char *const keys[] = {"dual", "centre", "weight", "potential"};
    (void)state;
    for (int i = 0; i < 32; i++) {
        json_t *v = certify_islands(canons[i % 2], norms[i / 2 % 4]);
        json_object_del(minimal_form(v, i / 16), keys[i / 8]);
        assert_int_equal(verify_tree(v), i / 8 == 3 ? 2 : 1);
        json_decref(v);
    }
}

/* What proves a form proves no other norm, and no other reward. */
static void borrowed_vectors_are_refused(void **state)
{
    (void)state;
    json_t *v = certify_islands("minimal", "l1"), *other = certify_islands("minimal", "linf");
    json_t *form = minimal_form(v, 0), *lender = minimal_form(other, 0);
    json_object_set(form, "dual", at(lender, "dual"));
    assert_int_equal(verify_tree(v), 1);
    json_object_set(form, "centre", at(lender, "centre"));
    assert_int_equal(verify_tree(v), 1);
    json_decref(v);
    v = certify_islands("minimal", "l1");
    json_object_set(minimal_form(v, 0), "potential", at(minimal_form(v, 1), "potential"));
    assert_int_equal(verify_tree(v), 1);
    json_decref(v);
    json_decref(other);
}

/* Vectors of forms that have no terms have no place. */
static void vectors_where_none_belong_are_refused(void **state)
{
    static const char *const keys[] = {"dual", "centre", "weight", "potential_rest"};
    (void)state;
    write_file(in_folder("w.xml"), two_islands, sizeof two_islands - 1);
    for (int i = 0; i < 4; i++) {
        run r = RUN("distance", in_folder("w.xml"), "--certificate", in_folder("c.json"));
        CHECK_EXIT(r, 0);
        run_free(r);
        json_t *v = json_load_file(in_folder("c.json"), 0, NULL), *form = at(v, "forms/0");
        json_object_set_new(form, keys[i],
                            i == 2 ? json_real(1) : json_deep_copy(at(form, "potential")));
        assert_int_equal(verify_tree(v), 2);
        json_decref(v);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_false_form_is_refused),
        cmocka_unit_test(a_witness_that_the_proxy_rejects_is_refused),
        cmocka_unit_test(near_ties_are_proved),
        cmocka_unit_test(false_ties_are_refused),
        cmocka_unit_test(another_least_form_is_refused),
        cmocka_unit_test(false_subgradients_are_refused),
        cmocka_unit_test(a_dual_vector_that_is_none_is_refused),
        cmocka_unit_test(a_form_of_larger_norm_is_refused),
        cmocka_unit_test(without_its_vectors_nothing_is_proved),
        cmocka_unit_test(borrowed_vectors_are_refused),
        cmocka_unit_test(vectors_where_none_belong_are_refused),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
