/* SPDX-License-Identifier: GPL-3.0-or-later */
/* plot_canonical.c - plot: a reward and its canonical forms, divided by their norms. */
#include "cli/verb_plot.h"

#include <math.h>
#include <string.h>

#include "cli/plot_panel.h"
#include "metrics/steps.h"

enum { COLUMNS = 4 };

typedef struct form {
    sx_canon canon;
    double *pair; /* [K] expectations of the standardised form; NULL: not there */
    double unseen;
} form;

typedef struct drawing {
    int32_t reward, forms;
    sx_norm norm;
    form form[SX_CANONS];
    const double *pair[SX_CANONS]; /* of those that are there */
    int32_t there;
    sx_figure *f;
} drawing;

static void clear(drawing *d)
{
    for (int32_t i = 0; i < d->forms; i++)
        sx_release(d->form[i].pair);
    sx_figure_free(d->f);
}

/* All forms, or the reward as it is and the one of --canon. */
static void choose_forms(const sx_cli *c, drawing *d)
{
    for (int32_t i = 0; i < SX_CANONS; i++)
        if (i == SX_NONE || !c->o.given[SX_OPT_CANON] ||
            i == (int32_t)c->o.number[SX_OPT_CANON])
            d->form[d->forms++].canon = (sx_canon)i;
}

static sx_status choose(sx_cli *c, drawing *d, sx_error *err)
{
    const char *id = c->o.text[SX_OPT_REWARD];
    d->norm = (sx_norm)c->o.number[SX_OPT_NORM];
    choose_forms(c, d);
    sx_status st = sx_cli_read(c, err);
    if (!st && !c->spec->rewards)
        st = sx_fail(err, SX_EINPUT, "%s has no reward to draw", sx_cli_path(c));
    if (!st && id)
        st = sx_cli_reward(c, "--reward", id, &d->reward, err);
    return st;
}

/* A form that is not there leaves a note. */
static sx_status find_form(sx_cli *c, drawing *d, form *x, sx_canoniser *canoniser,
                           const sx_reward *zero, sx_error *err)
{
    const sx_mdp *m = c->spec->world->mdp;
    sx_norm norm = sx_canon_is_minimal(x->canon) && d->norm == SX_NO_NORM ? SX_L2 : d->norm;
    sx_measure q = {SX_DISTANCE_STARC, x->canon, norm, SX_L2};
    sx_steps *steps = NULL;
    sx_status st = sx_steps_new(canoniser, c->spec->reward[d->reward].reward, zero, &q,
                                /*potentials=*/false, &steps, err);
    const sx_reward *r = st ? NULL : steps->side[0].standard;
    if (r) {
        x->pair = sx_alloc((size_t)m->pairs, sizeof *x->pair);
        if (!x->pair) {
            sx_steps_free(steps);
            return sx_nomem(err);
        }
        sx_reward_mean(m, r, x->pair);
        sx_plot_panel_clean(x->pair, m->pairs, 0);
        x->unseen = sx_reward_unseen(m, r);
        d->pair[d->there++] = x->pair;
    } else if (!st) {
        const char *why = steps->side[0].length.reason;
        sx_figure_note(d->f, "%s is left out: %s", sx_canon_name(x->canon),
                       why                      ? why
                       : steps->distance.reason ? steps->distance.reason
                                                : "none");
    }
    sx_steps_free(steps);
    return st;
}

static sx_status find_forms(sx_cli *c, drawing *d, sx_error *err)
{
    sx_canoniser *canoniser = NULL;
    sx_reward *zero = NULL;
    sx_status st = sx_cli_canoniser(c, &canoniser, err);
    if (!st)
        st = sx_reward_new(c->spec->world->mdp, &zero, err);
    sx_progress_phase("canonical forms", d->forms);
    for (int32_t i = 0; i < d->forms && !st; i++) {
        st = find_form(c, d, &d->form[i], canoniser, zero, err);
        sx_progress_step();
    }
    if (!st && !d->there)
        st = sx_fail(err, SX_EINPUT, "no canonical form exists here: %s",
                     d->f->notes.text[d->f->notes.count - 1]);
    sx_reward_free(zero);
    sx_canoniser_free(canoniser);
    return st;
}

/* --- the figure --- */

static void bar_label(const drawing *d, char *text, size_t size)
{
    static const char *const names[] = {"L_1",          "L_2",          "L_\\infty",
                                        "weighted L_1", "weighted L_2", "weighted L_\\infty"};
    if (d->norm == SX_NO_NORM)
        snprintf(text, size, "expected reward");
    else
        snprintf(text, size, "expected reward, %s norm 1", names[d->norm]);
}

static sx_status draw(sx_cli *c, drawing *d, sx_error *err)
{
    char bar[80], title[260], id[240];
    sx_plot_panels p;
    sx_status st = sx_plot_panels_start(c, d->f, d->pair, d->there, &p, err);
    bar_label(d, bar, sizeof bar);
    sx_markup_escape(c->spec->reward[d->reward].id, id, sizeof id);
    for (int32_t i = 0; i < d->forms && !st; i++) {
        const form *x = &d->form[i];
        snprintf(title, sizeof title, "%s%s", x->canon == SX_NONE ? "reward " : "",
                 x->canon == SX_NONE ? id : sx_canon_name(x->canon));
        if (x->pair)
            st = sx_plot_panel_pairs(c, &p, title, bar, x->pair, err);
    }
    if (p.map) /* matrices are wider: their names */
        d->f->columns = d->there < COLUMNS ? d->there : COLUMNS;
    d->f->share_bar = true;
    d->f->letters = d->there > 1;
    sx_plot_panels_clear(&p);
    return st;
}

static void describe(sx_cli *c, drawing *d)
{
    sx_text t = {0};
    const form *most = NULL;
    sx_text_format(&t, "The reward %s of %s, and its canonical forms",
                   c->spec->reward[d->reward].id, c->spec->id);
    if (d->norm != SX_NO_NORM)
        sx_text_format(&t, ", each divided by its %s norm", sx_norm_name(d->norm));
    sx_text_put(&t, ", by state and action, expected over the next states:");
    for (int32_t i = 0; i < d->forms; i++) {
        const form *x = &d->form[i];
        double low = INFINITY, high = -INFINITY;
        for (int32_t k = 0; x->pair && k < c->spec->world->mdp->pairs; k++) {
            low = fmin(low, x->pair[k]);
            high = fmax(high, x->pair[k]);
        }
        if (x->pair)
            sx_text_format(&t, " %s from %.4g to %.4g;", sx_canon_name(x->canon), low, high);
        if (x->pair && (!most || x->unseen > most->unseen))
            most = x;
    }
    if (most && most->unseen > 1e-9) {
        sx_text_format(&t, " expectations hide up to %.3g %% of the squares (%s).",
                       100 * most->unseen, sx_canon_name(most->canon));
        sx_figure_note(d->f,
                       "drawn are expectations over next states, which hide up to %.3g %% of "
                       "the squares (%s)",
                       100 * most->unseen, sx_canon_name(most->canon));
    } else {
        sx_text_put(&t, " expectations hide nothing on possible steps.");
    }
    d->f->failed |= t.failed;
    if (!t.failed)
        sx_figure_text(d->f, &d->f->description, "%s", t.bytes);
    sx_text_clear(&t);
}

sx_status sx_plot_canonical(sx_cli *c, sx_figure **figure, sx_error *err)
{
    drawing d = {.reward = 0};
    *figure = NULL;
    sx_status st = choose(c, &d, err);
    if (!st) {
        d.f = sx_figure_new(sx_cli_title(c));
        st = d.f ? find_forms(c, &d, err) : sx_nomem(err);
    }
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
