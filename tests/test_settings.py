"""What a client is told, by arguments and by environment variables, and what it refuses to be told."""

from __future__ import annotations

import logging
from contextlib import nullcontext

import httpx
import pytest

from dodo_licenses import DodoPayments, InvalidArgumentError, RateLimit

LIVE, TEST, PROXY = "https://live.dodopayments.com", "https://test.dodopayments.com", "https://a.example.com"
VARIABLES = {"DODO_PAYMENTS_API_KEY": "sk_1", "DODO_PAYMENTS_BASE_URL": f"{PROXY}/"}
NEAR = ("http://127.0.0.1:4010", "http://localhost:4010", "http://[::1]:1")
FAR = ("http://example.com", "http://127.0.0.1.example.com", "http://10.0.0.1")
BLANK = {"DODO_PAYMENTS_API_KEY": " \n", "DODO_PAYMENTS_BASE_URL": "  "}


def settings(**given):
    return DodoPayments(**given)._engine.settings


@pytest.mark.parametrize(
    ("variables", "given", "found"),
    [
        ({}, {}, (LIVE, "live_mode", None)),
        ({}, {"environment": "test_mode", "bearer_token": " sk_2\n"}, (TEST, "test_mode", "sk_2")),
        (VARIABLES, {}, (PROXY, PROXY, "sk_1")),
        (VARIABLES, {"environment": "test_mode", "bearer_token": "sk_2"}, (TEST, "test_mode", "sk_2")),
        (VARIABLES, {"base_url": f"{LIVE}/"}, (LIVE, "live_mode", "sk_1")),
        (BLANK, {}, (LIVE, "live_mode", None)),
    ],
)
def test_arguments_count_for_more_than_variables_and_live_mode_is_what_is_left(
    monkeypatch, variables, given, found
):
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    used = settings(**given)
    assert (used.base_url, used.server, used.bearer_token) == found


IS_ADDRESS = r"DODO_PAYMENTS_BASE_URL\) must be an address"
REFUSED = {
    "'live_mode' or 'test_mode', not 'sandbox'": [{"environment": "sandbox"}],
    "not both": [{"environment": "test_mode", "base_url": PROXY}],
    "copy it again": [{"bearer_token": f"hunter2{end}"} for end in (" x", "\r\nHost: x", "\u00e9", "\x00")],
    "bearer_token must be a string, not int": [{"bearer_token": 5}],
    IS_ADDRESS: [
        {"base_url": url}
        for url in (
            *("", "example.com", "ftp://example.com", "https://", "https:// a", "https://a:x", 5),
            *("https://a/?q=1", "https://a/?", "https://a/#", "https://a\n.com", "https://a..com"),
            *(f"https://{'a' * 70}.com", "https://[::1", "https://a\\b", "https://a\ud800.com"),
        )
    ],
    "no user name or password": [{"base_url": "https://me:hunter2@example.com"}],
    "max_retries must be a whole number from 0 to 100": [
        {"max_retries": value} for value in (-1, 101, 1.5, "2", None, True)
    ],
    "rate_limit must be a RateLimit or None": [{"rate_limit": value} for value in (100, "none", False)],
    "timeout must be a number of seconds above 0": [
        {"timeout": value} for value in (0, -1, "60", True, float("nan"))
    ],
    "which is no name of a header": [{"default_headers": {"X Y": "hunter2"}}],
    "X-Y must be a string of printable ASCII": [
        {"default_headers": {"X-Y": value}} for value in ("hunter2\r\nHost: x", " hunter2", "hunter2 ", 5)
    ],
    "the API key is bearer_token": [{"default_headers": {"authorization": "hunter2"}}],
    "how long a body is": [
        {"default_headers": {name: "7"}} for name in ("content-length", "Transfer-Encoding")
    ],
    "default_query: 'a' must be": [{"default_query": {"a": None}}],
    "default_query holds half a character": [{"default_query": q} for q in ({"a": "\ud800"}, {"\ud800": 1})],
    "default_query must be a mapping": [{"default_query": "a=hunter2"}],
    "default_headers must be a mapping": [{"default_headers": ["hunter2"]}],
}


@pytest.mark.parametrize(
    ("sentence", "given"), [(sentence, given) for sentence, rows in REFUSED.items() for given in rows]
)
def test_what_cannot_be_is_refused_with_what_is_allowed_and_no_secret(sentence, given):
    with pytest.raises(InvalidArgumentError, match=sentence) as caught:
        DodoPayments(**given)
    assert "hunter2" not in f"{caught.value!r} {caught.value.__cause__!r}"


@pytest.mark.parametrize("figures", [{"per_minute": 0}, {"per_second": 0}, {"per_minute": 1.5}])
def test_a_rate_limit_allows_at_least_one_request(figures):
    with pytest.raises(InvalidArgumentError):
        RateLimit(**figures)


@pytest.mark.parametrize("url", [*NEAR, *FAR])
def test_plain_http_is_for_loopback_and_elsewhere_has_to_be_meant(url):
    with nullcontext() if url in NEAR else pytest.raises(InvalidArgumentError, match="allow_http=True"):
        assert settings(base_url=url).base_url == url
    assert settings(base_url=url, allow_http=True).base_url == url


@pytest.mark.parametrize(
    ("timeout", "seconds", "connect_seconds"),
    [
        (60.0, 60.0, 5.0),
        (2, 2, 2),
        (None, None, 5.0),
        (httpx.Timeout(30, connect=2), 30, 2),
        (httpx.Timeout(None), None, 5.0),
    ],
)
def test_a_timeout_is_for_the_whole_call_and_part_of_it_for_connecting(timeout, seconds, connect_seconds):
    found = settings(timeout=timeout)
    assert (found.timeout, found.seconds, found.connect_seconds) == (timeout, seconds, connect_seconds)


def test_the_log_is_written_where_the_environment_asks_for_it(monkeypatch, capsys):
    ours, another = logging.getLogger("dodo_licenses"), logging.getLogger("another")
    monkeypatch.setattr(logging.root, "handlers", [])
    monkeypatch.setenv("DODO_PAYMENTS_LOG", " Info ")
    try:
        DodoPayments()
        for logger in (ours, another):
            logger.debug("never")
        ours.info("once")
        another.info("never")
    finally:
        ours.setLevel(logging.NOTSET)
    (line,) = capsys.readouterr().err.splitlines()
    assert line.endswith("dodo_licenses INFO once")
    monkeypatch.setenv("DODO_PAYMENTS_LOG", "loud")
    with pytest.raises(InvalidArgumentError, match="must be 'debug' or 'info', not 'loud'"):
        DodoPayments()
