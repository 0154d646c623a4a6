/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_cli_plot.c - plot: what is written, all or nothing; options that a figure does not use;
 * tables with their places of error; distances, regret and correlation from tables as from
 * specifications. */
#include "cli/data.h"
#include "cli/verb_plot.h"
#include "tests/cli_run.h"

#include <math.h>
#include <stdlib.h>

/* Two rewards that are one, and its negative. */
static const char three[] =
    "<mdp version=\"1\" id=\"three\" discount=\"0.5\">\n"
    "<explicit><state id=\"s\"/><action id=\"a\"/><action id=\"b\"/>\n"
    "<transition from=\"s\" action=\"*\" to=\"s\" p=\"1\"/></explicit>\n"
    "<reward id=\"true\"><add action=\"a\" value=\"1\"/></reward>\n"
    "<reward id=\"same\"><add action=\"a\" value=\"3\"/></reward>\n"
    "<reward id=\"negated\"><add action=\"a\" value=\"-1\"/></reward></mdp>\n";

static int make_files(void **state)
{
    int bad = make_folder(state);
    write_file(in_folder("three.xml"), three, strlen(three));
    return bad;
}

static void put(const char *name, const char *text)
{
    write_file(in_folder(name), text, strlen(text));
}

static bool is_there(const char *name)
{
    FILE *f = fopen(in_folder(name), "r");
    if (f)
        fclose(f);
    return f != NULL;
}

static void says(run r, int status, const char *what)
{
    CHECK_EXIT(r, status);
    CHECK_SAYS(r.err, what);
    run_free(r);
}

static void done(run r)
{
    CHECK_EXIT(r, 0);
    run_free(r);
}

static void file_says(const char *name, const char *what)
{
    size_t size;
    char *text = read_file(in_folder(name), &size);
    CHECK_SAYS(text, what);
    sx_release(text);
}

#define PLOT(input, kind, ...) \
    RUN("plot", in_folder(input), kind, "--output", in_folder("f.svg"), __VA_ARGS__)

/* --- what is written --- */

static void files_go_together(void **state)
{
    (void)state;
    done(PLOT("three.xml", "distances", "--data", in_folder("d.csv"), "--verbose"));
    file_says("f.alt.txt", "Farthest apart: true and negated, 2.");
    file_says("d.csv", "true");
    file_says("f.svg", "Nearest: true and same");
}

static void alternative_text_elsewhere_or_nowhere(void **state)
{
    (void)state;
    int before = entries_of(cli_folder);
    done(RUN("plot", in_folder("three.xml"), "distances", "--output", in_folder("g.svg"),
             "--alt", "none"));
    assert_int_equal(entries_of(cli_folder), before + 1);
    done(RUN("plot", in_folder("three.xml"), "distances", "--output", in_folder("g.svg"),
             "--alt", in_folder("words.txt")));
    assert_int_equal(entries_of(cli_folder), before + 2);
    file_says("words.txt", "Matrix of the distances between 3 rewards");
    assert_false(is_there("g.alt.txt"));
    done(RUN("plot", in_folder("three.xml"), "distances", "--data", in_folder("only.csv")));
    assert_int_equal(entries_of(cli_folder), before + 3);
}

/* A file that cannot be written, wherever it stands in the list: none is. */
static void all_or_none(void **state)
{
    static const char *const option[] = {"--data", "--alt"};
    (void)state;
    for (int i = 0; i < 2; i++) {
        int before = entries_of(cli_folder);
        run r = RUN("plot", in_folder("three.xml"), "distances", "--output",
                    in_folder("none.svg"), option[i], in_folder("no/such/folder"));
        CHECK_EXIT(r, 2);
        run_free(r);
        assert_int_equal(entries_of(cli_folder), before);
    }
}

static void nothing_is_overwritten(void **state)
{
    (void)state;
    put("t.csv", "a,b,value\nx,y,1\n");
    says(PLOT("t.csv", "distances", "--data", in_folder("t.csv")), 2, "E512");
    says(PLOT("three.xml", "distances", "--data", in_folder("three.xml")), 2, "E512");
    file_says("t.csv", "a,b,value\nx,y,1\n");
    says(PLOT("three.xml", "distances", "--data", in_folder("f.svg")), 2, "E506");
    says(PLOT("three.xml", "distances", "--data", in_folder("f.alt.txt")), 2, "E506");
    says(PLOT("three.xml", "distances", "--data", "-"), 2, "E503");
}

static void the_same_bytes_twice(void **state)
{
    static const char *const suffix[] = {"pdf", "svg", "png"};
    (void)state;
    for (int i = 0; i < 3; i++) {
        char name[2][32];
        char *bytes[2];
        size_t size[2];
        for (int k = 0; k < 2; k++) {
            snprintf(name[k], sizeof name[k], "%d.%s", k, suffix[i]);
            done(RUN("plot", "examples/cliff.xml", "regret", "--log", "xy", "--quiet",
                     "--threads", k ? "1" : "2", "--output", in_folder(name[k])));
            bytes[k] = read_file(in_folder(name[k]), &size[k]);
        }
        assert_int_equal(size[0], size[1]);
        assert_memory_equal(bytes[0], bytes[1], size[0]);
        sx_release(bytes[0]);
        sx_release(bytes[1]);
    }
}

static void notes_unless_quiet(void **state)
{
    (void)state;
    put("gap.csv", "distance,regret\n1,0.5\n2,\n");
    says(PLOT("gap.csv", "regret", "--alt", "none"), 0, "note: 1 pair");
    run r = PLOT("gap.csv", "regret", "--quiet");
    CHECK_EXIT(r, 0);
    assert_string_equal(r.err, "");
    run_free(r);
}

/* --- kinds and options --- */

static void every_kind_refuses_what_it_does_not_use(void **state)
{
    (void)state;
    for (const sx_plot_kind *k = sx_plot_kinds; k->name; k++)
        for (const sx_option *o = sx_option_table; o->name; o++) {
            char option[80];
            if (!(o->verbs >> SX_VERB_PLOT & 1) || sx_plot_reads(k, o->id) ||
                o->kind == SX_KIND_REAL || o->kind == SX_KIND_WHOLE)
                continue;
            snprintf(option, sizeof option, "--%s%s%s", o->name,
                     o->kind == SX_KIND_FLAG ? "" : "=",
                     o->kind == SX_KIND_FLAG     ? ""
                     : o->kind == SX_KIND_CHOICE ? o->choice(0)
                                                 : "x");
            run r = PLOT("three.xml", k->name, option);
            CHECK_EXIT(r, 2);
            CHECK_SAYS(r.err, "E532");
            CHECK_SAYS(r.err, k->name);
            CHECK_SAYS(r.err, o->name);
            run_free(r);
        }
}

/* What would choose among numbers that a table does not have changes nothing: it is refused. */
static void tables_refuse_what_they_do_not_use(void **state)
{
    (void)state;
    put("pairs.csv", "a,b,value,distance,regret\nx,y,1,1,0.5\n");
    put("steps.csv", "reward,step,distance\nr,0,1\nr,1,0.5\n");
    put("edits.csv", "edit,reward,kind,invariance_error\ne,r,neutral,0.5\n");
    put("sets.csv", "model,c_res\nm,0.5\n");
    says(PLOT("pairs.csv", "distances", "--quiet"), 0, "");
    says(PLOT("pairs.csv", "distances", "--edit", "e"), 2, "E532");
    says(PLOT("pairs.csv", "distances", "--canon", "epic"), 2, "E534");
    says(PLOT("pairs.csv", "regret", "--tolerance", "1e-3"), 2, "E532");
    says(PLOT("pairs.csv", "regret", "--norm", "l1"), 2, "E534");
    says(PLOT("steps.csv", "training", "--quiet"), 0, "");
    says(PLOT("steps.csv", "training", "--canon", "epic"), 2, "E532");
    says(PLOT("edits.csv", "consistency", "--threshold", "0.1", "--quiet"), 0, "");
    says(PLOT("edits.csv", "consistency", "--metric", "l1"), 2, "E532");
    says(PLOT("sets.csv", "consistency", "--quiet"), 0, "");
    says(PLOT("sets.csv", "consistency", "--threshold", "0.1"), 2, "E532");
}

static void every_kind_says_what_it_takes(void **state)
{
    (void)state;
    put("t.csv", "a,b,value\nx,y,1\n");
    for (const sx_plot_kind *k = sx_plot_kinds; k->name; k++) {
        if (!(k->takes & SX_PLOT_TABLE))
            says(PLOT("t.csv", k->name, "--quiet"), 2, "E533");
        if (!(k->takes & SX_PLOT_SPEC))
            says(PLOT("three.xml", k->name, "--quiet"), 2, "E533");
        run r = RUN("plot", "--help");
        CHECK_SAYS(r.out, k->name);
        run_free(r);
    }
    says(PLOT("three.xml", "distance", "--quiet"), 2, "did you mean distances?");
}

/* Width of an SVG in points. */
static double width_of(const char *name)
{
    size_t size;
    char *text = read_file(in_folder(name), &size);
    const char *at = strstr(text, "width=\"");
    assert_non_null(at);
    double width = strtod(at + 7, NULL);
    sx_release(text);
    return width;
}

static void sizes_and_looks(void **state)
{
    (void)state;
    done(PLOT("three.xml", "distances", "--width", "4in"));
    assert_true(fabs(width_of("f.svg") - 288) < 0.72);
    done(PLOT("three.xml", "distances", "--venue", "neurips"));
    assert_true(fabs(width_of("f.svg") - 396) < 0.72);
    done(PLOT("three.xml", "distances", "--venue", "icml", "--columns", "2"));
    assert_true(fabs(width_of("f.svg") - 486) < 0.72);
    done(PLOT("three.xml", "distances", "--venue", "icml", "--width", "3in"));
    assert_true(fabs(width_of("f.svg") - 216) < 0.72);
    done(PLOT("three.xml", "distances", "--columns", "1"));
    assert_true(fabs(width_of("f.svg") - 234) < 0.72);
    static const char *const looks[][2] = {{"--theme", "dark"},      {"--theme", "auto"},
                                           {"--background", "none"}, {"--font", "serif"},
                                           {"--text-size", "10"},    {"--height", "4in"}};
    for (size_t i = 0; i < sizeof looks / sizeof *looks; i++) {
        size_t size[2];
        done(PLOT("three.xml", "distances", "--width", "4in"));
        char *plain = read_file(in_folder("f.svg"), &size[0]);
        done(PLOT("three.xml", "distances", "--width", "4in", looks[i][0], looks[i][1]));
        char *other = read_file(in_folder("f.svg"), &size[1]);
        assert_true(size[0] != size[1] || memcmp(plain, other, size[0]) != 0);
        sx_release(plain);
        sx_release(other);
    }
}

/* --- from tables --- */

static void distances_of_the_command(void **state)
{
    char *bytes[2];
    size_t size[2];
    (void)state;
    done(RUN("distance", in_folder("three.xml"), "--format", "csv", "--output",
             in_folder("all.csv"), "--all"));
    for (int k = 0; k < 2; k++) {
        done(RUN("plot", in_folder(k ? "all.csv" : "three.xml"), "distances", "--canon",
                 "minimal", "--metric", "l1", "--data", in_folder("m.csv")));
        bytes[k] = read_file(in_folder("m.csv"), &size[k]);
    }
    assert_string_equal(bytes[0], bytes[1]);
    sx_release(bytes[0]);
    sx_release(bytes[1]);
    done(PLOT("all.csv", "distances", "--quiet"));
}

static void regrets_of_the_command(void **state)
{
    char *bytes[2];
    size_t size[2];
    (void)state;
    done(
        RUN("regret", "examples/cliff.xml", "--format", "csv", "--output", in_folder("r.csv")));
    for (int k = 0; k < 2; k++) {
        done(RUN("plot", k ? in_folder("r.csv") : "examples/cliff.xml", "regret", "--quiet",
                 "--data", in_folder("m.csv")));
        bytes[k] = read_file(in_folder("m.csv"), &size[k]);
    }
    assert_string_equal(bytes[0], bytes[1]);
    sx_release(bytes[0]);
    sx_release(bytes[1]);
}

static void correlations_by_option(void **state)
{
    (void)state;
    put("c.csv", "canon,norm,metric,rows,target,pearson,spearman\n"
                 "val,l2,l2,all,worst_case,0.5,0.25\nepic,l2,l2,all,worst_case,0.75,0.125\n"
                 "val,l2,l2,all,mean_optimal,0.625,0.375\n");
    done(PLOT("c.csv", "correlation", "--target", "worst_case", "--data", in_folder("m.csv")));
    file_says("f.alt.txt", "epic 0.75, val 0.5. In colour: epic.");
    done(PLOT("c.csv", "correlation", "--target", "worst_case", "--coefficient", "spearman",
              "--highlight", "epic"));
    file_says("f.alt.txt", "val 0.25, epic 0.125. In colour: epic.");
    done(PLOT("c.csv", "correlation", "--quiet"));
    file_says("f.svg", "mean optimal");
    says(PLOT("c.csv", "correlation", "--target", "best"), 2, "E534");
    says(PLOT("c.csv", "correlation", "--highlight", "dard"), 2, "E534");
    says(PLOT("c.csv", "correlation", "--coefficient", "kendall"), 2, "E314");
    done(RUN("plot", "examples/data/correlations.csv", "correlation", "--output",
             in_folder("f.pdf")));
}

/* A table, a kind, and what is said of it. */
static void bad_tables_are_located(void **state)
{
    static const char *const bad[][3] = {
        {"regret", "distance,regert\n1,2\n", "did you mean \"regert\"?"},
        {"regret", "distance,regret\n1,x\n", "t.csv:2:3: error[E315]"},
        {"regret", "distance,regret\n1,0.5\n-1,0.5\n", "t.csv:3:1: error[E315]"},
        {"regret", "distance,regret\n1,inf\n", "E315"},
        {"regret", "distance,regret\n1,1e999\n", "E315"},
        {"regret", "distance,regret\n1\n", "E312"},
        {"regret", "distance,regret\n", "nothing to draw"},
        {"regret", "", "E311"},
        {"regret", "distance,regret\n1,\"2\n", "E313"},
        {"regret", "distance,regret\n\xff,2\n", "E310"},
        {"regret", "distance,distance,regret\n1,1,2\n", "E311"},
        {"regret", "distance,regret,canon\n1,0.5,dard\n1,0.5,epic\n", "E534"},
        {"distances", "a,b,value\nx,y,1\ny,x,1\n", "given twice"},
        {"distances", "a,b,value\nx,y,-1\n", "not negative"},
        {"distances", "a,b,value\nx,x,0\n", "needs two rewards"},
        {"distances", "a,b,value,norm\nx,y,1,l1\nx,y,1,linf\n", "E534"},
        {"correlation", "canon,pearson\nval,1.5\n", "from -1 to 1"},
        {"correlation", "canon,pearson\nval,\n", "nothing to draw"},
        {"correlation", "canon,pearson\n", "E534"},
        {"correlation", "norm,pearson\nval,1\n", "no column \"canon\""},
        {"training", "step,distance\n1,0.5\n2,-0.5\n", "t.csv:3:3: error[E315]"},
        {"training", "step,distance,regret\n1,0.5,-1\n", "a regret is not negative"},
        {"consistency", "edit,kind,reward,regret\ne,causal,r,-1\n", "t.csv:2:12: error[E315]"},
        {"consistency", "edit,kind,reward,regret,regret_lo\ne,causal,r,1,-1\n", "t.csv:2:14"},
        {"consistency", "model,c_res\na,0.5\nb,1.5\n", "t.csv:3:3: error[E315]"},
        {"consistency", "model,c_ins\na,-0.5\n", "from 0 to 1"},
        {"consistency", "model,c_res,q_value\na,0.5,2\n", "t.csv:2:7: error[E315]"}};
    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        put("t.csv", bad[i][1]);
        run r = RUN("plot", in_folder("t.csv"), bad[i][0], "--output", in_folder("bad.svg"));
        CHECK_EXIT(r, 2);
        CHECK_SAYS(r.err, bad[i][2]);
        run_free(r);
        assert_false(is_there("bad.svg") || is_there("bad.alt.txt"));
    }
}

static void too_many_rewards(void **state)
{
    char *text = sx_alloc(20000, 1);
    size_t used = (size_t)snprintf(text, 20000, "a,b,value\n");
    (void)state;
    for (int i = 1; i <= 200; i++)
        used += (size_t)snprintf(text + used, 20000 - used, "r0,r%d,%d\n", i, i);
    put("many.csv", text);
    says(PLOT("many.csv", "distances", "--quiet"), 2, "E535");
    text[used - strlen("r0,r200,200\n")] = '\0';
    put("many.csv", text);
    done(PLOT("many.csv", "distances", "--quiet"));
    sx_release(text);
}

/* Any byte put into a table: drawn or refused, never more. */
static void damaged_tables(void **state)
{
    static const char good[] =
        "world,a,b,distance,regret,upper,lower\nw,\"x\",y,0.5,0.25,1,0.1\n"
        "w,y,x,1.5,0.75,3,0.1\n";
    static const char bytes[] = {',', '"', '\n', '\r', '-', 'e', '9', 0, '\xc3', '#'};
    char text[sizeof good];
    (void)state;
    for (size_t i = 0; i < sizeof good - 1; i++)
        for (size_t k = i % 2; k < sizeof bytes; k += 2) {
            memcpy(text, good, sizeof good);
            text[i] = bytes[k];
            write_file(in_folder("t.csv"), text, sizeof good - 1);
            run r = RUN("plot", in_folder("t.csv"), "regret", "--data", in_folder("m.csv"));
            assert_true(r.exit == 0 || (r.exit == 2 && r.err_size > 0));
            run_free(r);
        }
}

/* --- the table itself --- */

static void words_in_their_order(void **state)
{
    static const int32_t expected[] = {0, 1, 0, 2, 1};
    sx_error err = SX_NO_ERROR;
    sx_diags *d = NULL;
    sx_data *t = NULL;
    int32_t *which = NULL, count = 0;
    const char **words = NULL;
    double x[5];
    (void)state;
    put("w.csv", "# comment\nword,x\nzeta,1/4\nalpha,\nzeta,nan\n\"\",1e-3\nalpha,-2\n");
    CHECK_OK(sx_diags_new(&d, &err));
    CHECK_OK(sx_data_read(in_folder("w.csv"), d, &t, &err));
    CHECK_OK(sx_data_words(t, 0, &which, &words, &count, &err));
    assert_int_equal(count, 3);
    assert_string_equal(words[0], "zeta");
    assert_string_equal(words[1], "alpha");
    assert_string_equal(words[2], "");
    assert_memory_equal(which, expected, sizeof expected);
    CHECK_OK(sx_data_numbers(t, 1, x, &err));
    assert_true(x[0] == 0.25 && isnan(x[1]) && isnan(x[2]) && x[3] == 1e-3 && x[4] == -2);
    assert_int_equal(sx_data_has(t, "x"), 1);
    assert_int_equal(sx_data_has(t, "y"), -1);
    sx_release(which);
    sx_release(words);
    sx_data_free(t);
    sx_diags_free(d);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(files_go_together),
        cmocka_unit_test(alternative_text_elsewhere_or_nowhere),
        cmocka_unit_test(all_or_none),
        cmocka_unit_test(nothing_is_overwritten),
        cmocka_unit_test(the_same_bytes_twice),
        cmocka_unit_test(notes_unless_quiet),
        cmocka_unit_test(every_kind_refuses_what_it_does_not_use),
        cmocka_unit_test(tables_refuse_what_they_do_not_use),
        cmocka_unit_test(every_kind_says_what_it_takes),
        cmocka_unit_test(sizes_and_looks),
        cmocka_unit_test(distances_of_the_command),
        cmocka_unit_test(regrets_of_the_command),
        cmocka_unit_test(correlations_by_option),
        cmocka_unit_test(bad_tables_are_located),
        cmocka_unit_test(too_many_rewards),
        cmocka_unit_test(damaged_tables),
        cmocka_unit_test(words_in_their_order),
    };
    return cmocka_run_group_tests(tests, make_files, remove_folder);
}
