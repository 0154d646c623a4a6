/* SPDX-License-Identifier: GPL-3.0-or-later */
/* npy_header.c - the dictionary at the head of a .npy file.
 *
 *     {'descr': '<f8', 'fortran_order': False, 'shape': (3, 4), }
 *
 * A literal of Python, of which only this form is read: the three keys once each, in any
 * order, blanks anywhere between tokens. */
#include "mdp/npy_int.h"

#include <string.h>

typedef struct cursor {
    const char *name; /* of the file */
    const char *at, *end;
    sx_error *err;
} cursor;

static const char *const keys[] = {"descr", "fortran_order", "shape"};
enum { DESCR = 1, FORTRAN = 2, SHAPE = 4 }; /* bits in the order of keys */

static sx_status malformed(cursor *c, const char *expected)
{
    return sx_fail(c->err, SX_EINPUT, "%s: malformed .npy header: expected %s", c->name,
                   expected);
}

static void skip_blanks(cursor *c)
{
    while (c->at < c->end && (*c->at == ' ' || *c->at == '\t' || *c->at == '\n'))
        c->at++;
}

/* Step over that character if it is next. */
static bool take(cursor *c, char wanted)
{
    skip_blanks(c);
    bool found = c->at < c->end && *c->at == wanted;
    c->at += found;
    return found;
}

static bool take_word(cursor *c, const char *word)
{
    size_t n = strlen(word);
    skip_blanks(c);
    bool found = (size_t)(c->end - c->at) >= n && memcmp(c->at, word, n) == 0;
    c->at += found ? n : 0;
    return found;
}

/* A quoted string without escapes, copied to text [room]. */
static sx_status read_string(cursor *c, char *text, size_t room)
{
    char quote = take(c, '\'') ? '\'' : '"';
    if (quote == '"' && !take(c, '"'))
        return malformed(c, "a quoted string");
    const char *end = memchr(c->at, quote, (size_t)(c->end - c->at));
    size_t n = end ? (size_t)(end - c->at) : 0;
    if (!end || n >= room || memchr(c->at, '\\', n))
        return malformed(c, "a short quoted string");
    memcpy(text, c->at, n);
    text[n] = 0;
    c->at = end + 1;
    return SX_OK;
}

static sx_status refuse_type(cursor *c, const char *descr)
{
    const char *what = "this type is not read";
    if (strchr(descr, 'O'))
        what = "pickled objects are not read";
    else if (strchr(descr, 'V'))
        what = "structured types are not read";
    else if (strchr(descr, 'c'))
        what = "complex numbers are not read";
    else if (strchr(descr, 'U') || strchr(descr, 'S'))
        what = "text is not read";
    return sx_fail(c->err, SX_EINPUT,
                   "%s: its elements are '%s': %s; save f4 f8 i1 i2 i4 i8 u1 u2 u4 or b1",
                   c->name, descr, what);
}

static sx_status read_descr(cursor *c, sx_i_npy_header *h)
{
    static const char *const types[] = {"f4", "f8", "i1", "i2", "i4",
                                        "i8", "u1", "u2", "u4", "b1"};
    char descr[24];
    skip_blanks(c);
    if (c->at < c->end && *c->at == '[')
        return sx_fail(c->err, SX_EINPUT,
                       "%s: structured types are not read; save one array for each field",
                       c->name);
    sx_status st = read_string(c, descr, sizeof descr);
    if (st)
        return st;
    bool known = false;
    for (size_t i = 0; i < sizeof types / sizeof *types; i++)
        known = known || (*descr && strcmp(descr + 1, types[i]) == 0);
    h->order = *descr;
    known = known && strchr("<>|=", h->order);
    if (!known)
        return refuse_type(c, descr);
    h->kind = descr[1];
    h->item = descr[2] - '0';
    if (h->item > 1 && h->order != '<' && h->order != '>')
        return sx_fail(c->err, SX_EINPUT, "%s: its elements are '%s': no byte order is given",
                       c->name, descr);
    return SX_OK;
}

static sx_status read_fortran(cursor *c, sx_i_npy_header *h)
{
    h->fortran = take_word(c, "True");
    if (!h->fortran && !take_word(c, "False"))
        return malformed(c, "True or False");
    return SX_OK;
}

static sx_status read_dimension(cursor *c, int64_t *value)
{
    skip_blanks(c);
    const char *start = c->at;
    for (*value = 0; c->at < c->end && *c->at >= '0' && *c->at <= '9'; c->at++) {
        if (*value > (INT64_MAX - 9) / 10)
            return sx_fail(c->err, SX_EINPUT, "%s: its shape is too large", c->name);
        *value = 10 * *value + (*c->at - '0');
    }
    return c->at == start ? malformed(c, "a tuple of numbers as shape") : SX_OK;
}

static sx_status add_dimension(cursor *c, sx_i_npy_header *h)
{
    int64_t n = 0;
    sx_status st = read_dimension(c, &n);
    if (!st && h->dims == 3)
        st = sx_fail(c->err, SX_EINPUT, "%s: it has more than 3 dimensions", c->name);
    if (!st && n == 0)
        st = sx_fail(c->err, SX_EINPUT, "%s: it is empty: dimension %d is 0", c->name,
                     h->dims + 1);
    if (!st)
        h->shape[h->dims++] = n;
    return st;
}

static sx_status read_shape(cursor *c, sx_i_npy_header *h)
{
    if (!take(c, '('))
        return malformed(c, "a tuple of numbers as shape");
    if (take(c, ')'))
        return sx_fail(c->err, SX_EINPUT,
                       "%s: it has no dimensions; an array of 1 to 3 is needed", c->name);
    sx_status st = SX_OK;
    bool comma = true, closed = false;
    while (!st && comma && !closed) {
        st = add_dimension(c, h);
        comma = take(c, ',');
        closed = take(c, ')');
    }
    if (!st && (!closed || (h->dims == 1 && !comma)))
        st = malformed(c, "a comma or ) in the shape");
    return st;
}

/* One "key: value"; its bit is added to *seen. */
static sx_status read_entry(cursor *c, sx_i_npy_header *h, int *seen)
{
    char key[24];
    sx_status st = read_string(c, key, sizeof key);
    if (!st && !take(c, ':'))
        st = malformed(c, "a colon after a key");
    if (st)
        return st;
    int bit = 0;
    for (int i = 0; i < 3; i++)
        bit = strcmp(key, keys[i]) == 0 ? 1 << i : bit;
    if (!bit || (*seen & bit))
        return malformed(c, "the keys descr, fortran_order and shape, once each");
    *seen |= bit;
    if (bit == DESCR)
        return read_descr(c, h);
    return bit == FORTRAN ? read_fortran(c, h) : read_shape(c, h);
}

sx_status sx_i_npy_header_read(const char *name, const char *text, size_t size,
                               sx_i_npy_header *h, sx_error *err)
{
    cursor c = {name, text, text + size, err};
    int seen = 0;
    *h = (sx_i_npy_header){.shape = {1, 1, 1}};
    if (!take(&c, '{'))
        return malformed(&c, "{");
    sx_status st = SX_OK;
    bool more = !take(&c, '}');
    while (!st && more) {
        st = read_entry(&c, h, &seen);
        bool comma = !st && take(&c, ',');
        more = !st && !take(&c, '}');
        if (more && !comma)
            st = malformed(&c, "a comma or }");
    }
    skip_blanks(&c);
    if (!st && seen != (DESCR | FORTRAN | SHAPE))
        st = malformed(&c, "the keys descr, fortran_order and shape, once each");
    if (!st && c.at != c.end)
        st = malformed(&c, "nothing after }");
    return st;
}
