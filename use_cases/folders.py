"""Where use cases stand: one folder each, named like its slug."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from types import ModuleType

ROOT = Path(__file__).parent
DESCRIPTION, PROMPT, TRANSLATIONS = "use_case.toml", "prompt.md", "translations.toml"


def slugs(root: Path | None = None) -> list[str]:
    """The use cases that there are, by name."""
    return sorted(path.parent.name for path in (root or ROOT).glob(f"*/{DESCRIPTION}"))


def import_models() -> None:
    """Imports what use cases keep in the database."""
    for path in sorted(ROOT.glob("*/models.py")):
        import_module(f"{__package__}.{path.parent.name}.models")


def import_admin() -> None:
    """Imports what use cases show to staff of what they keep."""
    for path in sorted(ROOT.glob("*/admin.py")):
        import_module(f"{__package__}.{path.parent.name}.admin")


def tools_module(slug: str) -> ModuleType | None:
    """The module with a use case's tools; None: it has none."""
    if not slug.isidentifier() or not (ROOT / slug / "tools.py").is_file():
        return None
    return import_module(f"{__package__}.{slug}.tools")
