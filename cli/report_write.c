/* SPDX-License-Identifier: GPL-3.0-or-later */
/* report_write.c - a result as JSON and as CSV.
 *
 * jansson quotes strings; numbers are written by us, since it writes seventeen digits where
 * fewer read back to the same double. */
#include "cli/report.h"

#include <string.h>

#include <jansson.h>

#include "mdp/csv.h"
#include "mdp/export.h"

#define INLINE_LIMIT 12 /* leaves that share a line */

/* A walk over what is in an object or a list; a leaf has nothing in it. */
typedef struct walk {
    json_t *of;
    void *member;    /* of an object: the next */
    size_t i;        /* how many have been visited */
    const char *key; /* "" in a list */
    json_t *child;
} walk;

static walk walk_start(json_t *of)
{
    walk w = {of, json_object_iter(of), 0, "", NULL};
    return w;
}

static bool walk_next(walk *w)
{
    if (json_is_array(w->of))
        w->child = json_array_get(w->of, w->i);
    else
        w->child = w->member ? json_object_iter_value(w->member) : NULL;
    if (!w->child)
        return false;
    if (w->member) {
        w->key = json_object_iter_key(w->member);
        w->member = json_object_iter_next(w->of, w->member);
    }
    w->i++;
    return true;
}

static bool is_leaf(const json_t *v)
{
    return !json_is_object(v) && !json_is_array(v);
}

static size_t size_of(const json_t *v)
{
    return json_is_object(v) ? json_object_size(v) : json_array_size(v);
}

/* --- JSON --- */

static int add_bytes(const char *bytes, size_t size, void *to)
{
    sx_text_add(to, bytes, size);
    return 0;
}

static void write_string(sx_text *to, const json_t *v)
{
    to->failed |= json_dump_callback(v, add_bytes, to, JSON_ENCODE_ANY) != 0;
}

void sx_report_string(sx_text *to, const char *text)
{
    json_t *v = json_string(text);
    to->failed |= !v;
    if (v)
        write_string(to, v);
    json_decref(v);
}

static void write_key(sx_text *to, const char *key)
{
    sx_report_string(to, key);
    sx_text_put(to, ": ");
}

static void write_leaf(sx_text *to, const json_t *v)
{
    char number[32];
    if (json_is_string(v)) {
        write_string(to, v);
    } else if (json_is_real(v)) {
        sx_number_write(json_real_value(v), number);
        sx_text_put(to, number);
    } else if (json_is_integer(v)) {
        sx_text_format(to, "%" JSON_INTEGER_FORMAT, json_integer_value(v));
    } else {
        sx_text_put(to, json_is_true(v) ? "true" : json_is_false(v) ? "false" : "null");
    }
}

/* Whether v fits on one line: a few leaves, or in an object a few of them nested. */
static bool fits_line(json_t *v, int32_t depth)
{
    walk w = walk_start(v);
    if (is_leaf(v))
        return true;
    if (depth > 2 || size_of(v) > INLINE_LIMIT)
        return false;
    while (walk_next(&w))
        if (!(json_is_array(v) ? is_leaf(w.child) : fits_line(w.child, depth + 1)))
            return false;
    return true;
}

static void new_line(sx_text *to, int32_t indent)
{
    sx_text_put(to, "\n");
    sx_text_spaces(to, indent);
}

static void write_value(sx_text *to, json_t *v, int32_t indent, bool one_line);

/* What is in v, between its brackets. */
static void write_inside(sx_text *to, json_t *v, int32_t indent, bool one_line)
{
    walk w = walk_start(v);
    while (walk_next(&w)) {
        sx_text_put(to, w.i == 1 ? "" : one_line ? ", " : ",");
        if (!one_line)
            new_line(to, indent + 2);
        if (json_is_object(v))
            write_key(to, w.key);
        write_value(to, w.child, indent + 2, one_line);
    }
    if (!one_line)
        new_line(to, indent);
}

static void write_value(sx_text *to, json_t *v, int32_t indent, bool one_line)
{
    if (is_leaf(v)) {
        write_leaf(to, v);
        return;
    }
    one_line = one_line || size_of(v) == 0 || (indent > 0 && fits_line(v, 1));
    sx_text_put(to, json_is_object(v) ? "{" : "[");
    write_inside(to, v, indent, one_line);
    sx_text_put(to, json_is_object(v) ? "}" : "]");
}

void sx_report_json(const sx_report *r, sx_text *to)
{
    to->failed |= r->failed;
    if (!to->failed)
        write_value(to, r->root, 0, false);
    sx_text_put(to, "\n");
}

/* --- CSV --- */

/* One row being written: its names or its values. */
typedef struct line {
    sx_text *to;
    bool names;
    bool first; /* no comma before the next field */
} line;

static void write_field(line *l, const char *text)
{
    char *quoted = *text ? sx_csv_quote(text) : NULL;
    l->to->failed |= *text && !quoted;
    sx_text_put(l->to, l->first ? "" : ",");
    if (quoted)
        sx_text_put(l->to, quoted);
    sx_release(quoted);
    l->first = false;
}

/* A leaf without quotes; nothing for null. */
static void add_plain(sx_text *to, const json_t *v)
{
    if (json_is_string(v))
        sx_text_put(to, json_string_value(v));
    else if (!json_is_null(v) && is_leaf(v))
        write_leaf(to, v);
}

/* The leaves of v, one after the other. */
static void add_joined(sx_text *to, json_t *v, const char *between)
{
    walk w = walk_start(v);
    add_plain(to, v);
    while (walk_next(&w)) {
        sx_text_put(to, w.i == 1 ? "" : between);
        add_joined(to, w.child, "=");
    }
}

/* A leaf, or a list as one field: by blanks, what is in its objects by '='. */
static void write_cell(line *l, const char *name, json_t *v)
{
    sx_text t = {0};
    if (l->names)
        sx_text_put(&t, name);
    else
        add_joined(&t, v, " ");
    l->to->failed |= t.failed;
    write_field(l, t.bytes ? t.bytes : "");
    sx_text_clear(&t);
}

static bool is_range(const json_t *v)
{
    json_t *a = json_array_get(v, 0), *b = json_array_get(v, 1);
    return json_array_size(v) == 2 && (json_is_number(a) || json_is_null(a)) &&
           (json_is_number(b) || json_is_null(b));
}

static void write_nested(line *l, const char *name, json_t *v);

/* v under name_key, or under key alone when name is empty. */
static void write_under(line *l, const char *name, const char *key, json_t *v)
{
    sx_text t = {0};
    sx_text_format(&t, "%s%s%s", name, *name ? "_" : "", key);
    l->to->failed |= t.failed;
    if (t.bytes)
        write_nested(l, t.bytes, v);
    sx_text_clear(&t);
}

static void write_nested(line *l, const char *name, json_t *v)
{
    walk w = walk_start(v);
    if (is_range(v)) {
        write_under(l, name, "lo", json_array_get(v, 0));
        write_under(l, name, "hi", json_array_get(v, 1));
    } else if (json_is_object(v)) {
        while (walk_next(&w))
            write_under(l, name, w.key, w.child);
    } else {
        write_cell(l, name, v);
    }
}

/* Whether a child of the root is about all rows: a leaf, the arguments, the inputs. */
static bool is_common(const char *key, const json_t *v)
{
    return is_leaf(v) || !strcmp(key, "arguments") || !strcmp(key, "inputs");
}

static void write_row(const sx_report *r, sx_text *to, json_t *row, bool names)
{
    line l = {to, names, true};
    walk w = walk_start(r->root);
    write_nested(&l, "", row);
    while (walk_next(&w))
        if (is_common(w.key, w.child))
            write_nested(&l, w.key, w.child);
    sx_text_put(to, "\n");
}

void sx_report_csv(const sx_report *r, sx_text *to)
{
    walk w = walk_start(r->rows);
    to->failed |= r->failed;
    while (!to->failed && walk_next(&w)) {
        if (w.i == 1)
            write_row(r, to, w.child, true);
        write_row(r, to, w.child, false);
    }
}
