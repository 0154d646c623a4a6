/* SPDX-License-Identifier: GPL-3.0-or-later */
/* plot_shaping.c - plot: a reward before and after shaping, and the potential. */
#include "cli/verb_plot.h"

#include <math.h>

#include "cli/plot_panel.h"
#include "cli/verb_shape.h"

enum { FROM, SHAPED, TO, REWARDS };

typedef struct drawing {
    sx_shape_answer a;
    double *pair[REWARDS]; /* [K] expectations; of TO NULL where there is none */
    int32_t count;
    sx_figure *f;
} drawing;

static void clear(drawing *d)
{
    for (int i = 0; i < REWARDS; i++)
        sx_release(d->pair[i]);
    sx_shape_clear(&d->a);
    sx_figure_free(d->f);
}

/* The words of --norm are those of distances, too. */
static sx_status check_norm(sx_cli *c, sx_error *err)
{
    if (c->o.given[SX_OPT_NORM] && c->o.number[SX_OPT_NORM] > SX_LINF)
        return sx_cli_fail(c, "E506", err, "shaping is there in l1, l2 and linf, not in %s",
                           c->o.text[SX_OPT_NORM]);
    return SX_OK;
}

/* What rounding in the shaped reward is beside: the potential and the reward. */
static double largest(const drawing *d, const sx_mdp *m)
{
    double most = fabs(d->a.shaping->scale) * sx_reward_max_possible(m, d->a.task.from);
    for (int32_t s = 0; s < m->states; s++)
        most = fmax(most, fabs(d->a.shaping->potential[s]));
    return most;
}

static sx_status find(sx_cli *c, drawing *d, sx_error *err)
{
    sx_status st = check_norm(c, err);
    if (!st)
        st = sx_shape_find(c, &d->a, err);
    if (!st && !d->a.shaping)
        st = sx_fail(err, SX_EINPUT, "there is no potential to draw: %s", d->a.reason);
    if (st)
        return st;
    const sx_mdp *m = c->spec->world->mdp;
    const sx_reward *of[REWARDS] = {d->a.task.from, d->a.shaped, d->a.task.to};
    for (int i = 0; i < REWARDS && of[i]; i++) {
        d->pair[i] = sx_alloc((size_t)m->pairs, sizeof **d->pair);
        if (!d->pair[i])
            return sx_nomem(err);
        sx_reward_mean(m, of[i], d->pair[i]);
        sx_plot_panel_clean(d->pair[i], m->pairs, i == SHAPED ? largest(d, m) : 0);
        d->count++;
    }
    return SX_OK;
}

static const char *name_of(const sx_cli *c, int32_t reward)
{
    return reward < 0 ? "" : c->spec->reward[reward].id;
}

/* --- the figure --- */

static void title_of(const sx_cli *c, const drawing *d, int i, char *text, size_t size)
{
    char id[220];
    double scale = d->a.shaping->scale;
    sx_markup_escape(name_of(c, i == TO ? d->a.to : d->a.from), id, sizeof id);
    if (i != SHAPED)
        snprintf(text, size, i == TO ? "%s, the aim" : "%s before", id);
    else if (!(scale > 0))
        snprintf(text, size, "shaping alone");
    else if (fabs(scale - 1) < 1e-9)
        snprintf(text, size, "%s after shaping", id);
    else
        snprintf(text, size, "%.3g %s after shaping", scale, id);
}

static sx_status draw(sx_cli *c, drawing *d, sx_error *err)
{
    char title[260];
    sx_plot_panels p;
    sx_status st =
        sx_plot_panels_start(c, d->f, (const double *const *)d->pair, d->count, &p, err);
    for (int i = 0; i < d->count && !st; i++) {
        title_of(c, d, i, title, sizeof title);
        st = sx_plot_panel_pairs(c, &p, title, "expected reward", d->pair[i], err);
    }
    if (!st)
        st =
            sx_plot_panel_states(c, &p, "potential", "potential", d->a.shaping->potential, err);
    if (!st)
        d->f->panel[d->f->panels - 1]->own_bar = true;
    d->f->share_bar = d->f->letters = true;
    sx_plot_panels_clear(&p);
    return st;
}

static void describe(sx_cli *c, drawing *d)
{
    const sx_shaping *x = d->a.shaping;
    double low = INFINITY, high = -INFINITY, unseen = 0;
    const sx_mdp *m = c->spec->world->mdp;
    char toward[200] = "", hidden[120] = "expectations hide nothing on possible steps";
    for (int32_t s = 0; s < m->states; s++) {
        low = fmin(low, x->potential[s]);
        high = fmax(high, x->potential[s]);
    }
    const sx_reward *of[REWARDS] = {d->a.task.from, d->a.shaped, d->a.task.to};
    for (int i = 0; i < d->count; i++)
        unseen = fmax(unseen, sx_reward_unseen(m, of[i]));
    if (unseen > 1e-9)
        snprintf(hidden, sizeof hidden,
                 "drawn are expectations over next states, which hide up to %.3g %% of the "
                 "squares",
                 100 * unseen);
    if (d->a.to >= 0)
        snprintf(toward, sizeof toward, ", which should be like %.150s", name_of(c, d->a.to));
    sx_figure_text(
        d->f, &d->f->description,
        "The reward %.150s of %.150s before and after shaping%s, by state and action, "
        "and the potential, from %.4g to %.4g; goal %s, scale %.6g; what was made "
        "least is %.6g, proved to be at least %.6g; %s.",
        name_of(c, d->a.from), c->spec->id, toward, low, high,
        sx_shape_goal_name((int32_t)d->a.task.goal), x->scale, x->residual, x->lower, hidden);
    if (unseen > 1e-9)
        sx_figure_note(d->f, "%s", hidden);
    if (!x->certified)
        sx_figure_note(d->f, "the potential is not certified to be best: gap %.3g", x->gap);
}

sx_status sx_plot_shaping(sx_cli *c, sx_figure **figure, sx_error *err)
{
    drawing d = {.count = 0};
    *figure = NULL;
    sx_status st = find(c, &d, err);
    if (!st) {
        d.f = sx_figure_new(sx_cli_title(c));
        st = d.f ? draw(c, &d, err) : sx_nomem(err);
    }
    if (!st) {
        describe(c, &d);
        *figure = d.f;
        d.f = NULL;
    }
    clear(&d);
    return st;
}
