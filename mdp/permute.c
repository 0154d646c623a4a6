/* SPDX-License-Identifier: GPL-3.0-or-later */
/* permute.c - a world with its states and actions exchanged: X'(s,a,s') = X(es,ea,es'). */
#include "mdp/permute.h"
#include "mdp/reward_int.h"

#include <stdlib.h>
#include <string.h>

/* back [n]: the inverse of e. */
static sx_status invert(const int32_t *e, int32_t n, int32_t *back, sx_error *err)
{
    for (int32_t i = 0; i < n; i++)
        back[i] = -1;
    for (int32_t i = 0; i < n; i++) {
        if (e[i] < 0 || e[i] >= n || back[e[i]] >= 0)
            return sx_fail(err, SX_EARG, "no permutation of %d", (int)n);
        back[e[i]] = i;
    }
    return SX_OK;
}

/* --- transitions ------------------------------------------------------------------------ */

typedef struct step {
    int32_t index;
    double prob;
    int64_t entry;
} step;

static int by_index(const void *left, const void *right)
{
    const step *a = left, *b = right;
    return (a->index > b->index) - (a->index < b->index);
}

/* Room for the pairs of a state, the entries of a pair, and where each entry has gone. */
typedef struct mover {
    const sx_mdp *m;
    const int32_t *state; /* e */
    const int32_t *states_back, *actions_back;
    sx_mdp *out;
    step *room;     /* [S] */
    int64_t *entry; /* [T] of an entry of m its index in out; may be NULL */
    int32_t *pair;  /* [K] of a pair of out its index in m; may be NULL */
} mover;

/* Entries of pair k of m behind those that out has; how many. */
static void move_entries(const mover *v, int32_t k, int64_t *t)
{
    const sx_mdp *m = v->m;
    int32_t n = 0;
    for (int64_t i = m->first[k]; i < m->first[k + 1]; i++)
        v->room[n++] = (step){v->states_back[m->next[i]], m->prob[i], i};
    qsort(v->room, (size_t)n, sizeof *v->room, by_index);
    for (int32_t i = 0; i < n; i++) {
        v->out->next[*t] = v->room[i].index;
        v->out->prob[*t] = v->room[i].prob;
        if (v->entry)
            v->entry[v->room[i].entry] = *t;
        ++*t;
    }
}

/* pair [n]: the pairs of state s of m in the order of the new actions. */
static int32_t order_pairs(const mover *v, int32_t s, step *room)
{
    const sx_mdp *m = v->m;
    int32_t n = 0;
    for (int32_t k = m->pair[s]; k < m->pair[s + 1]; k++)
        room[n++] = (step){v->actions_back[m->action[k]], 0, k};
    qsort(room, (size_t)n, sizeof *room, by_index);
    return n;
}

static void move_states(const mover *v, step *pairs)
{
    sx_mdp *out = v->out;
    int32_t k = 0;
    int64_t t = 0;
    for (int32_t s = 0; s < out->states; s++) {
        out->pair[s] = k;
        out->initial[s] = v->m->initial[v->state[s]];
        out->absorbing[s] = v->m->absorbing[v->state[s]];
        int32_t n = order_pairs(v, v->state[s], pairs);
        for (int32_t i = 0; i < n; i++, k++) {
            out->action[k] = pairs[i].index;
            out->first[k] = t;
            if (v->pair)
                v->pair[k] = (int32_t)pairs[i].entry;
            move_entries(v, (int32_t)pairs[i].entry, &t);
        }
    }
    out->pair[out->states] = k;
    out->first[k] = t;
}

/* As sx_mdp_permute; where things went, where that is wanted: entry [T] of an entry of m its
 * index in *out, pair [K] of a pair of *out its index in m. */
static sx_status permute_mdp(const sx_mdp *m, const int32_t *state, const int32_t *action,
                             int64_t *entry, int32_t *pair, sx_mdp **out, sx_error *err)
{
    *out = NULL;
    int32_t *states_back = sx_alloc((size_t)m->states, sizeof *states_back);
    int32_t *actions_back = sx_alloc((size_t)m->actions, sizeof *actions_back);
    step *room = sx_alloc((size_t)m->states, sizeof *room);
    step *pairs = sx_alloc((size_t)m->actions, sizeof *pairs);
    sx_status st = states_back && actions_back && room && pairs ? SX_OK : sx_nomem(err);
    if (!st)
        st = invert(state, m->states, states_back, err);
    if (!st)
        st = invert(action, m->actions, actions_back, err);
    if (!st)
        st = sx_mdp_new(m->states, m->actions, m->pairs, m->entries, out, err);
    if (!st) {
        mover v = {m, state, states_back, actions_back, *out, room, entry, pair};
        (*out)->discount = m->discount;
        move_states(&v, pairs);
    }
    sx_release(states_back);
    sx_release(actions_back);
    sx_release(room);
    sx_release(pairs);
    return st;
}

sx_status sx_mdp_permute(const sx_mdp *m, const int32_t *state, const int32_t *action,
                         sx_mdp **out, sx_error *err)
{
    return permute_mdp(m, state, action, NULL, NULL, out, err);
}

/* --- names of what moves ---------------------------------------------------------------- */

/* What is exchanged for what the world has, once everything is there. */
typedef struct moved {
    sx_mdp *mdp;
    double **value;  /* [variables] [S], of pairs [K] */
    double *base;    /* [K] NULL where the world has none */
    int32_t **label; /* [labels] [count] */
} moved;

static int ascending(const void *left, const void *right)
{
    const int32_t *a = left, *b = right;
    return (*a > *b) - (*a < *b);
}

static sx_status move_labels(const sx_world *w, const int32_t *back, moved *v, sx_error *err)
{
    for (int32_t i = 0; i < w->labels; i++) {
        const sx_label *l = &w->label[i];
        int32_t *new = v->label[i] = sx_alloc((size_t)l->count, sizeof *new);
        if (!new)
            return sx_nomem(err);
        for (int32_t j = 0; j < l->count; j++)
            new[j] = back[l->state[j]];
        qsort(new, (size_t)l->count, sizeof *new, ascending);
    }
    return SX_OK;
}

/* pair [K]: of each new pair the old one. */
static sx_status move_numbers(const sx_world *w, const int32_t *state, const int32_t *pair,
                              moved *v, sx_error *err)
{
    sx_status st = SX_OK;
    for (int32_t i = 0; i < w->variables && !st; i++) {
        const sx_variable *x = &w->variable[i];
        st = sx_i_pick(x->value, x->of_pairs ? pair : state,
                       x->of_pairs ? w->mdp->pairs : w->mdp->states, &v->value[i], err);
    }
    if (!st && w->base)
        st = sx_i_pick(w->base, pair, w->mdp->pairs, &v->base, err);
    return st;
}

static int by_entry(const void *left, const void *right)
{
    const sx_through *a = left, *b = right;
    if (a->label != b->label)
        return a->label < b->label ? -1 : 1;
    return (a->entry > b->entry) - (a->entry < b->entry);
}

/* Nothing fails here any more. */
static void exchange(sx_world *w, moved *v, const int64_t *entry)
{
    sx_mdp *mdp = w->mdp;
    w->mdp = v->mdp;
    v->mdp = mdp;
    for (int32_t i = 0; i < w->labels; i++) {
        int32_t *label = w->label[i].state;
        w->label[i].state = v->label[i];
        v->label[i] = label;
    }
    for (int32_t i = 0; i < w->variables; i++) {
        double *value = w->variable[i].value;
        w->variable[i].value = v->value[i];
        v->value[i] = value;
    }
    if (w->base) {
        double *base = w->base;
        w->base = v->base;
        v->base = base;
    }
    for (int64_t i = 0; i < w->throughs; i++)
        w->through[i].entry = entry[w->through[i].entry];
    if (w->throughs)
        qsort(w->through, (size_t)w->throughs, sizeof *w->through, by_entry);
}

static void moved_clear(const sx_world *w, moved *v)
{
    for (int32_t i = 0; v->label && i < w->labels; i++)
        sx_release(v->label[i]);
    for (int32_t i = 0; v->value && i < w->variables; i++)
        sx_release(v->value[i]);
    sx_release(v->label);
    sx_release(v->value);
    sx_release(v->base);
    sx_mdp_free(v->mdp);
}

sx_status sx_world_permute(sx_world *w, const int32_t *state, const int32_t *action,
                           sx_error *err)
{
    moved v = {.value = sx_alloc((size_t)w->variables, sizeof *v.value),
               .label = sx_alloc((size_t)w->labels, sizeof *v.label)};
    int32_t *back = sx_alloc((size_t)w->mdp->states, sizeof *back);
    int64_t *entry = w->throughs ? sx_alloc((size_t)w->mdp->entries, sizeof *entry) : NULL;
    int32_t *pair = sx_alloc((size_t)w->mdp->pairs, sizeof *pair);
    bool room = v.value && v.label && back && pair && (entry || !w->throughs);
    sx_status st = room ? invert(state, w->mdp->states, back, err) : sx_nomem(err);
    if (!st)
        st = permute_mdp(w->mdp, state, action, entry, pair, &v.mdp, err);
    if (!st)
        st = move_labels(w, back, &v, err);
    if (!st)
        st = move_numbers(w, state, pair, &v, err);
    if (!st)
        exchange(w, &v, entry);
    moved_clear(w, &v);
    sx_release(back);
    sx_release(pair);
    sx_release(entry);
    return st;
}

/* --- rewards ---------------------------------------------------------------------------- */

sx_status sx_reward_permute(const sx_mdp *m, const int32_t *state, const int32_t *action,
                            const sx_reward *r, const sx_mdp *to, sx_reward **out,
                            sx_error *err)
{
    sx_match *x = NULL;
    const char *reason = NULL;
    *out = NULL;
    sx_status st = sx_match_maps(m, to, state, action, &x, err);
    if (!st)
        st = sx_reward_carry(x, m, r, to, out, &reason, err);
    if (!st && reason)
        st = sx_fail(err, SX_EARG, "no permutation between these worlds: %s", reason);
    sx_match_free(x);
    return st;
}
