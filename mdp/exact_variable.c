/* SPDX-License-Identifier: GPL-3.0-or-later */
/* exact_variable.c - the values of variables in rational numbers, and what edits make of them.
 *
 * Most values are whole numbers that the reader computed (rows and columns, places of names):
 * doubles hold those exactly.  Others were written, and the listener heard where. */
#include "mdp/exact_int.h"

#include "mdp/edit_int.h"
#include "mdp/spec_world_int.h"

#include <math.h>
#include <stdio.h>

/* --- as the file has them ---------------------------------------------------------------- */

static void copy_values(sx_i_exact_variable *to, const sx_variable *v)
{
    for (int64_t j = 0; j < to->count; j++)
        if (isfinite(v->value[j]))
            mpq_set_d(to->value + j, v->value[j]);
}

/* The value of the variable from its text instead. */
static sx_status hear(sx_i_exact_reading *x, const sx_i_heard *h)
{
    mpq_t value;
    sx_i_exact_variable *v = &x->variable[h->variable];
    mpq_init(value);
    sx_status st = sx_i_exact_attr(x, h->attribute, "value", value);
    if (!st && h->kind != SX_I_OF_ACTIONS)
        mpq_set(v->value + h->index, value);
    for (int32_t k = 0; !st && h->kind == SX_I_OF_ACTIONS && k < x->m->pairs; k++)
        if (x->m->action[k] == h->index)
            mpq_set(v->value + k, value);
    mpq_clear(value);
    return st;
}

sx_status sx_i_exact_variables(sx_i_exact_reading *x)
{
    const sx_world *w = x->world;
    sx_status st = SX_OK;
    x->variable = sx_fence_alloc((size_t)w->variables, sizeof *x->variable);
    x->inexact_label = sx_fence_alloc((size_t)w->labels, sizeof(void *));
    for (int32_t i = 0; i < w->variables; i++) {
        sx_i_exact_variable *v = &x->variable[i];
        v->count = w->variable[i].of_pairs ? x->m->pairs : x->m->states;
        v->value = sx_rationals_new(v->count);
        copy_values(v, &w->variable[i]);
    }
    for (int64_t i = 0; i < x->heards && !sx_i_stops(st); i++)
        st = sx_i_worse(st, hear(x, &x->heard[i]));
    if (!st && x->factored.world)
        st = sx_i_exact_factors(x);
    return st;
}

/* --- what <do> makes of them ------------------------------------------------------------- */

/* An expression of the <do>, compiled. */
static sx_status compile(sx_i_exact_reading *x, const char *text, sx_place at, bool of_pairs,
                         sx_i_exact_expr **out)
{
    sx_expr *e = NULL;
    sx_expr_error where;
    const sx_i_exact_text t = {NULL, NULL, text, at};
    unsigned allowed = SX_EXPR_STATE | (of_pairs ? SX_EXPR_ACTION : 0U);
    sx_status st = sx_expr_parse(text, x->world, allowed, &e, &where, x->rd->err);
    if (!st)
        st = sx_i_exact_hold(x, SX_I_HELD_EXPR, e);
    return st ? st : sx_i_exact_compile(x, &t, e, out);
}

static sx_status no_value(sx_i_exact_reading *x, sx_place at)
{
    return sx_diag_report(x->rd->diags, at, "E472", NULL,
                          "this has no rational value in some place where it is needed");
}

/* The new value of one place into `value`, where there is one. */
static sx_status fill_one(sx_i_exact_reading *x, const sx_i_do *act, const int32_t at[2],
                          sx_i_exact_expr *const e[2], mpq_ptr value)
{
    mpq_ptr when = sx_rationals_new(1);
    sx_i_exact_kind kind = SX_I_EXACT_NUMBER;
    bool here = true;
    if (e[1]) {
        kind = sx_i_exact_eval(e[1], at[0], at[1], at[0], when);
        here = mpq_sgn(when) != 0;
    }
    sx_rationals_free(when, 1);
    if (kind)
        return no_value(x, act->when_at);
    kind = here ? sx_i_exact_eval(e[0], at[0], at[1], at[0], value) : SX_I_EXACT_NUMBER;
    return kind ? no_value(x, act->value_at) : SX_OK;
}

/* value [v->count] with the new values, those of v where nothing is changed. */
static sx_status fill_new(sx_i_exact_reading *x, const sx_i_do *act, const sx_variable *old,
                          const sx_i_exact_variable *v, mpq_ptr value)
{
    sx_i_exact_expr *e[2] = {NULL, NULL}; /* value, when */
    sx_status st = compile(x, act->value, act->value_at, old->of_pairs, &e[0]);
    if (!st && act->when)
        st = compile(x, act->when, act->when_at, old->of_pairs, &e[1]);
    for (int32_t i = 0; i < v->count && !st; i++) {
        const int32_t at[2] = {old->of_pairs ? sx_mdp_pair_state(x->m, i) : i,
                               old->of_pairs ? i : x->m->pair[i]};
        mpq_set(value + i, v->value + i);
        if (!isnan(old->value[i]))
            st = fill_one(x, act, at, e, value + i);
    }
    return st;
}

static sx_status do_one(sx_i_exact_reading *x, sx_i_do *act)
{
    int32_t i = sx_world_variable(x->world, act->variable);
    if (i < 0)
        return SX_EINPUT;
    sx_i_exact_variable *v = &x->variable[i];
    const sx_variable *old = &x->world->variable[i];
    mpq_ptr value = sx_rationals_new(v->count);
    bool all = !act->when; /* what was there does not matter */
    sx_status st = SX_OK;
    if (!old->symbols && (all || !v->inexact))
        st = fill_new(x, act, old, v, value);
    if (!st)
        st = sx_i_do_one(x->rd, act);
    if (!st && old->symbols)
        copy_values(v, old);
    else if (!st && (all || !v->inexact)) {
        v->value = value;
        v->inexact = NULL;
    }
    return st;
}

sx_status sx_i_exact_dos(sx_i_exact_reading *x)
{
    sx_status st = SX_OK;
    const sx_i_held *mark = x->held;
    for (int32_t i = 0; i < x->rd->dos && !st; i++)
        if (!x->rd->act[i].done)
            st = do_one(x, &x->rd->act[i]);
    sx_i_exact_drop(x, mark);
    return st;
}
