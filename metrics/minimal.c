/* SPDX-License-Identifier: GPL-3.0-or-later */
/* minimal.c - the least reward of an equivalence class (Skalse et al. 2024), in l2 and
 * weighted-l2; minimal_fit.c has the other norms.
 *
 * minimal: S'-redistribution keeps the row values r(s,a) = E_tau[R], and the least norm of a
 * row of value x is |x| / ||tau||_2 in l2 (at x tau / ||tau||_2^2) and |x| in weighted-l2 (at
 * the constant x).  So the potential minimises
 *
 *     sum_k w_k (r(k) + gamma E_tau[phi(s')] - phi(s))^2,   w = 1 / ||tau||_2^2  or  1
 *
 * minimal-potential in weighted-l2 minimises sum_t tau (R + gamma phi(s') - phi(s))^2 over
 * the possible triples.  Both matrices have full column rank, as gamma < 1.
 *
 * minimal-potential in l2 sums over all triples, and its normal equations are a diagonal
 * and two constants: with a(x) = |A(x)|, P = sum a phi, Q = sum phi, row sums D(x) of all
 * pairs of x and column sums C(x),
 *
 *     (gamma^2 K + S a(x)) phi(x) = D(x) - gamma C(x) + gamma P + gamma a(x) Q
 *
 * Putting phi into P and Q leaves two equations.  They are nearly
 * singular along constant potentials, of order (1-gamma)^2, which hardly change the reward;
 * a second pass on the shaped reward repairs what was lost. */
#include "metrics/minimal_int.h"
#include "metrics/norm_int.h"

#include <string.h>

static bool is_l2(sx_norm norm)
{
    return norm == SX_L2 || norm == SX_WEIGHTED_L2;
}

/* Weight of row k under the square root: 1 / ||tau||_2, or 1. */
static double row_scale(const sx_mdp *m, int32_t k, int kind)
{
    double square = 0;
    for (int64_t t = m->first[k]; kind == SX_I_FIT_L2 && t < m->first[k + 1]; t++)
        square += m->prob[t] * m->prob[t];
    return kind == SX_I_FIT_L2 ? 1 / sqrt(square) : 1;
}

static int64_t put(sx_matrix *a, int64_t at, int32_t col, double value)
{
    a->col[at] = col;
    a->value[at] = value;
    return at + 1;
}

/* Row k of phi(s) - gamma E_tau[phi(s')], columns ascending. */
static int64_t put_pair(const sx_mdp *m, sx_matrix *a, int64_t at, int32_t s, int32_t k,
                        double scale)
{
    bool own = false;
    for (int64_t t = m->first[k]; t < m->first[k + 1]; t++) {
        double value = -m->discount * m->prob[t];
        if (!own && m->next[t] >= s) {
            own = true;
            if (m->next[t] > s)
                at = put(a, at, s, scale);
            else
                value += 1;
        }
        at = put(a, at, m->next[t], scale * value);
    }
    return own ? at : put(a, at, s, scale);
}

/* Row t of phi(s) - gamma phi(s'). */
static int64_t put_triple(const sx_mdp *m, sx_matrix *a, int64_t at, int32_t s, int64_t t)
{
    double scale = sqrt(m->prob[t]);
    int32_t y = m->next[t];
    if (y == s)
        return put(a, at, s, scale * (1 - m->discount));
    if (y < s)
        at = put(a, at, y, -scale * m->discount);
    at = put(a, at, s, scale);
    return y > s ? put(a, at, y, -scale * m->discount) : at;
}

static void fill_matrix(const sx_mdp *m, int kind, sx_matrix *a)
{
    int64_t at = 0;
    for (int32_t s = 0; s < m->states; s++)
        for (int32_t k = m->pair[s]; k < m->pair[s + 1]; k++) {
            if (kind != SX_I_FIT_TRIPLES) {
                at = put_pair(m, a, at, s, k, row_scale(m, k, kind));
                a->start[k + 1] = at;
                continue;
            }
            for (int64_t t = m->first[k]; t < m->first[k + 1]; t++) {
                at = put_triple(m, a, at, s, t);
                a->start[t + 1] = at;
            }
        }
}

sx_status sx_i_fit_matrix(const sx_mdp *m, int kind, sx_i_fit *f, sx_error *err)
{
    bool triples = kind == SX_I_FIT_TRIPLES;
    int64_t rows = triples ? m->entries : m->pairs;
    int64_t room = triples ? 2 * m->entries : m->entries + m->pairs;
    if (f->matrix)
        return SX_OK;
    if (rows > INT32_MAX)
        return sx_fail(err, SX_ELIMIT, "more than 2147483647 possible triples");
    sx_status st = sx_matrix_new((int32_t)rows, m->states, room, &f->matrix, err);
    if (!st)
        fill_matrix(m, kind, f->matrix);
    return st;
}

static sx_status fit_prepare(const sx_mdp *m, int kind, sx_i_fit *f, sx_error *err)
{
    sx_status st = sx_i_fit_matrix(m, kind, f, err);
    if (!st && !f->solver)
        st = sx_least_squares_new(f->matrix, &f->solver, err);
    return st;
}

typedef struct fitting {
    double *right, *phi; /* [rows] [S] */
} fitting;

static void fitting_clear(fitting *z)
{
    sx_release(z->right);
    sx_release(z->phi);
}

static sx_status fitting_init(fitting *z, int64_t rows, int32_t states, sx_error *err)
{
    z->right = sx_alloc((size_t)rows, sizeof *z->right);
    z->phi = sx_alloc((size_t)states, sizeof *z->phi);
    return z->right && z->phi ? SX_OK : sx_nomem(err);
}

/* The mean of x [K] under the weights of the fit. */
static double row_average(const sx_mdp *m, int kind, const double *x)
{
    sx_i_sum sum = {0}, total = {0};
    for (int32_t k = 0; k < m->pairs; k++) {
        double scale = row_scale(m, k, kind);
        sx_i_sum_add(&sum, scale * scale * x[k]);
        sx_i_sum_add(&total, scale * scale);
    }
    return sx_i_sum_value(&sum) / sx_i_sum_value(&total);
}

/* x [K] <- x shaped once more towards the least weighted square, by z->phi and a constant
 * that changes rewards by *constant. */
static sx_status improve_rows(const sx_mdp *m, int kind, sx_i_fit *f, double *x, fitting *z,
                              double *constant, sx_error *err)
{
    double residual = 0, mean = row_average(m, kind, x);
    for (int32_t k = 0; k < m->pairs; k++) {
        x[k] -= mean;
        z->right[k] = x[k] * row_scale(m, k, kind);
    }
    sx_status st = sx_least_squares_solve(f->solver, z->right, z->phi, &residual, err);
    if (!st) {
        *constant = sx_i_split_potential(m, z->phi);
        for (int32_t k = 0; k < m->pairs; k++)
            x[k] -= *constant;
        sx_i_shape_rows(m, x, z->phi, x);
        *constant += mean;
    }
    return st;
}

/* A constant is a shaping too, by a potential 1/(1-gamma) times as large, in whose rounding the
 * rest would drown: it is taken off apart, before and after; the second pass repairs what the
 * first one lost. */
sx_status sx_i_fit_rows(const sx_mdp *m, int kind, sx_i_fit *f, double *x, double *potential,
                        sx_error *err)
{
    fitting z = {0};
    double constant = 0;
    sx_status st = fitting_init(&z, m->pairs, m->states, err);
    if (!st)
        st = fit_prepare(m, kind, f, err);
    for (int pass = 0; !st && pass < 2; pass++) {
        st = improve_rows(m, kind, f, x, &z, &constant, err);
        for (int32_t s = 0; !st && potential && s < m->states; s++)
            potential[s] += z.phi[s] + constant / (1 - m->discount);
    }
    fitting_clear(&z);
    return st;
}

/* The l2 representative of row values x: x tau / ||tau||^2 on the support, 0 elsewhere. */
static void spread_rows(const sx_mdp *m, const double *x, sx_reward *out)
{
    for (int32_t k = 0; k < m->pairs; k++) {
        double scale = row_scale(m, k, SX_I_FIT_L2);
        for (int64_t t = m->first[k]; t < m->first[k + 1]; t++)
            out->on[t] = x[k] * m->prob[t] * scale * scale;
    }
}

sx_status sx_i_minimal(sx_canoniser *c, const sx_reward *r, sx_norm norm, sx_reward **out,
                       const char **reason, sx_error *err)
{
    const sx_mdp *m = c->m;
    bool unique;
    *reason = NULL;
    if (!is_l2(norm))
        return sx_i_minimal_lp(m, r, norm, out, &unique, reason, err);
    double *x = sx_alloc((size_t)m->pairs, sizeof *x);
    sx_status st = x ? sx_reward_new(m, out, err) : sx_nomem(err);
    if (!st) {
        int kind = norm == SX_L2 ? SX_I_FIT_L2 : SX_I_FIT_WEIGHTED;
        sx_reward_mean(m, r, x);
        st = sx_i_fit_rows(m, kind, &c->fit[kind], x, NULL, err);
    }
    if (!st && norm == SX_L2)
        spread_rows(m, x, *out);
    else if (!st)
        st = sx_reward_add_left(m, *out, x, err);
    sx_release(x);
    return st;
}

/* Right side of the fit over possible triples. */
static void weigh_triples(const sx_mdp *m, const double *on, double *right)
{
    for (int64_t t = 0; t < m->entries; t++)
        right[t] = sqrt(m->prob[t]) * on[t];
}

/* out += gamma phi(s') - phi(s) on every triple; phi is destroyed. */
static sx_status shape(const sx_mdp *m, sx_reward *out, double *phi, sx_error *err)
{
    double constant = sx_i_split_potential(m, phi);
    sx_status st = sx_i_add_constant(m, out, -constant, err);
    if (!st)
        st = sx_reward_shape(m, out, phi, err);
    return st;
}

/* The mean of the possible triples, each pair weighing the same. */
static double possible_average(const sx_mdp *m, const double *on)
{
    sx_i_sum sum = {0};
    for (int64_t t = 0; t < m->entries; t++)
        sx_i_sum_add(&sum, m->prob[t] * on[t]);
    return sx_i_sum_value(&sum) / m->pairs;
}

static sx_status least_possible(sx_canoniser *c, sx_reward *out, sx_error *err)
{
    const sx_mdp *m = c->m;
    fitting z = {0};
    double residual = 0;
    sx_status st = fitting_init(&z, m->entries, m->states, err);
    if (!st)
        st = fit_prepare(m, SX_I_FIT_TRIPLES, &c->fit[SX_I_FIT_TRIPLES], err);
    for (int pass = 0; !st && pass < 2; pass++) {
        st = sx_i_add_constant(m, out, -possible_average(m, out->on), err);
        if (st)
            break;
        weigh_triples(m, out->on, z.right);
        st = sx_least_squares_solve(c->fit[SX_I_FIT_TRIPLES].solver, z.right, z.phi, &residual,
                                    err);
        if (!st)
            st = shape(m, out, z.phi, err);
    }
    fitting_clear(&z);
    return st;
}

/* x <- a^-1 x by elimination: near a singular matrix the error stays along its null vector,
 * which determinants do not promise.  a[0][0] = 1 - g sum n/d >= 1/2, as the sum is at most
 * 1/(1+g^2), so it may be the pivot. */
static void eliminate(double a[2][2], double x[2])
{
    double f = a[1][0] / a[0][0];
    x[1] = (x[1] - f * x[0]) / (a[1][1] - f * a[0][1]);
    x[0] = (x[0] - a[0][1] * x[1]) / a[0][0];
}

/* Solve the normal equations of all triples: phi [S] from the sums D (by pair) and C. */
static void two_sums(const sx_mdp *m, const double *row, const double *column, double *phi)
{
    double g = m->discount, one = 0, each = 0, square = 0, p = 0, q = 0;
    for (int32_t s = 0; s < m->states; s++) {
        double n = m->pair[s + 1] - m->pair[s];
        double d = g * g * m->pairs + n * m->states, right = -g * column[s];
        for (int32_t k = m->pair[s]; k < m->pair[s + 1]; k++)
            right += row[k];
        phi[s] = right / d;
        one += 1 / d;
        each += n / d;
        square += n * n / d;
        p += n * phi[s];
        q += phi[s];
    }
    /*  (1 - g each) Q    - g one mean     P/mean = q
     *  - g square/mean Q + (1 - g each)   P/mean = p/mean  */
    double mean = (double)m->pairs / m->states;
    double x[2] = {q, p / mean};
    double a[2][2] = {{1 - g * each, -g * one * mean}, {-g * square / mean, 1 - g * each}};
    eliminate(a, x);
    double total = x[0], weighted = x[1] * mean;
    for (int32_t s = 0; s < m->states; s++) {
        double n = m->pair[s + 1] - m->pair[s];
        phi[s] += g * (weighted + n * total) / (g * g * m->pairs + n * m->states);
    }
}

/* Take the mean over all triples, *taken, off out, whose sums are row and column. */
static sx_status centre(const sx_mdp *m, sx_reward *out, double *row, double *column,
                        double *taken, sx_error *err)
{
    sx_i_sum sum = {0};
    for (int32_t k = 0; k < m->pairs; k++)
        sx_i_sum_add(&sum, row[k]);
    double mean = *taken = sx_i_sum_value(&sum) / m->pairs / m->states;
    for (int32_t k = 0; k < m->pairs; k++)
        row[k] -= mean * m->states;
    for (int32_t s = 0; s < m->states; s++)
        column[s] -= mean * m->pairs;
    return sx_i_add_constant(m, out, -mean, err);
}

/* Two passes for the potential; the constant, which the equations hardly determine, is known
 * without them: the least square has mean 0. */
sx_status sx_i_least_everywhere(const sx_mdp *m, sx_reward *out, double *potential,
                                sx_error *err)
{
    size_t n = (size_t)m->states;
    double *row = sx_alloc((size_t)m->pairs, sizeof *row);
    double *column = sx_alloc(n, sizeof *column);
    double *phi = sx_alloc(n, sizeof *phi), mean = 0;
    sx_status st = row && column && phi ? SX_OK : sx_nomem(err);
    for (int pass = 0; !st && pass < 3; pass++) {
        st = sx_i_marginals(m, out, &(sx_i_weights){0}, row, column, err);
        if (!st)
            st = centre(m, out, row, column, &mean, err);
        for (size_t s = 0; !st && potential && s < n; s++)
            potential[s] += mean / (1 - m->discount);
        if (st || pass == 2)
            break;
        two_sums(m, row, column, phi);
        for (size_t s = 0; potential && s < n; s++)
            potential[s] += phi[s];
        st = shape(m, out, phi, err);
    }
    sx_release(row);
    sx_release(column);
    sx_release(phi);
    return st;
}

sx_status sx_i_minimal_potential(sx_canoniser *c, const sx_reward *r, sx_norm norm,
                                 sx_reward **out, const char **reason, sx_error *err)
{
    const sx_mdp *m = c->m;
    bool unique;
    if (!is_l2(norm))
        return sx_i_minimal_potential_lp(m, r, norm, out, &unique, reason, err);
    *reason = norm == SX_L2 ? r->unknown : NULL;
    if (*reason)
        return SX_OK;
    sx_status st = sx_reward_copy(m, r, out, err);
    if (!st)
        st = norm == SX_L2 ? sx_i_least_everywhere(m, *out, NULL, err)
                           : least_possible(c, *out, err);
    return st;
}
