/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_shaping_quality.c - sweeps and depths of a shaping are what their definition says,
 * looked up step by step. */
#include "metrics/shaping.h"
#include "tests/check.h"
#include "tests/oracle_mdp.h"

#include <stdlib.h>

static double largest_of(const double *x, int64_t n)
{
    double most = 0;
    for (int64_t i = 0; i < n; i++)
        most = fmax(most, fabs(x[i]));
    return most;
}

/* Q_k of all pairs by its definition. */
static double *looked(const sx_mdp *m, const double *r, int depth)
{
    double *q = oracle_vector(m->pairs), *v = oracle_vector(m->states);
    for (int d = 0; d < depth; d++) {
        for (int32_t k = 0; k < m->pairs; k++) {
            q[k] = r[k];
            for (int32_t y = 0; y < m->states; y++)
                q[k] += m->discount * oracle_prob(m, k, y) * v[y];
        }
        for (int32_t s = 0; s < m->states; s++) {
            v[s] = -INFINITY;
            for (int32_t k = m->pair[s]; k < m->pair[s + 1]; k++)
                v[s] = fmax(v[s], q[k]);
        }
    }
    free(v);
    return q;
}

/* In state s all that looks best for q is best for `best`. */
static bool agrees(const sx_mdp *m, int32_t s, const double *q, const double *best, double size)
{
    double most = -INFINITY, top = -INFINITY;
    for (int32_t k = m->pair[s]; k < m->pair[s + 1]; k++) {
        most = fmax(most, q[k]);
        top = fmax(top, best[k]);
    }
    for (int32_t k = m->pair[s]; k < m->pair[s + 1]; k++)
        if (q[k] >= most - 1e-9 * size && best[k] < top - 1e-8 * size)
            return false;
    return true;
}

/* Everywhere, or in the states that come next, by rounds. */
static bool agrees_on(const sx_mdp *m, bool everywhere, const double *q, const double *best,
                      double size)
{
    bool in[64] = {false}, all = true;
    for (int32_t s = 0; s < m->states; s++)
        in[s] = everywhere || m->initial[s] > 0;
    for (int32_t round = 0; round < m->states; round++)
        for (int32_t s = 0; s < m->states; s++) {
            double most = -INFINITY;
            for (int32_t k = m->pair[s]; k < m->pair[s + 1]; k++)
                most = fmax(most, q[k]);
            for (int32_t k = m->pair[s]; in[s] && k < m->pair[s + 1]; k++)
                for (int32_t y = 0; q[k] >= most - 1e-9 * size && y < m->states; y++)
                    in[y] = in[y] || oracle_prob(m, k, y) > 0;
        }
    for (int32_t s = 0; s < m->states; s++)
        all = all && (!in[s] || agrees(m, s, q, best, size));
    return all;
}

static void qualities_follow_their_definition(void **state)
{
    (void)state;
    enum { LIMIT = 30 };
    int found = 0;
    for (uint64_t seed = 1; seed <= 120; seed++) {
        sx_error err = SX_NO_ERROR;
        sx_shape_quality quality;
        sx_mdp *m = oracle_world(seed);
        m->discount = fmin(m->discount, 0.8);
        double *r = oracle_rewards(m, seed, 0), *best = looked(m, r, 400);
        double size = fmax(1e-3, largest_of(r, m->pairs)) / (1 - m->discount);
        int sweeps = -1, depth = -1;
        for (int d = 1; d <= LIMIT + 1 && sweeps < 0; d++) {
            double *q = looked(m, r, d);
            depth = depth < 0 && agrees_on(m, false, q, best, size) ? d : depth;
            sweeps = agrees_on(m, true, q, best, size) ? d - 1 : -1;
            free(q);
        }
        CHECK_OK(sx_shape_measure(m, r, r, LIMIT, &quality, &err));
        assert_true((sweeps < 0) == (quality.sweeps.reason != NULL));
        assert_true((depth < 0) == (quality.depth.reason != NULL));
        found += sweeps > 0;
        if (sweeps >= 0 && quality.sweeps.value != sweeps)
            fail_msg("world %d: %g sweeps, not %d", (int)seed, quality.sweeps.value, sweeps);
        if (depth >= 0 && quality.depth.value != depth)
            fail_msg("world %d: depth %g, not %d", (int)seed, quality.depth.value, depth);
        free(r);
        free(best);
        oracle_world_free(m);
    }
    assert_true(found > 30);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(qualities_follow_their_definition)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
