/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_expect.c - every expectation on cases made by hand; optimal actions against all
 * policies. */
#include "tests/check.h"

#include "metrics/expect.h"
#include "tests/oracle_mdp.h"

#include <stdlib.h>

enum { WORLDS = 200 };

static uint64_t now;

static int tell_seed(void **state)
{
    (void)state;
    print_message("last seed %llu\n", (unsigned long long)now);
    return 0;
}

/* --- a bandit: contexts 0..2, end 3, responses 0..2; entry = pair --- */

enum { CONTEXTS = 3, RESPONSES = 3, END = 3, PAIRS = 12, TOUCHED = 6 };

typedef struct bandit {
    sx_mdp *m;
    sx_reward *carried, *edited;
    unsigned char entry[PAIRS], pair[PAIRS], state[CONTEXTS + 1];
    sx_touched touched;
    sx_expect_query q;
    sx_expected out;
} bandit;

static void fill(sx_reward *r, const double *value)
{
    for (int i = 0; i < CONTEXTS * RESPONSES; i++)
        r->on[i] = value[i];
}

/* Touched are contexts 0 and 1. */
static bandit *bandit_new(sx_expect expect, const double *before, const double *after)
{
    sx_error err = SX_NO_ERROR;
    bandit *b = calloc(1, sizeof *b);
    sx_triple list[PAIRS];
    for (int i = 0; i < PAIRS; i++)
        list[i] = (sx_triple){i / RESPONSES, i % RESPONSES, END, 1};
    CHECK_OK(sx_mdp_from_triples(CONTEXTS + 1, RESPONSES, list, PAIRS, &b->m, &err));
    b->m->initial[0] = 1;
    CHECK_OK(sx_reward_new(b->m, &b->carried, &err));
    CHECK_OK(sx_reward_new(b->m, &b->edited, &err));
    fill(b->carried, before);
    fill(b->edited, after);
    for (int i = 0; i < TOUCHED; i++)
        b->entry[i] = b->pair[i] = b->state[i / RESPONSES] = 1;
    b->touched = (sx_touched){.entries = TOUCHED,
                              .pairs = TOUCHED,
                              .states = 2,
                              .entry = b->entry,
                              .pair = b->pair,
                              .state = b->state};
    b->q = (sx_expect_query){.expect = expect,
                             .tolerance = 1e-9,
                             .m = b->m,
                             .touched = &b->touched,
                             .carried = b->carried,
                             .edited = b->edited};
    return b;
}

static void bandit_free(bandit *b)
{
    sx_reward_free(b->carried);
    sx_reward_free(b->edited);
    sx_mdp_free(b->m);
    free(b);
}

static void check_place(const bandit *b, int32_t s, int32_t a, int32_t next)
{
    assert_int_equal(b->out.state, s);
    assert_int_equal(b->out.action, a);
    assert_int_equal(b->out.next, next);
}

static void check_share(const bandit *b, int met, int count)
{
    assert_null(b->out.satisfied.reason);
    assert_int_equal(b->out.met, met);
    assert_int_equal(b->out.count, count);
    CHECK_NEAR(b->out.satisfied.value, met / (double)count, 1e-15);
}

/* The third context is not touched. */
static const double was[] = {1, 0, 0.5, 0, 1, 0.5, 1, 1, 1};

static void ties_are_counted_on_touched_triples(void **state)
{
    (void)state;
    const double is[] = {1, 0, 0.5 + 5e-10, 0, 0.9, 0.7, 9, 9, 9};
    bandit *b = bandit_new(SX_EXPECT_TIE, was, is);
    sx_expect_check(&b->q, &b->out);
    check_share(b, 4, 6);
    check_place(b, 1, 2, END);
    CHECK_NEAR(b->out.was, 0.5, 0);
    CHECK_NEAR(b->out.is, 0.7, 0);
    b->q.carried = NULL;
    b->q.reason = "new";
    sx_expect_check(&b->q, &b->out);
    assert_string_equal(b->out.satisfied.reason, "new");
    assert_true(isnan(b->out.satisfied.value));
    assert_int_equal(b->out.state, -1);
    bandit_free(b);
}

/* 9 is the largest: 5e-9 is equal to it, 2e-8 is not. */
static void increase_and_decrease_are_strict(void **state)
{
    (void)state;
    const double is[] = {1.5, 2e-8, 0.5 + 5e-9, -0.5, 1, 0.5 - 2e-8, 9, 9, 9};
    bandit *b = bandit_new(SX_EXPECT_INCREASE, was, is);
    sx_expect_check(&b->q, &b->out);
    check_share(b, 2, 6);
    check_place(b, 1, 0, END);
    b->q.expect = SX_EXPECT_DECREASE;
    sx_expect_check(&b->q, &b->out);
    check_share(b, 2, 6);
    check_place(b, 0, 0, END);
    CHECK_NEAR(b->out.was, 1, 0);
    CHECK_NEAR(b->out.is, 1.5, 0);
    for (int i = 0; i < CONTEXTS * RESPONSES; i++)
        b->carried->on[i] = b->edited->on[i] = 0;
    sx_expect_check(&b->q, &b->out); /* 0 is not less than 0 */
    check_share(b, 0, 6);
    bandit_free(b);
}

static void level_needs_no_old_values(void **state)
{
    (void)state;
    const double is[] = {2, 2, 2, 2, 2.25, 2, 7, 7, 7};
    bandit *b = bandit_new(SX_EXPECT_LEVEL, was, is);
    b->q.level = 2;
    b->q.carried = NULL;
    b->q.reason = "new";
    sx_expect_check(&b->q, &b->out);
    check_share(b, 5, 6);
    check_place(b, 1, 1, END);
    assert_true(isnan(b->out.was));
    CHECK_NEAR(b->out.is, 2.25, 0);
    bandit_free(b);
}

static void invariant_looks_at_advantages_of_all_pairs(void **state)
{
    (void)state;
    const double before[PAIRS] = {1, -1, 0, 2, -2, 0, 0, 0, 0};
    const double after[PAIRS] = {1, -1, 0, 2, -2, 0, 1e-9, 3e-9, -0.5};
    bandit *b = bandit_new(SX_EXPECT_INVARIANT, was, was);
    b->q.advantage[0] = before;
    b->q.advantage[1] = after;
    sx_expect_check(&b->q, &b->out);
    check_share(b, 10, 12);
    check_place(b, 2, 2, -1);
    CHECK_NEAR(b->out.is, -0.5, 0);
    b->q.advantage[1] = before;
    sx_expect_check(&b->q, &b->out);
    check_share(b, 12, 12);
    bandit_free(b);
}

/* --- optimal actions --- */

/* Fill `was` from the rewards carried and `now` from those edited. */
static sx_best *optimal(bandit *b, signed char *before)
{
    sx_error err = SX_NO_ERROR;
    sx_best *old = NULL, *new = NULL;
    CHECK_OK(sx_best_find(b->m, b->carried->on, 1e-9, NULL, &old, &err));
    CHECK_OK(sx_best_find(b->m, b->edited->on, 1e-9, NULL, &new, &err));
    for (int i = 0; i < PAIRS; i++)
        before[i] = (signed char)old->best[i];
    sx_best_free(old);
    b->q.was = before;
    b->q.now = new;
    return new;
}

static void flips_are_counted_in_touched_states(void **state)
{
    (void)state;
    const double flip[] = {0, 0, 1, 0, 1, 0.75, 0, 5, 0};
    signed char before[PAIRS];
    bandit *b = bandit_new(SX_EXPECT_FLIPS_BEST, was, flip);
    sx_best *now_best = optimal(b, before);
    sx_expect_check(&b->q, &b->out);
    check_share(b, 1, 2);
    check_place(b, 1, 1, -1);
    CHECK_NEAR(b->out.is, 0.25, 1e-9);
    /* a tie with what was best is no flip */
    b->edited->on[0] = 1;
    sx_best_free(now_best);
    now_best = optimal(b, before);
    sx_expect_check(&b->q, &b->out);
    check_share(b, 0, 2);
    /* a state that is new is not looked at; what was best may be gone */
    for (int i = 0; i < RESPONSES; i++) {
        before[i] = -1;
        before[RESPONSES + i] = 0;
    }
    sx_expect_check(&b->q, &b->out);
    check_share(b, 1, 1);
    b->m->absorbing[1] = 1;
    sx_expect_check(&b->q, &b->out);
    assert_non_null(b->out.satisfied.reason);
    b->m->absorbing[1] = 0;
    /* the end has a choice, but is not touched; without touched states no share */
    memset(b->state, 0, sizeof b->state);
    sx_expect_check(&b->q, &b->out);
    assert_non_null(b->out.satisfied.reason);
    assert_true(isnan(b->out.satisfied.value));
    sx_best_free(now_best);
    bandit_free(b);
}

static void transports_go_from_one_action_to_another(void **state)
{
    (void)state;
    /* best before: 0, 1, all */
    const double moved_to[] = {0, 1, 0, 0, 1, 0, 0, 0, 0};
    signed char before[PAIRS];
    bandit *b = bandit_new(SX_EXPECT_TRANSPORTS, was, moved_to);
    sx_best *best = optimal(b, before);
    b->q.transports[0] = 0;
    b->q.transports[1] = 1;
    sx_expect_check(&b->q, &b->out);
    check_share(b, 1, 1);
    b->q.transports[1] = 2;
    sx_expect_check(&b->q, &b->out);
    check_share(b, 0, 1);
    check_place(b, 0, 1, -1);
    CHECK_NEAR(b->out.is, 1, 1e-9);
    b->q.transports[0] = 2;
    sx_expect_check(&b->q, &b->out);
    assert_non_null(b->out.satisfied.reason);
    b->q.transports[0] = -1;
    sx_expect_check(&b->q, &b->out);
    assert_non_null(b->out.satisfied.reason);
    /* a tie of both is not there yet */
    b->q.transports[0] = 0;
    b->q.transports[1] = 1;
    b->edited->on[0] = 1;
    sx_best_free(best);
    best = optimal(b, before);
    sx_expect_check(&b->q, &b->out);
    check_share(b, 0, 1);
    check_place(b, 0, 0, -1);
    CHECK_NEAR(b->out.is, 0, 1e-9);
    /* touched contexts only: 2 is best in the third */
    sx_best_free(best);
    bandit_free(b);
}

static void best_is_what_all_policies_say(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < WORLDS; seed++) {
        sx_error err = SX_NO_ERROR;
        now = seed;
        sx_mdp *m = oracle_world(seed);
        double *r = oracle_rewards(m, seed, 0), *v = oracle_vector(m->states);
        sx_best *b = NULL;
        CHECK_OK(sx_best_find(m, r, 1e-9, NULL, &b, &err));
        oracle_optimal(m, r, 1, v);
        for (int32_t s = 0; s < m->states; s++)
            for (int32_t k = m->pair[s]; k < m->pair[s + 1]; k++) {
                double q = r[k];
                for (int64_t t = m->first[k]; t < m->first[k + 1]; t++)
                    q += m->discount * m->prob[t] * v[m->next[t]];
                CHECK_NEAR(b->q[k], q, 1e-7);
                if (fabs(q - v[s]) < 1e-12 || fabs(q - v[s]) > 1e-4)
                    assert_int_equal(b->best[k], q > v[s] - 1e-6);
            }
        sx_best_free(b);
        free(r);
        free(v);
        oracle_world_free(m);
    }
}

static void moves_count_where_the_truth_moves(void **state)
{
    (void)state;
    const double zero[PAIRS] = {0};
    const double truth[PAIRS] = {1, -1, 0, 5e-10, 0.5, 0.5, 1, 1, 1};
    const double reward[PAIRS] = {7, -1e-3, 9, 9, -1, 1e-10, 1, 1, 1};
    const double *const t[2] = {zero, truth}, *const r[2] = {zero, reward};
    const double *const still[2] = {zero, zero};
    bandit *b = bandit_new(SX_EXPECT_TIE, was, was);
    int64_t count = 0;
    /* the truth moves at 0, 1, 4 and 5 of the touched; the reward along at 0 and 1 */
    assert_int_equal(sx_moves_followed(b->m, b->pair, t, r, 1e-9, &count), 2);
    assert_int_equal(count, 4);
    assert_int_equal(sx_moves_followed(b->m, b->pair, t, t, 1e-9, &count), 4);
    assert_int_equal(sx_moves_followed(b->m, b->pair, t, still, 1e-9, &count), 0);
    assert_int_equal(count, 4);
    assert_int_equal(sx_moves_followed(b->m, b->pair, still, r, 1e-9, &count), 0);
    assert_int_equal(count, 0);
    bandit_free(b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ties_are_counted_on_touched_triples),
        cmocka_unit_test(increase_and_decrease_are_strict),
        cmocka_unit_test(level_needs_no_old_values),
        cmocka_unit_test(invariant_looks_at_advantages_of_all_pairs),
        cmocka_unit_test(flips_are_counted_in_touched_states),
        cmocka_unit_test(transports_go_from_one_action_to_another),
        cmocka_unit_test(best_is_what_all_policies_say),
        cmocka_unit_test(moves_count_where_the_truth_moves),
    };
    return cmocka_run_group_tests(tests, NULL, tell_seed);
}
