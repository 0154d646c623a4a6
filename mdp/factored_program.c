/* SPDX-License-Identifier: GPL-3.0-or-later */
/* factored_program.c - the expressions of a factored world, compiled once. */
#include "mdp/factored_int.h"
#include "mdp/spec_int.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define BLOCK 2048               /* combinations of a block, at most */
#define CELLS ((int64_t)1 << 21) /* numbers of a block, at most (or one combination) */

sx_status sx_i_program_problem(sx_i_program *p, sx_i_spot where, const char *code,
                               const char *hint, const char *format, ...)
{
    sx_factored_problem problem = {where.part,   where.index,  where.outcome,
                                   where.assign, where.offset, where.width,
                                   code,         "",           ""};
    va_list args;
    va_start(args, format);
    vsnprintf(problem.message, sizeof problem.message, format, args);
    va_end(args);
    if (hint)
        snprintf(problem.hint, sizeof problem.hint, "%s", hint);
    p->failed = true;
    p->report(p->context, &problem);
    return SX_EINPUT;
}

/* --- what a block needs -------------------------------------------------------------- */

static void measure(sx_i_program *p, int32_t *most)
{
    const sx_factored *f = p->f;
    int64_t cells = f->factors->count + (int64_t)f->actions;
    *most = 1;
    for (int32_t a = 0; a < f->actions; a++) {
        int32_t n = f->action[a].outcomes;
        p->outcomes += n;
        *most = n > *most ? n : *most;
    }
    cells = CELLS / (cells + p->outcomes);
    p->block = cells < 1 ? 1 : cells < BLOCK ? (int32_t)cells : BLOCK;
}

static sx_status make_block(sx_i_program *p)
{
    int32_t most;
    const sx_factored *f = p->f;
    measure(p, &most);
    size_t block = (size_t)p->block;
    p->code = sx_alloc(block, sizeof *p->code);
    p->place = sx_alloc((size_t)f->factors->count * block, sizeof *p->place);
    p->absorbs = sx_alloc(block, 1);
    p->available = sx_alloc((size_t)f->actions * block, 1);
    p->prob = sx_alloc((size_t)p->outcomes * block, sizeof *p->prob);
    p->next = sx_alloc((size_t)p->outcomes * block, sizeof *p->next);
    p->lane = sx_alloc(block, sizeof *p->lane);
    p->some = sx_alloc(block, sizeof *p->some);
    p->value = sx_alloc(block, sizeof *p->value);
    p->sum = sx_alloc(block, sizeof *p->sum);
    p->row = sx_alloc((size_t)most, sizeof *p->row);
    bool all = p->code && p->place && p->absorbs && p->available && p->prob && p->next &&
               p->lane && p->some && p->value && p->sum && p->row;
    return all ? SX_OK : sx_nomem(p->err);
}

static sx_status make_variable(sx_i_program *p, const sx_factor *x)
{
    sx_variable v = {.name = sx_strdup(x->name),
                     .value = sx_alloc((size_t)p->block, sizeof *v.value)};
    sx_status st = v.name && v.value ? SX_OK : sx_nomem(p->err);
    if (!st && sx_factor_is_named(x))
        st = sx_names_copy(x->text, &v.symbols, p->err);
    p->w->variable[p->w->variables++] = v;
    return st;
}

/* A world of the names alone, whose variables have the values of the block. */
static sx_status make_names(sx_i_program *p)
{
    const sx_factors *factors = p->f->factors;
    sx_status st = sx_world_new(&p->w, p->err);
    if (!st)
        st = sx_names_new(&p->w->actions, p->err);
    for (int32_t a = 0, index; !st && a < p->f->actions; a++)
        st = sx_names_add(p->w->actions, p->f->action[a].id, &index, p->err);
    if (st)
        return st;
    p->w->variable = sx_alloc((size_t)factors->count, sizeof *p->w->variable);
    if (!p->w->variable)
        return sx_nomem(p->err);
    for (int32_t v = 0; !st && v < factors->count; v++)
        st = make_variable(p, &factors->factor[v]);
    return st;
}

/* --- expressions --------------------------------------------------------------------- */

/* Compile one expression; variable of names >= 0: one whose value is a name of it. */
static sx_status compile(sx_i_program *p, const char *text, int32_t variable, sx_i_spot spot,
                         sx_i_rule *rule)
{
    sx_expr_error where = {0};
    sx_error local = SX_NO_ERROR;
    sx_status st =
        variable < 0
            ? sx_expr_parse(text, p->w, SX_EXPR_STATE, &rule->e, &where, &local)
            : sx_expr_parse_name(text, p->w, variable, SX_EXPR_STATE, &rule->e, &where, &local);
    spot.offset = where.offset;
    spot.width = where.width;
    if (st == SX_EINPUT)
        return sx_i_program_problem(p, spot, where.code, where.hint, "%s", where.message);
    return st ? sx_fail(p->err, st, "%s", local.msg) : SX_OK;
}

static sx_status need_condition(sx_i_program *p, const sx_i_rule *rule, sx_i_spot spot)
{
    if (sx_expr_is_boolean(rule->e))
        return SX_OK;
    return sx_i_program_problem(p, spot, "E406", "compare it: ... != 0",
                                "a condition is expected here, this is a number");
}

static sx_status need_number(sx_i_program *p, const sx_i_rule *rule, sx_i_spot spot)
{
    if (!sx_expr_is_boolean(rule->e))
        return SX_OK;
    return sx_i_program_problem(p, spot, "E406", "turn it into a number: if(condition, 1, 0)",
                                "a number is expected here, this is a condition");
}

static sx_status compile_assign(sx_i_program *p, const sx_assign *given, sx_i_spot spot,
                                sx_i_rule *rule)
{
    const sx_factored *f = p->f;
    bool named = sx_factor_is_named(&f->factors->factor[given->variable]);
    sx_status st = compile(p, given->value, named ? given->variable : -1, spot, rule);
    if (!st && !named)
        st = need_number(p, rule, spot);
    if (!st && f->fixed && f->fixed[given->variable] >= 0)
        rule->e = sx_expr_free(rule->e);
    return st;
}

static sx_status compile_outcome(sx_i_program *p, sx_i_step_outcome *o, sx_i_spot spot)
{
    sx_status st = SX_OK;
    o->assign = sx_alloc((size_t)o->given->assigns, sizeof *o->assign);
    if (!o->assign)
        return sx_nomem(p->err);
    spot.part = SX_FACTORED_P;
    if (o->given->p)
        st = compile(p, o->given->p, -1, spot, &o->p);
    if (!st && o->p.e)
        st = need_number(p, &o->p, spot);
    spot.part = SX_FACTORED_VALUE;
    for (int32_t i = 0; i < o->given->assigns && !sx_i_stops(st); i++) {
        spot.assign = i;
        st = sx_i_worse(st, compile_assign(p, &o->given->assign[i], spot, &o->assign[i]));
    }
    return st;
}

static sx_status compile_action(sx_i_program *p, int32_t a, int64_t row)
{
    sx_i_step_action *action = &p->action[a];
    sx_i_spot spot = {.part = SX_FACTORED_WHEN, .index = a};
    sx_status st = SX_OK;
    action->given = &p->f->action[a];
    action->row = row;
    action->outcome = sx_alloc((size_t)action->given->outcomes, sizeof *action->outcome);
    if (!action->outcome)
        return sx_nomem(p->err);
    if (action->given->when)
        st = compile(p, action->given->when, -1, spot, &action->when);
    if (!st && action->when.e)
        st = need_condition(p, &action->when, spot);
    for (int32_t i = 0; i < action->given->outcomes && !sx_i_stops(st); i++) {
        spot.outcome = i;
        action->outcome[i].given = &action->given->outcome[i];
        st = sx_i_worse(st, compile_outcome(p, &action->outcome[i], spot));
    }
    return st;
}

static sx_status compile_absorbing(sx_i_program *p, int32_t i)
{
    sx_i_spot spot = {.part = SX_FACTORED_ABSORBING, .index = i};
    sx_status st = compile(p, p->f->absorbing[i], -1, spot, &p->absorbing[i]);
    return st ? st : need_condition(p, &p->absorbing[i], spot);
}

sx_status sx_i_program_compile(sx_i_program *p)
{
    const sx_factored *f = p->f;
    sx_status st = make_block(p);
    if (!st)
        st = make_names(p);
    if (st)
        return st;
    p->absorbing = sx_alloc((size_t)f->absorbings, sizeof *p->absorbing);
    p->action = sx_alloc((size_t)f->actions, sizeof *p->action);
    if (!p->absorbing || !p->action)
        return sx_nomem(p->err);
    int64_t row = 0;
    for (int32_t a = 0; a < f->actions && !sx_i_stops(st); a++) {
        st = sx_i_worse(st, compile_action(p, a, row));
        row += f->action[a].outcomes;
    }
    for (int32_t i = 0; i < f->absorbings && !sx_i_stops(st); i++)
        st = sx_i_worse(st, compile_absorbing(p, i));
    return st;
}

static void clear_action(sx_i_step_action *action)
{
    sx_expr_free(action->when.e);
    for (int32_t i = 0; action->outcome && i < action->given->outcomes; i++) {
        sx_i_step_outcome *o = &action->outcome[i];
        sx_expr_free(o->p.e);
        for (int32_t j = 0; o->assign && j < o->given->assigns; j++)
            sx_expr_free(o->assign[j].e);
        sx_release(o->assign);
    }
    sx_release(action->outcome);
}

void sx_i_program_clear(sx_i_program *p)
{
    for (int32_t a = 0; p->action && a < p->f->actions; a++)
        clear_action(&p->action[a]);
    for (int32_t i = 0; p->absorbing && i < p->f->absorbings; i++)
        sx_expr_free(p->absorbing[i].e);
    sx_release(p->action);
    sx_release(p->absorbing);
    sx_world_free(p->w);
    sx_release(p->code);
    sx_release(p->place);
    sx_release(p->absorbs);
    sx_release(p->available);
    sx_release(p->prob);
    sx_release(p->next);
    sx_release(p->lane);
    sx_release(p->some);
    sx_release(p->value);
    sx_release(p->sum);
    sx_release(p->row);
}
