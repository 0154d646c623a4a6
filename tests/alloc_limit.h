/* SPDX-License-Identifier: GPL-3.0-or-later */
/* alloc_limit.h - how many allocations may still succeed. */
#ifndef ALLOC_LIMIT_H
#define ALLOC_LIMIT_H

extern long alloc_allowed;  /* -1: all */
extern int alloc_once;      /* 1: only that one fails, those after it succeed again */
extern long alloc_failures; /* refused since the start */

#endif
