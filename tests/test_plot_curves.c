/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_plot_curves.c - figures of over-optimisation and of training: means, intervals known by
 * hand, the peak, what is left out; the example's numbers from their definition. */
#include <stdlib.h>

#include "mdp/file.h"
#include "plots/kind_overoptimisation.h"
#include "plots/kind_training.h"
#include "tests/figure_find.h"

/* ---- training ---- */

typedef struct table {
    double x[16], y[16], lo[16], hi[16], regret[16];
    int32_t series[16], run[16];
} table;

static const char *const two_names[] = {"a_b", "second"};
static const char *const run_names[] = {"0", "1", "2", "3", "4", "5", "6", "7", "8", "9"};

static sx_training_view view_of(const table *t, int64_t rows, int32_t count)
{
    return (sx_training_view){.title = "T",
                              .x_title = "step",
                              .rows = rows,
                              .x = t->x,
                              .distance = {"distance", t->y, NULL, NULL},
                              .regret = {"regret", NULL, NULL, NULL},
                              .series = t->series,
                              .run = t->run,
                              .count = count,
                              .name = two_names,
                              .run_name = run_names};
}

/* The first line of a panel that is not a pale one. */
static const sx_layer *mean_of(const sx_figure *f, int32_t panel)
{
    int i = 0;
    while (need_layer(f, panel, SX_LAYER_LINE, "series", i)->light)
        i++;
    return need_layer(f, panel, SX_LAYER_LINE, "series", i);
}

/* Three runs of one series, four of another in one step, rows in disorder. */
static const table runs = {
    .x = {10, 0, 0, 10, 10, 0, 5, 5},
    .y = {4, 1, 2, 6, 8, 6, 0.25, 0.75},
    .series = {0, 0, 0, 0, 0, 0, 1, 1},
    .run = {7, 7, 3, 3, 9, 9, 0, 1},
};

static void means_and_intervals_of_runs(void **state)
{
    sx_error err = SX_NO_ERROR;
    sx_figure *f = NULL;
    (void)state;
    sx_training_view v = view_of(&runs, 8, 2);
    CHECK_OK(sx_figure_training(&v, &f, &err));
    assert_int_equal(f->panels, 1);
    const sx_chart *c = f->panel[0]->chart;
    const sx_layer *band = need_layer(f, 0, SX_LAYER_BAND, "series", 0);
    assert_int_equal(band->n, 2);
    /* of three, a draw is the least thrice with probability 1/27 > 2.5 % */
    static const double low[] = {1, 4}, high[] = {6, 8}, mean[] = {3, 6};
    const sx_layer *line = mean_of(f, 0);
    assert_int_equal(line->n, 2);
    for (int i = 0; i < 2; i++) {
        assert_true(band->x[i] == 10.0 * i && line->x[i] == 10.0 * i);
        CHECK_NEAR(band->low[i], low[i], 1e-12);
        CHECK_NEAR(band->high[i], high[i], 1e-12);
        CHECK_NEAR(line->y[i], mean[i], 1e-12);
    }
    for (int i = 0; i < 3; i++) { /* pale ones, in the order of their runs */
        static const double y[3][2] = {{2, 6}, {1, 4}, {6, 8}};
        const sx_layer *run = need_layer(f, 0, SX_LAYER_LINE, "series", i);
        assert_true(run->light && run->unnamed && run->n == 2);
        assert_true(run->y[0] == y[i][0] && run->y[1] == y[i][1]);
        assert_string_equal(run->name, i == 0 ? "a_b, 3" : i == 1 ? "a_b, 7" : "a_b, 9");
    }
    assert_true(!line->light && !line->unnamed);
    assert_string_equal(line->name, "a_b");
    /* a single step is a point with whiskers */
    const sx_layer *point = need_layer(f, 0, SX_LAYER_POINTS, "series", 0);
    assert_true(point->n == 1 && point->x[0] == 5 && point->y[0] == 0.5);
    assert_true(point->low[0] == 0.25 && point->high[0] == 0.75);
    assert_string_equal(c->note, "mean of 2 to 3 runs and its 95 % interval");
    check_part(f->description, "a_b: from 3 at 0 to 6 at 10");
    sx_figure_free(f);
}

static void intervals_of_the_table(void **state)
{
    static const table t = {
        .x = {3, 1, 2}, .y = {3, 1, 2}, .lo = {2.5, 0.5, NAN}, .hi = {3.5, 1.5, 2.5}};
    sx_error err = SX_NO_ERROR;
    sx_figure *f = NULL;
    (void)state;
    sx_training_view v = view_of(&t, 3, 1);
    v.distance.low = t.lo;
    v.distance.high = t.hi;
    v.series = v.run = NULL;
    v.name = NULL;
    CHECK_OK(sx_figure_training(&v, &f, &err));
    const sx_layer *band = need_layer(f, 0, SX_LAYER_BAND, "series", 0);
    assert_true(band->n == 3 && band->low[0] == 0.5 && band->high[0] == 1.5);
    assert_true(isnan(band->low[1]) && isnan(band->high[1])); /* half an interval is none */
    assert_true(band->low[2] == 2.5 && band->high[2] == 3.5);
    assert_non_null(strstr(f->panel[0]->chart->note, "the interval that the table gives"));
    sx_figure_free(f);
}

static void regret_is_a_second_panel(void **state)
{
    table t = runs;
    sx_error err = SX_NO_ERROR;
    sx_figure *f = NULL;
    (void)state;
    for (int i = 0; i < 8; i++)
        t.regret[i] = i == 0 ? (double)NAN : t.y[i] / 10;
    sx_training_view v = view_of(&t, 8, 2);
    v.regret.value = t.regret;
    CHECK_OK(sx_figure_training(&v, &f, &err));
    assert_true(f->panels == 2 && f->share_x && f->columns == 1);
    const sx_layer *line = mean_of(f, 1);
    CHECK_NEAR(line->y[0], 0.3, 1e-12);
    CHECK_NEAR(line->y[1], 0.7, 1e-12); /* of the two that are there */
    assert_true(line->unnamed);         /* named above */
    sx_figure_free(f);
}

static void what_has_no_number_is_left_out(void **state)
{
    table t = runs;
    sx_error err = SX_NO_ERROR;
    sx_figure *f = NULL;
    (void)state;
    t.y[0] = (double)NAN;
    t.x[6] = INFINITY;
    sx_training_view v = view_of(&t, 8, 2);
    CHECK_OK(sx_figure_training(&v, &f, &err));
    check_part(f->notes.text[0], "2 rows");
    CHECK_NEAR(mean_of(f, 0)->y[1], 7, 1e-12);
    const sx_layer *run = need_layer(f, 0, SX_LAYER_POINTS, "series", 0);
    assert_true(run->light && run->n == 1 && run->x[0] == 0 && run->y[0] == 1);
    const sx_layer *point = need_layer(f, 0, SX_LAYER_POINTS, "series", 1);
    assert_true(point->n == 1 && point->x[0] == 5 && point->y[0] == 0.75);
    sx_figure_free(f);
    for (int i = 0; i < 8; i++)
        t.y[i] = (double)NAN;
    assert_int_equal(sx_figure_training(&v, &f, &err), SX_EINPUT);
    assert_null(f);
    check_part(err.msg, "nothing to draw");
}

static void rows_for_one_place(void **state)
{
    table t = runs;
    sx_error err = SX_NO_ERROR;
    sx_figure *f = NULL;
    (void)state;
    t.run[4] = 3;
    sx_training_view v = view_of(&t, 8, 2);
    assert_int_equal(sx_figure_training(&v, &f, &err), SX_EINPUT);
    check_part(err.msg, "two rows are for the same place, 10");
}

static void many_steps_have_a_thin_band(void **state)
{
    enum { STEPS = 3000, ROWS = 2 * STEPS };
    sx_error err = SX_NO_ERROR;
    sx_figure *f = NULL;
    (void)state;
    double *x = calloc(ROWS, sizeof *x), *y = calloc(ROWS, sizeof *y);
    int32_t *run = calloc(ROWS, sizeof *run);
    for (int32_t i = 0; i < ROWS; i++) {
        x[i] = floor(0.5 * i);
        run[i] = i % 2;
        y[i] = i % 2 ? 3 : 1;
    }
    const sx_training_view v = {.title = "",
                                .x_title = "",
                                .rows = ROWS,
                                .x = x,
                                .distance = {"d", y, NULL, NULL},
                                .regret = {"r", NULL, NULL, NULL},
                                .run = run,
                                .count = 1};
    CHECK_OK(sx_figure_training(&v, &f, &err));
    const sx_layer *band = need_layer(f, 0, SX_LAYER_BAND, "series", 0);
    assert_true(band->n <= 401 && band->n >= 399);
    assert_true(band->x[0] == 0 && band->x[band->n - 1] == STEPS - 1);
    for (int64_t i = 0; i < band->n; i++)
        assert_true(band->low[i] == 1 && band->high[i] == 3);
    assert_int_equal(mean_of(f, 0)->n, STEPS);
    sx_figure_free(f);
    free(x);
    free(y);
    free(run);
}

/* ---- over-optimisation ---- */

static void kl_of_best_of_n(void **state)
{
    (void)state;
    assert_true(sx_best_of_n_kl(1) == 0);
    for (int n = 2; n <= 64; n *= 2) { /* against the sum over very many responses */
        enum { MANY = 30000 };
        double kl = 0;
        for (int k = 1; k <= MANY; k++) {
            double p = pow((double)k / MANY, n) - pow((double)(k - 1) / MANY, n);
            kl += p > 0 ? p * log(MANY * p) : 0;
        }
        CHECK_NEAR(sx_best_of_n_kl(n), kl, 1e-3);
    }
}

static const double n_of[] = {1, 4, 2, 8}, proxy_of[] = {0, 2, 1, 3}, true_of[] = {0, 5, 4, 2};

static sx_overoptimisation_view over_view(sx_pressure axis)
{
    return (sx_overoptimisation_view){.title = "T",
                                      .rows = 4,
                                      .x = n_of,
                                      .proxy = proxy_of,
                                      .truth = true_of,
                                      .models = 1,
                                      .axis = axis};
}

static void the_peak_is_marked(void **state)
{
    sx_error err = SX_NO_ERROR;
    sx_figure *f = NULL;
    (void)state;
    for (int axis = 0; axis < 3; axis++) {
        sx_overoptimisation_view v = over_view((sx_pressure)axis);
        CHECK_OK(sx_figure_overoptimisation(&v, &f, &err));
        double kl = log(4) - 0.75, want[] = {4, kl, sqrt(kl)};
        const sx_layer *ring = need_layer(f, 0, SX_LAYER_POINTS, "peak", 0);
        CHECK_NEAR(ring->x[0], want[axis], 1e-12);
        assert_true(ring->y[0] == 5);
        CHECK_NEAR(need_layer(f, 0, SX_LAYER_RULES, "peak", 0)->x[0], want[axis], 1e-12);
        const sx_layer *proxy = need_layer(f, 0, SX_LAYER_LINE, "proxy", 0);
        const sx_layer *truth = need_layer(f, 0, SX_LAYER_LINE, "true", 0);
        for (int i = 0; i < 4; i++)
            assert_true(proxy->y[i] == i && (i == 0 || truth->x[i] > truth->x[i - 1]));
        assert_true(truth->y[1] == 4 && truth->y[3] == 2);
        assert_int_equal(f->panel[0]->chart->x.scale, axis ? SX_SCALE_LINEAR : SX_SCALE_LOG);
        assert_int_equal(f->notes.count, axis ? 1 : 0); /* KL was made of n */
        sx_figure_free(f);
    }
}

static void a_peak_at_the_end_is_none(void **state)
{
    sx_error err = SX_NO_ERROR;
    sx_figure *f = NULL;
    (void)state;
    sx_overoptimisation_view v = over_view(SX_PRESSURE_N);
    v.truth = proxy_of;
    CHECK_OK(sx_figure_overoptimisation(&v, &f, &err));
    assert_null(layer_of(f, 0, SX_LAYER_POINTS, "peak", 0));
    check_part(f->description, "greatest at the end, n = 8");
    sx_figure_free(f);
}

static void of_equal_peaks_the_first(void **state)
{
    static const double flat[] = {0, 5, 5, 2};
    sx_error err = SX_NO_ERROR;
    sx_figure *f = NULL;
    (void)state;
    sx_overoptimisation_view v = over_view(SX_PRESSURE_N);
    v.truth = flat;
    CHECK_OK(sx_figure_overoptimisation(&v, &f, &err));
    assert_true(need_layer(f, 0, SX_LAYER_POINTS, "peak", 0)->x[0] == 2);
    sx_figure_free(f);
}

static void models_have_panels(void **state)
{
    static const int32_t model[] = {0, 1, 1, 0};
    sx_error err = SX_NO_ERROR;
    sx_figure *f = NULL;
    (void)state;
    sx_overoptimisation_view v = over_view(SX_PRESSURE_N);
    v.model = model;
    v.models = 2;
    v.name = two_names;
    CHECK_OK(sx_figure_overoptimisation(&v, &f, &err));
    assert_true(f->panels == 2 && f->share_x && f->share_y);
    assert_string_equal(f->panel[0]->title, "a\\_b");
    assert_true(need_layer(f, 1, SX_LAYER_LINE, "true", 0)->y[1] == 5);
    sx_figure_free(f);
    v.models = 10;
    assert_int_equal(sx_figure_overoptimisation(&v, &f, &err), SX_EINPUT);
}

static void refusals(void **state)
{
    static const double bad[] = {1, 4, 0.5, 8}, none[] = {NAN, NAN, NAN, NAN};
    sx_error err = SX_NO_ERROR;
    sx_figure *f = NULL;
    (void)state;
    sx_overoptimisation_view v = over_view(SX_PRESSURE_N);
    v.x = bad;
    assert_int_equal(sx_figure_overoptimisation(&v, &f, &err), SX_EINPUT);
    check_part(err.msg, "n is 0.5: it begins at 1");
    v.kl = true;
    v.axis = SX_PRESSURE_SQRT_KL;
    CHECK_OK(sx_figure_overoptimisation(&v, &f, &err));
    CHECK_NEAR(need_layer(f, 0, SX_LAYER_LINE, "true", 0)->x[0], sqrt(0.5), 1e-15);
    sx_figure_free(f);
    v.truth = none;
    assert_int_equal(sx_figure_overoptimisation(&v, &f, &err), SX_EINPUT);
}

/* ---- the example ---- */

enum { RESPONSES = 2000 };

typedef struct response {
    double truth, score;
} response;

static int by_score(const void *a, const void *b)
{
    double x = ((const response *)a)->score, y = ((const response *)b)->score;
    return (x > y) - (x < y);
}

/* As the comment of the file says. */
static void responses_of(double seed, response *r)
{
    for (int i = 0; i < RESPONSES; i++) {
        double u = (i + 0.5) / RESPONSES, x = (i + 1.0) * (i + 1.0) * sqrt(seed);
        double v = x - floor(x);
        r[i].truth = log(u / (1 - u)) / 2;
        r[i].score = r[i].truth + 0.3 * (2 * v - 1) / sqrt(2 * v * (1 - v));
    }
    qsort(r, RESPONSES, sizeof *r, by_score);
}

/* KL, score and truth of the best of n. */
static void best_of(const response *r, double n, double out[3])
{
    out[0] = out[1] = out[2] = 0;
    for (int k = 1; k <= RESPONSES; k++) {
        double p = pow((double)k / RESPONSES, n) - pow((k - 1.0) / RESPONSES, n);
        out[0] += p > 0 ? p * log(RESPONSES * p) : 0;
        out[1] += p * r[k - 1].score;
        out[2] += p * r[k - 1].truth;
    }
}

static void the_example_is_what_it_says(void **state)
{
    static response r[RESPONSES];
    unsigned char *bytes = NULL;
    size_t size;
    sx_error err = SX_NO_ERROR;
    double seed, n, got[3], want[3], last = 0;
    int rows = 0;
    (void)state;
    CHECK_OK(sx_file_read("examples/data/overoptimisation.csv", 1 << 20, &bytes, &size, &err));
    const char *p = strstr((char *)bytes, "seed,n,kl,proxy,true\n");
    assert_non_null(p);
    p = strchr(p, '\n') + 1;
    for (int used;
         sscanf(p, "%lf,%lf,%lf,%lf,%lf\n%n", &seed, &n, &got[0], &got[1], &got[2], &used) == 5;
         p += used, rows++) {
        if (seed != last)
            responses_of(seed, r);
        last = seed;
        best_of(r, n, want);
        for (int k = 0; k < 3; k++)
            CHECK_NEAR(got[k], want[k], 2e-6);
        assert_true(want[0] <= sx_best_of_n_kl(n) + 1e-12);
    }
    assert_int_equal(*p, '\0');
    assert_int_equal(rows, 55);
    sx_release(bytes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(means_and_intervals_of_runs),
        cmocka_unit_test(intervals_of_the_table),
        cmocka_unit_test(regret_is_a_second_panel),
        cmocka_unit_test(what_has_no_number_is_left_out),
        cmocka_unit_test(rows_for_one_place),
        cmocka_unit_test(many_steps_have_a_thin_band),
        cmocka_unit_test(kl_of_best_of_n),
        cmocka_unit_test(the_peak_is_marked),
        cmocka_unit_test(a_peak_at_the_end_is_none),
        cmocka_unit_test(of_equal_peaks_the_first),
        cmocka_unit_test(models_have_panels),
        cmocka_unit_test(refusals),
        cmocka_unit_test(the_example_is_what_it_says),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
