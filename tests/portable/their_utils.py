"""In place of the utils.py of the vendor's tests, which looks into their models; ours check themselves."""

from __future__ import annotations

import typing
from datetime import datetime

parse_datetime = datetime.fromisoformat


def assert_matches_type(kind, value, *, path):
    """Whether a value is of a type as a method declares it; a model also whether it reads what it wrote."""
    __tracebackhide__ = True
    origin = typing.get_origin(kind)
    assert isinstance(value, kind if origin is None else origin), path
    if hasattr(kind, "model_validate"):
        assert kind.model_validate(value.to_dict()) == value, path
