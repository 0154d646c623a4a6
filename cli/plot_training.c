/* SPDX-License-Identifier: GPL-3.0-or-later */
/* plot_training.c - plot: distance over training, of groups of checkpoints or of a table
 *
 *     step or progress, distance [, lo, hi] [, regret, regret_lo, regret_hi]
 *     [, reward or group] [, seed]
 *
 * In a specification the members of a group are checkpoints: the last whole number of a name
 * is the step, what is around it is the run. */
#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/verb_frontier.h"
#include "cli/verb_plot.h"
#include "plots/kind_training.h"

enum { X, DISTANCE, LO, HI, REGRET, REGRET_LO, REGRET_HI, NUMBERS };

typedef struct work {
    sx_data *table;          /* NULL: of a specification */
    double *number[NUMBERS]; /* [rows] or NULL */
    int64_t rows;
    int32_t *series, *run; /* [rows] or NULL */
    const char **name, **run_name;
    char (*label)[96]; /* [runs] of a specification */
    int32_t count, runs;
    char x_title[120], distance[160];
} work;

static void clear(work *w)
{
    for (int k = 0; k < NUMBERS; k++)
        sx_release(w->number[k]);
    sx_release(w->series);
    sx_release(w->run);
    sx_release(w->name);
    sx_release(w->run_name);
    sx_release(w->label);
    sx_data_free(w->table);
}

static sx_status draw(sx_cli *c, const work *w, const char *title, sx_figure **figure,
                      sx_error *err)
{
    const sx_training_view v = {
        .title = title,
        .x_title = w->x_title,
        .rows = w->rows,
        .x = w->number[X],
        .distance = {w->distance, w->number[DISTANCE], w->number[LO], w->number[HI]},
        .regret = {"regret", w->number[REGRET], w->number[REGRET_LO], w->number[REGRET_HI]},
        .series = w->series,
        .run = w->run,
        .count = w->series ? w->count : 1,
        .name = w->name,
        .run_name = w->run_name,
        .draws = (uint64_t)c->o.number[SX_OPT_SEED]};
    return sx_figure_training(&v, figure, err);
}

/* --- a table --- */

static sx_status take(work *w, int k, const char *name, sx_error *err)
{
    int32_t column;
    sx_status st = sx_data_column(w->table, name, &column, err);
    if (st)
        return st;
    w->number[k] = sx_alloc((size_t)w->rows, sizeof(double));
    st = w->number[k] ? sx_data_numbers(w->table, column, w->number[k], err) : sx_nomem(err);
    for (int64_t i = 0; k != X && !st && i < w->rows; i++)
        if (w->number[k][i] < -1e-9)
            st = sx_data_wrong(w->table, i, column, err, "a %s is not negative",
                               k < REGRET ? "distance" : "regret");
    return st;
}

static sx_status take_words(work *w, const char *name, int32_t **which, const char ***words,
                            int32_t *count, sx_error *err)
{
    int32_t column = sx_data_has(w->table, name);
    return column < 0 ? SX_OK : sx_data_words(w->table, column, which, words, count, err);
}

static sx_status read_columns(work *w, sx_error *err)
{
    static const char *const names[] = {NULL,     "distance",  "lo",       "hi",
                                        "regret", "regret_lo", "regret_hi"};
    bool progress = sx_data_has(w->table, "step") < 0 && sx_data_has(w->table, "progress") >= 0;
    w->rows = sx_data_rows(w->table);
    sx_status st = take(w, X, progress ? "progress" : "step", err);
    for (int k = DISTANCE; k < NUMBERS && !st; k++)
        if (k == DISTANCE || sx_data_has(w->table, names[k]) >= 0)
            st = take(w, k, names[k], err);
    if (!st)
        st = take_words(w, sx_data_has(w->table, "reward") >= 0 ? "reward" : "group",
                        &w->series, &w->name, &w->count, err);
    if (!st)
        st = take_words(w, "seed", &w->run, &w->run_name, &w->runs, err);
    snprintf(w->x_title, sizeof w->x_title, "training %s", progress ? "progress (%)" : "step");
    snprintf(w->distance, sizeof w->distance, "distance to the truth");
    return st;
}

static sx_status plot_table(sx_cli *c, work *w, sx_figure **figure, sx_error *err)
{
    sx_status st = sx_plot_table(c, &w->table, err);
    if (!st)
        st = read_columns(w, err);
    return st ? st : draw(c, w, "Distance over training", figure, err);
}

/* --- a specification --- */

/* The last whole number of a name: from there to before `to`; false without one. */
static bool find_number(const char *name, size_t *from, size_t *to)
{
    size_t i = strlen(name);
    while (i > 0 && !isdigit((unsigned char)name[i - 1]))
        i--;
    *to = i;
    while (i > 0 && isdigit((unsigned char)name[i - 1]))
        i--;
    *from = i;
    return *to > *from;
}

/* Whether two names are alike but for their numbers. */
static bool is_same_run(const char *a, const char *b)
{
    size_t from[2], to[2];
    return find_number(a, &from[0], &to[0]) && find_number(b, &from[1], &to[1]) &&
           from[0] == from[1] && !strncmp(a, b, from[0]) && !strcmp(a + to[0], b + to[1]);
}

/* The checkpoints of a specification, one for each row. */
typedef struct checkpoints {
    int32_t truth, count;
    int32_t *which; /* [count] rewards */
} checkpoints;

static bool is_wanted(const sx_cli *c, int32_t i, int32_t truth)
{
    const char *group = c->spec->reward[i].group, *asked = c->o.text[SX_OPT_PROXY];
    return i != truth && group && (!asked || !strcmp(group, asked));
}

static sx_status find_checkpoints(sx_cli *c, checkpoints *k, sx_error *err)
{
    const char *truth = c->o.text[SX_OPT_TRUE], *asked = c->o.text[SX_OPT_PROXY];
    sx_status st = SX_OK;
    k->truth = sx_cli_usual_truth(c->spec);
    if (truth)
        st = sx_cli_reward(c, "--true", truth, &k->truth, err);
    k->which = sx_alloc((size_t)c->spec->rewards, sizeof *k->which);
    if (!st && !k->which)
        st = sx_nomem(err);
    for (int32_t i = 0; !st && i < c->spec->rewards; i++)
        if (is_wanted(c, i, k->truth))
            k->which[k->count++] = i;
    if (st || k->count)
        return st;
    if (asked)
        return sx_fail(err, SX_EINPUT, "%.80s is no group of rewards of %.80s", asked,
                       sx_cli_path(c));
    return sx_fail(err, SX_EINPUT,
                   "%.80s has no group of rewards, whose members would be the checkpoints: "
                   "<reward id=\"learned\" href=\"runs/step-*.npy\" .../>",
                   sx_cli_path(c));
}

/* The place of a word in a list that it is added to. */
static int32_t place_in(const char **list, int32_t *count, const char *word,
                        bool (*same)(const char *, const char *))
{
    for (int32_t i = *count - 1; i >= 0; i--)
        if (same(list[i], word))
            return i;
    list[*count] = word;
    return (*count)++;
}

static bool is_same_word(const char *a, const char *b)
{
    return strcmp(a, b) == 0;
}

/* Runs are named after one of their checkpoints, with * for its number. */
static sx_status name_runs(work *w, sx_error *err)
{
    size_t from, to;
    w->label = sx_alloc((size_t)w->runs, sizeof *w->label);
    if (!w->label)
        return sx_nomem(err);
    for (int32_t i = 0; i < w->runs; i++) {
        const char *id = w->run_name[i];
        (void)find_number(id, &from, &to);
        snprintf(w->label[i], sizeof w->label[i], "%.*s*%s", (int)from, id, id + to);
        w->run_name[i] = w->label[i];
    }
    return SX_OK;
}

/* Step, series and run of each checkpoint. */
static sx_status name_rows(sx_cli *c, const checkpoints *k, work *w, sx_error *err)
{
    size_t n = (size_t)k->count, from, to;
    w->rows = k->count;
    w->series = sx_alloc(n, sizeof *w->series);
    w->run = sx_alloc(n, sizeof *w->run);
    w->name = sx_alloc(n, sizeof *w->name);
    w->run_name = sx_alloc(n, sizeof *w->run_name);
    for (int i = 0; i < NUMBERS; i++)
        if (i == X || i == DISTANCE || (i == REGRET && c->o.given[SX_OPT_REGRET]))
            w->number[i] = sx_alloc(n, sizeof(double));
    if (!w->series || !w->run || !w->name || !w->run_name || !w->number[X] ||
        !w->number[DISTANCE] || (c->o.given[SX_OPT_REGRET] && !w->number[REGRET]))
        return sx_nomem(err);
    for (int32_t i = 0; i < k->count; i++) {
        const sx_named_reward *r = &c->spec->reward[k->which[i]];
        if (!find_number(r->id, &from, &to))
            return sx_fail(err, SX_EINPUT,
                           "the name of '%.80s' holds no number: it does not say which step of "
                           "the training it is",
                           r->id);
        w->number[X][i] = strtod(r->id + from, NULL);
        w->series[i] = place_in(w->name, &w->count, r->group, is_same_word);
        w->run[i] = place_in(w->run_name, &w->runs, r->id, is_same_run);
    }
    return name_runs(w, err);
}

static sx_status measure_distances(sx_cli *c, const checkpoints *k, const sx_measure *measure,
                                   double *out, sx_error *err)
{
    sx_canoniser *canoniser = NULL;
    sx_status st = sx_cli_canoniser(c, &canoniser, err);
    sx_progress_phase("distances", k->count);
    for (int32_t i = 0; i < k->count && !st; i++) {
        const sx_reward *two[2] = {c->spec->reward[k->truth].reward,
                                   c->spec->reward[k->which[i]].reward};
        sx_number d = {0};
        st = sx_distances(canoniser, two, 2, measure, 1, &d, err);
        out[i] = !st && !d.reason ? d.value : (double)NAN;
        sx_progress_step();
    }
    sx_canoniser_free(canoniser);
    return st;
}

static sx_status measure_regrets(sx_cli *c, const checkpoints *k, double *out, sx_error *err)
{
    sx_status st = SX_OK;
    sx_progress_phase("regrets", k->count);
    for (int32_t i = 0; i < k->count && !st; i++) {
        sx_frontier_answer a = {.truth = k->truth, .proxy = k->which[i]};
        sx_regret *r = NULL;
        st = sx_frontier_prepare(c, &a, err);
        if (!st)
            st = sx_regret_pair(a.world, 0, 1, &r, err);
        if (!st)
            out[i] = r->worst_case;
        if (!st && r->outcome != SX_SOLVED)
            c->answer = SX_EXIT_UNCERTIFIED;
        sx_regret_free(r);
        sx_frontier_clear(&a);
        sx_progress_step();
    }
    return st;
}

static sx_status plot_spec(sx_cli *c, work *w, checkpoints *k, sx_figure **figure,
                           sx_error *err)
{
    sx_measure measure;
    sx_status st = sx_cli_measure(c, &measure, err);
    if (!st)
        st = sx_cli_read(c, err);
    if (!st)
        st = find_checkpoints(c, k, err);
    if (!st)
        st = name_rows(c, k, w, err);
    if (!st)
        st = measure_distances(c, k, &measure, w->number[DISTANCE], err);
    if (!st && w->number[REGRET])
        st = measure_regrets(c, k, w->number[REGRET], err);
    if (st)
        return st;
    if (measure.kind == SX_DISTANCE_EPIC)
        snprintf(w->distance, sizeof w->distance, "EPIC distance (%s)",
                 sx_canon_name(measure.canon));
    else
        snprintf(w->distance, sizeof w->distance, "STARC distance (%s, %s, %s)",
                 sx_canon_name(measure.canon), sx_norm_name(measure.norm),
                 sx_norm_name(measure.metric));
    snprintf(w->x_title, sizeof w->x_title, "checkpoint (last number of its name)");
    return draw(c, w, sx_cli_title(c), figure, err);
}

sx_status sx_plot_training(sx_cli *c, sx_figure **figure, sx_error *err)
{
    work w = {0};
    checkpoints k = {0};
    sx_status st = sx_plot_is_table(c) ? plot_table(c, &w, figure, err)
                                       : plot_spec(c, &w, &k, figure, err);
    sx_release(k.which);
    clear(&w);
    return st;
}
