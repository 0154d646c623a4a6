/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_repair_near.c - nearest points of random rows are as near as a textbook program finds
 * them, their multipliers prove it, and conflicts are irreducible. */
#include "tests/check.h"
#include "tests/oracle_mdp.h"

#include "metrics/repair_int.h"

#include <stdlib.h>

static sx_i_near *near_new(bool largest, int32_t tags)
{
    sx_i_near *p = sx_alloc(1, sizeof *p);
    assert_non_null(p);
    p->largest = largest;
    p->tags = tags;
    return p;
}

static int32_t unknown(sx_i_near *p, bool priced, double value)
{
    sx_error err = SX_NO_ERROR;
    int32_t i;
    CHECK_OK(sx_i_near_unknown(p, priced, value, &i, &err));
    return i;
}

static void demand(sx_i_near *p, int32_t tag, double lo, double hi)
{
    sx_error err = SX_NO_ERROR;
    CHECK_OK(sx_i_near_row(p, tag, lo, hi, &err));
}

static void term(sx_i_near *p, int32_t u, double a)
{
    sx_error err = SX_NO_ERROR;
    CHECK_OK(sx_i_near_term(p, u, a, &err));
}

/* Small integers; the last unknown is free. */
static sx_i_near *random_near(uint64_t seed)
{
    oracle_stream g = oracle_start(seed);
    int32_t n = 2 + oracle_below(&g, 7), rows = 1 + oracle_below(&g, 9);
    sx_i_near *p = near_new(seed % 2, 3);
    for (int32_t i = 0; i < n; i++)
        unknown(p, i + 1 < n || seed % 3, (double)oracle_below(&g, 9) - 4);
    for (int32_t r = 0; r < rows; r++) {
        double b = (double)oracle_below(&g, 7) - 3;
        int kind = oracle_below(&g, 5);
        demand(p, oracle_below(&g, 3), kind == 1 ? -INFINITY : b, kind == 2 ? INFINITY : b);
        for (int32_t i = 0; i < 1 + (kind > 0) + (kind == 3); i++)
            term(p, oracle_below(&g, n), i % 2 ? -1 : 1 + (kind == 3));
    }
    return p;
}

/* The same as a textbook writes it: v free, one bound on |v - value| a point or for all, at
 * most box, only the rows whose tag is in `tags`.  NAN when there is no point. */
static double textbook(const sx_i_near *p, unsigned tags, bool largest, double box)
{
    sx_error err = SX_NO_ERROR;
    sx_lp *lp = NULL;
    sx_lp_solution *s = NULL;
    int32_t n = p->unknowns, rows = p->rows + 2 * n;
    int64_t at = 0;
    CHECK_OK(sx_lp_new(rows, 2 * n, p->start[p->rows] + 4 * (int64_t)n, &lp, &err));
    for (int32_t i = 0; i < n; i++) {
        lp->col_lo[i] = -INFINITY;
        lp->cost[n + i] = largest ? i == 0 : p->priced[i];
        lp->col_hi[i] = INFINITY;
        lp->col_hi[n + i] = box;
    }
    for (int32_t r = 0; r < p->rows; r++) {
        bool in = tags >> p->tag[r] & 1;
        for (int64_t t = p->start[r]; t < p->start[r + 1]; t++) {
            lp->col[at] = p->col[t];
            lp->coef[at++] = p->coef[t];
        }
        lp->row_lo[r] = in ? p->lo[r] : -INFINITY;
        lp->row_hi[r] = in ? p->hi[r] : INFINITY;
        lp->start[r + 1] = at;
    }
    for (int32_t i = 0; i < 2 * n; i++) {
        int32_t u = i / 2, r = p->rows + i;
        double sign = i % 2 ? -1 : 1;
        lp->col[at] = u;
        lp->coef[at++] = sign;
        lp->col[at] = n + (largest ? 0 : u);
        lp->coef[at++] = -1;
        lp->row_lo[r] = -INFINITY;
        lp->row_hi[r] = p->priced[u] ? sign * p->value[u] : INFINITY;
        lp->start[r + 1] = at;
    }
    CHECK_OK(sx_lp_solve(lp, SX_LP_PRIMAL, 1e-9, &s, &err));
    assert_true(s->outcome == SX_LP_OPTIMAL || s->outcome == SX_LP_INFEASIBLE);
    double least = s->outcome == SX_LP_OPTIMAL ? s->objective : NAN;
    sx_lp_solution_free(s);
    sx_lp_free(lp);
    return least;
}

static double textbook_near(const sx_i_near *p, unsigned tags)
{
    return textbook(p, tags, p->largest, INFINITY);
}

/* Of all points with that largest change the one of the least sum. */
static void check_settled(const sx_i_near *p, const sx_i_nearest *x)
{
    double sum = 0;
    for (int32_t i = 0; i < p->unknowns; i++)
        sum += p->priced[i] ? fabs(x->x[i] - p->value[i]) : 0;
    double least = textbook(p, 7, false, x->primal * (1 + 1e-9) + 1e-12);
    CHECK_NEAR(sum, least, 1e-6);
}

/* The conflict has no point, and every part of it has. */
static void check_conflict(const sx_i_near *p, const sx_i_nearest *x)
{
    unsigned all = 0;
    for (int32_t tag = 0; tag < p->tags; tag++)
        all |= (unsigned)x->conflict[tag] << tag;
    assert_true(isnan(textbook_near(p, all)));
    for (int32_t tag = 0; tag < p->tags; tag++)
        if (x->conflict[tag])
            assert_int_equal(isnan(textbook_near(p, all & ~(1U << tag))), 0);
    assert_true(x->clash[0] >= 0 && x->conflict[p->tag[x->clash[0]]]);
    if (x->clash[1] >= 0)
        assert_true(x->conflict[p->tag[x->clash[1]]]);
}

/* Weak duality, from the rows: sum y b <= sum |v - value| for every v that satisfies them. */
static void check_dual(const sx_i_near *p, const sx_i_nearest *x)
{
    double *pull = oracle_vector(p->unknowns), sum = 0, dual = 0, price = 0;
    for (int32_t r = 0; r < p->rows; r++) {
        double at = 0, side = x->y[r] > 0 ? p->lo[r] : p->hi[r];
        for (int64_t t = p->start[r]; t < p->start[r + 1]; t++) {
            at += p->coef[t] * p->value[p->col[t]];
            pull[p->col[t]] += p->coef[t] * x->y[r];
        }
        dual += x->y[r] == 0 ? 0 : x->y[r] * (side - at);
    }
    for (int32_t i = 0; i < p->unknowns; i++) {
        sum += p->priced[i] ? fabs(pull[i]) : 0;
        assert_true(p->largest || fabs(pull[i]) <= 1 + 1e-12);
        CHECK_NEAR(p->priced[i] ? 0 : pull[i], 0, 1e-9);
    }
    assert_true(!p->largest || sum <= 1 + 1e-12);
    for (int32_t tag = 0; tag < p->tags; tag++)
        price += x->price[tag];
    CHECK_NEAR(dual, x->dual, 1e-9);
    CHECK_NEAR(price, x->dual, 1e-9);
    free(pull);
}

static void random_points(void **state)
{
    int feasible = 0, empty = 0;
    (void)state;
    for (uint64_t seed = 1; seed <= 1500; seed++) {
        sx_error err = SX_NO_ERROR;
        sx_i_nearest *x = NULL;
        sx_i_near *p = random_near(seed);
        double least = textbook_near(p, 7);
        CHECK_OK(sx_i_near_solve(p, &x, &err));
        if (x->reason || x->feasible == isnan(least))
            print_error("seed %d: %s\n", (int)seed, x->reason ? x->reason : "feasible?");
        assert_null(x->reason);
        assert_int_equal(x->feasible, !isnan(least));
        if (x->feasible) {
            CHECK_NEAR(x->primal, least, 1e-9);
            CHECK_NEAR(x->dual, least, 1e-9);
            assert_true(x->violation <= 1e-9);
            check_dual(p, x);
            if (p->largest)
                check_settled(p, x);
            feasible++;
        } else {
            check_conflict(p, x);
            empty++;
        }
        sx_i_nearest_free(x);
        sx_i_near_free(p);
    }
    assert_true(feasible > 300 && empty > 100);
}

/* Many parts that have nothing to do with each other, in chains and with numbers. */
static void many_parts(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 6; seed++) {
        oracle_stream g = oracle_start(seed);
        sx_error err = SX_NO_ERROR;
        sx_i_nearest *x = NULL;
        sx_i_near *p = near_new(seed % 2, 3);
        for (int32_t i = 0; i < 60; i++) {
            for (int32_t k = 0; k < 4; k++)
                unknown(p, true, 10 * oracle_uniform(&g));
            for (int32_t k = 0; k < 3; k++) {
                double b = 3 * oracle_normal(&g);
                demand(p, k, b, k == 2 ? INFINITY : b);
                term(p, 4 * i + k + 1, 1);
                term(p, 4 * i + k, -1);
            }
        }
        double least = textbook_near(p, 7);
        CHECK_OK(sx_i_near_solve(p, &x, &err));
        assert_true(!x->reason && x->feasible);
        CHECK_NEAR(x->primal, least, 1e-9);
        CHECK_NEAR(x->dual, least, 1e-9);
        assert_true(x->violation <= 1e-9);
        check_dual(p, x);
        if (p->largest)
            check_settled(p, x);
        sx_i_nearest_free(x);
        sx_i_near_free(p);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(random_points),
        cmocka_unit_test(many_parts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
