/* SPDX-License-Identifier: GPL-3.0-or-later */
/* orbit_average.c - rewards averaged over a group, and how far that is from what they were.
 *
 * (1-P) c(R) = c((1-P) R), as c = val commutes with every symmetry.  So R - PR is formed first,
 * on possible triples with means of twice the precision, and evaluated after: a small
 * inconsistency keeps its digits.  With x = ||c(R - PR)||, y = ||c(PR)||, which are orthogonal,
 * I = x / sqrt(x^2 + y^2) is the sine of the angle atan2(x, y), and never above 1. */
#include "metrics/orbit_int.h"

#include "metrics/canon_int.h"
#include "metrics/norm_int.h"

#include <math.h>
#include <string.h>

/* --- means over orbits --- */

/* value[i] = mean over the orbit of i of from, rest[i] = from[i] - that. */
typedef struct means {
    const double *from;
    double *value; /* may be from */
    double *rest;  /* NULL: not wanted */
} means;

/* The mean as high + low, the quotient and what its rounding left: equal values have the same
 * mean to the last bit, and small differences keep theirs. */
static void take_mean(void *context, const int64_t *member, int64_t count)
{
    const means *x = context;
    sx_i_sum sum = {0};
    for (int64_t i = 0; i < count; i++)
        sx_i_sum_add(&sum, x->from[member[i]]);
    double n = (double)count, high = sum.high / n;
    double low = (fma(-high, n, sum.high) + sum.low) / n;
    for (int64_t i = 0; i < count; i++) {
        double from = x->from[member[i]];
        x->value[member[i]] = high + low;
        if (x->rest)
            x->rest[member[i]] = (from - high) - low;
    }
}

/* The entry to which generator g sends entry i. */
static int64_t image_entry(const sx_orbits *o, int32_t g, int64_t i)
{
    const sx_mdp *m = o->m;
    return sx_mdp_entry(m, (int32_t)sx_i_image_pair(o, g, sx_mdp_entry_pair(m, i)),
                        (int32_t)sx_i_image_state(o, g, m->next[i]));
}

static sx_status split(const sx_orbits *o, sx_i_image *image, int64_t n, means x, sx_error *err)
{
    return sx_i_orbits_walk(o, image, n, take_mean, &x, NULL, err);
}

/* --- inconsistency --- */

/* advantage [K] of the reward with these values on possible triples. */
static sx_status advantages(const sx_orbits *o, sx_canoniser *c, double *on, double *advantage,
                            sx_error *err)
{
    sx_reward r = {.on = on}, *form = NULL;
    const char *reason = NULL;
    sx_status st = sx_canonicalise(c, &r, SX_VAL, SX_L2, &form, &reason, err);
    if (!st)
        memcpy(advantage, form->left, (size_t)o->m->pairs * sizeof *advantage);
    sx_reward_free(form);
    return st;
}

/* What is computed on the way. */
typedef struct parts {
    double *mean, *rest;   /* [T] PR and R - PR on possible triples */
    double *same, *change; /* [K] c(PR) = P c(R) and c(R - PR) = (1-P) c(R) */
} parts;

static void parts_clear(parts *p)
{
    sx_release(p->mean);
    sx_release(p->rest);
    sx_release(p->same);
    sx_release(p->change);
}

static sx_status parts_make(const sx_orbits *o, sx_canoniser *c, const sx_reward *r, parts *p,
                            sx_error *err)
{
    size_t T = (size_t)o->m->entries, K = (size_t)o->m->pairs;
    p->mean = sx_alloc(T, sizeof *p->mean);
    p->rest = sx_alloc(T, sizeof *p->rest);
    p->same = sx_alloc(K, sizeof *p->same);
    p->change = sx_alloc(K, sizeof *p->change);
    sx_status st = p->mean && p->rest && p->same && p->change ? SX_OK : sx_nomem(err);
    if (!st)
        st = split(o, image_entry, o->m->entries, (means){r->on, p->mean, p->rest}, err);
    if (!st)
        st = advantages(o, c, p->mean, p->same, err);
    if (!st)
        st = advantages(o, c, p->rest, p->change, err);
    return st;
}

/* The l2 norm of x [n], safe at any size of its numbers. */
static double length(const double *x, int32_t n, double largest)
{
    sx_i_sum sum = {0};
    for (int32_t i = 0; largest > 0 && i < n; i++)
        sx_i_sum_add(&sum, (x[i] / largest) * (x[i] / largest));
    return largest * sqrt(sx_i_sum_value(&sum));
}

static double largest(const double *x, int32_t n)
{
    double most = 0;
    for (int32_t i = 0; i < n; i++)
        if (!(fabs(x[i]) <= most))
            most = fabs(x[i]);
    return most;
}

static const char TRIVIAL[] =
    "the reward is trivial: all policies have the same value under it, and c(R) is zero";
static const char NO_TRUTH[] =
    "no reward but a trivial one is invariant under these symmetries: there is no truth to be "
    "far from";

static void measure(const sx_orbits *o, const parts *p, double most, sx_inconsistency *out)
{
    int32_t K = o->m->pairs;
    double turn = largest(p->change, K);
    double x = turn <= 1e-12 * most ? 0 : length(p->change, K, turn);
    double y = length(p->same, K, largest(p->same, K));
    double angle = atan2(x, y);
    out->share = (sx_number){sin(angle), NULL};
    out->distance =
        o->dimension > 0 ? (sx_number){2 * sin(angle / 2), NULL} : (sx_number){NAN, NO_TRUTH};
}

sx_status sx_orbit_inconsistency(const sx_orbits *o, sx_canoniser *c, const sx_reward *r,
                                 sx_inconsistency *out, sx_error *err)
{
    bool trivial = false;
    parts p = {0};
    *out = (sx_inconsistency){{NAN, TRIVIAL}, {NAN, TRIVIAL}};
    if (c->m != o->m || c->chosen != SX_I_UNIFORM)
        return sx_fail(err, SX_EARG,
                       "the canonical forms are of another world or not of the uniform policy");
    sx_status st = sx_canon_trivial(c, r, &trivial, err);
    if (st || trivial)
        return st;
    st = parts_make(o, c, r, &p, err);
    if (!st)
        measure(o, &p, sx_reward_max_possible(o->m, r), out);
    parts_clear(&p);
    return st;
}

/* --- the averaged reward --- */

/* Is x [n], states or pairs by image, the same within orbits? */
static bool is_invariant(const sx_orbits *o, sx_i_image *image, const double *x, int32_t n)
{
    for (int32_t g = 0; g < o->generators; g++)
        for (int32_t i = 0; i < n; i++)
            if (x[image(o, g, i)] != x[i])
                return false;
    return true;
}

/* Is the average of the sum form what averaging each side makes?  The mean of a product u w
 * over the group is the product of the means where u or w does not change. */
static bool is_separable(const sx_orbits *o, const sx_reward *r)
{
    const sx_mdp *m = o->m;
    for (int32_t i = 0; i < r->products; i++)
        if (!is_invariant(o, sx_i_image_pair, r->product[i].left, m->pairs) &&
            !is_invariant(o, sx_i_image_state, r->product[i].right, m->states))
            return false;
    return r->exceptions == 0;
}

static sx_status average_array(const sx_orbits *o, sx_i_image *image, double *x, int64_t n,
                               sx_error *err)
{
    return x ? split(o, image, n, (means){x, x, NULL}, err) : SX_OK;
}

static sx_status average_sides(const sx_orbits *o, sx_reward *r, sx_error *err)
{
    int32_t K = o->m->pairs, S = o->m->states;
    sx_status st = average_array(o, sx_i_image_pair, r->left, K, err);
    if (!st)
        st = average_array(o, sx_i_image_state, r->right, S, err);
    for (int32_t i = 0; !st && i < r->products; i++) {
        st = average_array(o, sx_i_image_pair, r->product[i].left, K, err);
        if (!st)
            st = average_array(o, sx_i_image_state, r->product[i].right, S, err);
    }
    return st;
}

sx_status sx_orbit_average(const sx_orbits *o, const sx_reward *r, sx_reward **out,
                           sx_error *err)
{
    const sx_mdp *m = o->m;
    sx_status st = sx_reward_copy(m, r, out, err);
    if (!st)
        st = average_array(o, image_entry, (*out)->on, m->entries, err);
    bool sum = !st && !(*out)->dense && !(*out)->unknown;
    if (sum && is_separable(o, *out))
        st = average_sides(o, *out, err);
    else if (sum)
        st = sx_reward_densify(m, *out, err);
    if (!st && (*out)->dense)
        st = average_array(o, sx_i_image_triple, (*out)->dense, (int64_t)m->pairs * m->states,
                           err);
    if (st)
        *out = sx_reward_free(*out);
    return st;
}
