/* SPDX-License-Identifier: GPL-3.0-or-later */
/* text_check.h - the texts of a display list: none upon another, on an axis or off the page;
 * labels of ticks different and in order. */
#ifndef TEXT_CHECK_H
#define TEXT_CHECK_H

#include <stdlib.h>

#include "tests/check.h"
#include "tests/quad_check.h"

static inline bool check_class(const sx_i_mark *m, const char *class)
{
    return m->class && strcmp(m->class, class) == 0;
}

static inline void check_pair(const sx_i_mark *a, const check_quad *p, const sx_i_mark *b,
                              const check_quad *q)
{
    if (!check_touch(p, q))
        return;
    print_error("\"%s\" (%s) is upon \"%s\" (%s)\n", a->text, a->class ? a->class : "-",
                b->text, b->class ? b->class : "-");
    fail();
}

static inline void check_on_page(const sx_i_scene *s, const sx_i_mark *m, const check_quad *q)
{
    for (int i = 0; i < 4; i++) {
        bool on = q->x[i] >= -0.05 && q->x[i] <= s->width + 0.05 && q->y[i] >= -0.05 &&
                  q->y[i] <= s->height + 0.05;
        if (!on)
            print_error("\"%s\" leaves the page: (%g, %g) of (%g, %g)\n", m->text, q->x[i],
                        q->y[i], s->width, s->height);
        assert_true(on);
    }
}

/* The lines of the axes have no thickness here; two points of a level or upright one. */
static inline bool check_crosses(const check_quad *text, const sx_i_mark *line)
{
    check_quad q = check_quad_line(line);
    double left = fmin(q.x[0], q.x[1]);
    double right = fmax(q.x[0], q.x[1]);
    double top = fmin(q.y[0], q.y[1]);
    double bottom = fmax(q.y[0], q.y[1]);
    q = (check_quad){{left - 0.2, right + 0.2, right + 0.2, left - 0.2},
                     {top - 0.2, top - 0.2, bottom + 0.2, bottom + 0.2}};
    return check_touch(text, &q);
}

static inline void check_texts(sx_i_fonts *fonts, const sx_i_scene *s)
{
    check_quad *q = calloc((size_t)s->marks + 1, sizeof *q);
    assert_non_null(q);
    for (int32_t i = 0; i < s->marks; i++) {
        const sx_i_mark *m = &s->mark[i];
        if (m->kind != SX_I_TEXT)
            continue;
        if (!m->markup)
            assert_true(sx_i_label_valid(m->text));
        q[i] = check_quad_of(fonts, m);
        if (!*m->text || !(q[i].x[0] != q[i].x[1] || q[i].y[0] != q[i].y[1]))
            continue;
        check_on_page(s, m, &q[i]);
        for (int32_t k = 0; k < i; k++) {
            if (s->mark[k].kind == SX_I_TEXT && *s->mark[k].text)
                check_pair(m, &q[i], &s->mark[k], &q[k]);
        }
    }
    for (int32_t i = 0; i < s->marks; i++) {
        const sx_i_mark *line = &s->mark[i];
        if (!check_class(line, "axis") && !check_class(line, "tick"))
            continue;
        for (int32_t k = 0; k < s->marks; k++) {
            if (s->mark[k].kind == SX_I_TEXT && check_crosses(&q[k], line)) {
                print_error("\"%s\" is on an axis\n", s->mark[k].text);
                fail();
            }
        }
    }
    free(q);
}

/* The number of a tick label: a true minus sign, raised digits after 10. */
static inline double check_number(const char *label)
{
    static const char *const raised[] = {
        "\xe2\x81\xb0", "\xc2\xb9",     "\xc2\xb2",     "\xc2\xb3",     "\xe2\x81\xb4",
        "\xe2\x81\xb5", "\xe2\x81\xb6", "\xe2\x81\xb7", "\xe2\x81\xb8", "\xe2\x81\xb9"};
    double sign = strncmp(label, "\xe2\x88\x92", 3) == 0 ? -1 : 1;
    char *end;
    const char *p = sign < 0 ? label + 3 : label;
    double value = strtod(p, &end);
    double power = 0;
    bool down = strncmp(end, "\xe2\x81\xbb", 3) == 0;
    p = end + (down ? 3 : 0);
    for (int d = 0; *p && d < 10;) {
        size_t n = strlen(raised[d]);
        bool is = strncmp(p, raised[d], n) == 0;
        power = is ? 10 * power + d : power;
        p += is ? n : 0;
        d = is ? 0 : d + 1;
    }
    if (*p)
        print_error("\"%s\" is no number\n", label);
    assert_true(*p == '\0');
    return sign * (power > 0 ? pow(10, down ? -power : power) : value);
}

/* The labels of one axis come one after another: their numbers ascend, and so do places. */
static inline void check_labels(const sx_i_scene *s, const char *class, double forward)
{
    const sx_i_mark *last = NULL;
    for (int32_t i = 0; i < s->marks; i++) {
        const sx_i_mark *m = &s->mark[i];
        bool tick = check_class(m, "tick") || check_class(m, "minor");
        if (!check_class(m, class)) {
            last = tick ? last : NULL;
            continue;
        }
        if (last) {
            double step = forward > 0 ? m->x - last->x : last->y - m->y;
            if (!(check_number(last->text) < check_number(m->text)) || !(step > 0))
                print_error("labels \"%s\" and \"%s\" in a row\n", last->text, m->text);
            assert_true(check_number(last->text) < check_number(m->text));
            assert_true(step > 0);
        }
        last = m;
    }
}

#endif
