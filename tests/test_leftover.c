/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_leftover.c - scale, potential and what is left are those of dense normal equations, of
 * equivalent rewards nothing is left, and one changed transition is the first. */
#include "metrics/leftover.h"
#include "tests/check.h"
#include "tests/oracle_distance.h"
#include "tests/oracle_mdp.h"
#include "tests/oracle_reward.h"

#include <stdlib.h>

enum { WORLDS = 300 };

typedef struct scene {
    uint64_t seed;
    sx_mdp *m;
    double *plain[2], *row[2]; /* [K*S], [K] */
    sx_reward *r[2];
    /* the oracle's */
    long double *x; /* [S+1] Phi, alpha */
    bool singular;  /* R is a shaping of 0 */
    long double residual, size;
} scene;

static void set_up(scene *c, sx_mdp *m, uint64_t seed)
{
    *c = (scene){.seed = seed, .m = m};
    for (int i = 0; i < 2; i++)
        c->plain[i] = oracle_table(m, seed, (uint64_t)i);
    c->x = calloc((size_t)m->states + 1, sizeof *c->x);
}

static void make_rewards(scene *c)
{
    for (int i = 0; i < 2; i++) {
        c->r[i] = c->seed % 2 ? oracle_dense_reward(c->m, c->plain[i])
                              : oracle_listed_reward(c->m, c->plain[i]);
        c->row[i] = oracle_mean(c->m, c->plain[i]);
    }
}

static void tear_down(scene *c)
{
    for (int i = 0; i < 2; i++) {
        free(c->plain[i]);
        free(c->row[i]);
        sx_reward_free(c->r[i]);
    }
    free(c->x);
    oracle_world_free(c->m);
}

static sx_leftover *leftover(const scene *c)
{
    sx_error err = SX_NO_ERROR;
    sx_leftover *x = NULL;
    const char *reason = "unset";
    CHECK_OK(sx_leftover_find(c->m, c->r[0], c->r[1], &x, &reason, &err));
    assert_null(reason);
    assert_non_null(x);
    return x;
}

static void near(const scene *c, const char *what, double got, long double expected, double tol)
{
    if (fabsl(got - expected) <= (long double)tol)
        return;
    print_error("%s: world %d: got %.17g, expected %.17Lg\n", what, (int)c->seed, got,
                expected);
    fail();
}

/* --- dense least squares --- */

/* Coefficients of Phi and alpha in the row of pair k. */
static void dense_row(const scene *c, int32_t k, bool scaled, long double *row)
{
    int32_t n = c->m->states;
    for (int32_t y = 0; y < n; y++)
        row[y] = (long double)c->m->discount * oracle_prob(c->m, k, y) -
                 (y == oracle_state(c->m, k));
    row[n] = scaled ? c->row[0][k] : 0;
}

/* x <- the least squares, with alpha free or 0; false where they are not unique. */
static bool dense_fit(scene *c, bool scaled)
{
    int32_t n = c->m->states + 1;
    long double *h = calloc((size_t)n * (size_t)n, sizeof *h);
    long double *row = calloc((size_t)n, sizeof *row);
    memset(c->x, 0, (size_t)n * sizeof *c->x);
    for (int32_t k = 0; k < c->m->pairs; k++) {
        dense_row(c, k, scaled, row);
        for (int32_t i = 0; i < n; i++) {
            c->x[i] += row[i] * c->row[1][k];
            for (int32_t j = 0; j < n; j++)
                h[i * n + j] += row[i] * row[j];
        }
    }
    if (!scaled)
        h[n * n - 1] = 1;
    bool unique = oracle_solve(n, h, c->x);
    free(h);
    free(row);
    return unique;
}

static long double left_of(const scene *c, int32_t k, int32_t y)
{
    int64_t t = (int64_t)k * c->m->states + y;
    return c->plain[1][t] - c->x[c->m->states] * c->plain[0][t] - c->m->discount * c->x[y] +
           c->x[oracle_state(c->m, k)];
}

static long double mean_left(const scene *c, int32_t k)
{
    long double sum = 0;
    for (int32_t y = 0; y < c->m->states; y++)
        sum += oracle_prob(c->m, k, y) * left_of(c, k, y);
    return sum;
}

static void measure_fit(scene *c)
{
    c->residual = c->size = 0;
    for (int32_t k = 0; k < c->m->pairs; k++) {
        long double d = mean_left(c, k);
        c->residual += d * d;
        c->size += (long double)c->row[1][k] * c->row[1][k];
    }
}

/* Some state leaves a choice that R tells apart: else alpha is any. */
static bool has_scale(scene *c)
{
    double *keep = c->row[1];
    long double rest;
    c->row[1] = c->row[0];
    double *plain = c->plain[1];
    c->plain[1] = c->plain[0];
    dense_fit(c, /*scaled=*/false);
    measure_fit(c);
    rest = c->residual;
    c->row[1] = keep;
    c->plain[1] = plain;
    return rest > 1e-12L;
}

static void check_shares(const scene *c, const sx_leftover *x)
{
    const sx_mdp *m = c->m;
    long double total = 0, means = 0, all = 0;
    for (int32_t k = 0; k < m->pairs; k++) {
        long double mean = mean_left(c, k);
        means += mean * mean;
        for (int32_t y = 0; y < m->states; y++)
            total += oracle_prob(m, k, y) * left_of(c, k, y) * left_of(c, k, y);
    }
    near(c, "redistributed", x->redistributed, 1 - means / total, 1e-8);
    for (int32_t s = 0; s < m->states; s++) {
        long double sum = 0;
        for (int32_t k = m->pair[s]; k < m->pair[s + 1]; k++)
            for (int64_t t = m->first[k]; t < m->first[k + 1]; t++) {
                long double d = left_of(c, k, m->next[t]);
                near(c, "share", x->share[t], m->prob[t] * d * d / total, 1e-8);
                sum += m->prob[t] * d * d / total;
            }
        near(c, "share of a state", x->state[s], sum, 1e-8);
        all += x->state[s];
    }
    near(c, "sum of states", (double)all, 1, 1e-12);
}

static void check_left(const scene *c, const sx_leftover *x)
{
    const sx_mdp *m = c->m;
    for (int32_t k = 0; k < m->pairs; k++) {
        near(c, "mean", x->mean[k], mean_left(c, k), 1e-8);
        for (int64_t t = m->first[k]; t < m->first[k + 1]; t++)
            near(c, "left", x->left[t], left_of(c, k, m->next[t]), 1e-7);
    }
}

static int check_world(uint64_t seed)
{
    scene c;
    int kind = 0;
    set_up(&c, oracle_world(seed), seed);
    make_rewards(&c);
    sx_leftover *x = leftover(&c);
    bool scaled = has_scale(&c);
    dense_fit(&c, /*scaled=*/false);
    measure_fit(&c);
    near(&c, "potential alone", x->potential_alone.value, 1 - c.residual / c.size, 1e-8);
    assert_true(x->any_scale == !scaled);
    if (c.residual > 1e-12L && scaled) {
        kind = 1;
        if (dense_fit(&c, /*scaled=*/true) && c.x[c.m->states] < 0) {
            dense_fit(&c, /*scaled=*/false);
            kind = 2;
        }
        measure_fit(&c);
        near(&c, "scale", x->scale, c.x[c.m->states], 1e-8);
        for (int32_t s = 0; s < c.m->states; s++)
            near(&c, "potential", x->potential[s] / (1 + fabs(x->potential[s])),
                 c.x[s] / (1 + fabsl((long double)x->potential[s])), 1e-7);
        near(&c, "residual", x->residual, sqrtl(c.residual), 1e-8);
        near(&c, "explained", x->explained.value, 1 - c.residual / c.size, 1e-8);
        assert_false(x->trivial);
        assert_true(x->mean_none == (c.residual <= 1e-12L));
        check_left(&c, x);
        if (c.residual > 1e-12L)
            check_shares(&c, x);
        else /* as many unknowns as pairs */
            near(&c, "all of what is left", x->redistributed, !x->none, 0);
    }
    sx_leftover_free(x);
    tear_down(&c);
    return kind;
}

static void equals_normal_equations(void **state)
{
    (void)state;
    int seen[3] = {0};
    for (uint64_t seed = 1; seed <= WORLDS; seed++)
        seen[check_world(seed)]++;
    assert_true(seen[1] > 60 && seen[2] > 60);
}

/* --- equivalent rewards --- */

static void redistribute(scene *c, oracle_stream *g)
{
    for (int32_t k = 0; k < c->m->pairs; k++) {
        int64_t t = c->m->first[k];
        if (c->m->first[k + 1] - t < 2)
            continue;
        double by = oracle_normal(g);
        double *row = c->plain[1] + (int64_t)k * c->m->states;
        row[c->m->next[t]] += by / c->m->prob[t];
        row[c->m->next[t + 1]] -= by / c->m->prob[t + 1];
    }
}

static void equivalent_leave_nothing(void **state)
{
    (void)state;
    int moved = 0, plain = 0;
    for (uint64_t seed = 1; seed <= WORLDS; seed++) {
        scene c;
        oracle_stream g = oracle_start(seed + 999);
        set_up(&c, oracle_world(seed), seed);
        double scale = exp(3 * oracle_normal(&g));
        double *phi = oracle_vector(c.m->states);
        for (int32_t s = 0; s < c.m->states; s++)
            phi[s] = 10 * oracle_normal(&g);
        for (int32_t k = 0; k < c.m->pairs; k++)
            for (int32_t y = 0; y < c.m->states; y++) {
                int64_t t = (int64_t)k * c.m->states + y;
                c.plain[1][t] =
                    scale * c.plain[0][t] + c.m->discount * phi[y] - phi[oracle_state(c.m, k)];
            }
        if (seed % 3 == 0)
            redistribute(&c, &g);
        make_rewards(&c);
        sx_leftover *x = leftover(&c);
        sx_left one;
        for (int32_t k = 0; k < c.m->pairs; k++)
            near(&c, "mean of equivalent", x->mean[k], 0, 0);
        assert_true(x->mean_none);
        if (x->none) {
            assert_int_equal(sx_leftover_transitions(x, 1, &one), 0);
            assert_int_equal(sx_leftover_states(x, 1, &one), 0);
            near(&c, "nothing redistributed", x->redistributed, 0, 0);
        } else {
            near(&c, "redistributed", x->redistributed, 1, 0);
            moved++;
        }
        assert_true(x->none || x->trivial || seed % 3 == 0);
        if (!x->any_scale && !x->trivial) {
            near(&c, "scale of equivalent", x->scale / scale, 1, 1e-6);
            near(&c, "explained", x->explained.value, 1, 1e-12);
            plain++;
        }
        sx_leftover_free(x);
        free(phi);
        tear_down(&c);
    }
    assert_true(moved > 50 && plain > 150);
}

static void opposite_and_trivial(void **state)
{
    (void)state;
    int opposite = 0;
    for (uint64_t seed = 1; seed <= 60; seed++) {
        scene c;
        set_up(&c, oracle_world(seed), seed);
        int64_t n = (int64_t)c.m->pairs * c.m->states;
        for (int64_t t = 0; t < n; t++)
            c.plain[1][t] = -2 * c.plain[0][t];
        make_rewards(&c);
        sx_leftover *x = leftover(&c);
        near(&c, "alpha of the opposite", x->scale, 0, 0);
        if (!x->trivial) {
            near(&c, "alone", x->explained.value - x->potential_alone.value, 0, 1e-12);
            assert_false(x->none);
            opposite++;
        }
        sx_leftover_free(x);
        /* nothing but a potential, beside a reward that is something */
        sx_reward_free(c.r[1]);
        sx_error err = SX_NO_ERROR;
        double *phi = oracle_vector(c.m->states);
        for (int32_t s = 0; s < c.m->states; s++)
            phi[s] = 1 + s % 3;
        CHECK_OK(sx_reward_new(c.m, &c.r[1], &err));
        x = leftover(&c); /* zero */
        assert_true(x->trivial && x->none && x->explained.reason && isnan(x->explained.value));
        near(&c, "alpha of zero", x->scale, 0, 0);
        sx_leftover_free(x);
        CHECK_OK(sx_reward_shape(c.m, c.r[1], phi, &err));
        x = leftover(&c);
        assert_true(x->trivial && x->none);
        near(&c, "alpha of a shaping", x->scale, 0, 0);
        near(&c, "explained", x->potential_alone.value, 1, 1e-12);
        sx_leftover_free(x);
        free(phi);
        tear_down(&c);
    }
    assert_true(opposite > 30);
}

/* --- one changed transition --- */

static void changed_is_first(void **state)
{
    static const double by[] = {1, -0.01, 1e-6};
    (void)state;
    for (uint64_t seed = 1; seed <= 90; seed++) {
        scene c;
        oracle_stream g = oracle_start(seed);
        set_up(&c, oracle_expander(40, 1, 0.9, seed), seed);
        int32_t k = oracle_below(&g, c.m->pairs);
        memcpy(c.plain[1], c.plain[0],
               (size_t)c.m->pairs * (size_t)c.m->states * sizeof *c.plain[1]);
        c.plain[1][(int64_t)k * c.m->states + c.m->next[c.m->first[k]]] += by[seed % 3];
        make_rewards(&c);
        sx_leftover *x = leftover(&c);
        sx_left q[2], s[2];
        assert_false(x->none);
        assert_int_equal(sx_leftover_transitions(x, 2, q), 2);
        assert_int_equal(q[0].pair, k);
        assert_int_equal(q[0].state, oracle_state(c.m, k));
        assert_int_equal(q[0].entry, c.m->first[k]);
        assert_true(q[0].share > q[1].share && q[0].share > 0.4);
        assert_true(x->left[q[0].entry] * by[seed % 3] > 0);
        assert_int_equal(sx_leftover_states(x, 2, s), 2);
        assert_int_equal(s[0].state, q[0].state);
        near(&c, "redistributed", x->redistributed, 0, 1e-12);
        sx_leftover_free(x);
        tear_down(&c);
    }
}

/* A change that is small beside a redistribution is still one. */
static void redistribution_hides_nothing(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 30; seed++) {
        scene c;
        oracle_stream g = oracle_start(seed);
        set_up(&c, oracle_expander(20, 3, 0.9, seed), seed);
        memcpy(c.plain[1], c.plain[0],
               (size_t)c.m->pairs * (size_t)c.m->states * sizeof *c.plain[1]);
        redistribute(&c, &g);
        double most = 0;
        for (int64_t t = 0; t < (int64_t)c.m->pairs * c.m->states; t++)
            most = fmax(most, fabs(c.plain[1][t]));
        c.plain[1][c.m->next[0]] += 3e-10 * most / c.m->prob[0];
        make_rewards(&c);
        sx_leftover *x = leftover(&c);
        assert_false(x->none || x->mean_none);
        near(&c, "redistributed", x->redistributed, 1, 1e-12);
        sx_leftover_free(x);
        tear_down(&c);
    }
}

/* --- the largest --- */

static void largest_are_in_order(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 40; seed++) {
        scene c;
        set_up(&c, oracle_world(seed), seed);
        make_rewards(&c);
        sx_leftover *x = leftover(&c);
        for (int64_t t = 0; t < c.m->entries;
             t++) /* ties, some only up to rounding, and zeros */
            x->share[t] = (double)(t * 7 % 4) * (1 + 1e-14 * (double)(t % 3));
        int32_t room = (int32_t)c.m->entries;
        sx_left *all = calloc((size_t)room + 1, sizeof *all), few[3];
        int32_t count = sx_leftover_transitions(x, room + 1, all), left = 0;
        for (int64_t t = 0; t < c.m->entries; t++)
            left += x->share[t] > 0;
        assert_int_equal(count, left);
        for (int32_t i = 1; i < count; i++) {
            int64_t a = all[i - 1].entry * 7 % 4, b = all[i].entry * 7 % 4;
            assert_true(a > b || (a == b && all[i - 1].entry < all[i].entry));
        }
        assert_int_equal(sx_leftover_transitions(x, 3, few), count < 3 ? count : 3);
        for (int32_t i = 0; i < count && i < 3; i++)
            assert_int_equal(few[i].entry, all[i].entry);
        assert_int_equal(sx_leftover_transitions(x, 0, few), 0);
        assert_int_equal(sx_leftover_states(x, 0, few), 0);
        free(all);
        sx_leftover_free(x);
        tear_down(&c);
    }
}

/* Another unit of T changes no share. */
static void units_do_not_matter(void **state)
{
    static const double units[] = {1e-100, 1e100};
    (void)state;
    for (uint64_t seed = 2; seed <= 40; seed += 2)
        for (int u = 0; u < 2; u++) {
            scene c;
            set_up(&c, oracle_world(seed), seed);
            make_rewards(&c);
            sx_leftover *x = leftover(&c), *y;
            sx_reward_scale(c.m, c.r[1], units[u]);
            y = leftover(&c);
            for (int64_t t = 0; t < c.m->entries; t++)
                near(&c, "share", x->share[t], y->share[t], 1e-9);
            near(&c, "scale", y->scale / units[u], x->scale, 1e-9);
            assert_true(x->none == y->none);
            sx_leftover_free(x);
            sx_leftover_free(y);
            tear_down(&c);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(equals_normal_equations),
        cmocka_unit_test(equivalent_leave_nothing),
        cmocka_unit_test(opposite_and_trivial),
        cmocka_unit_test(changed_is_first),
        cmocka_unit_test(redistribution_hides_nothing),
        cmocka_unit_test(largest_are_in_order),
        cmocka_unit_test(units_do_not_matter),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
