/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_distance.c - every distance equals the plain evaluation of its formula, and has the
 * properties that its definition promises. */
#include "tests/scene.h"

enum { MEASURES = SX_MEASURES + 1 };

/* All STARC measures and classical EPIC, the last. */
static int32_t all_measures(sx_measure *q)
{
    int32_t n = sx_measures_all(q);
    q[n] = (sx_measure){SX_DISTANCE_EPIC, SX_EPIC, SX_L2, SX_L2};
    return n + 1;
}

static void distances(const scene *c, const sx_measure *q, int32_t n, sx_number *value)
{
    sx_error err = SX_NO_ERROR;
    CHECK_OK(sx_distances(c->c, (const sx_reward *const *)c->r, c->rewards, q, n, value, &err));
}

static void say(const scene *c, const sx_measure *q)
{
    print_error("world %d (%d states, discount %g), %s %s %s %s\n", (int)c->seed, c->m->states,
                c->m->discount, q->kind == SX_DISTANCE_EPIC ? "epic" : "starc",
                sx_canon_name(q->canon), sx_norm_name(q->norm), sx_norm_name(q->metric));
}

static void check_value(const scene *c, const sx_measure *q, sx_number got, double expected,
                        double tol)
{
    if (isnan(got.value) == (got.reason != NULL) && isnan(got.value) == isnan(expected) &&
        (isnan(expected) || fabs(got.value - expected) <= tol * fmax(1, fabs(expected))))
        return;
    say(c, q);
    print_error("got %.17g (%s), expected %.17g\n", got.value, got.reason ? got.reason : "-",
                expected);
    fail();
}

static void check_oracle(const scene *c, double tol)
{
    sx_measure q[MEASURES];
    sx_number value[MEASURES];
    oracle_setting o = setting(c);
    int32_t n = all_measures(q);
    distances(c, q, n, value);
    double d[SX_NORMS];
    for (int32_t i = 0; i + 1 < n; i++) {
        if (by_program(q[i].canon, q[i].norm))
            continue;
        if (q[i].metric == 0) /* the metrics of one form and norm come together */
            oracle_starc(&o, c->plain[0], c->plain[1], q[i].canon, q[i].norm, d);
        check_value(c, &q[i], value[i], d[q[i].metric], tol);
    }
    check_value(c, &q[n - 1], value[n - 1], oracle_epic(&o, c->plain[0], c->plain[1]), tol);
}

static void every_combination_equals_the_formula(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= WORLDS; seed++) {
        scene c;
        set_up(&c, seed);
        add_reward(&c);
        add_reward(&c);
        check_oracle(&c, 1e-9);
        tear_down(&c);
    }
}

/* Reward i becomes a R + b + shaping (+ a redistribution of s'), a > 0.  The constant b is a
 * shaping too, by a large potential where the discount is near 1. */
static void disguise(scene *c, int32_t i, bool redistribute)
{
    const sx_mdp *m = c->m;
    double *constant = oracle_vector(m->pairs), b = c->offset * oracle_value(&c->rng);
    for (int32_t k = 0; k < m->pairs; k++)
        constant[k] = b;
    sx_error err = SX_NO_ERROR;
    double *phi = oracle_vector(m->states);
    for (int32_t s = 0; s < m->states; s++)
        phi[s] = 3 * oracle_value(&c->rng);
    sx_reward_scale(m, c->r[i], 0.1 + 5 * oracle_reward_uniform(&c->rng));
    CHECK_OK(sx_reward_shape(m, c->r[i], phi, &err));
    CHECK_OK(sx_reward_add_left(m, c->r[i], constant, &err));
    for (int32_t k = 0; redistribute && k < m->pairs; k++) {
        double mean = 0;
        for (int64_t t = m->first[k]; t < m->first[k + 1]; t++) {
            double z = oracle_value(&c->rng);
            mean += m->prob[t] * z;
            c->r[i]->on[t] += z;
        }
        for (int64_t t = m->first[k]; t < m->first[k + 1]; t++)
            c->r[i]->on[t] -= mean;
    }
    read_plain(c, i);
    free(constant);
    free(phi);
}

static void add_copy(scene *c, int32_t of)
{
    sx_error err = SX_NO_ERROR;
    int32_t i = c->rewards++;
    CHECK_OK(sx_reward_copy(c->m, c->r[of], &c->r[i], &err));
    read_plain(c, i);
}

/* Whether shaping and scaling, and redistribution, leave s(R) alone. */
static bool invariant(const sx_measure *q, bool redistribute)
{
    if (q->canon == SX_VAL || q->canon == SX_MINIMAL)
        return true;
    bool shaped =
        q->canon == SX_EPIC || q->canon == SX_VAL_POTENTIAL || q->canon == SX_MINIMAL_POTENTIAL;
    return shaped && !redistribute;
}

/* Rewards 0 and 1 are at distance 0, compared with the distance of reward 2, the zero reward,
 * which is m(s(R)): large where n weighs less than m. */
static void check_disguise(const scene *c, bool redistribute)
{
    sx_measure q[MEASURES];
    sx_number value[MEASURES][3];
    int32_t n = all_measures(q);
    distances(c, q, n, value[0]);
    for (int32_t i = 0; i < n; i++)
        if (q[i].norm != SX_NO_NORM && !value[i][0].reason && invariant(&q[i], redistribute))
            check_value(c, &q[i], value[i][0], 0, 1e-10 * fmax(1, value[i][1].value));
}

static void add_zero(scene *c)
{
    add_copy(c, 0);
    sx_reward_scale(c->m, c->r[c->rewards - 1], 0);
    read_plain(c, c->rewards - 1);
}

static void equivalents_are_at_distance_zero(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= WORLDS; seed++)
        for (int redistribute = 0; redistribute < 2; redistribute++) {
            scene c;
            set_up(&c, seed);
            add_reward(&c);
            add_copy(&c, 0);
            c.offset = 500;
            disguise(&c, 1, redistribute);
            add_zero(&c);
            check_disguise(&c, redistribute);
            tear_down(&c);
        }
}

static void set_discount(scene *c, double discount)
{
    c->m->discount = discount;
    sx_error err = SX_NO_ERROR;
    sx_canon_options o = sx_canon_defaults();
    sx_canoniser_free(c->c);
    c->seed *= 3; /* uniform */
    free(c->policy);
    free(c->states);
    free(c->actions);
    draw_options(c);
    CHECK_OK(sx_canoniser_new(c->m, &o, &c->c, &err));
}

static void discount_near_one(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 100; seed++) {
        scene c;
        set_up(&c, seed);
        set_discount(&c, 0.9999);
        add_reward(&c);
        add_copy(&c, 0);
        c.offset = 500;
        disguise(&c, 1, true);
        add_zero(&c);
        check_disguise(&c, true);
        tear_down(&c);
        set_up(&c, seed);
        set_discount(&c, 0.9999);
        add_reward(&c);
        add_reward(&c);
        check_oracle(&c, 1e-9);
        tear_down(&c);
    }
}

/* The zero reward, shaped, is no more than rounding in canonical form, and that has no
 * direction: it counts as zero. */
static void pure_shapings_are_zero(void **state)
{
    (void)state;
    sx_error err = SX_NO_ERROR;
    for (uint64_t seed = 1; seed <= 200; seed++) {
        scene c;
        sx_measure q[MEASURES];
        sx_number value[MEASURES];
        int32_t n = all_measures(q);
        set_up(&c, seed);
        set_discount(&c, seed % 2 ? 0.99999 : 0.99);
        add_reward(&c);
        add_zero(&c);
        double *phi = oracle_vector(c.m->states);
        for (int32_t s = 0; s < c.m->states; s++)
            phi[s] = (double)((seed * 7 + (uint64_t)s * 5) % 11) - 3;
        CHECK_OK(sx_reward_shape(c.m, c.r[1], phi, &err));
        add_zero(&c);
        sx_number pair[MEASURES][3];
        distances(&c, q, n, pair[0]);
        for (int32_t i = 0; i < n; i++) {
            value[i] = pair[i][2]; /* of the shaping and zero */
            if (q[i].kind == SX_DISTANCE_STARC && !value[i].reason && invariant(&q[i], false))
                check_value(&c, &q[i], value[i], 0, 0);
        }
        free(phi);
        tear_down(&c);
    }
}

/* Scaling by a power of 2 changes no bit of a distance, also where squares overflow. */
static void scale_does_not_matter(void **state)
{
    (void)state;
    static const int power[] = {-1000, -560, -300, 300, 560, 1000};
    for (uint64_t seed = 1; seed <= 60; seed++) {
        scene c;
        sx_measure q[MEASURES];
        sx_number first[MEASURES], then[MEASURES];
        int32_t n = all_measures(q);
        set_up(&c, seed);
        add_reward(&c);
        add_reward(&c);
        distances(&c, q, n, first);
        sx_reward_scale(c.m, c.r[0], ldexp(1, power[seed % 6]));
        sx_reward_scale(c.m, c.r[1], ldexp(1, power[seed / 6 % 6]));
        distances(&c, q, n, then);
        for (int32_t i = 0; i < n; i++)
            if (q[i].norm != SX_NO_NORM && !first[i].reason)
                check_value(&c, &q[i], then[i], first[i].value, 1e-14);
        tear_down(&c);
    }
}

/* R and -R under the same norm twice: 2; EPIC: 1. */
static void opposites_are_far(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 200; seed++) {
        scene c;
        sx_measure q[MEASURES];
        sx_number value[MEASURES];
        int32_t n = all_measures(q);
        set_up(&c, seed);
        add_reward(&c);
        add_copy(&c, 0);
        sx_reward_scale(c.m, c.r[1], -0.7);
        distances(&c, q, n, value);
        bool trivial = false;
        sx_error err = SX_NO_ERROR;
        CHECK_OK(sx_canon_trivial(c.c, c.r[0], &trivial, &err));
        for (int32_t i = 0; i < n; i++)
            if (q[i].kind == SX_DISTANCE_STARC && q[i].norm == q[i].metric && !trivial &&
                !value[i].reason)
                check_value(&c, &q[i], value[i], 2, 1e-12);
        if (!trivial)
            check_value(&c, &q[n - 1], value[n - 1], 1, 1e-12);
        tear_down(&c);
    }
}

/* All rewards 0 or trivial: a shaped constant with redistributions. */
static void trivial_rewards(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 200; seed++) {
        scene c;
        sx_error err = SX_NO_ERROR;
        bool trivial = false;
        set_up(&c, seed);
        add_reward(&c);
        add_copy(&c, 0);
        sx_reward_scale(c.m, c.r[1], 0);
        disguise(&c, 1, true);
        check_oracle(&c, 1e-9);
        CHECK_OK(sx_canon_trivial(c.c, c.r[1], &trivial, &err));
        assert_true(trivial);
        sx_reward_scale(c.m, c.r[1], 0);
        read_plain(&c, 1);
        check_oracle(&c, 1e-9);
        sx_reward_scale(c.m, c.r[0], 0);
        read_plain(&c, 0);
        check_oracle(&c, 0);
        CHECK_OK(sx_canon_trivial(c.c, c.r[0], &trivial, &err));
        assert_true(trivial);
        tear_down(&c);
    }
}

/* Rewards 0 and 1 change places. */
static void swap(scene *c)
{
    sx_reward *r = c->r[0];
    double *plain = c->plain[0];
    c->r[0] = c->r[1];
    c->plain[0] = c->plain[1];
    c->r[1] = r;
    c->plain[1] = plain;
}

/* Nearly trivial rewards count as trivial below the threshold, and shaped constants as
 * constant. */
static void almost_trivial_rewards(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 200; seed++) {
        scene c;
        set_up(&c, seed);
        if (c.m->discount > 0.9)
            set_discount(&c, 0.9);
        add_reward(&c);
        add_zero(&c);
        disguise(&c, 1, false);
        check_oracle(&c, 1e-9);
        swap(&c);
        check_oracle(&c, 1e-9);
        swap(&c);
        for (int64_t t = 0; t < c.m->entries; t++)
            c.r[1]->on[t] += 1e-11 * oracle_value(&c.rng);
        read_plain(&c, 1);
        sx_measure q[] = {{SX_DISTANCE_STARC, SX_VAL, SX_L2, SX_L2},
                          {SX_DISTANCE_STARC, SX_MINIMAL, SX_L2, SX_LINF}};
        sx_number value[2];
        oracle_setting o = setting(&c);
        distances(&c, q, 2, value);
        for (int i = 0; i < 2; i++) {
            double d[SX_NORMS];
            oracle_starc(&o, c.plain[0], c.plain[1], q[i].canon, q[i].norm, d);
            check_value(&c, &q[i], value[i], d[q[i].metric], 1e-9);
        }
        tear_down(&c);
    }
}

/* Symmetric, and a metric: d(0,2) <= d(0,1) + d(1,2).  Order of rewards and measures that
 * are asked for alone change no bit. */
static void metric_axioms(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 150; seed++) {
        scene c;
        sx_measure q[MEASURES];
        sx_number value[MEASURES][3], swapped[MEASURES][3], alone[3];
        int32_t n = all_measures(q);
        set_up(&c, seed);
        for (int i = 0; i < 3; i++)
            add_reward(&c);
        distances(&c, q, n, value[0]);
        int32_t one = (int32_t)(seed * 31 % (uint64_t)n);
        distances(&c, &q[one], 1, alone);
        assert_memory_equal(alone, value[one], sizeof alone);
        swap(&c);
        distances(&c, q, n, swapped[0]);
        for (int32_t i = 0; i < n; i++) {
            const sx_number *d = &value[i][0], *e = swapped[i];
            check_value(&c, &q[i], e[0], d[0].value, 1e-12);
            check_value(&c, &q[i], e[1], d[2].value, 1e-12);
            check_value(&c, &q[i], e[2], d[1].value, 1e-12);
            if (d[1].value > d[0].value + d[2].value + 1e-12) {
                say(&c, &q[i]);
                fail();
            }
        }
        tear_down(&c);
    }
}

/* Where impossible triples have no value the forms that need them say so. */
static void unknown_rewards(void **state)
{
    (void)state;
    sx_error err = SX_NO_ERROR;
    scene c;
    sx_measure q[MEASURES];
    sx_number value[MEASURES];
    int32_t n = all_measures(q);
    set_up(&c, 8);
    for (int i = 0; i < 2; i++) {
        c.plain[i] = oracle_vector(triples(&c));
        c.r[c.rewards++] = oracle_draw(c.m, &c.rng, 2, c.plain[i]);
    }
    distances(&c, q, n, value);
    for (int32_t i = 0; i < n; i++) {
        bool weighted = q[i].norm >= SX_WEIGHTED_L1 && q[i].metric >= SX_WEIGHTED_L1;
        bool sees = q[i].canon == SX_EPIC || q[i].canon == SX_DARD || q[i].kind;
        bool averages = q[i].canon == SX_VAL || q[i].canon == SX_MINIMAL;
        bool lacks = sees || (!averages && !weighted);
        if (lacks != (value[i].reason != NULL))
            say(&c, &q[i]);
        assert_true(lacks == (value[i].reason != NULL) && lacks == isnan(value[i].value));
        if (lacks)
            assert_string_equal(value[i].reason, "drawn without");
    }
    q[0].metric = SX_NO_NORM;
    assert_int_equal(sx_distances(c.c, (const sx_reward *const *)c.r, 2, q, 1, value, &err),
                     SX_EARG);
    tear_down(&c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_combination_equals_the_formula),
        cmocka_unit_test(equivalents_are_at_distance_zero),
        cmocka_unit_test(discount_near_one),
        cmocka_unit_test(pure_shapings_are_zero),
        cmocka_unit_test(scale_does_not_matter),
        cmocka_unit_test(opposites_are_far),
        cmocka_unit_test(trivial_rewards),
        cmocka_unit_test(almost_trivial_rewards),
        cmocka_unit_test(metric_axioms),
        cmocka_unit_test(unknown_rewards),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
