/* SPDX-License-Identifier: GPL-3.0-or-later */
/* kind_distances.c - the matrix of distances. */
#include "plots/kind_distances.h"

#include <math.h>
#include <stdio.h>

#include "plots/kind_int.h"

enum { MOST = 200 };

static const double ROUNDING = 1e-12;

static double at(const sx_distances_view *v, int32_t i, int32_t j)
{
    return v->value[(size_t)i * (size_t)v->n + (size_t)j];
}

/* Two rewards. */
typedef struct pair {
    int32_t i, j;
} pair;

/* The first pair of the least (greatest) distance; returns how many pairs have none. */
static int64_t find_ends(const sx_distances_view *v, pair *near, pair *far)
{
    int64_t missing = 0;
    *near = *far = (pair){-1, -1};
    for (int32_t i = 0; i < v->n; i++)
        for (int32_t j = i + 1; j < v->n; j++) {
            double d = at(v, i, j);
            if (isnan(d)) {
                missing++;
                continue;
            }
            if (near->i < 0 || d < at(v, near->i, near->j))
                *near = (pair){i, j};
            if (far->i < 0 || d > at(v, far->i, far->j))
                *far = (pair){i, j};
        }
    return missing;
}

/* far: of the greatest distance, which says what is rounding */
static void name_pair(const sx_distances_view *v, pair p, double far, char *text, size_t size)
{
    char a[120], b[120], number[40];
    double d = at(v, p.i, p.j);
    if (d > 0 && d <= ROUNDING * far)
        snprintf(number, sizeof number, "0 within rounding");
    else
        snprintf(number, sizeof number, "%.4g", d);
    snprintf(text, size, "%s and %s, %s", sx_i_kind_short(v->name[p.i], a, sizeof a),
             sx_i_kind_short(v->name[p.j], b, sizeof b), number);
}

/* Whether no distance is more than the rounding of what is compared. */
static bool is_rounding(const sx_distances_view *v, double far)
{
    return far > 0 && far <= ROUNDING * v->unit;
}

/* The two ends, or that there is but one distance, or none at all. */
static void write_ends(const sx_distances_view *v, pair near, pair far, char *text, size_t size)
{
    char nearest[300], farthest[300];
    double most = at(v, far.i, far.j);
    if (is_rounding(v, most)) {
        snprintf(text, size, " All distances are 0 within rounding.");
        return;
    }
    name_pair(v, near, most, nearest, sizeof nearest);
    name_pair(v, far, most, farthest, sizeof farthest);
    if (at(v, near.i, near.j) == most && v->n > 2)
        snprintf(text, size, " All distances are %.4g.", most);
    else if (v->n == 2)
        snprintf(text, size, " Distance of %s.", nearest);
    else
        snprintf(text, size, " Nearest: %s. Farthest apart: %s.", nearest, farthest);
}

static void describe(const sx_distances_view *v, sx_figure *f)
{
    char ends[660] = "", none[80] = "";
    pair near, far;
    int64_t missing = find_ends(v, &near, &far);
    if (near.i >= 0)
        write_ends(v, near, far, ends, sizeof ends);
    if (near.i >= 0 && is_rounding(v, at(v, far.i, far.j)))
        sx_figure_note(f, "all distances are rounding and shown as 0: the largest is %.3g",
                       at(v, far.i, far.j));
    if (missing)
        snprintf(none, sizeof none, " %lld pair%s no distance.", (long long)missing,
                 missing == 1 ? " has" : "s have");
    sx_figure_text(f, &f->description, "Matrix of the distances between %d rewards%s%s.%s%s",
                   (int)v->n, *v->title ? " of " : "", v->title, ends, none);
}

static void fill(const sx_distances_view *v, sx_heat *m)
{
    pair near, far;
    find_ends(v, &near, &far);
    bool zero = near.i >= 0 && is_rounding(v, at(v, far.i, far.j));
    for (int32_t i = 0; i < v->n; i++) {
        sx_heat_row(m, i, v->name[i]);
        sx_heat_column(m, i, v->name[i]);
        for (int32_t j = 0; j < v->n; j++)
            m->value[(size_t)i * (size_t)v->n + (size_t)j] =
                zero && !isnan(at(v, i, j)) ? 0 : at(v, i, j);
    }
}

sx_status sx_figure_distances(const sx_distances_view *v, sx_figure **out, sx_error *err)
{
    *out = NULL;
    if (v->n < 2 || v->n > MOST)
        return sx_fail(err, SX_EARG, "a matrix of distances is of 2 to %d rewards, not of %d",
                       MOST, (int)v->n);
    sx_figure *f = sx_figure_new(v->title);
    sx_heat *m = f ? sx_figure_heat(f, "", v->n, v->n, v->bar) : NULL;
    if (m) {
        fill(v, m);
        describe(v, f);
    }
    return sx_i_kind_done(f, out, err);
}
