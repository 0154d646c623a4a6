/* SPDX-License-Identifier: GPL-3.0-or-later */
/* help.c - help made from the tables of verbs and options. */
#include "cli/verb_plot.h"

#include <stdio.h>
#include <string.h>

#define WIDTH 80
#define LEFT  24 /* where the explanation of an option starts */

void sx_help_all(sx_text *t)
{
    sx_text_put(t, "usage: sextant VERB [arguments] [options]\n\n");
    sx_text_wrap(
        t,
        "Sextant measures the angle between reward functions: how far apart two rewards "
        "on one finite world are, and what optimising one can cost in the other, "
        "exactly.",
        0, 0, WIDTH);
    sx_text_put(t, "\n\nVerbs:\n");
    for (const sx_verb *v = sx_verbs; v->name; v++)
        sx_text_format(t, "  %-10s %s\n", v->name, v->summary);
    sx_text_put(
        t, "\nsextant VERB --help lists the options of a verb.\n"
           "sextant new gridworld > my.xml gives a specification to start from.\n\n"
           "Exit status: 0 done, 1 the answer is no, 2 bad input or usage, 3 not certified "
           "within\nthe tolerance, 4 internal fault, 130 interrupted.\n");
}

/* "  --norm N" */
static int32_t option_head(sx_text *t, const sx_option *opt)
{
    char head[64];
    snprintf(head, sizeof head, "  --%s%s%s", opt->name, opt->argument ? " " : "",
             opt->argument ? opt->argument : "");
    sx_text_put(t, head);
    return (int32_t)strlen(head);
}

static void option_text(const sx_option *opt, char *text, size_t size)
{
    char allowed[256] = "";
    bool shown = opt->kind == SX_KIND_CHOICE || opt->kind == SX_KIND_WHOLE ||
                 opt->kind == SX_KIND_REAL || opt->kind == SX_KIND_LENGTH;
    if (shown)
        sx_option_allowed(opt, allowed, sizeof allowed);
    snprintf(text, size, "%s%s%s%s%s%s%s", opt->help, shown || opt->standard ? " (" : "",
             allowed, shown && opt->standard ? "; " : "", opt->standard ? "default " : "",
             opt->standard ? opt->standard : "", shown || opt->standard ? ")" : "");
}

void sx_help_verb(sx_text *t, sx_verb_id verb)
{
    const sx_verb *v = &sx_verbs[verb];
    char text[640];
    sx_text_format(t, "usage: sextant %s %s%s[options]\n\n", v->name, v->arguments,
                   *v->arguments ? " " : "");
    sx_text_wrap(t, v->about, 0, 0, WIDTH);
    sx_text_put(t, "\n\n");
    if (verb == SX_VERB_PLOT) {
        sx_text_put(t, "Kinds, and the options of each:\n");
        sx_plot_help(t, LEFT, WIDTH);
        sx_text_put(t, "\n");
    }
    sx_text_put(t, "Options, anywhere on the line; -- ends them:\n");
    for (const sx_option *p = sx_option_table; p->name; p++) {
        int32_t column;
        if (!(p->verbs >> verb & 1))
            continue;
        column = option_head(t, p);
        option_text(p, text, sizeof text);
        if (column + 2 > LEFT) {
            sx_text_put(t, "\n");
            column = 0;
        }
        sx_text_spaces(t, LEFT - column);
        sx_text_wrap(t, text, LEFT, LEFT, WIDTH);
        sx_text_put(t, "\n");
    }
}
