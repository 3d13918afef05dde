"""Compare the client with plain httpx and with the vendor's SDK, side by side: `make bench`."""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

import processes  # noqa: E402 - after the path
import report  # noqa: E402
from rows import ROWS, Place  # noqa: E402

QUICK_ROUNDS = 2
README = HERE.parents[1] / "README.md"


def arguments():
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument(
        "--quick", action="store_true", help="a tenth of the keys, few rounds, nothing written"
    )
    parser.add_argument(
        "--only", default="", metavar="TEXT", help="only the rows with this text, nothing written"
    )
    parser.add_argument("--out", type=Path, default=HERE.parents[1] / "docs" / "benchmarks.md")
    return parser.parse_args()


def outcome(row, place, rounds):
    """Measure a row in so many rounds."""
    return report.Outcome(row, [row.measure(place) for _ in range(rounds)])


def main():
    """Measure every row, print the table while it grows, and write it down."""
    options = arguments()
    rows = [row for row in ROWS if options.only in f"{row.what} {row.against}"]
    began = time.monotonic()
    outcomes = []
    with processes.server() as address:
        place = Place(address, divisor=10 if options.quick else 1)
        for module in ("httpx", "dodo_licenses", "dodopayments"):
            processes.seconds_to_import(module)  # so that compiled files are there
        print(report.HEADINGS)
        for row in rows:
            rounds = min(row.rounds, QUICK_ROUNDS) if options.quick else row.rounds
            outcomes.append(outcome(row, place, rounds))
            print(outcomes[-1].line(), flush=True)
    print(
        f"{time.monotonic() - began:.0f} s" + (", with too few keys for the goals" if options.quick else "")
    )
    if not options.quick and rows == ROWS:
        options.out.write_text(report.page(outcomes), encoding="utf-8")
        README.write_text(report.headlines(README.read_text(encoding="utf-8"), outcomes), encoding="utf-8")
        print(f"written: {options.out}")


if __name__ == "__main__":
    main()
