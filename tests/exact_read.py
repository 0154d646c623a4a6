# SPDX-License-Identifier: GPL-3.0-or-later
# exact_read.py - explicit and factored worlds as Python's fractions, read from the file by rules
# of its own: no code of the library is used.
import csv
import itertools
import os
import re
import xml.etree.ElementTree as tree
from fractions import Fraction as F


class World:
    """tau[s,a][s'], mu[s], reward[id][s,a,s']; states and actions by name."""


def number(text):
    return F(text.strip())


# --- expressions -------------------------------------------------------------------------------


def compiled(text):
    """Numbers become fractions, if() a function; the rest is Python already."""
    text = re.sub(r"(?<![\w.])(\d+\.?\d*(?:[eE][-+]?\d+)?|\.\d+)", r"F('\1')", text)
    return compile(text.replace("if(", "IF(").strip(), "expression", "eval")


RULES = {"F": F, "IF": lambda c, x, y: x if c else y, "min": min, "max": max, "abs": abs}


def value(code, names):
    return eval(code, dict(RULES), names)


# --- explicit ----------------------------------------------------------------------------------


def read_explicit(root, w):
    n = root.find("explicit")
    w.states = [s.get("id") for s in n.findall("state")]
    w.acts = [a.get("id") for a in n.findall("action")]
    w.absorbing, w.labels = set(), {}
    w.names = {s.get("id"): {a.get("id"): number(a.get("value")) for a in s.findall("attribute")}
               for s in n.findall("state")}
    w.tau = {}
    for t in n.findall("transition"):
        for a in w.acts if t.get("action") == "*" else [t.get("action")]:
            w.tau.setdefault((t.get("from"), a), {})[t.get("to")] = number(t.get("p"))
    start = {s.get("state"): number(s.get("p", "1")) for s in root.find("initial")}
    w.mu = {s: start.get(s, F(0)) for s in w.states}


# --- factored ----------------------------------------------------------------------------------


def domain(v):
    if v.get("range"):
        low, high = map(int, v.get("range").split())
        return [(str(i), F(i)) for i in range(low, high + 1)]
    texts = v.get("values").split()
    try:
        return [(t, F(t)) for t in texts]
    except ValueError:
        return [(t, t) for t in texts]


def steps(n, names, places):
    """The successors of one state: [(action, {combination: probability})]."""
    out = []
    for a in n.findall("action"):
        if a.get("when") and not value(compiled(a.get("when")), names):
            continue
        row, total = {}, F(0)
        for o in a.findall("outcome"):
            p = value(compiled(o.get("p")), names) if o.get("p") else 1 - total
            total += p
            to = dict(places)
            for x in o.findall("assign"):
                to[x.get("variable")] = value(compiled(x.get("value")), names)
            key = tuple(to.values())
            if p:
                row[key] = row.get(key, F(0)) + p
        out.append((a.get("id"), row))
    return out


def read_factored(root, w):
    n = root.find("factored")
    var = {v.get("id"): domain(v) for v in n.findall("variable")}
    text = {v: {x: t for t, x in d} for v, d in var.items()}
    words = {t: t for d in var.values() for t, x in d if isinstance(x, str)}
    w.acts = [a.get("id") for a in n.findall("action")]

    def name(key):
        return ",".join("%s=%s" % (v, text[v][x]) for v, x in zip(var, key))

    ends = [compiled(x.get("when")) for x in n.findall("absorbing")]
    w.tau, w.names, w.absorbing, seen = {}, {}, set(), {}
    start = {}
    for s in root.find("initial"):
        fixed = {x.get("variable"): x.get("value") for x in s.findall("assign")}
        for v in n.findall("variable"):
            fixed.setdefault(v.get("id"), v.get("initial"))
        key = tuple(dict(var[v])[fixed[v]] for v in var)
        start[key] = start.get(key, F(0)) + number(s.get("p", "1"))
    todo = list(start)
    while todo:
        key = todo.pop()
        if key in seen:
            continue
        seen[key] = name(key)
        places = dict(zip(var, key))
        names = {**words, **places}
        if any(value(e, names) for e in ends):
            w.absorbing.add(name(key))
            for a in w.acts:
                w.tau[name(key), a] = {name(key): F(1)}
            continue
        for a, row in steps(n, names, places):
            w.tau[name(key), a] = {name(k): p for k, p in row.items()}
            todo += row
    order = [k for k in itertools.product(*([x for t, x in d] for d in var.values()))
             if k in seen]
    w.states = [seen[k] for k in order]
    w.mu = {seen[k]: start.get(k, F(0)) for k in order}
    for k in order:
        names = w.names[seen[k]] = {**words, **dict(zip(var, k))}
        for a in n.findall("attribute"):
            names[a.get("id")] = value(compiled(a.get("value")), names)
    w.labels = {x.get("id"): {s for s in w.states if value(compiled(x.get("when")), w.names[s])}
                for x in n.findall("label")}


# --- rewards -----------------------------------------------------------------------------------


def selects(w, t, s, a, n):
    def one(name, state):
        return name is None or name == "*" or state == name or state in w.labels.get(name, ())
    loop = s in w.absorbing and n == s and t.get("from") is None
    enters = t.get("enter") is None or (one(t.get("enter"), n) and not one(t.get("enter"), s))
    return (one(t.get("from"), s) and t.get("action", a) == a and one(t.get("to"), n) and enters
            and not loop)


def apply(w, t, table):
    code = compiled(t.get("value"))
    when = compiled(t.get("when")) if t.get("when") else None
    for s, a, n in table:
        names = dict(w.names[s])
        names.update(("next_" + k, x) for k, x in w.names[n].items())
        if selects(w, t, s, a, n) and (when is None or value(when, names)):
            x = value(code, names)
            table[s, a, n] = x if t.tag == "set" else table[s, a, n] + x


def read_reward(w, r):
    table = {(s, a, n): F(0) for s, a in w.tau for n in w.states}
    for t in r:
        if t.tag == "use":
            for k in table:
                table[k] += number(t.get("scale", "1")) * w.reward[t.get("reward")][k]
        elif t.tag == "shape":
            phi = {x.get("state"): number(x.get("potential")) for x in t}
            if t.get("potential"):
                code = compiled(t.get("potential"))
                phi = {s: value(code, w.names[s]) for s in w.states}
            for s, a, n in table:
                table[s, a, n] += w.gamma * phi.get(n, F(0)) - phi.get(s, F(0))
        else:
            apply(w, t, table)
    return table


def read_files(w, r, folder):
    for name in sorted(os.listdir(folder)):
        if name.startswith("run") and name.endswith(".csv"):
            table = {(s, a, n): F(0) for s, a in w.tau for n in w.states}
            for row in csv.DictReader(open(os.path.join(folder, name))):
                table[row["from"], row["action"], row["to"]] += number(row["reward"])
            w.reward[r.get("id") + "/" + name[:-4]] = table


def read(path):
    root = tree.parse(path).getroot()
    w = World()
    w.gamma = number(root.get("discount"))
    if root.find("explicit") is not None:
        read_explicit(root, w)
    else:
        read_factored(root, w)
    for row in w.tau.values():
        total = sum(row.values())
        for s in row:
            row[s] /= total
    total = sum(w.mu.values())
    w.mu = {s: p / total for s, p in w.mu.items()}
    w.reward = {}
    for r in root.findall("reward"):
        if r.get("href"):
            read_files(w, r, os.path.dirname(path))
        else:
            w.reward[r.get("id")] = read_reward(w, r)
    return w
