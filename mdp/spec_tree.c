/* SPDX-License-Identifier: GPL-3.0-or-later */
/* spec_tree.c - <tree>: choices after choices, from the root to the end.
 *
 * States are the root, the choices with choices inside in the order of the file, and the end,
 * in which all other choices end.  Choices of one id are one action.  The choices of a state
 * stand next to each other in one list, so that the list is that of the pairs once each state's
 * are sorted by action. */
#include "mdp/spec_world_int.h"
#include "mdp/text_int.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define SUM_TOLERANCE 1e-9

typedef struct choice {
    const sx_node *node;
    int32_t action;
    int32_t next; /* the state that it leads to; -1 for the end */
    double p;     /* of the base policy; NAN where it is not given */
} choice;

typedef struct place {
    const sx_node *node;  /* <choice>, or <tree> for the root */
    int32_t first, count; /* its choices in the list */
} place;

typedef struct tree {
    sx_i_reading *rd;
    int32_t choices, choice_room;
    choice *choice;
    int32_t places, place_room; /* states but the end */
    place *place;
    int32_t *uses; /* [actions] choices of that id */
} tree;

/* --- the list of choices ---------------------------------------------------------------------
 */

static sx_status add_choice(tree *t, const sx_node *n)
{
    if (t->choices == t->choice_room) {
        int32_t room = 2 * t->choice_room + 64;
        choice *grown = sx_realloc(t->choice, (size_t)room, sizeof *grown);
        if (!grown)
            return sx_nomem(t->rd->err);
        t->choice = grown;
        t->choice_room = room;
    }
    t->choice[t->choices++] = (choice){
        n, sx_names_find(t->rd->spec->world->actions, sx_node_value(n, "id")), -1, NAN};
    return SX_OK;
}

/* The actions, in the order of the file. */
static sx_status name_actions(tree *t, const sx_node *n)
{
    sx_status st = SX_OK;
    int32_t index;
    const sx_node *c = sx_i_first(n, "choice");
    for (; c && !st; c = sx_i_next(c, "choice")) {
        if (sx_i_attr_sound(c, "id"))
            st = sx_names_add(t->rd->spec->world->actions, sx_node_value(c, "id"), &index,
                              t->rd->err);
        if (!st)
            st = name_actions(t, c);
    }
    return st;
}

static sx_status add_place(tree *t, const sx_node *n)
{
    if (t->places == t->place_room) {
        int32_t room = 2 * t->place_room + 64;
        place *grown = sx_realloc(t->place, (size_t)room, sizeof *grown);
        if (!grown)
            return sx_nomem(t->rd->err);
        t->place = grown;
        t->place_room = room;
    }
    t->place[t->places++] = (place){n, t->choices, 0};
    return SX_OK;
}

/* The place of n with all that is inside of it; the reader bounds how deep that is. */
static sx_status add_all(tree *t, const sx_node *n)
{
    int32_t at = t->places;
    sx_status st = add_place(t, n);
    const sx_node *c = sx_i_first(n, "choice");
    for (; c && !sx_i_stops(st); c = sx_i_next(c, "choice")) {
        sx_status one = sx_i_attr_sound(c, "id") ? add_choice(t, c) : SX_EINPUT;
        if (!one && sx_node_value(c, "p"))
            one = sx_i_attr_number(c, "p", &t->choice[t->choices - 1].p);
        st = sx_i_worse(st, one);
    }
    if (sx_i_stops(st))
        return st;
    assert(t->place);
    int32_t first = t->place[at].first, end = t->choices;
    t->place[at].count = end - first;
    for (int32_t i = first; i < end && !sx_i_stops(st); i++)
        if (sx_i_first(t->choice[i].node, "choice")) {
            t->choice[i].next = t->places;
            st = sx_i_worse(st, add_all(t, t->choice[i].node));
        }
    return st;
}

static int by_action(const void *left, const void *right)
{
    const choice *a = left, *b = right;
    if (a->action != b->action)
        return a->action < b->action ? -1 : 1;
    return (a->node->start > b->node->start) - (a->node->start < b->node->start);
}

/* Sort the choices of a place by action; none may be there twice. */
static sx_status sort_place(tree *t, const place *p)
{
    choice *c = t->choice + p->first;
    sx_status st = SX_OK;
    assert(t->uses);
    qsort(c, (size_t)p->count, sizeof *c, by_action);
    for (int32_t i = 0; i < p->count; i++) {
        t->uses[c[i].action]++;
        if (i && c[i].action == c[i - 1].action)
            st = sx_diag_report(t->rd->diags, sx_i_attr_where(c[i].node, "id"), "E171", NULL,
                                "a second choice \"%.60s\" at the same place",
                                sx_node_value(c[i].node, "id"));
    }
    return st;
}

static sx_status sort_all(tree *t)
{
    t->uses = sx_alloc((size_t)sx_names_count(t->rd->spec->world->actions), sizeof *t->uses);
    sx_status st = t->uses ? SX_OK : sx_nomem(t->rd->err);
    for (int32_t i = 0; i < t->places && !sx_i_stops(st); i++)
        st = sx_i_worse(st, sort_place(t, &t->place[i]));
    return st;
}

/* --- names of states -------------------------------------------------------------------------
 */

/* "/a/b" of a choice. */
static void put_path(sx_i_text *text, const sx_node *n)
{
    if (strcmp(n->name, "choice") != 0)
        return;
    put_path(text, n->parent);
    sx_i_text_add(text, "/");
    sx_i_text_put(text, sx_node_value(n, "id"), strlen(sx_node_value(n, "id")));
}

static bool occurs_once(const tree *t, const sx_node *n)
{
    const sx_names *actions = t->rd->spec->world->actions;
    assert(t->uses);
    return t->uses[sx_names_find(actions, sx_node_value(n, "id"))] == 1;
}

/* Name the state that n leads to. */
static sx_status name_place(tree *t, const sx_node *n)
{
    sx_i_text text = {0};
    char *path = NULL;
    const char *id = sx_node_value(n, "id"), *name = id;
    sx_names *states = t->rd->spec->world->states;
    int32_t index = 0, count = sx_names_count(states);
    sx_status st = SX_OK;
    if (!occurs_once(t, n)) {
        put_path(&text, n);
        st = sx_i_text_take(&text, &path, t->rd->err);
        name = path;
    }
    if (!st)
        st = sx_names_add(states, name, &index, t->rd->err);
    if (!st && index < count)
        st = sx_diag_report(t->rd->diags, sx_i_attr_where(n, "id"), "E170", "choose another id",
                            "\"%.60s\" is already the name of another state of the tree", name);
    else if (!st && (strcmp(id, SX_I_ROOT_STATE) == 0 || strcmp(id, SX_I_END_STATE) == 0))
        st = sx_diag_report(t->rd->diags, sx_i_attr_where(n, "id"), "E170", "choose another id",
                            "\"%s\" is a state of every tree, not one inside of it", id);
    sx_release(path);
    return st;
}

static sx_status name_states(tree *t)
{
    sx_names *states = t->rd->spec->world->states;
    int32_t index;
    sx_status st = sx_names_add(states, SX_I_ROOT_STATE, &index, t->rd->err);
    for (int32_t i = 1; i < t->places && !sx_i_stops(st); i++)
        st = sx_i_worse(st, name_place(t, t->place[i].node));
    if (!st) /* behind all others, whose names are different */
        st = sx_names_add(states, SX_I_END_STATE, &index, t->rd->err);
    return st;
}

/* Ids that occur more than once as labels of the states with them. */
static sx_status label_states(tree *t)
{
    sx_i_bearers b = {0, sx_alloc((size_t)t->places, sizeof *b.bearer)};
    if (!b.bearer)
        return sx_nomem(t->rd->err);
    for (int32_t i = 1; i < t->places; i++)
        if (!occurs_once(t, t->place[i].node))
            b.bearer[b.count++] = (sx_i_bearer){t->place[i].node, i};
    sx_status st = sx_i_labels_read(t->rd, &b, "id");
    sx_release(b.bearer);
    return st;
}

/* --- the world
 * --------------------------------------------------------------------------------- */

static void fill(const tree *t, sx_mdp *m)
{
    int32_t end = m->states - 1;
    for (int32_t s = 0; s < end; s++)
        m->pair[s] = t->place[s].first;
    m->pair[end] = t->choices;
    m->pair[end + 1] = m->pairs;
    for (int32_t k = 0; k < m->pairs; k++) {
        bool loop = k >= t->choices;
        m->action[k] = loop ? k - t->choices : t->choice[k].action;
        m->first[k + 1] = k + 1;
        m->next[k] = loop || t->choice[k].next < 0 ? end : t->choice[k].next;
        m->prob[k] = 1;
    }
    m->initial[0] = 1;
    m->absorbing[end] = 1;
}

static sx_status build(tree *t)
{
    sx_world *w = t->rd->spec->world;
    int32_t actions = sx_names_count(w->actions), pairs = t->choices + actions;
    sx_status st = sx_mdp_new(t->places + 1, actions, pairs, pairs, &w->mdp, t->rd->err);
    if (!st)
        fill(t, w->mdp);
    return st;
}

static sx_status read_attributes(tree *t)
{
    sx_i_bearers b = {0, sx_alloc((size_t)t->choices, sizeof *b.bearer)};
    if (!b.bearer)
        return sx_nomem(t->rd->err);
    for (int32_t k = 0; k < t->choices; k++)
        b.bearer[b.count++] = (sx_i_bearer){t->choice[k].node, k};
    sx_status st = sx_i_attributes_read(t->rd, &b, SX_I_OF_PAIRS);
    sx_release(b.bearer);
    return st;
}

/* --- the base policy
 * ---------------------------------------------------------------------------- */

/* What the choices of a place add up to, how many are open, the last one that is given. */
static double add_up(const choice *c, int32_t count, int32_t *open, int32_t *last)
{
    double sum = 0;
    *open = *last = 0;
    for (int32_t i = 0; i < count; i++) {
        bool given = !isnan(c[i].p);
        *open += !given;
        sum += given ? c[i].p : 0;
        *last = given && c[i].node->start >= c[*last].node->start ? i : *last;
    }
    return sum;
}

static sx_status share(tree *t, const place *at, double *pi)
{
    const choice *c = t->choice + at->first;
    int32_t open, last;
    double sum = add_up(c, at->count, &open, &last);
    if (sum > 1 + SUM_TOLERANCE || (!open && sum < 1 - SUM_TOLERANCE))
        return sx_diag_report(t->rd->diags, sx_i_attr_where(c[last].node, "p"), "E172", NULL,
                              "the probabilities of the choices at this place sum to %.12g%s",
                              sum, open ? ", more than 1" : ", not 1");
    double rest = open && sum < 1 ? (1 - sum) / open : 0;
    for (int32_t i = 0; i < at->count; i++)
        pi[i] = isnan(c[i].p) ? rest : c[i].p;
    return SX_OK;
}

static sx_status read_base(tree *t)
{
    sx_world *w = t->rd->spec->world;
    double *pi = sx_alloc((size_t)w->mdp->pairs, sizeof *pi);
    sx_status st = pi ? SX_OK : sx_nomem(t->rd->err);
    for (int32_t i = 0; i < t->places && !sx_i_stops(st); i++)
        st = sx_i_worse(st, share(t, &t->place[i], pi + t->place[i].first));
    for (int32_t k = t->choices; pi && !st && k < w->mdp->pairs; k++)
        pi[k] = 1.0 / w->mdp->actions;
    if (st)
        sx_release(pi);
    else
        sx_i_base_set(w, pi);
    return st;
}

sx_status sx_i_tree_read(sx_i_reading *rd, const sx_node *n)
{
    sx_world *w = rd->spec->world;
    tree t = {.rd = rd};
    sx_status st = sx_names_new(&w->states, rd->err);
    if (!st)
        st = sx_names_new(&w->actions, rd->err);
    if (!st)
        st = name_actions(&t, n);
    if (!st)
        st = add_all(&t, n);
    if (!sx_i_stops(st) && t.choices)
        st = sx_i_worse(st, sort_all(&t));
    if (!st)
        st = t.choices ? name_states(&t) : SX_EINPUT;
    if (!st)
        st = build(&t);
    if (!st) {
        st = label_states(&t);
        if (!sx_i_stops(st))
            st = sx_i_worse(st, read_attributes(&t));
        if (!sx_i_stops(st))
            st = sx_i_worse(st, read_base(&t));
    }
    sx_release(t.choice);
    sx_release(t.place);
    sx_release(t.uses);
    return st;
}
