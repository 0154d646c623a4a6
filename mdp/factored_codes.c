/* SPDX-License-Identifier: GPL-3.0-or-later */
/* factored_codes.c - a set of codes: an open hash table of indices, linear probing, at most
 * half full. */
#include "mdp/factored_int.h"

#include <stdlib.h>
#include <string.h>

/* The slot that holds a code, or the empty one where it belongs.  Multiplication by the golden
 * ratio spreads codes that differ in few places. */
static uint32_t probe(const sx_i_codes *c, int64_t code)
{
    uint64_t mixed = (uint64_t)code * 0x9E3779B97F4A7C15u;
    uint32_t i = (uint32_t)(mixed >> 32 ^ mixed >> 11) & (c->slots - 1);
    while (c->slot[i] && c->code[c->slot[i] - 1] != code)
        i = (i + 1) & (c->slots - 1);
    return i;
}

int32_t sx_i_codes_find(const sx_i_codes *c, int64_t code)
{
    if (c->dense)
        return code >= 0 && code < c->count ? (int32_t)code : -1;
    return c->slots ? c->slot[probe(c, code)] - 1 : -1;
}

static void fill_slots(sx_i_codes *c)
{
    memset(c->slot, 0, (size_t)c->slots * sizeof *c->slot);
    for (int32_t i = 0; i < c->count; i++)
        c->slot[probe(c, c->code[i])] = i + 1;
}

static sx_status grow_slots(sx_i_codes *c, sx_error *err)
{
    uint32_t slots = c->slots ? c->slots * 2 : 64;
    int32_t *slot = sx_alloc(slots, sizeof *slot);
    if (!slot)
        return sx_nomem(err);
    sx_release(c->slot);
    c->slot = slot;
    c->slots = slots;
    fill_slots(c);
    return SX_OK;
}

static sx_status grow_codes(sx_i_codes *c, sx_error *err)
{
    int32_t room = c->room ? c->room * 2 : 32;
    int64_t *code = sx_realloc(c->code, (size_t)room, sizeof *code);
    if (!code)
        return sx_nomem(err);
    c->code = code;
    c->room = room;
    return SX_OK;
}

sx_status sx_i_codes_add(sx_i_codes *c, int64_t code, sx_error *err)
{
    sx_status st = SX_OK;
    if (sx_i_codes_find(c, code) >= 0)
        return SX_OK;
    if (c->count == c->room)
        st = grow_codes(c, err);
    if (!st && c->slots < 2 * ((uint32_t)c->count + 1))
        st = grow_slots(c, err);
    if (st)
        return st;
    c->slot[probe(c, code)] = c->count + 1;
    c->code[c->count++] = code;
    return SX_OK;
}

static int by_code(const void *left, const void *right)
{
    const int64_t *a = left, *b = right;
    return (*a > *b) - (*a < *b);
}

void sx_i_codes_sort(sx_i_codes *c)
{
    if (c->dense || !c->count)
        return;
    qsort(c->code, (size_t)c->count, sizeof *c->code, by_code);
    fill_slots(c);
}

void sx_i_codes_clear(sx_i_codes *c)
{
    sx_release(c->code);
    sx_release(c->slot);
    *c = (sx_i_codes){0};
}
