"""Show that the contract suite bites, and bites nothing else: `make drift`.

Runs it against each planted bug up to the first disagreement, and whole against each liberty that the documentation leaves
and against the faithful mock with several seeds. Writes docs/drift.md. Exit status 0 only where every bug was told,
and nothing else was.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import json
import multiprocessing
import os
import re
import statistics
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from bugs import BUGS
from liberties import LIBERTIES
from planted import Planted, Row

from dodo_licenses.contract.command import contract
from dodo_licenses.contract.scene import prepare

HERE = Path(__file__).resolve().parent
ROWS = {"bug": BUGS, "liberty": LIBERTIES, "faithful": {f"seed {n}": Row((), None) for n in range(1, 7)}}
SHOWN = "page 1 is skipped: page 0, then page 2"
READER = "sk_test_read_only"


@dataclass
class Outcome:
    """How a run ended, which rules told something, and how long it took."""

    kind: str
    name: str
    status: int
    by: list
    screen: str
    seconds: float

    @property
    def is_right(self):
        return self.status == (self.kind == "bug")


def judged(case):
    """What comes of a row: a bug that rules with few values don't tell gets all that a run has."""
    kind, name = case
    outcome = checked(kind, name, few=kind != "faithful")
    return checked(kind, name, few=False) if kind == "bug" and outcome.status == 0 else outcome


def checked(kind, name, *, few):
    """One run against one server."""
    row, began, screen = ROWS[kind][name], time.monotonic(), io.StringIO()
    with tempfile.TemporaryDirectory() as out, Planted(row, read_only_api_key=READER) as mock:
        grants, subscription_key = prepare(mock)
        options = ["--subscription-key", subscription_key + row.suffix]
        options += [word for grant in grants for word in ("--grant", grant + row.suffix)]
        options += ["--base-url", mock.base_url, "--out", f"{out}/reports"]
        options += ["--seed", name.removeprefix("seed ") if kind == "faithful" else "1"]
        options += ["--few"] if few else []
        options += ["--", "-x"] if kind == "bug" else []
        options += ["-m", "not schemathesis"] if kind == "bug" and few else []
        os.environ["CONTRACT_READ_ONLY_API_KEY"] = READER
        with contextlib.redirect_stdout(screen), contextlib.redirect_stderr(screen):
            try:
                contract(["run", *options])
            except SystemExit as ended:
                status = ended.code
        report = Path(out, "reports", "report.json")
        causes = json.loads(report.read_text())["causes"] if report.exists() else []
    by = sorted({finding["check"] for cause in causes for finding in cause["findings"]})
    if mock.error is not None:
        status, by = 70, [f"the row itself broke: {mock.error!r}"]
    return Outcome(kind, name, status, by, screen.getvalue(), time.monotonic() - began)


def page(outcomes, seconds):
    """docs/drift.md: the numbers, and a screen."""

    def told(kind):
        right = [outcome.is_right for outcome in outcomes if outcome.kind == kind]
        wrong = f"{right.count(False)} false alarms"
        return f"| {len(right)} | {f'{sum(right)} told' if kind == 'bug' else wrong} |"

    bugs = [outcome for outcome in outcomes if outcome.kind == "bug"]
    took, rules = [bug.seconds for bug in bugs], {name for bug in bugs for name in bug.by}
    screen = next(bug.screen for bug in bugs if bug.name == SHOWN).partition("details:")[0]
    screen = re.sub(r"127[.]0[.]0[.]1:[0-9]+", "127.0.0.1:4010", screen[screen.index("✗") :])
    return f"""# What the contract suite tells

`make drift` runs the suite against servers that are wrong in one way each, and against servers that are right
in another way than the mock. It took {seconds / 60:.0f} minutes and wrote this page.

| | rows | |
| --- | --- | --- |
| planted bugs: a server is wrong in one way {told("bug")}
| liberties: a server uses what the documentation leaves open {told("liberty")}
| the faithful mock, by as many seeds {told("faithful")}

The rows are in `tests/drift`: `bugs.py` and `liberties.py`. {len(rules)} rules and checks were the first to tell a bug.
Half of the bugs were told within {statistics.median(took):.0f} seconds, the slowest in {max(took):.0f}.

"{SHOWN[0].upper()}{SHOWN[1:]}":

```text
{screen.strip()}
```
"""


def main():
    parser = argparse.ArgumentParser(prog="make drift", description=__doc__.splitlines()[0])
    only = "rows that match, such as 'liberty: .*401'; docs are not written"
    parser.add_argument("--only", default="", help=only)
    options = parser.parse_args()
    cases = [
        (kind, name) for kind in ("faithful", "liberty", "bug") for name in ROWS[kind]
    ]  # the longest first
    cases = [case for case in cases if re.search(options.only, ": ".join(case))]
    # Each run in a process of its own, forked from one that has imported everything.
    os.chdir(HERE)  # where that one finds `warm`
    processes = multiprocessing.get_context("forkserver")
    processes.set_forkserver_preload(["warm"])
    began, outcomes = time.monotonic(), []
    with processes.Pool(os.cpu_count(), maxtasksperchild=1) as pool:
        for outcome in pool.imap_unordered(judged, cases):
            outcomes.append(outcome)
            by = ", ".join(outcome.by) or outcome.status
            sign = "✓" if outcome.is_right else "✗"
            print(f"{sign} {outcome.kind}: {outcome.name}: {by} in {outcome.seconds:.0f} s", flush=True)
            if not outcome.is_right:
                print(outcome.screen, flush=True)
        pool.close()
        pool.join()
    wrong = sum(not outcome.is_right for outcome in outcomes)
    print(f"{len(outcomes) - wrong} of {len(outcomes)} as it should be in {time.monotonic() - began:.0f} s")
    if not options.only:
        (HERE.parents[1] / "docs" / "drift.md").write_text(page(outcomes, time.monotonic() - began))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
