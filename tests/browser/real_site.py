"""What journeys in a browser share when every process is real: who signs in, and sound files to say into the microphone."""

from __future__ import annotations

import wave
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import FrameLocator, Page

from context.household import EMAIL
from sandbox.voice import say
from tests.browser.conftest import CHROMIUM
from tests.end_to_end.processes import PASSWORD

#: Of modules with such journeys.
MARKS = [
    pytest.mark.browser,
    pytest.mark.end_to_end,
    pytest.mark.timeout(300),
    pytest.mark.xdist_group("end_to_end"),
    pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed"),
]


def spoken(text: str, path: Path) -> Path:
    """`text` as a sound file, with a breath before and silence after it."""
    rate = 16_000
    silence = np.zeros(rate, np.int16)
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(np.concatenate([silence, say(text, sample_rate=rate), silence, silence]).tobytes())
    return path


def sign_in(page: Page) -> None:
    """Tom signs in."""
    page.goto("/")
    sign_in_within(page)


def sign_in_within(shown: Page | FrameLocator, email: str = EMAIL) -> None:
    """Tom, or who else has an account, signs in on the page that is there."""
    shown.get_by_label("Email").fill(email)
    shown.get_by_label("Password", exact=True).fill(PASSWORD)
    shown.get_by_role("button", name="Sign In").click()
