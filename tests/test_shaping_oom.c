/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_shaping_oom.c - when any one allocation fails, shaping answers SX_EMEM, returns nothing,
 * and loses nothing (the sanitizers watch). */
#include "mdp/random.h"
#include "metrics/shaping.h"
#include "tests/alloc_limit.h"
#include "tests/check.h"

enum { STATES = 5, ACTIONS = 2 };

static sx_mdp *m;
static sx_reward *from, *to;
static sx_shape_task task;
static double attribute[STATES] = {0, 1, 3, 2, 5};

static sx_status job(sx_error *err)
{
    double r[STATES * ACTIONS], after[STATES * ACTIONS];
    const char *reason = NULL;
    sx_shape_quality quality;
    sx_shaping *x = NULL;
    sx_reward *shaped = NULL;
    sx_status st = sx_shape(m, &task, &x, &reason, err);
    assert_true((x != NULL) == (st == SX_OK));
    if (!st)
        st = sx_shaping_apply(m, from, x->scale, x->potential, &shaped, err);
    if (!st) {
        sx_reward_mean(m, from, r);
        sx_reward_mean(m, shaped, after);
        st = sx_shape_measure(m, r, after, 50, &quality, err);
    }
    sx_shaping_free(x);
    sx_reward_free(shaped);
    return st;
}

/* Run with 0, 1, 2, ... allocations until none is refused. */
static void starve(void)
{
    for (long allowed = 0;; allowed++) {
        sx_error err = SX_NO_ERROR;
        alloc_allowed = allowed;
        long before = alloc_failures;
        sx_status st = job(&err);
        alloc_allowed = -1;
        if (alloc_failures == before) {
            assert_int_equal(st, SX_OK);
            assert_true(allowed > 10);
            return;
        }
        assert_int_equal(st, SX_EMEM);
        assert_int_equal(err.status, SX_EMEM);
    }
}

static void every_allocation_may_fail(void **state)
{
    static const struct {
        sx_shape_goal goal;
        sx_norm norm;
        sx_shape_on on;
        bool target;
    } kind[] = {
        {SX_SHAPE_FIT, SX_L1, SX_SHAPE_TRIPLES, true},
        {SX_SHAPE_FIT, SX_L2, SX_SHAPE_TRIPLES, true},
        {SX_SHAPE_FIT, SX_LINF, SX_SHAPE_ROWS, true},
        {SX_SHAPE_FIT, SX_L2, SX_SHAPE_ROWS, true},
        {SX_SHAPE_SPARSE, SX_L1, SX_SHAPE_TRIPLES, false},
        {SX_SHAPE_FLAT, SX_LINF, SX_SHAPE_TRIPLES, false},
        {SX_SHAPE_SMOOTH, SX_L1, SX_SHAPE_ROWS, false},
        {SX_SHAPE_SMOOTH, SX_L1, SX_SHAPE_TRIPLES, false},
        {SX_SHAPE_OPTIMAL, SX_L1, SX_SHAPE_ROWS, false},
        {SX_SHAPE_BOUNDED, SX_L1, SX_SHAPE_TRIPLES, true},
        {SX_SHAPE_BOUNDED, SX_L2, SX_SHAPE_TRIPLES, true},
        {SX_SHAPE_BOUNDED, SX_L2, SX_SHAPE_ROWS, true},
        {SX_SHAPE_LINEAR, SX_L1, SX_SHAPE_ROWS, true},
        {SX_SHAPE_LINEAR, SX_L2, SX_SHAPE_TRIPLES, false},
    };
    static const double *const attributes[] = {attribute};
    (void)state;
    for (size_t i = 0; i < sizeof kind / sizeof *kind; i++) {
        task = sx_shape_defaults();
        task.goal = kind[i].goal;
        task.norm = kind[i].norm;
        task.on = kind[i].on;
        task.from = from;
        task.to = kind[i].target ? to : NULL;
        task.bound = 0.01;
        task.attributes = 1;
        task.attribute = attributes;
        starve();
    }
}

static int set_up(void **state)
{
    sx_error err = SX_NO_ERROR;
    (void)state;
    CHECK_OK(sx_random_dirichlet(STATES, ACTIONS, 3, 7, &m, &err));
    m->discount = 0.8;
    CHECK_OK(sx_reward_new(m, &from, &err));
    CHECK_OK(sx_reward_new(m, &to, &err));
    for (int64_t t = 0; t < m->entries; t++) {
        from->on[t] = (double)(t % 3);
        to->on[t] = (double)(t % 4);
    }
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    sx_reward_free(from);
    sx_reward_free(to);
    sx_mdp_free(m);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(every_allocation_may_fail)};
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
