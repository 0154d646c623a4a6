/* SPDX-License-Identifier: GPL-3.0-or-later */
/* expr_parse_int.h - what the grammar and the types of expressions share. */
#ifndef SX_EXPR_PARSE_INT_H
#define SX_EXPR_PARSE_INT_H

#include "mdp/expr_int.h"

typedef enum sx_i_type {
    SX_I_IS_NUMBER,
    SX_I_IS_BOOLEAN,
    SX_I_IS_NAME,
    SX_I_IS_WORD /* a word that is no variable: a name once something says of what */
} sx_i_type;

/* The list of names that a name belongs to: a variable's, or one of these. */
enum { SX_I_LIST_NONE = -1, SX_I_LIST_ACTIONS = -2 };

/* What a rule of the grammar found. */
typedef struct sx_i_part {
    sx_i_type type;
    int32_t term;         /* its last node; none yet for a word */
    int32_t list;         /* of a name */
    size_t offset, width; /* in the text */
    bool quoted;          /* of a word */
    bool written;         /* a number, as written */
} sx_i_part;

typedef struct sx_i_parser {
    const char *text;
    const sx_world *w;
    unsigned allowed;
    int32_t wanted;   /* list of the names that it gives, or SX_I_LIST_NONE */
    sx_i_token token; /* the one ahead */
    size_t end;       /* of the token before */
    int32_t nest;
    sx_expr *e;
    int32_t capacity; /* of e->term */
    sx_expr_error *where;
    sx_error *err;
    sx_status st; /* the first failure; nothing happens after it */
} sx_i_parser;

/* Append a node without operands. */
int32_t sx_i_leaf(sx_i_parser *p, sx_i_operator op, double value);

/* Refuse the bytes of x. */
void sx_i_refuse(sx_i_parser *p, const sx_i_part *x, const char *code, const char *hint,
                 const char *message);

/* Refuse x unless it is a number / a truth. */
void sx_i_need_number(sx_i_parser *p, const sx_i_part *x);
void sx_i_need_boolean(sx_i_parser *p, const sx_i_part *x);

/* Make x a name of that list, or refuse it. */
void sx_i_need_name(sx_i_parser *p, sx_i_part *x, int32_t list);

/* Does the whole text say a name of that list, which no expression may be able to write? */
bool sx_i_whole_name(sx_i_parser *p, int32_t list, sx_i_part *out);

/* *out = op(a, b), or op(a) with b NULL, or if(a, b, c), from a to what was read last. */
void sx_i_combine(sx_i_parser *p, sx_i_operator op, sx_i_type result, const sx_i_part *a,
                  const sx_i_part *b, sx_i_part *out);
void sx_i_combine_if(sx_i_parser *p, const sx_i_part args[3], sx_i_part *out);

/* *out = (a == b), or (a != b) with op SX_I_NE, one of which is a name. */
void sx_i_compare_names(sx_i_parser *p, sx_i_operator op, sx_i_part *a, sx_i_part *b,
                        sx_i_part *out);

/* The meaning of the identifier ahead: a variable, `action` or a word. */
void sx_i_identify(sx_i_parser *p, sx_i_part *out);

#endif
