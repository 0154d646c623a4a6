/* SPDX-License-Identifier: GPL-3.0-or-later */
/* regret_put.c - regrets, their bounds and witnesses as JSON and CSV.
 *
 * JSON has one entry a pair, with the bounds of --all as a list; CSV has one row a pair and
 * measure, and leaves the policies out. */
#include "cli/verb_regret.h"

#include <math.h>
#include <string.h>

static void put_two(sx_report *r, sx_value *parent, const char *name, const sx_returns *j)
{
    sx_value *v = sx_put_object(r, parent, name);
    sx_put_number(r, v, "true", j->truth);
    sx_put_number(r, v, "proxy", j->proxy);
}

static void put_number(sx_report *r, sx_value *v, const char *name, const sx_number *x)
{
    sx_put_number(r, v, name, x->reason ? (double)NAN : x->value);
}

/* Why bounds are missing: of the upper ones, then of the lower one. */
static void put_reason(sx_report *r, sx_value *v, const sx_bounds *b)
{
    sx_text t = {0};
    const char *upper = b->span_upper.reason ? b->span_upper.reason : b->starc_upper.reason;
    const char *lower = b->lower.reason;
    if (!upper && !lower) {
        sx_put_null(r, v, "reason");
        return;
    }
    sx_text_put(&t, upper ? upper : "");
    sx_text_put(&t, upper && lower ? "; " : "");
    sx_text_put(&t, lower ? lower : "");
    r->failed |= t.failed;
    if (!t.failed)
        sx_put_text(r, v, "reason", t.bytes);
    sx_text_clear(&t);
}

/* The bounds of measure k, into an object. */
static void put_bounds(sx_report *r, sx_value *v, const sx_regret_answer *a,
                       const sx_regret_row *x, int32_t k)
{
    const sx_bounds *b = &x->bounds[k];
    const sx_measure *m = &a->measure[k];
    sx_put_text(r, v, "canon", sx_canon_name(m->canon));
    sx_put_text(r, v, "norm", sx_norm_name(m->norm));
    sx_put_text(r, v, "metric", sx_norm_name(m->metric));
    put_number(r, v, "distance", &b->distance);
    put_number(r, v, "starc_upper", &b->starc_upper);
    put_number(r, v, "span_upper", &b->span_upper);
    put_number(r, v, "lower", &b->lower);
    put_reason(r, v, b);
}

/* All bounds of a pair, or with k >= 0 those of one measure. */
static void put_all_bounds(sx_cli *c, sx_value *v, const sx_regret_answer *a,
                           const sx_regret_row *x, int32_t k)
{
    sx_report *r = &c->report;
    if (k >= 0 || !c->o.given[SX_OPT_ALL]) {
        put_bounds(r, sx_put_object(r, v, "bounds"), a, x, k >= 0 ? k : 0);
        return;
    }
    sx_value *list = sx_put_list(r, v, "bounds");
    for (int32_t i = 0; i < a->measures && !r->failed; i++)
        put_bounds(r, sx_put_object(r, list, NULL), a, x, i);
}

static sx_value *put_pair(sx_cli *c, sx_value *list, const sx_regret_answer *a,
                          const sx_regret_row *row, int32_t k)
{
    sx_report *r = &c->report;
    const sx_regret *x = row->regret;
    sx_value *v = sx_put_object(r, list, NULL), *part;
    sx_put_text(r, v, "true", c->spec->reward[row->truth].id);
    sx_put_text(r, v, "proxy", c->spec->reward[row->proxy].id);
    part = sx_put_object(r, v, "range");
    sx_put_range(r, part, "true", x->range_true[0], x->range_true[1]);
    sx_put_range(r, part, "proxy", x->range_proxy[0], x->range_proxy[1]);
    part = sx_put_object(r, v, "trivial");
    sx_put_bool(r, part, "true", x->trivial_true);
    sx_put_bool(r, part, "proxy", x->trivial_proxy);
    part = sx_put_object(r, v, "regret");
    sx_put_number(r, part, "optimal_pessimistic", x->pessimistic);
    sx_put_number(r, part, "optimal_optimistic", x->optimistic);
    sx_put_number(r, part, "worst_case", x->worst_case);
    put_all_bounds(c, v, a, row, k);
    part = sx_put_object(r, v, "certificate");
    sx_put_number(r, part, "lambda", x->lambda);
    sx_put_number(r, part, "primal", x->primal);
    sx_put_number(r, part, "dual", x->dual);
    sx_put_number(r, part, "gap", x->gap);
    part = sx_put_object(r, v, "returns");
    put_two(r, part, "high", &row->witness.high);
    put_two(r, part, "low", &row->witness.low);
    return v;
}

/* What the bounds of all pairs share. */
static void put_constants(sx_cli *c, const sx_regret_answer *a)
{
    sx_report *r = &c->report;
    sx_number radius = sx_bounds_radius(a->bounds);
    sx_value *all = sx_put_object(r, r->root, "constants");
    for (int i = 0; i < SX_NORMS; i++) {
        sx_constant k = sx_bounds_constant(a->bounds, (sx_norm)i);
        sx_value *v = sx_put_object(r, all, sx_norm_name((sx_norm)i));
        sx_put_number(r, v, "value", k.value);
        sx_put_bool(r, v, "exact", k.exact);
    }
    all = sx_put_object(r, r->root, "ball");
    sx_put_maybe(r, all, "radius", &radius);
}

static void put_rows(sx_cli *c, const sx_regret_answer *a)
{
    sx_report_own_rows(&c->report);
    for (int32_t i = 0; i < a->count; i++)
        for (int32_t k = 0; k < a->measures && !c->report.failed; k++)
            put_pair(c, c->report.rows, a, &a->row[i], k);
}

static void put_pairs(sx_cli *c, const sx_regret_answer *a)
{
    sx_report *r = &c->report;
    sx_value *list = sx_put_list(r, r->root, "pairs");
    for (int32_t i = 0; i < a->count && !r->failed; i++) {
        sx_value *v = put_pair(c, list, a, &a->row[i], -1);
        sx_regret_put_witness(c, v, a, &a->row[i]);
    }
}

void sx_regret_put(sx_cli *c, const sx_regret_answer *a)
{
    sx_report *r = &c->report;
    sx_format format = (sx_format)c->o.number[SX_OPT_FORMAT];
    sx_put_number(r, r->root, "discount", c->spec->world->mdp->discount);
    sx_put_whole(r, r->root, "states", c->spec->world->mdp->states);
    sx_put_whole(r, r->root, "unreachable", a->unreachable);
    if (format == SX_FORMAT_CSV) {
        put_rows(c, a);
    } else if (format == SX_FORMAT_JSON) {
        put_constants(c, a);
        put_pairs(c, a);
    }
}
