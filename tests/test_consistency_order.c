/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_consistency_order.c - whether an edit changes the order of the policies, against the
 * linear program of the worst case; the two policies that show it. */
#include "tests/consistency_fixture.h"

static sx_order *order_of(const fixture *f)
{
    sx_error err = SX_NO_ERROR;
    sx_order *o = NULL;
    CHECK_OK(sx_counterfactual_order(f->x, &o, &err));
    return o;
}

/* The two policies are what o says of them, and show another order when there is one. */
static void check_policies(const fixture *f, const sx_order *o)
{
    const double *was = f->r[TRUTH][0], *is = f->r[TRUTH][1];
    double before = range_of_reward(f->m, was), after = range_of_reward(f->m, is);
    CHECK_NEAR(o->carried.high, oracle_return(f->m, o->high, was), 1e-8);
    CHECK_NEAR(o->carried.low, oracle_return(f->m, o->low, was), 1e-8);
    CHECK_NEAR(o->edited.high, oracle_return(f->m, o->high, is), 1e-8);
    CHECK_NEAR(o->edited.low, oracle_return(f->m, o->low, is), 1e-8);
    double d = o->carried.high - o->carried.low, e = o->edited.high - o->edited.low;
    bool after_falls = e > 1e-10 * after && d <= 1e-9 * fmax(before, 1);
    bool before_falls = d > 1e-10 * before && e <= 1e-9 * fmax(after, 1);
    assert_true(o->same || after_falls || before_falls);
}

/* The best policies of opposite rewards are shown, or whatever else is clear. */
static void opposite_orders_are_shown_clearly(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < 40; seed++) {
        fixture f = draw(seed);
        set_table(&f, TRUTH, 1, -2, f.table[TRUTH][0]);
        measure(&f);
        sx_order *o = order_of(&f);
        double range = range_of_reward(f.m, f.r[TRUTH][0]);
        if (!is_trivial(f.m, f.r[TRUTH][0])) {
            CHECK_NEAR(o->carried.low - o->carried.high, range, 1e-8);
            CHECK_NEAR(o->edited.high - o->edited.low, 2 * range, 1e-8);
        }
        check_policies(&f, o);
        sx_order_free(o);
        fixture_end(&f);
    }
}

static void the_order_changes_as_the_linear_program_says(void **state)
{
    (void)state;
    int same = 0, different = 0;
    for (uint64_t seed = 0; seed < WORLDS; seed++) {
        fixture f = draw(seed);
        oracle_stream g = oracle_start(seed + 5);
        if (seed % 4 == 1) { /* equivalent */
            set_table(&f, TRUTH, 1, 1, f.table[TRUTH][0]);
            shape(&f, f.table[TRUTH][1], 2.5, &g);
        } else if (seed % 4 == 2) { /* opposite */
            set_table(&f, TRUTH, 1, -1, f.table[TRUTH][0]);
        } else if (seed % 4 == 3) { /* nearly the same */
            set_table(&f, TRUTH, 1, 1e-4, f.table[TRUTH][1]);
            for (int64_t t = 0; t < (int64_t)f.m->pairs * f.m->states; t++)
                f.table[TRUTH][1][t] += f.table[TRUTH][0][t];
        }
        measure(&f);
        sx_order *o = order_of(&f);
        const double *was = f.r[TRUTH][0], *is = f.r[TRUTH][1];
        bool before = is_trivial(f.m, was), after = is_trivial(f.m, is);
        assert_null(o->reason);
        if (before || after) {
            assert_int_equal(o->same, before && after);
        } else {
            CHECK_NEAR(o->worst_case[0],
                       oracle_worst_case(f.m, is, was) / range_of_reward(f.m, is), 1e-7);
            CHECK_NEAR(o->worst_case[1],
                       oracle_worst_case(f.m, was, is) / range_of_reward(f.m, was), 1e-7);
            assert_int_equal(o->same, o->worst_case[0] <= 1e-9 && o->worst_case[1] <= 1e-9);
            assert_true(o->same || seed % 4 != 1);
            assert_true(!o->same || seed % 4 != 2);
        }
        check_policies(&f, o);
        same += o->same;
        different += !o->same;
        sx_order_free(o);
        fixture_end(&f);
    }
    assert_true(same > 15 && different > 40);
}

static void with_the_same_order_best_and_worst_are_shown(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < 30; seed++) {
        fixture f = draw(seed);
        set_table(&f, TRUTH, 1, 1, f.table[TRUTH][0]);
        measure(&f);
        sx_order *o = order_of(&f);
        assert_true(o->same);
        assert_float_equal(o->worst_case[0], 0, 0);
        assert_float_equal(o->worst_case[1], 0, 0);
        CHECK_NEAR(o->edited.high - o->edited.low, range_of_reward(f.m, f.r[TRUTH][1]), 1e-8);
        check_policies(&f, o);
        sx_order_free(o);
        fixture_end(&f);
    }
}

/* A reward that ranks nothing against one that does: not the same order, from either side. */
static void a_trivial_version_is_another_order(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < 40; seed++) {
        fixture f = draw(seed);
        oracle_stream g = oracle_start(seed);
        int k = (int)(seed % 2);
        set_table(&f, TRUTH, k, 0, f.table[TRUTH][k]);
        shape(&f, f.table[TRUTH][k], 0, &g);
        measure(&f);
        sx_order *o = order_of(&f);
        assert_int_equal(o->same, is_trivial(f.m, f.r[TRUTH][1 - k]));
        check_policies(&f, o);
        if (k == 1) {
            assert_non_null(f.out[OTHER].agreement.reason);
            assert_float_equal(f.out[OTHER].regret.value, 0, 0);
        }
        sx_order_free(o);
        fixture_end(&f);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(opposite_orders_are_shown_clearly),
        cmocka_unit_test(the_order_changes_as_the_linear_program_says),
        cmocka_unit_test(with_the_same_order_best_and_worst_are_shown),
        cmocka_unit_test(a_trivial_version_is_another_order),
    };
    return cmocka_run_group_tests(tests, NULL, tell_seed);
}
