from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest

from dodo_licenses import InvalidArgumentError, LicenseKeyStatus
from dodo_licenses._arguments import (
    checked,
    checked_datetime,
    checked_license_key,
    checked_text,
    choice,
    flag,
    identifier,
    whole_number,
)
from dodo_licenses_api.operations import OPERATIONS


@pytest.mark.parametrize("value", [0, 101, -1, "ten", "10", 1.0, True, None])
def test_page_sizes_out_of_bounds_are_refused_with_the_bounds(value):
    with pytest.raises(InvalidArgumentError, match="page_size must be a whole number from 1 to 100, not "):
        whole_number("page_size", value, 1, 100)


@pytest.mark.parametrize("value", [-1, 2**31])
def test_what_has_no_bound_of_its_own_is_bounded_by_int32(value):
    with pytest.raises(InvalidArgumentError, match="page_number must be a whole number from 0 to 2147483647"):
        whole_number("page_number", value, 0)


@pytest.mark.parametrize(
    "value",
    ["", " ", ".", "..", "a/b", "a?b", "a#b", "../licenses", "lic_1 ", "%2e", "lic_1\n", "é", 5, None],
)
def test_ids_that_would_reach_another_operation_are_refused(value):
    with pytest.raises(
        InvalidArgumentError, match=r"^id must be an id of letters|value for `id` but received ''"
    ):
        identifier("id", value)


@pytest.mark.parametrize("value", ["lic_123", "lic_7namTC0VcgrnzrF3GTSwB", "a-b_C"])
def test_ids_as_the_api_makes_them_pass(value):
    assert identifier("id", value) == value


@pytest.mark.parametrize("value", ["", "  ", "\t\n", None, 7])
def test_blank_text_is_refused_without_being_shown(value):
    with pytest.raises(InvalidArgumentError, match="key must be a string that is not blank"):
        checked_text("key", value)


def test_a_refused_secret_is_not_shown():
    with pytest.raises(InvalidArgumentError) as caught:
        checked_text("license_key", b"SECRET-KEY")
    assert "SECRET" not in str(caught.value)


def test_pasted_keys_lose_the_blanks_around_them_only():
    assert checked_license_key("license_key", " AB CD\n") == "AB CD"


@pytest.mark.parametrize("value", ["inactive", "ACTIVE", "", 1, None])
def test_unknown_choices_are_refused_with_what_is_allowed(value):
    with pytest.raises(InvalidArgumentError, match="one of 'active', 'disabled', 'expired', not"):
        choice("status", value, LicenseKeyStatus)


def test_a_choice_may_be_the_string_or_the_member():
    assert choice("status", "active", LicenseKeyStatus) is LicenseKeyStatus.ACTIVE
    assert choice("status", LicenseKeyStatus.EXPIRED, LicenseKeyStatus) is LicenseKeyStatus.EXPIRED


def test_a_value_known_from_a_reply_only_is_still_no_choice():
    with pytest.raises(InvalidArgumentError):
        choice("status", LicenseKeyStatus("revoked"), LicenseKeyStatus)


def test_moments_go_out_in_utc():
    value = datetime(2026, 3, 1, 1, 30, tzinfo=timezone(timedelta(hours=2)))
    assert checked_datetime("expires_at", value).isoformat() == "2026-02-28T23:30:00+00:00"


@pytest.mark.parametrize("value", [datetime(2026, 3, 1), "2026-03-01", None])  # noqa: DTZ001 - the point
def test_moments_without_a_time_zone_are_refused(value):
    with pytest.raises(InvalidArgumentError, match="expires_at"):
        checked_datetime("expires_at", value)


@pytest.mark.parametrize("value", ["0001-01-01T01:00+05:00", "9999-12-31T23:00-05:00"])
def test_moments_beyond_the_calendar_are_refused(value):
    with pytest.raises(InvalidArgumentError, match="1 to 9999"):
        checked_datetime("expires_at", datetime.fromisoformat(value))


@pytest.mark.parametrize("value", [0, 1, "true", None])
def test_flags_are_true_or_false(value):
    with pytest.raises(InvalidArgumentError, match="disabled must be True or False"):
        flag("disabled", value)


@pytest.mark.parametrize("value", ["DEMO-\ud800", "\udfff laptop"])
def test_half_a_character_is_refused(value):
    with pytest.raises(InvalidArgumentError, match="lone surrogate"):
        checked_text("name", value)


@pytest.mark.parametrize(
    "value", ["x y" * 2_000_000, "lic_1 " * 9, 10**6000, [1] * 10**6], ids=["5 MB", "long", "digits", "list"]
)
def test_a_refused_value_is_shown_only_where_it_is_short(value):
    for check in (identifier, lambda name, value: whole_number(name, value, 0), flag):
        with pytest.raises(InvalidArgumentError) as caught:
            check("id", value)
        assert len(str(caught.value)) < 120


PARAMETERS = {p.name: p for p in OPERATIONS["list_license_keys"].parameters}


@pytest.mark.parametrize(
    ("name", "good", "bad"),
    [
        ("customer_id", "cus_1", "a/b"),
        ("status", "active", "revoked"),
        ("page_size", 100, 101),
        ("created_at_gte", datetime(2026, 1, 1, tzinfo=UTC), "2026-01-01"),
    ],
)
def test_an_operation_s_parameters_are_checked_as_the_spec_says(name, good, bad):
    assert checked(PARAMETERS[name], good) == good
    with pytest.raises(InvalidArgumentError, match=name):
        checked(PARAMETERS[name], bad)
