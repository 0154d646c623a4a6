/* SPDX-License-Identifier: GPL-3.0-or-later */
/* expr_int.h - what the files about expressions share.
 *
 * An expression is an array of nodes in postfix order: operands before their operator, each
 * subtree contiguous, the root last.  The same array is the tree (by the indices of the
 * children) and the program of a stack machine (by its order). */
#ifndef SX_EXPR_INT_H
#define SX_EXPR_INT_H

#include "mdp/expr.h"

/* clang-format off */
/*    operator, operands */
#define SX_I_OPERATORS(X) \
    X(CONST, 0) X(STATE, 0) X(NEXT, 0) X(PAIR, 0) X(ACTION, 0) X(RECODE, 1) \
    X(NEG, 1) X(ADD, 2) X(SUB, 2) X(MUL, 2) X(DIV, 2) X(POW, 2) \
    X(LT, 2) X(LE, 2) X(GT, 2) X(GE, 2) X(EQ, 2) X(NE, 2) \
    X(AND, 2) X(OR, 2) X(NOT, 1) X(IF, 3) X(MIN, 2) X(MAX, 2) \
    X(ABS, 1) X(EXP, 1) X(LOG, 1) X(LOG1P, 1) X(SQRT, 1)
/* clang-format on */

#define SX_I_OPERATOR_ENUM(name, operands) SX_I_##name,
typedef enum sx_i_operator {
    SX_I_OPERATORS(SX_I_OPERATOR_ENUM) SX_I_OPERATOR_COUNT
} sx_i_operator;
#undef SX_I_OPERATOR_ENUM

extern const int32_t sx_i_operands[SX_I_OPERATOR_COUNT];

typedef struct sx_i_term {
    sx_i_operator op;
    int32_t child[3];     /* indices of the operands; unused ones -1 */
    double value;         /* CONST */
    size_t offset, width; /* CONST: where the text writes that number; width 0: nowhere */
    const double *values; /* STATE, NEXT: [S], PAIR: [K], borrowed from the world */
    const sx_mdp *m;      /* PAIR: whose pairs those are */
    double *recode;       /* RECODE: [recodes] index in one list of names by index in another */
    int32_t recodes;
    unsigned looks_at; /* bits of the whole subtree */
} sx_i_term;

struct sx_expr {
    int32_t terms;
    sx_i_term *term; /* [terms] */
    int32_t depth;   /* of the stack that evaluation needs */
    bool boolean;
};

/* Compute depth. */
void sx_i_expr_finish(sx_expr *e);

/* --- tokens ------------------------------------------------------------------------ */

typedef enum sx_i_token_kind {
    SX_I_END,
    SX_I_NUMBER,
    SX_I_NAME,   /* an identifier, perhaps with a prime */
    SX_I_QUOTED, /* 'a name' */
    SX_I_SYMBOL  /* an operator, parenthesis or comma */
} sx_i_token_kind;

typedef struct sx_i_token {
    sx_i_token_kind kind;
    size_t offset, width; /* as written, with quotes and prime */
    char text[256];       /* of a name (without prime), a quoted name or a symbol */
    bool prime;
    double value;
} sx_i_token;

/* The token of text at offset or behind.  SX_EINPUT fills *where. */
SX_CHECKED sx_status sx_i_token_read(const char *text, size_t offset, sx_i_token *token,
                                     sx_expr_error *where);

/* Fill *where; returns SX_EINPUT.  hint may be NULL. */
sx_status sx_i_expr_fail(sx_expr_error *where, size_t offset, size_t width, const char *code,
                         const char *hint, const char *format, ...) SX_FORMAT(6, 7);

/* Read the decimal number at text; its end, or NULL when there is none. */
const char *sx_i_decimal_read(const char *text, double *value);

#endif
