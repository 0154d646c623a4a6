/* SPDX-License-Identifier: GPL-3.0-or-later */
/* gridmap_int.h - a gridworld in its area: what fits, and its marks. */
#ifndef SX_GRIDMAP_INT_H
#define SX_GRIDMAP_INT_H

#include "plots/ramp_int.h"

typedef enum sx_i_map_names {
    SX_I_NAMES_NONE,
    SX_I_NAMES_LETTER, /* first letters, with a key below */
    SX_I_NAMES_FULL
} sx_i_map_names;

enum { SX_I_MAP_KEYS = 24 }; /* different names */

typedef struct sx_i_map_plan {
    sx_i_pen *pen;
    const sx_gridmap *g;
    bool x_names, y_names, bar;
    bool keyed; /* it has a key of its own */
    bool starts, ends, senders, holes, marks;
    bool image; /* cells are so many that their colours are an image */
    bool outer; /* arrows stand at the edges, round a number */
    sx_i_ramp ramp;
    sx_i_bar_plan bars;
    sx_i_box area;
    double cw, ch, side; /* of a cell; the smaller of the two */
    double inset;        /* numbers keep away from the edges of cells */
    double number;       /* type size of the numbers; 0: none are shown */
    double unit;         /* width of the widest one at type size 1 */
    double name;         /* type size of the names */
    sx_i_map_names names;
    int32_t keys;
    const char *key[SX_I_MAP_KEYS]; /* different names */
    double key_width;
    int32_t key_lines;
    double coords; /* height of the numbers of columns below the area */
    sx_i_room room;
} sx_i_map_plan;

/* A cell on the page. */
typedef struct sx_i_spot {
    int32_t cell;
    double x, y, w, h, side;
    sx_i_rgb ground; /* what is below names and arrows */
} sx_i_spot;

/* Of each move: rows down, columns to the right. */
extern const int sx_i_move_down[SX_GRID_MOVES], sx_i_move_right[SX_GRID_MOVES];

/* What fits into that area. */
SX_CHECKED sx_status sx_i_map_plan_make(sx_i_map_plan *p, sx_i_pen *pen, const sx_panel *panel,
                                        const sx_i_panel_frame *frame, sx_i_box area,
                                        sx_error *err);
sx_i_spot sx_i_map_spot(const sx_i_map_plan *p, int32_t cell);
/* What can be read on that ground. */
sx_i_rgb sx_i_map_ink(const sx_i_map_plan *p, sx_i_rgb ground);
/* Text with its middle at (x, y). */
void sx_i_map_text(sx_i_scene *s, double x, double y, double size, sx_i_rgb colour,
                   const char *text);
/* A frame inside a box. */
void sx_i_map_frame(sx_i_scene *s, sx_i_box box, double inset, double thick, sx_i_rgb colour);
/* A move that stays has a place in the middle of the cell. */
bool sx_i_map_stays(const sx_i_map_plan *p, int32_t cell);
/* The first character of a name, capital. */
void sx_i_map_letter(const char *name, char letter[8]);

/* gridmap_cells.c: colours and numbers. */
void sx_i_map_cells(const sx_i_map_plan *p, sx_i_scene *s, sx_i_spot *at);
/* No value. */
void sx_i_map_hole(sx_i_scene *s, sx_i_box box);
/* gridmap_marks.c: frames, arrows, names, circles, ways. */
void sx_i_map_marks(const sx_i_map_plan *p, sx_i_scene *s, const sx_i_spot *at);
void sx_i_map_ways(const sx_i_map_plan *p, sx_i_scene *s, const sx_i_spot *at);
#define SX_I_MAP_LEADING 1.4 /* between lines of the key, of the type's size */
/* gridmap_key.c: draw the key from y on, or with s NULL count its lines. */
int32_t sx_i_map_key(const sx_i_map_plan *p, sx_i_scene *s, double y);

#endif
