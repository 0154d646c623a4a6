/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_regret.c - regrets against the linear program of their definition, against all
 * deterministic policies, and against what theory says of transformed rewards. */
#include "tests/check.h"

#include "metrics/regret.h"
#include "tests/oracle_mdp.h"
#include "tests/oracle_regret.h"

#include <stdlib.h>

enum { WORLDS = 500 };

/* Two rewards on one world and the regret of one against the other. */
typedef struct fixture {
    sx_mdp *m;
    double *r[2]; /* [K] */
    sx_regret_world *w;
    sx_regret *g;
} fixture;

static double largest(const double *r, int32_t n)
{
    double max = 0;
    for (int32_t i = 0; i < n; i++)
        max = fmax(max, fabs(r[i]));
    return max;
}

static sx_regret_world *world_of(const sx_mdp *m, double *const r[2])
{
    sx_error err = SX_NO_ERROR;
    sx_regret_options o = sx_regret_defaults();
    const double *const rewards[2] = {r[0], r[1]};
    double possible[2] = {largest(r[0], m->pairs), largest(r[1], m->pairs)};
    sx_regret_world *w = NULL;
    CHECK_OK(sx_regret_world_new(m, rewards, possible, 2, &o, &w, &err));
    return w;
}

static sx_regret *pair_of(const sx_regret_world *w, int32_t truth, int32_t proxy)
{
    sx_error err = SX_NO_ERROR;
    sx_regret *g = NULL;
    CHECK_OK(sx_regret_pair(w, truth, proxy, &g, &err));
    return g;
}

static void fixture_end(fixture *f)
{
    sx_regret_free(f->g);
    sx_regret_world_free(f->w);
    free(f->r[0]);
    free(f->r[1]);
    oracle_world_free(f->m);
}

/* The world of a seed with rewards drawn for it. */
static fixture draw(uint64_t seed)
{
    fixture f = {.m = oracle_world(seed)};
    f.r[0] = oracle_rewards(f.m, seed, 0);
    f.r[1] = oracle_rewards(f.m, seed, 1);
    return f;
}

static void solve(fixture *f)
{
    f->w = world_of(f->m, f->r);
    f->g = pair_of(f->w, 0, 1);
}

/* high and low are policies, the proxy does not prefer high, the truth loses `primal`. */
static void check_witness(const fixture *f, const double *truth, const double *proxy,
                          const sx_regret *g, double span, double tol)
{
    const sx_mdp *m = f->m;
    for (int32_t s = 0; s < m->states; s++) {
        double high = 0, low = 0;
        for (int32_t k = m->pair[s]; k < m->pair[s + 1]; k++) {
            assert_true(g->high[k] >= 0 && g->low[k] >= 0);
            high += g->high[k];
            low += g->low[k];
        }
        CHECK_NEAR(high, 1, 1e-12);
        CHECK_NEAR(low, 1, 1e-12);
    }
    double j1 = oracle_return(m, g->high, truth) - oracle_return(m, g->low, truth);
    double j2 = oracle_return(m, g->high, proxy) - oracle_return(m, g->low, proxy);
    CHECK_NEAR(j1 / span, g->primal, tol);
    double size = largest(proxy, m->pairs) / (1 - m->discount);
    assert_true(j2 <= 1e-12 * size);
}

/* Whether all policies return the same, as far as doubles tell. */
static bool flat(const sx_mdp *m, const double range[2], const double *r)
{
    return (1 - m->discount) * (range[1] - range[0]) <= 1e-9 * largest(r, m->pairs);
}

/* One ordered pair against the definitions; all: the returns of f->r[0] and f->r[1].
 * Returns whether the search had work to do. */
static bool check_pair(const fixture *f, const oracle_returns *all, int32_t truth,
                       int32_t proxy)
{
    const double *r1 = f->r[truth], *r2 = f->r[proxy];
    sx_regret *g = pair_of(f->w, truth, proxy);
    const oracle_returns turned = {all->count, all->j2, all->j1};
    const oracle_returns *p = truth == 0 ? all : &turned, *q = truth == 0 ? &turned : all;
    double j1[2], j2[2], best[2], at[2];
    oracle_range(p, 0, j1);
    oracle_range(q, 0, j2);
    double span = j1[1] - j1[0];
    for (int i = 0; i < 2; i++) {
        CHECK_NEAR(g->range_true[i], j1[i], 1e-9);
        CHECK_NEAR(g->range_proxy[i], j2[i], 1e-9);
    }
    assert_int_equal(g->trivial_true, flat(f->m, j1, r1));
    assert_int_equal(g->trivial_proxy, flat(f->m, j2, r2));
    assert_int_equal(g->outcome, SX_SOLVED);
    bool search = false;
    if (g->trivial_true) {
        assert_true(g->worst_case == 0 && g->pessimistic == 0 && g->optimistic == 0);
    } else {
        oracle_range_of_optimal(p, 1e-10 * fmax(1, fabs(j2[1])), best);
        oracle_range(p, g->lambda, at);
        CHECK_NEAR(g->pessimistic, (j1[1] - best[0]) / span, 1e-8);
        CHECK_NEAR(g->optimistic, g->trivial_proxy ? 0 : (j1[1] - best[1]) / span, 1e-8);
        CHECK_NEAR(g->worst_case, oracle_worst_case(f->m, r1, r2) / span, 1e-8);
        CHECK_NEAR(g->dual, (at[1] - at[0]) / span, 1e-8);
        assert_true(g->worst_case == g->primal && g->gap == g->dual - g->primal);
        assert_true(g->gap <= 1e-9 && g->gap >= -1e-11);
        check_witness(f, r1, r2, g, span, 1e-9);
        search = g->lambda > 0;
    }
    sx_regret_free(g);
    return search;
}

static uint64_t now; /* the seed under work, for the message of a failure */

static int tell_seed(void **state)
{
    (void)state;
    print_message("last seed %llu\n", (unsigned long long)now);
    return 0;
}

static void test_definitions(void **state)
{
    (void)state;
    int searches = 0, unreachable = 0;
    for (now = 1; now <= WORLDS; now++) {
        fixture f = draw(now);
        f.w = world_of(f.m, f.r);
        oracle_returns *all = oracle_returns_new(f.m, f.r[0], f.r[1]);
        searches += check_pair(&f, all, 0, 1);
        searches += check_pair(&f, all, 1, 0);
        oracle_returns_free(all);
        unreachable += sx_regret_world_unreachable(f.w) > 0;
        fixture_end(&f);
    }
    /* the draw does exercise what it is for */
    assert_true(searches > WORLDS / 4 && unreachable > WORLDS / 20);
}

/* r = gamma P phi - phi */
static void shaping(const sx_mdp *m, const double *phi, double *r)
{
    for (int32_t s = 0; s < m->states; s++)
        for (int32_t k = m->pair[s]; k < m->pair[s + 1]; k++) {
            r[k] = -phi[s];
            for (int64_t t = m->first[k]; t < m->first[k + 1]; t++)
                r[k] += m->discount * m->prob[t] * phi[m->next[t]];
        }
}

/* A shaping by a potential of that size. */
static double *random_shaping(const sx_mdp *m, uint64_t seed, double amount)
{
    oracle_stream s = oracle_start(seed + 77);
    double *phi = oracle_vector(m->states), *r = oracle_vector(m->pairs);
    for (int32_t i = 0; i < m->states; i++)
        phi[i] = amount * oracle_normal(&s);
    shaping(m, phi, r);
    free(phi);
    return r;
}

/* The table with each row moved without moving its mean, as row means. */
static double *redistributed(const sx_mdp *m, const double *table, uint64_t seed)
{
    oracle_stream s = oracle_start(seed + 99);
    int64_t n = (int64_t)m->pairs * m->states;
    double *moved = oracle_vector(n), *r;
    for (int32_t k = 0; k < m->pairs; k++) {
        double mean = 0, *row = moved + (int64_t)k * m->states;
        for (int32_t i = 0; i < m->states; i++) {
            row[i] = 100 * oracle_normal(&s);
            mean += oracle_prob(m, k, i) * row[i];
        }
        for (int32_t i = 0; i < m->states; i++)
            row[i] += table[(int64_t)k * m->states + i] - mean;
    }
    r = oracle_mean(m, moved);
    free(moved);
    return r;
}

/* The second reward: the first scaled, shaped and redistributed. */
static void test_same_order_no_regret(void **state)
{
    (void)state;
    int counted = 0;
    for (now = 1; now <= WORLDS; now++) {
        fixture f = {.m = oracle_world(now)};
        oracle_stream s = oracle_start(now);
        double *table = oracle_table(f.m, now, 0);
        double scale = exp(4 * oracle_normal(&s));
        double *shape = random_shaping(f.m, now, now % 2 ? 1e3 : 1);
        f.r[0] = oracle_mean(f.m, table);
        f.r[1] = redistributed(f.m, table, now);
        for (int32_t k = 0; k < f.m->pairs; k++)
            f.r[1][k] = scale * (f.r[1][k] + shape[k]);
        solve(&f);
        bool nothing = f.g->trivial_true || f.g->trivial_proxy;
        counted += !nothing;
        if (!nothing) {
            assert_int_equal(f.g->outcome, SX_SOLVED);
            CHECK_NEAR(f.g->worst_case, 0, 1e-9);
            CHECK_NEAR(f.g->dual, 0, 1e-8);
            CHECK_NEAR(f.g->pessimistic, 0, 1e-8);
            CHECK_NEAR(f.g->optimistic, 0, 1e-8);
        }
        free(table);
        free(shape);
        fixture_end(&f);
    }
    assert_true(counted > WORLDS / 2);
}

static void test_opposite_order_all_is_lost(void **state)
{
    (void)state;
    for (now = 1; now <= 100; now++) {
        fixture f = draw(now);
        for (int32_t k = 0; k < f.m->pairs; k++)
            f.r[1][k] = -3 * f.r[0][k];
        solve(&f);
        if (!f.g->trivial_true) {
            CHECK_NEAR(f.g->worst_case, 1, 1e-12);
            CHECK_NEAR(f.g->pessimistic, 1, 1e-12);
            CHECK_NEAR(f.g->optimistic, 1, 1e-12);
            assert_true(f.g->lambda == 0);
        }
        fixture_end(&f);
    }
}

/* Rewards that return the same for all policies, as truth and as proxy. */
static void test_trivial(void **state)
{
    (void)state;
    for (now = 1; now <= 90; now++) {
        fixture f = draw(now);
        free(f.r[1]);
        f.r[1] = now % 3 == 0 ? oracle_vector(f.m->pairs) : random_shaping(f.m, now, 5);
        for (int32_t k = 0; now % 3 == 1 && k < f.m->pairs; k++)
            f.r[1][k] = 2.5;
        solve(&f);
        sx_regret *g = pair_of(f.w, 1, 0);
        assert_true(f.g->trivial_proxy && g->trivial_true && g->outcome == SX_SOLVED);
        assert_true(g->worst_case == 0 && g->pessimistic == 0 && g->optimistic == 0);
        assert_true(g->primal == 0 && g->dual == 0 && g->gap == 0);
        if (!f.g->trivial_true) {
            double span = f.g->range_true[1] - f.g->range_true[0];
            assert_true(f.g->worst_case == 1 && f.g->pessimistic == 1);
            assert_true(f.g->optimistic == 0 && f.g->gap == 0);
            check_witness(&f, f.r[0], f.r[1], f.g, span, 1e-9);
        }
        sx_regret_free(g);
        fixture_end(&f);
    }
}

/* Values of 10^4, so the tolerance is nearer to rounding. */
static void test_long_horizon(void **state)
{
    (void)state;
    for (now = 1; now <= 100; now++) {
        fixture f = draw(now);
        f.m->discount = 0.9999;
        f.w = world_of(f.m, f.r);
        sx_regret *g = f.g = pair_of(f.w, 0, 1);
        oracle_returns *p = oracle_returns_new(f.m, f.r[0], f.r[1]);
        double j1[2], at[2];
        oracle_range(p, 0, j1);
        oracle_range(p, g->lambda, at);
        double span = j1[1] - j1[0];
        assert_int_equal(g->outcome, SX_SOLVED);
        CHECK_NEAR(g->range_true[0], j1[0], 1e-9);
        CHECK_NEAR(g->range_true[1], j1[1], 1e-9);
        if (!g->trivial_true && !g->trivial_proxy) {
            CHECK_NEAR(g->dual, (at[1] - at[0]) / span, 1e-8);
            check_witness(&f, f.r[0], f.r[1], g, span, 1e-8);
            assert_true(fabs(g->gap) <= 1e-9);
        }
        oracle_returns_free(p);
        fixture_end(&f);
    }
}

/* To leave now or later costs the proxy 5e-6 a step, next to nothing beside what it earns
 * elsewhere; all the same it is no tie, since staying for ever costs a share of 1e-6. */
static void test_nearly_tied(void **state)
{
    (void)state;
    sx_triple t[] = {{0, 0, 1, 1}, {0, 1, 0, 1}, {1, 0, 1, 1},
                     {1, 1, 1, 1}, {2, 0, 2, 1}, {2, 1, 1, 1}};
    sx_error err = SX_NO_ERROR;
    fixture f = {.r = {oracle_vector(6), oracle_vector(6)}};
    CHECK_OK(sx_mdp_from_triples(3, 2, t, 6, &f.m, &err));
    f.m->discount = 0.99999;
    f.m->initial[0] = f.m->initial[2] = 0.5;
    f.r[0][1] = f.r[0][4] = 1;
    f.r[1][0] = 0.5;
    f.r[1][4] = 6;
    solve(&f);
    CHECK_NEAR(f.g->optimistic, 0.5, 1e-9);
    CHECK_NEAR(f.g->pessimistic, 0.5, 1e-9);
    fixture_end(&f);
}

/* What a state that nothing reaches pays changes no bit. */
static void test_unreachable_rewards(void **state)
{
    (void)state;
    int counted = 0;
    for (now = 1; now <= 120; now++) {
        fixture f = draw(now);
        unsigned char *reached = calloc((size_t)f.m->states, 1);
        sx_error err = SX_NO_ERROR;
        int32_t count = 0;
        solve(&f);
        CHECK_OK(sx_mdp_reachable(f.m, reached, &count, &err));
        assert_int_equal(f.m->states - count, sx_regret_world_unreachable(f.w));
        for (int32_t s = 0; s < f.m->states; s++)
            for (int32_t k = f.m->pair[s]; !reached[s] && k < f.m->pair[s + 1]; k++) {
                f.r[0][k] = 1e9 * (k + 1);
                f.r[1][k] = -1e12;
            }
        const double *const r[2] = {f.r[0], f.r[1]};
        const double possible[2] = {2, 2};
        sx_regret_options o = sx_regret_defaults();
        sx_regret_world *w = NULL;
        CHECK_OK(sx_regret_world_new(f.m, r, possible, 2, &o, &w, &err));
        sx_regret *g = pair_of(w, 0, 1);
        assert_true(g->worst_case == f.g->worst_case && g->dual == f.g->dual);
        assert_true(g->pessimistic == f.g->pessimistic && g->optimistic == f.g->optimistic);
        assert_true(g->lambda == f.g->lambda && g->range_true[0] == f.g->range_true[0]);
        for (int32_t s = 0; s < f.m->states; s++)
            for (int32_t k = f.m->pair[s]; !reached[s] && k < f.m->pair[s + 1]; k++)
                assert_true(g->high[k] == 1.0 / (f.m->pair[s + 1] - f.m->pair[s]));
        counted += count < f.m->states;
        free(reached);
        sx_regret_free(g);
        sx_regret_world_free(w);
        fixture_end(&f);
    }
    assert_true(counted > 10);
}

/* Several pairs at once on one world give the bits that one at a time gives. */
static void test_threads(void **state)
{
    (void)state;
    enum { N = 5 };
    const sx_regret_options o = sx_regret_defaults();
    sx_error err = SX_NO_ERROR;
    sx_mdp *m = oracle_world(17);
    double *r[N];
    const double *rewards[N];
    const double possible[N] = {3, 3, 3, 3, 3};
    sx_regret *one[N * N], *all[N * N];
    sx_regret_world *w = NULL;
    for (int i = 0; i < N; i++)
        rewards[i] = r[i] = oracle_rewards(m, 17, (uint64_t)i);
    CHECK_OK(sx_regret_world_new(m, rewards, possible, N, &o, &w, &err));
    for (int i = 0; i < N * N; i++)
        one[i] = pair_of(w, i / N, i % N);
#pragma omp parallel for num_threads(4) schedule(dynamic)
    for (int i = 0; i < N * N; i++)
        if (sx_regret_pair(w, i / N, i % N, &all[i], NULL))
            all[i] = NULL;
    for (int i = 0; i < N * N; i++) {
        assert_non_null(all[i]);
        assert_true(one[i]->worst_case == all[i]->worst_case && one[i]->gap == all[i]->gap);
        size_t size = (size_t)m->pairs * sizeof *one[i]->low;
        assert_memory_equal(one[i]->low, all[i]->low, size);
        assert_true(i % N != i / N || one[i]->worst_case <= 1e-9);
        sx_regret_free(one[i]);
        sx_regret_free(all[i]);
    }
    sx_regret_world_free(w);
    for (int i = 0; i < N; i++)
        free(r[i]);
    oracle_world_free(m);
}

/* Returns by plain sweeps, for worlds too large for elimination. */
static double swept_return(const sx_mdp *m, const double *pi, const double *r)
{
    double *v = oracle_vector(m->states), j = 0;
    for (int sweep = 0; sweep < 700; sweep++)
        for (int32_t s = 0; s < m->states; s++) {
            double sum = 0;
            for (int32_t k = m->pair[s]; k < m->pair[s + 1]; k++) {
                double q = r[k];
                for (int64_t t = m->first[k]; t < m->first[k + 1]; t++)
                    q += m->discount * m->prob[t] * v[m->next[t]];
                sum += pi[k] * q;
            }
            v[s] = sum;
        }
    for (int32_t s = 0; s < m->states; s++)
        j += m->initial[s] * v[s];
    free(v);
    return j;
}

/* A grid and an expander of 900 states: every method gives certified, equal answers. */
static void test_larger(void **state)
{
    (void)state;
    for (int grid = 0; grid < 2; grid++) {
        fixture f = {.m = grid ? oracle_grid(30, 0.95) : oracle_expander(900, 5, 0.95, 3)};
        f.r[0] = oracle_rewards(f.m, 1, 0);
        f.r[1] = oracle_rewards(f.m, 1, 1);
        for (int32_t k = 0; k < f.m->pairs; k++)
            f.r[1][k] += f.r[0][k];
        solve(&f);
        const sx_regret *g = f.g;
        assert_int_equal(g->outcome, SX_SOLVED);
        assert_true(g->lambda > 0 && g->worst_case > 0 && g->worst_case < 1);
        assert_true(fabs(g->gap) <= 1e-9);
        double span = g->range_true[1] - g->range_true[0];
        double j1 = swept_return(f.m, g->high, f.r[0]) - swept_return(f.m, g->low, f.r[0]);
        double j2 = swept_return(f.m, g->high, f.r[1]) - swept_return(f.m, g->low, f.r[1]);
        CHECK_NEAR(j1 / span, g->primal, 1e-10);
        assert_true(j2 <= 1e-11);
        fixture_end(&f);
    }
}

static void test_methods_agree(void **state)
{
    (void)state;
    for (now = 1; now <= 12; now++)
        for (const sx_method *const *method = sx_methods; *method; method++) {
            fixture f = draw(now);
            solve(&f);
            sx_regret_options o = sx_regret_defaults();
            o.method = *method;
            const double *const r[2] = {f.r[0], f.r[1]};
            const double possible[2] = {largest(r[0], f.m->pairs), largest(r[1], f.m->pairs)};
            sx_error err = SX_NO_ERROR;
            sx_regret_world *w = NULL;
            CHECK_OK(sx_regret_world_new(f.m, r, possible, 2, &o, &w, &err));
            sx_regret *g = pair_of(w, 0, 1);
            CHECK_NEAR(g->worst_case, f.g->worst_case, 2e-9);
            CHECK_NEAR(g->pessimistic, f.g->pessimistic, 2e-9);
            CHECK_NEAR(g->optimistic, f.g->optimistic, 2e-9);
            sx_regret_free(g);
            sx_regret_world_free(w);
            fixture_end(&f);
        }
}

static void test_refusals(void **state)
{
    (void)state;
    fixture f = draw(2);
    solve(&f);
    assert_false(f.g->trivial_true || f.g->trivial_proxy);
    const double *const r[2] = {f.r[0], f.r[1]};
    const double possible[2] = {3, 3};
    sx_error err = SX_NO_ERROR;
    sx_regret *g = f.g;
    sx_regret_world *w = f.w;
    assert_int_equal(sx_regret_pair(f.w, 0, 2, &g, &err), SX_EARG);
    assert_null(g);
    assert_true(err.status == SX_EARG && err.msg[0] != '\0');
    assert_int_equal(sx_regret_pair(f.w, -1, 0, &g, NULL), SX_EARG);
    sx_regret_options o = sx_regret_defaults();
    o.tolerance = NAN;
    assert_int_equal(sx_regret_world_new(f.m, r, possible, 2, &o, &w, NULL), SX_EARG);
    assert_null(w);
    o = sx_regret_defaults();
    o.trivial = -1;
    assert_int_equal(sx_regret_world_new(f.m, r, possible, 2, &o, &w, NULL), SX_EARG);
    f.r[0][0] = NAN;
    o = sx_regret_defaults();
    assert_int_equal(sx_regret_world_new(f.m, r, possible, 2, &o, &w, NULL), SX_EARG);
    assert_null(w);
    fixture_end(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(test_definitions, tell_seed),
        cmocka_unit_test_teardown(test_same_order_no_regret, tell_seed),
        cmocka_unit_test_teardown(test_opposite_order_all_is_lost, tell_seed),
        cmocka_unit_test_teardown(test_trivial, tell_seed),
        cmocka_unit_test_teardown(test_long_horizon, tell_seed),
        cmocka_unit_test_teardown(test_unreachable_rewards, tell_seed),
        cmocka_unit_test(test_nearly_tied),
        cmocka_unit_test(test_threads),
        cmocka_unit_test(test_larger),
        cmocka_unit_test_teardown(test_methods_agree, tell_seed),
        cmocka_unit_test(test_refusals),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
