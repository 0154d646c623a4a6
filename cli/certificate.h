/* SPDX-License-Identifier: GPL-3.0-or-later */
/* certificate.h - certificates as files.
 *
 * A JSON file; vectors of more than SX_INLINE numbers are rows of .npy arrays beside it, which
 * are named there with their SHA-256.  What is written and what is read follow one table,
 * and a file that has anything else in it is refused: no number stays unlooked at. */
#ifndef SX_CLI_CERTIFICATE_H
#define SX_CLI_CERTIFICATE_H

#include "cli/cli.h"
#include "mdp/export.h"
#include "metrics/verify.h"

#define SX_INLINE       1000   /* numbers of a vector in the JSON */
#define SX_INLINE_TOTAL 100000 /* of all vectors of one length */

typedef enum sx_field_kind {
    SX_FIELD_NUMBER,
    SX_FIELD_MAYBE,  /* sx_number: a number or null */
    SX_FIELD_REASON, /* of the same sx_number: a text or null */
    SX_FIELD_FLAG,
    SX_FIELD_RANGE,  /* [lo, hi] */
    SX_FIELD_HASH,   /* char [65] */
    SX_FIELD_ID,     /* int32_t: a reward of the specification */
    SX_FIELD_REWARD, /* int32_t: a reward of the certificate, by its id */
    SX_FIELD_WORD,   /* an enum */
    SX_FIELD_STATES, /* [n] */
    SX_FIELD_PAIRS,  /* [k] */
    SX_FIELD_TERMS   /* [terms of the form] */
} sx_field_kind;

/* Vectors of one length: in the JSON, or rows of one array. */
typedef enum sx_pool {
    SX_POOL_STATES,
    SX_POOL_PAIRS,
    SX_POOL_TRANSITIONS,
    SX_POOL_TRIPLES,
    SX_POOLS
} sx_pool;

/* Fields that some forms alone have. */
typedef enum sx_field_of { SX_FOR_ANY, SX_FOR_MINIMAL, SX_FOR_TERMS } sx_field_of;

typedef struct sx_field {
    const char *path; /* names joined by '.' */
    sx_field_kind kind;
    size_t at;                      /* place in the struct */
    const char *(*word)(int32_t i); /* of a word */
    bool optional;                  /* it may be missing */
    sx_field_of of;                 /* of which structs it is */
} sx_field;

/* A list of structs, or one struct. */
typedef struct sx_field_list {
    const char *name;
    const sx_field *field; /* ends with path == NULL */
    size_t size;           /* of a struct */
    size_t count, array;   /* places of int32_t and pointer in sx_certificate */
    unsigned kinds;        /* bit sx_certificate_kind */
} sx_field_list;

extern const sx_field_list sx_field_lists[]; /* ends with name == NULL */
extern const sx_field sx_field_root[];       /* of sx_certificate itself, distances alone */
extern const sx_field sx_field_solution[];

const char *sx_certificate_kind_name(int32_t kind); /* NULL after the last */

const char *sx_pool_name(sx_pool p); /* "states" */
int64_t sx_pool_length(const sx_certificate *x, sx_pool p);

/* Where the vectors of a field belong; SX_POOLS for what is no vector. */
sx_pool sx_field_pool(const sx_field *f, const void *item);

/* Whether a struct of the certificate has this field at all. */
bool sx_field_applies(const sx_certificate *x, const sx_field *f, const void *item);

/* Whether item i of a list carries evidence: not where a reward is trivial. */
bool sx_field_evidence(const sx_certificate *x, const sx_field_list *l, int32_t i);

/* Write x to the file of --certificate and the arrays beside it, all or none; a certificate
 * that does not prove what it claims is written too, and c->answer says so. */
SX_CHECKED sx_status sx_cli_certificate_write(sx_cli *c, const sx_certificate *x,
                                              sx_error *err);

/* Read a certificate about the specification of c.  *refused: NULL, or (static) why it is
 * about another one or asks for too much; then *out is NULL. */
SX_CHECKED sx_status sx_cli_certificate_read(sx_cli *c, const char *path, double tolerance,
                                             sx_certificate **out, const char **refused,
                                             sx_error *err);

/* The rewards of the specification: an array of pointers owned by the caller. */
SX_CHECKED sx_status sx_cli_rewards(const sx_cli *c, const sx_reward ***out, sx_error *err);

/* files.c: write all files of o, file[0] to path and the others beside it, or none. */
SX_CHECKED sx_status sx_cli_write_all(sx_cli *c, const char *path, const sx_outputs *o,
                                      sx_error *err);
/* The same, each file [o->count] to a path of its own. */
SX_CHECKED sx_status sx_cli_write_paths(sx_cli *c, const char *const *path, const sx_outputs *o,
                                        sx_error *err);
/* The same for one file. */
SX_CHECKED sx_status sx_cli_write_one(sx_cli *c, const char *path, const sx_text *t,
                                      sx_error *err);

/* export_form.c: E510 unless the suffix of path, given with an option, asks for a form. */
SX_CHECKED sx_status sx_cli_form_check(sx_cli *c, const char *option, const char *path,
                                       sx_error *err);

/* Write spec to path and what goes beside it, in that form: all files or none. */
SX_CHECKED sx_status sx_cli_export(sx_cli *c, const sx_spec *spec, const char *path,
                                   sx_error *err);

#endif
