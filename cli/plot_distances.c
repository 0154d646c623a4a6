/* SPDX-License-Identifier: GPL-3.0-or-later */
/* plot_distances.c - plot: the heat map of distances. */
#include "cli/verb_plot.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>

#include "plots/heatmap.h"

/* The name of a norm as it is printed: "L2", "weighted L∞". */
static const char *printed_norm(sx_norm n)
{
    static const char *const names[] = {"L1",          "L2",          "L\xe2\x88\x9e",
                                        "weighted L1", "weighted L2", "weighted L\xe2\x88\x9e",
                                        "no norm"};
    return names[n];
}

static void bar_label(const sx_measure *m, char *text, size_t size)
{
    char canon[32];
    snprintf(canon, sizeof canon, "%s", sx_canon_name(m->canon));
    for (char *p = canon; *p; p++)
        *p = (char)toupper((unsigned char)*p);
    if (m->kind == SX_DISTANCE_EPIC)
        snprintf(text, size, "Pearson distance, %s", canon);
    else
        snprintf(text, size, "%s %s/%s distance", canon, printed_norm(m->norm),
                 printed_norm(m->metric));
}

/* value [n*n] by rows from the pairs. */
static void fill_matrix(int32_t n, const sx_number *pair, double *value)
{
    for (int32_t i = 0; i < n; i++)
        for (int32_t j = i + 1; j < n; j++) {
            const sx_number *x = &pair[sx_cli_pair_index(n, i, j)];
            double d = x->reason ? (double)NAN : x->value;
            value[(size_t)i * (size_t)n + (size_t)j] = d;
            value[(size_t)j * (size_t)n + (size_t)i] = d;
        }
}

static sx_status draw(sx_cli *c, const sx_measure *measure, int32_t n, const char **label,
                      const double *value, sx_error *err)
{
    unsigned char *bytes = NULL;
    size_t size = 0;
    char bar[96];
    sx_heatmap h = {sx_cli_title(c), bar, n, label, value, c->o.number[SX_OPT_WIDTH]};
    bar_label(measure, bar, sizeof bar);
    sx_status st = sx_heatmap_draw(&h, sx_plot_format(c), &bytes, &size, err);
    if (!st)
        st = sx_plot_bytes(c, bytes, size, err);
    sx_release(bytes);
    return st;
}

static sx_status draw_matrix(sx_cli *c, const sx_measure *measure, sx_error *err)
{
    int32_t n = c->spec->rewards;
    size_t room = (size_t)n;
    int32_t *which = sx_alloc(room, sizeof *which);
    const char **label = sx_alloc(room, sizeof *label);
    double *value = room < 46340 ? sx_alloc(room * room, sizeof *value) : NULL;
    sx_number *pair = NULL;
    sx_status st = which && label && value ? SX_OK : sx_nomem(err);
    if (!st && n < 2)
        st = sx_fail(err, SX_EINPUT, "a figure of distances needs two rewards: %s has fewer",
                     sx_cli_path(c));
    for (int32_t i = 0; !st && i < n; i++) {
        which[i] = i;
        label[i] = c->spec->reward[i].id;
    }
    if (!st)
        st = sx_cli_distances(c, which, n, measure, 1, &pair, err);
    if (!st) {
        fill_matrix(n, pair, value);
        st = draw(c, measure, n, label, value, err);
    }
    sx_release(which);
    sx_release(label);
    sx_release(value);
    sx_release(pair);
    return st;
}

sx_status sx_plot_distances(sx_cli *c, sx_error *err)
{
    sx_measure measure;
    sx_status st = sx_cli_measure(c, &measure, err);
    if (!st)
        st = sx_cli_read(c, err);
    if (!st)
        st = draw_matrix(c, &measure, err);
    return st;
}
