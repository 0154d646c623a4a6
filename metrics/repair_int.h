/* SPDX-License-Identifier: GPL-3.0-or-later */
/* repair_int.h - the nearest point that satisfies linear demands, on plain arrays.
 *
 *     min  sum |v - value|  or  max |v - value|     subject to   lo <= A v <= hi
 *
 * over the priced unknowns; the others (potentials) are free and cost nothing.  Every row
 * carries a tag: the edit that demands it. */
#ifndef SX_REPAIR_INT_H
#define SX_REPAIR_INT_H

#include "metrics/repair.h"
#include "solvers/lp.h"

typedef struct sx_i_near {
    bool largest; /* max instead of sum */
    int32_t unknowns, rows, tags;
    double *value;         /* [unknowns] 0 where it is not priced */
    unsigned char *priced; /* [unknowns] */
    double *lo, *hi;       /* [rows] */
    int64_t *start;        /* [rows+1] */
    int32_t *col;          /* [start[rows]] distinct within a row */
    double *coef;          /* [start[rows]] */
    int32_t *tag;          /* [rows] in 0..tags-1 */
    int32_t unknown_room, row_room;
    int64_t entry_room;
} sx_i_near;

sx_i_near *sx_i_near_free(sx_i_near *p);

/* Append an unknown; *index: its number.  Append an empty row; a term to the last row (terms of
 * the same unknown are added up).  SX_EMEM, SX_ELIMIT. */
SX_CHECKED sx_status sx_i_near_unknown(sx_i_near *p, bool priced, double value, int32_t *index,
                                       sx_error *err);
SX_CHECKED sx_status sx_i_near_row(sx_i_near *p, int32_t tag, double lo, double hi,
                                   sx_error *err);
SX_CHECKED sx_status sx_i_near_term(sx_i_near *p, int32_t unknown, double coef, sx_error *err);

/* sum of the row at v, long double inside. */
double sx_i_near_at(const sx_i_near *p, int32_t row, const double *v);

typedef struct sx_i_nearest {
    const char *reason;      /* NULL, or static: why there is no answer; then nothing below */
    bool feasible;           /* else only the conflict */
    double *x;               /* [unknowns] */
    double *y;               /* [rows] multipliers: > 0 pushes against lo, < 0 against hi */
    double primal, dual;     /* distance of x; what y proves that no point can go below */
    double violation;        /* of a row by x */
    double stray;            /* how far y is from pricing the free unknowns at 0 */
    double *price;           /* [tags] share of the dual value; they add up to it */
    unsigned char *conflict; /* [tags] 1: these rows have no common point, and without any one
                                tag they have */
    int32_t clash[2];        /* two rows of the conflict, -1 for none */
} sx_i_nearest;

/* *out: owned by the caller; NULL on failure.  SX_EMEM. */
SX_CHECKED sx_status sx_i_near_solve(const sx_i_near *p, sx_i_nearest **out, sx_error *err);
sx_i_nearest *sx_i_nearest_free(sx_i_nearest *x);

/* --- one linear program: some rows of p and the unknowns in them --- */

typedef struct sx_i_part {
    int32_t rows, unknowns;
    const int32_t *row;     /* [rows] */
    const int32_t *unknown; /* [unknowns] */
    int32_t *local;         /* [p->unknowns] place in unknown; others are meaningless */
    double scale;           /* the numbers of the program are divided by it */
} sx_i_part;

typedef enum sx_i_part_outcome {
    SX_I_PART_OPTIMAL,
    SX_I_PART_EMPTY,
    SX_I_PART_FAILED
} sx_i_part_outcome;

/* What a program says: x of its unknowns and y of its rows, in the arrays of the whole. */
typedef struct sx_i_part_answer {
    sx_i_part_outcome outcome;
    double *x, *y; /* [p->unknowns], [p->rows] */
    double most;   /* the objective */
} sx_i_part_answer;

/* sum |v - value| over the part with every |v - value| <= box. */
SX_CHECKED sx_status sx_i_part_sum(const sx_i_near *p, const sx_i_part *part, double box,
                                   sx_i_part_answer *out, sx_error *err);
/* max |v - value|. */
SX_CHECKED sx_status sx_i_part_largest(const sx_i_near *p, const sx_i_part *part,
                                       sx_i_part_answer *out, sx_error *err);
/* most: the least sum of violations of rows whose tag is active; y: its multipliers, which
 * prove that it is not less; x is not used. */
SX_CHECKED sx_status sx_i_part_elastic(const sx_i_near *p, const sx_i_part *part,
                                       const unsigned char *active, sx_i_part_answer *out,
                                       sx_error *err);

/* repair_conflict.c: where the tags of out->conflict have no common point in the part, they are
 * reduced to some that have none and of which none can be spared, with out->clash; out->y is
 * workspace. */
SX_CHECKED sx_status sx_i_part_conflict(const sx_i_near *p, const sx_i_part *part,
                                        sx_i_nearest *out, sx_error *err);

#endif
