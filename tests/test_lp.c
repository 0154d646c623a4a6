/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_lp.c - answers of linear programs are optimal as all vertices or weak duality say,
 * impossible ones are recognised, and GLPK cannot end the process. */
#include "tests/check.h"
#include "tests/oracle_mdp.h"

#include "solvers/lp_int.h"

#include <glpk.h>
#include <stdlib.h>

static sx_lp *make(int32_t rows, int32_t cols)
{
    sx_error err = SX_NO_ERROR;
    sx_lp *lp = NULL;
    CHECK_OK(sx_lp_new(rows, cols, (int64_t)rows * cols, &lp, &err));
    return lp;
}

/* Append entries to row i, which follows row i-1. */
static void set_row(sx_lp *lp, int32_t i, const double *a, double lo, double hi)
{
    int64_t t = lp->start[i];
    for (int32_t j = 0; j < lp->cols; j++) {
        if (a[j] == 0)
            continue;
        lp->col[t] = j;
        lp->coef[t++] = a[j];
    }
    lp->start[i + 1] = t;
    lp->row_lo[i] = lo;
    lp->row_hi[i] = hi;
}

/* min or max c.x, A x <= b, 0 <= x <= 10, small integers; feasible at 0 when b >= 0. */
static sx_lp *random_lp(uint64_t seed, int32_t rows, int32_t cols)
{
    oracle_stream g = oracle_start(seed);
    assert_true(cols <= 8);
    sx_lp *lp = make(rows, cols);
    lp->maximise = seed % 2;
    for (int32_t j = 0; j < cols; j++) {
        lp->cost[j] = oracle_below(&g, 11) - 5;
        lp->col_hi[j] = 10;
    }
    for (int32_t i = 0; i < rows; i++) {
        double a[8] = {0};
        for (int32_t j = 0; j < cols && j < 8; j++)
            a[j] = oracle_below(&g, 3) ? oracle_below(&g, 9) - 4 : 0;
        double b = oracle_below(&g, 12) - 2;
        set_row(lp, i, a, oracle_below(&g, 8) ? -INFINITY : b, b);
    }
    return lp;
}

static double row_at(const sx_lp *lp, int32_t i, int32_t j)
{
    for (int64_t t = lp->start[i]; t < lp->start[i + 1]; t++)
        if (lp->col[t] == j)
            return lp->coef[t];
    return 0;
}

/* The hyperplanes a.x = b that bound the problem: rows from above and below, then columns. */
static bool plane(const sx_lp *lp, int32_t which, long double *a, long double *b)
{
    bool upper = which % 2;
    int32_t i = which / 2;
    for (int32_t j = 0; j < lp->cols; j++)
        a[j] = i < lp->rows ? row_at(lp, i, j) : i - lp->rows == j;
    *b = i < lp->rows ? (upper ? lp->row_hi[i] : lp->row_lo[i])
                      : (upper ? lp->col_hi[i - lp->rows] : lp->col_lo[i - lp->rows]);
    return fabsl(*b) < INFINITY;
}

static bool feasible(const sx_lp *lp, const long double *x)
{
    for (int32_t j = 0; j < lp->cols; j++)
        if (x[j] < lp->col_lo[j] - 1e-12L || x[j] > lp->col_hi[j] + 1e-12L)
            return false;
    for (int32_t i = 0; i < lp->rows; i++) {
        long double sum = 0;
        for (int32_t j = 0; j < lp->cols; j++)
            sum += row_at(lp, i, j) * x[j];
        if (sum < lp->row_lo[i] - 1e-12L || sum > lp->row_hi[i] + 1e-12L)
            return false;
    }
    return true;
}

/* Best objective over all vertices with `from` planes chosen up to `depth`; NAN: none. */
static void vertices(const sx_lp *lp, int32_t depth, int32_t from, int32_t *chosen,
                     double *best)
{
    int32_t n = lp->cols, planes = 2 * (lp->rows + n);
    if (depth < n) {
        for (int32_t i = from; i < planes; i++) {
            chosen[depth] = i;
            vertices(lp, depth + 1, i + 1, chosen, best);
        }
        return;
    }
    long double a[16], x[4], value = 0;
    for (int32_t i = 0; i < n; i++)
        if (!plane(lp, chosen[i], a + (ptrdiff_t)i * n, x + i))
            return;
    if (!oracle_solve(n, a, x))
        return;
    for (int32_t j = 0; j < n; j++)
        if (!(fabsl(x[j]) < 1e6L)) /* parallel planes, up to rounding */
            return;
    if (!feasible(lp, x))
        return;
    for (int32_t j = 0; j < n; j++)
        value += lp->cost[j] * x[j];
    bool better = lp->maximise ? value > *best : value < *best;
    if (isnan(*best) || better)
        *best = (double)value;
}

static void test_vertices(void **state)
{
    (void)state;
    int optimal = 0, infeasible = 0;
    for (uint64_t seed = 1; seed <= 300; seed++) {
        sx_error err = SX_NO_ERROR;
        int32_t chosen[4];
        double best = NAN;
        sx_lp *lp = random_lp(seed, 1 + (int32_t)(seed % 4), 1 + (int32_t)(seed / 2 % 3));
        vertices(lp, 0, 0, chosen, &best);
        for (int flip = 0; flip < 2; flip++) {
            sx_lp_solution *s = NULL;
            CHECK_OK(sx_lp_solve(lp, flip ? SX_LP_DUAL_FLIP : SX_LP_PRIMAL, 1e-9, &s, &err));
            if (isnan(best)) {
                assert_int_equal(s->outcome, SX_LP_INFEASIBLE);
                assert_true(isnan(s->objective) && isnan(s->x[0]));
                infeasible++;
            } else {
                assert_int_equal(s->outcome, SX_LP_OPTIMAL);
                CHECK_NEAR(s->objective, best, 1e-11);
                optimal++;
            }
            sx_lp_solution_free(s);
        }
        sx_lp_free(lp);
    }
    assert_true(optimal > 100 && infeasible > 10);
}

/* max c.x, A x <= b, x >= 0 with A, b, c > 0: y >= 0 with A'y >= c proves c.x <= b.y. */
static void test_weak_duality(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 40; seed++) {
        sx_error err = SX_NO_ERROR;
        oracle_stream g = oracle_start(seed);
        enum { ROWS = 30, COLS = 50 };
        sx_lp *lp = make(ROWS, COLS);
        sx_lp_solution *s = NULL;
        double slack[COLS], most = 0;
        lp->maximise = true;
        for (int32_t j = 0; j < COLS; j++)
            lp->cost[j] = slack[j] = 0.1 + oracle_uniform(&g);
        for (int32_t i = 0; i < ROWS; i++) {
            double a[COLS];
            for (int32_t j = 0; j < COLS; j++)
                a[j] = 0.01 + (oracle_below(&g, 3) ? 0 : oracle_uniform(&g));
            set_row(lp, i, a, -INFINITY, 1 + oracle_uniform(&g));
        }
        CHECK_OK(sx_lp_solve(lp, seed % 2 ? SX_LP_PRIMAL : SX_LP_DUAL_FLIP, 1e-9, &s, &err));
        assert_int_equal(s->outcome, SX_LP_OPTIMAL);
        double primal = 0, dual = 0;
        for (int32_t i = 0; i < ROWS; i++) {
            double sum = 0;
            for (int32_t j = 0; j < COLS; j++) {
                sum += row_at(lp, i, j) * s->x[j];
                slack[j] -= s->dual[i] * row_at(lp, i, j);
            }
            assert_true(sum <= lp->row_hi[i] + 1e-9 && s->dual[i] >= -1e-9);
            dual += s->dual[i] * lp->row_hi[i];
        }
        for (int32_t j = 0; j < COLS; j++) {
            assert_true(s->x[j] >= -1e-9);
            primal += s->x[j] * lp->cost[j];
            most = fmax(most, slack[j]);
        }
        assert_true(most <= 1e-9);
        CHECK_NEAR(primal, dual, 1e-10);
        CHECK_NEAR(primal, s->objective, 1e-13);
        assert_true(s->gap <= 1e-9 && s->primal_violation <= 1e-9);
        sx_lp_solution_free(s);
        sx_lp_free(lp);
    }
}

static sx_lp_outcome outcome_of(const sx_lp *lp, sx_lp_algorithm algorithm, double *objective)
{
    sx_error err = SX_NO_ERROR;
    sx_lp_solution *s = NULL;
    CHECK_OK(sx_lp_solve(lp, algorithm, 1e-9, &s, &err));
    sx_lp_outcome outcome = s->outcome;
    *objective = s->objective;
    sx_lp_solution_free(s);
    return outcome;
}

static void test_special(void **state)
{
    (void)state;
    static const double both[] = {1, 1}, none[] = {0, 0}, apart[] = {1, -1};
    for (int i = 0; i < 2; i++) {
        sx_lp_algorithm how = i ? SX_LP_DUAL_FLIP : SX_LP_PRIMAL;
        double z = 0;
        sx_lp *lp = make(2, 2); /* x - y <= 1, x, y >= 0, max x: y follows x for ever */
        lp->maximise = true;
        lp->cost[0] = 1;
        set_row(lp, 0, apart, -INFINITY, 1);
        set_row(lp, 1, none, -3, 5); /* an empty row */
        assert_int_equal(outcome_of(lp, how, &z), SX_LP_UNBOUNDED);
        assert_true(isnan(z));
        lp->maximise = false;
        assert_int_equal(outcome_of(lp, how, &z), SX_LP_OPTIMAL);
        CHECK_NEAR(z, 0, 1e-15);
        lp->row_lo[1] = 2; /* 0 >= 2 */
        assert_int_equal(outcome_of(lp, how, &z), SX_LP_INFEASIBLE);
        lp->row_lo[1] = 6; /* bounds the wrong way round */
        assert_int_equal(outcome_of(lp, how, &z), SX_LP_INFEASIBLE);
        sx_lp_free(lp);
        lp = make(3, 2); /* degenerate: three planes meet in one point of the plane */
        lp->maximise = true;
        lp->cost[0] = lp->cost[1] = 1;
        static const double first[] = {1, 0}, second[] = {0, 1};
        set_row(lp, 0, both, -INFINITY, 2);
        set_row(lp, 1, first, -INFINITY, 1);
        set_row(lp, 2, second, -INFINITY, 1);
        assert_int_equal(outcome_of(lp, how, &z), SX_LP_OPTIMAL);
        CHECK_NEAR(z, 2, 1e-14);
        lp->col_lo[0] = -INFINITY; /* and free columns, equalities */
        lp->row_lo[0] = lp->row_hi[0] = -7;
        assert_int_equal(outcome_of(lp, how, &z), SX_LP_OPTIMAL);
        CHECK_NEAR(z, -7, 1e-14);
        sx_lp_free(lp);
        lp = make(0, 1); /* no rows */
        lp->cost[0] = 2;
        lp->col_lo[0] = -4;
        assert_int_equal(outcome_of(lp, how, &z), SX_LP_OPTIMAL);
        CHECK_NEAR(z, -8, 1e-14);
        sx_lp_free(lp);
    }
}

static void refused(const sx_lp *lp, double tolerance)
{
    sx_error err = SX_NO_ERROR;
    sx_lp_solution *s = NULL;
    assert_int_equal(sx_lp_solve(lp, SX_LP_PRIMAL, tolerance, &s, &err), SX_EARG);
    assert_null(s);
    assert_true(err.msg[0] != 0);
}

static void test_bad_problems(void **state)
{
    (void)state;
    static const double both[] = {1, 1};
    sx_error err = SX_NO_ERROR;
    sx_lp *lp = make(1, 2);
    set_row(lp, 0, both, 0, 1);
    refused(lp, 0);
    refused(lp, NAN);
    lp->coef[1] = NAN;
    refused(lp, 1e-9);
    lp->coef[1] = 1;
    lp->col[1] = 0;
    refused(lp, 1e-9);
    lp->col[1] = 2;
    refused(lp, 1e-9);
    lp->col[1] = 1;
    lp->cost[0] = INFINITY;
    refused(lp, 1e-9);
    lp->cost[0] = 0;
    lp->row_lo[0] = NAN;
    refused(lp, 1e-9);
    lp->row_lo[0] = INFINITY;
    refused(lp, 1e-9);
    sx_lp_free(lp);
    assert_int_equal(sx_lp_new(1, 0, 0, &lp, &err), SX_EARG);
    assert_null(lp);
}

/* The measures notice what is wrong with an answer. */
static void test_measure(void **state)
{
    (void)state;
    sx_error err = SX_NO_ERROR;
    static const double both[] = {1, 1};
    sx_lp *lp = make(1, 2); /* max x + 2y, x + y <= 4: 8 at (0,4) with multiplier 2 */
    double x[] = {0, 4}, y[] = {2};
    sx_lp_solution s = {.x = x, .dual = y};
    lp->maximise = true;
    lp->cost[0] = 1;
    lp->cost[1] = 2;
    set_row(lp, 0, both, -INFINITY, 4);
    CHECK_OK(sx_lp_measure(lp, &s, &err));
    assert_true(s.primal_violation == 0 && s.dual_violation == 0 && s.gap == 0);
    assert_true(s.objective == 8);
    x[1] = 3;
    CHECK_OK(sx_lp_measure(lp, &s, &err));
    assert_true(s.primal_violation == 0 && s.gap == 2);
    x[1] = 5;
    CHECK_OK(sx_lp_measure(lp, &s, &err));
    assert_true(s.primal_violation == 1);
    x[1] = 4;
    y[0] = 1.5;
    CHECK_OK(sx_lp_measure(lp, &s, &err));
    assert_true(s.dual_violation == 0.5);
    y[0] = -1;
    CHECK_OK(sx_lp_measure(lp, &s, &err));
    assert_true(s.dual_violation >= 1);
    x[0] = NAN;
    CHECK_OK(sx_lp_measure(lp, &s, &err));
    assert_true(s.primal_violation == INFINITY && s.gap == INFINITY);
    sx_lp_free(lp);
}

/* glp_add_rows of a negative count calls GLPK's error handler, which aborts by default. */
static void misuse(void *arg)
{
    int *reached = arg;
    glp_prob *p = glp_create_prob();
    glp_add_cols(p, 5);
    glp_add_rows(p, -1);
    *reached = 1;
    glp_delete_prob(p);
}

static void test_fence(void **state)
{
    (void)state;
    for (int i = 0; i < 200; i++) {
        sx_error err = SX_NO_ERROR;
        int reached = 0;
        double z = 0;
        assert_int_equal(sx_i_glpk_fenced(misuse, &reached, &err), SX_ELIB);
        assert_int_equal(reached, 0);
        assert_non_null(strstr(err.msg, "glp_add_rows"));
        sx_lp *lp = random_lp(2, 3, 3);
        assert_true(outcome_of(lp, SX_LP_PRIMAL, &z) != SX_LP_FAILED); /* works on after it */
        sx_lp_free(lp);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_vertices), cmocka_unit_test(test_weak_duality),
        cmocka_unit_test(test_special),  cmocka_unit_test(test_bad_problems),
        cmocka_unit_test(test_measure),  cmocka_unit_test(test_fence),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
