/* SPDX-License-Identifier: GPL-3.0-or-later */
/* space.h - where there is room for a text inside a panel: a coarse grid knows where marks
 * are, a list where texts are. */
#ifndef SX_SPACE_H
#define SX_SPACE_H

#include "plots/panel_int.h"

enum { SX_I_GRID = 64 };

/* The area of a panel, w * h, its top left corner at (0, 0). */
typedef struct sx_i_space {
    double w, h;
    int32_t cell[SX_I_GRID * SX_I_GRID]; /* marks that touch it */
    int32_t texts, room;
    sx_i_box *text; /* [texts] */
    bool failed;    /* memory ran out */
} sx_i_space;

void sx_i_space_clear(sx_i_space *s);
/* A mark at a point, along a line, all over a box; what lies outside is nothing. */
void sx_i_space_dot(sx_i_space *s, double x, double y);
void sx_i_space_line(sx_i_space *s, double x0, double y0, double x1, double y1);
void sx_i_space_fill(sx_i_space *s, sx_i_box b);
/* Marks under b. */
int32_t sx_i_space_marks(const sx_i_space *s, sx_i_box b);
/* b is inside the area and touches no text. */
bool sx_i_space_free(const sx_i_space *s, sx_i_box b);
void sx_i_space_take(sx_i_space *s, sx_i_box b);
/* The place of a box of w * h, in a corner or at the middle of an edge, `edge` away from the
 * edges, that touches no text and has the fewest marks under it, which are returned; -1: there
 * is no such place.  The last one asked for wins no tie. */
int32_t sx_i_space_corner(const sx_i_space *s, double w, double h, double edge, sx_i_box *b);

#endif
