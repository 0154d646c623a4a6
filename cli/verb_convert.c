/* SPDX-License-Identifier: GPL-3.0-or-later */
/* verb_convert.c - convert: the same world in another form, all files or none. */
#include "cli/certificate.h"

#include <string.h>

#include "mdp/export.h"
#include "mdp/file.h"

typedef sx_status exporter(const sx_spec *spec, const char *name, sx_outputs **out,
                           sx_error *err);

static const struct {
    const char *suffix;
    exporter *make;
} forms[] = {{".xml", sx_export_xml}, {".npy", sx_export_npy}, {".csv", sx_export_csv}};

enum { FORMS = sizeof forms / sizeof *forms };

static bool ends_with(const char *text, const char *suffix)
{
    size_t n = strlen(text), k = strlen(suffix);
    return n > k && !strcmp(text + n - k, suffix);
}

/* Which form path asks for, FORMS for none. */
static size_t form_of(const char *path)
{
    size_t i = 0;
    while (i < FORMS && !ends_with(sx_path_name(path), forms[i].suffix))
        i++;
    return i;
}

/* The base name of the XML file: the suffix of path replaced.  Owned by the caller. */
static char *xml_name(const char *path)
{
    sx_text t = {0};
    const char *name = sx_path_name(path);
    sx_text_add(&t, name, strlen(name) - 4);
    sx_text_put(&t, ".xml");
    if (t.failed)
        sx_text_clear(&t);
    return t.bytes;
}

sx_status sx_verb_convert(sx_cli *c, sx_error *err)
{
    const char *path = c->o.text[SX_OPT_OUTPUT];
    sx_outputs *made = NULL;
    char *name = NULL;
    sx_status st;
    if (!path)
        return sx_cli_fail(c, "E505", err, "convert needs --output FILE: .xml, .npy or .csv");
    if (form_of(path) == FORMS)
        return sx_cli_fail(c, "E510", err, "--output '%.120s' says no form: end it in %s", path,
                           ".xml, .npy or .csv");
    st = sx_cli_read(c, err);
    if (!st) {
        name = xml_name(path);
        st = name ? forms[form_of(path)].make(c->spec, name, &made, err) : sx_nomem(err);
    }
    if (!st)
        st = sx_cli_write_all(c, path, made, err);
    sx_release(name);
    sx_outputs_free(made);
    return st;
}
