from hypothesis import given
from hypothesis import strategies as st

from sandbox.twilio.playout import Playout

SECOND = 8000


def test_a_mark_comes_back_when_everything_before_it_was_played():
    playout = Playout(0.0)
    playout.media(b"\x10" * 800, 0.0)
    playout.mark("a", 0.0)
    assert playout.due(0.09) == []
    assert playout.due(0.1) == ["a"]
    assert playout.due(0.2) == []


def test_a_mark_with_nothing_queued_comes_back_at_once():
    playout = Playout(0.0)
    playout.mark("now", 3.0)
    assert playout.due(3.0) == ["now"]


def test_clear_makes_all_marks_due_in_order_and_stops_the_sound():
    playout = Playout(0.0)
    playout.media(b"\x10" * 10 * SECOND, 0.0)
    playout.mark("first", 0.0)
    playout.media(b"\x20" * SECOND, 0.0)
    playout.mark("second", 0.0)
    assert playout.heard(160) == b"\x10" * 160
    playout.clear(0.03)
    assert playout.due(0.03) == ["first", "second"]
    assert not playout.playing(0.03)
    assert playout.heard(160) == b"\x10" * 80 + b"\xff" * 80
    assert playout.heard(160) is None


def test_audio_that_comes_late_is_heard_late_and_not_squeezed():
    playout = Playout(0.0)
    playout.media(b"\x10" * 160, 0.0)
    assert playout.heard(160) == b"\x10" * 160
    assert playout.heard(160) is None
    playout.media(b"\x20" * 160, 0.05)
    assert playout.heard(160) == b"\xff" * 80 + b"\x20" * 80
    assert playout.heard(160) == b"\x20" * 80 + b"\xff" * 80


@given(st.lists(st.tuples(st.integers(0, 2000), st.floats(0, 0.3)), max_size=25), st.integers(1, 400))
def test_every_sample_is_heard_exactly_once_whatever_the_pieces(pieces, frame):
    playout, now, sent = Playout(0.0), 0.0, b""
    for index, (size, gap) in enumerate(pieces):
        audio = bytes([index + 1]) * size
        playout.media(audio, now)
        sent += audio
        now += gap
    heard = b"".join(playout.heard(frame) or b"" for _ in range(int((playout.end + 1) * SECOND / frame) + 2))
    assert abs(len(heard.replace(b"\xff", b"")) - len(sent)) <= 2 * len(pieces)  # a piece may begin between two samples
    assert bytes(dict.fromkeys(heard.replace(b"\xff", b""))) == bytes(dict.fromkeys(sent))
