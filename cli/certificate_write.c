/* SPDX-License-Identifier: GPL-3.0-or-later */
/* certificate_write.c - a certificate as JSON and arrays. */
#include "cli/certificate.h"

#include <inttypes.h>
#include <string.h>

#include <jansson.h>

#include "mdp/file.h"
#include "mdp/npy.h"

/* Vectors of one length: in the JSON, or rows of one array. */
typedef struct pool {
    const char *name; /* "states" */
    int64_t length;
    bool inside; /* the JSON */
    int32_t count;
    const double **row; /* [count] borrowed */
} pool;

typedef struct writing {
    sx_cli *c;
    const sx_certificate *x;
    sx_report report;
    pool pool[SX_POOLS];
    bool counting; /* the first of two walks, which writes nothing */
} writing;

static void put_vector(writing *w, sx_pool which, sx_value *parent, const char *key,
                       const double *v)
{
    pool *p = &w->pool[which];
    sx_report *r = &w->report;
    if (w->counting) {
        p->count++;
        return;
    }
    if (p->inside) {
        sx_value *list = sx_put_list(r, parent, key);
        for (int64_t i = 0; i < p->length && !r->failed; i++)
            sx_put_number(r, list, NULL, v[i]);
    } else {
        sx_put_whole(r, sx_put_object(r, parent, key), "row", p->count);
        p->row[p->count++] = v;
    }
}

/* The object that path leads to from v, made where it is not there; *key: the last name. */
static sx_value *descend(writing *w, sx_value *v, const char *path, char *key, size_t size)
{
    const char *dot;
    while ((dot = strchr(path, '.')) && !w->report.failed) {
        snprintf(key, size, "%.*s", (int)(dot - path), path);
        sx_value *next = json_object_get(v, key);
        v = next ? next : sx_put_object(&w->report, v, key);
        path = dot + 1;
    }
    snprintf(key, size, "%s", path);
    return v;
}

static const char *reward_id(const writing *w, int32_t i)
{
    return w->c->spec->reward[w->x->reward[i].reward].id;
}

static void put_leaf(writing *w, sx_value *v, const char *key, const sx_field *f,
                     const void *at)
{
    sx_report *r = &w->report;
    const double *number = at;
    const int32_t *whole = at;
    const sx_number *maybe = at;
    switch (f->kind) {
    case SX_FIELD_NUMBER: sx_put_number(r, v, key, *number); break;
    case SX_FIELD_RANGE: sx_put_range(r, v, key, number[0], number[1]); break;
    case SX_FIELD_MAYBE: sx_put_number(r, v, key, maybe->value); break;
    case SX_FIELD_REASON:
        if (maybe->reason)
            sx_put_text(r, v, key, maybe->reason);
        else
            sx_put_null(r, v, key);
        break;
    case SX_FIELD_FLAG: sx_put_bool(r, v, key, *(const bool *)at); break;
    case SX_FIELD_HASH: sx_put_text(r, v, key, at); break;
    case SX_FIELD_ID: sx_put_text(r, v, key, w->c->spec->reward[*whole].id); break;
    case SX_FIELD_REWARD: sx_put_text(r, v, key, reward_id(w, *whole)); break;
    case SX_FIELD_WORD: sx_put_text(r, v, key, f->word(*whole)); break;
    case SX_FIELD_STATES:
    case SX_FIELD_PAIRS:
    case SX_FIELD_TERMS: break;
    }
}

/* Whether nothing is there to be written: no vector, or a weight of 0 without one. */
static bool is_absent(const writing *w, const sx_field *f, sx_pool which, const char *item)
{
    const void *at = item + f->at;
    if (!sx_field_applies(w->x, f, item))
        return true;
    if (which < SX_POOLS)
        return !*(double *const *)at;
    return f->optional && *(const double *)at == 0;
}

/* The fields of one struct into object v. */
static void put_fields(writing *w, sx_value *v, const sx_field *f, const char *item)
{
    char key[32];
    for (; f->path && !w->report.failed; f++) {
        const void *at = item + f->at;
        sx_pool which = sx_field_pool(f, item);
        if (is_absent(w, f, which, item))
            continue;
        if (w->counting) {
            if (which < SX_POOLS)
                put_vector(w, which, NULL, NULL, NULL);
            continue;
        }
        sx_value *under = descend(w, v, f->path, key, sizeof key);
        if (which < SX_POOLS)
            put_vector(w, which, under, key, *(double *const *)at);
        else
            put_leaf(w, under, key, f, at);
    }
}

static void put_list(writing *w, const sx_field_list *l)
{
    sx_report *r = &w->report;
    const char *c = (const char *)w->x;
    int32_t n = *(const int32_t *)(const void *)(c + l->count);
    const char *item = *(char *const *)(const void *)(c + l->array);
    sx_value *list = w->counting ? NULL : sx_put_list(r, r->root, l->name);
    for (int32_t i = 0; i < n && !r->failed; i++)
        put_fields(w, w->counting ? NULL : sx_put_object(r, list, NULL), l->field,
                   item + (size_t)i * l->size);
}

static void put_body(writing *w)
{
    sx_report *r = &w->report;
    for (const sx_field_list *l = sx_field_lists; l->name && !r->failed; l++)
        if (l->kinds >> w->x->kind & 1)
            put_list(w, l);
    put_fields(w, r->root, sx_field_root, (const char *)w->x);
    if (w->x->solution && !r->failed)
        put_fields(w, w->counting ? NULL : sx_put_object(r, r->root, "solution"),
                   sx_field_solution, (const char *)w->x->solution);
}

static void put_head(writing *w)
{
    sx_report *r = &w->report;
    const sx_certificate_world *m = &w->x->world;
    const sx_spec *spec = w->c->spec;
    r->root = json_object();
    r->failed = !r->root;
    sx_put_text(r, r->root, "format", "sextant certificate");
    sx_put_whole(r, r->root, "format_version", 1);
    sx_put_text(r, r->root, "kind", sx_certificate_kind_name((int32_t)w->x->kind));
    sx_put_text(r, r->root, "version", SX_VERSION);
    sx_put_text(r, r->root, "mdp", spec->id);
    sx_put_list(r, r->root, "inputs");
    for (int32_t i = 0; i < spec->inputs; i++)
        sx_report_input(r, spec->input[i].name, spec->input[i].sha256);
    sx_value *v = sx_put_object(r, r->root, "world");
    sx_put_whole(r, v, "states", m->states);
    sx_put_whole(r, v, "actions", m->actions);
    sx_put_whole(r, v, "pairs", m->pairs);
    sx_put_whole(r, v, "transitions", m->transitions);
    sx_put_whole(r, v, "states_in_use", m->n);
    sx_put_whole(r, v, "pairs_in_use", m->k);
    sx_put_number(r, v, "discount", m->discount);
    sx_put_text(r, v, "sha256", m->sha256);
    sx_put_number(r, r->root, "tolerance", w->x->tolerance);
    sx_put_number(r, r->root, "trivial", w->x->trivial);
}

/* path without its suffix .json, as a base name. */
static void stem(const char *path, sx_text *t)
{
    const char *name = sx_path_name(path);
    size_t n = strlen(name);
    if (n > 5 && !strcmp(name + n - 5, ".json"))
        n -= 5;
    sx_text_add(t, name, n);
}

/* The rows of a pool as a file. */
static sx_status pool_file(writing *w, const pool *p, const char *path, sx_output *file,
                           sx_error *err)
{
    sx_text name = {0};
    size_t n = (size_t)p->length;
    sx_array a = {.dims = 2, .shape = {p->count, p->length, 1}};
    if (p->count * p->length > SX_ARRAY_LIMIT)
        return sx_fail(err, SX_ELIMIT,
                       "the certificate would have %" PRId32 " vectors of %" PRId64
                       " numbers: ask for fewer rewards at a time",
                       p->count, p->length);
    a.value = sx_alloc((size_t)p->count * n, sizeof *a.value);
    for (int32_t i = 0; a.value && i < p->count; i++)
        memcpy(a.value + (size_t)i * n, p->row[i], n * sizeof *a.value);
    stem(path, &name);
    sx_text_format(&name, ".%s.npy", p->name);
    sx_status st = a.value && !name.failed ? sx_npy_format(&a, &file->bytes, &file->size, err)
                                           : sx_nomem(err);
    sx_release(a.value);
    file->name = name.bytes;
    if (!st) {
        char sha256[65];
        sx_value *arrays = json_object_get(w->report.root, "arrays");
        sx_sha256(file->bytes, file->size, sha256);
        sx_value *v = sx_put_object(&w->report, arrays, p->name);
        sx_put_text(&w->report, v, "file", file->name);
        sx_put_text(&w->report, v, "sha256", sha256);
    }
    return st;
}

static sx_status pools_start(writing *w, sx_error *err)
{
    for (int i = 0; i < SX_POOLS; i++)
        w->pool[i] = (pool){.name = sx_pool_name((sx_pool)i),
                            .length = sx_pool_length(w->x, (sx_pool)i)};
    w->counting = true;
    put_body(w);
    w->counting = false;
    for (int i = 0; i < SX_POOLS; i++) {
        pool *p = &w->pool[i];
        p->row = sx_alloc((size_t)p->count, sizeof(double *));
        if (!p->row)
            return sx_nomem(err);
        p->inside = p->length <= SX_INLINE && p->length * p->count <= SX_INLINE_TOTAL;
        p->count = 0;
    }
    return SX_OK;
}

static sx_status make_files(writing *w, const char *path, sx_outputs *o, sx_error *err)
{
    sx_text json = {0};
    sx_status st = SX_OK;
    o->count = 1;
    put_head(w);
    sx_put_object(&w->report, w->report.root, "arrays");
    put_body(w);
    for (int i = 0; i < SX_POOLS && !st && !w->report.failed; i++)
        if (w->pool[i].count)
            st = pool_file(w, &w->pool[i], path, &o->file[o->count++], err);
    if (st)
        return st;
    sx_report_json(&w->report, &json);
    o->file[0].name = sx_strdup(sx_path_name(path));
    if (json.failed || !o->file[0].name) {
        sx_text_clear(&json);
        return sx_nomem(err);
    }
    o->file[0].bytes = (unsigned char *)json.bytes;
    o->file[0].size = json.size;
    return SX_OK;
}

sx_status sx_cli_rewards(const sx_cli *c, const sx_reward ***out, sx_error *err)
{
    int32_t n = c->spec->rewards;
    const sx_reward **reward = *out = sx_alloc((size_t)n, sizeof(void *));
    if (!reward)
        return sx_nomem(err);
    for (int32_t i = 0; i < n; i++)
        reward[i] = c->spec->reward[i].reward;
    return SX_OK;
}

/* Check what is about to be written. */
static sx_status check_first(sx_cli *c, const sx_certificate *x, sx_error *err)
{
    const sx_reward **reward = NULL;
    sx_claims *claims = NULL;
    sx_status st = sx_cli_rewards(c, &reward, err);
    sx_progress_phase("checking the certificate", 0);
    if (!st)
        st = sx_certificate_verify(c->spec->world->mdp, reward, x, &claims, err);
    if (!st && claims->unproved) {
        fprintf(c->err,
                "warning: %" PRId32 " of the %" PRId32
                " claims of the certificate are not proved within the tolerance\n",
                claims->unproved, claims->count);
        c->answer = SX_EXIT_UNCERTIFIED;
    }
    sx_claims_free(claims);
    sx_release(reward);
    return st;
}

sx_status sx_cli_certificate_write(sx_cli *c, const sx_certificate *x, sx_error *err)
{
    const char *path = c->o.text[SX_OPT_CERTIFICATE];
    writing w = {.c = c, .x = x};
    sx_outputs *o = NULL;
    sx_status st = check_first(c, x, err);
    if (!st)
        st = pools_start(&w, err);
    if (!st) {
        o = sx_alloc(1, sizeof *o);
        if (o)
            o->file = sx_alloc(1 + SX_POOLS, sizeof *o->file);
        st = o && o->file ? make_files(&w, path, o, err) : sx_nomem(err);
    }
    if (!st)
        st = sx_cli_write_all(c, path, o, err);
    for (int i = 0; i < SX_POOLS; i++)
        sx_release(w.pool[i].row);
    sx_report_clear(&w.report);
    sx_outputs_free(o);
    return st;
}
