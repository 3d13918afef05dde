"""Tell what the work tree changes against a git revision: `make changes BASE=main`.

The spec operation by operation, then the names and signatures of both Python packages. Exit status: 0 where
callers go on as they are, 1 where something breaks them, 2 for wrong use.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from itertools import groupby
from operator import itemgetter
from pathlib import Path

import griffe
import yaml

from spec_diff import Change, changes

ROOT = Path(__file__).resolve().parents[1]
SPEC = "openapi.yaml"
HANDED_OUT = ("_client", "_client_async", "_listing", "_methods", "_methods_async", "_webhooks")
PACKAGES = {"dodo_licenses_api": "generated", "dodo_licenses": "wrappers"}
MARKS = {True: "!", False: " "}


def spec_at(revision: str) -> str:
    """The spec as a revision has it, or as the work tree has it where no revision is named."""
    if not revision:
        return (ROOT / SPEC).read_text()
    command = ["git", "-C", str(ROOT), "show", f"{revision}:{SPEC}"]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    if done.returncode:
        raise LookupError(f"no {SPEC} at {revision!r}: {done.stderr.strip().splitlines()[-1]}")
    return done.stdout


def spec_changes(base: str) -> list[Change]:
    """What differs in the spec since a revision."""
    return changes(*(yaml.load(spec_at(revision), yaml.CSafeLoader) for revision in (base, "")))


def python_breakages(base: str) -> Iterator[str]:
    """What griffe finds broken in the packages since a revision, a sentence each."""
    for package, folder in PACKAGES.items():
        try:
            old = griffe.load_git(package, ref=base, repo=ROOT, search_paths=[folder], resolve_aliases=True)
        except ImportError:
            continue  # there was no such package yet
        new = griffe.load(package, search_paths=[ROOT / folder], resolve_aliases=True)
        yield from _breakages(old, new)
        # What clients hand out is public by use, though its modules are not by name.
        for module in HANDED_OUT:
            if module in old.members and module in new.members:
                yield from _breakages(old[module], new[module])


def _breakages(old: griffe.Object, new: griffe.Object) -> Iterator[str]:
    for breakage in griffe.find_breaking_changes(old, new):
        yield f"{breakage.obj.path}: {breakage.kind.value}{_details(breakage)}"


def _details(breakage: griffe.Breakage) -> str:
    values = [str(value) for value in (breakage.old_value, breakage.new_value) if isinstance(value, str)]
    return f" ({' → '.join(values)})" if values else ""


def _together(found: list[Change]) -> list[tuple[tuple[str, ...], Change]]:
    """Changes with all operations they concern: a shared schema is edited once, and so told once."""
    wheres: dict[Change, list[str]] = {}
    for change in found:
        wheres.setdefault(replace(change, where=""), []).append(change.where)
    return sorted((tuple(names), change) for change, names in wheres.items())


def main() -> int:
    """Print the report, and give the exit status back."""
    parser = argparse.ArgumentParser(prog="make changes", description=__doc__.splitlines()[0])
    parser.add_argument("base", help="a git revision, such as main or v0.1.0")
    base = parser.parse_args().base
    try:
        found = spec_changes(base)
    except LookupError as error:
        print(f"make changes: {error}", file=sys.stderr)
        return 2
    print(f"{SPEC} since {base}: {len(found) or 'no'} change{'' if len(found) == 1 else 's'} for callers")
    for wheres, group in groupby(_together(found), itemgetter(0)):
        print("", *wheres, sep="\n")
        for _, change in group:
            print(f"  {MARKS[change.breaks]} {change.kind}: {change.what}")
    broken = sorted(set(python_breakages(base)))
    print(f"\nPython names and signatures: {len(broken) or 'none'} broken")
    for sentence in broken:
        print(f"  ! {sentence}")
    breaking = sum(change.breaks for change in found) + len(broken)
    print(f"\n{f'{breaking} break callers (marked !)' if breaking else 'compatible'}")
    return 1 if breaking else 0


if __name__ == "__main__":
    sys.exit(main())
