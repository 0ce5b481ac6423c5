"""Callers who go over to French, in words and virtual time: the conversation, the tools and the rows are real, and the sandbox's mind answers."""

import json
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from calls.conversation.reception.reception import Reception
from calls.lines.tool_runs import Wish
from sandbox.mind.receptionist import receive
from tests.calls.conversation.reception.greenhouse import Ringing
from tests.use_cases.people import dana, taken_call
from use_cases import answering, running
from use_cases.apartments.models import Tour
from use_cases.apartments.stock import refresh_now
from use_cases.loading import load_all
from use_cases.models import UseCase
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
