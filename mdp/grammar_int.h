/* SPDX-License-Identifier: GPL-3.0-or-later */
/* grammar_int.h - the content of an element in words. */
#ifndef SX_GRAMMAR_INT_H
#define SX_GRAMMAR_INT_H

#include "mdp/grammar.h"
#include "mdp/text_int.h"

typedef enum sx_i_verdict {
    SX_I_FITS,
    SX_I_WRONG, /* not of that type at all */
    SX_I_LOW,   /* a number below what is allowed */
    SX_I_HIGH   /* above */
} sx_i_verdict;

sx_i_verdict sx_i_value_judge(const sx_rule *rule, const char *value);

/* "title?, (explicit|gridworld), initial?, reward*" */
void sx_i_content_text(sx_i_text *t, const sx_element *e);

/* "a, b, c" from "a|b|c" */
void sx_i_choices_text(sx_i_text *t, const char *choices);

#endif
