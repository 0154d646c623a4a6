/* SPDX-License-Identifier: GPL-3.0-or-later */
/* equivalence_form.c - by which transformations one reward becomes the other.
 *
 * With the scale alpha fixed nothing else is free: with values V_r = common_r + value_r under
 * the uniform policy
 *
 *     b = alpha a + gamma Phi(s') - Phi(s), redistributed,   Phi = alpha V_a - V_b,
 *
 * so what the smallest set holds is read off: scale when alpha is not 1, a shift when Phi is a
 * constant, shaping when it is none, redistribution when single triples still differ.  Only
 * between trivial rewards is the scale free: a few are tried. */
#include "metrics/equivalence_int.h"

#include "metrics/canon_int.h"

#include <float.h>
#include <math.h>

/* One scale and what follows from it. */
typedef struct attempt {
    double scale, shift; /* b = scale a + shift + shaping */
    double *delta;       /* [S] -Phi without its constant part; zeros when nothing is shaped */
    double constant;     /* -Phi = delta + constant */
    unsigned set;
    double residual;
    const char *reason;
} attempt;

static double largest(const double *x, int32_t n)
{
    double most = 0;
    for (int32_t i = 0; i < n; i++)
        most = fmax(most, fabs(x[i]));
    return most;
}

static unsigned members(unsigned set)
{
    unsigned n = 0;
    for (; set; set >>= 1)
        n += set & 1U;
    return n;
}

/* What rounding may have done to alpha times a beside b. */
static double rounding(const sx_i_comparison *x, double alpha)
{
    return 2 * (x->b.error + alpha * x->a.error);
}

/* How wrong the scale may be. */
static double scale_error(const sx_i_comparison *x, double alpha)
{
    double most = largest(x->a.advantage, x->m->pairs);
    return most > x->a.error ? rounding(x, alpha) / most : 0;
}

/* --- the potential --- */

static void find_potential(const sx_i_comparison *x, attempt *t)
{
    const sx_mdp *m = x->m;
    double low = INFINITY, high = -INFINITY, alpha = t->scale;
    double wrong = scale_error(x, alpha), slack = rounding(x, alpha);
    for (int32_t s = 0; s < m->states; s++) {
        t->delta[s] = x->b.value[s] - alpha * x->a.value[s];
        low = fmin(low, t->delta[s]);
        high = fmax(high, t->delta[s]);
    }
    t->constant = x->b.common - alpha * x->a.common;
    t->shift = (1 - m->discount) * t->constant;
    if (high - low > slack + wrong * largest(x->a.value, m->states)) {
        t->set |= SX_BY_SHAPING;
        return;
    }
    for (int32_t s = 0; s < m->states; s++)
        t->delta[s] = 0;
    if (fabs(t->shift) > slack + wrong * x->a.size)
        t->set |= SX_BY_SHIFT;
    else
        t->shift = t->constant = 0;
}

/* --- what is left --- */

static sx_status find_residual(const sx_i_comparison *x, attempt *t, sx_error *err)
{
    const sx_mdp *m = x->m;
    double *rest = sx_alloc((size_t)m->pairs, sizeof *rest);
    if (!rest)
        return sx_nomem(err);
    for (int32_t k = 0; k < m->pairs; k++)
        rest[k] = x->b.mean[k] - t->scale * x->a.mean[k] - t->shift;
    sx_i_shape_rows(m, rest, t->delta, rest);
    t->residual = largest(rest, m->pairs);
    sx_release(rest);
    return SX_OK;
}

/* max |R| over all triples, where impossible ones have no value over the possible ones. */
static sx_status largest_value(const sx_mdp *m, const sx_reward *r, double *most,
                               const char **reason, sx_error *err)
{
    sx_number norm[SX_NORMS];
    sx_status st = sx_norms(m, r, 1U << SX_LINF, norm, err);
    if (st)
        return st;
    if (norm[SX_LINF].reason)
        *reason = norm[SX_LINF].reason;
    *most = norm[SX_LINF].reason ? sx_reward_max_possible(m, r) : norm[SX_LINF].value;
    return SX_OK;
}

/* rest = b - alpha a - shift - shaping, on triples. */
static sx_status make_rest(const sx_i_comparison *x, const attempt *t, sx_reward **rest,
                           sx_error *err)
{
    sx_status st = sx_reward_copy(x->m, x->b.reward, rest, err);
    if (!st)
        st = sx_reward_add(x->m, *rest, -t->scale, x->a.reward, err);
    if (!st)
        st = sx_i_add_constant(x->m, *rest, -t->shift, err);
    return st ? st : sx_reward_shape(x->m, *rest, t->delta, err);
}

static sx_status find_redistribution(const sx_i_comparison *x, attempt *t, sx_error *err)
{
    const sx_mdp *m = x->m;
    sx_reward *rest = NULL;
    double left = 0, a = 0, b = 0;
    sx_status st = make_rest(x, t, &rest, err);
    if (!st)
        st = largest_value(m, rest, &left, &t->reason, err);
    if (!st)
        st = largest_value(m, x->a.reward, &a, &t->reason, err);
    if (!st)
        st = largest_value(m, x->b.reward, &b, &t->reason, err);
    double units = b + t->scale * a + 2 * largest(t->delta, m->states);
    double slack = rounding(x, t->scale) + 16 * DBL_EPSILON * units;
    if (!st && left > slack + scale_error(x, t->scale) * a)
        t->set |= SX_BY_REDISTRIBUTION;
    sx_reward_free(rest);
    return st;
}

static sx_status try(const sx_i_comparison *x, double alpha, attempt *t, sx_error *err)
{
    double *delta = t->delta;
    *t = (attempt){.scale = alpha, .delta = delta, .set = alpha == 1 ? 0 : SX_BY_SCALE};
    find_potential(x, t);
    sx_status st = find_residual(x, t, err);
    return st ? st : find_redistribution(x, t, err);
}

/* --- the smallest set --- */

static double ratio(const double *a, const double *b, int64_t n)
{
    double length = sx_dot(a, a, n);
    double q = length > 0 ? sx_dot(a, b, n) / length : 1;
    return q > 0 && isfinite(q) ? q : 1;
}

/* Scales worth a look; *n: how many. */
static void scales(const sx_i_comparison *x, const sx_i_verdict *v, double alpha[3], int *n)
{
    *n = 1;
    alpha[0] = 1;
    if (isfinite(v->scale)) {
        if (fabs(v->scale - 1) > scale_error(x, v->scale))
            alpha[0] = v->scale;
        return;
    }
    alpha[(*n)++] = ratio(x->a.reward->on, x->b.reward->on, x->m->entries);
    alpha[(*n)++] = ratio(x->a.mean, x->b.mean, x->m->pairs);
}

static sx_status take(const sx_i_comparison *x, const attempt *t, sx_equivalence *out,
                      sx_error *err)
{
    int32_t n = x->m->states;
    if (!out->potential)
        out->potential = sx_alloc((size_t)n, sizeof *out->potential);
    if (!out->potential)
        return sx_nomem(err);
    for (int32_t s = 0; s < n; s++)
        out->potential[s] = 0 - (t->delta[s] + t->constant);
    out->transformations = t->set;
    out->scale = t->scale;
    out->residual = t->residual;
    out->reason = t->reason;
    return SX_OK;
}

sx_status sx_i_equivalence_form(const sx_i_comparison *x, const sx_i_verdict *v,
                                sx_equivalence *out, sx_error *err)
{
    attempt t = {.delta = sx_alloc((size_t)x->m->states, sizeof(double))};
    double alpha[3];
    int n;
    sx_status st = t.delta ? SX_OK : sx_nomem(err);
    scales(x, v, alpha, &n);
    for (int i = 0; i < n && !st; i++) {
        st = try(x, alpha[i], &t, err);
        if (!st && (i == 0 || members(t.set) < members(out->transformations)))
            st = take(x, &t, out, err);
    }
    sx_release(t.delta);
    return st;
}
