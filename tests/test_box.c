/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_box.c - least squares in a box meet the conditions of optimality, in few products with
 * the form, and leave the gradient that they say. */
#include "tests/check.h"
#include "tests/oracle_mdp.h"

#include "solvers/normal.h"

#include <math.h>
#include <stdlib.h>

enum { MOST = 600 };

/* H = second differences of a chain, and a little of the identity: badly conditioned. */
typedef struct chain {
    int32_t n;
    double little;
    double diagonal[MOST];
    unsigned char face[MOST];
    int products, faces;
} chain;

static double entry(const chain *c, const double *x, int32_t i)
{
    double sum = (2 + c->little) * x[i];
    sum -= i > 0 ? x[i - 1] : 0;
    sum -= i + 1 < c->n ? x[i + 1] : 0;
    return sum;
}

static void times(void *of, const double *x, double *y)
{
    chain *c = of;
    c->products++;
    for (int32_t i = 0; i < c->n; i++)
        y[i] = entry(c, x, i);
}

static sx_status restrict_to(void *of, const unsigned char *face, sx_error *err)
{
    chain *c = of;
    (void)err;
    c->faces++;
    memcpy(c->face, face, (size_t)c->n);
    return SX_OK;
}

/* The exact inverse on each run of free unknowns, by elimination; what is held is not 0, as a
 * preconditioner may leave it. */
static sx_status precondition(void *of, const double *r, double *z, sx_error *err)
{
    chain *c = of;
    double up[MOST];
    (void)err;
    for (int32_t i = 0; i < c->n; i++) {
        bool joined = i > 0 && c->face[i] && c->face[i - 1];
        double pivot = 2 + c->little - (joined ? up[i - 1] : 0);
        up[i] = 1 / pivot;
        z[i] = (r[i] + (joined ? z[i - 1] : 0)) / pivot;
    }
    for (int32_t i = c->n - 2; i >= 0; i--)
        z[i] += c->face[i] && c->face[i + 1] ? up[i] * z[i + 1] : 0;
    for (int32_t i = 0; i < c->n; i++)
        z[i] = c->face[i] ? z[i] : 1;
    return SX_OK;
}

static void check_box(uint64_t seed)
{
    sx_error err = SX_NO_ERROR;
    oracle_stream s = oracle_start(seed);
    chain c = {.n = 1 + (int32_t)(seed * 37 % MOST), .little = 1e-4};
    double g0[MOST], g[MOST], lo[MOST], hi[MOST], x[MOST];
    for (int32_t i = 0; i < c.n; i++) {
        c.diagonal[i] = 2 + c.little;
        g[i] = g0[i] = oracle_normal(&s);
        lo[i] = -(double)oracle_below(&s, 5);
        hi[i] = oracle_below(&s, 3) ? oracle_below(&s, 4) : (double)INFINITY;
    }
    sx_form q = {c.n, c.diagonal, &c, times, restrict_to, precondition};
    CHECK_OK(sx_box_solve(&q, g, lo, hi, x, &err));
    for (int32_t i = 0; i < c.n; i++) {
        double slope = g0[i] + entry(&c, x, i);
        assert_true(lo[i] <= x[i] && x[i] <= hi[i]);
        CHECK_NEAR(g[i], slope, 1e-9);
        assert_true(slope < 1e-6 || x[i] == lo[i]);
        assert_true(slope > -1e-6 || x[i] == hi[i]);
    }
    if (c.products > 400 || c.faces > 60)
        fail_msg("seed %d: %d products, %d faces of %d", (int)seed, c.products, c.faces,
                 (int)c.n);
}

static void test_box(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 300; seed++)
        check_box(seed);
}

/* Nothing to do, and nowhere to go. */
static void test_box_corners(void **state)
{
    (void)state;
    sx_error err = SX_NO_ERROR;
    chain c = {.n = 2, .little = 1, .diagonal = {3, 3}};
    sx_form q = {2, c.diagonal, &c, times, restrict_to, precondition};
    double g[] = {0, 0}, zero[] = {0, 0}, one[] = {1, 1}, x[2];
    CHECK_OK(sx_box_solve(&q, g, zero, one, x, &err));
    assert_true(x[0] == 0 && x[1] == 0);
    g[0] = 5;
    g[1] = -50;
    CHECK_OK(sx_box_solve(&q, g, zero, one, x, &err));
    assert_true(x[0] == 0 && x[1] == 1);
    assert_true(g[0] == 4 && g[1] == -47);
    g[0] = NAN;
    CHECK_OK(sx_box_solve(&q, g, zero, zero, x, &err));
    assert_true(x[0] == 0 && x[1] == 0);
}

/* What a restricted preconditioner says of unknowns that are held is 0. */
static void test_restricted(void **state)
{
    (void)state;
    sx_error err = SX_NO_ERROR;
    sx_matrix *a = NULL;
    sx_normal *q = NULL;
    enum { N = 2000 };
    static unsigned char face[N];
    static double r[N], z[N];
    int64_t at = 0;
    CHECK_OK(sx_matrix_new(N, N, (int64_t)2 * N, &a, &err));
    for (int32_t i = 0; i < N; i++) {
        if (i > 0) {
            a->col[at] = i - 1;
            a->value[at++] = -0.99;
        }
        a->col[at] = i;
        a->value[at++] = 1;
        a->start[i + 1] = at;
        face[i] = i / 50 % 3 != 0;
        r[i] = face[i];
    }
    CHECK_OK(sx_normal_new(a, &q, &err));
    CHECK_OK(sx_normal_restrict(q, face, &err));
    CHECK_OK(sx_normal_precondition(q, r, z, &err));
    for (int32_t i = 0; i < N; i++)
        assert_true(face[i] ? z[i] > 0 : z[i] == 0);
    sx_normal_free(q);
    sx_matrix_free(a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_box),
        cmocka_unit_test(test_box_corners),
        cmocka_unit_test(test_restricted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
