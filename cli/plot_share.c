/* SPDX-License-Identifier: GPL-3.0-or-later */
/* plot_share.c - plot: which steps carry a distance, and what is left after alignment. */
#include "cli/verb_plot.h"

#include "cli/plot_panel.h"
#include "cli/verb_distance_explain.h"
#include "plots/kind_share.h"

typedef struct drawing {
    int32_t reward[2];
    sx_measure measure;
    sx_steps *steps;
    sx_share share[SX_EXPLAIN_SHARES];
    int32_t shares;
    bool partial;
    sx_leftover *left;
    sx_left transition[SX_EXPLAIN_SHARES];
    int32_t transitions;
    double *state; /* [S] shares of the distance */
    sx_text name[SX_EXPLAIN_SHARES];
    sx_figure *f;
} drawing;

static void clear(drawing *d)
{
    for (int i = 0; i < SX_EXPLAIN_SHARES; i++)
        sx_text_clear(&d->name[i]);
    sx_steps_free(d->steps);
    sx_leftover_free(d->left);
    sx_release(d->state);
    sx_figure_free(d->f);
}

static const char *id_of(const sx_cli *c, const drawing *d, int i)
{
    return c->spec->reward[d->reward[i]].id;
}

/* --- what carries --- */

static sx_status find_shares(sx_cli *c, drawing *d, sx_error *err)
{
    const sx_named_reward *r = c->spec->reward;
    sx_canoniser *canoniser = NULL;
    sx_status st = sx_cli_canoniser(c, &canoniser, err);
    sx_progress_phase("steps", 0);
    if (!st)
        st = sx_steps_new(canoniser, r[d->reward[0]].reward, r[d->reward[1]].reward,
                          &d->measure, /*potentials=*/false, &d->steps, err);
    if (!st)
        st = sx_steps_shares(d->steps, SX_EXPLAIN_SHARES, d->share, &d->shares, &d->partial,
                             err);
    if (!st)
        st = sx_steps_state_shares(d->steps, d->state, &d->partial, err);
    sx_plot_panel_clean(d->state, c->spec->world->mdp->states, 1);
    if (!st && d->steps->distance.reason)
        sx_figure_note(d->f, "no distance: %s", d->steps->distance.reason);
    if (!st && d->partial)
        sx_figure_note(d->f, "not all impossible steps were looked at");
    sx_canoniser_free(canoniser);
    return st;
}

static sx_status find_leftover(sx_cli *c, drawing *d, sx_error *err)
{
    const sx_named_reward *r = c->spec->reward;
    const char *reason = NULL;
    sx_progress_phase("alignment", 0);
    sx_status st = sx_leftover_find(c->spec->world->mdp, r[d->reward[0]].reward,
                                    r[d->reward[1]].reward, &d->left, &reason, err);
    if (!st && d->left)
        d->transitions = sx_leftover_transitions(d->left, SX_EXPLAIN_SHARES, d->transition);
    else if (!st)
        sx_figure_note(d->f, "no alignment: %s", reason);
    return st;
}

/* --- the figure --- */

/* "r0c0, up" and with an arrow the next state, where it makes a difference and another one is
 * possible. */
static void name_step(const sx_cli *c, sx_text *t, int32_t s, int32_t k, int32_t next)
{
    const sx_world *w = c->spec->world;
    char state[SX_NAME_BUFFER];
    sx_cli_name n;
    t->size = 0;
    sx_text_format(t, "%s, ", sx_state_short_name(w, s, state));
    sx_text_put(t, sx_cli_action(c, w->mdp->action[k], &n));
    bool sure = next >= 0 && w->mdp->first[k + 1] - w->mdp->first[k] == 1 &&
                w->mdp->next[w->mdp->first[k]] == next;
    if (next >= 0 && !sure)
        sx_text_format(t, " \xe2\x86\x92 %s", sx_state_short_name(w, next, state));
}

static sx_status add_map(sx_cli *c, drawing *d, const char *title, const double *state,
                         sx_error *err)
{
    const sx_grid *grid = c->spec->world->grid;
    sx_gridmap *g = NULL;
    if (!grid || grid->rows > 200 || grid->columns > 200)
        return SX_OK;
    sx_status st = sx_plot_map(c, d->f, title, "share", &g, err);
    if (!st)
        sx_plot_map_states(c, g, state);
    return st;
}

static sx_status add_bars(drawing *d, const char *title, const char *of, sx_share_step *step,
                          int32_t steps, sx_error *err)
{
    for (int32_t i = 0; i < steps; i++) {
        step[i].name = d->name[i].bytes;
        d->f->failed |= d->name[i].failed;
    }
    if (d->f->failed)
        return sx_nomem(err);
    sx_figure_shares(d->f, title, of, step, steps);
    return SX_OK;
}

static sx_status draw_distance(sx_cli *c, drawing *d, sx_error *err)
{
    const sx_mdp *m = c->spec->world->mdp;
    sx_share_step step[SX_EXPLAIN_SHARES];
    char title[80];
    if (!d->shares)
        return SX_OK;
    for (int32_t i = 0; i < d->shares; i++) {
        const sx_share *q = &d->share[i];
        name_step(c, &d->name[i], sx_cli_share_from(m, q), q->pair, q->state);
        step[i].share = q->share;
    }
    snprintf(title, sizeof title, "Distance %.4g", d->steps->distance.value);
    sx_status st = add_bars(d, title, "the distance", step, d->shares, err);
    return st ? st : add_map(c, d, "Distance by cell", d->state, err);
}

static sx_status draw_leftover(sx_cli *c, drawing *d, sx_error *err)
{
    const sx_mdp *m = c->spec->world->mdp;
    sx_share_step step[SX_EXPLAIN_SHARES];
    if (!d->transitions)
        return SX_OK;
    for (int32_t i = 0; i < d->transitions; i++) {
        const sx_left *q = &d->transition[i];
        name_step(c, &d->name[i], q->state, q->pair, m->next[q->entry]);
        step[i].share = q->share;
    }
    sx_status st =
        add_bars(d, "Left after alignment", "what is left", step, d->transitions, err);
    return st ? st : add_map(c, d, "Left by cell", d->left->state, err);
}

static sx_status draw(sx_cli *c, drawing *d, sx_error *err)
{
    sx_status st = draw_distance(c, d, err);
    if (!st)
        st = draw_leftover(c, d, err);
    if (!st && !d->f->panels)
        st = sx_fail(err, SX_EINPUT,
                     d->steps->distance.reason
                         ? "there is no distance between %.80s and %.80s, and no alignment"
                         : "%.80s and %.80s are at distance 0: no step carries it",
                     id_of(c, d, 0), id_of(c, d, 1));
    if (st)
        return st;
    d->f->columns = c->spec->world->grid && d->f->panels > 1 ? 2 : 1;
    d->f->share_bar = true;
    d->f->letters = d->f->panels > 1;
    return SX_OK;
}

static void describe_part(sx_text *t, const char *what, double first, const char *name,
                          double sum, int32_t count)
{
    sx_text_format(t, " Of %s the step %s carries %.3g %%, the largest %d together %.3g %%.",
                   what, name, 100 * first, count, 100 * sum);
}

static void describe(sx_cli *c, drawing *d)
{
    char measure[160];
    double sum = 0;
    sx_text t = {0}, name = {0};
    sx_cli_measure_text(&d->measure, measure, sizeof measure);
    sx_text_format(&t, "Which steps carry the distance between the rewards %s and %s (%s).",
                   id_of(c, d, 0), id_of(c, d, 1), measure);
    for (int32_t i = 0; i < d->shares; i++)
        sum += d->share[i].share;
    if (d->shares) {
        const sx_share *q = &d->share[0];
        char what[80];
        snprintf(what, sizeof what, "the distance, %.4g,", d->steps->distance.value);
        name_step(c, &name, sx_cli_share_from(c->spec->world->mdp, q), q->pair, q->state);
        describe_part(&t, what, q->share, name.bytes ? name.bytes : "", sum, d->shares);
    }
    sum = 0;
    for (int32_t i = 0; i < d->transitions; i++)
        sum += d->transition[i].share;
    if (d->transitions) {
        const sx_left *q = &d->transition[0];
        name_step(c, &name, q->state, q->pair, c->spec->world->mdp->next[q->entry]);
        describe_part(&t,
                      "what is left of the second when the first, scaled and shaped, is taken "
                      "from it,",
                      q->share, name.bytes ? name.bytes : "", sum, d->transitions);
    }
    d->f->failed |= t.failed || name.failed;
    if (!t.failed)
        sx_figure_text(d->f, &d->f->description, "%s", t.bytes);
    sx_text_clear(&t);
    sx_text_clear(&name);
}

sx_status sx_plot_share(sx_cli *c, sx_figure **figure, sx_error *err)
{
    drawing d = {.shares = 0};
    *figure = NULL;
    sx_status st = sx_cli_measure(c, &d.measure, err);
    if (!st)
        st = sx_cli_read(c, err);
    if (!st)
        st = sx_plot_pair(c, &d.reward[0], &d.reward[1], err);
    if (!st) {
        d.f = sx_figure_new(sx_cli_title(c));
        d.state = sx_alloc((size_t)c->spec->world->mdp->states, sizeof *d.state);
        st = d.f && d.state ? find_shares(c, &d, err) : sx_nomem(err);
    }
    if (!st)
        st = find_leftover(c, &d, err);
    if (!st)
        st = draw(c, &d, err);
    if (!st) {
        describe(c, &d);
        *figure = d.f;
        d.f = NULL;
    }
    clear(&d);
    return st;
}
