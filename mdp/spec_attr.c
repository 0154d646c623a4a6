/* SPDX-License-Identifier: GPL-3.0-or-later */
/* spec_attr.c - typed attributes, and the files that a specification names. */
#include "mdp/expr.h"
#include "mdp/file.h"
#include "mdp/grammar.h"
#include "mdp/spec_int.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#define BESIDE_SIZE (((size_t)4 << 30) - 2) /* bytes of a file beside the specification */

bool sx_i_stops(sx_status st)
{
    return st != SX_OK && st != SX_EINPUT;
}

sx_status sx_i_worse(sx_status a, sx_status b)
{
    if (sx_i_stops(a))
        return a;
    return sx_i_stops(b) || b ? b : a;
}

/* n, or the first of those after it, that the grammar knows and that has this name. */
static const sx_node *known(const sx_node *n, const char *name)
{
    while (n && (!n->rule || (name && strcmp(n->name, name) != 0)))
        n = n->next;
    return n;
}

const sx_node *sx_i_first(const sx_node *n, const char *name)
{
    return known(n->child, name);
}

const sx_node *sx_i_next(const sx_node *n, const char *name)
{
    return known(n->next, name);
}

/* --- attributes ------------------------------------------------------------------- */

const char *sx_i_attr(const sx_node *n, const char *name)
{
    const char *value = sx_node_value(n, name);
    const sx_rule *rule = n->rule && !value ? sx_grammar_rule(n->rule, name) : NULL;
    return value ? value : rule ? rule->fallback : NULL;
}

bool sx_i_attr_is(const sx_node *n, const char *name, const char *word)
{
    const char *value = sx_i_attr(n, name);
    return value && strcmp(value, word) == 0;
}

sx_place sx_i_attr_where(const sx_node *n, const char *name)
{
    const sx_attr *a = sx_node_attr(n, name);
    return a ? a->value_place : n->place;
}

const char *sx_i_attr_sound(const sx_node *n, const char *name)
{
    const char *value = sx_i_attr(n, name);
    const sx_rule *rule = n->rule ? sx_grammar_rule(n->rule, name) : NULL;
    return value && rule && sx_value_allowed(rule, value) ? value : NULL;
}

sx_status sx_i_attr_number(const sx_node *n, const char *name, double *value)
{
    const char *text = sx_i_attr_sound(n, name);
    double x = 0;
    if (!text || !sx_number_read(text, &x))
        return SX_EINPUT;
    *value = x;
    return SX_OK;
}

sx_status sx_i_attr_integer(const sx_node *n, const char *name, int64_t *value)
{
    double x = 0;
    sx_status st = sx_i_attr_number(n, name, &x);
    if (!st && !(fabs(x) <= 9007199254740992.0 && x == floor(x)))
        st = SX_EINPUT;
    if (!st)
        *value = (int64_t)x;
    return st;
}

sx_status sx_i_attr_boolean(const sx_node *n, const char *name, bool *value)
{
    const char *text = sx_i_attr_sound(n, name);
    if (!text)
        return SX_EINPUT;
    *value = strcmp(text, "true") == 0;
    return SX_OK;
}

/* "the states are a, b, c" or "the 40 states are a ... z". */
static void list_names(const sx_names *names, const char *what, char hint[160])
{
    char buffer[SX_NAME_BUFFER], last[SX_NAME_BUFFER];
    int32_t n = sx_names_count(names);
    int used = 0;
    if (n == 1)
        used = snprintf(hint, 160, "the only %s is ", what);
    else if (n <= 4)
        used = snprintf(hint, 160, "the %ss are ", what);
    for (int32_t i = 0; i < n && n <= 4; i++)
        used += snprintf(hint + used, 160 - (size_t)used, "%s%.30s", i ? ", " : "",
                         sx_names_get(names, i, buffer));
    if (n > 4)
        snprintf(hint, 160, "the %d %ss are %.30s ... %.30s", n, what,
                 sx_names_get(names, 0, buffer), sx_names_get(names, n - 1, last));
}

sx_status sx_i_no_name(sx_i_reading *rd, sx_place place, const char *code, const char *text,
                       const sx_names *names)
{
    char buffer[SX_NAME_BUFFER], hint[160];
    const char *what = strcmp(code, "E121") == 0 ? "action" : "state";
    int32_t n = sx_names_count(names);
    if (rd->doubtful)
        return SX_EINPUT;
    bool shown = sx_diags_errors(rd->diags) < SX_DIAG_LIMIT; /* else a hint is wasted work */
    const char *nearest = shown ? sx_names_nearest(names, text, buffer) : NULL;
    if (nearest)
        snprintf(hint, sizeof hint, "did you mean %.60s?", nearest);
    else
        list_names(names, what, hint);
    return sx_diag_report(rd->diags, place, code, n ? hint : NULL,
                          "the world has no %s \"%.60s\"", what, text);
}

static sx_status attr_name(sx_i_reading *rd, const sx_node *n, const char *name,
                           const char *code, const sx_names *names, int32_t *index)
{
    const char *text = sx_i_attr_sound(n, name);
    if (!text)
        return SX_EINPUT;
    int32_t i = sx_names_find(names, text);
    if (i < 0)
        return sx_i_no_name(rd, sx_i_attr_where(n, name), code, text, names);
    *index = i;
    return SX_OK;
}

sx_status sx_i_attr_state(sx_i_reading *rd, const sx_node *n, const char *name, int32_t *state)
{
    return attr_name(rd, n, name, "E120", rd->spec->world->states, state);
}

sx_status sx_i_attr_action(sx_i_reading *rd, const sx_node *n, const char *name,
                           int32_t *action)
{
    return attr_name(rd, n, name, "E121", rd->spec->world->actions, action);
}

bool sx_i_attr_suffix(const sx_node *n, const char *name, const char *suffix)
{
    const char *value = sx_i_attr(n, name);
    size_t size = value ? strlen(value) : 0, end = strlen(suffix);
    return size >= end && strcasecmp(value + size - end, suffix) == 0;
}

/* --- files beside the specification ----------------------------------------------- */

sx_status sx_i_input_add(sx_i_reading *rd, const char *name, const void *bytes, size_t size)
{
    sx_spec *spec = rd->spec;
    sx_input input = {0};
    sx_sha256(bytes, size, input.sha256);
    for (int32_t i = 0; i < spec->inputs; i++)
        if (strcmp(spec->input[i].name, name) == 0 &&
            strcmp(spec->input[i].sha256, input.sha256) == 0)
            return SX_OK;
    sx_input *grown = sx_realloc(spec->input, (size_t)spec->inputs + 1, sizeof *grown);
    if (!grown)
        return sx_nomem(rd->err);
    spec->input = grown;
    input.name = sx_strdup(name);
    if (!input.name)
        return sx_nomem(rd->err);
    spec->input[spec->inputs++] = input;
    return SX_OK;
}

sx_status sx_i_read_file(sx_i_reading *rd, const char *href, sx_place place,
                         unsigned char **bytes, size_t *size)
{
    sx_error local = SX_NO_ERROR;
    *bytes = NULL;
    if (strstr(href, "://"))
        return sx_diag_report(rd->diags, place, "E301",
                              "save the file beside the specification",
                              "\"%.80s\" is not a file: nothing is read from a network", href);
    char *path = sx_path_beside(strcmp(rd->path, "-") == 0 ? "" : rd->path, href);
    sx_status st = path ? SX_OK : sx_nomem(rd->err);
    if (!st && strcmp(href, "-") == 0)
        st = sx_diag_report(rd->diags, place, "E301", NULL,
                            "a file beside the specification cannot be standard input");
    if (!st) {
        st = sx_file_read(path, BESIDE_SIZE, bytes, size, &local);
        if (st == SX_EIO || st == SX_ELIMIT)
            st = sx_diag_report(rd->diags, place, "E301",
                                "names are relative to the folder of the specification", "%s",
                                local.msg);
        else if (st)
            sx_fail(rd->err, st, "%s", local.msg);
    }
    sx_release(path);
    if (!st)
        st = sx_i_input_add(rd, sx_path_name(href), *bytes, *size);
    if (st)
        *bytes = sx_release(*bytes);
    return st;
}

sx_status sx_i_read_array(sx_i_reading *rd, const sx_node *n, const char *attr, sx_array **out)
{
    char member_attr[40];
    sx_error local = SX_NO_ERROR;
    unsigned char *bytes = NULL;
    size_t size = 0;
    const char *href = sx_i_attr_sound(n, attr);
    *out = NULL;
    if (!href)
        return SX_EINPUT;
    bool archive = sx_i_attr_suffix(n, attr, ".npz");
    snprintf(member_attr, sizeof member_attr, "%s%s", strcmp(attr, "initial") ? "" : "initial-",
             "member");
    const char *member = sx_i_attr(n, member_attr);
    sx_place place = sx_i_attr_where(n, attr);
    if (member && !archive)
        return sx_diag_report(rd->diags, sx_i_attr_where(n, member_attr), "E303", NULL,
                              "%s is given, but %.80s is not a .npz file", member_attr, href);
    sx_status st = sx_i_read_file(rd, href, place, &bytes, &size);
    if (!st && archive)
        st = sx_npz_parse(sx_path_name(href), bytes, size, member, out, &local);
    else if (!st)
        st = sx_npy_parse(sx_path_name(href), bytes, size, out, &local);
    sx_release(bytes);
    if (local.status == SX_EINPUT || local.status == SX_ELIMIT)
        return sx_diag_report(rd->diags, place, "E302", NULL, "%s", local.msg);
    if (local.status)
        sx_fail(rd->err, st, "%s", local.msg);
    return st;
}

/* Keep the bytes of a file until the end of the reading, so that messages can show its
 * lines; *bytes is taken over. */
static sx_status keep_text(sx_i_reading *rd, const char *file, unsigned char **bytes,
                           size_t size)
{
    unsigned char **grown = sx_realloc(rd->text, (size_t)rd->texts + 1, sizeof *grown);
    if (!grown)
        return sx_nomem(rd->err);
    rd->text = grown;
    rd->text[rd->texts++] = *bytes;
    const char *text = (const char *)*bytes;
    *bytes = NULL;
    return sx_diags_source(rd->diags, file, text, size, rd->err);
}

sx_status sx_i_read_csv(sx_i_reading *rd, const sx_node *n, const char *attr, sx_csv **out)
{
    unsigned char *bytes = NULL;
    size_t size = 0;
    const char *href = sx_i_attr_sound(n, attr);
    *out = NULL;
    if (!href)
        return SX_EINPUT;
    char *file = sx_path_beside(strcmp(rd->path, "-") == 0 ? "" : rd->path, href);
    sx_status st = file ? SX_OK : sx_nomem(rd->err);
    if (!st)
        st = sx_i_read_file(rd, href, sx_i_attr_where(n, attr), &bytes, &size);
    const char *text = (const char *)bytes;
    if (!st)
        st = keep_text(rd, file, &bytes, size);
    if (!st) {
        sx_error local = SX_NO_ERROR;
        st = sx_csv_parse(file, text, size, rd->diags, out, &local);
        if (sx_i_stops(st))
            sx_fail(rd->err, st, "%s", local.msg);
    }
    sx_release(bytes);
    sx_release(file);
    return st;
}
