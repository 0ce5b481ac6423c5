"""What is texted and mailed to people, as data: words with named places, in a TOML file beside whoever sends them. Pure.

```toml
[tour_booked]
subject = "Your tour of {building}"     # of an email; may be left out
text = "Your tour is on {when}."
```
"""

from __future__ import annotations

import re
import string
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")
#: What is filled in comes from outside: no character that does anything but show.
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\u200b-\u200f\u202a-\u202e\u2066-\u2069]")


class BadTemplateError(ValueError):
    """A template that cannot be filled: a place without a name, a value that is missing or not asked for."""


@dataclass(frozen=True, slots=True)
class Words:
    """What is to be sent: `template` is the name of what it was made from."""

    template: str
    text: str
    subject: str = ""


@dataclass(frozen=True, slots=True)
class Template:
    """A text with named places, such as `{when}`."""

    name: str
    text: str
    subject: str = ""

    @property
    def places(self) -> frozenset[str]:
        """Names of what has to be filled in."""
        return frozenset(_places(self.text) + _places(self.subject))

    def fill(self, **values: str) -> Words:
        """The words with everything filled in. A subject has one line.

        Raises:
            BadTemplateError: a value is missing, or one is given that has no place.
        """
        if set(values) != self.places:
            raise BadTemplateError(f"{self.name}: wants {', '.join(sorted(self.places)) or 'nothing'}, got {', '.join(sorted(values)) or 'nothing'}")
        clean = {name: _CONTROL.sub("", value).strip() for name, value in values.items()}
        subject = " ".join(self.subject.format_map(clean).split())
        return Words(self.name, self.text.format_map(clean).strip(), subject)


@cache
def load(path: Path) -> Mapping[str, Template]:
    """The templates of a file, by name.

    Raises:
        BadTemplateError: one has no text, or a place that is not a plain name.
    """
    found = {}
    for name, entry in tomllib.loads(path.read_text("utf-8")).items():
        if not NAME.fullmatch(name) or not isinstance(entry, dict) or not str(entry.get("text", "")).strip():
            raise BadTemplateError(f"{path.name}: {name} has no text")
        template = Template(name, str(entry["text"]), str(entry.get("subject", "")))
        if bad := [place for place in template.places if not NAME.fullmatch(place)]:
            raise BadTemplateError(f"{path.name}: {name} has a place that is not a plain name: {bad[0]!r}")
        found[name] = template
    return found


def _places(text: str) -> list[str]:
    try:
        return [f"{place}{'!' if conversion else ''}{form}" for _, place, form, conversion in string.Formatter().parse(text) if place is not None]
    except ValueError as error:
        raise BadTemplateError(str(error)) from error
