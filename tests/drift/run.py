"""Show that the contract suite bites: `make drift`.

Runs the suite, and Schemathesis alone, against each disagreement of the catalogue, then the suite against the
faithful server with several seeds, and writes docs/drift.md. Exit status 0 only where all were caught and nothing was a false alarm.
"""

from __future__ import annotations

import argparse
import json
import logging
import os
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import yaml
from catalogue import DRIFTS, faithful
from proxy import Proxy
from wrong_specs import WRONG

from dodo_licenses.mock import MockServer

ROOT = Path(__file__).resolve().parents[2]
SPEC = ROOT / "openapi.yaml"
READER = "sk_test_read_only"
DOCS = ROOT / "docs" / "drift.md"
HEAD = """# What the contract suite catches

Each row is a server, or a spec, that is wrong in one way; `make drift` ran the contract suite against it up to the first
disagreement, and Schemathesis with its own checks alone, and wrote this table. Seconds are those of our run.
"""


@dataclass
class Outcome:
    """How a run ended: whether it found a disagreement, which check did, and how long it took."""

    caught: bool
    by: str
    seconds: float


def contract(base_url, api_key, spec, seed, *options):
    """One run of the suite, as `make contract` makes it."""
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as out:
        run = subprocess.run(
            [
                *(sys.executable, "-m", "tests.contract", "--base-url", base_url, "--seed", str(seed)),
                *("--spec", str(spec), "--out", out, *options),
            ],
            cwd=ROOT,
            env={**os.environ, "API_KEY": api_key, "CONTRACT_READ_ONLY_API_KEY": READER},
            capture_output=True,
            text=True,
            check=False,
        )
        if run.returncode not in (0, 1):
            raise RuntimeError(run.stdout + run.stderr)
        by = _caught_by(Path(out))
        if (run.returncode == 1) != bool(by):
            raise RuntimeError(f"status {run.returncode}, and caught by {by!r}\n{run.stdout}{run.stderr}")
        return Outcome(run.returncode == 1, by, time.monotonic() - began)


def _caught_by(out):
    rules = out / "rules.json"
    if rules.exists():
        for verdict in json.loads(rules.read_text())["verdicts"]:
            if verdict["outcome"] in ("disagrees", "no data"):
                return verdict["rule"]
    told = out / "run.json"
    failures = json.loads(told.read_text())["failures"] if told.exists() else []
    return failures[0]["title"] if failures else ""


def against(change, spec, seed, *options):
    with MockServer(read_only_api_key=READER) as mock, Proxy(mock.base_url, mock.api_key, change) as proxy:
        logging.getLogger("uvicorn.error").setLevel(logging.ERROR)  # they get requests that are no HTTP
        outcome = contract(proxy.base_url, mock.api_key, spec, seed, *options)
    if proxy.error is not None:
        raise RuntimeError(f"the drift itself broke: {proxy.error!r}")
    return outcome


def cases(folder):
    """Sentence → the change of the server and the file of the spec."""
    found = {sentence: (change, SPEC) for sentence, change in DRIFTS.items()}
    for number, (sentence, change) in enumerate(WRONG.items()):
        spec = yaml.safe_load(SPEC.read_text())
        change(spec)
        path = Path(folder) / f"wrong_{number}.yaml"
        path.write_text(yaml.safe_dump(spec, sort_keys=False))
        found[sentence] = (faithful, path)
    return found


def both(case):
    sentence, (change, spec) = case
    return sentence, against(change, spec, 1, "--first"), against(change, spec, 1, "--stock", "--first")


def table(chosen, pool):
    """A row of the table for each disagreement, and what each side caught."""
    yield "| disagreement | caught | by | seconds | Schemathesis alone |\n| --- | --- | --- | --- | --- |"
    missed, by_stock = [], 0
    for sentence, ours, stock in pool.map(both, chosen.items()):
        missed += [] if ours.caught else [sentence]
        by_stock += stock.caught
        alone = f"caught: {stock.by}" if stock.caught else "passed"
        caught = "yes" if ours.caught else "**NO**"
        yield f"| {sentence} | {caught} | {ours.by} | {ours.seconds:.0f} | {alone} |"
    yield f"\n{len(chosen)} disagreements: {len(chosen) - len(missed)} caught, {by_stock} by Schemathesis alone."
    return missed


def false_alarms(seeds, pool):
    """A line for each faithful run that failed, and how many there were."""
    alarms = 0
    for seed, run in zip(seeds, pool.map(lambda seed: against(faithful, SPEC, seed), seeds), strict=True):
        alarms += run.caught
        if run.caught:
            yield f"False alarm with SEED={seed}: {run.by}"
    yield f"{len(seeds)} runs against the faithful server with different seeds: {alarms} false alarms."
    return alarms


class Told:
    """What a generator yields, printed and kept; its result at the end."""

    def __init__(self):
        self.lines = []

    def take(self, lines):
        while True:
            try:
                self.lines.append(next(lines))
            except StopIteration as end:
                return end.value
            print(self.lines[-1], flush=True)


def main():
    parser = argparse.ArgumentParser(prog="make drift", description=__doc__.splitlines()[0])
    parser.add_argument(
        "--only", default="", help="those whose sentence has these words; docs are not written"
    )
    parser.add_argument("--seeds", type=int, default=20, help="faithful runs (default: %(default)s)")
    options = parser.parse_args()
    told = Told()
    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor(os.cpu_count()) as pool:
        chosen = {s: case for s, case in cases(folder).items() if options.only in s}
        missed = told.take(table(chosen, pool))
        alarms = told.take(false_alarms(range(1, options.seeds + 1), pool))
    if not options.only:
        DOCS.write_text(f"{HEAD}\n" + "\n".join(told.lines) + "\n")
    return 1 if missed or alarms else 0


if __name__ == "__main__":
    sys.exit(main())
