"""The table, and the page that is written of it."""

from __future__ import annotations

import os
import platform
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from statistics import median

HEADINGS = """\
| what | against | ours | theirs | median | spread | goal | met |
| --- | --- | ---: | ---: | ---: | ---: | ---: | --- |"""

READ_AS_TIMES = 0.7  # smaller ratios read better as fractions

PAGE = """\
# Benchmarks

Written by `make bench`, which compares all sides in one run, against one server on the same machine. The
server and every single measurement are processes of their own, the server's replies are ready as bytes, and
the two sides of a row take turns. A figure is the median over the rounds of ours divided by theirs; the
spread is its smallest and largest value.

{table}

- *Ours* and *theirs* are medians, too. CPU time is that of the client's process, wall time the clock's.
  Imports and the making of a client count only in the rows about them.
- Our client's rate limit is off, except for the first key and for the limit itself. The others have none.
- *Plain httpx* is one `httpx.Client` and `json.loads(response.content)`, in pages of 100 until one is short.
- *The vendor's SDK* asks for page 0 and then for page 2. So it leaves out 100 of 50,000 keys, and ten of
  10,000 in its default pages of 10; what it takes is divided by the keys that it gives. Its CPU time is for
  pages of 100, like ours.
- *Requests*: a tenth, but for the one that finds the end, which every side needs.
- *The first key* comes from a server without latency, so this is the start of the process, the imports, the
  making of a client and one request.
- *Imports* are timed as processes that do nothing else, the start of the interpreter included. Our names are
  loaded when the first of them is used, so the whole of it shows in the row about the first key. `import
  httpx` loads a command line of its own where click, rich and pygments are installed, as here.
- *The enforced limit* is the mock's, 100 requests a minute and 10 a second: 101 requests take 60 s at best.
- *Plain httpx doing the same* sends 100 validations at once, as many as it makes connections. With all 1,000
  at once it takes several times as long: its pool searches all that wait whenever one moves on.

| | |
| --- | --- |
{machine}
"""


@dataclass(frozen=True)
class Outcome:
    """A row and what was measured for it, round by round: ours and theirs."""

    row: object
    rounds: list

    def cells(self):
        """The row of the table."""
        row = self.row
        figures = [row.compared(*pair) for pair in self.rounds]
        figure = median(figures)
        ours, theirs = (median(side) for side in zip(*self.rounds, strict=True))
        spread = f"{self._put(min(figures))} to {self._put(max(figures))}" if len(figures) > 1 else "same"
        return (
            row.what,
            row.against,
            f"{_number(ours)} {row.unit}",
            f"{_number(theirs)} {row.unit}",
            self._put(figure),
            spread,
            f"≤ {self._put(row.goal)}",
            "yes" if figure <= row.goal else "**no**",
        )

    def line(self):
        """The row in Markdown."""
        return f"| {' | '.join(self.cells())} |"

    def _put(self, figure):
        if self.row.is_difference:
            return f"{figure:+.1f} {self.row.unit}"
        times = "{:.2f} ×"  # noqa: RUF001 - the sign for times
        return times.format(figure) if figure > READ_AS_TIMES else f"1/{1 / figure:.3g}"


def _number(value):
    return f"{value:.3g}" if value < 1000 else f"{value:,.0f}"


def page(outcomes):
    """The whole page, in Markdown."""
    table = "\n".join([HEADINGS, *(outcome.line() for outcome in outcomes)])
    return PAGE.format(table=table, machine="\n".join(f"| {name} | {value} |" for name, value in machine()))


def headlines(readme, outcomes):
    """The README with the rows that matter most to a user."""
    lines = ["| | ours | the vendor's SDK | |", "| --- | ---: | ---: | ---: |"]
    for outcome in outcomes:
        if outcome.row.headline:
            _, _, ours, theirs, ratio, *_ = outcome.cells()
            lines.append(f"| {outcome.row.headline} | {ours} | {theirs} | {ratio} |")
    before, _, rest = readme.partition("<!-- bench -->\n")
    _, _, after = rest.partition("<!-- /bench -->\n")
    return before + "\n".join(["<!-- bench -->", *lines, "<!-- /bench -->", ""]) + after


def machine():
    """What the figures depend on, and nothing that tells one machine's owner from another's."""
    yield "processor", f"{_processor()}, {os.cpu_count()} cores"
    yield "system", f"{_system()}, {platform.machine()}"
    yield "Python", platform.python_version()
    for name in ("dodo-licenses", "dodopayments", "httpx", "msgspec"):
        yield name, version(name)


def _processor():
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        lines = []
    models = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return models[0] if models else platform.processor() or "unknown"


def _system():
    try:
        return platform.freedesktop_os_release()["PRETTY_NAME"]
    except (OSError, KeyError):
        return f"{platform.system()} {platform.release()}"
