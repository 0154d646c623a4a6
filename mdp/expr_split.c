/* SPDX-License-Identifier: GPL-3.0-or-later */
/* expr_split.c - an expression as a sum of products, e = sum_i left_i(s,a) right_i(s').
 *
 * Bottom up, along the postfix order: every subtree has a form, a short list of pairs of
 * nodes (left, right) of a growing pool.  A subtree that looks at one side only is a single
 * pair.  + and - join lists, * multiplies them out, / divides the lefts or the rights; pairs
 * with the same left or right side are merged.  `and` is a product of truths.  Everything else,
 * and more than PARTS pairs, has no form. */
#include "mdp/expr_int.h"

#include <string.h>

#define PARTS         16
#define LARGEST       65536 /* nodes of one part; a part that would be larger is not split off */
#define LARGEST_POWER 4     /* powers are multiplied out up to this one */
#define ONE           (-1)  /* the factor 1 */

typedef struct form {
    int32_t parts;                     /* -1: there is none */
    int32_t left[PARTS], right[PARTS]; /* nodes of the pool, or ONE */
} form;

typedef struct pool {
    const sx_expr *e;
    int32_t terms, capacity;
    sx_i_term *term; /* those of e first; recode tables belong to e */
    sx_status st;
    sx_error *err;
} pool;

static const form no_form = {.parts = -1};

static int32_t add_term(pool *p, sx_i_operator op, int32_t a, int32_t b)
{
    if (p->terms == p->capacity) {
        int32_t capacity = 2 * p->capacity + 16;
        sx_i_term *grown = sx_realloc(p->term, (size_t)capacity, sizeof *grown);
        if (!grown) {
            p->st = sx_nomem(p->err);
            return 0;
        }
        p->term = grown;
        p->capacity = capacity;
    }
    sx_i_term *t = &p->term[p->terms];
    *t = (sx_i_term){.op = op, .child = {a, b, -1}, .value = 1};
    for (int i = 0; i < 2; i++)
        if (t->child[i] >= 0)
            t->looks_at |= p->term[t->child[i]].looks_at;
    return p->terms++;
}

/* The node of a factor, written out when it is ONE. */
static int32_t factor(pool *p, int32_t x)
{
    return x == ONE ? add_term(p, SX_I_CONST, -1, -1) : x;
}

static int32_t times(pool *p, int32_t a, int32_t b)
{
    if (a == ONE || b == ONE)
        return a == ONE ? b : a;
    return add_term(p, SX_I_MUL, a, b);
}

static int32_t plus(pool *p, int32_t a, int32_t b)
{
    int32_t x = factor(p, a), y = factor(p, b);
    return add_term(p, SX_I_ADD, x, y);
}

/* f += left * right. */
static void add_part(pool *p, form *f, int32_t left, int32_t right)
{
    if (f->parts < 0)
        return;
    for (int32_t i = 0; i < f->parts; i++) {
        if (f->right[i] == right) {
            f->left[i] = plus(p, f->left[i], left);
            return;
        }
        if (f->left[i] == left) {
            f->right[i] = plus(p, f->right[i], right);
            return;
        }
    }
    if (f->parts == PARTS) {
        f->parts = -1;
        return;
    }
    f->left[f->parts] = left;
    f->right[f->parts++] = right;
}

static form negated(pool *p, form f)
{
    for (int32_t i = 0; i < f.parts; i++) {
        int32_t x = factor(p, f.left[i]);
        f.left[i] = add_term(p, SX_I_NEG, x, -1);
    }
    return f;
}

static form sum(pool *p, form a, const form *b)
{
    if (a.parts < 0 || b->parts < 0)
        return no_form;
    for (int32_t i = 0; i < b->parts; i++)
        add_part(p, &a, b->left[i], b->right[i]);
    return a;
}

static form product(pool *p, const form *a, const form *b)
{
    form f = {.parts = a->parts < 0 || b->parts < 0 ? -1 : 0};
    for (int32_t i = 0; f.parts >= 0 && i < a->parts; i++)
        for (int32_t j = 0; f.parts >= 0 && j < b->parts; j++)
            add_part(p, &f, times(p, a->left[i], b->left[j]),
                     times(p, a->right[i], b->right[j]));
    return f;
}

/* a / b, where b looks at one side only. */
static form quotient(pool *p, form a, const form *b)
{
    if (a.parts < 0 || b->parts != 1 || (b->left[0] != ONE && b->right[0] != ONE))
        return no_form;
    bool by_left = b->right[0] == ONE;
    for (int32_t i = 0; i < a.parts; i++) {
        int32_t *side = by_left ? &a.left[i] : &a.right[i];
        int32_t above = factor(p, *side);
        *side = add_term(p, SX_I_DIV, above, by_left ? b->left[0] : b->right[0]);
    }
    return a;
}

/* a to a small power that is a whole number. */
static form power(pool *p, const form *a, int32_t exponent)
{
    sx_i_term t = p->term[exponent]; /* a copy: the pool moves */
    bool whole = t.op == SX_I_CONST && t.value >= 2 && t.value <= LARGEST_POWER &&
                 t.value == (int32_t)t.value;
    form f = whole ? *a : no_form;
    for (int32_t i = 1; whole && i < (int32_t)t.value; i++)
        f = product(p, &f, a);
    return f;
}

/* The form of a difference. */
static form difference(pool *p, const form *a, const form *b)
{
    form minus = negated(p, *b);
    return sum(p, *a, &minus);
}

/* The form of a node that looks at both sides from those of its operands. */
static form compose(pool *p, const sx_i_term *t, const form *x)
{
    switch (t->op) {
    case SX_I_NEG: return negated(p, x[0]);
    case SX_I_ADD: return sum(p, x[0], &x[1]);
    case SX_I_SUB: return difference(p, &x[0], &x[1]);
    case SX_I_MUL:
    case SX_I_AND: return product(p, &x[0], &x[1]);
    case SX_I_DIV: return quotient(p, x[0], &x[1]);
    case SX_I_POW: return power(p, &x[0], t->child[1]);
    default: return no_form;
    }
}

/* The form of node i. */
static form form_of(pool *p, int32_t i, const form *operands)
{
    sx_i_term t = p->term[i]; /* a copy: the pool moves */
    if (!(t.looks_at & SX_EXPR_NEXT))
        return (form){.parts = 1, .left = {i}, .right = {ONE}};
    if (t.looks_at == SX_EXPR_NEXT)
        return (form){.parts = 1, .left = {ONE}, .right = {i}};
    return compose(p, &t, operands);
}

/* The form of the whole expression. */
static form find_form(pool *p)
{
    const sx_expr *e = p->e;
    form whole = no_form, *stack = sx_alloc((size_t)e->depth + 3, sizeof *stack);
    if (!stack) {
        p->st = sx_nomem(p->err);
        return no_form;
    }
    form *top = stack;
    for (int32_t i = 0; i < e->terms && !p->st; i++) {
        top -= sx_i_operands[e->term[i].op];
        *top = form_of(p, i, top);
        top++;
    }
    if (!p->st)
        whole = stack[0];
    sx_release(stack);
    return whole;
}

/* Append node `from` of the pool to e; recode tables are copied. */
static sx_status copy_term(const pool *p, int32_t from, sx_expr *e, int32_t *capacity)
{
    if (e->terms == *capacity) {
        int32_t more = 2 * *capacity + 16;
        sx_i_term *grown = sx_realloc(e->term, (size_t)more, sizeof *grown);
        if (!grown)
            return sx_nomem(p->err);
        e->term = grown;
        *capacity = more;
    }
    const sx_i_term *source = &p->term[from];
    sx_i_term *t = &e->term[e->terms];
    *t = *source;
    if (source->recode) {
        t->recode = sx_alloc((size_t)source->recodes, sizeof *t->recode);
        if (!t->recode)
            return sx_nomem(p->err);
        memcpy(t->recode, source->recode, (size_t)source->recodes * sizeof *t->recode);
    }
    e->terms++;
    return SX_OK;
}

/* Write the tree under root in postfix order.  Node and child to visit next are kept on a
 * stack of our own; *place [terms of the pool] gives the child indices in e. */
static sx_status write_tree(const pool *p, int32_t root, sx_expr *e, int32_t *stack,
                            int32_t *done)
{
    int32_t capacity = 0;
    size_t height = 1;
    sx_status st = SX_OK;
    stack[0] = root;
    stack[1] = 0;
    while (!st && height) {
        int32_t *top = stack + 2 * ((size_t)height - 1);
        int32_t node = top[0], child = top[1]++;
        const sx_i_term *t = &p->term[node];
        if (child < sx_i_operands[t->op]) {
            top[2] = t->child[child];
            top[3] = 0;
            height++;
            continue;
        }
        st = e->terms < LARGEST ? copy_term(p, node, e, &capacity) : SX_ELIMIT;
        for (int i = 0; !st && i < sx_i_operands[t->op]; i++)
            e->term[e->terms - 1].child[i] = done[t->child[i]];
        done[node] = e->terms - 1;
        height--;
    }
    return st;
}

/* The expression of one factor.  SX_ELIMIT, without a report, when it is too large. */
static sx_status extract(pool *p, int32_t x, sx_expr **out)
{
    int32_t root = factor(p, x);
    *out = NULL;
    if (p->st)
        return p->st;
    sx_expr *e = sx_alloc(1, sizeof *e);
    int32_t *stack = sx_alloc((size_t)p->terms + 1, 2 * sizeof *stack);
    int32_t *done = sx_alloc((size_t)p->terms, sizeof *done);
    sx_status st = e && stack && done ? SX_OK : sx_nomem(p->err);
    if (!st)
        st = write_tree(p, root, e, stack, done);
    if (!st)
        sx_i_expr_finish(e);
    sx_release(stack);
    sx_release(done);
    if (st)
        e = sx_expr_free(e);
    *out = e;
    return st;
}

static void free_parts(sx_expr **e, int32_t parts)
{
    for (int32_t i = 0; e && i < parts; i++)
        sx_expr_free(e[i]);
    sx_release(e);
}

static sx_status extract_all(pool *p, const form *f, sx_expr **left, sx_expr **right)
{
    sx_status st = left && right ? SX_OK : sx_nomem(p->err);
    for (int32_t i = 0; !st && i < f->parts; i++) {
        st = extract(p, f->left[i], &left[i]);
        if (!st)
            st = extract(p, f->right[i], &right[i]);
    }
    return st;
}

sx_status sx_expr_separate(const sx_expr *e, int32_t *parts, sx_expr ***left, sx_expr ***right,
                           sx_error *err)
{
    pool p = {.e = e, .terms = e->terms, .capacity = e->terms, .err = err};
    *parts = 0;
    *left = *right = NULL;
    p.term = sx_alloc((size_t)e->terms, sizeof *p.term);
    if (!p.term)
        return sx_nomem(err);
    memcpy(p.term, e->term, (size_t)e->terms * sizeof *p.term);
    form f = find_form(&p);
    sx_status st = p.st;
    if (!st && f.parts > 0) {
        *left = sx_alloc((size_t)f.parts, sizeof(sx_expr *));
        *right = sx_alloc((size_t)f.parts, sizeof(sx_expr *));
        st = extract_all(&p, &f, *left, *right);
        *parts = st ? 0 : f.parts;
    }
    if (st) {
        free_parts(*left, f.parts);
        free_parts(*right, f.parts);
        *left = *right = NULL;
    }
    sx_release(p.term);
    return st == SX_ELIMIT ? SX_OK : st;
}
