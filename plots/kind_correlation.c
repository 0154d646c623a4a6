/* SPDX-License-Identifier: GPL-3.0-or-later */
/* kind_correlation.c - how well families of measures predict something, as strips. */
#include "plots/kind_correlation.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "plots/kind_int.h"

typedef struct work {
    const sx_correlation_view *v;
    sx_figure *f;
    double *value;   /* [n] workspace */
    double *median;  /* [families] in the first panel */
    int32_t *order;  /* [families] from the greatest median */
    int32_t *place;  /* [families] in order */
    int32_t best;    /* the family in colour */
    int64_t missing; /* numbers that are not there */
} work;

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* The median of a family in a panel; NAN without a number. */
static double median_of(work *w, int32_t family, int32_t panel)
{
    int64_t n = 0;
    for (int64_t i = 0; i < w->v->n; i++)
        if (w->v->family[i] == family && w->v->panel[i] == panel && isfinite(w->v->value[i]))
            w->value[n++] = w->v->value[i];
    if (!n)
        return (double)NAN;
    qsort(w->value, (size_t)n, sizeof *w->value, by_value);
    return n % 2 ? w->value[n / 2] : w->value[n / 2 - 1] / 2 + w->value[n / 2] / 2;
}

/* Whether family a comes before b: greater median, the first of equal ones, none last. */
static bool before(const work *w, int32_t a, int32_t b)
{
    double x = w->median[a], y = w->median[b];
    if (isnan(x) || isnan(y))
        return isnan(y) && !isnan(x) ? true : isnan(x) == isnan(y) && a < b;
    return x > y || (x == y && a < b);
}

/* There are few families. */
static void sort_families(work *w)
{
    for (int32_t i = 0; i < w->v->families; i++)
        w->median[i] = median_of(w, i, 0);
    for (int32_t i = 0; i < w->v->families; i++) {
        int32_t j = i;
        for (; j > 0 && before(w, i, w->order[j - 1]); j--)
            w->order[j] = w->order[j - 1];
        w->order[j] = i;
    }
    for (int32_t i = 0; i < w->v->families; i++)
        w->place[w->order[i]] = i;
    w->best = w->v->highlight >= 0 ? w->v->highlight : w->order[0];
}

static bool is_shown(const work *w, int64_t i, int32_t panel, bool best)
{
    return w->v->panel[i] == panel && isfinite(w->v->value[i]) &&
           (w->v->family[i] == w->best) == best;
}

/* The dots of the family in colour, or of all others. */
static void add_dots(work *w, sx_chart *c, int32_t panel, bool best)
{
    int64_t n = 0, at = 0;
    for (int64_t i = 0; i < w->v->n; i++)
        n += is_shown(w, i, panel, best);
    sx_layer *l = n ? sx_i_kind_layer(c, SX_LAYER_STRIP, n, best ? w->v->name[w->best] : "",
                                      best ? "highlight" : "measure", best ? 0 : SX_COLOUR_GREY)
                    : NULL;
    if (!l)
        return;
    l->unnamed = true;
    for (int64_t i = 0; i < w->v->n; i++) {
        if (!is_shown(w, i, panel, best))
            continue;
        l->x[at] = w->v->value[i];
        l->y[at++] = w->place[w->v->family[i]];
    }
}

/* A line at 0 where there are numbers on both sides. */
static void add_zero(work *w, sx_chart *c)
{
    double low = 0, high = 0;
    for (int64_t i = 0; i < w->v->n; i++)
        if (isfinite(w->v->value[i])) {
            low = fmin(low, w->v->value[i]);
            high = fmax(high, w->v->value[i]);
        }
    sx_layer *l = low < 0 && high > 0
                      ? sx_i_kind_layer(c, SX_LAYER_RULES, 1, "", "zero", SX_COLOUR_GREY)
                      : NULL;
    if (!l)
        return;
    l->y[0] = (double)NAN;
    l->dash = SX_DASH_DOTTED;
    l->unnamed = true;
}

static void add_panel(work *w, int32_t panel)
{
    const sx_correlation_view *v = w->v;
    sx_chart *c = sx_figure_chart(w->f, v->panels > 1 ? v->panel_title[panel] : "");
    if (!c)
        return;
    for (int32_t i = 0; i < v->families; i++)
        sx_axis_category(c, &c->y, v->name[w->order[i]]);
    sx_figure_text(w->f, &c->x.title, "%s", v->coefficient);
    add_zero(w, c);
    add_dots(w, c, panel, false);
    add_dots(w, c, panel, true);
}

static void describe(work *w)
{
    const sx_correlation_view *v = w->v;
    int32_t worst = v->families - 1;
    char all[900] = "", name[60];
    size_t used = 0;
    while (worst > 0 && isnan(w->median[w->order[worst]]))
        worst--;
    for (int32_t i = 0; i <= worst && used < sizeof all - 100; i++)
        used += (size_t)snprintf(all + used, sizeof all - used, "%s%s %.3g", i ? ", " : "",
                                 sx_i_kind_short(v->name[w->order[i]], name, sizeof name),
                                 w->median[w->order[i]]);
    sx_figure_text(w->f, &w->f->description,
                   "%s of %lld measure%s in %d famil%s%s%s%s. Medians, from the greatest: %s. "
                   "In colour: %s.",
                   v->coefficient, (long long)(v->n - w->missing),
                   v->n - w->missing == 1 ? "" : "s", (int)v->families,
                   v->families == 1 ? "y" : "ies", v->panels > 1 ? ", panels: " : "",
                   v->panels > 1 ? v->panel_title[0] : "", v->panels > 1 ? " and others" : "",
                   all, sx_i_kind_short(v->name[w->best], name, sizeof name));
}

static sx_status fill(work *w, sx_error *err)
{
    const sx_correlation_view *v = w->v;
    for (int64_t i = 0; i < v->n; i++)
        w->missing += !isfinite(v->value[i]);
    if (w->missing == v->n)
        return sx_fail(err, SX_EINPUT, "no row has a correlation: there is nothing to draw");
    if (w->missing)
        sx_figure_note(w->f, "%lld measure%s without a correlation left out",
                       (long long)w->missing, w->missing == 1 ? "" : "s");
    sort_families(w);
    w->f->share_x = w->f->share_y = true;
    for (int32_t i = 0; i < v->panels; i++)
        add_panel(w, i);
    describe(w);
    return SX_OK;
}

sx_status sx_figure_correlation(const sx_correlation_view *v, sx_figure **out, sx_error *err)
{
    size_t families = (size_t)v->families;
    work w = {.v = v, .f = sx_figure_new(v->title)};
    *out = NULL;
    w.value = sx_alloc((size_t)v->n, sizeof *w.value);
    w.median = sx_alloc(families, sizeof *w.median);
    w.order = sx_alloc(families, sizeof *w.order);
    w.place = sx_alloc(families, sizeof *w.place);
    bool good = w.f && w.value && w.median && w.order && w.place;
    sx_status st = good ? fill(&w, err) : sx_nomem(err);
    sx_release(w.value);
    sx_release(w.median);
    sx_release(w.order);
    sx_release(w.place);
    if (!st)
        return sx_i_kind_done(w.f, out, err);
    sx_figure_free(w.f);
    return st;
}
