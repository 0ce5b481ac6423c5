"""Follows the page that says how to add a use case, word for word."""

from __future__ import annotations

import re
import shlex
import subprocess
from pathlib import Path

PAGE = Path(__file__).parents[2] / "docs" / "use-cases.md"
#: What the page has one do in a shell; anything else there is no step that tests know.
IN_A_SHELL = frozenset({"cp", "rm"})


def section() -> str:
    """What the page says about adding one."""
    return PAGE.read_text("utf-8").split("\n## Add a use case\n", 1)[1].split("\n## ", 1)[0]


def commands() -> list[str]:
    """The commands, in order."""
    blocks = re.findall(r"^```sh\n(.*?)^```", section(), re.S | re.M)
    return [line for block in blocks for line in block.splitlines() if line.strip()]


def files() -> dict[str, str]:
    """The files that are written, by their path in the project."""
    return dict(re.findall(r"`(use_cases/\w+/[\w.]+)`:\n\n```\w+\n(.*?)```", section(), re.S))


def follow(root: Path) -> list[str]:
    """Copies and writes, in a copy of the project; returns what is left to do: commands of the project's own, by their words."""
    left = []
    for command in commands():
        words = shlex.split(command)
        if words[0] in IN_A_SHELL:
            assert not left, "the page copies after it has loaded"
            subprocess.run(words, cwd=root, check=True, timeout=60)
        else:
            left.append(command)
    for path, text in files().items():
        (root / path).write_text(text, encoding="utf-8")
    return left


def change() -> str:
    """The tool that the page adds to what was made, for a change during a call."""
    text = PAGE.read_text("utf-8").split("\n## Change it during a call\n", 1)[1].split("\n## ", 1)[0]
    return re.findall(r"^```python\n(.*?)^```", text, re.S | re.M)[0]
