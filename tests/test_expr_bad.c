/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_expr_bad.c - every way for an expression to be wrong has its place and its sentence;
 * depth and length are bounded; numbers are read or refused. */
#include "tests/expr_world.h"

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
    {"1 + length", SX_EXPR_STATE, "E206", 4, 6, "length belongs to an action",
     "about one state"},
    {"length", SX_EXPR_STATE | SX_EXPR_NEXT, "E206", 0, 6, "not to a state", ""},
    {"length", SX_EXPR_ACTION, "E206", 0, 6, "not to a state", ""},
    {"row + length'", ALL, "E206", 6, 7, "follows is not known", "without the prime"},
    {"next_length", ALL, "E206", 0, 11, "follows is not known", "without the prime"},
    {"tone == red", ALL, "E205", 8, 3, "no action has tone 'red'", ""},
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
    append(deep, sizeof deep, "1");
    assert_true(evaluate(w, deep, 0, 0, 0) == 32001);
    /* 199 levels are allowed: the expression itself is one */
    for (size_t n = 199; n <= 200; n++) {
        err = (sx_error)SX_NO_ERROR;
        repeat(deep, "(", n);
        append(deep, sizeof deep, "row");
        repeat(deep + strlen(deep), ")", n);
        assert_int_equal(sx_expr_parse(deep, w, ALL, &e, &where, &err),
                         n < 200 ? SX_OK : SX_EINPUT);
        sx_expr_free(e);
    }
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
            append(source, sizeof source, words[below((int)(sizeof words / sizeof *words))]);
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
        cmocka_unit_test(errors_have_their_places),
        cmocka_unit_test(depth_and_length_are_bounded),
        cmocka_unit_test(garbage_is_survived),
        cmocka_unit_test(numbers_are_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
