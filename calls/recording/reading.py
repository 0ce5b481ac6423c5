"""The recording of a call, for whoever may hear it: what there is of it, and its file in pieces."""

from __future__ import annotations

from collections.abc import AsyncIterator
from uuid import UUID

from asgiref.sync import sync_to_async
from django.db.models import F, Func, IntegerField
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse

from calls.models import Call
from calls.recording import wav
from calls.recording.layout import Layout, Piece, Span, lay_out
from calls.recording.models import RecordingState, SoundChunk
from calls.speech.mulaw import SILENCE

#: Silence is made in pieces of this many samples.
SILENT_SAMPLES = 8_000


def layout_of(call: Call) -> Layout | None:
    """What is kept of a call; None: nothing. One query, without the sound."""
    if call.recording in ("", RecordingState.REFUSED):
        return None
    samples = Func(F("theirs"), function="octet_length", output_field=IntegerField())
    rows = SoundChunk.objects.filter(call=call).order_by("pk").values_list("pk", "after_line", "start_ms", samples, "lost_ms")
    return lay_out(Piece(*row) for row in rows)


def file_of(call: Call, layout: Layout, request: HttpRequest) -> HttpResponse | StreamingHttpResponse:
    """The recording as a file, or the part of it that is asked for. `signed_in` has no cache keep it."""
    size = wav.size_of(layout.samples)
    headers = {"Accept-Ranges": "bytes", "Content-Disposition": 'inline; filename="call.wav"'}
    try:
        part = wav.wanted(request.headers.get("Range", ""), size)
    except wav.NoSuchRangeError:
        return HttpResponse(status=416, headers=headers | {"Content-Range": f"bytes */{size}"})
    first, last = part or (0, size - 1)
    headers |= {"Content-Length": str(last - first + 1)}
    if part is not None:
        headers |= {"Content-Range": f"bytes {first}-{last}/{size}"}
    status = 200 if part is None else 206
    if request.method == "HEAD":
        return HttpResponse(status=status, content_type="audio/wav", headers=headers)
    return StreamingHttpResponse(_bytes(call.pk, layout, first, last + 1), status=status, content_type="audio/wav", headers=headers)


async def _bytes(call_id: UUID, layout: Layout, first: int, end: int) -> AsyncIterator[bytes]:
    """The file from one byte up to another, read piece by piece."""
    if first < wav.HEADER_BYTES:
        yield wav.header(layout.samples)[first:end]
    begins, until = max(0, first - wav.HEADER_BYTES), max(0, end - wav.HEADER_BYTES)
    skip, left = begins % wav.BLOCK, until - begins
    for span in layout.spans(begins // wav.BLOCK, -(-until // wav.BLOCK)):
        async for piece in _sound(call_id, span):
            sent = piece[skip : skip + left]
            skip, left = 0, left - len(sent)
            yield sent


async def _sound(call_id: UUID, span: Span) -> AsyncIterator[bytes]:
    """A span's samples; silence also where it was deleted meanwhile."""
    row = None
    if span.key is not None:
        row = await sync_to_async(SoundChunk.objects.filter(call=call_id, pk=span.key).values_list("theirs", "ours").first)()
    if row is not None:
        theirs, ours = (bytes(side[span.first : span.first + span.samples]) for side in row)
        yield wav.both(theirs, ours)
        return
    for at in range(0, span.samples, SILENT_SAMPLES):
        nothing = SILENCE * min(SILENT_SAMPLES, span.samples - at)
        yield wav.both(nothing, nothing)
