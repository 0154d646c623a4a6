/* SPDX-License-Identifier: GPL-3.0-or-later */
/* orbit.c - symmetries of a world and the orbits of their group.
 *
 * In a finite group every element is a product of generators without inverses, so that an
 * orbit is what the generators reach from one of its members. */
#include "metrics/orbit_int.h"

#include <math.h>
#include <string.h>

/* --- is it a symmetry? --- */

static sx_status check_permutation(const int32_t *map, int32_t n, const char *what,
                                   sx_error *err)
{
    unsigned char *seen = sx_alloc((size_t)n, 1);
    sx_status st = seen ? SX_OK : sx_nomem(err);
    for (int32_t i = 0; !st && i < n; i++) {
        if (map[i] < 0 || map[i] >= n || seen[map[i]])
            st = sx_fail(err, SX_EARG, "the map of %s is no permutation: %s %d goes to %d",
                         what, what, (int)i, (int)map[i]);
        else
            seen[map[i]] = 1;
    }
    sx_release(seen);
    return st;
}

/* Where pair k, to which g sends, and what leads there have other probabilities. */
static void compare_pair(const sx_mdp *m, const sx_symmetry *g, int32_t k, int32_t to,
                         sx_symmetry_fault *fault)
{
    for (int64_t t = m->first[k]; t < m->first[k + 1]; t++) {
        int64_t image = sx_mdp_entry(m, to, g->state[m->next[t]]);
        fault->next = m->next[t];
        fault->prob = m->prob[t];
        fault->image = image < 0 ? 0 : m->prob[image];
        fault->found =
            image < 0 || !(fabs(fault->prob - fault->image) <= SX_SYMMETRY_TOLERANCE);
        if (fault->found)
            return;
    }
}

static void check_pair(const sx_mdp *m, const sx_symmetry *g, int32_t s, int32_t k,
                       sx_symmetry_fault *fault)
{
    int32_t to = sx_mdp_pair(m, g->state[s], g->action[m->action[k]]);
    *fault = (sx_symmetry_fault){to < 0, s, m->action[k], -1, 0, 0};
    if (!fault->found)
        compare_pair(m, g, k, to, fault);
}

/* Pairs go to pairs, and different ones to different ones: so all of them are images, and
 * nothing else is available.  The same holds for entries: where an image has more of them than
 * the pair, some other image has less. */
sx_status sx_symmetry_check(const sx_mdp *m, const sx_symmetry *g, sx_symmetry_fault *fault,
                            sx_error *err)
{
    *fault = (sx_symmetry_fault){0};
    sx_status st = check_permutation(g->state, m->states, "state", err);
    if (!st)
        st = check_permutation(g->action, m->actions, "action", err);
    for (int32_t s = 0; !st && s < m->states && !fault->found; s++)
        for (int32_t k = m->pair[s]; k < m->pair[s + 1] && !fault->found; k++)
            check_pair(m, g, s, k, fault);
    return st;
}

/* --- orbits --- */

int64_t sx_i_image_state(const sx_orbits *o, int32_t g, int64_t i)
{
    return o->state[(int64_t)g * o->m->states + i];
}

int64_t sx_i_image_pair(const sx_orbits *o, int32_t g, int64_t i)
{
    return o->pair[(int64_t)g * o->m->pairs + i];
}

int64_t sx_i_image_triple(const sx_orbits *o, int32_t g, int64_t i)
{
    int64_t S = o->m->states;
    return sx_i_image_pair(o, g, i / S) * S + sx_i_image_state(o, g, i % S);
}

/* member [returned] = the orbit of i, which is marked in seen. */
static int64_t find_orbit(const sx_orbits *o, sx_i_image *image, int64_t i, unsigned char *seen,
                          int64_t *member)
{
    int64_t count = 1;
    member[0] = i;
    seen[i] = 1;
    for (int64_t j = 0; j < count; j++)
        for (int32_t g = 0; g < o->generators; g++) {
            int64_t to = image(o, g, member[j]);
            if (!seen[to])
                member[count++] = to;
            seen[to] = 1;
        }
    return count;
}

sx_status sx_i_orbits_walk(const sx_orbits *o, sx_i_image *image, int64_t n, sx_i_visit *visit,
                           void *context, int64_t *orbits, sx_error *err)
{
    unsigned char *seen = sx_alloc((size_t)n, 1);
    int64_t *member = sx_alloc((size_t)n, sizeof *member);
    sx_status st = seen && member ? SX_OK : sx_nomem(err);
    int64_t found = 0;
    for (int64_t i = 0; !st && i < n; i++) {
        if (seen[i])
            continue;
        int64_t count = find_orbit(o, image, i, seen, member);
        if (visit)
            visit(context, member, count);
        found++;
    }
    if (orbits)
        *orbits = found;
    sx_release(seen);
    sx_release(member);
    return st;
}

static const char TOO_MANY_ELEMENTS[] =
    "the group has more elements than are counted (10^6, or 2^24 numbers); its orbits, and all "
    "that depends on them, are exact";

/* The permutations of states and actions together are what tells elements apart. */
static sx_status find_order(sx_orbits *o, const sx_symmetry *g, sx_error *err)
{
    int32_t S = o->m->states, points = S + o->m->actions;
    int64_t order = 0;
    int32_t *image = sx_alloc((size_t)o->generators * (size_t)points, sizeof *image);
    if (!image)
        return sx_nomem(err);
    for (int32_t i = 0; i < o->generators; i++) {
        int32_t *to = image + (int64_t)i * points;
        memcpy(to, g[i].state, (size_t)S * sizeof *to);
        for (int32_t a = 0; a < o->m->actions; a++)
            to[S + a] = S + g[i].action[a];
    }
    sx_status st = sx_i_group_order(image, o->generators, points, SX_GROUP_LIMIT, &order, err);
    o->order =
        order > 0 ? (sx_number){(double)order, NULL} : (sx_number){NAN, TOO_MANY_ELEMENTS};
    sx_release(image);
    return st;
}

static sx_status find_orbits(sx_orbits *o, sx_error *err)
{
    int64_t states = 0, pairs = 0;
    sx_status st =
        sx_i_orbits_walk(o, sx_i_image_state, o->m->states, NULL, NULL, &states, err);
    if (!st)
        st = sx_i_orbits_walk(o, sx_i_image_pair, o->m->pairs, NULL, NULL, &pairs, err);
    o->state_orbits = (int32_t)states;
    o->pair_orbits = (int32_t)pairs;
    o->dimension = o->pair_orbits - o->state_orbits;
    return st;
}

static sx_status add_generator(sx_orbits *o, const sx_symmetry *g, sx_error *err)
{
    const sx_mdp *m = o->m;
    sx_symmetry_fault fault;
    sx_status st = sx_symmetry_check(m, g, &fault, err);
    if (!st && fault.found)
        st = sx_fail(err, SX_EARG,
                     "generator %d is no symmetry: it fails at state %d, action %d",
                     (int)o->generators, (int)fault.state, (int)fault.action);
    if (st)
        return st;
    int32_t *pair = o->pair + (int64_t)o->generators * m->pairs;
    memcpy(o->state + (int64_t)o->generators * m->states, g->state,
           (size_t)m->states * sizeof *o->state);
    for (int32_t s = 0; s < m->states; s++)
        for (int32_t k = m->pair[s]; k < m->pair[s + 1]; k++)
            pair[k] = sx_mdp_pair(m, g->state[s], g->action[m->action[k]]);
    o->generators++;
    return SX_OK;
}

sx_status sx_orbits_new(const sx_mdp *m, const sx_symmetry *g, int32_t n, sx_orbits **out,
                        sx_error *err)
{
    *out = NULL;
    if (n < 0)
        return sx_fail(err, SX_EARG, "%d generators", (int)n);
    sx_orbits *o = sx_alloc(1, sizeof *o);
    if (!o)
        return sx_nomem(err);
    o->m = m;
    o->state = sx_alloc((size_t)n * (size_t)m->states, sizeof *o->state);
    o->pair = sx_alloc((size_t)n * (size_t)m->pairs, sizeof *o->pair);
    sx_status st = o->state && o->pair ? SX_OK : sx_nomem(err);
    for (int32_t i = 0; !st && i < n; i++)
        st = add_generator(o, &g[i], err);
    if (!st)
        st = find_orbits(o, err);
    if (!st)
        st = find_order(o, g, err);
    if (st)
        o = sx_orbits_free(o);
    *out = o;
    return st;
}

sx_orbits *sx_orbits_free(sx_orbits *o)
{
    if (!o)
        return NULL;
    sx_release(o->state);
    sx_release(o->pair);
    return sx_release(o);
}
