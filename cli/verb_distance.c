/* SPDX-License-Identifier: GPL-3.0-or-later */
/* verb_distance.c - distance: how far apart the rewards are. */
#include "cli/verb_distance.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

#define PAGE 100 /* columns that a matrix may take */

const char *sx_cli_distance_id(const sx_cli *c, const sx_cli_distance *a, int32_t i)
{
    return c->spec->reward[a->which[i]].id;
}

/* The rewards named on the command line, or all. */
static sx_status choose_rewards(sx_cli *c, sx_cli_distance *a, sx_error *err)
{
    int32_t named = c->o.args - 1, all = c->spec->rewards;
    sx_status st = SX_OK;
    a->which = sx_alloc((size_t)all, sizeof *a->which);
    if (!a->which)
        return sx_nomem(err);
    for (int32_t i = 0; i < named && !st; i++)
        st = sx_cli_add_rewards(c, "argument", c->o.arg[i + 1], a->which, &a->count, err);
    for (int32_t i = 0; i < all && !named; i++)
        a->which[a->count++] = i;
    if (!st && a->count < 2)
        st = sx_fail(err, SX_EINPUT, "a distance needs two rewards, and %s %s %s",
                     named ? "the command line" : sx_cli_path(c), named ? "names" : "has",
                     a->count ? "one" : "none");
    a->pairs = (int64_t)a->count * (a->count - 1) / 2;
    return st;
}

/* --- JSON and CSV --- */

void sx_cli_put_measure(sx_report *r, sx_value *v, const sx_measure *m)
{
    bool starc = m->kind == SX_DISTANCE_STARC;
    sx_put_text(r, v, "distance", starc ? "starc" : "epic");
    sx_put_text(r, v, "canon", sx_canon_name(m->canon));
    if (starc) {
        sx_put_text(r, v, "norm", sx_norm_name(m->norm));
        sx_put_text(r, v, "metric", sx_norm_name(m->metric));
    } else {
        sx_put_null(r, v, "norm");
        sx_put_null(r, v, "metric");
    }
}

static void put_result(sx_cli *c, const sx_cli_distance *a)
{
    const sx_mdp *m = c->spec->world->mdp;
    sx_report *r = &c->report;
    sx_put_number(r, r->root, "discount", m->discount);
    sx_put_whole(r, r->root, "states", m->states);
    sx_put_whole(r, r->root, "actions", m->actions);
    sx_put_whole(r, r->root, "pairs", m->pairs);
    sx_put_whole(r, r->root, "transitions", m->entries);
    sx_put_whole(r, r->root, "unreachable", a->unreachable);
    r->rows = sx_put_list(r, r->root, "distances");
    for (int32_t i = 0; i < a->count; i++)
        for (int32_t j = i + 1; j < a->count; j++)
            for (int32_t k = 0; k < a->measures && !r->failed; k++) {
                sx_value *v = sx_put_object(r, r->rows, NULL);
                sx_put_text(r, v, "a", sx_cli_distance_id(c, a, i));
                sx_put_text(r, v, "b", sx_cli_distance_id(c, a, j));
                sx_cli_put_measure(r, v, &a->measure[k]);
                sx_put_maybe(r, v, "value",
                             &a->value[k * a->pairs + sx_cli_pair_index(a->count, i, j)]);
            }
}

/* --- text --- */

sx_number sx_cli_distance_at(const sx_cli_distance *a, int32_t k, int32_t i, int32_t j)
{
    int64_t at = i < j ? sx_cli_pair_index(a->count, i, j) : sx_cli_pair_index(a->count, j, i);
    return i == j ? (sx_number){0, NULL} : a->value[k * a->pairs + at];
}

static void text_list(sx_cli *c, const sx_cli_distance *a)
{
    sx_table t = {.columns = 3, .align = "llr"};
    for (int32_t i = 0; i < a->count; i++)
        for (int32_t j = i + 1; j < a->count; j++) {
            sx_table_cell(&t, sx_cli_distance_id(c, a, i));
            sx_table_cell(&t, sx_cli_distance_id(c, a, j));
            sx_table_number(&t, sx_cli_distance_at(a, 0, i, j).value);
        }
    sx_table_write(&t, &c->text);
    sx_table_clear(&t);
}

/* The names at the top. */
static void fill_named(sx_cli *c, const sx_cli_distance *a, sx_table *t)
{
    sx_table_cell(t, "");
    for (int32_t j = 0; j < a->count; j++)
        sx_table_cell(t, sx_cli_distance_id(c, a, j));
    for (int32_t i = 0; i < a->count; i++) {
        sx_table_cell(t, sx_cli_distance_id(c, a, i));
        for (int32_t j = 0; j < a->count; j++)
            sx_table_number(t, sx_cli_distance_at(a, 0, i, j).value);
    }
}

/* Numbers at the top that stand before the names at the left; four decimals. */
static void fill_numbered(sx_cli *c, const sx_cli_distance *a, sx_table *t)
{
    char text[96];
    sx_table_cell(t, "");
    for (int32_t j = 0; j < a->count; j++) {
        snprintf(text, sizeof text, "%" PRId32, j + 1);
        sx_table_cell(t, text);
    }
    for (int32_t i = 0; i < a->count; i++) {
        snprintf(text, sizeof text, "%2" PRId32 " %.80s", i + 1, sx_cli_distance_id(c, a, i));
        sx_table_cell(t, text);
        for (int32_t j = 0; j < a->count; j++) {
            double d = sx_cli_distance_at(a, 0, i, j).value;
            snprintf(text, sizeof text, isnan(d) ? "-" : d > 0 ? "%.4f" : "0", d);
            sx_table_cell(t, text);
        }
    }
}

/* Whether the matrix that fill makes is narrow enough; then it is written. */
static bool try_matrix(sx_cli *c, const sx_cli_distance *a, const char *align,
                       void (*fill)(sx_cli *, const sx_cli_distance *, sx_table *))
{
    sx_table t = {.columns = a->count + 1, .align = align};
    bool fits;
    fill(c, a, &t);
    fits = sx_table_width(&t) <= PAGE;
    if (fits)
        sx_table_write(&t, &c->text);
    c->text.failed |= t.failed;
    sx_table_clear(&t);
    return fits;
}

/* The matrix, or a list of pairs where it would be too wide. */
static void text_matrix(sx_cli *c, const sx_cli_distance *a)
{
    char align[PAGE / 4 + 1];
    bool done = false;
    memset(align, 'r', sizeof align);
    align[0] = 'l';
    if (a->count <= PAGE / 4)
        done = try_matrix(c, a, align, fill_named) || try_matrix(c, a, align, fill_numbered);
    if (!done)
        text_list(c, a);
}

/* What the ends of the scale mean, where it has two.  In the l2 kinds two unit vectors are 2
 * apart only where one is the negative of the other; in the others not only there. */
static void text_scale(sx_cli *c, const sx_measure *m)
{
    bool round = m->norm == SX_L2 || m->norm == SX_WEIGHTED_L2;
    if (m->kind == SX_DISTANCE_EPIC)
        sx_text_put(&c->text, "0: the same canonical reward up to scale, 1: the opposite\n");
    else if (m->norm == m->metric)
        sx_text_format(&c->text, "0: the same canonical reward up to scale, 2: %s\n",
                       round ? "the opposite" : "as far as two can be apart");
}

/* One row a canonicalisation and norm, one column a metric. */
static void text_combinations(sx_cli *c, const sx_cli_distance *a, int32_t i, int32_t j)
{
    sx_table t = {.columns = 2 + SX_NORMS, .align = "llrrrrrr"};
    sx_text_format(&c->text, "\n%s and %s\n", sx_cli_distance_id(c, a, i),
                   sx_cli_distance_id(c, a, j));
    sx_table_cell(&t, "canon");
    sx_table_cell(&t, "norm");
    for (int n = 0; n < SX_NORMS; n++)
        sx_table_cell(&t, sx_norm_name((sx_norm)n));
    for (int32_t k = 0; k < a->measures; k++) {
        const sx_measure *m = &a->measure[k];
        if (k % SX_NORMS == 0) {
            sx_table_cell(&t, sx_canon_name(m->canon));
            sx_table_cell(&t, sx_norm_name(m->norm));
        }
        sx_table_number(&t, sx_cli_distance_at(a, k, i, j).value);
    }
    sx_table_write(&t, &c->text);
    sx_table_clear(&t);
}

/* Whether why is among told [n]. */
static bool is_told(const char *const *told, int32_t n, const char *why)
{
    for (int32_t k = 0; k < n; k++)
        if (strcmp(told[k], why) == 0)
            return true;
    return false;
}

/* Each reason for a missing number once. */
static void text_reasons(sx_cli *c, const sx_cli_distance *a)
{
    const char *told[8];
    int32_t n = 0;
    for (int64_t i = 0; i < a->measures * a->pairs && n < 8; i++) {
        const char *why = a->value[i].reason;
        if (!why || is_told(told, n, why))
            continue;
        told[n++] = why;
        sx_text_put(&c->text, n == 1 ? "\n  -: " : "     ");
        sx_text_wrap(&c->text, why, 5, 5, PAGE - 10);
        sx_text_put(&c->text, "\n");
    }
}

static void text_result(sx_cli *c, const sx_cli_distance *a)
{
    char what[128];
    bool all = c->o.given[SX_OPT_ALL];
    sx_cli_measure_text(&a->measure[0], what, sizeof what);
    sx_text_format(&c->text, "%s: %s\n", sx_cli_title(c),
                   all ? "STARC distances, every combination (columns: metric)" : what);
    sx_cli_sizes(c, a->unreachable);
    if (!all) {
        text_scale(c, a->measure);
        sx_text_put(&c->text, "\n");
        text_matrix(c, a);
    }
    for (int32_t i = 0; all && i < a->count; i++)
        for (int32_t j = i + 1; j < a->count; j++)
            text_combinations(c, a, i, j);
    text_reasons(c, a);
}

sx_status sx_verb_distance(sx_cli *c, sx_error *err)
{
    sx_cli_distance *a = sx_alloc(1, sizeof *a);
    sx_status st = a ? sx_cli_measures(c, a->measure, &a->measures, err) : sx_nomem(err);
    if (!a)
        return st;
    if (!st && a->measures > 1 && c->o.given[SX_OPT_EXPLAIN])
        st = sx_cli_fail(c, "E506", err, "--explain shows one distance: leave out --all");
    if (!st)
        st = sx_cli_read(c, err);
    if (!st)
        st = choose_rewards(c, a, err);
    if (!st)
        st = sx_cli_unreachable(c, &a->unreachable, err);
    if (!st)
        st = sx_cli_distances(c, a->which, a->count, a->measure, a->measures, &a->value, err);
    if (!st) {
        put_result(c, a);
        text_result(c, a);
        st = sx_cli_distance_groups(c, a, err);
        if (!st && c->o.given[SX_OPT_EXPLAIN])
            st = sx_cli_distance_explain(c, a, err);
    }
    sx_release(a->value);
    sx_release(a->which);
    sx_release(a);
    return st;
}
