/* SPDX-License-Identifier: GPL-3.0-or-later */
/* plot_overoptimisation.c - plot: proxy and true value against best-of-n or KL, of a table
 *
 *     n or kl, proxy, true [, proxy_lo, proxy_hi, true_lo, true_hi] [, seed] [, model]
 */
#include <string.h>

#include "cli/verb_plot.h"
#include "plots/kind_overoptimisation.h"

enum { X, PROXY, TRUE, PROXY_LO, PROXY_HI, TRUE_LO, TRUE_HI, NUMBERS };

typedef struct work {
    sx_data *table;
    double *number[NUMBERS];       /* [rows] or NULL */
    int32_t *model, *seed;         /* [rows] or NULL */
    const char **name, **run_name; /* of models and seeds */
    int32_t models, seeds;
} work;

static void clear(work *w)
{
    for (int k = 0; k < NUMBERS; k++)
        sx_release(w->number[k]);
    sx_release(w->model);
    sx_release(w->seed);
    sx_release(w->name);
    sx_release(w->run_name);
    sx_data_free(w->table);
}

/* A column of numbers, which may be missing when it is not `needed`. */
static sx_status take(work *w, int k, const char *name, bool needed, sx_error *err)
{
    int32_t column = sx_data_has(w->table, name);
    if (column < 0 && !needed)
        return SX_OK;
    sx_status st = sx_data_column(w->table, name, &column, err);
    if (st)
        return st;
    w->number[k] = sx_alloc((size_t)sx_data_rows(w->table), sizeof(double));
    return w->number[k] ? sx_data_numbers(w->table, column, w->number[k], err) : sx_nomem(err);
}

static sx_status take_words(work *w, const char *name, int32_t **which, const char ***words,
                            int32_t *count, sx_error *err)
{
    int32_t column = sx_data_has(w->table, name);
    return column < 0 ? SX_OK : sx_data_words(w->table, column, which, words, count, err);
}

/* Which column is x, and what is made of it. */
static sx_status choose_x(sx_cli *c, work *w, sx_overoptimisation_view *v, sx_error *err)
{
    static const char *const words[] = {"n", "kl", "sqrt-kl"}; /* order of sx_pressure */
    const char *x = c->o.text[SX_OPT_X];
    bool n = sx_data_has(w->table, "n") >= 0, kl = sx_data_has(w->table, "kl") >= 0;
    v->axis = n || !kl ? SX_PRESSURE_N : SX_PRESSURE_KL;
    for (int i = 0; i < 3; i++)
        if (x && !strcmp(x, words[i]))
            v->axis = (sx_pressure)i;
    if (x && strcmp(x, words[v->axis]) != 0)
        return sx_cli_fail(c, "E505", err,
                           "overoptimisation goes by --x n, kl or sqrt-kl, not %s", x);
    v->kl = kl && v->axis != SX_PRESSURE_N;
    return take(w, X, v->kl ? "kl" : "n", true, err);
}

static sx_status read_columns(sx_cli *c, work *w, sx_overoptimisation_view *v, sx_error *err)
{
    static const char *const names[] = {NULL,       "proxy",   "true",   "proxy_lo",
                                        "proxy_hi", "true_lo", "true_hi"};
    sx_status st = choose_x(c, w, v, err);
    for (int k = PROXY; k < NUMBERS && !st; k++)
        st = take(w, k, names[k], k <= TRUE, err);
    if (!st)
        st = take_words(w, "model", &w->model, &w->name, &w->models, err);
    if (!st)
        st = take_words(w, "seed", &w->seed, &w->run_name, &w->seeds, err);
    return st;
}

sx_status sx_plot_overoptimisation(sx_cli *c, sx_figure **figure, sx_error *err)
{
    work w = {0};
    sx_overoptimisation_view v = {.title = "Over-optimisation"};
    sx_status st = sx_plot_table(c, &w.table, err);
    if (!st)
        st = read_columns(c, &w, &v, err);
    if (!st) {
        v.rows = sx_data_rows(w.table);
        v.x = w.number[X];
        v.proxy = w.number[PROXY];
        v.truth = w.number[TRUE];
        v.proxy_low = w.number[PROXY_LO];
        v.proxy_high = w.number[PROXY_HI];
        v.truth_low = w.number[TRUE_LO];
        v.truth_high = w.number[TRUE_HI];
        v.model = w.model;
        v.seed = w.seed;
        v.seed_name = w.run_name;
        v.models = w.model ? w.models : 1;
        v.name = w.name;
        v.draws = (uint64_t)c->o.number[SX_OPT_SEED];
        st = sx_figure_overoptimisation(&v, figure, err);
    }
    clear(&w);
    return st;
}
