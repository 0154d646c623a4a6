/* SPDX-License-Identifier: GPL-3.0-or-later */
/* certify_terms.c - the terms of a minimal form, exactly.
 *
 * Of all triples (s,a,y) those that share s, y and the reward are one term of the linear
 * program, a class; a certificate has a number for each of them: their share of what the term
 * has. */
#include "metrics/certify_int.h"

#include <string.h>

void sx_i_terms_release(sx_i_terms *w)
{
    sx_i_goal_free(w->t);
    sx_release(w->least);
    sx_release(w->start);
    sx_release(w->col);
    sx_release(w->coef);
    sx_release(w->e);
    sx_release(w->row);
    *w = (sx_i_terms){0};
}

static int64_t put(sx_i_terms *w, int64_t at, int32_t state, long double x)
{
    w->col[at] = state;
    w->coef[at] = x;
    return at + 1;
}

static void fill_rows(sx_i_terms *w)
{
    const sx_mdp *m = w->m;
    int64_t at = 0;
    for (int32_t s = 0; s < m->states; s++)
        for (int32_t k = m->pair[s]; k < m->pair[s + 1]; k++) {
            at = put(w, at, s, -1);
            for (int64_t t = m->first[k]; t < m->first[k + 1]; t++)
                at = put(w, at, m->next[t], (long double)m->discount * m->prob[t]);
            w->start[k + 1] = at;
        }
}

static void fill_triple(sx_i_terms *w, int64_t i, int32_t s, int32_t next)
{
    int64_t at = put(w, w->start[i], s, -1);
    w->start[i + 1] = put(w, at, next, w->m->discount);
}

static void fill_possible(sx_i_terms *w)
{
    const sx_mdp *m = w->m;
    for (int32_t s = 0; s < m->states; s++)
        for (int64_t t = m->first[m->pair[s]]; t < m->first[m->pair[s + 1]]; t++)
            fill_triple(w, t, s, m->next[t]);
}

static void fill_all(sx_i_terms *w)
{
    const sx_mdp *m = w->m;
    int32_t i = 0;
    for (int32_t s = 0; s < m->states; s++)
        for (int32_t next = 0; next < m->states; next++)
            for (int32_t left = m->pair[s + 1] - m->pair[s]; left > 0; i++) {
                fill_triple(w, i, s, next);
                left -= (int32_t)w->t->square[i];
            }
}

static sx_status make_goal(sx_i_terms *w, sx_norm norm, sx_error *err)
{
    const sx_mdp *m = w->m;
    if (w->kind != SX_I_ROWS)
        return w->kind == SX_I_ALL ? sx_i_goal_every(m, w->reward, norm, &w->t, err)
                                   : sx_i_goal_possible(m, w->reward, norm, &w->t, err);
    double *x = sx_alloc((size_t)m->pairs, sizeof *x);
    if (!x)
        return sx_nomem(err);
    sx_reward_mean(m, w->reward, x);
    sx_status st = sx_i_goal_rows(m, x, norm, &w->t, err);
    sx_release(x);
    return st;
}

static bool make_room(sx_i_terms *w)
{
    size_t n = (size_t)w->t->terms, m = (size_t)w->m->states;
    size_t entries = w->kind == SX_I_ROWS ? (size_t)w->m->entries + (size_t)w->m->pairs : 2 * n;
    w->least = sx_alloc(n, sizeof *w->least);
    w->start = sx_alloc(n + 1, sizeof *w->start);
    w->col = sx_alloc(entries, sizeof *w->col);
    w->coef = sx_alloc(entries, sizeof *w->coef);
    w->e = sx_alloc(n, sizeof *w->e);
    w->row = sx_alloc(m, sizeof *w->row);
    return w->least && w->start && w->col && w->coef && w->e && w->row;
}

sx_status sx_i_terms_make(const sx_mdp *m, const sx_reward *reward, sx_canon canon,
                          sx_norm norm, sx_i_terms *w, sx_error *err)
{
    bool all = norm == SX_L1 || norm == SX_LINF;
    *w = (sx_i_terms){.m = m, .reward = reward};
    w->kind = canon == SX_MINIMAL ? SX_I_ROWS : all ? SX_I_ALL : SX_I_POSSIBLE;
    sx_status st = make_goal(w, norm, err);
    if (!st && !make_room(w))
        st = sx_nomem(err);
    if (st)
        return st;
    memcpy(w->least, w->t->value, (size_t)w->t->terms * sizeof *w->least);
    switch (w->kind) {
    case SX_I_ROWS: fill_rows(w); break;
    case SX_I_POSSIBLE: fill_possible(w); break;
    case SX_I_ALL: fill_all(w); break;
    }
    return SX_OK;
}

/* The class of a triple with this reward, of those from *i on that share its states: `count`
 * triples in classes by ascending reward.  *i becomes the first behind them. */
static int32_t find_class(const sx_i_terms *w, int32_t count, double reward, int32_t *i)
{
    int32_t found = *i;
    while (count > 0) {
        if (reward >= w->least[*i])
            found = *i;
        count -= (int32_t)w->t->square[(*i)++];
    }
    return found;
}

/* Call f for each triple of all: its place, its reward and its class. */
typedef void look(void *context, int64_t at, double reward, int32_t term);
static void each_triple(const sx_i_terms *w, look *f, void *context)
{
    const sx_mdp *m = w->m;
    int32_t block = 0, i = 0;
    int64_t at = 0;
    for (int32_t s = 0; s < m->states; s++, block = i)
        for (int32_t k = m->pair[s]; k < m->pair[s + 1]; k++) {
            i = block;
            sx_reward_row(m, w->reward, k, w->row);
            for (int32_t next = 0; next < m->states; next++) {
                int32_t term = find_class(w, m->pair[s + 1] - m->pair[s], w->row[next], &i);
                f(context, at++, w->row[next], term);
            }
        }
}

static void add_reward(void *context, int64_t at, double reward, int32_t term)
{
    const sx_i_terms *w = context;
    (void)at;
    w->e[term] += reward / (long double)w->t->square[term];
}

/* e = value */
static void rewards(sx_i_terms *w)
{
    const sx_mdp *m = w->m;
    for (int32_t i = 0; i < w->t->terms; i++)
        w->e[i] = w->kind == SX_I_POSSIBLE ? w->reward->on[i] : 0;
    if (w->kind == SX_I_ALL)
        each_triple(w, add_reward, w);
    for (int32_t k = 0; w->kind == SX_I_ROWS && k < m->pairs; k++)
        for (int64_t t = m->first[k]; t < m->first[k + 1]; t++)
            w->e[k] += (long double)m->prob[t] * w->reward->on[t];
}

void sx_i_terms_value(sx_i_terms *w, const sx_certified_form *f)
{
    rewards(w);
    for (int32_t i = 0; i < w->t->terms; i++) {
        long double change = 0;
        for (int64_t p = w->start[i]; p < w->start[i + 1]; p++)
            change += w->coef[p] * ((long double)f->potential[w->col[p]] +
                                    (f->potential_rest ? f->potential_rest[w->col[p]] : 0));
        w->e[i] += change - f->constant;
    }
}

typedef struct spreading {
    const sx_i_terms *w;
    const double *y, *low;
    double *out, *rest;
} spreading;

static void share(void *context, int64_t at, double reward, int32_t term)
{
    const spreading *z = context;
    long double x = z->low ? (long double)z->y[term] + z->low[term] : z->y[term];
    (void)reward;
    x = z->w->kind == SX_I_ALL ? x / z->w->t->square[term] : x;
    z->out[at] = (double)x;
    if (z->rest)
        z->rest[at] = (double)(x - z->out[at]);
}

sx_status sx_i_terms_spread(const sx_i_terms *w, const double *y, const double *low,
                            double **out, double **rest, sx_error *err)
{
    bool all = w->kind == SX_I_ALL;
    size_t n = all ? (size_t)w->m->pairs * (size_t)w->m->states : (size_t)w->t->terms;
    *out = sx_alloc(n, sizeof **out);
    if (rest)
        *rest = sx_alloc(n, sizeof **rest);
    if (!*out || (rest && !*rest))
        return sx_nomem(err);
    spreading z = {w, y, low, *out, rest ? *rest : NULL};
    if (all)
        each_triple(w, share, &z);
    for (int32_t i = 0; !all && i < w->t->terms; i++)
        share(&z, i, 0, i);
    return SX_OK;
}
