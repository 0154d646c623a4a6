/* SPDX-License-Identifier: GPL-3.0-or-later */
/* gridworld_int.h - the layout of a gridworld, and its marks. */
#ifndef SX_GRIDWORLD_INT_H
#define SX_GRIDWORLD_INT_H

#include "plots/bar_int.h"
#include "plots/gridworld.h"

typedef enum sx_i_grid_names {
    SX_I_NAMES_NONE,
    SX_I_NAMES_LETTER, /* first letters, with a key below */
    SX_I_NAMES_FULL
} sx_i_grid_names;

enum { SX_I_GRID_KEYS = 32 }; /* different names */

typedef struct sx_i_grid_plan {
    const sx_grid_figure *g;
    sx_i_fonts *fonts;
    sx_i_bar bar;
    double width, height; /* of the page */
    double x, y, cell;    /* corner and side of the cells */
    double number;        /* type size of the numbers; 0: none are shown */
    double name;          /* type size of the names */
    sx_i_grid_names names;
    int32_t keys;
    const char *key[SX_I_GRID_KEYS]; /* different names */
    int32_t key_lines;
    bool starts, ends, senders;
} sx_i_grid_plan;

/* The scene of a figure; SX_EARG: what is not allowed in it. */
SX_CHECKED sx_status sx_i_grid_scene(const sx_grid_figure *g, sx_i_fonts *f, sx_i_scene *s,
                                     sx_error *err);

/* gridworld_marks.c */
void sx_i_grid_draw(const sx_i_grid_plan *p, sx_i_scene *s);
/* Draw the key from y on, or with s NULL only count its lines. */
int32_t sx_i_grid_key(const sx_i_grid_plan *p, sx_i_scene *s, double y);
/* The first character of a name. */
void sx_i_grid_letter(const char *name, char letter[8]);

#endif
