/* SPDX-License-Identifier: GPL-3.0-or-later */
/* repair_lp.c - the linear programs of a repair, in the displacement d = v - value.
 *
 *     sum:      min sum p + q             A (p - q + f) in [lo,hi] - A value,  0 <= p,q <= box
 *     largest:  min M                     the same rows,  p + q <= M
 *     elastic:  min sum up + down         A d + up - down in [lo,hi] - A value,  d free
 *
 * with p - q for priced unknowns and f for free ones.  At d = 0 no column pays to move, so that
 * the dual simplex method starts from there and takes about one step for each row that the
 * reward violates; there are as many rows as demands. */
#include "metrics/repair_int.h"

#include <math.h>

typedef enum form { SUM, LARGEST, ELASTIC } form;

/* A program being built. */
typedef struct job {
    const sx_i_near *p;
    const sx_i_part *part;
    form form;
    const unsigned char *active; /* [tags] NULL: all */
    int32_t *first;              /* [unknowns+1] the first column of a local unknown */
    int32_t rows;                /* of the demands */
    sx_lp *lp;
} job;

static bool is_active(const job *j, int32_t row)
{
    return !j->active || j->active[j->p->tag[row]];
}

static int32_t width(const job *j, int32_t local)
{
    return j->form != ELASTIC && j->p->priced[j->part->unknown[local]] ? 2 : 1;
}

static void put(sx_lp *lp, int64_t *at, int32_t column, double x)
{
    lp->col[*at] = column;
    lp->coef[(*at)++] = x;
}

/* The demand `row` of p as the next row of the program. */
static void put_demand(job *j, int32_t row, int64_t *at)
{
    const sx_i_near *p = j->p;
    double shift = sx_i_near_at(p, row, p->value), scale = j->part->scale;
    for (int64_t i = p->start[row]; i < p->start[row + 1]; i++) {
        if (p->coef[i] == 0)
            continue; /* its place among the local ones is not known */
        int32_t local = j->part->local[p->col[i]], column = j->first[local];
        put(j->lp, at, column, p->coef[i]);
        if (width(j, local) == 2)
            put(j->lp, at, column + 1, -p->coef[i]);
    }
    if (j->form == ELASTIC) {
        int32_t up = j->first[j->part->unknowns] + 2 * j->rows;
        put(j->lp, at, up, 1);
        put(j->lp, at, up + 1, -1);
    }
    j->lp->row_lo[j->rows] = (p->lo[row] - shift) / scale;
    j->lp->row_hi[j->rows] = (p->hi[row] - shift) / scale;
    j->lp->start[++j->rows] = *at;
}

static void put_demands(job *j, int64_t *at)
{
    for (int32_t i = 0; i < j->part->rows; i++)
        if (is_active(j, j->part->row[i]))
            put_demand(j, j->part->row[i], at);
}

/* p + q <= M for each priced unknown. */
static void put_largest(job *j, int64_t *at)
{
    int32_t row = j->rows, most = j->first[j->part->unknowns];
    for (int32_t k = 0; k < j->part->unknowns; k++) {
        if (width(j, k) < 2)
            continue;
        put(j->lp, at, j->first[k], 1);
        put(j->lp, at, j->first[k] + 1, 1);
        put(j->lp, at, most, -1);
        j->lp->row_hi[row] = 0;
        j->lp->start[++row] = *at;
    }
    j->lp->cost[most] = 1;
}

static void set_columns(job *j, double box)
{
    sx_lp *lp = j->lp;
    for (int32_t k = 0; k < j->part->unknowns; k++)
        for (int32_t c = j->first[k]; c < j->first[k + 1]; c++) {
            bool priced = width(j, k) == 2;
            lp->cost[c] = priced && j->form == SUM;
            lp->col_lo[c] = priced ? 0 : -INFINITY;
            lp->col_hi[c] = priced ? box / j->part->scale : INFINITY;
        }
    for (int32_t c = j->first[j->part->unknowns]; j->form == ELASTIC && c < lp->cols; c++)
        lp->cost[c] = 1;
}

/* Sizes of the program, and the first columns. */
static void measure(job *j, int32_t *rows, int32_t *cols, int64_t *entries)
{
    int32_t priced = 0;
    *rows = 0;
    *entries = 0;
    for (int32_t k = 0; k < j->part->unknowns; k++) {
        j->first[k + 1] = j->first[k] + width(j, k);
        priced += width(j, k) == 2;
    }
    for (int32_t i = 0; i < j->part->rows; i++) {
        int32_t row = j->part->row[i];
        if (!is_active(j, row))
            continue;
        *rows += 1;
        *entries += 2 * (j->p->start[row + 1] - j->p->start[row]) + 2;
    }
    *cols = j->first[j->part->unknowns] + (j->form == ELASTIC ? 2 * *rows : 0) + 1;
    if (j->form == LARGEST) {
        *rows += priced;
        *entries += 3 * (int64_t)priced;
    }
}

static sx_status build(job *j, double box, sx_error *err)
{
    int32_t rows, cols;
    int64_t entries, at = 0;
    j->first = sx_alloc((size_t)j->part->unknowns + 1, sizeof *j->first);
    if (!j->first)
        return sx_nomem(err);
    measure(j, &rows, &cols, &entries);
    sx_status st = sx_lp_new(rows, cols, entries, &j->lp, err);
    if (st)
        return st;
    put_demands(j, &at);
    set_columns(j, box);
    if (j->form == LARGEST)
        put_largest(j, &at);
    return SX_OK;
}

/* GLPK giving up is an answer that did not pass. */
static sx_status solve(const sx_lp *lp, sx_lp_algorithm how, sx_lp_solution **s, sx_error *err)
{
    sx_error own = SX_NO_ERROR;
    sx_status st = sx_lp_solve(lp, how, 1e-9, s, &own);
    if (st == SX_ELIB)
        return SX_OK;
    return st ? sx_fail(err, st, "%s", own.msg) : SX_OK;
}

/* By the dual method, and where that gives nothing by the primal one. */
static sx_status solve_either(const sx_lp *lp, sx_lp_solution **s, sx_i_part_outcome *outcome,
                              sx_error *err)
{
    sx_status st = solve(lp, SX_LP_DUAL_FLIP, s, err);
    if (!st && (!*s || (*s)->outcome == SX_LP_FAILED)) {
        sx_lp_solution_free(*s);
        st = solve(lp, SX_LP_PRIMAL, s, err);
    }
    *outcome = SX_I_PART_FAILED;
    if (!st && *s && (*s)->outcome == SX_LP_OPTIMAL)
        *outcome = SX_I_PART_OPTIMAL;
    if (!st && *s && (*s)->outcome == SX_LP_INFEASIBLE)
        *outcome = SX_I_PART_EMPTY;
    return st;
}

static void read_x(const job *j, const sx_lp_solution *s, double *x)
{
    for (int32_t k = 0; k < j->part->unknowns; k++) {
        int32_t u = j->part->unknown[k], c = j->first[k];
        double d = width(j, k) == 2 ? s->x[c] - s->x[c + 1] : s->x[c];
        x[u] = j->p->value[u] + d * j->part->scale;
    }
}

static void read_y(const job *j, const sx_lp_solution *s, double *y)
{
    int32_t at = 0;
    for (int32_t i = 0; i < j->part->rows; i++) {
        int32_t row = j->part->row[i];
        y[row] = is_active(j, row) ? s->dual[at++] : 0;
    }
}

static sx_status run(job *j, double box, sx_i_part_answer *out, sx_error *err)
{
    sx_lp_solution *s = NULL;
    sx_status st = build(j, box, err);
    out->outcome = SX_I_PART_FAILED;
    if (!st)
        st = solve_either(j->lp, &s, &out->outcome, err);
    if (!st && out->outcome == SX_I_PART_OPTIMAL) {
        out->most = s->objective * j->part->scale;
        read_y(j, s, out->y);
        if (j->form != ELASTIC)
            read_x(j, s, out->x);
    }
    sx_lp_solution_free(s);
    sx_lp_free(j->lp);
    sx_release(j->first);
    return st;
}

sx_status sx_i_part_sum(const sx_i_near *p, const sx_i_part *part, double box,
                        sx_i_part_answer *out, sx_error *err)
{
    job j = {.p = p, .part = part, .form = SUM};
    return run(&j, box, out, err);
}

sx_status sx_i_part_largest(const sx_i_near *p, const sx_i_part *part, sx_i_part_answer *out,
                            sx_error *err)
{
    job j = {.p = p, .part = part, .form = LARGEST};
    return run(&j, INFINITY, out, err);
}

sx_status sx_i_part_elastic(const sx_i_near *p, const sx_i_part *part,
                            const unsigned char *active, sx_i_part_answer *out, sx_error *err)
{
    job j = {.p = p, .part = part, .form = ELASTIC, .active = active};
    return run(&j, INFINITY, out, err);
}
