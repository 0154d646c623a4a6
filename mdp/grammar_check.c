/* SPDX-License-Identifier: GPL-3.0-or-later */
/* grammar_check.c - a tree against the table: everything wrong is reported, once. */
#include "mdp/grammar_int.h"
#include "mdp/names.h"

#include <stdio.h>
#include <string.h>

#define PARTS 16 /* more than any element has attributes or particles */

typedef struct checker {
    sx_diags *d;
    sx_error *err;
} checker;

/* For "%.*s": what the input wrote is cut in messages. */
static int cut(const char *text)
{
    size_t n = strlen(text), limit = 60;
    if (n <= limit)
        return (int)n;
    while (((unsigned char)text[limit] & 0xc0) == 0x80)
        limit--;
    return (int)limit;
}

/* --- attributes ------------------------------------------------------------------------ */

/* The attribute of e nearest to name among those that n lacks, or -1. */
static int32_t nearest_rule(const sx_element *e, const sx_node *n, const char *name)
{
    int32_t best = INT32_MAX, found = -1;
    for (int32_t i = 0; e->rules && e->rules[i].name; i++) {
        int32_t d = sx_text_distance(name, e->rules[i].name);
        if (d < best && !sx_node_attr(n, e->rules[i].name)) {
            best = d;
            found = i;
        }
    }
    return found;
}

static sx_status unknown_attribute(const checker *c, const sx_node *n, const sx_attr *a,
                                   int32_t nearest)
{
    const sx_rule *rules = n->rule->rules;
    sx_i_text hint = {0};
    char *text = NULL;
    if (nearest >= 0) {
        sx_i_text_add(&hint, "did you mean %s?", rules[nearest].name);
    } else if (!rules) {
        sx_i_text_add(&hint, "<%s> has no attributes", n->name);
    } else {
        sx_i_text_add(&hint, "<%s> may have: ", n->name);
        for (const sx_rule *r = rules; r->name; r++)
            sx_i_text_add(&hint, "%s%s", r->name, r[1].name ? ", " : "");
    }
    sx_status st = sx_i_text_take(&hint, &text, c->err);
    if (!st)
        st = sx_diag_report(c->d, a->name_place, "E107", text, "unknown attribute %.*s of <%s>",
                            cut(a->name), a->name, n->name);
    sx_release(text);
    return st;
}

/* "did you mean sides?" in hint, or its meaning where no word is near. */
static void choice_hint(const sx_rule *r, const char *value, char hint[200])
{
    const char *choices = r->choices, *word;
    size_t size = 0;
    int32_t best = INT32_MAX;
    snprintf(hint, 200, "%s", r->meaning);
    while ((word = sx_grammar_next(&choices, &size))) {
        char text[40];
        snprintf(text, sizeof text, "%.*s", (int)size, word);
        int32_t d = sx_text_distance(value, text);
        if (d < best) {
            best = d;
            snprintf(hint, 200, "did you mean %s?", text);
        }
    }
}

static sx_status not_a_choice(const checker *c, const sx_attr *a, const sx_rule *r)
{
    sx_i_text choices = {0};
    char *text = NULL, hint[200];
    choice_hint(r, a->value, hint);
    sx_i_choices_text(&choices, r->choices);
    sx_status st = sx_i_text_take(&choices, &text, c->err);
    if (!st)
        st = sx_diag_report(c->d, a->value_place, "E109", hint, "%s=\"%.*s\" is not %s%s",
                            a->name, cut(a->value), a->value,
                            strchr(r->choices, '|') ? "one of " : "", text);
    sx_release(text);
    return st;
}

static sx_status wrong_value(const checker *c, const sx_attr *a, const sx_rule *r,
                             sx_i_verdict verdict)
{
    const sx_value_type *type = &sx_value_types[r->kind];
    if (r->kind == SX_VALUE_CHOICE)
        return not_a_choice(c, a, r);
    if (verdict == SX_I_WRONG)
        return sx_diag_report(c->d, a->value_place, "E109", r->meaning, "%s=\"%.*s\" is not %s",
                              a->name, cut(a->value), a->value, type->what);
    if (r->kind == SX_VALUE_DISCOUNT && verdict == SX_I_HIGH)
        return sx_diag_report(c->d, a->value_place, "E116",
                              "for tasks that end take a discount near 1: with 0.999 a reward "
                              "1000 steps away still counts 0.37",
                              "%s=\"%.*s\" is not below 1: returns need not be finite", a->name,
                              cut(a->value), a->value);
    double bound = verdict == SX_I_LOW ? type->least : type->most;
    return sx_diag_report(c->d, a->value_place, "E104", r->meaning,
                          "%s=\"%.*s\" is %s than %.16g", a->name, cut(a->value), a->value,
                          verdict == SX_I_LOW ? "less" : "greater", bound);
}

static sx_status check_attributes(const checker *c, const sx_node *n)
{
    sx_status st = SX_OK;
    bool meant[PARTS] = {false}; /* an unknown attribute is near to this one */
    for (int32_t i = 0; i < n->attrs && st != SX_EMEM; i++) {
        const sx_attr *a = &n->attr[i];
        const sx_rule *r = sx_grammar_rule(n->rule, a->name);
        sx_i_verdict verdict = r ? sx_i_value_judge(r, a->value) : SX_I_FITS;
        if (!r) {
            int32_t nearest = nearest_rule(n->rule, n, a->name);
            meant[nearest < 0 ? PARTS - 1 : nearest] = true;
            st = unknown_attribute(c, n, a, nearest);
        } else if (verdict != SX_I_FITS) {
            st = wrong_value(c, a, r, verdict);
        }
    }
    const sx_rule *r = n->rule->rules;
    for (int32_t i = 0; r && r[i].name && st != SX_EMEM; i++)
        if (r[i].required && !meant[i] && !sx_node_attr(n, r[i].name))
            st = sx_diag_report(c->d, n->place, "E108", r[i].meaning,
                                "<%s> lacks the attribute %s", n->name, r[i].name);
    return st;
}

/* --- content --------------------------------------------------------------------------- */

/* The element of that name among the alternatives of p, or NULL. */
static const sx_element *alternative(const sx_particle *p, const char *name)
{
    const char *types = p->types, *type;
    size_t size = 0;
    while ((type = sx_grammar_next(&types, &size)))
        for (const sx_element *e = sx_grammar; e->type; e++)
            if (strlen(e->type) == size && memcmp(e->type, type, size) == 0 &&
                strcmp(e->name, name) == 0)
                return e;
    return NULL;
}

/* The name in the content of e nearest to name, or NULL. */
static const char *nearest_element(const sx_element *e, const char *name)
{
    int32_t best = INT32_MAX;
    const char *found = NULL;
    for (int32_t i = 0; e->content && e->content[i].types; i++)
        for (const sx_element *k = sx_grammar; k->type; k++) {
            int32_t d = alternative(&e->content[i], k->name) == k
                            ? sx_text_distance(name, k->name)
                            : INT32_MAX;
            if (d < best) {
                best = d;
                found = k->name;
            }
        }
    return found;
}

/* The name of an element whose content knows this name, or NULL. */
static const char *home_of(const char *name)
{
    for (const sx_element *e = sx_grammar; e->type; e++)
        for (const sx_particle *p = e->content; p && p->types; p++)
            if (alternative(p, name))
                return e->name;
    return NULL;
}

/* Report child, which its parent does not know. */
static sx_status unknown_element(const checker *c, const sx_node *child)
{
    const sx_node *n = child->parent;
    if (sx_diags_errors(c->d) >= SX_DIAG_LIMIT) /* counted, not shown: no hint */
        return sx_diag_report(c->d, child->place, "E106", NULL, "unknown element");
    const char *home = home_of(child->name);
    const char *nearest = home ? NULL : nearest_element(n->rule, child->name);
    sx_i_text hint = {0};
    char *text = NULL;
    if (nearest)
        sx_i_text_add(&hint, "did you mean <%s>?", nearest);
    else if (home)
        sx_i_text_add(&hint, "<%s> belongs inside <%s>", child->name, home);
    else if (n->rule->content) {
        sx_i_text_add(&hint, "<%s> holds: ", n->name);
        sx_i_content_text(&hint, n->rule);
    } else {
        sx_i_text_add(&hint, "<%s> holds no elements", n->name);
    }
    sx_status st = sx_i_text_take(&hint, &text, c->err);
    if (!st && home)
        st = sx_diag_report(c->d, child->place, "E110", text, "<%s> is not allowed inside <%s>",
                            child->name, n->name);
    else if (!st)
        st = sx_diag_report(c->d, child->place, "E106", text, "unknown element <%.*s>",
                            cut(child->name), child->name);
    sx_release(text);
    return st;
}

static sx_status out_of_order(const checker *c, const sx_node *child)
{
    sx_i_text hint = {0};
    char *text = NULL;
    sx_i_text_add(&hint, "the order in <%s> is: ", child->parent->name);
    sx_i_content_text(&hint, child->parent->rule);
    sx_status st = sx_i_text_take(&hint, &text, c->err);
    if (!st)
        st = sx_diag_report(c->d, child->place, "E110", text, "<%s> comes too late",
                            child->name);
    sx_release(text);
    return st;
}

static sx_status missing_content(const checker *c, const sx_node *n, const sx_particle *p)
{
    sx_i_text types = {0}, order = {0};
    char *text = NULL, *hint = NULL;
    bool many = strchr(p->types, '|') != NULL;
    if (many)
        sx_i_choices_text(&types, p->types);
    else
        sx_i_text_add(&types, "%s", sx_grammar_find(p->types)->name);
    sx_i_text_add(&order, "<%s> holds: ", n->name);
    sx_i_content_text(&order, n->rule);
    sx_status st = sx_i_text_take(&types, &text, c->err);
    if (!st)
        st = sx_i_text_take(&order, &hint, c->err);
    if (!st)
        st = sx_diag_report(c->d, n->place, "E112", hint, "<%s> lacks %s %s", n->name,
                            many ? "one of the elements" : "the element", text);
    sx_release(order.text);
    sx_release(text);
    sx_release(hint);
    return st;
}

static sx_status check_text(const checker *c, const sx_xml *x, const sx_node *n)
{
    size_t at = strspn(n->text, " \t\r\n");
    if (n->rule->text || !n->text[at])
        return SX_OK;
    size_t size = strcspn(n->text + at, "\r\n");
    while (size && strchr(" \t", n->text[at + size - 1]))
        size--;
    return sx_diag_report(c->d, sx_text_place(x, n, at, size), "E113", NULL,
                          "<%s> may not hold text", n->name);
}

/* Where the children of one element are in its content. */
typedef struct progress {
    int32_t at; /* the particle of the last child */
    int64_t count[PARTS];
    bool disorder;  /* already reported */
    bool strangers; /* an unknown child may be what is missing */
} progress;

/* Give child its rule and hold it against the particles of its parent. */
static sx_status place_child(const checker *c, sx_node *child, progress *p)
{
    const sx_particle *content = child->parent->rule->content;
    int32_t part = -1;
    if (content && strcmp(content->types, "*") == 0)
        return SX_OK;
    for (int32_t i = 0; content && content[i].types && !child->rule; i++) {
        child->rule = alternative(&content[i], child->name);
        part = i;
    }
    if (!child->rule || !content) {
        p->strangers = true;
        return unknown_element(c, child);
    }
    if (++p->count[part] == content[part].most + (int64_t)1)
        return sx_diag_report(
            c->d, child->place, "E111",
            strchr(content[part].types, '|') ? "a specification has exactly one world" : NULL,
            "a second <%s> in <%s>", child->name, child->parent->name);
    if (part < p->at && !p->disorder) {
        p->disorder = true;
        return out_of_order(c, child);
    }
    p->at = part > p->at ? part : p->at;
    return SX_OK;
}

static sx_status check_node(const checker *c, const sx_xml *x, sx_node *n);

static sx_status check_children(const checker *c, const sx_xml *x, sx_node *n)
{
    progress p = {0};
    sx_status st = SX_OK;
    for (sx_node *child = n->child; child && st != SX_EMEM; child = child->next) {
        st = place_child(c, child, &p);
        if (st != SX_EMEM && child->rule)
            st = check_node(c, x, child);
    }
    const sx_particle *content = n->rule->content;
    for (int32_t i = 0; content && content[i].types && st != SX_EMEM; i++)
        if (p.count[i] < content[i].least && !p.strangers)
            st = missing_content(c, n, &content[i]);
    return st;
}

static sx_status check_node(const checker *c, const sx_xml *x, sx_node *n)
{
    sx_status st = check_attributes(c, n);
    if (st != SX_EMEM)
        st = check_text(c, x, n);
    if (st != SX_EMEM)
        st = check_children(c, x, n);
    return st;
}

sx_status sx_grammar_check(const sx_xml *x, sx_diags *d, sx_error *err)
{
    checker c = {d, err};
    sx_node *root = sx_xml_root(x);
    const sx_element *top = &sx_grammar[0];
    if (strcmp(root->name, top->name) != 0) {
        sx_diag_report(d, root->place, "E115", "a specification is <mdp version=\"1\" ...>",
                       "the root element is <%.*s>, not <%s>", cut(root->name), root->name,
                       top->name);
        return sx_fail(err, SX_EINPUT, "the root element is not <%s>", top->name);
    }
    int64_t before = sx_diags_errors(d);
    root->rule = top;
    sx_status st = check_node(&c, x, root);
    return st == SX_EMEM ? st : sx_diags_errors(d) > before ? SX_EINPUT : SX_OK;
}
