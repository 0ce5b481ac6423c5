"""Callers who go over to French, in words and virtual time: the conversation, the tools and the rows are real, and the sandbox's mind answers."""

import json
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from calls.conversation.reception.reception import Reception
from calls.lines.tool_runs import Wish
from sandbox.mind.findings import Result
from sandbox.mind.french_desk import ONLY_IN_ENGLISH, in_french
from sandbox.mind.receptionist import receive
from tests.calls.conversation.reception.greenhouse import Ringing
from tests.use_cases.people import dana, taken_call
from use_cases import answering, running
from use_cases.apartments.catalogue import LAYOUTS, Claim, Topic
from use_cases.apartments.models import Tour
from use_cases.apartments.stock import refresh_now
from use_cases.loading import load_all
from use_cases.models import UseCase
from use_cases.restaurant.house import house
from use_cases.restaurant.models import Order

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_once")]
#: The restaurant is open, and tours are given the day after.
TUESDAY_NOON = datetime(2026, 11, 24, 12, 0, tzinfo=ZoneInfo("America/Los_Angeles"))


class InFrench(Ringing):
    """A call that Dana made, answered by the sandbox's mind."""

    def __init__(self, slug):
        super().__init__()
        version = UseCase.objects.get(slug=slug).current
        self.call = taken_call(dana(), version, attested=True)
        brief = answering.brief_for(version, self.call.inbound.caller, time_zone="America/Los_Angeles", menu=False)
        self.conversation = Reception(brief, call_id=str(self.call.pk))
        self.answered = self.ran = 0
        self.greeted()

    def says(self, text):
        """The caller says something. What Floyd says before they go on."""
        before = len(self.said)
        self.callee(text)
        for _ in range(100):
            if self.answered < len(self.asks):
                self._answer()
            elif len(self.runs) > self.ran:
                self._run()
            elif self.playing:
                self.hear_all()
            else:
                break
        return " ".join(self.said[before:])

    def told(self, *uses):
        """What the mind says about what these tools find."""
        told = []
        for number, (name, arguments) in enumerate(uses):
            finished = running.run(Wish(self.call.pk, f"asked.{number}", f"asked.{number}", name, json.dumps(arguments), 0))
            told.append(in_french(Result(name, arguments, {"ok": finished.ok, **finished.data})))
        return told

    def _answer(self):
        ask = self.asks[-1]
        self.answered = len(self.asks)
        thought = receive(list(ask.messages), frozenset(tool["function"]["name"] for tool in ask.tools))
        self.model(thought.text, *((use.name, use.arguments) for use in thought.tools))

    def _run(self):
        run = self.runs[self.ran]
        self.ran += 1
        self.feed(running.run(Wish(self.call.pk, run.run_id, run.run_id, run.name, run.arguments, run.line)))


@pytest.fixture
def rings(settings, monkeypatch):
    """Makes a call to a use case that has gone over to French."""
    settings.CALL_LANGUAGES = ["en-US", "fr-FR"]
    monkeypatch.setattr(running.timezone, "now", lambda: TUESDAY_NOON)
    load_all()
    refresh_now()

    def made(slug):
        line = InFrench(slug)
        assert "Continuons en français" in line.says("Parlez-vous français ?")
        return line

    return made


def test_a_pizza_is_ordered_in_french(rings):
    line = rings("restaurant")
    assert line.says("C'est à emporter.") == "Très bien. Que désirez-vous ?"
    assert line.says("Une pizza hawaïenne avec des champignons.") == "En quelle taille : petite, moyenne ou grande ?"
    assert line.says("Une grande.") == "Cela fait 21,94 $. Désirez-vous autre chose ?"
    assert line.says("Non, c'est tout.") == "1 Hawaiian grande avec champignons, 21,94 $. Le total est de 21,94 $. C'est bien ça ?"
    assert line.says("Oui, c'est ça.").startswith("Votre commande est passée : 21,94 $. Ce sera prêt mardi 24 novembre 2026 à 12 h 20.")
    assert line.says("Envoyez-moi la commande par SMS.") == "Je vous l'ai envoyé sur votre téléphone."
    assert line.says("Au revoir.") == "Merci de votre appel, au revoir."
    order = Order.objects.get()
    assert (order.total_minor, order.kind, [line.name for line in order.lines.all()]) == (2194, "pickup", ["Hawaiian"])
    assert order.placed_at is not None


def test_a_tour_is_scheduled_in_french(rings):
    line = rings("apartments")
    assert line.says("Je voudrais visiter le studio demain à 14 heures.") == "Une visite libre ou accompagnée ?"
    assert line.says("Libre.") == "Mercredi 25 novembre 2026 à 14 h, c'est libre. Je vous inscris ?"
    assert line.says("Oui, volontiers.") == "Votre visite est réservée."
    assert "mercredi 25 novembre 2026 à 14 h" in line.says("Quand est ma visite ?")
    (tour,) = Tour.objects.all()
    assert (tour.apartment.layout, tour.kind) == ("studio", "self-guided")
    assert json.loads(line.runs[0].arguments)["tour_type"] == ""


def test_what_stands_on_file_is_told_in_french(rings):
    line = rings("apartments")
    listed = line.says("Quels appartements avez-vous, et les animaux ?")
    assert "Le deux chambres : 950 pieds carrés, 1 800 $ par mois, libre à partir du" in listed
    assert "Pour le studio : les animaux ne sont pas permis." in listed
    asked = [{"topic": topic, "layout": layout} for topic in Topic for layout in ("", *LAYOUTS)]
    claims = [{"layout": layout, "about": about, "said": "7"} for about in Claim for layout in LAYOUTS]
    told = line.told(*(("common_questions", one) for one in asked), *(("check_claim", one) for one in claims))
    assert not [one for one in told if ONLY_IN_ENGLISH in one or not one.strip()]


def test_the_menu_and_the_choice_are_told_in_french(rings):
    line = rings("restaurant")
    assert "La spécialité de la maison : The Works." in line.says("Que me conseillez-vous ?")
    assert line.says("Qu'y a-t-il sur la Hawaiian ?") == "Hawaiian : jambon et ananas. Petite 12,95 $, moyenne 15,95 $, grande 19,95 $."
    dishes = [("describe_item", {"item": item.name}) for item in house().menu.items if item.description]
    told = line.told(*dishes, ("opening_hours", {}))
    assert not [one for one in told if ONLY_IN_ENGLISH in one]
    assert "du mardi au jeudi de 11 h à 21 h" in told[-1]


def test_the_front_desk_tells_in_french_what_there_is_to_choose(rings):
    line = rings("front_desk")
    assert line.says("Qu'est-ce que vous proposez ?") == "Vous pouvez choisir : Dough Boy Pizza ; Parkview Apartments."
    assert line.says("Parlez-moi de Dough Boy Pizza.").startswith("Dough Boy Pizza : prend une commande de pizza, à emporter ou à livrer")
    assert "Merci d'appeler Parkview Apartments." in line.says("Je voudrais Parkview Apartments.")
