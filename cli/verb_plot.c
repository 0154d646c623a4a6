/* SPDX-License-Identifier: GPL-3.0-or-later */
/* verb_plot.c - plot: a figure of one of several kinds. */
#include "cli/verb_plot.h"

#include <stdio.h>
#include <string.h>

#include "mdp/file.h"

/* What a kind reads beside what all kinds do, one line each. */
#define MEASURE SX_OPT_DISTANCE, SX_OPT_CANON, SX_OPT_NORM, SX_OPT_METRIC
static const sx_option_id of_distances[] = {MEASURE, SX_OPT_EDIT, SX_OPTS};
static const sx_option_id of_gridworld[] = {
    SX_OPT_VIEW,   SX_OPT_REWARD, SX_OPT_TRUE, SX_OPT_PROXY, SX_OPT_PATHS,
    SX_OPT_COORDS, SX_OPT_POLICY, SX_OPT_SEED, SX_OPT_EDIT,  SX_OPTS};
static const sx_option_id of_polygon[] = {SX_OPT_TRUE,      SX_OPT_PROXY, SX_OPT_POLICY,
                                          SX_OPT_TOLERANCE, SX_OPT_EDIT,  SX_OPTS};
static const sx_option_id of_goodhart[] = {SX_OPT_TRUE,      SX_OPT_PROXY, SX_OPT_X,
                                           SX_OPT_TOLERANCE, SX_OPT_EDIT,  SX_OPTS};
static const sx_option_id of_overoptimisation[] = {SX_OPT_X, SX_OPT_SEED, SX_OPTS};
static const sx_option_id of_training[] = {MEASURE,      SX_OPT_POLICY, SX_OPT_TRUE,
                                           SX_OPT_PROXY, SX_OPT_REGRET, SX_OPT_SEED,
                                           SX_OPT_EDIT,  SX_OPTS};

static const sx_option_id of_consistency[] = {SX_OPT_TRUE,   MEASURE,        SX_OPT_THRESHOLD,
                                              SX_OPT_METHOD, SX_OPT_TRIVIAL, SX_OPT_TOLERANCE,
                                              SX_OPT_SEED,   SX_OPTS};
static const sx_option_id of_share[] = {SX_OPT_TRUE,    SX_OPT_PROXY, MEASURE, SX_OPT_POLICY,
                                        SX_OPT_TRIVIAL, SX_OPT_EDIT,  SX_OPTS};
static const sx_option_id of_canonical[] = {SX_OPT_REWARD, SX_OPT_CANON, SX_OPT_NORM,
                                            SX_OPT_POLICY, SX_OPT_EDIT,  SX_OPTS};
static const sx_option_id of_shaping[] = {
    SX_OPT_FROM,  SX_OPT_TO,         SX_OPT_GOAL,      SX_OPT_NORM, SX_OPT_ON,
    SX_OPT_BOUND, SX_OPT_ATTRIBUTES, SX_OPT_TOLERANCE, SX_OPT_EDIT, SX_OPTS};
static const sx_option_id of_regret[] = {
    SX_OPT_TRUE,      SX_OPT_PROXY,   SX_OPT_CANON,  SX_OPT_NORM, SX_OPT_METRIC, SX_OPT_LOG,
    SX_OPT_TOLERANCE, SX_OPT_TRIVIAL, SX_OPT_METHOD, SX_OPT_EDIT, SX_OPTS};
static const sx_option_id of_correlation[] = {SX_OPT_ROWS, SX_OPT_TARGET, SX_OPT_COEFFICIENT,
                                              SX_OPT_HIGHLIGHT, SX_OPTS};

/* What of these is left where a table has the numbers. */
static const sx_option_id table_distances[] = {MEASURE, SX_OPTS};
static const sx_option_id table_regret[] = {SX_OPT_CANON, SX_OPT_NORM, SX_OPT_METRIC,
                                            SX_OPT_LOG, SX_OPTS};
static const sx_option_id table_training[] = {SX_OPT_REGRET, SX_OPT_SEED, SX_OPTS};
static const sx_option_id table_consistency[] = {SX_OPT_THRESHOLD, SX_OPTS};

/* What every kind reads. */
static const sx_option_id of_all[] = {
    SX_OPT_WIDTH,     SX_OPT_HEIGHT,  SX_OPT_VENUE,      SX_OPT_COLUMNS, SX_OPT_FONT,
    SX_OPT_TEXT_SIZE, SX_OPT_THEME,   SX_OPT_BACKGROUND, SX_OPT_LEGEND,  SX_OPT_RASTER,
    SX_OPT_DATA,      SX_OPT_GNUPLOT, SX_OPT_TIKZ,       SX_OPT_ALT,     SX_OPT_OUTPUT,
    SX_OPT_THREADS,   SX_OPT_QUIET,   SX_OPT_VERBOSE,    SX_OPT_HELP,    SX_OPT_VERSION,
    SX_OPTS};

const sx_plot_kind sx_plot_kinds[] = {
    {"distances", "a matrix of the distances between all rewards", SX_PLOT_SPEC | SX_PLOT_TABLE,
     sx_plot_distances, of_distances, table_distances},
    {"regret", "worst-case regret over distance, a dot a pair of rewards, and its bounds",
     SX_PLOT_SPEC | SX_PLOT_TABLE, sx_plot_regret, of_regret, table_regret},
    {"correlation", "how well each canonicalisation predicts regret, a dot a measure",
     SX_PLOT_TABLE, sx_plot_correlation, of_correlation, NULL},
    {"gridworld", "the map of a gridworld, and on it what --view names", SX_PLOT_SPEC,
     sx_plot_gridworld, of_gridworld, NULL},
    {"polygon", "all policies by their returns under two rewards, and the worst case",
     SX_PLOT_SPEC, sx_plot_polygon, of_polygon, NULL},
    {"goodhart", "what becomes of the true return while a proxy is optimised", SX_PLOT_SPEC,
     sx_plot_goodhart, of_goodhart, NULL},
    {"overoptimisation", "proxy and true value by best-of-n or KL", SX_PLOT_TABLE,
     sx_plot_overoptimisation, of_overoptimisation, NULL},
    {"training", "distances of a group of checkpoints over their steps",
     SX_PLOT_SPEC | SX_PLOT_TABLE, sx_plot_training, of_training, table_training},
    {"consistency", "whether rewards follow what edits change; contrast sets",
     SX_PLOT_SPEC | SX_PLOT_TABLE, sx_plot_consistency, of_consistency, table_consistency},
    {"share", "which steps carry the distance between two rewards", SX_PLOT_SPEC, sx_plot_share,
     of_share, NULL},
    {"canonical", "a reward and its canonical forms", SX_PLOT_SPEC, sx_plot_canonical,
     of_canonical, NULL},
    {"shaping", "a reward before and after shaping, and the potential", SX_PLOT_SPEC,
     sx_plot_shaping, of_shaping, NULL},
    {NULL, NULL, 0, NULL, NULL, NULL},
};

static const char *choice_kind(int32_t i)
{
    return sx_plot_kinds[i].name;
}

/* --- what is asked for --- */

static void list_kinds(char *text, size_t size)
{
    size_t used = 0;
    for (const sx_plot_kind *k = sx_plot_kinds; k->name && used < size; k++)
        used += (size_t)snprintf(text + used, size - used, "%s%s", used ? ", " : "", k->name);
}

static sx_status find_kind(sx_cli *c, const sx_plot_kind **kind, sx_error *err)
{
    char known[240];
    const char *near = sx_nearest(choice_kind, c->o.arg[1]);
    for (*kind = sx_plot_kinds; (*kind)->name; ++*kind)
        if (!strcmp(c->o.arg[1], (*kind)->name))
            return SX_OK;
    list_kinds(known, sizeof known);
    return sx_cli_fail(c, "E509", err, "no figure '%.60s'%s%s%s: give one of %s", c->o.arg[1],
                       near ? " (did you mean " : "", near ? near : "", near ? "?)" : "",
                       known);
}

static bool has(const sx_option_id *list, sx_option_id id)
{
    while (*list != SX_OPTS && *list != id)
        list++;
    return *list == id;
}

bool sx_plot_reads(const sx_plot_kind *kind, sx_option_id id)
{
    return has(of_all, id) || has(kind->options, id);
}

/* The options of a kind alone, "--canon, --norm". */
static void list_options(const sx_option_id *options, char *text, size_t size)
{
    size_t used = 0;
    text[0] = '\0';
    for (const sx_option *p = sx_option_table; p->name && used < size; p++)
        if ((p->verbs >> SX_VERB_PLOT & 1) && has(options, p->id))
            used +=
                (size_t)snprintf(text + used, size - used, "%s--%s", used ? ", " : "", p->name);
}

static sx_status check_options(sx_cli *c, const sx_plot_kind *kind, sx_error *err)
{
    char known[300];
    bool table = kind->of_table && sx_plot_is_table(c);
    const sx_option_id *own = table ? kind->of_table : kind->options;
    for (const sx_option *p = sx_option_table; p->name; p++) {
        if (!(p->verbs >> SX_VERB_PLOT & 1) || !c->o.given[p->id] || has(of_all, p->id) ||
            has(own, p->id))
            continue;
        list_options(own, known, sizeof known);
        return sx_cli_fail(c, "E532", err, "--%s is not for plot %s%s, which has %s%s", p->name,
                           kind->name, table ? " of a table" : "",
                           *known ? known : "no options of its own",
                           *known ? " beside those of all figures" : "");
    }
    return SX_OK;
}

bool sx_plot_is_table(const sx_cli *c)
{
    const char *dot = strrchr(sx_path_name(sx_cli_path(c)), '.');
    return dot && (!strcmp(dot, ".csv") || !strcmp(dot, ".CSV"));
}

/* A table where a specification belongs, or the other way round. */
static sx_status check_input(sx_cli *c, const sx_plot_kind *kind, sx_error *err)
{
    bool stream = !strcmp(sx_cli_path(c), "-");
    unsigned given = sx_plot_is_table(c) ? SX_PLOT_TABLE : SX_PLOT_SPEC;
    if (stream || (kind->takes & given))
        return SX_OK;
    return sx_cli_fail(c, "E533", err, "plot %s is made from %s, and %.120s is %s", kind->name,
                       given == SX_PLOT_TABLE ? "a specification" : "a table, a .csv file",
                       sx_cli_path(c), given == SX_PLOT_TABLE ? "a table" : "no .csv file");
}

sx_status sx_plot_table(sx_cli *c, sx_data **out, sx_error *err)
{
    c->table = sx_cli_path(c);
    sx_progress_phase("reading", 0);
    return sx_data_read(c->table, c->diags, out, err);
}

/* --- the verb --- */

static sx_status make_figure(sx_cli *c, const sx_plot_kind *kind, sx_error *err)
{
    sx_figure *figure = NULL;
    sx_status st = kind->make(c, &figure, err);
    if (!st)
        st = sx_plot_write(c, figure, err);
    sx_figure_free(figure);
    return st;
}

sx_status sx_verb_plot(sx_cli *c, sx_error *err)
{
    const sx_plot_kind *kind = NULL;
    sx_plot_style style;
    sx_status st = find_kind(c, &kind, err);
    if (!st)
        st = sx_plot_check(c, err);
    if (!st)
        st = check_options(c, kind, err);
    if (!st)
        st = sx_plot_style_read(c, &style, err);
    if (!st)
        st = check_input(c, kind, err);
    return st ? st : make_figure(c, kind, err);
}

/* --- help --- */

void sx_plot_help(sx_text *t, int32_t indent, int32_t width)
{
    char text[400];
    for (const sx_plot_kind *k = sx_plot_kinds; k->name; k++) {
        int32_t used = (int32_t)strlen(k->name) + 2;
        sx_text_format(t, "  %s", k->name);
        if (used + 2 > indent) {
            sx_text_put(t, "\n");
            used = 0;
        }
        sx_text_spaces(t, indent - used);
        snprintf(text, sizeof text, "%s; from %s%s%s", k->summary,
                 k->takes & SX_PLOT_SPEC ? "a specification" : "",
                 k->takes == (SX_PLOT_SPEC | SX_PLOT_TABLE) ? " or " : "",
                 k->takes & SX_PLOT_TABLE ? "a table" : "");
        sx_text_wrap(t, text, indent, indent, width);
        sx_text_put(t, "\n");
        list_options(k->options, text, sizeof text);
        if (!*text)
            continue;
        sx_text_spaces(t, indent);
        sx_text_wrap(t, text, indent, indent, width);
        sx_text_put(t, "\n");
    }
}
