/* SPDX-License-Identifier: GPL-3.0-or-later */
/* kind_pairs.c - numbers of states and actions as matrices. */
#include "plots/kind_pairs.h"

#include <math.h>
#include <stdlib.h>

enum { MOST_ACTIONS = 200 };

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

static sx_heat *start(sx_figure *f, const sx_world *w, const sx_state_rows *rows,
                      int32_t columns, const char *title, const char *bar)
{
    char buffer[SX_NAME_BUFFER];
    sx_heat *m = sx_figure_heat(f, title, rows->count, columns, bar);
    if (!m)
        return NULL;
    m->diverging = true;
    for (int32_t i = 0; i < rows->count; i++)
        sx_heat_row(m, i, sx_names_get(w->states, rows->state[i], buffer));
    for (int64_t i = 0; i < (int64_t)rows->count * columns; i++)
        m->value[i] = (double)NAN;
    return f->failed ? NULL : m;
}

sx_status sx_figure_pairs(sx_figure *f, const sx_world *w, const sx_state_rows *rows,
                          const char *title, const char *bar, const double *pair, sx_error *err)
{
    const sx_mdp *m = w->mdp;
    char buffer[SX_NAME_BUFFER];
    if (m->actions > MOST_ACTIONS)
        return sx_fail(err, SX_ELIMIT, "a matrix shows up to %d actions, not %d", MOST_ACTIONS,
                       m->actions);
    sx_heat *h = start(f, w, rows, m->actions, title, bar);
    if (!h)
        return sx_nomem(err);
    for (int32_t a = 0; a < m->actions; a++)
        sx_heat_column(h, a, sx_names_get(w->actions, a, buffer));
    for (int32_t i = 0; i < rows->count; i++)
        for (int32_t k = m->pair[rows->state[i]]; k < m->pair[rows->state[i] + 1]; k++)
            h->value[(int64_t)i * m->actions + m->action[k]] = pair[k];
    return f->failed ? sx_nomem(err) : SX_OK;
}

sx_status sx_figure_states(sx_figure *f, const sx_world *w, const sx_state_rows *rows,
                           const char *title, const char *bar, const double *state,
                           sx_error *err)
{
    sx_heat *h = start(f, w, rows, 1, title, bar);
    if (!h)
        return sx_nomem(err);
    for (int32_t i = 0; i < rows->count; i++)
        h->value[i] = state[rows->state[i]];
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
