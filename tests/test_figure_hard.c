/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_figure_hard.c - figures of every layer with hard names and numbers, random figures, and
 * figures that cannot be drawn: figure_check.h holds, or the words say why. */
#include <float.h>

#include "tests/figure_check.h"
#include "tests/oracle_reward.h"

static const char long_name[] = "a long name that goes on and on, of one hundred and twenty "
                                "characters, so that no panel of a "
                                "figure can ever show all of it";
static const char *const names[] = {
    "a",
    "",
    "reward_with_underscores^and^carets",
    "<R&D> \"quoted\" \\gamma *not italic*",
    "\xce\xb1\xce\xb2\xce\xb3 \xe2\x88\x82R \xe2\x80\x96R\xe2\x82\x81\xe2\x80\x96",
    "\xf0\x9f\x98\x80 \xf0\x9f\x8e\xaf",
    long_name,
    "Wwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwww"};
enum { NAMES = sizeof names / sizeof *names };

static double uniform(oracle_rng *r)
{
    return oracle_reward_uniform(r);
}

/* A kind of numbers: what makes them hard. */
enum { PLAIN, CONSTANT, ZERO, TINY, HUGE_ONES, WIDE, SIGNED, HOLES, OFFSET, HARDS };

static double hard(oracle_rng *r, int kind)
{
    double u = uniform(r);
    switch (kind) {
    case CONSTANT: return 3.7;
    case ZERO: return 0;
    case TINY: return u * 1e-300;
    case HUGE_ONES: return (2 * u - 1) * 1e300;
    case WIDE: return pow(10, 600 * u - 300);
    case SIGNED: return 2 * u - 1;
    case HOLES:
        return u < 0.2    ? (double)NAN
               : u < 0.25 ? INFINITY
               : u < 0.3  ? -INFINITY
               : u < 0.5  ? 0
                          : u;
    case OFFSET: return 1e6 + u * 1e-3;
    default: return u;
    }
}

static void fill(oracle_rng *r, sx_chart *c, sx_layer *l, int hard_x, int hard_y)
{
    bool limits =
        l->kind == SX_LAYER_BAND || l->kind == SX_LAYER_ARROWS ||
        ((l->kind == SX_LAYER_POINTS || l->kind == SX_LAYER_BARS) && oracle_int(r, 0, 1));
    if (limits)
        sx_layer_limits(c, l);
    for (int64_t i = 0; i < l->n; i++) {
        l->x[i] = c->x.categories ? (double)(i % c->x.categories) : hard(r, hard_x);
        l->y[i] = c->y.categories ? (double)(i % c->y.categories) : hard(r, hard_y);
        if (limits) {
            l->low[i] = hard(r, hard_y);
            l->high[i] = hard(r, hard_y);
        }
        if (l->kind == SX_LAYER_WORDS || (l->kind == SX_LAYER_POINTS && l->n < 10))
            sx_layer_label(c, l, i, names[oracle_int(r, 0, NAMES - 1)]);
    }
}

static void set_axis(oracle_rng *r, sx_figure *f, sx_chart *c, sx_axis *a, int32_t categories)
{
    char title[512];
    sx_markup_escape(names[oracle_int(r, 0, NAMES - 1)], title, sizeof title);
    sx_figure_text(f, &a->title, "%s", title);
    for (int32_t i = 0; i < categories; i++)
        sx_axis_category(c, a, names[oracle_int(r, 0, NAMES - 1)]);
    if (categories)
        return;
    a->scale = (sx_scale_kind)oracle_int(r, 0, 2);
    a->threshold = a->scale == SX_SCALE_SYMLOG ? 0.1 : 0;
    if (oracle_int(r, 0, 5) == 0)
        a->low = 0.25;
    if (oracle_int(r, 0, 5) == 0)
        a->high = 0.75;
}

static void add_layers(oracle_rng *r, sx_chart *c, bool sorted)
{
    int layers = oracle_int(r, 1, 6);
    static const int sizes[] = {0, 1, 2, 7, 40, 300};
    for (int k = 0; k < layers; k++) {
        sx_layer_kind kind = (sx_layer_kind)oracle_int(r, SX_LAYER_POINTS, SX_LAYER_WORDS);
        bool whole = kind == SX_LAYER_BARS || kind == SX_LAYER_STRIP;
        bool some = kind == SX_LAYER_WORDS || kind == SX_LAYER_RULES;
        if (whole && !sorted)
            kind = SX_LAYER_POINTS;
        int64_t n = k == 0 ? 40 : sizes[oracle_int(r, 0, some ? 3 : 5)];
        sx_layer *l = sx_chart_layer(c, kind, n, names[oracle_int(r, 0, NAMES - 1)]);
        l->marker = (sx_marker)oracle_int(r, 0, SX_MARKERS - 1);
        l->dash = (sx_dash)oracle_int(r, 0, 3);
        l->always = oracle_int(r, 0, 3) == 0;
        l->light = oracle_int(r, 0, 3) == 0;
        l->colour = oracle_int(r, -2, SX_COLOURS - 1);
        fill(r, c, l, oracle_int(r, 0, HARDS - 1), oracle_int(r, 0, HARDS - 1));
    }
    sx_layer *sure = sx_chart_layer(c, SX_LAYER_POINTS, 1, "sure");
    sure->x[0] = c->x.categories ? 0 : 0.5;
    sure->y[0] = c->y.categories ? 0 : 0.5;
}

static void add_chart(oracle_rng *r, sx_figure *f)
{
    static const int counts[] = {1, 2, 5, 40};
    char title[512];
    int32_t categories = oracle_int(r, 0, 1) ? counts[oracle_int(r, 0, 3)] : 0;
    bool lying = oracle_int(r, 0, 1) == 0;
    sx_markup_escape(names[oracle_int(r, 0, NAMES - 1)], title, sizeof title);
    sx_chart *c = sx_figure_chart(f, title);
    set_axis(r, f, c, &c->x, lying ? 0 : categories);
    set_axis(r, f, c, &c->y, lying ? categories : 0);
    c->y.upwards = oracle_int(r, 0, 1);
    c->square = oracle_int(r, 0, 4) == 0;
    if (oracle_int(r, 0, 2) == 0)
        sx_figure_text(f, &c->note, "n = 17\nhalf of them *hard*");
    add_layers(r, c, categories > 0);
}

static void add_heat(oracle_rng *r, sx_figure *f)
{
    int32_t rows = oracle_int(r, 1, 9);
    int32_t columns = oracle_int(r, 1, 9);
    sx_heat *m = sx_figure_heat(f, "a matrix", rows, columns, "distance");
    for (int32_t i = 0; i < rows; i++)
        sx_heat_row(m, i, names[oracle_int(r, 0, NAMES - 1)]);
    for (int32_t i = 0; i < columns; i++)
        sx_heat_column(m, i, names[oracle_int(r, 0, NAMES - 1)]);
    for (int32_t i = 0; i < rows * columns; i++)
        m->value[i] = uniform(r);
}

static void random_figures(void **state)
{
    (void)state;
    int drawn = 0;
    print_message("seeds 1 to 150\n");
    for (uint64_t seed = 1; seed <= 150; seed++) {
        oracle_rng r = {seed * 7919 + 1};
        sx_figure *f = sx_figure_new("random");
        int panels = seed % 3 ? 1 : oracle_int(&r, 2, 6);
        f->share_x = oracle_int(&r, 0, 2) == 0;
        f->share_y = oracle_int(&r, 0, 2) == 0;
        f->share_bar = oracle_int(&r, 0, 1);
        f->letters = oracle_int(&r, 0, 1);
        for (int p = 0; p < panels; p++) {
            if (panels > 1 && oracle_int(&r, 0, 3) == 0)
                add_heat(&r, f);
            else
                add_chart(&r, f);
        }
        sx_plot_style s = sx_plot_style_defaults();
        static const double widths[] = {0, 0, 234, 396, 486, 115.2};
        s.width = widths[oracle_int(&r, 0, 5)];
        s.height = oracle_int(&r, 0, 4) ? 0 : 220;
        s.text = oracle_int(&r, 6, 11);
        s.serif = oracle_int(&r, 0, 1);
        s.legend = (sx_legend)oracle_int(&r, 0, 2);

        drawn += figure_check(f, &s);
        sx_figure_free(f);
    }
    assert_true(drawn > 100);
}

static void refused(sx_figure *f, const sx_plot_style *style, const char *words)
{
    sx_error err = SX_NO_ERROR;
    unsigned char *bytes = (unsigned char *)1;
    size_t size = 1;
    assert_int_equal(sx_figure_draw(f, style, "pdf", &bytes, &size, NULL, &err), SX_EARG);
    if (!strstr(err.msg, words))
        print_error("\"%s\" does not say \"%s\"\n", err.msg, words);
    assert_non_null(strstr(err.msg, words));
    assert_null(bytes);
    assert_int_equal(size, 0);
}

static sx_figure *points(sx_chart **chart, sx_layer **layer)
{
    sx_figure *f = sx_figure_new("points");
    *chart = sx_figure_chart(f, "");
    *layer = sx_chart_layer(*chart, SX_LAYER_POINTS, 3, "p");
    for (int i = 0; i < 3; i++)
        (*layer)->x[i] = (*layer)->y[i] = i;
    return f;
}

static void what_cannot_be_drawn_is_said(void **state)
{
    (void)state;
    sx_plot_style s = sx_plot_style_defaults();
    sx_chart *c;
    sx_layer *l;
    sx_figure *f = sx_figure_new("none");
    refused(f, &s, "0 panels");
    sx_figure_free(f);
#define FAULT(change, words) \
    do { \
        f = points(&c, &l); \
        change; \
        refused(f, &s, words); \
        sx_figure_free(f); \
    } while (0)
    FAULT(l->y[0] = l->y[1] = l->y[2] = (double)NAN, "nothing to show");
    FAULT(l->n = 0, "nothing to show");
    FAULT(c->y.scale = SX_SCALE_LOG; l->y[0] = l->y[1] = l->y[2] = -1, "nothing to show");
    FAULT(c->x.low = 2; c->x.high = 1, "in order");
    FAULT(c->x.scale = SX_SCALE_LOG; c->x.low = 0, "not above 0");
    FAULT(c->x.scale = SX_SCALE_SYMLOG, "threshold");
    FAULT(l->kind = SX_LAYER_BAND, "need limits");
    FAULT(l->kind = SX_LAYER_BARS, "axis of categories");
    FAULT(l->kind = SX_LAYER_BARS; sx_axis_category(c, &c->x, "one"), "none of the categories");
    FAULT(l->kind = SX_LAYER_WORDS, "without labels");
    FAULT(l->colour = 99, "no such colour");
    FAULT(l->size = -1, "0 to 72");
    FAULT(l->name[0] = (char)0xff, "UTF-8");
    FAULT(sx_figure_text(f, &c->x.title, "a\tb"), "control characters");
    FAULT(sx_figure_text(f, &c->note, "fine\n\x80"), "note");
    s.text = 3;
    FAULT((void)0, "from 5 to 24");
    s = sx_plot_style_defaults();
    s.width = 30;
    FAULT((void)0, "needs a width of at least");
    s = sx_plot_style_defaults();
    s.height = 30;
    FAULT((void)0, "needs a height of at least");
#undef FAULT
}

static void formats_are_those_that_are_named(void **state)
{
    (void)state;
    static const char *const formats[] = {"pdf", "svg", "png", "csv"};
    sx_plot_style s = sx_plot_style_defaults();
    sx_error err = SX_NO_ERROR;
    sx_plot_notes notes;
    sx_chart *c;
    sx_layer *l;
    unsigned char *first;
    unsigned char *second;
    size_t size;
    size_t again;
    sx_figure *f = points(&c, &l);
    sx_figure_note(f, "told by the maker");
    for (size_t i = 0; i < sizeof formats / sizeof *formats; i++) {
        CHECK_OK(sx_figure_draw(f, &s, formats[i], &first, &size, &notes, &err));
        CHECK_OK(sx_figure_draw(f, &s, formats[i], &second, &again, NULL, &err));
        assert_int_equal(size, again);
        assert_memory_equal(first, second, size);
        assert_string_equal(notes.text[0], "told by the maker");
        sx_release(first);
        sx_release(second);
    }
    assert_int_equal(sx_figure_draw(f, &s, "bmp", &first, &size, NULL, &err), SX_EARG);
    sx_figure_free(f);
}

static bool boxes_noted(const char *name)
{
    sx_plot_style s = sx_plot_style_defaults();
    sx_error err = SX_NO_ERROR;
    sx_plot_notes notes;
    sx_chart *c;
    sx_layer *l;
    unsigned char *bytes;
    size_t size;
    bool noted = false;
    sx_figure *f = points(&c, &l);
    sx_figure_text(f, &c->x.title, "%s", name);
    CHECK_OK(sx_figure_draw(f, &s, "svg", &bytes, &size, &notes, &err));
    for (int32_t i = 0; i < notes.count; i++)
        noted = noted || strstr(notes.text[i], "boxes");
    sx_release(bytes);
    sx_figure_free(f);
    return noted;
}

/* A letter of a private plane is in no font. */
static void letters_without_a_glyph_are_noted(void **state)
{
    (void)state;
    assert_true(boxes_noted("a \xf4\x80\x80\x81"));
    assert_false(boxes_noted("\xce\xb1 \xe2\x82\x81 \xe2\x88\x92"));
}

/* 50,000 points are less than 100 kB and 200,000 less than half a second. */
static void crowds_are_small(void **state)
{
    (void)state;
    sx_plot_style s = sx_plot_style_defaults();
    static const char *const formats[] = {"pdf", "svg"};
    for (int big = 0; big < 2; big++) {
        sx_error err = SX_NO_ERROR;
        oracle_rng r = {5};
        sx_figure *f = sx_figure_new("crowd");
        sx_chart *c = sx_figure_chart(f, "");
        sx_layer *l = sx_chart_layer(c, SX_LAYER_POINTS, big ? 200000 : 50000, "pairs");
        c->y.scale = SX_SCALE_LOG;
        for (int64_t i = 0; i < l->n; i++) {
            l->x[i] = uniform(&r);
            l->y[i] = i % 100 ? exp(8 * uniform(&r) * uniform(&r) - 6) * l->x[i] : 0;
        }
        assert_true(figure_check(f, &s));
        for (int k = 0; k < 2; k++) {
            unsigned char *bytes;
            size_t size;
            CHECK_OK(sx_figure_draw(f, &s, formats[k], &bytes, &size, NULL, &err));
            assert_true(size < 100000);
            sx_release(bytes);
        }
        sx_figure_free(f);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_cannot_be_drawn_is_said), cmocka_unit_test(random_figures),
        cmocka_unit_test(formats_are_those_that_are_named), cmocka_unit_test(crowds_are_small),
        cmocka_unit_test(letters_without_a_glyph_are_noted)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
