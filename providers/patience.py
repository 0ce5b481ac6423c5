"""Waiting for a provider's stream with an end to one's patience, so that a provider that hangs is a failure like any other."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Generic, TypeVar

from providers.types import ProviderError

Item = TypeVar("Item")


class Patiently(Generic[Item]):
    """A stream's items; a wait longer than `first_s` for the first, or `next_s` for a later one, raises ProviderError.

    The stream itself is closed by its owner, not here.
    """

    def __init__(self, stream: AsyncIterator[Item], *, first_s: float, next_s: float, what: str) -> None:
        self._stream = stream
        self._patience_s = first_s
        self._next_s = next_s
        self._what = what

    def __aiter__(self) -> Patiently[Item]:
        return self

    async def __anext__(self) -> Item:
        try:
            async with asyncio.timeout(self._patience_s):
                item = await anext(self._stream)
        except TimeoutError:
            raise ProviderError(f"{self._what}: nothing came for {self._patience_s:g} s") from None
        self._patience_s = self._next_s
        return item
