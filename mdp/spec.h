/* SPDX-License-Identifier: GPL-3.0-or-later */
/* spec.h - a specification: one world, several rewards. */
#ifndef SX_SPEC_H
#define SX_SPEC_H

#include "mdp/diag.h"
#include "mdp/reward.h"
#include "mdp/world.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct sx_named_reward {
    char *id;
    sx_reward *reward;
    char *group; /* the id of its group, NULL for none; no reward has that id */
} sx_named_reward;

typedef struct sx_input {
    char *name;      /* base name of a file that was read, "-" for standard input */
    char sha256[65]; /* of its bytes */
} sx_input;

struct sx_edit; /* edit.h */

typedef struct sx_spec {
    char *id;    /* mdp/@id, else the file's base name without its suffix */
    char *title; /* "" for none */
    sx_world *world;
    int32_t rewards;
    sx_named_reward *reward; /* [rewards] in the order of the file */
    int32_t inputs;
    sx_input *input; /* [inputs] the specification first, then the files it names, in order */
    int32_t edits;
    struct sx_edit *edit; /* [edits] in the order of the file */
    char *path;           /* as given; NULL for an edited one, as the next two */
    char *file;           /* the name in messages */
    char *text;           /* [text_size] of the file: edited worlds and exact numbers are read
                             from it */
    size_t text_size;
} sx_spec;

/* Read a specification; "-" is standard input.  Files it names are looked up beside it.
 * Problems go to d, all independent ones at once; on SX_EINPUT err holds the first one.
 * *out: owned by the caller; NULL on failure.  SX_EINPUT, SX_EIO, SX_ELIMIT, SX_EMEM. */
SX_CHECKED sx_status sx_spec_read(const char *path, sx_diags *d, sx_spec **out, sx_error *err);

/* The same from text [size]; path gives the folder and the name in messages. */
SX_CHECKED sx_status sx_spec_parse(const char *path, const char *text, size_t size, sx_diags *d,
                                   sx_spec **out, sx_error *err);

sx_spec *sx_spec_free(sx_spec *spec);

/* The number of rewards in the group of that id; 0 when there is no such group. */
int32_t sx_spec_group(const sx_spec *spec, const char *id);

/* The reward of that id, or -1. */
int32_t sx_spec_reward(const sx_spec *spec, const char *id);

#ifdef __cplusplus
}
#endif
#endif
