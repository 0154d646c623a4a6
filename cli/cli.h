/* SPDX-License-Identifier: GPL-3.0-or-later */
/* cli.h - the command `sextant`: what its files share.
 *
 * A verb computes everything first and hands over one complete output; only sx_cli_main
 * writes.  So a failure writes nothing, and a test can call the whole command. */
#ifndef SX_CLI_H
#define SX_CLI_H

#include <stdio.h>

#include "cli/options.h"
#include "cli/report.h"
#include "cli/text.h"
#include "mdp/spec.h"
#include "metrics/distance.h"

typedef enum sx_exit {
    SX_EXIT_DONE = 0,
    SX_EXIT_NO = 1,          /* the answer is "no" */
    SX_EXIT_INPUT = 2,       /* bad input or usage, a file that cannot be read or written */
    SX_EXIT_UNCERTIFIED = 3, /* a solve ended outside its tolerance */
    SX_EXIT_FAULT = 4,       /* an internal fault, memory */
    SX_EXIT_INTERRUPTED = 130
} sx_exit;

/* One call of the command. */
typedef struct sx_cli {
    FILE *out, *err;
    sx_options o;
    sx_diags *diags;   /* messages about the input */
    sx_spec *spec;     /* NULL for verbs without one; with --edit the edited one */
    sx_spec *original; /* with --edit the specification that was read, else NULL */
    char *edit;        /* with --edit the name of the edited world, else NULL */
    char *title;       /* and its title */
    const char *table; /* the path of a table that was read, or NULL */
    sx_report report;  /* the result; empty for verbs that fill `text` alone */
    sx_text text;      /* what is written when the format is text */
    sx_exit answer;    /* SX_EXIT_DONE unless the verb says otherwise */
    char code[8];      /* of the failure, "" for none: E5xx */
} sx_cli;

/* What a verb is.  run fills c->report and c->text; on failure the text of err is shown. */
struct sx_verb {
    const char *name;
    const char *arguments; /* as in the usage line */
    const char *summary;   /* one line */
    const char *about;     /* paragraphs of --help */
    int32_t least, most;   /* number of arguments */
    sx_status (*run)(sx_cli *c, sx_error *err);
};

extern const sx_verb sx_verbs[]; /* in the order of sx_verb_id; ends with name == NULL */

/* Run the command.  Returns the exit status. */
int sx_cli_main(int argc, const char *const *argv, FILE *out, FILE *err);

/* Fail with a code of the table of codes: "error[E507]: ...". */
sx_status sx_cli_fail(sx_cli *c, const char *code, sx_error *err, const char *format, ...)
    SX_FORMAT(4, 5);

/* Read the specification that the first argument names into c->spec. */
SX_CHECKED sx_status sx_cli_read(sx_cli *c, sx_error *err);

/* edit.c: with --edit put the edited world into the place of c->spec (sx_cli_read does). */
SX_CHECKED sx_status sx_cli_edit(sx_cli *c, sx_error *err);

/* Make every edited world of c->spec once; what is wrong with them is reported. */
SX_CHECKED sx_status sx_cli_try_edits(sx_cli *c, sx_error *err);

/* The list of edits: into the result, and as a table. */
void sx_cli_put_edits(sx_cli *c);
void sx_cli_text_edits(sx_cli *c);

/* The path of the specification, as typed. */
const char *sx_cli_path(const sx_cli *c);

/* Refuse to write path when it is the specification or a file that it was read from. */
SX_CHECKED sx_status sx_cli_guard(sx_cli *c, const char *path, sx_error *err);

/* *index: the reward of that id; an unknown one names the nearest (what: "--reward"). */
SX_CHECKED sx_status sx_cli_reward(sx_cli *c, const char *what, const char *id, int32_t *index,
                                   sx_error *err);

/* The reward called `true`, else the first. */
int32_t sx_cli_usual_truth(const sx_spec *spec);

/* The title, or the id of a world without one, and which edit. */
const char *sx_cli_title(const sx_cli *c);

/* "10 states (1 unreachable), 4 actions, 40 pairs, 120 transitions, discount 0.95" */
void sx_cli_sizes(sx_cli *c, int32_t unreachable);

/* The names of state s and of an action, for at most one use each before the next call. */
typedef struct sx_cli_name {
    char buffer[SX_NAME_BUFFER];
} sx_cli_name;
const char *sx_cli_state(const sx_cli *c, int32_t s, sx_cli_name *n);
const char *sx_cli_action(const sx_cli *c, int32_t a, sx_cli_name *n);

/* policy.c: {state: {action: p}} of pi [K], without the actions that are never taken; for
 * worlds of up to SX_INLINE_STATES states. */
enum { SX_INLINE_STATES = 10000 };
void sx_cli_put_policy(sx_cli *c, sx_value *parent, const char *name, const double *pi);

/* The number of unreachable states. */
SX_CHECKED sx_status sx_cli_unreachable(const sx_cli *c, int32_t *count, sx_error *err);

/* help.c: `sextant --help`, `sextant VERB --help`. */
void sx_help_all(sx_text *t);
void sx_help_verb(sx_text *t, sx_verb_id verb);

/* message.c: to standard error; false when memory did not suffice for all messages. */
bool sx_cli_diags(sx_cli *c);
void sx_cli_error(sx_cli *c, const sx_error *err);

/* progress.c: a line on a terminal after 0.7 s, unless --quiet, until the end; what is being
 * done (static text; NULL: nothing) and, with steps > 0, how many of them are. */
void sx_progress_start(const sx_cli *c);
void sx_progress_phase(const char *what, int64_t steps);
void sx_progress_step(void);
void sx_progress_end(void);

/* interrupt.c: files to remove when interrupted. */
void sx_interrupt_install(void);
void sx_interrupt_pending(char *const *path, int32_t count);

/* distfile.c: a policy [K] or a distribution over states [S] from a .npy or CSV file, which
 * is added to the inputs of the report; "base" is the base policy of the world. */
SX_CHECKED sx_status sx_cli_policy_file(sx_cli *c, const char *option, const char *path,
                                        double **pi, sx_error *err);
SX_CHECKED sx_status sx_cli_states_file(sx_cli *c, const char *option, const char *path,
                                        double **p, sx_error *err);

/* measure.c: the one measure that --distance, --canon, --norm and --metric ask for; called
 * before the specification is read, so that results name what is in use. */
SX_CHECKED sx_status sx_cli_measure(sx_cli *c, sx_measure *measure, sx_error *err);
/* The same, or with --all every combination; *n: how many. */
SX_CHECKED sx_status sx_cli_measures(sx_cli *c, sx_measure measure[SX_MEASURES], int32_t *n,
                                     sx_error *err);

/* What the options say about canonical forms.  *out: owned by the caller. */
SX_CHECKED sx_status sx_cli_canoniser(sx_cli *c, sx_canoniser **out, sx_error *err);

/* value [n * pairs] as in metrics/distance.h, for the rewards `which` [count]; owned by the
 * caller. */
SX_CHECKED sx_status sx_cli_distances(sx_cli *c, const int32_t *which, int32_t count,
                                      const sx_measure *measure, int32_t n, sx_number **value,
                                      sx_error *err);

/* The same as out->value, and the lengths where the caller gave room for them. */
SX_CHECKED sx_status sx_cli_lengths(sx_cli *c, const int32_t *which, int32_t count,
                                    const sx_measure *measure, int32_t n, sx_lengths *out,
                                    sx_error *err);

/* The index of the pair (a, b), a < b, in that order. */
int64_t sx_cli_pair_index(int32_t count, int32_t a, int32_t b);

/* "STARC distance, canonicalisation val, norm l2, metric l2". */
void sx_cli_measure_text(const sx_measure *measure, char *text, size_t size);

/* templates.c */
typedef struct sx_template {
    const char *kind, *text;
} sx_template;
extern const sx_template sx_templates[]; /* ends with kind == NULL */

/* One file a verb. */
sx_status sx_verb_new(sx_cli *c, sx_error *err);
sx_status sx_verb_check(sx_cli *c, sx_error *err);
sx_status sx_verb_convert(sx_cli *c, sx_error *err);
sx_status sx_verb_solve(sx_cli *c, sx_error *err);
sx_status sx_verb_distance(sx_cli *c, sx_error *err);
sx_status sx_verb_regret(sx_cli *c, sx_error *err);
sx_status sx_verb_verify(sx_cli *c, sx_error *err);
sx_status sx_verb_frontier(sx_cli *c, sx_error *err);
sx_status sx_verb_consistency(sx_cli *c, sx_error *err);
sx_status sx_verb_shape(sx_cli *c, sx_error *err);
sx_status sx_verb_equivalent(sx_cli *c, sx_error *err);
sx_status sx_verb_plot(sx_cli *c, sx_error *err);
sx_status sx_verb_explain(sx_cli *c, sx_error *err);

#endif
