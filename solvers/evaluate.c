/* SPDX-License-Identifier: GPL-3.0-or-later */
/* evaluate.c - values and occupancies of one policy, by iterative refinement.
 *
 *     x <- x + e,   (I - gamma P) e ~ d,   d = r + gamma P x - x
 *
 * x and d are held in long double, d comes from the data of the world; e, in double, need
 * only be roughly right: from LU factors, from sweeps, or from BiCGStab, whichever works,
 * tried in that order for small worlds and with the factors last but one for large ones.
 * Stops when the bound is at the rounding of double, or d no longer falls.  Guaranteed then:
 *
 *     |x - V| <= max |d| / (1 - gamma rho)
 *
 * rho the largest row sum of P, d widened by the rounding of computing it. */
#include "solvers/solvers_int.h"

#include <float.h>
#include <math.h>
#include <string.h>

static const int64_t factor_limit = 30000000;   /* entries of L + U: 0.5 GB */
static const double correction = 1e-5;          /* by which a correction should shrink d */
static const double exact = 0.01 * DBL_EPSILON; /* fineness: the last bit of a double */
static const double coarse = 1e-8;
enum { ROUNDS = 40, SHORT = 200 };

typedef enum way { BY_SWEEPS, BY_FACTORS, BY_KRYLOV, BY_PATIENCE } way;

struct sx_evaluator {
    const sx_mdp *m;
    double *pi;             /* [K], or NULL: */
    int32_t *choice;        /* [S] */
    sx_matrix *p;           /* P_pi */
    sx_matrix *pt;          /* its transpose, when an occupancy was asked for */
    sx_lu *lu;              /* of I - gamma P, when wanted and possible */
    bool factored;          /* tried to make lu */
    double rho;             /* largest row sum of P */
    double roundoff;        /* relative error of computing d */
    double common;          /* taken off every reward */
    double fineness;        /* of x, relative to its size, that is aimed at */
    long double *x, *d;     /* [S] */
    double *rhs, *e, *work; /* [S], [S], [SX_I_KRYLOV_ROOM S] */
};

/* pi(a|s) where a is the action of pair k of state s. */
static double weight(const sx_evaluator *e, int32_t s, int32_t k)
{
    return e->pi ? e->pi[k] : e->choice[s] == k;
}

/* Largest row sum and longest row of P, from the data. */
static void measure_rows(sx_evaluator *e)
{
    const sx_mdp *m = e->m;
    long double rho = 0;
    int64_t longest = 0;
    for (int32_t s = 0; s < m->states; s++) {
        long double sum = 0;
        int64_t length = 0;
        for (int32_t k = m->pair[s]; k < m->pair[s + 1]; k++) {
            double a = weight(e, s, k);
            if (a == 0)
                continue;
            long double row = 0;
            for (int64_t t = m->first[k]; t < m->first[k + 1]; t++)
                row += m->prob[t];
            sum += a * row;
            length += m->first[k + 1] - m->first[k] + 2;
        }
        rho = fmaxl(rho, sum);
        longest = length > longest ? length : longest;
    }
    e->rho = (double)rho * (1 + 2 * DBL_EPSILON);
    e->roundoff = (double)(longest + 8) * (double)LDBL_EPSILON;
}

static sx_status evaluator_room(const sx_mdp *m, bool mixed, sx_evaluator **out, sx_error *err)
{
    size_t n = (size_t)m->states;
    sx_evaluator *e = sx_alloc(1, sizeof *e);
    *out = NULL;
    if (!e)
        return sx_nomem(err);
    e->m = m;
    e->fineness = exact;
    if (mixed)
        e->pi = sx_alloc((size_t)m->pairs, sizeof *e->pi);
    else
        e->choice = sx_alloc(n, sizeof *e->choice);
    e->x = sx_alloc(n, sizeof *e->x);
    e->d = sx_alloc(n, sizeof *e->d);
    e->rhs = sx_alloc(n, sizeof *e->rhs);
    e->e = sx_alloc(n, sizeof *e->e);
    e->work = sx_alloc(n, SX_I_KRYLOV_ROOM * sizeof *e->work);
    if (!(e->pi || e->choice) || !e->x || !e->d || !e->rhs || !e->e || !e->work) {
        sx_evaluator_free(e);
        return sx_nomem(err);
    }
    *out = e;
    return SX_OK;
}

static sx_status check_policy(const sx_mdp *m, const double *pi, sx_error *err)
{
    for (int32_t s = 0; s < m->states; s++) {
        double sum = 0;
        for (int32_t k = m->pair[s]; k < m->pair[s + 1]; k++) {
            if (!(pi[k] >= 0))
                return sx_fail(err, SX_EARG, "not a policy: %g for pair %d", pi[k], k);
            sum += pi[k];
        }
        if (!(fabs(sum - 1) <= 1e-9))
            return sx_fail(err, SX_EARG, "not a policy: sums to %.17g in state %d", sum, s);
    }
    return SX_OK;
}

sx_status sx_evaluator_new(const sx_mdp *m, const double *pi, sx_evaluator **out, sx_error *err)
{
    sx_evaluator *e = NULL;
    *out = NULL;
    sx_status st = check_policy(m, pi, err);
    if (!st)
        st = evaluator_room(m, true, &e, err);
    if (!st)
        st = sx_i_chain_mixed(m, pi, &e->p, err);
    if (st) {
        sx_evaluator_free(e);
        return st;
    }
    memcpy(e->pi, pi, (size_t)m->pairs * sizeof *pi);
    measure_rows(e);
    *out = e;
    return SX_OK;
}

sx_status sx_evaluator_choice(const sx_mdp *m, const int32_t *choice, sx_evaluator **out,
                              sx_error *err)
{
    sx_evaluator *e = NULL;
    *out = NULL;
    for (int32_t s = 0; s < m->states; s++)
        if (choice[s] < m->pair[s] || choice[s] >= m->pair[s + 1])
            return sx_fail(err, SX_EARG, "not a policy: pair %d is not of state %d", choice[s],
                           s);
    sx_status st = evaluator_room(m, false, &e, err);
    if (!st)
        st = sx_i_chain_room(m, &e->p, err);
    if (st) {
        sx_evaluator_free(e);
        return st;
    }
    sx_i_evaluator_renew(e, choice);
    *out = e;
    return SX_OK;
}

void sx_i_evaluator_renew(sx_evaluator *e, const int32_t *choice)
{
    memcpy(e->choice, choice, (size_t)e->m->states * sizeof *choice);
    e->pt = sx_matrix_free(e->pt);
    e->lu = sx_lu_free(e->lu);
    e->factored = false;
    sx_i_chain_choice(e->m, choice, e->p);
    measure_rows(e);
}

sx_evaluator *sx_evaluator_free(sx_evaluator *e)
{
    if (e) {
        sx_release(e->pi);
        sx_release(e->choice);
        sx_matrix_free(e->p);
        sx_matrix_free(e->pt);
        sx_lu_free(e->lu);
        sx_release(e->x);
        sx_release(e->d);
        sx_release(e->rhs);
        sx_release(e->e);
        sx_release(e->work);
    }
    return sx_release(e);
}

/* Append row s of I - gamma P with its diagonal. */
static void append_system_row(const sx_matrix *p, double gamma, int32_t s, sx_matrix *a)
{
    int64_t at = a->start[s], t = p->start[s], end = p->start[s + 1];
    double diagonal = 1;
    for (; t < end && p->col[t] < s; t++) {
        a->col[at] = p->col[t];
        a->value[at++] = -gamma * p->value[t];
    }
    if (t < end && p->col[t] == s)
        diagonal -= gamma * p->value[t++];
    a->col[at] = s;
    a->value[at++] = diagonal;
    for (; t < end; t++) {
        a->col[at] = p->col[t];
        a->value[at++] = -gamma * p->value[t];
    }
    a->start[s + 1] = at;
}

static sx_status system_matrix(const sx_matrix *p, double gamma, sx_matrix **out, sx_error *err)
{
    sx_status st = sx_matrix_new(p->rows, p->rows, p->start[p->rows] + p->rows, out, err);
    for (int32_t s = 0; !st && s < p->rows; s++)
        append_system_row(p, gamma, s, *out);
    return st;
}

/* Make the factors unless tried before; that they would be too large is no error. */
static sx_status want_factors(sx_evaluator *e, sx_error *err)
{
    sx_matrix *a = NULL;
    sx_error quiet = SX_NO_ERROR;
    if (e->factored)
        return SX_OK;
    e->factored = true;
    sx_status st = system_matrix(e->p, e->m->discount, &a, err);
    if (!st) {
        sx_status made = sx_lu_new(a, factor_limit, &e->lu, &quiet);
        if (made == SX_EMEM)
            st = sx_nomem(err);
    }
    sx_matrix_free(a);
    return st;
}

static sx_status want_transpose(sx_evaluator *e, sx_error *err)
{
    return e->pt ? SX_OK : sx_i_transpose(e->p, &e->pt, err);
}

typedef enum side { VALUES, MASSES } side;

/* e->d and its largest size, INFINITY at the first NAN: residual of the values x. */
static double value_residual(sx_evaluator *e, const double *r, const long double *x)
{
    const sx_mdp *m = e->m;
    double size = 0;
    int bad = 0;
#pragma omp parallel for schedule(static) reduction(max \
                                                    : size) \
    reduction(| \
              : bad) if (m->states >= SX_I_PARALLEL)
    for (int32_t s = 0; s < m->states; s++) {
        long double d = -x[s] - e->common;
        for (int32_t k = m->pair[s]; k < m->pair[s + 1]; k++) {
            double a = weight(e, s, k);
            if (a == 0)
                continue;
            long double sum = 0;
            for (int64_t t = m->first[k]; t < m->first[k + 1]; t++)
                sum += m->prob[t] * x[m->next[t]];
            d += a * (r[k] + m->discount * sum);
        }
        e->d[s] = d;
        double now = (double)fabsl(d);
        size = now > size ? now : size;
        bad |= !(now < INFINITY);
    }
    return bad ? INFINITY : size;
}

/* The same for state occupancies x from `start`; the size is the 1-norm. */
static double mass_residual(sx_evaluator *e, const double *start, const long double *x)
{
    const sx_mdp *m = e->m;
    long double size = 0;
    for (int32_t s = 0; s < m->states; s++)
        e->d[s] = start[s] - x[s];
    for (int32_t s = 0; s < m->states; s++) {
        if (x[s] == 0)
            continue;
        for (int32_t k = m->pair[s]; k < m->pair[s + 1]; k++) {
            long double flow = m->discount * (weight(e, s, k) * x[s]);
            if (flow == 0)
                continue;
            for (int64_t t = m->first[k]; t < m->first[k + 1]; t++)
                e->d[m->next[t]] += flow * m->prob[t];
        }
    }
    for (int32_t s = 0; s < m->states; s++)
        size += fabsl(e->d[s]);
    return size < INFINITY ? (double)size : INFINITY;
}

static double residual(sx_evaluator *e, side which, const double *data, const long double *x)
{
    return which == VALUES ? value_residual(e, data, x) : mass_residual(e, data, x);
}

static sx_i_system system_of(const sx_evaluator *e, side which)
{
    return (sx_i_system){which == VALUES ? e->p : e->pt, e->m->discount, e->rhs};
}

/* Sweeps for the correction; how much smaller the residual became. */
static double correct_by_sweeps(sx_evaluator *e, side which, double size, int64_t limit)
{
    int64_t sweeps = 0;
    double target = correction * size, states = e->m->states;
    sx_i_system y = system_of(e, which);
    if (which == MASSES)
        return sx_i_sweeps_mass(&y, e->e, e->work, target / states, limit, &sweeps) * states /
               size;
    memset(e->e, 0, (size_t)e->m->states * sizeof *e->e);
    return sx_i_sweeps(&y, e->e, e->work, target, limit, &sweeps) / size;
}

static double correct_by_krylov(sx_evaluator *e, side which)
{
    int64_t sweeps = 0;
    sx_i_system y = system_of(e, which);
    double left = sx_i_krylov(&y, e->e, e->work, correction, 2000, &sweeps);
    double size = 0;
    for (int32_t s = 0; s < e->m->states; s++)
        size = fmax(size, fabs(e->rhs[s]));
    return left / size;
}

/* e->e ~ the correction for e->d by one way.  *gain: a lower value is better, above 0.1 of
 * no use. */
static sx_status correct(sx_evaluator *e, side which, way how, double size, double *gain,
                         sx_error *err)
{
    sx_status st = SX_OK;
    int64_t patience = (int64_t)fmin(1e7, 20 / (1 - e->m->discount));
    *gain = INFINITY;
    if (how == BY_FACTORS) {
        st = want_factors(e, err);
        if (!st && e->lu) {
            memcpy(e->e, e->rhs, (size_t)e->m->states * sizeof *e->e);
            st = which == VALUES ? sx_lu_solve(e->lu, e->e, err)
                                 : sx_lu_solve_transposed(e->lu, e->e, err);
            *gain = 0;
        }
        return st;
    }
    if (which == MASSES)
        st = want_transpose(e, err);
    if (!st)
        *gain = how == BY_KRYLOV
                    ? correct_by_krylov(e, which)
                    : correct_by_sweeps(e, which, size, how == BY_SWEEPS ? SHORT : patience);
    return st;
}

/* The largest |x|, or their sum for masses. */
static double scale_of(const sx_evaluator *e, side which, const long double *x)
{
    long double largest = 0, sum = 0;
    for (int32_t s = 0; s < e->m->states; s++) {
        largest = fmaxl(largest, fabsl(x[s]));
        sum += fabsl(x[s]);
    }
    return (double)(which == VALUES ? largest : sum);
}

/* x += sign e->e; returns the scale of x. */
static double step(const sx_evaluator *e, side which, long double *x, int sign)
{
    for (int32_t s = 0; s < e->m->states; s++)
        x[s] += sign * e->e[s];
    return scale_of(e, which, x);
}

/* The state of a refinement. */
typedef struct progress {
    double size;  /* of the residual */
    double scale; /* of x */
    double good;  /* residual below which x is as fine as it should be */
    double noise; /* of computing a residual: above it, lack of progress asks for more */
    bool better;  /* the last round shrank the residual as it should */
} progress;

static void set_goals(const sx_evaluator *e, double first, progress *g)
{
    double slack = 1 - e->m->discount * e->rho;
    g->good = e->fineness * slack * g->scale;
    g->noise = e->roundoff * (g->scale + first);
}

/* One round; x changes only when its residual falls. */
static sx_status refine_once(sx_evaluator *e, side which, way how, const double *data,
                             long double *x, progress *g, sx_error *err)
{
    double gain = INFINITY, before = g->scale;
    for (int32_t s = 0; s < e->m->states; s++)
        e->rhs[s] = (double)e->d[s];
    g->better = false;
    sx_status st = correct(e, which, how, g->size, &gain, err);
    if (st || !(gain < 0.5))
        return st;
    g->scale = step(e, which, x, +1);
    double now = residual(e, which, data, x);
    g->better = now < (how == BY_SWEEPS ? 1e-3 : 0.5) * g->size;
    if (now < g->size) {
        g->size = now;
    } else {
        step(e, which, x, -1);
        g->scale = before;
        residual(e, which, data, x);
    }
    return SX_OK;
}

/* Solve for x, from x as it stands. */
static sx_status refine(sx_evaluator *e, side which, const double *data, long double *x,
                        progress *g, sx_error *err)
{
    static const way small_order[] = {BY_FACTORS, BY_KRYLOV, BY_PATIENCE};
    static const way large_order[] = {BY_SWEEPS, BY_FACTORS, BY_KRYLOV, BY_PATIENCE};
    const way *how = e->m->states <= 2 * SX_I_SMALL ? small_order : large_order;
    sx_status st = SX_OK;
    double first = residual(e, which, data, x);
    *g = (progress){.size = first, .scale = scale_of(e, which, x)};
    for (int round = 0; !st && round < ROUNDS; round++) {
        set_goals(e, first, g);
        if (g->size <= g->good || !(g->size < INFINITY))
            break;
        st = refine_once(e, which, *how, data, x, g, err);
        if (!g->better && (*how == BY_PATIENCE || g->size <= g->noise))
            break;
        if (!g->better)
            how++;
    }
    return st;
}

sx_status sx_i_evaluator_long(sx_evaluator *e, const double *r, long double *x, double *bound,
                              sx_error *err)
{
    progress g = {0};
    double largest = 0, slack = 1 - e->m->discount * e->rho;
    *bound = INFINITY;
    for (int32_t k = 0; k < e->m->pairs; k++) {
        if (!(fabs(r[k]) < INFINITY))
            return sx_fail(err, SX_EARG, "the reward of pair %d is not finite", k);
        largest = fmax(largest, fabs(r[k]));
    }
    memset(x, 0, (size_t)e->m->states * sizeof *x);
    sx_status st = refine(e, VALUES, r, x, &g, err);
    if (st)
        return st;
    if (slack > 0)
        *bound = (g.size + e->roundoff * (g.scale + largest)) / slack * (1 + 8 * DBL_EPSILON);
    if (!(*bound <= 1e-6 * largest / (1 - e->m->discount)))
        return sx_fail(err, SX_EFAULT,
                       "no bound on the values: the discount %.17g is too near 1, or the "
                       "rewards are too large",
                       e->m->discount);
    return SX_OK;
}

sx_status sx_evaluator_values(sx_evaluator *e, const double *r, double *v, double *bound,
                              sx_error *err)
{
    double rounded = 0;
    sx_status st = sx_i_evaluator_long(e, r, e->x, bound, err);
    for (int32_t s = 0; !st && s < e->m->states; s++) {
        v[s] = (double)e->x[s];
        rounded = fmax(rounded, (double)fabsl(v[s] - e->x[s]));
    }
    *bound += rounded;
    return st;
}

/* The rows of P sum to 1 up to rounding only, and that times a large common part is what has to
 * be kept out: so the values are refined for the rewards without it.  It is taken off in long
 * double: a state that absorbs multiplies an error in its reward by 1/(1-gamma). */
sx_status sx_evaluator_relative(sx_evaluator *e, const double *r, double *v, double *mean,
                                sx_error *err)
{
    int32_t n = e->m->states;
    long double sum = 0;
    double bound = 0;
    progress g = {0};
    e->fineness = coarse;
    sx_status st = sx_i_evaluator_long(e, r, e->x, &bound, err);
    e->fineness = exact;
    for (int32_t s = 0; !st && s < n; s++)
        sum += e->x[s];
    *mean = (double)(sum / n);
    if (st)
        return st;
    for (int32_t s = 0; s < n; s++)
        e->x[s] -= *mean;
    e->common = (1 - e->m->discount) * *mean;
    st = refine(e, VALUES, r, e->x, &g, err);
    e->common = 0;
    for (int32_t s = 0; !st && s < n; s++)
        v[s] = (double)e->x[s];
    return st;
}

/* Largest violation of x(s') - gamma sum x tau = start by the x [K] that is returned. */
static double flow_violation(sx_evaluator *e, const double *start, const double *x)
{
    const sx_mdp *m = e->m;
    double largest = 0;
    for (int32_t s = 0; s < m->states; s++) {
        e->d[s] = start[s];
        for (int32_t k = m->pair[s]; k < m->pair[s + 1]; k++)
            e->d[s] -= x[k];
    }
    for (int32_t k = 0; k < m->pairs; k++)
        for (int64_t t = m->first[k]; x[k] > 0 && t < m->first[k + 1]; t++)
            e->d[m->next[t]] += (long double)m->discount * x[k] * m->prob[t];
    for (int32_t s = 0; s < m->states; s++) {
        double now = (double)fabsl(e->d[s]);
        if (!(now < INFINITY))
            return INFINITY;
        largest = fmax(largest, now);
    }
    return largest;
}

sx_status sx_evaluator_occupancy(sx_evaluator *e, const double *start, double *x,
                                 double *residual_out, sx_error *err)
{
    const sx_mdp *m = e->m;
    progress g = {0};
    double total = 0;
    const double *from = start ? start : m->initial;
    *residual_out = INFINITY;
    for (int32_t s = 0; s < m->states; s++) {
        if (!(from[s] >= 0 && from[s] < INFINITY))
            return sx_fail(err, SX_EARG, "state %d starts with weight %g", s, from[s]);
        total += from[s];
    }
    memset(e->x, 0, (size_t)m->states * sizeof *e->x);
    sx_status st = refine(e, MASSES, from, e->x, &g, err);
    if (st)
        return st;
    for (int32_t s = 0; s < m->states; s++)
        for (int32_t k = m->pair[s]; k < m->pair[s + 1]; k++)
            x[k] = weight(e, s, k) * (double)(e->x[s] > 0 ? e->x[s] : 0);
    *residual_out = flow_violation(e, from, x);
    if (!(*residual_out <= 1e-6 * total))
        return sx_fail(err, SX_EFAULT,
                       "the discount %.17g is too near 1: flow balance holds to %.3g only",
                       m->discount, *residual_out);
    return SX_OK;
}
