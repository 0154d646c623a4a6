/* SPDX-License-Identifier: GPL-3.0-or-later */
/* options.c - the one parser of the command line, driven by the table of options. */
#include "cli/options.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/cli.h"
#include "mdp/expr.h"

static const char *choice_verb(int32_t i)
{
    return i < SX_VERBS ? sx_verbs[i].name : NULL;
}

const sx_option *sx_option_find(sx_verb_id verb, const char *name)
{
    for (const sx_option *o = sx_option_table; o->name; o++)
        if ((verb == SX_VERB_NONE || (o->verbs >> verb & 1)) && !strcmp(o->name, name))
            return o;
    return NULL;
}

int32_t sx_word_edits(const char *a, const char *b)
{
    int32_t row[33];
    int32_t n = (int32_t)strlen(b);
    n = n > 31 ? 31 : n;
    for (int32_t j = 0; j <= n; j++)
        row[j] = j;
    for (int32_t i = 1; a[i - 1] && i < 32; i++) {
        int32_t corner = row[0];
        row[0] = i;
        for (int32_t j = 1; j <= n; j++) {
            int32_t best = corner + (a[i - 1] != b[j - 1]);
            best = row[j] + 1 < best ? row[j] + 1 : best;
            best = row[j - 1] + 1 < best ? row[j - 1] + 1 : best;
            corner = row[j];
            row[j] = best;
        }
    }
    return row[n];
}

const char *sx_nearest(const char *(*choice)(int32_t i), const char *text)
{
    const char *best = NULL;
    int32_t least = 3; /* more than two edits is another word */
    const char *w;
    for (int32_t i = 0; (w = choice(i)); i++) {
        int32_t d = sx_word_edits(text, w);
        if (d < least && d < (int32_t)strlen(w)) {
            least = d;
            best = w;
        }
    }
    return best;
}

void sx_option_allowed(const sx_option *opt, char *text, size_t size)
{
    size_t used = 0;
    const char *w;
    switch (opt->kind) {
    case SX_KIND_WHOLE:
        snprintf(text, size, "a whole number from %.0f to %.0f", opt->lo, opt->hi);
        break;
    case SX_KIND_REAL: snprintf(text, size, "a number from %g to %g", opt->lo, opt->hi); break;
    case SX_KIND_LENGTH:
        snprintf(text, size, "a length from %gin to %gin, as 3.25in, 80mm, 8cm or 234pt",
                 opt->lo / 72, opt->hi / 72);
        break;
    case SX_KIND_CHOICE:
        text[0] = '\0';
        for (int32_t i = 0; (w = opt->choice(i)) && used < size; i++)
            used += (size_t)snprintf(text + used, size - used, "%s%s", i ? ", " : "one of ", w);
        break;
    case SX_KIND_FILE: snprintf(text, size, "the name of a file"); break;
    case SX_KIND_TEXT: snprintf(text, size, "the id of a reward"); break;
    case SX_KIND_FLAG: snprintf(text, size, "no value"); break;
    }
}

static sx_status fail(sx_options *o, const char *code, sx_error *err, const char *message)
{
    snprintf(o->code, sizeof o->code, "%s", code);
    return sx_fail(err, SX_EARG, "%s", message);
}

static sx_status refuse(sx_options *o, const sx_option *opt, const char *value, sx_error *err)
{
    char allowed[256], message[512];
    const char *near = opt->kind == SX_KIND_CHOICE ? sx_nearest(opt->choice, value) : NULL;
    sx_option_allowed(opt, allowed, sizeof allowed);
    snprintf(message, sizeof message, "--%s '%.120s' is not allowed: give %s%s%s%s", opt->name,
             value, allowed, near ? " (did you mean " : "", near ? near : "", near ? "?)" : "");
    return fail(o, "E503", err, message);
}

static bool read_whole(const char *text, double *value)
{
    if (!*text || strspn(text, "0123456789") != strlen(text))
        return false;
    *value = strtod(text, NULL);
    return true;
}

static bool read_length(const char *text, double *points)
{
    static const struct {
        const char *unit;
        double points;
    } units[] = {{"in", 72}, {"cm", 72 / 2.54}, {"mm", 72 / 25.4}, {"pt", 1}};
    size_t size = strlen(text);
    char number[32];
    for (size_t i = 0; i < 4; i++) {
        bool fits = size >= 3 && size - 2 < sizeof number;
        if (!fits || strcmp(text + size - 2, units[i].unit) != 0)
            continue;
        memcpy(number, text, size - 2);
        number[size - 2] = '\0';
        if (!sx_number_read(number, points))
            return false;
        *points *= units[i].points;
        return true;
    }
    return false;
}

static bool read_choice(const sx_option *opt, const char *text, double *which)
{
    const char *w;
    for (int32_t i = 0; (w = opt->choice(i)); i++)
        if (!strcmp(w, text)) {
            *which = i;
            return true;
        }
    return false;
}

/* Whether text is a value of opt; *number: what it says. */
static bool read_value(const sx_option *opt, const char *text, double *number)
{
    bool good = false;
    switch (opt->kind) {
    case SX_KIND_FLAG: return false;
    case SX_KIND_TEXT:
    case SX_KIND_FILE: return *text != '\0';
    case SX_KIND_CHOICE: return read_choice(opt, text, number);
    case SX_KIND_WHOLE: good = read_whole(text, number); break;
    case SX_KIND_REAL: good = sx_number_read(text, number); break;
    case SX_KIND_LENGTH: good = read_length(text, number); break;
    }
    return good && *number >= opt->lo && *number <= opt->hi;
}

static sx_status set_value(sx_options *o, const sx_option *opt, const char *value,
                           sx_error *err)
{
    char message[512];
    if (o->given[opt->id]) {
        snprintf(message, sizeof message, "--%s is given twice", opt->name);
        return fail(o, "E504", err, message);
    }
    o->given[opt->id] = true;
    if (opt->kind == SX_KIND_FLAG && !value) {
        o->number[opt->id] = 1;
        return SX_OK;
    }
    if (!value) {
        char allowed[256];
        sx_option_allowed(opt, allowed, sizeof allowed);
        snprintf(message, sizeof message, "--%s has no value: give %s", opt->name, allowed);
        return fail(o, "E503", err, message);
    }
    if (!read_value(opt, value, &o->number[opt->id]))
        return refuse(o, opt, value, err);
    o->text[opt->id] = value;
    return SX_OK;
}

/* The verbs that have an option, for the message that this one does not. */
static void other_verbs(const char *name, char *text, size_t size)
{
    size_t used = 0;
    text[0] = '\0';
    for (int v = 0; v < SX_VERBS && used < size; v++)
        if (sx_option_find((sx_verb_id)v, name))
            used += (size_t)snprintf(text + used, size - used, "%s%s", used ? ", " : "",
                                     sx_verbs[v].name);
}

static const char *nearest_option(sx_verb_id verb, const char *name)
{
    const char *best = NULL;
    int32_t least = 3;
    for (const sx_option *p = sx_option_table; p->name; p++) {
        bool offered = verb == SX_VERB_NONE || (p->verbs >> verb & 1);
        int32_t d = offered ? sx_word_edits(name, p->name) : least;
        if (d < least) {
            least = d;
            best = p->name;
        }
    }
    return best;
}

static sx_status unknown_option(sx_options *o, const char *name, sx_error *err)
{
    char message[512], verbs[128];
    const char *verb = o->verb == SX_VERB_NONE ? NULL : sx_verbs[o->verb].name;
    const char *near = nearest_option(o->verb, name);
    other_verbs(name, verbs, sizeof verbs);
    if (verb && *verbs)
        snprintf(message, sizeof message,
                 "--%.60s is no option of %s, but of %s; see sextant %s --help", name, verb,
                 verbs, verb);
    else
        snprintf(message, sizeof message,
                 "unknown option --%.60s%s%s%s; see sextant %s%s--help", name,
                 near ? " (did you mean --" : "", near ? near : "", near ? "?)" : "",
                 verb ? verb : "", verb ? " " : "");
    return fail(o, "E502", err, message);
}

/* Whether argv[i] is an option; its name goes to name, what follows '=' to *value. */
static bool split(const char *text, char name[64], const char **value)
{
    const char *equals = strchr(text, '=');
    size_t size;
    if (text[0] != '-' || !text[1])
        return false;
    text += text[1] == '-' ? 2 : 1;
    size = equals ? (size_t)(equals - text) : strlen(text);
    size = size < 63 ? size : 63;
    memcpy(name, text, size);
    name[size] = '\0';
    *value = equals ? equals + 1 : NULL;
    return true;
}

/* -h is --help; other short options do not exist. */
static const sx_option *find_option(sx_verb_id verb, const char *text, const char *name)
{
    if (!strcmp(text, "-h"))
        return sx_option_find(verb, "help");
    return text[1] == '-' ? sx_option_find(verb, name) : NULL;
}

/* Whether the value of opt is the next word. */
static bool takes_next(const sx_option *opt, const char *value, const char *next)
{
    return opt->kind != SX_KIND_FLAG && !value && next && strncmp(next, "--", 2) != 0;
}

/* The first word that is neither an option nor the value of one. */
static const char *find_verb(int argc, const char *const *argv)
{
    char name[64];
    const char *value;
    for (int i = 1; i < argc; i++) {
        const sx_option *opt;
        if (!split(argv[i], name, &value))
            return argv[i];
        if (!strcmp(argv[i], "--"))
            return i + 1 < argc ? argv[i + 1] : NULL;
        opt = find_option(SX_VERB_NONE, argv[i], name);
        if (opt && takes_next(opt, value, i + 1 < argc ? argv[i + 1] : NULL))
            i++;
    }
    return NULL;
}

static sx_status parse_verb(int argc, const char *const *argv, sx_options *o, sx_error *err)
{
    const char *text = find_verb(argc, argv), *near;
    char message[512];
    o->verb = SX_VERB_NONE;
    if (!text)
        return SX_OK;
    for (int v = 0; v < SX_VERBS; v++)
        if (!strcmp(text, sx_verbs[v].name))
            o->verb = (sx_verb_id)v;
    if (o->verb != SX_VERB_NONE)
        return SX_OK;
    near = sx_nearest(choice_verb, text);
    snprintf(message, sizeof message, "unknown verb '%.60s'%s%s%s; see sextant --help", text,
             near ? " (did you mean " : "", near ? near : "", near ? "?)" : "");
    return fail(o, "E501", err, message);
}

static sx_status parse_words(int argc, const char *const *argv, sx_options *o, sx_error *err)
{
    sx_status st = SX_OK;
    char name[64];
    const char *value;
    bool ended = false;
    for (int i = 1; i < argc && !st; i++) {
        const sx_option *opt;
        const char *next = i + 1 < argc ? argv[i + 1] : NULL;
        if (ended || !split(argv[i], name, &value)) {
            o->arg[o->args++] = argv[i];
            continue;
        }
        ended = !strcmp(argv[i], "--");
        if (ended)
            continue;
        opt = find_option(o->verb, argv[i], name);
        if (!opt) {
            st = unknown_option(o, name, err);
            continue;
        }
        if (takes_next(opt, value, next)) {
            value = next;
            i++;
        }
        st = set_value(o, opt, value, err);
    }
    return st;
}

static void fill_defaults(sx_options *o)
{
    for (const sx_option *p = sx_option_table; p->name; p++) {
        if (o->verb == SX_VERB_NONE || !(p->verbs >> o->verb & 1))
            continue;
        if (o->given[p->id] || !p->standard)
            continue;
        o->text[p->id] = p->standard;
        (void)read_value(p, p->standard, &o->number[p->id]);
    }
}

static sx_status check_arguments(sx_options *o, sx_error *err)
{
    const sx_verb *v = &sx_verbs[o->verb];
    char message[512];
    if (o->given[SX_OPT_QUIET] && o->given[SX_OPT_VERBOSE])
        return fail(o, "E506", err, "--quiet and --verbose contradict each other");
    if (o->args >= v->least && o->args <= v->most)
        return SX_OK;
    if (o->args < v->least)
        snprintf(message, sizeof message, "%s is missing an argument: sextant %s %s", v->name,
                 v->name, v->arguments);
    else
        snprintf(message, sizeof message, "'%.80s' is one argument too many: sextant %s %s",
                 o->arg[v->most], v->name, v->arguments);
    return fail(o, "E505", err, message);
}

/* Take the verb off the arguments. */
static void drop_verb(sx_options *o)
{
    if (o->verb == SX_VERB_NONE)
        return;
    o->args--;
    memmove(o->arg, o->arg + 1, (size_t)o->args * sizeof *o->arg);
}

sx_status sx_options_parse(int argc, const char *const *argv, sx_options *o, sx_error *err)
{
    sx_status st;
    memset(o, 0, sizeof *o);
    o->verb = SX_VERB_NONE;
    o->arg = sx_alloc((size_t)argc + 1, sizeof *o->arg);
    if (!o->arg)
        return sx_nomem(err);
    st = parse_verb(argc, argv, o, err);
    if (!st)
        st = parse_words(argc, argv, o, err);
    if (st)
        return st;
    drop_verb(o);
    fill_defaults(o);
    if (o->given[SX_OPT_HELP] || o->given[SX_OPT_VERSION])
        return SX_OK;
    if (o->verb == SX_VERB_NONE)
        return fail(o, "E501", err, "no verb given; see sextant --help");
    return check_arguments(o, err);
}

void sx_options_clear(sx_options *o)
{
    o->arg = sx_release(o->arg);
    o->args = 0;
}
