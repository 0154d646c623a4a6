/* SPDX-License-Identifier: GPL-3.0-or-later */
/* verify_form.c - canonical forms written out from their definitions, triple by triple.
 *
 * A row of a form is R(s,a,.) + left + gamma potential(.), or a number of its own spread over
 * the successors.  What the potential of the certificate lacks to be the right one is `error`,
 * a bound on every entry: for values of a policy by one sweep; for the least-squares forms by
 * the gradient g of the fit, since |W^1/2 B x|^2 = g.x <= |g|_1 |x|_inf and
 * |W^1/2 B x| >= (1 - gamma) |x|_inf. */
#include "metrics/verify_int.h"

#include <float.h>
#include <math.h>
#include <string.h>

/* The evidence for a form, or NULL. */
static const sx_certified_form *find_evidence(const sx_certificate *c, int32_t reward,
                                              sx_canon canon, sx_norm norm)
{
    for (int32_t i = 0; i < c->forms; i++)
        if (c->form[i].reward == reward && c->form[i].canon == canon &&
            (!sx_canon_is_minimal(canon) || c->form[i].norm == norm))
            return &c->form[i];
    return NULL;
}

static double uniform(const sx_mdp *m, int32_t s)
{
    return 1.0 / (m->pair[s + 1] - m->pair[s]);
}

static double action_weight(const sx_i_distances *g, int32_t s, int32_t k)
{
    return g->c->action_dist ? g->c->action_dist[k] : uniform(g->m, s);
}

static double state_weight(const sx_i_distances *g, int32_t s)
{
    return g->c->state_dist ? g->c->state_dist[s] : 1.0 / g->m->states;
}

double sx_i_triple_weight(const sx_i_distances *g, int32_t s, int32_t k, int32_t next)
{
    return state_weight(g, s) * action_weight(g, s, k) * state_weight(g, next);
}

/* --- rows --- */

/* ahead [S] = -gamma E_A E_{x~tau(s,A), y~tau(s',A)}[R(x,A,y)], the same A in both places. */
static void dard_row(const sx_i_distances *g, const sx_i_form *f, int32_t s)
{
    const sx_mdp *m = g->m;
    int32_t n = m->pair[s + 1] - m->pair[s];
    for (int32_t next = 0; next < m->states; next++)
        f->ahead[next] = 0;
    for (int32_t a = 0; a < n; a++) {
        int32_t k = m->pair[s] + a;
        for (int64_t t = m->first[k]; t < m->first[k + 1]; t++) {
            sx_reward_row(m, f->reward, m->pair[m->next[t]] + a, g->row);
            double weight = action_weight(g, s, k) * m->prob[t];
            for (int32_t next = 0; next < m->states; next++) {
                int32_t other = m->pair[next] + a;
                long double sum = 0;
                for (int64_t u = m->first[other]; u < m->first[other + 1]; u++)
                    sum += (long double)m->prob[u] * g->row[m->next[u]];
                f->ahead[next] -= m->discount * weight * sum;
            }
        }
    }
}

static void table_row(const sx_i_distances *g, const sx_i_form *f, int32_t s, int32_t k,
                      long double *out)
{
    const sx_mdp *m = g->m;
    if (f->dard && k == m->pair[s])
        dard_row(g, f, s);
    sx_reward_row(m, f->reward, k, g->row);
    for (int32_t next = 0; next < m->states; next++) {
        out[next] = g->row[next] + f->left[k];
        if (f->potential)
            out[next] += (long double)m->discount * f->potential[next];
        if (f->dard)
            out[next] += f->ahead[next];
    }
}

/* |tau|^2 of pair k. */
static long double square_of(const sx_mdp *m, int32_t k)
{
    long double square = 0;
    for (int64_t t = m->first[k]; t < m->first[k + 1]; t++)
        square += (long double)m->prob[t] * m->prob[t];
    return square;
}

/* out, where row k is possible. */
static void spread_row(const sx_mdp *m, const sx_i_form *f, int32_t k, long double *out)
{
    int64_t top = m->first[k];
    long double square = square_of(m, k), support = m->first[k + 1] - m->first[k];
    for (int64_t t = m->first[k]; t < m->first[k + 1]; t++) {
        top = m->prob[t] > m->prob[top] ? t : top;
        if (f->shape == SX_I_SPREAD)
            out[m->next[t]] = f->left[k] * m->prob[t] / square;
        else if (f->shape == SX_I_EVEN)
            out[m->next[t]] = f->left[k] / (support * m->prob[t]);
    }
    if (f->shape == SX_I_TOP)
        out[m->next[top]] = f->left[k] / m->prob[top];
}

void sx_i_form_row(const sx_i_distances *g, const sx_i_form *f, int32_t s, int32_t k,
                   long double *out)
{
    const sx_mdp *m = g->m;
    if (f->shape == SX_I_TABLE) {
        table_row(g, f, s, k, out);
        return;
    }
    for (int32_t next = 0; next < m->states; next++)
        out[next] = f->shape == SX_I_VALUE ? f->left[k] : 0;
    if (f->shape == SX_I_VALUE)
        return;
    spread_row(m, f, k, out);
}

/* --- each form --- */

static void epic(const sx_i_distances *g, sx_i_form *f)
{
    const sx_mdp *m = g->m;
    long double mean = 0;
    f->shape = SX_I_TABLE;
    f->potential = f->own;
    for (int32_t s = 0; s < m->states; s++) {
        f->own[s] = 0;
        for (int32_t k = m->pair[s]; k < m->pair[s + 1]; k++) {
            sx_reward_row(m, f->reward, k, g->row);
            for (int32_t next = 0; next < m->states; next++)
                f->own[s] +=
                    (long double)action_weight(g, s, k) * state_weight(g, next) * g->row[next];
        }
        mean += state_weight(g, s) * f->own[s];
    }
    for (int32_t s = 0; s < m->states; s++)
        for (int32_t k = m->pair[s]; k < m->pair[s + 1]; k++)
            f->left[k] = -f->own[s] - m->discount * mean;
}

/* Whether every state has the actions of the first, equally likely. */
static bool same_actions(const sx_i_distances *g)
{
    const sx_mdp *m = g->m;
    int32_t n = m->pair[1];
    for (int32_t s = 0; s < m->states; s++)
        for (int32_t a = 0; a < n; a++) {
            int32_t k = m->pair[s] + a;
            if (m->pair[s + 1] - m->pair[s] != n || m->action[k] != m->action[a] ||
                !(fabs(action_weight(g, s, k) - action_weight(g, 0, a)) <= 1e-12))
                return false;
        }
    return true;
}

static void dard(const sx_i_distances *g, sx_i_form *f)
{
    const sx_mdp *m = g->m;
    if (!same_actions(g)) {
        f->reason = "dard needs the same actions in every state";
        return;
    }
    f->shape = SX_I_TABLE;
    f->dard = true;
    f->potential = f->own;
    for (int32_t s = 0; s < m->states; s++) {
        f->own[s] = 0;
        for (int32_t k = m->pair[s]; k < m->pair[s + 1]; k++)
            f->own[s] += action_weight(g, s, k) * g->mean[k];
        for (int32_t k = m->pair[s]; k < m->pair[s + 1]; k++)
            f->left[k] = -f->own[s];
    }
}

/* r [K] += gamma P phi - phi */
static void shape_more(const sx_mdp *m, const double *phi, long double *r)
{
    for (int32_t s = 0; s < m->states; s++)
        for (int32_t k = m->pair[s]; k < m->pair[s + 1]; k++) {
            r[k] -= phi[s];
            for (int64_t t = m->first[k]; t < m->first[k + 1]; t++)
                r[k] += (long double)m->discount * m->prob[t] * phi[m->next[t]];
        }
}

/* own = the potential; left = what it and the constant make of the row values. */
static void shaped_rows(const sx_i_distances *g, const sx_certified_form *e, sx_i_form *f)
{
    double noise = sx_i_scope_shape(g->scope, f->reward, e->potential, f->left);
    for (int32_t k = 0; k < g->m->pairs; k++)
        f->left[k] -= e->constant;
    for (int32_t s = 0; s < g->m->states; s++) {
        f->own[s] = e->potential[s];
        if (e->potential_rest)
            f->own[s] += e->potential_rest[s];
    }
    if (e->potential_rest)
        shape_more(g->m, e->potential_rest, f->left);
    f->error = noise + (double)LDBL_EPSILON * fabs(e->constant);
}

/* What remains of 1 - gamma. */
static double rest(const sx_i_distances *g)
{
    return 1 - g->m->discount * g->scope->rho[1];
}

/* How far the advantages in f->left can be from those of a policy (NULL: the uniform one). */
static void policy_error(const sx_i_distances *g, sx_i_form *f, const double *policy)
{
    const sx_mdp *m = g->m;
    long double worst = 0;
    for (int32_t s = 0; s < m->states; s++) {
        long double sum = 0, mass = 0;
        for (int32_t k = m->pair[s]; k < m->pair[s + 1]; k++) {
            double p = policy ? policy[k] : uniform(m, s);
            sum += p * f->left[k];
            mass += p;
        }
        if (!(fabsl(sum / mass) <= worst))
            worst = fabsl(sum / mass);
    }
    double slack = rest(g);
    f->error = slack > 0 ? (1 + m->discount) * ((double)worst + f->error) / slack + f->error
                         : INFINITY;
}

/* left turned from what the rows are into what is added to them. */
static void as_table(const sx_i_distances *g, const sx_certified_form *e, sx_i_form *f)
{
    const sx_mdp *m = g->m;
    f->shape = SX_I_TABLE;
    for (int32_t s = 0; s < m->states; s++)
        for (int32_t k = m->pair[s]; k < m->pair[s + 1]; k++)
            f->left[k] = -f->own[s] - e->constant;
    f->potential = f->own;
}

/* Shorten the ways through the possible triples of pair k, both ways.  Whether one was. */
static bool shorten(const sx_i_distances *g, int32_t s, int32_t k, double each, double *far)
{
    const sx_mdp *m = g->m;
    bool better = false;
    for (int64_t t = m->first[k]; t < m->first[k + 1]; t++) {
        int32_t next = m->next[t];
        double way = each + 1 / sqrt(m->prob[t]);
        better |= far[s] + way < far[next] || far[next] + way < far[s];
        far[next] = fmin(far[next], far[s] + way);
        far[s] = fmin(far[s], far[next] + way);
    }
    return better;
}

static bool shorten_all(const sx_i_distances *g, double each, double *far)
{
    const sx_mdp *m = g->m;
    bool better = false;
    for (int32_t s = 0; s < m->states; s++)
        for (int32_t k = m->pair[s]; k < m->pair[s + 1]; k++)
            better |= shorten(g, s, k, each, far);
    return better;
}

double sx_i_potential_reach(const sx_i_distances *g, sx_i_squares of)
{
    const sx_mdp *m = g->m;
    double each = (1 - m->discount) / rest(g), most = 0, *far = g->row;
    if (!(rest(g) > 0) || of != SX_I_BY_POSSIBLE)
        return !(rest(g) > 0) ? INFINITY : of == SX_I_BY_ROW ? 2 / rest(g) : 1 + each;
    for (int32_t s = 0; s < m->states; s++)
        far[s] = s ? INFINITY : 0;
    while (shorten_all(g, each, far))
        continue;
    for (int32_t s = 0; s < m->states; s++)
        most = fmax(most, far[s]);
    return fmin(most * (1 + 1e-12), 2 / rest(g));
}

double sx_i_potential_pull(const sx_i_distances *g, double reach, const long double *residual,
                           const long double *lost, double vague)
{
    long double sum = 0, size = 0;
    for (int32_t s = 0; s < g->m->states; s++) {
        long double x = residual[s] + (lost ? lost[s] : 0);
        sum += x;
        size += s ? fabsl(x) : 0;
    }
    double apart = (double)(fabsl(sum) / rest(g) + size * reach);
    double whole = (double)((size + fabsl(residual[0])) / rest(g));
    return rest(g) > 0 ? fmin(apart, whole) + vague / rest(g) : INFINITY;
}

/* Norms of an error of Euclidean norm e over n entries, of which `alike` at a time are one
 * number. */
static void fit_norms(const sx_i_distances *g, double e, double n, double alike, sx_i_form *f)
{
    f->fit[SX_L1] = sqrt(n * alike) * e;
    f->fit[SX_L2] = sqrt(alike) * e;
    f->fit[SX_LINF] = f->fit[SX_WEIGHTED_L2] = f->fit[SX_WEIGHTED_LINF] = e;
    f->fit[SX_WEIGHTED_L1] = sqrt(g->m->pairs * g->scope->rho[1]) * e;
}

/* Norms of an error of rows that are spread evenly, by probability over all possible triples.
 */
static void even_norms(const sx_i_distances *g, double off, sx_i_form *f)
{
    const sx_mdp *m = g->m;
    double least = 1;
    for (int64_t t = 0; t < m->entries; t++)
        least = fmin(least, m->prob[t]);
    fit_norms(g, off / sqrt(least), (double)m->entries, 1, f);
    f->fit[SX_WEIGHTED_L2] = f->fit[SX_WEIGHTED_LINF] = off;
    f->fit[SX_WEIGHTED_L1] = sqrt(m->pairs * g->scope->rho[1]) * off;
}

/* minimal: rows r' of least weighted squares. */
static void minimal(const sx_i_distances *g, sx_norm norm, sx_i_form *f)
{
    const sx_mdp *m = g->m;
    long double *gradient = g->ahead;
    f->shape = norm == SX_L2 ? SX_I_SPREAD : SX_I_VALUE;
    for (int32_t s = 0; s < m->states; s++)
        gradient[s] = 0;
    for (int32_t s = 0; s < m->states; s++)
        for (int32_t k = m->pair[s]; k < m->pair[s + 1]; k++) {
            long double x = f->left[k] / (norm == SX_L2 ? square_of(m, k) : 1);
            gradient[s] -= x;
            for (int64_t t = m->first[k]; t < m->first[k + 1]; t++)
                gradient[m->next[t]] += m->discount * m->prob[t] * x;
        }
    double reach = sx_i_potential_reach(g, SX_I_BY_ROW), states = m->states;
    double e = sx_i_potential_pull(g, reach, gradient, NULL, 0);
    if (norm == SX_L2)
        fit_norms(g, e, (double)m->entries, 1, f);
    else
        fit_norms(g, e, m->pairs * states, states, f);
}

/* An error of the root of the sum of all squares, or of the possible ones by probability. */
static void triple_norms(const sx_i_distances *g, double off, sx_i_squares of, sx_i_form *f)
{
    double triples = (double)g->m->pairs * g->m->states;
    fit_norms(g, off, triples, 1, f);
    if (of == SX_I_BY_TRIPLE)
        return;
    /* of impossible triples nothing is known but that the potential is near */
    double near = (1 - g->m->discount) / rest(g) + 2 * sx_i_potential_reach(g, of);
    double each = off * fmin(near, 2 / rest(g));
    f->fit[SX_L1] = triples * each;
    f->fit[SX_L2] = sqrt(triples) * each;
    f->fit[SX_LINF] = each;
}

/* minimal-potential: all triples, or the possible ones by probability. */
static void minimal_potential(const sx_i_distances *g, const sx_certified_form *e, sx_norm norm,
                              sx_i_form *f)
{
    const sx_mdp *m = g->m;
    long double *gradient = g->ahead;
    as_table(g, e, f);
    for (int32_t s = 0; s < m->states; s++)
        gradient[s] = 0;
    for (int32_t s = 0; s < m->states; s++)
        for (int32_t k = m->pair[s]; k < m->pair[s + 1]; k++) {
            sx_i_form_row(g, f, s, k, g->left);
            if (norm == SX_L2)
                for (int32_t next = 0; next < m->states; next++) {
                    gradient[s] -= g->left[next];
                    gradient[next] += m->discount * g->left[next];
                }
            for (int64_t t = m->first[k]; norm != SX_L2 && t < m->first[k + 1]; t++) {
                gradient[s] -= m->prob[t] * g->left[m->next[t]];
                gradient[m->next[t]] += m->discount * m->prob[t] * g->left[m->next[t]];
            }
        }
    sx_i_squares of = norm == SX_L2 ? SX_I_BY_TRIPLE : SX_I_BY_POSSIBLE;
    double reach = sx_i_potential_reach(g, of);
    triple_norms(g, sx_i_potential_pull(g, reach, gradient, NULL, 0), of, f);
}

/* The same in the l1 and linf kinds; a trivial reward needs no proof, as its form is 0. */
static void minimal_by_dual(const sx_i_distances *g, const sx_certified_form *e, sx_norm norm,
                            sx_i_form *f)
{
    double off = 0, states = g->m->states, pairs = g->m->pairs;
    f->shape = norm == SX_L1 ? SX_I_TOP : norm == SX_WEIGHTED_LINF ? SX_I_EVEN : SX_I_VALUE;
    if (f->zero)
        return;
    sx_i_form_least(g, e, f, &off);
    if (norm == SX_L1)
        fit_norms(g, off, pairs, 1, f);
    else if (norm == SX_LINF)
        fit_norms(g, off / sqrt(states), pairs * states, states, f);
    else if (norm == SX_WEIGHTED_L1)
        fit_norms(g, off, pairs * states, states, f);
    else
        even_norms(g, off, f);
}

static void minimal_potential_by_dual(const sx_i_distances *g, const sx_certified_form *e,
                                      sx_norm norm, sx_i_form *f)
{
    double off = 0;
    as_table(g, e, f);
    sx_i_form_least(g, e, f, &off);
    triple_norms(g, off, norm == SX_L1 || norm == SX_LINF ? SX_I_BY_TRIPLE : SX_I_BY_POSSIBLE,
                 f);
}

static void from_evidence(const sx_i_distances *g, const sx_certified_form *e, sx_canon canon,
                          sx_norm norm, sx_i_form *f)
{
    shaped_rows(g, e, f);
    switch (canon) {
    case SX_VAL:
    case SX_VAL_POTENTIAL:
        policy_error(g, f, g->c->policy);
        f->shape = SX_I_VALUE;
        if (canon == SX_VAL_POTENTIAL)
            as_table(g, e, f);
        break;
    case SX_MINIMAL:
        if (sx_certified_form_terms(&g->c->world, canon, norm))
            minimal_by_dual(g, e, norm, f);
        else
            minimal(g, norm, f);
        break;
    default:
        if (sx_certified_form_terms(&g->c->world, canon, norm))
            minimal_potential_by_dual(g, e, norm, f);
        else
            minimal_potential(g, e, norm, f);
        break;
    }
}

/* Whether a reward is trivial by the evidence of the uniform policy. */
static bool is_trivial(const sx_i_distances *g, int32_t reward, sx_i_form *f)
{
    const sx_certified_form *e = find_evidence(g->c, reward, SX_NONE, SX_NO_NORM);
    long double most = 0;
    if (!e) {
        f->lacking = "the values of the uniform policy are missing";
        return false;
    }
    shaped_rows(g, e, f);
    policy_error(g, f, NULL);
    for (int32_t k = 0; k < g->m->pairs; k++)
        most = fmaxl(most, fabsl(f->left[k]));
    double limit = g->c->trivial * sx_reward_max_possible(g->m, f->reward);
    if (!(f->error <= fabs((double)most - limit) || f->error <= 1e-3 * limit))
        f->lacking = "the values of the uniform policy are not proved";
    return most <= limit;
}

void sx_i_form_fill(const sx_i_distances *g, int32_t reward, sx_canon canon, sx_norm norm,
                    sx_i_form *f)
{
    const sx_certified_form *e = find_evidence(g->c, reward, canon, norm);
    f->reward = g->reward[g->c->reward[reward].reward];
    f->reason = f->lacking = NULL;
    f->potential = NULL;
    f->dard = f->zero = false;
    f->error = 0;
    memset(f->fit, 0, sizeof f->fit);
    if (canon == SX_VAL || canon == SX_MINIMAL)
        f->zero = is_trivial(g, reward, f);
    f->error = 0;
    memset(f->left, 0, (size_t)g->m->pairs * sizeof *f->left);
    f->shape = SX_I_TABLE;
    sx_reward_mean(g->m, f->reward, g->mean);
    if (canon == SX_EPIC)
        epic(g, f);
    else if (canon == SX_DARD)
        dard(g, f);
    else if (canon != SX_NONE && !e)
        f->lacking = "its potential is missing";
    else if (canon != SX_NONE)
        from_evidence(g, e, canon, norm, f);
    if (!(f->error + f->fit[SX_L1] < INFINITY))
        f->lacking = "its potential is not finite";
}
