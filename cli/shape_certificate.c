/* SPDX-License-Identifier: GPL-3.0-or-later */
/* shape_certificate.c - the certificate of a shaping: written, read and checked.
 *
 * One JSON file: what it is about, the claims (residual and the bound from below), and the
 * evidence (scale, potential, dual vector).  What is read is compared with the specification
 * by hashes; then sx_shaping_check evaluates both sides anew, without a solver. */
#include "cli/certificate.h"
#include "cli/verb_shape.h"

#include <math.h>
#include <string.h>

#include <jansson.h>

#include "mdp/file.h"

enum { FILE_LIMIT = 1 << 28, NUMBERS = 1 << 23 }; /* bytes; a number takes up to 30 */

/* --- writing --- */

static void put_vector(sx_report *r, sx_value *v, const char *name, const double *x, int64_t n)
{
    sx_value *list = sx_put_list(r, v, name);
    for (int64_t i = 0; i < n && !r->failed; i++)
        sx_put_number(r, list, NULL, x[i]);
}

static sx_status put_reward(sx_cli *c, sx_report *r, sx_value *v, const char *name,
                            int32_t reward, sx_error *err)
{
    char sha256[65];
    if (reward < 0) {
        sx_put_null(r, v, name);
        return SX_OK;
    }
    sx_status st = sx_certificate_reward_hash(
        c->spec->world->mdp, c->spec->reward[reward].reward, SX_CERTIFICATE_SHAPE, sha256, err);
    sx_value *of = sx_put_object(r, v, name);
    sx_put_text(r, of, "reward", c->spec->reward[reward].id);
    sx_put_text(r, of, "sha256", st ? "" : sha256);
    return st;
}

static void put_head(sx_report *r, const sx_cli *c, const sx_certificate *frame)
{
    r->root = json_object();
    r->failed = !r->root;
    sx_put_text(r, r->root, "format", "sextant certificate");
    sx_put_whole(r, r->root, "format_version", 1);
    sx_put_text(r, r->root, "kind", "shape");
    sx_put_text(r, r->root, "version", SX_VERSION);
    sx_put_text(r, r->root, "mdp", c->spec->id);
    sx_value *v = sx_put_object(r, r->root, "world");
    sx_put_whole(r, v, "states", frame->world.states);
    sx_put_number(r, v, "discount", frame->world.discount);
    sx_put_text(r, v, "sha256", frame->world.sha256);
}

static void put_attributes(sx_report *r, const sx_cli *c, const sx_shape_answer *a)
{
    sx_text names = {0};
    for (int32_t j = 0; j < a->attributes; j++)
        sx_text_format(&names, "%s%s", j ? " " : "",
                       c->spec->world->variable[a->variable[j]].name);
    r->failed |= names.failed;
    sx_put_text(r, r->root, "attributes", names.bytes ? names.bytes : "");
    sx_text_clear(&names);
}

static sx_status put_all(sx_cli *c, const sx_shape_answer *a, sx_report *r, sx_error *err)
{
    const sx_shaping *x = a->shaping;
    sx_certificate *frame = NULL;
    sx_status st = sx_certificate_new(c->spec->world->mdp, SX_CERTIFICATE_SHAPE, &frame, err);
    if (st)
        return st;
    put_head(r, c, frame);
    sx_put_number(r, r->root, "tolerance", a->task.tolerance);
    st = put_reward(c, r, r->root, "from", a->from, err);
    if (!st)
        st = put_reward(c, r, r->root, "to", a->to, err);
    sx_put_text(r, r->root, "goal", sx_shape_goal_name((int32_t)a->task.goal));
    sx_put_text(r, r->root, "norm", sx_norm_name(a->task.norm));
    sx_put_text(r, r->root, "on", sx_shape_on_name((int32_t)a->task.on));
    sx_put_number(r, r->root, "bound", a->task.goal == SX_SHAPE_BOUNDED ? a->task.bound : 0);
    put_attributes(r, c, a);
    sx_put_number(r, r->root, "residual", x->residual);
    sx_put_number(r, r->root, "lower", x->lower);
    sx_put_number(r, r->root, "scale", x->scale);
    put_vector(r, r->root, "potential", x->potential, c->spec->world->mdp->states);
    put_vector(r, r->root, "dual", x->proof.y, x->proof.count);
    sx_certificate_free(frame);
    return st;
}

sx_status sx_shape_certify(sx_cli *c, const sx_shape_answer *a, sx_error *err)
{
    const char *path = c->o.text[SX_OPT_CERTIFICATE];
    sx_report r = {0};
    sx_text t = {0};
    if (!a->shaping)
        return sx_fail(err, SX_ELIMIT, "there is nothing to certify: %s", a->reason);
    if (a->shaping->proof.count + c->spec->world->mdp->states > NUMBERS)
        return sx_fail(err, SX_ELIMIT, "the certificate would have more than 8388608 numbers");
    sx_status st = put_all(c, a, &r, err);
    if (!st) {
        sx_report_json(&r, &t);
        st = r.failed || t.failed ? sx_nomem(err) : SX_OK;
    }
    if (!st)
        st = sx_cli_write_one(c, path, &t, err);
    sx_report_clear(&r);
    sx_text_clear(&t);
    return st;
}

/* --- reading --- */

typedef struct reading {
    sx_cli *c;
    const char *path;
    json_t *root;
    sx_certificate *frame;
    sx_shape_answer a;
    double stated[2]; /* residual, lower */
    const char *refused;
    sx_status st;
    sx_error *err;
} reading;

static void fault(reading *r, const char *place, const char *what)
{
    if (!r->st)
        r->st = sx_cli_fail(r->c, "E520", r->err, "%.120s: %s: %s", sx_path_name(r->path),
                            place, what);
}

static const char *text_of(reading *r, json_t *v, const char *name)
{
    json_t *x = json_object_get(v, name);
    if (!json_is_string(x))
        fault(r, name, "is no text");
    return json_is_string(x) ? json_string_value(x) : "";
}

static double number_of(reading *r, json_t *v, const char *name)
{
    json_t *x = json_object_get(v, name);
    if (!json_is_number(x))
        fault(r, name, "is no number");
    return json_number_value(x);
}

static int32_t word_of(reading *r, const char *name, const char *(*word)(int32_t))
{
    const char *text = text_of(r, r->root, name), *w;
    for (int32_t i = 0; (w = word(i)); i++)
        if (!strcmp(w, text))
            return i;
    fault(r, name, "is none of the words that stand there");
    return 0;
}

static const char *norm_word(int32_t i)
{
    return i <= SX_LINF ? sx_norm_name((sx_norm)i) : NULL;
}

/* x [n], owned by the caller; NULL with n = 0. */
static double *vector_of(reading *r, const char *name, int64_t n)
{
    json_t *list = json_object_get(r->root, name);
    if (!json_is_array(list) || (int64_t)json_array_size(list) != n)
        fault(r, name, "is no list of the right length");
    double *x = r->st || !n ? NULL : sx_alloc((size_t)n, sizeof *x);
    if (!r->st && n && !x)
        r->st = sx_nomem(r->err);
    for (int64_t i = 0; x && i < n; i++) {
        json_t *v = json_array_get(list, (size_t)i);
        x[i] = json_number_value(v);
        if (!json_is_number(v))
            fault(r, name, "has something that is no number");
    }
    return x;
}

/* The reward that it is about, -1 for null. */
static int32_t reward_of(reading *r, const char *name)
{
    json_t *v = json_object_get(r->root, name);
    char sha256[65];
    if (json_is_null(v))
        return -1;
    int32_t i = sx_spec_reward(r->c->spec, text_of(r, v, "reward"));
    const char *hash = text_of(r, v, "sha256");
    if (r->st)
        return -1;
    if (json_object_size(v) != 2)
        fault(r, name, "has more than a name and a hash");
    if (i < 0) {
        r->refused = "it is about a reward that the specification does not have";
        return -1;
    }
    if (!r->st)
        r->st = sx_certificate_reward_hash(r->c->spec->world->mdp, r->c->spec->reward[i].reward,
                                           SX_CERTIFICATE_SHAPE, sha256, r->err);
    if (!r->st && strcmp(hash, sha256) != 0)
        r->refused = "a reward of that name has other values in the specification";
    return i;
}

static void read_world(reading *r)
{
    json_t *v = json_object_get(r->root, "world");
    const char *hash = text_of(r, v, "sha256");
    double states = number_of(r, v, "states"), discount = number_of(r, v, "discount");
    if (json_object_size(v) != 3)
        fault(r, "world", "has more than states, discount and sha256");
    if (!r->st)
        r->st =
            sx_certificate_new(r->c->spec->world->mdp, SX_CERTIFICATE_SHAPE, &r->frame, r->err);
    if (r->st)
        return;
    if (states != r->frame->world.states || discount != r->frame->world.discount ||
        strcmp(hash, r->frame->world.sha256) != 0)
        r->refused = "it is about another world";
}

static void read_task(reading *r)
{
    sx_shape_task *t = &r->a.task;
    const char *names = text_of(r, r->root, "attributes");
    *t = sx_shape_defaults();
    t->goal = (sx_shape_goal)word_of(r, "goal", sx_shape_goal_name);
    t->norm = (sx_norm)word_of(r, "norm", norm_word);
    t->on = (sx_shape_on)word_of(r, "on", sx_shape_on_name);
    t->bound = number_of(r, r->root, "bound");
    t->tolerance = number_of(r, r->root, "tolerance");
    r->a.from = reward_of(r, "from");
    r->a.to = reward_of(r, "to");
    if (!r->st && !r->refused && r->a.from < 0)
        fault(r, "from", "is null");
    if (!r->st && !(t->tolerance > 0))
        fault(r, "tolerance", "is not above 0");
    if (!r->st && t->tolerance > r->c->o.number[SX_OPT_TOLERANCE])
        r->refused = "its tolerance is above what --tolerance allows";
    if (r->st || r->refused)
        return;
    t->from = r->c->spec->reward[r->a.from].reward;
    t->to = r->a.to < 0 ? NULL : r->c->spec->reward[r->a.to].reward;
    if (t->goal == SX_SHAPE_LINEAR)
        r->st = sx_shape_attributes(r->c, names, &r->a, r->err);
    else if (*names)
        fault(r, "attributes", "belong to no such goal");
    r->frame->tolerance = t->tolerance;
}

static void read_evidence(reading *r)
{
    sx_shaping *x = r->a.shaping = sx_alloc(1, sizeof *x);
    if (!x) {
        r->st = sx_nomem(r->err);
        return;
    }
    json_t *dual = json_object_get(r->root, "dual");
    r->stated[0] = number_of(r, r->root, "residual");
    r->stated[1] = number_of(r, r->root, "lower");
    x->scale = number_of(r, r->root, "scale");
    x->potential = vector_of(r, "potential", r->c->spec->world->mdp->states);
    x->proof.count = (int64_t)json_array_size(dual);
    x->proof.y = vector_of(r, "dual", x->proof.count);
}

static void read_root(reading *r)
{
    static const char *const keys[] = {"format", "format_version", "kind",      "version",
                                       "mdp",    "world",          "tolerance", "from",
                                       "to",     "goal",           "norm",      "on",
                                       "bound",  "attributes",     "residual",  "lower",
                                       "scale",  "potential",      "dual"};
    size_t count = sizeof keys / sizeof *keys;
    for (size_t i = 0; i < count; i++)
        if (!json_object_get(r->root, keys[i]))
            fault(r, keys[i], "is missing");
    if (json_object_size(r->root) != count)
        fault(r, "at the top", "something does not belong into a certificate of this kind");
    if (strcmp(text_of(r, r->root, "format"), "sextant certificate") != 0)
        fault(r, "format", "is not 'sextant certificate'");
    if (number_of(r, r->root, "format_version") != 1)
        fault(r, "format_version", "is not 1");
    if (!r->st)
        read_world(r);
    if (!r->st && !r->refused)
        read_task(r);
    if (!r->st && !r->refused)
        read_evidence(r);
}

/* --- checking --- */

static void settle_claim(sx_claim *x, bool proved, const char *reason)
{
    x->verdict = reason ? SX_UNCHECKED : proved ? SX_PROVED : SX_UNPROVED;
    x->reason = reason;
    if (!reason && !proved)
        x->reason = "the evidence proves less than is claimed";
}

/* The two claims: what is left with this potential, and that nothing leaves less. */
static void conclude(reading *r, const char *reason, sx_claims *l)
{
    const sx_shaping *x = r->a.shaping;
    double unit = isnan(x->size) ? fabs(x->residual) : x->size;
    double slack = r->a.task.tolerance * fmax(unit, fabs(x->residual)) + 1e-300;
    bool same = fabs(x->residual - r->stated[0]) <= slack;
    sx_claim claim = {.a = r->a.from, .b = r->a.to, .stated = r->stated[0], .hi = x->residual};
    l->count = 2;
    l->claim[0] = l->claim[1] = claim;
    l->claim[0].what = "residual";
    l->claim[0].lo = x->residual;
    l->claim[1].what = "least residual";
    l->claim[1].lo = x->lower;
    settle_claim(&l->claim[0], same, reason);
    settle_claim(&l->claim[1], same && x->certified && r->stated[1] <= x->lower + slack,
                 reason);
    for (int i = 0; i < 2; i++) {
        l->unproved += l->claim[i].verdict == SX_UNPROVED;
        l->unchecked += l->claim[i].verdict == SX_UNCHECKED;
    }
}

static void check(reading *r, sx_claims **out)
{
    const char *reason = NULL;
    sx_error own = SX_NO_ERROR;
    sx_status st =
        sx_shaping_check(r->c->spec->world->mdp, &r->a.task, r->a.shaping, &reason, &own);
    if (st == SX_EARG)
        fault(r, "goal", own.msg);
    else if (st)
        r->st = sx_fail(r->err, st, "%s", own.msg);
    sx_claims *l = r->st ? NULL : sx_alloc(1, sizeof *l);
    if (l)
        l->claim = sx_alloc(2, sizeof *l->claim);
    if (!r->st && (!l || !l->claim))
        r->st = sx_nomem(r->err);
    if (!r->st)
        conclude(r, reason, l);
    else
        l = sx_claims_free(l);
    *out = l;
}

static void reading_clear(reading *r)
{
    json_decref(r->root);
    sx_shaping_free(r->a.shaping);
    sx_release(r->a.variable);
    sx_release(r->a.attribute);
}

/* The tree, or NULL when it is none of this kind: the others' reader says what is wrong. */
static json_t *load(const char *path, sx_status *st, sx_error *err)
{
    unsigned char *bytes = NULL;
    size_t size = 0;
    json_t *root = NULL;
    sx_error own = SX_NO_ERROR;
    if (sx_file_read(path, FILE_LIMIT, &bytes, &size, &own) == SX_OK &&
        strstr((const char *)bytes, "\"shape\"")) {
        (void)sx_report_starved();
        root = json_loadb((const char *)bytes, size, JSON_REJECT_DUPLICATES, NULL);
        if (!root && sx_report_starved())
            *st = sx_nomem(err);
    }
    sx_release(bytes);
    const char *kind = json_string_value(json_object_get(root, "kind"));
    if (root && (!kind || strcmp(kind, "shape") != 0)) {
        json_decref(root);
        root = NULL;
    }
    return root;
}

sx_status sx_shape_certificate_verify(sx_cli *c, bool *shape, sx_certificate **frame,
                                      sx_claims **claims, const char **refused, sx_error *err)
{
    reading r = {.c = c, .path = c->o.arg[1], .err = err};
    *frame = NULL;
    *claims = NULL;
    r.root = load(r.path, &r.st, err);
    *shape = r.root != NULL;
    if (r.root)
        read_root(&r);
    if (r.root && !r.st && !r.refused)
        check(&r, claims);
    *refused = r.st ? NULL : r.refused;
    *frame = r.st || r.refused ? sx_certificate_free(r.frame) : r.frame;
    reading_clear(&r);
    return r.st;
}
