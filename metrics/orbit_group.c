/* SPDX-License-Identifier: GPL-3.0-or-later */
/* orbit_group.c - the order of a small group of permutations, by closing it.
 *
 * Elements are kept as what they make of the points that some generator moves; each one found
 * is multiplied by every generator, until nothing new comes.  A hash table tells what is new.
 */
#include "metrics/orbit_int.h"

#include <string.h>

static const int64_t NUMBERS = (int64_t)1 << 24; /* that elements may take together */

typedef struct group {
    int32_t points; /* moved ones, renumbered */
    int32_t generators;
    int32_t *generator; /* [generators * points] */
    int32_t *element;   /* [room * points] */
    int64_t elements, room, most;
    int64_t *slot; /* [slots] element + 1, 0 for none; slots: a power of two */
    int64_t slots;
} group;

static void group_clear(group *x)
{
    sx_release(x->generator);
    sx_release(x->element);
    sx_release(x->slot);
}

static uint64_t hash(const int32_t *p, int32_t n)
{
    uint64_t h = 0x9e3779b97f4a7c15u;
    for (int32_t i = 0; i < n; i++) {
        h = (h ^ (uint32_t)p[i]) * 0xff51afd7ed558ccdu;
        h ^= h >> 32;
    }
    return h;
}

/* The slot of permutation p: its own, or the empty one where it belongs. */
static int64_t *find_slot(const group *x, const int32_t *p)
{
    uint64_t mask = (uint64_t)x->slots - 1, at = hash(p, x->points) & mask;
    while (x->slot[at]) {
        const int32_t *q = x->element + (x->slot[at] - 1) * x->points;
        if (!memcmp(p, q, (size_t)x->points * sizeof *p))
            break;
        at = (at + 1) & mask;
    }
    return &x->slot[at];
}

/* The least power of two that is not below n. */
static int64_t power_above(int64_t n)
{
    int64_t p = 1;
    while (p < n)
        p *= 2;
    return p;
}

/* Twice the room, and two slots an element or more. */
static sx_status grow(group *x, sx_error *err)
{
    int64_t room = 2 * x->room + x->generators + 64;
    int32_t *element =
        sx_realloc(x->element, (size_t)room * (size_t)x->points, sizeof *element);
    if (!element)
        return sx_nomem(err);
    x->element = element;
    int64_t slots = power_above(2 * room);
    int64_t *slot = sx_alloc((size_t)slots, sizeof *slot);
    if (!slot)
        return sx_nomem(err);
    sx_release(x->slot);
    x->slot = slot;
    x->slots = slots;
    x->room = room;
    for (int64_t i = 0; i < x->elements; i++)
        *find_slot(x, x->element + i * x->points) = i + 1;
    return SX_OK;
}

/* Element e followed by generator g becomes an element unless it is known: it is made in the
 * place behind the last one, for which there is room. */
static void multiply(group *x, int64_t e, int32_t g)
{
    const int32_t *by = x->generator + (int64_t)g * x->points;
    const int32_t *p = x->element + e * x->points;
    int32_t *q = x->element + x->elements * x->points;
    for (int32_t i = 0; i < x->points; i++)
        q[i] = by[p[i]];
    int64_t *slot = find_slot(x, q);
    if (!*slot)
        *slot = ++x->elements;
}

/* The identity is the first element. */
static sx_status close_group(group *x, sx_error *err)
{
    sx_status st = grow(x, err);
    for (int32_t i = 0; !st && i < x->points; i++)
        x->element[i] = i;
    if (!st)
        *find_slot(x, x->element) = ++x->elements;
    for (int64_t e = 0; !st && e < x->elements && x->elements <= x->most; e++) {
        if (x->elements + x->generators > x->room)
            st = grow(x, err);
        for (int32_t g = 0; !st && g < x->generators; g++)
            multiply(x, e, g);
    }
    return st;
}

/* Number the points that move: place [points] says which number each has, -1 for none. */
static int32_t number_moved(const int32_t *image, int32_t n, int32_t points, int32_t *place)
{
    int32_t moved = 0;
    for (int32_t i = 0; i < points; i++) {
        bool moves = false;
        for (int32_t g = 0; g < n && !moves; g++)
            moves = image[(int64_t)g * points + i] != i;
        place[i] = moves ? moved++ : -1;
    }
    return moved;
}

static sx_status fill_generators(group *x, const int32_t *image, int32_t points,
                                 const int32_t *place, sx_error *err)
{
    x->generator = sx_alloc((size_t)x->generators * (size_t)x->points, sizeof *x->generator);
    if (!x->generator)
        return sx_nomem(err);
    for (int32_t g = 0; g < x->generators; g++)
        for (int32_t i = 0; i < points; i++)
            if (place[i] >= 0)
                x->generator[(int64_t)g * x->points + place[i]] =
                    place[image[(int64_t)g * points + i]];
    return SX_OK;
}

sx_status sx_i_group_order(const int32_t *image, int32_t n, int32_t points, int64_t most,
                           int64_t *order, sx_error *err)
{
    group x = {.generators = n, .most = most};
    int32_t *place = sx_alloc((size_t)points, sizeof *place);
    sx_status st = place ? SX_OK : sx_nomem(err);
    *order = 1;
    if (!st)
        x.points = number_moved(image, n, points, place);
    if (!st && x.points > 0) {
        if (x.most > NUMBERS / x.points)
            x.most = NUMBERS / x.points;
        if (x.most > 1)
            st = fill_generators(&x, image, points, place, err);
        if (!st && x.most > 1)
            st = close_group(&x, err);
        *order = x.most > 1 && x.elements <= x.most ? x.elements : 0;
    }
    group_clear(&x);
    sx_release(place);
    return st;
}
