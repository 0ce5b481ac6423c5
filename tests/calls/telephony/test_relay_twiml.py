"""The document of a ConversationRelay line, and what follows when a session ends."""

from xml.etree import ElementTree

import pytest

from calls.conversation.fixed_lines import BACK_AGAIN
from calls.models import CONVERSATION_RELAY
from calls.services import save
from calls.status import CallStatus
from calls.telephony import twiml
from calls.telephony.relay_twiml import checked, relay
from calls.telephony.tokens import valid_stream_token
from requests_app.models import Request
from requests_app.status import Status
from tests.calls.conftest import call_at, callback, status_form
from tests.calls.conversation.reception.greenhouse import GREETING, brief, greenhouse

pytestmark = pytest.mark.django_db

SID, SESSION = "CA" + "1" * 32, "VX" + "2" * 32


@pytest.fixture
def call(tom):
    made = call_at(tom, CallStatus.IN_PROGRESS, carrier_sid=SID)
    save(made, line=CONVERSATION_RELAY)
    return made


def noun_of(response):
    found = ElementTree.fromstring(response.content).find("Connect/ConversationRelay")
    assert found is not None
    return found


def action_of(document):
    connect = ElementTree.fromstring(document).find("Connect")
    assert connect is not None
    return connect.get("action", "")


def parameters(noun):
    return {element.get("name", ""): element.get("value", "") for element in noun.iter("Parameter")}


def ended(call, status, tries="0", **more):
    form = {"CallSid": SID, "SessionId": SESSION, "SessionStatus": status, "CallStatus": "in-progress", **more}
    return callback(f"/twilio/relay/{call.pk}?tries={tries}", form)


def test_an_answered_call_is_connected_by_its_line(tom):
    call = call_at(tom, CallStatus.RINGING, carrier_sid=SID)
    save(call, line=CONVERSATION_RELAY)
    response = callback(f"/twilio/voice/{call.pk}", status_form(SID, "in-progress", 2))
    noun = noun_of(response)
    assert noun.get("url") == "wss://media.floyd.example/relay"
    assert (noun.get("partialPrompts"), noun.get("events"), noun.get("interruptible")) == ("true", "speaker-events tokens-played", "speech")
    assert "welcomeGreeting" not in noun.attrib
    assert valid_stream_token(call.pk, parameters(noun)["token"])
    connect = ElementTree.fromstring(response.content).find("Connect")
    assert connect is not None
    assert connect.attrib == {"action": f"https://floyd.example/twilio/relay/{call.pk}?tries=0", "method": "POST"}


def test_a_use_case_sets_what_it_wants(call):
    save(call, brief=brief(greenhouse(relay={"interruptByDtmf": True, "voice": "en-US-Journey-O"})).to_json())
    noun = ElementTree.fromstring(twiml.connect(call)).find("Connect/ConversationRelay")
    assert noun is not None
    assert (noun.get("welcomeGreeting"), noun.get("welcomeGreetingInterruptible")) == (GREETING, "none")
    assert (noun.get("interruptible"), noun.get("voice"), noun.get("partialPrompts")) == ("any", "en-US-Journey-O", "true")
    again = noun_of(ended(call, "failed"))
    assert (again.get("welcomeGreeting"), again.get("interruptible"), again.get("voice")) == (BACK_AGAIN, "any", "en-US-Journey-O")


def test_languages_and_the_voice_are_those_of_the_settings(call, settings):
    settings.RELAY_TTS_PROVIDER, settings.RELAY_VOICE = "Google", "en-US-Chirp3-HD-Aoede"
    settings.CALL_LANGUAGES = {"fr-CA": "fr-CA-Chirp3-HD-Aoede", "es-US": ""}
    noun = ElementTree.fromstring(str(relay(call))).find("ConversationRelay")
    assert noun is not None
    assert (noun.get("ttsProvider"), noun.get("voice")) == ("Google", "en-US-Chirp3-HD-Aoede")
    assert [language.attrib for language in noun.iter("Language")] == [
        {"code": "fr-CA", "ttsProvider": "Google", "voice": "fr-CA-Chirp3-HD-Aoede"},
        {"code": "es-US"},
    ]


def test_a_call_that_went_over_to_another_language_goes_on_in_it(call, settings):
    settings.RELAY_TTS_PROVIDER, settings.RELAY_VOICE = "Google", "en-US-Chirp3-HD-Aoede"
    settings.CALL_LANGUAGES = {"fr-CA": "fr-CA-Chirp3-HD-Aoede", "es-US": ""}
    use_case = greenhouse(relay={"language": "en-US", "voice": "en-US-Journey-O", "interruptible": "any"})
    save(call, brief=brief(use_case, spoken="fr-CA").to_json())
    noun = noun_of(ended(call, "failed"))
    assert noun.get("welcomeGreeting") == "Désolé, me revoilà."
    assert (noun.get("language"), noun.get("voice"), noun.get("interruptible")) == ("fr-CA", "fr-CA-Chirp3-HD-Aoede", "any")
    assert {language.get("code"): language.get("voice") for language in noun.iter("Language")} == {
        "fr-CA": "fr-CA-Chirp3-HD-Aoede",
        "es-US": None,
        "en-US": "en-US-Chirp3-HD-Aoede",
    }
    save(call, brief=brief(use_case, spoken="es-US").to_json())
    assert (noun_of(ended(call, "failed")).get("language"), noun_of(ended(call, "failed")).get("voice")) == ("es-US", None)
    save(call, brief=brief(use_case, spoken="en-US").to_json())
    assert noun_of(ended(call, "failed")).get("voice") == "en-US-Journey-O"


@pytest.mark.parametrize(
    ("provider", "language", "voice", "abroad"),
    [
        ("", "en-US", ("Google", "en-US-Chirp3-HD-Charon"), "fr-CA-Chirp3-HD-Charon"),
        ("Google", "en-US", ("Google", "en-US-Chirp3-HD-Charon"), "fr-CA-Chirp3-HD-Charon"),
        ("Google", "cy-GB", ("Google", "set-by-the-site"), "fr-CA-Chirp3-HD-Charon"),
        ("ElevenLabs", "en-US", ("ElevenLabs", "set-by-the-site"), None),
    ],
)
def test_the_carrier_speaks_in_the_voice_that_the_user_chose_where_it_can(call, settings, provider, language, voice, abroad):
    settings.RELAY_TTS_PROVIDER, settings.RELAY_VOICE, settings.CALL_LANGUAGES = provider, "set-by-the-site", {"fr-CA": "fr-CA-Chirp3-HD-Aoede"}
    save(call, brief={"language": language, "voice": "charon"})
    noun = ElementTree.fromstring(str(relay(call))).find("ConversationRelay")
    assert noun is not None
    assert (noun.get("ttsProvider"), noun.get("voice")) == voice
    assert [other.get("voice") for other in noun.iter("Language")] == [abroad]


def test_a_session_that_broke_is_followed_by_another(call):
    noun = noun_of(ended(call, "failed", ErrorCode="64105", ErrorMessage="Websocket ended"))
    given = parameters(noun)
    assert (given["resumes"], given["call_id"]) == (SESSION, str(call.pk))
    assert valid_stream_token(call.pk, given["token"], session=SESSION)
    assert not valid_stream_token(call.pk, given["token"])
    assert (noun.get("welcomeGreeting"), noun.get("welcomeGreetingInterruptible")) == (BACK_AGAIN, "none")
    call.refresh_from_db()
    assert call.error == "session: 64105 Websocket ended"


@pytest.mark.parametrize(("status", "tries"), [("ended", "0"), ("completed", "0"), ("failed", "3"), ("failed", "x"), ("", "0")])
def test_other_sessions_end_the_call(call, status, tries):
    assert ElementTree.fromstring(ended(call, status, tries).content).find("Hangup") is not None


def test_what_comes_after_the_line_is_asked_for(call):
    after = "https://floyd.example/twilio/after/7?a=b"
    path = action_of(twiml.connect(call, after=after)).removeprefix("https://floyd.example")
    form = {"CallSid": SID, "SessionId": SESSION, "SessionStatus": "ended"}
    assert ElementTree.fromstring(callback(path, form).content).findtext("Redirect") == after
    again = action_of(callback(path, form | {"SessionStatus": "failed"}).content)
    assert "tries=1" in again
    assert "after=https" in again


def test_a_call_that_nobody_wants_is_not_gone_on_with(call):
    Request.objects.filter(pk=call.request_id).update(status=Status.CANCELLED)
    assert ElementTree.fromstring(ended(call, "failed").content).find("Hangup") is not None


def test_a_call_that_there_is_not(call):
    call.pk = "0" * 8 + "-0000-7000-8000-" + "0" * 12
    assert ended(call, "failed").status_code == 404


def test_attributes_of_a_use_case():
    given = {"dtmfDetection": True, "welcomeGreeting": "Hi, I am an AI.", "speechTimeout": 900, "interruptByDtmf": True}
    assert checked(given) == {"dtmfDetection": "true", "welcomeGreeting": "Hi, I am an AI.", "speechTimeout": "900", "interruptible": "any"}
    assert checked({"interruptByDtmf": False}) == {"interruptible": "speech"}


@pytest.mark.parametrize(
    "wrong", [{"url": "wss://elsewhere"}, {"bogus": 1}, {"interruptible": "maybe"}, {"speechTimeout": 100}, {"interruptByDtmf": "x"}, {"events": "x"}]
)
def test_what_a_use_case_may_not_set(wrong):
    with pytest.raises(ValueError, match=next(iter(wrong))):
        checked(wrong)
