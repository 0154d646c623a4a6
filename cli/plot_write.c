/* SPDX-License-Identifier: GPL-3.0-or-later */
/* plot_write.c - plot: a figure and what goes with it, written together. */
#include "cli/certificate.h"
#include "cli/verb_plot.h"

#include <stdio.h>
#include <string.h>

#include "mdp/file.h"

enum { FIGURE, DATA, GNUPLOT, TIKZ, ALT, FILES };

/* Files of forms other than pictures, and the option that names each. */
static const struct {
    sx_option_id option;
    const char *name, *format;
} forms[FILES] = {{SX_OPT_OUTPUT, "--output", NULL},
                  {SX_OPT_DATA, "--data", "csv"},
                  {SX_OPT_GNUPLOT, "--gnuplot", "gp"},
                  {SX_OPT_TIKZ, "--tikz", "tex"},
                  {SX_OPT_ALT, "--alt", NULL}};

const char *sx_plot_format(const sx_cli *c)
{
    static const char *const formats[] = {"pdf", "svg", "png"};
    const char *output = c->o.text[SX_OPT_OUTPUT];
    const char *dot = output ? strrchr(sx_path_name(output), '.') : NULL;
    for (size_t i = 0; dot && i < sizeof formats / sizeof *formats; i++)
        if (!strcmp(dot + 1, formats[i]))
            return formats[i];
    return NULL;
}

/* --- which files --- */

static bool is_none(const char *alt)
{
    return alt && !strcmp(alt, "none");
}

/* The figure's name with .alt.txt for its suffix; owned by the caller. */
static char *alt_beside(const char *output)
{
    const char *dot = strrchr(output, '.');
    sx_text t = {0};
    sx_text_add(&t, output, (size_t)(dot - output));
    sx_text_put(&t, ".alt.txt");
    if (t.failed)
        sx_text_clear(&t);
    return t.bytes;
}

/* The paths of what is asked for, NULL for what is not; beside: to be released. */
static sx_status name_files(const sx_cli *c, const char *path[FILES], char **beside,
                            sx_error *err)
{
    *beside = NULL;
    for (int i = 0; i < FILES; i++)
        path[i] = c->o.text[forms[i].option];
    if (is_none(path[ALT])) {
        path[ALT] = NULL;
    } else if (!path[ALT] && sx_plot_format(c)) {
        path[ALT] = *beside = alt_beside(path[FIGURE]);
        if (!*beside)
            return sx_nomem(err);
    }
    return SX_OK;
}

/* No two outputs in one place; no output on a stream. */
static sx_status check_names(sx_cli *c, const char *const path[FILES], sx_error *err)
{
    for (int i = 0; i < FILES; i++) {
        if (path[i] && !strcmp(path[i], "-"))
            return sx_cli_fail(c, "E503", err, "%s needs the name of a file, not -",
                               forms[i].name);
        for (int j = 0; path[i] && j < i; j++)
            if (path[j] && !strcmp(path[i], path[j]))
                return sx_cli_fail(c, "E506", err, "%s and %s both write %.120s", forms[j].name,
                                   forms[i].name, path[i]);
    }
    return SX_OK;
}

sx_status sx_plot_check(sx_cli *c, sx_error *err)
{
    const char *path[FILES], *output = c->o.text[SX_OPT_OUTPUT];
    char *beside = NULL;
    sx_status st;
    if (!output && !c->o.given[SX_OPT_DATA] && !c->o.given[SX_OPT_GNUPLOT] &&
        !c->o.given[SX_OPT_TIKZ])
        return sx_cli_fail(c, "E505", err, "plot needs --output FILE: .pdf, .svg or .png");
    if (output && !sx_plot_format(c))
        return sx_cli_fail(c, "E510", err, "--output '%.120s' says no form: end it in %s",
                           output, ".pdf, .svg or .png");
    st = name_files(c, path, &beside, err);
    if (!st)
        st = check_names(c, path, err);
    sx_release(beside);
    return st;
}

/* --- their bytes --- */

static sx_status draw_alt(const sx_figure *f, sx_output *file, sx_error *err)
{
    sx_text t = {0};
    sx_text_format(&t, "%s\n", f->description);
    if (t.failed) {
        sx_text_clear(&t);
        return sx_nomem(err);
    }
    file->bytes = (unsigned char *)t.bytes;
    file->size = t.size;
    return SX_OK;
}

static sx_status draw_one(sx_cli *c, const sx_figure *f, int which, sx_output *file,
                          sx_plot_notes *notes, sx_error *err)
{
    const char *format = which == FIGURE ? sx_plot_format(c) : forms[which].format;
    sx_plot_style style;
    sx_status st = sx_plot_style_read(c, &style, err);
    if (st || which == ALT)
        return st ? st : draw_alt(f, file, err);
    return sx_figure_draw(f, &style, format, &file->bytes, &file->size, notes, err);
}

static void tell(sx_cli *c, const sx_plot_notes *notes)
{
    for (int32_t i = 0; i < notes->count && !c->o.given[SX_OPT_QUIET]; i++)
        fprintf(c->err, "note: %s\n", notes->text[i]);
}

static sx_status write_files(sx_cli *c, const sx_figure *f, const char *const path[FILES],
                             sx_error *err)
{
    sx_output file[FILES] = {{0}};
    const char *place[FILES];
    sx_outputs all = {0, file};
    sx_plot_notes notes = {0};
    sx_status st = SX_OK;
    for (int i = 0; i < FILES && !st; i++) {
        if (!path[i])
            continue;
        sx_plot_notes of_it = {0};
        place[all.count] = path[i];
        st = draw_one(c, f, i, &file[all.count++], &of_it, err);
        if (!notes.count)
            notes = of_it;
    }
    if (!st)
        st = sx_cli_write_paths(c, place, &all, err);
    if (!st)
        tell(c, &notes);
    for (int32_t i = 0; i < all.count; i++)
        sx_release(file[i].bytes);
    return st;
}

sx_status sx_plot_write(sx_cli *c, const sx_figure *figure, sx_error *err)
{
    const char *path[FILES];
    char *beside = NULL;
    sx_status st = figure->failed ? sx_nomem(err) : name_files(c, path, &beside, err);
    if (!st)
        st = write_files(c, figure, path, err);
    sx_release(beside);
    return st;
}
