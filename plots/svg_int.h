/* SPDX-License-Identifier: GPL-3.0-or-later */
/* svg_int.h - the texts that stand in an SVG file: numbers, an image, a style. */
#ifndef SX_SVG_INT_H
#define SX_SVG_INT_H

#include "plots/markup_int.h"

/* The image of a mark as the address of a PNG that is inside it, zero-terminated. */
void sx_i_svg_image(const sx_i_mark *m, sx_i_bytes *out);

/* The rules of CSS by which ink and ground follow the reader's choice of light and dark,
 * zero-terminated.  Readers that know no such choice see the colours that the elements say. */
void sx_i_svg_style(sx_i_bytes *out);

#endif
