"""The benchmark's idea of what a callee hears: wrong here means wrong figures everywhere."""

import pytest

from bench.playout import Playout

SOUND, SILENCE = b"\x10", b"\xff"


@pytest.fixture
def playout():
    return Playout()


def test_audio_plays_at_once_on_a_dry_line_and_else_behind_what_waits(playout):
    assert playout.audio(SOUND * 800, 10.0).begins == 10.0
    assert playout.audio(SOUND * 800, 10.02).begins == pytest.approx(10.1)
    assert playout.end == pytest.approx(10.2)
    assert playout.longest_lead_s == pytest.approx(0.18)


def test_the_first_sound_is_where_the_silence_ends(playout):
    assert playout.audio(SILENCE * 80 + SOUND * 80, 5.0).sound_at == pytest.approx(5.01)
    assert playout.audio(SILENCE * 160, 6.0).sound_at is None


def test_a_line_that_ran_dry_says_for_how_long(playout):
    playout.audio(SOUND * 800, 0.0)
    assert playout.audio(SOUND, 0.25).dry_s == pytest.approx(0.15)
    assert playout.audio(SOUND, 0.25).dry_s == 0.0


def test_a_mark_comes_back_when_all_before_it_was_played_and_only_once(playout):
    playout.audio(SOUND * 800, 0.0)
    playout.mark("a", 0.0)
    assert playout.marks_due(0.09) == []
    assert playout.marks_due(0.11) == ["a"]
    assert playout.marks_due(0.2) == []


def test_clear_drops_the_audio_and_returns_every_mark(playout):
    playout.audio(SOUND * 8000, 0.0)
    playout.mark("a", 0.0)
    playout.mark("b", 0.0)
    assert playout.clear(0.3) == ["a", "b"]
    assert not playout.playing(0.3)
    assert playout.marks_due(9.0) == []
    assert playout.audio(SOUND, 0.4).begins == 0.4
