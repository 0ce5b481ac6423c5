"""Reading a mail by rule: fills the form `mail_learned`. It knows who is now whose teacher, and whose phone number stands where."""

from __future__ import annotations

import re
from typing import Any

_NOW = re.compile(r"(?:[Tt]he )?(teacher|doctor|dentist|trainer) of (\w+)'s (?:class|team|practice) is now ((?:(?:Mr|Ms|Mrs|Dr)\. )?[A-Z]\w+)")
_NUMBER = re.compile(r"([Tt]he )?([a-z ]{3,30}) is ((?:(?:Mr|Ms|Mrs|Dr)\. )[A-Z]\w+), phone (\+?[\d ()-]{7,20}\d)")


def read(data: dict[str, Any]) -> dict[str, Any]:
    """What a mail says that will still be so next month, as the form wants it."""
    text = str(data.get("mail", {}).get("text", ""))
    facts = [
        {"statement": f"{found[2]}'s {found[1]} is {found[3]}", "about": found[2], "topic": "school", "is_private": False, "quote": found[0]}
        for found in _NOW.finditer(text)
    ]
    contacts = [{"name": found[3], "kind": found[2].strip(), "phone": found[4]} for found in _NUMBER.finditer(text)]
    return {"facts": facts, "contacts": contacts, "appointments": []}
