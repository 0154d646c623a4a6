/* SPDX-License-Identifier: GPL-3.0-or-later */
/* world.c - a world with the names people use for its parts. */
#include "mdp/world.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

sx_status sx_world_new(sx_world **out, sx_error *err)
{
    *out = sx_alloc(1, sizeof **out);
    return *out ? SX_OK : sx_nomem(err);
}

static void free_grid(sx_grid *g)
{
    if (g) {
        sx_release(g->state);
        sx_release(g->wall);
    }
    sx_release(g);
}

sx_world *sx_world_free(sx_world *w)
{
    if (!w)
        return NULL;
    sx_mdp_free(w->mdp);
    sx_names_free(w->states);
    sx_names_free(w->actions);
    for (int32_t i = 0; i < w->labels; i++) {
        sx_release(w->label[i].name);
        sx_release(w->label[i].state);
    }
    sx_release(w->label);
    for (int32_t i = 0; i < w->variables; i++) {
        sx_release(w->variable[i].name);
        sx_release(w->variable[i].value);
        sx_names_free(w->variable[i].symbols);
    }
    sx_release(w->variable);
    sx_release(w->through);
    free_grid(w->grid);
    sx_release(w->base);
    return sx_release(w);
}

int32_t sx_world_label(const sx_world *w, const char *name)
{
    for (int32_t i = 0; i < w->labels; i++)
        if (strcmp(w->label[i].name, name) == 0)
            return i;
    return -1;
}

int32_t sx_world_variable(const sx_world *w, const char *name)
{
    for (int32_t i = 0; i < w->variables; i++)
        if (strcmp(w->variable[i].name, name) == 0)
            return i;
    return -1;
}

static int by_index(const void *a, const void *b)
{
    const int32_t *x = a, *y = b;
    return (*x > *y) - (*x < *y);
}

/* Sort state [n] and drop what is there twice; how many are left. */
static int32_t make_distinct(int32_t *state, int32_t n)
{
    bool ascending = true;
    for (int32_t i = 1; i < n; i++)
        ascending = ascending && state[i - 1] < state[i];
    if (ascending)
        return n;
    qsort(state, (size_t)n, sizeof *state, by_index);
    int32_t kept = 0;
    for (int32_t i = 0; i < n; i++)
        if (i == 0 || state[i] != state[i - 1])
            state[kept++] = state[i];
    return kept;
}

static sx_status new_label(sx_world *w, const char *name, sx_error *err)
{
    sx_label *label = sx_realloc(w->label, (size_t)w->labels + 1, sizeof *label);
    char *copy = sx_strdup(name);
    if (label)
        w->label = label;
    if (!label || !copy) {
        sx_release(copy);
        return sx_nomem(err);
    }
    w->label[w->labels++] = (sx_label){copy, 0, NULL};
    return SX_OK;
}

sx_status sx_world_add_label(sx_world *w, const char *name, const int32_t *state, int32_t count,
                             int32_t *index, sx_error *err)
{
    int32_t i = sx_world_label(w, name);
    int32_t old = i < 0 ? 0 : w->label[i].count;
    *index = -1;
    int32_t *all = sx_alloc((size_t)old + (size_t)count, sizeof *all);
    sx_status st = all ? SX_OK : sx_nomem(err);
    if (!st && i < 0) {
        st = new_label(w, name, err);
        i = w->labels - 1;
    }
    if (st) {
        sx_release(all);
        return st;
    }
    sx_label *label = &w->label[i];
    if (old)
        memcpy(all, label->state, (size_t)old * sizeof *all);
    if (count)
        memcpy(all + old, state, (size_t)count * sizeof *all);
    sx_release(label->state);
    label->state = all;
    label->count = make_distinct(all, old + count);
    *index = i;
    return SX_OK;
}

static sx_status add_variable(sx_world *w, const char *name, bool of_pairs, int32_t *index,
                              sx_error *err)
{
    int32_t values = of_pairs ? w->mdp->pairs : w->mdp->states;
    *index = -1;
    sx_variable *variable = sx_realloc(w->variable, (size_t)w->variables + 1, sizeof *variable);
    char *copy = sx_strdup(name);
    double *value = sx_alloc((size_t)values, sizeof *value);
    if (variable)
        w->variable = variable;
    if (!variable || !copy || !value) {
        sx_release(copy);
        sx_release(value);
        return sx_nomem(err);
    }
    *index = w->variables++;
    w->variable[*index] = (sx_variable){copy, value, NULL, of_pairs};
    return SX_OK;
}

sx_status sx_world_add_variable(sx_world *w, const char *name, int32_t *index, sx_error *err)
{
    return add_variable(w, name, /*of_pairs=*/false, index, err);
}

sx_status sx_world_add_pair_variable(sx_world *w, const char *name, int32_t *index,
                                     sx_error *err)
{
    return add_variable(w, name, /*of_pairs=*/true, index, err);
}

void sx_world_base(const sx_world *w, double *pi)
{
    if (w->base)
        memcpy(pi, w->base, (size_t)w->mdp->pairs * sizeof *pi);
    else
        sx_policy_uniform(w->mdp, pi);
}

void sx_mdp_initial_default(sx_mdp *m)
{
    int32_t free_states = 0;
    for (int32_t s = 0; s < m->states; s++)
        free_states += !m->absorbing[s];
    for (int32_t s = 0; s < m->states; s++) {
        if (free_states)
            m->initial[s] = m->absorbing[s] ? 0 : 1.0 / free_states;
        else
            m->initial[s] = 1.0 / m->states;
    }
}

void sx_world_pair_text(const sx_world *w, int32_t s, int32_t a, char *text, size_t size)
{
    char state[SX_NAME_BUFFER], action[SX_NAME_BUFFER];
    snprintf(text, size, "(%s, %s)", sx_names_get(w->states, s, state),
             sx_names_get(w->actions, a, action));
}
