/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_heat.c - matrices as figures: whole files of the right size, the same every time, with
 * the numbers and names in them and nothing on top of anything else. */
#include <stdio.h>
#include <stdlib.h>

#include "tests/scene_check.h"

typedef struct file {
    unsigned char *bytes;
    size_t size;
} file;

static const char *const formats[] = {"pdf", "svg", "png"};
static const char *const three[] = {"true", "shaped <a> & \"b\"", "learned"};
static const double nine[] = {0, 0.125, 1.5, 0.125, 0, 2, 1.5, 2, 0};

/* A figure of one matrix; label [rows], also of the columns, or NULL. */
static sx_figure *matrix(const char *title, const char *bar, int32_t rows, int32_t columns,
                         const char *const *label, const double *value)
{
    sx_figure *f = sx_figure_new(title);
    sx_heat *m = sx_figure_heat(f, "", rows, columns, bar);
    assert_non_null(m);
    for (int32_t i = 0; label && i < rows; i++)
        sx_heat_row(m, i, label[i]);
    for (int32_t j = 0; label && j < columns; j++)
        sx_heat_column(m, j, label[j]);
    for (int32_t i = 0; i < rows * columns; i++)
        m->value[i] = value[i];
    return f;
}

static file draw(const sx_figure *f, const char *format, double width)
{
    sx_plot_style style = sx_plot_style_defaults();
    sx_error err = SX_NO_ERROR;
    file made = {NULL, 0};
    style.width = width;
    CHECK_OK(sx_figure_draw(f, &style, format, &made.bytes, &made.size, NULL, &err));
    assert_non_null(made.bytes);
    return made;
}

static void the_same_figure_is_the_same_file(void **state)
{
    (void)state;
    sx_figure *f = matrix("Distances", "distance", 3, 3, three, nine);
    for (int k = 0; k < 3; k++) {
        file a = draw(f, formats[k], 0);
        for (int again = 0; again < 2; again++) {
            file b = draw(f, formats[k], 0);
            assert_int_equal(a.size, b.size);
            assert_memory_equal(a.bytes, b.bytes, a.size);
            sx_release(b.bytes);
        }
        sx_release(a.bytes);
    }
    sx_figure_free(f);
}

static void every_number_and_name_is_there(void **state)
{
    (void)state;
    sx_figure *f = matrix("A < B", "distance", 3, 3, three, nine);
    sx_i_scene s = scene_of(f, 0, NULL);
    assert_int_equal(count_marks(&s, "cell"), 9);
    assert_int_equal(count_marks(&s, "number"), 9);
    assert_int_equal(count_text(&s, "0"), 3);
    assert_int_equal(count_text(&s, "0.12"), 2); /* a half goes to the even neighbour */
    assert_int_equal(count_text(&s, "1.50"), 2);
    assert_int_equal(count_text(&s, "2.00"), 2);
    assert_int_equal(count_text(&s, "true"), 2);
    assert_int_equal(count_text(&s, "shaped <a> & \"b\""), 2);
    assert_int_equal(count_text(&s, "distance"), 1);
    assert_int_equal(count_text(&s, "no value"), 0);
    sx_i_scene_clear(&s);
    sx_figure_free(f);
}

static void missing_values_are_hatched(void **state)
{
    (void)state;
    const double value[] = {0, (double)NAN, (double)NAN, 0.5};
    sx_figure *f = matrix("", "", 2, 2, NULL, value);
    sx_i_scene s = scene_of(f, 0, NULL);
    assert_int_equal(count_text(&s, "no value"), 1);
    assert_int_equal(count_marks(&s, "cell"), 2);
    assert_true(count_marks(&s, "hole") > 4);
    assert_int_equal(count_marks(&s, "number"), 2);
    sx_i_scene_clear(&s);
    sx_figure_free(f);
}

/* width and height of a PNG, and its dots a metre */
static void png_size(const file *f, unsigned *width, unsigned *height, unsigned *density)
{
    const unsigned char *b = f->bytes;
    assert_true(f->size > 60 && memcmp(b, "\x89PNG\r\n\x1a\n", 8) == 0);
    *width = (unsigned)b[16] << 24 | (unsigned)b[17] << 16 | (unsigned)b[18] << 8 | b[19];
    *height = (unsigned)b[20] << 24 | (unsigned)b[21] << 16 | (unsigned)b[22] << 8 | b[23];
    assert_memory_equal(b + 37, "pHYs", 4);
    *density = (unsigned)b[41] << 24 | (unsigned)b[42] << 16 | (unsigned)b[43] << 8 | b[44];
}

static void pages_are_as_wide_as_asked(void **state)
{
    (void)state;
    const double widths[] = {234, 396, 486};
    sx_figure *f = matrix("", "distance", 3, 3, three, nine);
    for (int i = 0; i < 3; i++) {
        unsigned w = 0;
        unsigned h = 0;
        unsigned density = 0;
        file png = draw(f, "png", widths[i]);
        png_size(&png, &w, &h, &density);
        assert_int_equal(w, (unsigned)ceil(widths[i] * 300 / 72));
        assert_int_equal(density, 11811); /* 300 / 0.0254 */
        assert_true(h > w / 4 && h < 2 * w);
        sx_release(png.bytes);
    }
    sx_figure_free(f);
}

/* 1 to 40 rewards with long names; other shapes, too, with titles. */
static void any_shape_fits(void **state)
{
    (void)state;
    enum { MOST = 60 };
    static char name[MOST][160];
    static double value[MOST * MOST];
    const char *label[MOST];
    const int32_t size[][2] = {{1, 1},  {2, 2},  {3, 3},  {16, 16}, {40, 40},
                               {1, 60}, {60, 1}, {3, 20}, {20, 3}};
    for (int i = 0; i < MOST; i++) {
        snprintf(name[i], sizeof name[i],
                 "model %d with_a {name} that goes on and on \xce\xb3 "
                 "<&> \xf0\x9f\x98\x80 and on, as %d",
                 i, i);
        label[i] = name[i];
    }
    for (int i = 0; i < MOST * MOST; i++)
        value[i] = i % 11 ? 0.37 * (i % 6) - 0.5 : (double)NAN;
    for (size_t n = 0; n < 3 * sizeof size / sizeof *size; n++) {
        const double widths[] = {0, 234, 486};
        const int32_t *z = size[n / 3];
        sx_figure *f = matrix("", "a distance", z[0], z[1], label, value);
        sx_figure_text(f, &f->panel[0]->heat->row_title, "rows R_{1}");
        sx_figure_text(f, &f->panel[0]->heat->column_title, "columns \\gamma");
        sx_i_scene s = scene_of(f, widths[n % 3], NULL);
        if (n % 3 == 0)
            figure_check_styles(f);
        assert_int_equal(count_marks(&s, "cell") + (z[0] * z[1] + 10) / 11, z[0] * z[1]);
        sx_i_scene_clear(&s);
        sx_figure_free(f);
    }
}

static const sx_i_mark *bar_label(const sx_i_scene *s)
{
    return mark_of(s, "bar-label", 0);
}

static void huge_and_tiny_values_keep_three_digits(void **state)
{
    (void)state;
    const struct {
        double value;
        const char *number, *label;
    } cases[] = {
        {1.234e300, "1.23", "d / 10^{300}"},
        {5.678e-7, "5.68",
         "d / 10^{\xe2\x88\x92"
         "7}"},
        {4.9406564584124654e-324, "4.94",
         "d / 10^{\xe2\x88\x92"
         "324}"},
        {1.7976931348623157e308, "1.80", "d / 10^{308}"},
        {123.4, "123", "d"},
        {12.34, "12.3", "d"},
        {12, "12", "d"},
        {-0.5,
         "\xe2\x88\x92"
         "0.5",
         "d"},
        {-0.526,
         "\xe2\x88\x92"
         "0.53",
         "d"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        sx_figure *f = matrix("", "d", 1, 1, three, &cases[i].value);
        sx_i_scene s = scene_of(f, 0, NULL);
        assert_string_equal(mark_of(&s, "number", 0)->text, cases[i].number);
        assert_string_equal(bar_label(&s)->text, cases[i].label);
        sx_i_scene_clear(&s);
        sx_figure_free(f);
    }
}

/* Exactly 0 is white; the least other number is not; signs have colours of their own. */
static void zero_can_be_told_from_little(void **state)
{
    (void)state;
    const double value[] = {0, 1e-9, 1, -1e-9};
    sx_figure *f = matrix("", "", 2, 2, NULL, value);
    sx_i_scene s = scene_of(f, 0, NULL);
    sx_i_rgb zero = mark_of(&s, "cell", 0)->colour, above = mark_of(&s, "cell", 1)->colour;
    sx_i_rgb below = mark_of(&s, "cell", 3)->colour;
    assert_int_equal(zero, 0xffffff);
    assert_true(sx_i_colour_luminance(above) < 0.9 && sx_i_colour_luminance(below) < 0.9);
    assert_true((above & 0xff) > (above >> 16) && (below & 0xff) < (below >> 16));
    sx_i_scene_clear(&s);
    sx_figure_free(f);
}

static void constant_matrices_have_a_bar(void **state)
{
    (void)state;
    const double value[][4] = {{0, 0, 0, 0},
                               {-3, -3, -3, -3},
                               {7e100, 7e100, 7e100, 7e100},
                               {(double)NAN, (double)NAN, (double)NAN, (double)NAN}};
    for (int i = 0; i < 4; i++) {
        sx_figure *f = matrix("", "d", 2, 2, three, value[i]);
        sx_i_scene s = scene_of(f, 234, NULL);
        int32_t shades = 0; /* one for each strip of the bar */
        for (int32_t k = 0; k < s.marks; k++)
            shades +=
                s.mark[k].class && strcmp(s.mark[k].class, "bar") == 0 ? s.mark[k].rows : 0;
        assert_true(shades > 100);
        sx_i_scene_clear(&s);
        sx_figure_free(f);
    }
}

static void refuses(sx_figure *f, const char *format, double width, const char *why)
{
    sx_plot_style style = sx_plot_style_defaults();
    sx_error err = SX_NO_ERROR;
    unsigned char some = 0;
    unsigned char *bytes = &some;
    size_t size = 1;
    style.width = width;
    assert_int_equal(sx_figure_draw(f, &style, format, &bytes, &size, NULL, &err), SX_EARG);
    assert_null(bytes);
    assert_int_equal(size, 0);
    if (!strstr(err.msg, why))
        fail_msg("'%s' is not in '%s'", why, err.msg);
    sx_figure_free(f);
}

static void wrong_arguments_are_refused(void **state)
{
    (void)state;
    const double infinite[] = {0, INFINITY, 0, 0};
    const char *const broken[] = {"a", "b\xc3"};
    const char *const lines[] = {"a", "b\nc"};
    static const double zeros[201];
    refuses(matrix("", "", 2, 2, three, nine), "gif", 0, "\"gif\"");
    refuses(matrix("", "", 201, 1, NULL, zeros), "pdf", 0, "200");
    refuses(matrix("", "", 2, 2, three, infinite), "pdf", 0, "infinite");
    refuses(matrix("", "", 2, 2, broken, nine), "svg", 0, "UTF-8");
    refuses(matrix("", "", 2, 2, lines, nine), "svg", 0, "UTF-8");
    refuses(matrix("", "", 2, 2, three, nine), "png", (double)NAN, "inches");
}

/* Lightness falls all the way; on every colour one of black and white has contrast 4.5. */
static void colours_fall_in_lightness_and_carry_text(void **state)
{
    (void)state;
    double last = 2;
    for (int i = 0; i <= 1000; i++) {
        sx_i_rgb colour = sx_i_colour_sequential(i / 1000.0);
        double l = sx_i_colour_luminance(colour);
        assert_true(l <= last + 0.002);
        last = l;
        double text = sx_i_colour_luminance(sx_i_colour_text_on(colour));
        assert_true((fmax(l, text) + 0.05) / (fmin(l, text) + 0.05) >= 4.5);
    }
    CHECK_NEAR(sx_i_colour_luminance(0xffffff), 1, 1e-12);
    CHECK_NEAR(sx_i_colour_luminance(0x000000), 0, 1e-12);
}

static void numbers_are_rounded_as_printf_does(void **state)
{
    (void)state;
    const double values[] = {0,      0.004,      0.006, 1.999, 12.345678,
                             99.996, 123456.789, -3.25, -0.001};
    for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
        for (int decimals = 0; decimals < 4; decimals++) {
            char ours[32];
            char plain[64];
            const char *p = plain;
            sx_i_fixed(values[i], decimals, ours);
            snprintf(plain, sizeof plain, "%.*f", decimals, values[i]);
            bool zero = strspn(plain, "-0.") == strlen(plain);
            if (*p == '-') {
                p++;
                assert_true(zero || strncmp(ours, "\xe2\x88\x92", 3) == 0);
            }
            assert_string_equal(*ours == '\xe2' ? ours + 3 : ours, p);
        }
    }
}

/* Lines of markup are no wider than asked, have all of the text, and are cut where it must be.
 */
static void markup_breaks_at_spaces(void **state)
{
    (void)state;
    static const char text[] = "value of R\\_1, x_{max} and \\gamma^{10^{2}} after a_shaping";
    static const double widths[] = {1000, 90, 60, 40, 15};
    static char line[8][SX_I_LABEL];
    sx_i_fonts *f = sx_i_fonts_new(false);
    assert_non_null(f);
    for (int i = 0; i < 5; i++) {
        char joined[SX_I_LABEL] = "";
        int32_t n = sx_i_markup_wrap(f, text, 8, widths[i], 8, line);
        assert_in_range(n, 1, 8);
        for (int32_t k = 0; k < n; k++) {
            if (!strstr(line[k], "\xe2\x80\xa6"))
                assert_true(sx_i_markup_width(f, line[k], 8) <= widths[i] + 1e-9);
            strcat(joined, line[k]);
        }
        char plain[SX_I_LABEL] = "";
        char *end = plain;
        for (const char *p = text; *p; p++)
            if (*p != ' ')
                *end++ = *p;
        char *to = joined;
        for (const char *p = joined; *p; p++)
            if (*p != ' ')
                *to++ = *p;
        *to = '\0';
        if (widths[i] > 20)
            assert_string_equal(joined, plain);
    }
    assert_int_equal(sx_i_markup_wrap(f, text, 8, 60, 1, line), 1);
    assert_non_null(strstr(line[0], "\xe2\x80\xa6"));
    assert_int_equal(sx_i_markup_wrap(f, "", 8, 60, 3, line), 0);
    sx_i_fonts_free(f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_same_figure_is_the_same_file),
        cmocka_unit_test(every_number_and_name_is_there),
        cmocka_unit_test(missing_values_are_hatched),
        cmocka_unit_test(pages_are_as_wide_as_asked),
        cmocka_unit_test(any_shape_fits),
        cmocka_unit_test(huge_and_tiny_values_keep_three_digits),
        cmocka_unit_test(zero_can_be_told_from_little),
        cmocka_unit_test(constant_matrices_have_a_bar),
        cmocka_unit_test(wrong_arguments_are_refused),
        cmocka_unit_test(colours_fall_in_lightness_and_carry_text),
        cmocka_unit_test(numbers_are_rounded_as_printf_does),
        cmocka_unit_test(markup_breaks_at_spaces),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
