/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_repair_oom.c - when any one allocation fails, a repair answers SX_EMEM or is the same as
 * ever, returns nothing half made, and loses nothing (the sanitizers watch). */
#include "metrics/repair_int.h"
#include "tests/alloc_limit.h"
#include "tests/check.h"

/* v0 = v1 + f, v1 >= v2 + 2, v2 = v3, and with clash v2 >= v1 + 1. */
static sx_status set_up(bool largest, bool clash, sx_i_near **out, sx_error *err)
{
    sx_i_near *p = *out = sx_alloc(1, sizeof *p);
    int32_t index;
    if (!p)
        return sx_nomem(err);
    p->largest = largest;
    p->tags = 3;
    sx_status st = SX_OK;
    for (int32_t i = 0; i < 5 && !st; i++)
        st = sx_i_near_unknown(p, i < 4, i, &index, err);
    for (int32_t i = 0; i < 3 + clash && !st; i++) {
        st = sx_i_near_row(p, i % 3, i == 1 ? 2 : i == 3, i % 2 ? INFINITY : 0, err);
        if (!st)
            st = sx_i_near_term(p, i < 3 ? i : 2, 1, err);
        if (!st)
            st = sx_i_near_term(p, i < 3 ? i + 1 : 1, -1, err);
        if (!st && i == 0)
            st = sx_i_near_term(p, 4, 1, err);
    }
    return st;
}

static void starve(bool largest, bool clash, bool once)
{
    for (long allowed = 0;; allowed++) {
        sx_error err = SX_NO_ERROR;
        sx_i_near *p = NULL;
        sx_i_nearest *x = NULL;
        long before = alloc_failures;
        alloc_allowed = allowed;
        alloc_once = once;
        sx_status st = set_up(largest, clash, &p, &err);
        if (!st)
            st = sx_i_near_solve(p, &x, &err);
        alloc_allowed = -1;
        alloc_once = 0;
        assert_int_equal(x != NULL, st == SX_OK);
        if (st)
            assert_int_equal(st, SX_EMEM);
        else {
            assert_int_equal(x->feasible, !clash);
            assert_true(clash || fabs(x->primal - x->dual) <= 1e-9);
            assert_true(clash || fabs(x->primal - (largest ? 2 : 4)) <= 1e-9);
        }
        sx_i_near_free(p);
        sx_i_nearest_free(x);
        if (alloc_failures == before) {
            assert_true(allowed > 30);
            return;
        }
    }
}

static void every_allocation_may_fail(void **state)
{
    (void)state;
    for (int i = 0; i < 8; i++)
        starve(i & 1, i & 2, i & 4);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_allocation_may_fail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
