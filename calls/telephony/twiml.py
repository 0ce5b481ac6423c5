"""The documents that tell the carrier what to do with a call."""

from __future__ import annotations

from django.conf import settings
from twilio.twiml.messaging_response import MessagingResponse
from twilio.twiml.voice_response import Connect, Stream, VoiceResponse

from calls.models import Call
from calls.nodes import for_answered
from calls.telephony.tokens import stream_token

MEDIA_PATH = "/media"


def connect(call: Call) -> str:
    """Connects a call to the media process that it belongs to, with its single-use token."""
    stream = Stream(
        url=f"{for_answered(call)}{MEDIA_PATH}",
        status_callback=f"{settings.PUBLIC_URL}/twilio/stream/{call.pk}",
    )
    # A stream's address may carry no query string, so the call is named by parameters.
    stream.parameter(name="call_id", value=str(call.pk))
    stream.parameter(name="token", value=stream_token(call.pk))
    verb = Connect()
    verb.append(stream)
    response = VoiceResponse()
    response.append(verb)
    return str(response)


def inbound_not_taken() -> str:
    """Tells who rings our number what it is, and ends the call."""
    response = VoiceResponse()
    response.say("Hello, this is Floyd, an AI assistant. I cannot take calls on this number, but you can send me a text message. Goodbye.")
    response.hangup()
    return str(response)


def hang_up() -> str:
    """Ends the call."""
    response = VoiceResponse()
    response.hangup()
    return str(response)


def nothing() -> str:
    """Takes a text message without a reply; what there is to say goes through the outbox."""
    return str(MessagingResponse())
