"""Servers that use what the documentation leaves open, a row each: the contract suite must agree with every one."""

from __future__ import annotations

LIBERTIES = {}
