"""The callee speaks another language: the call goes on in it where that is configured, and ends politely where it is not."""

import json

import pytest

from calls.conversation import fixed_lines, wordings
from calls.conversation.commitments import assents, commits
from calls.conversation.disclosure import discloses
from calls.conversation.effects import EndReason, SwitchLanguage
from tests.calls.conversation.virtual_line import INTRODUCTION, VirtualLine, assert_ended, flowers

NO_ENGLISH = {"fr": "Désolé, je ne parle pas anglais.", "es": "Lo siento, no hablo inglés."}
FRENCH = "Bonjour, ici Floyd, un assistant IA qui appelle pour Tom Redmond."


def abroad(**changes):
    return VirtualLine(flowers(kind="enquire", languages=("fr-CA", "es-US"), **changes))


def switched(line):
    return [effect.language for effect in line.effects if isinstance(effect, SwitchLanguage)]


@pytest.mark.parametrize("wording", wordings.ALL[1:], ids=lambda wording: wording.code)
class TestData:
    """Every language has all that Floyd says by itself."""

    def test_every_fixed_line(self, wording):
        assert set(wording.lines) == set(fixed_lines.ALL)
        assert len(set(wording.lines.values())) == len(fixed_lines.ALL)

    def test_an_introduction_that_discloses(self, wording):
        assert discloses(wording.introduce("Tom Redmond"), "Tom Redmond")
        assert not discloses(wording.introduce("Tom Redmond"), "Krista Redmond")

    def test_its_own_goodbye_is_one(self, wording):
        assert wording.is_farewell(wording.line(fixed_lines.GOODBYE))
        assert not wording.is_farewell(wording.line(fixed_lines.SAY_AGAIN))


@pytest.mark.parametrize(
    "text",
    [
        "D'accord, on le prend.",
        "Je réserve pour vendredi.",
        "Oui, parfait.",
        "Allez-y.",
        "Lo tomamos.",
        "De acuerdo.",
        "Acepto ese precio.",
        "Sí, perfecto.",
    ],
)
def test_an_agreement_is_one_in_any_language(text):
    assert commits(text) or assents(text)


@pytest.mark.parametrize("text", ["Vous êtes ouverts aujourd'hui ?", "Combien cela coûte ?", "Merci beaucoup, au revoir.", "¿Cuánto cuesta?"])
def test_a_question_is_none(text):
    assert not commits(text)
    assert not assents(text)


@pytest.mark.parametrize(("code", "tag"), [("fr", "fr-CA"), ("es", "es-US")])
def test_the_call_goes_on_in_their_language(code, tag):
    line = abroad().introduce("Boulangerie Martin.")
    line.callee(NO_ENGLISH[code])
    assert switched(line) == [tag]
    line.hear_all()
    wording = wordings.wording_of(tag)
    assert line.said[-1] == wording.introduce("Tom Redmond")
    assert wording.name in line.messages("system")[-1]["content"]
    line.model("Bonjour." if code == "fr" else "Buenos días.")
    line.hear_all()
    line.callee("", 0.0)
    assert line.said[-1] == wording.line(fixed_lines.SAY_AGAIN)


def test_the_disclosure_in_their_language_cannot_be_cut():
    line = abroad().introduce("Boulangerie Martin.")
    line.callee(NO_ENGLISH["fr"])
    line.wait(200)
    line.barge_in()
    line.hear_all()
    assert ("floyd", FRENCH) in line.transcript


def test_who_says_so_at_once_is_not_told_in_english_first():
    line = abroad().open()
    line.wait(300)
    line.callee(NO_ENGLISH["fr"])
    line.hear_all()
    assert line.said == [FRENCH]
    assert INTRODUCTION not in line.said


def test_who_says_so_over_the_introduction_hears_both():
    line = abroad().open()
    line.wait(1_300)
    line.callee(NO_ENGLISH["fr"])
    line.hear_all()
    assert line.said[0] == INTRODUCTION
    assert line.said[-1] == FRENCH
    assert flowers().opening_line not in [text for _, text in line.transcript]
    assert len(line.asks) == 1


def test_somebody_new_hears_it_in_that_language():
    line = abroad().introduce("Boulangerie Martin.")
    line.callee(NO_ENGLISH["fr"])
    line.hear_all()
    line.model("Vous êtes ouverts ?")
    line.hear_all()
    line.callee("I'll transfer you.")
    line.hear_all()
    line.announce("Hello, who is this?")
    line.hear_all()
    assert line.said[-1] == FRENCH
    note = json.loads(line.messages("system")[-1]["content"])
    assert note["language"] == "French"


def test_the_farewell_is_theirs_too():
    line = abroad().introduce("Boulangerie Martin.")
    line.callee(NO_ENGLISH["fr"])
    line.hear_all()
    line.model("", ("call_back_later", {"reason": "closed"}))
    line.hear_all()
    assert line.said[-1] == wordings.wording_of("fr").line(fixed_lines.CALL_BACK)
    assert_ended(line, EndReason.CALL_BACK_LATER)


def test_au_revoir_brings_no_call_back_from_its_end():
    line = abroad().introduce("Boulangerie Martin.")
    line.callee(NO_ENGLISH["fr"])
    line.hear_all()
    line.model("", ("end_call", {"result": "goal_reached", "farewell": "Merci beaucoup, au revoir."}))
    line.wait(100)
    line.callee("Merci, au revoir.")
    line.hear_all()
    assert_ended(line, EndReason.GOAL_REACHED)


def test_a_language_that_is_not_configured_ends_the_call():
    line = VirtualLine(flowers(languages=("fr-CA",))).introduce()
    line.callee(NO_ENGLISH["es"])
    line.hear_all()
    assert switched(line) == []
    assert_ended(line, EndReason.OTHER_LANGUAGE)


def test_it_is_no_game():
    line = abroad().introduce("Boulangerie Martin.")
    for words in (NO_ENGLISH["fr"], NO_ENGLISH["es"], NO_ENGLISH["fr"]):
        line.callee(words)
        line.hear_all()
    assert switched(line) == ["fr-CA", "es-US"]
    assert_ended(line, EndReason.OTHER_LANGUAGE)


def test_no_money_is_agreed_to_in_french_either():
    line = VirtualLine(flowers(limit_minor=8000, languages=("fr-CA",))).introduce()
    line.callee(NO_ENGLISH["fr"])
    line.hear_all()
    line.model("Avez-vous des roses ?")
    line.hear_all()
    line.callee("Oui, pour 560 dollars.")
    said = len(line.said)
    line.model("D'accord, on les prend pour 560 dollars.")
    line.hear_all()
    assert not any("prend" in text for text in line.said[said:])
