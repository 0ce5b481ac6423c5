"""How a defect is logged: what and where, never the words that an error's message may quote."""

from __future__ import annotations

import traceback
from pathlib import Path


def described(error: BaseException) -> str:
    """Type and innermost places of an error, e.g. `KeyError at purse.py:41 < toolbox.py:88`."""
    frames = traceback.extract_tb(error.__traceback__)[-3:]
    places = " < ".join(f"{Path(frame.filename).name}:{frame.lineno}" for frame in reversed(frames))
    return f"{type(error).__name__} at {places}" if places else type(error).__name__
