/* SPDX-License-Identifier: GPL-3.0-or-later */
/* norm_dense.c - sums over all triples, row by row.
 *
 * Rows are cut into blocks by the sizes of the world alone; each block is summed by one
 * thread and the blocks are joined in order, so that the bits do not depend on the number
 * of threads. */
#include "metrics/norm_int.h"

#include <omp.h>

enum { LANES = 4, RUN = 128, BLOCK = 1 << 15 };

void sx_i_tally_join(sx_i_tally *to, const sx_i_tally *part)
{
    sx_i_sum_add(&to->absolute, part->absolute.high);
    sx_i_sum_add(&to->absolute, part->absolute.low);
    sx_i_sum_add(&to->square, part->square.high);
    sx_i_sum_add(&to->square, part->square.low);
    if (part->largest > to->largest)
        to->largest = part->largest;
}

/* n <= RUN values, in lanes that the processor can run side by side. */
static void tally_run(const double *x, int32_t n, double centre, sx_i_tally *t)
{
    double sum[LANES] = {0}, square[LANES] = {0}, largest[LANES] = {0};
    int32_t i = 0;
    for (; i + LANES <= n; i += LANES)
        for (int32_t j = 0; j < LANES; j++) {
            double size = fabs(x[i + j] - centre);
            sum[j] += size;
            square[j] += size * size;
            largest[j] = size > largest[j] ? size : largest[j];
        }
    for (; i < n; i++)
        sx_i_tally_add(t, 1, x[i] - centre);
    for (int32_t j = 0; j < LANES; j++) {
        sx_i_sum_add(&t->absolute, sum[j]);
        sx_i_sum_add(&t->square, square[j]);
        t->largest = largest[j] > t->largest ? largest[j] : t->largest;
    }
}

static void tally_row(const double *row, int32_t n, const sx_i_weights *w, int32_t k,
                      sx_i_tally *t)
{
    if (!w->pair && !w->state) {
        for (int32_t i = 0; i < n; i += RUN)
            tally_run(row + i, n - i < RUN ? n - i : RUN, w->centre, t);
        return;
    }
    double mine = w->pair ? w->pair[k] : 1;
    for (int32_t s = 0; s < n; s++)
        sx_i_tally_add(t, mine * (w->state ? w->state[s] : 1), row[s] - w->centre);
}

sx_status sx_i_tally_dense(const sx_mdp *m, const sx_reward *r, const sx_i_weights *w,
                           sx_i_tally *out, sx_error *err)
{
    int32_t rows = m->states < BLOCK ? BLOCK / m->states : 1;
    int32_t blocks = (m->pairs + rows - 1) / rows;
    size_t width = (size_t)m->states;
    double *row = sx_alloc((size_t)omp_get_max_threads() * width, sizeof *row);
    sx_i_tally *part = sx_alloc((size_t)blocks, sizeof *part);
    sx_status st = row && part ? SX_OK : sx_nomem(err);
    if (!st) {
#pragma omp parallel for schedule(static) if (blocks > 1)
        for (int32_t b = 0; b < blocks; b++) {
            double *mine = row + (size_t)omp_get_thread_num() * width;
            int32_t end = m->pairs - b * rows < rows ? m->pairs : (b + 1) * rows;
            for (int32_t k = b * rows; k < end; k++) {
                sx_reward_row(m, r, k, mine);
                tally_row(mine, m->states, w, k, &part[b]);
            }
        }
        *out = (sx_i_tally){0};
        for (int32_t b = 0; b < blocks; b++)
            sx_i_tally_join(out, &part[b]);
    }
    sx_release(part);
    sx_release(row);
    return st;
}
