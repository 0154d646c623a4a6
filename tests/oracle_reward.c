/* SPDX-License-Identifier: GPL-3.0-or-later */
/* oracle_reward.c - random worlds and plain rewards for tests. */
#include "tests/oracle_reward.h"

#include "tests/check.h"

#include <stdlib.h>

double oracle_reward_uniform(oracle_rng *g)
{
    g->state = g->state * 6364136223846793005u + 1442695040888963407u;
    uint64_t x = (g->state ^ (g->state >> 29)) * 0xbf58476d1ce4e5b9u;
    return ((double)(x >> 12) + 0.5) / 4503599627370496.0;
}

int32_t oracle_int(oracle_rng *g, int32_t low, int32_t high)
{
    return low + (int32_t)(oracle_reward_uniform(g) * (high - low + 1));
}

double oracle_value(oracle_rng *g)
{
    return 4 * oracle_reward_uniform(g) - 2;
}

/* Successors of (s,a) appended to t; returns how many. */
static int64_t draw_pair(oracle_rng *g, int32_t S, int32_t s, int32_t a, sx_triple *t)
{
    int64_t n = 0;
    double sum = 0;
    for (int32_t next = 0; next < S; next++)
        if (oracle_reward_uniform(g) < 0.5 || (n == 0 && next == S - 1)) {
            t[n] = (sx_triple){s, a, next, oracle_reward_uniform(g)};
            sum += t[n++].prob;
        }
    for (int64_t i = 0; i < n; i++)
        t[i].prob /= sum;
    return n;
}

sx_mdp *oracle_reward_world(oracle_rng *g)
{
    int32_t S = oracle_int(g, 1, 7), A = oracle_int(g, 1, 4);
    sx_triple *t = malloc((size_t)S * (size_t)S * (size_t)A * sizeof *t);
    unsigned char absorbing[7] = {0};
    int64_t n = 0;
    sx_mdp *m = NULL;
    sx_error err = SX_NO_ERROR;
    for (int32_t s = 0; s < S; s++) {
        absorbing[s] = oracle_reward_uniform(g) < 0.2;
        int32_t sure = oracle_int(g, 0, A - 1);
        for (int32_t a = 0; a < A; a++)
            if (absorbing[s])
                t[n++] = (sx_triple){s, a, s, 1};
            else if (a == sure || oracle_reward_uniform(g) < 0.7)
                n += draw_pair(g, S, s, a, t + n);
    }
    CHECK_OK(sx_mdp_from_triples(S, A, t, n, &m, &err));
    free(t);
    memcpy(m->absorbing, absorbing, (size_t)S);
    m->discount = oracle_reward_uniform(g) < 0.1 ? 0 : 0.99 * oracle_reward_uniform(g);
    for (int32_t s = 0; s < S; s++)
        m->initial[s] = oracle_reward_uniform(g) < 0.3 ? 0 : oracle_reward_uniform(g);
    m->initial[oracle_int(g, 0, S - 1)] += 0.5;
    sx_mdp_normalise(m);
    CHECK_OK(sx_mdp_check(m, &err));
    return m;
}

int32_t oracle_state(const sx_mdp *m, int32_t k)
{
    int32_t s = 0;
    while (m->pair[s + 1] <= k)
        s++;
    return s;
}

static double *draw_array(oracle_rng *g, int64_t n)
{
    double *x = sx_alloc((size_t)n, sizeof *x);
    for (int64_t i = 0; i < n; i++)
        x[i] = oracle_value(g);
    return x;
}

static void draw_sum(const sx_mdp *m, oracle_rng *g, sx_reward *r)
{
    if (oracle_reward_uniform(g) < 0.7)
        r->left = draw_array(g, m->pairs);
    if (oracle_reward_uniform(g) < 0.7)
        r->right = draw_array(g, m->states);
    r->products = oracle_int(g, 0, 3);
    r->product = sx_alloc((size_t)r->products, sizeof *r->product);
    for (int32_t i = 0; i < r->products; i++) {
        r->product[i].left = draw_array(g, m->pairs);
        r->product[i].right = draw_array(g, m->states);
        /* a few right sides that others share */
        for (int32_t s = 0; oracle_reward_uniform(g) < 0.5 && s < m->states; s++)
            r->product[i].right[s] = s == i;
    }
    r->exception = sx_alloc((size_t)m->pairs * (size_t)m->states, sizeof *r->exception);
    for (int32_t k = 0; k < m->pairs; k++)
        for (int32_t s = 0; s < m->states; s++)
            if (sx_mdp_entry(m, k, s) < 0 && oracle_reward_uniform(g) < 0.2)
                r->exception[r->exceptions++] = (sx_exception){k, s, oracle_value(g)};
}

static void fill_plain(const sx_mdp *m, const sx_reward *r, int form, double *plain)
{
    for (int32_t k = 0; k < m->pairs; k++)
        for (int32_t s = 0; s < m->states; s++) {
            double *x = &plain[k * m->states + s];
            *x = (r->left ? r->left[k] : 0) + (r->right ? r->right[s] : 0);
            for (int32_t i = 0; i < r->products; i++)
                *x += r->product[i].left[k] * r->product[i].right[s];
            if (form)
                *x = form == 1 ? r->dense[k * m->states + s] : NAN;
        }
    for (int64_t i = 0; i < r->exceptions; i++)
        plain[r->exception[i].pair * m->states + r->exception[i].state] = r->exception[i].value;
    for (int32_t k = 0; k < m->pairs; k++)
        for (int64_t t = m->first[k]; t < m->first[k + 1]; t++)
            plain[k * m->states + m->next[t]] = r->on[t];
}

sx_reward *oracle_draw(const sx_mdp *m, oracle_rng *g, int form, double *plain)
{
    sx_error err = SX_NO_ERROR;
    sx_reward *r = NULL;
    CHECK_OK(sx_reward_new(m, &r, &err));
    for (int64_t t = 0; t < m->entries; t++)
        r->on[t] = oracle_value(g);
    if (form == 0)
        draw_sum(m, g, r);
    else if (form == 1)
        r->dense = draw_array(g, (int64_t)m->pairs * m->states);
    else
        r->unknown = "drawn without";
    CHECK_OK(sx_reward_check(m, r, &err));
    fill_plain(m, r, form, plain);
    return r;
}

void oracle_same(const sx_mdp *m, const sx_reward *r, const double *plain, double tol)
{
    sx_error err = SX_NO_ERROR;
    CHECK_OK(sx_reward_check(m, r, &err));
    double *row = malloc((size_t)m->states * sizeof *row);
    for (int32_t k = 0; k < m->pairs; k++) {
        if (!r->unknown)
            sx_reward_row(m, r, k, row);
        for (int32_t s = 0; s < m->states; s++) {
            double want = plain[k * m->states + s], got = sx_reward_at(m, r, k, s);
            if (isnan(want) && r->unknown && isnan(got))
                continue;
            CHECK_NEAR(got, want, tol);
            if (!r->unknown)
                CHECK_NEAR(row[s], want, tol);
        }
    }
    free(row);
}
