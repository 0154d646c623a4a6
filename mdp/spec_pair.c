/* SPDX-License-Identifier: GPL-3.0-or-later */
/* spec_pair.c - what is said about pairs (s,a): attributes, and the base policy.
 *
 * A base policy is given line by line.  A state without any line takes its actions uniformly;
 * in one with lines their probabilities sum to 1, and an action without a line is never taken.
 */
#include "mdp/spec_world_int.h"

#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#define SUM_TOLERANCE 1e-9
#define MORE          ((int64_t)1 << 22) /* lines about pairs beyond one for each */

int32_t sx_i_source(const sx_mdp *m, int32_t k)
{
    int32_t low = 0, high = m->states; /* pair[low] <= k < pair[high] */
    while (high - low > 1) {
        int32_t middle = low + (high - low) / 2;
        if (m->pair[middle] <= k)
            low = middle;
        else
            high = middle;
    }
    return low;
}

/* --- lines about pairs -------------------------------------------------------------------- */

/* The names of the two attributes that say which pairs an element is about. */
typedef struct wording {
    const char *from, *action;
} wording;

/* Pairs one after another: those of a line. */
typedef struct range {
    int32_t from[2], action[2]; /* first and last */
    bool every_state, every_action;
} range;

/* first .. last of what a name or * stands for. */
static sx_status side(sx_i_reading *rd, const sx_node *n, const char *attr, bool of_states,
                      int32_t ends[2], bool *every)
{
    const char *text = sx_i_attr_sound(n, attr);
    *every = text && strcmp(text, "*") == 0;
    if (!*every) {
        sx_status st = of_states ? sx_i_attr_state(rd, n, attr, &ends[0])
                                 : sx_i_attr_action(rd, n, attr, &ends[0]);
        ends[1] = ends[0];
        return st;
    }
    const sx_mdp *m = rd->spec->world->mdp;
    ends[0] = 0;
    ends[1] = (of_states ? m->states : m->actions) - 1;
    return SX_OK;
}

static sx_status find_range(sx_i_reading *rd, const sx_node *n, wording w, range *r)
{
    sx_status st = side(rd, n, w.from, /*of_states=*/true, r->from, &r->every_state);
    return sx_i_worse(st,
                      side(rd, n, w.action, /*of_states=*/false, r->action, &r->every_action));
}

/* Do something with one pair of a line. */
typedef sx_status on_pair(void *context, const sx_node *n, int32_t s, int32_t k);

static sx_status no_pair(sx_i_reading *rd, const sx_node *n, wording w, int32_t s, int32_t a)
{
    char pair[200];
    sx_world_pair_text(rd->spec->world, s, a, pair, sizeof pair);
    return sx_diag_report(rd->diags, sx_i_attr_where(n, w.action), "E173", NULL,
                          "the action of %.190s is not available there", pair);
}

/* Call f for the pairs of a line; * leaves absorbing states and unavailable actions out. */
static sx_status each_pair(sx_i_reading *rd, const sx_node *n, wording w, on_pair *f,
                           void *context)
{
    const sx_mdp *m = rd->spec->world->mdp;
    range r = {0};
    sx_status st = find_range(rd, n, w, &r);
    if (st)
        return st;
    for (int32_t s = r.from[0]; s <= r.from[1] && !st; s++) {
        if (r.every_state && m->absorbing[s])
            continue;
        for (int32_t a = r.action[0]; a <= r.action[1] && !st; a++) {
            int32_t k = sx_mdp_pair(m, s, a);
            if (k >= 0)
                st = f(context, n, s, k);
            else if (!r.every_state && !r.every_action)
                st = no_pair(rd, n, w, s, a);
        }
    }
    return st;
}

/* --- the base policy ------------------------------------------------------------------------
 */

typedef struct base {
    sx_i_reading *rd;
    double *p;            /* [K] NAN where no line is */
    const sx_node **line; /* [S] the last one, NULL for none */
} base;

static sx_status set_p(void *context, const sx_node *n, int32_t s, int32_t k)
{
    base *b = context;
    const sx_world *w = b->rd->spec->world;
    double p = NAN;
    char pair[200];
    assert(b->p && b->line);
    if (!isnan(b->p[k])) {
        sx_world_pair_text(w, s, w->mdp->action[k], pair, sizeof pair);
        return sx_diag_report(b->rd->diags, sx_i_attr_where(n, "p"), "E173",
                              "* counts for every one that it stands for",
                              "the base policy of %.190s is given twice", pair);
    }
    sx_status st = sx_i_attr_number(n, "p", &p);
    b->p[k] = st ? 0 : p;
    b->line[s] = n;
    return st;
}

/* Complete the probabilities of state s, which has lines. */
static sx_status finish_state(base *b, int32_t s)
{
    char state[SX_NAME_BUFFER];
    const sx_world *w = b->rd->spec->world;
    const sx_mdp *m = w->mdp;
    double sum = 0;
    for (int32_t k = m->pair[s]; k < m->pair[s + 1]; k++) {
        b->p[k] = isnan(b->p[k]) ? 0 : b->p[k];
        sum += b->p[k];
    }
    if (!(fabs(sum - 1) <= SUM_TOLERANCE))
        return sx_diag_report(b->rd->diags, sx_i_attr_where(b->line[s], "p"), "E172",
                              "what has no line is never taken; without any line the policy is "
                              "uniform",
                              "the base policy of %.60s sums to %.12g, not 1",
                              sx_names_get(w->states, s, state), sum);
    return SX_OK;
}

/* Complete all states; sums are not looked at where a line was refused. */
static sx_status finish(base *b, sx_status st)
{
    const sx_mdp *m = b->rd->spec->world->mdp;
    bool sound = !st && !b->rd->doubtful;
    assert(b->p && b->line);
    for (int32_t s = 0; s < m->states && sound && !sx_i_stops(st); s++) {
        int32_t n = m->pair[s + 1] - m->pair[s];
        if (b->line[s])
            st = sx_i_worse(st, finish_state(b, s));
        for (int32_t k = m->pair[s]; !b->line[s] && k < m->pair[s + 1]; k++)
            b->p[k] = 1.0 / n;
    }
    return st;
}

void sx_i_base_set(sx_world *w, double *pi)
{
    const sx_mdp *m = w->mdp;
    bool uniform = true;
    assert(pi);
    sx_policy_normalise(m, pi);
    for (int32_t s = 0; s < m->states; s++)
        for (int32_t k = m->pair[s]; k < m->pair[s + 1]; k++)
            uniform = uniform && pi[k] == 1.0 / (m->pair[s + 1] - m->pair[s]);
    sx_release(w->base);
    w->base = uniform ? sx_release(pi) : pi;
}

sx_status sx_i_base_read(sx_i_reading *rd, const sx_node *n, const char *element,
                         const char *from, const char *action)
{
    sx_world *w = rd->spec->world;
    const sx_node *line = sx_i_first(n, element);
    while (line && !sx_node_value(line, "p"))
        line = sx_i_next(line, element);
    if (!line)
        return SX_OK;
    base b = {rd, sx_alloc((size_t)w->mdp->pairs, sizeof *b.p),
              sx_alloc((size_t)w->mdp->states, sizeof(void *))};
    sx_status st = b.p && b.line ? SX_OK : sx_nomem(rd->err);
    for (int32_t k = 0; !st && k < w->mdp->pairs; k++)
        b.p[k] = NAN;
    for (; line && !sx_i_stops(st); line = sx_i_next(line, element))
        if (sx_node_value(line, "p"))
            st = sx_i_worse(st, each_pair(rd, line, (wording){from, action}, set_p, &b));
    if (!sx_i_stops(st))
        st = finish(&b, st);
    sx_release(b.line);
    if (st)
        sx_release(b.p);
    else
        sx_i_base_set(w, b.p);
    return st;
}

/* --- <pair>
 * ----------------------------------------------------------------------------------- */

typedef struct gathering {
    sx_i_reading *rd;
    sx_i_bearers found;
    int64_t room;
} gathering;

static sx_status gather(void *context, const sx_node *n, int32_t s, int32_t k)
{
    gathering *g = context;
    (void)s;
    if (g->found.count >= g->rd->spec->world->mdp->pairs + MORE)
        return sx_diag_report(g->rd->diags, n->place, "E105",
                              "put what belongs to the same pairs into one element",
                              "too many lines about the same pairs");
    if (g->found.count == g->room) {
        int64_t room = 2 * g->room + 64;
        sx_i_bearer *grown = sx_realloc(g->found.bearer, (size_t)room, sizeof *grown);
        if (!grown)
            return sx_nomem(g->rd->err);
        g->found.bearer = grown;
        g->room = room;
    }
    g->found.bearer[g->found.count++] = (sx_i_bearer){n, k};
    return SX_OK;
}

static sx_status ignore(void *context, const sx_node *n, int32_t s, int32_t k)
{
    (void)context;
    (void)n;
    (void)s;
    (void)k;
    return SX_OK;
}

sx_status sx_i_pairs_read(sx_i_reading *rd, const sx_node *n)
{
    static const wording words = {"from", "action"};
    gathering g = {.rd = rd};
    sx_status st = SX_OK;
    const sx_node *line = sx_i_first(n, "pair");
    for (; line && !sx_i_stops(st); line = sx_i_next(line, "pair")) {
        bool bears = sx_i_first(line, "attribute") != NULL;
        if (bears || !sx_node_value(line, "p")) /* else read with the base policy */
            st = sx_i_worse(st, each_pair(rd, line, words, bears ? gather : ignore, &g));
    }
    if (!sx_i_stops(st))
        st = sx_i_worse(st, sx_i_attributes_read(rd, &g.found, SX_I_OF_PAIRS));
    if (!st) /* else names that are wrong would be reported again */
        st = sx_i_base_read(rd, n, "pair", words.from, words.action);
    sx_release(g.found.bearer);
    return st;
}
