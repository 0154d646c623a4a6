/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_match.c - between random worlds that share some names, what corresponds is what has the
 * same names, and a carried reward has on every triple the value that a plain table by names
 * has; where something has no counterpart there is no reward but a reason. */
#include "tests/check.h"
#include "tests/oracle_reward.h"

#include "mdp/match.h"

#include <stdlib.h>

enum { STATES = 9, ACTIONS = 4, ROOM = STATES * ACTIONS * STATES, ROUNDS = 900 };

typedef struct scene {
    oracle_rng rng;
    sx_world *from, *to;
    int32_t state[STATES], action[ACTIONS]; /* of `to`: its place in from, or -1 */
    bool new_pairs;
    sx_reward *r;
    double plain[ROOM];
} scene;

static sx_world *make_world(sx_mdp *m, char s, const int32_t *state, const int32_t *action)
{
    sx_error err = SX_NO_ERROR;
    sx_world *w = NULL;
    CHECK_OK(sx_world_new(&w, &err));
    CHECK_OK(sx_names_new(&w->states, &err));
    CHECK_OK(sx_names_new(&w->actions, &err));
    w->mdp = m;
    for (int32_t i = 0; i < m->states + m->actions; i++) {
        bool is_state = i < m->states;
        int32_t index, place = is_state ? state[i] : action[i - m->states];
        char name[16];
        snprintf(name, sizeof name, "%c%d", place < 0 ? s : 'x', place < 0 ? i : place);
        CHECK_OK(sx_names_add(is_state ? w->states : w->actions, name, &index, &err));
    }
    return w;
}

static int32_t pair_of(const sx_mdp *m, int32_t s, int32_t a)
{
    for (int32_t k = m->pair[s]; k < m->pair[s + 1]; k++)
        if (m->action[k] == a)
            return k;
    return -1;
}

/* n of the places 0..most-1 in random order into place. */
static void choose(oracle_rng *g, int32_t most, int32_t n, int32_t *place)
{
    bool used[STATES] = {false};
    for (int32_t i = 0; i < n; i++) {
        int32_t p = oracle_int(g, 0, most - 1);
        while (used[p])
            p = (p + 1) % most;
        used[p] = true;
        place[i] = p;
    }
}

/* A transition world of `to` on these names; strangers: pairs may be new. */
static sx_mdp *draw_to(scene *c, int32_t states, int32_t actions, bool strangers)
{
    sx_error err = SX_NO_ERROR;
    sx_triple triple[ROOM];
    int64_t n = 0;
    sx_mdp *m = NULL;
    for (int32_t s = 0; s < states; s++)
        for (int32_t a = 0; a < actions; a++) {
            int32_t k = c->state[s] < 0 || c->action[a] < 0
                            ? -1
                            : pair_of(c->from->mdp, c->state[s], c->action[a]);
            if (k < 0 && !strangers)
                continue;
            c->new_pairs = c->new_pairs || k < 0;
            int32_t next = oracle_int(&c->rng, 0, states - 1);
            triple[n++] = (sx_triple){s, a, next, 0.5};
            triple[n++] = (sx_triple){s, a, oracle_int(&c->rng, 0, states - 1), 0.5};
        }
    sx_status st = sx_mdp_from_triples(states, actions, triple, n, &m, &err);
    return st ? NULL : m; /* a state may have lost all actions */
}

static bool set_up(scene *c, int round)
{
    int32_t all[STATES];
    memset(c, 0, sizeof *c);
    c->rng.state = (uint64_t)round * 6151 + 3;
    for (int32_t i = 0; i < STATES; i++)
        all[i] = i;
    sx_mdp *m = oracle_reward_world(&c->rng);
    c->r = oracle_draw(m, &c->rng, round % 3, c->plain);
    c->from = make_world(m, 'f', all, all);
    int32_t states = oracle_int(&c->rng, 1, m->states);
    int32_t actions = round % 2 ? m->actions : oracle_int(&c->rng, 1, m->actions);
    choose(&c->rng, m->states, states, c->state);
    choose(&c->rng, m->actions, actions, c->action);
    int stranger = round % 5;
    if (stranger == 1)
        c->state[states++] = -1;
    sx_mdp *to = draw_to(c, states, actions, stranger < 2);
    if (to)
        c->to = make_world(to, 'n', c->state, c->action);
    return to;
}

static void tear_down(scene *c)
{
    sx_reward_free(c->r);
    sx_world_free(c->from);
    sx_world_free(c->to);
}

static void check_match(const scene *c, const sx_match *x)
{
    const sx_mdp *from = c->from->mdp, *to = c->to->mdp;
    bool kept[STATES] = {false}, acts[ACTIONS] = {false};
    int32_t new_states = 0, new_pairs = 0, lost = 0;
    for (int32_t s = 0; s < to->states; s++) {
        assert_int_equal(x->state[s], c->state[s]);
        new_states += c->state[s] < 0;
        if (c->state[s] >= 0)
            kept[c->state[s]] = true;
    }
    for (int32_t a = 0; a < to->actions; a++) {
        assert_int_equal(x->action[a], c->action[a]);
        acts[c->action[a]] = true;
    }
    for (int32_t k = 0; k < to->pairs; k++) {
        int32_t s = c->state[oracle_state(to, k)];
        int32_t old = s < 0 ? -1 : pair_of(from, s, c->action[to->action[k]]);
        assert_int_equal(x->pair[k], old);
        new_pairs += old < 0;
        assert_true(old < 0 || x->pair_back[old] == k);
    }
    for (int32_t s = 0; s < from->states; s++) {
        assert_int_equal(x->state_back[s] < 0, !kept[s]);
        assert_true(!kept[s] || c->state[x->state_back[s]] == s);
        if (!kept[s])
            assert_int_equal(x->lost_state[lost++], s);
    }
    assert_int_equal(x->lost_states, lost);
    for (int32_t a = lost = 0; a < from->actions; a++)
        if (!acts[a])
            assert_int_equal(x->lost_action[lost++], a);
    assert_int_equal(x->lost_actions, lost);
    assert_int_equal(x->new_states, new_states);
    assert_int_equal(x->new_pairs, new_pairs);
    assert_int_equal(x->new_actions, 0);
    assert_int_equal(sx_match_is_total(x), !new_states && !new_pairs);
}

/* The table by names; false when a possible triple has no known value. */
static bool plain_carried(const scene *c, double *plain)
{
    const sx_mdp *from = c->from->mdp, *to = c->to->mdp;
    bool known = true;
    for (int32_t k = 0; k < to->pairs; k++)
        for (int32_t s = 0; s < to->states; s++) {
            int32_t old =
                pair_of(from, c->state[oracle_state(to, k)], c->action[to->action[k]]);
            double value = c->plain[old * from->states + c->state[s]];
            plain[k * to->states + s] = value;
            known = known && !(isnan(value) && sx_mdp_entry(to, k, s) >= 0);
        }
    /* where one is unknown all impossible ones are */
    for (int32_t i = 0; c->r->unknown && i < to->pairs * to->states; i++)
        if (sx_mdp_entry(to, i / to->states, i % to->states) < 0)
            plain[i] = NAN;
    return known;
}

static void carries_by_names(void **state)
{
    (void)state;
    int carried = 0, refused = 0, unknown = 0, sums = 0;
    for (int round = 0; round < ROUNDS; round++) {
        scene c;
        sx_error err = SX_NO_ERROR;
        sx_match *x = NULL;
        sx_reward *r = NULL;
        const char *reason = "not set";
        double plain[ROOM];
        bool there = set_up(&c, round);
        if (there) {
            CHECK_OK(sx_match_new(c.from, c.to, &x, &err));
            check_match(&c, x);
            CHECK_OK(sx_reward_carry(x, c.from->mdp, c.r, c.to->mdp, &r, &reason, &err));
            bool total = sx_match_is_total(x);
            bool known = total && plain_carried(&c, plain);
            assert_int_equal(r != NULL, known);
            assert_int_equal(reason == NULL, known);
            assert_true(!total || known || reason == c.r->unknown);
            refused += !total;
            unknown += total && !known;
            carried += known;
            if (known) {
                CHECK_OK(sx_reward_check(c.to->mdp, r, &err));
                oracle_same(c.to->mdp, r, plain, 0);
                sums += !c.r->dense && !c.r->unknown && r->exceptions > c.r->exceptions;
            }
        }
        sx_reward_free(r);
        sx_match_free(x);
        tear_down(&c);
    }
    assert_true(carried > 100 && refused > 100 && unknown > 20 && sums > 20);
}

/* Both worlds the same: everything is, and the sum form is kept to the bit. */
static void the_same_world_changes_nothing(void **state)
{
    (void)state;
    for (int round = 0; round < ROUNDS; round++) {
        scene c;
        sx_error err = SX_NO_ERROR;
        sx_match *x = NULL;
        sx_reward *r = NULL;
        const char *reason = NULL;
        (void)set_up(&c, round);
        const sx_mdp *m = c.from->mdp;
        CHECK_OK(sx_match_new(c.from, c.from, &x, &err));
        CHECK_OK(sx_reward_carry(x, m, c.r, m, &r, &reason, &err));
        assert_null(reason);
        assert_int_equal(r->dense != NULL, c.r->dense != NULL);
        assert_ptr_equal(r->unknown, c.r->unknown);
        assert_int_equal(r->products, c.r->products);
        assert_int_equal(r->exceptions, c.r->exceptions);
        if (r->left)
            assert_memory_equal(r->left, c.r->left, (size_t)m->pairs * sizeof(double));
        oracle_same(m, r, c.plain, 0);
        assert_int_equal(x->lost_states + x->lost_actions + x->new_actions, 0);
        sx_reward_free(r);
        sx_match_free(x);
        tear_down(&c);
    }
}

/* 10^5 states, a sum form of few numbers: no dense side is made on the way. */
static void a_large_world_stays_small(void **state)
{
    (void)state;
    enum { MANY = 100000 };
    sx_error err = SX_NO_ERROR;
    sx_world *w[2] = {NULL, NULL};
    sx_match *x = NULL;
    sx_reward *r = NULL, *carried = NULL;
    const char *reason = NULL;
    for (int i = 0; i < 2; i++) {
        sx_triple *triple = calloc(MANY, sizeof *triple);
        assert_non_null(triple);
        for (int32_t s = 0; s < MANY; s++) /* a ring, one way and the other */
            triple[s] = (sx_triple){s, 0, (s + (i ? MANY - 1 : 1)) % MANY, 1};
        CHECK_OK(sx_world_new(&w[i], &err));
        CHECK_OK(sx_mdp_from_triples(MANY, 1, triple, MANY, &w[i]->mdp, &err));
        CHECK_OK(sx_names_numbered(MANY, &w[i]->states, &err));
        CHECK_OK(sx_names_numbered(1, &w[i]->actions, &err));
        free(triple);
    }
    CHECK_OK(sx_reward_new(w[0]->mdp, &r, &err));
    double *phi = calloc(MANY, sizeof *phi);
    for (int32_t s = 0; s < MANY; s++)
        phi[s] = sin(s);
    CHECK_OK(sx_reward_shape(w[0]->mdp, r, phi, &err));
    r->on[7] = 5; /* a value of its own, impossible the other way round */
    CHECK_OK(sx_match_new(w[0], w[1], &x, &err));
    CHECK_OK(sx_reward_carry(x, w[0]->mdp, r, w[1]->mdp, &carried, &reason, &err));
    assert_true(carried && !carried->dense && !carried->unknown);
    CHECK_NEAR(sx_reward_at(w[1]->mdp, carried, 7, 8), 5, 0);
    CHECK_NEAR(sx_reward_at(w[1]->mdp, carried, 7, 6), sx_reward_at(w[0]->mdp, r, 7, 6), 0);
    CHECK_NEAR(sx_reward_at(w[1]->mdp, carried, 9, 10), sx_reward_at(w[0]->mdp, r, 9, 10), 0);
    free(phi);
    sx_reward_free(carried);
    sx_reward_free(r);
    sx_match_free(x);
    sx_world_free(w[0]);
    sx_world_free(w[1]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(carries_by_names),
        cmocka_unit_test(the_same_world_changes_nothing),
        cmocka_unit_test(a_large_world_stays_small),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
