/* SPDX-License-Identifier: GPL-3.0-or-later */
/* space.c - room for texts inside a panel. */
#include "plots/space_int.h"

#include <math.h>

void sx_i_space_clear(sx_i_space *s)
{
    s->text = sx_release(s->text);
    s->texts = s->room = 0;
}

/* the cell of a place along one side, -1 or SX_I_GRID outside */
static int32_t cell_of(double x, double length)
{
    double i = floor(x / length * SX_I_GRID);
    if (!(i >= 0))
        return x >= -1e-6 ? 0 : -1;
    if (i >= SX_I_GRID)
        return x <= length + 1e-6 ? SX_I_GRID - 1 : SX_I_GRID;
    return (int32_t)i;
}

void sx_i_space_dot(sx_i_space *s, double x, double y)
{
    int32_t i = cell_of(y, s->h);
    int32_t j = cell_of(x, s->w);
    if (i >= 0 && j >= 0 && i < SX_I_GRID && j < SX_I_GRID)
        s->cell[i * SX_I_GRID + j]++;
}

void sx_i_space_line(sx_i_space *s, double x0, double y0, double x1, double y1)
{
    double cells = fmax(fabs(x1 - x0) / s->w, fabs(y1 - y0) / s->h) * SX_I_GRID;
    int32_t steps = (int32_t)fmin(4 * SX_I_GRID, ceil(2 * fmin(cells, 1e6))) + 1;
    for (int32_t i = 0; i <= steps; i++) {
        double t = (double)i / steps;
        sx_i_space_dot(s, x0 + t * (x1 - x0), y0 + t * (y1 - y0));
    }
}

static int32_t clamped(double x, double length)
{
    int32_t i = cell_of(x, length);
    return i < 0 ? 0 : i >= SX_I_GRID ? SX_I_GRID - 1 : i;
}

void sx_i_space_fill(sx_i_space *s, sx_i_box b)
{
    for (int32_t i = clamped(b.y, s->h); i <= clamped(b.y + b.h, s->h); i++) {
        for (int32_t j = clamped(b.x, s->w); j <= clamped(b.x + b.w, s->w); j++)
            s->cell[i * SX_I_GRID + j]++;
    }
}

int32_t sx_i_space_marks(const sx_i_space *s, sx_i_box b)
{
    int32_t marks = 0;
    for (int32_t i = clamped(b.y, s->h); i <= clamped(b.y + b.h, s->h); i++) {
        for (int32_t j = clamped(b.x, s->w); j <= clamped(b.x + b.w, s->w); j++)
            marks += s->cell[i * SX_I_GRID + j] < 1000 ? s->cell[i * SX_I_GRID + j] : 1000;
    }
    return marks;
}

bool sx_i_space_free(const sx_i_space *s, sx_i_box b)
{
    if (b.x < 0 || b.y < 0 || b.x + b.w > s->w || b.y + b.h > s->h)
        return false;
    for (int32_t i = 0; i < s->texts; i++) {
        const sx_i_box *t = &s->text[i];
        if (b.x < t->x + t->w && t->x < b.x + b.w && b.y < t->y + t->h && t->y < b.y + b.h)
            return false;
    }
    return true;
}

void sx_i_space_take(sx_i_space *s, sx_i_box b)
{
    if (s->texts == s->room) {
        int32_t room = 2 * s->room + 16;
        sx_i_box *grown = sx_realloc(s->text, (size_t)room, sizeof *grown);
        s->failed = s->failed || !grown;
        if (!grown)
            return;
        s->text = grown;
        s->room = room;
    }
    s->text[s->texts++] = b;
}

int32_t sx_i_space_corner(const sx_i_space *s, double w, double h, double edge, sx_i_box *b)
{
    /* right before left and top before bottom; middles last */
    static const double at[][2] = {{1, 0},   {0, 0},   {1, 1},  {0, 1},
                                   {0.5, 0}, {0.5, 1}, {1, 0.5}};
    int32_t least = -1;
    for (size_t i = 0; i < sizeof at / sizeof *at; i++) {
        sx_i_box try = {edge + at[i][0] * (s->w - w - 2 * edge),
                        edge + at[i][1] * (s->h - h - 2 * edge), w, h};
        if (w + 2 * edge > s->w || h + 2 * edge > s->h || !sx_i_space_free(s, try))
            continue;
        int32_t marks = sx_i_space_marks(s, try);
        if (least < 0 || marks < least) {
            least = marks;
            *b = try;
        }
    }
    return least;
}
