/* SPDX-License-Identifier: GPL-3.0-or-later */
/* canon.c - canonical forms that have a formula: none, epic, val, val-potential.
 *
 * All keep the sum form of a reward: shaping adds to its left and right parts, the
 * advantage is a left part alone. */
#include "metrics/canon.h"

#include "metrics/canon_int.h"
#include "metrics/norm_int.h"

#include <string.h>

static const char *const names[] = {
    "none", "epic", "dard", "val", "val-potential", "minimal", "minimal-potential"};

const char *sx_canon_name(sx_canon c)
{
    return names[c];
}

bool sx_canon_find(const char *name, sx_canon *c)
{
    for (int i = 0; i < SX_CANONS; i++)
        if (strcmp(name, names[i]) == 0) {
            *c = (sx_canon)i;
            return true;
        }
    return false;
}

bool sx_canon_is_minimal(sx_canon c)
{
    return c == SX_MINIMAL || c == SX_MINIMAL_POTENTIAL;
}

sx_canon_options sx_canon_defaults(void)
{
    return (sx_canon_options){NULL, NULL, NULL, 1e-9};
}

/* p[0..n-1] >= 0 and sums to 1. */
static bool is_distribution(const double *p, int32_t n)
{
    sx_i_sum sum = {0};
    for (int32_t i = 0; i < n; i++) {
        if (!(p[i] >= 0))
            return false;
        sx_i_sum_add(&sum, p[i]);
    }
    return fabs(sx_i_sum_value(&sum) - 1) <= 1e-9;
}

static sx_status copy_actions(const sx_mdp *m, const double *from, const char *what,
                              double **to, sx_error *err)
{
    *to = sx_alloc((size_t)m->pairs, sizeof **to);
    if (!*to)
        return sx_nomem(err);
    sx_policy_uniform(m, *to);
    for (int32_t s = 0; from && s < m->states; s++)
        if (!is_distribution(from + m->pair[s], m->pair[s + 1] - m->pair[s]))
            return sx_fail(err, SX_EARG, "%s is no distribution over the actions of state %d",
                           what, (int)s);
    if (from)
        memcpy(*to, from, (size_t)m->pairs * sizeof **to);
    return SX_OK;
}

static sx_status copy_states(const sx_mdp *m, const double *from, double **to, sx_error *err)
{
    *to = sx_alloc((size_t)m->states, sizeof **to);
    if (!*to)
        return sx_nomem(err);
    if (from && !is_distribution(from, m->states))
        return sx_fail(err, SX_EARG, "the state distribution does not sum to 1 over %d states",
                       (int)m->states);
    for (int32_t s = 0; s < m->states; s++)
        (*to)[s] = from ? from[s] : 1.0 / m->states;
    return SX_OK;
}

sx_status sx_canoniser_new(const sx_mdp *m, const sx_canon_options *o, sx_canoniser **out,
                           sx_error *err)
{
    *out = NULL;
    if (!(o->trivial >= 0))
        return sx_fail(err, SX_EARG, "the threshold of triviality %g is negative", o->trivial);
    sx_canoniser *c = sx_alloc(1, sizeof *c);
    if (!c)
        return sx_nomem(err);
    c->m = m;
    c->trivial = o->trivial;
    c->chosen = o->policy ? SX_I_GIVEN : SX_I_UNIFORM;
    sx_status st = copy_actions(m, NULL, "the policy", &c->policy[SX_I_UNIFORM], err);
    if (!st && o->policy)
        st = copy_actions(m, o->policy, "the policy", &c->policy[SX_I_GIVEN], err);
    if (!st)
        st = copy_actions(m, o->action_dist, "the action distribution", &c->action_dist, err);
    if (!st)
        st = copy_states(m, o->state_dist, &c->state_dist, err);
    if (st)
        c = sx_canoniser_free(c);
    *out = c;
    return st;
}

sx_canoniser *sx_canoniser_free(sx_canoniser *c)
{
    if (!c)
        return NULL;
    for (int i = 0; i < SX_I_FITS; i++) {
        sx_least_squares_free(c->fit[i].solver);
        sx_matrix_free(c->fit[i].matrix);
    }
    for (int i = 0; i < 2; i++) {
        sx_evaluator_free(c->evaluator[i]);
        sx_release(c->policy[i]);
    }
    sx_release(c->action_dist);
    sx_release(c->state_dist);
    return sx_release(c);
}

const double *sx_canoniser_state_dist(const sx_canoniser *c)
{
    return c->state_dist;
}

const double *sx_canoniser_action_dist(const sx_canoniser *c)
{
    return c->action_dist;
}

void sx_i_shape_rows(const sx_mdp *m, const double *from, const double *phi, double *to)
{
    for (int32_t s = 0; s < m->states; s++)
        for (int32_t k = m->pair[s]; k < m->pair[s + 1]; k++) {
            double ahead = 0;
            for (int64_t t = m->first[k]; t < m->first[k + 1]; t++)
                ahead += m->prob[t] * phi[m->next[t]];
            to[k] = from[k] + (m->discount * ahead - phi[s]);
        }
}

/* Take the mean off x [n] and return it. */
static double take_mean(double *x, int32_t n)
{
    sx_i_sum sum = {0};
    for (int32_t i = 0; i < n; i++)
        sx_i_sum_add(&sum, x[i]);
    double mean = sx_i_sum_value(&sum) / n;
    for (int32_t i = 0; i < n; i++)
        x[i] -= mean;
    return mean;
}

double sx_i_split_potential(const sx_mdp *m, double *phi)
{
    return (1 - m->discount) * take_mean(phi, m->states);
}

sx_status sx_i_add_constant(const sx_mdp *m, sx_reward *r, double c, sx_error *err)
{
    double *value = sx_alloc((size_t)m->pairs, sizeof *value);
    sx_status st = value ? SX_OK : sx_nomem(err);
    for (int32_t k = 0; !st && k < m->pairs; k++)
        value[k] = c;
    if (!st)
        st = sx_reward_add_left(m, r, value, err);
    sx_release(value);
    return st;
}

static double largest(const double *x, int32_t n)
{
    double most = 0;
    for (int32_t i = 0; i < n; i++)
        most = fmax(most, fabs(x[i]));
    return most;
}

/* V^pi = value + mean / (1-gamma), and the advantages. */
typedef struct values {
    double *value;     /* [S] */
    double *advantage; /* [K] */
    double mean;
} values;

static void values_clear(values *v)
{
    sx_release(v->value);
    sx_release(v->advantage);
}

/* Values and advantages of r under the policy c->policy[which].  What all values have in common
 * is 1/(1-gamma) times a reward and may be large; it is kept apart, since the advantages would
 * drown in its rounding. */
static sx_status values_make(sx_canoniser *c, int which, const sx_reward *r, values *v,
                             sx_error *err)
{
    const sx_mdp *m = c->m;
    const double *pi = c->policy[which];
    sx_evaluator **e = &c->evaluator[which];
    double common = 0;
    v->value = sx_alloc((size_t)m->states, sizeof *v->value);
    v->advantage = sx_alloc((size_t)m->pairs, sizeof *v->advantage);
    sx_status st = v->value && v->advantage ? SX_OK : sx_nomem(err);
    if (!st && !*e)
        st = sx_evaluator_new(m, pi, e, err);
    if (!st) {
        sx_reward_mean(m, r, v->advantage);
        st = sx_evaluator_relative(*e, v->advantage, v->value, &common, err);
    }
    if (!st) {
        v->mean = (1 - m->discount) * common;
        for (int32_t k = 0; k < m->pairs; k++)
            v->advantage[k] -= v->mean;
        sx_i_shape_rows(m, v->advantage, v->value, v->advantage);
    }
    return st;
}

static sx_status val(sx_canoniser *c, const sx_reward *r, sx_reward **out, sx_error *err)
{
    const sx_mdp *m = c->m;
    values v = {0};
    sx_status st = values_make(c, c->chosen, r, &v, err);
    if (!st)
        st = sx_reward_new(m, out, err);
    if (!st)
        st = sx_reward_add_left(m, *out, v.advantage, err);
    values_clear(&v);
    return st;
}

/* V = v.value + v.mean / (1-gamma), and the constant shapes by -v.mean. */
static sx_status val_potential(sx_canoniser *c, const sx_reward *r, sx_reward **out,
                               sx_error *err)
{
    values v = {0};
    sx_status st = values_make(c, c->chosen, r, &v, err);
    if (!st)
        st = sx_reward_copy(c->m, r, out, err);
    if (!st)
        st = sx_i_add_constant(c->m, *out, -v.mean, err);
    if (!st)
        st = sx_reward_shape(c->m, *out, v.value, err);
    values_clear(&v);
    return st;
}

/* phi(s) = E_{A~D_A, S'~D_S}[R(s,A,S')];  *mean = E_{D_S}[phi]. */
static sx_status epic_potential(const sx_canoniser *c, const sx_reward *r, double *phi,
                                double *mean, sx_error *err)
{
    const sx_mdp *m = c->m;
    sx_i_weights w = {.state = c->state_dist};
    double *row = sx_alloc((size_t)m->pairs, sizeof *row);
    sx_status st = row ? sx_i_marginals(m, r, &w, row, NULL, err) : sx_nomem(err);
    sx_i_sum sum = {0};
    for (int32_t s = 0; !st && s < m->states; s++) {
        phi[s] = 0;
        for (int32_t k = m->pair[s]; k < m->pair[s + 1]; k++)
            phi[s] += c->action_dist[k] * row[k];
        sx_i_sum_add(&sum, c->state_dist[s] * phi[s]);
    }
    *mean = sx_i_sum_value(&sum);
    sx_release(row);
    return st;
}

/* R + gamma (phi(s') - E[phi]) - phi(s): with psi = phi - E[phi] this is the shaping by psi
 * less E[phi], one constant instead of two large ones. */
static sx_status epic(const sx_canoniser *c, const sx_reward *r, sx_reward **out,
                      const char **reason, sx_error *err)
{
    const sx_mdp *m = c->m;
    *reason = r->unknown;
    if (*reason)
        return SX_OK;
    double mean = 0;
    double *phi = sx_alloc((size_t)m->states, sizeof *phi);
    sx_status st = phi ? epic_potential(c, r, phi, &mean, err) : sx_nomem(err);
    for (int32_t s = 0; !st && s < m->states; s++)
        phi[s] -= mean;
    if (!st)
        st = sx_reward_copy(m, r, out, err);
    if (!st)
        st = sx_i_add_constant(m, *out, -mean, err);
    if (!st)
        st = sx_reward_shape(m, *out, phi, err);
    sx_release(phi);
    return st;
}

sx_status sx_canonicalise(sx_canoniser *c, const sx_reward *r, sx_canon canon, sx_norm norm,
                          sx_reward **out, const char **reason, sx_error *err)
{
    sx_status st = SX_OK;
    *out = NULL;
    *reason = NULL;
    switch (canon) {
    case SX_NONE: st = sx_reward_copy(c->m, r, out, err); break;
    case SX_EPIC: st = epic(c, r, out, reason, err); break;
    case SX_DARD: st = sx_i_dard(c, r, out, reason, err); break;
    case SX_VAL: st = val(c, r, out, err); break;
    case SX_VAL_POTENTIAL: st = val_potential(c, r, out, err); break;
    case SX_MINIMAL: st = sx_i_minimal(c, r, norm, out, reason, err); break;
    case SX_MINIMAL_POTENTIAL: st = sx_i_minimal_potential(c, r, norm, out, reason, err); break;
    }
    if (st)
        *out = sx_reward_free(*out);
    return st;
}

sx_status sx_canon_trivial(sx_canoniser *c, const sx_reward *r, bool *trivial, sx_error *err)
{
    const sx_mdp *m = c->m;
    values v = {0};
    *trivial = false;
    sx_status st = values_make(c, SX_I_UNIFORM, r, &v, err);
    if (!st)
        *trivial = largest(v.advantage, m->pairs) <= c->trivial * sx_reward_max_possible(m, r);
    values_clear(&v);
    return st;
}
