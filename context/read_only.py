"""Rows that staff look at in the admin and do not write there."""

from __future__ import annotations

from typing import Any


class ReadOnly:
    """What the software writes: nobody adds or edits it by hand."""

    def has_add_permission(self, *_: Any) -> bool:
        """Never."""
        return False

    def has_change_permission(self, *_: Any) -> bool:
        """Never."""
        return False


class Kept(ReadOnly):
    """The same for what also goes only with what it belongs to."""

    def has_delete_permission(self, *_: Any) -> bool:
        """Never."""
        return False
