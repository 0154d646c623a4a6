/* SPDX-License-Identifier: GPL-3.0-or-later */
/* spec_int.h - what the files that read a specification share.
 *
 * The tree has been held against the grammar before anything here is called: elements that
 * are unknown have rule == NULL (skip them), attributes of a wrong type or that are missing
 * have been reported.  The functions below therefore answer SX_EINPUT for those without a
 * second report.
 *
 * How every function on a reading answers:
 *     SX_OK      all is well
 *     SX_EINPUT  a problem of the input, already reported: skip this element and go on with
 *                the next, so that all independent problems are shown at once
 *     others     rd->err says what: stop */
#ifndef SX_SPEC_INT_H
#define SX_SPEC_INT_H

#include "mdp/csv.h"
#include "mdp/npy.h"
#include "mdp/spec.h"
#include "mdp/xml.h"

/* <do> of the edit whose world is being read: the value of a variable is replaced. */
typedef struct sx_i_do {
    const char *variable, *value, *when;     /* as written, the step put in; when may be NULL */
    sx_place variable_at, value_at, when_at; /* in the specification that was edited */
    bool done; /* to be set by the reader of a world that has built it in; the others replace
                  values once the world is complete */
} sx_i_do;

/* Who wants to know which text gives a variable its numbers. */
typedef struct sx_i_listener {
    void *context;
    /* index: of a state, an action or a pair, as kind (of sx_i_bearer_kind) says */
    sx_status (*number)(void *context, int32_t variable, int kind, int32_t index,
                        const sx_node *attribute);
} sx_i_listener;

typedef struct sx_i_reading {
    const char *path;  /* of the specification, as given */
    const char *file;  /* its name in messages */
    const sx_xml *xml; /* never NULL */
    sx_diags *diags;   /* never NULL */
    sx_spec *spec;     /* under construction; its world is complete before rewards are read */
    sx_error *err;     /* may be NULL */
    bool doubtful;     /* some state or action was refused: names may be unknown for that
                          reason, and are not reported */
    int32_t texts;     /* files whose lines messages may show: kept until the end */
    unsigned char **text;
    const struct sx_edit *edit; /* whose world is read, NULL: the specification's own */
    const char *step;           /* of that edit, or NULL */
    int32_t dos;                /* of that edit, known before the world is read */
    sx_i_do *act;
    const sx_i_listener *listener; /* may be NULL */
} sx_i_reading;

/* Where bytes offset .. offset + width - 1 of text stand, when text stands at place: the whole
 * of it where it is written otherwise, with entities or a step. */
sx_place sx_i_place_inside(sx_place place, const char *text, size_t offset, size_t width);

/* Is st one after which reading stops (neither SX_OK nor SX_EINPUT)? */
bool sx_i_stops(sx_status st);

/* The more serious of two answers: one that stops, else SX_EINPUT, else SX_OK. */
sx_status sx_i_worse(sx_status a, sx_status b);

/* Children that the grammar knows: the first of n / the next after n; name NULL for any. */
const sx_node *sx_i_first(const sx_node *n, const char *name);
const sx_node *sx_i_next(const sx_node *n, const char *name);

/* --- attributes ------------------------------------------------------------------- */

/* The value as written, else the default of the grammar, else NULL. */
const char *sx_i_attr(const sx_node *n, const char *name);

/* The same, but NULL where the grammar refused it. */
const char *sx_i_attr_sound(const sx_node *n, const char *name);

/* Is the value (or the default) this word? */
bool sx_i_attr_is(const sx_node *n, const char *name, const char *word);

/* Where to point for that attribute: its value, or the element's name when it is absent. */
sx_place sx_i_attr_where(const sx_node *n, const char *name);

/* The value (or the default) as a number / a whole number / true or false.  Absent and
 * without default: SX_EINPUT, nothing reported, *value untouched. */
SX_CHECKED sx_status sx_i_attr_number(const sx_node *n, const char *name, double *value);
SX_CHECKED sx_status sx_i_attr_integer(const sx_node *n, const char *name, int64_t *value);
SX_CHECKED sx_status sx_i_attr_boolean(const sx_node *n, const char *name, bool *value);

/* The state / the action of the world whose id is the value of that attribute; an unknown
 * one is reported (E120, E121) with the nearest name. */
SX_CHECKED sx_status sx_i_attr_state(sx_i_reading *rd, const sx_node *n, const char *name,
                                     int32_t *state);
SX_CHECKED sx_status sx_i_attr_action(sx_i_reading *rd, const sx_node *n, const char *name,
                                      int32_t *action);

/* Report that names (of states: E120, of actions: E121) lack this text, with a hint; nothing
 * while names are doubtful. */
sx_status sx_i_no_name(sx_i_reading *rd, sx_place place, const char *code, const char *text,
                       const sx_names *names);

/* --- files beside the specification ----------------------------------------------- */

/* Record a file of that base name among the inputs of the spec, once. */
SX_CHECKED sx_status sx_i_input_add(sx_i_reading *rd, const char *name, const void *bytes,
                                    size_t size);

/* The bytes of a file named href (relative to the folder of the specification), followed by
 * a zero byte: owned by the caller (sx_release).  Its SHA-256 is recorded in the spec's
 * inputs, once per file.  Problems are reported at place (E301). */
SX_CHECKED sx_status sx_i_read_file(sx_i_reading *rd, const char *href, sx_place place,
                                    unsigned char **bytes, size_t *size);

/* The array in the file that attribute `attr` of n names: .npy, or a member (attribute
 * `member`, else the only one) of .npz.  Problems are reported at that attribute. */
SX_CHECKED sx_status sx_i_read_array(sx_i_reading *rd, const sx_node *n, const char *attr,
                                     sx_array **out);

/* The table in the CSV file that attribute `attr` of n names.  Problems are reported at
 * their places in that file. */
SX_CHECKED sx_status sx_i_read_csv(sx_i_reading *rd, const sx_node *n, const char *attr,
                                   sx_csv **out);

/* Does the value of that attribute end in this suffix (".csv"), whatever its case? */
bool sx_i_attr_suffix(const sx_node *n, const char *name, const char *suffix);

/* --- the parts --------------------------------------------------------------------- */

/* Read the world element (any of the kinds), <initial> and attributes into spec->world. */
SX_CHECKED sx_status sx_i_world_read(sx_i_reading *rd, const sx_node *world);

/* Read one <reward> element and append it to spec->reward.  Rewards are read in the order of
 * the file; SX_EINPUT appends nothing.  (spec_reward.c) */
SX_CHECKED sx_status sx_i_reward_read(sx_i_reading *rd, const sx_node *reward);

#endif
