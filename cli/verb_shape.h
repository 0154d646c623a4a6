/* SPDX-License-Identifier: GPL-3.0-or-later */
/* verb_shape.h - what the files of the verb shape share. */
#ifndef SX_VERB_SHAPE_H
#define SX_VERB_SHAPE_H

#include "cli/cli.h"
#include "metrics/certificate.h"
#include "metrics/shaping.h"
#include "metrics/verify.h"

typedef struct sx_shape_answer {
    int32_t from, to; /* rewards; to is -1 for none */
    sx_shape_task task;
    int32_t attributes;
    int32_t *variable;           /* [attributes] of the world */
    const double **attribute;    /* [attributes] their values */
    sx_shaping *shaping;         /* NULL with a reason */
    const char *reason;          /* static */
    sx_reward *shaped;           /* what became of from */
    sx_shape_quality quality[2]; /* before and after */
    int32_t unreachable;
} sx_shape_answer;

/* verb_shape.c: check what is asked, read the specification and find the potential; the quality
 * is left.  To be cleared in any case. */
SX_CHECKED sx_status sx_shape_find(sx_cli *c, sx_shape_answer *a, sx_error *err);
void sx_shape_clear(sx_shape_answer *a);

/* shape_put.c: JSON and CSV. */
void sx_shape_put(sx_cli *c, const sx_shape_answer *a);

/* shape_text.c */
void sx_shape_text(sx_cli *c, const sx_shape_answer *a);

/* The variables that names (with blanks between) say, into a. */
SX_CHECKED sx_status sx_shape_attributes(sx_cli *c, const char *names, sx_shape_answer *a,
                                         sx_error *err);

/* shape_certificate.c: write the file of --certificate. */
SX_CHECKED sx_status sx_shape_certify(sx_cli *c, const sx_shape_answer *a, sx_error *err);

/* Check the file that is the second argument of verify, if its kind is shape (*shape).  Then
 * *frame says what it is about, and *claims what came out, or *refused why there was nothing to
 * check; frame and claims are owned by the caller. */
SX_CHECKED sx_status sx_shape_certificate_verify(sx_cli *c, bool *shape, sx_certificate **frame,
                                                 sx_claims **claims, const char **refused,
                                                 sx_error *err);

/* shape_apply.c: the file of --apply; the guard comes before any work. */
SX_CHECKED sx_status sx_shape_apply_guard(sx_cli *c, sx_error *err);
SX_CHECKED sx_status sx_shape_apply(sx_cli *c, const sx_shape_answer *a, sx_error *err);

#endif
