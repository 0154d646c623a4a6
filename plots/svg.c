/* SPDX-License-Identifier: GPL-3.0-or-later */
/* svg.c - a scene as SVG with real text: it can be searched, edited and read aloud. */
#include "plots/plots_int.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static sx_status put(sx_i_bytes *out, const char *text)
{
    return sx_i_bytes_add(out, text, strlen(text));
}

/* text with the five characters of XML escaped */
static sx_status put_escaped(sx_i_bytes *out, const char *text)
{
    sx_status st = SX_OK;
    for (const char *p = text; !st && *p; p++) {
        switch (*p) {
        case '<': st = put(out, "&lt;"); break;
        case '>': st = put(out, "&gt;"); break;
        case '&': st = put(out, "&amp;"); break;
        case '"': st = put(out, "&quot;"); break;
        default: st = sx_i_bytes_add(out, p, 1); break;
        }
    }
    return st;
}

/*  name="value", without needless zeros and with the minus sign of a number */
static sx_status put_number(sx_i_bytes *out, const char *name, double value)
{
    char digits[32];
    char text[64];
    sx_i_fixed(value < 0 ? -value : value, 3, digits);
    size_t n = strlen(digits);
    while (digits[n - 1] == '0')
        digits[--n] = '\0';
    if (digits[n - 1] == '.')
        digits[--n] = '\0';
    const char *sign = value < 0 && strcmp(digits, "0") != 0 ? "-" : "";
    snprintf(text, sizeof text, " %s=\"%s%s\"", name, sign, digits);
    return put(out, text);
}

static sx_status put_colour(sx_i_bytes *out, const char *name, sx_i_rgb colour)
{
    char text[64];
    snprintf(text, sizeof text, " %s=\"#%06x\"", name, (unsigned)colour);
    return put(out, text);
}

/* <name, with the class of a mark that has one */
static sx_status put_start(sx_i_bytes *out, const char *name, const sx_i_mark *m)
{
    char text[96];
    if (m->class)
        snprintf(text, sizeof text, "<%s class=\"%s\"", name, m->class);
    else
        snprintf(text, sizeof text, "<%s", name);
    return put(out, text);
}

static sx_status put_rect(sx_i_bytes *out, const sx_i_mark *m)
{
    sx_status st = put_start(out, "rect", m);
    if (!st)
        st = put_number(out, "x", m->x);
    if (!st)
        st = put_number(out, "y", m->y);
    if (!st)
        st = put_number(out, "width", m->w);
    if (!st)
        st = put_number(out, "height", m->h);
    if (!st)
        st = put_colour(out, "fill", m->colour);
    if (!st)
        st = put(out, "/>\n");
    return st;
}

static sx_status put_line(sx_i_bytes *out, const sx_i_mark *m)
{
    sx_status st = put_start(out, "line", m);
    if (!st)
        st = put_number(out, "x1", m->x);
    if (!st)
        st = put_number(out, "y1", m->y);
    if (!st)
        st = put_number(out, "x2", m->x + m->w);
    if (!st)
        st = put_number(out, "y2", m->y + m->h);
    if (!st)
        st = put_number(out, "stroke-width", m->size);
    if (!st)
        st = put_colour(out, "stroke", m->colour);
    if (!st)
        st = put(out, "/>\n");
    return st;
}

static sx_status put_turn(sx_i_bytes *out, const sx_i_mark *m)
{
    char x[32];
    char y[32];
    char text[128];
    if (m->angle == 0)
        return SX_OK;
    sx_i_fixed(m->x, 3, x);
    sx_i_fixed(m->y, 3, y);
    snprintf(text, sizeof text, " transform=\"rotate(-%d %s %s)\"", (int)m->angle, x, y);
    return put(out, text);
}

static sx_status put_text(sx_i_bytes *out, const sx_i_mark *m)
{
    static const char *const anchors[] = {"", " text-anchor=\"middle\"",
                                          " text-anchor=\"end\""};
    sx_status st = put_start(out, "text", m);
    if (!st)
        st = put_number(out, "x", m->x);
    if (!st)
        st = put_number(out, "y", m->y);
    if (!st)
        st = put_number(out, "font-size", m->size);
    if (!st)
        st = put(out, anchors[m->anchor]);
    if (!st && m->colour != SX_I_INK)
        st = put_colour(out, "fill", m->colour);
    if (!st)
        st = put_turn(out, m);
    if (!st)
        st = put(out, ">");
    if (!st)
        st = put_escaped(out, m->text);
    if (!st)
        st = put(out, "</text>\n");
    return st;
}

/*  d="M0 0L1 0L0 1z" */
static sx_status put_triangle(sx_i_bytes *out, const sx_i_mark *m)
{
    const double corner[] = {m->x, m->y, m->x + m->w, m->y + m->h, m->x + m->u, m->y + m->v};
    char text[256];
    size_t used = 0;
    for (int i = 0; i < 6; i++) {
        char number[32];
        sx_i_fixed(fabs(corner[i]), 3, number);
        used += (size_t)snprintf(text + used, sizeof text - used, "%s%s%s",
                                 i == 0       ? " d=\"M"
                                 : i % 2 == 0 ? "L"
                                              : " ",
                                 corner[i] < 0 ? "-" : "", number);
    }
    sx_status st = put_start(out, "path", m);
    if (!st)
        st = put(out, text);
    if (!st)
        st = put(out, "z\"");
    if (!st)
        st = put_colour(out, "fill", m->colour);
    return st ? st : put(out, "/>\n");
}

static sx_status put_disc(sx_i_bytes *out, const sx_i_mark *m)
{
    sx_status st = put_start(out, "circle", m);
    if (!st)
        st = put_number(out, "cx", m->x);
    if (!st)
        st = put_number(out, "cy", m->y);
    if (!st)
        st = put_number(out, "r", m->size);
    if (!st)
        st = put_colour(out, "fill", m->colour);
    return st ? st : put(out, "/>\n");
}

static sx_status put_head(sx_i_bytes *out, const sx_i_scene *s)
{
    char width[32];
    char height[32];
    char text[512];
    sx_i_fixed(s->width, 2, width);
    sx_i_fixed(s->height, 2, height);
    snprintf(text, sizeof text,
             "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
             "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%spt\" height=\"%spt\" "
             "viewBox=\"0 0 %s %s\" role=\"img\" aria-labelledby=\"title description\" "
             "font-family=\"'TeX Gyre Heros', Helvetica, Arial, 'DejaVu Sans', sans-serif\">\n",
             width, height, width, height);
    sx_status st = put(out, text);
    if (!st)
        st = put(out, "<title id=\"title\">");
    if (!st)
        st = put_escaped(out, s->title);
    if (!st)
        st = put(out, "</title>\n<desc id=\"description\">");
    if (!st)
        st = put_escaped(out, s->description);
    if (!st)
        st = put(out, "</desc>\n<rect width=\"100%\" height=\"100%\" fill=\"#ffffff\"/>\n");
    return st;
}

sx_status sx_i_write_svg(const sx_i_scene *s, sx_i_fonts *f, sx_i_bytes *out, sx_error *err)
{
    static sx_status (*const writers[])(sx_i_bytes *, const sx_i_mark *) = {
        put_rect, put_line, put_text, put_triangle, put_disc};
    (void)f;
    sx_status st = put_head(out, s);
    for (int32_t i = 0; !st && i < s->marks; i++)
        if (s->mark[i].kind <= SX_I_DISC)
            st = writers[s->mark[i].kind](out, &s->mark[i]);
    if (!st)
        st = put(out, "</svg>\n");
    return st ? sx_nomem(err) : SX_OK;
}
