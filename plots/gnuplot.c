/* SPDX-License-Identifier: GPL-3.0-or-later */
/* gnuplot.c - a figure as a script for gnuplot: sizes, type, colours and styles of lines at its
 * head, where they are easily changed; then the data, then the panels.  What is no chart
 * stands on the page in points, with y downwards. */
#include "plots/gnuplot_int.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "plots/markup_int.h"

/* --- texts --- */

/* One character, size bytes, inside single quotes and of enhanced text.  A straight quote would
 * end the text where it comes first, doubled or not: it becomes the one of typography. */
static void put_character(sx_i_bytes *out, const char *p, size_t size, bool format)
{
    if (*p == '\'')
        sx_i_bytes_text(out, "\xe2\x80\x99");
    else if (format && *p == '%')
        sx_i_bytes_text(out, "%%");
    else if (strchr("^_{}@&~\\", *p))
        sx_i_bytes_format(out, "\\%c", *p);
    else if ((unsigned char)*p >= ' ' && *p != 0x7f)
        (void)!sx_i_bytes_add(out, p, size);
}

static void put_plain(sx_i_bytes *out, const char *text, size_t size, bool format)
{
    for (size_t i = 0; i < size;) {
        size_t n = 1;
        while (i + n < size && ((unsigned char)text[i + n] & 0xc0) == 0x80)
            n++;
        put_character(out, text + i, n, format);
        i += n;
    }
}

static void put_span(sx_i_bytes *out, const char *text, const sx_i_span *s, bool format)
{
    static const char *const level[] = {"_", "", "^"};
    bool braces = s->level || s->italic;
    sx_i_bytes_text(out, level[s->level + 1]);
    if (braces) /* a slash at the start would name a font */
        sx_i_bytes_text(out, s->italic ? "{/:Italic " : *text == '/' ? "{\\" : "{");
    put_plain(out, text, s->size, format);
    if (braces)
        sx_i_bytes_text(out, "}");
}

static void put_spans(sx_i_bytes *out, const char *text, bool format)
{
    sx_i_spans spans;
    if (!sx_i_markup_parse(text, &spans)) {
        out->failed = true;
        return;
    }
    for (int32_t i = 0; i < spans.spans; i++)
        put_span(out, spans.text + spans.span[i].start, &spans.span[i], format);
    sx_i_spans_clear(&spans);
}

void sx_i_gnuplot_text(sx_i_bytes *out, const char *text, bool markup, bool format)
{
    sx_i_bytes_text(out, "'");
    if (markup)
        put_spans(out, text, format);
    else
        put_plain(out, text, strlen(text), format);
    sx_i_bytes_text(out, "'");
}

void sx_i_gnuplot_colour(const sx_i_gnuplot *g, sx_i_rgb colour)
{
    sx_i_palette palette = sx_i_palette_of(g->script->scene.theme);
    const char *name = sx_i_colour_name(&palette, colour);
    if (name)
        sx_i_bytes_text(g->out, name);
    else
        sx_i_bytes_format(g->out, "'#%06x'", (unsigned)colour);
}

/* --- the head --- */

static void put_head(const sx_i_gnuplot *g)
{
    const sx_i_scene *s = &g->script->scene;
    sx_i_bytes *out = g->out;
    sx_i_palette palette = sx_i_palette_of(s->theme);
    bool there;
    sx_i_script_comment(out, "# ", s->title);
    sx_i_script_comment(out, "# ", s->description);
    sx_i_bytes_text(out,
                    "#\n# Made by Sextant " SX_VERSION ".  gnuplot 5.2 or later draws it:\n"
                    "#     gnuplot THIS-FILE\n\n# what to change first\n");
    sx_i_bytes_text(out, "if (!exists('output')) output = 'figure.pdf'\nwidth = ");
    sx_i_bytes_fixed(out, s->width / 72, 4);
    sx_i_bytes_text(out, "   # inches\nheight = ");
    sx_i_bytes_fixed(out, s->height / 72, 4);
    sx_i_bytes_format(out,
                      "\nfont = '%s'\nsize = ", sx_i_fonts_family(g->script->fonts, &there));
    sx_i_bytes_fixed(out, g->script->views.views ? g->script->views.pen.text : 8, 2);
    sx_i_bytes_text(out, "   # of the type, points\n");
    for (int32_t i = 0; i < SX_I_NAMED; i++)
        sx_i_bytes_format(
            out, "%s = '#%06x'\n", sx_i_colour_names[i],
            (unsigned)sx_i_palette_fixed(sx_i_colour_named(&palette, i), s->theme));
    sx_i_bytes_text(out, "pale(colour) = '#99'.colour[2:*]\n");
}

static void put_page(const sx_i_gnuplot *g)
{
    sx_i_bytes_text(g->out, "\nset encoding utf8\n"
                            "set terminal pdfcairo enhanced color size width in, height in \\\n"
                            "    font sprintf('%s,%g', font, size) fontscale 0.75 linewidth 2\n"
                            "set output output\n"
                            "set multiplot\nset key off\nset style "
                            "fill solid noborder\nunset "
                            "border\nunset tics\n");
    if (!g->script->scene.transparent)
        sx_i_bytes_text(g->out, "set object 1 rectangle from screen 0, 0 to screen 1, 1 behind "
                                "fillcolor rgb paper fillstyle solid noborder\n"
                                "set xrange [0:1]\nset yrange [0:1]\nplot -1\nunset object\n");
}

/* --- the page --- */

static void put_number(sx_i_bytes *out, const char *before, double x)
{
    sx_i_bytes_text(out, before);
    sx_i_bytes_fixed(out, x, 2);
}

static void put_outline(const sx_i_gnuplot *g, const double *xy, int32_t n, bool closed)
{
    sx_i_bytes_text(g->out, "set object polygon from ");
    for (size_t i = 0; i < (size_t)n + closed; i++) {
        size_t k = i % (size_t)n;
        put_number(g->out, i ? " to " : "", xy[2 * k]);
        put_number(g->out, ", ", xy[2 * k + 1]);
    }
}

static void put_fill(const sx_i_gnuplot *g, const sx_i_mark *m)
{
    sx_i_bytes_text(g->out, " fillcolor rgb ");
    sx_i_gnuplot_colour(g, m->colour);
    sx_i_bytes_text(g->out, " fillstyle ");
    if (m->opacity < 1)
        put_number(g->out, "transparent solid ", m->opacity);
    else
        sx_i_bytes_text(g->out, "solid");
    sx_i_bytes_text(g->out, " noborder\n");
}

static void put_stroke(const sx_i_gnuplot *g, const sx_i_mark *m, double thick)
{
    static const char *const dash[] = {"1", "'-'", "'.'", "'-.'"};
    put_number(g->out, " linewidth ", thick);
    sx_i_bytes_format(g->out, " dashtype %s linecolor rgb ", dash[m->dash]);
    sx_i_gnuplot_colour(g, m->colour);
    sx_i_bytes_text(g->out, "\n");
}

static void put_line(const sx_i_gnuplot *g, const sx_i_mark *m, const double from[2],
                     const double to[2])
{
    put_number(g->out, "set arrow from ", from[0]);
    put_number(g->out, ", ", from[1]);
    put_number(g->out, " to ", to[0]);
    put_number(g->out, ", ", to[1]);
    sx_i_bytes_text(g->out, " nohead");
    put_stroke(g, m, m->size);
}

static void put_area(const sx_i_gnuplot *g, const sx_i_mark *m, sx_i_box b)
{
    const double xy[] = {b.x, b.y, b.x + b.w, b.y, b.x + b.w, b.y + b.h, b.x, b.y + b.h};
    put_outline(g, xy, 4, true);
    put_fill(g, m);
}

static void put_circle(const sx_i_gnuplot *g, const sx_i_mark *m, double radius)
{
    put_number(g->out, "set object circle at ", m->x);
    put_number(g->out, ", ", m->y);
    put_number(g->out, " size ", radius);
}

static void put_marker(const sx_i_gnuplot *g, const sx_i_mark *m)
{
    double xy[24];
    int32_t n = sx_i_marker_outline(m, xy);
    if (n > 0) {
        put_outline(g, xy, n, true);
        put_fill(g, m);
    } else if (m->marker == SX_MARKER_RING) {
        put_circle(g, m, (1 - SX_I_RING) / 2 * m->size);
        put_number(g->out, " fillstyle empty border linecolor rgb ink linewidth ",
                   SX_I_RING * m->size);
        sx_i_bytes_text(g->out, "\n");
    } else {
        put_circle(g, m, m->size / 2);
        put_fill(g, m);
    }
}

static void put_path(const sx_i_gnuplot *g, const sx_i_mark *m)
{
    if (m->filled) {
        put_outline(g, m->xy, m->points, true);
        put_fill(g, m);
        return;
    }
    for (size_t i = 0; i + 1 < (size_t)m->points + m->closed; i++)
        put_line(g, m, m->xy + 2 * i, m->xy + 2 * ((i + 1) % (size_t)m->points));
}

/* neighbours of one colour in a row are one area */
static void put_image(const sx_i_gnuplot *g, const sx_i_mark *m)
{
    double w = m->w / m->columns;
    double h = m->h / m->rows;
    for (int32_t i = 0; i < m->rows; i++) {
        const uint32_t *row = m->pixel + (size_t)i * (size_t)m->columns;
        for (int32_t j = 0, end; j < m->columns; j = end) {
            for (end = j; end < m->columns && row[end] == row[j];)
                end++;
            sx_i_mark area = {.colour = row[j] & 0xffffff, .opacity = m->opacity};
            if (row[j] >> 24)
                put_area(g, &area, (sx_i_box){m->x + j * w, m->y + i * h, (end - j) * w, h});
        }
    }
}

/* gnuplot sets the middle of a line at the place, and not its baseline */
static void put_text(const sx_i_gnuplot *g, const sx_i_mark *m)
{
    static const char *const anchor[] = {"left", "center", "right"};
    double turn = m->angle * acos(-1) / 180;
    double up = 0.33 * m->size;
    sx_i_bytes_text(g->out, "set label ");
    sx_i_gnuplot_text(g->out, m->text, m->markup, false);
    put_number(g->out, " at ", m->x - up * sin(turn));
    put_number(g->out, ", ", m->y - up * cos(turn));
    sx_i_bytes_format(g->out, " %s", anchor[m->anchor]);
    if (fabs(m->angle) > 0)
        put_number(g->out, " rotate by ", m->angle);
    put_number(g->out, " front font sprintf('%s,%g', font, size * ",
               m->size / (g->script->views.views ? g->script->views.pen.text : 8));
    sx_i_bytes_text(g->out, ") textcolor rgb ");
    sx_i_gnuplot_colour(g, m->colour);
    sx_i_bytes_text(g->out, "\n");
}

static void put_mark(const sx_i_gnuplot *g, const sx_i_mark *m)
{
    const double from[] = {m->x, m->y};
    const double to[] = {m->x + m->w, m->y + m->h};
    const double corner[] = {m->x, m->y, m->x + m->w, m->y + m->h, m->x + m->u, m->y + m->v};
    switch (m->kind) {
    case SX_I_RECT: put_area(g, m, (sx_i_box){m->x, m->y, m->w, m->h}); break;
    case SX_I_SEGMENT: put_line(g, m, from, to); break;
    case SX_I_TEXT: put_text(g, m); break;
    case SX_I_TRIANGLE:
        put_outline(g, corner, 3, true);
        put_fill(g, m);
        break;
    case SX_I_DISC:
        put_circle(g, m, m->size);
        put_fill(g, m);
        break;
    case SX_I_PATH: put_path(g, m); break;
    case SX_I_SIGN: put_marker(g, m); break;
    case SX_I_IMAGE: put_image(g, m); break;
    default: break; /* what is clipped ends at its area */
    }
}

/* marks [from, to) of the page */
static void put_marks(const sx_i_gnuplot *g, int32_t from, int32_t to)
{
    const sx_i_scene *s = &g->script->scene;
    const char *class = NULL;
    if (from == to)
        return;
    sx_i_bytes_text(g->out, "\n# on the page, in points\n"
                            "set margins screen 0, screen 1, screen 0, screen 1\n"
                            "unset border\nunset tics\n"
                            "unset logscale\n");
    put_number(g->out, "set xrange [0:", s->width);
    put_number(g->out, "]\nset yrange [", s->height);
    sx_i_bytes_text(g->out, ":0]\n");
    for (int32_t i = from; i < to; i++) {
        const sx_i_mark *m = &s->mark[i];
        if (m->class && (!class || strcmp(class, m->class) != 0))
            sx_i_bytes_format(g->out, "# %s\n", m->class);
        class = m->class;
        put_mark(g, m);
    }
    sx_i_bytes_text(g->out, "plot -1\nunset object\nunset arrow\nunset label\n");
}

sx_status sx_i_figure_gnuplot(const sx_figure *f, const sx_plot_style *style, sx_i_bytes *out,
                              sx_error *err)
{
    sx_i_script script;
    sx_status st = sx_i_script_plan(f, style, &script, err);
    const sx_i_gnuplot g = {&script, out};
    int32_t done = 0;
    if (!st) {
        put_head(&g);
        st = sx_i_gnuplot_data(&g, err);
    }
    if (!st)
        put_page(&g);
    for (int32_t i = 0; !st && i < script.views.views; i++) {
        put_marks(&g, done, script.views.view[i].at);
        done = script.views.view[i].at;
        st = sx_i_gnuplot_chart(&g, i, err);
    }
    if (!st) {
        put_marks(&g, done, script.scene.marks);
        sx_i_bytes_text(out, "\nunset multiplot\nunset output\n");
    }
    sx_i_script_clear(&script);
    return st;
}
