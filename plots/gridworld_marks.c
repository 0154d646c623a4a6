/* SPDX-License-Identifier: GPL-3.0-or-later */
/* gridworld_marks.c - the marks of a gridworld.
 *
 * The four moves of a cell are wedges that meet in its middle, staying is a disc on top of
 * them; with eight moves a cell is cut in three by three.  The class of a mark in SVG says
 * what it stands for: cell, wall, sender, wedge, stay, arrow, number, name, grid. */
#include "plots/gridworld_int.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static const double margin = 4;
static const double font = 8;
static const double capital = 0.36; /* half the height of a capital, of its size */
static const double lined = 5;      /* cells of that side have lines between them */
static const double key_font = 7.5;
static const sx_i_rgb wall = 0x9a9a9a;
static const sx_i_rgb floor_colour = 0xffffff;
static const sx_i_rgb sender = 0xe8e8e8;

/* down and right of each move */
static const int down[] = {-1, 1, 0, 0, -1, -1, 1, 1, 0};
static const int right[] = {0, 0, -1, 1, -1, 1, -1, 1, 0};

typedef struct spot {
    int32_t cell;
    double x, y, side;
    sx_i_rgb ground; /* what is below names and arrows */
} spot;

void sx_i_grid_letter(const char *name, char letter[8])
{
    size_t n = 1;
    while (n < 4 && ((unsigned char)name[n] & 0xc0) == 0x80)
        n++;
    memcpy(letter, name, n);
    letter[n] = '\0';
    if (letter[0] >= 'a' && letter[0] <= 'z')
        letter[0] = (char)(letter[0] - 'a' + 'A');
}

static void put_text(sx_i_scene *s, double x, double y, double size, sx_i_rgb colour,
                     const char *text)
{
    sx_i_mark *m = sx_i_scene_text(s, x, y + capital * size, size, text);
    if (m) {
        m->anchor = SX_I_MIDDLE;
        m->colour = colour;
    }
}

static void put_number(const sx_i_grid_plan *p, sx_i_scene *s, double x, double y, double value,
                       sx_i_rgb ground)
{
    char text[32];
    if (!(p->number > 0))
        return;
    s->class = "number";
    sx_i_fixed(value, p->bar.decimals, text);
    put_text(s, x, y, p->number, sx_i_colour_text_on(ground), text);
}

/* --- the ground --- */

static void draw_value(const sx_i_grid_plan *p, sx_i_scene *s, spot *at)
{
    double value = p->g->value[at->cell];
    if (isnan(value))
        return;
    value = sx_i_bar_scaled(&p->bar, value);
    at->ground = sx_i_bar_colour(&p->bar, value);
    s->class = "cell";
    sx_i_scene_rect(s, at->x, at->y, at->side, at->side, at->ground);
    put_number(p, s, at->x + at->side / 2, at->y + at->side / 2, value, at->ground);
}

static void draw_wedge(sx_i_scene *s, const spot *at, int move, sx_i_rgb colour)
{
    double half = at->side / 2;
    double x = at->x + half;
    double y = at->y + half;
    double ax = down[move] ? -1 : right[move];
    double ay = down[move] ? down[move] : -1;
    double bx = down[move] ? 1 : right[move];
    double by = down[move] ? down[move] : 1;
    const double corner[] = {x, y, x + half * ax, y + half * ay, x + half * bx, y + half * by};
    sx_i_scene_triangle(s, corner, colour);
}

static void draw_diagonals(sx_i_scene *s, const spot *at)
{
    if (at->side < 10)
        return;
    s->class = "grid";
    sx_i_scene_line(s, at->x, at->y, at->side, at->side, 0.3, 0x8c8c8c);
    sx_i_scene_line(s, at->x, at->y + at->side, at->side, -at->side, 0.3, 0x8c8c8c);
}

static void draw_stay(const sx_i_grid_plan *p, sx_i_scene *s, const spot *at, double value)
{
    double x = at->x + at->side / 2;
    double y = at->y + at->side / 2;
    double radius = 0.17 * at->side;
    sx_i_rgb colour = sx_i_bar_colour(&p->bar, value);
    if (at->side >= 10) {
        s->class = "grid";
        sx_i_scene_disc(s, x, y, radius + 0.4, 0x8c8c8c);
    }
    s->class = "stay";
    sx_i_scene_disc(s, x, y, radius, colour);
}

static void draw_four(const sx_i_grid_plan *p, sx_i_scene *s, spot *at, const double *value)
{
    for (int i = 0; i < 4; i++) {
        if (isnan(value[i]))
            continue;
        s->class = "wedge";
        draw_wedge(s, at, i, sx_i_bar_colour(&p->bar, sx_i_bar_scaled(&p->bar, value[i])));
    }
    draw_diagonals(s, at);
    for (int i = 0; i < 4; i++) {
        double v = sx_i_bar_scaled(&p->bar, value[i]);
        double off = at->side * (down[i] ? 0.36 : 0.3);
        if (!isnan(value[i]))
            put_number(p, s, at->x + at->side / 2 + off * right[i],
                       at->y + at->side / 2 + off * down[i], v, sx_i_bar_colour(&p->bar, v));
    }
    if (!isnan(value[SX_GRID_STAY]))
        draw_stay(p, s, at, sx_i_bar_scaled(&p->bar, value[SX_GRID_STAY]));
}

static void draw_nine(const sx_i_grid_plan *p, sx_i_scene *s, const spot *at,
                      const double *value)
{
    double third = at->side / 3;
    for (int i = 0; i < SX_GRID_MOVES; i++) {
        double v = sx_i_bar_scaled(&p->bar, value[i]);
        double x = at->x + third * (1 + right[i]);
        double y = at->y + third * (1 + down[i]);
        if (isnan(value[i]))
            continue;
        s->class = i == SX_GRID_STAY ? "stay" : "wedge";
        sx_i_scene_rect(s, x, y, third, third, sx_i_bar_colour(&p->bar, v));
        put_number(p, s, x + third / 2, y + third / 2, v, sx_i_bar_colour(&p->bar, v));
    }
}

static void draw_ground(const sx_i_grid_plan *p, sx_i_scene *s, spot *at)
{
    const sx_grid_figure *g = p->g;
    if (g->kind[at->cell] == SX_CELL_WALL) {
        s->class = "wall";
        sx_i_scene_rect(s, at->x, at->y, at->side, at->side, wall);
        return;
    }
    if (g->kind[at->cell] == SX_CELL_SENDER) {
        s->class = "sender";
        at->ground = sender;
        sx_i_scene_rect(s, at->x, at->y, at->side, at->side, sender);
        if (at->side >= 8)
            sx_i_scene_hatch(s, at->x, at->y, at->side, at->side);
        return;
    }
    if (g->value)
        draw_value(p, s, at);
    else if (g->move && g->eight)
        draw_nine(p, s, at, g->move + (size_t)at->cell * SX_GRID_MOVES);
    else if (g->move)
        draw_four(p, s, at, g->move + (size_t)at->cell * SX_GRID_MOVES);
    else {
        s->class = "cell";
        sx_i_scene_rect(s, at->x, at->y, at->side, at->side, floor_colour);
    }
}

/* --- what stands on it --- */

/* From the middle outwards; one that is alone stands in the middle. */
static void draw_arrow(sx_i_scene *s, const spot *at, int move, bool alone, sx_i_rgb colour)
{
    double length = (alone ? 0.55 : 0.42) * at->side;
    double scale = down[move] && right[move] ? 0.85 : 1;
    double norm = hypot(down[move], right[move]);
    double dx = right[move] / norm;
    double dy = down[move] / norm;
    double head = fmin(4.5, 0.2 * at->side);
    double tip = length * scale;
    double thick = fmin(0.9, 0.06 * at->side + 0.15);
    double back = alone ? tip / 2 : 0;
    double x = at->x + at->side / 2 - back * dx;
    double y = at->y + at->side / 2 - back * dy;
    const double corner[] = {x + dx * tip,
                             y + dy * tip,
                             x + dx * (tip - head) - dy * head / 2,
                             y + dy * (tip - head) + dx * head / 2,
                             x + dx * (tip - head) + dy * head / 2,
                             y + dy * (tip - head) - dx * head / 2};
    s->class = "shaft";
    sx_i_scene_line(s, x, y, dx * (tip - 0.8 * head), dy * (tip - 0.8 * head), thick, colour);
    s->class = "arrow";
    sx_i_scene_triangle(s, corner, colour);
}

static void draw_arrows(const sx_i_grid_plan *p, sx_i_scene *s, const spot *at)
{
    unsigned bits = p->g->arrows ? p->g->arrows[at->cell] : 0;
    sx_i_rgb colour = sx_i_colour_text_on(at->ground);
    for (int i = 0; i < SX_GRID_STAY; i++)
        if (bits >> i & 1)
            draw_arrow(s, at, i, (bits & (bits - 1)) == 0, colour);
    if (bits >> SX_GRID_STAY & 1) {
        s->class = "arrow";
        sx_i_scene_disc(s, at->x + at->side / 2, at->y + at->side / 2,
                        fmax(0.4, 0.09 * at->side), colour);
    }
}

static void draw_inner_frame(sx_i_scene *s, const spot *at, double inset, double thick,
                             sx_i_rgb colour)
{
    double x = at->x + inset;
    double y = at->y + inset;
    double side = at->side - 2 * inset;
    sx_i_scene_line(s, x - thick / 2, y, side + thick, 0, thick, colour);
    sx_i_scene_line(s, x - thick / 2, y + side, side + thick, 0, thick, colour);
    sx_i_scene_line(s, x, y, 0, side, thick, colour);
    sx_i_scene_line(s, x + side, y, 0, side, thick, colour);
}

static void draw_frames(const sx_i_grid_plan *p, sx_i_scene *s, const spot *at)
{
    if (at->side < lined)
        return;
    if (p->g->end[at->cell]) {
        s->class = "end";
        draw_inner_frame(s, at, fmin(1.5, 0.1 * at->side), 0.5,
                         sx_i_colour_text_on(at->ground));
    }
    if (p->g->start[at->cell]) {
        s->class = "start";
        draw_inner_frame(s, at, 0.75, 1.5, sx_i_colour_text_on(at->ground));
    }
}

/* In the middle of a plain cell, in a corner where something else is in the middle. */
static void draw_name(const sx_i_grid_plan *p, sx_i_scene *s, const spot *at)
{
    const char *name = p->g->label[at->cell];
    char letter[8];
    double size = p->name;
    if (!name || p->names == SX_I_NAMES_NONE || p->g->kind[at->cell] == SX_CELL_WALL)
        return;
    s->class = "name";
    sx_i_grid_letter(name, letter);
    const char *text = p->names == SX_I_NAMES_FULL ? name : letter;
    if (!p->g->value && !p->g->move && !p->g->arrows) {
        put_text(s, at->x + at->side / 2, at->y + at->side / 2, size, SX_I_INK, text);
        return;
    }
    double x = at->x + 2.4 + 0.4 * size;
    double y = at->y + 2.4 + capital * size;
    sx_i_rgb ground = at->ground;
    if (p->g->move) {
        x = at->x + at->side / 2;
        y = at->y + at->side / 2;
        ground = SX_I_PAPER;
        if (isnan(p->g->move[(size_t)at->cell * SX_GRID_MOVES + SX_GRID_STAY]))
            sx_i_scene_disc(s, x, y, 0.75 * size, SX_I_PAPER);
        else
            ground = sx_i_bar_colour(
                &p->bar,
                sx_i_bar_scaled(&p->bar,
                                p->g->move[(size_t)at->cell * SX_GRID_MOVES + SX_GRID_STAY]));
    }
    if (!p->g->eight || !p->g->move)
        put_text(s, x, y, size, sx_i_colour_text_on(ground), text);
}

static void draw_lines(const sx_i_grid_plan *p, sx_i_scene *s)
{
    double width = p->g->columns * p->cell;
    double height = p->g->rows * p->cell;
    s->class = "grid";
    for (int32_t i = 1; p->cell >= lined && i < p->g->columns; i++)
        sx_i_scene_line(s, p->x + i * p->cell, p->y, 0, height, 0.4, 0x8c8c8c);
    for (int32_t i = 1; p->cell >= lined && i < p->g->rows; i++)
        sx_i_scene_line(s, p->x, p->y + i * p->cell, width, 0, 0.4, 0x8c8c8c);
    sx_i_scene_frame(s, p->x, p->y, width, height);
}

static spot spot_of(const sx_i_grid_plan *p, int32_t cell)
{
    int32_t row = cell / p->g->columns;
    int32_t column = cell % p->g->columns;
    return (spot){cell, p->x + column * p->cell, p->y + row * p->cell, p->cell, SX_I_PAPER};
}

/* --- the key --- */

typedef struct pen {
    double x, y;
    int32_t lines;
} pen;

/* a place of that width, on the next line when this one is full */
static void advance(const sx_i_grid_plan *p, pen *at, double width)
{
    if (at->lines == 0 || at->x + width > p->width - margin) {
        at->x = p->x;
        at->y += at->lines ? 1.5 * font : 0;
        at->lines++;
    }
}

/* A sign, then words; the sign is a box (thick: start, thin and double: end) or a letter. */
static void key_item(const sx_i_grid_plan *p, sx_i_scene *s, pen *at, const char *sign,
                     const char *words)
{
    double width = sx_i_text_width(p->fonts, words, key_font);
    char *fitted = NULL;
    advance(p, at, fmin(width + 12, p->width - margin - p->x));
    fitted =
        s ? sx_i_label_fit(p->fonts, words, key_font, p->width - margin - at->x - 11.9) : NULL;
    double middle = at->y + 0.5 * font;
    spot box = {0, at->x, middle - 4, 8, SX_I_PAPER};
    if (s && strcmp(sign, "start") == 0)
        draw_inner_frame(s, &box, 0.75, 1.5, SX_I_INK);
    else if (s && strcmp(sign, "end") == 0) {
        draw_inner_frame(s, &box, 0.25, 0.5, 0x8c8c8c);
        draw_inner_frame(s, &box, 1.75, 0.5, SX_I_INK);
    } else if (s && strcmp(sign, "sender") == 0) {
        sx_i_scene_rect(s, box.x, box.y, 8, 8, sender);
        sx_i_scene_hatch(s, box.x, box.y, 8, 8);
    } else if (s)
        put_text(s, at->x + 4, middle, key_font, SX_I_INK, sign);
    if (fitted)
        sx_i_scene_text(s, at->x + 11.5, middle + capital * key_font, key_font, fitted);
    if (s)
        s->failed = s->failed || !fitted;
    sx_release(fitted);
    at->x += width + 12 + 10;
}

int32_t sx_i_grid_key(const sx_i_grid_plan *p, sx_i_scene *s, double y)
{
    pen at = {p->x, y, 0};
    bool framed = p->cell >= lined;
    if (s)
        s->class = "key";
    for (int32_t i = 0; p->names == SX_I_NAMES_LETTER && i < p->keys; i++) {
        char letter[8];
        sx_i_grid_letter(p->key[i], letter);
        key_item(p, s, &at, letter, p->key[i]);
    }
    if (p->starts && framed)
        key_item(p, s, &at, "start", "begins here");
    if (p->ends && framed)
        key_item(p, s, &at, "end", "ends here");
    if (p->senders && p->cell >= 8)
        key_item(p, s, &at, "sender", "sends on");
    return at.lines;
}

void sx_i_grid_draw(const sx_i_grid_plan *p, sx_i_scene *s)
{
    int32_t cells = p->g->rows * p->g->columns;
    spot *at = sx_alloc((size_t)cells, sizeof *at);
    if (!at) {
        s->failed = true;
        return;
    }
    for (int32_t i = 0; i < cells; i++) {
        at[i] = spot_of(p, i);
        draw_ground(p, s, &at[i]);
    }
    draw_lines(p, s);
    for (int32_t i = 0; i < cells; i++) {
        draw_frames(p, s, &at[i]);
        draw_arrows(p, s, &at[i]);
        draw_name(p, s, &at[i]);
    }
    s->class = NULL;
    double bottom = p->y + p->g->rows * p->cell;
    if (p->g->value || p->g->move)
        sx_i_bar_draw(&p->bar, p->fonts, s,
                      (sx_i_bar_place){p->x + p->g->columns * p->cell, p->y,
                                       p->g->rows * p->cell, p->width});
    bool below = (p->g->value || p->g->move) && p->bar.label_below;
    sx_i_grid_key(p, s, bottom + (below ? 2.5 : 0.75) * font);
    s->class = NULL;
    sx_release(at);
}
