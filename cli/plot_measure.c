/* SPDX-License-Identifier: GPL-3.0-or-later */
/* plot_measure.c - plot: which of the measures of a table is drawn, and how it is printed. */
#include "cli/plot_measure.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

static const struct {
    sx_option_id option;
    const char *name, *usual;
} parts[SX_PICKS] = {{SX_OPT_DISTANCE, "distance", "starc"},
                     {SX_OPT_CANON, "canon", "val"},
                     {SX_OPT_NORM, "norm", "l2"},
                     {SX_OPT_METRIC, "metric", "l2"}};

/* --- which rows --- */

static void find_columns(const sx_data *t, const char *prefix, int first, sx_plot_pick *p)
{
    char name[64];
    for (int i = 0; i < SX_PICKS; i++) {
        snprintf(name, sizeof name, "%s%s", prefix, parts[i].name);
        p->column[i] = i < first ? -1 : sx_data_has(t, name);
    }
}

/* Keep of the rows those that have that word. */
static void keep_word(const sx_data *t, sx_plot_pick *p, int i, const char *word)
{
    for (int64_t row = 0; row < sx_data_rows(t); row++)
        if (strcmp(sx_data_text(t, row, p->column[i]), word) != 0)
            p->keep[row] = 0;
}

/* Whether the kept rows are of one measure; p->word: of the first of them. */
static bool is_one(const sx_data *t, sx_plot_pick *p)
{
    int64_t first = -1;
    for (int64_t row = 0; row < sx_data_rows(t); row++) {
        if (!p->keep[row])
            continue;
        first = first < 0 ? row : first;
        for (int i = 0; i < SX_PICKS; i++) {
            int32_t column = p->column[i];
            if (column >= 0 &&
                strcmp(sx_data_text(t, row, column), sx_data_text(t, first, column)) != 0)
                return false;
        }
    }
    for (int i = 0; i < SX_PICKS && first >= 0; i++)
        p->word[i] = p->column[i] < 0 ? NULL : sx_data_text(t, first, p->column[i]);
    return true;
}

static bool any(const sx_data *t, const sx_plot_pick *p)
{
    for (int64_t row = 0; row < sx_data_rows(t); row++)
        if (p->keep[row])
            return true;
    return false;
}

static sx_status none_left(sx_cli *c, const sx_data *t, const char *what, sx_error *err)
{
    return sx_cli_fail(c, "E534", err,
                       "%.80s %s; say which with --canon, --norm, --metric (and --distance)",
                       t->name, what);
}

/* What is asked for, of columns that are there. */
static sx_status keep_asked(sx_cli *c, const sx_data *t, const char *prefix, int first,
                            sx_plot_pick *p, sx_error *err)
{
    for (int i = first; i < SX_PICKS; i++) {
        if (!c->o.given[parts[i].option])
            continue;
        if (p->column[i] < 0)
            return sx_cli_fail(c, "E534", err,
                               "%.80s has no column %s%s for --%s to choose from", t->name,
                               prefix, parts[i].name, parts[i].name);
        keep_word(t, p, i, c->o.text[parts[i].option]);
    }
    return SX_OK;
}

sx_status sx_plot_pick_rows(sx_cli *c, const sx_data *t, const char *prefix, int first,
                            sx_plot_pick *p, sx_error *err)
{
    *p = (sx_plot_pick){.keep = sx_alloc((size_t)sx_data_rows(t), 1)};
    if (!p->keep)
        return sx_nomem(err);
    memset(p->keep, 1, (size_t)sx_data_rows(t));
    find_columns(t, prefix, first, p);
    sx_status st = keep_asked(c, t, prefix, first, p, err);
    if (st)
        return st;
    if (!any(t, p) && sx_data_rows(t))
        return none_left(c, t, "has no row of that measure", err);
    if (is_one(t, p))
        return SX_OK;
    for (int i = 0; i < SX_PICKS; i++)
        if (p->column[i] >= 0 && !c->o.given[parts[i].option])
            keep_word(t, p, i, parts[i].usual);
    if (!any(t, p) || !is_one(t, p))
        return none_left(c, t, "has several measures, and not the usual one", err);
    return SX_OK;
}

void sx_plot_pick_clear(sx_plot_pick *p)
{
    p->keep = sx_release(p->keep);
}

/* --- how it is printed --- */

void sx_plot_measure_words(const sx_measure *m, const char *word[SX_PICKS])
{
    word[SX_PICK_DISTANCE] = m->kind == SX_DISTANCE_EPIC ? "epic" : "starc";
    word[SX_PICK_CANON] = sx_canon_name(m->canon);
    word[SX_PICK_NORM] = sx_norm_name(m->norm);
    word[SX_PICK_METRIC] = sx_norm_name(m->metric);
}

/* "weighted-l2" as "weighted L_2", "none" as "no norm"; another word as it is. */
static void norm_markup(const char *word, char *markup, size_t size)
{
    static const char *const short_names[] = {"l1", "l2", "linf"};
    static const char *const printed[] = {"L_1", "L_2", "L_\xe2\x88\x9e"};
    bool weighted = strncmp(word, "weighted-", 9) == 0;
    for (int i = 0; i < 3; i++)
        if (!strcmp(weighted ? word + 9 : word, short_names[i])) {
            snprintf(markup, size, "%s%s", weighted ? "weighted " : "", printed[i]);
            return;
        }
    if (!strcmp(word, "none"))
        snprintf(markup, size, "no norm");
    else
        sx_markup_escape(word, markup, size);
}

void sx_plot_measure_markup(const char *const word[SX_PICKS], char *markup, size_t size)
{
    const char *kind = word[SX_PICK_DISTANCE], *canon = word[SX_PICK_CANON];
    char form[100] = "", norm[100] = "", metric[100] = "";
    sx_markup_escape(canon ? canon : "", form, sizeof form);
    for (char *p = form; *p; p++)
        *p = (char)toupper((unsigned char)*p);
    norm_markup(word[SX_PICK_NORM] ? word[SX_PICK_NORM] : "", norm, sizeof norm);
    norm_markup(word[SX_PICK_METRIC] ? word[SX_PICK_METRIC] : "", metric, sizeof metric);
    if (kind && !strcmp(kind, "epic"))
        snprintf(markup, size, "Pearson distance%s%s", *form ? ", " : "", form);
    else if (*form && *norm && *metric)
        snprintf(markup, size, "%s %s/%s distance", form, norm, metric);
    else
        snprintf(markup, size, "%s%sdistance", form, *form ? " " : "");
}

double sx_plot_measure_unit(const char *const word[SX_PICKS])
{
    const char *kind = word[SX_PICK_DISTANCE], *norm = word[SX_PICK_NORM];
    if (kind && !strcmp(kind, "epic"))
        return 1;
    return norm && *norm && strcmp(norm, "none") != 0 ? 1 : 0;
}
