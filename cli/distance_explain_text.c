/* SPDX-License-Identifier: GPL-3.0-or-later */
/* distance_explain_text.c - the steps of a distance for people: tables and formulas. */
#include "cli/verb_distance_explain.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "mdp/export.h"

/* How each canonicalisation works: what shapes, and the form. */
static const struct {
    const char *potential, *form;
} canons[SX_CANONS] = {
    [SX_NONE] = {"", "c(R) = R"},
    [SX_EPIC] = {"phi(s) = E[R(s,A,S')], A and S' drawn from the action and the state "
                 "distribution",
                 "c(R)(s,a,s') = R(s,a,s') + gamma phi(s') - phi(s) - gamma E[phi]"},
    [SX_DARD] = {"phi(s) = E[R(s,A,S')], S' after (s,A);  D(s,s') = E[R(S',A,S'')], S' after "
                 "(s,A), S'' after (s',A)",
                 "c(R)(s,a,s') = R(s,a,s') + gamma phi(s') - phi(s) - gamma D(s,s')"},
    [SX_VAL] = {"V(s) = E[R(s,A,S') + gamma V(S')], A drawn from the policy",
                "c(R)(s,a,s') = E[R(s,a,S') + gamma V(S')] - V(s), S' after (s,a)"},
    [SX_VAL_POTENTIAL] = {"V(s) = E[R(s,A,S') + gamma V(S')], A drawn from the policy",
                          "c(R)(s,a,s') = R(s,a,s') + gamma V(s') - V(s)"},
    [SX_MINIMAL] = {"phi: with it the norm is least",
                    "c(R): of least norm with E[c(R)(s,a,S')] = E[R(s,a,S') + gamma phi(S')] - "
                    "phi(s), S' after (s,a)"},
    [SX_MINIMAL_POTENTIAL] = {"phi: with it the norm is least",
                              "c(R)(s,a,s') = R(s,a,s') + gamma phi(s') - phi(s)"},
};

static const char *const norms[SX_NORMS + 1] = {
    [SX_L1] = "sum over all s,a,s' of |x|",
    [SX_L2] = "square root of the sum over all s,a,s' of x^2",
    [SX_LINF] = "maximum over all s,a,s' of |x|",
    [SX_WEIGHTED_L1] = "sum over all s,a,s' of p(s'|s,a) |x|",
    [SX_WEIGHTED_L2] = "square root of the sum over all s,a,s' of p(s'|s,a) x^2",
    [SX_WEIGHTED_LINF] = "maximum over all s,a,s' of p(s'|s,a) |x|",
    [SX_NO_NORM] = "1 whatever x is",
};

typedef struct page {
    sx_cli *c;
    const sx_cli_explained *e;
    const sx_mdp *m;
    int step;
} page;

static void heading(page *p, const char *what)
{
    sx_text_format(&p->c->text, "\n%d. ", ++p->step);
    sx_text_wrap(&p->c->text, what, 3, 3, 95);
    sx_text_put(&p->c->text, "\n");
}

/* Six digits; what is rounding beside the largest is 0. */
static void number_text(double x, double largest, char text[40])
{
    bool none = fabs(x) <= 1e-12 * largest;
    snprintf(text, 40, isnan(x) ? "-" : "%.6g", none ? 0 : x);
}

static double largest_of(const double *x, int64_t n)
{
    double most = 0;
    for (int64_t i = 0; i < n; i++)
        most = fmax(most, fabs(x[i]));
    return most;
}

/* --- tables --- */

/* A number for each triple, and how it is called. */
typedef struct sheet {
    const char *name, *id; /* "c", "true": c(true) */
    double x[SX_EXPLAIN_TRIPLES];
} sheet;

static void fill_sheet(const page *p, sheet *s, const sx_reward *r)
{
    for (int32_t k = 0; k < p->m->pairs; k++)
        for (int32_t y = 0; y < p->m->states; y++)
            s->x[k * p->m->states + y] = sx_reward_at(p->m, r, k, y);
}

static void fill_weights(const page *p, sheet *s)
{
    for (int32_t k = 0; k < p->m->pairs; k++)
        for (int32_t y = 0; y < p->m->states; y++)
            s->x[k * p->m->states + y] = p->e->steps->left[k] * p->e->steps->right[y];
}

static void sheet_row(const page *p, const sheet *s, double largest, int32_t from, int32_t k,
                      sx_table *t)
{
    char text[40], cell[48];
    sx_cli_name n;
    sx_table_cell(t, sx_cli_state(p->c, from, &n));
    sx_table_cell(t, sx_cli_action(p->c, p->m->action[k], &n));
    for (int32_t y = 0; y < p->m->states; y++) {
        bool possible = sx_mdp_entry(p->m, k, y) >= 0;
        number_text(s->x[k * p->m->states + y], largest, text);
        snprintf(cell, sizeof cell, possible ? "%s" : "(%s)", text);
        sx_table_cell(t, cell);
    }
}

static void finish(page *p, sx_table *t)
{
    sx_table_write(t, &p->c->text);
    p->c->text.failed |= t->failed;
    sx_table_clear(t);
}

/* Rows: (s,a), columns: s'. */
static void write_sheet(page *p, const sheet *s)
{
    char align[SX_EXPLAIN_TRIPLES + 3], title[120];
    sx_table t = {.columns = 2 + p->m->states, .align = align};
    sx_cli_name n;
    double largest = largest_of(s->x, (int64_t)p->m->pairs * p->m->states);
    memset(align, 'r', sizeof align);
    align[0] = align[1] = 'l';
    snprintf(title, sizeof title, *s->id ? "%s(%.80s)" : "%s", s->name, s->id);
    sx_table_cell(&t, title);
    sx_table_cell(&t, "");
    for (int32_t y = 0; y < p->m->states; y++)
        sx_table_cell(&t, sx_cli_state(p->c, y, &n));
    for (int32_t x = 0; x < p->m->states; x++)
        for (int32_t k = p->m->pair[x]; k < p->m->pair[x + 1]; k++)
            sheet_row(p, s, largest, x, k, &t);
    finish(p, &t);
}

static void write_reward(page *p, const char *name, int side, const sx_reward *r)
{
    sheet s = {.name = name, .id = side < 0 ? "" : p->e->id[side]};
    if (!r)
        return;
    if (side == 1)
        sx_text_put(&p->c->text, "\n");
    fill_sheet(p, &s, r);
    write_sheet(p, &s);
}

/* --- steps --- */

static void write_potentials(page *p)
{
    const sx_step_side *a = &p->e->steps->side[0], *b = &p->e->steps->side[1];
    sx_table t = {.columns = 3, .align = "lrr"};
    sx_cli_name n;
    char text[40];
    sx_table_cell(&t, "state");
    sx_table_cell(&t, p->e->id[0]);
    sx_table_cell(&t, p->e->id[1]);
    for (int32_t s = 0; s < p->m->states; s++) {
        sx_table_cell(&t, sx_cli_state(p->c, s, &n));
        number_text(a->potential[s], largest_of(a->potential, p->m->states), text);
        sx_table_cell(&t, text);
        number_text(b->potential[s], largest_of(b->potential, p->m->states), text);
        sx_table_cell(&t, text);
    }
    if (p->e->steps->measure.canon == SX_EPIC) {
        sx_table_cell(&t, "E[phi]");
        number_text(a->average, largest_of(a->potential, p->m->states), text);
        sx_table_cell(&t, text);
        number_text(b->average, largest_of(b->potential, p->m->states), text);
        sx_table_cell(&t, text);
    }
    finish(p, &t);
}

/* D(s,s') of dard. */
static void write_ahead(page *p, int side)
{
    char align[SX_EXPLAIN_TRIPLES + 2], text[120];
    int32_t n = p->m->states;
    const double *ahead = p->e->steps->side[side].ahead;
    sx_table t = {.columns = 1 + n, .align = align};
    sx_cli_name name;
    memset(align, 'r', sizeof align);
    align[0] = 'l';
    snprintf(text, sizeof text, "D(%.80s)", p->e->id[side]);
    sx_table_cell(&t, text);
    for (int32_t y = 0; y < n; y++)
        sx_table_cell(&t, sx_cli_state(p->c, y, &name));
    for (int32_t s = 0; s < n; s++) {
        sx_table_cell(&t, sx_cli_state(p->c, s, &name));
        for (int32_t y = 0; y < n; y++) {
            char cell[40];
            number_text(ahead[s * n + y], largest_of(ahead, (int64_t)n * n), cell);
            sx_table_cell(&t, cell);
        }
    }
    sx_text_put(&p->c->text, "\n");
    finish(p, &t);
}

static void write_canonical(page *p)
{
    const sx_steps *x = p->e->steps;
    sx_canon canon = x->measure.canon;
    if (x->side[0].potential && x->side[1].potential) {
        heading(p, canons[canon].potential);
        if (canon == SX_VAL || canon == SX_VAL_POTENTIAL)
            sx_text_format(&p->c->text, "   policy: %s\n",
                           p->e->given_policy ? "of --policy" : "uniform");
        write_potentials(p);
        if (x->side[0].ahead && x->side[1].ahead) {
            write_ahead(p, 0);
            write_ahead(p, 1);
        }
    }
    heading(p, canons[canon].form);
    if (p->e->tables) {
        write_reward(p, "c", 0, x->side[0].canonical);
        write_reward(p, "c", 1, x->side[1].canonical);
    }
}

static void write_value(page *p, const char *name, int side, double x, double largest)
{
    char text[40];
    number_text(x, largest, text);
    sx_text_format(&p->c->text, "   %s(%s) = %s\n", name, p->e->id[side], text);
}

/* n(c(R)), or mean and deviation. */
static void write_lengths(page *p)
{
    const sx_steps *x = p->e->steps;
    bool epic = x->left != NULL;
    for (int i = 0; i < 2; i++) {
        double length = x->side[i].length.value;
        if (epic)
            write_value(p, "mean", i, x->side[i].mean, length);
        write_value(p, epic ? "sd" : "n", i, length, 0);
    }
}

static void write_weights(page *p)
{
    sheet s = {.name = "w", .id = ""};
    heading(p, "weights w(s,a,s') = D_S(s) D_A(a|s) D_S(s')");
    if (!p->e->tables)
        return;
    fill_weights(p, &s);
    write_sheet(p, &s);
}

static void write_standard(page *p)
{
    const sx_steps *x = p->e->steps;
    char text[160];
    bool epic = x->left != NULL;
    if (epic)
        write_weights(p);
    snprintf(text, sizeof text, "n(R) = %s, x = c(R)", norms[x->measure.norm]);
    if (epic)
        snprintf(text, sizeof text,
                 "mean(R) = sum of w c(R), sd(R) = square root of the sum of w (c(R) - "
                 "mean(R))^2");
    heading(p, text);
    write_lengths(p);
    heading(p, epic ? "z(R) = (c(R) - mean(R)) / sd(R)"
                    : "s(R) = c(R) / n(R); 0 for a reward under which all policies are alike");
    if (p->e->tables) {
        write_reward(p, epic ? "z" : "s", 0, x->side[0].standard);
        write_reward(p, epic ? "z" : "s", 1, x->side[1].standard);
    }
}

static void write_distance(page *p)
{
    const sx_steps *x = p->e->steps;
    char text[240], number[40];
    double d = x->distance.value;
    bool epic = x->left != NULL;
    snprintf(text, sizeof text, "d = %s(%.60s) - %s(%.60s)", epic ? "z" : "s", p->e->id[0],
             epic ? "z" : "s", p->e->id[1]);
    heading(p, text);
    if (p->e->tables)
        write_reward(p, "d", -1, x->difference);
    if (epic) {
        bool flat = x->side[0].flat || x->side[1].flat;
        heading(p, flat
                       ? "distance = square root of (1 - rho) / 2; a constant reward has no "
                         "correlation with another: rho = 0"
                       : "distance = half the square root of the sum of w d^2 = square root of "
                         "(1 - rho) / 2, rho = sum of w z(R1) z(R2)");
        number_text(1 - 2 * d * d, 1, number);
        sx_text_format(&p->c->text, "   rho = %s\n", number);
    } else {
        snprintf(text, sizeof text, "distance = %s, x = d", norms[x->measure.metric]);
        heading(p, text);
    }
    sx_number_write(d, number);
    sx_text_format(&p->c->text, "   distance(%s, %s) = %s\n", p->e->id[0], p->e->id[1], number);
}

/* --- shares --- */

static void share_row(const page *p, const sx_share *q, double *sum, sx_table *t)
{
    const sx_steps *x = p->e->steps;
    sx_cli_name n;
    char text[40];
    sx_table_cell(t, sx_cli_state(p->c, sx_cli_share_from(p->m, q), &n));
    sx_table_cell(t, sx_cli_action(p->c, p->m->action[q->pair], &n));
    sx_table_cell(t, q->state < 0 ? "*" : sx_cli_state(p->c, q->state, &n));
    int64_t entry = q->state < 0 ? -1 : sx_mdp_entry(p->m, q->pair, q->state);
    number_text(q->state < 0 ? 1 : entry < 0 ? 0 : p->m->prob[entry], 0, text);
    sx_table_cell(t, text);
    for (int i = 0; i < 2; i++) {
        double s =
            sx_reward_at(p->m, x->side[i].standard, q->pair, sx_cli_share_state(p->m, q));
        number_text(s, fabs(q->difference), text);
        sx_table_cell(t, text);
    }
    number_text(q->difference, 0, text);
    sx_table_cell(t, text);
    *sum += q->share;
    snprintf(text, sizeof text, "%.2f %%", 100 * q->share);
    sx_table_cell(t, text);
    snprintf(text, sizeof text, "%.2f %%", 100 * *sum);
    sx_table_cell(t, text);
}

/* What a share is a share of. */
static const char *share_of(const sx_steps *x)
{
    static const char *const of[SX_NORMS] = {
        [SX_L1] = "|d| / sum of |d|",
        [SX_L2] = "d^2 / sum of d^2",
        [SX_LINF] = "the steps at which |d| is largest, equal shares",
        [SX_WEIGHTED_L1] = "p |d| / sum of p |d|",
        [SX_WEIGHTED_L2] = "p d^2 / sum of p d^2",
        [SX_WEIGHTED_LINF] = "the steps at which p |d| is largest, equal shares",
    };
    return x->left ? "w d^2 / sum of w d^2" : of[x->measure.metric];
}

static void write_shares(page *p)
{
    const char *name = p->e->steps->left ? "z" : "s";
    char text[160];
    sx_table t = {.columns = 9, .align = "lllrrrrrr"};
    double sum = 0;
    snprintf(text, sizeof text, "What carries the distance: %s%s", share_of(p->e->steps),
             p->e->partial ? " (impossible steps were not all looked at: they are too many)"
                           : "");
    heading(p, text);
    if (!p->e->shares) {
        sx_text_put(&p->c->text, "   nothing beyond rounding\n");
        return;
    }
    sx_table_cell(&t, "from");
    sx_table_cell(&t, "action");
    sx_table_cell(&t, "to");
    sx_table_cell(&t, "p");
    for (int i = 0; i < 2; i++) {
        snprintf(text, sizeof text, "%s(%.60s)", name, p->e->id[i]);
        sx_table_cell(&t, text);
    }
    sx_table_cell(&t, "d");
    sx_table_cell(&t, "share");
    sx_table_cell(&t, "so far");
    for (int32_t i = 0; i < p->e->shares; i++)
        share_row(p, &p->e->share[i], &sum, &t);
    finish(p, &t);
}

void sx_cli_text_explained(sx_cli *c, const sx_cli_explained *e)
{
    page p = {c, e, c->spec->world->mdp, 0};
    sx_text *t = &c->text;
    sx_text_format(t, "\n%s and %s, step by step\n", e->id[0], e->id[1]);
    if (e->tables)
        sx_text_put(t, "Rows: state and action; columns: the next state; in parentheses: steps "
                       "that cannot happen.\n");
    else
        sx_text_format(t, "No tables: the world has more than %d triples (s,a,s').\n",
                       SX_EXPLAIN_TRIPLES);
    if (e->tables) {
        heading(&p, "the rewards R");
        write_reward(&p, "R", 0, e->reward[0]);
        write_reward(&p, "R", 1, e->reward[1]);
    }
    write_canonical(&p);
    if (e->steps->distance.reason) {
        sx_text_format(t, "\n   no distance: %s\n", e->steps->distance.reason);
        return;
    }
    write_standard(&p);
    write_distance(&p);
    write_shares(&p);
}
