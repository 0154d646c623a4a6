/* SPDX-License-Identifier: GPL-3.0-or-later */
/* spec.c - a specification from the first byte to the last reward.
 *
 * Everything independent is looked at even after an error: the grammar over the whole tree,
 * then the world, then each reward as long as there is a world to hold it against. */
#include "mdp/edit_int.h"
#include "mdp/file.h"
#include "mdp/grammar.h"
#include "mdp/spec_int.h"

#include <limits.h>
#include <string.h>

#define SPEC_SIZE ((size_t)64 << 20)

sx_spec *sx_spec_free(sx_spec *spec)
{
    if (!spec)
        return NULL;
    for (int32_t i = 0; i < spec->rewards; i++) {
        sx_release(spec->reward[i].id);
        sx_release(spec->reward[i].group);
        sx_reward_free(spec->reward[i].reward);
    }
    for (int32_t i = 0; i < spec->inputs; i++)
        sx_release(spec->input[i].name);
    sx_i_edits_free(spec);
    sx_release(spec->path);
    sx_release(spec->file);
    sx_release(spec->text);
    sx_release(spec->reward);
    sx_release(spec->input);
    sx_release(spec->id);
    sx_release(spec->title);
    sx_world_free(spec->world);
    return sx_release(spec);
}

int32_t sx_spec_reward(const sx_spec *spec, const char *id)
{
    for (int32_t i = 0; i < spec->rewards; i++)
        if (strcmp(spec->reward[i].id, id) == 0)
            return i;
    return -1;
}

int32_t sx_spec_group(const sx_spec *spec, const char *id)
{
    int32_t members = 0;
    for (int32_t i = 0; i < spec->rewards; i++)
        members += spec->reward[i].group && strcmp(spec->reward[i].group, id) == 0;
    return members;
}

/* The base name of path without its suffix. */
static char *stem(const char *path)
{
    const char *name = strcmp(path, "-") == 0 ? "stdin" : sx_path_name(path);
    char *copy = sx_strdup(name), *dot = copy ? strrchr(copy, '.') : NULL;
    if (dot && dot != copy)
        *dot = '\0';
    return copy;
}

/* text without blanks at its ends and with single blanks inside. */
static char *collapse(const char *text)
{
    char *copy = sx_alloc(strlen(text) + 1, 1), *to = copy;
    for (; copy && *text; text++) {
        bool blank = strchr(" \t\r\n", *text) != NULL;
        if (!blank)
            *to++ = *text;
        else if (to > copy && to[-1] != ' ')
            *to++ = ' ';
    }
    if (copy && to > copy && to[-1] == ' ')
        to[-1] = '\0';
    return copy;
}

static sx_status read_heading(sx_i_reading *rd, const sx_node *root)
{
    const char *id = sx_i_attr(root, "id");
    const sx_node *title = sx_i_first(root, "title");
    rd->spec->id = id ? sx_strdup(id) : stem(rd->path);
    rd->spec->title = collapse(title ? title->text : "");
    return rd->spec->id && rd->spec->title ? SX_OK : sx_nomem(rd->err);
}

/* The world of the specification: the child that is one of the kinds. */
static sx_status read_world(sx_i_reading *rd, const sx_node *root)
{
    static const char *const others[] = {"title", "initial", "reward", "edit"};
    for (const sx_node *n = sx_i_first(root, NULL); n; n = sx_i_next(n, NULL)) {
        bool world = true;
        for (size_t i = 0; i < sizeof others / sizeof *others; i++)
            world = world && strcmp(n->name, others[i]) != 0;
        if (world)
            return sx_i_world_read(rd, n);
    }
    return SX_EINPUT;
}

/* The rewards, between what an edit does before and after them. */
static sx_status read_rewards(sx_i_reading *rd, const sx_node *root)
{
    sx_status st = sx_i_do_apply(rd);
    const sx_node *n = sx_i_first(root, "reward");
    for (; n && !sx_i_stops(st); n = sx_i_next(n, "reward"))
        st = sx_i_worse(st, sx_i_reward_read(rd, n));
    return sx_i_stops(st) ? st : sx_i_worse(st, sx_i_permute_apply(rd));
}

static sx_status read_tree(sx_i_reading *rd)
{
    const sx_node *root = sx_xml_root(rd->xml);
    sx_status st = sx_grammar_check(rd->xml, rd->diags, rd->err);
    if (sx_i_stops(st) || !root->rule)
        return st;
    st = sx_i_worse(st, read_heading(rd, root));
    if (!sx_i_stops(st))
        st = sx_i_worse(st, read_world(rd, root));
    bool world = rd->spec->world && rd->spec->world->mdp;
    if (world && !sx_i_stops(st))
        st = sx_i_worse(st, read_rewards(rd, root));
    if (!rd->edit && !sx_i_stops(st))
        st = sx_i_worse(st, sx_i_edits_read(rd, root));
    return st;
}

/* The first message of the list as the sentence of an error. */
static sx_status first_message(const sx_diags *d, const char *file, sx_error *err)
{
    for (int32_t i = 0; i < sx_diags_count(d); i++) {
        const sx_diag *diag = sx_diags_get(d, i);
        if (diag->code[0] == 'E')
            return sx_fail(err, SX_EINPUT, "%s:%ld:%ld: %s", diag->place.file,
                           (long)diag->place.line, (long)diag->place.column, diag->message);
    }
    return sx_fail(err, SX_EINPUT, "%s: the input is malformed", file);
}

/* Keep what edited worlds and exact numbers are read from. */
static sx_status keep_names(sx_i_reading *rd)
{
    sx_spec *spec = rd->spec;
    if (rd->edit)
        return SX_OK;
    spec->path = sx_strdup(rd->path);
    spec->file = sx_strdup(rd->file);
    return spec->path && spec->file ? SX_OK : sx_nomem(rd->err);
}

sx_status sx_i_spec_read(sx_i_reading *rd, const char *text, size_t size)
{
    sx_xml *x = NULL;
    sx_status st = sx_xml_parse(rd->file, text, size, rd->diags, &x, rd->err);
    rd->xml = x;
    if (!st)
        st = keep_names(rd);
    if (!st)
        st = read_tree(rd);
    sx_diags_forget(rd->diags, NULL);
    for (int32_t i = 0; i < rd->texts; i++)
        sx_release(rd->text[i]);
    sx_release(rd->text);
    if (!st && !rd->edit)
        rd->spec->text = sx_xml_take_text(x, &rd->spec->text_size);
    sx_xml_free(x);
    return st;
}

/* Read with a list of messages and an error that nobody else sees. */
static sx_status parse(sx_i_reading *rd, const char *text, size_t size)
{
    sx_status st = sx_i_input_add(rd, sx_path_name(rd->path), text, size);
    return st ? st : sx_i_spec_read(rd, text, size);
}

sx_status sx_spec_parse(const char *path, const char *text, size_t size, sx_diags *d,
                        sx_spec **out, sx_error *err)
{
    sx_diags *own = NULL;
    sx_error local = SX_NO_ERROR;
    *out = NULL;
    sx_status st = d ? SX_OK : sx_diags_new(&own, &local);
    sx_i_reading rd = {.path = path,
                       .file = strcmp(path, "-") == 0 ? "<stdin>" : path,
                       .diags = d ? d : own,
                       .spec = sx_alloc(1, sizeof *rd.spec),
                       .err = &local};
    int64_t before = st ? 0 : sx_diags_errors(rd.diags);
    if (!st && !rd.spec)
        st = sx_nomem(&local);
    if (!st)
        st = parse(&rd, text, size);
    if (!sx_i_stops(st) && sx_diags_errors(rd.diags) > before)
        st = SX_EINPUT;
    if (st == SX_EINPUT)
        st = first_message(rd.diags, path, err);
    else if (st)
        st = sx_fail(err, st, "%s", local.msg);
    sx_diags_free(own);
    *out = st ? sx_spec_free(rd.spec) : rd.spec;
    return st;
}

sx_status sx_spec_read(const char *path, sx_diags *d, sx_spec **out, sx_error *err)
{
    unsigned char *bytes = NULL;
    size_t size = 0;
    *out = NULL;
    sx_status st = sx_file_read(path, SPEC_SIZE, &bytes, &size, err);
    if (!st)
        st = sx_spec_parse(path, (const char *)bytes, size, d, out, err);
    sx_release(bytes);
    return st;
}
