/* SPDX-License-Identifier: GPL-3.0-or-later */
/* grammar.c - the table: every element, every attribute, every type of value. */
#include "mdp/grammar.h"

#include <math.h>
#include <string.h>

/* clang-format off */

/* --- types of values --------------------------------------------------------------- */

#define OTHER "&#x80;-&#x10FFFF;"
#define PATTERN(p) "<xs:pattern value=\"" p "\"/>"
#define DECIMAL_PATTERN "(\\d+(\\.\\d*)?|\\.\\d+)([eE][+\\-]?\\d+)?"
#define REAL_PATTERN "[+\\-]?" DECIMAL_PATTERN "(/" DECIMAL_PATTERN ")?"

const sx_value_type sx_value_types[SX_VALUE_KINDS] = {
    [SX_VALUE_TEXT] = {"text", "text", "xs:string", "", NAN, NAN, false},
    [SX_VALUE_NAME] = {"name", "a name: one or more characters without blanks, not *",
        "xs:string", PATTERN("[^\\s*]|\\S\\S+"), NAN, NAN, false},
    [SX_VALUE_NAMES] = {"names", "a list of names, separated by blanks, none of them *",
        "xs:string", PATTERN("\\s*(([^\\s*]|\\S\\S+)(\\s+([^\\s*]|\\S\\S+))*)?\\s*"),
        NAN, NAN, false},
    [SX_VALUE_IDENTIFIER] = {"identifier",
        "a word for expressions: letters, digits and _, not starting with a digit",
        "xs:string", PATTERN("[A-Za-z_" OTHER "][A-Za-z0-9_" OTHER "]*"), NAN, NAN, false},
    [SX_VALUE_SELECTOR] = {"selector", "a name or a label, or * for all",
        "xs:string", PATTERN("\\S+"), NAN, NAN, false},
    [SX_VALUE_SYMBOL] = {"symbol", "a single character, not a blank",
        "xs:string", PATTERN("\\S"), NAN, NAN, false},
    [SX_VALUE_CHOICE] = {NULL, "one of a few words", "xs:string", NULL, NAN, NAN, false},
    [SX_VALUE_NUMBER] = {"number", "a number such as 0.25, 1e-3 or 1/4",
        NULL, NULL, NAN, NAN, false},
    [SX_VALUE_NUMBERS] = {"numbers", "a list of numbers, separated by blanks",
        "xs:string", PATTERN("\\s*" REAL_PATTERN "(\\s+" REAL_PATTERN ")*\\s*"),
        NAN, NAN, false},
    [SX_VALUE_PROBABILITY] = {"probability", "a probability: a number from 0 to 1, also 1/3",
        NULL, NULL, 0, 1, false},
    [SX_VALUE_NONNEGATIVE] = {"nonnegative", "a number that is 0 or more",
        NULL, NULL, 0, NAN, false},
    [SX_VALUE_DISCOUNT] = {"discount", "a number from 0 to below 1",
        NULL, NULL, 0, 1, true},
    [SX_VALUE_COUNT] = {"count", "a whole number from 1 to 10000000", "xs:integer",
        "<xs:minInclusive value=\"1\"/><xs:maxInclusive value=\"10000000\"/>",
        1, 1e7, false},
    [SX_VALUE_SEED] = {"seed", "a whole number from 0 to 9007199254740992", "xs:integer",
        "<xs:minInclusive value=\"0\"/><xs:maxInclusive value=\"9007199254740992\"/>",
        0, 9007199254740992.0, false},
    [SX_VALUE_EXPRESSION] = {"expression", "an expression such as -0.1 * (row + col)",
        "xs:string", PATTERN("[\\s\\S]*\\S[\\s\\S]*"), NAN, NAN, false},
    [SX_VALUE_FILE] = {"file", "the name of a file, relative to the specification",
        "xs:string", PATTERN("[\\s\\S]*\\S[\\s\\S]*"), NAN, NAN, false},
};

/* --- attributes ---------------------------------------------------------------------- */

#define NAME_END {NULL, SX_VALUE_TEXT, false, NULL, NULL, NULL}
#define BOOLEAN "true|false"
#define ORDERS "sas|ass|sa|as|s"

static const sx_rule mdp_rules[] = {
    {"version", SX_VALUE_CHOICE, true, NULL, "1", "the version of this format"},
    {"id", SX_VALUE_NAME, false, NULL, NULL,
     "a name for results; default: the name of the file without its suffix"},
    {"discount", SX_VALUE_DISCOUNT, true, NULL, NULL,
     "the factor by which a reward one step later counts less"},
    NAME_END};

static const sx_rule count_rules[] = {
    {"count", SX_VALUE_COUNT, true, NULL, NULL, "how many; their names are 0, 1, 2, ..."},
    NAME_END};

static const sx_rule state_rules[] = {
    {"id", SX_VALUE_NAME, true, NULL, NULL, "the name of the state"},
    {"labels", SX_VALUE_NAMES, false, NULL, NULL, "labels by which selectors find it"},
    {"absorbing", SX_VALUE_CHOICE, false, "false", BOOLEAN,
     "true: every action loops back to it with probability 1"},
    NAME_END};

static const sx_rule action_rules[] = {
    {"id", SX_VALUE_NAME, true, NULL, NULL, "the name of the action"},
    NAME_END};

static const sx_rule transition_rules[] = {
    {"from", SX_VALUE_SELECTOR, true, NULL, NULL, "the state that is left; * for each"},
    {"action", SX_VALUE_SELECTOR, true, NULL, NULL, "the action; * for each"},
    {"to", SX_VALUE_SELECTOR, true, NULL, NULL, "the state that is entered; * for each"},
    {"p", SX_VALUE_PROBABILITY, true, NULL, NULL,
     "the probability; over all `to` of one (from, action) they sum to 1"},
    {"sum", SX_VALUE_CHOICE, false, "false", BOOLEAN,
     "true: added to what was given for the same three before"},
    NAME_END};

static const sx_rule attribute_rules[] = {
    {"id", SX_VALUE_IDENTIFIER, true, NULL, NULL, "the name that expressions use"},
    {"value", SX_VALUE_TEXT, true, NULL, NULL, "a number or a name"},
    NAME_END};

static const sx_rule pair_rules[] = {
    {"from", SX_VALUE_SELECTOR, true, NULL, NULL, "the state; * for each that is not absorbing"},
    {"action", SX_VALUE_SELECTOR, true, NULL, NULL, "the action; * for each that is available"},
    {"p", SX_VALUE_PROBABILITY, false, NULL, NULL,
     "its probability under the base policy; a state without any takes its actions uniformly"},
    NAME_END};

static const sx_rule context_rules[] = {
    {"id", SX_VALUE_NAME, true, NULL, NULL, "the name of the context, which is a state"},
    {"labels", SX_VALUE_NAMES, false, NULL, NULL, "labels by which selectors find it"},
    {"weight", SX_VALUE_NONNEGATIVE, false, "1", NULL,
     "how often it occurs: all are divided by their sum"},
    NAME_END};

static const sx_rule response_rules[] = {
    {"id", SX_VALUE_NAME, true, NULL, NULL, "the name of the response, which is an action"},
    NAME_END};

static const sx_rule policy_rules[] = {
    {"context", SX_VALUE_SELECTOR, true, NULL, NULL, "the context; * for each"},
    {"response", SX_VALUE_SELECTOR, true, NULL, NULL, "the response; * for each"},
    {"p", SX_VALUE_PROBABILITY, true, NULL, NULL,
     "how often it is given there; over all responses to a context they sum to 1"},
    NAME_END};

static const sx_rule choice_rules[] = {
    {"id", SX_VALUE_NAME, true, NULL, NULL,
     "the name of the action; different from that of its siblings"},
    {"p", SX_VALUE_PROBABILITY, false, NULL, NULL,
     "how often it is taken there; siblings without one share equally what is left"},
    NAME_END};

static const sx_rule gridworld_rules[] = {
    {"moves", SX_VALUE_CHOICE, false, "4", "4|8|4+stay|8+stay", "the actions"},
    {"slip", SX_VALUE_PROBABILITY, false, "0", NULL,
     "the probability that a move does not go where it was meant to"},
    {"slip-to", SX_VALUE_CHOICE, false, "sides", "sides|any|stay",
     "where it goes then: half to each side, shared by all moves, or nowhere"},
    NAME_END};

static const sx_rule cell_rules[] = {
    {"symbol", SX_VALUE_SYMBOL, true, NULL, NULL, "the character in the map"},
    {"label", SX_VALUE_NAME, false, NULL, NULL, "the label of these cells"},
    {"wall", SX_VALUE_CHOICE, false, "false", BOOLEAN, "true: no state, cannot be entered"},
    {"absorbing", SX_VALUE_CHOICE, false, "false", BOOLEAN,
     "true: every action loops back to it"},
    {"initial", SX_VALUE_NONNEGATIVE, false, NULL, NULL,
     "the weight of each such cell in the initial distribution"},
    {"sends-to", SX_VALUE_SYMBOL, false, NULL, NULL,
     "who steps there is put on the cell with that symbol"},
    NAME_END};

static const sx_rule arrays_rules[] = {
    {"transitions", SX_VALUE_FILE, true, NULL, NULL, "a .npy or .npz file of three axes"},
    {"member", SX_VALUE_TEXT, false, NULL, NULL, "its name inside of the .npz file"},
    {"order", SX_VALUE_CHOICE, false, NULL, "sas|ass",
     "the axes: state, action, next state, or action, state, next state; needed when the "
     "shape fits both"},
    {"initial", SX_VALUE_FILE, false, NULL, NULL,
     "a .npy or .npz file with one weight for each state"},
    {"initial-member", SX_VALUE_TEXT, false, NULL, NULL, "its name inside of the .npz file"},
    NAME_END};

static const sx_rule transitions_rules[] = {
    {"href", SX_VALUE_FILE, true, NULL, NULL, "a CSV file with columns from, action, to, p"},
    NAME_END};

static const sx_rule random_rules[] = {
    {"kind", SX_VALUE_CHOICE, false, "dirichlet", "dirichlet|starc",
     "dirichlet: distinct successors drawn uniformly, uniform on the simplex; starc: softmax "
     "of normal logits, those at or below 1 replaced by -20"},
    {"states", SX_VALUE_COUNT, true, NULL, NULL, "how many states"},
    {"actions", SX_VALUE_COUNT, true, NULL, NULL, "how many actions"},
    {"successors", SX_VALUE_COUNT, false, NULL, NULL,
     "how many successors a pair has (dirichlet); default: all states"},
    {"seed", SX_VALUE_SEED, false, "0", NULL, "the same seed gives the same world"},
    NAME_END};

static const sx_rule factored_rules[] = {
    {"states", SX_VALUE_CHOICE, false, "reachable", "reachable|all",
     "reachable: the combinations of values that can be reached from the start; all: every "
     "combination"},
    NAME_END};

static const sx_rule variable_rules[] = {
    {"id", SX_VALUE_IDENTIFIER, true, NULL, NULL, "the name that expressions use"},
    {"values", SX_VALUE_NAMES, false, NULL, NULL,
     "its values, separated by blanks: all of them names, or all of them numbers"},
    {"range", SX_VALUE_TEXT, false, NULL, NULL,
     "instead of values: the least and the largest of whole numbers, as in 0 9"},
    {"initial", SX_VALUE_NAME, false, NULL, NULL,
     "its value at the start, where no <start> says another; default: any, each as likely"},
    NAME_END};

static const sx_rule factored_action_rules[] = {
    {"id", SX_VALUE_NAME, true, NULL, NULL, "the name of the action"},
    {"when", SX_VALUE_EXPRESSION, false, NULL, NULL,
     "a condition on the variables: it is available only where this holds"},
    NAME_END};

static const sx_rule outcome_rules[] = {
    {"p", SX_VALUE_EXPRESSION, false, NULL, NULL,
     "the probability, which may depend on the variables; the last outcome may leave it out: it "
     "is what the others leave to 1"},
    NAME_END};

static const sx_rule assign_rules[] = {
    {"variable", SX_VALUE_IDENTIFIER, true, NULL, NULL, "the variable that gets a new value"},
    {"value", SX_VALUE_EXPRESSION, true, NULL, NULL,
     "an expression in the variables as they were before the step, or one of the names that are "
     "its values; below <start> one of its values"},
    NAME_END};

static const sx_rule absorbing_rules[] = {
    {"when", SX_VALUE_EXPRESSION, true, NULL, NULL,
     "where this condition holds, every action loops back to the state"},
    NAME_END};

static const sx_rule label_rules[] = {
    {"id", SX_VALUE_NAME, true, NULL, NULL, "the label by which selectors find these states"},
    {"when", SX_VALUE_EXPRESSION, true, NULL, NULL, "the states in which this condition holds"},
    NAME_END};

static const sx_rule formula_rules[] = {
    {"id", SX_VALUE_IDENTIFIER, true, NULL, NULL, "the name that expressions use"},
    {"value", SX_VALUE_EXPRESSION, true, NULL, NULL,
     "an expression in the variables and the attributes above"},
    NAME_END};

static const sx_rule start_rules[] = {
    {"state", SX_VALUE_NAME, false, NULL, NULL,
     "the name of a state; in a factored world <assign> may say its values instead"},
    {"p", SX_VALUE_NONNEGATIVE, false, "1", NULL,
     "its weight: all are divided by their sum"},
    NAME_END};

static const sx_rule reward_rules[] = {
    {"id", SX_VALUE_NAME, true, NULL, NULL, "the name of the reward"},
    {"group", SX_VALUE_NAME, false, NULL, NULL,
     "the name of the group that it belongs to, such as the seeds of one experiment"},
    {"href", SX_VALUE_FILE, false, NULL, NULL,
     "instead of terms: a file, as in <table>; with * ? or [ all files of that pattern, each a "
     "reward of the group `id` that is named id/FILE without its suffix"},
    {"member", SX_VALUE_TEXT, false, NULL, NULL, "of href: the name inside an .npz file"},
    {"order", SX_VALUE_CHOICE, false, NULL, ORDERS,
     "of href: the axes of the array; needed when the shape fits more than one"},
    {"missing", SX_VALUE_CHOICE, false, "error", "error|zero",
     "of href: what a triple without a value (NaN, or no row) is"},
    NAME_END};

#define SELECTORS \
    {"value", SX_VALUE_EXPRESSION, true, NULL, NULL, "a number or an expression"}, \
    {"from", SX_VALUE_SELECTOR, false, NULL, NULL, "only where this state is left"}, \
    {"action", SX_VALUE_SELECTOR, false, NULL, NULL, "only for this action"}, \
    {"to", SX_VALUE_SELECTOR, false, NULL, NULL, "only where the step ends here"}, \
    {"enter", SX_VALUE_SELECTOR, false, NULL, NULL, \
     "only where the step ends here and did not begin here"}, \
    {"when", SX_VALUE_EXPRESSION, false, NULL, NULL, "only where this condition holds"},

static const sx_rule add_rules[] = {SELECTORS NAME_END};

static const sx_rule use_rules[] = {
    {"reward", SX_VALUE_NAME, true, NULL, NULL, "the name of a reward defined above"},
    {"scale", SX_VALUE_NUMBER, false, "1", NULL, "it is multiplied by this"},
    NAME_END};

static const sx_rule shape_rules[] = {
    {"potential", SX_VALUE_EXPRESSION, false, NULL, NULL,
     "an expression in the variables of the state"},
    {"absorbing", SX_VALUE_CHOICE, false, "keep", "keep|drop",
     "drop: leave out the loops of absorbing states (the shaping is then no equivalence)"},
    NAME_END};

static const sx_rule at_rules[] = {
    {"state", SX_VALUE_SELECTOR, true, NULL, NULL, "a state, or a label"},
    {"potential", SX_VALUE_NUMBER, true, NULL, NULL, "its potential; 0 where none is given"},
    NAME_END};

static const sx_rule table_rules[] = {
    {"href", SX_VALUE_FILE, true, NULL, NULL,
     "a .npy, .npz or CSV file (from, action, to, reward)"},
    {"member", SX_VALUE_TEXT, false, NULL, NULL, "the name inside of an .npz file"},
    {"order", SX_VALUE_CHOICE, false, NULL, ORDERS,
     "the axes of the array; needed when the shape fits more than one"},
    {"missing", SX_VALUE_CHOICE, false, "error", "error|zero",
     "what a triple without a value (NaN, or no row) is"},
    NAME_END};

static const sx_rule noise_rules[] = {
    {"sd", SX_VALUE_NONNEGATIVE, true, NULL, NULL, "the standard deviation"},
    {"seed", SX_VALUE_SEED, false, "0", NULL, "the same seed gives the same noise"},
    {"on", SX_VALUE_CHOICE, false, "possible", "possible|all", "which triples it acts on"},
    NAME_END};

static const sx_rule redistribute_rules[] = {
    {"seed", SX_VALUE_SEED, false, "0", NULL, "the same seed gives the same result"},
    {"on", SX_VALUE_CHOICE, false, "possible", "possible|all", "which triples it acts on"},
    NAME_END};

static const sx_rule edit_rules[] = {
    {"id", SX_VALUE_NAME, true, NULL, NULL, "the name of the edit"},
    {"kind", SX_VALUE_CHOICE, false, NULL, "neutral|causal",
     "neutral: the order of the policies under the true reward stays; causal: it changes"},
    {"expect", SX_VALUE_CHOICE, false, NULL,
     "invariant|increase|decrease|flips-best|transports|tie|level",
     "what a reward that follows the edit does where it touches the world"},
    {"transports", SX_VALUE_NAMES, false, NULL, NULL,
     "of expect=transports: two actions; the best one moves from the first to the second"},
    {"level", SX_VALUE_NUMBER, false, NULL, NULL,
     "of expect=level: the value of the reward on what was edited"},
    {"steps", SX_VALUE_NUMBERS, false, NULL, NULL,
     "sizes of the edit, each a world of its own; {step} stands for the size in the values and "
     "texts below"},
    NAME_END};

static const sx_rule edit_add_rules[] = {
    {"sel", SX_VALUE_TEXT, true, NULL, NULL,
     "an XPath from the document that selects one element, such as mdp/reward[1]"},
    {"pos", SX_VALUE_CHOICE, false, NULL, "before|after|prepend",
     "before or after the element, or in front of what it holds; default: behind what it holds"},
    {"type", SX_VALUE_TEXT, false, NULL, NULL,
     "@name: the text becomes an attribute of that name"},
    NAME_END};

static const sx_rule edit_sel_rules[] = {
    {"sel", SX_VALUE_TEXT, true, NULL, NULL,
     "an XPath from the document that selects one element, attribute or text, such as "
     "mdp/@discount or mdp/gridworld/map/text()"},
    NAME_END};

static const sx_rule do_rules[] = {
    {"variable", SX_VALUE_IDENTIFIER, true, NULL, NULL,
     "the variable whose value is replaced wherever it has one"},
    {"value", SX_VALUE_EXPRESSION, true, NULL, NULL,
     "an expression in the variables, or a name where the variable holds names"},
    {"when", SX_VALUE_EXPRESSION, false, NULL, NULL, "only where this condition holds"},
    NAME_END};

static const sx_rule permute_rules[] = {
    {"states", SX_VALUE_NAMES, false, NULL, NULL,
     "a cycle of states: the first takes the part of the second, the last that of the first"},
    {"actions", SX_VALUE_NAMES, false, NULL, NULL, "a cycle of actions"},
    {"contexts", SX_VALUE_NAMES, false, NULL, NULL, "a cycle of the contexts of a bandit"},
    {"responses", SX_VALUE_NAMES, false, NULL, NULL, "a cycle of the responses of a bandit"},
    NAME_END};

/* --- content ------------------------------------------------------------------------- */

#define WORLDS "explicit|gridworld|arrays|transitions|random|bandit|tree|factored"
#define PARTICLE_END {NULL, 0, 0}
#define NAMED_PARTS \
    {"states", 0, 1}, {"state", 0, SX_MANY}, {"actions", 0, 1}, {"action", 0, SX_MANY},

static const sx_particle mdp_content[] = {
    {"title", 0, 1}, {WORLDS, 1, 1}, {"initial", 0, 1}, {"reward", 0, SX_MANY},
    {"edit", 0, SX_MANY}, PARTICLE_END};
static const sx_particle explicit_content[] = {
    NAMED_PARTS {"transition", 0, SX_MANY}, {"pair", 0, SX_MANY}, PARTICLE_END};
static const sx_particle gridworld_content[] = {
    {"map", 1, 1}, {"cell", 0, SX_MANY}, PARTICLE_END};
static const sx_particle named_content[] = {
    NAMED_PARTS {"pair", 0, SX_MANY}, PARTICLE_END};
static const sx_particle bandit_content[] = {
    {"contexts", 0, 1}, {"context", 0, SX_MANY}, {"responses", 0, 1}, {"response", 0, SX_MANY},
    {"policy", 0, SX_MANY}, PARTICLE_END};
static const sx_particle tree_content[] = {{"choice", 1, SX_MANY}, PARTICLE_END};
static const sx_particle choice_content[] = {
    {"attribute", 0, SX_MANY}, {"choice", 0, SX_MANY}, PARTICLE_END};
static const sx_particle attribute_content[] = {{"attribute", 0, SX_MANY}, PARTICLE_END};
static const sx_particle factored_content[] = {
    {"variable", 1, SX_MANY}, {"factored-action", 1, SX_MANY}, {"absorbing", 0, SX_MANY},
    {"label", 0, SX_MANY}, {"formula", 0, SX_MANY}, PARTICLE_END};
static const sx_particle factored_action_content[] = {{"outcome", 1, SX_MANY}, PARTICLE_END};
static const sx_particle assign_content[] = {{"assign", 0, SX_MANY}, PARTICLE_END};
static const sx_particle initial_content[] = {{"start", 1, SX_MANY}, PARTICLE_END};
static const sx_particle reward_content[] = {
    {"add|set|use|shape|table|noise|redistribute", 0, SX_MANY}, PARTICLE_END};
static const sx_particle edit_content[] = {
    {"edit-add|edit-replace|edit-remove", 0, SX_MANY}, {"do", 0, SX_MANY},
    {"permute", 0, SX_MANY}, PARTICLE_END};
static const sx_particle any_content[] = {{"*", 0, SX_MANY}, PARTICLE_END};
static const sx_particle shape_content[] = {{"at", 0, SX_MANY}, PARTICLE_END};

/* --- elements ------------------------------------------------------------------------- */

const sx_element sx_grammar[] = {
    {"mdp", "mdp", "a specification: one world, several rewards, edits", NULL, mdp_rules, mdp_content},
    {"title", "title", "a title", "any text", NULL, NULL},
    {"explicit", "explicit", "a world given state by state; a pair (state, action) without a "
     "transition is an unavailable action", NULL, NULL, explicit_content},
    {"states", "states", "numbered states", NULL, count_rules, NULL},
    {"state", "state", "a state; after <states>: more about one of the numbered ones", NULL,
     state_rules, attribute_content},
    {"actions", "actions", "numbered actions", NULL, count_rules, NULL},
    {"action", "action", "an action", NULL, action_rules, NULL},
    {"transition", "transition", "the probability of one step", NULL, transition_rules, NULL},
    {"pair", "pair", "more about a pair of state and action: its attributes and its place in the "
     "base policy", NULL, pair_rules, attribute_content},
    {"attribute", "attribute", "a variable of a state, a response, a choice or a pair, for "
     "expressions and edits", NULL, attribute_rules, NULL},
    {"gridworld", "gridworld", "a world drawn as a map; states are named r0c0 by row and column, "
     "with the variables row and col", NULL, gridworld_rules, gridworld_content},
    {"map", "map", "the drawing", "one line a row, one character a cell; blank first and last "
     "lines and common indent are dropped; . is floor", NULL, NULL},
    {"cell", "cell", "what a character of the map means", NULL, cell_rules, attribute_content},
    {"arrays", "arrays", "a world in numpy arrays; an all-zero row is an unavailable action; "
     "<state> and <action> name the indices in order", NULL, arrays_rules, named_content},
    {"transitions", "transitions", "a world in a CSV file; <state> and <action> fix names and "
     "order", NULL, transitions_rules, named_content},
    {"random", "random", "a random world with numbered states and actions", NULL, random_rules,
     NULL},
    {"bandit", "bandit", "contexts, responses and one step: a response to a context, drawn by "
     "weight, then the state `end` for ever; every response fits every context", NULL, NULL,
     bandit_content},
    {"contexts", "contexts", "numbered contexts", NULL, count_rules, NULL},
    {"context", "context", "a context, such as a prompt; after <contexts>: more about one of the "
     "numbered ones", NULL, context_rules, attribute_content},
    {"responses", "responses", "numbered responses", NULL, count_rules, NULL},
    {"response", "response", "a response; its attributes are the same in every context", NULL,
     response_rules, attribute_content},
    {"policy", "policy", "the base policy; uniform in a context without any such line", NULL,
     policy_rules, NULL},
    {"tree", "tree", "choices after choices from the state `root` on; a choice without choices "
     "leads to the state `end`", NULL, NULL, tree_content},
    {"choice", "choice", "an action and, with choices inside, the state that it leads to; that is "
     "named as the choice where the id occurs once, else by its path such as /a/b, with the id as a "
     "label", NULL, choice_rules, choice_content},
    {"factored", "factored", "a world whose states are the combinations of values of a few "
     "variables, each named like x=3,door=open", NULL, factored_rules, factored_content},
    {"variable", "variable", "a variable: every state has one value of each", NULL,
     variable_rules, NULL},
    {"factored-action", "action", "an action: one of its outcomes happens", NULL,
     factored_action_rules, factored_action_content},
    {"outcome", "outcome", "what may happen: all assignments at once, other variables stay; "
     "outcomes that lead to the same state add up", NULL, outcome_rules, assign_content},
    {"assign", "assign", "gives a variable a value", NULL, assign_rules, NULL},
    {"absorbing", "absorbing", "where the process ends", NULL, absorbing_rules, NULL},
    {"label", "label", "a name for a set of states", NULL, label_rules, NULL},
    {"formula", "attribute", "a variable that is computed from the others, for expressions in "
     "rewards; a state where it is no number lacks it", NULL, formula_rules, NULL},
    {"initial", "initial", "the initial distribution; without it uniform over the states that "
     "are not absorbing", NULL, NULL, initial_content},
    {"start", "start", "a state in which the process may start", NULL, start_rules,
     assign_content},
    {"reward", "reward", "a reward: the terms apply in their order", NULL, reward_rules,
     reward_content},
    {"add", "add", "adds the value on every triple that the selectors match", NULL, add_rules,
     NULL},
    {"set", "set", "replaces the value on every triple that the selectors match", NULL,
     add_rules, NULL},
    {"use", "use", "adds another reward", NULL, use_rules, NULL},
    {"shape", "shape", "adds discount * potential(next state) - potential(state)", NULL,
     shape_rules, shape_content},
    {"at", "at", "the potential of a state", NULL, at_rules, NULL},
    {"table", "table", "adds the values of a file", NULL, table_rules, NULL},
    {"noise", "noise", "adds normal noise", NULL, noise_rules, NULL},
    {"redistribute", "redistribute", "moves value between next states at random such that the "
     "mean over them stays", NULL, redistribute_rules, NULL},
    {"edit", "edit", "a counterfactual world: this specification with one thing changed; the "
     "patches apply first, then <do>, then <permute>", NULL, edit_rules, edit_content},
    {"edit-add", "add", "of an edit: adds elements, or an attribute, to the element that sel "
     "selects (RFC 5261)", "what is added, as it stands in the specification; with type=, the "
     "value of the attribute", edit_add_rules, any_content},
    {"edit-replace", "replace", "of an edit: replaces what sel selects (RFC 5261)",
     "the new text or value, or one element in place of an element", edit_sel_rules, any_content},
    {"edit-remove", "remove", "of an edit: removes what sel selects (RFC 5261)", NULL,
     edit_sel_rules, NULL},
    {"do", "do", "of an edit: the value of a variable is replaced before rewards are evaluated; "
     "in a factored world the variable keeps it from the start", NULL, do_rules, NULL},
    {"permute", "permute", "of an edit: exchanges states or actions in a cycle, a b c: a takes "
     "the part of b, b that of c, c that of a, in the world and in every reward, by its "
     "values", NULL, permute_rules, NULL},
    {NULL, NULL, NULL, NULL, NULL, NULL}};

/* clang-format on */

const sx_element *sx_grammar_find(const char *type)
{
    for (const sx_element *e = sx_grammar; e->type; e++)
        if (strcmp(e->type, type) == 0)
            return e;
    return NULL;
}

const sx_rule *sx_grammar_rule(const sx_element *e, const char *name)
{
    for (const sx_rule *r = e->rules; r && r->name; r++)
        if (strcmp(r->name, name) == 0)
            return r;
    return NULL;
}

const char *sx_grammar_next(const char **list, size_t *size)
{
    const char *start = *list;
    if (!start || !*start)
        return NULL;
    *size = strcspn(start, "|");
    *list = start + *size + (start[*size] == '|');
    return start;
}
