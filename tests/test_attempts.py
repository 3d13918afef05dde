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
    settings=st.fixed_dictionaries(
        {
            "repeatable": st.booleans(),
            "timeout": st.floats(0.01, 100),
            "max_retries": st.integers(0, 5),
        }
    ),
    history=st.lists(OUTCOMES, min_size=1, max_size=60),
    thrown=st.lists(st.floats(0, 1), min_size=60, max_size=60),
    turn=st.floats(0, 30),
)
def test_a_call_is_never_repeated_to_harm_and_ends_within_its_time(settings, history, thrown, turn):
    repeatable, timeout, max_retries = (settings[name] for name in ("repeatable", "timeout", "max_retries"))
    now = began = 1000.0
    in_line = counted = refusals = 0
    may_have_been_done = False
    dice = iter(thrown * 10)
    pace = Pace(None)
    call = Attempts(**settings, now=now, dice=lambda: next(dice))
    events = iter(history * 50)
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


def attempts(**more):
    given = {"repeatable": True, "timeout": 60.0, "max_retries": 2, "now": 0.0, "dice": lambda: 1.0}
    return Attempts(**(given | more))


def begun(settings, now=0.0, waited=0.0):
    call = attempts(**settings)
    call.begin(now, waited)
    return call


def test_back_off_doubles_up_to_eight_seconds():
    call, now, pauses = attempts(timeout=1000.0, max_retries=7), 0.0, []
    for _ in range(7):
        call.begin(now, 0.0)
        call.broke(now, sent=True)
        pauses.append(call.pause(now))
        now += pauses[-1]
    assert pauses == [0.5, 1, 2, 4, 8, 8, 8]


@pytest.mark.parametrize(("asked", "pause"), [(None, 0.5), (0.0, 0.5), (7.0, 7.0)])
def test_what_a_server_asks_for_is_waited_for_and_zero_is_no_reason_to_hurry(asked, pause):
    call = attempts()
    call.begin(0.0, 0.0)
    call.answered(0.0, 503, asked_to_wait=asked)
    assert call.pause(0.0) == pause


@pytest.mark.parametrize(("timeout", "told", "patience"), [(5.0, 120.0, 120.0), (None, None, 120.0)])
def test_a_page_and_a_call_without_a_time_out_wait_two_minutes_for_it(timeout, told, patience):
    assert attempts(timeout=timeout, patience=told).patience == patience


def test_time_in_line_is_not_on_the_call_s_time():
    assert begun({"timeout": 5.0}, 30.0, 30.0).end == 35.0


@pytest.mark.parametrize(
    ("settings", "reused_end"),
    [
        ({}, 30.0),
        ({"timeout": 4.0}, 2.0),
        ({"timeout": 600.0}, 30.0),
        ({"max_retries": 0}, 60.0),
        ({"repeatable": False}, 60.0),
    ],
)
def test_part_of_the_time_is_kept_for_a_fresh_connection_where_there_may_be_another_attempt(
    settings, reused_end
):
    assert begun(settings).reused_end == reused_end


def test_the_second_attempt_may_take_all_that_is_left():
    call = attempts()
    call.begin(0.0, 0.0)
    call.broke(30.0, sent=True)
    call.begin(31.0, 0.0)
    assert call.reused_end == 60.0


@pytest.mark.parametrize("timeout", [None, float("inf"), 1e10])
def test_no_time_out_is_one_that_every_clock_can_count(timeout):
    assert begun({"timeout": timeout}).end == 1_000_000.0
