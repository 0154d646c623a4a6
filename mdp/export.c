/* SPDX-License-Identifier: GPL-3.0-or-later */
/* export.c - the files of an export, and the parts of XML that all forms have. */
#include "mdp/export_int.h"

#include "mdp/file.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

/* --- files
 * ------------------------------------------------------------------------------------ */

sx_outputs *sx_outputs_free(sx_outputs *o)
{
    if (!o)
        return NULL;
    for (int32_t i = 0; o->file && i < o->count; i++) {
        sx_release(o->file[i].name);
        sx_release(o->file[i].bytes);
    }
    sx_release(o->file);
    return sx_release(o);
}

sx_status sx_i_outputs_new(const char *name, sx_outputs **out, sx_error *err)
{
    sx_outputs *o = *out = sx_alloc(1, sizeof *o);
    if (o)
        o->file = sx_alloc(1, sizeof *o->file);
    if (o && o->file) {
        o->count = 1;
        o->file[0].name = sx_strdup(sx_path_name(name));
    }
    if (!o || !o->file || !o->file[0].name) {
        *out = sx_outputs_free(o);
        return sx_nomem(err);
    }
    return SX_OK;
}

/* Bytes of the name before its last suffix. */
static size_t stem(const char *name)
{
    const char *dot = strrchr(name, '.');
    return dot && dot != name ? (size_t)(dot - name) : strlen(name);
}

static bool has_name(const sx_outputs *o, const char *name)
{
    for (int32_t i = 0; i < o->count; i++)
        if (!strcmp(o->file[i].name, name))
            return true;
    return false;
}

/* STEM.MIDDLE.SUFFIX, with a number after the middle unless that is 0.  NULL: out of memory. */
static char *file_name(const sx_outputs *o, const char *middle, int number, const char *suffix)
{
    const char *name = o->file[0].name;
    char digits[16] = "";
    sx_i_text t = {0};
    char *text = NULL;
    sx_i_text_put(&t, name, stem(name));
    sx_i_text_put(&t, ".", 1);
    for (; *middle; middle++) {
        bool plain = isalnum((unsigned char)*middle) || strchr("-_", *middle);
        sx_i_text_put(&t, plain ? middle : "_", 1);
    }
    if (number)
        snprintf(digits, sizeof digits, "_%d", number);
    sx_i_text_put(&t, digits, strlen(digits));
    sx_i_text_put(&t, suffix, strlen(suffix));
    return sx_i_text_take(&t, &text, NULL) ? NULL : text;
}

sx_status sx_i_outputs_add(sx_outputs *o, const char *middle, const char *suffix,
                           unsigned char *bytes, size_t size, sx_error *err)
{
    int number = 0;
    char *name = file_name(o, middle, number, suffix);
    while (name && has_name(o, name)) {
        sx_release(name);
        name = file_name(o, middle, ++number, suffix);
    }
    sx_output *file = name ? sx_realloc(o->file, (size_t)o->count + 1, sizeof *file) : NULL;
    if (!file) {
        sx_release(name);
        sx_release(bytes);
        return sx_nomem(err);
    }
    o->file = file;
    file[o->count++] = (sx_output){name, bytes, size};
    return SX_OK;
}

sx_status sx_i_outputs_text(sx_outputs *o, sx_i_text *t, sx_error *err)
{
    char *text = NULL;
    size_t size = t->size;
    sx_status st = sx_i_text_take(t, &text, err);
    if (!st && size > SX_I_XML_LIMIT) {
        sx_release(text);
        return sx_fail(err, SX_ELIMIT,
                       "the XML would be %zu MB, more than the 64 MiB that can be read back: "
                       "convert to .npy or .csv",
                       size >> 20);
    }
    o->file[0].bytes = (unsigned char *)text;
    o->file[0].size = st ? 0 : size;
    return st;
}

/* --- text
 * ------------------------------------------------------------------------------------- */

static void put(sx_i_text *t, const char *text)
{
    sx_i_text_put(t, text, strlen(text));
}

void sx_i_put_attr(sx_i_text *t, const char *name, const char *value)
{
    put(t, " ");
    put(t, name);
    put(t, "=\"");
    sx_i_text_escape(t, value);
    put(t, "\"");
}

void sx_i_put_number(sx_i_text *t, const char *name, double value)
{
    char text[32];
    sx_number_write(value, text);
    sx_i_put_attr(t, name, text);
}

void sx_i_put_state(sx_i_text *t, const char *name, const sx_world *w, int32_t s)
{
    char buffer[SX_NAME_BUFFER];
    sx_i_put_attr(t, name, sx_names_get(w->states, s, buffer));
}

void sx_i_put_action(sx_i_text *t, const char *name, const sx_world *w, int32_t a)
{
    char buffer[SX_NAME_BUFFER];
    sx_i_put_attr(t, name, sx_names_get(w->actions, a, buffer));
}

void sx_i_put_head(sx_i_text *t, const sx_spec *spec)
{
    put(t, "<mdp version=\"1\"");
    sx_i_put_attr(t, "id", spec->id);
    sx_i_put_number(t, "discount", spec->world->mdp->discount);
    put(t, ">\n");
    if (spec->title && *spec->title) {
        put(t, "  <title>");
        sx_i_text_escape(t, spec->title);
        put(t, "</title>\n");
    }
}

void sx_i_put_foot(sx_i_text *t)
{
    put(t, "</mdp>\n");
}

/* --- names
 * ------------------------------------------------------------------------------------ */

/* Are they "0", "1", ...? */
static bool numbered(const sx_names *names)
{
    char buffer[SX_NAME_BUFFER], number[16];
    for (int32_t i = 0; i < sx_names_count(names); i++) {
        snprintf(number, sizeof number, "%d", (int)i);
        if (strcmp(sx_names_get(names, i, buffer), number) != 0)
            return false;
    }
    return true;
}

static void put_count(sx_i_text *t, const char *name, int32_t count)
{
    char number[16];
    snprintf(number, sizeof number, "%d", (int)count);
    put(t, "    <");
    put(t, name);
    sx_i_put_attr(t, "count", number);
    put(t, "/>\n");
}

/* Where each label is in its list of states, as states are passed in ascending order. */
typedef struct cursor {
    const sx_world *w;
    int32_t *at; /* [labels] */
} cursor;

/* labels="a b" of state s. */
static bool put_labels(sx_i_text *t, cursor *c, int32_t s)
{
    bool any = false;
    for (int32_t i = 0; i < c->w->labels; i++) {
        const sx_label *x = &c->w->label[i];
        if (c->at[i] == x->count || x->state[c->at[i]] != s)
            continue;
        c->at[i]++;
        put(t, any ? " " : " labels=\"");
        sx_i_text_escape(t, x->name);
        any = true;
    }
    put(t, any ? "\"" : "");
    return any;
}

void sx_i_put_attribute(sx_i_text *t, const sx_variable *v, double value)
{
    char buffer[SX_NAME_BUFFER];
    put(t, "<attribute");
    sx_i_put_attr(t, "id", v->name);
    if (v->symbols)
        sx_i_put_attr(t, "value", sx_names_get(v->symbols, (int32_t)value, buffer));
    else
        sx_i_put_number(t, "value", value);
    put(t, "/>");
}

static bool put_attributes(sx_i_text *t, const sx_world *w, int32_t s)
{
    bool any = false;
    for (int32_t i = 0; i < w->variables; i++)
        if (!w->variable[i].of_pairs && !isnan(w->variable[i].value[s])) {
            put(t, any ? "" : ">");
            sx_i_put_attribute(t, &w->variable[i], w->variable[i].value[s]);
            any = true;
        }
    return any;
}

/* One <state>; taken back when it says nothing and need not be there. */
static void put_one(sx_i_text *t, cursor *c, int32_t s, bool needed)
{
    size_t before = t->size;
    put(t, "    <state");
    sx_i_put_state(t, "id", c->w, s);
    bool any = put_labels(t, c, s);
    if (c->w->mdp->absorbing[s]) {
        sx_i_put_attr(t, "absorbing", "true");
        any = true;
    }
    bool children = put_attributes(t, c->w, s);
    put(t, children ? "</state>\n" : "/>\n");
    if (!any && !children && !needed && !t->failed)
        t->size = before;
}

void sx_i_put_names(sx_i_text *t, const sx_world *w)
{
    cursor c = {w, sx_alloc((size_t)w->labels, sizeof(int32_t))};
    bool states = numbered(w->states), actions = numbered(w->actions);
    t->failed = t->failed || !c.at;
    if (!c.at)
        return;
    if (states)
        put_count(t, "states", w->mdp->states);
    for (int32_t s = 0; s < w->mdp->states && !t->failed; s++)
        put_one(t, &c, s, !states);
    if (actions)
        put_count(t, "actions", w->mdp->actions);
    for (int32_t a = 0; a < w->mdp->actions && !actions; a++) {
        put(t, "    <action");
        sx_i_put_action(t, "id", w, a);
        put(t, "/>\n");
    }
    sx_release(c.at);
}

/* What the reader takes without <initial>: uniform over the states that are not absorbing, over
 * all if none is left. */
static bool is_usual(const sx_mdp *m)
{
    int32_t open = 0;
    for (int32_t s = 0; s < m->states; s++)
        open += !m->absorbing[s];
    for (int32_t s = 0; s < m->states; s++) {
        double usual = open == 0 ? 1.0 / m->states : m->absorbing[s] ? 0 : 1.0 / open;
        if (m->initial[s] != usual)
            return false;
    }
    return true;
}

void sx_i_put_initial(sx_i_text *t, const sx_world *w)
{
    const sx_mdp *m = w->mdp;
    if (is_usual(m))
        return;
    put(t, "  <initial>\n");
    for (int32_t s = 0; s < m->states; s++) {
        if (!(m->initial[s] > 0))
            continue;
        put(t, "    <start");
        sx_i_put_state(t, "state", w, s);
        sx_i_put_number(t, "p", m->initial[s]);
        put(t, "/>\n");
    }
    put(t, "  </initial>\n");
}

/* --- what cannot be written
 * -------------------------------------------------------------------- */

/* XML keeps neither blanks in names nor control characters anywhere. */
static sx_status check_name(const char *what, const char *name, sx_error *err)
{
    bool bad = !*name || !strcmp(name, "*");
    for (const char *p = name; *p; p++)
        bad = bad || (unsigned char)*p <= ' ';
    if (bad)
        return sx_fail(err, SX_EARG,
                       "the %s name \"%.100s\" is empty, * or has blanks, which XML cannot "
                       "carry: rename it",
                       what, name);
    return SX_OK;
}

static sx_status check_names(const char *what, const sx_names *names, sx_error *err)
{
    char buffer[SX_NAME_BUFFER];
    sx_status st = SX_OK;
    for (int32_t i = 0; !st && i < sx_names_count(names); i++)
        st = check_name(what, sx_names_get(names, i, buffer), err);
    return st;
}

/* An absorbing state has all actions, or absorbing="true" would give it more. */
static sx_status check_absorbing(const sx_world *w, sx_error *err)
{
    char buffer[SX_NAME_BUFFER];
    const sx_mdp *m = w->mdp;
    for (int32_t s = 0; s < m->states; s++)
        if (m->absorbing[s] && m->pair[s + 1] - m->pair[s] != m->actions)
            return sx_fail(err, SX_EARG, "the absorbing state %s lacks some actions",
                           sx_names_get(w->states, s, buffer));
    return SX_OK;
}

sx_status sx_i_export_check(const sx_spec *spec, sx_error *err)
{
    const sx_world *w = spec->world;
    sx_status st = check_names("state", w->states, err);
    if (!st)
        st = check_names("action", w->actions, err);
    for (int32_t i = 0; !st && i < w->labels; i++)
        st = check_name("label", w->label[i].name, err);
    for (int32_t i = 0; !st && i < spec->rewards; i++)
        st = check_name("reward", spec->reward[i].id, err);
    return st ? st : check_absorbing(w, err);
}

sx_status sx_i_export_known(const sx_named_reward *r, sx_error *err)
{
    if (!r->reward->unknown)
        return SX_OK;
    return sx_fail(err, SX_EARG, "reward %s has no values on impossible triples: %s", r->id,
                   r->reward->unknown);
}
