/* SPDX-License-Identifier: GPL-3.0-or-later */
/* consistency.c - the numbers of consistency.h, and the order of the policies before and after.
 *
 * Regrets, ranges and projections are taken on the reachable part, which the regret world
 * keeps; distances and advantages on the whole world.  The angle comes from the two projected
 * vectors themselves, not from their distance, which has half the digits at pi. */
#include "metrics/consistency.h"

#include "metrics/regret_int.h"
#include "solvers/evaluate.h"

#include <math.h>
#include <string.h>

static const char no_truth[] = SX_NO_TRUTH_REASON;
static const char no_edited[] = "the edited world has no such reward";
static const char trivial_truth[] = "the true reward ranks no policies here";
static const char trivial_reward[] = "the reward ranks no policies here";

struct sx_counterfactual {
    const sx_mdp *m;
    const sx_versions *reward; /* [n] */
    int32_t n, truth;
    sx_consistency_options o;
    sx_canoniser *canon;  /* on the whole world */
    sx_canoniser *inside; /* on the reachable part, made at first use */
    sx_regret_world *regret;
    int32_t *place;        /* [n] of the edited version in `regret`, -1 for none */
    int32_t before;        /* of the true reward carried, -1 for none */
    int32_t count;         /* rewards in `regret` */
    double **mean;         /* [n + 1] each [K], in the order of `regret` */
    double **advantage[2]; /* [n] each [K], of carried and edited, made at first use */
    double *truth_angle;   /* [reachable pairs] projection of true edited */
};

sx_consistency_options sx_consistency_defaults(void)
{
    return (sx_consistency_options){sx_measure_default(), 1e-9, 1e-9, NULL};
}

static void release_all(double **vector, int32_t n)
{
    for (int32_t i = 0; vector && i < n; i++)
        sx_release(vector[i]);
    sx_release(vector);
}

sx_counterfactual *sx_counterfactual_free(sx_counterfactual *x)
{
    if (!x)
        return NULL;
    sx_canoniser_free(x->canon);
    sx_canoniser_free(x->inside);
    sx_regret_world_free(x->regret);
    release_all(x->mean, x->n + 1);
    release_all(x->advantage[0], x->n);
    release_all(x->advantage[1], x->n);
    sx_release(x->place);
    sx_release(x->truth_angle);
    return sx_release(x);
}

static bool has_truth(const sx_counterfactual *x)
{
    return x->truth != SX_NO_TRUTH;
}

/* --- preparing --- */

/* One more reward of the regret world; *at: its place. */
static sx_status add_mean(sx_counterfactual *x, const sx_reward *r, int32_t *at, sx_error *err)
{
    double *mean = sx_alloc((size_t)x->m->pairs, sizeof *mean);
    if (!mean)
        return sx_nomem(err);
    sx_reward_mean(x->m, r, mean);
    *at = x->count;
    x->mean[x->count++] = mean;
    return SX_OK;
}

/* The rewards that regrets are about: every edited version, then the true one carried.
 * possible [n + 1]: their largest reachable values. */
static sx_status list_rewards(sx_counterfactual *x, const unsigned char *reached,
                              double *possible, sx_error *err)
{
    sx_status st = SX_OK;
    const sx_reward *before = has_truth(x) ? x->reward[x->truth].carried : NULL;
    for (int32_t i = 0; i < x->n && !st; i++) {
        const sx_reward *r = x->reward[i].edited;
        x->place[i] = -1;
        if (!r)
            continue;
        possible[x->count] = sx_reward_max_reached(x->m, r, reached);
        st = add_mean(x, r, &x->place[i], err);
    }
    if (st || !before)
        return st;
    possible[x->count] = sx_reward_max_reached(x->m, before, reached);
    return add_mean(x, before, &x->before, err);
}

static sx_status prepare_regrets(sx_counterfactual *x, sx_error *err)
{
    sx_regret_options o = {.trivial = x->o.trivial, .method = x->o.method};
    double *possible = sx_alloc((size_t)x->n + 1, sizeof *possible);
    unsigned char *reached = sx_alloc((size_t)x->m->states, 1);
    int32_t count = 0;
    sx_status st = possible && reached ? SX_OK : sx_nomem(err);
    o.tolerance = fmin(x->o.tolerance, sx_regret_defaults().tolerance);
    if (!st)
        st = sx_mdp_reachable(x->m, reached, &count, err);
    if (!st)
        st = list_rewards(x, reached, possible, err);
    if (!st)
        st = sx_regret_world_new(x->m, (const double *const *)x->mean, possible, x->count, &o,
                                 &x->regret, err);
    sx_release(possible);
    sx_release(reached);
    return st;
}

static sx_status prepare(sx_counterfactual *x, sx_error *err)
{
    sx_canon_options o = sx_canon_defaults();
    size_t n = (size_t)x->n;
    o.trivial = x->o.trivial;
    x->place = sx_alloc(n, sizeof *x->place);
    x->mean = sx_alloc(n + 1, sizeof *x->mean);
    x->advantage[0] = sx_alloc(n, sizeof(double *));
    x->advantage[1] = sx_alloc(n, sizeof(double *));
    if (!x->place || !x->mean || !x->advantage[0] || !x->advantage[1])
        return sx_nomem(err);
    sx_status st = sx_canoniser_new(x->m, &o, &x->canon, err);
    return st ? st : prepare_regrets(x, err);
}

sx_status sx_counterfactual_new(const sx_mdp *m, const sx_versions *reward, int32_t n,
                                int32_t truth, const sx_consistency_options *o,
                                sx_counterfactual **out, sx_error *err)
{
    *out = NULL;
    bool unknown = truth == SX_NO_TRUTH;
    bool known = truth >= 0 && truth < n && reward[truth].edited;
    if (n < 1 || !(known || unknown) || !(o->tolerance > 0))
        return sx_fail(err, SX_EARG, "consistency: no true reward, or no tolerance");
    sx_counterfactual *x = sx_alloc(1, sizeof *x);
    if (!x)
        return sx_nomem(err);
    *x = (sx_counterfactual){
        .m = m, .reward = reward, .n = n, .truth = truth, .o = *o, .before = -1};
    sx_status st = prepare(x, err);
    if (st)
        x = sx_counterfactual_free(x);
    *out = x;
    return st;
}

int32_t sx_counterfactual_unreachable(const sx_counterfactual *x)
{
    return sx_regret_world_unreachable(x->regret);
}

/* --- advantages --- */

static sx_status make_advantage(sx_counterfactual *x, const sx_reward *r, double **out,
                                sx_error *err)
{
    const char *reason;
    sx_reward *form = NULL;
    bool trivial = false;
    double *a = sx_alloc((size_t)x->m->pairs, sizeof *a);
    sx_status st = a ? sx_canon_trivial(x->canon, r, &trivial, err) : sx_nomem(err);
    if (!st && !trivial)
        st = sx_canonicalise(x->canon, r, SX_VAL, SX_L2, &form, &reason, err);
    if (!st && form)
        sx_reward_mean(x->m, form, a);
    sx_reward_free(form);
    if (st)
        a = sx_release(a);
    *out = a;
    return st;
}

sx_status sx_counterfactual_advantage(sx_counterfactual *x, int32_t i, bool edited,
                                      const double **a, sx_error *err)
{
    *a = NULL;
    if (i < 0 || i >= x->n)
        return sx_fail(err, SX_EARG, "consistency: no reward %d", (int)i);
    const sx_reward *r = edited ? x->reward[i].edited : x->reward[i].carried;
    double **slot = &x->advantage[edited][i];
    sx_status st = r && !*slot ? make_advantage(x, r, slot, err) : SX_OK;
    *a = *slot;
    return st;
}

/* --- the angle --- */

static double length_of(const double *x, int32_t n)
{
    double largest = 0;
    for (int32_t i = 0; i < n; i++)
        largest = fmax(largest, fabs(x[i]));
    long double sum = 0;
    for (int32_t i = 0; i < n && largest > 0; i++)
        sum += (long double)(x[i] / largest) * (x[i] / largest);
    return largest * (double)sqrtl(sum);
}

/* 2 atan2(|u' - v'|, |u' + v'|) of the vectors of length 1 (Kahan). */
double sx_vector_angle(const double *u, const double *v, int32_t n)
{
    double a = length_of(u, n), b = length_of(v, n);
    long double apart = 0, along = 0;
    if (!(a > 0) || !(b > 0))
        return NAN;
    for (int32_t i = 0; i < n; i++) {
        long double p = (long double)u[i] / a, q = (long double)v[i] / b;
        apart += (p - q) * (p - q);
        along += (p + q) * (p + q);
    }
    return (double)(2 * atan2l(sqrtl(apart), sqrtl(along)));
}

/* p [reachable pairs]: what reward i of the regret world is on the directions of the
 * occupancies.  The regret world holds it shaped and scaled, which changes no angle. */
static sx_status project(sx_counterfactual *x, int32_t i, double **out, sx_error *err)
{
    const sx_mdp *m = x->regret->mdp;
    sx_canon_options o = sx_canon_defaults();
    const char *reason = NULL;
    sx_reward *r = NULL, *form = NULL;
    double *p = sx_alloc((size_t)m->pairs, sizeof *p);
    sx_status st = p ? SX_OK : sx_nomem(err);
    if (!st && !x->inside)
        st = sx_canoniser_new(m, &o, &x->inside, err);
    if (!st)
        st = sx_reward_new(m, &r, err);
    if (!st)
        st = sx_reward_add_left(m, r, x->regret->range[i].r, err);
    if (!st)
        st = sx_canonicalise(x->inside, r, SX_MINIMAL, SX_WEIGHTED_L2, &form, &reason, err);
    if (!st && !form)
        st = sx_fail(err, SX_EFAULT, "consistency: %s", reason);
    if (!st)
        sx_reward_mean(m, form, p);
    sx_reward_free(r);
    sx_reward_free(form);
    if (st)
        p = sx_release(p);
    *out = p;
    return st;
}

static sx_status agreement(sx_counterfactual *x, int32_t i, sx_number *out, sx_error *err)
{
    const sx_i_range *range = x->regret->range;
    int32_t t = x->place[x->truth], k = x->place[i];
    double *p = NULL;
    sx_status st = SX_OK;
    *out = (sx_number){NAN, range[t].trivial ? trivial_truth : trivial_reward};
    if (range[t].trivial || range[k].trivial)
        return SX_OK;
    if (!x->truth_angle)
        st = project(x, t, &x->truth_angle, err);
    if (!st)
        st = project(x, k, &p, err);
    if (!st) {
        double angle = sx_vector_angle(x->truth_angle, p, x->regret->mdp->pairs);
        *out = (sx_number){1 - angle / acos(-1), isnan(angle) ? trivial_reward : NULL};
    }
    sx_release(p);
    return st;
}

/* --- one reward --- */

static sx_status distance(sx_counterfactual *x, const sx_reward *a, const sx_reward *b,
                          sx_number *out, sx_error *err)
{
    const sx_reward *const both[] = {a, b};
    return sx_distances(x->canon, both, 2, &x->o.measure, 1, out, err);
}

static sx_status measure_one(sx_counterfactual *x, int32_t i, sx_consistency *out,
                             sx_error *err)
{
    const sx_versions *r = &x->reward[i];
    sx_number none = {NAN, r->reason ? r->reason : no_edited};
    sx_status st = SX_OK;
    *out = (sx_consistency){none, none, none, none, SX_SOLVED};
    if (!r->edited)
        return SX_OK;
    if (r->carried)
        st = distance(x, r->carried, r->edited, &out->invariance_error, err);
    if (!has_truth(x)) {
        out->distance_to_true = out->agreement = out->regret = (sx_number){NAN, no_truth};
        return st;
    }
    if (!st)
        st = distance(x, x->reward[x->truth].edited, r->edited, &out->distance_to_true, err);
    return st ? st : agreement(x, i, &out->agreement, err);
}

static sx_status regret_one(const sx_counterfactual *x, int32_t i, sx_consistency *out,
                            sx_error *err)
{
    sx_regret *g = NULL;
    if (x->place[i] < 0 || !has_truth(x))
        return SX_OK;
    sx_status st = sx_regret_pair(x->regret, x->place[x->truth], x->place[i], &g, err);
    if (!st) {
        out->regret = (sx_number){g->pessimistic, NULL};
        out->outcome = g->outcome;
    }
    sx_regret_free(g);
    return st;
}

sx_status sx_counterfactual_measure(sx_counterfactual *x, sx_consistency *out, sx_error *err)
{
    sx_error *errors = sx_alloc((size_t)x->n, sizeof *errors);
    sx_status st = errors ? SX_OK : sx_nomem(err);
    for (int32_t i = 0; i < x->n && !st; i++)
        st = measure_one(x, i, &out[i], err);
    int32_t n = st ? 0 : x->n;
#pragma omp parallel for schedule(dynamic)
    for (int32_t i = 0; i < n; i++)
        errors[i].status = regret_one(x, i, &out[i], &errors[i]);
    for (int32_t i = 0; i < n && !st; i++)
        if (errors[i].status)
            st = sx_fail(err, errors[i].status, "%s", errors[i].msg);
    sx_release(errors);
    return st;
}

/* --- the order of the policies --- */

sx_order *sx_order_free(sx_order *x)
{
    if (!x)
        return NULL;
    sx_release(x->high);
    sx_release(x->low);
    return sx_release(x);
}

/* pi [K] on the whole world of a policy of the reachable part; uniform elsewhere. */
static void take_choice(const sx_counterfactual *x, const sx_i_end *end, double *pi)
{
    const sx_mdp *m = x->regret->mdp;
    const sx_part *part = x->regret->part;
    sx_policy_uniform(x->m, pi);
    for (int32_t s = 0; end->s && s < m->states; s++)
        for (int32_t k = m->pair[s]; k < m->pair[s + 1]; k++)
            pi[part ? part->pair[k] : k] = k == end->s->choice[s];
}

/* The returns of pi of both versions of the true reward. */
static sx_status returns_of(const sx_counterfactual *x, const double *pi, double j[2],
                            sx_error *err)
{
    sx_evaluator *e = NULL;
    double bound, *v = sx_alloc((size_t)x->m->states, sizeof *v);
    sx_status st = v ? sx_evaluator_new(x->m, pi, &e, err) : sx_nomem(err);
    for (int i = 0; i < 2 && !st; i++) {
        st =
            sx_evaluator_values(e, x->mean[i ? x->place[x->truth] : x->before], v, &bound, err);
        j[i] = st ? (double)NAN : sx_dot(x->m->initial, v, x->m->states);
    }
    sx_evaluator_free(e);
    sx_release(v);
    return st;
}

static sx_status returns(const sx_counterfactual *x, sx_order *o, sx_error *err)
{
    double high[2] = {0}, low[2] = {0};
    sx_status st = returns_of(x, o->high, high, err);
    if (!st)
        st = returns_of(x, o->low, low, err);
    o->carried = (sx_order_returns){high[0], low[0]};
    o->edited = (sx_order_returns){high[1], low[1]};
    return st;
}

/* Whether each version clearly prefers another of the two policies. */
static bool is_strict(const sx_counterfactual *x, const sx_order *o)
{
    const double *before = x->regret->range[x->before].range;
    const double *after = x->regret->range[x->place[x->truth]].range;
    return o->edited.high - o->edited.low > x->o.tolerance * (after[1] - after[0]) &&
           o->carried.low - o->carried.high > x->o.tolerance * (before[1] - before[0]);
}

/* The best policies before and after, or the worst ones, where they show another order: nothing
 * is easier to read.  Where they do not, o->high and o->low are as they were. */
static sx_status take_ends(const sx_counterfactual *x, sx_order *o, sx_error *err)
{
    const sx_i_range *before = &x->regret->range[x->before];
    const sx_i_range *after = &x->regret->range[x->place[x->truth]];
    const sx_i_end *const end[2][2] = {{&after->best, &before->best},
                                       {&before->worst, &after->worst}};
    size_t size = (size_t)x->m->pairs * sizeof *o->high;
    sx_order ends = {.high = sx_alloc(1, size), .low = sx_alloc(1, size)};
    sx_status st = ends.high && ends.low ? SX_OK : sx_nomem(err);
    bool found = false;
    for (int i = 0; i < 2 && !st && !found && !before->trivial && !after->trivial; i++) {
        take_choice(x, end[i][0], ends.high);
        take_choice(x, end[i][1], ends.low);
        st = returns(x, &ends, err);
        found = !st && is_strict(x, &ends);
    }
    if (found) {
        memcpy(o->high, ends.high, size);
        memcpy(o->low, ends.low, size);
    }
    sx_release(ends.high);
    sx_release(ends.low);
    return st;
}

/* Regret both ways; the pair that shows most becomes the policies of o. */
static sx_status compare(const sx_counterfactual *x, sx_order *o, sx_error *err)
{
    int32_t after = x->place[x->truth], before = x->before;
    const int32_t truth[] = {after, before}, proxy[] = {before, after};
    double most = 0;
    sx_status st = SX_OK;
    for (int i = 0; i < 2 && !st; i++) {
        sx_regret *g = NULL;
        st = sx_regret_pair(x->regret, truth[i], proxy[i], &g, err);
        if (st)
            break;
        o->worst_case[i] = g->worst_case;
        o->outcome = sx_i_worse_outcome(o->outcome, g->outcome);
        if (g->worst_case > most) {
            most = g->worst_case;
            memcpy(o->high, g->high, (size_t)x->m->pairs * sizeof *o->high);
            memcpy(o->low, g->low, (size_t)x->m->pairs * sizeof *o->low);
        }
        sx_regret_free(g);
    }
    o->same = !(most > x->o.tolerance);
    return st;
}

/* Both versions have the same value on every possible triple. */
static bool are_equal(const sx_counterfactual *x)
{
    const sx_versions *t = &x->reward[x->truth];
    return memcmp(t->carried->on, t->edited->on,
                  (size_t)x->m->entries * sizeof *t->edited->on) == 0;
}

static sx_status order(const sx_counterfactual *x, sx_order *o, sx_error *err)
{
    const sx_i_range *edited = &x->regret->range[x->place[x->truth]];
    sx_status st = SX_OK;
    o->high = sx_alloc((size_t)x->m->pairs, sizeof *o->high);
    o->low = sx_alloc((size_t)x->m->pairs, sizeof *o->low);
    if (!o->high || !o->low)
        return sx_nomem(err);
    o->same = true;
    if (!are_equal(x))
        st = compare(x, o, err);
    if (!st && o->same) {
        take_choice(x, &edited->best, o->high);
        take_choice(x, &edited->worst, o->low);
    } else if (!st) {
        st = take_ends(x, o, err);
    }
    return st ? st : returns(x, o, err);
}

sx_status sx_counterfactual_order(const sx_counterfactual *x, sx_order **out, sx_error *err)
{
    *out = NULL;
    sx_order *o = sx_alloc(1, sizeof *o);
    if (!o)
        return sx_nomem(err);
    const sx_versions *t = has_truth(x) ? &x->reward[x->truth] : NULL;
    sx_status st = SX_OK;
    if (!t || !t->carried)
        o->reason = t ? t->reason : no_truth;
    else
        st = order(x, o, err);
    if (st)
        o = sx_order_free(o);
    *out = o;
    return st;
}
