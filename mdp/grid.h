/* SPDX-License-Identifier: GPL-3.0-or-later */
/* grid.h - a gridworld from a drawn map.
 *
 *     actions, in this order   4        up down left right
 *                              4+stay   up down left right stay
 *                              8        up down left right up-left up-right down-left
 * down-right 8+stay   the eight, then stay
 *
 * With probability 1-slip a move goes where it was meant to.  SX_SLIP_SIDES: slip/2 to each
 * neighbouring direction (perpendicular; with 8 moves the neighbouring ones of the compass);
 * SX_SLIP_ANY: slip/n to each of the n moves, the intended one too; SX_SLIP_STAY: slip to no
 * move at all.  `stay` never slips.  A move into a wall or off the map stays.  Absorbing
 * cells loop under every action.
 *
 * States are the cells that are neither walls nor senders, by row and column ("r0c0" is on
 * top left).  Who steps on a sender ("sends-to") is put on the one cell of that symbol. */
#ifndef SX_GRID_H
#define SX_GRID_H

#include "mdp/world.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef enum sx_moves { SX_MOVES_4, SX_MOVES_4_STAY, SX_MOVES_8, SX_MOVES_8_STAY } sx_moves;
typedef enum sx_slip { SX_SLIP_SIDES, SX_SLIP_ANY, SX_SLIP_STAY } sx_slip;

/* What a symbol of the map means.  A '.' that is not described is floor. */
typedef struct sx_cell {
    const char *symbol; /* one character (UTF-8), not a blank */
    const char *label;  /* NULL for none */
    bool wall, absorbing;
    double initial;       /* weight >= 0; divided by the sum over all cells of the map */
    const char *sends_to; /* NULL, or the symbol of a cell that occurs once */
} sx_cell;

typedef struct sx_gridworld {
    const char *map; /* lines; blank first and last lines, common indent and trailing blanks
                        are dropped */
    double discount; /* in [0,1) */
    double slip;     /* in [0,1] */
    sx_slip slip_to;
    sx_moves moves;
    int32_t cells;
    const sx_cell *cell; /* [cells] */
} sx_gridworld;

/* A problem of the description.  With attribute NULL it is in the map: offset, width in
 * bytes of the text; else in that attribute ("symbol", "sends-to", ..., as in a
 * specification) of cell[cell], or of the gridworld itself when cell is -1. */
typedef struct sx_grid_problem {
    const char *attribute;
    int32_t cell;
    size_t offset, width;
    const char *code; /* E15x */
    char message[256];
    char hint[256]; /* "" for none */
} sx_grid_problem;

typedef void sx_grid_report(void *context, const sx_grid_problem *p);

/* The world of g: mdp (checked by construction), names, labels, variables row and col,
 * throughs, grid.  report is called for every problem (then SX_EINPUT).  Without initial
 * weights sx_mdp_initial_default holds.  O(cells).
 * *out: owned by the caller.  *kind (may be NULL; owned by the caller, sx_release): [S] the
 * index in g->cell of what each state was drawn as, -1 for undescribed floor.  SX_EINPUT,
 * SX_ELIMIT, SX_EMEM. */
SX_CHECKED sx_status sx_grid_world(const sx_gridworld *g, sx_grid_report *report, void *context,
                                   sx_world **out, int32_t **kind, sx_error *err);

/* The words of a specification: "4", "4+stay", ... / "sides", "any", "stay"; false for
 * others. */
bool sx_moves_read(const char *text, sx_moves *moves);
bool sx_slip_read(const char *text, sx_slip *slip_to);

#ifdef __cplusplus
}
#endif
#endif
