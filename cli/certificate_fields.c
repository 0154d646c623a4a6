/* SPDX-License-Identifier: GPL-3.0-or-later */
/* certificate_fields.c - what is in a certificate file, in one table. */
#include "cli/certificate.h"

#include <stddef.h>

static const char *canon_word(int32_t i)
{
    return i >= 0 && i < SX_CANONS ? sx_canon_name((sx_canon)i) : NULL;
}

static const char *norm_word(int32_t i)
{
    return i >= 0 && i <= SX_NORMS ? sx_norm_name((sx_norm)i) : NULL;
}

static const char *metric_word(int32_t i)
{
    return i >= 0 && i < SX_NORMS ? sx_norm_name((sx_norm)i) : NULL;
}

static const char *distance_word(int32_t i)
{
    static const char *const words[] = {"starc", "epic"};
    return i >= 0 && i < 2 ? words[i] : NULL;
}

const char *sx_certificate_kind_name(int32_t kind)
{
    static const char *const words[] = {"regret", "solve", "distance", "shape"};
    return kind >= 0 && kind < 4 ? words[kind] : NULL;
}

#define AT(type, member)    offsetof(sx_certified_##type, member), NULL, false, SX_FOR_ANY
#define MAYBE(type, member) offsetof(sx_certified_##type, member), NULL, true, SX_FOR_ANY
#define TERMS(member)       offsetof(sx_certified_form, member), NULL, true, SX_FOR_TERMS
#define MINIMAL(member)     offsetof(sx_certified_form, member), NULL, true, SX_FOR_MINIMAL
#define IN(member)          offsetof(sx_certificate, member), NULL, true, SX_FOR_ANY
#define END \
    { \
        NULL, SX_FIELD_NUMBER, 0, NULL, false, SX_FOR_ANY \
    }

/* clang-format off */
static const sx_field reward_fields[] = {
    {"id", SX_FIELD_ID, AT(reward, reward)},
    {"sha256", SX_FIELD_HASH, AT(reward, sha256)},
    {"trivial", SX_FIELD_FLAG, AT(reward, trivial)},
    {"range", SX_FIELD_RANGE, AT(reward, range)},
    {"potential", SX_FIELD_STATES, AT(reward, potential)},
    {"greatest", SX_FIELD_STATES, AT(reward, most)},
    {"least", SX_FIELD_STATES, AT(reward, least)},
    END};

static const sx_field plain_reward_fields[] = {
    {"id", SX_FIELD_ID, AT(reward, reward)},
    {"sha256", SX_FIELD_HASH, AT(reward, sha256)},
    END};

static const sx_field pair_fields[] = {
    {"true", SX_FIELD_REWARD, AT(pair, truth)},
    {"proxy", SX_FIELD_REWARD, AT(pair, proxy)},
    {"regret.optimal_pessimistic", SX_FIELD_NUMBER, AT(pair, pessimistic)},
    {"regret.optimal_optimistic", SX_FIELD_NUMBER, AT(pair, optimistic)},
    {"regret.worst_case", SX_FIELD_NUMBER, AT(pair, worst_case)},
    {"certificate.lambda", SX_FIELD_NUMBER, AT(pair, lambda)},
    {"certificate.primal", SX_FIELD_NUMBER, AT(pair, primal)},
    {"certificate.dual", SX_FIELD_NUMBER, AT(pair, dual)},
    {"certificate.gap", SX_FIELD_NUMBER, AT(pair, gap)},
    {"certificate.greatest", SX_FIELD_STATES, AT(pair, most)},
    {"certificate.least", SX_FIELD_STATES, AT(pair, least)},
    {"optimal.best", SX_FIELD_STATES, AT(pair, best.value)},
    {"optimal.worst", SX_FIELD_STATES, AT(pair, worst.value)},
    {"optimal.best_share", SX_FIELD_NUMBER, AT(pair, best.share)},
    {"optimal.worst_share", SX_FIELD_NUMBER, AT(pair, worst.share)},
    {"optimal.best_short.policy", SX_FIELD_PAIRS, MAYBE(pair, best.policy)},
    {"optimal.best_short.proxy", SX_FIELD_STATES, MAYBE(pair, best.proxy)},
    {"optimal.worst_short.policy", SX_FIELD_PAIRS, MAYBE(pair, worst.policy)},
    {"optimal.worst_short.proxy", SX_FIELD_STATES, MAYBE(pair, worst.proxy)},
    {"witness.high.policy", SX_FIELD_PAIRS, AT(pair, high.policy)},
    {"witness.high.true", SX_FIELD_STATES, AT(pair, high.truth)},
    {"witness.high.proxy", SX_FIELD_STATES, AT(pair, high.proxy)},
    {"witness.low.policy", SX_FIELD_PAIRS, AT(pair, low.policy)},
    {"witness.low.true", SX_FIELD_STATES, AT(pair, low.truth)},
    {"witness.low.proxy", SX_FIELD_STATES, AT(pair, low.proxy)},
    END};

static const sx_field form_fields[] = {
    {"reward", SX_FIELD_REWARD, AT(form, reward)},
    {"canon", SX_FIELD_WORD, offsetof(sx_certified_form, canon), canon_word, false, SX_FOR_ANY},
    {"norm", SX_FIELD_WORD, offsetof(sx_certified_form, norm), norm_word, false, SX_FOR_ANY},
    {"constant", SX_FIELD_NUMBER, AT(form, constant)},
    {"potential", SX_FIELD_STATES, AT(form, potential)},
    {"potential_rest", SX_FIELD_STATES, MINIMAL(potential_rest)},
    {"weight", SX_FIELD_NUMBER, TERMS(weight)},
    {"dual", SX_FIELD_TERMS, TERMS(dual)},
    {"centre", SX_FIELD_TERMS, TERMS(centre)},
    {"centre_rest", SX_FIELD_TERMS, TERMS(centre_rest)},
    END};

static const sx_field distance_fields[] = {
    {"a", SX_FIELD_REWARD, AT(distance, a)},
    {"b", SX_FIELD_REWARD, AT(distance, b)},
    {"distance", SX_FIELD_WORD, offsetof(sx_certified_distance, measure.kind), distance_word, false, SX_FOR_ANY},
    {"canon", SX_FIELD_WORD, offsetof(sx_certified_distance, measure.canon), canon_word, false, SX_FOR_ANY},
    {"norm", SX_FIELD_WORD, offsetof(sx_certified_distance, measure.norm), norm_word, false, SX_FOR_ANY},
    {"metric", SX_FIELD_WORD, offsetof(sx_certified_distance, measure.metric), metric_word, false, SX_FOR_ANY},
    {"value", SX_FIELD_MAYBE, AT(distance, value)},
    {"reason", SX_FIELD_REASON, AT(distance, value)},
    END};

const sx_field sx_field_root[] = {
    {"policy", SX_FIELD_PAIRS, IN(policy)},
    {"state_dist", SX_FIELD_STATES, IN(state_dist)},
    {"action_dist", SX_FIELD_PAIRS, IN(action_dist)},
    END};

const sx_field sx_field_solution[] = {
    {"minimise", SX_FIELD_FLAG, AT(solution, minimise)},
    {"return", SX_FIELD_RANGE, AT(solution, range)},
    {"gap", SX_FIELD_NUMBER, AT(solution, gap)},
    {"error", SX_FIELD_NUMBER, AT(solution, error)},
    {"values", SX_FIELD_STATES, AT(solution, value)},
    {"policy", SX_FIELD_STATES, AT(solution, policy)},
    END};

#define LIST(type, counter, pointer) sizeof(sx_certified_##type), \
    offsetof(sx_certificate, counter), offsetof(sx_certificate, pointer)
#define KIND(name) (1U << SX_CERTIFICATE_##name)

const sx_field_list sx_field_lists[] = {
    {"rewards", reward_fields, LIST(reward, rewards, reward), KIND(REGRET)},
    {"rewards", plain_reward_fields, LIST(reward, rewards, reward), KIND(SOLVE) | KIND(DISTANCE)},
    {"pairs", pair_fields, LIST(pair, pairs, pair), KIND(REGRET)},
    {"forms", form_fields, LIST(form, forms, form), KIND(DISTANCE)},
    {"distances", distance_fields, LIST(distance, distances, distance), KIND(DISTANCE)},
    {NULL, NULL, 0, 0, 0, 0}};
/* clang-format on */

const char *sx_pool_name(sx_pool p)
{
    static const char *const words[] = {"states", "pairs", "transitions", "triples"};
    return words[p];
}

int64_t sx_pool_length(const sx_certificate *x, sx_pool p)
{
    switch (p) {
    case SX_POOL_STATES: return x->world.n;
    case SX_POOL_PAIRS: return x->world.k;
    case SX_POOL_TRANSITIONS: return x->world.transitions;
    default: return (int64_t)x->world.pairs * x->world.states;
    }
}

bool sx_field_applies(const sx_certificate *x, const sx_field *f, const void *item)
{
    const sx_certified_form *form = item;
    if (f->of == SX_FOR_MINIMAL)
        return sx_canon_is_minimal(form->canon);
    return f->of == SX_FOR_ANY || sx_certified_form_terms(&x->world, form->canon, form->norm);
}

sx_pool sx_field_pool(const sx_field *f, const void *item)
{
    const sx_certified_form *form = item;
    if (f->kind == SX_FIELD_STATES || f->kind == SX_FIELD_PAIRS)
        return f->kind == SX_FIELD_STATES ? SX_POOL_STATES : SX_POOL_PAIRS;
    if (f->kind != SX_FIELD_TERMS)
        return SX_POOLS;
    if (form->canon == SX_MINIMAL)
        return SX_POOL_PAIRS;
    return form->norm == SX_L1 || form->norm == SX_LINF ? SX_POOL_TRIPLES : SX_POOL_TRANSITIONS;
}

bool sx_field_evidence(const sx_certificate *x, const sx_field_list *l, int32_t i)
{
    if (l->field != pair_fields)
        return true;
    return !x->reward[x->pair[i].truth].trivial && !x->reward[x->pair[i].proxy].trivial;
}
