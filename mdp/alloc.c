/* SPDX-License-Identifier: GPL-3.0-or-later */
/* alloc.c - the only file that asks for memory; tests link another in its place. */
#include "mdp/base.h"

#include <stdlib.h>
#include <string.h>

void *sx_alloc(size_t n, size_t size)
{
    return calloc(n ? n : 1, size ? size : 1);
}

void *sx_realloc(void *old, size_t n, size_t size)
{
    if (size && n > SIZE_MAX / size)
        return NULL;
    return realloc(old, n && size ? n * size : 1);
}

void *sx_release(void *p)
{
    free(p);
    return NULL;
}
