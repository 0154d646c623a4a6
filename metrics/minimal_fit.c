/* SPDX-License-Identifier: GPL-3.0-or-later */
/* minimal_fit.c - minimal forms in l1, linf, weighted-l1 and weighted-linf.
 *
 * First the potential of least squares, which makes equal what is equivalent up to rounding;
 * then the linear program of what is left, scaled to 1; then, as its minimiser need not be
 * unique, the one of least l2 norm among the minimisers.  The answer counts when its sum (or
 * maximum) is that of the dual within 1e-9. */
#include "metrics/minimal_int.h"

#include <math.h>

static const char *const unsolved =
    "the minimal form in this norm could not be certified in double precision";
static const char *const too_large =
    "minimal in the l1 and linf kinds is computed up to 400 states, 120000 pairs of state and "
    "action, and 1000000 possible triples";
static const char *const too_many = "minimal-potential in the l1 and linf kinds is computed up "
                                    "to 400 states and 120000 triples "
                                    "(weighted: possible triples)";

static double largest(const double *x, int32_t n)
{
    double most = 0;
    for (int32_t i = 0; i < n; i++)
        most = fmax(most, fabs(x[i]));
    return most;
}

/* value <- the terms at x, and x the potential of least squares. */
static sx_status centre(sx_i_goal *t, sx_i_face *f, double *x, sx_error *err)
{
    double *step = sx_alloc((size_t)t->unknowns, sizeof *step);
    for (int pass = 0; step && pass < 3; pass++) {
        for (int32_t j = 0; j < t->unknowns; j++)
            step[j] = 0;
        sx_i_face_centre(f, t->value, step);
        for (int32_t i = 0; i < t->terms; i++)
            t->value[i] = (double)(t->value[i] + sx_i_goal_change(t, i, step));
        for (int32_t j = 0; j < t->unknowns; j++)
            x[j] += step[j];
    }
    sx_release(step);
    return step ? SX_OK : sx_nomem(err);
}

typedef struct work {
    double *lo, *hi, *e, *dual; /* [N] */
    double *x;                  /* [n] */
} work;

static sx_status work_init(work *w, const sx_i_goal *t, sx_error *err)
{
    w->lo = sx_alloc((size_t)t->terms, sizeof *w->lo);
    w->hi = sx_alloc((size_t)t->terms, sizeof *w->hi);
    w->e = sx_alloc((size_t)t->terms, sizeof *w->e);
    w->dual = sx_alloc((size_t)t->terms, sizeof *w->dual);
    w->x = sx_alloc((size_t)t->unknowns, sizeof *w->x);
    return w->lo && w->hi && w->e && w->dual && w->x ? SX_OK : sx_nomem(err);
}

static void work_clear(work *w)
{
    sx_release(w->lo);
    sx_release(w->hi);
    sx_release(w->e);
    sx_release(w->dual);
    sx_release(w->x);
}

/* The program of values whose largest is 1; w->e and w->x are its answer. */
static sx_status attempt(const sx_i_goal *t, sx_i_face *f, double blur, work *w, bool *solved,
                         bool *unique, sx_error *err)
{
    double least = 0;
    sx_status st = sx_i_goal_optimum(t, blur, w->dual, w->lo, w->hi, &least, solved, err);
    if (st || !*solved)
        return st;
    bool near = sx_i_face_nearest(f, w->lo, w->hi, w->x, w->e, unique);
    *solved = near && fabs(sx_i_goal_size(t, w->e) - least) <= 1e-9 * least;
    return SX_OK;
}

/* Ties slow the simplex method by a factor of ten, so that they are broken at first.  The
 * face of such an answer is the right one if there is a point on it. */
static sx_status minimise(const sx_i_goal *t, sx_i_face *f, work *w, bool *solved, bool *unique,
                          sx_error *err)
{
    sx_status st = attempt(t, f, 1e-7, w, solved, unique, err);
    return st || *solved ? st : attempt(t, f, 0, w, solved, unique, err);
}

/* What the answer in w proves of values that are `scale` times as large. */
static sx_status keep_proof(const sx_i_goal *t, const sx_i_face *f, double scale, work *w,
                            sx_i_goal_proof *proof, sx_error *err)
{
    proof->pull = sx_alloc((size_t)t->terms, sizeof *proof->pull);
    if (!proof->pull)
        return sx_nomem(err);
    sx_i_face_pull(f, proof->pull);
    for (int32_t i = 0; i < t->terms; i++)
        proof->pull[i] *= scale;
    proof->dual = w->dual;
    w->dual = NULL;
    proof->given = true;
    return SX_OK;
}

void sx_i_goal_proof_release(sx_i_goal_proof *p)
{
    sx_release(p->dual);
    sx_release(p->pull);
    *p = (sx_i_goal_proof){0};
}

/* After centring: nothing is left of a reward of size `size`, or the program is solved. */
static sx_status descend(sx_i_goal *t, sx_i_face *f, double size, double *x, bool *unique,
                         const char **reason, sx_i_goal_proof *proof, sx_error *err)
{
    work w = {0};
    bool solved = false;
    double scale = largest(t->value, t->terms);
    if (!(scale > 1e-13 * size))
        return SX_OK;
    sx_status st = work_init(&w, t, err);
    for (int32_t i = 0; i < t->terms; i++)
        t->value[i] /= scale;
    if (!st)
        st = minimise(t, f, &w, &solved, unique, err);
    *reason = st || solved ? NULL : unsolved;
    for (int32_t i = 0; !st && i < t->terms; i++)
        t->value[i] = scale * w.e[i];
    for (int32_t j = 0; !st && j < t->unknowns; j++)
        x[j] += scale * w.x[j];
    if (!st && solved && proof)
        st = keep_proof(t, f, scale, &w, proof, err);
    work_clear(&w);
    return st;
}

sx_status sx_i_goal_fit(sx_i_goal *t, double *x, bool *unique, const char **reason,
                        sx_i_goal_proof *proof, sx_error *err)
{
    sx_i_face *f = NULL;
    double size = largest(t->value, t->terms);
    *unique = true;
    *reason = NULL;
    for (int32_t j = 0; j < t->unknowns; j++)
        x[j] = 0;
    sx_status st = sx_i_face_new(t, &f, err);
    if (!st && !f)
        *reason = unsolved;
    if (f)
        st = centre(t, f, x, err);
    if (!st && f)
        st = descend(t, f, size, x, unique, reason, proof, err);
    sx_i_face_free(f);
    return st;
}

/* What l1 and weighted-linf make of row values e [K]. */
static void spread(const sx_mdp *m, const double *e, sx_norm norm, sx_reward *out)
{
    for (int32_t k = 0; k < m->pairs; k++) {
        int64_t top = m->first[k];
        double support = (double)(m->first[k + 1] - top);
        for (int64_t t = top; t < m->first[k + 1]; t++) {
            top = m->prob[t] > m->prob[top] ? t : top;
            out->on[t] = norm == SX_L1 ? 0 : e[k] / (support * m->prob[t]);
        }
        if (norm == SX_L1)
            out->on[top] = e[k] / m->prob[top];
    }
}

/* *out: the representative of row values e [K]. */
static sx_status represent(const sx_mdp *m, const double *e, sx_norm norm, sx_reward **out,
                           sx_error *err)
{
    sx_status st = sx_reward_new(m, out, err);
    if (st || norm == SX_LINF || norm == SX_WEIGHTED_L1)
        return st ? st : sx_reward_add_left(m, *out, e, err);
    spread(m, e, norm, *out);
    return SX_OK;
}

sx_status sx_i_minimal_lp(const sx_mdp *m, const sx_reward *r, sx_norm norm, sx_reward **out,
                          bool *unique, const char **reason, sx_error *err)
{
    sx_i_goal *t = NULL;
    *unique = false;
    *reason = NULL;
    if (m->states > SX_I_FIT_STATES || m->pairs > SX_I_FIT_TERMS ||
        m->entries > SX_I_FIT_ENTRIES)
        *reason = too_large;
    if (*reason)
        return SX_OK;
    double *row = sx_alloc((size_t)m->pairs, sizeof *row);
    double *x = sx_alloc((size_t)m->states, sizeof *x);
    sx_status st = row && x ? SX_OK : sx_nomem(err);
    if (!st) {
        sx_reward_mean(m, r, row);
        st = sx_i_goal_rows(m, row, norm, &t, err);
    }
    if (!st)
        st = sx_i_goal_fit(t, x, unique, reason, NULL, err);
    if (!st && !*reason)
        st = represent(m, t->value, norm, out, err);
    sx_i_goal_free(t);
    sx_release(row);
    sx_release(x);
    return st;
}

/* *out = r + gamma psi(s') - psi(s) - t on every triple, x = (t, psi). */
static sx_status shape(const sx_mdp *m, const sx_reward *r, double *x, sx_reward **out,
                       sx_error *err)
{
    sx_status st = sx_reward_copy(m, r, out, err);
    if (!st)
        st = sx_i_add_constant(m, *out, -x[0], err);
    x[0] = 0;
    return st ? st : sx_reward_shape(m, *out, x, err);
}

static const char *refusal(const sx_mdp *m, const sx_reward *r, bool weighted)
{
    int64_t terms = weighted ? m->entries : (int64_t)m->pairs * m->states;
    if (!weighted && r->unknown)
        return r->unknown;
    return m->states > SX_I_FIT_STATES || terms > SX_I_FIT_TERMS ? too_many : NULL;
}

sx_status sx_i_minimal_potential_lp(const sx_mdp *m, const sx_reward *r, sx_norm norm,
                                    sx_reward **out, bool *unique, const char **reason,
                                    sx_error *err)
{
    bool weighted = norm == SX_WEIGHTED_L1 || norm == SX_WEIGHTED_LINF;
    sx_i_goal *t = NULL;
    *unique = false;
    *reason = refusal(m, r, weighted);
    if (*reason)
        return SX_OK;
    double *x = sx_alloc((size_t)m->states, sizeof *x);
    sx_status st = x ? SX_OK : sx_nomem(err);
    if (!st)
        st = weighted ? sx_i_goal_possible(m, r, norm, &t, err)
                      : sx_i_goal_every(m, r, norm, &t, err);
    if (!st)
        st = sx_i_goal_fit(t, x, unique, reason, NULL, err);
    if (!st && !*reason)
        st = shape(m, r, x, out, err);
    sx_i_goal_free(t);
    sx_release(x);
    return st;
}
