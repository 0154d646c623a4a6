/* SPDX-License-Identifier: GPL-3.0-or-later */
/* polygon.h - the returns of all policies under two rewards, a convex polygon.
 *
 *     P = { (Jx(pi), Jy(pi)) : pi a policy }
 *
 * is the image of the polytope of occupancies, so its vertices belong to deterministic
 * policies.  They are found by support queries: a solve of cx x + cy y gives the largest
 * value of cx Jx + cy Jy on P and a policy that attains it. */
#ifndef SX_POLYGON_H
#define SX_POLYGON_H

#include "mdp/mdp.h"
#include "solvers/control.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct sx_polygon_options {
    double tolerance;        /* of the gap, relative to the diameter, > 0: 1e-9 */
    int32_t most;            /* vertices, >= 4: 20000 */
    const sx_method *method; /* of control; NULL: by size */
} sx_polygon_options;

sx_polygon_options sx_polygon_defaults(void);

typedef struct sx_vertex {
    double x, y;     /* returns of the policy, evaluated */
    int32_t *choice; /* [S] the policy */
} sx_vertex;

typedef struct sx_polygon {
    int32_t vertices;   /* >= 1; 1: a point, 2: a segment */
    sx_vertex *vertex;  /* counter-clockwise from the one of least x, then least y */
    double diameter;    /* largest distance of two vertices */
    double gap;         /* no policy lies further beyond an edge, certified; not divided */
    int64_t queries;    /* support queries */
    sx_outcome outcome; /* SX_SOLVED when gap <= tolerance * diameter */
} sx_polygon;

/* The polygon for row rewards x, y [K].  Both should be of like span: distances are measured in
 * the plane as it is.  A world of n states has about 4n vertices, and each costs two queries; a
 * coarser tolerance finds the fewer the coarser it is, about diameter / sqrt(tolerance).
 * *out: owned by the caller; NULL on failure.  SX_EARG: an option, or a reward not finite.
 * SX_ELIMIT: more than `most` vertices. */
SX_CHECKED sx_status sx_polygon_find(const sx_mdp *m, const double *x, const double *y,
                                     const sx_polygon_options *o, sx_polygon **out,
                                     sx_error *err);
sx_polygon *sx_polygon_free(sx_polygon *p);

#ifdef __cplusplus
}
#endif
#endif
