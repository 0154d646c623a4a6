/* SPDX-License-Identifier: GPL-3.0-or-later */
/* script.c - what scripts of all programs need: the layout of a figure with its charts set
 * apart, numbers of their axes, names of colours. */
#include "plots/script_int.h"

#include <math.h>
#include <string.h>

#include "plots/marks_int.h"

/* --- charts that are set apart --- */

static void chart_free(sx_i_chart *c)
{
    sx_i_chart_clear(c);
    sx_release(c);
}

sx_status sx_i_views_add(sx_i_views *v, sx_i_chart *c, sx_i_box area, int32_t at, sx_error *err)
{
    if (v->views == v->room) {
        int32_t room = 2 * v->room + 4;
        sx_i_view *grown = sx_realloc(v->view, (size_t)room, sizeof *grown);
        if (!grown) {
            chart_free(c);
            return sx_nomem(err);
        }
        v->view = grown;
        v->room = room;
    }
    v->pen = *c->pen;
    v->pen.notes = NULL; /* of the layout, which ends now */
    c->pen = &v->pen;
    v->view[v->views++] = (sx_i_view){at, area, c};
    return SX_OK;
}

sx_status sx_i_script_plan(const sx_figure *f, const sx_plot_style *style, sx_i_script *s,
                           sx_error *err)
{
    memset(s, 0, sizeof *s);
    s->figure = f;
    s->fonts = sx_i_fonts_new(style->serif);
    if (!s->fonts)
        return sx_nomem(err);
    s->scene.views = &s->views;
    return sx_i_figure_scene(f, style, s->fonts, &s->scene, &s->notes, err);
}

void sx_i_script_clear(sx_i_script *s)
{
    for (int32_t i = 0; i < s->views.views; i++)
        chart_free(s->views.view[i].chart);
    s->views.view = sx_release(s->views.view);
    sx_i_scene_clear(&s->scene);
    s->fonts = sx_i_fonts_free(s->fonts);
}

void sx_i_script_order(const sx_chart *c, int32_t *order)
{
    int32_t n = 0;
    for (int pass = 0; pass < 4; pass++) {
        for (int32_t k = 0; k < c->layers; k++) {
            const sx_layer *l = c->layer[k];
            int own = l->kind == SX_LAYER_STRIP ? 2 : sx_i_layer_pass(l);
            own += own == 2 && l->kind != SX_LAYER_STRIP;
            if (own == pass)
                order[n++] = k;
        }
    }
}

int64_t sx_i_script_step(int64_t n, int64_t most)
{
    return n > most ? (n + most - 1) / most : 1;
}

/* --- axes --- */

bool sx_i_axis_plain(const sx_i_axis *a)
{
    return a->scale.kind == SX_SCALE_LINEAR ||
           (a->scale.kind == SX_SCALE_LOG && !a->scale.zeros);
}

bool sx_i_axis_reversed(const sx_i_axis *a)
{
    return a->vertical ? a->scale.from < a->scale.to : a->scale.from > a->scale.to;
}

/* places count from the top, numbers of scripts from below */
static double from_end(const sx_i_axis *a, double place)
{
    return a->vertical ? a->length - place : place;
}

double sx_i_axis_number(const sx_i_axis *a, double value)
{
    if (!sx_i_axis_plain(a))
        return from_end(a, sx_scale_place(&a->scale, value));
    return isfinite(value) && (a->scale.kind == SX_SCALE_LINEAR || value > 0) ? value
                                                                              : (double)NAN;
}

void sx_i_axis_ends(const sx_i_axis *a, double *low, double *high)
{
    bool plain = sx_i_axis_plain(a);
    *low = plain ? a->scale.low : 0;
    *high = plain ? a->scale.high : a->length;
}

double sx_i_axis_back(const sx_i_axis *a, double place)
{
    const sx_scale *s = &a->scale;
    if (!sx_i_axis_plain(a))
        return from_end(a, place);
    double t = (place - s->from) / (s->to - s->from);
    if (s->kind == SX_SCALE_LOG)
        return s->low * pow(s->high / s->low, t);
    return s->low + t * (s->high - s->low);
}

/* --- words --- */

const char *const sx_i_colour_names[SX_I_NAMED] = {"series1", "series2", "series3", "series4",
                                                   "series5", "series6", "ink",     "axis",
                                                   "grey",    "faint",   "paper"};

sx_i_rgb sx_i_colour_named(const sx_i_palette *p, int32_t i)
{
    const sx_i_rgb others[] = {p->ink, p->axis, p->grey, p->faint, p->paper};
    return i < SX_COLOURS ? p->series[i] : others[i - SX_COLOURS];
}

const char *sx_i_colour_name(const sx_i_palette *p, sx_i_rgb colour)
{
    for (int32_t i = 0; i < SX_I_NAMED; i++) {
        if (sx_i_colour_named(p, i) == colour)
            return sx_i_colour_names[i];
    }
    return NULL;
}

/* Bytes of the next word at p, which is no blank. */
static size_t word(const char *p)
{
    size_t n = 0;
    while ((unsigned char)p[n] > ' ' && p[n] != 0x7f)
        n++;
    return n;
}

void sx_i_script_comment(sx_i_bytes *out, const char *mark, const char *text)
{
    size_t used = 0;
    for (const char *p = text; *p;) {
        size_t n = word(p);
        if (n == 0) {
            p++;
            continue;
        }
        if (used && used + n > 90) {
            sx_i_bytes_text(out, "\n");
            used = 0;
        }
        sx_i_bytes_text(out, used ? " " : mark);
        (void)!sx_i_bytes_add(out, p, n);
        used += n + 1;
        p += n;
    }
    if (used)
        sx_i_bytes_text(out, "\n");
}
