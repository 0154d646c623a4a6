/* SPDX-License-Identifier: GPL-3.0-or-later */
/* frontier_put.c - the frontier as JSON and CSV.
 *
 * CSV has one row an entry of any list: `kind` says whether it is a vertex, a level, a point of
 * the path or a policy of the command line. */
#include "cli/verb_frontier.h"

#include <math.h>

/* --- hackability --- */

static void put_verdict(sx_report *r, sx_value *v, const char *name, const sx_hacking *h)
{
    if (h->verdict == SX_UNDECIDED)
        sx_put_null(r, v, name);
    else
        sx_put_bool(r, v, name, h->verdict == SX_HACKABLE);
}

static void put_two(sx_report *r, sx_value *parent, const char *name, const double j[2])
{
    sx_value *v = sx_put_object(r, parent, name);
    sx_put_number(r, v, "proxy", j[0]);
    sx_put_number(r, v, "true", j[1]);
}

static void put_witness(sx_cli *c, sx_value *parent, const sx_hacking *h)
{
    sx_report *r = &c->report;
    sx_value *v = sx_put_object(r, parent, "witness");
    if (h->which[0] >= 0) {
        sx_put_text(r, v, "high", sx_frontier_file(c, h->which[0]));
        sx_put_text(r, v, "low", sx_frontier_file(c, h->which[1]));
    } else if (c->spec->world->mdp->states <= SX_INLINE_STATES) {
        sx_cli_put_policy(c, v, "high", h->pi_high);
        sx_cli_put_policy(c, v, "low", h->pi_low);
    } else {
        sx_put_null(r, v, "high");
        sx_put_null(r, v, "low");
        sx_put_text(r, v, "reason", "above 10000 states policies do not stand here");
    }
}

static void put_hacking(sx_cli *c, sx_value *parent, const char *name, const sx_hacking *h)
{
    sx_report *r = &c->report;
    sx_value *v = sx_put_object(r, parent, name);
    put_verdict(r, v, "hackable", h);
    if (h->reason)
        sx_put_text(r, v, "reason", h->reason);
    else
        sx_put_null(r, v, "reason");
    if (h->verdict != SX_HACKABLE)
        return;
    sx_value *returns = sx_put_object(r, v, "returns");
    put_two(r, returns, "high", h->high);
    put_two(r, returns, "low", h->low);
    put_witness(c, v, h);
}

/* --- JSON --- */

static void put_json(sx_cli *c, const sx_frontier_answer *a)
{
    sx_report *r = &c->report;
    const sx_frontier *f = a->frontier;
    sx_value *list = sx_put_list(r, r->root, "vertices"), *v;
    for (int32_t i = 0; i < f->vertices && !r->failed; i++)
        sx_put_range(r, list, NULL, f->vertex[i][0], f->vertex[i][1]);
    v = sx_put_object(r, r->root, "hackability");
    put_hacking(c, v, "all", &f->all);
    put_hacking(c, v, "deterministic", &f->deterministic);
    if (a->policies)
        put_hacking(c, v, "listed", &a->listed.hacking);
    list = sx_put_list(r, r->root, "policies");
    for (int32_t i = 0; i < a->policies && !r->failed; i++) {
        v = sx_put_object(r, list, NULL);
        sx_put_text(r, v, "policy", sx_frontier_file(c, i));
        sx_put_number(r, v, "proxy", a->listed.returns[i][0]);
        sx_put_number(r, v, "true", a->listed.returns[i][1]);
    }
    list = sx_put_list(r, r->root, "goodhart");
    for (int32_t i = 0; i < f->levels && !r->failed; i++) {
        v = sx_put_object(r, list, NULL);
        sx_put_number(r, v, "level", f->level[i].level);
        sx_put_number(r, v, "true_min", f->level[i].true_min);
        sx_put_number(r, v, "true_max", f->level[i].true_max);
    }
    list = sx_put_list(r, r->root, "path");
    for (int32_t i = 0; i < f->points && !r->failed; i++) {
        v = sx_put_object(r, list, NULL);
        sx_put_number(r, v, "temperature", f->point[i].temperature);
        sx_put_number(r, v, "proxy", f->point[i].proxy);
        sx_put_number(r, v, "true", f->point[i].truth);
    }
}

/* --- CSV --- */

/* One row; what it has not is NAN. */
typedef struct entry {
    const char *kind, *policy;
    double level, temperature, proxy, truth, lo, hi;
} entry;

static void put_row(sx_report *r, const entry *e)
{
    sx_value *v = sx_put_object(r, r->rows, NULL);
    sx_put_text(r, v, "kind", e->kind);
    sx_put_text(r, v, "policy", e->policy ? e->policy : "");
    sx_put_number(r, v, "level", e->level);
    sx_put_number(r, v, "temperature", e->temperature);
    sx_put_number(r, v, "return_proxy", e->proxy);
    sx_put_number(r, v, "return_true", e->truth);
    sx_put_number(r, v, "true_min", e->lo);
    sx_put_number(r, v, "true_max", e->hi);
}

static void put_rows(sx_cli *c, const sx_frontier_answer *a)
{
    const sx_frontier *f = a->frontier;
    sx_report *r = &c->report;
    sx_report_own_rows(r);
    for (int32_t i = 0; i < f->vertices && !r->failed; i++)
        put_row(r,
                &(entry){"vertex", NULL, NAN, NAN, f->vertex[i][0], f->vertex[i][1], NAN, NAN});
    for (int32_t i = 0; i < f->levels && !r->failed; i++)
        put_row(r, &(entry){"level", NULL, f->level[i].level, NAN, NAN, NAN,
                            f->level[i].true_min, f->level[i].true_max});
    for (int32_t i = 0; i < f->points && !r->failed; i++)
        put_row(r, &(entry){"path", NULL, NAN, f->point[i].temperature, f->point[i].proxy,
                            f->point[i].truth, NAN, NAN});
    for (int32_t i = 0; i < a->policies && !r->failed; i++)
        put_row(r, &(entry){"policy", sx_frontier_file(c, i), NAN, NAN, a->listed.returns[i][0],
                            a->listed.returns[i][1], NAN, NAN});
}

void sx_frontier_put(sx_cli *c, const sx_frontier_answer *a)
{
    sx_report *r = &c->report;
    const sx_frontier *f = a->frontier;
    sx_format format = (sx_format)c->o.number[SX_OPT_FORMAT];
    sx_put_number(r, r->root, "discount", c->spec->world->mdp->discount);
    sx_put_whole(r, r->root, "states", c->spec->world->mdp->states);
    sx_put_whole(r, r->root, "unreachable", a->unreachable);
    sx_put_text(r, r->root, "true", c->spec->reward[a->truth].id);
    sx_put_text(r, r->root, "proxy", c->spec->reward[a->proxy].id);
    sx_put_bool(r, r->root, "trivial_true", f->trivial_true);
    sx_put_bool(r, r->root, "trivial_proxy", f->trivial_proxy);
    sx_put_number(r, r->root, "tolerance", a->tolerance);
    sx_put_number(r, r->root, "gap", f->gap);
    put_verdict(r, r->root, "hackable", &f->all);
    put_verdict(r, r->root, "hackable_deterministic", &f->deterministic);
    if (a->policies)
        put_verdict(r, r->root, "hackable_listed", &a->listed.hacking);
    else
        sx_put_null(r, r->root, "hackable_listed");
    sx_put_number(r, r->root, "drop_height",
                  f->drop_height.reason ? (double)NAN : f->drop_height.value);
    if (f->drop_height.reason)
        sx_put_text(r, r->root, "drop_height_reason", f->drop_height.reason);
    else
        sx_put_null(r, r->root, "drop_height_reason");
    sx_put_number(r, r->root, "path_error", f->path_error);
    if (format == SX_FORMAT_JSON)
        put_json(c, a);
    else if (format == SX_FORMAT_CSV)
        put_rows(c, a);
}
