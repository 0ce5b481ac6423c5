"""The account that PostgreSQL runs as: ours, or for root an unprivileged one, and where that one can go."""

from __future__ import annotations

import os
import pwd
from dataclasses import dataclass
from pathlib import Path

UNPRIVILEGED_USER = "nobody"


@dataclass(frozen=True, slots=True)
class Account:
    """Who a server runs as; `entry` is None for ourselves."""

    entry: pwd.struct_passwd | None

    @classmethod
    def for_servers(cls) -> Account:
        """`nobody` when we are root, else ourselves."""
        return cls(pwd.getpwnam(UNPRIVILEGED_USER) if os.getuid() == 0 else None)

    def reaches(self, folder: Path) -> bool:
        """Whether the account may walk down to `folder` (a home folder of root usually says no)."""
        if self.entry is None:
            return True
        for part in (folder, *folder.parents):
            info = part.stat()
            bit = 0o100 if info.st_uid == self.entry.pw_uid else 0o010 if info.st_gid == self.entry.pw_gid else 0o001
            if not info.st_mode & bit:
                return False
        return True

    def own(self, folder: Path) -> None:
        """Gives `folder` to the account."""
        if self.entry is not None:
            os.chown(folder, self.entry.pw_uid, self.entry.pw_gid)

    @property
    def process_options(self) -> dict[str, object]:
        """What `subprocess` needs to start a program as this account."""
        if self.entry is None:
            return {}
        return {"user": self.entry.pw_uid, "group": self.entry.pw_gid, "extra_groups": []}
