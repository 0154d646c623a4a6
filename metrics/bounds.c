/* SPDX-License-Identifier: GPL-3.0-or-later */
/* bounds.c - the interval round worst-case regret for one pair of rewards.
 *
 * Each follows in a line.  W = min over lambda of span(R1 - lambda R2), and shaping,
 * redistribution and constants change no span, so lambda = n(c(R1)) / n(c(R2)) gives
 * n(c(R1)) span(s(R1) - s(R2)), and lambda = 0 where s(R2) = 0.  span(x) = max x.(y - z) over
 * occupancies y, z is at most K_m m(x) by the dual of m.  And from the centre of a ball the
 * truth rises and falls by rho |c1| sin theta along the direction that is level for the proxy;
 * beyond a right angle its own direction is good enough. */
#include "metrics/bounds.h"

#include "metrics/bounds_int.h"
#include "solvers/evaluate.h"

#include <math.h>

static const char *const no_dard =
    "no upper bound for dard: it may change the order of policies";

/* Rounding of what is of size 1, and of a distance. */
static const double NOISE = 1e-9, DIGITS = 1e-13;

sx_bounds_options sx_bounds_defaults(void)
{
    return (sx_bounds_options){SX_BOUNDS_WORK, SX_BALL_SIZE};
}

sx_bounds_world *sx_bounds_world_free(sx_bounds_world *b)
{
    if (!b)
        return NULL;
    sx_i_ball_release(b->w, &b->ball);
    return sx_release(b);
}

sx_status sx_bounds_world_new(const sx_regret_world *w, const sx_bounds_options *o,
                              sx_bounds_world **out, sx_error *err)
{
    *out = NULL;
    if (o->work < 0 || o->ball < 0)
        return sx_fail(err, SX_EARG, "bounds: a limit is negative");
    sx_bounds_world *b = sx_alloc(1, sizeof *b);
    if (!b)
        return sx_nomem(err);
    b->w = w;
    sx_status st = sx_i_constants_find(w, o->work, b->constant, err);
    if (!st)
        st = sx_i_ball_find(w, o->ball, &b->ball, err);
    if (st)
        b = sx_bounds_world_free(b);
    *out = b;
    return st;
}

sx_constant sx_bounds_constant(const sx_bounds_world *b, sx_norm metric)
{
    return metric < SX_NO_NORM ? b->constant[metric] : (sx_constant){NAN, false};
}

sx_number sx_bounds_radius(const sx_bounds_world *b)
{
    return b->ball.radius;
}

/* One pair of rewards under work. */
typedef struct task {
    const sx_bounds_world *b;
    const sx_i_range *truth, *proxy;
    double unit;  /* span(R1) */
    double *r;    /* [K] */
    double *span; /* [n] by measure, with the lambda of each */
    double *lambda;
} task;

static sx_number some(double x)
{
    return (sx_number){x, NULL};
}

static sx_number none(const char *reason)
{
    return (sx_number){NAN, reason};
}

/* The certified upper end of span(R1 - lambda R2) / span(R1), lambda in units inside. */
static sx_status span_at(task *t, double lambda, double *span, sx_error *err)
{
    const sx_regret_world *w = t->b->w;
    sx_solve_options o = sx_solve_defaults();
    sx_solution *high = NULL, *low = NULL;
    for (int32_t k = 0; k < w->mdp->pairs; k++)
        t->r[k] = t->truth->r[k] - lambda * t->proxy->r[k];
    o.method = w->options.method;
    o.tolerance = w->options.tolerance / 4 * fmax(1, lambda);
    o.warm = t->truth->best.s->value;
    sx_status st = sx_solve(w->mdp, t->r, &o, &high, err);
    o.direction = SX_MINIMISE;
    o.warm = t->truth->worst.s->value;
    if (!st)
        st = sx_solve(w->mdp, t->r, &o, &low, err);
    if (!st)
        *span = fmax(high->hi - low->lo, 0) / (t->truth->best.j - t->truth->worst.j);
    sx_solution_free(high);
    sx_solution_free(low);
    return st;
}

/* The same for measure i, looked up where an earlier one had that lambda. */
static sx_status span_for(task *t, int32_t i, double lambda, double *span, sx_error *err)
{
    sx_status st = SX_OK;
    int32_t j = 0;
    t->lambda[i] = NAN; /* found by no other until it has a span */
    while (j < i && !(t->lambda[j] == lambda))
        j++;
    if (j < i)
        *span = t->span[j];
    else
        st = span_at(t, lambda, span, err);
    t->lambda[i] = lambda;
    t->span[i] = *span;
    return st;
}

/* Why a measure has no upper bounds, or NULL. */
static const char *obstacle(const sx_compared *q)
{
    if (q->measure.canon == SX_DARD)
        return no_dard;
    return q->true_length.reason ? q->true_length.reason : q->proxy_length.reason;
}

/* U = K_m n(c(R1)) / span(R1) */
static double starc_factor(const task *t, const sx_compared *q)
{
    return t->b->constant[q->measure.metric].value * q->true_length.value / t->unit;
}

/* U d */
static sx_number starc_bound(const task *t, const sx_compared *q)
{
    if (!(q->true_length.value > 0))
        return none("no STARC bound: the canonical form of the true reward counts as zero");
    if (q->distance.reason)
        return none(q->distance.reason);
    return some(starc_factor(t, q) * q->distance.value);
}

static sx_status upper_bounds(task *t, const sx_compared *q, int32_t i, sx_bounds *to,
                              sx_error *err)
{
    double span = 1, a = q->true_length.value, b = q->proxy_length.value;
    sx_status st = SX_OK;
    if (!t->proxy->trivial && a > 0 && b > 0) {
        double lambda = a / b * (t->proxy->unit / t->truth->unit);
        if (!isfinite(lambda)) {
            to->span_upper = to->starc_upper =
                none("no upper bound: the lengths of the rewards are too far apart");
            return SX_OK;
        }
        st = span_for(t, i, lambda, &span, err);
    }
    to->span_upper = some(span);
    to->starc_upper = starc_bound(t, q);
    return st;
}

/* How many pairs the projections have. */
static int32_t pairs_that_count(const sx_regret_world *w)
{
    int32_t n = 0;
    for (int32_t s = 0; s < w->mdp->states; s++)
        n += sx_i_counts(w, s) ? w->mdp->pair[s + 1] - w->mdp->pair[s] : 0;
    return n;
}

/* 2 rho |c1| sin(min(theta, pi/2)), divided; c1, c2: projections, NULL for 0. */
static sx_number ball_bound(const sx_bounds_world *b, const double *c1, const double *c2)
{
    const sx_number *rho = &b->ball.radius;
    int32_t pairs = pairs_that_count(b->w);
    if (rho->reason || !c1)
        return *rho;
    double square = c2 ? sx_dot(c2, c2, pairs) : 0, along = 0, apart = 0;
    if (c2 && square > 0)
        along = fmax(sx_dot(c1, c2, pairs), 0) / square;
    for (int32_t i = 0; i < pairs; i++) {
        double d = c1[i] - (c2 ? along * c2[i] : 0);
        apart += d * d;
    }
    return some(fmin(2 * rho->value * sqrt(apart), 1));
}

/* A true reward that returns the same for all policies loses nothing. */
static void nothing_to_lose(const sx_compared *q, sx_bounds *to)
{
    const char *reason = q->measure.canon == SX_DARD ? no_dard : NULL;
    to->lower = some(0);
    to->span_upper = to->starc_upper = reason ? none(reason) : some(0);
}

/* Move *x up to `least` where it is below by no more than slack; false when it is by more, or
 * not a number. */
static bool lift(double *x, double least, double slack)
{
    if (*x < least && *x >= least - slack)
        *x = least;
    return *x >= least;
}

/* The order lower <= worst case <= span bound <= STARC bound, which rounding may disturb. */
static sx_status put_in_order(const task *t, const sx_regret *g, const sx_compared *q,
                              sx_bounds *x, sx_error *err)
{
    double worst = g->worst_case, slack = NOISE + 4 * t->b->w->options.tolerance + fabs(g->gap);
    double longer = slack + DIGITS * starc_factor(t, q); /* distances have a rounding error */
    bool good = x->lower.reason || x->lower.value <= worst + slack;
    if (!x->lower.reason)
        x->lower.value = fmin(x->lower.value, worst);
    good = good && (x->span_upper.reason || lift(&x->span_upper.value, worst, slack));
    good = good && (x->starc_upper.reason || lift(&x->starc_upper.value, worst, longer));
    if (!x->span_upper.reason && !x->starc_upper.reason)
        (void)lift(&x->starc_upper.value, x->span_upper.value, longer);
    return good ? SX_OK
                : sx_fail(err, SX_EFAULT, "bounds: the worst case %.17g is outside of its own",
                          g->worst_case);
}

static sx_status fill(task *t, const sx_bounds_query *query, sx_number lower, sx_bounds *bounds,
                      sx_error *err)
{
    sx_status st = SX_OK;
    for (int32_t i = 0; !st && i < query->n; i++) {
        const sx_compared *q = &query->compared[i];
        const char *reason = obstacle(q);
        bounds[i].lower = lower;
        bounds[i].span_upper = bounds[i].starc_upper = none(reason);
        t->lambda[i] = NAN;
        if (!reason)
            st = upper_bounds(t, q, i, &bounds[i], err);
        if (!st)
            st = put_in_order(t, query->regret, q, &bounds[i], err);
    }
    return st;
}

sx_status sx_bounds_pair(const sx_bounds_world *b, const sx_bounds_query *query,
                         sx_bounds *bounds, sx_error *err)
{
    const sx_regret_world *w = b->w;
    int32_t i = query->truth, j = query->proxy, n = query->n;
    if (i < 0 || i >= w->rewards || j < 0 || j >= w->rewards)
        return sx_fail(err, SX_EARG, "bounds: no reward %d or no reward %d", i, j);
    task t = {.b = b, .truth = &w->range[i], .proxy = &w->range[j]};
    for (int32_t k = 0; k < n; k++) {
        bounds[k].distance = query->compared[k].distance;
        if (t.truth->trivial)
            nothing_to_lose(&query->compared[k], &bounds[k]);
    }
    if (t.truth->trivial)
        return SX_OK;
    t.unit = t.truth->unit * (t.truth->best.j - t.truth->worst.j);
    t.r = sx_alloc((size_t)w->mdp->pairs, sizeof *t.r);
    t.span = sx_alloc((size_t)n, sizeof *t.span);
    t.lambda = sx_alloc((size_t)n, sizeof *t.lambda);
    sx_number lower = ball_bound(b, b->ball.projected[i], b->ball.projected[j]);
    sx_status st = t.r && t.span && t.lambda ? SX_OK : sx_nomem(err);
    if (!st)
        st = fill(&t, query, lower, bounds, err);
    sx_release(t.r);
    sx_release(t.span);
    sx_release(t.lambda);
    return st;
}
