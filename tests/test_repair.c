/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_repair.c - repaired rewards do what their edits demand, no nearer reward does, and edits
 * that exclude each other are named. */
#include "tests/check.h"
#include "tests/oracle_mdp.h"

#include "metrics/repair.h"
#include "solvers/lp.h"

#include <stdlib.h>

/* A world with rewards on its possible triples, and edits that keep the names. */
typedef struct scene {
    sx_mdp *m;
    sx_reward *r;
    int32_t edits;
    sx_repair_edit edit[3];
    sx_reward *edited[3];
    sx_match *match, *moved;
    sx_touched touched[3];
    sx_repair_options o;
} scene;

static sx_reward *reward_of(const sx_mdp *m, oracle_stream *g)
{
    sx_error err = SX_NO_ERROR;
    sx_reward *r = NULL;
    CHECK_OK(sx_reward_new(m, &r, &err));
    for (int64_t t = 0; t < m->entries; t++)
        r->on[t] = oracle_below(g, 9) - 4;
    return r;
}

static void touch(sx_touched *t, const sx_mdp *m, oracle_stream *g)
{
    t->entry = sx_alloc((size_t)m->entries, 1);
    t->pair = sx_alloc((size_t)m->pairs, 1);
    t->state = sx_alloc((size_t)m->states, 1);
    assert_true(t->entry && t->pair && t->state);
    for (int32_t s = 0; s < m->states; s++)
        for (int32_t k = m->pair[s]; k < m->pair[s + 1]; k++)
            for (int64_t e = m->first[k]; e < m->first[k + 1]; e++) {
                t->entry[e] = oracle_below(g, 3) > 0;
                t->pair[k] |= t->entry[e];
                t->state[s] |= t->entry[e];
            }
}

static sx_match *identity(const sx_mdp *m)
{
    sx_error err = SX_NO_ERROR;
    sx_match *x = NULL;
    int32_t *state = sx_alloc((size_t)m->states, sizeof *state);
    int32_t *action = sx_alloc((size_t)m->actions, sizeof *action);
    assert_true(state && action);
    for (int32_t s = 0; s < m->states; s++)
        state[s] = s;
    for (int32_t a = 0; a < m->actions; a++)
        action[a] = a;
    CHECK_OK(sx_match_maps(m, m, state, action, &x, &err));
    sx_release(state);
    sx_release(action);
    return x;
}

static void scene_free(scene *c)
{
    for (int32_t e = 0; e < c->edits; e++) {
        sx_reward_free(c->edited[e]);
        sx_release(c->touched[e].entry);
        sx_release(c->touched[e].pair);
        sx_release(c->touched[e].state);
    }
    sx_match_free(c->match);
    sx_match_free(c->moved);
    sx_reward_free(c->r);
    oracle_world_free(c->m);
}

static void random_scene(uint64_t seed, scene *c)
{
    static const sx_expect kinds[] = {SX_EXPECT_TIE, SX_EXPECT_LEVEL, SX_EXPECT_INCREASE,
                                      SX_EXPECT_DECREASE, SX_EXPECT_INVARIANT};
    oracle_stream g = oracle_start(seed);
    *c = (scene){.m = oracle_world(seed), .edits = 1 + oracle_below(&g, 3)};
    c->r = reward_of(c->m, &g);
    c->match = identity(c->m);
    c->o = (sx_repair_options){.largest = seed % 2, .margin = 0.5, .tolerance = 1e-9};
    for (int32_t e = 0; e < c->edits; e++) {
        c->edited[e] = reward_of(c->m, &g);
        touch(&c->touched[e], c->m, &g);
        c->edit[e] = (sx_repair_edit){.expect = kinds[oracle_below(&g, 5)],
                                      .level = 0.75,
                                      .m = c->m,
                                      .match = c->match,
                                      .edited = c->edited[e],
                                      .touched = &c->touched[e]};
    }
}

/* By how much a difference must be ahead: the margin, or what it is where that is less. */
static double least_ahead(const scene *c, double is)
{
    return is > 1e-6 ? fmin(is, c->o.margin) : c->o.margin;
}

/* The demands as sentences: x and y on each touched triple, c_val by elimination. */
static void check_demands(const scene *c, const sx_repair *x, int32_t e)
{
    const sx_mdp *m = c->m;
    const double *y = x->edited[e], *was = c->r->on, *is = c->edited[e]->on;
    for (int64_t t = 0; t < m->entries; t++) {
        double rise = y[t] - x->value[t], old = is[t] - was[t];
        if (!c->touched[e].entry[t])
            continue;
        switch (c->edit[e].expect) {
        case SX_EXPECT_TIE: CHECK_NEAR(rise, 0, 1e-9); break;
        case SX_EXPECT_LEVEL: CHECK_NEAR(y[t], 0.75, 1e-9); break;
        case SX_EXPECT_INCREASE: assert_true(rise >= least_ahead(c, old) - 1e-8); break;
        case SX_EXPECT_DECREASE: assert_true(-rise >= least_ahead(c, -old) - 1e-8); break;
        default: break;
        }
    }
    if (c->edit[e].expect != SX_EXPECT_INVARIANT)
        return;
    double *mean = oracle_vector(m->pairs), *v = oracle_vector(m->states);
    double *pi = oracle_vector(m->pairs);
    sx_policy_uniform(m, pi);
    for (int32_t k = 0; k < m->pairs; k++)
        for (int64_t t = m->first[k]; t < m->first[k + 1]; t++)
            mean[k] += m->prob[t] * (y[t] - x->value[t]);
    oracle_values(m, pi, mean, v);
    for (int32_t s = 0; s < m->states; s++)
        for (int32_t k = m->pair[s]; k < m->pair[s + 1]; k++) {
            double advantage = mean[k] - v[s];
            for (int64_t t = m->first[k]; t < m->first[k + 1]; t++)
                advantage += m->discount * m->prob[t] * v[m->next[t]];
            CHECK_NEAR(advantage, 0, 1e-8);
        }
    free(mean);
    free(v);
    free(pi);
}

/* The whole program as the definition writes it: dense rows in x, y_e, phi_e and bounds. */
typedef struct dense {
    const scene *c;
    int32_t entries, states, values, cols, rows, at;
    double *a; /* [rows*cols] */
    sx_lp *lp;
} dense;

static double *dense_row(dense *d, double lo, double hi)
{
    assert_true(d->at < d->rows);
    d->lp->row_lo[d->at] = lo;
    d->lp->row_hi[d->at] = hi;
    return d->a + (int64_t)d->at++ * d->cols;
}

static dense dense_new(const scene *c)
{
    sx_error err = SX_NO_ERROR;
    dense d = {.c = c, .entries = (int32_t)c->m->entries, .states = c->m->states};
    int32_t bound;
    d.values = d.entries * (1 + c->edits);
    bound = d.values + d.states * c->edits;
    d.cols = bound + (c->o.largest ? 1 : d.values);
    d.rows = 2 * d.values + c->edits * d.entries;
    d.a = oracle_vector((int64_t)d.rows * d.cols);
    CHECK_OK(sx_lp_new(d.rows, d.cols, (int64_t)d.rows * d.cols, &d.lp, &err));
    for (int32_t j = 0; j < d.cols; j++) {
        d.lp->col_lo[j] = -INFINITY;
        d.lp->cost[j] = j >= bound;
    }
    for (int32_t i = 0; i < 2 * d.values; i++) {
        int32_t u = i / 2, e = u / d.entries - 1;
        double value = e < 0 ? c->r->on[u] : c->edited[e]->on[u % d.entries];
        double sign = i % 2 ? -1 : 1, *row = dense_row(&d, -INFINITY, sign * value);
        row[u] = sign;
        row[bound + (c->o.largest ? 0 : u)] = -1;
    }
    return d;
}

/* A touched triple. */
static void dense_triple(dense *d, int32_t e, int32_t t)
{
    sx_expect expect = d->c->edit[e].expect;
    double old = d->c->edited[e]->on[t] - d->c->r->on[t], lo = 0, hi = 0;
    if (expect == SX_EXPECT_LEVEL)
        lo = hi = 0.75;
    if (expect == SX_EXPECT_INCREASE) {
        lo = least_ahead(d->c, old);
        hi = INFINITY;
    }
    if (expect == SX_EXPECT_DECREASE) {
        lo = -INFINITY;
        hi = -least_ahead(d->c, -old);
    }
    double *row = dense_row(d, lo, hi);
    row[d->entries * (e + 1) + t] = 1;
    row[t] = expect == SX_EXPECT_LEVEL ? 0 : -1;
}

/* y - x is a shaping in pair k of state s, in the mean. */
static void dense_pair(dense *d, int32_t e, int32_t s, int32_t k)
{
    const sx_mdp *m = d->c->m;
    double *row = dense_row(d, 0, 0), *phi = &row[d->values + d->states * e];
    phi[s] -= 1;
    for (int64_t t = m->first[k]; t < m->first[k + 1]; t++) {
        row[d->entries * (e + 1) + (int32_t)t] += m->prob[t];
        row[t] -= m->prob[t];
        phi[m->next[t]] += m->discount * m->prob[t];
    }
}

static void dense_edit(dense *d, int32_t e)
{
    const sx_mdp *m = d->c->m;
    bool invariant = d->c->edit[e].expect == SX_EXPECT_INVARIANT;
    for (int32_t s = 0; s < m->states && invariant; s++)
        for (int32_t k = m->pair[s]; k < m->pair[s + 1]; k++)
            dense_pair(d, e, s, k);
    for (int32_t t = 0; t < d->entries && !invariant; t++)
        if (d->c->touched[e].entry[t])
            dense_triple(d, e, t);
}

static double dense_solve(dense *d)
{
    int64_t entry = 0;
    sx_error err = SX_NO_ERROR;
    sx_lp_solution *s = NULL;
    for (int32_t i = 0; i < d->rows; i++) {
        for (int32_t j = 0; j < d->cols; j++) {
            double x = d->a[(int64_t)i * d->cols + j];
            if (x == 0)
                continue;
            d->lp->col[entry] = j;
            d->lp->coef[entry++] = x;
        }
        d->lp->start[i + 1] = entry;
    }
    CHECK_OK(sx_lp_solve(d->lp, SX_LP_PRIMAL, 1e-8, &s, &err));
    assert_true(s->outcome == SX_LP_OPTIMAL);
    double least = s->objective;
    sx_lp_solution_free(s);
    sx_lp_free(d->lp);
    free(d->a);
    return least;
}

static double textbook_repair(const scene *c)
{
    dense d = dense_new(c);
    for (int32_t e = 0; e < c->edits; e++)
        dense_edit(&d, e);
    return dense_solve(&d);
}

static void random_worlds(void **state)
{
    int compared = 0;
    (void)state;
    for (uint64_t seed = 1; seed <= 300; seed++) {
        sx_error err = SX_NO_ERROR;
        sx_repair *x = NULL;
        scene c;
        random_scene(seed, &c);
        CHECK_OK(sx_repair_find(c.m, c.r, c.edit, c.edits, &c.o, &x, &err));
        if (x->reason || !x->possible || !x->certified)
            print_error("world %d: %s, gap %g, violation %g\n", (int)seed,
                        x->reason ? x->reason : "-", x->gap, x->violation);
        assert_null(x->reason);
        assert_true(x->possible && x->certified);
        for (int32_t e = 0; e < c.edits; e++)
            check_demands(&c, x, e);
        if (c.m->entries * (1 + c.edits) <= 60) {
            CHECK_NEAR(x->distance, textbook_repair(&c), 1e-7);
            compared++;
        }
        sx_repair_free(x);
        scene_free(&c);
    }
    assert_true(compared >= 40);
}

/* --- bandits --- */

/* contexts x responses, one absorbing end behind them. */
static sx_mdp *bandit(int32_t contexts, int32_t responses, double discount)
{
    sx_error err = SX_NO_ERROR;
    sx_mdp *m = NULL;
    int32_t n = contexts * responses;
    CHECK_OK(sx_mdp_new(contexts + 1, responses, n + 1, n + 1, &m, &err));
    for (int32_t k = 0; k <= n; k++) {
        m->pair[k / responses + (k == n)] = k == n ? n : k - k % responses;
        m->action[k] = k == n ? 0 : k % responses;
        m->first[k] = k;
        m->next[k] = contexts;
        m->prob[k] = 1;
    }
    for (int32_t s = 0; s <= contexts; s++) {
        m->pair[s] = s * responses;
        m->initial[s] = s < contexts ? 1.0 / contexts : 0;
    }
    m->pair[contexts + 1] = n + 1;
    m->first[n + 1] = n + 1;
    m->absorbing[contexts] = 1;
    m->discount = discount;
    CHECK_OK(sx_mdp_check(m, &err));
    return m;
}

/* Contexts a and b change places. */
static sx_match *exchange(const sx_mdp *m, int32_t a, int32_t b)
{
    sx_error err = SX_NO_ERROR;
    sx_match *x = NULL;
    int32_t state[32], action[32];
    for (int32_t s = 0; s < m->states; s++)
        state[s] = s == a ? b : s == b ? a : s;
    for (int32_t i = 0; i < m->actions; i++)
        action[i] = i;
    CHECK_OK(sx_match_maps(m, m, state, action, &x, &err));
    return x;
}

static void add_edit(scene *c, sx_expect expect, bool moves)
{
    oracle_stream g = oracle_start((uint64_t)c->edits + 1);
    int32_t e = c->edits++;
    sx_error err = SX_NO_ERROR;
    const char *why;
    if (moves)
        CHECK_OK(sx_reward_carry(c->moved, c->m, c->r, c->m, &c->edited[e], &why, &err));
    else
        c->edited[e] = reward_of(c->m, &g);
    touch(&c->touched[e], c->m, &g);
    int32_t n = c->m->pairs;
    for (int32_t k = 0; k < n; k++)
        c->touched[e].entry[k] = c->touched[e].pair[k] = k + 1 < n;
    for (int32_t s = 0; s < c->m->states; s++)
        c->touched[e].state[s] = s + 1 < c->m->states;
    c->edit[e] = (sx_repair_edit){.expect = expect,
                                  .level = 0,
                                  .transports = {0, 1},
                                  .m = c->m,
                                  .match = c->match,
                                  .moved = moves ? c->moved : NULL,
                                  .edited = c->edited[e],
                                  .touched = &c->touched[e]};
}

static scene bandit_scene(uint64_t seed, int32_t contexts, int32_t responses)
{
    oracle_stream g = oracle_start(seed);
    scene c = {.m = bandit(contexts, responses, seed % 3 ? 0.5 : 0)};
    c.r = reward_of(c.m, &g);
    for (int64_t t = 0; t < c.m->entries; t++)
        c.r->on[t] += 0.1 * oracle_uniform(&g);
    c.match = identity(c.m);
    c.moved = exchange(c.m, 0, 1);
    c.o = (sx_repair_options){.largest = seed % 2, .margin = 0.25, .tolerance = 1e-9};
    return c;
}

static int32_t best_of(const double *v, int32_t first, int32_t n)
{
    int32_t best = first;
    for (int32_t k = first; k < first + n; k++)
        best = v[k] > v[best] ? k : best;
    return best - first;
}

/* Values after edit e on all triples of a bandit. */
static const double *after(const scene *c, const sx_repair *x, int32_t e, double *room)
{
    int32_t A = c->m->actions;
    if (x->edited[e])
        return x->edited[e];
    for (int32_t k = 0; k < c->m->pairs; k++)
        room[k] = x->value[k < A ? k + A : k < 2 * A ? k - A : k];
    return room;
}

static void random_bandits(void **state)
{
    static const sx_expect kinds[] = {SX_EXPECT_FLIPS_BEST, SX_EXPECT_TRANSPORTS,
                                      SX_EXPECT_INVARIANT};
    double room[64];
    int possible = 0;
    (void)state;
    for (uint64_t seed = 1; seed <= 300; seed++) {
        sx_error err = SX_NO_ERROR;
        sx_repair *x = NULL;
        int32_t C = 4, A = 3;
        scene c = bandit_scene(seed, C, A);
        sx_expect kind = kinds[seed % 3];
        add_edit(&c, kind, seed % 2);
        CHECK_OK(sx_repair_find(c.m, c.r, c.edit, c.edits, &c.o, &x, &err));
        assert_null(x->reason);
        possible += x->possible;
        const double *y = x->possible ? after(&c, x, 0, room) : NULL;
        assert_true(!x->possible || x->certified);
        for (int32_t s = 0; s < C && y; s++) {
            int32_t first = s * A, old = best_of(c.r->on, first, A),
                    now = best_of(x->value, first, A);
            int32_t then = best_of(y, first, A);
            if (kind == SX_EXPECT_FLIPS_BEST)
                assert_true(old == now && then != now);
            if (kind == SX_EXPECT_TRANSPORTS)
                assert_true((old == 0) == (now == 0) && (now != 0 || then == 1));
            for (int32_t k = first; k < first + A && kind == SX_EXPECT_INVARIANT; k++)
                CHECK_NEAR(y[k] - x->value[k], y[first] - x->value[first], 1e-9);
        }
        sx_repair_free(x);
        scene_free(&c);
    }
    assert_true(possible > 150);
}

/* Contexts 0 and 1 exchanged: equal values, and yet more in the one: a conflict of these two
 * edits and not of the third. */
static void conflicts_are_named(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 4; seed++) {
        sx_error err = SX_NO_ERROR;
        sx_repair *x = NULL;
        scene c = bandit_scene(seed, 3, 2);
        add_edit(&c, seed > 2 ? SX_EXPECT_LEVEL : SX_EXPECT_TIE, true);
        add_edit(&c, SX_EXPECT_TIE, false);
        add_edit(&c, SX_EXPECT_INCREASE, true);
        memset(c.touched[2].entry, 0, (size_t)c.m->entries);
        c.touched[2].entry[1] = 1; /* context 0, response 1 */
        CHECK_OK(sx_repair_find(c.m, c.r, c.edit, c.edits, &c.o, &x, &err));
        assert_null(x->reason);
        assert_false(x->possible);
        assert_true(x->conflict[0] && !x->conflict[1] && x->conflict[2]);
        for (int i = 0; i < 2; i++) {
            const sx_repair_place *p = &x->clash[i];
            assert_true(p->edit == 0 || p->edit == 2);
            assert_true(p->state < 2 && p->action == 1 && p->next == 3);
        }
        assert_int_not_equal(x->clash[0].edit, x->clash[1].edit);
        sx_repair_free(x);
        scene_free(&c);
    }
}

/* More under an exchange than without it, both ways round: no reward does that. */
static void an_edit_may_contradict_itself(void **state)
{
    (void)state;
    sx_error err = SX_NO_ERROR;
    sx_repair *x = NULL;
    scene c = bandit_scene(5, 3, 2);
    add_edit(&c, SX_EXPECT_INCREASE, true);
    CHECK_OK(sx_repair_find(c.m, c.r, c.edit, c.edits, &c.o, &x, &err));
    assert_true(!x->possible && x->conflict[0]);
    sx_repair_free(x);
    scene_free(&c);
}

/* Satisfied expectations cost nothing, be it only up to a shaping. */
static void a_good_reward_stays(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 30; seed++) {
        sx_error err = SX_NO_ERROR;
        sx_repair *x = NULL;
        scene c;
        random_scene(seed, &c);
        oracle_stream g = oracle_start(seed + 1000);
        double *phi = oracle_vector(c.m->states);
        for (int32_t s = 0; s < c.m->states; s++)
            phi[s] = oracle_normal(&g);
        c.edit[0].expect = SX_EXPECT_INVARIANT;
        for (int32_t s = 0; s < c.m->states; s++)
            for (int64_t t = c.m->first[c.m->pair[s]]; t < c.m->first[c.m->pair[s + 1]]; t++)
                c.edited[0]->on[t] = c.r->on[t] + c.m->discount * phi[c.m->next[t]] - phi[s];
        CHECK_OK(sx_repair_find(c.m, c.r, c.edit, 1, &c.o, &x, &err));
        assert_true(x->possible && x->certified);
        CHECK_NEAR(x->distance, 0, 1e-9);
        free(phi);
        sx_repair_free(x);
        scene_free(&c);
    }
}

/* What is not linear is left out with a reason, and demands nothing. */
static void the_rest_is_left_out(void **state)
{
    (void)state;
    sx_error err = SX_NO_ERROR;
    sx_repair *x = NULL;
    scene c;
    random_scene(6, &c);
    c.edit[0].expect = SX_EXPECT_FLIPS_BEST;
    CHECK_OK(sx_repair_find(c.m, c.r, c.edit, 1, &c.o, &x, &err));
    assert_non_null(x->left_out[0]);
    assert_true(x->possible && x->distance == 0 && x->demands[0] == 0 && !x->edited[0]);
    sx_repair_free(x);
    c.o.margin = 0;
    assert_int_equal(sx_repair_find(c.m, c.r, c.edit, 1, &c.o, &x, &err), SX_EARG);
    assert_null(x);
    scene_free(&c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(random_worlds),       cmocka_unit_test(random_bandits),
        cmocka_unit_test(conflicts_are_named), cmocka_unit_test(an_edit_may_contradict_itself),
        cmocka_unit_test(a_good_reward_stays), cmocka_unit_test(the_rest_is_left_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
