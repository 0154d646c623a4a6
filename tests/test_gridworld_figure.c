/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_gridworld_figure.c - every cell, wedge and arrow is one mark on the page, no text lies
 * on text, and the same gridworld is the same file. */
#include "plots/gridworld_int.h"
#include "tests/check.h"

enum { MOST = 100 * 100 };

static unsigned char kind[MOST], start[MOST], end[MOST];
static const char *label[MOST];
static double value[MOST], move[MOST * SX_GRID_MOVES];
static uint16_t arrows[MOST];

static sx_grid_figure grid(int32_t rows, int32_t columns, double width)
{
    for (int32_t i = 0; i < rows * columns; i++) {
        kind[i] = i % 7 == 3 ? SX_CELL_WALL : SX_CELL_FREE;
        start[i] = i == 0;
        end[i] = i == 1;
        label[i] = i == 0 ? "start" : i == 1 ? "a goal with a long name" : NULL;
        value[i] = 0.01 * (i % 90) - 0.4;
        arrows[i] = 3;
        for (int32_t j = 0; j < SX_GRID_MOVES; j++)
            move[i * SX_GRID_MOVES + j] = j < 4 ? -0.1 * j : (double)NAN;
    }
    return (sx_grid_figure){"A grid", "what", "value", rows, columns, false, true, kind,
                            start,    end,    label,   NULL, NULL,    NULL,  width};
}

static int32_t count(const sx_i_scene *s, const char *class)
{
    int32_t n = 0;
    for (int32_t i = 0; i < s->marks; i++)
        n += s->mark[i].class && !strcmp(s->mark[i].class, class);
    return n;
}

/* left, top, right, bottom of a text */
static void box(sx_i_fonts *f, const sx_i_mark *m, double b[4])
{
    double w = sx_i_text_width(f, m->text, m->size), h = 0.72 * m->size;
    double along = m->anchor == SX_I_MIDDLE ? w / 2 : m->anchor == SX_I_END ? w : 0;
    b[0] = m->angle > 0 ? m->x - h : m->x - along;
    b[1] = m->angle > 0 ? m->y + along - w : m->y - h;
    b[2] = b[0] + (m->angle > 0 ? h : w);
    b[3] = b[1] + (m->angle > 0 ? w : h);
}

static void check_texts(sx_i_fonts *f, const sx_i_scene *s)
{
    for (int32_t i = 0; i < s->marks; i++) {
        double a[4], b[4];
        if (s->mark[i].kind != SX_I_TEXT)
            continue;
        box(f, &s->mark[i], a);
        assert_true(a[0] >= 0 && a[1] >= 0 && a[2] <= s->width && a[3] <= s->height);
        for (int32_t j = 0; j < i; j++) {
            if (s->mark[j].kind != SX_I_TEXT)
                continue;
            box(f, &s->mark[j], b);
            if (a[0] < b[2] && b[0] < a[2] && a[1] < b[3] && b[1] < a[3])
                fail_msg("'%s' on '%s'", s->mark[i].text, s->mark[j].text);
        }
    }
}

static void every_part_is_one_mark(void **state)
{
    const int32_t size[][2] = {{1, 1}, {1, 12}, {4, 6}, {8, 8}, {30, 5}, {100, 100}};
    const double width[] = {0, 234, 396};
    sx_error err = SX_NO_ERROR;
    sx_i_fonts *f = sx_i_fonts_new(false);
    (void)state;
    for (size_t n = 0; n < sizeof size / sizeof *size * 9; n++) {
        const int32_t *z = size[n / 9];
        sx_grid_figure g = grid(z[0], z[1], width[n % 3]);
        sx_i_scene s = {0};
        int32_t walls = 0;
        if (n / 3 % 3 == 0)
            g.value = value;
        else if (n / 3 % 3 == 1)
            g.move = move;
        else
            g.arrows = arrows;
        for (int32_t i = 0; i < z[0] * z[1]; i++)
            walls += kind[i] == SX_CELL_WALL;
        CHECK_OK(sx_i_grid_scene(&g, f, &s, &err));
        assert_int_equal(count(&s, "wall"), walls);
        assert_int_equal(count(&s, g.move ? "wedge" : "cell"),
                         (z[0] * z[1] - walls) * (g.move ? 4 : 1));
        if (g.arrows)
            assert_int_equal(count(&s, "arrow"), 2 * z[0] * z[1]);
        if (width[n % 3] > 0)
            CHECK_NEAR(s.width, width[n % 3], 1e-12);
        check_texts(f, &s);
        sx_i_scene_clear(&s);
    }
    sx_i_fonts_free(f);
}

static void the_same_grid_is_the_same_file(void **state)
{
    const char *const format[] = {"pdf", "svg", "png"};
    sx_grid_figure g = grid(4, 6, 234);
    sx_error err = SX_NO_ERROR;
    (void)state;
    g.move = move;
    for (int i = 0; i < 3; i++) {
        unsigned char *a = NULL, *b = NULL;
        size_t n = 0, m = 0;
        CHECK_OK(sx_grid_figure_draw(&g, format[i], &a, &n, &err));
        CHECK_OK(sx_grid_figure_draw(&g, format[i], &b, &m, &err));
        assert_int_equal(n, m);
        assert_memory_equal(a, b, n);
        sx_release(a);
        sx_release(b);
    }
}

static void wrong_numbers_are_refused(void **state)
{
    sx_grid_figure g = grid(2, 2, 0);
    sx_error err = SX_NO_ERROR;
    unsigned char *a = NULL;
    size_t n = 0;
    (void)state;
    g.value = value;
    value[2] = INFINITY;
    assert_int_equal(sx_grid_figure_draw(&g, "svg", &a, &n, &err), SX_EARG);
    assert_null(a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_part_is_one_mark),
        cmocka_unit_test(the_same_grid_is_the_same_file),
        cmocka_unit_test(wrong_numbers_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
