/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_polygon.c - the return polygon is the convex hull of the returns of all deterministic
 * policies. */
#include "tests/check.h"

#include "mdp/random.h"
#include "solvers/polygon.h"
#include "tests/oracle_mdp.h"
#include "tests/oracle_regret.h"

#include <omp.h>
#include <stdlib.h>

enum { WORLDS = 400, DIRECTIONS = 32 };

static uint64_t now; /* the seed under work, for the message of a failure */

static int tell_seed(void **state)
{
    (void)state;
    print_message("last seed %llu\n", (unsigned long long)now);
    return 0;
}

typedef struct point {
    double x, y;
} point;

/* Twice the signed area of a b c. */
static long double turn(point a, point b, point c)
{
    return ((long double)b.x - a.x) * ((long double)c.y - a.y) -
           ((long double)b.y - a.y) * ((long double)c.x - a.x);
}

static int by_place(const void *a, const void *b)
{
    const point *p = a, *q = b;
    if (p->x != q->x)
        return p->x < q->x ? -1 : 1;
    return (p->y > q->y) - (p->y < q->y);
}

/* The convex hull of p [n] (sorted in place) by Andrew's chains, counter-clockwise. */
static int hull_of(point *p, int n, point *hull)
{
    int size = 0;
    qsort(p, (size_t)n, sizeof *p, by_place);
    for (int i = 0; i < n; i++) {
        while (size >= 2 && turn(hull[size - 2], hull[size - 1], p[i]) <= 0)
            size--;
        hull[size++] = p[i];
    }
    for (int i = n - 2, low = size + 1; i >= 0; i--) {
        while (size >= low && turn(hull[size - 2], hull[size - 1], p[i]) <= 0)
            size--;
        hull[size++] = p[i];
    }
    return size > 1 ? size - 1 : size;
}

static double area_of(const point *p, int n)
{
    long double sum = 0;
    for (int i = 1; i + 1 < n; i++)
        sum += turn(p[0], p[i], p[i + 1]);
    return (double)(sum / 2);
}

static double support(const point *p, int n, double angle)
{
    double best = -INFINITY;
    for (int i = 0; i < n; i++)
        best = fmax(best, cos(angle) * p[i].x + sin(angle) * p[i].y);
    return best;
}

static sx_polygon *find(const sx_mdp *m, const double *x, const double *y, double tolerance)
{
    sx_error err = SX_NO_ERROR;
    sx_polygon_options o = sx_polygon_defaults();
    sx_polygon *p = NULL;
    o.tolerance = tolerance;
    CHECK_OK(sx_polygon_find(m, x, y, &o, &p, &err));
    return p;
}

static point *points_of(const sx_polygon *p)
{
    point *q = calloc((size_t)p->vertices, sizeof *q);
    for (int32_t i = 0; i < p->vertices; i++)
        q[i] = (point){p->vertex[i].x, p->vertex[i].y};
    return q;
}

/* Strictly convex, counter-clockwise from the leftmost, each vertex the return of its policy.
 */
static void check_form(const sx_mdp *m, const double *x, const double *y, const sx_polygon *p)
{
    point *q = points_of(p);
    double *pi = oracle_vector(m->pairs);
    for (int32_t i = 0; i < p->vertices; i++) {
        point b = q[(i + 1) % p->vertices], c = q[(i + 2) % p->vertices];
        if (p->vertices > 2)
            assert_true(turn(q[i], b, c) > 0);
        assert_true(q[i].x > q[0].x || (q[i].x == q[0].x && q[i].y >= q[0].y));
        memset(pi, 0, (size_t)m->pairs * sizeof *pi);
        oracle_pure(m, p->vertex[i].choice, pi);
        double size = 1e-12 * (1 + p->diameter);
        CHECK_NEAR(q[i].x, oracle_return(m, pi, x), size);
        CHECK_NEAR(q[i].y, oracle_return(m, pi, y), size);
    }
    free(pi);
    free(q);
}

/* No point lies further beyond an edge than the gap says. */
static void check_gap(const sx_polygon *p, const point *mine, const point *all, int count,
                      double rounding)
{
    for (int32_t i = 0; p->vertices > 1 && i < p->vertices; i++) {
        point a = mine[i], b = mine[(i + 1) % p->vertices];
        for (int k = 0; k < count; k++) {
            double beyond = (double)-turn(a, b, all[k]) / hypot(b.x - a.x, b.y - a.y);
            assert_true(beyond <= p->gap + rounding);
        }
    }
}

/* p against the hull of all deterministic policies; slack relative to the diameter. */
static void check_hull(const sx_mdp *m, const double *x, const double *y, const sx_polygon *p,
                       double slack)
{
    oracle_returns *all = oracle_returns_new(m, y, x);
    point *points = calloc((size_t)all->count, sizeof *points);
    point *hull = calloc(2 * (size_t)all->count + 1, sizeof *hull), *mine = points_of(p);
    for (int32_t i = 0; i < all->count; i++)
        points[i] = (point){all->j2[i], all->j1[i]};
    int n = hull_of(points, all->count, hull);
    double d = 0;
    for (int i = 0; i < n; i++)
        for (int j = 0; j < i; j++)
            d = fmax(d, hypot(hull[i].x - hull[j].x, hull[i].y - hull[j].y));
    double unit = fmax(d, 1e-4 / (1 - m->discount)); /* doubles of that size are rounded */
    CHECK_NEAR(p->diameter / unit, d / unit, 2 * slack);
    CHECK_NEAR(area_of(mine, p->vertices) / (unit * unit), area_of(hull, n) / (unit * unit),
               8 * slack);
    for (int i = 0; i < DIRECTIONS; i++) {
        double angle = 6.283185307179586 * i / DIRECTIONS;
        double big = support(hull, n, angle), small = support(mine, p->vertices, angle);
        CHECK_NEAR((big - small) / unit, 0, slack);
        assert_true(small <= big + 1e-12 * unit + 1e-14 / (1 - m->discount));
    }
    assert_true(p->gap >= 0 && p->gap <= slack * unit);
    check_gap(p, mine, points, all->count, 1e-13 * unit + 1e-14 / (1 - m->discount));
    free(mine);
    free(hull);
    free(points);
    oracle_returns_free(all);
}

/* Kinds of world beyond those of the seed. */
static void vary(sx_mdp *m, uint64_t seed)
{
    if (seed % 5 == 1)
        m->discount = 0.9999;
    if (seed % 5 == 2)
        m->discount = 0;
}

static void test_hull(void **state)
{
    (void)state;
    int proper = 0, most = 0;
    for (now = 1; now <= WORLDS; now++) {
        sx_mdp *m = oracle_world(now);
        vary(m, now);
        double *x = oracle_rewards(m, now, 0), *y = oracle_rewards(m, now, 1);
        sx_polygon *p = find(m, x, y, 1e-9);
        assert_int_equal(p->outcome, SX_SOLVED);
        check_form(m, x, y, p);
        check_hull(m, x, y, p, 2e-9);
        proper += p->vertices > 2;
        most = p->vertices > most ? p->vertices : most;
        sx_polygon_free(p);
        free(x);
        free(y);
        oracle_world_free(m);
    }
    assert_true(proper > WORLDS / 2 && most > 12);
}

/* Fewer vertices, and the gap that is promised. */
static void test_tolerance(void **state)
{
    (void)state;
    int64_t fine = 0, coarse = 0;
    for (now = 1; now <= 100; now++) {
        sx_mdp *m = oracle_world(now);
        double *x = oracle_rewards(m, now, 0), *y = oracle_rewards(m, now, 1);
        sx_polygon *p = find(m, x, y, 1e-9), *q = find(m, x, y, 0.02);
        check_form(m, x, y, q);
        check_hull(m, x, y, q, 0.05); /* at a sharp vertex further off than an edge */
        assert_true(q->gap <= 0.02 * q->diameter && q->outcome == SX_SOLVED);
        fine += p->vertices;
        coarse += q->vertices;
        sx_polygon_free(p);
        sx_polygon_free(q);
        free(x);
        free(y);
        oracle_world_free(m);
    }
    assert_true(coarse < fine * 3 / 4);
}

/* y = a x + a shaping and a constant: a segment of the slope a, two vertices exactly. */
static void check_segment(uint64_t seed, double a)
{
    sx_mdp *m = oracle_world(seed);
    oracle_stream g = oracle_start(seed + 5);
    double *x = oracle_rewards(m, seed, 0), *y = oracle_vector(m->pairs);
    double *phi = oracle_vector(m->states);
    for (int32_t s = 0; s < m->states; s++)
        phi[s] = oracle_normal(&g);
    for (int32_t s = 0; s < m->states; s++)
        for (int32_t k = m->pair[s]; k < m->pair[s + 1]; k++) {
            y[k] = a * x[k] - phi[s];
            for (int64_t t = m->first[k]; t < m->first[k + 1]; t++)
                y[k] += m->discount * m->prob[t] * phi[m->next[t]];
        }
    sx_polygon *p = find(m, x, y, 1e-9);
    double range[2] = {INFINITY, -INFINITY};
    oracle_returns *all = oracle_returns_new(m, x, x);
    oracle_range(all, 0, range);
    oracle_returns_free(all);
    bool wide = range[1] - range[0] > 1e-3;
    if (wide) {
        assert_int_equal(p->vertices, 2);
        CHECK_NEAR(p->vertex[0].x, range[0], 1e-10);
        CHECK_NEAR(p->vertex[1].x, range[1], 1e-10);
        double slope = (p->vertex[1].y - p->vertex[0].y) / (p->vertex[1].x - p->vertex[0].x);
        CHECK_NEAR(slope, a, 1e-8);
    }
    sx_polygon_free(p);
    free(x);
    free(y);
    free(phi);
    oracle_world_free(m);
}

static void test_segments(void **state)
{
    (void)state;
    for (now = 1; now <= 60; now++) {
        check_segment(now, 1.5);
        check_segment(now, -0.5);
        check_segment(now, 0);
    }
}

static void test_point(void **state)
{
    (void)state;
    for (now = 1; now <= 20; now++) {
        sx_mdp *m = oracle_world(now);
        double *zero = oracle_vector(m->pairs);
        sx_polygon *p = find(m, zero, zero, 1e-9);
        assert_int_equal(p->vertices, 1);
        assert_int_equal(p->outcome, SX_SOLVED);
        assert_true(p->vertex[0].x == 0 && p->vertex[0].y == 0 && p->gap <= 1e-12);
        sx_polygon_free(p);
        free(zero);
        oracle_world_free(m);
    }
}

/* A square with vertices in pairs that tie along every axis, and points on its edges: two
 * states, in the first x is chosen, in the second y, each from three values. */
static void test_square(void **state)
{
    static const double value[3] = {-1, 0.25, 1};
    (void)state;
    sx_mdp *m = NULL;
    sx_error err = SX_NO_ERROR;
    CHECK_OK(sx_mdp_new(2, 3, 6, 6, &m, &err));
    double x[6] = {0}, y[6] = {0};
    for (int k = 0; k < 6; k++) {
        m->action[k] = k % 3;
        m->first[k + 1] = k + 1;
        m->next[k] = k / 3;
        m->prob[k] = 1;
        x[k] = k < 3 ? value[k % 3] : 0;
        y[k] = k < 3 ? 0 : value[k % 3];
    }
    m->pair[1] = 3;
    m->pair[2] = 6;
    m->initial[0] = m->initial[1] = 0.5;
    m->discount = 0.5;
    CHECK_OK(sx_mdp_check(m, &err));
    sx_polygon *p = find(m, x, y, 1e-9);
    assert_int_equal(p->vertices, 4);
    CHECK_NEAR(p->vertex[0].x, -1, 1e-14);
    CHECK_NEAR(p->vertex[0].y, -1, 1e-14);
    CHECK_NEAR(p->vertex[1].x, 1, 1e-14);
    CHECK_NEAR(p->vertex[1].y, -1, 1e-14);
    CHECK_NEAR(p->vertex[2].y, 1, 1e-14);
    CHECK_NEAR(p->diameter, sqrt(8), 1e-14);
    sx_polygon_free(p);
    sx_mdp_free(m);
}

/* A world of the size that is meant to be exact, the same bits for any number of threads. */
static void test_threads(void **state)
{
    (void)state;
    enum { STATES = 60 };
    sx_mdp *m = oracle_expander(STATES, 4, 0.95, 3);
    double *x = oracle_rewards(m, 2, 0), *y = oracle_rewards(m, 2, 1);
    int before = omp_get_max_threads();
    omp_set_num_threads(1);
    sx_polygon *p = find(m, x, y, 1e-9);
    omp_set_num_threads(2);
    sx_polygon *q = find(m, x, y, 1e-9);
    omp_set_num_threads(before);
    assert_int_equal(p->outcome, SX_SOLVED);
    assert_int_equal(p->vertices, q->vertices);
    assert_true(p->vertices > 2 * STATES && p->gap == q->gap && p->queries == q->queries);
    assert_true(2 * p->queries <
                3 * (int64_t)p->vertices); /* final edges are seen to be so without one */
    for (int32_t i = 0; i < p->vertices; i++) {
        assert_true(p->vertex[i].x == q->vertex[i].x && p->vertex[i].y == q->vertex[i].y);
        assert_memory_equal(p->vertex[i].choice, q->vertex[i].choice, STATES * sizeof(int32_t));
    }
    check_form(m, x, y, p);
    sx_polygon_free(p);
    sx_polygon_free(q);
    free(x);
    free(y);
    oracle_world_free(m);
}

static void test_limits(void **state)
{
    (void)state;
    sx_mdp *m = oracle_expander(30, 4, 0.9, 3);
    double *x = oracle_rewards(m, 2, 0), *y = oracle_rewards(m, 2, 1);
    sx_polygon_options o = sx_polygon_defaults();
    sx_polygon *p = NULL;
    sx_error err = SX_NO_ERROR;
    o.most = 20;
    assert_int_equal(sx_polygon_find(m, x, y, &o, &p, &err), SX_ELIMIT);
    assert_null(p);
    assert_non_null(strstr(err.msg, "more than 20 vertices"));
    o.tolerance = 0;
    assert_int_equal(sx_polygon_find(m, x, y, &o, &p, NULL), SX_EARG);
    o = sx_polygon_defaults();
    x[3] = NAN;
    assert_int_equal(sx_polygon_find(m, x, y, &o, &p, NULL), SX_EARG);
    assert_null(p);
    free(x);
    free(y);
    oracle_world_free(m);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(test_hull, tell_seed),
        cmocka_unit_test_teardown(test_tolerance, tell_seed),
        cmocka_unit_test_teardown(test_segments, tell_seed),
        cmocka_unit_test(test_point),
        cmocka_unit_test(test_square),
        cmocka_unit_test(test_threads),
        cmocka_unit_test(test_limits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
