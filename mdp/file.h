/* SPDX-License-Identifier: GPL-3.0-or-later */
/* file.h - whole files in and out.
 *
 * Reading takes regular files and standard input ("-") up to a cap; writing goes to a
 * temporary file beside the target that is renamed over it, so that a failure or an
 * interrupt leaves the target as it was. */
#ifndef SX_FILE_H
#define SX_FILE_H

#include "mdp/base.h"

#ifdef __cplusplus
extern "C" {
#endif

/* *bytes [*size], followed by a zero byte: owned by the caller (sx_release).
 * SX_EIO: no such file, a folder, a device, not readable.  SX_ELIMIT: larger than limit. */
SX_CHECKED sx_status sx_file_read(const char *path, size_t limit, unsigned char **bytes,
                                  size_t *size, sx_error *err);

/* Write bytes [size] to path, whole or not at all; "-" is standard output. */
SX_CHECKED sx_status sx_file_write(const char *path, const void *bytes, size_t size,
                                   sx_error *err);

/* The temporary file being written just now, or NULL: what an interrupt has to remove.
 * Async-signal-safe. */
const char *sx_file_temporary(void);

/* base's folder joined with path, unless path is absolute.  Owned by the caller; NULL when
 * out of memory. */
char *sx_path_beside(const char *base, const char *path);

/* The part of path after the last '/', borrowed. */
const char *sx_path_name(const char *path);

/* SHA-256 of bytes [size] as 64 lower-case hexadecimal digits. */
void sx_sha256(const void *bytes, size_t size, char hex[65]);

#ifdef __cplusplus
}
#endif
#endif
