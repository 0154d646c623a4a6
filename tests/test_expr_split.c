/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_expr_split.c - a separated expression is the sum of its products, each factor looks at
 * its side only, and what should be separated is. */
#include "tests/expr_world.h"

static char source[60000];

static void put(const char *word)
{
    append(source, sizeof source, word);
}

static void put_leaf(void)
{
    static const char *const leaves[] = {"row",       "row'",   "next_col",
                                         "col",       "danger", "danger'",
                                         "0.375",     "3",      "if(action == up, row, 2)",
                                         "abs(col')", "length", "if(tone == colour, 2, row)"};
    put(leaves[below(12)]);
}

/* A sum of products of one-sided leaves, with one-sided division. */
static void put_sum(int depth)
{
    static const char *const signs[] = {") + (", ") - (", ") * (", ") + ("};
    int which = depth ? below(6) : 6;
    if (which == 6) {
        put_leaf();
        return;
    }
    put(which == 4 ? "-(" : "(");
    put_sum(depth - 1);
    if (which < 4) {
        put(signs[which]);
        put_sum(depth - 1);
    } else if (which == 5) {
        put(") / (");
        put_leaf();
    }
    put(")");
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
            print_error("seed %u: %s: %g, not %g\n", seed, source, sum[j], direct[j]);
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
        source[0] = 0;
        put_sum(below(5));
        sx_expr *e = parse(w, source);
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
                 {"length * row' + length", 2},
                 {"length > 0 and tone == colour and row' > 1", 1},
                 {"tone == colour'", 0},
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
    sx_world *w = make_world();
    source[0] = 0;
    repeat(source, "row+col'-", 5000);
    put("if(colour == shade, 1, 0)");
    sx_expr *e = parse(w, source);
    assert_int_equal(separate(e, 0), 2);
    sx_expr_free(e);
    sx_world_free(w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sums_of_products_are_separated),
        cmocka_unit_test(separations_have_their_number_of_parts),
        cmocka_unit_test(long_sums_are_separated),
    };
    fill_triples();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
