/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_touched.c - what an edit touches, and what was optimal, against a naive search by names.
 */
#include "tests/check.h"

#include "metrics/expect.h"
#include "tests/oracle_mdp.h"

#include <stdlib.h>

enum { WORLDS = 200, ROOM = 64 };

static uint64_t now;

static int tell_seed(void **state)
{
    (void)state;
    print_message("last seed %llu\n", (unsigned long long)now);
    return 0;
}

/* --- a world and the same world with one thing changed --- */

typedef enum change {
    NOTHING,
    PROBABILITY,
    LABEL,
    VARIABLE,
    PAIR_VARIABLE,
    ACTION,
    RENAMED,
    ABSORBING,
    CHANGES
} change;

typedef struct couple {
    sx_world *from, *to;
    sx_match *match;
    sx_touched *touched;
    sx_reward *zero;
} couple;

static sx_names *names_of(const int32_t *id, int32_t n, char letter)
{
    sx_error err = SX_NO_ERROR;
    sx_names *names = NULL;
    CHECK_OK(sx_names_new(&names, &err));
    for (int32_t i = 0; i < n; i++) {
        char text[16];
        int32_t index;
        snprintf(text, sizeof text, "%c%d", letter, (int)id[i]);
        CHECK_OK(sx_names_add(names, text, &index, &err));
    }
    return names;
}

static void shuffle(int32_t *id, int32_t n, oracle_stream *g)
{
    for (int32_t i = 0; i < n; i++)
        id[i] = i;
    for (int32_t i = n - 1; g && i > 0; i--) {
        int32_t j = oracle_below(g, i + 1), t = id[i];
        id[i] = id[j];
        id[j] = t;
    }
}

/* The world m with state i named s<id[i]>; labels and variables go by the number in the name.
 */
static sx_world *named(sx_mdp *m, const int32_t *id)
{
    sx_error err = SX_NO_ERROR;
    sx_world *w = NULL;
    int32_t action[ROOM], odd[ROOM], n = 0, index;
    CHECK_OK(sx_world_new(&w, &err));
    w->mdp = m;
    shuffle(action, m->actions, NULL);
    w->states = names_of(id, m->states, 's');
    w->actions = names_of(action, m->actions, 'a');
    for (int32_t s = 0; s < m->states; s++)
        if (id[s] % 2)
            odd[n++] = s;
    CHECK_OK(sx_world_add_label(w, "odd", odd, n, &index, &err));
    CHECK_OK(sx_world_add_variable(w, "x", &index, &err));
    for (int32_t s = 0; s < m->states; s++)
        w->variable[index].value[s] = id[s] % 3 ? id[s] : (double)NAN;
    CHECK_OK(sx_world_add_pair_variable(w, "y", &index, &err));
    for (int32_t s = 0; s < m->states; s++)
        for (int32_t k = m->pair[s]; k < m->pair[s + 1]; k++)
            w->variable[index].value[k] = 10 * id[s] + m->action[k];
    return w;
}

/* m with state s at place[s], without the pair `drop`. */
static sx_mdp *moved(const sx_mdp *m, const int32_t *place, int32_t drop)
{
    sx_error err = SX_NO_ERROR;
    sx_triple *list = malloc((size_t)m->entries * sizeof *list);
    int64_t n = 0;
    sx_mdp *to = NULL;
    for (int32_t s = 0; s < m->states; s++)
        for (int32_t k = m->pair[s]; k < m->pair[s + 1]; k++)
            for (int64_t t = m->first[k]; k != drop && t < m->first[k + 1]; t++)
                list[n++] = (sx_triple){place[s], m->action[k], place[m->next[t]], m->prob[t]};
    CHECK_OK(sx_mdp_from_triples(m->states, m->actions, list, n, &to, &err));
    to->discount = m->discount;
    for (int32_t s = 0; s < m->states; s++) {
        to->initial[place[s]] = m->initial[s];
        to->absorbing[place[s]] = m->absorbing[s];
    }
    free(list);
    return to;
}

/* A pair of a state with two, or -1. */
static int32_t spare_pair(const sx_mdp *m)
{
    for (int32_t s = 0; s < m->states; s++)
        if (m->pair[s + 1] - m->pair[s] > 1)
            return m->pair[s];
    return -1;
}

/* A pair with two successors loses some of the probability of one to the other. */
static void shift_probability(sx_mdp *m)
{
    for (int32_t k = 0; k < m->pairs; k++) {
        int64_t t = m->first[k];
        if (m->first[k + 1] - t > 1) {
            double d = m->prob[t] / 4;
            m->prob[t] -= d;
            m->prob[t + 1] += d;
            return;
        }
    }
}

static void change_to(sx_world *w, change what, int32_t s)
{
    sx_error err = SX_NO_ERROR;
    int32_t index;
    switch (what) {
    case PROBABILITY: shift_probability(w->mdp); break;
    case LABEL: CHECK_OK(sx_world_add_label(w, "new", &s, 1, &index, &err)); break;
    case VARIABLE: w->variable[0].value[s] = -1; break;
    case PAIR_VARIABLE: w->variable[1].value[w->mdp->pair[s]] = -1; break;
    case ABSORBING: w->mdp->absorbing[s] = !w->mdp->absorbing[s]; break;
    default: break;
    }
}

static couple draw(uint64_t seed, change what)
{
    sx_error err = SX_NO_ERROR;
    couple c = {0};
    oracle_stream g = oracle_start(seed);
    sx_mdp *m = oracle_world(seed);
    int32_t id[ROOM], place[ROOM], old[ROOM];
    now = seed;
    shuffle(old, m->states, NULL);
    shuffle(place, m->states, &g);
    for (int32_t s = 0; s < m->states; s++)
        id[place[s]] = s;
    c.to = named(moved(m, place, what == ACTION ? spare_pair(m) : -1), id);
    if (what == RENAMED) {
        id[oracle_below(&g, m->states)] = 50;
        sx_names_free(c.to->states);
        c.to->states = names_of(id, m->states, 's');
    }
    change_to(c.to, what, oracle_below(&g, m->states));
    c.from = named(m, old);
    CHECK_OK(sx_match_new(c.from, c.to, &c.match, &err));
    CHECK_OK(sx_reward_new(c.to->mdp, &c.zero, &err));
    CHECK_OK(sx_touched_find(c.from, c.to, c.match, &(sx_versions){c.zero, c.zero, NULL}, 1e-9,
                             &c.touched, &err));
    return c;
}

static void couple_end(couple *c)
{
    sx_touched_free(c->touched);
    sx_match_free(c->match);
    sx_reward_free(c->zero);
    sx_world_free(c->from);
    sx_world_free(c->to);
}

/* --- the naive search --- */

static bool has_label(const sx_world *w, const char *name, int32_t s)
{
    int32_t l = sx_world_label(w, name);
    for (int32_t i = 0; l >= 0 && i < w->label[l].count; i++)
        if (w->label[l].state[i] == s)
            return true;
    return false;
}

static bool same_number(double a, double b)
{
    return isnan(a) ? isnan(b) : fabs(a - b) < 1e-15;
}

static int32_t find_state(const sx_world *w, const sx_world *of, int32_t s)
{
    char name[SX_NAME_BUFFER];
    return sx_names_find(w->states, sx_names_get(of->states, s, name));
}

static bool state_changed(const couple *c, int32_t s)
{
    const sx_mdp *m = c->to->mdp, *o = c->from->mdp;
    int32_t f = find_state(c->from, c->to, s);
    if (f < 0 || m->absorbing[s] != o->absorbing[f] ||
        has_label(c->to, "odd", s) != has_label(c->from, "odd", f) ||
        has_label(c->to, "new", s) ||
        !same_number(c->to->variable[0].value[s], c->from->variable[0].value[f]))
        return true;
    for (int32_t a = 0; a < m->actions; a++)
        if ((sx_mdp_pair(m, s, a) < 0) != (sx_mdp_pair(o, f, a) < 0))
            return true;
    return false;
}

static bool triple_changed(const couple *c, int32_t s, int32_t k, int64_t t)
{
    const sx_mdp *m = c->to->mdp, *o = c->from->mdp;
    int32_t z = m->next[t], f = find_state(c->from, c->to, s);
    if (state_changed(c, s) || state_changed(c, z))
        return true;
    int32_t p = sx_mdp_pair(o, f, m->action[k]);
    int32_t y = find_state(c->from, c->to, z);
    return fabs(oracle_prob(o, p, y) - m->prob[t]) > 1e-12 ||
           !same_number(c->to->variable[1].value[k], c->from->variable[1].value[p]);
}

static void check_touched(const couple *c)
{
    const sx_mdp *m = c->to->mdp;
    const sx_touched *x = c->touched;
    int64_t count = 0;
    int32_t pairs = 0, states = 0;
    for (int32_t s = 0; s < m->states; s++) {
        bool state = false;
        for (int32_t k = m->pair[s]; k < m->pair[s + 1]; k++) {
            bool pair = false;
            for (int64_t t = m->first[k]; t < m->first[k + 1]; t++) {
                bool one = x->by == SX_TOUCH_ALL || triple_changed(c, s, k, t);
                assert_int_equal(x->entry[t], one);
                count += one;
                pair = pair || one;
            }
            assert_int_equal(x->pair[k], pair);
            pairs += pair;
            state = state || pair;
        }
        assert_int_equal(x->state[s], state);
        states += state;
    }
    assert_int_equal(x->entries, count);
    assert_int_equal(x->pairs, pairs);
    assert_int_equal(x->states, states);
}

static void touched_is_what_a_naive_search_finds(void **state)
{
    (void)state;
    int by_world[CHANGES] = {0};
    for (uint64_t seed = 0; seed < WORLDS; seed++) {
        change what = (change)(seed % CHANGES);
        couple c = draw(seed, what);
        check_touched(&c);
        by_world[what] += c.touched->by == SX_TOUCH_WORLD;
        bool dynamics = what == RENAMED ||
                        (what == ACTION && c.touched->by == SX_TOUCH_WORLD) ||
                        (what == PROBABILITY && c.touched->by == SX_TOUCH_WORLD);
        assert_int_equal(c.touched->transitions, dynamics);
        couple_end(&c);
    }
    assert_int_equal(by_world[NOTHING], 0);
    for (int i = 1; i < CHANGES; i++)
        assert_true(by_world[i] > WORLDS / CHANGES / 2);
}

/* A changed start or discount is a change of the transitions, and touches no triple. */
static void start_and_discount_touch_no_triple(void **state)
{
    (void)state;
    for (int k = 0; k < 2; k++) {
        sx_error err = SX_NO_ERROR;
        couple c = draw(8, NOTHING);
        sx_mdp *m = c.to->mdp;
        assert_false(c.touched->transitions);
        if (k) {
            m->discount = 0.123;
        } else {
            double first = m->initial[0];
            m->initial[0] = m->initial[m->states - 1];
            m->initial[m->states - 1] = first;
            m->initial[0] += 0.01;
        }
        c.touched = sx_touched_free(c.touched);
        CHECK_OK(sx_touched_find(c.from, c.to, c.match, &(sx_versions){c.zero, c.zero, NULL},
                                 1e-9, &c.touched, &err));
        assert_true(c.touched->transitions);
        assert_int_equal(c.touched->by, SX_TOUCH_ALL);
        couple_end(&c);
    }
}

static void without_a_changed_world_the_truth_says_what_is_touched(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < 20; seed++) {
        sx_error err = SX_NO_ERROR;
        couple c = draw(CHANGES * seed, NOTHING);
        sx_reward *r = NULL;
        int64_t t = (int64_t)seed % c.to->mdp->entries;
        CHECK_OK(sx_reward_copy(c.to->mdp, c.zero, &r, &err));
        r->on[t] = -3;
        c.touched = sx_touched_free(c.touched);
        CHECK_OK(sx_touched_find(c.from, c.to, c.match, &(sx_versions){c.zero, r, NULL}, 1e-9,
                                 &c.touched, &err));
        assert_int_equal(c.touched->by, SX_TOUCH_TRUTH);
        assert_int_equal(c.touched->entries, 1);
        assert_int_equal(c.touched->entry[t], 1);
        c.touched = sx_touched_free(c.touched);
        CHECK_OK(sx_touched_find(c.from, c.to, c.match, &(sx_versions){NULL, r, NULL}, 1e-9,
                                 &c.touched, &err));
        assert_int_equal(c.touched->by, SX_TOUCH_ALL);
        sx_reward_free(r);
        couple_end(&c);
    }
}

static void best_is_carried_by_names(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < 60; seed++) {
        couple c = draw(seed, seed % 2 ? RENAMED : ACTION);
        const sx_mdp *o = c.from->mdp, *m = c.to->mdp;
        unsigned char best[ROOM * 8];
        signed char before[ROOM * 8];
        for (int32_t k = 0; k < o->pairs; k++)
            best[k] = (unsigned char)(k % 3 == 0);
        sx_best_carry(o, m, c.match, best, before);
        for (int32_t s = 0; s < m->states; s++)
            for (int32_t k = m->pair[s]; k < m->pair[s + 1]; k++) {
                int32_t f = find_state(c.from, c.to, s);
                bool choice = f >= 0 && !o->absorbing[f];
                int32_t p = choice ? sx_mdp_pair(o, f, m->action[k]) : -1;
                assert_int_equal(before[k], choice ? p >= 0 && p % 3 == 0 : -1);
            }
        couple_end(&c);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(touched_is_what_a_naive_search_finds),
        cmocka_unit_test(start_and_discount_touch_no_triple),
        cmocka_unit_test(without_a_changed_world_the_truth_says_what_is_touched),
        cmocka_unit_test(best_is_carried_by_names),
    };
    return cmocka_run_group_tests(tests, NULL, tell_seed);
}
