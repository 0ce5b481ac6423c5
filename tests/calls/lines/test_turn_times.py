"""Where the time of a reply went."""

from calls.lines.turn_times import TurnClock
from providers.types import Usage


def row_of(clock, seq, **lines):
    """The row of a line that must have one."""
    row = clock.row(seq, lambda speech_id: lines.get(speech_id, 0))
    assert row is not None
    return row


def follow(clock, ask_id, speech_id, at):
    clock.asked(ask_id, at)
    clock.token(ask_id, at + 300)
    clock.clause(speech_id, at + 350)
    clock.audio(speech_id, at + 500)
    clock.sent(speech_id, at + 505)
    clock.heard(speech_id, at + 510)


def test_a_reply_asked_ahead_of_the_decision_belongs_to_the_turn():
    clock = TurnClock()
    clock.asked("guess", 1100)
    clock.words_final(1150)
    clock.turn_ended(speech_end_ms=1000, now_ms=1200)
    clock.token("guess", 1400)
    clock.clause("s1", 1410)
    clock.heard("s1", 1600)
    row = row_of(clock, 2, s1=2)
    assert (row.end_of_turn_ms, row.recognition_ms, row.whole_ms) == (200, 150, 600)


def test_the_words_after_a_tool_belong_to_what_was_heard_before_it():
    clock = TurnClock()
    clock.turn_ended(speech_end_ms=1000, now_ms=1300)
    clock.asked("tools", 1301)
    clock.done("tools", Usage())
    follow(clock, "words", "s1", 2000)
    row = row_of(clock, 2, s1=2)
    assert (row.end_of_turn_ms, row.whole_ms, row.model_first_token_ms) == (300, 1510, 300)


def test_what_was_heard_explains_one_reply_only():
    clock = TurnClock()
    clock.turn_ended(speech_end_ms=1000, now_ms=1300)
    follow(clock, "first", "s1", 1301)
    clock.done("first", Usage())
    follow(clock, "second", "s2", 5000)
    assert row_of(clock, 1, s1=1, s2=2).whole_ms == 811
    second = row_of(clock, 2, s1=1, s2=2)
    assert (second.end_of_turn_ms, second.whole_ms) == (None, None)


def test_fixed_lines_and_what_nobody_heard_have_no_row():
    clock = TurnClock()
    clock.clause("fixed", 10)
    assert clock.row(1, {"fixed": 1}.get) is None
    clock.asked("a", 100)
    clock.token("a", 200)
    clock.clause("s1", 210)
    assert clock.row(2, {"s1": 2}.get) is None


def test_a_row_is_given_once():
    clock = TurnClock()
    follow(clock, "a", "s1", 100)
    clock.interrupted()
    assert row_of(clock, 1, s1=1).interrupted
    assert clock.row(1, {"s1": 1}.get) is None
