"""A line of the transcript is heard where its time says, whatever was paused or lost before it."""

from hypothesis import given
from hypothesis import strategies as st

from calls.recording.layout import Layout, Piece, Span, lay_out


def test_nothing_makes_no_recording():
    assert lay_out([]) is None
    assert lay_out([Piece(1, 0, 0, 0, 5_000)]) is None


def test_it_begins_with_the_first_piece():
    found = lay_out([Piece(1, 0, 4_000, 80_000), Piece(2, 0, 14_000, 40_000)])
    assert found is not None
    assert [(one.key, one.first) for one in found.placed] == [(1, 0), (2, 80_000)]
    assert found.parts == ((0, -4_000),) and found.ms == 15_000 and found.lost_ms == 0


def test_a_pause_and_a_loss_are_silence_of_their_length():
    found = lay_out([Piece(1, 0, 4_000, 8_000), Piece(2, 0, 7_000, 8_000, lost_ms=2_000)])
    assert found is not None
    assert found.placed[1].first == 24_000 and found.lost_ms == 2_000
    assert list(found.spans(0, found.samples)) == [Span(1, 0, 8_000), Span(None, 0, 16_000), Span(2, 0, 8_000)]


def test_a_call_that_came_back_goes_on_behind():
    found = lay_out([Piece(1, 0, 4_000, 8_000), Piece(2, 12, 500, 8_000), Piece(3, 12, 1_500, 8_000)])
    assert found is not None
    assert [one.first for one in found.placed] == [0, 8_000, 16_000]
    assert found.parts == ((0, -4_000), (12, 500))


def test_another_process_that_begins_at_nothing_goes_on_behind_too():
    found = lay_out([Piece(1, 0, 4_000, 8_000), Piece(2, 0, 300, 8_000)])
    assert found is not None and [one.first for one in found.placed] == [0, 8_000]


PIECES = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 60_000), st.integers(0, 4_000)), min_size=1, max_size=8)


def flat(layout: Layout, first: int, end: int) -> list[int | None]:
    """Of every sample the piece that it is of."""
    return [span.key for span in layout.spans(first, end) for _ in range(span.samples)]


@given(PIECES, st.data())
def test_any_part_of_it_is_that_part_of_the_whole(rows, data):
    found = lay_out(Piece(key, after, start_ms, samples) for key, (after, start_ms, samples) in enumerate(rows))
    if found is None or found.samples > 400_000:
        return
    assert all(one.end <= other.first for one, other in zip(found.placed, found.placed[1:], strict=False))
    assert found.samples == found.placed[-1].end
    first = data.draw(st.integers(0, found.samples))
    end = data.draw(st.integers(first, min(found.samples, first + 5_000)))
    whole = {at: one.key for one in found.placed for at in range(max(first, one.first), min(end, one.end))}
    assert flat(found, first, end) == [whole.get(at) for at in range(first, end)]
