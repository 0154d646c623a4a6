/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_frontier_soft.c - the soft-optimal path against value iteration in long double. */
#include "tests/frontier_fixture.h"

/* (T v)(s) and pi there, from v; ties are not treated apart. */
static long double soft_backup(const sx_mdp *m, const double *r, long double t,
                               const long double *v, int32_t s, long double *pi)
{
    long double best = -INFINITY, sum = 0;
    for (int32_t k = m->pair[s]; k < m->pair[s + 1]; k++) {
        pi[k] = r[k];
        for (int64_t i = m->first[k]; i < m->first[k + 1]; i++)
            pi[k] += (long double)m->discount * m->prob[i] * v[m->next[i]];
        best = pi[k] > best ? pi[k] : best;
    }
    for (int32_t k = m->pair[s]; k < m->pair[s + 1]; k++)
        sum += pi[k] = expl((pi[k] - best) / t);
    for (int32_t k = m->pair[s]; k < m->pair[s + 1]; k++)
        pi[k] /= sum;
    return best + t * logl(sum / (m->pair[s + 1] - m->pair[s]));
}

/* v = V^pi of r - t log(pi |A|), dense. */
static void soft_values(const sx_mdp *m, const double *r, long double t, const long double *pi,
                        long double *v)
{
    int32_t n = m->states;
    long double *a = calloc((size_t)n * (size_t)n, sizeof *a);
    for (int32_t s = 0; s < n; s++) {
        v[s] = 0;
        a[s * n + s] += 1;
        for (int32_t k = m->pair[s]; k < m->pair[s + 1]; k++) {
            if (!(pi[k] > 0))
                continue;
            v[s] += pi[k] * (r[k] - t * logl(pi[k] * (m->pair[s + 1] - m->pair[s])));
            for (int64_t i = m->first[k]; i < m->first[k + 1]; i++)
                a[s * n + m->next[i]] -= (long double)m->discount * pi[k] * m->prob[i];
        }
    }
    assert_true(oracle_solve(n, a, v));
    free(a);
}

/* v, pi <- the soft optimum at t: values of policies, and then sweeps of value iteration, which
 * converge from anywhere, until nothing changes but by rounding. */
static void soft_optimum(const sx_mdp *m, const double *r, long double t, long double *v,
                         long double *pi)
{
    long double size = 1, *w = calloc((size_t)m->states, sizeof *w), change = INFINITY;
    for (int round = 0; round < 60; round++) {
        for (int32_t s = 0; s < m->states; s++)
            soft_backup(m, r, t, v, s, pi);
        soft_values(m, r, t, pi, v);
    }
    for (int32_t s = 0; s < m->states; s++)
        size = fmaxl(size, fabsl(v[s]));
    for (int sweep = 0; sweep < 20; sweep++) {
        change = 0;
        for (int32_t s = 0; s < m->states; s++) {
            w[s] = soft_backup(m, r, t, v, s, pi);
            change = fmaxl(change, fabsl(w[s] - v[s]));
        }
        memcpy(v, w, (size_t)m->states * sizeof *v);
    }
    assert_true(change <= 1e-17L * (size + t));
    free(w);
}

static void soft_returns(const fixture *f, const long double *pi, double j[2])
{
    double *p = oracle_vector(f->m->pairs);
    for (int32_t k = 0; k < f->m->pairs; k++)
        p[k] = (double)pi[k];
    for (int32_t s = 0; s < f->m->states; s++) {
        double sum = 0;
        for (int32_t k = f->m->pair[s]; k < f->m->pair[s + 1]; k++)
            sum += p[k];
        for (int32_t k = f->m->pair[s]; k < f->m->pair[s + 1]; k++)
            p[k] /= sum;
    }
    j[0] = oracle_return(f->m, p, f->r[1]);
    j[1] = oracle_return(f->m, p, f->r[0]);
    free(p);
}

static void check_point(const fixture *f, int32_t i, const long double *pi, double tol)
{
    const sx_soft_point *q = &f->f->point[i];
    double j[2], size[2] = {1e-300, 1e-300};
    soft_returns(f, pi, j);
    for (int32_t k = 0; k < f->f->vertices; k++)
        for (int c = 0; c < 2; c++)
            size[c] = fmax(size[c], fabs(f->f->vertex[k][c] - f->f->vertex[0][c]));
    CHECK_NEAR((q->proxy - j[0]) / size[0], 0, tol);
    CHECK_NEAR((q->truth - j[1]) / size[1], 0, tol);
}

static void check_path(const fixture *f)
{
    const sx_frontier *g = f->f;
    long double *v = calloc((size_t)f->m->states, sizeof *v);
    long double *pi = calloc((size_t)f->m->pairs, sizeof *pi);
    double top = -INFINITY, low = INFINITY, high = -INFINITY;
    assert_int_equal(g->points, TEMPERATURES + 2);
    assert_true(isinf(g->point[0].temperature) && g->point[g->points - 1].temperature == 0);
    assert_true(g->path_error <= 1e-9);
    for (int32_t k = 0; k < f->m->pairs; k++)
        pi[k] = 1;
    check_point(f, 0, pi, 1e-9);
    for (int32_t i = 1; i <= TEMPERATURES; i++) {
        assert_true(g->point[i].temperature < g->point[i - 1].temperature);
        soft_optimum(f->m, f->r[1], g->point[i].temperature, v, pi);
        check_point(f, i, pi, 1e-7);
    }
    /* so cold that only ties are left to the divergence */
    double cold = g->point[TEMPERATURES].temperature;
    for (int i = 0; i < 16; i++)
        soft_optimum(f->m, f->r[1], cold *= 0.3, v, pi);
    check_point(f, TEMPERATURES + 1, pi, 1e-4);
    for (int32_t i = 0; i < g->points; i++)
        top = fmax(top, g->point[i].truth);
    for (int32_t i = 0; i < g->vertices; i++) {
        low = fmin(low, g->vertex[i][1]);
        high = fmax(high, g->vertex[i][1]);
    }
    CHECK_NEAR(g->drop_height.value, (top - g->point[g->points - 1].truth) / (high - low),
               1e-8);
    assert_true(g->drop_height.value >= 0);
    free(v);
    free(pi);
}

static void test_path(void **state)
{
    int paths = 0, drops = 0;
    (void)state;
    for (now = 1; now <= WORLDS; now++) {
        fixture f = draw(now);
        solve(&f, TEMPERATURES);
        if (!f.f->trivial_true && !f.f->trivial_proxy) {
            check_path(&f);
            paths++;
            drops += f.f->drop_height.value > 1e-3;
        }
        fixture_end(&f);
    }
    assert_true(paths > WORLDS / 2 && drops > WORLDS / 8);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(test_path, tell_seed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
