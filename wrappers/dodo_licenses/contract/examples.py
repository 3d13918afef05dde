"""How many values Hypothesis draws, and no more of it: no database, no shrinking, no time limits."""

from __future__ import annotations

from hypothesis import HealthCheck, Phase, settings

from dodo_licenses.contract.settings import Settings, WrongUseError


def examples(count: int, steps: int = 50) -> settings:
    """Draw that many values for a rule; a fifth of it where each request has to wait for the rate limit."""
    try:
        few = Settings.read().few
    except WrongUseError:
        few = False  # said elsewhere
    return settings(
        max_examples=max(2, count // 5) if few else count,
        stateful_step_count=steps,
        deadline=None,
        database=None,
        phases=(Phase.explicit, Phase.generate),
        report_multiple_bugs=False,
        suppress_health_check=list(HealthCheck),
    )
