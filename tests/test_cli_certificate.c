/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_cli_certificate.c - certificates through the command: they verify; what is altered in
 * any one number is refused or still true; other specifications and files that are no
 * certificates are refused with the place. */
#include "tests/cli_alter.h"
#include "tests/cli_json.h"
#include "tests/cli_study.h"
#include "tests/oracle_distance.h"
#include "tests/oracle_regret.h"

enum { WORLDS = 210, ALTERED_WORLDS = 50, ALTERATIONS = 10000 };

static const char *const kinds[] = {"regret", "solve", "distance"};

/* The certificate of a kind as text. */
static char *certify(int kind, size_t *size)
{
    run r = RUN(kinds[kind], in_folder("w.xml"), "--certificate", in_folder("c.json"));
    if (r.exit)
        print_error("seed %llu, %s\n", (unsigned long long)study_seed, kinds[kind]);
    CHECK_EXIT(r, 0);
    run_free(r);
    return read_file(in_folder("c.json"), size);
}

static int verify(void)
{
    run r = RUN("verify", in_folder("w.xml"), in_folder("c.json"));
    int exit = r.exit;
    if (exit > 2)
        print_error("seed %llu: exit %d\n%s%s\n", (unsigned long long)study_seed, exit, r.out,
                    r.err);
    assert_true(exit >= 0 && exit <= 2);
    assert_true(exit == 2 ? r.out_size == 0 && strstr(r.err, "E520") != NULL : r.out_size > 0);
    run_free(r);
    return exit;
}

static void certificates_verify(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= WORLDS; seed++) {
        study w = study_new(seed);
        for (int kind = 0; kind < 3; kind++) {
            size_t size;
            free(certify(kind, &size));
            int exit = verify();
            if (exit)
                print_error("seed %llu, %s\n", (unsigned long long)seed, kinds[kind]);
            assert_int_equal(exit, 0);
        }
        study_end(&w);
    }
}

/* --- the truth about a certificate that was accepted --- */

/* What the definitions say, with every policy tried. */
typedef struct truth {
    double range[REWARDS][2];
    bool trivial[REWARDS];
    double worst[REWARDS], best[REWARDS], whole[REWARDS]; /* of the pairs (0,1), (1,0) */
    double distance, value, scale;
} truth;

static double largest(const double *r, int64_t n)
{
    double max = 0;
    for (int64_t i = 0; i < n; i++)
        max = fmax(max, fabs(r[i]));
    return max;
}

static truth find_truth(const study *w)
{
    truth t = {.scale = largest(w->r[0], w->m->pairs) / (1 - w->m->discount)};
    oracle_returns *all = oracle_returns_new(w->m, w->r[0], w->r[1]);
    const oracle_returns turned = {all->count, all->j2, all->j1}, *side[2] = {all, &turned};
    double *uniform = oracle_vector(w->m->pairs), *states = oracle_vector(w->m->states), d[6];
    for (int i = 0; i < REWARDS; i++) {
        oracle_range(side[i], 0, t.range[i]);
        double size = largest(w->table[i], (int64_t)w->m->pairs * w->m->states);
        t.trivial[i] = (1 - w->m->discount) * (t.range[i][1] - t.range[i][0]) <= 1e-9 * size;
    }
    for (int i = 0; i < REWARDS; i++) {
        double span = t.range[i][1] - t.range[i][0], most = t.range[1 - i][1], best[2];
        oracle_range_of_optimal(side[i], 1e-10 * fmax(1, fabs(most)), best);
        bool easy = t.trivial[0] || t.trivial[1];
        t.worst[i] = t.trivial[i] ? 0 : (t.range[i][1] - best[0]) / span;
        t.best[i] = t.trivial[0] || t.trivial[1] ? 0 : (t.range[i][1] - best[1]) / span;
        if (easy)
            t.whole[i] = t.worst[i] = !t.trivial[i];
        else
            t.whole[i] = oracle_worst_case(w->m, w->r[i], w->r[1 - i]) / span;
    }
    sx_policy_uniform(w->m, uniform);
    for (int32_t s = 0; s < w->m->states; s++)
        states[s] = 1.0 / w->m->states;
    oracle_starc(&(oracle_setting){w->m, uniform, states, uniform}, w->table[0], w->table[1],
                 SX_VAL, SX_L2, d);
    t.distance = d[SX_L2];
    free(uniform);
    free(states);
    oracle_returns_free(all);
    return t;
}

static void near(double a, double b, double slack)
{
    if (fabs(a - b) <= slack)
        return;
    print_error("accepted, but false: %.17g, not %.17g\nseed %llu, %s\n", a, b,
                (unsigned long long)study_seed, alteration);
    fail();
}

static double number(json_t *v, const char *path)
{
    return json_number_value(at(v, path));
}

static int which(json_t *v, const char *path)
{
    return strcmp(json_string_value(at(v, path)), reward_names[1]) == 0;
}

static void true_regret(json_t *v, const truth *t)
{
    size_t i;
    json_t *x;
    json_array_foreach(at(v, "rewards"), i, x)
    {
        int a = which(x, "id");
        double size = fmax(1, fmax(fabs(t->range[a][0]), fabs(t->range[a][1])));
        near(number(x, "range/0"), t->range[a][0], 1e-8 * size);
        near(number(x, "range/1"), t->range[a][1], 1e-8 * size);
        assert_int_equal(json_is_true(at(x, "trivial")), t->trivial[a]);
    }
    json_array_foreach(at(v, "pairs"), i, x)
    {
        int a = which(x, "true");
        if (a == which(x, "proxy"))
            continue;
        near(number(x, "regret/optimal_pessimistic"), t->worst[a], 1e-8);
        near(number(x, "regret/optimal_optimistic"), t->best[a], 1e-8);
        near(number(x, "regret/worst_case"), t->whole[a], 1e-8);
        near(number(x, "certificate/primal"), t->whole[a], 1e-8);
        near(number(x, "certificate/dual"), t->whole[a], 1e-8);
        near(number(x, "certificate/gap"), 0, 1.1e-9);
    }
}

static void true_solution(json_t *v, const study *w, const truth *t)
{
    const sx_mdp *m = w->m;
    double slack = 3e-9 * t->scale + 1e-12, *best = oracle_vector(m->states);
    double *pi = oracle_vector(m->pairs), j = oracle_optimal(m, w->r[0], 1, best);
    json_t *x = at(v, "solution");
    near(number(x, "return/0"), j, slack);
    near(number(x, "return/1"), j, slack);
    near(number(x, "gap"), 0, slack);
    near(number(x, "error"), 0, slack);
    for (int32_t s = 0; s < m->states; s++) {
        double action = json_number_value(json_array_get(at(x, "policy"), (size_t)s));
        near(json_number_value(json_array_get(at(x, "values"), (size_t)s)), best[s], slack);
        for (int32_t k = m->pair[s]; k < m->pair[s + 1]; k++)
            pi[k] = m->action[k] == action;
    }
    near(oracle_return(m, pi, w->r[0]), j, slack);
    free(best);
    free(pi);
}

static void still_true(const char *text, int kind, const study *w, const truth *t)
{
    json_t *v = json_loads(text, 0, NULL);
    assert_non_null(v);
    if (kind == 0)
        true_regret(v, t);
    if (kind == 1)
        true_solution(v, w, t);
    if (kind == 2)
        near(number(v, "distances/0/value"), t->distance, 1e-8);
    json_decref(v);
}

/* --- alterations --- */

/* One world and kind, altered n times.  Returns how many were refused. */
static int alter_study(const study *w, const truth *t, int kind, int n)
{
    size_t size, count;
    char *text = certify(kind, &size);
    token *list = find_numbers(text, &count);
    oracle_stream g = oracle_start(w->seed * 3 + (uint64_t)kind);
    int refused = 0;
    still_true(text, kind, w, t);
    for (int i = 0; i < n; i++) {
        char *other = altered(&g, text, list, count);
        write_file(in_folder("c.json"), other, strlen(other));
        if (verify() == 0)
            still_true(other, kind, w, t);
        else
            refused++;
        free(other);
    }
    sx_release(text);
    free(list);
    return refused;
}

static void one_altered_number_is_refused_or_harmless(void **state)
{
    int refused = 0;
    (void)state;
    for (uint64_t i = 0; i < ALTERED_WORLDS; i++) {
        study w = study_new(1000 + i);
        truth t = find_truth(&w);
        refused += alter_study(&w, &t, 0, ALTERATIONS / ALTERED_WORLDS / 2);
        refused += alter_study(&w, &t, 1, ALTERATIONS / ALTERED_WORLDS / 4);
        refused += alter_study(&w, &t, 2, ALTERATIONS / ALTERED_WORLDS / 4);
        study_end(&w);
    }
    assert_true(refused > ALTERATIONS / 2);
}

/* --- other specifications --- */

static void another_specification_is_refused(void **state)
{
    (void)state;
    for (uint64_t seed = 300; seed < 320; seed++)
        for (int kind = 0; kind < 3; kind++) {
            study w = study_new(seed);
            size_t size;
            free(certify(kind, &size));
            char *p = strstr(w.text, "value=\"");
            assert_non_null(p);
            p[7] = p[7] == '-' ? '0' : p[7] == '1' ? '2' : '1'; /* one number of one reward */
            write_file(in_folder("w.xml"), w.text, w.size);
            assert_int_equal(verify(), 1);
            study_end(&w);
            w = study_new(seed + 1);
            assert_int_equal(verify(), 1);
            study_end(&w);
        }
}

/* --- files that are no certificates --- */

static void truncated_files_are_refused(void **state)
{
    (void)state;
    for (int kind = 0; kind < 3; kind++) {
        study w = study_new(400);
        size_t size;
        char *text = certify(kind, &size);
        for (size_t cut = 0; cut + 2 < size; cut += 1 + size / 60) {
            write_file(in_folder("c.json"), text, cut);
            assert_int_equal(verify(), 2);
        }
        sx_release(text);
        study_end(&w);
    }
}

/* Try what the tree root is with member `key` of v, a part of it, gone and of other types. */
static int replace_member(json_t *root, json_t *v, const char *key)
{
    static const char *const instead[] = {"null",   "\"x\"", "{}",     "[]",
                                          "-1e300", "true",  "[[[1]]]"};
    json_t *child = json_incref(json_object_get(v, key));
    int count = sizeof instead / sizeof *instead;
    for (int k = -1; k < count; k++) {
        if (k < 0)
            json_object_del(v, key);
        else
            json_object_set_new(v, key, json_loads(instead[k], JSON_DECODE_ANY, NULL));
        char *text = json_dumps(root, JSON_REAL_PRECISION(17));
        write_file(in_folder("c.json"), text, strlen(text));
        (void)verify(); /* 0, 1 or 2 and no fault: some texts are free */
        free(text);
    }
    json_object_set_new(v, key, child);
    return count;
}

/* Put every value of the tree v, a part of root, to the test. */
static int mutilate(json_t *root, json_t *v)
{
    char keys[32][64];
    int count = 0, calls = 0;
    const char *key;
    json_t *child;
    size_t i;
    json_array_foreach(v, i, child) calls += i < 2 ? mutilate(root, child) : 0;
    json_object_foreach(v, key, child) snprintf(keys[count++], sizeof keys[0], "%s", key);
    for (int k = 0; k < count; k++) {
        calls += replace_member(root, v, keys[k]);
        calls += mutilate(root, json_object_get(v, keys[k]));
    }
    return calls;
}

static void any_value_may_be_missing_or_of_another_type(void **state)
{
    (void)state;
    for (int kind = 0; kind < 3; kind++) {
        study w = study_new(500);
        size_t size;
        char *text = certify(kind, &size);
        json_t *v = json_loads(text, 0, NULL);
        assert_true(mutilate(v, v) > 100);
        json_decref(v);
        sx_release(text);
        study_end(&w);
    }
}

/* The certificate with `from` replaced by `to`. */
static run replaced(const char *text, const char *from, const char *to)
{
    const char *p = strstr(text, from);
    size_t size = strlen(text) + strlen(to) + 1;
    char *copy = calloc(size, 1);
    assert_non_null(p);
    assert_non_null(copy);
    snprintf(copy, size, "%.*s%s%s", (int)(p - text), text, to, p + strlen(from));
    write_file(in_folder("c.json"), copy, strlen(copy));
    free(copy);
    return RUN("verify", in_folder("w.xml"), in_folder("c.json"));
}

static void messages_name_the_place(void **state)
{
    static const struct {
        const char *from, *to, *says;
        int exit;
    } bad[] = {
        {"\"witness\"", "\"witnesses\"", "pairs[0].witness.high.policy: is missing", 2},
        {"\"worst_case\": ", "\"worst_case\": true, \"x\": ", "pairs[0].regret.worst_case", 2},
        {"\"gap\": ", "\"extra\": 1, \"gap\": ", "pairs[0].certificate.extra", 2},
        {"\"potential\": [", "\"potential\": [7, ", "rewards[0].potential: has", 2},
        {"\"potential\": [", "\"potential\": [\"NaN\", ", "rewards[0].potential", 2},
        {"\"lambda\": ", "\"lambda\": 1e301, \"y\": ", "pairs[0].certificate.lambda", 2},
        {"\"lambda\": ", "\"lambda\": 1e999, \"y\": ", "no JSON", 2},
        {"\"kind\": \"regret\"", "\"kind\": \"polygon\"", "kind", 2},
        {"\"format_version\": 1", "\"format_version\": 2", "format_version: is not 1", 2},
        {"\"tolerance\": 1e-9", "\"tolerance\": 1e-8", "tolerance", 1},
        {"\"tolerance\": 1e-9", "\"tolerance\": -1", "negative", 2},
        {"\"proxy\": \"two\"", "\"proxy\": \"three\"", "pairs[0].proxy: names no reward", 2},
        {"\"id\": \"one\"", "\"id\": \"none\"", "does not have", 1},
        {"\"arrays\": {", "\"arrays\": {\"states\": {\"file\": \"../w.xml\", \"sha256\": \"\"}",
         "not beside the certificate", 2},
        {"\"arrays\": {", "\"arrays\": {\"states\": {\"file\": \"w.xml\", \"sha256\": \"\"}",
         "SHA-256", 2},
    };
    size_t size;
    study w = study_new(2001);
    char *text = certify(0, &size);
    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        run r = replaced(text, bad[i].from, bad[i].to);
        CHECK_EXIT(r, bad[i].exit);
        CHECK_SAYS(bad[i].exit == 2 ? r.err : r.out, bad[i].says);
        run_free(r);
    }
    sx_release(text);
    study_end(&w);
}

static void hostile_files_cost_little(void **state)
{
    static const char *const pieces[] = {"[", "[1,", "{\"a\":", "\"", "1", " ", "0,"};
    study w = study_new(600);
    size_t size = (size_t)100 << 20;
    char *text = malloc(size);
    (void)state;
    assert_non_null(text);
    for (size_t i = 0; i < sizeof pieces / sizeof *pieces; i++) {
        size_t n = strlen(pieces[i]), length = i == 0 ? size : (size_t)16 << 20;
        for (size_t k = 0; k < length; k++)
            text[k] = k == 0 ? '[' : pieces[i][k % n];
        write_file(in_folder("c.json"), text, length);
        run r = RUN("verify", in_folder("w.xml"), in_folder("c.json"));
        CHECK_EXIT(r, 2);
        run_free(r);
    }
    free(text);
    study_end(&w);
}

/* --- vectors beside the JSON --- */

/* A world of many states; its regret's vectors are in two .npy files. */
static void write_large(void)
{
    static const char large[] =
        "<mdp version=\"1\" discount=\"0.9\"><random states=\"1200\" actions=\"2\" "
        "successors=\"2\" seed=\"1\"/><reward id=\"one\"><add action=\"0\" value=\"1\"/>"
        "<noise sd=\"1\" seed=\"1\"/></reward><reward id=\"two\"><add value=\"0\"/>"
        "<noise sd=\"1\" seed=\"2\"/></reward></mdp>";
    write_file(in_folder("w.xml"), large, sizeof large - 1);
}

/* Put the hash of new bytes of c.NAME.npy into the certificate. */
static void rehash(char *json, const char *old, const unsigned char *bytes, size_t size)
{
    char hex[65], *p = strstr(json, old);
    assert_non_null(p);
    sx_sha256(bytes, size, hex);
    memcpy(p, hex, 64);
}

static void vectors_in_files_are_checked(void **state)
{
    size_t size, bytes_size;
    int refused = 0;
    (void)state;
    write_large();
    char *json = certify(0, &size);
    assert_int_equal(verify(), 0);
    assert_true(size < 100000);
    oracle_stream g = oracle_start(5);
    for (int i = 0; i < 60; i++) {
        const char *name = i % 2 ? "c.pairs.npy" : "c.states.npy";
        unsigned char *bytes = (unsigned char *)read_file(in_folder(name), &bytes_size), *copy;
        char hex[65], *other = strdup(json);
        double x;
        sx_sha256(bytes, bytes_size, hex);
        copy = malloc(bytes_size);
        memcpy(copy, bytes, bytes_size);
        size_t k = 128 + 8 * (size_t)oracle_below(&g, (int32_t)((bytes_size - 128) / 8));
        memcpy(&x, copy + k, 8);
        x += i % 3 ? 1e-3 : -1e-6;
        memcpy(copy + k, &x, 8);
        write_file(in_folder(name), copy, bytes_size);
        assert_int_equal(verify(), 2); /* another hash */
        rehash(other, hex, copy, bytes_size);
        write_file(in_folder("c.json"), other, strlen(other));
        int exit = verify(); /* no claim was altered: what is accepted is still proved */
        assert_int_not_equal(exit, 2);
        refused += exit == 1;
        write_file(in_folder("c.json"), json, strlen(json));
        write_file(in_folder(name), bytes, bytes_size);
        free(copy);
        free(other);
        sx_release(bytes);
    }
    assert_true(refused >= 50);
    assert_int_equal(verify(), 0);
    assert_int_equal(unlink(in_folder("c.pairs.npy")), 0);
    run r = RUN("verify", in_folder("w.xml"), in_folder("c.json"));
    CHECK_EXIT(r, 2);
    CHECK_SAYS(r.err, "c.pairs.npy");
    run_free(r);
    sx_release(json);
}

static void inputs_are_not_overwritten(void **state)
{
    (void)state;
    study w = study_new(700);
    run r = RUN("solve", in_folder("w.xml"), "--certificate", in_folder("w.xml"));
    CHECK_EXIT(r, 2);
    CHECK_SAYS(r.err, "E512");
    run_free(r);
    study_end(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(certificates_verify),
        cmocka_unit_test(one_altered_number_is_refused_or_harmless),
        cmocka_unit_test(another_specification_is_refused),
        cmocka_unit_test(truncated_files_are_refused),
        cmocka_unit_test(any_value_may_be_missing_or_of_another_type),
        cmocka_unit_test(messages_name_the_place),
        cmocka_unit_test(hostile_files_cost_little),
        cmocka_unit_test(vectors_in_files_are_checked),
        cmocka_unit_test(inputs_are_not_overwritten),
    };
    return cmocka_run_group_tests(tests, make_fast_folder, remove_folder);
}
