/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_norm.c - norms and moments equal plain sums over all triples, whichever way they are
 * computed, with the same bits for any number of threads. */
#include "tests/check.h"
#include "tests/oracle_distance.h"
#include "tests/oracle_mdp.h"
#include "tests/oracle_reward.h"

#include "metrics/norm_int.h"

#include <omp.h>
#include <stdlib.h>

enum { WORLDS = 300 };

static void at_world(int seed)
{
    print_error("world %d:\n", seed);
}

/* Every second world is larger than its supports; some products are indicators of pairs,
 * some of successors, so that both ways of making classes are taken. */
static sx_mdp *draw_world(int seed)
{
    return seed % 2 ? oracle_world((uint64_t)seed)
                    : oracle_expander(30, 3, 0.9, (uint64_t)seed);
}

static sx_reward *draw_reward(const sx_mdp *m, oracle_rng *g, int form, double *plain)
{
    sx_reward *r = oracle_draw(m, g, form, plain);
    int kind = oracle_int(g, 0, 3);
    for (int32_t i = 0; i < r->products; i++) {
        for (int32_t k = 0; kind == 1 && k < m->pairs; k++)
            r->product[i].left[k] = (double)(k % 3 == i);
        for (int32_t s = 0; kind == 2 && s < m->states; s++)
            r->product[i].right[s] = (double)(s % 2 == i);
    }
    for (int32_t k = 0; r->products && kind == 3 && k < m->pairs; k++)
        r->product[0].left[k] *= 1e5; /* large where it is felt */
    for (int32_t k = 0; k < m->pairs; k++)
        for (int32_t s = 0; s < m->states; s++)
            plain[(int64_t)k * m->states + s] = sx_reward_at(m, r, k, s);
    return r;
}

typedef struct scene {
    sx_mdp *m;
    sx_reward *r;
    double *plain;
    long double *wide;
    oracle_rng rng;
} scene;

static void set_up(scene *c, int seed, int form)
{
    c->m = draw_world(seed);
    int64_t n = (int64_t)c->m->pairs * c->m->states;
    c->plain = oracle_vector(n);
    c->wide = calloc((size_t)n, sizeof *c->wide);
    c->rng.state = (uint64_t)seed * 31 + 1;
    c->r = draw_reward(c->m, &c->rng, form, c->plain);
    for (int64_t i = 0; i < n; i++)
        c->wide[i] = c->plain[i];
}

static void tear_down(scene *c)
{
    sx_reward_free(c->r);
    oracle_world_free(c->m);
    free(c->plain);
    free(c->wide);
}

static bool apart(long double a, long double b, double tol)
{
    return !(fabsl(a - b) <= tol * fmaxl(fabsl(b), 1e-300L));
}

static void equal_plain_sums(void **state)
{
    (void)state;
    for (int seed = 1; seed <= WORLDS; seed++) {
        scene c;
        sx_error err = SX_NO_ERROR;
        sx_number norm[SX_NORMS];
        set_up(&c, seed, seed / 2 % 2);
        CHECK_OK(sx_norms(c.m, c.r, 63, norm, &err));
        for (int i = 0; i < SX_NORMS; i++)
            if (norm[i].reason ||
                apart(norm[i].value, oracle_norm(c.m, c.wide, (sx_norm)i), 1e-12)) {
                at_world(seed);
                CHECK_NEAR(norm[i].value, (double)oracle_norm(c.m, c.wide, (sx_norm)i), 0);
            }
        tear_down(&c);
    }
}

static void compare_tallies(int seed, const sx_i_tally *a, const sx_i_tally *b)
{
    bool bad = apart(sx_i_sum_value(&a->absolute), sx_i_sum_value(&b->absolute), 1e-11) ||
               apart(sx_i_sum_value(&a->square), sx_i_sum_value(&b->square), 1e-11) ||
               apart(a->largest, b->largest, 1e-13);
    if (!bad)
        return;
    at_world(seed);
    print_error("l1 %.17g %.17g  l2^2 %.17g %.17g  linf %.17g %.17g\n",
                sx_i_sum_value(&a->absolute), sx_i_sum_value(&b->absolute),
                sx_i_sum_value(&a->square), sx_i_sum_value(&b->square), a->largest, b->largest);
    fail();
}

static void both_paths_agree(void **state)
{
    (void)state;
    for (int seed = 1; seed <= WORLDS; seed++) {
        scene c;
        sx_error err = SX_NO_ERROR;
        sx_i_tally rows, classes;
        bool done = false;
        set_up(&c, seed, 0);
        sx_i_weights w = {.centre = seed % 3 ? 0 : 0.7};
        CHECK_OK(sx_i_tally_dense(c.m, c.r, &w, &rows, &err));
        CHECK_OK(sx_i_tally_classes(c.m, c.r, &w, INT64_MAX, &classes, &done, &err));
        assert_true(done);
        compare_tallies(seed, &classes, &rows);
        tear_down(&c);
    }
}

/* With impossible triples of value 0 nothing may be left of the possible ones. */
static void nothing_is_left_of_possible_triples(void **state)
{
    (void)state;
    sx_error err = SX_NO_ERROR;
    bool done = false;
    sx_i_tally t;
    sx_reward *r = NULL;
    sx_mdp *m = oracle_world(7);
    CHECK_OK(sx_reward_new(m, &r, &err));
    r->products = 1;
    r->product = sx_alloc(1, sizeof *r->product);
    r->product[0] = (sx_product){sx_alloc((size_t)m->pairs, sizeof(double)),
                                 sx_alloc((size_t)m->states, sizeof(double))};
    r->product[0].left[1] = 0.3;
    for (int64_t i = m->first[1]; i < m->first[2]; i++)
        r->product[0].right[m->next[i]] = 1.7;
    CHECK_OK(sx_i_tally_classes(m, r, &(sx_i_weights){0}, INT64_MAX, &t, &done, &err));
    assert_true(done);
    assert_true(sx_i_sum_value(&t.absolute) == 0 && sx_i_sum_value(&t.square) == 0);
    assert_true(t.largest == 0);
    sx_reward_free(r);
    oracle_world_free(m);
}

/* Nor when the formula has much to say about triples that are all possible. */
static void rows_of_possible_triples_are_exact(void **state)
{
    (void)state;
    sx_error err = SX_NO_ERROR;
    bool done = false;
    sx_i_tally t;
    sx_reward *r = NULL;
    sx_mdp *m = oracle_expander(30, 30, 0.9, 1);
    oracle_rng g = {5};
    double *value = oracle_vector(m->pairs);
    for (int32_t k = 0; k < m->pairs; k++)
        value[k] = 1e3 * oracle_value(&g);
    CHECK_OK(sx_reward_new(m, &r, &err));
    CHECK_OK(sx_reward_add_left(m, r, value, &err));
    CHECK_OK(sx_reward_add_right(m, r, value + 30, &err));
    for (int64_t i = 0; i < m->entries; i++)
        r->on[i] = 0;
    CHECK_OK(sx_i_tally_classes(m, r, &(sx_i_weights){0}, INT64_MAX, &t, &done, &err));
    assert_true(done);
    assert_true(sx_i_sum_value(&t.absolute) == 0 && sx_i_sum_value(&t.square) == 0);
    free(value);
    sx_reward_free(r);
    oracle_world_free(m);
}

static double *draw_weights(oracle_rng *g, int32_t n)
{
    double *w = oracle_vector(n), sum = 0;
    for (int32_t i = 0; i < n; i++)
        sum += w[i] = oracle_int(g, 0, 3) ? oracle_reward_uniform(g) : 0;
    w[0] += 0.1;
    for (int32_t i = 0; i < n; i++)
        w[i] /= sum + 0.1;
    return w;
}

static void moments_equal_plain_sums(void **state)
{
    (void)state;
    for (int seed = 1; seed <= WORLDS; seed++) {
        scene c;
        sx_error err = SX_NO_ERROR;
        sx_number mean, deviation;
        long double first, second;
        bool done = false;
        sx_i_tally t;
        set_up(&c, seed, seed / 2 % 2);
        double *left = draw_weights(&c.rng, c.m->pairs);
        double *right = draw_weights(&c.rng, c.m->states);
        oracle_moments(c.m, c.wide, left, right, &first, &second);
        CHECK_OK(sx_reward_moments(c.m, c.r, left, right, &mean, &deviation, &err));
        CHECK_NEAR(mean.value, (double)first, 1e-12);
        CHECK_NEAR(deviation.value, (double)second, 1e-12);
        if (!c.r->dense) {
            sx_i_weights w = {.pair = left, .state = right, .centre = mean.value};
            CHECK_OK(sx_i_tally_classes(c.m, c.r, &w, INT64_MAX, &t, &done, &err));
            CHECK_NEAR(sqrt(sx_i_sum_value(&t.square)), (double)second, 1e-11);
        }
        free(left);
        free(right);
        tear_down(&c);
    }
}

/* R(s') on a world whose triples are too many to visit. */
static sx_reward *state_reward(const sx_mdp *m)
{
    sx_error err = SX_NO_ERROR;
    sx_reward *r = NULL;
    double *value = oracle_vector(m->states);
    CHECK_OK(sx_reward_new(m, &r, &err));
    for (int32_t s = 0; s < m->states; s++)
        value[s] = sin(s);
    CHECK_OK(sx_reward_add_right(m, r, value, &err));
    free(value);
    return r;
}

static void large_worlds(void **state)
{
    (void)state;
    sx_error err = SX_NO_ERROR;
    sx_number norm[SX_NORMS];
    sx_mdp *m = oracle_expander(8200, 3, 0.9, 5);
    sx_reward *r = state_reward(m);
    long double sum = 0, square = 0, most = 0;
    for (int32_t s = 0; s < m->states; s++) {
        most = fmaxl(most, fabs(sin(s)));
        sum += fabs(sin(s));
        square += sin(s) * sin(s);
    }
    assert_true((int64_t)m->pairs * m->states > SX_NORM_WORK);
    CHECK_OK(sx_norms(m, r, 63, norm, &err));
    CHECK_NEAR(norm[SX_L1].value, (double)(sum * m->pairs), 1e-12);
    CHECK_NEAR(norm[SX_L2].value, (double)sqrtl(square * m->pairs), 1e-12);
    CHECK_NEAR(norm[SX_LINF].value, (double)most, 1e-15);
    /* a product of values that all differ leaves nothing to group */
    r->product = sx_alloc(1, sizeof *r->product);
    r->products = 1;
    r->product[0].left = sx_alloc((size_t)m->pairs, sizeof(double));
    r->product[0].right = sx_alloc((size_t)m->states, sizeof(double));
    for (int32_t k = 0; k < m->pairs; k++)
        r->product[0].left[k] = cos(k);
    for (int32_t s = 0; s < m->states; s++)
        r->product[0].right[s] = cos(3 * s);
    CHECK_OK(sx_norms(m, r, 63, norm, &err));
    for (int i = SX_L1; i <= SX_LINF; i++)
        assert_true(isnan(norm[i].value) && strstr(norm[i].reason, "268435456"));
    for (int i = SX_WEIGHTED_L1; i <= SX_WEIGHTED_LINF; i++)
        assert_true(isfinite(norm[i].value) && !norm[i].reason);
    assert_int_equal(SX_NORM_WORK, 268435456);
    sx_reward_free(r);
    oracle_world_free(m);
}

static void same_bits_for_any_threads(void **state)
{
    (void)state;
    sx_error err = SX_NO_ERROR;
    sx_mdp *m = oracle_expander(1500, 3, 0.9, 5);
    sx_reward *r = state_reward(m), *dense = state_reward(m);
    sx_number norm[4][SX_NORMS];
    int most = omp_get_max_threads();
    double *left = oracle_vector(m->pairs);
    for (int32_t k = 0; k < m->pairs; k++)
        left[k] = cos(k);
    CHECK_OK(sx_reward_add_left(m, r, left, &err));
    CHECK_OK(sx_reward_add_left(m, dense, left, &err));
    CHECK_OK(sx_reward_densify(m, dense, &err));
    for (int i = 0; i < 4; i++) {
        omp_set_num_threads(i % 2 ? 3 : 1);
        memset(norm[i], 0, sizeof norm[i]);
        CHECK_OK(sx_norms(m, i < 2 ? r : dense, 63, norm[i], &err));
    }
    omp_set_num_threads(most);
    assert_memory_equal(norm[0], norm[1], sizeof norm[0]);
    assert_memory_equal(norm[2], norm[3], sizeof norm[0]);
    for (int i = 0; i < SX_NORMS; i++)
        CHECK_NEAR(norm[0][i].value, norm[2][i].value, 1e-13);
    free(left);
    sx_reward_free(r);
    sx_reward_free(dense);
    oracle_world_free(m);
}

static void reasons_and_names(void **state)
{
    (void)state;
    scene c;
    sx_error err = SX_NO_ERROR;
    sx_number norm[SX_NORMS], mean, deviation;
    set_up(&c, 3, 2);
    CHECK_OK(sx_norms(c.m, c.r, 63, norm, &err));
    for (int i = 0; i < SX_NORMS; i++)
        assert_true((i < SX_WEIGHTED_L1) == (norm[i].reason != NULL) &&
                    isnan(norm[i].value) == (norm[i].reason != NULL));
    assert_string_equal(norm[SX_L1].reason, "drawn without");
    CHECK_OK(sx_norms(c.m, c.r, 1u << SX_WEIGHTED_L2, norm, &err));
    assert_true(norm[SX_WEIGHTED_L1].reason && !norm[SX_WEIGHTED_L2].reason);
    double *w = oracle_vector(c.m->pairs + c.m->states);
    CHECK_OK(sx_reward_moments(c.m, c.r, w, w, &mean, &deviation, &err));
    assert_string_equal(mean.reason, "drawn without");
    assert_true(isnan(mean.value) && isnan(deviation.value) && deviation.reason);
    free(w);
    for (int i = 0; i <= SX_NO_NORM; i++) {
        sx_norm found;
        assert_true(sx_norm_find(sx_norm_name((sx_norm)i), &found) && (int)found == i);
        assert_false(sx_norm_find("l3", &found));
    }
    tear_down(&c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(equal_plain_sums),
        cmocka_unit_test(both_paths_agree),
        cmocka_unit_test(nothing_is_left_of_possible_triples),
        cmocka_unit_test(rows_of_possible_triples_are_exact),
        cmocka_unit_test(moments_equal_plain_sums),
        cmocka_unit_test(large_worlds),
        cmocka_unit_test(same_bits_for_any_threads),
        cmocka_unit_test(reasons_and_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
