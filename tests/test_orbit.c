/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_orbit.c - averages over a group of symmetries are what adding up all elements gives. */
#include "tests/orbit_scene.h"

static void orbits_and_order_are_those_of_the_closed_group(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 300; seed++) {
        scene c;
        set_up(&c, seed);
        int32_t states = 0;
        for (int32_t s = 0; s < c.m->states; s++) { /* count the least state of each orbit */
            bool least = true;
            for (int32_t e = 0; e < c.group.order; e++)
                least = least && c.group.state[e * c.m->states + s] >= s;
            states += least;
        }
        assert_int_equal(c.o->state_orbits, states);
        assert_true(c.o->order.value == c.group.order);
        assert_null(c.o->order.reason);
        assert_int_equal(c.o->dimension, c.o->pair_orbits - c.o->state_orbits);
        if (c.m->pairs <= 20)
            assert_int_equal(c.o->dimension, rank_of_invariant(&c));
        tear_down(&c);
    }
}

/* Sends i to i+1, the last to 0. */
static void turn(int32_t *map, int32_t n)
{
    for (int32_t i = 0; i < n; i++)
        map[i] = (i + 1) % n;
}

/* n states with one action that loops. */
static sx_mdp *loops(int32_t n)
{
    sx_error err = SX_NO_ERROR;
    sx_mdp *m = NULL;
    CHECK_OK(sx_mdp_new(n, 1, n, n, &m, &err));
    for (int32_t s = 0; s < n; s++) {
        m->pair[s + 1] = s + 1;
        m->first[s + 1] = s + 1;
        m->next[s] = s;
        m->prob[s] = 1;
        m->initial[s] = 1.0 / n;
    }
    CHECK_OK(sx_mdp_check(m, &err));
    return m;
}

/* All permutations of n states, from a turn and a swap. */
static void check_symmetric_group(int32_t n, double order)
{
    sx_error err = SX_NO_ERROR;
    sx_mdp *m = loops(n);
    int32_t *all = malloc((size_t)n * sizeof *all), *two = malloc((size_t)n * sizeof *two);
    int32_t action = 0;
    sx_orbits *o = NULL;
    turn(all, n);
    for (int32_t i = 0; i < n; i++)
        two[i] = i < 2 ? 1 - i : i;
    sx_symmetry g[] = {{all, &action}, {two, &action}};
    CHECK_OK(sx_orbits_new(m, g, 2, &o, &err));
    assert_int_equal(o->state_orbits, 1);
    assert_int_equal(o->pair_orbits, 1);
    assert_true(isnan(order) ? isnan(o->order.value) && o->order.reason
                             : o->order.value == order && !o->order.reason);
    sx_orbits_free(o);
    sx_mdp_free(m);
    free(all);
    free(two);
}

static void large_groups_are_counted_up_to_the_limit(void **state)
{
    (void)state;
    check_symmetric_group(2, 2);
    check_symmetric_group(5, 120);
    check_symmetric_group(9, 362880);
    check_symmetric_group(10, NAN);
    check_symmetric_group(300, NAN);
}

static void generators_are_symmetries_and_what_is_none_is_found(void **state)
{
    (void)state;
    int found = 0;
    for (uint64_t seed = 1; seed <= 500; seed++) {
        scene c;
        set_up(&c, seed);
        int32_t map[8], action[8];
        sx_error err = SX_NO_ERROR;
        sx_symmetry_fault fault;
        int32_t last = c.group.order - 1; /* an element, and that with two images exchanged */
        for (int32_t s = 0; s < c.m->states; s++)
            map[s] = c.group.state[last * c.m->states + s];
        for (int32_t a = 0; a < c.m->actions; a++)
            action[a] = c.group.action[last * c.m->actions + a];
        sx_symmetry g = {map, action};
        CHECK_OK(sx_symmetry_check(c.m, &g, &fault, &err));
        assert_false(fault.found);
        int32_t i = oracle_int(&c.rng, 0, c.m->states - 1), keep = map[0];
        map[0] = map[i];
        map[i] = keep;
        CHECK_OK(sx_symmetry_check(c.m, &g, &fault, &err));
        assert_int_equal(fault.found, !oracle_is_symmetry(c.m, &g));
        if (fault.found) { /* the place that it names is one */
            int32_t k = sx_mdp_pair(c.m, fault.state, fault.action);
            int32_t to = sx_mdp_pair(c.m, map[fault.state], action[fault.action]);
            sx_orbits *o = NULL;
            assert_true(k >= 0);
            assert_int_equal(fault.next < 0, to < 0);
            if (to >= 0) {
                assert_true(fault.prob == oracle_prob(c.m, k, fault.next));
                assert_true(fault.image == oracle_prob(c.m, to, map[fault.next]));
                assert_true(fault.prob != fault.image);
            }
            assert_int_equal(sx_orbits_new(c.m, &g, 1, &o, &err), SX_EARG);
            assert_null(o);
            found++;
        }
        tear_down(&c);
    }
    assert_in_range(found, 100, 450);
}

static void tolerance_is_that_of_rounding_and_zeros_are_exact(void **state)
{
    (void)state;
    sx_error err = SX_NO_ERROR;
    sx_mdp *m = NULL;
    int32_t swap[] = {1, 0}, action = 0;
    sx_symmetry g = {swap, &action};
    sx_symmetry_fault fault;
    const double off[] = {0, 1e-16, 5e-13, 3e-12, 0.25};
    for (int i = 0; i < 5; i++) {
        sx_triple t[] = {{0, 0, 0, 0.25},
                         {0, 0, 1, 0.75},
                         {1, 0, 1, 0.25 + off[i]},
                         {1, 0, 0, 0.75 - off[i]}};
        CHECK_OK(sx_mdp_from_triples(2, 1, t, 4, &m, &err));
        CHECK_OK(sx_symmetry_check(m, &g, &fault, &err));
        assert_int_equal(fault.found, i >= 3);
        sx_mdp_free(m);
    }
    /* what is barely possible is not impossible: either side may have it */
    for (int side = 0; side < 2; side++) {
        sx_triple t[] = {
            {side, 0, side, 1e-14}, {side, 0, 1 - side, 1}, {1 - side, 0, side, 1}};
        CHECK_OK(sx_mdp_from_triples(2, 1, t, 3, &m, &err));
        CHECK_OK(sx_symmetry_check(m, &g, &fault, &err));
        assert_true(fault.found && fault.next >= 0 && fault.prob + fault.image == 1e-14);
        sx_mdp_free(m);
    }
}

/* --- averages --- */

static void averages_are_sums_over_all_elements(void **state)
{
    (void)state;
    int forms[3] = {0};
    for (uint64_t seed = 1; seed <= 600; seed++) {
        scene c;
        sx_error err = SX_NO_ERROR;
        sx_reward *mean = NULL;
        set_up(&c, seed);
        int form = (int)(seed % 3);
        double *table = oracle_vector(triples(&c)), *expected = oracle_vector(triples(&c));
        sx_reward *r = oracle_draw(c.m, &c.rng, form, table);
        if (seed % 5 == 0 && form == 0) { /* no products: it can stay a sum */
            r->exceptions = 0;
            while (r->products > 0) {
                sx_release(r->product[--r->products].left);
                sx_release(r->product[r->products].right);
            }
            for (int32_t k = 0; k < c.m->pairs; k++)
                sx_reward_row(c.m, r, k, table + (int64_t)k * c.m->states);
        }
        group_mean(&c, table, expected);
        CHECK_OK(sx_orbit_average(c.o, r, &mean, &err));
        for (int32_t k = 0; k < c.m->pairs; k++)
            for (int32_t s = 0; s < c.m->states; s++)
                if (form < 2 || sx_mdp_entry(c.m, k, s) >= 0)
                    near(&c, "average", sx_reward_at(c.m, mean, k, s),
                         expected[k * c.m->states + s], 4e-15L);
        assert_int_equal(mean->unknown != NULL, form == 2);
        CHECK_OK(sx_reward_check(c.m, mean, &err));
        forms[mean->unknown ? 2 : mean->dense != NULL]++;
        sx_reward *twice = NULL; /* what is invariant stays as it is, to the last bit */
        CHECK_OK(sx_orbit_average(c.o, mean, &twice, &err));
        assert_memory_equal(twice->on, mean->on, (size_t)c.m->entries * sizeof(double));
        sx_reward_free(twice);
        sx_reward_free(r);
        sx_reward_free(mean);
        free(table);
        free(expected);
        tear_down(&c);
    }
    assert_true(forms[0] > 20 && forms[1] > 200 && forms[2] == 200);
}

/* Products with a side that does not change stay products, whichever side that is. */
static void products_with_an_invariant_side_stay_products(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 200; seed++) {
        scene c;
        sx_error err = SX_NO_ERROR;
        sx_reward *r = NULL, *mean = NULL;
        set_up(&c, seed);
        CHECK_OK(sx_reward_new(c.m, &r, &err));
        r->products = 2;
        r->product = sx_alloc(2, sizeof *r->product);
        for (int32_t i = 0; i < 2; i++) {
            double *u = r->product[i].left = sx_alloc((size_t)c.m->pairs, sizeof *u);
            double *w = r->product[i].right = sx_alloc((size_t)c.m->states, sizeof *w);
            for (int32_t k = 0; k < c.m->pairs; k++)
                u[k] = i ? oracle_value(&c.rng) : 0.75;
            for (int32_t s = 0; s < c.m->states; s++)
                w[s] = i ? -1.25 : oracle_value(&c.rng);
        }
        double *table = oracle_vector(triples(&c)), *expected = oracle_vector(triples(&c));
        for (int32_t k = 0; k < c.m->pairs; k++)
            sx_reward_row(c.m, r, k, table + (int64_t)k * c.m->states);
        group_mean(&c, table, expected);
        CHECK_OK(sx_orbit_average(c.o, r, &mean, &err));
        assert_null(mean->dense);
        assert_int_equal(mean->products, 2);
        for (int32_t k = 0; k < c.m->pairs; k++)
            for (int32_t s = 0; s < c.m->states; s++)
                near(&c, "average", sx_reward_at(c.m, mean, k, s),
                     expected[k * c.m->states + s], 4e-15L);
        sx_reward_free(r);
        sx_reward_free(mean);
        free(table);
        free(expected);
        tear_down(&c);
    }
}

/* Two contexts with two responses each, and an end; the contexts are exchanged. */
static sx_mdp *two_contexts(void)
{
    sx_triple t[] = {{0, 0, 2, 1}, {0, 1, 2, 1}, {1, 0, 2, 1},
                     {1, 1, 2, 1}, {2, 0, 2, 1}, {2, 1, 2, 1}};
    sx_error err = SX_NO_ERROR;
    sx_mdp *m = NULL;
    CHECK_OK(sx_mdp_from_triples(3, 2, t, 6, &m, &err));
    m->discount = 0.5;
    m->initial[0] = m->initial[1] = 0.5;
    return m;
}

static const int32_t swap_contexts[] = {1, 0, 2}, stay_contexts[] = {0, 1, 2};
static const int32_t swap_responses[] = {1, 0}, stay_responses[] = {0, 1};

/* I and the bound of a reward that gives these to the four pairs of a bandit. */
static sx_inconsistency of_bandit(const int32_t *contexts, const int32_t *responses,
                                  const double value[4])
{
    sx_error err = SX_NO_ERROR;
    sx_mdp *m = two_contexts();
    sx_canoniser *c = canoniser(m);
    sx_symmetry g = {contexts, responses};
    sx_orbits *o = NULL;
    sx_reward *r = NULL;
    sx_inconsistency x;
    CHECK_OK(sx_orbits_new(m, &g, 1, &o, &err));
    CHECK_OK(sx_reward_new(m, &r, &err));
    for (int i = 0; i < 4; i++)
        r->on[i] = value[i];
    CHECK_OK(sx_orbit_inconsistency(o, c, r, &x, &err));
    sx_reward_free(r);
    sx_orbits_free(o);
    sx_canoniser_free(c);
    sx_mdp_free(m);
    return x;
}

/* By hand: advantages (1,-1; 0,0) have the mean (1,-1; 1,-1)/2, at an angle of 45 degrees. */
static void bandits_done_by_hand(void **state)
{
    (void)state;
    double pi = acos(-1);
    sx_inconsistency x = of_bandit(swap_contexts, stay_responses, (const double[]){5, 3, 7, 7});
    CHECK_NEAR(x.share.value, sqrt(0.5), 1e-15);
    CHECK_NEAR(x.distance.value, 2 * sin(pi / 8), 1e-15);
    x = of_bandit(swap_contexts, stay_responses, (const double[]){1, 2, 4, 5});
    assert_true(x.share.value == 0 && x.distance.value == 0);
    x = of_bandit(swap_contexts, stay_responses, (const double[]){1, 2, 5, 4}); /* opposite */
    assert_true(x.share.value == 1);
    CHECK_NEAR(x.distance.value, sqrt(2), 1e-15);
    x = of_bandit(stay_contexts, swap_responses, (const double[]){1, 2, 5, 4}); /* no truth */
    assert_true(x.share.value == 1 && x.distance.reason);
    assert_non_null(strstr(x.distance.reason, "no truth"));
    x = of_bandit(swap_contexts, stay_responses, (const double[]){1, 1, 4, 4}); /* trivial */
    assert_true(x.share.reason && x.distance.reason);
    assert_non_null(strstr(x.share.reason, "trivial"));
    /* sizes at the ends of what a number can be */
    x = of_bandit(swap_contexts, stay_responses, (const double[]){1e300, -1e300, 0, 0});
    CHECK_NEAR(x.share.value, sqrt(0.5), 1e-15);
    x = of_bandit(swap_contexts, stay_responses, (const double[]){1e-300, -1e-300, 0, 0});
    CHECK_NEAR(x.share.value, sqrt(0.5), 1e-15);
    /* rounding is no inconsistency */
    x = of_bandit(swap_contexts, stay_responses, (const double[]){0.1 + 0.2, 1, 0.3, 1});
    assert_true(x.share.value == 0 && x.distance.value == 0);
}

static void nothing_moves_without_generators(void **state)
{
    (void)state;
    sx_error err = SX_NO_ERROR;
    sx_mdp *m = two_contexts();
    sx_canoniser *c = canoniser(m);
    sx_orbits *o = NULL;
    sx_reward *r = NULL, *mean = NULL;
    sx_inconsistency x;
    CHECK_OK(sx_orbits_new(m, NULL, 0, &o, &err));
    assert_int_equal(o->pair_orbits, m->pairs);
    assert_int_equal(o->state_orbits, m->states);
    assert_true(o->order.value == 1);
    CHECK_OK(sx_reward_new(m, &r, &err));
    r->on[0] = 3;
    CHECK_OK(sx_orbit_inconsistency(o, c, r, &x, &err));
    assert_true(x.share.value == 0 && x.distance.value == 0);
    CHECK_OK(sx_orbit_average(o, r, &mean, &err));
    assert_memory_equal(r->on, mean->on, (size_t)m->entries * sizeof *r->on);
    sx_reward_free(r);
    sx_reward_free(mean);
    sx_orbits_free(o);
    sx_canoniser_free(c);
    sx_mdp_free(m);
}

static void bad_arguments_are_refused(void **state)
{
    (void)state;
    sx_mdp *m = two_contexts(), *other = two_contexts();
    sx_canon_options co = sx_canon_defaults();
    double pi[6] = {1, 0, 1, 0, 1, 0};
    sx_canoniser *given = NULL, *foreign = canoniser(other);
    const int32_t twice[] = {1, 1, 2}, outside[] = {0, 1, 3}, under[] = {0, -1};
    const sx_symmetry bad[] = {
        {twice, stay_responses}, {outside, stay_responses}, {stay_contexts, under}};
    sx_symmetry good = {swap_contexts, swap_responses};
    sx_orbits *o = NULL;
    sx_reward *r = NULL;
    sx_inconsistency x;
    sx_error err = SX_NO_ERROR;
    for (int i = 0; i < 3; i++) {
        sx_symmetry_fault fault;
        sx_error e = SX_NO_ERROR;
        assert_int_equal(sx_symmetry_check(m, &bad[i], &fault, &e), SX_EARG);
        assert_non_null(strstr(e.msg, "no permutation"));
        assert_int_equal(sx_orbits_new(m, &bad[i], 1, &o, NULL), SX_EARG);
        assert_null(o);
    }
    assert_int_equal(sx_orbits_new(m, &good, -1, &o, NULL), SX_EARG);
    CHECK_OK(sx_orbits_new(m, &good, 1, &o, &err));
    CHECK_OK(sx_reward_new(m, &r, &err));
    co.policy = pi;
    CHECK_OK(sx_canoniser_new(m, &co, &given, &err));
    assert_int_equal(sx_orbit_inconsistency(o, given, r, &x, NULL), SX_EARG);
    assert_int_equal(sx_orbit_inconsistency(o, foreign, r, &x, NULL), SX_EARG);
    sx_reward_free(r);
    sx_orbits_free(o);
    sx_canoniser_free(given);
    sx_canoniser_free(foreign);
    sx_mdp_free(m);
    sx_mdp_free(other);
    assert_null(sx_orbits_free(NULL));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(orbits_and_order_are_those_of_the_closed_group),
        cmocka_unit_test(large_groups_are_counted_up_to_the_limit),
        cmocka_unit_test(generators_are_symmetries_and_what_is_none_is_found),
        cmocka_unit_test(tolerance_is_that_of_rounding_and_zeros_are_exact),
        cmocka_unit_test(averages_are_sums_over_all_elements),
        cmocka_unit_test(products_with_an_invariant_side_stay_products),
        cmocka_unit_test(bandits_done_by_hand),
        cmocka_unit_test(nothing_moves_without_generators),
        cmocka_unit_test(bad_arguments_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
