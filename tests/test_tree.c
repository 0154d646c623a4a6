/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_tree.c - a tree of choices is the world that a recursion over it finds: states, names,
 * actions, the base policy, attributes of choices, values of rewards. */
#include "tests/check.h"
#include "tests/oracle_mdp.h"

#include "mdp/spec.h"
#include "solvers/control.h"
#include "solvers/evaluate.h"

#include <stdlib.h>

#define NODES 60
#define ROOM  32768
#define IDS   5

/* A node of the tree; the root is node 0. */
typedef struct node {
    int id, parent, children, child[IDS];
    double p; /* as written, NAN for none */
    double x; /* the attribute, NAN for none */
    int kind; /* index of a word, -1 for none */
} node;

typedef struct plain {
    int nodes;
    node node[NODES];
    int uses[IDS];  /* how often an id occurs */
    int order[IDS]; /* actions in the order of the file */
    int actions;
    char text[ROOM];
    size_t used;
} plain;

static const char *const ids[IDS] = {"A", "B", "think", "b-2", "a.c"};
static const char *const words[] = {"fast", "slow and sure"};

static void put(plain *t, const char *format, ...) SX_FORMAT(2, 3);
static void put(plain *t, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    t->used += (size_t)vsnprintf(t->text + t->used, ROOM - t->used, format, args);
    va_end(args);
    assert_true(t->used < ROOM);
}

/* Distinct ids for n children of `at`, in random order. */
static void draw_children(oracle_stream *g, plain *t, int at, int n)
{
    int free_ids[IDS] = {0, 1, 2, 3, 4};
    for (int i = 0; i < n && t->nodes < NODES; i++) {
        int pick = i + oracle_below(g, IDS - i), id = free_ids[pick];
        free_ids[pick] = free_ids[i];
        node *c = &t->node[t->nodes];
        *c = (node){.id = id, .parent = at, .p = NAN, .x = NAN, .kind = -1};
        if (oracle_uniform(g) < 0.5)
            c->x = oracle_below(g, 17) / 8.0 - 1;
        if (oracle_uniform(g) < 0.3)
            c->kind = oracle_below(g, 2);
        t->node[at].child[t->node[at].children++] = t->nodes++;
    }
}

/* In eighths: some of the children, the rest open; or all. */
static void draw_base(oracle_stream *g, plain *t, node *n)
{
    int left = 8;
    int given = oracle_uniform(g) < 0.5 ? 0 : oracle_below(g, n->children + 1);
    for (int i = 0; i < given; i++) {
        int share = oracle_below(g, left + 1);
        share = i == n->children - 1 ? left : share;
        t->node[n->child[i]].p = share / 8.0;
        left -= share;
    }
}

static void draw_below(oracle_stream *g, plain *t, int at, int depth)
{
    draw_children(g, t, at, at ? oracle_below(g, 4) : 1 + oracle_below(g, 4));
    draw_base(g, t, &t->node[at]);
    for (int i = 0; i < t->node[at].children && depth; i++)
        if (oracle_uniform(g) < 0.6)
            draw_below(g, t, t->node[at].child[i], depth - 1);
}

static void write_below(plain *t, const node *n)
{
    for (int i = 0; i < n->children; i++) {
        const node *c = &t->node[n->child[i]];
        if (t->uses[c->id]++ == 0)
            t->order[t->actions++] = c->id;
        put(t, "<choice id='%s'", ids[c->id]);
        if (!isnan(c->p))
            put(t, " p='%.17g'", c->p);
        put(t, ">");
        if (!isnan(c->x))
            put(t, "<attribute id='x' value='%.17g'/>", c->x);
        if (c->kind >= 0)
            put(t, "<attribute id='kind' value='%s'/>", words[c->kind]);
        write_below(t, c);
        put(t, "</choice>\n");
    }
}

static void draw(uint64_t seed, plain *t)
{
    oracle_stream g = oracle_start(seed);
    memset(t, 0, sizeof *t);
    t->nodes = 1;
    draw_below(&g, t, 0, 4);
    for (int i = 0, any = 0; i < t->nodes; i++) { /* so that formulas may name them */
        if (i && !any++) {
            t->node[i].x = 0.5;
            t->node[i].kind = 1;
        }
    }
    put(t, "<mdp version='1' discount='0.9'><tree>");
    write_below(t, &t->node[0]);
    put(t, "</tree>");
}

static sx_spec *read_plain(plain *t, const char *rewards)
{
    sx_error err = SX_NO_ERROR;
    sx_spec *spec = NULL;
    put(t, "%s</mdp>", rewards);
    sx_status st = sx_spec_parse("tree.xml", t->text, t->used, NULL, &spec, &err);
    if (st)
        print_error("%s\n", t->text);
    CHECK_OK(st);
    return spec;
}

/* --- the same world, found from the root ----------------------------------------------------
 */

/* What one walk through a tree and a world compares. */
typedef struct walk {
    const plain *t;
    const sx_world *w;
    int states; /* met so far */
    double base[NODES];
} walk;

static int32_t action_of(const plain *t, int id)
{
    for (int i = 0; i < t->actions; i++)
        if (t->order[i] == id)
            return i;
    return -1;
}

/* Of the child i of n: what is given, or an equal share of the rest. */
static double base_of(const plain *t, const node *n, int i)
{
    double rest = 1;
    int open = 0;
    for (int j = 0; j < n->children; j++) {
        double p = t->node[n->child[j]].p;
        open += isnan(p);
        rest -= isnan(p) ? 0 : p;
    }
    double p = t->node[n->child[i]].p;
    return isnan(p) ? rest / open : p;
}

static void check_state_name(const walk *x, int at, int32_t s)
{
    const node *n = &x->t->node[at];
    char path[200] = "", longer[260], buffer[SX_NAME_BUFFER];
    const char *name = sx_names_get(x->w->states, s, buffer);
    if (at == 0) {
        assert_string_equal(name, "root");
        return;
    }
    for (const node *c = n; c != x->t->node; c = &x->t->node[c->parent]) {
        snprintf(longer, sizeof longer, "/%s%s", ids[c->id], path);
        snprintf(path, sizeof path, "%.199s", longer);
    }
    bool once = x->t->uses[n->id] == 1;
    assert_string_equal(name, once ? ids[n->id] : path);
    int32_t label = sx_world_label(x->w, ids[n->id]);
    assert_true(once ? label < 0 : label >= 0);
    bool labelled = false;
    for (int32_t i = 0; label >= 0 && i < x->w->label[label].count; i++)
        labelled = labelled || x->w->label[label].state[i] == s;
    assert_int_equal(labelled, !once);
}

static void check_attributes(const walk *x, const node *c, int32_t k)
{
    char buffer[SX_NAME_BUFFER];
    int32_t i = sx_world_variable(x->w, "x"), j = sx_world_variable(x->w, "kind");
    assert_true(i >= 0 && j >= 0 && x->w->variable[i].of_pairs && x->w->variable[j].of_pairs);
    double value = x->w->variable[i].value[k], kind = x->w->variable[j].value[k];
    assert_true(value == c->x || (isnan(value) && isnan(c->x)));
    assert_int_equal(isnan(kind), c->kind < 0);
    if (c->kind >= 0)
        assert_string_equal(sx_names_get(x->w->variable[j].symbols, (int32_t)kind, buffer),
                            words[c->kind]);
}

/* Node `at` is the next state; its choices are its pairs. */
static void check_below(walk *x, int at)
{
    const sx_mdp *m = x->w->mdp;
    const node *n = &x->t->node[at];
    int32_t s = x->states++, end = m->states - 1;
    check_state_name(x, at, s);
    assert_int_equal(m->pair[s + 1] - m->pair[s], n->children);
    assert_int_equal(m->absorbing[s], 0);
    assert_true(m->initial[s] == (at ? 0 : 1));
    for (int i = 0; i < n->children; i++) {
        const node *c = &x->t->node[n->child[i]];
        int32_t k = sx_mdp_pair(m, s, action_of(x->t, c->id));
        assert_true(k >= 0 && m->first[k + 1] == m->first[k] + 1 && m->prob[m->first[k]] == 1);
        assert_int_equal(m->next[m->first[k]], c->children ? x->states : end);
        CHECK_NEAR(x->w->base ? x->w->base[k] : 1.0 / n->children, base_of(x->t, n, i), 1e-15);
        check_attributes(x, c, k);
        if (c->children)
            check_below(x, n->child[i]);
    }
}

static void random_trees_are_what_they_say(void **state)
{
    (void)state;
    static plain t;
    sx_error err = SX_NO_ERROR;
    char buffer[SX_NAME_BUFFER];
    int paths = 0;
    for (uint64_t seed = 1; seed <= 500; seed++) {
        draw(seed, &t);
        sx_spec *spec = read_plain(&t, "");
        const sx_mdp *m = spec->world->mdp;
        walk x = {.t = &t, .w = spec->world};
        CHECK_OK(sx_mdp_check(m, &err));
        assert_int_equal(m->actions, t.actions);
        for (int i = 0; i < t.actions; i++)
            assert_string_equal(sx_names_get(spec->world->actions, i, buffer), ids[t.order[i]]);
        check_below(&x, 0);
        assert_int_equal(x.states, m->states - 1);
        assert_string_equal(sx_names_get(spec->world->states, x.states, buffer), "end");
        assert_int_equal(m->absorbing[x.states], 1);
        assert_int_equal(m->pairs, t.nodes - 1 + t.actions);
        paths += spec->world->labels;
        sx_spec_free(spec);
    }
    assert_true(paths > 100);
}

/* --- rewards and values
 * ------------------------------------------------------------------------ */

static const char formula[] =
    "<reward id='r'><add when='x &gt; -2' value='2 * x + 1'/>"
    "<add when=\"kind == 'slow and sure'\" value='-0.5'/><add action='%s' value='0.125'/>"
    "<add from='root' value='0.0625'/></reward>";

/* `first` is the action that the formula names. */
static double reward_of(const node *c, int first)
{
    return (isnan(c->x) ? 0 : 2 * c->x + 1) - (c->kind == 1 ? 0.5 : 0) +
           (c->id == first ? 0.125 : 0) + (c->parent == 0 ? 0.0625 : 0);
}

/* The best return from a node (best), or that of the base policy. */
static double value_of(const plain *t, int at, bool best)
{
    const node *n = &t->node[at];
    double most = n->children ? -INFINITY : 0, mean = 0;
    for (int i = 0; i < n->children; i++) {
        double v = reward_of(&t->node[n->child[i]], t->order[0]) +
                   0.9 * value_of(t, n->child[i], best);
        most = fmax(most, v);
        mean += base_of(t, n, i) * v;
    }
    return best ? most : mean;
}

static double base_return(const sx_world *w, const double *r)
{
    sx_error err = SX_NO_ERROR;
    sx_evaluator *e = NULL;
    double pi[2 * NODES], v[NODES + 2], bound;
    sx_world_base(w, pi);
    CHECK_OK(sx_evaluator_new(w->mdp, pi, &e, &err));
    CHECK_OK(sx_evaluator_values(e, r, v, &bound, &err));
    sx_evaluator_free(e);
    return v[0];
}

static void values_are_those_of_the_recursion(void **state)
{
    (void)state;
    static plain t;
    sx_error err = SX_NO_ERROR;
    for (uint64_t seed = 1; seed <= 300; seed++) {
        double r[2 * NODES];
        sx_solution *x = NULL;
        sx_solve_options o = sx_solve_defaults();
        draw(seed + 5000, &t);
        char rewards[sizeof formula + 16];
        snprintf(rewards, sizeof rewards, formula, ids[t.order[0]]);
        sx_spec *spec = read_plain(&t, rewards);
        sx_reward_mean(spec->world->mdp, spec->reward[0].reward, r);
        CHECK_OK(sx_solve(spec->world->mdp, r, &o, &x, &err));
        CHECK_NEAR(x->lo + (x->hi - x->lo) / 2, value_of(&t, 0, true), 1e-8);
        CHECK_NEAR(base_return(spec->world, r), value_of(&t, 0, false), 1e-12);
        sx_solution_free(x);
        sx_spec_free(spec);
    }
}

/* A choice with 10^4 leaves of different names costs no more than its text. */
static void many_leaves_are_cheap(void **state)
{
    (void)state;
    sx_error err = SX_NO_ERROR;
    size_t room = 1 << 20, used = 0;
    sx_spec *spec = NULL;
    char *text = malloc(room);
    used += (size_t)snprintf(text, room, "<mdp version='1' discount='0.9'><tree>");
    for (int i = 0; i < 10000; i++)
        used += (size_t)snprintf(text + used, room - used, "<choice id='leaf%d'/>", 9999 - i);
    used += (size_t)snprintf(text + used, room - used, "</tree></mdp>");
    CHECK_OK(sx_spec_parse("wide.xml", text, used, NULL, &spec, &err));
    assert_int_equal(spec->world->mdp->states, 2);
    assert_int_equal(spec->world->mdp->pairs, 20000);
    assert_null(spec->world->base);
    sx_spec_free(spec);
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(random_trees_are_what_they_say),
        cmocka_unit_test(values_are_those_of_the_recursion),
        cmocka_unit_test(many_leaves_are_cheap),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
