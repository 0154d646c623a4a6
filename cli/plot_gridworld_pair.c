/* SPDX-License-Identifier: GPL-3.0-or-later */
/* plot_gridworld_pair.c - plot gridworld: what is between two rewards. */
#include "cli/plot_gridworld.h"

#include <math.h>

#include "metrics/equivalence.h"
#include "solvers/evaluate.h"

/* out [K] = advantages of r under the uniform policy. */
static sx_status advantages(const sx_mdp *m, const sx_reward *r, double *out, sx_error *err)
{
    sx_evaluator *e = NULL;
    double mean = 0;
    double *pi = sx_alloc((size_t)m->pairs, sizeof *pi);
    double *v = sx_alloc((size_t)m->states, sizeof *v);
    sx_status st = pi && v ? SX_OK : sx_nomem(err);
    if (!st) {
        sx_policy_uniform(m, pi);
        st = sx_evaluator_new(m, pi, &e, err);
    }
    if (!st) {
        sx_reward_mean(m, r, out);
        st = sx_evaluator_relative(e, out, v, &mean, err);
    }
    for (int32_t s = 0; !st && s < m->states; s++)
        for (int32_t k = m->pair[s]; k < m->pair[s + 1]; k++) {
            out[k] -= v[s] + (1 - m->discount) * mean;
            for (int64_t t = m->first[k]; t < m->first[k + 1]; t++)
                out[k] += m->discount * m->prob[t] * v[m->next[t]];
        }
    sx_evaluator_free(e);
    sx_release(pi);
    sx_release(v);
    return st;
}

/* Circle the cells where the optimal moves differ; *count: how many. */
static sx_status mark_policies(sx_grid_view *v, int32_t *count, sx_error *err)
{
    const sx_mdp *m = v->m;
    const sx_grid *grid = v->c->spec->world->grid;
    double *r = sx_alloc((size_t)m->pairs, sizeof *r);
    unsigned char *of_truth = sx_alloc((size_t)m->pairs, 1);
    sx_status st = r && of_truth ? SX_OK : sx_nomem(err);
    if (!st) {
        sx_reward_mean(m, v->c->spec->reward[v->truth].reward, r);
        st = sx_grid_view_solve(m, r, of_truth, NULL, NULL, err);
    }
    if (!st) {
        sx_reward_mean(m, v->c->spec->reward[v->reward].reward, r);
        st = sx_grid_view_solve(m, r, v->optimal, NULL, NULL, err);
    }
    sx_gridmap_marks(v->g);
    *count = 0;
    for (int32_t i = 0; !st && v->g->mark && i < v->g->rows * v->g->columns; i++) {
        int32_t s = grid->state[i];
        bool differ = false;
        for (int32_t k = s < 0 ? 0 : m->pair[s]; s >= 0 && k < m->pair[s + 1]; k++)
            differ = differ || (of_truth[k] != v->optimal[k] && !m->absorbing[s]);
        v->g->mark[i] = differ;
        *count += differ;
    }
    sx_figure_text(v->figure, &v->g->marked, "optimal moves differ");
    sx_release(r);
    sx_release(of_truth);
    return st;
}

sx_status sx_grid_view_difference(sx_grid_view *v, sx_error *err)
{
    const sx_named_reward *a = &v->c->spec->reward[v->truth];
    const sx_named_reward *b = &v->c->spec->reward[v->reward];
    int32_t marked = 0;
    sx_alignment fit;
    sx_status st = sx_rewards_align(v->m, a->reward, b->reward, &fit, err);
    if (!st)
        st = advantages(v->m, a->reward, v->other, err);
    if (!st)
        st = advantages(v->m, b->reward, v->pair, err);
    if (!st)
        st = mark_policies(v, &marked, err);
    if (st)
        return st;
    double scale = fmax(fabs(fit.scale) * sx_grid_view_largest(v->other, v->m->pairs),
                        sx_grid_view_largest(v->pair, v->m->pairs));
    for (int32_t k = 0; k < v->m->pairs; k++) {
        double x = v->pair[k] - fit.scale * v->other[k];
        v->pair[k] = fabs(x) <= 1e-9 * scale ? 0 : x; /* rounding */
    }
    sx_plot_map_pairs(v->c, v->g, v->pair);
    v->g->diverging = true;
    sx_grid_view_bar(v, "advantage, %s \xe2\x88\x92 %.3g %s",
                     sx_grid_view_id(v, v->reward).text, fit.scale,
                     sx_grid_view_id(v, v->truth).text);
    sx_figure_text(v->figure, &v->figure->description,
                   "A gridworld; in each cell a wedge for each move and a circle for staying, "
                   "coloured by the advantage of %.60s minus %.6g times that of %.60s, under "
                   "the uniform policy: white where they differ by shaping and scale alone; "
                   "circled: the optimal moves differ, %d cell%s",
                   b->id, fit.scale, a->id, marked, marked == 1 ? "" : "s");
    return SX_OK;
}

sx_status sx_grid_view_potential(sx_grid_view *v, sx_error *err)
{
    const sx_named_reward *a = &v->c->spec->reward[v->truth];
    const sx_named_reward *b = &v->c->spec->reward[v->reward];
    sx_equivalence_options o = sx_equivalence_defaults();
    sx_equivalence *x = NULL;
    sx_status st = sx_equivalence_find(v->m, a->reward, b->reward, &o, &x, err);
    const double *potential = st ? NULL : x->potential;
    if (!st && !potential)
        st = sx_cli_fail(v->c, "E531", err,
                         "no potential leads from %.60s to %.60s: they are not known to be "
                         "equivalent; see --view difference",
                         a->id, b->id);
    if (!st && potential) {
        double least = 1e-9 * sx_reward_max_possible(v->m, b->reward);
        for (int32_t s = 0; s < v->m->states; s++)
            v->state[s] = fabs(potential[s]) <= least ? 0 : potential[s];
        sx_plot_map_states(v->c, v->g, v->state);
        v->g->diverging = true;
        sx_grid_view_bar(v, "potential, %s to %s", sx_grid_view_id(v, v->truth).text,
                         sx_grid_view_id(v, v->reward).text);
        sx_figure_text(v->figure, &v->figure->description,
                       "A gridworld; colours: the potential whose shaping turns %.6g times the "
                       "reward %.60s into %.60s; white: 0",
                       x->scale, a->id, b->id);
    }
    sx_equivalence_free(x);
    return st;
}
