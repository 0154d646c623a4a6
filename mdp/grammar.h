/* SPDX-License-Identifier: GPL-3.0-or-later */
/* grammar.h - what a specification may say: one table of elements and attributes.
 *
 * The reader, the schema for editors (xsd.h) and the reference page are made from it.  A row
 * describes an element in its context: its attributes, and its content as a sequence of
 * particles, each a choice among element types with a least and a largest number. */
#ifndef SX_GRAMMAR_H
#define SX_GRAMMAR_H

#include "mdp/xml.h"

#ifdef __cplusplus
extern "C" {
#endif

/* What an attribute's value looks like; the rows of sx_value_types say it in words. */
typedef enum sx_value_kind {
    SX_VALUE_TEXT,
    SX_VALUE_NAME,
    SX_VALUE_NAMES,
    SX_VALUE_IDENTIFIER,
    SX_VALUE_SELECTOR,
    SX_VALUE_SYMBOL,
    SX_VALUE_CHOICE,
    SX_VALUE_NUMBER,
    SX_VALUE_NUMBERS,
    SX_VALUE_PROBABILITY,
    SX_VALUE_NONNEGATIVE,
    SX_VALUE_DISCOUNT,
    SX_VALUE_COUNT,
    SX_VALUE_SEED,
    SX_VALUE_EXPRESSION,
    SX_VALUE_FILE,
    SX_VALUE_KINDS
} sx_value_kind;

typedef struct sx_value_type {
    const char *name; /* of the simple type in the schema */
    const char *what; /* "a number such as 0.25, 1e-3 or 1/4" */
    const char *base; /* of the simple type in the schema, and its facets; NULL: a number */
    const char *facets;
    double least, most; /* of numbers; NAN where there is no bound */
    bool below;         /* most itself is not allowed */
} sx_value_type;

extern const sx_value_type sx_value_types[SX_VALUE_KINDS];

typedef struct sx_rule {
    const char *name; /* NULL ends a list */
    sx_value_kind kind;
    bool required;
    const char *fallback; /* the default, NULL for none */
    const char *choices;  /* "a|b|c" of SX_VALUE_CHOICE */
    const char *meaning;
} sx_rule;

#define SX_MANY INT32_MAX

typedef struct sx_particle {
    const char *types; /* alternatives "explicit|gridworld"; "*": any elements, which are not
                          looked at; NULL ends a list */
    int32_t least, most;
} sx_particle;

typedef struct sx_element {
    const char *type; /* unique; NULL ends the table */
    const char *name; /* as written; the same name may mean different types by context */
    const char *meaning;
    const char *text;           /* what its text means; NULL where text is not allowed */
    const sx_rule *rules;       /* of its attributes; NULL for none */
    const sx_particle *content; /* NULL for none */
} sx_element;

extern const sx_element sx_grammar[]; /* the root element first */

/* The row of that type, or NULL. */
const sx_element *sx_grammar_find(const char *type);

/* The rule of e for that attribute, or NULL. */
const sx_rule *sx_grammar_rule(const sx_element *e, const char *name);

/* The next alternative of a list "a|b|c": *size bytes at the return value, which moves *list
 * behind it; NULL at the end. */
const char *sx_grammar_next(const char **list, size_t *size);

/* Hold a tree against the table: every problem is reported to d, node->rule is set where an
 * element is known.  SX_EINPUT when something was reported, SX_EMEM. */
SX_CHECKED sx_status sx_grammar_check(const sx_xml *x, sx_diags *d, sx_error *err);

/* Is the value one that kind allows?  The range of numbers included. */
bool sx_value_allowed(const sx_rule *rule, const char *value);

/* A reference page in Markdown.  *text: owned by the caller (sx_release). */
SX_CHECKED sx_status sx_grammar_markdown(char **text, sx_error *err);

#ifdef __cplusplus
}
#endif
#endif
