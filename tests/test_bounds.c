/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_bounds.c - the interval round worst-case regret against the worst case itself, its
 * constants against all deterministic policies, its ball against the polytope. */
#include "tests/check.h"

#include "metrics/bounds_int.h"
#include "metrics/witness.h"
#include "solvers/lp.h"
#include "tests/oracle_distance.h"
#include "tests/oracle_mdp.h"
#include "tests/oracle_regret.h"

#include <stdlib.h>

enum { WORLDS = 1000, FEW = 128 };

static uint64_t now; /* the seed under work, for the message of a failure */

static int tell_seed(void **state)
{
    (void)state;
    print_message("last seed %llu\n", (unsigned long long)now);
    return 0;
}

/* Two rewards on one world, with everything known of them. */
typedef struct fixture {
    sx_mdp *m;
    double *table[2]; /* [K*S] */
    double *r[2];     /* [K] */
    sx_reward *reward[2];
    sx_regret_world *w;
    sx_bounds_world *b;
} fixture;

static double largest(const double *r, int32_t n)
{
    double max = 0;
    for (int32_t i = 0; i < n; i++)
        max = fmax(max, fabs(r[i]));
    return max;
}

static void solve(fixture *f, const sx_bounds_options *o)
{
    sx_error err = SX_NO_ERROR;
    sx_regret_options ro = sx_regret_defaults();
    double possible[2];
    for (int i = 0; i < 2; i++) {
        f->r[i] = oracle_mean(f->m, f->table[i]);
        f->reward[i] = oracle_dense_reward(f->m, f->table[i]);
        possible[i] = largest(f->r[i], f->m->pairs);
    }
    const double *const r[2] = {f->r[0], f->r[1]};
    CHECK_OK(sx_regret_world_new(f->m, r, possible, 2, &ro, &f->w, &err));
    CHECK_OK(sx_bounds_world_new(f->w, o, &f->b, &err));
}

static fixture draw(uint64_t seed)
{
    fixture f = {.m = oracle_world(seed)};
    f.table[0] = oracle_table(f.m, seed, 0);
    f.table[1] = oracle_table(f.m, seed, 1);
    return f;
}

static void fixture_end(fixture *f)
{
    sx_bounds_world_free(f->b);
    sx_regret_world_free(f->w);
    for (int i = 0; i < 2; i++) {
        sx_reward_free(f->reward[i]);
        free(f->table[i]);
        free(f->r[i]);
    }
    oracle_world_free(f->m);
}

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

/* --- constants --- */

/* All occupancies of deterministic policies, or NULL where there are too many. */
static double *occupancies(const sx_mdp *m, int32_t most, int32_t *count)
{
    int64_t n = 1;
    for (int32_t s = 0; s < m->states && n <= most; s++)
        n *= m->pair[s + 1] - m->pair[s];
    if (n > most)
        return NULL;
    int32_t *choice = calloc((size_t)m->states, sizeof *choice);
    double *pi = oracle_vector(m->pairs), *x = oracle_vector(n * m->pairs);
    *count = 0;
    oracle_first(m, choice);
    do {
        oracle_pure(m, choice, pi);
        oracle_occupancy(m, pi, NULL, x + (int64_t)(*count)++ * m->pairs);
    } while (oracle_next(m, choice));
    free(choice);
    free(pi);
    return x;
}

/* The dual of each norm for the difference of two occupancies. */
static void dual_norms(const sx_mdp *m, const double *x, const double *y, double *norm)
{
    memset(norm, 0, SX_NORMS * sizeof *norm);
    for (int32_t k = 0; k < m->pairs; k++) {
        double d = fabs(x[k] - y[k]), most = 0, square = 0;
        for (int64_t t = m->first[k]; t < m->first[k + 1]; t++) {
            most = fmax(most, m->prob[t]);
            square += m->prob[t] * m->prob[t];
        }
        norm[SX_L1] = fmax(norm[SX_L1], d * most);
        norm[SX_L2] += d * d * square;
        norm[SX_LINF] += d;
        norm[SX_WEIGHTED_L1] = fmax(norm[SX_WEIGHTED_L1], d);
        norm[SX_WEIGHTED_L2] += d * d;
        norm[SX_WEIGHTED_LINF] += d * (double)(m->first[k + 1] - m->first[k]);
    }
    norm[SX_L2] = sqrt(norm[SX_L2]);
    norm[SX_WEIGHTED_L2] = sqrt(norm[SX_WEIGHTED_L2]);
}

static void brute_constants(const sx_mdp *m, const double *x, int32_t n, double *best)
{
    memset(best, 0, SX_NORMS * sizeof *best);
    for (int32_t i = 0; i < n; i++)
        for (int32_t j = 0; j < i; j++) {
            double norm[SX_NORMS];
            dual_norms(m, x + (int64_t)i * m->pairs, x + (int64_t)j * m->pairs, norm);
            for (int q = 0; q < SX_NORMS; q++)
                best[q] = fmax(best[q], norm[q]);
        }
}

static bool two_actions(const sx_mdp *m)
{
    unsigned char *reached = calloc((size_t)m->states, 1);
    sx_error err = SX_NO_ERROR;
    int32_t count;
    bool two = true;
    CHECK_OK(sx_mdp_reachable(m, reached, &count, &err));
    for (int32_t s = 0; s < m->states; s++)
        two = two && (!reached[s] || m->pair[s + 1] - m->pair[s] > 1);
    free(reached);
    return two;
}

/* K_l1, K_weighted-l1 and, with two actions everywhere, K_linf are what brute force finds; no
 * constant is below it; with less work the constants are no smaller. */
static void test_constants(void **state)
{
    (void)state;
    int exact[SX_NORMS] = {0}, counted = 0;
    for (now = 1; now <= WORLDS; now++) {
        fixture f = draw(now);
        int32_t n = 0;
        double *x = occupancies(f.m, FEW, &n), best[SX_NORMS];
        sx_bounds_options o = sx_bounds_defaults();
        sx_bounds_world *idle = NULL;
        sx_error err = SX_NO_ERROR;
        if (x) {
            solve(&f, &o);
            o.work = 0;
            CHECK_OK(sx_bounds_world_new(f.w, &o, &idle, &err));
            brute_constants(f.m, x, n, best);
            counted++;
        }
        for (int q = 0; x && q < SX_NORMS; q++) {
            sx_constant c = sx_bounds_constant(f.b, (sx_norm)q);
            sx_constant rough = sx_bounds_constant(idle, (sx_norm)q);
            assert_true(c.value >= best[q] * (1 - 1e-12));
            assert_true(rough.value >= c.value * (1 - 1e-12));
            if (c.exact)
                CHECK_NEAR(c.value, best[q], 1e-7);
            exact[q] += c.exact;
            bool must = q == SX_L1 || q == SX_WEIGHTED_L1 || (q == SX_LINF && two_actions(f.m));
            assert_true(c.exact || !must);
        }
        sx_bounds_world_free(idle);
        fixture_end(&f);
        free(x);
    }
    assert_true(counted > WORLDS / 4 && exact[SX_LINF] > WORLDS / 20);
}

/* Worlds that have too many policies to try in pairs: each range by itself. */
static void test_ranges(void **state)
{
    (void)state;
    sx_bounds_options o = sx_bounds_defaults();
    for (now = 1; now <= WORLDS; now += 3) {
        fixture f = draw(now);
        int32_t n = 0;
        double *x = occupancies(f.m, ORACLE_POLICIES, &n), best = 0;
        solve(&f, &o);
        for (int32_t k = 0; k < f.m->pairs; k++) {
            double lo = INFINITY, hi = 0;
            for (int32_t i = 0; i < n; i++) {
                lo = fmin(lo, x[(int64_t)i * f.m->pairs + k]);
                hi = fmax(hi, x[(int64_t)i * f.m->pairs + k]);
            }
            best = fmax(best, hi - lo);
        }
        CHECK_NEAR(sx_bounds_constant(f.b, SX_WEIGHTED_L1).value, best, 1e-8);
        fixture_end(&f);
        free(x);
    }
}

/* --- the ball --- */

/* A of the reachable pairs, dense: 1 for the state of a pair, less gamma tau. */
static long double *directions(const sx_mdp *m)
{
    long double *a = calloc((size_t)m->pairs * (size_t)m->states, sizeof *a);
    for (int32_t s = 0; s < m->states; s++)
        for (int32_t k = m->pair[s]; k < m->pair[s + 1]; k++)
            for (int32_t y = 0; y < m->states; y++)
                a[(int64_t)k * m->states + y] =
                    (y == s ? 1 : 0) - (long double)m->discount * oracle_prob(m, k, y);
    return a;
}

/* x [K] <- its projection on { d : A'd = 0 }. */
static void project(const sx_mdp *m, const long double *a, double *x)
{
    size_t n = (size_t)m->states;
    long double *g = calloc(n * n, sizeof *g), *b = calloc(n, sizeof *b);
    for (int32_t k = 0; k < m->pairs; k++)
        for (size_t i = 0; i < n; i++) {
            b[i] += a[(size_t)k * n + i] * x[k];
            for (size_t j = 0; j < n; j++)
                g[i * n + j] += a[(size_t)k * n + i] * a[(size_t)k * n + j];
        }
    assert_true(oracle_solve(m->states, g, b));
    for (int32_t k = 0; k < m->pairs; k++)
        for (size_t i = 0; i < n; i++)
            x[k] = (double)(x[k] - a[(size_t)k * n + i] * b[i]);
    free(g);
    free(b);
}

/* The greatest rho by the textbook's program: x(k) >= rho p(k) as rows of its own. */
static double textbook_radius(const sx_mdp *m, const double *p)
{
    sx_lp *lp = NULL;
    sx_lp_solution *s = NULL;
    sx_error err = SX_NO_ERROR;
    int32_t rows = m->states + m->pairs, cols = m->pairs + 1;
    int64_t at = 0;
    CHECK_OK(sx_lp_new(rows, cols, (int64_t)(m->states + 2) * m->pairs, &lp, &err));
    long double *a = directions(m);
    for (int32_t y = 0; y < m->states; y++) {
        for (int32_t k = 0; k < m->pairs; k++) {
            lp->col[at] = k;
            lp->coef[at++] = (double)a[(int64_t)k * m->states + y];
        }
        lp->row_lo[y] = lp->row_hi[y] = m->initial[y];
        lp->start[y + 1] = at;
    }
    for (int32_t k = 0; k < m->pairs; k++) {
        lp->col[at] = k;
        lp->coef[at++] = 1;
        lp->col[at] = m->pairs;
        lp->coef[at++] = -p[k];
        lp->row_lo[m->states + k] = 0;
        lp->start[m->states + k + 1] = at;
    }
    lp->maximise = true;
    lp->cost[m->pairs] = 1;
    CHECK_OK(sx_lp_solve(lp, SX_LP_PRIMAL, 1e-6, &s, &err));
    assert_int_equal(s->outcome, SX_LP_OPTIMAL);
    double rho = s->objective;
    sx_lp_solution_free(s);
    sx_lp_free(lp);
    free(a);
    return rho;
}

/* Points of the ball's surface in random directions are occupancies. */
static void check_surface(const sx_mdp *m, const long double *a, const sx_i_ball *ball)
{
    oracle_stream g = oracle_start(now + 31);
    double *d = oracle_vector(m->pairs);
    for (int tries = 0; tries < 10; tries++) {
        double length = 0;
        for (int32_t k = 0; k < m->pairs; k++)
            d[k] = oracle_normal(&g);
        project(m, a, d);
        for (int32_t k = 0; k < m->pairs; k++)
            length += d[k] * d[k];
        for (int32_t k = 0; k < m->pairs; k++)
            assert_true(ball->centre[k] + ball->radius.value * d[k] / sqrt(length) >= -1e-9);
    }
    free(d);
}

static void check_ball(const sx_mdp *m, const sx_i_ball *ball)
{
    long double *a = directions(m);
    double *p = oracle_vector(m->pairs), *e = oracle_vector(m->pairs), touch = INFINITY;
    for (int32_t y = 0; y < m->states; y++) {
        long double flow = -(long double)m->initial[y];
        for (int32_t k = 0; k < m->pairs; k++)
            flow += a[(int64_t)k * m->states + y] * ball->centre[k];
        CHECK_NEAR((double)flow, 0, 1e-10);
    }
    for (int32_t k = 0; k < m->pairs; k++) {
        double square = 0;
        memset(e, 0, (size_t)m->pairs * sizeof *e);
        e[k] = 1;
        project(m, a, e);
        for (int32_t i = 0; i < m->pairs; i++)
            square += e[i] * e[i];
        p[k] = square > 1e-20 ? sqrt(square) : 0;
        assert_true(ball->centre[k] >= ball->radius.value * p[k] - 1e-9);
        if (p[k] > 0)
            touch = fmin(touch, ball->centre[k] / p[k]);
    }
    CHECK_NEAR(ball->radius.value, touch, 1e-8);
    CHECK_NEAR(ball->radius.value, textbook_radius(m, p), 1e-6);
    check_surface(m, a, ball);
    free(a);
    free(p);
    free(e);
}

static void test_ball(void **state)
{
    (void)state;
    int counted = 0;
    sx_bounds_options o = sx_bounds_defaults();
    for (now = 1; now <= WORLDS; now += 3) {
        fixture f = draw(now);
        solve(&f, &o);
        if (f.b->ball.centre && !f.w->reached) {
            check_ball(f.w->mdp, &f.b->ball);
            counted++;
        }
        fixture_end(&f);
    }
    assert_true(counted > WORLDS / 6);
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
        cmocka_unit_test_teardown(test_constants, tell_seed),
        cmocka_unit_test_teardown(test_ranges, tell_seed),
        cmocka_unit_test_teardown(test_ball, tell_seed),
        cmocka_unit_test(test_by_hand),
        cmocka_unit_test_teardown(test_unreachable, tell_seed),
        cmocka_unit_test_teardown(test_apart_out_of_reach, tell_seed),
        cmocka_unit_test_teardown(test_limits, tell_seed),
        cmocka_unit_test_teardown(test_witness, tell_seed),
        cmocka_unit_test_teardown(test_not_a_number, tell_seed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
