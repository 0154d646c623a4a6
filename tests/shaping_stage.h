/* SPDX-License-Identifier: GPL-3.0-or-later */
/* shaping_stage.h - a random world with two rewards and attributes, the kinds of shapings, and
 * their textbook programs. */
#ifndef SHAPING_STAGE_H
#define SHAPING_STAGE_H

#include "metrics/shaping.h"
#include "tests/textbook_lp.h"

enum { ATTRIBUTES = 2, CASES = 20 };

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

/* --- the oracle: terms as their definition writes them, unknowns Phi (or the coefficients of
 * the attributes and a constant), then alpha --- */

static inline void shaping_column(const stage *c, int32_t k, const double *chance, double *row)
{
    const sx_mdp *m = c->m;
    for (int32_t y = 0; y < m->states; y++)
        row[y] += m->discount * chance[y];
    row[state_of(m, k)] -= 1;
}

static inline void add_plain(const stage *c, plain *p, const double *phi, double r, double t,
                             double weight)
{
    const sx_mdp *m = c->m;
    double *row = p->row + (int64_t)p->terms * p->n;
    bool linear = c->task.goal == SX_SHAPE_LINEAR;
    for (int32_t y = 0; y < m->states; y++)
        for (int32_t j = 0; linear && j <= ATTRIBUTES; j++)
            row[j] += phi[y] * (j < ATTRIBUTES ? c->attribute[j][y] : 1);
    for (int32_t y = 0; y < m->states && !linear; y++)
        row[y] = phi[y];
    if (c->task.to)
        row[p->n - 1] = r;
    p->value[p->terms] = c->task.to ? -t : r;
    p->weight[p->terms] = weight;
    p->terms++;
}

static inline void plain_of_triples(const stage *c, plain *p)
{
    const sx_mdp *m = c->m;
    for (int64_t i = 0; i < triples(m); i++) {
        double *phi = oracle_vector(m->states), *chance = oracle_vector(m->states);
        chance[i % m->states] = 1;
        shaping_column(c, (int32_t)(i / m->states), chance, phi);
        add_plain(c, p, phi, c->from[i], c->to[i], 1);
        free(phi);
        free(chance);
    }
}

static inline double *chances(const sx_mdp *m, int32_t k)
{
    double *p = oracle_vector(m->states);
    for (int32_t y = 0; y < m->states; y++)
        p[y] = oracle_prob(m, k, y);
    return p;
}

static inline void plain_of_rows(const stage *c, plain *p)
{
    const sx_mdp *m = c->m;
    double *r = oracle_mean(m, c->from), *t = oracle_mean(m, c->to);
    for (int32_t k = 0; k < m->pairs; k++) {
        double *phi = oracle_vector(m->states), *chance = chances(m, k);
        shaping_column(c, k, chance, phi);
        add_plain(c, p, phi, r[k], t[k], 1);
        free(phi);
        free(chance);
    }
    free(r);
    free(t);
}

static inline void plain_of_smooth(const stage *c, plain *p)
{
    const sx_mdp *m = c->m;
    double *r = oracle_mean(m, c->from);
    for (int32_t k = 0; k < m->pairs; k++)
        for (int32_t l = 0; l < m->pairs; l++) {
            double tau = oracle_prob(m, k, state_of(m, l));
            double *phi = oracle_vector(m->states), *ck = chances(m, k), *cl = chances(m, l);
            shaping_column(c, l, cl, phi);
            for (int32_t y = 0; y < m->states; y++)
                phi[y] = -phi[y];
            shaping_column(c, k, ck, phi);
            if (tau > 0)
                add_plain(c, p, phi, r[k] - r[l], 0, tau);
            free(phi);
            free(ck);
            free(cl);
        }
    free(r);
}

static inline plain plain_task(const stage *c)
{
    const sx_mdp *m = c->m;
    int32_t n = c->task.goal == SX_SHAPE_LINEAR ? ATTRIBUTES + 1 : m->states;
    bool smooth = c->task.goal == SX_SHAPE_SMOOTH;
    plain p =
        plain_new(n + (c->task.to != NULL), smooth ? (int64_t)m->pairs * m->pairs : triples(m));
    if (smooth)
        plain_of_smooth(c, &p);
    else if (c->task.on == SX_SHAPE_ROWS)
        plain_of_rows(c, &p);
    else
        plain_of_triples(c, &p);
    return p;
}

#endif
