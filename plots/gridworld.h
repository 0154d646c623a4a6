/* SPDX-License-Identifier: GPL-3.0-or-later */
/* gridworld.h - a gridworld as a figure: walls, names of cells, and on top of them numbers as
 * colours, a number for each move, or arrows. */
#ifndef SX_GRIDWORLD_FIGURE_H
#define SX_GRIDWORLD_FIGURE_H

#include "plots/figure.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct sx_grid_figure {
    const char *title;          /* of the document, not drawn; "" for none */
    const char *description;    /* what is to be seen, in words; "" for none */
    const char *bar_label;      /* beside the colour bar */
    int32_t rows, columns;      /* 1 to 200 */
    bool eight;                 /* the diagonal moves are drawn, too */
    bool diverging;             /* colours symmetric about 0, else light to dark */
    const unsigned char *kind;  /* [cells] SX_CELL_...; row 0 on top */
    const unsigned char *start; /* [cells] 1 where it begins: a thick frame */
    const unsigned char *end;   /* [cells] 1 where it ends: a double frame */
    const char *const *label;   /* [cells] NULL for none */
    const double *value;        /* [cells] a colour and a number; NULL: none */
    const double *move;         /* [cells*9] a number for up, down, left, right, up-left,
                                   up-right, down-left, down-right, stay; NAN: no such move;
                                   not together with value; NULL: none */
    const uint16_t *arrows;     /* [cells] bits of moves; NULL: none */
    double width;               /* points of the page; 0: chosen */
} sx_grid_figure;

/* The bytes of a figure, as sx_heatmap_draw. */
SX_CHECKED sx_status sx_grid_figure_draw(const sx_grid_figure *g, const char *format,
                                         unsigned char **bytes, size_t *size, sx_error *err);

#ifdef __cplusplus
}
#endif
#endif
