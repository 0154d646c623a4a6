/* SPDX-License-Identifier: GPL-3.0-or-later */
/* kind_consistency.c - whether rewards follow what edits change: bars, curves, matrices. */
#include "plots/kind_consistency_int.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { CURVES = 24 };
static const char *const measure_title[] = {"Invariance error", "Distance to true", "Regret"};

const char *const sx_i_edit_measures[] = {"invariance error", "distance to true", "regret"};

static double number_of(const sx_i_edit_plan *p, int64_t row, sx_edit_measure q)
{
    return p->row[row].number[q].value;
}

/* --- what there is --- */

static sx_status add_name(sx_names *names, const char *text, const char *what, int32_t *index,
                          sx_error *err)
{
    sx_status st = sx_names_add(names, text, index, err);
    if (!st && *index >= SX_I_EDITS)
        st = sx_fail(err, SX_ELIMIT, "a figure shows up to %d %s, and there are more",
                     SX_I_EDITS, what);
    return st;
}

/* Number edits and rewards by name. */
static sx_status read_names(sx_i_edit_plan *p, sx_error *err)
{
    sx_status st = SX_OK;
    for (int32_t i = 0; i < SX_I_EDITS; i++)
        p->entry[i] = (sx_i_edit_entry){SX_EDIT_IS_OTHER, NAN, NAN};
    for (int64_t i = 0; i < p->rows && !st; i++) {
        const sx_edit_result *r = &p->row[i];
        st = add_name(p->rewards, r->reward, "rewards", &p->reward[i], err);
        if (!st)
            st = add_name(p->ids, r->edit, "edits", &p->edit[i], err);
        if (st)
            break;
        sx_i_edit_entry *e = &p->entry[p->edit[i]];
        e->least = fmin(e->least, r->step);
        e->greatest = fmax(e->greatest, r->step);
    }
    return st;
}

/* The entry of a row: "edit", or "edit@2" of an edit that has that one size. */
static sx_status name_entry(sx_i_edit_plan *p, int64_t i, bool curve, sx_error *err)
{
    const sx_edit_result *r = &p->row[i];
    size_t room = strlen(r->edit) + 40;
    char *text = sx_alloc(room, 1);
    if (!text)
        return sx_nomem(err);
    if (curve || isnan(r->step))
        snprintf(text, room, "%s", r->edit);
    else
        snprintf(text, room, "%s@%.6g", r->edit, r->step);
    sx_status st = add_name(p->edits, text, "edits", &p->edit[i], err);
    sx_release(text);
    return st;
}

static sx_status read_entries(sx_i_edit_plan *p, sx_error *err)
{
    sx_i_edit_entry id[SX_I_EDITS];
    sx_status st = SX_OK;
    bool many =
        sx_names_count(p->rewards) > SX_I_BARS_REWARDS; /* every size is an edit of its own */
    memcpy(id, p->entry, sizeof id);
    for (int64_t i = 0; i < p->rows && !st; i++) {
        sx_i_edit_entry from = id[p->edit[i]];
        bool curve = !many && from.least < from.greatest;
        st = name_entry(p, i, curve, err);
        if (!curve)
            from.least = from.greatest = (double)NAN;
        from.sort = p->row[i].sort;
        if (!st)
            p->entry[p->edit[i]] = from;
    }
    return st;
}

static bool has_truth(const sx_i_edit_plan *p, sx_edit_sort sort)
{
    for (int64_t i = 0; i < p->rows; i++)
        if (p->row[i].sort == sort && (isfinite(number_of(p, i, SX_EDIT_DISTANCE)) ||
                                       isfinite(number_of(p, i, SX_EDIT_REGRET))))
            return true;
    return false;
}

/* Of neutral edits the invariance error, of others what is left to the true reward, where it is
 * known. */
static void choose_measures(sx_i_edit_plan *p)
{
    p->drawn[SX_EDIT_IS_NEUTRAL][SX_EDIT_INVARIANCE] = true;
    for (int sort = SX_EDIT_IS_CAUSAL; sort <= SX_EDIT_IS_OTHER; sort++) {
        bool known = has_truth(p, (sx_edit_sort)sort);
        p->drawn[sort][SX_EDIT_INVARIANCE] = !known;
        p->drawn[sort][SX_EDIT_DISTANCE] = p->drawn[sort][SX_EDIT_REGRET] = known;
    }
}

static bool is_curve(const sx_i_edit_plan *p, int32_t e)
{
    return p->entry[e].least < p->entry[e].greatest;
}

static bool is_drawn(const sx_i_edit_plan *p, int32_t e, sx_edit_measure q)
{
    return p->drawn[p->entry[e].sort][q];
}

/* --- the numbers of one panel --- */

static int by_size(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* The distinct sizes of the entry, ascending, into x. */
static void find_sizes(const sx_i_edit_plan *p, sx_i_edit_part *z)
{
    int64_t n = 0;
    for (int64_t i = 0; i < p->rows; i++)
        if (p->edit[i] == z->curve && !isnan(p->row[i].step))
            z->x[n++] = p->row[i].step;
    qsort(z->x, (size_t)n, sizeof *z->x, by_size);
    for (int64_t i = 0; i < n; i++)
        if (!z->n || z->x[i] > z->x[z->n - 1])
            z->x[z->n++] = z->x[i];
}

static void find_entries(const sx_i_edit_plan *p, sx_i_edit_part *z)
{
    for (int32_t e = 0; e < sx_names_count(p->edits); e++) {
        z->place[e] = -1;
        if (!is_curve(p, e) && is_drawn(p, e, z->q)) {
            z->x[z->n] = z->n;
            z->place[e] = z->n++;
        }
    }
}

/* The column of a row, or -1. */
static int32_t column_of(const sx_i_edit_plan *p, const sx_i_edit_part *z, int64_t row)
{
    if (z->curve < 0)
        return z->place[p->edit[row]];
    double size = p->row[row].step;
    int32_t lo = 0, hi = z->n; /* x[lo] <= size < x[hi] */
    if (p->edit[row] != z->curve || isnan(size))
        return -1;
    while (hi - lo > 1) {
        int32_t mid = lo + (hi - lo) / 2;
        *(z->x[mid] <= size ? &lo : &hi) = mid;
    }
    return lo;
}

static sx_figure_number clean(sx_figure_number n)
{
    if (!isfinite(n.value))
        n.value = (double)NAN;
    if (isnan(n.value) || !isfinite(n.low) || !isfinite(n.high))
        n.low = n.high = n.value;
    return n;
}

static void look(sx_i_edit_plan *p, const sx_i_edit_part *z, int64_t row)
{
    double x = number_of(p, row, z->q);
    if (!isfinite(x) || (p->where[z->q] >= 0 && !(x > p->most[z->q])))
        return;
    p->most[z->q] = x;
    p->where[z->q] = row;
}

/* part_clear in any case. */
static sx_status part_fill(sx_i_edit_plan *p, sx_i_edit_part *z, sx_error *err)
{
    int32_t rewards = sx_names_count(p->rewards);
    z->x = sx_alloc((size_t)p->rows + SX_I_EDITS, sizeof *z->x);
    if (!z->x)
        return sx_nomem(err);
    if (z->curve < 0)
        find_entries(p, z);
    else
        find_sizes(p, z);
    z->cell = sx_alloc((size_t)rewards * (size_t)z->n, sizeof *z->cell);
    if (!z->cell)
        return sx_nomem(err);
    for (int64_t i = 0; i < (int64_t)rewards * z->n; i++)
        z->cell[i] = (sx_figure_number){NAN, NAN, NAN};
    for (int64_t i = 0; i < p->rows; i++) {
        int32_t j = column_of(p, z, i);
        if (j < 0)
            continue;
        z->cell[(int64_t)p->reward[i] * z->n + j] = clean(p->row[i].number[z->q]);
        look(p, z, i);
    }
    for (int64_t i = 0; i < (int64_t)rewards * z->n; i++)
        z->known += !isnan(z->cell[i].value);
    p->shown += z->known;
    p->missing += (int64_t)rewards * z->n - z->known;
    return SX_OK;
}

static void part_clear(sx_i_edit_part *z)
{
    sx_release(z->x);
    sx_release(z->cell);
}

/* --- the figure --- */

/* Which sorts of edits are in a panel without sizes, and how many. */
static int sorts_of(const sx_i_edit_plan *p, const sx_i_edit_part *z,
                    bool any[SX_EDIT_IS_OTHER + 1])
{
    int count = 0;
    memset(any, 0, (SX_EDIT_IS_OTHER + 1) * sizeof *any);
    for (int32_t e = 0; e < sx_names_count(p->edits); e++)
        if (z->place[e] >= 0)
            any[p->entry[e].sort] = true;
    for (int i = 0; i <= SX_EDIT_IS_OTHER; i++)
        count += any[i];
    return count;
}

/* ", neutral and causal edits": of a panel without sizes. */
static void sorts_text(const sx_i_edit_plan *p, const sx_i_edit_part *z, char text[64])
{
    static const char *const names[] = {"neutral", "causal",
                                        "other"}; /* order of sx_edit_sort */
    bool any[SX_EDIT_IS_OTHER + 1];
    int left = sorts_of(p, z, any);
    const char *between = ", ";
    *text = '\0';
    if (left == 1 && any[SX_EDIT_IS_OTHER])
        return;
    for (int i = 0; i <= SX_EDIT_IS_OTHER; i++)
        if (any[i]) {
            size_t used = strlen(text);
            left--;
            snprintf(text + used, 64 - used, "%s%s%s", between, names[i], left ? "" : " edits");
            between = left == 1 ? " and " : ", ";
        }
}

static void draw_panel(const sx_i_edit_plan *p, const sx_i_edit_part *z)
{
    char id[200], title[260];
    if (z->curve >= 0)
        sx_markup_escape(sx_i_edit_name(p->edits, z->curve), id, sizeof id);
    else
        sorts_text(p, z, id);
    snprintf(title, sizeof title, "%s%s%s", measure_title[z->q], z->curve < 0 ? "" : ", ", id);
    sx_i_edit_draw_chart(p, z, title);
}

/* Edits without sizes: a panel each measure, or a matrix. */
static sx_status draw_worlds(sx_i_edit_plan *p, sx_error *err)
{
    sx_i_edit_part *z = sx_alloc(SX_EDIT_MEASURES, sizeof *z);
    bool matrix = sx_names_count(p->rewards) > SX_I_BARS_REWARDS, any = false;
    sx_status st = z ? SX_OK : sx_nomem(err);
    for (int q = 0; q < SX_EDIT_MEASURES && !st; q++) {
        z[q].q = (sx_edit_measure)q;
        z[q].curve = -1;
        st = part_fill(p, &z[q], err);
        matrix = matrix || z[q].n > SX_I_BARS_EDITS;
        any = any || z[q].known;
    }
    if (!st && matrix && any)
        st = sx_i_edit_draw_matrix(p, z, err);
    for (int q = 0; q < SX_EDIT_MEASURES && !st && !matrix; q++)
        if (z[q].known)
            draw_panel(p, &z[q]);
    for (int q = 0; z && q < SX_EDIT_MEASURES; q++)
        part_clear(&z[q]);
    sx_release(z);
    return st;
}

static sx_status draw_curve(sx_i_edit_plan *p, sx_edit_measure q, int32_t e, sx_error *err)
{
    sx_i_edit_part z = {.q = q, .curve = e};
    sx_status st = part_fill(p, &z, err);
    if (!st && z.known)
        draw_panel(p, &z);
    part_clear(&z);
    return st;
}

static sx_status draw_parts(sx_i_edit_plan *p, sx_error *err)
{
    sx_status st = draw_worlds(p, err);
    int32_t curves = 0;
    for (int32_t e = 0; e < sx_names_count(p->edits) && !st; e++) {
        curves += is_curve(p, e);
        if (curves > CURVES)
            return sx_fail(err, SX_ELIMIT, "a figure shows up to %d edits with sizes", CURVES);
        for (int q = 0; q < SX_EDIT_MEASURES && is_curve(p, e) && !st; q++)
            if (is_drawn(p, e, (sx_edit_measure)q))
                st = draw_curve(p, (sx_edit_measure)q, e, err);
    }
    if (!st && !p->f->failed && p->f->panels == 0)
        st = sx_fail(err, SX_EINPUT, "no edit and reward has a number to be drawn");
    return st;
}

/* Panels that share an axis share its title. */
static void share_title(sx_i_edit_plan *p)
{
    bool seen[SX_EDIT_MEASURES];
    int different = 0;
    for (int q = 0; q < SX_EDIT_MEASURES; q++) {
        seen[q] = p->where[q] >= 0;
        different += seen[q];
    }
    for (int32_t i = 0; different > 1 && i < p->f->panels; i++)
        if (p->f->panel[i]->chart)
            sx_figure_text(p->f, &p->f->panel[i]->chart->y.title, "%s",
                           seen[SX_EDIT_REGRET] ? "distance or regret" : "distance");
}

static void describe(sx_i_edit_plan *p)
{
    char text[1600];
    size_t used = (size_t)snprintf(
        text, sizeof text,
        "Rewards under counterfactual edits: %d edit%s, %d reward%s, %" PRId64 " number%s.",
        sx_names_count(p->ids), sx_names_count(p->ids) == 1 ? "" : "s",
        sx_names_count(p->rewards), sx_names_count(p->rewards) == 1 ? "" : "s", p->shown,
        p->shown == 1 ? "" : "s");
    for (int q = 0; q < SX_EDIT_MEASURES; q++) {
        if (p->where[q] < 0)
            continue;
        const sx_edit_result *r = &p->row[p->where[q]];
        const char *edit = sx_i_edit_name(p->edits, p->edit[p->where[q]]);
        if (!(p->most[q] > 0))
            used += (size_t)snprintf(text + used, sizeof text - used, " %s: 0 everywhere.",
                                     measure_title[q]);
        else if (is_curve(p, p->edit[p->where[q]]))
            used +=
                (size_t)snprintf(text + used, sizeof text - used,
                                 " Largest %s: %.4g, of %.120s under %.120s at %.6g.",
                                 sx_i_edit_measures[q], p->most[q], r->reward, edit, r->step);
        else
            used += (size_t)snprintf(text + used, sizeof text - used,
                                     " Largest %s: %.4g, of %.120s under %.120s.",
                                     sx_i_edit_measures[q], p->most[q], r->reward, edit);
    }
    sx_figure_text(p->f, &p->f->description, "%s", text);
    if (p->missing)
        sx_figure_note(p->f, "%" PRId64 " of %" PRId64 " numbers do not exist and are left out",
                       p->missing, p->missing + p->shown);
}

static sx_status fill(sx_i_edit_plan *p, sx_error *err)
{
    sx_status st = sx_names_new(&p->ids, err);
    if (!st)
        st = sx_names_new(&p->edits, err);
    if (!st)
        st = sx_names_new(&p->rewards, err);
    if (!st)
        st = read_names(p, err);
    if (!st)
        st = read_entries(p, err);
    if (st)
        return st;
    choose_measures(p);
    st = draw_parts(p, err);
    if (st)
        return st;
    share_title(p);
    describe(p);
    return p->f->failed ? sx_nomem(err) : SX_OK;
}

sx_status sx_figure_consistency(const char *title, const sx_edit_result *row, int64_t rows,
                                double threshold, sx_figure **out, sx_error *err)
{
    sx_i_edit_plan *p = sx_alloc(1, sizeof *p);
    sx_status st = SX_OK;
    *out = NULL;
    if (!p)
        return sx_nomem(err);
    *p = (sx_i_edit_plan){
        .row = row, .rows = rows, .threshold = threshold, .where = {-1, -1, -1}};
    p->edit = sx_alloc((size_t)rows, sizeof *p->edit);
    p->reward = sx_alloc((size_t)rows, sizeof *p->reward);
    p->f = sx_figure_new(title);
    st = p->edit && p->reward && p->f ? fill(p, err) : sx_nomem(err);
    if (!st) {
        p->f->share_y = p->f->share_bar = true;
        p->f->letters = p->f->panels > 1;
        *out = p->f;
        p->f = NULL;
    }
    sx_figure_free(p->f);
    sx_names_free(p->ids);
    sx_names_free(p->edits);
    sx_names_free(p->rewards);
    sx_release(p->edit);
    sx_release(p->reward);
    sx_release(p);
    return st;
}
