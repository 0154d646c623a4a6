/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_sparse.c - factors solve, least squares solve the normal equations, as dense
 * elimination in long double says. */
#include "tests/check.h"
#include "tests/oracle_mdp.h"

#include "solvers/solvers_int.h"

#include <math.h>
#include <omp.h>
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

/* Conjugate gradients come to the same. */
static void normal_case(const sx_matrix *a, const double *b, const long double *expected)
{
    sx_error err = SX_NO_ERROR;
    sx_normal *q = NULL;
    double *g = oracle_vector(a->cols), *x = oracle_vector(a->cols);
    CHECK_OK(sx_normal_new(a, &q, &err));
    sx_matrix_transposed_times(a, b, g);
    CHECK_OK(sx_normal_solve(q, g, x, 1e-13, 1000, &err));
    for (int32_t j = 0; j < a->cols; j++)
        CHECK_NEAR(x[j], (double)expected[j], 1e-7);
    sx_normal_free(q);
    free(g);
    free(x);
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
        normal_case(a, b, expected);
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

/* gamma P - I of all pairs. */
static sx_matrix *shaping_matrix(const sx_mdp *m)
{
    sx_error err = SX_NO_ERROR;
    sx_matrix *a = NULL;
    int64_t at = 0;
    CHECK_OK(sx_matrix_new(m->pairs, m->states, m->entries + m->pairs, &a, &err));
    for (int32_t s = 0; s < m->states; s++)
        for (int32_t k = m->pair[s]; k < m->pair[s + 1]; k++) {
            bool own = false;
            for (int64_t t = m->first[k]; t < m->first[k + 1] || !own; t++) {
                bool more = t < m->first[k + 1];
                if (!own && (!more || m->next[t] >= s)) {
                    own = true;
                    a->col[at] = s;
                    a->value[at++] = -1;
                }
                if (!more)
                    break;
                if (at > a->start[k] && a->col[at - 1] == m->next[t])
                    a->value[at - 1] += m->discount * m->prob[t];
                else {
                    a->col[at] = m->next[t];
                    a->value[at++] = m->discount * m->prob[t];
                }
            }
            a->start[k + 1] = at;
        }
    return a;
}

/* A'A has a condition number of 1e8. */
static void test_least_squares_shaping(void **state)
{
    (void)state;
    sx_error err = SX_NO_ERROR;
    sx_mdp *m = oracle_grid(7, 0.9999);
    sx_matrix *a = shaping_matrix(m);
    int32_t n = m->states;
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

static double norm_of(const double *x, int32_t n)
{
    double sum = 0;
    for (int32_t i = 0; i < n; i++)
        sum += x[i] * x[i];
    return sqrt(sum);
}

/* On a grid of 8100 cells the preconditioner is symmetric, positive, and good enough for 40
 * steps to 1e-10, which take thousands without it. */
static void test_multigrid(void **state)
{
    (void)state;
    sx_error err = SX_NO_ERROR;
    sx_mdp *m = oracle_grid(90, 0.99);
    sx_matrix *a = shaping_matrix(m);
    int32_t n = m->states;
    sx_normal *q = NULL;
    double *u = oracle_rewards(m, 1, 0), *v = oracle_rewards(m, 2, 0);
    double *mu = oracle_vector(n), *mv = oracle_vector(n), *x = oracle_vector(n);
    double uv = 0, vu = 0, uu = 0;
    CHECK_OK(sx_normal_new(a, &q, &err));
    assert_true(q->h && q->multigrid && !q->transposed);
    CHECK_OK(sx_normal_precondition(q, u, mu, &err));
    CHECK_OK(sx_normal_precondition(q, v, mv, &err));
    for (int32_t i = 0; i < n; i++) {
        uv += u[i] * mv[i];
        vu += v[i] * mu[i];
        uu += u[i] * mu[i];
    }
    CHECK_NEAR(uv, vu, 1e-9 * uu);
    assert_true(uu > 0);
    CHECK_OK(sx_normal_solve(q, u, x, 1e-300, 40, &err));
    sx_normal_times(q, x, mu);
    for (int32_t i = 0; i < n; i++)
        mu[i] -= u[i];
    assert_true(norm_of(mu, n) < 1e-10 * norm_of(u, n));
    sx_normal_free(q);
    sx_matrix_free(a);
    free(u);
    free(v);
    free(mu);
    free(mv);
    free(x);
    oracle_world_free(m);
}

/* max |A'(b - A x)|, in plain sums. */
static double gradient_of(const sx_matrix *a, const double *b, const double *x)
{
    double *g = oracle_vector(a->cols), most = 0;
    for (int32_t i = 0; i < a->rows; i++) {
        double r = b[i];
        for (int64_t t = a->start[i]; t < a->start[i + 1]; t++)
            r -= a->value[t] * x[a->col[t]];
        for (int64_t t = a->start[i]; t < a->start[i + 1]; t++)
            g[a->col[t]] += a->value[t] * r;
    }
    for (int32_t j = 0; j < a->cols; j++)
        most = !(fabs(g[j]) <= most) ? fabs(g[j]) : most;
    free(g);
    return most;
}

/* Too many columns to factor: a grid by multigrid, a world that mixes by the diagonal, and one
 * where A'A is singular to working precision by LSMR.  One thread or two make the same bits. */
static void test_many_columns(void **state)
{
    (void)state;
    for (int kind = 0; kind < 3; kind++) {
        sx_error err = SX_NO_ERROR;
        sx_mdp *m = kind == 0   ? oracle_grid(200, 0.99)
                    : kind == 1 ? oracle_expander(33000, 2, 0.99, 5)
                                : oracle_expander(33000, 1, 1 - 1e-10, 5);
        sx_matrix *a = shaping_matrix(m);
        double *b = oracle_rewards(m, 3, 0), *x[2], residual[2];
        for (int i = 0; i < 2; i++) {
            sx_least_squares *f = NULL;
            x[i] = oracle_vector(a->cols);
            omp_set_num_threads(1 + i);
            CHECK_OK(sx_least_squares_new(a, &f, &err));
            CHECK_OK(sx_least_squares_solve(f, b, x[i], &residual[i], &err));
            sx_least_squares_free(f);
        }
        assert_memory_equal(x[0], x[1], (size_t)a->cols * sizeof *b);
        CHECK_NEAR(residual[0], gradient_of(a, b, x[0]), kind < 2 ? 1e-12 : 1e-6);
        assert_true(residual[0] <= (kind < 2 ? 1e-12 : 1e-6));
        free(x[0]);
        free(x[1]);
        free(b);
        sx_matrix_free(a);
        oracle_world_free(m);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_lu),
        cmocka_unit_test(test_lu_refuses),
        cmocka_unit_test(test_least_squares),
        cmocka_unit_test(test_least_squares_shaping),
        cmocka_unit_test(test_multigrid),
        cmocka_unit_test(test_many_columns),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
