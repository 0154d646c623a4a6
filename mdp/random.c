/* SPDX-License-Identifier: GPL-3.0-or-later */
/* random.c - reproducible random numbers and random worlds.
 *
 * The generator is xoshiro256++ (Blackman, Vigna 2021), its 256 bits filled by splitmix64
 * (Steele, Lea, Flood 2014) from the seed and the task.  GSL's own generators are seeded
 * with 32 bits, too few to keep many tasks apart; the distributions are GSL's. */
#include "mdp/random.h"

#include <gsl/gsl_randist.h>
#include <gsl/gsl_rng.h>

#include <math.h>
#include <stdlib.h>

struct sx_random {
    gsl_rng rng; /* its state is word */
    uint64_t word[4];
};

static uint64_t splitmix(uint64_t *state)
{
    uint64_t z = *state += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

static uint64_t rotate(uint64_t x, int bits)
{
    return (x << bits) | (x >> (64 - bits));
}

static uint64_t draw(uint64_t *w)
{
    uint64_t result = rotate(w[0] + w[3], 23) + w[0], shifted = w[1] << 17;
    w[2] ^= w[0];
    w[3] ^= w[1];
    w[1] ^= w[2];
    w[0] ^= w[3];
    w[2] ^= shifted;
    w[3] = rotate(w[3], 45);
    return result;
}

static void rng_set(void *state, unsigned long seed)
{
    uint64_t *w = state, from = seed;
    for (int i = 0; i < 4; i++)
        w[i] = splitmix(&from);
}

static unsigned long rng_get(void *state)
{
    return (unsigned long)(draw(state) >> 32);
}

static double rng_get_double(void *state)
{
    return (double)(draw(state) >> 11) * 0x1p-53;
}

static const gsl_rng_type generator = {
    "xoshiro256++", 0xffffffffUL, 0, sizeof(uint64_t[4]), rng_set, rng_get, rng_get_double};

sx_status sx_random_new(uint64_t seed, uint64_t task, sx_random **out, sx_error *err)
{
    sx_random *g = *out = sx_alloc(1, sizeof *g);
    if (!g)
        return sx_nomem(err);
    uint64_t mixed = splitmix(&seed) ^ task; /* (seed, task) and (task, seed) differ */
    for (int i = 0; i < 4; i++)
        g->word[i] = splitmix(&mixed);
    g->rng.type = &generator;
    g->rng.state = g->word;
    return SX_OK;
}

sx_random *sx_random_free(sx_random *g)
{
    return sx_release(g);
}

double sx_random_uniform(sx_random *g)
{
    return gsl_rng_uniform_pos(&g->rng);
}

double sx_random_normal(sx_random *g)
{
    return gsl_ran_gaussian_ratio_method(&g->rng, 1);
}

double sx_random_exponential(sx_random *g)
{
    return -log1p(-sx_random_uniform(g));
}

int32_t sx_random_below(sx_random *g, int32_t n)
{
    return (int32_t)gsl_rng_uniform_int(&g->rng, (unsigned long)n);
}

static int by_index(const void *a, const void *b)
{
    const int32_t *x = a, *y = b;
    return (*x > *y) - (*x < *y);
}

/* next [k] = distinct states below n, each set equally likely, ascending (Floyd's method).
 * seen [n] holds smaller stamps than this one. */
static void draw_distinct(sx_random *g, int32_t n, int32_t k, int32_t stamp, int32_t *seen,
                          int32_t *next)
{
    for (int32_t i = 0; i < k; i++) {
        int32_t last = n - k + i;
        int32_t pick = sx_random_below(g, last + 1);
        if (seen[pick] == stamp)
            pick = last;
        seen[pick] = stamp;
        next[i] = pick;
    }
    qsort(next, (size_t)k, sizeof *next, by_index);
}

static void divide_by_sum(double *x, int32_t n)
{
    double sum = 0;
    for (int32_t i = 0; i < n; i++)
        sum += x[i];
    for (int32_t i = 0; i < n; i++)
        x[i] /= sum;
}

/* A world in which every pair has `successors` entries, still to be filled. */
static sx_status new_world(int32_t states, int32_t actions, int32_t successors, sx_mdp **out,
                           sx_error *err)
{
    *out = NULL;
    if (states < 1 || actions < 1)
        return sx_fail(err, SX_EARG, "a random world needs states and actions, not %d and %d",
                       states, actions);
    if (successors < 1 || successors > states)
        return sx_fail(err, SX_EARG, "%d successors: they must be 1 to %d, the states",
                       successors, states);
    int64_t pairs = (int64_t)states * actions;
    if (pairs > SX_RANDOM_LIMIT / successors)
        return sx_fail(err, SX_ELIMIT, "a random world of more than %lld transitions",
                       (long long)SX_RANDOM_LIMIT);
    sx_status st = sx_mdp_new(states, actions, (int32_t)pairs, pairs * successors, out, err);
    if (st)
        return st;
    sx_mdp *m = *out;
    for (int32_t s = 0; s <= states; s++)
        m->pair[s] = s * actions;
    for (int32_t k = 0; k <= m->pairs; k++)
        m->first[k] = (int64_t)k * successors;
    for (int32_t k = 0; k < m->pairs; k++)
        m->action[k] = k % actions;
    for (int32_t s = 0; s < states; s++)
        m->initial[s] = 1.0 / states;
    return SX_OK;
}

static void fill_dirichlet(sx_mdp *m, sx_random *g, int32_t successors, int32_t *seen)
{
    for (int32_t k = 0; k < m->pairs; k++) {
        double *prob = m->prob + m->first[k];
        draw_distinct(g, m->states, successors, k + 1, seen, m->next + m->first[k]);
        for (int32_t i = 0; i < successors; i++)
            prob[i] = sx_random_exponential(g);
        divide_by_sum(prob, successors);
    }
}

sx_status sx_random_dirichlet(int32_t states, int32_t actions, int32_t successors,
                              uint64_t seed, sx_mdp **out, sx_error *err)
{
    sx_random *g = NULL;
    int32_t *seen = NULL;
    sx_status st = new_world(states, actions, successors, out, err);
    if (!st)
        st = sx_random_new(seed, 0, &g, err);
    if (!st) {
        seen = sx_alloc((size_t)states, sizeof *seen);
        st = seen ? SX_OK : sx_nomem(err);
    }
    if (!st)
        fill_dirichlet(*out, g, successors, seen);
    sx_release(seen);
    sx_random_free(g);
    if (st)
        *out = sx_mdp_free(*out);
    return st;
}

static void fill_starc(sx_mdp *m, sx_random *g)
{
    for (int32_t k = 0; k < m->pairs; k++) {
        double *prob = m->prob + m->first[k];
        int32_t *next = m->next + m->first[k];
        for (int32_t s = 0; s < m->states; s++) {
            double logit = sx_random_normal(g);
            next[s] = s;
            prob[s] = exp(logit > 1 ? logit : -20);
        }
        divide_by_sum(prob, m->states);
    }
}

sx_status sx_random_starc(int32_t states, int32_t actions, uint64_t seed, sx_mdp **out,
                          sx_error *err)
{
    sx_random *g = NULL;
    sx_status st = new_world(states, actions, states, out, err);
    if (!st)
        st = sx_random_new(seed, 0, &g, err);
    if (!st)
        fill_starc(*out, g);
    sx_random_free(g);
    if (st)
        *out = sx_mdp_free(*out);
    return st;
}
