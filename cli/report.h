/* SPDX-License-Identifier: GPL-3.0-or-later */
/* report.h - a result as a tree, written as JSON or CSV.
 *
 * Every result starts with what it is a result of (specification, version, arguments,
 * hashes of inputs).  CSV has one row an entry of `rows`; nested names are joined by '_',
 * a list [lo,hi] gives the columns _lo and _hi, and what holds for all rows is repeated at
 * their ends.  Numbers are the shortest text that reads back to the same double. */
#ifndef SX_REPORT_H
#define SX_REPORT_H

#include "cli/options.h"
#include "cli/text.h"
#include "mdp/spec.h"

typedef struct json_t sx_value; /* an object, a list or a leaf */

typedef struct sx_report {
    sx_value *root;
    sx_value *rows; /* borrowed from root, or owned when own_rows */
    bool own_rows;
    bool failed; /* out of memory: one check at the end */
} sx_report;

/* Start: root with mdp, spec, version, arguments, seed, inputs.  spec may be NULL. */
void sx_report_start(sx_report *r, const sx_spec *spec, const char *path, const sx_options *o);
void sx_report_clear(sx_report *r);

/* Whether memory was refused to the tree since the last call: a reader of JSON may take that
 * for an error of the text. */
bool sx_report_starved(void);

/* One more input file, named once however often it is read. */
void sx_report_input(sx_report *r, const char *path, const char sha256[65]);

/* A new object or list under parent: name is NULL when parent is a list.  Borrowed. */
sx_value *sx_put_object(sx_report *r, sx_value *parent, const char *name);
sx_value *sx_put_list(sx_report *r, sx_value *parent, const char *name);

/* Leaves.  A number that is not finite becomes null. */
void sx_put_text(sx_report *r, sx_value *parent, const char *name, const char *text);
void sx_put_whole(sx_report *r, sx_value *parent, const char *name, int64_t value);
void sx_put_number(sx_report *r, sx_value *parent, const char *name, double value);
void sx_put_bool(sx_report *r, sx_value *parent, const char *name, bool value);
void sx_put_null(sx_report *r, sx_value *parent, const char *name);
void sx_put_range(sx_report *r, sx_value *parent, const char *name, double lo, double hi);
/* name: the value or null, reason: null or why. */
void sx_put_maybe(sx_report *r, sx_value *parent, const char *name, const sx_number *number);

/* A list of rows of its own, for results whose entries are spread over the tree. */
void sx_report_own_rows(sx_report *r);

/* text as a JSON string, quotes and all. */
void sx_report_string(sx_text *to, const char *text);

/* The whole result. */
void sx_report_json(const sx_report *r, sx_text *to);
void sx_report_csv(const sx_report *r, sx_text *to);

#endif
