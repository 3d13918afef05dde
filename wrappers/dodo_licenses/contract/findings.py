"""What a rule finds: a sentence that names the cause, and the request that shows it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from schemathesis.baseline.model import Baseline, BaselineEntry, Identity

from dodo_licenses.contract.settings import WrongUseError


@dataclass(frozen=True)
class Finding:
    """A disagreement.

    Attributes:
        cause: A sentence that is the same wherever the cause is the same.
        operation: Such as "GET /license_keys".
        curl: The request as a line for a shell; secrets are variables.
        came: What came instead.
        check: The rule, or the check of Schemathesis.
    """

    cause: str
    operation: str = ""
    curl: str = ""
    came: str = ""
    check: str = ""

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


def accept(findings: Iterable[Finding], baseline: Path) -> None:
    """Take findings into the file of known disagreements; give entries an `expires` by hand."""
    known, today = Baseline.load(baseline), datetime.now(UTC).date().isoformat()
    fresh = {finding.identity for finding in findings} - {entry.identity for entry in known.entries}
    known.entries += [BaselineEntry(*identity, first_seen=today, last_seen=today) for identity in fresh]
    known.save(baseline)
