"""Whether Floyd's user has been there before: from the dealings that the brief lists, and from nothing else."""

from __future__ import annotations

import re

from sandbox.mind.scene import Scene

_ASKED = re.compile(
    r"\b(?:been (?:here|there|with us|in|to us)|(?:ordered|booked|called|bought|shopped)\b.*\b(?:here|with us|from us)) before\b"
    r"|\bfirst (?:time|visit|order)\b"
    r"|\b(?:new|existing|regular) (?:patient|customer|client)\b|\bin our (?:system|books|files)\b|\breference(?: number)?\b",
    re.I,
)
_ENTRY = re.compile(r"(?P<day>[^:]+): (?P<what>[^;]+)(?:; agreed: (?P<agreed>[^;]+))?(?:; reference (?P<reference>\S+))?")


def about_before(scene: Scene, said: str) -> str:
    """The answer to "have you been here before?"; empty when they asked something else."""
    if not _ASKED.search(said):
        return ""
    entry = next((found for one in scene.brief.get("dealings", ()) if (found := _ENTRY.fullmatch(str(one)))), None)
    if entry is None:
        return "I'm sorry, I have no record of an earlier visit."
    agreed = f" It was {entry['agreed']}." if entry["agreed"] else ""
    reference = f" The reference is {entry['reference']}." if entry["reference"] else ""
    return f"The last time was on {entry['day']}.{agreed}{reference}"
