/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_chart_oom.c - wherever memory runs out while a figure of all layers, or of a matrix with
 * a key, is drawn in each format, it is said, nothing is lost, and nothing is printed. */
#include <stdio.h>
#include <unistd.h>

#include "plots/figure.h"
#include "tests/starve.h"

static const char *wanted;
static sx_figure *drawn;
static sx_plot_style style;

static sx_status draw(sx_error *err)
{
    unsigned char *bytes;
    size_t size;
    sx_plot_notes notes;
    sx_status st = sx_figure_draw(drawn, &style, wanted, &bytes, &size, &notes, err);
    assert_true((st == SX_OK) == (bytes != NULL));
    sx_release(bytes);
    return st;
}

static sx_figure *all_layers(int64_t n)
{
    sx_figure *f = sx_figure_new("all");
    for (int kind = SX_LAYER_POINTS; kind <= SX_LAYER_WORDS; kind++) {
        sx_chart *c = kind % 3 ? f->panel[f->panels - 1]->chart : sx_figure_chart(f, "panel");
        bool whole = kind == SX_LAYER_BARS || kind == SX_LAYER_STRIP;
        if (whole && !c->x.categories)
            for (int i = 0; i < 3; i++)
                sx_axis_category(c, &c->x, "category");
        sx_layer *l = sx_chart_layer(c, (sx_layer_kind)kind, n, "layer");
        if (kind == SX_LAYER_BAND || kind == SX_LAYER_ARROWS)
            sx_layer_limits(c, l);
        for (int64_t i = 0; i < n; i++) {
            l->x[i] = whole ? (double)(i % 3) : (double)i;
            l->y[i] = (double)(i * i % 7);
            if (l->low) {
                l->low[i] = l->y[i] - 1;
                l->high[i] = l->y[i] + 1;
            }
        }
        if (kind == SX_LAYER_WORDS)
            sx_layer_label(c, l, 0, "word");
    }
    return f;
}

static sx_figure *small_cells(void)
{
    sx_figure *f = sx_figure_new("matrix");
    sx_heat *m = sx_figure_heat(f, "", 40, 40, "distance");
    for (int32_t i = 0; i < 40; i++) {
        sx_heat_row(m, i, "name");
        sx_heat_column(m, i, "another name");
    }
    for (int32_t i = 0; i < 1600; i++)
        m->value[i] = i;
    return f;
}

/* What this process prints while the job runs, in bytes. */
static long printed_by(job work)
{
    FILE *file = tmpfile();
    assert_non_null(file);
    fflush(stderr);
    int before = dup(STDERR_FILENO);
    dup2(fileno(file), STDERR_FILENO);
    long allowed = starve(work);
    fflush(stderr);
    dup2(before, STDERR_FILENO);
    close(before);
    fseek(file, 0, SEEK_END);
    long size = ftell(file);
    fclose(file);
    assert_true(allowed > 10);
    return size;
}

static void said_and_not_printed(void **state)
{
    (void)state;
    static const char *const formats[] = {"svg", "pdf", "png"};
    style = sx_plot_style_defaults();
    for (int k = 0; k < 4; k++) {
        drawn = k < 3 ? all_layers(5) : small_cells();
        style.width = k < 3 ? 0 : 234;
        wanted = formats[k % 3];
        if (k == 1) /* layout is the same in all */
            setenv("SAMPLE", "1", 0);
        assert_int_equal(printed_by(draw), 0);
        sx_figure_free(drawn);
    }
}

/* The paths, images and scrawls of very many marks; some allocations alone fail. */
static void many_marks(void **state)
{
    (void)state;
    drawn = all_layers(6000);
    style = sx_plot_style_defaults();
    wanted = "svg";
    for (long allowed = 0; allowed < 400; allowed += 7) {
        sx_error err = SX_NO_ERROR;
        alloc_allowed = allowed;
        long before = alloc_failures;
        sx_status st = draw(&err);
        alloc_allowed = -1;
        assert_int_equal(st, alloc_failures > before ? SX_EMEM : SX_OK);
    }
    sx_figure_free(drawn);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(said_and_not_printed),
                                       cmocka_unit_test(many_marks)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
