/* SPDX-License-Identifier: GPL-3.0-or-later */
/* plot_gridworld_policy.c - plot gridworld: values, policies and occupancies, of an optimal
 * policy or of the one that --policy gives. */
#include "cli/plot_gridworld.h"

#include <math.h>
#include <string.h>

#include "solvers/evaluate.h"

sx_status sx_grid_view_solve(const sx_mdp *m, const double *r, unsigned char *optimal,
                             double *value, int32_t *choice, sx_error *err)
{
    sx_solve_options o = sx_solve_defaults();
    sx_solution *x = NULL;
    double scale = sx_grid_view_largest(r, m->pairs);
    o.tolerance = scale > 0 ? 1e-9 * scale : 1e-9;
    sx_status st = sx_solve(m, r, &o, &x, err);
    if (!st) {
        double slack = fmax(2 * m->discount * x->value_error, 1e-12 * scale);
        (void)sx_solution_ties(m, r, &o, x, slack, optimal);
        for (int32_t s = 0; s < m->states; s++) {
            if (value)
                value[s] = fabs(x->value[s]) <= 1e-12 * scale ? 0 : x->value[s];
            if (choice)
                choice[s] = x->choice[s];
        }
    }
    sx_solution_free(x);
    return st;
}

/* policy [K]: the one that is given, or an optimal one. */
sx_status sx_grid_view_policy(sx_grid_view *v, sx_error *err)
{
    if (v->policy)
        return SX_OK;
    int32_t *choice = sx_alloc((size_t)v->m->states, sizeof *choice);
    v->policy = sx_alloc((size_t)v->m->pairs, sizeof *v->policy);
    sx_status st = choice && v->policy ? SX_OK : sx_nomem(err);
    if (!st) {
        sx_reward_mean(v->m, v->c->spec->reward[v->reward].reward, v->pair);
        st = sx_grid_view_solve(v->m, v->pair, v->optimal, NULL, choice, err);
    }
    for (int32_t s = 0; !st && s < v->m->states; s++)
        v->policy[choice[s]] = 1;
    sx_release(choice);
    return st;
}

sx_status sx_grid_view_occupancy(sx_grid_view *v, sx_error *err)
{
    sx_evaluator *e = NULL;
    double residual = 0;
    sx_status st = sx_grid_view_policy(v, err);
    if (!st)
        st = sx_evaluator_new(v->m, v->policy, &e, err);
    if (!st)
        st = sx_evaluator_occupancy(e, NULL, v->pair, &residual, err);
    sx_evaluator_free(e);
    if (st)
        return st;
    for (int32_t s = 0; s < v->m->states; s++) {
        double sum = 0;
        for (int32_t k = v->m->pair[s]; k < v->m->pair[s + 1]; k++)
            sum += v->pair[k];
        v->state[s] = sum <= 1e-12 / (1 - v->m->discount) ? 0 : sum;
    }
    sx_plot_map_states(v->c, v->g, v->state);
    sx_grid_view_bar(v, v->given ? "occupancy of the given policy" : "occupancy, %s",
                     sx_grid_view_id(v, v->reward).text);
    sx_figure_text(v->figure, &v->figure->description,
                   "A gridworld; colours: discounted occupancy of %s%.100s; white: never "
                   "visited",
                   v->given ? "the given policy" : "an optimal policy of the reward ",
                   v->given ? "" : v->c->spec->reward[v->reward].id);
    return SX_OK;
}

/* state [S] = the values of the given policy. */
static sx_status given_values(sx_grid_view *v, sx_error *err)
{
    sx_evaluator *e = NULL;
    double bound = 0;
    sx_status st = sx_evaluator_new(v->m, v->policy, &e, err);
    if (!st)
        st = sx_evaluator_values(e, v->pair, v->state, &bound, err);
    for (int32_t s = 0; !st && s < v->m->states; s++)
        v->state[s] = fabs(v->state[s]) <= bound ? 0 : v->state[s];
    sx_evaluator_free(e);
    return st;
}

/* other [K] = 1 for the optimal moves. */
static void share_optimal(sx_grid_view *v)
{
    for (int32_t k = 0; k < v->m->pairs; k++)
        v->other[k] = v->optimal[k];
}

sx_status sx_grid_view_values(sx_grid_view *v, sx_error *err)
{
    const char *id = v->c->spec->reward[v->reward].id;
    bool arrows = v->view == SX_VIEW_POLICY;
    sx_reward_mean(v->m, v->c->spec->reward[v->reward].reward, v->pair);
    sx_status st = v->given
                       ? given_values(v, err)
                       : sx_grid_view_solve(v->m, v->pair, v->optimal, v->state, NULL, err);
    if (st)
        return st;
    share_optimal(v);
    sx_plot_map_states(v->c, v->g, v->state);
    v->g->diverging = true;
    if (arrows)
        sx_plot_map_arrows(v->c, v->g, v->given ? v->policy : v->other);
    sx_grid_view_bar(v, "%s, %s", v->given ? "value of the given policy" : "optimal value",
                     sx_grid_view_id(v, v->reward).text);
    sx_figure_text(v->figure, &v->figure->description,
                   "A gridworld; colours: %s of the reward %.100s; white: 0%s",
                   v->given ? "value of the given policy" : "optimal value", id,
                   !arrows    ? ""
                   : v->given ? "; arrows: its moves, longer and darker the more often"
                              : "; arrows: all optimal moves");
    return SX_OK;
}
