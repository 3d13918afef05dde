"""What a person sees of a run: one screen, what was checked and each disagreement."""

from __future__ import annotations

import json
import re
import sys
import textwrap

MOST_LINES = 24  # of what is told of one operation


def show(out, seed, verdicts, status=None):
    """Print it, and give the exit status back: 0 where all agree. Without `status`, the rules alone were judged."""
    agree = status in (0, None) and not any(v.fails for v in verdicts)
    cases, failures, told = 0, [], {"errors": []}
    if status is not None:
        log = (out / "schemathesis.txt").read_text()
        try:
            told = json.loads((out / "run.json").read_text())
        except (OSError, ValueError):
            print(
                f"{log[-3000:]}\nthe run broke off, see {out / 'schemathesis.txt'} (SEED={seed})",
                file=sys.stderr,
            )
            return 1
        cases, failures = told["test_cases"]["generated"], _failures(log)
        rules = json.loads((out / "rules.json").read_text()) if verdicts else {"accepted": {}, "refused": {}}
        _show_operations(told, rules, failures)
    _show_rules(verdicts)
    for operation, text in failures:
        print(f"\n✗ {operation}\n{textwrap.indent(text, '    ')}")
    for v in verdicts:
        if v.fails:
            text = "\n".join([f"{v.rule}: {v.outcome}", v.says, v.request, v.came]).rstrip()
            print(f"\n✗ {v.sentence}\n{textwrap.indent(text, '    ')}")
    for error in told["errors"]:
        print(f"\n✗ the run\n    {error.get('title')}: {error.get('message')}")
    verdict = "spec and server agree" if agree else "spec and server DISAGREE"
    print(f"\n{verdict}: {cases} cases and {len(verdicts)} rules, SEED={seed}")
    if status is not None:
        print(f"reports: {out}/junit.xml, {out}/html/index.html, {out}/schemathesis.txt")
    return 0 if agree else 1


def _failures(log):
    """Schemathesis' own words for each failing operation, and the request to repeat it."""
    section = log.partition("= FAILURES =")[2].partition("\n======")[0]
    parts = re.split(r"^_{3,} (.+?) _{3,}$", section, flags=re.MULTILINE)[1:]
    found = []
    for title, text in zip(parts[::2], parts[1::2], strict=True):
        if title.split(" ")[0].isupper():  # an operation; our rules are told apart
            lines = [line[:300] for line in text.strip().splitlines() if line.strip()]
            found.append((title, "\n".join(lines[:MOST_LINES])))
    return found


def _show_operations(told, rules, failures):
    """Requests of Schemathesis and of the rules together."""
    print(f"\n{'operation':34} {'accepted':>9} {'refused':>9} {'failures':>9}")
    for name, phases in sorted(told["valid_rates"].items(), key=lambda item: item[0].split(" ")[1]):
        accepted = sum(phase["accepted"] for phase in phases.values())
        refused = sum(sum(phase.values()) for phase in phases.values()) - accepted
        accepted += rules["accepted"].get(name, 0)
        refused += rules["refused"].get(name, 0)
        failed = sum(operation == name for operation, _ in failures)
        print(f"{name:34} {accepted:9} {refused:9} {failed:9}")


def _show_rules(verdicts):
    for outcome in ("agrees", "disagrees", "no data", "left out"):
        names = [v.rule for v in verdicts if v.outcome == outcome]
        if names:
            listed = textwrap.fill(", ".join(names), 96, initial_indent="  ", subsequent_indent="  ")
            rules = "rule" if len(names) == 1 else "rules"
            print(f"\n{len(names)} {rules}: {outcome}\n{listed}")
    for v in verdicts:
        if v.outcome == "left out":
            print(f"  without {v.says}")
