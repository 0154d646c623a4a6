/* SPDX-License-Identifier: GPL-3.0-or-later */
/* plot_correlation.c - plot: how well families of measures predict regret, from the table of
 * correlations of a study: canon,norm,metric,rows,target,pearson,spearman,kendall,... */
#include <stdio.h>
#include <string.h>

#include "cli/verb_plot.h"
#include "plots/kind_correlation.h"

enum { PANELS = 12 };

/* A column that splits the table into panels, or that an option picks a word of. */
typedef struct split {
    int32_t column;   /* -1: the table has none */
    const char *word; /* of the option; NULL: all */
    int32_t *which;   /* [rows] */
    const char **words;
    int32_t count;
} split;

typedef struct work {
    sx_data *t;
    int64_t n;
    double *value;
    int32_t *family, *panel; /* [n] */
    const char **name;       /* of the families, borrowed */
    int32_t families, panels;
    split rows, target;
    char title[PANELS][200];
    const char *panel_title[PANELS];
} work;

static void work_clear(work *w)
{
    sx_release(w->value);
    sx_release(w->family);
    sx_release(w->panel);
    sx_release(w->name);
    sx_release(w->rows.which);
    sx_release(w->rows.words);
    sx_release(w->target.which);
    sx_release(w->target.words);
    sx_data_free(w->t);
}

/* The words of a column, and the one that an option asks for, if any. */
static sx_status read_split(sx_cli *c, work *w, const char *name, sx_option_id option, split *s,
                            sx_error *err)
{
    s->column = sx_data_has(w->t, name);
    s->word = c->o.given[option] ? c->o.text[option] : NULL;
    if (s->column < 0)
        return s->word ? sx_data_column(w->t, name, &s->column, err) : SX_OK;
    return sx_data_words(w->t, s->column, &s->which, &s->words, &s->count, err);
}

static bool is_kept(const split *s, int64_t row)
{
    return !s->word || strcmp(s->words[s->which[row]], s->word) == 0;
}

static int32_t index_of(const split *s, int64_t row)
{
    return s->column < 0 || s->word ? 0 : s->which[row];
}

static int32_t width_of(const split *s)
{
    return s->column < 0 || s->word || !s->count ? 1 : s->count;
}

/* "rows: nontrivial, target: worst_case" as markup, of what tells panels apart. */
static void name_panel(work *w, int32_t panel)
{
    char rows[80] = "", target[80] = "";
    if (width_of(&w->rows) > 1)
        sx_markup_escape(w->rows.words[panel / width_of(&w->target)], rows, sizeof rows);
    if (width_of(&w->target) > 1)
        sx_markup_escape(w->target.words[panel % width_of(&w->target)], target, sizeof target);
    for (char *p = target; *p; p++) /* \_ of worst_case */
        if (p[0] == '\\' && p[1] == '_') {
            *p = ' ';
            memmove(p + 1, p + 2, strlen(p + 2) + 1);
        }
    snprintf(w->title[panel], sizeof w->title[panel], "%s%s%s%s", rows, *rows ? " rows" : "",
             *rows && *target ? ", " : "", target);
    w->panel_title[panel] = w->title[panel];
}

/* The kept rows, one behind the other. */
static sx_status take_rows(sx_cli *c, work *w, int32_t column, sx_error *err)
{
    sx_status st = SX_OK;
    for (int64_t row = 0; row < sx_data_rows(w->t); row++) {
        if (!is_kept(&w->rows, row) || !is_kept(&w->target, row))
            continue;
        sx_status one = sx_data_number(w->t, row, column, &w->value[w->n], err);
        if (!one && !(w->value[w->n] >= -1.000001 && w->value[w->n] <= 1.000001) &&
            w->value[w->n] == w->value[w->n])
            one = sx_data_wrong(w->t, row, column, err, "a correlation is from -1 to 1");
        st = st ? st : one;
        w->panel[w->n] =
            index_of(&w->rows, row) * width_of(&w->target) + index_of(&w->target, row);
        w->family[w->n++] = w->family[row];
    }
    if (!st && !w->n)
        return sx_cli_fail(c, "E534", err, "%.80s has no row of what --rows and --target say",
                           w->t->name);
    return st;
}

static sx_status read_panels(sx_cli *c, work *w, sx_error *err)
{
    sx_status st = read_split(c, w, "rows", SX_OPT_ROWS, &w->rows, err);
    if (!st)
        st = read_split(c, w, "target", SX_OPT_TARGET, &w->target, err);
    if (st)
        return st;
    int64_t panels = (int64_t)width_of(&w->rows) * width_of(&w->target);
    if (panels > PANELS)
        return sx_cli_fail(c, "E534", err,
                           "%.80s would make %lld panels; say which with --rows and --target",
                           w->t->name, (long long)panels);
    w->panels = (int32_t)panels;
    for (int32_t i = 0; i < w->panels; i++)
        name_panel(w, i);
    return SX_OK;
}

static sx_status read_table(sx_cli *c, work *w, sx_error *err)
{
    size_t rows = (size_t)sx_data_rows(w->t);
    int32_t canon = -1, value = -1;
    sx_status st = sx_data_column(w->t, "canon", &canon, err);
    if (!st)
        st = sx_data_column(w->t, c->o.text[SX_OPT_COEFFICIENT], &value, err);
    if (!st)
        st = sx_data_words(w->t, canon, &w->family, &w->name, &w->families, err);
    if (!st)
        st = read_panels(c, w, err);
    if (st)
        return st;
    w->value = sx_alloc(rows, sizeof *w->value);
    w->panel = sx_alloc(rows, sizeof *w->panel);
    if (!w->value || !w->panel)
        return sx_nomem(err);
    return take_rows(c, w, value, err);
}

/* *family: that of --highlight, -1 without it. */
static sx_status find_highlight(sx_cli *c, const work *w, int32_t *family, sx_error *err)
{
    const char *asked = c->o.text[SX_OPT_HIGHLIGHT];
    *family = -1;
    for (int32_t i = 0; asked && i < w->families; i++)
        if (!strcmp(w->name[i], asked))
            *family = i;
    if (asked && *family < 0)
        return sx_cli_fail(c, "E534", err, "%.80s has no canonicalisation '%.60s' to highlight",
                           w->t->name, asked);
    return SX_OK;
}

/* "Spearman correlation with regret" */
static void name_axis(const sx_cli *c, char *text, size_t size)
{
    const char *coefficient = c->o.text[SX_OPT_COEFFICIENT];
    const char *printed = !strcmp(coefficient, "pearson")    ? "Pearson"
                          : !strcmp(coefficient, "spearman") ? "Spearman"
                                                             : "Kendall";
    snprintf(text, size, "%s correlation with regret", printed);
}

sx_status sx_plot_correlation(sx_cli *c, sx_figure **figure, sx_error *err)
{
    work w = {.t = NULL};
    int32_t highlight = -1;
    char axis[80];
    sx_status st = sx_plot_table(c, &w.t, err);
    if (!st)
        st = read_table(c, &w, err);
    if (!st)
        st = find_highlight(c, &w, &highlight, err);
    if (!st) {
        name_axis(c, axis, sizeof axis);
        const sx_correlation_view v = {w.t->name, axis,          w.n,        w.value,
                                       w.family,  w.panel,       w.families, w.panels,
                                       w.name,    w.panel_title, highlight};
        st = sx_figure_correlation(&v, figure, err);
    }
    work_clear(&w);
    return st;
}
