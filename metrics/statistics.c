/* SPDX-License-Identifier: GPL-3.0-or-later */
/* statistics.c - the percentile bootstrap of a mean over one or two groups.
 *
 * How often each member is drawn says all about a resample, so its mean is u' D w / (u' 1 w' 1)
 * with the counts u and w.  Resamples come in blocks, each with its own random numbers. */
#include "metrics/statistics.h"

#include "mdp/random.h"

#include <gsl/gsl_sort.h>
#include <gsl/gsl_statistics_double.h>

#include <math.h>

enum { BLOCKS = 100, BLOCK = SX_RESAMPLES / BLOCKS };

/* Room and random numbers of one block. */
typedef struct block {
    sx_random *random[2];
    double *count[2]; /* of rows and columns: how often each is drawn */
} block;

typedef struct work {
    const double *value;
    sx_sample side[2];
    block block[BLOCKS];
    double *mean; /* [SX_RESAMPLES] */
} work;

static void work_clear(work *w)
{
    for (int b = 0; b < BLOCKS; b++)
        for (int i = 0; i < 2; i++) {
            sx_random_free(w->block[b].random[i]);
            sx_release(w->block[b].count[i]);
        }
    sx_release(w->mean);
    sx_release(w);
}

static sx_status block_init(block *b, const sx_sample *side, uint64_t seed, int number,
                            sx_error *err)
{
    sx_status st = SX_OK;
    for (int i = 0; i < 2 && !st; i++) {
        uint64_t task = (uint64_t)side[i].stream * BLOCKS + (uint64_t)number;
        b->count[i] = sx_alloc((size_t)side[i].members, sizeof(double));
        st = b->count[i] ? SX_OK : sx_nomem(err);
        for (int32_t k = 0; !st && k < side[i].members; k++)
            b->count[i][k] = 1;
        if (!st && side[i].stream >= 0)
            st = sx_random_new(seed, task, &b->random[i], err);
    }
    return st;
}

static void draw(sx_random *g, double *count, int32_t n)
{
    for (int32_t k = 0; k < n; k++)
        count[k] = 0;
    for (int32_t k = 0; k < n; k++)
        count[sx_random_below(g, n)]++;
}

static double resample(const work *w, const block *b)
{
    int32_t rows = w->side[0].members, columns = w->side[1].members;
    double sum = 0;
    for (int i = 0; i < 2; i++)
        if (b->random[i])
            draw(b->random[i], b->count[i], w->side[i].members);
    for (int32_t r = 0; r < rows; r++) {
        const double *row = w->value + (size_t)r * (size_t)columns;
        double part = 0;
        for (int32_t c = 0; b->count[0][r] > 0 && c < columns; c++)
            part += b->count[1][c] * row[c];
        sum += b->count[0][r] * part;
    }
    return sum / rows / columns;
}

/* The interval, with the mean inside it whatever rounding does to equal numbers. */
static void interval(work *w, sx_interval *out)
{
#pragma omp parallel for schedule(static)
    for (int b = 0; b < BLOCKS; b++)
        for (int k = 0; k < BLOCK; k++)
            w->mean[b * BLOCK + k] = resample(w, &w->block[b]);
    gsl_sort(w->mean, 1, SX_RESAMPLES);
    out->lo = gsl_stats_quantile_from_sorted_data(w->mean, 1, SX_RESAMPLES, 0.025);
    out->hi = gsl_stats_quantile_from_sorted_data(w->mean, 1, SX_RESAMPLES, 0.975);
    out->lo = fmin(out->lo, out->mean);
    out->hi = fmax(out->hi, out->mean);
}

static bool is_single(sx_sample s)
{
    return s.stream >= 0 && s.members == 1;
}

sx_status sx_bootstrap_mean(const double *value, sx_sample rows, sx_sample columns,
                            uint64_t seed, sx_interval *out, sx_error *err)
{
    *out = (sx_interval){NAN, NAN, NAN, NULL};
    if (rows.members < 1 || columns.members < 1)
        return sx_fail(err, SX_EARG, "a mean over no members");
    size_t n = (size_t)rows.members * (size_t)columns.members;
    for (size_t i = 0; i < n; i++)
        if (!isfinite(value[i]))
            return sx_fail(err, SX_EARG, "a mean over numbers that are not finite");
    out->mean = gsl_stats_mean(value, 1, n);
    if (is_single(rows) || is_single(columns)) {
        out->reason = "a group of one member has no interval";
        return SX_OK;
    }
    work *w = sx_alloc(1, sizeof *w);
    if (!w)
        return sx_nomem(err);
    w->value = value;
    w->side[0] = rows;
    w->side[1] = columns;
    w->mean = sx_alloc(SX_RESAMPLES, sizeof *w->mean);
    sx_status st = w->mean ? SX_OK : sx_nomem(err);
    for (int b = 0; b < BLOCKS && !st; b++)
        st = block_init(&w->block[b], w->side, seed, b, err);
    if (!st)
        interval(w, out);
    work_clear(w);
    return st;
}
