/* SPDX-License-Identifier: GPL-3.0-or-later */
/* verb_distance_groups.c - distances of groups of rewards: means over their members. */
#include "cli/verb_distance.h"

typedef struct question {
    const sx_cli_distance *a;
    int32_t measure;
} question;

static sx_number number(const void *of, int32_t row, int32_t column)
{
    const question *q = of;
    return sx_cli_distance_at(q->a, q->measure, row, column);
}

static void start_table(sx_table *t, bool all)
{
    static const char *const head[] = {"group",  "other", "members", "canon", "norm",
                                       "metric", "mean",  "lo",      "hi"};
    t->columns = all ? 9 : 6;
    t->align = all ? "lllllrrrr" : "lllrrr";
    for (int i = 0; i < 9; i++)
        if (all || i < 3 || i > 5)
            sx_table_cell(t, head[i]);
}

/* One row for each measure. */
static sx_status put_sides(sx_cli *c, const sx_cli_distance *a, const sx_cli_side *g,
                           const sx_cli_side *o, sx_value *list, sx_table *t, sx_error *err)
{
    sx_report *r = &c->report;
    sx_status st = SX_OK;
    for (int32_t k = 0; k < a->measures && !st; k++) {
        sx_interval mean;
        st = sx_cli_mean(c, g, o, number, &(question){a, k}, &mean, err);
        if (st)
            break;
        sx_value *v = sx_put_object(r, list, NULL);
        sx_cli_put_sides(r, v, g, o);
        sx_cli_put_measure(r, v, &a->measure[k]);
        sx_cli_put_mean(r, v, &mean);
        sx_table_cell(t, g->id);
        sx_table_cell(t, o->id);
        sx_cli_text_members(t, g, o);
        if (t->columns > 6) {
            sx_table_cell(t, sx_canon_name(a->measure[k].canon));
            sx_table_cell(t, sx_norm_name(a->measure[k].norm));
            sx_table_cell(t, sx_norm_name(a->measure[k].metric));
        }
        sx_cli_text_mean(t, &mean);
    }
    return st;
}

/* Side i against those behind it, wherever one of two is a group, which then comes first. */
static sx_status put_side(sx_cli *c, const sx_cli_distance *a, const sx_cli_sides *s, int32_t i,
                          sx_value *list, sx_table *t, sx_error *err)
{
    const sx_cli_side *x = &s->side[i];
    sx_status st = SX_OK;
    for (int32_t j = i + 1; j < s->count && !st; j++) {
        const sx_cli_side *y = &s->side[j];
        if (x->stream >= 0)
            st = put_sides(c, a, x, y, list, t, err);
        else if (y->stream >= 0)
            st = put_sides(c, a, y, x, list, t, err);
    }
    return st;
}

static sx_status put_groups(sx_cli *c, const sx_cli_distance *a, const sx_cli_sides *s,
                            sx_error *err)
{
    sx_table t = {0};
    sx_status st = SX_OK;
    sx_value *list = sx_put_list(&c->report, c->report.root, "groups");
    if (!s->groups)
        return SX_OK;
    start_table(&t, c->o.given[SX_OPT_ALL]);
    for (int32_t i = 0; i < s->count && !st; i++)
        st = put_side(c, a, s, i, list, &t, err);
    sx_cli_text_groups(c);
    sx_table_write(&t, &c->text);
    c->text.failed |= t.failed;
    sx_table_clear(&t);
    return st;
}

sx_status sx_cli_distance_groups(sx_cli *c, const sx_cli_distance *a, sx_error *err)
{
    sx_cli_sides s;
    sx_status st = sx_cli_sides_make(c, a->which, a->count, &s, err);
    if (!st)
        st = put_groups(c, a, &s, err);
    sx_cli_sides_clear(&s);
    return st;
}
