"""How both clients send: against servers that misbehave, in processes and event loops of all kinds."""

from __future__ import annotations

import asyncio
import gc
import logging
import os
import signal
import socket
import ssl
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from email.utils import formatdate
from types import SimpleNamespace

import anyio
import anyio.lowlevel
import httpx
import misbehaving as m
import pytest
import trio
import uvloop

from dodo_licenses import (
    APIConnectionError,
    APIStatusError,
    APITimeoutError,
    AsyncDodoPayments,
    DodoPayments,
    DodoPaymentsError,
    InternalServerError,
    InvalidArgumentError,
    NotFoundError,
    RateLimit,
    RateLimitError,
    ResponseValidationError,
)
from dodo_licenses._http import sync, threads
from dodo_licenses._http.wire import way_to
from dodo_licenses.mock import MockServer
from dodo_licenses.mock.limits import Limiter

SETTINGS = {"bearer_token": m.API_KEY, "rate_limit": None}


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch):
    for name in ("no_proxy", "http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)


@pytest.fixture
def pool():
    with ThreadPoolExecutor(100) as pool:
        yield pool


def activate(client):
    return client.licenses.activate(license_key="DEMO-1", name="laptop")


def retrieve(client):
    return client.license_keys.retrieve("lic_1")


async def retrieve_async(client):
    return (await retrieve(client)).id


def stands_in_line(client):
    """Whether a call waits for the time to send."""
    return any(line.turnstile.locked() for line in client._engine._lines.values())


def was_refused(client):
    return any(line.pace.paused_in_all for line in client._engine._lines.values())


def is_closed():
    return pytest.raises(DodoPaymentsError, match="this client is closed")


class Clock:
    """A clock that only sleeping moves, which takes no time."""

    now = 1000.0

    def sleep(self, seconds):
        self.now += seconds

    async def sleep_async(self, seconds):
        self.now += seconds


@pytest.fixture
def clock(monkeypatch):
    clock = Clock()
    monkeypatch.setattr(threads._Clock, "read", lambda: clock.now)
    monkeypatch.setattr(sync, "time", SimpleNamespace(**vars(time) | {"sleep": clock.sleep}))
    monkeypatch.setattr(anyio, "sleep", clock.sleep_async)
    return clock


class TestRateLimit:
    @pytest.mark.parametrize("asked", [None, "0", formatdate(0, usegmt=True), "1", "60", "soon"])
    def test_refused_for_ever_a_call_ends_within_twice_its_time(self, serve, clock, asked):
        refused = m.failure(429) if asked is None else m.failure(429, Retry_After=asked)
        server, client = serve(*[refused] * 20, timeout=5)
        with pytest.raises(RateLimitError):
            retrieve(client)
        assert clock.now <= 1010
        assert len(server.requests) < 8

    @pytest.mark.parametrize(
        ("timeout", "call"), [(5, lambda client: list(client.license_keys.list())), (None, retrieve)]
    )
    def test_a_page_of_a_listing_waits_two_minutes_and_so_does_a_call_without_a_time_out(
        self, serve, clock, timeout, call
    ):
        _, client = serve(*[m.failure(429, Retry_After="55")] * 2, timeout=timeout)
        call(client)
        assert 1110 <= clock.now <= 1120

    def test_who_stands_in_line_gives_up_as_well(self, serve, clock):
        server, client = serve(m.failure(429, Retry_After="60"), timeout=5)
        with pytest.raises(RateLimitError):
            retrieve(client)
        with pytest.raises(APITimeoutError, match="used up for longer than the 5 s") as caught:
            activate(client)
        assert (caught.value.may_have_been_done, len(server.requests), clock.now) == (False, 1, 1000)

    def test_behind_one_with_more_patience_as_well(self, serve, pool):
        server, client = serve(*[m.failure(429, Retry_After="60")] * 2)
        page = pool.submit(list, client.license_keys.list())
        m.until(lambda: server.requests and stands_in_line(client))
        with pytest.raises(APITimeoutError, match="used up"):
            retrieve(client.with_options(timeout=0.1))
        assert not page.done()
        client.close()

    @pytest.mark.parametrize(("limit", "is_refused"), [(RateLimit(), False), (None, True)])
    def test_a_whole_listing_comes_from_a_server_that_enforces_the_limit(
        self, face, clock, limit, is_refused
    ):
        refusals = []

        class Counting(Limiter):
            def admit(self, who):
                try:
                    super().admit(who)
                except Exception as refusal:
                    refusals.append(refusal)
                    raise

        with MockServer(keys=130, limiter=Counting(clock=lambda: clock.now)) as mock:
            with face.on(mock, rate_limit=limit) as client:
                assert len({key.id for key in client.license_keys.list(page_size=1)}) == 130
        assert bool(refusals) is is_refused
        assert 1060 < clock.now <= 1000 + 1.2 * 60

    def test_who_leaves_a_listing_holds_up_nobody(self, serve):
        pages = [m.answer(200, {"items": [m.KEY | {"id": f"lic_{n}"}]}) for n in range(200)]
        server, client = serve(*pages, rate_limit=RateLimit(per_minute=1000, per_second=2))
        for prefetch in (100, 0):
            next(iter(client.license_keys.list(page_size=1, prefetch=prefetch)))
        assert len(server.requests) < 20


class TestClose:
    def test_who_stands_in_line_for_a_client_that_is_closed_sends_nothing_more(self, serve, pool):
        server, client = serve(m.failure(429, Retry_After="60"), rate_limit=RateLimit(per_minute=1))
        waiting = [pool.submit(activate, client) for _ in range(3)]
        m.until(lambda: stands_in_line(client) and was_refused(client))
        client.close()
        for each in waiting:
            with is_closed() as caught:
                each.result(30)
            assert caught.value.activation_name is None
        with is_closed():
            retrieve(client.with_options(timeout=5))
        assert len(server.requests) == 1

    @pytest.mark.parametrize("begun", [b"", m._TOO_LONG + m._BODY], ids=["no reply", "half a reply"])
    def test_threads_that_wait_for_a_reply_get_a_sentence_and_the_name_of_an_activation(
        self, monkeypatch, pool, begun
    ):
        over = threading.Event()
        monkeypatch.setattr(httpx.HTTPTransport, "close", lambda _: None)  # nothing breaks, as with TLS

        def never_end(connection):  # not even when the client goes away
            connection.sendall(begun)
            over.wait(60)

        with m.MisbehavingServer(never_end, never_end) as server:
            client = DodoPayments(base_url=server.base_url, **SETTINGS)
            reading, activating = pool.submit(retrieve, client), pool.submit(activate, client)
            m.until(lambda: len(server.requests) == 2)
            client.close()
            errors = [each.exception(30) for each in (reading, activating)]
            over.set()
        assert ["this client is closed" in str(error) for error in errors] == [True, True]
        assert [error.activation_name for error in errors] == [None, "laptop"]

    def test_who_still_connects_to_a_client_that_is_closed_sends_nothing_more(self, serve, monkeypatch):
        look_up = socket.getaddrinfo

        def look_up_and_close(*args, **more):
            client.close()
            return look_up(*args, **more)

        server, _ = serve()
        _, client = serve(base_url=server.base_url.replace("127.0.0.1", "localhost"))
        monkeypatch.setattr(socket, "getaddrinfo", look_up_and_close)
        with is_closed():
            retrieve(client)
        m.until(lambda: all(each.fileno() == -1 for each in server._connections))
        assert server.requests == []


RUNNERS = {"asyncio": asyncio.run, "uvloop": uvloop.run, "trio": lambda call: trio.run(lambda: call)}


class Reply(httpx.SyncByteStream, httpx.AsyncByteStream):
    """The body of a reply, on whose closing something happens."""

    def __init__(self, closing, closing_async):
        self.close, self.aclose = closing, closing_async

    def __iter__(self):
        yield b"{}"

    async def __aiter__(self):
        yield b"{}"


class TestLoops:
    @pytest.mark.parametrize("run", RUNNERS.values(), ids=RUNNERS)
    # Python says of connections that their loop ended before they were closed, where it is asked to.
    @pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning", "ignore::ResourceWarning")
    def test_a_client_at_module_level_serves_one_loop_after_the_other(self, run):
        with m.MisbehavingServer() as server:
            client = AsyncDodoPayments(base_url=server.base_url, bearer_token=m.API_KEY)
            assert [run(retrieve_async(client)) for _ in range(3)] == ["lic_1"] * 3
            run(client.close())
            with is_closed():
                run(retrieve_async(client))
        gc.collect()  # here, where what Python says is ignored

    def test_a_second_loop_beside_the_first_gets_a_sentence(self):
        with m.MisbehavingServer() as server, asyncio.Runner() as first, asyncio.Runner() as second:
            client = AsyncDodoPayments(base_url=server.base_url, **SETTINGS)
            first.run(retrieve_async(client))
            for call in (retrieve_async(client), client.close()):
                with pytest.raises(DodoPaymentsError, match="event loop"):
                    second.run(call)
            assert first.run(retrieve_async(client)) == "lic_1"
            first.run(client.close())

    def test_cancelling_frees_the_connection_at_once(self):
        async def go(server):
            async with AsyncDodoPayments(base_url=server.base_url, **SETTINGS) as client:
                task = asyncio.create_task(retrieve_async(client))
                while not server.requests:  # noqa: ASYNC110 - the server runs in a thread
                    await asyncio.sleep(0.01)
                task.cancel()
                with pytest.raises(asyncio.CancelledError):
                    await task
                await retrieve_async(client)

        with m.MisbehavingServer(m.stall) as server:
            asyncio.run(go(server))
        assert server.connections == [0, 1]

    def test_cancelling_while_a_reply_is_closed_closes_it_all_the_same(self):
        async def close():
            with anyio.CancelScope(shield=True):  # as httpcore has it
                task.cancel()
                await anyio.lowlevel.checkpoint()
                closed.append(True)

        async def go():
            nonlocal task
            carrier = httpx.MockTransport(lambda _: httpx.Response(404, stream=Reply(None, close)))
            async with httpx.AsyncClient(transport=carrier) as http_client:
                client = AsyncDodoPayments(http_client=http_client, **SETTINGS)
                task = asyncio.create_task(retrieve_async(client))
                await asyncio.wait([task])

        task, closed = None, []
        asyncio.run(go())
        assert task.cancelled()
        assert closed == [True]

    def test_a_connection_that_breaks_as_a_reply_is_closed_is_no_error_of_the_call(self, face):
        def close():
            raise httpx.CloseError("broken")

        async def close_async():
            close()

        carrier = httpx.MockTransport(lambda _: httpx.Response(404, stream=Reply(close, close_async)))
        with face.client(http_client=face.http_client(transport=carrier), **SETTINGS) as client:
            with pytest.raises(NotFoundError):
                retrieve(client)


def in_child(call):
    """What a call returns or raises in a forked process, as text."""
    read, write = os.pipe()
    if (child := os.fork()) == 0:
        signal.alarm(30)
        try:
            said = call()
        except BaseException as error:  # noqa: BLE001 - nothing may go on from here
            said = error
        os.write(write, str(said).encode())
        os._exit(0)
    os.waitpid(child, 0)
    os.close(write)
    with os.fdopen(read) as pipe:
        return pipe.read()


@pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")
class TestFork:
    def test_a_child_has_connections_a_pace_and_a_lock_of_its_own(self, pool):
        with m.MisbehavingServer() as server:
            client = DodoPayments(
                base_url=server.base_url, bearer_token=m.API_KEY, rate_limit=RateLimit(per_minute=1)
            )
            retrieve(client)
            in_line = pool.submit(retrieve, client)  # its thread holds the lock, and is not in the child
            m.until(lambda: stands_in_line(client))
            assert in_child(lambda: retrieve(client).id) == "lic_1"
            client.close()
            assert isinstance(in_line.exception(30), DodoPaymentsError)
        assert server.connections == [0, 1]

    def test_a_child_of_an_async_client_as_well(self):
        async def twice():
            return await retrieve_async(client) + await retrieve_async(client)

        with m.MisbehavingServer() as server, asyncio.Runner() as runner:
            client = AsyncDodoPayments(
                base_url=server.base_url, bearer_token=m.API_KEY, rate_limit=RateLimit(per_minute=2)
            )
            runner.run(retrieve_async(client))
            assert in_child(lambda: asyncio.run(twice())) == "lic_1lic_1"
            runner.run(retrieve_async(client))
            runner.run(client.close())
        assert server.connections == [0, 1, 1, 0]

    def test_a_closed_client_is_closed_in_a_child_and_an_http_client_stays_in_its_process(self):
        with m.MisbehavingServer() as server, httpx.Client() as http_client:
            theirs = DodoPayments(base_url=server.base_url, http_client=http_client, **SETTINGS)
            retrieve(theirs)
            assert "http_client of your own cannot be shared" in in_child(lambda: retrieve(theirs))
            theirs.close()
            assert "this client is closed" in in_child(lambda: retrieve(theirs))


class TestTime:
    def test_a_connection_that_died_without_a_sign_costs_half_the_time_and_others_like_it_none(
        self, serve, pool
    ):
        meet = threading.Barrier(3, timeout=30)

        def together(connection):
            meet.wait()
            return m.good("/license_keys/lic_1")(connection)

        server, client = serve(*[together] * 3, timeout=4, max_retries=1)
        list(pool.map(retrieve, [client] * 3))
        server.forget_connections()
        assert retrieve(client).id == "lic_1"
        assert sorted(server.connections[:3]) == [0, 1, 2]
        assert server.connections[4:] == [3]

    def test_what_could_not_connect_was_not_carried_out(self, serve):
        with m.deaf_port("127.0.0.1") as port:
            _, client = serve(base_url=f"http://127.0.0.1:{port}", timeout=0.2)
            with pytest.raises(APITimeoutError, match=r"could not be connected to in 0\.2 s") as caught:
                activate(client)
        assert (caught.value.may_have_been_done, caught.value.activation_name) == (False, None)

    def test_dead_addresses_share_the_time(self, serve, monkeypatch):
        hosts = [f"127.0.0.{n}" for n in range(1, 61)]
        with m.deaf_port(*hosts) as port:
            found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (host, port)) for host in hosts]
            monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: found)
            _, client = serve(base_url=f"http://localhost:{port}", timeout=0.5)
            began = time.monotonic()
            with pytest.raises(APITimeoutError):
                retrieve(client)
            assert time.monotonic() - began < 15  # one after the other, 30

    def test_a_name_that_is_looked_up_for_ever_does_not_hold_a_call(self, serve, monkeypatch):
        answered = threading.Event()
        monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: answered.wait(60) and [])
        _, client = serve(base_url="http://localhost:1", timeout=0.2)
        with pytest.raises(APITimeoutError):
            retrieve(client)
        assert not answered.is_set()
        answered.set()

    def test_the_last_answer_is_what_is_raised(self, serve, clock):
        def until_it_is_over(connection):
            clock.now += 5
            return m.reset(connection)

        server, client = serve(m.failure(500), until_it_is_over, timeout=4, max_retries=100)
        with pytest.raises(InternalServerError):
            retrieve(client)
        assert len(server.requests) == 2

    @pytest.mark.parametrize("timeout", [None, float("inf"), 1e10, httpx.Timeout(None)])
    def test_a_time_out_of_any_length_can_be_kept(self, serve, timeout):
        _, client = serve(m.failure(503), timeout=timeout)
        assert retrieve(client).id == "lic_1"

    def test_retries_and_time_out_may_be_those_of_a_twin(self, serve):
        server, client = serve(*[m.failure(503)] * 3, m.stall, max_retries=1)
        for twin, requests in ((client, 2), (client.with_options(max_retries=0), 3)):
            with pytest.raises(InternalServerError):
                retrieve(twin)
            assert len(server.requests) == requests
        with pytest.raises(APITimeoutError, match=r"did not answer in 0\.3 s"):
            retrieve(client.with_options(timeout=0.3, max_retries=0))


class TestBodies:
    @pytest.mark.parametrize("fault", [m.GZIP_BOMB, m.ENDLESS], ids=["bomb", "endless"])
    def test_a_body_is_read_up_to_a_bound(self, serve, fault):
        server, client = serve(fault)
        with pytest.raises(ResponseValidationError, match="longer than 32 MiB"):
            retrieve(client)
        assert server.requests[0][2]["accept-encoding"] == "identity"

    def test_gzip_that_nobody_asked_for_is_unpacked_and_nothing_else(self, serve):
        packed, refused = (m.answer(status, b"?", Content_Encoding="br") for status in (200, 404))
        _, client = serve(m.GZIP_NOT_ASKED_FOR, packed, refused)
        assert retrieve(client).id == "lic_1"
        with pytest.raises(ResponseValidationError, match="not JSON"):
            retrieve(client)
        with pytest.raises(NotFoundError):
            retrieve(client)


class TestWay:
    def test_loopback_is_never_proxied(self, serve, monkeypatch):
        with m.MisbehavingServer() as proxy:
            monkeypatch.setenv("HTTP_PROXY", proxy.base_url)
            monkeypatch.setenv("ALL_PROXY", proxy.base_url)
            server, client = serve()
            retrieve(client)
            retrieve(serve(base_url=server.base_url.replace("127.0.0.1", "localhost"))[1])
        assert (len(server.requests), proxy.requests) == (2, [])

    @pytest.mark.parametrize(("address", "is_loopback"), [("127.0.0.2", True), ("10.0.0.1", False)])
    def test_a_name_below_localhost_is_loopback_where_it_resolves_to_it(
        self, monkeypatch, address, is_loopback
    ):
        monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: [(0, 0, 0, "", (address, 0))])
        monkeypatch.setenv("HTTP_PROXY", "http://proxy.example.test")
        assert (way_to("http://mock.localhost:4010")["proxy"] is None) is is_loopback
        with ExitStack() as stack:
            if not is_loopback:
                stack.enter_context(pytest.raises(InvalidArgumentError, match="plain http"))
            DodoPayments(base_url="http://mock.localhost:4010")

    @pytest.mark.parametrize("variable", ["HTTP_PROXY", "ALL_PROXY"])
    @pytest.mark.parametrize("scheme", ["http://", ""])
    def test_the_environment_s_proxy_is_used(self, serve, monkeypatch, variable, scheme):
        with m.MisbehavingServer() as proxy:
            monkeypatch.setenv(variable, proxy.base_url.replace("http://", scheme))
            retrieve(serve(base_url="http://api.example.test", allow_http=True)[1])
        assert proxy.requests[0][1] == "http://api.example.test/license_keys/lic_1"

    @pytest.mark.parametrize("scheme", ["http", "socks5"])
    # Python says of the sockets that httpx leaves it, where a SOCKS proxy said something wrong.
    @pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning", "ignore::ResourceWarning")
    @pytest.mark.parametrize("fault", [m.reset, m.stall, m.failure(502)], ids=["reset", "nothing", "502"])
    def test_what_a_proxy_did_not_connect_was_not_carried_out(self, serve, monkeypatch, scheme, fault):
        with m.MisbehavingServer(fault) as proxy:
            if scheme == "socks5":
                monkeypatch.setattr(m, "_read_request", lambda connection: (connection.recv(9), "/", {}, b""))
            monkeypatch.setenv("HTTPS_PROXY", proxy.base_url.replace("http", scheme))
            _, client = serve(base_url="https://api.example.test", timeout=0.2, max_retries=0)
            with pytest.raises(APIConnectionError) as caught:
                activate(client)
        assert (caught.value.may_have_been_done, caught.value.activation_name) == (False, None)
        gc.collect()  # here, where what Python says is ignored

    def test_the_proxy_may_be_switched_off_for_a_host(self, monkeypatch):
        monkeypatch.setenv("HTTPS_PROXY", "http://proxy.example.test")
        monkeypatch.setenv("NO_PROXY", "api.example.test")
        assert way_to("https://api.example.test")["proxy"] is None
        assert way_to("https://other.example.test")["proxy"] is not None

    @pytest.mark.parametrize("client", [DodoPayments, AsyncDodoPayments])
    @pytest.mark.parametrize(
        ("variable", "value", "sentence"),
        [
            ("ALL_PROXY", "socks5://me:hunter2@proxy.local:1080", r"needs: pip install .httpx\[socks\]"),
            ("HTTPS_PROXY", "http://me:hunter2#x@proxy.local:3128", "HTTPS_PROXY, ALL_PROXY. is no address"),
            ("HTTPS_PROXY", "ftp://me:hunter2@proxy.local", "HTTPS_PROXY, ALL_PROXY. is no address"),
            ("SSL_CERT_FILE", "/nowhere/hunter2.pem", "SSL_CERT_FILE, SSL_CERT_DIR"),
        ],
    )
    def test_what_cannot_be_used_is_named_without_a_password(
        self, monkeypatch, client, variable, value, sentence
    ):
        monkeypatch.setenv(variable, value)
        monkeypatch.setitem(sys.modules, "socksio", None)  # as where it is not installed
        with pytest.raises(InvalidArgumentError, match=sentence) as caught:
            client()
        assert "hunter2" not in f"{caught.value} {caught.value.__cause__!r} {caught.value.__context__!r}"

    def test_certificates_are_read_where_there_is_tls_and_nobody_is_trusted_where_there_is_none(self):
        assert way_to("https://live.dodopayments.com")["verify"].cert_store_stats()["x509_ca"] > 0
        context = way_to("http://127.0.0.1:4010")["verify"]
        assert (context.verify_mode, context.cert_store_stats()["x509_ca"]) == (ssl.CERT_REQUIRED, 0)

    def test_a_base_url_is_kept_as_it_is_written(self, serve):
        server, _ = serve(otherwise=lambda _: m.answer(200, m.KEY))
        retrieve(serve(base_url=f"{server.base_url}/a%2Fb%3F%C3%A9/")[1])
        assert server.requests[0][1] == "/a%2Fb%3F%C3%A9/license_keys/lic_1"


class TestHttpClient:
    def test_it_carries_the_requests_with_its_headers_and_nothing_else_of_its_own(self, face, serve):
        headers = {"X-Team": "a", "Authorization": "Bearer other"}
        theirs = face.http_client(headers=headers, auth=("me", "pw"), follow_redirects=True)
        elsewhere, _ = serve()
        moved = m.answer(307, Location=f"{elsewhere.base_url}/license_keys/lic_1", Set_Cookie="a=b")
        more = {
            "default_headers": {"X-Trace": "1"},
            "default_query": {"tenant": 7, "all": True},
            "http_client": theirs,
        }
        server, client = serve(moved, **more)
        with pytest.raises(APIStatusError):
            retrieve(client)
        activate(client)
        retrieve(client)
        face.close(theirs)
        with is_closed():
            retrieve(client)
        names = ("authorization", "x-team", "x-trace", "cookie")
        sent = [[headers.get(name) for name in names] for _, _, headers in server.requests]
        assert all(target.endswith("?tenant=7&all=true") for _, target, _ in server.requests)
        ours = [f"Bearer {m.API_KEY}", "a", "1", None]
        assert sent == [ours, [None, "a", "1", None], ours]
        assert elsewhere.requests == []

    @pytest.mark.parametrize("nowhere", ["javascript:alert(1)", "http://a:b", "http://[", "?" + "x" * 70_000])
    def test_a_redirect_to_no_address_is_an_error_of_ours(self, face, nowhere):
        carrier = httpx.MockTransport(lambda _: httpx.Response(307, headers={"Location": nowhere}))
        http_client = face.http_client(transport=carrier)
        with face.client(http_client=http_client, max_retries=0, **SETTINGS) as client:
            with pytest.raises((APIStatusError, APIConnectionError)) as caught:
                retrieve(client)
        assert caught.value.is_unavailable

    @pytest.mark.parametrize("fault", [m.TRICKLED_BODY, m.stall], ids=["trickled", "nothing"])
    def test_the_time_out_holds_between_reads(self, face, serve, fault):
        _, client = serve(fault, timeout=0.2, http_client=face.http_client(), max_retries=0)
        with pytest.raises(APITimeoutError):
            retrieve(client)

    def test_async_it_holds_where_its_transport_hangs(self):
        async def hang(_):
            await anyio.sleep(20)
            ended.append(True)

        async def go():
            async with httpx.AsyncClient(transport=httpx.MockTransport(hang)) as theirs:
                await retrieve(AsyncDodoPayments(http_client=theirs, timeout=0.1, max_retries=0, **SETTINGS))

        ended = []
        with pytest.raises(APITimeoutError):
            asyncio.run(go())
        assert not ended


class TestSecrets:
    def test_no_logger_shows_it_and_ours_reports_each_attempt(self, serve, caplog):
        caplog.set_level(logging.DEBUG)
        _, client = serve(m.failure(500), m.reset)
        list(client.license_keys.list(customer_id="cus_in_query"))
        activate(client)
        ours = [(r.levelname, r.getMessage()) for r in caplog.records if r.name == "dodo_licenses"]
        assert [(level, line.partition(" in ")[0], line[-11:]) for level, line in ours] == [
            ("INFO", "GET /license_keys: 500", "(attempt 1)"),
            ("INFO", "GET /license_keys: ReadError", "(attempt 2)"),
            ("DEBUG", "GET /license_keys: 200", "(attempt 3)"),
            ("DEBUG", "POST /licenses/activate: 201", "(attempt 1)"),
        ]
        assert m.API_KEY not in caplog.text
        assert not any(secret in line for _, line in ours for secret in ("cus_in_query", "DEMO-1"))
