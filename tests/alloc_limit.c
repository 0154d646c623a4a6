/* SPDX-License-Identifier: GPL-3.0-or-later */
/* alloc_limit.c - stands in for mdp/alloc.c: the allocation after `alloc_allowed` more fails,
 * that one and, without alloc_once, all that follow.  Linked before the archive. */
#include "tests/alloc_limit.h"
#include "mdp/base.h"

#include <stdlib.h>

long alloc_allowed = -1;
int alloc_once;
long alloc_failures;

static bool refused(void)
{
    bool refuse = false;
#pragma omp critical(alloc_limit)
    {
        if (alloc_allowed == 0) {
            refuse = true;
            alloc_failures++;
            alloc_allowed = alloc_once ? -1 : 0;
        } else if (alloc_allowed > 0) {
            alloc_allowed--;
        }
    }
    return refuse;
}

void *sx_alloc(size_t n, size_t size)
{
    return refused() ? NULL : calloc(n ? n : 1, size ? size : 1);
}

void *sx_realloc(void *old, size_t n, size_t size)
{
    if (size && n > SIZE_MAX / size)
        return NULL;
    return refused() ? NULL : realloc(old, n && size ? n * size : 1);
}

void *sx_release(void *p)
{
    free(p);
    return NULL;
}
