/* SPDX-License-Identifier: GPL-3.0-or-later */
/* certificate_read.c - a certificate from a file, which may hold anything.
 *
 * What is read is taken out of the tree, so that what is left at the end is what nobody
 * asked for. */
#include "cli/certificate.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

#include <jansson.h>

#include "mdp/file.h"
#include "mdp/npy.h"

enum {
    FILE_LIMIT = 1 << 26,  /* bytes of JSON */
    VALUE_LIMIT = 1 << 21, /* commas and brackets: memory that the tree may take */
    PLACE = 160
};

/* The rows of one array file. */
typedef struct pool {
    const char *name;
    int64_t length;
    sx_array *array;     /* NULL: none */
    unsigned char *used; /* [rows] */
} pool;

typedef struct reading {
    sx_cli *c;
    const char *path;
    sx_certificate *x;
    pool pool[SX_POOLS];
    const char *refused;
    sx_error *err;
    sx_status st;
} reading;

/* The first failure: "FILE: at PLACE: what". */
static void fault(reading *r, const char *place, const char *what)
{
    if (!r->st)
        r->st = sx_cli_fail(r->c, "E520", r->err, "%.120s: %s: %s", sx_path_name(r->path),
                            *place ? place : "at the top", what);
}

static void out_of_memory(reading *r)
{
    if (!r->st)
        r->st = sx_nomem(r->err);
}

/* Take what path (names joined by '.') leads to out of v: owned by the caller, or NULL. */
static json_t *take(json_t *v, const char *path)
{
    char key[64];
    const char *dot;
    while ((dot = strchr(path, '.'))) {
        snprintf(key, sizeof key, "%.*s", (int)(dot - path), path);
        v = json_object_get(v, key);
        path = dot + 1;
    }
    json_t *found = json_incref(json_object_get(v, path));
    if (found)
        json_object_del(v, path);
    return found;
}

static const char *type_name(const json_t *v)
{
    static const char *const names[] = {"an object", "a list", "a text", "a whole number",
                                        "a number",  "true",   "false",  "null"};
    return v ? names[json_typeof(v)] : "missing";
}

/* Say that v at place should be `what`. */
static void wrong_type(reading *r, const char *place, const char *what, const json_t *v)
{
    char text[120];
    snprintf(text, sizeof text, v ? "is %s, not %s" : "is %s: there should be %s", type_name(v),
             what);
    fault(r, place, text);
}

static double number_of(reading *r, const char *place, const json_t *v)
{
    double x = json_number_value(v);
    if (!json_is_number(v))
        wrong_type(r, place, "a number", v);
    else if (!(fabs(x) <= 1e300))
        fault(r, place, "is too large");
    return x;
}

static const char *text_of(reading *r, const char *place, const json_t *v)
{
    if (!json_is_string(v)) {
        wrong_type(r, place, "a text", v);
        return "";
    }
    return json_string_value(v);
}

static void read_numbers(reading *r, const char *place, const json_t *v, double *to, size_t n)
{
    char inside[PLACE + 32];
    if (!json_is_array(v)) {
        wrong_type(r, place, "a list of numbers", v);
        return;
    }
    if (json_array_size(v) != n) {
        snprintf(inside, sizeof inside, "has %zu numbers, not %zu", json_array_size(v), n);
        fault(r, place, inside);
        return;
    }
    for (size_t i = 0; i < n && !r->st; i++) {
        const json_t *x = json_array_get(v, i);
        if (json_is_number(x) && fabs(json_number_value(x)) <= 1e300) {
            to[i] = json_number_value(x);
            continue;
        }
        snprintf(inside, sizeof inside, "%s[%zu]", place, i);
        number_of(r, inside, x);
    }
}

/* A row of an array that nothing else uses. */
static void read_row(reading *r, const char *place, json_t *v, pool *p, double *to)
{
    json_t *row = take(v, "row");
    int64_t i = json_is_integer(row) ? json_integer_value(row) : -1;
    if (!p->array || i < 0 || i >= p->array->shape[0])
        fault(r, place, "names no row of the array");
    else if (p->used[i])
        fault(r, place, "names a row that is another vector's");
    else if (json_object_size(v))
        fault(r, place, "has more than a row");
    json_decref(row);
    if (r->st)
        return;
    p->used[i] = 1;
    memcpy(to, p->array->value + (size_t)i * (size_t)p->length, (size_t)p->length * sizeof *to);
    for (int64_t k = 0; k < p->length; k++)
        if (!(fabs(to[k]) <= 1e300)) {
            char text[64];
            snprintf(text, sizeof text, "number %" PRId64 " of its row is not finite", k);
            fault(r, place, text);
            return;
        }
}

static void read_vector(reading *r, const char *place, json_t *v, pool *p, double **to)
{
    *to = sx_alloc((size_t)p->length, sizeof **to);
    if (!*to)
        out_of_memory(r);
    else if (json_is_object(v))
        read_row(r, place, v, p, *to);
    else
        read_numbers(r, place, v, *to, (size_t)p->length);
}

static void read_word(reading *r, const char *place, const json_t *v, const sx_field *f,
                      int32_t *to)
{
    const char *text = text_of(r, place, v);
    for (*to = 0; f->word(*to) && strcmp(f->word(*to), text) != 0;)
        ++*to;
    if (!f->word(*to)) {
        *to = 0;
        fault(r, place, "is no word that belongs here");
    }
}

/* A reward of the certificate, which may not name one twice. */
static void read_reference(reading *r, const char *place, const json_t *v, int32_t *to)
{
    const char *id = text_of(r, place, v);
    const sx_certificate *x = r->x;
    for (*to = 0; *to < x->rewards; ++*to)
        if (!strcmp(r->c->spec->reward[x->reward[*to].reward].id, id))
            return;
    *to = 0;
    fault(r, place, "names no reward of the certificate");
}

static void read_id(reading *r, const char *place, const json_t *v, int32_t *to)
{
    *to = sx_spec_reward(r->c->spec, text_of(r, place, v));
    if (*to >= 0)
        return;
    *to = 0;
    r->refused = "it names a reward that the specification does not have";
}

static void read_flag(reading *r, const char *place, const json_t *v, bool *to)
{
    if (!json_is_boolean(v))
        wrong_type(r, place, "true or false", v);
    *to = json_is_true(v);
}

static void read_maybe(reading *r, const char *place, const json_t *v, sx_number *to)
{
    *to = (sx_number){NAN, "the certificate has no number"};
    if (!json_is_null(v))
        *to = (sx_number){number_of(r, place, v), NULL};
}

static void read_hash(reading *r, const char *place, const json_t *v, char to[65])
{
    const char *text = text_of(r, place, v);
    if (!r->st && strlen(text) != 64)
        fault(r, place, "is no SHA-256");
    snprintf(to, 65, "%s", text);
}

static void read_field(reading *r, const char *place, json_t *v, const sx_field *f, char *item)
{
    void *at = item + f->at;
    sx_pool which = sx_field_pool(f, item);
    switch (f->kind) {
    case SX_FIELD_NUMBER: *(double *)at = number_of(r, place, v); break;
    case SX_FIELD_RANGE: read_numbers(r, place, v, at, 2); break;
    case SX_FIELD_MAYBE: read_maybe(r, place, v, at); break;
    case SX_FIELD_REASON:
        if (!json_is_null(v))
            (void)text_of(r, place, v);
        break;
    case SX_FIELD_FLAG: read_flag(r, place, v, at); break;
    case SX_FIELD_HASH: read_hash(r, place, v, at); break;
    case SX_FIELD_ID: read_id(r, place, v, at); break;
    case SX_FIELD_REWARD: read_reference(r, place, v, at); break;
    case SX_FIELD_WORD: read_word(r, place, v, f, at); break;
    case SX_FIELD_STATES:
    case SX_FIELD_PAIRS:
    case SX_FIELD_TERMS: read_vector(r, place, v, &r->pool[which], at); break;
    }
}

/* The fields of one struct out of object v; which: without, with, or only vectors. */
enum { LEAVES = 1, VECTORS = 2 };
static void read_fields(reading *r, const char *place, json_t *v, const sx_field *f, char *item,
                        int which)
{
    char inside[PLACE];
    if (!json_is_object(v))
        wrong_type(r, place, "an object", v);
    for (; f->path && !r->st && !r->refused; f++) {
        sx_pool kind = sx_field_pool(f, item);
        if (!(which & (kind < SX_POOLS ? VECTORS : LEAVES)) || !sx_field_applies(r->x, f, item))
            continue;
        json_t *x = take(v, f->path);
        snprintf(inside, sizeof inside, "%s%s%s", place, *place ? "." : "", f->path);
        if (x || !f->optional)
            read_field(r, inside, x, f, item);
        json_decref(x);
    }
}

static void read_list(reading *r, json_t *root, const sx_field_list *l)
{
    char *c = (char *)r->x, place[PLACE];
    json_t *list = json_object_get(root, l->name);
    size_t n = json_array_size(list);
    if (!json_is_array(list))
        wrong_type(r, l->name, "a list", list);
    char *item = r->st ? NULL : sx_alloc(n, l->size);
    *(char **)(void *)(c + l->array) = item;
    if (!r->st && !item)
        out_of_memory(r);
    for (size_t i = 0; i < n && !r->st && !r->refused; i++) {
        json_t *v = json_array_get(list, i);
        char *at = item + i * l->size;
        snprintf(place, sizeof place, "%s[%zu]", l->name, i);
        *(int32_t *)(void *)(c + l->count) = (int32_t)i + 1;
        read_fields(r, place, v, l->field, at, LEAVES);
        if (!r->st && !r->refused && sx_field_evidence(r->x, l, (int32_t)i))
            read_fields(r, place, v, l->field, at, VECTORS);
    }
}

/* Whether anything is left in v; place [PLACE]: where. */
static bool leftover(json_t *v, char *place, size_t at)
{
    void *member = json_object_iter(v);
    size_t n = json_array_size(v);
    for (size_t i = 0; i < n; i++) {
        json_t *child = json_array_get(v, i);
        snprintf(place + at, PLACE - at, "[%zu]", i);
        if (!json_is_object(child) || leftover(child, place, strlen(place)))
            return true;
    }
    for (; member; member = json_object_iter_next(v, member)) {
        json_t *child = json_object_iter_value(member);
        snprintf(place + at, PLACE - at, "%s%.60s", at ? "." : "",
                 json_object_iter_key(member));
        bool nest = json_is_object(child) || json_is_array(child);
        if (!nest || at > PLACE - 70 || leftover(child, place, strlen(place)))
            return true;
    }
    return false;
}

/* --- the head --- */

static void expect_whole(reading *r, json_t *v, const char *key, int64_t value)
{
    char place[PLACE];
    json_t *x = take(v, key);
    snprintf(place, sizeof place, "world.%s", key);
    if (!json_is_integer(x))
        wrong_type(r, place, "a whole number", x);
    else if (json_integer_value(x) != value)
        r->refused = "it is about a world of another size";
    json_decref(x);
}

static void read_world(reading *r, json_t *root)
{
    const sx_certificate_world *m = &r->x->world;
    json_t *v = json_object_get(root, "world");
    expect_whole(r, v, "states", m->states);
    expect_whole(r, v, "actions", m->actions);
    expect_whole(r, v, "pairs", m->pairs);
    expect_whole(r, v, "transitions", m->transitions);
    expect_whole(r, v, "states_in_use", m->n);
    expect_whole(r, v, "pairs_in_use", m->k);
    json_t *x = take(v, "discount"), *hash = take(v, "sha256");
    if (number_of(r, "world.discount", x) != m->discount)
        r->refused = "its discount is another";
    if (strcmp(text_of(r, "world.sha256", hash), m->sha256) != 0 && !r->refused)
        r->refused = "its world has the same size and other numbers";
    json_decref(x);
    json_decref(hash);
}

/* Texts that only say where the certificate came from. */
static void read_origin(reading *r, json_t *root)
{
    static const char *const texts[] = {"version", "mdp"};
    for (size_t i = 0; i < 2; i++) {
        json_t *v = take(root, texts[i]);
        (void)text_of(r, texts[i], v);
        json_decref(v);
    }
    json_t *inputs = take(root, "inputs");
    if (!json_is_array(inputs))
        wrong_type(r, "inputs", "a list", inputs);
    for (size_t i = 0; i < json_array_size(inputs) && !r->st; i++) {
        json_t *name = take(json_array_get(inputs, i), "name");
        json_t *hash = take(json_array_get(inputs, i), "sha256");
        char place[PLACE], digest[65];
        snprintf(place, sizeof place, "inputs[%zu]", i);
        (void)text_of(r, place, name);
        read_hash(r, place, hash, digest);
        if (json_object_size(json_array_get(inputs, i)))
            fault(r, place, "has more than a name and a hash");
        json_decref(name);
        json_decref(hash);
    }
    json_decref(inputs);
}

/* Format and kind: the certificate is made here. */
static void read_kind(reading *r, json_t *root)
{
    json_t *format = take(root, "format"), *version = take(root, "format_version");
    json_t *kind = take(root, "kind");
    int32_t k = 0;
    if (strcmp(text_of(r, "format", format), "sextant certificate") != 0)
        fault(r, "format", "is not 'sextant certificate'");
    if (!json_is_integer(version) || json_integer_value(version) != 1)
        fault(r, "format_version", "is not 1");
    const char *name = text_of(r, "kind", kind);
    while (sx_certificate_kind_name(k) && strcmp(sx_certificate_kind_name(k), name) != 0)
        k++;
    if (!sx_certificate_kind_name(k))
        fault(r, "kind", "is not regret, solve or distance");
    if (!r->st)
        r->st =
            sx_certificate_new(r->c->spec->world->mdp, (sx_certificate_kind)k, &r->x, r->err);
    json_decref(format);
    json_decref(version);
    json_decref(kind);
}

static void read_tolerances(reading *r, json_t *root, double cap)
{
    json_t *tolerance = take(root, "tolerance"), *trivial = take(root, "trivial");
    r->x->tolerance = number_of(r, "tolerance", tolerance);
    r->x->trivial = number_of(r, "trivial", trivial);
    if (!r->st && !(r->x->tolerance >= 0 && r->x->trivial >= 0))
        fault(r, "tolerance", "or trivial is negative");
    if (!r->st && !r->refused && r->x->tolerance > cap)
        r->refused = "its tolerance is above what --tolerance allows";
    json_decref(tolerance);
    json_decref(trivial);
}

/* --- arrays --- */

static void load_array(reading *r, const char *place, const char *name, const char *hash,
                       pool *p)
{
    unsigned char *bytes = NULL;
    size_t size = 0;
    char digest[65], *path = NULL;
    if (strchr(name, '/') || !*name) {
        fault(r, place, "the file is not beside the certificate");
        return;
    }
    path = sx_path_beside(r->path, name);
    if (!path) {
        out_of_memory(r);
        return;
    }
    r->st = sx_file_read(path, (size_t)SX_ARRAY_LIMIT * sizeof(double) + 4096, &bytes, &size,
                         r->err);
    sx_release(path);
    if (r->st)
        return;
    sx_sha256(bytes, size, digest);
    if (strcmp(digest, hash) != 0)
        fault(r, place, "the file has another SHA-256");
    if (!r->st)
        r->st = sx_npy_parse(name, bytes, size, &p->array, r->err);
    sx_release(bytes);
    if (!r->st && (p->array->dims != 2 || p->array->shape[1] != p->length))
        fault(r, place, "the rows of the array have another length");
    if (!r->st && !(p->used = sx_alloc((size_t)p->array->shape[0], 1)))
        out_of_memory(r);
}

static void read_arrays(reading *r, json_t *root)
{
    json_t *arrays = json_object_get(root, "arrays");
    for (int i = 0; i < SX_POOLS; i++)
        r->pool[i] = (pool){.name = sx_pool_name((sx_pool)i),
                            .length = sx_pool_length(r->x, (sx_pool)i)};
    if (!json_is_object(arrays))
        wrong_type(r, "arrays", "an object", arrays);
    for (int i = 0; i < SX_POOLS && !r->st; i++) {
        pool *p = &r->pool[i];
        json_t *v = json_object_get(arrays, p->name);
        char place[PLACE];
        if (!v)
            continue;
        json_t *file = take(v, "file"), *hash = take(v, "sha256");
        snprintf(place, sizeof place, "arrays.%s", p->name);
        const char *name = text_of(r, place, file), *digest = text_of(r, place, hash);
        if (!r->st)
            load_array(r, place, name, digest, p);
        json_decref(file);
        json_decref(hash);
    }
}

static void all_rows_used(reading *r)
{
    for (int i = 0; i < SX_POOLS && !r->st; i++)
        for (int64_t k = 0; r->pool[i].array && k < r->pool[i].array->shape[0]; k++)
            if (!r->pool[i].used[k])
                fault(r, "arrays", "a row of an array belongs to nothing");
}

/* --- the whole --- */

/* Hashes of the rewards against those of the specification, none of them twice. */
static void compare_rewards(reading *r)
{
    const sx_certificate *x = r->x;
    for (int32_t i = 0; !r->st && !r->refused && i < x->rewards; i++) {
        char sha256[65];
        r->st = sx_certificate_reward_hash(r->c->spec->world->mdp,
                                           r->c->spec->reward[x->reward[i].reward].reward,
                                           x->kind, sha256, r->err);
        if (!r->st && strcmp(sha256, x->reward[i].sha256) != 0)
            r->refused = "a reward of that name has other values in the specification";
        for (int32_t j = 0; j < i; j++)
            if (x->reward[j].reward == x->reward[i].reward)
                fault(r, "rewards", "name a reward twice");
    }
}

static void read_body(reading *r, json_t *root)
{
    char place[PLACE] = "";
    for (const sx_field_list *l = sx_field_lists; l->name && !r->st && !r->refused; l++)
        if (l->kinds >> r->x->kind & 1)
            read_list(r, root, l);
    if (!r->st && !r->refused && r->x->kind == SX_CERTIFICATE_DISTANCE)
        read_fields(r, "", root, sx_field_root, (char *)r->x, VECTORS);
    if (!r->st && !r->refused && r->x->kind == SX_CERTIFICATE_SOLVE) {
        r->x->solution = sx_alloc(1, sizeof *r->x->solution);
        if (!r->x->solution)
            out_of_memory(r);
        else
            read_fields(r, "solution", json_object_get(root, "solution"), sx_field_solution,
                        (char *)r->x->solution, LEAVES | VECTORS);
    }
    if (!r->st && !r->refused && leftover(root, place, 0))
        fault(r, place, "does not belong into a certificate of this kind");
    if (!r->st && !r->refused)
        all_rows_used(r);
}

/* Something must be claimed. */
static void not_empty(reading *r)
{
    const sx_certificate *x = r->x;
    if (r->st || r->refused)
        return;
    if (x->kind == SX_CERTIFICATE_SOLVE ? x->rewards != 1
                                        : x->rewards == 0 || x->pairs + x->distances == 0)
        fault(r, "rewards", "there is nothing claimed of them");
}

static void read_tree(reading *r, json_t *root, double cap)
{
    if (!json_is_object(root)) {
        wrong_type(r, "", "an object", root);
        return;
    }
    read_kind(r, root);
    if (!r->st)
        read_origin(r, root);
    if (!r->st)
        read_world(r, root);
    if (!r->st && !r->refused)
        read_tolerances(r, root, cap);
    if (!r->st && !r->refused)
        read_arrays(r, root);
    if (!r->st && !r->refused)
        read_body(r, root);
    compare_rewards(r);
    not_empty(r);
}

/* How many values the text can hold at most. */
static size_t values_in(const unsigned char *bytes, size_t size)
{
    size_t n = 0;
    for (size_t i = 0; i < size; i++)
        n += bytes[i] == ',' || bytes[i] == '[' || bytes[i] == '{';
    return n;
}

static json_t *parse(reading *r)
{
    unsigned char *bytes = NULL;
    size_t size = 0;
    json_error_t e;
    json_t *root = NULL;
    r->st = sx_file_read(r->path, FILE_LIMIT, &bytes, &size, r->err);
    if (r->st)
        return NULL;
    if (values_in(bytes, size) > VALUE_LIMIT)
        fault(r, "", "there are more values than a certificate has");
    else {
        (void)sx_report_starved(); /* from here on */
        root = json_loadb((const char *)bytes, size, JSON_REJECT_DUPLICATES, &e);
    }
    if (!r->st && sx_report_starved()) /* what was read may lack a part */
        out_of_memory(r);
    if (!r->st && !root)
        r->st = sx_cli_fail(r->c, "E520", r->err, "%.120s:%d:%d: this is no JSON: %.200s",
                            sx_path_name(r->path), e.line, e.column, e.text);
    sx_release(bytes);
    return root;
}

sx_status sx_cli_certificate_read(sx_cli *c, const char *path, double tolerance,
                                  sx_certificate **out, const char **refused, sx_error *err)
{
    reading r = {.c = c, .path = path, .err = err};
    *out = NULL;
    json_t *root = parse(&r);
    if (!r.st)
        read_tree(&r, root, tolerance);
    json_decref(root);
    for (int i = 0; i < SX_POOLS; i++) {
        sx_array_free(r.pool[i].array);
        sx_release(r.pool[i].used);
    }
    *refused = r.st ? NULL : r.refused;
    if (r.st || r.refused)
        r.x = sx_certificate_free(r.x);
    *out = r.x;
    return r.st;
}
