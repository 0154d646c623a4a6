/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_expr.c - expressions mean what their grammar says: random trees, written with as few
 * parentheses as that grammar allows, against a recursive evaluation of the trees; sums of
 * products against direct evaluation; and every way to be wrong, with its place. */
#include "mdp/expr.h"
#include "tests/check.h"

#include <stdlib.h>

#define STATES 7
#define ALL    (SX_EXPR_STATE | SX_EXPR_ACTION | SX_EXPR_NEXT)

static const char *const action_names[] = {"up", "down", "left", "up-left", "7"};
static const char *const colours[] = {"red", "dark red", "blue", "dark-blue"};
static const char *const shades[] = {"blue", "grey", "red"};
static const double rows[STATES] = {0, 0, 1, 1, 2, -3, 2.5};
static const double cols[STATES] = {0, 1, 0, 1, 2, 5, 0.125};
static const double dangers[STATES] = {1, NAN, 0.5, 4, 2, NAN, 9};
static const double colour_of[STATES] = {0, 1, 2, 3, NAN, 0, 1};
static const double shade_of[STATES] = {0, 1, 2, 0, 1, 2, NAN};

static sx_names *list(const char *const *text, int32_t n)
{
    sx_error err = SX_NO_ERROR;
    sx_names *names = NULL;
    int32_t index;
    CHECK_OK(sx_names_new(&names, &err));
    for (int32_t i = 0; i < n; i++)
        CHECK_OK(sx_names_add(names, text[i], &index, &err));
    return names;
}

static void add(sx_world *w, const char *name, const double *value, sx_names *symbols)
{
    sx_error err = SX_NO_ERROR;
    int32_t i = 0;
    CHECK_OK(sx_world_add_variable(w, name, &i, &err));
    memcpy(w->variable[i].value, value, STATES * sizeof *value);
    w->variable[i].symbols = symbols;
}

static sx_world *make_world(void)
{
    sx_error err = SX_NO_ERROR;
    sx_world *w = NULL;
    int32_t index, goal = 4;
    CHECK_OK(sx_world_new(&w, &err));
    CHECK_OK(sx_mdp_new(STATES, 5, STATES, STATES, &w->mdp, &err));
    CHECK_OK(sx_names_numbered(STATES, &w->states, &err));
    w->actions = list(action_names, 5);
    add(w, "row", rows, NULL);
    add(w, "col", cols, NULL);
    add(w, "danger", dangers, NULL);
    add(w, "colour", colour_of, list(colours, 4));
    add(w, "tile-cost", rows, NULL);
    add(w, "shade", shade_of, list(shades, 3));
    CHECK_OK(sx_world_add_label(w, "goal", &goal, 1, &index, &err));
    return w;
}

/* --- random trees ------------------------------------------------------------------ */

typedef enum kind {
    K_NUMBER,
    K_VARIABLE,
    K_NEG,
    K_ADD,
    K_SUB,
    K_MUL,
    K_DIV,
    K_POW,
    K_IF,
    K_CALL1,
    K_CALL2,
    K_ORDER,
    K_COLOUR,
    K_ACTION,
    K_CROSS,
    K_AND,
    K_OR,
    K_NOT
} kind;

typedef struct tree {
    kind kind;
    int choice; /* function, comparison, variable, name */
    int next;   /* of the successor */
    int equal;
    double value;
    struct tree *x[3];
} tree;

static tree nodes[4096];
static int used;
static uint32_t state_of_random;

static int below(int n)
{
    state_of_random = state_of_random * 1664525u + 1013904223u;
    return (int)((state_of_random >> 8) % (uint32_t)n);
}

static tree *fresh(kind k, tree *a, tree *b, tree *c)
{
    tree *t = &nodes[used++];
    *t = (tree){.kind = k, .x = {a, b, c}};
    return t;
}

static tree *truth(int depth);

static tree *number(int depth)
{
    tree *t;
    if (depth == 0 || used > 4000) {
        t = fresh(below(3) ? K_VARIABLE : K_NUMBER, NULL, NULL, NULL);
        t->choice = below(3);
        t->next = below(2);
        t->value = below(40) / 8.0;
        return t;
    }
    static const kind two[] = {K_ADD, K_SUB, K_MUL, K_DIV, K_POW, K_CALL2};
    int which = below(10);
    if (which < 7) {
        t = fresh(two[below(6)], number(depth - 1), number(depth - 1), NULL);
        t->choice = below(2);
    } else if (which == 7) {
        t = fresh(K_NEG, number(depth - 1), NULL, NULL);
    } else if (which == 8) {
        t = fresh(K_IF, truth(depth - 1), number(depth - 1), number(depth - 1));
    } else {
        t = fresh(K_CALL1, number(depth - 1), NULL, NULL);
        t->choice = below(5);
    }
    return t;
}

static tree *truth(int depth)
{
    tree *t;
    static const kind names[] = {K_COLOUR, K_ACTION, K_CROSS};
    int which = below(depth > 0 ? 8 : 3);
    if (which < 3) {
        t = fresh(names[which], NULL, NULL, NULL);
        t->choice = below(4);
        t->next = below(2);
        t->equal = below(2);
    } else if (which < 5) {
        t = fresh(K_ORDER, number(depth - 1), number(depth - 1), NULL);
        t->choice = below(6);
    } else if (which == 5) {
        t = fresh(K_NOT, truth(depth - 1), NULL, NULL);
    } else {
        t = fresh(which == 6 ? K_AND : K_OR, truth(depth - 1), truth(depth - 1), NULL);
    }
    return t;
}

/* --- evaluation by recursion ------------------------------------------------------- */

static const double *const variables[] = {rows, cols, dangers};

static double apply1(int f, double x)
{
    double (*const fs[])(double) = {fabs, exp, log, log1p, sqrt};
    return fs[f](x);
}

static double order(int f, double x, double y)
{
    return f == 0   ? x < y
           : f == 1 ? x <= y
           : f == 2 ? x > y
           : f == 3 ? x >= y
           : f == 4 ? x == y
                    : x != y;
}

static double both(double x, double y)
{
    return x == 1 && y == 1;
}

static double either(double x, double y)
{
    return x == 1 || y == 1;
}

static double extreme(int f, double x, double y)
{
    if (isnan(x) || isnan(y))
        return NAN;
    return f == 0 ? (x < y ? x : y) : (x > y ? x : y);
}

/* Do the state's colour and the state's shade have the same text? */
static double same_text(double colour, double shade)
{
    if (isnan(colour) || isnan(shade))
        return 0;
    return strcmp(colours[(int)colour], shades[(int)shade]) == 0;
}

static double names_value(const tree *t, int s, int a, int n)
{
    double same = 0;
    int at = t->next ? n : s;
    if (t->kind == K_ACTION)
        same = a == t->choice;
    else if (t->kind == K_COLOUR)
        same = colour_of[at] == t->choice;
    else
        same = same_text(colour_of[at], shade_of[n]);
    return t->equal ? same : 1 - same;
}

static double value(const tree *t, int s, int a, int n)
{
    double x = t->x[0] ? value(t->x[0], s, a, n) : 0;
    double y = t->x[1] ? value(t->x[1], s, a, n) : 0;
    double z = t->x[2] ? value(t->x[2], s, a, n) : 0;
    switch (t->kind) {
    case K_NUMBER: return t->value;
    case K_VARIABLE: return variables[t->choice][t->next ? n : s];
    case K_NEG: return -x;
    case K_ADD: return x + y;
    case K_SUB: return x - y;
    case K_MUL: return x * y;
    case K_DIV: return x / y;
    case K_POW: return pow(x, y);
    case K_IF: return x == 1 ? y : z;
    case K_CALL1: return apply1(t->choice, x);
    case K_CALL2: return extreme(t->choice, x, y);
    case K_ORDER: return order(t->choice, x, y);
    case K_AND: return both(x, y);
    case K_OR: return either(x, y);
    case K_NOT: return 1 - x;
    default: return names_value(t, s, a, n);
    }
}

/* --- writing ----------------------------------------------------------------------- */

typedef struct text {
    char at[200000];
    size_t used;
} text;

static text out;

static void put(const char *word)
{
    size_t n = strlen(word);
    assert_true(out.used + n < sizeof out.at);
    memcpy(out.at + out.used, word, n + 1);
    out.used += n;
    if (below(4) == 0) {
        out.at[out.used++] = ' ';
        out.at[out.used] = 0;
    }
}

/* How tightly the top of t binds: or 1, and 2, not 3, order 4, sum 5, product 6, unary 7,
 * power 8, primary 9. */
static int binding(const tree *t)
{
    switch (t->kind) {
    case K_OR: return 1;
    case K_AND: return 2;
    case K_NOT: return 3;
    case K_ORDER:
    case K_COLOUR:
    case K_ACTION:
    case K_CROSS: return 4;
    case K_ADD:
    case K_SUB: return 5;
    case K_MUL:
    case K_DIV: return 6;
    case K_NEG: return 7;
    case K_POW: return 8;
    default: return 9;
    }
}

static void print(const tree *t, int least);

static void print_list(const char *name, const tree *t)
{
    put(name);
    put("(");
    for (int i = 0; i < 3 && t->x[i]; i++) {
        if (i)
            put(",");
        print(t->x[i], 1);
    }
    put(")");
}

static void print_names(const tree *t)
{
    static const char *const quoted[] = {"'red'", "\"dark red\"", "'blue'", "'dark-blue'"};
    static const char *const plain[] = {"red", "'dark red'", "blue", "'dark-blue'"};
    static const char *const actions[] = {"up", "'down'", "left", "'up-left'"};
    const char *equal = t->equal ? "==" : "!=";
    const char *left = t->kind == K_ACTION ? "action "
                       : !t->next          ? "colour "
                       : below(2)          ? "colour' "
                                           : "next_colour ";
    const char *right = t->kind == K_ACTION   ? actions[t->choice]
                        : t->kind == K_COLOUR ? (below(2) ? quoted : plain)[t->choice]
                                              : "shade'";
    bool turned = below(2);
    put(turned ? right : left);
    put(" ");
    put(equal);
    put(" ");
    put(turned ? left : right);
}

static void print_two(const tree *t, const char *sign, int left, int right)
{
    print(t->x[0], left);
    put(sign);
    print(t->x[1], right);
}

static void print_leaf(const tree *t)
{
    static const char *const names[][3] = {{"row", "row'", "next_row"},
                                           {"col", "col'", "next_col"},
                                           {"danger", "danger'", "next_danger"}};
    char digits[40];
    if (t->kind == K_NUMBER) {
        snprintf(digits, sizeof digits, below(2) ? "%.3f" : "%.5e", t->value);
        put(digits);
    } else {
        put(names[t->choice][t->next ? 1 + below(2) : 0]);
    }
}

static void print_open(const tree *t)
{
    static const char *const calls[] = {"abs", "exp", "log", "log1p", "sqrt"};
    static const char *const orders[] = {"<", "<=", ">", ">=", "==", "!="};
    switch (t->kind) {
    case K_NUMBER:
    case K_VARIABLE: print_leaf(t); break;
    case K_NEG:
        put("-");
        print(t->x[0], 7);
        break;
    case K_NOT:
        put(" not ");
        print(t->x[0], 3);
        break;
    case K_ADD: print_two(t, "+", 5, 6); break;
    case K_SUB: print_two(t, "-", 5, 6); break;
    case K_MUL: print_two(t, "*", 6, 7); break;
    case K_DIV: print_two(t, "/", 6, 7); break;
    case K_POW: print_two(t, "^", 9, 7); break;
    case K_ORDER: print_two(t, orders[t->choice], 5, 5); break;
    case K_AND: print_two(t, " and ", 2, 3); break;
    case K_OR: print_two(t, " or ", 1, 2); break;
    case K_IF: print_list("if", t); break;
    case K_CALL1: print_list(calls[t->choice], t); break;
    case K_CALL2: print_list(t->choice ? "max" : "min", t); break;
    default: print_names(t);
    }
}

static void print(const tree *t, int least)
{
    bool open = binding(t) >= least && below(12) != 0;
    if (!open)
        put("(");
    print_open(t);
    if (!open)
        put(")");
}

/* --- the tests --------------------------------------------------------------------- */

/* All triples, several times over, so that there is more than one block. */
#define TRIPLES (STATES * 5 * STATES * 3)

static int32_t from[TRIPLES], by[TRIPLES], to[TRIPLES];

static void fill_triples(void)
{
    for (int i = 0; i < TRIPLES; i++) {
        from[i] = i % STATES;
        by[i] = i / STATES % 5;
        to[i] = i / STATES / 5 % STATES;
    }
}

static sx_expr *parse(const sx_world *w, const char *source)
{
    sx_error err = SX_NO_ERROR;
    sx_expr_error where = {.message = ""};
    sx_expr *e = NULL;
    sx_status st = sx_expr_parse(source, w, ALL, &e, &where, &err);
    if (st)
        print_error("%s\n%zu+%zu %s: %s (%s)\n", source, where.offset, where.width, where.code,
                    where.message, where.hint);
    assert_int_equal(st, SX_OK);
    return e;
}

static bool identical(double a, double b)
{
    return a == b || (isnan(a) && isnan(b));
}

static void random_trees_have_their_values(void **unused)
{
    (void)unused;
    sx_error err = SX_NO_ERROR;
    sx_world *w = make_world();
    static double got[TRIPLES];
    for (uint32_t seed = 1; seed <= 3000; seed++) {
        state_of_random = seed;
        used = 0;
        out.used = 0;
        bool boolean = below(2);
        tree *t = boolean ? truth(1 + below(6)) : number(below(6));
        print(t, 1);
        sx_expr *e = parse(w, out.at);
        assert_int_equal(sx_expr_is_boolean(e), boolean);
        CHECK_OK(sx_expr_eval(e, from, by, to, TRIPLES, got, &err));
        for (int i = 0; i < TRIPLES; i++) {
            double want = value(t, from[i], by[i], to[i]);
            if (!identical(got[i], want)) {
                print_error("seed %u: %s at (%d,%d,%d): %.17g, not %.17g\n", seed, out.at,
                            from[i], by[i], to[i], got[i], want);
                fail();
            }
        }
        sx_expr_free(e);
    }
    sx_world_free(w);
}

static double evaluate(const sx_world *w, const char *source, int32_t s, int32_t a, int32_t n)
{
    sx_error err = SX_NO_ERROR;
    double x = 0;
    sx_expr *e = parse(w, source);
    CHECK_OK(sx_expr_eval(e, &s, &a, &n, 1, &x, &err));
    sx_expr_free(e);
    return x;
}

static void written_cases(void **unused)
{
    (void)unused;
    sx_world *w = make_world();
    static const struct {
        const char *source;
        double value; /* in (4, up, 6) */
    } cases[] = {{"-2^2", -4},
                 {"2^3^2", 512},
                 {"2^-1", 0.5},
                 {"1/3", 1.0 / 3},
                 {"12/2/3", 2},
                 {"10-2-3", 5},
                 {"1 + 2 * 3", 7},
                 {"--2", 2},
                 {"+2", 2},
                 {"min(3, 1, 2)", 1},
                 {"max(3, 1, 2, 8)", 8},
                 {"row'", 2.5},
                 {"next_row - row", 0.5},
                 {"if(action == up, 1, 0)", 1},
                 {"if('up' == action, 1, 0)", 1},
                 {"if(action == 7, 1, 0)", 0},
                 {"if(not row < 1 or 1 > 2 and 3 > 4, 1, 0)", 1},
                 {"if(colour == red, 1, 0)", 0}, /* state 4 has no colour */
                 {"if(colour != red, 1, 0)", 1},
                 {"if(danger' == danger', 1, 0)", 1},
                 {"if(colour' == \"dark red\", 1, 0)", 1},
                 {".5e1", 5},
                 {"\n\t 1.\r\n", 1}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        double got = evaluate(w, cases[i].source, 4, 0, 6);
        if (!identical(got, cases[i].value))
            print_error("%s = %.17g\n", cases[i].source, got);
        assert_true(identical(got, cases[i].value));
    }
    sx_world_free(w);
}

static void looks_at_what_it_names(void **unused)
{
    (void)unused;
    sx_world *w = make_world();
    static const struct {
        const char *source;
        unsigned bits;
    } cases[] = {{"1 + 2", 0},
                 {"row * col", SX_EXPR_STATE},
                 {"row'", SX_EXPR_NEXT},
                 {"if(action == up, row', 0)", SX_EXPR_ACTION | SX_EXPR_NEXT},
                 {"next_colour == shade", SX_EXPR_STATE | SX_EXPR_NEXT}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        sx_expr *e = parse(w, cases[i].source);
        assert_int_equal(sx_expr_looks_at(e), cases[i].bits);
        sx_expr_free(e);
    }
    sx_world_free(w);
}

/* --- errors ------------------------------------------------------------------------ */

typedef struct bad {
    const char *source;
    unsigned allowed;
    const char *code;
    size_t offset, width;
    const char *message, *hint; /* parts of them */
} bad;

static const bad bads[] = {
    {"", ALL, "E201", 0, 1, "ends where a value", ""},
    {"1 +", ALL, "E201", 3, 1, "ends where a value", ""},
    {"(1", ALL, "E201", 2, 1, "ends where an operator or )", ""},
    {"1 2", ALL, "E201", 2, 1, "unexpected '2'", ""},
    {"1)", ALL, "E201", 1, 1, "unexpected ')'", ""},
    {"2row", ALL, "E201", 0, 4, "runs into", "2 * row"},
    {"1e", ALL, "E201", 0, 2, "malformed number", "1e-3"},
    {"1.2.3", ALL, "E201", 0, 4, "malformed number", ""},
    {"1e999", ALL, "E201", 0, 5, "too large", ""},
    {"row && col", ALL, "E201", 4, 2, "'&&'", "and"},
    {"row ** 2", ALL, "E201", 4, 2, "'**'", "^"},
    {"row = 2", ALL, "E201", 4, 1, "'='", "=="},
    {"not row", ALL, "E204", 4, 3, "number where a truth", "!= 0"},
    {"'red", ALL, "E201", 0, 1, "not closed", "prime"},
    {"and", ALL, "E201", 0, 3, "unexpected 'and'", ""},
    {"1 + or", ALL, "E201", 4, 2, "unexpected 'or'", ""},
    {"next_row'", ALL, "E201", 0, 9, "together", ""},
    {"rwo + 1", ALL, "E202", 0, 3, "unknown variable rwo", "row"},
    {"1 + ro * 2", ALL, "E202", 4, 2, "unknown variable ro", "row"},
    {"goal * 2", ALL, "E202", 0, 4, "unknown variable goal", "label"},
    {"up", ALL, "E202", 0, 2, "unknown variable up", "action == up"},
    {"2 * tile-cost", ALL, "E202", 4, 4, "unknown variable tile",
     "rename the attribute tile-cost"},
    {"zzzzzzz", ALL, "E202", 0, 7, "unknown", "row, col"},
    {"a == b", ALL, "E202", 0, 1, "unknown variable a", ""},
    {"foo(1)", ALL, "E203", 0, 3, "unknown function foo", ""},
    {"sqr (1)", ALL, "E203", 0, 3, "unknown function sqr", "sqrt"},
    {"if(row > 1, 2)", ALL, "E203", 0, 14, "if takes 3", ""},
    {"min(1)", ALL, "E203", 0, 6, "2 arguments or more", ""},
    {"abs(1, 2)", ALL, "E203", 0, 9, "1 argument", ""},
    {"abs()", ALL, "E201", 4, 1, "unexpected ')'", ""},
    {"1 + (row > 2)", ALL, "E204", 4, 9, "truth where a number", "if("},
    {"row and col", ALL, "E204", 0, 3, "number where a truth", ""},
    {"if(row, 1, 2)", ALL, "E204", 3, 3, "number where a truth", ""},
    {"if(row > 1, 1, row > 2)", ALL, "E204", 15, 7, "truth where a number", ""},
    {"(1 > 2) == (2 > 1)", ALL, "E204", 0, 7, "truth where a number", ""},
    {"colour + 1", ALL, "E205", 0, 6, "name where a number", "=="},
    {"colour < red", ALL, "E205", 0, 6, "name where a number", ""},
    {"colour", ALL, "E205", 0, 6, "name where a number", ""},
    {"action == upp", ALL, "E205", 10, 3, "no action is named upp", "'up'"},
    {"action == up-left", ALL, "E202", 10, 2, "", "'up-left'"},
    {"action == 'jump'", ALL, "E205", 10, 6, "no action is named jump", ""},
    {"colour == 'blu'", ALL, "E205", 10, 5, "no state has colour 'blu'", "blue"},
    {"colour == 1 + 1", ALL, "E205", 10, 5, "only a name", ""},
    {"'red' + 1", ALL, "E205", 0, 5, "compared with nothing", ""},
    {"action'", ALL, "E206", 0, 7, "not known", ""},
    {"row + col'", SX_EXPR_STATE, "E206", 6, 4, "state that follows", "one state"},
    {"if(action == up, 1, 0)", SX_EXPR_STATE, "E206", 3, 6, "the action", ""},
    {"1 < row < 3", ALL, "E208", 8, 1, "chained", "and"},
    {"\xc3\xa9t\xc3\xa9 + 1", ALL, "E202", 0, 5, "unknown variable", ""},
    {"row $ 2", ALL, "E201", 4, 1, "'$'", ""},
};

static void refuses(const sx_world *w, const bad *b)
{
    sx_error err = SX_NO_ERROR;
    sx_expr_error where = {.message = ""};
    sx_expr *e = NULL;
    sx_status st = sx_expr_parse(b->source, w, b->allowed, &e, &where, &err);
    bool fine = st == SX_EINPUT && !e && strcmp(where.code, b->code) == 0 &&
                where.offset == b->offset && where.width == b->width &&
                strstr(where.message, b->message) && strstr(where.hint, b->hint) &&
                err.status == SX_EINPUT;
    if (!fine)
        print_error("'%s': %zu+%zu %s: %s (%s)\n", b->source, where.offset, where.width,
                    where.code, where.message, where.hint);
    assert_true(fine);
}

static void errors_have_their_places(void **unused)
{
    (void)unused;
    sx_world *w = make_world();
    for (size_t i = 0; i < sizeof bads / sizeof *bads; i++)
        refuses(w, &bads[i]);
    sx_world_free(w);
}

/* n times a text, in a buffer of the caller. */
static void repeat(char *to_text, const char *word, int n)
{
    for (int i = 0; i < n; i++, to_text += strlen(word))
        memcpy(to_text, word, strlen(word) + 1);
}

static void depth_and_length_are_bounded(void **unused)
{
    (void)unused;
    sx_error err = SX_NO_ERROR;
    sx_expr_error where;
    sx_expr *e = NULL;
    sx_world *w = make_world();
    static char deep[70000];
    static const char *const words[] = {"(", "-", "not ", "2^", "abs(", "if(1<2,1,", "1+("};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        repeat(deep, words[i], 7000);
        assert_int_equal(sx_expr_parse(deep, w, ALL, &e, &where, &err), SX_EINPUT);
        assert_string_equal(where.code, "E207");
    }
    repeat(deep, "1+1+", 17000);
    assert_int_equal(sx_expr_parse(deep, w, ALL, &e, &where, &err), SX_EINPUT);
    assert_string_equal(where.code, "E207");
    repeat(deep, "1+", 32000);
    strcat(deep, "1");
    assert_true(evaluate(w, deep, 0, 0, 0) == 32001);
    repeat(deep, "(", 90);
    repeat(deep + 90, "-(", 50);
    strcat(deep, "row");
    repeat(deep + strlen(deep), ")", 140);
    err = (sx_error)SX_NO_ERROR;
    sx_status st = sx_expr_parse(deep, w, ALL, &e, &where, &err);
    assert_true(st == SX_OK || strcmp(where.code, "E207") == 0);
    sx_expr_free(e);
    sx_world_free(w);
}

/* Any bytes: an answer, never a crash. */
static void garbage_is_survived(void **unused)
{
    (void)unused;
    static const char *const words[] = {
        "row", "'",      "\"",     "(",  ")",    ",",     "if",     "min",   "+",   "-", "*",
        "/",   "^",      "<",      "==", "!=",   "and",   "or",     "not ",  " ",   "1", ".",
        "e",   "colour", "action", "up", "\xc3", "next_", "danger", "'red'", "\x01"};
    sx_world *w = make_world();
    char source[200];
    for (uint32_t seed = 1; seed <= 20000; seed++) {
        sx_error err = SX_NO_ERROR;
        sx_expr_error where;
        sx_expr *e = NULL;
        state_of_random = seed;
        source[0] = 0;
        for (int n = below(14); n > 0; n--)
            strcat(source, words[below((int)(sizeof words / sizeof *words))]);
        sx_status st = sx_expr_parse(source, w, ALL, &e, &where, &err);
        assert_true(st == SX_OK || st == SX_EINPUT);
        if (st) {
            assert_true(where.offset <= strlen(source) && where.width >= 1);
            assert_true(where.message[0] && where.code[0] == 'E');
        }
        sx_expr_free(e);
    }
    sx_world_free(w);
}

/* --- separation -------------------------------------------------------------------- */

/* A tree of + - * and one-sided division over one-sided leaves. */
static tree *sum_of_products(int depth)
{
    static const kind two[] = {K_ADD, K_SUB, K_MUL, K_ADD};
    if (depth == 0)
        return number(0);
    int which = below(6);
    if (which < 4)
        return fresh(two[which], sum_of_products(depth - 1), sum_of_products(depth - 1), NULL);
    if (which == 4)
        return fresh(K_NEG, sum_of_products(depth - 1), NULL, NULL);
    return fresh(K_DIV, sum_of_products(depth - 1), number(0), NULL);
}

static void check_parts(const sx_expr *e, int32_t parts, sx_expr **left, sx_expr **right,
                        uint32_t seed)
{
    static double direct[TRIPLES], l[TRIPLES], r[TRIPLES], sum[TRIPLES], size[TRIPLES];
    sx_error err = SX_NO_ERROR;
    CHECK_OK(sx_expr_eval(e, from, by, to, TRIPLES, direct, &err));
    memset(sum, 0, sizeof sum);
    memset(size, 0, sizeof size);
    for (int32_t i = 0; i < parts; i++) {
        assert_false(sx_expr_looks_at(left[i]) & SX_EXPR_NEXT);
        assert_int_equal(sx_expr_looks_at(right[i]) & ~(unsigned)SX_EXPR_NEXT, 0);
        CHECK_OK(sx_expr_eval(left[i], from, by, NULL, TRIPLES, l, &err));
        CHECK_OK(sx_expr_eval(right[i], NULL, NULL, to, TRIPLES, r, &err));
        for (int j = 0; j < TRIPLES; j++) {
            sum[j] += l[j] * r[j];
            size[j] += fabs(l[j] * r[j]);
        }
    }
    for (int j = 0; j < TRIPLES; j++)
        if (isfinite(direct[j]) && !(fabs(direct[j] - sum[j]) <= 1e-9 * (1 + size[j]))) {
            print_error("seed %u: %s: %g, not %g\n", seed, out.at, sum[j], direct[j]);
            fail();
        }
}

static void release_parts(int32_t parts, sx_expr **left, sx_expr **right)
{
    for (int32_t i = 0; i < parts; i++) {
        sx_expr_free(left[i]);
        sx_expr_free(right[i]);
    }
    sx_release(left);
    sx_release(right);
}

static int32_t separate(const sx_expr *e, uint32_t seed)
{
    sx_error err = SX_NO_ERROR;
    int32_t parts = -1;
    sx_expr **left = NULL, **right = NULL;
    CHECK_OK(sx_expr_separate(e, &parts, &left, &right, &err));
    assert_in_range(parts, 0, 16);
    if (parts)
        check_parts(e, parts, left, right, seed);
    release_parts(parts, left, right);
    return parts;
}

static void sums_of_products_are_separated(void **unused)
{
    (void)unused;
    sx_world *w = make_world();
    int found = 0, tried = 0;
    for (uint32_t seed = 1; seed <= 1500; seed++) {
        state_of_random = seed;
        used = 0;
        out.used = 0;
        tree *t = sum_of_products(below(5));
        print(t, 1);
        sx_expr *e = parse(w, out.at);
        found += separate(e, seed) > 0;
        tried++;
        sx_expr_free(e);
    }
    assert_true(found > tried * 9 / 10);
    sx_world_free(w);
}

static void separations_have_their_number_of_parts(void **unused)
{
    (void)unused;
    static const struct {
        const char *source;
        int32_t parts;
    } cases[] = {{"row + col * 2", 1},
                 {"row'", 1},
                 {"row + row' - 3 * col", 2},
                 {"row * col'", 1},
                 {"(row + 1) * (col' + 2)", 2},
                 {"(row - row') / danger", 2},
                 {"row / danger'", 1},
                 {"(row - row')^2", 4},
                 {"abs(row - row')", 0},
                 {"if(action == up, row', 0)", 0},
                 {"if(action == up, row, 0) * log(danger')", 1},
                 {"1 / (row + row')", 0},
                 {"sqrt(row) * if(colour' == red, 1, 2)", 1},
                 {"row > 1 and col' > 1 and action == up and colour' == red", 1},
                 {"row > 1 or col' > 1", 0},
                 {"not (row > 1 and col' > 1)", 0},
                 {"7", 1}};
    sx_world *w = make_world();
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        sx_expr *e = parse(w, cases[i].source);
        int32_t parts = separate(e, 0);
        if (cases[i].parts ? parts < 1 || parts > cases[i].parts : parts)
            print_error("%s: %d parts\n", cases[i].source, parts);
        assert_true(cases[i].parts ? parts >= 1 && parts <= cases[i].parts : parts == 0);
        sx_expr_free(e);
    }
    sx_world_free(w);
}

/* A long chain and a recoded name survive separation. */
static void long_sums_are_separated(void **unused)
{
    (void)unused;
    static char source[60000];
    sx_world *w = make_world();
    source[0] = 0;
    repeat(source, "row+col'-", 5000);
    strcat(source, "if(colour == shade, 1, 0)");
    sx_expr *e = parse(w, source);
    out.used = 0;
    assert_int_equal(separate(e, 0), 2);
    sx_expr_free(e);
    sx_world_free(w);
}

static void numbers_are_read(void **unused)
{
    (void)unused;
    static const struct {
        const char *source;
        double value;
    } good[] = {{"1", 1},         {"-1", -1},    {"+.5", 0.5}, {"1e-3", 1e-3}, {"1/3", 1.0 / 3},
                {" -2/4 ", -0.5}, {"1.", 1},     {"0x", NAN},  {"", NAN},      {"1/0", NAN},
                {"1e999", NAN},   {"inf", NAN},  {"nan", NAN}, {"1 2", NAN},   {"1/", NAN},
                {"1,5", NAN},     {"--1", NAN},  {"1e", NAN},  {".", NAN},     {"1/2/3", NAN},
                {"0x10", NAN},    {"1/-2", NAN}, {"- 1", NAN}, {"1e-400", 0}};
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        double x = 77;
        bool fine = sx_number_read(good[i].source, &x);
        if (fine == isnan(good[i].value) || (fine && x != good[i].value))
            print_error("'%s': %d %g\n", good[i].source, fine, x);
        assert_true(isnan(good[i].value) ? !fine && x == 77 : fine && x == good[i].value);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(written_cases),
        cmocka_unit_test(random_trees_have_their_values),
        cmocka_unit_test(looks_at_what_it_names),
        cmocka_unit_test(errors_have_their_places),
        cmocka_unit_test(depth_and_length_are_bounded),
        cmocka_unit_test(garbage_is_survived),
        cmocka_unit_test(sums_of_products_are_separated),
        cmocka_unit_test(separations_have_their_number_of_parts),
        cmocka_unit_test(long_sums_are_separated),
        cmocka_unit_test(numbers_are_read),
    };
    fill_triples();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
