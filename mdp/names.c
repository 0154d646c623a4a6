/* SPDX-License-Identifier: GPL-3.0-or-later */
/* names.c - names of states or actions: index <-> text.
 *
 * Written names are found through an open hash table of indices (FNV-1a, linear probing, at
 * most half full); numbered and grid names are computed and parsed. */
#include "mdp/factors.h"

#include <stdio.h>
#include <string.h>

#define NEAREST_LIMIT 100000              /* names searched for a hint */
#define DISTANCE_TEXT 64                  /* longer texts are never near */
#define WRITTEN_MOST  ((size_t)256 << 20) /* bytes of long names of combinations */

enum kind { WRITTEN, NUMBERED, GRID, FACTORED };

struct sx_names {
    enum kind kind;
    int32_t count;
    int32_t columns;     /* GRID */
    int32_t *cell;       /* [count] GRID */
    sx_factors *factors; /* FACTORED */
    int64_t *code;       /* [count] FACTORED, NULL where they are the indices */
    char **text;         /* [capacity] WRITTEN */
    int32_t capacity;    /* WRITTEN */
    int32_t *slot;       /* [slots] index + 1, or 0 for empty */
    uint32_t slots;      /* a power of two, >= 2 count */
};

sx_status sx_names_new(sx_names **out, sx_error *err)
{
    *out = sx_alloc(1, sizeof **out);
    return *out ? SX_OK : sx_nomem(err);
}

sx_status sx_names_numbered(int32_t n, sx_names **out, sx_error *err)
{
    sx_status st = sx_names_new(out, err);
    if (!st) {
        (*out)->kind = NUMBERED;
        (*out)->count = n;
    }
    return st;
}

sx_status sx_names_grid(int32_t columns, const int32_t *cell, int32_t n, sx_names **out,
                        sx_error *err)
{
    sx_status st = sx_names_new(out, err);
    if (st)
        return st;
    sx_names *names = *out;
    names->kind = GRID;
    names->columns = columns;
    names->count = n;
    names->cell = sx_alloc((size_t)n, sizeof *names->cell);
    if (!names->cell) {
        *out = sx_names_free(names);
        return sx_nomem(err);
    }
    if (n)
        memcpy(names->cell, cell, (size_t)n * sizeof *cell);
    return SX_OK;
}

sx_names *sx_names_free(sx_names *names)
{
    if (!names)
        return NULL;
    for (int32_t i = 0; names->text && i < names->count; i++)
        sx_release(names->text[i]);
    sx_release(names->text);
    sx_release(names->cell);
    sx_factors_free(names->factors);
    sx_release(names->code);
    sx_release(names->slot);
    return sx_release(names);
}

static uint32_t hash(const char *text, size_t size)
{
    uint32_t h = 2166136261u;
    for (size_t i = 0; i < size; i++)
        h = (h ^ (unsigned char)text[i]) * 16777619u;
    return h;
}

/* The slot that holds the size bytes at text, or the empty one where they belong. */
static uint32_t probe(const sx_names *names, const char *text, size_t size)
{
    uint32_t i = hash(text, size) & (names->slots - 1);
    for (; names->slot[i]; i = (i + 1) & (names->slots - 1)) {
        const char *other = names->text[names->slot[i] - 1];
        if (strncmp(other, text, size) == 0 && !other[size])
            break;
    }
    return i;
}

static sx_status grow_slots(sx_names *names, sx_error *err)
{
    uint32_t slots = names->slots ? names->slots * 2 : 16;
    int32_t *slot = sx_alloc(slots, sizeof *slot);
    if (!slot)
        return sx_nomem(err);
    sx_release(names->slot);
    names->slot = slot;
    names->slots = slots;
    for (int32_t i = 0; i < names->count; i++)
        slot[probe(names, names->text[i], strlen(names->text[i]))] = i + 1;
    return SX_OK;
}

static sx_status grow_text(sx_names *names, sx_error *err)
{
    int32_t capacity = names->capacity ? names->capacity * 2 : 8;
    char **text = sx_realloc(names->text, (size_t)capacity, sizeof *text);
    if (!text)
        return sx_nomem(err);
    names->text = text;
    names->capacity = capacity;
    return SX_OK;
}

static sx_status append(sx_names *names, const char *text, sx_error *err)
{
    if (names->count >= INT32_MAX / 4)
        return sx_fail(err, SX_ELIMIT, "more than %d names", INT32_MAX / 4);
    sx_status st = SX_OK;
    if (names->count == names->capacity)
        st = grow_text(names, err);
    if (!st && names->slots < 2 * ((uint32_t)names->count + 1))
        st = grow_slots(names, err);
    if (st)
        return st;
    char *copy = sx_strdup(text);
    if (!copy)
        return sx_nomem(err);
    names->slot[probe(names, text, strlen(text))] = names->count + 1;
    names->text[names->count++] = copy;
    return SX_OK;
}

sx_status sx_names_add(sx_names *names, const char *text, int32_t *index, sx_error *err)
{
    *index = -1;
    if (names->kind != WRITTEN)
        return sx_fail(err, SX_EARG, "no name can be added to computed names");
    sx_status st = SX_OK;
    *index = sx_names_find(names, text);
    if (*index < 0)
        st = append(names, text, err);
    if (!st && *index < 0)
        *index = names->count - 1;
    return st;
}

/* Long names of combinations, written out. */
static sx_status write_out(sx_names *names, sx_error *err)
{
    size_t room = sx_factors_longest(names->factors) + 1;
    int32_t n = names->count, index;
    if (room > WRITTEN_MOST / (size_t)(n ? n : 1))
        return sx_fail(err, SX_ELIMIT,
                       "the names of %d states, of up to %zu characters, take more "
                       "than %zu MiB",
                       n, room - 1, WRITTEN_MOST >> 20);
    char *text = sx_alloc(room, 1);
    sx_status st = text ? SX_OK : sx_nomem(err);
    names->kind = WRITTEN;
    names->count = 0;
    for (int32_t i = 0; i < n && !st; i++) {
        (void)sx_factors_text(names->factors, names->code ? names->code[i] : i, text, room);
        st = sx_names_add(names, text, &index, err);
    }
    sx_release(text);
    return st;
}

sx_status sx_names_factored(sx_factors *f, int64_t *code, int32_t n, sx_names **out,
                            sx_error *err)
{
    sx_status st = sx_names_new(out, err);
    if (st) {
        sx_factors_free(f);
        sx_release(code);
        return st;
    }
    **out = (sx_names){.kind = FACTORED, .count = n, .factors = f, .code = code};
    if (sx_factors_longest(f) >= SX_NAME_BUFFER)
        st = write_out(*out, err);
    if (st)
        *out = sx_names_free(*out);
    return st;
}

sx_status sx_names_copy(const sx_names *names, sx_names **out, sx_error *err)
{
    char buffer[SX_NAME_BUFFER];
    sx_status st = sx_names_new(out, err);
    for (int32_t i = 0, index; i < names->count && !st; i++)
        st = sx_names_add(*out, sx_names_get(names, i, buffer), &index, err);
    if (st)
        *out = sx_names_free(*out);
    return st;
}

int32_t sx_names_count(const sx_names *names)
{
    return names->count;
}

/* Read a number without sign or leading zeros; the end of it, or NULL. */
static const char *read_index(const char *text, int32_t *value)
{
    int64_t v = 0;
    const char *p = text;
    for (; *p >= '0' && *p <= '9' && v <= INT32_MAX; p++)
        v = 10 * v + (*p - '0');
    if (p == text || v > INT32_MAX || (*text == '0' && p != text + 1))
        return NULL;
    *value = (int32_t)v;
    return p;
}

static int32_t find_number(const sx_names *names, const char *text)
{
    int32_t i = 0;
    const char *end = read_index(text, &i);
    return end && !*end && i < names->count ? i : -1;
}

/* The number behind the computed name i: ascending. */
static int64_t key(const sx_names *names, int32_t i)
{
    if (names->kind == GRID)
        return names->cell[i];
    return names->code ? names->code[i] : i;
}

static int32_t find_key(const sx_names *names, int64_t wanted)
{
    int32_t low = 0, high = names->count;
    while (low < high) {
        int32_t mid = low + (high - low) / 2;
        if (key(names, mid) < wanted)
            low = mid + 1;
        else
            high = mid;
    }
    return low < names->count && key(names, low) == wanted ? low : -1;
}

static int32_t find_grid(const sx_names *names, const char *text)
{
    int32_t row = 0, column = 0;
    const char *p = *text == 'r' ? read_index(text + 1, &row) : NULL;
    p = p && *p == 'c' ? read_index(p + 1, &column) : NULL;
    if (!p || *p || column >= names->columns)
        return -1;
    return find_key(names, (int64_t)row * names->columns + column);
}

int32_t sx_names_find(const sx_names *names, const char *text)
{
    if (names->kind == NUMBERED)
        return find_number(names, text);
    if (names->kind == GRID)
        return find_grid(names, text);
    if (names->kind == FACTORED)
        return find_key(names, sx_factors_find(names->factors, text));
    return sx_names_find_part(names, text, strlen(text));
}

int32_t sx_names_find_part(const sx_names *names, const char *text, size_t size)
{
    return names->slots ? names->slot[probe(names, text, size)] - 1 : -1;
}

const char *sx_names_get(const sx_names *names, int32_t i, char buffer[SX_NAME_BUFFER])
{
    if (names->kind == WRITTEN)
        return names->text[i];
    if (names->kind == NUMBERED)
        snprintf(buffer, SX_NAME_BUFFER, "%d", i);
    else if (names->kind == FACTORED)
        (void)sx_factors_text(names->factors, key(names, i), buffer, SX_NAME_BUFFER);
    else
        snprintf(buffer, SX_NAME_BUFFER, "r%dc%d", names->cell[i] / names->columns,
                 names->cell[i] % names->columns);
    return buffer;
}

static int lower(char c)
{
    return c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : (unsigned char)c;
}

static int32_t least(int32_t a, int32_t b)
{
    return a < b ? a : b;
}

/* One row of the table of edit distances: to[j] for the first i bytes of a against the first
 * j of b, from the two rows above. */
static void distance_row(const char *a, int32_t i, const char *b, int32_t m,
                         int32_t row[3][DISTANCE_TEXT])
{
    int32_t *to = row[i % 3];
    const int32_t *above = row[(i + 2) % 3], *above2 = row[(i + 1) % 3];
    to[0] = i;
    for (int32_t j = 1; j <= m; j++) {
        int32_t change = lower(a[i - 1]) != lower(b[j - 1]);
        to[j] = least(above[j - 1] + change, 1 + least(above[j], to[j - 1]));
        if (i > 1 && j > 1 && lower(a[i - 1]) == lower(b[j - 2]) &&
            lower(a[i - 2]) == lower(b[j - 1]))
            to[j] = least(to[j], above2[j - 2] + 1);
    }
}

int32_t sx_text_distance(const char *text, const char *candidate)
{
    size_t n = strlen(text), m = strlen(candidate);
    if (n >= DISTANCE_TEXT || m >= DISTANCE_TEXT)
        return INT32_MAX;
    int32_t row[3][DISTANCE_TEXT];
    for (int32_t j = 0; j <= (int32_t)m; j++)
        row[0][j] = j;
    for (int32_t i = 1; i <= (int32_t)n; i++)
        distance_row(text, i, candidate, (int32_t)m, row);
    int32_t d = row[n % 3][m];
    return d <= (int32_t)((n > m ? n : m) + 1) / 3 ? d : INT32_MAX;
}

const char *sx_names_nearest(const sx_names *names, const char *text,
                             char buffer[SX_NAME_BUFFER])
{
    int32_t best = INT32_MAX, found = -1;
    for (int32_t i = 0; names->count <= NEAREST_LIMIT && i < names->count; i++) {
        int32_t d = sx_text_distance(text, sx_names_get(names, i, buffer));
        if (d < best) {
            best = d;
            found = i;
        }
    }
    return found < 0 ? NULL : sx_names_get(names, found, buffer);
}
