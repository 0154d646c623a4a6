/* SPDX-License-Identifier: GPL-3.0-or-later */
/* cli_edits.h - specifications with edits, and their results. */
#ifndef CLI_EDITS_H
#define CLI_EDITS_H

#include "tests/cli_json.h"

/* Two questions with their right answers; one reward does not read the question. */
#define ANSWERS(edits) \
    "<mdp version=\"1\" id=\"answers\" discount=\"0.9\"><bandit>\n" \
    "<context id=\"q1\"/><context id=\"q2\"/>\n" \
    "<response id=\"r1\"/><response id=\"r2\"/><response id=\"b1\"/></bandit>\n" \
    "<reward id=\"blind\"><add action=\"r1\" value=\"1\"/><add action=\"r2\" value=\"0.5\"/>" \
    "</reward>\n" \
    "<reward id=\"true\"><add from=\"q1\" action=\"r1\" value=\"1\"/>" \
    "<add from=\"q2\" action=\"r2\" value=\"1\"/></reward>\n" edits "</mdp>\n"

static const char swap_world[] =
    ANSWERS("<edit id=\"swap\" kind=\"causal\" expect=\"transports\" transports=\"r1 r2\">"
            "<permute contexts=\"q1 q2\"/></edit>\n");

#define WALK(discount, edits) \
    "<mdp version=\"1\" id=\"walk\" discount=\"" discount "\"><gridworld slip=\"0.2\"><map>\n" \
    "  ....\n  .##.\n  SCCG\n</map>\n" \
    "<cell symbol=\"S\" label=\"start\" initial=\"1\"/>\n" \
    "<cell symbol=\"C\" label=\"cliff\" absorbing=\"true\"/>\n" \
    "<cell symbol=\"G\" label=\"goal\" absorbing=\"true\"/><cell symbol=\"#\" " \
    "wall=\"true\"/>\n" \
    "</gridworld>\n" \
    "<reward id=\"true\"><add value=\"-0.01\"/><add enter=\"goal\" value=\"1\"/>" \
    "<add enter=\"cliff\" value=\"-1\"/></reward>\n" \
    "<reward id=\"shaped\"><use reward=\"true\"/><shape potential=\"row * col\"/></reward>\n" \
    "<reward id=\"place\"><add value=\"-0.01\"/><add from=\"r1c3\" to=\"r2c3\" value=\"1\"/>" \
    "</reward>\n" \
    "<reward id=\"flat\"/>\n" edits "</mdp>\n"

#define MAP(id, more, map) \
    "<edit id=\"" id "\"" more "><replace sel=\"mdp/gridworld/map/text()\">\n" map \
    "</replace></edit>\n"

static const char walk_edits[] = WALK(
    "0.9",
    MAP("move", " kind=\"causal\" expect=\"flips-best\"",
        "...G\n.##.\nSCC.\n") "<edit id=\"slip\" kind=\"neutral\" steps=\"0 0.25 1\"><replace "
                              "sel=\"mdp/gridworld/@slip\">"
                              "{step}</replace></edit>\n"
                              "<edit id=\"slip-too\" kind=\"causal\"><replace "
                              "sel=\"mdp/gridworld/@slip\">0.5</replace>"
                              "</edit>\n"
                              "<edit id=\"slip-any\"><replace "
                              "sel=\"mdp/gridworld/@slip\">0.5</replace></edit>\n"
                              "<edit id=\"repaint\" expect=\"invariant\">"
                              "<replace "
                              "sel=\"mdp/gridworld/cell[1]/@label\">home</replace></"
                              "edit>\n" MAP("fewer", "", "###.\n###.\nSCCG\n")
                                  MAP("open", "",
                                      "....\n.#..\nSCCG\n") "<edit id=\"short\"><remove "
                                                            "sel=\"mdp/reward[@id='flat']\"/></"
                                                            "edit>\n");

static inline int write_files(void **state)
{
    int bad = make_folder(state);
    write_file(in_folder("swap.xml"), swap_world, sizeof swap_world - 1);
    write_file(in_folder("walk.xml"), walk_edits, sizeof walk_edits - 1);
    return bad;
}

static inline double number(json_t *v, const char *path)
{
    return json_number_value(at(v, path));
}

static inline const char *text(json_t *v, const char *path)
{
    const char *s = json_string_value(at(v, path));
    return s ? s : "";
}

static inline bool is_null(json_t *v, const char *path)
{
    return json_is_null(at(v, path));
}

/* The result on a specification. */
static inline json_t *on(const char *spec)
{
    write_file(in_folder("one.xml"), spec, strlen(spec));
    return result(RUN("consistency", in_folder("one.xml"), "--format", "json"));
}

/* The entry of an edit, by its place among those of that name. */
static inline json_t *edit(json_t *v, const char *id, int nth)
{
    size_t i;
    json_t *e;
    json_array_foreach(at(v, "edits"), i,
                       e) if (strcmp(text(e, "edit"), id) == 0 && nth-- == 0) return e;
    fail_msg("no edit %s", id);
    return NULL;
}

#endif
