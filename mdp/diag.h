/* SPDX-License-Identifier: GPL-3.0-or-later */
/* diag.h - located messages about the input, many at a time.
 *
 *     cliff.xml:14:37: error[E104]: probability p="1.5" is greater than 1
 *        14 |       <transition from="s0" action="stay" to="s0" p="1.5"/>
 *           |                                                      ^^^
 *           = hint: the probabilities of (s0, stay) must sum to 1
 *
 * Codes: E1xx structure and worlds, E2xx expressions, E3xx files beside the specification,
 * E4xx rewards, E5xx the command line, W6xx warnings.  All are in the table of codes.h. */
#ifndef SX_DIAG_H
#define SX_DIAG_H

#include "mdp/base.h"

#ifdef __cplusplus
extern "C" {
#endif

#define SX_DIAG_LIMIT 20 /* errors shown; the rest are counted */

/* A range of a text file.  line 0: the file as a whole. */
typedef struct sx_place {
    const char *file; /* as shown to the user; lives as long as the source it names */
    int32_t line;     /* from 1 */
    int32_t column;   /* from 1, in characters (UTF-8) */
    int32_t width;    /* characters to underline, >= 1 */
} sx_place;

typedef struct sx_diag {
    char code[8];
    sx_place place; /* place.file is owned by the list */
    char *message;
    char *hint;            /* NULL for none */
    char *source;          /* the line of place, NULL for none; of a long line a part */
    int32_t source_column; /* of the first character of source: 1 unless the line is long */
} sx_diag;

typedef struct sx_diags sx_diags;

SX_CHECKED sx_status sx_diags_new(sx_diags **out, sx_error *err);
sx_diags *sx_diags_free(sx_diags *d);

/* Make the text of a file known, so that messages can show its lines.  text [size] is
 * borrowed until it is forgotten.  Files are sorted in the order in which they became known. */
SX_CHECKED sx_status sx_diags_source(sx_diags *d, const char *file, const char *text,
                                     size_t size, sx_error *err);

/* Forget the text of that file (NULL: of all files); messages stay as they are. */
void sx_diags_forget(sx_diags *d, const char *file);

/* Report an error or (code W...) a warning.  The source line is copied at once.  hint may be
 * NULL.  d may be NULL (nothing happens).  Always returns SX_EINPUT for an error, SX_OK for
 * a warning. */
sx_status sx_diag_report(sx_diags *d, sx_place place, const char *code, const char *hint,
                         const char *format, ...) SX_FORMAT(5, 6);

/* All messages of `from` behind those of d, which shows as many of them as it has room for;
 * from is empty afterwards.  d may be NULL (they are lost). */
void sx_diags_move(sx_diags *from, sx_diags *d);

int64_t sx_diags_errors(const sx_diags *d);   /* reported, shown or not */
int64_t sx_diags_warnings(const sx_diags *d); /* reported, shown or not */
int32_t sx_diags_count(const sx_diags *d);    /* kept: at most SX_DIAG_LIMIT of each kind */
const sx_diag *sx_diags_get(const sx_diags *d, int32_t i); /* sorted by file, line, column */

/* One message as text in the form above, ending in a newline.  Owned by the caller
 * (sx_release); NULL when out of memory. */
char *sx_diag_text(const sx_diag *d);

#ifdef __cplusplus
}
#endif
#endif
