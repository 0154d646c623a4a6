/* SPDX-License-Identifier: GPL-3.0-or-later */
/* verify_dual.c - that a form is the least in l1, linf, weighted-l1 or weighted-linf, and among
 * the least ones that of least squares, from two vectors over its terms.
 *
 * Terms are the shaped rows (s,a) of `minimal`, all triples of `minimal-potential`, or the
 * possible ones where the norm is weighted:  e = value + B phi,
 *
 *     N(e) = sum_i w_i |e_i|  or  max_i w_i |e_i|,   Q(e) = sum_i q_i e_i^2.
 *
 * Every other form is z = e + B x.  If N(z) <= N(e) then |B x| <= 2 N(e) in each row value, and
 * |x| <= |B x| / (1-gamma) in the largest entry; likewise |x| <= Q(B x)^1/2 / (1-gamma).
 *
 *     dual     N(z) >= y.z / |y|* = (y.e + (B'y).x) / |y|*,  |.|* the dual norm
 *     centre   g a subgradient of N at e and r = B'(g + c q e):  N + c Q / 2 has its minimum
 *              within |r|_1 / (c (1-gamma)) of e in Q^1/2, and what minimises it minimises Q
 *              among all that are no larger in N
 *
 * For the second, terms below 1e-11 of the largest count as 0, and those of a maximum within
 * 1e-11 of it as equal to it: what is proved there is about values that are moved by so
 * little. */
#include "metrics/verify_int.h"

#include <float.h>
#include <math.h>

static const double close = 1e-11; /* parts of the norm that the dual may fall short */

typedef struct term {
    int64_t i;    /* its place among the terms */
    int32_t s, k; /* state and pair */
    int32_t next; /* -1: a row */
    long double e;
    double w, q;
} term;

typedef struct dual {
    const sx_i_distances *g;
    const sx_certified_form *x;
    const sx_i_form *f;
    bool largest;          /* N is a maximum */
    long double *residual; /* [S] B'y or B'(g + c q e) */
    long double *lost;     /* [S] what its sums rounded off */
    long double norm;      /* N(e) */
    long double top;       /* largest |e| */
    long double mass;      /* sum of q */
    long double product;   /* y . e */
    long double length;    /* dual norm of y, or of g */
    long double total;     /* sum of |y|, or of all that entered the residual */
    long double vague;     /* square of what may be wrong with e, in Q */
    long double moved;     /* by which a term counts as something else */
} dual;

int64_t sx_certified_form_terms(const sx_certificate_world *w, sx_canon canon, sx_norm norm)
{
    if (norm == SX_L2 || norm == SX_WEIGHTED_L2 || norm == SX_NO_NORM)
        return 0;
    if (canon == SX_MINIMAL)
        return w->pairs;
    if (canon != SX_MINIMAL_POTENTIAL)
        return 0;
    return norm == SX_L1 || norm == SX_LINF ? (int64_t)w->pairs * w->states : w->transitions;
}

/* Weights of row k. */
static void weigh_row(const sx_mdp *m, sx_norm norm, term *t)
{
    double most = 0, inverse = 0, support = (double)(m->first[t->k + 1] - m->first[t->k]);
    for (int64_t i = m->first[t->k]; i < m->first[t->k + 1]; i++) {
        most = fmax(most, m->prob[i]);
        inverse += 1 / m->prob[i];
    }
    t->w = norm == SX_L1 ? 1 / most : norm == SX_WEIGHTED_LINF ? 1 / support : 1;
    t->q = norm == SX_L1              ? 1 / (most * most)
           : norm == SX_LINF          ? m->states
           : norm == SX_WEIGHTED_LINF ? inverse / (support * support)
                                      : 1;
}

typedef void look(dual *d, const term *t);

/* The triples of pair k. */
static void visit_triples(dual *d, int32_t s, int32_t k, look *f)
{
    const sx_mdp *m = d->g->m;
    term t = {.s = s, .k = k, .w = 1, .q = 1};
    sx_i_form_row(d->g, d->f, s, k, d->g->left);
    if (d->x->norm == SX_L1 || d->x->norm == SX_LINF) {
        for (t.next = 0; t.next < m->states; t.next++) {
            t.i = (int64_t)k * m->states + t.next;
            t.e = d->g->left[t.next];
            f(d, &t);
        }
        return;
    }
    for (t.i = m->first[k]; t.i < m->first[k + 1]; t.i++) {
        t.next = m->next[t.i];
        t.w = t.q = m->prob[t.i];
        t.e = d->g->left[t.next];
        f(d, &t);
    }
}

static void visit(dual *d, look *f)
{
    const sx_mdp *m = d->g->m;
    for (int32_t s = 0; s < m->states; s++)
        for (int32_t k = m->pair[s]; k < m->pair[s + 1]; k++) {
            term t = {.i = k, .s = s, .k = k, .next = -1};
            if (d->x->canon == SX_MINIMAL_POTENTIAL) {
                visit_triples(d, s, k, f);
                continue;
            }
            weigh_row(m, d->x->norm, &t);
            t.e = d->f->left[k];
            f(d, &t);
        }
}

/* residual += y times the row of B that belongs to t. */
static void enter(dual *d, const term *t, long double y)
{
    const sx_mdp *m = d->g->m;
    long double gamma = m->discount;
    d->total += fabsl(y);
    sx_i_twice_add(&d->residual[t->s], &d->lost[t->s], -y);
    if (t->next >= 0) {
        sx_i_twice_add_product(&d->residual[t->next], &d->lost[t->next], gamma, 1, y);
        return;
    }
    for (int64_t i = m->first[t->k]; i < m->first[t->k + 1]; i++)
        sx_i_twice_add_product(&d->residual[m->next[i]], &d->lost[m->next[i]], gamma,
                               m->prob[i], y);
}

static void lengthen(const dual *d, const term *t, long double y, long double *length)
{
    long double part = fabsl(y) / t->w;
    *length = d->largest ? *length + part : fmaxl(*length, part);
}

static void look_at_size(dual *d, const term *t)
{
    long double part = t->w * fabsl(t->e);
    d->norm = d->largest ? fmaxl(d->norm, part) : d->norm + part;
    d->top = fmaxl(d->top, fabsl(t->e));
    d->mass += t->q;
}

static void look_at_dual(dual *d, const term *t)
{
    long double y = d->x->dual[t->i];
    d->product += y * t->e;
    lengthen(d, t, y, &d->length);
    enter(d, t, y);
}

/* The subgradient where e_i decides it, and elsewhere that of the certificate; *e: the value
 * that it belongs to. */
static long double subgradient(const dual *d, const term *t, long double *e)
{
    long double g = d->x->centre_rest ? d->x->centre_rest[t->i] : 0, sign = t->e < 0 ? -1 : 1;
    g += d->x->centre[t->i];
    *e = t->e;
    if (d->largest) {
        bool on = t->w * fabsl(t->e) >= (1 - (long double)SX_I_SAME) * d->norm;
        if (on)
            *e = sign * d->norm / t->w;
        return on && g * sign > 0 ? g : 0;
    }
    if (fabsl(t->e) > SX_I_SAME * d->top)
        return sign * t->w;
    *e = 0;
    return fminl(fmaxl(g, -t->w), t->w);
}

static void look_at_centre(dual *d, const term *t)
{
    long double e, g = subgradient(d, t, &e), pull = (long double)d->x->weight * t->q;
    lengthen(d, t, g, &d->length);
    d->moved = fmaxl(d->moved, fabsl(e - t->e));
    d->vague += t->q * powl(d->f->error + 2 * LDBL_EPSILON * fabsl(e), 2);
    enter(d, t, g);
    enter(d, t, pull * e);
}

static void start(dual *d)
{
    d->product = d->length = d->total = d->vague = 0;
    for (int32_t s = 0; s < d->g->m->states; s++)
        d->residual[s] = d->lost[s] = 0;
}

/* What remains of 1 - gamma. */
static double rest(const dual *d)
{
    return 1 - d->g->m->discount * d->g->scope->rho[1];
}

/* What may be wrong with the residuals, all together: the last of twice the digits. */
static double vague(const dual *d)
{
    return (double)(1e-12L * LDBL_EPSILON * d->total);
}

/* |residual|_1 */
static long double remainder_of(const dual *d)
{
    long double sum = 0;
    for (int32_t s = 0; s < d->g->m->states; s++)
        sum += fabsl(d->residual[s] + d->lost[s]);
    return sum + vague(d);
}

/* A bound on row values of what has norm 2 N(e). */
static long double twice(const dual *d)
{
    return 2 * d->norm * (d->x->norm == SX_WEIGHTED_LINF ? d->g->scope->longest : 1);
}

/* Whether no form has a norm that is smaller by more than rounding. */
static bool is_least(dual *d)
{
    start(d);
    visit(d, look_at_dual);
    long double off = remainder_of(d) * twice(d) / rest(d) + d->f->error * d->total;
    long double least = (d->product - off) / d->length;
    return d->length > 0 && rest(d) > 0 && d->norm - least <= close * d->norm;
}

/* How far the form may be from the one of least squares among them, in Q^1/2. */
static double off_centre(dual *d)
{
    start(d);
    visit(d, look_at_centre);
    double weight = d->x->weight;
    if (d->largest && !(d->length > 0))
        return INFINITY;
    sx_i_squares of = d->x->canon == SX_MINIMAL                      ? SX_I_BY_ROW
                      : d->x->norm == SX_L1 || d->x->norm == SX_LINF ? SX_I_BY_TRIPLE
                                                                     : SX_I_BY_POSSIBLE;
    double reach = sx_i_potential_reach(d->g, of);
    double pull = sx_i_potential_pull(d->g, reach, d->residual, d->lost, vague(d));
    return weight > 0 ? pull / weight + (double)sqrtl(d->vague) : INFINITY;
}

void sx_i_form_least(const sx_i_distances *g, const sx_certified_form *x, sx_i_form *f,
                     double *off)
{
    dual d = {.g = g, .x = x, .f = f, .residual = g->ahead, .lost = g->right};
    d.largest = x->norm == SX_LINF || x->norm == SX_WEIGHTED_LINF;
    *off = 0;
    visit(&d, look_at_size);
    if (!x->dual || !x->centre) {
        /* no other form with so small a norm is far away */
        double each = rest(&d) > 0 ? (double)(twice(&d) / rest(&d)) : INFINITY;
        f->error += (1 + g->m->discount) * each;
        return;
    }
    if (is_least(&d))
        *off = off_centre(&d);
    else
        f->lacking = "the dual vector does not prove that no form has a smaller norm";
    f->error += (double)d.moved;
    if (x->canon == SX_MINIMAL) { /* of rows, not of every triple */
        *off += (double)sqrtl(d.mass) * f->error;
        f->error = 0;
    }
}
