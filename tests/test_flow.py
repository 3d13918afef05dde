from __future__ import annotations

import asyncio
import inspect

import pytest

from dodo_licenses import DodoPaymentsError
from dodo_licenses._flow import AsyncFace, Reply, Request, SyncFace, operation


def request(path):
    return Request(operation="op", method="GET", path=path)


def reply(content=b""):
    return Reply(status_code=200, headers={}, content=content, server="mock")


class Operations:
    @operation
    @staticmethod
    def join(first, *, second="/b"):
        """Ask twice and join what came."""
        one = yield request(first)
        try:
            other = yield request(second)
        except DodoPaymentsError as error:
            return one.content + str(error).encode()
        return one.content + other.content


class Sync(Operations, SyncFace): ...


class Async(Operations, AsyncFace): ...


def echo(asked):
    if asked.path == "/lost":
        raise DodoPaymentsError("lost")
    return reply(asked.path.encode())


async def echo_async(asked):
    return echo(asked)


def run(kind, *args, **kwargs):
    if kind is Sync:
        return Sync(echo).join(*args, **kwargs)
    return asyncio.run(Async(echo_async).join(*args, **kwargs))


@pytest.mark.parametrize("kind", [Sync, Async])
def test_one_flow_serves_both_faces(kind):
    assert run(kind, "/a") == b"/a/b"


@pytest.mark.parametrize("kind", [Sync, Async])
def test_a_flow_may_handle_what_sending_raised(kind):
    assert run(kind, "/a", second="/lost") == b"/alost"


@pytest.mark.parametrize("kind", [Sync, Async])
def test_what_a_flow_does_not_handle_reaches_the_caller(kind):
    with pytest.raises(DodoPaymentsError, match="lost"):
        run(kind, "/lost")


def test_on_the_class_it_is_the_bare_flow():
    flow = Operations.join("/a")
    assert next(flow).path == "/a"
    assert flow.send(reply(b"1")).path == "/b"
    with pytest.raises(StopIteration) as done:
        flow.send(reply(b"2"))
    assert done.value.value == b"12"


@pytest.mark.parametrize("kind", [Sync, Async])
def test_a_bound_operation_looks_like_what_was_written(kind):
    method = kind(echo).join
    assert method.__name__ == "join"
    assert method.__doc__ == "Ask twice and join what came."
    assert str(inspect.signature(method)) == "(first, *, second='/b')"


def test_query_and_body_are_not_in_a_request_s_repr():
    shown = repr(
        Request(
            operation="op", method="POST", path="/p", params={"q": "SECRET"}, json={"license_key": "SECRET"}
        )
    )
    assert "SECRET" not in shown
