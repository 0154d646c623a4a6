/* SPDX-License-Identifier: GPL-3.0-or-later */
/* spec_world_int.h - the steps by which a world element becomes a world.
 *
 *     names of states and actions -> transitions -> labels, attributes -> initial */
#ifndef SX_SPEC_WORLD_INT_H
#define SX_SPEC_WORLD_INT_H

#include "mdp/spec_int.h"

#define SX_I_TRIPLES   ((int64_t)1 << 25) /* transitions of a list */
#define SX_I_LABELS    10000
#define SX_I_VARIABLES 1000

/* --- names (spec_names.c) ------------------------------------------------------------ */

/* Names of states and actions from <states> <state> <actions> <action> below n, into the
 * world.  Where nothing is listed: `states` and `actions` numbered ones, or none for -1. */
SX_CHECKED sx_status sx_i_names_read(sx_i_reading *rd, const sx_node *n, int32_t states,
                                     int32_t actions);

#define SX_I_END_STATE  "end"  /* of bandits and trees */
#define SX_I_ROOT_STATE "root" /* of trees */

/* Names from <contexts> <context> <responses> <response> below n, and the end state behind the
 * contexts. */
SX_CHECKED sx_status sx_i_bandit_names_read(sx_i_reading *rd, const sx_node *n);

/* absorbing [S] from the <state> elements below n.  Owned by the caller. */
SX_CHECKED sx_status sx_i_absorbing_read(sx_i_reading *rd, const sx_node *n,
                                         unsigned char **absorbing);

/* --- labels and attributes (spec_label.c) ---------------------------------------------- */

/* An element and the state, action or pair that it describes. */
typedef struct sx_i_bearer {
    const sx_node *node;
    int32_t index;
} sx_i_bearer;

typedef struct sx_i_bearers {
    int64_t count;
    sx_i_bearer *bearer; /* [count], owned by the caller */
} sx_i_bearers;

typedef enum sx_i_bearer_kind {
    SX_I_OF_STATES,
    SX_I_OF_ACTIONS,
    SX_I_OF_PAIRS
} sx_i_bearer_kind;

/* The elements of that name below n whose id is one of names. */
SX_CHECKED sx_status sx_i_bearers_find(sx_i_reading *rd, const sx_node *n, const char *name,
                                       const sx_names *names, sx_i_bearers *out);

/* The words of attribute attr as labels of states / <attribute> elements as variables; those of
 * actions are variables of all their pairs but those of absorbing states.  The world has its
 * mdp. */
SX_CHECKED sx_status sx_i_labels_read(sx_i_reading *rd, const sx_i_bearers *b,
                                      const char *attr);
SX_CHECKED sx_status sx_i_attributes_read(sx_i_reading *rd, const sx_i_bearers *b,
                                          sx_i_bearer_kind kind);

/* Both from the elements of that name below n, which describe states. */
SX_CHECKED sx_status sx_i_about_states_read(sx_i_reading *rd, const sx_node *n,
                                            const char *name);

/* From the cells of a gridworld: kind [S] is the index in cell [cells] of each state, -1 for
 * none. */
SX_CHECKED sx_status sx_i_cell_attributes_read(sx_i_reading *rd, const sx_node *const *cell,
                                               int32_t cells, const int32_t *kind);

/* Is that a word which expressions use themselves? */
bool sx_i_word_reserved(const char *name);

/* Report what is wrong with the id of an attribute that becomes a variable. */
sx_status sx_i_variable_check(sx_i_reading *rd, const char *name, const sx_node *node,
                              sx_i_bearer_kind kind);

/* A label that is also the name of a state must mean just that state. */
sx_status sx_i_label_check(sx_i_reading *rd, const char *label, sx_place place);

/* --- pairs (spec_pair.c) ------------------------------------------------------------------ */

/* The state that pair k leaves. */
int32_t sx_i_source(const sx_mdp *m, int32_t k);

/* The base policy from the elements named `element` below n, whose attributes `from` and
 * `action` name states and actions (or * for all), p= giving the probability. */
SX_CHECKED sx_status sx_i_base_read(sx_i_reading *rd, const sx_node *n, const char *element,
                                    const char *from, const char *action);

/* pi [K], taken over, becomes the base policy once it is divided by its sums; a uniform one is
 * not kept. */
void sx_i_base_set(sx_world *w, double *pi);

/* <pair> elements below n: attributes of pairs and the base policy. */
SX_CHECKED sx_status sx_i_pairs_read(sx_i_reading *rd, const sx_node *n);

/* --- lists of transitions (spec_steps.c) ----------------------------------------------- */

typedef struct sx_i_step {
    int32_t state, action, next;
    bool sum;    /* may be there twice */
    bool broken; /* reported already: its probability is not known */
    double prob;
    int64_t origin; /* element or row it was read from */
} sx_i_step;

typedef struct sx_i_steps {
    sx_i_reading *rd;
    const unsigned char *absorbing; /* [S] */
    int64_t count, room;
    sx_i_step *step;
    bool lost; /* some step was given for nobody knows which pair */
    /* the place of a part of an origin: "from", "action", "to", "p" */
    sx_place (*place)(const void *context, int64_t origin, const char *part);
    const void *context;
} sx_i_steps;

/* Append the step from, action, to (names, or * for all) with probability prob, NAN for one
 * that was reported already. */
SX_CHECKED sx_status sx_i_steps_add(sx_i_steps *list, const char *const name[3], double prob,
                                    bool sum, int64_t origin);

/* The mdp of the list into the world: sums checked, absorbing states looped.  Also after
 * reported errors there is one, to hold rewards against. */
SX_CHECKED sx_status sx_i_steps_build(sx_i_steps *list);

/* --- the start (spec_world.c) ---------------------------------------------------------- */

/* Does the world element itself say where to start? */
bool sx_i_initial_given(const sx_node *n);

/* Refuse weights that sum to nothing, else divide them by their sum. */
SX_CHECKED sx_status sx_i_initial_check(sx_i_reading *rd, sx_place place);

/* --- kinds of worlds --------------------------------------------------------------------- */

SX_CHECKED sx_status sx_i_explicit_read(sx_i_reading *rd, const sx_node *n);
SX_CHECKED sx_status sx_i_transitions_read(sx_i_reading *rd, const sx_node *n);
SX_CHECKED sx_status sx_i_arrays_read(sx_i_reading *rd, const sx_node *n);
SX_CHECKED sx_status sx_i_gridworld_read(sx_i_reading *rd, const sx_node *n);

/* The world of the map with another slip; kind [S]: index among the cells, -1 for none.  Both
 * are owned by the caller. */
SX_CHECKED sx_status sx_i_gridworld_slip(sx_i_reading *rd, const sx_node *n, double slip,
                                         sx_world **out, int32_t **kind);

SX_CHECKED sx_status sx_i_bandit_read(sx_i_reading *rd, const sx_node *n);
SX_CHECKED sx_status sx_i_tree_read(sx_i_reading *rd, const sx_node *n);
SX_CHECKED sx_status sx_i_random_read(sx_i_reading *rd, const sx_node *n);
SX_CHECKED sx_status sx_i_factored_read(sx_i_reading *rd, const sx_node *n); /* and <initial> */

#endif
