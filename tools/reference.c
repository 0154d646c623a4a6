/* SPDX-License-Identifier: GPL-3.0-or-later */
/* reference.c - prints what is made from the grammar table: the elements of a specification
 * for docs/reference/specification.md, or with the argument "schema" configs/sextant.xsd. */
#include "mdp/grammar.h"
#include "mdp/xsd.h"

#include <stdio.h>
#include <string.h>

int main(int argc, char **argv)
{
    char *text = NULL;
    sx_error err = SX_NO_ERROR;
    bool schema = argc > 1 && strcmp(argv[1], "schema") == 0;
    sx_status st = schema ? sx_xsd_format(&text, &err) : sx_grammar_markdown(&text, &err);
    if (!st && fputs(text, stdout) < 0)
        st = SX_EIO;
    if (st)
        fprintf(stderr, "reference: %s\n", err.msg);
    sx_release(text);
    return st != SX_OK;
}
