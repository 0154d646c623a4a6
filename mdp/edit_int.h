/* SPDX-License-Identifier: GPL-3.0-or-later */
/* edit_int.h - what the files about edits share: the elements of an edit, and patching text. */
#ifndef SX_EDIT_INT_H
#define SX_EDIT_INT_H

#include "mdp/edit.h"
#include "mdp/spec_int.h"

typedef enum sx_i_op_kind { SX_I_PATCH, SX_I_DO, SX_I_PERMUTE } sx_i_op_kind;

/* The attributes of an op: of a patch sel, pos, type; of <do> variable, value, when; of
 * <permute> states, contexts, actions, responses. */
enum { SX_I_OP_TEXTS = 4 };

/* One element of an edit. */
typedef struct sx_i_op {
    sx_i_op_kind kind;
    sx_place place;             /* of its name */
    char *text[SX_I_OP_TEXTS];  /* as written; NULL where there is none */
    sx_place at[SX_I_OP_TEXTS]; /* of those */
} sx_i_op;

/* text with `step` for every {step}; NULL step: a copy.  Owned by the caller; NULL without
 * memory. */
char *sx_i_step_put(const char *text, const char *step);

/* --- reading (spec_edit.c) ------------------------------------------------------------ */

/* Read the <edit> elements below root into the specification. */
SX_CHECKED sx_status sx_i_edits_read(sx_i_reading *rd, const sx_node *root);
void sx_i_edits_free(sx_spec *spec);

/* The text [size] into rd->spec, which has its inputs; rd->diags, rd->err say what is wrong.
 * Of the texts that messages show none is known afterwards.  (spec.c) */
SX_CHECKED sx_status sx_i_spec_read(sx_i_reading *rd, const char *text, size_t size);

/* --- applying ------------------------------------------------------------------------- */

/* An edited world that is about to be read. */
typedef struct sx_i_edited {
    const sx_spec *spec; /* the specification */
    const sx_edit *e;
    int32_t edit;
    const char *step; /* as written, or NULL */
    char *file;       /* "cliff.xml (edit wet)" */
    char *patched;    /* its own text, NULL when there are no patches */
    const char *text; /* [size] what is to be read */
    size_t size;
    sx_i_reading rd; /* knows path, file, edit, step and interventions, and no more */
} sx_i_edited;

/* Apply the patches; what is wrong with them is reported.  step is -1 for an edit without
 * steps.  To be closed whatever the answer.  (spec_edited.c) */
SX_CHECKED sx_status sx_i_edited_open(const sx_spec *spec, int32_t edit, int32_t step,
                                      sx_diags *d, sx_i_edited *out, sx_error *err);
void sx_i_edited_close(sx_i_edited *c);

/* The specification as it is on disk becomes the first input of `to`. */
SX_CHECKED sx_status sx_i_input_copy(const sx_spec *spec, sx_spec *to, sx_error *err);

/* What is wrong with a patch, for the caller to report. */
typedef struct sx_i_patch_fault {
    int32_t patch;        /* which one of the edit, or -1 */
    int32_t text;         /* which attribute, -1: the element as a whole */
    size_t offset, width; /* of that attribute's text; width 0: all of it */
    const char *code;
    char message[320];
    const char *hint; /* static, or NULL */
} sx_i_patch_fault;

typedef struct sx_i_patching {
    const char *text; /* [size] of a specification that was read before */
    size_t size;
    int32_t edit;     /* which <edit> */
    const char *step; /* for every {step}, or NULL */
} sx_i_patching;

/* The text with the patches of the edit applied and all edits left out.  *out: [*out_size],
 * zero-terminated, owned by the caller.  SX_EINPUT fills *fault.  (xml_patch.c) */
SX_CHECKED sx_status sx_i_xml_patch(const sx_i_patching *job, char **out, size_t *out_size,
                                    sx_i_patch_fault *fault, sx_error *err);

/* Where a selector looks back or aside (ancestor, preceding, following) or, inside of brackets,
 * out of the element (.. and paths from the document); NULL: nowhere.  (xml_select.c) */
const char *sx_i_selector_back(const char *sel);

/* The interventions that no reader of a world has built in: values of variables replaced.
 * (spec_edit_do.c) */
SX_CHECKED sx_status sx_i_do_apply(sx_i_reading *rd);
SX_CHECKED sx_status sx_i_do_one(sx_i_reading *rd, sx_i_do *act);

/* The permutation that the <permute> elements of an edit are together: state [S], action [A]
 * of w.  (spec_edit_permute.c) */
SX_CHECKED sx_status sx_i_permutation(const sx_edit *edit, const char *step, const sx_world *w,
                                      int32_t *state, int32_t *action, sx_diags *d,
                                      sx_error *err);

/* World and rewards of the reading exchanged by them. */
SX_CHECKED sx_status sx_i_permute_apply(sx_i_reading *rd);

#endif
