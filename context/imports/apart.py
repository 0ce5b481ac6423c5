"""Has a file read in a process of its own, with limits on time and memory."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import datetime
from pathlib import Path

from context.imports.found import MOST_BYTES, SECONDS, Found, UnreadableError
from context.marking import noop

ROOT = Path(__file__).resolve().parent.parent.parent
TOO_LARGE = noop("This file is larger than %(most_bytes)s MB. Nothing was taken; split it and import the parts.") % {
    "most_bytes": MOST_BYTES // 1024 // 1024
}
TOO_MUCH = noop("This file takes too long to read, or too much room. Nothing was taken; export less of it, for example one calendar or one year.")


def read_apart(data: bytes, *, zone: str, now: datetime) -> Found:
    """What the file holds.

    Raises:
        UnreadableError: nothing that can be used, or it takes too much to read.
    """
    if len(data) > MOST_BYTES:
        raise UnreadableError(TOO_LARGE)
    order = json.dumps({"zone": zone, "now": now.isoformat()}).encode() + b"\n"
    command = [sys.executable, "-m", "context.imports.reading"]
    # Nothing of our environment: no secret is within its reach.
    environment = {"PATH": os.defpath, "PYTHONUTF8": "1"}
    try:
        done = subprocess.run(command, input=order + data, capture_output=True, cwd=ROOT, env=environment, timeout=2 * SECONDS, check=False)
    except subprocess.TimeoutExpired:
        raise UnreadableError(TOO_MUCH) from None
    if done.returncode != 0:
        raise UnreadableError(TOO_MUCH)
    answer = json.loads(done.stdout)
    if "unreadable" in answer:
        raise UnreadableError(answer["unreadable"])
    return Found(**answer)
