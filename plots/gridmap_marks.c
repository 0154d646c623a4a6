/* SPDX-License-Identifier: GPL-3.0-or-later */
/* gridmap_marks.c - what stands on the cells of a gridworld: frames, arrows, names, circles.
 *
 * An arrow is longer and darker the greater its share.  With the class of a mark an SVG says
 * what it stands for: start, end, shaft, arrow, name, circle. */
#include "plots/gridmap_int.h"

#include <math.h>
#include <string.h>

static const double lined = 5;     /* cells of that side have frames */
static const double least = 0.005; /* shares below it are not drawn */
static const double capital = 0.36;

sx_i_spot sx_i_map_spot(const sx_i_map_plan *p, int32_t cell)
{
    int32_t row = cell / p->g->columns;
    int32_t column = cell % p->g->columns;
    return (sx_i_spot){
        cell,    p->area.x + column * p->cw, p->area.y + row * p->ch, p->cw, p->ch,
        p->side, p->pen->palette.paper};
}

sx_i_rgb sx_i_map_ink(const sx_i_map_plan *p, sx_i_rgb ground)
{
    return ground == p->pen->palette.paper ? p->pen->palette.ink : sx_i_colour_text_on(ground);
}

void sx_i_map_text(sx_i_scene *s, double x, double y, double size, sx_i_rgb colour,
                   const char *text)
{
    sx_i_mark *m = sx_i_scene_text(s, x, y + capital * size, size, text);
    if (m) {
        m->anchor = SX_I_MIDDLE;
        m->colour = colour;
    }
}

void sx_i_map_frame(sx_i_scene *s, sx_i_box box, double inset, double thick, sx_i_rgb colour)
{
    double x = box.x + inset;
    double y = box.y + inset;
    double w = box.w - 2 * inset;
    double h = box.h - 2 * inset;
    sx_i_scene_line(s, x - thick / 2, y, w + thick, 0, thick, colour);
    sx_i_scene_line(s, x - thick / 2, y + h, w + thick, 0, thick, colour);
    sx_i_scene_line(s, x, y, 0, h, thick, colour);
    sx_i_scene_line(s, x + w, y, 0, h, thick, colour);
}

void sx_i_map_letter(const char *name, char letter[8])
{
    size_t n = *name ? 1 : 0;
    while (n && n < 4 && ((unsigned char)name[n] & 0xc0) == 0x80)
        n++;
    memcpy(letter, name, n);
    letter[n] = '\0';
    if (letter[0] >= 'a' && letter[0] <= 'z')
        letter[0] = (char)(letter[0] - 'a' + 'A');
}

static void put_frames(const sx_i_map_plan *p, sx_i_scene *s, const sx_i_spot *at)
{
    sx_i_box box = {at->x, at->y, at->w, at->h};
    sx_i_rgb ink = sx_i_map_ink(p, at->ground);
    if (at->side < lined)
        return;
    if (p->g->end[at->cell]) {
        s->class = "end";
        sx_i_map_frame(s, box, fmin(1.5, 0.1 * at->side), 0.5, ink);
    }
    if (p->g->start[at->cell]) {
        s->class = "start";
        sx_i_map_frame(s, box, 0.75, 1.5, ink);
    }
}

/* --- arrows --- */

/* ink on that ground, the paler the smaller the share */
static sx_i_rgb faded(sx_i_rgb ink, sx_i_rgb ground, double share)
{
    double t = 0.25 + 0.75 * fmin(1, share);
    sx_i_rgb colour = 0;
    for (int shift = 16; shift >= 0; shift -= 8) {
        double a = ink >> shift & 0xff;
        double b = ground >> shift & 0xff;
        colour = colour << 8 | (sx_i_rgb)lround(b + t * (a - b));
    }
    return colour;
}

/* From a point over length in the direction (dx, dy), which has length 1. */
typedef struct arrow {
    double x, y, dx, dy, length;
} arrow;

static void put_arrow(sx_i_scene *s, const arrow *a, double side, sx_i_rgb colour)
{
    double x = a->x;
    double y = a->y;
    double dx = a->dx;
    double dy = a->dy;
    double length = a->length;
    double head = fmin(fmin(4.5, 0.2 * side), 0.75 * length);
    double thick = fmin(0.9, 0.06 * side + 0.15);
    double bx = x + dx * (length - head);
    double by = y + dy * (length - head);
    const double corner[] = {x + dx * length,    y + dy * length,    bx - dy * head / 2,
                             by + dx * head / 2, bx + dy * head / 2, by - dx * head / 2};
    s->class = "shaft";
    sx_i_scene_line(s, x, y, dx * (length - 0.8 * head), dy * (length - 0.8 * head), thick,
                    colour);
    s->class = "arrow";
    sx_i_scene_triangle(s, corner, colour);
}

/* From the middle outwards, one that is alone through the middle; or, where a number is in
 * the middle, at the edge. */
static void put_move(const sx_i_map_plan *p, sx_i_scene *s, const sx_i_spot *at, int move,
                     double share, bool alone)
{
    double norm = hypot(sx_i_move_down[move], sx_i_move_right[move]);
    double dx = sx_i_move_right[move] / norm;
    double dy = sx_i_move_down[move] / norm;
    double far = norm > 1 ? 0.85 : 1;
    double length = (0.3 + 0.7 * fmin(1, share)) * far * (alone ? 0.55 : 0.42) * at->side;
    double from = alone ? -length / 2 : 0;
    if (p->outer) {
        length = (0.4 + 0.6 * fmin(1, share)) * 0.18 * at->side;
        from = (norm > 1 ? 1.3 : 1) * (0.5 * at->side - 2.4) - length;
    }
    arrow a = {at->x + at->w / 2 + from * dx, at->y + at->h / 2 + from * dy, dx, dy, length};
    put_arrow(s, &a, at->side, faded(sx_i_map_ink(p, at->ground), at->ground, share));
}

static void put_arrows(const sx_i_map_plan *p, sx_i_scene *s, const sx_i_spot *at)
{
    const double *share = p->g->arrow + (size_t)at->cell * SX_GRID_MOVES;
    int count = 0;
    for (int i = 0; i < SX_GRID_MOVES; i++)
        count += share[i] >= least;
    for (int i = 0; i < SX_GRID_STAY; i++)
        if (share[i] >= least)
            put_move(p, s, at, i, share[i], count == 1);
    if (share[SX_GRID_STAY] >= least) {
        double radius = fmax(0.4, 0.1 * sqrt(fmin(1, share[SX_GRID_STAY])) * at->side);
        double x = at->x + (p->outer ? 0.85 : 0.5) * at->w;
        double y = at->y + (p->outer ? 0.85 : 0.5) * at->h;
        s->class = "arrow";
        sx_i_scene_disc(s, x, y, p->outer ? 0.7 * radius : radius,
                        faded(sx_i_map_ink(p, at->ground), at->ground, share[SX_GRID_STAY]));
    }
}

/* --- names and circles --- */

/* Above wedges: in the middle, or in a corner that is free. */
static void put_name_on_wedges(const sx_i_map_plan *p, sx_i_scene *s, const sx_i_spot *at,
                               const char *letter)
{
    double size = p->name;
    double x = at->x + at->w / 2;
    double y = at->y + at->h / 2;
    if (sx_i_map_stays(p, at->cell)) {
        x = at->x + 2 + 0.75 * size;
        y = at->y + 2 + 0.75 * size;
    }
    if (!p->g->eight)
        sx_i_scene_disc(s, x, y, 0.68 * size, p->pen->palette.paper);
    sx_i_map_text(s, x, y, size, p->g->eight ? SX_I_INK : p->pen->palette.ink, letter);
}

/* In the middle of a plain cell, in a corner where something else is in the middle. */
static void put_name(const sx_i_map_plan *p, sx_i_scene *s, const sx_i_spot *at)
{
    const sx_gridmap *g = p->g;
    const char *name = g->label[at->cell];
    char letter[8];
    double size = p->name;
    if (!name || p->names == SX_I_NAMES_NONE || g->kind[at->cell] == SX_CELL_WALL)
        return;
    s->class = "name";
    sx_i_map_letter(name, letter);
    if (g->move && !g->value)
        put_name_on_wedges(p, s, at, letter);
    else if (g->value || g->arrow || g->ways)
        sx_i_map_text(s, at->x + 2.4 + 0.45 * size, at->y + 2.4 + capital * size, size,
                      sx_i_map_ink(p, at->ground), letter);
    else
        sx_i_map_text(s, at->x + at->w / 2, at->y + at->h / 2, size,
                      sx_i_map_ink(p, at->ground), p->names == SX_I_NAMES_FULL ? name : letter);
}

static void put_ring(sx_i_scene *s, const sx_i_spot *at, double radius, double thick,
                     sx_i_rgb colour)
{
    enum { CORNERS = 40 };
    double xy[2 * CORNERS];
    for (size_t i = 0; i < CORNERS; i++) {
        double turn = 2 * acos(-1) * (double)i / CORNERS;
        xy[2 * i] = at->x + at->w / 2 + radius * cos(turn);
        xy[2 * i + 1] = at->y + at->h / 2 + radius * sin(turn);
    }
    sx_i_mark *m = sx_i_scene_path(s, xy, CORNERS, thick, colour);
    if (m)
        m->closed = true;
}

/* Pale round dark, so that it stands out from every ground. */
static void put_circle(sx_i_scene *s, const sx_i_spot *at)
{
    double thick = fmin(1.2, 0.08 * at->side);
    double radius = at->side / 2 - fmin(1.4, 0.1 * at->side);
    s->class = "halo";
    put_ring(s, at, radius, 2 * thick, SX_I_PAPER);
    s->class = "circle";
    put_ring(s, at, radius, thick, SX_I_INK);
}

void sx_i_map_marks(const sx_i_map_plan *p, sx_i_scene *s, const sx_i_spot *at)
{
    for (int32_t i = 0; i < p->g->rows * p->g->columns; i++) {
        put_frames(p, s, &at[i]);
        if (p->g->arrow && p->g->kind[i] == SX_CELL_FREE && p->side >= 2)
            put_arrows(p, s, &at[i]);
        put_name(p, s, &at[i]);
        if (p->g->mark && p->g->mark[i])
            put_circle(s, &at[i]);
    }
}
