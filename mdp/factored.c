/* SPDX-License-Identifier: GPL-3.0-or-later */
/* factored.c - a world whose states are the combinations of a few variables. */
#include "mdp/factored_int.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define VARIABLES 1000
#define NUMBERS   ((int64_t)1 << 28) /* values of the variables of all states */

typedef struct builder {
    const sx_factored *f;
    sx_i_program program;
    sx_i_codes codes;
    int64_t pairs, entries;
    sx_world *w;
    sx_error *err;
} builder;

static sx_status too_large(builder *b, const char *hint, const char *what)
{
    sx_i_spot spot = {.part = SX_FACTORED_WORLD};
    return sx_i_program_problem(&b->program, spot, "E183", hint, "%s", what);
}

/* --- what is explored from ----------------------------------------------------------- */

/* The place at which variable v starts, -1 for any. */
static int32_t first_place(const sx_factored *f, int32_t v)
{
    if (f->fixed && f->fixed[v] >= 0)
        return f->fixed[v];
    return f->initial && !f->all && !f->starts ? f->initial[v] : -1;
}

/* How many combinations have those places; -1 for too many. */
static int64_t count_combinations(const sx_factored *f, bool *every)
{
    int64_t n = 1;
    *every = true;
    for (int32_t v = 0; v < f->factors->count; v++) {
        bool any = first_place(f, v) < 0;
        *every = *every && any;
        n *= any ? f->factors->factor[v].count : 1;
        if (n > SX_FACTORED_STATES)
            return -1;
    }
    return n;
}

/* Combination i of those. */
static int64_t combination(const sx_factored *f, int64_t i)
{
    int64_t code = 0;
    for (int32_t v = f->factors->count - 1; v >= 0; v--) {
        const sx_factor *x = &f->factors->factor[v];
        int32_t place = first_place(f, v);
        if (place < 0) {
            place = (int32_t)(i % x->count);
            i /= x->count;
        }
        code += place * x->weight;
    }
    return code;
}

static sx_status add_combinations(builder *b)
{
    bool every = false;
    char what[160];
    int64_t n = count_combinations(b->f, &every);
    if (n < 0) {
        snprintf(what, sizeof what,
                 "the process may start in any of more than %d combinations of values",
                 SX_FACTORED_STATES);
        return b->f->all ? too_large(b, "states=\"reachable\" keeps what can be reached",
                                     "the variables have too many combinations of values")
                         : too_large(b,
                                     "say where it starts: <initial>, or initial= of the "
                                     "variables",
                                     what);
    }
    if (every) {
        b->codes.dense = true;
        b->codes.count = (int32_t)n;
    }
    sx_status st = SX_OK;
    for (int64_t i = 0; i < n && !every && !st; i++)
        st = sx_i_codes_add(&b->codes, combination(b->f, i), b->err);
    return st;
}

static sx_status seed(builder *b)
{
    const sx_factored *f = b->f;
    sx_status st = SX_OK;
    if (f->all || !f->starts)
        return add_combinations(b);
    for (int64_t i = 0; i < f->starts && !st; i++)
        if (f->start[i].weight > 0)
            st = sx_i_codes_add(&b->codes, f->start[i].code, b->err);
    return st;
}

/* --- blocks -------------------------------------------------------------------------- */

/* Run the block of states from number s on; how many they are. */
static sx_status run_block(builder *b, int32_t s, int32_t *lanes)
{
    sx_i_program *p = &b->program;
    int32_t left = b->codes.count - s;
    *lanes = left < p->block ? left : p->block;
    if (!b->codes.dense)
        return sx_i_program_run(p, b->codes.code + s, *lanes);
    for (int32_t i = 0; i < *lanes; i++)
        p->code[i] = s + i;
    return sx_i_program_run(p, p->code, *lanes);
}

/* Count the steps from the state of a lane and add where they lead. */
static sx_status visit(builder *b, int32_t lane)
{
    sx_i_program *p = &b->program;
    sx_status st = SX_OK;
    for (int32_t a = 0; a < b->f->actions && !st; a++) {
        int32_t n = sx_i_program_row(p, lane, a);
        b->pairs += n > 0;
        b->entries += n;
        for (int32_t i = 0; i < n && !st && !b->codes.dense; i++)
            st = sx_i_codes_add(&b->codes, p->row[i].code, b->err);
    }
    return st;
}

static sx_status check_size(builder *b)
{
    char what[120];
    int64_t most = NUMBERS / b->f->factors->count;
    const char *hint = "fewer values, or guards that keep it from what does not matter";
    if (b->codes.count > SX_FACTORED_STATES || b->codes.count > most) {
        snprintf(what, sizeof what, "more than %lld states can be reached",
                 (long long)(most < SX_FACTORED_STATES ? most : SX_FACTORED_STATES));
        return too_large(b, hint, what);
    }
    if (b->entries <= SX_FACTORED_ENTRIES)
        return SX_OK;
    snprintf(what, sizeof what, "more than %lld transitions", (long long)SX_FACTORED_ENTRIES);
    return too_large(b, hint, what);
}

/* Find the states and count their pairs and entries. */
static sx_status explore(builder *b)
{
    sx_status st = seed(b);
    for (int32_t s = 0, lanes = 0; !st && s < b->codes.count; s += lanes) {
        st = run_block(b, s, &lanes);
        for (int32_t i = 0; i < lanes && !st; i++) {
            st = visit(b, i);
            if (!st)
                st = check_size(b);
        }
    }
    return st;
}

/* --- arrays -------------------------------------------------------------------------- */

static void fill_state(builder *b, int32_t s, int32_t lane, int32_t *k, int64_t *t)
{
    sx_i_program *p = &b->program;
    sx_mdp *m = b->w->mdp;
    m->pair[s] = *k;
    m->absorbing[s] = p->absorbs[lane];
    for (int32_t a = 0; a < b->f->actions; a++) {
        int32_t n = sx_i_program_row(p, lane, a);
        if (!n)
            continue;
        m->action[*k] = a;
        m->first[(*k)++] = *t;
        for (int32_t i = 0; i < n; i++) {
            m->next[*t] = sx_i_codes_find(&b->codes, p->row[i].code);
            m->prob[(*t)++] = p->row[i].prob;
        }
    }
}

static sx_status fill(builder *b)
{
    sx_mdp *m = b->w->mdp;
    int32_t k = 0;
    int64_t t = 0;
    sx_status st = SX_OK;
    for (int32_t s = 0, lanes = 0; !st && s < m->states; s += lanes) {
        st = run_block(b, s, &lanes);
        for (int32_t i = 0; i < lanes && !st; i++)
            fill_state(b, s + i, i, &k, &t);
    }
    m->pair[m->states] = k;
    m->first[k] = t;
    return st;
}

static int64_t code_of(const builder *b, int32_t s)
{
    return b->codes.dense ? s : b->codes.code[s];
}

/* Without starts: uniform over the states that have the initial places and are not absorbing,
 * over all with those places when none is left. */
static void start_anywhere(builder *b)
{
    const sx_factored *f = b->f;
    sx_mdp *m = b->w->mdp;
    bool any = false;
    for (int32_t s = 0; s < m->states; s++) {
        bool here = true;
        for (int32_t v = 0; v < f->factors->count && here && f->initial; v++) {
            bool fixed = f->fixed && f->fixed[v] >= 0;
            here = fixed || f->initial[v] < 0 ||
                   f->initial[v] == sx_factors_place(f->factors, v, code_of(b, s));
        }
        m->initial[s] = here;
        any = any || (here && !m->absorbing[s]);
    }
    for (int32_t s = 0; s < m->states && any; s++)
        m->initial[s] *= !m->absorbing[s];
}

static sx_status set_initial(builder *b)
{
    const sx_factored *f = b->f;
    sx_mdp *m = b->w->mdp;
    double sum = 0;
    if (!f->starts)
        start_anywhere(b);
    for (int64_t i = 0; i < f->starts; i++)
        if (f->start[i].weight > 0)
            m->initial[sx_i_codes_find(&b->codes, f->start[i].code)] += f->start[i].weight;
    for (int32_t s = 0; s < m->states; s++)
        sum += m->initial[s];
    if (!(sum > 0) || !isfinite(sum))
        return too_large(b, NULL, "the weights of the starts have no sum");
    sx_mdp_normalise(m);
    return SX_OK;
}

/* --- names and variables ------------------------------------------------------------- */

static sx_status make_variable(builder *b, int32_t v)
{
    const sx_factor *x = &b->f->factors->factor[v];
    int32_t index = 0;
    sx_status st = sx_world_add_variable(b->w, x->name, &index, b->err);
    if (st)
        return st;
    double *value = b->w->variable[index].value;
    for (int32_t s = 0; s < b->w->mdp->states; s++)
        value[s] = sx_factor_value(x, sx_factors_place(b->f->factors, v, code_of(b, s)));
    if (sx_factor_is_named(x))
        st = sx_names_copy(x->text, &b->w->variable[index].symbols, b->err);
    return st;
}

/* The names of the states take the codes; nothing needs them afterwards. */
static sx_status make_names(builder *b)
{
    sx_factors *copy = NULL;
    sx_error local = SX_NO_ERROR;
    sx_status st = sx_factors_copy(b->f->factors, &copy, b->err);
    if (st)
        return st;
    int64_t *code = b->codes.code;
    int32_t states = b->codes.count;
    b->codes.code = NULL;
    st = sx_names_factored(copy, code, states, &b->w->states, &local);
    if (st && st != SX_ELIMIT)
        return sx_fail(b->err, st, "%s", local.msg);
    if (st)
        st = too_large(b, "shorter names of the variables and their values",
                       "the names of the states take more memory than 256 MiB");
    return st;
}

static sx_status make_world(builder *b)
{
    sx_status st = sx_world_new(&b->w, b->err);
    if (!st && b->pairs > INT32_MAX)
        st = too_large(b, NULL, "more than 2147483647 pairs of state and action");
    if (!st)
        st = sx_mdp_new(b->codes.count, b->f->actions, (int32_t)b->pairs, b->entries,
                        &b->w->mdp, b->err);
    if (!st)
        st = fill(b);
    if (!st)
        st = set_initial(b);
    if (!st)
        st = sx_names_copy(b->program.w->actions, &b->w->actions, b->err);
    for (int32_t v = 0; v < b->f->factors->count && !st; v++)
        st = make_variable(b, v);
    return st ? st : make_names(b);
}

static sx_status check_variables(builder *b)
{
    char what[80];
    if (b->f->factors->count <= VARIABLES)
        return SX_OK;
    snprintf(what, sizeof what, "the world has more than %d variables", VARIABLES);
    return too_large(b, NULL, what);
}

sx_status sx_factored_world(const sx_factored *f, sx_factored_report *report, void *context,
                            sx_world **out, sx_error *err)
{
    builder b = {.f = f,
                 .program = {.f = f, .report = report, .context = context, .err = err},
                 .err = err};
    *out = NULL;
    sx_status st = check_variables(&b);
    if (!st)
        st = sx_i_program_compile(&b.program);
    if (!st)
        st = explore(&b);
    if (!st) {
        sx_i_codes_sort(&b.codes);
        st = make_world(&b);
    }
    if (st == SX_EINPUT)
        (void)sx_fail(err, st, "the factored world is malformed");
    sx_i_program_clear(&b.program);
    sx_i_codes_clear(&b.codes);
    *out = st ? sx_world_free(b.w) : b.w;
    return st;
}
