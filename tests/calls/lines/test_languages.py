"""A call that goes on in another language is heard and voiced in it from then on."""

from calls.models import Call
from tests.calls.lines.scene import INTRODUCTION, brief, until

FRENCH = "Bonjour, ici Floyd, un assistant IA qui appelle pour Tom Redmond."


async def test_recogniser_and_voice_change_language(carrier, opened, kit, placed, ended, monkeypatch):
    spoken = []
    speak = kit.speaker.speak

    def noted(text, *, language):
        spoken.append((text, language))
        return speak(text, language=language)

    monkeypatch.setattr(kit.speaker, "speak", noted)
    await Call.objects.filter(pk=placed.pk).aupdate(brief=brief(languages=("fr-CA",)).to_json())
    kit.thinker.script = ["Mara est malade aujourd'hui."] * 2  # the first may be asked for ahead, in vain
    async with carrier() as phone:
        await opened()
        kit.recognizer.says("Désolé, je ne parle pas anglais.")
        await until(lambda: ("Mara est malade aujourd'hui.", "fr-CA") in spoken)
        assert [options["language"] for options in kit.recognizer.opened] == ["en-US", "fr-CA"]
        assert (INTRODUCTION, "en-US") in spoken
        assert (FRENCH, "fr-CA") in spoken
        asked = len(kit.thinker.asked)
        kit.recognizer.says("Merci, nous allons le noter.")
        await until(lambda: len(kit.thinker.asked) > asked)
        await phone.hang_up()
        await ended()
    assert (await Call.objects.aget(pk=placed.pk)).brief["spoken"] == "fr-CA"
