/* SPDX-License-Identifier: GPL-3.0-or-later */
/* spec_world.c - the world element of a specification: which kind, discount, start. */
#include "mdp/spec_world_int.h"

#include <math.h>
#include <string.h>

typedef sx_status read_kind(sx_i_reading *rd, const sx_node *n);

static const struct {
    const char *name;
    read_kind *read;
    bool starts; /* reads <initial> itself, because what is reached depends on it */
} kinds[] = {
    {"explicit", sx_i_explicit_read, false}, {"gridworld", sx_i_gridworld_read, false},
    {"arrays", sx_i_arrays_read, false},     {"transitions", sx_i_transitions_read, false},
    {"random", sx_i_random_read, false},     {"bandit", sx_i_bandit_read, false},
    {"tree", sx_i_tree_read, false},         {"factored", sx_i_factored_read, true}};

static bool reads_starts(const sx_node *world)
{
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (strcmp(kinds[i].name, world->name) == 0)
            return kinds[i].starts;
    return false;
}

/* Add the weight of one <start> to its state. */
static sx_status read_start(sx_i_reading *rd, const sx_node *start, unsigned char *seen)
{
    sx_mdp *m = rd->spec->world->mdp;
    int32_t s = 0;
    double weight = 0;
    const sx_node *assign = sx_i_first(start, "assign");
    if (assign)
        return sx_diag_report(rd->diags, assign->place, "E184", "name the state: state=\"...\"",
                              "only a <factored> world is started by values of variables");
    if (!sx_node_attr(start, "state"))
        return sx_diag_report(rd->diags, start->place, "E184", NULL,
                              "the start does not say which state: state=\"...\"");
    sx_status st = sx_i_attr_state(rd, start, "state", &s);
    sx_status number = sx_i_attr_number(start, "p", &weight);
    if (st || number)
        return sx_i_worse(st, number);
    if (seen[s])
        return sx_diag_report(rd->diags, sx_i_attr_where(start, "state"), "E128", NULL,
                              "the state %.60s is a start twice",
                              sx_node_value(start, "state"));
    seen[s] = 1;
    m->initial[s] = weight;
    return SX_OK;
}

static sx_status read_starts(sx_i_reading *rd, const sx_node *initial)
{
    sx_mdp *m = rd->spec->world->mdp;
    unsigned char *seen = sx_alloc((size_t)m->states, 1);
    if (!seen)
        return sx_nomem(rd->err);
    sx_status st = SX_OK;
    memset(m->initial, 0, (size_t)m->states * sizeof *m->initial);
    const sx_node *start = sx_i_first(initial, "start");
    for (; start && !sx_i_stops(st); start = sx_i_next(start, "start"))
        st = sx_i_worse(st, read_start(rd, start, seen));
    sx_release(seen);
    if (!sx_i_first(initial, "start"))
        st = sx_i_worse(st, SX_EINPUT); /* reported: it is empty */
    return st ? st : sx_i_initial_check(rd, initial->place);
}

sx_status sx_i_initial_check(sx_i_reading *rd, sx_place place)
{
    sx_mdp *m = rd->spec->world->mdp;
    double sum = 0;
    for (int32_t s = 0; s < m->states; s++)
        sum += m->initial[s];
    if (!(sum > 0) || !isfinite(sum))
        return sx_diag_report(rd->diags, place, "E128",
                              "leave it out for the uniform distribution over the states that "
                              "are not absorbing",
                              "the weights of the initial distribution sum to %g", sum);
    sx_mdp_normalise(m);
    return SX_OK;
}

/* <initial> beside a world that says itself where it starts. */
static sx_status refuse_initial(sx_i_reading *rd, const sx_node *initial, const sx_node *n)
{
    bool bandit = strcmp(n->name, "bandit") == 0, tree = strcmp(n->name, "tree") == 0;
    if (bandit || tree)
        return sx_diag_report(rd->diags, initial->place, "E128",
                              bandit ? "leave it out and give the contexts a weight="
                                     : "leave it out",
                              bandit ? "a bandit starts in its contexts, by weight"
                                     : "a tree starts in its root");
    return sx_diag_report(rd->diags, initial->place, "E128", "keep one of them",
                          "<initial> is given, and <%s> has initial= too", n->name);
}

/* <initial>, what the world itself said, or the default. */
static sx_status read_initial(sx_i_reading *rd, const sx_node *n)
{
    sx_mdp *m = rd->spec->world->mdp;
    const sx_node *initial = sx_i_first(n->parent, "initial");
    bool given = false;
    for (int32_t s = 0; s < m->states; s++)
        given = given || m->initial[s] > 0;
    if (initial && sx_i_initial_given(n))
        return refuse_initial(rd, initial, n);
    if (initial && !reads_starts(n))
        return read_starts(rd, initial);
    if (!given)
        sx_mdp_initial_default(m);
    return SX_OK;
}

bool sx_i_initial_given(const sx_node *n)
{
    bool given = sx_node_value(n, "initial") || strcmp(n->name, "bandit") == 0 ||
                 strcmp(n->name, "tree") == 0;
    for (const sx_node *cell = sx_i_first(n, "cell"); cell; cell = sx_i_next(cell, "cell"))
        given = given || sx_node_value(cell, "initial");
    return given;
}

sx_status sx_i_world_read(sx_i_reading *rd, const sx_node *n)
{
    sx_status st = sx_world_new(&rd->spec->world, rd->err);
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds && !st; i++)
        if (strcmp(kinds[i].name, n->name) == 0)
            st = kinds[i].read(rd, n);
    sx_mdp *m = sx_i_stops(st) ? NULL : rd->spec->world->mdp;
    if (!m)
        return st;
    double discount = 0;
    st = sx_i_worse(st, sx_i_attr_number(n->parent, "discount", &discount));
    m->discount = discount;
    return sx_i_worse(st, read_initial(rd, n));
}
