/* SPDX-License-Identifier: GPL-3.0-or-later */
/* fence.c - arithmetic of GMP that may run out of memory.
 *
 * Each block that GMP gets has a header with its neighbours, so that all blocks of a fence can
 * be released in one go; a jump leaves numbers in states in which GMP must not touch them.
 * GMP's functions have no argument for the fence: it is known by thread. */
#include "mdp/fence.h"

#include <gmp.h>
#include <setjmp.h>
#include <stdalign.h>
#include <stdatomic.h>
#include <string.h>

typedef struct block {
    struct block *before, *after;     /* a ring through the fence */
    alignas(max_align_t) size_t size; /* of what follows the header */
} block;

struct sx_fence {
    block ring;
    size_t bytes; /* of all blocks */
    double work;  /* bytes so far, those of long numbers counted more */
    jmp_buf exit;
    const char *limit; /* why it was left, NULL: for want of memory */
};

typedef struct memory {
    void *(*take)(size_t);
    void *(*change)(void *, size_t, size_t);
    void (*give_back)(void *, size_t);
} memory;

static _Thread_local sx_fence *running; /* in this thread */

static atomic_flag lock = ATOMIC_FLAG_INIT; /* held for a few instructions */
static int fences;   /* running in all threads; changed with the lock held */
static memory usual; /* what GMP had before the first of them */

/* --- blocks ------------------------------------------------------------------------------ */

static void leave(sx_fence *f, const char *limit)
{
    f->limit = limit;
    longjmp(f->exit, 1);
}

/* What is allocated tells what is computed: nearly every operation on fractions needs room for
 * its result and for greatest common divisors, whose time per byte grows like the square of the
 * logarithm of the size. */
static void count_work(sx_fence *f, size_t size)
{
    double length = 1;
    for (size_t more = size / 512; more; more /= 2)
        length++;
    f->work += (double)size * length * length;
    if (f->work > SX_FENCE_WORK)
        leave(f, "the fractions are so long that it would take too much time");
}

static void check_room(sx_fence *f, size_t more)
{
    if (more > SX_FENCE_BYTES || f->bytes > SX_FENCE_BYTES - more)
        leave(f, "the fractions take more than 1024 MiB");
    count_work(f, more);
}

static void *join(sx_fence *f, block *b, size_t size)
{
    b->size = size;
    b->before = &f->ring;
    b->after = f->ring.after;
    b->after->before = b;
    f->ring.after = b;
    f->bytes += size;
    return b + 1;
}

static block *part(sx_fence *f, void *p)
{
    block *b = (block *)p - 1;
    b->before->after = b->after;
    b->after->before = b->before;
    f->bytes -= b->size;
    return b;
}

static void *take(size_t size)
{
    sx_fence *f = running;
    if (!f)
        return usual.take(size);
    check_room(f, size);
    block *b = sx_alloc(1, sizeof *b + size);
    if (!b)
        leave(f, NULL);
    return join(f, b, size);
}

static void give_back(void *p, size_t size)
{
    if (running)
        sx_release(part(running, p));
    else
        usual.give_back(p, size);
}

static void *change(void *p, size_t old, size_t size)
{
    sx_fence *f = running;
    if (!f)
        return usual.change(p, old, size);
    check_room(f, size);
    block *b = part(f, p);
    block *grown = sx_realloc(b, 1, sizeof *b + size);
    if (!grown) {
        (void)join(f, b, b->size);
        leave(f, NULL);
    }
    return join(f, grown, size);
}

/* --- running ----------------------------------------------------------------------------- */

static void enter(void)
{
    while (atomic_flag_test_and_set(&lock))
        ;
    if (fences++ == 0) {
        mp_get_memory_functions(&usual.take, &usual.change, &usual.give_back);
        mp_set_memory_functions(take, change, give_back);
    }
    atomic_flag_clear(&lock);
}

static void end(void)
{
    while (atomic_flag_test_and_set(&lock))
        ;
    if (--fences == 0)
        mp_set_memory_functions(usual.take, usual.change, usual.give_back);
    atomic_flag_clear(&lock);
}

/* No variable of this function is changed after setjmp (C11 7.13.2.1). */
static sx_status guarded(sx_fence *f, sx_fence_work *work, void *arg, sx_error *err)
{
    if (setjmp(f->exit) == 0)
        return work(arg, err);
    return f->limit ? sx_fail(err, SX_ELIMIT, "%s", f->limit) : sx_nomem(err);
}

sx_status sx_fence_run(sx_fence *f, sx_fence_work *work, void *arg, sx_error *err)
{
    sx_fence *outer = running;
    enter();
    running = f;
    sx_status st = guarded(f, work, arg, err);
    running = outer;
    end();
    return st;
}

sx_status sx_fence_new(sx_fence **out, sx_error *err)
{
    sx_fence *f = *out = sx_alloc(1, sizeof *f);
    if (!f)
        return sx_nomem(err);
    f->ring.before = f->ring.after = &f->ring;
    return SX_OK;
}

sx_fence *sx_fence_free(sx_fence *f)
{
    if (!f)
        return NULL;
    for (block *b = f->ring.after, *after; b != &f->ring; b = after) {
        after = b->after;
        sx_release(b);
    }
    return sx_release(f);
}

/* --- memory of the work ------------------------------------------------------------------ */

void *sx_fence_alloc(size_t n, size_t size)
{
    if (size && n > SX_FENCE_BYTES / size)
        leave(running, "the fractions take more than 1024 MiB");
    return take(n * size);
}

void *sx_fence_release(void *p)
{
    if (p)
        give_back(p, 0);
    return NULL;
}

void *sx_rationals_new(int64_t n)
{
    mpq_ptr x = sx_fence_alloc((size_t)n, sizeof *x);
    for (int64_t i = 0; i < n; i++)
        mpq_init(x + i);
    return x;
}

void *sx_rationals_free(void *numbers, int64_t n)
{
    mpq_ptr x = numbers;
    for (int64_t i = 0; x && i < n; i++)
        mpq_clear(x + i);
    return sx_fence_release(x);
}
