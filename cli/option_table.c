/* SPDX-License-Identifier: GPL-3.0-or-later */
/* option_table.c - the one table of options, and the words that they allow. */
#include "cli/cli.h"

#include "metrics/distance.h"
#include "metrics/shaping.h"
#include "plots/style.h"
#include "solvers/control.h"

static const char *word(const char *const *words, int32_t n, int32_t i)
{
    return i >= 0 && i < n ? words[i] : NULL;
}

static const char *choice_format(int32_t i)
{
    static const char *const words[] = {"text", "json", "csv"}; /* order of sx_format */
    return word(words, 3, i);
}

static const char *choice_distance(int32_t i)
{
    static const char *const words[] = {"starc", "epic"}; /* order of sx_distance_kind */
    return word(words, 2, i);
}

static const char *choice_canon(int32_t i)
{
    return i < SX_CANONS ? sx_canon_name((sx_canon)i) : NULL;
}

static const char *choice_norm(int32_t i)
{
    return i <= SX_NORMS ? sx_norm_name((sx_norm)i) : NULL; /* with none */
}

static const char *choice_goal(int32_t i)
{
    return sx_shape_goal_name(i);
}

static const char *choice_on(int32_t i)
{
    return sx_shape_on_name(i);
}

static const char *choice_shape_norm(int32_t i)
{
    return i <= SX_LINF ? sx_norm_name((sx_norm)i) : NULL;
}

static const char *choice_metric(int32_t i)
{
    return i < SX_NORMS ? sx_norm_name((sx_norm)i) : NULL;
}

static const char *choice_view(int32_t i)
{
    return sx_plot_view(i);
}

/* Looks of figures, in the order of the enums of plots/style.h. */
static const char *choice_font(int32_t i)
{
    static const char *const words[] = {"sans", "serif"};
    return word(words, 2, i);
}

static const char *choice_theme(int32_t i)
{
    static const char *const words[] = {"light", "dark", "auto"};
    return word(words, 3, i);
}

static const char *choice_background(int32_t i)
{
    static const char *const words[] = {"theme", "none"};
    return word(words, 2, i);
}

static const char *choice_legend(int32_t i)
{
    static const char *const words[] = {"auto", "outside", "none"};
    return word(words, 3, i);
}

static const char *choice_raster(int32_t i)
{
    static const char *const words[] = {"auto", "never", "always"};
    return word(words, 3, i);
}

static const char *choice_log(int32_t i)
{
    static const char *const words[] = {"none", "x", "y", "xy"}; /* bit 0: x, bit 1: y */
    return word(words, 4, i);
}

static const char *choice_coefficient(int32_t i)
{
    static const char *const words[] = {"pearson", "spearman", "kendall"};
    return word(words, 3, i);
}

static const char *choice_x(int32_t i)
{
    static const char *const words[] = {"n", "kl", "sqrt-kl", "level", "pressure"};
    return word(words, 5, i);
}

static const char *choice_method(int32_t i)
{
    int32_t n = 0;
    while (sx_methods[n])
        n++;
    return i < n ? sx_methods[i]->name : i == n ? "auto" : NULL;
}

#define V(verb) (1U << SX_VERB_##verb)
#define RESULTS \
    (V(CHECK) | V(SOLVE) | V(DISTANCE) | V(REGRET) | V(VERIFY) | V(FRONTIER) | V(SHAPE) | \
     V(CONSISTENCY) | V(EQUIVALENT) | V(EXPLAIN))
#define MEASURES (V(DISTANCE) | V(PLOT))
#define SOLVES   (V(SOLVE) | V(REGRET))
#define EDITED \
    (V(CHECK) | V(CONVERT) | V(SOLVE) | V(DISTANCE) | V(REGRET) | V(FRONTIER) | V(SHAPE) | \
     V(EQUIVALENT) | V(PLOT))
#define EVERY       ((1U << SX_VERBS) - 1)
#define ANY_TEXT    0, 0, NULL
#define WHOLE(a, b) a, b, NULL
#define REAL(a, b)  a, b, NULL
#define WORDS(f)    0, 0, f

/* clang-format off */
const sx_option sx_option_table[] = {
    {SX_OPT_REWARD, "reward", SX_KIND_TEXT, "R", NULL, ANY_TEXT, V(SOLVE), false,
     "the reward to optimise; by default the first of the specification"},
    {SX_OPT_MINIMISE, "minimise", SX_KIND_FLAG, NULL, NULL, ANY_TEXT, V(SOLVE), true,
     "find the least return instead of the greatest"},
    {SX_OPT_METHOD, "method", SX_KIND_CHOICE, "M", "auto", WORDS(choice_method),
     SOLVES | V(FRONTIER) | V(CONSISTENCY) | V(EQUIVALENT) | V(PLOT), true,
     "how optimal values are computed; auto chooses by size"},
    {SX_OPT_TRUE, "true", SX_KIND_TEXT, "R", NULL, ANY_TEXT, V(REGRET), false,
     "the reward that counts, or a group of them; by default each in turn"},
    {SX_OPT_PROXY, "proxy", SX_KIND_TEXT, "R", NULL, ANY_TEXT, V(REGRET), false,
     "the reward that is optimised, or a group of them; by default each in turn"},
    {SX_OPT_TRUE, "true", SX_KIND_TEXT, "R", NULL, ANY_TEXT, V(FRONTIER), false,
     "the reward that counts; by default the one called true, else the first"},
    {SX_OPT_TRUE, "true", SX_KIND_TEXT, "R", NULL, ANY_TEXT, V(CONSISTENCY), false,
     "the reward that decides what an edit changes, or none where nobody knows it; by default the "
     "one called true, else the first"},
    {SX_OPT_REWARD, "reward", SX_KIND_TEXT, "R", NULL, ANY_TEXT, V(CONSISTENCY), false,
     "the reward to repair, by default the only one that is not the true one; or to average, by "
     "default all of them"},
    {SX_OPT_REPAIR, "repair", SX_KIND_FILE, "FILE", NULL, ANY_TEXT, V(CONSISTENCY), false,
     "write the nearest reward that does what the edits expect: .xml (the specification with "
     "this reward) or .npy; nearest in l1 or, with --norm linf, in linf"},
    {SX_OPT_MARGIN, "margin", SX_KIND_REAL, "X", NULL, REAL(1e-12, 1e12), V(CONSISTENCY), true,
     "how large a difference that an edit expects is made by --repair, at least; by default a "
     "hundredth of the largest reward"},
    {SX_OPT_THRESHOLD, "threshold", SX_KIND_REAL, "X", NULL, REAL(0, 1e9), V(CONSISTENCY), true,
     "exit with 1 when a reward other than the true one has an invariance error above X under a "
     "neutral edit, or a regret above X under a causal one"},
    {SX_OPT_THRESHOLD, "threshold", SX_KIND_REAL, "X", NULL, REAL(0, 1e9), V(PLOT), false,
     "consistency has a line at X among invariance errors and regrets"},
    {SX_OPT_AVERAGE, "average", SX_KIND_FILE, "FILE", NULL, ANY_TEXT, V(CONSISTENCY), false,
     "write the world with rewards averaged over its symmetries added, as convert does: .xml, "
     ".npy or .csv"},
    {SX_OPT_PROXY, "proxy", SX_KIND_TEXT, "R", NULL, ANY_TEXT, V(FRONTIER), false,
     "the reward that is optimised; by default the other one of two"},
    {SX_OPT_LEVELS, "levels", SX_KIND_WHOLE, "N", "11", WHOLE(2, 10001), V(FRONTIER), true,
     "levels of the Goodhart frontier, evenly from 0 to 1"},
    {SX_OPT_FROM, "from", SX_KIND_TEXT, "R", NULL, ANY_TEXT, V(SHAPE) | V(PLOT), false,
     "the reward to shape; by default the first that is not --to"},
    {SX_OPT_TO, "to", SX_KIND_TEXT, "T", NULL, ANY_TEXT, V(SHAPE) | V(PLOT), false,
     "the reward that the shaped one should be like"},
    {SX_OPT_GOAL, "goal", SX_KIND_CHOICE, "G", NULL, WORDS(choice_goal), V(SHAPE) | V(PLOT), true,
     "fit: near --to, the default with it; sparse: few and small rewards, the default without; "
     "flat: a small largest one; smooth: alike from step to step; optimal: the potential is the "
     "optimal value; bounded, linear: fit, or sparse, with such potentials only"},
    {SX_OPT_NORM, "norm", SX_KIND_CHOICE, "N", NULL, WORDS(choice_shape_norm), V(SHAPE), true,
     "what is made small, in fit, bounded and linear; l1 by default"},
    {SX_OPT_ON, "on", SX_KIND_CHOICE, "O", NULL, WORDS(choice_on), V(SHAPE) | V(PLOT), true,
     "over all triples (s,a,s'), possible or not, or over rows: the means of pairs (s,a); "
     "triples by default, rows for smooth, whose triples are the possible ones, and for "
     "optimal, which knows no other"},
    {SX_OPT_BOUND, "bound", SX_KIND_REAL, "B", NULL, REAL(1e-100, 1e100), V(SHAPE) | V(PLOT), true,
     "largest potential, up or down, of --goal bounded"},
    {SX_OPT_ATTRIBUTES, "attributes", SX_KIND_TEXT, "A", NULL, ANY_TEXT, V(SHAPE) | V(PLOT), true,
     "what the potential of --goal linear is made of: names of numeric attributes or "
     "variables of states, with blanks between: \"row col\""},
    {SX_OPT_APPLY, "apply", SX_KIND_FILE, "FILE", NULL, ANY_TEXT, V(SHAPE), false,
     "write the shaped reward: .xml (the specification with one reward more), .npy or .csv (a "
     "table of the one reward)"},
    {SX_OPT_DISTANCE, "distance", SX_KIND_CHOICE, "D", "starc", WORDS(choice_distance),
     MEASURES, true,
     "starc: by canonicalisation, norm and metric; epic: Pearson distance of canonical "
     "rewards, with --canon epic unless another is given"},
    {SX_OPT_CANON, "canon", SX_KIND_CHOICE, "C", "val", WORDS(choice_canon),
     MEASURES | V(CONSISTENCY), true, "canonicalisation"},
    {SX_OPT_CANON, "canon", SX_KIND_CHOICE, "C", "val", WORDS(choice_canon), V(REGRET), true,
     "canonicalisation of the bounds"},
    {SX_OPT_NORM, "norm", SX_KIND_CHOICE, "N", "l2", WORDS(choice_norm),
     MEASURES | V(REGRET) | V(CONSISTENCY), true, "the norm that canonical rewards are divided by"},
    {SX_OPT_METRIC, "metric", SX_KIND_CHOICE, "M", "l2", WORDS(choice_metric),
     MEASURES | V(REGRET) | V(CONSISTENCY), true, "the norm of the difference of the divided rewards"},
    {SX_OPT_ALL, "all", SX_KIND_FLAG, NULL, NULL, ANY_TEXT, V(DISTANCE), true,
     "every combination of canonicalisation, norm and metric"},
    {SX_OPT_ALL, "all", SX_KIND_FLAG, NULL, NULL, ANY_TEXT, V(REGRET), true,
     "bounds by every combination of canonicalisation, norm and metric, and which is tightest"},
    {SX_OPT_WITNESS, "witness", SX_KIND_FILE, "FILE", NULL, ANY_TEXT, V(REGRET), false,
     "write the two policies of each worst case to FILE, as JSON"},
    {SX_OPT_EXPLAIN, "explain", SX_KIND_FLAG, NULL, NULL, ANY_TEXT, V(DISTANCE), true,
     "each step of the distance, as tables in worlds of up to 64 triples (s,a,s'), and the ten "
     "transitions that carry most of it; of two rewards also what is left of the second when the "
     "first, scaled and shaped, is taken from it; CSV has these instead of the distances"},
    {SX_OPT_EXPLAIN, "explain", SX_KIND_FLAG, NULL, NULL, ANY_TEXT, V(EQUIVALENT), true,
     "the ten state-action pairs on which the advantages differ most after scaling; CSV has these "
     "instead of the answer"},
    {SX_OPT_EXACT, "exact", SX_KIND_FLAG, NULL, NULL, ANY_TEXT, V(EQUIVALENT), true,
     "decide in rational numbers, each as the file writes it (0.1 is 1/10): never undecided; "
     "worlds of up to 100 states, without exp, log and sqrt"},
    {SX_OPT_POLICY, "policy", SX_KIND_FILE, "FILE", NULL, ANY_TEXT, V(DISTANCE), true,
     "the policy of val and val-potential: .npy of states x actions, or CSV with columns "
     "state,action,p, or base, the base policy of the world; uniform by default"},
    {SX_OPT_STATE_DIST, "state-dist", SX_KIND_FILE, "FILE", NULL, ANY_TEXT, V(DISTANCE), true,
     "the distribution over states of epic: .npy of states, or CSV with columns state,p; "
     "uniform by default"},
    {SX_OPT_ACTION_DIST, "action-dist", SX_KIND_FILE, "FILE", NULL, ANY_TEXT, V(DISTANCE), true,
     "the distribution over the actions of each state of epic and dard, written as a policy "
     "is; uniform by default"},
    {SX_OPT_TRIVIAL, "trivial", SX_KIND_REAL, "X", "1e-9", REAL(0, 1),
     V(DISTANCE) | V(REGRET) | V(FRONTIER) | V(CONSISTENCY) | V(EQUIVALENT) | V(PLOT), true,
     "a reward under which all policies are alike to this share of its largest value is "
     "trivial"},
    {SX_OPT_CERTIFICATE, "certificate", SX_KIND_FILE, "FILE", NULL, ANY_TEXT,
     SOLVES | V(DISTANCE) | V(SHAPE), false,
     "also write all that is needed to check the numbers, for sextant verify or any other "
     "program"},
    {SX_OPT_EDIT, "edit", SX_KIND_TEXT, "E", NULL, ANY_TEXT, EDITED, false,
     "look at the world that this edit of the specification makes: its id, or id@step of an "
     "edit with steps"},
    {SX_OPT_VIEW, "view", SX_KIND_CHOICE, "V", "map", WORDS(choice_view), V(PLOT), false,
     "what a gridworld shows: map; optimal value; policy, with all optimal moves; reward, a wedge "
     "for each move; difference of the advantages of --proxy and --true; occupancy; potential "
     "that turns --true into --proxy; trajectory, ways from the start"},
    {SX_OPT_POLICY, "policy", SX_KIND_FILE, "FILE", NULL, ANY_TEXT, V(PLOT), false,
     "the policy that a gridworld shows in place of an optimal one, that a polygon marks, and of val "
     "and val-potential: "
     ".npy of states x actions, CSV with columns state,action,p, or base, that of the world"},
    {SX_OPT_PATHS, "paths", SX_KIND_WHOLE, "N", "3", WHOLE(1, 1000), V(PLOT), false,
     "how many random ways --view trajectory draws, one where it wanders unless asked for more; "
     "above 20 it shows the occupancy instead"},
    {SX_OPT_COORDS, "coords", SX_KIND_FLAG, NULL, NULL, ANY_TEXT, V(PLOT), false,
     "number the rows and columns of a gridworld, from 0 in the top left corner"},
    {SX_OPT_REWARD, "reward", SX_KIND_TEXT, "R", NULL, ANY_TEXT, V(PLOT), false,
     "the reward of canonical, or of a gridworld's value, policy, reward, occupancy or trajectory; "
     "by default the first"},
    {SX_OPT_TRUE, "true", SX_KIND_TEXT, "R", NULL, ANY_TEXT, V(PLOT), false,
     "the reward that counts; by default the one called true, else the first"},
    {SX_OPT_PROXY, "proxy", SX_KIND_TEXT, "R", NULL, ANY_TEXT, V(PLOT), false,
     "the reward that is compared with it; by default the other one of two"},
    {SX_OPT_LOG, "log", SX_KIND_CHOICE, "A", "none", WORDS(choice_log), V(PLOT), false,
     "which axes of regret are logarithmic; zeros stand apart on them"},
    {SX_OPT_ROWS, "rows", SX_KIND_TEXT, "W", NULL, ANY_TEXT, V(PLOT), false,
     "correlation: the pairs that count, as the column rows calls them, such as nontrivial; by "
     "default a panel for each"},
    {SX_OPT_TARGET, "target", SX_KIND_TEXT, "W", NULL, ANY_TEXT, V(PLOT), false,
     "correlation: the regret, as the column target calls it, such as worst_case; by default a "
     "panel for each"},
    {SX_OPT_COEFFICIENT, "coefficient", SX_KIND_CHOICE, "C", "pearson",
     WORDS(choice_coefficient), V(PLOT), false, "correlation: which coefficient"},
    {SX_OPT_HIGHLIGHT, "highlight", SX_KIND_TEXT, "C", NULL, ANY_TEXT, V(PLOT), false,
     "correlation: the canonicalisation in colour; by default the one of the greatest median"},
    {SX_OPT_X, "x", SX_KIND_CHOICE, "X", NULL, WORDS(choice_x), V(PLOT), false,
     "what overoptimisation shows from left to right: n, kl or sqrt-kl, and goodhart: level of "
     "the proxy or pressure; by default n where it is known, and level"},
    {SX_OPT_REGRET, "regret", SX_KIND_FLAG, NULL, NULL, ANY_TEXT, V(PLOT), false,
     "training shows the regret, too"},
    {SX_OPT_WIDTH, "width", SX_KIND_LENGTH, "W", NULL, REAL(72, 1440), V(PLOT), false,
     "width of the figure; by default chosen by what is in it"},
    {SX_OPT_HEIGHT, "height", SX_KIND_LENGTH, "H", NULL, REAL(36, 1440), V(PLOT), false,
     "height of the figure; by default chosen by what is in it"},
    {SX_OPT_VENUE, "venue", SX_KIND_CHOICE, "P", NULL, WORDS(sx_plot_venue), V(PLOT), false,
     "width and type as the template of a place to publish asks; --width, --text-size go first"},
    {SX_OPT_COLUMNS, "columns", SX_KIND_WHOLE, "N", "1", WHOLE(1, 2), V(PLOT), false,
     "columns of text that the figure is wide: of --venue, else 3.25in and 6.75in"},
    {SX_OPT_FONT, "font", SX_KIND_CHOICE, "F", "sans", WORDS(choice_font), V(PLOT), false,
     "family of the type"},
    {SX_OPT_TEXT_SIZE, "text-size", SX_KIND_REAL, "T", NULL, REAL(5, 24), V(PLOT), false,
     "size of the type in points; by default 8, or as --venue says"},
    {SX_OPT_THEME, "theme", SX_KIND_CHOICE, "T", "light", WORDS(choice_theme), V(PLOT), false,
     "colours on white or on black; auto: in SVG as the reader's screen is, else light"},
    {SX_OPT_BACKGROUND, "background", SX_KIND_CHOICE, "B", "theme", WORDS(choice_background),
     V(PLOT), false, "the ground under the figure, of the theme's colour, or none"},
    {SX_OPT_LEGEND, "legend", SX_KIND_CHOICE, "L", "auto", WORDS(choice_legend), V(PLOT), false,
     "auto: names beside lines where they fit, else in the emptiest corner"},
    {SX_OPT_RASTER, "raster", SX_KIND_CHOICE, "R", "auto", WORDS(choice_raster), V(PLOT), false,
     "clouds of points as an image of their density; auto: above 5000 points"},
    {SX_OPT_DATA, "data", SX_KIND_FILE, "FILE", NULL, ANY_TEXT, V(PLOT), false,
     "write the numbers that the figure shows, too, as CSV, a row for each mark"},
    {SX_OPT_GNUPLOT, "gnuplot", SX_KIND_FILE, "FILE", NULL, ANY_TEXT, V(PLOT), false,
     "write the figure, too, as a script for gnuplot with its numbers in it"},
    {SX_OPT_TIKZ, "tikz", SX_KIND_FILE, "FILE", NULL, ANY_TEXT, V(PLOT), false,
     "write the figure, too, as TikZ with pgfplots, to be put into LaTeX"},
    {SX_OPT_ALT, "alt", SX_KIND_FILE, "FILE", NULL, ANY_TEXT, V(PLOT), false,
     "where the alternative text goes, which says in words what is to be seen; by default "
     "beside the figure as NAME.alt.txt; none writes none"},
    {SX_OPT_TOLERANCE, "tolerance", SX_KIND_REAL, "X", "1e-9", REAL(1e-15, 0.1), V(SOLVE), true,
     "largest gap of the certificate, relative to the largest reward / (1 - discount)"},
    {SX_OPT_TOLERANCE, "tolerance", SX_KIND_REAL, "X", "1e-9", REAL(1e-15, 0.1), V(REGRET), true,
     "largest gap of the certificate, relative to the range of the true reward"},
    {SX_OPT_TOLERANCE, "tolerance", SX_KIND_REAL, "X", NULL, REAL(1e-12, 0.1), V(FRONTIER), true,
     "largest gap of the polygon, relative to its diameter; by default 1e-9, above 2000 "
     "reachable states 1e-4"},
    {SX_OPT_TOLERANCE, "tolerance", SX_KIND_REAL, "X", "1e-9", REAL(1e-12, 0.1), V(CONSISTENCY),
     true, "numbers that differ by at most this share of the largest are equal"},
    {SX_OPT_TOLERANCE, "tolerance", SX_KIND_REAL, "X", "1e-9", REAL(1e-15, 0.1), V(SHAPE), true,
     "largest gap of the certificate, relative to the size of --to, or of --from without it"},
    {SX_OPT_TOLERANCE, "tolerance", SX_KIND_REAL, "X", "1e-9", REAL(1e-15, 0.1), V(EQUIVALENT),
     true, "differences of the advantages up to this share of the largest are not called "
     "different"},
    {SX_OPT_TOLERANCE, "tolerance", SX_KIND_REAL, "X", "1e-9", REAL(1e-15, 0.1), V(VERIFY), true,
     "the largest tolerance that a certificate may ask for"},
    {SX_OPT_TOLERANCE, "tolerance", SX_KIND_REAL, "X", "1e-9", REAL(1e-15, 0.1), V(DISTANCE), false,
     "accuracy of iterative solves; distances are computed directly, so it changes nothing"},
    {SX_OPT_TOLERANCE, "tolerance", SX_KIND_REAL, "X", "1e-9", REAL(1e-12, 0.1), V(PLOT), false,
     "as of the verb that computes the same: shape, consistency"},
    {SX_OPT_SEED, "seed", SX_KIND_WHOLE, "N", "0", WHOLE(0, 9007199254740991.0),
     V(DISTANCE) | V(REGRET), false,
     "seed of the bootstrap intervals of groups of rewards"},
    {SX_OPT_SEED, "seed", SX_KIND_WHOLE, "N", "0", WHOLE(0, 9007199254740991.0), V(PLOT), false,
     "seed of random draws: the ways of a gridworld, where points are put beside each other, "
     "bootstrap intervals over runs and groups"},
    {SX_OPT_SEED, "seed", SX_KIND_WHOLE, "N", "0", WHOLE(0, 9007199254740991.0),
     RESULTS & ~(V(DISTANCE) | V(REGRET) | V(EXPLAIN)), false,
     "seed of random draws, named in the result; this verb draws nothing"},
    {SX_OPT_FORMAT, "format", SX_KIND_CHOICE, "F", "text", WORDS(choice_format), RESULTS, false,
     "form of the result"},
    {SX_OPT_OUTPUT, "output", SX_KIND_FILE, "FILE", NULL, ANY_TEXT, V(CONVERT), false,
     "what to write: .xml (explicit), .npy or .csv (an .xml of the same stem beside the "
     "arrays or tables)"},
    {SX_OPT_OUTPUT, "output", SX_KIND_FILE, "FILE", NULL, ANY_TEXT, V(PLOT), false,
     "the figure to write: .pdf, .svg or .png"},
    {SX_OPT_OUTPUT, "output", SX_KIND_FILE, "FILE", "-", ANY_TEXT,
     EVERY & ~(V(CONVERT) | V(PLOT)), false, "where the result goes; - is standard output"},
    {SX_OPT_THREADS, "threads", SX_KIND_WHOLE, "N", NULL, WHOLE(1, 1024), EVERY, false,
     "threads to compute with, by default one a core; the numbers do not depend on it"},
    {SX_OPT_QUIET, "quiet", SX_KIND_FLAG, NULL, NULL, ANY_TEXT, EVERY, false,
     "no warnings and no progress"},
    {SX_OPT_VERBOSE, "verbose", SX_KIND_FLAG, NULL, NULL, ANY_TEXT, EVERY, false,
     "say on standard error what was read, computed and written"},
    {SX_OPT_HELP, "help", SX_KIND_FLAG, NULL, NULL, ANY_TEXT, EVERY, false, "this text"},
    {SX_OPT_VERSION, "version", SX_KIND_FLAG, NULL, NULL, ANY_TEXT, EVERY, false,
     "the version"},
    {SX_OPTS, NULL, SX_KIND_FLAG, NULL, NULL, ANY_TEXT, 0, false, NULL},
};
/* clang-format on */
