/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tikz_mark.c - marks of the page as paths and nodes of TikZ: what a mark is, its colour, and
 * last the style of its class, which has the last word. */
#include <math.h>
#include <string.h>

#include "plots/panel_int.h"
#include "plots/tikz_int.h"

void sx_i_tikz_number(sx_i_bytes *out, double value)
{
    char text[32];
    sx_i_plain(value, 3, text);
    sx_i_bytes_text(out, text);
}

static void put_point(sx_i_bytes *out, double x, double y)
{
    sx_i_bytes_text(out, "(");
    sx_i_tikz_number(out, x);
    sx_i_bytes_text(out, ",");
    sx_i_tikz_number(out, y);
    sx_i_bytes_text(out, ")");
}

void sx_i_tikz_dash(const sx_i_tikz *t, sx_dash dash, double size)
{
    double length[4];
    int n = sx_i_dash_lengths(dash, length);
    for (int i = 0; i < n; i++) {
        sx_i_bytes_text(t->out, i == 0 ? ", dash pattern=on " : i % 2 ? "bp off " : "bp on ");
        sx_i_tikz_number(t->out, length[i] * size);
    }
    sx_i_bytes_text(t->out, n ? "bp" : "");
    sx_i_bytes_text(t->out, n && length[n - 2] < 1 ? ", line cap=round" : "");
}

/* --- options --- */

static bool strokes(const sx_i_mark *m)
{
    return m->kind == SX_I_SEGMENT || (m->kind == SX_I_PATH && !m->filled);
}

/* "\fill[colour, opacity=..., sextant/class] " */
static void put_start(const sx_i_tikz *t, const sx_i_mark *m)
{
    sx_i_bytes_text(t->out, strokes(m) ? "\\draw[color=" : "\\fill[color=");
    sx_i_tikz_colour(t, m->colour);
    if (strokes(m)) {
        sx_i_bytes_text(t->out, ", line width=");
        sx_i_tikz_number(t->out, m->size);
        sx_i_bytes_text(t->out, m->kind == SX_I_PATH ? "bp, line join=round" : "bp");
        sx_i_tikz_dash(t, m->dash, m->size);
    }
    if (m->opacity < 1) {
        sx_i_bytes_text(t->out, ", opacity=");
        sx_i_tikz_number(t->out, m->opacity);
    }
    if (m->class)
        sx_i_bytes_format(t->out, ", sextant/%s", m->class);
    sx_i_bytes_text(t->out, "] ");
}

/* --- shapes --- */

static void put_box(sx_i_bytes *out, double x, double y, double w, double h)
{
    put_point(out, x, y);
    sx_i_bytes_text(out, " rectangle ");
    put_point(out, x + w, y + h);
}

static void put_lines(sx_i_bytes *out, const double *xy, int32_t n, bool closed)
{
    for (size_t i = 0; i < (size_t)n; i++) {
        sx_i_bytes_text(out, i == 0 ? "" : i % 6 ? " -- " : "\n  -- ");
        put_point(out, xy[2 * i], xy[2 * i + 1]);
    }
    sx_i_bytes_text(out, closed ? " -- cycle" : "");
}

static void put_circle(sx_i_bytes *out, const sx_i_mark *m, double radius)
{
    put_point(out, m->x, m->y);
    sx_i_bytes_text(out, " circle[radius=");
    sx_i_tikz_number(out, radius);
    sx_i_bytes_text(out, "bp]");
}

/* The operators of the page alone: red, green, blue, left, lower end, width, height. */
static void put_cell(const sx_i_tikz *t, const sx_i_mark *m)
{
    const double part[] = {(m->colour >> 16) / 255.0, (m->colour >> 8 & 255U) / 255.0,
                           (m->colour & 255U) / 255.0};
    const double box[] = {m->x, -m->y - m->h, m->w, m->h};
    sx_i_bytes_text(t->out, "\\sextantcell");
    for (int i = 0; i < 7; i++) {
        sx_i_bytes_text(t->out, "{");
        sx_i_tikz_number(t->out, i < 3 ? part[i] : box[i - 3]);
        sx_i_bytes_text(t->out, i < 3 ? "}" : "bp}");
    }
    sx_i_bytes_text(t->out, "\n");
}

static void put_shape(const sx_i_tikz *t, const sx_i_mark *m)
{
    const double corner[] = {m->x, m->y, m->x + m->w, m->y + m->h, m->x + m->u, m->y + m->v};
    if (t->light && m->kind == SX_I_RECT && !(m->opacity < 1)) {
        put_cell(t, m);
        return;
    }
    put_start(t, m);
    switch (m->kind) {
    case SX_I_RECT: put_box(t->out, m->x, m->y, m->w, m->h); break;
    case SX_I_SEGMENT: put_lines(t->out, corner, 2, false); break;
    case SX_I_TRIANGLE: put_lines(t->out, corner, 3, true); break;
    case SX_I_DISC: put_circle(t->out, m, m->size); break;
    default: put_lines(t->out, m->xy, m->points, m->closed || m->filled); break;
    }
    sx_i_bytes_text(t->out, ";\n");
}

void sx_i_tikz_line(const sx_i_tikz *t, const double b[4], double size, sx_i_rgb colour)
{
    sx_i_mark m = {.kind = SX_I_SEGMENT, .opacity = 1, .size = size, .colour = colour};
    m.x = b[0];
    m.y = b[1];
    m.w = b[2];
    m.h = b[3];
    put_shape(t, &m);
}

static void put_marker(const sx_i_tikz *t, const sx_i_mark *m)
{
    sx_i_bytes_text(t->out, "\\path[color=");
    sx_i_tikz_colour(t, m->colour);
    if (m->opacity < 1) {
        sx_i_bytes_text(t->out, ", opacity=");
        sx_i_tikz_number(t->out, m->opacity);
    }
    if (m->class)
        sx_i_bytes_format(t->out, ", sextant/%s", m->class);
    sx_i_bytes_format(t->out, "] plot[mark=%s, mark size=", sx_i_tikz_marker(m->marker));
    sx_i_tikz_number(t->out, m->size / 2);
    sx_i_bytes_text(t->out, "bp] coordinates {");
    put_point(t->out, m->x, m->y);
    sx_i_bytes_text(t->out, "};\n");
}

static void put_words(const sx_i_tikz *t, const sx_i_mark *m)
{
    static const char *const anchors[] = {"base west", "base", "base east"};
    sx_i_bytes_text(t->out, "\\node[sextant/text={");
    sx_i_tikz_number(t->out, m->size);
    sx_i_bytes_format(t->out, "}, anchor=%s", anchors[m->anchor]);
    if (fabs(m->angle) > 0) {
        sx_i_bytes_text(t->out, ", rotate=");
        sx_i_tikz_number(t->out, m->angle);
    }
    sx_i_bytes_text(t->out, ", text=");
    sx_i_tikz_colour(t, m->colour);
    if (m->class)
        sx_i_bytes_format(t->out, ", sextant/%s", m->class);
    sx_i_bytes_text(t->out, "] at ");
    put_point(t->out, m->x, m->y);
    sx_i_bytes_text(t->out, " {");
    sx_i_tikz_words(t, m->text, m->markup, m->size);
    sx_i_bytes_text(t->out, "};\n");
}

/* --- images --- */

/* Where pixels of one colour that start at column j of row i end. */
static int32_t run_end(const sx_i_mark *m, int32_t i, int32_t j)
{
    const uint32_t *row = m->pixel + (size_t)i * (size_t)m->columns;
    int32_t end = j + 1;
    while (end < m->columns && row[end] == row[j])
        end++;
    return end;
}

static int64_t runs(const sx_i_mark *m)
{
    int64_t n = 0;
    for (int32_t i = 0; i < m->rows; i++) {
        for (int32_t j = 0; j < m->columns; j = run_end(m, i, j))
            n += m->pixel[(size_t)i * (size_t)m->columns + (size_t)j] >> 24 != 0;
    }
    return n;
}

/* The most opaque pixel of two rows and columns, and of these the first. */
static uint32_t of_four(const sx_i_mark *m, int32_t i, int32_t j)
{
    uint32_t best = 0;
    for (int32_t k = 0; k < 4; k++) {
        int32_t r = 2 * i + k / 2;
        int32_t c = 2 * j + k % 2;
        uint32_t pixel = r < m->rows && c < m->columns
                             ? m->pixel[(size_t)r * (size_t)m->columns + (size_t)c]
                             : 0;
        best = pixel >> 24 > best >> 24 ? pixel : best;
    }
    return best;
}

/* Half as many rows and columns, in place: what is read is never behind what is written. */
static void halve(sx_i_mark *m, double *column, double *row)
{
    int32_t rows = (m->rows + 1) / 2;
    int32_t columns = (m->columns + 1) / 2;
    for (int32_t i = 0; i < rows; i++) {
        for (int32_t j = 0; j < columns; j++)
            m->pixel[(size_t)i * (size_t)columns + (size_t)j] = of_four(m, i, j);
    }
    m->rows = rows;
    m->columns = columns;
    *column *= 2;
    *row *= 2;
}

static void put_run(const sx_i_tikz *t, const sx_i_mark *m, uint32_t pixel, sx_i_box b)
{
    sx_i_mark cell = {.kind = SX_I_RECT,
                      .x = b.x,
                      .y = b.y,
                      .w = fmin(b.w, m->x + m->w - b.x),
                      .h = fmin(b.h, m->y + m->h - b.y),
                      .colour = pixel & 0xffffffU,
                      .opacity = (pixel >> 24) / 255.0 * m->opacity,
                      .class = m->class};
    if (cell.opacity < 1)
        put_shape(t, &cell);
    else
        put_cell(t, &cell);
}

static void put_image(const sx_i_tikz *t, const sx_i_mark *image)
{
    sx_i_mark m = *image;
    double column = m.w / m.columns;
    double row = m.h / m.rows;
    size_t pixels = (size_t)m.rows * (size_t)m.columns;
    m.pixel = sx_alloc(pixels, sizeof *m.pixel);
    if (!m.pixel) {
        t->out->failed = true;
        return;
    }
    memcpy(m.pixel, image->pixel, pixels * sizeof *m.pixel);
    while (runs(&m) > SX_I_TIKZ_MOST)
        halve(&m, &column, &row);
    if (m.rows < image->rows)
        sx_i_bytes_format(t->out, "%% an image of %d by %d pixels, here %d by %d\n",
                          (int)image->columns, (int)image->rows, (int)m.columns, (int)m.rows);
    for (int32_t i = 0; i < m.rows; i++) {
        for (int32_t j = 0, end; j < m.columns; j = end) {
            uint32_t pixel = m.pixel[(size_t)i * (size_t)m.columns + (size_t)j];
            end = run_end(&m, i, j);
            if (pixel >> 24)
                put_run(t, &m, pixel,
                        (sx_i_box){m.x + j * column, m.y + i * row, (end - j) * column, row});
        }
    }
    sx_release(m.pixel);
}

void sx_i_tikz_mark(const sx_i_tikz *t, const sx_i_mark *m)
{
    switch (m->kind) {
    case SX_I_TEXT: put_words(t, m); break;
    case SX_I_SIGN: put_marker(t, m); break;
    case SX_I_IMAGE: put_image(t, m); break;
    case SX_I_CLIP:
        sx_i_bytes_text(t->out, "\\begin{scope}\n\\clip ");
        put_box(t->out, m->x, m->y, m->w, m->h);
        sx_i_bytes_text(t->out, ";\n");
        break;
    case SX_I_UNCLIP: sx_i_bytes_text(t->out, "\\end{scope}\n"); break;
    default: put_shape(t, m); break;
    }
}
