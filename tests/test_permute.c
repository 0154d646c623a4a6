/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_permute.c - a permuted world and its rewards have at (s,a,s') bit for bit what a plain
 * table of the original has at (es,ea,es'), in every form; going round the cycle of e gives
 * everything back. */
#include "tests/check.h"
#include "tests/oracle_reward.h"
#include "tests/same_spec.h"

#include "mdp/permute.h"

#include <stdlib.h>

enum { STATES = 7, ACTIONS = 4, ROOM = STATES * ACTIONS * STATES, ROUNDS = 600 };

typedef struct scene {
    oracle_rng rng;
    sx_mdp *m;
    int form;
    sx_reward *r;
    double plain[ROOM];                     /* of r, by pair */
    int32_t state[STATES], action[ACTIONS]; /* e */
} scene;

static void shuffle(oracle_rng *g, int32_t *e, int32_t n)
{
    for (int32_t i = 0; i < n; i++)
        e[i] = i;
    for (int32_t i = n - 1; i > 0; i--) {
        int32_t j = oracle_int(g, 0, i), kept = e[i];
        e[i] = e[j];
        e[j] = kept;
    }
}

static void set_up(scene *c, int round)
{
    c->rng.state = (uint64_t)round * 7919 + 11;
    c->m = oracle_reward_world(&c->rng);
    c->form = round % 3;
    c->r = oracle_draw(c->m, &c->rng, c->form, c->plain);
    shuffle(&c->rng, c->state, c->m->states);
    shuffle(&c->rng, c->action, c->m->actions);
}

static void tear_down(scene *c)
{
    sx_reward_free(c->r);
    sx_mdp_free(c->m);
}

/* The pair of (s,a) by looking at each, or -1. */
static int32_t pair_of(const sx_mdp *m, int32_t s, int32_t a)
{
    for (int32_t k = m->pair[s]; k < m->pair[s + 1]; k++)
        if (m->action[k] == a)
            return k;
    return -1;
}

static double prob_of(const sx_mdp *m, int32_t k, int32_t s)
{
    for (int64_t t = m->first[k]; t < m->first[k + 1]; t++)
        if (m->next[t] == s)
            return m->prob[t];
    return 0;
}

/* to is m with e. */
static void check_world(const scene *c, const sx_mdp *to)
{
    const sx_mdp *m = c->m;
    sx_error err = SX_NO_ERROR;
    CHECK_OK(sx_mdp_check(to, &err));
    assert_int_equal(to->states, m->states);
    assert_int_equal(to->actions, m->actions);
    assert_true(to->discount >= m->discount && to->discount <= m->discount);
    for (int32_t s = 0; s < m->states; s++) {
        CHECK_NEAR(to->initial[s], m->initial[c->state[s]], 0);
        assert_int_equal(to->absorbing[s], m->absorbing[c->state[s]]);
        for (int32_t a = 0; a < m->actions; a++) {
            int32_t k = pair_of(to, s, a), old = pair_of(m, c->state[s], c->action[a]);
            assert_int_equal(k < 0, old < 0);
            for (int32_t next = 0; k >= 0 && next < m->states; next++)
                CHECK_NEAR(prob_of(to, k, next), prob_of(m, old, c->state[next]), 0);
        }
    }
}

/* plain [K*S] of the permuted reward. */
static void plain_permuted(const scene *c, const sx_mdp *to, double *plain)
{
    for (int32_t s = 0; s < to->states; s++)
        for (int32_t k = to->pair[s]; k < to->pair[s + 1]; k++)
            for (int32_t next = 0; next < to->states; next++) {
                int32_t old = pair_of(c->m, c->state[s], c->action[to->action[k]]);
                plain[k * to->states + next] = c->plain[old * to->states + c->state[next]];
            }
}

static void equals_a_plain_table(void **state)
{
    (void)state;
    for (int round = 0; round < ROUNDS; round++) {
        scene c;
        sx_error err = SX_NO_ERROR;
        sx_mdp *to = NULL;
        sx_reward *r = NULL;
        double plain[ROOM];
        set_up(&c, round);
        CHECK_OK(sx_mdp_permute(c.m, c.state, c.action, &to, &err));
        check_world(&c, to);
        CHECK_OK(sx_reward_permute(c.m, c.state, c.action, c.r, to, &r, &err));
        CHECK_OK(sx_reward_check(to, r, &err));
        plain_permuted(&c, to, plain);
        oracle_same(to, r, plain, 0);
        assert_int_equal(r->dense != NULL, c.form == 1);
        assert_int_equal(r->products, c.r->products);
        assert_int_equal(r->exceptions, c.r->exceptions);
        sx_reward_free(r);
        sx_mdp_free(to);
        tear_down(&c);
    }
}

/* The length of the cycle of e [n], times that of others so far. */
static int64_t order_of(const int32_t *e, int32_t n, int64_t order)
{
    for (int32_t i = 0; i < n; i++) {
        int64_t length = 1, common = order;
        for (int32_t j = e[i]; j != i; j = e[j])
            length++;
        for (int64_t rest = length; rest;) {
            int64_t next = common % rest;
            common = rest;
            rest = next;
        }
        order = order / common * length;
    }
    return order;
}

static void round_the_cycle_is_the_identity(void **state)
{
    (void)state;
    for (int round = 0; round < ROUNDS; round++) {
        scene c;
        sx_error err = SX_NO_ERROR;
        set_up(&c, round);
        int64_t order = order_of(c.state, c.m->states, 1);
        order = order_of(c.action, c.m->actions, order);
        sx_mdp *m = c.m;
        sx_reward *r = c.r;
        for (int64_t i = 0; i < order; i++) {
            sx_mdp *to = NULL;
            sx_reward *next = NULL;
            CHECK_OK(sx_mdp_permute(m, c.state, c.action, &to, &err));
            CHECK_OK(sx_reward_permute(m, c.state, c.action, r, to, &next, &err));
            if (m != c.m) {
                sx_reward_free(r);
                sx_mdp_free(m);
            }
            m = to;
            r = next;
        }
        same_mdp(c.m, m);
        same_reward(m, c.r, r);
        sx_reward_free(r);
        sx_mdp_free(m);
        tear_down(&c);
    }
}

/* --- the rest of a world ------------------------------------------------------------------ */

/* A world round m, which it owns, with everything that moves. */
static sx_world *make_world(sx_mdp *m, oracle_rng *g)
{
    sx_error err = SX_NO_ERROR;
    sx_world *w = NULL;
    int32_t i, member[STATES], count = 0;
    CHECK_OK(sx_world_new(&w, &err));
    w->mdp = m;
    for (int32_t s = 0; s < m->states; s++)
        if (s % 2 == 0)
            member[count++] = s;
    CHECK_OK(sx_world_add_label(w, "even", member, count, &i, &err));
    CHECK_OK(sx_world_add_label(w, "none", NULL, 0, &i, &err));
    CHECK_OK(sx_world_add_variable(w, "x", &i, &err));
    for (int32_t s = 0; s < m->states; s++)
        w->variable[i].value[s] = s == 1 ? (double)NAN : oracle_value(g);
    CHECK_OK(sx_world_add_pair_variable(w, "y", &i, &err));
    w->base = sx_alloc((size_t)m->pairs, sizeof *w->base);
    for (int32_t k = 0; k < m->pairs; k++) {
        w->variable[i].value[k] = oracle_value(g);
        w->base[k] = oracle_value(g);
    }
    w->throughs = m->entries > 1 ? 2 : 0;
    w->through = sx_alloc(2, sizeof *w->through);
    w->through[0] = (sx_through){0, 1, 0.5};
    w->through[1] = (sx_through){m->entries - 1, 1, 0.25};
    return w;
}

/* The state and action of pair k, the pair and next state of entry t: what they were. */
static int32_t old_pair(const scene *c, const sx_mdp *m, const sx_mdp *to, int32_t k)
{
    int32_t s = oracle_state(to, k);
    return pair_of(m, c->state[s], c->action[to->action[k]]);
}

static int64_t old_entry(const scene *c, const sx_mdp *m, const sx_mdp *to, int64_t t)
{
    int32_t k = 0;
    while (to->first[k + 1] <= t)
        k++;
    return sx_mdp_entry(m, old_pair(c, m, to, k), c->state[to->next[t]]);
}

static bool has(const sx_label *l, int32_t s)
{
    bool found = false;
    for (int32_t i = 0; i < l->count; i++)
        found = found || l->state[i] == s;
    return found;
}

static void check_parts(const scene *c, const sx_world *w, const sx_world *to)
{
    const sx_mdp *m = w->mdp;
    for (int32_t s = 0; s < m->states; s++) {
        double x = w->variable[0].value[c->state[s]], y = to->variable[0].value[s];
        assert_true((isnan(x) && isnan(y)) || (x <= y && x >= y));
        assert_int_equal(has(&to->label[0], s), has(&w->label[0], c->state[s]));
    }
    for (int32_t i = 1; i < to->label[0].count; i++)
        assert_true(to->label[0].state[i - 1] < to->label[0].state[i]);
    assert_int_equal(to->label[0].count, w->label[0].count);
    assert_int_equal(to->label[1].count, 0);
    for (int32_t k = 0; k < m->pairs; k++) {
        int32_t old = old_pair(c, m, to->mdp, k);
        CHECK_NEAR(to->variable[1].value[k], w->variable[1].value[old], 0);
        CHECK_NEAR(to->base[k], w->base[old], 0);
    }
    for (int64_t i = 0; i < to->throughs; i++) {
        assert_true(i == 0 || to->through[i - 1].entry < to->through[i].entry);
        int64_t old = old_entry(c, m, to->mdp, to->through[i].entry);
        assert_true(old == (to->through[i].share > 0.3 ? 0 : m->entries - 1));
    }
}

static void moves_labels_and_variables(void **state)
{
    (void)state;
    for (int round = 0; round < ROUNDS; round++) {
        scene c;
        sx_error err = SX_NO_ERROR;
        set_up(&c, round);
        oracle_rng same = c.rng;
        sx_mdp *copy = NULL;
        int32_t still[STATES];
        for (int32_t i = 0; i < STATES; i++)
            still[i] = i;
        CHECK_OK(sx_mdp_permute(c.m, still, still, &copy, &err));
        same_mdp(c.m, copy);
        sx_world *w = make_world(c.m, &c.rng), *to = make_world(copy, &same);
        CHECK_OK(sx_world_permute(to, c.state, c.action, &err));
        check_world(&c, to->mdp);
        check_parts(&c, w, to);
        w->mdp = NULL; /* the scene's */
        sx_world_free(w);
        sx_world_free(to);
        tear_down(&c);
    }
}

static void refuses_what_is_no_permutation(void **state)
{
    (void)state;
    scene c;
    set_up(&c, 1);
    assert_true(c.m->states > 1 && c.m->actions > 1);
    static const int32_t wrong[][2] = {{0, 0}, {-1, 0}, {0, STATES}};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        sx_error err = SX_NO_ERROR;
        sx_mdp *to = NULL;
        int32_t e[STATES] = {0, 1, 2, 3, 4, 5, 6};
        e[0] = wrong[i][0];
        e[1] = wrong[i][1];
        assert_int_equal(sx_mdp_permute(c.m, e, c.action, &to, &err), SX_EARG);
        assert_null(to);
        err = (sx_error)SX_NO_ERROR;
        assert_int_equal(sx_mdp_permute(c.m, c.state, e, &to, &err), SX_EARG);
        assert_null(to);
    }
    tear_down(&c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(equals_a_plain_table),
        cmocka_unit_test(round_the_cycle_is_the_identity),
        cmocka_unit_test(moves_labels_and_variables),
        cmocka_unit_test(refuses_what_is_no_permutation),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
