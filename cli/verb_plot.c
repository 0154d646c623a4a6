/* SPDX-License-Identifier: GPL-3.0-or-later */
/* verb_plot.c - plot: a figure of one of several kinds. */
#include "cli/verb_plot.h"

#include <stdio.h>
#include <string.h>

#include "mdp/file.h"

const sx_plot_kind sx_plot_kinds[] = {
    {"distances", sx_plot_distances},
    {"gridworld", sx_plot_gridworld},
    {NULL, NULL},
};

const char *sx_plot_format(const sx_cli *c)
{
    static const char *const formats[] = {"pdf", "svg", "png"};
    const char *dot = strrchr(sx_path_name(c->o.text[SX_OPT_OUTPUT]), '.');
    for (size_t i = 0; dot && i < sizeof formats / sizeof *formats; i++)
        if (!strcmp(dot + 1, formats[i]))
            return formats[i];
    return NULL;
}

sx_status sx_plot_write(sx_cli *c, const unsigned char *bytes, size_t size, sx_error *err)
{
    const char *path = c->o.text[SX_OPT_OUTPUT];
    sx_status st = sx_cli_guard(c, path, err);
    if (!st)
        st = sx_file_write(path, bytes, size, err);
    if (!st && c->o.given[SX_OPT_VERBOSE])
        fprintf(c->err, "wrote %s (%zu bytes)\n", path, size);
    return st;
}

static sx_status find_kind(sx_cli *c, const sx_plot_kind **kind, sx_error *err)
{
    char known[240] = "";
    size_t used = 0;
    for (*kind = sx_plot_kinds; (*kind)->name; ++*kind) {
        if (!strcmp(c->o.arg[1], (*kind)->name))
            return SX_OK;
        used += (size_t)snprintf(known + used, sizeof known - used, "%s%s", used ? ", " : "",
                                 (*kind)->name);
    }
    return sx_cli_fail(c, "E509", err, "no figure '%.60s': give one of %s", c->o.arg[1], known);
}

sx_status sx_verb_plot(sx_cli *c, sx_error *err)
{
    const sx_plot_kind *kind = NULL;
    sx_status st = find_kind(c, &kind, err);
    if (st)
        return st;
    if (!c->o.text[SX_OPT_OUTPUT])
        return sx_cli_fail(c, "E505", err, "plot needs --output FILE: .pdf, .svg or .png");
    if (!sx_plot_format(c))
        return sx_cli_fail(c, "E510", err, "--output '%.120s' says no form: end it in %s",
                           c->o.text[SX_OPT_OUTPUT], ".pdf, .svg or .png");
    return kind->draw(c, err);
}
