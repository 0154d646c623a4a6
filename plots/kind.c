/* SPDX-License-Identifier: GPL-3.0-or-later */
/* kind.c - what the kinds of figures share. */
#include "plots/kind_int.h"

#include <stdio.h>
#include <stdio.h>
#include <string.h>

#include "plots/markup_int.h"

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

const char *sx_i_kind_short(const char *text, char *out, size_t size)
{
    static const char dots[] = "\xe2\x80\xa6";
    size_t used = strlen(text);
    if (used < size) {
        memcpy(out, text, used + 1);
        return out;
    }
    used = size - sizeof dots;
    while (used && ((unsigned char)text[used] & 0xc0) == 0x80)
        used--;
    snprintf(out, size, "%.*s%s", (int)used, text, dots);
    return out;
}

void sx_i_kind_plain(sx_figure *f, const char *markup, char *text, size_t size)
{
    sx_i_spans s;
    bool good = sx_i_markup_parse(markup, &s);
    f->failed = f->failed || !good;
    snprintf(text, size, "%s", good ? s.text : "");
    if (good)
        sx_i_spans_clear(&s);
}

sx_status sx_i_kind_done(sx_figure *f, sx_figure **out, sx_error *err)
{
    *out = f && f->failed ? sx_figure_free(f) : f;
    return *out ? SX_OK : sx_nomem(err);
}
