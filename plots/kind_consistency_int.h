/* SPDX-License-Identifier: GPL-3.0-or-later */
/* kind_consistency_int.h - what the files of figures of consistency share. */
#ifndef SX_KIND_CONSISTENCY_INT_H
#define SX_KIND_CONSISTENCY_INT_H

#include "mdp/names.h"
#include "plots/kind_consistency.h"

enum {
    SX_I_EDITS = 200,      /* edits, rewards, columns of a matrix */
    SX_I_BARS_REWARDS = 6, /* beside each other: one colour each */
    SX_I_BARS_EDITS = 16
};

/* An edit that makes one world, or all worlds of an edit with sizes. */
typedef struct sx_i_edit_entry {
    sx_edit_sort sort;
    double least, greatest; /* size; NAN: none */
} sx_i_edit_entry;

typedef struct sx_i_edit_plan {
    const sx_edit_result *row;
    int64_t rows;
    double threshold;
    sx_names *ids, *edits, *rewards; /* ids: of edits; edits: entries, "id" or "id@size" */
    int32_t *edit, *reward;          /* [rows] entry and reward */
    sx_i_edit_entry entry[SX_I_EDITS];
    bool drawn[SX_EDIT_IS_OTHER + 1][SX_EDIT_MEASURES]; /* which numbers of which edits */
    int64_t shown, missing;
    double most[SX_EDIT_MEASURES]; /* the largest number, and its row */
    int64_t where[SX_EDIT_MEASURES];
    sx_figure *f;
} sx_i_edit_plan;

/* What one panel shows: rewards by entries, or by the sizes of one. */
typedef struct sx_i_edit_part {
    sx_edit_measure q;
    int32_t curve;             /* the entry, or -1: */
    int32_t place[SX_I_EDITS]; /* of each entry among those of the panel, or -1 */
    int32_t n;
    double *x;              /* [n] sizes of the edit, else 0, 1, ... */
    sx_figure_number *cell; /* [rewards*n] */
    int64_t known;          /* numbers of these */
} sx_i_edit_part;

extern const char *const sx_i_edit_measures[]; /* by sx_edit_measure */

/* The name of an edit, an entry or a reward. */
static inline const char *sx_i_edit_name(const sx_names *names, int32_t i)
{
    return sx_names_get(names, i, NULL); /* all are written out */
}

/* kind_consistency_draw.c: one more panel, bars or curves; title: markup. */
void sx_i_edit_draw_chart(const sx_i_edit_plan *p, const sx_i_edit_part *z, const char *title);

/* One more panel, rewards by edits with all measures beside each other. */
SX_CHECKED sx_status sx_i_edit_draw_matrix(const sx_i_edit_plan *p,
                                           const sx_i_edit_part z[SX_EDIT_MEASURES],
                                           sx_error *err);

#endif
