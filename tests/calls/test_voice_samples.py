"""Voices of the settings page: each can be heard before it is chosen, and the calls have the one that was."""

import io
import wave

import pytest

from calls import voice_samples
from calls.briefing import make_brief
from calls.voice_samples import wav
from context.choices import Voice
from context.models import User
from providers.types import ProviderError
from tests.calls.lines.fakes import FakeSpeaker
from tests.cast import make_request

pytestmark = pytest.mark.django_db


@pytest.fixture
def speaker(monkeypatch, settings, tmp_path):
    settings.PHRASE_CACHE = tmp_path
    made = FakeSpeaker()
    monkeypatch.setattr(voice_samples.registry, "speaker", lambda settings: made)
    return made


@pytest.fixture
def page(client, tom):
    client.force_login(tom)
    return client


@pytest.mark.parametrize(("name", "voice"), [("usual", "fake"), ("kore", "fake in kore")])
def test_a_sample_is_the_users_introduction_as_a_sound_file(page, speaker, tmp_path, name, voice):
    answer = page.get(f"/settings/voices/{name}.wav")
    assert (answer.status_code, answer["Content-Type"]) == (200, "audio/wav")
    with wave.open(io.BytesIO(answer.content)) as sound:
        assert (sound.getnchannels(), sound.getsampwidth(), sound.getframerate()) == (1, 2, 8000)
        assert sound.getnframes() == 11 * 240, "thirty ms for each of its words"
    assert speaker.voices == [voice] and speaker.spoken == ["Hi, this is Floyd, an AI assistant calling for Tom Redmond."]
    assert not list(tmp_path.rglob("*.ulaw")), "what names somebody is not kept for a sample"


def test_every_voice_has_its_link_which_needs_no_script(page, speaker):
    shown = page.get("/settings/").content.decode()
    for name in ("usual", *Voice.values):
        assert f'href="/settings/voices/{name}.wav"' in shown


def test_samples_are_for_who_is_signed_in_and_of_voices_that_there_are(client, page, speaker):
    assert page.get("/settings/voices/nobody.wav").status_code == 404
    client.logout()
    assert client.get("/settings/voices/kore.wav").status_code == 302
    assert speaker.spoken == []


def test_samples_are_limited(page, speaker, monkeypatch):
    monkeypatch.setattr(voice_samples, "MOST_PER_HOUR", 2)
    assert [page.get("/settings/voices/kore.wav").status_code for _ in range(3)] == [200, 200, 429]
    assert len(speaker.spoken) == 2


def test_a_voice_that_is_down_is_said(page, speaker):
    speaker.fails = lambda text: ProviderError("google voice: ServiceUnavailable")
    assert page.get("/settings/voices/kore.wav").status_code == 503


def test_silence_in_the_carriers_code_is_silence_in_the_file():
    with wave.open(io.BytesIO(wav(b"\xff" * 80))) as sound:
        assert sound.readframes(80) == bytes(160)


def test_a_call_has_the_voice_that_its_user_chose(tom):
    User.objects.filter(pk=tom.pk).update(voice=Voice.PUCK)
    wish = make_request(User.objects.get(pk=tom.pk))
    assert make_brief(wish, attempt=1).voice == "puck"
