/* SPDX-License-Identifier: GPL-3.0-or-later */
/* plot_gridworld.c - plot: a gridworld and what happens in it, as --view asks. */
#include "cli/verb_plot.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "metrics/equivalence.h"
#include "plots/gridworld.h"
#include "solvers/control.h"
#include "solvers/evaluate.h"

typedef struct drawing {
    const sx_world *w;
    const sx_mdp *m;
    int32_t cells;
    sx_grid_figure g;
    unsigned char *kind, *start, *end;
    const char **label;
    double *value, *move;
    uint16_t *arrows;
    double *state; /* [S] to be put into value */
    double *pair;  /* [K] to be put into move */
    unsigned char *optimal;
    int32_t reward, truth;
    char bar[160];
    char description[400];
} drawing;

const char *sx_plot_view(int32_t i)
{
    static const char *const names[] = {"map",        "value",     "policy",   "reward",
                                        "difference", "occupancy", "potential"};
    return i >= 0 && i < SX_VIEWS ? names[i] : NULL;
}

/* --- the map --- */

/* Names of cells: that of the fewest states; what most states are called says nothing. */
static sx_status name_cells(drawing *d, sx_error *err)
{
    int32_t states = d->m->states;
    const sx_label **of = sx_alloc((size_t)states, sizeof(void *));
    if (!of)
        return sx_nomem(err);
    for (int32_t i = 0; i < d->w->labels; i++) {
        const sx_label *l = &d->w->label[i];
        for (int32_t j = 0; j < l->count && 2 * l->count <= states; j++)
            if (!of[l->state[j]] || l->count < of[l->state[j]]->count)
                of[l->state[j]] = l;
    }
    for (int32_t i = 0; i < d->cells; i++) {
        int32_t s = d->w->grid->state[i];
        d->label[i] = s >= 0 && of[s] ? of[s]->name : NULL;
    }
    sx_release(of);
    return SX_OK;
}

/* A start that is spread over most states is not marked. */
static void mark_cells(drawing *d)
{
    int32_t begins = 0;
    for (int32_t s = 0; s < d->m->states; s++)
        begins += d->m->initial[s] > 0;
    for (int32_t i = 0; i < d->cells; i++) {
        int32_t s = d->w->grid->state[i];
        d->kind[i] = SX_CELL_FREE;
        if (s < 0)
            d->kind[i] = d->w->grid->wall[i] ? SX_CELL_WALL : SX_CELL_SENDER;
        d->start[i] = s >= 0 && d->m->initial[s] > 0 && 2 * begins <= d->m->states;
        d->end[i] = s >= 0 && d->m->absorbing[s];
    }
}

static sx_status prepare(sx_cli *c, drawing *d, sx_error *err)
{
    d->w = c->spec->world;
    d->m = d->w->mdp;
    if (!d->w->grid)
        return sx_fail(err, SX_EINPUT,
                       "%s has no gridworld to draw: its world is not written as <gridworld>",
                       sx_cli_path(c));
    if (d->w->grid->rows > 200 || d->w->grid->columns > 200)
        return sx_fail(err, SX_ELIMIT,
                       "a figure has up to 200 rows and columns; this gridworld has %d and %d",
                       d->w->grid->rows, d->w->grid->columns);
    d->cells = d->w->grid->rows * d->w->grid->columns;
    size_t n = (size_t)d->cells;
    d->kind = sx_alloc(n, 1);
    d->start = sx_alloc(n, 1);
    d->end = sx_alloc(n, 1);
    d->label = sx_alloc(n, sizeof *d->label);
    d->value = sx_alloc(n, sizeof *d->value);
    d->move = sx_alloc(n * SX_GRID_MOVES, sizeof *d->move);
    d->arrows = sx_alloc(n, sizeof *d->arrows);
    d->state = sx_alloc((size_t)d->m->states, sizeof *d->state);
    d->pair = sx_alloc((size_t)d->m->pairs, sizeof *d->pair);
    d->optimal = sx_alloc((size_t)d->m->pairs, 1);
    if (!d->kind || !d->start || !d->end || !d->label || !d->value || !d->move || !d->arrows ||
        !d->state || !d->pair || !d->optimal)
        return sx_nomem(err);
    mark_cells(d);
    return name_cells(d, err);
}

static void clear(drawing *d)
{
    sx_release(d->kind);
    sx_release(d->start);
    sx_release(d->end);
    sx_release(d->label);
    sx_release(d->value);
    sx_release(d->move);
    sx_release(d->arrows);
    sx_release(d->state);
    sx_release(d->pair);
    sx_release(d->optimal);
}

/* --- numbers and arrows on it --- */

static double largest(const double *x, int32_t n)
{
    double most = 0;
    for (int32_t i = 0; i < n; i++)
        most = fmax(most, fabs(x[i]));
    return most;
}

static void use_states(drawing *d, bool diverging)
{
    for (int32_t i = 0; i < d->cells; i++) {
        int32_t s = d->w->grid->state[i];
        d->value[i] = s < 0 ? (double)NAN : d->state[s];
    }
    d->g.value = d->value;
    d->g.diverging = diverging;
}

/* The place of an action in a figure: actions of gridworlds are the moves, then stay. */
static int32_t move_of(const drawing *d, int32_t action)
{
    int32_t moves = d->m->actions >= 8 ? 8 : 4;
    return action < moves ? action : SX_GRID_STAY;
}

static void use_pairs(drawing *d)
{
    for (int32_t i = 0; i < d->cells; i++) {
        double *move = d->move + (size_t)i * SX_GRID_MOVES;
        int32_t s = d->w->grid->state[i];
        for (int32_t j = 0; j < SX_GRID_MOVES; j++)
            move[j] = (double)NAN;
        for (int32_t k = s < 0 ? 0 : d->m->pair[s]; s >= 0 && k < d->m->pair[s + 1]; k++)
            move[move_of(d, d->m->action[k])] = d->pair[k];
    }
    d->g.move = d->move;
    d->g.diverging = true;
    d->g.eight = d->m->actions >= 8;
}

static void use_arrows(drawing *d)
{
    for (int32_t i = 0; i < d->cells; i++) {
        int32_t s = d->w->grid->state[i];
        for (int32_t k = s < 0 ? 0 : d->m->pair[s]; s >= 0 && k < d->m->pair[s + 1]; k++)
            if (d->optimal[k] && !d->m->absorbing[s])
                d->arrows[i] |= (uint16_t)(1U << move_of(d, d->m->action[k]));
    }
    d->g.arrows = d->arrows;
}

static sx_status find_occupancy(drawing *d, const sx_solution *x, sx_error *err)
{
    sx_evaluator *e = NULL;
    double residual = 0;
    sx_status st = sx_evaluator_choice(d->m, x->choice, &e, err);
    if (!st)
        st = sx_evaluator_occupancy(e, NULL, d->pair, &residual, err);
    for (int32_t s = 0; !st && s < d->m->states; s++)
        d->state[s] = d->pair[x->choice[s]];
    sx_evaluator_free(e);
    return st;
}

static sx_status draw_solution(sx_cli *c, drawing *d, sx_view view, sx_error *err)
{
    const sx_named_reward *r = &c->spec->reward[d->reward];
    sx_solve_options o = sx_solve_defaults();
    sx_solution *x = NULL;
    sx_reward_mean(d->m, r->reward, d->pair);
    double scale = largest(d->pair, d->m->pairs);
    o.tolerance = scale > 0 ? 1e-9 * scale : 1e-9;
    sx_status st = sx_solve(d->m, d->pair, &o, &x, err);
    if (!st) {
        double slack = fmax(2 * d->m->discount * x->value_error, 1e-12 * scale);
        (void)sx_solution_ties(d->m, d->pair, &o, x, slack, d->optimal);
        memcpy(d->state, x->value, (size_t)d->m->states * sizeof *d->state);
    }
    if (!st && view == SX_VIEW_OCCUPANCY)
        st = find_occupancy(d, x, err);
    sx_solution_free(x);
    if (st)
        return st;
    use_states(d, view != SX_VIEW_OCCUPANCY);
    if (view == SX_VIEW_POLICY)
        use_arrows(d);
    snprintf(d->bar, sizeof d->bar, "%s, %.100s",
             view == SX_VIEW_OCCUPANCY ? "occupancy" : "optimal value", r->id);
    snprintf(d->description, sizeof d->description, "%s of the reward %.100s",
             view == SX_VIEW_OCCUPANCY
                 ? "A gridworld; colours: discounted occupancy of an optimal policy"
             : view == SX_VIEW_POLICY
                 ? "A gridworld; colours: optimal value, arrows: all optimal moves"
                 : "A gridworld; colours: optimal value",
             r->id);
    return SX_OK;
}

static void draw_reward(sx_cli *c, drawing *d)
{
    const sx_named_reward *r = &c->spec->reward[d->reward];
    sx_reward_mean(d->m, r->reward, d->pair);
    use_pairs(d);
    snprintf(d->bar, sizeof d->bar, "reward %.100s", r->id);
    snprintf(
        d->description, sizeof d->description,
        "A gridworld; in each cell a wedge for each move and a circle for staying, coloured "
        "by the expected reward %.100s",
        r->id);
}

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

static sx_status draw_difference(sx_cli *c, drawing *d, sx_error *err)
{
    const sx_named_reward *a = &c->spec->reward[d->truth];
    const sx_named_reward *b = &c->spec->reward[d->reward];
    sx_alignment fit;
    double *of_a = sx_alloc((size_t)d->m->pairs, sizeof *of_a);
    sx_status st =
        of_a ? sx_rewards_align(d->m, a->reward, b->reward, &fit, err) : sx_nomem(err);
    if (!st)
        st = advantages(d->m, a->reward, of_a, err);
    if (!st)
        st = advantages(d->m, b->reward, d->pair, err);
    if (!st) {
        double scale =
            fmax(fabs(fit.scale) * largest(of_a, d->m->pairs), largest(d->pair, d->m->pairs));
        for (int32_t k = 0; k < d->m->pairs; k++) {
            double x = d->pair[k] - fit.scale * of_a[k];
            d->pair[k] = fabs(x) <= 1e-9 * scale ? 0 : x; /* rounding */
        }
        use_pairs(d);
        snprintf(d->bar, sizeof d->bar, "advantage, %.50s \xe2\x88\x92 %.3g %.50s", b->id,
                 fit.scale, a->id);
        snprintf(d->description, sizeof d->description,
                 "A gridworld; in each cell a wedge for each move and a circle for staying, "
                 "coloured by the advantage of %.60s minus %.6g times that of %.60s, under the "
                 "uniform policy: 0 where they differ by shaping and scale alone",
                 b->id, fit.scale, a->id);
    }
    sx_release(of_a);
    return st;
}

static sx_status draw_potential(sx_cli *c, drawing *d, sx_error *err)
{
    const sx_named_reward *a = &c->spec->reward[d->truth];
    const sx_named_reward *b = &c->spec->reward[d->reward];
    sx_equivalence_options o = sx_equivalence_defaults();
    sx_equivalence *x = NULL;
    sx_status st = sx_equivalence_find(d->m, a->reward, b->reward, &o, &x, err);
    if (!st && !x->potential)
        st = sx_fail(err, SX_EINPUT,
                     "no potential leads from %.60s to %.60s: they are not known to be "
                     "equivalent; see --view difference",
                     a->id, b->id);
    if (!st) {
        double least = 1e-9 * sx_reward_max_possible(d->m, b->reward);
        for (int32_t s = 0; s < d->m->states; s++)
            d->state[s] = fabs(x->potential[s]) <= least ? 0 : x->potential[s];
        use_states(d, true);
        snprintf(d->bar, sizeof d->bar, "potential, %.50s to %.50s", a->id, b->id);
        snprintf(
            d->description, sizeof d->description,
            "A gridworld; colours: the potential whose shaping turns %.6g times the reward "
            "%.60s into %.60s",
            x->scale, a->id, b->id);
    }
    sx_equivalence_free(x);
    return st;
}

/* --- which rewards --- */

static sx_status choose_pair(sx_cli *c, drawing *d, sx_error *err)
{
    const char *truth = c->o.text[SX_OPT_TRUE];
    const char *proxy = c->o.text[SX_OPT_PROXY];
    d->truth = sx_cli_usual_truth(c->spec);
    sx_status st = truth ? sx_cli_reward(c, "--true", truth, &d->truth, err) : SX_OK;
    if (!st && proxy)
        return sx_cli_reward(c, "--proxy", proxy, &d->reward, err);
    if (!st && c->spec->rewards != 2)
        return sx_cli_fail(c, "E505", err, "--view %s needs --proxy R: which reward to compare",
                           c->o.text[SX_OPT_VIEW]);
    d->reward = 1 - d->truth;
    return st;
}

static sx_status choose(sx_cli *c, drawing *d, sx_view view, sx_error *err)
{
    const char *id = c->o.text[SX_OPT_REWARD];
    bool two = view == SX_VIEW_DIFFERENCE || view == SX_VIEW_POTENTIAL;
    if (view == SX_VIEW_MAP)
        return SX_OK;
    if (!c->spec->rewards)
        return sx_fail(err, SX_EINPUT, "%s has no reward to draw", sx_cli_path(c));
    if (two)
        return choose_pair(c, d, err);
    return id ? sx_cli_reward(c, "--reward", id, &d->reward, err) : SX_OK;
}

static sx_status fill(sx_cli *c, drawing *d, sx_view view, sx_error *err)
{
    snprintf(d->description, sizeof d->description,
             "A gridworld: walls, names of cells, start");
    switch (view) {
    case SX_VIEW_MAP: return SX_OK;
    case SX_VIEW_REWARD: draw_reward(c, d); return SX_OK;
    case SX_VIEW_DIFFERENCE: return draw_difference(c, d, err);
    case SX_VIEW_POTENTIAL: return draw_potential(c, d, err);
    default: return draw_solution(c, d, view, err);
    }
}

static sx_status write_figure(sx_cli *c, drawing *d, sx_error *err)
{
    unsigned char *bytes = NULL;
    size_t size = 0;
    d->g.title = sx_cli_title(c);
    d->g.description = d->description;
    d->g.bar_label = d->bar;
    d->g.rows = d->w->grid->rows;
    d->g.columns = d->w->grid->columns;
    d->g.kind = d->kind;
    d->g.start = d->start;
    d->g.end = d->end;
    d->g.label = d->label;
    d->g.width = c->o.number[SX_OPT_WIDTH];
    sx_status st = sx_grid_figure_draw(&d->g, sx_plot_format(c), &bytes, &size, err);
    if (!st)
        st = sx_plot_bytes(c, bytes, size, err);
    sx_release(bytes);
    return st;
}

sx_status sx_plot_gridworld(sx_cli *c, sx_error *err)
{
    drawing d = {0};
    sx_view view = (sx_view)c->o.number[SX_OPT_VIEW];
    sx_status st = sx_cli_read(c, err);
    if (!st)
        st = prepare(c, &d, err);
    if (!st)
        st = choose(c, &d, view, err);
    if (!st)
        st = fill(c, &d, view, err);
    if (!st)
        st = write_figure(c, &d, err);
    clear(&d);
    return st;
}
