/* SPDX-License-Identifier: GPL-3.0-or-later */
/* repair_dual.c - a folded part by its dual program.
 *
 *     max  sum_i z_i (c_i - row_i u0) + sum_r w_r (b_r - row_r u0)
 *     sum_i z_i row_i + sum_r w_r row_r = 0,   z_i in [-1,1], one-sided terms in [-1,0]
 *
 * with as many rows as there are roots and free unknowns, whose multipliers are the unknowns of
 * the primal: u = u0 + multipliers.  In the maximum z = p - q with sum p + q <= 1.  A box |row
 * u
 * - c| <= M of the sum is a price of W for leaving it, paid by columns of their own.  z and w
 * give the multipliers of all rows, those of the trees from the leaves up. */
#include "metrics/repair_fold_int.h"

#include <math.h>

static const double FINE = 1000; /* W: the price of leaving the box */

typedef struct job {
    const sx_i_fold *f;
    bool largest;
    double box;
    int32_t *place; /* [unknowns] row of the program, -1 for none */
    int32_t rows;
    double *u0; /* [unknowns] */
    sx_lp *lp;
    int32_t columns;
    int64_t *at; /* [rows] next free place of each row */
} job;

/* A column that stands for sign times term i, or row i, in [0,hi]. */
typedef struct column {
    const sx_i_list *list;
    int32_t i;
    double sign, value, hi, extra; /* value: c or b; extra: added to the cost */
    bool in_sum;
} column;

typedef void visitor(void *arg, const column *c);

/* The columns of term i with one sign. */
static void term_columns(const job *j, int32_t i, double sign, void *arg, visitor *visit)
{
    const sx_i_fold *f = j->f;
    double hi = j->largest ? INFINITY : 1;
    visit(arg, &(column){&f->term, i, sign, f->value[i], hi, 0, j->largest});
    if (!j->largest && !isinf(j->box))
        visit(arg, &(column){&f->term, i, sign, f->value[i], FINE, -j->box, false});
}

/* Every column of the program through visit, in one order. */
static void each_column(const job *j, void *arg, visitor *visit)
{
    const sx_i_fold *f = j->f;
    for (int32_t i = 0; i < f->terms; i++) {
        if (!f->one_sided[i])
            term_columns(j, i, 1, arg, visit);
        term_columns(j, i, -1, arg, visit);
    }
    for (int32_t r = 0; r < f->row.rows; r++) {
        if (!isinf(f->lo[r]))
            visit(arg, &(column){&f->row, r, 1, f->lo[r], INFINITY, 0, false});
        if (!isinf(f->hi[r]))
            visit(arg, &(column){&f->row, r, -1, f->hi[r], INFINITY, 0, false});
    }
}

static void count_column(void *arg, const column *c)
{
    job *j = arg;
    for (int64_t t = c->list->start[c->i]; t < c->list->start[c->i + 1]; t++)
        j->at[j->place[c->list->col[t]]]++;
    if (c->in_sum)
        j->at[j->rows - 1]++;
    j->columns++;
}

static void put(job *j, int32_t row, int32_t col, double x)
{
    j->lp->col[j->at[row]] = col;
    j->lp->coef[j->at[row]++] = x;
}

static void put_column(void *arg, const column *c)
{
    job *j = arg;
    double at = 0;
    for (int64_t t = c->list->start[c->i]; t < c->list->start[c->i + 1]; t++) {
        int32_t u = c->list->col[t];
        at += c->list->coef[t] * j->u0[u];
        put(j, j->place[u], j->columns, c->sign * c->list->coef[t]);
    }
    if (c->in_sum)
        put(j, j->rows - 1, j->columns, 1);
    j->lp->cost[j->columns] = (c->sign * (c->value - at) + c->extra) / j->f->part->scale;
    j->lp->col_hi[j->columns++] = c->hi;
}

/* Rows of the program: roots and free unknowns that stand somewhere; u0 of roots is R. */
static void number_rows(job *j)
{
    const sx_i_fold *f = j->f;
    for (int32_t i = 0; i < f->part->unknowns; i++) {
        bool is = f->root[i] == i && !f->is_leaf[i];
        j->place[i] = is ? j->rows++ : -1;
        j->u0[i] = is ? f->p->value[f->part->unknown[i]] : 0;
    }
    j->rows += j->largest;
}

static sx_status build(job *j, sx_error *err)
{
    int64_t entries = 0;
    j->place = sx_alloc((size_t)j->f->part->unknowns, sizeof *j->place);
    j->u0 = sx_alloc((size_t)j->f->part->unknowns, sizeof *j->u0);
    j->at = sx_alloc((size_t)j->f->part->unknowns + 1, sizeof *j->at);
    if (!j->place || !j->u0 || !j->at)
        return sx_nomem(err);
    number_rows(j);
    each_column(j, j, count_column);
    for (int32_t r = 0; r < j->rows; r++)
        entries += j->at[r];
    if (j->rows >= j->f->part->rows || j->rows == 0 || j->columns == 0)
        return SX_OK; /* nothing is won */
    sx_status st = sx_lp_new(j->rows, j->columns, entries, &j->lp, err);
    if (st)
        return st;
    for (int32_t r = 0; r < j->rows; r++) {
        j->lp->start[r + 1] = j->lp->start[r] + j->at[r];
        j->at[r] = j->lp->start[r];
        j->lp->row_lo[r] = j->lp->row_hi[r] = 0;
    }
    if (j->largest) {
        j->lp->row_lo[j->rows - 1] = -INFINITY;
        j->lp->row_hi[j->rows - 1] = 1;
    }
    j->lp->maximise = true;
    j->columns = 0;
    each_column(j, j, put_column);
    return SX_OK;
}

/* --- the way back --- */

typedef struct back {
    job *j;
    const double *z; /* of the columns */
    int32_t column;
    double *term, *row; /* sums of sign z */
} back;

static void read_column(void *arg, const column *c)
{
    back *b = arg;
    double z = c->sign * b->z[b->column++];
    if (c->list == &b->j->f->term)
        b->term[c->i] += z;
    else
        b->row[c->i] += z;
}

static double near_value(const sx_i_fold *f, double x, double value)
{
    return fabs(x - value) <= 1e-12 * (f->part->scale + fabs(value)) ? value : x;
}

/* The unknowns: roots and free ones from the multipliers, trees from those, leaves last. */
static void read_x(const job *j, const double *dual, double *x)
{
    const sx_i_fold *f = j->f;
    for (int32_t k = 0; k < f->ordered; k++) {
        int32_t i = f->order[k], u = f->part->unknown[i];
        if (f->is_leaf[i])
            continue;
        double v = f->by[i] < 0 ? j->u0[i] + dual[j->place[i]] * f->part->scale : 0;
        if (f->by[i] >= 0) {
            v = x[f->part->unknown[f->root[i]]] + f->shift[i];
            for (int64_t t = f->offset.start[f->offset_of[i]];
                 t < f->offset.start[f->offset_of[i] + 1]; t++)
                v += f->offset.coef[t] * dual[j->place[f->offset.col[t]]] * f->part->scale;
        }
        x[u] = f->p->priced[u] ? near_value(f, v, f->p->value[u]) : v;
    }
}

/* Of an unknown of the part in a row. */
static double coef_of(const sx_i_fold *f, int32_t row, int32_t local)
{
    const sx_i_near *p = f->p;
    for (int64_t t = p->start[row]; t < p->start[row + 1]; t++)
        if (p->col[t] == f->part->unknown[local])
            return p->coef[t];
    return 0;
}

static void read_leaves(const job *j, double *x)
{
    const sx_i_fold *f = j->f;
    const sx_i_near *p = f->p;
    for (int32_t i = 0; i < f->part->unknowns; i++) {
        int32_t u = f->part->unknown[i];
        if (!f->is_leaf[i])
            continue;
        int32_t row = f->part->row[f->by[i]];
        double a = coef_of(f, row, i);
        x[u] = p->value[u];
        double at = sx_i_near_at(p, row, x), lack = fmax(0, p->lo[row] - at);
        x[u] += (lack - fmax(0, at - p->hi[row])) / a;
    }
}

/* y of kept rows and of rows with leaves, which have z / |a|; the others are 0. */
static void read_rows(const job *j, const back *b, double *y)
{
    const sx_i_fold *f = j->f;
    for (int32_t i = 0; i < f->part->rows; i++)
        y[f->part->row[i]] = 0;
    for (int32_t r = 0; r < f->row.rows; r++)
        y[f->part->row[f->row_source[r]]] = b->row[r];
    for (int32_t i = 0; i < f->terms; i++)
        if (f->source[i] >= 0) {
            int32_t row = f->part->row[f->source[i]];
            y[row] = isinf(f->p->hi[row]) ? -b->term[i] : b->term[i];
        }
    for (int32_t i = 0; i < f->part->unknowns; i++)
        if (f->is_leaf[i]) {
            int32_t row = f->part->row[f->by[i]];
            y[row] /= fabs(coef_of(f, row, i));
        }
}

/* pull [unknowns of the part] = what terms and rows pull at each. */
static void read_pull(const job *j, const back *b, const double *y, double *pull)
{
    const sx_i_fold *f = j->f;
    const sx_i_near *p = f->p;
    for (int32_t i = 0; i < f->terms; i++)
        if (f->source[i] < 0)
            pull[-1 - f->source[i]] += b->term[i];
    for (int32_t i = 0; i < f->part->rows; i++) {
        int32_t row = f->part->row[i];
        for (int64_t t = p->start[row]; t < p->start[row + 1]; t++)
            if (p->coef[t] != 0)
                pull[f->part->local[p->col[t]]] += p->coef[t] * y[row];
    }
}

/* y of the equations of trees: every unknown but the root is balanced by the one that hangs it
 * up. */
static void read_trees(const job *j, double *y, double *pull)
{
    const sx_i_fold *f = j->f;
    for (int32_t k = f->ordered - 1; k >= 0; k--) {
        int32_t i = f->order[k];
        if (f->by[i] < 0 || f->is_leaf[i])
            continue;
        int32_t row = f->part->row[f->by[i]];
        double a = coef_of(f, row, i);
        y[row] = -pull[i] / a;
        pull[f->parent[i]] -= a * y[row];
    }
}

static sx_status read_all(job *j, const sx_lp_solution *s, double *x, double *y, sx_error *err)
{
    back b = {j, s->x, 0, NULL, NULL};
    double *pull = sx_alloc((size_t)j->f->part->unknowns, sizeof *pull);
    b.term = sx_alloc((size_t)j->f->terms, sizeof *b.term);
    b.row = sx_alloc((size_t)j->f->row.rows, sizeof *b.row);
    sx_status st = pull && b.term && b.row ? SX_OK : sx_nomem(err);
    if (!st) {
        each_column(j, &b, read_column);
        read_x(j, s->dual, x);
        read_leaves(j, x);
        read_rows(j, &b, y);
        read_pull(j, &b, y, pull);
        read_trees(j, y, pull);
    }
    sx_release(pull);
    sx_release(b.term);
    sx_release(b.row);
    return st;
}

/* GLPK giving up is no answer. */
static sx_status solve(const sx_lp *lp, sx_lp_solution **s, sx_error *err)
{
    sx_error own = SX_NO_ERROR;
    sx_status st = sx_lp_solve(lp, SX_LP_DUAL_FLIP, 1e-9, s, &own);
    if (st == SX_ELIB)
        return SX_OK;
    return st ? sx_fail(err, st, "%s", own.msg) : SX_OK;
}

sx_status sx_i_fold_solve(const sx_i_near *p, const sx_i_part *part, bool largest, double box,
                          sx_i_part_answer *out, sx_error *err)
{
    sx_i_fold f;
    sx_lp_solution *s = NULL;
    job j = {.f = &f, .largest = largest, .box = box};
    sx_status st = SX_OK;
    out->outcome = SX_I_PART_FAILED;
    if (sx_i_fold_make(p, part, &f))
        st = build(&j, err);
    if (!st && j.lp)
        st = solve(j.lp, &s, err);
    if (!st && s && s->outcome == SX_LP_OPTIMAL) {
        out->outcome = SX_I_PART_OPTIMAL;
        out->most = s->objective * part->scale;
        st = read_all(&j, s, out->x, out->y, err);
    }
    sx_lp_solution_free(s);
    sx_lp_free(j.lp);
    sx_release(j.place);
    sx_release(j.u0);
    sx_release(j.at);
    sx_i_fold_clear(&f);
    return st;
}
