/* SPDX-License-Identifier: GPL-3.0-or-later */
/* repair_solve.c - a nearest-point problem, split where its rows have no common unknown.
 *
 * Parts without a violated row stay as they are; small parts are solved together.  In the
 * maximum the least box M is found first, and then the least sum inside of it, so that nothing
 * moves further than it must for nothing.  What is reported is measured from the problem:
 *
 *     primal  |x - value|            over all priced unknowns
 *     dual    sum_r y_r (b_r - A_r value),  b_r = lo_r where y_r > 0, hi_r where y_r < 0,
 *             with |A'y| <= 1 in each unknown (in the maximum: in the sum)
 *
 * which no point that satisfies the rows can undercut. */
#include "metrics/repair_absorb_int.h"
#include "metrics/repair_fold_int.h"

#include <math.h>
#include <string.h>

enum { TOGETHER = 100, ROWS = 40000 }; /* rows of a program: joined up to; at most */

/* The split: part i has the rows row[first[i]] .. row[first[i+1]-1]. */
typedef struct split {
    const sx_i_near *p;
    int32_t parts;
    int32_t *first;      /* [parts+1] */
    int32_t *row;        /* [rows] */
    int32_t *part_of;    /* [rows] */
    int32_t *parent;     /* [unknowns] of a forest */
    int32_t *local;      /* [unknowns] */
    int32_t *unknown;    /* [unknowns] of the program at hand */
    unsigned char *seen; /* [unknowns] */
    double scale, rounding;
} split;

static int32_t root_of(int32_t *parent, int32_t i)
{
    while (parent[i] != i) {
        parent[i] = parent[parent[i]];
        i = parent[i];
    }
    return i;
}

static void split_clear(split *x)
{
    sx_release(x->first);
    sx_release(x->row);
    sx_release(x->part_of);
    sx_release(x->parent);
    sx_release(x->local);
    sx_release(x->unknown);
    sx_release(x->seen);
}

/* What row lacks at v. */
static double lack(const sx_i_near *p, int32_t row, const double *v)
{
    double at = sx_i_near_at(p, row, v);
    return fmax(0, fmax(p->lo[row] - at, at - p->hi[row]));
}

static double largest_number(const sx_i_near *p)
{
    double most = 0;
    for (int32_t i = 0; i < p->unknowns; i++)
        most = fmax(most, fabs(p->value[i]));
    for (int32_t r = 0; r < p->rows; r++) {
        most = fmax(most, isinf(p->lo[r]) ? 0 : fabs(p->lo[r]));
        most = fmax(most, isinf(p->hi[r]) ? 0 : fabs(p->hi[r]));
    }
    return most;
}

/* The first entry of a row that is not 0, or its end. */
static int64_t head(const sx_i_near *p, int32_t r)
{
    int64_t i = p->start[r];
    while (i < p->start[r + 1] && p->coef[i] == 0)
        i++;
    return i;
}

static void join(split *x)
{
    const sx_i_near *p = x->p;
    for (int32_t i = 0; i < p->unknowns; i++)
        x->parent[i] = i;
    for (int32_t r = 0; r < p->rows; r++)
        for (int64_t first = head(p, r), i = first + 1; i < p->start[r + 1]; i++)
            if (p->coef[i] != 0)
                x->parent[root_of(x->parent, p->col[i])] = root_of(x->parent, p->col[first]);
}

/* Number the parts in the order of their first rows; x->local: number of a root, or -1. */
static void number_parts(split *x)
{
    const sx_i_near *p = x->p;
    memset(x->local, -1, (size_t)p->unknowns * sizeof *x->local);
    for (int32_t r = 0; r < p->rows; r++) {
        int64_t first = head(p, r);
        if (first == p->start[r + 1]) {
            x->part_of[r] = x->parts++; /* a row without unknowns */
            continue;
        }
        int32_t root = root_of(x->parent, p->col[first]);
        if (x->local[root] < 0)
            x->local[root] = x->parts++;
        x->part_of[r] = x->local[root];
    }
}

static sx_status sort_rows(split *x, sx_error *err)
{
    x->first = sx_alloc((size_t)x->parts + 2, sizeof *x->first);
    if (!x->first)
        return sx_nomem(err);
    for (int32_t r = 0; r < x->p->rows; r++)
        x->first[x->part_of[r] + 2]++;
    for (int32_t i = 0; i < x->parts; i++)
        x->first[i + 2] += x->first[i + 1];
    for (int32_t r = 0; r < x->p->rows; r++)
        x->row[x->first[x->part_of[r] + 1]++] = r;
    return SX_OK;
}

static sx_status split_make(const sx_i_near *p, split *x, sx_error *err)
{
    size_t n = (size_t)p->unknowns, rows = (size_t)p->rows;
    *x = (split){.p = p};
    x->row = sx_alloc(rows, sizeof *x->row);
    x->part_of = sx_alloc(rows, sizeof *x->part_of);
    x->parent = sx_alloc(n, sizeof *x->parent);
    x->local = sx_alloc(n, sizeof *x->local);
    x->unknown = sx_alloc(n, sizeof *x->unknown);
    x->seen = sx_alloc(n, sizeof *x->seen);
    if (!x->row || !x->part_of || !x->parent || !x->local || !x->unknown || !x->seen)
        return sx_nomem(err);
    join(x);
    number_parts(x);
    return sort_rows(x, err);
}

/* Whether a row of part i is violated beyond rounding. */
static bool is_violated(const split *x, int32_t i)
{
    for (int32_t j = x->first[i]; j < x->first[i + 1]; j++)
        if (!(lack(x->p, x->row[j], x->p->value) <= x->rounding))
            return true;
    return false;
}

/* The program of rows [rows]. */
static sx_i_part gather(split *x, const int32_t *row, int32_t rows)
{
    sx_i_part part = {rows, 0, row, x->unknown, x->local, x->scale};
    for (int32_t i = 0; i < rows; i++)
        for (int64_t j = x->p->start[row[i]]; j < x->p->start[row[i] + 1]; j++) {
            int32_t u = x->p->col[j];
            if (x->seen[u] || x->p->coef[j] == 0)
                continue;
            x->seen[u] = 1;
            x->local[u] = part.unknowns;
            x->unknown[part.unknowns++] = u;
        }
    for (int32_t i = 0; i < part.unknowns; i++)
        x->seen[x->unknown[i]] = 0;
    return part;
}

/* --- programs --- */

typedef struct batches {
    int32_t count;
    int32_t *first; /* [count+1] into row */
    int32_t *row;   /* the rows of parts that must move */
    double *most;   /* [count] of the maximum */
} batches;

static sx_status batches_make(split *x, batches *b, sx_error *err)
{
    int32_t used = 0;
    b->row = sx_alloc((size_t)x->p->rows, sizeof *b->row);
    b->first = sx_alloc((size_t)x->parts + 1, sizeof *b->first);
    b->most = sx_alloc((size_t)x->parts + 1, sizeof *b->most);
    if (!b->row || !b->first || !b->most)
        return sx_nomem(err);
    for (int32_t i = 0; i < x->parts; i++) {
        int32_t rows = x->first[i + 1] - x->first[i];
        if (!is_violated(x, i))
            continue;
        if (used > b->first[b->count] && used - b->first[b->count] + rows > TOGETHER)
            b->first[++b->count] = used;
        memcpy(b->row + used, x->row + x->first[i], (size_t)rows * sizeof *b->row);
        used += rows;
    }
    if (used > b->first[b->count])
        b->first[++b->count] = used;
    return SX_OK;
}

static void batches_clear(batches *b)
{
    sx_release(b->row);
    sx_release(b->first);
    sx_release(b->most);
}

static sx_i_part batch_part(split *x, const batches *b, int32_t i)
{
    return gather(x, b->row + b->first[i], b->first[i + 1] - b->first[i]);
}

/* Batch i, part by part: those without a common point reduce the conflict. */
static sx_status explain_batch(split *x, const batches *b, int32_t i, sx_i_nearest *out,
                               sx_error *err)
{
    sx_status st = SX_OK;
    for (int32_t j = b->first[i]; j < b->first[i + 1] && !st;) {
        int32_t k = x->part_of[b->row[j]], rows = x->first[k + 1] - x->first[k];
        sx_i_part part = gather(x, x->row + x->first[k], rows);
        st = sx_i_part_conflict(x->p, &part, out, err);
        j += rows;
    }
    return st;
}

/* The batches from i, which has no common point.  One pass is enough: what a part could not
 * reduce further it cannot reduce after others did. */
static sx_status explain(split *x, const batches *b, int32_t i, sx_i_nearest *out,
                         sx_error *err)
{
    sx_status st = SX_OK;
    memset(out->conflict, 1, (size_t)x->p->tags);
    for (; i < b->count && !st; i++) {
        sx_i_part_answer a = {.y = out->y};
        sx_i_part part = batch_part(x, b, i);
        st = sx_i_part_elastic(x->p, &part, out->conflict, &a, err);
        if (!st && (a.outcome != SX_I_PART_OPTIMAL || a.most > 1e-7 * x->scale))
            st = explain_batch(x, b, i, out, err);
    }
    out->feasible = false;
    if (!st && out->clash[0] < 0)
        out->reason = "the solver found neither a repair nor a conflict of the edits";
    return st;
}

/* By the folded program, and where that says nothing by the plain one. */
static sx_status solve_part(const sx_i_near *p, const sx_i_part *part, bool largest, double box,
                            sx_i_part_answer *out, sx_error *err)
{
    sx_status st = sx_i_fold_solve(p, part, largest, box, out, err);
    if (st || out->outcome == SX_I_PART_OPTIMAL || part->rows > ROWS)
        return st;
    return largest ? sx_i_part_largest(p, part, out, err)
                   : sx_i_part_sum(p, part, box, out, err);
}

/* One program; what it says other than "optimal" is in out. */
static sx_status solve_batch(split *x, batches *b, int32_t i, sx_i_nearest *out, sx_error *err)
{
    sx_i_part part = batch_part(x, b, i);
    sx_i_part_answer a = {.x = out->x, .y = out->y};
    sx_status st = solve_part(x->p, &part, x->p->largest, INFINITY, &a, err);
    b->most[i] = a.most;
    if (st || a.outcome == SX_I_PART_OPTIMAL)
        return st;
    if (part.rows > ROWS) {
        out->reason = "the edits tie more demands together than are affordable";
        return SX_OK;
    }
    return explain(x, b, i, out, err);
}

/* Inside of the box: the least sum.  Where rounding leaves nothing of it, x stays. */
static sx_status settle(split *x, const batches *b, double most, sx_i_nearest *out,
                        sx_error *err)
{
    sx_i_part_answer a = {.x = out->x, .y = sx_alloc((size_t)x->p->rows, sizeof(double))};
    sx_status st = a.y ? SX_OK : sx_nomem(err);
    for (int32_t i = 0; i < b->count && !st; i++) {
        sx_i_part part = batch_part(x, b, i);
        st = solve_part(x->p, &part, false, most, &a, err);
    }
    sx_release(a.y);
    return st;
}

/* The multipliers of all batches but the one with the largest displacement prove nothing. */
static double keep_worst(const batches *b, double *y)
{
    int32_t worst = 0;
    for (int32_t i = 0; i < b->count; i++)
        worst = b->most[i] > b->most[worst] ? i : worst;
    for (int32_t i = 0; i < b->count; i++)
        for (int32_t j = b->first[i]; i != worst && j < b->first[i + 1]; j++)
            y[b->row[j]] = 0;
    return b->count ? b->most[worst] : 0;
}

static sx_status solve_all(split *x, sx_i_nearest *out, sx_error *err)
{
    batches b = {0};
    sx_status st = batches_make(x, &b, err);
    for (int32_t i = 0; i < b.count && !st && out->feasible && !out->reason; i++)
        st = solve_batch(x, &b, i, out, err);
    if (!st && out->feasible && !out->reason && x->p->largest && b.count) {
        double most = keep_worst(&b, out->y);
        st = settle(x, &b, most, out, err);
    }
    batches_clear(&b);
    return st;
}

/* --- the certificate --- */

/* |x - value|: the sum or the maximum. */
static double distance(const sx_i_near *p, const double *x)
{
    long double sum = 0, most = 0;
    for (int32_t i = 0; i < p->unknowns; i++) {
        long double d = p->priced[i] ? fabsl((long double)x[i] - p->value[i]) : 0;
        sum += d;
        most = d > most ? d : most;
    }
    return (double)(p->largest ? most : sum);
}

/* pull [unknowns] = A'y.  Returns what y has to be divided by: at least 1. */
static double weigh(const sx_i_near *p, const double *y, double *pull, double *stray)
{
    long double sum = 0, most = 1;
    memset(pull, 0, (size_t)p->unknowns * sizeof *pull);
    for (int32_t r = 0; r < p->rows; r++)
        for (int64_t i = p->start[r]; i < p->start[r + 1]; i++)
            pull[p->col[i]] += p->coef[i] * y[r];
    *stray = 0;
    for (int32_t i = 0; i < p->unknowns; i++) {
        if (!p->priced[i]) {
            *stray = fmax(*stray, fabs(pull[i]));
            continue;
        }
        sum += fabs(pull[i]);
        most = fabs(pull[i]) > most ? fabs(pull[i]) : most;
    }
    if (p->largest)
        return (double)(sum > 1 ? sum : 1);
    return (double)most;
}

/* What multiplier y of a row adds to the dual value. */
static double worth(const sx_i_near *p, int32_t row, double y)
{
    double side = y > 0 ? p->lo[row] : p->hi[row];
    return y == 0 ? 0 : y * (side - sx_i_near_at(p, row, p->value));
}

static sx_status certify(const sx_i_near *p, sx_i_nearest *out, sx_error *err)
{
    double *pull = sx_alloc((size_t)p->unknowns, sizeof *pull);
    if (!pull)
        return sx_nomem(err);
    for (int32_t r = 0; r < p->rows; r++)
        if (isinf(out->y[r] > 0 ? p->lo[r] : p->hi[r]))
            out->y[r] = 0; /* no bound on that side: rounding */
    double divisor = weigh(p, out->y, pull, &out->stray);
    long double dual = 0;
    for (int32_t r = 0; r < p->rows; r++) {
        out->y[r] /= divisor;
        double part = worth(p, r, out->y[r]);
        dual += part;
        out->price[p->tag[r]] += part;
        out->violation = fmax(out->violation, lack(p, r, out->x));
    }
    out->stray /= divisor;
    out->dual = (double)dual;
    out->primal = distance(p, out->x);
    sx_release(pull);
    return SX_OK;
}

sx_i_nearest *sx_i_nearest_free(sx_i_nearest *x)
{
    if (!x)
        return NULL;
    sx_release(x->x);
    sx_release(x->y);
    sx_release(x->price);
    sx_release(x->conflict);
    return sx_release(x);
}

static sx_status nearest_new(const sx_i_near *p, sx_i_nearest **out, sx_error *err)
{
    sx_i_nearest *x = sx_alloc(1, sizeof *x);
    *out = x;
    if (!x)
        return sx_nomem(err);
    x->feasible = true;
    x->clash[0] = x->clash[1] = -1;
    x->x = sx_alloc((size_t)p->unknowns, sizeof *x->x);
    x->y = sx_alloc((size_t)p->rows, sizeof *x->y);
    x->price = sx_alloc((size_t)p->tags, sizeof *x->price);
    x->conflict = sx_alloc((size_t)p->tags, sizeof *x->conflict);
    if (!x->x || !x->y || !x->price || !x->conflict)
        return sx_nomem(err);
    memcpy(x->x, p->value, (size_t)p->unknowns * sizeof *x->x);
    return SX_OK;
}

/* The largest violation: of that size are the displacements, too. */
static double scale_of(const sx_i_near *p)
{
    double most = 0;
    for (int32_t r = 0; r < p->rows; r++)
        most = fmax(most, lack(p, r, p->value));
    return most > 0 ? most : 1;
}

sx_status sx_i_near_solve(const sx_i_near *p, sx_i_nearest **out, sx_error *err)
{
    sx_i_nearest *n = NULL;
    split x = {0};
    sx_i_absorb a = {0};
    sx_status st = nearest_new(p, &n, err);
    if (!st)
        st = sx_i_absorb_make(p, &a, err);
    if (!st)
        st = split_make(&a.p, &x, err);
    x.scale = scale_of(p);
    x.rounding = 1e-13 * largest_number(p);
    if (!st)
        st = solve_all(&x, n, err);
    if (!st && n->feasible && !n->reason) {
        sx_i_absorb_undo(&a, n->x);
        st = certify(p, n, err);
    }
    split_clear(&x);
    sx_i_absorb_clear(&a);
    if (st)
        n = sx_i_nearest_free(n);
    *out = n;
    return st;
}
