/* SPDX-License-Identifier: GPL-3.0-or-later */
/* oracle_factored.c - random descriptions of factored worlds, and what they mean. */
#include "tests/oracle_factored.h"

#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#define POOL 4000

typedef oracle_node node;
typedef oracle_factored world;
typedef oracle_variable variable;

static node pool[POOL];
static int used;
static uint64_t stream;

static uint32_t draw(uint32_t n)
{
    stream = stream * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)(stream >> 33) % n;
}

static node *make(char op, node *a, node *b, node *c)
{
    node *n = &pool[used++];
    assert(used < POOL);
    *n = (node){.op = op, .child = {a, b, c}};
    return n;
}

#define PRINT(n, ...) \
    assert(snprintf((n)->text, sizeof(n)->text, __VA_ARGS__) < (int)sizeof(n)->text)

int oracle_place(const world *w, int code, int v)
{
    for (int i = w->variables - 1; i > v; i--)
        code /= w->v[i].count;
    return code % w->v[v].count;
}

double oracle_number(const variable *v, int place)
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
    case 'v': return name_of(&w->v[n->var], oracle_place(w, code, n->var));
    default: return compute_name(w, n->child[compute(w, n->child[0], code) > 0 ? 1 : 2], code);
    }
}

static double compute(const world *w, const node *n, int code)
{
    double x = n->child[0] ? compute(w, n->child[0], code) : 0;
    double y = n->child[1] ? compute(w, n->child[1], code) : 0;
    switch (n->op) {
    case 'c': return n->value;
    case 'x': return oracle_number(&w->v[n->var], oracle_place(w, code, n->var));
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
        return !strcmp(name_of(&w->v[n->var], oracle_place(w, code, n->var)),
                       n->value < 0
                           ? w->v[n->var].text[n->other]
                           : name_of(&w->v[n->other], oracle_place(w, code, n->other)));
    default: assert(false); return NAN;
    }
}

/* --- random descriptions ---- */

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
    memset(w, 0, sizeof *w);
    w->variables = 1 + (int)draw(MOST_VARIABLES);
    w->actions = 1 + (int)draw(3);
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
        out = out * w->v[v].count + (w->fixed[v] >= 0 ? w->fixed[v] : oracle_place(w, code, v));
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

static int successor(const world *w, int code, int a, int o)
{
    int next = 0;
    for (int v = 0; v < w->variables; v++) {
        const variable *x = &w->v[v];
        const node *n = w->assign[a][o][v];
        int place = oracle_place(w, code, v);
        for (int i = 0; n && w->fixed[v] < 0 && i < x->count; i++)
            if (x->kind == NAMES ? !strcmp(compute_name(w, n, code), x->text[i])
                                 : compute(w, n, code) == oracle_number(x, i))
                place = i;
        next = next * x->count + place;
    }
    return next;
}

static void understand_state(world *w, int code)
{
    w->ends[code] = false;
    for (int i = 0; i < w->absorbings; i++)
        w->ends[code] = w->ends[code] || compute(w, w->absorbing[i], code) > 0;
    for (int a = 0; a < w->actions; a++) {
        memset(w->prob[code][a], 0, sizeof w->prob[code][a]);
        w->available[code][a] =
            w->ends[code] || !w->when[a] || compute(w, w->when[a], code) > 0;
        double left = 1;
        if (w->ends[code])
            w->prob[code][a][code] = 1;
        for (int o = 0; o < w->outcomes[a] && w->available[code][a] && !w->ends[code]; o++) {
            double p = w->p[a][o] ? compute(w, w->p[a][o], code) : left;
            left -= p;
            if (p > 0)
                w->prob[code][a][successor(w, code, a, o)] += p;
        }
    }
}

/* Has the combination the places at which the variables start? */
static bool is_first(const world *w, int code)
{
    bool fits = settled(w, code) == code;
    for (int v = 0; v < w->variables; v++)
        fits = fits && (w->initial[v] < 0 || w->fixed[v] >= 0 ||
                        w->initial[v] == oracle_place(w, code, v));
    return fits;
}

/* Where the process starts, and with what weight. */
static void understand_start(world *w)
{
    double sum = 0;
    memset(w->initial_prob, 0, sizeof w->initial_prob);
    for (int i = 0; i < w->starts; i++)
        w->initial_prob[w->start[i]] += w->weight[i];
    for (int pass = 0; pass < 2 && !w->starts && !(sum > 0); pass++)
        for (int code = 0; code < w->size; code++) {
            w->initial_prob[code] = is_first(w, code) && (pass || !w->ends[code]);
            sum += w->initial_prob[code];
        }
    sum = 0;
    for (int code = 0; code < w->size; code++)
        sum += w->initial_prob[code];
    for (int code = 0; code < w->size; code++)
        w->initial_prob[code] /= sum;
}

/* Mark what s leads to; is any of it new? */
static bool spread(world *w, int s)
{
    bool more = false;
    for (int a = 0; a < w->actions && w->reached[s]; a++)
        for (int t = 0; t < w->size && w->available[s][a]; t++)
            if (w->prob[s][a][t] > 0 && !w->reached[t])
                more = w->reached[t] = true;
    return more;
}

/* Which combinations are states: swept until nothing is new. */
static void understand_reach(world *w)
{
    bool more = true;
    for (int code = 0; code < w->size; code++) {
        w->reached[code] = w->starts ? w->initial_prob[code] > 0 : is_first(w, code);
        if (w->all)
            w->reached[code] = settled(w, code) == code;
    }
    while (more) {
        more = false;
        for (int s = 0; s < w->size; s++)
            more = spread(w, s) || more;
    }
    w->stuck = false;
    for (int s = 0; s < w->size; s++) {
        bool any = !w->reached[s];
        for (int a = 0; a < w->actions; a++)
            any = any || w->available[s][a];
        w->stuck = w->stuck || !any;
    }
}

void oracle_factored_make(uint64_t seed, oracle_factored *w)
{
    stream = seed * 77777;
    make_world(w);
    make_starts(w);
    for (int code = 0; code < w->size; code++)
        understand_state(w, code);
    understand_start(w);
    understand_reach(w);
}
