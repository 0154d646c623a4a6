/* SPDX-License-Identifier: GPL-3.0-or-later */
/* cloud.c - many points as an image of how many there are, and the key that says so. */
#include "plots/density_int.h"
#include "plots/marks_int.h"

#include <math.h>
#include <stdio.h>

#define BAR  5.0
#define AWAY 8.0

enum { CROWD = 5000 };

bool sx_i_is_crowd(const sx_i_pen *pen, int64_t marks)
{
    return marks > CROWD && pen->style->raster != SX_RASTER_NEVER;
}

bool sx_i_layer_is_cloud(const sx_i_pen *pen, const sx_layer *l)
{
    sx_raster raster = pen->style->raster;
    if (l->kind != SX_LAYER_POINTS || l->always || raster == SX_RASTER_NEVER)
        return false;
    return raster == SX_RASTER_ALWAYS || l->n > CROWD;
}

static int64_t places(const sx_i_chart *c, const sx_layer *l, double *xy)
{
    int64_t n = 0;
    for (int64_t i = 0; i < l->n; i++)
        n += sx_i_mark_place(c, l, i, &xy[2 * n], &xy[2 * n + 1]);
    return n;
}

void sx_i_spray_draw(sx_i_chart *c, const sx_layer *l, const double *xy, int64_t n,
                     sx_i_scene *s)
{
    const char *before = s->class;
    sx_i_rgb colour = sx_i_palette_fixed(sx_i_layer_colour(c->pen, l), c->pen->style->theme);
    s->class = l->role;
    sx_i_density_tint(s, (sx_i_box){0, 0, c->w, c->h}, xy, n, colour);
    s->class = before;
}

sx_status sx_i_crowd_draw(sx_i_chart *c, const sx_layer *l, sx_i_scene *s, sx_error *err)
{
    double *xy = sx_alloc((size_t)l->n + 1, 2 * sizeof *xy);
    if (!xy)
        return sx_nomem(err);
    sx_i_spray_draw(c, l, xy, places(c, l, xy), s);
    sx_release(xy);
    return SX_OK;
}

sx_status sx_i_cloud_draw(sx_i_chart *c, const sx_layer *l, sx_i_scene *s, sx_error *err)
{
    double *xy = sx_alloc((size_t)l->n + 1, 2 * sizeof *xy);
    int64_t most = 0;
    if (!xy)
        return sx_nomem(err);
    int64_t n = places(c, l, xy);
    sx_i_density_draw(s, (sx_i_box){0, 0, c->w, c->h}, xy, n, &most);
    c->most = most > c->most ? most : c->most;
    sx_release(xy);
    return SX_OK;
}

/* --- the key: a bar from one to the most, on the right of the panel --- */

/* what is counted: the name of the only cloud, where it is short; NULL: there is none */
static const char *counted(const sx_i_chart *c)
{
    const char *name = NULL;
    for (int32_t k = 0; k < c->chart->layers; k++) {
        const sx_layer *l = c->chart->layer[k];
        if (!l->n || !sx_i_layer_is_cloud(c->pen, l))
            continue;
        bool fits = !name && *l->name && !l->unnamed &&
                    sx_i_text_width(c->pen->fonts, l->name, 0.9 * c->pen->text) < 60;
        name = fits ? l->name : "points";
    }
    return name;
}

void sx_i_cloud_key(sx_i_chart *c)
{
    double text = 0.9 * c->pen->text;
    const char *name = counted(c);
    if (!name)
        return;
    double height = fmin(0.45 * c->h, 60);
    double x = c->w + fmax(c->room.right, 0) + AWAY;
    c->cloud_key = (sx_i_box){x, c->h - height, BAR, height};
    /* the count is known when the cloud is drawn: room for six digits */
    c->room.right = x + BAR + 2 +
                    fmax(sx_i_text_width(c->pen->fonts, name, text),
                         sx_i_text_width(c->pen->fonts, "000000", text)) -
                    c->w;
}

static void put_count(const sx_i_chart *c, double y, const char *text, sx_i_scene *s)
{
    double size = 0.9 * c->pen->text;
    sx_i_mark *m = sx_i_scene_text(s, c->cloud_key.x + BAR + 2, y, size, text);
    if (m)
        m->colour = c->pen->palette.ink;
}

void sx_i_cloud_key_draw(const sx_i_chart *c, sx_i_scene *s)
{
    enum { STEPS = 24 };
    char text[32];
    sx_i_box b = c->cloud_key;
    double size = 0.9 * c->pen->text;
    if (!(b.h > 0) || c->most < 1)
        return;
    s->class = "key";
    for (int i = 0; i < STEPS; i++) { /* each reaches to the top: no gaps */
        double t = (i + 0.5) / STEPS;
        int64_t count = llround(expm1(log(2.0) + t * (log1p((double)c->most) - log(2.0))));
        sx_i_scene_rect(
            s, b.x, b.y, b.w, b.h * (STEPS - i) / STEPS,
            sx_i_density_colour(c->pen->style->theme, count > 0 ? count : 1, c->most));
    }
    snprintf(text, sizeof text, "%lld", (long long)c->most);
    s->class = "count";
    if (c->most > 1)
        put_count(c, b.y + SX_I_UP * size * 0.85, text, s);
    put_count(c, b.y + b.h, "1", s);
    put_count(c, b.y - 0.5 * size, counted(c), s);
    s->class = NULL;
}
