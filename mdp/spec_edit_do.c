/* SPDX-License-Identifier: GPL-3.0-or-later */
/* spec_edit_do.c - <do>: the value of a variable is replaced wherever it has one.
 *
 * The world is complete and its rewards are not read yet, so that expressions see the new
 * values; which transitions are possible stays as it is. */
#include "mdp/edit_int.h"
#include "mdp/expr.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define BLOCK 1024

sx_place sx_i_place_inside(sx_place place, const char *text, size_t offset, size_t width)
{
    int32_t size = 0;
    for (const char *p = text; *p; p++)
        size += ((unsigned char)*p & 0xc0) != 0x80;
    if (size != place.width)
        return place;
    for (size_t i = 0; i < offset && text[i]; i++)
        place.column += ((unsigned char)text[i] & 0xc0) != 0x80;
    place.width = 0;
    for (size_t i = offset; i < offset + width && text[i]; i++)
        place.width += ((unsigned char)text[i] & 0xc0) != 0x80;
    place.width = place.width ? place.width : 1;
    return place;
}

/* One <do> at work. */
typedef struct doing {
    sx_i_reading *rd;
    const sx_world *w;
    sx_i_do *act;
    sx_variable *v;
    int32_t n;               /* values: S, or K */
    int32_t *state, *action; /* [n] of each value; action NULL for states */
    double *value, *when;    /* [n] */
} doing;

/* Compile an expression of the <do>, which must be a condition or a number. */
static sx_status compile(const doing *c, const char *text, sx_place at, bool condition,
                         sx_expr **out)
{
    sx_expr_error where;
    sx_error wrong = SX_NO_ERROR;
    unsigned allowed = SX_EXPR_STATE | (c->v->of_pairs ? SX_EXPR_ACTION : 0U);
    sx_status st = sx_expr_parse(text, c->w, allowed, out, &where, &wrong);
    if (st == SX_EINPUT)
        return sx_diag_report(
            c->rd->diags, sx_i_place_inside(at, text, where.offset, where.width), where.code,
            where.hint[0] ? where.hint : NULL, "%s", where.message);
    if (st)
        return sx_fail(c->rd->err, st, "%s", wrong.msg);
    if (sx_expr_is_boolean(*out) == condition)
        return SX_OK;
    *out = sx_expr_free(*out);
    return sx_diag_report(c->rd->diags, at, "E168", NULL,
                          condition ? "when= is a number, not a condition"
                                    : "value= is a condition, not a number");
}

/* value [n] of the expression text. */
static sx_status evaluate(const doing *c, const char *text, sx_place at, bool condition,
                          double *value)
{
    sx_expr *e = NULL;
    sx_status st = compile(c, text, at, condition, &e);
    for (int32_t from = 0; from < c->n && !st; from += BLOCK) {
        int32_t n = c->n - from < BLOCK ? c->n - from : BLOCK;
        st = sx_expr_eval(e, c->state + from, c->action ? c->action + from : NULL, NULL,
                          (size_t)n, value + from, c->rd->err);
    }
    sx_expr_free(e);
    return st;
}

/* The name that text is, with or without quotes: its index among the names of the variable. */
static sx_status name_value(const doing *c, double *value)
{
    const char *text = c->act->value + strspn(c->act->value, " \t\r\n");
    size_t size = strlen(text);
    double number;
    int32_t index = -1;
    while (size && strchr(" \t\r\n", text[size - 1]))
        size--;
    bool quoted = size > 1 && text[0] == '\'' && text[size - 1] == '\'';
    if (sx_number_read(text, &number))
        return sx_diag_report(c->rd->diags, c->act->value_at, "E168", NULL,
                              "%.60s holds names, and %.40s is a number", c->v->name, text);
    char *name = sx_alloc(size + 1, 1);
    if (!name)
        return sx_nomem(c->rd->err);
    memcpy(name, text + quoted, quoted ? size - 2 : size);
    sx_status st = sx_names_add(c->v->symbols, name, &index, c->rd->err);
    sx_release(name);
    for (int32_t i = 0; i < c->n && !st; i++)
        value[i] = index;
    return st;
}

/* "r0c1" or "(r0c1, up)" */
static void place_text(const doing *c, int32_t i, char *text, size_t size)
{
    char buffer[SX_NAME_BUFFER];
    if (c->action)
        sx_world_pair_text(c->w, c->state[i], c->action[i], text, size);
    else
        snprintf(text, size, "%s", sx_names_get(c->w->states, i, buffer));
}

/* The new values into the variable. */
static sx_status replace(const doing *c)
{
    char where[160];
    double *old = c->v->value;
    for (int32_t i = 0; i < c->n; i++) {
        bool here = !isnan(old[i]) && (!c->act->when || c->when[i] != 0);
        if (here && !isfinite(c->value[i])) {
            place_text(c, i, where, sizeof where);
            return sx_diag_report(c->rd->diags, c->act->value_at, "E168",
                                  "leave such places out with when=",
                                  "the value is no finite number in %s", where);
        }
        c->value[i] = here ? c->value[i] : old[i];
    }
    memcpy(old, c->value, (size_t)c->n * sizeof *old);
    return SX_OK;
}

/* State and action of every value. */
static sx_status make_room(doing *c)
{
    const sx_mdp *m = c->w->mdp;
    c->n = c->v->of_pairs ? m->pairs : m->states;
    size_t n = (size_t)c->n;
    c->state = sx_alloc(n, sizeof *c->state);
    c->action = c->v->of_pairs ? sx_alloc(n, sizeof *c->action) : NULL;
    c->value = sx_alloc(n, sizeof *c->value);
    c->when = sx_alloc(n, sizeof *c->when);
    if (!c->state || (c->v->of_pairs && !c->action) || !c->value || !c->when)
        return sx_nomem(c->rd->err);
    for (int32_t s = 0; s < m->states; s++) {
        if (!c->action)
            c->state[s] = s;
        for (int32_t k = m->pair[s]; c->action && k < m->pair[s + 1]; k++) {
            c->state[k] = s;
            c->action[k] = m->action[k];
        }
    }
    return SX_OK;
}

static sx_status no_variable(const doing *c)
{
    const char *name = c->act->variable, *nearest = NULL;
    char hint[160] = "the world has no variables";
    int32_t best = INT32_MAX;
    for (int32_t i = 0; i < c->w->variables; i++) {
        int32_t d = sx_text_distance(name, c->w->variable[i].name);
        if (d < best) {
            best = d;
            nearest = c->w->variable[i].name;
        }
    }
    size_t used = 0;
    for (int32_t i = 0; i < c->w->variables && used < sizeof hint - 1; i++)
        used += (size_t)snprintf(hint + used, sizeof hint - used, "%s%.40s",
                                 i ? ", " : "the variables are ", c->w->variable[i].name);
    if (nearest)
        snprintf(hint, sizeof hint, "did you mean %.60s?", nearest);
    return sx_diag_report(c->rd->diags, c->act->variable_at, "E168", hint,
                          "the world has no variable \"%.60s\"", name);
}

sx_status sx_i_do_one(sx_i_reading *rd, sx_i_do *act)
{
    doing c = {.rd = rd, .w = rd->spec->world, .act = act};
    int32_t i = sx_world_variable(c.w, act->variable);
    if (i < 0)
        return no_variable(&c);
    c.v = &rd->spec->world->variable[i];
    sx_status st = make_room(&c);
    if (!st && act->when)
        st = evaluate(&c, act->when, act->when_at, true, c.when);
    if (!st && c.v->symbols)
        st = name_value(&c, c.value);
    else if (!st)
        st = evaluate(&c, act->value, act->value_at, false, c.value);
    if (!st)
        st = replace(&c);
    sx_release(c.state);
    sx_release(c.action);
    sx_release(c.value);
    sx_release(c.when);
    return st;
}

sx_status sx_i_do_apply(sx_i_reading *rd)
{
    sx_status st = SX_OK;
    for (int32_t i = 0; i < rd->dos && !sx_i_stops(st); i++)
        if (!rd->act[i].done)
            st = sx_i_worse(st, sx_i_do_one(rd, &rd->act[i]));
    return st;
}
