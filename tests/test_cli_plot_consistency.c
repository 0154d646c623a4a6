/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_cli_plot_consistency.c - plot consistency: distances between the responses' rewards as a
 * plain formula gives them, from a specification, from what `consistency` writes, and from a
 * table; hostile tables are refused with their places. */
#include "tests/figure_table.h"

/* Four responses in one context: all forms of the distance are those of centred vectors. */
static double distance(const double *a, const double *b)
{
    double u[4], v[4], mean[2] = {0, 0}, size[2] = {0, 0}, sum = 0;
    for (int i = 0; i < 4; i++) {
        mean[0] += a[i] / 4;
        mean[1] += b[i] / 4;
    }
    for (int i = 0; i < 4; i++) {
        u[i] = a[i] - mean[0];
        v[i] = b[i] - mean[1];
        size[0] += u[i] * u[i];
        size[1] += v[i] * v[i];
    }
    for (int i = 0; i < 4; i++) {
        double d = u[i] / sqrt(size[0]) - v[i] / sqrt(size[1]);
        sum += d * d;
    }
    return sqrt(sum);
}

/* What `verbose` of the example pays for the four responses, with so many times the words. */
static void verbose(double times, bool right_first, double *r)
{
    for (int i = 0; i < 4; i++)
        r[i] = ((i < 2) == right_first) + 0.1 * times * (i % 2 ? 4 : 1);
}

static const char plot_spec[] = "examples/length-bias.xml";

static figure_table plot(const char *spec, const char *more, const char *value)
{
    const char *data = in_folder("figure.csv"), *svg = in_folder("figure.svg");
    run r = more
                ? RUN("plot", spec, "consistency", "--output", svg, "--data", data, more, value)
                : RUN("plot", spec, "consistency", "--output", svg, "--data", data);
    CHECK_EXIT(r, SX_EXIT_DONE);
    run_free(r);
    return figure_table_read(data);
}

static void check_example(figure_table t)
{
    double was[4], is[4], truth[4] = {1, 1, 0, 0}, false_truth[4] = {0, 0, 1, 1};
    const double times[] = {1, 2, 5, 10}, same[4] = {1.3, 1.3, 0.3, 0.3};
    verbose(1, true, was);
    for (int i = 0; i < 4; i++) {
        char size[32];
        snprintf(size, sizeof size, "%g", times[i]);
        verbose(times[i], true, is);
        CHECK_NEAR(
            figure_number(t, "Invariance error, stretch", "line", "verbose", size, NULL, "y"),
            distance(was, is), 1e-12);
        CHECK_NEAR(
            figure_number(t, "Invariance error, stretch", "line", "plain", size, NULL, "y"), 0,
            1e-12);
    }
    CHECK_NEAR(figure_number(t, "Invariance error, neutral edits", "bar", "verbose",
                             "same-length", NULL, "y"),
               distance(was, same), 1e-12);
    verbose(1, false, is);
    CHECK_NEAR(figure_number(t, "Distance to true, causal edits", "bar", "verbose", "falsify",
                             NULL, "y"),
               distance(is, false_truth), 1e-12);
    CHECK_NEAR(figure_number(t, "Regret, causal edits", "bar", "verbose", "falsify", NULL, "y"),
               0, 1e-12);
    /* the true reward itself is not drawn */
    for (int64_t i = 0; i < sx_csv_rows(t.csv); i++)
        assert_string_not_equal(figure_field(t, i, "series"), "true");
    (void)truth;
}

static void from_a_specification(void **state)
{
    (void)state;
    figure_table t = plot(plot_spec, NULL, NULL);
    check_example(t);
    figure_table_free(t);
}

static void from_its_results(void **state)
{
    (void)state;
    const char *csv = in_folder("results.csv");
    run r = RUN("consistency", plot_spec, "--format", "csv", "--output", csv);
    CHECK_EXIT(r, SX_EXIT_DONE);
    run_free(r);
    figure_table t = plot(csv, NULL, NULL);
    check_example(t);
    figure_table_free(t);
}

static void threshold_is_drawn(void **state)
{
    (void)state;
    figure_table t = plot(plot_spec, "--threshold", "0.25");
    CHECK_NEAR(
        figure_number(t, "Invariance error, neutral edits", "rule", NULL, NULL, NULL, "y"),
        0.25, 0);
    CHECK_NEAR(figure_number(t, "Regret, causal edits", "rule", NULL, NULL, NULL, "y"), 0.25,
               0);
    figure_table_free(t);
}

/* --- groups --- */

static const char group_spec[] =
    "<mdp version=\"1\" id=\"g\" discount=\"0.5\"><bandit><context id=\"q\"/>\n"
    "<response id=\"a\"><attribute id=\"x\" value=\"1\"/></response>\n"
    "<response id=\"b\"><attribute id=\"x\" value=\"2\"/></response>\n"
    "<response id=\"c\"><attribute id=\"x\" value=\"4\"/></response>\n"
    "<response id=\"d\"><attribute id=\"x\" value=\"3\"/></response></bandit>\n"
    "<reward id=\"true\"><add value=\"1\" action=\"a\"/></reward>\n"
    "<reward id=\"seed-1\" group=\"learned\"><add value=\"1 + x\" action=\"a\"/></reward>\n"
    "<reward id=\"seed-2\" group=\"learned\"><add value=\"x\" action=\"b\"/></reward>\n"
    "<reward id=\"seed-3\" group=\"learned\"><add value=\"x\"/></reward>\n"
    "<edit id=\"swap\" kind=\"neutral\"><do variable=\"x\" value=\"5 - x\"/></edit>\n"
    "</mdp>\n";

static void groups_have_intervals(void **state)
{
    (void)state;
    const char *path = in_folder("group.xml");
    write_file(path, group_spec, sizeof group_spec - 1);
    figure_table t = plot(path, NULL, NULL);
    const char *panel = "Invariance error, neutral edits";
    double member[3], least, most;
    const double before[3][4] = {{2, 0, 0, 0}, {0, 2, 0, 0}, {1, 2, 4, 3}},
                 after[3][4] = {{5, 0, 0, 0}, {0, 3, 0, 0}, {4, 3, 1, 2}};
    for (int i = 0; i < 3; i++)
        member[i] = distance(before[i], after[i]);
    least = fmin(member[0], fmin(member[1], member[2]));
    most = fmax(member[0], fmax(member[1], member[2]));
    CHECK_NEAR(figure_number(t, panel, "bar", "learned", "swap", NULL, "y"),
               (member[0] + member[1] + member[2]) / 3, 1e-12);
    double low = figure_number(t, panel, "bar", "learned", "swap", NULL, "low");
    double high = figure_number(t, panel, "bar", "learned", "swap", NULL, "high");
    assert_true(low >= least - 1e-12 && low < (least + most) / 2);
    assert_true(high <= most + 1e-12 && high > (member[0] + member[1] + member[2]) / 3);
    figure_table_free(t);
}

/* --- tables --- */

static void contrast_table(void **state)
{
    (void)state;
    figure_table t = plot("examples/data/contrast.csv", NULL, NULL);
    CHECK_NEAR(figure_number(t, "Same context", "cell", NULL, "unit swap", "large", "value"),
               0.9, 0);
    CHECK_NEAR(figure_number(t, "Same response", "cell", NULL, "negation", "ensemble", "value"),
               0.78, 0);
    figure_table_free(t);
}

static void intervals_of_a_table(void **state)
{
    (void)state;
    figure_table t = plot("examples/data/consistency.csv", NULL, NULL);
    const char *panel = "Regret, causal edits";
    CHECK_NEAR(figure_number(t, panel, "bar", "small", "wrong fact", NULL, "y"), 0.41, 0);
    CHECK_NEAR(figure_number(t, panel, "bar", "small", "wrong fact", NULL, "low"), 0.32, 0);
    CHECK_NEAR(figure_number(t, panel, "bar", "small", "wrong fact", NULL, "high"), 0.49, 0);
    figure_table_free(t);
}

/* A true reward that is alone is drawn. */
static void truth_alone(void **state)
{
    (void)state;
    static const char text[] = "edit,kind,reward,invariance_error,true\n"
                               "e,neutral,r,0.25,r\n";
    const char *path = in_folder("alone.csv");
    write_file(path, text, sizeof text - 1);
    figure_table t = plot(path, NULL, NULL);
    CHECK_NEAR(figure_number(t, "Invariance error, neutral edits", "bar", "r", "e", NULL, "y"),
               0.25, 0);
    figure_table_free(t);
}

static void refuse(const char *text, int status, const char *says)
{
    const char *path = in_folder("bad.csv"), *out = in_folder("none.svg");
    write_file(path, text, strlen(text));
    run r = RUN("plot", path, "consistency", "--output", out);
    CHECK_EXIT(r, status);
    CHECK_SAYS(r.err, says);
    assert_int_not_equal(access(out, F_OK), 0);
    run_free(r);
}

static void hostile_tables(void **state)
{
    (void)state;
    refuse("", SX_EXIT_INPUT, "bad.csv");
    refuse("edit,kind,reward,regret\n", SX_EXIT_INPUT, "no edit and reward has a number");
    refuse("edit,kind,reward\ne,causal,r\n", SX_EXIT_INPUT, "no column invariance_error");
    refuse("edit,reward,regret\ne,r,1\n", SX_EXIT_INPUT, "kind");
    refuse("edit,kind,reward,regret\ne,causle,r,1\n", SX_EXIT_INPUT, "'causle' is no kind");
    refuse("edit,kind,reward,regret\ne,causal,r,one\n", SX_EXIT_INPUT, "bad.csv:2:");
    refuse("edit,kind,reward,regret\ne,causal,r,inf\n", SX_EXIT_INPUT, "bad.csv:2:");
    refuse("edit,kind,reward,regret\ne,causal,r\n", SX_EXIT_INPUT, "bad.csv:2:");
    refuse("model,c_res,c_ins\n", SX_EXIT_INPUT, "no model");
    refuse("model,c_res\nm,\n", SX_EXIT_INPUT, "no model has a number");
    refuse("c_res,c_ins\n1,1\n", SX_EXIT_INPUT, "model");
}

static void hard_names(void **state)
{
    (void)state;
    static const char text[] = "edit,kind,reward,invariance_error,regret\n"
                               "\"a_b^c<&>\xce\xb1\\\",neutral,\"R_{1}, \"\"x\"\"\",1e-300,\n"
                               "\"a_b^c<&>\xce\xb1\\\",neutral,other,1e300,\n"
                               "zero,causal,other,,0\n";
    const char *path = in_folder("hard.csv");
    write_file(path, text, sizeof text - 1);
    figure_table t = plot(path, NULL, NULL);
    CHECK_NEAR(figure_number(t, "Invariance error, neutral edits", "bar", "R_{1}, \"x\"",
                             "a_b^c<&>\xce\xb1\\", NULL, "y") *
                   1e300,
               1, 1e-12);
    figure_table_free(t);
}

static void no_edits(void **state)
{
    (void)state;
    run r =
        RUN("plot", "examples/two-state.xml", "consistency", "--output", in_folder("none.svg"));
    CHECK_EXIT(r, SX_EXIT_INPUT);
    CHECK_SAYS(r.err, "E430");
    run_free(r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(from_a_specification),
        cmocka_unit_test(from_its_results),
        cmocka_unit_test(threshold_is_drawn),
        cmocka_unit_test(groups_have_intervals),
        cmocka_unit_test(contrast_table),
        cmocka_unit_test(intervals_of_a_table),
        cmocka_unit_test(hostile_tables),
        cmocka_unit_test(hard_names),
        cmocka_unit_test(no_edits),
        cmocka_unit_test(truth_alone),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
