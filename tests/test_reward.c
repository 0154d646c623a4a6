/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_reward.c - in every form a reward has the values that a plain array over all triples
 * has after the same operations. */
#include "tests/check.h"
#include "tests/oracle_reward.h"

#include <stdlib.h>

enum { ROOM = 7 * 4 * 7, ROUNDS = 400 };

typedef struct scene {
    oracle_rng rng;
    sx_mdp *m;
    int form;
    sx_reward *r;
    double plain[ROOM];
    int32_t n; /* triples */
} scene;

static void set_up(scene *c, int round)
{
    c->rng.state = (uint64_t)round * 977 + 5;
    c->m = oracle_reward_world(&c->rng);
    c->form = round % 3;
    c->r = oracle_draw(c->m, &c->rng, c->form, c->plain);
    c->n = c->m->pairs * c->m->states;
}

static void tear_down(scene *c)
{
    sx_reward_free(c->r);
    sx_mdp_free(c->m);
}

static void adds_every_form(void **state)
{
    (void)state;
    for (int round = 0; round < ROUNDS; round++) {
        scene c;
        sx_error err = SX_NO_ERROR;
        double other[ROOM];
        set_up(&c, round);
        sx_reward *o = oracle_draw(c.m, &c.rng, (round / 3) % 3, other);
        double scale = oracle_value(&c.rng);
        if (o->products && c.r->products) /* one to be merged */
            memcpy(o->product[0].right, c.r->product[0].right,
                   (size_t)c.m->states * sizeof(double));
        for (int32_t k = 0; k < c.m->pairs; k++)
            for (int32_t s = 0; s < c.m->states; s++)
                other[k * c.m->states + s] = sx_reward_at(c.m, o, k, s);
        int32_t products = c.r->products + o->products;
        bool merge = c.r->products && o->products;
        CHECK_OK(sx_reward_add(c.m, c.r, scale, o, &err));
        for (int32_t i = 0; i < c.n; i++)
            c.plain[i] += scale * other[i];
        oracle_same(c.m, c.r, c.plain, 1e-14);
        oracle_same(c.m, o, other, 0);
        if (merge)
            assert_true(c.r->products < products);
        sx_reward_free(o);
        tear_down(&c);
    }
}

static void copies_bit_for_bit(void **state)
{
    (void)state;
    for (int round = 0; round < ROUNDS; round++) {
        scene c;
        sx_error err = SX_NO_ERROR;
        sx_reward *copy = NULL;
        set_up(&c, round);
        CHECK_OK(sx_reward_copy(c.m, c.r, &copy, &err));
        oracle_same(c.m, copy, c.plain, 0);
        sx_reward_free(copy);
        tear_down(&c);
    }
}

static void scales_shapes_and_adds_sides(void **state)
{
    (void)state;
    for (int round = 0; round < ROUNDS; round++) {
        scene c;
        sx_error err = SX_NO_ERROR;
        double phi[7], left[28], right[7];
        set_up(&c, round);
        double scale = oracle_value(&c.rng);
        for (int i = 0; i < 28; i++)
            left[i] = oracle_value(&c.rng);
        for (int i = 0; i < 7; i++) {
            phi[i] = oracle_value(&c.rng);
            right[i] = oracle_value(&c.rng);
        }
        sx_reward_scale(c.m, c.r, scale);
        if (round % 2)
            CHECK_OK(sx_reward_shape(c.m, c.r, phi, &err));
        CHECK_OK(sx_reward_add_left(c.m, c.r, left, &err));
        CHECK_OK(sx_reward_add_right(c.m, c.r, right, &err));
        for (int32_t k = 0; k < c.m->pairs; k++)
            for (int32_t s = 0; s < c.m->states; s++) {
                double *x = &c.plain[k * c.m->states + s];
                *x = *x * scale + left[k] + right[s];
                if (round % 2)
                    *x += c.m->discount * phi[s] - phi[oracle_state(c.m, k)];
            }
        oracle_same(c.m, c.r, c.plain, 1e-14);
        tear_down(&c);
    }
}

static void becomes_dense(void **state)
{
    (void)state;
    for (int round = 0; round < ROUNDS; round++) {
        scene c;
        sx_error err = SX_NO_ERROR;
        set_up(&c, round);
        CHECK_OK(sx_reward_densify(c.m, c.r, &err));
        assert_true(c.r->dense || c.r->unknown);
        assert_null(c.r->left);
        oracle_same(c.m, c.r, c.plain, 1e-14);
        tear_down(&c);
    }
}

static void averages_over_successors(void **state)
{
    (void)state;
    for (int round = 0; round < ROUNDS; round++) {
        scene c;
        double mean[28], max = 0;
        set_up(&c, round);
        sx_reward_mean(c.m, c.r, mean);
        for (int32_t k = 0; k < c.m->pairs; k++) {
            double want = 0;
            for (int32_t s = 0; s < c.m->states; s++) {
                int64_t t = sx_mdp_entry(c.m, k, s);
                if (t < 0)
                    continue;
                want += c.m->prob[t] * c.plain[k * c.m->states + s];
                max = fmax(max, fabs(c.plain[k * c.m->states + s]));
            }
            CHECK_NEAR(mean[k], want, 1e-15);
        }
        assert_true(sx_reward_max_possible(c.m, c.r) == max);
        tear_down(&c);
    }
}

/* A chain of n states: n pairs, n^2 triples. */
static sx_mdp *chain(int32_t n)
{
    sx_error err = SX_NO_ERROR;
    sx_mdp *m = NULL;
    CHECK_OK(sx_mdp_new(n, 1, n, n, &m, &err));
    for (int32_t s = 0; s < n; s++) {
        m->pair[s + 1] = s + 1;
        m->first[s + 1] = s + 1;
        m->next[s] = s + 1 < n ? s + 1 : s;
        m->prob[s] = 1;
    }
    m->initial[0] = 1;
    m->discount = 0.5;
    CHECK_OK(sx_mdp_check(m, &err));
    return m;
}

static void forgets_above_the_limit(void **state)
{
    (void)state;
    sx_error err = SX_NO_ERROR;
    sx_mdp *m = chain(8193);
    sx_reward *r = NULL;
    CHECK_OK(sx_reward_new(m, &r, &err));
    r->on[3] = 2.385;
    CHECK_OK(sx_reward_densify(m, r, &err));
    assert_non_null(r->unknown);
    assert_non_null(strstr(r->unknown, "2^26"));
    assert_true(sx_reward_at(m, r, 3, 4) == 2.385);
    assert_true(isnan(sx_reward_at(m, r, 3, 5)));
    sx_reward_free(r);
    sx_mdp_free(m);
}

static void finds_what_is_wrong(void **state)
{
    (void)state;
    sx_error err = SX_NO_ERROR;
    sx_mdp *m = chain(3);
    sx_reward *r = NULL;
    CHECK_OK(sx_reward_new(m, &r, &err));
    r->on[1] = INFINITY;
    assert_int_equal(sx_reward_check(m, r, &err), SX_EINPUT);
    assert_non_null(strstr(err.msg, "state 1, action 0, next 2"));
    r->on[1] = 0;
    r->exception = sx_alloc(2, sizeof *r->exception);
    r->exceptions = 2;
    r->exception[0] = (sx_exception){0, 2, 1};
    r->exception[1] = (sx_exception){0, 0, 1};
    assert_int_equal(sx_reward_check(m, r, NULL), SX_EINPUT);
    r->exception[0] = (sx_exception){0, 0, 1};
    r->exception[1] = (sx_exception){0, 1, 1}; /* possible */
    assert_int_equal(sx_reward_check(m, r, NULL), SX_EINPUT);
    r->exception[1] = (sx_exception){0, 2, NAN};
    assert_int_equal(sx_reward_check(m, r, NULL), SX_EINPUT);
    r->exception[1].value = 1;
    assert_int_equal(sx_reward_check(m, r, NULL), SX_OK);
    r->unknown = "and a sum as well";
    assert_int_equal(sx_reward_check(m, r, NULL), SX_EINPUT);
    r->unknown = NULL;
    sx_reward_free(r);
    sx_mdp_free(m);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(adds_every_form),
        cmocka_unit_test(copies_bit_for_bit),
        cmocka_unit_test(scales_shapes_and_adds_sides),
        cmocka_unit_test(becomes_dense),
        cmocka_unit_test(averages_over_successors),
        cmocka_unit_test(forgets_above_the_limit),
        cmocka_unit_test(finds_what_is_wrong),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
