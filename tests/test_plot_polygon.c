/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_plot_polygon.c - the figure of a return polygon shows the hull of all deterministic
 * policies, the worst case of the definition, and says what is degenerate. */
#include "plots/kind_polygon.h"
#include "tests/figure_find.h"
#include "tests/frontier_fixture.h"
#include "tests/oracle_regret.h"

enum { DRAWN = 60 };

typedef struct drawn {
    fixture x;
    sx_regret *g;
    sx_witness w;
    sx_figure *f;
} drawn;

static const sx_polygon_mark center = {"some <policy> & _more_", 0.25, -0.5};

static void figure_of(drawn *d, bool path)
{
    sx_error err = SX_NO_ERROR;
    solve(&d->x, TEMPERATURES);
    CHECK_OK(sx_regret_pair(d->x.w, 0, 1, &d->g, &err));
    CHECK_OK(sx_witness_returns(d->x.m, d->g, d->x.r[0], d->x.r[1], &d->w, &err));
    const sx_polygon_view v = {"A title", "the_truth", "p^r{oxy", d->x.f, d->g,
                               &d->w,     path,        1,         &center};
    CHECK_OK(sx_figure_polygon(&v, &d->f, &err));
}

static void drawn_end(drawn *d)
{
    sx_figure_free(d->f);
    sx_regret_free(d->g);
    fixture_end(&d->x);
}

static const sx_layer *outline(const drawn *d)
{
    sx_layer_kind kind = d->x.f->vertices > 2    ? SX_LAYER_AREA
                         : d->x.f->vertices == 2 ? SX_LAYER_LINE
                                                 : SX_LAYER_POINTS;
    return need_layer(d->f, 0, kind, "polygon", 0);
}

/* How far (x, y) lies beyond the edges, whose corners are counter-clockwise. */
static double beyond(const sx_layer *l, double x, double y)
{
    double far = 0;
    for (int64_t i = 0; i < l->n; i++) {
        int64_t j = (i + 1) % l->n;
        double dx = l->x[j] - l->x[i], dy = l->y[j] - l->y[i], length = hypot(dx, dy);
        if (length > 0)
            far = fmax(far, (dy * (x - l->x[i]) - dx * (y - l->y[i])) / length);
    }
    return far;
}

/* Every corner is a policy, and no policy is outside. */
static void check_hull(const sx_layer *l, const oracle_returns *p)
{
    double scale = 0;
    for (int32_t i = 0; i < p->count; i++)
        scale = fmax(scale, fmax(fabs(p->j1[i]), fabs(p->j2[i])));
    for (int64_t i = 0; i < l->n; i++) {
        double nearest = INFINITY;
        for (int32_t k = 0; k < p->count; k++)
            nearest = fmin(nearest, hypot(l->x[i] - p->j2[k], l->y[i] - p->j1[k]));
        assert_true(nearest <= 1e-7 * (1 + scale));
    }
    for (int32_t k = 0; k < p->count && l->n > 2; k++)
        assert_true(beyond(l, p->j2[k], p->j1[k]) <= 1e-7 * (1 + scale));
}

/* All marks of the optimal ones are as good as any policy; whose: which of the two. */
static void check_optimal(const drawn *d, const oracle_returns *p, bool proxy, int which)
{
    const sx_layer *l = need_layer(d->f, 0, SX_LAYER_POINTS, "optimal", which);
    double best = -INFINITY, *j = proxy ? p->j2 : p->j1;
    for (int32_t k = 0; k < p->count; k++)
        best = fmax(best, j[k]);
    assert_true(l->n >= 1 && l->n <= 2);
    for (int64_t i = 0; i < l->n; i++)
        CHECK_NEAR(proxy ? l->x[i] : l->y[i], best, 1e-7);
}

static void check_worst_case(const drawn *d, const oracle_returns *p)
{
    double range[2], w = oracle_worst_case(d->x.m, d->x.r[0], d->x.r[1]);
    oracle_range(p, 0, range);
    if (d->g->worst_case <= 0) {
        assert_null(layer_of(d->f, 0, SX_LAYER_ARROWS, "worst-case", 0));
        assert_true(w <= 1e-7 * (1 + range[1] - range[0]));
        return;
    }
    const sx_layer *l = need_layer(d->f, 0, SX_LAYER_ARROWS, "worst-case", 0);
    assert_int_equal(l->n, 1);
    CHECK_NEAR(l->y[0] - l->high[0], w, 1e-6);
    assert_true(l->low[0] >= l->x[0] - 1e-7 * (1 + fabs(l->x[0])));
    const sx_layer *rule = layer_of(d->f, 0, SX_LAYER_RULES, "level", 0);
    assert_true(d->x.f->trivial_proxy || (rule && rule->x[0] == l->x[0] && isnan(rule->y[0])));
}

static void random_worlds(void **state)
{
    (void)state;
    for (now = 1; now <= DRAWN; now++) {
        drawn d = {.x = draw(now)};
        figure_of(&d, true);
        oracle_returns *p = oracle_returns_new(d.x.m, d.x.r[0], d.x.r[1]);
        check_hull(outline(&d), p);
        if (!d.x.f->trivial_proxy)
            check_optimal(&d, p, true, 0);
        if (!d.x.f->trivial_true)
            check_optimal(&d, p, false, d.x.f->trivial_proxy ? 0 : 1);
        check_worst_case(&d, p);
        const sx_layer *path = need_layer(d.f, 0, SX_LAYER_LINE, "path", 0);
        assert_int_equal(path->n, d.x.f->points);
        for (int64_t i = 0; i < path->n; i++)
            assert_true(path->x[i] == d.x.f->point[i].proxy &&
                        path->y[i] == d.x.f->point[i].truth);
        oracle_returns_free(p);
        drawn_end(&d);
    }
}

static void names_are_no_markup(void **state)
{
    (void)state;
    drawn d = {.x = draw(11)};
    figure_of(&d, false);
    const sx_chart *c = d.f->panel[0]->chart;
    check_part(c->x.title, "p\\^r\\{oxy");
    check_part(c->y.title, "the\\_truth");
    check_part(d.f->description, "p^r{oxy");
    const sx_layer *mark = need_layer(d.f, 0, SX_LAYER_POINTS, "policy", 0);
    assert_string_equal(mark->label[0], center.name);
    assert_true(mark->x[0] == 0.25 && mark->y[0] == -0.5);
    assert_null(layer_of(d.f, 0, SX_LAYER_LINE, "path", 0));
    drawn_end(&d);
}

/* One step from a state with several actions: the first pays [0], the others [1]. */
static void by_hand(drawn *d, const double truth[2], const double proxy[2])
{
    int32_t s = 0;
    *d = (drawn){.x = draw(11)};
    sx_mdp *m = d->x.m;
    while (s + 1 < m->states && m->pair[s + 1] - m->pair[s] < 2)
        s++;
    assert_true(m->pair[s + 1] - m->pair[s] >= 2);
    for (int32_t k = 0; k < m->pairs; k++) {
        d->x.r[0][k] = truth[k > m->pair[s]];
        d->x.r[1][k] = proxy[k > m->pair[s]];
    }
    m->discount = 0;
    memset(m->initial, 0, (size_t)m->states * sizeof *m->initial);
    m->initial[s] = 1;
    figure_of(d, true);
}

static void degenerate_ones_say_so(void **state)
{
    static const double up[2] = {1, 2}, flat[2] = {1, 1}, down[2] = {5, 4};
    static const struct {
        const double *truth, *proxy;
        int32_t vertices;
        const char *words;
    } c[] = {{flat, flat, 1, "a point"},
             {flat, up, 2, "a horizontal segment"},
             {up, flat, 2, "a vertical segment"},
             {up, up, 2, "a rising segment"},
             {up, down, 2, "a falling segment"}};
    (void)state;
    for (size_t i = 0; i < sizeof c / sizeof *c; i++) {
        drawn d;
        by_hand(&d, c[i].truth, c[i].proxy);
        assert_int_equal(outline(&d)->n, c[i].vertices);
        check_part(d.f->description, c[i].words);
        assert_int_equal(d.f->notes.count, 1);
        check_part(d.f->notes.text[0], c[i].words);
        drawn_end(&d);
    }
}

static void worst_case_by_hand(void **state)
{
    static const double truth[2] = {1, 0}, proxy[2] = {0, 1};
    (void)state;
    drawn d;
    by_hand(&d, truth, proxy);
    const sx_layer *l = need_layer(d.f, 0, SX_LAYER_ARROWS, "worst-case", 0);
    CHECK_NEAR(l->y[0] - l->high[0], 1, 1e-9); /* of the ends of the falling segment */
    CHECK_NEAR(l->x[0], 0, 1e-9);
    CHECK_NEAR(l->low[0], 1, 1e-9);
    check_part(d.f->panel[0]->chart->note, "worst-case regret 1 of the range");
    check_part(d.f->panel[0]->chart->note, "\nhackable");
    drawn_end(&d);
}

static void without_regret(void **state)
{
    (void)state;
    fixture x = draw(4);
    sx_error err = SX_NO_ERROR;
    sx_figure *f = NULL;
    solve(&x, 0);
    const sx_polygon_view v = {"", "t", "p", x.f, NULL, NULL, true, 0, NULL};
    CHECK_OK(sx_figure_polygon(&v, &f, &err));
    assert_null(layer_of(f, 0, SX_LAYER_ARROWS, "worst-case", 0));
    assert_null(layer_of(f, 0, SX_LAYER_LINE, "path", 0));
    assert_string_equal(f->panel[0]->chart->note, "");
    sx_figure_free(f);
    fixture_end(&x);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(random_worlds),          cmocka_unit_test(names_are_no_markup),
        cmocka_unit_test(degenerate_ones_say_so), cmocka_unit_test(worst_case_by_hand),
        cmocka_unit_test(without_regret),
    };
    return cmocka_run_group_tests(tests, NULL, tell_seed);
}
