/* SPDX-License-Identifier: GPL-3.0-or-later */
/* orbit_scene.h - a symmetric world with its group, and what an oracle says of averages over
 * it. */
#ifndef ORBIT_SCENE_H
#define ORBIT_SCENE_H

#include "metrics/distance.h"
#include "tests/check.h"
#include "tests/oracle_mdp.h"
#include "tests/oracle_orbit.h"

#include <stdlib.h>

typedef long double real;

/* A symmetric world and its group. */
typedef struct scene {
    uint64_t seed;
    oracle_rng rng;
    sx_mdp *m;
    oracle_group group;
    sx_symmetry g[ORACLE_GENERATORS];
    sx_orbits *o;
    sx_canoniser *c;
    double *policy, *states;
} scene;

static inline sx_canoniser *canoniser(const sx_mdp *m)
{
    sx_canon_options o = sx_canon_defaults();
    sx_canoniser *c = NULL;
    sx_error err = SX_NO_ERROR;
    CHECK_OK(sx_canoniser_new(m, &o, &c, &err));
    return c;
}

static inline void set_up(scene *c, uint64_t seed)
{
    sx_error err = SX_NO_ERROR;
    *c = (scene){.seed = seed, .rng = {seed * 9176 + 5}};
    c->m = oracle_symmetric_world(&c->rng, &c->group);
    oracle_generators(&c->group, c->g);
    CHECK_OK(sx_orbits_new(c->m, c->g, c->group.generators, &c->o, &err));
    c->c = canoniser(c->m);
    c->policy = oracle_vector(c->m->pairs);
    c->states = oracle_vector(c->m->states);
    for (int32_t s = 0; s < c->m->states; s++) {
        c->states[s] = 1.0 / c->m->states;
        for (int32_t k = c->m->pair[s]; k < c->m->pair[s + 1]; k++)
            c->policy[k] = 1.0 / (c->m->pair[s + 1] - c->m->pair[s]);
    }
}

static inline void tear_down(scene *c)
{
    sx_orbits_free(c->o);
    sx_canoniser_free(c->c);
    sx_mdp_free(c->m);
    oracle_group_free(&c->group);
    free(c->policy);
    free(c->states);
}

static inline int64_t triples(const scene *c)
{
    return (int64_t)c->m->pairs * c->m->states;
}

static inline void say(const scene *c)
{
    print_error("seed %d: %d states, %d actions, %d elements, discount %g\n", (int)c->seed,
                c->m->states, c->m->actions, c->group.order, c->m->discount);
}

static inline void near(const scene *c, const char *what, real got, real expected, real tol)
{
    if (fabsl(got - expected) <= tol)
        return;
    say(c);
    print_error("%s: got %.17Lg, expected %.17Lg\n", what, got, expected);
    fail();
}

static inline real *reals(int64_t n)
{
    real *x = calloc((size_t)n, sizeof *x);
    assert_non_null(x);
    return x;
}

/* The mean of a table of all triples over the group. */
static inline void group_mean(const scene *c, const double *table, double *mean)
{
    real *x = reals(triples(c)), *y = reals(triples(c));
    for (int64_t i = 0; i < triples(c); i++)
        x[i] = table[i];
    oracle_group_mean(c->m, &c->group, x, y);
    for (int64_t i = 0; i < triples(c); i++)
        mean[i] = (double)y[i];
    free(x);
    free(y);
}

/* form [K*S] = c(R). */
static inline void canonical(const scene *c, const double *table, real *form)
{
    oracle_setting o = {c->m, c->policy, c->states, c->policy};
    assert_true(oracle_canon(&o, table, SX_VAL, SX_L2, form));
}

static inline real product(const scene *c, const real *x, const real *y)
{
    real sum = 0;
    for (int64_t i = 0; i < triples(c); i++)
        sum += x[i] * y[i];
    return sum;
}

/* I by its definition; *length: ||c(R)||. */
static inline real inconsistency(const scene *c, const double *table, real *length)
{
    real *form = reals(triples(c)), *mean = reals(triples(c));
    canonical(c, table, form);
    oracle_group_mean(c->m, &c->group, form, mean);
    for (int64_t i = 0; i < triples(c); i++)
        mean[i] = form[i] - mean[i];
    *length = sqrtl(product(c, form, form));
    real rest = sqrtl(product(c, mean, mean));
    free(form);
    free(mean);
    return rest / *length;
}

static inline sx_inconsistency measured(const scene *c, const sx_reward *r)
{
    sx_error err = SX_NO_ERROR;
    sx_inconsistency x;
    CHECK_OK(sx_orbit_inconsistency(c->o, c->c, r, &x, &err));
    assert_true(isnan(x.share.value) == (x.share.reason != NULL));
    assert_true(isnan(x.distance.value) == (x.distance.reason != NULL));
    return x;
}

static inline bool is_trivial(const scene *c, const sx_reward *r)
{
    sx_error err = SX_NO_ERROR;
    bool trivial = false;
    CHECK_OK(sx_canon_trivial(c->c, r, &trivial, &err));
    return trivial;
}

/* A truth that no element of the group changes but by what does not matter: the mean of a table
 * with, sometimes, any shaping. */
/* --- the group --- */

/* The dimension of { P c(R) }: the rank of some random ones. */
static inline int32_t rank_of_invariant(const scene *c)
{
    enum { TRIES = 30 };
    int32_t K = c->m->pairs, S = c->m->states, rank = 0;
    real *row = reals((int64_t)TRIES * K), *mean = reals(triples(c)), *form = reals(triples(c));
    for (int32_t i = 0; i < TRIES; i++) {
        double *table = oracle_table(c->m, c->seed, (uint64_t)i);
        canonical(c, table, form);
        oracle_group_mean(c->m, &c->group, form, mean);
        for (int32_t k = 0; k < K; k++)
            row[i * K + k] = mean[(int64_t)k * S];
        free(table);
    }
    for (int32_t k = 0; k < K && rank < TRIES; k++) { /* elimination with pivoting */
        int32_t best = rank;
        for (int32_t i = rank; i < TRIES; i++)
            best = fabsl(row[i * K + k]) > fabsl(row[best * K + k]) ? i : best;
        if (fabsl(row[best * K + k]) < 1e-9L)
            continue;
        for (int32_t j = 0; j < K; j++) {
            real keep = row[rank * K + j];
            row[rank * K + j] = row[best * K + j];
            row[best * K + j] = keep;
        }
        for (int32_t i = rank + 1; i < TRIES; i++)
            for (int32_t j = K - 1; j >= k; j--)
                row[i * K + j] -= row[rank * K + j] * row[i * K + k] / row[rank * K + k];
        rank++;
    }
    free(row);
    free(mean);
    free(form);
    return rank;
}

#endif
