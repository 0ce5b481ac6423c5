"""Where the time of a reply went. Whatever happens in a turn, its parts add up to the whole."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calls.lines.turn_times import TurnClock
from providers.types import Usage

PARTS = ("recognition_ms", "end_of_turn_ms", "tools_ms", "model_first_token_ms", "first_clause_ms", "voice_first_byte_ms", "buffer_ms")


def row_of(clock, seq, *, interrupted=False, **lines):
    """The row of a line that must have one, with parts that add up."""
    row = clock.row(seq, lambda speech_id: lines.get(speech_id, 0), interrupted=interrupted)
    assert row is not None
    if row.whole_ms is not None:
        assert sum(getattr(row, part) or 0 for part in PARTS) == row.whole_ms
    return row


def parts(row):
    return {part.removesuffix("_ms"): getattr(row, part) for part in (*PARTS, "whole_ms") if getattr(row, part) is not None}


def heard(clock, *, end=1000, final=1250, decided=1300):
    """The callee's words, from their last sample to the decision."""
    if final is not None:
        clock.words_final(final)
    clock.turn_ended(speech_end_ms=end, now_ms=decided)


def answered(clock, ask_id, speech_id, at):
    """Words of the model's, voiced and played."""
    clock.token(ask_id, at)
    clock.clause(speech_id, at + 50, ask_id=ask_id)
    clock.audio(speech_id, at + 200)
    clock.played(speech_id, at + 210)


def test_a_plain_turn():
    clock = TurnClock()
    heard(clock)
    clock.asked("a1", 1300)
    answered(clock, "a1", "s1", 1600)
    assert parts(row_of(clock, 2, s1=2)) == {
        "recognition": 250,
        "end_of_turn": 50,
        "model_first_token": 300,
        "first_clause": 50,
        "voice_first_byte": 150,
        "buffer": 10,
        "whole": 810,
    }


def test_a_decision_made_without_the_final_words_leaves_recognition_out():
    clock = TurnClock()
    heard(clock, final=None)
    clock.asked("a1", 1300)
    answered(clock, "a1", "s1", 1600)
    clock.words_final(1700)  # too late to matter, and not the next turn's either
    row = row_of(clock, 2, s1=2)
    assert (row.recognition_ms, row.end_of_turn_ms) == (None, 300)
    heard(clock, end=5000, final=None, decided=5300)
    clock.asked("a2", 5300)
    answered(clock, "a2", "s2", 5600)
    assert row_of(clock, 4, s2=4).recognition_ms is None


def test_what_was_asked_ahead_costs_only_what_is_left_after_the_decision():
    clock = TurnClock()
    clock.asked("guess", 1180, ahead=True)
    clock.token("guess", 1290)
    heard(clock)
    clock.clause("s1", 1300)
    clock.audio("s1", 1450)
    clock.played("s1", 1460)
    row = row_of(clock, 2, s1=2)
    assert row.asked_ahead
    assert (row.model_first_token_ms, row.first_clause_ms, row.voice_first_byte_ms, row.whole_ms) == (0, 0, 150, 460)


def test_an_answer_asked_ahead_that_comes_after_the_decision():
    clock = TurnClock()
    clock.asked("guess", 1180, ahead=True)
    heard(clock)
    answered(clock, "guess", "s1", 1450)
    row = row_of(clock, 2, s1=2)
    assert (row.asked_ahead, row.model_first_token_ms, row.tools_ms, row.whole_ms) == (True, 150, None, 660)


def test_a_farewell_asked_ahead_is_a_reply_too():
    clock = TurnClock()
    clock.asked("guess", 1180, ahead=True)
    clock.token("guess", 1250)
    clock.done("guess", Usage())
    heard(clock)
    clock.clause("s1", 1300, fixed=True)
    clock.played("s1", 1310)
    row = row_of(clock, 2, s1=2)
    assert (row.asked_ahead, row.whole_ms) == (True, 310)


def test_a_guess_that_failed_before_the_decision_costs_nothing():
    clock = TurnClock()
    clock.asked("guess", 1180, ahead=True)
    clock.failed("guess")
    heard(clock)
    clock.asked("a2", 1300)
    answered(clock, "a2", "s1", 1600)
    assert row_of(clock, 2, s1=2).tools_ms is None


def test_a_wrong_guess_leaves_no_trace():
    clock = TurnClock()
    clock.asked("guess", 1180, ahead=True)
    clock.token("guess", 1250)
    heard(clock)
    clock.gave_up("guess", 1300)
    clock.asked("a2", 1300)
    answered(clock, "a2", "s1", 1600)
    row = row_of(clock, 2, s1=2)
    assert (row.asked_ahead, row.tools_ms, row.model_first_token_ms, row.whole_ms) == (False, None, 300, 810)


def test_tools_before_the_words_are_a_part_of_their_own():
    clock = TurnClock()
    heard(clock)
    clock.asked("tools", 1300)
    clock.token("tools", 1500)
    clock.done("tools", Usage(10, 5, 2))
    clock.asked("words", 1600)
    answered(clock, "words", "s1", 1900)
    clock.done("words", Usage(20, 10, 3))
    row = row_of(clock, 2, s1=2)
    assert (row.tools_ms, row.model_first_token_ms, row.whole_ms) == (300, 300, 1110)
    assert (row.prompt_tokens, row.cached_tokens, row.completion_tokens) == (30, 15, 5)


@pytest.mark.parametrize("failed", ["done", "gave_up", "failed"])
def test_what_was_asked_ahead_may_ask_for_tools_or_fail(failed):
    clock = TurnClock()
    clock.asked("guess", 1180, ahead=True)
    heard(clock)
    if failed == "done":
        clock.token("guess", 1400)
        clock.done("guess", Usage())
    elif failed == "gave_up":
        clock.gave_up("guess", 1600)
    clock.asked("words", 1600)
    answered(clock, "words", "s1", 1900)
    row = row_of(clock, 2, s1=2)
    assert (row.asked_ahead, row.end_of_turn_ms, row.tools_ms, row.model_first_token_ms, row.whole_ms) == (False, 50, 300, 300, 1110)


def test_a_bridged_answer_waits_in_the_buffer_for_the_bridge_to_end():
    clock = TurnClock()
    heard(clock)
    clock.asked("a1", 1300)
    clock.clause("bridge", 2800, fixed=True)
    clock.audio("bridge", 2801)
    clock.played("bridge", 2805)
    clock.token("a1", 2900)
    clock.clause("s2", 2950, ask_id="a1")
    clock.audio("s2", 3100)
    clock.silent(4000, 4010)
    clock.played("s2", 4010)
    assert clock.row(2, {"bridge": 2, "s2": 3}.get, interrupted=False) is None
    row = row_of(clock, 3, bridge=2, s2=3)
    assert (row.buffer_ms, row.whole_ms) == (910, 3010)


def test_a_reply_given_up_for_the_callee_who_goes_on_lends_the_next_one_nothing():
    clock = TurnClock()
    heard(clock)  # "Great."
    clock.asked("a1", 1300)
    clock.token("a1", 1500)
    clock.gave_up("a1", 1510)  # they go on
    heard(clock, end=4000, final=4200, decided=4300)
    clock.asked("a2", 4300)
    clock.token("a2", 4600)  # end_call, which says goodbye
    clock.done("a2", Usage())
    clock.clause("s1", 4650, ask_id="a2", fixed=True)
    clock.audio("s1", 4651)
    clock.played("s1", 4655)
    assert parts(row_of(clock, 3, s1=3)) == {
        "recognition": 200,
        "end_of_turn": 100,
        "model_first_token": 300,
        "first_clause": 50,
        "voice_first_byte": 1,
        "buffer": 4,
        "whole": 655,
    }


def test_what_was_heard_explains_one_reply_only():
    clock = TurnClock()
    heard(clock)
    clock.asked("first", 1300)
    answered(clock, "first", "s1", 1600)
    clock.done("first", Usage())
    clock.asked("second", 5000)  # the user has answered
    answered(clock, "second", "s2", 5300)
    assert row_of(clock, 1, s1=1, s2=2).whole_ms == 810
    second = row_of(clock, 2, s1=1, s2=2)
    assert (second.whole_ms, second.end_of_turn_ms, second.model_first_token_ms) == (None, None, 300)


def test_words_over_floyds_own_are_answered_from_where_floyd_fell_silent():
    clock = TurnClock()
    heard(clock)
    clock.silent(3000, 3010)
    clock.asked("a1", 3010)
    answered(clock, "a1", "s1", 3300)
    row = row_of(clock, 2, s1=2)
    assert (row.recognition_ms, row.end_of_turn_ms, row.whole_ms) == (None, 10, 510)


def test_an_answer_of_the_users_is_not_timed_from_an_okay_long_ago():
    clock = TurnClock()
    heard(clock)
    clock.asked("a1", 20_000)
    answered(clock, "a1", "s1", 20_300)
    assert row_of(clock, 2, s1=2).whole_ms is None


def test_a_clause_said_again_because_the_voice_failed_keeps_its_turn():
    clock = TurnClock()
    heard(clock)
    clock.asked("a1", 1300)
    clock.token("a1", 1600)
    clock.clause("s1", 1650, ask_id="a1")
    clock.done("a1", Usage())
    clock.unvoiced("s1")
    clock.clause("s2", 2650)
    clock.audio("s2", 2800)
    clock.played("s2", 2810)
    assert row_of(clock, 2, s1=2, s2=2).voice_first_byte_ms == 1150


def test_a_clause_that_was_dropped_unheard_and_said_again_keeps_its_turn():
    clock = TurnClock()
    heard(clock)
    clock.asked("a1", 1300)
    clock.token("a1", 1600)
    clock.clause("s1", 1650, ask_id="a1")
    clock.dropped()
    clock.clause("s2", 2650, fixed=True)
    clock.clause("s3", 2650)
    clock.played("s3", 2810)
    clock.dropped()
    assert row_of(clock, 2, s1=2, s2=1, s3=2).whole_ms is not None


def test_who_interrupts_and_then_hangs_up_has_interrupted():
    clock = TurnClock()
    clock.asked("a", 100)
    answered(clock, "a", "s1", 400)
    clock.cut()
    clock.line_dropped()
    assert row_of(clock, 1, s1=1, interrupted=True).interrupted


def test_fixed_lines_and_what_nobody_heard_have_no_row():
    clock = TurnClock()
    clock.clause("fixed", 10, fixed=True)
    clock.played("fixed", 20)
    assert clock.row(1, {"fixed": 1}.get, interrupted=False) is None
    clock.asked("a", 100)
    clock.token("a", 200)
    clock.clause("s1", 210, ask_id="a")
    assert clock.row(2, {"s1": 2}.get, interrupted=False) is None


def test_a_row_is_given_once():
    clock = TurnClock()
    clock.asked("a", 100)
    answered(clock, "a", "s1", 400)
    assert row_of(clock, 1, s1=1, interrupted=True).interrupted
    assert clock.row(1, {"s1": 1}.get, interrupted=False) is None


STEPS = st.lists(
    st.tuples(
        st.sampled_from(
            ["final", "ended", "asked", "ahead", "token", "done", "gave_up", "clause", "kept", "fixed", "audio", "played", "silent", "unvoiced"]
        ),
        st.integers(0, 400),
        st.integers(0, 3),
    ),
    max_size=40,
)


@given(STEPS)
def test_in_whatever_order_things_happen_the_parts_add_up(steps):
    clock, now = TurnClock(), 1000
    for name, later, number in steps:
        now += later
        ask_id, speech_id = f"a{number}", f"s{number}"
        doings = {
            "final": lambda now=now: clock.words_final(now),
            "ended": lambda now=now, number=number: clock.turn_ended(speech_end_ms=now - 100 * number, now_ms=now),
            "asked": lambda now=now, ask_id=ask_id: clock.asked(ask_id, now),
            "ahead": lambda now=now, ask_id=ask_id: clock.asked(ask_id, now, ahead=True),
            "token": lambda now=now, ask_id=ask_id: clock.token(ask_id, now),
            "done": lambda ask_id=ask_id: clock.done(ask_id, Usage(1, 1, 1)),
            "gave_up": lambda now=now, ask_id=ask_id: clock.gave_up(ask_id, now),
            "clause": lambda now=now, ask_id=ask_id, speech_id=speech_id: clock.clause(speech_id, now, ask_id=ask_id),
            "kept": lambda now=now, speech_id=speech_id: clock.clause(speech_id, now),
            "fixed": lambda now=now, speech_id=speech_id: clock.clause(speech_id, now, fixed=True),
            "audio": lambda now=now, speech_id=speech_id: clock.audio(speech_id, now),
            "played": lambda now=now, speech_id=speech_id: clock.played(speech_id, now),
            "silent": lambda now=now, number=number: clock.silent(now - 50 * number, now),
            "unvoiced": lambda speech_id=speech_id: clock.unvoiced(speech_id),
        }
        doings[name]()
    for number in range(4):
        row = clock.row(number, {f"s{number}": number}.get, interrupted=False)
        if row is not None:
            lengths = [getattr(row, part) for part in (*PARTS, "whole_ms")]
            assert all(length is None or length >= 0 for length in lengths)
            if row.whole_ms is not None:
                assert sum(length or 0 for length in lengths[:-1]) == row.whole_ms
