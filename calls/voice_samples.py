"""What a callee would hear first, in a voice that the user may choose: a sound file of the settings page."""

from __future__ import annotations

import logging
import wave
from io import BytesIO
from typing import Any

from asgiref.sync import async_to_sync
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from calls.briefing import introduction
from calls.lines.repertoire import owner_of
from calls.speech.mulaw import decode
from calls.speech.normalise import for_speech
from context.choices import Voice
from context.models import User
from context.often import too_often
from context.signed_in import signed_in
from providers import registry
from providers.phrases import Phrases
from providers.types import ProviderError

log = logging.getLogger(__name__)

#: The name of the usual voice in addresses.
USUAL = "usual"
#: Samples for one user within an hour: all voices a few times over.
MOST_PER_HOUR = 60
HOUR_S = 3600
RATE = 8_000


@require_safe
@signed_in
def voice_sample(request: HttpRequest, name: str) -> HttpResponse:
    """The user's introduction as a WAV file."""
    user: Any = request.user
    if name not in (USUAL, *Voice.values):
        raise Http404("There is no such voice.")
    if too_often(f"voice-samples:{user.pk}", most=MOST_PER_HOUR, within_s=HOUR_S):
        return _sorry(_("That was many samples. Listen again in a while."), 429)
    try:
        sound = async_to_sync(_speak)(user, "" if name == USUAL else name)
    except (ProviderError, LookupError) as error:
        log.warning("no sample of a voice: %s", error)
        return _sorry(_("The voice does not answer right now. Try again in a moment."), 503)
    return HttpResponse(wav(sound), content_type="audio/wav")


def _sorry(text: str, status: int) -> HttpResponse:
    return HttpResponse(text, status=status, content_type="text/plain; charset=utf-8")


async def _speak(user: User, name: str) -> bytes:
    """The introduction as calls say it: one that a call has left on this machine is not made again, and none is left for the sample alone."""
    speaker = registry.speaker(settings)
    try:
        text = for_speech(introduction(user.name, user.language), language=user.language)
        phrases = Phrases(speaker, settings.PHRASE_CACHE)
        return await phrases.audio(text, language=user.language, owner=owner_of(user.pk), lasting=False, voice=name)
    finally:
        await speaker.close()


def wav(mulaw: bytes) -> bytes:
    """μ-law at 8 kHz as a WAV file of 16-bit samples, which every browser plays."""
    file = BytesIO()
    with wave.open(file, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(RATE)
        sound.writeframes(decode(mulaw).astype("<i2").tobytes())
    return file.getvalue()
