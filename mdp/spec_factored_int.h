/* SPDX-License-Identifier: GPL-3.0-or-later */
/* spec_factored_int.h - what the files that read <factored> share. */
#ifndef SX_SPEC_FACTORED_INT_H
#define SX_SPEC_FACTORED_INT_H

#include "mdp/factored_int.h"
#include "mdp/spec_world_int.h"

typedef struct sx_i_factored {
    sx_i_reading *rd;
    const sx_node *world;
    sx_factors *factors;
    int32_t *initial; /* [V] place of initial=, or -1 */
    int32_t *fixed;   /* [V] place that an intervention sets, or -1 */
    sx_factored f;    /* what the elements say; its arrays are those below */
    sx_factored_action *action;
    sx_factored_outcome *outcome; /* of all actions */
    sx_assign *assign;            /* of all outcomes */
    const char **absorbing;
    sx_factored_start *start;
    sx_i_codes seen; /* of the starts */
    bool excess;     /* the variables have too many combinations: reported */
} sx_i_factored;

/* What the elements below n say, into *r; to be closed whatever the answer.
 * (spec_factored.c) */
SX_CHECKED sx_status sx_i_factored_open(sx_i_reading *rd, const sx_node *n, sx_i_factored *r);
void sx_i_factored_close(sx_i_factored *r);

/* The place of a value as written, with blanks around it, or as another number of the same
 * value ("1/2"); -1 when the variable does not have it. */
int32_t sx_i_factored_place(const sx_factor *x, const char *text);

/* The variables into r->factors and r->initial.  (spec_factored_start.c) */
SX_CHECKED sx_status sx_i_factored_variables(sx_i_factored *r);

/* Interventions on the variables into r->fixed.  Each that is one is marked as done. */
SX_CHECKED sx_status sx_i_factored_dos(sx_i_factored *r);

/* The starts of <initial>, if there is one. */
SX_CHECKED sx_status sx_i_factored_starts(sx_i_factored *r);

/* The variable that attribute `variable` of n names; an unknown one is reported (E185). */
SX_CHECKED sx_status sx_i_factored_variable(sx_i_factored *r, const sx_node *n, int32_t *v);

/* <attribute> and <label>, once the world is there. (spec_factored_label.c) */
SX_CHECKED sx_status sx_i_factored_attributes(sx_i_factored *r);
SX_CHECKED sx_status sx_i_factored_labels(sx_i_factored *r);

#endif
