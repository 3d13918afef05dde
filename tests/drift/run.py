"""Show that the contract suite reports what is wrong, and nothing else: `make drift`, which writes docs/drift.md.

It runs against each planted bug up to the first disagreement, and whole against each liberty that the documentation
leaves and against the faithful mock with several seeds. Exit status 0 only where every row is as it should be.
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
from pathlib import Path

from bugs import BUGS
from liberties import LIBERTIES
from rows import VALIDATE, Planted, Row

from dodo_licenses.contract.command import contract
from dodo_licenses.contract.scene import prepare
from dodo_licenses.mock.operations import OPERATIONS

HERE = Path(__file__).resolve().parent
ROWS = {"faithful": {str(seed): Row((), None) for seed in range(1, 7)}, "liberty": LIBERTIES, "bug": BUGS}
SHOWN = "page 1 is skipped: page 0, then page 2"
READER, FEW = "sk_test_read_only", ("--few",)
KEYS = 110  # more than the largest page


def judged(case):
    """What comes of a row; a bug that rules with few values don't report gets all that a run has."""
    (kind, name), began, options = case, time.monotonic(), ()
    if kind == "bug":  # what only writes show, rules that read can't report
        writes = all(OPERATIONS[op].method != "GET" and op != VALIDATE for op in BUGS[name].ops)
        options = ("-x", "-m", "not schemathesis and writes" if writes else "not schemathesis")
    status, by, screen = checked(kind, name, () if case == ("faithful", "1") else FEW, *options)
    if kind == "bug" and status == 0:
        status, by, screen = checked(kind, name, (), "-x")
    return kind, name, status == (kind == "bug"), by or [str(status)], screen, time.monotonic() - began


def checked(kind, name, few, *options):
    """The exit status of a run against one server, which rules reported something, and what it printed."""
    row, screen = ROWS[kind][name], io.StringIO()
    with tempfile.TemporaryDirectory() as out, Planted(row, keys=KEYS, read_only_api_key=READER) as mock:
        grants, subscription_key = prepare(mock)
        told = ["--base-url", mock.base_url, "--subscription-key", subscription_key + row.suffix]
        told += [word for grant in grants for word in ("--grant", grant + row.suffix)]
        told += ["--out", f"{out}/reports", "--seed", name if kind == "faithful" else "1", *few]
        os.environ["CONTRACT_READ_ONLY_API_KEY"] = READER
        with contextlib.redirect_stdout(screen), contextlib.redirect_stderr(screen):
            status = contract(["run", *told, "--", *options], standalone_mode=False)
        causes = json.loads(Path(out, "reports", "report.json").read_text())["causes"]
    if mock.error is not None:
        return 70, [f"the row itself broke: {mock.error!r}"], screen.getvalue()
    by = {finding["check"] for cause in causes for finding in cause["findings"]}
    return status, sorted(by), screen.getvalue()


def page(outcomes, seconds):
    """docs/drift.md: the numbers, and a screen."""
    right = {kind: [is_right for its, _, is_right, *_ in outcomes if its == kind] for kind in ROWS}
    shown = {kind: f"{len(each)} | {each.count(kind == 'bug')}" for kind, each in right.items()}
    bugs = {name: rest for kind, name, _, *rest in outcomes if kind == "bug"}
    rules, took = {rule for by, *_ in bugs.values() for rule in by}, [took for *_, took in bugs.values()]
    screen = re.sub(r"127[.]0[.]0[.]1:[0-9]+", "127.0.0.1:4010", bugs[SHOWN][1])
    return f"""# What the contract suite reports

`make drift` runs the suite against servers that are wrong in one way each, and against servers that are right
in another way than the mock. It took {seconds / 60:.0f} minutes and wrote this page.

| | rows | |
| --- | --- | --- |
| planted bugs: a server is wrong in one way | {shown["bug"]} reported |
| liberties: a server uses what the documentation leaves open | {shown["liberty"]} false alarms |
| the faithful mock, by as many seeds | {shown["faithful"]} false alarms |

The rows are in `tests/drift`: `bugs.py` and `liberties.py`. {len(rules)} rules and checks were the first to report a bug.
Half of the bugs were reported within {statistics.median(took):.0f} seconds, the slowest in {max(took):.0f}.

"{SHOWN[0].upper()}{SHOWN[1:]}":

```text
{screen[screen.index("✗") : screen.index("details:")].strip()}
```
"""


def main():
    parser = argparse.ArgumentParser(prog="make drift", description=__doc__.splitlines()[0])
    parser.add_argument("--only", default="", help="rows such as 'liberty: .*401'; docs are not written")
    only, began, outcomes = parser.parse_args().only, time.monotonic(), []
    cases = [(kind, name) for kind, rows in ROWS.items() for name in rows]  # the longest first
    cases = [case for case in cases if re.search(only, ": ".join(case))]
    os.chdir(HERE)  # where the process that all runs are forked from finds this module
    processes = multiprocessing.get_context("forkserver")
    processes.set_forkserver_preload(["run"])
    with processes.Pool(maxtasksperchild=1) as pool:
        for kind, name, is_right, by, screen, took in pool.imap_unordered(judged, cases):
            outcomes.append((kind, name, is_right, by, screen, took))
            sign = "✓" if is_right else f"{screen}\n✗"
            print(f"{sign} {kind}: {name}: {', '.join(by)} in {took:.0f} s", flush=True)
        pool.close()
        pool.join()
    seconds, right = time.monotonic() - began, sum(is_right for _, _, is_right, *_ in outcomes)
    print(f"{right} of {len(outcomes)} as it should be in {seconds:.0f} s")
    if not only:
        (HERE.parents[1] / "docs" / "drift.md").write_text(page(outcomes, seconds))
    return int(right < len(outcomes))


if __name__ == "__main__":
    sys.exit(main())
if __name__ == "run":  # in the process that each run is forked from: all rules are imported once
    with tempfile.TemporaryDirectory() as folder, contextlib.redirect_stdout(io.StringIO()):
        contract(["run", "--out", folder, "--", "--collect-only"], standalone_mode=False)
