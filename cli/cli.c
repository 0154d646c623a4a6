/* SPDX-License-Identifier: GPL-3.0-or-later */
/* cli.c - the way of every call: options, one verb, one output. */
#include "cli/cli.h"

#include <errno.h>
#include <inttypes.h>
#include <omp.h>
#include <stdarg.h>
#include <string.h>

#include "mdp/file.h"

/* clang-format off */
const sx_verb sx_verbs[] = {
    {"new", "KIND", "a commented specification to start from",
     "Write a commented specification to start from. KIND is gridworld (a map), explicit "
     "(every transition written out), numpy (arrays from Python), bandit (contexts and "
     "responses), factored (variables, guards and assignments) or random (a random world).\n"
     "\n  sextant new gridworld --output my.xml\n  sextant check my.xml",
     1, 1, sx_verb_new},
    {"check", "SPEC", "is a specification sound; what is in it",
     "Read a specification, report every error with its place, and say what is in it: sizes, "
     "labels, rewards, states that no policy reaches. SPEC is an XML file; - is standard "
     "input.",
     1, 1, sx_verb_check},
    {"convert", "SPEC", "the same world and rewards in another form",
     "Write a specification in the form that the suffix of --output asks for, with all rewards "
     "on all triples. What is written reads back as the same world, bit for bit. All files are "
     "written, or none.",
     1, 1, sx_verb_convert},
    {"solve", "SPEC", "optimal values and policy of one reward, certified",
     "Optimal values, a policy, all optimal actions and how often each state is visited "
     "(discounted, from the initial distribution), with a certificate: the optimal return lies "
     "in the printed interval.",
     1, 1, sx_verb_solve},
    {"distance", "SPEC [REWARD...]", "how far apart the rewards are",
     "Distances between all pairs of the rewards, or of those that are named. The distance is "
     "0 for rewards that differ by what the canonicalisation removes, and 2 for opposite ones "
     "under equal norm and metric. A group of rewards may be named for all its members; means "
     "over a group stand at the end.",
     1, 4096, sx_verb_distance},
    {"regret", "SPEC", "what optimising one reward can cost in another, exactly",
     "For a true reward and a proxy, as shares of the range of the true reward's return: what "
     "an optimal policy of the proxy loses at worst (pessimistic) and at best (optimistic), "
     "and the worst case: the greatest loss over all pairs of policies of which the proxy does "
     "not prefer the better one. Every number carries a certificate; beside the worst case stand "
     "bounds on it, and two policies that show it.",
     1, 1, sx_verb_regret},
    {"verify", "SPEC CERTIFICATE", "does a certificate prove its numbers",
     "Check a file that --certificate of regret, solve, distance or shape wrote, against a "
     "specification: every number that it claims is proved anew from its evidence by plain "
     "sweeps over the world, without any solver. The exit status is 0 when all claims hold, 1 "
     "when one is not proved or the certificate is about another world or other rewards, 2 when "
     "the file is no certificate, 3 when a claim was too large to look at.",
     2, 2, sx_verb_verify},
    {"frontier", "SPEC [POLICY...]", "what optimising the proxy does to the true reward",
     "All policies in the plane of proxy and true return: the polygon that they fill, the least "
     "and greatest true return at each level of the proxy (Goodhart frontier), whether the "
     "proxy is hackable, with two policies that show it, and the path of soft-optimal policies "
     "with its drop height. POLICY files are tried among themselves, too: .npy of states x "
     "actions, or CSV with columns state,action,p.\n"
     "\n  sextant frontier world.xml --proxy learned runs/*.npy",
     1, 4096, sx_verb_frontier},
    {"consistency", "SPEC", "do the rewards follow what counterfactual edits change",
     "For every <edit> of the specification and every reward, in the edited world: how far the "
     "reward moves from its old values (invariance error), how far it is from the edited true "
     "reward, on what share of the policies the two agree, and what the reward's optimal policy "
     "loses. An edit declared neutral must leave the true reward's order of the policies as it "
     "is, a causal one must change it: this is verified, and a contradiction is an error. "
     "Expectations are reported as shares with their worst case, steps as a curve. Neutral edits "
     "that only permute and are symmetries of the world bound how near any truth that they leave "
     "as it is can be, known or not.",
     1, 1, sx_verb_consistency},
    {"shape", "SPEC", "a potential that makes a reward readable, or learnable, or like another",
     "A potential Phi, found by a linear program or by least squares, and what it makes of a "
     "reward R: R' = R + discount Phi(s') - Phi(s) orders all policies as R does. With --to T the "
     "scale and the potential that bring R nearest to T; else the R' that --goal asks for: "
     "sparse, flat, smooth, optimal (nothing to look ahead for), bounded or linear. A bound from "
     "below proves that nothing is smaller. How soon value iteration and look-ahead act "
     "optimally is said for R and for R'; --apply writes R'.\n"
     "\n  sextant shape world.xml --from learned --apply readable.xml\n"
     "  sextant shape world.xml --from learned --to true --norm linf",
     1, 1, sx_verb_shape},
    {"equivalent", "SPEC R1 R2", "do two rewards order all policies alike, and why",
     "Whether the reward R2 is R1 in disguise: the same order of all policies, from whichever "
     "state. Yes: by which of scale, potential shaping, S'-redistribution and shift, the fewest "
     "that do, with scale and potential. No: two policies that the rewards order differently, "
     "with their returns. Where the difference is above rounding and within the tolerance nothing "
     "is claimed. The exit status is 0 for yes, 1 for no, 3 for undecided.",
     3, 3, sx_verb_equivalent},
    {"plot", "INPUT KIND", "a figure",
     "Draw a figure. INPUT is a specification, or for some kinds a table of results, a .csv file; "
     "KIND says what is drawn. Beside the figure goes a text that says in words what is to be "
     "seen; all files are written, or none.\n"
     "\n  sextant plot world.xml distances --output distances.pdf\n"
     "  sextant plot world.xml gridworld --view policy --output policy.pdf",
     2, 2, sx_verb_plot},
    {"explain", "[CODE]", "a message code or a term in three sentences",
     "Explain the code of a message, such as E104, or a term, such as occupancy. Without an "
     "argument all of them are listed.",
     0, 1, sx_verb_explain},
    {NULL, NULL, NULL, NULL, 0, 0, NULL},
};
/* clang-format on */

sx_status sx_cli_fail(sx_cli *c, const char *code, sx_error *err, const char *format, ...)
{
    char message[480];
    va_list args;
    va_start(args, format);
    vsnprintf(message, sizeof message, format, args);
    va_end(args);
    if (err->status == SX_OK)
        snprintf(c->code, sizeof c->code, "%s", code);
    return sx_fail(err, SX_EARG, "%s", message);
}

static sx_exit exit_of(sx_status st)
{
    switch (st) {
    case SX_OK: return SX_EXIT_DONE;
    case SX_EARG:
    case SX_EINPUT:
    case SX_EIO:
    case SX_ELIMIT: return SX_EXIT_INPUT;
    case SX_EFAULT: return SX_EXIT_UNCERTIFIED;
    case SX_EMEM:
    case SX_ELIB: return SX_EXIT_FAULT;
    }
    return SX_EXIT_FAULT;
}

/* To the stream of the caller, which a test may have put in the place of standard output. */
static sx_status write_stream(sx_cli *c, const sx_text *t, sx_error *err)
{
    errno = 0;
    if (fwrite(t->bytes ? t->bytes : "", 1, t->size, c->out) != t->size || fflush(c->out))
        return sx_fail(err, SX_EIO, "cannot write standard output: %s", strerror(errno));
    return SX_OK;
}

static sx_status write_text(sx_cli *c, const sx_text *t, sx_error *err)
{
    const char *path = c->o.text[SX_OPT_OUTPUT];
    sx_status st;
    if (t->failed)
        return sx_nomem(err);
    if (!path || !strcmp(path, "-"))
        return write_stream(c, t, err);
    st = sx_cli_guard(c, path, err);
    return st ? st : sx_file_write(path, t->bytes ? t->bytes : "", t->size, err);
}

/* The result in the form that was asked for. */
static sx_status write_result(sx_cli *c, sx_error *err)
{
    sx_text made = {0};
    sx_status st;
    if (c->report.failed || c->text.failed)
        return sx_nomem(err);
    if (c->report.root && (sx_format)c->o.number[SX_OPT_FORMAT] == SX_FORMAT_JSON)
        sx_report_json(&c->report, &made);
    else if (c->report.root && (sx_format)c->o.number[SX_OPT_FORMAT] == SX_FORMAT_CSV)
        sx_report_csv(&c->report, &made);
    else if (!c->text.bytes)
        return SX_OK; /* a verb that wrote its files itself */
    else
        return write_text(c, &c->text, err);
    st = write_text(c, &made, err);
    sx_text_clear(&made);
    return st;
}

static sx_status run_verb(sx_cli *c, sx_error *err)
{
    double from = omp_get_wtime();
    sx_status st = sx_diags_new(&c->diags, err);
    if (c->o.given[SX_OPT_THREADS])
        omp_set_num_threads((int)c->o.number[SX_OPT_THREADS]);
    sx_progress_start(c);
    if (!st)
        st = sx_verbs[c->o.verb].run(c, err);
    sx_progress_end();
    if (c->diags && !sx_cli_diags(c) && !st)
        st = sx_nomem(err);
    if (!st)
        st = write_result(c, err);
    if (!st && c->o.given[SX_OPT_VERBOSE])
        fprintf(c->err, "done in %.3f s, %d thread%s\n", omp_get_wtime() - from,
                omp_get_max_threads(), omp_get_max_threads() == 1 ? "" : "s");
    return st;
}

static sx_status help_or_version(sx_cli *c, sx_error *err)
{
    if (c->o.given[SX_OPT_VERSION])
        sx_text_put(&c->text, "sextant " SX_VERSION "\n");
    else if (c->o.verb == SX_VERB_NONE)
        sx_help_all(&c->text);
    else
        sx_help_verb(&c->text, c->o.verb);
    return c->text.failed ? sx_nomem(err) : write_stream(c, &c->text, err);
}

int sx_cli_main(int argc, const char *const *argv, FILE *out, FILE *err_stream)
{
    sx_error err = SX_NO_ERROR;
    sx_cli c;
    sx_status st;
    int answer;
    memset(&c, 0, sizeof c);
    c.out = out;
    c.err = err_stream;
    st = sx_options_parse(argc, argv, &c.o, &err);
    if (!st && (c.o.given[SX_OPT_HELP] || c.o.given[SX_OPT_VERSION]))
        st = help_or_version(&c, &err);
    else if (!st)
        st = run_verb(&c, &err);
    if (st)
        sx_cli_error(&c, &err);
    answer = (int)(st ? exit_of(st) : c.answer);
    sx_report_clear(&c.report);
    sx_text_clear(&c.text);
    sx_spec_free(c.spec);
    sx_spec_free(c.original);
    sx_release(c.edit);
    sx_release(c.title);
    sx_diags_free(c.diags);
    sx_options_clear(&c.o);
    return answer;
}
