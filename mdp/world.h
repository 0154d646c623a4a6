/* SPDX-License-Identifier: GPL-3.0-or-later */
/* world.h - a world with the names people use for its parts.
 *
 * The arrays of sx_mdp know indices only; here are the names of states and actions, the
 * labels that selectors use, and the variables that expressions use. */
#ifndef SX_WORLD_H
#define SX_WORLD_H

#include "mdp/mdp.h"
#include "mdp/names.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct sx_label {
    char *name;
    int32_t count;  /* may be 0: the label of a cell that is no state */
    int32_t *state; /* [count] ascending, distinct */
} sx_label;

/* A variable belongs to states or, as an attribute of a response or a choice, to pairs. */
typedef struct sx_variable {
    char *name;
    double *value; /* [S], of pairs [K]; NAN where one does not have it; for names the index */
    sx_names *symbols; /* NULL for numbers, else the names that value indexes */
    bool of_pairs;
} sx_variable;

/* Part of entry t goes through a cell that is no state ("sends-to") with this label. */
typedef struct sx_through {
    int64_t entry;
    int32_t label;
    double share; /* in (0,1]: probability through the cell / prob[entry] */
} sx_through;

typedef struct sx_grid {
    int32_t rows, columns;
    int32_t *state;      /* [rows*columns] the state of a cell, -1 where the cell is none */
    unsigned char *wall; /* [rows*columns] 1 for walls; other cells without a state send on */
} sx_grid;

typedef struct sx_world {
    sx_mdp *mdp;
    sx_names *states;  /* [S] */
    sx_names *actions; /* [A] */
    int32_t labels;
    sx_label *label;
    int32_t variables;
    sx_variable *variable;
    int64_t throughs;
    sx_through *through; /* ascending by label, then entry */
    sx_grid *grid;       /* NULL unless the world is a gridworld */
    int32_t contexts;    /* of a bandit its first states; 0 for every other world */
    double *base;        /* [K] the base policy, sums to 1 in each state; NULL: uniform */
} sx_world;

/* A world without mdp, names, labels or variables. */
SX_CHECKED sx_status sx_world_new(sx_world **out, sx_error *err);
sx_world *sx_world_free(sx_world *w);

/* The label or variable of that name, or -1. */
int32_t sx_world_label(const sx_world *w, const char *name);
int32_t sx_world_variable(const sx_world *w, const char *name);

/* Append a label with these states (copied; sorted and made distinct) / a variable of states,
 * S zeros / a variable of pairs, K zeros.  *index: its place; an existing label of that name is
 * extended. */
SX_CHECKED sx_status sx_world_add_label(sx_world *w, const char *name, const int32_t *state,
                                        int32_t count, int32_t *index, sx_error *err);
SX_CHECKED sx_status sx_world_add_variable(sx_world *w, const char *name, int32_t *index,
                                           sx_error *err);
SX_CHECKED sx_status sx_world_add_pair_variable(sx_world *w, const char *name, int32_t *index,
                                                sx_error *err);

/* pi [K] = the base policy. */
void sx_world_base(const sx_world *w, double *pi);

/* The initial distribution of a specification that gives none: uniform over the states that
 * are not absorbing, over all when none is left. */
void sx_mdp_initial_default(sx_mdp *m);

/* Where the transition of (s,a,s') is named in a message: "(s0, stay)". */
void sx_world_pair_text(const sx_world *w, int32_t s, int32_t a, char *text, size_t size);

#ifdef __cplusplus
}
#endif
#endif
