/* SPDX-License-Identifier: GPL-3.0-or-later */
/* export_csv.c - a specification as long CSV tables: transitions, and one reward each, which
 * lists the possible triples and those impossible ones that are not zero. */
#include "mdp/csv.h"
#include "mdp/export_int.h"
#include "mdp/reward_int.h"

#include <ctype.h>
#include <string.h>

static const int64_t ROWS_LIMIT = (int64_t)1 << 24;

static void put(sx_i_text *t, const char *text)
{
    sx_i_text_put(t, text, strlen(text));
}

/* Plain names, which most are, need no quotes. */
static void put_field(sx_i_text *t, const char *text)
{
    const char *p = text;
    while (isalnum((unsigned char)*p) || *p == '_')
        p++;
    if (*text && !*p) {
        put(t, text);
        return;
    }
    char *field = sx_csv_quote(text);
    if (field)
        put(t, field);
    t->failed = t->failed || !field;
    sx_release(field);
}

static void put_row(sx_i_text *t, const sx_world *w, int32_t s, int32_t a, int32_t next,
                    double value)
{
    char buffer[SX_NAME_BUFFER], number[32];
    put_field(t, sx_names_get(w->states, s, buffer));
    put(t, ",");
    put_field(t, sx_names_get(w->actions, a, buffer));
    put(t, ",");
    put_field(t, sx_names_get(w->states, next, buffer));
    sx_number_write(value, number);
    put(t, ",");
    put(t, number);
    put(t, "\n");
}

static sx_status too_long(const char *what, sx_error *err)
{
    return sx_fail(err, SX_ELIMIT, "the table of %s would have more than 2^24 rows", what);
}

/* The table as a file of the export; its name becomes href. */
static sx_status add_table(sx_outputs *o, const char *middle, sx_i_text *table, sx_i_text *t,
                           sx_error *err)
{
    char *text = NULL;
    size_t size = table->size;
    sx_status st = sx_i_text_take(table, &text, err);
    if (!st)
        st = sx_i_outputs_add(o, middle, ".csv", (unsigned char *)text, size, err);
    if (!st)
        sx_i_put_attr(t, "href", o->file[o->count - 1].name);
    return st;
}

static sx_status add_transitions(const sx_world *w, sx_outputs *o, sx_i_text *t, sx_error *err)
{
    const sx_mdp *m = w->mdp;
    sx_i_text table = {0};
    if (m->entries > ROWS_LIMIT)
        return too_long("transitions", err);
    put(&table, "from,action,to,p\n");
    for (int32_t s = 0; s < m->states; s++)
        for (int32_t k = m->pair[s]; k < m->pair[s + 1]; k++)
            for (int64_t i = m->first[k]; i < m->first[k + 1]; i++)
                put_row(&table, w, s, m->action[k], m->next[i], m->prob[i]);
    return add_table(o, "transitions", &table, t, err);
}

/* The rows of one pair; returns how many. */
static int64_t put_pair(sx_i_text *t, const sx_world *w, int32_t s, int32_t k,
                        const double *row)
{
    const sx_mdp *m = w->mdp;
    int64_t rows = 0, i = m->first[k];
    for (int32_t next = 0; next < m->states; next++) {
        bool possible = i < m->first[k + 1] && m->next[i] == next;
        i += possible;
        if (possible || row[next] != 0) {
            put_row(t, w, s, m->action[k], next, row[next]);
            rows++;
        }
    }
    return rows;
}

static sx_status add_reward(const sx_world *w, sx_outputs *o, const sx_named_reward *r,
                            sx_i_text *t, sx_error *err)
{
    const sx_mdp *m = w->mdp;
    int64_t rows = 0;
    sx_i_text table = {0};
    double *row = sx_alloc((size_t)m->states, sizeof *row);
    sx_status st = row ? sx_i_export_known(r, err) : sx_nomem(err);
    put(&table, "from,action,to,reward\n");
    for (int32_t s = 0; !st && s < m->states; s++)
        for (int32_t k = m->pair[s]; !st && k < m->pair[s + 1]; k++) {
            sx_reward_row(m, r->reward, k, row);
            rows += put_pair(&table, w, s, k, row);
            if (rows > ROWS_LIMIT)
                st = too_long(r->id, err);
        }
    put(t, "  <reward");
    sx_i_put_attr(t, "id", r->id);
    if (r->group)
        sx_i_put_attr(t, "group", r->group);
    put(t, "><table");
    if (!st)
        st = add_table(o, r->id, &table, t, err);
    put(t, " missing=\"zero\"/></reward>\n");
    sx_release(table.text);
    sx_release(row);
    return st;
}

sx_status sx_export_csv(const sx_spec *spec, const char *name, sx_outputs **out, sx_error *err)
{
    sx_i_text t = {0};
    sx_outputs *o = NULL;
    *out = NULL;
    sx_status st = sx_i_export_check(spec, err);
    if (!st)
        st = sx_i_outputs_new(name, &o, err);
    if (!st) {
        sx_i_put_head(&t, spec);
        put(&t, "  <transitions");
        st = add_transitions(spec->world, o, &t, err);
        put(&t, ">\n");
        sx_i_put_names(&t, spec->world);
        sx_i_put_pairs(&t, spec->world);
        put(&t, "  </transitions>\n");
        sx_i_put_initial(&t, spec->world);
    }
    for (int32_t i = 0; !st && i < spec->rewards; i++)
        st = add_reward(spec->world, o, &spec->reward[i], &t, err);
    sx_i_put_foot(&t);
    if (!st)
        st = sx_i_outputs_text(o, &t, err);
    sx_release(t.text);
    if (st)
        o = sx_outputs_free(o);
    *out = o;
    return st;
}
