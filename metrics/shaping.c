/* SPDX-License-Identifier: GPL-3.0-or-later */
/* shaping.c - potentials by goal: which program, and its answer with its proof. */
#include "metrics/shaping_int.h"

#include <math.h>

static const char *const goals[] = {"fit",     "sparse",  "flat",  "smooth",
                                    "optimal", "bounded", "linear"}; /* order of the enum */
static const char *const ons[] = {"triples", "rows"};

static const char *const too_large =
    "linear programs are solved up to 250000000 states times terms; --norm l2 goes further";

const char *sx_shape_goal_name(int32_t i)
{
    return i >= 0 && i < SX_SHAPE_GOALS ? goals[i] : NULL;
}

const char *sx_shape_on_name(int32_t i)
{
    return i >= 0 && i < 2 ? ons[i] : NULL;
}

sx_shape_task sx_shape_defaults(void)
{
    return (sx_shape_task){.goal = SX_SHAPE_SPARSE, .norm = SX_L1, .tolerance = 1e-9};
}

sx_shaping *sx_shaping_free(sx_shaping *x)
{
    if (x) {
        sx_release(x->potential);
        sx_release(x->coefficient);
        sx_release(x->proof.y);
    }
    return sx_release(x);
}

static const char *fault_of_norm(const sx_shape_task *task)
{
    bool sum = task->goal == SX_SHAPE_SPARSE || task->goal == SX_SHAPE_SMOOTH;
    if (task->norm > SX_LINF)
        return "the norm is l1, l2 or linf";
    if ((sum && task->norm != SX_L1) || (task->goal == SX_SHAPE_FLAT && task->norm != SX_LINF))
        return "the goal is a norm already";
    return NULL;
}

static const char *fault_of_attributes(const sx_mdp *m, const sx_shape_task *task)
{
    if (task->attributes < 1 || !task->attribute)
        return "linear takes attributes";
    for (int32_t j = 0; j < task->attributes; j++)
        for (int32_t s = 0; s < m->states; s++)
            if (!isfinite(task->attribute[j][s]))
                return "an attribute is not a number in every state";
    return NULL;
}

/* What of the part that a goal has for itself is wrong. */
static const char *fault_of_goal(const sx_mdp *m, const sx_shape_task *task)
{
    switch (task->goal) {
    case SX_SHAPE_FIT: return task->to ? NULL : "a fit takes two rewards";
    case SX_SHAPE_OPTIMAL:
        return task->on == SX_SHAPE_ROWS ? NULL : "the optimal value is about rows";
    case SX_SHAPE_BOUNDED:
        return task->bound > 0 && task->bound < INFINITY ? NULL
                                                         : "bounded takes a bound above 0";
    case SX_SHAPE_LINEAR: return fault_of_attributes(m, task);
    default: return NULL;
    }
}

/* What of a task contradicts itself, or NULL. */
static const char *fault(const sx_mdp *m, const sx_shape_task *task)
{
    bool target = task->goal == SX_SHAPE_FIT || task->goal >= SX_SHAPE_BOUNDED;
    const char *wrong = NULL;
    if (!task->from)
        return "there is no reward to shape";
    if (task->to && !target)
        return "this goal takes one reward";
    wrong = fault_of_norm(task);
    if (!wrong)
        wrong = fault_of_goal(m, task);
    if (!wrong && !(task->tolerance > 0))
        wrong = "the tolerance must be above 0";
    return wrong;
}

/* Values on impossible triples are needed and missing. */
static const char *unknown(const sx_shape_task *task)
{
    if (task->on == SX_SHAPE_ROWS || task->goal == SX_SHAPE_SMOOTH)
        return NULL;
    if (task->from->unknown)
        return task->from->unknown;
    return task->to ? task->to->unknown : NULL;
}

/* The dual of merged terms on each of their places. */
static sx_status spread(const sx_i_shape *p, const double *z, sx_shape_proof *proof,
                        sx_error *err)
{
    const sx_i_goal *g = p->goal;
    proof->count = p->triples;
    proof->y = sx_alloc((size_t)p->triples, sizeof *proof->y);
    if (!proof->y)
        return sx_nomem(err);
    for (int64_t i = 0; i < p->triples; i++) {
        int64_t term = p->term_of ? p->term_of[i] : i;
        bool divide = g->largest && p->term_of;
        proof->y[i] = divide ? z[term] / g->square[term] : z[term];
    }
    return SX_OK;
}

/* How far a potential is up or down. */
static double height(const sx_mdp *m, const sx_shaping *x)
{
    double most = 0;
    for (int32_t s = 0; s < m->states; s++)
        most = fmax(most, fabs(x->potential[s]));
    return most;
}

/* Rounding must not take a potential out of its bounds. */
static void clamp(const sx_i_shape *p, sx_shaping *out)
{
    for (int32_t s = 0; s < p->m->states; s++)
        out->potential[s] = fmin(fmax(out->potential[s], -p->task->bound), p->task->bound);
}

/* Potentials that are nothing but rounding become 0. */
static void settle(const sx_mdp *m, const sx_shape_task *task, sx_shaping *x)
{
    double size = fmax(height(m, x), x->scale * sx_reward_max_possible(m, task->from));
    for (int32_t s = 0; s < m->states; s++)
        if (fabs(x->potential[s]) <= 1e-14 * size)
            x->potential[s] = 0;
}

static sx_status solve_program(sx_i_shape *p, sx_shaping *out, const char **reason,
                               sx_error *err)
{
    double *x = sx_alloc((size_t)p->goal->unknowns, sizeof *x);
    double *z = sx_alloc((size_t)p->goal->terms, sizeof *z);
    sx_status st = x && z ? SX_OK : sx_nomem(err);
    if (!st && p->task->norm == SX_L2) {
        st = sx_i_shape_squares(p, x, err);
        out->unique = !p->any_scale;
    } else if (!st) {
        st = sx_i_shape_program(p, x, z, out, reason, err);
        if (!st && !*reason)
            st = spread(p, z, &out->proof, err);
    }
    if (!st && !*reason)
        st = sx_i_shape_read(p, x, out, err);
    if (!st && !*reason && p->bounds)
        clamp(p, out);
    sx_release(x);
    sx_release(z);
    return st;
}

/* Above this the simplex method takes too long. */
static bool is_large(const sx_i_shape *p)
{
    return p->task->norm != SX_L2 &&
           (int64_t)p->goal->unknowns * p->goal->terms > SX_SHAPE_PROGRAM;
}

static sx_status by_program(const sx_mdp *m, const sx_shape_task *task, bool bounds,
                            sx_shaping *out, const char **reason, sx_error *err)
{
    sx_i_shape p;
    sx_status st = sx_i_shape_make(m, task, bounds, &p, reason, err);
    if (!st && !*reason && is_large(&p))
        *reason = too_large;
    if (!st && !*reason)
        st = solve_program(&p, out, reason, err);
    sx_i_shape_clear(&p);
    return st;
}

/* Free potentials in l2. */
static sx_status by_squares(const sx_mdp *m, const sx_shape_task *task, sx_shaping *out,
                            const char **reason, sx_error *err)
{
    return task->on == SX_SHAPE_ROWS ? sx_i_shape_rows_least(m, task, out, err)
                                     : sx_i_shape_least(m, task, out, reason, err);
}

/* Without the bounds, and where that breaks them with them. */
static sx_status by_bounds(const sx_mdp *m, const sx_shape_task *task, sx_shaping *out,
                           const char **reason, sx_error *err)
{
    bool l2 = task->norm == SX_L2;
    sx_status st = l2 ? by_squares(m, task, out, reason, err)
                      : by_program(m, task, /*bounds=*/false, out, reason, err);
    if (st || *reason || height(m, out) <= task->bound)
        return st;
    out->proof = (sx_shape_proof){.y = sx_release(out->proof.y)};
    return l2 ? sx_i_shape_bounded(m, task, out, reason, err)
              : by_program(m, task, /*bounds=*/true, out, reason, err);
}

/* In l2 the answer proves itself, over rows better with the potential of R beside it. */
static bool has_square_proof(const sx_mdp *m, const sx_shape_task *task, const sx_shaping *x)
{
    bool may = task->on == SX_SHAPE_ROWS && task->to && task->goal != SX_SHAPE_LINEAR;
    return x->proof.y ? may && x->proof.count == m->states : !x->proof.count;
}

/* The proof has the length that the task asks for. */
static bool has_proof(const sx_mdp *m, const sx_shape_task *task, const sx_shaping *x)
{
    int64_t count = m->pairs;
    if (task->norm == SX_L2 && task->goal != SX_SHAPE_OPTIMAL)
        return has_square_proof(m, task, x);
    if (task->goal == SX_SHAPE_SMOOTH)
        count = sx_i_smooth_terms(m, task->on);
    else if (task->on == SX_SHAPE_TRIPLES)
        count = (int64_t)m->pairs * m->states;
    return x->proof.y && x->proof.count == count;
}

sx_status sx_shaping_check(const sx_mdp *m, const sx_shape_task *task, sx_shaping *x,
                           const char **reason, sx_error *err)
{
    const char *wrong = fault(m, task);
    *reason = NULL;
    if (!wrong && !has_proof(m, task, x))
        wrong = "the proof has another length";
    if (wrong)
        return sx_fail(err, SX_EARG, "shaping: %s", wrong);
    *reason = unknown(task);
    x->residual = x->lower = x->gap = NAN;
    x->certified = false;
    if (*reason)
        return SX_OK;
    return task->goal == SX_SHAPE_OPTIMAL ? sx_i_shape_check_optimal(m, task, x, err)
                                          : sx_i_shape_check(m, task, x, reason, err);
}

static sx_status solve(const sx_mdp *m, const sx_shape_task *task, sx_shaping *x,
                       const char **reason, sx_error *err)
{
    if (task->goal == SX_SHAPE_OPTIMAL)
        return sx_i_shape_optimal(m, task, x, err);
    if (task->goal == SX_SHAPE_BOUNDED)
        return by_bounds(m, task, x, reason, err);
    if (task->norm == SX_L2 && task->goal != SX_SHAPE_LINEAR)
        return by_squares(m, task, x, reason, err);
    return by_program(m, task, /*bounds=*/false, x, reason, err);
}

sx_status sx_shape(const sx_mdp *m, const sx_shape_task *task, sx_shaping **out,
                   const char **reason, sx_error *err)
{
    const char *wrong = fault(m, task);
    *out = NULL;
    *reason = NULL;
    if (wrong)
        return sx_fail(err, SX_EARG, "shaping: %s", wrong);
    *reason = unknown(task);
    if (*reason)
        return SX_OK;
    sx_shaping *x = sx_alloc(1, sizeof *x);
    if (x)
        x->potential = sx_alloc((size_t)m->states, sizeof *x->potential);
    sx_status st = x && x->potential ? solve(m, task, x, reason, err) : sx_nomem(err);
    if (!st && !*reason) {
        settle(m, task, x);
        st = sx_shaping_check(m, task, x, reason, err);
    }
    if (st || *reason)
        x = sx_shaping_free(x);
    *out = x;
    return st;
}

sx_status sx_shaping_apply(const sx_mdp *m, const sx_reward *from, double scale,
                           const double *potential, sx_reward **out, sx_error *err)
{
    sx_status st = sx_reward_copy(m, from, out, err);
    if (!st)
        sx_reward_scale(m, *out, scale);
    if (!st)
        st = sx_reward_shape(m, *out, potential, err);
    if (st)
        *out = sx_reward_free(*out);
    return st;
}
