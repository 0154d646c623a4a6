/* SPDX-License-Identifier: GPL-3.0-or-later */
/* scene.c - the display list: marks, growing arrays, numbers as text. */
#include "plots/plots_int.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static sx_i_mark *add(sx_i_scene *s)
{
    if (s->failed)
        return NULL;
    if (s->marks == s->room) {
        int32_t room = s->room ? 2 * s->room : 256;
        sx_i_mark *grown = sx_realloc(s->mark, (size_t)room, sizeof *grown);
        if (!grown) {
            s->failed = true;
            return NULL;
        }
        s->mark = grown;
        s->room = room;
    }
    sx_i_mark *m = &s->mark[s->marks++];
    *m = (sx_i_mark){.class = s->class};
    return m;
}

/* all but the class; nothing of what is drawn shines through unless somebody says so */
static void put(sx_i_mark *m, sx_i_mark what)
{
    what.class = m->class;
    what.opacity = 1;
    *m = what;
}

void sx_i_scene_rect(sx_i_scene *s, double x, double y, double w, double h, sx_i_rgb colour)
{
    sx_i_mark *m = add(s);
    if (m)
        put(m,
            (sx_i_mark){.kind = SX_I_RECT, .x = x, .y = y, .w = w, .h = h, .colour = colour});
}

void sx_i_scene_line(sx_i_scene *s, double x, double y, double w, double h, double thick,
                     sx_i_rgb colour)
{
    sx_i_mark *m = add(s);
    if (m)
        put(m, (sx_i_mark){.kind = SX_I_SEGMENT,
                           .x = x,
                           .y = y,
                           .w = w,
                           .h = h,
                           .size = thick,
                           .colour = colour});
}

sx_i_mark *sx_i_scene_text(sx_i_scene *s, double x, double y, double size, const char *text)
{
    char *copy = sx_strdup(text);
    sx_i_mark *m = copy ? add(s) : NULL;
    if (!m) {
        sx_release(copy);
        s->failed = true;
        return NULL;
    }
    put(m, (sx_i_mark){.kind = SX_I_TEXT, .x = x, .y = y, .size = size, .text = copy});
    return m;
}

sx_i_mark *sx_i_scene_markup(sx_i_scene *s, double x, double y, double size, const char *text)
{
    sx_i_mark *m = sx_i_scene_text(s, x, y, size, text);
    if (m)
        m->markup = true;
    return m;
}

void sx_i_scene_triangle(sx_i_scene *s, const double corner[6], sx_i_rgb colour)
{
    sx_i_mark *m = add(s);
    if (m)
        put(m, (sx_i_mark){.kind = SX_I_TRIANGLE,
                           .x = corner[0],
                           .y = corner[1],
                           .w = corner[2] - corner[0],
                           .h = corner[3] - corner[1],
                           .u = corner[4] - corner[0],
                           .v = corner[5] - corner[1],
                           .colour = colour});
}

void sx_i_scene_disc(sx_i_scene *s, double x, double y, double radius, sx_i_rgb colour)
{
    sx_i_mark *m = add(s);
    if (m)
        put(m,
            (sx_i_mark){.kind = SX_I_DISC, .x = x, .y = y, .size = radius, .colour = colour});
}

/* A copy of size bytes; a failure is remembered. */
static void *copied(sx_i_scene *s, const void *data, size_t size)
{
    void *copy = s->failed ? NULL : sx_alloc(size, 1);
    if (copy && size)
        memcpy(copy, data, size);
    if (!copy)
        s->failed = true;
    return copy;
}

sx_i_mark *sx_i_scene_path(sx_i_scene *s, const double *xy, int32_t n, double thick,
                           sx_i_rgb colour)
{
    double *copy = copied(s, xy, 2 * (size_t)n * sizeof *xy);
    sx_i_mark *m = copy ? add(s) : NULL;
    if (!m) {
        sx_release(copy);
        return NULL;
    }
    put(m, (sx_i_mark){
               .kind = SX_I_PATH, .xy = copy, .points = n, .size = thick, .colour = colour});
    return m;
}

sx_i_mark *sx_i_scene_marker(sx_i_scene *s, double x, double y, double size, sx_marker marker,
                             sx_i_rgb colour)
{
    sx_i_mark *m = add(s);
    if (m)
        put(m, (sx_i_mark){.kind = SX_I_SIGN,
                           .x = x,
                           .y = y,
                           .size = size,
                           .marker = marker,
                           .colour = colour});
    return m;
}

void sx_i_scene_image(sx_i_scene *s, double x, double y, double w, double h, sx_i_pixels image)
{
    size_t n = (size_t)image.rows * (size_t)image.columns;
    uint32_t *copy = copied(s, image.pixel, n * sizeof *image.pixel);
    sx_i_mark *m = copy ? add(s) : NULL;
    if (!m) {
        sx_release(copy);
        return;
    }
    put(m, (sx_i_mark){.kind = SX_I_IMAGE,
                       .x = x,
                       .y = y,
                       .w = w,
                       .h = h,
                       .rows = image.rows,
                       .columns = image.columns,
                       .pixel = copy});
}

void sx_i_scene_clip(sx_i_scene *s, double x, double y, double w, double h)
{
    sx_i_mark *m = add(s);
    if (m)
        put(m, (sx_i_mark){.kind = SX_I_CLIP, .x = x, .y = y, .w = w, .h = h});
}

void sx_i_scene_unclip(sx_i_scene *s)
{
    sx_i_mark *m = add(s);
    if (m)
        put(m, (sx_i_mark){.kind = SX_I_UNCLIP});
}

void sx_i_scene_frame(sx_i_scene *s, double x, double y, double w, double h)
{
    const double thick = 0.5;
    const sx_i_rgb grey = sx_i_palette_of(s->theme).axis;
    sx_i_scene_line(s, x - thick / 2, y, w + thick, 0, thick, grey);
    sx_i_scene_line(s, x - thick / 2, y + h, w + thick, 0, thick, grey);
    sx_i_scene_line(s, x, y, 0, h, thick, grey);
    sx_i_scene_line(s, x + w, y, 0, h, thick, grey);
}

/* Lines x + y = c, one every 4 points of c, cut at the edges. */
void sx_i_scene_hatch(sx_i_scene *s, double x, double y, double w, double h)
{
    const sx_i_rgb grey = sx_i_palette_of(s->theme).grey;
    int lines = (int)ceil((w + h - 2) / 4);
    for (int i = 0; i < lines; i++) {
        double c = 2 + 4 * i;
        double left = fmax(0, c - h);
        double right = fmin(w, c);
        sx_i_scene_line(s, x + left, y + c - left, right - left, left - right, 0.5, grey);
    }
}

void sx_i_scene_cut(sx_i_scene *s, int32_t first)
{
    for (int32_t i = first; i < s->marks; i++) {
        sx_release(s->mark[i].text);
        sx_release(s->mark[i].xy);
        sx_release(s->mark[i].pixel);
    }
    s->marks = first < s->marks ? first : s->marks;
}

void sx_i_scene_clear(sx_i_scene *s)
{
    sx_i_scene_cut(s, 0);
    s->mark = sx_release(s->mark);
    s->marks = s->room = 0;
}

/* digits of n before text's end, at least `least` of them; returns their start */
static char *digits(long long n, int least, char *end)
{
    while (n > 0 || least > 0) {
        *--end = (char)('0' + n % 10);
        n /= 10;
        least--;
    }
    return end;
}

void sx_i_fixed(double value, int decimals, char text[32])
{
    static const long long tens[] = {1,      10,      100,      1000,      10000,
                                     100000, 1000000, 10000000, 100000000, 1000000000};
    long long unit = tens[decimals];
    long long n = llrint(fabs(value) * (double)unit);
    char buffer[32];
    char *end = buffer + sizeof buffer;
    char *p = end;
    if (decimals > 0) {
        p = digits(n % unit, decimals, p);
        *--p = '.';
    }
    p = digits(n / unit, 1, p);
    const char *minus = value < 0 && n > 0 ? "\xe2\x88\x92" : "";
    snprintf(text, 32, "%s%.*s", minus, (int)(end - p), p);
}

void sx_i_plain(double value, int decimals, char text[32])
{
    char digits[32];
    sx_i_fixed(fabs(value), decimals, digits);
    size_t n = strlen(digits);
    while (strchr(digits, '.') && (digits[n - 1] == '0' || digits[n - 1] == '.')) {
        n--;
        bool point = digits[n] == '.';
        digits[n] = '\0';
        if (point)
            break;
    }
    snprintf(text, 32, "%s%.30s", value < 0 && strcmp(digits, "0") != 0 ? "-" : "", digits);
}

void sx_i_power(int power, char text[32])
{
    static const char *const raised[] = {
        "\xe2\x81\xb0", "\xc2\xb9",     "\xc2\xb2",     "\xc2\xb3",     "\xe2\x81\xb4",
        "\xe2\x81\xb5", "\xe2\x81\xb6", "\xe2\x81\xb7", "\xe2\x81\xb8", "\xe2\x81\xb9"};
    char plain[16];
    if (power == 0 || power == 1) {
        snprintf(text, 32, "%s", power ? "10" : "1");
        return;
    }
    snprintf(plain, sizeof plain, "%d", power < 0 ? -power : power);
    size_t used = (size_t)snprintf(text, 32, "10%s", power < 0 ? "\xe2\x81\xbb" : "");
    for (const char *d = plain; *d; d++)
        used += (size_t)snprintf(text + used, 32 - used, "%s", raised[*d - '0']);
}
