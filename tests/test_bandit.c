/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_bandit.c - a bandit is the world that its contexts, responses, weights, attributes and
 * policy lines say, drawn at random and put together by hand; rewards are formulas of both. */
#include "tests/check.h"
#include "tests/oracle_mdp.h"

#include "mdp/spec.h"
#include "solvers/control.h"

#define MOST 8 /* contexts, responses */
#define ROOM 16384

/* A bandit as plain tables. */
typedef struct plain {
    int contexts, responses;
    bool numbered[2];
    double weight[MOST];
    bool given[MOST];           /* the weight is */
    double x[MOST], y[MOST];    /* numbers of contexts, of responses; NAN for none */
    int asks[MOST], says[MOST]; /* names, -1 for none */
    bool label[MOST];
    double base[MOST][MOST];
    bool lines[MOST]; /* policy lines of the context */
    char text[ROOM];
    size_t used;
} plain;

static const char *const words[] = {"red", "dark red", "blue"};

static void put(plain *p, const char *format, ...) SX_FORMAT(2, 3);
static void put(plain *p, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    p->used += (size_t)vsnprintf(p->text + p->used, ROOM - p->used, format, args);
    va_end(args);
    assert_true(p->used < ROOM);
}

static bool often(oracle_stream *g, double p)
{
    return oracle_uniform(g) < p;
}

static void name_of(const plain *p, bool response, int i, char name[16])
{
    if (p->numbered[response])
        snprintf(name, 16, "%d", i);
    else
        snprintf(name, 16, "%s%d", response ? "r" : "q-", 7 * i % 10);
}

static void draw(oracle_stream *g, plain *p)
{
    memset(p, 0, sizeof *p);
    p->contexts = 1 + oracle_below(g, MOST);
    p->responses = 1 + oracle_below(g, MOST);
    for (int i = 0; i < 2; i++)
        p->numbered[i] = often(g, 0.3);
    for (int i = 0; i < MOST; i++) {
        p->given[i] = often(g, 0.6);
        p->weight[i] = p->given[i] ? i ? oracle_below(g, 9) / 4.0 : 0.375 : 1;
        p->x[i] = often(g, 0.8) ? oracle_below(g, 9) / 8.0 - 0.5 : (double)NAN;
        p->y[i] = often(g, 0.8) ? oracle_below(g, 9) / 8.0 - 0.5 : (double)NAN;
        p->asks[i] = oracle_below(g, 4) - 1;
        p->says[i] = oracle_below(g, 4) - 1;
        p->label[i] = often(g, 0.4);
        p->lines[i] = often(g, 0.5);
    }
    for (int c = 0; c < p->contexts; c++) {
        int taken = oracle_below(g, p->responses);
        double rest = oracle_below(g, 9) / 8.0;
        for (int r = 0; r < p->responses; r++)
            p->base[c][r] = p->lines[c] ? 0 : 1.0 / p->responses;
        if (p->lines[c]) {
            p->base[c][taken] = rest;
            p->base[c][(taken + 1) % p->responses] += 1 - rest;
        }
    }
}

static void put_attributes(plain *p, const char *number, double x, const char *name, int word)
{
    if (!isnan(x))
        put(p, "<attribute id='%s' value='%.17g'/>", number, x);
    if (word >= 0)
        put(p, "<attribute id='%s' value='%s'/>", name, words[word]);
}

static void put_things(plain *p)
{
    char name[16];
    if (p->numbered[0])
        put(p, "<contexts count='%d'/>", p->contexts);
    for (int c = 0; c < p->contexts; c++) {
        name_of(p, false, c, name);
        put(p, "<context id='%s'", name);
        put(p, p->label[c] ? " labels='some'" : "");
        if (p->given[c])
            put(p, " weight='%.17g'", p->weight[c]);
        put(p, ">");
        put_attributes(p, "x", p->x[c], "asks", p->asks[c]);
        put(p, "</context>");
    }
    if (p->numbered[1])
        put(p, "<responses count='%d'/>", p->responses);
    for (int r = 0; r < p->responses; r++) {
        name_of(p, true, r, name);
        put(p, "<response id='%s'>", name);
        put_attributes(p, "y", p->y[r], "says", p->says[r]);
        put(p, "</response>");
    }
}

static void put_policy(plain *p)
{
    char context[16], response[16];
    for (int c = 0; c < p->contexts; c++)
        for (int r = 0; r < p->responses && p->lines[c]; r++) {
            name_of(p, false, c, context);
            name_of(p, true, r, response);
            if (p->base[c][r] > 0)
                put(p, "<policy context='%s' response='%s' p='%.17g'/>", context, response,
                    p->base[c][r]);
        }
}

static sx_spec *read_plain(plain *p, const char *rewards)
{
    sx_error err = SX_NO_ERROR;
    sx_spec *spec = NULL;
    p->used = 0;
    put(p, "<mdp version='1' discount='0.75'><bandit>");
    put_things(p);
    put_policy(p);
    put(p, "</bandit>%s</mdp>", rewards);
    sx_status st = sx_spec_parse("bandit.xml", p->text, p->used, NULL, &spec, &err);
    if (st)
        print_error("%s\n", p->text);
    CHECK_OK(st);
    return spec;
}

/* --- the world -------------------------------------------------------------------------------
 */

static void check_arrays(const plain *p, const sx_mdp *m)
{
    int S = p->contexts + 1, A = p->responses;
    double sum = 0;
    assert_int_equal(m->states, S);
    assert_int_equal(m->actions, A);
    assert_int_equal(m->pairs, S * A);
    assert_true(m->entries == m->pairs && m->discount == 0.75);
    for (int c = 0; c < p->contexts; c++)
        sum += p->weight[c];
    for (int s = 0; s < S; s++) {
        assert_int_equal(m->pair[s], s * A);
        assert_int_equal(m->absorbing[s], s == S - 1);
        CHECK_NEAR(m->initial[s], s < S - 1 ? p->weight[s] / sum : 0, 1e-15);
        for (int k = s * A; k < (s + 1) * A; k++) {
            assert_int_equal(m->action[k], k - s * A);
            assert_true(m->first[k] == k && m->next[k] == S - 1 && m->prob[k] == 1);
        }
    }
    assert_true(m->first[m->pairs] == m->entries);
}

static void check_names(const plain *p, const sx_world *w)
{
    char name[16], buffer[SX_NAME_BUFFER];
    for (int c = 0; c < p->contexts; c++) {
        name_of(p, false, c, name);
        assert_string_equal(sx_names_get(w->states, c, buffer), name);
    }
    assert_string_equal(sx_names_get(w->states, p->contexts, buffer), "end");
    for (int r = 0; r < p->responses; r++) {
        name_of(p, true, r, name);
        assert_string_equal(sx_names_get(w->actions, r, buffer), name);
    }
}

static void check_labels(const plain *p, const sx_world *w)
{
    int32_t i = sx_world_label(w, "some"), at = 0;
    for (int c = 0; c < p->contexts; c++)
        if (p->label[c])
            assert_true(i >= 0 && at < w->label[i].count && w->label[i].state[at++] == c);
    assert_true(i < 0 || w->label[i].count == at);
}

/* Value k of the variable of that name is x, or the name `word`. */
static void check_value(const sx_world *w, const char *name, int32_t k, bool of_pairs, double x,
                        int word)
{
    char buffer[SX_NAME_BUFFER];
    int32_t i = sx_world_variable(w, name);
    if (isnan(x) && word < 0) {
        assert_true(i < 0 || isnan(w->variable[i].value[k]));
        return;
    }
    assert_true(i >= 0 && w->variable[i].of_pairs == of_pairs);
    const sx_variable *v = &w->variable[i];
    if (word >= 0)
        assert_string_equal(sx_names_get(v->symbols, (int32_t)v->value[k], buffer),
                            words[word]);
    else
        assert_true(v->value[k] == x);
}

static void check_variables(const plain *p, const sx_world *w)
{
    for (int s = 0; s <= p->contexts; s++) {
        bool end = s == p->contexts;
        check_value(w, "x", s, false, end ? (double)NAN : p->x[s], -1);
        check_value(w, "asks", s, false, NAN, end ? -1 : p->asks[s]);
        for (int r = 0; r < p->responses; r++) {
            int32_t k = s * p->responses + r;
            check_value(w, "y", k, true, end ? (double)NAN : p->y[r], -1);
            check_value(w, "says", k, true, NAN, end ? -1 : p->says[r]);
        }
    }
}

static void check_base(const plain *p, const sx_world *w)
{
    double pi[(MOST + 1) * MOST];
    bool uniform = true;
    sx_world_base(w, pi);
    for (int s = 0; s <= p->contexts; s++)
        for (int r = 0; r < p->responses; r++) {
            double want = s < p->contexts ? p->base[s][r] : 1.0 / p->responses;
            CHECK_NEAR(pi[s * p->responses + r], want, 1e-15);
            uniform = uniform && want == 1.0 / p->responses;
        }
    assert_int_equal(w->base == NULL, uniform);
}

static void random_bandits_are_what_they_say(void **state)
{
    (void)state;
    static plain p;
    sx_error err = SX_NO_ERROR;
    for (uint64_t seed = 1; seed <= 400; seed++) {
        oracle_stream g = oracle_start(seed);
        draw(&g, &p);
        sx_spec *spec = read_plain(&p, "");
        CHECK_OK(sx_mdp_check(spec->world->mdp, &err));
        check_arrays(&p, spec->world->mdp);
        check_names(&p, spec->world);
        check_labels(&p, spec->world);
        check_variables(&p, spec->world);
        check_base(&p, spec->world);
        sx_spec_free(spec);
    }
}

/* --- rewards
 * ---------------------------------------------------------------------------------- */

static const char formulas[] =
    "<reward id='sum'><add when='x &gt;= -1 and y &gt;= -1' value='2 * x - y * x + "
    "1'/></reward>"
    "<reward id='match'><add when='asks == says' value='1'/><add value='0.25'/></reward>"
    "<reward id='label'><add from='*' when='y &gt; 0' value='y'/></reward>"
    "<reward id='plain'><add value='if(y &gt; 0, 3, x * 0 + 2)' when='x == x'/></reward>"
    "<reward id='both'><add value='if(y &gt; 0, 3, 2)'/></reward>";

/* R(c, r, end) of the rewards above. */
static double formula(const plain *p, int which, int c, int r)
{
    double x = p->x[c], y = p->y[r];
    if (which == 0)
        return isnan(x) || isnan(y) ? 0 : 2 * x - y * x + 1;
    if (which == 1)
        return (p->asks[c] >= 0 && p->asks[c] == p->says[r] ? 1 : 0) + 0.25;
    if (which == 2)
        return y > 0 ? y : 0;
    return which == 3 && isnan(x) ? 0 : y > 0 ? 3 : 2;
}

/* R(end, r, s'): nothing where the value needs an attribute. */
static double at_end(int which, bool impossible)
{
    static const double values[] = {0, 0.25, 0, 0, 2};
    return impossible ? values[which] : 0;
}

/* Some context and some response have each attribute: formulas may name them. */
static void complete(plain *p)
{
    p->x[0] = isnan(p->x[0]) ? 0.5 : p->x[0];
    p->y[0] = isnan(p->y[0]) ? 0.25 : p->y[0];
    p->asks[0] = p->asks[0] < 0 ? 0 : p->asks[0];
    p->says[0] = p->says[0] < 0 ? 0 : p->says[0];
}

static void rewards_are_formulas_of_both(void **state)
{
    (void)state;
    static plain p;
    sx_error err = SX_NO_ERROR;
    for (uint64_t seed = 1; seed <= 300; seed++) {
        oracle_stream g = oracle_start(seed + 1000);
        draw(&g, &p);
        complete(&p);
        sx_spec *spec = read_plain(&p, formulas);
        const sx_mdp *m = spec->world->mdp;
        double row[MOST + 1], r[(MOST + 1) * MOST];
        for (int i = 0; i < 5; i++) {
            double best = 0, sum = 0;
            for (int k = 0; k < m->pairs; k++) {
                int c = k / p.responses;
                sx_reward_row(m, spec->reward[i].reward, k, row);
                for (int s = 0; s < m->states; s++) /* impossible ones have the same value */
                    CHECK_NEAR(row[s],
                               c < p.contexts ? formula(&p, i, c, k % p.responses)
                                              : at_end(i, s < p.contexts),
                               1e-15);
            }
            for (int c = 0; c < p.contexts; c++) {
                double most = -INFINITY;
                for (int a = 0; a < p.responses; a++)
                    most = fmax(most, formula(&p, i, c, a));
                best += p.weight[c] * most;
                sum += p.weight[c];
            }
            sx_solution *x = NULL;
            sx_solve_options o = sx_solve_defaults();
            sx_reward_mean(m, spec->reward[i].reward, r);
            CHECK_OK(sx_solve(m, r, &o, &x, &err));
            CHECK_NEAR(x->lo + (x->hi - x->lo) / 2, best / sum, 1e-8);
            sx_solution_free(x);
        }
        sx_spec_free(spec);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(random_bandits_are_what_they_say),
        cmocka_unit_test(rewards_are_formulas_of_both),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
