"""`dodo-licenses contract`: check a server, or recorded traffic, against the vendor's documentation."""

from __future__ import annotations

import contextlib
import os
import secrets
import signal
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from dodo_licenses.contract.settings import Settings, WrongUseError, spec_file

if TYPE_CHECKING:
    from dodo_licenses.contract.report import Run

HERE = Path(__file__).parent
WRONG_USE, NOT_REACHED, INTERRUPTED = 2, 3, 130
_EXTRA = (
    "dodo_licenses_api",
    "hypothesis",
    "jsonschema_rs",
    "pytest",
    "requests",
    "schemathesis",
    "starlette",
    "uvicorn",
    "yaml",
)
_REPORTS = ("report.json", "junit.xml", "schemathesis*.json", "imported-*.txt", "sent-*.json")
_SECONDS = 2.0  # for the one request that tells whether there is a server, and whether it takes the API key


@click.group()
def contract() -> None:
    r"""Check servers and recorded traffic against the documentation.

    \b
    Examples:
      dodo-licenses contract run
      dodo-licenses contract run --base-url http://127.0.0.1:4010 -- -x -k paging
      dodo-licenses contract check recorded.har cassette.yaml
    """


@contract.command()
@click.option("--base-url", metavar="URL", default="", help="The server; a mock of its own if left out.")
@click.option(
    "--read-only", is_flag=True, help="Send nothing but GET and validate; the default for other machines."
)
@click.option("--write", is_flag=True, help="Import license keys on another machine, and change those.")
@click.option(
    "--customer", "customers", multiple=True, metavar="ID", help="Whom to import for; twice for two owners."
)
@click.option("--product", default="", metavar="ID", help="What to import license keys of.")
@click.option("--live", is_flag=True, help="With --write: live mode is meant.")
@click.option(
    "--subscription-key", default="", metavar="ID", help="A subscription's license key that may be changed."
)
@click.option(
    "--spec", type=click.Path(exists=True, dir_okay=False), help="Another OpenAPI file than the package's."
)
@click.option(
    "--grant", "grants", multiple=True, metavar="ID", help="An entitlement grant that may be changed."
)
@click.option(
    "--baseline", type=click.Path(dir_okay=False), help="Known disagreements, in Schemathesis' format."
)
@click.option("--baseline-update", is_flag=True, help="Take what disagrees into that file.")
@click.option("--seed", type=click.IntRange(0, 2**31 - 1), help="Repeat a run.")
@click.option("--out", default="build/contract", show_default=True, help="The folder for reports.")
@click.option(
    "--pause", type=click.FloatRange(0), help="Seconds between two requests; 0.65 for other machines."
)
@click.option(
    "--plan", is_flag=True, help="Say what would be sent and how long it takes, by a run on a mock."
)
@click.argument("pytest_options", nargs=-1, type=click.UNPROCESSED)
def run(pytest_options: tuple[str, ...], plan: bool, baseline_update: bool, **options: Any) -> None:
    """Check a server: its rules first, then everything that Schemathesis has.

    The API key is taken from the environment variable DODO_PAYMENTS_API_KEY. What follows `--` goes to pytest. Exit
    status: 0 agrees, 1 disagrees, 2 wrong use, 3 not reached or API key refused, 4 nothing could be judged.
    """
    baseline = options["baseline"]
    if baseline_update and not baseline:
        raise click.UsageError("--baseline-update needs --baseline")
    options |= {"seed": secrets.randbelow(10_000) if options["seed"] is None else options["seed"]}
    options |= {name: Path(options[name]).resolve() for name in ("out", "baseline", "spec") if options[name]}
    os.environ.update({f"CONTRACT_{name.upper()}": _as_text(value) for name, value in options.items()})
    os.environ["CONTRACT_RUN"] = secrets.token_hex(3)
    with _needing_the_extra():
        status = _started(list(pytest_options), baseline if baseline_update else None, plan=plan)
    click.get_current_context().exit(status)


def _as_text(value: object) -> str:
    if isinstance(value, tuple):
        return ",".join(value)
    return "1" if value is True else "" if value is None or value is False else str(value)


@contextlib.contextmanager
def _needing_the_extra() -> Iterator[None]:
    try:
        yield
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] not in _EXTRA:
            raise
        raise click.UsageError('this needs: pip install "dodo-licenses[contract]"') from None


def _started(pytest_options: list[str], update: str | None, *, plan: bool) -> int:
    try:
        settings = Settings.read()
        if plan:
            return _plan(settings)
        if settings.base_url:
            _reach(settings)
    except WrongUseError as sentence:
        return _complain(str(sentence), WRONG_USE)
    except ConnectionError as sentence:
        return _complain(str(sentence), NOT_REACHED)
    how = "reading only" if settings.read_only else "reading and writing"
    server = settings.base_url or "a mock"
    print(f"checking {server} against {settings.spec.name}, {how}, seed {settings.seed}", flush=True)
    return _run(settings, pytest_options, update)


def _run(settings: Settings, pytest_options: list[str], update: str | None) -> int:
    from dodo_licenses.contract.report import Run  # noqa: PLC0415 - imports pytest and Schemathesis

    settings.out.mkdir(parents=True, exist_ok=True)
    for name in _REPORTS:  # of a former run; whatever else is there is somebody's
        for left in settings.out.glob(name):
            left.unlink()
    found, began = Run(), time.monotonic()
    with _cleaned_up(settings), _ended_by_sigterm():
        ended = _pytest(settings, pytest_options, found)
    found.count(settings.out)
    found.write(settings.out, settings.seed)
    if ended == INTERRUPTED:
        return _complain("interrupted; what was imported is disabled", INTERRUPTED)
    if ended == WRONG_USE:
        return WRONG_USE
    print(f"{found.screen()}\n\n{found.verdict()} in {time.monotonic() - began:.0f} s, seed {settings.seed}")
    print(f"details: {_near(settings.out)}/report.json, junit.xml, schemathesis.json")
    if update is not None:
        found.update(Path(update))
    if os.environ.get("GITHUB_ACTIONS") == "true":
        found.tell_github()
    return found.status


def _pytest(settings: Settings, options: list[str], plugin: Run) -> int:
    """Run the rules; INTERRUPTED or WRONG_USE where they didn't come to an end, else 0."""
    import pytest  # noqa: PLC0415 - not needed to complain

    status = pytest.main(
        [
            *("--pyargs", "dodo_licenses.contract", "-c", str(HERE / "contract.ini"), "--rootdir", str(HERE)),
            *("-q", "--no-header", "--no-summary", "--tb=no", "--disable-warnings", "-p", "no:cacheprovider"),
            *("--junitxml", str(settings.out / "junit.xml"), f"--hypothesis-seed={settings.seed}", *options),
        ],
        plugins=[plugin],
    )
    if status == pytest.ExitCode.INTERNAL_ERROR:
        plugin.broken.append("pytest, see above")
    codes = {pytest.ExitCode.INTERRUPTED: INTERRUPTED, pytest.ExitCode.USAGE_ERROR: WRONG_USE}
    return codes.get(pytest.ExitCode(status), 0)


def _plan(settings: Settings) -> int:
    """What a run would send: measured on a mock with 250 license keys."""
    from dodo_licenses.contract.report import Run  # noqa: PLC0415 - as above

    pause = settings.pause
    os.environ.update(
        CONTRACT_BASE_URL="",
        CONTRACT_PAUSE="",
        CONTRACT_READ_ONLY="1" if settings.read_only else "",
        CONTRACT_WRITE="",
        CONTRACT_FEW="1" if settings.few else "",
    )
    settings = replace(Settings.read(), out=settings.out / "plan")
    os.environ["CONTRACT_OUT"] = str(settings.out)
    settings.out.mkdir(parents=True, exist_ok=True)
    found = Run()
    with contextlib.redirect_stdout(sys.stderr):
        _pytest(settings, [], found)
    found.count(settings.out)
    total = sum(found.sent.values())
    print("what would be sent, measured on a mock with 250 license keys:")
    for operation, count in sorted(found.sent.items()):
        print(f"{count:7} {operation}")
    print(
        f"{total:7} requests, about {max(1, round(total * pause / 60))} minutes"
        if pause
        else f"{total:7} requests"
    )
    return 0


def _reach(settings: Settings) -> None:
    """One request within two seconds.

    Raises:
        ConnectionError: Nobody answers, or the API key is refused; says which.
    """
    import requests  # noqa: PLC0415 - as above

    said: list[int | Exception] = []

    def ask() -> None:
        headers = {"Authorization": f"Bearer {settings.api_key}"}
        try:
            with requests.Session() as session:
                session.trust_env = False
                url = f"{settings.base_url}/license_keys?page_size=1"
                said.append(
                    session.get(url, headers=headers, timeout=_SECONDS, allow_redirects=False).status_code
                )
        except requests.RequestException as error:
            said.append(error)

    asking = threading.Thread(target=ask, daemon=True)
    asking.start()
    asking.join(_SECONDS)
    if not said:
        raise ConnectionError(f"{settings.base_url} does not answer within {_SECONDS:.0f} seconds")
    if isinstance(said[0], requests.Timeout):
        raise ConnectionError(f"{settings.base_url} does not answer within {_SECONDS:.0f} seconds")
    if isinstance(said[0], requests.ConnectionError):
        raise ConnectionError(f"{settings.base_url} cannot be reached: is the server running?")
    if said[0] in (requests.codes.unauthorized, requests.codes.forbidden):
        raise ConnectionError(
            f"{settings.base_url} refuses the API key ({said[0]}): is DODO_PAYMENTS_API_KEY one of this environment?"
        )


@contextlib.contextmanager
def _cleaned_up(settings: Settings) -> Iterator[None]:
    """Whatever ends a run: what it imported, and is still noted, is disabled."""
    try:
        yield
    finally:
        if settings.base_url and not settings.read_only:
            from dodo_licenses.contract.imports import clean_up  # noqa: PLC0415 - as above

            if left := clean_up(settings):
                _complain(f"could not be disabled, please do it by hand: {', '.join(left)}", 1)


@contextlib.contextmanager
def _ended_by_sigterm() -> Iterator[None]:
    """SIGTERM ends a run as Ctrl-C does."""
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


@contract.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False))
@click.option(
    "--spec", type=click.Path(exists=True, dir_okay=False), help="Another OpenAPI file than the package's."
)
def check(files: tuple[str, ...], spec: str | None) -> None:
    """Check recorded traffic: HAR files, and cassettes of vcrpy. Nothing is sent.

    Exit status: 0 agrees, 1 disagrees, 2 wrong use, 4 none of it is the API's.
    """
    with _needing_the_extra():
        from dodo_licenses.contract.recorded import judge  # noqa: PLC0415 - imports Schemathesis
    try:
        status = judge([Path(file) for file in files], Path(spec) if spec else spec_file())
    except ValueError as error:
        raise click.UsageError(str(error)) from None
    click.get_current_context().exit(status)


def _near(path: Path) -> Path:
    with contextlib.suppress(ValueError):
        return path.relative_to(Path.cwd())
    return path


def _complain(sentence: str, status: int) -> int:
    print(f"dodo-licenses contract: {sentence}", file=sys.stderr)
    return status
