/* SPDX-License-Identifier: GPL-3.0-or-later */
/* npy.h - numpy arrays: a strict reader of .npy and .npz, a writer of .npy.
 *
 * Read: version 1.0 to 3.0; f4 f8 i1 i2 i4 i8 u1 u2 u4 b1, either byte order; C and Fortran
 * order; 1 to 3 dimensions.  Refused with a sentence: pickled objects, structured and
 * complex types, truncated or trailing data, shapes whose product overflows, members of
 * archives that unpack to more than they say, integers that no double holds. */
#ifndef SX_NPY_H
#define SX_NPY_H

#include "mdp/base.h"

#ifdef __cplusplus
extern "C" {
#endif

#define SX_ARRAY_LIMIT ((int64_t)1 << 28) /* elements: 2 GiB of doubles */

typedef struct sx_array {
    int32_t dims;     /* 1 to 3 */
    int64_t shape[3]; /* unused ones are 1 */
    bool single;      /* the file had 32-bit floats: values are rounded to 24 bits */
    double *value;    /* [shape product] C order: last index fastest */
} sx_array;

/* Read an array from bytes [size] of a .npy file.  name is for messages.
 * *out: owned by the caller; NULL on failure.  SX_EINPUT, SX_ELIMIT, SX_EMEM.
 * O(size). */
SX_CHECKED sx_status sx_npy_parse(const char *name, const unsigned char *bytes, size_t size,
                                  sx_array **out, sx_error *err);

/* Likewise the member of a .npz archive ("P" or "P.npy"; NULL: the only one). */
SX_CHECKED sx_status sx_npz_parse(const char *name, const unsigned char *bytes, size_t size,
                                  const char *member, sx_array **out, sx_error *err);

sx_array *sx_array_free(sx_array *a);

/* The bytes of a .npy file (version 1.0, little-endian f8, C order).  *bytes: owned by the
 * caller (sx_release). */
SX_CHECKED sx_status sx_npy_format(const sx_array *a, unsigned char **bytes, size_t *size,
                                   sx_error *err);

#ifdef __cplusplus
}
#endif
#endif
