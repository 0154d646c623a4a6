/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_plot_consistency.c - every number of an edit and a reward is where the figure says it
 * is: neutral edits by invariance error, causal ones by distance and regret, sizes in order;
 * contrast sets by model and set. */
#include "plots/kind_consistency.h"
#include "tests/check.h"

#include <stdlib.h>

static const double none = (double)NAN;

static sx_edit_result result(const char *edit, double step, sx_edit_sort sort,
                             const char *reward, double a, double b, double c)
{
    return (sx_edit_result){
        edit, reward, step, sort, {{a, NAN, NAN}, {b, NAN, NAN}, {c, NAN, NAN}}};
}

static sx_figure *figure_of(const sx_edit_result *row, int64_t rows, double threshold)
{
    sx_error err = SX_NO_ERROR;
    sx_figure *f = NULL;
    CHECK_OK(sx_figure_consistency("edits", row, rows, threshold, &f, &err));
    return f;
}

static sx_status status_of(const sx_edit_result *row, int64_t rows, const char *says)
{
    sx_error err = SX_NO_ERROR;
    sx_figure *f = NULL;
    sx_status st = sx_figure_consistency("edits", row, rows, none, &f, &err);
    assert_null(f);
    if (!strstr(err.msg, says)) {
        print_error("'%s' does not say '%s'\n", err.msg, says);
        fail();
    }
    return st;
}

static const sx_panel *panel_of(const sx_figure *f, const char *title)
{
    for (int32_t i = 0; i < f->panels; i++)
        if (strcmp(f->panel[i]->title, title) == 0)
            return f->panel[i];
    print_error("no panel '%s'\n", title);
    fail();
    return NULL;
}

static const sx_layer *layer_of(const sx_chart *c, sx_layer_kind kind, const char *name)
{
    for (int32_t i = 0; i < c->layers; i++)
        if (c->layer[i]->kind == kind && strcmp(c->layer[i]->name, name) == 0)
            return c->layer[i];
    return NULL;
}

static bool same(double a, double b)
{
    return (isnan(a) && isnan(b)) || (a <= b && a >= b);
}

static void bars_by_kind(void **state)
{
    (void)state;
    const sx_edit_result row[] = {
        result("recolour", none, SX_EDIT_IS_NEUTRAL, "good", 0, 0.1, 0.2),
        result("recolour", none, SX_EDIT_IS_NEUTRAL, "bad", 0.75, 0.3, 0.4),
        result("move goal", none, SX_EDIT_IS_CAUSAL, "good", 1.5, 0.25, 0),
        result("move goal", none, SX_EDIT_IS_CAUSAL, "bad", 1.25, 1.75, 0.5),
        result("swap", none, SX_EDIT_IS_NEUTRAL, "bad", 0.125, none, none),
    };
    sx_figure *f = figure_of(row, 5, 0.3);
    assert_int_equal(f->panels, 3);
    assert_true(f->share_y && f->letters);
    const sx_chart *a = panel_of(f, "Invariance error, neutral edits")->chart;
    const sx_chart *b = panel_of(f, "Distance to true, causal edits")->chart;
    const sx_chart *c = panel_of(f, "Regret, causal edits")->chart;
    assert_int_equal(a->x.categories, 2);
    assert_string_equal(a->x.category[0], "recolour");
    assert_string_equal(a->x.category[1], "swap");
    assert_int_equal(b->x.categories, 1);
    const sx_layer *l = layer_of(a, SX_LAYER_BARS, "bad");
    CHECK_NEAR(l->y[0], 0.75, 0);
    CHECK_NEAR(l->y[1], 0.125, 0);
    CHECK_NEAR(l->x[1], 1, 0);
    assert_null(l->low);
    l = layer_of(a, SX_LAYER_BARS, "good");
    CHECK_NEAR(l->y[0], 0, 0);
    assert_true(isnan(l->y[1])); /* there is no row */
    CHECK_NEAR(layer_of(b, SX_LAYER_BARS, "bad")->y[0], 1.75, 0);
    CHECK_NEAR(layer_of(c, SX_LAYER_BARS, "bad")->y[0], 0.5, 0);
    /* one colour a reward, named once */
    assert_true(layer_of(a, SX_LAYER_BARS, "bad")->colour ==
                layer_of(c, SX_LAYER_BARS, "bad")->colour);
    assert_true(layer_of(a, SX_LAYER_BARS, "good")->colour != l->colour + 1);
    assert_false(layer_of(a, SX_LAYER_BARS, "bad")->unnamed);
    assert_true(layer_of(b, SX_LAYER_BARS, "bad")->unnamed);
    /* the threshold is about invariance errors and regrets */
    assert_non_null(layer_of(a, SX_LAYER_RULES, "threshold 0.3"));
    assert_null(layer_of(b, SX_LAYER_RULES, "threshold 0.3"));
    l = layer_of(c, SX_LAYER_RULES, "threshold 0.3");
    CHECK_NEAR(l->y[0], 0.3, 0);
    assert_string_equal(a->y.title, "distance or regret");
    assert_non_null(strstr(f->description, "invariance error: 0.75, of bad under recolour"));
    assert_non_null(strstr(f->description, "regret: 0.5, of bad under move goal"));
    assert_int_equal(f->notes.count, 1);
    assert_non_null(strstr(f->notes.text[0], "1 of 8 numbers"));
    sx_figure_free(f);
}

static void sizes_in_order(void **state)
{
    (void)state;
    sx_edit_result row[] = {
        result("stretch_it", 10, SX_EDIT_IS_NEUTRAL, "r", 0.5, 1, 1),
        result("stretch_it", 1, SX_EDIT_IS_NEUTRAL, "r", 0.125, 1, 1),
        result("stretch_it", 2, SX_EDIT_IS_NEUTRAL, "r", 7, 1, 1),
        result("stretch_it", 2, SX_EDIT_IS_NEUTRAL, "r", 0.25, 1, 1), /* the last one counts */
        result("stretch_it", 2, SX_EDIT_IS_NEUTRAL, "q", none, 1, 1),
        result("one", 3, SX_EDIT_IS_NEUTRAL, "r", 0.0625, 1, 1),
    };
    row[0].number[0].low = 0.25;
    row[0].number[0].high = 0.75;
    sx_figure *f = figure_of(row, 6, none);
    assert_int_equal(f->panels, 2);
    const sx_chart *c = panel_of(f, "Invariance error, stretch\\_it")->chart;
    const sx_layer *l = layer_of(c, SX_LAYER_LINE, "r");
    assert_int_equal(l->n, 3);
    const double x[] = {1, 2, 10}, y[] = {0.125, 0.25, 0.5};
    const sx_layer *band = layer_of(c, SX_LAYER_BAND, "r");
    for (int i = 0; i < 3; i++) {
        CHECK_NEAR(l->x[i], x[i], 0);
        CHECK_NEAR(l->y[i], y[i], 0);
        CHECK_NEAR(band->low[i], i == 2 ? 0.25 : y[i], 0);
        CHECK_NEAR(band->high[i], i == 2 ? 0.75 : y[i], 0);
    }
    assert_null(layer_of(c, SX_LAYER_POINTS, "r")->low); /* the band says it */
    assert_null(layer_of(c, SX_LAYER_BAND, "q"));
    assert_int_equal(c->x.scale, SX_SCALE_LINEAR);
    /* one size is no curve */
    c = panel_of(f, "Invariance error, neutral edits")->chart;
    assert_string_equal(c->x.category[0], "one@3");
    sx_figure_free(f);
    row[0].step = 100; /* over more than a factor of 50 */
    f = figure_of(row, 6, none);
    assert_int_equal(panel_of(f, "Invariance error, stretch\\_it")->chart->x.scale,
                     SX_SCALE_LOG);
    sx_figure_free(f);
}

/* --- random rows against a plain look-up --- */

static uint64_t seed_of(uint64_t *x)
{
    *x ^= *x << 13;
    *x ^= *x >> 7;
    *x ^= *x << 17;
    return *x;
}

static double shown(const sx_figure *f, const char *title, const char *edit, double step,
                    const char *reward)
{
    for (int32_t i = 0; i < f->panels; i++) {
        const sx_panel *p = f->panel[i];
        const sx_layer *l;
        if (strncmp(p->title, title, strlen(title)) != 0)
            continue;
        if (p->chart && isnan(step) && p->chart->x.categories) {
            l = layer_of(p->chart, SX_LAYER_BARS, reward);
            for (int32_t j = 0; j < p->chart->x.categories; j++)
                if (strcmp(p->chart->x.category[j], edit) == 0)
                    return l->y[j];
        } else if (p->chart && !isnan(step) && strstr(p->title, edit)) {
            l = layer_of(p->chart, SX_LAYER_LINE, reward);
            for (int64_t j = 0; j < l->n; j++)
                if (same(l->x[j], step))
                    return l->y[j];
        }
    }
    return -1;
}

/* The same where there is one matrix. */
static double shown_in_matrix(const sx_heat *m, const char *measure, const char *edit,
                              double step, const char *reward)
{
    char name[64], full[96];
    snprintf(name, sizeof name, isnan(step) ? "%s" : "%s@%g", edit, step);
    snprintf(full, sizeof full, "%s, %s", name, measure);
    for (int32_t i = 0; i < m->rows * m->columns; i++) {
        const char *column = m->column[i % m->columns];
        if (!strcmp(m->row[i / m->columns], reward) &&
            (!strcmp(column, full) || (!strcmp(column, name) && m->figure->panel[0]->bar &&
                                       !strcmp(m->figure->panel[0]->bar, measure))))
            return m->value[i];
    }
    return -1;
}

enum { EDITS = 24, REWARDS = 9, ROWS = 400 };

static void random_table(uint64_t seed, sx_edit_result row[ROWS])
{
    static char name[EDITS + REWARDS][16];
    uint64_t x = seed;
    int32_t edits = 1 + (int32_t)(seed_of(&x) % EDITS),
            rewards = 1 + (int32_t)(seed_of(&x) % REWARDS);
    for (int i = 0; i < EDITS + REWARDS; i++)
        snprintf(name[i], sizeof name[i], "%s%02d", i < EDITS ? "edit" : "reward", i);
    for (int i = 0; i < ROWS; i++) {
        int32_t e = i < edits ? i : (int32_t)(seed_of(&x) % (uint64_t)edits);
        bool steps = e % 5 == 4;
        double size = steps ? (double)(seed_of(&x) % 4) + (i < edits ? 7 : 0) : none;
        row[i] = result(name[e], size, e % 2 ? SX_EDIT_IS_CAUSAL : SX_EDIT_IS_NEUTRAL,
                        name[EDITS + seed_of(&x) % (uint64_t)rewards], 0, 0, 0);
        for (int q = 0; q < 3; q++)
            row[i].number[q].value =
                seed_of(&x) % 8 ? (double)(seed_of(&x) % 1000) / 1000 : none;
    }
}

/* The last row that says something about the same. */
static int last_of(const sx_edit_result row[ROWS], int i)
{
    int last = i;
    for (int j = i; j < ROWS; j++)
        if (row[j].edit == row[i].edit && row[j].reward == row[i].reward &&
            same(row[j].step, row[i].step))
            last = j;
    return last;
}

static void check_random(uint64_t seed)
{
    static const char *const title[] = {"Invariance error", "Distance to true", "Regret"};
    static const char *const word[] = {"invariance error", "distance to true", "regret"};
    sx_edit_result row[ROWS];
    random_table(seed, row);
    sx_figure *f = figure_of(row, ROWS, none);
    bool is_chart = f->panel[f->panels - 1]->chart != NULL; /* of sizes */
    for (int i = 0; i < ROWS; i++) {
        int last = last_of(row, i);
        for (int q = 0; q < 3; q++) {
            bool wanted = (q == 0) == (row[i].sort == SX_EDIT_IS_NEUTRAL);
            double got = f->panel[0]->heat && (!is_chart || isnan(row[i].step))
                             ? shown_in_matrix(f->panel[0]->heat, word[q], row[i].edit,
                                               row[i].step, row[i].reward)
                             : shown(f, title[q], row[i].edit, row[i].step, row[i].reward);
            if (wanted ? !same(got, row[last].number[q].value) &&
                             !(isnan(row[last].number[q].value) && got < 0)
                       : got >= 0) {
                print_error("seed %d: %s of %s, %s, %g: %g\n", (int)seed, title[q], row[i].edit,
                            row[i].reward, row[i].step, got);
                fail();
            }
        }
    }
    sx_figure_free(f);
}

static void random_rows(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 60; seed++)
        check_random(seed);
}

/* --- what is hard --- */

static void many(void **state)
{
    (void)state;
    enum { N = 230 };
    static char name[N][16];
    sx_edit_result row[N];
    for (int i = 0; i < N; i++)
        snprintf(name[i], sizeof name[i], "n%d", i);
    for (int i = 0; i < N; i++)
        row[i] = result("e", none, SX_EDIT_IS_NEUTRAL, name[i], i, none, none);
    sx_figure *f = figure_of(row, 40, none);
    assert_int_equal(f->notes.count, 0);
    sx_figure_free(f);
    row[3].number[0].low = 0;
    row[3].number[0].high = 4;
    f = figure_of(row, 40, 0.5);
    assert_int_equal(f->notes.count, 2); /* neither threshold nor interval is drawn */
    assert_non_null(f->panel[0]->heat);
    assert_int_equal(f->panel[0]->heat->rows, 40);
    CHECK_NEAR(f->panel[0]->heat->value[39], 39, 0);
    sx_figure_free(f);
    assert_int_equal(status_of(row, N, "up to 200 rewards"), SX_ELIMIT);
    for (int i = 0; i < N; i++)
        row[i] = result(name[i], none, SX_EDIT_IS_NEUTRAL, "r", i, none, none);
    f = figure_of(row, 200, none);
    assert_int_equal(f->panel[0]->heat->columns, 200);
    sx_figure_free(f);
    assert_int_equal(status_of(row, N, "up to 200 edits"), SX_ELIMIT);
    for (int i = 0; i < N; i++) {
        row[i] = result(name[i / 2], i % 2, SX_EDIT_IS_NEUTRAL, "r", i, none, none);
    }
    assert_int_equal(status_of(row, N, "up to 24 edits with sizes"), SX_ELIMIT);
    for (int i = 0; i < N; i++)
        row[i] = result("e", i, SX_EDIT_IS_NEUTRAL, name[i < 10 ? i : 0], i, none, none);
    assert_int_equal(status_of(row, N, "up to 200 edits"), SX_ELIMIT);
    for (int i = 0; i < N; i++)
        row[i] = result(name[i % 150], none, SX_EDIT_IS_CAUSAL, "r", i, i, i);
    assert_int_equal(status_of(row, N, "there are 300"), SX_ELIMIT);
}

static void nothing(void **state)
{
    (void)state;
    sx_edit_result row[2] = {result("e", none, SX_EDIT_IS_NEUTRAL, "r", none, 1, 1),
                             result("e", none, SX_EDIT_IS_NEUTRAL, "q", INFINITY, 1, 1)};
    assert_int_equal(status_of(row, 0, "no edit"), SX_EINPUT);
    assert_int_equal(status_of(row, 2, "no edit"), SX_EINPUT);
}

static void other_kinds(void **state)
{
    (void)state;
    sx_edit_result row[2] = {result("e", none, SX_EDIT_IS_OTHER, "r", 0.5, none, none),
                             result("c", none, SX_EDIT_IS_NEUTRAL, "r", 0.25, 0.5, none)};
    sx_figure *f = figure_of(row, 2, none); /* without a truth */
    assert_int_equal(f->panels, 1);
    assert_int_equal(
        panel_of(f, "Invariance error, neutral and other edits")->chart->x.categories, 2);
    assert_string_equal(f->panel[0]->chart->y.title, "invariance error");
    assert_false(f->letters);
    sx_figure_free(f);
    row[0].number[SX_EDIT_REGRET].value = 1;
    row[1].sort = SX_EDIT_IS_CAUSAL;
    f = figure_of(row, 2, none);
    assert_int_equal(f->panels, 2);
    /* an edit without a number keeps its place */
    assert_int_equal(panel_of(f, "Regret, causal and other edits")->chart->x.categories, 2);
    assert_non_null(strstr(f->notes.text[0], "2 of 4 numbers"));
    sx_figure_free(f);
}

static void unknown_truth(void **state)
{
    (void)state;
    sx_edit_result row[3] = {result("e", none, SX_EDIT_IS_CAUSAL, "r", 0.5, none, none),
                             result("c", none, SX_EDIT_IS_NEUTRAL, "r", 0.25, none, none),
                             result("o", none, SX_EDIT_IS_OTHER, "r", 0.125, none, none)};
    sx_figure *f = figure_of(row, 3, none);
    assert_int_equal(f->panels, 1);
    CHECK_NEAR(layer_of(panel_of(f, "Invariance error, neutral, causal and other edits")->chart,
                        SX_LAYER_BARS, "r")
                   ->y[0],
               0.5, 0);
    sx_figure_free(f);
    f = figure_of(row, 2, none);
    panel_of(f, "Invariance error, neutral and causal edits");
    sx_figure_free(f);
    f = figure_of(row + 2, 1, none);
    panel_of(f, "Invariance error");
    sx_figure_free(f);
}

/* --- contrast sets --- */

static void contrast_grid(void **state)
{
    (void)state;
    const sx_contrast_result row[] = {
        {"m_1", "verbs", {0.75, NAN, NAN}, 0.5, NAN},
        {"m_1", "names", {0.25, NAN, NAN}, 1, NAN},
        {"m_2", "names", {1, NAN, NAN}, NAN, NAN},
    };
    sx_error err = SX_NO_ERROR;
    sx_figure *f = NULL;
    CHECK_OK(sx_figure_contrast("grid", row, 3, &f, &err));
    assert_int_equal(f->panels, 2);
    assert_true(f->share_bar);
    const double res[] = {0.75, 0.25, none, 1}, ins[] = {0.5, 1, none, none};
    for (int i = 0; i < 4; i++) {
        assert_true(same(panel_of(f, "Same context")->heat->value[i], res[i]));
        assert_true(same(panel_of(f, "Same response")->heat->value[i], ins[i]));
    }
    assert_string_equal(f->panel[0]->heat->row[1], "m_2");
    assert_string_equal(f->panel[0]->heat->column[1], "names");
    assert_non_null(strstr(f->description, "context: 0.25, of m_1 on names"));
    sx_figure_free(f);
}

static void contrast_models(void **state)
{
    (void)state;
    const sx_contrast_result row[] = {
        {"a", "", {0.75, 0.5, 0.875}, 0.5, 0.01},
        {"b", "", {0.5, NAN, NAN}, 0.25, 0.2},
    };
    sx_error err = SX_NO_ERROR;
    sx_figure *f = NULL;
    CHECK_OK(sx_figure_contrast("grid", row, 2, &f, &err));
    assert_int_equal(f->panels, 1);
    const sx_chart *c = f->panel[0]->chart;
    assert_string_equal(c->y.category[0], "a *");
    assert_string_equal(c->y.category[1], "b");
    const sx_layer *l = layer_of(c, SX_LAYER_POINTS, "same context");
    CHECK_NEAR(l->x[0], 0.75, 0);
    CHECK_NEAR(l->low[0], 0.5, 0);
    CHECK_NEAR(l->high[0], 0.875, 0);
    CHECK_NEAR(l->high[1], 0.5, 0);
    CHECK_NEAR(l->y[1], 1, 0);
    l = layer_of(c, SX_LAYER_POINTS, "same response");
    CHECK_NEAR(l->x[0], 0.5, 0);
    CHECK_NEAR(l->x[1], 0.25, 0);
    assert_null(l->low);
    CHECK_NEAR(layer_of(c, SX_LAYER_RULES, "guessing")->x[0], 0.5, 0);
    assert_non_null(strstr(f->notes.text[0], "q-value"));
    sx_figure_free(f);
    CHECK_OK(sx_figure_contrast("grid", row + 1, 1, &f, &err));
    assert_null(layer_of(f->panel[0]->chart, SX_LAYER_POINTS, "same context")->low);
    assert_int_equal(f->notes.count, 0);
    sx_figure_free(f);
    assert_int_equal(sx_figure_contrast("grid", row, 0, &f, &err), SX_EINPUT);
    assert_null(f);
    const sx_contrast_result empty = {"a", "", {NAN, NAN, NAN}, NAN, NAN};
    assert_int_equal(sx_figure_contrast("grid", &empty, 1, &f, NULL), SX_EINPUT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bars_by_kind),    cmocka_unit_test(sizes_in_order),
        cmocka_unit_test(random_rows),     cmocka_unit_test(many),
        cmocka_unit_test(nothing),         cmocka_unit_test(other_kinds),
        cmocka_unit_test(unknown_truth),   cmocka_unit_test(contrast_grid),
        cmocka_unit_test(contrast_models),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
