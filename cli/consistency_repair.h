/* SPDX-License-Identifier: GPL-3.0-or-later */
/* consistency_repair.h - consistency --repair: the nearest reward that does what the edits
 * expect, and the files that hold it. */
#ifndef SX_CONSISTENCY_REPAIR_H
#define SX_CONSISTENCY_REPAIR_H

#include "cli/cli.h"
#include "mdp/edit.h"
#include "mdp/export.h"
#include "metrics/repair.h"

/* Whether what is said about --repair makes sense, before anything is computed. */
SX_CHECKED sx_status sx_cli_repair_options(sx_cli *c, sx_error *err);

/* The section "repair" of JSON and text and the files of --repair; nothing without that option.
 * truth is the true reward. */
SX_CHECKED sx_status sx_cli_consistency_repair(sx_cli *c, int32_t truth, sx_error *err);

/* One edited world. */
typedef struct sx_repair_world {
    int32_t edit, step; /* of the specification; step -1: an edit without steps */
    char *name;         /* "id" or "id@step" */
    sx_spec *spec;      /* edited */
    sx_match *match, *moved;
    sx_touched *touched;
} sx_repair_world;

/* A repair, and what it is one of. */
typedef struct sx_repair_job {
    sx_cli *c;
    int32_t truth, reward;
    double margin;
    bool largest;
    int32_t count;
    sx_repair_world *world; /* [count] by edit, then step */
    sx_repair_edit *edit;   /* [count] */
    sx_repair *repair;
} sx_repair_job;

/* repair_write.c: the specification with the repaired reward, and tables beside it where it has
 * many values or edits have steps; or arrays.  *out: owned by the caller. */
SX_CHECKED sx_status sx_repair_xml(const sx_repair_job *j, const char *path, sx_outputs **out,
                                   sx_error *err);
SX_CHECKED sx_status sx_repair_npy(const sx_repair_job *j, const char *path, sx_outputs **out,
                                   sx_error *err);

#endif
