/* SPDX-License-Identifier: GPL-3.0-or-later */
/* export_form.c - the form of a specification that the suffix of a file asks for. */
#include "cli/certificate.h"

#include <string.h>

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

sx_status sx_cli_form_check(sx_cli *c, const char *option, const char *path, sx_error *err)
{
    if (form_of(path) < FORMS)
        return SX_OK;
    return sx_cli_fail(c, "E510", err, "%s '%.120s' says no form: end it in %s", option, path,
                       ".xml, .npy or .csv");
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

sx_status sx_cli_export(sx_cli *c, const sx_spec *spec, const char *path, sx_error *err)
{
    sx_outputs *made = NULL;
    char *name = xml_name(path);
    sx_status st = name ? forms[form_of(path)].make(spec, name, &made, err) : sx_nomem(err);
    if (!st)
        st = sx_cli_write_all(c, path, made, err);
    sx_release(name);
    sx_outputs_free(made);
    return st;
}
