/* SPDX-License-Identifier: GPL-3.0-or-later */
/* glpk.c - linear programs by GLPK's simplex methods: the only file that knows GLPK.
 *
 * GLPK aborts the process on misuse and when memory is out, prints, counts from one, and
 * returns 0 from glp_simplex without having an answer.  So: the data are checked before it
 * sees them, it runs behind a fence, its return code is read before its status, and an
 * answer counts only after our own check.  No presolver and no advanced basis: with either,
 * glp_simplex fails at once on some larger models. */
#include "solvers/lp_int.h"

#include <glpk.h>
#include <math.h>
#include <setjmp.h>
#include <string.h>

typedef struct fence {
    jmp_buf exit;
    char msg[160];
    size_t len;
} fence;

static int on_print(void *info, const char *text)
{
    fence *f = info;
    for (; glp_at_error() && *text && f->len + 1 < sizeof f->msg; text++)
        f->msg[f->len++] = *text == '\n' ? ' ' : *text;
    return 1; /* print nothing */
}

static void on_error(void *info)
{
    fence *f = info;
    glp_free_env();
    longjmp(f->exit, 1);
}

/* *f is the caller's: a local of this function would be indeterminate after the jump
 * (C11 7.13.2.1).  The jump leaves GLPK with a new environment, without hooks. */
static sx_status fenced(fence *f, void (*work)(void *), void *arg, sx_error *err)
{
    glp_term_hook(on_print, f);
    glp_error_hook(on_error, f);
    if (setjmp(f->exit) != 0)
        return sx_fail(err, SX_ELIB, "GLPK: %s", f->msg);
    work(arg);
    glp_error_hook(NULL, NULL);
    glp_term_hook(NULL, NULL);
    return SX_OK;
}

sx_status sx_i_glpk_fenced(void (*work)(void *), void *arg, sx_error *err)
{
    fence f;
    memset(&f, 0, sizeof f);
    return fenced(&f, work, arg, err);
}

/* One solve: what GLPK is given and what it says. */
typedef struct job {
    const sx_lp *lp;
    sx_lp_algorithm algorithm;
    bool scaled;
    int *index;   /* [longest row + 1] */
    double *coef; /* [longest row + 1] */
    int code;     /* of glp_simplex */
    sx_lp_outcome outcome;
    double *x, *dual;
} job;

static int bound_type(double lo, double hi)
{
    if (lo == hi)
        return GLP_FX;
    if (lo > -INFINITY)
        return hi < INFINITY ? GLP_DB : GLP_LO;
    return hi < INFINITY ? GLP_UP : GLP_FR;
}

static void load(const job *w, glp_prob *p)
{
    const sx_lp *lp = w->lp;
    glp_set_obj_dir(p, lp->maximise ? GLP_MAX : GLP_MIN);
    glp_add_cols(p, lp->cols);
    if (lp->rows > 0)
        glp_add_rows(p, lp->rows);
    for (int32_t j = 0; j < lp->cols; j++) {
        double lo = lp->col_lo[j], hi = lp->col_hi[j];
        glp_set_obj_coef(p, j + 1, lp->cost[j]);
        glp_set_col_bnds(p, j + 1, bound_type(lo, hi), lo, hi);
    }
    for (int32_t i = 0; i < lp->rows; i++) {
        double lo = lp->row_lo[i], hi = lp->row_hi[i];
        int length = (int)(lp->start[i + 1] - lp->start[i]);
        for (int t = 0; t < length; t++) {
            w->index[t + 1] = lp->col[lp->start[i] + t] + 1;
            w->coef[t + 1] = lp->coef[lp->start[i] + t];
        }
        glp_set_row_bnds(p, i + 1, bound_type(lo, hi), lo, hi);
        glp_set_mat_row(p, i + 1, length, w->index, w->coef);
    }
}

static int simplex(const job *w, glp_prob *p, int method)
{
    glp_smcp how;
    glp_init_smcp(&how);
    how.msg_lev = GLP_MSG_OFF;
    how.meth = method;
    how.tol_bnd = how.tol_dj = 1e-9;
    if (w->algorithm == SX_LP_DUAL_FLIP && method == GLP_DUAL)
        how.r_test = GLP_RT_FLIP;
    return glp_simplex(p, &how);
}

/* After a return code of 0. */
static sx_lp_outcome read_status(glp_prob *p)
{
    switch (glp_get_status(p)) {
    case GLP_OPT: return SX_LP_OPTIMAL;
    case GLP_NOFEAS: return SX_LP_INFEASIBLE;
    case GLP_UNBND: return SX_LP_UNBOUNDED;
    default: return SX_LP_FAILED;
    }
}

static void run(void *arg)
{
    job *w = arg;
    glp_prob *p = glp_create_prob();
    bool dual = w->algorithm == SX_LP_DUAL_FLIP;
    load(w, p);
    if (w->scaled)
        glp_scale_prob(p, GLP_SF_AUTO);
    glp_std_basis(p);
    w->code = simplex(w, p, dual ? GLP_DUAL : GLP_PRIMAL);
    w->outcome = w->code == 0 ? read_status(p) : SX_LP_FAILED;
    if (dual && w->code == 0 && w->outcome != SX_LP_OPTIMAL) {
        /* the dual method cannot tell an unbounded problem from an infeasible one */
        glp_std_basis(p);
        w->code = simplex(w, p, GLP_PRIMAL);
        w->outcome = w->code == 0 ? read_status(p) : SX_LP_FAILED;
    }
    for (int32_t j = 0; j < w->lp->cols; j++)
        w->x[j] = glp_get_col_prim(p, j + 1);
    for (int32_t i = 0; i < w->lp->rows; i++)
        w->dual[i] = glp_get_row_dual(p, i + 1);
    glp_delete_prob(p);
}

/* Whether lo..hi are bounds at all; *empty where no number is between them. */
static bool bounds_good(double lo, double hi, bool *empty)
{
    if (isnan(lo) || isnan(hi) || lo == INFINITY || hi == -INFINITY)
        return false;
    *empty = *empty || lo > hi;
    return true;
}

static sx_status check_row(const sx_lp *lp, int32_t i, int32_t *last, bool *empty,
                           sx_error *err)
{
    if (!bounds_good(lp->row_lo[i], lp->row_hi[i], empty))
        return sx_fail(err, SX_EARG, "row %d has bounds %g and %g", i, lp->row_lo[i],
                       lp->row_hi[i]);
    if (lp->start[i + 1] < lp->start[i] || lp->start[i + 1] - lp->start[i] > lp->cols)
        return sx_fail(err, SX_EARG, "row %d has a wrong length", i);
    for (int64_t t = lp->start[i]; t < lp->start[i + 1]; t++) {
        int32_t j = lp->col[t];
        if (j < 0 || j >= lp->cols || last[j] == i + 1)
            return sx_fail(err, SX_EARG, "row %d names column %d, or names it twice", i, j);
        if (!(fabs(lp->coef[t]) < INFINITY))
            return sx_fail(err, SX_EARG, "row %d has coefficient %g", i, lp->coef[t]);
        last[j] = i + 1;
    }
    return SX_OK;
}

/* All that GLPK would abort on. */
static sx_status check(const sx_lp *lp, bool *empty, sx_error *err)
{
    *empty = false;
    for (int32_t j = 0; j < lp->cols; j++) {
        if (!(fabs(lp->cost[j]) < INFINITY))
            return sx_fail(err, SX_EARG, "column %d costs %g", j, lp->cost[j]);
        if (!bounds_good(lp->col_lo[j], lp->col_hi[j], empty))
            return sx_fail(err, SX_EARG, "column %d has bounds %g and %g", j, lp->col_lo[j],
                           lp->col_hi[j]);
    }
    if (lp->rows > 100000000 || lp->cols > 100000000 || lp->start[lp->rows] > 500000000)
        return sx_fail(err, SX_ELIMIT,
                       "a linear program of %d rows, %d columns and %lld "
                       "entries is above what GLPK takes",
                       lp->rows, lp->cols, (long long)lp->start[lp->rows]);
    int32_t *last = sx_alloc((size_t)lp->cols, sizeof *last);
    sx_status st = last ? SX_OK : sx_nomem(err);
    for (int32_t i = 0; !st && i < lp->rows; i++)
        st = check_row(lp, i, last, empty, err);
    sx_release(last);
    return st;
}

/* The largest finite number among the bounds, costs and coefficients, at least 1. */
static double data_size(const sx_lp *lp)
{
    double size = 1;
    for (int32_t j = 0; j < lp->cols; j++) {
        size = fmax(size, fabs(lp->cost[j]));
        size = fmax(size, isinf(lp->col_lo[j]) ? 0 : fabs(lp->col_lo[j]));
        size = fmax(size, isinf(lp->col_hi[j]) ? 0 : fabs(lp->col_hi[j]));
    }
    for (int32_t i = 0; i < lp->rows; i++) {
        size = fmax(size, isinf(lp->row_lo[i]) ? 0 : fabs(lp->row_lo[i]));
        size = fmax(size, isinf(lp->row_hi[i]) ? 0 : fabs(lp->row_hi[i]));
    }
    for (int64_t t = 0; t < lp->start[lp->rows]; t++)
        size = fmax(size, fabs(lp->coef[t]));
    return size;
}

/* An optimal answer that does not pass its own check is a failed one. */
static sx_status verify(const sx_lp *lp, double tolerance, sx_lp_solution *s, sx_error *err)
{
    double allowed = tolerance * data_size(lp);
    sx_status st = sx_lp_measure(lp, s, err);
    bool good = s->primal_violation <= allowed && s->dual_violation <= allowed &&
                s->gap <= fmax(allowed, tolerance * fabs(s->objective));
    if (!st && !good)
        s->outcome = SX_LP_FAILED;
    return st;
}

static void poison(const sx_lp *lp, sx_lp_solution *s)
{
    s->objective = s->primal_violation = s->dual_violation = s->gap = NAN;
    for (int32_t j = 0; j < lp->cols; j++)
        s->x[j] = NAN;
    for (int32_t i = 0; i < lp->rows; i++)
        s->dual[i] = NAN;
}

/* As it is, then scaled, until an answer passes. */
static sx_status attempt(job *w, double tolerance, sx_lp_solution *s, sx_error *err)
{
    sx_status st = SX_OK;
    for (int i = 0; !st && i < 2; i++) {
        w->scaled = i > 0;
        st = sx_i_glpk_fenced(run, w, err);
        s->outcome = w->outcome;
        if (!st && s->outcome == SX_LP_OPTIMAL)
            st = verify(w->lp, tolerance, s, err);
        if (s->outcome != SX_LP_FAILED)
            break;
    }
    if (!st && w->code != 0)
        st = sx_fail(err, SX_ELIB, "GLPK: the simplex method gave up with code %d", w->code);
    return st;
}

static sx_status solution_new(const sx_lp *lp, sx_lp_solution **out, sx_error *err)
{
    sx_lp_solution *s = sx_alloc(1, sizeof *s);
    *out = NULL;
    if (!s)
        return sx_nomem(err);
    s->x = sx_alloc((size_t)lp->cols, sizeof *s->x);
    s->dual = sx_alloc((size_t)lp->rows, sizeof *s->dual);
    if (!s->x || !s->dual) {
        sx_lp_solution_free(s);
        return sx_nomem(err);
    }
    *out = s;
    return SX_OK;
}

sx_status sx_lp_solve(const sx_lp *lp, sx_lp_algorithm algorithm, double tolerance,
                      sx_lp_solution **out, sx_error *err)
{
    sx_lp_solution *s = NULL;
    bool empty = false;
    job w = {.lp = lp, .algorithm = algorithm};
    *out = NULL;
    if (!(tolerance > 0))
        return sx_fail(err, SX_EARG, "the tolerance must be above 0, not %g", tolerance);
    sx_status st = check(lp, &empty, err);
    if (!st)
        st = solution_new(lp, &s, err);
    if (!st) {
        w.index = sx_alloc((size_t)lp->cols + 1, sizeof *w.index);
        w.coef = sx_alloc((size_t)lp->cols + 1, sizeof *w.coef);
        w.x = s->x;
        w.dual = s->dual;
        st = w.index && w.coef ? SX_OK : sx_nomem(err);
    }
    if (!st && empty)
        s->outcome = SX_LP_INFEASIBLE;
    else if (!st)
        st = attempt(&w, tolerance, s, err);
    if (!st && s->outcome != SX_LP_OPTIMAL)
        poison(lp, s);
    sx_release(w.index);
    sx_release(w.coef);
    if (st)
        s = sx_lp_solution_free(s);
    *out = s;
    return st;
}
