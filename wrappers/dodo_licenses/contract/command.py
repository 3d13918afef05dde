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
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from dodo_licenses._text import visible
from dodo_licenses.contract.settings import Settings, WrongUseError, spec_file

if TYPE_CHECKING:
    from dodo_licenses.contract.report import Run

HERE = Path(__file__).parent
WRONG_USE, NOT_REACHED, INTERRUPTED = 2, 3, 130
_EXTRA = ("hypothesis", "jsonschema_rs", "pytest", "requests", "schemathesis", "starlette", "uvicorn", "yaml")
_REPORTS = ("report.json", "junit.xml", "schemathesis.json")
_SECONDS = 2.0  # for the one request that tells whether there is a server, and whether it takes the API key
_FILE = click.Path(exists=True, dir_okay=False)
_SPEC = click.option("--spec", type=_FILE, help="Another OpenAPI file than the package's.")


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
@click.option("--read-only", is_flag=True, help="Send only GET and validate; other machines' default.")
@click.option("--write", is_flag=True, help="Import license keys on another machine, and change those.")
@click.option("--customer", "customers", multiple=True, metavar="ID", help="Whom to import for; better two.")
@click.option("--product", default="", metavar="ID", help="What to import license keys of.")
@click.option("--live", is_flag=True, help="With --write: live mode is meant.")
@click.option(
    "--subscription-key", default="", metavar="ID", help="A subscription's key that may be changed."
)
@click.option("--grant", "grants", multiple=True, metavar="ID", help="A grant that may be changed.")
@_SPEC
@click.option("--baseline", type=click.Path(dir_okay=False), help="Known disagreements, as Schemathesis has.")
@click.option("--baseline-update", is_flag=True, help="Take what disagrees into that file.")
@click.option("--seed", type=click.IntRange(0, 2**31 - 1), help="Repeat a run.")
@click.option("--out", default="build/contract", show_default=True, help="The folder for reports.")
@click.option("--pause", type=click.FloatRange(0), help="Seconds between requests; 0.65 for other machines.")
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
    options |= {name: Path(options[name]).resolve() for name in ("out", "baseline", "spec") if options[name]}
    options["run"] = secrets.token_hex(3)
    os.environ.update({f"CONTRACT_{name.upper()}": _as_text(value) for name, value in options.items()})
    with _needing_the_extra():
        try:
            settings = Settings.read()
        except WrongUseError as sentence:
            status = _complain(str(sentence), WRONG_USE)
        else:
            status = _plan(settings) if plan else _run(settings, pytest_options, update=baseline_update)
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


def _run(settings: Settings, pytest_options: tuple[str, ...], *, update: bool) -> int:
    from dodo_licenses.contract.report import Run  # noqa: PLC0415 - imports pytest and Schemathesis

    if settings.base_url and (sentence := _out_of_reach(settings)):
        return _complain(sentence, NOT_REACHED)
    how = "reading only" if settings.read_only else "reading and writing"
    server = settings.base_url or "a mock"
    print(f"checking {server} against {settings.spec.name}, {how}, seed {settings.seed}", flush=True)
    settings.out.mkdir(0o700, parents=True, exist_ok=True)
    for name in _REPORTS:  # of a former run; whatever else is there is somebody's
        (settings.out / name).unlink(missing_ok=True)
    found, began = Run(), time.monotonic()
    with _ended_by_sigterm():
        ended = _pytest(settings, pytest_options, found)
    found.write(settings.out, settings.seed)
    if ended:
        why = "interrupted; what was imported is disabled" if ended == INTERRUPTED else "see above"
        return _complain(why, ended)
    print(f"{found.screen()}\n\n{found.verdict()} in {time.monotonic() - began:.0f} s, seed {settings.seed}")
    print(f"details: {_near(settings.out)}/report.json, junit.xml, schemathesis.json")
    if update and settings.baseline is not None:
        found.update(settings.baseline)
    if os.environ.get("GITHUB_ACTIONS") == "true":
        found.tell_github()
    return found.status


def _pytest(settings: Settings, options: tuple[str, ...], plugin: Run) -> int:
    """Run the rules; INTERRUPTED or WRONG_USE where they didn't come to an end, else 0."""
    import pytest  # noqa: PLC0415 - not needed to complain

    rules = ("--pyargs", "dodo_licenses.contract", "-c", str(HERE / "contract.ini"), "--rootdir", str(HERE))
    told = ("--junitxml", str(settings.out / "junit.xml"), f"--hypothesis-seed={settings.seed}")
    status = pytest.main([*rules, *told, *options], plugins=[plugin])
    if status == pytest.ExitCode.INTERNAL_ERROR:
        plugin.broken.append("pytest, see above")
    codes = {pytest.ExitCode.INTERRUPTED: INTERRUPTED, pytest.ExitCode.USAGE_ERROR: WRONG_USE}
    return codes.get(pytest.ExitCode(status), 0)


def _plan(settings: Settings) -> int:
    """What a run would send: measured on a mock with 250 license keys."""
    from dodo_licenses.contract.report import Run  # noqa: PLC0415 - as above

    told = {"BASE_URL": "", "PAUSE": "", "WRITE": "", "OUT": str(settings.out / "plan")}
    told |= {"READ_ONLY": _as_text(settings.read_only), "FEW": _as_text(settings.few)}
    os.environ.update({f"CONTRACT_{name}": value for name, value in told.items()})
    found = Run()
    with contextlib.redirect_stdout(sys.stderr):
        _pytest(Settings.read(), (), found)
    print("what would be sent, measured on a mock with 250 license keys:")
    for operation, count in sorted(found.sent.items()):
        print(f"{count:7} {operation}")
    total = found.sent.total()
    minutes = f", about {max(1, round(total * settings.pause / 60))} minutes" if settings.pause else ""
    print(f"{total:7} requests{minutes}")
    return 0


def _out_of_reach(settings: Settings) -> str:
    """What keeps a server from answering one request within two seconds, or the API key from being taken."""
    import requests  # noqa: PLC0415 - as above

    found: list[requests.Response | requests.RequestException] = []

    def ask() -> None:
        headers = {"Authorization": f"Bearer {settings.api_key}"}
        url = f"{settings.base_url}/license_keys?page_size=1"
        try:
            with requests.Session() as session:
                session.trust_env = False
                found.append(session.get(url, headers=headers, timeout=_SECONDS, allow_redirects=False))
        except requests.RequestException as error:
            found.append(error)

    # In a thread, since looking a name up, or a reply that trickles, takes as long as it likes.
    asking = threading.Thread(target=ask, daemon=True)
    asking.start()
    asking.join(_SECONDS)
    if not found or isinstance(found[0], requests.Timeout):
        return f"{settings.base_url} does not answer within {_SECONDS:.0f} seconds"
    if isinstance(found[0], requests.ConnectionError):
        return f"{settings.base_url} cannot be reached: is the server running?"
    status = found[0].status_code if isinstance(found[0], requests.Response) else 0
    if status in (requests.codes.unauthorized, requests.codes.forbidden):
        whose = "is DODO_PAYMENTS_API_KEY one of this environment?"
        return f"{settings.base_url} refuses the API key ({status}): {whose}"
    return ""


@contextlib.contextmanager
def _ended_by_sigterm() -> Iterator[None]:
    """SIGTERM ends a run as Ctrl-C does."""
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


@contract.command()
@click.argument("files", nargs=-1, required=True, type=_FILE)
@_SPEC
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
    print(visible(f"dodo-licenses contract: {sentence}"), file=sys.stderr)
    return status
