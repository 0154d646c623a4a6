/* SPDX-License-Identifier: GPL-3.0-or-later */
/* repair_rows_int.h - a repair being set up: unknowns of triples, demands of edits. */
#ifndef SX_REPAIR_ROWS_INT_H
#define SX_REPAIR_ROWS_INT_H

#include "metrics/repair_int.h"

typedef struct sx_i_extra {
    int64_t key; /* pair * S + state, -1: free place */
    int32_t unknown;
} sx_i_extra;

typedef struct sx_i_repairing {
    const sx_mdp *m;
    const sx_reward *r;
    const sx_reward *truth; /* whose best actions are the best; NULL: r itself */
    const sx_repair_edit *edit;
    int32_t edits;
    double margin, enough;      /* a difference above `enough` is one */
    sx_i_near *p;               /* unknown t: entry t of m */
    int32_t *own;               /* [edits] the first unknown of values of its own */
    int64_t extras, extra_room; /* a hash table, linear probing */
    sx_i_extra *extra;
    int32_t place_room;
    sx_repair_place *place; /* [rows] */
    sx_error *err;
} sx_i_repairing;

/* All demands of edit e. */
SX_CHECKED sx_status sx_i_repair_demand(sx_i_repairing *x, int32_t e);

/* NULL, or why edit e cannot demand anything. */
const char *sx_i_repair_left_out(const sx_i_repairing *x, int32_t e);

/* *unknown: of R(k, state) of the world as it was. */
SX_CHECKED sx_status sx_i_repair_unknown(sx_i_repairing *x, int32_t k, int32_t state,
                                         int32_t *unknown);

#endif
