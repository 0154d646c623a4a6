/* SPDX-License-Identifier: GPL-3.0-or-later */
/* report.c - the tree of a result; jansson holds it. */
#include "cli/report.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include <jansson.h>

#include "mdp/file.h"

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

/* An option under its name, with underscores as in all names of results. */
static void put_argument(sx_report *r, json_t *args, const sx_option *p, const sx_options *o)
{
    char name[32];
    snprintf(name, sizeof name, "%s", p->name);
    for (char *c = name; *c; c++)
        *c = *c == '-' ? '_' : *c;
    if (p->kind == SX_KIND_FLAG)
        sx_put_bool(r, args, name, o->given[p->id]);
    else if (p->kind == SX_KIND_REAL)
        sx_put_number(r, args, name, o->number[p->id]);
    else if (p->kind == SX_KIND_WHOLE)
        sx_put_whole(r, args, name, (int64_t)o->number[p->id]);
    else if (p->kind == SX_KIND_FILE)
        sx_put_text(r, args, name, sx_path_name(o->text[p->id]));
    else
        sx_put_text(r, args, name, o->text[p->id]);
}

/* The arguments that change the numbers, with their defaults. */
static void put_arguments(sx_report *r, const sx_options *o)
{
    json_t *args = sx_put_object(r, r->root, "arguments");
    for (const sx_option *p = sx_option_table; p->name; p++) {
        bool named = p->kind == SX_KIND_FLAG || o->text[p->id];
        if (p->echo && named && o->verb != SX_VERB_NONE && (p->verbs >> o->verb & 1))
            put_argument(r, args, p, o);
    }
}

static bool starved;

static void *alloc_bytes(size_t size)
{
    void *p = sx_alloc(size, 1);
    starved |= !p;
    return p;
}

bool sx_report_starved(void)
{
    bool was = starved;
    starved = false;
    return was;
}

static void release_bytes(void *p)
{
    sx_release(p);
}

static void put_input(sx_report *r, const char *name, const char *sha256)
{
    json_t *one = sx_put_object(r, json_object_get(r->root, "inputs"), NULL);
    sx_put_text(r, one, "name", name);
    sx_put_text(r, one, "sha256", sha256);
}

void sx_report_start(sx_report *r, const sx_spec *spec, const char *path, const sx_options *o)
{
    json_set_alloc_funcs(alloc_bytes, release_bytes);
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
        put_input(r, sx_path_name(spec->input[i].name), spec->input[i].sha256);
}

void sx_report_input(sx_report *r, const char *path, const char sha256[65])
{
    json_t *inputs = json_object_get(r->root, "inputs");
    for (size_t i = 0; i < json_array_size(inputs); i++) {
        json_t *other = json_array_get(inputs, i);
        const char *its = json_string_value(json_object_get(other, "name"));
        const char *sum = json_string_value(json_object_get(other, "sha256"));
        if (its && sum && !strcmp(its, sx_path_name(path)) && !strcmp(sum, sha256))
            return;
    }
    put_input(r, sx_path_name(path), sha256);
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
