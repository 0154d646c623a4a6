/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tikz.c - a figure as TikZ for LaTeX: charts are axes of pgfplots with their numbers, whatever
 * else is on the page stands where it stands in the picture.  Colours and styles have names at
 * the top. */
#include <stdio.h>
#include <string.h>

#include "plots/script_int.h"
#include "plots/tikz_int.h"

static const char *const markers[SX_MARKERS] = {
    "sextant disc",  "sextant square", "sextant triangle", "sextant diamond",
    "sextant cross", "sextant plus",   "sextant down",     "sextant ring"};

const char *sx_i_tikz_marker(sx_marker marker)
{
    return markers[marker];
}

void sx_i_tikz_colour(const sx_i_tikz *t, sx_i_rgb colour)
{
    const char *name = sx_i_colour_name(&t->palette, colour);
    if (name)
        sx_i_bytes_format(t->out, "sextant%s", name);
    else
        sx_i_bytes_format(t->out, "{rgb,255:red,%u;green,%u;blue,%u}", colour >> 16,
                          colour >> 8 & 255U, colour & 255U);
}

static bool has_letters(const char *text)
{
    for (; *text; text++) {
        if (strchr("0123456789.+-e ", *text) == NULL)
            return true;
    }
    return false;
}

/* Digits are as narrow in all types. */
void sx_i_tikz_words(const sx_i_tikz *t, const char *text, bool markup, double size)
{
    sx_i_fonts *fonts = t->script->fonts;
    double width = has_letters(text) ? markup ? sx_i_markup_width(fonts, text, size)
                                              : sx_i_text_width(fonts, text, size)
                                     : 0;
    if (width >= 2) {
        sx_i_bytes_text(t->out, "\\sextantfit{");
        sx_i_tikz_number(t->out, width);
        sx_i_bytes_text(t->out, "}{");
    }
    sx_i_tikz_text(t->out, text, markup);
    sx_i_bytes_text(t->out, width >= 2 ? "}" : "");
}

/* --- the head --- */

static const char *const preamble[] = {
    "% For \\usepackage{pgfplots} and \\input of this file.",
    "% A document of its own, if this file is figure.tex:",
    "%   \\documentclass{article}\\usepackage{pgfplots}\\begin{document}",
    "%   \\setbox0=\\hbox{\\input{figure}\\unskip}",
    "%   \\pdfpagewidth=\\wd0\\pdfpageheight=\\ht0\\pdfhorigin=0pt\\pdfvorigin=0pt",
    "%   \\shipout\\box0\\end{document}",
    "% Colours, markers and styles have names. A \\tikzset{sextant/figure/.code={...}}",
    "% before \\input has the last word on them,",
    "% and a \\pgfplotsset{sextant/axis/.style={...}} on the options of axes.",
    "\\begin{tikzpicture}[x=1bp, y=-1bp]",
    "\\pgfplotsset{compat=1.12}% what places of labels mean",
    "% type: that of the document, as large as in the picture",
    "\\def\\sextantsize#1{\\fontsize{#1bp}{1.25\\dimexpr#1bp}\\selectfont}%",
    "% a text that is at most so wide; \\def\\sextantfit#1#2{#2} lets it be",
    "\\def\\sextantfit#1#2{\\setbox0=\\hbox{\\vphantom{A}#2}\\ifdim\\wd0>#1bp",
    "  \\resizebox*{#1bp}{\\totalheight}{\\unhbox0}\\else\\unhbox0\\fi}%",
    "% a sign that the type may not have, by its number in Unicode",
    "\\def\\sextantsign#1{\\resizebox{1.5em}{!}{U+#1}}%",
    "% a cell among very many: red, green, blue, left, lower end, width, height",
    "\\makeatletter",
    "\\def\\sextantcell#1#2#3#4#5#6#7{\\pgfsys@color@rgb@fill{#1}{#2}{#3}%",
    "  \\pgfsys@rect{\\dimexpr#4}{\\dimexpr#5}{\\dimexpr#6}{\\dimexpr#7}\\pgfsys@fill}%",
    "\\makeatother",
    "% the ends of error limits",
    "\\pgfarrowsdeclare{sextantcap}{sextantcap}{%",
    "  \\pgfarrowsleftextend{0pt}\\pgfarrowsrightextend{0pt}}{%",
    "  \\pgfpathmoveto{\\pgfpoint{0pt}{-1.8bp}}%",
    "  \\pgfpathlineto{\\pgfpoint{0pt}{1.8bp}}\\pgfusepathqstroke}%",
};

static void put_head(const sx_i_tikz *t)
{
    const sx_i_scene *s = &t->script->scene;
    sx_i_script_comment(t->out, "% ", s->title);
    sx_i_script_comment(t->out, "% ", s->description);
    for (int32_t i = 0; i < t->script->notes.count; i++) {
        sx_i_bytes_text(t->out, "% Note:\n");
        sx_i_script_comment(t->out, "% ", t->script->notes.text[i]);
    }
    sx_i_bytes_text(t->out, "% Made by Sextant " SX_VERSION "\n");
    for (size_t i = 0; i < sizeof preamble / sizeof *preamble; i++) {
        sx_i_bytes_text(t->out, preamble[i]);
        sx_i_bytes_text(t->out, "\n");
    }
}

static void put_colours(const sx_i_tikz *t)
{
    sx_i_bytes_text(t->out, "% colours\n");
    for (int32_t i = 0; i < SX_I_NAMED; i++)
        sx_i_bytes_format(t->out, "\\definecolor{sextant%s}{HTML}{%06X}%%\n",
                          sx_i_colour_names[i], (unsigned)sx_i_colour_named(&t->palette, i));
}

static void put_outline(const sx_i_tikz *t, const double *xy, int32_t n)
{
    for (size_t i = 0; i < (size_t)n; i++) {
        sx_i_bytes_text(t->out, i ? "\\pgfpathlineto" : "\\pgfpathmoveto");
        sx_i_bytes_text(t->out, "{\\pgfpoint{");
        sx_i_tikz_number(t->out, xy[2 * i]);
        sx_i_bytes_text(t->out, "\\pgfplotmarksize}{");
        sx_i_tikz_number(t->out, -xy[2 * i + 1]);
        sx_i_bytes_text(t->out, "\\pgfplotmarksize}}");
    }
    sx_i_bytes_text(t->out, "\\pgfpathclose\\pgfusepathqfill}%\n");
}

/* Shapes of markers, as wide as twice their size. */
static void put_markers(const sx_i_tikz *t)
{
    sx_i_bytes_text(t->out, "% markers\n");
    for (int k = 0; k < SX_MARKERS; k++) {
        double xy[24];
        sx_i_mark m = {.size = 2, .marker = (sx_marker)k};
        int32_t n = sx_i_marker_outline(&m, xy);
        sx_i_bytes_format(t->out, "\\pgfdeclareplotmark{%s}{", markers[k]);
        if (n > 0) {
            put_outline(t, xy, n);
        } else if (k == SX_MARKER_RING) {
            sx_i_bytes_text(t->out, "\\pgfsetlinewidth{");
            sx_i_tikz_number(t->out, 2 * SX_I_RING);
            sx_i_bytes_text(t->out, "\\pgfplotmarksize}\\pgfpathcircle{\\pgfpointorigin}{");
            sx_i_tikz_number(t->out, 1 - SX_I_RING);
            sx_i_bytes_text(t->out, "\\pgfplotmarksize}\\pgfusepathqstroke}%\n");
        } else {
            sx_i_bytes_text(t->out, "\\pgfpathcircle{\\pgfpointorigin}{\\pgfplotmarksize}"
                                    "\\pgfusepathqfill}%\n");
        }
    }
}

static bool is_new(const char *const *names, int32_t n, const char *name)
{
    for (int32_t i = 0; i < n; i++) {
        if (strcmp(names[i], name) == 0)
            return false;
    }
    return true;
}

enum { CLASSES = 96 };

static void note_class(const char **names, int32_t *n, const char *name)
{
    if (name && *n < CLASSES && is_new(names, *n, name))
        names[(*n)++] = name;
}

/* A style for each class of marks and role of layers, empty. */
static void put_classes(const sx_i_tikz *t)
{
    const char *names[CLASSES];
    int32_t n = 0;
    const sx_i_script *s = t->script;
    note_class(names, &n, "page");
    for (int32_t i = 0; i < s->scene.marks; i++)
        note_class(names, &n, s->scene.mark[i].class);
    for (int32_t v = 0; v < s->views.views; v++) {
        const sx_chart *c = s->views.view[v].chart->chart;
        for (int32_t k = 0; k < c->layers; k++)
            note_class(names, &n, c->layer[k]->role);
    }
    for (int32_t i = 0; i < n; i++)
        sx_i_bytes_format(t->out, "  sextant/%s/.style={},\n", names[i]);
}

static void put_styles(const sx_i_tikz *t)
{
    sx_i_bytes_text(
        t->out,
        "% styles: of all texts, of error limits, of a panel's axes, of the median "
        "of dots,\n% and, for you to fill in, of all marks of one meaning\n"
        "\\tikzset{sextant/.unknown/.code={},\n"
        "  sextant/text/.style={font=\\sextantsize{#1}, inner sep=0pt, outer "
        "sep=0pt},\n"
        "  sextant/error limits/.style={line width=0.8bp, arrows=sextantcap-sextantcap},\n"
        "  sextant/strip median/.style={sextantink, line width=1.4bp},\n");
    for (int i = 1; i <= SX_COLOURS; i++)
        sx_i_bytes_format(t->out, "  sextant/series %d/.style={color=sextantseries%d},\n", i,
                          i);
    sx_i_bytes_text(t->out, "  sextant/ink/.style={color=sextantink},\n"
                            "  sextant/grey/.style={color=sextantgrey},\n");
    put_classes(t);
    sx_i_bytes_text(t->out, "}%\n\\tikzset{sextant/figure/.try}%\n");
}

static void put_page(const sx_i_tikz *t)
{
    const sx_i_scene *s = &t->script->scene;
    sx_i_mark page = {.kind = SX_I_RECT,
                      .w = s->width,
                      .h = s->height,
                      .colour = t->palette.paper,
                      .opacity = 1,
                      .class = "page"};
    sx_i_bytes_text(t->out, "% the page\n\\useasboundingbox (0,0) rectangle (");
    sx_i_tikz_number(t->out, s->width);
    sx_i_bytes_text(t->out, ",");
    sx_i_tikz_number(t->out, s->height);
    sx_i_bytes_text(t->out, ");\n");
    if (s->theme == SX_THEME_DARK && !s->transparent)
        sx_i_tikz_mark(t, &page);
}

/* --- the figure --- */

static sx_status put_marks(const sx_i_tikz *t, sx_error *err)
{
    const sx_i_script *s = t->script;
    sx_status st = SX_OK;
    int32_t view = 0;
    for (int32_t i = 0; i <= s->scene.marks && !st; i++) {
        while (view < s->views.views && s->views.view[view].at == i && !st)
            st = sx_i_tikz_chart(t, &s->views.view[view++], err);
        if (!st && i < s->scene.marks)
            sx_i_tikz_mark(t, &s->scene.mark[i]);
    }
    return st;
}

/* Says so where there are more marks on the page than TeX is likely to have memory for. */
static void warn(const sx_i_tikz *t)
{
    const sx_i_scene *s = &t->script->scene;
    int32_t heavy = 0;
    for (int32_t i = 0; i < s->marks; i++)
        heavy += s->mark[i].kind != SX_I_RECT;
    if (heavy <= SX_I_TIKZ_HEAVY)
        return;
    sx_i_bytes_text(t->out,
                    "% so many marks may be too many for pdflatex; lualatex has memory\n");
    sx_i_note(t->notes,
              "TikZ: so many marks may be too many for pdflatex; lualatex has memory");
}

static sx_status put_figure(const sx_i_tikz *t, sx_error *err)
{
    warn(t);
    put_head(t);
    put_colours(t);
    put_markers(t);
    put_styles(t);
    put_page(t);
    sx_status st = put_marks(t, err);
    sx_i_bytes_text(t->out, "\\end{tikzpicture}%\n");
    return st ? st : t->out->failed ? sx_nomem(err) : SX_OK;
}

/* What a layer takes of TeX's memory, in places of a line, about 80 words each: markers and
 * bars take three of these, limits four. */
static int64_t layer_cost(const sx_layer *l)
{
    int64_t marks = l->n < SX_I_TIKZ_MOST ? l->n : SX_I_TIKZ_MOST;
    bool lines = l->kind == SX_LAYER_LINE || l->kind == SX_LAYER_AREA;
    if (lines || l->kind == SX_LAYER_BAND)
        return lines ? marks : 2 * marks;
    return (l->low ? 7 : 3) * marks;
}

/* How many marks a layer may have. */
static int64_t most_marks(const sx_i_script *s)
{
    int64_t all = 0;
    for (int32_t v = 0; v < s->views.views; v++) {
        const sx_chart *c = s->views.view[v].chart->chart;
        for (int32_t k = 0; k < c->layers; k++)
            all += layer_cost(c->layer[k]);
    }
    int64_t most =
        all > SX_I_TIKZ_ALL ? (int64_t)SX_I_TIKZ_MOST * SX_I_TIKZ_ALL / all : SX_I_TIKZ_MOST;
    return most > 20 ? most : 20;
}

sx_status sx_i_figure_tikz(const sx_figure *f, const sx_plot_style *style, sx_i_bytes *out,
                           sx_plot_notes *notes, sx_error *err)
{
    sx_i_script script;
    sx_plot_style still = *style;
    if (still.theme == SX_THEME_AUTO)
        still.theme = SX_THEME_LIGHT;
    sx_status st = sx_i_script_plan(f, &still, &script, err);
    for (int32_t i = 0; i < script.notes.count; i++)
        sx_i_note(notes, "%s", script.notes.text[i]);
    const sx_i_tikz t = {&script,
                         sx_i_palette_of(still.theme),
                         still.text,
                         most_marks(&script),
                         script.scene.marks > SX_I_TIKZ_LIGHT,
                         notes,
                         out};
    if (!st)
        st = put_figure(&t, err);
    if (!st && sx_i_fonts_failed(script.fonts))
        st = sx_nomem(err);
    sx_i_script_clear(&script);
    return st;
}
