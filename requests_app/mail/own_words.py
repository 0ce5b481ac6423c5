"""What the sender of a mail wrote themselves, above whatever they quote, forward or sign with. Pure."""

from __future__ import annotations

import re

#: Where somebody else's words begin.
_FOREIGN = re.compile(
    r"^\s*(?:>|_{8,}\s*$|--\s*$|sent from my |begin forwarded message:"
    r"|-{2,}\s*(?:original message|forwarded message|ursprüngliche nachricht|message d'origine)"
    r"|on .{4,120} wrote:\s*$|am .{4,120} schrieb.{0,80}:\s*$|le .{4,120} a écrit\s?:\s*$"
    r"|(?:from|von|de)\s?:\s.+@)",
    re.I,
)
_WRAPPED = re.compile(r"^\s*(?:on|am|le) \S.{4,160}$", re.I)
_FORWARD = re.compile(r"^\s*(?:fwd?|wg|tr|i)\s*:", re.I)
_FORWARDED = re.compile(r"^\s*(?:-{2,}\s*forwarded message|begin forwarded message:|-{2,}\s*original message)", re.I | re.M)
#: They speak to Floyd.
_TO_FLOYD = re.compile(r"^\W*(?:(?:hi|hey|hello|dear|ok|okay)\W+)?floyd\b[\s,:!.–-]*", re.I)
LONGEST = 2000


def own_words(text: str) -> str:
    """The sender's own words at the top of a mail."""
    lines = text.split("\n")
    kept: list[str] = []
    for number, line in enumerate(lines):
        after = lines[number + 1] if number + 1 < len(lines) else ""
        # "On Monday, Floyd <…>" and "wrote:" may stand on two lines.
        if _FOREIGN.match(line) or (_WRAPPED.match(line) and re.search(r"(?:wrote|schrieb|écrit)\s?:\s*$", after)):
            break
        kept.append(line)
    return "\n".join(kept).strip()[:LONGEST]


def is_forward(subject: str, text: str) -> bool:
    """Whether somebody else's mail is passed on."""
    return bool(_FORWARD.match(subject) or _FORWARDED.search(text))


def ask_in(subject: str, text: str) -> str:
    """What the sender asks Floyd for; empty when they ask for nothing.

    A mail that passes on another's is an ask only when its own words speak to Floyd. Without own words its subject counts.
    """
    words = own_words(text)
    if is_forward(subject, text):
        return _TO_FLOYD.sub("", words, count=1).strip() if _TO_FLOYD.match(words) else ""
    return _TO_FLOYD.sub("", words or subject, count=1).strip()
