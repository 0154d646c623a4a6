/* SPDX-License-Identifier: GPL-3.0-or-later */
/* codes.h - every message code and every term, in three sentences and an example. */
#ifndef SX_CODES_H
#define SX_CODES_H

#ifdef __cplusplus
extern "C" {
#endif

typedef struct sx_code {
    const char *code;    /* "E104", or a term such as "occupancy" */
    const char *title;   /* half a line */
    const char *text;    /* three sentences: what, why, what to do */
    const char *example; /* lines of text */
} sx_code;

extern const sx_code sx_codes[]; /* ends with code == NULL; sorted by code */

/* The entry of that code or term (case-insensitive), or NULL. */
const sx_code *sx_code_find(const char *code);

#ifdef __cplusplus
}
#endif
#endif
