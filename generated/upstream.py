"""Compare openapi.yaml with the vendor's newest SDK, and print what to edit: `make upstream`.

The SDK is installed into an environment of its own. What differs on purpose stands in upstream.toml with its
reason. Exit status: 0 where nothing else differs, 1 where something does, 2 where it cannot be installed.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tomllib
import venv
from collections.abc import Iterator, Mapping
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

import yaml

from dodo_licenses_api.operations import OPERATIONS
from spec_diff import Place, Places, Spec, operations

ROOT = Path(__file__).resolve().parents[1]
ENVIRONMENT = ROOT / "build" / "upstream"
# Of these resources and webhooks all is compared, of others what the spec has.
WHOLE = ("license_keys.", "license_key_instances.", "licenses.", "entitlements.grants.")
WHOLE += ("webhook license_key.", "webhook entitlement_grant.")
_NO_REPLY = {"required": True, "type": ["null"], "enum": [], "format": None}
Known = Mapping[str, Mapping[str, Any]]


def ours(spec: Spec) -> Iterator[tuple[str, Known]]:
    """Each operation and webhook by the SDK's name, and its places as vendor_sdk.py has them."""
    names = {f"{o.method} {o.path}": f"{o.tag}.{o.name}" for o in OPERATIONS.values()}
    for name, places in operations(spec):
        if name in names:
            deprecated = {"deprecated": bool(places[""].said["deprecated"])}
            yield names[name], {"": deprecated, "reply": _NO_REPLY, **dict(_places(places))}
        else:
            yield name, {k: _said(v) for k, v in places.items() if k.startswith("request")}


def _places(places: Places) -> Iterator[tuple[str, Mapping[str, Any]]]:
    success = next((where for where in places if where.startswith("reply 2")), "no reply")
    # The SDK's pages are of what is listed.
    success += ".items[]" if "parameter page_number" in places else ""
    for where, place in places.items():
        for ours_, theirs in (("parameter ", ""), ("request.", ""), (success, "reply")):
            if where.startswith(ours_) and ", header" not in where:
                yield theirs + where.removeprefix(ours_), _said(place)


def _said(place: Place) -> Mapping[str, Any]:
    said = place.said
    moment = "date-time" if said.get("format") == "date-time" else None
    kinds = sorted(said["type"]) or ["string"]  # of a constant, no type is said
    return {"required": said["required"], "type": kinds, "enum": sorted(said["enum"]), "format": moment}


def differences(mine: Mapping[str, Known], theirs: Mapping[str, Known]) -> Iterator[str]:
    """What to edit in the spec so that it says what the SDK does, a sentence each."""
    for name in mine.keys() | {name for name in theirs if name.startswith(WHOLE)}:
        if name not in theirs or name not in mine:
            yield f"{name}: {'add it, the SDK has it' if name in theirs else 'remove it, the SDK has it not'}"
            continue
        before, after = mine[name], theirs[name]
        for place in before.keys() | after.keys():
            where = f"{name} {place}".strip()
            if place not in before:
                yield f"{where}: add it, {_shown(after[place]['type'])}"
            elif place not in after:
                yield f"{where}: remove it, the SDK has it not"
            else:
                for key, value in after[place].items():
                    if before[place][key] != value:
                        yield f"{where}: {key} is {_shown(before[place][key])}, make it {_shown(value)}"


def _shown(value: object) -> str:
    return " or ".join(value) if isinstance(value, list) else str(value).lower()


def newest_sdk(resources: set[str]) -> dict[str, Any]:
    """What the newest published SDK knows of these resources, and of webhooks."""
    venv.create(ENVIRONMENT, with_pip=True)
    python = str(ENVIRONMENT / "bin" / "python")
    install = [python, "-m", "pip", "install", "--quiet", "--upgrade", "dodopayments"]
    subprocess.run(install, check=True, stdout=sys.stderr)
    reader = [python, str(ROOT / "generated" / "vendor_sdk.py"), *resources]
    found: dict[str, Any] = json.loads(subprocess.run(reader, check=True, stdout=subprocess.PIPE).stdout)
    return found


def report(found: list[str], explained: Mapping[str, str]) -> list[str]:
    """What is left to edit: the spec, or an explanation that nothing needs any more."""
    unneeded = [p for p in explained if not any(fnmatchcase(line, p) for line in found)]
    left = [line for line in found if not any(fnmatchcase(line, p) for p in explained)]
    return [*left, *(f"upstream.toml: nothing differs like {p!r} any more, remove it" for p in unneeded)]


def main() -> int:
    """Print the differences that nobody has explained."""
    known = dict(ours(yaml.load((ROOT / "openapi.yaml").read_text(), yaml.CSafeLoader)))
    try:
        sdk = newest_sdk({operation.tag for operation in OPERATIONS.values()})
    except subprocess.CalledProcessError as error:
        print(f"make upstream: {error}", file=sys.stderr)
        return 2
    found = sorted(differences(known, sdk["known"]))
    left = report(found, tomllib.loads((ROOT / "generated" / "upstream.toml").read_text()))
    print(
        f"openapi.yaml and dodopayments {sdk['version']}: {len(found)} differences, {len(left)} unexplained"
    )
    print(*(f"  {line}" for line in left), sep="\n")
    return 1 if left else 0


if __name__ == "__main__":
    sys.exit(main())
