/* SPDX-License-Identifier: GPL-3.0-or-later */
/* xsd.h - the grammar as an XML Schema, for editors. */
#ifndef SX_XSD_H
#define SX_XSD_H

#include "mdp/base.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The text of configs/sextant.xsd.  *text: owned by the caller (sx_release); NULL on
 * failure.  SX_EMEM. */
SX_CHECKED sx_status sx_xsd_format(char **text, sx_error *err);

#ifdef __cplusplus
}
#endif
#endif
