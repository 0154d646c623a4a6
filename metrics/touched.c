/* SPDX-License-Identifier: GPL-3.0-or-later */
/* touched.c - the triples that an edit touches, by the names of two worlds. */
#include "metrics/expect.h"

#include <math.h>
#include <string.h>

static const double ROUNDING = 1e-12; /* of a probability */

typedef struct search {
    const sx_world *from, *to;
    const sx_match *x;
    unsigned char *changed; /* [S of to] labels, variables or actions differ, or it is new */
    unsigned char *varied;  /* [K of to] a variable of the pair differs */
    unsigned char *mark;    /* [S of from and of to, the larger] zeros between uses */
    sx_touched *t;
} search;

sx_touched *sx_touched_free(sx_touched *t)
{
    if (!t)
        return NULL;
    sx_release(t->entry);
    sx_release(t->pair);
    sx_release(t->state);
    return sx_release(t);
}

/* --- states --- */

static void changes_of_label(search *z, const sx_label *from, const sx_label *to)
{
    const sx_match *x = z->x;
    int32_t before = from ? from->count : 0, after = to ? to->count : 0;
    for (int32_t i = 0; i < before; i++) {
        int32_t s = x->state_back[from->state[i]];
        if (s >= 0)
            z->mark[s] = 1;
    }
    for (int32_t i = 0; i < after; i++)
        z->mark[to->state[i]] ^= 1; /* 1 is left where one of the two has the label */
    for (int32_t i = 0; i < before; i++) {
        int32_t s = x->state_back[from->state[i]];
        if (s >= 0) {
            z->changed[s] |= z->mark[s];
            z->mark[s] = 0;
        }
    }
    for (int32_t i = 0; i < after; i++) {
        z->changed[to->state[i]] |= z->mark[to->state[i]];
        z->mark[to->state[i]] = 0;
    }
}

static void changed_labels(search *z)
{
    for (int32_t i = 0; i < z->to->labels; i++) {
        const sx_label *to = &z->to->label[i];
        int32_t l = sx_world_label(z->from, to->name);
        changes_of_label(z, l < 0 ? NULL : &z->from->label[l], to);
    }
    for (int32_t i = 0; i < z->from->labels; i++)
        if (sx_world_label(z->to, z->from->label[i].name) < 0)
            changes_of_label(z, &z->from->label[i], NULL);
}

/* Whether the value of a variable at i and that of another at j are the same; a world without
 * the variable (NULL) has no value anywhere. */
static bool same_value(const sx_variable *a, int32_t i, const sx_variable *b, int32_t j)
{
    char one[SX_NAME_BUFFER], other[SX_NAME_BUFFER];
    double p = a ? a->value[i] : (double)NAN, q = b ? b->value[j] : (double)NAN;
    if (!a || !b || isnan(p) || isnan(q))
        return isnan(p) && isnan(q);
    if (!a->symbols != !b->symbols)
        return false;
    if (!a->symbols)
        return !(p < q) && !(p > q);
    return strcmp(sx_names_get(a->symbols, (int32_t)p, one),
                  sx_names_get(b->symbols, (int32_t)q, other)) == 0;
}

/* Where two variables of one name differ; NULL for none. */
static void changes_of_variable(search *z, const sx_variable *from, const sx_variable *to)
{
    const sx_mdp *m = z->to->mdp;
    if (from && to && from->of_pairs != to->of_pairs) {
        changes_of_variable(z, from, NULL);
        changes_of_variable(z, NULL, to);
        return;
    }
    const sx_variable *one = to ? to : from;
    bool of_pairs = one && one->of_pairs;
    const int32_t *back = of_pairs ? z->x->pair : z->x->state;
    unsigned char *flag = of_pairs ? z->varied : z->changed;
    for (int32_t i = 0; i < (of_pairs ? m->pairs : m->states); i++)
        flag[i] |= back[i] >= 0 && !same_value(from, back[i], to, i);
}

static void changed_variables(search *z)
{
    for (int32_t i = 0; i < z->to->variables; i++) {
        const sx_variable *to = &z->to->variable[i];
        int32_t v = sx_world_variable(z->from, to->name);
        changes_of_variable(z, v < 0 ? NULL : &z->from->variable[v], to);
    }
    for (int32_t i = 0; i < z->from->variables; i++)
        if (sx_world_variable(z->to, z->from->variable[i].name) < 0)
            changes_of_variable(z, &z->from->variable[i], NULL);
}

/* New names, other actions, absorbing or not. */
static void changed_actions(search *z)
{
    const sx_mdp *from = z->from->mdp, *to = z->to->mdp;
    for (int32_t s = 0; s < to->states; s++) {
        int32_t f = z->x->state[s], n = to->pair[s + 1] - to->pair[s];
        bool same = f >= 0 && from->pair[f + 1] - from->pair[f] == n &&
                    from->absorbing[f] == to->absorbing[s];
        for (int32_t k = to->pair[s]; same && k < to->pair[s + 1]; k++)
            same = z->x->pair[k] >= 0;
        z->changed[s] |= !same;
    }
}

/* --- triples --- */

static bool differ(double p, double q)
{
    return !(fabs(p - q) <= ROUNDING);
}

/* The probability in the original world of entry t, of pair k, of the edited one. */
static double old_probability(const search *z, int32_t k, int64_t t)
{
    int32_t f = z->x->pair[k], s = z->x->state[z->to->mdp->next[t]];
    int64_t e = f < 0 || s < 0 ? -1 : sx_mdp_entry(z->from->mdp, f, s);
    return e < 0 ? 0 : z->from->mdp->prob[e];
}

static void touch_entries(search *z)
{
    const sx_mdp *m = z->to->mdp;
    for (int32_t s = 0; s < m->states; s++)
        for (int32_t k = m->pair[s]; k < m->pair[s + 1]; k++)
            for (int64_t t = m->first[k]; t < m->first[k + 1]; t++) {
                bool moved = differ(old_probability(z, k, t), m->prob[t]);
                z->t->transitions |= moved;
                z->t->entry[t] =
                    moved || z->varied[k] || z->changed[s] || z->changed[m->next[t]];
            }
}

/* What else makes the transitions other ones. */
static void compare_rest(search *z)
{
    const sx_mdp *from = z->from->mdp, *to = z->to->mdp;
    sx_touched *t = z->t;
    const sx_match *x = z->x;
    t->transitions |= x->lost_states || x->new_states || differ(from->discount, to->discount);
    for (int32_t k = 0; k < from->pairs; k++)
        t->transitions |= x->pair_back[k] < 0;
    for (int32_t s = 0; s < to->states; s++)
        t->transitions |= x->state[s] < 0 || differ(from->initial[x->state[s]], to->initial[s]);
}

/* --- cells that are no state --- */

/* The share of entry that goes through a cell with that label; 0 for none. */
static double share_through(const sx_world *w, int32_t label, int64_t entry)
{
    int64_t lo = 0, hi = w->throughs;
    while (lo < hi) {
        int64_t mid = lo + (hi - lo) / 2;
        const sx_through *h = &w->through[mid];
        if (h->label < label || (h->label == label && h->entry < entry))
            lo = mid + 1;
        else
            hi = mid;
    }
    const sx_through *h = &w->through[lo];
    return lo < w->throughs && h->label == label && h->entry == entry ? h->share : 0;
}

static void changed_throughs(search *z)
{
    const sx_world *from = z->from, *to = z->to;
    const sx_match *x = z->x;
    for (int64_t i = 0; i < to->throughs; i++) {
        const sx_through *h = &to->through[i];
        int32_t f = x->pair[sx_mdp_entry_pair(to->mdp, h->entry)];
        int32_t s = x->state[to->mdp->next[h->entry]];
        int64_t e = f < 0 || s < 0 ? -1 : sx_mdp_entry(from->mdp, f, s);
        int32_t label = sx_world_label(from, to->label[h->label].name);
        z->t->entry[h->entry] |= differ(e < 0 ? 0 : share_through(from, label, e), h->share);
    }
    for (int64_t i = 0; i < from->throughs; i++) {
        const sx_through *h = &from->through[i];
        int32_t k = x->pair_back[sx_mdp_entry_pair(from->mdp, h->entry)];
        int32_t s = x->state_back[from->mdp->next[h->entry]];
        int64_t e = k < 0 || s < 0 ? -1 : sx_mdp_entry(to->mdp, k, s);
        int32_t label = sx_world_label(to, from->label[h->label].name);
        if (e >= 0)
            z->t->entry[e] |= differ(share_through(to, label, e), h->share);
    }
}

/* --- all together --- */

static int64_t count_entries(const search *z)
{
    int64_t n = 0;
    for (int64_t t = 0; t < z->to->mdp->entries; t++)
        n += z->t->entry[t];
    return n;
}

/* Where the true reward changes. */
static void touch_truth(search *z, const sx_versions *truth, double tolerance)
{
    const sx_mdp *m = z->to->mdp;
    const sx_reward *carried = truth->carried, *edited = truth->edited;
    if (!carried)
        return;
    double most = fmax(sx_reward_max_possible(m, carried), sx_reward_max_possible(m, edited));
    for (int64_t t = 0; t < m->entries; t++)
        z->t->entry[t] = !(fabs(edited->on[t] - carried->on[t]) <= tolerance * most);
}

static void touch(search *z, const sx_versions *truth, double tolerance)
{
    sx_touched *t = z->t;
    changed_labels(z);
    changed_variables(z);
    changed_actions(z);
    touch_entries(z);
    changed_throughs(z);
    compare_rest(z);
    t->by = SX_TOUCH_WORLD;
    t->entries = count_entries(z);
    if (!t->entries) {
        t->by = SX_TOUCH_TRUTH;
        touch_truth(z, truth, tolerance);
        t->entries = count_entries(z);
    }
    if (!t->entries) {
        t->by = SX_TOUCH_ALL;
        t->entries = z->to->mdp->entries;
        memset(t->entry, 1, (size_t)t->entries);
    }
}

/* Pairs and states from the entries. */
static void gather(const sx_mdp *m, sx_touched *t)
{
    for (int32_t s = 0; s < m->states; s++) {
        for (int32_t k = m->pair[s]; k < m->pair[s + 1]; k++) {
            for (int64_t e = m->first[k]; e < m->first[k + 1]; e++)
                t->pair[k] |= t->entry[e];
            t->state[s] |= t->pair[k];
            t->pairs += t->pair[k];
        }
        t->states += t->state[s];
    }
}

/* On failure everything is to be released all the same. */
static bool has_room(search *z)
{
    size_t before = (size_t)z->from->mdp->states, after = (size_t)z->to->mdp->states;
    size_t pairs = (size_t)z->to->mdp->pairs;
    sx_touched *t = z->t;
    z->changed = sx_alloc(after, 1);
    z->varied = sx_alloc(pairs, 1);
    z->mark = sx_alloc(before > after ? before : after, 1);
    t->entry = sx_alloc((size_t)z->to->mdp->entries, 1);
    t->pair = sx_alloc(pairs, 1);
    t->state = sx_alloc(after, 1);
    return z->changed && z->varied && z->mark && t->entry && t->pair && t->state;
}

sx_status sx_touched_find(const sx_world *from, const sx_world *to, const sx_match *match,
                          const sx_versions *truth, double tolerance, sx_touched **out,
                          sx_error *err)
{
    search z = {.from = from, .to = to, .x = match, .t = sx_alloc(1, sizeof *z.t)};
    *out = NULL;
    if (!z.t)
        return sx_nomem(err);
    bool ok = has_room(&z);
    if (ok) {
        touch(&z, truth, tolerance);
        gather(to->mdp, z.t);
    }
    sx_release(z.changed);
    sx_release(z.varied);
    sx_release(z.mark);
    *out = ok ? z.t : sx_touched_free(z.t);
    return ok ? SX_OK : sx_nomem(err);
}
