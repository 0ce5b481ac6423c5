"""Shows mailboxes by IMAP4rev1 (RFC 3501): as much of it as a client needs that reads. Whatever changes something is refused."""

from __future__ import annotations

import asyncio
import contextlib
import re
from collections.abc import Awaitable, Callable

from sandbox.faults import Faults
from sandbox.mail.fetching import bad_items, fetched
from sandbox.mail.store import PASSWORD, Folder, Letter, PostBox

LONGEST_LINE = 64 * 1024
_LITERAL = re.compile(rb"\{(\d+)(\+?)\}\r?\n$")
_WORD = re.compile(r'"((?:[^"\\]|\\.)*)"|(\([^()]*\))|([^\s"]+)')


class BadCommandError(Exception):
    """The client broke the protocol; the message is the server's answer."""


class Session:
    """One connection."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, box: PostBox, faults: Faults) -> None:
        self._reader, self._writer = reader, writer
        self._box, self._faults = box, faults
        self._account = ""
        self._folder: Folder | None = None
        self._commands: dict[str, Callable[[list[str]], Awaitable[str]]] = {
            "CAPABILITY": self._capability,
            "NOOP": self._noop,
            "LOGIN": self._login,
            "LIST": self._list,
            "EXAMINE": self._examine,
            "UID SEARCH": self._search,
            "UID FETCH": self._fetch,
        }

    async def run(self) -> None:
        """Answers commands until the client leaves."""
        await self._send("* OK [CAPABILITY IMAP4rev1] sandbox ready")
        while line := await self._command():
            tag, *words = [next(filter(None, match)) if any(match) else "" for match in _WORD.findall(line)]
            name = words[0].upper() if words else ""
            if name == "UID" and len(words) > 1:
                words = [f"UID {words[1].upper()}", *words[2:]]
                name = words[0]
            if name == "LOGOUT":
                await self._send("* BYE goodbye", f"{tag} OK LOGOUT completed")
                return
            await self._send(f"{tag} {await self._answer(name, words[1:])}")

    async def _answer(self, name: str, words: list[str]) -> str:
        command = self._commands.get(name)
        if command is None:
            return (
                f"NO [CANNOT] {name} is not for readers"
                if name in {"SELECT", "STORE", "APPEND", "EXPUNGE", "UID STORE"}
                else f"BAD unknown command {name}"
            )
        if not self._account and name not in {"LOGIN", "CAPABILITY", "NOOP"}:
            return "BAD log in first"
        if self._folder is None and name.startswith("UID"):
            return "BAD no folder is selected"
        try:
            return await command(words)
        except BadCommandError as error:
            return f"BAD {error}"

    async def _command(self) -> str:
        """One command with its literals put in quotes; empty at the end."""
        whole = b""
        while piece := await self._reader.readline():
            if not (found := _LITERAL.search(piece)):
                return (whole + piece).decode("utf-8", "replace").strip()
            if not found[2]:
                await self._send("+ go on")
            literal = await self._reader.readexactly(int(found[1]))
            whole += piece[: found.start()] + b'"' + literal.replace(b"\\", b"\\\\").replace(b'"', b'\\"') + b'"'
        return ""

    async def _send(self, *lines: str | bytes) -> None:
        for line in lines:
            self._writer.write((line if isinstance(line, bytes) else line.encode()) + b"\r\n")
        await self._writer.drain()

    async def _capability(self, _words: list[str]) -> str:
        await self._send("* CAPABILITY IMAP4rev1")
        return "OK CAPABILITY completed"

    async def _noop(self, _words: list[str]) -> str:
        return "OK NOOP completed"

    async def _login(self, words: list[str]) -> str:
        if len(words) != 2:
            raise BadCommandError("LOGIN takes a name and a password")
        name, password = (re.sub(r"\\(.)", r"\1", word) for word in words)
        if self._faults.take("imap.login") or password != PASSWORD:
            return "NO [AUTHENTICATIONFAILED] Invalid credentials"
        self._account = name.lower()
        return "OK LOGIN completed"

    async def _list(self, _words: list[str]) -> str:
        await self._send(*(f'* LIST (\\HasNoChildren) "/" "{name}"' for name in self._box.folders(self._account)))
        return "OK LIST completed"

    async def _examine(self, words: list[str]) -> str:
        folder = self._box.folders(self._account).get(words[0] if words else "")
        if folder is None:
            self._folder = None
            return "NO [NONEXISTENT] no such folder"
        self._folder = folder
        await self._send(
            "* FLAGS (\\Answered \\Flagged \\Deleted \\Seen \\Draft)",
            f"* {len(folder.letters)} EXISTS",
            "* 0 RECENT",
            f"* OK [UIDVALIDITY {folder.validity}] UIDs valid",
            f"* OK [UIDNEXT {folder.next_uid}] next",
        )
        return "OK [READ-ONLY] EXAMINE completed"

    async def _search(self, words: list[str]) -> str:
        assert self._folder is not None
        if words == ["ALL"]:
            letters = self._folder.letters
        elif len(words) == 2 and words[0].upper() == "UID":
            letters = self._chosen(words[1])
        else:
            raise BadCommandError("this server searches by UID only")
        await self._send(" ".join(["* SEARCH", *(str(letter.uid) for letter in letters)]))
        return "OK SEARCH completed"

    def _chosen(self, uids: str) -> list[Letter]:
        """The mails of a UID set; `*` is the last one, and a range holds it whichever way round it is written."""
        assert self._folder is not None
        last = self._folder.letters[-1].uid if self._folder.letters else 0
        wanted: set[int] = set()
        for part in uids.split(","):
            if not re.fullmatch(r"(?:\d+|\*)(?::(?:\d+|\*))?", part):
                raise BadCommandError("that is no set of UIDs")
            ends = [last if end == "*" else int(end) for end in part.split(":")]
            wanted |= {letter.uid for letter in self._folder.letters if min(ends) <= letter.uid <= max(ends)}
        return [letter for letter in self._folder.letters if letter.uid in wanted]

    async def _fetch(self, words: list[str]) -> str:
        assert self._folder is not None
        if len(words) != 2 or (wrong := bad_items(words[1])):
            raise BadCommandError(f"FETCH of {wrong if len(words) == 2 else 'nothing'} is not for readers")
        for letter in self._chosen(words[0]):
            if self._faults.take("imap.fetch"):
                self._writer.transport.abort()
                return "NO dropped"
            await self._send(fetched(self._folder.letters.index(letter) + 1, letter, words[1]))
        return "OK FETCH completed"


async def serve_imap(box: PostBox, faults: Faults, *, bind: str, port: int) -> asyncio.Server:
    """A server that listens."""

    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError, ValueError):
            await Session(reader, writer, box, faults).run()
        writer.close()

    return await asyncio.start_server(connected, bind, port, limit=LONGEST_LINE)
