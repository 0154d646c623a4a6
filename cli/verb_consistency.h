/* SPDX-License-Identifier: GPL-3.0-or-later */
/* verb_consistency.h - what the files of the verb consistency share.
 *
 * One edited world is held at a time; what is kept of it is numbers and names. */
#ifndef SX_VERB_CONSISTENCY_H
#define SX_VERB_CONSISTENCY_H

#include "cli/cli.h"
#include "mdp/edit.h"
#include "metrics/consistency.h"
#include "metrics/expect.h"

/* One reward in one edited world. */
typedef struct sx_edit_row {
    sx_consistency x;
    sx_expected expected;        /* indices are of a world that is gone: use the names */
    char *state, *action, *next; /* of the worst case; NULL for none */
    int64_t followed, moves;     /* pairs where the truth moves, under a causal edit */
    int64_t stayed, pairs;       /* pairs whose advantage stays, under a neutral one */
} sx_edit_row;

enum { SX_EDIT_NAMES = 10 };

/* The first few of some names, and how many there are. */
typedef struct sx_edit_names {
    int32_t count, shown;
    char *name[SX_EDIT_NAMES];
} sx_edit_names;

/* One edited world. */
typedef struct sx_edit_world {
    int32_t edit, step; /* step -1: an edit without steps */
    sx_edit_kind kind;  /* declared, or else found; SX_EDIT_ANY: not known, or either */
    bool either;        /* only transitions change: the edit may be called both */
    const char *reason; /* NULL, or why the kind was not verified */
    bool changes;       /* the true reward's order; means nothing with a reason */
    double worst_case[2];
    sx_outcome outcome;
    char *evidence; /* two policies and their returns, in words; NULL with a reason */
    int32_t states, unreachable;
    sx_touch by;
    int64_t entries;               /* touched triples */
    int32_t pairs, touched_states; /* with touched triples */
    sx_edit_names lost_states, new_states, lost_actions, new_actions;
    int32_t new_pairs;
    sx_edit_row *row; /* [rewards] */
} sx_edit_world;

typedef struct sx_consistency_answer {
    int32_t truth; /* SX_NO_TRUTH: nobody knows it */
    sx_measure measure;
    int32_t unreachable; /* of the original world */
    int32_t count;
    sx_edit_world *world; /* [count] by edit, then step */
    unsigned char **best; /* [rewards] each [K]: optimal before any edit; made at first use */
} sx_consistency_answer;

/* verb_consistency.c: every edited world of the specification that was read; a->measure is
 * given.  To be cleared in any case. */
SX_CHECKED sx_status sx_consistency_find(sx_cli *c, sx_consistency_answer *a, sx_error *err);
void sx_consistency_clear(const sx_cli *c, sx_consistency_answer *a);

/* The rate of one reward over all edits of a kind; NAN where there is nothing to count. */
typedef struct sx_edit_rate {
    int64_t met, count;
    double share;
} sx_edit_rate;
sx_edit_rate sx_edit_sensitivity(const sx_consistency_answer *a, int32_t reward);
sx_edit_rate sx_edit_invariance(const sx_consistency_answer *a, int32_t reward);

/* consistency_world.c: read and compute the world of w->edit and w->step into w, which is
 * released by sx_edit_world_clear in any case. */
SX_CHECKED sx_status sx_edit_world_compute(sx_cli *c, sx_consistency_answer *a,
                                           sx_edit_world *w, sx_error *err);
void sx_edit_world_clear(sx_edit_world *w, int32_t rewards);

/* consistency_kind.c: two policies of the edited world in words ... */
char *sx_edit_evidence(const sx_world *world, const sx_order *o);
/* ... and an error at every edit that is not of its declared kind; returns how many. */
int32_t sx_edit_contradictions(sx_cli *c, const sx_consistency_answer *a);

/* consistency_put.c: JSON and CSV; consistency_text.c. */
void sx_consistency_put(sx_cli *c, const sx_consistency_answer *a);
void sx_consistency_text(sx_cli *c, const sx_consistency_answer *a);

/* consistency_orbit.c: what needs no truth.  Before the specification is read: does --average
 * name a form that can be written?  After it: "symmetry" and "orbit" of the result and a
 * section of the text, from the edits that are declared neutral and do nothing but permute;
 * those that are no symmetry of the world are left out, with a warning at their place.  With
 * --average the averaged rewards are written, too. */
SX_CHECKED sx_status sx_cli_orbit_options(sx_cli *c, sx_error *err);
SX_CHECKED sx_status sx_cli_consistency_orbit(sx_cli *c, sx_error *err);

#endif
