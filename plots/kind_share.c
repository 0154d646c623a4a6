/* SPDX-License-Identifier: GPL-3.0-or-later */
/* kind_share.c - which steps carry a distance: bars and their sums. */
#include "plots/kind_share.h"

#include <math.h>
#include <stdio.h>

#include "plots/kind_int.h"

static const double rounding = 5e-4; /* a share that is not told apart from none */

void sx_figure_shares(sx_figure *f, const char *title, const char *of,
                      const sx_share_step *step, int32_t steps)
{
    double sum = 0;
    if (!f || steps < 1)
        return;
    for (int32_t i = 0; i < steps; i++)
        sum += step[i].share;
    bool rest = 1 - sum > rounding;
    bool again = f->panels > 0; /* the names are in the first panel */
    sx_chart *c = sx_figure_chart(f, title);
    sx_layer *bars = sx_i_kind_layer(c, SX_LAYER_BARS, steps + rest, "share", "share", 0);
    sx_layer *sums = sx_i_kind_layer(c, SX_LAYER_LINE, steps, "sum so far", "sum", 1);
    sx_layer *marks = sx_i_kind_layer(c, SX_LAYER_POINTS, steps, "sum so far", "sum", 1);
    if (!c || !bars || !sums || !marks || f->failed)
        return;
    sum = 0;
    for (int32_t i = 0; i < steps; i++) {
        sx_axis_category(c, &c->y, step[i].name);
        sum += step[i].share;
        bars->x[i] = step[i].share;
        sums->x[i] = marks->x[i] = sum;
        bars->y[i] = sums->y[i] = marks->y[i] = i;
    }
    if (rest) {
        sx_axis_category(c, &c->y, "all others");
        bars->x[steps] = 1 - sum;
        bars->y[steps] = steps;
    }
    marks->unnamed = true;
    bars->unnamed = sums->unnamed = again;
    c->x.low = 0;
    c->x.high = 1;
    sx_figure_text(f, &c->x.title, "share of %s", of);
}
