/* SPDX-License-Identifier: GPL-3.0-or-later */
/* figure_draw.c - a figure as the bytes of a file: a picture, a table or a script. */
#include "plots/panel_int.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

void sx_i_note(sx_plot_notes *notes, const char *format, ...)
{
    enum { MOST = sizeof notes->text / sizeof *notes->text };
    char text[sizeof notes->text[0]];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    for (int32_t i = 0; i < notes->count; i++) {
        if (strcmp(notes->text[i], text) == 0)
            return;
    }
    if (notes->count < MOST)
        memcpy(notes->text[notes->count++], text, sizeof text);
}

static sx_status draw_picture(const sx_figure *f, const sx_plot_style *style,
                              const char *format, sx_plot_notes *notes, unsigned char **bytes,
                              size_t *size, sx_error *err)
{
    sx_i_scene scene = {0};
    sx_i_fonts *fonts = sx_i_fonts_new(style->serif);
    sx_status st = fonts ? SX_OK : sx_nomem(err);
    bool there = true;
    const char *family = fonts ? sx_i_fonts_family(fonts, &there) : "";
    if (!there)
        sx_i_note(notes, "the type %s is not installed; another one is used", family);
    if (!st)
        st = sx_i_figure_scene(f, style, fonts, &scene, notes, err);
    if (!st && sx_i_fonts_lack(fonts))
        sx_i_note(notes, "some letters are boxes: no font that is installed has them");
    if (!st)
        st = sx_i_scene_write(&scene, fonts, format, bytes, size, err);
    sx_i_scene_clear(&scene);
    sx_i_fonts_free(fonts);
    return st;
}

static sx_status write_text(const sx_figure *f, const sx_plot_style *style, const char *format,
                            sx_i_bytes *out, sx_plot_notes *notes, sx_error *err)
{
    if (strcmp(format, "csv") == 0)
        return sx_i_figure_csv(f, out, err);
    if (strcmp(format, "gp") == 0)
        return sx_i_figure_gnuplot(f, style, out, err);
    return sx_i_figure_tikz(f, style, out, notes, err);
}

static sx_status draw_text(const sx_figure *f, const sx_plot_style *style, const char *format,
                           sx_plot_notes *notes, unsigned char **bytes, size_t *size,
                           sx_error *err)
{
    sx_i_bytes out = {0};
    sx_status st = write_text(f, style, format, &out, notes, err);
    if (!st && out.failed)
        st = sx_nomem(err);
    if (st) {
        sx_release(out.data);
        return st;
    }
    *bytes = out.data;
    *size = out.size;
    return SX_OK;
}

static bool among(const char *format, const char *const *list)
{
    while (*list && strcmp(*list, format) != 0)
        list++;
    return *list != NULL;
}

sx_status sx_figure_draw(const sx_figure *f, const sx_plot_style *style, const char *format,
                         unsigned char **bytes, size_t *size, sx_plot_notes *notes,
                         sx_error *err)
{
    static const char *const pictures[] = {"pdf", "svg", "png", NULL};
    static const char *const texts[] = {"csv", "gp", "tex", NULL};
    sx_plot_notes unread = {0};
    sx_plot_notes *told = notes ? notes : &unread;
    *bytes = NULL;
    *size = 0;
    told->count = 0;
    for (int32_t i = 0; f && i < f->notes.count; i++)
        sx_i_note(told, "%s", f->notes.text[i]);
    if (!among(format, pictures) && !among(format, texts))
        return sx_fail(err, SX_EARG,
                       "\"%s\" is no format of figures: pdf, svg, png, csv, gp or tex", format);
    sx_status st = sx_i_figure_valid(f, style, err);
    if (st)
        return st;
    if (among(format, texts))
        return draw_text(f, style, format, told, bytes, size, err);
    return draw_picture(f, style, format, told, bytes, size, err);
}
