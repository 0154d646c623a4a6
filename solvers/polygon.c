/* SPDX-License-Identifier: GPL-3.0-or-later */
/* polygon.c - the return polygon by support queries, edge by edge.
 *
 * Four queries along the axes give up to four corners.  Then each edge A -> B, its policies
 * known, is asked whether any policy lies beyond it:
 *
 *     h = max_pi n.J(pi),   n the outward unit normal
 *
 * If h - n.A is within the tolerance the edge is final, and its gap is what the certificate
 * of the solve leaves; else the policy found is a new vertex C, and A -> C and C -> B are
 * asked.  Whether an edge is final is tried by a single Bellman backup first: the pointwise
 * larger of the values of A and B lies below the optimum, and so near to it as the residual
 * says.  The same values start the solve.
 *
 * Guaranteed at the end: every vertex is the return of a deterministic policy, and no policy
 * lies further than `gap` beyond the line of any edge.  Vertices that stand out by less than a
 * hundredth of the tolerance are left out (and counted in the gap), so that what lies on a
 * line gives no vertices. */
#include "solvers/polygon.h"

#include <math.h>
#include <string.h>

#include "solvers/solvers_int.h"

enum { AXES = 4 };

/* The corners along the axes are found to this however coarse the rest is. */
static const double EXTREMES = 1e-9;

/* A vertex under work.  Values are kept while an edge of it is open. */
typedef struct corner {
    double x, y;
    int32_t *choice;
    double *vx, *vy;     /* [S] values of the policy under both rewards */
    struct corner *next; /* counter-clockwise */
} corner;

/* The work on what lies between two of the first corners. */
typedef struct chain {
    const sx_mdp *m;
    const double *x, *y; /* [K] */
    const sx_polygon_options *o;
    double tolerance;      /* absolute */
    double *r;             /* [K] the reward of a query */
    double *warm, *backup; /* [S] */
    int32_t *choice;       /* [S] */
    double gap;            /* largest of the final edges */
    int64_t queries;
    int32_t found; /* corners */
} chain;

sx_polygon_options sx_polygon_defaults(void)
{
    return (sx_polygon_options){.tolerance = 1e-9, .most = 20000, .method = NULL};
}

sx_polygon *sx_polygon_free(sx_polygon *p)
{
    for (int32_t i = 0; p && p->vertex && i < p->vertices; i++)
        sx_release(p->vertex[i].choice);
    if (p)
        sx_release(p->vertex);
    return sx_release(p);
}

static void forget_values(corner *c)
{
    c->vx = sx_release(c->vx);
    c->vy = sx_release(c->vy);
}

static corner *corner_free(corner *c)
{
    if (c) {
        sx_release(c->choice);
        forget_values(c);
    }
    return sx_release(c);
}

static sx_status corner_values(const chain *w, corner *c, sx_error *err)
{
    sx_evaluator *e = NULL;
    double bound;
    sx_status st = sx_evaluator_choice(w->m, c->choice, &e, err);
    if (!st)
        st = sx_evaluator_values(e, w->x, c->vx, &bound, err);
    if (!st)
        st = sx_evaluator_values(e, w->y, c->vy, &bound, err);
    if (!st) {
        c->x = sx_dot(w->m->initial, c->vx, w->m->states);
        c->y = sx_dot(w->m->initial, c->vy, w->m->states);
    }
    sx_evaluator_free(e);
    return st;
}

/* The returns of a deterministic policy. */
static sx_status corner_new(const chain *w, const int32_t *choice, corner **out, sx_error *err)
{
    size_t n = (size_t)w->m->states;
    corner *c = sx_alloc(1, sizeof *c);
    *out = NULL;
    if (!c)
        return sx_nomem(err);
    c->choice = sx_alloc(n, sizeof *c->choice);
    c->vx = sx_alloc(n, sizeof *c->vx);
    c->vy = sx_alloc(n, sizeof *c->vy);
    sx_status st = c->choice && c->vx && c->vy ? SX_OK : sx_nomem(err);
    if (!st) {
        memcpy(c->choice, choice, n * sizeof *choice);
        st = corner_values(w, c, err);
    }
    if (st)
        c = corner_free(c);
    *out = c;
    return st;
}

static double distance(const corner *a, const corner *b)
{
    return hypot(b->x - a->x, b->y - a->y);
}

static sx_status chain_start(chain *w, sx_error *err)
{
    size_t n = (size_t)w->m->states;
    w->r = sx_alloc((size_t)w->m->pairs, sizeof *w->r);
    w->warm = sx_alloc(n, sizeof *w->warm);
    w->backup = sx_alloc(n, sizeof *w->backup);
    w->choice = sx_alloc(n, sizeof *w->choice);
    return w->r && w->warm && w->backup && w->choice ? SX_OK : sx_nomem(err);
}

static void chain_end(chain *w)
{
    sx_release(w->r);
    sx_release(w->warm);
    sx_release(w->backup);
    sx_release(w->choice);
}

/* The line of an edge, cx x + cy y = at, with its outward unit normal. */
typedef struct line {
    double cx, cy, at;
} line;

static double beyond_line(const line *l, const corner *c)
{
    return l->cx * c->x + l->cy * c->y - l->at;
}

static line line_of(const corner *a, const corner *b)
{
    double length = distance(a, b);
    line l = {(b->y - a->y) / length, (a->x - b->x) / length, 0};
    l.at = fmax(beyond_line(&l, a), beyond_line(&l, b));
    return l;
}

/* Solve for cx x + cy y. */
static sx_status query(chain *w, const line *l, const double *warm, double tolerance,
                       sx_solution **out, sx_error *err)
{
    sx_solve_options o = sx_solve_defaults();
    for (int32_t k = 0; k < w->m->pairs; k++)
        w->r[k] = l->cx * w->x[k] + l->cy * w->y[k];
    o.method = w->o->method;
    o.tolerance = tolerance;
    o.warm = warm;
    w->queries++;
    return sx_solve(w->m, w->r, &o, out, err);
}

/* How far beyond the line of the edge a -> b a policy can be at most, by one backup of the
 * values of its ends; w->warm keeps those. */
static double beyond_by_backup(chain *w, const line *l, const corner *a, const corner *b)
{
    const sx_mdp *m = w->m;
    double size = 0, cx = l->cx, cy = l->cy;
    for (int32_t k = 0; k < m->pairs; k++)
        w->r[k] = cx * w->x[k] + cy * w->y[k];
    for (int32_t s = 0; s < m->states; s++) {
        w->warm[s] = fmax(cx * a->vx[s] + cy * a->vy[s], cx * b->vx[s] + cy * b->vy[s]);
        size = fmax(size, fabs(w->warm[s]));
    }
    sx_i_task t = sx_i_task_measure(m, w->r, NULL);
    sx_i_range d = sx_i_backup(&t, w->warm, w->backup, w->choice);
    d.hi = fmax(d.hi, 0) + sx_i_backup_noise(&t, size);
    return sx_dot(m->initial, w->warm, m->states) + sx_i_value_range(&t, d).hi - l->at;
}

/* The policy that a query finds beyond the line: *out, NULL when it does not stand out.
 * *beyond: how far any policy can. */
static sx_status try_query(chain *w, const line *l, double tolerance, double *beyond,
                           corner **out, sx_error *err)
{
    sx_solution *s = NULL;
    corner *c = NULL;
    sx_status st = query(w, l, w->warm, tolerance, &s, err);
    *out = NULL;
    if (!st)
        *beyond = s->hi - l->at;
    if (!st && !(*beyond <= w->tolerance))
        st = corner_new(w, s->choice, &c, err);
    sx_solution_free(s);
    if (c && beyond_line(l, c) > w->tolerance / 2)
        *out = c;
    else
        corner_free(c);
    return st;
}

/* Ask beyond the edge a -> b.  *out: a new vertex between them, or NULL when the edge is
 * final. */
static sx_status ask(chain *w, const corner *a, const corner *b, corner **out, sx_error *err)
{
    line l = line_of(a, b);
    double beyond = beyond_by_backup(w, &l, a, b), fine = w->tolerance / 4;
    sx_status st = SX_OK;
    *out = NULL;
    for (int i = 0; !st && !*out && i < 2 && !(beyond <= w->tolerance); i++, fine /= 64)
        st = try_query(w, &l, fine, &beyond, out, err);
    if (!*out)
        w->gap = fmax(w->gap, beyond);
    return st;
}

static sx_status too_many(int32_t most, sx_error *err)
{
    return sx_fail(err, SX_ELIMIT,
                   "the return polygon has more than %d vertices: a larger tolerance finds "
                   "fewer",
                   (int)most);
}

/* Close all edges from first to last. */
static sx_status close_chain(chain *w, corner *first, const corner *last, sx_error *err)
{
    sx_status st = SX_OK;
    for (corner *at = first; !st && at != last;) {
        corner *c = NULL;
        st = ask(w, at, at->next, &c, err);
        if (c) {
            c->next = at->next;
            at->next = c;
            if (++w->found > w->o->most)
                st = too_many(w->o->most, err);
        } else if (!st) {
            if (at != first)
                forget_values(at);
            at = at->next;
        }
    }
    return st;
}

/* The work on one polygon. */
typedef struct search {
    chain chain[AXES];
    corner *first[AXES]; /* distinct corners, counter-clockwise */
    int32_t corners;     /* of first */
} search;

/* Keep c unless it is the last corner again, or the first. */
static void keep_first(search *w, corner *c, double tolerance)
{
    int32_t n = w->corners;
    bool again = n > 0 && (distance(c, w->first[n - 1]) <= tolerance ||
                           distance(c, w->first[0]) <= tolerance);
    if (again)
        corner_free(c);
    else
        w->first[w->corners++] = c;
}

/* The corners along the axes: least x, least y, greatest x, greatest y. */
static sx_status first_corners(search *w, double size, sx_error *err)
{
    static const line axis[AXES] = {{-1, 0, 0}, {0, -1, 0}, {1, 0, 0}, {0, 1, 0}};
    chain *one = &w->chain[0];
    corner *c[AXES] = {NULL};
    sx_status st = SX_OK;
    for (int i = 0; !st && i < AXES; i++) {
        sx_solution *s = NULL;
        st = query(one, &axis[i], NULL, size, &s, err);
        if (!st)
            st = corner_new(one, s->choice, &c[i], err);
        sx_solution_free(s);
    }
    for (int i = 0; i < AXES; i++)
        if (st)
            corner_free(c[i]);
        else
            keep_first(w, c[i], 8 * size);
    return st;
}

/* Close the chains between the first corners; they do not depend on each other. */
static sx_status close_all(search *w, sx_error *err)
{
    sx_error errors[AXES] = {SX_NO_ERROR, SX_NO_ERROR, SX_NO_ERROR, SX_NO_ERROR};
    int32_t n = w->corners, found = 0;
    sx_status st = SX_OK;
    for (int32_t i = 0; i < n; i++)
        w->first[i]->next = w->first[(i + 1) % n];
    if (n > 1) {
#pragma omp parallel for schedule(dynamic)
        for (int32_t i = 0; i < n; i++)
            errors[i].status =
                close_chain(&w->chain[i], w->first[i], w->first[(i + 1) % n], &errors[i]);
    }
    for (int32_t i = 0; i < n; i++) {
        found += w->chain[i].found;
        if (!st && errors[i].status)
            st = sx_fail(err, errors[i].status, "%s", errors[i].msg);
    }
    if (!st && found > w->chain[0].o->most)
        st = too_many(w->chain[0].o->most, err);
    return st;
}

/* ---- the polygon that is left ---- */

/* The distance of c from the segment a b; *outside: it stands out of the edge a -> b. */
static double from_segment(const corner *a, const corner *b, const corner *c, bool *outside)
{
    double ux = b->x - a->x, uy = b->y - a->y, vx = c->x - a->x, vy = c->y - a->y;
    double square = ux * ux + uy * uy;
    double share = square > 0 ? fmin(fmax((ux * vx + uy * vy) / square, 0), 1) : 0;
    *outside = ux * vy - uy * vx < 0;
    return hypot(vx - share * ux, vy - share * uy);
}

/* Take out corners that do not stand out; *gap grows by what is lost.  Returns one that is
 * left, *count how many are. */
static corner *flatten(corner *at, double tolerance, double *gap, int32_t *count)
{
    double lost = 0;
    int32_t n = 1, steady = 0;
    for (corner *c = at->next; c != at; c = c->next)
        n++;
    while (n > 1 && steady < n) {
        corner *c = at->next;
        bool outside;
        double d = from_segment(at, c->next, c, &outside);
        if (n > 2 ? d <= (outside ? 0.01 * tolerance : tolerance) : d <= tolerance) {
            lost = outside ? fmax(lost, d) : lost;
            at->next = c->next;
            corner_free(c);
            n--;
            steady = 0;
        } else {
            at = c;
            steady++;
        }
    }
    *gap += lost;
    *count = n;
    return at;
}

static double widest(const sx_polygon *p)
{
    double most = 0;
    for (int32_t i = 0; i < p->vertices; i++)
        for (int32_t j = 0; j < i; j++) {
            double dx = p->vertex[i].x - p->vertex[j].x, dy = p->vertex[i].y - p->vertex[j].y;
            most = fmax(most, dx * dx + dy * dy);
        }
    return sqrt(most);
}

/* The list of n corners as a polygon, which takes their policies over. */
static sx_status polygon_of(corner *at, int32_t n, sx_polygon **out, sx_error *err)
{
    sx_polygon *p = sx_alloc(1, sizeof *p);
    if (!p)
        return sx_nomem(err);
    p->vertex = sx_alloc((size_t)n, sizeof *p->vertex);
    if (!p->vertex) {
        sx_release(p);
        return sx_nomem(err);
    }
    corner *start = at;
    for (corner *c = at->next; c != at; c = c->next)
        if (c->x < start->x || (c->x == start->x && c->y < start->y))
            start = c;
    for (corner *c = start; p->vertices < n; c = c->next) {
        p->vertex[p->vertices++] = (sx_vertex){c->x, c->y, c->choice};
        c->choice = NULL;
    }
    p->diameter = widest(p);
    *out = p;
    return SX_OK;
}

static sx_status conclude(search *w, sx_polygon **out, sx_error *err)
{
    double gap = 0;
    int64_t queries = 0;
    int32_t n = 0;
    for (int32_t i = 0; i < AXES; i++) {
        gap = fmax(gap, w->chain[i].gap);
        queries += w->chain[i].queries;
    }
    corner *at = flatten(w->first[0], w->chain[0].tolerance, &gap, &n);
    sx_status st = polygon_of(at, n, out, err);
    w->corners = 1;
    w->first[0] = at;
    if (st)
        return st;
    (*out)->gap = gap;
    (*out)->queries = queries;
    bool good = gap <= w->chain[0].o->tolerance * (*out)->diameter;
    (*out)->outcome = good || n == 1 ? SX_SOLVED : SX_ROUNDING;
    return SX_OK;
}

/* Free the list; where it was never closed, each first corner is alone. */
static void search_end(search *w)
{
    corner *start = w->corners ? w->first[0] : NULL;
    for (int32_t i = 1; start && !start->next && i < w->corners; i++)
        corner_free(w->first[i]);
    corner *c = start ? start->next : NULL;
    while (c && c != start) {
        corner *next = c->next;
        corner_free(c);
        c = next;
    }
    corner_free(start);
    for (int32_t i = 0; i < AXES; i++)
        chain_end(&w->chain[i]);
}

/* A first guess of how far the returns of a reward spread, to set the first tolerance. */
static double spread(const sx_mdp *m, const double *r)
{
    double largest = 0;
    for (int32_t k = 0; k < m->pairs; k++)
        largest = fmax(largest, fabs(r[k]));
    return largest / (1 - m->discount);
}

static sx_status run(search *w, double guess, sx_polygon **out, sx_error *err)
{
    double tolerance = w->chain[0].o->tolerance, fine = fmin(tolerance, EXTREMES);
    sx_status st = SX_OK;
    for (int i = 0; !st && i < AXES; i++)
        st = chain_start(&w->chain[i], err);
    if (!st)
        st = first_corners(w, fmin(guess, 1) * fine / 16 + 1e-300, err);
    if (st)
        return st;
    double size = 0;
    for (int32_t i = 0; i < w->corners; i++)
        for (int32_t j = 0; j < i; j++)
            size = fmax(size, distance(w->first[i], w->first[j]));
    for (int i = 0; i < AXES; i++)
        w->chain[i].tolerance = 0.98 * tolerance * size;
    st = close_all(w, err);
    return st ? st : conclude(w, out, err);
}

sx_status sx_polygon_find(const sx_mdp *m, const double *x, const double *y,
                          const sx_polygon_options *o, sx_polygon **out, sx_error *err)
{
    *out = NULL;
    if (!(o->tolerance > 0) || !(o->tolerance < 1) || o->most < AXES)
        return sx_fail(err, SX_EARG, "polygon: a tolerance of %g or a limit of %d vertices",
                       o->tolerance, (int)o->most);
    search *w = sx_alloc(1, sizeof *w);
    if (!w)
        return sx_nomem(err);
    for (int i = 0; i < AXES; i++)
        w->chain[i] = (chain){.m = m, .x = x, .y = y, .o = o};
    sx_status st = run(w, fmax(spread(m, x), spread(m, y)), out, err);
    search_end(w);
    sx_release(w);
    return st;
}
