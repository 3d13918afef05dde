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

from bugs import BUGS, faithful
from liberties import LIBERTIES
from planted import Planted

from dodo_licenses.contract.command import contract
from dodo_licenses.contract.scene import prepare

DOCS = Path(__file__).resolve().parents[2] / "docs" / "drift.md"
SHOWN = "page 1 is skipped: page 0, then page 2"
READER = "sk_test_read_only"


@dataclass
class Outcome:
    """How a run ended, which rules told something, and how long it took."""

    kind: str
    row: str
    status: int
    by: list
    screen: str
    seconds: float

    @property
    def is_right(self):
        return self.status == (self.kind == "bug")


def judged(kind, row, seed):
    """One run; `kind` is bug, liberty or faithful."""
    change = {"bug": BUGS, "liberty": LIBERTIES}.get(kind, {}).get(row, faithful)
    began, screen = time.monotonic(), io.StringIO()
    with tempfile.TemporaryDirectory() as out, Planted(change, read_only_api_key=READER) as mock:
        grants, subscription_key = prepare(mock)
        suffix = getattr(change, "suffix", "")  # of ids, as this server shows them
        options = ["--subscription-key", subscription_key + suffix]
        options += [word for grant in grants for word in ("--grant", grant + suffix)]
        options += ["--base-url", mock.base_url, "--seed", str(seed), "--out", f"{out}/reports"]
        # There are many liberties, and each is run to its end.
        os.environ |= {"CONTRACT_READ_ONLY_API_KEY": READER, "CONTRACT_FEW": str(int(kind == "liberty"))}
        with contextlib.redirect_stdout(screen), contextlib.redirect_stderr(screen):
            first = ["--", "-x"] if kind == "bug" else []
            try:
                contract(["run", *options, *first])
            except SystemExit as ended:
                status = ended.code
        report = Path(out, "reports", "report.json")
        causes = json.loads(report.read_text())["causes"] if report.exists() else []
    by = sorted({finding["check"] for cause in causes for finding in cause["findings"]})
    if mock.error is not None:
        status, by = 70, [f"the row itself broke: {mock.error!r}"]
    return Outcome(kind, row, status, by, screen.getvalue(), time.monotonic() - began)


def page(outcomes, seconds):
    """docs/drift.md: the numbers, and a screen."""
    kinds = {kind: [o for o in outcomes if o.kind == kind] for kind in ("bug", "liberty", "faithful")}
    count = {kind: len(found) for kind, found in kinds.items()}
    right = {kind: sum(o.is_right for o in found) for kind, found in kinds.items()}
    rules = {name for o in kinds["bug"] for name in o.by}
    took = [o.seconds for o in kinds["bug"]]
    screen = next(o.screen for o in outcomes if o.row == SHOWN)
    screen = re.sub(r"127[.]0[.]0[.]1:[0-9]+", "127.0.0.1:4010", screen[screen.index("✗") :])
    return f"""# What the contract suite tells

`make drift` runs the suite against servers that are wrong in one way each, and against servers that are right
in another way than the mock. It took {seconds / 60:.0f} minutes and wrote this page.

| | rows | |
| --- | --- | --- |
| planted bugs: a server is wrong in one way | {count["bug"]} | {right["bug"]} told |
| liberties: a server uses what the documentation leaves open | {count["liberty"]} | {count["liberty"] - right["liberty"]} false alarms |
| the faithful mock, by as many seeds | {count["faithful"]} | {count["faithful"] - right["faithful"]} false alarms |

The rows are in `tests/drift`: `bugs.py` and `liberties.py`. {len(rules)} rules and checks were the first to tell a bug.
Half of the bugs were told within {statistics.median(took):.0f} seconds, the slowest in {max(took):.0f}.

"{SHOWN[0].upper()}{SHOWN[1:]}":

```text
{screen.partition("details:")[0].strip()}
```
"""


def main():
    parser = argparse.ArgumentParser(prog="make drift", description=__doc__.splitlines()[0])
    add = parser.add_argument
    add("--only", default="", help="rows that match, such as 'liberty: .*401'; docs are not written")
    add("--seeds", type=int, default=6, help="faithful runs (default: %(default)s)")
    options = parser.parse_args()
    cases = [("faithful", f"seed {seed}", seed) for seed in range(1, options.seeds + 1)]
    cases += [("liberty", row, 1) for row in LIBERTIES] + [("bug", row, 1) for row in BUGS]
    cases = [case for case in cases if re.search(options.only, f"{case[0]}: {case[1]}")]
    # Each run in a process of its own, forked from one that has imported everything. The longest come first.
    processes = multiprocessing.get_context("forkserver")
    processes.set_forkserver_preload(
        ["run", "dodo_licenses.contract.report", "dodo_licenses.contract.server"]
    )
    began, outcomes = time.monotonic(), []
    with processes.Pool(os.cpu_count(), maxtasksperchild=1) as pool:
        for running in [pool.apply_async(judged, case) for case in cases]:
            outcome = running.get()
            outcomes.append(outcome)
            by = ", ".join(outcome.by) or outcome.status
            sign = "✓" if outcome.is_right else "✗"
            print(f"{sign} {outcome.kind}: {outcome.row}: {by} in {outcome.seconds:.0f} s", flush=True)
            if not outcome.is_right:
                print(outcome.screen, flush=True)
    wrong = sum(not outcome.is_right for outcome in outcomes)
    print(f"{len(outcomes) - wrong} of {len(outcomes)} as it should be in {time.monotonic() - began:.0f} s")
    if not options.only:
        DOCS.write_text(page(outcomes, time.monotonic() - began))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
