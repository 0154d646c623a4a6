/* SPDX-License-Identifier: GPL-3.0-or-later */
/* repair_write.c - a repaired reward as files.
 *
 * XML: the text of the specification, byte for byte, with one more reward before the edits,
 *
 *     <reward id="R-repaired"><use reward="R"/> what changes </reward>
 *
 * and in every edit that does more than permute a first patch which puts what changes in its
 * world into that place: as <set> terms while there are few, else as a table of differences.
 * Numpy: x, and for every edit with values of its own y. */
#include "cli/consistency_repair.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "mdp/csv.h"
#include "mdp/file.h"
#include "mdp/npy.h"
#include "mdp/xml.h"

enum { INLINE = 40 };                                /* values written as terms */
static const int64_t ARRAY_LIMIT = (int64_t)1 << 24; /* values of an array S x A x S */

/* One value that differs from the reward. */
typedef struct change {
    int32_t state, action, next;
    double was, is;
} change;

/* What changes in one world: that of the specification, or world i of the job. */
typedef struct version {
    const sx_world *world;
    int64_t count;
    change *change; /* [count] */
} version;

typedef struct writing {
    const sx_repair_job *j;
    char *id;         /* of the repaired reward */
    version *version; /* [1 + j->count] the world as it was first */
    bool in_line;
    char stem[256];
    sx_outputs *o;
    sx_xml *xml;
} writing;

static const sx_named_reward *original(const writing *w)
{
    return &w->j->c->spec->reward[w->j->reward];
}

/* --- names --- */

/* What stands for a character in XML; NULL: itself. */
static const char *entity_of(char c)
{
    switch (c) {
    case '&': return "&amp;";
    case '<': return "&lt;";
    case '>': return "&gt;";
    case '"': return "&quot;";
    case '\n': return "&#10;";
    case '\t': return "&#9;";
    default: return NULL;
    }
}

static void escape(sx_text *t, const char *text)
{
    for (; *text; text++) {
        const char *entity = entity_of(*text);
        if (entity)
            sx_text_put(t, entity);
        else
            sx_text_add(t, text, 1);
    }
}

/* A selector can hold one kind of quotes. */
static void keep_one_quote(char *id)
{
    bool both = strchr(id, '\'') && strchr(id, '"');
    for (; *id && both; id++)
        *id = *id == '"' ? '_' : *id;
}

/* R-repaired, with a number where that is taken.  Owned by the caller. */
static char *new_id(const sx_spec *spec, const char *id)
{
    sx_text t = {0};
    for (int number = 1; !t.failed; number++) {
        t.size = 0;
        sx_text_format(&t, number > 1 ? "%s-repaired-%d" : "%s-repaired", id, number);
        if (!t.failed)
            keep_one_quote(t.bytes);
        if (!t.failed && sx_spec_reward(spec, t.bytes) < 0 && !sx_spec_group(spec, t.bytes))
            break;
    }
    if (t.failed)
        sx_text_clear(&t);
    return t.bytes;
}

static void set_stem(writing *w, const char *path)
{
    const char *name = sx_path_name(path), *dot = strrchr(name, '.');
    snprintf(w->stem, sizeof w->stem, "%.*s", dot ? (int)(dot - name) : (int)strlen(name),
             name);
}

/* The part of file names that tells edits apart. */
static void edit_stem(const writing *w, int32_t edit, char *text, size_t size)
{
    const sx_edit *e = w->j->c->spec->edit;
    bool plain = true;
    size_t n = 0;
    for (const char *p = e[edit].id; *p && n + 1 < size / 2; p++) {
        bool good = isalnum((unsigned char)*p) || strchr("-_.", *p);
        plain = plain && good;
        text[n++] = good ? *p : '_';
    }
    text[n] = 0;
    if (!plain || n + 1 >= size / 2)
        snprintf(text + n, size - n, "_%d", (int)edit + 1);
}

/* --- what changes --- */

static void add_change(version *v, int32_t s, int32_t a, int32_t next, double was, double is)
{
    if (was != is)
        v->change[v->count++] = (change){s, a, next, was, is};
}

/* value [T] against on [T]. */
static void add_changes(version *v, const double *on, const double *value)
{
    const sx_mdp *m = v->world->mdp;
    for (int32_t s = 0; s < m->states; s++)
        for (int32_t k = m->pair[s]; k < m->pair[s + 1]; k++)
            for (int64_t t = m->first[k]; t < m->first[k + 1]; t++)
                add_change(v, s, m->action[k], m->next[t], on[t], value[t]);
}

static sx_status collect(writing *w, sx_error *err)
{
    const sx_repair_job *j = w->j;
    const sx_repair *x = j->repair;
    const sx_world *world = j->c->spec->world;
    const sx_reward *r = original(w)->reward;
    version *first;
    w->version = sx_alloc((size_t)j->count + 1, sizeof *w->version);
    if (!w->version)
        return sx_nomem(err);
    first = w->version;
    first->world = world;
    first->change = sx_alloc((size_t)(world->mdp->entries + x->extras), sizeof(change));
    if (!first->change)
        return sx_nomem(err);
    add_changes(first, r->on, x->value);
    for (int64_t i = 0; i < x->extras; i++) {
        const sx_exception *e = &x->extra[i];
        add_change(first, sx_mdp_pair_state(world->mdp, e->pair), world->mdp->action[e->pair],
                   e->state, sx_reward_at(world->mdp, r, e->pair, e->state), e->value);
    }
    for (int32_t i = 0; i < j->count; i++) {
        version *v = &w->version[i + 1];
        v->world = j->world[i].spec->world;
        if (!x->edited[i])
            continue;
        v->change = sx_alloc((size_t)v->world->mdp->entries, sizeof(change));
        if (!v->change)
            return sx_nomem(err);
        add_changes(v, j->edit[i].edited->on, x->edited[i]);
    }
    return SX_OK;
}

/* --- terms and tables --- */

/* A name that selects nothing but itself. */
static bool is_plain(const sx_world *w, const char *name)
{
    return strcmp(name, "*") != 0 && sx_world_label(w, name) < 0;
}

static bool is_short(const version *v)
{
    char s[SX_NAME_BUFFER], n[SX_NAME_BUFFER], a[SX_NAME_BUFFER];
    bool plain = v->count <= INLINE;
    for (int64_t i = 0; i < v->count && plain; i++) {
        const change *x = &v->change[i];
        plain = is_plain(v->world, sx_names_get(v->world->states, x->state, s)) &&
                is_plain(v->world, sx_names_get(v->world->states, x->next, n)) &&
                strcmp(sx_names_get(v->world->actions, x->action, a), "*") != 0;
    }
    return plain;
}

/* Few values, and no edit with steps has any of its own. */
static bool is_inline(const writing *w)
{
    int64_t count = 0;
    for (int32_t i = 0; i <= w->j->count; i++) {
        count += w->version[i].count;
        if (!is_short(&w->version[i]))
            return false;
        if (i > 0 && w->j->world[i - 1].step >= 0 && w->version[i].count)
            return false;
    }
    return count <= INLINE;
}

static void put_name(sx_text *t, const char *attribute, const sx_names *names, int32_t i)
{
    char buffer[SX_NAME_BUFFER];
    sx_text_format(t, " %s=\"", attribute);
    escape(t, sx_names_get(names, i, buffer));
    sx_text_put(t, "\"");
}

static void put_sets(sx_text *t, const version *v, const char *margin)
{
    char number[32];
    for (int64_t i = 0; i < v->count; i++) {
        const change *x = &v->change[i];
        sx_text_format(t, "%s  <set", margin);
        put_name(t, "from", v->world->states, x->state);
        put_name(t, "action", v->world->actions, x->action);
        put_name(t, "to", v->world->states, x->next);
        sx_number_write(x->is, number);
        sx_text_format(t, " value=\"%s\"/>\n", number);
    }
}

static void put_field(sx_text *t, const sx_names *names, int32_t i)
{
    char buffer[SX_NAME_BUFFER], *field = sx_csv_quote(sx_names_get(names, i, buffer));
    if (field)
        sx_text_format(t, "%s,", field);
    t->failed = t->failed || !field;
    sx_release(field);
}

/* A table that, added to the reward, gives the repaired one. */
static sx_status put_table(writing *w, const version *v, const char *name, sx_error *err)
{
    sx_text t = {0};
    char number[32];
    sx_output *file = sx_realloc(w->o->file, (size_t)w->o->count + 1, sizeof *file);
    if (!file)
        return sx_nomem(err);
    w->o->file = file;
    file[w->o->count] = (sx_output){sx_strdup(name), NULL, 0};
    sx_text_put(&t, "from,action,to,reward\n");
    for (int64_t i = 0; i < v->count; i++) {
        const change *x = &v->change[i];
        put_field(&t, v->world->states, x->state);
        put_field(&t, v->world->actions, x->action);
        put_field(&t, v->world->states, x->next);
        sx_number_write(x->is - x->was, number);
        sx_text_format(&t, "%s\n", number);
    }
    file[w->o->count].bytes = (unsigned char *)t.bytes;
    file[w->o->count].size = t.size;
    return file[w->o->count++].name && !t.failed ? SX_OK : sx_nomem(err);
}

/* The repaired reward of a version; href: of its table, NULL for terms. */
static void put_reward(const writing *w, sx_text *t, const version *v, const char *href,
                       const char *margin)
{
    sx_text_format(t, "%s<reward id=\"", margin);
    escape(t, w->id);
    sx_text_format(t, "\">\n%s  <use reward=\"", margin);
    escape(t, original(w)->id);
    sx_text_put(t, "\"/>\n");
    if (!href)
        put_sets(t, v, margin);
    else {
        sx_text_format(t, "%s  <table href=\"", margin);
        escape(t, href);
        sx_text_put(t, "\" missing=\"zero\"/>\n");
    }
    sx_text_format(t, "%s</reward>\n", margin);
}

/* --- the text of the specification --- */

/* The spaces in front of a byte of the text, if there is nothing else before it in its line. */
static void find_margin(const char *text, size_t at, char *margin, size_t size)
{
    size_t first = at;
    while (first > 0 && (text[first - 1] == ' ' || text[first - 1] == '\t'))
        first--;
    margin[0] = 0;
    if (first == 0 || text[first - 1] == '\n')
        snprintf(margin, size, "%.*s", (int)(at - first), text + first);
}

/* sel="mdp/reward[@id='...']..." */
static void put_sel(const writing *w, sx_text *t, const char *rest)
{
    const char *quote = strchr(w->id, '\'') ? "&quot;" : "'";
    sx_text_format(t, "<replace sel=\"mdp/reward[@id=%s", quote);
    escape(t, w->id);
    sx_text_format(t, "%s]%s\">", quote, rest);
}

/* The name of the table of edit e, as its patch names it. */
static void table_href(const writing *w, int32_t e, char *text, size_t size)
{
    char edit[160];
    edit_stem(w, e, edit, sizeof edit);
    snprintf(text, size, "%s.%s%s.csv", w->stem, edit,
             w->j->c->spec->edit[e].steps ? ".{step}" : "");
}

/* The patch of edit e; i: its (first) world. */
static void put_patch(const writing *w, sx_text *t, int32_t e, int32_t i, const char *margin)
{
    char href[480], inner[80];
    if (w->in_line) {
        snprintf(inner, sizeof inner, "%s    ", margin);
        sx_text_format(t, "\n%s  ", margin);
        put_sel(w, t, "");
        sx_text_put(t, "\n");
        put_reward(w, t, &w->version[i + 1], NULL, inner);
        sx_text_format(t, "%s  </replace>", margin);
        return;
    }
    table_href(w, e, href, sizeof href);
    sx_text_format(t, "\n%s  ", margin);
    put_sel(w, t, "/table/@href");
    escape(t, href);
    sx_text_put(t, "</replace>");
}

/* Everything of the text up to `to`, from where the last call ended. */
static void copy_to(const sx_spec *spec, size_t *from, size_t to, sx_text *t)
{
    sx_text_add(t, spec->text + *from, to - *from);
    *from = to;
}

static const sx_node *next_edit(const sx_node *n)
{
    while (n && strcmp(n->name, "edit") != 0)
        n = n->next;
    return n;
}

/* The text with the reward and the patches. */
static void put_text(writing *w, sx_text *t)
{
    char margin[64], href[320];
    const sx_spec *spec = w->j->c->spec;
    const sx_node *n = next_edit(sx_xml_root(w->xml)->child);
    size_t at = 0;
    int32_t world = 0;
    snprintf(href, sizeof href, "%s.repaired.csv", w->stem);
    for (int32_t e = 0; e < spec->edits && n; e++, n = next_edit(n->next)) {
        find_margin(spec->text, n->start - 1, margin, sizeof margin);
        if (e == 0) {
            copy_to(spec, &at, n->start - 1 - strlen(margin), t);
            put_reward(w, t, w->version, w->in_line ? NULL : href, margin);
        }
        copy_to(spec, &at, n->raw, t);
        if (!spec->edit[e].permutes)
            put_patch(w, t, e, world, margin);
        while (world < w->j->count && w->j->world[world].edit == e)
            world++;
    }
    copy_to(spec, &at, spec->text_size, t);
}

/* --- files --- */

/* A step that stands in a file name. */
static sx_status check_steps(const writing *w, sx_error *err)
{
    const sx_spec *spec = w->j->c->spec;
    for (int32_t e = 0; e < spec->edits && !w->in_line; e++)
        for (int32_t i = 0; i < spec->edit[e].steps && !spec->edit[e].permutes; i++)
            if (strchr(spec->edit[e].step_text[i], '/'))
                return sx_cli_fail(w->j->c, "E453", err,
                                   "step %.40s of edit %.80s would be part of a file name: "
                                   "write it as a decimal",
                                   spec->edit[e].step_text[i], spec->edit[e].id);
    return SX_OK;
}

static sx_status put_tables(writing *w, sx_error *err)
{
    char name[640], edit[160];
    const sx_repair_job *j = w->j;
    snprintf(name, sizeof name, "%s.repaired.csv", w->stem);
    sx_status st = put_table(w, w->version, name, err);
    for (int32_t i = 0; i < j->count && !st; i++) {
        const sx_edit *e = &j->c->spec->edit[j->world[i].edit];
        if (e->permutes)
            continue;
        edit_stem(w, j->world[i].edit, edit, sizeof edit);
        snprintf(name, sizeof name, "%s.%s%s%s.csv", w->stem, edit, e->steps ? "." : "",
                 e->steps ? e->step_text[j->world[i].step] : "");
        st = put_table(w, &w->version[i + 1], name, err);
    }
    return st;
}

static sx_status outputs_new(writing *w, const char *path, sx_error *err)
{
    w->o = sx_alloc(1, sizeof *w->o);
    if (w->o)
        w->o->file = sx_alloc(1, sizeof *w->o->file);
    if (!w->o || !w->o->file)
        return sx_nomem(err);
    w->o->file[0].name = sx_strdup(sx_path_name(path));
    w->o->count = 1;
    return w->o->file[0].name ? SX_OK : sx_nomem(err);
}

static void writing_clear(writing *w)
{
    for (int32_t i = 0; w->version && i <= w->j->count; i++)
        sx_release(w->version[i].change);
    sx_release(w->version);
    sx_release(w->id);
    sx_xml_free(w->xml);
}

static sx_status write_xml(writing *w, sx_error *err)
{
    sx_text t = {0};
    sx_status st = check_steps(w, err);
    if (!st && !w->in_line)
        st = put_tables(w, err);
    if (st)
        return st;
    put_text(w, &t);
    w->o->file[0].bytes = (unsigned char *)t.bytes;
    w->o->file[0].size = t.size;
    return t.failed ? sx_nomem(err) : SX_OK;
}

sx_status sx_repair_xml(const sx_repair_job *j, const char *path, sx_outputs **out,
                        sx_error *err)
{
    const sx_spec *spec = j->c->spec;
    writing w = {.j = j, .id = new_id(spec, spec->reward[j->reward].id)};
    sx_status st = w.id ? outputs_new(&w, path, err) : sx_nomem(err);
    set_stem(&w, path);
    if (!st)
        st = collect(&w, err);
    if (!st)
        st = sx_xml_parse(spec->file, spec->text, spec->text_size, j->c->diags, &w.xml, err);
    if (!st) {
        w.in_line = is_inline(&w);
        st = write_xml(&w, err);
    }
    if (st)
        w.o = sx_outputs_free(w.o);
    writing_clear(&w);
    *out = w.o;
    return st;
}

/* --- numpy --- */

static bool has_one_successor(const sx_mdp *m)
{
    return m->entries == m->pairs;
}

/* The shape of the array of a world: S x A x S, or S x A where that is large and every pair has
 * one successor. */
static sx_status shape_of(const writing *w, const sx_mdp *m, const sx_reward *r, sx_array *a,
                          sx_error *err)
{
    int64_t rows = (int64_t)m->states * m->actions;
    bool large = rows > ARRAY_LIMIT / m->states || r->unknown;
    *a = (sx_array){.dims = large ? 2 : 3, .shape = {m->states, m->actions, 1}};
    if (!large)
        a->shape[2] = m->states;
    if (large && !has_one_successor(m))
        return sx_cli_fail(w->j->c, "E453", err,
                           "an array of the repaired reward would have more than 2^24 values: "
                           "--repair with .xml writes only what changes");
    a->value = sx_alloc((size_t)(rows * a->shape[2]), sizeof *a->value);
    return a->value ? SX_OK : sx_nomem(err);
}

/* The values of pair k, with those of its possible triples from value [T]. */
static void fill_pair(const sx_mdp *m, const sx_reward *r, const double *value, int32_t s,
                      int32_t k, sx_array *a)
{
    if (!a->value)
        return;
    double *to = a->value + ((int64_t)s * m->actions + m->action[k]) * a->shape[2];
    if (a->dims == 2) {
        to[0] = value[m->first[k]];
        return;
    }
    sx_reward_row(m, r, k, to);
    for (int64_t t = m->first[k]; t < m->first[k + 1]; t++)
        to[m->next[t]] = value[t];
}

static void fill_array(const sx_mdp *m, const sx_reward *r, const double *value, sx_array *a)
{
    for (int32_t s = 0; s < m->states; s++)
        for (int32_t k = m->pair[s]; k < m->pair[s + 1]; k++)
            fill_pair(m, r, value, s, k, a);
}

/* One array as the next file. */
static sx_status put_array(writing *w, const sx_mdp *m, const sx_reward *r, const double *value,
                           const char *name, sx_error *err)
{
    sx_array a = {0};
    const sx_repair *x = w->j->repair;
    sx_output *file = sx_realloc(w->o->file, (size_t)w->o->count + 1, sizeof *file);
    if (!file)
        return sx_nomem(err);
    w->o->file = file;
    file += w->o->count;
    sx_status st = shape_of(w, m, r, &a, err);
    *file = (sx_output){NULL, NULL, 0};
    if (!st) {
        w->o->count++;
        fill_array(m, r, value, &a);
        for (int64_t i = 0; value == x->value && a.dims == 3 && i < x->extras; i++) {
            int32_t k = x->extra[i].pair, s = sx_mdp_pair_state(m, k);
            a.value[((int64_t)s * m->actions + m->action[k]) * m->states + x->extra[i].state] =
                x->extra[i].value;
        }
        file->name = sx_strdup(name);
        st = file->name ? sx_npy_format(&a, &file->bytes, &file->size, err) : sx_nomem(err);
    }
    sx_release(a.value);
    return st;
}

sx_status sx_repair_npy(const sx_repair_job *j, const char *path, sx_outputs **out,
                        sx_error *err)
{
    char name[640], edit[160];
    writing w = {.j = j, .o = sx_alloc(1, sizeof *w.o)};
    set_stem(&w, path);
    sx_status st = w.o ? put_array(&w, j->c->spec->world->mdp, original(&w)->reward,
                                   j->repair->value, sx_path_name(path), err)
                       : sx_nomem(err);
    for (int32_t i = 0; i < j->count && !st; i++) {
        const sx_edit *e = &j->c->spec->edit[j->world[i].edit];
        if (!j->repair->edited[i])
            continue;
        edit_stem(&w, j->world[i].edit, edit, sizeof edit);
        snprintf(name, sizeof name, "%s.%s%s%s.npy", w.stem, edit, e->steps ? "." : "",
                 e->steps ? e->step_text[j->world[i].step] : "");
        st = strchr(name, '/') ? sx_cli_fail(j->c, "E453", err,
                                             "step %.40s of edit %.80s would be part of a file "
                                             "name: write it as a decimal",
                                             e->step_text[j->world[i].step], e->id)
                               : put_array(&w, j->edit[i].m, j->edit[i].edited,
                                           j->repair->edited[i], name, err);
    }
    if (st)
        w.o = sx_outputs_free(w.o);
    *out = w.o;
    return st;
}
