/* SPDX-License-Identifier: GPL-3.0-or-later */
/* export_xml.c - a specification as explicit XML. */
#include "mdp/export_int.h"

#include <string.h>

static void put(sx_i_text *t, const char *text)
{
    sx_i_text_put(t, text, strlen(text));
}

/* The transitions of the states that are not absorbing: those follow from absorbing="true". */
static void put_transitions(sx_i_text *t, const sx_world *w)
{
    const sx_mdp *m = w->mdp;
    for (int32_t s = 0; s < m->states && !t->failed; s++)
        for (int32_t k = m->pair[s]; k < m->pair[s + 1] && !m->absorbing[s]; k++)
            for (int64_t i = m->first[k]; i < m->first[k + 1]; i++) {
                put(t, "    <transition");
                sx_i_put_state(t, "from", w, s);
                sx_i_put_action(t, "action", w, m->action[k]);
                sx_i_put_state(t, "to", w, m->next[i]);
                sx_i_put_number(t, "p", m->prob[i]);
                put(t, "/>\n");
            }
}

sx_status sx_export_xml(const sx_spec *spec, const char *name, sx_outputs **out, sx_error *err)
{
    sx_i_text t = {0};
    sx_outputs *o = NULL;
    *out = NULL;
    sx_status st = sx_i_export_check(spec, err);
    if (!st)
        st = sx_i_outputs_new(name, &o, err);
    if (!st) {
        sx_i_put_head(&t, spec);
        put(&t, "  <explicit>\n");
        sx_i_put_names(&t, spec->world);
        put_transitions(&t, spec->world);
        sx_i_put_pairs(&t, spec->world);
        put(&t, "  </explicit>\n");
        sx_i_put_initial(&t, spec->world);
    }
    for (int32_t i = 0; !st && i < spec->rewards; i++)
        st = sx_i_put_reward(&t, spec, &spec->reward[i], err);
    if (!st) {
        sx_i_put_foot(&t);
        st = sx_i_outputs_text(o, &t, err);
    }
    sx_release(t.text);
    if (st)
        o = sx_outputs_free(o);
    *out = o;
    return st;
}
