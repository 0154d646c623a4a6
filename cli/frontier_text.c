/* SPDX-License-Identifier: GPL-3.0-or-later */
/* frontier_text.c - the frontier for people. */
#include "cli/verb_frontier.h"

#include <inttypes.h>
#include <math.h>

enum { SHOWN = 24, STEPS = 10 }; /* vertices; points of the path between its ends */

static void head(sx_table *t, const char *const *names)
{
    for (int32_t i = 0; i < t->columns; i++)
        sx_table_cell(t, names[i]);
}

static void finish(sx_cli *c, sx_table *t)
{
    sx_table_write(t, &c->text);
    sx_table_clear(t);
}

static void text_rewards(sx_cli *c, const sx_frontier_answer *a)
{
    static const char *const names[] = {"", "reward", "least return", "greatest", ""};
    const sx_frontier *f = a->frontier;
    sx_table t = {.columns = 5, .align = "llrrl"};
    head(&t, names);
    for (int i = 0; i < 2; i++) {
        double range[2] = {INFINITY, -INFINITY};
        bool trivial = i ? f->trivial_proxy : f->trivial_true;
        for (int32_t v = 0; v < f->vertices; v++) {
            range[0] = fmin(range[0], f->vertex[v][1 - i]);
            range[1] = fmax(range[1], f->vertex[v][1 - i]);
        }
        sx_table_cell(&t, i ? "proxy" : "true");
        sx_table_cell(&t, c->spec->reward[i ? a->proxy : a->truth].id);
        sx_table_number(&t, range[0]);
        sx_table_number(&t, range[1]);
        sx_table_cell(&t, trivial ? "trivial: all policies return the same" : "");
    }
    finish(c, &t);
}

/* What the polygon is, in words. */
static const char *shape(const sx_frontier *f)
{
    if (f->vertices == 1)
        return "a point: both rewards are trivial";
    if (f->vertices > 2)
        return NULL;
    if (f->trivial_true)
        return "a horizontal segment: the true reward is trivial";
    if (f->trivial_proxy)
        return "a vertical segment: the proxy is trivial";
    return f->vertex[0][1] < f->vertex[1][1]
               ? "a rising segment: both rewards order all policies alike"
               : "a falling segment: the rewards order all policies in opposite ways";
}

static void text_polygon(sx_cli *c, const sx_frontier_answer *a)
{
    static const char *const names[] = {"proxy", "true"};
    const sx_frontier *f = a->frontier;
    const char *kind = shape(f);
    char gap[32];
    int32_t shown = f->vertices <= SHOWN ? f->vertices : SHOWN;
    sx_table t = {.columns = 2, .align = "rr"};
    snprintf(gap, sizeof gap, f->gap > 0 ? "%.0e" : "0", f->gap);
    sx_text_format(&c->text,
                   "\nThe returns of all policies fill a polygon of %" PRId32
                   " %s, counter-clockwise; no policy lies\nfurther beyond an edge than %s of "
                   "its diameter.\n",
                   f->vertices, f->vertices == 1 ? "vertex" : "vertices", gap);
    if (kind)
        sx_text_format(&c->text, "It is %s.\n", kind);
    if (a->coarse)
        sx_text_put(&c->text, "The world is large, so that only vertices that matter at a "
                              "tolerance of 1e-4 were searched;\n--tolerance 1e-9 finds all "
                              "(about four for each state, which takes long).\n");
    head(&t, names);
    for (int32_t i = 0; i < shown; i++) {
        sx_table_number(&t, f->vertex[i][0]);
        sx_table_number(&t, f->vertex[i][1]);
    }
    finish(c, &t);
    if (shown < f->vertices)
        sx_text_format(&c->text, "  ... and %" PRId32 " more; --format csv has all\n",
                       f->vertices - shown);
}

static void text_goodhart(sx_cli *c, const sx_frontier *f)
{
    static const char *const names[] = {"level", "least true", "greatest true"};
    sx_table t = {.columns = 3, .align = "rrr"};
    sx_text_put(&c->text, "\nGoodhart frontier: what policies can return of the true reward "
                          "when the proxy's return is at\nleast that share of its range\n");
    head(&t, names);
    for (int32_t i = 0; i < f->levels; i++) {
        char level[32];
        snprintf(level, sizeof level, "%.4g", f->level[i].level);
        sx_table_cell(&t, level);
        sx_table_number(&t, f->level[i].true_min);
        sx_table_number(&t, f->level[i].true_max);
    }
    finish(c, &t);
}

/* --- hackability --- */

static void text_verdict(sx_cli *c, const sx_hacking *h, const char *among)
{
    static const char *const words[] = {"no", "yes", "not decided"};
    sx_text_format(&c->text, "  among %s: %s\n", among, words[h->verdict]);
    if (h->reason) {
        sx_text_put(&c->text, "    ");
        sx_text_wrap(&c->text, h->reason, 4, 4, 90);
        sx_text_put(&c->text, "\n");
    }
}

static void pair_row(sx_table *t, const char *name, const double j[2])
{
    sx_table_cell(t, name);
    sx_table_number(t, j[0]);
    sx_table_number(t, j[1]);
}

static void text_pair(sx_cli *c, const sx_hacking *h)
{
    static const char *const names[] = {"", "proxy", "true"};
    sx_table t = {.columns = 3, .align = "lrr"};
    bool named = h->which[0] >= 0;
    if (h->verdict != SX_HACKABLE)
        return;
    head(&t, names);
    pair_row(&t, named ? sx_frontier_file(c, h->which[0]) : "high", h->high);
    pair_row(&t, named ? sx_frontier_file(c, h->which[1]) : "low", h->low);
    finish(c, &t);
}

static void text_hacking(sx_cli *c, const sx_frontier_answer *a)
{
    const sx_frontier *f = a->frontier;
    char among[64];
    sx_text_put(
        &c->text,
        "\nHackable: some two policies of which the proxy prefers the one that is worse "
        "in truth\n");
    text_verdict(c, &f->all, "all policies");
    text_pair(c, &f->all);
    text_verdict(c, &f->deterministic, "deterministic policies");
    text_pair(c, &f->deterministic);
    if (!a->policies)
        return;
    snprintf(among, sizeof among, "the %" PRId32 " policies given", a->policies);
    text_verdict(c, &a->listed.hacking, among);
    text_pair(c, &a->listed.hacking);
}

static void text_policies(sx_cli *c, const sx_frontier_answer *a)
{
    static const char *const names[] = {"policy", "proxy", "true"};
    sx_table t = {.columns = 3, .align = "lrr"};
    if (!a->policies)
        return;
    sx_text_put(&c->text, "\nReturns of the policies given\n");
    head(&t, names);
    for (int32_t i = 0; i < a->policies; i++)
        pair_row(&t, sx_frontier_file(c, i), a->listed.returns[i]);
    finish(c, &t);
}

/* --- the path --- */

static void point_row(sx_table *t, const sx_soft_point *p)
{
    char text[32];
    snprintf(text, sizeof text, isfinite(p->temperature) ? "%.4g" : "infinite", p->temperature);
    sx_table_cell(t, text);
    sx_table_number(t, p->proxy);
    sx_table_number(t, p->truth);
}

static void text_path(sx_cli *c, const sx_frontier *f)
{
    static const char *const names[] = {"temperature", "proxy", "true"};
    sx_table t = {.columns = 3, .align = "rrr"};
    char drop[32];
    sx_text_put(&c->text,
                "\nSoft-optimal path: the best policies for the proxy's return less "
                "temperature times the\ndivergence from uniform actions (discounted); "
                "infinite is the uniform policy, 0 the limit\n");
    head(&t, names);
    for (int32_t i = 0; i < f->points; i++) {
        int32_t step = (f->points + STEPS - 1) / STEPS;
        if (i % step == 0 || i == f->points - 1)
            point_row(&t, &f->point[i]);
    }
    finish(c, &t);
    sx_human_number(f->drop_height.value, drop);
    if (f->drop_height.reason)
        sx_text_format(&c->text, "drop height: none, %s\n", f->drop_height.reason);
    else
        sx_text_format(
            &c->text,
            "drop height %s: the greatest true return on the path less that at 0, as "
            "a share of the\nrange; 0 when optimising fully loses nothing, never "
            "negative\n",
            drop);
}

void sx_frontier_text(sx_cli *c, const sx_frontier_answer *a)
{
    sx_text_format(&c->text, "%s: all policies in the plane of proxy and true return\n",
                   sx_cli_title(c));
    sx_cli_sizes(c, a->unreachable);
    sx_text_put(&c->text, "\n");
    text_rewards(c, a);
    text_polygon(c, a);
    text_goodhart(c, a->frontier);
    text_hacking(c, a);
    text_policies(c, a);
    text_path(c, a->frontier);
    if (c->answer == SX_EXIT_UNCERTIFIED)
        sx_text_put(&c->text, "\nNOT all certified within the tolerance\n");
}
