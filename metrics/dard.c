/* SPDX-License-Identifier: GPL-3.0-or-later */
/* dard.c - the dynamics-aware canonical reward (Wulfe et al. 2022).
 *
 *     D(s,s') = E_A E_{x~tau(s,A), y~tau(s',A)}[R(x,A,y)]
 *
 * One row of D at a time: g_a(y) = E_{x~tau(s,a)}[R(x,a,y)] costs a few rows of R, and then
 * D(s,s') = E_A E_{y~tau(s',A)}[g_A(y)], so that all of it is O(S K m) for m successors a
 * pair instead of O(S K m^2). */
#include "metrics/canon_int.h"
#include "metrics/norm_int.h"

#include <omp.h>
#include <string.h>

/* Whether state s offers the actions of state 0 with the same D_A. */
static bool same_actions(const sx_canoniser *c, int32_t s)
{
    const sx_mdp *m = c->m;
    int32_t n = m->pair[1], at = m->pair[s];
    if (m->pair[s + 1] - at != n)
        return false;
    for (int32_t i = 0; i < n; i++)
        if (m->action[at + i] != m->action[i] ||
            !(fabs(c->action_dist[at + i] - c->action_dist[i]) <= 1e-12))
            return false;
    return true;
}

static const char *impossible(const sx_canoniser *c, const sx_reward *r)
{
    const sx_mdp *m = c->m;
    for (int32_t s = 1; s < m->states; s++)
        if (!same_actions(c, s))
            return "dard takes one action in several states: it needs the same actions, "
                   "equally likely, in every state";
    if ((int64_t)m->pairs * m->states > SX_DENSE_LIMIT)
        return "dard needs a number for every triple: above the limit of 67108864 triples";
    return r->unknown;
}

typedef struct work {
    double *row, *mixed, *ahead; /* [S] each: a row of R, g_a, a row of D */
} work;

typedef struct job {
    const sx_canoniser *c;
    const sx_reward *r;
    const double *phi; /* [S] */
    sx_reward *out;
} job;

/* z->ahead [S] = D(s,.). */
static void ahead_row(const job *j, int32_t s, const work *z)
{
    const sx_mdp *m = j->c->m;
    size_t bytes = (size_t)m->states * sizeof(double);
    memset(z->ahead, 0, bytes);
    for (int32_t a = 0; a < m->pair[1]; a++) {
        int32_t k = m->pair[s] + a;
        memset(z->mixed, 0, bytes);
        for (int64_t t = m->first[k]; t < m->first[k + 1]; t++) {
            sx_reward_row(m, j->r, m->pair[m->next[t]] + a, z->row);
            for (int32_t y = 0; y < m->states; y++)
                z->mixed[y] += m->prob[t] * z->row[y];
        }
        for (int32_t x = 0; x < m->states; x++) {
            int32_t other = m->pair[x] + a;
            double sum = 0;
            for (int64_t t = m->first[other]; t < m->first[other + 1]; t++)
                sum += m->prob[t] * z->mixed[m->next[t]];
            z->ahead[x] += j->c->action_dist[k] * sum;
        }
    }
}

/* All triples that start in s. */
static void fill_state(const job *j, int32_t s, const work *z)
{
    const sx_mdp *m = j->c->m;
    ahead_row(j, s, z);
    for (int32_t y = 0; y < m->states; y++)
        z->ahead[y] = m->discount * (j->phi[y] - z->ahead[y]) - j->phi[s];
    for (int32_t k = m->pair[s]; k < m->pair[s + 1]; k++) {
        double *dense = j->out->dense + (size_t)k * (size_t)m->states;
        sx_reward_row(m, j->r, k, dense);
        for (int32_t y = 0; y < m->states; y++)
            dense[y] += z->ahead[y];
        for (int64_t t = m->first[k]; t < m->first[k + 1]; t++)
            j->out->on[t] = dense[m->next[t]];
    }
}

/* phi(s) = E_{A, S'~tau(s,A)}[R(s,A,S')]. */
static void potential(const sx_canoniser *c, const double *mean, double *phi)
{
    for (int32_t s = 0; s < c->m->states; s++) {
        phi[s] = 0;
        for (int32_t k = c->m->pair[s]; k < c->m->pair[s + 1]; k++)
            phi[s] += c->action_dist[k] * mean[k];
    }
}

static sx_status fill(const sx_canoniser *c, const sx_reward *r, sx_reward *out, sx_error *err)
{
    const sx_mdp *m = c->m;
    size_t n = (size_t)m->states;
    double *mean = sx_alloc((size_t)m->pairs, sizeof *mean);
    double *phi = sx_alloc(n, sizeof *phi);
    double *space = sx_alloc(3 * n * (size_t)omp_get_max_threads(), sizeof *space);
    out->dense = sx_alloc((size_t)m->pairs * n, sizeof *out->dense);
    sx_status st = mean && phi && space && out->dense ? SX_OK : sx_nomem(err);
    if (!st) {
        job j = {c, r, phi, out};
        sx_reward_mean(m, r, mean);
        potential(c, mean, phi);
#pragma omp parallel for schedule(static) if (m->states > 64)
        for (int32_t s = 0; s < m->states; s++) {
            double *mine = space + 3 * n * (size_t)omp_get_thread_num();
            fill_state(&j, s, &(work){mine, mine + n, mine + 2 * n});
        }
    }
    sx_release(mean);
    sx_release(phi);
    sx_release(space);
    return st;
}

sx_status sx_i_dard(const sx_canoniser *c, const sx_reward *r, sx_reward **out,
                    const char **reason, sx_error *err)
{
    *reason = impossible(c, r);
    if (*reason)
        return SX_OK;
    sx_status st = sx_reward_new(c->m, out, err);
    if (!st)
        st = fill(c, r, *out, err);
    return st;
}
