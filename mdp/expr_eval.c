/* SPDX-License-Identifier: GPL-3.0-or-later */
/* expr_eval.c - expressions run over blocks of triples.
 *
 * A stack machine whose every slot is a vector of LANES values: the cost of stepping through
 * the program is shared by a block.  Both branches of if() are computed.  Truths are 1, 0 or
 * NAN, which means unknown: a comparison with NAN is unknown, `and` and `or` are unknown
 * unless one side alone decides them. */
#include "mdp/expr_int.h"

#include <assert.h>
#include <math.h>

#define LANES ((size_t)256)

/* x = operator(x, y, z) on n lanes. */
typedef void kernel(double *x, const double *y, const double *z, size_t n);

/* clang-format off */
#define KERNEL(name, formula) \
    static void name(double *x, const double *y, const double *z, size_t n) \
    { \
        (void)y; \
        (void)z; \
        for (size_t i = 0; i < n; i++) \
            x[i] = (formula); \
    }

KERNEL(run_neg, -x[i])
KERNEL(run_add, x[i] + y[i])
KERNEL(run_sub, x[i] - y[i])
KERNEL(run_mul, x[i] * y[i])
KERNEL(run_div, x[i] / y[i])
KERNEL(run_pow, pow(x[i], y[i]))
KERNEL(run_lt, (double)(x[i] < y[i]))
KERNEL(run_le, (double)(x[i] <= y[i]))
KERNEL(run_gt, (double)(x[i] > y[i]))
KERNEL(run_ge, (double)(x[i] >= y[i]))
KERNEL(run_eq, (double)(x[i] == y[i]))
KERNEL(run_ne, (double)(x[i] != y[i]))
KERNEL(run_and, x[i] * y[i])
KERNEL(run_or, fmax(x[i], y[i]))
KERNEL(run_not, 1 - x[i])
KERNEL(run_if, x[i] != 0 ? y[i] : z[i])
KERNEL(run_min, isnan(x[i]) || x[i] < y[i] ? x[i] : y[i])
KERNEL(run_max, isnan(x[i]) || x[i] > y[i] ? x[i] : y[i])
KERNEL(run_abs, fabs(x[i]))
KERNEL(run_exp, exp(x[i]))
KERNEL(run_log, log(x[i]))
KERNEL(run_log1p, log1p(x[i]))
KERNEL(run_sqrt, sqrt(x[i]))

/* in the order of SX_I_OPERATORS */
static kernel *const kernels[SX_I_OPERATOR_COUNT] = {
    NULL, NULL, NULL, NULL, NULL, NULL,
    run_neg, run_add, run_sub, run_mul, run_div, run_pow,
    run_lt, run_le, run_gt, run_ge, run_eq, run_ne,
    run_and, run_or, run_not, run_if, run_min, run_max,
    run_abs, run_exp, run_log, run_log1p, run_sqrt
};
/* clang-format on */

/* The block of triples at hand. */
typedef struct block {
    const int32_t *state, *action, *next;
    size_t lanes;
    size_t stride; /* lanes of a slot of the stack */
} block;

static void gather(double *x, const double *values, const int32_t *index, size_t n)
{
    assert(index);
    for (size_t i = 0; i < n; i++)
        x[i] = values[index[i]];
}

/* Is k, which is at least the first pair of s, the pair (s,a)? */
static bool is_pair(const sx_mdp *m, int64_t k, int32_t s, int32_t a)
{
    return k < m->pair[s + 1] && m->action[k] == a;
}

static double pair_value(const sx_i_term *t, int32_t s, int32_t a)
{
    int64_t k = (int64_t)t->m->pair[s] + a;
    if (!is_pair(t->m, k, s, a))
        k = sx_mdp_pair(t->m, s, a);
    return k < 0 ? (double)NAN : t->values[k];
}

static void gather_pairs(double *x, const sx_i_term *t, const block *b)
{
    assert(b->state && b->action);
    for (size_t i = 0; i < b->lanes; i++)
        x[i] = pair_value(t, b->state[i], b->action[i]);
}

static void recode(double *x, const sx_i_term *t, size_t n)
{
    for (size_t i = 0; i < n; i++)
        x[i] = x[i] >= 0 && x[i] < t->recodes ? t->recode[(int32_t)x[i]] : (double)NAN;
}

/* The operators that know more than their operands. */
static void run_leaf(const sx_i_term *t, const block *b, double *x)
{
    switch (t->op) {
    case SX_I_STATE: gather(x, t->values, b->state, b->lanes); break;
    case SX_I_NEXT: gather(x, t->values, b->next, b->lanes); break;
    case SX_I_PAIR: gather_pairs(x, t, b); break;
    case SX_I_RECODE: recode(x, t, b->lanes); break;
    case SX_I_ACTION:
        assert(b->action);
        for (size_t i = 0; i < b->lanes; i++)
            x[i] = b->action[i];
        break;
    default:
        for (size_t i = 0; i < b->lanes; i++)
            x[i] = t->value;
    }
}

static void run(const sx_expr *e, const block *b, double *stack)
{
    double *top = stack;
    for (int32_t i = 0; i < e->terms; i++) {
        const sx_i_term *t = &e->term[i];
        double *x = top - (size_t)sx_i_operands[t->op] * b->stride;
        if (kernels[t->op])
            kernels[t->op](x, x + b->stride, x + 2 * b->stride, b->lanes);
        else
            run_leaf(t, b, x);
        top = x + b->stride;
    }
}

sx_status sx_expr_eval(const sx_expr *e, const int32_t *state, const int32_t *action,
                       const int32_t *next, size_t n, double *value, sx_error *err)
{
    size_t stride = n < LANES ? n : LANES;
    double *stack = sx_alloc((size_t)e->depth + 2, stride * sizeof *stack);
    if (!stack)
        return sx_nomem(err);
    for (size_t from = 0; from < n; from += LANES) {
        block b = {state ? state + from : NULL, action ? action + from : NULL,
                   next ? next + from : NULL, n - from < LANES ? n - from : LANES, stride};
        run(e, &b, stack);
        for (size_t i = 0; i < b.lanes; i++)
            value[from + i] = stack[i];
    }
    sx_release(stack);
    return SX_OK;
}

bool sx_expr_lacks(const sx_expr *e, int32_t s, int32_t a)
{
    bool lacks = false;
    for (int32_t i = 0; i < e->terms && !lacks; i++) {
        const sx_i_term *t = &e->term[i];
        lacks = (t->op == SX_I_STATE && isnan(t->values[s])) ||
                (t->op == SX_I_PAIR && isnan(pair_value(t, s, a)));
    }
    return lacks;
}

void sx_i_expr_finish(sx_expr *e)
{
    int32_t depth = 0;
    e->depth = 0;
    for (int32_t i = 0; i < e->terms; i++) {
        depth += 1 - sx_i_operands[e->term[i].op];
        e->depth = depth > e->depth ? depth : e->depth;
    }
}

#define OPERANDS(name, operands) operands,
const int32_t sx_i_operands[SX_I_OPERATOR_COUNT] = {SX_I_OPERATORS(OPERANDS)};
#undef OPERANDS
