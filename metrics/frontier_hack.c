/* SPDX-License-Identifier: GPL-3.0-or-later */
/* frontier_hack.c - two policies that the proxy and the truth order differently.
 *
 * Among all policies the polygon decides: one that is proper holds such a pair, and so does a
 * falling segment; a point, a rising, a horizontal and a vertical segment do not.  The pair
 * shown is the two ends of the longest chord along which what is gained of the proxy's range
 * equals what is lost of the truth's; one end is a vertex, the other lies on an edge, where
 * the occupancies of two deterministic policies are mixed.
 *
 * Among finitely many policies the pair shown is the one that loses most of the truth. */
#include "metrics/frontier_int.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "solvers/evaluate.h"

/* Occupancies below this are no occupancy: dividing by them would not give a policy. */
static const double NEVER = 1e-290;

static sx_hacking verdict(sx_hackable v, const char *reason)
{
    return (sx_hacking){.verdict = v,
                        .reason = reason,
                        .high = {NAN, NAN},
                        .low = {NAN, NAN},
                        .which = {-1, -1}};
}

/* ---- policies ---- */

/* pi [K] of a choice. */
static void pure(const sx_mdp *m, const int32_t *choice, double *pi)
{
    memset(pi, 0, (size_t)m->pairs * sizeof *pi);
    for (int32_t s = 0; s < m->states; s++)
        pi[choice[s]] = 1;
}

/* A policy of the reachable world as one of the whole; elsewhere the first action. */
static void scatter(const sx_i_plane *p, const double *inside, double *pi)
{
    pure(p->w->whole, p->w->whole->pair, pi);
    for (int32_t s = 0; s < p->m->states; s++)
        for (int32_t k = p->m->pair[s]; k < p->m->pair[s + 1]; k++)
            pi[p->w->part ? p->w->part->pair[k] : k] = inside[k];
}

/* The policy of the witness that is `inside` on the reachable world, and its returns as
 * given. */
static sx_status keep(const sx_i_plane *p, const double *inside, double **pi, double j[2],
                      sx_error *err)
{
    double inner[2] = {0, 0};
    *pi = sx_alloc((size_t)p->w->whole->pairs, sizeof **pi);
    sx_status st = *pi ? sx_i_plane_returns(p, inside, inner, err) : sx_nomem(err);
    if (st)
        return st;
    scatter(p, inside, *pi);
    j[0] = sx_i_given(&p->proxy, inner[0]);
    j[1] = sx_i_given(&p->truth, inner[1]);
    return SX_OK;
}

static sx_status occupancy(const sx_mdp *m, const int32_t *choice, double *x, sx_error *err)
{
    sx_evaluator *e = NULL;
    double residual;
    sx_status st = sx_evaluator_choice(m, choice, &e, err);
    if (!st)
        st = sx_evaluator_occupancy(e, NULL, x, &residual, err);
    sx_evaluator_free(e);
    return st;
}

/* pi [K] with the occupancy (1 - share) of a + share of b, uniform where that is 0; x [2K] is
 * workspace. */
static sx_status mix(const sx_mdp *m, const int32_t *a, const int32_t *b, double share,
                     double *x, double *pi, sx_error *err)
{
    const double *xa = x, *xb = x + m->pairs;
    sx_status st = occupancy(m, a, x, err);
    if (!st)
        st = occupancy(m, b, x + m->pairs, err);
    for (int32_t s = 0; !st && s < m->states; s++) {
        double sum = 0;
        for (int32_t k = m->pair[s]; k < m->pair[s + 1]; k++)
            sum += pi[k] = fmax(0, (1 - share) * xa[k] + share * xb[k]);
        for (int32_t k = m->pair[s]; k < m->pair[s + 1]; k++)
            pi[k] = sum > NEVER ? pi[k] / sum : 1.0 / (m->pair[s + 1] - m->pair[s]);
    }
    return st;
}

/* A place on the polygon: between a vertex and the next. */
typedef struct place {
    int32_t from;
    double share;
} place;

/* The policy at a place. */
static sx_status policy_at(const sx_i_plane *p, const sx_polygon *g, place at, double **pi,
                           double j[2], sx_error *err)
{
    size_t n = (size_t)p->m->pairs;
    const int32_t *a = g->vertex[at.from].choice;
    const int32_t *b = g->vertex[(at.from + 1) % g->vertices].choice;
    double *inside = sx_alloc(n, sizeof *inside), *x = sx_alloc(2 * n, sizeof *x);
    sx_status st = inside && x ? SX_OK : sx_nomem(err);
    if (!st && at.share > 0 && at.share < 1)
        st = mix(p->m, a, b, at.share, x, inside, err);
    else if (!st)
        pure(p->m, at.share > 0 ? b : a, inside);
    if (!st)
        st = keep(p, inside, pi, j, err);
    sx_release(inside);
    sx_release(x);
    return st;
}

static sx_status show(const sx_i_plane *p, const sx_polygon *g, place high, place low,
                      sx_hacking *h, sx_error *err)
{
    *h = verdict(SX_HACKABLE, NULL);
    sx_status st = policy_at(p, g, high, &h->pi_high, h->high, err);
    return st ? st : policy_at(p, g, low, &h->pi_low, h->low, err);
}

/* ---- all policies ---- */

/* A chord along (1,-1): from `high` to `low`. */
typedef struct chord {
    double length;
    place high, low;
} chord;

/* The chord through vertex v. */
static chord chord_at(const sx_polygon *g, int32_t v)
{
    const sx_vertex *o = &g->vertex[v];
    double first = -INFINITY, last = INFINITY;
    chord c = {0, {v, 0}, {v, 0}};
    for (int32_t i = 0; i < g->vertices; i++) {
        const sx_vertex *a = &g->vertex[i], *b = &g->vertex[(i + 1) % g->vertices];
        double dx = b->x - a->x, dy = b->y - a->y;
        bool own = i == v || (i + 1) % g->vertices == v;
        double inside = own ? 0 : dx * (o->y - a->y) - dy * (o->x - a->x);
        double rate = dx + dy; /* at which (1,-1) leaves the inside of the edge */
        double t = inside / rate, x = o->x + t, y = o->y - t;
        double share =
            fmin(fmax((dx * (x - a->x) + dy * (y - a->y)) / (dx * dx + dy * dy), 0), 1);
        if (rate > 0 && t < last) {
            last = t;
            c.low = (place){i, share};
        } else if (rate < 0 && t > first) {
            first = t;
            c.high = (place){i, share};
        }
    }
    c.length = last - first;
    return c;
}

static sx_status proper(const sx_i_plane *p, const sx_polygon *g, sx_hacking *h, sx_error *err)
{
    chord best = {-INFINITY, {0, 0}, {0, 0}};
    for (int32_t v = 0; v < g->vertices; v++) {
        chord c = chord_at(g, v);
        best = c.length > best.length ? c : best;
    }
    sx_status st = show(p, g, best.high, best.low, h, err);
    if (!st && !(h->low[0] > h->high[0] && h->high[1] > h->low[1])) {
        sx_release(h->pi_high);
        sx_release(h->pi_low);
        *h = verdict(SX_UNDECIDED, "the polygon is as thin as rounding");
    }
    return st;
}

static bool exact(const sx_polygon *g)
{
    return g->gap <= 2 * SX_I_NEAR * fmax(1, g->diameter);
}

sx_status sx_i_hacking_all(const sx_i_plane *p, const sx_polygon *g, sx_hacking *h,
                           sx_error *err)
{
    const sx_vertex *a = &g->vertex[0], *b = &g->vertex[g->vertices - 1];
    if (g->vertices > 2)
        return proper(p, g, h, err);
    if (b->x - a->x > SX_I_NEAR && a->y - b->y > SX_I_NEAR)
        return show(p, g, (place){0, 0}, (place){1, 0}, h, err);
    *h = exact(g) ? verdict(SX_NOT_HACKABLE, NULL)
                  : verdict(SX_UNDECIDED, "at this tolerance the polygon is a segment or a "
                                          "point; a finer one may find more of it");
    return SX_OK;
}

/* ---- finitely many policies ---- */

typedef struct spot {
    double x, y;
    int32_t index;
} spot;

static int by_x(const void *a, const void *b)
{
    const spot *p = a, *q = b;
    if (p->x != q->x)
        return p->x < q->x ? -1 : 1;
    return (p->index > q->index) - (p->index < q->index);
}

/* The pair high, low of least y(low) - y(high) with x(low) above x(high); false when no pair
 * differs in both.  Sorts the spots. */
static bool worst_pair(spot *spots, int32_t n, int32_t which[2])
{
    double most = SX_I_NEAR;
    int32_t left = 0, top = -1;
    qsort(spots, (size_t)n, sizeof *spots, by_x);
    for (int32_t i = 0; i < n; i++) {
        for (; left < i && spots[left].x < spots[i].x - SX_I_NEAR; left++)
            top = top < 0 || spots[left].y > spots[top].y ? left : top;
        if (top >= 0 && spots[top].y - spots[i].y > most) {
            most = spots[top].y - spots[i].y;
            which[0] = spots[top].index;
            which[1] = spots[i].index;
        }
    }
    return most > SX_I_NEAR;
}

/* Ways to choose an action in state s: those that nothing depends on have one. */
static int32_t ways(const sx_i_plane *p, int32_t s)
{
    bool idle = p->w->reached && !p->w->reached[s];
    return idle ? 1 : p->m->pair[s + 1] - p->m->pair[s];
}

/* Deterministic policies, or limit + 1 when they are more. */
static int32_t count_policies(const sx_i_plane *p, int32_t limit)
{
    int64_t n = 1;
    for (int32_t s = 0; s < p->m->states && n <= limit; s++)
        n *= ways(p, s);
    return n <= limit ? (int32_t)n : limit + 1;
}

/* The policy of that number. */
static void policy_number(const sx_i_plane *p, int32_t number, int32_t *choice)
{
    for (int32_t s = 0; s < p->m->states; s++) {
        choice[s] = p->m->pair[s] + number % ways(p, s);
        number /= ways(p, s);
    }
}

/* All n deterministic policies; choice [S], pi [K], spots [n] are workspace. */
static sx_status enumerate(const sx_i_plane *p, int32_t n, int32_t *choice, double *pi,
                           spot *spots, sx_hacking *h, sx_error *err)
{
    int32_t which[2];
    sx_status st = SX_OK;
    for (int32_t i = 0; !st && i < n; i++) {
        double j[2];
        policy_number(p, i, choice);
        pure(p->m, choice, pi);
        st = sx_i_plane_returns(p, pi, j, err);
        if (!st)
            spots[i] = (spot){j[0], j[1], i};
    }
    *h = verdict(SX_NOT_HACKABLE, NULL);
    if (st || !worst_pair(spots, n, which))
        return st;
    *h = verdict(SX_HACKABLE, NULL);
    policy_number(p, which[0], choice);
    pure(p->m, choice, pi);
    st = keep(p, pi, &h->pi_high, h->high, err);
    policy_number(p, which[1], choice);
    pure(p->m, choice, pi);
    return st ? st : keep(p, pi, &h->pi_low, h->low, err);
}

static sx_status try_all(const sx_i_plane *p, int32_t n, sx_hacking *h, sx_error *err)
{
    int32_t *choice = sx_alloc((size_t)p->m->states, sizeof *choice);
    double *pi = sx_alloc((size_t)p->m->pairs, sizeof *pi);
    spot *spots = sx_alloc((size_t)n, sizeof *spots);
    sx_status st =
        choice && pi && spots ? enumerate(p, n, choice, pi, spots, h, err) : sx_nomem(err);
    sx_release(choice);
    sx_release(pi);
    sx_release(spots);
    return st;
}

/* Whether two vertices are such a pair. */
static sx_status among_vertices(const sx_polygon *g, int32_t which[2], bool *found,
                                sx_error *err)
{
    spot *spots = sx_alloc((size_t)g->vertices, sizeof *spots);
    if (!spots)
        return sx_nomem(err);
    for (int32_t i = 0; i < g->vertices; i++)
        spots[i] = (spot){g->vertex[i].x, g->vertex[i].y, i};
    *found = worst_pair(spots, g->vertices, which);
    sx_release(spots);
    return SX_OK;
}

sx_status sx_i_hacking_deterministic(const sx_i_plane *p, const sx_polygon *g, int32_t policies,
                                     sx_hacking *h, sx_error *err)
{
    int32_t which[2] = {0, 0}, n = count_policies(p, policies);
    bool found = false;
    sx_status st = among_vertices(g, which, &found, err);
    *h = verdict(SX_NOT_HACKABLE, NULL);
    if (st || (!found && g->vertices <= 2 && exact(g)))
        return st;
    if (found)
        return show(p, g, (place){which[0], 0}, (place){which[1], 0}, h, err);
    if (n <= policies)
        return try_all(p, n, h, err);
    *h = verdict(SX_UNDECIDED, "no two vertices of the polygon are such a pair, and there are "
                               "too many deterministic policies to try them all");
    return SX_OK;
}

/* ---- a list ---- */

static sx_status list_returns(const sx_i_plane *p, const double *pi, double *inside,
                              double j[2], sx_error *err)
{
    for (int32_t k = 0; k < p->m->pairs; k++)
        inside[k] = pi[p->w->part ? p->w->part->pair[k] : k];
    return sx_i_plane_returns(p, inside, j, err);
}

/* spots [count], inside [K] are workspace. */
static sx_status try_list(const sx_i_plane *p, sx_listed *list, spot *spots, double *inside,
                          sx_error *err)
{
    int32_t which[2] = {-1, -1};
    sx_hacking *h = &list->hacking;
    sx_status st = SX_OK;
    for (int32_t i = 0; !st && i < list->count; i++) {
        double j[2] = {0, 0};
        st = list_returns(p, list->pi[i], inside, j, err);
        spots[i] = (spot){j[0], j[1], i};
        list->returns[i][0] = sx_i_given(&p->proxy, j[0]);
        list->returns[i][1] = sx_i_given(&p->truth, j[1]);
    }
    if (st || !worst_pair(spots, list->count, which))
        return st;
    *h = verdict(SX_HACKABLE, NULL);
    for (int i = 0; i < 2; i++) {
        h->which[i] = which[i];
        h->high[i] = list->returns[which[0]][i];
        h->low[i] = list->returns[which[1]][i];
    }
    return SX_OK;
}

sx_status sx_frontier_among(const sx_regret_world *w, int32_t truth, int32_t proxy,
                            sx_listed *list, sx_error *err)
{
    sx_i_plane p;
    list->hacking = verdict(SX_NOT_HACKABLE, NULL);
    sx_status st = sx_i_plane_start(w, truth, proxy, &p, err);
    spot *spots = sx_alloc((size_t)list->count, sizeof *spots);
    double *inside = sx_alloc((size_t)w->mdp->pairs, sizeof *inside);
    if (!st)
        st = spots && inside ? try_list(&p, list, spots, inside, err) : sx_nomem(err);
    sx_release(spots);
    sx_release(inside);
    sx_i_plane_end(&p);
    return st;
}
