/* SPDX-License-Identifier: GPL-3.0-or-later */
/* oracle_mdp.c - small random worlds and slow, obvious answers about them. */
#include "tests/oracle_mdp.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

static void *zeros(int64_t n, size_t size)
{
    void *p = calloc(n > 0 ? (size_t)n : 1, size);
    if (!p) {
        fprintf(stderr, "oracle: out of memory\n");
        exit(99);
    }
    return p;
}

double *oracle_vector(int64_t n)
{
    return zeros(n, sizeof(double));
}

oracle_stream oracle_start(uint64_t seed)
{
    oracle_stream g = {seed * UINT64_C(0xD1342543DE82EF95) + 7};
    oracle_bits(&g);
    return g;
}

uint64_t oracle_bits(oracle_stream *g)
{
    uint64_t z = g->state += UINT64_C(0x9E3779B97F4A7C15);
    z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
    return z ^ (z >> 31);
}

double oracle_uniform(oracle_stream *g)
{
    return (double)(oracle_bits(g) >> 11) * 0x1p-53;
}

double oracle_normal(oracle_stream *g)
{
    double u = 1 - oracle_uniform(g), w = oracle_uniform(g);
    return sqrt(-2 * log(u)) * cos(6.283185307179586 * w);
}

int32_t oracle_below(oracle_stream *g, int32_t n)
{
    return (int32_t)(oracle_bits(g) % (uint64_t)n);
}

static sx_mdp *empty_world(int32_t states, int32_t actions, int64_t pairs, int64_t entries)
{
    sx_mdp *m = zeros(1, sizeof *m);
    m->states = states;
    m->actions = actions;
    m->pair = zeros(states + 1, sizeof *m->pair);
    m->action = zeros(pairs, sizeof *m->action);
    m->first = zeros(pairs + 1, sizeof *m->first);
    m->next = zeros(entries, sizeof *m->next);
    m->prob = zeros(entries, sizeof *m->prob);
    m->initial = oracle_vector(states);
    m->absorbing = zeros(states, 1);
    return m;
}

sx_mdp *oracle_world_free(sx_mdp *m)
{
    if (!m)
        return NULL;
    free(m->pair);
    free(m->action);
    free(m->first);
    free(m->next);
    free(m->prob);
    free(m->initial);
    free(m->absorbing);
    free(m);
    return NULL;
}

/* Append the entries of one pair: row [S] of weights, divided by their sum. */
static void append_pair(sx_mdp *m, int32_t action, const double *row)
{
    double sum = 0;
    for (int32_t s = 0; s < m->states; s++)
        sum += row[s];
    for (int32_t s = 0; s < m->states; s++) {
        if (row[s] > 0) {
            m->next[m->entries] = s;
            m->prob[m->entries++] = row[s] / sum;
        }
    }
    m->action[m->pairs++] = action;
    m->first[m->pairs] = m->entries;
}

/* Weights of a random pair on states below `open`, or of a loop. */
static void random_row(oracle_stream *g, int32_t s, int32_t open, bool loop, double *row)
{
    int32_t support = loop ? 0 : 1 + oracle_below(g, open < 4 ? open : 4);
    for (int32_t i = 0; i < support; i++)
        row[oracle_below(g, open)] = 0.02 - log(1 - oracle_uniform(g));
    if (loop)
        row[s] = 1;
}

static double random_discount(oracle_stream *g)
{
    static const double some[] = {0, 0.3, 0.5, 0.9, 0.95, 0.99, 0.999};
    int32_t i = oracle_below(g, 8);
    return i < 7 ? some[i] : 0.3 + 0.69 * oracle_uniform(g);
}

sx_mdp *oracle_world(uint64_t seed)
{
    oracle_stream g = oracle_start(seed);
    int32_t n = 2 + oracle_below(&g, 11), a = 1 + oracle_below(&g, 4);
    sx_mdp *m = empty_world(n, a, (int64_t)n * a, (int64_t)n * n * a);
    bool some_absorbing = oracle_below(&g, 3) == 0;
    int32_t open = oracle_below(&g, 3) == 0 && n > 2 ? n - 1 - oracle_below(&g, n / 2) : n;
    int64_t policies = 1;
    m->discount = random_discount(&g);
    for (int32_t s = 0; s < n; s++) {
        bool loop = some_absorbing && oracle_below(&g, 4) == 0;
        bool many = policies * a <= ORACLE_POLICIES;
        int32_t only = oracle_below(&g, a);
        for (int32_t i = 0; i < a; i++) {
            double row[16] = {0};
            random_row(&g, s, open, loop && many, row);
            bool keep = i == only || (many && (loop || oracle_below(&g, 5) > 0));
            if (keep)
                append_pair(m, i, row);
        }
        m->pair[s + 1] = m->pairs;
        m->absorbing[s] = loop && many;
        policies *= m->pair[s + 1] - m->pair[s];
    }
    double sum = 0;
    for (int32_t s = 0; s < open; s++)
        sum += m->initial[s] = oracle_below(&g, 3) > 0 || s == 0 ? 0.1 + oracle_uniform(&g) : 0;
    for (int32_t s = 0; s < open; s++)
        m->initial[s] /= sum;
    return m;
}

sx_mdp *oracle_expander(int32_t states, int32_t successors, double discount, uint64_t seed)
{
    oracle_stream g = oracle_start(seed);
    enum { ACTIONS = 4 };
    int64_t pairs = (int64_t)states * ACTIONS;
    sx_mdp *m = empty_world(states, ACTIONS, pairs, pairs * successors);
    m->discount = discount;
    for (int32_t k = 0; k < pairs; k++) {
        double sum = 0;
        int64_t t = m->first[k];
        /* one successor in each of `successors` equal parts of the states: ascending */
        for (int32_t i = 0; i < successors; i++) {
            int64_t lo = (int64_t)states * i / successors;
            int64_t hi = (int64_t)states * (i + 1) / successors;
            m->next[t + i] = (int32_t)lo + oracle_below(&g, (int32_t)(hi - lo));
            sum += m->prob[t + i] = 0.01 - log(1 - oracle_uniform(&g));
        }
        for (int32_t i = 0; i < successors; i++)
            m->prob[t + i] /= sum;
        m->action[k] = k % ACTIONS;
        m->first[k + 1] = t + successors;
    }
    for (int32_t s = 0; s < states; s++) {
        m->pair[s + 1] = ACTIONS * (s + 1);
        m->initial[s] = 1.0 / states;
    }
    m->pairs = (int32_t)pairs;
    m->entries = pairs * successors;
    return m;
}

/* The cell from s by move a (up, right, down, left), or s where the border blocks. */
static int32_t grid_move(int32_t side, int32_t s, int32_t a)
{
    static const int32_t down[] = {-1, 0, 1, 0}, right[] = {0, 1, 0, -1};
    int32_t i = s / side + down[a], j = s % side + right[a];
    return i < 0 || j < 0 || i >= side || j >= side ? s : i * side + j;
}

/* Add p to the entry of the last pair that leads to s, keeping them ascending. */
static void add_entry(sx_mdp *m, int64_t first, int32_t s, double p)
{
    int64_t t = m->entries;
    while (t > first && m->next[t - 1] > s)
        t--;
    if (t > first && m->next[t - 1] == s) {
        m->prob[t - 1] += p;
        return;
    }
    for (int64_t u = m->entries++; u > t; u--) {
        m->next[u] = m->next[u - 1];
        m->prob[u] = m->prob[u - 1];
    }
    m->next[t] = s;
    m->prob[t] = p;
}

sx_mdp *oracle_grid(int32_t side, double discount)
{
    int32_t n = side * side;
    sx_mdp *m = empty_world(n, 4, (int64_t)n * 4, (int64_t)n * 12);
    m->discount = discount;
    for (int32_t s = 0; s < n; s++) {
        bool goal = s == n - 1;
        for (int32_t a = 0; a < 4; a++) {
            int64_t first = m->entries;
            add_entry(m, first, goal ? s : grid_move(side, s, a), goal ? 1 : 0.8);
            if (!goal) {
                add_entry(m, first, grid_move(side, s, (a + 1) % 4), 0.1);
                add_entry(m, first, grid_move(side, s, (a + 3) % 4), 0.1);
            }
            m->action[m->pairs++] = a;
            m->first[m->pairs] = m->entries;
        }
        m->pair[s + 1] = m->pairs;
        m->absorbing[s] = goal;
        m->initial[s] = 1.0 / n;
    }
    return m;
}

/* Whether this seed's rewards are integers. */
static double reward_number(oracle_stream *g, bool integer)
{
    return integer ? (double)oracle_below(g, 5) - 2 : oracle_normal(g);
}

static double *reward_numbers(uint64_t seed, uint64_t index, int64_t n)
{
    oracle_stream g = oracle_start(seed * 1000003 + index + 17);
    double *r = oracle_vector(n);
    for (int64_t i = 0; i < n; i++)
        r[i] = reward_number(&g, seed % 3 == 0);
    return r;
}

double *oracle_rewards(const sx_mdp *m, uint64_t seed, uint64_t index)
{
    return reward_numbers(seed, index, m->pairs);
}

double *oracle_table(const sx_mdp *m, uint64_t seed, uint64_t index)
{
    return reward_numbers(seed, index, (int64_t)m->pairs * m->states);
}

double *oracle_mean(const sx_mdp *m, const double *table)
{
    double *r = oracle_vector(m->pairs);
    for (int32_t k = 0; k < m->pairs; k++)
        for (int64_t t = m->first[k]; t < m->first[k + 1]; t++)
            r[k] += m->prob[t] * table[(int64_t)k * m->states + m->next[t]];
    return r;
}

double *oracle_policy(const sx_mdp *m, uint64_t seed)
{
    oracle_stream g = oracle_start(seed + 4242);
    double *pi = oracle_vector(m->pairs);
    for (int32_t s = 0; s < m->states; s++) {
        double sum = 0;
        for (int32_t k = m->pair[s]; k < m->pair[s + 1]; k++)
            sum += pi[k] = oracle_below(&g, 4) > 0 ? oracle_uniform(&g) : 0;
        for (int32_t k = m->pair[s]; k < m->pair[s + 1]; k++)
            pi[k] = sum > 0 ? pi[k] / sum : k == m->pair[s];
    }
    return pi;
}

static void swap_rows(int32_t n, long double *a, long double *b, int32_t i, int32_t j)
{
    for (int32_t c = 0; c < n; c++) {
        long double t = a[i * n + c];
        a[i * n + c] = a[j * n + c];
        a[j * n + c] = t;
    }
    long double t = b[i];
    b[i] = b[j];
    b[j] = t;
}

static int32_t pivot_row(int32_t n, const long double *a, int32_t c)
{
    int32_t best = c;
    for (int32_t i = c + 1; i < n; i++)
        if (fabsl(a[i * n + c]) > fabsl(a[best * n + c]))
            best = i;
    return best;
}

bool oracle_solve(int32_t n, long double *a, long double *b)
{
    for (int32_t c = 0; c < n; c++) {
        swap_rows(n, a, b, c, pivot_row(n, a, c));
        if (a[c * n + c] == 0)
            return false;
        for (int32_t i = c + 1; i < n; i++) {
            long double f = a[i * n + c] / a[c * n + c];
            if (f == 0)
                continue;
            for (int32_t j = c; j < n; j++)
                a[i * n + j] -= f * a[c * n + j];
            b[i] -= f * b[c];
        }
    }
    for (int32_t i = n - 1; i >= 0; i--) {
        for (int32_t j = i + 1; j < n; j++)
            b[i] -= a[i * n + j] * b[j];
        b[i] /= a[i * n + i];
    }
    return true;
}

double oracle_prob(const sx_mdp *m, int32_t pair, int32_t state)
{
    for (int64_t t = m->first[pair]; t < m->first[pair + 1]; t++)
        if (m->next[t] == state)
            return m->prob[t];
    return 0;
}

/* I - gamma P_pi by rows, or its transpose. */
static long double *policy_system(const sx_mdp *m, const double *pi, bool transposed)
{
    int32_t n = m->states;
    long double *a = zeros((int64_t)n * n, sizeof *a);
    for (int32_t s = 0; s < n; s++) {
        a[s * n + s] += 1;
        for (int32_t k = m->pair[s]; k < m->pair[s + 1]; k++)
            for (int64_t t = m->first[k]; t < m->first[k + 1]; t++) {
                int32_t at = transposed ? m->next[t] * n + s : s * n + m->next[t];
                a[at] -= (long double)m->discount * pi[k] * m->prob[t];
            }
    }
    return a;
}

static void solve_policy(const sx_mdp *m, const double *pi, const double *r, long double *b)
{
    long double *a = policy_system(m, pi, false);
    for (int32_t s = 0; s < m->states; s++) {
        b[s] = 0;
        for (int32_t k = m->pair[s]; k < m->pair[s + 1]; k++)
            b[s] += (long double)pi[k] * r[k];
    }
    oracle_solve(m->states, a, b);
    free(a);
}

void oracle_values(const sx_mdp *m, const double *pi, const double *r, double *v)
{
    long double *b = zeros(m->states, sizeof *b);
    solve_policy(m, pi, r, b);
    for (int32_t s = 0; s < m->states; s++)
        v[s] = (double)b[s];
    free(b);
}

void oracle_occupancy(const sx_mdp *m, const double *pi, const double *start, double *x)
{
    long double *a = policy_system(m, pi, true), *b = zeros(m->states, sizeof *b);
    for (int32_t s = 0; s < m->states; s++)
        b[s] = start ? start[s] : m->initial[s];
    oracle_solve(m->states, a, b);
    for (int32_t s = 0; s < m->states; s++)
        for (int32_t k = m->pair[s]; k < m->pair[s + 1]; k++)
            x[k] = (double)(pi[k] * b[s]);
    free(a);
    free(b);
}

double oracle_return(const sx_mdp *m, const double *pi, const double *r)
{
    long double *b = zeros(m->states, sizeof *b), j = 0;
    solve_policy(m, pi, r, b);
    for (int32_t s = 0; s < m->states; s++)
        j += b[s] * m->initial[s];
    free(b);
    return (double)j;
}

void oracle_first(const sx_mdp *m, int32_t *choice)
{
    for (int32_t s = 0; s < m->states; s++)
        choice[s] = m->pair[s];
}

bool oracle_next(const sx_mdp *m, int32_t *choice)
{
    for (int32_t s = 0; s < m->states; s++) {
        if (++choice[s] < m->pair[s + 1])
            return true;
        choice[s] = m->pair[s];
    }
    return false;
}

void oracle_pure(const sx_mdp *m, const int32_t *choice, double *pi)
{
    for (int32_t k = 0; k < m->pairs; k++)
        pi[k] = 0;
    for (int32_t s = 0; s < m->states; s++)
        pi[choice[s]] = 1;
}

static bool uses_only(const sx_mdp *m, const int32_t *choice, const unsigned char *allowed)
{
    for (int32_t s = 0; s < m->states; s++)
        if (!allowed[choice[s]])
            return false;
    return true;
}

double oracle_optimal(const sx_mdp *m, const double *r, int sign, double *v)
{
    return oracle_optimal_among(m, r, sign, NULL, v);
}

double oracle_optimal_among(const sx_mdp *m, const double *r, int sign,
                            const unsigned char *allowed, double *v)
{
    int32_t n = m->states, *choice = zeros(n, sizeof *choice);
    double *pi = oracle_vector(m->pairs);
    long double *b = zeros(n, sizeof *b), *best = zeros(n, sizeof *best), j = 0;
    for (int32_t s = 0; s < n; s++)
        best[s] = -HUGE_VALL;
    oracle_first(m, choice);
    do {
        if (allowed && !uses_only(m, choice, allowed))
            continue;
        oracle_pure(m, choice, pi);
        solve_policy(m, pi, r, b);
        for (int32_t s = 0; s < n; s++)
            best[s] = fmaxl(best[s], sign * b[s]);
    } while (oracle_next(m, choice));
    for (int32_t s = 0; s < n; s++) {
        v[s] = (double)(sign * best[s]);
        j += sign * best[s] * m->initial[s];
    }
    free(choice);
    free(pi);
    free(b);
    free(best);
    return (double)j;
}
