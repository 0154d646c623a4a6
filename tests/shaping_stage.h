/* SPDX-License-Identifier: GPL-3.0-or-later */
/* shaping_stage.h - a random world with two rewards and attributes and the kinds of shapings.
 */
#ifndef SHAPING_STAGE_H
#define SHAPING_STAGE_H

#include "metrics/shaping.h"
#include "tests/textbook_lp.h"

enum { ATTRIBUTES = 2, CASES = 21 };

typedef struct kase {
    sx_shape_goal goal;
    sx_norm norm;
    sx_shape_on on;
    bool target;
} kase;

static const kase kases[CASES] = {
    {SX_SHAPE_FIT, SX_L1, SX_SHAPE_TRIPLES, true},
    {SX_SHAPE_FIT, SX_LINF, SX_SHAPE_TRIPLES, true},
    {SX_SHAPE_FIT, SX_L2, SX_SHAPE_TRIPLES, true},
    {SX_SHAPE_FIT, SX_L1, SX_SHAPE_ROWS, true},
    {SX_SHAPE_FIT, SX_LINF, SX_SHAPE_ROWS, true},
    {SX_SHAPE_FIT, SX_L2, SX_SHAPE_ROWS, true},
    {SX_SHAPE_SPARSE, SX_L1, SX_SHAPE_TRIPLES, false},
    {SX_SHAPE_SPARSE, SX_L1, SX_SHAPE_ROWS, false},
    {SX_SHAPE_FLAT, SX_LINF, SX_SHAPE_TRIPLES, false},
    {SX_SHAPE_FLAT, SX_LINF, SX_SHAPE_ROWS, false},
    {SX_SHAPE_SMOOTH, SX_L1, SX_SHAPE_ROWS, false},
    {SX_SHAPE_BOUNDED, SX_L1, SX_SHAPE_TRIPLES, true},
    {SX_SHAPE_BOUNDED, SX_LINF, SX_SHAPE_ROWS, false},
    {SX_SHAPE_LINEAR, SX_L1, SX_SHAPE_ROWS, true},
    {SX_SHAPE_LINEAR, SX_LINF, SX_SHAPE_TRIPLES, false},
    {SX_SHAPE_LINEAR, SX_L2, SX_SHAPE_TRIPLES, true},
    {SX_SHAPE_BOUNDED, SX_L2, SX_SHAPE_TRIPLES, true},
    {SX_SHAPE_BOUNDED, SX_L2, SX_SHAPE_TRIPLES, false},
    {SX_SHAPE_BOUNDED, SX_L2, SX_SHAPE_ROWS, true},
    {SX_SHAPE_BOUNDED, SX_L2, SX_SHAPE_ROWS, false},
    {SX_SHAPE_SMOOTH, SX_L1, SX_SHAPE_TRIPLES, false},
};

typedef struct stage {
    uint64_t seed;
    oracle_stream g;
    sx_mdp *m;
    double *from, *to; /* [K*S] */
    double *attribute[ATTRIBUTES];
    sx_shape_task task;
} stage;

static inline sx_reward *reward_of(const sx_mdp *m, const double *table)
{
    sx_error err = SX_NO_ERROR;
    sx_reward *r = NULL;
    CHECK_OK(sx_reward_new(m, &r, &err));
    r->dense = sx_alloc((size_t)triples(m), sizeof *r->dense);
    memcpy(r->dense, table, (size_t)triples(m) * sizeof *table);
    for (int32_t k = 0; k < m->pairs; k++)
        for (int64_t t = m->first[k]; t < m->first[k + 1]; t++)
            r->on[t] = table[(int64_t)k * m->states + m->next[t]];
    return r;
}

static inline void set_up(stage *c, uint64_t seed)
{
    *c = (stage){.seed = seed, .g = oracle_start(seed * 77 + 5), .m = oracle_world(seed)};
    c->from = oracle_table(c->m, seed, 0);
    c->to = oracle_table(c->m, seed, 1);
    for (int j = 0; j < ATTRIBUTES; j++) {
        c->attribute[j] = oracle_vector(c->m->states);
        for (int32_t s = 0; s < c->m->states; s++)
            c->attribute[j][s] = j ? oracle_normal(&c->g) : oracle_below(&c->g, 4);
    }
    c->task = sx_shape_defaults();
}

static inline void tear_down(stage *c)
{
    for (int j = 0; j < ATTRIBUTES; j++)
        free(c->attribute[j]);
    free(c->from);
    free(c->to);
    oracle_world_free(c->m);
}

#endif
