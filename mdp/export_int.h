/* SPDX-License-Identifier: GPL-3.0-or-later */
/* export_int.h - what the forms of export share. */
#ifndef SX_EXPORT_INT_H
#define SX_EXPORT_INT_H

#include "mdp/export.h"
#include "mdp/text_int.h"

#define SX_I_XML_LIMIT ((size_t)64 << 20) /* bytes of XML that the reader takes */

/* name="value", escaped, with a blank before. */
void sx_i_put_attr(sx_i_text *t, const char *name, const char *value);
void sx_i_put_number(sx_i_text *t, const char *name, double value);
/* The same with the name of a state / of the action of a pair. */
void sx_i_put_state(sx_i_text *t, const char *name, const sx_world *w, int32_t s);
void sx_i_put_action(sx_i_text *t, const char *name, const sx_world *w, int32_t a);

/* <mdp ...> and the title / the end tag. */
void sx_i_put_head(sx_i_text *t, const sx_spec *spec);
void sx_i_put_foot(sx_i_text *t);

/* <states> <state> <actions> <action>, with labels and attributes. */
void sx_i_put_names(sx_i_text *t, const sx_world *w);

/* <pair> with attributes and the base policy (export_pair.c). */
void sx_i_put_pairs(sx_i_text *t, const sx_world *w);

/* One <attribute>. */
void sx_i_put_attribute(sx_i_text *t, const sx_variable *v, double value);

/* <initial>, left out where the reader would take the same by itself. */
void sx_i_put_initial(sx_i_text *t, const sx_world *w);

/* Are the names and attributes of w such that XML can hold them?  SX_EARG says which is not. */
sx_status sx_i_export_check(const sx_spec *spec, sx_error *err);

/* The terms of one reward in explicit XML (export_reward.c). */
sx_status sx_i_put_reward(sx_i_text *t, const sx_spec *spec, const sx_named_reward *r,
                          sx_error *err);

/* SX_EARG when r has no values on impossible triples. */
sx_status sx_i_export_known(const sx_named_reward *r, sx_error *err);

/* --- files ---------------------------------------------------------------------------------
 */

/* An export with one file of that name without bytes. */
sx_status sx_i_outputs_new(const char *name, sx_outputs **out, sx_error *err);

/* One more file, STEM.MIDDLE.SUFFIX after the stem of the first; characters of middle that do
 * not belong into file names become _, and a number tells equal names apart.  bytes are taken
 * over in any case. */
sx_status sx_i_outputs_add(sx_outputs *o, const char *middle, const char *suffix,
                           unsigned char *bytes, size_t size, sx_error *err);

/* The text becomes the first file. */
sx_status sx_i_outputs_text(sx_outputs *o, sx_i_text *t, sx_error *err);

#endif
