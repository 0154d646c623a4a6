/* SPDX-License-Identifier: GPL-3.0-or-later */
/* npy_int.h - what the files about numpy arrays share. */
#ifndef SX_NPY_INT_H
#define SX_NPY_INT_H

#include "mdp/npy.h"

/* The part of a .npy header that matters. */
typedef struct sx_i_npy_header {
    char order;   /* '<', '>', '|' or '=' */
    char kind;    /* 'f', 'i', 'u' or 'b' */
    int32_t item; /* bytes of an element */
    bool fortran;
    int32_t dims;
    int64_t shape[3]; /* >= 1; unused ones are 1 */
} sx_i_npy_header;

/* Read the dictionary text [size].  SX_EINPUT. */
SX_CHECKED sx_status sx_i_npy_header_read(const char *name, const char *text, size_t size,
                                          sx_i_npy_header *h, sx_error *err);

/* Little-endian number of n <= 8 bytes. */
uint64_t sx_i_little(const unsigned char *bytes, int n);

#endif
