/* SPDX-License-Identifier: GPL-3.0-or-later */
/* report.c - the tree of a result and its two machine-readable forms.
 *
 * jansson holds the tree and quotes strings; numbers are written by us, since it writes
 * seventeen digits where fewer read back to the same double. */
#include "cli/report.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "mdp/csv.h"
#include "mdp/export.h"
#include "mdp/file.h"

#define INLINE_LIMIT 12 /* leaves that share a line */

/* child (stolen) under parent; NULL means that memory was out. */
static void put(sx_report *r, sx_value *parent, const char *name, json_t *child)
{
    int bad;
    if (name && json_is_object(parent))
        bad = json_object_set_new(parent, name, child);
    else
        bad = json_array_append_new(parent, child);
    r->failed |= bad != 0;
}

sx_value *sx_put_object(sx_report *r, sx_value *parent, const char *name)
{
    json_t *v = json_object();
    put(r, parent, name, v);
    return r->failed ? NULL : v;
}

sx_value *sx_put_list(sx_report *r, sx_value *parent, const char *name)
{
    json_t *v = json_array();
    put(r, parent, name, v);
    return r->failed ? NULL : v;
}

/* text with what is not ASCII replaced, for names that are no UTF-8. */
static json_t *plain_string(const char *text)
{
    char *copy = sx_strdup(text);
    json_t *v = NULL;
    for (char *c = copy; c && *c; c++)
        *c = (unsigned char)*c < 0x80 ? *c : '?';
    if (copy)
        v = json_string(copy);
    sx_release(copy);
    return v;
}

void sx_put_text(sx_report *r, sx_value *parent, const char *name, const char *text)
{
    json_t *v = json_string(text);
    put(r, parent, name, v ? v : plain_string(text));
}

void sx_put_whole(sx_report *r, sx_value *parent, const char *name, int64_t value)
{
    put(r, parent, name, json_integer(value));
}

void sx_put_number(sx_report *r, sx_value *parent, const char *name, double value)
{
    put(r, parent, name, isfinite(value) ? json_real(value + 0.0) : json_null());
}

void sx_put_bool(sx_report *r, sx_value *parent, const char *name, bool value)
{
    put(r, parent, name, json_boolean(value));
}

void sx_put_null(sx_report *r, sx_value *parent, const char *name)
{
    put(r, parent, name, json_null());
}

void sx_put_range(sx_report *r, sx_value *parent, const char *name, double lo, double hi)
{
    json_t *list = sx_put_list(r, parent, name);
    sx_put_number(r, list, NULL, lo);
    sx_put_number(r, list, NULL, hi);
}

void sx_put_maybe(sx_report *r, sx_value *parent, const char *name, const sx_number *number)
{
    bool good = !number->reason && isfinite(number->value);
    sx_put_number(r, parent, name, good ? number->value : (double)NAN);
    if (good)
        sx_put_null(r, parent, "reason");
    else
        sx_put_text(r, parent, "reason", number->reason ? number->reason : "not a number");
}

/* The arguments that change the numbers, with their defaults. */
static void put_arguments(sx_report *r, const sx_options *o)
{
    json_t *args = sx_put_object(r, r->root, "arguments");
    for (const sx_option *p = sx_option_table; p->name; p++) {
        if (o->verb == SX_VERB_NONE || !(p->verbs >> o->verb & 1) || !p->echo)
            continue;
        if (p->kind == SX_KIND_FLAG)
            sx_put_bool(r, args, p->name, o->given[p->id]);
        else if (!o->text[p->id])
            continue;
        else if (p->kind == SX_KIND_REAL)
            sx_put_number(r, args, p->name, o->number[p->id]);
        else if (p->kind == SX_KIND_WHOLE)
            sx_put_whole(r, args, p->name, (int64_t)o->number[p->id]);
        else
            sx_put_text(r, args, p->name,
                        p->kind == SX_KIND_FILE ? sx_path_name(o->text[p->id])
                                                : o->text[p->id]);
    }
}

void sx_report_start(sx_report *r, const sx_spec *spec, const char *path, const sx_options *o)
{
    r->root = json_object();
    r->failed = !r->root;
    if (spec)
        sx_put_text(r, r->root, "mdp", spec->id);
    if (spec)
        sx_put_text(r, r->root, "spec", sx_path_name(path));
    sx_put_text(r, r->root, "version", SX_VERSION);
    put_arguments(r, o);
    sx_put_whole(r, r->root, "seed", (int64_t)o->number[SX_OPT_SEED]);
    sx_put_list(r, r->root, "inputs");
    for (int32_t i = 0; spec && i < spec->inputs; i++)
        sx_report_input(r, spec->input[i].name, spec->input[i].sha256);
}

void sx_report_input(sx_report *r, const char *path, const char sha256[65])
{
    json_t *one = sx_put_object(r, json_object_get(r->root, "inputs"), NULL);
    sx_put_text(r, one, "name", sx_path_name(path));
    sx_put_text(r, one, "sha256", sha256);
}

void sx_report_own_rows(sx_report *r)
{
    r->rows = json_array();
    r->own_rows = true;
    r->failed |= !r->rows;
}

void sx_report_clear(sx_report *r)
{
    if (r->own_rows)
        json_decref(r->rows);
    json_decref(r->root);
    memset(r, 0, sizeof *r);
}

/* --- JSON --- */

static void write_string(sx_text *to, const json_t *v)
{
    char *text = json_dumps(v, JSON_ENCODE_ANY);
    to->failed |= !text;
    if (text)
        sx_text_put(to, text);
    free(text);
}

static void write_key(sx_text *to, const char *key)
{
    json_t *v = json_string(key);
    to->failed |= !v;
    if (v)
        write_string(to, v);
    json_decref(v);
    sx_text_put(to, ": ");
}

static void write_leaf(sx_text *to, const json_t *v)
{
    char number[32];
    if (json_is_string(v))
        write_string(to, v);
    else if (json_is_real(v)) {
        sx_number_write(json_real_value(v), number);
        sx_text_put(to, number);
    } else if (json_is_integer(v))
        sx_text_format(to, "%" JSON_INTEGER_FORMAT, json_integer_value(v));
    else
        sx_text_put(to, json_is_true(v) ? "true" : json_is_false(v) ? "false" : "null");
}

static bool is_leaf(const json_t *v)
{
    return !json_is_object(v) && !json_is_array(v);
}

/* The size of an object or list. */
static size_t size_of(const json_t *v)
{
    return json_is_object(v) ? json_object_size(v) : json_array_size(v);
}

/* Whether v fits on one line: a few leaves, or pairs of numbers among them. */
static bool fits_line(json_t *v, int32_t depth)
{
    const char *key;
    json_t *child;
    size_t i;
    if (is_leaf(v))
        return true;
    if (depth > 2 || size_of(v) > INLINE_LIMIT)
        return false;
    json_object_foreach(v, key, child) if (!fits_line(child, depth + 1)) return false;
    json_array_foreach(v, i, child) if (!fits_line(child, depth + 1)) return false;
    return true;
}

static void write_value(sx_text *to, json_t *v, int32_t indent, bool one_line);

static void write_item(sx_text *to, json_t *child, const char *key, bool first, int32_t indent,
                       bool one_line)
{
    sx_text_put(to, first ? "" : one_line ? ", " : ",");
    if (!one_line) {
        sx_text_put(to, "\n");
        sx_text_spaces(to, indent);
    }
    if (key)
        write_key(to, key);
    write_value(to, child, indent, one_line);
}

static void write_value(sx_text *to, json_t *v, int32_t indent, bool one_line)
{
    const char *key;
    json_t *child;
    size_t i, n = 0;
    if (is_leaf(v)) {
        write_leaf(to, v);
        return;
    }
    one_line = one_line || (indent > 0 && fits_line(v, 1));
    sx_text_put(to, json_is_object(v) ? "{" : "[");
    json_object_foreach(v, key, child)
    {
        write_item(to, child, key, n == 0, indent + 2, one_line);
        n++;
    }
    json_array_foreach(v, i, child) write_item(to, child, NULL, i == 0, indent + 2, one_line);
    if (!one_line && size_of(v) > 0) {
        sx_text_put(to, "\n");
        sx_text_spaces(to, indent);
    }
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

typedef enum csv_part { PART_NAMES, PART_VALUES } csv_part;

/* One row being written: names or values, first: no comma before the next. */
typedef struct line {
    sx_text *to;
    csv_part part;
    bool first;
} line;

static void write_field(line *l, const char *text)
{
    char *quoted = sx_csv_quote(text);
    l->to->failed |= !quoted;
    sx_text_put(l->to, l->first ? "" : ",");
    if (quoted)
        sx_text_put(l->to, quoted);
    sx_release(quoted);
    l->first = false;
}

static void write_csv_leaf(line *l, const char *name, const json_t *v)
{
    sx_text t = {0};
    if (l->part == PART_NAMES)
        sx_text_put(&t, name);
    else if (json_is_string(v))
        sx_text_put(&t, json_string_value(v));
    else if (!json_is_null(v))
        write_leaf(&t, v);
    l->to->failed |= t.failed;
    write_field(l, t.bytes ? t.bytes : "");
    sx_text_clear(&t);
}

/* A list as one field: its leaves, or the leaves of its objects joined by '=', by blanks. */
static void write_csv_list(line *l, const char *name, json_t *v)
{
    sx_text t = {0};
    json_t *child, *leaf;
    const char *key;
    size_t i;
    json_array_foreach(v, i, child)
    {
        size_t n = 0;
        sx_text_put(&t, i ? " " : "");
        if (json_is_string(child))
            sx_text_put(&t, json_string_value(child));
        else if (is_leaf(child))
            write_leaf(&t, child);
        json_object_foreach(child, key, leaf)
        {
            sx_text_put(&t, n++ ? "=" : "");
            sx_text_put(&t, json_is_string(leaf) ? json_string_value(leaf) : "");
        }
    }
    l->to->failed |= t.failed;
    write_field(l, l->part == PART_NAMES ? name : t.bytes ? t.bytes : "");
    sx_text_clear(&t);
}

static bool is_range(const json_t *v)
{
    json_t *a = json_array_get(v, 0), *b = json_array_get(v, 1);
    return json_array_size(v) == 2 && (json_is_number(a) || json_is_null(a)) &&
           (json_is_number(b) || json_is_null(b));
}

static void write_csv_value(line *l, const char *name, json_t *v);

/* v under name_key, or under key alone when name is empty. */
static void write_csv_nested(line *l, const char *name, const char *key, json_t *v)
{
    sx_text t = {0};
    sx_text_format(&t, "%s%s%s", name, *name ? "_" : "", key);
    l->to->failed |= t.failed;
    if (t.bytes)
        write_csv_value(l, t.bytes, v);
    sx_text_clear(&t);
}

static void write_csv_value(line *l, const char *name, json_t *v)
{
    const char *key;
    json_t *child;
    if (json_is_object(v)) {
        json_object_foreach(v, key, child) write_csv_nested(l, name, key, child);
    } else if (json_is_array(v) && is_range(v)) {
        write_csv_nested(l, name, "lo", json_array_get(v, 0));
        write_csv_nested(l, name, "hi", json_array_get(v, 1));
    } else if (json_is_array(v)) {
        write_csv_list(l, name, v);
    } else {
        write_csv_leaf(l, name, v);
    }
}

/* Whether a child of the root is about all rows: a leaf, the arguments, the inputs. */
static bool is_common(const char *key, const json_t *v)
{
    return is_leaf(v) || !strcmp(key, "arguments") || !strcmp(key, "inputs");
}

static void write_csv_row(const sx_report *r, sx_text *to, json_t *row, csv_part part)
{
    line l = {to, part, true};
    const char *key;
    json_t *child;
    write_csv_value(&l, "", row);
    json_object_foreach(r->root, key, child)
    {
        if (is_common(key, child))
            write_csv_value(&l, key, child);
    }
    sx_text_put(to, "\n");
}

void sx_report_csv(const sx_report *r, sx_text *to)
{
    json_t *row;
    size_t i;
    to->failed |= r->failed;
    json_array_foreach(r->rows, i, row)
    {
        if (i == 0)
            write_csv_row(r, to, row, PART_NAMES);
        write_csv_row(r, to, row, PART_VALUES);
    }
}
