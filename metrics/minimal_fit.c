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
    sx_i_side side;
    double *e;   /* [N] */
    double *x;   /* [n] */
    bool unique; /* x is the only minimiser */
} work;

static sx_status work_init(work *w, const sx_i_goal *t, sx_error *err)
{
    w->side.lo = sx_alloc((size_t)t->terms, sizeof *w->side.lo);
    w->side.hi = sx_alloc((size_t)t->terms, sizeof *w->side.hi);
    w->e = sx_alloc((size_t)t->terms, sizeof *w->e);
    w->side.dual = sx_alloc((size_t)t->terms, sizeof *w->side.dual);
    w->x = sx_alloc((size_t)t->unknowns, sizeof *w->x);
    return w->side.lo && w->side.hi && w->side.dual && w->e && w->x ? SX_OK : sx_nomem(err);
}

static void work_clear(work *w)
{
    sx_release(w->side.lo);
    sx_release(w->side.hi);
    sx_release(w->e);
    sx_release(w->side.dual);
    sx_release(w->x);
}

/* The program of values whose largest is 1; w->e and w->x are its answer. */
static sx_status attempt(const sx_i_goal *t, sx_i_face *f, double blur, work *w, sx_error *err)
{
    sx_i_side *o = &w->side;
    sx_status st = sx_i_goal_optimum(t, blur, o, err);
    if (st || !o->solved)
        return st;
    bool near = sx_i_face_nearest(f, o->lo, o->hi, w->x, w->e, &w->unique);
    o->solved = near && fabs(sx_i_goal_size(t, w->e) - o->least) <= 1e-9 * o->least;
    return SX_OK;
}

/* Ties slow the simplex method by a factor of ten, so that they are broken at first.  The
 * face of such an answer is the right one if there is a point on it. */
static sx_status minimise(const sx_i_goal *t, sx_i_face *f, work *w, sx_error *err)
{
    sx_status st = attempt(t, f, 1e-7, w, err);
    return st || w->side.solved ? st : attempt(t, f, 0, w, err);
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
    proof->dual = w->side.dual;
    w->side.dual = NULL;
    proof->given = true;
    return SX_OK;
}

void sx_i_goal_proof_release(sx_i_goal_proof *p)
{
    sx_release(p->dual);
    sx_release(p->pull);
    *p = (sx_i_goal_proof){0};
}

/* The program after centring, solved: x moves, the values become its terms, which are scaled to
 * 1 for it. */
static sx_status descend(sx_i_goal *t, sx_i_face *f, double scale, double *x, work *w,
                         sx_error *err)
{
    sx_status st = work_init(w, t, err);
    for (int32_t i = 0; i < t->terms; i++)
        t->value[i] /= scale;
    if (!st)
        st = minimise(t, f, w, err);
    for (int32_t i = 0; !st && i < t->terms; i++)
        t->value[i] = scale * w->e[i];
    for (int32_t j = 0; !st && j < t->unknowns; j++)
        x[j] += scale * w->x[j];
    return st;
}

sx_status sx_i_goal_fit(sx_i_goal *t, double *x, bool *unique, const char **reason,
                        sx_i_goal_proof *proof, sx_error *err)
{
    sx_i_face *f = NULL;
    work w = {.unique = true, .side.solved = true};
    double size = largest(t->value, t->terms), scale = 0;
    for (int32_t j = 0; j < t->unknowns; j++)
        x[j] = 0;
    sx_status st = sx_i_face_new(t, &f, err);
    if (f)
        st = centre(t, f, x, err);
    if (!st && f)
        scale = largest(t->value, t->terms);
    if (scale > 1e-13 * size) /* something is left of the reward */
        st = descend(t, f, scale, x, &w, err);
    *unique = w.unique;
    *reason = st || (f && w.side.solved) ? NULL : unsolved;
    if (!st && f && w.e && w.side.solved && proof)
        st = keep_proof(t, f, scale, &w, proof, err);
    work_clear(&w);
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
