/* SPDX-License-Identifier: GPL-3.0-or-later */
/* regret.c - the reachable world, ranges once a reward, and the answer for one pair.
 *
 * The numbers of a pair end as they can be checked: the two witness policies are built from
 * the mixed occupancies, and `primal` is what evaluating them gives. */
#include "metrics/regret_int.h"

#include "solvers/evaluate.h"

#include <math.h>

/* Occupancies below this are no occupancy: dividing by them would not give a policy. */
static const double NEVER = 1e-290;

sx_regret_options sx_regret_defaults(void)
{
    return (sx_regret_options){.tolerance = 1e-9, .trivial = 1e-9, .method = NULL};
}

sx_regret_world *sx_regret_world_free(sx_regret_world *w)
{
    if (!w)
        return NULL;
    for (int32_t i = 0; w->range && i < w->rewards; i++)
        sx_i_range_release(&w->range[i]);
    sx_release(w->range);
    sx_release(w->reached);
    sx_part_free(w->part);
    return sx_release(w);
}

/* The part of the world that can be reached. */
static sx_status reach(sx_regret_world *w, sx_error *err)
{
    const sx_mdp *m = w->whole;
    int32_t count = 0;
    w->reached = sx_alloc((size_t)m->states, 1);
    sx_status st = w->reached ? sx_mdp_reachable(m, w->reached, &count, err) : sx_nomem(err);
    w->unreachable = m->states - count;
    if (!st && w->unreachable && m->discount > 0)
        st = sx_mdp_restrict(m, w->reached, &w->part, err);
    w->mdp = w->part ? w->part->mdp : m;
    if (m->discount > 0)
        w->reached = sx_release(w->reached);
    return st;
}

/* r of the whole world on the reachable one; 0 in states that are only kept for company. */
static void gather(const sx_regret_world *w, const double *r, double *inside)
{
    const sx_mdp *m = w->mdp;
    for (int32_t s = 0; s < m->states; s++)
        for (int32_t k = m->pair[s]; k < m->pair[s + 1]; k++)
            inside[k] = w->reached && !w->reached[s] ? 0 : r[w->part ? w->part->pair[k] : k];
}

static sx_status ranges(sx_regret_world *w, const double *const *r, const double *possible,
                        sx_error *err)
{
    double *inside = sx_alloc((size_t)w->mdp->pairs, sizeof *inside);
    sx_status st = inside ? SX_OK : sx_nomem(err);
    for (int32_t i = 0; !st && i < w->rewards; i++) {
        gather(w, r[i], inside);
        st = sx_i_range_find(w->mdp, inside, possible[i], &w->options, &w->range[i], err);
    }
    sx_release(inside);
    return st;
}

sx_status sx_regret_world_new(const sx_mdp *m, const double *const *r, const double *possible,
                              int32_t n, const sx_regret_options *o, sx_regret_world **out,
                              sx_error *err)
{
    *out = NULL;
    if (!(o->tolerance > 0) || !(o->trivial >= 0) || n < 0)
        return sx_fail(err, SX_EARG, "regret: a tolerance is not positive");
    sx_regret_world *w = sx_alloc(1, sizeof *w);
    if (!w)
        return sx_nomem(err);
    *w = (sx_regret_world){.whole = m, .options = *o, .rewards = n};
    w->range = sx_alloc((size_t)n, sizeof *w->range);
    sx_status st = w->range ? reach(w, err) : sx_nomem(err);
    if (!st)
        st = ranges(w, r, possible, err);
    if (st)
        w = sx_regret_world_free(w);
    *out = w;
    return st;
}

int32_t sx_regret_world_unreachable(const sx_regret_world *w)
{
    return w->unreachable;
}

static void point_release(sx_i_point *p)
{
    sx_release(p->choice);
    sx_release(p->x);
    sx_release(p->value);
}

static bool point_start(const sx_mdp *m, sx_i_point *p)
{
    size_t n = (size_t)m->states;
    p->choice = sx_alloc(n, sizeof *p->choice);
    p->x = sx_alloc((size_t)m->pairs, sizeof *p->x);
    p->value = sx_alloc(n, sizeof *p->value);
    return p->choice && p->x && p->value;
}

static void task_release(sx_i_task *t)
{
    for (int i = 0; i < 3; i++) {
        point_release(&t->store[i].high);
        point_release(&t->store[i].low);
    }
    sx_release(t->r);
    sx_release(t->warm);
    sx_release(t->follow[0]);
    sx_release(t->follow[1]);
    sx_release(t->allowed);
}

/* Everything that the work on one pair needs.  On failure to be released all the same. */
static sx_status task_start(const sx_regret_world *w, sx_i_task *t, sx_error *err)
{
    size_t n = (size_t)w->mdp->states, pairs = (size_t)w->mdp->pairs;
    bool ok = true;
    t->mdp = w->mdp;
    t->solve = sx_solve_defaults();
    t->solve.method = w->options.method;
    t->tolerance = w->options.tolerance;
    for (int i = 0; i < 3; i++) {
        ok = point_start(t->mdp, &t->store[i].high) && ok;
        ok = point_start(t->mdp, &t->store[i].low) && ok;
    }
    t->r = sx_alloc(pairs, sizeof *t->r);
    t->warm = sx_alloc(n, sizeof *t->warm);
    t->follow[0] = sx_alloc(n, sizeof *t->follow[0]);
    t->follow[1] = sx_alloc(n, sizeof *t->follow[1]);
    t->allowed = sx_alloc(pairs, sizeof *t->allowed);
    t->left = &t->store[0];
    t->right = &t->store[1];
    t->spare = &t->store[2];
    ok = ok && t->r && t->warm && t->follow[0] && t->follow[1] && t->allowed;
    return ok ? SX_OK : sx_nomem(err);
}

/* Best and worst of the proxy's optimal policies; the worst stays in the right pair. */
static sx_status optimal_policies(sx_i_task *t, sx_error *err)
{
    const sx_i_range *a = t->truth, *b = t->proxy;
    sx_i_point *best = &t->spare->low, *worst = &t->right->low;
    sx_status st = sx_i_point_tied(t, b, SX_MAXIMISE, a, SX_MAXIMISE, best, err);
    if (!st)
        st = sx_i_point_tied(t, b, SX_MAXIMISE, a, SX_MINIMISE, worst, err);
    t->optimistic = best->j1;
    t->pessimistic = worst->j1;
    t->outcome =
        sx_i_worse_outcome(t->outcome, sx_i_worse_outcome(best->outcome, worst->outcome));
    return st;
}

/* pi [K] of the occupancy w a + (1-w) b; uniform where that is 0. */
static void mix(const sx_mdp *m, double w, const double *a, const double *b, double *pi)
{
    for (int32_t s = 0; s < m->states; s++) {
        int32_t from = m->pair[s], to = m->pair[s + 1];
        double sum = 0;
        for (int32_t k = from; k < to; k++)
            sum += pi[k] = fmax(0, w * a[k] + (1 - w) * b[k]);
        for (int32_t k = from; k < to; k++)
            pi[k] = sum > NEVER ? pi[k] / sum : 1.0 / (to - from);
    }
}

/* The returns of pi; adds to *error how wrong they can be. */
static sx_status returns(const sx_i_task *t, const double *pi, double j[2], double *error,
                         sx_error *err)
{
    sx_evaluator *e = NULL;
    sx_status st = sx_evaluator_new(t->mdp, pi, &e, err);
    const double *const r[2] = {t->truth->r, t->proxy->r};
    for (int i = 0; !st && i < 2; i++) {
        double bound = 0;
        st = sx_evaluator_values(e, r[i], t->warm, &bound, err);
        if (!st)
            j[i] = sx_dot(t->mdp->initial, t->warm, t->mdp->states);
        if (i == 0)
            *error += bound;
    }
    sx_evaluator_free(e);
    return st;
}

/* The witness: the two sides of the bracket mixed so that the proxy's gap is not above 0 by
 * a rounding error: the share of the side that restores the proxy grows until it is so.
 * high, low: [K] of the reachable world. */
static sx_status witness(const sx_i_task *t, double *high, double *low, double *primal,
                         double *error, sx_error *err)
{
    double a[2] = {0}, b[2] = {0}, w = t->weight, push = 2;
    double slope = t->left->gap2 - t->right->gap2;
    sx_status st = SX_OK;
    for (int tries = 0; !st && tries < 12; tries++) {
        *error = 0;
        mix(t->mdp, w, t->left->high.x, t->right->high.x, high);
        mix(t->mdp, w, t->left->low.x, t->right->low.x, low);
        st = returns(t, high, a, error, err);
        if (!st)
            st = returns(t, low, b, error, err);
        if (b[1] >= a[1])
            break;
        w = fmax(0, w - push * (a[1] - b[1]) / slope);
        push *= 4;
    }
    *primal = a[0] - b[0];
    if (!st && !(b[1] >= a[1]))
        st = sx_fail(err, SX_EFAULT, "regret: the witness policies do not pass their check");
    return st;
}

/* A policy on the reachable world as one on the whole; uniform elsewhere. */
static void scatter(const sx_regret_world *w, const double *inside, double *pi)
{
    sx_policy_uniform(w->whole, pi);
    for (int32_t k = 0; k < w->mdp->pairs; k++)
        pi[w->part ? w->part->pair[k] : k] = inside[k];
}

/* A share of the range: rounding may have put x just outside of [0,1]. */
static sx_status share(double x, double *to, sx_error *err)
{
    if (isnan(x))
        return sx_fail(err, SX_EFAULT, "regret: a return is not a number");
    *to = fmin(fmax(x, 0), 1);
    return SX_OK;
}

/* The three regrets. */
static sx_status shares(const sx_i_task *t, double span, double primal, sx_regret *g,
                        sx_error *err)
{
    sx_status st = share((t->truth->best.j - t->pessimistic) / span, &g->pessimistic, err);
    if (!st)
        st = share((t->truth->best.j - t->optimistic) / span, &g->optimistic, err);
    if (!st)
        st = share(primal / span, &g->primal, err);
    g->worst_case = g->primal;
    return st;
}

/* The numbers of the search, divided by the span of the truth. */
static sx_status conclude(const sx_regret_world *w, sx_i_task *t, sx_regret *g, sx_error *err)
{
    double span = t->truth->best.j - t->truth->worst.j, primal = 0, error = 0;
    sx_status st = witness(t, t->r, t->spare->high.x, &primal, &error, err);
    if (!st)
        st = shares(t, span, primal, g, err);
    if (st)
        return st;
    scatter(w, t->r, g->high);
    scatter(w, primal > 0 ? t->spare->high.x : t->r, g->low);
    g->dual = t->upper / span;
    g->gap = g->dual - g->primal;
    g->lambda = t->lambda * t->truth->unit / t->proxy->unit;
    g->outcome = sx_i_worse_outcome(t->outcome,
                                    sx_i_worse_outcome(t->truth->outcome, t->proxy->outcome));
    if (!(g->gap + error / span <= w->options.tolerance))
        g->outcome = sx_i_worse_outcome(g->outcome, SX_ROUNDING);
    return SX_OK;
}

static sx_status both_matter(const sx_regret_world *w, sx_i_task *t, sx_regret *g,
                             sx_error *err)
{
    sx_status st = optimal_policies(t, err);
    if (!st)
        st = sx_i_dual_search(t, err);
    return st ? st : conclude(w, t, g, err);
}

/* A proxy that returns the same for all policies prefers none: anything can be lost. */
static void proxy_is_trivial(const sx_regret_world *w, sx_i_task *t, sx_regret *g)
{
    mix(t->mdp, 1, t->truth->best.x, t->truth->best.x, t->r);
    scatter(w, t->r, g->high);
    mix(t->mdp, 1, t->truth->worst.x, t->truth->worst.x, t->r);
    scatter(w, t->r, g->low);
    g->outcome = t->truth->outcome;
    g->pessimistic = g->worst_case = g->primal = g->dual = 1;
}

static sx_status answer(const sx_regret_world *w, const sx_i_range *truth,
                        const sx_i_range *proxy, sx_regret *g, sx_error *err)
{
    if (truth->trivial) {
        sx_policy_uniform(w->whole, g->high);
        sx_policy_uniform(w->whole, g->low);
        return SX_OK;
    }
    sx_i_task t = {.truth = truth, .proxy = proxy};
    sx_status st = task_start(w, &t, err);
    if (!st && proxy->trivial)
        proxy_is_trivial(w, &t, g);
    else if (!st)
        st = both_matter(w, &t, g, err);
    task_release(&t);
    return st;
}

sx_status sx_regret_pair(const sx_regret_world *w, int32_t truth, int32_t proxy,
                         sx_regret **out, sx_error *err)
{
    *out = NULL;
    if (truth < 0 || truth >= w->rewards || proxy < 0 || proxy >= w->rewards)
        return sx_fail(err, SX_EARG, "regret: no reward %d or no reward %d", truth, proxy);
    sx_regret *g = sx_alloc(1, sizeof *g);
    if (!g)
        return sx_nomem(err);
    const sx_i_range *a = &w->range[truth], *b = &w->range[proxy];
    g->high = sx_alloc((size_t)w->whole->pairs, sizeof *g->high);
    g->low = sx_alloc((size_t)w->whole->pairs, sizeof *g->low);
    for (int i = 0; i < 2; i++) {
        g->range_true[i] = a->range[i];
        g->range_proxy[i] = b->range[i];
    }
    g->trivial_true = a->trivial;
    g->trivial_proxy = b->trivial;
    sx_status st = g->high && g->low ? answer(w, a, b, g, err) : sx_nomem(err);
    if (st)
        g = sx_regret_free(g);
    *out = g;
    return st;
}

sx_regret *sx_regret_free(sx_regret *g)
{
    if (!g)
        return NULL;
    sx_release(g->high);
    sx_release(g->low);
    return sx_release(g);
}
