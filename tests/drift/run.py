"""Show that the contract suite bites, and bites nothing else: `make drift`.

Runs it against each planted bug up to the first disagreement, and whole against each liberty that the documentation leaves
and against the faithful mock with several seeds. Writes docs/drift.md. Exit status 0 only where every bug was told,
and nothing else was.
"""

from __future__ import annotations

import argparse
import collections
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

import httpx

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs" / "drift.md"
SHOWN = "page 1 is skipped: page 0, then page 2"
PRELOADED = ["dodo_licenses.contract.report", "dodo_licenses.contract.server", "dodo_licenses.mock.server"]
READER = "sk_test_read_only"


@dataclass
class Outcome:
    """How a run ended, which rules or checks told something, and how long it took."""

    row: str
    status: int
    by: list
    screen: str
    seconds: float


def judged(kind, row, seed, whole):
    """One run in a process of its own; `kind` is bug, liberty or faithful."""
    from bugs import BUGS, faithful  # noqa: PLC0415 - in the process that runs it
    from liberties import LIBERTIES  # noqa: PLC0415
    from proxy import Proxy  # noqa: PLC0415

    from dodo_licenses.contract.command import contract  # noqa: PLC0415
    from dodo_licenses.mock import MockServer  # noqa: PLC0415

    change = {"bug": BUGS, "liberty": LIBERTIES}.get(kind, {}).get(row, faithful)
    began, screen, sold = time.monotonic(), io.StringIO(), []
    with (
        tempfile.TemporaryDirectory() as out,
        MockServer(read_only_api_key=READER) as mock,
        Proxy(mock.base_url, mock.api_key, change) as proxy,
    ):
        httpx.get(
            proxy.base_url, trust_env=False, timeout=60
        )  # warm, so that two seconds are enough to answer
        for product, mode in (("pdt_manual", "manual"), ("pdt_auto", "auto")):
            mock.add_entitlement(product, integration_config={"fulfillment_mode": mode})
            sold += [grant["id"] for grant in mock.purchase(product_id=product, quantity=2)["grants"]]
        suffix = getattr(change, "suffix", "")  # of ids, as this server shows them
        subscribed = next(key["id"] for key in mock.dump()["license_keys"] if key["subscription_id"])
        os.environ["CONTRACT_READ_ONLY_API_KEY"] = READER
        options = ["run", "--base-url", proxy.base_url, "--seed", str(seed), "--out", f"{out}/reports"]
        options += [
            "--subscription-key",
            subscribed + suffix,
            *(w for name in sold for w in ("--grant", name + suffix)),
        ]
        if kind == "liberty":
            os.environ["CONTRACT_FEW"] = "1"  # there are many, and each is run to its end
        options += ["--", "-x"] if kind == "bug" and not whole else []
        with contextlib.redirect_stdout(screen), contextlib.redirect_stderr(screen):
            status = contract.main(options, standalone_mode=False)
        report = Path(out, "reports", "report.json")
        causes = json.loads(report.read_text())["causes"] if report.exists() else []
    by = sorted({finding["check"] for cause in causes for finding in cause["findings"]})
    if proxy.error is not None:
        status, by = 70, [f"the row itself broke: {proxy.error!r}"]
    return Outcome(row, status, by, screen.getvalue(), time.monotonic() - began)


def rows(only):
    """Every case: its kind, its row and its seed."""
    from bugs import BUGS  # noqa: PLC0415
    from liberties import LIBERTIES  # noqa: PLC0415

    for kind, table in (("bug", BUGS), ("liberty", LIBERTIES)):
        yield from ((kind, row, 1) for row in table if re.search(only, f"{kind}: {row}"))


def page(told, rules, seconds):
    """docs/drift.md: the numbers, and a screen."""
    right = {kind: sum(ok for _, ok in outcomes) for kind, outcomes in told.items()}
    count = {kind: len(outcomes) for kind, outcomes in told.items()}
    screen = next(o.screen for o, _ in told["bug"] if o.row == SHOWN)
    screen = (
        re.sub(r"127[.]0[.]0[.]1:[0-9]+", "127.0.0.1:4010", screen[screen.index("✗") :])
        .partition("details:")[0]
        .strip()
    )
    return f"""# What the contract suite tells

`make drift` runs the suite against servers that are wrong in one way each, and against servers that are right
in another way than the mock. It took {seconds / 60:.0f} minutes and wrote this page.

| | rows | |
| --- | --- | --- |
| planted bugs: a server is wrong in one way | {count["bug"]} | {right["bug"]} told |
| liberties: a server uses what the documentation leaves open | {count["liberty"]} | {count["liberty"] - right["liberty"]} false alarms |
| the faithful mock, by as many seeds | {count["faithful"]} | {count["faithful"] - right["faithful"]} false alarms |

The rows are in `tests/drift`: `bugs.py` and `liberties.py`. {rules} rules and checks were the first to tell a bug.
Half of the bugs were told within {statistics.median(o.seconds for o, _ in told["bug"]):.0f} seconds, the slowest in {max(o.seconds for o, _ in told["bug"]):.0f}.

"{SHOWN[0].upper()}{SHOWN[1:]}":

```text
{screen}
```
"""


def main():
    parser = argparse.ArgumentParser(prog="make drift", description=__doc__.splitlines()[0])
    parser.add_argument(
        "--only", default="", help="rows that match, such as 'liberty: .*401'; docs are not written"
    )
    parser.add_argument("--seeds", type=int, default=6, help="faithful runs (default: %(default)s)")
    parser.add_argument(
        "--all", action="store_true", help="go on after the first disagreement: which rules tell what?"
    )
    options = parser.parse_args()
    cases = list(rows(options.only))
    cases += (
        [("faithful", f"seed {seed}", seed) for seed in range(1, options.seeds + 1)]
        if not options.only
        else []
    )
    # Each run in a process of its own, forked from one that has imported everything.
    processes = multiprocessing.get_context("forkserver")
    processes.set_forkserver_preload(PRELOADED)
    began, wrong, told, rules = time.monotonic(), 0, {}, collections.Counter()
    with processes.Pool(os.cpu_count(), maxtasksperchild=1) as pool:
        running = [
            (kind, pool.apply_async(judged, (kind, row, seed, options.all))) for kind, row, seed in cases
        ]
        for kind, result in running:
            outcome = result.get()
            right = outcome.status == (kind == "bug")
            wrong += not right
            rules.update(outcome.by)
            told.setdefault(kind, []).append((outcome, right))
            by = ", ".join(outcome.by) or outcome.status
            print(
                f"{'✓' if right else '✗'} {kind}: {outcome.row}: {by} in {outcome.seconds:.0f} s", flush=True
            )
            if not right:
                print(outcome.screen, flush=True)
    for kind, outcomes in told.items():
        print(f"{kind}: {sum(right for _, right in outcomes)} of {len(outcomes)} as it should be")
    if options.all:
        print("\n".join(f"{count:4} {rule}" for rule, count in rules.most_common()))
    elif not options.only:
        DOCS.write_text(page(told, len(rules), time.monotonic() - began))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
