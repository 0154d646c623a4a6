#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""verify.py STEM CERTIFICATE - check worst-case regrets with numpy alone.

STEM: the arrays of `sextant convert SPEC --output STEM.npy`; CERTIFICATE: the file of
`sextant regret SPEC --certificate CERTIFICATE`.  Nothing is solved: one sweep a vector."""
import json
import pathlib
import sys

import numpy as np

stem, path = sys.argv[1], pathlib.Path(sys.argv[2])
c = json.loads(path.read_text())
rows = {kind: np.load(path.with_name(a["file"])) for kind, a in c["arrays"].items()}
gamma, tolerance = c["world"]["discount"], c["tolerance"]
P, mu = np.load(stem + ".P.npy"), np.load(stem + ".initial.npy")
use = mu > 0  # the states that can be reached
while gamma and (P[use].sum((0, 1)) > 0)[~use].any():
    use |= P[use].sum((0, 1)) > 0
T, mu, can = P[use][:, :, use], mu[use], P[use].sum(2) > 0  # can[s, a]: a is available


def vector(x, kind="states"):
    return rows[kind][x["row"]] if isinstance(x, dict) else np.array(x, float)


def proved(v, d):  # V = v + d + gamma P d + ... lies between these
    return mu @ v + np.array([d.min(), d.max()]) / (1 - gamma)


def best(r, v, sign):
    return proved(v, sign * np.where(can, sign * (r + gamma * T @ v), -np.inf).max(1) - v)


def policy(r, p, v):
    pi = np.zeros(can.shape)
    pi[can] = vector(p, "pairs")
    assert (pi >= 0).all() and abs(pi.sum(1) - 1).max() < 1e-9
    return proved(v, (pi * (r + gamma * T @ v)).sum(1) - v)


reward, span, failed = {}, {}, 0
for x in c["rewards"]:
    R, phi = np.load(f"{stem}.{x['id']}.npy"), vector(x["potential"])
    r = R if R.ndim == 2 else np.where(P > 0, P * R, 0).sum(2)
    r = reward[x["id"]] = r[use] + gamma * T @ phi - phi[:, None]
    span[x["id"]] = best(r, vector(x["greatest"]), 1) - best(r, vector(x["least"]), -1)[::-1]
for x in c["pairs"]:
    one, two, proof = x["true"], x["proxy"], x["certificate"]
    if "witness" not in x:
        print(f"{one} {two}: one of the rewards is trivial, nothing to check")
        continue
    r = reward[one] - proof["lambda"] * reward[two]
    upper = best(r, vector(proof["greatest"]), 1)[1] - best(r, vector(proof["least"]), -1)[0]
    returns = {(side, name): policy(reward[of], w["policy"], vector(w[name]))
               for side, w in x["witness"].items() for name, of in (("true", one), ("proxy", two))}
    lost = max(0, returns["high", "proxy"][1] - returns["low", "proxy"][0])
    lower = (returns["high", "true"][0] - returns["low", "true"][1]
             - 2 * span[one][1] / span[two][0] * lost)
    lower, upper = lower / span[one][1], upper / span[one][0]
    good = proof["lambda"] >= 0 and max(lower, 0) >= x["regret"]["worst_case"] - tolerance \
        and upper <= x["regret"]["worst_case"] + tolerance
    failed += not good
    print(f"{one} {two}: worst case {x['regret']['worst_case']:.6f} "
          + ("is proved" if good else f"is NOT proved: [{lower}, {upper}]"))
sys.exit(failed > 0)
