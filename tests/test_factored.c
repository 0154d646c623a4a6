/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_factored.c - a factored world is what its description says: 2,000 random ones against an
 * interpreter that goes through every combination, worlds known from elsewhere, names, limits.
 */
#include "tests/check.h"

#include "mdp/edit.h"
#include "mdp/factored.h"
#include "mdp/spec.h"

#include <stdlib.h>

/* --- a description as trees that print and compute themselves ----------------------------- */

#define MOST_VARIABLES 4
#define MOST_VALUES    4
#define MOST_ACTIONS   3
#define MOST_OUTCOMES  3
#define MOST_STATES    256
#define POOL           4000

typedef struct variable {
    char name[8];
    enum { RANGE, NUMBERS, NAMES } kind;
    int count;
    int low;
    double number[MOST_VALUES];
    const char *text[MOST_VALUES];
} variable;

typedef struct node {
    char op; /* see compute */
    int var, other;
    double value;
    struct node *child[3];
    char text[4096];
} node;

typedef struct world {
    int variables, actions, absorbings, starts;
    variable v[MOST_VARIABLES];
    node *when[MOST_ACTIONS]; /* NULL: always */
    node *absorbing[2];
    int outcomes[MOST_ACTIONS];
    node *p[MOST_ACTIONS][MOST_OUTCOMES];                      /* NULL: the rest */
    node *assign[MOST_ACTIONS][MOST_OUTCOMES][MOST_VARIABLES]; /* NULL: none */
    int start[3];                                              /* codes */
    double weight[3];
    int initial[MOST_VARIABLES], fixed[MOST_VARIABLES];
    bool all;
    int size;
} world;

static node pool[POOL];
static int used;
static uint64_t seed;

static uint32_t draw(uint32_t n)
{
    seed = seed * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)(seed >> 33) % n;
}

static node *make(char op, node *a, node *b, node *c)
{
    node *n = &pool[used++];
    assert_true(used < POOL);
    *n = (node){.op = op, .child = {a, b, c}};
    return n;
}

#define PRINT(n, ...) \
    assert_true(snprintf((n)->text, sizeof(n)->text, __VA_ARGS__) < (int)sizeof(n)->text)

static int place_of(const world *w, int code, int v)
{
    for (int i = w->variables - 1; i > v; i--)
        code /= w->v[i].count;
    return code % w->v[v].count;
}

static double number_of(const variable *v, int place)
{
    return v->kind == RANGE ? v->low + place : v->number[place];
}

static const char *name_of(const variable *v, int place)
{
    return v->text[place];
}

static double compute(const world *w, const node *n, int code);

static const char *compute_name(const world *w, const node *n, int code)
{
    switch (n->op) {
    case 'n': return w->v[n->var].text[n->other];
    case 'v': return name_of(&w->v[n->var], place_of(w, code, n->var));
    default: return compute_name(w, n->child[compute(w, n->child[0], code) > 0 ? 1 : 2], code);
    }
}

static double compute(const world *w, const node *n, int code)
{
    double x = n->child[0] ? compute(w, n->child[0], code) : 0;
    double y = n->child[1] ? compute(w, n->child[1], code) : 0;
    switch (n->op) {
    case 'c': return n->value;
    case 'x': return number_of(&w->v[n->var], place_of(w, code, n->var));
    case '+': return x + y;
    case '-': return x - y;
    case '*': return x * y;
    case 'm': return x < y ? x : y;
    case 'M': return x > y ? x : y;
    case '<': return x < y;
    case '&': return x > 0 && y > 0;
    case '|': return x > 0 || y > 0;
    case '!': return !(x > 0);
    case '?': return x > 0 ? y : compute(w, n->child[2], code);
    case '=':
        return !strcmp(name_of(&w->v[n->var], place_of(w, code, n->var)),
                       n->value < 0 ? w->v[n->var].text[n->other]
                                    : name_of(&w->v[n->other], place_of(w, code, n->other)));
    default: fail(); return NAN;
    }
}

/* --- random descriptions -------------------------------------------------------------------
 */

static node *constant(double value)
{
    node *n = make('c', NULL, NULL, NULL);
    n->value = value;
    PRINT(n, "%g", value);
    return n;
}

static node *variable_or(const world *w, int kind)
{
    int v = (int)draw((uint32_t)w->variables);
    if ((int)w->v[v].kind != kind)
        return constant((int)draw(5) - 2);
    node *n = make('x', NULL, NULL, NULL);
    n->var = v;
    PRINT(n, "%s", w->v[v].name);
    return n;
}

static node *condition(const world *w, int depth);

static node *infix(char op, node *a, node *b, const char *form)
{
    node *n = make(op, a, b, NULL);
    PRINT(n, "(%s %s %s)", a->text, form, b->text);
    return n;
}

static node *choose(node *c, node *a, node *b)
{
    node *n = make('?', c, a, b);
    PRINT(n, "if(%s, %s, %s)", c->text, a->text, b->text);
    return n;
}

static node *bounded(char op, node *a, node *b)
{
    node *n = make(op, a, b, NULL);
    PRINT(n, "%s(%s, %s)", op == 'm' ? "min" : "max", a->text, b->text);
    return n;
}

/* A number: a whole one when no list of numbers is asked for. */
static node *arithmetic(const world *w, int depth, int kind)
{
    uint32_t form = depth ? draw(7) : 6;
    if (form >= 5)
        return variable_or(w, draw(2) ? kind : RANGE);
    node *a = arithmetic(w, depth - 1, kind), *b = arithmetic(w, depth - 1, kind);
    switch (form) {
    case 0: return infix('+', a, b, "+");
    case 1: return infix('-', a, b, "-");
    case 2: return infix('*', a, b, "*");
    case 3: return bounded(draw(2) ? 'm' : 'M', a, b);
    default: return choose(condition(w, depth - 1), a, b);
    }
}

/* var == name or var == var; NULL without names. */
static node *comparison(const world *w)
{
    int v = (int)draw((uint32_t)w->variables), other = (int)draw((uint32_t)w->variables);
    if (w->v[v].kind != NAMES)
        return NULL;
    node *n = make('=', NULL, NULL, NULL);
    bool constant_name = w->v[other].kind != NAMES;
    n->var = v;
    n->other = constant_name ? (int)draw((uint32_t)w->v[v].count) : other;
    n->value = constant_name ? -1 : 1;
    const char *right = constant_name ? w->v[v].text[n->other] : w->v[other].name;
    PRINT(n, constant_name && draw(2) ? "%s == '%s'" : "%s == %s", w->v[v].name, right);
    return n;
}

static node *condition(const world *w, int depth)
{
    node *n = depth && draw(2) ? comparison(w) : NULL;
    if (n)
        return n;
    if (!depth || draw(2))
        return infix('<', arithmetic(w, 1, (int)draw(2)), arithmetic(w, 1, (int)draw(2)), "<");
    node *a = condition(w, depth - 1), *b = condition(w, depth - 1);
    if (draw(3) == 0) {
        n = make('!', a, NULL, NULL);
        PRINT(n, "(not (%s))", a->text);
        return n;
    }
    return draw(2) ? infix('&', a, b, "and") : infix('|', a, b, "or");
}

/* An expression whose value variable v has, for a variable of names. */
static node *naming(const world *w, int v, int depth)
{
    const variable *x = &w->v[v];
    int other = (int)draw((uint32_t)w->variables);
    if (depth && draw(3) == 0) {
        node *c = condition(w, 1), *a = naming(w, v, depth - 1), *b = naming(w, v, depth - 1);
        node *n = make('?', c, a, b);
        PRINT(n, "if(%s, %s, %s)", c->text, a->text, b->text);
        return n;
    }
    bool subset = w->v[other].kind == NAMES;
    for (int i = 0; subset && i < w->v[other].count; i++) {
        bool found = false;
        for (int j = 0; j < x->count; j++)
            found = found || !strcmp(x->text[j], w->v[other].text[i]);
        subset = found;
    }
    node *n = make(subset ? 'v' : 'n', NULL, NULL, NULL);
    n->var = subset ? other : v;
    n->other = subset ? 0 : (int)draw((uint32_t)x->count);
    PRINT(n, "%s", subset ? w->v[other].name : x->text[n->other]);
    return n;
}

static node *assignment(const world *w, int v)
{
    const variable *x = &w->v[v];
    if (x->kind == NAMES)
        return naming(w, v, 2);
    if (x->kind == RANGE)
        return bounded('M',
                       bounded('m', arithmetic(w, 2, RANGE), constant(x->low + x->count - 1)),
                       constant(x->low));
    node *a = constant(x->number[draw((uint32_t)x->count)]);
    node *b = constant(x->number[draw((uint32_t)x->count)]);
    return choose(condition(w, 2), a, b);
}

static void make_variable(variable *x, int v)
{
    static const char *const words[] = {"red", "green", "blue", "far-off"};
    x->kind = draw(3);
    x->count = 1 + (int)draw(MOST_VALUES);
    x->low = (int)draw(5) - 3;
    snprintf(x->name, sizeof x->name, "v%d", v);
    int first = (int)draw(2);
    if (x->kind == NAMES && x->count + first > 3)
        first = 0, x->count = 3;
    for (int i = 0; i < x->count; i++) {
        static const double numbers[] = {0.5, -1, 3, 1e-3};
        x->number[i] = numbers[(i + first) % 4];
        x->text[i] = words[(i + first) % 4];
    }
}

/* The probabilities of the outcomes of one action. */
static void make_probabilities(world *w, int a)
{
    int n = w->outcomes[a];
    node *sum = NULL;
    for (int o = 0; o < n - 1; o++) {
        node *low = constant(draw(3) * 0.25 / (n - 1)), *high = constant(1.0 / 8);
        node *p = draw(2) ? low : choose(condition(w, 2), low, high);
        w->p[a][o] = p;
        sum = sum ? infix('+', sum, p, "+") : p;
    }
    w->p[a][n - 1] = NULL;
    if (draw(2))
        w->p[a][n - 1] = sum ? infix('-', constant(1), sum, "-") : constant(1);
}

static void make_world(world *w)
{
    *w = (world){.variables = 1 + (int)draw(MOST_VARIABLES), .actions = 1 + (int)draw(3)};
    used = 0;
    w->size = 1;
    for (int v = 0; v < w->variables; v++) {
        make_variable(&w->v[v], v);
        w->size *= w->v[v].count;
        w->initial[v] = w->fixed[v] = -1;
    }
    for (int a = 0; a < w->actions; a++) {
        w->when[a] = draw(2) ? condition(w, 3) : NULL;
        w->outcomes[a] = 1 + (int)draw(MOST_OUTCOMES);
        make_probabilities(w, a);
        for (int o = 0; o < w->outcomes[a]; o++)
            for (int v = 0; v < w->variables; v++)
                if (draw(2))
                    w->assign[a][o][v] = assignment(w, v);
    }
    w->absorbings = (int)draw(3);
    for (int i = 0; i < w->absorbings; i++)
        w->absorbing[i] = condition(w, 1);
    w->all = draw(4) == 0;
    w->starts = draw(3) ? 1 + (int)draw(3) : 0;
    for (int v = 0; v < w->variables; v++) {
        if (draw(2))
            w->initial[v] = (int)draw((uint32_t)w->v[v].count);
        if (draw(6) == 0)
            w->fixed[v] = (int)draw((uint32_t)w->v[v].count);
    }
}

/* code with the places that are fixed */
static int settled(const world *w, int code)
{
    int out = 0;
    for (int v = 0; v < w->variables; v++)
        out = out * w->v[v].count + (w->fixed[v] >= 0 ? w->fixed[v] : place_of(w, code, v));
    return out;
}

static void make_starts(world *w)
{
    for (int i = 0; i < w->starts; i++) {
        w->start[i] = settled(w, (int)draw((uint32_t)w->size));
        w->weight[i] = i && draw(4) == 0 ? 0 : 0.5 + draw(4);
    }
}

/* --- what it means ------------------------------------------------------------------- */

static double prob[MOST_STATES][MOST_ACTIONS][MOST_STATES];
static bool available[MOST_STATES][MOST_ACTIONS], ends[MOST_STATES], reached[MOST_STATES];
static double mu[MOST_STATES];

static int successor(const world *w, int code, int a, int o)
{
    int next = 0;
    for (int v = 0; v < w->variables; v++) {
        const variable *x = &w->v[v];
        const node *n = w->assign[a][o][v];
        int place = place_of(w, code, v);
        for (int i = 0; n && w->fixed[v] < 0 && i < x->count; i++)
            if (x->kind == NAMES ? !strcmp(compute_name(w, n, code), x->text[i])
                                 : compute(w, n, code) == number_of(x, i))
                place = i;
        next = next * x->count + place;
    }
    return next;
}

static void understand_state(const world *w, int code)
{
    ends[code] = false;
    for (int i = 0; i < w->absorbings; i++)
        ends[code] = ends[code] || compute(w, w->absorbing[i], code) > 0;
    for (int a = 0; a < w->actions; a++) {
        memset(prob[code][a], 0, sizeof prob[code][a]);
        available[code][a] = ends[code] || !w->when[a] || compute(w, w->when[a], code) > 0;
        double left = 1;
        if (ends[code])
            prob[code][a][code] = 1;
        for (int o = 0; o < w->outcomes[a] && available[code][a] && !ends[code]; o++) {
            double p = w->p[a][o] ? compute(w, w->p[a][o], code) : left;
            left -= p;
            if (p > 0)
                prob[code][a][successor(w, code, a, o)] += p;
        }
    }
}

/* Where the process starts, and with what weight. */
static void understand_start(const world *w)
{
    double sum = 0;
    memset(mu, 0, sizeof mu);
    for (int i = 0; i < w->starts; i++)
        mu[w->start[i]] += w->weight[i];
    for (int pass = 0; pass < 2 && !w->starts && !(sum > 0); pass++)
        for (int code = 0; code < w->size; code++) {
            bool fits = settled(w, code) == code && (pass || !ends[code]);
            for (int v = 0; v < w->variables; v++)
                fits = fits && (w->initial[v] < 0 || w->fixed[v] >= 0 ||
                                w->initial[v] == place_of(w, code, v));
            mu[code] = fits;
            sum += fits;
        }
    sum = 0;
    for (int code = 0; code < w->size; code++)
        sum += mu[code];
    for (int code = 0; code < w->size; code++)
        mu[code] /= sum;
}

/* Which combinations are states: swept until nothing is new. */
static void understand_reach(const world *w)
{
    bool more = true;
    for (int code = 0; code < w->size; code++) {
        bool seed_of = mu[code] > 0 || w->all;
        for (int v = 0; v < w->variables && !w->starts && !w->all; v++)
            seed_of = v ? seed_of : true; /* every combination with the initial places */
        if (!w->starts && !w->all)
            for (int v = 0; v < w->variables; v++)
                seed_of = seed_of && (w->initial[v] < 0 || w->fixed[v] >= 0 ||
                                      w->initial[v] == place_of(w, code, v));
        reached[code] = seed_of && settled(w, code) == code;
    }
    while (more) {
        more = false;
        for (int s = 0; s < w->size; s++)
            for (int a = 0; a < w->actions && reached[s]; a++)
                for (int t = 0; t < w->size && available[s][a]; t++)
                    if (prob[s][a][t] > 0 && !reached[t])
                        more = reached[t] = true;
    }
}

static bool is_stuck(const world *w)
{
    for (int s = 0; s < w->size; s++) {
        bool any = false;
        for (int a = 0; a < w->actions; a++)
            any = any || available[s][a];
        if (reached[s] && !any)
            return true;
    }
    return false;
}

/* --- the same through the library ------------------------------------------------------------
 */

typedef struct problems {
    int count;
    char code[8], message[512];
} problems;

static void on_problem(void *context, const sx_factored_problem *p)
{
    problems *found = context;
    found->count++;
    snprintf(found->code, sizeof found->code, "%s", p->code);
    snprintf(found->message, sizeof found->message, "%s", p->message);
}

static sx_factors *factors_of(const world *w)
{
    sx_error err = SX_NO_ERROR;
    sx_factors *f = NULL;
    CHECK_OK(sx_factors_new(&f, &err));
    for (int v = 0; v < w->variables; v++) {
        const variable *x = &w->v[v];
        sx_names *names = NULL;
        int32_t index;
        char number[32];
        CHECK_OK(sx_names_new(&names, &err));
        for (int i = 0; i < x->count; i++) {
            snprintf(number, sizeof number, "%g", x->number[i]);
            CHECK_OK(sx_names_add(names, x->kind == NAMES ? x->text[i] : number, &index, &err));
        }
        if (x->kind == RANGE)
            CHECK_OK(sx_factors_add_range(f, x->name, x->low, x->count, &err));
        else
            CHECK_OK(sx_factors_add_list(f, x->name, names, &err));
        sx_names_free(names);
    }
    return f;
}

static sx_status build(const world *w, problems *found, sx_world **out, sx_error *err)
{
    static sx_assign assign[MOST_ACTIONS][MOST_OUTCOMES][MOST_VARIABLES];
    static sx_factored_outcome outcome[MOST_ACTIONS][MOST_OUTCOMES];
    static const char ids[MOST_ACTIONS][8] = {"a0", "a1", "a2"};
    sx_factored_action action[MOST_ACTIONS];
    sx_factored_start start[3];
    const char *absorbing[2] = {NULL, NULL};
    for (int a = 0; a < w->actions; a++) {
        for (int o = 0; o < w->outcomes[a]; o++) {
            int n = 0;
            for (int v = 0; v < w->variables; v++)
                if (w->assign[a][o][v])
                    assign[a][o][n++] = (sx_assign){v, w->assign[a][o][v]->text};
            const char *p = w->p[a][o] ? w->p[a][o]->text : NULL;
            outcome[a][o] = (sx_factored_outcome){p, n, assign[a][o]};
        }
        const char *when = w->when[a] ? w->when[a]->text : NULL;
        action[a] = (sx_factored_action){ids[a], when, w->outcomes[a], outcome[a]};
    }
    for (int i = 0; i < w->starts; i++)
        start[i] = (sx_factored_start){w->start[i], w->weight[i]};
    for (int i = 0; i < w->absorbings; i++)
        absorbing[i] = w->absorbing[i]->text;
    sx_factors *factors = factors_of(w);
    sx_factored f = {.factors = factors,
                     .fixed = w->fixed,
                     .actions = w->actions,
                     .action = action,
                     .absorbings = w->absorbings,
                     .absorbing = absorbing,
                     .starts = w->starts,
                     .start = start,
                     .initial = w->initial,
                     .all = w->all};
    sx_status st = sx_factored_world(&f, on_problem, found, out, err);
    sx_factors_free(factors);
    return st;
}

static void name_text(const world *w, int code, char *text, size_t size)
{
    size_t n = 0;
    for (int v = 0; v < w->variables; v++) {
        const variable *x = &w->v[v];
        int place = place_of(w, code, v);
        n += (size_t)snprintf(text + n, size - n, "%s%s=", v ? "," : "", x->name);
        if (x->kind == NAMES)
            n += (size_t)snprintf(text + n, size - n, "%s", x->text[place]);
        else
            n += (size_t)snprintf(text + n, size - n, "%g", number_of(x, place));
    }
}

static void compare_variables(const world *w, const sx_world *b, int s, int code)
{
    for (int v = 0; v < w->variables; v++) {
        const variable *x = &w->v[v];
        int i = sx_world_variable(b, x->name), place = place_of(w, code, v);
        assert_true(i >= 0);
        const sx_variable *y = &b->variable[i];
        char buffer[SX_NAME_BUFFER];
        if (x->kind == NAMES)
            assert_string_equal(sx_names_get(y->symbols, (int32_t)y->value[s], buffer),
                                x->text[place]);
        else
            assert_true(y->symbols == NULL && y->value[s] == number_of(x, place));
    }
}

/* index [code] of the states of b */
static void compare_state(const world *w, const sx_world *b, int s, int code, const int *index)
{
    const sx_mdp *m = b->mdp;
    assert_int_equal(m->absorbing[s], ends[code]);
    CHECK_NEAR(m->initial[s], mu[code], 1e-12);
    for (int a = 0; a < w->actions; a++) {
        int32_t k = sx_mdp_pair(m, s, a);
        assert_int_equal(k >= 0, available[code][a]);
        for (int t = 0; t < w->size && k >= 0; t++) {
            int64_t e = index[t] < 0 ? -1 : sx_mdp_entry(m, k, index[t]);
            double p = e < 0 ? 0 : m->prob[e];
            assert_int_equal(p > 0, prob[code][a][t] > 1e-15);
            CHECK_NEAR(p, prob[code][a][t], 1e-12);
        }
    }
    compare_variables(w, b, s, code);
}

static void compare(const world *w, const sx_world *b)
{
    sx_error err = SX_NO_ERROR;
    int index[MOST_STATES], states = 0;
    char name[200], buffer[SX_NAME_BUFFER];
    for (int code = 0; code < w->size; code++)
        index[code] = reached[code] ? states++ : -1;
    assert_int_equal(b->mdp->states, states);
    assert_int_equal(sx_names_count(b->states), states);
    CHECK_OK(sx_mdp_check(b->mdp, &err));
    for (int code = 0; code < w->size; code++) {
        name_text(w, code, name, sizeof name);
        assert_int_equal(sx_names_find(b->states, name), index[code]);
        if (index[code] < 0)
            continue;
        assert_string_equal(sx_names_get(b->states, index[code], buffer), name);
        compare_state(w, b, index[code], code, index);
    }
}

static void random_worlds_are_as_interpreted(void **state)
{
    (void)state;
    int stuck = 0, sound = 0, absorbed = 0, partial = 0, fixed = 0;
    static world w;
    for (int i = 1; i <= 2000; i++) {
        sx_error err = SX_NO_ERROR;
        problems found = {0};
        sx_world *b = NULL;
        seed = (uint64_t)i * 77777;
        make_world(&w);
        make_starts(&w);
        for (int code = 0; code < w.size; code++)
            understand_state(&w, code);
        understand_start(&w);
        understand_reach(&w);
        sx_status st = build(&w, &found, &b, &err);
        if (is_stuck(&w) != (st == SX_EINPUT) || (st && strcmp(found.code, "E126")))
            fail_msg("world %d: %s %s", i, err.msg, found.message);
        assert_int_equal(b == NULL, st != SX_OK);
        stuck += st != SX_OK;
        if (!st) {
            compare(&w, b);
            sound++;
            for (int v = 0; v < w.variables; v++)
                fixed += w.fixed[v] >= 0;
            partial += b->mdp->states < w.size;
            for (int s = 0; s < b->mdp->states; s++)
                absorbed += b->mdp->absorbing[s];
        }
        sx_world_free(b);
    }
    assert_true(stuck > 100 && sound > 1000 && absorbed > 1000 && partial > 300 && fixed > 200);
}

/* --- worlds known from elsewhere ----------------------------------------------------- */

static sx_spec *parse(const char *text)
{
    sx_error err = SX_NO_ERROR;
    sx_diags *d = NULL;
    sx_spec *spec = NULL;
    CHECK_OK(sx_diags_new(&d, &err));
    sx_status st = sx_spec_parse("world.xml", text, strlen(text), d, &spec, &err);
    for (int32_t i = 0; st && i < sx_diags_count(d); i++)
        print_error("%s\n", sx_diags_get(d, i)->message);
    CHECK_OK(st);
    sx_diags_free(d);
    return spec;
}

/* The taxi of Dietterich (2000): five by five, walls between some columns, a passenger at one
 * of four places or in the taxi, a destination.  From
 * the middle, with a passenger at R, everything can be reached but a passenger who waits at a
 * destination other than R: 500 - 75 states and four ends. */
static const char taxi[] =
    "<mdp version=\"1\" discount=\"0.9\"><factored>"
    "<variable id=\"row\" range=\"0 4\"/><variable id=\"col\" range=\"0 4\"/>"
    "<variable id=\"who\" values=\"R G Y B taxi done\"/><variable id=\"to\" values=\"R G Y "
    "B\"/>"
    "<action id=\"south\"><outcome><assign variable=\"row\" value=\"min(row + 1, "
    "4)\"/></outcome>"
    "</action>"
    "<action id=\"north\"><outcome><assign variable=\"row\" value=\"max(row - 1, "
    "0)\"/></outcome>"
    "</action>"
    "<action id=\"east\"><outcome><assign variable=\"col\" value=\"if(col == 4 or (row &lt; 2 "
    "and "
    "col == 1) or (row &gt; 2 and (col == 0 or col == 2)), col, col + 1)\"/></outcome></action>"
    "<action id=\"west\"><outcome><assign variable=\"col\" value=\"if(col == 0 or (row &lt; 2 "
    "and "
    "col == 2) or (row &gt; 2 and (col == 1 or col == 3)), col, col - 1)\"/></outcome></action>"
    "<action id=\"pickup\"><outcome><assign variable=\"who\" value=\"if((who == R and row == 0 "
    "and "
    "col == 0) or (who == G and row == 0 and col == 4) or (who == Y and row == 4 and col == 0) "
    "or "
    "(who == B and row == 4 and col == 3), taxi, who)\"/></outcome></action>"
    "<action id=\"dropoff\"><outcome><assign variable=\"who\" value=\"if(who != taxi, who, "
    "if(row == 0 and col == 0, if(to == R, done, R), if(row == 0 and col == 4, if(to == G, "
    "done, "
    "G), if(row == 4 and col == 0, if(to == Y, done, Y), if(row == 4 and col == 3, if(to == B, "
    "done, B), who)))))\"/></outcome></action>"
    "<absorbing when=\"who == done\"/><label id=\"done\" when=\"who == done\"/>"
    "</factored><initial>"
    "<start state=\"row=2,col=2,who=R,to=R\"/><start state=\"row=2,col=2,who=R,to=G\"/>"
    "<start state=\"row=2,col=2,who=R,to=Y\"/><start "
    "state=\"row=2,col=2,who=R,to=B\"/></initial>"
    "<reward id=\"true\"><add enter=\"done\" value=\"1\"/></reward></mdp>";

static const char *const drawn[] = {"|R: | : :G|", "| : | : : |", "| : : : : |", "| | : | : |",
                                    "|Y| : |B: |"};
static const int corner[4][2] = {{0, 0}, {0, 4}, {4, 0}, {4, 3}};

/* What the game does to (row, col, who, to); who 4 is in the taxi, 5 done. */
static void drive(int a, int s[4])
{
    const char *row = drawn[s[0]];
    if (a == 0 && s[0] < 4)
        s[0]++;
    else if (a == 1 && s[0] > 0)
        s[0]--;
    else if (a == 2 && row[2 * s[1] + 2] == ':')
        s[1]++;
    else if (a == 3 && row[2 * s[1]] == ':')
        s[1]--;
    else if (a == 4 && s[2] < 4 && corner[s[2]][0] == s[0] && corner[s[2]][1] == s[1])
        s[2] = 4;
    else if (a == 5 && s[2] == 4)
        for (int i = 0; i < 4; i++)
            if (corner[i][0] == s[0] && corner[i][1] == s[1])
                s[2] = i == s[3] ? 5 : i;
}

static void taxi_name(const int s[4], char *text, size_t size)
{
    static const char *const who[] = {"R", "G", "Y", "B", "taxi", "done"};
    snprintf(text, size, "row=%d,col=%d,who=%s,to=%s", s[0], s[1], who[s[2]], who[s[3]]);
}

static void taxi_drives_as_drawn(void **state)
{
    (void)state;
    sx_spec *spec = parse(taxi);
    const sx_world *w = spec->world;
    char name[60];
    int found = 0, end = sx_world_label(w, "done");
    assert_int_equal(w->mdp->states, 429);
    assert_int_equal(w->label[end].count, 4);
    for (int code = 0; code < 600; code++) {
        int from[4] = {code / 120, code / 24 % 5, code / 4 % 6, code % 4};
        taxi_name(from, name, sizeof name);
        int32_t s = sx_names_find(w->states, name);
        found += s >= 0;
        for (int a = 0; s >= 0 && a < 6; a++) {
            int to[4] = {from[0], from[1], from[2], from[3]};
            if (from[2] != 5)
                drive(a, to);
            taxi_name(to, name, sizeof name);
            int32_t k = sx_mdp_pair(w->mdp, s, a);
            assert_true(k >= 0 && w->mdp->first[k + 1] == w->mdp->first[k] + 1);
            assert_int_equal(w->mdp->next[w->mdp->first[k]], sx_names_find(w->states, name));
        }
    }
    assert_int_equal(found, 429);
    sx_spec_free(spec);
}

/* More states than a block holds: a walk on a torus, by arithmetic. */
static void blocks_leave_no_seam(void **state)
{
    (void)state;
    sx_spec *spec = parse(
        "<mdp version=\"1\" discount=\"0.9\"><factored>"
        "<variable id=\"a\" range=\"0 16\"/><variable id=\"b\" range=\"-7 15\"/>"
        "<variable id=\"c\" range=\"1 29\" initial=\"5\"/>"
        "<action id=\"x\"><outcome p=\"(a + 1) / 32\"><assign variable=\"a\" value=\"if(a "
        "== 16, 0, a + 1)\"/></outcome><outcome><assign variable=\"b\" value=\"if(b == 15, "
        "-7, b + 1)\"/></outcome></action>"
        "<action id=\"y\" when=\"a &lt; b\"><outcome><assign variable=\"c\" value=\"if(c == "
        "29, 1, c + 1)\"/><assign variable=\"a\" value=\"c / 2 - c / 2\"/></outcome></action>"
        "</factored><reward id=\"true\"><add value=\"1\"/></reward></mdp>");
    const sx_mdp *m = spec->world->mdp;
    assert_int_equal(m->states, 17 * 23 * 29);
    for (int s = 0; s < m->states; s++) {
        int a = s / (23 * 29), b = s / 29 % 23, c = s % 29;
        int32_t k = sx_mdp_pair(m, s, 0), y = sx_mdp_pair(m, s, 1);
        int64_t up = sx_mdp_entry(m, k, ((a + 1) % 17 * 23 + b) * 29 + c);
        int64_t on = sx_mdp_entry(m, k, (a * 23 + (b + 1) % 23) * 29 + c);
        assert_true(up >= 0 && on >= 0 && m->first[k + 1] == m->first[k] + 2);
        CHECK_NEAR(m->prob[up], (a + 1) / 32.0, 1e-15);
        assert_int_equal(y >= 0, a < b - 7);
        if (y >= 0)
            assert_int_equal(m->next[m->first[y]], b * 29 + (c + 1) % 29);
        CHECK_NEAR(m->initial[s], c == 4 ? 1 / 391.0 : 0, 1e-15);
    }
    sx_spec_free(spec);
}

#define HEAD \
    "<mdp version=\"1\" discount=\"0.9\"><factored>" \
    "<variable id=\"x\" range=\"0 9\" initial=\"3\"/>" \
    "<variable id=\"half\" values=\"0 0.5 2\"/>" \
    "<variable id=\"door\" values=\"open half-shut\"/>" \
    "<action id=\"go\"><outcome><assign variable=\"x\" value=\"max(x - 1, 0)\"/></outcome>" \
    "</action><label id=\"near\" when=\"x &lt; 2\"/><label id=\"never\" when=\"x &gt; 9\"/>" \
    "<attribute id=\"twice\" value=\"2 * x\"/><attribute id=\"inverse\" value=\"1 / x\"/>" \
    "<attribute id=\"four\" value=\"2 * twice\"/></factored>"
#define TAIL "<reward id=\"true\"><add value=\"four\"/></reward></mdp>"

static double initial_of(const sx_spec *spec, const char *name)
{
    int32_t s = sx_names_find(spec->world->states, name);
    return s < 0 ? -1 : spec->world->mdp->initial[s];
}

static void starts_in_every_form(void **state)
{
    (void)state;
    sx_spec *spec =
        parse(HEAD "<initial><start state=\"x=2,half=0.5,door=open\" p=\"1\"/>"
                   "<start p=\"3\"><assign variable=\"door\" value=\" half-shut \"/>"
                   "<assign variable=\"half\" value=\"1/2\"/></start></initial>" TAIL);
    assert_int_equal(spec->world->mdp->states, 3 + 4);
    CHECK_NEAR(initial_of(spec, "x=2,half=0.5,door=open"), 0.25, 0);
    CHECK_NEAR(initial_of(spec, "x=3,half=0.5,door=half-shut"), 0.75, 0);
    sx_spec_free(spec);
    spec = parse(HEAD TAIL); /* initial= of x; the others anywhere */
    assert_int_equal(spec->world->mdp->states, 4 * 3 * 2);
    CHECK_NEAR(initial_of(spec, "x=3,half=2,door=open"), 1.0 / 6, 1e-15);
    CHECK_NEAR(initial_of(spec, "x=2,half=2,door=open"), 0, 0);
    sx_spec_free(spec);
}

static void labels_and_attributes_are_computed(void **state)
{
    (void)state;
    sx_spec *spec =
        parse(HEAD "<initial><start state=\"x=3,half=2,door=open\"/></initial>" TAIL);
    const sx_world *w = spec->world;
    const sx_label *near = &w->label[sx_world_label(w, "near")];
    assert_int_equal(near->count, 2);
    assert_true(near->state[0] == 0 && near->state[1] == 1);
    assert_int_equal(w->label[sx_world_label(w, "never")].count, 0);
    for (int x = 0; x < 4; x++) {
        CHECK_NEAR(w->variable[sx_world_variable(w, "four")].value[x], 4 * x, 0);
        double inverse = w->variable[sx_world_variable(w, "inverse")].value[x];
        assert_true(x ? inverse == 1.0 / x : isnan(inverse));
    }
    sx_spec_free(spec);
}

/* --- interventions --- */

#define CORRIDOR(start, moved, edits) \
    "<mdp version=\"1\" discount=\"0.9\"><factored>" \
    "<variable id=\"x\" range=\"0 5\"/><variable id=\"door\" values=\"open closed\"/>" \
    "<variable id=\"wind\" values=\"low high\"/>" \
    "<action id=\"go\" when=\"x &lt; 3 or door == open\">" \
    "<outcome p=\"if(wind == high, 1/2, 3/4)\"><assign variable=\"x\" value=\"min(x + 1, " \
    "5)\"/>" \
    "</outcome><outcome>" moved "</outcome></action><action id=\"wait\"><outcome/></action>" \
    "</factored><initial>" start "</initial><reward id=\"true\">" \
    "<add value=\"x + if(door == open, 1, 0)\"/></reward>" edits "</mdp>"
#define START(p, name) "<start p=\"" p "\" state=\"" name "\"/>"

/* The edited world of that edit. */
static sx_spec *edited(const sx_spec *spec, const char *id)
{
    sx_error err = SX_NO_ERROR;
    int32_t edit = -1, step = -1;
    sx_spec *out = NULL;
    assert_true(sx_spec_edit_find(spec, id, &edit, &step));
    CHECK_OK(sx_spec_edited(spec, edit, step, NULL, &out, &err));
    return out;
}

static void same_world(const sx_spec *a, const sx_spec *b)
{
    const sx_mdp *x = a->world->mdp, *y = b->world->mdp;
    char from[SX_NAME_BUFFER], to[SX_NAME_BUFFER];
    assert_true(x->states == y->states && x->pairs == y->pairs && x->entries == y->entries);
    for (int32_t s = 0; s < x->states; s++)
        assert_string_equal(sx_names_get(a->world->states, s, from),
                            sx_names_get(b->world->states, s, to));
    assert_memory_equal(x->next, y->next, (size_t)x->entries * sizeof *x->next);
    assert_memory_equal(x->prob, y->prob, (size_t)x->entries * sizeof *x->prob);
    assert_memory_equal(x->initial, y->initial, (size_t)x->states * sizeof *x->initial);
    assert_memory_equal(a->reward[0].reward->on, b->reward[0].reward->on,
                        (size_t)x->entries * sizeof(double));
}

/* <do> on a variable of the state is the file with another start and without what is assigned
 * to it. */
static void interventions_are_edits_by_hand(void **state)
{
    (void)state;
    sx_spec *spec = parse(
        CORRIDOR(START("1", "x=0,door=closed,wind=low") START("3", "x=1,door=open,wind=low")
                     START("1", "x=0,door=open,wind=low"),
                 "<assign variable=\"door\" value=\"if(wind == low, closed, open)\"/>"
                 "<assign variable=\"wind\" value=\"if(wind == low, high, low)\"/>",
                 "<edit id=\"open\"><do variable=\"door\" value=\"open\"/></edit>"
                 "<edit id=\"still\"><do variable=\"wind\" value=\"high\"/>"
                 "<do variable=\"wind\" value=\" low \"/></edit>"
                 "<edit id=\"both\"><do variable=\"wind\" value=\"high\"/>"
                 "<do variable=\"door\" value=\"closed\"/></edit>"));
    sx_spec *by_hand[] = {
        parse(CORRIDOR(START("2", "x=0,door=open,wind=low")
                           START("3", "x=1,door=open,wind=low"),
                       "<assign variable=\"wind\" value=\"if(wind == low, high, low)\"/>", "")),
        parse(CORRIDOR(START("1", "x=0,door=closed,wind=low") START(
                           "3", "x=1,door=open,wind=low") START("1", "x=0,door=open,wind=low"),
                       "<assign variable=\"door\" value=\"closed\"/>", "")),
        parse(CORRIDOR(START("2", "x=0,door=closed,wind=high")
                           START("3", "x=1,door=closed,wind=high"),
                       "", ""))};
    static const char *const ids[] = {"open", "still", "both"};
    for (int i = 0; i < 3; i++) {
        sx_spec *e = edited(spec, ids[i]);
        same_world(e, by_hand[i]);
        sx_spec_free(e);
        sx_spec_free(by_hand[i]);
    }
    sx_spec_free(spec);
}

static void impossible_interventions_are_refused(void **state)
{
    (void)state;
    static const char *const wrong[] = {
        "<do variable=\"door\" value=\"ajar\"/>", "<do variable=\"x\" value=\"1.5\"/>",
        "<do variable=\"x\" value=\"x + 1\"/>", "<do variable=\"x\" value=\"6\"/>",
        "<do variable=\"x\" value=\"1\" when=\"x == 2\"/>"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        char text[2000];
        sx_error err = SX_NO_ERROR;
        sx_diags *d = NULL;
        sx_spec *spec = NULL, *out = NULL;
        snprintf(
            text, sizeof text,
            CORRIDOR(START("1", "x=0,door=closed,wind=low"), "", "<edit id=\"e\">%s</edit>"),
            wrong[i]);
        spec = parse(text);
        CHECK_OK(sx_diags_new(&d, &err));
        assert_int_equal(sx_spec_edited(spec, 0, -1, d, &out, &err), SX_EINPUT);
        assert_null(out);
        bool told = false;
        for (int32_t j = 0; j < sx_diags_count(d); j++)
            told = told || !strcmp(sx_diags_get(d, j)->code, "E186");
        assert_true(told);
        sx_diags_free(d);
        sx_spec_free(spec);
    }
}

/* --- names --------------------------------------------------------------------------- */

static sx_factors *some_factors(const char *prefix, int count)
{
    sx_error err = SX_NO_ERROR;
    sx_factors *f = NULL;
    sx_names *names = NULL;
    char name[300];
    int32_t index;
    CHECK_OK(sx_factors_new(&f, &err));
    CHECK_OK(sx_names_new(&names, &err));
    CHECK_OK(sx_names_add(names, "open", &index, &err));
    CHECK_OK(sx_names_add(names, "o=p", &index, &err));
    for (int i = 0; i < count; i++) {
        snprintf(name, sizeof name, "%s%d", prefix, i);
        if (i % 2)
            CHECK_OK(sx_factors_add_list(f, name, names, &err));
        else
            CHECK_OK(sx_factors_add_range(f, name, -2, 12, &err));
    }
    sx_names_free(names);
    return f;
}

static void names_are_found_again(void **state)
{
    (void)state;
    static const char *const unknown[] = {"",
                                          "x0",
                                          "x0=1",
                                          "x0=1,x1=open",
                                          "x0=1,x1=open,x2=3,x3=open,",
                                          "x0=1,x1=open,x2=3,x3=open,x4=0",
                                          "x1=open,x0=1,x2=3,x3=open",
                                          "x0=01,x1=open,x2=3,x3=open",
                                          "x0=1.0,x1=open,x2=3,x3=open",
                                          "x0=10,x1=open,x2=3,x3=open",
                                          "x0=1,x1=shut,x2=3,x3=open",
                                          "x0=1,x1=open,x2=,x3=open"};
    sx_error err = SX_NO_ERROR;
    char buffer[SX_NAME_BUFFER];
    for (int sparse = 0; sparse < 2; sparse++) {
        sx_names *names = NULL;
        int64_t *code = sparse ? sx_alloc(100, sizeof *code) : NULL;
        for (int i = 0; sparse && i < 100; i++)
            code[i] = 5 * i + 3;
        CHECK_OK(
            sx_names_factored(some_factors("x", 4), code, sparse ? 100 : 576, &names, &err));
        for (int i = 0; i < sx_names_count(names); i++) {
            char expected[80];
            int c = sparse ? 5 * i + 3 : i;
            snprintf(expected, sizeof expected, "x0=%d,x1=%s,x2=%d,x3=%s", c / 48 - 2,
                     c / 24 % 2 ? "o=p" : "open", c / 2 % 12 - 2, c % 2 ? "o=p" : "open");
            assert_string_equal(sx_names_get(names, i, buffer), expected);
            assert_int_equal(sx_names_find(names, expected), i);
        }
        for (size_t i = 0; i < sizeof unknown / sizeof *unknown; i++)
            assert_int_equal(sx_names_find(names, unknown[i]), -1);
        if (sparse)
            assert_int_equal(sx_names_find(names, "x0=-2,x1=open,x2=-2,x3=open"), -1);
        sx_names_free(names);
    }
}

static void long_names_are_written_out(void **state)
{
    (void)state;
    sx_error err = SX_NO_ERROR;
    char buffer[SX_NAME_BUFFER], prefix[] = "a_variable_with_a_long_name_that_goes_on_and_on_";
    sx_names *names = NULL;
    CHECK_OK(sx_names_factored(some_factors(prefix, 8), NULL, 500, &names, &err));
    for (int i = 0; i < 500; i++) {
        const char *text = sx_names_get(names, i, buffer);
        assert_true(strlen(text) > 8 * strlen(prefix));
        assert_int_equal(sx_names_find(names, text), i);
    }
    names = sx_names_free(names);
    assert_int_equal(sx_names_factored(some_factors(prefix, 12), NULL, 2000000, &names, &err),
                     SX_ELIMIT);
    assert_null(names);
}

/* --- values -------------------------------------------------------------------------- */

static void values_have_places(void **state)
{
    (void)state;
    sx_error err = SX_NO_ERROR;
    sx_factors *f = some_factors("x", 1);
    sx_names *names = NULL;
    static const char *const numbers[] = {"3", "-1", "1/2", "1e6"};
    static const double value[] = {3, -1, 0.5, 1e6};
    int32_t index;
    CHECK_OK(sx_names_new(&names, &err));
    for (int i = 0; i < 4; i++)
        CHECK_OK(sx_names_add(names, numbers[i], &index, &err));
    CHECK_OK(sx_factors_add_list(f, "list", names, &err));
    sx_names_free(names);
    const sx_factor *range = &f->factor[0], *list = &f->factor[1];
    for (int i = 0; i < 12; i++) {
        assert_int_equal(sx_factor_place(range, i - 2), i);
        assert_int_equal(sx_factor_place(range, (i - 2) * (1 + 1e-12)), i);
    }
    static const double none[] = {-3, 10, 0.5, 1e300, -1e300, NAN, INFINITY, 1 + 1e-6};
    for (size_t i = 0; i < sizeof none / sizeof *none; i++) {
        assert_int_equal(sx_factor_place(range, none[i]), -1);
        assert_int_equal(sx_factor_place(list, none[i]), i == 2 ? 2 : -1);
    }
    for (int i = 0; i < 4; i++) {
        assert_int_equal(sx_factor_place(list, value[i]), i);
        assert_int_equal(sx_factor_place(list, value[i] * (1 + 1e-13)), i);
        assert_int_equal(sx_factor_place(list, value[i] * (1 - 1e-13)), i);
        assert_int_equal(sx_factor_find(list, numbers[i], strlen(numbers[i])), i);
    }
    sx_factors_free(f);
}

static void combinations_are_limited(void **state)
{
    (void)state;
    sx_error err = SX_NO_ERROR;
    sx_factors *f = NULL;
    char name[8];
    CHECK_OK(sx_factors_new(&f, &err));
    for (int i = 0; i < 62; i++) {
        snprintf(name, sizeof name, "b%d", i);
        CHECK_OK(sx_factors_add_range(f, name, 0, 2, &err));
    }
    assert_true(f->size == SX_FACTORS_SIZE && f->factor[0].weight == SX_FACTORS_SIZE / 2);
    assert_int_equal(sx_factors_find(f, "b0=1"), -1);
    assert_int_equal(sx_factors_add_range(f, "more", 0, 2, &err), SX_ELIMIT);
    err = (sx_error)SX_NO_ERROR;
    CHECK_OK(sx_factors_add_range(f, "one", 7, 1, &err));
    assert_int_equal(sx_factors_add_range(f, "one", 0, 1, &err), SX_EINPUT);
    assert_int_equal(f->count, 63);
    sx_factors_free(f);
}

/* A counter of 10^7 numbers beside many idle variables: refused before memory is gone. */
static void growth_ends(void **state)
{
    (void)state;
    enum { IDLE = 900 };
    static char text[IDLE * 60 + 1000];
    sx_error err = SX_NO_ERROR;
    sx_diags *d = NULL;
    sx_spec *spec = NULL;
    size_t n = (size_t)snprintf(text, sizeof text,
                                "<mdp version=\"1\" discount=\"0.9\"><factored>"
                                "<variable id=\"x\" range=\"0 9999999\" initial=\"0\"/>");
    for (int i = 0; i < IDLE; i++)
        n += (size_t)snprintf(text + n, sizeof text - n, "<variable id=\"i%d\" range=\"0 0\"/>",
                              i);
    snprintf(text + n, sizeof text - n,
             "<action id=\"up\"><outcome p=\"1/2\"><assign variable=\"x\" value=\"min(2 * x, "
             "9999999)\"/></outcome><outcome><assign variable=\"x\" value=\"min(2 * x + 1, "
             "9999999)\"/></outcome></action></factored></mdp>");
    CHECK_OK(sx_diags_new(&d, &err));
    assert_int_equal(sx_spec_parse("w.xml", text, strlen(text), d, &spec, &err), SX_EINPUT);
    assert_string_equal(sx_diags_get(d, 0)->code, "E183");
    snprintf(text, sizeof text, "more than %d states", (1 << 28) / (IDLE + 1));
    assert_non_null(strstr(sx_diags_get(d, 0)->message, text));
    sx_diags_free(d);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(random_worlds_are_as_interpreted),
        cmocka_unit_test(taxi_drives_as_drawn),
        cmocka_unit_test(blocks_leave_no_seam),
        cmocka_unit_test(starts_in_every_form),
        cmocka_unit_test(labels_and_attributes_are_computed),
        cmocka_unit_test(interventions_are_edits_by_hand),
        cmocka_unit_test(impossible_interventions_are_refused),
        cmocka_unit_test(names_are_found_again),
        cmocka_unit_test(long_names_are_written_out),
        cmocka_unit_test(values_have_places),
        cmocka_unit_test(combinations_are_limited),
        cmocka_unit_test(growth_ends),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
