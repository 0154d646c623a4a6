/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_consistency.c - the four numbers of a reward against all deterministic policies and a
 * dense projection, and what must not change them. */
#include "tests/consistency_fixture.h"

enum { DRAWS = 3000 };

/* --- projections on the directions of the reachable occupancies --- */

/* Reachable pairs, and the rows of the flow balance: a(k,s) = 1 of a pair of s, less
 * gamma tau(s|k). */
typedef struct space {
    int32_t pairs, states;
    int32_t *pair;  /* [pairs] */
    int32_t *local; /* [S] or -1 */
    long double *a; /* [pairs * states] */
} space;

static void reach(const sx_mdp *m, int32_t *local)
{
    bool more = true;
    for (int32_t s = 0; s < m->states; s++)
        local[s] = m->initial[s] > 0 ? 0 : -1;
    while (more && m->discount > 0) {
        more = false;
        for (int32_t s = 0; s < m->states; s++)
            for (int64_t t = m->first[m->pair[s]];
                 local[s] >= 0 && t < m->first[m->pair[s + 1]]; t++)
                if (local[m->next[t]] < 0) {
                    local[m->next[t]] = 0;
                    more = true;
                }
    }
}

static space space_of(const sx_mdp *m)
{
    space y = {0};
    y.pair = malloc((size_t)m->pairs * sizeof *y.pair);
    y.local = malloc((size_t)m->states * sizeof *y.local);
    reach(m, y.local);
    for (int32_t s = 0; s < m->states; s++) {
        if (y.local[s] < 0)
            continue;
        y.local[s] = y.states++;
        for (int32_t k = m->pair[s]; k < m->pair[s + 1]; k++)
            y.pair[y.pairs++] = k;
    }
    y.a = calloc((size_t)y.pairs * (size_t)y.states, sizeof *y.a);
    for (int32_t i = 0; i < y.pairs; i++) {
        long double *row = y.a + (int64_t)i * y.states;
        int32_t k = y.pair[i];
        for (int32_t s = 0; s < m->states; s++) {
            if (y.local[s] < 0)
                continue;
            row[y.local[s]] += (k >= m->pair[s] && k < m->pair[s + 1]);
            row[y.local[s]] -= (long double)m->discount * oracle_prob(m, k, s);
        }
    }
    return y;
}

static void space_end(space *y)
{
    free(y->pair);
    free(y->local);
    free(y->a);
}

/* x [pairs] less its projection on the columns of a. */
static void project(const space *y, double *x)
{
    int32_t n = y->states;
    long double *gram = calloc((size_t)n * (size_t)n, sizeof *gram);
    long double *b = calloc((size_t)n, sizeof *b);
    for (int32_t i = 0; i < y->pairs; i++)
        for (int32_t s = 0; s < n; s++) {
            const long double *row = y->a + (int64_t)i * n;
            b[s] += row[s] * x[i];
            for (int32_t z = 0; z < n; z++)
                gram[s * n + z] += row[s] * row[z];
        }
    assert_true(oracle_solve(n, gram, b));
    for (int32_t i = 0; i < y->pairs; i++)
        for (int32_t s = 0; s < n; s++)
            x[i] -= (double)(y->a[(int64_t)i * n + s] * b[s]);
    free(gram);
    free(b);
}

static double *projected(const space *y, const double *r)
{
    double *x = oracle_vector(y->pairs);
    for (int32_t i = 0; i < y->pairs; i++)
        x[i] = r[y->pair[i]];
    project(y, x);
    return x;
}

static double dot(const double *u, const double *v, int32_t n)
{
    long double sum = 0;
    for (int32_t i = 0; i < n; i++)
        sum += (long double)u[i] * v[i];
    return (double)sum;
}

static double expected_agreement(const space *y, const double *r, const double *q)
{
    double *u = projected(y, r), *v = projected(y, q);
    int32_t n = y->pairs;
    double cosine = dot(u, v, n) / sqrt(dot(u, u, n) * dot(v, v, n));
    free(u);
    free(v);
    return 1 - acos(fmin(1, fmax(-1, cosine))) / acos(-1);
}

/* --- the four numbers --- */

static double expected_regret(const sx_mdp *m, const double *truth, const double *proxy)
{
    oracle_returns *p = oracle_returns_new(m, truth, proxy);
    oracle_returns *other = oracle_returns_new(m, proxy, truth);
    double all[2], best[2], span = range_of(other);
    oracle_range(p, 0, all);
    oracle_range_of_optimal(p, 1e-9 * span, best);
    oracle_returns_free(p);
    oracle_returns_free(other);
    return span < 1e-7 ? 1 : (all[1] - best[0]) / (all[1] - all[0]);
}

static double expected_distance(const fixture *f, const double *a, const double *b,
                                const sx_measure *q)
{
    const sx_mdp *m = f->m;
    double d[SX_NORMS], *pi = oracle_vector(m->pairs), *states = oracle_vector(m->states);
    for (int32_t s = 0; s < m->states; s++) {
        states[s] = 1.0 / m->states;
        for (int32_t k = m->pair[s]; k < m->pair[s + 1]; k++)
            pi[k] = 1.0 / (m->pair[s + 1] - m->pair[s]);
    }
    oracle_starc(&(oracle_setting){m, pi, states, pi}, a, b, q->canon, q->norm, d);
    free(pi);
    free(states);
    return d[q->metric];
}

static void check_distances(const fixture *f, const sx_measure *q)
{
    for (int i = 0; i < REWARDS; i++) {
        CHECK_NEAR(f->out[i].invariance_error.value,
                   expected_distance(f, f->table[i][0], f->table[i][1], q), 1e-8);
        CHECK_NEAR(f->out[i].distance_to_true.value,
                   expected_distance(f, f->table[TRUTH][1], f->table[i][1], q), 1e-8);
    }
}

static void check_order_numbers(const fixture *f)
{
    const double *truth = f->r[TRUTH][1];
    bool trivial = is_trivial(f->m, truth);
    space y = space_of(f->m);
    for (int i = 0; i < REWARDS; i++) {
        const sx_consistency *x = &f->out[i];
        bool none = trivial || is_trivial(f->m, f->r[i][1]);
        assert_int_equal(x->agreement.reason != NULL, none);
        assert_int_equal(isnan(x->agreement.value), none);
        if (!none)
            CHECK_NEAR(x->agreement.value, expected_agreement(&y, truth, f->r[i][1]), 1e-7);
        CHECK_NEAR(x->regret.value, trivial ? 0 : expected_regret(f->m, truth, f->r[i][1]),
                   1e-7);
        assert_int_equal(x->outcome, SX_SOLVED);
    }
    space_end(&y);
}

static void the_four_numbers_are_what_they_are_called(void **state)
{
    (void)state;
    const sx_measure usual = sx_measure_default();
    for (uint64_t seed = 0; seed < WORLDS; seed++) {
        fixture f = draw(seed);
        measure(&f);
        check_distances(&f, &usual);
        check_order_numbers(&f);
        fixture_end(&f);
    }
}

static void any_measure_can_be_asked_for(void **state)
{
    (void)state;
    const sx_measure all[] = {{SX_DISTANCE_STARC, SX_EPIC, SX_L1, SX_LINF},
                              {SX_DISTANCE_STARC, SX_NONE, SX_WEIGHTED_L2, SX_L1},
                              {SX_DISTANCE_STARC, SX_MINIMAL, SX_L2, SX_WEIGHTED_L1}};
    for (uint64_t seed = 0; seed < 12; seed++) {
        const sx_measure *q = &all[seed % 3];
        fixture f = draw(seed);
        measure_with(&f, q);
        check_distances(&f, q);
        fixture_end(&f);
    }
}

/* --- agreement --- */

static void agreement_of_equal_and_opposite_rewards_is_exact(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < 60; seed++) {
        double sign = seed % 2 ? -1 : 1;
        fixture f = draw(seed);
        set_table(&f, OTHER, 1, sign * (double)(1 << seed % 5), f.table[TRUTH][1]);
        measure(&f);
        if (!is_trivial(f.m, f.r[TRUTH][1])) {
            assert_float_equal(f.out[TRUTH].agreement.value, 1, 0);
            CHECK_NEAR(f.out[OTHER].agreement.value, sign > 0, 1e-12);
            assert_float_equal(f.out[TRUTH].regret.value, 0, 0);
        }
        fixture_end(&f);
    }
}

/* Normal numbers, projected: a direction without preference. */
static double *direction(const space *y, oracle_stream *g)
{
    double *x = oracle_vector(y->pairs);
    for (int32_t i = 0; i < y->pairs; i++)
        x[i] = oracle_normal(g);
    project(y, x);
    return x;
}

static void agreement_is_a_share_of_policy_pairs(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < 8; seed++) {
        fixture f = draw(seed);
        measure(&f);
        space y = space_of(f.m);
        oracle_stream g = oracle_start(seed);
        double *u = projected(&y, f.r[TRUTH][1]), *v = projected(&y, f.r[OTHER][1]);
        int alike = 0;
        for (int i = 0; i < DRAWS && !f.out[OTHER].agreement.reason; i++) {
            double *d = direction(&y, &g);
            alike += (dot(u, d, y.pairs) > 0) == (dot(v, d, y.pairs) > 0);
            free(d);
        }
        if (!f.out[OTHER].agreement.reason)
            assert_true(fabs(alike / (double)DRAWS - f.out[OTHER].agreement.value) <
                        4.5 * 0.5 / sqrt(DRAWS));
        free(u);
        free(v);
        space_end(&y);
        fixture_end(&f);
    }
}

static void angles_are_exact_at_both_ends(void **state)
{
    (void)state;
    const double a[] = {3, 4}, b[] = {-3e-200, -4e-200}, c[] = {4e200, -3e200}, zero[] = {0, 0};
    const double near[] = {3, 4 + 1e-12};
    assert_float_equal(sx_vector_angle(a, a, 2), 0, 0);
    CHECK_NEAR(sx_vector_angle(a, b, 2), acos(-1), 1e-15);
    CHECK_NEAR(sx_vector_angle(a, c, 2), acos(0), 1e-15);
    assert_true(isnan(sx_vector_angle(a, zero, 2)));
    assert_true(isnan(sx_vector_angle(zero, a, 2)));
    assert_true(fabs(sx_vector_angle(a, near, 2) / (3e-12 / 25) - 1) < 1e-3);
}

/* --- what must not change them --- */

static void check_same(const sx_consistency *a, const sx_consistency *b)
{
    CHECK_NEAR(a->invariance_error.value, b->invariance_error.value, 1e-7);
    CHECK_NEAR(a->distance_to_true.value, b->distance_to_true.value, 1e-7);
    CHECK_NEAR(a->regret.value, b->regret.value, 1e-7);
    assert_int_equal(a->agreement.reason != NULL, b->agreement.reason != NULL);
    if (!a->agreement.reason)
        CHECK_NEAR(a->agreement.value, b->agreement.value, 1e-7);
}

static void shaping_and_scale_of_any_version_change_nothing(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < WORLDS; seed++) {
        fixture f = draw(seed), h = draw(seed);
        oracle_stream g = oracle_start(seed + 77);
        for (int i = 0; i < REWARDS; i++)
            for (int k = 0; k < 2; k++)
                shape(&h, h.table[i][k], 0.3 + oracle_uniform(&g), &g);
        measure(&f);
        measure(&h);
        for (int i = 0; i < REWARDS; i++)
            if (is_trivial(f.m, f.r[i][0]) == is_trivial(h.m, h.r[i][0]))
                check_same(&f.out[i], &h.out[i]);
        fixture_end(&f);
        fixture_end(&h);
    }
}

static void swap_tables(double **a, double **b)
{
    double *t = *a;
    *a = *b;
    *b = t;
}

static void roles_are_symmetric_where_they_should_be(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < WORLDS; seed++) {
        fixture f = draw(seed), h = draw(seed), j = draw(seed);
        for (int i = 0; i < REWARDS; i++)
            swap_tables(&h.table[i][0], &h.table[i][1]); /* before and after */
        for (int k = 0; k < 2; k++)
            swap_tables(&j.table[TRUTH][k], &j.table[OTHER][k]); /* true and other */
        measure(&f);
        measure(&h);
        measure(&j);
        for (int i = 0; i < REWARDS; i++)
            CHECK_NEAR(f.out[i].invariance_error.value, h.out[i].invariance_error.value, 1e-12);
        CHECK_NEAR(f.out[OTHER].distance_to_true.value, j.out[OTHER].distance_to_true.value,
                   1e-12);
        if (!f.out[OTHER].agreement.reason)
            CHECK_NEAR(f.out[OTHER].agreement.value, j.out[OTHER].agreement.value, 1e-12);
        fixture_end(&f);
        fixture_end(&h);
        fixture_end(&j);
    }
}

/* --- what is missing --- */

static void a_missing_version_leaves_what_needs_it_out(void **state)
{
    (void)state;
    sx_error err = SX_NO_ERROR;
    static const char why[] = "a state is new";
    sx_consistency_options o = sx_consistency_defaults();
    fixture f = draw(3);
    measure(&f);
    sx_versions v[3] = {{NULL, f.reward[TRUTH][1], why},
                        {NULL, f.reward[OTHER][1], why},
                        {f.reward[OTHER][0], NULL, why}};
    sx_consistency out[3];
    sx_counterfactual *x = NULL;
    sx_order *order = NULL;
    const double *a = NULL;
    CHECK_OK(sx_counterfactual_new(f.m, v, 3, 0, &o, &x, &err));
    CHECK_OK(sx_counterfactual_measure(x, out, &err));
    for (int i = 0; i < 2; i++) {
        assert_ptr_equal(out[i].invariance_error.reason, why);
        assert_true(isnan(out[i].invariance_error.value));
        CHECK_NEAR(out[i].distance_to_true.value, f.out[i].distance_to_true.value, 1e-15);
        CHECK_NEAR(out[i].agreement.value, f.out[i].agreement.value, 1e-15);
        CHECK_NEAR(out[i].regret.value, f.out[i].regret.value, 1e-15);
    }
    assert_ptr_equal(out[2].regret.reason, why);
    assert_ptr_equal(out[2].agreement.reason, why);
    assert_ptr_equal(out[2].distance_to_true.reason, why);
    CHECK_OK(sx_counterfactual_order(x, &order, &err));
    assert_ptr_equal(order->reason, why);
    assert_null(order->high);
    CHECK_OK(sx_counterfactual_advantage(x, 0, false, &a, &err));
    assert_null(a);
    CHECK_OK(sx_counterfactual_advantage(x, 0, true, &a, &err));
    assert_non_null(a);
    sx_order_free(order);
    sx_counterfactual_free(x);
    fixture_end(&f);
}

static void advantages_are_those_of_the_uniform_policy(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < 40; seed++) {
        sx_error err = SX_NO_ERROR;
        fixture f = draw(seed);
        measure(&f);
        const sx_mdp *m = f.m;
        double *pi = oracle_vector(m->pairs), *v = oracle_vector(m->states);
        for (int32_t s = 0; s < m->states; s++)
            for (int32_t k = m->pair[s]; k < m->pair[s + 1]; k++)
                pi[k] = 1.0 / (m->pair[s + 1] - m->pair[s]);
        for (int e = 0; e < 2; e++) {
            const double *a = NULL, *again = NULL, *r = f.r[OTHER][e];
            CHECK_OK(sx_counterfactual_advantage(f.x, OTHER, e, &a, &err));
            CHECK_OK(sx_counterfactual_advantage(f.x, OTHER, e, &again, &err));
            assert_ptr_equal(a, again);
            oracle_values(m, pi, r, v);
            for (int32_t s = 0; s < m->states; s++)
                for (int32_t k = m->pair[s]; k < m->pair[s + 1]; k++) {
                    double q = r[k] - v[s];
                    for (int64_t t = m->first[k]; t < m->first[k + 1]; t++)
                        q += m->discount * m->prob[t] * v[m->next[t]];
                    CHECK_NEAR(a[k], q, 1e-8);
                }
        }
        free(pi);
        free(v);
        fixture_end(&f);
    }
}

static void bad_arguments_are_refused(void **state)
{
    (void)state;
    fixture f = draw(1);
    measure(&f);
    sx_consistency_options o = sx_consistency_defaults();
    sx_counterfactual *x = NULL;
    const double *a = NULL;
    sx_error err = SX_NO_ERROR;
    assert_int_equal(sx_counterfactual_new(f.m, f.versions, 2, 2, &o, &x, &err), SX_EARG);
    assert_null(x);
    err = (sx_error)SX_NO_ERROR;
    assert_int_equal(sx_counterfactual_advantage(f.x, -1, true, &a, &err), SX_EARG);
    err = (sx_error)SX_NO_ERROR;
    o.tolerance = (double)NAN;
    assert_int_equal(sx_counterfactual_new(f.m, f.versions, 2, 0, &o, &x, &err), SX_EARG);
    assert_null(sx_counterfactual_free(NULL));
    assert_null(sx_order_free(NULL));
    fixture_end(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_four_numbers_are_what_they_are_called),
        cmocka_unit_test(any_measure_can_be_asked_for),
        cmocka_unit_test(agreement_of_equal_and_opposite_rewards_is_exact),
        cmocka_unit_test(agreement_is_a_share_of_policy_pairs),
        cmocka_unit_test(angles_are_exact_at_both_ends),
        cmocka_unit_test(shaping_and_scale_of_any_version_change_nothing),
        cmocka_unit_test(roles_are_symmetric_where_they_should_be),
        cmocka_unit_test(a_missing_version_leaves_what_needs_it_out),
        cmocka_unit_test(advantages_are_those_of_the_uniform_policy),
        cmocka_unit_test(bad_arguments_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, tell_seed);
}
