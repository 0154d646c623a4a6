/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_control.c - every method finds what trying all policies finds, inside the interval
 * that it returns. */
#include "tests/check.h"
#include "tests/oracle_mdp.h"

#include "solvers/control.h"

#include <omp.h>
#include <stdlib.h>

static double largest(const double *x, int32_t n)
{
    double most = 0;
    for (int32_t i = 0; i < n; i++)
        most = fmax(most, fabs(x[i]));
    return most;
}

/* Q of pair k for values v, in long double. */
static long double pair_value(const sx_mdp *m, const double *r, int32_t k, const double *v)
{
    long double q = r[k];
    for (int64_t t = m->first[k]; t < m->first[k + 1]; t++)
        q += (long double)m->discount * m->prob[t] * v[m->next[t]];
    return q;
}

/* The oracle rounds in long double: this is what its numbers may be off by, relatively. */
static double oracle_error(const sx_mdp *m)
{
    return 1e-15 + 1e-17 / (1 - m->discount);
}

static void solve_case(const sx_mdp *m, const double *r, const sx_method *method, int sign,
                       uint64_t seed)
{
    sx_error err = SX_NO_ERROR;
    sx_solution *s = NULL;
    sx_solve_options o = sx_solve_defaults();
    o.method = method;
    o.direction = sign > 0 ? SX_MAXIMISE : SX_MINIMISE;
    double *v = oracle_vector(m->states), *pi = oracle_vector(m->pairs);
    double best = oracle_optimal(m, r, sign, v), scale = largest(v, m->states);
    double slip = oracle_error(m) * scale;
    CHECK_OK(sx_solve(m, r, &o, &s, &err));
    if (!(s->lo <= best + slip && best - slip <= s->hi))
        fail_msg("seed %llu, %s: %.17g is not in [%.17g, %.17g]", (unsigned long long)seed,
                 s->method, best, s->lo, s->hi);
    if (!(s->hi - s->lo <= fmax(1e-12, slip) * fmax(1, scale)))
        fail_msg("seed %llu, %s: width %g at %g", (unsigned long long)seed, s->method,
                 s->hi - s->lo, scale);
    for (int32_t i = 0; i < m->states; i++) {
        assert_true(fabs(s->value[i] - v[i]) <= s->value_error + slip);
        assert_true(m->pair[i] <= s->choice[i] && s->choice[i] < m->pair[i + 1]);
    }
    oracle_pure(m, s->choice, pi);
    double got = oracle_return(m, pi, r);
    assert_true(sign * (best - got) <= s->hi - s->lo + slip);
    assert_true(method == NULL || strcmp(method->name, s->method) == 0);
    sx_solution_free(s);
    free(v);
    free(pi);
}

static void test_methods(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 300; seed++) {
        sx_mdp *m = oracle_world(seed);
        double *r = oracle_rewards(m, seed, 0);
        for (int i = 0; sx_methods[i]; i++)
            solve_case(m, r, sx_methods[i], seed % 2 ? 1 : -1, seed);
        solve_case(m, r, NULL, seed % 2 ? -1 : 1, seed);
        free(r);
        oracle_world_free(m);
    }
}

static void test_near_one(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 60; seed++) {
        sx_mdp *m = oracle_world(seed);
        double *r = oracle_rewards(m, seed, 0);
        m->discount = 0.9999;
        for (int i = 0; sx_methods[i]; i++)
            solve_case(m, r, sx_methods[i], 1, seed);
        free(r);
        oracle_world_free(m);
    }
}

/* Integer rewards, all pairs compared with all policies by hand. */
static void test_ties(void **state)
{
    (void)state;
    sx_error err = SX_NO_ERROR;
    for (uint64_t seed = 3; seed <= 600; seed += 3) {
        sx_mdp *m = oracle_world(seed);
        double *r = oracle_rewards(m, seed, 0), *v = oracle_vector(m->states);
        unsigned char *optimal = calloc((size_t)m->pairs, 1);
        sx_solve_options o = sx_solve_defaults();
        sx_solution *s = NULL;
        int sign = seed % 2 ? 1 : -1;
        o.direction = sign > 0 ? SX_MAXIMISE : SX_MINIMISE;
        oracle_optimal(m, r, sign, v);
        CHECK_OK(sx_solve(m, r, &o, &s, &err));
        double slack = 1e-9 * fmax(1, largest(v, m->states));
        int32_t count = sx_solution_ties(m, r, &o, s, slack, optimal);
        for (int32_t i = 0; i < m->states; i++)
            for (int32_t k = m->pair[i]; k < m->pair[i + 1]; k++) {
                double below = sign * (v[i] - (double)pair_value(m, r, k, v));
                assert_true(optimal[k] ? below <= 2 * slack : below >= 0.5 * slack);
                count -= optimal[k];
            }
        assert_int_equal(count, 0);
        sx_solution_free(s);
        free(optimal);
        free(v);
        free(r);
        oracle_world_free(m);
    }
}

/* Only allowed pairs: what trying the policies that use only those finds. */
static void test_allowed(void **state)
{
    (void)state;
    sx_error err = SX_NO_ERROR;
    for (uint64_t seed = 1; seed <= 100; seed++) {
        sx_mdp *m = oracle_world(seed);
        oracle_stream g = oracle_start(seed);
        double *r = oracle_rewards(m, seed, 0), *v = oracle_vector(m->states);
        unsigned char *allowed = calloc((size_t)m->pairs, 1);
        for (int32_t i = 0; i < m->states; i++)
            for (int32_t k = m->pair[i]; k < m->pair[i + 1]; k++)
                allowed[k] = k == m->pair[i] || oracle_below(&g, 2);
        double best = oracle_optimal_among(m, r, 1, allowed, v);
        for (int i = 0; sx_methods[i]; i++) {
            sx_solve_options o = sx_solve_defaults();
            sx_solution *s = NULL;
            o.allowed = allowed;
            o.method = sx_methods[i];
            CHECK_OK(sx_solve(m, r, &o, &s, &err));
            double slip = oracle_error(m) * fmax(1, largest(v, m->states));
            if (!(s->lo <= best + slip && best - slip <= s->hi))
                fail_msg("seed %llu, %s: %.17g is not in [%.17g, %.17g]",
                         (unsigned long long)seed, s->method, best, s->lo, s->hi);
            for (int32_t j = 0; j < m->states; j++)
                assert_true(allowed[s->choice[j]]);
            assert_int_equal(s->outcome, SX_SOLVED);
            sx_solution_free(s);
        }
        free(r);
        free(v);
        free(allowed);
        oracle_world_free(m);
    }
}

/* On worlds too large to try: the interval contains what another method proves, the return
 * of the policy is inside it, and it is as narrow as asked. */
static void check_large(sx_mdp *m, double tolerance, bool zero_one)
{
    sx_error err = SX_NO_ERROR;
    sx_solution *s[2] = {NULL, NULL};
    double *r = oracle_rewards(m, 1, 0);
    for (int32_t k = 0; zero_one && k < m->pairs; k++)
        r[k] = m->absorbing[k / 4] ? 0 : -1;
    for (int i = 0; i < 2; i++) {
        sx_solve_options o = sx_solve_defaults();
        o.tolerance = tolerance;
        o.method = sx_methods[i];
        CHECK_OK(sx_solve(m, r, &o, &s[i], &err));
        assert_int_equal(s[i]->outcome, SX_SOLVED);
        assert_true(s[i]->hi - s[i]->lo <= tolerance);
    }
    assert_true(s[0]->lo <= s[1]->hi && s[1]->lo <= s[0]->hi);
    for (int32_t i = 0; i < m->states; i++) {
        long double best = -HUGE_VALL;
        for (int32_t k = m->pair[i]; k < m->pair[i + 1]; k++)
            best = fmaxl(best, pair_value(m, r, k, s[0]->value));
        assert_true(fabsl(best - s[0]->value[i]) <= 2 * s[0]->value_error);
        assert_true(fabs(s[0]->value[i] - s[1]->value[i]) <=
                    s[0]->value_error + s[1]->value_error);
    }
    for (int i = 0; i < 2; i++)
        sx_solution_free(s[i]);
    free(r);
    oracle_world_free(m);
}

static void test_large(void **state)
{
    (void)state;
    check_large(oracle_grid(30, 0.99), 1e-8, false);
    check_large(oracle_grid(40, 0.9999), 1e-8, true);
    check_large(oracle_expander(700, 5, 0.999, 1), 1e-8, false);
}

static void test_grid_near_one(void **state)
{
    (void)state;
    sx_error err = SX_NO_ERROR;
    sx_mdp *m = oracle_grid(100, 0.9999);
    double *r = oracle_vector(m->pairs);
    for (int32_t k = 0; k < m->pairs; k++)
        r[k] = m->absorbing[k / 4] ? 0 : -1;
    sx_solve_options o = sx_solve_defaults();
    sx_solution *s = NULL;
    CHECK_OK(sx_solve(m, r, &o, &s, &err));
    assert_true(s->hi - s->lo <= 1e-9);
    sx_solution_free(s);
    free(r);
    oracle_world_free(m);
}

/* A tolerance below rounding is not reached, is said not to be, and costs little. */
static void test_rounding(void **state)
{
    (void)state;
    sx_error err = SX_NO_ERROR;
    sx_mdp *m = oracle_expander(2000, 5, 0.99, 2);
    double *r = oracle_rewards(m, 2, 0);
    for (int i = 0; i < 2; i++) {
        sx_solve_options o = sx_solve_defaults();
        sx_solution *s = NULL;
        o.tolerance = 1e-300;
        o.method = sx_methods[0];
        CHECK_OK(sx_solve(m, r, &o, &s, &err));
        assert_int_equal(s->outcome, SX_ROUNDING);
        assert_true(s->hi - s->lo > 0 && s->hi - s->lo <= 1e-9);
        assert_true(s->sweeps < 2000);
        s = sx_solution_free(s);
        o.max_sweeps = 3;
        o.tolerance = 1e-9;
        CHECK_OK(sx_solve(m, r, &o, &s, &err));
        assert_int_equal(s->outcome, SX_STOPPED);
        assert_true(s->hi - s->lo > 1e-9 && s->hi - s->lo < INFINITY);
        sx_solution_free(s);
    }
    free(r);
    oracle_world_free(m);
}

/* Stopped at any point the interval holds, also where rows sum to 1 only within 1e-9. */
static void early_case(const sx_mdp *m, const double *r, int64_t limit, uint64_t seed)
{
    sx_error err = SX_NO_ERROR;
    double *v = oracle_vector(m->states);
    double best = oracle_optimal(m, r, 1, v), slip = oracle_error(m) * largest(v, m->states);
    for (int i = 0; sx_methods[i]; i++) {
        sx_solve_options o = sx_solve_defaults();
        sx_solution *s = NULL;
        o.method = sx_methods[i];
        o.max_sweeps = limit;
        CHECK_OK(sx_solve(m, r, &o, &s, &err));
        if (!(s->lo <= best + slip && best - slip <= s->hi))
            fail_msg("seed %llu, %s, %lld sweeps: %.17g is not in [%.17g, %.17g]",
                     (unsigned long long)seed, s->method, (long long)limit, best, s->lo, s->hi);
        for (int32_t j = 0; j < m->states; j++)
            assert_true(fabs(s->value[j] - v[j]) <= s->value_error + slip);
        sx_solution_free(s);
    }
    free(v);
}

static void test_early(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 100; seed++) {
        sx_mdp *m = oracle_world(seed);
        double *r = oracle_rewards(m, seed, 0);
        oracle_stream g = oracle_start(seed);
        early_case(m, r, 1 + (int64_t)seed % 7, seed);
        for (int32_t k = 0; k < m->pairs; k++) {
            double sum = 1 + 1e-9 * (oracle_uniform(&g) - 0.5);
            for (int64_t t = m->first[k]; t < m->first[k + 1]; t++)
                m->prob[t] *= sum;
        }
        early_case(m, r, 1 + (int64_t)seed % 7, seed);
        for (int32_t k = 0; k < m->pairs; k++)
            r[k] = seed % 2 ? 1 : -1; /* only the sums of the rows matter now */
        early_case(m, r, 1 + (int64_t)seed % 3, seed);
        free(r);
        oracle_world_free(m);
    }
}

static void test_degenerate_worlds(void **state)
{
    (void)state;
    sx_error err = SX_NO_ERROR;
    sx_mdp *m = oracle_grid(1, 0.9999); /* one absorbing state */
    double r[] = {1, 3, -2, 3};
    for (int i = 0; sx_methods[i]; i++) {
        sx_solve_options o = sx_solve_defaults();
        sx_solution *s = NULL;
        o.method = sx_methods[i];
        CHECK_OK(sx_solve(m, r, &o, &s, &err));
        CHECK_NEAR(s->lo, 3 / (1 - m->discount), 1e-13);
        CHECK_NEAR(s->hi, 3 / (1 - m->discount), 1e-13);
        s = sx_solution_free(s);
        m->discount = 0;
        o.direction = SX_MINIMISE;
        CHECK_OK(sx_solve(m, r, &o, &s, &err));
        CHECK_NEAR(s->hi, -2, 1e-15);
        assert_int_equal(s->choice[0], 2);
        sx_solution_free(s);
        m->discount = 0.9999;
    }
    oracle_world_free(m);
}

static void refused(const sx_mdp *m, const double *r, const sx_solve_options *o)
{
    sx_error err = SX_NO_ERROR;
    sx_solution *s = NULL;
    assert_int_equal(sx_solve(m, r, o, &s, &err), SX_EARG);
    assert_null(s);
    assert_true(err.msg[0] != 0);
}

static void test_bad_options(void **state)
{
    (void)state;
    sx_mdp *m = oracle_grid(2, 0.9);
    double *r = oracle_vector(m->pairs), *warm = oracle_vector(m->states);
    unsigned char allowed[16] = {1, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1};
    sx_solve_options o = sx_solve_defaults();
    o.tolerance = 0;
    refused(m, r, &o);
    o.tolerance = NAN;
    refused(m, r, &o);
    o = sx_solve_defaults();
    o.max_sweeps = 0;
    refused(m, r, &o);
    o = sx_solve_defaults();
    o.allowed = allowed;
    refused(m, r, &o);
    o = sx_solve_defaults();
    o.warm = warm;
    warm[1] = NAN;
    refused(m, r, &o);
    o.warm = NULL;
    r[5] = INFINITY;
    refused(m, r, &o);
    assert_null(sx_method_find("simplex"));
    assert_ptr_equal(sx_method_find("policy-iteration"), sx_methods[1]);
    free(r);
    free(warm);
    oracle_world_free(m);
}

static void test_threads(void **state)
{
    (void)state;
    sx_error err = SX_NO_ERROR;
    sx_mdp *worlds[] = {oracle_grid(363, 0.5), oracle_expander(132000, 4, 0.5, 1)};
    for (int w = 0; w < 2; w++) {
        sx_mdp *m = worlds[w];
        double *r = oracle_rewards(m, 1, 0);
        sx_solution *s[2] = {NULL, NULL};
        for (int i = 0; i < 2; i++) {
            sx_solve_options o = sx_solve_defaults();
            omp_set_num_threads(i + 1);
            CHECK_OK(sx_solve(m, r, &o, &s[i], &err));
        }
        assert_true(s[0]->lo == s[1]->lo && s[0]->hi == s[1]->hi);
        assert_memory_equal(s[0]->value, s[1]->value, (size_t)m->states * sizeof(double));
        assert_memory_equal(s[0]->choice, s[1]->choice, (size_t)m->states * sizeof(int32_t));
        sx_solution_free(s[0]);
        sx_solution_free(s[1]);
        free(r);
        oracle_world_free(m);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_methods),
        cmocka_unit_test(test_near_one),
        cmocka_unit_test(test_ties),
        cmocka_unit_test(test_allowed),
        cmocka_unit_test(test_large),
        cmocka_unit_test(test_grid_near_one),
        cmocka_unit_test(test_rounding),
        cmocka_unit_test(test_early),
        cmocka_unit_test(test_degenerate_worlds),
        cmocka_unit_test(test_bad_options),
        cmocka_unit_test(test_threads),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
