"""Which rules there are, and what judging them gives."""

from __future__ import annotations

import time
from dataclasses import asdict, dataclass

import chance  # noqa: F401 - registers its rule
import facts  # noqa: F401 - the same
import life_cycle
import links  # noqa: F401 - the same
from rules import RULES
from talk import Disagreement, NoData, NotGiven


@dataclass
class Verdict:
    """What a rule found: `agrees`, `disagrees`, `no data` or `left out`, with the request and what came."""

    rule: str
    sentence: str
    outcome: str
    says: str = ""
    request: str = ""
    came: str = ""
    seconds: float = 0.0

    @property
    def fails(self):
        """Whether the run is not to pass with it."""
        return self.outcome in ("disagrees", "no data")

    def as_dict(self):
        return asdict(self)


def rules_for(server):
    """All rules, or those that only read."""
    return [rule for rule in RULES if server.writes or not rule.writes]


def judge(rule, server):
    """One rule. Reading finds more than it should where others write: what disagrees is judged twice."""
    began = time.monotonic()
    verdict = _judge_once(rule, server)
    if verdict.outcome == "disagrees" and not server.is_ours:
        verdict = _judge_once(rule, server)
    verdict.seconds = time.monotonic() - began
    return verdict


def _judge_once(rule, server):
    server.forget()
    verdict = Verdict(rule.name, rule.says, "agrees")
    try:
        rule.judge(server)
    except NoData as nothing:
        verdict.outcome, verdict.says = "no data", str(nothing)
    except NotGiven as what:
        verdict.outcome, verdict.says = "left out", str(what)
    except Disagreement as found:
        verdict.outcome = "disagrees"
        verdict.says, verdict.request, verdict.came = map(
            server.redacted, (found.says, found.request, found.came)
        )
    except (
        ArithmeticError,
        LookupError,
        TypeError,
        ValueError,
    ) as error:  # of a reply that the rule could not read
        verdict.outcome, verdict.request = "disagrees", server.redacted(server.last)
        verdict.says = f"a reply that can be read, and {type(error).__name__}: {error}"
    return verdict


def judge_all(server, *, first=False):
    """Every rule, or up to the first that is not kept; what they imported is disabled at the end."""
    verdicts = []
    try:
        for rule in rules_for(server):
            verdicts.append(judge(rule, server))
            if first and verdicts[-1].fails:
                break
    finally:
        life_cycle.clean_up(server)
    return verdicts
