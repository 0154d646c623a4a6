# SPDX-License-Identifier: GPL-3.0-or-later
# exact.py FILE RESULT FLOATING - checks what `equivalent --exact` printed for the explicit or
# factored world of FILE against Python's fractions, and that what it printed without --exact
# agrees: a no is one, and after a yes the rewards differ by no more than it says.
import json
import sys
from fractions import Fraction as F

import exact_read


def solve(rows, right):
    """Gauss and Jordan, with a pivot that is not zero."""
    n = len(rows)
    m = [rows[i][:] + [right[i]] for i in range(n)]
    for k in range(n):
        p = next(i for i in range(k, n) if m[i][k])
        m[k], m[p] = m[p], m[k]
        m[k] = [x / m[k][k] for x in m[k]]
        for i in range(n):
            if i != k and m[i][k]:
                m[i] = [x - m[i][k] * y for x, y in zip(m[i], m[k])]
    return [r[n] for r in m]


world = exact_read.read(sys.argv[1])
gamma, states, acts = world.gamma, world.states, world.acts
tau, reward = world.tau, world.reward
mu = [world.mu[s] for s in states]


def mean(r, s, a):
    return sum(p * r[s, a, n] for n, p in tau[s, a].items())


def values(r, pi):
    rows, right = [], []
    for s in states:
        own = [a for a in acts if (s, a) in tau]
        row = [F(int(n == s)) - gamma * sum(pi[s][a] * tau[s, a].get(n, 0) for a in own)
               for n in states]
        rows.append(row)
        right.append(sum(pi[s][a] * mean(r, s, a) for a in own))
    return dict(zip(states, solve(rows, right)))


uniform = {}
for s in states:
    own = [a for a in acts if (s, a) in tau]
    uniform[s] = {a: F(1, len(own)) for a in own}
found = json.load(open(sys.argv[2]))
two = {"a": reward[found["a"]], "b": reward[found["b"]]}
v = {x: values(r, uniform) for x, r in two.items()}
adv = {x: {(s, a): mean(r, s, a) + gamma * sum(p * v[x][n] for n, p in tau[s, a].items())
           - v[x][s] for s, a in tau} for x, r in two.items()}
live = [k for k in tau if adv["a"][k]]
alpha = adv["b"][live[0]] / adv["a"][live[0]] if live else None
if live:
    same = alpha > 0 and all(adv["b"][k] == alpha * adv["a"][k] for k in tau)
else:
    same = not any(adv["b"].values())
assert found["exact"] and found["equivalent"] == same
if same:
    c = F(found["scale_exact"])
    phi = {s: F(x) for s, x in found["potential_exact"].items()}
    assert c == alpha or not live
    assert all(mean(two["b"], s, a) == c * mean(two["a"], s, a) - phi[s] + gamma *
               sum(p * phi[n] for n, p in tau[s, a].items()) for s, a in tau)
else:
    proof = found["proof"]
    for p in proof:
        k = p["state"], p["action"]
        assert F(p["advantage_a"]) == adv["a"][k] and F(p["advantage_b"]) == adv["b"][k]
    if len(proof) == 2 and all(F(p["advantage_a"]) for p in proof):
        assert len({F(p["advantage_b"]) / F(p["advantage_a"]) for p in proof}) == 2
    w = found["witness"]
    d = [F(1, len(states))] * len(states) if w["from"] == "all states" else mu
    j = {}
    for i in "first", "second":
        pi = {s: {a: F(x) for a, x in row.items()} for s, row in w[i]["policy_exact"].items()}
        assert all(sum(row.values()) == 1 and min(row.values()) >= 0 for row in pi.values())
        for x, r in two.items():
            here = values(r, pi)
            j[i, x] = sum(p * here[s] for p, s in zip(d, states))
            assert j[i, x] == F(w[i]["return_exact"][x])
    up, down = j["first", "a"] - j["second", "a"], j["second", "b"] - j["first", "b"]
    near = set(states) if w["from"] == "all states" else {s for s in states if world.mu[s]}
    more = near if gamma else set()
    while more:  # what can be reached
        more = {n for s, a in tau if s in near for n in tau[s, a]} - near
        near |= more
    trivial = not all(any(adv[x][s, a] for s, a in tau if s in near) for x in two)
    assert (up != 0) != (down != 0) if trivial else up > 0 and down > 0
floating = json.load(open(sys.argv[3]))
assert floating["equivalent"] is not False or not same
if floating["equivalent"] and not same:
    # up to 2: the scale may be read off at another pair
    assert floating["interval"] is None or found["interval"][0] <= 2 * floating["interval"][1]
print("yes" if same else "no")
