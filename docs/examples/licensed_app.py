"""A license in an application: activated once, asked about once a day, trusted for a while without a network.

license = License(Path("license.json"), client, product_id="pdt_…", find_activation=ask_my_server)
license.activate("the key that the customer typed in")   # once
if not license.is_valid(): ...                           # at each start
"""

from __future__ import annotations

import json
import os
import platform
import tempfile
import time
import uuid
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from dodo_licenses import DodoPayments, DodoPaymentsError

DAY = 24 * 60 * 60
GRACE = 14 * DAY


@dataclass(frozen=True)
class State:
    """All that the application remembers, in one file."""

    license_key: str
    name: str  # of the activation; written before it is asked for, so that it can be found after a crash
    instance_id: str | None = None  # of the activation, once it is known
    valid: bool = False  # what the service answered last,
    answered_at: float = 0  # and when
    seen_at: float = 0  # the latest that this machine's clock has shown since then


@dataclass
class License:
    """The license of this installation."""

    file: Path  # where it is remembered
    client: DodoPayments  # without an API key: an application never has one
    product_id: str  # the only product whose license keys will do
    # Called only where an activation broke off: asks your server, which has an API key, for the id of the
    # activation with this license key and name; None where there is none.
    find_activation: Callable[[str, str], str | None]
    now: Callable[[], float] = time.time  # in seconds

    def activate(self, license_key: str) -> None:
        """Take a seat of this license key for this installation. Raises the client's errors."""
        state = State(license_key.strip(), name=f"{platform.node()} {uuid.uuid4().hex[:8]}")
        self._keep(state)
        self._take_seat(state)

    def is_valid(self) -> bool:
        """Whether the application may run."""
        state, now = self._kept(), self.now()
        if state is None:
            return False
        clock_was_set_back = now < state.seen_at
        if state.valid and not clock_was_set_back and now - state.answered_at < DAY:
            return True
        try:
            if state.instance_id is None:  # it broke off while it was activating
                self._take_seat(state, self.find_activation(state.license_key, state.name))
                return True
            valid = self.client.licenses.validate(
                license_key=state.license_key, license_key_instance_id=state.instance_id
            ).valid
        except DodoPaymentsError as error:
            if error.is_unavailable:
                self._keep(replace(state, seen_at=max(now, state.seen_at)))
                return state.valid and not clock_was_set_back and now - state.answered_at < GRACE
            valid = False  # that was an answer
        self._keep(replace(state, valid=valid, answered_at=now, seen_at=now))
        return valid

    def _take_seat(self, state: State, instance_id: str | None = None) -> None:
        if instance_id is None:
            instance_id = self.client.licenses.activate(
                license_key=state.license_key, name=state.name, expect_product_id=self.product_id
            ).id
        now = self.now()
        self._keep(replace(state, instance_id=instance_id, valid=True, answered_at=now, seen_at=now))

    def _kept(self) -> State | None:
        try:
            return State(**json.loads(self.file.read_text(encoding="utf-8")))
        except (OSError, ValueError, TypeError):
            return None  # not activated, or not a file of ours

    def _keep(self, state: State) -> None:
        """Replace the file in one step, so that it is whole whatever happens; others cannot read it."""
        with tempfile.NamedTemporaryFile("w", dir=self.file.parent, delete=False, encoding="utf-8") as new:
            json.dump(asdict(state), new)
            new.flush()
            os.fsync(new.fileno())
        Path(new.name).replace(self.file)
