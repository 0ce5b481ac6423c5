"""A caller who speaks another language is gone on with in it: heard, spoken, told again that an AI speaks, and the model knows."""

import json

import pytest

from calls.conversation import wordings
from calls.conversation.effects import SwitchLanguage
from tests.calls.conversation.reception.greenhouse import Ringing, greenhouse

FRENCH = "Je suis un assistant IA. Continuons en français."


def abroad(**changes):
    return Ringing(languages=("fr-CA", "es-US"), **changes)


def switched(line):
    return [effect.language for effect in line.effects if isinstance(effect, SwitchLanguage)]


@pytest.mark.parametrize("wording", wordings.ALL, ids=lambda wording: wording.code)
def test_in_every_language_it_is_said_that_a_machine_speaks(wording):
    assert wording.machine.search(wording.goes_on)
    assert wording.speaks_as_machine.search(wording.goes_on)


@pytest.mark.parametrize("said", ["Je ne parle pas anglais.", "Parlez-vous français ?", "Do you speak French?", "In French, please."])
def test_a_call_goes_on_in_the_callers_language(said):
    line = abroad().greeted()
    line.callee(said)
    assert (switched(line), line.said[-1]) == (["fr-CA"], FRENCH)
    line.hear_all()
    assert "the caller speaks French" in line.asks[-1].messages[0]["content"]
    line.model("Quelle plante cherchez-vous ?")
    assert line.said[-1] == "Quelle plante cherchez-vous ?"


def test_and_back_again_and_no_further():
    line = abroad().greeted()
    for said in ("No hablo inglés.", "Do you speak English?", "Parlez-vous français ?"):
        line.callee(said)
        line.hear_all()
        line.model("Yes.")
        line.hear_all()
    assert switched(line) == ["es-US", "en-US"]
    assert "LANGUAGE" not in line.asks[-1].messages[0]["content"]


def test_over_the_greeting_it_counts_too():
    line = abroad()
    line.open()
    line.wait(300)
    line.callee("No hablo inglés.")
    line.hear_all()
    assert line.said[1:] == ["Soy un asistente de IA. Sigamos en español."]
    assert "the caller speaks Spanish" in line.asks[-1].messages[0]["content"]


def test_a_language_that_is_not_set_is_the_models_business():
    line = Ringing().greeted()
    line.callee("Je ne parle pas anglais.")
    assert switched(line) == []
    assert "Je ne parle pas anglais." in json.dumps(line.asks[-1].messages, ensure_ascii=False)


def test_what_tools_say_is_said_by_the_model_in_that_language():
    line = abroad().greeted()
    line.callee("Je ne parle pas anglais.")
    line.hear_all()
    line.model("", ("list_plants", {}))
    line.wait(1_500)
    assert "Let me look around." not in line.said
    line.result(say="We have roses.", data={"plants": ["rose"]})
    assert "We have roses." not in line.said
    assert line.tool_results()[-1] == {"ok": True, "plants": ["rose"], "say_to_caller": "We have roses."}


def test_another_use_case_begins_in_that_language():
    line = abroad().greeted()
    line.callee("Je ne parle pas anglais.")
    line.hear_all()
    line.model("", ("list_plants", {}))
    line.result(start=greenhouse(title="Orchids", greeting="Orchids here, an AI assistant."))
    assert "Orchids here, an AI assistant." not in line.said
    assert "ROLE: Orchids" in line.asks[-1].messages[0]["content"]
    assert "the caller speaks French" in line.asks[-1].messages[0]["content"]
