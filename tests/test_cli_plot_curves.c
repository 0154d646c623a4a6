/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_cli_plot_curves.c - plot polygon, goodhart, overoptimisation and training: numbers known
 * by hand in the table of the figure, the same bytes twice, hard inputs, refusals. */
#include <math.h>

#include "tests/cli_run.h"

/* The triangle (0,0), (2,0), (2,2) in the plane of proxy and truth. */
static const char triangle[] =
    "<mdp version=\"1\" id=\"triangle\" discount=\"0.5\">\n"
    "<explicit><state id=\"s\"/><action id=\"a\"/><action id=\"b\"/><action id=\"c\"/>\n"
    "<transition from=\"s\" action=\"*\" to=\"s\" p=\"1\"/></explicit>\n"
    "<reward id=\"learned\"><add action=\"b\" value=\"1\"/><add action=\"c\" value=\"1\"/>"
    "</reward>\n"
    "<reward id=\"true\"><add action=\"c\" value=\"1\"/></reward></mdp>\n";

static const char policy[] = "state,action,p\ns,b,0.75\ns,c,0.25\n";

/* Checkpoints of two groups; `two` has two seeds.  A reward is the true one or its opposite. */
static const char runs[] =
    "<mdp version=\"1\" id=\"runs\" discount=\"0.5\">\n"
    "<explicit><state id=\"s\"/><state id=\"t\"/><action id=\"a\"/><action id=\"b\"/>\n"
    "<transition from=\"*\" action=\"a\" to=\"s\" p=\"1\"/>"
    "<transition from=\"*\" action=\"b\" to=\"t\" p=\"1\"/></explicit>\n"
    "<reward id=\"true\"><add action=\"b\" value=\"1\"/></reward>\n"
    "<reward id=\"one/step-10\" group=\"one\"><add action=\"a\" value=\"1\"/></reward>\n"
    "<reward id=\"one/step-9\" group=\"one\"><add action=\"b\" value=\"2\"/></reward>\n"
    "<reward id=\"two/seed-1/step-10k\" group=\"two\"><add action=\"a\" "
    "value=\"1\"/></reward>\n"
    "<reward id=\"two/seed-2/step-10k\" group=\"two\"><add action=\"b\" "
    "value=\"1\"/></reward>\n"
    "<reward id=\"two/seed-1/step-30k\" group=\"two\"><add action=\"b\" "
    "value=\"1\"/></reward>\n"
    "<reward id=\"two/seed-2/step-30k\" group=\"two\"><add action=\"b\" "
    "value=\"3\"/></reward>\n"
    "<reward id=\"step-1-a\" group=\"ends\"><add action=\"b\" value=\"1\"/></reward>\n"
    "<reward id=\"step-2-a\" group=\"ends\"><add action=\"b\" value=\"1\"/></reward>\n"
    "<reward id=\"step-1-b\" group=\"ends\"><add action=\"a\" value=\"1\"/></reward>\n"
    "<reward id=\"step-2-b\" group=\"ends\"><add action=\"a\" value=\"1\"/></reward>\n"
    "</mdp>\n";

static int make_files(void **state)
{
    int bad = make_folder(state);
    write_file(in_folder("triangle.xml"), triangle, sizeof triangle - 1);
    write_file(in_folder("policy.csv"), policy, sizeof policy - 1);
    write_file(in_folder("runs.xml"), runs, sizeof runs - 1);
    return bad;
}

static void put(const char *name, const char *text)
{
    write_file(in_folder(name), text, strlen(text));
}

/* The table of the figure of kind from input, with more options; owned by the caller. */
#define TABLE(input, kind, ...) \
    table_(RUN("plot", input, kind, "--output", in_folder("f.svg"), "--data", \
               in_folder("f.csv"), "--quiet", __VA_ARGS__))

static char *table_(run r)
{
    size_t size;
    CHECK_EXIT(r, 0);
    run_free(r);
    return read_file(in_folder("f.csv"), &size);
}

/* x, y, low, high of the i-th row that begins so. */
static void row_of(const char *table, const char *begins, int i, double x[4])
{
    const char *p = table;
    size_t size = strlen(begins);
    for (; p; p = strchr(p, '\n'), p = p ? p + 1 : NULL)
        if (strncmp(p, begins, size) == 0 && i-- == 0)
            break;
    if (!p || !*p)
        print_error("no row '%s' in\n%s", begins, table);
    assert_non_null(p);
    p += size;
    for (int k = 0; k < 4; k++) {
        assert_true(*p == ',');
        char *end;
        x[k] = strtod(++p, &end);
        x[k] = end == p ? (double)NAN : x[k];
        p = end;
    }
}

static void check_row(const char *table, const char *begins, int i, double x, double y)
{
    double got[4];
    row_of(table, begins, i, got);
    CHECK_NEAR(got[0], x, 1e-9);
    CHECK_NEAR(got[1], y, 1e-9);
}

/* ---- of a specification ---- */

static void polygon_of_the_triangle(void **state)
{
    (void)state;
    char *t = TABLE(in_folder("triangle.xml"), "polygon", "--policy", in_folder("policy.csv"));
    check_row(t, "1,area,all policies", 0, 0, 0);
    check_row(t, "1,area,all policies", 1, 2, 0);
    check_row(t, "1,area,all policies", 2, 2, 2);
    check_row(t, "1,point,best in truth", 0, 2, 2);
    check_row(t, "1,line,best for the proxy", 0, 2, 0); /* an edge */
    check_row(t, "1,line,best for the proxy", 1, 2, 2);
    check_row(t, "1,point,uniform", 0, 4.0 / 3, 2.0 / 3);
    check_row(t, "1,point,policy.csv", 0, 2, 0.5);
    double arrow[4];
    row_of(t, "1,arrow,worst case", 0, arrow);
    CHECK_NEAR(arrow[1] - arrow[3], 2, 1e-9);
    free(t);
    size_t size;
    char *alt = read_file(in_folder("f.alt.txt"), &size);
    CHECK_SAYS(alt, "a polygon with 3 vertices");
    CHECK_SAYS(alt, "a regret of 1 of the range");
    CHECK_SAYS(alt, "among deterministic ones: not hackable");
    free(alt);
    t = TABLE(in_folder("triangle.xml"), "polygon", "--true", "learned");
    check_row(t, "1,area,all policies", 1, 2, 2); /* the axes are exchanged */
    free(t);
}

static void goodhart_of_the_triangle(void **state)
{
    double band[4];
    (void)state;
    char *t = TABLE(in_folder("triangle.xml"), "goodhart", "--x", "level");
    for (int i = 0; i < 2; i++) {
        row_of(t, "1,band,policies with that return or more", i, band);
        assert_true(band[0] == i && band[2] == 0 && band[3] == 1);
    }
    check_row(t, "1,line,soft-optimal path", 0, 2.0 / 3, 1.0 / 3);
    assert_null(strstr(t, "drop height"));
    free(t);
    t = TABLE(in_folder("triangle.xml"), "goodhart", "--x", "pressure");
    check_row(t, "1,line,proxy", 0, 0, 2.0 / 3);
    check_row(t, "1,line,true", 0, 0, 1.0 / 3);
    free(t);
    t = TABLE("examples/frozenlake-4x4.xml", "goodhart", "--true", "goal");
    CHECK_SAYS(t, "dry (drop 0.9");
    CHECK_SAYS(t, "careful (drop 0)");
    free(t);
    t = TABLE("examples/frozenlake-4x4.xml", "goodhart", "--true", "careful");
    CHECK_SAYS(t, "line,goal (drop");
    CHECK_SAYS(t, "line,dry (drop 0.2"); /* sextant frontier: 0.279 */
    assert_null(strstr(t, "line,careful"));
    free(t);
}

static void training_of_groups(void **state)
{
    double band[4];
    (void)state;
    char *t = TABLE(in_folder("runs.xml"), "training", "--regret");
    check_row(t, "1,line,one", 0, 9, 0);
    check_row(t, "1,line,one", 1, 10, 2);
    check_row(t, "1,line,two", 0, 10, 1);
    check_row(t, "1,line,two", 1, 30, 0);
    check_row(t, "1,line,\"two, two/seed-1/step-*k\"", 0, 10, 2);
    row_of(t, "1,band,two", 0, band);
    assert_true(fabs(band[2]) < 1e-12 && fabs(band[3] - 2) < 1e-12);
    check_row(t, "2,line,one", 1, 10, 1); /* regret */
    check_row(t, "2,line,two", 0, 10, 0.5);
    free(t);
    t = TABLE(in_folder("runs.xml"), "training", "--proxy", "one", "--distance", "epic");
    check_row(t, "1,line,one", 1, 10, 1);
    assert_null(strstr(t, "two"));
    assert_null(strstr(t, "\n2,"));
    free(t);
    t = TABLE(in_folder("runs.xml"), "training", "--proxy", "ends");
    check_row(t, "1,line,\"ends, step-*-a\"", 1, 2, 0); /* what follows the number counts */
    check_row(t, "1,line,\"ends, step-*-b\"", 1, 2, 2);
    check_row(t, "1,line,ends", 1, 2, 1);
    free(t);
}

/* ---- of a table ---- */

static void tables_are_read(void **state)
{
    (void)state;
    put("o.csv", "kl,proxy,true,true_lo,true_hi\n0,0,0,-1,1\n4,2,1,0.5,1.5\n1,1,3,2,4\n");
    char *t = TABLE(in_folder("o.csv"), "overoptimisation", "--x", "sqrt-kl");
    check_row(t, "1,line,true", 1, 1, 3);
    check_row(t, "1,line,proxy", 2, 2, 2);
    check_row(t, "1,point,peak", 0, 1, 3);
    double band[4];
    row_of(t, "1,band,true", 2, band);
    assert_true(band[0] == 2 && band[2] == 0.5 && band[3] == 1.5);
    free(t);
}

static void the_example_peaks(void **state)
{
    double x[4];
    (void)state;
    char *t = TABLE("examples/data/overoptimisation.csv", "overoptimisation", "--seed", "3");
    row_of(t, "1,point,peak", 0, x);
    assert_true(x[0] == 64);
    free(t);
    t = TABLE("examples/data/overoptimisation.csv", "overoptimisation", "--x", "kl");
    row_of(t, "1,point,peak", 0, x);
    assert_true(x[0] > 3 && x[0] < log(64) - 63.0 / 64); /* below that of many responses */
    free(t);
}

static void training_of_a_table(void **state)
{
    (void)state;
    put("t.csv", "progress,distance,group,lo,hi\n50,0.5,\"a <&> _b_\",0.4,0.6\n"
                 "0,1,\"a <&> _b_\",0.9,1.1\n100,,\"a <&> _b_\",,\n");
    run r = RUN("plot", in_folder("t.csv"), "training", "--output", in_folder("f.svg"),
                "--data", in_folder("f.csv"));
    CHECK_EXIT(r, 0);
    CHECK_SAYS(r.err, "1 row without a number left out");
    run_free(r);
    size_t size;
    char *t = read_file(in_folder("f.csv"), &size);
    check_row(t, "1,line,a <&> _b_", 0, 0, 1);
    check_row(t, "1,line,a <&> _b_", 1, 50, 0.5);
    double band[4];
    row_of(t, "1,band,a <&> _b_", 1, band);
    assert_true(band[2] == 0.4 && band[3] == 0.6);
    free(t);
    put("both.csv", "progress,step,distance\n1,10,0.5\n2,30,0.25\n");
    t = TABLE(in_folder("both.csv"), "training", "--font", "serif");
    check_row(t, "1,line,\"\"", 1, 30, 0.25); /* the step is the more exact */
    free(t);
    run_free(RUN("plot", in_folder("t.csv"), "training", "--output", in_folder("f.svg")));
    t = read_file(in_folder("f.svg"), &size);
    CHECK_SAYS(t, "training progress (%)");
    CHECK_SAYS(t, "a &lt;&amp;&gt; _b_");
    free(t);
}

/* ---- what all have ---- */

static void same_bytes(void **state)
{
    static const char *const call[][2] = {
        {"triangle.xml", "polygon"}, {"triangle.xml", "goodhart"}, {"runs.xml", "training"}};
    (void)state;
    for (int i = 0; i < 3; i++)
        for (int k = 0; k < 3; k++) {
            static const char *const suffix[] = {"svg", "pdf", "png"};
            char *bytes[2], name[16];
            size_t size[2];
            for (int again = 0; again < 2; again++) {
                snprintf(name, sizeof name, "%d.%s", again, suffix[k]);
                run r = RUN("plot", in_folder(call[i][0]), call[i][1], "--threads",
                            again ? "4" : "1", "--output", in_folder(name));
                CHECK_EXIT(r, 0);
                run_free(r);
                bytes[again] = read_file(in_folder(name), &size[again]);
            }
            assert_int_equal(size[0], size[1]);
            assert_memory_equal(bytes[0], bytes[1], size[0]);
            free(bytes[0]);
            free(bytes[1]);
        }
}

static void refused(const char *input, const char *kind, const char *option, const char *value,
                    const char *says)
{
    run r = RUN("plot", input, kind, "--output", in_folder("no.svg"), option, value);
    CHECK_EXIT(r, 2);
    CHECK_SAYS(r.err, says);
    assert_int_equal(access(in_folder("no.svg"), F_OK), -1);
    run_free(r);
}

static void refusals(void **state)
{
    (void)state;
    put("none.csv", "n,proxy,true\n");
    put("low.csv", "n,proxy,true\n0,1,1\n");
    put("same.csv", "n,proxy,true\n2,1,1\n2,2,2\n");
    put("word.csv", "n,proxy,true\n1,1,1\n2,many,2\n");
    put("less.csv", "n,proxy\n1,1\n");
    put("step.csv", "step,distanc\n1,1\n");
    refused(in_folder("small.xml"), "polygon", "--seed", "1", "E532");
    refused(in_folder("small.xml"), "polygon", "--font", "sans", "which proxy?");
    refused(in_folder("small.xml"), "polygon", "--proxy", "poxy", "E507");
    refused(in_folder("small.xml"), "goodhart", "--x", "kl", "level or --x pressure");
    refused(in_folder("small.xml"), "training", "--font", "sans", "has no group of rewards");
    refused(in_folder("runs.xml"), "training", "--proxy", "true", "is no group of rewards");
    refused(in_folder("small.xml"), "overoptimisation", "--font", "sans", "E533");
    refused(in_folder("none.csv"), "overoptimisation", "--font", "sans", "nothing to draw");
    refused(in_folder("low.csv"), "overoptimisation", "--font", "sans", "n is 0");
    refused(in_folder("same.csv"), "overoptimisation", "--font", "sans", "column seed");
    refused(in_folder("word.csv"), "overoptimisation", "--font", "sans", "word.csv:3");
    refused(in_folder("less.csv"), "overoptimisation", "--font", "sans", "true");
    refused(in_folder("same.csv"), "overoptimisation", "--x", "level", "n, kl or sqrt-kl");
    refused(in_folder("step.csv"), "training", "--font", "sans", "distance");
    refused(in_folder("step.csv"), "polygon", "--font", "sans", "E533");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(polygon_of_the_triangle),
        cmocka_unit_test(goodhart_of_the_triangle),
        cmocka_unit_test(training_of_groups),
        cmocka_unit_test(tables_are_read),
        cmocka_unit_test(the_example_peaks),
        cmocka_unit_test(training_of_a_table),
        cmocka_unit_test(same_bytes),
        cmocka_unit_test(refusals),
    };
    return cmocka_run_group_tests(tests, make_files, remove_folder);
}
