"""Hold a server against openapi.yaml and the documentation: `make contract`.

Exit status: 0 where they agree, 1 where they don't, 2 for wrong use, 3 where the server can't be reached.
"""

from __future__ import annotations

import argparse
import contextlib
import ipaddress
import json
import logging
import os
import random
import shutil
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
sys.path.insert(0, str(HERE))

import httpx  # noqa: E402 - after the path
import report  # noqa: E402
import suite  # noqa: E402
from talk import Server  # noqa: E402

# On a mock nothing is secret but the API key, and a license key shown as [Filtered] could not be replayed.
FOR_A_MOCK = """
[output.sanitization]
keys-to-sanitize = ["authorization"]
sensitive-markers = ["authorization"]
"""
LIVE_HOST = "live.dodopayments.com"
LIVE_WORD = "this is live mode"
PAUSE = 0.7  # seconds between requests to an account: below 100 a minute


class WrongUse(Exception):  # noqa: N818 - a sentence for whoever called
    """The run can't be started like this."""


def arguments():
    parser = argparse.ArgumentParser(prog="make contract", description=__doc__.splitlines()[0])
    parser.add_argument("--base-url", default="", help="default: a mock of its own")
    parser.add_argument("--seed", type=int, default=None, help="repeat a run")
    parser.add_argument("--spec", type=Path, default=ROOT / "openapi.yaml")
    parser.add_argument("--out", type=Path, default=ROOT / "build" / "contract")
    parser.add_argument("--first", action="store_true", help="end with the first disagreement")
    parser.add_argument(
        "--stock", action="store_true", help="Schemathesis' own checks alone, without our rules"
    )
    return parser.parse_args()


def is_loopback(base_url):
    host = urlsplit(base_url).hostname or ""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def permission(base_url, environment):
    """Whether the suite may write there, by what the environment variables say.

    Against anything but loopback it only reads, unless CONTRACT_WRITE=1 and a customer and a product are given;
    live mode needs a further explicit word.
    """
    if is_loopback(base_url):
        return True
    live = urlsplit(base_url).hostname == LIVE_HOST
    if live and environment.get("CONTRACT_LIVE") != LIVE_WORD:
        raise WrongUse(f"{base_url} is live mode: set CONTRACT_LIVE='{LIVE_WORD}' if that is meant")
    if environment.get("CONTRACT_WRITE") != "1":
        return False
    if not environment.get("CONTRACT_CUSTOMER_ID") or not environment.get("CONTRACT_PRODUCT_ID"):
        raise WrongUse(
            "CONTRACT_WRITE=1 needs CONTRACT_CUSTOMER_ID and CONTRACT_PRODUCT_ID, to import keys for"
        )
    return True


def owner(base_url, api_key, environment):
    """The customer and the product to import keys for: those given, or on loopback those of a listed key."""
    given = (environment.get("CONTRACT_CUSTOMER_ID"), environment.get("CONTRACT_PRODUCT_ID"))
    if all(given):
        return given
    url = f"{base_url.rstrip('/')}/license_keys"
    reply = httpx.get(url, headers={"Authorization": f"Bearer {api_key}"}, timeout=20, trust_env=False)
    try:
        first = reply.json()["items"][0]
        return first["customer_id"], first["product_id"]
    except (ValueError, LookupError, TypeError):
        return ("cus_unknown", "pdt_unknown")  # what is wrong here will be told by the run


def reachable(base_url):
    try:
        httpx.get(base_url, timeout=10, trust_env=False)
    except httpx.TransportError as error:
        raise ConnectionError(f"{base_url} cannot be reached ({error}): is the server running?") from None


def judged(options, base_url, api_key, *, seed, read_only_api_key, owner):
    """The verdict of every rule on the server."""
    server = Server(
        base_url,
        api_key,
        seed=seed,
        spec=options.spec,
        pause=0.0 if is_loopback(base_url) else PAUSE,
        read_only_api_key=read_only_api_key or os.environ.get("CONTRACT_READ_ONLY_API_KEY"),
        owner=owner,
    )
    with contextlib.closing(server):
        verdicts = suite.judge_all(server, first=options.first)
    told = {
        "accepted": server.accepted,
        "refused": server.refused,
        "verdicts": [v.as_dict() for v in verdicts],
    }
    (options.out / "rules.json").write_text(json.dumps(told, indent=1))
    return verdicts


def schemathesis_command(options, base_url, seed):
    out, ours = options.out, is_loopback(base_url)
    config = (HERE / "schemathesis.toml").read_text()
    if options.stock:
        config = config.replace('hooks = "hooks"', "")
    (out / "schemathesis.toml").write_text(config + (FOR_A_MOCK if ours else ""))
    command = [
        *(sys.executable, "-m", "schemathesis.cli", "--config-file", str(out / "schemathesis.toml")),
        *("run", str(options.spec), "--url", base_url, "--seed", str(seed), "--no-color"),
        *("--report", "json,junit,html", "--report-json-path", str(out / "run.json")),
        *("--report-junit-path", str(out / "junit.xml"), "--report-html-path", str(out / "html")),
    ]
    if options.first:
        command += ["--max-failures", "1"]
    if not ours:
        # Generated requests that write would reach the keys of real customers; there, only the rules write.
        command += ["--include-method", "GET", "--max-examples", "5", "--phases", "examples,coverage,fuzzing"]
        command += ["--rate-limit", "90/m"]
    return command


def run(options, base_url, api_key, read_only_api_key=None):
    """One run; gives its exit status back."""
    writes = permission(base_url, os.environ)
    reachable(base_url)
    out = options.out
    shutil.rmtree(out, ignore_errors=True)
    out.mkdir(parents=True)
    seed = options.seed if options.seed is not None else random.SystemRandom().randrange(10_000)
    how = "reading and writing" if writes else "reading only"
    print(f"holding {base_url} against {options.spec.name}, {how}, SEED={seed}", flush=True)
    verdicts = []
    if not options.stock:
        whose = owner(base_url, api_key, os.environ) if writes else None
        verdicts = judged(
            options, base_url, api_key, seed=seed, read_only_api_key=read_only_api_key, owner=whose
        )
        if options.first and any(v.fails for v in verdicts):
            return report.show(out, seed, verdicts)
    environment = {**os.environ, "API_KEY": api_key, "CONTRACT_OUT": str(out), "PYTHONPATH": str(HERE)}
    with (out / "schemathesis.txt").open("w") as log:
        command = schemathesis_command(options, base_url, seed)
        status = subprocess.run(command, env=environment, stdout=log, stderr=log, check=False).returncode
    return report.show(out, seed, verdicts, status)


def main():
    options = arguments()
    api_key = os.environ.get("API_KEY", "")
    try:
        if options.base_url:
            return run(options, options.base_url, api_key)
        from dodo_licenses.mock import MockServer  # noqa: PLC0415 - not needed for another server

        with MockServer(api_key=api_key or "sk_test_mock", read_only_api_key="sk_test_read_only") as mock:
            logging.getLogger("uvicorn.error").setLevel(logging.ERROR)  # it gets requests that are no HTTP
            return run(options, mock.base_url, mock.api_key, "sk_test_read_only")
    except WrongUse as sentence:
        print(f"make contract: {sentence}", file=sys.stderr)
        return 2
    except ConnectionError as sentence:
        print(f"make contract: {sentence}", file=sys.stderr)
        return 3


if __name__ == "__main__":
    with contextlib.suppress(BrokenPipeError):
        try:
            sys.exit(main())
        except KeyboardInterrupt:
            print("make contract: interrupted", file=sys.stderr)
            sys.exit(130)
