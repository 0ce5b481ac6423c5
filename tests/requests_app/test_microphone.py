"""The browser's microphone: words appear as they are spoken, and it ends by itself with something to read."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable

import pytest
from asgiref.sync import sync_to_async
from hypothesis import given
from hypothesis import strategies as st

from providers.types import Encoding, ProviderError, Recognition
from requests_app import microphone
from requests_app.microphone import CANNOT_HEAR, NO_WORDS, Heard
from tests.live.conftest import Page, no_connection_left, session_of

pytestmark = pytest.mark.django_db(transaction=True)
__all__ = ["no_connection_left"]
PIECE = b"\x01\x00" * 1600


class Ear:
    """A recogniser that hears what the test puts in."""

    def __init__(self) -> None:
        self.results: asyncio.Queue[Recognition | ProviderError | None] = asyncio.Queue()
        self.sound = b""
        self.fed = asyncio.Event()
        self.finished = asyncio.Event()
        self.closed = False
        self.hints: list[str] = []

    async def open(self, *, encoding, language, hints=()) -> Ear:
        assert (encoding, language) == (Encoding.LINEAR16_16K, "en-US")
        self.hints = list(hints)
        return self

    def feed(self, audio: bytes) -> None:
        self.sound += audio
        self.fed.set()

    async def finish(self) -> None:
        self.finished.set()

    async def close(self) -> None:
        self.closed = True

    async def __aiter__(self) -> AsyncIterator[Recognition]:
        while (result := await self.results.get()) is not None:
            if isinstance(result, ProviderError):
                raise result
            yield result

    def hear(self, text: str, *, final: bool = False) -> None:
        self.results.put_nowait(Recognition(text, is_final=final))


@pytest.fixture
def ear(monkeypatch) -> Ear:
    heard = Ear()

    async def recognizer() -> Ear:
        return heard

    monkeypatch.setattr(microphone, "_recognizer", recognizer)
    return heard


@pytest.fixture
async def speak(tom) -> AsyncIterator[Callable[[], Page]]:
    pages = []

    async def start(user=tom) -> Page:
        page = Page("/microphone/", await sync_to_async(session_of)(user) if user else None)
        assert (await page.connect())[0]
        pages.append(page)
        return page

    yield start
    for page in pages:
        await page.disconnect()


async def test_words_appear_while_they_are_spoken_and_it_ends_by_itself(speak, ear, monkeypatch):
    monkeypatch.setattr(microphone, "END_AFTER_S", 0.1)
    page = await speak()
    await page.send_to(bytes_data=PIECE)
    ear.hear("call the")
    assert await page.message() == {"words": "call the"}
    ear.hear("Call the school.", final=True)
    assert await page.message() == {"words": "Call the school."}
    ear.hear("mara is")
    assert await page.message() == {"words": "Call the school. mara is"}
    ear.hear("Mara is sick.", final=True)
    assert await page.message() == {"words": "Call the school. Mara is sick."}
    assert await page.message() == {"done": "Call the school. Mara is sick."}
    assert await page.close_code() == 1000
    assert ear.sound == PIECE
    assert ear.closed


async def test_pressing_the_button_again_ends_it(speak, ear):
    page = await speak()
    await page.send_json_to({"stop": True})
    await asyncio.wait_for(ear.finished.wait(), 2)
    ear.hear("Call the school.", final=True)
    ear.results.put_nowait(None)
    await page.message()
    assert await page.message() == {"done": "Call the school."}


async def test_who_holds_the_button_may_pause_to_think(speak, ear, monkeypatch):
    """What is over for somebody who tapped is not over for somebody who holds on: only letting go sends it."""
    monkeypatch.setattr(microphone, "END_AFTER_S", 0.05)
    page = await speak()
    await page.send_json_to({"held": True})
    await page.send_to(bytes_data=PIECE)
    await asyncio.wait_for(ear.fed.wait(), 2)  # what came before the sound was read, too
    ear.hear("Call the school.", final=True)
    assert await page.message() == {"words": "Call the school."}
    assert await page.receive_nothing(timeout=0.2)
    ear.hear("Mara is sick.", final=True)
    assert await page.message() == {"words": "Call the school. Mara is sick."}
    await page.send_json_to({"stop": True})
    await asyncio.wait_for(ear.finished.wait(), 2)
    ear.results.put_nowait(None)
    assert await page.message() == {"done": "Call the school. Mara is sick."}


async def test_sound_without_speech_says_so(speak, ear, monkeypatch):
    monkeypatch.setattr(microphone, "NOTHING_AFTER_S", 0.1)
    page = await speak()
    await page.send_to(bytes_data=PIECE)
    assert await page.message() == {"trouble": NO_WORDS}


async def test_a_recogniser_that_fails_says_what_to_do(speak, ear):
    page = await speak()
    ear.results.put_nowait(ProviderError("quota", permanent=True))
    assert await page.message() == {"trouble": CANNOT_HEAR}


async def test_a_recogniser_that_fails_late_keeps_the_words(speak, ear):
    page = await speak()
    ear.hear("Call the school.", final=True)
    await page.message()
    ear.results.put_nowait(ProviderError("reset"))
    assert await page.message() == {"done": "Call the school."}


async def test_it_ends_after_a_minute_of_sound(speak, ear, monkeypatch):
    monkeypatch.setattr(microphone, "LONGEST_S", 0.15)
    page = await speak()
    await page.send_to(bytes_data=PIECE)
    await page.send_to(bytes_data=PIECE)
    await asyncio.wait_for(ear.finished.wait(), 2)
    assert ear.sound == PIECE


@pytest.mark.parametrize("sound", [b"\x00" * (64 * 1024 + 2), b"\x00\x00\x00"])
async def test_frames_that_are_no_sound_close_it(speak, ear, sound):
    page = await speak()
    await page.send_to(bytes_data=sound)
    assert await page.close_code() == 4400


async def test_text_that_is_no_command_closes_it(speak, ear):
    page = await speak()
    await page.send_to(text_data="hello")
    assert await page.close_code() == 4400


async def test_strangers_are_not_heard(speak, ear):
    assert await (await speak(None)).close_code() == 4401


async def test_one_person_speaks_into_few_pages_at_once(speak, ear, monkeypatch):
    monkeypatch.setattr(microphone.MicrophoneSocket, "most_per_user", 1)
    await speak()
    assert await (await speak()).close_code() == 4429


async def test_a_page_that_is_closed_while_listening_lets_go_of_the_recogniser(speak, ear):
    page = await speak()
    ear.hear("call")
    await page.message()
    await page.disconnect()
    assert ear.closed


async def test_names_of_the_household_are_expected_but_no_secrets(speak, ear):
    page = await speak()
    ear.hear("call")
    await page.message()
    assert "Brock Road School" in ear.hints
    assert "Mara" in ear.hints
    assert "home" not in ear.hints  # the alarm code is about it


@given(st.lists(st.tuples(st.text(alphabet="ab ", max_size=5), st.booleans())))
def test_final_words_never_disappear(results):
    heard, kept = Heard(), ""
    for text, is_final in results:
        heard.take(text, is_final=is_final)
        assert heard.words.startswith(kept)
        if is_final:
            kept = heard.words
