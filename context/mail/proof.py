"""Whether a mail is from whom it says: by the word of our own receiving server, and of nobody else (RFC 8601). Pure."""

from __future__ import annotations

import re


def is_proven(results: tuple[str, ...], sender: str, server: str) -> bool:
    """Whether the server that received the mail for us found that the sender's domain stands behind it.

    Args:
        results: the mail's Authentication-Results headers, topmost first. The topmost one of our server is its own; what
            stands below may have come with the mail.
        sender: address in From.
        server: the name by which our server signs them; empty: nothing is ever proven.
    """
    own = next((line for line in results if server and _server_of(line) == server), "")
    domain = re.escape(sender.rpartition("@")[2].lower())
    if not own or not domain:
        return False
    body = re.sub(r"\([^()]*\)", " ", own.lower())
    return any(re.search(r"^\s*dmarc\s*=\s*pass\b", part) and re.search(rf"header\.from\s*=\s*{domain}(?![\w.-])", part) for part in body.split(";"))


def _server_of(line: str) -> str:
    return line.partition(";")[0].strip().lower().partition(" ")[0]
