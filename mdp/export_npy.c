/* SPDX-License-Identifier: GPL-3.0-or-later */
/* export_npy.c - a specification as numpy arrays: transitions, initial distribution and one
 * reward each, all of shape (S, A, S) or (S,).  Rewards of unavailable pairs are NaN. */
#include "mdp/export_int.h"
#include "mdp/npy.h"
#include "mdp/reward_int.h"

#include <math.h>
#include <string.h>

static void put(sx_i_text *t, const char *text)
{
    sx_i_text_put(t, text, strlen(text));
}

/* The array as a file of the export; its name becomes attribute `attr`. */
static sx_status add_array(sx_outputs *o, const char *middle, const sx_array *a, sx_i_text *t,
                           const char *attr, sx_error *err)
{
    unsigned char *bytes = NULL;
    size_t size = 0;
    sx_status st = sx_npy_format(a, &bytes, &size, err);
    if (!st)
        st = sx_i_outputs_add(o, middle, ".npy", bytes, size, err);
    if (!st)
        sx_i_put_attr(t, attr, o->file[o->count - 1].name);
    return st;
}

static sx_status add_transitions(const sx_mdp *m, sx_outputs *o, sx_array *cube, sx_i_text *t,
                                 sx_error *err)
{
    memset(cube->value, 0,
           (size_t)m->states * (size_t)m->actions * (size_t)m->states * sizeof *cube->value);
    for (int32_t s = 0; s < m->states; s++)
        for (int32_t k = m->pair[s]; k < m->pair[s + 1]; k++)
            for (int64_t i = m->first[k]; i < m->first[k + 1]; i++)
                cube->value[((int64_t)s * m->actions + m->action[k]) * m->states + m->next[i]] =
                    m->prob[i];
    return add_array(o, "P", cube, t, "transitions", err);
}

static sx_status add_initial(const sx_mdp *m, sx_outputs *o, sx_i_text *t, sx_error *err)
{
    sx_array a = {.dims = 1, .shape = {m->states, 1, 1}, .value = m->initial};
    return add_array(o, "initial", &a, t, "initial", err);
}

static sx_status add_reward(const sx_mdp *m, sx_outputs *o, sx_array *cube,
                            const sx_named_reward *r, sx_i_text *t, sx_error *err)
{
    for (int64_t i = 0; i < (int64_t)m->states * m->actions * m->states; i++)
        cube->value[i] = NAN;
    for (int32_t s = 0; s < m->states; s++)
        for (int32_t k = m->pair[s]; k < m->pair[s + 1]; k++)
            sx_reward_row(m, r->reward, k,
                          cube->value + ((int64_t)s * m->actions + m->action[k]) * m->states);
    put(t, "  <reward");
    sx_i_put_attr(t, "id", r->id);
    if (r->group)
        sx_i_put_attr(t, "group", r->group);
    put(t, "><table");
    sx_status st = add_array(o, r->id, cube, t, "href", err);
    put(t, " order=\"sas\"/></reward>\n");
    return st;
}

/* An array (S, A, S) without values yet. */
static sx_status new_cube(const sx_mdp *m, sx_array *cube, sx_error *err)
{
    double size = (double)m->states * m->actions * m->states;
    if (size > (double)SX_DENSE_LIMIT)
        return sx_fail(
            err, SX_ELIMIT,
            "an array of %d x %d x %d numbers is above the limit of 2^26: convert to "
            ".csv",
            (int)m->states, (int)m->actions, (int)m->states);
    cube->dims = 3;
    cube->shape[0] = cube->shape[2] = m->states;
    cube->shape[1] = m->actions;
    cube->value = sx_alloc((size_t)size, sizeof *cube->value);
    return cube->value ? SX_OK : sx_nomem(err);
}

static sx_status write_all(const sx_spec *spec, sx_outputs *o, sx_array *cube, sx_i_text *t,
                           sx_error *err)
{
    const sx_mdp *m = spec->world->mdp;
    sx_i_put_head(t, spec);
    put(t, "  <arrays order=\"sas\"");
    sx_status st = add_transitions(m, o, cube, t, err);
    if (!st)
        st = add_initial(m, o, t, err);
    put(t, ">\n");
    sx_i_put_names(t, spec->world);
    sx_i_put_pairs(t, spec->world);
    put(t, "  </arrays>\n");
    for (int32_t i = 0; !st && i < spec->rewards; i++)
        st = add_reward(m, o, cube, &spec->reward[i], t, err);
    sx_i_put_foot(t);
    return st ? st : sx_i_outputs_text(o, t, err);
}

sx_status sx_export_npy(const sx_spec *spec, const char *name, sx_outputs **out, sx_error *err)
{
    sx_i_text t = {0};
    sx_outputs *o = NULL;
    sx_array cube = {0};
    *out = NULL;
    sx_status st = sx_i_export_check(spec, err);
    for (int32_t i = 0; !st && i < spec->rewards; i++)
        st = sx_i_export_known(&spec->reward[i], err);
    if (!st)
        st = new_cube(spec->world->mdp, &cube, err);
    if (!st)
        st = sx_i_outputs_new(name, &o, err);
    if (!st)
        st = write_all(spec, o, &cube, &t, err);
    sx_release(t.text);
    sx_release(cube.value);
    if (st)
        o = sx_outputs_free(o);
    *out = o;
    return st;
}
