/* SPDX-License-Identifier: GPL-3.0-or-later */
/* shaping_plain.h - the textbook programs of shapings, from tables. */
#ifndef SHAPING_PLAIN_H
#define SHAPING_PLAIN_H

#include "tests/shaping_stage.h"

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

/* What a triple i = (k, y) is shaped by, times c. */
static inline void triple_column(const stage *c, int64_t i, double times, double *row)
{
    row[i % c->m->states] += times * c->m->discount;
    row[state_of(c->m, i / c->m->states)] -= times;
}

static inline void plain_of_steps(const stage *c, plain *p)
{
    const sx_mdp *m = c->m;
    for (int64_t i = 0; i < triples(m); i++)
        for (int64_t j = 0; j < triples(m); j++) {
            int32_t k = (int32_t)(i / m->states), l = (int32_t)(j / m->states);
            double tau = oracle_prob(m, k, (int32_t)(i % m->states)) *
                         oracle_prob(m, l, (int32_t)(j % m->states));
            if (!(tau > 0) || state_of(m, l) != i % m->states)
                continue;
            double *phi = oracle_vector(m->states);
            triple_column(c, i, 1, phi);
            triple_column(c, j, -1, phi);
            add_plain(c, p, phi, c->from[i] - c->from[j], 0, tau);
            free(phi);
        }
}

static inline plain plain_task(const stage *c)
{
    const sx_mdp *m = c->m;
    int32_t n = c->task.goal == SX_SHAPE_LINEAR ? ATTRIBUTES + 1 : m->states;
    bool smooth = c->task.goal == SX_SHAPE_SMOOTH;
    bool rows = c->task.on == SX_SHAPE_ROWS;
    int64_t pairs = m->pairs, steps = rows ? pairs * pairs : m->entries * m->entries;
    plain p = plain_new(n + (c->task.to != NULL), smooth ? steps : triples(m));
    if (smooth && rows)
        plain_of_smooth(c, &p);
    else if (smooth)
        plain_of_steps(c, &p);
    else if (c->task.on == SX_SHAPE_ROWS)
        plain_of_rows(c, &p);
    else
        plain_of_triples(c, &p);
    return p;
}

#endif
