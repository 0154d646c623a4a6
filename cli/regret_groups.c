/* SPDX-License-Identifier: GPL-3.0-or-later */
/* regret_groups.c - regrets of groups of rewards: means over their members. */
#include "cli/verb_regret.h"

#include <math.h>
#include <string.h>

typedef struct question {
    const sx_regret_answer *a;
    int32_t *row; /* [truths * proxies] in a->row, -1 for a reward against itself */
    int which;    /* of the three regrets */
} question;

static const char *const name[] = {"optimal_pessimistic", "optimal_optimistic", "worst_case"};
static const char *const words[] = {"pessimistic", "optimistic", "worst case"};

static sx_number number(const void *of, int32_t truth, int32_t proxy)
{
    const question *q = of;
    const sx_regret *x = q->a->row[q->row[truth * q->a->proxies + proxy]].regret;
    double value[] = {x->pessimistic, x->optimistic, x->worst_case};
    return (sx_number){value[q->which], NULL};
}

static sx_status list_rows(question *q, sx_error *err)
{
    const sx_regret_answer *a = q->a;
    int32_t next = 0;
    q->row = sx_alloc((size_t)a->truths * (size_t)a->proxies, sizeof *q->row);
    if (!q->row)
        return sx_nomem(err);
    for (int32_t i = 0; i < a->truths; i++)
        for (int32_t j = 0; j < a->proxies; j++) {
            const sx_regret_row *x = next < a->count ? &a->row[next] : NULL;
            bool there = x && x->truth == a->truth[i] && x->proxy == a->proxy[j];
            q->row[i * a->proxies + j] = there ? next++ : -1;
        }
    return SX_OK;
}

/* One side is a group, and no reward is on both sides. */
static bool is_wanted(const question *q, const sx_cli_side *t, const sx_cli_side *p)
{
    if (t->stream < 0 && p->stream < 0)
        return false;
    for (int32_t i = 0; i < t->count; i++)
        for (int32_t j = 0; j < p->count; j++)
            if (q->row[t->member[i] * q->a->proxies + p->member[j]] < 0)
                return false;
    return true;
}

/* The three regrets of one pair of sides. */
static sx_status put_sides(sx_cli *c, question *q, const sx_cli_side *t, const sx_cli_side *p,
                           sx_value *list, sx_table *table, sx_error *err)
{
    sx_report *r = &c->report;
    sx_status st = SX_OK;
    bool proxy = p->stream >= 0;
    sx_value *v = sx_put_object(r, list, NULL);
    sx_cli_put_sides(r, v, proxy ? p : t, proxy ? t : p);
    sx_put_text(r, v, "as", proxy ? "proxy" : "true");
    for (q->which = 0; q->which < 3 && !st; q->which++) {
        sx_interval mean;
        st = sx_cli_mean(c, t, p, number, q, &mean, err);
        if (st)
            break;
        sx_cli_put_mean(r, sx_put_object(r, v, name[q->which]), &mean);
        sx_table_cell(table, t->id);
        sx_table_cell(table, p->id);
        sx_cli_text_members(table, t->stream >= 0 ? t : p, t->stream >= 0 ? p : t);
        sx_table_cell(table, words[q->which]);
        sx_cli_text_mean(table, &mean);
    }
    return st;
}

static sx_status put_groups(sx_cli *c, question *q, const sx_cli_sides *truths,
                            const sx_cli_sides *proxies, sx_error *err)
{
    static const char *const head[] = {"true", "proxy", "members", "regret",
                                       "mean", "lo",    "hi"};
    sx_table table = {.columns = 7, .align = "llllrrr"};
    sx_status st = SX_OK;
    sx_value *list = sx_put_list(&c->report, c->report.root, "groups");
    for (size_t i = 0; i < sizeof head / sizeof *head; i++)
        sx_table_cell(&table, head[i]);
    for (int32_t i = 0; i < truths->count && !st; i++)
        for (int32_t j = 0; j < proxies->count && !st; j++)
            if (is_wanted(q, &truths->side[i], &proxies->side[j]))
                st = put_sides(c, q, &truths->side[i], &proxies->side[j], list, &table, err);
    if (table.cells > table.columns) {
        sx_cli_text_groups(c);
        sx_table_write(&table, &c->text);
    }
    c->text.failed |= table.failed;
    sx_table_clear(&table);
    return st;
}

sx_status sx_regret_groups(sx_cli *c, const sx_regret_answer *a, sx_error *err)
{
    sx_cli_sides truths = {0}, proxies = {0};
    question q = {a, NULL, 0};
    sx_status st = sx_cli_sides_make(c, a->truth, a->truths, &truths, err);
    if (!st)
        st = sx_cli_sides_make(c, a->proxy, a->proxies, &proxies, err);
    if (!st)
        st = list_rows(&q, err);
    if (!st)
        st = put_groups(c, &q, &truths, &proxies, err);
    sx_cli_sides_clear(&truths);
    sx_cli_sides_clear(&proxies);
    sx_release(q.row);
    return st;
}
