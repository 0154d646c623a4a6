/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_orbit_bound.c - no truth that is invariant under the symmetries is nearer than the bound
 * says, which is attained, and keeps its digits where it is small. */
#include "tests/orbit_scene.h"

enum { SCENES = 2000 };

static double distance(const scene *c, const sx_reward *a, const sx_reward *b)
{
    sx_error err = SX_NO_ERROR;
    sx_measure q = sx_measure_default();
    sx_number d = {NAN, NULL};
    const sx_reward *both[] = {a, b};
    CHECK_OK(sx_distances(c->c, both, 2, &q, 1, &d, &err));
    assert_true(d.value >= 0);
    return d.value;
}

static sx_reward *draw_truth(scene *c, uint64_t index)
{
    sx_error err = SX_NO_ERROR;
    double *table = oracle_table(c->m, c->seed, index), *mean = oracle_vector(triples(c));
    double *phi = oracle_vector(c->m->states);
    group_mean(c, table, mean);
    sx_reward *r = oracle_dense_reward(c->m, mean);
    for (int32_t s = 0; s < c->m->states; s++)
        phi[s] = oracle_value(&c->rng);
    if (index % 2)
        CHECK_OK(sx_reward_shape(c->m, r, phi, &err));
    free(table);
    free(mean);
    free(phi);
    return r;
}

static double bound_of(real share)
{
    return (double)(2 * sinl(asinl(fminl(share, 1)) / 2));
}

/* No truth of several is nearer than x says, and averaging leads nearer to those that r does
 * not contradict; counts [2]: how many were tried, and how many of the latter. */
static void check_truths(scene *c, const sx_reward *r, const double *table,
                         const sx_reward *mean, const sx_inconsistency *x, int *counts)
{
    for (uint64_t i = 0; i < 3; i++) {
        sx_reward *truth = draw_truth(c, 100 + i);
        if (!is_trivial(c, truth)) {
            double *t = oracle_vector(triples(c));
            real *a = reals(triples(c)), *b = reals(triples(c));
            for (int32_t k = 0; k < c->m->pairs; k++)
                sx_reward_row(c->m, truth, k, t + (int64_t)k * c->m->states);
            canonical(c, table, a);
            canonical(c, t, b);
            double before = distance(c, r, truth), after = distance(c, mean, truth);
            if (!(before >= x->distance.value - 1e-12))
                near(c, "bound", before, x->distance.value, 1e-12L);
            if (product(c, a, b) >= 0) {
                if (!(after <= before + 1e-12))
                    near(c, "averaging", after, before, 1e-12L);
                counts[1]++;
            }
            counts[0]++;
            free(t);
            free(a);
            free(b);
        }
        sx_reward_free(truth);
    }
}

static void no_invariant_truth_is_nearer_than_the_bound(void **state)
{
    (void)state;
    int counts[2] = {0}, trivial = 0, alone = 0, attained = 0;
    for (uint64_t seed = 1; seed <= SCENES; seed++) {
        scene c;
        sx_error err = SX_NO_ERROR;
        sx_reward *mean = NULL;
        set_up(&c, seed);
        double *table = oracle_vector(triples(&c));
        sx_reward *r = oracle_draw(c.m, &c.rng, (int)(seed % 2), table);
        sx_inconsistency x = measured(&c, r);
        CHECK_OK(sx_orbit_average(c.o, r, &mean, &err));
        if (is_trivial(&c, r)) {
            assert_non_null(x.share.reason);
            assert_non_null(x.distance.reason);
            trivial++;
        } else {
            real length, share = inconsistency(&c, table, &length);
            near(&c, "I", x.share.value, share, 1e-12L * fmaxl(1, 1 / length));
            assert_true(x.share.value <= 1);
            assert_int_equal(x.distance.reason != NULL, c.o->dimension == 0);
            alone += c.o->dimension == 0;
            if (c.o->dimension > 0) {
                near(&c, "bound", x.distance.value, bound_of(share), 1e-7L);
                check_truths(&c, r, table, mean, &x, counts);
            }
            if (c.o->dimension > 0 && !is_trivial(&c, mean)) { /* it is the nearest one */
                near(&c, "nearest", distance(&c, r, mean), x.distance.value, 1e-12L);
                attained++;
            }
        }
        sx_reward_free(r);
        sx_reward_free(mean);
        free(table);
        tear_down(&c);
    }
    assert_true(counts[0] > 3000 && counts[1] > 1000 && attained > 1000);
    assert_true(trivial > 20 && alone > 20);
}

static bool is_certain(const sx_mdp *m)
{
    for (int64_t t = 0; t < m->entries; t++)
        if (m->prob[t] != 1)
            return false;
    return true;
}

/* A reward and 1e-9 of another keep their digits; where probabilities are equal up to rounding
 * only, the change of R is known to no more than that. */
static void small_inconsistencies_keep_their_digits(void **state)
{
    (void)state;
    int tried = 0;
    for (uint64_t seed = 1; seed <= 600; seed++) {
        scene c;
        set_up(&c, seed);
        double *table = oracle_table(c.m, seed, 7), *mean = oracle_vector(triples(&c));
        group_mean(&c, table, mean);
        for (int64_t i = 0; i < triples(&c); i++)
            mean[i] += 1e-9 * table[i];
        sx_reward *r = oracle_dense_reward(c.m, mean);
        sx_inconsistency x = measured(&c, r);
        real length, share = inconsistency(&c, mean, &length);
        if (!x.share.reason && c.o->dimension && share > 1e-11L && length > 0.01L) {
            real tol = is_certain(c.m) ? 1e-9L : 1e-6L;
            near(&c, "I", x.share.value / share, 1, tol);
            near(&c, "bound", x.distance.value / share, 1, tol);
            tried += is_certain(c.m);
        }
        sx_reward_free(r);
        free(table);
        free(mean);
        tear_down(&c);
    }
    assert_true(tried > 40);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_invariant_truth_is_nearer_than_the_bound),
        cmocka_unit_test(small_inconsistencies_keep_their_digits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
