/* SPDX-License-Identifier: GPL-3.0-or-later */
/* plot_regret.c - plot: worst-case regret over distance, of a specification or from a table. */
#include <math.h>

#include "cli/plot_measure.h"
#include "cli/verb_regret.h"
#include "plots/kind_regret.h"

/* Numbers of a pair. */
enum { DISTANCE, REGRET, UPPER, TIGHT, LOWER, NUMBERS };

typedef struct cloud {
    int64_t n;
    double *number[NUMBERS];     /* [n] */
    const char **truth, **proxy; /* [n] borrowed */
    int32_t *group, groups;      /* [n] */
    const char **name;           /* [groups] borrowed */
    char title[320];
    double unit; /* of the distances */
} cloud;

static void cloud_clear(cloud *x)
{
    for (int k = 0; k < NUMBERS; k++)
        sx_release(x->number[k]);
    sx_release(x->truth);
    sx_release(x->proxy);
    sx_release(x->group);
    sx_release(x->name);
}

static sx_status make(sx_cli *c, const char *title, const cloud *x, sx_figure **figure,
                      sx_error *err)
{
    int axes = (int)c->o.number[SX_OPT_LOG];
    const sx_regret_view v = {.title = title,
                              .x_title = x->title,
                              .n = x->n,
                              .distance = x->number[DISTANCE],
                              .regret = x->number[REGRET],
                              .upper = x->number[UPPER],
                              .tight = x->number[TIGHT],
                              .lower = x->number[LOWER],
                              .truth = x->truth,
                              .proxy = x->proxy,
                              .group = x->group,
                              .groups = x->groups,
                              .name = x->name,
                              .log_x = axes & 1,
                              .log_y = axes & 2,
                              .unit = x->unit};
    return sx_figure_regret(&v, figure, err);
}

/* --- of a specification --- */

static double number_of(sx_number x)
{
    return x.reason ? (double)NAN : x.value;
}

static sx_status take_answer(sx_cli *c, const sx_regret_answer *a, cloud *x, sx_error *err)
{
    size_t n = (size_t)a->count;
    bool good = true;
    for (int k = 0; k < NUMBERS; k++) {
        x->number[k] = sx_alloc(n, sizeof(double));
        good = good && x->number[k];
    }
    x->truth = sx_alloc(n, sizeof(char *));
    x->proxy = sx_alloc(n, sizeof(char *));
    if (!good || !x->truth || !x->proxy)
        return sx_nomem(err);
    x->n = a->count;
    for (size_t i = 0; i < n; i++) {
        const sx_regret_row *r = &a->row[i];
        x->truth[i] = c->spec->reward[r->truth].id;
        x->proxy[i] = c->spec->reward[r->proxy].id;
        x->number[DISTANCE][i] = number_of(r->bounds->distance);
        x->number[REGRET][i] = r->regret->worst_case;
        x->number[UPPER][i] = number_of(r->bounds->starc_upper);
        x->number[TIGHT][i] = number_of(r->bounds->span_upper);
        x->number[LOWER][i] = number_of(r->bounds->lower);
    }
    return SX_OK;
}

static sx_status of_spec(sx_cli *c, sx_figure **figure, sx_error *err)
{
    cloud x = {.n = 0};
    const char *word[SX_PICKS];
    sx_regret_answer *a = sx_alloc(1, sizeof *a);
    sx_status st = a ? sx_cli_measure(c, a->measure, err) : sx_nomem(err);
    if (!a)
        return st;
    a->measures = 1;
    if (!st)
        st = sx_cli_read(c, err);
    if (!st)
        st = sx_regret_find(c, a, err);
    if (!st)
        st = take_answer(c, a, &x, err);
    if (!st) {
        sx_plot_measure_words(a->measure, word);
        sx_plot_measure_markup(word, x.title, sizeof x.title);
        x.unit = sx_plot_measure_unit(word);
        st = make(c, sx_cli_title(c), &x, figure, err);
    }
    cloud_clear(&x);
    sx_regret_clear(c, a);
    return st;
}

/* --- from a table --- */

/* Names of columns: of a study, and of the command regret. */
static const char *const names[NUMBERS][2] = {{"distance", "bounds_distance"},
                                              {"regret", "regret_worst_case"},
                                              {"upper", "bounds_starc_upper"},
                                              {"tight", "bounds_span_upper"},
                                              {"lower", "bounds_lower"}};

/* The first of two names that the table has, or -1. */
static int32_t either(const sx_data *t, const char *first, const char *second)
{
    int32_t column = sx_data_has(t, first);
    return column >= 0 ? column : sx_data_has(t, second);
}

/* Below 0 by more than rounding. */
static sx_status check_sign(const sx_data *t, const int32_t column[NUMBERS], int k, int64_t row,
                            double *x, sx_error *err)
{
    if (k > REGRET || !(*x < 0))
        return SX_OK;
    if (*x < -1e-9)
        return sx_data_wrong(t, row, column[k], err, "a %s is not negative", names[k][0]);
    *x = 0;
    return SX_OK;
}

/* Number k of the kept rows, one behind the other; x->n: how many. */
static sx_status take_number(const sx_data *t, const int32_t column[NUMBERS], int k,
                             const unsigned char *keep, cloud *x, sx_error *err)
{
    sx_status st = SX_OK;
    double *out = sx_alloc((size_t)sx_data_rows(t), sizeof *out);
    x->number[k] = out;
    x->n = 0;
    if (!out)
        return sx_nomem(err);
    for (int64_t row = 0; row < sx_data_rows(t); row++) {
        if (!keep[row])
            continue;
        sx_status one = sx_data_number(t, row, column[k], &out[x->n], err);
        one = one ? one : check_sign(t, column, k, row, &out[x->n], err);
        st = st ? st : one;
        x->n++;
    }
    return st;
}

/* All of them that the table has. */
static sx_status take_numbers(const sx_data *t, const int32_t column[NUMBERS],
                              const unsigned char *keep, cloud *x, sx_error *err)
{
    sx_status st = SX_OK;
    for (int k = 0; k < NUMBERS; k++) {
        sx_status one = column[k] < 0 ? SX_OK : take_number(t, column, k, keep, x, err);
        st = st ? st : one;
    }
    return st;
}

/* The words of a column in the kept rows; NULL without such a column. */
static sx_status take_words(const sx_data *t, int32_t column, const unsigned char *keep,
                            const char ***out, sx_error *err)
{
    int64_t at = 0;
    if (column < 0)
        return SX_OK;
    *out = sx_alloc((size_t)sx_data_rows(t), sizeof(char *));
    for (int64_t row = 0; *out && row < sx_data_rows(t); row++)
        if (keep[row])
            (*out)[at++] = sx_data_text(t, row, column);
    return *out ? SX_OK : sx_nomem(err);
}

/* The group of each kept row: a column group or family, else worlds where there are several. */
static sx_status take_groups(const sx_data *t, const unsigned char *keep, cloud *x,
                             sx_error *err)
{
    int32_t column = either(t, "group", "family");
    int64_t at = 0;
    bool asked = column >= 0;
    if (!asked)
        column = either(t, "world", "mdp");
    if (column < 0)
        return SX_OK;
    sx_status st = sx_data_words(t, column, &x->group, &x->name, &x->groups, err);
    if (!st && !asked && x->groups > SX_REGRET_GROUPS)
        x->group = sx_release(x->group);
    if (!x->group)
        return st;
    for (int64_t row = 0; !st && row < sx_data_rows(t); row++)
        if (keep[row])
            x->group[at++] = x->group[row];
    return st;
}

static sx_status find_columns(const sx_data *t, int32_t column[NUMBERS], sx_error *err)
{
    sx_status st = SX_OK;
    for (int k = 0; k < NUMBERS; k++) {
        bool results = sx_data_has(t, "bounds_distance") >= 0; /* of the command */
        column[k] = either(t, names[k][results], names[k][!results]);
        if (k <= REGRET && column[k] < 0 && !st)
            st = sx_data_column(t, names[k][0], &column[k], err);
    }
    return st;
}

static sx_status read_table(sx_cli *c, const sx_data *t, sx_plot_pick *pick, cloud *x,
                            sx_error *err)
{
    int32_t column[NUMBERS];
    sx_status st = find_columns(t, column, err);
    bool results = !st && sx_data_has(t, "bounds_distance") >= 0;
    if (!st)
        st = sx_plot_pick_rows(c, t, results ? "bounds_" : "", SX_PICK_CANON, pick, err);
    if (!st)
        st = take_numbers(t, column, pick->keep, x, err);
    if (!st)
        st = take_words(t, either(t, "true", "a"), pick->keep, &x->truth, err);
    if (!st)
        st = take_words(t, either(t, "proxy", "b"), pick->keep, &x->proxy, err);
    if (!st)
        st = take_groups(t, pick->keep, x, err);
    if (!st) {
        sx_plot_measure_markup(pick->word, x->title, sizeof x->title);
        x->unit = sx_plot_measure_unit(pick->word);
    }
    return st;
}

static sx_status of_table(sx_cli *c, sx_figure **figure, sx_error *err)
{
    cloud x = {.n = 0};
    sx_data *t = NULL;
    sx_plot_pick pick = {.keep = NULL};
    sx_status st = sx_plot_table(c, &t, err);
    if (!st)
        st = read_table(c, t, &pick, &x, err);
    if (!st)
        st = make(c, t->name, &x, figure, err);
    cloud_clear(&x);
    sx_plot_pick_clear(&pick);
    sx_data_free(t);
    return st;
}

sx_status sx_plot_regret(sx_cli *c, sx_figure **figure, sx_error *err)
{
    return sx_plot_is_table(c) ? of_table(c, figure, err) : of_spec(c, figure, err);
}
