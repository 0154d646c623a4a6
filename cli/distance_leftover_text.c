/* SPDX-License-Identifier: GPL-3.0-or-later */
/* distance_leftover_text.c - what is left after the best alignment, for people. */
#include "cli/verb_distance_explain.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

enum { MAP_COLUMNS = 24, MAP_ROWS = 48 };

/* A paragraph. */
static void say(sx_cli *c, const char *text)
{
    sx_text_put(&c->text, "   ");
    sx_text_wrap(&c->text, text, 3, 3, 95);
    sx_text_put(&c->text, "\n");
}

/* "12.34 %", at the ends without rounding into them. */
static void percent_text(double x, char text[32])
{
    if (x > 0.99995 && x < 1)
        snprintf(text, 32, "more than 99.99 %%");
    else if (x > 0 && x < 0.00005)
        snprintf(text, 32, "less than 0.01 %%");
    else
        snprintf(text, 32, "%.2f %%", 100 * x);
}

static void text_fit(sx_cli *c, const sx_cli_leftover *e)
{
    const sx_leftover *x = e->left;
    char text[320], all[32], alone[32];
    sx_text_format(&c->text, "   alpha = %.6g%s\n", x->scale,
                   x->any_scale ? ", and any other does as well" : "");
    if (!(x->scale > 0) && !x->any_scale && !x->trivial) {
        snprintf(
            text, sizeof text,
            "no alpha above 0 brings %.80s nearer: what shaping leaves of the two has nothing "
            "in common, or opposite signs",
            e->id[0]);
        say(c, text);
    }
    if (x->explained.reason) {
        say(c, x->explained.reason);
        return;
    }
    percent_text(x->explained.value, all);
    percent_text(x->potential_alone.value, alone);
    sx_text_format(&c->text, "   explained: %s of the squares of %s; by Phi alone: %s\n", all,
                   e->id[1], alone);
}

static void share_cells(sx_table *t, double share, double *sum)
{
    char text[32];
    *sum += share;
    snprintf(text, sizeof text, "%.2f %%", 100 * share);
    sx_table_cell(t, text);
    snprintf(text, sizeof text, "%.2f %%", 100 * *sum);
    sx_table_cell(t, text);
}

static void finish(sx_cli *c, sx_table *t)
{
    sx_table_write(t, &c->text);
    c->text.failed |= t->failed;
    sx_table_clear(t);
}

static void text_transitions(sx_cli *c, const sx_cli_leftover *e)
{
    static const char *const heads[] = {"from", "action", "to", "p"};
    const sx_mdp *m = e->left->m;
    sx_table t = {.columns = 9, .align = "lllrrrrrr"};
    sx_cli_name n;
    char p[32];
    double sum = 0;
    sx_text_put(&c->text, "\n   by transition: share of the sum of p d^2\n");
    for (int i = 0; i < 4; i++)
        sx_table_cell(&t, heads[i]);
    sx_table_cell(&t, e->id[1]);
    sx_table_cell(&t, "aligned");
    sx_table_cell(&t, "d");
    sx_table_cell(&t, "share");
    sx_table_cell(&t, "so far");
    for (int32_t i = 0; i < e->transitions; i++) {
        const sx_left *q = &e->transition[i];
        double value = e->reward[1]->on[q->entry], left = e->left->left[q->entry];
        sx_table_cell(&t, sx_cli_state(c, q->state, &n));
        sx_table_cell(&t, sx_cli_action(c, m->action[q->pair], &n));
        sx_table_cell(&t, sx_cli_state(c, m->next[q->entry], &n));
        snprintf(p, sizeof p, "%.6g", m->prob[q->entry]);
        sx_table_cell(&t, p);
        sx_table_number(&t, value);
        sx_table_number(&t, value - left);
        sx_table_number(&t, left);
        share_cells(&t, q->share, &sum);
    }
    finish(c, &t);
}

static void text_states(sx_cli *c, const sx_cli_leftover *e)
{
    sx_table t = {.columns = 5, .align = "lrrrr"};
    sx_cli_name n;
    double sum = 0;
    sx_text_put(&c->text, "\n   by state: over all its actions\n");
    sx_table_cell(&t, "state");
    sx_table_cell(&t, "Phi");
    sx_table_cell(&t, "mean d");
    sx_table_cell(&t, "share");
    sx_table_cell(&t, "so far");
    for (int32_t i = 0; i < e->states; i++) {
        int32_t s = e->state[i].state;
        sx_table_cell(&t, sx_cli_state(c, s, &n));
        sx_table_number(&t, e->left->potential[s]);
        sx_table_number(&t, sx_cli_left_mean(e->left, s));
        share_cells(&t, e->state[i].share, &sum);
    }
    finish(c, &t);
}

/* Shares in thousandths, '#' where a cell is no state. */
static void text_map(sx_cli *c, const sx_leftover *x)
{
    const sx_grid *g = c->spec->world->grid;
    char align[MAP_COLUMNS + 1], text[32];
    sx_table t = {.columns = g ? g->columns : 0, .align = align};
    if (!g)
        return;
    if (g->columns > MAP_COLUMNS || g->rows > MAP_ROWS) {
        sx_text_format(
            &c->text,
            "\n   no map: it has more than %d columns or %d rows; --format csv has every "
            "state\n",
            MAP_COLUMNS, MAP_ROWS);
        return;
    }
    memset(align, 'r', sizeof align);
    sx_text_put(&c->text, "\n   map: shares in thousandths, # no state\n");
    for (int64_t i = 0; i < (int64_t)g->rows * g->columns; i++) {
        snprintf(text, sizeof text, "%.0f", g->state[i] < 0 ? 0 : 1000 * x->state[g->state[i]]);
        sx_table_cell(&t, g->state[i] < 0 ? "#" : text);
    }
    finish(c, &t);
}

/* How far the two are the same. */
static void text_same(sx_cli *c, const sx_cli_leftover *e)
{
    char text[320];
    const sx_leftover *x = e->left;
    if (x->trivial) {
        snprintf(text, sizeof text,
                 "%.80s is a shaping of 0, on average over s': under it all policies are alike",
                 e->id[1]);
        say(c, text);
    }
    if (x->none) {
        snprintf(text, sizeof text, "nothing is left beyond rounding%s",
                 x->trivial ? "" : ": scale and potential turn the one into the other");
        say(c, text);
    } else if (x->mean_none) {
        say(c, "on average over s' nothing is left beyond rounding: what follows is "
               "S'-redistribution, which changes no return");
    } else if (x->redistributed > 1e-12) {
        char share[32];
        percent_text(x->redistributed, share);
        sx_text_format(&c->text,
                       "   S'-redistribution, which changes no return: %s of what is left\n",
                       share);
    }
}

static void text_left(sx_cli *c, const sx_cli_leftover *e)
{
    text_same(c, e);
    if (e->left->none)
        return;
    text_transitions(c, e);
    text_states(c, e);
    text_map(c, e->left);
}

void sx_cli_text_leftover(sx_cli *c, const sx_cli_leftover *e)
{
    char text[400];
    sx_text_put(&c->text, "\nAfter the best alignment\n");
    if (!e->left) {
        snprintf(text, sizeof text, "no alignment: %.300s", e->reason);
        say(c, text);
        return;
    }
    snprintf(
        text, sizeof text,
        "d(s,a,s') = %.80s - (alpha %.80s + gamma Phi(s') - Phi(s)); alpha >= 0 and Phi by "
        "least squares of E[d(s,a,S')] over all pairs (s,a)",
        e->id[1], e->id[0]);
    say(c, text);
    text_fit(c, e);
    text_left(c, e);
}
