/* SPDX-License-Identifier: GPL-3.0-or-later */
/* certificate.c - the frame of certificates: what they are about, and their memory.
 *
 * The hash of a world is that of the hashes of its arrays, so that no copy of all of it is
 * made; likewise that of a reward. */
#include "metrics/certificate_int.h"

#include <string.h>

#include "mdp/file.h"

enum { DIGEST = 64 };

static sx_status world_hash(const sx_mdp *m, char sha256[65], sx_error *err)
{
    const struct {
        const void *bytes;
        size_t n, size;
    } part[] = {
        {m->pair, (size_t)m->states + 1, sizeof *m->pair},
        {m->action, (size_t)m->pairs, sizeof *m->action},
        {m->first, (size_t)m->pairs + 1, sizeof *m->first},
        {m->next, (size_t)m->entries, sizeof *m->next},
        {m->prob, (size_t)m->entries, sizeof *m->prob},
        {m->initial, (size_t)m->states, sizeof *m->initial},
        {&m->actions, 1, sizeof m->actions},
        {&m->discount, 1, sizeof m->discount},
    };
    size_t parts = sizeof part / sizeof *part;
    char *digests = sx_alloc(parts, DIGEST + 1);
    if (!digests)
        return sx_nomem(err);
    for (size_t i = 0; i < parts; i++)
        sx_sha256(part[i].bytes, part[i].n * part[i].size, digests + i * DIGEST);
    sx_sha256(digests, parts * DIGEST, sha256);
    sx_release(digests);
    return SX_OK;
}

static sx_status hash_all_triples(const sx_mdp *m, const sx_reward *r, char sha256[65],
                                  sx_error *err)
{
    size_t n = (size_t)m->states;
    char *digests = sx_alloc((size_t)m->pairs + 1, DIGEST);
    double *row = sx_alloc(n, sizeof *row);
    sx_status st = digests && row ? SX_OK : sx_nomem(err);
    for (int32_t k = 0; !st && k < m->pairs; k++) {
        sx_reward_row(m, r, k, row);
        for (size_t s = 0; s < n; s++)
            row[s] += 0.0; /* one zero */
        sx_sha256(row, n * sizeof *row, digests + (size_t)k * DIGEST);
    }
    if (!st)
        sx_sha256(digests, (size_t)m->pairs * DIGEST, sha256);
    sx_release(digests);
    sx_release(row);
    return st;
}

static sx_status hash_possible(const sx_mdp *m, const sx_reward *r, char sha256[65],
                               sx_error *err)
{
    size_t n = (size_t)m->entries;
    double *on = sx_alloc(n, sizeof *on);
    if (!on)
        return sx_nomem(err);
    for (size_t i = 0; i < n; i++)
        on[i] = r->on[i] + 0.0;
    sx_sha256(on, n * sizeof *on, sha256);
    sx_release(on);
    return SX_OK;
}

sx_status sx_certificate_reward_hash(const sx_mdp *m, const sx_reward *r,
                                     sx_certificate_kind kind, char sha256[65], sx_error *err)
{
    bool all = kind >= SX_CERTIFICATE_DISTANCE && !r->unknown &&
               (int64_t)m->pairs * m->states <= SX_CERTIFICATE_TRIPLES;
    return all ? hash_all_triples(m, r, sha256, err) : hash_possible(m, r, sha256, err);
}

static sx_status measure(const sx_mdp *m, bool all, sx_certificate_world *w, sx_error *err)
{
    sx_i_scope scope;
    sx_status st = sx_i_scope_make(m, all, &scope, err);
    if (st)
        return st;
    w->states = m->states;
    w->actions = m->actions;
    w->pairs = m->pairs;
    w->transitions = m->entries;
    w->discount = m->discount;
    w->n = scope.n;
    w->k = scope.k;
    sx_i_scope_release(&scope);
    return world_hash(m, w->sha256, err);
}

sx_status sx_certificate_new(const sx_mdp *m, sx_certificate_kind kind, sx_certificate **out,
                             sx_error *err)
{
    sx_certificate *c = sx_alloc(1, sizeof *c);
    *out = NULL;
    if (!c)
        return sx_nomem(err);
    c->kind = kind;
    sx_status st = measure(m, kind != SX_CERTIFICATE_REGRET, &c->world, err);
    if (st)
        c = sx_certificate_free(c);
    *out = c;
    return st;
}

static void policy_release(sx_certified_policy *p)
{
    sx_release(p->policy);
    sx_release(p->truth);
    sx_release(p->proxy);
}

static void ties_release(sx_certified_ties *t)
{
    sx_release(t->value);
    sx_release(t->policy);
    sx_release(t->proxy);
}

static void pair_release(sx_certified_pair *p)
{
    sx_release(p->most);
    sx_release(p->least);
    ties_release(&p->best);
    ties_release(&p->worst);
    policy_release(&p->high);
    policy_release(&p->low);
}

static void reward_release(sx_certified_reward *r)
{
    sx_release(r->potential);
    sx_release(r->most);
    sx_release(r->least);
}

static void form_release(sx_certified_form *f)
{
    sx_release(f->potential);
    sx_release(f->potential_rest);
    sx_release(f->dual);
    sx_release(f->centre);
    sx_release(f->centre_rest);
}

sx_certificate *sx_certificate_free(sx_certificate *c)
{
    if (!c)
        return NULL;
    for (int32_t i = 0; c->reward && i < c->rewards; i++)
        reward_release(&c->reward[i]);
    for (int32_t i = 0; c->pair && i < c->pairs; i++)
        pair_release(&c->pair[i]);
    for (int32_t i = 0; c->form && i < c->forms; i++)
        form_release(&c->form[i]);
    if (c->solution) {
        sx_release(c->solution->value);
        sx_release(c->solution->policy);
    }
    sx_release(c->reward);
    sx_release(c->pair);
    sx_release(c->solution);
    sx_release(c->form);
    sx_release(c->distance);
    sx_release(c->policy);
    sx_release(c->state_dist);
    sx_release(c->action_dist);
    return sx_release(c);
}
