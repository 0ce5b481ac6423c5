"""A caller who speaks another language is gone on with in it: heard, spoken, told again that an AI speaks, and the model knows."""

import json

import pytest

from calls.conversation import fixed_lines, wordings
from calls.conversation.disclosure import says_machine
from calls.conversation.effects import SwitchLanguage
from calls.conversation.reception.topics import LIVE_AGENT
from calls.conversation.reception.use_case import OfferedTool
from tests.calls.conversation.reception.greenhouse import ANYTHING, GREETING, LIST, MENU, Ringing, greenhouse

FRENCH = "Je suis un assistant IA. Continuons en français."


def abroad(**changes):
    return Ringing(languages=("fr-CA", "es-US"), **changes)


def switched(line):
    return [effect.language for effect in line.effects if isinstance(effect, SwitchLanguage)]


@pytest.mark.parametrize("wording", wordings.ALL, ids=lambda wording: wording.code)
def test_in_every_language_it_is_said_that_a_machine_speaks(wording):
    assert wording.machine.search(wording.goes_on)
    assert wording.speaks_as_machine.search(wording.goes_on)
    assert says_machine(wording.line(fixed_lines.NOBODY_FREE_GO_ON))


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


OUR_LIST = "Here is what we have."
ON_BROCK_ROAD = "We are on Brock Road."
IN_FRENCH = {
    GREETING: "Bonjour, ici l'assistant IA de la serre.",
    OUR_LIST: "Voici ce que nous avons.",
    LIST.filler: "Je regarde.",
    "Try 1.": "Essayez le 1.",
}
AGENT = OfferedTool(LIVE_AGENT, "Hands over.", ANYTHING, exclusive=True)


def in_french(**changes):
    values = {"translations": {"fr": IN_FRENCH}, "tools": (LIST, MENU, AGENT), "menu": True, "live_agent": "+15195550188", **changes}
    line = Ringing(greenhouse(**values), languages=("fr-CA", "es-US")).greeted()
    line.callee("Je ne parle pas anglais.")
    line.hear_all()
    line.model("Bien sûr.")
    line.hear_all()
    return line


def test_a_key_says_its_line_in_the_language_of_the_call():
    line = in_french()
    line.press("1")
    assert line.said[-1] == "Voici ce que nous avons."
    line.hear_all()
    line.wait(1_500)
    assert line.said[-1] == "Je regarde."


@pytest.mark.parametrize(("keys", "said"), [({}, wordings.wording_of("fr").line(fixed_lines.KEY_DOES_NOTHING)), ({"say": "Try 1."}, "Essayez le 1.")])
def test_an_unknown_key_gets_its_friendly_line_in_that_language(keys, said):
    line = in_french(keys={"unknown": keys} if keys else {})
    line.press("9")
    assert line.said[-1] == said


def test_what_nobody_has_translated_is_said_as_it_is():
    line = in_french()
    line.press("2")
    assert line.said[-1] == ON_BROCK_ROAD


@pytest.mark.parametrize("said", ["Menu principal.", "Retour au menu, s'il vous plaît."])
def test_the_menu_is_asked_for_and_begins_in_that_language(said):
    line = in_french()
    line.callee(said)
    assert [run.name for run in line.runs] == ["main_menu"]
    line.result(start=greenhouse(translations={"fr": {GREETING: "Bonjour, ici l'accueil, un assistant IA."}}))
    assert line.said[-1] == "Bonjour, ici l'accueil, un assistant IA."


def test_a_hand_off_is_announced_in_that_language():
    line = in_french()
    line.callee("Je voudrais parler à une vraie personne.")
    assert [json.loads(run.arguments)["reason"] for run in line.runs] == ["user-requested"]
    line.result(say=fixed_lines.GETTING_A_PERSON, hand_off=("user-requested", "Wants a person."))
    assert line.said[-1] == wordings.wording_of("fr").line(fixed_lines.GETTING_A_PERSON)


def test_a_call_that_comes_back_begins_in_the_language_it_had():
    back = wordings.wording_of("fr").line(fixed_lines.NOBODY_FREE_GO_ON)
    line = Ringing(greenhouse(translations={"fr": IN_FRENCH}), introduction=back, languages=("fr-CA",), spoken="fr-CA").greeted()
    assert (line.said, switched(line)) == ([back], [])
    line.callee("Quelles plantes avez-vous ?")
    assert "the caller speaks French" in line.asks[-1].messages[0]["content"]
    line.callee("Do you speak English?")
    assert switched(line) == ["en-US"]
    line.press("1")
    assert line.said[-1] == OUR_LIST
