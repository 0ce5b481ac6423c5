"""Cutting a reply into clauses while it is written, so that the first words are voiced at once.

A cut falls behind a sentence, or behind a comma once enough was said; the first clause comes early, at once when it is one of a few usual openings
(whose sound can be kept ready). Prices, times, phone numbers,
abbreviations and initials stay whole. Nothing is lost: the clauses, joined, are the reply.
"""

from __future__ import annotations

import re

#: A word that ends in a full stop without ending a sentence.
_ABBREVIATIONS = frozenset(
    re.findall(
        r"\S+",
        """mr mrs ms dr prof st ave rd blvd apt vs etc e.g i.e jr sr inc ltd dept approx ext tel mt ft
        jan feb apr jun jul aug sep sept oct nov dec mon tue wed thu fri""",
    )
)
_END = re.compile(r"[.!?…]+[\"'”’)\]]*(?=\s)|\n+")
_PAUSE = re.compile(r"[,;:—–][\"'”’)\]]*(?=\s)|\s[—–-](?=\s)")
_DIGITS_BEFORE = re.compile(r"(?:\d|\b(?:zero|oh|one|two|three|four|five|six|seven|eight|nine|ten))[,.]?$", re.I)
_DIGITS_AFTER = re.compile(r"\s*(?:\d|\b(?:zero|oh|one|two|three|four|five|six|seven|eight|nine|ten)\b)", re.I)


#: How replies usually open, exactly as written. Cut off whole, however short, when the reply goes on behind them.
OPENINGS = (
    *("Sure,", "Of course,", "Okay,", "Great,", "Perfect,", "Alright,", "All right,", "Absolutely,", "Certainly,"),
    *("Thank you,", "Thanks,", "Got it,", "I see,", "Yes, of course,", "Yes, please,", "No, thank you,"),
    *(
        "Sure.",
        "Of course.",
        "Okay.",
        "Great.",
        "Great!",
        "Perfect.",
        "Perfect!",
        "Thank you.",
        "Thank you!",
        "Got it.",
        "No problem.",
        "I understand.",
    ),
)
_OPENING = re.compile(rf"\s*(?:{'|'.join(re.escape(opening) for opening in sorted(OPENINGS, key=len, reverse=True))})(?=\s)")


class ClauseCutter:
    """Takes pieces of a streamed reply and hands out clauses as they become whole.

    Args:
        first_chars: the first clause may end at a comma from this many characters on.
        later_chars: the same for later clauses, which have the time the first one takes to be heard.
        longest_chars: a clause longer than this is cut at a space.
    """

    def __init__(self, *, first_chars: int = 12, later_chars: int = 60, longest_chars: int = 220) -> None:
        self._first, self._later, self._longest = first_chars, later_chars, longest_chars
        self._text = ""
        self._cut_before = False

    def feed(self, piece: str) -> list[str]:
        """Adds `piece`; returns the clauses that are whole now, verbatim with their spaces."""
        self._text += piece
        clauses = []
        while (at := self._next_cut()) is not None:
            clauses.append(self._text[:at])
            self._text = self._text[at:]
            self._cut_before = True
        return clauses

    def flush(self) -> list[str]:
        """The reply is over: what is left, if it is more than space."""
        rest, self._text = self._text, ""
        self._cut_before = False
        return [rest] if rest.strip() else []

    @property
    def empty(self) -> bool:
        """Whether nothing waits to become a clause."""
        return not self._text.strip()

    def _next_cut(self) -> int | None:
        if not self._cut_before and (opening := _OPENING.match(self._text)):
            return opening.end()
        least = self._later if self._cut_before else self._first
        cuts = [end for match in _END.finditer(self._text) if (end := match.end()) and self._ends_sentence(match)]
        cuts += [match.end() for match in _PAUSE.finditer(self._text) if match.end() >= least and not self._inside_number(match)]
        speakable = [at for at in cuts if any(char.isalnum() for char in self._text[:at])]
        if speakable:
            return min(speakable)
        if len(self._text) > self._longest:
            space = self._text.rfind(" ", 1, self._longest)
            return space if space > 0 and self._text[:space].strip() else None
        return None

    def _ends_sentence(self, match: re.Match[str]) -> bool:
        """Whether a stop ends a sentence; one behind an abbreviation, an initial or a digit that goes on does not."""
        if self._text[match.start()] != ".":
            return True
        before = self._text[: match.start()]
        word = re.search(r"[\w.]*$", before)
        last = word[0].lower() if word else ""
        if last in ("a.m", "p.m"):
            return re.match(r"\s+[A-Z]", self._text[match.end() :]) is not None
        if last in _ABBREVIATIONS or (len(last) == 1 and last.isalpha() and last != "i") or re.fullmatch(r"(?:\w\.)+\w", last):
            return False
        return not self._inside_number(match)

    def _inside_number(self, match: re.Match[str]) -> bool:
        """Whether digits stand on both sides, as in a phone number read in groups; undecided text counts as inside."""
        if self._text[match.start()] == "\n" or not _DIGITS_BEFORE.search(self._text[: match.start()]):
            return False
        after = self._text[match.end() :]
        if self._text[match.start()] in ".!?":
            return re.match(r"\s*\d", after) is not None
        return re.fullmatch(r"\s*\w*", after) is not None or _DIGITS_AFTER.match(after) is not None
