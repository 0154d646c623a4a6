/* SPDX-License-Identifier: GPL-3.0-or-later */
/* spec_noise.c - <noise> and <redistribute>: random numbers that seed and place determine.
 *
 * The possible triples are drawn first, so that on="all" changes nothing there. */
#include "mdp/random.h"
#include "mdp/spec_reward_int.h"

static sx_status stream(sx_i_rewarding *c, const sx_node *n, sx_random **out)
{
    int64_t seed = 0;
    uint64_t task = ((uint64_t)(uint32_t)c->reward << 32) | (uint32_t)c->term;
    *out = NULL;
    sx_status st = sx_i_attr_integer(n, "seed", &seed);
    return st ? st : sx_random_new((uint64_t)seed, task, out, c->rd->err);
}

/* Impossible triples += sd N(0,1), in the dense form. */
static sx_status draw_impossible(sx_i_rewarding *c, sx_random *g, double sd)
{
    const sx_mdp *m = c->m;
    sx_reward *r = c->terms->r;
    sx_status st = sx_reward_densify(m, r, c->rd->err);
    for (int32_t k = 0; !st && r->dense && k < m->pairs; k++) {
        double *row = r->dense + (int64_t)k * m->states;
        int64_t t = m->first[k];
        for (int32_t s = 0; s < m->states; s++) {
            if (t < m->first[k + 1] && m->next[t] == s)
                t++;
            else
                row[s] += sd * sx_random_normal(g);
        }
    }
    return st;
}

sx_status sx_i_term_noise(sx_i_rewarding *c, const sx_node *n)
{
    double sd = 0;
    sx_random *g = NULL;
    sx_status st = sx_i_attr_number(n, "sd", &sd);
    if (!st)
        st = stream(c, n, &g);
    if (!st)
        st = sx_i_terms_settle(c->terms, c->rd->err);
    for (int64_t t = 0; !st && t < c->m->entries; t++)
        c->terms->r->on[t] += sd * sx_random_normal(g);
    if (!st && sx_i_attr_is(n, "on", "all"))
        st = draw_impossible(c, g, sd);
    sx_random_free(g);
    return st;
}

/* on += z - E[z] on the successors of pair k, z ~ N(0,1); room for z is lent. */
static void redistribute_pair(const sx_mdp *m, sx_random *g, int32_t k, double *on, double *z)
{
    double mean = 0;
    int64_t n = m->first[k + 1] - m->first[k];
    const double *prob = m->prob + m->first[k];
    if (n == 1)
        return;
    for (int64_t i = 0; i < n; i++) {
        z[i] = sx_random_normal(g);
        mean += prob[i] * z[i];
    }
    for (int64_t i = 0; i < n; i++)
        on[m->first[k] + i] += z[i] - mean;
}

sx_status sx_i_term_redistribute(sx_i_rewarding *c, const sx_node *n)
{
    sx_random *g = NULL;
    double *z = sx_alloc((size_t)c->m->states, sizeof *z);
    sx_status st = z ? stream(c, n, &g) : sx_nomem(c->rd->err);
    if (!st)
        st = sx_i_terms_settle(c->terms, c->rd->err);
    for (int32_t k = 0; !st && k < c->m->pairs; k++)
        redistribute_pair(c->m, g, k, c->terms->r->on, z);
    if (!st && sx_i_attr_is(n, "on", "all"))
        st = draw_impossible(c, g, 1);
    sx_random_free(g);
    sx_release(z);
    return st;
}
