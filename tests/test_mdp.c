/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_mdp.c - a world built from triples has their probabilities, and nothing that breaks a
 * statement of its header passes its check. */
#include "tests/check.h"
#include "tests/oracle_reward.h"

#include <float.h>
#include <stdlib.h>

static double probability(const sx_mdp *m, int32_t s, int32_t a, int32_t next)
{
    int32_t k = sx_mdp_pair(m, s, a);
    int64_t t = k < 0 ? -1 : sx_mdp_entry(m, k, next);
    return t < 0 ? 0 : m->prob[t];
}

static void sums_triples_in_any_order(void **state)
{
    (void)state;
    for (int round = 0; round < 300; round++) {
        oracle_rng g = {(uint64_t)round + 17};
        int32_t S = oracle_int(&g, 1, 6), A = oracle_int(&g, 1, 3);
        double dense[6][3][6] = {{{0}}};
        sx_triple t[200];
        int64_t n = 0;
        sx_error err = SX_NO_ERROR;
        sx_mdp *m = NULL;
        for (int i = 0; i < 40; i++)
            t[n++] = (sx_triple){
                oracle_int(&g, 0, S - 1), oracle_int(&g, 0, A - 1), oracle_int(&g, 0, S - 1),
                oracle_reward_uniform(&g) < 0.3 ? 0 : oracle_reward_uniform(&g)};
        for (int32_t s = 0; s < S; s++)
            t[n++] = (sx_triple){s, 0, 0, 0.5};
        for (int64_t i = 0; i < n; i++)
            dense[t[i].state][t[i].action][t[i].next] += t[i].prob;
        CHECK_OK(sx_mdp_from_triples(S, A, t, n, &m, &err));
        int64_t entries = 0;
        for (int32_t s = 0; s < S; s++)
            for (int32_t a = 0; a < A; a++)
                for (int32_t next = 0; next < S; next++) {
                    CHECK_NEAR(probability(m, s, a, next), dense[s][a][next], 1e-14);
                    entries += dense[s][a][next] > 0;
                }
        assert_true(entries == m->entries);
        for (int32_t s = 0; s < S; s++)
            for (int32_t k = m->pair[s]; k < m->pair[s + 1]; k++) {
                assert_int_equal(sx_mdp_pair_state(m, k), s);
                for (int64_t e = m->first[k]; e < m->first[k + 1]; e++)
                    assert_int_equal(sx_mdp_entry_pair(m, e), k);
            }
        sx_mdp_free(m);
    }
}

static void does_not_depend_on_the_order(void **state)
{
    (void)state;
    sx_triple a[] = {{0, 0, 0, 0.1}, {0, 0, 0, 0.7}, {0, 0, 0, 0.2}};
    sx_triple b[] = {{0, 0, 0, 0.7}, {0, 0, 0, 0.2}, {0, 0, 0, 0.1}};
    sx_error err = SX_NO_ERROR;
    sx_mdp *m = NULL, *o = NULL;
    CHECK_OK(sx_mdp_from_triples(1, 1, a, 3, &m, &err));
    CHECK_OK(sx_mdp_from_triples(1, 1, b, 3, &o, &err));
    assert_memory_equal(m->prob, o->prob, sizeof *m->prob);
    sx_mdp_free(m);
    sx_mdp_free(o);
}

static void refuses_bad_triples(void **state)
{
    (void)state;
    static const struct {
        sx_triple t;
        const char *says;
    } bad[] = {
        {{3, 0, 0, 1}, "(3, 0, 0) is out of range"},
        {{0, 2, 0, 1}, "(0, 2, 0) is out of range"},
        {{0, 0, -1, 1}, "(0, 0, -1) is out of range"},
        {{0, 0, 0, 1.5}, "1.5"},
        {{0, 0, 0, -0.25}, "-0.25"},
        {{0, 0, 0, NAN}, "nan"},
        {{0, 0, 0, 0}, "state 0 has no action"},
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        sx_triple t[] = {bad[i].t, {1, 0, 1, 1}, {2, 0, 1, 1}};
        sx_error err = SX_NO_ERROR;
        sx_mdp *m = NULL;
        assert_int_equal(sx_mdp_from_triples(3, 2, t, 3, &m, &err), SX_EINPUT);
        assert_null(m);
        assert_non_null(strstr(err.msg, bad[i].says));
    }
    sx_mdp *m = NULL;
    assert_int_equal(sx_mdp_new(0, 1, 1, 1, &m, NULL), SX_EARG);
    assert_int_equal(sx_mdp_new(2, 1, 1, 1, &m, NULL), SX_EARG);
}

/* Break one thing at a time. */
static void checks_every_statement(void **state)
{
    (void)state;
    for (int broken = 0; broken <= 14; broken++) {
        sx_triple t[] = {
            {0, 0, 0, 0.25}, {0, 0, 1, 0.75}, {0, 1, 0, 1}, {1, 0, 1, 1}, {1, 1, 1, 1}};
        sx_error err = SX_NO_ERROR;
        sx_mdp *m = NULL;
        CHECK_OK(sx_mdp_from_triples(2, 2, t, 5, &m, &err));
        m->initial[0] = m->initial[1] = 0.5;
        m->absorbing[1] = 1;
        switch (broken) {
        case 1: m->discount = 1; break;
        case 2: m->discount = NAN; break;
        case 3: m->pair[1] = 4; break;
        case 4: m->first[1] = 0; break;
        case 5: m->first[4] = 4; break;
        case 6: m->action[1] = 0; break;
        case 7: m->action[1] = 2; break;
        case 8: m->next[1] = 0; break;
        case 9: m->next[1] = 2; break;
        case 10: m->prob[1] = 0.7; break;
        case 11: m->prob[1] = NAN; break;
        case 12: m->initial[0] = 0.6; break;
        case 13: m->initial[0] = -0.5, m->initial[1] = 1.5; break;
        case 14: m->absorbing[0] = 1; break;
        default: break;
        }
        assert_int_equal(sx_mdp_check(m, &err), broken ? SX_EINPUT : SX_OK);
        assert_true(!broken || err.msg[0]);
        sx_mdp_free(m);
    }
}

static void normalises_once(void **state)
{
    (void)state;
    for (int round = 0; round < 200; round++) {
        oracle_rng g = {(uint64_t)round * 31 + 3};
        sx_mdp *m = oracle_reward_world(&g);
        for (int64_t t = 0; t < m->entries; t++)
            m->prob[t] *= 1 + 1e-10 * oracle_reward_uniform(&g);
        sx_mdp_normalise(m);
        for (int32_t k = 0; k < m->pairs; k++) {
            double sum = 0;
            for (int64_t t = m->first[k]; t < m->first[k + 1]; t++)
                sum += m->prob[t];
            CHECK_NEAR(sum, 1, (double)(m->first[k + 1] - m->first[k]) * DBL_EPSILON);
        }
        double *before = malloc((size_t)m->entries * sizeof *before);
        memcpy(before, m->prob, (size_t)m->entries * sizeof *before);
        sx_mdp_normalise(m);
        assert_memory_equal(before, m->prob, (size_t)m->entries * sizeof *before);
        free(before);
        sx_mdp_free(m);
    }
}

/* Reached within S steps, by repeated multiplication. */
static void reach_slowly(const sx_mdp *m, double *p)
{
    memcpy(p, m->initial, (size_t)m->states * sizeof *p);
    for (int32_t step = 0; m->discount > 0 && step < m->states; step++)
        for (int32_t s = 0; s < m->states; s++)
            for (int64_t t = m->first[m->pair[s]]; t < m->first[m->pair[s + 1]]; t++)
                p[m->next[t]] += m->prob[t] * p[s];
}

static void restricts_to_what_is_reachable(void **state)
{
    (void)state;
    int parts = 0;
    for (int round = 0; round < 500; round++) {
        oracle_rng g = {(uint64_t)round * 13 + 1};
        sx_mdp *m = oracle_reward_world(&g);
        sx_error err = SX_NO_ERROR;
        unsigned char reached[7];
        double p[7];
        int32_t count, want = 0;
        sx_part *part = NULL;
        CHECK_OK(sx_mdp_reachable(m, reached, &count, &err));
        reach_slowly(m, p);
        for (int32_t s = 0; s < m->states; s++) {
            assert_int_equal(reached[s], p[s] > 0);
            want += p[s] > 0;
        }
        assert_int_equal(count, want);
        if (m->discount > 0) {
            CHECK_OK(sx_mdp_restrict(m, reached, &part, &err));
            CHECK_OK(sx_mdp_check(part->mdp, &err));
            assert_int_equal(part->mdp->states, count);
            for (int32_t k = 0; k < part->mdp->pairs; k++)
                for (int32_t i = 0; i < count; i++) {
                    int32_t s = part->state[oracle_state(part->mdp, k)];
                    double was = probability(m, s, m->action[part->pair[k]], part->state[i]);
                    int64_t t = sx_mdp_entry(part->mdp, k, i);
                    assert_true((t < 0 ? 0 : part->mdp->prob[t]) == was);
                }
            parts += count < m->states;
            sx_part_free(part);
        }
        sx_mdp_free(m);
    }
    assert_true(parts > 20);
}

static void refuses_a_part_with_a_way_out(void **state)
{
    (void)state;
    sx_triple t[] = {{0, 0, 1, 1}, {1, 0, 1, 1}};
    sx_error err = SX_NO_ERROR;
    sx_mdp *m = NULL;
    sx_part *part = NULL;
    CHECK_OK(sx_mdp_from_triples(2, 1, t, 2, &m, &err));
    const unsigned char first[] = {1, 0}, none[] = {0, 0};
    assert_int_equal(sx_mdp_restrict(m, first, &part, &err), SX_EARG);
    assert_non_null(strstr(err.msg, "state 0 is kept and leads to 1"));
    assert_int_equal(sx_mdp_restrict(m, none, &part, NULL), SX_EARG);
    assert_null(part);
    sx_mdp_free(m);
}

static void spreads_policies_evenly(void **state)
{
    (void)state;
    oracle_rng g = {99};
    sx_mdp *m = oracle_reward_world(&g);
    double pi[28];
    sx_policy_uniform(m, pi);
    for (int32_t k = 0; k < m->pairs; k++) {
        int32_t s = oracle_state(m, k);
        assert_true(pi[k] == 1.0 / (m->pair[s + 1] - m->pair[s]));
    }
    sx_mdp_free(m);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sums_triples_in_any_order),
        cmocka_unit_test(does_not_depend_on_the_order),
        cmocka_unit_test(refuses_bad_triples),
        cmocka_unit_test(checks_every_statement),
        cmocka_unit_test(normalises_once),
        cmocka_unit_test(restricts_to_what_is_reachable),
        cmocka_unit_test(refuses_a_part_with_a_way_out),
        cmocka_unit_test(spreads_policies_evenly),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
