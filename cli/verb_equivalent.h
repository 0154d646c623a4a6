/* SPDX-License-Identifier: GPL-3.0-or-later */
/* verb_equivalent.h - what the files of the verb equivalent share. */
#ifndef SX_VERB_EQUIVALENT_H
#define SX_VERB_EQUIVALENT_H

#include "cli/cli.h"
#include "metrics/equivalence.h"

typedef struct sx_equivalent_answer {
    int32_t a, b; /* rewards */
    sx_equivalence *found;
    sx_alignment alignment; /* with --explain */
} sx_equivalent_answer;

/* equivalent_put.c: JSON and CSV. */
void sx_equivalent_put(sx_cli *c, const sx_equivalent_answer *a);

/* equivalent_text.c */
void sx_equivalent_text(sx_cli *c, const sx_equivalent_answer *a);

#endif
