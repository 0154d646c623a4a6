/* SPDX-License-Identifier: GPL-3.0-or-later */
/* spec_reward_int.h - what the files that read rewards share. */
#ifndef SX_SPEC_REWARD_INT_H
#define SX_SPEC_REWARD_INT_H

#include "mdp/spec_int.h"
#include "mdp/terms_int.h"

/* One reward that is being read. */
typedef struct sx_i_rewarding {
    sx_i_reading *rd;
    const sx_world *world;
    const sx_mdp *m;
    sx_i_terms *terms;
    int32_t reward, term; /* places in the file: which stream of random numbers a term has */
    const char *file;     /* the file of a group that is being read, NULL: no group's */
} sx_i_rewarding;

/* Compile the expression of that attribute, which must be there.  Problems are reported in
 * place.  *out: owned by the caller. */
sx_status sx_i_expression(sx_i_rewarding *c, const sx_node *n, const char *attr,
                          unsigned allowed, sx_expr **out);

/* The states that an attribute selects: a state, a label or `*`; absent: all.  *label: the
 * label, or -1.  An unknown name is reported. */
sx_status sx_i_select(sx_i_rewarding *c, const sx_node *n, const char *attr, sx_i_states *out,
                      int32_t *label);

/* from, action, to, enter of a term. */
sx_status sx_i_selectors(sx_i_rewarding *c, const sx_node *n, sx_i_term *t);

/* What the axes of an array of rewards are, such as "SAS"; a shape that fits nothing, or two
 * orders, is reported. */
sx_status sx_i_table_axes(sx_i_rewarding *c, const sx_node *n, const sx_array *a,
                          const char **axes);

/* The place of (s, a, next) in it; axes that it lacks are ignored. */
int64_t sx_i_table_place(const sx_array *a, const char *axes, int32_t s, int32_t action,
                         int32_t next);

/* "(r0c0, up, r0c1)" */
void sx_i_triple_text(const sx_i_rewarding *c, int32_t k, int32_t next, char *text,
                      size_t size);

/* "x" in text, or "a number" when it is none: how a message names a value. */
const char *sx_i_wild_text(double value);

/* Make the reward of that element, with that id and group (NULL for none), and append it to
 * the specification. */
sx_status sx_i_reward_make(sx_i_rewarding *c, const sx_node *reward, const char *id,
                           const char *group);

/* Are the attributes of that element such that they can stand together, and is its group no
 * reward?  What is wrong is reported.  (spec_group.c) */
sx_status sx_i_group_check(sx_i_rewarding *c, const sx_node *reward);

/* Does href= of that element stand for any number of files? */
bool sx_i_is_group(const sx_node *reward);

/* Make one reward of each file of the pattern. */
sx_status sx_i_group_read(sx_i_rewarding *c, const sx_node *reward);

/* The member of the group `reward` that has that id: *as is the element as if it named that
 * file alone, *file the file; as->attr and *file are owned by the caller.  SX_EINPUT: there is
 * none, *file is NULL; not reported. */
SX_CHECKED sx_status sx_i_group_member(sx_i_rewarding *c, const sx_node *reward, const char *id,
                                       sx_node *as, char **file);

/* The terms, each with its own file. */
sx_status sx_i_term_add(sx_i_rewarding *c, const sx_node *n);   /* add and set */
sx_status sx_i_term_table(sx_i_rewarding *c, const sx_node *n); /* spec_table.c */
sx_status sx_i_term_csv(sx_i_rewarding *c, const sx_node *n);   /* spec_table_csv.c */
sx_status sx_i_term_shape(sx_i_rewarding *c, const sx_node *n); /* spec_shape.c */
sx_status sx_i_term_noise(sx_i_rewarding *c, const sx_node *n); /* spec_noise.c */
sx_status sx_i_term_redistribute(sx_i_rewarding *c, const sx_node *n);

/* Add value [K*S]-like numbers on impossible triples: is it worth the dense form?  Turns the
 * reward into the dense (or unknown) form when `count` single changes are too many. */
sx_status sx_i_terms_expect(sx_i_terms *b, int64_t count, sx_error *err);

#endif
