/* SPDX-License-Identifier: GPL-3.0-or-later */
/* kind_pairs.c - numbers of states and actions as matrices. */
#include "plots/kind_pairs.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "plots/kind_int.h"

enum { MOST_ACTIONS = 200 };

/* --- names --- */

/* Where the value of a part of a name begins: after "variable=", or NULL. */
static const char *value_of(const sx_world *w, const char *part)
{
    char name[SX_NAME_BUFFER];
    size_t n = strcspn(part, "=,");
    if (part[n] != '=' || n >= sizeof name)
        return NULL;
    memcpy(name, part, n);
    name[n] = '\0';
    return sx_world_variable(w, name) < 0 ? NULL : part + n + 1;
}

/* to = the values or, with names, the names of the variables; false when there are others. */
static bool take_parts(const sx_world *w, const char *name, bool names, char *to)
{
    size_t used = 0;
    for (const char *p = name; *p;) {
        const char *value = value_of(w, p), *end = p + strcspn(p, ",");
        const char *from = names ? p : value;
        if (!value || used + strlen(p) >= SX_NAME_BUFFER)
            return false;
        size_t n = (size_t)((names ? value - 1 : end) - from);
        memcpy(to + used, from, n);
        used += n;
        if (*end)
            to[used++] = ',';
        p = end + (*end == ',');
    }
    to[used] = '\0';
    return used > 0;
}

const char *sx_state_short_name(const sx_world *w, int32_t s, char buffer[SX_NAME_BUFFER])
{
    char own[SX_NAME_BUFFER];
    const char *name = sx_names_get(w->states, s, own);
    if (take_parts(w, name, false, buffer))
        return buffer;
    return name == own ? sx_names_get(w->states, s, buffer) : name;
}

/* --- which states --- */

typedef struct weight {
    double largest;
    int32_t state;
} weight;

static int by_weight(const void *a, const void *b)
{
    const weight *x = a, *y = b;
    int order = (x->largest < y->largest) - (x->largest > y->largest);
    return order ? order : (x->state > y->state) - (x->state < y->state);
}

static int by_state(const void *a, const void *b)
{
    int32_t x = *(const int32_t *)a, y = *(const int32_t *)b;
    return (x > y) - (x < y);
}

static void weigh(const sx_mdp *m, const double *pair, weight *w)
{
    double most = 0;
    for (int32_t k = 0; k < m->pairs; k++)
        most = fmax(most, fabs(pair[k]));
    for (int32_t s = 0; s < m->states && most > 0; s++)
        for (int32_t k = m->pair[s]; k < m->pair[s + 1]; k++)
            w[s].largest = fmax(w[s].largest, fabs(pair[k]) / most);
}

sx_status sx_state_rows_choose(const sx_mdp *m, const double *const *pair, int32_t n,
                               int32_t most, sx_state_rows *out, sx_error *err)
{
    weight *w = sx_alloc((size_t)m->states, sizeof *w);
    *out = (sx_state_rows){m->states < most ? m->states : most, NULL};
    out->state = sx_alloc((size_t)out->count, sizeof *out->state);
    if (!w || !out->state) {
        sx_release(w);
        out->state = sx_release(out->state);
        return sx_nomem(err);
    }
    for (int32_t s = 0; s < m->states; s++)
        w[s] = (weight){0, s};
    for (int32_t i = 0; i < n; i++)
        weigh(m, pair[i], w);
    if (m->states > most)
        qsort(w, (size_t)m->states, sizeof *w, by_weight);
    for (int32_t i = 0; i < out->count; i++)
        out->state[i] = w[i].state;
    qsort(out->state, (size_t)out->count, sizeof *out->state, by_state);
    sx_release(w);
    return SX_OK;
}

/* --- panels --- */

/* "x,door" of states that are called by their variables, as markup; else "". */
static void title_of(const sx_world *w, char markup[2 * SX_NAME_BUFFER])
{
    char buffer[SX_NAME_BUFFER], names[SX_NAME_BUFFER];
    if (!take_parts(w, sx_names_get(w->states, 0, buffer), true, names))
        *names = '\0';
    sx_markup_escape(names, markup, (size_t)2 * SX_NAME_BUFFER);
}

sx_status sx_figure_pairs(sx_figure *f, const sx_world *w, const sx_state_rows *rows,
                          const char *title, const char *bar, const double *pair, sx_error *err)
{
    const sx_mdp *m = w->mdp;
    char buffer[SX_NAME_BUFFER], states[2 * SX_NAME_BUFFER];
    if (m->actions > MOST_ACTIONS)
        return sx_fail(err, SX_ELIMIT, "a matrix shows up to %d actions, not %d", MOST_ACTIONS,
                       m->actions);
    sx_heat *h = sx_figure_heat(f, title, rows->count, m->actions, bar);
    if (!h)
        return sx_nomem(err);
    h->diverging = true;
    title_of(w, states);
    sx_figure_text(f, &h->row_title, "%s", states);
    for (int32_t a = 0; a < m->actions; a++)
        sx_heat_column(h, a, sx_names_get(w->actions, a, buffer));
    for (int64_t i = 0; i < (int64_t)rows->count * m->actions; i++)
        h->value[i] = (double)NAN;
    for (int32_t i = 0; i < rows->count; i++) {
        int32_t s = rows->state[i];
        sx_heat_row(h, i, sx_state_short_name(w, s, buffer));
        for (int32_t k = m->pair[s]; k < m->pair[s + 1]; k++)
            h->value[(int64_t)i * m->actions + m->action[k]] = pair[k];
    }
    return f->failed ? sx_nomem(err) : SX_OK;
}

sx_status sx_figure_states(sx_figure *f, const sx_world *w, const sx_state_rows *rows,
                           const char *title, const char *axis, const double *state,
                           sx_error *err)
{
    char buffer[SX_NAME_BUFFER], states[2 * SX_NAME_BUFFER];
    sx_chart *c = sx_figure_chart(f, title);
    sx_layer *l = sx_i_kind_layer(c, SX_LAYER_BARS, rows->count, axis, "state", 0);
    if (!l)
        return sx_nomem(err);
    l->unnamed = true;
    title_of(w, states);
    sx_figure_text(f, &c->y.title, "%s", states);
    sx_figure_text(f, &c->x.title, "%s", axis);
    for (int32_t i = 0; i < rows->count; i++) {
        sx_axis_category(c, &c->y, sx_state_short_name(w, rows->state[i], buffer));
        l->x[i] = state[rows->state[i]];
        l->y[i] = i;
    }
    return f->failed ? sx_nomem(err) : SX_OK;
}

double sx_reward_unseen(const sx_mdp *m, const sx_reward *r)
{
    double most = sx_reward_max_possible(m, r), all = 0, unseen = 0;
    for (int32_t k = 0; k < m->pairs && most > 0; k++) {
        double mean = 0;
        for (int64_t t = m->first[k]; t < m->first[k + 1]; t++)
            mean += m->prob[t] * (r->on[t] / most);
        for (int64_t t = m->first[k]; t < m->first[k + 1]; t++) {
            double x = r->on[t] / most;
            all += m->prob[t] * x * x;
            unseen += m->prob[t] * (x - mean) * (x - mean);
        }
    }
    return all > 0 ? unseen / all : 0;
}
