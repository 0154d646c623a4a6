/* SPDX-License-Identifier: GPL-3.0-or-later */
/* gridmap_cells.c - what the cells of a gridworld are filled with.
 *
 * The four moves of a cell are wedges that meet in its middle, staying is a disc on top of
 * them; with eight moves a cell is cut in three by three.  The class of a mark in SVG says
 * what it stands for: cell, wall, sender, wedge, stay, number, grid. */
#include "plots/gridmap_int.h"

#include <math.h>

static const double lined = 5;    /* cells of that side have lines between them */
static const double divided = 10; /* and of that side between their wedges */
static const sx_i_rgb line_colour = 0x8c8c8c;
static const sx_i_rgb zero_ink = 0x767676; /* 4.5:1 against white */
static const sx_i_rgb nothing = 0xe8e8e8;  /* no value, no such move */

const int sx_i_move_down[SX_GRID_MOVES] = {-1, 1, 0, 0, -1, -1, 1, 1, 0};
const int sx_i_move_right[SX_GRID_MOVES] = {0, 0, -1, 1, -1, 1, -1, 1, 0};

static const double *moves_of(const sx_i_map_plan *p, const sx_i_spot *at)
{
    return p->g->move + (size_t)at->cell * SX_GRID_MOVES;
}

/* How far the middle of a number of that length is from the edge that its wedge stands on. */
static double from_edge(double cell, double length, double inset, double size)
{
    double wanted = fmax(inset + length / 2, 0.18 * cell);
    return fmin(wanted, fmax(inset + length / 2, cell / 2 - length / 2 - size / 2));
}

/* The 0 of a wedge is grey, so that other numbers stand out. */
static void put_number(const sx_i_map_plan *p, sx_i_scene *s, double x, double y, double value,
                       sx_i_rgb ground)
{
    char text[32];
    bool pale = value == 0 && !p->g->value;
    s->class = "number";
    sx_i_ramp_digits(&p->ramp, value, text);
    sx_i_map_text(s, x, y, p->number, pale ? zero_ink : sx_i_map_ink(p, ground), text);
}

/* --- one number a cell --- */

void sx_i_map_hole(sx_i_scene *s, sx_i_box box)
{
    sx_i_scene_rect(s, box.x, box.y, box.w, box.h, nothing);
    if (box.w < lined || box.h < lined)
        return;
    sx_i_scene_line(s, box.x, box.y, box.w, box.h, 0.5, line_colour);
    sx_i_scene_line(s, box.x, box.y + box.h, box.w, -box.h, 0.5, line_colour);
}

static void put_value(const sx_i_map_plan *p, sx_i_scene *s, sx_i_spot *at)
{
    double value = p->g->value[at->cell];
    if (isnan(value)) {
        s->class = "hole";
        at->ground = nothing;
        sx_i_map_hole(s, (sx_i_box){at->x, at->y, at->w, at->h});
        return;
    }
    at->ground = sx_i_ramp_colour(&p->ramp, value);
    s->class = "cell";
    sx_i_scene_rect(s, at->x, at->y, at->w, at->h, at->ground);
    if (p->number > 0)
        put_number(p, s, at->x + at->w / 2, at->y + at->h / 2, value, at->ground);
}

/* --- one a move --- */

static void put_wedge(sx_i_scene *s, const sx_i_spot *at, int move, sx_i_rgb colour)
{
    int down = sx_i_move_down[move];
    int right = sx_i_move_right[move];
    double x = at->x + at->w / 2;
    double y = at->y + at->h / 2;
    double ax = down ? -1 : right;
    double ay = down ? down : -1;
    double bx = down ? 1 : right;
    double by = down ? down : 1;
    const double corner[] = {
        x, y, x + at->w / 2 * ax, y + at->h / 2 * ay, x + at->w / 2 * bx, y + at->h / 2 * by};
    s->class = "wedge";
    sx_i_scene_triangle(s, corner, colour);
}

static void put_diagonals(sx_i_scene *s, const sx_i_spot *at)
{
    if (at->side < divided)
        return;
    s->class = "grid";
    sx_i_scene_line(s, at->x, at->y, at->w, at->h, 0.3, line_colour);
    sx_i_scene_line(s, at->x, at->y + at->h, at->w, -at->h, 0.3, line_colour);
}

static void put_stay(const sx_i_map_plan *p, sx_i_scene *s, const sx_i_spot *at, double value)
{
    double x = at->x + at->w / 2;
    double y = at->y + at->h / 2;
    double radius = 0.19 * at->side;
    sx_i_rgb colour = sx_i_ramp_colour(&p->ramp, value);
    if (at->side >= divided) {
        s->class = "grid";
        sx_i_scene_disc(s, x, y, radius + 0.4, line_colour);
    }
    s->class = "stay";
    sx_i_scene_disc(s, x, y, radius, colour);
    char text[32];
    sx_i_ramp_digits(&p->ramp, value, text);
    double width = sx_i_text_width(p->pen->fonts, text, p->number);
    if (p->number > 0 && hypot(width / 2, 0.36 * p->number) <= radius)
        put_number(p, s, x, y, value, colour);
}

static void put_wedge_number(const sx_i_map_plan *p, sx_i_scene *s, const sx_i_spot *at,
                             int move, double value)
{
    char text[32];
    sx_i_ramp_digits(&p->ramp, value, text);
    double width = sx_i_text_width(p->pen->fonts, text, p->number);
    double across = at->w / 2 - from_edge(at->w, width, p->inset, p->number);
    double along = at->h / 2 - from_edge(at->h, 0.72 * p->number, p->inset, 0);
    put_number(p, s, at->x + at->w / 2 + across * sx_i_move_right[move],
               at->y + at->h / 2 + along * sx_i_move_down[move], value,
               sx_i_ramp_colour(&p->ramp, value));
}

/* The ground where a move is missing. */
static void put_ground(sx_i_scene *s, const sx_i_spot *at, const double *value, int moves)
{
    bool missing = moves == SX_GRID_STAY && isnan(value[SX_GRID_STAY]);
    for (int i = 0; i < moves; i++)
        missing = missing || isnan(value[i]);
    s->class = "missing";
    if (missing)
        sx_i_scene_rect(s, at->x, at->y, at->w, at->h, nothing);
}

/* What frames stand on: the mean of the colours of the moves. */
static sx_i_rgb mean_colour(const sx_i_map_plan *p, const double *value, unsigned moves)
{
    unsigned sum[3] = {0, 0, 0};
    for (unsigned i = 0; i < moves; i++) {
        sx_i_rgb colour = isnan(value[i]) ? nothing : sx_i_ramp_colour(&p->ramp, value[i]);
        for (int k = 0; k < 3; k++)
            sum[k] += colour >> 8 * k & 0xff;
    }
    return sum[2] / moves << 16 | sum[1] / moves << 8 | sum[0] / moves;
}

static void put_four(const sx_i_map_plan *p, sx_i_scene *s, sx_i_spot *at)
{
    const double *value = moves_of(p, at);
    at->ground = mean_colour(p, value, 4);
    put_ground(s, at, value, 4);
    for (int i = 0; i < 4; i++)
        if (!isnan(value[i]))
            put_wedge(s, at, i, sx_i_ramp_colour(&p->ramp, value[i]));
    put_diagonals(s, at);
    for (int i = 0; i < 4 && p->number > 0; i++)
        if (!isnan(value[i]))
            put_wedge_number(p, s, at, i, value[i]);
    if (!isnan(value[SX_GRID_STAY]))
        put_stay(p, s, at, value[SX_GRID_STAY]);
}

static void put_nine(const sx_i_map_plan *p, sx_i_scene *s, sx_i_spot *at)
{
    const double *value = moves_of(p, at);
    at->ground = mean_colour(p, value, SX_GRID_STAY);
    double w = at->w / 3;
    double h = at->h / 3;
    put_ground(s, at, value, SX_GRID_STAY);
    for (int i = 0; i < SX_GRID_MOVES; i++) {
        double x = at->x + w * (1 + sx_i_move_right[i]);
        double y = at->y + h * (1 + sx_i_move_down[i]);
        if (isnan(value[i]))
            continue;
        sx_i_rgb colour = sx_i_ramp_colour(&p->ramp, value[i]);
        s->class = i == SX_GRID_STAY ? "stay" : "wedge";
        sx_i_scene_rect(s, x, y, w, h, colour);
        if (p->number > 0)
            put_number(p, s, x + w / 2, y + h / 2, value[i], colour);
    }
    s->class = "grid";
    for (int i = 1; i < 3 && at->side >= divided; i++) {
        sx_i_scene_line(s, at->x + i * w, at->y, 0, at->h, 0.2, line_colour);
        sx_i_scene_line(s, at->x, at->y + i * h, at->w, 0, 0.2, line_colour);
    }
}

/* --- all of them --- */

static void put_cell(const sx_i_map_plan *p, sx_i_scene *s, sx_i_spot *at)
{
    const sx_gridmap *g = p->g;
    if (g->kind[at->cell] == SX_CELL_WALL) {
        s->class = "wall";
        sx_i_scene_rect(s, at->x, at->y, at->w, at->h, p->pen->palette.grey);
    } else if (g->kind[at->cell] == SX_CELL_SENDER) {
        s->class = "sender";
        at->ground = nothing;
        sx_i_scene_rect(s, at->x, at->y, at->w, at->h, at->ground);
        if (at->side >= 8)
            sx_i_scene_hatch(s, at->x, at->y, at->w, at->h);
    } else if (g->value) {
        put_value(p, s, at);
    } else if (g->move && g->eight) {
        put_nine(p, s, at);
    } else if (g->move) {
        put_four(p, s, at);
    } else {
        s->class = "cell";
        sx_i_scene_rect(s, at->x, at->y, at->w, at->h, at->ground);
    }
}

/* --- as an image, where they are too many to be told apart --- */

/* The moves of a cell as three by three dots: a corner shows the mean of its neighbours. */
static double dot_of(const double *value, int down, int right)
{
    double sum = 0;
    int n = 0;
    for (int i = 0; i < SX_GRID_MOVES; i++) {
        bool same = sx_i_move_down[i] == down && sx_i_move_right[i] == right;
        bool beside = down && right && i < 4 &&
                      (sx_i_move_down[i] == down || sx_i_move_right[i] == right);
        bool middle = !down && !right && i < 4 && isnan(value[SX_GRID_STAY]);
        if ((same || beside || middle) && !isnan(value[i])) {
            sum += value[i];
            n++;
        }
    }
    return n ? sum / n : (double)NAN;
}

static uint32_t pixel_of(const sx_i_map_plan *p, int32_t cell, int down, int right)
{
    const sx_gridmap *g = p->g;
    sx_i_rgb colour = p->pen->palette.paper;
    double value = (double)NAN;
    if (g->kind[cell] == SX_CELL_WALL)
        colour = p->pen->palette.grey;
    else if (g->kind[cell] == SX_CELL_SENDER)
        colour = nothing;
    else if (g->value)
        value = g->value[cell];
    else
        value = dot_of(g->move + (size_t)cell * SX_GRID_MOVES, down, right);
    if (!isnan(value))
        colour = sx_i_ramp_colour(&p->ramp, value);
    return 0xff000000U | colour;
}

static void put_image(const sx_i_map_plan *p, sx_i_scene *s, sx_i_spot *at)
{
    const sx_gridmap *g = p->g;
    int32_t each = g->value ? 1 : 3;
    int32_t rows = each * g->rows;
    int32_t columns = each * g->columns;
    uint32_t *pixel = sx_alloc((size_t)rows * (size_t)columns, sizeof *pixel);
    s->failed = s->failed || !pixel;
    for (int32_t i = 0; pixel && i < rows; i++)
        for (int32_t j = 0; j < columns; j++) {
            int32_t cell = i / each * g->columns + j / each;
            uint32_t colour =
                pixel_of(p, cell, each == 1 ? 0 : i % 3 - 1, each == 1 ? 0 : j % 3 - 1);
            pixel[(size_t)i * (size_t)columns + (size_t)j] = colour;
            at[cell].ground = colour & 0xffffff;
        }
    s->class = "cells";
    if (pixel)
        sx_i_scene_image(s, p->area.x, p->area.y, p->area.w, p->area.h,
                         (sx_i_pixels){rows, columns, pixel});
    sx_release(pixel);
}

static void put_lines(const sx_i_map_plan *p, sx_i_scene *s)
{
    s->class = "grid";
    for (int32_t i = 1; p->cw >= lined && i < p->g->columns; i++)
        sx_i_scene_line(s, p->area.x + i * p->cw, p->area.y, 0, p->area.h, 0.4, line_colour);
    for (int32_t i = 1; p->ch >= lined && i < p->g->rows; i++)
        sx_i_scene_line(s, p->area.x, p->area.y + i * p->ch, p->area.w, 0, 0.4, line_colour);
    sx_i_scene_frame(s, p->area.x, p->area.y, p->area.w, p->area.h);
}

void sx_i_map_cells(const sx_i_map_plan *p, sx_i_scene *s, sx_i_spot *at)
{
    if (p->image)
        put_image(p, s, at);
    for (int32_t i = 0; !p->image && i < p->g->rows * p->g->columns; i++)
        put_cell(p, s, &at[i]);
    put_lines(p, s);
}
