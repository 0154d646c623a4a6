/* SPDX-License-Identifier: GPL-3.0-or-later */
/* kind.c - what the kinds of figures share. */
#include "plots/kind_int.h"

sx_layer *sx_i_kind_layer(sx_chart *c, sx_layer_kind kind, int64_t n, const char *name,
                          const char *role, int32_t colour)
{
    sx_layer *l = sx_chart_layer(c, kind, n, name);
    if (l) {
        l->role = role;
        l->colour = colour;
        l->marker = SX_MARKER_DISC;
        l->dash = SX_DASH_SOLID;
    }
    return l;
}

sx_status sx_i_kind_done(sx_figure *f, sx_figure **out, sx_error *err)
{
    *out = f && f->failed ? sx_figure_free(f) : f;
    return *out ? SX_OK : sx_nomem(err);
}
