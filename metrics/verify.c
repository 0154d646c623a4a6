/* SPDX-License-Identifier: GPL-3.0-or-later */
/* verify.c - checking a certificate: the list of claims, and the answer of solve. */
#include "metrics/certificate_int.h"

#include <float.h>
#include <math.h>

static const char *const wide = "the evidence proves less than is claimed";
static const char *const wrong = "the evidence contradicts it";

static sx_claim *claim_new(sx_i_checking *g)
{
    sx_claims *l = g->claims;
    int32_t n = l->count;
    if ((n & (n - 1)) == 0) { /* full at powers of two */
        sx_claim *more = sx_realloc(l->claim, n ? 2 * (size_t)n : 1, sizeof *more);
        if (!more) {
            g->failed = true;
            return NULL;
        }
        l->claim = more;
    }
    l->count++;
    l->claim[n] = (sx_claim){.a = -1, .b = -1};
    return &l->claim[n];
}

/* The place in the specification of reward i of the certificate. */
static int32_t place(const sx_i_checking *g, int32_t i)
{
    return i < 0 ? -1 : g->c->reward[i].reward;
}

void sx_i_claim(sx_i_checking *g, const char *what, int32_t a, int32_t b, double stated,
                sx_i_proof proof, double slack)
{
    sx_claim *c = claim_new(g);
    if (!c)
        return;
    bool good = proof.lo >= stated - slack && proof.hi <= stated + slack;
    bool possible = proof.lo <= stated + slack && proof.hi >= stated - slack;
    *c = (sx_claim){what,     place(g, a), place(g, b), NULL, stated,
                    proof.lo, proof.hi,    SX_PROVED,   NULL};
    if (good)
        return;
    c->verdict = SX_UNPROVED;
    c->reason = possible ? wide : wrong;
    g->claims->unproved++;
}

void sx_i_claim_that(sx_i_checking *g, const char *what, int32_t a, int32_t b, bool holds,
                     const char *reason)
{
    sx_claim *c = claim_new(g);
    if (!c)
        return;
    *c = (sx_claim){what,
                    place(g, a),
                    place(g, b),
                    NULL,
                    NAN,
                    NAN,
                    NAN,
                    holds ? SX_PROVED : SX_UNPROVED,
                    holds ? NULL : reason};
    g->claims->unproved += !holds;
}

/* policy [n] holds the places of available actions; weight [k] is then the policy. */
static bool read_policy(const sx_i_scope *w, const double *policy, double *weight)
{
    for (int32_t s = 0; s < w->n; s++) {
        bool found = false;
        for (int32_t i = w->first[s]; i < w->first[s + 1]; i++) {
            weight[i] = policy[s] == w->m->action[w->pair[i]];
            found |= weight[i] > 0;
        }
        if (!found)
            return false;
    }
    return true;
}

sx_status sx_i_verify_solution(sx_i_checking *g, sx_error *err)
{
    const sx_certified_solution *x = g->c->solution;
    const sx_i_scope *w = &g->scope;
    double *weight = sx_alloc((size_t)w->k, sizeof *weight);
    if (!weight)
        return sx_nomem(err);
    double noise = sx_i_scope_shape(w, g->reward[g->c->reward[0].reward], NULL, g->r), size = 0;
    for (int32_t i = 0; i < w->k; i++)
        size = fmax(size, (double)fabsl(g->r[i]));
    double slack = g->c->tolerance * (size > 0 ? size / (1 - w->m->discount) : 1);
    sx_i_sweep a = {.r = g->r, .noise = noise, .v = x->value, .sign = x->minimise ? -1 : 1};
    sx_i_proof p = sx_i_scope_sweep(w, &a), q;
    sx_i_claim(g, "return, least", 0, -1, x->range[0], p, slack);
    sx_i_claim(g, "return, greatest", 0, -1, x->range[1], p, slack);
    sx_i_claim_that(g, "gap", 0, -1, x->gap == x->range[1] - x->range[0] && x->gap >= 0,
                    "it is not the width of the interval");
    q = (sx_i_proof){.lo = 0, .hi = fmax(p.above, -p.below)};
    sx_i_claim_that(g, "values", 0, -1, q.hi <= x->error + slack && x->error <= slack,
                    "the values are not proved to be so near");
    bool good = read_policy(w, x->policy, weight);
    a.sign = 0;
    a.policy = weight;
    q = good ? sx_i_scope_sweep(w, &a) : (sx_i_proof){-INFINITY, INFINITY, -INFINITY, INFINITY};
    sx_i_claim(g, "return of the policy", 0, -1, (x->range[0] + x->range[1]) / 2, q, 2 * slack);
    sx_release(weight);
    return SX_OK;
}

static sx_status check_by_kind(sx_i_checking *g, sx_error *err)
{
    switch (g->c->kind) {
    case SX_CERTIFICATE_REGRET: return sx_i_verify_regret(g, err);
    case SX_CERTIFICATE_SOLVE: return sx_i_verify_solution(g, err);
    case SX_CERTIFICATE_DISTANCE: return sx_i_verify_distances(g, err);
    case SX_CERTIFICATE_SHAPE: break; /* sx_shaping_check */
    }
    return sx_fail(err, SX_EARG, "a certificate of no known kind");
}

sx_status sx_certificate_verify(const sx_mdp *m, const sx_reward *const *reward,
                                const sx_certificate *c, sx_claims **out, sx_error *err)
{
    sx_i_checking g = {.c = c, .reward = reward};
    *out = NULL;
    sx_status st = sx_i_scope_make(m, c->kind != SX_CERTIFICATE_REGRET, &g.scope, err);
    if (st)
        return st;
    g.claims = sx_alloc(1, sizeof *g.claims);
    g.r = sx_alloc((size_t)g.scope.k, sizeof *g.r);
    g.r2 = sx_alloc((size_t)g.scope.k, sizeof *g.r2);
    st = g.claims && g.r && g.r2 ? check_by_kind(&g, err) : sx_nomem(err);
    if (!st && g.failed)
        st = sx_nomem(err);
    sx_release(g.r);
    sx_release(g.r2);
    sx_i_scope_release(&g.scope);
    *out = st ? sx_claims_free(g.claims) : g.claims;
    return st;
}

sx_claims *sx_claims_free(sx_claims *c)
{
    if (c)
        sx_release(c->claim);
    return sx_release(c);
}
