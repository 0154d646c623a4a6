/* SPDX-License-Identifier: GPL-3.0-or-later */
/* repair_fold.c - a part of a repair with fewer unknowns.
 *
 * Equations  a (v_i - v_j) + free terms = b  make trees: every v_i is the root of its tree plus
 * free unknowns plus a number.  A priced unknown that stands in one inequality alone moves by
 * what that lacks, which prices the row itself:  max(0, lacking) .  What is left are terms
 *
 *     |row_i u - c_i|  or  max(0, row_i u - c_i)
 *
 * and some rows in the roots and free unknowns u, and equal equations once. */
#include "metrics/repair_fold_int.h"

#include <math.h>
#include <string.h>

static const int64_t FILL = 8000000; /* entries */

/* --- sparse rows --- */

static bool list_room(sx_i_list *l, int64_t entries)
{
    int64_t need = l->start[l->rows] + entries;
    if (l->rows + 1 >= l->row_room) {
        size_t n = 2 * (size_t)l->row_room + 64;
        int64_t *start = sx_realloc(l->start, n + 1, sizeof *start);
        if (!start)
            return false;
        l->start = start;
        l->row_room = (int32_t)n;
    }
    if (need <= l->room)
        return true;
    size_t n = (size_t)(2 * need) + 256;
    int32_t *col = sx_realloc(l->col, n, sizeof *col);
    if (!col)
        return false;
    l->col = col;
    double *coef = sx_realloc(l->coef, n, sizeof *coef);
    if (!coef)
        return false;
    l->coef = coef;
    l->room = (int64_t)n;
    return true;
}

static bool list_new(sx_i_list *l)
{
    l->start = sx_alloc(1, sizeof *l->start);
    return l->start;
}

static void list_clear(sx_i_list *l)
{
    sx_release(l->start);
    sx_release(l->col);
    sx_release(l->coef);
}

/* --- adding up a row in a dense vector with a list of what is not 0 --- */

static void add(sx_i_fold *f, int32_t unknown, double a)
{
    if (!f->marked[unknown]) {
        f->marked[unknown] = 1;
        f->used[f->uses++] = unknown;
        f->sum[unknown] = 0;
    }
    f->sum[unknown] += a;
}

/* The entry a v of a row, in roots and free unknowns.  Returns a times the number. */
static double add_unknown(sx_i_fold *f, int32_t local, double a)
{
    int32_t row = f->offset_of[local];
    add(f, f->root[local], a);
    for (int64_t i = f->offset.start[row]; i < f->offset.start[row + 1]; i++)
        add(f, f->offset.col[i], a * f->offset.coef[i]);
    return a * f->shift[local];
}

/* Append what was added up, in ascending order of unknowns; entries that cancel are left out.
 * false without memory. */
static bool flush(sx_i_fold *f, sx_i_list *l)
{
    if (!list_room(l, f->uses))
        return false;
    int64_t at = l->start[l->rows];
    for (int32_t i = 1; i < f->uses; i++) {
        int32_t x = f->used[i], j = i;
        for (; j > 0 && f->used[j - 1] > x; j--)
            f->used[j] = f->used[j - 1];
        f->used[j] = x;
    }
    for (int32_t i = 0; i < f->uses; i++) {
        int32_t u = f->used[i];
        f->marked[u] = 0;
        if (fabs(f->sum[u]) <= 1e-13)
            continue;
        l->col[at] = u;
        l->coef[at++] = f->sum[u];
    }
    f->uses = 0;
    l->start[++l->rows] = at;
    return at <= FILL;
}

/* --- trees --- */

static bool is_priced(const sx_i_fold *f, int32_t local)
{
    return f->p->priced[f->part->unknown[local]];
}

/* Whether a row is an equation of two priced unknowns with opposite coefficients: which. */
static bool is_link(const sx_i_fold *f, int32_t row, int32_t end[2], double *a)
{
    const sx_i_near *p = f->p;
    int n = 0;
    double coef[2] = {0, 0};
    if (p->lo[row] != p->hi[row])
        return false;
    for (int64_t i = p->start[row]; i < p->start[row + 1]; i++) {
        if (p->coef[i] == 0 || !p->priced[p->col[i]])
            continue;
        if (n == 2)
            return false;
        end[n] = f->part->local[p->col[i]];
        coef[n++] = p->coef[i];
    }
    *a = coef[0];
    return n == 2 && coef[0] == -coef[1];
}

/* links of an unknown: link[first[i]] .. ; rows by their place in the part */
static bool list_links(sx_i_fold *f)
{
    int32_t end[2], n = f->part->unknowns;
    double a;
    f->first = sx_alloc((size_t)n + 2, sizeof *f->first);
    f->link = sx_alloc(2 * (size_t)f->part->rows, sizeof *f->link);
    if (!f->first || !f->link)
        return false;
    for (int32_t i = 0; i < f->part->rows; i++)
        if (is_link(f, f->part->row[i], end, &a)) {
            f->first[end[0] + 2]++;
            f->first[end[1] + 2]++;
        }
    for (int32_t i = 0; i < n; i++)
        f->first[i + 2] += f->first[i + 1];
    for (int32_t i = 0; i < f->part->rows; i++)
        if (is_link(f, f->part->row[i], end, &a)) {
            f->link[f->first[end[0] + 1]++] = i;
            f->link[f->first[end[1] + 1]++] = i;
        }
    return true;
}

/* child = parent + (b - free terms) / a, by the equation at place i of the part. */
static bool hang(sx_i_fold *f, int32_t parent, int32_t child, int32_t i)
{
    const sx_i_near *p = f->p;
    int32_t row = f->part->row[i], end[2];
    double a = 0;
    if (!is_link(f, row, end, &a))
        return true;
    a = end[0] == child ? a : -a;
    for (int64_t t = f->offset.start[f->offset_of[parent]];
         t < f->offset.start[f->offset_of[parent] + 1]; t++)
        add(f, f->offset.col[t], f->offset.coef[t]);
    for (int64_t t = p->start[row]; t < p->start[row + 1]; t++)
        if (!p->priced[p->col[t]] && p->coef[t] != 0)
            add(f, f->part->local[p->col[t]], -p->coef[t] / a);
    f->root[child] = f->root[parent];
    f->shift[child] = f->shift[parent] + p->lo[row] / a;
    f->by[child] = i;
    f->parent[child] = parent;
    f->offset_of[child] = f->offset.rows;
    f->use[i] = SX_I_TREE;
    f->order[f->ordered++] = child;
    return flush(f, &f->offset);
}

static bool grow_tree(sx_i_fold *f, int32_t top)
{
    int32_t end[2];
    double a;
    f->root[top] = top;
    f->by[top] = -1;
    f->offset_of[top] = 0; /* the empty one */
    f->order[f->ordered++] = top;
    for (int32_t at = f->ordered - 1; at < f->ordered; at++) {
        int32_t here = f->order[at];
        for (int32_t j = f->first[here]; j < f->first[here + 1]; j++) {
            if (!is_link(f, f->part->row[f->link[j]], end, &a))
                continue;
            int32_t other = end[0] == here ? end[1] : end[0];
            if (f->root[other] < 0 && !hang(f, here, other, f->link[j]))
                return false;
        }
    }
    return true;
}

static bool grow_trees(sx_i_fold *f)
{
    memset(f->root, -1, (size_t)f->part->unknowns * sizeof *f->root);
    if (!list_new(&f->offset) || !flush(f, &f->offset) || !list_links(f))
        return false;
    for (int32_t i = 0; i < f->part->unknowns; i++)
        if (f->root[i] < 0 && !grow_tree(f, i))
            return false;
    return true;
}

/* --- terms and rows --- */

/* How many rows each unknown stands in. */
static void count_rows(sx_i_fold *f, int32_t *count)
{
    memset(count, 0, (size_t)f->part->unknowns * sizeof *count);
    for (int32_t i = 0; i < f->part->rows; i++) {
        int32_t row = f->part->row[i];
        for (int64_t t = f->p->start[row]; t < f->p->start[row + 1]; t++)
            if (f->p->coef[t] != 0)
                count[f->part->local[f->p->col[t]]]++;
    }
}

/* A priced unknown that stands in this inequality alone, or -1. */
static int32_t leaf_of(const sx_i_fold *f, int32_t row, const int32_t *count, double *a)
{
    const sx_i_near *p = f->p;
    if (!isinf(p->lo[row]) && !isinf(p->hi[row]))
        return -1;
    for (int64_t t = p->start[row]; t < p->start[row + 1]; t++) {
        int32_t local = f->part->local[p->col[t]];
        *a = p->coef[t];
        if (*a != 0 && count[local] == 1 && is_priced(f, local))
            return local;
    }
    return -1;
}

static bool add_term(sx_i_fold *f, double value, bool one_sided, int32_t source)
{
    if (f->terms == f->term_room)
        return false;
    f->value[f->terms] = value;
    f->one_sided[f->terms] = one_sided;
    f->source[f->terms++] = source;
    return flush(f, &f->term);
}

/* The row at place i, priced by its leaf:  max(0, sign (side - a leaf - rest)) / |a|. */
static bool add_leaf(sx_i_fold *f, int32_t i, int32_t leaf, double a)
{
    const sx_i_near *p = f->p;
    int32_t row = f->part->row[i];
    bool low = isinf(p->hi[row]);
    double scale = (low ? -1 : 1) / fabs(a), rest = 0;
    double side = (low ? p->lo[row] : p->hi[row]) - a * p->value[f->part->unknown[leaf]];
    for (int64_t t = p->start[row]; t < p->start[row + 1]; t++) {
        int32_t local = f->part->local[p->col[t]];
        if (p->coef[t] != 0 && local != leaf)
            rest += add_unknown(f, local, scale * p->coef[t]);
    }
    f->use[i] = SX_I_LEAF;
    f->by[leaf] = i;
    f->is_leaf[leaf] = 1;
    return add_term(f, scale * side - rest, true, i);
}

/* Equal but for rounding. */
static bool is_same(const sx_i_fold *f, double a, double b)
{
    return a == b || fabs(a - b) <= f->part->scale * 0x1p-42;
}

/* Whether the last row of f->row is there already, with the same bounds. */
static bool is_twin(const sx_i_fold *f, int32_t k)
{
    const sx_i_list *l = &f->row;
    int32_t last = l->rows - 1;
    int64_t n = l->start[last + 1] - l->start[last];
    return is_same(f, f->lo[k], f->lo[last]) && is_same(f, f->hi[k], f->hi[last]) &&
           l->start[k + 1] - l->start[k] == n &&
           !memcmp(l->col + l->start[k], l->col + l->start[last], (size_t)n * sizeof *l->col) &&
           !memcmp(l->coef + l->start[k], l->coef + l->start[last],
                   (size_t)n * sizeof *l->coef);
}

static bool add_row(sx_i_fold *f, int32_t i)
{
    const sx_i_near *p = f->p;
    int32_t row = f->part->row[i], k = f->row.rows;
    double number = 0;
    for (int64_t t = p->start[row]; t < p->start[row + 1]; t++)
        if (p->coef[t] != 0)
            number += add_unknown(f, f->part->local[p->col[t]], p->coef[t]);
    f->lo[k] = p->lo[row] - number;
    f->hi[k] = p->hi[row] - number;
    f->row_source[k] = i;
    if (!flush(f, &f->row))
        return false;
    double grain = f->part->scale * 0x1p-42;
    bool drop = f->row.start[k + 1] == f->row.start[k];
    if (drop && (f->lo[k] > grain || f->hi[k] < -grain))
        return false; /* 0 is not in its bounds: nothing to be solved here */
    for (int32_t j = k - 1; j >= 0 && j >= k - 16 && !drop; j--)
        drop = is_twin(f, j);
    f->row.rows -= drop;
    f->use[i] = drop ? SX_I_DROPPED : SX_I_KEPT;
    return true;
}

static bool reduce(sx_i_fold *f, int32_t *count)
{
    bool ok = list_new(&f->term) && list_new(&f->row);
    double a;
    count_rows(f, count);
    for (int32_t i = 0; i < f->part->rows && ok; i++) {
        int32_t leaf = f->use[i] == SX_I_TREE ? -1 : leaf_of(f, f->part->row[i], count, &a);
        if (f->use[i] != SX_I_TREE)
            ok = leaf >= 0 ? add_leaf(f, i, leaf, a) : add_row(f, i);
    }
    for (int32_t k = 0; k < f->part->unknowns && ok; k++) {
        if (!is_priced(f, k) || f->is_leaf[k])
            continue;
        double number = add_unknown(f, k, 1);
        ok = add_term(f, f->p->value[f->part->unknown[k]] - number, false, -1 - k);
    }
    return ok;
}

/* --- all --- */

void sx_i_fold_clear(sx_i_fold *f)
{
    list_clear(&f->offset);
    list_clear(&f->term);
    list_clear(&f->row);
    sx_release(f->root);
    sx_release(f->parent);
    sx_release(f->by);
    sx_release(f->offset_of);
    sx_release(f->order);
    sx_release(f->shift);
    sx_release(f->is_leaf);
    sx_release(f->use);
    sx_release(f->first);
    sx_release(f->link);
    sx_release(f->value);
    sx_release(f->one_sided);
    sx_release(f->source);
    sx_release(f->lo);
    sx_release(f->hi);
    sx_release(f->row_source);
    sx_release(f->marked);
    sx_release(f->used);
    sx_release(f->sum);
}

static bool allocate(sx_i_fold *f)
{
    size_t n = (size_t)f->part->unknowns, rows = (size_t)f->part->rows;
    f->term_room = f->part->unknowns;
    f->root = sx_alloc(n, sizeof *f->root);
    f->parent = sx_alloc(n, sizeof *f->parent);
    f->by = sx_alloc(n, sizeof *f->by);
    f->offset_of = sx_alloc(n, sizeof *f->offset_of);
    f->order = sx_alloc(n, sizeof *f->order);
    f->shift = sx_alloc(n, sizeof *f->shift);
    f->is_leaf = sx_alloc(n, sizeof *f->is_leaf);
    f->value = sx_alloc(n, sizeof *f->value);
    f->one_sided = sx_alloc(n, sizeof *f->one_sided);
    f->source = sx_alloc(n, sizeof *f->source);
    f->marked = sx_alloc(n, sizeof *f->marked);
    f->used = sx_alloc(n, sizeof *f->used);
    f->sum = sx_alloc(n, sizeof *f->sum);
    f->use = sx_alloc(rows, sizeof *f->use);
    f->lo = sx_alloc(rows, sizeof *f->lo);
    f->hi = sx_alloc(rows, sizeof *f->hi);
    f->row_source = sx_alloc(rows, sizeof *f->row_source);
    return f->root && f->parent && f->by && f->offset_of && f->order && f->shift &&
           f->is_leaf && f->value && f->one_sided && f->source && f->marked && f->used &&
           f->sum && f->use && f->lo && f->hi && f->row_source;
}

bool sx_i_fold_make(const sx_i_near *p, const sx_i_part *part, sx_i_fold *f)
{
    *f = (sx_i_fold){.p = p, .part = part};
    bool ok = allocate(f) && grow_trees(f);
    int32_t *count = ok ? sx_alloc((size_t)part->unknowns, sizeof *count) : NULL;
    ok = count && reduce(f, count);
    sx_release(count);
    return ok;
}
