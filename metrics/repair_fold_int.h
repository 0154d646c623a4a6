/* SPDX-License-Identifier: GPL-3.0-or-later */
/* repair_fold_int.h - a part of a repair in fewer unknowns, and its dual program. */
#ifndef SX_REPAIR_FOLD_INT_H
#define SX_REPAIR_FOLD_INT_H

#include "metrics/repair_int.h"

typedef struct sx_i_list {
    int32_t rows, row_room;
    int64_t room;
    int64_t *start; /* [rows+1] */
    int32_t *col;
    double *coef;
} sx_i_list;

/* What becomes of a row of the part. */
typedef enum sx_i_row_use { SX_I_KEPT, SX_I_TREE, SX_I_LEAF, SX_I_DROPPED } sx_i_row_use;

/* Unknowns are those of the part (local); only roots and free ones stand in rows and terms. */
typedef struct sx_i_fold {
    const sx_i_near *p;
    const sx_i_part *part;
    int32_t *root;        /* [unknowns] of its tree */
    int32_t *parent, *by; /* [unknowns] up the tree, and the place of the equation; -1: a root.
                             by of a leaf: the place of its row */
    int32_t *offset_of;   /* [unknowns] which offset */
    double *shift;        /* [unknowns] v = v[root] + offset . v + shift */
    int32_t ordered;
    int32_t *order; /* [ordered] unknowns, parents first */
    unsigned char *is_leaf;
    sx_i_row_use *use; /* [rows of the part] */
    sx_i_list offset;
    int32_t terms, term_room;
    sx_i_list term;           /* rows [terms] */
    double *value;            /* [terms] */
    unsigned char *one_sided; /* [terms] */
    int32_t *source;          /* [terms] place of a row with a leaf, or -1 - unknown */
    sx_i_list row;            /* the rows that are left */
    double *lo, *hi;
    int32_t *row_source; /* place in the part */
    /* workspace */
    int32_t *first, *link, *used, uses;
    unsigned char *marked;
    double *sum;
} sx_i_fold;

/* false: without memory, too large, or without a common point; then another method has to tell
 * which.  Release with sx_i_fold_clear in any case. */
bool sx_i_fold_make(const sx_i_near *p, const sx_i_part *part, sx_i_fold *f);
void sx_i_fold_clear(sx_i_fold *f);

/* repair_dual.c: the sum (within box) or the maximum by the dual program of the fold; an
 * outcome other than optimal says nothing. */
SX_CHECKED sx_status sx_i_fold_solve(const sx_i_near *p, const sx_i_part *part, bool largest,
                                     double box, sx_i_part_answer *out, sx_error *err);

#endif
