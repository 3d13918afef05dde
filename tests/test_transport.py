"""The wire: what is sent, what is told of it, and how many may use one client at once."""

from __future__ import annotations

import asyncio
import json
import logging
import threading
import time
import traceback
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import misbehaving as m
import pytest

from dodo_licenses import (
    APIStatusError,
    APITimeoutError,
    AsyncDodoPayments,
    DodoPayments,
    DodoPaymentsError,
    InternalServerError,
    InvalidArgumentError,
    PermissionDeniedError,
    ProductMismatchError,
    RateLimit,
    RateLimitError,
)

SECRET = "sk_live_very_secret"


@pytest.fixture
def settings():
    return {"bearer_token": SECRET, "rate_limit": None}


def activate(client, **more):
    return client.licenses.activate(license_key="DEMO-1", name="laptop", **more)


def deactivate(client):
    return client.licenses.deactivate(license_key="DEMO-1", license_key_instance_id="lki_1")


def test_the_api_key_goes_to_the_merchant_s_operations_only(face, settings):
    with m.MisbehavingServer() as server, face.client(base_url=server.base_url, **settings) as client:
        client.license_keys.retrieve("lic_1")
        activate(client)
        client.licenses.validate(license_key="DEMO-1")
        deactivate(client)
    sent = [headers.get("authorization") for _, _, headers in server.requests]
    assert sent == [f"bearer {SECRET}".lower(), None, None, None]


def test_the_public_operations_need_no_api_key(face):
    with m.MisbehavingServer() as server, face.client(base_url=server.base_url) as client:
        assert activate(client).id == "lki_1"
        assert client.licenses.validate(license_key="DEMO-1").valid is True
        assert deactivate(client) is None


def test_the_merchant_s_operations_say_what_to_set_and_send_nothing(face):
    with m.MisbehavingServer() as server, face.client(base_url=server.base_url) as client:
        with pytest.raises(InvalidArgumentError, match="set DODO_PAYMENTS_API_KEY, or pass bearer_token"):
            client.license_keys.retrieve("lic_1")
    assert server.requests == []


def test_requests_say_who_sends_them(face, settings):
    with m.MisbehavingServer() as server, face.client(base_url=server.base_url, **settings) as client:
        client.license_keys.retrieve("lic_1")
    headers = server.requests[0][2]
    assert headers["user-agent"].startswith("dodo-licenses/0.")
    assert headers["accept"] == "application/json"


def test_the_log_tells_each_attempt_and_no_secret(face, settings, caplog):
    caplog.set_level(logging.DEBUG, logger="dodo_licenses")
    with (
        m.MisbehavingServer(m.failure(500)) as server,
        face.client(base_url=server.base_url, **settings) as client,
    ):
        list(client.license_keys.list(customer_id="cus_in_query"))
        activate(client)
    ours = [r.getMessage() for r in caplog.records if r.name == "dodo_licenses"]
    assert [line.partition(" in ")[0] for line in ours] == [
        "GET /license_keys: 500",
        "GET /license_keys: 200",
        "POST /licenses/activate: 201",
    ]
    assert [line[-11:] for line in ours] == ["(attempt 1)", "(attempt 2)", "(attempt 1)"]
    assert not any(secret in line for line in ours for secret in (SECRET, "cus_in_query", "DEMO-1"))


def test_no_logger_of_any_library_shows_the_api_key(face, settings, caplog):
    caplog.set_level(logging.DEBUG)
    with (
        m.MisbehavingServer(m.failure(500), m.reset, m.failure(401)) as server,
        face.client(base_url=server.base_url, **settings) as client,
        pytest.raises(DodoPaymentsError),
    ):
        client.license_keys.retrieve("lic_1")
    assert len(caplog.records) > 3
    assert SECRET not in caplog.text


@pytest.mark.parametrize("fault", [m.failure(401), m.reset, m.HTML], ids=["401", "reset", "html"])
def test_neither_errors_nor_their_tracebacks_nor_reprs_show_the_api_key(face, settings, fault):
    with (
        m.MisbehavingServer(*[fault] * 9) as server,
        face.client(base_url=server.base_url, max_retries=0, **settings) as client,
    ):
        with pytest.raises(DodoPaymentsError) as caught:
            client.license_keys.retrieve("lic_1")
        shown = "".join(traceback.format_exception(caught.value))
        shown += repr(client) + repr(client.license_keys) + repr(client.license_keys.list())
        assert SECRET not in shown + repr(vars(caught.value))


@pytest.mark.parametrize("max_retries", [0, 1, 3])
def test_retries_are_counted_for_the_client_and_for_one_call(face, settings, max_retries):
    with (
        m.MisbehavingServer(*[m.failure(503)] * 99) as server,
        face.client(base_url=server.base_url, max_retries=max_retries, **settings) as client,
    ):
        with pytest.raises(InternalServerError):
            client.license_keys.retrieve("lic_1")
        assert len(server.requests) == max_retries + 1
        with pytest.raises(InternalServerError):
            client.with_options(max_retries=0).license_keys.retrieve("lic_1")
        assert len(server.requests) == max_retries + 2


def test_a_call_may_have_a_time_out_of_its_own(face, settings):
    with (
        m.MisbehavingServer(m.stall) as server,
        face.client(base_url=server.base_url, **settings) as client,
    ):
        with pytest.raises(APITimeoutError, match=r"did not answer in 0\.3 s"):
            client.with_options(timeout=0.3).license_keys.retrieve("lic_1")
        assert client.license_keys.retrieve("lic_1").id == "lic_1"


@pytest.mark.parametrize("bad", [{"timeout": 0}, {"max_retries": -1}])
def test_options_are_checked_like_settings(face, settings, bad):
    with face.client(base_url="http://127.0.0.1:1", **settings) as client:
        with pytest.raises(InvalidArgumentError):
            client.with_options(**bad)


def test_the_time_out_covers_all_attempts_together(face, settings):
    slow = m.trickle(b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 4)  # 2 s each, and then the connection ends
    with (
        m.MisbehavingServer(*[slow] * 9) as server,
        face.client(base_url=server.base_url, timeout=3, max_retries=9, **settings) as client,
    ):
        began = time.monotonic()
        with pytest.raises(APITimeoutError):
            client.license_keys.retrieve("lic_1")
        assert time.monotonic() - began < 3.5


def test_without_retries_a_429_is_told_at_once(face, settings):
    with (
        m.MisbehavingServer(m.failure(429, "TOO_MANY_REQUESTS", Retry_After="60")) as server,
        face.client(base_url=server.base_url, max_retries=0, **settings) as client,
        pytest.raises(RateLimitError) as caught,
    ):
        client.license_keys.retrieve("lic_1")
    assert caught.value.code == "TOO_MANY_REQUESTS"


def test_a_429_makes_every_request_of_the_client_wait():
    refused = m.failure(429, Retry_After="1")
    with (
        m.MisbehavingServer(refused) as server,
        DodoPayments(base_url=server.base_url, bearer_token=SECRET) as client,
        ThreadPoolExecutor(5) as pool,
    ):
        first = pool.submit(client.license_keys.retrieve, "lic_first")
        while not server.requests:
            time.sleep(0.01)
        time.sleep(0.1)
        began = time.monotonic()
        others = [pool.submit(client.license_keys.retrieve, "lic_other") for _ in range(4)]
        time.sleep(0.5)
        assert len(server.requests) == 1
        assert {f.result().id for f in [first, *others]} == {"lic_1"}
        assert 0.7 < time.monotonic() - began < 1.5


def test_requests_keep_to_the_rate_limit(face):
    with (
        m.MisbehavingServer() as server,
        face.client(
            base_url=server.base_url, bearer_token=SECRET, rate_limit=RateLimit(per_minute=100, per_second=3)
        ) as client,
    ):
        began = time.monotonic()
        for _ in range(7):
            client.license_keys.retrieve("lic_1")
        assert 2.1 < time.monotonic() - began < 2.6


class TestDeactivation:
    def test_a_lost_answer_followed_by_nothing_found_is_success(self, face, settings):
        script = (m.reset, m.failure(403))
        with (
            m.MisbehavingServer(*script) as server,
            face.client(base_url=server.base_url, **settings) as client,
        ):
            assert deactivate(client) is None
        assert len(server.requests) == 2

    def test_one_that_never_existed_is_an_error(self, face, settings):
        with (
            m.MisbehavingServer(m.failure(403)) as server,
            face.client(base_url=server.base_url, **settings) as client,
            pytest.raises(PermissionDeniedError) as caught,
        ):
            deactivate(client)
        assert caught.value.may_have_been_done is False

    def test_nothing_found_after_an_attempt_that_never_arrived_is_an_error(self, face, settings):
        script = (m.failure(503), m.failure(403))
        with (
            m.MisbehavingServer(*script) as server,
            face.client(base_url=server.base_url, **settings) as client,
            pytest.raises(PermissionDeniedError),
        ):
            deactivate(client)


class TestSeats:
    def test_a_lost_answer_names_the_activation_to_look_for(self, face, settings):
        with (
            m.MisbehavingServer(m.reset) as server,
            face.client(base_url=server.base_url, **settings) as client,
            pytest.raises(DodoPaymentsError, match="'laptop' may have been made") as caught,
        ):
            activate(client)
        assert caught.value.activation_name == "laptop"
        assert len(server.requests) == 1

    @pytest.mark.parametrize("status", [403, 404, 422])
    def test_a_refusal_leaves_no_activation(self, face, settings, status):
        with (
            m.MisbehavingServer(m.failure(status)) as server,
            face.client(base_url=server.base_url, **settings) as client,
            pytest.raises(APIStatusError) as caught,
        ):
            activate(client)
        assert caught.value.activation_name is None

    def test_the_expected_product_is_activated(self, face, settings):
        with m.MisbehavingServer() as server, face.client(base_url=server.base_url, **settings) as client:
            assert activate(client, expect_product_id="pdt_1").product.product_id == "pdt_1"

    def test_another_product_s_seat_is_given_back(self, face, settings):
        with (
            m.MisbehavingServer() as server,
            face.client(base_url=server.base_url, **settings) as client,
            pytest.raises(ProductMismatchError, match="product pdt_1, not of yours") as caught,
        ):
            activate(client, expect_product_id="pdt_mine")
        assert (caught.value.product_id, caught.value.freed) == ("pdt_1", True)
        assert [path for _, path, _ in server.requests] == ["/licenses/activate", "/licenses/deactivate"]

    def test_a_seat_that_cannot_be_given_back_is_named(self, face, settings):
        script = (m.good("/licenses/activate"), m.failure(404))
        with (
            m.MisbehavingServer(*script) as server,
            face.client(base_url=server.base_url, **settings) as client,
            pytest.raises(ProductMismatchError, match="could not be released") as caught,
        ):
            activate(client, expect_product_id="pdt_mine")
        assert caught.value.freed is False
        assert caught.value.activation_name == "laptop"
        assert caught.value.license_key_instance_id == "lki_1"


def test_an_empty_id_reaches_no_other_operation(face, settings):
    with m.MisbehavingServer() as server, face.client(base_url=server.base_url, **settings) as client:
        for bad in ("", " ", ".", "..", "a/b", "a?b"):
            with pytest.raises(InvalidArgumentError, match="id must be an id"):
                client.license_keys.retrieve(bad)
            with pytest.raises(InvalidArgumentError, match="id must be an id"):
                client.license_key_instances.update(bad, name="x")
    assert server.requests == []


class Echo(BaseHTTPRequestHandler):
    """Gives back the id that was asked for."""

    protocol_version = "HTTP/1.1"

    def do_GET(self):
        key = m.KEY | {"id": self.path.rpartition("/")[2]}
        body = json.dumps(key).encode()
        self.wfile.write(f"HTTP/1.1 200 OK\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body)

    def log_message(self, *_):
        pass


class EchoServer(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 256


@pytest.fixture
def echo_url():
    server = EchoServer(("127.0.0.1", 0), Echo)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


def test_one_sync_client_serves_sixteen_threads(echo_url, settings):
    names = [f"lic_{n}" for n in range(800)]
    before = threading.active_count()
    with DodoPayments(base_url=echo_url, **settings) as client, ThreadPoolExecutor(16) as pool:
        found = [key.id for key in pool.map(client.license_keys.retrieve, names)]
    assert found == names
    assert threading.active_count() <= before + 16  # the server's own, for connections not yet seen closed


def test_a_closed_client_says_so_and_sends_nothing(face, settings):
    with m.MisbehavingServer() as server:
        with face.client(base_url=server.base_url, **settings) as client:
            client.close()
            client.close()
            with pytest.raises(DodoPaymentsError, match="this client is closed"):
                client.with_options(timeout=5).license_keys.retrieve("lic_1")
        assert server.requests == []


def test_an_async_client_in_another_event_loop_says_so(settings):
    with m.MisbehavingServer() as server:
        client = AsyncDodoPayments(base_url=server.base_url, **settings)
        with asyncio.Runner() as first, asyncio.Runner() as second:
            first.run(client.license_keys.retrieve("lic_1"))
            with pytest.raises(DodoPaymentsError, match="one event loop"):
                second.run(client.license_keys.retrieve("lic_1"))
            first.run(client.close())


FIRST_PAGE = m.answer(200, {"items": [m.KEY]})
WAITS = {
    "for a reply": (3, {}, [FIRST_PAGE, m.stall, m.stall]),
    "in the middle of a reply": (3, {}, [FIRST_PAGE, m.STALLED_BODY, m.STALLED_BODY]),
    "before another attempt": (3, {}, [FIRST_PAGE, *[m.failure(503, Retry_After=50)] * 2]),
    "for the rate limit": (1, {"rate_limit": RateLimit(per_minute=1)}, [FIRST_PAGE]),
}


@pytest.mark.parametrize("variable", ["HTTP_PROXY", "ALL_PROXY"])
def test_the_environment_s_proxy_is_used(face, settings, monkeypatch, variable):
    for name in ("NO_PROXY", "no_proxy", "http_proxy", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
    with m.MisbehavingServer() as proxy:
        monkeypatch.setenv(variable, proxy.base_url)
        with face.client(base_url="http://api.example.test", allow_http=True, **settings) as client:
            client.license_keys.retrieve("lic_1")
    assert proxy.requests[0][1] == "http://api.example.test/license_keys/lic_1"


def test_the_proxy_may_be_switched_off_for_a_host(face, settings, monkeypatch):
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    with m.MisbehavingServer() as server, face.client(base_url=server.base_url, **settings) as client:
        assert client.license_keys.retrieve("lic_1").id == "lic_1"
