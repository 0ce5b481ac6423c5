"""The documents that tell the carrier what to do with a call."""

from __future__ import annotations

from django.conf import settings
from twilio.twiml.messaging_response import MessagingResponse
from twilio.twiml.voice_response import Connect, Dial, Gather, Stream, VoiceResponse

from calls.conversation.fixed_lines import TROUBLE, TROUBLE_CALL_AGAIN
from calls.conversation.wordings import wording_of
from calls.models import CONVERSATION_RELAY, Call, Direction
from calls.nodes import for_answered
from calls.telephony.relay_twiml import relay
from calls.telephony.tokens import stream_token

MEDIA_PATH = "/media"
#: How long a person's phone rings when a call is handed to them.
AGENT_RINGS_S = 20
#: How long they may think behind what they hear first.
AGENT_DECIDES_S = 6
#: How long somebody who is rung back may think.
DECIDES_S = 8
#: The key with which they take the call.
TAKES = "1"


def connect(call: Call, after: str = "") -> str:
    """Connects a call to the media process that it belongs to by its line, with its single-use token.

    Args:
        after: asked by the carrier what comes when the line has ended; empty: nothing does.
    """
    response = VoiceResponse()
    response.append(relay(call, after=after) if call.line == CONVERSATION_RELAY else _stream(call, after))
    return str(response)


def resume(call: Call, *, broken: str, tries: int, after: str = "") -> str:
    """Connects a call again whose ConversationRelay session broke, for the same conversation."""
    response = VoiceResponse()
    response.append(relay(call, resumes=broken, tries=tries, after=after))
    return str(response)


def go_on(url: str) -> str:
    """The call goes on with another document."""
    response = VoiceResponse()
    response.redirect(url, method="POST")
    return str(response)


def _stream(call: Call, after: str) -> Connect:
    stream = Stream(
        url=f"{for_answered(call)}{MEDIA_PATH}",
        status_callback=f"{settings.PUBLIC_URL}/twilio/stream/{call.pk}",
    )
    # A stream's address may carry no query string, so the call is named by parameters.
    stream.parameter(name="call_id", value=str(call.pk))
    stream.parameter(name="token", value=stream_token(call.pk))
    verb = Connect(action=after) if after else Connect()
    verb.append(stream)
    return verb


def dial(number: str, *, caller_id: str, whisper: str, after: str) -> str:
    """Connects a call to somebody's phone.

    Args:
        caller_id: number of ours that they see.
        whisper: asked what they hear before they hear the caller; the two are connected unless it hangs up.
        after: asked what comes when they hung up, or did not pick up.
    """
    response = VoiceResponse()
    verb = Dial(action=after, method="POST", timeout=AGENT_RINGS_S, caller_id=caller_id, answer_on_bridge=True)
    verb.number(number, url=whisper, method="POST")
    response.append(verb)
    return str(response)


def ask_to_take(text: str, *, taken: str) -> str:
    """Says to whoever picked up what a call is about. Only a key connects them: a mailbox presses none.

    Args:
        taken: asked what comes when they pressed a key.
    """
    response = VoiceResponse()
    for said in (text, f"Press {TAKES} to take the call."):
        keys = Gather(input="dtmf", num_digits=1, timeout=AGENT_DECIDES_S, action=taken, method="POST")
        keys.say(said)
        response.append(keys)
    response.hangup()
    return str(response)


def ask_once(text: str, *, language: str, keyed: str) -> str:
    """Says something, waits for a key, and ends the call without one.

    Args:
        keyed: asked what comes when they pressed one.
    """
    response = VoiceResponse()
    keys = Gather(input="dtmf", num_digits=1, timeout=DECIDES_S, action=keyed, method="POST")
    keys.say(text, language=language)
    response.append(keys)
    response.hangup()
    return str(response)


def go_through() -> str:
    """Whoever picked up hears nothing more, and is connected."""
    return str(VoiceResponse())


def inbound_not_taken() -> str:
    """Tells who rings our number what it is, and ends the call."""
    return say_and_hang_up("Hello, this is Floyd, an AI assistant. I cannot take calls on this number, but you can send me a text message. Goodbye.")


def say_and_hang_up(text: str, language: str = "") -> str:
    """Says something and ends the call. `language`: of the text, as a BCP 47 tag; empty: English."""
    response = VoiceResponse()
    response.say(text, **({"language": language} if language else {}))
    response.hangup()
    return str(response)


def all_busy() -> str:
    """There is no room for one more call."""
    return say_and_hang_up("Hello, this is Floyd, an AI assistant. All lines are busy right now. Please call again in a few minutes. Goodbye.")


def cannot_answer(*, texts: bool) -> str:
    """We cannot find out what to do with a call.

    Args:
        texts: the caller gets a text when it works again.
    """
    then = "I'll call you back or send you a text message as soon as it works again" if texts else "Please call again in a few minutes"
    return say_and_hang_up(f"I'm sorry, this is Floyd, an AI assistant, and I have technical trouble. {then}. Goodbye.")


def cut_off(call: Call) -> str:
    """The conversation is gone while somebody is on the phone: an apology in their language, and the end."""
    language = str(call.brief.get("spoken") or call.brief.get("language") or "en-US")
    sorry = TROUBLE_CALL_AGAIN if call.direction == Direction.INBOUND else TROUBLE
    return say_and_hang_up(wording_of(language).line(sorry), language)


def hold_and_ask_again(url: str, *, first: bool) -> str:
    """Keeps the caller for a moment, with an apology, and asks again."""
    response = VoiceResponse()
    sorry = "I'm sorry, this is Floyd, an AI assistant, and it takes a moment until I can talk. Please stay on the line."
    response.say(sorry if first else "I'm sorry, one more moment, please.")
    response.pause(length=3)
    response.redirect(url, method="POST")
    return str(response)


def hang_up() -> str:
    """Ends the call."""
    response = VoiceResponse()
    response.hangup()
    return str(response)


def nothing() -> str:
    """Takes a text message without a reply; what there is to say goes through the outbox."""
    return str(MessagingResponse())
