"""Where use cases stand: one folder each, named like its slug."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

ROOT = Path(__file__).parent
DESCRIPTION, PROMPT = "use_case.toml", "prompt.md"


def slugs(root: Path = ROOT) -> list[str]:
    """The use cases that there are, by name."""
    return sorted(path.parent.name for path in root.glob(f"*/{DESCRIPTION}"))


def import_models(root: Path = ROOT) -> None:
    """Imports what use cases keep in the database."""
    for path in sorted(root.glob("*/models.py")):
        import_module(f"{__package__}.{path.parent.name}.models")
