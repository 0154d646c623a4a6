/* SPDX-License-Identifier: GPL-3.0-or-later */
/* spec_group.c - rewards that are files, and groups of rewards.
 *
 * <reward href=> is short for a reward with one <table>.  A pattern stands for the files that
 * it matches, in the order of their bytes: file runs/seed0.npy of runs/seed*.npy is the reward
 * ID/seed0 of the group ID.  The name begins where the first folder or file with a wildcard
 * does: with a wildcard in a folder, folders tell the rewards apart. */
#include "mdp/file.h"
#include "mdp/grammar.h"
#include "mdp/spec_reward_int.h"
#include "mdp/utf8_int.h"

#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MEMBERS = 10000 };

static const char wild[] = "*?[";

bool sx_i_is_group(const sx_node *reward)
{
    const char *href = sx_i_attr(reward, "href");
    return href && strpbrk(href, wild);
}

static sx_status misplaced(sx_i_rewarding *c, const sx_node *reward, const char *attr,
                           const char *hint, const char *message)
{
    return sx_diag_report(c->rd->diags, sx_i_attr_where(reward, attr), "E414", hint, "%s= %s",
                          attr, message);
}

static sx_status check_href(sx_i_rewarding *c, const sx_node *reward)
{
    static const char *const parts[] = {"member", "order", "missing"};
    sx_status st = SX_OK;
    if (sx_node_attr(reward, "href")) {
        if (sx_i_first(reward, NULL))
            st = misplaced(c, reward, "href", "write <table href=\"...\"/> as one of the terms",
                           "and terms exclude each other");
        if (sx_i_is_group(reward) && sx_node_attr(reward, "group"))
            st = misplaced(c, reward, "group", NULL,
                           "does not go with a pattern of files: its rewards are the group id");
        return st;
    }
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        if (sx_node_attr(reward, parts[i]))
            st = sx_i_worse(st, misplaced(c, reward, parts[i], NULL,
                                          "means nothing without "
                                          "href="));
    return st;
}

/* No reward of the specification is named like the group of this one. */
static sx_status check_name(sx_i_rewarding *c, const sx_node *reward)
{
    const char *group = sx_i_attr_sound(reward, "group");
    for (const sx_node *x = sx_i_first(reward->parent, "reward"); group && x;
         x = sx_i_next(x, "reward")) {
        const char *id = sx_i_attr(x, "id");
        if (id && strcmp(id, group) == 0)
            return sx_diag_report(c->rd->diags, sx_i_attr_where(reward, "group"), "E413", NULL,
                                  "the group \"%.60s\" is named like a reward", group);
    }
    return SX_OK;
}

sx_status sx_i_group_check(sx_i_rewarding *c, const sx_node *reward)
{
    return sx_i_worse(check_href(c, reward), check_name(c, reward));
}

/* --- the files -------------------------------------------------------------------------- */

/* The pattern below the folder of the specification, in which no character is special.
 * *folder: the length of that folder in the paths that it matches. */
static char *pattern_of(const sx_i_reading *rd, const char *href, size_t *folder)
{
    const char *base = strcmp(rd->path, "-") == 0 ? "" : rd->path;
    size_t size = strlen(href) + 1;
    *folder = *href == '/' ? 0 : (size_t)(sx_path_name(base) - base);
    char *pattern = sx_alloc(2 * *folder + size, 1), *to = pattern;
    for (size_t i = 0; pattern && i < *folder; i++) {
        if (strchr("*?[]\\", base[i]))
            *to++ = '\\';
        *to++ = base[i];
    }
    if (pattern)
        memcpy(to, href, size);
    return pattern;
}

static int by_bytes(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/* The matches, sorted; release with globfree on success. */
static sx_status find_files(sx_i_rewarding *c, const sx_node *reward, const char *pattern,
                            glob_t *found)
{
    sx_place place = sx_i_attr_where(reward, "href");
    const char *href = sx_i_attr(reward, "href");
    int answer = glob(pattern, GLOB_NOSORT, NULL, found);
    if (answer == GLOB_NOSPACE)
        return sx_nomem(c->rd->err);
    if (answer)
        return sx_diag_report(c->rd->diags, place, "E304",
                              "names are relative to the folder of the specification",
                              "no file matches \"%.120s\"", href);
    if (found->gl_pathc > MEMBERS) {
        globfree(found);
        return sx_diag_report(c->rd->diags, place, "E304", NULL,
                              "more than %d files match \"%.120s\"", MEMBERS, href);
    }
    qsort(found->gl_pathv, found->gl_pathc, sizeof *found->gl_pathv, by_bytes);
    return SX_OK;
}

/* The part of file that stands for what is wild in href. */
static const char *wild_part(const char *href, const char *file)
{
    const char *end = href + strcspn(href, wild), *from = file;
    for (; href < end && from; href++)
        if (*href == '/') {
            from = strchr(from, '/');
            from += from != NULL;
        }
    return from ? from : sx_path_name(file);
}

static bool is_utf8(const char *text)
{
    size_t size = strlen(text), step = 1;
    for (; size && step; text += step, size -= step)
        step = sx_i_utf8_size(text, size);
    return !size;
}

/* GROUP/NAME, owned by the caller. */
static char *member_id(const char *group, const char *href, const char *file)
{
    const char *name = wild_part(href, file), *dot = strrchr(sx_path_name(name), '.');
    size_t size = dot && dot > sx_path_name(name) ? (size_t)(dot - name) : strlen(name);
    size_t room = strlen(group) + size + 2;
    char *id = sx_alloc(room, 1);
    if (id)
        snprintf(id, room, "%s/%.*s", group, (int)size, name);
    return id;
}

/* One reward; as: the element as if it named this file alone. */
static sx_status read_member(sx_i_rewarding *c, const sx_node *reward, const sx_node *as)
{
    const char *group = sx_i_attr(reward, "id");
    char *id = member_id(group, sx_i_attr(reward, "href"), c->file);
    if (!id)
        return sx_nomem(c->rd->err);
    sx_status st;
    if (sx_value_allowed(sx_grammar_rule(reward->rule, "id"), id) && is_utf8(id))
        st = sx_i_reward_make(c, as, id, group);
    else
        st = sx_diag_report(c->rd->diags, sx_i_attr_where(reward, "href"), "E304",
                            "rename the file",
                            "the file \"%.120s\" gives no id: ids have no blanks and are UTF-8",
                            is_utf8(c->file) ? c->file : "?");
    sx_release(id);
    return st;
}

/* `as`, which has room for the attributes, becomes the element with that file for its pattern.
 */
static void name_file(const sx_node *reward, const char *file, sx_node *as)
{
    for (int32_t k = 0; k < reward->attrs; k++) {
        as->attr[k] = reward->attr[k];
        if (strcmp(as->attr[k].name, "href") == 0)
            as->attr[k].value = file;
    }
}

/* Every file is looked at, also after a bad one. */
static sx_status read_files(sx_i_rewarding *c, const sx_node *reward, const glob_t *found,
                            size_t folder)
{
    sx_status st = SX_OK;
    sx_node as = *reward;
    as.attr = sx_alloc((size_t)reward->attrs, sizeof *as.attr);
    if (!as.attr)
        return sx_nomem(c->rd->err);
    for (size_t i = 0; i < found->gl_pathc && !sx_i_stops(st); i++) {
        c->file = found->gl_pathv[i] + folder;
        name_file(reward, c->file, &as);
        st = sx_i_worse(st, read_member(c, reward, &as));
    }
    sx_release(as.attr);
    return st;
}

/* The match whose reward has that id as a copy in *file; NULL when there is none. */
static sx_status find_member(sx_i_rewarding *c, const sx_node *reward, const char *id,
                             char **file)
{
    size_t folder;
    glob_t found = {0};
    bool same = false;
    char *pattern = pattern_of(c->rd, sx_i_attr(reward, "href"), &folder);
    sx_status st = pattern ? find_files(c, reward, pattern, &found) : sx_nomem(c->rd->err);
    sx_release(pattern);
    if (st)
        return st;
    for (size_t i = 0; i < found.gl_pathc && !same && !st; i++) {
        const char *here = found.gl_pathv[i] + folder;
        char *its = member_id(sx_i_attr(reward, "id"), sx_i_attr(reward, "href"), here);
        same = its && strcmp(its, id) == 0;
        if (same)
            *file = sx_strdup(here);
        if (!its || (same && !*file))
            st = sx_nomem(c->rd->err);
        sx_release(its);
    }
    globfree(&found);
    return st;
}

sx_status sx_i_group_member(sx_i_rewarding *c, const sx_node *reward, const char *id,
                            sx_node *as, char **file)
{
    *file = NULL;
    *as = *reward;
    as->attr = sx_alloc((size_t)reward->attrs, sizeof *as->attr);
    sx_status st = as->attr ? find_member(c, reward, id, file) : sx_nomem(c->rd->err);
    if (!st && *file)
        name_file(reward, *file, as);
    return !st && !*file ? SX_EINPUT : st;
}

sx_status sx_i_group_read(sx_i_rewarding *c, const sx_node *reward)
{
    size_t folder;
    glob_t found = {0};
    if (!sx_i_attr_sound(reward, "id") || !sx_i_attr_sound(reward, "href"))
        return SX_EINPUT;
    char *pattern = pattern_of(c->rd, sx_i_attr(reward, "href"), &folder);
    sx_status st = pattern ? find_files(c, reward, pattern, &found) : sx_nomem(c->rd->err);
    if (!st) {
        st = read_files(c, reward, &found, folder);
        globfree(&found);
    }
    sx_release(pattern);
    return st;
}
