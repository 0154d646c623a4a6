/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_random.c - streams are reproducible and apart, numbers have their distribution, and
 * random worlds are worlds. */
#include "mdp/random.h"
#include "tests/check.h"

#include <stdlib.h>

static sx_random *stream(uint64_t seed, uint64_t task)
{
    sx_error err = SX_NO_ERROR;
    sx_random *g = NULL;
    CHECK_OK(sx_random_new(seed, task, &g, &err));
    return g;
}

static int by_value(const void *a, const void *b)
{
    const double *x = a, *y = b;
    return (*x > *y) - (*x < *y);
}

/* First numbers of 100 x 100 streams: all different, and the same when asked again. */
static void streams_are_apart(void **unused)
{
    (void)unused;
    static double first[10000];
    for (uint64_t i = 0; i < 10000; i++) {
        sx_random *g = stream(i / 100, i % 100), *again = stream(i / 100, i % 100);
        first[i] = sx_random_uniform(g);
        assert_true(first[i] == sx_random_uniform(again));
        sx_random_free(g);
        assert_null(sx_random_free(again));
    }
    qsort(first, 10000, sizeof *first, by_value);
    for (int i = 1; i < 10000; i++)
        assert_true(first[i - 1] < first[i]);
    /* across tasks they are uniform: Kolmogorov's distance at the 1e-6 level */
    for (int i = 0; i < 10000; i++)
        assert_true(fabs(first[i] - (i + 0.5) / 10000) < 0.027);
}

/* The largest distance of n numbers from their distribution is below 0.0085: for n = 10^5
 * it is above once in 10^6 seeds. */
static void check_distribution(double *x, int n, double (*below)(double), const char *name)
{
    qsort(x, (size_t)n, sizeof *x, by_value);
    for (int i = 0; i < n; i++)
        if (!(fabs(below(x[i]) - (i + 0.5) / n) < 0.0085)) {
            print_error("%s: %g\n", name, x[i]);
            fail();
        }
}

static double uniform_below(double x)
{
    return x;
}

static double normal_below(double x)
{
    return 0.5 * erfc(-x / sqrt(2));
}

static double exponential_below(double x)
{
    return 1 - exp(-x);
}

static void numbers_have_their_distribution(void **unused)
{
    (void)unused;
    enum { N = 100000 };
    static double x[3][N];
    sx_random *g = stream(17, 3);
    for (int i = 0; i < N; i++) {
        x[0][i] = sx_random_uniform(g);
        x[1][i] = sx_random_normal(g);
        x[2][i] = sx_random_exponential(g);
        assert_true(x[0][i] > 0 && x[0][i] < 1 && x[2][i] > 0);
    }
    check_distribution(x[0], N, uniform_below, "uniform");
    check_distribution(x[1], N, normal_below, "normal");
    check_distribution(x[2], N, exponential_below, "exponential");
    sx_random_free(g);
}

static void whole_numbers_are_even(void **unused)
{
    (void)unused;
    int count[7] = {0};
    sx_random *g = stream(5, 0);
    for (int i = 0; i < 70000; i++)
        count[sx_random_below(g, 7)]++;
    for (int i = 0; i < 7; i++) /* five standard deviations of a binomial */
        assert_true(abs(count[i] - 10000) < 470);
    for (int i = 0; i < 100; i++)
        assert_int_equal(sx_random_below(g, 1), 0);
    sx_random_free(g);
}

static void check_common(const sx_mdp *m, int32_t successors)
{
    sx_error err = SX_NO_ERROR;
    CHECK_OK(sx_mdp_check(m, &err));
    assert_true(m->discount == 0);
    assert_int_equal(m->entries, (int64_t)m->states * m->actions * successors);
    for (int32_t s = 0; s < m->states; s++) {
        assert_int_equal(m->absorbing[s], 0);
        assert_true(m->initial[s] == 1.0 / m->states);
    }
}

static void dirichlet_worlds(void **unused)
{
    (void)unused;
    sx_error err = SX_NO_ERROR;
    sx_mdp *m = NULL, *again = NULL;
    int count[20] = {0};
    double square = 0;
    CHECK_OK(sx_random_dirichlet(20, 500, 5, 42, &m, &err));
    CHECK_OK(sx_random_dirichlet(20, 500, 5, 42, &again, &err));
    check_common(m, 5);
    assert_memory_equal(m->next, again->next, (size_t)m->entries * sizeof *m->next);
    assert_memory_equal(m->prob, again->prob, (size_t)m->entries * sizeof *m->prob);
    for (int64_t t = 0; t < m->entries; t++) {
        count[m->next[t]]++;
        square += m->prob[t] * m->prob[t];
    }
    /* 10,000 pairs: each state is in a quarter of them */
    for (int s = 0; s < 20; s++)
        assert_true(abs(count[s] - 2500) < 220);
    /* E[p^2] = 2 / (n (n+1)) for Dirichlet(1,..,1) on n = 5; five standard errors */
    CHECK_NEAR(square / (double)m->entries, 2.0 / 30, 0.0025);
    sx_mdp_free(again);
    CHECK_OK(sx_random_dirichlet(20, 500, 5, 43, &again, &err));
    assert_memory_not_equal(m->prob, again->prob, (size_t)m->entries * sizeof *m->prob);
    sx_mdp_free(m);
    sx_mdp_free(again);
    CHECK_OK(sx_random_dirichlet(1, 1, 1, 0, &m, &err));
    assert_true(m->prob[0] == 1);
    sx_mdp_free(m);
    CHECK_OK(sx_random_dirichlet(6, 2, 6, 0, &m, &err));
    check_common(m, 6);
    sx_mdp_free(m);
}

/* A row is a softmax of logits that are above 1 or -20: small ones are equal, and every large
 * one is more than e^21 of them. */
static void starc_worlds(void **unused)
{
    (void)unused;
    sx_error err = SX_NO_ERROR;
    sx_mdp *m = NULL;
    CHECK_OK(sx_random_starc(32, 40, 7, &m, &err));
    check_common(m, 32);
    int large = 0;
    for (int32_t k = 0; k < m->pairs; k++) {
        const double *p = m->prob + m->first[k];
        double least = 1;
        for (int i = 0; i < 32; i++)
            least = p[i] < least ? p[i] : least;
        for (int i = 0; i < 32; i++) {
            assert_true(p[i] == least || p[i] > least * exp(20.999));
            large += p[i] != least;
        }
    }
    /* P(N(0,1) > 1) = 0.158655; 40,960 logits, five standard errors; a row without any large
     * one (probability 0.004) shows none */
    CHECK_NEAR(large / 40960.0, 0.158655, 0.0095);
    sx_mdp_free(m);
}

static void sizes_are_refused(void **unused)
{
    (void)unused;
    static const int32_t sizes[][3] = {{0, 1, 1}, {1, 0, 1}, {3, 1, 0}, {3, 1, 4}, {-1, 2, 1}};
    sx_mdp *m = NULL;
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        sx_error err = SX_NO_ERROR;
        assert_int_equal(
            sx_random_dirichlet(sizes[i][0], sizes[i][1], sizes[i][2], 1, &m, &err), SX_EARG);
        assert_null(m);
        assert_true(strlen(err.msg) > 10);
    }
    sx_error err = SX_NO_ERROR;
    assert_int_equal(sx_random_starc(100000, 100, 1, &m, &err), SX_ELIMIT);
    assert_int_equal(sx_random_dirichlet(INT32_MAX, INT32_MAX, 5, 1, &m, &err), SX_ELIMIT);
    assert_null(m);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(streams_are_apart),
        cmocka_unit_test(numbers_have_their_distribution),
        cmocka_unit_test(whole_numbers_are_even),
        cmocka_unit_test(dirichlet_worlds),
        cmocka_unit_test(starc_worlds),
        cmocka_unit_test(sizes_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
