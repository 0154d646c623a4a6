/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_gridmap.c - every cell, wedge, arrow, circle and step of a gridworld is one mark on the
 * page, no text lies on text, and the same gridworld is the same file. */
#include <stdio.h>
#include <stdlib.h>

#include "tests/scene_check.h"

static const double missing = (double)NAN;

/* A panel with walls, names, a start and an end. */
static sx_gridmap *grid(sx_figure **f, int32_t rows, int32_t columns, const char *bar)
{
    *f = sx_figure_new("A grid");
    sx_gridmap *g = sx_figure_gridmap(*f, "", rows, columns, bar);
    assert_non_null(g);
    for (int32_t i = 0; i < rows * columns; i++) {
        g->kind[i] = i % 7 == 3 ? SX_CELL_WALL : SX_CELL_FREE;
        g->start[i] = i == 0;
        g->end[i] = i == 1;
    }
    sx_gridmap_label(g, 0, "start");
    sx_gridmap_label(g, 1, "a goal with a long name");
    return g;
}

static int32_t count_kind(const sx_gridmap *g, int kind)
{
    int32_t n = 0;
    for (int32_t i = 0; i < g->rows * g->columns; i++)
        n += g->kind[i] == kind;
    return n;
}

static void put_values(sx_gridmap *g)
{
    sx_gridmap_values(g);
    for (int32_t i = 0; i < g->rows * g->columns; i++)
        g->value[i] = 0.01 * (i % 90) - 0.4;
}

static void put_moves(sx_gridmap *g, int32_t moves, bool stay)
{
    sx_gridmap_moves(g);
    g->eight = moves == 8;
    for (int32_t i = 0; i < g->rows * g->columns; i++)
        for (int32_t j = 0; j < SX_GRID_MOVES; j++)
            if (j < moves || (stay && j == SX_GRID_STAY))
                g->move[i * SX_GRID_MOVES + j] = -0.12 * j + 0.05 * (i % 3);
}

static void put_arrows(sx_gridmap *g)
{
    sx_gridmap_arrows(g);
    for (size_t i = 0; i < (size_t)g->rows * (size_t)g->columns; i++)
        g->arrow[i * SX_GRID_MOVES] = g->arrow[i * SX_GRID_MOVES + 1] = 1;
}

static const int32_t sizes[][2] = {{1, 1},  {1, 12},  {4, 6},   {8, 8},
                                   {30, 5}, {60, 70}, {1, 200}, {200, 1}};
enum { SIZES = sizeof sizes / sizeof *sizes };
static const double widths[] = {0, 234, 396};

static void every_cell_with_a_value_is_one_mark(void **state)
{
    (void)state;
    for (int n = 0; n < 3 * SIZES; n++) {
        sx_figure *f;
        sx_gridmap *g = grid(&f, sizes[n / 3][0], sizes[n / 3][1], "value");
        put_values(g);
        g->coords = n % 2;
        sx_i_scene s = scene_of(f, widths[n % 3], NULL);
        assert_int_equal(count_marks(&s, "wall"), count_kind(g, SX_CELL_WALL));
        assert_int_equal(count_marks(&s, "cell"), count_kind(g, SX_CELL_FREE));
        sx_i_scene_clear(&s);
        sx_figure_free(f);
    }
}

static void every_move_is_one_wedge(void **state)
{
    (void)state;
    for (int n = 0; n < 12 * SIZES; n++) {
        sx_figure *f;
        const int32_t *size = sizes[n / 12];
        int32_t moves = n / 3 % 2 ? 8 : 4;
        bool stay = n / 6 % 2;
        sx_gridmap *g = grid(&f, size[0], size[1], "reward");
        put_moves(g, moves, stay);
        g->move[2] = missing;
        sx_i_scene s = scene_of(f, widths[n % 3], NULL);
        int32_t free = count_kind(g, SX_CELL_FREE);
        assert_int_equal(count_marks(&s, "wedge"), moves * free - 1);
        assert_int_equal(count_marks(&s, "stay"), stay ? free : 0);
        assert_int_equal(count_marks(&s, "missing"), moves == 8 && !stay ? free : 1);
        int32_t numbers = count_marks(&s, "number");
        assert_true(numbers == 0 || numbers >= moves * free - 1);
        sx_i_scene_clear(&s);
        sx_figure_free(f);
    }
}

static void every_share_is_one_arrow(void **state)
{
    (void)state;
    for (int n = 0; n < 6 * SIZES; n++) {
        sx_figure *f;
        sx_gridmap *g = grid(&f, sizes[n / 6][0], sizes[n / 6][1], "value");
        put_arrows(g);
        if (n / 3 % 2)
            put_values(g);
        sx_i_scene s = scene_of(f, widths[n % 3], NULL);
        int32_t arrows = count_marks(&s, "arrow");
        /* cells below two points have none */
        if (sizes[n / 6][0] < 60 && sizes[n / 6][1] < 200 && sizes[n / 6][0] < 200)
            assert_int_equal(arrows, 2 * count_kind(g, SX_CELL_FREE));
        assert_int_equal(arrows, count_marks(&s, "shaft"));
        sx_i_scene_clear(&s);
        sx_figure_free(f);
    }
}

static double length_of(const sx_i_mark *m)
{
    return hypot(m->w, m->h);
}

/* Longer and darker by share, in the direction of the move. */
static void arrows_show_shares(void **state)
{
    (void)state;
    sx_figure *f;
    sx_gridmap *g = grid(&f, 1, 2, "");
    sx_gridmap_arrows(g);
    g->arrow[0] = 0.75; /* up */
    g->arrow[3] = 0.2;  /* right */
    g->arrow[SX_GRID_STAY] = 0.05;
    g->arrow[2] = 0.001;             /* too little to be seen */
    g->arrow[SX_GRID_MOVES + 4] = 1; /* up and left, alone */
    sx_i_scene s = scene_of(f, 234, NULL);
    assert_int_equal(count_marks(&s, "arrow"), 4);
    const sx_i_mark *up = mark_of(&s, "shaft", 0), *right = mark_of(&s, "shaft", 1);
    assert_true(length_of(up) > 1.5 * length_of(right));
    assert_true(up->h < 0 && fabs(up->w) < 1e-9 && right->w > 0 && fabs(right->h) < 1e-9);
    assert_true(sx_i_colour_luminance(up->colour) < sx_i_colour_luminance(right->colour));
    const sx_i_mark *alone = mark_of(&s, "shaft", 2);
    assert_true(alone->w < 0 && alone->h < 0);
    CHECK_NEAR(alone->w, alone->h, 1e-9);
    sx_i_scene_clear(&s);
    sx_figure_free(f);
}

/* Wedges lie where their move goes, and have the colours of their numbers. */
static void wedges_point_where_they_go(void **state)
{
    (void)state;
    sx_figure *f;
    sx_gridmap *g = grid(&f, 1, 1, "reward");
    g->label[0][0] = '\0';
    put_moves(g, 4, false);
    const double value[] = {1, -1, 0, 0.001};
    memcpy(g->move, value, sizeof value);
    sx_i_scene s = scene_of(f, 234, NULL);
    const double dx[] = {0, 0, -1, 1}, dy[] = {-1, 1, 0, 0};
    for (int i = 0; i < 4; i++) {
        const sx_i_mark *m = mark_of(&s, "wedge", i);
        double x = (m->w + m->u) / 3, y = (m->h + m->v) / 3; /* middle, from the cell's */
        assert_true(dx[i] == 0 ? fabs(x) < 1e-6 : x * dx[i] > 0);
        assert_true(dy[i] == 0 ? fabs(y) < 1e-6 : y * dy[i] > 0);
    }
    sx_i_rgb up = mark_of(&s, "wedge", 0)->colour, down = mark_of(&s, "wedge", 1)->colour;
    sx_i_rgb zero = mark_of(&s, "wedge", 2)->colour, small = mark_of(&s, "wedge", 3)->colour;
    assert_true((up & 0xff) > (up >> 16));     /* blue */
    assert_true((down & 0xff) < (down >> 16)); /* brown */
    assert_int_equal(zero, 0xffffff);
    assert_true(sx_i_colour_luminance(small) < 0.9); /* can be told from white */
    assert_int_equal(count_text(&s, "0"), 1);        /* 0.001 is written 0.00 */
    assert_int_equal(count_text(&s, "0.00"), 1);
    sx_i_scene_clear(&s);
    sx_figure_free(f);
}

static void eight_moves_lie_round_the_middle(void **state)
{
    (void)state;
    sx_figure *f;
    sx_gridmap *g = grid(&f, 1, 1, "reward");
    put_moves(g, 8, true);
    sx_i_scene s = scene_of(f, 234, NULL);
    const int down[] = {-1, 1, 0, 0, -1, -1, 1, 1}, right[] = {0, 0, -1, 1, -1, 1, -1, 1};
    const sx_i_mark *stay = mark_of(&s, "stay", 0);
    for (int i = 0; i < 8; i++) {
        const sx_i_mark *m = mark_of(&s, "wedge", i);
        CHECK_NEAR((m->x - stay->x) / m->w, right[i], 1e-9);
        CHECK_NEAR((m->y - stay->y) / m->h, down[i], 1e-9);
    }
    sx_i_scene_clear(&s);
    sx_figure_free(f);
}

static bool noted(const sx_plot_notes *n, const char *part)
{
    for (int32_t i = 0; i < n->count; i++)
        if (strstr(n->text[i], part))
            return true;
    return false;
}

static void what_is_left_out_is_noted(void **state)
{
    (void)state;
    const struct {
        int32_t rows, columns;
        bool left_out;
    } cases[] = {{3, 3, false}, {12, 12, true}};
    for (int i = 0; i < 2; i++) {
        sx_figure *f;
        sx_plot_notes notes = {0};
        sx_gridmap *g = grid(&f, cases[i].rows, cases[i].columns, "reward");
        put_moves(g, 4, false);
        sx_i_scene s = scene_of(f, 234, &notes);
        assert_int_equal(noted(&notes, "numbers are left out"), cases[i].left_out);
        assert_int_equal(count_marks(&s, "number") == 0, cases[i].left_out);
        sx_i_scene_clear(&s);
        sx_figure_free(f);
    }
}

static void circles_senders_and_holes_have_a_key(void **state)
{
    (void)state;
    sx_figure *f;
    sx_gridmap *g = grid(&f, 4, 5, "value");
    put_values(g);
    g->kind[7] = SX_CELL_SENDER;
    g->value[8] = missing;
    sx_gridmap_marks(g);
    g->mark[5] = g->mark[9] = 1;
    sx_figure_text(f, &g->marked, "optimal moves differ");
    sx_i_scene s = scene_of(f, 234, NULL);
    assert_int_equal(count_marks(&s, "circle"), 2);
    assert_int_equal(count_marks(&s, "halo"), 2);
    assert_int_equal(count_text(&s, "optimal moves differ"), 1);
    assert_int_equal(count_text(&s, "sends on"), 1);
    assert_int_equal(count_text(&s, "no value"), 1);
    assert_int_equal(count_text(&s, "begins here"), 1);
    assert_int_equal(count_text(&s, "ends here"), 1);
    assert_int_equal(count_text(&s, "S"), 2); /* in its cell and in the key */
    sx_i_scene_clear(&s);
    sx_figure_free(f);
}

static void ways_are_drawn_step_by_step(void **state)
{
    (void)state;
    const int32_t cell[] = {0, 1, 1, 7, 6, 0, 17};
    sx_figure *f;
    sx_gridmap *g = grid(&f, 3, 6, "");
    sx_way *w = sx_gridmap_way(g, "", 7);
    memcpy(w->cell, cell, sizeof cell);
    sx_i_scene s = scene_of(f, 234, NULL);
    assert_int_equal(count_marks(&s, "step"), 5); /* one stays */
    assert_int_equal(count_marks(&s, "way-start"), 1);
    assert_int_equal(count_marks(&s, "way-end"), 1);
    assert_int_equal(mark_of(&s, "step", 4)->dash, SX_DASH_DOTTED); /* from 0 to 17: a jump */
    assert_int_equal(mark_of(&s, "step", 0)->dash, SX_DASH_SOLID);
    assert_true(mark_of(&s, "step", 0)->opacity < mark_of(&s, "step", 4)->opacity);
    assert_int_equal(count_text(&s, "0,5"), 1);
    assert_int_equal(count_text(&s, "1,2"), 1);
    assert_int_equal(count_text(&s, "6"), 1);
    /* the second visit to cell 0 is beside the first */
    const sx_i_mark *last = mark_of(&s, "step", 3), *first = mark_of(&s, "step", 0);
    assert_true(hypot(last->xy[2] - first->xy[0], last->xy[3] - first->xy[1]) > 1);
    sx_i_scene_clear(&s);
    sx_figure_free(f);
}

static void several_ways_are_apart_and_named(void **state)
{
    (void)state;
    sx_figure *f;
    sx_gridmap *g = grid(&f, 3, 3, "");
    for (int i = 0; i < 4; i++) {
        char name[16];
        snprintf(name, sizeof name, "way %d", i);
        sx_way *w = sx_gridmap_way(g, name, 2);
        w->cell[0] = 4;
        w->cell[1] = 5;
    }
    sx_i_scene s = scene_of(f, 234, NULL);
    assert_int_equal(count_marks(&s, "step"), 4);
    for (int i = 1; i < 4; i++) {
        assert_true(mark_of(&s, "step", i)->xy[1] > mark_of(&s, "step", i - 1)->xy[1] + 1);
        assert_int_not_equal(mark_of(&s, "step", i)->colour,
                             mark_of(&s, "step", i - 1)->colour);
    }
    assert_int_equal(count_text(&s, "way 3"), 1);
    sx_i_scene_clear(&s);
    sx_figure_free(f);
}

static void very_many_cells_are_an_image(void **state)
{
    (void)state;
    sx_figure *f;
    sx_gridmap *g = grid(&f, 200, 200, "value");
    put_moves(g, 4, false);
    sx_i_scene s = scene_of(f, 234, NULL);
    const sx_i_mark *image = mark_of(&s, "cells", 0);
    assert_int_equal(image->kind, SX_I_IMAGE);
    assert_int_equal(image->rows, 600);
    assert_int_equal(image->columns, 600);
    assert_int_equal(image->pixel[600 + 9 + 1] & 0xffffff, 0x8c8c8c); /* cell 3 is a wall */
    assert_true(s.marks < 500);
    sx_i_scene_clear(&s);
    sx_figure_free(f);
}

/* Light and dark, sans and serif, small and large pages. */
static void all_styles(void **state)
{
    (void)state;
    for (int n = 0; n < 5 * SIZES; n++) {
        sx_figure *f;
        sx_gridmap *g = grid(&f, sizes[n / 5][0], sizes[n / 5][1], "reward R_{1}");
        g->coords = true;
        if (n % 5 == 0)
            put_values(g);
        if (n % 5 < 2)
            put_arrows(g);
        if (n % 5 == 2 || n % 5 == 3)
            put_moves(g, n % 5 == 2 ? 4 : 8, true);
        if (n % 5 == 4)
            sx_gridmap_way(g, "a way", 2)->cell[1] = g->rows * g->columns - 1;
        figure_check_styles(f);
        sx_figure_free(f);
    }
}

/* Whatever the names are, they stay on the page and apart. */
static void hard_names_and_numbers(void **state)
{
    (void)state;
    static const char long_name[] =
        "x_1^2 {not} *markup* \\gamma <&> of a cell whose name goes on for more than one "
        "hundred and twenty characters, really and truly so";
    static const char *const name[] = {long_name, "\xce\xb3\xce\xbb", "\xf0\x9f\x98\x80 smile",
                                       "A",       "a second A",       ""};
    const double scale[] = {1e-300, 1e300, 0, 1, 1e-7};
    for (int i = 0; i < 5; i++) {
        sx_figure *f;
        sx_gridmap *g = grid(&f, 4, 4,
                             "a label \\_ of the bar that is far too long to stand "
                             "beside it on a page of this size");
        for (int32_t k = 0; k < 6; k++)
            sx_gridmap_label(g, 2 * k, name[k]);
        put_values(g);
        for (int32_t k = 0; k < 16; k++)
            g->value[k] = k % 3 == 0 ? scale[i] : -scale[i] * k / 16;
        sx_i_scene s = scene_of(f, 234, NULL);
        sx_i_scene_clear(&s);
        g->value = sx_release(g->value);
        s = scene_of(f, 234, NULL); /* the map alone */
        sx_i_scene_clear(&s);
        sx_figure_free(f);
    }
}

static void one_bar_for_several_panels(void **state)
{
    (void)state;
    sx_figure *f = sx_figure_new("three");
    f->share_bar = true;
    for (int i = 0; i < 3; i++) {
        sx_gridmap *g = sx_figure_gridmap(f, "one", 2, 2, "shared");
        sx_gridmap_values(g);
        for (int k = 0; k < 4; k++)
            g->value[k] = i + 0.25 * k;
    }
    sx_i_scene s = scene_of(f, 396, NULL);
    assert_int_equal(count_text(&s, "shared"), 1);
    /* 1 in the second panel has the colour of 1 in a range up to 2.75, not of its own least */
    assert_int_not_equal(mark_of(&s, "cell", 0)->colour, mark_of(&s, "cell", 4)->colour);
    sx_i_scene_clear(&s);
    sx_figure_free(f);
}

/* The key explains the letters of cells, and none that no cell has; frames stand out from what
 * is below them. */
static void letters_of_the_key_are_in_cells(void **state)
{
    (void)state;
    for (int n = 0; n < 2 * 2 * 3; n++) {
        sx_figure *f;
        sx_plot_style style = sx_plot_style_defaults();
        sx_gridmap *g = grid(&f, 4, n / 4 == 2 ? 40 : 3 + 3 * (n / 4), "bar");
        put_moves(g, n % 2 ? 8 : 4, n / 2 % 2);
        sx_i_scene s = scene_of(f, 234, NULL);
        int32_t letters = count_text(&s, "S");
        assert_true(letters == 0 || letters == 2);
        assert_int_equal(count_text(&s, "start"), letters / 2);
        sx_i_scene_clear(&s);
        style.theme = SX_THEME_DARK;
        sx_i_fonts *fonts = sx_i_fonts_new(false);
        sx_error err = SX_NO_ERROR;
        s = (sx_i_scene){0};
        CHECK_OK(sx_i_figure_scene(f, &style, fonts, &s, &(sx_plot_notes){0}, &err));
        const sx_i_mark *wedge = mark_of(&s, "wedge", 0), *start = mark_of(&s, "start", 0);
        if (wedge && start)
            assert_true(fabs(sx_i_colour_luminance(wedge->colour) -
                             sx_i_colour_luminance(start->colour)) > 0.2);
        sx_i_scene_clear(&s);
        sx_i_fonts_free(fonts);
        sx_figure_free(f);
    }
}

/* Maps of one world have one key, which stands below all of them and says what is in any;
 * others have their own. */
static void one_key_for_one_world(void **state)
{
    (void)state;
    for (int kind = 0; kind < 5; kind++) {
        sx_figure *f = sx_figure_new("two");
        for (int i = 0; i < 2; i++) {
            sx_gridmap *g = sx_figure_gridmap(f, "one", 3, 3, "bar");
            sx_gridmap_values(g);
            for (int k = 0; k < 9; k++)
                g->value[k] = kind == 1 && i == 1 && k == 4 ? (double)NAN : k;
            sx_gridmap_label(g, 8, kind == 2 && i == 1 ? "other place" : "far-away place");
            g->start[kind == 3 ? i : 0] = 1;
            g->kind[4] = kind == 4 && i == 1 ? SX_CELL_WALL : SX_CELL_FREE;
        }
        sx_i_scene s = scene_of(f, 486, NULL);
        assert_int_equal(count_text(&s, "begins here"), kind < 2 ? 1 : 2);
        assert_int_equal(count_text(&s, "no value"), kind == 1);
        assert_int_equal(count_text(&s, "far-away place"), kind == 2 || kind < 2 ? 1 : 2);
        sx_i_scene_clear(&s);
        figure_check_styles(f);
        sx_figure_free(f);
    }
}

static void the_same_grid_is_the_same_file(void **state)
{
    (void)state;
    const char *const format[] = {"pdf", "svg", "png"};
    sx_figure *f;
    sx_gridmap *g = grid(&f, 4, 6, "reward");
    put_moves(g, 4, true);
    for (int i = 0; i < 3; i++) {
        sx_plot_style style = sx_plot_style_defaults();
        sx_error err = SX_NO_ERROR;
        unsigned char *a = NULL, *b = NULL;
        size_t n = 0, m = 0;
        CHECK_OK(sx_figure_draw(f, &style, format[i], &a, &n, NULL, &err));
        CHECK_OK(sx_figure_draw(f, &style, format[i], &b, &m, NULL, &err));
        assert_int_equal(n, m);
        assert_memory_equal(a, b, n);
        sx_release(a);
        sx_release(b);
    }
    sx_figure_free(f);
}

static void refused(sx_figure *f, const char *why)
{
    sx_plot_style style = sx_plot_style_defaults();
    sx_error err = SX_NO_ERROR;
    unsigned char *bytes = NULL;
    size_t size = 0;
    assert_int_equal(sx_figure_draw(f, &style, "svg", &bytes, &size, NULL, &err), SX_EARG);
    assert_null(bytes);
    if (!strstr(err.msg, why))
        fail_msg("'%s' is not in '%s'", why, err.msg);
    sx_figure_free(f);
}

static void wrong_numbers_are_refused(void **state)
{
    (void)state;
    sx_figure *f;
    sx_gridmap *g = grid(&f, 2, 2, "");
    put_values(g);
    g->value[2] = INFINITY;
    refused(f, "infinite");
    g = grid(&f, 2, 2, "");
    sx_gridmap_way(g, "", 2)->cell[1] = 4;
    refused(f, "leaves the gridworld");
    (void)grid(&f, 201, 1, "");
    refused(f, "200");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_cell_with_a_value_is_one_mark),
        cmocka_unit_test(every_move_is_one_wedge),
        cmocka_unit_test(every_share_is_one_arrow),
        cmocka_unit_test(arrows_show_shares),
        cmocka_unit_test(wedges_point_where_they_go),
        cmocka_unit_test(eight_moves_lie_round_the_middle),
        cmocka_unit_test(what_is_left_out_is_noted),
        cmocka_unit_test(circles_senders_and_holes_have_a_key),
        cmocka_unit_test(ways_are_drawn_step_by_step),
        cmocka_unit_test(several_ways_are_apart_and_named),
        cmocka_unit_test(very_many_cells_are_an_image),
        cmocka_unit_test(all_styles),
        cmocka_unit_test(hard_names_and_numbers),
        cmocka_unit_test(one_bar_for_several_panels),
        cmocka_unit_test(letters_of_the_key_are_in_cells),
        cmocka_unit_test(one_key_for_one_world),
        cmocka_unit_test(the_same_grid_is_the_same_file),
        cmocka_unit_test(wrong_numbers_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
