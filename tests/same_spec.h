/* SPDX-License-Identifier: GPL-3.0-or-later */
/* same_spec.h - are two specifications the same world and rewards, bit for bit? */
#ifndef SAME_SPEC_H
#define SAME_SPEC_H

#include "mdp/spec.h"
#include "tests/check.h"

static inline void same_bytes(const void *a, const void *b, size_t size)
{
    assert_int_equal(a != NULL, b != NULL);
    if (a && size)
        assert_memory_equal(a, b, size);
}

static inline void same_mdp(const sx_mdp *a, const sx_mdp *b)
{
    size_t s = (size_t)a->states, k = (size_t)a->pairs, t = (size_t)a->entries;
    assert_int_equal(a->states, b->states);
    assert_int_equal(a->actions, b->actions);
    assert_int_equal(a->pairs, b->pairs);
    assert_int_equal(a->entries, b->entries);
    same_bytes(&a->discount, &b->discount, sizeof a->discount);
    same_bytes(a->pair, b->pair, (s + 1) * sizeof *a->pair);
    same_bytes(a->action, b->action, k * sizeof *a->action);
    same_bytes(a->first, b->first, (k + 1) * sizeof *a->first);
    same_bytes(a->next, b->next, t * sizeof *a->next);
    same_bytes(a->prob, b->prob, t * sizeof *a->prob);
    same_bytes(a->initial, b->initial, s * sizeof *a->initial);
    same_bytes(a->absorbing, b->absorbing, s);
}

static inline void same_reward(const sx_mdp *m, const sx_reward *a, const sx_reward *b)
{
    size_t s = (size_t)m->states, k = (size_t)m->pairs;
    same_bytes(a->on, b->on, (size_t)m->entries * sizeof *a->on);
    same_bytes(a->left, b->left, k * sizeof *a->left);
    same_bytes(a->right, b->right, s * sizeof *a->right);
    assert_int_equal(a->dense != NULL, b->dense != NULL);
    for (int32_t i = 0; a->dense && i < m->pairs; i++) /* possible triples: in on[] */
        for (int32_t next = 0; next < m->states; next++)
            CHECK_NEAR(sx_reward_at(m, a, i, next), sx_reward_at(m, b, i, next), 0);
    assert_ptr_equal(a->unknown, b->unknown);
    assert_int_equal(a->products, b->products);
    for (int32_t i = 0; i < a->products; i++) {
        same_bytes(a->product[i].left, b->product[i].left, k * sizeof(double));
        same_bytes(a->product[i].right, b->product[i].right, s * sizeof(double));
    }
    assert_int_equal(a->exceptions, b->exceptions);
    if (a->exceptions)
        same_bytes(a->exception, b->exception, (size_t)a->exceptions * sizeof *a->exception);
}

static inline void same_names(const sx_names *a, const sx_names *b)
{
    char one[SX_NAME_BUFFER], two[SX_NAME_BUFFER];
    assert_int_equal(a != NULL, b != NULL);
    assert_int_equal(a ? sx_names_count(a) : 0, b ? sx_names_count(b) : 0);
    for (int32_t i = 0; a && i < sx_names_count(a); i++)
        assert_string_equal(sx_names_get(a, i, one), sx_names_get(b, i, two));
}

static inline void same_world(const sx_world *a, const sx_world *b)
{
    same_mdp(a->mdp, b->mdp);
    same_names(a->states, b->states);
    same_names(a->actions, b->actions);
    assert_int_equal(a->labels, b->labels);
    for (int32_t i = 0; i < a->labels; i++) {
        assert_string_equal(a->label[i].name, b->label[i].name);
        assert_int_equal(a->label[i].count, b->label[i].count);
        same_bytes(a->label[i].state, b->label[i].state,
                   (size_t)a->label[i].count * sizeof(int32_t));
    }
    assert_int_equal(a->variables, b->variables);
    for (int32_t i = 0; i < a->variables; i++) {
        const sx_variable *x = &a->variable[i], *y = &b->variable[i];
        int32_t n = x->of_pairs ? a->mdp->pairs : a->mdp->states;
        assert_string_equal(x->name, y->name);
        assert_int_equal(x->of_pairs, y->of_pairs);
        same_bytes(x->value, y->value, (size_t)n * sizeof *x->value);
        same_names(x->symbols, y->symbols);
    }
    same_bytes(a->base, b->base, (size_t)a->mdp->pairs * sizeof *a->base);
    assert_int_equal(a->throughs, b->throughs);
}

static inline void same_spec(const sx_spec *a, const sx_spec *b)
{
    assert_string_equal(a->id, b->id);
    assert_string_equal(a->title, b->title);
    same_world(a->world, b->world);
    assert_int_equal(a->rewards, b->rewards);
    for (int32_t i = 0; i < a->rewards; i++) {
        assert_string_equal(a->reward[i].id, b->reward[i].id);
        same_reward(a->world->mdp, a->reward[i].reward, b->reward[i].reward);
    }
}

#endif
