/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_expr.c - expressions mean what their grammar says: random trees, written with as few
 * parentheses as that grammar allows, against a recursive evaluation of the trees. */
#include "tests/expr_world.h"

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
    K_TONE,
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
        t->choice = below(4);
        t->next = t->choice < 3 && below(2);
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
    static const kind names[] = {K_COLOUR, K_ACTION, K_CROSS, K_TONE};
    int which = below(depth > 0 ? 9 : 4);
    if (which < 4) {
        t = fresh(names[which], NULL, NULL, NULL);
        t->choice = below(4);
        t->next = below(2);
        t->equal = below(2);
    } else if (which < 6) {
        t = fresh(K_ORDER, number(depth - 1), number(depth - 1), NULL);
        t->choice = below(6);
    } else if (which == 6) {
        t = fresh(K_NOT, truth(depth - 1), NULL, NULL);
    } else {
        t = fresh(which == 7 ? K_AND : K_OR, truth(depth - 1), truth(depth - 1), NULL);
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

/* Do a state's colour and the name x of a list have the same text? */
static double same_text(double colour, const char *const *names, double x)
{
    if (isnan(colour) || isnan(x))
        return 0;
    return strcmp(colours[(int)colour], names[(int)x]) == 0;
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
        same = t->kind == K_TONE ? same_text(colour_of[at], tones, tone_of(s, a))
                                 : same_text(colour_of[at], shades, shade_of[n]);
    return t->equal ? same : 1 - same;
}

static double value(const tree *t, int s, int a, int n)
{
    double x = t->x[0] ? value(t->x[0], s, a, n) : 0;
    double y = t->x[1] ? value(t->x[1], s, a, n) : 0;
    double z = t->x[2] ? value(t->x[2], s, a, n) : 0;
    switch (t->kind) {
    case K_NUMBER: return t->value;
    case K_VARIABLE:
        return t->choice == 3 ? length_of(s, a) : variables[t->choice][t->next ? n : s];
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
    case K_TONE:
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
                        : t->kind == K_TONE   ? "tone"
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
                                           {"danger", "danger'", "next_danger"},
                                           {"length", "", ""}};
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
                 {"length", 0.5}, /* of (4, up) */
                 {"if(tone == blue, 1, 0)", 1},
                 {"if(tone == colour', 1, 0)", 0},
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
                 {"length", SX_EXPR_STATE | SX_EXPR_ACTION},
                 {"tone == warm", SX_EXPR_STATE | SX_EXPR_ACTION},
                 {"length * row'", ALL},
                 {"next_colour == shade", SX_EXPR_STATE | SX_EXPR_NEXT}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        sx_expr *e = parse(w, cases[i].source);
        assert_int_equal(sx_expr_looks_at(e), cases[i].bits);
        sx_expr_free(e);
    }
    sx_world_free(w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(written_cases),
        cmocka_unit_test(random_trees_have_their_values),
        cmocka_unit_test(looks_at_what_it_names),
    };
    fill_triples();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
