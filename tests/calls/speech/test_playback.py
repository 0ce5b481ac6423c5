"""What the callee has heard: marks, clears and the clock."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calls.conversation.events import HeardUpTo, SpeechFailed, SpeechStarted
from calls.speech.playback import PlaybackAccount, heard_characters

TEXT = "Could you deliver them on Thursday?"


def last(events) -> Any:
    """The newest event, of whichever kind."""
    return events[-1]


def playing(account=None, ms=2000, now=1000):
    account = account or PlaybackAccount()
    account.queue("s1", TEXT)
    account.sent("s1", ms * 8, now)
    return account, account.all_sent("s1", now)


def test_a_clause_is_heard_when_its_mark_returns():
    account, mark = playing()
    assert account.tick(1000) == [SpeechStarted("s1")]
    assert account.mark_returned(mark, 3000) == [HeardUpTo("s1", len(TEXT), True, 3000)]
    assert account.idle


def test_a_mark_that_comes_first_still_tells_the_start():
    account, mark = playing()
    assert account.mark_returned(mark, 3000) == [SpeechStarted("s1"), HeardUpTo("s1", len(TEXT), True, 3000)]


def test_a_cut_is_measured_to_whole_words():
    account, _ = playing()
    account.tick(1000)
    event = last(account.clear(2000))
    assert not event.finished
    assert TEXT[: event.heard] == "Could you deliver"


def test_marks_flushed_by_a_clear_do_not_count_as_heard():
    account, mark = playing()
    account.tick(1000)
    account.clear(1200)
    assert account.mark_returned(mark, 1210) == []


def test_unknown_and_repeated_marks_are_harmless():
    account, mark = playing()
    assert account.mark_returned("nonsense", 1100) == []
    account.mark_returned(mark, 3000)
    assert account.mark_returned(mark, 3001) == []


def test_a_lost_mark_holds_nothing_up():
    account, _ = playing()
    assert account.tick(4499)[-1] == SpeechStarted("s1")
    assert account.tick(4500) == [HeardUpTo("s1", len(TEXT), True, 3000)]


def test_a_later_mark_vouches_for_earlier_clauses():
    account, _ = playing()
    account.queue("s2", "Thank you.")
    account.sent("s2", 8000, 1000)
    mark = account.all_sent("s2", 1000)
    assert [event.speech_id for event in account.mark_returned(mark, 4000) if isinstance(event, HeardUpTo)] == ["s1", "s2"]


def test_clauses_play_one_after_the_other():
    account, _ = playing()
    account.queue("s2", "Thank you very much.")
    account.sent("s2", 8000, 1100)
    account.all_sent("s2", 1100)
    assert account.tick(2900) == [SpeechStarted("s1")]
    assert account.tick(3000) == [SpeechStarted("s2")]


def test_a_clear_in_the_first_clause_leaves_the_second_unheard():
    account, _ = playing()
    account.queue("s2", "Thank you.")
    account.sent("s2", 8000, 1100)
    account.queue("s3", "Goodbye.")
    account.tick(1000)
    events: list[Any] = list(account.clear(1500))
    assert [(event.speech_id, event.finished) for event in events] == [("s1", False), ("s2", False), ("s3", False)]
    assert [event.heard for event in events[1:]] == [0, 0]


def test_all_played_but_the_mark_still_on_its_way_counts_as_heard():
    account, _ = playing()
    account.tick(1000)
    assert account.clear(3100) == [HeardUpTo("s1", len(TEXT), True, 3100)]


def test_a_clause_still_being_voiced_is_measured_by_its_likely_length():
    account = PlaybackAccount()
    account.queue("s1", TEXT)
    account.sent("s1", 800 * 8, 0)
    account.tick(0)
    event = last(account.clear(800))
    assert 0 < event.heard < len(TEXT)
    assert not event.finished


def test_late_audio_leaves_a_gap_that_is_not_heard_words():
    account = PlaybackAccount()
    account.queue("s1", TEXT)
    account.sent("s1", 500 * 8, 0)
    account.sent("s1", 500 * 8, 2000)
    account.all_sent("s1", 2000)
    account.tick(0)
    event = last(account.clear(1800))
    assert event.heard <= len(TEXT) // 2


def test_what_may_not_be_cut_is_protected():
    account = PlaybackAccount()
    account.queue("s1", TEXT, interruptible=False)
    account.sent("s1", 8000, 0)
    mark = account.all_sent("s1", 0)
    account.queue("s2", "And more.")
    assert account.protected
    assert [event.speech_id for event in account.clear(500)] == ["s2"]
    assert last(account.mark_returned(mark, 1000)).finished
    assert not account.protected


def test_playing_follows_the_clock():
    account, _ = playing()
    assert [account.playing(at) for at in (999, 1000, 2999, 3000)] == [False, True, True, False]


def test_a_failed_voice_is_reported():
    account = PlaybackAccount()
    account.queue("s1", TEXT)
    assert account.failed("s1", permanent=True) == [SpeechFailed("s1", True)]
    assert account.failed("s1") == []
    assert account.idle


def test_a_clause_without_audio_is_over_at_once():
    account = PlaybackAccount()
    account.queue("s1", "…")
    mark = account.all_sent("s1", 100)
    assert last(account.mark_returned(mark, 110)).finished


@pytest.mark.parametrize(
    ("heard", "whole", "text"), [(0, 1000, ""), (1000, 1000, TEXT), (500, 1000, "Could you deliver"), (10, 1000, ""), (5, 0, "")]
)
def test_heard_words_are_whole(heard, whole, text):
    assert TEXT[: heard_characters(TEXT, heard, whole)] == text


@given(st.text(max_size=80), st.integers(0, 5000), st.integers(0, 5000))
def test_heard_characters_stay_within_the_text(text, heard, whole):
    assert 0 <= heard_characters(text, heard, whole) <= len(text)


OPERATIONS = st.lists(
    st.tuples(st.sampled_from(["queue", "sent", "all_sent", "mark", "old_mark", "clear", "tick", "failed"]), st.integers(0, 6), st.integers(0, 3000)),
    max_size=60,
)


@given(OPERATIONS)
def test_each_clause_is_resolved_once_and_never_more_than_said(operations):
    account, now, marks, resolved, queued = PlaybackAccount(), 0, [], [], {}
    for name, number, amount in operations:
        now += amount // 3
        speech_id, events = f"s{number}", []
        if name == "queue" and speech_id not in queued:
            queued[speech_id] = TEXT[:number] + TEXT
            account.queue(speech_id, queued[speech_id], interruptible=number != 3)
        elif name == "sent":
            account.sent(speech_id, amount, now)
        elif name == "all_sent":
            marks.append(account.all_sent(speech_id, now))
        elif name == "mark" and marks:
            events = account.mark_returned(marks[-1], now)
        elif name == "old_mark" and marks:
            events = account.mark_returned(marks[0], now)
        elif name == "clear":
            events = account.clear(now)
        elif name == "tick":
            events = account.tick(now)
        elif name == "failed":
            events = account.failed(speech_id)
        resolved += [event for event in events if not isinstance(event, SpeechStarted)]
    ids = [event.speech_id for event in resolved]
    assert len(ids) == len(set(ids))
    assert all(0 <= event.heard <= len(queued[event.speech_id]) for event in resolved if isinstance(event, HeardUpTo))
    assert all(
        event.finished == (event.heard == len(queued[event.speech_id])) or not event.finished for event in resolved if isinstance(event, HeardUpTo)
    )
    assert set(ids) <= set(queued)


@given(st.lists(st.integers(1, 4000), min_size=1, max_size=10), st.integers(0, 10_000))
def test_a_later_clear_never_means_less_was_heard(pieces, at):
    def heard(when):
        account = PlaybackAccount()
        account.queue("s1", TEXT)
        for piece in pieces:
            account.sent("s1", piece, 0)
        account.all_sent("s1", 0)
        return next(event.heard for event in account.clear(when) if isinstance(event, HeardUpTo))

    assert heard(at) <= heard(at + 100)


def broken_off(account, ms, now=1000):
    account.queue("s2", TEXT)
    account.sent("s2", ms * 8, now)
    return account.broke_off("s2", permanent=True)


def test_a_clause_that_broke_off_counts_as_far_as_it_was_sent_once_that_has_played():
    account = PlaybackAccount()
    mark = broken_off(account, 1000)
    assert account.tick(1000) == [SpeechStarted("s2")]
    (event,) = account.mark_returned(mark, 2000)
    assert event == SpeechFailed("s2", True, len("Could you"))
    assert account.idle


def test_the_pace_of_clauses_before_tells_how_far_a_broken_one_came():
    account = PlaybackAccount()
    for _ in range(2):
        _, mark = playing(account, ms=20 * len(TEXT))
        account.mark_returned(mark, 1000)
    mark = broken_off(account, 400, now=9000)
    assert TEXT[: last(account.mark_returned(mark, 9400)).heard] == "Could you deliver"


def test_the_last_word_of_a_clause_that_broke_off_is_never_taken_for_heard():
    mark = broken_off(account := PlaybackAccount(), 60_000)
    assert TEXT[: last(account.mark_returned(mark, 61_000)).heard] == "Could you deliver them on"


def test_a_clause_that_broke_off_is_over_without_its_mark_too():
    account = PlaybackAccount()
    broken_off(account, 1000)
    assert isinstance(last(account.tick(1000 + 1000 + 2000)), SpeechFailed)


def test_a_cut_into_a_clause_that_broke_off_is_a_cut():
    account = PlaybackAccount()
    mark = broken_off(account, 1000)
    account.tick(1000)
    event = last(account.clear(1900))
    assert not event.finished and TEXT[: event.heard] == "Could you"
    assert account.mark_returned(mark, 2000) == []


def test_what_a_broken_stream_had_not_played_is_to_be_said_again():
    account = PlaybackAccount()
    account.queue("a", "one two three four", interruptible=False)
    account.queue("b", "five six")
    account.queue("c", "seven")
    account.sent("a", 8 * 1000, 0)
    account.all_sent("a", 0)
    account.sent("b", 8 * 400, 0)
    assert account.lost(500) == [SpeechStarted("a"), SpeechFailed("a", heard=len("one two")), SpeechFailed("b", heard=0)]
    assert account.lead_ms(500) == 0
    account.sent("c", 8 * 400, 600)
    assert account.tick(700) == [SpeechStarted("c")]
