"""The turnstile, by histories that Hypothesis makes up and by example."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from dodo_licenses import RateLimit
from dodo_licenses._http.pacing import Pace

LIMITS = st.builds(RateLimit, per_minute=st.integers(1, 30), per_second=st.integers(1, 30))
EVENTS = st.one_of(
    st.tuples(st.sampled_from(["send", "leave"]), st.floats(0, 20)),
    st.tuples(st.just("refused"), st.none() | st.floats(0, 5)),
)


def send(pace, now=0.0):
    """Wait for the turn, and send; when that is."""
    while (seconds := pace.delay(now)) > 0:
        now += seconds
    pace.sent(now)
    return now


def send_many(pace, count, now=0.0):
    return [now := send(pace, now) for _ in range(count)]


@given(limit=LIMITS, history=st.lists(EVENTS, max_size=120))
def test_the_limit_holds_in_every_window_a_pause_holds_for_all_and_leaving_costs_nothing(limit, history):
    pace, now, sent, paused_until = Pace(limit), 0.0, [], 0.0
    for kind, value in history:
        if kind == "refused":
            before = pace.paused_in_all
            pace.refused(now, now, value)
            paused_until = max(paused_until, now) + pace.paused_in_all - before
            assert paused_until >= now + (value or 0.25) - 1e-6
            continue
        now += value
        delay = pace.delay(now)
        if kind == "leave":
            assert pace.delay(now) == delay
        else:
            now = send(pace, now)
            assert now >= paused_until - 1e-6
            sent.append(now)
    for count, length in ((limit.per_minute, 60.0), (limit.per_second, 1.0)):
        assert all(later - first > length for first, later in zip(sent, sent[count:], strict=False))


def test_all_that_the_limit_allows_is_sent_a_burst_first_and_without_a_limit_at_once():
    times = send_many(Pace(RateLimit()), 300)
    assert times[:10] == [0.0] * 10
    assert 1.0 < times[10] <= 1.1
    allowed = 2 * 60 + 9  # the third minute's burst of a hundred
    assert allowed < times[-1] <= allowed * 1.05
    assert send_many(Pace(None), 1000, now=5.0) == [5.0] * 1000


def test_refusals_are_waited_for_longer_and_longer_whatever_they_ask_for():
    for asked, pauses in ((None, [2, 4, 8, 16, 32, 60, 60]), (0.0, [0.25, 0.5, 1, 2, 4, 8, 16])):
        pace, now, found = Pace(None), 0.0, []
        for _ in pauses:
            pace.refused(now, now, asked)
            found.append(pace.delay(now))
            now += found[-1]
        assert found == pauses
        pace.accepted(now)
        pace.refused(now, now, asked)
        assert pace.delay(now) == pauses[0]


def test_requests_refused_together_are_one_refusal():
    pace = Pace(None)
    for _ in range(50):
        pace.refused(10.0, 9.0, 1.0)
    assert (pace.delay(10.0), pace.paused_in_all) == (1.0, 1.0)
    pace.accepted(9.0)  # sent before: it says nothing of the time after the refusal
    pace.refused(12.0, 11.5, 0.0)
    assert pace.delay(12.0) == 0.5


def test_a_refusal_holds_the_client_a_minute_at_most_and_pauses_that_overlap_are_counted_once():
    pace = Pace(None)
    pace.refused(0.0, 0.0, 10.0)
    pace.refused(4.0, 0.0, 86_400.0)
    assert (pace.delay(4.0), pace.paused_in_all) == (60.0, 64.0)
    assert [pace.paused_before(now) for now in (0.0, 9.0, 70.0)] == [0.0, 9.0, 64.0]
