/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_terms.c - random terms in a row give the values that a plain evaluation over all triples
 * gives, in whatever form the reward is kept. */
#include "mdp/terms_int.h"
#include "tests/check.h"
#include "tests/oracle_reward.h"

#include <stdlib.h>

enum { STATES = 7, ROOM = STATES * 4 * STATES, ROUNDS = 1500 };

typedef struct scene {
    oracle_rng rng;
    sx_mdp *m;
    sx_world *w;
    sx_i_terms *b;
    double x[STATES], y[STATES];
    double plain[ROOM];
    bool known; /* the impossible triples have values */
} scene;

/* --- worlds with two variables, labels and cells that are no states
 * ---------------------------- */

static void name_actions(scene *c)
{
    sx_error err = SX_NO_ERROR;
    CHECK_OK(sx_names_new(&c->w->actions, &err));
    for (int32_t a = 0; a < c->m->actions; a++) {
        char text[16];
        int32_t index;
        snprintf(text, sizeof text, "a%d", (int)a);
        CHECK_OK(sx_names_add(c->w->actions, text, &index, &err));
    }
}

static void add_variable(scene *c, const char *name, double *value)
{
    sx_error err = SX_NO_ERROR;
    int32_t index;
    CHECK_OK(sx_world_add_variable(c->w, name, &index, &err));
    for (int32_t s = 0; s < c->m->states; s++)
        c->w->variable[index].value[s] = value[s] = oracle_int(&c->rng, -8, 8) / 4.0;
}

/* The first label is of states and of cells that are passed through. */
static void add_labels(scene *c)
{
    sx_error err = SX_NO_ERROR;
    for (int i = 0; i < 3; i++) {
        char name[16];
        int32_t state[STATES], n = 0, index;
        snprintf(name, sizeof name, "l%d", i);
        for (int32_t s = 0; s < c->m->states; s++)
            if (oracle_reward_uniform(&c->rng) < 0.4)
                state[n++] = s;
        CHECK_OK(sx_world_add_label(c->w, name, state, n, &index, &err));
    }
    c->w->through = sx_alloc((size_t)c->m->entries, sizeof *c->w->through);
    for (int64_t t = 0; t < c->m->entries; t++)
        if (c->m->prob[t] < 1 && oracle_reward_uniform(&c->rng) < 0.3)
            c->w->through[c->w->throughs++] =
                (sx_through){t, 0, oracle_reward_uniform(&c->rng) < 0.3 ? 1 : 0.25};
}

static void set_up(scene *c, uint64_t seed)
{
    sx_error err = SX_NO_ERROR;
    memset(c, 0, sizeof *c);
    c->rng.state = seed;
    c->m = oracle_reward_world(&c->rng);
    CHECK_OK(sx_world_new(&c->w, &err));
    c->w->mdp = c->m;
    CHECK_OK(sx_names_numbered(c->m->states, &c->w->states, &err));
    name_actions(c);
    add_variable(c, "x", c->x);
    add_variable(c, "y", c->y);
    add_labels(c);
    CHECK_OK(sx_i_terms_new(c->w, &c->b, &err));
    c->known = true;
}

static void tear_down(scene *c)
{
    sx_i_terms_free(c->b);
    sx_world_free(c->w);
}

/* --- expressions, twice
 * ------------------------------------------------------------------------- */

typedef struct formula {
    const char *text;
    double (*value)(const scene *c, int32_t s, int32_t a, int32_t next);
} formula;

#define FORMULA(name, e) \
    static double name(const scene *c, int32_t s, int32_t a, int32_t next) \
    { \
        double x = c->x[s], y = c->y[s], nx = c->x[next], ny = c->y[next]; \
        (void)x, (void)y, (void)nx, (void)ny, (void)a; \
        return e; \
    }

FORMULA(v0, 2.385)
FORMULA(v1, x)
FORMULA(v2, nx *nx - 1)
FORMULA(v3, x *ny - 1)
FORMULA(v4, a == 1 ? 3 : x)
FORMULA(v5, x + nx * y - ny)
FORMULA(v6, fmin(x, nx))
FORMULA(v7, (x - ny) / (x * x + 1))
FORMULA(v8, fabs(x - nx) + fabs(y - ny))

static const formula values[] = {{"2.385", v0},
                                 {"x", v1},
                                 {"x' ^ 2 - 1", v2},
                                 {"x * next_y - 1", v3},
                                 {"if(action == a1, 3, x)", v4},
                                 {"x + x' * y - y'", v5},
                                 {"min(x, x')", v6},
                                 {"(x - y') / (x * x + 1)", v7},
                                 {"abs(x - x') + abs(y - y')", v8}};

FORMULA(w1, x > 0)
FORMULA(w2, nx < 1)
FORMULA(w3, x > 0 && ny < 1)
FORMULA(w4, x > nx)
FORMULA(w5, a == 0 && ny >= 0)
FORMULA(w6, x > 0 || ny > 0)
FORMULA(w7, 1 < 2)

static const formula conditions[] = {{"x > 0", w1},
                                     {"x' < 1", w2},
                                     {"x > 0 and y' < 1", w3},
                                     {"x > x'", w4},
                                     {"action == a0 and next_y >= 0", w5},
                                     {"x > 0 or y' > 0", w6},
                                     {"1 < 2", w7}};

/* --- terms, twice
 * --------------------------------------------------------------------------------- */

typedef struct drawn {
    sx_i_term t;
    const formula *value, *when; /* NULL: t.constant, true */
    sx_expr *expr[2];
} drawn;

static sx_i_states draw_states(scene *c, int32_t *label)
{
    double u = oracle_reward_uniform(&c->rng);
    sx_i_states x = {u < 0.35, 0, NULL, 0};
    *label = -1;
    if (u >= 0.35 && u < 0.6) {
        x.count = 1;
        x.one = oracle_int(&c->rng, 0, c->m->states - 1);
    } else if (u >= 0.6) {
        *label = oracle_int(&c->rng, 0, 2);
        x.count = c->w->label[*label].count;
        x.state = c->w->label[*label].state;
    }
    return x;
}

static sx_expr *parse(const scene *c, const char *text)
{
    sx_error err = SX_NO_ERROR;
    sx_expr_error where;
    sx_expr *e = NULL;
    CHECK_OK(sx_expr_parse(text, c->w, 7, &e, &where, &err));
    return e;
}

static drawn draw_term(scene *c)
{
    drawn d = {.t = {.action = -1, .through = -1}};
    int32_t label;
    oracle_rng *g = &c->rng;
    d.t.overrides = oracle_reward_uniform(g) < 0.5;
    d.t.from_given = oracle_reward_uniform(g) < 0.6;
    d.t.from = d.t.from_given ? draw_states(c, &label) : (sx_i_states){true, 0, NULL, 0};
    d.t.to = draw_states(c, &label);
    d.t.enters = !d.t.to.all && oracle_reward_uniform(g) < 0.5;
    d.t.through = d.t.enters && label == 0 ? 0 : -1;
    if (oracle_reward_uniform(g) < 0.3)
        d.t.action = oracle_int(g, 0, c->m->actions - 1);
    d.t.constant = oracle_value(g);
    if (oracle_reward_uniform(g) < 0.6)
        d.value = &values[oracle_int(g, 0, 8)];
    if (oracle_reward_uniform(g) < 0.4)
        d.when = &conditions[oracle_int(g, 0, 6)];
    if (c->m->actions < 2 && d.value == &values[4])
        d.value = NULL; /* there is no a1 */
    d.t.value = d.expr[0] = d.value ? parse(c, d.value->text) : NULL;
    d.t.when = d.expr[1] = d.when ? parse(c, d.when->text) : NULL;
    return d;
}

static bool within(const sx_i_states *x, int32_t s)
{
    for (int32_t i = 0; i < x->count; i++)
        if ((x->state ? x->state[i] : x->one) == s)
            return true;
    return x->all;
}

/* The weight with which the term changes (k, next). */
static double weight(const scene *c, const drawn *d, int32_t k, int32_t next)
{
    const sx_mdp *m = c->m;
    int32_t s = oracle_state(m, k), a = m->action[k];
    int64_t t = sx_mdp_entry(m, k, next);
    if (!within(&d->t.from, s) || (d->t.action >= 0 && d->t.action != a) ||
        (d->when && !(d->when->value(c, s, a, next) != 0)) ||
        (d->t.enters && within(&d->t.to, s)) ||
        (!d->t.from_given && m->absorbing[s] && s == next))
        return 0;
    if (within(&d->t.to, next))
        return 1;
    for (int64_t i = 0; d->t.through >= 0 && i < c->w->throughs; i++)
        if (c->w->through[i].entry == t)
            return c->w->through[i].share;
    return 0;
}

static void apply_plainly(scene *c, const drawn *d)
{
    for (int32_t k = 0; k < c->m->pairs; k++)
        for (int32_t next = 0; next < c->m->states; next++) {
            double *r = &c->plain[k * c->m->states + next], p = weight(c, d, k, next);
            double v = d->value
                           ? d->value->value(c, oracle_state(c->m, k), c->m->action[k], next)
                           : d->t.constant;
            if (p > 0)
                *r = d->t.overrides ? (1 - p) * *r + p * v : *r + p * v;
        }
}

/* Impossible triples that are unknown become known when a term sets all of them. */
static void forget(scene *c)
{
    sx_i_reward_forget(c->b->r, "drawn without");
    c->known = false;
}

static bool sets_all(const scene *c, const drawn *d)
{
    for (int32_t k = 0; k < c->m->pairs; k++)
        for (int32_t next = 0; next < c->m->states; next++)
            if (sx_mdp_entry(c->m, k, next) < 0 && !(weight(c, d, k, next) == 1))
                return false;
    return d->t.overrides;
}

static void compare(scene *c, const char *what, int round)
{
    sx_error err = SX_NO_ERROR;
    CHECK_OK(sx_i_terms_settle(c->b, &err));
    CHECK_OK(sx_reward_check(c->m, c->b->r, &err));
    for (int32_t k = 0; k < c->m->pairs; k++)
        for (int32_t s = 0; s < c->m->states; s++) {
            double got = sx_reward_at(c->m, c->b->r, k, s);
            double want = c->plain[k * c->m->states + s];
            if (sx_mdp_entry(c->m, k, s) < 0 && isnan(got) && !c->known)
                continue;
            if (!(fabs(got - want) <= 1e-13 * fmax(1, fabs(want)))) {
                print_error("round %d, term %s: pair %d, next %d: %g, not %g\n", round, what,
                            (int)k, (int)s, got, want);
                fail();
            }
        }
}

static void agrees_with_a_plain_evaluation(void **state)
{
    (void)state;
    int products = 0, dense = 0, exceptions = 0;
    for (int round = 0; round < ROUNDS; round++) {
        scene c;
        set_up(&c, (uint64_t)round * 7919 + 11);
        sx_error err = SX_NO_ERROR;
        if (round % 5 == 4)
            forget(&c);
        for (int i = 0; i < 6; i++) {
            sx_i_fault fault;
            drawn d = draw_term(&c);
            CHECK_OK(sx_i_terms_apply(c.b, &d.t, &fault, &err));
            apply_plainly(&c, &d);
            if (!c.known && !c.b->r->unknown)
                assert_true(sets_all(&c, &d));
            if (d.t.overrides && d.t.from.all && d.t.to.all && !d.t.enters && d.t.action < 0 &&
                !d.when && d.value != &values[6] && d.value != &values[8])
                assert_null(c.b->r->unknown);
            c.known = !c.b->r->unknown;
            if (i % 2)
                compare(&c, d.value ? d.value->text : "constant", round);
            sx_expr_free(d.expr[0]);
            sx_expr_free(d.expr[1]);
        }
        products += c.b->r->products > 0;
        dense += c.b->r->dense != NULL;
        exceptions += c.b->r->exceptions > 0;
        assert_true(round % 5 == 4 || c.known);
        tear_down(&c);
    }
    assert_true(products > 50 && dense > 200 && exceptions > 50);
}

/* The same terms without those whose value or condition mixes both sides never leave the sum.
 */
static void keeps_the_sum_form(void **state)
{
    (void)state;
    for (int round = 0; round < ROUNDS; round++) {
        scene c;
        set_up(&c, (uint64_t)round * 104729 + 3);
        sx_error err = SX_NO_ERROR;
        for (int i = 0; i < 6; i++) {
            sx_i_fault fault;
            drawn d = draw_term(&c);
            bool mixed = d.value == &values[6] || d.value == &values[8] ||
                         d.when == &conditions[3] || d.when == &conditions[5];
            if (!mixed) {
                CHECK_OK(sx_i_terms_apply(c.b, &d.t, &fault, &err));
                apply_plainly(&c, &d);
            }
            sx_expr_free(d.expr[0]);
            sx_expr_free(d.expr[1]);
        }
        assert_null(c.b->r->dense);
        assert_null(c.b->r->unknown);
        compare(&c, "in a sum", round);
        tear_down(&c);
    }
}

/* Values that are not finite are faults where the term matches, and only there. */
static void names_the_triple(void **state)
{
    (void)state;
    int faults = 0;
    for (int round = 0; round < ROUNDS; round++) {
        static const char *const texts[] = {"1 / x", "x' / y'", "1 / (x - y')", "x * (1 / y')",
                                            "log(x) + x'"};
        scene c;
        set_up(&c, (uint64_t)round * 15485863 + 7);
        sx_error err = SX_NO_ERROR;
        sx_i_fault fault;
        drawn d = draw_term(&c);
        int which = round % 5;
        bool wild = false;
        sx_expr_free(d.expr[0]);
        d.t.value = d.expr[0] = parse(&c, texts[which]);
        d.value = NULL;
        for (int32_t k = 0; k < c.m->pairs; k++)
            for (int32_t n = 0; n < c.m->states; n++) {
                double x = c.x[oracle_state(c.m, k)], y = c.y[n];
                double v[] = {1 / x, c.x[n] / y, 1 / (x - y), x * (1 / y), log(x) + c.x[n]};
                wild = wild || (weight(&c, &d, k, n) > 0 && !isfinite(v[which]));
            }
        sx_status st = sx_i_terms_apply(c.b, &d.t, &fault, &err);
        assert_int_equal(st, wild ? SX_EINPUT : SX_OK);
        assert_int_equal(fault.found, wild);
        if (wild) {
            assert_true(!isfinite(fault.value));
            assert_true(weight(&c, &d, fault.pair, fault.state) > 0);
            faults++;
        }
        sx_expr_free(d.expr[0]);
        sx_expr_free(d.expr[1]);
        tear_down(&c);
    }
    assert_true(faults > 100 && faults < ROUNDS - 100);
}

/* A condition leaves out the states that lack a variable, so that values may use it. */
static void leaves_out_what_is_lacking(void **state)
{
    (void)state;
    static const char *const texts[][2] = {{"x == x", "x"}, {"x' == x'", "x'"}};
    for (int round = 0; round < 400; round++) {
        scene c;
        set_up(&c, 1000 + (uint64_t)round);
        sx_error err = SX_NO_ERROR;
        sx_i_fault fault;
        const char *const *text = texts[round % 2];
        int32_t lacks = oracle_int(&c.rng, 0, c.m->states - 1);
        c.w->variable[0].value[lacks] = NAN;
        sx_expr *when = parse(&c, text[0]), *value = parse(&c, text[1]);
        sx_i_term t = {.from_given = true,
                       .from = {.all = true},
                       .to = {.all = true},
                       .action = -1,
                       .through = -1,
                       .value = value};
        assert_int_equal(sx_i_terms_apply(c.b, &t, &fault, NULL), SX_EINPUT);
        assert_int_equal(round % 2 ? fault.state : oracle_state(c.m, fault.pair), lacks);
        t.when = when;
        t.overrides = true; /* what the fault left behind */
        CHECK_OK(sx_i_terms_apply(c.b, &t, &fault, &err));
        for (int32_t k = 0; k < c.m->pairs; k++)
            for (int32_t s = 0; s < c.m->states; s++) {
                int32_t of = round % 2 ? s : oracle_state(c.m, k);
                if (of != lacks)
                    assert_true(sx_reward_at(c.m, c.b->r, k, s) == c.x[of]);
            }
        sx_expr_free(when);
        sx_expr_free(value);
        tear_down(&c);
    }
}

/* Many single triples, again and again. */
static void collects_single_triples(void **state)
{
    (void)state;
    scene c;
    set_up(&c, 4242);
    sx_error err = SX_NO_ERROR;
    for (int i = 0; i < 3000; i++) {
        int32_t k = oracle_int(&c.rng, 0, c.m->pairs - 1);
        int32_t s = oracle_int(&c.rng, 0, c.m->states - 1);
        bool overrides = oracle_reward_uniform(&c.rng) < 0.3;
        double value = oracle_int(&c.rng, -9, 9);
        double *at = &c.plain[k * c.m->states + s];
        if (sx_mdp_entry(c.m, k, s) >= 0)
            continue;
        CHECK_OK(sx_i_terms_change(c.b, k, s, overrides, value, &err));
        *at = overrides ? value : *at + value;
        if (i % 100 == 0)
            compare(&c, "single", i);
    }
    compare(&c, "single", 0);
    sx_reward *r = NULL;
    bool most = 2 * c.b->r->exceptions > (int64_t)c.m->pairs * c.m->states;
    assert_true(most);
    CHECK_OK(sx_i_terms_take(c.b, &r, &err));
    assert_non_null(r->dense);
    oracle_same(c.m, r, c.plain, 0);
    sx_reward_free(r);
    tear_down(&c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(agrees_with_a_plain_evaluation),
        cmocka_unit_test(keeps_the_sum_form),
        cmocka_unit_test(names_the_triple),
        cmocka_unit_test(leaves_out_what_is_lacking),
        cmocka_unit_test(collects_single_triples),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
