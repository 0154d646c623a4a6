/* SPDX-License-Identifier: GPL-3.0-or-later */
/* figure.h - a figure as data: panels with axes, matrices or gridworlds, side by side.
 *
 * Whoever has numbers fills a figure in; one engine gives it scales, ticks, legends and a
 * layout, and writes it as PDF, SVG or PNG, as a table of what it shows, or as a script for
 * gnuplot or TikZ.
 *
 * Texts that are called markup may hold R_1, x_{max}, 10^{-3}, *italic* and \gamma; a backslash
 * before _ ^ * \ { } takes them as they are.  All other texts are shown as they are.
 *
 * A figure owns what is in it.  Filling it in remembers that memory ran out: functions that
 * return something return NULL from then on, accept NULL, and sx_figure_draw says SX_EMEM. */
#ifndef SX_FIGURE_H
#define SX_FIGURE_H

#include "plots/chart.h"
#include "plots/style.h"

#ifdef __cplusplus
extern "C" {
#endif

/* --- matrices --- */

typedef struct sx_heat {
    sx_figure *figure;
    int32_t rows, columns;          /* 1 to 200 */
    char **row, **column;           /* names; a column's or row's NULL: none */
    double *value;                  /* [rows*columns]; NAN: no value, hatched */
    bool diverging;                 /* colours symmetric about 0 */
    char *row_title, *column_title; /* markup; "" for none */
} sx_heat;

void sx_heat_row(sx_heat *m, int32_t i, const char *name);
void sx_heat_column(sx_heat *m, int32_t j, const char *name);

/* --- gridworlds --- */

/* What a cell is. */
enum { SX_CELL_FREE, SX_CELL_WALL, SX_CELL_SENDER };
/* Moves, in the order of the columns of sx_gridmap.move. */
enum { SX_GRID_STAY = 8, SX_GRID_MOVES = 9 };

/* A way through a gridworld: the cells that it visits. */
typedef struct sx_way {
    char *name;
    int32_t steps;
    int32_t *cell; /* [steps] */
} sx_way;

typedef struct sx_gridmap {
    sx_figure *figure;
    int32_t rows, columns; /* 1 to 200; row 0 on top */
    bool eight;            /* the diagonal moves are drawn, too */
    bool diverging;
    bool coords;          /* numbers of rows and columns */
    unsigned char *kind;  /* [cells] SX_CELL_... */
    unsigned char *start; /* [cells] 1 where it begins: a thick frame */
    unsigned char *end;   /* [cells] 1 where it ends: a double frame */
    char **label;         /* [cells] NULL for none */
    double *value;        /* [cells] a colour and a number; NULL: none */
    double *move;         /* [cells*9] up, down, left, right, up-left, up-right, down-left,
                             down-right, stay; NAN: no such move; not together with value */
    double *arrow;        /* [cells*9] share of each move, 0: none; longer and darker the
                             greater, ties of optimal moves all 1; NULL: none */
    unsigned char *mark;  /* [cells] 1: circled, e.g. where two policies differ; NULL */
    char *marked;         /* what a circle means, for the key; "" for no entry */
    int32_t ways;
    sx_way *way;
} sx_gridmap;

/* Allocate value, move, arrow or mark. */
void sx_gridmap_values(sx_gridmap *g); /* NAN */
void sx_gridmap_moves(sx_gridmap *g);  /* NAN */
void sx_gridmap_arrows(sx_gridmap *g);
void sx_gridmap_marks(sx_gridmap *g);
void sx_gridmap_label(sx_gridmap *g, int32_t cell, const char *name);
/* One more way of that many steps, to be filled. */
sx_way *sx_gridmap_way(sx_gridmap *g, const char *name, int32_t steps);

/* --- the figure --- */

/* What a reader of a figure must know and its maker may want to: numbers left out because
 * cells are small, names shortened, a family of type that is not there. */
typedef struct sx_plot_notes {
    int32_t count;
    char text[8][160];
} sx_plot_notes;

typedef enum sx_panel_kind { SX_PANEL_CHART, SX_PANEL_HEAT, SX_PANEL_GRIDMAP } sx_panel_kind;

typedef struct sx_panel {
    sx_panel_kind kind;
    char *title;     /* markup, above the panel; "" for none */
    sx_chart *chart; /* one of the three */
    sx_heat *heat;
    sx_gridmap *map;
    char *bar;    /* markup: beside the colour bar of a matrix or gridworld; "" */
    bool own_bar; /* with share_bar: a range and a bar of its own all the same */
} sx_panel;

struct sx_figure {
    char *title;       /* of the document, not drawn */
    char *description; /* what is to be seen, in words: alternative text */
    int32_t panels;
    sx_panel **panel;      /* in rows, from left to right */
    int32_t columns;       /* of panels; 0: chosen */
    bool share_x, share_y; /* charts have the same ranges, titles on the outside alone */
    bool share_bar;        /* matrices and gridworlds have one range of colours, and one bar at
                              the end of the first row and of each that has no other panels */
    bool letters;          /* a), b), ... before the titles of panels */
    sx_plot_notes notes;   /* what its maker has to say; sx_figure_draw puts them first */
    bool failed;           /* memory ran out */
};

sx_figure *sx_figure_new(const char *title);
sx_figure *sx_figure_free(sx_figure *f);
/* Set *slot (a text that f owns) to a copy, up to 2047 bytes; what precisions like %.80s or
 * that limit leave of a character is dropped. */
void sx_figure_text(sx_figure *f, char **slot, const char *format, ...) SX_FORMAT(3, 4);
/* One more note, once; beyond the eighth none. */
void sx_figure_note(sx_figure *f, const char *format, ...) SX_FORMAT(2, 3);
/* One more panel.  bar: markup, of matrices and gridworlds. */
sx_chart *sx_figure_chart(sx_figure *f, const char *title);
sx_heat *sx_figure_heat(sx_figure *f, const char *title, int32_t rows, int32_t columns,
                        const char *bar);
sx_gridmap *sx_figure_gridmap(sx_figure *f, const char *title, int32_t rows, int32_t columns,
                              const char *bar);

/* text as markup that shows it as it is; cut at size. */
void sx_markup_escape(const char *text, char *markup, size_t size);

/* The bytes of a figure.  format: "pdf", "svg", "png" (300 dots an inch), "csv" (what it
 * shows, one row a mark), "gp" (gnuplot, with its data), "tex" (TikZ with pgfplots, with its
 * data).  The same figure and style give the same bytes.  *bytes: owned by the caller
 * (sx_release).  notes: filled, or NULL.  SX_EARG: what cannot be drawn, in words; SX_ELIB:
 * cairo's words. */
SX_CHECKED sx_status sx_figure_draw(const sx_figure *f, const sx_plot_style *style,
                                    const char *format, unsigned char **bytes, size_t *size,
                                    sx_plot_notes *notes, sx_error *err);

#ifdef __cplusplus
}
#endif
#endif
