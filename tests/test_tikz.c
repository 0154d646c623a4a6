/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_tikz.c - figures in TikZ: every number of a chart is there, braces and environments
 * close, texts are ASCII and cannot be commands, ticks are those of the picture, and many marks
 * are thinned with a word about it. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "plots/figure.h"
#include "plots/tikz_int.h"
#include "tests/check.h"

static char *tikz_with(const sx_figure *f, const sx_plot_style *style, sx_plot_notes *notes)
{
    sx_error err = SX_NO_ERROR;
    unsigned char *bytes;
    unsigned char *again;
    size_t size;
    size_t same;
    CHECK_OK(sx_figure_draw(f, style, "tex", &bytes, &size, notes, &err));
    CHECK_OK(sx_figure_draw(f, style, "tex", &again, &same, NULL, &err));
    assert_int_equal(size, same);
    assert_memory_equal(bytes, again, size);
    sx_release(again);
    char *text = sx_alloc(size + 1, 1);
    assert_non_null(text);
    memcpy(text, bytes, size);
    sx_release(bytes);
    return text;
}

static char *tikz(const sx_figure *f)
{
    sx_plot_style style = sx_plot_style_defaults();
    return tikz_with(f, &style, NULL);
}

static int count(const char *text, const char *what)
{
    int n = 0;
    for (const char *p = strstr(text, what); p; p = strstr(p + 1, what))
        n++;
    return n;
}

static void has(const char *text, const char *what)
{
    if (!strstr(text, what))
        print_error("no \"%s\"\n", what);
    assert_non_null(strstr(text, what));
}

/* The text without its comments, which end at the end of a line; a \% is none. */
static char *without_comments(const char *text)
{
    char *out = sx_alloc(strlen(text) + 1, 1);
    char *to = out;
    assert_non_null(out);
    for (const char *p = text; *p; p++) {
        if (*p == '\\' && p[1]) {
            *to++ = *p++;
            *to++ = *p;
        } else if (*p == '%') {
            p += strcspn(p, "\n");
            if (!*p)
                break;
        } else {
            *to++ = *p;
        }
    }
    return out;
}

/* Braces close in their order, environments too, and no byte is beyond ASCII. */
static void sound(const char *text)
{
    char *body = without_comments(text);
    int depth = 0;
    for (const char *p = body; *p; p++) {
        assert_true((unsigned char)*p < 0x7f && ((unsigned char)*p >= ' ' || *p == '\n'));
        if (*p == '\\' && p[1])
            p++;
        else
            depth += (*p == '{') - (*p == '}');
        assert_true(depth >= 0);
    }
    assert_int_equal(depth, 0);
    assert_int_equal(count(body, "\\begin{tikzpicture}"), 1);
    assert_int_equal(count(body, "\\end{tikzpicture}"), 1);
    assert_int_equal(count(body, "\\begin{axis}"), count(body, "\\end{axis}"));
    assert_int_equal(count(body, "\\begin{scope}"), count(body, "\\end{scope}"));
    sx_release(body);
}

/* --- texts --- */

static void shows(const char *text, bool markup, const char *want)
{
    sx_i_bytes out = {0};
    sx_i_tikz_text(&out, text, markup);
    assert_int_equal(sx_i_bytes_add(&out, "", 1), SX_OK);
    assert_string_equal((const char *)out.data, want);
    sx_release(out.data);
}

static void texts_are_shown_as_they_are(void **state)
{
    (void)state;
    shows("", false, "");
    shows("a b-c", false, "a b-c");
    shows("#$%&_{}", false, "\\#\\$\\%\\&\\_\\{\\}");
    shows("\\input{x}", false, "\\textbackslash{}input\\{x\\}");
    shows("^^5c", false, "\\textasciicircum{}\\textasciicircum{}5c");
    shows("~<>|", false, "\\textasciitilde{}\\textless{}\\textgreater{}\\textbar{}");
    shows("a--b,,''", false, "a-{}-b,{},'{}'");
    shows("?`", false, "?{}\\char96{}");
    shows("a  b ", false, "a \\ b\\ ");
    /* e acute, Angstrom's A, i circumflex, L with a stroke, sharp s */
    shows("\xc3\xa9\xc3\x85\xc3\xae\xc5\x81\xc3\x9f", false, "\\'{e}\\r{A}\\^{\\i}\\L{}\\ss{}");
    /* c caron, o double acute, z dot, w circumflex: the last of the table in their places */
    shows("\xc4\x8d\xc5\x91\xc5\xbc\xc5\xb5\xc5\xbe", false, "\\v{c}\\H{o}\\.{z}\\^{w}\\v{z}");
    /* gamma, minus, arrow, 10 to the minus 3 */
    shows("\xce\xb3\xe2\x88\x92\xe2\x86\x92", false, "$\\gamma$$-$$\\rightarrow$");
    shows("10\xe2\x81\xbb\xc2\xb3", false, "10$^{-}$$^{3}$");
    shows("\xf0\x9f\x98\x80\xd0\x96", false, "\\sextantsign{1F600}\\sextantsign{0416}");
    shows("\xff\xc3", false, "\\sextantsign{FFFD}\\sextantsign{FFFD}");
    shows("R_1 x^{a_b} *it* \\gamma", true,
          "R\\textsubscript{1}\\ x\\textsuperscript{ab}\\ \\textit{it}\\ $\\gamma$");
    shows("a\tb\x7f", false, "a b ");
}

/* --- charts --- */

static const double odd[] = {0.0123, 0.5678, 0.9012};

static sx_layer *layer(sx_chart *c, sx_layer_kind kind, const char *name)
{
    sx_layer *l = sx_chart_layer(c, kind, 3, name);
    for (int i = 0; i < 3; i++) {
        l->x[i] = odd[i];
        l->y[i] = odd[i] + 0.00001;
    }
    return l;
}

static void limits(sx_chart *c, sx_layer *l)
{
    sx_layer_limits(c, l);
    for (int i = 0; i < 3; i++) {
        l->low[i] = odd[i] - 0.00307;
        l->high[i] = odd[i] + 0.00409;
    }
}

static void has_numbers(const char *text, double more)
{
    char number[32];
    for (int i = 0; i < 3; i++) {
        double value = odd[i] + more;
        int digits = 1; /* the fewest that read back as the number */
        do
            snprintf(number, sizeof number, "%.*g", digits, value);
        while (fabs(strtod(number, NULL) - value) > 0 && ++digits < 18);
        has(text, number);
    }
}

static void numbers_of_all_layers_are_there(void **state)
{
    (void)state;
    static const sx_layer_kind kinds[] = {SX_LAYER_POINTS, SX_LAYER_LINE, SX_LAYER_AREA,
                                          SX_LAYER_BAND, SX_LAYER_ARROWS};
    for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++) {
        sx_figure *f = sx_figure_new("numbers");
        sx_chart *c = sx_figure_chart(f, "");
        sx_layer *l = layer(c, kinds[k], "series");
        bool limited = k == 0 || k > 2;
        if (limited)
            limits(c, l);
        char *text = tikz(f);
        sound(text);
        has_numbers(text, 0);
        if (kinds[k] != SX_LAYER_BAND)
            has_numbers(text, 0.00001);
        if (limited) {
            has_numbers(text, -0.00307);
            has_numbers(text, 0.00409);
        }
        has(text, "sextant/series 1");
        sx_release(text);
        sx_figure_free(f);
    }
}

static void categories(bool lying)
{
    sx_figure *f = sx_figure_new("bars");
    sx_chart *c = sx_figure_chart(f, "");
    sx_axis *a = lying ? &c->y : &c->x;
    sx_axis_category(c, a, "first");
    sx_axis_category(c, a, "second_one");
    sx_axis_category(c, a, "third");
    sx_layer *bars = layer(c, SX_LAYER_BARS, "bars");
    sx_layer *strip = layer(c, SX_LAYER_STRIP, "dots");
    sx_layer *rule = layer(c, SX_LAYER_RULES, "rules");
    limits(c, bars);
    for (int i = 0; i < 3; i++) {
        double *at[] = {lying ? bars->y : bars->x, lying ? strip->y : strip->x};
        at[0][i] = at[1][i] = i;
        (lying ? bars->x : bars->y)[i] = odd[i];
        (lying ? strip->x : strip->y)[i] = odd[i] + 0.00001;
        (lying ? rule->x : rule->y)[i] = odd[i] + 0.00002;
        if (lying)
            rule->y[i] = (double)NAN;
    }
    char *text = tikz(f);
    sound(text);
    has_numbers(text, 0);
    has_numbers(text, 0.00001);
    has_numbers(text, 0.00002);
    has_numbers(text, -0.00307);
    has(text, "second\\_one");
    has(text, lying ? "ytick={0,1,2}" : "xtick={0,1,2}");
    assert_int_equal(count(text, " rectangle (axis cs:"), 3);
    assert_int_equal(count(text, "y dir=reverse"), lying);
    sx_release(text);
    sx_figure_free(f);
}

static void bars_strips_and_rules(void **state)
{
    (void)state;
    categories(false);
    categories(true);
}

static void axes_are_those_of_the_picture(void **state)
{
    (void)state;
    sx_figure *f = sx_figure_new("axes");
    sx_chart *c = sx_figure_chart(f, "");
    sx_layer *l = layer(c, SX_LAYER_LINE, "");
    c->x.scale = SX_SCALE_LOG;
    l->x[0] = 1;
    l->x[1] = 100;
    l->x[2] = 10000;
    sx_figure_text(f, &c->x.title, "steps_{max}");
    char *text = tikz(f);
    has(text, "xmode=log");
    assert_null(strstr(text, "ymode=log"));
    has(text, "xtick={1,");
    has(text, "1000,10000}");
    has(text, "xlabel={\\sextantfit{");
    has(text, "{steps\\textsubscript{max}}");
    assert_null(strstr(text, "in points"));
    sx_release(text);

    /* a zero on it: places, and the numbers beside them */
    l->x[0] = 0;
    text = tikz(f);
    sound(text);
    assert_null(strstr(text, "xmode=log"));
    has(text, "% x in points");
    has(text, "datax datay");
    has(text, " 10000 ");
    sx_release(text);

    c->x.scale = SX_SCALE_SYMLOG;
    c->x.threshold = 1;
    l->x[0] = -100;
    text = tikz(f);
    has(text, "% x in points");
    has(text, " -100 ");
    sx_release(text);

    /* five digits do not tell these apart */
    c->x.scale = SX_SCALE_LINEAR;
    for (int i = 0; i < 3; i++)
        l->x[i] = 1e6 + 1e-3 * i;
    text = tikz(f);
    has(text, "% x in points");
    has(text, "1000000.001 ");
    sx_release(text);
    sx_figure_free(f);
}

static void arrows_are_longer_than_their_heads(void **state)
{
    (void)state;
    sx_figure *f = sx_figure_new("arrows");
    sx_chart *c = sx_figure_chart(f, "");
    sx_layer *l = layer(c, SX_LAYER_ARROWS, "");
    limits(c, l);
    l->low[0] = l->x[0];
    l->high[0] = l->y[0];
    l->low[1] = l->x[1] + 1e-4;
    l->high[1] = l->y[1];
    l->low[2] = 0;
    char *text = tikz(f);
    assert_int_equal(count(text, ", -latex"), 1);
    assert_int_equal(count(text, " -- (axis cs:"), 2);
    sx_release(text);

    /* an end that is not there */
    l->low[1] = INFINITY;
    l->high[1] = (double)NAN;
    text = tikz(f);
    assert_int_equal(count(text, " -- (axis cs:"), 1);
    assert_null(strstr(text, "nan"));
    sx_release(text);
    sx_figure_free(f);
}

static void gaps_are_gaps(void **state)
{
    (void)state;
    sx_figure *f = sx_figure_new("gaps");
    sx_chart *c = sx_figure_chart(f, "");
    sx_layer *l = sx_chart_layer(c, SX_LAYER_LINE, 6, "");
    for (int i = 0; i < 6; i++) {
        l->x[i] = i;
        l->y[i] = i == 2 || i == 4 ? (double)NAN : i;
    }
    char *text = tikz(f);
    sound(text);
    has(text, "unbounded coords=jump");
    has(text, "1 1\\\\\nnan nan\\\\\n3 3\\\\\n");
    /* between gaps, and behind the last one, a point is a dot */
    has(text, "(axis cs:3,3) circle");
    has(text, "(axis cs:5,5) circle");
    assert_null(strstr(text, "(axis cs:1,1) circle"));
    sx_release(text);
    sx_figure_free(f);
}

/* Places of an upright axis rise with its numbers. */
static void places_rise(void **state)
{
    (void)state;
    sx_figure *f = sx_figure_new("places");
    sx_chart *c = sx_figure_chart(f, "");
    sx_layer *l = layer(c, SX_LAYER_LINE, "");
    c->y.scale = SX_SCALE_SYMLOG;
    c->y.threshold = 1;
    for (int i = 0; i < 3; i++)
        l->y[i] = pow(-10, i); /* 1, -10, 100 */
    char *text = tikz(f);
    const char *row = strstr(text, "x y datax datay");
    double place[3];
    assert_non_null(row);
    for (int i = 0; i < 3; i++) {
        row = strchr(row, '\n') + 1;
        char *end;
        (void)strtod(row, &end);
        place[i] = strtod(end, NULL);
    }
    assert_true(place[1] < place[0] && place[0] < place[2]);
    sx_release(text);
    sx_figure_free(f);
}

static void drawn(const sx_i_mark *m, bool light, const char *want)
{
    sx_i_bytes out = {0};
    const sx_i_tikz t = {.light = light, .out = &out};
    sx_i_tikz_mark(&t, m);
    assert_int_equal(sx_i_bytes_add(&out, "", 1), SX_OK);
    assert_string_equal((const char *)out.data, want);
    sx_release(out.data);
}

static void marks_stand_at_their_places(void **state)
{
    (void)state;
    sx_i_mark m = {.kind = SX_I_RECT, .x = 1, .y = 2, .w = 3, .h = 4, .opacity = 1};
    m.colour = 0xff0000;
    drawn(&m, true, "\\sextantcell{1}{0}{0}{1bp}{-6bp}{3bp}{4bp}\n");
    m.colour = 0x0a0b0c;
    drawn(&m, false,
          "\\fill[color={rgb,255:red,10;green,11;blue,12}] (1,2) rectangle (4,6);\n");
    m.kind = SX_I_CLIP;
    drawn(&m, false, "\\begin{scope}\n\\clip (1,2) rectangle (4,6);\n");
    m.kind = SX_I_UNCLIP;
    drawn(&m, false, "\\end{scope}\n");
    m.kind = SX_I_DISC;
    m.size = 1.5;
    m.opacity = 0.5;
    m.class = "wall";
    drawn(&m, true,
          "\\fill[color={rgb,255:red,10;green,11;blue,12}, opacity=0.5, sextant/wall] "
          "(1,2) circle[radius=1.5bp];\n");
}

/* --- names and crowds --- */

static void names_are_no_commands(void **state)
{
    static const char *const names[] = {"}\\input{/etc/passwd}{",
                                        "\\immediate\\write18{touch taken}",
                                        "^^5cinput x",
                                        "\\end{tikzpicture}\\end{document}",
                                        "% & # $ ~ _ ^ ",
                                        "\xf0\x9f\x98\x80 {{{ }}}",
                                        "\\\\[1em]",
                                        "a,b={c};]"};
    enum { NAMES = sizeof names / sizeof *names };
    (void)state;
    sx_figure *f = sx_figure_new(names[0]);
    char title[256];
    f->letters = true;
    for (int i = 0; i < NAMES; i++) {
        sx_markup_escape(names[i], title, sizeof title);
        sx_chart *c = sx_figure_chart(f, title);
        sx_figure_text(f, &c->x.title, "%s", title);
        sx_figure_text(f, &c->note, "%s", title);
        sx_axis_category(c, &c->x, names[i]);
        sx_axis_category(c, &c->x, names[(i + 1) % NAMES]);
        sx_layer *l = sx_chart_layer(c, SX_LAYER_BARS, 1, names[i]);
        l->y[0] = 1;
        l = sx_chart_layer(c, SX_LAYER_WORDS, 1, names[i]);
        sx_layer_label(c, l, 0, names[i]);
    }
    sx_heat *m = sx_figure_heat(f, "", 1, NAMES, "\\gamma_{b}");
    for (int i = 0; i < NAMES; i++) {
        sx_heat_column(m, i, names[i]);
        m->value[i] = i;
    }
    sx_figure_text(f, &f->description, "%s\n\\input{x}\n", names[1]);
    char *text = tikz(f);
    sound(text);
    char *body = without_comments(text);
    /* \input is nowhere, but for the words after a \textbackslash{} */
    assert_null(strstr(body, "\\input"));
    assert_null(strstr(body, "\\write"));
    assert_null(strstr(body, "\\immediate"));
    assert_null(strstr(body, "^^"));
    assert_int_equal(count(body, "\\end{tikz"), 1);
    has(body, "textbackslash{}write18");
    has(body, "$\\gamma$");
    sx_release(body);
    sx_release(text);
    sx_figure_free(f);
}

static void crowds_are_thinned(void **state)
{
    (void)state;
    static const sx_layer_kind kinds[] = {SX_LAYER_POINTS, SX_LAYER_LINE};
    for (int k = 0; k < 2; k++) {
        sx_plot_style style = sx_plot_style_defaults();
        sx_plot_notes notes;
        sx_figure *f = sx_figure_new("crowd");
        sx_chart *c = sx_figure_chart(f, "");
        sx_layer *l = sx_chart_layer(c, kinds[k], 60000, "many");
        for (int64_t i = 0; i < l->n; i++) {
            l->x[i] = (double)i;
            l->y[i] = sin((double)i * (k ? 1e-3 : 1.1));
        }
        style.raster = SX_RASTER_NEVER;
        char *text = tikz_with(f, &style, &notes);
        sound(text);
        has(text, "60000 marks, here one of 15");
        assert_int_equal(notes.count, 1);
        has(notes.text[0], "TikZ has one of 15 of 60000 marks");
        assert_true(strlen(text) < 400000);
        sx_release(text);

        /* as an image of the density, which is thinned in turn */
        style.raster = SX_RASTER_ALWAYS;
        text = tikz_with(f, &style, &notes);
        sound(text);
        assert_true(strlen(text) < 800000);
        if (kinds[k] == SX_LAYER_POINTS)
            has(text, "60000 points as the image of their density");
        sx_release(text);
        sx_figure_free(f);
    }
}

/* Cells of a large matrix take less memory of TeX; of a larger map there is a warning. */
static void large_matrices_are_light(void **state)
{
    (void)state;
    sx_plot_style style = sx_plot_style_defaults();
    sx_plot_notes notes;
    sx_figure *f = sx_figure_new("large");
    sx_heat *m = sx_figure_heat(f, "", 80, 80, "distance");
    for (int i = 0; i < 6400; i++)
        m->value[i] = i;
    char *text = tikz_with(f, &style, &notes);
    sound(text);
    assert_true(count(text, "\n\\sextantcell{") >= 6400);
    /* the last cell: dark blue, in the lower right corner of the page's points */
    has(text, "\\sextantcell{0.0");
    sx_release(text);
    sx_figure_free(f);

    f = sx_figure_new("larger");
    sx_gridmap *g = sx_figure_gridmap(f, "", 60, 60, "");
    sx_gridmap_moves(g);
    for (int i = 0; i < 3600 * SX_GRID_MOVES; i++)
        g->move[i] = i;
    text = tikz_with(f, &style, &notes);
    sound(text);
    has(text, "% so many marks");
    has(notes.text[notes.count - 1], "lualatex");
    sx_release(text);
    sx_figure_free(f);
}

/* --- matrices and maps --- */

static void whatever_else_is_drawn(void **state)
{
    (void)state;
    sx_plot_style style = sx_plot_style_defaults();
    sx_figure *f = sx_figure_new("others");
    sx_heat *m = sx_figure_heat(f, "a matrix", 2, 2, "distance");
    const double value[] = {0.25, 0.5, 0.75, (double)NAN};
    memcpy(m->value, value, sizeof value);
    sx_gridmap *g = sx_figure_gridmap(f, "a map", 2, 3, "");
    sx_gridmap_moves(g);
    sx_gridmap_arrows(g);
    for (int i = 0; i < 6 * SX_GRID_MOVES; i++)
        g->move[i] = i % 4;
    g->arrow[3] = 1;
    g->kind[1] = SX_CELL_WALL;
    g->start[0] = 1;
    sx_gridmap_label(g, 2, "goal");
    style.theme = SX_THEME_DARK;
    char *text = tikz_with(f, &style, NULL);
    sound(text);
    has(text, "{0.25}");
    has(text, "{0.75}");
    has(text, "\\definecolor{sextantpaper}{HTML}{121212}");
    has(text, "\\fill[color=sextantpaper, sextant/page]");
    has(text, "goal");
    assert_int_equal(count(text, "\\begin{axis}"), 0);
    sx_release(text);

    style.transparent = true;
    text = tikz_with(f, &style, NULL);
    assert_null(strstr(text, "sextant/page]"));
    sx_release(text);
    sx_figure_free(f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(texts_are_shown_as_they_are),
                                       cmocka_unit_test(numbers_of_all_layers_are_there),
                                       cmocka_unit_test(bars_strips_and_rules),
                                       cmocka_unit_test(axes_are_those_of_the_picture),
                                       cmocka_unit_test(gaps_are_gaps),
                                       cmocka_unit_test(places_rise),
                                       cmocka_unit_test(marks_stand_at_their_places),
                                       cmocka_unit_test(arrows_are_longer_than_their_heads),
                                       cmocka_unit_test(names_are_no_commands),
                                       cmocka_unit_test(crowds_are_thinned),
                                       cmocka_unit_test(large_matrices_are_light),
                                       cmocka_unit_test(whatever_else_is_drawn)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
