"""The decisions of one call, by histories that Hypothesis makes up and by example."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dodo_licenses._http.attempts import Attempts
from dodo_licenses._http.pacing import Pace

SECONDS = st.floats(0, 3)
ASKED = st.none() | st.floats(0, 90)
STATUSES = st.sampled_from([200, 404, 408, 500, 502, 503, 504])
OUTCOMES = st.one_of(
    st.tuples(st.just("answered"), STATUSES, ASKED, st.booleans(), SECONDS),
    st.tuples(st.just("broke"), st.booleans(), SECONDS),
    st.tuples(st.just("refused"), ASKED, SECONDS),
)


@given(
    repeatable=st.booleans(),
    timeout=st.floats(0.01, 100),
    max_retries=st.integers(0, 5),
    history=st.lists(OUTCOMES, min_size=1, max_size=30),
    thrown=st.lists(st.floats(0, 1), min_size=1, max_size=9),
    turn=st.floats(0, 30),
)
def test_a_call_is_never_repeated_to_harm_and_ends_within_its_time(
    *, repeatable, timeout, max_retries, history, thrown, turn
):
    now = began = 1000.0
    in_line = counted = refusals = 0
    may_have_been_done = False
    dice, events, pace = iter(thrown * 600), iter(history * 600), Pace(None)
    call = Attempts(
        repeatable=repeatable,
        timeout=timeout,
        max_retries=max_retries,
        now=now,
        dice=lambda: next(dice),
    )
    while (seconds := call.pause(now)) is not None:
        if seconds > 0:
            now += seconds
            continue
        waited = max(pace.delay(now), 0.0) + turn
        now, in_line = now + waited, in_line + waited
        sent = now
        call.begin(now, waited)
        assert repeatable or not may_have_been_done, "sent again what may have been carried out"
        assert sent <= call.reused_end <= call.end <= began + timeout + in_line + 1e-6
        kind, *event, took = next(events)
        now = min(now + took, call.end)
        if kind == "refused":
            pace.refused(now, sent, event[0])
            call.refused(pace.paused_in_all)
            refusals += 1
        elif kind == "broke":
            counted += 1
            call.broke(now, sent=event[0])
            may_have_been_done |= event[0]
        else:
            status, asked, by_api = event
            counted += 1
            call.answered(now, status, asked_to_wait=asked, by_api=by_api)
            pace.accepted(sent)
            may_have_been_done |= status in {408, 500, 502, 504} or (status == 503 and not by_api)
            assert call.pause(now) is None or status in {408, 500, 502, 503, 504}
    assert call.may_have_been_done == may_have_been_done
    assert call.made == counted + refusals
    assert counted <= max_retries + 1
    assert now <= began + timeout + in_line + 1e-6
    # The last refusal is the one after which the call doesn't wait any more.
    assert refusals <= 1 if max_retries == 0 else in_line - turn * call.made <= timeout + 1e-6


def begun(waited=0.0, **settings):
    defaults = {"repeatable": True, "timeout": 60.0, "max_retries": 2, "now": 0.0, "dice": lambda: 1.0}
    call = Attempts(**(defaults | settings))
    call.begin(waited, waited)
    return call


def test_back_off_doubles_up_to_eight_seconds():
    call, now, pauses = begun(timeout=1000.0, max_retries=7), 0.0, []
    for _ in range(7):
        call.broke(now, sent=True)
        pauses.append(call.pause(now))
        now += pauses[-1]
        call.begin(now, 0.0)
    assert pauses == [0.5, 1, 2, 4, 8, 8, 8]


@pytest.mark.parametrize(("asked", "pause"), [(None, 0.5), (0.0, 0.5), (7.0, 7.0)])
def test_what_a_server_asks_for_is_waited_for_and_zero_is_no_reason_to_hurry(asked, pause):
    call = begun()
    call.answered(0.0, 503, asked_to_wait=asked)
    assert call.pause(0.0) == pause


@pytest.mark.parametrize(
    ("settings", "reused_end"),
    [
        ({}, 30.0),
        ({"timeout": 4.0}, 2.0),
        ({"timeout": 4.0, "waited": 30.0}, 32.0),
        ({"timeout": 600.0}, 30.0),
        ({"max_retries": 0}, 60.0),
        ({"repeatable": False}, 60.0),
    ],
)
def test_part_of_the_time_is_kept_for_a_fresh_connection_where_there_may_be_another_attempt(
    settings, reused_end
):
    call = begun(**settings)
    assert call.reused_end == reused_end
    call.broke(reused_end, sent=True)
    call.begin(reused_end + 1, 0.0)
    assert call.reused_end == call.end
