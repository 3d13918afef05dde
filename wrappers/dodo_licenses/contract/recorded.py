"""Recorded traffic against the spec: HAR files of browsers and proxies, cassettes of vcrpy. Nothing is sent."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import yaml

from dodo_licenses._text import visible
from dodo_licenses.contract.findings import AGREES, DISAGREES, NOTHING_JUDGED
from dodo_licenses.contract.spec import NEW_VALUES, Spec

Exchange = tuple[str, str, int, str, bytes]  # method, URL, status, content type, content


def exchanges(path: Path) -> Iterator[Exchange]:
    """What a file holds; raises ValueError where it is neither a HAR file nor a cassette."""
    try:
        text = path.read_text(encoding="utf-8")
        told = json.loads(text) if text.lstrip().startswith("{") else yaml.safe_load(text)
        yield from (
            map(_of_har, told["log"]["entries"]) if "log" in told else map(_of_vcrpy, told["interactions"])
        )
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError, yaml.YAMLError):
        raise ValueError(f"{path} is neither a HAR file nor a cassette of vcrpy") from None


def _of_har(entry: dict[str, Any]) -> Exchange:
    asked, reply, content = entry["request"], entry["response"], entry["response"].get("content", {})
    text = content.get("text", "")
    body = base64.b64decode(text) if content.get("encoding") == "base64" else text.encode()
    return asked["method"], asked["url"], int(reply["status"]), content.get("mimeType", ""), body


def _of_vcrpy(entry: dict[str, Any]) -> Exchange:
    asked, reply = entry["request"], entry["response"]
    headers = {name.lower(): value for name, value in reply["headers"].items()}
    kind, body = headers.get("content-type", ""), (reply.get("body") or {}).get("string") or b""
    kind = kind[0] if isinstance(kind, list) else kind
    body = body.encode() if isinstance(body, str) else body
    return asked["method"], asked["uri"], int(reply["status"]["code"]), kind, body


def judge(files: Iterable[Path], spec_file: Path) -> int:
    """Say what the spec has against the replies of the API in some files, and give the exit status back."""
    spec, judged, wrong = Spec(spec_file), 0, 0
    for file in files:
        for number, (method, url, status, kind, content) in enumerate(exchanges(file)):
            label = spec.label_of(method, url)
            problems = list(spec.problems(label, status, kind, content)) if label else []
            judged += label is not None
            wrong += bool(problems)
            for problem in problems:
                print(visible(f"{file}: exchange {number}, {label}, {status}: {problem}"))
    print(*sorted(NEW_VALUES), f"{judged} recorded replies, {wrong} of them not as the spec says", sep="\n")
    return DISAGREES if wrong else AGREES if judged else NOTHING_JUDGED
