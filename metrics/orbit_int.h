/* SPDX-License-Identifier: GPL-3.0-or-later */
/* orbit_int.h - what the files about symmetries share. */
#ifndef SX_ORBIT_INT_H
#define SX_ORBIT_INT_H

#include "metrics/orbit.h"

/* What generator g makes of index i: a state, a pair, an entry, a triple (k S + s'). */
typedef int64_t sx_i_image(const sx_orbits *o, int32_t g, int64_t i);

int64_t sx_i_image_state(const sx_orbits *o, int32_t g, int64_t i);
int64_t sx_i_image_pair(const sx_orbits *o, int32_t g, int64_t i);
int64_t sx_i_image_triple(const sx_orbits *o, int32_t g, int64_t i);

/* Called with the indices of one orbit, member [count]. */
typedef void sx_i_visit(void *context, const int64_t *member, int64_t count);

/* Walk the orbits of 0..n-1 in the order of their least members.  *orbits: how many, NULL
 * allowed.  O(n generators). */
SX_CHECKED sx_status sx_i_orbits_walk(const sx_orbits *o, sx_i_image *image, int64_t n,
                                      sx_i_visit *visit, void *context, int64_t *orbits,
                                      sx_error *err);

/* The number of elements of the group that n permutations of the points 0..points-1 generate,
 * at image [n * points]; 0: more than `most`, or than memory for 2^24 numbers. */
SX_CHECKED sx_status sx_i_group_order(const int32_t *image, int32_t n, int32_t points,
                                      int64_t most, int64_t *order, sx_error *err);

#endif
