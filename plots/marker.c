/* SPDX-License-Identifier: GPL-3.0-or-later */
/* marker.c - the outlines of markers, which all look about as large as a disc of that size, and
 * the dashes of lines. */
#include "plots/plots_int.h"

/* Corners x, y in units of the size, about the middle. */
#define ARM  0.54 /* half the length of a bar of a cross */
#define HALF 0.12 /* half its thickness */
#define A    ((ARM + HALF) * 0.70710678)
#define B    ((ARM - HALF) * 0.70710678)
#define C    (HALF * 2 * 0.70710678)

static const struct outline {
    int32_t corners;
    double xy[24];
} outlines[SX_MARKERS] = {
    [SX_MARKER_SQUARE] = {4, {-0.44, -0.44, 0.44, -0.44, 0.44, 0.44, -0.44, 0.44}},
    [SX_MARKER_TRIANGLE] = {3, {0, -0.62, 0.57, 0.4, -0.57, 0.4}},
    [SX_MARKER_DOWN] = {3, {0, 0.62, 0.57, -0.4, -0.57, -0.4}},
    [SX_MARKER_DIAMOND] = {4, {0, -0.64, 0.52, 0, 0, 0.64, -0.52, 0}},
    [SX_MARKER_PLUS] = {12, {-HALF, -ARM, HALF, -ARM, HALF, -HALF, ARM,   -HALF,
                             ARM,   HALF, HALF, HALF, HALF, ARM,   -HALF, ARM,
                             -HALF, HALF, -ARM, HALF, -ARM, -HALF, -HALF, -HALF}},
    [SX_MARKER_CROSS] = {12, {0, -C, B,  -A, A,  -B, C,  0, A,  B,  B,  A,
                              0, C,  -B, A,  -A, B,  -C, 0, -A, -B, -B, -A}},
};

int32_t sx_i_marker_outline(const sx_i_mark *m, double xy[24])
{
    const struct outline *o = &outlines[m->marker];
    for (size_t i = 0; i < (size_t)o->corners; i++) {
        xy[2 * i] = m->x + m->size * o->xy[2 * i];
        xy[2 * i + 1] = m->y + m->size * o->xy[2 * i + 1];
    }
    return o->corners;
}

int sx_i_dash_lengths(sx_dash dash, double length[4])
{
    static const double lengths[][4] = {{0}, {4, 2.5}, {0.01, 2.2}, {5, 2.4, 0.01, 2.4}};
    static const int count[] = {0, 2, 2, 4};
    for (int i = 0; i < count[dash]; i++)
        length[i] = lengths[dash][i];
    return count[dash];
}
