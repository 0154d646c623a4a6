/* SPDX-License-Identifier: GPL-3.0-or-later */
/* regret_text.c - regrets, their bounds and witnesses for people. */
#include "cli/verb_regret.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

enum { PAGE = 90 };

/* What is shown as nothing. */
static const double ROUNDING = 1e-12;

static void head(sx_table *t, const char *const *name)
{
    for (int32_t i = 0; i < t->columns; i++)
        sx_table_cell(t, name[i]);
}

static void ids(sx_cli *c, sx_table *t, const sx_regret_row *x)
{
    sx_table_cell(t, c->spec->reward[x->truth].id);
    sx_table_cell(t, c->spec->reward[x->proxy].id);
}

static void finish(sx_cli *c, sx_table *t)
{
    sx_table_write(t, &c->text);
    sx_table_clear(t);
}

static void text_pairs(sx_cli *c, const sx_regret_answer *a)
{
    static const char *const names[] = {"true",       "proxy",  "worst case", "pessimistic",
                                        "optimistic", "lambda", "gap"};
    sx_table t = {.columns = 7, .align = "llrrrrr"};
    head(&t, names);
    for (int32_t i = 0; i < a->count; i++) {
        const sx_regret *x = a->row[i].regret;
        char gap[32];
        snprintf(gap, sizeof gap, x->gap > 0 ? "%.0e" : "0", x->gap);
        ids(c, &t, &a->row[i]);
        sx_table_number(&t, x->worst_case);
        sx_table_number(&t, x->pessimistic);
        sx_table_number(&t, x->optimistic);
        sx_table_number(&t, x->lambda);
        sx_table_cell(&t, gap);
    }
    finish(c, &t);
}

static void text_range(sx_table *t, const char *id, const double range[2], bool trivial)
{
    sx_table_cell(t, id);
    sx_table_number(t, range[0]);
    sx_table_number(t, range[1]);
    sx_table_cell(t, trivial ? "trivial: all policies return the same" : "");
}

/* The row of reward r, from the first pair that it is in. */
static void text_reward(sx_cli *c, const sx_regret_answer *a, int32_t r, sx_table *t)
{
    for (int32_t i = 0; i < a->count; i++) {
        const sx_regret_row *p = &a->row[i];
        const sx_regret *x = p->regret;
        if (p->truth != r && p->proxy != r)
            continue;
        text_range(t, c->spec->reward[r].id, p->truth == r ? x->range_true : x->range_proxy,
                   p->truth == r ? x->trivial_true : x->trivial_proxy);
        return;
    }
}

static void text_ranges(sx_cli *c, const sx_regret_answer *a)
{
    static const char *const names[] = {"reward", "least return", "greatest", ""};
    sx_table t = {.columns = 4, .align = "lrrl"};
    head(&t, names);
    for (int32_t r = 0; r < c->spec->rewards; r++)
        text_reward(c, a, r, &t);
    finish(c, &t);
}

/* --- the two policies --- */

static void text_witness(sx_cli *c, const sx_regret_answer *a)
{
    static const char *const names[] = {"true",        "proxy",     "high: true",
                                        "high: proxy", "low: true", "low: proxy"};
    sx_table t = {.columns = 6, .align = "llrrrr"};
    sx_text_put(
        &c->text,
        "\nTwo policies show each worst case: the proxy likes `low` at least as well as "
        "`high`, and\nfrom high to low the true return falls by the worst case. Their "
        "returns, evaluated anew;\n");
    sx_text_put(&c->text, c->o.given[SX_OPT_WITNESS]
                              ? "the policies are in the file of --witness.\n\n"
                              : "--witness FILE writes the policies.\n\n");
    head(&t, names);
    for (int32_t i = 0; i < a->count; i++) {
        const sx_witness *w = &a->row[i].witness;
        ids(c, &t, &a->row[i]);
        sx_table_number(&t, w->high.truth);
        sx_table_number(&t, w->high.proxy);
        sx_table_number(&t, w->low.truth);
        sx_table_number(&t, w->low.proxy);
    }
    finish(c, &t);
}

/* --- bounds --- */

/* The least upper bound, and how far it is above the worst case. */
static void binding(const sx_regret_row *x, const sx_bounds *b, char *text, size_t size)
{
    char loose[32];
    double least = 1;
    const char *which = "range";
    if (b->starc_upper.value < least) {
        least = b->starc_upper.value;
        which = "STARC";
    }
    if (b->span_upper.value <= least) {
        least = b->span_upper.value;
        which = "span";
    }
    least -= x->regret->worst_case;
    sx_human_number(least > ROUNDING ? least : 0, loose);
    snprintf(text, size, "%s, %s above", which, loose);
}

static void text_bounds(sx_cli *c, const sx_regret_answer *a)
{
    static const char *const names[] = {"true", "proxy", "lower",    "worst case",
                                        "span", "STARC", "distance", "binding"};
    sx_table t = {.columns = 8, .align = "llrrrrrl"};
    head(&t, names);
    for (int32_t i = 0; i < a->count; i++) {
        const sx_regret_row *x = &a->row[i];
        char text[64];
        ids(c, &t, x);
        sx_table_number(&t, x->bounds->lower.value);
        sx_table_number(&t, x->regret->worst_case);
        sx_table_number(&t, x->bounds->span_upper.value);
        sx_table_number(&t, x->bounds->starc_upper.value);
        sx_table_number(&t, x->bounds->distance.value);
        binding(x, x->bounds, text, sizeof text);
        sx_table_cell(&t, text);
    }
    finish(c, &t);
}

static void text_constant(sx_cli *c, const sx_regret_answer *a, sx_norm metric)
{
    sx_constant k = sx_bounds_constant(a->bounds, metric);
    char text[32];
    sx_human_number(k.value, text);
    sx_text_format(&c->text, "K %s %s %s%s", sx_norm_name(metric), k.exact ? "=" : "<=", text,
                   k.exact ? " (exact)" : "");
}

/* All constants on a line, or the one in use. */
static void text_constants(sx_cli *c, const sx_regret_answer *a)
{
    sx_number radius = sx_bounds_radius(a->bounds);
    char text[32];
    sx_text_put(&c->text, "  constants: ");
    if (!c->o.given[SX_OPT_ALL])
        text_constant(c, a, a->measure->metric);
    for (int i = 0; c->o.given[SX_OPT_ALL] && i < SX_NORMS; i++) {
        sx_text_put(&c->text, i == 0 ? "" : i == 3 ? ",\n             " : ", ");
        text_constant(c, a, (sx_norm)i);
    }
    sx_human_number(radius.value, text);
    if (!radius.reason)
        sx_text_format(&c->text, "; radius of the ball %s", text);
    sx_text_put(&c->text, "\n");
}

/* The first reason of each kind. */
typedef struct reasons {
    const char *told[8];
    int32_t n;
} reasons;

static void tell(sx_cli *c, reasons *z, const char *why)
{
    for (int32_t i = 0; i < z->n; i++)
        if (!why || !strcmp(z->told[i], why))
            return;
    if (!why || z->n == 8)
        return;
    z->told[z->n++] = why;
    sx_text_put(&c->text, z->n == 1 ? "  -: " : "     ");
    sx_text_wrap(&c->text, why, 5, 5, PAGE - 10);
    sx_text_put(&c->text, "\n");
}

static void text_reasons(sx_cli *c, const sx_regret_answer *a)
{
    reasons z = {{NULL}, 0};
    for (int32_t i = 0; i < a->count; i++)
        for (int32_t k = 0; k < a->measures; k++) {
            const sx_bounds *b = &a->row[i].bounds[k];
            tell(c, &z, b->span_upper.reason);
            tell(c, &z, b->starc_upper.reason);
            tell(c, &z, b->distance.reason);
            tell(c, &z, b->lower.reason);
        }
}

/* Whether any metric has a bound beside the six measures from k on. */
static bool has_bounds(const sx_regret_row *x, int32_t k)
{
    bool some = !x->bounds[k].span_upper.reason;
    for (int32_t i = k; i < k + SX_NORMS; i++)
        some = some || !x->bounds[i].starc_upper.reason;
    return some;
}

/* One row a canonicalisation and norm that has bounds, STARC bounds one column a metric. */
static void text_combinations(sx_cli *c, const sx_regret_answer *a, const sx_regret_row *x)
{
    static const char *const names[] = {"canon", "norm", "span"};
    sx_table t = {.columns = 3 + SX_NORMS, .align = "llrrrrrrr"};
    char worst[32], lower[32];
    sx_human_number(x->regret->worst_case, worst);
    sx_human_number(x->bounds->lower.value, lower);
    sx_text_format(&c->text, "\n%s, proxy %s: worst case %s, lower bound %s\n",
                   c->spec->reward[x->truth].id, c->spec->reward[x->proxy].id, worst, lower);
    for (int32_t i = 0; i < 3; i++)
        sx_table_cell(&t, names[i]);
    for (int n = 0; n < SX_NORMS; n++)
        sx_table_cell(&t, sx_norm_name((sx_norm)n));
    for (int32_t k = 0; k < a->measures; k += SX_NORMS) {
        const sx_measure *m = &a->measure[k];
        if (!has_bounds(x, k))
            continue;
        sx_table_cell(&t, sx_canon_name(m->canon));
        sx_table_cell(&t, sx_norm_name(m->norm));
        sx_table_number(&t, x->bounds[k].span_upper.value);
        for (int32_t i = k; i < k + SX_NORMS; i++)
            sx_table_number(&t, x->bounds[i].starc_upper.value);
    }
    finish(c, &t);
}

/* The mean of a bound of measure k over the pairs that have something to lose and a proxy that
 * prefers something; NAN where one has none. */
static double mean_bound(const sx_regret_answer *a, int32_t k, bool span, int32_t *pairs)
{
    double sum = 0;
    *pairs = 0;
    for (int32_t i = 0; i < a->count; i++) {
        const sx_regret_row *x = &a->row[i];
        if (x->regret->trivial_true || x->regret->trivial_proxy)
            continue;
        sum += span ? x->bounds[k].span_upper.value : x->bounds[k].starc_upper.value;
        (*pairs)++;
    }
    return *pairs ? sum / *pairs : (double)NAN;
}

/* The measure of the least mean bound, -1 for none. */
static int32_t tightest(const sx_regret_answer *a, bool span, double *mean, int32_t *pairs)
{
    int32_t best = -1;
    *mean = INFINITY;
    for (int32_t k = 0; k < a->measures; k++) {
        double x = mean_bound(a, k, span, pairs);
        if (x < *mean * (1 - 1e-9)) { /* of equal ones the first */
            *mean = x;
            best = k;
        }
    }
    return best;
}

static void text_guidance(sx_cli *c, const sx_regret_answer *a)
{
    double span, starc;
    int32_t pairs, i = tightest(a, true, &span, &pairs), j = tightest(a, false, &starc, &pairs);
    char number[32];
    if (i < 0 || j < 0) {
        sx_text_put(&c->text, "\nNo pair has bounds to compare.\n");
        return;
    }
    sx_human_number(span, number);
    sx_text_format(&c->text, "\nTightest on this world (mean of %" PRId32 " pair%s):\n", pairs,
                   pairs == 1 ? "" : "s");
    sx_text_format(&c->text, "  span bound   %s  --canon %s --norm %s, any metric\n", number,
                   sx_canon_name(a->measure[i].canon), sx_norm_name(a->measure[i].norm));
    sx_human_number(starc, number);
    sx_text_format(&c->text, "  STARC bound  %s  --canon %s --norm %s --metric %s\n", number,
                   sx_canon_name(a->measure[j].canon), sx_norm_name(a->measure[j].norm),
                   sx_norm_name(a->measure[j].metric));
}

static void text_interval(sx_cli *c, const sx_regret_answer *a)
{
    bool all = c->o.given[SX_OPT_ALL];
    char what[128];
    sx_cli_measure_text(a->measure, what, sizeof what);
    sx_text_format(&c->text, "\nBounds on the worst case by %s\n",
                   all ? "every combination (STARC bounds: one column a metric)" : what);
    sx_text_put(
        &c->text,
        "lower: from the angle of the rewards and a ball of occupancies; span: range of "
        "the\ndifference of the standardised rewards; STARC: K times their distance.\n");
    text_constants(c, a);
    sx_text_put(&c->text, all ? "" : "\n");
    for (int32_t i = 0; all && i < a->count; i++)
        text_combinations(c, a, &a->row[i]);
    if (!all)
        text_bounds(c, a);
    text_reasons(c, a);
    if (all)
        text_guidance(c, a);
}

void sx_regret_text(sx_cli *c, const sx_regret_answer *a)
{
    sx_text *t = &c->text;
    sx_text_format(t, "%s: what optimising the proxy can cost in the true reward\n",
                   sx_cli_title(c));
    sx_cli_sizes(c, a->unreachable);
    sx_text_put(t, "Regrets are shares of the range of the true reward's return. Worst case: "
                   "over all pairs\nof policies that the proxy does not rank the right way; "
                   "pessimistic and optimistic: of\nthe worst and the best optimal policy of "
                   "the proxy. Gap: what is left to prove.\n\n");
    text_pairs(c, a);
    sx_text_put(t, "\n");
    text_ranges(c, a);
    text_interval(c, a);
    text_witness(c, a);
    if (c->answer == SX_EXIT_UNCERTIFIED)
        sx_text_put(t, "\nNOT all certified within the tolerance\n");
}
