/* SPDX-License-Identifier: GPL-3.0-or-later */
/* bounds_constants.c - how far apart two occupancies can be, in six norms.
 *
 * K_weighted-l1 = max over (s,a) of the range of x(s,a), and K_l1 the same with each range
 * times the largest tau of its pair.  One solve tells the greatest occupancies of all pairs
 * of a state: with h(y) = max E[gamma^T], T the time of arrival at s from y,
 *
 *     max x(s,a) = h_mu / (1 - gamma sum tau(y|s,a) h(y)),     h_mu = sum mu(y) h(y)
 *
 * since a policy that takes a in s can head for s from everywhere else; and h = V / V(s) for
 * the greatest values V of a reward of 1 in s.  The least occupancy is 0 where s has another
 * action, else it takes a second solve.
 *
 * Before any solve h(y) <= gamma for y != s gives a bound on each.  States are solved in the
 * order of their bounds, and the search ends when the greatest is solved: usually long before
 * all are.  When the work runs out, what is left of the bounds is the answer, never above
 * 1/(1-gamma).  States are taken in fixed blocks, so the answer does not depend on threads. */
#include "metrics/bounds_int.h"

#include <math.h>

enum {
    BLOCK = 16,
    LARGE = 2000 /* entries of a world from which threads pay */
};

/* Occupancies are known this well where they count as exact. */
static const double SHARP = 1e-8;

typedef struct search {
    const sx_regret_world *w;
    const sx_mdp *m;
    double *upper;         /* [K] range of x(s,a) <= upper */
    double *tallest;       /* [K] max tau */
    unsigned char *solved; /* [S] */
    unsigned char *sharp;  /* [S] upper is the range itself */
} search;

static double largest_prob(const sx_mdp *m, int32_t k)
{
    double most = 0;
    for (int64_t t = m->first[k]; t < m->first[k + 1]; t++)
        most = fmax(most, m->prob[t]);
    return most;
}

static double loop_prob(const sx_mdp *m, int32_t s, int32_t k)
{
    int64_t t = sx_mdp_entry(m, k, s);
    return t < 0 ? 0 : m->prob[t];
}

/* What holds without a solve: every arrival takes a step. */
static void guess(search *z)
{
    const sx_mdp *m = z->m;
    double g = m->discount;
    for (int32_t s = 0; s < m->states; s++) {
        double start = m->initial[s] + g * fmax(1 - m->initial[s], 0);
        for (int32_t k = m->pair[s]; k < m->pair[s + 1]; k++) {
            double loop = loop_prob(m, s, k);
            double again = g * (loop + g * fmax(1 - loop, 0));
            z->tallest[k] = largest_prob(m, k);
            z->upper[k] = start / (1 - again);
        }
    }
}

/* The greatest or the least values of a reward of 1 in s. */
static sx_status arrive(const search *z, int32_t s, sx_direction d, sx_solution **out,
                        sx_error *err)
{
    const sx_mdp *m = z->m;
    sx_solve_options o = sx_solve_defaults();
    double *r = sx_alloc((size_t)m->pairs, sizeof *r);
    sx_status st = r ? SX_OK : sx_nomem(err);
    for (int32_t k = m->pair[s]; !st && k < m->pair[s + 1]; k++)
        r[k] = 1;
    o.direction = d;
    o.method = z->w->options.method;
    o.tolerance = 1e-11;
    if (!st)
        st = sx_solve(m, r, &o, out, err);
    sx_release(r);
    return st;
}

/* An upper end of sum p(i) h(y(i)); y NULL: the first n states. */
static double heading(const sx_solution *v, double here, const int32_t *y, const double *p,
                      int64_t n)
{
    double sum = 0, e = v->value_error;
    for (int64_t i = 0; i < n; i++)
        sum += p[i] * fmin(1, fmax(0, v->value[y ? y[i] : i] + e) / (here - e));
    return fmin(sum, 1);
}

/* The ranges of the pairs of s from the solve that heads for it; `least` is what s is visited
 * at least. */
static void conclude(search *z, int32_t s, const sx_solution *v, double least)
{
    const sx_mdp *m = z->m;
    double here = v->value[s], g = m->discount;
    z->sharp[s] = 4 * v->value_error <= SHARP * (1 - g);
    if (!(here > 2 * v->value_error))
        return;
    double start = heading(v, here, NULL, m->initial, m->states);
    for (int32_t k = m->pair[s]; k < m->pair[s + 1]; k++) {
        int64_t from = m->first[k], n = m->first[k + 1] - from;
        double again = g * heading(v, here, m->next + from, m->prob + from, n);
        z->upper[k] = fmin(z->upper[k], start / (1 - again) - least);
    }
}

static sx_status solve_state(search *z, int32_t s, sx_error *err)
{
    sx_solution *v = NULL, *low = NULL;
    double least = 0;
    sx_status st = arrive(z, s, SX_MAXIMISE, &v, err);
    if (!st && z->m->pair[s + 1] - z->m->pair[s] == 1) {
        st = arrive(z, s, SX_MINIMISE, &low, err);
        least = st ? 0 : fmax(low->lo, 0);
    }
    if (!st)
        conclude(z, s, v, least);
    z->solved[s] = 1;
    sx_solution_free(v);
    sx_solution_free(low);
    return st;
}

/* max over the pairs of s of the bound, each times its weight where there is one. */
static double state_bound(const search *z, const double *weight, int32_t s)
{
    double most = 0;
    for (int32_t k = z->m->pair[s]; k < z->m->pair[s + 1]; k++)
        most = fmax(most, z->upper[k] * (weight ? weight[k] : 1));
    return most;
}

/* The unsolved states of the greatest bounds above `floor`, at most `room`; how many. */
static int32_t choose(const search *z, const double *weight, double floor, int32_t room,
                      int32_t *state)
{
    double bound[BLOCK];
    int32_t n = 0;
    for (int32_t s = 0; s < z->m->states; s++) {
        double b = z->solved[s] ? 0 : state_bound(z, weight, s);
        if (!(b > floor) || (n == room && !(b > bound[n - 1])))
            continue;
        int32_t i = n < room ? n++ : n - 1;
        for (; i > 0 && bound[i - 1] < b; i--) {
            bound[i] = bound[i - 1];
            state[i] = state[i - 1];
        }
        bound[i] = b;
        state[i] = s;
    }
    return n;
}

/* The greatest bound among solved states (or all), and whether it is the range itself. */
static sx_constant greatest(const search *z, const double *weight, bool all)
{
    sx_constant c = {0, true};
    for (int32_t s = 0; s < z->m->states; s++) {
        double b = all || z->solved[s] ? state_bound(z, weight, s) : 0;
        bool known = z->solved[s] && z->sharp[s];
        if (b > c.value || (b >= c.value && known))
            c = (sx_constant){b, known};
    }
    return c;
}

static sx_status solve_block(search *z, const int32_t *state, int32_t n, sx_error *err)
{
    sx_error errors[BLOCK] = {SX_NO_ERROR};
    sx_status st = SX_OK;
#pragma omp parallel for schedule(dynamic) if (z->m->entries >= LARGE)
    for (int32_t i = 0; i < n; i++)
        errors[i].status = solve_state(z, state[i], &errors[i]);
    for (int32_t i = 0; i < n && !st; i++)
        if (errors[i].status)
            st = sx_fail(err, errors[i].status, "%s", errors[i].msg);
    return st;
}

/* max over all pairs of weight * range, for at most `solves` more states. */
static sx_status find(search *z, const double *weight, int64_t solves, sx_constant *c,
                      sx_error *err)
{
    int32_t state[BLOCK], n = 1;
    sx_status st = SX_OK;
    while (!st && n > 0 && solves > 0) {
        int32_t room = solves < BLOCK ? (int32_t)solves : BLOCK;
        n = choose(z, weight, greatest(z, weight, false).value, room, state);
        solves -= n;
        st = solve_block(z, state, n, err);
    }
    *c = greatest(z, weight, true);
    return st;
}

/* Largest |tau|_2, smallest and largest number of successors, and whether each state has two
 * actions: of what counts. */
typedef struct shape {
    double length;
    int64_t least, most;
    bool two;
} shape;

static shape shape_of(const search *z)
{
    const sx_mdp *m = z->m;
    shape f = {0, INT64_MAX, 0, true};
    for (int32_t s = 0; s < m->states; s++) {
        if (!sx_i_counts(z->w, s))
            continue;
        f.two = f.two && m->pair[s + 1] - m->pair[s] > 1;
        for (int32_t k = m->pair[s]; k < m->pair[s + 1]; k++) {
            int64_t n = m->first[k + 1] - m->first[k];
            double square = 0;
            for (int64_t t = m->first[k]; t < m->first[k + 1]; t++)
                square += m->prob[t] * m->prob[t];
            f.length = fmax(f.length, sqrt(square));
            f.least = n < f.least ? n : f.least;
            f.most = n > f.most ? n : f.most;
        }
    }
    return f;
}

/* The others from the first two. */
static void derive(const search *z, sx_constant c[SX_NORMS])
{
    shape f = shape_of(z);
    double linf = 2 / (1 - z->m->discount);
    double weighted = sqrt(c[SX_WEIGHTED_L1].value * linf);
    c[SX_LINF] = (sx_constant){linf, f.two};
    c[SX_WEIGHTED_L2] = (sx_constant){weighted, false};
    c[SX_L2] = (sx_constant){fmin(weighted * f.length, sqrt(c[SX_L1].value * linf)), false};
    c[SX_WEIGHTED_LINF] = (sx_constant){(double)f.most * linf, f.two && f.least == f.most};
}

sx_status sx_i_constants_find(const sx_regret_world *w, int64_t work,
                              sx_constant constant[SX_NORMS], sx_error *err)
{
    const sx_mdp *m = w->mdp;
    size_t states = (size_t)m->states, pairs = (size_t)m->pairs;
    search z = {.w = w, .m = m};
    int64_t solves = work / (m->entries + 1);
    z.upper = sx_alloc(pairs, sizeof *z.upper);
    z.tallest = sx_alloc(pairs, sizeof *z.tallest);
    z.solved = sx_alloc(states, 1);
    z.sharp = sx_alloc(states, 1);
    bool ok = z.upper && z.tallest && z.solved && z.sharp;
    sx_status st = ok ? SX_OK : sx_nomem(err);
    if (!st) {
        guess(&z);
        st = find(&z, NULL, solves / 2, &constant[SX_WEIGHTED_L1], err);
    }
    if (!st)
        st = find(&z, z.tallest, solves / 2, &constant[SX_L1], err);
    if (!st)
        derive(&z, constant);
    sx_release(z.upper);
    sx_release(z.tallest);
    sx_release(z.solved);
    sx_release(z.sharp);
    return st;
}
