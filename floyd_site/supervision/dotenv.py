"""The file .env: NAME=value lines for those who set things without a shell."""

from __future__ import annotations

import re
from pathlib import Path

from floyd_site.env import SettingError

LINE = re.compile(r"^(?:export\s+)?([A-Za-z_][A-Za-z0-9_]*)\s*=\s*(.*)$")
QUOTED = re.compile(r"^(['\"])(.*)\1\s*(?:#.*)?$")


def parse(text: str, *, source: str = ".env") -> dict[str, str]:
    """Values by name. Empty values are left out, so an unfilled line of .env.example sets nothing.

    Takes comments, `export`, and values in quotes; does no substitution.

    Raises:
        SettingError: a line is none of these.
    """
    values: dict[str, str] = {}
    for number, raw in enumerate(text.splitlines(), start=1):
        line = raw.strip()
        if not line or line.startswith("#"):
            continue
        found = LINE.match(line)
        if found is None:
            raise SettingError(f"{source}, line {number}: expected NAME=value.")
        name, value = found.groups()
        quoted = QUOTED.match(value)
        value = quoted.group(2) if quoted else re.sub(r"(^|\s+)#.*$", "", value).strip()
        if value:
            values[name] = value
    return values


def read(path: Path) -> dict[str, str]:
    """The values of a file; none when there is no such file."""
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return {}
    except (OSError, UnicodeDecodeError) as error:
        raise SettingError(f"{path} cannot be read: {error}") from None
    return parse(text, source=path.name)
