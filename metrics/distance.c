/* SPDX-License-Identifier: GPL-3.0-or-later */
/* distance.c - distances between all pairs of some rewards, for many measures at once.
 *
 * Measures are taken form by form (a canonicalisation, with its norm when it is minimal):
 * canonical forms and their norms once a reward, the difference of two standardised rewards
 * once a pair and normaliser, with all metrics in one pass; then the forms are dropped. */
#include "metrics/distance.h"

#include "metrics/canon_int.h"
#include "metrics/norm_int.h"

#include <float.h>
#include <string.h>

enum { NORMALISERS = SX_NORMS + 1 };

/* What of max |R| is rounding in c(R).  Where states can be left for others only by impossible
 * steps, potentials differ by values that only 1-gamma determines, and the potential forms show
 * them. */
static double negligible(sx_canon canon, double discount)
{
    bool shaped = canon == SX_VAL_POTENTIAL || canon == SX_MINIMAL_POTENTIAL;
    return shaped ? fmax(1e-12, 16 * DBL_EPSILON / (1 - discount)) : 1e-12;
}

/* A reward in its canonical form. */
typedef struct form {
    sx_reward *reward;                /* NULL with a reason */
    const char *reason;               /* static */
    double unit;                      /* what the reward was divided by */
    double rounding;                  /* no value below it means anything */
    bool zero;                        /* s(R) = 0 */
    double scale[NORMALISERS];        /* 1 / n(c(R)) */
    const char *lacking[NORMALISERS]; /* NULL, or why there is no such scale */
    sx_number deviation;              /* for EPIC */
} form;

typedef struct batch {
    sx_canoniser *c;
    const sx_mdp *m;
    const sx_reward *const *reward;
    int32_t rewards, pairs;
    const sx_measure *measure;
    int32_t n;
    sx_number *value;
    sx_number *length; /* [n * rewards], or NULL */
    sx_reward **own;   /* [rewards] copies of the extreme ones, NULL for the others */
    double *unit;      /* [rewards] what those are divided by */
    double *size;      /* [rewards] max |R|, divided */
    bool *judged;      /* [rewards] whether it is known that they are */
    bool *trivial;     /* [rewards] */
    form *form;        /* [rewards] of the group at work */
    double *weight;    /* [K] D_S(s) D_A(a|s) */
} batch;

/* What the measures of one form ask for. */
typedef struct group {
    const sx_measure *measure; /* one of them, NULL when there is none */
    unsigned norms;            /* bit n: normaliser n */
    unsigned metrics[NORMALISERS];
    bool epic;
} group;

sx_measure sx_measure_default(void)
{
    return (sx_measure){SX_DISTANCE_STARC, SX_VAL, SX_L2, SX_L2};
}

int32_t sx_measures_all(sx_measure *measure)
{
    int32_t count = 0;
    for (int canon = 0; canon < SX_CANONS; canon++)
        for (int norm = 0; norm <= SX_NO_NORM; norm++)
            for (int metric = 0; metric < SX_NORMS; metric++) {
                if (norm == SX_NO_NORM && sx_canon_is_minimal((sx_canon)canon))
                    continue;
                measure[count++] = (sx_measure){SX_DISTANCE_STARC, (sx_canon)canon,
                                                (sx_norm)norm, (sx_norm)metric};
            }
    return count;
}

/* The form that a measure needs: 0..groups-1. */
enum { GROUPS = SX_CANONS * NORMALISERS };

static int group_of(const sx_measure *q)
{
    int norm = sx_canon_is_minimal(q->canon) ? (int)q->norm : 0;
    return (int)q->canon * NORMALISERS + norm;
}

static bool is_measure(const sx_measure *q)
{
    bool canon = q->canon >= SX_NONE && q->canon <= SX_MINIMAL_POTENTIAL;
    bool norm = q->norm >= SX_L1 && q->norm <= SX_NO_NORM;
    if (q->kind == SX_DISTANCE_EPIC)
        return canon && (norm || !sx_canon_is_minimal(q->canon));
    bool metric = q->metric >= SX_L1 && q->metric < SX_NO_NORM;
    return canon && norm && metric && !(q->norm == SX_NO_NORM && sx_canon_is_minimal(q->canon));
}

/* max |R| over all triples, over the possible ones where the others have no value. */
static double size_of(const batch *b, const sx_reward *r, const sx_number *norm)
{
    return norm[SX_LINF].reason ? sx_reward_max_possible(b->m, r) : norm[SX_LINF].value;
}

/* Whether the form sends every trivial reward to 0. */
static bool removes_trivial(sx_canon canon)
{
    return canon == SX_VAL || canon == SX_MINIMAL;
}

/* Squares of rewards far from 1 leave the range of doubles: such a reward is taken divided by a
 * power of 2, which changes no digit. */
static sx_status moderate(batch *b, int32_t i, sx_error *err)
{
    const double small = 1e-100, large = 1e100;
    b->unit[i] = 1;
    if (!(b->size[i] > 0) || (b->size[i] >= small && b->size[i] <= large))
        return SX_OK;
    b->unit[i] = ldexp(1, (int)fmax(-1000, ilogb(b->size[i])));
    sx_status st = sx_reward_copy(b->m, b->reward[i], &b->own[i], err);
    if (!st)
        sx_reward_scale(b->m, b->own[i], 1 / b->unit[i]);
    b->size[i] /= b->unit[i];
    return st;
}

static const sx_reward *reward_of(const batch *b, int32_t i)
{
    return b->own[i] ? b->own[i] : b->reward[i];
}

/* Sizes of the rewards as they came. */
static sx_status judge(batch *b, sx_error *err)
{
    sx_status st = SX_OK;
    for (int32_t i = 0; !st && i < b->rewards; i++) {
        sx_number norm[SX_NORMS];
        st = sx_norms(b->m, b->reward[i], 1u << SX_LINF, norm, err);
        if (st)
            break;
        b->size[i] = size_of(b, b->reward[i], norm);
        st = moderate(b, i, err);
    }
    return st;
}

/* Triviality of reward i, once; advantages under the uniform policy may be the form at hand. */
static sx_status judge_trivial(const batch *b, sx_canon canon, int32_t i, double form_size,
                               sx_error *err)
{
    if (b->judged[i])
        return SX_OK;
    b->judged[i] = true;
    if (canon != SX_VAL || b->c->chosen != SX_I_UNIFORM)
        return sx_canon_trivial(b->c, reward_of(b, i), &b->trivial[i], err);
    b->trivial[i] = form_size <= b->c->trivial * sx_reward_max_possible(b->m, reward_of(b, i));
    return SX_OK;
}

/* 1 / n(c(R)) for every normaliser.  A weighted norm sees possible triples only: where the
 * form is zero on all of them and not elsewhere, there is no scaling to length one. */
static void form_scales(const batch *b, form *f, const sx_number *norm, double rounding)
{
    bool hidden = sx_reward_max_possible(b->m, f->reward) <= rounding;
    for (int n = 0; n < SX_NORMS; n++) {
        f->lacking[n] = norm[n].reason;
        if (!norm[n].reason && (!(norm[n].value > 0) || (hidden && n >= SX_WEIGHTED_L1)))
            f->lacking[n] = "the normaliser is zero: the canonical reward is zero on every "
                            "possible triple but not elsewhere";
        f->scale[n] = f->lacking[n] ? NAN : 1 / norm[n].value;
    }
    f->scale[SX_NO_NORM] = f->unit;
    f->lacking[SX_NO_NORM] = NULL;
}

/* Form and norms of reward i. */
static sx_status form_make(const batch *b, const group *q, int32_t i, form *f, sx_error *err)
{
    sx_number norm[SX_NORMS], mean;
    sx_canon canon = q->measure->canon;
    sx_status st = sx_canonicalise(b->c, reward_of(b, i), canon, q->measure->norm, &f->reward,
                                   &f->reason, err);
    if (st || !f->reward)
        return st;
    st = sx_norms(b->m, f->reward, q->norms | 1u << SX_LINF, norm, err);
    if (!st && q->epic)
        st = sx_reward_moments(b->m, f->reward, b->weight, sx_canoniser_state_dist(b->c), &mean,
                               &f->deviation, err);
    if (!st && removes_trivial(canon))
        st = judge_trivial(b, canon, i, size_of(b, f->reward, norm), err);
    if (st)
        return st;
    f->unit = b->unit[i];
    f->rounding = negligible(canon, b->m->discount) * b->size[i];
    f->zero =
        size_of(b, f->reward, norm) <= f->rounding || (removes_trivial(canon) && b->trivial[i]);
    form_scales(b, f, norm, f->rounding);
    return SX_OK;
}

/* *out = a f - b g; a form of zero counts as the zero reward. */
static sx_status difference(const sx_mdp *m, const form *f, double a, const form *g, double b,
                            sx_reward **out, sx_error *err)
{
    sx_status st =
        f->zero ? sx_reward_new(m, out, err) : sx_reward_copy(m, f->reward, out, err);
    if (!st && !f->zero)
        sx_reward_scale(m, *out, a);
    if (!st && !g->zero)
        st = sx_reward_add(m, *out, -b, g->reward, err);
    if (st)
        *out = sx_reward_free(*out);
    return st;
}

/* Why there is no distance of f and g under normaliser n, or NULL. */
static const char *obstacle(const form *f, const form *g, int n)
{
    if (f->reason || g->reason)
        return f->reason ? f->reason : g->reason;
    if (!f->zero && f->lacking[n])
        return f->lacking[n];
    return g->zero ? NULL : g->lacking[n];
}

/* All metrics of one pair under normaliser n. */
static sx_status compare(const batch *b, const form *f, const form *g, int n, unsigned metrics,
                         sx_number *value, sx_error *err)
{
    sx_reward *d = NULL;
    const char *reason = obstacle(f, g, n);
    for (int i = 0; i < SX_NORMS; i++)
        value[i] = (sx_number){reason ? NAN : 0, reason};
    if (reason || (f->zero && g->zero))
        return SX_OK;
    sx_status st = difference(b->m, f, f->scale[n], g, g->scale[n], &d, err);
    if (!st)
        st = sx_norms(b->m, d, metrics, value, err);
    sx_reward_free(d);
    return st;
}

/* 1/2 || z1 - z2 ||_w of the standard scores, which is sqrt((1-rho)/2) without the
 * cancellation of 1 - rho.  Their means drop out, as the deviation of the difference is
 * taken about its own. */
static sx_status correlate(const batch *b, const form *f, const form *g, double *value,
                           sx_error *err)
{
    sx_reward *d = NULL;
    sx_number mean, deviation = {NAN, NULL};
    sx_status st =
        difference(b->m, f, 1 / f->deviation.value, g, 1 / g->deviation.value, &d, err);
    if (!st)
        st = sx_reward_moments(b->m, d, b->weight, sx_canoniser_state_dist(b->c), &mean,
                               &deviation, err);
    *value = fmin(deviation.value / 2, 1);
    sx_reward_free(d);
    return st;
}

/* The classical EPIC distance of rewards i and j. */
static sx_status epic_distance(const batch *b, int32_t i, int32_t j, sx_number *value,
                               sx_error *err)
{
    const form *f = &b->form[i], *g = &b->form[j];
    const char *reason = f->reason ? f->reason : g->reason;
    if (!reason)
        reason = f->deviation.reason ? f->deviation.reason : g->deviation.reason;
    *value = (sx_number){NAN, reason};
    if (reason)
        return SX_OK;
    bool flat = f->deviation.value <= f->rounding;
    bool level = g->deviation.value <= g->rounding;
    if (!flat && !level)
        return correlate(b, f, g, &value->value, err);
    value->value = flat && level ? 0 : sqrt(0.5); /* no correlation */
    return SX_OK;
}

/* All measures of a group for rewards i and j, whose place among the pairs is `at`. */
static sx_status pair_measure(const batch *b, const group *q, int id, int32_t i, int32_t j,
                              int64_t at, sx_error *err)
{
    sx_number starc[NORMALISERS][SX_NORMS], epic = {NAN, NULL};
    sx_status st = q->epic ? epic_distance(b, i, j, &epic, err) : SX_OK;
    for (int n = 0; !st && n < NORMALISERS; n++)
        if (q->metrics[n])
            st = compare(b, &b->form[i], &b->form[j], n, q->metrics[n], starc[n], err);
    for (int32_t k = 0; !st && k < b->n; k++) {
        const sx_measure *p = &b->measure[k];
        if (group_of(p) == id)
            b->value[(int64_t)k * b->pairs + at] =
                p->kind == SX_DISTANCE_EPIC ? epic : starc[p->norm][p->metric];
    }
    return st;
}

static group group_collect(const batch *b, int id)
{
    group q = {0};
    for (int32_t k = 0; k < b->n; k++) {
        const sx_measure *p = &b->measure[k];
        if (group_of(p) != id)
            continue;
        q.measure = p;
        if (p->kind == SX_DISTANCE_EPIC) {
            q.epic = true;
        } else {
            q.norms |= p->norm < SX_NO_NORM ? 1u << p->norm : 0;
            q.metrics[p->norm] |= 1u << p->metric;
        }
    }
    return q;
}

/* What measures of the norm n divide a form by. */
static sx_number length_of(const form *f, sx_norm n)
{
    const char *reason = f->reason ? f->reason : f->zero ? NULL : f->lacking[n];
    if (reason)
        return (sx_number){NAN, reason};
    return (sx_number){f->zero ? 0 : f->unit / f->scale[n], NULL};
}

static void group_lengths(const batch *b, int id)
{
    for (int32_t k = 0; b->length && k < b->n; k++) {
        const sx_measure *p = &b->measure[k];
        if (group_of(p) != id || p->kind != SX_DISTANCE_STARC)
            continue;
        for (int32_t i = 0; i < b->rewards; i++)
            b->length[(int64_t)k * b->rewards + i] = length_of(&b->form[i], p->norm);
    }
}

static sx_status group_measure(const batch *b, int id, sx_error *err)
{
    group q = group_collect(b, id);
    sx_status st = SX_OK;
    int64_t at = 0;
    if (!q.measure)
        return SX_OK;
    for (int32_t i = 0; i < b->rewards; i++)
        b->form[i] = (form){0};
    for (int32_t i = 0; !st && i < b->rewards; i++)
        st = form_make(b, &q, i, &b->form[i], err);
    if (!st)
        group_lengths(b, id);
    for (int32_t i = 0; !st && i < b->rewards; i++)
        for (int32_t j = i + 1; !st && j < b->rewards; j++)
            st = pair_measure(b, &q, id, i, j, at++, err);
    for (int32_t i = 0; i < b->rewards; i++)
        sx_reward_free(b->form[i].reward);
    return st;
}

static sx_status batch_init(batch *b, sx_error *err)
{
    size_t n = (size_t)b->rewards;
    const double *states = sx_canoniser_state_dist(b->c);
    const double *actions = sx_canoniser_action_dist(b->c);
    b->own = sx_alloc(n, sizeof(sx_reward *));
    b->unit = sx_alloc(n, sizeof *b->unit);
    b->size = sx_alloc(n, sizeof *b->size);
    b->judged = sx_alloc(n, sizeof *b->judged);
    b->trivial = sx_alloc(n, sizeof *b->trivial);
    b->form = sx_alloc(n, sizeof *b->form);
    b->weight = sx_alloc((size_t)b->m->pairs, sizeof *b->weight);
    if (!b->own || !b->unit || !b->size || !b->judged || !b->trivial || !b->form || !b->weight)
        return sx_nomem(err);
    for (int32_t s = 0; s < b->m->states; s++)
        for (int32_t k = b->m->pair[s]; k < b->m->pair[s + 1]; k++)
            b->weight[k] = states[s] * actions[k];
    return SX_OK;
}

static void batch_clear(batch *b)
{
    for (int32_t i = 0; b->own && i < b->rewards; i++)
        sx_reward_free(b->own[i]);
    sx_release(b->own);
    sx_release(b->unit);
    sx_release(b->size);
    sx_release(b->judged);
    sx_release(b->trivial);
    sx_release(b->form);
    sx_release(b->weight);
}

sx_status sx_distances(sx_canoniser *c, const sx_reward *const *reward, int32_t rewards,
                       const sx_measure *measure, int32_t n, sx_number *value, sx_error *err)
{
    const sx_lengths out = {value, NULL};
    return sx_distances_lengths(c, reward, rewards, measure, n, &out, err);
}

sx_status sx_distances_lengths(sx_canoniser *c, const sx_reward *const *reward, int32_t rewards,
                               const sx_measure *measure, int32_t n, const sx_lengths *out,
                               sx_error *err)
{
    batch b = {.c = c,
               .m = c->m,
               .reward = reward,
               .rewards = rewards,
               .pairs = rewards * (rewards - 1) / 2,
               .measure = measure,
               .n = n,
               .value = out->value,
               .length = out->length};
    for (int32_t i = 0; i < n; i++)
        if (!is_measure(&measure[i]))
            return sx_fail(err, SX_EARG, "measure %d is none that is offered", (int)i);
    sx_status st = batch_init(&b, err);
    if (!st)
        st = judge(&b, err);
    for (int id = 0; !st && id < GROUPS; id++)
        st = group_measure(&b, id, err);
    batch_clear(&b);
    return st;
}
