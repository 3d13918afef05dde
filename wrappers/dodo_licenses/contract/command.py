"""`dodo-licenses contract`: check a server, or recorded traffic, against the vendor's documentation."""

from __future__ import annotations

import contextlib
import os
import secrets
import signal
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from dodo_licenses import _errors
from dodo_licenses._settings import API_KEY_VARIABLE
from dodo_licenses.contract.settings import FILE, OPTIONS, Settings

if TYPE_CHECKING:
    from dodo_licenses.contract.findings import Run

HERE = Path(__file__).parent
INTERRUPTED = 130
_REPORTS = ("report.json", "junit.xml", "schemathesis.json")
_SECONDS = 2  # for the one request that tells whether there is a server, and whether it takes the API key


class NotReachedError(click.ClickException):
    """There is no server, or it refuses the API key."""

    exit_code = 3


class _Group(click.Group):
    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except ModuleNotFoundError as error:
            needs = f'this needs {error.name}: pip install "dodo-licenses[contract]"'
            raise click.UsageError(needs) from None


@click.group(cls=_Group)
def contract() -> None:
    r"""Check servers and recorded traffic against the documentation.

    \b
    Examples:
      dodo-licenses contract run
      dodo-licenses contract run --base-url http://127.0.0.1:4010 -- -x -k paging
      dodo-licenses contract check recorded.har cassette.yaml
    """


@contract.command(params=[*OPTIONS])
@click.option("--baseline-update", is_flag=True, help="Take what disagrees into that file.")
@click.option(
    "--plan", is_flag=True, help="Say what would be sent and how long it takes, by a run on a mock."
)
@click.argument("pytest_options", nargs=-1, type=click.UNPROCESSED)
def run(pytest_options: tuple[str, ...], plan: bool, baseline_update: bool, **options: Any) -> None:
    """Check a server: its rules first, then everything that Schemathesis has.

    The API key is taken from the environment variable DODO_PAYMENTS_API_KEY. What follows `--` goes to pytest. Exit
    status: 0 agrees, 1 disagrees, 2 wrong use, 3 not reached or API key refused, 4 nothing could be judged.
    """
    if baseline_update and not options["baseline"]:
        raise click.UsageError("--baseline-update needs --baseline")
    options["seed"] = secrets.randbelow(10_000) if options["seed"] is None else options["seed"]
    _tell(options)
    settings = Settings.read()
    status = _plan(settings) if plan else _run(settings, pytest_options, update=baseline_update)
    click.get_current_context().exit(status)


def _tell(settings: Mapping[str, object]) -> None:
    """Put settings where pytest and its workers read them."""
    for name, value in settings.items():
        words = value if isinstance(value, tuple) else ("1",) if value is True else (value,)
        text = " ".join(str(word) for word in words if word not in (None, False))
        os.environ[f"CONTRACT_{name.upper()}"] = text


def _run(settings: Settings, pytest_options: tuple[str, ...], *, update: bool) -> int:
    from dodo_licenses.contract.findings import Run  # noqa: PLC0415 - imports pytest and Schemathesis

    if settings.base_url:
        _check_reach(settings)
    how = "reading only" if settings.read_only else "reading and writing"
    server = settings.base_url or "a mock"
    print(f"checking {server} against {settings.spec.name}, {how}, seed {settings.seed}", flush=True)
    settings.out.mkdir(0o700, parents=True, exist_ok=True)
    for name in _REPORTS:  # of a former run; whatever else is there is somebody's
        (settings.out / name).unlink(missing_ok=True)
    found, began = Run(), time.monotonic()
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # it ends a run as Ctrl-C does
    ended = _pytest(settings, pytest_options, found)
    found.write(settings.out, settings.seed)
    if ended:
        if ended == INTERRUPTED:
            click.echo("interrupted; what was imported is disabled", err=True)
        return ended
    print(f"{found.screen()}\n{found.verdict()} in {time.monotonic() - began:.0f} s, seed {settings.seed}")
    print(f"details: {settings.out}/{', '.join(_REPORTS)}")
    if update and settings.baseline is not None:
        found.accept(settings.baseline)
    if os.environ.get("GITHUB_ACTIONS") == "true":
        found.tell_github()
    return found.status


def _pytest(settings: Settings, options: tuple[str, ...], plugin: Run) -> int:
    """Run the rules; INTERRUPTED or 2 where they didn't come to an end, else 0."""
    import pytest  # noqa: PLC0415 - not needed to complain

    rules = ("--pyargs", "dodo_licenses.contract", "-c", str(HERE / "contract.ini"), "--rootdir", str(HERE))
    told = ("--junitxml", str(settings.out / "junit.xml"), f"--hypothesis-seed={settings.seed}")
    status = pytest.main([*rules, *told, *options], plugins=[plugin])
    if status == pytest.ExitCode.INTERNAL_ERROR:
        plugin.broken.append("pytest, see above")
    codes = {pytest.ExitCode.INTERRUPTED: INTERRUPTED, pytest.ExitCode.USAGE_ERROR: 2}
    return codes.get(pytest.ExitCode(status), 0)


def _plan(settings: Settings) -> int:
    """What a run would send: measured on a mock with 250 license keys."""
    from dodo_licenses.contract.findings import Run  # noqa: PLC0415 - as above

    told = {"base_url": "", "write": False, "read_only": settings.read_only, "few": settings.few}
    _tell({**told, "out": settings.out / "plan"})
    found = Run()
    with contextlib.redirect_stdout(sys.stderr):
        _pytest(Settings.read(), (), found)
    total = found.sent.total()
    minutes = f", about {max(1, round(total * settings.pause / 60))} minutes" if settings.pause else ""
    print("what would be sent, measured on a mock with 250 license keys:")
    print(*(f"{count:7} {operation}" for operation, count in sorted(found.sent.items())), sep="\n")
    print(f"{total:7} requests{minutes}")
    return 0


def _check_reach(settings: Settings) -> None:
    """See that the server answers one request within two seconds, and takes the API key."""
    from dodo_licenses import DodoPayments  # noqa: PLC0415 - help does without

    key, url = settings.api_key, settings.base_url
    try:
        with DodoPayments(bearer_token=key, base_url=url, timeout=_SECONDS, max_retries=0) as client:
            client.license_keys.with_raw_response.list(page_size=1)
    except (_errors.AuthenticationError, _errors.PermissionDeniedError) as error:
        status = error.status_code
        problem = f"refuses the API key ({status}): is {API_KEY_VARIABLE} one of this environment?"
    except _errors.APITimeoutError:
        problem = f"does not answer within {_SECONDS} seconds"
    except _errors.APIConnectionError:
        problem = "cannot be reached: is the server running?"
    except _errors.DodoPaymentsError:
        return  # for rules to judge
    else:
        return
    raise NotReachedError(f"{url} {problem}")


@contract.command(params=[option for option in OPTIONS if option.name == "spec"])
@click.argument("files", nargs=-1, required=True, type=FILE)
def check(files: tuple[Path, ...], spec: Path) -> None:
    """Check recorded traffic: HAR files, and cassettes of vcrpy. Nothing is sent.

    Exit status: 0 agrees, 1 disagrees, 2 wrong use, 4 none of it is the API's.
    """
    from dodo_licenses.contract.recorded import judge  # noqa: PLC0415 - imports Schemathesis

    try:
        status = judge(files, spec)
    except ValueError as error:
        raise click.UsageError(str(error)) from None
    click.get_current_context().exit(status)
