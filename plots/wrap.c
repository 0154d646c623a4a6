/* SPDX-License-Identifier: GPL-3.0-or-later */
/* wrap.c - markup in lines: broken at spaces, and at the end of what there is room for cut with
 * an ellipsis. */
#include "plots/panel_int.h"

#include <stdio.h>
#include <string.h>

/* Bytes of what stands in braces at q, with them. */
static size_t braced(const char *q)
{
    size_t n = 0;
    int depth = 0;
    do
        depth += (q[n] == '{') - (q[n] == '}');
    while (q[n++] && depth > 0 && q[n]);
    return n;
}

/* Bytes of a command at q, a backslash and letters or one sign. */
static size_t command(const char *q)
{
    size_t n = 1;
    if (strchr("\\{}*_^", q[n]))
        return n + 1;
    while ((q[n] >= 'a' && q[n] <= 'z') || (q[n] >= 'A' && q[n] <= 'Z'))
        n++;
    return n;
}

/* Length of the piece of markup at p that cannot be broken: a character, an escaped one, or a
 * sign with what is raised or lowered. */
static size_t piece(const char *p)
{
    const char *q = p;
    if (*q == '_' || *q == '^')
        q++;
    if (*q == '{')
        return (size_t)(q - p) + braced(q);
    if (*q == '\\' && q[1] >= 'A')
        return (size_t)(q - p) + command(q);
    q += *q == '\\' && q[1];
    q += *q != '\0';
    while (((unsigned char)*q & 0xc0) == 0x80)
        q++;
    return (size_t)(q - p);
}

static bool fits(sx_i_fonts *f, const char *from, size_t length, const char *end, double size,
                 double width)
{
    char text[SX_I_LABEL];
    if (length + strlen(end) + 1 >= sizeof text)
        return false;
    snprintf(text, sizeof text, "%.*s%s", (int)length, from, end);
    return sx_i_markup_width(f, text, size) <= width;
}

/* Bytes of the longest start of p that fits, in whole words, else in whole pieces; 0 for none.
 * *more: where the rest begins. */
static size_t first_line(sx_i_fonts *f, const char *p, double size, double width,
                         const char **more)
{
    size_t whole = 0;
    size_t words = 0;
    for (size_t at = 0; p[at];) {
        size_t next = at + piece(p + at);
        bool blank = p[at] == ' ';
        if (blank && fits(f, p, at, "", size, width))
            words = at;
        if (!p[next] && fits(f, p, next, "", size, width))
            words = next;
        if (!fits(f, p, next, "", size, width))
            break;
        whole = at = next;
    }
    size_t used = words ? words : whole;
    *more = p + used;
    while (**more == ' ')
        ++*more;
    return used;
}

static const char dots[] = "\xe2\x80\xa6";

/* Bytes of the longest start of p that fits with an ellipsis after it. */
static size_t cut_line(sx_i_fonts *f, const char *p, double size, double width)
{
    size_t used = 0;
    while (p[used]) {
        size_t next = used + piece(p + used);
        if (!fits(f, p, next, dots, size, width))
            break;
        used = next;
    }
    return used;
}

int32_t sx_i_markup_wrap(sx_i_fonts *f, const char *markup, double size, double width,
                         int32_t most, char (*line)[SX_I_LABEL])
{
    int32_t lines = 0;
    const char *p = markup;
    while (*p && lines < most) {
        const char *more = NULL;
        size_t used = first_line(f, p, size, width, &more);
        bool cut = *more && lines == most - 1;
        if (cut)
            used = cut_line(f, p, size, width);
        snprintf(line[lines++], SX_I_LABEL, "%.*s%s", (int)used, p, cut || !used ? dots : "");
        if (!used)
            break;
        p = more;
    }
    return lines;
}

bool sx_i_markup_cut(const char *line)
{
    size_t n = strlen(line);
    return n + 1 >= sizeof dots && strcmp(line + n + 1 - sizeof dots, dots) == 0;
}
