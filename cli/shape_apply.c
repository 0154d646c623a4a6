/* SPDX-License-Identifier: GPL-3.0-or-later */
/* shape_apply.c - shape --apply: the shaped reward as a file.
 *
 * XML: the text of the specification with one reward more behind its last one, made of <use>
 * and <shape>; every other byte stays.  What was written is read back and compared with the
 * reward that was computed, before any file is touched.
 * .npy, .csv: the table of the one reward, as convert makes it. */
#include "cli/certificate.h"
#include "cli/verb_shape.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "mdp/file.h"
#include "mdp/xml.h"

enum { XML_LIMIT = 64 << 20 }; /* bytes that the reader takes */

static bool is_xml(const char *path)
{
    size_t n = strlen(path);
    return n > 4 && !strcmp(path + n - 4, ".xml");
}

sx_status sx_shape_apply_guard(sx_cli *c, sx_error *err)
{
    const char *path = c->o.text[SX_OPT_APPLY], *output = c->o.text[SX_OPT_OUTPUT];
    if (!path)
        return SX_OK;
    if (output && !strcmp(path, output))
        return sx_cli_fail(c, "E506", err,
                           "--apply %.120s is where the result goes: give another file", path);
    if (is_xml(path) && c->o.text[SX_OPT_EDIT])
        return sx_cli_fail(
            c, "E506", err,
            "--apply %.120s writes the specification, not its edited world: give "
            ".npy or .csv, or write that world with convert --edit first",
            path);
    sx_status st = sx_cli_form_check(c, "--apply", path, err);
    if (!st && is_xml(path) && !strcmp(sx_cli_path(c), "-"))
        return sx_cli_fail(c, "E463", err,
                           "--apply %.120s: the text of standard input is not there any more",
                           path);
    return st;
}

/* --- XML --- */

/* Behind a comment, CDATA or instruction that starts at p; p where it is none. */
static const char *skip_quoted(const char *p)
{
    static const char *const pair[][2] = {{"<!--", "-->"}, {"<![CDATA[", "]]>"}, {"<?", "?>"}};
    for (int i = 0; i < 3; i++) {
        const char *end =
            strncmp(p, pair[i][0], strlen(pair[i][0])) ? NULL : strstr(p, pair[i][1]);
        if (end)
            return end + strlen(pair[i][1]);
    }
    return p;
}

/* The end of an element whose content starts at `at`: behind its end tag. */
static size_t element_end(const char *text, size_t at, const char *tag)
{
    const char *p = text + at;
    if (at >= 2 && text[at - 1] == '>' && text[at - 2] == '/')
        return at;
    while ((p = strchr(p, '<'))) {
        const char *next = skip_quoted(p), *end = strchr(p, '>');
        if (end && p[1] == '/' && !strncmp(p + 2, tag, strlen(tag)))
            return (size_t)(end - text) + 1;
        p = next == p ? p + 1 : next;
    }
    return 0;
}

/* Where the new reward goes: behind the last one.  0: nowhere. */
static sx_status find_place(sx_cli *c, const char *text, size_t size, size_t *place,
                            sx_error *err)
{
    sx_xml *xml = NULL;
    const sx_node *last = NULL;
    sx_status st = sx_xml_parse(sx_path_name(sx_cli_path(c)), text, size, c->diags, &xml, err);
    *place = 0;
    if (st)
        return st;
    for (const sx_node *n = sx_xml_root(xml)->child; n; n = n->next)
        if (!strcmp(n->name, "reward"))
            last = n;
    if (last)
        *place = element_end(text, last->raw, "reward");
    sx_diags_forget(c->diags, NULL);
    sx_xml_free(xml);
    return SX_OK;
}

static void put_escaped(sx_text *t, const char *text)
{
    for (const char *p = text ? text : ""; *p; p++) {
        if (*p == '&')
            sx_text_put(t, "&amp;");
        else if (*p == '<')
            sx_text_put(t, "&lt;");
        else if (*p == '"')
            sx_text_put(t, "&quot;");
        else if ((unsigned char)*p < ' ')
            sx_text_format(t, "&#%d;", *p);
        else
            sx_text_add(t, p, 1);
    }
}

static void put_number(sx_text *t, const char *name, double value)
{
    char number[32];
    sx_number_write(value, number);
    sx_text_format(t, " %s=\"%s\"", name, number);
}

/* An id that is not there yet: FROM-shaped, FROM-shaped-2, ... */
static void new_id(const sx_cli *c, const sx_shape_answer *a, sx_text *id)
{
    for (int32_t i = 1; i <= c->spec->rewards + 1 && !id->failed; i++) {
        sx_text_clear(id);
        sx_text_format(id, "%s-shaped", c->spec->reward[a->from].id);
        if (i > 1)
            sx_text_format(id, "-%" PRId32, i);
        if (id->failed ||
            (sx_spec_reward(c->spec, id->bytes) < 0 && !sx_spec_group(c->spec, id->bytes)))
            return;
    }
}

static void put_reward(const sx_cli *c, const sx_shape_answer *a, const char *id, sx_text *t)
{
    const sx_shaping *x = a->shaping;
    bool any = false;
    sx_text_put(t, "\n\n  <reward id=\"");
    put_escaped(t, id);
    sx_text_put(t, "\">\n    <use reward=\"");
    put_escaped(t, c->spec->reward[a->from].id);
    sx_text_put(t, "\"");
    if (x->scale != 1)
        put_number(t, "scale", x->scale);
    sx_text_put(t, "/>\n");
    for (int32_t s = 0; s < c->spec->world->mdp->states && !t->failed; s++) {
        sx_cli_name n;
        if (x->potential[s] == 0)
            continue;
        sx_text_put(t, any ? "      <at state=\"" : "    <shape>\n      <at state=\"");
        put_escaped(t, sx_cli_state(c, s, &n));
        sx_text_put(t, "\"");
        put_number(t, "potential", x->potential[s]);
        sx_text_put(t, "/>\n");
        any = true;
    }
    sx_text_put(t, any ? "    </shape>\n  </reward>" : "  </reward>");
}

static sx_status cannot(sx_cli *c, const char *why, sx_error *err)
{
    return sx_cli_fail(c, "E463", err, "--apply %.120s: %s", c->o.text[SX_OPT_APPLY], why);
}

/* Whether both rewards agree on possible triples and, where a row is known, on all of it. */
static sx_status same_reward(const sx_mdp *m, const sx_reward *a, const sx_reward *b,
                             double size, bool *same, sx_error *err)
{
    size_t n = (size_t)m->states;
    double *row = sx_alloc(2 * n, sizeof *row);
    int32_t step = 1 + m->pairs / 1000; /* of the rows */
    if (!row)
        return sx_nomem(err);
    *same = true;
    for (int64_t t = 0; t < m->entries; t++)
        *same = *same && fabs(a->on[t] - b->on[t]) <= 1e-12 * size;
    for (int32_t k = 0; *same && !a->unknown && !b->unknown && k < m->pairs; k += step) {
        sx_reward_row(m, a, k, row);
        sx_reward_row(m, b, k, row + n);
        for (size_t s = 0; s < n; s++)
            *same = *same && fabs(row[s] - row[n + s]) <= 1e-12 * size;
    }
    sx_release(row);
    return SX_OK;
}

/* The largest number of the shaping. */
static double size_of(const sx_mdp *m, const sx_shape_answer *a)
{
    double most = sx_reward_max_possible(m, a->shaped);
    for (int32_t s = 0; s < m->states; s++)
        most = fmax(most, fabs(a->shaping->potential[s]));
    return fmax(most, a->shaping->scale * sx_reward_max_possible(m, a->task.from));
}

/* Read back what will be written. */
static sx_status read_back(sx_cli *c, const sx_shape_answer *a, const char *id,
                           const sx_text *t, sx_error *err)
{
    const sx_mdp *m = c->spec->world->mdp;
    sx_error own = SX_NO_ERROR;
    sx_spec *again = NULL;
    sx_diags *diags = NULL;
    bool same = false;
    sx_status st = sx_diags_new(&diags, err);
    if (st)
        return st;
    st = sx_spec_parse(c->o.text[SX_OPT_APPLY], t->bytes, t->size, diags, &again, &own);
    sx_diags_free(diags);
    if (st == SX_EMEM)
        return sx_nomem(err);
    if (st)
        return cannot(c,
                      c->spec->inputs > 1
                          ? "it names files, which must lie beside the new file too"
                          : "the text with one reward more could not be read back",
                      err);
    int32_t i = sx_spec_reward(again, id);
    const sx_mdp *other = again->world->mdp;
    if (i >= 0 && other->states == m->states && other->entries == m->entries)
        st = same_reward(m, again->reward[i].reward, a->shaped, size_of(m, a), &same, err);
    sx_spec_free(again);
    if (!st && !same)
        return cannot(c, "the text with one reward more reads back as something else", err);
    return st;
}

static sx_status make_xml(sx_cli *c, const sx_shape_answer *a, sx_text *t, sx_error *err)
{
    unsigned char *bytes = NULL;
    char sha256[65];
    size_t size = 0, place = 0;
    sx_text id = {0};
    sx_status st = sx_file_read(sx_cli_path(c), XML_LIMIT, &bytes, &size, err);
    if (!st) {
        sx_sha256(bytes, size, sha256);
        if (strcmp(sha256, c->spec->input[0].sha256) != 0)
            st = cannot(c, "the specification has changed since it was read", err);
    }
    if (!st)
        st = find_place(c, (const char *)bytes, size, &place, err);
    if (!st && !place)
        st = cannot(c, "no place for a reward was found", err);
    if (!st) {
        new_id(c, a, &id);
        sx_text_add(t, (const char *)bytes, place);
        if (!id.failed)
            put_reward(c, a, id.bytes, t);
        sx_text_add(t, (const char *)bytes + place, size - place);
        st = t->failed || id.failed ? sx_nomem(err) : read_back(c, a, id.bytes, t, err);
    }
    sx_text_clear(&id);
    sx_release(bytes);
    return st;
}

static sx_status write_xml(sx_cli *c, const sx_shape_answer *a, sx_error *err)
{
    const char *path = c->o.text[SX_OPT_APPLY];
    sx_text t = {0};
    sx_status st = make_xml(c, a, &t, err);
    if (!st)
        st = sx_cli_write_one(c, path, &t, err);
    sx_text_clear(&t);
    return st;
}

/* --- tables --- */

/* The last file of an export of a specification with this one reward is its table. */
static sx_status write_table(sx_cli *c, const sx_shape_answer *a, sx_error *err)
{
    const char *path = c->o.text[SX_OPT_APPLY];
    bool npy = !strcmp(path + strlen(path) - 4, ".npy");
    char id[] = "shaped";
    sx_named_reward reward = {.id = id, .reward = a->shaped};
    sx_spec one = *c->spec;
    sx_outputs *made = NULL;
    one.rewards = 1;
    one.reward = &reward;
    sx_status st = npy ? sx_export_npy(&one, "shaped.xml", &made, err)
                       : sx_export_csv(&one, "shaped.xml", &made, err);
    if (!st) {
        const sx_output *table = &made->file[made->count - 1];
        sx_text t = {.bytes = (char *)table->bytes, .size = table->size};
        st = sx_cli_write_one(c, path, &t, err);
    }
    sx_outputs_free(made);
    return st;
}

sx_status sx_shape_apply(sx_cli *c, const sx_shape_answer *a, sx_error *err)
{
    sx_progress_phase("writing the shaped reward", 0);
    if (!a->shaping)
        return sx_fail(err, SX_ELIMIT, "there is no shaped reward to write: %s", a->reason);
    return is_xml(c->o.text[SX_OPT_APPLY]) ? write_xml(c, a, err) : write_table(c, a, err);
}
