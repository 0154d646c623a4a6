/* SPDX-License-Identifier: GPL-3.0-or-later */
/* cairo.c - the only file that knows cairo and pango: widths of text, a scene as PDF or PNG.
 *
 * Hints are off and glyph positions are not rounded, so that text is as wide in one format
 * as in another.  Each drawing has its own font map: nothing is shared between threads.
 * The date in a PDF is a constant, or what SOURCE_DATE_EPOCH says: the same figure is the same
 * file. */
#include "plots/markup_int.h"

#include <cairo-pdf.h>
#include <cairo.h>
#include <math.h>
#include <pango/pangocairo.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define SANS      "TeX Gyre Heros"
#define SERIF     "TeX Gyre Termes"
#define PNG_SCALE (300.0 / 72.0)

struct sx_i_fonts {
    PangoFontMap *map;
    PangoContext *context;
    const char *family;   /* the first one, for plain letters */
    const char *families; /* all */
    bool failed;          /* memory ran out */
    bool lack;            /* a letter is in no font */
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

bool sx_i_fonts_failed(const sx_i_fonts *f)
{
    return f->failed;
}

bool sx_i_fonts_lack(const sx_i_fonts *f)
{
    return f->lack;
}

bool sx_i_fonts_serif(const sx_i_fonts *f)
{
    return strcmp(f->family, SERIF) == 0;
}

/* Pango's own raised text has the wrong size at another scale than 1, hence size and rise. */
static void add_attributes(PangoAttrList *list, const sx_i_span *span, double size)
{
    PangoAttribute *a[3] = {NULL, NULL, NULL};
    double rise = span->level > 0 ? SX_I_LEVEL_UP : -SX_I_LEVEL_DOWN;
    if (span->level) {
        a[0] = pango_attr_size_new_absolute((int)lround(size * SX_I_LEVEL_SIZE * PANGO_SCALE));
        a[1] = pango_attr_rise_new((int)lround(size * rise * PANGO_SCALE));
    }
    if (span->italic)
        a[2] = pango_attr_style_new(PANGO_STYLE_ITALIC);
    for (int i = 0; i < 3; i++) {
        if (a[i]) {
            a[i]->start_index = (guint)span->start;
            a[i]->end_index = (guint)(span->start + span->size);
            pango_attr_list_insert(list, a[i]);
        }
    }
}

static void set_markup(sx_i_fonts *f, PangoLayout *layout, const char *text, double size)
{
    sx_i_spans spans;
    if (!sx_i_markup_parse(text, &spans)) {
        f->failed = true;
        return;
    }
    PangoAttrList *list = pango_attr_list_new();
    for (int32_t i = 0; i < spans.spans; i++)
        add_attributes(list, &spans.span[i], size);
    pango_layout_set_text(layout, spans.text, -1);
    pango_layout_set_attributes(layout, list);
    pango_attr_list_unref(list);
    sx_i_spans_clear(&spans);
}

static PangoLayout *layout_new(sx_i_fonts *f, const char *text, bool markup, double size)
{
    PangoLayout *layout = pango_layout_new(f->context);
    PangoFontDescription *font = pango_font_description_from_string(f->families);
    pango_font_description_set_absolute_size(font, size * PANGO_SCALE);
    pango_layout_set_font_description(layout, font);
    pango_font_description_free(font);
    if (markup)
        set_markup(f, layout, text, size);
    else
        pango_layout_set_text(layout, text, -1);
    return layout;
}

static double layout_width(PangoLayout *layout)
{
    PangoRectangle logical;
    pango_layout_get_extents(layout, NULL, &logical);
    return (double)logical.width / PANGO_SCALE;
}

static double width(sx_i_fonts *f, const char *text, bool markup, double size)
{
    PangoLayout *layout = layout_new(f, text, markup, size);
    double w = layout_width(layout);
    f->lack = f->lack || pango_layout_get_unknown_glyphs_count(layout) > 0;
    g_object_unref(layout);
    return w;
}

double sx_i_text_width(sx_i_fonts *f, const char *text, double size)
{
    return width(f, text, false, size);
}

double sx_i_markup_width(sx_i_fonts *f, const char *markup, double size)
{
    return width(f, markup, true, size);
}

sx_i_ink sx_i_text_ink(sx_i_fonts *f, const char *text, bool markup, double size)
{
    PangoRectangle ink;
    PangoLayout *layout = layout_new(f, text, markup, size);
    pango_layout_get_extents(layout, &ink, NULL);
    double baseline = pango_layout_get_baseline(layout);
    g_object_unref(layout);
    return (sx_i_ink){.left = (double)ink.x / PANGO_SCALE,
                      .right = (double)(ink.x + ink.width) / PANGO_SCALE,
                      .up = (baseline - ink.y) / PANGO_SCALE,
                      .down = (ink.y + ink.height - baseline) / PANGO_SCALE};
}

/* --- marks --- */

/* What is drawn upon, and how many clips hold. */
typedef struct canvas {
    cairo_t *cr;
    sx_i_fonts *fonts;
    sx_theme theme;
    int clips;
} canvas;

static void set_colour(const canvas *c, sx_i_rgb colour, double opacity)
{
    sx_i_rgb rgb = sx_i_palette_fixed(colour, c->theme);
    cairo_set_source_rgba(c->cr, (rgb >> 16 & 0xff) / 255.0, (rgb >> 8 & 0xff) / 255.0,
                          (rgb & 0xff) / 255.0, opacity);
}

static void draw_text(const canvas *c, const sx_i_mark *m)
{
    cairo_t *cr = c->cr;
    cairo_save(cr);
    cairo_translate(cr, m->x, m->y);
    cairo_rotate(cr, -m->angle * G_PI / 180);
    pango_cairo_update_context(cr, c->fonts->context);
    PangoLayout *layout = layout_new(c->fonts, m->text, m->markup, m->size);
    double baseline = (double)pango_layout_get_baseline(layout) / PANGO_SCALE;
    cairo_move_to(cr, -0.5 * (double)m->anchor * layout_width(layout), -baseline);
    pango_cairo_show_layout(cr, layout);
    g_object_unref(layout);
    cairo_restore(cr);
}

static void trace(cairo_t *cr, const double *xy, int32_t points, bool closed)
{
    cairo_new_path(cr); /* text leaves a point behind */
    for (size_t i = 0; i < (size_t)points; i++)
        cairo_line_to(cr, xy[2 * i], xy[2 * i + 1]);
    if (closed)
        cairo_close_path(cr);
}

static void draw_path(cairo_t *cr, const sx_i_mark *m)
{
    double length[4];
    int n = sx_i_dash_lengths(m->dash, length);
    trace(cr, m->xy, m->points, m->closed || m->filled);
    if (m->filled) {
        cairo_fill(cr);
        return;
    }
    for (int i = 0; i < n; i++)
        length[i] *= m->size;
    cairo_save(cr);
    cairo_set_line_width(cr, m->size);
    cairo_set_line_join(cr, CAIRO_LINE_JOIN_ROUND);
    bool dots = n >= 2 && length[n - 2] < m->size;
    cairo_set_line_cap(cr, dots ? CAIRO_LINE_CAP_ROUND : CAIRO_LINE_CAP_BUTT);
    cairo_set_dash(cr, length, n, 0);
    cairo_stroke(cr);
    cairo_restore(cr);
}

/* A disc is the round end of a line of no length: a few bytes. */
static void draw_dot(cairo_t *cr, double x, double y, double size)
{
    cairo_set_line_width(cr, size);
    cairo_set_line_cap(cr, CAIRO_LINE_CAP_ROUND);
    cairo_move_to(cr, x, y);
    cairo_line_to(cr, x, y);
    cairo_stroke(cr);
    cairo_set_line_cap(cr, CAIRO_LINE_CAP_BUTT);
}

static void draw_marker(cairo_t *cr, const sx_i_mark *m)
{
    double xy[24];
    int32_t corners = sx_i_marker_outline(m, xy);
    if (corners > 0) {
        trace(cr, xy, corners, true);
        cairo_fill(cr);
    } else if (m->marker == SX_MARKER_RING) {
        cairo_set_line_width(cr, SX_I_RING * m->size);
        cairo_new_sub_path(cr);
        cairo_arc(cr, m->x, m->y, (1 - SX_I_RING) / 2 * m->size, 0, 2 * G_PI);
        cairo_stroke(cr);
    } else {
        draw_dot(cr, m->x, m->y, m->size);
    }
}

/* 0xaarrggbb with the colours in proportion to the opacity, as cairo has them */
static uint32_t premultiplied(uint32_t pixel)
{
    uint32_t a = pixel >> 24, p = a << 24;
    for (int shift = 0; shift < 24; shift += 8)
        p |= ((pixel >> shift & 0xff) * a + 127) / 255 << shift;
    return p;
}

static cairo_surface_t *image_new(const sx_i_mark *m)
{
    cairo_surface_t *image =
        cairo_image_surface_create(CAIRO_FORMAT_ARGB32, m->columns, m->rows);
    unsigned char *data = cairo_image_surface_get_data(image);
    int stride = cairo_image_surface_get_stride(image);
    for (int32_t i = 0; data && i < m->rows; i++) {
        for (int32_t j = 0; j < m->columns; j++) {
            uint32_t p = premultiplied(m->pixel[(int64_t)i * m->columns + j]);
            memcpy(data + (int64_t)i * stride + 4 * (int64_t)j, &p, sizeof p);
        }
    }
    cairo_surface_mark_dirty(image);
    return image;
}

static void draw_image(cairo_t *cr, const sx_i_mark *m)
{
    cairo_surface_t *image = image_new(m);
    cairo_save(cr);
    cairo_translate(cr, m->x, m->y);
    cairo_scale(cr, m->w / m->columns, m->h / m->rows);
    cairo_set_source_surface(cr, image, 0, 0);
    cairo_pattern_set_filter(cairo_get_source(cr), CAIRO_FILTER_NEAREST);
    cairo_paint_with_alpha(cr, m->opacity);
    cairo_restore(cr);
    cairo_surface_destroy(image);
}

static void draw_triangle(cairo_t *cr, const sx_i_mark *m)
{
    const double xy[] = {m->x, m->y, m->x + m->w, m->y + m->h, m->x + m->u, m->y + m->v};
    trace(cr, xy, 3, true);
    cairo_fill(cr);
}

static void clip(canvas *c, const sx_i_mark *m)
{
    if (m->kind == SX_I_CLIP) {
        cairo_save(c->cr);
        cairo_rectangle(c->cr, m->x, m->y, m->w, m->h);
        cairo_clip(c->cr);
        c->clips++;
    } else if (c->clips > 0) {
        cairo_restore(c->cr);
        c->clips--;
    }
}

static void draw_mark(canvas *c, const sx_i_mark *m)
{
    cairo_t *cr = c->cr;
    set_colour(c, m->colour, m->opacity);
    switch (m->kind) {
    case SX_I_RECT:
        cairo_rectangle(cr, m->x, m->y, m->w, m->h);
        cairo_fill(cr);
        break;
    case SX_I_SEGMENT:
        cairo_set_line_width(cr, m->size);
        cairo_move_to(cr, m->x, m->y);
        cairo_rel_line_to(cr, m->w, m->h);
        cairo_stroke(cr);
        break;
    case SX_I_TEXT: draw_text(c, m); break;
    case SX_I_TRIANGLE: draw_triangle(cr, m); break;
    case SX_I_DISC: draw_dot(cr, m->x, m->y, 2 * m->size); break;
    case SX_I_PATH: draw_path(cr, m); break;
    case SX_I_SIGN: draw_marker(cr, m); break;
    case SX_I_IMAGE: draw_image(cr, m); break;
    case SX_I_CLIP:
    case SX_I_UNCLIP: clip(c, m); break;
    }
}

/* Tags say to readers of PDF that the page is one figure; pictures know none.  The ground comes
 * before them: cairo forgets whatever was before a paint of the whole page, tags too. */
static cairo_status_t draw(const sx_i_scene *s, sx_i_fonts *f, cairo_surface_t *surface,
                           double scale)
{
    cairo_t *cr = cairo_create(surface);
    canvas c = {.cr = cr, .fonts = f, .theme = s->theme};
    cairo_scale(cr, scale, scale);
    if (!s->transparent) {
        set_colour(&c, sx_i_palette_of(s->theme).paper, 1);
        cairo_paint(cr);
    }
    cairo_tag_begin(cr, "Document", NULL);
    cairo_tag_begin(cr, "Figure", NULL);
    for (int32_t i = 0; i < s->marks; i++)
        draw_mark(&c, &s->mark[i]);
    for (; c.clips > 0; c.clips--)
        cairo_restore(cr);
    cairo_tag_end(cr, "Figure");
    cairo_tag_end(cr, "Document");
    cairo_status_t status = cairo_status(cr);
    cairo_destroy(cr);
    return status;
}

static cairo_status_t on_bytes(void *out, const unsigned char *data, unsigned int size)
{
    return sx_i_bytes_add(out, data, size) ? CAIRO_STATUS_NO_MEMORY : CAIRO_STATUS_SUCCESS;
}

void sx_i_image_png(const sx_i_mark *m, sx_i_bytes *out)
{
    cairo_surface_t *image = image_new(m);
    if (cairo_surface_write_to_png_stream(image, on_bytes, out) != CAIRO_STATUS_SUCCESS)
        out->failed = true;
    cairo_surface_destroy(image);
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

/* SOURCE_DATE_EPOCH (seconds since 1970, years to 9999) or the year 2000. */
static void date(char text[32])
{
    const char *epoch = getenv("SOURCE_DATE_EPOCH");
    char *end = NULL;
    long long seconds = epoch ? strtoll(epoch, &end, 10) : 0;
    bool good = epoch && *epoch && !*end && seconds >= 0 && seconds < 253402300800LL;
    time_t at = good ? (time_t)seconds : 946684800;
    struct tm utc;
    gmtime_r(&at, &utc);
    strftime(text, 32, "%Y-%m-%dT%H:%M:%SZ", &utc);
}

sx_status sx_i_write_pdf(const sx_i_scene *s, sx_i_fonts *f, sx_i_bytes *out, sx_error *err)
{
    char created[32];
    date(created);
    cairo_surface_t *surface =
        cairo_pdf_surface_create_for_stream(on_bytes, out, s->width, s->height);
    cairo_pdf_surface_restrict_to_version(surface, CAIRO_PDF_VERSION_1_5);
    cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_TITLE, s->title);
    cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_SUBJECT, s->description);
    cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_CREATOR, "Sextant " SX_VERSION);
    cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_CREATE_DATE, created);
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
        cairo_image_surface_create(s->transparent ? CAIRO_FORMAT_ARGB32 : CAIRO_FORMAT_RGB24,
                                   pixels(s->width), pixels(s->height));
    sx_status st = written(draw(s, f, surface, PNG_SCALE), &png, err);
    if (!st)
        st = written(cairo_surface_write_to_png_stream(surface, on_bytes, &png), &png, err);
    if (!st && add_resolution(&png, out) != SX_OK)
        st = sx_nomem(err);
    sx_release(png.data);
    cairo_surface_destroy(surface);
    return st;
}
