/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_tikz_oom.c - wherever memory runs out while a figure is written in TikZ, it is said, and
 * there is no half file. */
#include <math.h>

#include "plots/figure.h"
#include "tests/starve.h"

static sx_figure *charts;
static sx_figure *others;

static sx_status write(const sx_figure *f, sx_raster raster, sx_error *err)
{
    sx_plot_style style = sx_plot_style_defaults();
    unsigned char *bytes = (unsigned char *)1;
    size_t size = 1;
    style.raster = raster;
    sx_status st = sx_figure_draw(f, &style, "tex", &bytes, &size, NULL, err);
    assert_true((st == SX_OK) == (bytes != NULL));
    assert_true(st == SX_OK || size == 0);
    sx_release(bytes);
    return st;
}

static sx_status write_charts(sx_error *err)
{
    return write(charts, SX_RASTER_NEVER, err);
}

static sx_status write_clouds(sx_error *err)
{
    return write(charts, SX_RASTER_ALWAYS, err);
}

static sx_status write_others(sx_error *err)
{
    return write(others, SX_RASTER_AUTO, err);
}

static void fill_charts(void)
{
    static const sx_layer_kind kinds[] = {SX_LAYER_POINTS, SX_LAYER_LINE, SX_LAYER_BAND,
                                          SX_LAYER_AREA, SX_LAYER_ARROWS};
    charts = sx_figure_new("charts");
    for (int p = 0; p < 2; p++) {
        sx_chart *c = sx_figure_chart(charts, p ? "" : "one_1 *two*");
        for (int k = 0; p == 0 && k < 5; k++) {
            sx_layer *l = sx_chart_layer(c, kinds[k], 9, "name");
            sx_layer_limits(c, l);
            for (int i = 0; i < 9; i++) {
                l->x[i] = l->low[i] = i;
                l->y[i] = l->high[i] = i == 7 ? (double)NAN : i % 5;
            }
        }
        if (p == 0)
            continue;
        sx_axis_category(c, &c->x, "first");
        sx_chart_layer(c, SX_LAYER_BARS, 1, "bars")->y[0] = 1;
        sx_layer *dots = sx_chart_layer(c, SX_LAYER_STRIP, 5, "dots");
        for (int i = 0; i < 5; i++)
            dots->y[i] = i;
    }
}

static void fill_others(void)
{
    others = sx_figure_new("others");
    sx_heat *m = sx_figure_heat(others, "matrix", 2, 2, "bar_1");
    sx_heat_row(m, 0, "row");
    m->value[0] = 1;
    sx_gridmap *g = sx_figure_gridmap(others, "map", 2, 2, "");
    sx_gridmap_values(g);
    g->value[0] = 1;
}

static void all_run_out(void **state)
{
    (void)state;
    fill_charts();
    fill_others();
    assert_true(starve(write_charts) > 10);
    assert_true(starve(write_clouds) > 10);
    assert_true(starve(write_others) > 10);
    sx_figure_free(charts);
    sx_figure_free(others);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(all_run_out)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
