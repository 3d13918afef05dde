"""What may be passed, by the functions that check it, and that each operation asks them before it sends."""

from __future__ import annotations

from datetime import datetime
from operator import attrgetter

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

NAIVE = datetime(2026, 3, 1)  # noqa: DTZ001 - the mistake
# What would reach another operation, as part of a path, or none.
NO_IDS = (
    *("", " ", ".", "..", "a/b", "a?b", "a#b", "../licenses", "lic_1?x=1", "lic 1", "lic_1 ", "lic_1\n"),
    *("%2e", "\u00e9", None, 5, "SECRET 0001", "SECRET/0001="),  # a license key, pasted for one
)


def page_size(name, value):
    return whole_number(name, value, 1, 100)


def page_number(name, value):
    return whole_number(name, value, 0)


def status(name, value):
    return choice(name, value, LicenseKeyStatus)


def typed_in(_, value):
    """Where a stranger may have typed it, which is for the API to judge."""
    (license_key,) = (p for p in OPERATIONS["validate_license"].parameters if p.kind == "trimmed")
    return checked(license_key, value, typed_in=True)


REFUSED = [
    (page_size, "from 1 to 100, not (0|101|-1|'10'|1.0|True|None)$", [0, 101, -1, "10", 1.0, True, None]),
    (page_number, "a whole number from 0 to 2147483647", [-1, 2**31]),
    (identifier, "^x must be an id of letters|non-empty value for `x`", NO_IDS),
    (checked_text, "x must be a string that is not blank", ["", "  ", "\t\n", None, 7, b"SECRET"]),
    (checked_text, "lone surrogate", ["SECRET-\ud800", "\udfff SECRET"]),
    (
        status,
        "one of 'active', 'disabled', 'expired', not",
        ["inactive", "ACTIVE", "", 1, None, LicenseKeyStatus("revoked")],
    ),
    (checked_datetime, "has no time zone", [NAIVE, "2026-03-01"]),
    (checked_datetime, "x must be a datetime", [None, "yesterday", 5]),
    (checked_datetime, "1 to 9999", ["0001-01-01T01:00+05:00", "9999-12-31T23:00-05:00"]),
    (flag, "x must be True or False, not (0|'true'|None)$", [0, "true", None]),
    (flag, "not (one of the type list|a string of 50 characters)$", [[1], "x" * 50]),
]


@pytest.mark.parametrize(
    ("check", "sentence", "value"),
    [(check, sentence, value) for check, sentence, values in REFUSED for value in values],
)
def test_what_cannot_be_is_refused_with_what_is_allowed_and_no_secret(check, sentence, value):
    with pytest.raises(InvalidArgumentError, match=sentence) as caught:
        check("x", value)
    assert "SECRET" not in str(caught.value)


@pytest.mark.parametrize(
    "value", ["x y" * 2_000_000, "lic_1 " * 30, 10**6000, [1] * 10**6], ids=["5 MB", "long", "digits", "list"]
)
@pytest.mark.parametrize("check", [identifier, page_size, flag, status])
def test_a_refused_value_is_shown_only_where_it_is_short(check, value):
    with pytest.raises(InvalidArgumentError) as caught:
        check("id", value)
    assert len(str(caught.value)) < 120


@pytest.mark.parametrize(
    ("check", "value", "sent"),
    [
        (identifier, "lic_7namTC0VcgrnzrF3GTSwB", "lic_7namTC0VcgrnzrF3GTSwB"),
        (identifier, "a-b_C", "a-b_C"),
        (checked_license_key, " AB CD\n", "AB CD"),
        (typed_in, " half a \ud800\n", "half a ?"),
        (typed_in, " ", ""),
        (status, "active", LicenseKeyStatus.ACTIVE),
        (status, LicenseKeyStatus.EXPIRED, LicenseKeyStatus.EXPIRED),
        (checked_datetime, "2026-03-01T01:30+02:00", "2026-02-28T23:30:00+00:00"),
    ],
)
def test_what_may_be_is_sent_as_the_api_reads_it(check, value, sent):
    assert check("x", value) == sent


GOOD = {
    "identifier": "a_1",
    "text": "x",
    "trimmed": "x",
    "integer": 1,
    "boolean": True,
    "datetime": "2026-03-01Z",
}
BAD = {"identifier": "a/b", "text": " ", "integer": -1, "boolean": 1, "datetime": NAIVE, "choice": "x"}


@pytest.mark.parametrize("operation", OPERATIONS.values(), ids=OPERATIONS)
def test_every_argument_of_every_operation_is_checked_before_a_request(face, operation):
    needed = {p.name: GOOD[p.kind] for p in operation.parameters if p.required}
    in_path = [p.name for p in operation.parameters if p.place == "path"][-1:]
    with face.client(base_url="http://127.0.0.1:9", bearer_token="sk_test", max_retries=0) as client:
        call = attrgetter(f"{operation.tag}.{operation.name}")(client)
        for parameter in operation.parameters:
            if parameter.kind in BAD:
                given = needed | {parameter.name: BAD[parameter.kind]}
                first = [given.pop(name) for name in in_path]
                with pytest.raises(InvalidArgumentError, match=parameter.name):
                    call(*first, **given)
