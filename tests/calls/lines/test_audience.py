"""Who listens hears both sides in step; who is slow loses sound and holds nobody up."""

from calls.lines.audience import MOST_LISTENERS, MOST_WAITING, Audience, Seat

THEIRS, OURS = b"\x11" * 160, b"\x22" * 160


def frames(audience, count):
    for _ in range(count):
        audience.frame(THEIRS)


def sit(audience: Audience) -> Seat:
    seat = audience.join()
    assert seat is not None
    return seat


async def heard(seat: Seat) -> bytes:
    piece = await seat.next()
    assert isinstance(piece, bytes)
    return piece


async def test_a_piece_holds_its_place_theirs_and_ours():
    audience = Audience()
    frames(audience, 5)
    seat = sit(audience)
    audience.sides.sent(OURS)
    frames(audience, 2)
    assert await seat.next() == (800).to_bytes(4, "big") + THEIRS * 2 + OURS + b"\xff" * 160


async def test_everybody_gets_the_same():
    audience = Audience()
    seats = [sit(audience), sit(audience)]
    frames(audience, 4)
    pieces = [[await heard(seat), await heard(seat)] for seat in seats]
    assert pieces[0] == pieces[1] and [int.from_bytes(piece[:4], "big") for piece in pieces[0]] == [0, 320]


async def test_of_a_slow_listener_the_oldest_sound_goes():
    audience = Audience()
    slow = sit(audience)
    frames(audience, 2 * (MOST_WAITING + 10))
    assert slow.lost == 10
    assert int.from_bytes((await heard(slow))[:4], "big") == 10 * 320


async def test_who_left_gets_nothing_and_places_are_counted_on():
    audience = Audience()
    first = sit(audience)
    frames(audience, 3)
    audience.leave(first)
    frames(audience, 3)
    seat = sit(audience)
    frames(audience, 2)
    assert int.from_bytes((await heard(seat))[:4], "big") == 6 * 160


async def test_the_end_comes_behind_what_waits():
    audience = Audience()
    seat = sit(audience)
    frames(audience, 2)
    audience.end()
    assert len(await heard(seat)) == 4 + 640
    assert await seat.next() is None


def test_there_are_so_many_places():
    audience = Audience()
    assert all(audience.join() is not None for _ in range(MOST_LISTENERS))
    assert audience.join() is None
