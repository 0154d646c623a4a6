/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_heatmap.c - figures are whole files of the right size, the same every time, with the
 * numbers and names in them and nothing on top of anything else. */
#include "plots/heatmap.h"
#include "plots/plots_int.h"
#include "tests/check.h"

#include <stdio.h>
#include <stdlib.h>

typedef struct figure {
    unsigned char *bytes;
    size_t size;
} figure;

static figure draw(const sx_heatmap *h, const char *format)
{
    sx_error err = SX_NO_ERROR;
    figure f = {NULL, 0};
    CHECK_OK(sx_heatmap_draw(h, format, &f.bytes, &f.size, &err));
    assert_non_null(f.bytes);
    return f;
}

/* A drawing as text that ends in a zero byte; owned by the caller. */
static char *draw_svg(const sx_heatmap *h)
{
    figure f = draw(h, "svg");
    char *text = calloc(f.size + 1, 1);
    assert_non_null(text);
    memcpy(text, f.bytes, f.size);
    sx_release(f.bytes);
    return text;
}

static int count(const char *text, const char *word)
{
    int n = 0;
    for (const char *p = text; (p = strstr(p, word)) != NULL; p++)
        n++;
    return n;
}

static const char *const three[] = {"true", "shaped <a> & \"b\"", "learned"};
static const double nine[] = {0, 0.125, 1.5, 0.125, 0, 2, 1.5, 2, 0};

static const char *const formats[] = {"pdf", "svg", "png"};

static void the_same_figure_is_the_same_file(void **state)
{
    (void)state;
    sx_heatmap h = {"Distances", "distance", 3, three, nine, 0};
    for (int f = 0; f < 3; f++) {
        figure a = draw(&h, formats[f]);
        for (int again = 0; again < 2; again++) {
            figure b = draw(&h, formats[f]);
            assert_int_equal(a.size, b.size);
            assert_memory_equal(a.bytes, b.bytes, a.size);
            sx_release(b.bytes);
        }
        sx_release(a.bytes);
    }
}

static void svg_has_every_number_and_name(void **state)
{
    (void)state;
    sx_heatmap h = {"A < B", "distance", 3, three, nine, 0};
    char *svg = draw_svg(&h);
    assert_int_equal(count(svg, ">0.00<"), 3);
    assert_int_equal(count(svg, ">0.12<"), 2);
    assert_int_equal(count(svg, ">1.50<"), 2);
    assert_int_equal(count(svg, ">2.00<"), 2);
    assert_int_equal(count(svg, ">true<"), 2);
    assert_int_equal(count(svg, ">shaped &lt;a&gt; &amp; &quot;b&quot;<"), 2);
    assert_int_equal(count(svg, ">distance<"), 1);
    assert_int_equal(count(svg, "<title id=\"title\">A &lt; B</title>"), 1);
    assert_int_equal(count(svg, "no value"), 0);
    free(svg);
}

static void missing_values_are_hatched(void **state)
{
    (void)state;
    const double value[] = {0, NAN, NAN, 0};
    sx_heatmap h = {"", "", 2, three, value, 0};
    char *svg = draw_svg(&h);
    assert_int_equal(count(svg, ">no value<"), 1);
    assert_int_equal(count(svg, ">0.00<"), 2);
    assert_true(count(svg, "fill=\"#e8e8e8\"") == 3);
    assert_null(strstr(svg, "nan"));
    free(svg);
}

/* width and height of a PNG, and its dots a metre */
static void png_size(const figure *f, unsigned *width, unsigned *height, unsigned *density)
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
    for (int i = 0; i < 3; i++) {
        double width = widths[i];
        char text[64];
        unsigned w = 0;
        unsigned h = 0;
        unsigned density = 0;
        sx_heatmap map = {"", "distance", 3, three, nine, width};
        char *svg = draw_svg(&map);
        figure png = draw(&map, "png");
        snprintf(text, sizeof text, "width=\"%.2fpt\"", width);
        assert_non_null(strstr(svg, text));
        png_size(&png, &w, &h, &density);
        assert_int_equal(w, (unsigned)ceil(width * 300 / 72));
        assert_int_equal(density, 11811); /* 300 / 0.0254 */
        assert_true(h > w / 3 && h < 2 * w);
        sx_release(png.bytes);
        free(svg);
    }
}

/* Every mark of an SVG lies on the page: a walk over its coordinates. */
static void inside_page(const char *svg)
{
    double width = 0;
    double height = 0;
    const char *p = strstr(svg, "viewBox=");
    assert_int_equal(sscanf(p, "viewBox=\"0 0 %lf %lf\"", &width, &height), 2);
    for (p = svg; (p = strstr(p, "<rect x=")) != NULL; p++) {
        double x = -1;
        double y = -1;
        double w = -1;
        double h = -1;
        assert_int_equal(
            sscanf(p, "<rect x=\"%lf\" y=\"%lf\" width=\"%lf\" height=\"%lf\"", &x, &y, &w, &h),
            4);
        assert_true(x >= 0 && y >= 0 && x + w <= width + 0.01 && y + h <= height + 0.01);
    }
    for (p = svg; (p = strstr(p, "<text x=")) != NULL; p++) {
        double x = -1;
        double y = -1;
        assert_int_equal(sscanf(p, "<text x=\"%lf\" y=\"%lf\"", &x, &y), 2);
        assert_true(x >= 0 && y >= 0 && x <= width && y <= height);
    }
}

/* Names are at least as far apart as they are high, numbers fit their cells. */
static void nothing_overlaps(const char *svg, int n)
{
    const char *p = svg;
    double last = -1e9;
    int names = 0;
    while ((p = strstr(p, "text-anchor=\"end\">model")) != NULL) {
        const char *start = p;
        double y = 0;
        double size = 0;
        while (strncmp(start, "<text", 5) != 0)
            start--;
        assert_int_equal(
            sscanf(start, "<text x=\"%*f\" y=\"%lf\" font-size=\"%lf\"", &y, &size), 2);
        assert_true(y - last >= size);
        assert_true(size >= 4.5);
        last = y;
        names++;
        p++;
    }
    assert_int_equal(names, n);
}

static void any_number_of_rows_fits(void **state)
{
    (void)state;
    enum { MOST = 40 };
    static char name[MOST][80];
    static double value[MOST * MOST];
    const char *label[MOST];
    for (int i = 0; i < MOST; i++) {
        snprintf(name[i], sizeof name[i], "model %d with a name that goes on and on, as %d", i,
                 i);
        label[i] = name[i];
    }
    for (int n = 1; n <= MOST; n += n < 4 ? 1 : 12) {
        for (int i = 0; i < n * n; i++)
            value[i] = 0.37 * (i % 6);
        sx_heatmap h = {"", "distance", n, label, value, 0};
        char *svg = draw_svg(&h);
        inside_page(svg);
        nothing_overlaps(svg, n);
        assert_int_equal(count(svg, "\xe2\x80\xa6"), 2 * n);
        free(svg);
        h.width = 486;
        svg = draw_svg(&h);
        inside_page(svg);
        nothing_overlaps(svg, n);
        free(svg);
    }
}

static void huge_and_tiny_values_keep_three_digits(void **state)
{
    (void)state;
    const struct {
        double value;
        const char *number, *label;
    } cases[] = {
        {1.234e300, ">1.23<", "d / 10\xc2\xb3\xe2\x81\xb0\xe2\x81\xb0"},
        {5.678e-7, ">5.68<", "d / 10\xe2\x81\xbb\xe2\x81\xb7"},
        {4.9406564584124654e-324, ">4.94<", "d / 10\xe2\x81\xbb\xc2\xb3\xc2\xb2\xe2\x81\xb4"},
        {1.7976931348623157e308, ">1.80<", "d / 10\xc2\xb3\xe2\x81\xb0\xe2\x81\xb8"},
        {123.4, ">123<", ">d<"},
        {12.34, ">12.3<", ">d<"},
        {-0.5,
         ">\xe2\x88\x92"
         "0.50<",
         ">d<"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        sx_heatmap h = {"", "d", 1, three, &cases[i].value, 0};
        char *svg = draw_svg(&h);
        assert_non_null(strstr(svg, cases[i].number));
        assert_non_null(strstr(svg, cases[i].label));
        free(svg);
    }
}

static void refuses(const sx_heatmap *h, const char *format, const char *why)
{
    sx_error err = SX_NO_ERROR;
    unsigned char some = 0;
    unsigned char *bytes = &some;
    size_t size = 1;
    assert_int_equal(sx_heatmap_draw(h, format, &bytes, &size, &err), SX_EARG);
    assert_null(bytes);
    assert_int_equal(size, 0);
    assert_non_null(strstr(err.msg, why));
}

static void wrong_arguments_are_refused(void **state)
{
    (void)state;
    const double infinite[] = {0, INFINITY, 0, 0};
    const char *const broken[] = {"a", "b\xc3"};
    const char *const lines[] = {"a", "b\nc"};
    sx_heatmap good = {"", "", 2, three, nine, 0};
    refuses(&good, "gif", "\"gif\"");
    sx_heatmap h = good;
    h.n = 0;
    refuses(&h, "pdf", "1 to 200");
    h.n = 201;
    refuses(&h, "pdf", "201");
    h = good;
    h.value = infinite;
    refuses(&h, "pdf", "row 0, column 1");
    h = good;
    h.label = broken;
    refuses(&h, "svg", "name 1");
    h.label = lines;
    refuses(&h, "svg", "name 1");
    h = good;
    h.width = 40;
    refuses(&h, "png", "40 points");
    h.width = NAN;
    refuses(&h, "png", "40 inches");
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

/* FOLDER/distances.* for test_figures.sh, with a hole and a power of ten */
static int write_figures(const char *folder)
{
    const double value[] = {0, 1.25e-9, NAN, 1.25e-9, 0, 2e-9, NAN, 2e-9, 0};
    sx_heatmap h = {"Distances", "distance", 3, three, value, 0};
    for (int f = 0; f < 3; f++) {
        char path[1024];
        figure drawn = draw(&h, formats[f]);
        snprintf(path, sizeof path, "%s/distances.%s", folder, formats[f]);
        FILE *out = fopen(path, "wb");
        if (!out)
            return 1;
        size_t written = fwrite(drawn.bytes, 1, drawn.size, out);
        sx_release(drawn.bytes);
        if (fclose(out) != 0 || written != drawn.size)
            return 1;
    }
    return 0;
}

int main(int argc, char **argv)
{
    if (argc == 3 && strcmp(argv[1], "--write") == 0)
        return write_figures(argv[2]);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_same_figure_is_the_same_file),
        cmocka_unit_test(svg_has_every_number_and_name),
        cmocka_unit_test(missing_values_are_hatched),
        cmocka_unit_test(pages_are_as_wide_as_asked),
        cmocka_unit_test(any_number_of_rows_fits),
        cmocka_unit_test(huge_and_tiny_values_keep_three_digits),
        cmocka_unit_test(wrong_arguments_are_refused),
        cmocka_unit_test(colours_fall_in_lightness_and_carry_text),
        cmocka_unit_test(numbers_are_rounded_as_printf_does),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
