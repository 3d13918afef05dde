"""What a person sees of a run: one screen, grouped by cause."""

from __future__ import annotations

import json
import os
import textwrap
from collections import Counter, defaultdict
from dataclasses import asdict, dataclass, field
from pathlib import Path

import pytest

from dodo_licenses._text import visible
from dodo_licenses.contract.findings import Finding

MOST_CAUSES, WIDTH = 10, 110
AGREES, DISAGREES, NOTHING_JUDGED, BROKEN = 0, 1, 4, 70


@dataclass(eq=False)
class Run:
    """A pytest plugin that gathers what the rules found."""

    passed: int = 0
    known: int = 0
    findings: list[Finding] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)
    not_judged: Counter[str] = field(default_factory=Counter)
    sent: Counter[str] = field(default_factory=Counter)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Note how a rule ended."""
        if report.when == "call":
            self.sent += Counter(getattr(report, "sent", {}))
            self.known += getattr(report, "known", 0)
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
            told = [*textwrap.wrap(some, WIDTH), example.curl, example.came]
            lines += ["", f"✗ {cause}{count}", *(f"    {line}" for line in told if line)]
        if len(causes) > MOST_CAUSES:
            lines += ["", f"… and {len(causes) - MOST_CAUSES} more causes"]
        for text in self.broken[:3]:
            lines += ["", *f"✗ the suite itself broke in {text}".splitlines()]
        lines += [""] if lines and self.not_judged else []
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
        told = {
            "status": self.status,
            "seed": seed,
            **vars(self),
            "findings": len(self.findings),
            "causes": causes,
        }
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
