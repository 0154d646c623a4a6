/* SPDX-License-Identifier: GPL-3.0-or-later */
/* witness.c - the returns of the two policies of a worst case. */
#include "metrics/witness.h"

#include "solvers/evaluate.h"

#include <math.h>

/* Differences of returns are looked at this closely, relative to the range. */
static const double CLOSE = 1e-9;

/* mu . V^pi of r, v [S] workspace; *error grows to how wrong it can be. */
static sx_status return_of(const sx_mdp *m, sx_evaluator *e, const double *r, double *v,
                           double *j, double *error, sx_error *err)
{
    double bound = 0;
    sx_status st = sx_evaluator_values(e, r, v, &bound, err);
    if (st)
        return st;
    *j = sx_dot(m->initial, v, m->states);
    *error = fmax(*error, bound);
    return SX_OK;
}

/* What the two evaluations share. */
typedef struct task {
    const sx_mdp *m;
    const double *truth, *proxy; /* [K] */
    double *v;                   /* [S] */
    sx_witness *w;
} task;

static sx_status returns_of(const task *t, const double *pi, sx_returns *j, sx_error *err)
{
    sx_evaluator *e = NULL;
    sx_status st = sx_evaluator_new(t->m, pi, &e, err);
    if (!st)
        st = return_of(t->m, e, t->truth, t->v, &j->truth, &t->w->error_true, err);
    if (!st)
        st = return_of(t->m, e, t->proxy, t->v, &j->proxy, &t->w->error_proxy, err);
    sx_evaluator_free(e);
    return st;
}

/* Whether the returns say what g says, as far as they are known. */
static bool agree(const sx_regret *g, const sx_witness *w)
{
    double span = g->range_true[1] - g->range_true[0];
    double other = g->range_proxy[1] - g->range_proxy[0];
    double loss = w->high.truth - w->low.truth, fall = w->high.proxy - w->low.proxy;
    double slack = fmax(g->gap, 0) + CLOSE;
    bool enough = fabs(loss - g->worst_case * span) <= slack * span + 2 * w->error_true;
    bool allowed = fall <= CLOSE * other + 2 * w->error_proxy;
    return (enough || g->trivial_true) && (allowed || g->trivial_proxy);
}

sx_status sx_witness_returns(const sx_mdp *m, const sx_regret *g, const double *truth,
                             const double *proxy, sx_witness *out, sx_error *err)
{
    double *v = sx_alloc((size_t)m->states, sizeof *v);
    task t = {m, truth, proxy, v, out};
    *out = (sx_witness){{0, 0}, {0, 0}, 0, 0};
    sx_status st = v ? SX_OK : sx_nomem(err);
    if (!st)
        st = returns_of(&t, g->high, &out->high, err);
    if (!st)
        st = returns_of(&t, g->low, &out->low, err);
    if (!st && !agree(g, out))
        st = sx_fail(err, SX_EFAULT,
                     "the policies of the worst case lose %.17g of the true return, not %.17g",
                     out->high.truth - out->low.truth,
                     g->worst_case * (g->range_true[1] - g->range_true[0]));
    sx_release(v);
    return st;
}
