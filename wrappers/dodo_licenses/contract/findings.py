"""What a rule finds: a sentence that names the cause, and the request that shows it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from schemathesis.baseline.model import Baseline, BaselineEntry


@dataclass(frozen=True)
class Finding:
    """A disagreement.

    Attributes:
        cause: A sentence that is the same wherever the cause is the same.
        operation: Such as "GET /license_keys".
        curl: The request as a line for a shell; secrets are variables.
        came: What came instead.
        check: The rule, or the check of Schemathesis.
        failure: The class of the failure, for baselines.
        signature: What tells it from others of its class, for baselines; the cause if empty.
    """

    cause: str
    operation: str = ""
    curl: str = ""
    came: str = ""
    check: str = ""
    failure: str = "Disagreement"
    signature: str = ""

    def __str__(self) -> str:
        return "\n".join(line for line in (self.cause, self.curl, self.came) if line)

    @property
    def identity(self) -> tuple[str, str, str, str]:
        """What makes two of them the same, as Schemathesis' baselines have it."""
        return self.operation, self.check, self.failure, self.signature or self.cause


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


def unknown(findings: Iterable[Finding], baseline: Path | None) -> list[Finding]:
    """The findings that the file of known disagreements doesn't accept, or no longer."""
    today = datetime.now(UTC).date()
    entries = Baseline.load(baseline).entries if baseline is not None else []
    accepted = {entry.identity for entry in entries if not entry.is_expired(today)}
    return [finding for finding in findings if finding.identity not in accepted]


def accept(findings: Iterable[Finding], baseline: Path) -> None:
    """Take findings into the file of known disagreements; give entries an `expires` by hand."""
    known, today = Baseline.load(baseline), datetime.now(UTC).date().isoformat()
    there = {entry.identity for entry in known.entries}
    for identity in dict.fromkeys(finding.identity for finding in findings):
        if identity not in there:
            known.entries.append(BaselineEntry(*identity, first_seen=today, last_seen=today))
    known.save(baseline)
