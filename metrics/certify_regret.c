/* SPDX-License-Identifier: GPL-3.0-or-later */
/* certify_regret.c - the evidence for regrets: value vectors, fine enough to prove them.
 *
 * Each reward is shaped by the middle of its greatest and least values (found coarsely,
 * twice), which makes values as small as they can be; then everything is solved to a small
 * part of the tolerance.  The evidence is made for the claims, not by the code that made
 * the claims: an error there shows when it is checked. */
#include "metrics/certificate_int.h"

#include "solvers/evaluate.h"

#include <math.h>
#include <string.h>

enum { PASSES = 3 };

static const double FINE = 1.0 / 64; /* of the tolerance, for each solve */

/* The world that is solved: the scope as a world of its own; NULL part: the whole. */
typedef struct bench {
    sx_i_scope scope;
    sx_part *part;
    const sx_mdp *m;
    const sx_method *method;
    const sx_reward *const *reward;
    double tolerance, trivial;
    long double *exact[2]; /* [k] */
    double *r;             /* [k] */
    unsigned char *tied;   /* [k] */
    double *span;          /* [rewards] upper ends, by place in the certificate */
} bench;

static void bench_release(bench *b)
{
    sx_i_scope_release(&b->scope);
    sx_part_free(b->part);
    sx_release(b->exact[0]);
    sx_release(b->exact[1]);
    sx_release(b->r);
    sx_release(b->tied);
    sx_release(b->span);
}

/* On failure to be released all the same. */
static sx_status bench_start(bench *b, const sx_mdp *m, int32_t rewards, sx_error *err)
{
    sx_status st = sx_i_scope_make(m, false, &b->scope, err);
    unsigned char *keep = NULL;
    b->m = m;
    if (!st && b->scope.n < m->states && m->discount > 0) {
        keep = sx_alloc((size_t)m->states, 1);
        st = keep ? SX_OK : sx_nomem(err);
        for (int32_t s = 0; !st && s < m->states; s++)
            keep[s] = b->scope.place[s] >= 0;
        if (!st)
            st = sx_mdp_restrict(m, keep, &b->part, err);
        if (!st)
            b->m = b->part->mdp;
        sx_release(keep);
    }
    if (st)
        return st;
    size_t k = (size_t)b->scope.k;
    b->exact[0] = sx_alloc(k, sizeof *b->exact[0]);
    b->exact[1] = sx_alloc(k, sizeof *b->exact[1]);
    b->r = sx_alloc(k, sizeof *b->r);
    b->tied = sx_alloc(k, 1);
    b->span = sx_alloc((size_t)rewards, sizeof *b->span);
    bool ok = b->exact[0] && b->exact[1] && b->r && b->tied && b->span;
    return ok ? SX_OK : sx_nomem(err);
}

static double *vector(int32_t n)
{
    return sx_alloc((size_t)n, sizeof(double));
}

/* With discount 0 the values are the best rewards, and the scope need be no world. */
static void solve_at_once(const bench *b, const double *r, const unsigned char *allowed,
                          int sign, double *v)
{
    const sx_i_scope *w = &b->scope;
    for (int32_t s = 0; s < w->n; s++) {
        double top = -INFINITY;
        for (int32_t i = w->first[s]; i < w->first[s + 1]; i++)
            if (!allowed || allowed[i])
                top = fmax(top, sign * r[i]);
        v[s] = sign * top;
    }
}

/* v [n] = greatest (sign 1) or least values of r [k]. */
static sx_status solve(const bench *b, const double *r, const unsigned char *allowed, int sign,
                       double tolerance, double *v, sx_error *err)
{
    sx_solve_options o = sx_solve_defaults();
    sx_solution *s = NULL;
    if (b->m->discount <= 0) {
        solve_at_once(b, r, allowed, sign, v);
        return SX_OK;
    }
    o.direction = sign > 0 ? SX_MAXIMISE : SX_MINIMISE;
    o.tolerance = tolerance > 0 ? tolerance : 1e-300;
    o.method = b->method;
    o.allowed = allowed;
    o.warm = v;
    sx_status st = sx_solve(b->m, r, &o, &s, err);
    if (!st)
        memcpy(v, s->value, (size_t)b->scope.n * sizeof *v);
    sx_solution_free(s);
    return st;
}

/* v [n] = values of policy p [k] for r [k]. */
static sx_status evaluate(const bench *b, const double *p, const long double *exact, double *v,
                          sx_error *err)
{
    const sx_i_scope *w = &b->scope;
    sx_evaluator *e = NULL;
    double bound;
    for (int32_t i = 0; i < w->k; i++)
        b->r[i] = (double)exact[i];
    if (b->m->discount <= 0) {
        for (int32_t s = 0; s < w->n; s++)
            for (int32_t i = w->first[s]; i < w->first[s + 1]; i++)
                v[s] += p[i] * b->r[i];
        return SX_OK;
    }
    sx_status st = sx_evaluator_new(b->m, p, &e, err);
    if (!st)
        st = sx_evaluator_values(e, b->r, v, &bound, err);
    sx_evaluator_free(e);
    return st;
}

static double largest(const double *r, int32_t n)
{
    double size = 0;
    for (int32_t i = 0; i < n; i++)
        size = fmax(size, fabs(r[i]));
    return size;
}

/* Let x's potential take in the middle of its values. */
static void recentre(const bench *b, sx_certified_reward *x)
{
    for (int32_t s = 0; s < b->scope.n; s++) {
        double middle = (x->most[s] + x->least[s]) / 2;
        x->potential[s] += middle;
        x->most[s] -= middle;
        x->least[s] -= middle;
    }
}

/* Solve the reward of x, shaped in b->r, both ways. */
static sx_status both_ways(const bench *b, sx_certified_reward *x, double tolerance,
                           sx_error *err)
{
    sx_status st = solve(b, b->r, NULL, 1, tolerance, x->most, err);
    if (!st)
        st = solve(b, b->r, NULL, -1, tolerance, x->least, err);
    return st;
}

static sx_status certify_values(bench *b, sx_certified_reward *x, double *span, sx_error *err)
{
    const sx_i_scope *w = &b->scope;
    double horizon = 1 / (1 - w->m->discount);
    double least = b->trivial * sx_i_scope_largest(w, b->reward[x->reward]) * horizon;
    sx_status st = SX_OK;
    for (int pass = 0; !st && pass < PASSES; pass++) {
        bool last = pass == PASSES - 1;
        double tolerance = FINE * fmax(b->tolerance * *span, x->trivial ? least : 0);
        sx_i_scope_shape(w, b->reward[x->reward], x->potential, b->exact[0]);
        for (int32_t i = 0; i < w->k; i++)
            b->r[i] = (double)b->exact[0][i];
        double size = largest(b->r, w->k);
        if (!last)
            tolerance = 1e-3 * size * horizon;
        else if (!x->trivial) /* as fine as what counts as a tie */
            tolerance = fmin(tolerance, FINE * 1e-9 * size);
        st = both_ways(b, x, tolerance, err);
        if (!last)
            recentre(b, x);
    }
    *span = fmax((double)(sx_i_scope_start(w, x->most) - sx_i_scope_start(w, x->least)), 0);
    return st;
}

/* The evidence of one side of the witness; exact[] hold the two rewards. */
static sx_status certify_side(bench *b, const double *pi, sx_certified_policy *p, sx_error *err)
{
    const sx_i_scope *w = &b->scope;
    p->policy = vector(w->k);
    p->truth = vector(w->n);
    p->proxy = vector(w->n);
    if (!p->policy || !p->truth || !p->proxy)
        return sx_nomem(err);
    for (int32_t i = 0; i < w->k; i++)
        p->policy[i] = pi[w->pair[i]];
    sx_status st = evaluate(b, p->policy, b->exact[0], p->truth, err);
    return st ? st : evaluate(b, p->policy, b->exact[1], p->proxy, err);
}

/* policy [k]: in each state the tied action that v [n] says is best (sign 1) or worst. */
static void follow(const bench *b, const double *v, int sign, double *policy)
{
    const sx_i_scope *w = &b->scope;
    for (int32_t s = 0; s < w->n; s++) {
        int32_t top = -1;
        long double most = 0;
        for (int32_t i = w->first[s]; i < w->first[s + 1]; i++) {
            long double q = sign * sx_i_scope_value(w, b->exact[0], v, i);
            policy[i] = 0;
            if (b->tied[i] && (top < 0 || q > most)) {
                top = i;
                most = q;
            }
        }
        policy[top] = 1;
    }
}

/* Which actions are ties, as the regret sees it: the best policy of them may lose a quarter of
 * the tolerance at most; else fewer are.  b->r: R1. */
static sx_status certify_ties(bench *b, const sx_certificate *c, const sx_certified_pair *x,
                              int sign, sx_certified_ties *t, sx_error *err)
{
    const sx_i_scope *w = &b->scope;
    const sx_certified_reward *proxy = &c->reward[x->proxy];
    double *policy = vector(w->k), *value = vector(w->n), loss = INFINITY;
    double allowed = b->tolerance / 4 * b->span[x->proxy];
    t->value = vector(w->n);
    t->policy = vector(w->k);
    t->proxy = vector(w->n);
    sx_status st = policy && value && t->value && t->policy && t->proxy ? SX_OK : sx_nomem(err);
    for (t->share = 1; !st; t->share /= SX_TIGHTER) {
        sx_i_scope_tied(w, b->exact[1], proxy->most, proxy->least, t->share, b->tied);
        for (int32_t i = 0; i < w->k; i++)
            b->r[i] = (double)b->exact[0][i];
        st = solve(b, b->r, b->tied, sign, FINE * b->tolerance * b->span[x->truth], t->value,
                   err);
        if (st)
            break;
        follow(b, t->value, sign, policy);
        memset(value, 0, (size_t)w->n * sizeof *value);
        st = evaluate(b, policy, b->exact[1], value, err);
        loss = (double)(sx_i_scope_start(w, proxy->most) - sx_i_scope_start(w, value));
        if (st || loss <= allowed || t->share < 1e-7)
            break;
        memcpy(t->policy, policy, (size_t)w->k * sizeof *policy);
        memcpy(t->proxy, value, (size_t)w->n * sizeof *value);
    }
    sx_release(policy);
    sx_release(value);
    if (t->share < 1)
        return st;
    t->policy = sx_release(t->policy);
    t->proxy = sx_release(t->proxy);
    return st;
}

/* Values of R1 - lambda R2, and of R1 with the optimal actions of R2. */
static sx_status certify_values_of_pair(bench *b, const sx_certificate *c, sx_certified_pair *x,
                                        sx_error *err)
{
    double tolerance = FINE * b->tolerance * b->span[x->truth];
    sx_status st = certify_ties(b, c, x, 1, &x->best, err);
    if (!st)
        st = certify_ties(b, c, x, -1, &x->worst, err);
    for (int32_t i = 0; i < b->scope.k; i++)
        b->r[i] = (double)(b->exact[0][i] - x->lambda * b->exact[1][i]);
    if (!st)
        st = solve(b, b->r, NULL, 1, tolerance, x->most, err);
    if (!st)
        st = solve(b, b->r, NULL, -1, tolerance, x->least, err);
    return st;
}

static sx_status certify_pair(bench *b, const sx_certificate *c, const sx_regret *g,
                              sx_certified_pair *x, sx_error *err)
{
    const sx_certified_reward *truth = &c->reward[x->truth], *proxy = &c->reward[x->proxy];
    int32_t n = b->scope.n;
    x->most = vector(n);
    x->least = vector(n);
    if (!x->most || !x->least)
        return sx_nomem(err);
    sx_i_scope_shape(&b->scope, b->reward[truth->reward], truth->potential, b->exact[0]);
    sx_i_scope_shape(&b->scope, b->reward[proxy->reward], proxy->potential, b->exact[1]);
    sx_status st = certify_values_of_pair(b, c, x, err);
    if (!st)
        st = certify_side(b, g->high, &x->high, err);
    if (!st)
        st = certify_side(b, g->low, &x->low, err);
    return st;
}

/* The place of a reward of the specification in the certificate; a new one at its end. */
static int32_t enter(sx_certificate *c, int32_t reward, bool trivial, const double range[2])
{
    int32_t i = 0;
    while (i < c->rewards && c->reward[i].reward != reward)
        i++;
    if (i == c->rewards)
        c->reward[c->rewards++] = (sx_certified_reward){
            .reward = reward, .trivial = trivial, .range = {range[0], range[1]}};
    return i;
}

static void enter_pairs(sx_certificate *c, const sx_regret_result *result, int32_t n)
{
    for (int32_t i = 0; i < n; i++) {
        const sx_regret *g = result[i].regret;
        c->pair[c->pairs++] = (sx_certified_pair){
            .truth = enter(c, result[i].truth, g->trivial_true, g->range_true),
            .proxy = enter(c, result[i].proxy, g->trivial_proxy, g->range_proxy),
            .pessimistic = g->pessimistic,
            .optimistic = g->optimistic,
            .worst_case = g->worst_case,
            .lambda = g->lambda,
            .primal = g->primal,
            .dual = g->dual,
            .gap = g->gap,
        };
    }
}

static sx_status certify_reward(bench *b, const sx_mdp *m, sx_certificate *c, int32_t i,
                                sx_error *err)
{
    sx_certified_reward *x = &c->reward[i];
    x->potential = vector(b->scope.n);
    x->most = vector(b->scope.n);
    x->least = vector(b->scope.n);
    sx_status st = x->potential && x->most && x->least ? SX_OK : sx_nomem(err);
    if (!st)
        st = sx_certificate_reward_hash(m, b->reward[x->reward], c->kind, x->sha256, err);
    b->span[i] = x->range[1] - x->range[0];
    return st ? st : certify_values(b, x, &b->span[i], err);
}

static sx_status certify_all(bench *b, const sx_mdp *m, const sx_regret_result *result,
                             sx_certificate *c, sx_error *err)
{
    sx_status st = bench_start(b, m, c->rewards, err);
    for (int32_t i = 0; !st && i < c->rewards; i++)
        st = certify_reward(b, m, c, i, err);
    for (int32_t i = 0; !st && i < c->pairs; i++) {
        sx_certified_pair *x = &c->pair[i];
        if (!c->reward[x->truth].trivial && !c->reward[x->proxy].trivial)
            st = certify_pair(b, c, result[i].regret, x, err);
    }
    return st;
}

sx_status sx_certify_regret(const sx_mdp *m, const sx_reward *const *reward,
                            const sx_regret_options *o, const sx_regret_result *result,
                            int32_t n, sx_certificate **out, sx_error *err)
{
    bench b = {.reward = reward,
               .method = o->method,
               .tolerance = o->tolerance,
               .trivial = o->trivial};
    sx_certificate *c;
    sx_status st = sx_certificate_new(m, SX_CERTIFICATE_REGRET, &c, err);
    *out = NULL;
    if (st)
        return st;
    c->tolerance = o->tolerance;
    c->trivial = o->trivial;
    c->reward = sx_alloc(2 * (size_t)n, sizeof *c->reward);
    c->pair = sx_alloc((size_t)n, sizeof *c->pair);
    st = c->reward && c->pair ? SX_OK : sx_nomem(err);
    if (!st) {
        enter_pairs(c, result, n);
        st = certify_all(&b, m, result, c, err);
    }
    bench_release(&b);
    if (st)
        c = sx_certificate_free(c);
    *out = c;
    return st;
}

/* The claims and the evidence of a solution; the struct is zero. */
static sx_status fill_solution(const sx_mdp *m, const sx_solution_result *result,
                               sx_certificate *c, sx_error *err)
{
    const sx_solution *s = result->solution;
    size_t n = (size_t)m->states;
    sx_certified_solution *x = c->solution = sx_alloc(1, sizeof *x);
    c->reward = sx_alloc(1, sizeof *c->reward);
    if (!c->reward || !x)
        return sx_nomem(err);
    c->tolerance = result->tolerance;
    c->reward[c->rewards++].reward = result->reward;
    *x = (sx_certified_solution){.minimise = result->minimise,
                                 .range = {s->lo, s->hi},
                                 .gap = s->hi - s->lo,
                                 .error = s->value_error};
    x->value = sx_alloc(n, sizeof *x->value);
    x->policy = sx_alloc(n, sizeof *x->policy);
    if (!x->value || !x->policy)
        return sx_nomem(err);
    for (size_t i = 0; i < n; i++) {
        x->value[i] = s->value[i];
        x->policy[i] = m->action[s->choice[i]];
    }
    return SX_OK;
}

sx_status sx_certify_solution(const sx_mdp *m, const sx_reward *const *reward,
                              const sx_solution_result *result, sx_certificate **out,
                              sx_error *err)
{
    sx_certificate *c;
    sx_status st = sx_certificate_new(m, SX_CERTIFICATE_SOLVE, &c, err);
    *out = NULL;
    if (st)
        return st;
    st = fill_solution(m, result, c, err);
    if (!st)
        st = sx_certificate_reward_hash(m, reward[result->reward], c->kind, c->reward[0].sha256,
                                        err);
    if (st)
        c = sx_certificate_free(c);
    *out = c;
    return st;
}
