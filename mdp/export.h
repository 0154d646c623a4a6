/* SPDX-License-Identifier: GPL-3.0-or-later */
/* export.h - a specification written in other forms.
 *
 * What every form carries: states, labels, attributes, initial distribution, discount and
 * all rewards on all triples.  What is read back is the same world and the same rewards,
 * bit for bit. */
#ifndef SX_EXPORT_H
#define SX_EXPORT_H

#include "mdp/spec.h"

#ifdef __cplusplus
extern "C" {
#endif

/* One file of an export. */
typedef struct sx_output {
    char *name; /* base name */
    unsigned char *bytes;
    size_t size;
} sx_output;

typedef struct sx_outputs {
    int32_t count;
    sx_output *file; /* [count]; file[0] is the one that was asked for */
} sx_outputs;

/* Explicit XML: one file `name`.
 * Numpy: `name` is an XML with <arrays>, beside it STEM.P.npy, STEM.initial.npy and one
 * STEM.REWARD.npy for each reward.  CSV: `name` is an XML with <transitions>, beside it
 * STEM.transitions.csv and STEM.REWARD.csv.  SX_ELIMIT where a dense array would be too
 * large, SX_EARG where a reward has no values on impossible triples. */
SX_CHECKED sx_status sx_export_xml(const sx_spec *spec, const char *name, sx_outputs **out,
                                   sx_error *err);
SX_CHECKED sx_status sx_export_npy(const sx_spec *spec, const char *name, sx_outputs **out,
                                   sx_error *err);
SX_CHECKED sx_status sx_export_csv(const sx_spec *spec, const char *name, sx_outputs **out,
                                   sx_error *err);
sx_outputs *sx_outputs_free(sx_outputs *o);

/* The shortest decimal text that reads back to the same double, in the C locale. */
void sx_number_write(double value, char text[32]);

#ifdef __cplusplus
}
#endif
#endif
