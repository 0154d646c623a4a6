/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_chart.c - charts are as figure_check.h demands, whatever their layers hold. */
#include "tests/figure_check.h"

static sx_figure *lines_of(int32_t series, int64_t n)
{
    sx_figure *f = sx_figure_new("lines");
    sx_chart *c = sx_figure_chart(f, "a title");
    sx_figure_text(f, &c->x.title, "steps");
    sx_figure_text(f, &c->y.title, "distance *d*(R_1, R_2)");
    for (int32_t k = 0; k < series; k++) {
        char name[32];
        snprintf(name, sizeof name, "series %d", k);
        sx_layer *l = sx_chart_layer(c, SX_LAYER_LINE, n, name);
        for (int64_t i = 0; i < n; i++) {
            l->x[i] = (double)i;
            l->y[i] = exp(-(double)i / (5.0 + k)) + k;
        }
    }
    return f;
}

static void lines_are_named(void **state)
{
    (void)state;
    for (int32_t series = 1; series < 12; series += 3) {
        sx_figure *f = lines_of(series, 30);
        figure_check_styles(f);
        sx_figure_free(f);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(lines_are_named)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
