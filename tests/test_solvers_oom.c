/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_solvers_oom.c - when any one allocation fails, a solver answers SX_EMEM, returns
 * nothing, and loses nothing (the sanitizers watch). */
#include "mdp/random.h"
#include "solvers/control.h"
#include "solvers/evaluate.h"
#include "solvers/lp.h"
#include "solvers/solvers_int.h"
#include "tests/starve.h"

static sx_mdp *m;
static double r[120], pi[120], x[120], v[40];

static sx_status job_values(sx_error *err)
{
    sx_evaluator *e = NULL;
    double bound;
    sx_status st = sx_evaluator_new(m, pi, &e, err);
    if (!st)
        st = sx_evaluator_values(e, r, v, &bound, err);
    if (!st)
        st = sx_evaluator_occupancy(e, NULL, x, &bound, err);
    sx_evaluator_free(e);
    return st;
}

static const sx_method *method;

static sx_status job_solve(sx_error *err)
{
    sx_solution *s = NULL;
    sx_solve_options o = sx_solve_defaults();
    o.method = method;
    o.direction = SX_MINIMISE;
    sx_status st = sx_solve(m, r, &o, &s, err);
    assert_true((s != NULL) == (st == SX_OK));
    sx_solution_free(s);
    return st;
}

/* min sum x, x_i + x_{i+1} >= 1. */
static sx_status job_lp(sx_error *err)
{
    sx_lp *lp = NULL;
    sx_lp_solution *s = NULL;
    sx_status st = sx_lp_new(3, 4, 6, &lp, err);
    for (int32_t i = 0; !st && i < 3; i++) {
        lp->start[i + 1] = 2 * (int64_t)(i + 1);
        lp->row_lo[i] = 1;
        for (int32_t j = 0; j < 2; j++) {
            lp->cost[i + j] = 1;
            lp->col[2 * i + j] = i + j;
            lp->coef[2 * i + j] = 1;
        }
    }
    if (!st)
        st = sx_lp_solve(lp, SX_LP_PRIMAL, 1e-9, &s, err);
    assert_true((s != NULL) == (st == SX_OK));
    assert_true(!s || (s->outcome == SX_LP_OPTIMAL && fabs(s->objective - 2) < 1e-12));
    sx_lp_solution_free(s);
    sx_lp_free(lp);
    return st;
}

static sx_status job_least_squares(sx_error *err)
{
    sx_matrix *a = NULL;
    sx_least_squares *f = NULL;
    double residual, b[] = {1, 2, 3};
    sx_status st = sx_matrix_new(3, 2, 4, &a, err);
    for (int32_t t = 0; !st && t < 4; t++) {
        a->col[t] = t % 2;
        a->value[t] = 1 + t;
        a->start[t < 2 ? 1 : t] = t < 2 ? 2 : t + 1;
    }
    if (!st)
        st = sx_least_squares_new(a, &f, err);
    if (!st)
        st = sx_least_squares_solve(f, b, v, &residual, err);
    sx_least_squares_free(f);
    sx_matrix_free(a);
    return st;
}

/* A chain long enough for a second level. */
static sx_status job_normal(sx_error *err)
{
    enum { N = 900 };
    static double g[N], found[N];
    sx_matrix *a = NULL;
    sx_normal *q = NULL;
    int64_t at = 0;
    sx_status st = sx_matrix_new(N, N, (int64_t)2 * N, &a, err);
    for (int32_t i = 0; !st && i < N; i++) {
        g[i] = i;
        if (i > 0) {
            a->col[at] = i - 1;
            a->value[at++] = -0.99;
        }
        a->col[at] = i;
        a->value[at++] = 1;
        a->start[i + 1] = at;
    }
    if (!st)
        st = sx_normal_new(a, &q, err);
    assert_true((q != NULL) == (st == SX_OK));
    if (!st)
        st = sx_normal_solve(q, g, found, 1e-10, 100, err);
    sx_normal_free(q);
    sx_matrix_free(a);
    return st;
}

static void test_all(void **state)
{
    (void)state;
    sx_error err = SX_NO_ERROR;
    CHECK_OK(sx_random_dirichlet(40, 3, 4, 7, &m, &err));
    m->discount = 0.9;
    sx_policy_uniform(m, pi);
    for (int32_t k = 0; k < 120; k++)
        r[k] = (k * 37) % 11;
    assert_true(starve(job_values) >= 15);
    for (int i = 0; sx_methods[i]; i++) {
        method = sx_methods[i];
        assert_true(starve(job_solve) >= 15);
    }
    assert_true(starve(job_lp) >= 10);
    assert_true(starve(job_least_squares) >= 6);
    assert_true(starve(job_normal) >= 30);
    sx_mdp_free(m);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_all)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
