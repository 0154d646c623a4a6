/* SPDX-License-Identifier: GPL-3.0-or-later */
/* figure_stub.c - keeps the place of the engine that draws figures. */
#include "plots/figure.h"

sx_status sx_figure_draw(const sx_figure *f, const sx_plot_style *style, const char *format,
                         unsigned char **bytes, size_t *size, sx_plot_notes *notes,
                         sx_error *err)
{
    (void)f;
    (void)style;
    (void)notes;
    *bytes = NULL;
    *size = 0;
    return sx_fail(err, SX_ELIMIT, "figures of this kind cannot be drawn as %s yet", format);
}
