/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_cli_dual.c - certificates of minimal forms in the l1 and linf kinds: they verify; their
 * vectors are what duality says, by the textbook program; what is altered in any one number is
 * refused or still true. */
#include "tests/cli_alter.h"
#include "tests/cli_json.h"
#include "tests/cli_study.h"
#include "tests/textbook_lp.h"

enum { WORLDS = 150, DUAL_WORLDS = 40, ALTERED_WORLDS = 5, ALTERATIONS = 250 };

static const char *const canons[] = {"minimal", "minimal-potential"};
static const char *const norms[] = {"l1", "linf", "weighted-l1", "weighted-linf"};
static const sx_norm norm_of[] = {SX_L1, SX_LINF, SX_WEIGHTED_L1, SX_WEIGHTED_LINF};

static int verify(void)
{
    run r = RUN("verify", in_folder("w.xml"), in_folder("c.json"));
    int exit = r.exit;
    if (exit > 2)
        print_error("seed %llu: exit %d\n%s%s\n", (unsigned long long)study_seed, exit, r.out,
                    r.err);
    run_free(r);
    return exit;
}

static void every_combination_is_proved(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= WORLDS; seed++) {
        study w = study_new(seed);
        run r =
            RUN("distance", in_folder("w.xml"), "--all", "--certificate", in_folder("c.json"));
        if (r.exit)
            print_error("seed %llu, discount %g: %s\n", (unsigned long long)seed, w.m->discount,
                        r.err);
        CHECK_EXIT(r, 0);
        run_free(r);
        assert_int_equal(verify(), 0);
        study_end(&w);
    }
}

/* --- what the vectors say, by the definitions --- */

/* Numbers of form that may be spread over two vectors: owned by the caller. */
static double *numbers(json_t *form, const char *key, int32_t n)
{
    double *x = oracle_vector(n);
    json_t *list = at(form, key);
    assert_int_equal((int)json_array_size(list), n);
    for (int32_t i = 0; i < n; i++)
        x[i] = json_number_value(json_array_get(list, (size_t)i));
    return x;
}

/* max_j |sum_i y_i row_ij| */
static double largest_column(const plain *p, const double *y)
{
    double most = 0;
    for (int32_t j = 0; j < p->n; j++) {
        long double sum = 0;
        for (int32_t i = 0; i < p->terms; i++)
            sum += (long double)y[i] * p->row[(int64_t)i * p->n + j];
        most = fmax(most, fabs((double)sum));
    }
    return most;
}

/* y is in the unit ball of the dual norm. */
static void in_the_ball(const plain *p, const double *y, bool largest)
{
    double sum = 0, most = 0;
    for (int32_t i = 0; i < p->terms; i++) {
        sum += fabs(y[i]) / p->weight[i];
        most = fmax(most, fabs(y[i]) / p->weight[i]);
    }
    CHECK_NEAR(largest ? sum : fmax(most, 1), 1, 1e-9);
}

/* The form that its potential makes, and its norm. */
static double shaped(const plain *p, json_t *form, bool largest, double *e)
{
    double *phi = numbers(form, "potential", p->n), sum = 0, most = 0;
    for (int32_t i = 0; i < p->terms; i++) {
        e[i] = p->value[i] - json_number_value(at(form, "constant"));
        for (int32_t j = 0; j < p->n; j++)
            e[i] += p->row[(int64_t)i * p->n + j] * phi[j];
        sum += p->weight[i] * fabs(e[i]);
        most = fmax(most, p->weight[i] * fabs(e[i]));
    }
    free(phi);
    return largest ? most : sum;
}

/* The dual proves the textbook's minimum; the centre is a subgradient that the squares balance.
 */
static void check_form(const study *w, json_t *form, int canon, int norm)
{
    sx_canon c = canon ? SX_MINIMAL_POTENTIAL : SX_MINIMAL;
    bool largest = is_largest(norm_of[norm]);
    const double *table = w->table[!strcmp(json_string_value(at(form, "reward")), "two")];
    plain p = plain_make(w->m, table, c, norm_of[norm]);
    double *y = numbers(form, "dual", p.terms), *g = numbers(form, "centre", p.terms);
    double *e = oracle_vector(p.terms), value = 0, product = 0, length = 0;
    double size = shaped(&p, form, largest, e), weight = json_number_value(at(form, "weight"));
    sx_lp *lp = textbook(&p, norm_of[norm]);
    CHECK_NEAR(solve(lp, study_seed), size, 1e-7);
    CHECK_NEAR(largest_column(&p, y), 0, 1e-12);
    in_the_ball(&p, y, largest);
    for (int32_t i = 0; i < p.terms; i++) {
        value += y[i] * p.value[i];
        product += g[i] * e[i];
        length += fabs(g[i]) / p.weight[i];
        if (!largest && fabs(e[i]) > 1e-9 * size)
            g[i] = copysign(p.weight[i], e[i]); /* it is not looked at */
        g[i] += weight * p.square[i] * e[i];
    }
    CHECK_NEAR(value / size, 1, 1e-9);
    CHECK_NEAR(product / (size * (largest ? length : 1)), 1, 1e-9);
    CHECK_NEAR(largest_column(&p, g), 0, 1e-12);
    sx_lp_free(lp);
    free(y);
    free(g);
    free(e);
    plain_free(&p);
}

static void certify(int canon, int norm)
{
    run r = RUN("distance", in_folder("w.xml"), "--canon", canons[canon], "--norm", norms[norm],
                "--metric", norms[norm], "--certificate", in_folder("c.json"));
    CHECK_EXIT(r, 0);
    run_free(r);
}

static void vectors_are_dual(void **state)
{
    int checked = 0;
    (void)state;
    for (uint64_t i = 0; i < DUAL_WORLDS * UINT64_C(8); i++) {
        int canon = (int)(i % 2), norm = (int)(i / 2 % 4);
        study w = study_new(400 + i / 8);
        certify(canon, norm);
        json_t *v = json_load_file(in_folder("c.json"), 0, NULL), *form;
        size_t k;
        json_array_foreach(at(v, "forms"), k, form)
        {
            if (!json_object_get(form, "dual"))
                continue;
            check_form(&w, form, canon, norm);
            checked++;
        }
        json_decref(v);
        study_end(&w);
    }
    assert_true(checked > DUAL_WORLDS * 10);
}

/* --- alterations --- */

static double stated(void)
{
    json_t *v = json_load_file(in_folder("c.json"), 0, NULL);
    double value = json_number_value(at(v, "distances/0/value"));
    json_decref(v);
    return value;
}

/* How many of n alterations of one number are refused; the others change nothing. */
static int alter_certificate(uint64_t seed, int n)
{
    size_t size, count;
    char *text = read_file(in_folder("c.json"), &size);
    token *list = find_numbers(text, &count);
    oracle_stream g = oracle_start(seed);
    double value = stated();
    int refused = 0;
    for (int i = 0; i < n; i++) {
        char *other = altered(&g, text, list, count);
        write_file(in_folder("c.json"), other, strlen(other));
        int exit = verify();
        if (!exit && !(fabs(stated() - value) <= 1e-8))
            print_error("accepted: %.17g, not %.17g\nseed %llu, %s\n", stated(), value,
                        (unsigned long long)study_seed, alteration);
        assert_true(exit == 1 || exit == 2 || fabs(stated() - value) <= 1e-8);
        refused += exit != 0;
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
    for (uint64_t i = 0; i < ALTERED_WORLDS * UINT64_C(8); i++) {
        study w = study_new(1000 + i / 8);
        certify((int)(i % 2), (int)(i / 2 % 4));
        assert_int_equal(verify(), 0);
        refused += alter_certificate(i, ALTERATIONS);
        study_end(&w);
    }
    assert_true(refused > ALTERATIONS * ALTERED_WORLDS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_combination_is_proved),
        cmocka_unit_test(vectors_are_dual),
        cmocka_unit_test(one_altered_number_is_refused_or_harmless),
    };
    return cmocka_run_group_tests(tests, make_fast_folder, remove_folder);
}
