/* SPDX-License-Identifier: GPL-3.0-or-later */
/* factored_int.h - what the files about factored worlds share. */
#ifndef SX_FACTORED_INT_H
#define SX_FACTORED_INT_H

#include "mdp/expr.h"
#include "mdp/factored.h"

/* --- a set of codes (factored_codes.c) ----------------------------------------------- */

/* Indices in the order in which codes were added, or ascending once sorted. */
typedef struct sx_i_codes {
    bool dense; /* the codes 0 .. count-1 and no others; the arrays are not there */
    int32_t count, room;
    int64_t *code;  /* [count] */
    int32_t *slot;  /* [slots] index + 1, or 0 for empty */
    uint32_t slots; /* a power of two, >= 2 count */
} sx_i_codes;

/* The index of a code, or -1. */
int32_t sx_i_codes_find(const sx_i_codes *c, int64_t code);

/* Add a code unless it is there. */
SX_CHECKED sx_status sx_i_codes_add(sx_i_codes *c, int64_t code, sx_error *err);

/* Number the codes anew, in ascending order. */
void sx_i_codes_sort(sx_i_codes *c);

void sx_i_codes_clear(sx_i_codes *c);

/* --- compiled expressions (factored_program.c) --------------------------------------- */

typedef struct sx_i_rule {
    sx_expr *e;    /* NULL: there is none */
    bool reported; /* that it fails in some state */
} sx_i_rule;

typedef struct sx_i_step_outcome {
    const sx_factored_outcome *given;
    sx_i_rule p;
    sx_i_rule *assign; /* [given->assigns]; no expression where the variable is fixed */
} sx_i_step_outcome;

typedef struct sx_i_step_action {
    const sx_factored_action *given;
    sx_i_rule when, sum;        /* sum has no expression */
    sx_i_step_outcome *outcome; /* [given->outcomes] */
    int64_t row;                /* of its first outcome among all */
} sx_i_step_action;

/* A successor in a row. */
typedef struct sx_i_successor {
    int64_t code;
    double prob;
    int32_t outcome; /* keeps the order of equal codes */
} sx_i_successor;

/* The description with its expressions, and a block of combinations that they are run over.
 * Row o of prob and next belongs to outcome o of all, row a of available to action a. */
typedef struct sx_i_program {
    const sx_factored *f;
    sx_factored_report *report;
    void *context;
    sx_error *err;
    bool failed;              /* something was reported */
    sx_world *w;              /* names of actions; the variables over the block */
    sx_i_rule *absorbing;     /* [absorbings] */
    sx_i_step_action *action; /* [actions] */
    int64_t outcomes;         /* of all actions */
    int32_t block, lanes;     /* room of a block, and how much of it is used */
    int64_t *code;            /* [block] */
    int32_t *place;           /* [V * block] */
    unsigned char *absorbs;   /* [block] */
    unsigned char *available; /* [A * block] */
    double *prob;             /* [outcomes * block] 0 where the outcome is impossible */
    int64_t *next;            /* [outcomes * block] where prob > 0 */
    int32_t *lane, *some;     /* [block] lanes that an action, an outcome of it concerns */
    double *value, *sum;      /* [block] */
    sx_i_successor *row;      /* [most outcomes of an action] */
} sx_i_program;

/* Compile f.  SX_EINPUT when something was reported.  p is cleared by the caller, always. */
SX_CHECKED sx_status sx_i_program_compile(sx_i_program *p);
void sx_i_program_clear(sx_i_program *p);

/* Report a problem; the status of the call is SX_EINPUT. */
typedef struct sx_i_spot {
    sx_factored_part part;
    int32_t index, outcome, assign;
    size_t offset, width;
} sx_i_spot;
sx_status sx_i_program_problem(sx_i_program *p, sx_i_spot where, const char *code,
                               const char *hint, const char *format, ...) SX_FORMAT(5, 6);

/* --- one block (factored_step.c) ----------------------------------------------------- */

/* Run everything over code [lanes], lanes <= block.  SX_EINPUT when something was reported. */
SX_CHECKED sx_status sx_i_program_run(sx_i_program *p, const int64_t *code, int32_t lanes);

/* The successors of the state in a lane under action a into p->row, ascending, each once; how
 * many they are: 0 when the action is not available. */
int32_t sx_i_program_row(sx_i_program *p, int32_t lane, int32_t a);

#endif
