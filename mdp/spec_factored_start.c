/* SPDX-License-Identifier: GPL-3.0-or-later */
/* spec_factored_start.c - <factored>: its variables, what they are set to, where it starts. */
#include "mdp/expr.h"
#include "mdp/spec_factored_int.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static const char blanks[] = " \t\r\n";
static const char domains[] = "values=\"red green\" or range=\"0 9\"";

/* --- variables -----------------------------------------------------------------------------
 */

/* A word of a list, as a string of its own in *word. */
static sx_status next_word(const char **p, char **word, sx_error *err)
{
    *p += strspn(*p, blanks);
    size_t n = strcspn(*p, blanks);
    *word = NULL;
    if (!n)
        return SX_OK;
    *word = sx_alloc(n + 1, 1);
    if (!*word)
        return sx_nomem(err);
    memcpy(*word, *p, n);
    *p += n;
    return SX_OK;
}

static sx_status wrong_values(sx_i_factored *r, const sx_node *n, const char *attr,
                              const char *hint, const char *message)
{
    return sx_diag_report(r->rd->diags, sx_i_attr_where(n, attr), "E182", hint, "%s", message);
}

/* values="a b c" */
static sx_status split_values(sx_i_factored *r, const sx_node *n, sx_names *names)
{
    const char *p = sx_node_value(n, "values");
    char *word = NULL;
    sx_status st = next_word(&p, &word, r->rd->err);
    while (word && !st) {
        int32_t index = 0, before = sx_names_count(names);
        st = sx_names_add(names, word, &index, r->rd->err);
        if (!st && index < before)
            st = sx_diag_report(r->rd->diags, sx_i_attr_where(n, "values"), "E117", NULL,
                                "the value \"%.60s\" is listed twice", word);
        if (!st && strchr(word, ','))
            st = wrong_values(r, n, "values", "values are separated by blanks",
                              "a value with a comma, which separates variables in the names "
                              "of states");
        sx_release(word);
        word = NULL;
        if (!st)
            st = next_word(&p, &word, r->rd->err);
    }
    return st;
}

static sx_status read_list(sx_i_factored *r, const sx_node *n, sx_error *why)
{
    sx_names *names = NULL;
    sx_status st = sx_names_new(&names, r->rd->err);
    if (!st)
        st = split_values(r, n, names);
    if (!st && !sx_names_count(names))
        st = wrong_values(r, n, "values", NULL, "a variable has at least one value");
    if (!st)
        st = sx_factors_add_list(r->factors, sx_node_value(n, "id"), names, why);
    sx_names_free(names);
    return st;
}

/* The two whole numbers of range="0 9". */
static bool read_ends(const char *text, double end[2])
{
    char word[2][64] = {"", ""};
    for (int i = 0; i < 2; i++) {
        text += strspn(text, blanks);
        size_t n = strcspn(text, blanks);
        if (!n || n >= sizeof word[0])
            return false;
        memcpy(word[i], text, n);
        text += n;
        if (!sx_number_read(word[i], &end[i]) || end[i] != floor(end[i]) ||
            fabs(end[i]) > 9007199254740992.0)
            return false;
    }
    return !text[strspn(text, blanks)];
}

static sx_status read_range(sx_i_factored *r, const sx_node *n, sx_error *why)
{
    double end[2];
    char message[120];
    if (!read_ends(sx_node_value(n, "range"), end))
        return wrong_values(r, n, "range", "range=\"0 9\": from 0 to 9, both included",
                            "a range is two whole numbers");
    if (end[1] < end[0])
        return wrong_values(r, n, "range", "the smaller number comes first",
                            "the range has no number");
    if (end[1] - end[0] >= SX_FACTOR_VALUES) {
        snprintf(message, sizeof message, "the range has %.0f numbers, more than %d",
                 end[1] - end[0] + 1, SX_FACTOR_VALUES);
        return sx_diag_report(r->rd->diags, sx_i_attr_where(n, "range"), "E183", NULL, "%s",
                              message);
    }
    return sx_factors_add_range(r->factors, sx_node_value(n, "id"), (int64_t)end[0],
                                (int64_t)(end[1] - end[0]) + 1, why);
}

static sx_status check_id(sx_i_factored *r, const sx_node *n)
{
    const char *id = sx_i_attr_sound(n, "id");
    if (!id)
        return SX_EINPUT;
    if (sx_i_word_reserved(id))
        return sx_diag_report(
            r->rd->diags, sx_i_attr_where(n, "id"), "E118", "choose another id",
            "the variable \"%.60s\" has a name that expressions use otherwise", id);
    if (sx_factors_variable(r->factors, id) >= 0)
        return sx_diag_report(r->rd->diags, sx_i_attr_where(n, "id"), "E117", NULL,
                              "the variable \"%.60s\" is listed twice", id);
    return SX_OK;
}

/* What comes after does not make it less. */
static sx_status too_many(sx_i_factored *r, const sx_node *n, const char *message)
{
    r->excess = true;
    return sx_diag_report(r->rd->diags, n->place, "E183", NULL, "%s", message);
}

/* values= or range=, one of them, of the right type. */
static sx_status check_domain(sx_i_factored *r, const sx_node *n)
{
    const sx_attr *values = sx_node_attr(n, "values"), *range = sx_node_attr(n, "range");
    if (values && range)
        return wrong_values(r, n, "range", domains,
                            "a variable has values or a range, not both");
    if (!values && !range)
        return wrong_values(r, n, "id", domains, "the variable has no values");
    return sx_i_attr_sound(n, values ? "values" : "range") ? SX_OK : SX_EINPUT;
}

static sx_status read_variable(sx_i_factored *r, const sx_node *n)
{
    sx_error why = SX_NO_ERROR;
    sx_status st = check_id(r, n);
    if (!st)
        st = check_domain(r, n);
    if (st)
        return st;
    st = sx_node_attr(n, "values") ? read_list(r, n, &why) : read_range(r, n, &why);
    if (st == SX_EINPUT && why.status)
        st = wrong_values(r, n, "values", NULL, why.msg);
    else if (st == SX_ELIMIT)
        st = too_many(r, n, why.msg);
    else if (st && why.status)
        st = sx_fail(r->rd->err, st, "%s", why.msg);
    return st;
}

int32_t sx_i_factored_place(const sx_factor *x, const char *text)
{
    char number[64];
    double value = 0;
    text += strspn(text, blanks);
    size_t n = strcspn(text, blanks);
    if (text[n + strspn(text + n, blanks)])
        return -1;
    int32_t place = sx_factor_find(x, text, n);
    if (place >= 0 || sx_factor_is_named(x) || n >= sizeof number)
        return place;
    memcpy(number, text, n);
    number[n] = '\0';
    return sx_number_read(number, &value) ? sx_factor_place(x, value) : -1;
}

/* The value of an attribute must be one of x. */
static sx_status read_place(sx_i_factored *r, const sx_node *n, const char *attr,
                            const sx_factor *x, const char *code, int32_t *place)
{
    char domain[120], hint[200];
    const char *text = sx_i_attr_sound(n, attr);
    if (!text)
        return SX_EINPUT;
    *place = sx_i_factored_place(x, text);
    if (*place >= 0)
        return SX_OK;
    sx_factor_domain(x, domain, sizeof domain);
    snprintf(hint, sizeof hint, "%.60s is %s", x->name, domain);
    return sx_diag_report(r->rd->diags, sx_i_attr_where(n, attr), code, hint,
                          "%.60s has no value \"%.60s\"", x->name, text);
}

/* A value that is also a variable: an expression would read the variable. */
static sx_status check_values(sx_i_factored *r)
{
    sx_status st = SX_OK;
    const sx_node *n = sx_i_first(r->world, "variable");
    for (int32_t v = 0; v < r->factors->count && n; v++, n = sx_i_next(n, "variable"))
        for (int32_t i = 0; i < r->factors->count; i++) {
            const sx_factor *x = &r->factors->factor[v];
            const char *name = r->factors->factor[i].name;
            if (!sx_factor_is_named(x) || sx_factor_find(x, name, strlen(name)) < 0)
                continue;
            st = sx_diag_report(r->rd->diags, sx_i_attr_where(n, "values"), "E118",
                                "expressions could not tell them apart: rename one of them",
                                "the value \"%.60s\" of %.60s is also the name of a variable",
                                name, x->name);
        }
    return st;
}

sx_status sx_i_factored_variables(sx_i_factored *r)
{
    sx_status st = SX_OK;
    int32_t variables = 0;
    for (const sx_node *n = sx_i_first(r->world, "variable"); n; n = sx_i_next(n, "variable"))
        variables++;
    if (variables > SX_I_VARIABLES)
        return sx_diag_report(r->rd->diags, r->world->place, "E183", NULL,
                              "the world has %d variables, more than %d", variables,
                              SX_I_VARIABLES);
    r->initial = sx_alloc((size_t)variables, sizeof *r->initial);
    r->fixed = sx_alloc((size_t)variables, sizeof *r->fixed);
    if (!r->initial || !r->fixed)
        return sx_nomem(r->rd->err);
    for (int32_t v = 0; v < variables; v++)
        r->initial[v] = r->fixed[v] = -1;
    for (const sx_node *n = sx_i_first(r->world, "variable"); n && !sx_i_stops(st);
         n = sx_i_next(n, "variable")) {
        sx_status one = read_variable(r, n);
        int32_t v = r->factors->count - 1;
        if (!one && sx_node_attr(n, "initial"))
            one = read_place(r, n, "initial", &r->factors->factor[v], "E182", &r->initial[v]);
        st = sx_i_worse(st, one);
        if (r->excess)
            return st;
    }
    if (!variables)
        return SX_EINPUT; /* reported */
    return st ? st : check_values(r);
}

/* "the variables are x, door" or "the 40 variables are x ... door". */
static void list_variables(const sx_factors *f, char hint[160])
{
    int used = snprintf(hint, 160, "the variables are ");
    for (int32_t v = 0; v < f->count && f->count <= 4; v++)
        used += snprintf(hint + used, 160 - (size_t)used, "%s%.30s", v ? ", " : "",
                         f->factor[v].name);
    if (f->count > 4)
        snprintf(hint, 160, "the %d variables are %.30s ... %.30s", f->count, f->factor[0].name,
                 f->factor[f->count - 1].name);
}

/* The variable nearest to text into hint. */
static const char *hint_variable(const sx_factors *f, const char *text, char hint[160])
{
    int32_t least = INT32_MAX, best = -1;
    for (int32_t v = 0; v < f->count; v++) {
        int32_t distance = sx_text_distance(text, f->factor[v].name);
        best = distance < least ? v : best;
        least = distance < least ? distance : least;
    }
    if (best >= 0)
        snprintf(hint, 160, "did you mean %.60s?", f->factor[best].name);
    else
        list_variables(f, hint);
    return hint;
}

sx_status sx_i_factored_variable(sx_i_factored *r, const sx_node *n, int32_t *v)
{
    char hint[160];
    const char *text = sx_i_attr_sound(n, "variable");
    *v = text ? sx_factors_variable(r->factors, text) : -1;
    if (!text || *v >= 0)
        return text ? SX_OK : SX_EINPUT;
    return sx_diag_report(r->rd->diags, sx_i_attr_where(n, "variable"), "E185",
                          hint_variable(r->factors, text, hint),
                          "the world has no variable \"%.60s\"", text);
}

/* --- interventions --------------------------------------------------------------------------
 */

static sx_status read_do(sx_i_factored *r, sx_i_do *act)
{
    char domain[120];
    int32_t v = sx_factors_variable(r->factors, act->variable);
    if (v < 0)
        return SX_OK;
    act->done = true;
    if (act->when)
        return sx_diag_report(r->rd->diags, act->when_at, "E186",
                              "a variable of the state changes as the process goes: patch the "
                              "assignments with <replace>",
                              "an intervention on the variable %.60s of a factored world holds "
                              "everywhere, so it takes no when=",
                              act->variable);
    const sx_factor *x = &r->factors->factor[v];
    r->fixed[v] = sx_i_factored_place(x, act->value);
    if (r->fixed[v] >= 0)
        return SX_OK;
    sx_factor_domain(x, domain, sizeof domain);
    return sx_diag_report(r->rd->diags, act->value_at, "E186", "it must be one of its values",
                          "%.60s has no value \"%.60s\": it is %s", x->name, act->value,
                          domain);
}

sx_status sx_i_factored_dos(sx_i_factored *r)
{
    sx_status st = SX_OK;
    for (int32_t i = 0; i < r->rd->dos; i++)
        st = sx_i_worse(st, read_do(r, &r->rd->act[i]));
    return st;
}

/* --- starts ---------------------------------------------------------------------------------
 */

/* <start state="x=3,door=open"/> */
static sx_status start_by_name(sx_i_factored *r, const sx_node *n, int64_t *code)
{
    const char *text = sx_i_attr_sound(n, "state");
    char hint[300], example[200];
    if (!text)
        return SX_EINPUT;
    *code = sx_factors_find(r->factors, text);
    if (*code >= 0)
        return SX_OK;
    (void)sx_factors_text(r->factors, 0, example, sizeof example);
    snprintf(hint, sizeof hint, "all variables in their order, such as %s", example);
    return sx_diag_report(r->rd->diags, sx_i_attr_where(n, "state"), "E120", hint,
                          "the world has no state \"%.60s\"", text);
}

/* <start> with <assign> children: each variable once, or its initial=. */
static sx_status start_by_values(sx_i_factored *r, const sx_node *n, int32_t *place,
                                 int64_t *code)
{
    const sx_factors *f = r->factors;
    sx_status st = SX_OK;
    for (int32_t v = 0; v < f->count; v++)
        place[v] = -1;
    for (const sx_node *a = sx_i_first(n, "assign"); a; a = sx_i_next(a, "assign")) {
        int32_t v, value = -1;
        sx_status one = sx_i_factored_variable(r, a, &v);
        if (!one)
            one = read_place(r, a, "value", &f->factor[v], "E184", &value);
        if (!one && place[v] >= 0)
            one = sx_diag_report(r->rd->diags, sx_i_attr_where(a, "variable"), "E117", NULL,
                                 "the start gives %.60s two values", f->factor[v].name);
        if (!one)
            place[v] = value;
        st = sx_i_worse(st, one);
    }
    *code = 0;
    for (int32_t v = 0; v < f->count && !st; v++) {
        int32_t value = place[v] >= 0 ? place[v] : r->initial[v];
        if (value < 0)
            st = sx_diag_report(r->rd->diags, n->place, "E184",
                                "a start says the value of every variable that has no initial=",
                                "the start does not say what %.60s is", f->factor[v].name);
        *code += value * f->factor[v].weight;
    }
    return st;
}

/* The combination with the values that interventions set. */
static int64_t with_fixed(const sx_i_factored *r, int64_t code)
{
    for (int32_t v = 0; v < r->factors->count; v++)
        if (r->fixed[v] >= 0)
            code += (r->fixed[v] - sx_factors_place(r->factors, v, code)) *
                    r->factors->factor[v].weight;
    return code;
}

static sx_status read_start(sx_i_factored *r, const sx_node *n, int32_t *place)
{
    sx_factored_start start = {0, 0};
    char state[80];
    bool named = sx_node_attr(n, "state"), valued = sx_i_first(n, "assign");
    sx_status st = sx_i_attr_number(n, "p", &start.weight);
    if (named && valued)
        return sx_diag_report(r->rd->diags, sx_i_attr_where(n, "state"), "E184",
                              "keep one of them", "a start has state= or <assign>, not both");
    st = sx_i_worse(st, named ? start_by_name(r, n, &start.code)
                              : start_by_values(r, n, place, &start.code));
    if (st)
        return st;
    if (sx_i_codes_find(&r->seen, start.code) >= 0) {
        (void)sx_factors_text(r->factors, start.code, state, sizeof state);
        return sx_diag_report(r->rd->diags, n->place, "E128", NULL,
                              "the state %s is a start twice", state);
    }
    st = sx_i_codes_add(&r->seen, start.code, r->rd->err);
    start.code = with_fixed(r, start.code);
    r->start[r->f.starts++] = start;
    return st;
}

static sx_status check_weights(sx_i_factored *r, const sx_node *initial)
{
    double sum = 0;
    for (int64_t i = 0; i < r->f.starts; i++)
        sum += r->start[i].weight;
    if (sum > 0 && isfinite(sum))
        return SX_OK;
    return sx_diag_report(r->rd->diags, initial->place, "E128",
                          "leave it out for the uniform distribution over the states that are "
                          "not absorbing",
                          "the weights of the initial distribution sum to %g", sum);
}

static sx_status read_starts(sx_i_factored *r, const sx_node *initial, int32_t *place)
{
    const sx_node *n = sx_i_first(initial, "start");
    sx_status st = n ? SX_OK : SX_EINPUT; /* reported: it is empty */
    for (; n && !sx_i_stops(st); n = sx_i_next(n, "start"))
        st = sx_i_worse(st, read_start(r, n, place));
    return st ? st : check_weights(r, initial);
}

sx_status sx_i_factored_starts(sx_i_factored *r)
{
    const sx_node *initial = sx_i_first(r->world->parent, "initial");
    size_t starts = 0;
    if (!initial)
        return SX_OK;
    for (const sx_node *n = sx_i_first(initial, "start"); n; n = sx_i_next(n, "start"))
        starts++;
    r->start = sx_alloc(starts, sizeof *r->start);
    int32_t *place = sx_alloc((size_t)r->factors->count, sizeof *place);
    sx_status st = r->start && place ? read_starts(r, initial, place) : sx_nomem(r->rd->err);
    sx_release(place);
    return st;
}
