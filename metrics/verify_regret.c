/* SPDX-License-Identifier: GPL-3.0-or-later */
/* verify_regret.c - checking regrets.
 *
 *     from above   W <= span(R1 - lambda R2) for any lambda >= 0: one sweep each for the
 *                  greatest and the least values
 *     from below   W >= J1(high) - J1(low) - 2 (span R1 / span R2) max(0, J2(high) - J2(low)):
 *                  the loss as a function of how much the proxy may lose is concave, with
 *                  slope lambda* <= 2 span R1 / span R2 at 0
 *
 * Optimal-policy regrets are ranges of J1 over policies that use the proxy's optimal actions
 * alone; which those are follows from the proxy's greatest values. */
#include "metrics/certificate_int.h"

#include <float.h>
#include <math.h>

/* What is proved of a reward. */
typedef struct known {
    double noise;        /* of the shaped reward */
    double size;         /* largest possible reward */
    sx_i_proof up, down; /* greatest and least return of the shaped reward */
    double span[2];      /* of its returns */
} known;

static sx_i_proof minus(sx_i_proof a, sx_i_proof b)
{
    return (sx_i_proof){.lo = a.lo - b.hi, .hi = a.hi - b.lo};
}

static sx_i_proof sweep(const sx_i_scope *w, const long double *r, double noise,
                        const double *v, int sign)
{
    return sx_i_scope_sweep(w, &(sx_i_sweep){.r = r, .noise = noise, .v = v, .sign = sign});
}

/* Shape reward i into r and learn its span. */
static known learn(const sx_i_checking *g, int32_t i, long double *r)
{
    const sx_certified_reward *x = &g->c->reward[i];
    const sx_reward *reward = g->reward[x->reward];
    known p = {.size = sx_i_scope_largest(&g->scope, reward)};
    p.noise = sx_i_scope_shape(&g->scope, reward, x->potential, r);
    p.up = sweep(&g->scope, r, p.noise, x->most, 1);
    p.down = sweep(&g->scope, r, p.noise, x->least, -1);
    sx_i_proof span = minus(p.up, p.down);
    p.span[0] = fmax(span.lo, 0);
    p.span[1] = span.hi;
    return p;
}

/* Claims about one reward: its range, and whether it is trivial. */
static void check_reward(sx_i_checking *g, int32_t i)
{
    const sx_certified_reward *x = &g->c->reward[i];
    known p = learn(g, i, g->r);
    double horizon = 1 / (1 - g->scope.m->discount);
    double least = g->c->trivial * p.size * horizon;
    double slack = g->c->tolerance * p.span[1] + 64 * DBL_EPSILON * p.size * horizon;
    if (x->trivial)
        slack += least;
    double shift = (double)sx_i_scope_start(&g->scope, x->potential);
    double slip =
        4 * DBL_EPSILON * fabs(shift) + (double)LDBL_EPSILON * g->scope.n * p.size * horizon;
    sx_i_proof lo = {.lo = p.down.lo + shift - slip, .hi = p.down.hi + shift + slip};
    sx_i_proof hi = {.lo = p.up.lo + shift - slip, .hi = p.up.hi + shift + slip};
    sx_i_claim(g, "least return", i, -1, x->range[0], lo, slack);
    sx_i_claim(g, "greatest return", i, -1, x->range[1], hi, slack);
    if (x->trivial)
        sx_i_claim_that(g, "trivial", i, -1, p.span[1] <= least * (1 + 1e-9),
                        "the range of returns is not proved to be so narrow");
    else
        sx_i_claim_that(g, "not trivial", i, -1, p.span[0] > least * (1 - 1e-9),
                        "the range of returns is not proved to be so wide");
}

/* [lo, hi] divided by a span, and cut to [0,1], where regrets are. */
static sx_i_proof share(sx_i_proof a, const double span[2])
{
    double lo = a.lo > 0 ? a.lo / span[1] : 0;
    double hi = a.hi > 0 ? a.hi / span[0] : 0;
    if (!(span[0] > 0) || !(a.lo <= a.hi))
        return (sx_i_proof){.lo = -INFINITY, .hi = INFINITY};
    return (sx_i_proof){.lo = fmin(lo * (1 - 4 * DBL_EPSILON), 1),
                        .hi = fmin(hi * (1 + 4 * DBL_EPSILON), 1)};
}

/* One side of the witness; good: a policy, and its values are as near as the tolerance. */
typedef struct side {
    bool good;
    sx_i_proof truth, proxy;
} side;

static side look(const sx_i_checking *g, const sx_certified_policy *p, const known *truth,
                 const known *proxy)
{
    const sx_i_scope *w = &g->scope;
    sx_i_sweep a = {.r = g->r, .noise = truth->noise, .v = p->truth, .policy = p->policy};
    sx_i_sweep b = {.r = g->r2, .noise = proxy->noise, .v = p->proxy, .policy = p->policy};
    side s = {.good = sx_i_scope_policy(w, p->policy)};
    if (s.good) {
        s.truth = sx_i_scope_sweep(w, &a);
        s.proxy = sx_i_scope_sweep(w, &b);
        s.good = s.truth.hi - s.truth.lo <= g->c->tolerance * truth->span[1] &&
                 s.proxy.hi - s.proxy.lo <= g->c->tolerance * proxy->span[1];
    }
    return s;
}

/* What the witness proves from below; -INFINITY where it is none. */
static double from_below(const sx_i_checking *g, const sx_certified_pair *x, const known *truth,
                         const known *proxy)
{
    side high = look(g, &x->high, truth, proxy), low = look(g, &x->low, truth, proxy);
    if (!high.good || !low.good || !(proxy->span[0] > 0))
        return -INFINITY;
    double lost = fmax(0, high.proxy.hi - low.proxy.lo);
    double slope = 2 * truth->span[1] / proxy->span[0];
    return high.truth.lo - low.truth.hi - slope * lost * (1 + 8 * DBL_EPSILON);
}

/* The worst case.  Turns g->r into R1 - lambda R2. */
static void check_worst(sx_i_checking *g, const sx_certified_pair *x, const known *truth,
                        const known *proxy)
{
    double t = g->c->tolerance;
    sx_i_proof p = {.lo = from_below(g, x, truth, proxy)};
    double noise = truth->noise + fabs(x->lambda) * proxy->noise;
    for (int32_t i = 0; i < g->scope.k; i++)
        g->r[i] -= x->lambda * g->r2[i];
    sx_i_proof dual = minus(sweep(&g->scope, g->r, noise, x->most, 1),
                            sweep(&g->scope, g->r, noise, x->least, -1));
    p.hi = x->lambda >= 0 ? dual.hi : INFINITY;
    sx_i_claim(g, "worst_case", x->truth, x->proxy, x->worst_case, share(p, truth->span), t);
    sx_i_claim(g, "dual", x->truth, x->proxy, x->dual, share(dual, truth->span), t);
    sx_i_claim_that(g, "primal", x->truth, x->proxy, x->primal == x->worst_case,
                    "it is not the worst case");
    sx_i_claim_that(g, "gap", x->truth, x->proxy,
                    x->gap == x->dual - x->primal && x->gap <= t && x->gap >= -t,
                    "it is not dual - primal, or too wide");
}

/* Whether fewer actions are ties than those within 1e-9 of the largest reward: of the policy of
 * t, which takes actions within SX_TIGHTER times the share alone, that it falls short. */
static bool are_fewer(const sx_i_checking *g, const sx_certified_reward *y,
                      const sx_certified_ties *t, const known *proxy, unsigned char *tied)
{
    const sx_i_scope *w = &g->scope;
    double wider = SX_TIGHTER * t->share * (1 - 1e-9);
    if (!t->policy || !t->proxy || !(t->share > 0 && wider <= 1) ||
        !sx_i_scope_policy(w, t->policy))
        return false;
    sx_i_scope_tied(w, g->r2, y->most, y->least, wider * (1 + 2e-9), tied);
    for (int32_t i = 0; i < w->k; i++)
        if (t->policy[i] > 0 && !tied[i])
            return false;
    sx_i_sweep a = {.r = g->r2, .noise = proxy->noise, .v = t->proxy, .policy = t->policy};
    return minus(proxy->up, sx_i_scope_sweep(w, &a)).lo > g->c->tolerance / 4 * proxy->span[0];
}

/* The range of returns of the ties. */
static sx_i_proof look_at_ties(const sx_i_checking *g, const sx_certified_pair *x, int sign,
                               const known *truth, const known *proxy, unsigned char *tied)
{
    const sx_certified_reward *y = &g->c->reward[x->proxy];
    const sx_certified_ties *t = sign > 0 ? &x->best : &x->worst;
    if (t->share != 1 && !are_fewer(g, y, t, proxy, tied))
        return (sx_i_proof){.lo = -INFINITY, .hi = INFINITY};
    sx_i_scope_tied(&g->scope, g->r2, y->most, y->least, t->share, tied);
    sx_i_sweep a = {
        .r = g->r, .noise = truth->noise, .v = t->value, .sign = sign, .allowed = tied};
    return sx_i_scope_sweep(&g->scope, &a);
}

/* The optimal-policy regrets. */
static sx_status check_optimal(sx_i_checking *g, const sx_certified_pair *x, const known *truth,
                               const known *proxy, sx_error *err)
{
    unsigned char *tied = sx_alloc((size_t)g->scope.k, 1);
    if (!tied)
        return sx_nomem(err);
    sx_i_proof worst = look_at_ties(g, x, -1, truth, proxy, tied);
    sx_i_proof best = look_at_ties(g, x, 1, truth, proxy, tied);
    sx_i_claim(g, "optimal_pessimistic", x->truth, x->proxy, x->pessimistic,
               share(minus(truth->up, worst), truth->span), g->c->tolerance);
    sx_i_claim(g, "optimal_optimistic", x->truth, x->proxy, x->optimistic,
               share(minus(truth->up, best), truth->span), g->c->tolerance);
    sx_release(tied);
    return SX_OK;
}

/* What follows when one of the rewards is trivial. */
static void check_trivial(sx_i_checking *g, const sx_certified_pair *x)
{
    double lost = g->c->reward[x->truth].trivial ? 0 : 1;
    bool good = x->pessimistic == lost && x->optimistic == 0 && x->worst_case == lost &&
                x->primal == lost && x->dual == lost && x->gap == 0 && x->lambda == 0 &&
                x->best.share == 0 && x->worst.share == 0;
    sx_i_claim_that(g, "regrets of a trivial reward", x->truth, x->proxy, good,
                    "they are 0 for a trivial true reward; for a trivial proxy 1, 0 and 1");
}

static sx_status check_pair(sx_i_checking *g, const sx_certified_pair *x, sx_error *err)
{
    if (g->c->reward[x->truth].trivial || g->c->reward[x->proxy].trivial) {
        check_trivial(g, x);
        return SX_OK;
    }
    known truth = learn(g, x->truth, g->r), proxy = learn(g, x->proxy, g->r2);
    sx_status st = check_optimal(g, x, &truth, &proxy, err);
    if (!st)
        check_worst(g, x, &truth, &proxy);
    return st;
}

sx_status sx_i_verify_regret(sx_i_checking *g, sx_error *err)
{
    sx_status st = SX_OK;
    for (int32_t i = 0; i < g->c->rewards; i++)
        check_reward(g, i);
    for (int32_t i = 0; !st && i < g->c->pairs; i++)
        st = check_pair(g, &g->c->pair[i], err);
    return st;
}
