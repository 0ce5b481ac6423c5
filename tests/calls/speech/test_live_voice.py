"""A live voice on its way to the carrier: small stalls are bridged, and nothing adds up."""

from hypothesis import given
from hypothesis import strategies as st

from calls.speech.live_voice import MOST_AHEAD_MS, START_MS, LiveVoice

PIECE = b"\x55" * 160


def sent(voice, times):
    """Milliseconds that went out at each of these times."""
    return [len(voice.take(PIECE, at)) // 8 for at in times]


def test_a_little_is_collected_first_and_then_each_piece_goes_at_once():
    assert sent(LiveVoice(), range(0, 200, 20)) == [0, 0, START_MS, *[20] * 7]


def test_a_small_stall_is_bridged():
    voice = LiveVoice()
    assert sum(sent(voice, [0, 20, 40, 100, 100, 100, 120])) == 140


def test_after_a_long_one_some_is_collected_anew():
    assert sent(LiveVoice(), [0, 20, 40, 500, 520, 540, 560]) == [0, 0, 60, 0, 0, 60, 20]


def test_a_burst_is_cut_to_what_may_lie_ahead():
    voice = LiveVoice()
    sent(voice, [0, 20, 40])
    out = sum(sent(voice, [60] * 100))
    assert out <= MOST_AHEAD_MS + 20 and voice.left_out_ms == 100 * 20 - out


@given(st.lists(st.integers(0, 400), max_size=200))
def test_it_is_never_far_behind(pauses):
    voice, now, plays_until = LiveVoice(), 0, 0
    for pause in pauses:
        now += pause
        out = len(voice.take(PIECE, now)) // 8
        plays_until = max(plays_until, now) + out
        assert plays_until - now <= MOST_AHEAD_MS + START_MS
