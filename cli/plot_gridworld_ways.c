/* SPDX-License-Identifier: GPL-3.0-or-later */
/* plot_gridworld_ways.c - plot gridworld: ways from the start, under an optimal policy or the
 * one that --policy gives.
 *
 * Where the start, the moves and the policy leave nothing to chance there is one way, which
 * ends where the world ends or where it comes back to a state.  Else --paths ways are drawn at
 * random; they end, too, when what follows counts less than a twentieth.  More than 20 cannot
 * be told apart: the occupancy is shown instead. */
#include "cli/plot_gridworld.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "mdp/random.h"

enum { MOST_WAYS = 20, MOST_STEPS = 200 };

/* The cell of each state, -1 for states without one; owned by the caller. */
static int32_t *cells_of(const sx_world *w)
{
    int32_t *cell = sx_alloc((size_t)w->mdp->states, sizeof *cell);
    for (int32_t s = 0; cell && s < w->mdp->states; s++)
        cell[s] = -1;
    for (int32_t i = 0; cell && i < w->grid->rows * w->grid->columns; i++)
        if (w->grid->state[i] >= 0)
            cell[w->grid->state[i]] = i;
    return cell;
}

/* Whether each state has one move, one successor, and there is one start. */
static bool certain(const sx_mdp *m, const double *pi)
{
    int32_t starts = 0;
    for (int32_t s = 0; s < m->states; s++) {
        starts += m->initial[s] > 0;
        for (int32_t k = m->pair[s]; k < m->pair[s + 1]; k++)
            if (pi[k] > 0 && !m->absorbing[s] &&
                (pi[k] < 1 || m->first[k + 1] - m->first[k] > 1))
                return false;
    }
    return starts == 1;
}

/* An index of p [n] (which sums to 1) by chance u in (0,1). */
static int64_t draw(const double *p, int64_t n, double u)
{
    int64_t last = 0;
    for (int64_t i = 0; i < n; i++) {
        if (p[i] > 0)
            last = i;
        u -= p[i];
        if (u < 0 && p[i] > 0)
            return i;
    }
    return last;
}

/* How many steps it takes until the discount is below 1/20. */
static int32_t horizon(const sx_mdp *m)
{
    double steps = m->discount > 0 ? ceil(log(0.05) / log(m->discount)) : 1;
    return steps < MOST_STEPS ? (int32_t)steps : MOST_STEPS;
}

/* state [MOST_STEPS + 1] = one way; returns its steps and, in *cut, whether it goes on. */
static int32_t walk(const sx_mdp *m, const double *pi, bool chance, sx_random *random,
                    int32_t *state, unsigned char *seen, bool *cut)
{
    int32_t most = chance ? horizon(m) : MOST_STEPS;
    int32_t n = 0;
    int32_t s = (int32_t)draw(m->initial, m->states, sx_random_uniform(random));
    for (int32_t i = 0; i < m->states; i++)
        seen[i] = 0;
    state[n++] = s;
    while (!m->absorbing[s] && n <= most && (chance || !seen[s])) {
        int32_t k = m->pair[s] + (int32_t)draw(pi + m->pair[s], m->pair[s + 1] - m->pair[s],
                                               sx_random_uniform(random));
        int64_t t = m->first[k] + draw(m->prob + m->first[k], m->first[k + 1] - m->first[k],
                                       sx_random_uniform(random));
        seen[s] = 1;
        s = m->next[t];
        state[n++] = s;
    }
    *cut = n > MOST_STEPS && !m->absorbing[s] && (chance || !seen[s]);
    return n;
}

static void add_way(sx_grid_view *v, const int32_t *cell, const int32_t *state, int32_t steps,
                    const char *name)
{
    int32_t n = 0;
    for (int32_t i = 0; i < steps; i++)
        n += cell[state[i]] >= 0;
    sx_way *way = sx_gridmap_way(v->g, name, n);
    n = 0;
    for (int32_t i = 0; way && i < steps; i++)
        if (cell[state[i]] >= 0)
            way->cell[n++] = cell[state[i]];
}

/* A way that comes back to where it was more often than the map is wide and high: others upon
 * it could not be told apart.  seen [S] is room to work in. */
static bool wanders(const sx_grid_view *v, const int32_t *state, int32_t steps,
                    unsigned char *seen)
{
    int32_t again = 0;
    memset(seen, 0, (size_t)v->m->states);
    for (int32_t i = 0; i < steps; i++) {
        again += seen[state[i]];
        seen[state[i]] = 1;
    }
    return again > v->g->rows + v->g->columns;
}

/* *paths: how many, made 1 where the first one wanders and nobody asked for more. */
static sx_status draw_ways(sx_grid_view *v, int32_t *paths, bool chance, sx_error *err)
{
    int32_t *cell = cells_of(v->c->spec->world);
    int32_t *state = sx_alloc(MOST_STEPS + 1, sizeof *state);
    unsigned char *seen = sx_alloc((size_t)v->m->states, 1);
    sx_random *random = NULL;
    int32_t cuts = 0;
    sx_status st = cell && state && seen ? SX_OK : sx_nomem(err);
    if (!st)
        st = sx_random_new((uint64_t)v->c->o.number[SX_OPT_SEED], 0, &random, err);
    for (int32_t i = 0; !st && i < *paths; i++) {
        bool cut = false;
        char name[24] = "";
        int32_t steps = walk(v->m, v->policy, chance, random, state, seen, &cut);
        if (i == 0 && *paths > 1 && !v->c->o.given[SX_OPT_PATHS] &&
            wanders(v, state, steps, seen)) {
            *paths = 1;
            sx_figure_note(v->figure,
                           "the way wanders: one is drawn, more of them with --paths");
        }
        if (*paths > 1)
            snprintf(name, sizeof name, "way %d", (int)i + 1);
        add_way(v, cell, state, steps, name);
        cuts += cut;
    }
    if (!st && cuts)
        sx_figure_note(v->figure, "%d of %d ways are cut after %d steps", cuts, *paths,
                       MOST_STEPS);
    sx_random_free(random);
    sx_release(cell);
    sx_release(state);
    sx_release(seen);
    return st;
}

sx_status sx_grid_view_ways(sx_grid_view *v, sx_error *err)
{
    const char *id = v->c->spec->reward[v->reward].id;
    int32_t paths = (int32_t)v->c->o.number[SX_OPT_PATHS];
    sx_status st = sx_grid_view_policy(v, err);
    if (st)
        return st;
    bool chance = !certain(v->m, v->policy);
    if (!chance)
        paths = 1;
    if (paths > MOST_WAYS) {
        sx_figure_note(v->figure,
                       "%d ways cannot be told apart: the occupancy is drawn instead", paths);
        return sx_grid_view_occupancy(v, err);
    }
    st = draw_ways(v, &paths, chance, err);
    if (st)
        return st;
    char many[32];
    snprintf(many, sizeof many, paths > 1 ? "%d random ways" : "a random way", paths);
    sx_figure_text(v->figure, &v->figure->description,
                   "A gridworld; lines: %s from the start under %s%.100s, from a disc to a "
                   "square, darker from step to step",
                   chance ? many : "the way",
                   v->given ? "the given policy" : "an optimal policy of the reward ",
                   v->given ? "" : id);
    return SX_OK;
}
