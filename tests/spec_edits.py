"""openapi.yaml, and copies of it in which one thing is said otherwise."""

from __future__ import annotations

import copy
from pathlib import Path

import yaml

ROOT = Path(__file__).parents[1]
TEXT = (ROOT / "openapi.yaml").read_text(encoding="utf-8")
SPEC = yaml.load(TEXT, yaml.CSafeLoader)
GONE = object()


def at(path, spec=SPEC):
    """What is said at a place, such as ("paths", "/license_keys", "get")."""
    for step in path:
        spec = spec[int(step) if isinstance(spec, list) else step]
    return spec


def edited(path, value, spec=SPEC):
    """The spec with one thing said otherwise, or not at all; a path may be one text, with ">" in it."""
    *above, last = path.split(">") if isinstance(path, str) else path
    new = copy.deepcopy(spec)
    node = at(above, new)
    last = int(last) if isinstance(node, list) else last
    if value is GONE:
        del node[last]
    else:
        node[last] = value
    return new


def added(path, more, spec=SPEC):
    """The spec with an item more in a list, or more keys in a mapping."""
    there = at(path.split(">"), spec)
    return edited(path, [*there, more] if isinstance(there, list) else {**there, **more}, spec)
