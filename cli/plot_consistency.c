/* SPDX-License-Identifier: GPL-3.0-or-later */
/* plot_consistency.c - plot: whether rewards follow what edits change, from a specification
 * with edits, from the CSV of `consistency`, or from a table of contrast sets. */
#include "cli/verb_plot.h"

#include <math.h>
#include <string.h>

#include "cli/groups.h"
#include "cli/verb_consistency.h"
#include "plots/kind_consistency.h"

static double threshold_of(const sx_cli *c)
{
    return c->o.given[SX_OPT_THRESHOLD] ? c->o.number[SX_OPT_THRESHOLD] : (double)NAN;
}

/* --- from a specification --- */

typedef struct job {
    sx_consistency_answer a;
    int32_t *which; /* [count] rewards, without the true one unless it is alone */
    int32_t count;
    sx_cli_sides sides;
    sx_edit_result *row; /* [rows] */
    int64_t rows;
} job;

static void job_clear(const sx_cli *c, job *z)
{
    if (c->spec)
        sx_consistency_clear(c, &z->a);
    sx_cli_sides_clear(&z->sides);
    sx_release(z->which);
    sx_release(z->row);
}

static sx_status choose_rewards(sx_cli *c, job *z, sx_error *err)
{
    int32_t n = c->spec->rewards;
    z->which = sx_alloc((size_t)n, sizeof *z->which);
    if (!z->which)
        return sx_nomem(err);
    for (int32_t i = 0; i < n; i++)
        if (i != z->a.truth || n == 1)
            z->which[z->count++] = i;
    return sx_cli_sides_make(c, z->which, z->count, &z->sides, err);
}

typedef struct asked {
    const job *z;
    const sx_edit_world *world;
    sx_edit_measure q;
} asked;

static sx_number number_of(const void *of, int32_t row, int32_t column)
{
    const asked *x = of;
    const sx_consistency *n = &x->world->row[x->z->which[row]].x;
    (void)column;
    switch (x->q) {
    case SX_EDIT_INVARIANCE: return n->invariance_error;
    case SX_EDIT_DISTANCE: return n->distance_to_true;
    default: return n->regret;
    }
}

/* Of a group the mean, with its bootstrap interval. */
static sx_status measure(const sx_cli *c, const asked *x, const sx_cli_side *side,
                         sx_figure_number *out, sx_error *err)
{
    int32_t none = 0;
    sx_cli_side one = {"", -1, 1, &none};
    sx_interval mean;
    if (side->stream < 0) {
        sx_number n = number_of(x, side->member[0], 0);
        *out = (sx_figure_number){n.reason ? (double)NAN : n.value, NAN, NAN};
        return SX_OK;
    }
    sx_status st = sx_cli_mean(c, side, &one, number_of, x, &mean, err);
    *out = (sx_figure_number){mean.mean, mean.lo, mean.hi};
    return st;
}

static sx_status measure_world(const sx_cli *c, job *z, const sx_edit_world *w, sx_error *err)
{
    const sx_edit *e = &c->spec->edit[w->edit];
    sx_status st = SX_OK;
    for (int32_t i = 0; i < z->sides.count && !st; i++) {
        sx_edit_result *r = &z->row[z->rows++];
        r->edit = e->id;
        r->reward = z->sides.side[i].id;
        r->step = w->step < 0 ? (double)NAN : e->step[w->step];
        r->sort = w->kind == SX_EDIT_NEUTRAL  ? SX_EDIT_IS_NEUTRAL
                  : w->kind == SX_EDIT_CAUSAL ? SX_EDIT_IS_CAUSAL
                                              : SX_EDIT_IS_OTHER;
        for (int q = 0; q < SX_EDIT_MEASURES && !st; q++) {
            asked x = {z, w, (sx_edit_measure)q};
            st = measure(c, &x, &z->sides.side[i], &r->number[q], err);
        }
    }
    return st;
}

static void note_uncertified(sx_cli *c, const job *z, sx_figure *f)
{
    bool sure = true;
    for (int32_t i = 0; i < z->a.count; i++) {
        sure = sure && z->a.world[i].outcome == SX_SOLVED;
        for (int32_t r = 0; r < c->spec->rewards; r++)
            sure = sure && z->a.world[i].row[r].x.outcome == SX_SOLVED;
    }
    if (sure)
        return;
    c->answer = SX_EXIT_UNCERTIFIED;
    sx_figure_note(f, "some numbers are not certified");
}

static sx_status from_spec(sx_cli *c, sx_figure **figure, sx_error *err)
{
    job z = {.count = 0};
    sx_status st = sx_cli_measure(c, &z.a.measure, err);
    if (!st)
        st = sx_cli_read(c, err);
    if (!st)
        st = sx_consistency_find(c, &z.a, err);
    if (!st)
        st = choose_rewards(c, &z, err);
    if (!st) {
        z.row = sx_alloc((size_t)z.a.count * (size_t)z.sides.count, sizeof *z.row);
        st = z.row ? SX_OK : sx_nomem(err);
    }
    for (int32_t i = 0; i < z.a.count && !st; i++)
        st = measure_world(c, &z, &z.a.world[i], err);
    if (!st)
        st =
            sx_figure_consistency(sx_cli_title(c), z.row, z.rows, threshold_of(c), figure, err);
    if (!st)
        note_uncertified(c, &z, *figure);
    job_clear(c, &z);
    return st;
}

/* --- from a table --- */

typedef struct measure_columns {
    const char *name, *low, *high;
} measure_columns;

/* What a column may hold. */
typedef enum column_sort { ANY, SIZE, SHARE } column_sort;

/* A size is not negative, a share is from 0 to 1, each but for rounding. */
static sx_status check_limit(const sx_data *t, int64_t row, int32_t column, column_sort limit,
                             double x, sx_error *err)
{
    static const double SLACK = 1e-9;
    if (limit == SIZE && x < -SLACK)
        return sx_data_wrong(t, row, column, err, "this number is not negative");
    if (limit == SHARE && (x < -SLACK || x > 1 + SLACK))
        return sx_data_wrong(t, row, column, err, "this number is a share, from 0 to 1");
    return SX_OK;
}

/* The numbers of a column that may be missing, and their intervals: out [rows] of numbers that
 * are `stride` bytes apart. */
static sx_status read_column(const sx_data *t, const char *name, column_sort limit,
                             size_t stride, double *out, bool *found, sx_error *err)
{
    int32_t at = sx_data_has(t, name);
    sx_status st = SX_OK;
    *found = at >= 0;
    for (int64_t i = 0; i < sx_data_rows(t) && !st; i++) {
        double *x = (double *)(void *)((char *)out + (size_t)i * stride);
        *x = (double)NAN;
        if (*found)
            st = sx_data_number(t, i, at, x, err);
        if (!st && *found)
            st = check_limit(t, i, at, limit, *x, err);
    }
    return st;
}

static sx_status read_measure(const sx_data *t, const measure_columns *name, column_sort limit,
                              size_t stride, sx_figure_number *out, bool *found, sx_error *err)
{
    bool any;
    sx_status st = read_column(t, name->name, limit, stride, &out->value, found, err);
    if (!st)
        st = read_column(t, name->low, limit, stride, &out->low, &any, err);
    return st ? st : read_column(t, name->high, limit, stride, &out->high, &any, err);
}

/* Of the CSV of `consistency` the rows of the true reward are left out, unless there are no
 * others. */
static int64_t drop_truth(const sx_data *t, sx_edit_result *row)
{
    int32_t truth = sx_data_has(t, "true");
    int64_t n = sx_data_rows(t), kept = 0;
    for (int64_t i = 0; i < n; i++)
        kept += truth < 0 || strcmp(sx_data_text(t, i, truth), row[i].reward) != 0;
    if (!kept)
        return n;
    kept = 0;
    for (int64_t i = 0; i < n; i++)
        if (truth < 0 || strcmp(sx_data_text(t, i, truth), row[i].reward) != 0)
            row[kept++] = row[i];
    return kept;
}

static sx_status read_sort(const sx_data *t, int64_t row, int32_t column, sx_edit_sort *sort,
                           sx_error *err)
{
    const char *word = sx_data_text(t, row, column);
    *sort = SX_EDIT_IS_OTHER;
    if (strcmp(word, "neutral") == 0)
        *sort = SX_EDIT_IS_NEUTRAL;
    else if (strcmp(word, "causal") == 0)
        *sort = SX_EDIT_IS_CAUSAL;
    else if (*word && strcmp(word, "either") != 0)
        return sx_data_wrong(t, row, column, err,
                             "'%.60s' is no kind of edit: neutral, causal, either or nothing",
                             word);
    return SX_OK;
}

static sx_status read_rows(sx_cli *c, const sx_data *t, sx_edit_result *row, sx_error *err)
{
    static const measure_columns numbers[] = {
        {"invariance_error", "invariance_error_lo", "invariance_error_hi"},
        {"distance_to_true", "distance_to_true_lo", "distance_to_true_hi"},
        {"regret", "regret_lo", "regret_hi"}};
    int32_t edit = -1, reward = -1, kind = -1;
    bool any = false, found;
    sx_status st = sx_data_column(t, "edit", &edit, err);
    if (!st)
        st = sx_data_column(t, "reward", &reward, err);
    if (!st)
        st = sx_data_column(t, "kind", &kind, err);
    if (!st)
        st = read_column(t, "step", ANY, sizeof *row, &row->step, &found, err);
    for (int q = 0; q < SX_EDIT_MEASURES && !st; q++) {
        st = read_measure(t, &numbers[q], SIZE, sizeof *row, &row->number[q], &found, err);
        any = any || found;
    }
    if (!st && !any)
        st = sx_fail(err, SX_EINPUT,
                     "%s has no column invariance_error, distance_to_true or regret",
                     sx_cli_path(c));
    for (int64_t i = 0; i < sx_data_rows(t) && !st; i++) {
        row[i].edit = sx_data_text(t, i, edit);
        row[i].reward = sx_data_text(t, i, reward);
        st = read_sort(t, i, kind, &row[i].sort, err);
    }
    return st;
}

static sx_status edits_from_table(sx_cli *c, const sx_data *t, sx_figure **figure,
                                  sx_error *err)
{
    sx_edit_result *row = sx_alloc((size_t)sx_data_rows(t) + 1, sizeof *row);
    sx_status st = row ? read_rows(c, t, row, err) : sx_nomem(err);
    if (!st)
        st = sx_figure_consistency(t->name, row, drop_truth(t, row), threshold_of(c), figure,
                                   err);
    sx_release(row);
    return st;
}

static sx_status contrast_from_table(const sx_data *t, sx_figure **figure, sx_error *err)
{
    static const measure_columns c_res = {"c_res", "ci_lo", "ci_hi"};
    sx_contrast_result *row = sx_alloc((size_t)sx_data_rows(t) + 1, sizeof *row);
    int32_t model = -1, set = sx_data_has(t, "edit");
    bool found;
    sx_status st = row ? SX_OK : sx_nomem(err);
    if (set < 0)
        set = sx_data_has(t, "set");
    if (!st)
        st = sx_data_column(t, "model", &model, err);
    if (!st)
        st = read_measure(t, &c_res, SHARE, sizeof *row, &row->c_res, &found, err);
    if (!st)
        st = read_column(t, "c_ins", SHARE, sizeof *row, &row->c_ins, &found, err);
    if (!st)
        st = read_column(t, "q_value", SHARE, sizeof *row, &row->q_value, &found, err);
    for (int64_t i = 0; i < sx_data_rows(t) && !st; i++) {
        row[i].model = sx_data_text(t, i, model);
        row[i].set = set < 0 ? "" : sx_data_text(t, i, set);
    }
    if (!st)
        st = sx_figure_contrast(t->name, row, sx_data_rows(t), figure, err);
    sx_release(row);
    return st;
}

static sx_status from_table(sx_cli *c, sx_figure **figure, sx_error *err)
{
    sx_data *t = NULL;
    sx_status st = sx_plot_table(c, &t, err);
    bool contrast = !st && (sx_data_has(t, "c_res") >= 0 || sx_data_has(t, "c_ins") >= 0);
    if (contrast && c->o.given[SX_OPT_THRESHOLD])
        st = sx_cli_fail(c, "E532", err,
                         "--threshold is not for contrast sets, which have no "
                         "invariance errors or regrets");
    if (!st)
        st = contrast ? contrast_from_table(t, figure, err)
                      : edits_from_table(c, t, figure, err);
    sx_data_free(t);
    return st;
}

sx_status sx_plot_consistency(sx_cli *c, sx_figure **figure, sx_error *err)
{
    *figure = NULL;
    return sx_plot_is_table(c) ? from_table(c, figure, err) : from_spec(c, figure, err);
}
