/* SPDX-License-Identifier: GPL-3.0-or-later */
/* spec_factored_label.c - <factored>: labels and attributes that are computed from its
 * variables. */
#include "mdp/spec_factored_int.h"
#include "mdp/spec_reward_int.h"

#include <math.h>
#include <string.h>

#define MEMBERS ((int64_t)1 << 28) /* states of all labels together */

/* Compile attribute attr of n over the variables that the world has so far. */
static sx_status parse(sx_i_factored *r, const sx_node *n, const char *attr, bool condition,
                       sx_expr **out)
{
    sx_i_rewarding c = {.rd = r->rd, .world = r->rd->spec->world};
    *out = NULL;
    if (!sx_i_attr_sound(n, attr))
        return SX_EINPUT;
    sx_status st = sx_i_expression(&c, n, attr, SX_EXPR_STATE, out);
    if (st || sx_expr_is_boolean(*out) == condition)
        return st;
    *out = sx_expr_free(*out);
    return sx_diag_report(r->rd->diags, sx_i_attr_where(n, attr), "E406",
                          condition ? "compare it with something, as in row > 2"
                                    : "choose numbers for both cases, as in if(row > 2, 1, 0)",
                          condition ? "when= is a number, not a condition"
                                    : "value= is a condition, not a number");
}

/* The values of e in all states, into value [S]. */
static sx_status evaluate(sx_i_factored *r, const sx_expr *e, double *value)
{
    int32_t states = r->rd->spec->world->mdp->states;
    int32_t *state = sx_alloc((size_t)states, sizeof *state);
    if (!state)
        return sx_nomem(r->rd->err);
    for (int32_t s = 0; s < states; s++)
        state[s] = s;
    sx_status st = sx_expr_eval(e, state, NULL, NULL, (size_t)states, value, r->rd->err);
    sx_release(state);
    return st;
}

/* --- attributes ----------------------------------------------------------------------------
 */

static sx_status read_attribute(sx_i_factored *r, const sx_node *n)
{
    sx_world *w = r->rd->spec->world;
    const char *id = sx_i_attr_sound(n, "id");
    sx_expr *e = NULL;
    int32_t index = 0;
    sx_status st = id ? sx_i_variable_check(r->rd, id, n, SX_I_OF_STATES) : SX_EINPUT;
    if (!st)
        st = parse(r, n, "value", false, &e);
    if (!st)
        st = sx_world_add_variable(w, id, &index, r->rd->err);
    double *value = st ? NULL : w->variable[index].value;
    if (!st)
        st = evaluate(r, e, value);
    for (int32_t s = 0; !st && s < w->mdp->states; s++)
        if (!isfinite(value[s]))
            value[s] = NAN; /* the state does not have it */
    sx_expr_free(e);
    return st;
}

sx_status sx_i_factored_attributes(sx_i_factored *r)
{
    sx_status st = SX_OK;
    const sx_node *n = sx_i_first(r->world, "attribute");
    for (; n && !sx_i_stops(st); n = sx_i_next(n, "attribute"))
        st = sx_i_worse(st, read_attribute(r, n));
    return st;
}

/* --- labels --------------------------------------------------------------------------------
 */

/* Add the label; *members: how many states labels have so far. */
static sx_status read_label(sx_i_factored *r, const sx_node *n, double *value, int32_t *state,
                            int64_t *members)
{
    sx_world *w = r->rd->spec->world;
    const char *id = sx_i_attr_sound(n, "id");
    sx_expr *e = NULL;
    int32_t index, count = 0;
    sx_status st = parse(r, n, "when", true, &e);
    if (!id)
        st = sx_i_worse(st, SX_EINPUT);
    if (!st)
        st = evaluate(r, e, value);
    sx_expr_free(e);
    if (st)
        return st;
    for (int32_t s = 0; s < w->mdp->states; s++)
        if (value[s] > 0)
            state[count++] = s;
    *members += count;
    if (w->labels >= SX_I_LABELS || *members > MEMBERS)
        return sx_diag_report(r->rd->diags, n->place, "E105", NULL,
                              "the states have too many labels");
    st = sx_world_add_label(w, id, state, count, &index, r->rd->err);
    return st ? st : sx_i_label_check(r->rd, id, sx_i_attr_where(n, "id"));
}

static sx_status read_labels(sx_i_factored *r, double *value, int32_t *state)
{
    int64_t members = 0;
    sx_status st = SX_OK;
    const sx_node *n = sx_i_first(r->world, "label");
    for (; n && !sx_i_stops(st); n = sx_i_next(n, "label"))
        st = sx_i_worse(st, read_label(r, n, value, state, &members));
    return st;
}

sx_status sx_i_factored_labels(sx_i_factored *r)
{
    int32_t states = r->rd->spec->world->mdp->states;
    if (!sx_i_first(r->world, "label"))
        return SX_OK;
    double *value = sx_alloc((size_t)states, sizeof *value);
    int32_t *state = sx_alloc((size_t)states, sizeof *state);
    sx_status st = value && state ? read_labels(r, value, state) : sx_nomem(r->rd->err);
    sx_release(value);
    sx_release(state);
    return st;
}
