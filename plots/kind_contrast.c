/* SPDX-License-Identifier: GPL-3.0-or-later */
/* kind_contrast.c - the contrast grid: models by sets, right for the context and for the
 * response. */
#include "plots/kind_consistency.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "mdp/names.h"
#include "plots/kind_int.h"

enum { MOST = 200 };
static const double significant = 0.05;

typedef struct plan {
    const sx_contrast_result *row;
    int64_t rows;
    sx_names *models, *sets;
    int32_t *model, *set; /* [rows] */
    bool starred;
    sx_figure *f;
} plan;

static const char *name_of(const sx_names *names, int32_t i)
{
    return sx_names_get(names, i, NULL); /* all are written out */
}

static sx_status add_name(sx_names *names, const char *text, const char *what, int32_t *index,
                          sx_error *err)
{
    sx_status st = sx_names_add(names, text, index, err);
    if (!st && *index >= MOST)
        st = sx_fail(err, SX_ELIMIT, "a figure shows up to %d %s, and there are more", MOST,
                     what);
    return st;
}

static sx_status read_names(plan *p, sx_error *err)
{
    sx_status st = SX_OK;
    for (int64_t i = 0; i < p->rows && !st; i++) {
        st = add_name(p->models, p->row[i].model, "models", &p->model[i], err);
        if (!st)
            st = add_name(p->sets, p->row[i].set, "sets", &p->set[i], err);
    }
    if (!st && p->rows < 1)
        st = sx_fail(err, SX_EINPUT, "there is no model to draw");
    return st;
}

/* A star at models that are certainly not guessing. */
static bool has_star(const plan *p, int32_t model)
{
    for (int64_t i = 0; i < p->rows; i++)
        if (p->model[i] == model && p->row[i].q_value <= significant)
            return true;
    return false;
}

static double accuracy(const sx_contrast_result *r, bool same_response)
{
    double x = same_response ? r->c_ins : r->c_res.value;
    return isfinite(x) ? x : (double)NAN;
}

static sx_heat *start_matrix(plan *p, const char *title, int32_t columns)
{
    sx_heat *m = sx_figure_heat(p->f, title, sx_names_count(p->models), columns, "accuracy");
    if (!m)
        return NULL;
    for (int64_t i = 0; i < (int64_t)m->rows * columns; i++)
        m->value[i] = (double)NAN;
    for (int32_t i = 0; i < m->rows; i++)
        sx_heat_row(m, i, name_of(p->models, i));
    return m;
}

/* Models by sets. */
static void draw_sets(plan *p, bool same_response)
{
    int32_t sets = sx_names_count(p->sets);
    sx_heat *m = start_matrix(p, same_response ? "Same response" : "Same context", sets);
    if (!m)
        return;
    for (int32_t j = 0; j < sets; j++)
        sx_heat_column(m, j, name_of(p->sets, j));
    for (int64_t i = 0; i < p->rows; i++)
        m->value[(int64_t)p->model[i] * sets + p->set[i]] = accuracy(&p->row[i], same_response);
}

static bool is_known(const sx_figure_number *n)
{
    return isfinite(n->value) && isfinite(n->low) && isfinite(n->high);
}

static bool has_intervals(const plan *p)
{
    for (int64_t i = 0; i < p->rows; i++)
        if (is_known(&p->row[i].c_res))
            return true;
    return false;
}

static void put_interval(sx_layer *l, int32_t at, const sx_figure_number *n)
{
    l->low[at] = is_known(n) ? n->low : l->x[at];
    l->high[at] = is_known(n) ? n->high : l->x[at];
}

static void add_models(plan *p, sx_chart *c, bool same_response)
{
    int32_t models = sx_names_count(p->models);
    sx_layer *l = sx_i_kind_layer(c, SX_LAYER_POINTS, models,
                                  same_response ? "same response" : "same context", "model",
                                  same_response);
    if (!same_response && has_intervals(p))
        sx_layer_limits(c, l);
    if (!l || p->f->failed)
        return;
    l->marker = same_response ? SX_MARKER_SQUARE : SX_MARKER_DISC;
    for (int64_t i = 0; i < p->rows; i++) {
        int32_t at = p->model[i];
        l->x[at] = accuracy(&p->row[i], same_response);
        l->y[at] = at;
        if (l->low)
            put_interval(l, at, &p->row[i].c_res);
    }
}

static void name_models(plan *p, sx_chart *c)
{
    for (int32_t i = 0; c && i < sx_names_count(p->models); i++) {
        const char *name = name_of(p->models, i);
        size_t room = strlen(name) + 3;
        char *text = sx_alloc(room, 1);
        bool star = has_star(p, i);
        p->f->failed |= text == NULL;
        p->starred |= star;
        if (text)
            snprintf(text, room, "%s%s", name, star ? " *" : "");
        sx_axis_category(c, &c->y, text ? text : "");
        sx_release(text);
    }
}

/* Models alone, with the line of guessing. */
static void draw_models(plan *p)
{
    sx_chart *c = sx_figure_chart(p->f, "");
    name_models(p, c);
    sx_layer *rule =
        sx_i_kind_layer(c, SX_LAYER_RULES, 1, "guessing", "guessing", SX_COLOUR_GREY);
    add_models(p, c, false);
    add_models(p, c, true);
    if (!rule || p->f->failed)
        return;
    sx_figure_text(p->f, &c->x.title, "accuracy");
    rule->x[0] = 0.5;
    rule->y[0] = (double)NAN;
    rule->dash = SX_DASH_DASHED;
}

/* The row where a model is least right, or -1. */
static int64_t find_worst(const plan *p, bool same_response)
{
    int64_t worst = -1;
    for (int64_t i = 0; i < p->rows; i++) {
        double x = accuracy(&p->row[i], same_response);
        if (!isnan(x) && (worst < 0 || x < accuracy(&p->row[worst], same_response)))
            worst = i;
    }
    return worst;
}

/* Of the numbers that the table has for other models or sets. */
static void note_missing(plan *p)
{
    for (int j = 0; j < 2; j++) {
        int64_t missing = 0;
        for (int64_t i = 0; i < p->rows; i++)
            missing += isnan(accuracy(&p->row[i], j == 1));
        if (missing && missing < p->rows)
            sx_figure_note(p->f,
                           "%" PRId64 " of %" PRId64 " accuracies for the same %s %s not "
                           "there",
                           missing, p->rows, j ? "response" : "context",
                           missing == 1 ? "is" : "are");
    }
}

static void describe(plan *p)
{
    sx_figure_text(p->f, &p->f->description,
                   "Contrast sets: share of pairs that %d model%s rightly, ties not counted "
                   "as right.",
                   sx_names_count(p->models),
                   sx_names_count(p->models) == 1 ? " orders" : "s order");
    for (int j = 0; j < 2; j++) {
        int64_t i = find_worst(p, j == 1);
        if (i >= 0)
            sx_figure_text(p->f, &p->f->description,
                           "%s Least for the same %s: %.4g, of %s%s%s.", p->f->description,
                           j ? "response" : "context", accuracy(&p->row[i], j == 1),
                           p->row[i].model, *p->row[i].set ? " on " : "", p->row[i].set);
    }
    note_missing(p);
    if (!p->starred)
        return;
    sx_figure_text(p->f, &p->f->description, "%s A star: q-value of at most 0.05.",
                   p->f->description);
    sx_figure_note(p->f, "* beside a model: q-value of at most 0.05");
}

static sx_status fill(plan *p, sx_error *err)
{
    bool any = false;
    sx_status st = sx_names_new(&p->models, err);
    if (!st)
        st = sx_names_new(&p->sets, err);
    if (!st)
        st = read_names(p, err);
    for (int64_t i = 0; i < p->rows; i++)
        any = any || !isnan(accuracy(&p->row[i], false)) || !isnan(accuracy(&p->row[i], true));
    if (!st && !any)
        st = sx_fail(err, SX_EINPUT, "no model has a number to be drawn");
    if (st)
        return st;
    if (sx_names_count(p->sets) > 1 || *name_of(p->sets, 0)) {
        draw_sets(p, false);
        draw_sets(p, true);
    } else {
        draw_models(p);
    }
    describe(p);
    return p->f->failed ? sx_nomem(err) : SX_OK;
}

sx_status sx_figure_contrast(const char *title, const sx_contrast_result *row, int64_t rows,
                             sx_figure **out, sx_error *err)
{
    plan p = {.row = row, .rows = rows};
    *out = NULL;
    p.model = sx_alloc((size_t)rows, sizeof *p.model);
    p.set = sx_alloc((size_t)rows, sizeof *p.set);
    p.f = sx_figure_new(title);
    sx_status st = p.model && p.set && p.f ? fill(&p, err) : sx_nomem(err);
    if (!st) {
        p.f->share_bar = true;
        p.f->letters = p.f->panels > 1;
        *out = p.f;
        p.f = NULL;
    }
    sx_figure_free(p.f);
    sx_names_free(p.models);
    sx_names_free(p.sets);
    sx_release(p.model);
    sx_release(p.set);
    return st;
}
