"""What an export has so far, on disk: a file that says itself how far it got.

`keys.csv.part` beside `keys.csv` holds a line for what is exported, a line for each record, and a line after
each page. What follows the last of those is part of a page, and is cut off.
"""

from __future__ import annotations

import errno
import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import IO, Any

Record = dict[str, Any]


class Stage:
    """The records of an export that is under way.

    Args:
        target: The file that is to be, when all of it is there.
        wanted: What is exported: the filters and the size of a page.

    Attributes:
        path: The file of this stage.
        ids: The ids of the records so far, if it goes on from an earlier run.
        count: How many records there are so far.
        next_page: The page to go on with.

    Raises:
        ValueError: There is a file of another export, or of none.
        OSError: The file cannot be read or written.
    """

    def __init__(self, target: Path, wanted: Record) -> None:
        self.path = target.with_name(f"{target.name}.part")
        self.ids: set[str] = set()
        self.count = 0
        self.next_page = 0
        if self.path.exists():
            whole = self._look(wanted)
            self._file: IO[bytes] = self.path.open("r+b")
            self._file.truncate(whole)
            self._file.seek(whole)
        else:
            self._file = self.path.open("xb")
            self._write([{"export": wanted}])

    def _look(self, wanted: Record) -> int:
        """Take up what is there; gives back where its last whole page ends."""
        page: list[str] = []
        end = whole = 0
        for number, (entry, size) in enumerate(_entries(self.path)):
            end += size
            if number == 0 and entry.get("export") != wanted:
                break
            if "id" in entry:
                page.append(entry["id"])
            else:
                self.ids.update(page)
                page.clear()
                whole, self.next_page = end, entry.get("page", -1) + 1
        if not whole:
            raise ValueError(
                f"{self.path} is not of an export like this: go on as it was begun, or delete it"
            )
        self.count = len(self.ids)
        return whole

    def add(self, records: Sequence[Record], page: int | None) -> None:
        """Add what a page brought.

        Args:
            records: The records.
            page: The page's number; None where the page to go on with stays the same.
        """
        self.next_page = self.next_page if page is None else page + 1
        self._write([*records, {"page": self.next_page - 1}])
        self.count += len(records)

    def _write(self, entries: Sequence[Record]) -> None:
        lines = [json.dumps(entry, ensure_ascii=False) for entry in entries]
        self._file.write(("\n".join(lines) + "\n").encode())
        self._file.flush()

    def __iter__(self) -> Iterator[Record]:
        """All records, in the order they came.

        Raises:
            OSError: Something else has written to the file meanwhile.
        """
        count = 0
        for entry, _ in _entries(self.path):
            if "id" in entry:
                count += 1
                yield entry
        if count != self.count:
            raise OSError(errno.EIO, "was changed meanwhile, by another export perhaps", str(self.path))

    def close(self) -> None:
        """Leave the file as it is, to go on from."""
        self._file.close()

    def delete(self) -> None:
        """Delete the file: all of it is elsewhere now."""
        self._file.close()
        self.path.unlink()


def _entries(path: Path) -> Iterator[tuple[Record, int]]:
    """A file's whole lines and their sizes, up to the first that is none."""
    with path.open("rb") as file:
        for line in file:
            try:
                entry = json.loads(line) if line.endswith(b"\n") else None
            except ValueError:
                entry = None
            if not isinstance(entry, dict):
                return
            yield entry, len(line)
