/* SPDX-License-Identifier: GPL-3.0-or-later */
/* verb_verify.c - verify: does a certificate prove its numbers. */
#include "cli/certificate.h"
#include "cli/verb_shape.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "mdp/file.h"

static const char *const verdicts[] = {"proved", "failed", "not checked"};

static const char *id_of(const sx_cli *c, int32_t reward)
{
    return reward < 0 ? "" : c->spec->reward[reward].id;
}

/* --- JSON and CSV --- */

static void put_id(sx_cli *c, sx_value *v, const char *name, int32_t reward)
{
    if (reward < 0)
        sx_put_null(&c->report, v, name);
    else
        sx_put_text(&c->report, v, name, id_of(c, reward));
}

static void put_claim(sx_cli *c, sx_value *list, const sx_claim *x)
{
    sx_report *r = &c->report;
    sx_value *v = sx_put_object(r, list, NULL);
    char what[128];
    sx_put_text(r, v, "claim", x->what);
    put_id(c, v, "a", x->a);
    put_id(c, v, "b", x->b);
    if (x->measure)
        sx_cli_measure_text(x->measure, what, sizeof what);
    if (x->measure)
        sx_put_text(r, v, "measure", what);
    else
        sx_put_null(r, v, "measure");
    sx_put_number(r, v, "stated", x->stated);
    sx_put_range(r, v, "proved", x->lo, x->hi);
    sx_put_text(r, v, "verdict", verdicts[x->verdict]);
    if (x->reason)
        sx_put_text(r, v, "reason", x->reason);
    else
        sx_put_null(r, v, "reason");
}

static void put_result(sx_cli *c, const sx_claims *l, const sx_certificate *x,
                       const char *refused)
{
    sx_report *r = &c->report;
    sx_put_text(r, r->root, "certificate", sx_path_name(c->o.arg[1]));
    if (x)
        sx_put_text(r, r->root, "kind", sx_certificate_kind_name((int32_t)x->kind));
    else
        sx_put_null(r, r->root, "kind");
    sx_put_bool(r, r->root, "verified", l && !l->unproved && !l->unchecked);
    if (refused)
        sx_put_text(r, r->root, "refused", refused);
    else
        sx_put_null(r, r->root, "refused");
    r->rows = sx_put_list(r, r->root, "claims");
    for (int32_t i = 0; l && i < l->count && !r->failed; i++)
        put_claim(c, r->rows, &l->claim[i]);
}

/* --- text --- */

static void full_number(sx_table *t, double value)
{
    char text[32];
    snprintf(text, sizeof text, "%.12g", value);
    sx_table_cell(t, isnan(value) ? "" : text);
}

static void name_cell(sx_cli *c, sx_table *t, const sx_claim *x)
{
    sx_text name = {0};
    sx_text_put(&name, x->what);
    if (x->a >= 0)
        sx_text_format(&name, x->b >= 0 ? "(%s, %s)" : "(%s)", id_of(c, x->a), id_of(c, x->b));
    if (x->measure) {
        char what[128];
        sx_cli_measure_text(x->measure, what, sizeof what);
        sx_text_format(&name, " %s", what);
    }
    sx_table_cell(t, name.bytes ? name.bytes : "");
    t->failed |= name.failed;
    sx_text_clear(&name);
}

static void width_cell(sx_table *t, const sx_claim *x)
{
    char text[32];
    double off = fmax(x->hi - x->stated, x->stated - x->lo);
    snprintf(text, sizeof text, "%.1e", fmax(off, 0));
    sx_table_cell(t, isnan(x->stated) || isnan(off) ? "" : text);
}

static void text_claims(sx_cli *c, const sx_claims *l)
{
    sx_table t = {.columns = 4, .align = "lrrl"};
    sx_table_cell(&t, "claim");
    sx_table_cell(&t, "stated");
    sx_table_cell(&t, "off at most");
    sx_table_cell(&t, "");
    for (int32_t i = 0; i < l->count; i++) {
        sx_text verdict = {0};
        const sx_claim *x = &l->claim[i];
        name_cell(c, &t, x);
        full_number(&t, x->stated);
        width_cell(&t, x);
        sx_text_format(&verdict, "%s%s%s",
                       x->verdict == SX_UNPROVED ? "FAILED" : verdicts[x->verdict],
                       x->reason ? ": " : "", x->reason ? x->reason : "");
        sx_table_cell(&t, verdict.bytes ? verdict.bytes : "");
        t.failed |= verdict.failed;
        sx_text_clear(&verdict);
    }
    c->text.failed |= t.failed;
    sx_table_write(&t, &c->text);
    sx_table_clear(&t);
}

static void text_result(sx_cli *c, const sx_claims *l, const sx_certificate *x,
                        const char *refused)
{
    sx_text *t = &c->text;
    const char *name = sx_path_name(c->o.arg[1]);
    if (refused) {
        sx_text_format(t, "%s is refused: %s\n", name, refused);
        return;
    }
    sx_text_format(t, "%s: certificate of kind %s, tolerance %g\n\n", name,
                   sx_certificate_kind_name((int32_t)x->kind), x->tolerance);
    text_claims(c, l);
    sx_text_format(t,
                   "\n%" PRId32 " claim%s: %" PRId32 " proved, %" PRId32 " failed, %" PRId32
                   " not checked\n",
                   l->count, l->count == 1 ? "" : "s", l->count - l->unproved - l->unchecked,
                   l->unproved, l->unchecked);
}

static sx_exit answer_of(const sx_claims *l)
{
    if (!l || l->unproved)
        return SX_EXIT_NO;
    return l->unchecked ? SX_EXIT_UNCERTIFIED : SX_EXIT_DONE;
}

sx_status sx_verb_verify(sx_cli *c, sx_error *err)
{
    sx_certificate *x = NULL;
    const sx_reward **reward = NULL;
    const char *refused = NULL;
    sx_claims *claims = NULL;
    bool shape = false;
    sx_status st = sx_cli_read(c, err);
    sx_progress_phase("checking", 0);
    if (!st)
        st = sx_shape_certificate_verify(c, &shape, &x, &claims, &refused, err);
    if (!st && !shape)
        st = sx_cli_certificate_read(c, c->o.arg[1], c->o.number[SX_OPT_TOLERANCE], &x,
                                     &refused, err);
    if (!st && !shape && !refused)
        st = sx_cli_rewards(c, &reward, err);
    if (!st && !shape && !refused)
        st = sx_certificate_verify(c->spec->world->mdp, reward, x, &claims, err);
    if (!st) {
        c->answer = answer_of(claims);
        put_result(c, claims, x, refused);
        text_result(c, claims, x, refused);
    }
    sx_claims_free(claims);
    sx_release(reward);
    sx_certificate_free(x);
    return st;
}
