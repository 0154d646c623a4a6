/* SPDX-License-Identifier: GPL-3.0-or-later */
/* chart_words.c - texts inside a panel: words, names of points and of rules, the note.  No text
 * is put upon another; what finds no place is left out, and that is said. */
#include "plots/marks_int.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

void sx_i_chart_word(sx_i_chart *c, sx_i_word word)
{
    if (c->words == c->word_room) {
        int32_t room = 2 * c->word_room + 16;
        sx_i_word *grown = sx_realloc(c->word, (size_t)room, sizeof *grown);
        c->failed = c->failed || !grown;
        if (!grown)
            return;
        c->word = grown;
        c->word_room = room;
    }
    word.text = sx_strdup(word.text);
    c->failed = c->failed || !word.text;
    if (word.text)
        c->word[c->words++] = word;
}

/* --- a text in a box --- */

/* A level text as plain text or markup, in ink unless said otherwise. */
typedef struct label {
    const char *text;
    bool markup;
    double size;
    sx_i_rgb colour;
    const char *class;
} label;

static double label_width(const sx_i_chart *c, const label *t)
{
    return t->markup ? sx_i_markup_width(c->pen->fonts, t->text, t->size)
                     : sx_i_text_width(c->pen->fonts, t->text, t->size);
}

static double label_height(const label *t)
{
    return (SX_I_UP + SX_I_DOWN) * t->size;
}

static void put_label(sx_i_chart *c, const label *t, sx_i_box b)
{
    sx_i_space_take(&c->space, b);
    sx_i_chart_word(c, (sx_i_word){.x = b.x,
                                   .y = b.y + SX_I_UP * t->size,
                                   .size = t->size,
                                   .colour = t->colour,
                                   .markup = t->markup,
                                   .class = t->class,
                                   .text = (char *)(uintptr_t)t->text});
}

/* Of the boxes that are inside and touch no text, the one with the fewest marks under it. */
static bool best_box(const sx_i_chart *c, const sx_i_box *box, int n, sx_i_box *best)
{
    int32_t least = -1;
    for (int i = 0; i < n; i++) {
        if (!sx_i_space_free(&c->space, box[i]))
            continue;
        int32_t marks = sx_i_space_marks(&c->space, box[i]);
        if (least < 0 || marks < least) {
            least = marks;
            *best = box[i];
        }
    }
    return least >= 0;
}

/* --- words and names of points --- */

/* inside the area, where it was a little outside */
static sx_i_box pushed_in(const sx_i_chart *c, sx_i_box b)
{
    const double away = 1; /* from the axes */
    b.x = fmax(away, fmin(b.x, c->w - b.w));
    b.y = fmax(0, fmin(b.y, c->h - away - b.h));
    return b;
}

static bool put_centred(sx_i_chart *c, const label *t, double x, double y)
{
    enum { TRIES = 9 };
    double w = label_width(c, t);
    double h = label_height(t);
    sx_i_box box[TRIES];
    for (int i = 0; i < TRIES; i++) {
        int away = (i + 1) / 2;
        double up = away * (i % 2 ? -0.6 : 0.6) * h;
        box[i] = pushed_in(c, (sx_i_box){x - w / 2, y - h / 2 + up, w, h});
    }
    for (int i = 0; i < TRIES; i++) {
        if (sx_i_space_free(&c->space, box[i])) {
            put_label(c, t, box[i]);
            return true;
        }
    }
    return false;
}

static bool put_beside(sx_i_chart *c, const label *t, double x, double y, double away)
{
    enum { TRIES = 8 };
    double w = label_width(c, t);
    double h = label_height(t);
    double far = away + 2;
    const double at[TRIES][2] = {{x + far, y - h / 2},      {x - far - w, y - h / 2},
                                 {x - w / 2, y - away - h}, {x - w / 2, y + away},
                                 {x + away, y - away - h},  {x + away, y + away},
                                 {x - away - w, y - h},     {x - away - w, y + away}};
    sx_i_box box[TRIES];
    sx_i_box best;
    for (int i = 0; i < TRIES; i++)
        box[i] = (sx_i_box){at[i][0], at[i][1], w, h};
    if (!best_box(c, box, TRIES, &best))
        return false;
    put_label(c, t, best);
    return true;
}

enum { ENOUGH = 500 }; /* names without room: where so many have none, the rest has none */

static int64_t words_of(sx_i_chart *c, const sx_layer *l)
{
    int64_t left_out = 0;
    label t = {.size = c->pen->text, .colour = sx_i_layer_colour(c->pen, l)};
    bool words = l->kind == SX_LAYER_WORDS;
    t.class = words ? "word" : "name";
    t.size = words && l->size > 0 ? l->size : 0.9 * c->pen->text;
    for (int64_t i = 0; l->label && i < l->n; i++) {
        double x;
        double y;
        t.text = l->label[i];
        if (!t.text || !*t.text)
            continue;
        if (left_out > ENOUGH)
            left_out++;
        else if (!sx_i_mark_place(c, l, i, &x, &y))
            left_out += words;
        else if (words)
            left_out += !put_centred(c, &t, x, y);
        else
            left_out += !put_beside(c, &t, x, y, sx_i_marker_size(l) / 2);
    }
    return left_out;
}

/* --- rules --- */

/* at the right end, above or below; at the left end */
static bool name_level(sx_i_chart *c, const label *t, double y)
{
    double w = label_width(c, t);
    double h = label_height(t);
    const sx_i_box box[] = {{c->w - w - 2, y - h - 0.5, w, h},
                            {c->w - w - 2, y + 1.0, w, h},
                            {2, y - h - 0.5, w, h},
                            {2, y + 1.0, w, h},
                            {(c->w - w) / 2, y - h - 0.5, w, h},
                            {(c->w - w) / 2, y + 1.0, w, h}};
    sx_i_box best;
    bool found = best_box(c, box, 6, &best);
    if (found)
        put_label(c, t, best);
    return found;
}

/* at the top, right or left; at the bottom */
static bool name_upright(sx_i_chart *c, const label *t, double x)
{
    double w = label_width(c, t);
    double h = label_height(t);
    const sx_i_box box[] = {{x + 2.5, 1, w, h},
                            {x - w - 2.5, 1, w, h},
                            {x + 2.5, c->h - h - 1, w, h},
                            {x - w - 2.5, c->h - h - 1, w, h},
                            {x + 2.5, c->h / 2, w, h},
                            {x - w - 2.5, c->h / 2, w, h}};
    sx_i_box best;
    bool found = best_box(c, box, 6, &best);
    if (found)
        put_label(c, t, best);
    return found;
}

/* the first rule has the layer's name, unless each has its own; "" for none */
static const char *rule_name(const sx_layer *l, int64_t i)
{
    if (l->label)
        return l->label[i] ? l->label[i] : "";
    return i == 0 && !l->unnamed ? l->name : "";
}

static int64_t rules_of(sx_i_chart *c, const sx_layer *l)
{
    int64_t left_out = 0;
    label t = {.size = 0.9 * c->pen->text, .class = "name"};
    t.colour = l->colour >= 0 ? sx_i_layer_colour(c->pen, l) : c->pen->palette.axis;
    for (int64_t i = 0; i < l->n; i++) {
        double x;
        double y;
        t.text = rule_name(l, i);
        if (!*t.text || !sx_i_rule_place(c, l, i, &x, &y))
            continue;
        left_out += isnan(x) ? !name_level(c, &t, y) : !name_upright(c, &t, x);
    }
    return left_out;
}

/* which layers take their room first */
static int turn_of(const sx_layer *l)
{
    switch (l->kind) {
    case SX_LAYER_WORDS: return 0;
    case SX_LAYER_RULES: return 1;
    case SX_LAYER_POINTS:
    case SX_LAYER_STRIP: return 2;
    default: return -1;
    }
}

void sx_i_chart_words(sx_i_chart *c)
{
    int64_t left_out = 0;
    for (int turn = 0; turn < 3; turn++) {
        for (int32_t k = 0; k < c->chart->layers; k++) {
            const sx_layer *l = c->chart->layer[k];
            if (turn_of(l) == turn)
                left_out += l->kind == SX_LAYER_RULES ? rules_of(c, l) : words_of(c, l);
        }
    }
    if (left_out)
        sx_i_note(c->pen->notes, "%lld name%s left out: there is no room for %s",
                  (long long)left_out, left_out == 1 ? " is" : "s are",
                  left_out == 1 ? "it" : "them");
}

/* --- the note --- */

/* The lines of a note, and what is not shown. */
enum { NOTE_LINES = 8 };
typedef struct note {
    int32_t lines;
    char line[NOTE_LINES][SX_I_LABEL];
    double width;
} note;

static void add_line(sx_i_chart *c, note *n, const char *text, double width)
{
    int32_t most = NOTE_LINES - n->lines;
    n->lines += sx_i_markup_wrap(c->pen->fonts, text, 0.9 * c->pen->text, width,
                                 most < 2 ? most : 2, n->line + n->lines);
}

static void collect_note(sx_i_chart *c, note *n, double width)
{
    char text[SX_I_LABEL];
    for (const char *p = c->chart->note; *p && n->lines < NOTE_LINES;) {
        size_t size = strcspn(p, "\n");
        snprintf(text, sizeof text, "%.*s", (int)fmin((double)size, SX_I_LABEL - 1.0), p);
        add_line(c, n, text, width);
        p += size + (p[size] == '\n');
    }
    if (c->hidden) {
        snprintf(text, sizeof text, "%lld %s not shown", (long long)c->hidden,
                 c->hidden == 1 ? "point" : "points");
        if (n->lines < NOTE_LINES)
            add_line(c, n, text, width);
    }
    for (int32_t i = 0; i < n->lines; i++)
        n->width =
            fmax(n->width, sx_i_markup_width(c->pen->fonts, n->line[i], 0.9 * c->pen->text));
}

/* below the axis' title, where no corner is free */
static void note_below(sx_i_chart *c, const note *n)
{
    double size = 0.9 * c->pen->text;
    double top = c->h + c->room.bottom + SX_I_GAP;
    for (int32_t i = 0; i < n->lines; i++)
        sx_i_chart_word(c, (sx_i_word){.y = top + i * SX_I_LINE * size + SX_I_UP * size,
                                       .size = size,
                                       .colour = c->pen->palette.ink,
                                       .markup = true,
                                       .class = "note",
                                       .text = (char *)(uintptr_t)n->line[i]});
    c->room.bottom += SX_I_GAP + ((n->lines - 1) * SX_I_LINE + SX_I_UP + SX_I_DOWN) * size;
    c->room.right = fmax(c->room.right, n->width - c->w);
}

static void note_inside(sx_i_chart *c, const note *n, sx_i_box b)
{
    double size = 0.9 * c->pen->text;
    bool right = b.x + b.w / 2 > c->w / 2;
    sx_i_space_take(&c->space, b);
    for (int32_t i = 0; i < n->lines; i++)
        sx_i_chart_word(c, (sx_i_word){.x = right ? b.x + b.w : b.x,
                                       .y = b.y + i * SX_I_LINE * size + SX_I_UP * size,
                                       .anchor = right ? SX_I_END : SX_I_START,
                                       .size = size,
                                       .colour = c->pen->palette.ink,
                                       .markup = true,
                                       .class = "note",
                                       .text = (char *)(uintptr_t)n->line[i]});
}

void sx_i_chart_note(sx_i_chart *c)
{
    double size = 0.9 * c->pen->text;
    sx_i_box b;
    note *n = sx_alloc(1, sizeof *n);
    c->failed = c->failed || !n;
    if (!n)
        return;
    collect_note(c, n, c->w);
    double h = ((n->lines - 1) * SX_I_LINE + SX_I_UP + SX_I_DOWN) * size;
    if (n->lines && sx_i_space_corner(&c->space, n->width, h, 3, &b) == 0)
        note_inside(c, n, b);
    else if (n->lines)
        note_below(c, n);
    sx_release(n);
}
