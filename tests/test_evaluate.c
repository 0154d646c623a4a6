/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_evaluate.c - values and occupancies are those of dense elimination in long double,
 * within the bounds they come with. */
#include "tests/check.h"
#include "tests/oracle_mdp.h"

#include "solvers/solvers_int.h"

#include <omp.h>
#include <stdlib.h>

static double largest(const double *x, int32_t n)
{
    double most = 0;
    for (int32_t i = 0; i < n; i++)
        most = fmax(most, fabs(x[i]));
    return most;
}

/* |a - b| everywhere at most tol. */
static void check_close(const double *a, const double *b, int32_t n, double tol, uint64_t seed)
{
    for (int32_t i = 0; i < n; i++)
        if (!(fabs(a[i] - b[i]) <= tol))
            fail_msg("seed %llu, %d: %.17g is not %.17g within %g", (unsigned long long)seed, i,
                     a[i], b[i], tol);
}

/* The oracle itself rounds in long double: eps_long / (1-gamma) relative. */
static void values_case(sx_mdp *m, uint64_t seed)
{
    sx_error err = SX_NO_ERROR;
    sx_evaluator *e = NULL;
    int32_t n = m->states;
    double *pi = oracle_policy(m, seed), *v = oracle_vector(n), *expected = oracle_vector(n);
    double *x = oracle_vector(m->pairs), *flow = oracle_vector(m->pairs), bound, residual;
    CHECK_OK(sx_evaluator_new(m, pi, &e, &err));
    for (uint64_t index = 0; index < 2; index++) {
        double *r = oracle_rewards(m, seed, index);
        CHECK_OK(sx_evaluator_values(e, r, v, &bound, &err));
        oracle_values(m, pi, r, expected);
        double scale = largest(expected, n);
        assert_true(bound <= (1e-15 + 1e-17 / (1 - m->discount)) * scale);
        check_close(v, expected, n, bound + (1e-15 + 2e-18 / (1 - m->discount)) * scale, seed);
        free(r);
    }
    CHECK_OK(sx_evaluator_occupancy(e, NULL, x, &residual, &err));
    oracle_occupancy(m, pi, NULL, flow);
    double short_of = 1 - m->discount, relative = 1e-15 + 2e-18 / short_of;
    assert_true(residual <= 1e-15 / short_of);
    check_close(x, flow, m->pairs, relative / short_of, seed);
    sx_evaluator_free(e);
    free(pi);
    free(v);
    free(expected);
    free(x);
    free(flow);
}

static void test_random(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 300; seed++) {
        sx_mdp *m = oracle_world(seed);
        values_case(m, seed);
        m->discount = 0.9999;
        values_case(m, seed);
        oracle_world_free(m);
    }
}

static void test_choice(void **state)
{
    (void)state;
    sx_error err = SX_NO_ERROR;
    for (uint64_t seed = 1; seed <= 100; seed++) {
        sx_mdp *m = oracle_world(seed);
        int32_t n = m->states, *choice = calloc((size_t)n, sizeof *choice);
        double *r = oracle_rewards(m, seed, 0), *pi = oracle_vector(m->pairs), bound;
        double *v = oracle_vector(n), *expected = oracle_vector(n);
        sx_evaluator *e = NULL;
        oracle_first(m, choice);
        for (uint64_t i = 0; i < seed; i++)
            oracle_next(m, choice);
        oracle_pure(m, choice, pi);
        oracle_values(m, pi, r, expected);
        CHECK_OK(sx_evaluator_choice(m, choice, &e, &err));
        CHECK_OK(sx_evaluator_values(e, r, v, &bound, &err));
        check_close(v, expected, n, bound + 1e-15 * largest(expected, n), seed);
        sx_evaluator_free(e);
        choice[0] = m->pairs;
        assert_int_equal(sx_evaluator_choice(m, choice, &e, &err), SX_EARG);
        assert_null(e);
        free(r);
        free(pi);
        free(v);
        free(expected);
        free(choice);
        oracle_world_free(m);
    }
}

/* Largest |r + gamma P v - v| of the uniform policy, in long double from the data. */
static double uniform_residual(const sx_mdp *m, const double *r, const double *v)
{
    long double most = 0;
    for (int32_t s = 0; s < m->states; s++) {
        long double d = 0;
        for (int32_t k = m->pair[s]; k < m->pair[s + 1]; k++) {
            long double q = r[k];
            for (int64_t t = m->first[k]; t < m->first[k + 1]; t++)
                q += (long double)m->discount * m->prob[t] * v[m->next[t]];
            d += q / (m->pair[s + 1] - m->pair[s]);
        }
        most = fmaxl(most, fabsl(d - v[s]));
    }
    return (double)most;
}

/* Large worlds: every way of solving is met by one of them. */
static void large_case(sx_mdp *m, uint64_t seed)
{
    sx_error err = SX_NO_ERROR;
    sx_evaluator *e = NULL;
    double *pi = oracle_vector(m->pairs), *r = oracle_rewards(m, seed, 0);
    double *v = oracle_vector(m->states), *x = oracle_vector(m->pairs), bound, residual, j = 0;
    for (int32_t k = 0; k < m->pairs; k++)
        pi[k] = 0.25;
    CHECK_OK(sx_evaluator_new(m, pi, &e, &err));
    CHECK_OK(sx_evaluator_values(e, r, v, &bound, &err));
    double scale = largest(v, m->states), short_of = 1 - m->discount;
    assert_true(uniform_residual(m, r, v) <= 1e-15 * scale);
    assert_true(bound <= 1e-12 * scale);
    CHECK_OK(sx_evaluator_occupancy(e, NULL, x, &residual, &err));
    assert_true(residual <= 1e-12);
    for (int32_t s = 0; s < m->states; s++)
        j += m->initial[s] * v[s];
    assert_true(fabs(sx_dot(x, r, m->pairs) - j) <=
                bound + residual * m->states * largest(r, m->pairs) / short_of);
    sx_evaluator_free(e);
    free(pi);
    free(r);
    free(v);
    free(x);
    oracle_world_free(m);
}

static void test_large(void **state)
{
    (void)state;
    large_case(oracle_expander(5000, 6, 0.999, 3), 4);
    large_case(oracle_grid(40, 0.999), 5);
    large_case(oracle_grid(60, 0.9999), 7);
}

static void test_one_state(void **state)
{
    (void)state;
    sx_error err = SX_NO_ERROR;
    sx_mdp *m = oracle_grid(1, 0.9999);
    double pi[] = {0.5, 0.5, 0, 0}, r[] = {1, 3, 9, 9}, v, x[4], bound, residual;
    sx_evaluator *e = NULL;
    CHECK_OK(sx_evaluator_new(m, pi, &e, &err));
    CHECK_OK(sx_evaluator_values(e, r, &v, &bound, &err));
    CHECK_NEAR(v, 2 / (1 - m->discount), 1e-15);
    CHECK_OK(sx_evaluator_occupancy(e, NULL, x, &residual, &err));
    CHECK_NEAR(x[1], 0.5 / (1 - m->discount), 1e-15);
    r[1] = NAN;
    assert_int_equal(sx_evaluator_values(e, r, &v, &bound, &err), SX_EARG);
    sx_evaluator_free(e);
    pi[0] = 0.6;
    err = (sx_error)SX_NO_ERROR;
    assert_int_equal(sx_evaluator_new(m, pi, &e, &err), SX_EARG);
    assert_null(e);
    pi[1] = NAN;
    assert_int_equal(sx_evaluator_new(m, pi, &e, &err), SX_EARG);
    oracle_world_free(m);
}

static void test_threads(void **state)
{
    (void)state;
    sx_error err = SX_NO_ERROR;
    sx_mdp *m = oracle_grid(363, 0.5);
    double *pi = oracle_policy(m, 1), *r = oracle_rewards(m, 1, 0), bound;
    double *v[2] = {oracle_vector(m->states), oracle_vector(m->states)};
    double *x[2] = {oracle_vector(m->pairs), oracle_vector(m->pairs)};
    for (int i = 0; i < 2; i++) {
        sx_evaluator *e = NULL;
        omp_set_num_threads(i + 1);
        CHECK_OK(sx_evaluator_new(m, pi, &e, &err));
        CHECK_OK(sx_evaluator_values(e, r, v[i], &bound, &err));
        CHECK_OK(sx_evaluator_occupancy(e, NULL, x[i], &bound, &err));
        sx_evaluator_free(e);
    }
    assert_memory_equal(v[0], v[1], (size_t)m->states * sizeof **v);
    assert_memory_equal(x[0], x[1], (size_t)m->pairs * sizeof **x);
    for (int i = 0; i < 2; i++) {
        free(v[i]);
        free(x[i]);
    }
    free(pi);
    free(r);
    oracle_world_free(m);
}

/* Sweeps x <- d + A x of a system with as many modes as the extrapolation has unknowns end
 * in its solution at once. */
static void test_extrapolation(void **state)
{
    (void)state;
    sx_error err = SX_NO_ERROR;
    sx_i_trail t;
    enum { N = 40 };
    double out[N];
    CHECK_OK(sx_i_trail_new(N, &t, &err));
    for (int i = 0; i < SX_I_DEPTH + 2; i++) {
        for (int32_t s = 0; s < N; s++) {
            double rate = 0.9 - 0.3 * (s % SX_I_DEPTH), d = 1 + s % 7;
            out[s] = d / (1 - rate);
            sx_i_trail_at(&t, i)[s] = i ? d + rate * sx_i_trail_at(&t, i - 1)[s] : sin(7 * s);
        }
    }
    t.newest = SX_I_DEPTH + 1;
    double expected[N];
    memcpy(expected, out, sizeof out);
    assert_true(sx_i_extrapolate(&t, out));
    for (int32_t s = 0; s < N; s++)
        CHECK_NEAR(out[s], expected[s], 1e-5);
    for (int i = 0; i < SX_I_DEPTH + 2; i++)
        t.x[i][3] = NAN;
    assert_false(sx_i_extrapolate(&t, out));
    sx_i_trail_free(&t);
}

/* Krylov steps and sweeps reach the same; a target of 0 ends at the limit. */
static void test_linear(void **state)
{
    (void)state;
    sx_error err = SX_NO_ERROR;
    sx_mdp *m = oracle_grid(20, 0.99);
    int32_t n = m->states, *choice = calloc((size_t)n, sizeof *choice);
    double *d = oracle_rewards(m, 5, 0), *work = oracle_vector((int64_t)n * SX_I_KRYLOV_ROOM);
    double *e = oracle_vector(n), *f = oracle_vector(n);
    int64_t sweeps = 0;
    sx_matrix *p = NULL;
    CHECK_OK(sx_i_chain_room(m, &p, &err));
    oracle_first(m, choice);
    sx_i_chain_choice(m, choice, p);
    sx_i_system y = {p, m->discount, d};
    double span = sx_i_sweeps(&y, e, work, 1e-11, 100000, &sweeps);
    assert_true(span <= 1e-11 && sweeps < 5000);
    double left = sx_i_krylov(&y, f, work, 1e-12, 2000, &sweeps);
    assert_true(left <= 1e-9);
    for (int32_t s = 0; s < n; s++)
        CHECK_NEAR(e[s], f[s], 1e-7);
    sweeps = 0;
    sx_i_sweeps(&y, e, work, 0, 7, &sweeps);
    assert_int_equal(sweeps, 7);
    sx_matrix_free(p);
    free(choice);
    free(d);
    free(work);
    free(e);
    free(f);
    oracle_world_free(m);
}

static void test_dot(void **state)
{
    (void)state;
    int32_t n = 2200000; /* more than one group of blocks */
    double *x = oracle_vector(n), *y = oracle_vector(n), sums[2];
    for (int32_t i = 0; i < n; i++) {
        x[i] = sin(i);
        y[i] = 1 + cos(3 * i);
    }
    for (int i = 0; i < 2; i++) {
        omp_set_num_threads(i + 1);
        sums[i] = sx_i_dot(x, y, n);
    }
    assert_true(sums[0] == sums[1]);
    assert_true(fabs(sums[0] - sx_dot(x, y, n)) <= 1e-9);
    free(x);
    free(y);
    double a[] = {1e16, 1, -1e16, 3}, b[] = {1, 1, 1, 0.1};
    assert_true(sx_dot(a, b, 4) == 1 + 3 * 0.1);
    assert_true(sx_dot(a, b, 0) == 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_random),  cmocka_unit_test(test_choice),
        cmocka_unit_test(test_large),   cmocka_unit_test(test_one_state),
        cmocka_unit_test(test_threads), cmocka_unit_test(test_extrapolation),
        cmocka_unit_test(test_linear),  cmocka_unit_test(test_dot),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
