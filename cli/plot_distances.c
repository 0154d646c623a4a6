/* SPDX-License-Identifier: GPL-3.0-or-later */
/* plot_distances.c - plot: the matrix of distances, of a specification or from a table. */
#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "cli/plot_measure.h"
#include "plots/kind_distances.h"

/* A matrix being filled. */
typedef struct matrix {
    int32_t n;
    const char **name; /* [n] borrowed */
    double *value;     /* [n*n] */
    char bar[320];
    double unit;
} matrix;

static void matrix_clear(matrix *x)
{
    sx_release(x->name);
    sx_release(x->value);
}

/* Room for n rewards; no distances yet, but 0 from each to itself. */
static sx_status matrix_start(sx_cli *c, matrix *x, int32_t n, sx_error *err)
{
    x->n = n;
    if (n < 2)
        return sx_fail(err, SX_EINPUT, "a figure of distances needs two rewards: %s has fewer",
                       sx_cli_path(c));
    if (n > 200) {
        (void)sx_cli_fail(c, "E535", err,
                          "a figure has room for the distances of 200 rewards; %.120s has %s"
                          "%" PRId32,
                          sx_cli_path(c), n > 200 && c->table ? "more, at least " : "", n);
        return SX_EARG;
    }
    size_t room = (size_t)n;
    x->name = sx_alloc(room, sizeof(char *));
    x->value = sx_alloc(room * room, sizeof *x->value);
    if (!x->name || !x->value)
        return sx_nomem(err);
    for (size_t i = 0; i < room * room; i++)
        x->value[i] = i / room == i % room ? 0 : (double)NAN;
    return SX_OK;
}

static double *at(matrix *x, int32_t i, int32_t j)
{
    return &x->value[(size_t)i * (size_t)x->n + (size_t)j];
}

/* --- of a specification --- */

static sx_status compute(sx_cli *c, const sx_measure *measure, const int32_t *which, matrix *x,
                         sx_error *err)
{
    sx_number *pair = NULL;
    sx_status st = sx_cli_distances(c, which, x->n, measure, 1, &pair, err);
    for (int32_t i = 0; !st && i < x->n; i++)
        for (int32_t j = i + 1; j < x->n; j++) {
            const sx_number *d = &pair[sx_cli_pair_index(x->n, i, j)];
            *at(x, i, j) = *at(x, j, i) = d->reason ? (double)NAN : d->value;
        }
    sx_release(pair);
    return st;
}

static sx_status of_spec(sx_cli *c, matrix *x, sx_error *err)
{
    sx_measure measure;
    const char *word[SX_PICKS];
    int32_t *which = NULL;
    sx_status st = sx_cli_measure(c, &measure, err);
    if (!st)
        st = sx_cli_read(c, err);
    if (!st)
        st = matrix_start(c, x, c->spec->rewards, err);
    if (st)
        return st;
    which = sx_alloc((size_t)x->n, sizeof *which);
    for (int32_t i = 0; which && i < x->n; i++) {
        which[i] = i;
        x->name[i] = c->spec->reward[i].id;
    }
    st = which ? compute(c, &measure, which, x, err) : sx_nomem(err);
    sx_plot_measure_words(&measure, word);
    sx_plot_measure_markup(word, x->bar, sizeof x->bar);
    x->unit = sx_plot_measure_unit(word);
    sx_release(which);
    return st;
}

/* --- from a table --- */

enum { A, B, VALUE, COLUMNS };

static int32_t find_name(const matrix *x, int32_t count, const char *name)
{
    for (int32_t i = 0; i < count; i++)
        if (!strcmp(x->name[i], name))
            return i;
    return -1;
}

/* The different names of the kept rows in the order in which they occur, up to 201. */
static int32_t list_names(const sx_data *t, const int32_t column[COLUMNS],
                          const unsigned char *keep, const char *name[201])
{
    matrix x = {.name = name};
    for (int64_t row = 0; row < sx_data_rows(t); row++)
        for (int k = A; k <= B && keep[row]; k++) {
            const char *text = sx_data_text(t, row, column[k]);
            if (x.n < 201 && find_name(&x, x.n, text) < 0)
                name[x.n++] = text;
        }
    return x.n;
}

static sx_status take_row(const sx_data *t, const int32_t column[COLUMNS], int64_t row,
                          matrix *x, unsigned char *seen, sx_error *err)
{
    double d = 0;
    int32_t i = find_name(x, x->n, sx_data_text(t, row, column[A]));
    int32_t j = find_name(x, x->n, sx_data_text(t, row, column[B]));
    sx_status st = sx_data_number(t, row, column[VALUE], &d, err);
    if (st)
        return st;
    if (d < 0)
        return sx_data_wrong(t, row, column[VALUE], err, "a distance is not negative");
    if (i == j)
        return SX_OK;
    unsigned char *twice =
        &seen[(size_t)(i < j ? i : j) * (size_t)x->n + (size_t)(i < j ? j : i)];
    if (*twice)
        return sx_data_wrong(t, row, column[A], err,
                             "the distance of %.80s and %.80s is given twice", x->name[i],
                             x->name[j]);
    *at(x, i, j) = *at(x, j, i) = d;
    *twice = 1;
    return SX_OK;
}

static sx_status take_rows(sx_cli *c, const sx_data *t, const int32_t column[COLUMNS],
                           const unsigned char *keep, matrix *x, sx_error *err)
{
    const char *name[201];
    int32_t n = list_names(t, column, keep, name);
    sx_status st = matrix_start(c, x, n, err);
    unsigned char *seen = st ? NULL : sx_alloc((size_t)n * (size_t)n, 1);
    if (!st && !seen)
        st = sx_nomem(err);
    for (int32_t i = 0; !st && i < n; i++)
        x->name[i] = name[i];
    for (int64_t row = 0; !st && row < sx_data_rows(t); row++)
        if (keep[row])
            st = take_row(t, column, row, x, seen, err);
    sx_release(seen);
    return st;
}

static sx_status of_table(sx_cli *c, const sx_data *t, matrix *x, sx_error *err)
{
    static const char *const names[COLUMNS] = {"a", "b", "value"};
    int32_t column[COLUMNS];
    sx_plot_pick pick = {.keep = NULL};
    sx_status st = SX_OK;
    for (int i = 0; i < COLUMNS && !st; i++)
        st = sx_data_column(t, names[i], &column[i], err);
    if (!st)
        st = sx_plot_pick_rows(c, t, "", SX_PICK_DISTANCE, &pick, err);
    if (!st)
        st = take_rows(c, t, column, pick.keep, x, err);
    if (!st) {
        sx_plot_measure_markup(pick.word, x->bar, sizeof x->bar);
        x->unit = sx_plot_measure_unit(pick.word);
    }
    sx_plot_pick_clear(&pick);
    return st;
}

sx_status sx_plot_distances(sx_cli *c, sx_figure **figure, sx_error *err)
{
    matrix x = {.n = 0};
    sx_data *t = NULL;
    sx_status st = SX_OK;
    if (sx_plot_is_table(c)) {
        st = sx_plot_table(c, &t, err);
        st = st ? st : of_table(c, t, &x, err);
    } else {
        st = of_spec(c, &x, err);
    }
    if (!st) {
        const sx_distances_view v = {
            t ? t->name : sx_cli_title(c), x.bar, x.n, x.name, x.value, x.unit};
        st = sx_figure_distances(&v, figure, err);
    }
    matrix_clear(&x);
    sx_data_free(t);
    return st;
}
