/* SPDX-License-Identifier: GPL-3.0-or-later */
/* expr_check.c - nodes, names and types: what is composed has to fit. */
#include "mdp/expr_parse_int.h"

#include <stdio.h>
#include <string.h>

#define WORD 256 /* bytes of a name, as in a token */

/* --- nodes ------------------------------------------------------------------------- */

static int32_t append(sx_i_parser *p, sx_i_term term)
{
    sx_expr *e = p->e;
    if (e->terms == p->capacity) {
        int32_t capacity = p->capacity ? 2 * p->capacity : 16;
        sx_i_term *grown = sx_realloc(e->term, (size_t)capacity, sizeof *grown);
        if (!grown) {
            p->st = sx_nomem(p->err);
            return -1;
        }
        e->term = grown;
        p->capacity = capacity;
    }
    for (int i = 0; i < 3; i++)
        if (term.child[i] >= 0)
            term.looks_at |= e->term[term.child[i]].looks_at;
    e->term[e->terms] = term;
    return e->terms++;
}

static int32_t append_operator(sx_i_parser *p, sx_i_operator op, int32_t a, int32_t b,
                               int32_t c)
{
    return p->st ? -1 : append(p, (sx_i_term){.op = op, .child = {a, b, c}});
}

int32_t sx_i_leaf(sx_i_parser *p, sx_i_operator op, double value)
{
    return append(p, (sx_i_term){.op = op, .child = {-1, -1, -1}, .value = value});
}

void sx_i_refuse(sx_i_parser *p, const sx_i_part *x, const char *code, const char *hint,
                 const char *message)
{
    if (!p->st)
        p->st = sx_i_expr_fail(p->where, x->offset, x->width, code, hint, "%s", message);
}

/* --- names ------------------------------------------------------------------------- */

/* A word without its quotes. */
static void copy_word(const sx_i_parser *p, const sx_i_part *x, char word[WORD])
{
    size_t inner = x->quoted ? 1 : 0, n = x->width - 2 * inner;
    n = n < WORD ? n : WORD - 1;
    memcpy(word, p->text + x->offset + inner, n);
    word[n] = 0;
}

/* The names a word can be compared with in list. */
static const sx_names *list_names(const sx_i_parser *p, int32_t list)
{
    return list == SX_I_LIST_ACTIONS ? p->w->actions : p->w->variable[list].symbols;
}

static bool is_dashed(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           c == '_' || c == '-' || c == '.' || (c & 0x80);
}

/* The word at offset with the dashes that a variable could not have. */
static void copy_dashed(const sx_i_parser *p, size_t offset, char name[64])
{
    size_t n = 0;
    while (n < 63 && is_dashed(p->text[offset + n]))
        n++;
    memcpy(name, p->text + offset, n);
    name[n] = 0;
}

/* Does an action's or an attribute's name with a dash start at offset?  Then it is copied. */
static bool dashed_name(const sx_i_parser *p, size_t offset, char name[64])
{
    copy_dashed(p, offset, name);
    bool found = sx_names_find(p->w->actions, name) >= 0;
    for (int32_t i = 0; i < p->w->variables && !found; i++)
        found =
            p->w->variable[i].symbols && sx_names_find(p->w->variable[i].symbols, name) >= 0;
    return found && strchr(name, '-');
}

/* Likewise the name of a variable, which no expression can write. */
static bool dashed_variable(const sx_i_parser *p, size_t offset, char name[64])
{
    copy_dashed(p, offset, name);
    return strpbrk(name, "-.") && sx_world_variable(p->w, name) >= 0;
}

static void nearer(const char *text, const char *candidate, int32_t *least, const char **best)
{
    int32_t distance = sx_text_distance(text, candidate);
    if (distance < *least) {
        *least = distance;
        *best = candidate;
    }
}

/* "the variables are row, col, action" in hint. */
static void list_variables(const sx_i_parser *p, char *hint, size_t room)
{
    size_t used = (size_t)snprintf(hint, room, "the variables are ");
    for (int32_t i = 0; i < p->w->variables && used + 80 < room; i++) {
        const char *name = p->w->variable[i].name;
        if (strlen(name) < 40)
            used += (size_t)snprintf(hint + used, room - used, "%s, ", name);
    }
    snprintf(hint + used, room - used, "action");
}

static void hint_variable(const sx_i_parser *p, const sx_i_part *x, const char *word,
                          char *hint, size_t room)
{
    char name[64];
    int32_t least = INT32_MAX;
    const char *best = "";
    for (int32_t i = 0; i < p->w->variables; i++)
        nearer(word, p->w->variable[i].name, &least, &best);
    nearer(word, "action", &least, &best);
    if (dashed_name(p, x->offset, name))
        snprintf(hint, room, "a name with a dash is quoted: '%s'", name);
    else if (dashed_variable(p, x->offset, name))
        snprintf(hint, room, "rename the attribute %s: variables have no dash or dot", name);
    else if (sx_world_label(p->w, word) >= 0)
        snprintf(hint, room, "\"%.60s\" is a label: use it in from=, to= or enter=", word);
    else if (sx_names_find(p->w->actions, word) >= 0)
        snprintf(hint, room, "actions are compared: action == %.60s", word);
    else if (least < INT32_MAX)
        snprintf(hint, room, "did you mean %.60s?", best);
    else
        list_variables(p, hint, room);
}

/* A word that nothing gave a meaning. */
static void refuse_word(sx_i_parser *p, const sx_i_part *x)
{
    char word[WORD], hint[200], message[128];
    copy_word(p, x, word);
    if (x->quoted) {
        snprintf(message, sizeof message, "the name '%.60s' is compared with nothing", word);
        sx_i_refuse(p, x, "E205", "compare it: action == 'up-left'", message);
        return;
    }
    hint_variable(p, x, word, hint, sizeof hint);
    snprintf(message, sizeof message, "unknown variable %.60s", word);
    sx_i_refuse(p, x, "E202", hint, message);
}

static void refuse_looking(sx_i_parser *p, const sx_i_part *x, unsigned bit)
{
    const char *what = bit == SX_EXPR_ACTION ? "the action"
                       : bit == SX_EXPR_NEXT ? "the state that follows"
                                             : "the state";
    char message[128];
    snprintf(message, sizeof message, "%.*s looks at %s, which is not allowed here",
             x->width < 60 ? (int)x->width : 60, p->text + x->offset, what);
    sx_i_refuse(p, x, "E206",
                p->allowed == SX_EXPR_STATE ? "this expression is about one state alone" : NULL,
                message);
}

/* Refuse x, a variable of pairs, where the action is not known. */
static void refuse_pair(sx_i_parser *p, const sx_i_part *x, const char *name, bool next)
{
    char message[200];
    const char *hint =
        next ? "without the prime (or next_) it is the one of the action at hand"
             : "this expression is about one state alone: use attributes of states here";
    snprintf(message, sizeof message,
             next ? "%.60s belongs to an action, and the action that follows is not known"
                  : "%.60s belongs to an action (a response, a choice), not to a state",
             name);
    sx_i_refuse(p, x, "E206", hint, message);
}

static void make_variable(sx_i_parser *p, sx_i_part *x, int32_t variable, bool next)
{
    const sx_variable *v = &p->w->variable[variable];
    unsigned bits = v->of_pairs ? SX_EXPR_STATE | SX_EXPR_ACTION
                    : next      ? SX_EXPR_NEXT
                                : SX_EXPR_STATE;
    if (v->of_pairs && (next || (p->allowed & bits) != bits))
        refuse_pair(p, x, v->name, next);
    else if (!(p->allowed & bits))
        refuse_looking(p, x, bits);
    if (p->st)
        return;
    x->type = v->symbols ? SX_I_IS_NAME : SX_I_IS_NUMBER;
    x->list = variable;
    x->term = append(p, (sx_i_term){.op = v->of_pairs ? SX_I_PAIR
                                          : next      ? SX_I_NEXT
                                                      : SX_I_STATE,
                                    .child = {-1, -1, -1},
                                    .values = v->value,
                                    .m = p->w->mdp,
                                    .looks_at = bits});
}

static void make_action(sx_i_parser *p, sx_i_part *x)
{
    if (!(p->allowed & SX_EXPR_ACTION))
        refuse_looking(p, x, SX_EXPR_ACTION);
    if (p->st)
        return;
    x->type = SX_I_IS_NAME;
    x->list = SX_I_LIST_ACTIONS;
    x->term = append(
        p, (sx_i_term){.op = SX_I_ACTION, .child = {-1, -1, -1}, .looks_at = SX_EXPR_ACTION});
}

/* The variable that name with or without next_ means, or -1. */
static int32_t find_variable(const sx_i_parser *p, const char *name, bool *next)
{
    int32_t variable = sx_world_variable(p->w, name);
    *next = variable < 0 && strncmp(name, "next_", 5) == 0;
    return *next ? sx_world_variable(p->w, name + 5) : variable;
}

void sx_i_identify(sx_i_parser *p, sx_i_part *out)
{
    const sx_i_token *t = &p->token;
    bool next = false;
    int32_t variable = find_variable(p, t->text, &next);
    if (strcmp(t->text, "action") == 0 && t->prime)
        sx_i_refuse(p, out, "E206", NULL, "the action that follows is not known");
    else if (strcmp(t->text, "action") == 0)
        make_action(p, out);
    else if (variable >= 0 && next && t->prime)
        sx_i_refuse(p, out, "E201", "write next_ or the prime", "next_ and a prime together");
    else if (variable >= 0)
        make_variable(p, out, variable, next || t->prime);
    else
        out->type = SX_I_IS_WORD;
}

/* --- types ------------------------------------------------------------------------- */

void sx_i_need_number(sx_i_parser *p, const sx_i_part *x)
{
    if (p->st || x->type == SX_I_IS_NUMBER)
        return;
    if (x->type == SX_I_IS_WORD)
        refuse_word(p, x);
    else if (x->type == SX_I_IS_NAME)
        sx_i_refuse(p, x, "E205", "names are only compared, with == and !=",
                    "this is a name where a number is expected");
    else
        sx_i_refuse(p, x, "E204", "turn it into a number: if(condition, 1, 0)",
                    "this is a truth where a number is expected");
}

void sx_i_need_boolean(sx_i_parser *p, const sx_i_part *x)
{
    if (p->st || x->type == SX_I_IS_BOOLEAN)
        return;
    if (x->type == SX_I_IS_WORD)
        refuse_word(p, x);
    else if (x->type == SX_I_IS_NAME)
        sx_i_refuse(p, x, "E205", "compare it with a name, with == or !=",
                    "this is a name where a truth is expected");
    else
        sx_i_refuse(p, x, "E204", "compare it: ... != 0",
                    "this is a number where a truth is expected");
}

static sx_i_part covering(const sx_i_parser *p, sx_i_type type, int32_t term, size_t offset)
{
    return (sx_i_part){.type = type,
                       .term = term,
                       .list = SX_I_LIST_NONE,
                       .offset = offset,
                       .width = p->end - offset};
}

void sx_i_combine(sx_i_parser *p, sx_i_operator op, sx_i_type result, const sx_i_part *a,
                  const sx_i_part *b, sx_i_part *out)
{
    int32_t term = append_operator(p, op, a->term, b ? b->term : -1, -1);
    *out = covering(p, result, term, a->offset);
}

void sx_i_combine_if(sx_i_parser *p, const sx_i_part args[3], sx_i_part *out)
{
    int32_t term = append_operator(p, SX_I_IF, args[0].term, args[1].term, args[2].term);
    *out = covering(p, args[1].type, term, args[0].offset);
    out->list = args[1].list;
}

/* --- comparisons of names ---------------------------------------------------------- */

static void refuse_name(sx_i_parser *p, const sx_i_part *x, int32_t list, const char *word)
{
    char message[160], hint[160] = "", buffer[SX_NAME_BUFFER], dashed[64];
    const char *near = sx_names_nearest(list_names(p, list), word, buffer);
    if (!x->quoted && dashed_name(p, x->offset, dashed))
        snprintf(hint, sizeof hint, "a name with a dash is quoted: '%s'", dashed);
    else if (near)
        snprintf(hint, sizeof hint, "did you mean '%.60s'?", near);
    if (list == SX_I_LIST_ACTIONS)
        snprintf(message, sizeof message, "no action is named %.60s", word);
    else
        snprintf(message, sizeof message, "no %s has %.40s '%.60s'",
                 p->w->variable[list].of_pairs ? "action" : "state", p->w->variable[list].name,
                 word);
    sx_i_refuse(p, x, "E205", hint, message);
}

/* Give a word (or a number as written) the index of its name in list. */
static void resolve(sx_i_parser *p, sx_i_part *x, int32_t list)
{
    char word[WORD];
    copy_word(p, x, word);
    int32_t index = sx_names_find(list_names(p, list), word);
    if (index < 0)
        refuse_name(p, x, list, word);
    else if (x->type == SX_I_IS_WORD)
        x->term = sx_i_leaf(p, SX_I_CONST, index);
    else {
        p->e->term[x->term].value = index;
        p->e->term[x->term].width = 0;
    }
    x->type = SX_I_IS_NAME;
    x->list = list;
}

/* Translate the names of x into indices of another list. */
static void recode(sx_i_parser *p, sx_i_part *x, int32_t list)
{
    const sx_names *from = list_names(p, x->list), *to = list_names(p, list);
    int32_t n = sx_names_count(from);
    double *table = sx_alloc((size_t)n, sizeof *table);
    char buffer[SX_NAME_BUFFER];
    if (!table) {
        p->st = sx_nomem(p->err);
        return;
    }
    for (int32_t i = 0; i < n; i++)
        table[i] = sx_names_find(to, sx_names_get(from, i, buffer));
    int32_t term = append(
        p, (sx_i_term){
               .op = SX_I_RECODE, .child = {x->term, -1, -1}, .recode = table, .recodes = n});
    if (term < 0)
        sx_release(table);
    x->term = term;
    x->list = list;
}

static bool is_word(const sx_i_part *x)
{
    return x->type == SX_I_IS_WORD || (x->type == SX_I_IS_NUMBER && x->written);
}

void sx_i_need_name(sx_i_parser *p, sx_i_part *x, int32_t list)
{
    char message[160];
    if (p->st)
        return;
    if (is_word(x)) {
        resolve(p, x, list);
    } else if (x->type == SX_I_IS_NAME) {
        if (x->list != list)
            recode(p, x, list);
    } else {
        snprintf(message, sizeof message, "this is a %s where a name of %.60s is expected",
                 x->type == SX_I_IS_BOOLEAN ? "truth" : "number", p->w->variable[list].name);
        sx_i_refuse(p, x, "E205", "if(condition, one, other) chooses between names", message);
    }
}

bool sx_i_whole_name(sx_i_parser *p, int32_t list, sx_i_part *out)
{
    static const char blanks[] = " \t\r\n";
    char word[WORD];
    size_t from = strspn(p->text, blanks), n = strlen(p->text + from);
    while (n && strchr(blanks, p->text[from + n - 1]))
        n--;
    *out = (sx_i_part){.type = SX_I_IS_WORD, .term = -1, .offset = from, .width = n};
    copy_word(p, out, word);
    if (n >= WORD || sx_names_find(list_names(p, list), word) < 0 ||
        sx_world_variable(p->w, word) >= 0)
        return false;
    resolve(p, out, list);
    return true;
}

void sx_i_compare_names(sx_i_parser *p, sx_i_operator op, sx_i_part *a, sx_i_part *b,
                        sx_i_part *out)
{
    if (a->type == SX_I_IS_NAME && is_word(b))
        resolve(p, b, a->list);
    else if (b->type == SX_I_IS_NAME && is_word(a))
        resolve(p, a, b->list);
    else if (a->type != SX_I_IS_NAME)
        sx_i_refuse(p, a, "E205", NULL, "only a name can be compared with a name");
    else if (b->type != SX_I_IS_NAME)
        sx_i_refuse(p, b, "E205", NULL, "only a name can be compared with a name");
    else if (a->list != b->list)
        recode(p, b, a->list);
    sx_i_combine(p, op, SX_I_IS_BOOLEAN, a, b, out);
}
