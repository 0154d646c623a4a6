/* SPDX-License-Identifier: GPL-3.0-or-later */
/* write.c - a scene as a file of the format that was asked for. */
#include "plots/plots_int.h"

#include <string.h>

typedef struct writer {
    const char *format;
    sx_status (*write)(const sx_i_scene *s, sx_i_fonts *f, sx_i_bytes *out, sx_error *err);
} writer;

static const writer writers[] = {
    {"pdf", sx_i_write_pdf}, {"svg", sx_i_write_svg}, {"png", sx_i_write_png}};

static const writer *writer_find(const char *format)
{
    for (size_t i = 0; i < sizeof writers / sizeof *writers; i++) {
        if (strcmp(format, writers[i].format) == 0)
            return &writers[i];
    }
    return NULL;
}

sx_status sx_i_scene_write(const sx_i_scene *s, sx_i_fonts *f, const char *format,
                           unsigned char **bytes, size_t *size, sx_error *err)
{
    sx_i_bytes out = {0};
    const writer *w = writer_find(format);
    *bytes = NULL;
    *size = 0;
    if (!w)
        return sx_fail(err, SX_EARG, "\"%s\" is no format of figures: pdf, svg or png", format);
    sx_status st = s->failed ? sx_nomem(err) : w->write(s, f, &out, err);
    if (!st && sx_i_fonts_failed(f))
        st = sx_nomem(err);
    if (st) {
        sx_release(out.data);
        return st;
    }
    *bytes = out.data;
    *size = out.size;
    return SX_OK;
}
