/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_bounds.c - the interval round worst-case regret against the worst case itself, the
 * two policies that show it. */
#include "tests/bounds_fixture.h"

#include "metrics/witness.h"
#include "tests/oracle_regret.h"

enum { WORLDS = 1000 };

/* Lengths and distances of the two rewards under every measure; returns how many. */
static int32_t compare(const fixture *f, int32_t truth, sx_compared *q)
{
    static sx_measure measure[SX_MEASURES];
    static sx_number value[SX_MEASURES], length[2 * SX_MEASURES];
    sx_error err = SX_NO_ERROR;
    sx_canon_options o = sx_canon_defaults();
    sx_canoniser *c = NULL;
    int32_t n = sx_measures_all(measure);
    const sx_reward *const rewards[2] = {f->reward[0], f->reward[1]};
    const sx_lengths out = {value, length};
    CHECK_OK(sx_canoniser_new(f->m, &o, &c, &err));
    CHECK_OK(sx_distances_lengths(c, rewards, 2, measure, n, &out, &err));
    for (int32_t i = 0; i < n; i++)
        q[i] = (sx_compared){measure[i], value[i], length[2 * i + truth],
                             length[2 * i + 1 - truth]};
    sx_canoniser_free(c);
    return n;
}

/* What an ordered pair has been found to be. */
typedef struct tally {
    int upper, lower, tight;
} tally;

static void check_interval(const sx_compared *q, const sx_bounds *g, double worst, tally *t)
{
    const double tol = 1e-7;
    bool dard = q->measure.canon == SX_DARD;
    assert_true(!dard || (g->span_upper.reason && g->starc_upper.reason));
    assert_true((g->lower.reason != NULL) == isnan(g->lower.value));
    if (!g->lower.reason) {
        assert_true(g->lower.value <= worst + tol);
        t->lower += g->lower.value > 0.01;
    }
    if (!g->span_upper.reason) {
        assert_true(g->span_upper.value >= worst - tol);
        t->upper++;
        t->tight += g->span_upper.value < worst + 0.2;
    }
    if (!g->starc_upper.reason)
        assert_true(g->starc_upper.value >=
                    g->span_upper.value - tol * fmax(1, g->span_upper.value));
}

static void check_pair(const fixture *f, int32_t truth, tally *t)
{
    static sx_compared q[SX_MEASURES];
    static sx_bounds g[SX_MEASURES];
    sx_error err = SX_NO_ERROR;
    int32_t n = compare(f, truth, q);
    sx_regret *x = NULL;
    CHECK_OK(sx_regret_pair(f->w, truth, 1 - truth, &x, &err));
    double span = x->range_true[1] - x->range_true[0], worst = 0;
    if (!x->trivial_true)
        worst = oracle_worst_case(f->m, f->r[truth], f->r[1 - truth]) / span;
    assert_true(worst >= -1); /* not NAN */
    const sx_bounds_query query = {truth, 1 - truth, x, n, q};
    CHECK_OK(sx_bounds_pair(f->b, &query, g, &err));
    for (int32_t i = 0; i < n; i++)
        check_interval(&q[i], &g[i], worst, t);
    sx_regret_free(x);
}

/* On every world, for every canonicalisation, norm and metric. */
static void test_interval(void **state)
{
    (void)state;
    tally t = {0};
    sx_bounds_options o = sx_bounds_defaults();
    for (now = 1; now <= WORLDS; now++) {
        fixture f = draw(now);
        solve(&f, &o);
        check_pair(&f, 0, &t);
        check_pair(&f, 1, &t);
        fixture_end(&f);
    }
    /* they are bounds that say something */
    assert_true(t.upper > 100 * WORLDS && t.lower > 50 * WORLDS && t.tight > 40 * WORLDS);
}

/* The bound of a pair under val, l2, l2. */
static sx_bounds bounds_of(const fixture *f, int32_t truth)
{
    static sx_compared q[SX_MEASURES];
    sx_measure usual = sx_measure_default();
    sx_error err = SX_NO_ERROR;
    sx_bounds g;
    int32_t n = compare(f, truth, q), i = 0;
    while (i < n && memcmp(&q[i].measure, &usual, sizeof usual) != 0)
        i++;
    assert_true(i < n);
    sx_regret *x = NULL;
    CHECK_OK(sx_regret_pair(f->w, truth, 1 - truth, &x, &err));
    const sx_bounds_query query = {truth, 1 - truth, x, 1, &q[i]};
    CHECK_OK(sx_bounds_pair(f->b, &query, &g, &err));
    sx_regret_free(x);
    return g;
}

/* One state, two actions, no future: the occupancies are a segment of length sqrt 2, whose
 * middle is a ball of radius 1 / sqrt 2.  Opposite rewards lose everything, and both bounds
 * say so. */
static void test_by_hand(void **state)
{
    (void)state;
    sx_error err = SX_NO_ERROR;
    sx_bounds_options o = sx_bounds_defaults();
    sx_triple t[] = {{0, 0, 0, 1}, {0, 1, 0, 1}};
    fixture f = {0};
    sx_mdp *m = NULL;
    CHECK_OK(sx_mdp_from_triples(1, 2, t, 2, &m, &err));
    m->initial[0] = 1;
    m->discount = 0.5;
    f.m = m;
    f.table[0] = oracle_vector(2);
    f.table[1] = oracle_vector(2);
    f.table[0][0] = f.table[1][1] = 3;
    solve(&f, &o);
    sx_bounds g = bounds_of(&f, 0);
    CHECK_NEAR(sx_bounds_radius(f.b).value, 2 / sqrt(2), 1e-9);
    CHECK_NEAR(g.lower.value, 1, 1e-9);
    CHECK_NEAR(g.span_upper.value, 2, 1e-9);
    CHECK_NEAR(g.distance.value, 2, 1e-9);
    CHECK_NEAR(sx_bounds_constant(f.b, SX_WEIGHTED_L1).value, 2, 1e-9);
    CHECK_NEAR(sx_bounds_constant(f.b, SX_LINF).value, 4, 1e-9);
    CHECK_NEAR(sx_bounds_constant(f.b, SX_L2).value, 2 * sqrt(2), 1e-9);
    f.m = NULL;
    fixture_end(&f);
    sx_mdp_free(m);
}

/* What unreachable states pay moves distances, but no lower bound: its bits stay, although
 * over all states the two rewards are now as good as opposite. */
static void test_unreachable(void **state)
{
    (void)state;
    int counted = 0;
    sx_bounds_options o = sx_bounds_defaults();
    for (now = 1; now <= 200; now++) {
        fixture f = draw(now), g = draw(now);
        unsigned char *reached = calloc((size_t)f.m->states, 1);
        sx_error err = SX_NO_ERROR;
        int32_t count;
        CHECK_OK(sx_mdp_reachable(f.m, reached, &count, &err));
        for (int32_t s = 0; s < f.m->states; s++)
            for (int64_t i = (int64_t)f.m->pair[s] * f.m->states;
                 !reached[s] && i < (int64_t)f.m->pair[s + 1] * f.m->states; i++) {
                g.table[0][i] = 1e3 * (double)i;
                g.table[1][i] = -1e3 * (double)i;
            }
        if (count < f.m->states) {
            solve(&f, &o);
            solve(&g, &o);
            sx_bounds a = bounds_of(&f, 0), b = bounds_of(&g, 0);
            tally t = {0};
            assert_true(a.lower.value == b.lower.value && !a.lower.reason);
            counted += a.lower.value > 0.01 && a.distance.value != b.distance.value;
            check_pair(&g, 0, &t);
        }
        free(reached);
        fixture_end(&f);
        fixture_end(&g);
    }
    assert_true(counted > 10);
}

/* Rewards that agree wherever a policy gets to and are opposite elsewhere: far apart, and
 * nothing to lose. */
static void test_apart_out_of_reach(void **state)
{
    (void)state;
    int counted = 0;
    sx_bounds_options o = sx_bounds_defaults();
    for (now = 1; now <= 200; now++) {
        fixture f = draw(now);
        unsigned char *reached = calloc((size_t)f.m->states, 1);
        sx_error err = SX_NO_ERROR;
        int32_t count;
        CHECK_OK(sx_mdp_reachable(f.m, reached, &count, &err));
        for (int32_t s = 0; s < f.m->states; s++)
            for (int64_t i = (int64_t)f.m->pair[s] * f.m->states;
                 i < (int64_t)f.m->pair[s + 1] * f.m->states; i++) {
                f.table[0][i] *= reached[s] ? 1 : 100;
                f.table[1][i] = reached[s] ? f.table[0][i] : -f.table[0][i];
            }
        if (count < f.m->states) {
            solve(&f, &o);
            sx_bounds g = bounds_of(&f, 0);
            assert_true(g.lower.value <= 1e-9);
            counted += g.distance.value > 1 && !f.w->range[0].trivial;
        }
        free(reached);
        fixture_end(&f);
    }
    assert_true(counted > 10);
}

/* Above a limit there is a reason and no number. */
static void test_limits(void **state)
{
    (void)state;
    sx_bounds_options o = {0, 0};
    now = 3;
    fixture f = draw(now);
    solve(&f, &o);
    sx_bounds g = bounds_of(&f, 0);
    assert_non_null(sx_bounds_radius(f.b).reason);
    assert_true(g.lower.reason && isnan(g.lower.value) && !g.span_upper.reason);
    assert_true(sx_bounds_constant(f.b, SX_WEIGHTED_L1).value <=
                (1 + 1e-12) / (1 - f.m->discount));
    o.ball = -1;
    sx_bounds_world *none = NULL;
    assert_int_equal(sx_bounds_world_new(f.w, &o, &none, NULL), SX_EARG);
    assert_null(none);
    fixture_end(&f);
}

/* --- the witness --- */

/* The returns are those of the policies; a result that claims more is refused. */
static void test_witness(void **state)
{
    (void)state;
    sx_bounds_options o = sx_bounds_defaults();
    int refused = 0, turned = 0;
    for (now = 1; now <= 200; now++) {
        fixture f = draw(now);
        sx_error err = SX_NO_ERROR;
        sx_regret *g = NULL;
        sx_witness w;
        solve(&f, &o);
        CHECK_OK(sx_regret_pair(f.w, 0, 1, &g, &err));
        CHECK_OK(sx_witness_returns(f.m, g, f.r[0], f.r[1], &w, &err));
        double rise = w.low.proxy - w.high.proxy;
        CHECK_NEAR(w.high.truth, oracle_return(f.m, g->high, f.r[0]), 1e-10);
        CHECK_NEAR(w.high.proxy, oracle_return(f.m, g->high, f.r[1]), 1e-10);
        CHECK_NEAR(w.low.truth, oracle_return(f.m, g->low, f.r[0]), 1e-10);
        CHECK_NEAR(w.low.proxy, oracle_return(f.m, g->low, f.r[1]), 1e-10);
        if (!g->trivial_true && !g->trivial_proxy && g->worst_case > 1e-3) {
            double *keep = g->high;
            g->worst_case *= 0.999;
            assert_int_equal(sx_witness_returns(f.m, g, f.r[0], f.r[1], &w, NULL), SX_EFAULT);
            g->worst_case /= 0.999;
            g->high = g->low;
            g->low = keep;
            assert_int_equal(sx_witness_returns(f.m, g, f.r[0], f.r[1], &w, NULL), SX_EFAULT);
            g->low = g->high;
            g->high = keep;
            refused++;
        }
        if (rise > 0.01 * (g->range_proxy[1] - g->range_proxy[0])) {
            for (int32_t k = 0; k < f.m->pairs; k++) /* now it prefers the other */
                f.r[1][k] = -f.r[1][k];
            assert_int_equal(sx_witness_returns(f.m, g, f.r[0], f.r[1], &w, NULL), SX_EFAULT);
            turned++;
        }
        sx_regret_free(g);
        fixture_end(&f);
    }
    assert_true(refused > 50 && turned > 5);
}

/* A return that is not a number is a failure and no regret of 0. */
static void test_not_a_number(void **state)
{
    (void)state;
    sx_bounds_options o = sx_bounds_defaults();
    sx_regret *g = NULL;
    now = 2;
    fixture f = draw(now);
    solve(&f, &o);
    assert_false(f.w->range[0].trivial || f.w->range[1].trivial);
    f.w->range[0].best.j = NAN;
    assert_int_equal(sx_regret_pair(f.w, 0, 1, &g, NULL), SX_EFAULT);
    assert_null(g);
    fixture_end(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(test_interval, tell_seed),
        cmocka_unit_test(test_by_hand),
        cmocka_unit_test_teardown(test_unreachable, tell_seed),
        cmocka_unit_test_teardown(test_apart_out_of_reach, tell_seed),
        cmocka_unit_test_teardown(test_limits, tell_seed),
        cmocka_unit_test_teardown(test_witness, tell_seed),
        cmocka_unit_test_teardown(test_not_a_number, tell_seed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
