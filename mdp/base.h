/* SPDX-License-Identifier: GPL-3.0-or-later */
/* base.h - what every part shares: statuses, errors, memory.
 *
 * A status says whether a call worked; what the mathematics answered is inside the result.
 * Every call that can fail takes `sx_error *err` last: it may be NULL, starts as
 * SX_NO_ERROR, and the first report wins, so that a chain of calls can share one.
 * On failure outputs are NULL and nothing is leaked. */
#ifndef SX_BASE_H
#define SX_BASE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define SX_VERSION "0.1.0"

/* clang-format off */
#define SX_STATUSES(X) \
    X(SX_OK,     "success") \
    X(SX_EARG,   "an argument is out of its range") \
    X(SX_EINPUT, "the input is malformed") \
    X(SX_EIO,    "a file could not be read or written") \
    X(SX_EMEM,   "out of memory") \
    X(SX_ELIMIT, "above a stated limit of size or work") \
    X(SX_ELIB,   "a library failed") \
    X(SX_EFAULT, "an answer failed its own check")
/* clang-format on */

#define SX_STATUS_ENUM(name, text) name,
typedef enum sx_status { SX_STATUSES(SX_STATUS_ENUM) } sx_status;
#undef SX_STATUS_ENUM

#if defined(__GNUC__)
#define SX_CHECKED           __attribute__((warn_unused_result))
#define SX_FORMAT(fmt, args) __attribute__((format(printf, fmt, args)))
#else
#define SX_CHECKED
#define SX_FORMAT(fmt, args)
#endif

typedef struct sx_error {
    sx_status status; /* SX_OK until something failed */
    char msg[512];    /* one sentence, no newline */
} sx_error;

/* clang-format off */
#define SX_NO_ERROR { SX_OK, "" }
/* clang-format on */

/* Record a failure in *err unless err is NULL or already holds one; returns status.
 * Every failure passes through here: the place for a breakpoint. */
sx_status sx_fail(sx_error *err, sx_status status, const char *format, ...) SX_FORMAT(3, 4);

/* The sentence of a status (static). */
const char *sx_status_text(sx_status status);

/* n * size zeroed bytes, or NULL when the product overflows or memory is out; n = 0 gives
 * a valid pointer.  Release with sx_release. */
void *sx_alloc(size_t n, size_t size);

/* old grown or shrunk to n * size bytes (new bytes are not zeroed), or NULL and old is
 * untouched. */
void *sx_realloc(void *old, size_t n, size_t size);

/* Free p (NULL allowed).  Returns NULL. */
void *sx_release(void *p);

/* A copy of text owned by the caller, or NULL when memory is out. */
char *sx_strdup(const char *text);

/* Fail with "out of memory". */
sx_status sx_nomem(sx_error *err);

#ifdef __clang_analyzer__ /* it sees one file at a time: these two never answer SX_OK */
#define sx_fail(err, status, ...) ((void)sx_fail(err, status, __VA_ARGS__), (status))
#define sx_nomem(err)             ((void)sx_nomem(err), SX_EMEM)
#endif

/* A number that may not exist: value is NAN exactly when reason is not NULL. */
typedef struct sx_number {
    double value;
    const char *reason; /* NULL, or a static sentence: why there is no value */
} sx_number;

#ifdef __cplusplus
}
#endif
#endif
