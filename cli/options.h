/* SPDX-License-Identifier: GPL-3.0-or-later */
/* options.h - the options of the command: one table.
 *
 * Parsing, range checks, --help (and what else lists options) are made from sx_option_table.
 * A row holds for the verbs of its mask; rows of the same id differ in help only. */
#ifndef SX_OPTIONS_H
#define SX_OPTIONS_H

#include "mdp/base.h"

typedef enum sx_verb_id {
    SX_VERB_NEW,
    SX_VERB_CHECK,
    SX_VERB_CONVERT,
    SX_VERB_SOLVE,
    SX_VERB_DISTANCE,
    SX_VERB_REGRET,
    SX_VERB_VERIFY,
    SX_VERB_FRONTIER,
    SX_VERB_CONSISTENCY,
    SX_VERB_SHAPE,
    SX_VERB_EQUIVALENT,
    SX_VERB_PLOT,
    SX_VERB_EXPLAIN,
    SX_VERBS,
    SX_VERB_NONE = SX_VERBS
} sx_verb_id;

typedef struct sx_verb sx_verb;

typedef enum sx_option_id {
    SX_OPT_REWARD,
    SX_OPT_MINIMISE,
    SX_OPT_METHOD,
    SX_OPT_TRUE,
    SX_OPT_PROXY,
    SX_OPT_LEVELS,
    SX_OPT_THRESHOLD,
    SX_OPT_AVERAGE,
    SX_OPT_REPAIR,
    SX_OPT_MARGIN,
    SX_OPT_FROM,
    SX_OPT_TO,
    SX_OPT_GOAL,
    SX_OPT_ON,
    SX_OPT_BOUND,
    SX_OPT_ATTRIBUTES,
    SX_OPT_APPLY,
    SX_OPT_DISTANCE,
    SX_OPT_CANON,
    SX_OPT_NORM,
    SX_OPT_METRIC,
    SX_OPT_ALL,
    SX_OPT_EXPLAIN,
    SX_OPT_EXACT,
    SX_OPT_WITNESS,
    SX_OPT_POLICY,
    SX_OPT_STATE_DIST,
    SX_OPT_ACTION_DIST,
    SX_OPT_TRIVIAL,
    SX_OPT_CERTIFICATE,
    SX_OPT_VIEW,
    SX_OPT_PATHS,
    SX_OPT_COORDS,
    SX_OPT_X,
    SX_OPT_REGRET,
    SX_OPT_LOG,
    SX_OPT_ROWS,
    SX_OPT_TARGET,
    SX_OPT_COEFFICIENT,
    SX_OPT_HIGHLIGHT,
    SX_OPT_WIDTH,
    SX_OPT_HEIGHT,
    SX_OPT_VENUE,
    SX_OPT_COLUMNS,
    SX_OPT_FONT,
    SX_OPT_TEXT_SIZE,
    SX_OPT_THEME,
    SX_OPT_BACKGROUND,
    SX_OPT_LEGEND,
    SX_OPT_RASTER,
    SX_OPT_DATA,
    SX_OPT_GNUPLOT,
    SX_OPT_TIKZ,
    SX_OPT_ALT,
    SX_OPT_EDIT,
    SX_OPT_TOLERANCE,
    SX_OPT_SEED,
    SX_OPT_FORMAT,
    SX_OPT_OUTPUT,
    SX_OPT_THREADS,
    SX_OPT_QUIET,
    SX_OPT_VERBOSE,
    SX_OPT_HELP,
    SX_OPT_VERSION,
    SX_OPTS
} sx_option_id;

typedef enum sx_option_kind {
    SX_KIND_FLAG,
    SX_KIND_TEXT,
    SX_KIND_FILE,
    SX_KIND_WHOLE,  /* an integer from lo to hi */
    SX_KIND_REAL,   /* a number from lo to hi */
    SX_KIND_LENGTH, /* 3.25in, 8cm, 80mm, 234pt: from lo to hi points */
    SX_KIND_CHOICE
} sx_option_kind;

typedef struct sx_option {
    sx_option_id id;
    const char *name; /* without the dashes */
    sx_option_kind kind;
    const char *argument; /* as in --help, NULL for a flag */
    const char *standard; /* the default as it would be typed, NULL for none */
    double lo, hi;
    const char *(*choice)(int32_t i); /* the i-th allowed word, NULL after the last */
    unsigned verbs;                   /* bit sx_verb_id */
    bool echo;                        /* changes the numbers, so results name it */
    const char *help;
} sx_option;

extern const sx_option sx_option_table[]; /* ends with name == NULL */

/* The formats of results. */
typedef enum sx_format { SX_FORMAT_TEXT, SX_FORMAT_JSON, SX_FORMAT_CSV } sx_format;

/* What a figure of a gridworld shows, and the words for it (plot_gridworld.c). */
typedef enum sx_view {
    SX_VIEW_MAP,
    SX_VIEW_VALUE,
    SX_VIEW_POLICY,
    SX_VIEW_REWARD,
    SX_VIEW_DIFFERENCE,
    SX_VIEW_OCCUPANCY,
    SX_VIEW_POTENTIAL,
    SX_VIEW_TRAJECTORY,
    SX_VIEWS
} sx_view;
const char *sx_plot_view(int32_t i);

/* What was typed.  Defaults are filled in. */
typedef struct sx_options {
    sx_verb_id verb;
    bool given[SX_OPTS];
    const char *text[SX_OPTS]; /* NULL where there is neither a value nor a default */
    double number[SX_OPTS];    /* WHOLE, REAL; LENGTH in points; CHOICE: which; FLAG: 0 or 1 */
    int32_t args;
    const char **arg; /* [args] what is no option, without the verb */
    char code[8];     /* of a failure */
} sx_options;

/* Read argv.  With --help or --version nothing else is demanded.  SX_EARG: what was wrong,
 * with the code in o->code.  Release with sx_options_clear in any case. */
SX_CHECKED sx_status sx_options_parse(int argc, const char *const *argv, sx_options *o,
                                      sx_error *err);
void sx_options_clear(sx_options *o);

/* The row of an option for a verb (SX_VERB_NONE: any verb), or NULL. */
const sx_option *sx_option_find(sx_verb_id verb, const char *name);

/* What an option allows, in words: "one of l1, l2", "a whole number from 1 to 1024". */
void sx_option_allowed(const sx_option *opt, char *text, size_t size);

/* The word of words (given by choice) that text was probably meant to be, or NULL. */
const char *sx_nearest(const char *(*choice)(int32_t i), const char *text);

/* The edit distance of a and b, letters beyond 31 ignored. */
int32_t sx_word_edits(const char *a, const char *b);

#endif
