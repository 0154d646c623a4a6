/* SPDX-License-Identifier: GPL-3.0-or-later */
/* style.c - sizes of figures, and what places to publish ask for. */
#include "plots/style.h"

#include <string.h>

enum { INCH = 72 };

/* Widths of one column and of the page's text, and a size of type that is one point below the
 * text of the paper, or two where that is large: as their templates set them. */
typedef struct venue {
    const char *name;
    double column, page; /* inches */
    double text;         /* points */
} venue;

static const venue venues[] = {
    {"aaai", 3.3, 6.975, 8},    {"aamas", 3.33, 7.0, 8},  {"acl", 3.03, 6.3, 9},
    {"aistats", 3.25, 6.75, 8}, {"cvpr", 3.25, 6.875, 8}, {"eccv", 4.8, 4.8, 8},
    {"iclr", 5.5, 5.5, 9},      {"icml", 3.25, 6.75, 8},  {"ijcai", 3.375, 7.0, 8},
    {"jmlr", 6.0, 6.0, 9},      {"neurips", 5.5, 5.5, 9}, {"tmlr", 6.5, 6.5, 9},
    {"uai", 3.25, 6.75, 8},
};
enum { VENUES = sizeof venues / sizeof *venues };

sx_plot_style sx_plot_style_defaults(void)
{
    return (sx_plot_style){.text = 8};
}

const char *sx_plot_venue(int32_t i)
{
    return i >= 0 && i < VENUES ? venues[i].name : NULL;
}

sx_status sx_plot_style_venue(sx_plot_style *s, const char *name, int32_t columns,
                              sx_error *err)
{
    if (columns != 1 && columns != 2)
        return sx_fail(err, SX_EARG, "a figure is 1 or 2 columns wide, not %d", columns);
    for (int32_t i = 0; i < VENUES; i++) {
        if (strcmp(venues[i].name, name) == 0) {
            s->width = INCH * (columns == 2 ? venues[i].page : venues[i].column);
            s->text = venues[i].text;
            return SX_OK;
        }
    }
    return sx_fail(err, SX_EARG, "\"%s\" is no venue that has a width here", name);
}
