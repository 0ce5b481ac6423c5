"""Marks sentences for translation without Django, which is not loaded where files are read with little room (`context.imports.apart`)."""

from __future__ import annotations


def noop(message: str) -> str:
    """The message itself, which `make messages` collects."""
    return message
