/* SPDX-License-Identifier: GPL-3.0-or-later */
/* oracle_distance.c - see oracle_distance.h. */
#include "tests/oracle_distance.h"

#include "tests/check.h"
#include "tests/oracle_mdp.h"

#include <stdlib.h>

typedef long double real;

static real *reals(int64_t n)
{
    real *x = calloc(n > 0 ? (size_t)n : 1, sizeof *x);
    if (!x)
        exit(99);
    return x;
}

static int64_t triples(const sx_mdp *m)
{
    return (int64_t)m->pairs * m->states;
}

/* tau [K*S] as a table. */
static real *table_prob(const sx_mdp *m)
{
    real *tau = reals(triples(m));
    for (int32_t k = 0; k < m->pairs; k++)
        for (int32_t y = 0; y < m->states; y++)
            tau[(int64_t)k * m->states + y] = oracle_prob(m, k, y);
    return tau;
}

static int32_t state_of(const sx_mdp *m, int32_t k)
{
    int32_t s = 0;
    while (k >= m->pair[s + 1])
        s++;
    return s;
}

/* form += gamma phi(s') - phi(s). */
static void shape(const sx_mdp *m, const real *phi, real *form)
{
    for (int32_t k = 0; k < m->pairs; k++)
        for (int32_t y = 0; y < m->states; y++)
            form[(int64_t)k * m->states + y] += m->discount * phi[y] - phi[state_of(m, k)];
}

static real row_mean(const sx_mdp *m, const real *tau, const real *x, int32_t k)
{
    real sum = 0;
    for (int32_t y = 0; y < m->states; y++)
        sum += tau[(int64_t)k * m->states + y] * x[(int64_t)k * m->states + y];
    return sum;
}

static void values(const sx_mdp *m, const double *pi, const real *tau, const real *x, real *v)
{
    int32_t n = m->states;
    real *a = reals((int64_t)n * n);
    for (int32_t s = 0; s < n; s++) {
        a[s * n + s] = 1;
        v[s] = 0;
        for (int32_t k = m->pair[s]; k < m->pair[s + 1]; k++) {
            v[s] += pi[k] * row_mean(m, tau, x, k);
            for (int32_t y = 0; y < n; y++)
                a[s * n + y] -= m->discount * (real)pi[k] * tau[(int64_t)k * n + y];
        }
    }
    oracle_solve(n, a, v);
    free(a);
}

/* x(s,a,s') <- its row mean. */
static void flatten(const sx_mdp *m, const real *tau, real *x)
{
    for (int32_t k = 0; k < m->pairs; k++) {
        real mean = row_mean(m, tau, x, k);
        for (int32_t y = 0; y < m->states; y++)
            x[(int64_t)k * m->states + y] = mean;
    }
}

static void make_val(const oracle_setting *o, const real *tau, bool flat, real *form)
{
    real *v = reals(o->m->states);
    values(o->m, o->policy, tau, form, v);
    shape(o->m, v, form);
    if (flat)
        flatten(o->m, tau, form);
    free(v);
}

static void make_epic(const oracle_setting *o, real *form)
{
    const sx_mdp *m = o->m;
    real *phi = reals(m->states), mean = 0;
    for (int32_t k = 0; k < m->pairs; k++)
        for (int32_t y = 0; y < m->states; y++)
            phi[state_of(m, k)] +=
                (real)o->action_dist[k] * o->state_dist[y] * form[(int64_t)k * m->states + y];
    for (int32_t s = 0; s < m->states; s++)
        mean += o->state_dist[s] * phi[s];
    shape(m, phi, form);
    for (int64_t i = 0; i < triples(m); i++)
        form[i] -= m->discount * mean;
    free(phi);
}

static bool same_actions(const oracle_setting *o)
{
    const sx_mdp *m = o->m;
    for (int32_t s = 1; s < m->states; s++) {
        if (m->pair[s + 1] - m->pair[s] != m->pair[1])
            return false;
        for (int32_t i = 0; i < m->pair[1]; i++)
            if (m->action[m->pair[s] + i] != m->action[i] ||
                fabs(o->action_dist[m->pair[s] + i] - o->action_dist[i]) > 1e-12)
                return false;
    }
    return true;
}

/* sum over a, x, y of D_A(a) tau(x|s,a) tau(y|z,a) R(x,a,y). */
static real dard_ahead(const oracle_setting *o, const real *tau, const real *x, int32_t s,
                       int32_t z)
{
    const sx_mdp *m = o->m;
    int32_t n = m->states;
    real sum = 0;
    for (int32_t a = 0; a < m->pair[1]; a++)
        for (int32_t u = 0; u < n; u++)
            for (int32_t y = 0; y < n; y++)
                sum += o->action_dist[a] * tau[(int64_t)(m->pair[s] + a) * n + u] *
                       tau[(int64_t)(m->pair[z] + a) * n + y] *
                       x[(int64_t)(m->pair[u] + a) * n + y];
    return sum;
}

static void make_dard(const oracle_setting *o, const real *tau, real *form)
{
    const sx_mdp *m = o->m;
    int32_t n = m->states;
    real *phi = reals(n), *ahead = reals((int64_t)n * n);
    for (int32_t s = 0; s < n; s++) {
        for (int32_t k = m->pair[s]; k < m->pair[s + 1]; k++)
            phi[s] += o->action_dist[k] * row_mean(m, tau, form, k);
        for (int32_t y = 0; y < n; y++)
            ahead[s * n + y] = dard_ahead(o, tau, form, s, y);
    }
    shape(m, phi, form);
    for (int32_t k = 0; k < m->pairs; k++)
        for (int32_t y = 0; y < n; y++)
            form[(int64_t)k * n + y] -= m->discount * ahead[state_of(m, k) * n + y];
    free(phi);
    free(ahead);
}

/* Normal equations of sum weight (b + gamma E[phi(s')] - phi(s))^2, one term at a time. */
typedef struct normal {
    int32_t n;
    real *a, *b;
} normal;

static void normal_term(normal *z, real weight, const real *direction, real b)
{
    for (int32_t i = 0; i < z->n; i++) {
        if (direction[i] == 0)
            continue;
        z->b[i] -= weight * direction[i] * b;
        for (int32_t j = 0; j < z->n; j++)
            z->a[i * z->n + j] += weight * direction[i] * direction[j];
    }
}

/* Potential of least squares: one term a pair (tau given) or one a triple. */
static void fit(const sx_mdp *m, const real *tau, const real *x, bool pairs, sx_norm norm,
                real *phi)
{
    int32_t n = m->states;
    normal z = {n, reals((int64_t)n * n), phi};
    real *d = reals(n);
    for (int32_t k = 0; k < m->pairs; k++) {
        const real *p = tau + (int64_t)k * n;
        real square = 0;
        for (int32_t y = 0; y < n; y++)
            square += p[y] * p[y];
        for (int32_t y = 0; !pairs && y < n; y++) {
            memset(d, 0, (size_t)n * sizeof *d);
            d[y] += m->discount;
            d[state_of(m, k)] -= 1;
            normal_term(&z, norm == SX_L2 ? 1 : p[y], d, x[(int64_t)k * n + y]);
        }
        for (int32_t y = 0; pairs && y < n; y++)
            d[y] = m->discount * p[y] - (y == state_of(m, k));
        if (pairs)
            normal_term(&z, norm == SX_L2 ? 1 / square : 1, d, row_mean(m, tau, x, k));
    }
    oracle_solve(n, z.a, phi);
    free(z.a);
    free(d);
}

static void make_minimal(const sx_mdp *m, const real *tau, bool pairs, sx_norm norm, real *form)
{
    int32_t n = m->states;
    real *phi = reals(n);
    for (int pass = 0; pass < 2; pass++) { /* normal equations lose digits near gamma = 1 */
        memset(phi, 0, (size_t)n * sizeof *phi);
        fit(m, tau, form, pairs, norm, phi);
        shape(m, phi, form);
    }
    if (pairs)
        flatten(m, tau, form);
    for (int32_t k = 0; pairs && norm == SX_L2 && k < m->pairs; k++) {
        real square = 0;
        for (int32_t y = 0; y < n; y++)
            square += tau[(int64_t)k * n + y] * tau[(int64_t)k * n + y];
        for (int32_t y = 0; y < n; y++)
            form[(int64_t)k * n + y] *= tau[(int64_t)k * n + y] / square;
    }
    free(phi);
}

static bool is_minimal(sx_canon canon)
{
    return canon == SX_MINIMAL || canon == SX_MINIMAL_POTENTIAL;
}

bool oracle_canon(const oracle_setting *o, const double *table, sx_canon canon, sx_norm norm,
                  long double *form)
{
    bool exists = !is_minimal(canon) || norm == SX_L2 || norm == SX_WEIGHTED_L2;
    real *tau = table_prob(o->m);
    for (int64_t i = 0; i < triples(o->m); i++)
        form[i] = table[i];
    if (canon == SX_EPIC)
        make_epic(o, form);
    if (canon == SX_DARD)
        exists = same_actions(o);
    if (canon == SX_DARD && exists)
        make_dard(o, tau, form);
    if (canon == SX_VAL || canon == SX_VAL_POTENTIAL)
        make_val(o, tau, canon == SX_VAL, form);
    if (is_minimal(canon) && exists)
        make_minimal(o->m, tau, canon == SX_MINIMAL, norm, form);
    free(tau);
    return exists;
}

long double oracle_norm(const sx_mdp *m, const long double *x, sx_norm norm)
{
    real sum = 0, square = 0, most = 0;
    bool weighted = norm >= SX_WEIGHTED_L1;
    for (int64_t i = 0; i < triples(m); i++) {
        real w =
            weighted ? oracle_prob(m, (int32_t)(i / m->states), (int32_t)(i % m->states)) : 1;
        sum += w * fabsl(x[i]);
        square += w * x[i] * x[i];
        most = fmaxl(most, w * fabsl(x[i]));
    }
    if (norm == SX_NO_NORM)
        return 1;
    if (norm == SX_L1 || norm == SX_WEIGHTED_L1)
        return sum;
    return norm == SX_L2 || norm == SX_WEIGHTED_L2 ? sqrtl(square) : most;
}

static real largest(const sx_mdp *m, const real *x, bool possible)
{
    real most = 0;
    for (int64_t i = 0; i < triples(m); i++)
        if (fabsl(x[i]) > most && (!possible || oracle_prob(m, (int32_t)(i / m->states),
                                                            (int32_t)(i % m->states)) > 0))
            most = fabsl(x[i]);
    return most;
}

/* All policies return the same: the advantage under the uniform policy is nothing. */
static bool is_trivial(const oracle_setting *o, const double *table)
{
    oracle_setting uniform = *o;
    double *pi = oracle_vector(o->m->pairs);
    real *form = reals(triples(o->m)), *x = reals(triples(o->m));
    for (int32_t k = 0; k < o->m->pairs; k++) {
        int32_t s = state_of(o->m, k);
        pi[k] = 1.0 / (o->m->pair[s + 1] - o->m->pair[s]);
    }
    uniform.policy = pi;
    oracle_canon(&uniform, table, SX_VAL, SX_L2, form);
    for (int64_t i = 0; i < triples(o->m); i++)
        x[i] = table[i];
    bool trivial = largest(o->m, form, false) <= 1e-9L * largest(o->m, x, true);
    free(pi);
    free(form);
    free(x);
    return trivial;
}

/* form <- s(R); false where it does not exist. */
static bool standardised(const oracle_setting *o, const double *table, sx_canon canon,
                         sx_norm norm, real *form)
{
    int64_t n = triples(o->m);
    real *x = reals(n);
    bool exists = oracle_canon(o, table, canon, norm, form);
    for (int64_t i = 0; i < n; i++)
        x[i] = table[i];
    real size = largest(o->m, x, false);
    bool zero = largest(o->m, form, false) <= 1e-12L * size;
    if (canon == SX_VAL || canon == SX_MINIMAL)
        zero = zero || is_trivial(o, table);
    if (!zero && norm >= SX_WEIGHTED_L1 && norm != SX_NO_NORM)
        exists = exists && largest(o->m, form, true) > 1e-12L * size;
    real scale = zero || !exists ? 0 : 1 / oracle_norm(o->m, form, norm);
    for (int64_t i = 0; i < n; i++)
        form[i] *= scale;
    free(x);
    return exists;
}

void oracle_moments(const sx_mdp *m, const long double *x, const double *left,
                    const double *right, long double *mean, long double *deviation)
{
    real first = 0, second = 0;
    for (int64_t i = 0; i < triples(m); i++)
        first += (real)left[i / m->states] * right[i % m->states] * x[i];
    for (int64_t i = 0; i < triples(m); i++)
        second +=
            (real)left[i / m->states] * right[i % m->states] * (x[i] - first) * (x[i] - first);
    *mean = first;
    *deviation = sqrtl(second);
}

/* z [K*S] <- the canonical reward less its mean, over its deviation; false when constant. */
static bool standard_score(const oracle_setting *o, const double *table, const double *left,
                           real *z)
{
    int64_t n = triples(o->m);
    real mean, deviation, size = 0;
    oracle_canon(o, table, SX_EPIC, SX_L2, z);
    oracle_moments(o->m, z, left, o->state_dist, &mean, &deviation);
    for (int64_t i = 0; i < n; i++)
        size = fmaxl(size, fabsl((real)table[i]));
    if (deviation <= 1e-12L * size)
        return false;
    for (int64_t i = 0; i < n; i++)
        z[i] = (z[i] - mean) / deviation;
    return true;
}

double oracle_epic(const oracle_setting *o, const double *a, const double *b)
{
    const sx_mdp *m = o->m;
    int64_t n = triples(m);
    real *x = reals(n), *y = reals(n), rho = 0;
    double *left = oracle_vector(m->pairs);
    for (int32_t k = 0; k < m->pairs; k++)
        left[k] = o->state_dist[state_of(m, k)] * o->action_dist[k];
    bool f = standard_score(o, a, left, x);
    bool g = standard_score(o, b, left, y);
    for (int64_t i = 0; f && g && i < n; i++)
        rho += (real)left[i / m->states] * o->state_dist[i % m->states] * x[i] * y[i];
    free(x);
    free(y);
    free(left);
    return !f && !g ? 0 : (double)sqrtl(fmaxl(0, (1 - rho) / 2));
}

void oracle_starc(const oracle_setting *o, const double *a, const double *b, sx_canon canon,
                  sx_norm norm, double *d)
{
    int64_t n = triples(o->m);
    real *x = reals(n), *y = reals(n);
    bool exists = standardised(o, a, canon, norm, x);
    exists = standardised(o, b, canon, norm, y) && exists;
    for (int64_t i = 0; i < n; i++)
        x[i] -= y[i];
    for (int metric = 0; metric < SX_NORMS; metric++)
        d[metric] = exists ? (double)oracle_norm(o->m, x, (sx_norm)metric) : NAN;
    free(x);
    free(y);
}

static sx_reward *possible_reward(const sx_mdp *m, const double *table)
{
    sx_error err = SX_NO_ERROR;
    sx_reward *r = NULL;
    CHECK_OK(sx_reward_new(m, &r, &err));
    for (int32_t k = 0; k < m->pairs; k++)
        for (int64_t t = m->first[k]; t < m->first[k + 1]; t++)
            r->on[t] = table[(int64_t)k * m->states + m->next[t]];
    return r;
}

sx_reward *oracle_dense_reward(const sx_mdp *m, const double *table)
{
    sx_reward *r = possible_reward(m, table);
    r->dense = sx_alloc((size_t)triples(m), sizeof *r->dense);
    memcpy(r->dense, table, (size_t)triples(m) * sizeof *table);
    return r;
}

sx_reward *oracle_listed_reward(const sx_mdp *m, const double *table)
{
    sx_reward *r = possible_reward(m, table);
    r->exception = sx_alloc((size_t)triples(m), sizeof *r->exception);
    for (int32_t k = 0; k < m->pairs; k++)
        for (int32_t y = 0; y < m->states; y++)
            if (!(oracle_prob(m, k, y) > 0))
                r->exception[r->exceptions++] =
                    (sx_exception){k, y, table[(int64_t)k * m->states + y]};
    return r;
}
