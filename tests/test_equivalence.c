/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_equivalence.c - rewards in disguise are recognised, and others are told apart by two
 * policies, whose returns an oracle computes anew. */
#include "tests/check.h"

#include "metrics/equivalence.h"
#include "tests/oracle_distance.h"
#include "tests/oracle_mdp.h"

#include <stdlib.h>

enum { WORLDS = 300 };

typedef struct fixture {
    uint64_t seed;
    sx_mdp *m;
    double *a, *b; /* [K*S] */
    double *phi;   /* [S] of the disguise */
    double scale;
    sx_equivalence *e;
} fixture;

static int64_t triples(const sx_mdp *m)
{
    return (int64_t)m->pairs * m->states;
}

static void fixture_end(fixture *f)
{
    sx_equivalence_free(f->e);
    free(f->a);
    free(f->b);
    free(f->phi);
    oracle_world_free(f->m);
}

static fixture draw(uint64_t seed)
{
    fixture f = {.seed = seed, .m = oracle_world(seed), .scale = 1};
    f.a = oracle_table(f.m, seed, 0);
    f.b = oracle_vector(triples(f.m));
    f.phi = oracle_vector(f.m->states);
    memcpy(f.b, f.a, (size_t)triples(f.m) * sizeof *f.b);
    return f;
}

/* b = scale a + gamma phi(s') - phi(s). */
static void disguise(fixture *f)
{
    const sx_mdp *m = f->m;
    for (int32_t s = 0; s < m->states; s++)
        for (int32_t k = m->pair[s]; k < m->pair[s + 1]; k++)
            for (int32_t n = 0; n < m->states; n++) {
                int64_t t = (int64_t)k * m->states + n;
                f->b[t] = f->scale * f->a[t] + m->discount * f->phi[n] - f->phi[s];
            }
}

/* Move value between the first two successors of each pair, and on impossible triples. */
static bool redistribute(fixture *f, oracle_stream *g)
{
    const sx_mdp *m = f->m;
    bool moved = false;
    for (int32_t k = 0; k < m->pairs; k++) {
        int64_t t = m->first[k];
        double *row = f->b + (int64_t)k * m->states;
        double x = .1 + oracle_uniform(g);
        if (m->first[k + 1] - t > 1) {
            row[m->next[t]] += x / m->prob[t];
            row[m->next[t + 1]] -= x / m->prob[t + 1];
            moved = true;
        }
        for (int32_t n = 0; n < m->states; n++)
            if (oracle_prob(m, k, n) == 0) {
                row[n] += x;
                moved = true;
            }
    }
    return moved;
}

static void find(fixture *f)
{
    sx_error err = SX_NO_ERROR;
    sx_equivalence_options o = sx_equivalence_defaults();
    sx_reward *a = oracle_dense_reward(f->m, f->a), *b = oracle_dense_reward(f->m, f->b);
    CHECK_OK(sx_equivalence_find(f->m, a, b, &o, &f->e, &err));
    sx_reward_free(a);
    sx_reward_free(b);
}

static double largest(const double *x, int64_t n)
{
    double most = 0;
    for (int64_t i = 0; i < n; i++)
        most = fmax(most, fabs(x[i]));
    return most;
}

/* All deterministic policies have one return, from every state. */
static bool is_trivial(const sx_mdp *m, const double *table)
{
    double *r = oracle_mean(m, table), *hi = oracle_vector(m->states);
    double *lo = oracle_vector(m->states), most = 0;
    oracle_optimal(m, r, +1, hi);
    oracle_optimal(m, r, -1, lo);
    for (int32_t s = 0; s < m->states; s++)
        most = fmax(most, hi[s] - lo[s]);
    bool flat = (1 - m->discount) * most <= 1e-9 * largest(r, m->pairs);
    free(r);
    free(hi);
    free(lo);
    return flat;
}

/* b really is what the answer says it is of a, on every triple or in the mean. */
static void check_recipe(const fixture *f)
{
    const sx_mdp *m = f->m;
    const sx_equivalence *e = f->e;
    bool spread = e->transformations & SX_BY_REDISTRIBUTION;
    double size = largest(f->b, triples(m)) + largest(f->phi, m->states);
    for (int32_t s = 0; s < m->states; s++)
        for (int32_t k = m->pair[s]; k < m->pair[s + 1]; k++) {
            double mean = 0;
            for (int32_t n = 0; n < m->states; n++) {
                int64_t t = (int64_t)k * m->states + n;
                double rest = f->b[t] - e->scale * f->a[t] - m->discount * e->potential[n] +
                              e->potential[s];
                mean += oracle_prob(m, k, n) * rest;
                if (!spread)
                    CHECK_NEAR(rest / size, 0, 1e-9);
            }
            CHECK_NEAR(mean / size, 0, 1e-9);
        }
    assert_true(e->residual <= 1e-9 * size);
}

/* --- disguises --- */

/* Which transformations a seed applies, as bits of the answer. */
static unsigned apply(fixture *f, oracle_stream *g, unsigned set)
{
    const sx_mdp *m = f->m;
    if (set & SX_BY_SHIFT)
        set &= ~(unsigned)SX_BY_SHAPING;
    if (m->states == 1 && (set & SX_BY_SHAPING))
        set = (set & ~(unsigned)SX_BY_SHAPING) | SX_BY_SHIFT;
    if (set & SX_BY_SCALE)
        f->scale = .2 + 3 * oracle_uniform(g);
    double shift = 1 + oracle_uniform(g);
    for (int32_t s = 0; s < m->states; s++)
        f->phi[s] = set & SX_BY_SHAPING ? oracle_normal(g)
                    : set & SX_BY_SHIFT ? -shift / (1 - m->discount)
                                        : 0;
    disguise(f);
    if ((set & SX_BY_REDISTRIBUTION) && !redistribute(f, g))
        set &= ~(unsigned)SX_BY_REDISTRIBUTION;
    return set;
}

static void test_disguises(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= WORLDS; seed++) {
        fixture f = draw(seed);
        oracle_stream g = oracle_start(seed + 7000);
        unsigned set = apply(&f, &g, (unsigned)seed % 16);
        find(&f);
        if (f.e->equivalent != SX_ANSWER_YES || f.e->same_order_from_start != SX_ANSWER_YES)
            print_error("seed %ld: equivalent %d\n", (long)seed, (int)f.e->equivalent);
        assert_int_equal(f.e->equivalent, SX_ANSWER_YES);
        assert_int_equal(f.e->same_order_from_start, SX_ANSWER_YES);
        assert_null(f.e->first);
        check_recipe(&f);
        if (!is_trivial(f.m, f.a)) {
            if (f.e->transformations != set)
                print_error("seed %ld: set %u, not %u\n", (long)seed, f.e->transformations,
                            set);
            assert_int_equal(f.e->transformations, set);
            CHECK_NEAR(f.e->scale, f.scale, 1e-8);
            for (int32_t s = 0; s < f.m->states; s++)
                CHECK_NEAR(f.e->potential[s], f.phi[s], 1e-7);
        } else {
            assert_int_equal(f.e->trivial_a, SX_ANSWER_YES);
        }
        fixture_end(&f);
    }
}

/* --- rewards that differ --- */

/* All policies return the same from the initial distribution. */
static bool one_return(const sx_mdp *m, const double *r)
{
    double *v = oracle_vector(m->states);
    double span = oracle_optimal(m, r, +1, v) - oracle_optimal(m, r, -1, v);
    free(v);
    return (1 - m->discount) * span <= 1e-9 * largest(r, m->pairs);
}

static void check_witness(const fixture *f)
{
    sx_mdp *m = f->m;
    const sx_equivalence *e = f->e;
    double *ra = oracle_mean(m, f->a), *rb = oracle_mean(m, f->b);
    double *mu = oracle_vector(m->states);
    memcpy(mu, m->initial, (size_t)m->states * sizeof *mu);
    assert_non_null(e->first);
    for (int32_t s = 0; s < m->states && !e->from_start; s++)
        m->initial[s] = 1.0 / m->states;
    double a = oracle_return(m, e->first, ra) - oracle_return(m, e->second, ra);
    double b = oracle_return(m, e->second, rb) - oracle_return(m, e->first, rb);
    double size_a = largest(ra, m->pairs) / (1 - m->discount);
    double size_b = largest(rb, m->pairs) / (1 - m->discount);
    CHECK_NEAR((e->returns[0].a - e->returns[1].a - a) / size_a, 0, 1e-11);
    CHECK_NEAR((e->returns[1].b - e->returns[0].b - b) / size_b, 0, 1e-11);
    assert_true(a > 0 || one_return(m, ra));
    assert_true(b > 0 || one_return(m, rb));
    memcpy(m->initial, mu, (size_t)m->states * sizeof *mu);
    free(ra);
    free(rb);
    free(mu);
}

/* a [K]: advantages of r under the uniform policy. */
static double *advantages(const sx_mdp *m, const double *table)
{
    double *r = oracle_mean(m, table), *pi = oracle_vector(m->pairs);
    double *v = oracle_vector(m->states);
    sx_policy_uniform(m, pi);
    oracle_values(m, pi, r, v);
    for (int32_t s = 0; s < m->states; s++)
        for (int32_t k = m->pair[s]; k < m->pair[s + 1]; k++) {
            long double a = r[k] - (long double)v[s];
            for (int64_t t = m->first[k]; t < m->first[k + 1]; t++)
                a += (long double)m->discount * m->prob[t] * v[m->next[t]];
            r[k] = (double)a;
        }
    free(pi);
    free(v);
    return r;
}

/* sin of the angle between the advantages. */
static double apart(const sx_mdp *m, const double *one, const double *two)
{
    double *a = advantages(m, one), *b = advantages(m, two);
    long double ab = 0, aa = 0, bb = 0, rest = 0;
    for (int32_t k = 0; k < m->pairs; k++) {
        ab += (long double)a[k] * b[k];
        aa += (long double)a[k] * a[k];
        bb += (long double)b[k] * b[k];
    }
    for (int32_t k = 0; k < m->pairs; k++) {
        long double d = b[k] - ab / aa * a[k];
        rest += d * d;
    }
    free(a);
    free(b);
    return (double)sqrtl(rest / bb);
}

static void test_one_triple(void **state)
{
    (void)state;
    int told = 0;
    for (uint64_t seed = 1; seed <= WORLDS; seed++) {
        fixture f = draw(seed);
        oracle_stream g = oracle_start(seed + 9000);
        int32_t k = oracle_below(&g, f.m->pairs);
        int64_t t = f.m->first[k];
        apply(&f, &g, SX_BY_SCALE | SX_BY_SHAPING | SX_BY_REDISTRIBUTION);
        f.b[(int64_t)k * f.m->states + f.m->next[t]] +=
            1e-6 * largest(f.a, triples(f.m)) / f.m->prob[t];
        bool flat = is_trivial(f.m, f.a);
        find(&f);
        if (!flat && apart(f.m, f.a, f.b) > 1e-8) {
            if (f.e->equivalent != SX_ANSWER_NO)
                print_error("seed %ld: %d, [%g, %g]\n", (long)seed, (int)f.e->equivalent,
                            f.e->interval[0], f.e->interval[1]);
            assert_int_equal(f.e->equivalent, SX_ANSWER_NO);
            check_witness(&f);
            told++;
        }
        fixture_end(&f);
    }
    assert_true(told > WORLDS / 4);
}

static void test_others(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= WORLDS; seed++) {
        fixture f = draw(seed);
        free(f.b);
        f.b = oracle_table(f.m, seed, 1);
        bool flat_a = is_trivial(f.m, f.a), flat_b = is_trivial(f.m, f.b);
        find(&f);
        assert_true((f.e->trivial_a == SX_ANSWER_YES) == flat_a);
        assert_true((f.e->trivial_b == SX_ANSWER_YES) == flat_b);
        if (flat_a && flat_b)
            assert_int_equal(f.e->equivalent, SX_ANSWER_YES);
        if (f.e->equivalent == SX_ANSWER_NO)
            check_witness(&f);
        assert_int_not_equal(f.e->equivalent, SX_ANSWER_OPEN);
        fixture_end(&f);
    }
}

/* With the rewards of all deterministic policies: the answer about the start is right. */
static void test_order_from_start(void **state)
{
    (void)state;
    int apart = 0;
    for (uint64_t seed = 1; seed <= WORLDS; seed++) {
        fixture f = draw(seed);
        sx_mdp *m = f.m;
        unsigned char *reached = calloc((size_t)m->states, 1);
        sx_error err = SX_NO_ERROR;
        int32_t count;
        CHECK_OK(sx_mdp_reachable(m, reached, &count, &err));
        for (int32_t s = 0; s < m->states; s++)
            for (int64_t t = (int64_t)m->pair[s] * m->states;
                 !reached[s] && t < (int64_t)m->pair[s + 1] * m->states; t++)
                f.b[t] = (double)(t % 5);
        find(&f);
        assert_int_equal(f.e->same_order_from_start, SX_ANSWER_YES);
        if (f.e->equivalent == SX_ANSWER_NO) {
            apart++;
            assert_false(f.e->from_start);
            check_witness(&f);
        }
        free(reached);
        fixture_end(&f);
    }
    assert_true(apart > 20);
}

static void test_opposite(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 100; seed++) {
        fixture f = draw(seed);
        oracle_stream g = oracle_start(seed);
        f.scale = -2;
        for (int32_t s = 0; s < f.m->states; s++)
            f.phi[s] = oracle_normal(&g);
        disguise(&f);
        find(&f);
        bool flat = is_trivial(f.m, f.a);
        assert_int_equal(f.e->equivalent, flat ? SX_ANSWER_YES : SX_ANSWER_NO);
        assert_int_equal(f.e->opposite, !flat);
        if (!flat)
            check_witness(&f);
        fixture_end(&f);
    }
}

/* Between trivial rewards the smallest set is found, whatever the scale. */
static void test_trivial(void **state)
{
    (void)state;
    fixture f = draw(5);
    const sx_mdp *m = f.m;
    for (int64_t t = 0; t < triples(m); t++)
        f.a[t] = 0;
    f.scale = 1;
    for (int32_t s = 0; s < m->states; s++)
        f.phi[s] = s * s - 3;
    disguise(&f);
    memcpy(f.a, f.b, (size_t)triples(m) * sizeof *f.a);
    for (int64_t t = 0; t < triples(m); t++)
        f.b[t] *= 3;
    find(&f);
    assert_int_equal(f.e->equivalent, SX_ANSWER_YES);
    assert_true(isnan(f.e->interval[0]));
    assert_int_equal(f.e->transformations & ~(unsigned)SX_BY_SHAPING & ~(unsigned)SX_BY_SCALE,
                     0);
    f.e = sx_equivalence_free(f.e);
    oracle_stream g = oracle_start(1);
    memcpy(f.b, f.a, (size_t)triples(m) * sizeof *f.b);
    assert_true(redistribute(&f, &g));
    memcpy(f.a, f.b, (size_t)triples(m) * sizeof *f.a);
    for (int64_t t = 0; t < triples(m); t++)
        f.b[t] *= 3;
    find(&f);
    assert_int_equal(f.e->transformations, SX_BY_SCALE); /* not shaping and redistribution */
    CHECK_NEAR(f.e->scale, 3, 1e-9);
    fixture_end(&f);
}

/* Between rounding and the tolerance nothing is claimed. */
static void test_band(void **state)
{
    (void)state;
    int undecided = 0;
    for (uint64_t seed = 1; seed <= 100; seed++) {
        fixture f = draw(seed);
        if (f.m->discount > .99) {
            fixture_end(&f);
            continue;
        }
        oracle_stream g = oracle_start(seed);
        int32_t k = oracle_below(&g, f.m->pairs);
        f.b[(int64_t)k * f.m->states + f.m->next[f.m->first[k]]] += 3e-11;
        find(&f);
        assert_int_not_equal(f.e->equivalent, SX_ANSWER_NO);
        if (f.e->equivalent == SX_ANSWER_OPEN && f.e->trivial_a == SX_ANSWER_NO) {
            undecided++;
            assert_true(f.e->interval[0] >= 0 && f.e->interval[0] <= f.e->interval[1]);
            assert_null(f.e->potential);
            assert_null(f.e->first);
        }
        fixture_end(&f);
    }
    assert_true(undecided > 20);
}

/* The alignment is least squares with alpha >= 0, and lists the largest differences. */
static void test_alignment(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 100; seed++) {
        fixture f = draw(seed);
        sx_error err = SX_NO_ERROR;
        sx_alignment x;
        const sx_mdp *m = f.m;
        free(f.b);
        f.b = oracle_table(m, seed, 1);
        sx_reward *ra = oracle_dense_reward(m, f.a), *rb = oracle_dense_reward(m, f.b);
        double *a = advantages(m, f.a), *b = advantages(m, f.b), ab = 0, aa = 0, most = 0;
        CHECK_OK(sx_rewards_align(m, ra, rb, &x, &err));
        for (int32_t k = 0; k < m->pairs; k++) {
            ab += a[k] * b[k];
            aa += a[k] * a[k];
        }
        if (!is_trivial(m, f.a))
            CHECK_NEAR(x.scale, ab > 0 ? ab / aa : 0, 1e-9);
        for (int32_t k = 0; k < m->pairs; k++)
            most = fmax(most, fabs(b[k] - x.scale * a[k]));
        assert_true(x.count <= x.differ && x.count <= SX_DIFFERENCES);
        for (int32_t i = 0; i < x.count; i++) {
            const sx_difference *d = &x.largest[i];
            CHECK_NEAR(d->a, x.scale * a[d->pair], 1e-9);
            CHECK_NEAR(d->b, b[d->pair], 1e-9);
            assert_true(i == 0 || fabs(d->b - d->a) <= fabs(d[-1].b - d[-1].a));
        }
        if (x.count)
            CHECK_NEAR(fabs(x.largest[0].b - x.largest[0].a), most, 1e-9);
        else
            CHECK_NEAR(most, 0, 1e-9);
        free(a);
        free(b);
        sx_reward_free(ra);
        sx_reward_free(rb);
        fixture_end(&f);
    }
}

static void test_bad(void **state)
{
    (void)state;
    fixture f = draw(1);
    sx_error err = SX_NO_ERROR;
    sx_equivalence_options o = {.tolerance = 0, .trivial = 1e-9};
    sx_reward *a = oracle_dense_reward(f.m, f.a);
    assert_int_equal(sx_equivalence_find(f.m, a, a, &o, &f.e, &err), SX_EARG);
    assert_null(f.e);
    assert_null(sx_transformation_name(4));
    assert_string_equal(sx_transformation_name(2), "s-prime-redistribution");
    sx_reward_free(a);
    fixture_end(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_disguises), cmocka_unit_test(test_one_triple),
        cmocka_unit_test(test_others),    cmocka_unit_test(test_order_from_start),
        cmocka_unit_test(test_opposite),  cmocka_unit_test(test_trivial),
        cmocka_unit_test(test_band),      cmocka_unit_test(test_bad),
        cmocka_unit_test(test_alignment),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
