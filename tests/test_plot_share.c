/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_plot_share.c - bars are the shares, the line their sums, and what is left makes 1;
 * matrices of states by actions hold the numbers of their pairs, of the largest states where
 * there are too many; what expectations hide is the variance over next states. */
#include "plots/kind_pairs.h"
#include "plots/kind_share.h"
#include "tests/check.h"
#include "tests/oracle_mdp.h"
#include "tests/oracle_distance.h"
#include "tests/oracle_reward.h"

#include <stdlib.h>

static const sx_layer *layer_of(const sx_chart *c, sx_layer_kind kind)
{
    for (int32_t i = 0; i < c->layers; i++)
        if (c->layer[i]->kind == kind)
            return c->layer[i];
    fail();
    return NULL;
}

static void bars_and_sums(void **state)
{
    (void)state;
    const sx_share_step step[] = {{"a, go", 0.5}, {"b, <&>", 0.25}, {"c", 0.125}};
    sx_figure *f = sx_figure_new("shares");
    sx_figure_shares(f, "title", "the distance", step, 3);
    assert_int_equal(f->panels, 1);
    const sx_chart *c = f->panel[0]->chart;
    assert_int_equal(c->y.categories, 4);
    assert_string_equal(c->y.category[1], "b, <&>");
    assert_string_equal(c->y.category[3], "all others");
    const sx_layer *bars = layer_of(c, SX_LAYER_BARS), *sums = layer_of(c, SX_LAYER_LINE);
    const double bar[] = {0.5, 0.25, 0.125, 0.125}, sum[] = {0.5, 0.75, 0.875};
    assert_int_equal(bars->n, 4);
    assert_int_equal(sums->n, 3);
    for (int i = 0; i < 4; i++) {
        CHECK_NEAR(bars->x[i], bar[i], 0);
        CHECK_NEAR(bars->y[i], i, 0);
        if (i < 3)
            CHECK_NEAR(sums->x[i], sum[i], 0);
    }
    CHECK_NEAR(c->x.low, 0, 0);
    CHECK_NEAR(c->x.high, 1, 0);
    assert_string_equal(c->x.title, "share of the distance");
    sx_figure_free(f);
}

static void all_of_it(void **state)
{
    (void)state;
    const sx_share_step step[] = {{"a", 0.75}, {"b", 0.25 - 1e-9}};
    sx_figure *f = sx_figure_new("shares");
    sx_figure_shares(f, "title", "x", step, 2);
    assert_int_equal(f->panel[0]->chart->y.categories, 2); /* no others but rounding */
    sx_figure_shares(f, "title", "x", step, 0);
    assert_int_equal(f->panels, 1);
    sx_figure_free(f);
}

/* --- states by actions --- */

static void check_matrix(uint64_t seed, int32_t most)
{
    sx_error err = SX_NO_ERROR;
    sx_mdp *m = oracle_world(seed);
    sx_world w = {.mdp = m};
    double *pair[2], *mine = oracle_vector(m->states);
    sx_state_rows rows;
    sx_figure *f = sx_figure_new("pairs");
    CHECK_OK(sx_names_numbered(m->states, &w.states, &err));
    CHECK_OK(sx_names_numbered(m->actions, &w.actions, &err));
    for (int i = 0; i < 2; i++) {
        double largest = 0;
        pair[i] = oracle_vector(m->pairs);
        for (int32_t k = 0; k < m->pairs; k++) {
            pair[i][k] = sin((double)seed + k * 1.7 + i) * (i ? 1e-3 : 100);
            largest = fmax(largest, fabs(pair[i][k]));
        }
        for (int32_t k = 0; k < m->pairs; k++) {
            int32_t s = oracle_state(m, k);
            mine[s] = fmax(mine[s], fabs(pair[i][k]) / largest);
        }
    }
    CHECK_OK(sx_state_rows_choose(m, (const double *const *)pair, 2, most, &rows, &err));
    assert_int_equal(rows.count, most < m->states ? most : m->states);
    for (int32_t s = 0, i = 0; s < m->states; s++) {
        bool in = i < rows.count && rows.state[i] == s;
        for (int32_t j = 0; j < rows.count; j++) /* who is out is not larger than who is in */
            assert_true(in || mine[s] <= mine[rows.state[j]]);
        i += in;
    }
    CHECK_OK(sx_figure_pairs(f, &w, &rows, "title", "bar", pair[1], &err));
    CHECK_OK(sx_figure_states(f, &w, &rows, "title", "bar", mine, &err));
    const sx_heat *h = f->panel[0]->heat;
    for (int32_t i = 0; i < rows.count; i++) {
        char name[16];
        snprintf(name, sizeof name, "%d", rows.state[i]);
        assert_string_equal(h->row[i], name);
        const sx_chart *c = f->panel[1]->chart;
        assert_string_equal(c->y.category[i], name);
        CHECK_NEAR(c->layer[0]->x[i], mine[rows.state[i]], 0);
        CHECK_NEAR(c->layer[0]->y[i], i, 0);
        for (int32_t a = 0; a < m->actions; a++) {
            int32_t k = sx_mdp_pair(m, rows.state[i], a);
            double x = h->value[i * m->actions + a];
            assert_true(k < 0 ? isnan(x) : x <= pair[1][k] && x >= pair[1][k]);
        }
    }
    sx_figure_free(f);
    sx_names_free(w.states);
    sx_names_free(w.actions);
    sx_release(rows.state);
    free(pair[0]);
    free(pair[1]);
    free(mine);
    oracle_world_free(m);
}

/* States of variables are called by their values. */
static void short_names(void **state)
{
    (void)state;
    static const char *const name[] = {"x=1,door=open", "x=2,door=a=b", "y=1", "s",
                                       "x=1,s",         "x=,door=",     "=1"};
    static const char *const want[] = {"1,open", "2,a=b", "y=1", "s", "x=1,s", ",", "=1"};
    sx_error err = SX_NO_ERROR;
    double zero[7] = {0};
    char buffer[SX_NAME_BUFFER], x[] = "x", door[] = "door";
    sx_variable v[2] = {{.name = x, .value = zero}, {.name = door, .value = zero}};
    sx_world w = {.variables = 2, .variable = v};
    CHECK_OK(sx_names_new(&w.states, &err));
    for (int32_t i = 0, at; i < 7; i++)
        CHECK_OK(sx_names_add(w.states, name[i], &at, &err));
    for (int32_t i = 0; i < 7; i++)
        assert_string_equal(sx_state_short_name(&w, i, buffer), want[i]);
    sx_names_free(w.states);
}

static void matrices(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 40; seed++) {
        check_matrix(seed, 200);
        check_matrix(seed, 2);
    }
}

static void hidden(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 40; seed++) {
        sx_mdp *m = oracle_world(seed);
        double *plain = oracle_table(m, seed, 0);
        sx_reward *r = oracle_dense_reward(m, plain);
        long double all = 0, variance = 0;
        for (int32_t k = 0; k < m->pairs; k++) {
            long double first = 0, second = 0;
            for (int32_t y = 0; y < m->states; y++) {
                long double x = plain[(int64_t)k * m->states + y], p = oracle_prob(m, k, y);
                first += p * x;
                second += p * x * x;
            }
            all += second;
            variance += second - first * first;
        }
        CHECK_NEAR(sx_reward_unseen(m, r), (double)(variance / all), 1e-9);
        sx_reward_scale(m, r, 0);
        CHECK_NEAR(sx_reward_unseen(m, r), 0, 0);
        sx_reward_free(r);
        free(plain);
        oracle_world_free(m);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bars_and_sums), cmocka_unit_test(all_of_it),
        cmocka_unit_test(short_names),   cmocka_unit_test(matrices),
        cmocka_unit_test(hidden),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
