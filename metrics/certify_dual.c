/* SPDX-License-Identifier: GPL-3.0-or-later */
/* certify_dual.c - the evidence for minimal forms in l1, linf, weighted-l1 and weighted-linf.
 *
 *     N(e) = sum_i w_i |e_i|  or  max_i w_i |e_i|,   Q(e) = sum_i q_i e_i^2,   e = value + B
 * phi
 *
 *     dual     y with B'y = 0:  N(e) >= y . value / |y|*, |.|* the dual norm of N
 *     centre   g, a subgradient of N at e, and a weight c > 0 with B'(g + c q e) = 0: then e
 *              is the one minimiser of N + c Q / 2, thus that of Q among all with no larger
 *              N.  With p the multipliers of the least squares on the optimal face,
 *              B'(q e - p) = 0 and g = y - c p, for any c that keeps g a subgradient
 *              (Mangasarian and Meyer 1979).
 *
 * What rounding and the tolerance of the simplex method leave is taken off by Newton steps:
 * with r = B'(g + c q e) in long double and D_i the room that g_i has to move in,
 *
 *     (c B'qB + B'DB / d) x = -r,     phi <- phi + x,   g <- g + D B x / d
 *
 * makes r = 0 for any d; a small d leaves the terms alone that g holds.  The matrix is factored
 * in double precision, in the unknowns of the program, phi(s) = psi(s) + t/(1-gamma), psi(0) =
 * 0. */
#include "metrics/certify_int.h"

#include <math.h>
#include <string.h>

/* Parts of a weight: nearer to the bound counts as on it. */
static const double on_bound = 1e-12;

/* How much more the terms weigh that g holds, and the ridge where there is no c. */
static const double stiff = 1e8, ridge = 1e-10;

enum { PASSES = 6 };

typedef struct newton {
    sx_i_terms *x;
    const sx_i_goal *t;
    sx_certified_form *f;
    double c;
    double *y, *low;                    /* [N] g in two parts, or y with low NULL */
    double *pull;                       /* [N] D / d */
    double *factor;                     /* [n*n] */
    double *weight;                     /* [N] of the matrix */
    double *old_y, *old_low;            /* [N] */
    double *old_phi, *old_rest;         /* [n] */
    double *step;                       /* [n] */
    long double *residual, *lost, *phi; /* [n] */
} newton;

static bool newton_room(sx_i_terms *x, newton *w)
{
    size_t n = (size_t)x->t->unknowns, terms = (size_t)x->t->terms;
    *w = (newton){.x = x, .t = x->t};
    w->pull = sx_alloc(terms, sizeof *w->pull);
    w->weight = sx_alloc(terms, sizeof *w->weight);
    w->old_y = sx_alloc(terms, sizeof *w->old_y);
    w->old_low = sx_alloc(terms, sizeof *w->old_low);
    w->factor = sx_alloc(n * n, sizeof *w->factor);
    w->old_phi = sx_alloc(n, sizeof *w->old_phi);
    w->old_rest = sx_alloc(n, sizeof *w->old_rest);
    w->step = sx_alloc(n, sizeof *w->step);
    w->residual = sx_alloc(n, sizeof *w->residual);
    w->lost = sx_alloc(n, sizeof *w->lost);
    w->phi = sx_alloc(n, sizeof *w->phi);
    return w->pull && w->weight && w->old_y && w->old_low && w->factor && w->old_phi &&
           w->old_rest && w->step && w->residual && w->lost && w->phi;
}

static void newton_release(newton *w)
{
    sx_release(w->pull);
    sx_release(w->weight);
    sx_release(w->old_y);
    sx_release(w->old_low);
    sx_release(w->factor);
    sx_release(w->old_phi);
    sx_release(w->old_rest);
    sx_release(w->step);
    sx_release(w->residual);
    sx_release(w->lost);
    sx_release(w->phi);
}

/* Terms that the check takes for 0, or for the largest, are. */
static void round_terms(sx_i_terms *x)
{
    const sx_i_goal *t = x->t;
    long double top = 0;
    for (int32_t i = 0; i < t->terms; i++)
        top = fmaxl(top, fabsl(x->e[i]) * (t->largest ? t->weight[i] : 1));
    for (int32_t i = 0; i < t->terms; i++) {
        if (!t->largest && fabsl(x->e[i]) <= SX_I_SAME * top)
            x->e[i] = 0;
        if (t->largest && fabsl(x->e[i]) * t->weight[i] >= (1 - (long double)SX_I_SAME) * top)
            x->e[i] = copysignl(top / t->weight[i], x->e[i]);
    }
}

/* residual += y row_i of B */
static void enter(newton *w, int32_t i, long double y)
{
    const sx_i_terms *x = w->x;
    for (int64_t p = x->start[i]; p < x->start[i + 1]; p++)
        sx_i_twice_add_product(&w->residual[x->col[p]], &w->lost[x->col[p]], x->coef[p], 1, y);
}

/* residual = B'(y + low + c q e) by the unknowns of the program.  Returns its largest entry. */
static long double look(newton *w)
{
    const sx_i_goal *t = w->t;
    long double sum = 0, most = 0;
    if (w->c > 0) {
        sx_i_terms_value(w->x, w->f);
        round_terms(w->x);
    }
    for (int32_t j = 0; j < t->unknowns; j++)
        w->residual[j] = w->lost[j] = 0;
    for (int32_t i = 0; i < t->terms; i++) {
        enter(w, i, w->low ? (long double)w->y[i] + w->low[i] : w->y[i]);
        enter(w, i, (long double)w->c * t->square[i] * w->x->e[i]);
    }
    for (int32_t j = 0; j < t->unknowns; j++)
        sum += w->residual[j] += w->lost[j];
    w->residual[0] = sum / (1 - (long double)w->x->m->discount);
    for (int32_t j = 0; j < t->unknowns; j++)
        most = fmaxl(most, fabsl(w->residual[j]));
    return most;
}

/* What y_i may move by; what is on its bound, or nothing in a maximum, stays. */
static double room_of(const sx_i_goal *t, int32_t i, double y)
{
    double part = fabs(y) / t->weight[i], free = t->largest ? part : 1 - part;
    return free > on_bound ? t->weight[i] * t->weight[i] : 0;
}

/* Factor the matrix. */
static bool prepare(newton *w)
{
    const sx_i_goal *t = w->t;
    double room = 0, square = 0;
    for (int32_t i = 0; i < t->terms; i++) {
        w->pull[i] = room_of(t, i, w->y[i]);
        room = fmax(room, w->pull[i]);
        square = fmax(square, t->square[i]);
    }
    double c = w->c > 0 ? w->c : ridge, scale = w->c > 0 ? stiff * c * square / room : 1;
    for (int32_t i = 0; i < t->terms; i++) {
        w->pull[i] *= scale;
        w->weight[i] = c * t->square[i] + w->pull[i];
    }
    memset(w->factor, 0, (size_t)t->unknowns * (size_t)t->unknowns * sizeof *w->factor);
    sx_i_goal_normal(t, w->weight, w->factor);
    return room > 0 && sx_i_cholesky(w->factor, t->unknowns);
}

/* phi = -(L L')^-1 residual, as a potential. */
static void find_step(newton *w)
{
    int32_t n = w->t->unknowns;
    for (int32_t i = 0; i < n; i++) {
        const double *row = w->factor + (size_t)i * (size_t)n;
        double sum = (double)-w->residual[i];
        for (int32_t j = 0; j < i; j++)
            sum -= row[j] * w->step[j];
        w->step[i] = sum / row[i];
    }
    for (int32_t i = n; i-- > 0;) {
        const double *row = w->factor + (size_t)i * (size_t)n;
        w->step[i] /= row[i];
        for (int32_t j = 0; j < i; j++)
            w->step[j] -= row[j] * w->step[i];
    }
    long double level = w->step[0] / (1 - (long double)w->x->m->discount);
    for (int32_t j = 0; j < n; j++)
        w->phi[j] = (j > 0 ? w->step[j] : 0) + level;
}

/* high + low += x */
static void add(double *high, double *low, long double x)
{
    long double sum = x + *high + (low ? *low : 0);
    *high = (double)sum;
    if (low)
        *low = (double)(sum - *high);
}

static void take_step(newton *w)
{
    const sx_i_terms *x = w->x;
    for (int32_t i = 0; i < w->t->terms; i++) {
        long double change = 0;
        for (int64_t p = x->start[i]; w->pull[i] > 0 && p < x->start[i + 1]; p++)
            change += x->coef[p] * w->phi[x->col[p]];
        add(&w->y[i], w->low ? &w->low[i] : NULL, w->pull[i] * change);
    }
    for (int32_t j = 0; w->c > 0 && j < w->t->unknowns; j++)
        add(&w->f->potential[j], &w->f->potential_rest[j], w->phi[j]);
}

/* Copy y and, where it moves, the potential: out of w, or back. */
static void save(const newton *w, bool back)
{
    size_t terms = (size_t)w->t->terms * sizeof(double),
           n = (size_t)w->t->unknowns * sizeof(double);
    memcpy(back ? w->y : w->old_y, back ? w->old_y : w->y, terms);
    if (w->low)
        memcpy(back ? w->low : w->old_low, back ? w->old_low : w->low, terms);
    if (!(w->c > 0))
        return;
    double *phi = w->f->potential, *rest = w->f->potential_rest;
    memcpy(back ? phi : w->old_phi, back ? w->old_phi : phi, n);
    memcpy(back ? rest : w->old_rest, back ? w->old_rest : rest, n);
}

/* Bring B'(y + low + c q e) nearer to 0; c = 0: y alone, which stays in double precision. */
static void refine(newton *w, double c, double *y, double *low)
{
    w->c = c;
    w->y = y;
    w->low = low;
    if (!prepare(w))
        return;
    long double before = look(w);
    for (int pass = 0; pass < PASSES; pass++) {
        save(w, false);
        find_step(w);
        take_step(w);
        long double after = look(w);
        if (!(after < before)) {
            save(w, true);
            return;
        }
        before = after;
    }
}

/* What the face took for a bound is one; in a maximum, what the simplex method left where there
 * is nothing to hold goes. */
static void onto_bound(const sx_i_terms *x, double *y)
{
    const sx_i_goal *t = x->t;
    double top = sx_i_goal_size(t, t->value);
    for (int32_t i = 0; i < t->terms; i++) {
        double part = t->weight[i] * t->value[i] / top;
        if (t->largest && !(copysign(1, y[i]) * part >= 1 - SX_I_SAME))
            y[i] = 0;
        if (!t->largest && fabs(y[i]) >= (1 - SX_I_LP_SLACK) * t->weight[i])
            y[i] = copysign(t->weight[i], y[i]);
    }
}

/* Half of the largest c for which y - c pull has the signs and sizes of a subgradient. */
static double find_weight(const sx_i_goal *t, const double *y, const double *pull)
{
    double most = INFINITY, scale = 0;
    for (int32_t i = 0; i < t->terms; i++) {
        double room = t->weight[i] - copysign(1, -pull[i]) * y[i];
        if (t->largest)
            room = y[i] * pull[i] > 0 ? fabs(y[i]) : INFINITY;
        if (pull[i] != 0)
            most = fmin(most, room / fabs(pull[i]));
        scale = fmax(scale, t->square[i] * fabs(t->value[i]) / t->weight[i]);
    }
    return fmin(most / 2, 1 / scale);
}

/* From multipliers to the two vectors. */
static sx_status settle(sx_i_terms *x, sx_i_goal_proof *p, sx_certified_form *f, sx_error *err)
{
    newton w;
    double *low = sx_alloc((size_t)x->t->terms, sizeof *low);
    f->potential_rest = sx_alloc((size_t)x->m->states, sizeof *f->potential_rest);
    sx_status st = newton_room(x, &w) && low && f->potential_rest ? SX_OK : sx_nomem(err);
    w.f = f;
    if (!st) {
        onto_bound(x, p->dual);
        refine(&w, 0, p->dual, NULL);
        f->weight = find_weight(x->t, p->dual, p->pull);
        for (int32_t i = 0; i < x->t->terms; i++)
            p->pull[i] = p->dual[i] - f->weight * p->pull[i];
        refine(&w, f->weight, p->pull, low);
        st = sx_i_terms_spread(x, p->dual, NULL, &f->dual, NULL, err);
    }
    if (!st)
        st = sx_i_terms_spread(x, p->pull, low, &f->centre, &f->centre_rest, err);
    newton_release(&w);
    sx_release(low);
    return st;
}

sx_status sx_i_certify_dual(const sx_mdp *m, const sx_reward *reward, sx_certified_form *f,
                            sx_error *err)
{
    sx_i_terms x = {0};
    sx_i_goal_proof p = {0};
    bool unique;
    const char *reason = NULL;
    double *at = sx_alloc((size_t)m->states, sizeof *at);
    sx_status st = at ? sx_i_terms_make(m, reward, f->canon, f->norm, &x, err) : sx_nomem(err);
    if (!st)
        st = sx_i_goal_fit(x.t, at, &unique, &reason, &p, err);
    if (!st && p.given)
        st = settle(&x, &p, f, err);
    sx_i_goal_proof_release(&p);
    sx_i_terms_release(&x);
    sx_release(at);
    return st;
}
