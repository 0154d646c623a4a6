/* SPDX-License-Identifier: GPL-3.0-or-later */
/* gridmap_ways.c - ways through a gridworld: lines from cell to cell.
 *
 * Ways are set off from each other, and each visit to a cell from the one before, so that a
 * way that comes back does not hide itself.  A way grows darker from its first step to its
 * last; the steps of one that is alone are numbered where cells have room for that. */
#include "plots/gridmap_int.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

typedef struct walk {
    const sx_i_map_plan *p;
    sx_i_scene *s;
    const sx_i_spot *at;
    int32_t *visits; /* [cells] so far of this way */
    double aside;    /* how far this way is set off, of a cell's side */
    sx_i_rgb colour;
} walk;

/* Visits go round the middle: to one side, to the other, further out. */
static void place(const walk *k, int32_t cell, double xy[2])
{
    static const double off[] = {0, 1, -1, 2, -2};
    double visit = off[k->visits[cell] % 5] * 0.07 * k->at[cell].side;
    double aside = k->aside * k->at[cell].side;
    xy[0] = k->at[cell].x + k->at[cell].w / 2 + aside + visit;
    xy[1] = k->at[cell].y + k->at[cell].h / 2 + aside - visit;
}

static bool neighbours(const sx_gridmap *g, int32_t a, int32_t b)
{
    return abs(a / g->columns - b / g->columns) <= 1 &&
           abs(a % g->columns - b % g->columns) <= 1;
}

static void put_head(const walk *k, const double from[2], const double to[2], double opacity)
{
    double side = k->p->side;
    double length = hypot(to[0] - from[0], to[1] - from[1]);
    double head = fmin(k->p->g->ways > 1 ? 3.5 : 4.5, 0.24 * side);
    if (!(length > head) || side < 4)
        return;
    double dx = (to[0] - from[0]) / length;
    double dy = (to[1] - from[1]) / length;
    double x = from[0] + dx * (length / 2 + head / 2);
    double y = from[1] + dy * (length / 2 + head / 2);
    const double xy[] = {x,
                         y,
                         x - dx * head - dy * head / 2,
                         y - dy * head + dx * head / 2,
                         x - dx * head + dy * head / 2,
                         y - dy * head - dx * head / 2};
    k->s->class = "way-head";
    sx_i_mark *m = sx_i_scene_path(k->s, xy, 3, 0, k->colour);
    if (m) {
        m->closed = m->filled = true;
        m->opacity = opacity;
    }
}

static void put_step(const walk *k, const double from[2], const double to[2], bool jump,
                     double opacity)
{
    const double xy[] = {from[0], from[1], to[0], to[1]};
    k->s->class = "step";
    sx_i_mark *m = sx_i_scene_path(
        k->s, xy, 2, fmin(k->p->g->ways > 1 ? 0.9 : 1.3, 0.05 + 0.07 * k->p->side), k->colour);
    if (m) {
        m->dash = jump ? SX_DASH_DOTTED : SX_DASH_SOLID;
        m->opacity = opacity;
    }
    put_head(k, from, to, opacity);
}

static void put_ends(const walk *k, const double first[2], const double last[2])
{
    double radius = fmin(2.2, 0.1 * k->p->side);
    k->s->class = "way-start";
    sx_i_scene_disc(k->s, first[0], first[1], radius, k->colour);
    k->s->class = "way-end";
    const double xy[] = {last[0] - radius, last[1] - radius, last[0] + radius,
                         last[1] - radius, last[0] + radius, last[1] + radius,
                         last[0] - radius, last[1] + radius};
    sx_i_mark *m = sx_i_scene_path(k->s, xy, 4, 0, k->colour);
    if (m)
        m->closed = m->filled = true;
}

/* Steps that do not stay where they are. */
static int32_t moves_of(const sx_way *way)
{
    int32_t moves = 0;
    for (int32_t i = 1; i < way->steps; i++)
        moves += way->cell[i] != way->cell[i - 1];
    return moves;
}

static void put_way(walk *k, const sx_way *way)
{
    double from[2];
    double first[2];
    if (way->steps < 1)
        return;
    place(k, way->cell[0], first);
    from[0] = first[0];
    from[1] = first[1];
    int32_t moves = moves_of(way);
    int32_t move = 0;
    for (int32_t i = 1; i < way->steps; i++) {
        double to[2];
        if (way->cell[i] == way->cell[i - 1])
            continue;
        double opacity = 0.4 + 0.6 * ++move / moves;
        k->visits[way->cell[i - 1]]++;
        place(k, way->cell[i], to);
        put_step(k, from, to, !neighbours(k->p->g, way->cell[i - 1], way->cell[i]), opacity);
        from[0] = to[0];
        from[1] = to[1];
    }
    put_ends(k, first, from);
}

/* The numbers of the steps that come to the cell of step i, the first `most` of them; "" unless
 * step i is the first. */
static void step_numbers(const sx_way *way, int32_t i, int32_t most, char text[48])
{
    size_t used = 0;
    int32_t here = 0;
    *text = '\0';
    for (int32_t j = 0; j < i; j++) {
        if (way->cell[j] == way->cell[i])
            return;
    }
    for (int32_t j = i; j < way->steps && here <= most; j++) {
        if (way->cell[j] != way->cell[i])
            continue;
        if (++here > most)
            snprintf(text + used, 48 - used, "\xe2\x80\xa6");
        else if (used < 32)
            used += (size_t)snprintf(text + used, 48 - used, "%s%d", used ? "," : "", j);
    }
}

/* ... of each cell, in a corner, as many as leave the middle to the way. */
static void put_numbers(const sx_i_map_plan *p, sx_i_scene *s, const sx_i_spot *at)
{
    const sx_way *way = &p->g->way[0];
    double size = fmin(0.75 * p->pen->text, 0.24 * p->side);
    if (p->g->ways != 1 || size < 4.5)
        return;
    s->class = "step-number";
    for (int32_t i = 0; i < way->steps; i++) {
        char text[48];
        const sx_i_spot *to = &at[way->cell[i]];
        double half = 0;
        for (int32_t most = 3; most > 0; most--) {
            step_numbers(way, i, most, text);
            half = sx_i_text_width(p->pen->fonts, text, size) / 2;
            if (2 * half <= to->w / 2 - 3.5)
                break;
        }
        if (*text && 2 * half <= to->w / 2 - 2.5)
            sx_i_map_text(s, to->x + to->w - 2.4 - half, to->y + to->h - 2.2 - 0.36 * size,
                          size, sx_i_map_ink(p, to->ground), text);
    }
}

void sx_i_map_ways(const sx_i_map_plan *p, sx_i_scene *s, const sx_i_spot *at)
{
    size_t cells = (size_t)p->g->rows * (size_t)p->g->columns;
    walk k = {.p = p, .s = s, .at = at};
    for (int32_t i = 0; i < p->g->ways; i++) {
        k.visits = sx_alloc(cells, sizeof *k.visits);
        s->failed = s->failed || !k.visits;
        if (!k.visits)
            return;
        double apart = p->g->ways > 1 ? fmin(0.09, 0.5 / (p->g->ways - 1)) : 0;
        k.aside = apart * (i - (p->g->ways - 1) / 2.0);
        k.colour = p->pen->palette.series[i % SX_COLOURS];
        put_way(&k, &p->g->way[i]);
        k.visits = sx_release(k.visits);
    }
    if (p->g->ways == 1)
        put_numbers(p, s, at);
}
