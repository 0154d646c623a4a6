/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_plot_hard.c - figures of polygons, Goodhart curves, over-optimisation and training hold
 * whatever is put into them: long names, tiny and huge ranges, nothing that varies, one datum,
 * very many. */
#include <stdlib.h>

#include "plots/kind_goodhart.h"
#include "plots/kind_overoptimisation.h"
#include "plots/kind_polygon.h"
#include "plots/kind_training.h"
#include "tests/figure_check.h"

#define GREEK "\xce\xb1\xce\xb2\xce\xb3"
static const char *const long_name =
    "a_long^name{of} <&> \"a\" reward\\ " GREEK " \xf0\x9f\x98\x80 x_{1} a_long^name{of} <&> "
    "\"a\" reward\\ " GREEK " \xf0\x9f\x98\x80 x_{1} and so on";

static const double scale[] = {1, 1e-300, 1e300, 1e-9, 1e9};
enum { SCALES = sizeof scale / sizeof *scale };

/* ---- polygons, made up ---- */

enum { MOST = 20000, STEPS = 43 };

typedef struct made {
    sx_frontier f;
    double (*vertex)[2];
    sx_soft_point point[STEPS];
    sx_regret g;
    sx_witness w;
} made;

/* n corners on an ellipse about (x, y): counter-clockwise, the leftmost first. */
static made *made_new(int32_t n, double x, double y, double rx, double ry)
{
    const double pi = 3.14159265358979323846;
    made *m = calloc(1, sizeof *m);
    m->vertex = calloc((size_t)n, sizeof *m->vertex);
    for (int32_t i = 0; i < n; i++) {
        m->vertex[i][0] = x - rx * cos(2 * pi * i / n);
        m->vertex[i][1] = y - ry * (n == 2 ? cos(pi * i) : sin(2 * pi * i / n));
    }
    for (int32_t i = 0; i < STEPS; i++) {
        m->point[i].temperature = i == 0           ? INFINITY
                                  : i == STEPS - 1 ? 0
                                                   : rx * pow(10, -0.2 * i);
        m->point[i].proxy = x + rx * i / (STEPS - 1);
        m->point[i].truth = y + 0.5 * ry * sin(4.0 * i / (STEPS - 1));
    }
    m->f = (sx_frontier){.trivial_true = ry == 0,
                         .trivial_proxy = rx == 0,
                         .vertices = n,
                         .vertex = m->vertex,
                         .points = STEPS,
                         .point = m->point,
                         .drop_height = {ry == 0 ? 0 : 0.4, ry == 0 ? "no range" : NULL}};
    m->f.all.verdict = SX_HACKABLE;
    m->f.deterministic.verdict = SX_UNDECIDED;
    m->g.worst_case = ry == 0 ? 0 : 1;
    m->w.high = (sx_returns){.truth = y + ry, .proxy = x};
    m->w.low = (sx_returns){.truth = y - ry, .proxy = x};
    return m;
}

static void made_free(made *m)
{
    free(m->vertex);
    free(m);
}

static void check_polygon(made *m, const char *name)
{
    sx_error err = SX_NO_ERROR;
    sx_figure *f = NULL;
    const sx_polygon_mark mark[] = {
        {"uniform", m->point[0].proxy, m->point[0].truth},
        {name, m->vertex[0][0], m->vertex[0][1]},
        {"same place", m->vertex[0][0], m->vertex[0][1]},
    };
    const sx_polygon_view v = {name, name, name, &m->f, &m->g, &m->w, true, 3, mark};
    CHECK_OK(sx_figure_polygon(&v, &f, &err));
    figure_check_styles(f);
    sx_figure_free(f);
}

static void check_goodhart(made *m, const char *name, bool pressure)
{
    sx_error err = SX_NO_ERROR;
    sx_figure *f = NULL;
    const char *const proxy[] = {name, "b", name, name};
    const sx_frontier *const frontier[] = {&m->f, &m->f, &m->f, &m->f};
    for (int32_t n = 1; n <= 4; n += 3) {
        const sx_goodhart_view v = {name, name, n, proxy, frontier, pressure};
        CHECK_OK(sx_figure_goodhart(&v, &f, &err));
        figure_check_styles(f);
        sx_figure_free(f);
    }
}

static void polygons(void **state)
{
    static const int32_t corners[] = {1, 2, 3, 8, 300};
    (void)state;
    for (int k = 0; k < SCALES; k++)
        for (size_t i = 0; i < sizeof corners / sizeof *corners; i++) {
            if (k && i % 3 != (size_t)k % 3)
                continue; /* each size and each scale, not all pairs */
            double r = corners[i] == 1 ? 0 : scale[k];
            made *m = made_new(corners[i], 3 * scale[k], -scale[k], r, r);
            check_polygon(m, k ? "p" : long_name);
            if (i % 2)
                check_goodhart(m, k ? "p" : long_name, k % 2);
            made_free(m);
        }
}

static void polygons_of_trivial_rewards(void **state)
{
    (void)state;
    for (int k = 0; k < 2; k++) {
        made *m = made_new(2, 0, 0, k ? 1 : 0, k ? 0 : 1);
        m->vertex[0][0] = k ? -1 : 0;
        m->vertex[0][1] = k ? 0 : -1;
        m->vertex[1][0] = k ? 1 : 0;
        m->vertex[1][1] = k ? 0 : 1;
        check_polygon(m, "r");
        check_goodhart(m, "r", false);
        made_free(m);
    }
}

static void polygons_far_from_zero(void **state)
{
    (void)state;
    made *m = made_new(8, 1e6, 1e9, 1e-3, 1);
    check_polygon(m, "far");
    made_free(m);
    m = made_new(MOST, 0, 0, 1, 1e-12);
    check_polygon(m, "many corners");
    made_free(m);
}

/* ---- curves ---- */

typedef struct rows {
    double *x, *y, *low, *high;
    int32_t *series, *run;
} rows;

static rows rows_new(int64_t n)
{
    size_t size = (size_t)n + 1;
    return (rows){calloc(size, sizeof(double)),  calloc(size, sizeof(double)),
                  calloc(size, sizeof(double)),  calloc(size, sizeof(double)),
                  calloc(size, sizeof(int32_t)), calloc(size, sizeof(int32_t))};
}

static void rows_free(rows r)
{
    free(r.x);
    free(r.y);
    free(r.low);
    free(r.high);
    free(r.series);
    free(r.run);
}

static const char **names_of(int32_t n)
{
    const char **name = calloc((size_t)n, sizeof *name);
    for (int32_t i = 0; i < n; i++) {
        char *text = calloc(1, 400);
        snprintf(text, 400, i % 3 ? "%d %s" : "reward %d", i, long_name);
        name[i] = text;
    }
    return name;
}

static void names_free(const char **name, int32_t n)
{
    for (int32_t i = 0; i < n; i++)
        free((char *)(uintptr_t)name[i]);
    free((void *)name);
}

/* series x steps rows: fall, one value or 0; with an interval, of which some are missing. */
static rows fill(int32_t series, int32_t steps, double unit, int what)
{
    rows r = rows_new((int64_t)series * steps);
    for (int32_t i = 0; i < series * steps; i++) {
        int32_t s = i / steps, k = i % steps;
        double y = what == 0 ? exp(-k / (5.0 + s)) : what == 1 ? 1 : 0;
        r.x[i] = k * (unit > 1e3 ? 1e2 : 1);
        r.y[i] = k % 7 == 5 ? (double)NAN : y * unit;
        r.low[i] = k % 5 ? 0.5 * y * unit : (double)NAN;
        r.high[i] = 1.5 * y * unit;
        r.series[i] = s;
    }
    return r;
}

static void check_training(int32_t series, int32_t steps, double unit, int what, bool regret)
{
    sx_error err = SX_NO_ERROR;
    sx_figure *f = NULL;
    rows r = fill(series, steps, unit, what);
    const char **name = names_of(series);
    const sx_training_view v = {.title = long_name,
                                .x_title = "step",
                                .rows = (int64_t)series * steps,
                                .x = r.x,
                                .distance = {"distance", r.y, r.low, r.high},
                                .regret = {"regret", regret ? r.y : NULL, NULL, NULL},
                                .series = r.series,
                                .count = series,
                                .name = name};
    CHECK_OK(sx_figure_training(&v, &f, &err));
    figure_check_styles(f);
    sx_figure_free(f);
    names_free(name, series);
    rows_free(r);
}

static void training(void **state)
{
    static const int32_t series[] = {1, 2, 5, 24, 40};
    (void)state;
    for (int k = 0; k < SCALES; k++)
        for (int i = k ? k - 1 : 0; i < 5; i += k ? 4 : 1)
            check_training(series[i], 12, scale[k], (i + k) % 3, i % 2);
    check_training(1, 1, 1, 0, false);
    check_training(3, 1, 1, 0, true);
    check_training(2, 2, 1, 0, true);
}

static void check_over(int32_t models, int32_t steps, double unit, int axis)
{
    sx_error err = SX_NO_ERROR;
    sx_figure *f = NULL;
    rows r = fill(models, steps, unit, 0);
    const char **name = names_of(models);
    for (int32_t i = 0; i < models * steps; i++)
        r.x[i] = pow(2, i % steps);
    const sx_overoptimisation_view v = {.title = long_name,
                                        .rows = (int64_t)models * steps,
                                        .x = r.x,
                                        .proxy = r.high,
                                        .truth = r.y,
                                        .truth_low = r.low,
                                        .truth_high = r.high,
                                        .model = r.series,
                                        .models = models,
                                        .name = name,
                                        .axis = (sx_pressure)axis};
    CHECK_OK(sx_figure_overoptimisation(&v, &f, &err));
    figure_check_styles(f);
    sx_figure_free(f);
    names_free(name, models);
    rows_free(r);
}

static void overoptimisation(void **state)
{
    (void)state;
    for (int k = 0; k < SCALES; k++)
        for (int axis = 0; axis < 3; axis += k ? 2 : 1)
            check_over(1 + 4 * (axis == k % 3), k ? 9 : 40, scale[k], axis);
    check_over(9, 6, 1, 0);
    check_over(1, 1, 1, 0);
    check_over(2, 1, 1, 1);
}

/* A figure of very many rows is drawn, and soon. */
static void many_rows(void **state)
{
    enum { MANY = 200000 };
    sx_error err = SX_NO_ERROR;
    sx_figure *f = NULL;
    unsigned char *bytes = NULL;
    size_t size;
    sx_plot_style s = sx_plot_style_defaults();
    rows r = rows_new(MANY);
    (void)state;
    for (int32_t i = 0; i < MANY; i++) {
        r.x[i] = floor(0.5 * i);
        r.run[i] = i % 2;
        r.y[i] = exp(-i / 5e4) + 0.1 * ((i * 7919) % 1000) / 1000.0;
    }
    const sx_training_view v = {.title = "",
                                .x_title = "step",
                                .rows = MANY,
                                .x = r.x,
                                .distance = {"distance", r.y, NULL, NULL},
                                .regret = {"regret", NULL, NULL, NULL},
                                .run = r.run,
                                .count = 1};
    CHECK_OK(sx_figure_training(&v, &f, &err));
    CHECK_OK(sx_figure_draw(f, &s, "svg", &bytes, &size, NULL, &err));
    assert_true(figure_check(f, &s));
    sx_release(bytes);
    sx_figure_free(f);
    rows_free(r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(polygons),
        cmocka_unit_test(polygons_of_trivial_rewards),
        cmocka_unit_test(polygons_far_from_zero),
        cmocka_unit_test(training),
        cmocka_unit_test(overoptimisation),
        cmocka_unit_test(many_rows),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
