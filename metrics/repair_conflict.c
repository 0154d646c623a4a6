/* SPDX-License-Identifier: GPL-3.0-or-later */
/* repair_conflict.c - which edits demand what no reward can give together.
 *
 * The least sum of violations is above 0, and its multipliers y prove it: A'y = 0 and y.b > 0
 * (Farkas).  The tags with y != 0 are in conflict already; they are left out one at a time, and
 * for good where the others still have no common point (Chinneck and Dravnieks 1991). */
#include "metrics/repair_int.h"

#include <math.h>
#include <string.h>

static const double nothing = 1e-7; /* a multiplier or a violation / scale that counts as 0 */

/* Whether the active tags have no common point; y as it proves. */
static sx_status is_empty(const sx_i_near *p, const sx_i_part *part,
                          const unsigned char *active, double *y, bool *empty, sx_error *err)
{
    sx_i_part_answer a = {.y = y};
    sx_status st = sx_i_part_elastic(p, part, active, &a, err);
    *empty = !st && a.outcome == SX_I_PART_OPTIMAL && a.most > nothing * part->scale;
    return st;
}

/* active becomes the tags that y needs. */
static void keep_needed(const sx_i_near *p, const sx_i_part *part, const double *y,
                        unsigned char *active)
{
    memset(active, 0, (size_t)p->tags);
    for (int32_t i = 0; i < part->rows; i++)
        if (fabs(y[part->row[i]]) > nothing)
            active[p->tag[part->row[i]]] = 1;
}

static sx_status reduce(const sx_i_near *p, const sx_i_part *part, unsigned char *active,
                        double *y, sx_error *err)
{
    sx_status st = SX_OK;
    for (int32_t tag = 0; tag < p->tags && !st; tag++) {
        bool empty = false;
        if (!active[tag])
            continue;
        active[tag] = 0;
        st = is_empty(p, part, active, y, &empty, err);
        if (empty)
            keep_needed(p, part, y, active);
        else
            active[tag] = 1;
    }
    return st;
}

static bool share(const sx_i_near *p, int32_t a, int32_t b)
{
    for (int64_t i = p->start[a]; i < p->start[a + 1]; i++)
        for (int64_t j = p->start[b]; j < p->start[b + 1]; j++)
            if (p->col[i] == p->col[j])
                return true;
    return false;
}

/* How well row goes with row `beside`: of another tag, with a common unknown. */
static int fitness(const sx_i_near *p, int32_t row, int32_t beside)
{
    return beside < 0 ? 0 : 2 * (p->tag[row] != p->tag[beside]) + share(p, row, beside);
}

/* The row of the proof that fits best to row `beside` (< 0: none), and of those the one of the
 * largest |y|; the first of equal ones, -1 for none. */
static int32_t heaviest(const sx_i_near *p, const sx_i_part *part, const double *y,
                        int32_t beside)
{
    int32_t best = -1;
    int fit = -1;
    for (int32_t i = 0; i < part->rows; i++) {
        int32_t row = part->row[i];
        if (row == beside || !(fabs(y[row]) > nothing))
            continue;
        int now = fitness(p, row, beside);
        if (now > fit || (now == fit && fabs(y[row]) > fabs(y[best]) + nothing)) {
            best = row;
            fit = now;
        }
    }
    return best;
}

static int32_t count(const unsigned char *active, int32_t n)
{
    int32_t sum = 0;
    for (int32_t i = 0; i < n; i++)
        sum += active[i];
    return sum;
}

/* The part has no point under out->conflict, as y proves: make that irreducible. */
static sx_status shrink(const sx_i_near *p, const sx_i_part *part, unsigned char *active,
                        sx_i_nearest *out, sx_error *err)
{
    bool empty = false, first = out->clash[0] < 0;
    keep_needed(p, part, out->y, active);
    sx_status st = reduce(p, part, active, out->y, err);
    if (!st)
        st = is_empty(p, part, active, out->y, &empty, err);
    if (st || (!first && count(active, p->tags) == count(out->conflict, p->tags)))
        return st;
    memcpy(out->conflict, active, (size_t)p->tags);
    out->clash[0] = heaviest(p, part, out->y, -1);
    out->clash[1] = out->clash[0] < 0 ? -1 : heaviest(p, part, out->y, out->clash[0]);
    return SX_OK;
}

sx_status sx_i_part_conflict(const sx_i_near *p, const sx_i_part *part, sx_i_nearest *out,
                             sx_error *err)
{
    bool empty = false;
    unsigned char *active = sx_alloc((size_t)p->tags, sizeof *active);
    sx_status st = active ? SX_OK : sx_nomem(err);
    if (!st)
        st = is_empty(p, part, out->conflict, out->y, &empty, err);
    if (!st && empty)
        st = shrink(p, part, active, out, err);
    sx_release(active);
    return st;
}
