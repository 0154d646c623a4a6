/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_cli_plot_look.c - the figures of consistency, share, canonical and shaping have no text
 * upon another or off the page, whatever the names, the numbers and their number. */
#include "cli/verb_plot.h"
#include "plots/kind_consistency.h"
#include "plots/kind_share.h"
#include "tests/cli_run.h"
#include "tests/figure_check.h"

/* --- figures of specifications --- */

typedef sx_status make(sx_cli *c, sx_figure **figure, sx_error *err);

/* f in all styles when it is small, for time, else as it comes. */
static void look_at(const sx_figure *f, bool styles)
{
    sx_plot_style style = sx_plot_style_defaults();
    if (styles)
        figure_check_styles(f);
    else
        assert_true(figure_check(f, &style));
}

static void check(make *kind, const char *const *argv, bool styles)
{
    sx_error err = SX_NO_ERROR;
    sx_cli c = {.out = stdout, .err = stderr};
    sx_figure *f = NULL;
    int argc = 0;
    while (argv[argc])
        argc++;
    CHECK_OK(sx_options_parse(argc, argv, &c.o, &err));
    CHECK_OK(sx_diags_new(&c.diags, &err));
    CHECK_OK(kind(&c, &f, &err));
    assert_true(strlen(f->description) > 60);
    look_at(f, styles);
    sx_figure_free(f);
    sx_report_clear(&c.report);
    sx_text_clear(&c.text);
    sx_spec_free(c.spec);
    sx_diags_free(c.diags);
    sx_options_clear(&c.o);
}

#define ARGV(spec, ...) \
    (const char *const[]) \
    { \
        "sextant", "plot", (spec), "any", "--output", "a.svg", __VA_ARGS__, NULL \
    }
#define LOOK(kind, ...) check(kind, ARGV(__VA_ARGS__), true)

static void examples(void **state)
{
    (void)state;
    LOOK(sx_plot_consistency, "examples/length-bias.xml", "--threshold", "0.3");
    LOOK(sx_plot_consistency, "examples/paraphrase.xml", "--quiet");
    LOOK(sx_plot_consistency, "examples/moving-goal.xml", "--canon", "epic");
    LOOK(sx_plot_consistency, "examples/data/contrast.csv", "--quiet");
    LOOK(sx_plot_consistency, "examples/data/consistency.csv", "--threshold", "0.25");
    LOOK(sx_plot_share, "examples/cliff.xml", "--proxy", "hasty");
    LOOK(sx_plot_share, "examples/key-door.xml", "--proxy", "milestones");
    LOOK(sx_plot_share, "examples/epic-gridworld.xml", "--true", "path", "--proxy", "cliff");
    LOOK(sx_plot_canonical, "examples/epic-gridworld.xml", "--reward", "dense");
    LOOK(sx_plot_canonical, "examples/key-door.xml", "--norm", "linf");
    LOOK(sx_plot_canonical, "examples/frozenlake-8x8.xml", "--canon", "dard");
    LOOK(sx_plot_shaping, "examples/epic-gridworld.xml", "--from", "dense");
    LOOK(sx_plot_shaping, "examples/frozenlake-8x8.xml", "--to", "shaped", "--from", "goal");
    LOOK(sx_plot_shaping, "examples/key-door.xml", "--goal", "optimal");
    LOOK(sx_plot_shaping, "examples/length-bias.xml", "--goal", "flat");
}

/* --- hard names --- */

/* 120 characters and more: Greek, what XML escapes, what markup means, a sign of four bytes. */
#define LONG \
    "a_{b}^2\\\\*x* \xce\xb1\xce\xb2\xce\xb3 <&> \xf0\x9f\x98\x80 a name that goes on and " \
    "on, " \
    "until it is longer than any place that there is for it on a page of any usual size; "

static void spec_of(const char *path, int states, int actions, double size)
{
    FILE *f = fopen(path, "w");
    assert_non_null(f);
    fputs("<mdp version=\"1\" discount=\"0.9\"><title>"
          "<![CDATA[" LONG "]]>"
          "</title><explicit>\n",
          f);
    for (int s = 0; s < states; s++)
        fprintf(f, "<state id=\"state-with-a-rather-long-name-%d-\xce\xb1\xce\xb2\"/>", s);
    for (int a = 0; a < actions; a++)
        fprintf(f, "<action id=\"action_%d-that-has-a-long-name-too\"/>", a);
    for (int s = 0; s < states; s++)
        for (int a = 0; a < actions; a++)
            for (int k = 0; k < 2; k++)
                fprintf(
                    f,
                    "<transition from=\"state-with-a-rather-long-name-%d-\xce\xb1\xce\xb2\" "
                    "action=\"action_%d-that-has-a-long-name-too\" "
                    "to=\"state-with-a-rather-long-name-%d-\xce\xb1\xce\xb2\" p=\"0.5\" "
                    "sum=\"true\"/>\n",
                    s, a, (s + a + k * (2 * s + 1)) % states);
    fputs("</explicit>", f);
    for (int r = 0; r < 2; r++) {
        fprintf(f,
                "<reward id=\"reward_%d-with-a-name-that-is-much-too-long-for-a-title-or-a-"
                "legend-of-a-figure-in-one-column-\xce\xb1\xce\xb2\xce\xb3\">",
                r);
        for (int s = 0; s < states; s++)
            fprintf(f,
                    "<add from=\"state-with-a-rather-long-name-%d-\xce\xb1\xce\xb2\" "
                    "action=\"action_%d-that-has-a-long-name-too\" value=\"%g\"/>",
                    s, (s + r) % actions, size * (s % 7 - 3));
        fputs("</reward>\n", f);
    }
    fputs("</mdp>\n", f);
    fclose(f);
}

static void hard_specifications(void **state)
{
    (void)state;
    const char *path = in_folder("hard.xml");
    const struct {
        int states, actions;
        double size;
    } all[] = {{2, 2, 1}, {9, 3, 1e100}, {40, 6, 1e-100}, {210, 2, 3}};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        bool styles = all[i].states < 9;
        spec_of(path, all[i].states, all[i].actions, all[i].size);
        check(sx_plot_canonical, ARGV(path, "--canon", "val"), styles);
        check(sx_plot_share, ARGV(path, "--quiet"), styles);
        check(sx_plot_shaping, ARGV(path, "--goal", "optimal"), styles);
    }
}

/* A gridworld whose cells are a few points wide. */
static void large_maps(void **state)
{
    enum { N = 40 };
    (void)state;
    const char *path = in_folder("large.xml");
    FILE *f = fopen(path, "w");
    assert_non_null(f);
    fputs("<mdp version=\"1\" discount=\"0.9\"><gridworld slip=\"0.1\"><map>\n", f);
    for (int i = 0; i < N; i++)
        fprintf(f, "%.*s%c\n", N - 1, "................................................",
                i ? '.' : 'G');
    fputs("</map><cell symbol=\"G\" label=\"goal\" absorbing=\"true\"/></gridworld>"
          "<reward id=\"true\"><add enter=\"goal\" value=\"1\"/></reward>"
          "<reward id=\"proxy\"><add value=\"(col' - col) * 0.1\"/></reward></mdp>",
          f);
    fclose(f);
    check(sx_plot_canonical, ARGV(path, "--quiet"), false);
    check(sx_plot_share, ARGV(path, "--quiet"), false);
    check(sx_plot_shaping, ARGV(path, "--goal", "optimal"), false);
}

/* --- hard numbers --- */

static void draw(const sx_edit_result *row, int64_t rows, double threshold)
{
    sx_error err = SX_NO_ERROR;
    sx_figure *f = NULL;
    CHECK_OK(sx_figure_consistency(LONG, row, rows, threshold, &f, &err));
    look_at(f, rows < 12);
    sx_figure_free(f);
}

enum { REWARDS = 40, EDITS = 20, SIZES = 6 };

static void hard_edits(void **state)
{
    (void)state;
    static char edit[EDITS][200], reward[REWARDS][200];
    static sx_edit_result row[REWARDS * EDITS * SIZES];
    const double scale[] = {1, 1e-300, 1e300, 0};
    for (int i = 0; i < REWARDS; i++) {
        snprintf(edit[i % EDITS], sizeof edit[0], "%s%d", LONG, i % EDITS);
        snprintf(reward[i], sizeof reward[0], i % 2 ? "%s%d" : "%.0sr%d", LONG, i);
    }
    const int rewards[] = {1, 2, 6, 7, 40}, edits[] = {1, 3, 16, 20};
    for (int k = 0; k < 20; k += 2 - k % 3 % 2) {
        int64_t n = 0;
        int ne = edits[k / 5 % 4];
        for (int i = 0; i < rewards[k % 5] * ne; i++) {
            int r = i / ne, e = i % ne;
            bool steps = e == 1 && k % 2;
            for (int s = 0; s < (steps ? SIZES : 1); s++) {
                double x = scale[k % 4] * ((r * 7 + e * 3 + s) % 11) / 11;
                row[n++] = (sx_edit_result){
                    edit[e],
                    reward[r],
                    steps ? pow(k, s) : (double)NAN,
                    (sx_edit_sort)(e % 3),
                    {{x, x / 2, 2 * x}, {x, NAN, NAN}, {k % 3 ? x : NAN, x, x}}};
            }
        }
        draw(row, n, k % 2 ? scale[k % 4] / 3 : (double)NAN);
    }
}

static void hard_models(void **state)
{
    (void)state;
    static char name[REWARDS][200];
    sx_contrast_result row[REWARDS];
    sx_error err = SX_NO_ERROR;
    sx_figure *f = NULL;
    for (int i = 0; i < REWARDS; i++)
        snprintf(name[i], sizeof name[0], "%s%d", LONG, i);
    for (int n = 1; n <= REWARDS; n += 39)
        for (int k = 0; k < 3; k++) {
            int sets = k == 0 ? 1 : k == 1 ? (n + 1) / 2 : n;
            for (int i = 0; i < n; i++)
                row[i] = (sx_contrast_result){name[i / sets],
                                              sets > 1 ? name[i % sets] : "",
                                              {i / 40.0, i / 50.0, i / 30.0},
                                              i % 3 ? 0.5 : NAN,
                                              0.02 * i};
            CHECK_OK(sx_figure_contrast(LONG, row, n, &f, &err));
            look_at(f, n < 10);
            sx_figure_free(f);
        }
}

static void hard_shares(void **state)
{
    (void)state;
    static char name[10][200];
    sx_share_step step[10];
    for (int n = 1; n <= 10; n += 3) {
        sx_figure *f = sx_figure_new(LONG);
        for (int i = 0; i < n; i++) {
            snprintf(name[i], sizeof name[0], i % 2 ? "%s%d" : "%.0ss%d", LONG, i);
            step[i] = (sx_share_step){name[i], n == 4 ? 0 : 1.0 / (n + i)};
        }
        sx_figure_shares(f, "title", "the distance", step, n);
        sx_figure_shares(f, LONG, "what is left", step, n);
        look_at(f, n == 7);
        sx_figure_free(f);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(examples),    cmocka_unit_test(hard_specifications),
        cmocka_unit_test(large_maps),  cmocka_unit_test(hard_edits),
        cmocka_unit_test(hard_models), cmocka_unit_test(hard_shares),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
