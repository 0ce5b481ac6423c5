"""Who may watch, asked when a page opens and again and again while it is open: once for all pages of a session that show the same.

Asking has a thread and a database connection of its own, so that no change waits for it.
"""

from __future__ import annotations

import asyncio
import logging
from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from typing import Protocol

from live import access, rows
from live.signed_in_socket import REFUSED, SIGNED_OUT

log = logging.getLogger(__name__)

#: Every session is asked about once in so long, one after the other; a page that has just opened waits for two rounds at most.
ROUND_S = 5.0
#: A session's key, and the topics that its pages show.
Ticket = tuple[str | None, frozenset[str]]


class Guarded(Protocol):
    """A page that may be sent away."""

    def refuse(self, code: int) -> None:
        """It may not watch any more. Must not block."""


class Admission:
    """The open pages of one process, by what gives them the right to watch."""

    def __init__(self) -> None:
        self._pages: dict[Ticket, set[Guarded]] = defaultdict(set)
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="live-admission")

    async def admit(self, page: Guarded, ticket: Ticket) -> int:
        """The close code that says no; or 0, and then `page` hears when that changes."""
        code = await self._ask(ticket)
        if not code:
            self._pages[ticket].add(page)
        return code

    async def dismiss(self, page: Guarded, ticket: Ticket) -> None:
        """Forgets a page."""
        pages = self._pages.get(ticket, set())
        pages.discard(page)
        if not pages:
            self._pages.pop(ticket, None)
        if not self._pages:
            # Nobody looks: give the database connection back.
            await self._close_connection()

    async def go_round(self) -> None:
        """Asks about every session again, evenly over a round, for ever."""
        while True:
            tickets = list(self._pages)
            if not tickets:
                await asyncio.sleep(ROUND_S)
            for ticket in tickets:
                await asyncio.sleep(ROUND_S / len(tickets))
                try:
                    code = ticket in self._pages and await self._ask(ticket)
                except Exception:
                    log.exception("asking whether pages may still watch failed")
                    continue
                if code:
                    for page in list(self._pages.get(ticket, ())):
                        page.refuse(code)

    async def stop(self) -> None:
        """Ends the thread, when the process ends."""
        await self._close_connection()
        self._thread.shutdown(wait=False)

    async def _ask(self, ticket: Ticket) -> int:
        return await asyncio.get_running_loop().run_in_executor(self._thread, rows.with_fresh_connection, _refusal, *ticket)

    async def _close_connection(self) -> None:
        await asyncio.get_running_loop().run_in_executor(self._thread, rows.close_connection)


def _refusal(session_key: str | None, topics: frozenset[str]) -> int:
    """The close code that says no, or 0."""
    user = access.user_of_session(session_key)
    if not user.is_authenticated:
        return SIGNED_OUT
    return 0 if all(access.may_watch(user, topic) for topic in topics) else REFUSED
