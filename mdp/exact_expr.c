/* SPDX-License-Identifier: GPL-3.0-or-later */
/* exact_expr.c - expressions in rational arithmetic: the program of expr_int.h on one triple.
 *
 * What has no number is of one of three kinds, the worst of which goes through: a variable that
 * a state lacks (a comparison with it is false, and != is true, as in floating point), a
 * division by zero, and what is not known exactly. */
#include "mdp/exact_int.h"

#include "mdp/expr_int.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define BITS 200000 /* of a power or product */

struct sx_i_exact_expr {
    const sx_expr *e;
    const sx_i_exact_reading *x;
    mpq_ptr constant;      /* [terms] of CONST */
    int32_t *variable;     /* [terms] of STATE, NEXT and PAIR */
    mpq_ptr stack;         /* [depth] */
    sx_i_exact_kind *kind; /* [depth] */
};

void sx_i_exact_expr_free(sx_i_exact_expr *e)
{
    if (!e)
        return;
    sx_rationals_free(e->constant, e->e->terms);
    sx_rationals_free(e->stack, e->e->depth);
    sx_fence_release(e->variable);
    sx_fence_release(e->kind);
    sx_fence_release(e);
}

/* --- compiling ------------------------------------------------------------------------------
 */

sx_i_exact_text sx_i_exact_text_of(const sx_node *n, const char *attr)
{
    return (sx_i_exact_text){n, attr, sx_i_attr(n, attr), sx_i_attr_where(n, attr)};
}

static sx_place place_inside(const sx_i_exact_reading *x, const sx_i_exact_text *t,
                             const sx_i_term *term)
{
    const sx_attr *a = t->node ? sx_node_attr(t->node, t->attr) : NULL;
    return a ? sx_attr_place(x->rd->xml, a, term->offset, term->width)
             : sx_i_place_inside(t->place, t->text, term->offset, term->width);
}

static bool is_rational(sx_i_operator op)
{
    return op != SX_I_EXP && op != SX_I_LOG && op != SX_I_LOG1P && op != SX_I_SQRT;
}

static int32_t variable_of(const sx_world *w, const double *values)
{
    int32_t i = 0;
    while (i < w->variables && w->variable[i].value != values)
        i++;
    return i;
}

/* The variable has exact values. */
static sx_status check_variable(sx_i_exact_reading *x, const sx_i_exact_text *t, int32_t i)
{
    char hint[120];
    if (!x->variable[i].inexact)
        return SX_OK;
    snprintf(hint, sizeof hint, "the value of the <attribute id=\"%.40s\"> is not rational",
             x->world->variable[i].name);
    return sx_diag_report(x->rd->diags, t->place, "E472", hint,
                          "%.60s has no exact values, and this looks at it",
                          x->world->variable[i].name);
}

static sx_status compile_term(sx_i_exact_reading *x, const sx_i_exact_text *t,
                              sx_i_exact_expr *e, int32_t i)
{
    const sx_i_term *term = &e->e->term[i];
    if (!is_rational(term->op))
        return sx_diag_report(x->rd->diags, t->place, "E472",
                              "exp, log, log1p and sqrt have no place in an exact decision",
                              "--exact needs arithmetic that stays rational");
    if (term->values) {
        e->variable[i] = variable_of(x->world, term->values);
        return check_variable(x, t, e->variable[i]);
    }
    if (term->op != SX_I_CONST)
        return SX_OK;
    if (!term->width) {
        mpq_set_d(e->constant + i, term->value);
        return SX_OK;
    }
    const char *text = t->text + term->offset;
    const char *why = sx_i_rational_read(text, term->width, e->constant + i);
    return why ? sx_i_exact_refuse(x, place_inside(x, t, term), text, why) : SX_OK;
}

sx_status sx_i_exact_compile(sx_i_exact_reading *x, const sx_i_exact_text *t, const sx_expr *e,
                             sx_i_exact_expr **out)
{
    sx_i_exact_expr *made = *out = sx_fence_alloc(1, sizeof *made);
    made->e = e;
    made->x = x;
    made->constant = sx_rationals_new(e->terms);
    made->stack = sx_rationals_new(e->depth);
    made->variable = sx_fence_alloc((size_t)e->terms, sizeof *made->variable);
    made->kind = sx_fence_alloc((size_t)e->depth, sizeof *made->kind);
    sx_status st = SX_OK;
    for (int32_t i = 0; i < e->terms && !st; i++)
        st = compile_term(x, t, made, i);
    return st;
}

/* --- running ---------------------------------------------------------------------------------
 */

typedef struct slot {
    mpq_ptr x;
    sx_i_exact_kind *kind;
} slot;

static slot at(const sx_i_exact_expr *e, int32_t i)
{
    return (slot){e->stack + i, e->kind + i};
}

static void put_truth(slot to, bool truth)
{
    mpq_set_si(to.x, truth, 1);
    *to.kind = SX_I_EXACT_NUMBER;
}

static size_t bits(mpq_srcptr x)
{
    return mpz_sizeinbase(mpq_numref(x), 2) + mpz_sizeinbase(mpq_denref(x), 2);
}

static void power(slot x, mpq_srcptr exponent)
{
    if (mpz_cmp_ui(mpq_denref(exponent), 1) != 0 || !mpz_fits_slong_p(mpq_numref(exponent))) {
        *x.kind = SX_I_EXACT_WILD;
        return;
    }
    long n = mpz_get_si(mpq_numref(exponent));
    unsigned long times = n < 0 ? 0 - (unsigned long)n : (unsigned long)n;
    if (n < 0 && mpq_sgn(x.x) == 0) {
        *x.kind = SX_I_EXACT_DIVISION;
        return;
    }
    if (times > BITS || bits(x.x) * times > BITS) {
        *x.kind = SX_I_EXACT_WILD;
        return;
    }
    mpz_pow_ui(mpq_numref(x.x), mpq_numref(x.x), times);
    mpz_pow_ui(mpq_denref(x.x), mpq_denref(x.x), times);
    if (n < 0)
        mpq_inv(x.x, x.x);
}

static void arithmetic(sx_i_operator op, slot x, slot y)
{
    if (op == SX_I_DIV && !*x.kind && !*y.kind && mpq_sgn(y.x) == 0)
        *x.kind = SX_I_EXACT_DIVISION;
    *x.kind = *x.kind > *y.kind ? *x.kind : *y.kind;
    if (*x.kind)
        return;
    switch (op) {
    case SX_I_ADD: mpq_add(x.x, x.x, y.x); break;
    case SX_I_SUB: mpq_sub(x.x, x.x, y.x); break;
    case SX_I_MUL: mpq_mul(x.x, x.x, y.x); break;
    case SX_I_DIV: mpq_div(x.x, x.x, y.x); break;
    case SX_I_POW: power(x, y.x); break;
    case SX_I_MIN:
        if (mpq_cmp(y.x, x.x) < 0)
            mpq_set(x.x, y.x);
        break;
    default: /* MAX */
        if (mpq_cmp(y.x, x.x) > 0)
            mpq_set(x.x, y.x);
    }
    if (bits(x.x) > 2 * (size_t)BITS)
        *x.kind = SX_I_EXACT_WILD;
}

/* Does the comparison hold for that sign of x - y? */
static bool holds(sx_i_operator op, int order)
{
    switch (op) {
    case SX_I_LT: return order < 0;
    case SX_I_LE: return order <= 0;
    case SX_I_GT: return order > 0;
    case SX_I_GE: return order >= 0;
    case SX_I_EQ: return order == 0;
    default: return order != 0;
    }
}

static void compare(sx_i_operator op, slot x, slot y)
{
    sx_i_exact_kind worst = *x.kind > *y.kind ? *x.kind : *y.kind;
    if (worst >= SX_I_EXACT_DIVISION) {
        *x.kind = SX_I_EXACT_WILD;
        return;
    }
    if (worst == SX_I_EXACT_MISSING) {
        put_truth(x, op == SX_I_NE);
        return;
    }
    put_truth(x, holds(op, mpq_cmp(x.x, y.x)));
}

/* Truths are numbers or not known. */
static void combine(sx_i_operator op, slot x, slot y)
{
    bool a = mpq_sgn(x.x) != 0, b = mpq_sgn(y.x) != 0;
    *x.kind = *x.kind > *y.kind ? *x.kind : *y.kind;
    if (!*x.kind)
        put_truth(x, op == SX_I_AND ? a && b : a || b);
}

static void choose(slot condition, slot y, slot z)
{
    if (*condition.kind)
        return;
    slot chosen = mpq_sgn(condition.x) ? y : z;
    mpq_set(condition.x, chosen.x);
    *condition.kind = *chosen.kind;
}

static void put_variable(const sx_i_exact_expr *e, int32_t i, int32_t index, slot to)
{
    const sx_i_term *t = &e->e->term[i];
    *to.kind = isnan(t->values[index]) ? SX_I_EXACT_MISSING : SX_I_EXACT_NUMBER;
    mpq_set(to.x, e->x->variable[e->variable[i]].value + index);
}

static void recode(const sx_i_term *t, slot x)
{
    double index = *x.kind ? -1 : mpq_get_d(x.x);
    if (index >= 0 && index < t->recodes)
        mpq_set_d(x.x, t->recode[(int32_t)index]);
    else
        *x.kind = *x.kind > SX_I_EXACT_MISSING ? *x.kind : SX_I_EXACT_MISSING;
}

static void run_one(const sx_i_exact_expr *e, int32_t i, const int32_t where[3], int32_t top)
{
    const sx_i_term *t = &e->e->term[i];
    int32_t operands = sx_i_operands[t->op];
    slot x = at(e, top), y = operands > 1 ? at(e, top + 1) : x;
    if (!operands)
        *x.kind = SX_I_EXACT_NUMBER;
    switch (t->op) {
    case SX_I_CONST: mpq_set(x.x, e->constant + i); break;
    case SX_I_STATE: put_variable(e, i, where[0], x); break;
    case SX_I_PAIR: put_variable(e, i, where[1], x); break;
    case SX_I_NEXT: put_variable(e, i, where[2], x); break;
    case SX_I_ACTION: mpq_set_si(x.x, e->x->m->action[where[1]], 1); break;
    case SX_I_RECODE: recode(t, x); break;
    case SX_I_NEG: mpq_neg(x.x, x.x); break;
    case SX_I_ABS: mpq_abs(x.x, x.x); break;
    case SX_I_NOT:
        if (!*x.kind)
            put_truth(x, mpq_sgn(x.x) == 0);
        break;
    case SX_I_IF: choose(x, y, at(e, top + 2)); break;
    case SX_I_AND:
    case SX_I_OR: combine(t->op, x, y); break;
    case SX_I_LT:
    case SX_I_LE:
    case SX_I_GT:
    case SX_I_GE:
    case SX_I_EQ:
    case SX_I_NE: compare(t->op, x, y); break;
    default: arithmetic(t->op, x, y);
    }
}

sx_i_exact_kind sx_i_exact_eval(sx_i_exact_expr *e, int32_t s, int32_t k, int32_t next,
                                mpq_ptr out)
{
    const int32_t where[3] = {s, k, next};
    int32_t top = 0;
    for (int32_t i = 0; i < e->e->terms; i++) {
        top -= sx_i_operands[e->e->term[i].op];
        run_one(e, i, where, top);
        top++;
    }
    mpq_set(out, e->stack);
    return e->kind[0];
}
