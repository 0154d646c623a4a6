/* SPDX-License-Identifier: GPL-3.0-or-later */
/* grid_int.h - what the files about gridworlds share. */
#ifndef SX_GRID_INT_H
#define SX_GRID_INT_H

#include "mdp/grid.h"

#define SX_I_FLOOR (-1) /* kind of a '.' that is not described */

/* A description being read: the drawing as kinds of cells (index in g->cell, or floor). */
typedef struct sx_i_drawing {
    const sx_gridworld *g;
    sx_grid_report *report;
    void *context;
    bool failed; /* something was reported */
    int32_t rows, columns;
    size_t start;     /* where the first row begins in the text */
    int32_t *kind;    /* [rows*columns] */
    int32_t *count;   /* [g->cells + 1] cells of kind i - 1 */
    sx_names *symbol; /* those of g->cell */
    int32_t *cell_of; /* [names] index in g->cell */
} sx_i_drawing;

/* Where a problem is: see sx_grid_problem. */
typedef struct sx_i_spot {
    const char *attribute;
    int32_t cell;
    size_t offset, width;
} sx_i_spot;

void sx_i_grid_problem(sx_i_drawing *d, sx_i_spot where, const char *code, const char *hint,
                       const char *format, ...) SX_FORMAT(5, 6);

/* The kind of a symbol, g->cells when nothing describes it. */
int32_t sx_i_grid_kind(const sx_i_drawing *d, const char *symbol);

/* Read and check the description.  Problems set d->failed; SX_EMEM, SX_ELIMIT. */
SX_CHECKED sx_status sx_i_drawing_read(sx_i_drawing *d, sx_error *err);
void sx_i_drawing_clear(sx_i_drawing *d);

#endif
