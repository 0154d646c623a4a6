/* SPDX-License-Identifier: GPL-3.0-or-later */
/* verb_solve.c - solve: optimal values, policy, all optimal actions, occupancy.
 *
 * The interval on the optimal return is asked to be narrower than tolerance max |r|, and is
 * accepted up to tolerance max |r| / (1 - discount), the scale of returns. */
#include "cli/certificate.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "solvers/control.h"
#include "solvers/evaluate.h"

#define INLINE_STATES 10000 /* in JSON */
#define SHOWN_STATES  40    /* in text */

typedef struct answer {
    int32_t reward;
    double *r; /* [K] */
    sx_solution *solution;
    unsigned char *optimal; /* [K] */
    double *occupancy;      /* [K] of the policy */
    int32_t unreachable;
    double base; /* return of the base policy, NAN without one */
} answer;

static void answer_clear(answer *a)
{
    sx_release(a->r);
    sx_solution_free(a->solution);
    sx_release(a->optimal);
    sx_release(a->occupancy);
}

static double largest(const double *r, int32_t n)
{
    double most = 0;
    for (int32_t k = 0; k < n; k++)
        most = fmax(most, fabs(r[k]));
    return most;
}

static sx_status find_occupancy(const sx_mdp *m, answer *a, sx_error *err)
{
    sx_evaluator *e = NULL;
    double residual;
    sx_status st = sx_evaluator_choice(m, a->solution->choice, &e, err);
    if (!st)
        st = sx_evaluator_occupancy(e, NULL, a->occupancy, &residual, err);
    sx_evaluator_free(e);
    return st;
}

/* The return of the base policy under the same reward. */
static sx_status find_base(const sx_world *w, answer *a, sx_error *err)
{
    sx_evaluator *e = NULL;
    double residual, *x;
    a->base = NAN;
    if (!w->base)
        return SX_OK;
    x = sx_alloc((size_t)w->mdp->pairs, sizeof *x);
    sx_status st = x ? sx_evaluator_new(w->mdp, w->base, &e, err) : sx_nomem(err);
    if (!st)
        st = sx_evaluator_occupancy(e, NULL, x, &residual, err);
    if (!st)
        a->base = sx_dot(x, a->r, w->mdp->pairs);
    sx_evaluator_free(e);
    sx_release(x);
    return st;
}

static sx_status solve(sx_cli *c, answer *a, sx_error *err)
{
    const sx_mdp *m = c->spec->world->mdp;
    sx_solve_options o = sx_solve_defaults();
    double scale, slack, tolerance = c->o.number[SX_OPT_TOLERANCE];
    sx_status st;
    sx_reward_mean(m, c->spec->reward[a->reward].reward, a->r);
    scale = largest(a->r, m->pairs);
    o.direction = c->o.given[SX_OPT_MINIMISE] ? SX_MINIMISE : SX_MAXIMISE;
    o.tolerance = scale > 0 ? tolerance * scale : tolerance;
    o.method = sx_method_find(c->o.text[SX_OPT_METHOD]);
    sx_progress_phase("solving", 0);
    st = sx_solve(m, a->r, &o, &a->solution, err);
    if (st)
        return st;
    slack = fmax(2 * m->discount * a->solution->value_error, 1e-12 * scale);
    (void)sx_solution_ties(m, a->r, &o, a->solution, slack, a->optimal);
    if (!(a->solution->hi - a->solution->lo <= o.tolerance / (1 - m->discount)))
        c->answer = SX_EXIT_UNCERTIFIED;
    st = find_occupancy(m, a, err);
    return st ? st : find_base(c->spec->world, a, err);
}

static sx_status prepare(sx_cli *c, answer *a, sx_error *err)
{
    const sx_mdp *m = c->spec->world->mdp;
    const char *id = c->o.text[SX_OPT_REWARD];
    if (!c->spec->rewards)
        return sx_fail(err, SX_EINPUT, "%s has no reward to optimise", sx_cli_path(c));
    a->r = sx_alloc((size_t)m->pairs, sizeof *a->r);
    a->optimal = sx_alloc((size_t)m->pairs, 1);
    a->occupancy = sx_alloc((size_t)m->pairs, sizeof *a->occupancy);
    if (!a->r || !a->optimal || !a->occupancy)
        return sx_nomem(err);
    return id ? sx_cli_reward(c, "--reward", id, &a->reward, err) : SX_OK;
}

/* The file of --certificate. */
static sx_status certify(sx_cli *c, const answer *a, sx_error *err)
{
    const sx_reward **reward = NULL;
    sx_certificate *x = NULL;
    sx_solution_result result = {a->reward, c->o.given[SX_OPT_MINIMISE],
                                 c->o.number[SX_OPT_TOLERANCE], a->solution};
    sx_status st = sx_cli_rewards(c, &reward, err);
    if (!st)
        st = sx_certify_solution(c->spec->world->mdp, reward, &result, &x, err);
    if (!st)
        st = sx_cli_certificate_write(c, x, err);
    sx_certificate_free(x);
    sx_release(reward);
    return st;
}

/* --- the result --- */

static void put_optimal(sx_cli *c, sx_value *list, const answer *a, int32_t s)
{
    const sx_mdp *m = c->spec->world->mdp;
    sx_cli_name n;
    for (int32_t k = m->pair[s]; k < m->pair[s + 1]; k++)
        if (a->optimal[k])
            sx_put_text(&c->report, list, NULL, sx_cli_action(c, m->action[k], &n));
}

static const char *chosen(const sx_cli *c, const answer *a, int32_t s, sx_cli_name *n)
{
    return sx_cli_action(c, c->spec->world->mdp->action[a->solution->choice[s]], n);
}

static void put_states(sx_cli *c, const answer *a)
{
    sx_report *r = &c->report;
    int32_t states = c->spec->world->mdp->states;
    sx_value *values = sx_put_object(r, r->root, "values");
    sx_value *policy = sx_put_object(r, r->root, "policy");
    sx_value *optimal = sx_put_object(r, r->root, "optimal_actions");
    sx_value *occupancy = sx_put_object(r, r->root, "occupancy");
    for (int32_t s = 0; s < states && !r->failed; s++) {
        sx_cli_name ns, na;
        const char *state = sx_cli_state(c, s, &ns);
        sx_put_number(r, values, state, a->solution->value[s]);
        sx_put_text(r, policy, state, chosen(c, a, s, &na));
        put_optimal(c, sx_put_list(r, optimal, state), a, s);
        sx_put_number(r, occupancy, state, a->occupancy[a->solution->choice[s]]);
    }
}

static void put_rows(sx_cli *c, const answer *a)
{
    sx_report *r = &c->report;
    int32_t states = c->spec->world->mdp->states;
    sx_report_own_rows(r);
    for (int32_t s = 0; s < states && !r->failed; s++) {
        sx_cli_name ns, na;
        sx_value *v = sx_put_object(r, r->rows, NULL);
        sx_put_text(r, v, "state", sx_cli_state(c, s, &ns));
        sx_put_number(r, v, "values", a->solution->value[s]);
        sx_put_text(r, v, "policy", chosen(c, a, s, &na));
        put_optimal(c, sx_put_list(r, v, "optimal_actions"), a, s);
        sx_put_number(r, v, "occupancy", a->occupancy[a->solution->choice[s]]);
        sx_put_range(r, v, "return", a->solution->lo, a->solution->hi);
        sx_put_number(r, v, "certificate_gap", a->solution->hi - a->solution->lo);
    }
}

static void put_json(sx_cli *c, const answer *a)
{
    sx_report *r = &c->report;
    const sx_mdp *m = c->spec->world->mdp;
    sx_value *certificate;
    sx_put_range(r, r->root, "return", a->solution->lo, a->solution->hi);
    if (m->states <= INLINE_STATES)
        put_states(c, a);
    else
        sx_put_text(r, r->root, "note",
                    "above 10000 states: values and policy are in --format csv only");
    certificate = sx_put_object(r, r->root, "certificate");
    sx_put_number(r, certificate, "gap", a->solution->hi - a->solution->lo);
}

static void put_result(sx_cli *c, const answer *a)
{
    sx_report *r = &c->report;
    sx_put_text(r, r->root, "reward", c->spec->reward[a->reward].id);
    sx_put_text(r, r->root, "direction", c->o.given[SX_OPT_MINIMISE] ? "minimise" : "maximise");
    sx_put_text(r, r->root, "method", a->solution->method);
    sx_put_number(r, r->root, "discount", c->spec->world->mdp->discount);
    sx_put_whole(r, r->root, "states", c->spec->world->mdp->states);
    sx_put_whole(r, r->root, "unreachable", a->unreachable);
    if (!isnan(a->base))
        sx_put_number(r, sx_put_object(r, r->root, "base"), "return", a->base);
    if ((sx_format)c->o.number[SX_OPT_FORMAT] == SX_FORMAT_CSV)
        put_rows(c, a);
    else if ((sx_format)c->o.number[SX_OPT_FORMAT] == SX_FORMAT_JSON)
        put_json(c, a);
}

static void text_states(sx_cli *c, const answer *a)
{
    const sx_mdp *m = c->spec->world->mdp;
    sx_table table = {.columns = 4, .align = "lrrl"};
    int32_t shown = m->states <= SHOWN_STATES ? m->states : SHOWN_STATES;
    sx_table_cell(&table, "state");
    sx_table_cell(&table, "value");
    sx_table_cell(&table, "occupancy");
    sx_table_cell(&table, "optimal actions, that of the policy first");
    for (int32_t s = 0; s < shown; s++) {
        sx_cli_name n;
        sx_text actions = {0};
        int32_t choice = a->solution->choice[s];
        sx_table_cell(&table, sx_cli_state(c, s, &n));
        sx_table_number(&table, a->solution->value[s]);
        sx_table_number(&table, a->occupancy[choice]);
        sx_text_put(&actions, chosen(c, a, s, &n));
        for (int32_t k = m->pair[s]; k < m->pair[s + 1]; k++)
            if (a->optimal[k] && k != choice)
                sx_text_format(&actions, " %s", sx_cli_action(c, m->action[k], &n));
        sx_table_cell(&table, actions.bytes ? actions.bytes : "");
        c->text.failed |= actions.failed;
        sx_text_clear(&actions);
    }
    sx_table_write(&table, &c->text);
    sx_table_clear(&table);
    if (shown < m->states)
        sx_text_format(&c->text, "  ... and %" PRId32 " more states; --format csv has all\n",
                       m->states - shown);
}

static void text_result(sx_cli *c, const answer *a)
{
    sx_text *t = &c->text;
    const sx_solution *s = a->solution;
    sx_text_format(t, "%s: %s return of reward %s\n", sx_cli_title(c),
                   c->o.given[SX_OPT_MINIMISE] ? "least" : "greatest",
                   c->spec->reward[a->reward].id);
    sx_cli_sizes(c, a->unreachable);
    sx_text_format(t, "\nreturn %.10g, within [%.17g, %.17g]\n", s->lo + (s->hi - s->lo) / 2,
                   s->lo, s->hi);
    sx_text_format(t, "gap %.1e, values within %.1e, method %s\n", s->hi - s->lo,
                   s->value_error, s->method);
    if (!isnan(a->base))
        sx_text_format(t, "the base policy returns %.10g\n", a->base);
    if (c->answer == SX_EXIT_UNCERTIFIED)
        sx_text_put(t, "NOT certified within the tolerance\n");
    sx_text_put(t, "\n");
    text_states(c, a);
}

sx_status sx_verb_solve(sx_cli *c, sx_error *err)
{
    answer a = {0};
    sx_status st = sx_cli_read(c, err);
    if (!st)
        st = prepare(c, &a, err);
    if (!st)
        st = sx_cli_unreachable(c, &a.unreachable, err);
    if (!st)
        st = solve(c, &a, err);
    if (!st && c->o.text[SX_OPT_CERTIFICATE])
        st = certify(c, &a, err);
    if (!st) {
        put_result(c, &a);
        text_result(c, &a);
    }
    answer_clear(&a);
    return st;
}
