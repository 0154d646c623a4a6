/* SPDX-License-Identifier: GPL-3.0-or-later */
/* verify_distance.c - checking distances: forms, norms and differences by loops over all
 * triples, and what errors of the forms can do to the distance.
 *
 * With forms c off by errors e, n(c) is off by n(e) at most, and
 *
 *     | m(c1/n1 - c2/n2) - exact |  <=  sum_i  m(e_i)/n_i + m(c_i)/n_i n(e_i)/n_i         */
#include "metrics/verify_int.h"

#include <float.h>
#include <math.h>
#include <string.h>

static const char *const too_large = "too large: more triples than are looked at one by one";

/* One reward of the pair at work. */
typedef struct side {
    sx_i_form form;
    int32_t reward; /* what the form is of: -1 for nothing yet */
    sx_canon canon;
    sx_norm norm;
    double size;                 /* max |R| */
    double length[SX_NORMS + 1]; /* norms of the form; the last is 1 */
    long double mean, deviation; /* under the weights of epic */
    bool zero;                   /* s(R) = 0 */
} side;

typedef struct work {
    sx_i_checking *g;
    sx_i_distances d;
    side a, b;
    double one[SX_NORMS + 1]; /* norms of the reward 1; the last is 0 */
} work;

/* Sums over all triples, in one pass. */
typedef struct sums {
    long double total[SX_NORMS];
} sums;

static void sums_add(const sx_mdp *m, int32_t k, const long double *row, sums *z)
{
    for (int32_t s = 0; s < m->states; s++) {
        long double x = fabsl(row[s]);
        z->total[SX_L1] += x;
        z->total[SX_L2] += x * x;
        if (!(x <= z->total[SX_LINF]))
            z->total[SX_LINF] = x;
    }
    for (int64_t t = m->first[k]; t < m->first[k + 1]; t++) {
        long double x = fabsl(row[m->next[t]]), p = m->prob[t];
        z->total[SX_WEIGHTED_L1] += p * x;
        z->total[SX_WEIGHTED_L2] += p * x * x;
        if (!(p * x <= z->total[SX_WEIGHTED_LINF]))
            z->total[SX_WEIGHTED_LINF] = p * x;
    }
}

static void sums_lengths(const sums *z, double length[SX_NORMS])
{
    for (int i = 0; i < SX_NORMS; i++) {
        bool root = i == SX_L2 || i == SX_WEIGHTED_L2;
        length[i] = (double)(root ? sqrtl(z->total[i]) : z->total[i]);
    }
}

/* Norms of the reward that is 1 everywhere. */
static void measure_one(work *w)
{
    const sx_mdp *m = w->d.m;
    sums z = {{0}};
    for (int32_t s = 0; s < m->states; s++)
        w->d.left[s] = 1;
    for (int32_t k = 0; k < m->pairs; k++)
        sums_add(m, k, w->d.left, &z);
    sums_lengths(&z, w->one);
    w->one[SX_NORMS] = 0;
}

static double largest_value(const work *w, const sx_reward *r)
{
    double most = 0;
    for (int32_t k = 0; k < w->d.m->pairs; k++) {
        sx_reward_row(w->d.m, r, k, w->d.row);
        for (int32_t s = 0; s < w->d.m->states; s++)
            most = fmax(most, fabs(w->d.row[s]));
    }
    return most;
}

/* Norms, mean and deviation of the form of x. */
static void measure(const work *w, side *x)
{
    const sx_mdp *m = w->d.m;
    sums z = {{0}};
    long double mean = 0, square = 0, mass = 0;
    for (int32_t s = 0; s < m->states; s++)
        for (int32_t k = m->pair[s]; k < m->pair[s + 1]; k++) {
            sx_i_form_row(&w->d, &x->form, s, k, w->d.left);
            sums_add(m, k, w->d.left, &z);
            for (int32_t next = 0; next < m->states; next++) {
                long double p = sx_i_triple_weight(&w->d, s, k, next), v = w->d.left[next];
                long double step = mass + p > 0 ? p / (mass + p) * (v - mean) : 0;
                square += mass * step * (v - mean); /* West 1979 */
                mean += step;
                mass += p;
            }
        }
    sums_lengths(&z, x->length);
    x->length[SX_NORMS] = 1;
    x->mean = mean;
    x->deviation = sqrtl(fmaxl(square / mass, 0));
}

/* Make x the form of a reward, unless it is. */
static void prepare(const work *w, side *x, int32_t reward, const sx_measure *q)
{
    sx_norm norm = sx_canon_is_minimal(q->canon) ? q->norm : SX_NO_NORM;
    if (x->reward == reward && x->canon == q->canon && x->norm == norm)
        return;
    x->reward = reward;
    x->canon = q->canon;
    x->norm = norm;
    sx_i_form_fill(&w->d, reward, q->canon, norm, &x->form);
    if (x->form.reason || x->form.lacking)
        return;
    x->size = largest_value(w, x->form.reward);
    if (x->form.shape == SX_I_TABLE)
        x->form.error += 4 * DBL_EPSILON * x->size;
    measure(w, x);
    x->zero = x->form.zero || !(x->length[SX_LINF] > 1e-12 * x->size);
}

/* How the form of x enters a difference: (c - mean) scale. */
typedef struct affine {
    long double mean, scale;
} affine;

static affine standard(const side *x, const sx_measure *q)
{
    if (q->kind == SX_DISTANCE_EPIC)
        return (affine){x->mean, 1 / x->deviation};
    return (affine){0, x->zero ? 0 : 1 / (long double)x->length[q->norm]};
}

/* left [S] = row k of the difference; adds its weighted square to *square. */
static void difference_row(const work *w, const affine *a, const affine *b, int32_t s,
                           int32_t k, long double *square)
{
    sx_i_form_row(&w->d, &w->a.form, s, k, w->d.left);
    sx_i_form_row(&w->d, &w->b.form, s, k, w->d.right);
    for (int32_t next = 0; next < w->d.m->states; next++) {
        long double v =
            (w->d.left[next] - a->mean) * a->scale - (w->d.right[next] - b->mean) * b->scale;
        w->d.left[next] = v;
        *square += sx_i_triple_weight(&w->d, s, k, next) * v * v;
    }
}

/* m(s(R1) - s(R2)), or half the root mean square of the difference of standard scores. */
static double difference(const work *w, const sx_measure *q)
{
    const sx_mdp *m = w->d.m;
    affine a = standard(&w->a, q), b = standard(&w->b, q);
    long double square = 0;
    double length[SX_NORMS];
    sums z = {{0}};
    for (int32_t s = 0; s < m->states; s++)
        for (int32_t k = m->pair[s]; k < m->pair[s + 1]; k++) {
            difference_row(w, &a, &b, s, k, &square);
            sums_add(m, k, w->d.left, &z);
        }
    sums_lengths(&z, length);
    return q->kind == SX_DISTANCE_EPIC ? fmin((double)sqrtl(square) / 2, 1) : length[q->metric];
}

/* m(s(R)) of one side, and what its error adds to the distance. */
static double standing(const work *w, const side *x, const sx_measure *q, double *error)
{
    double n = x->length[q->norm], own = x->length[q->metric] / n;
    double off_norm = x->form.error * w->one[q->norm] + x->form.fit[q->norm];
    double off_metric = x->form.error * w->one[q->metric] + x->form.fit[q->metric];
    if (x->zero)
        return 0;
    *error += (off_metric + own * off_norm) / n;
    if (!(off_norm < n / 2))
        *error = INFINITY;
    return own;
}

/* m of a reward as large as rounding may make one of x's values, over n(c). */
static double coarseness(const work *w, const side *x, const sx_measure *q)
{
    double value = x->size / (1 - w->d.m->discount);
    return x->zero ? 0 : 64 * DBL_EPSILON * value * w->one[q->metric] / x->length[q->norm];
}

/* The interval of a distance; *slack: what it may be off by. */
static sx_i_proof starc(const work *w, const sx_measure *q, double *slack)
{
    double error = 0;
    double scale = standing(w, &w->a, q, &error) + standing(w, &w->b, q, &error);
    double d = w->a.zero && w->b.zero ? 0 : difference(w, q);
    error = 2 * error + 1e-15 * scale;
    *slack = w->g->c->tolerance * scale + coarseness(w, &w->a, q) + coarseness(w, &w->b, q);
    return (sx_i_proof){.lo = d - error, .hi = d + error};
}

static sx_i_proof pearson(const work *w, const sx_measure *q)
{
    const side *a = &w->a, *b = &w->b;
    bool flat = !(a->deviation > 1e-12 * a->size), level = !(b->deviation > 1e-12 * b->size);
    if (flat || level) {
        double d = flat && level ? 0 : sqrt(0.5);
        return (sx_i_proof){.lo = d - DBL_EPSILON, .hi = d + DBL_EPSILON};
    }
    double d = difference(w, q);
    double error =
        4 * (a->form.error / (double)a->deviation + b->form.error / (double)b->deviation);
    return (sx_i_proof){.lo = d - error, .hi = d + error};
}

static sx_claim *last_claim(const sx_i_checking *g)
{
    return g->failed ? NULL : &g->claims->claim[g->claims->count - 1];
}

/* A claim that is not looked at. */
static void skip(sx_i_checking *g, const sx_certified_distance *x, const char *reason)
{
    sx_i_claim(g, "distance", x->a, x->b, x->value.value,
               (sx_i_proof){.lo = x->value.value, .hi = x->value.value}, INFINITY);
    sx_claim *c = last_claim(g);
    if (!c)
        return;
    c->lo = c->hi = NAN;
    c->measure = &x->measure;
    c->verdict = SX_UNCHECKED;
    c->reason = reason;
    g->claims->unchecked++;
}

static bool is_measure(const sx_measure *q)
{
    return q->kind == SX_DISTANCE_EPIC
               ? !sx_canon_is_minimal(q->canon)
               : !(q->norm == SX_NO_NORM && sx_canon_is_minimal(q->canon));
}

static void check_distance(work *w, const sx_certified_distance *x)
{
    const sx_measure *q = &x->measure;
    double slack = w->g->c->tolerance;
    if (!is_measure(q)) {
        sx_i_claim_that(w->g, "distance", x->a, x->b, false, "there is no such distance");
        return;
    }
    prepare(w, &w->a, x->a, q);
    prepare(w, &w->b, x->b, q);
    const char *reason = w->a.form.reason ? w->a.form.reason : w->b.form.reason;
    const char *lacking = w->a.form.lacking ? w->a.form.lacking : w->b.form.lacking;
    if (lacking)
        sx_i_claim_that(w->g, "distance", x->a, x->b, false, lacking);
    else if (reason)
        skip(w->g, x, reason);
    if (lacking || reason)
        return;
    sx_i_proof p = q->kind == SX_DISTANCE_EPIC ? pearson(w, q) : starc(w, q, &slack);
    sx_i_claim(w->g, "distance", x->a, x->b, x->value.value, p, slack);
    sx_claim *c = last_claim(w->g);
    if (c)
        c->measure = q;
}

/* Distributions that the certificate brings along. */
static void check_given(sx_i_checking *g)
{
    const sx_certificate *c = g->c;
    long double sum = 0;
    bool good = true;
    for (int32_t s = 0; c->state_dist && s < g->scope.n; s++) {
        good &= c->state_dist[s] >= 0;
        sum += c->state_dist[s];
    }
    if (c->state_dist)
        sx_i_claim_that(g, "state distribution", -1, -1, good && fabsl(sum - 1) <= 1e-9,
                        "it does not sum to 1");
    if (c->policy)
        sx_i_claim_that(g, "policy", -1, -1, sx_i_scope_policy(&g->scope, c->policy),
                        "it is no policy");
    if (c->action_dist)
        sx_i_claim_that(g, "action distribution", -1, -1,
                        sx_i_scope_policy(&g->scope, c->action_dist),
                        "it is no distribution over the actions of each state");
}

static bool form_room(const sx_mdp *m, sx_i_form *f)
{
    f->left = sx_alloc((size_t)m->pairs, sizeof *f->left);
    f->own = sx_alloc((size_t)m->states, sizeof *f->own);
    f->ahead = sx_alloc((size_t)m->states, sizeof *f->ahead);
    return f->left && f->own && f->ahead;
}

static void form_release(sx_i_form *f)
{
    sx_release(f->left);
    sx_release(f->own);
    sx_release(f->ahead);
}

static bool work_start(sx_i_checking *g, work *w)
{
    const sx_mdp *m = g->scope.m;
    size_t n = (size_t)m->states;
    *w = (work){.g = g,
                .d = {.m = m, .c = g->c, .reward = g->reward, .scope = &g->scope},
                .a = {.reward = -1},
                .b = {.reward = -1}};
    w->d.row = sx_alloc(n, sizeof *w->d.row);
    w->d.mean = sx_alloc((size_t)m->pairs, sizeof *w->d.mean);
    w->d.ahead = sx_alloc(n, sizeof *w->d.ahead);
    w->d.left = sx_alloc(n, sizeof *w->d.left);
    w->d.right = sx_alloc(n, sizeof *w->d.right);
    bool forms = form_room(m, &w->a.form);
    forms = form_room(m, &w->b.form) && forms;
    return forms && w->d.row && w->d.mean && w->d.ahead && w->d.left && w->d.right;
}

static void work_end(work *w)
{
    sx_release(w->d.row);
    sx_release(w->d.mean);
    sx_release(w->d.ahead);
    sx_release(w->d.left);
    sx_release(w->d.right);
    form_release(&w->a.form);
    form_release(&w->b.form);
}

sx_status sx_i_verify_distances(sx_i_checking *g, sx_error *err)
{
    const sx_mdp *m = g->scope.m;
    bool large = (int64_t)m->pairs * m->states > SX_CERTIFICATE_TRIPLES;
    work w = {0};
    check_given(g);
    sx_status st = large || work_start(g, &w) ? SX_OK : sx_nomem(err);
    if (!st && !large)
        measure_one(&w);
    for (int32_t i = 0; !st && i < g->c->distances && !g->failed; i++) {
        const sx_certified_distance *x = &g->c->distance[i];
        if (isnan(x->value.value))
            continue; /* nothing is claimed */
        if (large)
            skip(g, x, too_large);
        else
            check_distance(&w, x);
    }
    work_end(&w);
    return st;
}
