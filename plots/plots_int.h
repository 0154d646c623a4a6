/* SPDX-License-Identifier: GPL-3.0-or-later */
/* plots_int.h - the display list between a figure's layout and its writers.
 *
 * Layout puts marks on a scene; writers (cairo for PDF and PNG, our own for SVG) read it.
 * Coordinates are points (1/72 inch), x to the right and y down from the top left corner.
 * A scene remembers that memory ran out, so that layout code need not ask at every mark. */
#ifndef SX_PLOTS_INT_H
#define SX_PLOTS_INT_H

#include "plots/bytes_int.h"
#include "plots/figure.h"

typedef uint32_t sx_i_rgb; /* 0xrrggbb */

enum { SX_I_INK = 0x000000, SX_I_PAPER = 0xffffff };

/* The colours of a theme: layout takes colours from here alone, so that figures can be dark. */
typedef struct sx_i_palette {
    sx_i_rgb ink, paper;
    sx_i_rgb axis;               /* frames and ticks */
    sx_i_rgb faint;              /* grid lines, what is only the ground of something */
    sx_i_rgb grey;               /* series in grey, hatches; at least 3:1 against paper */
    sx_i_rgb series[SX_COLOURS]; /* blue, vermillion, green, purple, orange, sky */
} sx_i_palette;
/* Of auto: the light colours, but ink and paper differ from black and white in the last bit, so
 * that the writer of SVG can tell what turns with the theme from text on a coloured cell, which
 * does not. */
sx_i_palette sx_i_palette_of(sx_theme theme);
/* The colour of auto where nothing turns. */
sx_i_rgb sx_i_palette_fixed(sx_i_rgb colour, sx_theme theme);

typedef enum sx_i_kind {
    SX_I_RECT,
    SX_I_SEGMENT,
    SX_I_TEXT,
    SX_I_TRIANGLE,
    SX_I_DISC,
    SX_I_PATH,
    SX_I_SIGN,
    SX_I_IMAGE,
    SX_I_CLIP,
    SX_I_UNCLIP
} sx_i_kind;
typedef enum sx_i_anchor { SX_I_START, SX_I_MIDDLE, SX_I_END } sx_i_anchor;

/* One mark.
 *   rect  the area x, y, w, h filled with colour
 *   line  from (x, y) to (x + w, y + h), `size` points thick
 *   text  one line, its baseline through (x, y), `size` points high, turned by `angle`
 *         degrees against the clock round (x, y), which is its start, middle or end
 *   triangle  the area between (x, y), (x + w, y + h) and (x + u, y + v), filled
 *   disc  the area within `size` points of (x, y), filled
 *   path  lines through xy [points], `size` points thick, dashed as `dash` says; closed: back
 *         to the start; filled: the area inside instead
 *   marker  a mark of that shape about (x, y), `size` points across
 *   image the area x, y, w, h in `columns` * `rows` pixels of 0xaarrggbb, not smoothed
 *   clip  what follows is drawn inside x, y, w, h alone, until unclip */
typedef struct sx_i_mark {
    sx_i_kind kind;
    double x, y, w, h;
    double u, v;
    double size, angle;
    sx_i_anchor anchor;
    sx_i_rgb colour;
    double opacity; /* in (0,1] */
    sx_marker marker;
    sx_dash dash;
    bool closed, filled;
    bool markup; /* text is markup (figure.h), else shown as it is */
    int32_t points, rows, columns;
    double *xy;        /* [2*points] owned by the scene; NULL unless kind is path */
    uint32_t *pixel;   /* [rows*columns] owned by the scene; NULL unless kind is image */
    char *text;        /* owned by the scene; NULL unless kind is text */
    const char *class; /* static: what it stands for, in SVG; NULL for nothing of its own */
} sx_i_mark;

typedef struct sx_i_scene {
    double width, height; /* of the page */
    sx_theme theme;
    bool transparent;        /* no ground */
    const char *title;       /* borrowed; "" for none */
    const char *description; /* borrowed: what is to be seen, in words; "" for none */
    int32_t marks, room;
    sx_i_mark *mark;          /* [marks] of [room], in the order of drawing */
    const char *class;        /* static: of the marks made from now on, or NULL */
    struct sx_i_views *views; /* script_int.h: keeps charts as they are; NULL: they are drawn */
    bool failed;              /* memory ran out */
} sx_i_scene;

void sx_i_scene_rect(sx_i_scene *s, double x, double y, double w, double h, sx_i_rgb colour);
void sx_i_scene_line(sx_i_scene *s, double x, double y, double w, double h, double thick,
                     sx_i_rgb colour);
/* The text is copied; anchor, angle and colour are set on the returned mark, which is valid
 * until the next one is made; NULL when memory ran out. */
sx_i_mark *sx_i_scene_text(sx_i_scene *s, double x, double y, double size, const char *text);
void sx_i_scene_triangle(sx_i_scene *s, const double corner[6], sx_i_rgb colour);
void sx_i_scene_disc(sx_i_scene *s, double x, double y, double radius, sx_i_rgb colour);
/* The same with text as markup. */
sx_i_mark *sx_i_scene_markup(sx_i_scene *s, double x, double y, double size, const char *text);
/* A path through xy [2*n] (copied), closed, filled, dash and opacity set on the returned mark;
 * NULL when memory ran out. */
sx_i_mark *sx_i_scene_path(sx_i_scene *s, const double *xy, int32_t n, double thick,
                           sx_i_rgb colour);
sx_i_mark *sx_i_scene_marker(sx_i_scene *s, double x, double y, double size, sx_marker marker,
                             sx_i_rgb colour);
/* The corners of a marker's outline (closed, filled), at most 12; 0 for a disc and a ring. */
int32_t sx_i_marker_outline(const sx_i_mark *m, double xy[24]);
/* A ring's line is that much of its size thick. */
#define SX_I_RING 0.2
/* Lengths of strokes and gaps of a path of thickness 1, none for a solid one; a stroke
 * shorter than 1 is a dot, with round ends (of length 0 cairo would leave some out). */
int sx_i_dash_lengths(sx_dash dash, double length[4]);
typedef struct sx_i_pixels {
    int32_t rows, columns;
    const uint32_t *pixel; /* [rows*columns] */
} sx_i_pixels;
/* The pixels are copied. */
void sx_i_scene_image(sx_i_scene *s, double x, double y, double w, double h, sx_i_pixels image);
void sx_i_scene_clip(sx_i_scene *s, double x, double y, double w, double h);
void sx_i_scene_unclip(sx_i_scene *s);
/* Four thin grey lines round the area. */
void sx_i_scene_frame(sx_i_scene *s, double x, double y, double w, double h);
/* Slanted lines that stay inside the area: no value. */
void sx_i_scene_hatch(sx_i_scene *s, double x, double y, double w, double h);
/* Drop the marks from the first-th on. */
void sx_i_scene_cut(sx_i_scene *s, int32_t first);
/* Release what s holds, not s. */
void sx_i_scene_clear(sx_i_scene *s);

/* Colour of t in [0,1]: light to dark, evenly in lightness. */
sx_i_rgb sx_i_colour_sequential(double t);
/* Colour of t in [-1,1]: nearly white at 0, orange to brown below, blue above; lightness falls
 * evenly to both sides. */
sx_i_rgb sx_i_colour_diverging(double t);
/* Relative luminance in [0,1] (WCAG 2). */
double sx_i_colour_luminance(sx_i_rgb colour);
/* Ink or paper, whichever stands out more on that ground. */
sx_i_rgb sx_i_colour_text_on(sx_i_rgb ground);

/* value with that many decimals (0..9), a true minus sign and no locale; |value| < 1e9. */
void sx_i_fixed(double value, int decimals, char text[32]);
/* The same in ASCII, without zeros at the end. */
void sx_i_plain(double value, int decimals, char text[32]);
/* 10 to that power in raised digits; "1" and "10" as they are. */
void sx_i_power(int power, char text[32]);

/* The fonts of one drawing: the same widths in every format. */
typedef struct sx_i_fonts sx_i_fonts;
sx_i_fonts *sx_i_fonts_new(bool serif); /* NULL when memory is out */
sx_i_fonts *sx_i_fonts_free(sx_i_fonts *f);
/* Memory ran out in a function that has no other way to say so. */
bool sx_i_fonts_failed(const sx_i_fonts *f);
bool sx_i_fonts_serif(const sx_i_fonts *f);
/* The first family of the type, e.g. "TeX Gyre Heros"; *there: it is installed. */
const char *sx_i_fonts_family(const sx_i_fonts *f, bool *there);
/* A text whose width was asked for has a letter that no font has that is installed. */
bool sx_i_fonts_lack(const sx_i_fonts *f);
/* Width of text at that size, in points. */
double sx_i_text_width(sx_i_fonts *f, const char *text, double size);
double sx_i_markup_width(sx_i_fonts *f, const char *markup, double size);
/* How far the ink of a text reaches from the start of its baseline; left and right grow to the
 * right, up and down away from the baseline. */
typedef struct sx_i_ink {
    double left, right, up, down;
} sx_i_ink;
sx_i_ink sx_i_text_ink(sx_i_fonts *f, const char *text, bool markup, double size);

/* Text is UTF-8 on one line, without control characters. */
bool sx_i_label_valid(const char *text);
/* text, or as much of its two ends as is at most that wide, with an ellipsis between.  Owned
 * by the caller; NULL when memory is out. */
char *sx_i_label_fit(sx_i_fonts *f, const char *text, double size, double width);

/* The same with markup, which stays whole. */
char *sx_i_markup_fit(sx_i_fonts *f, const char *markup, double size, double width);

/* Append the scene as a file.  SX_EMEM, SX_ELIB. */
SX_CHECKED sx_status sx_i_write_pdf(const sx_i_scene *s, sx_i_fonts *f, sx_i_bytes *out,
                                    sx_error *err);
SX_CHECKED sx_status sx_i_write_png(const sx_i_scene *s, sx_i_fonts *f, sx_i_bytes *out,
                                    sx_error *err);
SX_CHECKED sx_status sx_i_write_svg(const sx_i_scene *s, sx_i_fonts *f, sx_i_bytes *out,
                                    sx_error *err);

/* The pixels of an image as a PNG file. */
void sx_i_image_png(const sx_i_mark *m, sx_i_bytes *out);

/* The scene as the bytes of a file: "pdf", "svg" or "png".  *bytes: owned by the caller.
 * SX_EARG: another format. */
SX_CHECKED sx_status sx_i_scene_write(const sx_i_scene *s, sx_i_fonts *f, const char *format,
                                      unsigned char **bytes, size_t *size, sx_error *err);

#endif
