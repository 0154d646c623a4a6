/* SPDX-License-Identifier: GPL-3.0-or-later */
/* distance_leftover_put.c - what is left after the best alignment, as JSON and CSV. */
#include "cli/verb_distance_explain.h"

#include <math.h>

static void put_transition(sx_cli *c, sx_value *list, const sx_leftover *x, const sx_left *q)
{
    const sx_mdp *m = x->m;
    sx_cli_name n;
    sx_value *v = sx_put_object(&c->report, list, NULL);
    sx_put_text(&c->report, v, "state", sx_cli_state(c, q->state, &n));
    sx_put_text(&c->report, v, "action", sx_cli_action(c, m->action[q->pair], &n));
    sx_put_text(&c->report, v, "next", sx_cli_state(c, m->next[q->entry], &n));
    sx_put_number(&c->report, v, "p", m->prob[q->entry]);
    sx_put_number(&c->report, v, "left", x->left[q->entry]);
    sx_put_number(&c->report, v, "share", q->share);
}

double sx_cli_left_mean(const sx_leftover *x, int32_t s)
{
    int32_t from = x->m->pair[s], to = x->m->pair[s + 1];
    double sum = 0;
    for (int32_t k = from; k < to; k++)
        sum += x->mean[k];
    return sum / (to - from);
}

static void put_lists(sx_cli *c, sx_value *v, const sx_cli_leftover *e)
{
    sx_cli_name n;
    sx_value *list = sx_put_list(&c->report, v, "transitions");
    for (int32_t i = 0; i < e->transitions; i++)
        put_transition(c, list, e->left, &e->transition[i]);
    list = sx_put_list(&c->report, v, "states");
    for (int32_t i = 0; i < e->states; i++) {
        sx_value *state = sx_put_object(&c->report, list, NULL);
        sx_put_text(&c->report, state, "state", sx_cli_state(c, e->state[i].state, &n));
        sx_put_number(&c->report, state, "left", sx_cli_left_mean(e->left, e->state[i].state));
        sx_put_number(&c->report, state, "share", e->state[i].share);
    }
}

/* Rows of cells, null where a cell is no state. */
static void put_map(sx_cli *c, sx_value *v, const sx_leftover *x)
{
    const sx_grid *g = c->spec->world->grid;
    if (!g) {
        sx_put_null(&c->report, v, "map");
        return;
    }
    sx_value *map = sx_put_list(&c->report, v, "map");
    for (int32_t i = 0; i < g->rows; i++) {
        sx_value *row = sx_put_list(&c->report, map, NULL);
        for (int32_t j = 0; j < g->columns; j++) {
            int32_t s = g->state[(int64_t)i * g->columns + j];
            sx_put_number(&c->report, row, NULL, s < 0 ? (double)NAN : x->state[s]);
        }
    }
}

/* --- CSV --- */

/* A row up to where transitions and states differ. */
static sx_value *start_row(sx_cli *c, const sx_cli_leftover *e)
{
    sx_value *v = sx_put_object(&c->report, c->report.rows, NULL);
    sx_put_text(&c->report, v, "a", e->id[0]);
    sx_put_text(&c->report, v, "b", e->id[1]);
    return v;
}

static void end_row(sx_cli *c, sx_value *v, double left, double share, const char *section)
{
    sx_put_range(&c->report, v, "standardised", NAN, NAN);
    sx_put_number(&c->report, v, "difference", left);
    sx_put_number(&c->report, v, "share", share);
    sx_put_text(&c->report, v, "section", section);
}

static void put_rows(sx_cli *c, const sx_cli_leftover *e)
{
    const sx_leftover *x = e->left;
    for (int32_t i = 0; i < e->transitions; i++) {
        const sx_left *q = &e->transition[i];
        sx_value *v = start_row(c, e);
        sx_cli_put_triple(c, v, q->state, q->pair, x->m->next[q->entry]);
        end_row(c, v, x->left[q->entry], q->share, "left");
    }
    for (int32_t s = 0; s < x->m->states && !c->report.failed; s++) {
        sx_value *v = start_row(c, e);
        sx_cli_name n;
        sx_put_text(&c->report, v, "from", sx_cli_state(c, s, &n));
        sx_put_text(&c->report, v, "action", "*");
        sx_put_text(&c->report, v, "to", "*");
        sx_put_number(&c->report, v, "p", 1);
        end_row(c, v, sx_cli_left_mean(x, s), x->state[s], "state");
    }
}

/* No alignment: every name is there, and why it has no value. */
static void put_nothing(sx_report *r, sx_value *v, const char *reason)
{
    static const char *const names[] = {"scale",       "explained",     "potential_alone",
                                        "residual",    "redistributed", "potential",
                                        "transitions", "states",        "map"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        sx_put_null(r, v, names[i]);
    sx_put_text(r, v, "reason", reason);
}

void sx_cli_put_leftover(sx_cli *c, const sx_cli_leftover *e)
{
    const sx_leftover *x = e->left;
    sx_report *r = &c->report;
    sx_value *v = sx_put_object(r, r->root, "alignment");
    sx_put_text(r, v, "a", e->id[0]);
    sx_put_text(r, v, "b", e->id[1]);
    if (!x) {
        put_nothing(r, v, e->reason);
        return;
    }
    sx_put_number(r, v, "scale", x->scale);
    sx_put_number(r, v, "explained", x->explained.value);
    sx_put_number(r, v, "potential_alone", x->potential_alone.value);
    sx_put_number(r, v, "residual", x->residual);
    sx_put_number(r, v, "redistributed", x->redistributed);
    sx_cli_put_states(c, v, "potential", x->potential);
    put_lists(c, v, e);
    put_map(c, v, x);
    if (x->explained.reason)
        sx_put_text(r, v, "reason", x->explained.reason);
    else
        sx_put_null(r, v, "reason");
    put_rows(c, e);
}
