/* SPDX-License-Identifier: GPL-3.0-or-later */
/* scene.h - a random world with a canoniser, and rewards in the library's and in plain form:
 * what tests of canonical forms and of distances start from. */
#ifndef SCENE_H
#define SCENE_H

#include "metrics/distance.h"
#include "tests/check.h"
#include "tests/oracle_distance.h"
#include "tests/oracle_mdp.h"
#include "tests/oracle_reward.h"

#include <stdlib.h>

enum { WORLDS = 500 };

/* A world, distributions, and two or three rewards in the library's and in plain form. */
typedef struct scene {
    uint64_t seed;
    oracle_rng rng;
    double offset; /* size of constants that disguises add */
    sx_mdp *m;
    double *policy, *states, *actions;
    sx_canoniser *c;
    int32_t rewards;
    sx_reward *r[4];
    double *plain[4];
} scene;

static inline int64_t triples(const scene *c)
{
    return (int64_t)c->m->pairs * c->m->states;
}

static inline double *draw_states(scene *c)
{
    double *p = oracle_vector(c->m->states), sum = 0;
    for (int32_t s = 0; s < c->m->states; s++)
        sum += p[s] = 0.05 + oracle_reward_uniform(&c->rng);
    for (int32_t s = 0; s < c->m->states; s++)
        p[s] /= sum;
    return p;
}

/* Distributions of the scene, uniform in two worlds of three. */
static inline void draw_options(scene *c)
{
    const sx_mdp *m = c->m;
    bool given = c->seed % 3 == 1;
    c->policy = given ? oracle_policy(m, c->seed) : oracle_vector(m->pairs);
    c->actions = given && c->seed % 2 ? oracle_policy(m, c->seed + 1) : oracle_vector(m->pairs);
    c->states = given ? draw_states(c) : oracle_vector(m->states);
    for (int32_t s = 0; s < m->states; s++) {
        int32_t n = m->pair[s + 1] - m->pair[s];
        c->states[s] = given ? c->states[s] : 1.0 / m->states;
        for (int32_t k = m->pair[s]; k < m->pair[s + 1]; k++) {
            c->policy[k] = given ? c->policy[k] : 1.0 / n;
            c->actions[k] = given && c->seed % 2 ? c->actions[k] : 1.0 / n;
        }
    }
}

static inline void add_canoniser(scene *c)
{
    sx_error err = SX_NO_ERROR;
    sx_canon_options o = sx_canon_defaults();
    draw_options(c);
    if (c->seed % 3 == 1) {
        o.policy = c->policy;
        o.state_dist = c->states;
        o.action_dist = c->seed % 2 ? c->actions : NULL;
    }
    CHECK_OK(sx_canoniser_new(c->m, &o, &c->c, &err));
}

static inline void set_up(scene *c, uint64_t seed)
{
    *c = (scene){.seed = seed, .rng = {seed * 77 + 3}, .offset = 1};
    /* an eighth has the same actions everywhere, as dard needs */
    c->m = seed % 8 ? oracle_world(seed)
                    : oracle_expander(2 + (int32_t)(seed / 8 % 9), 2,
                                      0.3 + 0.6 * (double)(seed % 5) / 4, seed);
    add_canoniser(c);
}

/* Another reward: drawn in the sum or the dense form, or a table of normal numbers or small
 * integers in the dense form or listed. */
static inline void add_reward(scene *c)
{
    int32_t i = c->rewards++;
    int kind = oracle_int(&c->rng, 0, 3);
    if (kind < 2) {
        c->plain[i] = oracle_vector(triples(c));
        c->r[i] = oracle_draw(c->m, &c->rng, kind, c->plain[i]);
        return;
    }
    c->plain[i] = oracle_table(c->m, c->seed, (uint64_t)i);
    c->r[i] = kind == 2 ? oracle_dense_reward(c->m, c->plain[i])
                        : oracle_listed_reward(c->m, c->plain[i]);
}

/* Take what reward i of the library is now as its plain form. */
static inline void read_plain(scene *c, int32_t i)
{
    if (!c->plain[i])
        c->plain[i] = oracle_vector(triples(c));
    for (int32_t k = 0; k < c->m->pairs; k++)
        for (int32_t s = 0; s < c->m->states; s++)
            c->plain[i][(int64_t)k * c->m->states + s] = sx_reward_at(c->m, c->r[i], k, s);
}

static inline void tear_down(scene *c)
{
    for (int32_t i = 0; i < c->rewards; i++) {
        sx_reward_free(c->r[i]);
        free(c->plain[i]);
    }
    sx_canoniser_free(c->c);
    oracle_world_free(c->m);
    free(c->policy);
    free(c->states);
    free(c->actions);
}

static inline oracle_setting setting(const scene *c)
{
    return (oracle_setting){c->m, c->policy, c->states, c->actions};
}

/* Forms that are linear programs have their own oracle, in test_minimal_lp.c. */
static inline bool by_program(sx_canon canon, sx_norm norm)
{
    return sx_canon_is_minimal(canon) && norm != SX_L2 && norm != SX_WEIGHTED_L2;
}

#endif
