"""Whoever reviews a call sees what recogniser, voice and carrier reported; the call does not wait for that to be written."""

from contextlib import aclosing, suppress
from dataclasses import replace

import pytest

from calls.conversation.effects import AskUser, NoteTool, PressKeys
from calls.conversation.events import HeardUpTo, SpeechFailed, SpeechStarted, UserAnswered
from calls.lines import provider_notes, warm
from calls.lines.own_work import OwnWork
from calls.lines.provider_notes import NotedSpeaker, ProviderNotes
from providers.types import ProviderError, Recognition
from tests.calls.lines.fakes import tool


class Written:
    """A writer whose jobs run when told, and rows that may be refused once."""

    def __init__(self) -> None:
        self.jobs, self.rows, self.refuses = [], [], False

    async def write(self, notes) -> None:
        if self.refuses:
            self.refuses = False
            raise ConnectionError
        self.rows.extend(notes)

    async def work(self, notes) -> None:
        notes.flush()
        jobs, self.jobs[:] = list(self.jobs), []
        for job in jobs:
            await job()


@pytest.fixture
def written():
    return Written()


@pytest.fixture
def notes(written):
    clock = iter(range(100, 1_000_000, 10))
    return ProviderNotes(lambda: next(clock), written.jobs.append, written.write, keeps_words=True)


def kinds(written):
    return [(note.source, note.kind) for note in written.rows]


async def test_all_that_came_meanwhile_is_written_at_once_in_order(notes, written):
    for name in ("a", "b", "c"):
        notes.take("carrier", "mark", name=name)
    assert not written.jobs
    notes.flush()
    assert len(written.jobs) == 1 and not written.rows
    await written.work(notes)
    assert not written.jobs
    assert [note.data["name"] for note in written.rows] == ["a", "b", "c"]
    notes.take("carrier", "clear")
    await written.work(notes)
    assert kinds(written)[-1] == ("carrier", "clear")


async def test_a_batch_that_is_tried_again_is_the_same_one(notes, written):
    notes.take("carrier", "mark", name="a")
    notes.flush()
    job, written.refuses = written.jobs.pop(), True
    with suppress(ConnectionError):
        await job()
    notes.take("carrier", "mark", name="b")
    await job()
    await written.work(notes)
    assert [note.data["name"] for note in written.rows] == ["a", "b"]


async def test_interims_are_counted_and_the_final_words_kept(notes, written):
    for words in ("All", "All right", "All right."):
        notes.recognised(Recognition(words, is_final=False, stability=0.9))
    notes.recognised(Recognition("All right.", is_final=True, confidence=0.87, end_ms=1900))
    notes.recognised(Recognition("Bye.", is_final=True))
    await written.work(notes)
    first, second = [note.data for note in written.rows]
    assert (first["text"], first["interims"], first["last_stability"]) == ("All right.", 3, 0.9)
    assert (first["confidence"], first["audio_until_ms"]) == (0.87, 1900)
    assert first["first_interim_ms"] == 100 and (second["interims"], second["first_interim_ms"]) == (0, None)


async def test_of_a_caller_who_may_say_a_pin_no_words_are_kept(notes, written):
    notes.keeps_words = False
    notes.recognised(Recognition("It is 4 7 1 1", is_final=True))
    await written.work(notes)
    assert "text" not in written.rows[0].data and written.rows[0].data["letters"] == 13


async def test_no_more_are_kept_than_are_bounded_and_none_where_none_are_wanted(notes, written, monkeypatch):
    monkeypatch.setattr(provider_notes, "MOST_NOTES", 3)
    for _ in range(10):
        notes.take("carrier", "dtmf")
    await written.work(notes)
    assert len(written.rows) == 3
    silent = ProviderNotes()
    silent.take("carrier", "dtmf")
    silent.recognised(Recognition("x", is_final=True))


class Voice:
    voice = "floyd-2"

    async def speak(self, text, *, language):
        yield b"\xff" * 800
        if text == "Broken.":
            raise ProviderError("gone")
        yield b"\xff" * 800


async def test_of_a_clause_the_voice_its_length_and_its_first_sound_are_kept(notes, written):
    for text in ("Good morning.", "Broken."):
        with suppress(ProviderError):
            async with aclosing(NotedSpeaker(Voice(), notes).speak(text, language="en-US")) as chunks:
                assert [audio async for audio in chunks]
    await written.work(notes)
    whole, broken = [note.data for note in written.rows]
    assert (whole["voice"], whole["characters"], whole["first_byte_ms"], whole["sound_ms"], whole["whole"]) == ("floyd-2", 13, 10, 200, True)
    assert (broken["sound_ms"], broken["whole"]) == (100, False)


async def test_the_reports_of_a_call_are_in_the_database_when_it_is_over(carrier, opened, kit, ended, rows, monkeypatch):
    monkeypatch.setattr(warm, "_kit", replace(kit, keeps_prompts=True))
    kit.thinker.script = [["Noted, thanks.", tool("end_call", result="goal_reached", farewell="Thank you, goodbye.")]]
    async with carrier():
        kit.recognizer.says("Hello,\x00 Brock Road School.")
        await opened()
        kit.recognizer.says("Okay, I will note it. Bye.")
        await ended()
    kept = await rows("select source, kind, data from calls_providernote order by at_ms, id")
    heard = [row["data"]["text"] for row in kept if (row["source"], row["kind"]) == ("recognition", "final")]
    assert heard[0].startswith("Hello,") and heard[-1].endswith("Bye.")
    assert any((row["source"], row["kind"]) == ("carrier", "mark") for row in kept)
    clause = next(row["data"] for row in kept if row["source"] == "voice")
    assert clause["characters"] and clause["first_byte_ms"] is not None
    tool_note = next(row["data"] for row in kept if (row["source"], row["kind"]) == ("floyd", "tool"))
    assert (tool_note["name"], tool_note["result"]) == ("end_call", "ok") and tool_note["took_ms"] >= 0


async def test_keys_are_kept_with_the_moment_they_were_on_the_line_and_a_question_with_its_wait(notes, written):
    work = OwnWork(notes)
    work.does(PressKeys("s1", "2"), 5000)
    work.does(PressKeys("s2", "1w1"), 5000)
    work.does(AskUser("q1", "money", "How much?"), 6000)
    for event, now_ms in (
        (SpeechStarted("s1"), 5400),
        (HeardUpTo("s1", 1, True, 5600), 5600),
        (SpeechFailed("s2"), 5700),
        (SpeechStarted("s3"), 5800),
        (UserAnswered("q1", {"amount_minor": 6000}), 21_000),
        (UserAnswered("q1", {"amount_minor": 7000}), 22_000),
    ):
        work.happened(event, now_ms)
    await written.work(notes)
    assert [(note.source, note.kind, note.at_ms, note.data) for note in written.rows] == [
        ("floyd", "keys", 5400, {"keys": "2", "waited_ms": 400, "failed": None}),
        ("floyd", "keys", 5700, {"keys": "1w1", "waited_ms": 700, "failed": True}),
        ("floyd", "answer", 21_000, {"to": "money", "waited_ms": 15_000}),
    ]


async def test_a_tool_is_kept_from_the_moment_the_model_asked_without_what_it_was_given(notes, written):
    OwnWork(notes).does(NoteTool("agree_to", 4000, "above_limit"), 4350)
    await written.work(notes)
    assert written.rows[0].at_ms == 4000 and written.rows[0].data == {"name": "agree_to", "took_ms": 350, "result": "above_limit"}
