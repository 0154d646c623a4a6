/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_bounds_parts.c - what bounds are made of: constants against all deterministic policies,
 * the ball against the polytope of occupancies. */
#include "tests/bounds_fixture.h"

#include "solvers/lp.h"

enum { WORLDS = 1000, FEW = 128 };

/* --- constants --- */

/* All occupancies of deterministic policies, or NULL where there are too many. */
static double *occupancies(const sx_mdp *m, int32_t most, int32_t *count)
{
    int64_t n = 1;
    for (int32_t s = 0; s < m->states && n <= most; s++)
        n *= m->pair[s + 1] - m->pair[s];
    if (n > most)
        return NULL;
    int32_t *choice = calloc((size_t)m->states, sizeof *choice);
    double *pi = oracle_vector(m->pairs), *x = oracle_vector(n * m->pairs);
    *count = 0;
    oracle_first(m, choice);
    do {
        oracle_pure(m, choice, pi);
        oracle_occupancy(m, pi, NULL, x + (int64_t)(*count)++ * m->pairs);
    } while (oracle_next(m, choice));
    free(choice);
    free(pi);
    return x;
}

/* The dual of each norm for the difference of two occupancies. */
static void dual_norms(const sx_mdp *m, const double *x, const double *y, double *norm)
{
    memset(norm, 0, SX_NORMS * sizeof *norm);
    for (int32_t k = 0; k < m->pairs; k++) {
        double d = fabs(x[k] - y[k]), most = 0, square = 0;
        for (int64_t t = m->first[k]; t < m->first[k + 1]; t++) {
            most = fmax(most, m->prob[t]);
            square += m->prob[t] * m->prob[t];
        }
        norm[SX_L1] = fmax(norm[SX_L1], d * most);
        norm[SX_L2] += d * d * square;
        norm[SX_LINF] += d;
        norm[SX_WEIGHTED_L1] = fmax(norm[SX_WEIGHTED_L1], d);
        norm[SX_WEIGHTED_L2] += d * d;
        norm[SX_WEIGHTED_LINF] += d * (double)(m->first[k + 1] - m->first[k]);
    }
    norm[SX_L2] = sqrt(norm[SX_L2]);
    norm[SX_WEIGHTED_L2] = sqrt(norm[SX_WEIGHTED_L2]);
}

static void brute_constants(const sx_mdp *m, const double *x, int32_t n, double *best)
{
    memset(best, 0, SX_NORMS * sizeof *best);
    for (int32_t i = 0; i < n; i++)
        for (int32_t j = 0; j < i; j++) {
            double norm[SX_NORMS];
            dual_norms(m, x + (int64_t)i * m->pairs, x + (int64_t)j * m->pairs, norm);
            for (int q = 0; q < SX_NORMS; q++)
                best[q] = fmax(best[q], norm[q]);
        }
}

static bool two_actions(const sx_mdp *m)
{
    unsigned char *reached = calloc((size_t)m->states, 1);
    sx_error err = SX_NO_ERROR;
    int32_t count;
    bool two = true;
    CHECK_OK(sx_mdp_reachable(m, reached, &count, &err));
    for (int32_t s = 0; s < m->states; s++)
        two = two && (!reached[s] || m->pair[s + 1] - m->pair[s] > 1);
    free(reached);
    return two;
}

/* K_l1, K_weighted-l1 and, with two actions everywhere, K_linf are what brute force finds; no
 * constant is below it; with less work the constants are no smaller. */
static void test_constants(void **state)
{
    (void)state;
    int exact[SX_NORMS] = {0}, counted = 0;
    for (now = 1; now <= WORLDS; now++) {
        fixture f = draw(now);
        int32_t n = 0;
        double *x = occupancies(f.m, FEW, &n), best[SX_NORMS];
        sx_bounds_options o = sx_bounds_defaults();
        sx_bounds_world *idle = NULL;
        sx_error err = SX_NO_ERROR;
        if (x) {
            solve(&f, &o);
            o.work = 0;
            CHECK_OK(sx_bounds_world_new(f.w, &o, &idle, &err));
            brute_constants(f.m, x, n, best);
            counted++;
        }
        for (int q = 0; x && q < SX_NORMS; q++) {
            sx_constant c = sx_bounds_constant(f.b, (sx_norm)q);
            sx_constant rough = sx_bounds_constant(idle, (sx_norm)q);
            assert_true(c.value >= best[q] * (1 - 1e-12));
            assert_true(rough.value >= c.value * (1 - 1e-12));
            if (c.exact)
                CHECK_NEAR(c.value, best[q], 1e-7);
            exact[q] += c.exact;
            bool must = q == SX_L1 || q == SX_WEIGHTED_L1 || (q == SX_LINF && two_actions(f.m));
            assert_true(c.exact || !must);
        }
        sx_bounds_world_free(idle);
        fixture_end(&f);
        free(x);
    }
    assert_true(counted > WORLDS / 4 && exact[SX_LINF] > WORLDS / 20);
}

/* Worlds that have too many policies to try in pairs: each range by itself. */
static void test_ranges(void **state)
{
    (void)state;
    sx_bounds_options o = sx_bounds_defaults();
    for (now = 1; now <= WORLDS; now += 3) {
        fixture f = draw(now);
        int32_t n = 0;
        double *x = occupancies(f.m, ORACLE_POLICIES, &n), best = 0;
        solve(&f, &o);
        for (int32_t k = 0; k < f.m->pairs; k++) {
            double lo = INFINITY, hi = 0;
            for (int32_t i = 0; i < n; i++) {
                lo = fmin(lo, x[(int64_t)i * f.m->pairs + k]);
                hi = fmax(hi, x[(int64_t)i * f.m->pairs + k]);
            }
            best = fmax(best, hi - lo);
        }
        CHECK_NEAR(sx_bounds_constant(f.b, SX_WEIGHTED_L1).value, best, 1e-8);
        fixture_end(&f);
        free(x);
    }
}

/* --- the ball --- */

/* A of the reachable pairs, dense: 1 for the state of a pair, less gamma tau. */
static long double *directions(const sx_mdp *m)
{
    long double *a = calloc((size_t)m->pairs * (size_t)m->states, sizeof *a);
    for (int32_t s = 0; s < m->states; s++)
        for (int32_t k = m->pair[s]; k < m->pair[s + 1]; k++)
            for (int32_t y = 0; y < m->states; y++)
                a[(int64_t)k * m->states + y] =
                    (y == s ? 1 : 0) - (long double)m->discount * oracle_prob(m, k, y);
    return a;
}

/* x [K] <- its projection on { d : A'd = 0 }. */
static void project(const sx_mdp *m, const long double *a, double *x)
{
    size_t n = (size_t)m->states;
    long double *g = calloc(n * n, sizeof *g), *b = calloc(n, sizeof *b);
    for (int32_t k = 0; k < m->pairs; k++)
        for (size_t i = 0; i < n; i++) {
            b[i] += a[(size_t)k * n + i] * x[k];
            for (size_t j = 0; j < n; j++)
                g[i * n + j] += a[(size_t)k * n + i] * a[(size_t)k * n + j];
        }
    assert_true(oracle_solve(m->states, g, b));
    for (int32_t k = 0; k < m->pairs; k++)
        for (size_t i = 0; i < n; i++)
            x[k] = (double)(x[k] - a[(size_t)k * n + i] * b[i]);
    free(g);
    free(b);
}

/* The greatest rho by the textbook's program: x(k) >= rho p(k) as rows of its own. */
static double textbook_radius(const sx_mdp *m, const double *p)
{
    sx_lp *lp = NULL;
    sx_lp_solution *s = NULL;
    sx_error err = SX_NO_ERROR;
    int32_t rows = m->states + m->pairs, cols = m->pairs + 1;
    int64_t at = 0;
    CHECK_OK(sx_lp_new(rows, cols, (int64_t)(m->states + 2) * m->pairs, &lp, &err));
    long double *a = directions(m);
    for (int32_t y = 0; y < m->states; y++) {
        for (int32_t k = 0; k < m->pairs; k++) {
            lp->col[at] = k;
            lp->coef[at++] = (double)a[(int64_t)k * m->states + y];
        }
        lp->row_lo[y] = lp->row_hi[y] = m->initial[y];
        lp->start[y + 1] = at;
    }
    for (int32_t k = 0; k < m->pairs; k++) {
        lp->col[at] = k;
        lp->coef[at++] = 1;
        lp->col[at] = m->pairs;
        lp->coef[at++] = -p[k];
        lp->row_lo[m->states + k] = 0;
        lp->start[m->states + k + 1] = at;
    }
    lp->maximise = true;
    lp->cost[m->pairs] = 1;
    CHECK_OK(sx_lp_solve(lp, SX_LP_PRIMAL, 1e-6, &s, &err));
    assert_int_equal(s->outcome, SX_LP_OPTIMAL);
    double rho = s->objective;
    sx_lp_solution_free(s);
    sx_lp_free(lp);
    free(a);
    return rho;
}

/* Points of the ball's surface in random directions are occupancies. */
static void check_surface(const sx_mdp *m, const long double *a, const sx_i_ball *ball)
{
    oracle_stream g = oracle_start(now + 31);
    double *d = oracle_vector(m->pairs);
    for (int tries = 0; tries < 10; tries++) {
        double length = 0;
        for (int32_t k = 0; k < m->pairs; k++)
            d[k] = oracle_normal(&g);
        project(m, a, d);
        for (int32_t k = 0; k < m->pairs; k++)
            length += d[k] * d[k];
        for (int32_t k = 0; k < m->pairs; k++)
            assert_true(ball->centre[k] + ball->radius.value * d[k] / sqrt(length) >= -1e-9);
    }
    free(d);
}

static void check_ball(const sx_mdp *m, const sx_i_ball *ball)
{
    long double *a = directions(m);
    double *p = oracle_vector(m->pairs), *e = oracle_vector(m->pairs), touch = INFINITY;
    for (int32_t y = 0; y < m->states; y++) {
        long double flow = -(long double)m->initial[y];
        for (int32_t k = 0; k < m->pairs; k++)
            flow += a[(int64_t)k * m->states + y] * ball->centre[k];
        CHECK_NEAR((double)flow, 0, 1e-10);
    }
    for (int32_t k = 0; k < m->pairs; k++) {
        double square = 0;
        memset(e, 0, (size_t)m->pairs * sizeof *e);
        e[k] = 1;
        project(m, a, e);
        for (int32_t i = 0; i < m->pairs; i++)
            square += e[i] * e[i];
        p[k] = square > 1e-20 ? sqrt(square) : 0;
        assert_true(ball->centre[k] >= ball->radius.value * p[k] - 1e-9);
        if (p[k] > 0)
            touch = fmin(touch, ball->centre[k] / p[k]);
    }
    CHECK_NEAR(ball->radius.value, touch, 1e-8);
    CHECK_NEAR(ball->radius.value, textbook_radius(m, p), 1e-6);
    check_surface(m, a, ball);
    free(a);
    free(p);
    free(e);
}

static void test_ball(void **state)
{
    (void)state;
    int counted = 0;
    sx_bounds_options o = sx_bounds_defaults();
    for (now = 1; now <= WORLDS; now += 3) {
        fixture f = draw(now);
        solve(&f, &o);
        if (f.b->ball.centre && !f.w->reached) {
            check_ball(f.w->mdp, &f.b->ball);
            counted++;
        }
        fixture_end(&f);
    }
    assert_true(counted > WORLDS / 6);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(test_constants, tell_seed),
        cmocka_unit_test_teardown(test_ranges, tell_seed),
        cmocka_unit_test_teardown(test_ball, tell_seed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
