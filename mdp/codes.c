/* SPDX-License-Identifier: GPL-3.0-or-later */
/* codes.c - the table of message codes and terms, from one file of rows per family.
 *
 * A row is CODE(code, title, text, example); rows are sorted by code within a file, and the
 * files follow each other in that order. */
#include "mdp/codes.h"

#include <stddef.h>
#include <strings.h>

#define CODE(code, title, text, example) {code, title, text, example},
const sx_code sx_codes[] = {
#include "mdp/codes_structure.def"
#include "mdp/codes_expression.def"
#include "mdp/codes_file.def"
#include "mdp/codes_reward.def"
#include "mdp/codes_command.def"
#include "mdp/codes_warning.def"
#include "mdp/codes_term.def"
    {NULL, NULL, NULL, NULL}};
#undef CODE

const sx_code *sx_code_find(const char *code)
{
    for (const sx_code *c = sx_codes; c->code; c++)
        if (strcasecmp(c->code, code) == 0)
            return c;
    return NULL;
}
