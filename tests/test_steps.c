/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_steps.c - the steps of a distance are what their formulas say, computed anew from the
 * rewards; shares are those of a plain evaluation of every triple and sum to 1. */
#include "metrics/steps.h"
#include "tests/check.h"
#include "tests/oracle_distance.h"
#include "tests/oracle_mdp.h"
#include "tests/oracle_reward.h"

#include <stdlib.h>

enum { WORLDS = 160, MEASURES = SX_MEASURES + 2 };

typedef struct scene {
    uint64_t seed;
    sx_mdp *m;
    double *policy, *states, *actions;
    sx_canoniser *c;
    double *plain[2];
    sx_reward *r[2];
} scene;

static int64_t triples(const sx_mdp *m)
{
    return (int64_t)m->pairs * m->states;
}

static void set_up(scene *c, uint64_t seed)
{
    sx_error err = SX_NO_ERROR;
    sx_canon_options o = sx_canon_defaults();
    *c = (scene){.seed = seed};
    /* a quarter has the same actions everywhere, as dard needs */
    c->m =
        seed % 4 ? oracle_world(seed) : oracle_expander(2 + (int32_t)(seed % 5), 2, 0.8, seed);
    c->policy = oracle_policy(c->m, seed);
    c->actions = oracle_vector(c->m->pairs);
    c->states = oracle_vector(c->m->states);
    for (int32_t s = 0; s < c->m->states; s++) {
        int32_t n = c->m->pair[s + 1] - c->m->pair[s];
        c->states[s] = 2.0 * (s + 1) / c->m->states / (c->m->states + 1);
        for (int32_t k = c->m->pair[s]; k < c->m->pair[s + 1]; k++)
            c->actions[k] = 1.0 / n;
    }
    o.policy = c->policy;
    o.state_dist = c->states;
    CHECK_OK(sx_canoniser_new(c->m, &o, &c->c, &err));
    for (int i = 0; i < 2; i++) {
        c->plain[i] = oracle_table(c->m, seed, (uint64_t)i);
        c->r[i] = seed % 2 ? oracle_dense_reward(c->m, c->plain[i])
                           : oracle_listed_reward(c->m, c->plain[i]);
    }
}

static void tear_down(scene *c)
{
    for (int i = 0; i < 2; i++) {
        sx_reward_free(c->r[i]);
        free(c->plain[i]);
    }
    sx_canoniser_free(c->c);
    oracle_world_free(c->m);
    free(c->policy);
    free(c->states);
    free(c->actions);
}

static sx_steps *steps_of(const scene *c, const sx_measure *q)
{
    sx_error err = SX_NO_ERROR;
    sx_steps *x = NULL;
    CHECK_OK(sx_steps_new(c->c, c->r[0], c->r[1], q, true, &x, &err));
    return x;
}

static void say(const scene *c, const sx_measure *q, const char *what)
{
    print_error("%s: world %d, %s %s %s %s\n", what, (int)c->seed,
                q->kind == SX_DISTANCE_EPIC ? "epic" : "starc", sx_canon_name(q->canon),
                sx_norm_name(q->norm), sx_norm_name(q->metric));
}

static void near(const scene *c, const sx_measure *q, const char *what, long double got,
                 long double expected, double scale)
{
    if (fabsl(got - expected) <= 1e-9L * fmaxl(1, scale))
        return;
    say(c, q, what);
    print_error("got %.17Lg, expected %.17Lg\n", got, expected);
    fail();
}

static int32_t measures_of(sx_measure *q)
{
    int32_t n = sx_measures_all(q);
    q[n] = (sx_measure){SX_DISTANCE_EPIC, SX_NONE, SX_L2, SX_L2}; /* its mean is not 0 */
    q[n + 1] = (sx_measure){SX_DISTANCE_EPIC, SX_EPIC, SX_L2, SX_L2};
    return n + 2;
}

/* Forms that are linear programs have no oracle here. */
static bool has_oracle(const sx_measure *q)
{
    return !sx_canon_is_minimal(q->canon) || q->norm == SX_L2 || q->norm == SX_WEIGHTED_L2;
}

/* --- tables --- */

/* c(R) of reward i from the potential that was reported. */
static long double shaped(const scene *c, const sx_steps *x, int i, int32_t k, int32_t y)
{
    const sx_mdp *m = c->m;
    const double *phi = x->side[i].potential;
    int32_t s = oracle_state(m, k);
    long double g = m->discount, r = c->plain[i][(int64_t)k * m->states + y], ahead = 0;
    switch (x->measure.canon) {
    case SX_EPIC: return r + g * phi[y] - phi[s] - g * x->side[i].average;
    case SX_DARD: return r + g * phi[y] - phi[s] - g * x->side[i].ahead[s * m->states + y];
    case SX_VAL_POTENTIAL:
    case SX_MINIMAL_POTENTIAL: return r + g * phi[y] - phi[s];
    default: break;
    }
    for (int32_t z = 0; z < m->states; z++)
        ahead += oracle_prob(m, k, z) * (c->plain[i][(int64_t)k * m->states + z] + g * phi[z]);
    return ahead - phi[s];
}

/* What the reported potential makes of R is the oracle's form: on every triple, or for minimal
 * on the mean of each pair. */
static void check_potential(const scene *c, const sx_steps *x, int i, const long double *form,
                            double size)
{
    const sx_mdp *m = c->m;
    if (x->measure.canon == SX_NONE) {
        assert_null(x->side[i].potential);
        return;
    }
    assert_non_null(x->side[i].potential);
    for (int32_t k = 0; k < m->pairs; k++) {
        long double mean = 0;
        for (int32_t y = 0; y < m->states; y++) {
            long double own = form[(int64_t)k * m->states + y];
            mean += oracle_prob(m, k, y) * own;
            if (x->measure.canon != SX_MINIMAL)
                near(c, &x->measure, "potential", shaped(c, x, i, k, y), own, size);
        }
        if (x->measure.canon == SX_MINIMAL)
            near(c, &x->measure, "potential", shaped(c, x, i, k, 0), mean, size);
    }
}

/* Weighted mean and deviation of a form, for standard scores. */
static void scores(const scene *c, long double *form)
{
    double *left = oracle_vector(c->m->pairs);
    long double mean, deviation;
    for (int32_t k = 0; k < c->m->pairs; k++)
        left[k] = c->states[oracle_state(c->m, k)] * c->actions[k];
    oracle_moments(c->m, form, left, c->states, &mean, &deviation);
    for (int64_t t = 0; t < triples(c->m); t++)
        form[t] = (form[t] - mean) / deviation;
    free(left);
}

/* Form, length and s(R) of reward i; standard [K*S] is the oracle's, false where there is none.
 */
static bool check_side(const scene *c, const sx_steps *x, int i, long double *standard)
{
    const sx_measure *q = &x->measure;
    oracle_setting o = {c->m, c->policy, c->states, c->actions};
    double size = 0;
    if (!oracle_canon(&o, c->plain[i], q->canon, q->norm, standard)) {
        assert_null(x->side[i].canonical);
        return false;
    }
    for (int64_t t = 0; t < triples(c->m); t++)
        size = fmax(size, fabs((double)standard[t]));
    for (int32_t k = 0; k < c->m->pairs; k++)
        for (int32_t y = 0; y < c->m->states; y++)
            near(c, q, "c(R)", sx_reward_at(c->m, x->side[i].canonical, k, y),
                 standard[(int64_t)k * c->m->states + y], size);
    check_potential(c, x, i, standard, size / (1 - c->m->discount));
    if (x->distance.reason)
        return false;
    if (q->kind == SX_DISTANCE_EPIC) {
        scores(c, standard);
        return true;
    }
    long double n = q->norm == SX_NO_NORM ? 1 : oracle_norm(c->m, standard, q->norm);
    bool zero = !(x->side[i].length.value > 0);
    if (!zero)
        near(c, q, "n(c(R))", x->side[i].length.value, n, size);
    for (int64_t t = 0; t < triples(c->m); t++)
        standard[t] = zero ? 0 : standard[t] / n;
    return true;
}

/* d [K*S] by the oracle; false where there is no distance. */
static bool check_tables(const scene *c, const sx_steps *x, long double *d)
{
    long double *b = calloc((size_t)triples(c->m), sizeof *b);
    bool first = check_side(c, x, 0, d), second = check_side(c, x, 1, b);
    assert_true((first && second) == (x->difference != NULL));
    for (int64_t t = 0; first && second && t < triples(c->m); t++) {
        int32_t k = (int32_t)(t / c->m->states), y = (int32_t)(t % c->m->states);
        double s = sx_reward_at(c->m, x->side[0].standard, k, y);
        double z = sx_reward_at(c->m, x->side[1].standard, k, y);
        near(c, &x->measure, "s(R1)", s, d[t], fabs(s));
        near(c, &x->measure, "s(R2)", z, b[t], fabs(z));
        d[t] -= b[t];
        near(c, &x->measure, "d", sx_reward_at(c->m, x->difference, k, y), d[t],
             fabs(s) + fabs(z));
    }
    free(b);
    return first && second;
}

/* --- shares --- */

/* What triple (k,y) adds to the distance. */
static long double part_of(const scene *c, const sx_measure *q, int32_t k, int32_t y,
                           long double d)
{
    long double p = oracle_prob(c->m, k, y), a = fabsl(d);
    if (q->kind == SX_DISTANCE_EPIC)
        return d * d * c->states[oracle_state(c->m, k)] * c->actions[k] * c->states[y];
    switch (q->metric) {
    case SX_L1:
    case SX_LINF: return a;
    case SX_L2: return a * a;
    case SX_WEIGHTED_L2: return p * a * a;
    default: return p * a;
    }
}

/* share [K*S] of each triple. */
static void plain_shares(const scene *c, const sx_measure *q, const long double *d,
                         long double *share)
{
    long double sum = 0, most = 0;
    bool maximum =
        q->kind == SX_DISTANCE_STARC && (q->metric == SX_LINF || q->metric == SX_WEIGHTED_LINF);
    for (int64_t t = 0; t < triples(c->m); t++) {
        share[t] =
            part_of(c, q, (int32_t)(t / c->m->states), (int32_t)(t % c->m->states), d[t]);
        most = fmaxl(most, share[t]);
    }
    for (int64_t t = 0; t < triples(c->m); t++) {
        if (maximum)
            share[t] = share[t] >= most * (1 - 1e-11L);
        sum += share[t];
    }
    for (int64_t t = 0; t < triples(c->m); t++)
        share[t] /= sum;
}

/* Take the triples that an entry stands for out of share, and return what they come to. */
static long double take_out(const scene *c, const sx_share *q, const long double *d,
                            bool weighted, long double *share)
{
    int64_t row = (int64_t)q->pair * c->m->states;
    long double sum = 0;
    assert_true(q->state >= 0 || c->m->first[q->pair + 1] - c->m->first[q->pair] > 1 ||
                !weighted);
    for (int32_t y = 0; y < c->m->states; y++)
        if ((q->state < 0 || q->state == y) && share[row + y] > 0) {
            sum += share[row + y];
            assert_true(fabsl(d[row + y] - q->difference) <=
                        1e-7L * fmaxl(1, fabsl(d[row + y])));
            share[row + y] = 0;
        }
    return sum;
}

/* What each state's triples carry together. */
static void check_states(const scene *c, const sx_steps *x, const long double *plain)
{
    const sx_mdp *m = c->m;
    sx_error err = SX_NO_ERROR;
    bool partial = true;
    double *state = oracle_vector(m->states);
    CHECK_OK(sx_steps_state_shares(x, state, &partial, &err));
    assert_false(partial);
    for (int32_t s = 0; s < m->states; s++) {
        long double sum = 0;
        for (int64_t t = (int64_t)m->pair[s] * m->states;
             t < (int64_t)m->pair[s + 1] * m->states; t++)
            sum += plain[t];
        near(c, &x->measure, "share of a state", state[s], sum, 1);
    }
    free(state);
}

static void check_shares(const scene *c, const sx_steps *x, const long double *d)
{
    sx_error err = SX_NO_ERROR;
    int32_t room = (int32_t)triples(c->m), count, few;
    bool partial;
    sx_share *share = calloc((size_t)room, sizeof *share), first[3];
    long double *plain = calloc((size_t)room, sizeof *plain), sum = 0, left = 0;
    bool weighted = !x->left && x->measure.metric >= SX_WEIGHTED_L1;
    plain_shares(c, &x->measure, d, plain);
    check_states(c, x, plain);
    CHECK_OK(sx_steps_shares(x, room, share, &count, &partial, &err));
    CHECK_OK(sx_steps_shares(x, 3, first, &few, &partial, &err));
    assert_false(partial);
    assert_true(count > 0 && few == (count < 3 ? count : 3));
    for (int32_t i = 0; i < count; i++) {
        near(c, &x->measure, "share", share[i].share,
             take_out(c, &share[i], d, weighted, plain), 1);
        assert_true(i == 0 || share[i].share <= share[i - 1].share);
        assert_true(i >= 3 ||
                    (first[i].pair == share[i].pair && first[i].state == share[i].state));
        sum += share[i].share;
    }
    for (int32_t t = 0; t < room; t++)
        left += plain[t];
    near(c, &x->measure, "sum of shares", sum, 1, 1);
    near(c, &x->measure, "shares left out", left, 0, 1);
    free(share);
    free(plain);
}

static void equal_the_formulas(void **state)
{
    (void)state;
    int compared = 0;
    for (uint64_t seed = 1; seed <= WORLDS; seed++) {
        scene c;
        sx_measure q[MEASURES];
        int32_t n = measures_of(q);
        set_up(&c, seed);
        long double *d = calloc((size_t)triples(c.m), sizeof *d);
        /* every measure on some worlds, EPIC on all */
        for (int32_t i = 0; i < n; i++)
            if (has_oracle(&q[i]) && (i % 9 == (int32_t)(seed % 9) || i >= n - 2)) {
                sx_number value;
                sx_error err = SX_NO_ERROR;
                sx_steps *x = steps_of(&c, &q[i]);
                CHECK_OK(sx_distances(c.c, (const sx_reward *const *)c.r, 2, &q[i], 1, &value,
                                      &err));
                assert_true(value.reason == x->distance.reason);
                assert_true(value.reason || !(value.value < x->distance.value ||
                                              value.value > x->distance.value));
                if (check_tables(&c, x, d) && x->distance.value > 1e-6) {
                    check_shares(&c, x, d);
                    compared++;
                }
                sx_steps_free(x);
            }
        free(d);
        tear_down(&c);
    }
    assert_true(compared > 2000);
}

/* A shaped reward has no shares: what is left is rounding. */
static bool check_shaped(uint64_t seed)
{
    scene c;
    sx_share share[4];
    int32_t count = 7;
    bool partial = true;
    sx_error err = SX_NO_ERROR;
    sx_measure q = sx_measure_default();
    set_up(&c, seed);
    sx_reward_free(c.r[1]);
    CHECK_OK(sx_reward_copy(c.m, c.r[0], &c.r[1], &err));
    CHECK_OK(sx_reward_shape(c.m, c.r[1], c.states, &err));
    sx_steps *x = steps_of(&c, &q);
    bool rounded = x->distance.value > 0;
    CHECK_OK(sx_steps_shares(x, 4, share, &count, &partial, &err));
    assert_int_equal(count, 0);
    assert_false(partial);
    sx_steps_free(x);
    tear_down(&c);
    return rounded;
}

static void rounding_has_no_shares(void **state)
{
    (void)state;
    int rounded = 0;
    for (uint64_t seed = 1; seed <= 20; seed++)
        rounded += check_shaped(seed);
    assert_true(rounded > 5); /* or the test shows nothing */
}

/* --- large worlds --- */

static const int32_t CHAIN = 12000;

/* Two actions: to the right with probability 3/4 (else stay), and to the left. */
static sx_mdp *chain(void)
{
    sx_error err = SX_NO_ERROR;
    sx_mdp *m = NULL;
    sx_triple *t = calloc(3 * (size_t)CHAIN, sizeof *t);
    for (int32_t s = 0; s < CHAIN; s++) {
        sx_triple *at = t + 3 * (size_t)s;
        at[0] = (sx_triple){s, 0, (s + 1) % CHAIN, 0.75};
        at[1] = (sx_triple){s, 0, s, 0.25};
        at[2] = (sx_triple){s, 1, (s + CHAIN - 1) % CHAIN, 1};
    }
    CHECK_OK(sx_mdp_from_triples(CHAIN, 2, t, 3 * (int64_t)CHAIN, &m, &err));
    free(t);
    m->discount = 0.5;
    m->initial[0] = 1;
    return m;
}

/* R1 - 0 under no canonicalisation and no norm: d = R1, on the chain. */
typedef struct long_scene {
    sx_mdp *m;
    sx_canoniser *c;
    sx_reward *r, *zero;
    double *states;  /* [S] D_S */
    double *f;       /* [K] R1(s,a,s') = f(s,a), 1..2 */
    long double sum; /* of the squares over all triples */
} long_scene;

static void set_up_long(long_scene *z)
{
    sx_error err = SX_NO_ERROR;
    sx_canon_options o = sx_canon_defaults();
    *z = (long_scene){.m = chain()};
    z->states = oracle_vector(CHAIN);
    for (int32_t s = 0; s < CHAIN; s++)
        z->states[s] = (1 + s % 3) / (2.0 * CHAIN);
    o.state_dist = z->states;
    CHECK_OK(sx_canoniser_new(z->m, &o, &z->c, &err));
    CHECK_OK(sx_reward_new(z->m, &z->r, &err));
    CHECK_OK(sx_reward_new(z->m, &z->zero, &err));
    z->f = oracle_vector(z->m->pairs);
    for (int32_t k = 0; k < z->m->pairs; k++) {
        z->f[k] = k == 777 ? 40 : 1 + (k * 37 % 1000) / 1000.0;
        z->sum += (long double)z->f[k] * z->f[k] * CHAIN;
    }
    CHECK_OK(sx_reward_add_left(z->m, z->r, z->f, &err));
}

static void tear_down_long(long_scene *z)
{
    sx_reward_free(z->r);
    sx_reward_free(z->zero);
    sx_canoniser_free(z->c);
    sx_mdp_free(z->m);
    free(z->f);
    free(z->states);
}

/* States carry what their pairs do: the first few at least, and everything together. */
static void check_long_states(const long_scene *z, const sx_steps *x, const sx_share *share,
                              int32_t count)
{
    sx_error err = SX_NO_ERROR;
    bool partial;
    double *state = oracle_vector(z->m->states);
    long double sum = 0;
    CHECK_OK(sx_steps_state_shares(x, state, &partial, &err));
    for (int32_t s = 0; s < z->m->states; s++)
        sum += state[s];
    for (int32_t i = 0; i < count; i++)
        state[share[i].pair / 2] -= share[i].share;
    for (int32_t s = 0; s < z->m->states; s++)
        assert_true(state[s] >= -1e-12);
    assert_true(partial ? sum < 1 + 1e-9L : fabsl(sum - 1) < 1e-9L);
    free(state);
}

/* The ten largest shares under a metric; count of them. */
static int32_t long_shares(const long_scene *z, sx_distance_kind kind, sx_norm metric,
                           sx_share *share, bool *partial)
{
    sx_error err = SX_NO_ERROR;
    sx_steps *x = NULL;
    int32_t count;
    sx_measure q = {kind, SX_NONE, SX_NO_NORM, metric};
    CHECK_OK(sx_steps_new(z->c, z->r, z->zero, &q, false, &x, &err));
    assert_null(x->side[0].potential);
    CHECK_OK(sx_steps_shares(x, 10, share, &count, partial, &err));
    check_long_states(z, x, share, count);
    sx_steps_free(x);
    return count;
}

static void check_share(const sx_share *q, int32_t pair, int32_t state, long double share)
{
    assert_int_equal(q->pair, pair);
    assert_int_equal(q->state, state);
    CHECK_NEAR(q->share / (double)share, 1, 1e-9);
}

/* Of a reward of pairs alone nothing is left out, whatever the size. */
static void large_worlds_whole_rows(void **state)
{
    (void)state;
    long_scene z;
    sx_share share[10];
    bool partial;
    long double sum = 0;
    set_up_long(&z);
    for (int32_t k = 0; k < z.m->pairs; k++)
        sum += z.f[k];
    assert_int_equal(long_shares(&z, SX_DISTANCE_STARC, SX_L2, share, &partial), 10);
    assert_false(partial);
    check_share(share, 777, -1, 1600 * (long double)CHAIN / z.sum);
    long_shares(&z, SX_DISTANCE_STARC, SX_L1, share, &partial);
    check_share(share, 777, -1, 40 / sum);
    assert_int_equal(long_shares(&z, SX_DISTANCE_STARC, SX_LINF, share, &partial), 1);
    check_share(share, 777, -1, 1);
    long_shares(&z, SX_DISTANCE_STARC, SX_WEIGHTED_L1, share, &partial);
    assert_false(partial);
    /* pair 777 is deterministic: its one step is named */
    check_share(share, 777, z.m->next[z.m->first[777]], 40 / sum);
    /* scores: against the constant 0, which has no deviation, d is (f - mean) / sd */
    long double mean = 0, square = 0;
    for (int32_t k = 0; k < z.m->pairs; k++)
        mean += z.states[k / 2] / 2 * z.f[k];
    for (int32_t k = 0; k < z.m->pairs; k++)
        square += z.states[k / 2] / 2 * (z.f[k] - mean) * (z.f[k] - mean);
    long_shares(&z, SX_DISTANCE_EPIC, SX_L2, share, &partial);
    assert_false(partial);
    check_share(share, 777, -1, z.states[388] / 2 * (40 - mean) * (40 - mean) / square);
    tear_down_long(&z);
}

/* Where some triples have values of their own, those are looked at one by one. */
static void large_worlds_own_values(void **state)
{
    (void)state;
    long_scene z;
    sx_share share[10];
    bool partial;
    set_up_long(&z);
    int64_t t = z.m->first[20]; /* pair 20 has two steps */
    long double total = z.sum + 10000.0L * 10000 - (long double)z.f[20] * z.f[20] +
                        5000.0L * 5000 - (long double)z.f[30] * z.f[30];
    z.r->on[t] = 10000;
    z.r->exceptions = 1; /* an impossible step of pair 30 */
    z.r->exception = sx_alloc(1, sizeof *z.r->exception);
    z.r->exception[0] = (sx_exception){30, 99, 5000};
    assert_int_equal(long_shares(&z, SX_DISTANCE_STARC, SX_L2, share, &partial), 10);
    assert_true(partial);
    check_share(&share[0], 20, z.m->next[t], 1e8L / total);
    check_share(&share[1], 30, 99, 25e6L / total);
    check_share(&share[2], 777, -1, 1600 * (long double)CHAIN / total);
    assert_int_equal(long_shares(&z, SX_DISTANCE_STARC, SX_LINF, share, &partial), 1);
    check_share(share, 20, z.m->next[t], 1);
    long double mean = 0, square = 0;
    for (int32_t k = 0; k < z.m->pairs; k++) {
        mean += z.states[k / 2] / 2 * z.f[k];
        square += z.states[k / 2] / 2 * z.f[k] * z.f[k];
    }
    long double w = z.states[10] / 2 * z.states[z.m->next[t]],
                v = z.states[15] / 2 * z.states[99];
    mean += w * (10000 - z.f[20]) + v * (5000 - z.f[30]);
    square += w * (1e8L - z.f[20] * z.f[20]) + v * (25e6L - z.f[30] * z.f[30]);
    square -= mean * mean;
    long_shares(&z, SX_DISTANCE_EPIC, SX_L2, share, &partial);
    assert_true(partial);
    check_share(&share[1], 777, -1, z.states[388] / 2 * (40 - mean) * (40 - mean) / square);
    tear_down_long(&z);
}

/* Where the next state matters, only possible triples are looked at. */
static void large_worlds_next_states(void **state)
{
    (void)state;
    long_scene z;
    sx_error err = SX_NO_ERROR;
    sx_share share[10];
    bool partial;
    set_up_long(&z);
    double *g = oracle_vector(CHAIN);
    g[5] = 1;
    for (int64_t t = z.m->first[780]; t < z.m->first[781]; t++)
        z.r->on[t] = 50; /* both steps of pair 780 */
    CHECK_OK(sx_reward_add_right(z.m, z.r, g, &err));
    long double total = z.sum;
    for (int32_t k = 0; k < z.m->pairs; k++)
        total += 2 * z.f[k] + 1;
    total += 2 * (2500.0L - (long double)z.f[780] * z.f[780]);
    assert_int_equal(long_shares(&z, SX_DISTANCE_STARC, SX_L2, share, &partial), 10);
    assert_true(partial);
    check_share(&share[0], 780, z.m->next[z.m->first[780]], 2500 / total);
    check_share(&share[1], 780, z.m->next[z.m->first[780] + 1], 2500 / total);
    check_share(&share[2], 777, z.m->next[z.m->first[777]], 1600 / total);
    free(g);
    tear_down_long(&z);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(equal_the_formulas), cmocka_unit_test(rounding_has_no_shares),
        cmocka_unit_test(large_worlds_whole_rows), cmocka_unit_test(large_worlds_own_values),
        cmocka_unit_test(large_worlds_next_states)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
