/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_cli_plot_share.c - plot share: a world whose shares are known by hand, with a map and
 * without; rewards at distance 0 are refused. */
#include "tests/figure_table.h"

/* A row of three cells, deterministic, without canonicalisation: R1 = 3 for up in c0, R2 = 0
 * there; R1 = 1 for every step from c1 to the right, R2 = 2.  d is 3 on the three triples of
 * (c0, up) and -1 on those of (c1, right). */
static const char row_spec[] =
    "<mdp version=\"1\" discount=\"0.5\"><gridworld><map>\n...\n</map></gridworld>\n"
    "<reward id=\"one\"><add from=\"r0c0\" action=\"up\" value=\"3\"/>"
    "<add from=\"r0c1\" action=\"right\" value=\"1\"/></reward>\n"
    "<reward id=\"two\"><add from=\"r0c1\" action=\"right\" value=\"2\"/></reward>\n"
    "<reward id=\"same\"><use reward=\"one\" scale=\"2\"/></reward></mdp>\n";

static figure_table plot(const char *metric, const char *path)
{
    const char *data = in_folder("figure.csv");
    run r = RUN("plot", path, "share", "--true", "one", "--proxy", "two", "--canon", "none",
                "--norm", "none", "--metric", metric, "--output", in_folder("figure.svg"),
                "--data", data);
    CHECK_EXIT(r, SX_EXIT_DONE);
    run_free(r);
    return figure_table_read(data);
}

static void known_shares(void **state)
{
    (void)state;
    const char *path = in_folder("row.xml");
    write_file(path, row_spec, sizeof row_spec - 1);
    const char *const metric[] = {"l1", "l2"};
    const double share[] = {0.75, 0.9}; /* 9 of 12; 27 of 30 */
    for (int i = 0; i < 2; i++) {
        figure_table t = plot(metric[i], path);
        const char *panel = i ? "Distance 5.477" : "Distance 12"; /* sqrt(30) */
        CHECK_NEAR(figure_number(t, panel, "bar", NULL, NULL, "r0c0, up", "x"), share[i],
                   1e-12);
        CHECK_NEAR(figure_number(t, panel, "bar", NULL, NULL, "r0c1, right", "x"), 1 - share[i],
                   1e-12);
        CHECK_NEAR(figure_number(t, panel, "line", NULL, NULL, "r0c1, right", "x"), 1, 1e-12);
        CHECK_NEAR(figure_number(t, "Distance by cell", "cell", NULL, "0", "0", "value"),
                   share[i], 1e-12);
        CHECK_NEAR(figure_number(t, "Distance by cell", "cell", NULL, "1", "0", "value"),
                   1 - share[i], 1e-12);
        CHECK_NEAR(figure_number(t, "Distance by cell", "cell", NULL, "2", "0", "value"), 0, 0);
        figure_table_free(t);
    }
}

/* What is left of `two` is what shaping and scale do not explain: shares of squares that add up
 * to 1 over the cells; bars are what the largest steps of them have. */
static void what_is_left(void **state)
{
    (void)state;
    const char *path = in_folder("row.xml");
    write_file(path, row_spec, sizeof row_spec - 1);
    figure_table t = plot("l2", path);
    double cells = 0, bars = 0, last = 1;
    for (int64_t i = 0; i < sx_csv_rows(t.csv); i++) {
        const char *panel = figure_field(t, i, "panel"), *kind = figure_field(t, i, "kind");
        if (strcmp(panel, "Left by cell") == 0 && strcmp(kind, "cell") == 0)
            cells += strtod(figure_field(t, i, "value"), NULL);
        if (strcmp(panel, "Left after alignment") != 0 || strcmp(kind, "bar") != 0)
            continue;
        double x = strtod(figure_field(t, i, "x"), NULL);
        assert_true(x <= last + 1e-12 || strcmp(figure_field(t, i, "y"), "all others") == 0);
        last = x;
        bars += x;
    }
    CHECK_NEAR(cells, 1, 1e-9);
    CHECK_NEAR(bars, 1, 1e-3); /* rounding is not drawn */
    figure_table_free(t);
}

static void no_map(void **state)
{
    (void)state;
    run r = RUN("plot", in_folder("small.xml"), "share", "--true", "true", "--proxy", "proxy",
                "--output", in_folder("figure.svg"), "--data", in_folder("figure.csv"));
    CHECK_EXIT(r, SX_EXIT_DONE);
    run_free(r);
    figure_table t = figure_table_read(in_folder("figure.csv"));
    assert_false(figure_has_panel(t, "Distance by cell"));
    assert_true(figure_has_panel(t, "Left after alignment"));
    figure_table_free(t);
}

static void refused(void **state)
{
    (void)state;
    const char *path = in_folder("row.xml"), *out = in_folder("no.svg");
    write_file(path, row_spec, sizeof row_spec - 1);
    run r = RUN("plot", path, "share", "--true", "one", "--proxy", "same", "--output", out);
    CHECK_EXIT(r, SX_EXIT_INPUT);
    CHECK_SAYS(r.err, "one and same are at distance 0");
    run_free(r);
    r = RUN("plot", path, "share", "--true", "one", "--proxy", "two", "--goal", "fit",
            "--output", out);
    CHECK_EXIT(r, SX_EXIT_INPUT);
    CHECK_SAYS(r.err, "--goal is not for plot share");
    run_free(r);
    assert_int_not_equal(access(out, F_OK), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(known_shares),
        cmocka_unit_test(what_is_left),
        cmocka_unit_test(no_map),
        cmocka_unit_test(refused),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
