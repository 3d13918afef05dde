"""What rules find, a sentence that names the cause and the request that shows it; and one screen, grouped by cause."""

from __future__ import annotations

import json
import os
import textwrap
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pytest
from schemathesis.baseline.model import Baseline, BaselineEntry, Identity

from dodo_licenses._text import visible
from dodo_licenses.contract.settings import WrongUseError

MOST_CAUSES, WIDTH = 10, 110
AGREES, DISAGREES, NOTHING_JUDGED, BROKEN = 0, 1, 4, 70


@dataclass(frozen=True)
class Finding:
    """A disagreement."""

    cause: str  # a sentence that is the same wherever the cause is the same
    operation: str = ""  # such as "GET /license_keys"
    curl: str = ""  # the request as a line for a shell; secrets are variables
    came: str = ""  # what came instead
    check: str = ""  # the rule, or the check of Schemathesis

    def __str__(self) -> str:
        return "\n".join(line for line in (self.cause, self.curl, self.came) if line)

    @property
    def identity(self) -> Identity:
        """What makes two of them the same, in a file of known disagreements."""
        return self.operation, self.check, Disagreement.__name__, self.cause


class Disagreement(AssertionError):  # noqa: N818 - not an error of the suite
    """Server and spec, or server and documentation, say different things."""

    def __init__(self, *findings: Finding) -> None:
        super().__init__("\n\n".join(map(str, findings)))
        self.findings = findings


def disagreements(error: BaseException) -> Iterator[Finding]:
    """The findings in an error, or in a group of errors as Hypothesis makes it."""
    if isinstance(error, Disagreement):
        yield from error.findings
    for one in error.exceptions if isinstance(error, BaseExceptionGroup) else ():
        yield from disagreements(one)


def accepted(baseline: Path | None) -> Collection[Identity]:
    """The disagreements that a file of known ones takes for granted today.

    Raises:
        WrongUseError: It is no such file.
    """
    try:
        entries = Baseline.load(baseline).entries if baseline is not None else []
    except (ValueError, OSError) as error:
        raise WrongUseError(f"--baseline {baseline}: {error}") from None
    today = datetime.now(UTC).date()
    return {entry.identity for entry in entries if not entry.is_expired(today)}


@dataclass(eq=False)
class Run:
    """A pytest plugin that gathers what the rules found."""

    passed: int = 0
    known: int = 0
    findings: list[Finding] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)
    not_judged: Counter[str] = field(default_factory=Counter)
    sent: Counter[str] = field(default_factory=Counter)
    new: set[str] = field(default_factory=set)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Note how a rule ended."""
        if report.when == "call":
            self.sent += Counter(getattr(report, "sent", {}))
            self.known += getattr(report, "known", 0)
            self.new.update(getattr(report, "new", ()))
            self.passed += report.passed and not getattr(report, "empty", False)
        if report.skipped and isinstance(report.longrepr, tuple):
            self.not_judged[str(report.longrepr[2]).removeprefix("Skipped: ")] += 1
        found = [Finding(**one) for one in getattr(report, "findings", ())]
        self.findings += found
        if report.failed and not found:
            self._broke(report)

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """Note what could not be collected."""
        if report.failed:
            self._broke(report)

    def _broke(self, report: pytest.CollectReport | pytest.TestReport) -> None:
        self.broken.append(f"{report.nodeid}: {str(report.longrepr)[-600:]}")

    @property
    def status(self) -> int:
        """The exit status."""
        if self.findings or self.broken:
            return DISAGREES if self.findings else BROKEN
        return AGREES if self.passed or self.known else NOTHING_JUDGED

    def causes(self) -> list[tuple[str, list[Finding]]]:
        """The findings by cause, those with most of them first."""
        groups: dict[str, list[Finding]] = defaultdict(list)
        for finding in self.findings:
            groups[finding.cause].append(finding)
        return sorted(groups.items(), key=lambda group: -len(group[1]))

    def screen(self) -> str:
        """What disagrees and what could not be judged, in so many lines that they can be read."""
        lines, causes = list[str](), self.causes()
        for cause, findings in causes[:MOST_CAUSES]:
            named = sorted({f.operation for f in findings}) + sorted({f.check for f in findings})
            where = [name for name in named if name]
            count = f": {len(where)} operations and rules" if len(where) > 2 else ""  # noqa: PLR2004
            some = textwrap.shorten(", ".join(where), 3 * WIDTH, placeholder=" …")
            example = next((finding for finding in findings if finding.curl), findings[0])
            told = [*textwrap.wrap(some, WIDTH), *example.curl.split("\n"), example.came]
            lines += ["", f"✗ {cause}{count}", *(f"    {line}" for line in told if line)]
        if len(causes) > MOST_CAUSES:
            lines += ["", f"… and {len(causes) - MOST_CAUSES} more causes"]
        for text in self.broken[:3]:
            lines += ["", *f"✗ the suite itself broke in {text}".splitlines()]
        lines += [""] if lines and (self.not_judged or self.new) else []
        lines += sorted(self.new)[:MOST_CAUSES]
        for reason, times in sorted(self.not_judged.items()):
            lines.append(f"{reason}: {times} {'rule' if times == 1 else 'rules'} could not judge")
        return "\n".join(map(visible, [*lines, ""] if lines else lines))

    def verdict(self) -> str:
        """The last line."""
        count = len(self.causes())
        said = {
            AGREES: "agrees with the documentation",
            DISAGREES: f"DISAGREES: {count} {'cause' if count == 1 else 'causes'}",
            NOTHING_JUDGED: "NOTHING COULD BE JUDGED",
            BROKEN: "THE SUITE BROKE: that is a defect of it",
        }[self.status]
        known = f", {self.known} known disagreements" if self.known else ""
        return f"{said}; {self.passed} rules agree{known}, {sum(self.sent.values())} requests"

    def write(self, out: Path, seed: int) -> None:
        """The report for programs, `report.json`."""
        causes = [{"cause": cause, "findings": found} for cause, found in self.causes()]
        told = {**vars(self), "new": sorted(self.new), "status": self.status, "seed": seed, "causes": causes}
        told["findings"] = len(self.findings)
        text = json.dumps(told, indent=1, ensure_ascii=False, default=asdict)
        (out / "report.json").write_text(text, encoding="utf-8")

    def tell_github(self) -> None:
        """Annotations, and a summary whose code block nothing in it can end: every line is indented."""
        for cause, findings in self.causes():
            text = "%0A".join(visible(line).replace("%", "%25") for line in str(findings[0]).split("\n"))
            title = visible(cause).replace("%", "%25").replace(":", "%3A").replace(",", "%2C")
            print(f"::error title={title}::{text}")
        if path := os.environ.get("GITHUB_STEP_SUMMARY"):
            block = textwrap.indent(f"{self.screen()}\n{self.verdict()}", "    ", lambda _: True)
            with Path(path).open("a", encoding="utf-8") as summary:
                summary.write(f"### License API contract\n\n{block}\n\n")

    def accept(self, baseline: Path) -> None:
        """Take what was found into the file of known disagreements; give entries an `expires` by hand."""
        known, today = Baseline.load(baseline), datetime.now(UTC).date().isoformat()
        fresh = {finding.identity for finding in self.findings} - {entry.identity for entry in known.entries}
        known.entries += [BaselineEntry(*identity, first_seen=today, last_seen=today) for identity in fresh]
        known.save(baseline)
