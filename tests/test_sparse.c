/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_sparse.c - factors solve, least squares solve the normal equations, as dense
 * elimination in long double says. */
#include "tests/check.h"
#include "tests/oracle_mdp.h"

#include "solvers/solvers_int.h"

#include <stdlib.h>

/* A random matrix with about `per_row` entries a row; square ones get a large diagonal. */
static sx_matrix *random_matrix(int32_t rows, int32_t cols, int32_t per_row, uint64_t seed)
{
    sx_error err = SX_NO_ERROR;
    sx_matrix *a = NULL;
    oracle_stream g = oracle_start(seed);
    CHECK_OK(sx_matrix_new(rows, cols, (int64_t)rows * cols, &a, &err));
    for (int32_t i = 0; i < rows; i++) {
        int64_t t = a->start[i];
        for (int32_t j = 0; j < cols; j++) {
            bool diagonal = i % cols == j;
            if (!diagonal && oracle_below(&g, cols) >= per_row)
                continue;
            a->col[t] = j;
            a->value[t++] = oracle_normal(&g) + (diagonal ? 3 : 0);
        }
        a->start[i + 1] = t;
    }
    return a;
}

static long double *dense(const sx_matrix *a, bool transposed)
{
    long double *d = calloc((size_t)a->rows * (size_t)a->cols, sizeof *d);
    for (int32_t i = 0; i < a->rows; i++)
        for (int64_t t = a->start[i]; t < a->start[i + 1]; t++) {
            int32_t j = a->col[t];
            d[transposed ? j * a->rows + i : i * a->cols + j] = a->value[t];
        }
    return d;
}

static void lu_case(uint64_t seed)
{
    sx_error err = SX_NO_ERROR;
    int32_t n = 1 + (int32_t)(seed * 7 % 40);
    sx_matrix *a = random_matrix(n, n, 4, seed);
    sx_lu *f = NULL;
    CHECK_OK(sx_lu_new(a, 100000, &f, &err));
    for (int transposed = 0; transposed < 2; transposed++) {
        long double *d = dense(a, transposed), *b = calloc((size_t)n, sizeof *b);
        double *x = oracle_vector(n);
        oracle_stream g = oracle_start(seed + 99);
        for (int32_t i = 0; i < n; i++)
            b[i] = x[i] = oracle_normal(&g);
        assert_true(oracle_solve(n, d, b));
        if (transposed)
            CHECK_OK(sx_lu_solve_transposed(f, x, &err));
        else
            CHECK_OK(sx_lu_solve(f, x, &err));
        for (int32_t i = 0; i < n; i++)
            CHECK_NEAR(x[i], (double)b[i], 1e-10);
        free(d);
        free(b);
        free(x);
    }
    sx_lu_free(f);
    sx_matrix_free(a);
}

static void test_lu(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 80; seed++)
        lu_case(seed);
}

static void test_lu_refuses(void **state)
{
    (void)state;
    sx_error err = SX_NO_ERROR;
    sx_lu *f = NULL;
    sx_matrix *a = random_matrix(30, 30, 30, 5);
    assert_int_equal(sx_lu_new(a, 100, &f, &err), SX_ELIMIT);
    assert_null(f);
    for (int64_t t = a->start[3]; t < a->start[4]; t++)
        a->value[t] = 0;
    err = (sx_error)SX_NO_ERROR;
    assert_int_equal(sx_lu_new(a, 100000, &f, &err), SX_ELIB);
    assert_non_null(strstr(err.msg, "singular"));
    assert_null(f);
    sx_matrix_free(a);
    a = random_matrix(4, 3, 2, 5);
    err = (sx_error)SX_NO_ERROR;
    assert_int_equal(sx_lu_new(a, 100000, &f, &err), SX_EARG);
    sx_matrix_free(a);
}

/* x by dense normal equations in long double. */
static void dense_least_squares(const sx_matrix *a, const double *b, long double *x)
{
    int32_t n = a->cols;
    long double *d = dense(a, false), *h = calloc((size_t)n * (size_t)n, sizeof *h);
    for (int32_t j = 0; j < n; j++)
        x[j] = 0;
    for (int32_t i = 0; i < a->rows; i++)
        for (int32_t j = 0; j < n; j++) {
            x[j] += d[i * n + j] * b[i];
            for (int32_t l = 0; l < n; l++)
                h[j * n + l] += d[i * n + j] * d[i * n + l];
        }
    assert_true(oracle_solve(n, h, x));
    free(d);
    free(h);
}

static void least_squares_case(uint64_t seed)
{
    sx_error err = SX_NO_ERROR;
    int32_t n = 1 + (int32_t)(seed * 5 % 23), rows = n + (int32_t)(seed * 11 % 50);
    sx_matrix *a = random_matrix(rows, n, 3, seed);
    sx_least_squares *f = NULL;
    oracle_stream g = oracle_start(seed + 7);
    double *b = oracle_vector(rows), *x = oracle_vector(n), residual = 0;
    double *work = oracle_vector(2 * rows + 4 * n);
    long double *expected = calloc((size_t)n, sizeof *expected);
    CHECK_OK(sx_least_squares_new(a, &f, &err));
    for (int twice = 0; twice < 2; twice++) {
        for (int32_t i = 0; i < rows; i++)
            b[i] = oracle_normal(&g);
        CHECK_OK(sx_least_squares_solve(f, b, x, &residual, &err));
        dense_least_squares(a, b, expected);
        for (int32_t j = 0; j < n; j++)
            CHECK_NEAR(x[j], (double)expected[j], 1e-13);
        assert_true(residual <= 1e-12);
        sx_i_lsmr(a, b, x, 1000, work);
        for (int32_t j = 0; j < n; j++)
            CHECK_NEAR(x[j], (double)expected[j], 1e-8);
    }
    sx_least_squares_free(f);
    sx_matrix_free(a);
    free(b);
    free(x);
    free(work);
    free(expected);
}

static void test_least_squares(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 60; seed++)
        least_squares_case(seed);
}

/* Rows gamma P - I of a world near discount 1: A'A has a condition number of 1e8. */
static void test_least_squares_shaping(void **state)
{
    (void)state;
    sx_error err = SX_NO_ERROR;
    sx_mdp *m = oracle_grid(7, 0.9999);
    sx_matrix *a = NULL;
    int32_t n = m->states;
    CHECK_OK(sx_matrix_new(m->pairs, n, m->entries + m->pairs, &a, &err));
    int64_t at = 0;
    for (int32_t s = 0; s < n; s++)
        for (int32_t k = m->pair[s]; k < m->pair[s + 1]; k++) {
            for (int32_t j = 0; j < n; j++) {
                double p = m->discount * oracle_prob(m, k, j) - (j == s);
                if (p == 0)
                    continue;
                a->col[at] = j;
                a->value[at++] = p;
            }
            a->start[k + 1] = at;
        }
    double *b = oracle_rewards(m, 1, 0), *x = oracle_vector(n), residual = 0;
    long double *expected = calloc((size_t)n, sizeof *expected);
    sx_least_squares *f = NULL;
    dense_least_squares(a, b, expected);
    CHECK_OK(sx_least_squares_new(a, &f, &err));
    CHECK_OK(sx_least_squares_solve(f, b, x, &residual, &err));
    for (int32_t j = 0; j < n; j++)
        CHECK_NEAR(x[j], (double)expected[j], 1e-10);
    sx_least_squares_free(f);
    sx_matrix_free(a);
    free(b);
    free(x);
    free(expected);
    oracle_world_free(m);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_lu),
        cmocka_unit_test(test_lu_refuses),
        cmocka_unit_test(test_least_squares),
        cmocka_unit_test(test_least_squares_shaping),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
