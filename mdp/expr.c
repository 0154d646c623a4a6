/* SPDX-License-Identifier: GPL-3.0-or-later */
/* expr.c - the grammar of the expression language.
 *
 *     or      = and ("or" and)*
 *     and     = not ("and" not)*
 *     not     = "not" not | order
 *     order   = sum [("<" | "<=" | ">" | ">=" | "==" | "!=") sum]
 *     sum     = product (("+" | "-") product)*
 *     product = unary (("*" | "/") unary)*
 *     unary   = ("-" | "+") unary | power
 *     power   = primary ["^" unary]                     2^3^2 is 2^9, -2^2 is -4
 *     primary = number | variable | name | function "(" or ("," or)* ")" | "(" or ")"
 *
 * By recursive descent, a level for each nesting of the text and not more than NEST_LIMIT.
 * A node is appended when its operands are complete, so the array is in postfix order. */
#include "mdp/expr_parse_int.h"

#include <stdio.h>
#include <string.h>

#define TEXT_LIMIT 65536
#define NEST_LIMIT 200

typedef struct function {
    const char *name;
    sx_i_operator op;
    int32_t least, most; /* arguments */
} function;

/* clang-format off */
static const function functions[] = {
    {"if", SX_I_IF, 3, 3}, {"min", SX_I_MIN, 2, INT32_MAX}, {"max", SX_I_MAX, 2, INT32_MAX},
    {"abs", SX_I_ABS, 1, 1}, {"exp", SX_I_EXP, 1, 1}, {"log", SX_I_LOG, 1, 1},
    {"log1p", SX_I_LOG1P, 1, 1}, {"sqrt", SX_I_SQRT, 1, 1}, {NULL, SX_I_CONST, 0, 0}
};

static const struct { const char *symbol; sx_i_operator op; } orders[] = {
    {"<", SX_I_LT}, {"<=", SX_I_LE}, {">", SX_I_GT}, {">=", SX_I_GE}, {"==", SX_I_EQ},
    {"!=", SX_I_NE}
};
#define ORDERS (int)(sizeof orders / sizeof *orders)
/* clang-format on */

static void parse_or(sx_i_parser *p, sx_i_part *out);
static void parse_unary(sx_i_parser *p, sx_i_part *out);

static void advance(sx_i_parser *p)
{
    p->end = p->token.offset + p->token.width;
    if (!p->st)
        p->st = sx_i_token_read(p->text, p->end, &p->token, p->where);
}

static bool ahead(const sx_i_parser *p, const char *symbol)
{
    return !p->st && p->token.kind == SX_I_SYMBOL && strcmp(p->token.text, symbol) == 0;
}

static bool ahead_word(const sx_i_parser *p, const char *word)
{
    return !p->st && p->token.kind == SX_I_NAME && !p->token.prime &&
           strcmp(p->token.text, word) == 0;
}

static void refuse_token(sx_i_parser *p, const char *expected)
{
    const sx_i_token *t = &p->token;
    if (p->st)
        return;
    if (t->kind == SX_I_END)
        p->st = sx_i_expr_fail(p->where, t->offset, 1, "E201", NULL,
                               "the expression ends where %s is expected", expected);
    else
        p->st =
            sx_i_expr_fail(p->where, t->offset, t->width, "E201", NULL,
                           "unexpected '%.*s' where %s is expected",
                           t->width < 60 ? (int)t->width : 60, p->text + t->offset, expected);
}

/* Step over that symbol, which must be ahead. */
static void expect(sx_i_parser *p, const char *symbol, const char *expected)
{
    if (ahead(p, symbol))
        advance(p);
    else
        refuse_token(p, expected);
}

/* One level deeper; false when that is too deep. */
static bool enter(sx_i_parser *p)
{
    if (++p->nest > NEST_LIMIT && !p->st)
        p->st = sx_i_expr_fail(p->where, p->token.offset, 1, "E207", NULL,
                               "an expression nested deeper than %d", NEST_LIMIT);
    return !p->st;
}

static const function *find_function(const char *name)
{
    const function *f = functions;
    while (f->name && strcmp(f->name, name) != 0)
        f++;
    return f->name ? f : NULL;
}

static void refuse_function(sx_i_parser *p, const sx_i_token *name)
{
    const char *best = NULL;
    int32_t least = INT32_MAX;
    char hint[128];
    for (const function *f = functions; f->name; f++) {
        int32_t distance = sx_text_distance(name->text, f->name);
        best = distance < least ? f->name : best;
        least = distance < least ? distance : least;
    }
    if (best)
        snprintf(hint, sizeof hint, "did you mean %s?", best);
    else
        snprintf(hint, sizeof hint, "the functions are if min max abs exp log log1p sqrt");
    if (!p->st)
        p->st = sx_i_expr_fail(p->where, name->offset, name->width, "E203", hint,
                               "unknown function %.60s", name->text);
}

static void refuse_count(sx_i_parser *p, const function *f, const sx_i_token *name)
{
    if (!p->st)
        p->st = sx_i_expr_fail(p->where, name->offset, p->end - name->offset, "E203", NULL,
                               "%s takes %d argument%s%s", f->name, f->least,
                               f->least == 1 ? "" : "s", f->most > f->least ? " or more" : "");
}

/* The type of if(): both branches are truths, or both are numbers, or both are names where
 * names are wanted. */
static void check_if(sx_i_parser *p, sx_i_part args[3])
{
    bool names = p->wanted != SX_I_LIST_NONE && args[1].type == SX_I_IS_NAME;
    sx_i_need_boolean(p, &args[0]);
    for (int i = 1; i < 3; i++) {
        if (names)
            sx_i_need_name(p, &args[i], p->wanted);
        else if (args[1].type == SX_I_IS_BOOLEAN)
            sx_i_need_boolean(p, &args[i]);
        else
            sx_i_need_number(p, &args[i]);
    }
}

/* A branch of if() where names are wanted: its node has to come before those that follow. */
static void choose_name(sx_i_parser *p, sx_i_part *x)
{
    bool named = x->type == SX_I_IS_NAME || x->type == SX_I_IS_WORD;
    if (named && p->wanted != SX_I_LIST_NONE)
        sx_i_need_name(p, x, p->wanted);
}

/* Arguments up to the closing parenthesis; how many.  With more than three, and for min and
 * max as they come, the value so far is kept in the first. */
static int32_t parse_arguments(sx_i_parser *p, const function *f, sx_i_part args[3])
{
    int32_t count = 0;
    do {
        sx_i_part *x = &args[count < 3 ? count : 2];
        advance(p); /* over ( or , */
        parse_or(p, x);
        if (f->op != SX_I_IF)
            sx_i_need_number(p, x);
        else if (count)
            choose_name(p, x);
        if (f->most == INT32_MAX && count)
            sx_i_combine(p, f->op, SX_I_IS_NUMBER, &args[0], x, &args[0]);
        count++;
    } while (ahead(p, ","));
    expect(p, ")", "a comma or )");
    return count;
}

static void parse_call(sx_i_parser *p, sx_i_part *out)
{
    sx_i_token name = p->token;
    sx_i_part args[3] = {{.term = -1}, {.term = -1}, {.term = -1}};
    const function *f = name.prime ? NULL : find_function(name.text);
    if (!f) {
        refuse_function(p, &name);
        return;
    }
    advance(p);
    int32_t count = parse_arguments(p, f, args);
    if (count < f->least || count > f->most)
        refuse_count(p, f, &name);
    *out = args[0];
    if (f->op == SX_I_IF) {
        check_if(p, args);
        sx_i_combine_if(p, args, out);
    } else if (f->most == 1) {
        sx_i_combine(p, f->op, SX_I_IS_NUMBER, &args[0], NULL, out);
    }
    out->offset = name.offset;
    out->width = p->end - name.offset;
}

static void parse_parenthesis(sx_i_parser *p, sx_i_part *out)
{
    size_t offset = p->token.offset;
    advance(p);
    parse_or(p, out);
    expect(p, ")", "an operator or )");
    if (out->type == SX_I_IS_WORD)
        return;
    out->offset = offset;
    out->width = p->end - offset;
    out->written = false;
}

/* Is a parenthesis behind the name ahead? */
static bool call_ahead(const sx_i_parser *p)
{
    const char *behind = p->text + p->token.offset + p->token.width;
    return behind[strspn(behind, " \t\r\n")] == '(';
}

static void parse_name(sx_i_parser *p, sx_i_part *out)
{
    if (ahead_word(p, "and") || ahead_word(p, "or") || ahead_word(p, "not")) {
        refuse_token(p, "a value");
    } else if (call_ahead(p)) {
        parse_call(p, out);
    } else {
        sx_i_identify(p, out);
        advance(p);
    }
}

static void parse_primary(sx_i_parser *p, sx_i_part *out)
{
    const sx_i_token *t = &p->token;
    *out = (sx_i_part){.type = SX_I_IS_NUMBER,
                       .term = -1,
                       .list = SX_I_LIST_NONE,
                       .offset = t->offset,
                       .width = t->width};
    if (p->st)
        return;
    if (t->kind == SX_I_NUMBER) {
        out->term = sx_i_leaf(p, SX_I_CONST, t->value);
        if (out->term >= 0) {
            p->e->term[out->term].offset = t->offset;
            p->e->term[out->term].width = t->width;
        }
        out->written = true;
        advance(p);
    } else if (t->kind == SX_I_QUOTED) {
        out->type = SX_I_IS_WORD;
        out->quoted = true;
        advance(p);
    } else if (t->kind == SX_I_NAME) {
        parse_name(p, out);
    } else if (ahead(p, "(")) {
        parse_parenthesis(p, out);
    } else {
        refuse_token(p, "a value");
    }
}

static void parse_power(sx_i_parser *p, sx_i_part *out)
{
    sx_i_part exponent = {.term = -1};
    parse_primary(p, out);
    if (!ahead(p, "^"))
        return;
    sx_i_need_number(p, out);
    if (enter(p)) {
        advance(p);
        parse_unary(p, &exponent);
        sx_i_need_number(p, &exponent);
        sx_i_combine(p, SX_I_POW, SX_I_IS_NUMBER, out, &exponent, out);
    }
    p->nest--;
}

static void parse_unary(sx_i_parser *p, sx_i_part *out)
{
    size_t offset = p->token.offset;
    bool minus = ahead(p, "-");
    if (!minus && !ahead(p, "+")) {
        parse_power(p, out);
        return;
    }
    *out = (sx_i_part){.term = -1, .list = SX_I_LIST_NONE};
    if (enter(p)) {
        advance(p);
        parse_unary(p, out);
        sx_i_need_number(p, out);
        if (minus)
            sx_i_combine(p, SX_I_NEG, SX_I_IS_NUMBER, out, NULL, out);
        out->width += out->offset - offset;
        out->offset = offset;
        out->written = false;
    }
    p->nest--;
}

/* Operators of one level that associate to the left, between operands read by next. */
static void parse_chain(sx_i_parser *p, const char *first, sx_i_operator first_op,
                        const char *second, sx_i_operator second_op,
                        void (*next)(sx_i_parser *, sx_i_part *), sx_i_part *out)
{
    sx_i_part right;
    next(p, out);
    while (ahead(p, first) || ahead(p, second)) {
        sx_i_operator op = ahead(p, first) ? first_op : second_op;
        sx_i_need_number(p, out);
        advance(p);
        next(p, &right);
        sx_i_need_number(p, &right);
        sx_i_combine(p, op, SX_I_IS_NUMBER, out, &right, out);
    }
}

static void parse_product(sx_i_parser *p, sx_i_part *out)
{
    parse_chain(p, "*", SX_I_MUL, "/", SX_I_DIV, parse_unary, out);
}

static void parse_sum(sx_i_parser *p, sx_i_part *out)
{
    parse_chain(p, "+", SX_I_ADD, "-", SX_I_SUB, parse_product, out);
}

/* The index of the comparison ahead, or ORDERS. */
static int order_ahead(const sx_i_parser *p)
{
    int i = 0;
    while (i < ORDERS && !ahead(p, orders[i].symbol))
        i++;
    return i;
}

static void compare(sx_i_parser *p, sx_i_operator op, sx_i_part *a, sx_i_part *b,
                    sx_i_part *out)
{
    bool names = a->type == SX_I_IS_NAME || b->type == SX_I_IS_NAME;
    if (p->st)
        return;
    if (names && (op == SX_I_EQ || op == SX_I_NE)) {
        sx_i_compare_names(p, op, a, b, out);
        return;
    }
    sx_i_need_number(p, a);
    sx_i_need_number(p, b);
    sx_i_combine(p, op, SX_I_IS_BOOLEAN, a, b, out);
}

static void parse_order(sx_i_parser *p, sx_i_part *out)
{
    sx_i_part right;
    parse_sum(p, out);
    int order = order_ahead(p);
    if (order == ORDERS)
        return;
    advance(p);
    parse_sum(p, &right);
    compare(p, orders[order].op, out, &right, out);
    if (order_ahead(p) < ORDERS)
        p->st = sx_i_expr_fail(p->where, p->token.offset, p->token.width, "E208",
                               "write: a < b and b < c", "comparisons cannot be chained");
}

static void parse_not(sx_i_parser *p, sx_i_part *out)
{
    size_t offset = p->token.offset;
    if (!ahead_word(p, "not")) {
        parse_order(p, out);
        return;
    }
    if (enter(p)) {
        advance(p);
        parse_not(p, out);
        sx_i_need_boolean(p, out);
        sx_i_combine(p, SX_I_NOT, SX_I_IS_BOOLEAN, out, NULL, out);
        out->width += out->offset - offset;
        out->offset = offset;
    }
    p->nest--;
}

static void parse_words(sx_i_parser *p, const char *word, sx_i_operator op,
                        void (*next)(sx_i_parser *, sx_i_part *), sx_i_part *out)
{
    sx_i_part right;
    next(p, out);
    while (ahead_word(p, word)) {
        sx_i_need_boolean(p, out);
        advance(p);
        next(p, &right);
        sx_i_need_boolean(p, &right);
        sx_i_combine(p, op, SX_I_IS_BOOLEAN, out, &right, out);
    }
}

static void parse_and(sx_i_parser *p, sx_i_part *out)
{
    parse_words(p, "and", SX_I_AND, parse_not, out);
}

static void parse_or(sx_i_parser *p, sx_i_part *out)
{
    *out = (sx_i_part){.term = -1, .list = SX_I_LIST_NONE, .offset = p->token.offset};
    if (enter(p))
        parse_words(p, "or", SX_I_OR, parse_and, out);
    p->nest--;
}

/* The whole text. */
static void parse_all(sx_i_parser *p, sx_i_part *out)
{
    size_t size = strlen(p->text);
    if (size > TEXT_LIMIT) {
        p->st = sx_i_expr_fail(p->where, 0, 1, "E207", "put large tables into files",
                               "an expression of %zu bytes, more than %d", size, TEXT_LIMIT);
        return;
    }
    bool names = p->wanted != SX_I_LIST_NONE;
    if (names && sx_i_whole_name(p, p->wanted, out))
        return;
    advance(p);
    parse_or(p, out);
    if (!p->st && p->token.kind != SX_I_END)
        refuse_token(p, "an operator or the end");
    if (names)
        sx_i_need_name(p, out, p->wanted);
    else if (!p->st && out->type != SX_I_IS_BOOLEAN)
        sx_i_need_number(p, out);
}

static sx_status parse(sx_i_parser p, sx_expr **out)
{
    sx_i_part whole = {.term = -1};
    *out = NULL;
    p.e = sx_alloc(1, sizeof *p.e);
    if (!p.e)
        return sx_nomem(p.err);
    parse_all(&p, &whole);
    p.e->boolean = whole.type == SX_I_IS_BOOLEAN;
    sx_i_expr_finish(p.e);
    if (p.st == SX_EINPUT)
        (void)sx_fail(p.err, SX_EINPUT, "%s", p.where->message);
    if (p.st)
        p.e = sx_expr_free(p.e);
    *out = p.e;
    return p.st;
}

sx_status sx_expr_parse(const char *text, const sx_world *w, unsigned allowed, sx_expr **out,
                        sx_expr_error *where, sx_error *err)
{
    sx_i_parser p = {.text = text,
                     .w = w,
                     .allowed = allowed,
                     .wanted = SX_I_LIST_NONE,
                     .where = where,
                     .err = err};
    return parse(p, out);
}

sx_status sx_expr_parse_name(const char *text, const sx_world *w, int32_t variable,
                             unsigned allowed, sx_expr **out, sx_expr_error *where,
                             sx_error *err)
{
    sx_i_parser p = {.text = text,
                     .w = w,
                     .allowed = allowed,
                     .wanted = variable,
                     .where = where,
                     .err = err};
    return parse(p, out);
}

sx_expr *sx_expr_free(sx_expr *e)
{
    if (!e)
        return NULL;
    for (int32_t i = 0; i < e->terms; i++)
        sx_release(e->term[i].recode);
    sx_release(e->term);
    return sx_release(e);
}

unsigned sx_expr_looks_at(const sx_expr *e)
{
    return e->term[e->terms - 1].looks_at;
}

bool sx_expr_is_boolean(const sx_expr *e)
{
    return e->boolean;
}
