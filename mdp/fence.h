/* SPDX-License-Identifier: GPL-3.0-or-later */
/* fence.h - arithmetic of GMP that may run out of memory.
 *
 * GMP has no answer for a failed allocation: its own functions end the process.  Work that
 * computes with its numbers therefore runs behind a fence, which hands GMP memory of ours and
 * leaves the work when there is none.  All of that memory hangs on the fence and goes with it,
 * whatever state the numbers were left in.
 *
 * The work must keep what is not of the fence, arrays of sx_alloc and files, where its caller
 * finds them, since it may be left at any operation.
 *
 * While some fence is running the allocation functions of GMP are ours in the whole process; to
 * threads without a fence they pass on those that were set before, and those are set again when
 * the last one has ended.  A program that sets its own with mp_set_memory_functions does so
 * while no fence is running. */
#ifndef SX_FENCE_H
#define SX_FENCE_H

#include "mdp/base.h"

#ifdef __cplusplus
extern "C" {
#endif

#define SX_FENCE_BYTES ((size_t)1 << 30) /* of the numbers of a fence, at most */
#define SX_FENCE_WORK  2e11              /* likewise: about ten seconds, told by sizes alone */

typedef struct sx_fence sx_fence;

SX_CHECKED sx_status sx_fence_new(sx_fence **out, sx_error *err);

/* With all the memory that hangs on it. */
sx_fence *sx_fence_free(sx_fence *f);

typedef sx_status sx_fence_work(void *arg, sx_error *err);

/* What work(arg, err) answers; when it was left SX_EMEM, or SX_ELIMIT for numbers that take
 * more than SX_FENCE_BYTES, or work of more than SX_FENCE_WORK: then no number of the fence may
 * be used any more.  What is refused does not depend on the machine. */
SX_CHECKED sx_status sx_fence_run(sx_fence *f, sx_fence_work *work, void *arg, sx_error *err);

/* --- within the work: these leave it rather than fail ------------------------------------ */

/* n * size zeroed bytes of the fence. */
void *sx_fence_alloc(size_t n, size_t size);

void *sx_fence_release(void *p); /* sooner than the fence goes; NULL allowed.  Returns NULL. */

/* n rational numbers (an array of mpq_t), all 0, of the fence. */
void *sx_rationals_new(int64_t n);

/* Likewise; the same n. */
void *sx_rationals_free(void *numbers, int64_t n);

#ifdef __cplusplus
}
#endif
#endif
