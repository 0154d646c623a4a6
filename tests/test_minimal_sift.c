/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_minimal_sift.c - a program solved by parts has the minimum of the whole program, its z
 * satisfies the equations of all terms, and is found again bit by bit; the k-th largest. */
#include "metrics/minimal_int.h"
#include "tests/check.h"
#include "tests/oracle_mdp.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { PROBLEMS = 160 };

typedef struct answer {
    double *x, *z;
    bool solved;
} answer;

/* Rows as triples have them, and values: of noise, integers, with a few large ones, or all of
 * one sign, whose parts have no solution. */
static sx_i_goal *problem(uint64_t seed, oracle_stream *g)
{
    int32_t n = 4 + (int32_t)(seed % 9), terms = 700;
    sx_i_goal *t = sx_alloc(1, sizeof *t);
    assert_non_null(t);
    t->unknowns = n;
    t->terms = terms;
    t->largest = seed / 2 % 2;
    t->start = sx_alloc((size_t)terms + 1, sizeof *t->start);
    t->col = sx_alloc((size_t)terms * 2, sizeof *t->col);
    t->coef = sx_alloc((size_t)terms * 2, sizeof *t->coef);
    t->value = oracle_vector(terms);
    t->weight = oracle_vector(terms);
    t->square = oracle_vector(terms);
    t->hidden = sx_alloc((size_t)terms, 1);
    for (int32_t i = 0; i < terms; i++) {
        int32_t from = (int32_t)(oracle_uniform(g) * n), to = (int32_t)(oracle_uniform(g) * n);
        int64_t at = t->start[i];
        double value = oracle_normal(g);
        if (to > 0) {
            t->col[at] = to;
            t->coef[at++] = from == to ? -0.1 : 0.9;
        }
        if (from > 0 && from != to) {
            t->col[at] = from;
            t->coef[at++] = -1;
        }
        t->start[i + 1] = at;
        t->value[i] = seed % 4 == 0   ? value
                      : seed % 4 == 1 ? round(value)
                      : seed % 4 == 2 ? value * value * value
                                      : 0.2 + fabs(value);
        if (seed % 8 == 5)
            t->value[i] = 1;
        t->weight[i] =
            seed % 3 == 0 ? 1 : exp(seed % 3 == 1 ? 0.5 * value : -12 * oracle_uniform(g));
        t->square[i] = t->weight[i];
    }
    return t;
}

static answer answer_new(const sx_i_goal *t)
{
    return (answer){oracle_vector(t->unknowns), oracle_vector(t->terms), false};
}

static void answer_release(answer *a)
{
    free(a->x);
    free(a->z);
}

static answer solve(const sx_i_goal *t, double blur, bool parts)
{
    sx_error err = SX_NO_ERROR;
    answer a = answer_new(t);
    sx_i_optimum o = {.x = a.x, .z = a.z};
    if (parts)
        CHECK_OK(sx_i_goal_sift(t, blur, &o, &err));
    else
        CHECK_OK(sx_i_goal_solve(t, NULL, blur, &o, &err));
    a.solved = o.solved;
    return a;
}

static double proved(const sx_i_goal *t, double blur, const double *z)
{
    double sum = 0;
    for (int32_t i = 0; i < t->terms; i++)
        sum += z[i] * t->weight[i] * (t->value[i] + blur * sx_i_goal_scatter(i));
    return sum;
}

/* z lies where every z of a dual must. */
static void check_equations(const sx_i_goal *t, const double *z)
{
    double *sum = oracle_vector(t->unknowns), size = 0;
    for (int32_t j = 0; j < t->unknowns; j++)
        sum[j] = 0;
    for (int32_t i = 0; i < t->terms; i++) {
        sum[0] -= z[i] * t->weight[i];
        for (int64_t p = t->start[i]; p < t->start[i + 1]; p++)
            sum[t->col[p]] += z[i] * t->weight[i] * t->coef[p];
        size = t->largest ? size + fabs(z[i]) : fmax(size, fabs(z[i]));
    }
    assert_true(size <= 1 + 1e-9);
    for (int32_t j = 0; j < t->unknowns; j++)
        assert_true(fabs(sum[j]) <= 1e-8);
    free(sum);
}

static double size_at(const sx_i_goal *t, double blur, const double *x)
{
    double *e = oracle_vector(t->terms);
    for (int32_t i = 0; i < t->terms; i++)
        e[i] = (double)(t->value[i] + blur * sx_i_goal_scatter(i) + sx_i_goal_change(t, i, x));
    double size = sx_i_goal_size(t, e);
    free(e);
    return size;
}

static void parts_find_the_minimum(void **state)
{
    int32_t found[2] = {0, 0}, lost = 0;
    (void)state;
    for (uint64_t seed = 0; seed < PROBLEMS; seed++) {
        oracle_stream g = oracle_start(seed * 71 + 5);
        sx_i_goal *t = problem(seed, &g);
        double blur = seed % 5 == 0 ? 0 : 1e-7;
        assert_true(sx_i_goal_has_many(t));
        answer whole = solve(t, blur, false), part = solve(t, blur, true);
        answer again = solve(t, blur, true);
        assert_int_equal(part.solved, again.solved);
        if (part.solved && whole.solved) {
            double least = proved(t, blur, whole.z), near = 2e-8 * fmax(1, least);
            assert_true(fabs(proved(t, blur, part.z) - least) <= near);
            assert_true(fabs(size_at(t, blur, part.x) - least) <= near);
            check_equations(t, part.z);
            assert_memory_equal(part.z, again.z, (size_t)t->terms * sizeof *part.z);
            assert_memory_equal(part.x, again.x, (size_t)t->unknowns * sizeof *part.x);
        }
        found[t->largest] += part.solved;
        lost += !part.solved;
        answer_release(&whole);
        answer_release(&part);
        answer_release(&again);
        sx_i_goal_free(t);
    }
    print_message("sums %d, maxima %d, given up %d\n", found[0], found[1], lost);
    assert_true(found[0] >= PROBLEMS / 4 && found[1] >= PROBLEMS * 3 / 8);
}

/* Where the parts give up, the whole program is solved. */
static void the_optimum_is_always_found(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < PROBLEMS; seed++) {
        sx_error err = SX_NO_ERROR;
        oracle_stream g = oracle_start(seed * 71 + 5);
        sx_i_goal *t = problem(seed, &g);
        size_t n = (size_t)t->terms;
        double *room = oracle_vector((int32_t)(3 * n));
        sx_i_side side = {.dual = room, .lo = room + n, .hi = room + 2 * n};
        CHECK_OK(sx_i_goal_optimum(t, 0, &side, &err));
        answer whole = solve(t, 0, false);
        if (whole.solved &&
            proved(t, 0, whole.z) > 1e-6) /* values of no size are not solved for */
            assert_true(side.solved);
        if (side.solved)
            assert_true(fabs(side.least - proved(t, 0, whole.z)) <= 2e-8 * fmax(1, side.least));
        answer_release(&whole);
        free(room);
        sx_i_goal_free(t);
    }
}

static int descending(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x < y) - (x > y);
}

/* As in a sorted copy, ties included. */
static void the_kth_largest_is_that_of_the_sorted(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < 300; seed++) {
        oracle_stream g = oracle_start(seed * 13 + 1);
        int32_t n = 1 + (int32_t)(oracle_uniform(&g) * 40);
        double sorted[40] = {0}, x[40];
        for (int32_t i = 0; i < n; i++)
            sorted[i] = seed % 2 ? oracle_normal(&g) : round(oracle_normal(&g));
        memcpy(x, sorted, sizeof x);
        qsort(sorted, (size_t)n, sizeof *sorted, descending);
        for (int32_t k = 0; k < n; k++) {
            double scratch[40];
            memcpy(scratch, x, sizeof x);
            assert_true(sx_i_select_largest(scratch, n, k) == sorted[k]);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_kth_largest_is_that_of_the_sorted),
        cmocka_unit_test(parts_find_the_minimum),
        cmocka_unit_test(the_optimum_is_always_found),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
