/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_frontier.c - the frontier against linear programs, hackability against all deterministic
 * policies, and what theory says of transformed rewards. */
#include "tests/frontier_fixture.h"

#include "solvers/lp.h"
#include "tests/oracle_regret.h"

#include <omp.h>

/* ---- linear programs ---- */

/* min (sign -1) or max (+1) of J1 over occupancies with J2 >= bound.  Occupancies are
 * multiplied by 1-gamma, rewards divided by their sizes. */
static double program(const sx_mdp *m, const double *r1, const double *r2, double bound,
                      int sign)
{
    double s1 = largest(r1, m->pairs), s2 = largest(r2, m->pairs), answer = NAN;
    sx_lp *lp = NULL;
    sx_lp_solution *s = NULL;
    sx_error err = SX_NO_ERROR;
    int64_t at = 0;
    CHECK_OK(
        sx_lp_new(m->states + 1, m->pairs, (int64_t)m->pairs * (m->states + 1), &lp, &err));
    lp->maximise = sign > 0;
    for (int32_t i = 0; i <= m->states; i++) {
        for (int32_t k = 0; k < m->pairs; k++) {
            double own = i < m->states && k >= m->pair[i] && k < m->pair[i + 1];
            double coef =
                i == m->states ? r2[k] / s2 : own - m->discount * oracle_prob(m, k, i);
            if (coef != 0) {
                lp->col[at] = k;
                lp->coef[at++] = coef;
            }
            lp->cost[k] = r1[k] / s1;
        }
        lp->start[i + 1] = at;
        double flow =
            i < m->states ? (1 - m->discount) * m->initial[i] : bound * (1 - m->discount) / s2;
        lp->row_lo[i] = flow;
        lp->row_hi[i] = i < m->states ? flow : INFINITY;
    }
    CHECK_OK(sx_lp_solve(lp, SX_LP_PRIMAL, 1e-9, &s, &err));
    if (s->outcome == SX_LP_OPTIMAL)
        answer = s->objective * s1 / (1 - m->discount);
    sx_lp_solution_free(s);
    sx_lp_free(lp);
    return answer;
}

/* The levels below 1 by programs, the last by all policies that are optimal for the proxy. */
static void check_goodhart(const fixture *f, const oracle_returns *all, const double j1[2],
                           const double j2[2])
{
    double span = j1[1] - j1[0], width = j2[1] - j2[0], best[2];
    for (int i = 0; i < LEVELS - 1; i++) {
        const sx_level *l = &f->f->level[i];
        double bound = j2[0] + (double)i / (LEVELS - 1) * width - 1e-13 * width;
        CHECK_NEAR(l->level, (double)i / (LEVELS - 1), 1e-15);
        CHECK_NEAR(l->true_min / span, program(f->m, f->r[0], f->r[1], bound, -1) / span, 1e-7);
        CHECK_NEAR(l->true_max / span, program(f->m, f->r[0], f->r[1], bound, +1) / span, 1e-7);
    }
    oracle_range_of_optimal(all, 1e-9 * width, best);
    CHECK_NEAR(f->f->level[LEVELS - 1].true_min / span, best[0] / span, 1e-8);
    CHECK_NEAR(f->f->level[LEVELS - 1].true_max / span, best[1] / span, 1e-8);
}

/* max J1(a) - J1(b) over J2(b) >= J2(a), from the polygon's vertices alone: one of the two is
 * a vertex. */
static double worst_case(const sx_frontier *f)
{
    double worst = 0;
    for (int32_t i = 0; i < f->vertices; i++)
        for (int32_t j = 0; j < f->vertices; j++) {
            const double *v = f->vertex[i], *a = f->vertex[j];
            const double *b = f->vertex[(j + 1) % f->vertices];
            if (a[0] >= v[0])
                worst = fmax(worst, v[1] - a[1]);
            if ((a[0] < v[0]) == (b[0] < v[0]))
                continue;
            double y = a[1] + (v[0] - a[0]) / (b[0] - a[0]) * (b[1] - a[1]);
            worst = fmax(worst, fabs(v[1] - y));
        }
    return worst;
}

/* Both policies are policies, return what is said, and are ordered differently. */
static void check_witness(const fixture *f, const sx_hacking *h, bool pure)
{
    const double *pi[2] = {h->pi_high, h->pi_low}, *said[2] = {h->high, h->low};
    assert_true(h->high[1] > h->low[1] && h->high[0] < h->low[0]);
    assert_null(h->reason);
    for (int i = 0; i < 2; i++) {
        for (int32_t s = 0; s < f->m->states; s++) {
            double sum = 0;
            for (int32_t k = f->m->pair[s]; k < f->m->pair[s + 1]; k++) {
                sum += pi[i][k];
                assert_true(pi[i][k] >= 0);
            }
            CHECK_NEAR(sum, 1, 1e-12);
        }
        double size = 1e-11 / (1 - f->m->discount);
        CHECK_NEAR(said[i][0], oracle_return(f->m, pi[i], f->r[1]), size);
        CHECK_NEAR(said[i][1], oracle_return(f->m, pi[i], f->r[0]), size);
    }
    for (int32_t k = 0; pure && k < f->m->pairs; k++) {
        assert_true(pi[0][k] == 0 || pi[0][k] == 1);
        assert_true(pi[1][k] == 0 || pi[1][k] == 1);
    }
}

/* Whether two deterministic policies differ in both returns, in opposite ways; by how much the
 * truth differs most; near [2]: what counts as the same. */
static bool brute_hackable(const oracle_returns *all, const double near[2], double *most)
{
    *most = 0;
    for (int32_t i = 0; i < all->count; i++)
        for (int32_t j = 0; j < all->count; j++)
            if (all->j2[j] - all->j2[i] > near[1] && all->j1[i] - all->j1[j] > near[0])
                *most = fmax(*most, all->j1[i] - all->j1[j]);
    return *most > 0;
}

/* Largest distance of a return from the line through the extremes of the proxy, both axes
 * divided by their ranges. */
static double thickness(const oracle_returns *all, const double j1[2], const double j2[2])
{
    int32_t a = 0, b = 0;
    double most = 0;
    for (int32_t i = 0; i < all->count; i++) {
        a = all->j2[i] < all->j2[a] ? i : a;
        b = all->j2[i] > all->j2[b] ? i : b;
    }
    for (int32_t i = 0; i < all->count; i++) {
        double share = (all->j2[i] - all->j2[a]) / (j2[1] - j2[0]);
        double line = all->j1[a] + share * (all->j1[b] - all->j1[a]);
        most = fmax(most, fabs(all->j1[i] - line) / (j1[1] - j1[0]));
    }
    return most;
}

static bool check_hacking(const fixture *f, const oracle_returns *all, const double j1[2],
                          const double j2[2])
{
    double near[2] = {2e-9 * (j1[1] - j1[0]), 2e-9 * (j2[1] - j2[0])}, most;
    bool pure = brute_hackable(all, near, &most);
    assert_int_equal(f->f->deterministic.verdict, pure ? SX_HACKABLE : SX_NOT_HACKABLE);
    if (pure)
        check_witness(f, &f->f->deterministic, true);
    if (thickness(all, j1, j2) > 1e-6) {
        assert_int_equal(f->f->all.verdict, SX_HACKABLE);
        assert_true(f->f->vertices > 2);
        check_witness(f, &f->f->all, false);
        /* as much of the proxy's range as of the truth's */
        double up = (f->f->all.low[0] - f->f->all.high[0]) / (j2[1] - j2[0]);
        double down = (f->f->all.high[1] - f->f->all.low[1]) / (j1[1] - j1[0]);
        CHECK_NEAR(up, down, 1e-8);
    } else {
        assert_int_equal(f->f->all.verdict, f->f->deterministic.verdict);
        assert_int_equal(f->f->vertices, 2);
    }
    return pure;
}

static void check_regret(const fixture *f, double span)
{
    sx_regret *g = NULL;
    sx_error err = SX_NO_ERROR;
    CHECK_OK(sx_regret_pair(f->w, 0, 1, &g, &err));
    CHECK_NEAR(worst_case(f->f) / span, g->worst_case, 1e-8);
    CHECK_NEAR((g->range_true[1] - f->f->level[LEVELS - 1].true_min) / span, g->pessimistic,
               1e-8);
    CHECK_NEAR((g->range_true[1] - f->f->level[LEVELS - 1].true_max) / span, g->optimistic,
               1e-8);
    sx_regret_free(g);
}

static bool flat(const sx_mdp *m, const double range[2], const double *r)
{
    return (1 - m->discount) * (range[1] - range[0]) <= 1e-9 * largest(r, m->pairs);
}

static void test_definitions(void **state)
{
    int proper = 0, hackable = 0;
    (void)state;
    for (now = 1; now <= WORLDS; now++) {
        fixture f = draw(now);
        double j1[2], j2[2];
        solve(&f, 0);
        oracle_returns *all = oracle_returns_new(f.m, f.r[0], f.r[1]);
        const oracle_returns turned = {all->count, all->j2, all->j1};
        oracle_range(all, 0, j1);
        oracle_range(&turned, 0, j2);
        assert_int_equal(f.f->outcome, SX_SOLVED);
        assert_true(f.f->gap >= 0 && f.f->gap <= 1e-9);
        assert_int_equal(f.f->trivial_true, flat(f.m, j1, f.r[0]));
        assert_int_equal(f.f->trivial_proxy, flat(f.m, j2, f.r[1]));
        double low = INFINITY, high = -INFINITY;
        for (int32_t i = 0; i < f.f->vertices; i++) {
            low = fmin(low, f.f->vertex[i][0]);
            high = fmax(high, f.f->vertex[i][0]);
        }
        CHECK_NEAR(low, j2[0], 1e-10);
        CHECK_NEAR(high, j2[1], 1e-10);
        if (!f.f->trivial_true && !f.f->trivial_proxy) {
            check_goodhart(&f, all, j1, j2);
            hackable += check_hacking(&f, all, j1, j2);
            check_regret(&f, j1[1] - j1[0]);
            proper += f.f->vertices > 2;
        }
        oracle_returns_free(all);
        fixture_end(&f);
    }
    assert_true(proper > WORLDS / 2 && hackable > WORLDS / 2);
}

/* ---- degenerate cases ---- */

/* y = a x + a shaping. */
static void relate(fixture *f, double a, double amount)
{
    oracle_stream g = oracle_start(now + 5);
    double *phi = oracle_vector(f->m->states);
    for (int32_t s = 0; s < f->m->states; s++)
        phi[s] = amount * oracle_normal(&g);
    for (int32_t s = 0; s < f->m->states; s++)
        for (int32_t k = f->m->pair[s]; k < f->m->pair[s + 1]; k++) {
            f->r[0][k] = a * f->r[1][k] - phi[s];
            for (int64_t t = f->m->first[k]; t < f->m->first[k + 1]; t++)
                f->r[0][k] += f->m->discount * f->m->prob[t] * phi[f->m->next[t]];
        }
    free(phi);
}

static void check_degenerate(double a)
{
    fixture f = draw(now);
    relate(&f, a, 1);
    solve(&f, TEMPERATURES);
    const sx_frontier *g = f.f;
    if (g->trivial_proxy) {
        assert_int_equal(g->vertices, 1);
        assert_int_equal(g->all.verdict, SX_NOT_HACKABLE);
    } else {
        assert_int_equal(g->vertices, 2);
        assert_int_equal(g->all.verdict, a < 0 ? SX_HACKABLE : SX_NOT_HACKABLE);
        double rise = g->vertex[1][1] - g->vertex[0][1];
        if (a == 0)
            assert_true(rise == 0);
        else
            CHECK_NEAR(rise / (g->vertex[1][0] - g->vertex[0][0]), a, 1e-8);
        if (a < 0)
            check_witness(&f, &g->all, true);
    }
    assert_int_equal(g->deterministic.verdict, g->all.verdict);
    if (a == 0 || g->trivial_proxy)
        assert_true(isnan(g->drop_height.value) && g->drop_height.reason);
    else if (a > 0)
        CHECK_NEAR(g->drop_height.value, 0, 1e-9);
    else
        assert_true(g->drop_height.value > 0);
    fixture_end(&f);
}

/* A trivial proxy: a vertical segment; every level leaves all policies. */
static void check_vertical(void)
{
    fixture f = draw(now);
    double *swap = f.r[0];
    relate(&f, 0, 1);
    f.r[0] = f.r[1];
    f.r[1] = swap;
    solve(&f, TEMPERATURES);
    const sx_frontier *g = f.f;
    assert_true(g->trivial_proxy);
    if (!g->trivial_true) {
        assert_int_equal(g->vertices, 2);
        assert_true(g->vertex[0][0] == g->vertex[1][0] && g->vertex[0][1] < g->vertex[1][1]);
        for (int i = 0; i < LEVELS; i++) {
            assert_true(g->level[i].true_min == g->vertex[0][1]);
            assert_true(g->level[i].true_max == g->vertex[1][1]);
        }
        assert_int_equal(g->all.verdict, SX_NOT_HACKABLE);
        assert_int_equal(g->points, 2);
        assert_true(g->drop_height.value == 0);
    }
    fixture_end(&f);
}

static void test_degenerate(void **state)
{
    (void)state;
    for (now = 1; now <= 80; now++) {
        check_degenerate(2.5);
        check_degenerate(-0.7);
        check_degenerate(0);
        check_vertical();
    }
}

/* One state that loops; an action a point of the plane. */
static fixture plane(int32_t n, const double (*point)[2])
{
    fixture f = {0};
    sx_error err = SX_NO_ERROR;
    CHECK_OK(sx_mdp_new(1, n, n, n, &f.m, &err));
    f.r[0] = oracle_vector(n);
    f.r[1] = oracle_vector(n);
    for (int32_t k = 0; k < n; k++) {
        f.m->action[k] = k;
        f.m->first[k + 1] = k + 1;
        f.m->prob[k] = 1;
        f.r[1][k] = point[k][0];
        f.r[0][k] = point[k][1];
    }
    f.m->pair[1] = n;
    f.m->initial[0] = 1;
    return f;
}

/* Among the first n points: yes or no for the deterministic policies, that are `high` and
 * `low`. */
static void check_plane(int32_t n, const double (*points)[2], bool hackable, int32_t high,
                        int32_t low)
{
    fixture f = plane(n, points);
    sx_frontier_options o = sx_frontier_defaults();
    sx_frontier *few = NULL;
    sx_error err = SX_NO_ERROR;
    solve(&f, 0);
    assert_int_equal(f.f->vertices, 3);
    assert_int_equal(f.f->all.verdict, SX_HACKABLE);
    check_witness(&f, &f.f->all, false);
    CHECK_NEAR(f.f->all.low[0] - f.f->all.high[0], 0.5, 1e-12);
    assert_int_equal(f.f->deterministic.verdict, hackable ? SX_HACKABLE : SX_NOT_HACKABLE);
    if (hackable) {
        check_witness(&f, &f.f->deterministic, true);
        assert_true(f.f->deterministic.pi_high[high] == 1);
        assert_true(f.f->deterministic.pi_low[low] == 1);
    }
    o.policies = 2;
    CHECK_OK(sx_frontier_find(f.w, 0, 1, &o, &few, &err));
    assert_int_equal(few->deterministic.verdict, SX_UNDECIDED);
    assert_non_null(few->deterministic.reason);
    assert_true(isnan(few->deterministic.high[0]) && !few->deterministic.pi_high);
    sx_frontier_free(few);
    sx_frontier_free(f.f);
    sx_regret_world_free(f.w);
    free(f.r[0]);
    free(f.r[1]);
    sx_mdp_free(f.m);
}

/* A triangle whose corners are ordered alike as far as they differ: some policies are ordered
 * differently, but no deterministic ones, unless there is one inside. */
static void test_triangle(void **state)
{
    static const double points[4][2] = {{0, 0}, {1, 0}, {1, 1}, {0.5, 0.25}};
    static const double turned[4][2] = {{1, 1}, {1, 0}, {0, 0}, {0.5, 0.25}};
    (void)state;
    check_plane(3, points, false, -1, -1);
    check_plane(4, points, true, 3, 1);
    check_plane(3, turned, false, -1, -1);
    check_plane(4, turned, true, 3, 1);
}

/* ---- what must not matter ---- */

static void check_same(const sx_frontier *a, const sx_frontier *b)
{
    assert_int_equal(a->vertices, b->vertices);
    assert_memory_equal(a->vertex, b->vertex, (size_t)a->vertices * sizeof *a->vertex);
    assert_memory_equal(a->level, b->level, LEVELS * sizeof *a->level);
    assert_int_equal(a->points, b->points);
    assert_memory_equal(a->point, b->point, (size_t)a->points * sizeof *a->point);
    assert_int_equal(a->all.verdict, b->all.verdict);
    assert_int_equal(a->deterministic.verdict, b->deterministic.verdict);
    assert_memory_equal(a->all.high, b->all.high, sizeof a->all.high);
    assert_memory_equal(&a->drop_height.value, &b->drop_height.value, sizeof(double));
}

/* Without its unreachable states a world has the same frontier, bit for bit. */
static void test_unreachable(void **state)
{
    int tried = 0;
    (void)state;
    for (now = 1; now <= 120; now++) {
        fixture f = draw(now), part = {0};
        unsigned char *reached = calloc((size_t)f.m->states, 1);
        int32_t count = 0;
        sx_part *p = NULL;
        sx_error err = SX_NO_ERROR;
        CHECK_OK(sx_mdp_reachable(f.m, reached, &count, &err));
        if (count < f.m->states && f.m->discount > 0) {
            CHECK_OK(sx_mdp_restrict(f.m, reached, &p, &err));
            part.m = p->mdp;
            for (int i = 0; i < 2; i++) {
                part.r[i] = oracle_vector(part.m->pairs);
                for (int32_t k = 0; k < part.m->pairs; k++)
                    part.r[i][k] = f.r[i][p->pair[k]];
                /* what cannot be reached may be worth anything */
                for (int32_t s = 0; s < f.m->states; s++)
                    for (int32_t k = f.m->pair[s]; !reached[s] && k < f.m->pair[s + 1]; k++)
                        f.r[i][k] *= 3;
            }
            double possible[2] = {largest(part.r[0], part.m->pairs),
                                  largest(part.r[1], part.m->pairs)};
            const double *const rewards[2] = {f.r[0], f.r[1]};
            sx_regret_options o = sx_regret_defaults();
            CHECK_OK(sx_regret_world_new(f.m, rewards, possible, 2, &o, &f.w, &err));
            f.f = frontier_of(f.w, TEMPERATURES);
            solve(&part, TEMPERATURES);
            check_same(f.f, part.f);
            tried++;
            part.m = NULL;
            fixture_end(&part);
            sx_part_free(p);
        }
        free(reached);
        fixture_end(&f);
    }
    assert_true(tried > 20);
}

static void test_threads(void **state)
{
    int before = omp_get_max_threads();
    (void)state;
    fixture f = {.m = oracle_expander(40, 4, 0.95, 3)};
    f.r[0] = oracle_rewards(f.m, 2, 0);
    f.r[1] = oracle_rewards(f.m, 2, 1);
    omp_set_num_threads(1);
    solve(&f, TEMPERATURES);
    omp_set_num_threads(2);
    sx_frontier *two = frontier_of(f.w, TEMPERATURES);
    omp_set_num_threads(before);
    assert_int_equal(f.f->outcome, SX_SOLVED);
    check_same(f.f, two);
    sx_frontier_free(two);
    fixture_end(&f);
}

/* Scaling and shaping either reward moves the picture and nothing in it. */
static void test_transformed(void **state)
{
    (void)state;
    for (now = 3; now <= 120; now += 3) {
        fixture f = draw(now), g = draw(now);
        for (int i = 0; i < 2; i++) {
            fixture h = {.m = g.m, .r = {oracle_vector(g.m->pairs), g.r[i]}};
            relate(&h, i ? 40 : 0.02, 100);
            free(g.r[i]);
            g.r[i] = h.r[0];
        }
        solve(&f, 0);
        solve(&g, 0);
        if (!f.f->trivial_true && !f.f->trivial_proxy) {
            double scale = 0.02,
                   shift = g.f->level[0].true_max - scale * f.f->level[0].true_max;
            double span = f.f->level[0].true_max - f.f->level[0].true_min;
            for (int i = 0; i < LEVELS; i++) {
                double lo = (g.f->level[i].true_min - shift) / scale;
                double hi = (g.f->level[i].true_max - shift) / scale;
                CHECK_NEAR((f.f->level[i].true_min - lo) / span, 0, 1e-6);
                CHECK_NEAR((f.f->level[i].true_max - hi) / span, 0, 1e-6);
            }
            assert_int_equal(f.f->all.verdict, g.f->all.verdict);
            assert_int_equal(f.f->deterministic.verdict, g.f->deterministic.verdict);
        }
        fixture_end(&f);
        fixture_end(&g);
    }
}

/* ---- a list of policies, limits ---- */

static void test_list(void **state)
{
    enum { POLICIES = 5 };
    int hackable = 0;
    (void)state;
    for (now = 1; now <= 100; now++) {
        fixture f = draw(now);
        double *pi[POLICIES], returns[POLICIES][2], most = 0;
        sx_hacking h;
        sx_error err = SX_NO_ERROR;
        f.w = world_of(f.m, f.r);
        for (int i = 0; i < POLICIES; i++)
            pi[i] = oracle_policy(f.m, 100 * now + (uint64_t)i);
        sx_listed list = {
            .count = POLICIES, .pi = (const double *const *)pi, .returns = returns};
        CHECK_OK(sx_frontier_among(f.w, 0, 1, &list, &err));
        h = list.hacking;
        double size = 1e-11 / (1 - f.m->discount);
        for (int i = 0; i < POLICIES; i++) {
            CHECK_NEAR(returns[i][0], oracle_return(f.m, pi[i], f.r[1]), size);
            CHECK_NEAR(returns[i][1], oracle_return(f.m, pi[i], f.r[0]), size);
            for (int j = 0; j < POLICIES; j++)
                if (returns[j][0] > returns[i][0] + 1e-8 * (1 + fabs(returns[i][0])))
                    most = fmax(most, returns[i][1] - returns[j][1]);
        }
        if (most > 1e-6) {
            assert_int_equal(h.verdict, SX_HACKABLE);
            CHECK_NEAR(h.high[1] - h.low[1], most, 1e-10);
            assert_true(h.low[0] > h.high[0]);
            assert_true(h.high[0] == returns[h.which[0]][0] &&
                        h.low[1] == returns[h.which[1]][1]);
            hackable++;
        } else if (most == 0) {
            assert_int_equal(h.verdict, SX_NOT_HACKABLE);
        }
        for (int i = 0; i < POLICIES; i++)
            free(pi[i]);
        fixture_end(&f);
    }
    assert_true(hackable > 30);
}

static void test_limits(void **state)
{
    fixture f = draw(5);
    sx_frontier_options o = sx_frontier_defaults();
    sx_frontier *g = NULL;
    sx_error err = SX_NO_ERROR;
    (void)state;
    f.w = world_of(f.m, f.r);
    o.levels = 1;
    assert_int_equal(sx_frontier_find(f.w, 0, 1, &o, &g, NULL), SX_EARG);
    o = sx_frontier_defaults();
    assert_int_equal(sx_frontier_find(f.w, 0, 2, &o, &g, &err), SX_EARG);
    assert_null(g);
    assert_non_null(strstr(err.msg, "no reward 2"));
    fixture_end(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(test_definitions, tell_seed),
        cmocka_unit_test_teardown(test_degenerate, tell_seed),
        cmocka_unit_test(test_triangle),
        cmocka_unit_test_teardown(test_unreachable, tell_seed),
        cmocka_unit_test(test_threads),
        cmocka_unit_test_teardown(test_transformed, tell_seed),
        cmocka_unit_test_teardown(test_list, tell_seed),
        cmocka_unit_test(test_limits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
