/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_heat_names.c - names of matrices: whole where there is room, at one angle in a row of
 * panels, in type of 5 points or more, else numbers and a key that has them all; nothing is
 * upon anything else. */
#include <stdlib.h>

#include "tests/figure_check.h"

static const char *const words[] = {
    "demonstrations", "true",    "preferences from pairs",
    "both",           "length",  "x",
    "process model",  "R_2^{*}", "\xce\xb1 \xe2\x80\x96R\xe2\x80\x96"};
enum { WORDS = sizeof words / sizeof *words };

static void name_of(int32_t i, char name[64])
{
    snprintf(name, 64, "%s %d", words[i % WORDS], (int)i);
}

/* A matrix of |i - j|; columns called after `other`, 0: like rows. */
static void add(sx_figure *f, int32_t rows, int32_t columns, int32_t other)
{
    char name[64];
    sx_heat *m = sx_figure_heat(f, "a matrix", rows, columns, "distance");
    for (int32_t i = 0; i < rows; i++) {
        name_of(i, name);
        sx_heat_row(m, i, name);
    }
    for (int32_t j = 0; j < columns; j++) {
        name_of(j + other, name);
        sx_heat_column(m, j, name);
    }
    for (int32_t i = 0; i < rows; i++)
        for (int32_t j = 0; j < columns; j++)
            m->value[i * columns + j] = abs(i - j);
}

static void lay_out(const sx_figure *f, double width, sx_i_scene *s, sx_plot_notes *notes)
{
    sx_plot_style style = sx_plot_style_defaults();
    sx_error err = SX_NO_ERROR;
    style.width = width;
    assert_true(figure_check(f, &style));
    *s = (sx_i_scene){0};
    *notes = (sx_plot_notes){0};
    sx_i_fonts *fonts = sx_i_fonts_new(false);
    CHECK_OK(sx_i_figure_scene(f, &style, fonts, s, notes, &err));
    sx_i_fonts_free(fonts);
    for (int32_t i = 0; i < s->marks; i++)
        assert_true(s->mark[i].kind != SX_I_TEXT || check_class(&s->mark[i], "number") ||
                    s->mark[i].size >= 5);
}

/* How often a text is shown; *angle, where it is not NULL: of the last one. */
static int shown(const sx_i_scene *s, const char *text, double *angle)
{
    int n = 0;
    for (int32_t i = 0; i < s->marks; i++) {
        if (s->mark[i].kind != SX_I_TEXT || strcmp(s->mark[i].text, text) != 0)
            continue;
        n++;
        if (angle)
            *angle = s->mark[i].angle;
    }
    return n;
}

static bool noted(const sx_plot_notes *notes, const char *words_)
{
    for (int32_t i = 0; i < notes->count; i++)
        if (strstr(notes->text[i], words_))
            return true;
    return false;
}

static void check_all_shown(const sx_i_scene *s, int32_t n, int times)
{
    char name[64];
    for (int32_t i = 0; i < n; i++) {
        name_of(i, name);
        if (shown(s, name, NULL) != times)
            print_error("\"%s\" is shown %d times\n", name, shown(s, name, NULL));
        assert_int_equal(shown(s, name, NULL), times);
    }
}

static void forty_names_are_whole(void **state)
{
    (void)state;
    sx_i_scene s;
    sx_plot_notes notes;
    sx_figure *f = sx_figure_new("forty");
    add(f, 40, 40, 0);
    lay_out(f, 0, &s, &notes);
    check_all_shown(&s, 40, 2);
    assert_false(noted(&notes, "names"));
    sx_i_scene_clear(&s);
    sx_figure_free(f);
    f = sx_figure_new("tall");
    add(f, 40, 3, 0);
    lay_out(f, 0, &s, &notes);
    check_all_shown(&s, 3, 2);
    sx_i_scene_clear(&s);
    sx_figure_free(f);
}

/* In one column of a paper they are numbers, and the key has each name once. */
static void small_cells_have_a_key(void **state)
{
    (void)state;
    static const int32_t sizes[][3] = {{40, 40, 0},   {60, 60, 0},  {40, 40, 7},
                                       {3, 60, 0},    {50, 4, 0},   {100, 100, 0},
                                       {101, 101, 0}, {200, 200, 0}};
    for (size_t k = 0; k < sizeof sizes / sizeof *sizes; k++) {
        char name[64];
        sx_i_scene s;
        sx_plot_notes notes;
        int32_t rows = sizes[k][0];
        int32_t columns = sizes[k][1];
        sx_figure *f = sx_figure_new("small");
        add(f, rows, columns, sizes[k][2]);
        lay_out(f, 234, &s, &notes);
        assert_true(noted(&notes, "names are numbers") || rows == 50);
        bool listed = rows <= 100;
        for (int32_t j = 0; listed && j < columns; j++) {
            name_of(j + sizes[k][2], name);
            assert_true(shown(&s, name, NULL) >= 1);
        }
        assert_true(noted(&notes, "listed below") == listed || rows == 50);
        assert_int_equal(shown(&s, "rows", NULL), sizes[k][2] > 0 || rows == 3);
        assert_int_equal(shown(&s, "columns", NULL), sizes[k][2] > 0 || rows == 3);
        assert_true(shown(&s, "20", NULL) >= 1 || rows == 50);
        sx_i_scene_clear(&s);
        sx_figure_free(f);
    }
}

/* Matrices of different sizes beside each other. */
static void one_angle_in_a_row(void **state)
{
    (void)state;
    for (int32_t n = 2; n < 14; n++) {
        char name[64];
        double angle[2] = {-1, -1};
        int seen = 0;
        sx_i_scene s;
        sx_plot_notes notes;
        sx_figure *f = sx_figure_new("row");
        f->columns = 2;
        add(f, n, n, 0);
        add(f, n, n / 2 + 1, 0);
        lay_out(f, 486, &s, &notes);
        name_of(0, name);
        for (int32_t i = 0; i < s.marks; i++) {
            const sx_i_mark *m = &s.mark[i];
            if (check_class(m, "name") && m->anchor != SX_I_END && seen < 2 &&
                strcmp(m->text, name) == 0)
                angle[seen++] = m->angle;
        }
        assert_int_equal(seen, 2);
        CHECK_NEAR(angle[0], angle[1], 0);
        sx_i_scene_clear(&s);
        sx_figure_free(f);
    }
}

/* What is rounding beside the largest number is white as 0 is. */
static void rounding_is_white(void **state)
{
    (void)state;
    sx_i_scene s;
    sx_plot_notes notes;
    sx_figure *f = sx_figure_new("white");
    add(f, 2, 2, 0);
    sx_heat *m = f->panel[0]->heat;
    m->value[0] = 0;
    m->value[1] = 4e-16;
    m->value[2] = 1e-6;
    m->value[3] = 1;
    lay_out(f, 0, &s, &notes);
    int white = 0;
    for (int32_t i = 0; i < s.marks; i++)
        white += check_class(&s.mark[i], "cell") && s.mark[i].colour == SX_I_PAPER;
    assert_int_equal(white, 2);
    sx_i_scene_clear(&s);
    sx_figure_free(f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(forty_names_are_whole), cmocka_unit_test(small_cells_have_a_key),
        cmocka_unit_test(one_angle_in_a_row), cmocka_unit_test(rounding_is_white)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
