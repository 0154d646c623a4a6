/* SPDX-License-Identifier: GPL-3.0-or-later */
/* heat_int.h - a matrix laid out for its area, and the names of its rows and columns. */
#ifndef SX_HEAT_INT_H
#define SX_HEAT_INT_H

#include "plots/ramp_int.h"

#define SX_I_NAME_GAP     4.0  /* between names and cells */
#define SX_I_NAME_LEADING 1.35 /* between lines, of the type */

/* What the numbers stand for that are shown instead of names, in columns below the matrix. */
typedef struct sx_i_heat_key {
    double text;          /* size of its type */
    double width, height; /* of a column; of all; 0: there is none */
    int32_t lines, lists; /* in a column; 2: one for rows, one for columns */
    int32_t columns;
    bool of_rows; /* the only list is of rows */
} sx_i_heat_key;

typedef struct sx_i_heat_plan {
    const sx_i_pen *pen;
    const sx_heat *m;
    bool row_names, column_names, bar, holes;
    sx_i_ramp ramp;
    sx_i_bar_plan bars;
    double cw, ch;                   /* of a cell */
    double number;                   /* type size of the numbers; 0: none are shown */
    double row, column;              /* type size of the names; 0: none are shown */
    int32_t row_every, column_every; /* numbers as names, one of so many; 0: no numbers */
    double row_width;                /* of the row names */
    double column_width, angle;      /* of the column names */
    double own_angle;                /* the one that this matrix alone would have */
    double column_height, overhang;
    double below; /* what is under the area before the key of names */
    sx_i_heat_key key;
    sx_i_room room;
} sx_i_heat_plan;

/* Names, and the room left, right and above that they need. */
void sx_i_heat_names_plan(sx_i_heat_plan *p, const sx_i_panel_frame *frame, sx_i_box area);
void sx_i_heat_names_put(const sx_i_heat_plan *p, sx_i_scene *s, sx_i_box area);

#endif
