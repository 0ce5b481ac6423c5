"""Both sides of a call, heard together: ours at the time it plays, not when it was sent."""

from hypothesis import given
from hypothesis import strategies as st

from calls.speech.both_sides import SILENCE, BothSides

FRAME = b"\x55" * 160


def test_what_is_sent_ahead_is_heard_frame_by_frame():
    sides = BothSides()
    sides.sent(b"a" * 400)
    assert [sides.beside(FRAME) for _ in range(4)] == [b"a" * 160, b"a" * 160, b"a" * 80 + SILENCE * 80, SILENCE * 160]


def test_what_the_carrier_dropped_is_not_heard():
    sides = BothSides()
    sides.sent(b"a" * 400)
    sides.beside(FRAME)
    sides.cleared()
    assert sides.beside(FRAME) == SILENCE * 160
    sides.sent(b"b" * 160)
    assert sides.beside(FRAME) == b"b" * 160


@given(st.lists(st.one_of(st.binary(max_size=500), st.integers(0, 500)), max_size=30))
def test_nothing_is_lost_doubled_or_out_of_order(steps):
    sides, sent, heard = BothSides(), b"", b""
    for step in steps:
        if isinstance(step, bytes):
            sides.sent(step.replace(SILENCE, b"\x00"))
            sent += step.replace(SILENCE, b"\x00")
        else:
            piece = sides.beside(b"x" * step)
            assert len(piece) == step
            heard += piece
    while len(heard.replace(SILENCE, b"")) < len(sent):
        heard += sides.beside(FRAME)
    assert heard.replace(SILENCE, b"") == sent
