/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_plot_goodhart.c - the band of the Goodhart figure against all mixtures of two
 * deterministic policies, the drop height against the path, and what several proxies show. */
#include "plots/kind_goodhart.h"
#include "tests/figure_find.h"
#include "tests/frontier_fixture.h"
#include "tests/oracle_regret.h"

enum { DRAWN = 60 };

static sx_figure *figure_of(const fixture *x, bool pressure)
{
    sx_error err = SX_NO_ERROR;
    sx_figure *f = NULL;
    const char *name = "the_proxy";
    const sx_frontier *frontier = x->f;
    const sx_goodhart_view v = {"Title", "the_truth", 1, &name, &frontier, pressure};
    CHECK_OK(sx_figure_goodhart(&v, &f, &err));
    return f;
}

/* ---- the band ---- */

/* Least and greatest true return among mixtures of two policies with proxy >= bound. */
static void brute(const oracle_returns *p, double bound, double slack, double range[2])
{
    range[0] = INFINITY;
    range[1] = -INFINITY;
    for (int32_t i = 0; i < p->count; i++)
        for (int32_t k = 0; k < p->count; k++) {
            double y = p->j1[i], rise = p->j2[k] - p->j2[i];
            if (i != k && !(p->j2[i] < bound && p->j2[k] > bound))
                continue;
            if (i != k)
                y += (bound - p->j2[i]) / rise * (p->j1[k] - p->j1[i]);
            else if (p->j2[i] < bound - slack)
                continue;
            range[0] = fmin(range[0], y);
            range[1] = fmax(range[1], y);
        }
}

static double interpolate(int64_t n, const double *x, const double *y, double at)
{
    for (int64_t i = 0; i + 1 < n; i++)
        if (at >= x[i] && at <= x[i + 1] && x[i + 1] > x[i])
            return y[i] + (at - x[i]) / (x[i + 1] - x[i]) * (y[i + 1] - y[i]);
    return (double)NAN;
}

static void ends(const double *j, int32_t n, double range[2])
{
    range[0] = INFINITY;
    range[1] = -INFINITY;
    for (int32_t i = 0; i < n; i++) {
        range[0] = fmin(range[0], j[i]);
        range[1] = fmax(range[1], j[i]);
    }
}

static void check_band(const sx_figure *f, const oracle_returns *p)
{
    const sx_layer *band = need_layer(f, 0, SX_LAYER_BAND, "frontier", 0);
    double proxy[2], truth[2], want[2];
    ends(p->j1, p->count, truth);
    ends(p->j2, p->count, proxy);
    assert_true(band->x[0] == 0 && band->x[band->n - 1] == 1);
    for (int64_t i = 1; i < band->n; i++)
        assert_true(band->x[i] > band->x[i - 1]);
    for (int i = 0; i <= 16; i++) {
        double level = i / 16.0 - (i == 16 ? 1e-9 : 0), slack = 1e-9 * (proxy[1] - proxy[0]);
        brute(p, proxy[0] + level * (proxy[1] - proxy[0]), slack, want);
        for (int k = 0; k < 2; k++)
            want[k] = (want[k] - truth[0]) / (truth[1] - truth[0]);
        CHECK_NEAR(interpolate(band->n, band->x, band->low, level), want[0], 1e-6);
        CHECK_NEAR(interpolate(band->n, band->x, band->high, level), want[1], 1e-6);
    }
}

/* ---- the path ---- */

static void check_path(const fixture *x, const sx_figure *f, const oracle_returns *p)
{
    const sx_layer *path = need_layer(f, 0, SX_LAYER_LINE, "path", 0);
    double proxy[2], truth[2], peak = -INFINITY;
    ends(p->j1, p->count, truth);
    ends(p->j2, p->count, proxy);
    assert_int_equal(path->n, x->f->points);
    for (int64_t i = 0; i < path->n; i++) {
        CHECK_NEAR(path->x[i], (x->f->point[i].proxy - proxy[0]) / (proxy[1] - proxy[0]), 1e-7);
        CHECK_NEAR(path->y[i], (x->f->point[i].truth - truth[0]) / (truth[1] - truth[0]), 1e-7);
        peak = fmax(peak, path->y[i]);
    }
    double drop = peak - path->y[path->n - 1];
    const sx_layer *arrow = layer_of(f, 0, SX_LAYER_ARROWS, "drop", 0);
    CHECK_NEAR(x->f->drop_height.value, drop, 1e-7);
    if (!arrow) {
        CHECK_NEAR(drop, 0, 1e-7);
        return;
    }
    CHECK_NEAR(arrow->y[0] - arrow->high[0], drop, 1e-7);
    CHECK_NEAR(arrow->high[0], path->y[path->n - 1], 1e-12);
    CHECK_NEAR(need_layer(f, 0, SX_LAYER_POINTS, "peak", 0)->y[0], peak, 1e-12);
}

static void random_worlds(void **state)
{
    int32_t proper = 0;
    (void)state;
    for (now = 1; now <= DRAWN; now++) {
        fixture x = draw(now);
        solve(&x, TEMPERATURES);
        if (!x.f->trivial_true && !x.f->trivial_proxy) {
            sx_figure *f = figure_of(&x, false);
            oracle_returns *p = oracle_returns_new(x.m, x.r[0], x.r[1]);
            check_band(f, p);
            check_path(&x, f, p);
            oracle_returns_free(p);
            sx_figure_free(f);
            proper++;
        }
        fixture_end(&x);
    }
    assert_true(proper > DRAWN / 2);
}

static void pressure_has_both_returns(void **state)
{
    (void)state;
    fixture x = draw(11);
    solve(&x, TEMPERATURES);
    sx_figure *f = figure_of(&x, true);
    const sx_layer *proxy = need_layer(f, 0, SX_LAYER_LINE, "path", 0);
    const sx_layer *truth = need_layer(f, 0, SX_LAYER_LINE, "path", 1);
    double low = x.f->vertex[0][0], high = low;
    for (int32_t i = 0; i < x.f->vertices; i++) {
        low = fmin(low, x.f->vertex[i][0]);
        high = fmax(high, x.f->vertex[i][0]);
    }
    assert_int_equal(f->panel[0]->chart->x.scale, SX_SCALE_LOG);
    assert_int_equal(proxy->n, x.f->points - 1); /* without the limit */
    assert_int_equal(truth->n, x.f->points - 1);
    assert_true(proxy->x[0] == 0); /* uniform */
    for (int32_t i = 1; i < proxy->n; i++) {
        CHECK_NEAR(proxy->x[i] * x.f->point[i].temperature, high - low, 1e-9);
        assert_true(proxy->x[i] > proxy->x[i - 1] && proxy->y[i] >= proxy->y[i - 1] - 1e-9);
    }
    assert_null(layer_of(f, 0, SX_LAYER_BAND, "frontier", 0));
    sx_figure_free(f);
    fixture_end(&x);
}

static void several_proxies(void **state)
{
    sx_error err = SX_NO_ERROR;
    sx_figure *f = NULL;
    (void)state;
    fixture x = draw(11);
    solve(&x, TEMPERATURES);
    const char *name[5] = {"a", "b", "c", "d", "e"};
    const sx_frontier *frontier[5] = {x.f, x.f, x.f, x.f, x.f};
    sx_goodhart_view v = {"", "t", 4, name, frontier, false};
    CHECK_OK(sx_figure_goodhart(&v, &f, &err));
    for (int i = 0; i < 4; i++) {
        const sx_layer *path = need_layer(f, 0, SX_LAYER_LINE, "path", i);
        assert_int_equal(path->colour, i);
        assert_int_equal(path->name[0], name[i][0]);
        check_part(path->name, "(drop ");
    }
    assert_null(layer_of(f, 0, SX_LAYER_BAND, "frontier", 0));
    sx_figure_free(f);
    v.proxies = 5;
    assert_int_equal(sx_figure_goodhart(&v, &f, &err), SX_EARG);
    assert_null(f);
    v.proxies = 0;
    assert_int_equal(sx_figure_goodhart(&v, &f, &err), SX_EARG);
    fixture_end(&x);
}

/* Rewards that are the same everywhere. */
static void trivial_ones_say_so(void **state)
{
    (void)state;
    for (int which = 0; which < 2; which++) {
        fixture x = draw(11);
        for (int32_t k = 0; k < x.m->pairs; k++)
            x.r[which][k] = 1;
        solve(&x, TEMPERATURES);
        sx_figure *f = figure_of(&x, false);
        const sx_layer *band = need_layer(f, 0, SX_LAYER_BAND, "frontier", 0);
        for (int64_t i = 0; i < band->n; i++)
            assert_true(band->low[i] == 0 && band->high[i] == which);
        assert_int_equal(f->notes.count, 1);
        check_part(f->notes.text[0],
                   which ? "the proxy the_proxy is trivial" : "the true reward is");
        sx_figure_free(f);
        if (which) {
            sx_error err = SX_NO_ERROR;
            const char *name = "p";
            const sx_frontier *frontier = x.f;
            const sx_goodhart_view v = {"", "t", 1, &name, &frontier, true};
            assert_int_equal(sx_figure_goodhart(&v, &f, &err), SX_EARG);
        }
        fixture_end(&x);
    }
}

static void without_a_path(void **state)
{
    sx_error err = SX_NO_ERROR;
    sx_figure *f = NULL;
    (void)state;
    fixture x = draw(11);
    solve(&x, 0);
    const char *name = "p";
    const sx_frontier *frontier = x.f;
    const sx_goodhart_view v = {"", "t", 1, &name, &frontier, false};
    assert_int_equal(sx_figure_goodhart(&v, &f, &err), SX_EARG);
    fixture_end(&x);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(random_worlds),   cmocka_unit_test(pressure_has_both_returns),
        cmocka_unit_test(several_proxies), cmocka_unit_test(trivial_ones_say_so),
        cmocka_unit_test(without_a_path),
    };
    return cmocka_run_group_tests(tests, NULL, tell_seed);
}
