/* SPDX-License-Identifier: GPL-3.0-or-later */
/* oracle_orbit.c - see oracle_orbit.h. */
#include "tests/oracle_orbit.h"

#include "tests/check.h"
#include "tests/oracle_mdp.h"

#include <stdlib.h>

/* --- groups --- */

static bool is_known(const oracle_group *x, const int32_t *state, const int32_t *action)
{
    for (int32_t e = 0; e < x->order; e++)
        if (!memcmp(x->state + (int64_t)e * x->states, state,
                    (size_t)x->states * sizeof *state) &&
            !memcmp(x->action + (int64_t)e * x->actions, action,
                    (size_t)x->actions * sizeof *action))
            return true;
    return false;
}

static void append(oracle_group *x, const int32_t *state, const int32_t *action)
{
    size_t n = (size_t)x->order + 1;
    x->state = realloc(x->state, n * (size_t)x->states * sizeof *state);
    x->action = realloc(x->action, n * (size_t)x->actions * sizeof *action);
    memcpy(x->state + (int64_t)x->order * x->states, state, (size_t)x->states * sizeof *state);
    memcpy(x->action + (int64_t)x->order * x->actions, action,
           (size_t)x->actions * sizeof *action);
    x->order++;
}

/* Element e followed by generator g, if that is new. */
static void multiply(oracle_group *x, int32_t e, const sx_symmetry *g)
{
    int32_t state[32], action[32];
    for (int32_t s = 0; s < x->states; s++)
        state[s] = g->state[x->state[e * x->states + s]];
    for (int32_t a = 0; a < x->actions; a++)
        action[a] = g->action[x->action[e * x->actions + a]];
    if (!is_known(x, state, action))
        append(x, state, action);
}

oracle_group oracle_close(int32_t states, int32_t actions, const sx_symmetry *g, int32_t n,
                          int32_t most)
{
    oracle_group x = {.states = states, .actions = actions};
    int32_t same[32];
    for (int32_t i = 0; i < 32; i++)
        same[i] = i;
    append(&x, same, same);
    for (int32_t i = 0; i < n; i++)
        if (!is_known(&x, g[i].state, g[i].action))
            append(&x, g[i].state, g[i].action);
    x.generators = x.order - 1;
    for (int32_t e = 0; e < x.order && x.order <= most; e++)
        for (int32_t i = 0; i < n; i++)
            multiply(&x, e, &g[i]);
    if (x.order > most)
        x.order = 0;
    return x;
}

void oracle_group_free(oracle_group *x)
{
    free(x->state);
    free(x->action);
}

void oracle_generators(const oracle_group *x, sx_symmetry g[ORACLE_GENERATORS])
{
    for (int32_t i = 0; i < x->generators; i++)
        g[i] = (sx_symmetry){x->state + (int64_t)(i + 1) * x->states,
                             x->action + (int64_t)(i + 1) * x->actions};
}

/* Swaps at random among 0..n-1: none, one, or enough for any permutation. */
static void draw_permutation(oracle_rng *g, int32_t *map, int32_t n)
{
    int32_t swaps = oracle_int(g, 0, 2);
    for (int32_t i = 0; i < n; i++)
        map[i] = i;
    for (int32_t i = n - 1; i > 0; i--) {
        int32_t j = oracle_int(g, 0, i), keep = map[i];
        if (swaps == 0 || (swaps == 1 && i < n - 1))
            continue;
        map[i] = map[j];
        map[j] = keep;
    }
}

static oracle_group draw_group(oracle_rng *g, int32_t S, int32_t moving, int32_t A)
{
    int32_t state[ORACLE_GENERATORS][32], action[ORACLE_GENERATORS][32];
    sx_symmetry by[ORACLE_GENERATORS];
    int32_t n = oracle_int(g, 1, ORACLE_GENERATORS);
    for (int32_t i = 0; i < n; i++) {
        draw_permutation(g, state[i], S);
        for (int32_t s = 0; s < S && moving < S; s++)
            state[i][s] = s;
        if (moving < S)
            draw_permutation(g, state[i], moving);
        draw_permutation(g, action[i], A);
        by[i] = (sx_symmetry){state[i], action[i]};
    }
    return oracle_close(S, A, by, n, ORACLE_GROUP);
}

/* --- worlds --- */

/* open [S*A] = 1 on the orbit of (s,a). */
static void open_orbit(const oracle_group *x, int32_t s, int32_t a, unsigned char *open)
{
    for (int32_t e = 0; e < x->order; e++)
        open[x->state[e * x->states + s] * x->actions + x->action[e * x->actions + a]] = 1;
}

static void draw_open(oracle_rng *g, const oracle_group *x, unsigned char *open)
{
    for (int32_t s = 0; s < x->states; s++) {
        open_orbit(x, s, oracle_int(g, 0, x->actions - 1), open);
        for (int32_t a = 0; a < x->actions; a++)
            if (oracle_reward_uniform(g) < 0.4)
                open_orbit(x, s, a, open);
    }
}

/* tau [S*A*S]: rows with some zeros that sum to 1; with end >= 0 all lead there. */
static void draw_rows(oracle_rng *g, const oracle_group *x, int32_t end, double *tau)
{
    int32_t S = x->states;
    for (int32_t i = 0; i < S * x->actions; i++) {
        double sum = 0;
        for (int32_t s = 0; s < S; s++) {
            bool there = end >= 0 ? s == end : oracle_reward_uniform(g) < 0.3 || s == i % S;
            tau[i * S + s] = there ? oracle_reward_uniform(g) : 0;
            sum += tau[i * S + s];
        }
        for (int32_t s = 0; s < S; s++)
            tau[i * S + s] /= sum;
    }
}

/* tau(s'|s,a) averaged over the group. */
static double mean_prob(const oracle_group *x, const double *tau, int32_t s, int32_t a,
                        int32_t next)
{
    double sum = 0;
    for (int32_t e = 0; e < x->order; e++) {
        const int32_t *state = x->state + (int64_t)e * x->states;
        int32_t to = state[s] * x->actions + x->action[e * x->actions + a];
        sum += tau[to * x->states + state[next]];
    }
    return sum / x->order;
}

static sx_mdp *build(const oracle_group *x, const unsigned char *open, const double *tau)
{
    int32_t S = x->states, A = x->actions;
    sx_triple *t = malloc((size_t)S * (size_t)A * (size_t)S * sizeof *t);
    int64_t n = 0;
    sx_mdp *m = NULL;
    sx_error err = SX_NO_ERROR;
    for (int32_t s = 0; s < S; s++)
        for (int32_t a = 0; a < A; a++)
            for (int32_t next = 0; open[s * A + a] && next < S; next++)
                t[n++] = (sx_triple){s, a, next, mean_prob(x, tau, s, a, next)};
    CHECK_OK(sx_mdp_from_triples(S, A, t, n, &m, &err));
    free(t);
    return m;
}

sx_mdp *oracle_symmetric_world(oracle_rng *g, oracle_group *x)
{
    bool bandit = oracle_int(g, 0, 2) == 0;
    int32_t S = oracle_int(g, 2, 6), A = oracle_int(g, 1, 4);
    do {
        *x = draw_group(g, S, bandit ? S - 1 : S, A);
        if (!x->order)
            oracle_group_free(x);
    } while (!x->order);
    unsigned char *open = calloc((size_t)S * (size_t)A, 1);
    double *tau = oracle_vector((int64_t)S * A * S);
    sx_error err = SX_NO_ERROR;
    draw_open(g, x, open);
    draw_rows(g, x, bandit ? S - 1 : -1, tau);
    sx_mdp *m = build(x, open, tau);
    m->discount = oracle_reward_uniform(g) < 0.1 ? 0 : 0.98 * oracle_reward_uniform(g);
    for (int32_t s = 0; s < S; s++)
        m->initial[s] = 0.1 + oracle_reward_uniform(g);
    sx_mdp_normalise(m);
    CHECK_OK(sx_mdp_check(m, &err));
    free(open);
    free(tau);
    return m;
}

/* --- averages --- */

static int32_t find_pair(const sx_mdp *m, int32_t s, int32_t a)
{
    for (int32_t k = m->pair[s]; k < m->pair[s + 1]; k++)
        if (m->action[k] == a)
            return k;
    return -1;
}

void oracle_group_mean(const sx_mdp *m, const oracle_group *x, const long double *table,
                       long double *mean)
{
    for (int32_t k = 0; k < m->pairs; k++)
        for (int32_t next = 0; next < m->states; next++) {
            long double sum = 0;
            for (int32_t e = 0; e < x->order; e++) {
                const int32_t *state = x->state + (int64_t)e * x->states;
                int32_t to = find_pair(m, state[oracle_state(m, k)],
                                       x->action[e * x->actions + m->action[k]]);
                sum += table[to * m->states + state[next]];
            }
            mean[k * m->states + next] = sum / x->order;
        }
}

bool oracle_is_symmetry(const sx_mdp *m, const sx_symmetry *g)
{
    for (int32_t s = 0; s < m->states; s++)
        for (int32_t a = 0; a < m->actions; a++)
            for (int32_t next = 0; next < m->states; next++) {
                int32_t k = find_pair(m, s, a), to = find_pair(m, g->state[s], g->action[a]);
                if ((k < 0) != (to < 0))
                    return false;
                double p = k < 0 ? 0 : oracle_prob(m, k, next);
                double q = k < 0 ? 0 : oracle_prob(m, to, g->state[next]);
                if (!(fabs(p - q) <= 1e-12) || (p > 0) != (q > 0))
                    return false;
            }
    return true;
}
