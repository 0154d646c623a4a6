/* SPDX-License-Identifier: GPL-3.0-or-later */
/* strip.c - strips: the points of a category beside each other so that each can be seen, and a
 * short line at their median.
 *
 * In the order of their values each point goes as near to the middle as those before it allow.
 * Where a strip would be wider than its category, or has more than MOST points, places are
 * drawn from the style's seed instead. */
#include "plots/marks_int.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { MOST = 600 };

double sx_i_dot_value(const sx_i_strips *s, const sx_i_dot *d)
{
    return s->c->turned ? d->layer->x[d->index] : d->layer->y[d->index];
}

static int by_place(const void *left, const void *right)
{
    const sx_i_dot *a = left;
    const sx_i_dot *b = right;
    if (a->category != b->category)
        return a->category < b->category ? -1 : 1;
    if (a->place < b->place || a->place > b->place)
        return a->place < b->place ? -1 : 1;
    if (a->which != b->which)
        return a->which < b->which ? -1 : 1;
    return a->index < b->index ? -1 : a->index > b->index;
}

/* how many there are at most, and the largest size */
static int64_t count(sx_i_strips *s)
{
    int64_t n = 0;
    for (int32_t k = 0; k < s->c->chart->layers; k++) {
        const sx_layer *l = s->c->chart->layer[k];
        if (l->kind != SX_LAYER_STRIP)
            continue;
        n += l->n;
        s->size = fmax(s->size, sx_i_marker_size(l));
    }
    return n;
}

static void collect_layer(sx_i_strips *s, const sx_layer *l, int32_t which)
{
    bool turned = s->c->turned;
    for (int64_t i = 0; i < l->n; i++) {
        double x;
        double y;
        if (sx_i_mark_place(s->c, l, i, &x, &y))
            s->dot[s->dots++] = (sx_i_dot){
                l, i, which, (int32_t)(turned ? l->y[i] : l->x[i]), turned ? x : y, 0};
    }
}

static void collect(sx_i_strips *s)
{
    for (int32_t k = 0; k < s->c->chart->layers; k++) {
        if (s->c->chart->layer[k]->kind == SX_LAYER_STRIP)
            collect_layer(s, s->c->chart->layer[k], k);
    }
}

/* at that offset d touches none of those from `first` on */
static bool is_free(const sx_i_dot *first, const sx_i_dot *d, double offset, double size)
{
    for (const sx_i_dot *o = first; o < d; o++) {
        if (hypot(o->offset - offset, o->place - d->place) < size * (1 - 1e-9))
            return false;
    }
    return true;
}

/* the free offset nearest to the middle: there, or touching a neighbour; sides take turns */
static double nearest_offset(const sx_i_dot *first, const sx_i_dot *d, double size, double side)
{
    double best = INFINITY;
    if (is_free(first, d, 0, size))
        return 0;
    for (const sx_i_dot *o = first; o < d; o++) {
        double away =
            sqrt(fmax(0, size * size - (o->place - d->place) * (o->place - d->place)));
        for (int k = -1; k <= 1; k += 2) {
            double offset = o->offset + k * side * away;
            if (fabs(offset) < fabs(best) - 1e-9 && is_free(first, d, offset, size))
                best = offset;
        }
    }
    return best;
}

/* false when they reach beyond the category */
static bool swarm(sx_i_dot *d, int64_t n, double size, double half)
{
    sx_i_dot *first = d;
    if (n > MOST)
        return false;
    for (int64_t i = 0; i < n; i++) {
        while (d[i].place - first->place >= size)
            first++;
        d[i].offset = nearest_offset(first, &d[i], size, i % 2 ? 1 : -1);
        if (!(fabs(d[i].offset) <= half))
            return false;
    }
    return true;
}

/* in [0,1), the same for the same seed and number (the mixing of splitmix64) */
static double drawn(uint64_t seed, uint64_t number)
{
    uint64_t z = seed + 0x9e3779b97f4a7c15U * (number + 1);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9U;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebU;
    z ^= z >> 31;
    return (double)(z >> 11) / 9007199254740992.0;
}

static void spread(sx_i_strips *s, sx_i_dot *d, int64_t n)
{
    static const double packed[] = {1, 0.8, 0.6, 0.4};
    for (int k = 0; k < 4; k++) {
        if (swarm(d, n, packed[k] * s->size, s->half))
            return;
    }
    for (int64_t i = 0; i < n; i++)
        d[i].offset = s->half * (2 * drawn(s->c->pen->style->seed, (uint64_t)i) - 1);
}

static void draw_dot(const sx_i_strips *s, const sx_i_dot *d, sx_i_scene *scene)
{
    const sx_layer *l = d->layer;
    double at = sx_scale_place(&s->along->scale, d->category) + d->offset;
    scene->class = l->role;
    sx_i_mark *m =
        sx_i_scene_marker(scene, s->c->turned ? d->place : at, s->c->turned ? at : d->place,
                          sx_i_marker_size(l), l->marker, sx_i_layer_colour(s->c->pen, l));
    if (m)
        m->opacity = sx_i_layer_opacity(l);
}

/* beyond the dots of the category of dot i */
static int64_t category_end(const sx_i_strips *s, int64_t i)
{
    int64_t end = i;
    while (end < s->dots && s->dot[end].category == s->dot[i].category)
        end++;
    return end;
}

/* The next category with more than two dots, from dot *i on. */
bool sx_i_strips_median(const sx_i_strips *s, int64_t *i, sx_i_median *m)
{
    while (*i < s->dots) {
        const sx_i_dot *d = s->dot + *i;
        int64_t n = category_end(s, *i) - *i;
        *i += n;
        m->category = d->category;
        m->middle = sx_scale_place(&s->along->scale, d->category);
        m->place = (d[(n - 1) / 2].place + d[n / 2].place) / 2;
        m->value = (sx_i_dot_value(s, &d[(n - 1) / 2]) + sx_i_dot_value(s, &d[n / 2])) / 2;
        if (n > 2)
            return true;
    }
    return false;
}

/* all dots of a layer as an image */
static void spray(const sx_i_strips *s, int32_t which, double *xy, sx_i_scene *scene)
{
    int64_t n = 0;
    for (int64_t i = 0; i < s->dots; i++) {
        const sx_i_dot *d = &s->dot[i];
        if (d->which != which)
            continue;
        double at = sx_scale_place(&s->along->scale, d->category) + d->offset;
        xy[2 * n] = s->c->turned ? d->place : at;
        xy[2 * n + 1] = s->c->turned ? at : d->place;
        n++;
    }
    if (n)
        sx_i_spray_draw(s->c, s->c->chart->layer[which], xy, n, scene);
}

static void spray_all(const sx_i_strips *s, sx_i_scene *scene)
{
    double *xy = sx_alloc((size_t)s->dots, 2 * sizeof *xy);
    scene->failed = scene->failed || !xy;
    for (int32_t k = 0; xy && k < s->c->chart->layers; k++) {
        if (s->c->chart->layer[k]->kind == SX_LAYER_STRIP)
            spray(s, k, xy, scene);
    }
    sx_release(xy);
}

static void draw_all(const sx_i_strips *s, sx_i_scene *scene)
{
    bool crowd = sx_i_is_crowd(s->c->pen, s->dots);
    if (crowd)
        spray_all(s, scene);
    for (int pass = 0; !crowd && pass < 2; pass++) {
        for (int64_t i = 0; i < s->dots; i++) {
            if (s->dot[i].layer->always == (pass == 1))
                draw_dot(s, &s->dot[i], scene);
        }
    }
    sx_i_median m;
    for (int64_t i = 0; sx_i_strips_median(s, &i, &m);) {
        scene->class = "median";
        if (s->c->turned)
            sx_i_scene_line(scene, m.place, m.middle - s->half, 0, 2 * s->half, 1.4,
                            s->c->pen->palette.ink);
        else
            sx_i_scene_line(scene, m.middle - s->half, m.place, 2 * s->half, 0, 1.4,
                            s->c->pen->palette.ink);
    }
}

sx_status sx_i_strips_find(sx_i_chart *c, sx_i_strips *s, sx_error *err)
{
    memset(s, 0, sizeof *s);
    s->c = c;
    s->along = c->turned ? &c->y : &c->x;
    s->value = c->turned ? &c->x : &c->y;
    int64_t most = count(s);
    if (!most)
        return SX_OK;
    s->dot = sx_alloc((size_t)most, sizeof *s->dot);
    if (!s->dot)
        return sx_nomem(err);
    collect(s);
    int32_t categories = s->along->axis->categories;
    s->half = fmin(0.4 * s->along->length / (categories ? categories : 1), 40);
    qsort(s->dot, (size_t)s->dots, sizeof *s->dot, by_place);
    for (int64_t i = 0, end; i < s->dots; i = end) {
        end = category_end(s, i);
        spread(s, s->dot + i, end - i);
    }
    return SX_OK;
}

void sx_i_strips_clear(sx_i_strips *s)
{
    s->dot = sx_release(s->dot);
    s->dots = 0;
}

sx_status sx_i_strips_draw(sx_i_chart *c, sx_i_scene *scene, sx_error *err)
{
    sx_i_strips s;
    sx_status st = sx_i_strips_find(c, &s, err);
    if (!st)
        draw_all(&s, scene);
    sx_i_strips_clear(&s);
    return st;
}
