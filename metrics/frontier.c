/* SPDX-License-Identifier: GPL-3.0-or-later */
/* frontier.c - the polygon in the units of the rewards, and the Goodhart frontier on it. */
#include "metrics/frontier_int.h"

#include <math.h>

#include "solvers/evaluate.h"

sx_frontier_options sx_frontier_defaults(void)
{
    return (sx_frontier_options){.tolerance = 1e-9,
                                 .vertices = 20000,
                                 .levels = 11,
                                 .temperatures = 41,
                                 .policies = 4096};
}

static void hacking_clear(sx_hacking *h)
{
    sx_release(h->pi_high);
    sx_release(h->pi_low);
}

sx_frontier *sx_frontier_free(sx_frontier *f)
{
    if (f) {
        sx_release(f->vertex);
        sx_release(f->level);
        hacking_clear(&f->all);
        hacking_clear(&f->deterministic);
        sx_release(f->point);
    }
    return sx_release(f);
}

static sx_status axis_start(const sx_mdp *m, const sx_i_range *g, sx_i_axis *a, sx_error *err)
{
    double span = g->trivial ? 0 : g->best.j - g->worst.j;
    *a = (sx_i_axis){.range = g, .r = sx_alloc((size_t)m->pairs, sizeof *a->r)};
    if (!a->r)
        return sx_nomem(err);
    if (g->trivial)
        return SX_OK;
    for (int32_t k = 0; k < m->pairs; k++)
        a->r[k] = g->r[k] / span;
    a->unit = g->unit * span;
    a->top = g->best.j / span;
    return SX_OK;
}

sx_status sx_i_plane_start(const sx_regret_world *w, int32_t truth, int32_t proxy,
                           sx_i_plane *p, sx_error *err)
{
    *p = (sx_i_plane){.w = w, .m = w->mdp};
    if (truth < 0 || truth >= w->rewards || proxy < 0 || proxy >= w->rewards)
        return sx_fail(err, SX_EARG, "frontier: no reward %d or no reward %d", (int)truth,
                       (int)proxy);
    sx_status st = axis_start(p->m, &w->range[proxy], &p->proxy, err);
    return st ? st : axis_start(p->m, &w->range[truth], &p->truth, err);
}

void sx_i_plane_end(sx_i_plane *p)
{
    sx_release(p->proxy.r);
    sx_release(p->truth.r);
}

double sx_i_given(const sx_i_axis *a, double j)
{
    const sx_i_range *g = a->range;
    if (g->trivial)
        return g->range[0] + (g->range[1] - g->range[0]) / 2;
    return g->range[1] + a->unit * (j - a->top);
}

sx_status sx_i_plane_returns(const sx_i_plane *p, const double *pi, double j[2], sx_error *err)
{
    const sx_mdp *m = p->m;
    sx_evaluator *e = NULL;
    double bound, *v = sx_alloc((size_t)m->states, sizeof *v);
    sx_status st = v ? sx_evaluator_new(m, pi, &e, err) : sx_nomem(err);
    for (int i = 0; !st && i < 2; i++) {
        st = sx_evaluator_values(e, i == 0 ? p->proxy.r : p->truth.r, v, &bound, err);
        if (!st)
            j[i] = sx_dot(m->initial, v, m->states);
    }
    sx_evaluator_free(e);
    sx_release(v);
    return st;
}

/* ---- Goodhart ---- */

static void take(double y, double range[2])
{
    range[0] = fmin(range[0], y);
    range[1] = fmax(range[1], y);
}

/* The range of y over the polygon where x >= bound, and, as far as vertices go, where x is
 * below by no more than near. */
static void clip(const sx_polygon *g, double bound, double near, double range[2])
{
    range[0] = INFINITY;
    range[1] = -INFINITY;
    for (int32_t i = 0; i < g->vertices; i++) {
        const sx_vertex *a = &g->vertex[i], *b = &g->vertex[(i + 1) % g->vertices];
        if (a->x >= bound - near)
            take(a->y, range);
        if ((a->x < bound) != (b->x < bound) && fabs(b->x - a->x) > near)
            take(a->y + (bound - a->x) / (b->x - a->x) * (b->y - a->y), range);
    }
}

static sx_status goodhart(const sx_i_plane *p, const sx_polygon *g, sx_frontier *f,
                          sx_error *err)
{
    double least = INFINITY, most = -INFINITY, range[2];
    f->level = sx_alloc((size_t)f->levels, sizeof *f->level);
    if (!f->level)
        return sx_nomem(err);
    for (int32_t i = 0; i < g->vertices; i++) {
        least = fmin(least, g->vertex[i].x);
        most = fmax(most, g->vertex[i].x);
    }
    for (int32_t i = 0; i < f->levels; i++) {
        double level = (double)i / (f->levels - 1);
        bool end = i == f->levels - 1;
        clip(g, end ? most : least + level * (most - least), end ? SX_I_NEAR : 0, range);
        f->level[i] =
            (sx_level){level, sx_i_given(&p->truth, range[0]), sx_i_given(&p->truth, range[1])};
    }
    return SX_OK;
}

/* ---- all together ---- */

static sx_status outline(const sx_i_plane *p, const sx_polygon *g, sx_frontier *f,
                         sx_error *err)
{
    f->vertex = sx_alloc((size_t)g->vertices, sizeof *f->vertex);
    if (!f->vertex)
        return sx_nomem(err);
    f->vertices = g->vertices;
    for (int32_t i = 0; i < g->vertices; i++) {
        f->vertex[i][0] = sx_i_given(&p->proxy, g->vertex[i].x);
        f->vertex[i][1] = sx_i_given(&p->truth, g->vertex[i].y);
    }
    f->gap = g->vertices > 1 ? g->gap / g->diameter : 0;
    f->outcome = sx_i_worse_outcome(
        g->outcome, sx_i_worse_outcome(p->truth.range->outcome, p->proxy.range->outcome));
    return SX_OK;
}

static sx_status fill(const sx_i_plane *p, const sx_frontier_options *o, sx_frontier *f,
                      sx_error *err)
{
    sx_polygon_options po = sx_polygon_defaults();
    sx_polygon *g = NULL;
    po.tolerance = o->tolerance;
    po.most = o->vertices;
    po.method = o->method;
    sx_status st = sx_polygon_find(p->m, p->proxy.r, p->truth.r, &po, &g, err);
    if (!st)
        st = outline(p, g, f, err);
    if (!st)
        st = goodhart(p, g, f, err);
    if (!st)
        st = sx_i_hacking_all(p, g, &f->all, err);
    if (!st)
        st = sx_i_hacking_deterministic(p, g, o->policies, &f->deterministic, err);
    sx_polygon_free(g);
    if (!st)
        st = sx_i_soft_path(p, o->temperatures, f, err);
    return st;
}

sx_status sx_frontier_find(const sx_regret_world *w, int32_t truth, int32_t proxy,
                           const sx_frontier_options *o, sx_frontier **out, sx_error *err)
{
    sx_i_plane p;
    *out = NULL;
    if (o->levels < 2 || o->temperatures == 1 || o->temperatures < 0)
        return sx_fail(err, SX_EARG, "frontier: %d levels, %d temperatures", (int)o->levels,
                       (int)o->temperatures);
    sx_frontier *f = sx_alloc(1, sizeof *f);
    if (!f)
        return sx_nomem(err);
    sx_status st = sx_i_plane_start(w, truth, proxy, &p, err);
    if (!st) {
        f->levels = o->levels;
        f->trivial_true = p.truth.range->trivial;
        f->trivial_proxy = p.proxy.range->trivial;
        st = fill(&p, o, f, err);
    }
    sx_i_plane_end(&p);
    if (st)
        f = sx_frontier_free(f);
    *out = f;
    return st;
}
