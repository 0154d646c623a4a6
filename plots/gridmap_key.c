/* SPDX-License-Identifier: GPL-3.0-or-later */
/* gridmap_key.c - the key below a gridworld: what letters, frames, circles and ways mean. */
#include "plots/gridmap_int.h"

#include <math.h>

static const double capital = 0.36; /* half the height of a capital, of its size */

enum { MOST_WAYS = 20 }; /* with names of their own */

typedef enum sign { LETTER, START, END, SENDER, HOLE, CIRCLE, WAY } sign;

/* The next place on the page. */
typedef struct place {
    double x, y;
    int32_t lines;
} place;

/* A place of that width, on the next line when this one is full. */
static void advance(const sx_i_map_plan *p, place *at, double width)
{
    if (at->lines == 0 || at->x + width > p->area.x + p->key_width) {
        at->x = p->area.x;
        at->y += at->lines ? SX_I_MAP_LEADING * p->pen->text : 0;
        at->lines++;
    }
}

static void put_hatched(sx_i_scene *s, sx_i_box box)
{
    sx_i_scene_rect(s, box.x, box.y, box.w, box.h, 0xe8e8e8);
    sx_i_scene_hatch(s, box.x, box.y, box.w, box.h);
}

static void put_circle(const sx_i_map_plan *p, sx_i_scene *s, sx_i_box box)
{
    sx_i_scene_disc(s, box.x + box.w / 2, box.y + box.h / 2, box.w / 2, p->pen->palette.ink);
    sx_i_scene_disc(s, box.x + box.w / 2, box.y + box.h / 2, box.w / 2 - 1,
                    p->pen->palette.paper);
}

static void put_sign(const sx_i_map_plan *p, sx_i_scene *s, sx_i_box box, sign what,
                     const char *name, int32_t i)
{
    char letter[8];
    const sx_i_palette *c = &p->pen->palette;
    double middle = box.y + box.h / 2;
    switch (what) {
    case LETTER:
        sx_i_map_letter(name, letter);
        sx_i_map_text(s, box.x + box.w / 2, middle, p->pen->text * 0.94, c->ink, letter);
        return;
    case START: sx_i_map_frame(s, box, 0.75, 1.5, c->ink); return;
    case END:
        sx_i_map_frame(s, box, 0.25, 0.5, 0x8c8c8c);
        sx_i_map_frame(s, box, 1.75, 0.5, c->ink);
        return;
    case CIRCLE: put_circle(p, s, box); return;
    case WAY:
        sx_i_scene_line(s, box.x, middle, box.w, 0, 1.2, c->series[i % SX_COLOURS]);
        return;
    case HOLE: sx_i_map_hole(s, box); return;
    default: put_hatched(s, box); return;
    }
}

/* A sign, then words. */
static void put_item(const sx_i_map_plan *p, sx_i_scene *s, place *at, sign what,
                     const char *words, int32_t i)
{
    double text = p->pen->text;
    double size = 0.94 * text;
    double sign_width = 1.45 * text;
    double most = p->key_width - sign_width;
    double width = fmin(most, sx_i_text_width(p->pen->fonts, words, size));
    advance(p, at, sign_width + width);
    double middle = at->y + 0.85 * text;
    if (s) {
        char *fitted = sx_i_label_fit(p->pen->fonts, words, size, width + 0.01);
        put_sign(p, s, (sx_i_box){at->x, middle - text / 2, text, text}, what, words, i);
        sx_i_mark *m = fitted ? sx_i_scene_text(s, at->x + sign_width, middle + capital * size,
                                                size, fitted)
                              : NULL;
        if (m)
            m->colour = p->pen->palette.ink;
        s->failed = s->failed || !fitted;
        sx_release(fitted);
    }
    at->x += sign_width + width + 1.2 * text;
}

int32_t sx_i_map_key(const sx_i_map_plan *p, sx_i_scene *s, double y)
{
    const sx_gridmap *g = p->g;
    place at = {p->area.x, y, 0};
    bool framed = p->side >= 5;
    const struct {
        sign what;
        bool shown;
        const char *words;
    } items[] = {{START, p->starts && framed, "begins here"},
                 {END, p->ends && framed, "ends here"},
                 {SENDER, p->senders && p->side >= 8, "sends on"},
                 {HOLE, p->holes, "no value"},
                 {CIRCLE, p->marks && *g->marked, g->marked}};
    if (s)
        s->class = "key";
    for (int32_t i = 0; p->names == SX_I_NAMES_LETTER && i < p->keys; i++)
        put_item(p, s, &at, LETTER, p->key[i], 0);
    for (size_t i = 0; i < sizeof items / sizeof *items; i++)
        if (items[i].shown)
            put_item(p, s, &at, items[i].what, items[i].words, 0);
    for (int32_t i = 0; i < g->ways && i < MOST_WAYS; i++)
        if (*g->way[i].name)
            put_item(p, s, &at, WAY, g->way[i].name, i);
    return at.lines;
}
