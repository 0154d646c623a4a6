/* SPDX-License-Identifier: GPL-3.0-or-later */
/* certify_distance.c - the evidence for distances: the potentials that make canonical forms.
 *
 * A form x = r + gamma P phi - phi of the row values has phi = V^pi of the reward r - x,
 * whatever the policy: so the potential of a minimal form is found from the form itself.  Their
 * mean is taken off into the constant, which keeps them small near gamma 1. */
#include "metrics/certificate_int.h"

#include "solvers/evaluate.h"

#include <math.h>
#include <string.h>

typedef struct bench {
    const sx_mdp *m;
    const sx_reward *const *reward;
    sx_canoniser *canoniser;
    sx_evaluator *evaluator; /* of the uniform policy */
    sx_evaluator *chosen;    /* of the policy of val */
    double *r, *x;           /* [K] row values of the reward, of the form */
} bench;

/* Add to the potential what it lacks for the rows to be x (NULL: to be advantages under the
 * policy of e); sums in long double. */
static sx_status improve(const bench *b, sx_evaluator *e, const double *x, double *q,
                         double *change, sx_certified_form *f, sx_error *err)
{
    const sx_mdp *m = b->m;
    double bound;
    for (int32_t s = 0; s < m->states; s++)
        for (int32_t k = m->pair[s]; k < m->pair[s + 1]; k++) {
            long double sum = (long double)b->r[k] - f->constant - f->potential[s];
            for (int64_t t = m->first[k]; t < m->first[k + 1]; t++)
                sum += (long double)m->discount * m->prob[t] * f->potential[m->next[t]];
            q[k] = (double)(x ? sum - x[k] : sum);
        }
    sx_status st = sx_evaluator_values(e, q, change, &bound, err);
    for (int32_t s = 0; !st && s < m->states; s++)
        f->potential[s] += change[s];
    return st;
}

static double average(const double *x, int32_t n)
{
    double sum = 0;
    for (int32_t i = 0; i < n; i++)
        sum += x[i] / n;
    return sum;
}

/* f: the potential that turns row values r into x, or into advantages under the policy of
 * e. */
static sx_status potential_of(const bench *b, sx_evaluator *e, const double *x,
                              sx_certified_form *f, sx_error *err)
{
    const sx_mdp *m = b->m;
    double *q = sx_alloc((size_t)m->pairs, sizeof *q);
    double *change = sx_alloc((size_t)m->states, sizeof *change);
    f->potential = sx_alloc((size_t)m->states, sizeof *f->potential);
    sx_status st = q && change && f->potential ? SX_OK : sx_nomem(err);
    if (!st)
        f->constant = average(b->r, m->pairs) - (x ? average(x, m->pairs) : 0);
    for (int pass = 0; !st && pass < 3; pass++) {
        st = improve(b, e, x, q, change, f, err);
        double middle = st ? 0 : average(f->potential, m->states);
        for (int32_t s = 0; s < m->states && !st && pass == 0; s++)
            f->potential[s] -= middle;
        if (pass == 0)
            f->constant += (1 - m->discount) * middle;
    }
    sx_release(q);
    sx_release(change);
    return st;
}

static sx_certified_form *add_form(sx_certificate *c, int32_t reward, sx_canon canon,
                                   sx_norm norm)
{
    sx_certified_form *f = &c->form[c->forms++];
    *f = (sx_certified_form){.reward = reward, .canon = canon, .norm = norm};
    return f;
}

/* One form of reward i, where it exists. */
static sx_status certify_form(const bench *b, sx_certificate *c, int32_t i, sx_canon canon,
                              sx_norm norm, sx_error *err)
{
    const sx_reward *reward = b->reward[c->reward[i].reward];
    sx_reward *form = NULL;
    const char *reason = NULL;
    sx_reward_mean(b->m, reward, b->r);
    if (canon == SX_NONE || canon == SX_VAL || canon == SX_VAL_POTENTIAL)
        return potential_of(b, canon == SX_NONE ? b->evaluator : b->chosen, NULL,
                            add_form(c, i, canon, norm), err);
    sx_status st = sx_canonicalise(b->canoniser, reward, canon, norm, &form, &reason, err);
    if (!st && form) {
        sx_reward_mean(b->m, form, b->x);
        sx_certified_form *f = add_form(c, i, canon, norm);
        st = potential_of(b, b->evaluator, b->x, f, err);
        if (!st && sx_certified_form_terms(&c->world, canon, norm))
            st = sx_i_certify_dual(b->m, reward, f, err);
        else if (!st && sx_canon_is_minimal(canon))
            st = sx_i_fit_refine(b->m, reward, f, err);
    }
    sx_reward_free(form);
    return st;
}

/* Whether one of measures [n] needs this form. */
static bool is_needed(const sx_measure *measure, int32_t n, sx_canon canon, sx_norm norm)
{
    bool trivial = canon == SX_NONE;
    for (int32_t i = 0; i < n; i++) {
        sx_canon has = measure[i].canon;
        if (trivial ? has == SX_VAL || has == SX_MINIMAL
                    : has == canon && (!sx_canon_is_minimal(canon) || measure[i].norm == norm))
            return true;
    }
    return false;
}

/* One form of all rewards, where a measure needs it. */
static sx_status certify_form_of_all(const bench *b, const sx_distance_result *z,
                                     sx_certificate *c, sx_canon canon, sx_norm norm,
                                     sx_error *err)
{
    sx_status st = SX_OK;
    if (!is_needed(z->measure, z->measures, canon, norm))
        return SX_OK;
    for (int32_t i = 0; !st && i < c->rewards; i++)
        st = certify_form(b, c, i, canon, norm, err);
    return st;
}

static sx_status certify_forms(const bench *b, const sx_distance_result *z, sx_certificate *c,
                               sx_error *err)
{
    static const sx_canon fixed[] = {SX_NONE, SX_VAL, SX_VAL_POTENTIAL};
    sx_status st = SX_OK;
    for (int i = 0; !st && i < 3; i++)
        st = certify_form_of_all(b, z, c, fixed[i], SX_NO_NORM, err);
    for (int norm = 0; !st && norm < SX_NORMS; norm++) {
        st = certify_form_of_all(b, z, c, SX_MINIMAL, (sx_norm)norm, err);
        if (!st)
            st = certify_form_of_all(b, z, c, SX_MINIMAL_POTENTIAL, (sx_norm)norm, err);
    }
    return st;
}

static double *copy(const double *from, int32_t n)
{
    double *to = sx_alloc((size_t)n, sizeof *to);
    if (to)
        memcpy(to, from, (size_t)n * sizeof *to);
    return to;
}

/* Distributions that were given. */
static sx_status copy_given(const sx_canon_options *o, sx_certificate *c, sx_error *err)
{
    c->policy = o->policy ? copy(o->policy, c->world.k) : NULL;
    c->state_dist = o->state_dist ? copy(o->state_dist, c->world.n) : NULL;
    c->action_dist = o->action_dist ? copy(o->action_dist, c->world.k) : NULL;
    bool ok = (c->policy || !o->policy) && (c->state_dist || !o->state_dist) &&
              (c->action_dist || !o->action_dist);
    return ok ? SX_OK : sx_nomem(err);
}

static sx_certified_distance claim(const sx_distance_result *z, int32_t i, int32_t j, int32_t k,
                                   int64_t at)
{
    int64_t pairs = (int64_t)z->n * (z->n - 1) / 2;
    sx_certified_distance d = {i, j, z->measure[k], z->value[k * pairs + at]};
    if (d.measure.kind == SX_DISTANCE_EPIC) {
        d.measure.norm = SX_NO_NORM;
        d.measure.metric = SX_L2;
    }
    return d;
}

static sx_status copy_claims(const bench *b, const sx_distance_result *z, sx_certificate *c,
                             sx_error *err)
{
    size_t n = (size_t)z->n;
    int64_t at = 0;
    sx_status st = SX_OK;
    c->reward = sx_alloc(n, sizeof *c->reward);
    c->distance = sx_alloc(n * n / 2 * (size_t)z->measures, sizeof *c->distance);
    c->form = sx_alloc(n * (3 + 2 * SX_NORMS), sizeof *c->form);
    if (!c->reward || !c->distance || !c->form)
        return sx_nomem(err);
    for (; c->rewards < z->n && !st; c->rewards++) {
        sx_certified_reward *x = &c->reward[c->rewards];
        x->reward = z->which[c->rewards];
        st = sx_certificate_reward_hash(b->m, b->reward[x->reward], c->kind, x->sha256, err);
    }
    for (int32_t i = 0; i < z->n; i++)
        for (int32_t j = i + 1; j < z->n; j++, at++)
            for (int32_t k = 0; k < z->measures; k++)
                c->distance[c->distances++] = claim(z, i, j, k, at);
    return st;
}

/* What solves: the canonical forms, and two policies. */
static sx_status bench_start(bench *b, const sx_canon_options *o, sx_error *err)
{
    b->r = sx_alloc((size_t)b->m->pairs, sizeof *b->r);
    b->x = sx_alloc((size_t)b->m->pairs, sizeof *b->x);
    if (!b->r || !b->x)
        return sx_nomem(err);
    sx_status st = sx_canoniser_new(b->m, o, &b->canoniser, err);
    sx_policy_uniform(b->m, b->r);
    if (!st)
        st = sx_evaluator_new(b->m, b->r, &b->evaluator, err);
    if (!st)
        st = sx_evaluator_new(b->m, o->policy ? o->policy : b->r, &b->chosen, err);
    return st;
}

sx_status sx_certify_distances(const sx_mdp *m, const sx_reward *const *reward,
                               const sx_canon_options *o, const sx_distance_result *result,
                               sx_certificate **out, sx_error *err)
{
    bench b = {.m = m, .reward = reward};
    sx_certificate *c;
    sx_status st = sx_certificate_new(m, SX_CERTIFICATE_DISTANCE, &c, err);
    *out = NULL;
    if (st)
        return st;
    c->tolerance = 1e-9;
    c->trivial = o->trivial;
    st = copy_given(o, c, err);
    if (!st)
        st = copy_claims(&b, result, c, err);
    if (!st)
        st = bench_start(&b, o, err);
    if (!st)
        st = certify_forms(&b, result, c, err);
    sx_evaluator_free(b.evaluator);
    sx_evaluator_free(b.chosen);
    sx_canoniser_free(b.canoniser);
    sx_release(b.r);
    sx_release(b.x);
    if (st)
        c = sx_certificate_free(c);
    *out = c;
    return st;
}
