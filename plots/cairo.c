/* SPDX-License-Identifier: GPL-3.0-or-later */
/* cairo.c - the only file that knows cairo and pango: widths of text, a scene as PDF or PNG.
 *
 * Hints are off and glyph positions are not rounded, so that text is as wide in one format
 * as in another.  Each drawing has its own font map: nothing is shared between threads.
 * The date in a PDF is a constant: the same figure is the same file. */
#include "plots/plots_int.h"

#include <cairo-pdf.h>
#include <cairo.h>
#include <math.h>
#include <pango/pangocairo.h>
#include <string.h>

#define SANS      "TeX Gyre Heros"
#define SERIF     "TeX Gyre Termes"
#define PNG_SCALE (300.0 / 72.0)

struct sx_i_fonts {
    PangoFontMap *map;
    PangoContext *context;
    const char *family;   /* the first one, for plain letters */
    const char *families; /* all */
};

sx_i_fonts *sx_i_fonts_new(bool serif)
{
    sx_i_fonts *f = sx_alloc(1, sizeof *f);
    if (!f)
        return NULL;
    f->family = serif ? SERIF : SANS;
    f->families = serif ? SERIF ", DejaVu Serif, DejaVu Sans" : SANS ", DejaVu Sans";
    f->map = pango_cairo_font_map_new();
    f->context = f->map ? pango_font_map_create_context(f->map) : NULL;
    if (!f->context)
        return sx_i_fonts_free(f);
    cairo_font_options_t *options = cairo_font_options_create();
    cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_NONE);
    cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF);
    cairo_font_options_set_antialias(options, CAIRO_ANTIALIAS_GRAY);
    pango_cairo_context_set_font_options(f->context, options);
    pango_cairo_context_set_resolution(f->context, 72);
    pango_context_set_round_glyph_positions(f->context, FALSE);
    pango_context_set_language(f->context, pango_language_from_string("en"));
    cairo_font_options_destroy(options);
    return f;
}

sx_i_fonts *sx_i_fonts_free(sx_i_fonts *f)
{
    if (f && f->context)
        g_object_unref(f->context);
    if (f && f->map)
        g_object_unref(f->map);
    return sx_release(f);
}

const char *sx_i_fonts_family(const sx_i_fonts *f, bool *there)
{
    PangoFontFamily **list = NULL;
    int n = 0;
    *there = false;
    pango_font_map_list_families(f->map, &list, &n);
    for (int i = 0; i < n && !*there; i++)
        *there = strcmp(pango_font_family_get_name(list[i]), f->family) == 0;
    g_free(list);
    return f->family;
}

static PangoLayout *layout_new(sx_i_fonts *f, const char *text, double size)
{
    PangoLayout *layout = pango_layout_new(f->context);
    PangoFontDescription *font = pango_font_description_from_string(f->families);
    pango_font_description_set_absolute_size(font, size * PANGO_SCALE);
    pango_layout_set_font_description(layout, font);
    pango_layout_set_text(layout, text, -1);
    pango_font_description_free(font);
    return layout;
}

static double layout_width(PangoLayout *layout)
{
    PangoRectangle logical;
    pango_layout_get_extents(layout, NULL, &logical);
    return (double)logical.width / PANGO_SCALE;
}

double sx_i_text_width(sx_i_fonts *f, const char *text, double size)
{
    PangoLayout *layout = layout_new(f, text, size);
    double width = layout_width(layout);
    g_object_unref(layout);
    return width;
}

sx_i_ink sx_i_text_ink(sx_i_fonts *f, const char *text, bool markup, double size)
{
    PangoRectangle ink;
    (void)markup;
    PangoLayout *layout = layout_new(f, text, size);
    pango_layout_get_extents(layout, &ink, NULL);
    double baseline = pango_layout_get_baseline(layout);
    g_object_unref(layout);
    return (sx_i_ink){.left = (double)ink.x / PANGO_SCALE,
                      .right = (double)(ink.x + ink.width) / PANGO_SCALE,
                      .up = (baseline - ink.y) / PANGO_SCALE,
                      .down = (ink.y + ink.height - baseline) / PANGO_SCALE};
}

double sx_i_markup_width(sx_i_fonts *f, const char *markup, double size)
{
    return sx_i_text_width(f, markup, size);
}

static void set_colour(cairo_t *cr, sx_i_rgb colour)
{
    cairo_set_source_rgb(cr, (colour >> 16 & 0xff) / 255.0, (colour >> 8 & 0xff) / 255.0,
                         (colour & 0xff) / 255.0);
}

static void draw_text(cairo_t *cr, sx_i_fonts *f, const sx_i_mark *m)
{
    cairo_save(cr);
    cairo_translate(cr, m->x, m->y);
    cairo_rotate(cr, -m->angle * G_PI / 180);
    pango_cairo_update_context(cr, f->context);
    PangoLayout *layout = layout_new(f, m->text, m->size);
    double baseline = (double)pango_layout_get_baseline(layout) / PANGO_SCALE;
    cairo_move_to(cr, -0.5 * (double)m->anchor * layout_width(layout), -baseline);
    pango_cairo_show_layout(cr, layout);
    g_object_unref(layout);
    cairo_restore(cr);
}

static void draw_mark(cairo_t *cr, sx_i_fonts *f, const sx_i_mark *m)
{
    set_colour(cr, m->colour);
    switch (m->kind) {
    case SX_I_RECT:
        cairo_rectangle(cr, m->x, m->y, m->w, m->h);
        cairo_fill(cr);
        break;
    case SX_I_LINE:
        cairo_set_line_width(cr, m->size);
        cairo_move_to(cr, m->x, m->y);
        cairo_rel_line_to(cr, m->w, m->h);
        cairo_stroke(cr);
        break;
    case SX_I_TEXT: draw_text(cr, f, m); break;
    case SX_I_TRIANGLE:
        cairo_move_to(cr, m->x, m->y);
        cairo_line_to(cr, m->x + m->w, m->y + m->h);
        cairo_line_to(cr, m->x + m->u, m->y + m->v);
        cairo_close_path(cr);
        cairo_fill(cr);
        break;
    case SX_I_DISC:
        cairo_new_sub_path(cr);
        cairo_arc(cr, m->x, m->y, m->size, 0, 2 * G_PI);
        cairo_fill(cr);
        break;
    default: break;
    }
}

static cairo_status_t draw(const sx_i_scene *s, sx_i_fonts *f, cairo_surface_t *surface,
                           double scale)
{
    cairo_t *cr = cairo_create(surface);
    cairo_scale(cr, scale, scale);
    set_colour(cr, SX_I_PAPER);
    cairo_paint(cr);
    for (int32_t i = 0; i < s->marks; i++)
        draw_mark(cr, f, &s->mark[i]);
    cairo_status_t status = cairo_status(cr);
    cairo_destroy(cr);
    return status;
}

static cairo_status_t on_bytes(void *out, const unsigned char *data, unsigned int size)
{
    return sx_i_bytes_add(out, data, size) ? CAIRO_STATUS_NO_MEMORY : CAIRO_STATUS_SUCCESS;
}

/* cairo has been seen to forget that writing failed: out knows */
static sx_status written(cairo_status_t status, const sx_i_bytes *out, sx_error *err)
{
    if (out->failed || status == CAIRO_STATUS_NO_MEMORY)
        return sx_nomem(err);
    if (status != CAIRO_STATUS_SUCCESS)
        return sx_fail(err, SX_ELIB, "cairo: %s", cairo_status_to_string(status));
    return SX_OK;
}

sx_status sx_i_write_pdf(const sx_i_scene *s, sx_i_fonts *f, sx_i_bytes *out, sx_error *err)
{
    cairo_surface_t *surface =
        cairo_pdf_surface_create_for_stream(on_bytes, out, s->width, s->height);
    cairo_pdf_surface_restrict_to_version(surface, CAIRO_PDF_VERSION_1_5);
    cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_TITLE, s->title);
    cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_SUBJECT, s->description);
    cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_CREATOR, "Sextant " SX_VERSION);
    cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_CREATE_DATE,
                                   "2000-01-01T00:00:00Z");
    cairo_status_t drawn = draw(s, f, surface, 1);
    cairo_surface_finish(surface);
    sx_status st = written(drawn, out, err);
    if (!st)
        st = written(cairo_surface_status(surface), out, err);
    cairo_surface_destroy(surface);
    return st;
}

/* The header (8 bytes of signature, 25 of IHDR), then the size of a pixel, 300 dots an inch
 * = 11811 a metre, which cairo leaves out, then the rest. */
static sx_status add_resolution(const sx_i_bytes *png, sx_i_bytes *out)
{
    static const unsigned char phys[21] = {0,    0,    0, 9,    'p',  'H',  'Y',
                                           's',  0,    0, 0x2e, 0x23, 0,    0,
                                           0x2e, 0x23, 1, 0x78, 0xa5, 0x3f, 0x76};
    const size_t head = 33;
    if (png->size < head)
        return SX_ELIB;
    sx_status st = sx_i_bytes_add(out, png->data, head);
    if (!st)
        st = sx_i_bytes_add(out, phys, sizeof phys);
    if (!st)
        st = sx_i_bytes_add(out, png->data + head, png->size - head);
    return st;
}

/* enough for that many points, but for rounding */
static int pixels(double points)
{
    return (int)ceil(points * PNG_SCALE - 1e-6);
}

sx_status sx_i_write_png(const sx_i_scene *s, sx_i_fonts *f, sx_i_bytes *out, sx_error *err)
{
    sx_i_bytes png = {0};
    cairo_surface_t *surface =
        cairo_image_surface_create(CAIRO_FORMAT_RGB24, pixels(s->width), pixels(s->height));
    sx_status st = written(draw(s, f, surface, PNG_SCALE), &png, err);
    if (!st)
        st = written(cairo_surface_write_to_png_stream(surface, on_bytes, &png), &png, err);
    if (!st && add_resolution(&png, out) != SX_OK)
        st = sx_nomem(err);
    sx_release(png.data);
    cairo_surface_destroy(surface);
    return st;
}
