from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from dodo_licenses import RateLimit
from dodo_licenses._pacing import Pace


def times(pace, count, now=0.0):
    return [pace.take_turn(now).at for _ in range(count)]


def test_a_burst_goes_out_at_once_and_the_next_a_second_later():
    turns = times(Pace(RateLimit()), 11)
    assert turns[:10] == [0.0] * 10
    assert 1.0 < turns[10] <= 1.1


def test_the_hundred_and_first_waits_for_the_minute_to_pass():
    turns = times(Pace(RateLimit()), 101)
    assert turns[99] < 11
    assert 60.0 < turns[100] <= 60.5


def test_three_hundred_requests_take_little_longer_than_the_limit_allows():
    allowed = 2 * 60 + 9  # the third minute's burst of a hundred
    assert allowed < times(Pace(RateLimit()), 300)[-1] <= allowed * 1.05


@given(
    limit=st.builds(RateLimit, per_minute=st.integers(1, 30), per_second=st.integers(1, 30)),
    steps=st.lists(st.floats(0, 20), min_size=1, max_size=80),
)
def test_no_window_ever_holds_more_than_its_count(limit, steps):
    pace, now, turns = Pace(limit), 0.0, []
    for step in steps:
        now += step
        turns.append(pace.take_turn(now).at)
    assert turns == sorted(turns)
    for count, length in ((limit.per_minute, 60.0), (limit.per_second, 1.0)):
        assert all(later - first > length for first, later in zip(turns, turns[count:], strict=False))


def test_without_a_limit_every_turn_is_now():
    assert times(Pace(None), 1000, now=5.0) == [5.0] * 1000


def test_a_refusal_makes_everybody_wait():
    pace = Pace(None)
    assert pace.refused(100.0, retry_after=7.0) == 7.0
    assert times(pace, 3, now=101.0) == [107.0] * 3
    assert times(pace, 1, now=108.0) == [108.0]


def test_turns_taken_before_a_refusal_have_to_be_taken_anew():
    pace = Pace(RateLimit())
    early, late = [pace.take_turn(0.0) for _ in range(11)][-2:]
    assert pace.holds(late)
    pace.refused(0.5, retry_after=30.0)
    assert not pace.holds(early)
    assert not pace.holds(late)
    renewed = pace.take_turn(late.at)
    assert renewed.at == 30.5
    assert pace.holds(renewed)


def test_after_a_pause_the_burst_limit_still_counts():
    pace = Pace(RateLimit())
    times(pace, 25)
    pace.refused(0.0, retry_after=30.0)
    turns = times(pace, 20, now=1.0)
    assert turns[9] == 30.0
    assert turns[10] > 31.0


def test_refusals_that_give_no_time_are_waited_for_longer_and_longer():
    pace = Pace(None)
    assert [pace.refused(0.0, None) for _ in range(7)] == [2, 4, 8, 16, 32, 60, 60]
    pace.accepted()
    assert pace.refused(0.0, None) == 2


def test_a_refusal_may_not_hold_the_client_for_ever():
    assert Pace(None).refused(0.0, retry_after=86_400.0) == 60.0
