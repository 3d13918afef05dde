from __future__ import annotations

import os
import subprocess
import sys

import httpx
import pytest

from dodo_licenses import DodoPayments, InvalidArgumentError, RateLimit


def resolve(*, variables=None, **given):
    with pytest.MonkeyPatch.context() as patch:
        for name in ("API_KEY", "BASE_URL", "LOG", "WEBHOOK_KEY"):
            patch.delenv(f"DODO_PAYMENTS_{name}", raising=False)
        for name, value in (variables if variables is not None else {}).items():
            patch.setenv(name, value)
        return DodoPayments(**given)._engine.settings


def test_live_mode_is_what_is_left():
    assert resolve().base_url == "https://live.dodopayments.com"
    assert resolve().server == "live_mode"


def test_an_environment_names_its_server():
    found = resolve(environment="test_mode")
    assert (found.base_url, found.server) == ("https://test.dodopayments.com", "test_mode")


def test_an_unknown_environment_is_refused_with_what_is_allowed():
    with pytest.raises(InvalidArgumentError, match="'live_mode' or 'test_mode', not 'sandbox'"):
        resolve(environment="sandbox")


def test_the_environment_variables_count_where_no_argument_is_given():
    variables = {"DODO_PAYMENTS_API_KEY": "sk_1", "DODO_PAYMENTS_BASE_URL": "https://proxy.example.com/"}
    found = resolve(variables=variables)
    assert found.bearer_token == "sk_1"
    assert found.base_url == found.server == "https://proxy.example.com"


def test_an_argument_counts_for_more_than_a_variable():
    variables = {"DODO_PAYMENTS_API_KEY": "sk_1", "DODO_PAYMENTS_BASE_URL": "https://proxy.example.com"}
    found = resolve(variables=variables, environment="test_mode", bearer_token="sk_2")
    assert (found.server, found.bearer_token) == ("test_mode", "sk_2")


def test_environment_and_base_url_contradict_each_other():
    with pytest.raises(InvalidArgumentError, match="not both"):
        resolve(environment="test_mode", base_url="https://example.com")


@pytest.mark.parametrize("blank", ["", "  ", "\n"])
def test_blank_variables_count_as_not_set(blank):
    found = resolve(variables={"DODO_PAYMENTS_API_KEY": blank, "DODO_PAYMENTS_BASE_URL": blank})
    assert found.bearer_token is None
    assert found.server == "live_mode"


def test_what_a_shell_leaves_around_an_api_key_is_dropped():
    assert resolve(bearer_token=" sk_test_1\n").bearer_token == "sk_test_1"


@pytest.mark.parametrize("token", ["sk test", "sk\r\nHost: x", "sk_\u00e9", "sk\x00"])
def test_what_cannot_be_an_api_key_is_refused_and_not_shown(token):
    with pytest.raises(InvalidArgumentError, match="copy it again") as caught:
        resolve(bearer_token=token)
    assert "sk" not in str(caught.value)


def test_an_api_key_is_a_string():
    with pytest.raises(InvalidArgumentError, match="not int"):
        resolve(bearer_token=5)


@pytest.mark.parametrize(
    "url",
    [
        *("", "example.com", "ftp://example.com", "https://", "https:// a", "https://a:x", "https://a/?q=1"),
        *("https://a\n.com", "https://a..com", f"https://{'a' * 70}.com", "https://[::1", "https://a\\b", 5),
        *("https://a/?", "https://a/#", "https://a\ud800.com"),
    ],
)
def test_what_is_no_address_is_refused(url):
    with pytest.raises(InvalidArgumentError, match=r"DODO_PAYMENTS_BASE_URL\) must be an address"):
        resolve(base_url=url)


def test_a_password_in_the_address_is_refused_and_not_shown():
    with pytest.raises(InvalidArgumentError) as caught:
        resolve(base_url="https://me:hunter2@example.com")
    assert "hunter2" not in str(caught.value)


@pytest.mark.parametrize("url", ["http://127.0.0.1:4010", "http://localhost:4010", "http://[::1]:1/"])
def test_plain_http_is_for_loopback(url):
    assert resolve(base_url=url).base_url == url.rstrip("/")


@pytest.mark.parametrize("url", ["http://example.com", "http://127.0.0.1.example.com", "http://10.0.0.1"])
def test_plain_http_elsewhere_has_to_be_meant(url):
    with pytest.raises(InvalidArgumentError, match="allow_http=True"):
        resolve(base_url=url)
    assert resolve(base_url=url, allow_http=True).base_url == url


@pytest.mark.parametrize("max_retries", [-1, 101, 1.5, "2", None, True])
def test_retries_are_a_whole_number(max_retries):
    with pytest.raises(InvalidArgumentError, match="max_retries must be a whole number from 0 to 100"):
        resolve(max_retries=max_retries)


@pytest.mark.parametrize("rate_limit", [100, "none", False])
def test_a_rate_limit_is_one_or_none(rate_limit):
    with pytest.raises(InvalidArgumentError, match="rate_limit must be a RateLimit or None"):
        resolve(rate_limit=rate_limit)
    assert resolve(rate_limit=None).rate_limit is None


@pytest.mark.parametrize("figures", [{"per_minute": 0}, {"per_second": 0}, {"per_minute": 1.5}])
def test_a_rate_limit_allows_at_least_one_request(figures):
    with pytest.raises(InvalidArgumentError):
        RateLimit(**figures)


@pytest.mark.parametrize("timeout", [0, -1, "60", True, float("nan")])
def test_a_timeout_is_a_number_above_zero(timeout):
    with pytest.raises(InvalidArgumentError, match="timeout must be a number of seconds above 0"):
        resolve(timeout=timeout)


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
    found = resolve(timeout=timeout)
    assert (found.timeout, found.seconds, found.connect_seconds) == (timeout, seconds, connect_seconds)


@pytest.mark.parametrize(
    ("headers", "sentence"),
    [
        ({"X Y": "hunter2"}, "which is no name of a header"),
        ({"X-Y": "hunter2\r\nHost: x"}, "X-Y must be a string of printable ASCII"),
        ({"authorization": "hunter2"}, "the API key is bearer_token"),
    ],
)
def test_headers_that_cannot_be_sent_are_refused_and_not_shown(headers, sentence):
    with pytest.raises(InvalidArgumentError, match=sentence) as caught:
        resolve(default_headers=headers)
    assert "hunter2" not in str(caught.value)


def test_query_parameters_are_written_as_the_api_reads_them():
    assert resolve(default_query={"a": True, "b": 1, "c": "x"}).query == {"a": "true", "b": "1", "c": "x"}
    with pytest.raises(InvalidArgumentError, match="default_query: 'a' must be"):
        resolve(default_query={"a": None})


def test_the_log_is_written_where_the_environment_asks_for_it():
    code = """
import logging, dodo_licenses
dodo_licenses.DodoPayments()
logging.getLogger("dodo_licenses").info("once")
logging.getLogger("dodo_licenses").debug("never")
logging.getLogger("another").info("never")
"""
    command = [sys.executable, "-c", code]
    done = subprocess.run(
        command, env={**os.environ, "DODO_PAYMENTS_LOG": " Info "}, capture_output=True, text=True, check=True
    )
    (line,) = done.stderr.splitlines()
    assert line.endswith("dodo_licenses INFO once")
    with pytest.raises(InvalidArgumentError, match="must be 'debug' or 'info', not 'loud'"):
        resolve(variables={"DODO_PAYMENTS_LOG": "loud"})
