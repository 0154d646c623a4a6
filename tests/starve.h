/* SPDX-License-Identifier: GPL-3.0-or-later */
/* starve.h - run a job with 0, 1, 2, ... allocations allowed until nothing is refused: each
 * time before it answers SX_EMEM (the sanitizers watch that nothing is lost).  With the
 * environment variable SAMPLE set only every 29th count is tried, for valgrind. */
#ifndef STARVE_H
#define STARVE_H

#include <stdlib.h>

#include "tests/alloc_limit.h"
#include "tests/check.h"

typedef sx_status (*job)(sx_error *err);

/* Returns how many allocations the job takes. */
static inline long starve(job work)
{
    long step = getenv("SAMPLE") ? 29 : 1;
    for (long allowed = 0;; allowed += step) {
        sx_error err = SX_NO_ERROR;
        alloc_allowed = allowed;
        long before = alloc_failures;
        sx_status st = work(&err);
        alloc_allowed = -1;
        if (alloc_failures == before) {
            assert_int_equal(st, SX_OK);
            return allowed;
        }
        if (st != SX_EMEM)
            print_error("%ld allocations: status %d, \"%s\"\n", allowed, (int)st, err.msg);
        assert_int_equal(st, SX_EMEM);
        assert_int_equal(err.status, SX_EMEM);
    }
}

#endif
